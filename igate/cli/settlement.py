"""The settlement of files of dossiers, as the command ``igate metrics`` shows it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import narwhals.stable.v2 as nw
from rich.box import SIMPLE
from rich.table import Table

from igate.calendar import WorkCalendar
from igate.errors import FrameError
from igate.files.writing import refuse_existing, write_atomically
from igate.law.citation import Label
from igate.law.localtime import VIETNAM
from igate.metrics import (
    DOUBTS,
    FURTHER_COUNTS,
    HEADS,
    Definition,
    headings_of,
    implausible,
    propose_map,
    read_log,
    read_table,
    set_aside,
    settlement,
)
from igate.metrics import definition as find_definition
from igate.metrics.columns import Columns
from igate.publish.exchange import settlement_openmetrics, write_data_package
from igate.words.figures import percent
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from igate.law.citation import Language
    from igate.metrics.columns import MapKeyword
    from igate.metrics.spelling import DateForm

__all__ = ["HEADINGS", "Settlement", "Source", "settle_file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Settlement tables with the definitions and the days that they rest on."""

    #: each definition with the rows of its table, in the order asked for
    tables: tuple[tuple[Definition, tuple[dict[str, Any], ...]], ...]
    keys: tuple[str, ...]
    #: first and last day, both inclusive; ``None``: all that the file holds
    period: tuple[date, date] | None
    as_of: date
    #: how many rows of the file were not counted, because something is wrong with them
    set_aside: int = 0
    #: what can hardly be true: kind, row or line, code and detail
    doubts: tuple[tuple[str, int, str, str], ...] = ()

    def record(self) -> dict[str, object]:
        """Return the tables as plain data; one definition stands at the top."""
        tables = [_record(chosen, rows) for chosen, rows in self.tables]
        first = tables[0] if len(tables) == 1 else {}
        shared = {
            "period": None if self.period is None else [day.isoformat() for day in self.period],
            "as_of": self.as_of.isoformat(),
            "set_aside": self.set_aside,
            "doubts": dict(Counter(kind for kind, *_ in self.doubts)),
        }
        rows = {"rows": first.pop("rows")} if first else {"tables": tables}
        return {**first, **shared, **rows}

    def openmetrics(self) -> str:
        """Return the tables as OpenMetrics text."""
        return settlement_openmetrics(
            [{"definition": chosen.name, **row} for chosen, rows in self.tables for row in rows]
        )

    def write_package(self, folder: Path, threshold: int, *, force: bool = False) -> Path:
        """Write the first table as a data package without its small counts."""
        chosen, rows = self.tables[0]
        if len(self.tables) > 1:
            raise FrameError(
                say("A data package has one definition."), fix=say("Name one with --definition.")
            )
        if not force:
            refuse_existing([folder / "datapackage.json"])
        return write_data_package(
            folder, rows, as_of=self.as_of, definition=chosen, period=self.period,
            threshold=threshold,
        )  # fmt: skip

    def shown(self, lang: Language) -> Iterator[Table]:
        """Return the tables for a terminal."""
        for chosen, rows in self.tables:
            yield _table(chosen, rows, self.keys, lang)

    def legend(self, lang: Language) -> str:
        """Say what was divided by what, where that is written, and what is doubtful."""
        said = []
        for chosen, _ in self.tables:
            above, below = chosen.numerator_label.text(lang), chosen.denominator_label.text(lang)
            said.append(f"{chosen.name}: {above} / {below} ({chosen.citation.text(lang)})")
        _, rows = self.tables[0]
        resting = sum(row.get("due_provisional", 0) for row in rows if not row.get("is_total"))
        if resting:
            said.append(f"{FURTHER_COUNTS['due_provisional'].text(lang)}: {resting}")
        if self.set_aside:
            said.append(f"{_SET_ASIDE.text(lang)}: {self.set_aside}")
        return "\n".join([*said, *self._doubtful(lang)])

    def _doubtful(self, lang: Language) -> Iterator[str]:
        for kind, label in DOUBTS.items():
            own = [each for each in self.doubts if each[0] == kind]
            if own:
                some = "; ".join(
                    f"{row}: {code} {detail}" for _, row, code, detail in own[:_SHOWN_DOUBTS]
                )
                more = " …" if len(own) > _SHOWN_DOUBTS else ""
                yield f"{_DOUBTFUL.text(lang)}: {label.text(lang)} ({len(own)}): {some}{more}"


def _record(chosen: Definition, rows: tuple[dict[str, Any], ...]) -> dict[str, object]:
    return {
        "definition": chosen.name,
        "citation": str(chosen.citation),
        "version": chosen.version,
        "digest": chosen.digest,
        "numerator": list(chosen.numerator),
        "denominator": list(chosen.denominator),
        "rows": list(rows),
    }


def _table(
    chosen: Definition, rows: tuple[dict[str, Any], ...], keys: tuple[str, ...], lang: Language
) -> Table:
    shown = Table(title=chosen.label.text(lang), title_justify="left", box=SIMPLE)
    for key in keys:
        head = HEADS[key].text(lang) if key in HEADS else key
        shown.add_column(head, no_wrap=key in {"month", "procedure"}, overflow="fold")
    suspended = any(row.get("suspended_share") for row in rows)
    titles = (*HEADINGS[lang], "%", *([_SUSPENDED.text(lang)] if suspended else []))
    cells = [_numbers(row, lang, suspended=suspended) for row in rows]
    for place, title in enumerate(titles):
        # what is counted is not cut short where the terminal is narrow
        longest = max(map(len, [*title.split(), *(own[place] for own in cells)]))
        shown.add_column(title, justify="right", min_width=longest)
    for row, numbers in zip(rows, cells, strict=True):
        empty = _TOTAL.text(lang) if row.get("is_total") else "–"
        named = [str(row[key] if row[key] is not None else empty) for key in keys]
        shown.add_row(*named, *numbers)
    return shown


def _numbers(row: Mapping[str, Any], lang: Language, *, suspended: bool) -> list[str]:
    """Return counts and shares of a row as they are shown."""
    shares = ("on_time_rate", "suspended_share") if suspended else ("on_time_rate",)
    rates = (row[name] for name in shares)
    return [
        *(str(row[name]) for name in _SHOWN),
        *("–" if rate is None else percent(rate, lang) for rate in rates),
    ]


#: How many doubts of a kind are spelled out.
_SHOWN_DOUBTS = 5
_DOUBTFUL = Label(vi="Đáng ngờ", en="Doubtful")
_TOTAL = Label(vi="Tổng số", en="Total")
_SET_ASIDE = Label(
    vi="Số dòng để riêng, không tính (có lỗi)", en="Rows set aside and not counted (with a fault)"
)
#: The part of the rate that was solved while the clock stood still.
_SUSPENDED = Label(vi="trong đó lúc tạm dừng", en="of it suspended")
#: The counts that a table on a terminal shows, and their headings.
_SHOWN = (
    "received_total",
    "solved_early",
    "solved_on_time",
    "solved_late",
    "in_process_within",
    "in_process_overdue",
)
HEADINGS: Mapping[Language, tuple[str, ...]] = MappingProxyType(
    {
        "vi": ("Tiếp nhận", "Trước hạn", "Đúng hạn", "Quá hạn", "Trong hạn", "Đang quá hạn"),
        "en": ("Received", "Early", "On time", "Late", "Within time", "Overdue"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Files of dossiers, and how they are written."""

    paths: tuple[Path, ...]
    map_file: Path | None = None
    #: how dates are written; ``None``: as the map says
    dates: DateForm | Mapping[str, DateForm] | None = None
    zone: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    #: what the events mean, where the file is a log of events and not a table of dossiers
    log_map: Path | None = None

    @property
    def name(self) -> str:
        """What the table is called in messages; of several files each row says its own."""
        return str(self.paths[0]) if len(self.paths) == 1 else ""

    def read(self, unread: Literal["refuse", "keep"] = "refuse") -> Any:  # noqa: ANN401 - a frame of whichever library is installed
        """Read the files; cells that are no dates are refused, or kept to be set aside.

        Raises:
            FrameError: A file or the map cannot be read, or a column is missing that is needed.
        """
        if self.log_map is not None:
            return _complete(self._read_log(self.log_map), "--log")
        found = read_table(
            self.paths, column_map=self.map_file, dates=self.dates, zone=self.zone,
            encoding=self.encoding, sheet=self.sheet, unread=unread,
        )  # fmt: skip
        return _complete(found, "--map")

    def _read_log(self, log_map: Path) -> Any:  # noqa: ANN401 - as read
        if len(self.paths) > 1 or self.map_file or self.dates or self.zone:
            raise FrameError(
                say("A log is one file, and all that is to be known of it stands in its map."),
                fix=say("Give one file and --log, without --map, --dates and --zone."),
            )
        return read_log(self.paths[0], log_map, encoding=self.encoding, sheet=self.sheet)

    def proposal(self, lang: Language) -> str:
        """Propose a map for the first file, as YAML."""
        columns = headings_of(self.paths[0], encoding=self.encoding, sheet=self.sheet)
        return propose_map(columns).text(lang)


def _complete(frame: Any, keyword: MapKeyword) -> Any:  # noqa: ANN401 - as read
    """Return a table that has what is counted; where it has not, the option of the map is named."""
    Columns(nw.from_native(frame, eager_only=True).columns, None, keyword).require(())
    return frame


def settle_file(
    source: Source,
    *,
    definitions: tuple[str, ...],
    by: tuple[str, ...],
    period: tuple[date, date] | None = None,
    as_of: date | None = None,
    total: bool = False,
    strict: bool = False,
    rejects: Path | None = None,
    force: bool = False,
    lang: Language = "en",
) -> Settlement:
    """Read files of dossiers and settle them.

    Args:
        source: The files.
        definitions: Names of the definitions of on time.
        by: Columns to split by.
        period: First and last day, both inclusive; ``None``: all that the files hold.
        as_of: Day on which open dossiers are looked at; the last day of the period when absent,
            today where there is none.
        total: Whether the last row of each table is the sum of the others.
        strict: Refuse to count days that are not announced yet.
        rejects: Where the rows at fault are written to (CSV); ``None``: one refuses the file.
        force: Replace the file for the rows at fault where it is there already.
        lang: The language that this file says in what is wrong.

    Raises:
        FrameError: A file or the map cannot be used.
        OutputError: The file for the rows at fault is there already and is not to be replaced.
    """
    if rejects is not None and not force:
        refuse_existing([rejects])
    day = as_of or (period[1] if period else None) or datetime.now(tz=VIETNAM).date()
    chosen = [find_definition(name) for name in definitions]
    shared: dict[str, Any] = {
        "by": by, "period": period, "as_of": day, "source": source.name,
        "calendar": WorkCalendar.vietnam(provisional=not strict),
    }  # fmt: skip
    frame = source.read("refuse" if rejects is None else "keep")
    refused: nw.DataFrame[Any] | None = None
    if rejects is not None:
        frame, aside = set_aside(frame, definition=chosen, lang=lang, **shared)
        refused = nw.from_native(aside, eager_only=True)
    result = settlement(frame, definition=chosen, total=total, **shared)
    doubts = implausible(frame, as_of=day, source=source.name)
    if rejects is not None and refused is not None:
        write_atomically(rejects, _csv(refused), replace=force)
    rows = nw.from_native(result, eager_only=True).rows(named=True)
    return Settlement(
        tables=tuple((each, _rows_of(each, rows)) for each in chosen),
        keys=by,
        period=period,
        as_of=day,
        set_aside=0 if refused is None else len(refused),
        doubts=tuple(
            (each["doubt"], each["row"], each["code"], each["detail"])
            for each in nw.from_native(doubts, eager_only=True).rows(named=True)
        ),
    )


def _rows_of(chosen: Definition, rows: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Return the rows of one definition, without its name."""
    return tuple(
        {name: value for name, value in row.items() if name != "definition"}
        for row in rows
        if row["definition"] == chosen.name
    )


def _csv(table: nw.DataFrame[Any]) -> bytes:
    """Write a table as CSV that a spreadsheet opens as UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(table.columns)
    writer.writerows(table.rows())
    return text.getvalue().encode("utf-8-sig")
