"""The commands ``igate check`` and ``igate show``: what is wrong with files, and what they mean.

In a terminal findings are grouped by file and coloured; everywhere else each begins a line with its
place, so that it can be searched and clicked. The severity is a word in both.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from itertools import groupby
from pathlib import Path  # noqa: TC003 - typer reads the annotations when the program runs
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from igate.cli.options import JsonOption, LangOption, spoken
from igate.cli.output import Screen, as_json_text, fail
from igate.errors import IgateError, finding_weight
from igate.files.writing import library_version
from igate.law.localtime import VIETNAM
from igate.words.sentence import said, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rich.console import Console

    from igate.errors import Finding
    from igate.law.citation import Language
    from igate.office.differences import Difference

__all__ = ["check", "print_grouped", "show"]


class Severity(StrEnum):
    """How grave a finding is, the gravest first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_STYLES = {"error": "bold red", "warning": "yellow", "note": "cyan"}


def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            exists=True,
            help="Procedures, templates, clock rules, layers of the calendar, maps; or folders.",
        ),
    ] = None,
    *,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against",
            exists=True,
            dir_okay=False,
            metavar="DB",
            help="Also list the pending dossiers of a database that were received under another "
            "text than the files have; without paths, the shipped ones.",
        ),
    ] = None,
    stale: Annotated[
        int | None,
        typer.Option(
            min=0,
            metavar="DAYS",
            help="Also warn about what was compared with the law more than this many days ago.",
        ),
    ] = None,
    severity: Annotated[
        Severity, typer.Option(help="The least severity that is shown.")
    ] = Severity.NOTE,
    lang: LangOption,
    as_json: JsonOption = False,
    as_sarif: Annotated[bool, typer.Option("--sarif", help="Print SARIF 2.1.0.")] = False,
) -> None:
    """Read each file as what it is and print every problem with its place and remedy."""
    from igate.checks.checker import check_paths  # noqa: PLC0415 - each command loads what it needs
    from igate.checks.sarif import sarif_log  # noqa: PLC0415 - each command loads what it needs

    if as_json and as_sarif:
        raise typer.BadParameter(
            say("Ask for one of --json and --sarif.").text(spoken()), param_hint="--sarif"
        )
    if as_sarif and against:
        raise typer.BadParameter(
            say("SARIF is about files; ask for --json.").text(spoken()), param_hint="--against"
        )
    if not paths and against is None:
        raise typer.BadParameter(
            say("Name files or folders, or a database with --against.").text(spoken())
        )
    _must_hold_some(paths or ())
    found = check_paths(paths or (), stale=stale, today=_today())
    moved = None if against is None else _differences(against, paths or ())
    shown = _grave_enough(found, severity)
    if as_json:
        records = [_record(each) for each in shown]
        both = {"findings": records, "differences": [_use(each) for each in moved or ()]}
        typer.echo(as_json_text(records if moved is None else both))
    elif as_sarif:
        typer.echo(as_json_text(sarif_log(shown, version=library_version())))
    else:
        _print_all(found, shown, moved, lang.value)
    raise typer.Exit(1 if moved or any(each.severity == "error" for each in found) else 0)


def _must_hold_some(paths: Sequence[Path]) -> None:
    """End as a wrong use of the command where there is nothing to check."""
    from igate.files.sources import must_hold_some  # noqa: PLC0415 - each command loads what it needs

    try:
        must_hold_some(*paths)
    except IgateError as error:
        fail(error.sentence, 2)


def _print_all(
    found: Sequence[Finding],
    shown: Sequence[Finding],
    moved: Sequence[Difference] | None,
    lang: Language,
) -> None:
    """Print findings and differences, and how many there are."""
    _print(shown, lang)
    for each in moved or ():
        typer.echo(each.text(lang))
    errors = sum(each.severity == "error" for each in found)
    typer.echo(_verdict(found, errors, lang), err=bool(errors))
    if moved is not None:
        typer.echo(_MOVED[lang].format(count=len(moved)), err=bool(moved))


_MOVED = {
    "en": "Texts under which dossiers are pending and which the files do not have: {count}.",
    "vi": "Số nội dung mà hồ sơ đang theo nhưng không còn trong tệp: {count}.",
}


def _differences(database: Path, paths: Sequence[Path]) -> tuple[Difference, ...]:
    """Hold the pending dossiers of a database against the files."""
    from igate.office.differences import differences  # noqa: PLC0415 - each command loads what it needs
    from igate.office.sql.store import SqlStore  # noqa: PLC0415 - each command loads what it needs
    from igate.procedures.catalog.catalog import Catalog  # noqa: PLC0415 - each command loads what it needs

    catalog = Catalog.load(*paths) if paths else Catalog.shipped()
    with SqlStore.open(f"sqlite:///{database}", read_only=True) as store:
        return tuple(differences(store, catalog))


def _use(found: Difference) -> dict[str, object]:
    return {
        "procedure": found.use.procedure,
        "revision": found.use.revision,
        "definition": found.use.definition,
        "kind": found.kind,
        "dossiers": found.use.dossiers,
        "first": found.use.first,
        "changes": list(found.changes),
        "message": found.text("en"),
        "vi": found.text("vi"),
    }


def show(
    code: Annotated[str, typer.Argument(help="Code of the procedure, e.g. 1.001806.")],
    *,
    resolved: Annotated[
        bool,
        typer.Option("--resolved", help="With what the template adds, each line with its origin."),
    ] = False,
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="The revision in force on this day."),
    ] = None,
    files: Annotated[
        list[Path] | None,
        typer.Option(
            "--files",
            exists=True,
            help="Procedure file or folder instead of the shipped catalogue.",
        ),
    ] = None,
    lang: LangOption,
    as_json: JsonOption = False,
) -> None:
    """Show what a procedure file means."""
    from igate.publish.resolved import resolve  # noqa: PLC0415 - each command loads what it needs

    view = resolve(code, on=on.date() if on else _today(), paths=files or ())
    if not resolved:
        view = view.own()
    typer.echo(as_json_text(view.record()) if as_json else view.text(lang.value))


def print_grouped(found: Sequence[Finding], console: Console, lang: Language = "en") -> None:
    """Print findings for people, under the name of their file.

    Args:
        found: In order of file and line.
        console: Where to.
        lang: Language of the text.
    """
    for file, group in groupby(found, key=lambda each: each.place.file):
        console.print(Text(file, style="bold underline"))
        table = Table.grid(padding=(0, 2))
        table.add_column(justify="right", no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column()
        for each in group:
            where = f"{each.place.line}:{each.place.column}"
            severity = Text(finding_weight(each.severity).text(lang), style=_STYLES[each.severity])
            table.add_row(where, severity, _said(each, lang))
        console.print(table)
        console.print()


def _said(finding: Finding, lang: Language) -> Text:
    """Say what is wrong, with the code, then what to do."""
    text = Text.assemble(said(finding.message, lang), (f" [{finding.code}]", "dim"))
    if finding.remedy:
        text.append(f"\n{said(finding.remedy, lang)}", style="italic")
    return text


def _print(found: Sequence[Finding], lang: Language) -> None:
    console = Screen()
    if console.is_terminal:
        print_grouped(found, console, lang)
        return
    for each in found:
        typer.echo(_in_one_line(each.text(lang)))


def _in_one_line(text: str) -> str:
    # a key with a line feed in it would write a finding of its own
    return text.replace("\n", "\\n")


def _grave_enough(found: Sequence[Finding], least: Severity) -> tuple[Finding, ...]:
    order = [each.value for each in Severity]
    return tuple(each for each in found if order.index(each.severity) <= order.index(least.value))


def _today() -> date:
    return datetime.now(VIETNAM).date()


def _verdict(found: Sequence[Finding], errors: int, lang: Language) -> str:
    others = len(found) - errors
    if lang == "vi":
        return f"{f'Có {errors}' if errors else 'Không có'} lỗi; {others} cảnh báo và ghi chú."
    if errors:
        return f"{errors} error(s), {others} warning(s) and note(s)."
    return f"No errors; {others} warning(s) and note(s)."


def _record(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "file": finding.place.file,
        "line": finding.place.line,
        "column": finding.place.column,
        "message": finding.message,
        "remedy": finding.remedy,
        "vi": {"message": said(finding.message, "vi"), "remedy": said(finding.remedy, "vi")},
    }
