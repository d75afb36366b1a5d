"""The command ``igate staffing``: what came to a desk, worked by other numbers of officers."""

from __future__ import annotations

from datetime import datetime
from itertools import product
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.box import SIMPLE
from rich.table import Table

from igate.cli.databases import DatabaseArgument, address_of
from igate.cli.options import FilesOption, JsonOption, LangOption, LayersOption, period_of, spoken
from igate.cli.output import Screen, as_json_text, must_exist
from igate.law.citation import Label
from igate.law.localtime import VIETNAM
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from igate.law.citation import Language
    from igate.metrics.staffing import Estimate, Staffing

__all__ = ["staffing"]

_Number = TypeVar("_Number", int, float)

_HEADINGS = (
    Label(vi="Hàng đợi", en="Queue"),
    Label(vi="Số người", en="Officers"),
    Label(vi="Lượt", en="Visits"),
    Label(vi="Chờ mỗi lượt (giờ)", en="Wait a visit (h)"),
    Label(vi="Mức bận", en="Load"),
    Label(vi="Đang chờ", en="Waiting"),
)
_LEVEL = Label(vi="Phương án {number}: {said}", en="Level {number}: {said}")
_ON_TIME = Label(
    vi="đúng hạn {on_time}; mỗi hồ sơ chờ {wait} giờ",
    en="on time {on_time}; a dossier waits {wait} h",
)
_NO_DATE = Label(vi="mỗi hồ sơ chờ {wait} giờ", en="a dossier waits {wait} h")
_RUNS = Label(
    vi="Mô phỏng, không phải số đo: {dossiers} hồ sơ, {dated} có hạn và đã xong; chạy {runs} lần, "
    "số gieo {seed}. Giả định:",
    en="Simulated, not measured: {dossiers} dossiers, {dated} with a due date and an end; "
    "{runs} runs, seed {seed}. Assumed:",
)
_DAY = ["%Y-%m-%d"]


def staffing(
    database: DatabaseArgument,
    *,
    agency: Annotated[str, typer.Option(help="Agency that runs the desk, e.g. H15.")],
    officers: Annotated[
        list[str],
        typer.Option(help="Officers of a queue, such as officer=2,3,4; may be repeated."),
    ],
    by: Annotated[
        str, typer.Option(help="What makes a queue: role, who, holder, agency or step.")
    ] = "role",
    share: Annotated[
        list[str] | None,
        typer.Option(help="Part of a visit that is work, such as officer=0.2; may be repeated."),
    ] = None,
    start: Annotated[
        datetime | None, typer.Option("--from", formats=_DAY, help="First day, inclusive.")
    ] = None,
    end: Annotated[
        datetime | None, typer.Option("--to", formats=_DAY, help="Last day, inclusive.")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="Day up to which the journals are read.")
    ] = None,
    replications: Annotated[int, typer.Option(help="How many runs, at least 5.")] = 30,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the simulation.")] = 766,
    files: FilesOption = None,
    layers: LayersOption = None,
    lang: LangOption,
    as_json: JsonOption = False,
) -> None:
    """Simulate the waits and the share on time under other numbers of officers."""
    from igate import metrics  # noqa: PLC0415 - each command loads what it needs
    from igate.calendar import WorkCalendar  # noqa: PLC0415 - each command loads what it needs
    from igate.office.onestop import OneStop  # noqa: PLC0415 - each command loads what it needs
    from igate.office.sql.store import SqlStore  # noqa: PLC0415 - each command loads what it needs
    from igate.procedures.catalog.catalog import Catalog  # noqa: PLC0415 - each command loads what it needs

    must_exist(*(files or []), *(layers or []))
    period = period_of(start, end)
    levels, parts = _levels(officers), _parts(share or [])
    day = (as_of or datetime.now(VIETNAM)).date()
    calendar = WorkCalendar.vietnam(provisional=True, layers=layers or [])
    with SqlStore.open(address_of(database), read_only=True) as store:
        office = OneStop(
            store, agency=agency, calendar=calendar,
            catalog=Catalog.load(*files) if files else Catalog.shipped(),
        )  # fmt: skip
        visits = metrics.visit_columns(office, as_of=day)
        dossiers = metrics.desk_columns(office, as_of=day)
    found = metrics.staffing(
        visits, levels, by=by, share=parts, calendar=calendar, replications=replications,
        due={str(code): due for code, due in zip(dossiers["code"], dossiers["due"], strict=True)},
        period=period, seed=seed,
    )  # fmt: skip
    if as_json:
        typer.echo(as_json_text(_record(found, lang.value)))
    else:
        _print(found, lang.value)


def _levels(said: list[str]) -> list[dict[str, int]]:
    """Read the numbers of officers: every combination of those of the queues."""
    numbers: dict[str, list[int]] = {}
    for name, text in (_named(each, "--officers") for each in said):
        own = [_number(int, part, "--officers") for part in text.split(",")]
        numbers.setdefault(name, []).extend(own)
    return [dict(zip(numbers, each, strict=True)) for each in product(*numbers.values())]


def _parts(said: list[str]) -> dict[str, float]:
    parts: dict[str, float] = {}
    for name, text in (_named(each, "--share") for each in said):
        if name in parts:
            raise typer.BadParameter(
                say("{names} is named twice.", names=name).text(spoken()), param_hint="--share"
            )
        parts[name] = _number(float, text, "--share")
    return parts


def _named(text: str, option: str) -> tuple[str, str]:
    name, sign, value = text.rpartition("=")
    if not sign or not name.strip():
        raise typer.BadParameter(
            say("Give QUEUE=NUMBER, not {text!r}.", text=text).text(spoken()), param_hint=option
        )
    return name.strip(), value


def _number(read: Callable[[str], _Number], text: str, option: str) -> _Number:
    try:
        return read(text)
    except ValueError:
        raise typer.BadParameter(
            say("{text!r} is no number.", text=text).text(spoken()), param_hint=option
        ) from None


def _print(found: Staffing, lang: Language) -> None:
    def number(value: float) -> str:
        text = f"{value:.1f}"
        return text.replace(".", ",") if lang == "vi" else text

    def share(value: float) -> str:
        return f"{number(100 * value)}%"

    screen = Screen()
    for place, level in enumerate(found.levels, start=1):
        words = _NO_DATE if level.on_time is None else _ON_TIME
        said = words.text(lang).format(
            on_time=_spelled(level.on_time, share), wait=_spelled(level.wait, number)
        )
        shown = Table(
            title=_LEVEL.text(lang).format(number=place, said=said), title_justify="left",
            box=SIMPLE,
        )  # fmt: skip
        for column, label in enumerate(_HEADINGS):
            shown.add_column(
                label.text(lang), justify="right" if column else "left", overflow="fold"
            )
        for line in level.lines:
            shown.add_row(
                line.name,
                "–" if line.officers is None else str(line.officers),
                str(line.visits),
                _spelled(line.wait, number),
                _spelled(line.load, share),
                _spelled(line.waiting, number),
            )
        screen.print(shown)
    runs = _RUNS.text(lang).format(
        dossiers=found.dossiers, dated=found.dated, runs=found.replications, seed=found.seed
    )
    typer.echo("\n".join([runs, *(f"- {each.text(lang)}" for each in found.assumptions)]))


def _spelled(each: Estimate | None, word: Callable[[float], str]) -> str:
    return "–" if each is None else f"{word(each.mean)} [{word(each.low)}; {word(each.high)}]"


def _record(found: Staffing, lang: Language) -> Mapping[str, object]:
    columns = found.columns()
    rows = zip(*columns.values(), strict=True)
    return {
        "dossiers": found.dossiers,
        "dated": found.dated,
        "replications": found.replications,
        "seed": found.seed,
        "rows": [dict(zip(columns, row, strict=True)) for row in rows],
        "assumptions": [each.text(lang) for each in found.assumptions],
    }
