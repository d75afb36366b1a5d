"""The command ``igate whatif``: dossiers counted again as if something had been otherwise."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import narwhals.stable.v2 as nw
import typer
from rich.box import SIMPLE
from rich.table import Table

from igate.calendar import WorkCalendar
from igate.cli.options import JsonOption, LangOption, period_of, spoken
from igate.cli.output import Screen, as_json_text, must_exist, read_word
from igate.deadlines.limits import TimeLimit
from igate.law.citation import Label
from igate.law.localtime import VIETNAM
from igate.words.sentence import say

if TYPE_CHECKING:
    from igate.law.citation import Language

__all__ = ["what_if"]

_HEADINGS = (
    Label(vi="Tiếp nhận", en="Received"),
    Label(vi="Quá hạn", en="Late"),
    Label(vi="Quá hạn, nếu", en="Late, if"),
    Label(vi="Đang quá hạn", en="Overdue"),
    Label(vi="Đang quá hạn, nếu", en="Overdue, if"),
    Label(vi="Tỷ lệ", en="Rate"),
    Label(vi="Tỷ lệ, nếu", en="Rate, if"),
)
_SHOWN = (
    "received_total", "solved_late", "solved_late_if", "in_process_overdue",
    "in_process_overdue_if",
)  # fmt: skip
_DAY = ["%Y-%m-%d"]

FilesArgument = Annotated[
    list[Path], typer.Argument(help="Tables of dossiers: CSV, XLSX or Parquet.")
]
MapOption = Annotated[
    Path | None, typer.Option("--map", help="YAML file: our column names to yours.")
]
LayerOption = Annotated[
    list[Path] | None, typer.Option(help="Calendar layer with other days off; repeatable.")
]


def what_if(
    files: FilesArgument,
    *,
    limit: Annotated[
        list[str] | None,
        typer.Option(
            help="Another limit, '5 working_day', or '1.001806=5 working_day'; may be repeated."
        ),
    ] = None,
    layer: LayerOption = None,
    rules: Annotated[str | None, typer.Option(help="Other clock rules, e.g. subtracted.")] = None,
    definition: Annotated[str | None, typer.Option(help="Another definition of on time.")] = None,
    against: Annotated[str, typer.Option(help="The definition of the first count.")] = "form_06a",
    against_layer: Annotated[
        list[Path] | None,
        typer.Option(help="Calendar layer of the office, of both counts; may be repeated."),
    ] = None,
    against_rules: Annotated[
        str | None, typer.Option(help="Clock rules of the first count, e.g. land.")
    ] = None,
    by: Annotated[str, typer.Option(help="Columns to group by, e.g. agency,month.")] = "agency",
    start: Annotated[
        datetime | None, typer.Option("--from", formats=_DAY, help="First day, inclusive.")
    ] = None,
    end: Annotated[
        datetime | None, typer.Option("--to", formats=_DAY, help="Last day, inclusive.")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="Day on which open dossiers are seen.")
    ] = None,
    map_file: MapOption = None,
    log: Annotated[
        Path | None,
        typer.Option(help="The file is a log of events; YAML file that says what they mean."),
    ] = None,
    lang: LangOption,
    as_json: JsonOption = False,
) -> None:
    """Count dossiers as they are and as if something had been otherwise."""
    from igate import metrics  # noqa: PLC0415 - each command loads what it needs
    from igate.cli.settlement import Source  # noqa: PLC0415 - the same
    from igate.deadlines.rulefile import shipped_rules  # noqa: PLC0415 - the same

    own = against_layer or []
    must_exist(*files, *(layer or []), *own, *filter(None, [map_file, log]))
    period = period_of(start, end)
    if not (limit or layer or rules or definition):
        raise typer.BadParameter(
            say("Give at least one of --limit, --layer, --rules and --definition.").text(spoken())
        )
    keys = tuple(part.strip() for part in by.split(",") if part.strip())
    day = as_of or end or datetime.now(VIETNAM)
    for name in filter(None, (definition, against)):
        read_word(metrics.definition, name)
    for name in filter(None, (rules, against_rules)):
        read_word(lambda name: shipped_rules(name, on=day.date()), name)
    other = _limits(limit)
    source = Source(paths=tuple(files), map_file=map_file, log_map=log)
    found = metrics.what_if(
        source.read(), limit=other, rules=rules, definition=definition,
        calendar=WorkCalendar.vietnam(provisional=True, layers=[*own, *layer]) if layer else None,
        against=against, against_rules=against_rules,
        against_calendar=WorkCalendar.vietnam(provisional=True, layers=own), by=keys,
        as_of=day.date(), period=period,
        source=source.name,
    )  # fmt: skip
    native: Any = found
    rows = nw.from_native(native, eager_only=True).rows(named=True)
    if as_json:
        typer.echo(as_json_text(rows))
    else:
        Screen().print(_table(rows, keys, lang.value))


def _limits(said: list[str] | None) -> Any:  # noqa: ANN401 - as what_if takes it
    """Read limits: one for all dossiers, or by procedure or limit."""
    if not said:
        return None
    if len(said) == 1 and "=" not in said[0]:
        return read_word(TimeLimit.parse, said[0])
    pairs = [text.partition("=") for text in said]
    if not all(sign for _, sign, _ in pairs):
        raise typer.BadParameter(
            say("Give one limit for all, or PROCEDURE=LIMIT each.").text(spoken()),
            param_hint="--limit",
        )
    return {name.strip(): read_word(TimeLimit.parse, limit) for name, _, limit in pairs}


def _table(rows: list[dict[str, Any]], keys: tuple[str, ...], lang: Language) -> Table:
    from igate.metrics.tables import HEADS  # noqa: PLC0415 - as above
    from igate.words.figures import percent  # noqa: PLC0415 - as above

    shown = Table(box=SIMPLE)
    for key in keys:
        shown.add_column(HEADS[key].text(lang) if key in HEADS else key, overflow="fold")
    for label in _HEADINGS:
        shown.add_column(label.text(lang), justify="right")
    for row in rows:
        rates = [row["on_time_rate"], row["on_time_rate_if"]]
        shown.add_row(
            *("–" if row[key] is None else str(row[key]) for key in keys),
            *(str(row[name]) for name in _SHOWN),
            *("–" if rate is None else percent(rate, lang) for rate in rates),
        )
    return shown
