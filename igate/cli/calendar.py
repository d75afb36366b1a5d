"""The command ``igate calendar changes``: whose date of return moved when days off were announced.

Exit codes: 0 nothing moved, 1 something did, 2 the command was used wrongly.
"""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations when the program runs
from typing import TYPE_CHECKING, Annotated

import typer

from igate.cli.options import JsonOption, LangOption, LayersOption  # noqa: TC001 - typer reads the annotations when the program runs
from igate.cli.output import as_json_text, must_exist
from igate.cli.speaking import CommandLine
from igate.law.citation import Label

if TYPE_CHECKING:
    from igate.dossiers.recount import MovedDate
    from igate.law.citation import Language

__all__ = ["calendar_app"]

calendar_app = CommandLine(about="What the working calendar means for a desk.")
_NONE = Label(vi="Không ngày hẹn trả nào thay đổi.", en="No date of return has moved.")
_PROVISIONAL = Label(vi="tạm tính", en="provisional")
_MOVED = Label(
    vi="{n} ngày hẹn trả đã thay đổi; ghi vào sổ bằng OneStop.record_moved_dates.",
    en="{n} dates of return have moved; OneStop.record_moved_dates writes them into the journals.",
)


@calendar_app.command("changes")
def changes(
    db: Annotated[Path, typer.Argument(help="SQLite database of a desk.")],
    *,
    agency: Annotated[str, typer.Option(help="Agency that runs the desk, e.g. H15.")],
    layers: LayersOption = None,
    lang: LangOption,
    as_json: JsonOption = False,
) -> None:
    """List the pending dossiers whose date of return is another one than was kept."""
    from igate.calendar import WorkCalendar  # noqa: PLC0415 - each command loads what it needs
    from igate.office.onestop import OneStop  # noqa: PLC0415 - each command loads what it needs
    from igate.office.sql.store import SqlStore  # noqa: PLC0415 - each command loads what it needs

    must_exist(db, *(layers or []))
    calendar = WorkCalendar.vietnam(provisional=True, layers=layers or [])
    with SqlStore.open(f"sqlite:///{db}", read_only=True) as store:
        moved = OneStop(store, agency=agency, calendar=calendar).moved_dates()
    if as_json:
        typer.echo(as_json_text([_record(each) for each in moved]))
    else:
        for each in moved:
            typer.echo(_line(each, lang.value))
        typer.echo(
            _MOVED.text(lang.value).format(n=len(moved)) if moved else _NONE.text(lang.value)
        )
    raise typer.Exit(1 if moved else 0)


def _record(each: MovedDate) -> dict[str, object]:
    return {
        "code": each.code,
        "agency": each.agency,
        "before": each.before and each.before.isoformat(),
        "after": each.after and each.after.isoformat(),
        "provisional": each.provisional,
    }


def _line(each: MovedDate, lang: Language) -> str:
    days = [f"{due:%d/%m/%Y %H:%M}" if due else "–" for due in (each.before, each.after)]
    mark = f" ({_PROVISIONAL.text(lang)})" if each.provisional else ""
    return f"{each.code}  {days[0]} → {days[1]}{mark}"
