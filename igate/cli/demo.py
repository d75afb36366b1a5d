"""The demonstration: a year of synthetic dossiers through the real one-stop, and its report.

The procedures, their steps, limits and the calendar are real; the dossiers, applicants, agencies'
identifiers and speeds are synthetic, and every output says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from importlib.util import find_spec
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from igate.calendar import WorkCalendar
from igate.cli.settlement import HEADINGS
from igate.errors import IgateError, OutputError
from igate.files.writing import refuse_existing
from igate.law.citation import Label
from igate.law.localtime import VIETNAM
from igate.office.onestop import OneStop
from igate.office.sql.store import SqlStore
from igate.procedures.catalog.catalog import Catalog
from igate.publish.report.plots import PLOTS
from igate.publish.report.survey import report_data, survey
from igate.publish.words import LANGUAGES
from igate.testing.simulation import Plan, SimulatedClock, agencies_of, run, with_published_steps
from igate.words.figures import decimal, number, percent
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rich.console import Console

    from igate.law.citation import Language
    from igate.publish.report.data import LateDossier, ReportData, SettlementTable
    from igate.testing.simulation import Agency

__all__ = ["DESK", "END", "START", "Demo", "demonstrate"]

#: Identifier of the desk: Đắk Lắk (Quyết định 20/2020/QĐ-TTg).
DESK = "H15"
#: The year of intake, both days inclusive.
START, END = date(2025, 11, 21), date(2026, 11, 20)
_DATABASE = "office.db"
#: What the report is made with, and what it is called.
_MODULES: Mapping[str, str] = MappingProxyType(
    {
        "altair": "Altair",
        "polars": "Polars",
        "vl_convert": "vl-convert-python",
        "xlsxwriter": "XlsxWriter",
    }
)
#: What is written next to it.
_FILES = (
    "report.html",
    "settlement.xlsx",
    *(f"{name}.{lang}.{kind}" for name in PLOTS for lang in LANGUAGES for kind in ("png", "svg")),
)
#: What the database says about itself, so that no other one is ever overwritten.
_MARK, _RUNNING, _FINISHED = "demo", "running", "finished"
_SHOWN_EVERY = 200
_SHOWN_LATE = 3
#: Columns of a terminal that the figures of the settlement table take.
_FIGURES = 63

_NOTE = Label(
    vi="Hồ sơ, người nộp, mã cơ quan và tốc độ xử lý là dữ liệu giả lập; thủ tục, bước, thời hạn "
    "và lịch làm việc là thật. Mục tiêu 95% là giả định.",
    en="Dossiers, applicants, identifiers of agencies and speeds are synthetic; procedures, steps, "
    "limits and the calendar are real. The target of 95 % is assumed.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What to demonstrate."""

    folder: Path
    dossiers: int = 5_000
    seed: int = 766
    #: throw away what an interrupted run left behind
    fresh: bool = False
    #: replace what an earlier run wrote, whether it was finished or not
    force: bool = False
    lang: Language = "en"


def demonstrate(demo: Demo, console: Console) -> ReportData:
    """Run the demonstration and write its outputs.

    Raises:
        IgateError: The extra ``frames`` is not installed; nothing is begun.
        OutputError: The folder holds a database of something else, or files of an earlier run that
            are not to be replaced.
        StoreError: The database cannot be written, for example because the disk is full.
    """
    _need_extra()
    path = _ready(demo)
    calendar = WorkCalendar.vietnam(provisional=True)
    clock = SimulatedClock(datetime(START.year, START.month, START.day, tzinfo=VIETNAM))
    office = OneStop.open(
        f"sqlite:///{path}", create=True, agency=DESK, catalog=Catalog.shipped(), calendar=calendar,
        durability="normal", clock=clock,
    )  # fmt: skip
    with office:
        office.store.set_meta("synthetic", "true")
        office.store.set_meta(_MARK, _RUNNING)
        console.print(
            _say("intro", demo.lang, n=demo.dossiers, p=len(with_published_steps(office.catalog)))
        )
        agencies = agencies_of(office.catalog, desk=DESK, seed=demo.seed)
        _work(office, demo, clock, agencies, console)
        data = _report(office, agencies)
        _print(data, demo, console)
        files = _write(data, demo.folder)
        office.store.set_meta(_MARK, _FINISHED)
    console.print(_words(demo.lang)["files"])
    for file in (path, *files):
        console.print(f"  {file}", soft_wrap=True, highlight=False)
    return data


def _need_extra() -> None:
    """Refuse to begin what could not be finished: the report is made at the end of the work."""
    missing = [name for module, name in _MODULES.items() if find_spec(module) is None]
    if missing:
        raise IgateError(
            say(
                "The demonstration cannot be run: {missing} cannot be found.",
                missing=", ".join(missing),
            ),
            why=say(
                "It ends with a report, for which the extra frames is needed; nothing was begun."
            ),
            fix=say('Run: pip install "igate[frames]"'),
        )


def _ready(demo: Demo) -> Path:
    """Return the path of a database that does not exist yet."""
    path = demo.folder / _DATABASE
    try:
        demo.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            say("The folder cannot be used: {strerror}.", strerror=error.strerror),
            where=str(demo.folder),
            fix=say("Name another one with --out."),
        ) from error
    if path.exists():
        state, count = _state_of(path)
        if state != _FINISHED and not (demo.fresh or demo.force):
            raise OutputError(
                say("An interrupted demonstration left {count} dossiers here.", count=count),
                where=str(path),
                why=say(
                    "The database is consistent: every action is there as a whole or not at all."
                ),
                fix=say(
                    "Run again with --fresh to throw it away, or with another --out to keep it."
                ),
            )
        if state == _FINISHED and not demo.force:
            refuse_existing([path])
    if not demo.force:
        refuse_existing(demo.folder / name for name in _FILES)
    if path.exists():
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    return path


def _state_of(path: Path) -> tuple[str, int]:
    """Return how far the demonstration in a database came; refuse any other database."""
    with SqlStore.open(f"sqlite:///{path}", read_only=True) as store:
        state = store.get_meta(_MARK)
        if state is None and store.get_meta("synthetic") != "true":
            raise OutputError(
                say("This database is not one of a demonstration."),
                where=str(path),
                why=say("The demonstration would have to overwrite it."),
                fix=say("Name another folder with --out."),
            )
        return state or _RUNNING, store.count()


def _work(
    office: OneStop,
    demo: Demo,
    clock: SimulatedClock,
    agencies: dict[str, Agency],
    console: Console,
) -> None:
    plan = Plan(dossiers=demo.dossiers, seed=demo.seed, start=START, end=END)
    words = _words(demo.lang)
    begun, actions, handed_in = perf_counter(), 0, 0
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn("{task.fields[rate]}"),
    )  # fmt: skip
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(words["working"], total=demo.dossiers, rate="")
        for handed_in in run(office, plan, clock=clock, agencies=agencies):
            actions += 1
            if actions % _SHOWN_EVERY == 0:
                speed = round(actions / (perf_counter() - begun))
                rate = f"{number(speed, demo.lang)} {words['per_second']}"
                progress.update(task, completed=handed_in, rate=rate)
        progress.update(task, completed=handed_in)
    seconds = perf_counter() - begun
    console.print(
        _say(
            "worked",
            demo.lang,
            n=handed_in,
            a=actions,
            s=decimal(seconds, demo.lang),
            r=round(actions / max(seconds, 1e-9)),
        )
    )


def _report(office: OneStop, agencies: dict[str, Agency]) -> ReportData:
    return report_data(
        survey(office),
        office,
        title=Label(
            vi="Kết quả giải quyết hồ sơ một cửa (giả lập)",
            en="Settlement of one-stop dossiers (synthetic)",
        ),
        period=(START, END),
        agencies={each.id: Label(vi=each.name) for each in agencies.values()},
        synthetic=True,
        notes=(_NOTE,),
    )


def _write(data: ReportData, folder: Path) -> tuple[Path, ...]:
    from igate.publish.report import (  # noqa: PLC0415 - the frames extra, for files only
        write_page,
        write_plots,
        write_settlement_xlsx,
    )

    return (
        write_page(data, folder / "report.html"),
        write_settlement_xlsx(data, folder / "settlement.xlsx"),
        *write_plots(data, folder),
    )


def _print(data: ReportData, demo: Demo, console: Console) -> None:
    words = _words(demo.lang)
    console.print(_settlement(data.tables, demo.lang, console.width))
    for table in data.tables:
        console.print(
            f"{table.definition}: {table.numerator.text(demo.lang)} / "
            f"{table.denominator.text(demo.lang)} ({table.citation.text(demo.lang)})",
            highlight=False,
        )
    total = data.identity.total
    console.print(
        _say(
            "identity",
            demo.lang,
            received=total.received_total, online=total.received_online,
            counter=total.received_counter_post, carried=total.carried_over,
            solved=total.solved_total, process=total.in_process_total,
            holds=words["holds" if data.identity.holds else "fails"],
        )
    )  # fmt: skip
    console.print(_say("provisional", demo.lang, n=data.provisional))
    for late in _varied(data.late):
        _print_late(late, demo.lang, console)


def _varied(late: tuple[LateDossier, ...]) -> list[LateDossier]:
    """Pick three of the proved late dossiers, of different procedures where there are."""
    by_procedure = {each.procedure: each for each in reversed(late) if each.days}
    first = sorted(by_procedure.values(), key=lambda each: -each.working_days_late)
    others = [each for each in late if each.days and each not in first]
    return [*first, *others][:_SHOWN_LATE]


def _settlement(tables: tuple[SettlementTable, ...], lang: Language, width: int) -> Table:
    words = _words(lang)
    shown = Table(title=words["title"], title_justify="left", box=None, padding=(0, 1, 0, 0))
    room = max(width - _FIGURES, len(words["agency"]))
    longest = max(len(row.agency_label.text(lang)) for row in tables[0].rows)
    shown.add_column(words["agency"], width=min(longest, room), no_wrap=True, overflow="ellipsis")
    for name in HEADINGS[lang]:
        shown.add_column(name, justify="right", min_width=max(map(len, name.split())))
    for table in tables:
        shown.add_column(table.definition, justify="right", min_width=len(table.definition))
    for index, row in enumerate(tables[0].rows):
        rates = [table.rows[index].on_time_rate for table in tables]
        shown.add_row(
            row.agency_label.text(lang),
            *(str(count) for count in (
                row.received_total, row.solved_early, row.solved_on_time, row.solved_late,
                row.in_process_within, row.in_process_overdue,
            )),
            *("–" if rate is None else percent(rate, lang) for rate in rates),
            style="bold" if index == len(tables[0].rows) - 1 else None,
        )  # fmt: skip
    return shown


def _print_late(late: LateDossier, lang: Language, console: Console) -> None:
    words = _words(lang)
    console.rule(f"{late.code} · {late.agency_label.text(lang)}", align="left")
    console.print(f"{late.procedure} {late.procedure_name.text(lang)}", highlight=False)
    done = f"{late.finished:%d/%m/%Y}" if late.finished else words["open"]
    said = _say("late", lang, n=late.working_days_late, done=done)
    console.print(said, highlight=False)
    console.print(late.explanation.text(lang), highlight=False, soft_wrap=True)


def _say(key: str, lang: Language, **values: int | str) -> str:
    """Fill a sentence; numbers are grouped as the language groups them."""
    shown = {
        name: number(value, lang) if isinstance(value, int) else value
        for name, value in values.items()
    }
    return _TEXT[lang][key].format(**shown)


def _words(lang: Language) -> Mapping[str, str]:
    return _TEXT[lang]


_TEXT: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "intro": "{n} SYNTHETIC dossiers through {p} REAL procedures; identifiers of agencies, "
        "applicants and speeds are made up.",
        "working": "Dossiers handed in",
        "per_second": "actions/s",
        "worked": "{n} dossiers, {a} actions in {s} s ({r} actions/s), one transaction each.",
        "title": "Settlement by agency (synthetic dossiers)",
        "agency": "Agency",
        "identity": "Identity of form II.06a: received {received} (online {online} + counter "
        "and post {counter} + carried over {carried}) = solved {solved} + in process "
        "{process}: {holds}.",
        "holds": "holds",
        "fails": "DOES NOT HOLD",
        "provisional": "{n} deadlines rest on days of 2027 that have not been announced "
        "(provisional).",
        "late": "Late by {n} working days; finished: {done}.",
        "open": "not yet",
        "files": "Written:",
    },
    "vi": {
        "intro": "{n} hồ sơ GIẢ LẬP qua {p} thủ tục THẬT; mã cơ quan, người nộp và tốc độ xử lý "
        "là giả lập.",
        "working": "Hồ sơ đã nộp",
        "per_second": "thao tác/giây",
        "worked": "{n} hồ sơ, {a} thao tác trong {s} giây ({r} thao tác/giây), mỗi "
        "thao tác một giao dịch.",
        "title": "Kết quả giải quyết theo cơ quan (hồ sơ giả lập)",
        "agency": "Cơ quan",
        "identity": "Cân đối biểu II.06a: tiếp nhận {received} (trực tuyến {online} + trực tiếp, "
        "bưu chính {counter} + kỳ trước chuyển sang {carried}) = đã giải quyết {solved} + đang "
        "giải quyết {process}: {holds}.",
        "holds": "đúng",
        "fails": "KHÔNG ĐÚNG",
        "provisional": "{n} ngày hẹn trả dựa vào ngày của năm 2027 chưa được công bố (tạm tính).",
        "late": "Quá hạn {n} ngày làm việc; giải quyết xong: {done}.",
        "open": "chưa",
        "files": "Đã ghi:",
    },
}
