"""Staffing: simulated waits are those of queueing theory, in the office hours of the calendar."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from commands import run_command
from desks import Desk
from igate import WorkCalendar, metrics
from igate.errors import FrameError, IgateError
from igate.law.localtime import moment_of, parse_local
from igate.metrics.queueing import simulate
from igate.metrics.staffing import interval, staffing
from igate.metrics.stays import read_stays

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CALENDAR = WorkCalendar.vietnam(provisional=True)
#: Monday 2015-01-05, when the office opens.
OPENING = CALENDAR.worked(datetime(2015, 1, 5).toordinal() * 1440)  # noqa: DTZ001 - a number


def moments(minutes: Sequence[float]) -> list[datetime]:
    """Return the moments so many minutes of work after the opening."""
    return [moment_of(CALENDAR.minute_at(OPENING + int(minute) + 1) - 1) for minute in minutes]


def visits(minutes: Sequence[float], work: Sequence[float]) -> dict[str, list[Any]]:
    """Return a visit a dossier, all to one queue."""
    many = len(minutes)
    return {
        "code": [str(number) for number in range(many)],
        "role": ["officer"] * many,
        "entered": moments(minutes),
        "minutes": list(work),
    }


def waits(arrivals: Sequence[int], work: Sequence[float], officers: int) -> list[float]:
    """Return the waits by the recursion of Kiefer and Wolfowitz (1955): the first free takes."""
    free = [0.0] * officers
    found = []
    for came, took in zip(arrivals, work, strict=True):
        free.sort()
        begun = max(came, free[0])
        found.append(begun - came)
        free[0] = begun + took
    return found


@pytest.mark.parametrize(
    ("officers", "load", "wait"),
    [
        # M/M/1: rho / (1 - rho) services; M/M/2: rho² / (1 - rho²)
        (1, 0.6, 1.5),
        (2, 0.6, 0.5625),
        # M/M/3 with 1.8 erlangs: C = 2.43 / (1 + 1.8 + 1.62 + 2.43), 2.43 being 1.8³/6 / 0.4;
        # and C / (3 - 1.8) services
        (3, 0.6, 0.295620),
    ],
)
def test_the_wait_is_that_of_erlang_c(officers: int, load: float, wait: float) -> None:
    """Poisson arrivals, exponential work of 200 minutes; within a tenth after 30,000 dossiers."""
    found, loads = [], []
    for seed in range(5):
        chance = np.random.default_rng(seed)
        came = np.cumsum(chance.exponential(200 / (officers * load), 1_200))
        table = visits(came.tolist(), chance.exponential(200, 1_200).tolist())
        result = staffing(table, [{"officer": officers}], replications=5, seed=seed)
        found.append(result.levels[0].wait.mean * 60 / 200)
        (line,) = result.levels[0].lines
        assert line.load is not None
        loads.append(line.load.mean)
    assert np.mean(found) == pytest.approx(wait, rel=0.1)
    assert np.mean(loads) == pytest.approx(load, rel=0.05)


gaps = st.lists(st.integers(0, 120), min_size=1, max_size=25)


@settings(deadline=None, max_examples=40)
@given(gaps=gaps, took=st.integers(1, 200), officers=st.integers(1, 4))
def test_waits_follow_the_recursion_and_little_s_law(
    gaps: list[int], took: int, officers: int
) -> None:
    """Work of one length leaves nothing to chance: every run is the recursion, to the minute.

    Little: those who wait, on average over time, are arrivals a minute times the wait of each. The
    first is counted at each change of the line, the second at each dossier.
    """
    came = np.cumsum(gaps).tolist()
    level = {"officer": officers}
    (found,) = staffing(visits(came, [took] * len(came)), [level], replications=5, seed=1).levels
    expected = waits(came, [took] * len(came), officers)
    assert found.wait.mean * 60 == pytest.approx(np.mean(expected), abs=1e-6)
    assert found.wait.low == pytest.approx(found.wait.high)
    (line,) = found.lines
    span = max(c + w + took for c, w in zip(came, expected, strict=True)) - came[0]
    assert line.waiting.mean == pytest.approx(len(came) / span * line.wait.mean * 60, abs=1e-9)
    assert line.load is not None
    assert line.load.mean == pytest.approx(len(came) * took / (officers * span))


@settings(deadline=None, max_examples=40)
@given(gaps=gaps, seed=st.integers(0, 2**32), officers=st.integers(1, 3), data=st.data())
def test_one_more_officer_never_makes_the_wait_longer(
    gaps: list[int], seed: int, officers: int, data: st.DataObject
) -> None:
    """The levels have the same arrivals and the same draws, so this holds of each run.

    It is a law of one line (Kiefer and Wolfowitz), and with no limit nobody waits.
    """
    work = data.draw(st.lists(st.integers(1, 500), min_size=len(gaps), max_size=len(gaps)))
    levels = [{"officer": officers}, {"officer": officers + 1}, {}]
    result = staffing(visits(np.cumsum(gaps).tolist(), work), levels, replications=5, seed=seed)
    fewer, more, none = (level.wait.mean for level in result.levels)
    assert fewer >= more - 1e-9 >= none - 2e-9
    assert none == pytest.approx(0, abs=1e-9)
    assert all(level.wait.low <= level.wait.mean <= level.wait.high for level in result.levels)


def test_a_seed_gives_one_result_and_other_draws_another() -> None:
    """What a step took is drawn from what such steps took."""
    table = visits([0, 10, 20, 30], [30, 60, 90, 120])
    level = [{"officer": 1}]
    first = staffing(table, level, seed=7)
    assert first == staffing(table, level, seed=7)
    assert first.levels != staffing(table, level, seed=8).levels
    assert (first.replications, first.dossiers, first.dated) == (30, 4, 0)
    # each draw is one of the four, so the runs differ and the interval has a width
    assert first.levels[0].wait.low < first.levels[0].wait.high


def one(text: str, minutes: int, due: date, *, code: str = "1") -> float:
    """Return the share on time of one dossier that comes to one officer."""
    table = {
        "code": [code], "role": ["officer"], "entered": [parse_local(text)], "minutes": [minutes],
    }  # fmt: skip
    found = staffing(table, [{"officer": 1}], due={code: due}, seed=1).levels[0].on_time
    assert found is not None
    return found.mean


@pytest.mark.parametrize(
    ("came", "minutes", "finished"),
    [
        # the office closes at 17:00: half an hour is left for the next day of work
        ("2026-08-12T16:30", 60, date(2026, 8, 13)),
        ("2026-08-14T16:30", 60, date(2026, 8, 17)),
        # Saturday 22 August 2026 is worked in exchange for Monday the 31st
        ("2026-08-21T16:30", 60, date(2026, 8, 22)),
        # Tết 2026: off from Saturday 14 to Sunday 22 February
        ("2026-02-13T16:30", 60, date(2026, 2, 23)),
        # lunch is no work: 7:30 to 11:30 and 13:30 to 17:00 are 450 minutes
        ("2026-08-12T07:30", 450, date(2026, 8, 12)),
        ("2026-08-12T07:30", 451, date(2026, 8, 13)),
    ],
)
def test_officers_work_in_the_hours_of_the_calendar(
    came: str, minutes: int, finished: date
) -> None:
    """On time where it is due on the day of the finish, late where it is due the day before."""
    assert one(came, minutes, finished) == 1
    assert one(came, minutes, date.fromordinal(finished.toordinal() - 1)) == 0


def test_work_goes_on_after_lunch() -> None:
    """By hand: begun at 11:00, 30 minutes are left at 13:30, and the second waits for them."""
    table = {
        "code": ["1", "2"],
        "role": ["officer"] * 2,
        "entered": [parse_local("2026-08-12T11:00"), parse_local("2026-08-12T13:30")],
        "minutes": [60, 60],
    }
    found = staffing(table, [{"officer": 1}], seed=1)
    assert found.levels[0].wait.mean * 2 == pytest.approx(0.5)


def test_steps_follow_one_another_and_parts_go_together() -> None:
    """By hand: parts of 60 and 90 minutes, 60 of waiting for the applicant, then 30 minutes.

    Begun at 7:30 on Wednesday, the parts end at 9:00, the last step begins at 10:00 and ends at
    10:30: 180 minutes after it came. Half of each visit was work, so it takes 45, 60 and 15.
    """
    entered = [parse_local("2026-08-12T07:30")] * 2 + [parse_local("2026-08-12T10:00")]
    left = [parse_local(f"2026-08-12T{at}") for at in ("08:30", "09:00", "10:30")]
    table = {
        "code": ["1"] * 3, "procedure": ["p"] * 3, "place": [1, 1, 2], "role": ["a", "b", "c"],
        "entered": entered, "left": left, "minutes": [60, 90, 30],
    }  # fmt: skip
    for part, minutes in ((1.0, 180), (0.5, 120)):
        share = dict.fromkeys("abc", part)
        worked = read_stays(table, by="role", share=share, due={}, calendar=CALENDAR)
        run = simulate(worked.dossiers, {}, worked.draw(np.random.default_rng(1)))
        assert run.finished[0] - worked.dossiers[0].arrival == minutes


def test_a_visit_that_lasts_keeps_officers_busy_and_is_not_in_the_share() -> None:
    """Its work is drawn from the visits that have ended; without one there is nothing to draw."""
    came = parse_local("2026-08-12T07:30")
    table: dict[str, list[Any]] = {
        "code": ["1", "2"], "role": ["officer"] * 2, "entered": [came, came],
        "left": [None, parse_local("2026-08-12T08:30")], "minutes": [5, 60],
    }  # fmt: skip
    due = dict.fromkeys(["1", "2"], date(2026, 8, 12))
    found = staffing(table, [{"officer": 1}], due=due, seed=1)
    assert (found.dossiers, found.dated) == (2, 1)
    # the first is drawn at 60 minutes, not 5
    assert found.levels[0].wait.mean * 2 == pytest.approx(1.0)
    with pytest.raises(FrameError, match="No visit to 'officer' has ended"):
        staffing({**table, "left": [None, None]}, [{"officer": 1}], seed=1)


def test_only_arrivals_of_the_period_are_counted() -> None:
    """Those before keep the officer busy: an hour of wait for the one of the 13th, by hand."""
    table = {
        "code": ["1", "2"],
        "role": ["officer"] * 2,
        "entered": [parse_local("2026-08-12T15:00"), parse_local("2026-08-13T07:30")],
        "minutes": [180, 180],
    }
    day = date(2026, 8, 13)
    found = staffing(table, [{"officer": 1}], period=(day, day), seed=1)
    assert found.dossiers == 1
    assert found.levels[0].wait.mean == pytest.approx(1.0)
    with pytest.raises(IgateError, match="No dossier came in the period"):
        staffing(table, [{"officer": 1}], period=(date(2026, 8, 14),) * 2, seed=1)


def test_a_table_of_dossiers_is_one_queue_an_agency() -> None:
    """By hand, on Wednesday 12 and Thursday 13 August 2026, 450 minutes of work a day.

    A: 8:00 to 11:00, less the hour from 8:30 in which two things were waited for: 120.
    B: 8:00 to 8:00 of the next day, over lunch: 450. C is open at the end of the 13th: 9:00 on
    that day to 17:00 are 150 + 210. D is received later.
    """
    waits = "supplement:2026-08-12T08:30/2026-08-12T09:30|payment:2026-08-12T09:00/2026-08-12T09:15"
    frame = pl.DataFrame(
        {
            "code": ["A", "B", "C", "D"],
            "agency": ["x", "y", "x", "x"],
            "channel": ["counter"] * 4,
            "received": [
                "2026-08-12T08:00", "2026-08-12T08:00", "2026-08-13T09:00", "2026-08-14T09:00",
            ],
            "finished": ["2026-08-12T11:00", "2026-08-13T08:00", "2026-08-14T10:00", None],
            "due": ["2026-08-12", "2026-08-12", "2026-08-20", "2026-08-20"],
            "suspensions": [waits, None, None, None],
        }
    )  # fmt: skip
    found = metrics.table_visits(frame, as_of=date(2026, 8, 13))
    assert (found["code"], found["agency"]) == (["A", "B", "C"], ["x", "y", "x"])
    assert found["minutes"] == [120, 450, 360]
    assert found["left"] == [
        parse_local("2026-08-12T11:00"), parse_local("2026-08-13T08:00"), None,
    ]  # fmt: skip
    result = staffing(found, [{"x": 1, "y": 1}], by="agency", seed=1)
    # A is done on the 12th after its wait and B is not; C has no end
    assert result.dated == 2
    assert result.levels[0].on_time is not None
    assert result.levels[0].on_time.mean == 0.5


def test_the_interval_is_about_that_of_student() -> None:
    """SciPy's t interval of 40 normal numbers; the bootstrap is some per cent narrower."""
    values = np.random.default_rng(5).normal(10, 2, 40)
    low, high = stats.t.interval(0.95, 39, loc=values.mean(), scale=stats.sem(values))
    found = interval(values, seed=1)
    assert found.mean == pytest.approx(values.mean())
    assert found.high - found.low == pytest.approx(high - low, rel=0.15)
    assert interval(np.full(6, 0.1), seed=1).low == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"levels": []}, "Staffing needs levels"),
        ({"levels": [{"officer": 0}]}, "Staffing needs levels"),
        ({"levels": [{"chief": 1}]}, "No visit is in the queue 'chief'. The queues are officer"),
        ({"share": {"officer": 0}}, "0 of 'officer' is no part of a visit"),
        ({"replications": 4}, "4 runs give no interval"),
        ({"seed": -1}, "-1 is no seed"),
        ({"minutes": [1, 2]}, "'minutes' has 2 cells and code has 1"),
        ({"by": "holder"}, "no column 'holder'"),
        ({"due": {"0": "tomorrow"}}, "0: 'tomorrow' is no due date"),
        ({"minutes": [-1]}, "Visit 1 cannot be used. -1 is no number of minutes"),
        ({"minutes": [float("nan")]}, "Visit 1 cannot be used"),
        ({"entered": ["2026-08-12"]}, "Visit 1 cannot be used. When it came"),
        (dict.fromkeys(["code", "role", "entered", "minutes"], ()), "There is no visit"),
    ],
)
def test_what_cannot_be_simulated_is_refused(given: dict[str, Any], message: str) -> None:
    """Each says what is wrong and what to pass."""
    table = visits([0], [60])
    table |= {name: given.pop(name) for name in tuple(given) if name in table}
    asked: dict[str, Any] = {"levels": [{"officer": 1}], "seed": 1, **given}
    with pytest.raises(IgateError, match=message) as raised:
        staffing(table, asked.pop("levels"), **asked)
    assert raised.value.fix


def test_without_simpy_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """SymPy and its like are no igate[staffing]."""
    monkeypatch.setitem(sys.modules, "simpy", None)
    with pytest.raises(IgateError, match=r"igate\[staffing\]"):
        staffing(visits([0], [60]), [{"officer": 1}], seed=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a database of one synthetic dossier that is on its way."""
    desk = Desk(url=f"sqlite:///{tmp_path / 'office.db'}")
    desk.to_step(3)
    desk.office.close()
    return tmp_path


STAFFING = ("staffing", "office.db", "--agency", "H15", "--as-of", "2026-03-31")


def test_the_command_prints_levels_and_what_was_assumed(folder: Path) -> None:
    """Every combination of the numbers is a level; both languages; JSON has the same numbers."""
    asked = (*STAFFING, "--officers", "receptionist=1,2", "--replications", "5", "--seed", "3")
    done = run_command([*asked], folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("Level ") == 2
    assert "Simulated, not measured: 1 dossiers" in done.stdout
    assert "5 runs, seed 3" in done.stdout
    assert "- In each queue the first to come is the first to be taken" in done.stdout
    said = run_command([*asked, "--lang", "vi"], folder).stdout
    assert "Phương án 2" in said
    assert "Mô phỏng, không phải số đo" in said
    assert "first to come" not in said
    record = json.loads(run_command([*asked, "--json"], folder).stdout)
    frame = pl.DataFrame(record["rows"])
    own = frame.filter(pl.col("queue") == "receptionist")
    assert own["officers"].to_list() == [1, 2]
    # one dossier waits for nobody
    assert own["wait_hours_high"].to_list() == [0, 0]
    assert record["assumptions"]
    assert metrics.staffing is staffing
    # an option that is repeated for one queue adds to its numbers
    again = (*STAFFING, "--officers", "receptionist=1", "--officers", "receptionist=2", "--json")
    again = (*again, "--replications", "5", "--seed", "3")
    assert json.loads(run_command(again, folder).stdout) == record


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (("--officers", "receptionist"), 2, "Give QUEUE=NUMBER"),
        (("--officers", "receptionist=two"), 2, "no number"),
        (("--officers", "receptionist=1", "--from", "2026-03-01"), 2, "--from"),
        (("--officers", "chief=1"), 1, "No visit is in the queue 'chief'"),
        (("--officers", "receptionist=1", "--share", "receptionist=2"), 1, "no part of a visit"),
        (
            ("--officers", "a=1", "--share", "a=0.2", "--share", "a=0.3"),
            2,
            "a is named twice",
        ),
    ],
)
def test_wrong_options_of_the_command_are_named(
    folder: Path, options: tuple[str, ...], code: int, message: str
) -> None:
    """2 where the command was used wrongly, 1 where the desk has no such thing."""
    done = run_command([*STAFFING, *options], folder)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
