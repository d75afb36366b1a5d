"""The demonstration: real work on synthetic dossiers, every figure re-derivable, nothing lost."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import date, datetime
from functools import lru_cache
from io import StringIO
from itertools import groupby
from typing import TYPE_CHECKING

import polars as pl
import pytest
from rich.console import Console

from commands import run_command
from igate.calendar import WorkCalendar
from igate.cli.demo import END, START, Demo, demonstrate
from igate.dossiers.standing import Standing
from igate.errors import OutputError, StoreFull
from igate.law.citation import Label
from igate.law.localtime import VIETNAM
from igate.metrics import settlement
from igate.office.memory import MemoryStore
from igate.office.onestop import OneStop
from igate.office.sql.store import SqlStore
from igate.publish.report.survey import Survey, report_data, survey
from igate.testing.simulation import Plan, SimulatedClock, agencies_of, run
from shared import shipped_catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from igate.dossiers.record import Record

COUNTS = ["received_total", "solved_early", "solved_on_time", "solved_late",
          "in_process_within", "in_process_overdue"]  # fmt: skip


@lru_cache(maxsize=2)
def worked(seed: int) -> tuple[OneStop, Survey]:
    """Work 150 synthetic dossiers in memory."""
    clock = SimulatedClock(datetime(START.year, START.month, START.day, tzinfo=VIETNAM))
    office = OneStop(
        MemoryStore(),
        agency="H15",
        catalog=shipped_catalogue(),
        calendar=WorkCalendar.vietnam(provisional=True),
        clock=clock,
    )
    plan = Plan(dossiers=150, seed=seed, start=START, end=END)
    agencies = agencies_of(office.catalog, desk="H15", seed=seed)
    for _ in run(office, plan, clock=clock, agencies=agencies):
        pass
    return office, survey(office)


def test_every_demo_dossier_is_rebuilt_from_its_journal() -> None:
    """The fold of the journal gives the standing that the store keeps, for each dossier."""
    office, _ = worked(1)
    rebuilt = 0
    for code, group in groupby(office.store.entries(), key=lambda entry: entry.dossier):
        dossier = office.replay(tuple(group))
        assert Standing.of(dossier) == office.store.standing(code)
        rebuilt += 1
    assert rebuilt == office.store.count() == 150


def test_the_model_uses_the_whole_of_the_workflow() -> None:
    """Supplements, payments, refusals, withdrawals and apologies all occur."""
    office, _ = worked(1)
    actions = {entry.action for entry in office.store.entries()}
    assert actions >= {
        "submit", "receive", "transfer", "forward", "finish", "return_result", "ask_supplement",
        "supplement", "ask_payment", "pay", "send_back", "reject", "refuse",
    }  # fmt: skip


def test_journals_run_forward_and_stay_inside_the_year() -> None:
    """No action before its predecessor, none after the last day."""
    office, _ = worked(1)
    for _, group in groupby(office.store.entries(), key=lambda entry: entry.dossier):
        moments = [entry.happened_at for entry in group]
        assert moments == sorted(moments)
        assert moments[-1].date() <= END


def test_one_seed_gives_one_year() -> None:
    """The simulation is reproducible."""
    first, _ = worked(2)
    worked.cache_clear()
    again, _ = worked(2)
    assert list(first.store.entries()) == list(again.store.entries())


def test_journal_and_columns_give_the_same_settlement() -> None:
    """Due dates folded step by step equal those computed from the columns alone.

    Dossiers with an apology are left out: their new date is in the journal, not in the columns.
    """
    _, found = worked(1)
    apologised = {each.code for each in found.dossiers if each.facts.get("apologies")}
    frame = pl.DataFrame(found.columns()).filter(~pl.col("code").is_in(apologised))
    options = {"by": ("agency",), "period": (START, END), "as_of": END, "calendar": found.calendar}
    folded = settlement(frame, **options)
    computed = settlement(frame.drop("due"), **options)
    assert folded.equals(computed)
    assert folded["received_total"].sum() > 100


def test_the_report_is_a_sum_of_its_dossiers() -> None:
    """Every count of the settlement can be counted again by hand from the folded dossiers."""
    office, found = worked(1)
    data = report_data(
        found, office, title=Label(vi="t"), period=(START, END), agencies={}, synthetic=True
    )
    total = data.identity.total
    assert data.identity.holds
    received = [each for each in found.dossiers if each.received_at]
    done = [each for each in received if each.finished_at]
    assert total.received_total == len(received)
    assert total.solved_total == len(done)
    late = 0
    for each in done:
        assert each.deadline is not None
        assert each.finished_at is not None
        late += each.deadline.judge(each.finished_at) == "late"
    assert total.solved_late == late
    assert [table.definition for table in data.tables] == ["form_06a", "decree"]
    for item in data.late:
        assert item.finished is None or item.finished.date() > item.due.date()
        assert not item.days or item.days[-1].date == item.due.date()
    assert sum(bool(item.days) for item in data.late) == min(20, len(data.late))
    assert sum(row.count for row in data.ageing) == total.in_process_total


def test_what_happens_after_a_report_does_not_change_it() -> None:
    """A report of the first half agrees with itself: late and ageing follow its own last day."""
    office, found = worked(1)
    middle = date(2026, 5, 20)
    data = report_data(
        found, office, title=Label(vi="t"), period=(START, middle), agencies={}, synthetic=True
    )
    total = data.identity.total
    assert sum(row.count for row in data.ageing) == total.in_process_total > 0
    assert len(data.late) == total.solved_late + total.in_process_overdue
    assert all(each.finished is None or each.finished.date() <= middle for each in data.late)
    assert data.catalogue.dossiers < 150


def quiet() -> Console:
    return Console(file=StringIO(), width=100)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run the demonstration once; return its folder and what it showed."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    console = quiet()
    demonstrate(Demo(folder=folder, dossiers=40, seed=3), console)
    return folder, console.file.getvalue()


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the pictures out, which take most of the time; ``finished`` has drawn them."""
    monkeypatch.setattr("igate.publish.report.write_plots", lambda *_, **__: ())


def test_the_demonstration_writes_what_it_says(finished: tuple[Path, str]) -> None:
    """Database, page, workbook and pictures; the texts say that the dossiers are synthetic."""
    folder, shown = finished
    assert "SYNTHETIC" in shown
    assert "REAL procedures" in shown
    assert "holds" in shown
    names = {path.name for path in folder.iterdir()}
    assert {"office.db", "report.html", "settlement.xlsx"} <= names
    assert {name for name in names if name.endswith(".png")}
    assert {name for name in names if name.endswith(".svg")}
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "giả lập" in page
    with SqlStore.open(f"sqlite:///{folder / 'office.db'}", read_only=True) as store:
        assert store.get_meta("synthetic") == "true"
        assert store.count() == 40


@pytest.mark.usefixtures("undrawn")
def test_a_finished_demonstration_may_be_repeated(
    tmp_path: Path, finished: tuple[Path, str]
) -> None:
    """With force its files are replaced; the database says itself that it is a demonstration."""
    shutil.copytree(finished[0], tmp_path, dirs_exist_ok=True)
    before = (tmp_path / "office.db").read_bytes()
    with pytest.raises(OutputError, match=r"office\.db is there already.*--force"):
        demonstrate(Demo(folder=tmp_path, dossiers=5, seed=3, fresh=True), quiet())
    assert (tmp_path / "office.db").read_bytes() == before
    demonstrate(Demo(folder=tmp_path, dossiers=5, seed=3, force=True), quiet())
    with SqlStore.open(f"sqlite:///{tmp_path / 'office.db'}", read_only=True) as store:
        assert store.count() == 5


def test_a_report_of_somebody_else_is_in_the_way_before_any_work(tmp_path: Path) -> None:
    """No database is begun where a file of the report would have to be replaced."""
    for name in ("report.html", "settlement.xlsx", "steps.vi.svg"):
        (tmp_path / name).write_text("by hand", encoding="utf-8")
        with pytest.raises(OutputError, match=f"{name} is there already"):
            demonstrate(Demo(folder=tmp_path, dossiers=5, fresh=True), quiet())
        assert [path.name for path in tmp_path.iterdir()] == [name]
        (tmp_path / name).unlink()


def test_a_database_of_somebody_else_is_never_overwritten(tmp_path: Path) -> None:
    """Neither an office nor another program's file."""
    with SqlStore.open(f"sqlite:///{tmp_path / 'office.db'}", create=True):
        pass
    with pytest.raises(OutputError, match="not one of a demonstration"):
        demonstrate(Demo(folder=tmp_path, dossiers=5, fresh=True, force=True), quiet())


@pytest.mark.parametrize(
    "missing", [["altair"], ["polars"], ["vl_convert"], ["xlsxwriter", "polars"]]
)
def test_without_the_extra_nothing_is_begun(
    missing: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command to install comes before the work, not after it, and no file is left."""
    for module in missing:
        monkeypatch.setitem(sys.modules, module, None)
    done = run_command(("demo", "--dossiers", "5", "--out", "out"), tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    said = done.stderr.lower().replace("-", "_")
    assert all(module in said for module in missing)
    assert 'pip install "igate[frames]"' in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_is_asked_for_is_all_that_the_demonstration_needs(tmp_path: Path) -> None:
    """Other libraries of the extra, and pandas, may be missing: it still runs to its end."""
    program = (
        "import sys\n"
        "for name in ('pyarrow', 'pandas', 'openpyxl', 'icalendar'):\n"
        "    sys.modules[name] = None\n"
        "from igate.cli.main import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "demo", "--dossiers", "5", "--out", str(tmp_path / "out")],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "settlement.xlsx").exists()


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """The message names the path and the option."""
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="--out"):
        demonstrate(Demo(folder=tmp_path / "out", dossiers=5), quiet())


def demo(folder: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "igate", "demo", "--out", str(folder), *more]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )


@pytest.mark.usefixtures("undrawn")
def test_control_c_leaves_a_consistent_database_and_the_next_run_says_what_to_do(
    tmp_path: Path,
) -> None:
    """Interrupted in the middle: every journal folds; then refuse, then --fresh."""
    process = demo(tmp_path, "--dossiers", "400")
    database = tmp_path / "office.db"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and _entries(database) < 60:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "consistent" in said
    office = OneStop.open(
        f"sqlite:///{database}",
        create=True,
        agency="H15",
        calendar=WorkCalendar.vietnam(provisional=True),
    )
    with office:
        found = survey(office)
        assert found.entries >= 60
        for dossier in found.dossiers:
            assert Standing.of(dossier) == office.store.standing(dossier.code)
    again = ("demo", "--out", str(tmp_path), "--dossiers", "5")
    second = run_command(again, tmp_path)
    assert second.returncode == 1
    assert "An interrupted demonstration left" in second.stderr
    assert "--fresh" in second.stderr
    assert run_command((*again, "--fresh"), tmp_path).returncode == 0


def _entries(database: Path) -> int:
    """Count entries from outside, as far as the file is there."""
    if not database.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            row = connection.execute("SELECT count(*) FROM igate_entry").fetchone()
    except sqlite3.Error:
        return 0
    return int(row[0])


def test_a_full_disk_in_the_middle_keeps_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The demonstration stops with a sentence; every journal on the disk still folds."""
    real = SqlStore.append
    calls = 0

    def append(store: SqlStore, record: Record) -> None:
        nonlocal calls
        calls += 1
        if calls == 200:
            raise StoreFull
        real(store, record)

    monkeypatch.setattr(SqlStore, "append", append)
    with pytest.raises(StoreFull):
        demonstrate(Demo(folder=tmp_path, dossiers=200, seed=3), quiet())
    monkeypatch.undo()
    office = OneStop.open(
        f"sqlite:///{tmp_path / 'office.db'}",
        create=True,
        agency="H15",
        calendar=WorkCalendar.vietnam(provisional=True),
    )
    with office:
        assert len(survey(office).dossiers) == office.store.count() > 0
    with pytest.raises(OutputError, match="interrupted"):
        demonstrate(Demo(folder=tmp_path, dossiers=5), quiet())


def test_the_year_is_a_year() -> None:
    """365 days, both ends inclusive."""
    assert (END - START).days + 1 == 365
    assert date(2025, 11, 21) == START
