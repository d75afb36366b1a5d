"""The command ``igate``: deadlines, procedures, checks, rates and a demonstration.

Exit codes: 0 done and nothing to complain about, 1 problems found or the work was refused, 2 the
command was used wrongly. Problems go to standard error, results to standard output.
"""

from __future__ import annotations

from contextvars import copy_context
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from igate.cli.calendar import calendar_app
from igate.cli.catalog import catalog_app
from igate.cli.check import check, show
from igate.cli.db import db_app
from igate.cli.exporting import export_app
from igate.cli.importing import diff, import_app, new
from igate.cli.journal import journal_app
from igate.cli.options import (
    ForceOption,
    JsonOption,
    LangOption,
    LayersOption,
    StrictOption,
    period_of,
)
from igate.cli.output import Screen, as_json_text, fail, guarded, must_exist, read_word
from igate.cli.pictures import diagram, sheet
from igate.cli.speaking import CommandLine
from igate.cli.staffing import staffing
from igate.cli.templates import templates
from igate.cli.verify import verify
from igate.cli.whatif import what_if
from igate.deadlines.limits import TimeLimit
from igate.deadlines.rules import ClockMark
from igate.errors import CalendarNotCovered, IgateError, StoreError, StoreFull
from igate.files.writing import library_version
from igate.law.localtime import parse_local
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from datetime import date


__all__ = ["app", "main"]

app = CommandLine(
    name="igate", about="Procedures, deadlines and on-time rates of the Vietnamese one-stop."
)
app.command()(check)
app.command()(show)
app.command()(verify)
app.command()(templates)
app.add_typer(catalog_app, name="catalog")
app.add_typer(calendar_app, name="calendar")
app.add_typer(db_app, name="db")
app.add_typer(journal_app, name="journal")
app.add_typer(import_app, name="import")
app.add_typer(export_app, name="export")
app.command()(new)
app.command()(diff)
app.command("whatif")(what_if)
app.command()(staffing)
app.command()(diagram)
app.command()(sheet)


class Scope(StrEnum):
    """Whose working days are counted."""

    CIVIL_SERVICE = "civil_service"
    LABOUR_CODE = "labour_code"


def main() -> None:
    """Run the command; turn refusals into one message and an exit code."""
    with guarded():
        copy_context().run(_run)


def _run() -> None:
    """Run the command; a language that it asks for is forgotten with the context of the call."""
    try:
        app()
    except IgateError as error:
        fail(error.sentence, 1)
    except KeyboardInterrupt:
        fail(say("Interrupted. What was done so far is kept; nothing is half-written."), 130)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"igate {library_version()}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Version.")
    ] = False,
    lang: LangOption,
) -> None:
    """Procedures, deadlines and on-time rates of the Vietnamese one-stop."""


@app.command()
def demo(
    *,
    dossiers: Annotated[int, typer.Option(min=1, help="How many synthetic dossiers.")] = 5_000,
    seed: Annotated[int, typer.Option(help="Seed of the simulation.")] = 766,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("demo-output"),
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Throw away what an interrupted run left.")
    ] = False,
    force: ForceOption = False,
    lang: LangOption,
) -> None:
    """Work synthetic dossiers through real procedures and report on them."""
    from igate.cli.demo import Demo, demonstrate  # noqa: PLC0415 - each command loads what it needs

    plan = Demo(folder=out, dossiers=dossiers, seed=seed, fresh=fresh, force=force, lang=lang.value)
    try:
        demonstrate(plan, Screen())
    except KeyboardInterrupt:
        fail(
            say(
                "Interrupted. {out} is consistent: every action is there as a whole or not "
                "at all. Run again with --fresh to start anew.",
                out=out / "office.db",
            ),
            130,
        )
    except StoreFull as error:
        fail(
            say(
                "{error} Make room and run again with --fresh, or with another --out.",
                error=error.sentence,
            ),
            1,
        )
    except StoreError as error:
        fail(say("{error} Name another folder with --out.", error=error.sentence), 1)


@app.command()
def due(
    *,
    received: Annotated[
        str, typer.Option(help="When it was received, e.g. 2026-08-20T09:00 (Vietnamese time).")
    ],
    limit: Annotated[
        str, typer.Option(help='Time limit, e.g. "7 working_day", "15 day", "2 month".')
    ],
    calendar: Annotated[Scope, typer.Option(help="Whose working days.")] = Scope.CIVIL_SERVICE,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The calendar as it was known on this day."),
    ] = None,
    rules: Annotated[
        str, typer.Option(help="Rules of the clock: decree, land, civil_status, subtracted.")
    ] = "decree",
    layers: LayersOption = None,
    strict: StrictOption = False,
    lang: LangOption,
    as_json: JsonOption = False,
) -> None:
    """Compute a deadline and prove it day by day."""
    from igate.calendar import WorkCalendar  # noqa: PLC0415 - each command loads what it needs
    from igate.deadlines.deadline import compute_deadline  # noqa: PLC0415 - each command loads what it needs
    from igate.deadlines.rulefile import shipped_rules  # noqa: PLC0415 - each command loads what it needs
    from igate.deadlines.text import deadline_record  # noqa: PLC0415 - each command loads what it needs

    must_exist(*(layers or []))
    at = read_word(parse_local, received)
    length = read_word(TimeLimit.parse, limit)
    chosen = read_word(lambda name: shipped_rules(name, on=at.date()), rules)
    known: date | None = as_of.date() if as_of else None
    try:
        deadline = compute_deadline(
            length,
            marks=[ClockMark(kind="start", at=at)],
            calendar=WorkCalendar.vietnam(
                scope=calendar.value, as_of=known, provisional=not strict, layers=layers or []
            ),
            rules=chosen,
        )
        text = deadline.explain(lang.value)
        record = deadline_record(deadline, lang.value)
    except CalendarNotCovered as error:
        helps = strict and at.date() >= WorkCalendar.vietnam().first
        hint = say("Without --strict igate counts on, marked as provisional.") if helps else ""
        fail(together(error.sentence, hint), 1)
    typer.echo(as_json_text(record) if as_json else text)


@app.command()
def metrics(
    files: Annotated[
        list[Path],
        typer.Argument(help="Tables of dossiers: CSV, XLSX or Parquet; - is the standard input."),
    ],
    *,
    definition: Annotated[
        str, typer.Option(help="Definitions of on time, e.g. form_06a,decree.")
    ] = "form_06a",
    by: Annotated[str, typer.Option(help="Columns to group by, e.g. agency,month.")] = "agency",
    total: Annotated[bool, typer.Option("--total", help="Add the total of all groups.")] = False,
    start: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day, inclusive.")
    ] = None,
    end: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, inclusive.")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day on which open dossiers are looked at."),
    ] = None,
    map_file: Annotated[
        Path | None, typer.Option("--map", help="YAML file: our column names to yours.")
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option(help="The file is a log of events; YAML file that says what they mean."),
    ] = None,
    propose: Annotated[
        bool, typer.Option("--propose-map", help="Print a map for the file, to be confirmed.")
    ] = False,
    dates: Annotated[
        str | None,
        typer.Option(help="iso, day-first, day-first-yy or excel; or due=day-first,received=iso."),
    ] = None,
    zone: Annotated[
        str | None, typer.Option(help="Zone of moments without one; Vietnam without it.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of a CSV file, such as cp1258.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook.")] = None,
    rejects: Annotated[
        Path | None,
        typer.Option(help="Count without the rows at fault, and write them to this CSV file."),
    ] = None,
    force: ForceOption = False,
    strict: StrictOption = False,
    openmetrics: Annotated[
        bool, typer.Option("--openmetrics", help="Print OpenMetrics text.")
    ] = False,
    package: Annotated[
        Path | None,
        typer.Option(help="Folder for a data package without small counts, with DCAT."),
    ] = None,
    threshold: Annotated[
        int, typer.Option(min=1, help="Counts below it are withheld from the package.")
    ] = 5,
    lang: LangOption,
    as_json: JsonOption = False,
) -> None:
    """Compute deadlines and print the settlement table of files of dossiers."""
    from igate.cli.settlement import Source, settle_file  # noqa: PLC0415 - each command loads what it needs
    from igate.metrics import definition as find_definition  # noqa: PLC0415 - each command loads what it needs

    must_exist(*(file for file in files if str(file) != "-"), *filter(None, (map_file, log)))
    period = period_of(start, end)
    names = _parts(definition)
    for name in names:
        read_word(find_definition, name)
    forms = _declared(dates, zone, encoding)
    source = Source(
        paths=tuple(files), map_file=map_file, dates=forms, zone=zone,
        encoding=encoding, sheet=sheet, log_map=log,
    )  # fmt: skip
    if propose:
        typer.echo(source.proposal(lang.value), nl=False)
        return
    result = settle_file(
        source, definitions=names, by=_parts(by), period=period,
        as_of=as_of.date() if as_of else None, total=total, strict=strict, rejects=rejects,
        force=force, lang=lang.value,
    )  # fmt: skip
    if package is not None:
        typer.echo(f"{result.write_package(package, threshold, force=force)}", err=True)
    if as_json:
        typer.echo(as_json_text(result.record()))
        return
    if openmetrics:
        typer.echo(result.openmetrics(), nl=False)
        return
    for table in result.shown(lang.value):
        Screen().print(table)
    typer.echo(result.legend(lang.value))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _declared(dates: str | None, zone: str | None, encoding: str | None) -> Any:  # noqa: ANN401 - as below
    """Return how dates are written; what names no form, zone or encoding is a wrong use."""
    from igate.metrics.spelling import Spelling  # noqa: PLC0415 - each command loads what it needs
    from igate.metrics.text import known_encoding  # noqa: PLC0415 - the same

    forms = _date_forms(dates)
    if dates is not None:
        read_word(lambda _: Spelling.of(dates=forms), dates)
    if zone is not None:
        read_word(lambda name: Spelling.of(zone=name), zone)
    if encoding is not None:
        read_word(known_encoding, encoding)
    return forms


def _date_forms(text: str | None) -> Any:  # noqa: ANN401 - as read_table takes it, which checks it
    """Read ``day-first`` or ``due=day-first,received=iso``."""
    if text is None or "=" not in text:
        return text if text is None else text.strip().replace("-", "_")
    pairs = (part.partition("=") for part in _parts(text))
    return {name.strip(): form.strip().replace("-", "_") for name, _, form in pairs}


if __name__ == "__main__":
    main()
