"""Event logs folded to journals, and brought into a store: whole, once, on from where it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from igate import metrics
from igate.errors import FrameError, IgateError, JournalError, StoreConflict
from igate.law.localtime import VIETNAM
from igate.metrics.logs.journals import log_journals
from igate.office.bulk import Loaded, load_journals
from igate.office.memory import MemoryStore
from igate.office.onestop import OneStop
from igate.publish.exchange import journal_ocel, journal_xes

if TYPE_CHECKING:
    from pathlib import Path

    from igate.dossiers.dossier import Entry

#: 1.001806 has ten working days and five steps: head of section, officer, …, clerk.
LOG = """MaHoSo,SuKien,ThoiDiem,CanBo,DonVi,HinhThuc
H15.10-1,Nộp,2026-08-03T08:00,,H15.10,Trực tuyến
H15.10-1,Tiếp nhận,2026-08-03T09:00,An,,
H15.11-4,Nộp và tiếp nhận,2026-08-04T14:00,Bình,H15.11,Trực tiếp
H15.10-1,Chuyển,2026-08-03T10:00,An,,
H15.11-4,Chuyển,2026-08-04T15:00,Bình,,
H15.11-4,Yêu cầu bổ sung,2026-08-05T15:00,Chi,,
H15.10-1,Xử lý,2026-08-10T10:00,Chi,,
H15.11-4,Bổ sung,2026-08-10T09:00,Bình,,
H15.10-1,Xem tin,2026-08-10T11:00,Chi,,
H15.10-1,Có kết quả,2026-08-18T15:00,Dũng,,
"""
MAP: dict[str, Any] = {
    "case": "MaHoSo",
    "activity": "SuKien",
    "moment": "ThoiDiem",
    "resource": "CanBo",
    "actions": {
        "Nộp": "submit",
        "Tiếp nhận": "receive",
        "Nộp và tiếp nhận": ["submit", "receive"],
        "Chuyển": "transfer",
        "Yêu cầu bổ sung": "ask_supplement",
        "Bổ sung": "supplement",
        "Xử lý": ["forward", "forward"],
        "Có kết quả": ["forward", "forward", "finish"],
        "Xem tin": [],
    },
    "columns": {"agency": "DonVi", "channel": "HinhThuc"},
    "constants": {"procedure": "1.001806"},
    "values": {"channel": {"online": "Trực tuyến", "counter": "Trực tiếp"}},
}


def desk(address: str = "") -> OneStop:
    """Open a desk in memory or on a database, on the first of September."""

    def clock() -> datetime:
        return datetime(2026, 9, 1, tzinfo=VIETNAM)

    if not address:
        return OneStop(MemoryStore(), agency="H15", clock=clock)
    return OneStop.open(address, create=True, agency="H15", clock=clock)


def journals(folder: Path, text: str = LOG, **said: object) -> list[tuple[Entry, ...]]:
    """Fold a log."""
    path = folder / "log.csv"
    path.write_text(text, encoding="utf-8")
    return list(log_journals(path, MAP | said))


def test_a_log_becomes_journals_that_a_desk_could_have_written(tmp_path: Path) -> None:
    """By hand: received on Monday 3 August, ten working days later is Monday the 17th.

    The other was asked for a supplement, which came on the 10th: counted anew from then, the tenth
    is Saturday the 22nd, on which the days off of 31 August are made up for.
    """
    with desk(f"sqlite:///{tmp_path / 'office.db'}") as office:
        found = load_journals(office, journals(tmp_path))
        assert found == Loaded(brought=2, there=0)
        first, second = office.get("H15.10-1"), office.get("H15.11-4")
        assert (first.state, first.due) == ("solved", datetime(2026, 8, 17, 17, tzinfo=VIETNAM))
        assert second.due == datetime(2026, 8, 22, 17, tzinfo=VIETNAM)
        who = [(each.action, each.actor, each.role) for each in office.journal("H15.10-1")[1:4]]
        assert who == [
            ("receive", "An", "receptionist"),
            ("transfer", "An", "receptionist"),
            ("forward", "Chi", "head_of_section"),
        ]
        # every entry is decided again, and standing, tasks, timers and seals are worked out anew
        assert office.verify().findings == ()
        frame = pl.DataFrame(metrics.desk_columns(office)).drop("case")
        (row,) = metrics.settlement(frame, by=(), as_of=date(2026, 8, 31)).to_dicts()
        assert (row["solved_late"], row["in_process_overdue"]) == (1, 1)
        # the desk goes on with them: a result to hand over, a supplement to look at
        work = {each.standing.code: each.task.role for each in office.worklist().items}
        assert work == {"H15.10-1": "receptionist", "H15.11-4": "head_of_section"}


@pytest.mark.parametrize("form", ["xes", "ocel", "parquet"])
def test_logs_of_every_form_become_the_same_journals(tmp_path: Path, form: str) -> None:
    """The journals written as a log, and read back under a map that names actions as they are."""
    wanted = journals(tmp_path)
    entries = [entry for journal in wanted for entry in journal]
    path = tmp_path / f"log.{form}"
    said: dict[str, Any] = {
        "actions": {each.action: each.action for each in entries},
        "constants": {"procedure": "1.001806", "channel": "online", "agency": "H15.10"},
        "object_type": "dossier",
    }
    if form == "parquet":
        columns = {
            "case:concept:name": [each.dossier for each in entries],
            "concept:name": [each.action for each in entries],
            "time:timestamp": [each.happened_at for each in entries],
        }
        pl.DataFrame(columns).write_parquet(path)
    else:
        write = {"xes": journal_xes, "ocel": journal_ocel}[form]
        path.write_text(write(entries), encoding="utf-8")
    found = [entry for journal in log_journals(path, said) for entry in journal]
    for one, other in zip(found, entries, strict=True):
        for name in ("dossier", "seq", "action", "target", "happened_at", "clock", "reason"):
            assert getattr(one, name) == getattr(other, name)


def test_an_event_that_the_workflow_does_not_allow_is_named_by_its_line(tmp_path: Path) -> None:
    """Nothing is given then, not the good dossiers either; each wrong dossier names its first."""
    wrong = LOG.replace("Yêu cầu bổ sung,2026-08-05", "Bổ sung,2026-08-05")
    wrong += "H15.12-1,Tiếp nhận,2026-08-05T09:00,An,H15.12,Trực tuyến\n"
    with pytest.raises(FrameError) as raised:
        journals(tmp_path, wrong)
    said = str(raised.value)
    assert "line 7: H15.11-4: 'Bổ sung'" in said
    assert "line 12: H15.12-1: 'Tiếp nhận': The first action is 'receive', not 'submit'" in said
    assert "H15.10-1" not in said
    with pytest.raises(FrameError, match="No event and no constant of the map says its procedure"):
        journals(tmp_path, constants={})
    with pytest.raises(FrameError, match="does not name it below actions"):
        journals(tmp_path, actions={"Nộp": "submit"})
    with pytest.raises(FrameError, match="names no actions"):
        journals(tmp_path, actions={}, marks={"start": "Nộp"})


def test_a_journal_that_is_there_is_passed_over_and_another_is_refused(tmp_path: Path) -> None:
    """A second load brings nothing in twice; a log that has gone on is not taken in silence."""
    office = desk()
    first = journals(tmp_path)
    assert load_journals(office, first[:1]) == Loaded(brought=1, there=0)
    assert load_journals(office, first) == Loaded(brought=1, there=1)
    assert load_journals(office, first) == Loaded(brought=0, there=2)
    longer = journals(tmp_path, LOG + "H15.11-4,Xử lý,2026-08-11T09:00,Chi,,\n")
    before = list(office.store.entries())
    with pytest.raises(StoreConflict, match=r"H15\.11-4 is in the store with another journal"):
        load_journals(office, longer)
    assert list(office.store.entries()) == before
    with pytest.raises(IgateError, match="batch=0"):
        load_journals(office, first, batch=0)


class Asked(MemoryStore):
    """Counts how often somebody asks for the journal of a dossier."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def journal(self, code: str) -> tuple[Entry, ...]:
        self.asked += 1
        return super().journal(code)


def test_a_dossier_is_asked_for_once(tmp_path: Path) -> None:
    """Not at all where nothing is there, which the store sees itself; else once for each."""
    wanted = journals(tmp_path, _many())
    for there in (0, 50, MANY):
        store = Asked()
        office = OneStop(store, agency="H15", clock=lambda: datetime(2026, 9, 1, tzinfo=VIETNAM))
        load_journals(office, wanted[:there], batch=20)
        assert store.asked == 0
        assert load_journals(office, wanted, batch=20) == Loaded(brought=MANY - there, there=there)
        # batches in which some are there, and the one after the last of them
        reach = min(MANY, -(-there // 20) * 20 + 20) if there else 0
        assert store.asked == reach
        assert list(store.entries()) == [entry for each in wanted for entry in each]


def test_what_cannot_come_in_is_told_and_the_others_come_in(tmp_path: Path) -> None:
    """A dossier that is there with another journal, and a journal without its first entry."""
    office, told = desk(), dict[str, str]()
    first = journals(tmp_path)
    longer = journals(tmp_path, LOG + "H15.11-4,Xử lý,2026-08-11T09:00,Chi,,\n")
    load_journals(office, first[1:])

    def refuse(code: str, error: IgateError) -> None:
        told[code] = str(error)

    cut = journals(tmp_path, LOG.replace("H15.10-1", "H15.10-2"))[0][1:]
    found = load_journals(office, [*longer, cut], refuse=refuse)
    assert found == Loaded(brought=1, there=0, refused=2)
    assert sorted(told) == ["H15.10-2", "H15.11-4"]
    assert "another journal of 5 entries" in told["H15.11-4"]
    assert list(office.store.entries()) == [entry for each in first for entry in each]
    with pytest.raises(JournalError):
        load_journals(desk(), [cut])


LOADER = """
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from test_bulk import MAP, desk
from igate.metrics.logs.journals import log_journals
from igate.office.bulk import load_journals

folder = Path(sys.argv[2])
with desk(f"sqlite:///{folder / 'office.db'}") as office:
    def told():
        for number, journal in enumerate(log_journals(folder / "many.csv", MAP)):
            print(number, flush=True)
            yield journal
    load_journals(office, told(), batch=20)
"""
MANY = 300


def _many() -> str:
    """Return a log of three hundred dossiers."""
    head, *lines = LOG.splitlines()
    own = [line for line in lines if line.startswith("H15.10-1,")]
    return "\n".join(
        [head, *(line.replace("H15.10-1", f"H15.10-{n:04}") for n in range(MANY) for line in own)]
    )


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="only POSIX can kill so")
@pytest.mark.parametrize("read", [70, 233])
def test_a_load_that_is_killed_goes_on_where_it_stopped(tmp_path: Path, read: int) -> None:
    """Killed in the middle, begun again: whole batches are there, the rest comes, nothing twice."""
    (tmp_path / "many.csv").write_text(_many(), encoding="utf-8")
    program = [sys.executable, "-c", LOADER, os.path.dirname(__file__), str(tmp_path)]  # noqa: PTH120 - for sys.path
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as loading:
        assert loading.stdout is not None
        while int(loading.stdout.readline()) < read:
            pass
        loading.kill()
    wanted = list(log_journals(tmp_path / "many.csv", MAP))
    with desk(f"sqlite:///{tmp_path / 'office.db'}") as office:
        there = office.store.count()
        assert 0 < there < MANY
        assert there % 20 == 0
        assert office.verify().findings == ()
        assert load_journals(office, wanted) == Loaded(brought=MANY - there, there=there)
        assert list(office.store.entries()) == [entry for each in wanted for entry in each]
        assert office.verify().findings == ()
