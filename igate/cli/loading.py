"""The command ``igate journal load``: an event log brought into a database as journals."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - typer reads the annotations when the program runs
from typing import TYPE_CHECKING, Annotated

import typer

from igate.cli.databases import DatabaseArgument, address_of
from igate.cli.options import FilesOption, ForceOption, JsonOption, LangOption, LayersOption  # noqa: TC001 - typer reads the annotations when the program runs
from igate.cli.output import as_json_text, must_exist, read_word
from igate.files.writing import refuse_existing, write_atomically
from igate.law.citation import Label
from igate.words.sentence import said

if TYPE_CHECKING:
    from igate.calendar import WorkCalendar
    from igate.errors import IgateError
    from igate.law.citation import Language
    from igate.metrics.logs.journals import LeftOut
    from igate.office.bulk import Loaded
    from igate.office.store import DossierStore
    from igate.procedures.catalog.catalog import Catalog

__all__ = ["load"]

_COUNTS = Label(
    vi="Đã đọc {read} hồ sơ: nạp mới {loaded}, đã có sẵn {there}, bị từ chối {refused}.",
    en="Read {read} dossier(s): {loaded} loaded, {there} already there, {refused} refused.",
)
_REJECTS = ("row", "code", "activity", "fault")


def load(
    database: DatabaseArgument,
    log: Annotated[
        Path, typer.Argument(help="Log of events: CSV, XLSX, Parquet, XES or OCEL 2.0.")
    ],
    *,
    map_file: Annotated[
        Path,
        typer.Option("--map", help="YAML file: columns, and actions that the activities are."),
    ],
    rejects: Annotated[
        Path | None,
        typer.Option(help="Load without the dossiers at fault, and write them to this CSV file."),
    ] = None,
    create: Annotated[
        bool, typer.Option("--create", help="Make the database where there is none.")
    ] = False,
    files: FilesOption = None,
    layers: LayersOption = None,
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of a CSV file, such as cp1258.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook.")] = None,
    batch: Annotated[
        int, typer.Option(min=1, help="Dossiers that are written in one transaction.")
    ] = 1_000,
    force: ForceOption = False,
    lang: LangOption,
    as_json: JsonOption = False,
) -> None:
    """Bring an event log in as journals; run it again after an interruption, and it goes on."""
    from igate.calendar import WorkCalendar  # noqa: PLC0415 - each command loads what it needs
    from igate.metrics.text import known_encoding  # noqa: PLC0415 - each command loads what it needs
    from igate.office.sql.store import SqlStore  # noqa: PLC0415 - each command loads what it needs
    from igate.procedures.catalog.catalog import Catalog  # noqa: PLC0415 - each command loads what it needs

    must_exist(log, map_file, *(files or []), *(layers or []))
    address = address_of(database, create=create)
    if encoding is not None:
        read_word(known_encoding, encoding)
    if rejects is not None and not force:
        refuse_existing([rejects])
    catalog = Catalog.load(*files) if files else Catalog.shipped()
    calendar = WorkCalendar.vietnam(provisional=True, layers=layers or [])
    source = _Log(path=log, map_file=map_file, encoding=encoding, sheet=sheet, batch=batch)
    with SqlStore.open(address, create=create) as store:
        desk = _Desk(store=store, catalog=catalog, calendar=calendar)
        done, refused = source.whole(desk) if rejects is None else source.part(desk)
        if rejects is not None:
            write_atomically(rejects, _csv(refused, lang.value), replace=force)
    _tell(done, len(refused), lang.value, as_json=as_json)
    raise typer.Exit(1 if refused else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What journals are brought into."""

    store: DossierStore
    catalog: Catalog
    calendar: WorkCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class _Log:
    """A log, and how it is read."""

    path: Path
    map_file: Path
    encoding: str | None
    sheet: str | None
    batch: int

    def whole(self, desk: _Desk) -> tuple[Loaded, list[LeftOut]]:
        """Load every dossier, or nothing where one is at fault."""
        from igate.metrics.logs.journals import log_journals  # noqa: PLC0415 - as above
        from igate.office.bulk import load_journals  # noqa: PLC0415 - as above

        journals = log_journals(
            self.path, self.map_file, catalog=desk.catalog, calendar=desk.calendar,
            encoding=self.encoding, sheet=self.sheet,
        )  # fmt: skip
        return load_journals(desk, journals, batch=self.batch), []

    def part(self, desk: _Desk) -> tuple[Loaded, list[LeftOut]]:
        """Load what can be loaded; return the others too, in the order of the log."""
        from igate.metrics.logs.journals import LeftOut, fold_journals  # noqa: PLC0415 - as above
        from igate.office.bulk import load_journals  # noqa: PLC0415 - as above

        found = fold_journals(
            self.path, self.map_file, catalog=desk.catalog, calendar=desk.calendar,
            encoding=self.encoding, sheet=self.sheet,
        )  # fmt: skip
        refused = [*found.left_out]

        def refuse(code: str, error: IgateError) -> None:
            row = found.rows[code]
            refused.append(LeftOut(row=row, code=code, activity="", fault=error.sentence))

        done = load_journals(desk, found.journals, batch=self.batch, refuse=refuse)
        return done, sorted(refused, key=lambda each: each.row)


def _csv(refused: list[LeftOut], lang: Language) -> bytes:
    """Write the refused dossiers as CSV that a spreadsheet opens as UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_REJECTS)
    for each in refused:
        writer.writerow((each.row, each.code, each.activity, said(each.fault, lang)))
    return text.getvalue().encode("utf-8-sig")


def _tell(done: Loaded, refused: int, lang: Language, *, as_json: bool) -> None:
    """Print how many dossiers were read, and what became of them."""
    counts = {
        "read": done.brought + done.there + refused,
        "loaded": done.brought,
        "there": done.there,
        "refused": refused,
    }
    text = as_json_text(counts) if as_json else _COUNTS.text(lang).format(**counts)
    typer.echo(text, err=bool(refused) and not as_json)
