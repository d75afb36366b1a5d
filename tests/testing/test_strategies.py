"""The strategies draw what is valid, go where deadlines go wrong, and shrink to small cases."""

from __future__ import annotations

import datetime as dt
import importlib
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis import strategies as st

from igate import metrics
from igate.calendar import WorkCalendar
from igate.checks.examples import announced
from igate.deadlines.deadline import compute_deadline
from igate.deadlines.limits import TimeLimit, Unit
from igate.deadlines.rulefile import shipped_rules
from igate.deadlines.rules import ClockMark
from igate.deadlines.suspension import Suspension
from igate.dossiers.engine import fold
from igate.dossiers.grounds import FiledGrounds
from igate.errors import CalendarNotCovered, IgateError
from igate.law.citation import Citation
from igate.law.localtime import parse_local
from igate.testing import strategies
from igate.testing.registration import VALUES
from shared import shipped_catalogue

if TYPE_CHECKING:
    from collections.abc import Callable

    from igate.procedures.procedure import Procedure

REPRODUCED = settings(
    max_examples=500, database=None, phases=[Phase.generate], deadline=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
FEW = settings(
    max_examples=40, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip
#: Tết and the other rests of four days or more of 2025 and 2026, first and last day off, as
#: announced (Thông báo 6150/TB-BLĐTBXH of 2024 for 2025; 9441/VPCP-KGVX of 2025 for 2026)
TET = [(date(2025, 1, 25), date(2025, 2, 2)), (date(2026, 2, 14), date(2026, 2, 22))]


def counted(
    kinds: dict[str, Callable[[Any], bool]], strategy: st.SearchStrategy[Any]
) -> Counter[str]:
    """Return how many of 500 fixed examples are of each kind."""
    found: Counter[str] = Counter()

    @seed(1)
    @REPRODUCED
    @given(strategy)
    def count(value: object) -> None:
        found.update(name for name, holds in kinds.items() if holds(value))

    count()
    return found


def in_tet(moment: datetime) -> bool:
    """Return whether a moment lies in Tết 2025 or 2026."""
    return any(first <= moment.date() <= last for first, last in TET)


def test_moments_go_where_deadlines_go_wrong() -> None:
    """Of 500 moments of 2025 and 2026, at least so many; the documentation prints these numbers."""
    calendar = announced()
    found = counted(
        {
            "in Tết": in_tet,
            "on a make-up day": lambda at: at.weekday() >= 5 and calendar.is_working(at.date()),
            "on the last day of a month": lambda at: (at + timedelta(days=1)).day == 1,
            "at 15:00 or a minute next to it": lambda at: abs(at.hour * 60 + at.minute - 900) <= 1,
            "in the last fifteen days of the calendar": lambda at: at.date() > date(2026, 12, 16),
        },
        strategies.moments(calendar, first=date(2025, 1, 1)),
    )
    assert len(found) == 5
    assert min(found.values()) >= 15, found


def test_clocks_start_anew_and_stand_still() -> None:
    """Of 500 clocks under the decree: restarts, waits that last on, apologies, extensions."""
    calendar = announced()

    def restarted(marks: tuple[ClockMark, ...]) -> bool:
        rules = shipped_rules(on=marks[0].at.date())
        return any(
            each.kind == "resume" and rules.effect(each.reason) == "restart" for each in marks
        )

    def waiting(marks: tuple[ClockMark, ...]) -> bool:
        kinds = [each.kind for each in marks]
        return kinds.count("suspend") > kinds.count("resume")

    found = counted(
        {
            "restart": restarted,
            "wait that lasts on": waiting,
            "apology": lambda marks: any(each.kind == "replace" for each in marks),
            "extension": lambda marks: any(each.kind == "extend" for each in marks),
            "finish": lambda marks: marks[-1].kind == "finish",
        },
        strategies.marks(calendar=calendar),
    )
    assert len(found) == 5
    assert min(found.values()) >= 15, found


def test_limits_are_of_every_unit_and_kind() -> None:
    """Each unit, sums, halves and quarters, and the same day until an hour."""
    kinds: dict[str, Callable[[TimeLimit], bool]] = {
        unit.value: lambda limit, u=unit: any(part.unit is u for part in limit.parts)
        for unit in Unit
    }
    kinds["sum"] = lambda limit: len(limit.parts) == 2
    kinds["fraction"] = lambda limit: any(part.length.denominator > 1 for part in limit.parts)
    found = counted(kinds, strategies.time_limits(not_stated=True))
    assert set(found) == set(kinds)
    assert min(found.values()) >= 15, found
    # of these there are two and one; Hypothesis draws no example twice
    few = {"until 15:00": "0 working_day until 15:00", "until 16:00": "0 working_day until 16:00",
           "not stated": "not_stated"}  # fmt: skip
    rare = counted(
        {name: lambda limit, t=text: str(limit) == t for name, text in few.items()},
        strategies.time_limits(not_stated=True),
    )
    assert rare.keys() == few.keys()


@given(limit=strategies.time_limits(longest=7, parts=1, whole=True))
def test_whole_limits_of_one_part_are_no_more_than_that(limit: TimeLimit) -> None:
    """One part of one to seven of a unit, and no hour of the day."""
    (part,) = limit.parts
    assert part.length in range(1, 8)
    assert limit.same_day_until is None


def test_a_sum_has_as_many_parts_as_were_asked_for() -> None:
    """Of 500 limits of at most three parts there are some of each number."""
    found = counted(
        {str(n): lambda limit, n=n: len(limit.parts) == n for n in (1, 2, 3, 4)},
        strategies.time_limits(parts=3),
    )
    assert set(found) == {"1", "2", "3"}
    assert min(found.values()) >= 15, found


@given(limit=strategies.time_limits())
def test_a_limit_reads_back_as_it_is_written(limit: TimeLimit) -> None:
    """What is drawn is what a procedure file may hold."""
    assert TimeLimit.parse(str(limit)) == limit


@FEW
@given(calendar=strategies.working_calendars(), data=st.data())
def test_moments_lie_in_their_calendar(calendar: WorkCalendar, data: st.DataObject) -> None:
    """To the minute, in Vietnamese time, from the first to the last day covered."""
    at = data.draw(strategies.moments(calendar))
    assert calendar.first <= at.date() <= calendar.last
    assert (at.second, at.microsecond) == (0, 0)
    assert at.utcoffset() == timedelta(hours=7)


@given(found=strategies.suspensions(open_end=True))
def test_suspensions_are_in_order_and_apart(found: tuple[Any, ...]) -> None:
    """Only the last may last on."""
    for before, after in pairwise(found):
        assert before.since <= before.until < after.since or before.until == after.since


@FEW
@given(marks=strategies.marks(), limit=strategies.time_limits())
def test_every_clock_can_be_counted_or_ends_past_the_calendar(
    marks: tuple[ClockMark, ...], limit: TimeLimit
) -> None:
    """Nothing else is refused."""
    rules = shipped_rules(on=marks[0].at.date())
    try:
        deadline = compute_deadline(limit, marks=marks, calendar=announced(), rules=rules)
    except CalendarNotCovered:
        return
    assert deadline.received == marks[0].at


@FEW
@given(data=st.data())
def test_journals_fold_to_their_dossiers(data: st.DataObject) -> None:
    """Each entry follows the one before, and the procedure decides each."""
    procedure: Procedure = data.draw(strategies.procedures())
    journal = data.draw(strategies.journals(procedure))
    day = journal[0].happened_at.date()
    ground = FiledGrounds(announced()).on(procedure.in_force(day), day)
    assert [entry.seq for entry in journal] == list(range(1, len(journal) + 1))
    assert fold(journal, lambda _: ground).state == journal[-1].target


def test_journals_reach_every_part_of_the_way() -> None:
    """Of 100 dossiers of the shipped registration of birth some are received and handed over."""
    procedure = shipped_catalogue().procedure("1.001193")
    seen: Counter[str] = Counter()

    @seed(1)
    @settings(REPRODUCED, max_examples=100)
    @given(strategies.journals(procedure, most=20))
    def count(journal: tuple[Any, ...]) -> None:
        seen.update({entry.action for entry in journal})

    count()
    for action in ("receive", "transfer", "finish", "return_result", "withdraw", "reject"):
        assert seen[action] >= 1, (action, seen)


@pytest.mark.parametrize("library", ["polars", "pandas", "pyarrow"])
def test_frames_are_counted(library: str) -> None:
    """Every table that is drawn is one that a settlement accepts."""

    @FEW
    @given(frame=strategies.frames(library=library))  # type: ignore[arg-type]
    def count(frame: Any) -> None:  # noqa: ANN401 - of any library
        metrics.settlement(frame, by=("agency",), as_of=date(2026, 9, 30), calendar=announced())

    count()


def test_frames_are_of_what_is_asked_for() -> None:
    """Own limits and agencies, no agency, states, waits that last on; all of it is counted."""
    own = ["5 working_day", "1 month"]
    seen: Counter[str] = Counter()

    @settings(REPRODUCED, max_examples=60)
    @given(
        frame=strategies.frames(
            agencies=["H16", None], limits=st.sampled_from(own).map(TimeLimit.parse), state=True,
            reasons=["opinion"], open_end=True, due=True, last=date(2026, 3, 31),
        )
    )  # fmt: skip
    def count(frame: Any) -> None:  # noqa: ANN401 - of Polars
        metrics.settlement(frame, by=("agency",), as_of=date(2026, 9, 30), calendar=announced())
        for row in frame.iter_rows(named=True):
            assert row["agency"] in {"H16", None}
            assert row["limit"] in own
            assert row["state"] in ({None, "9", "10"} if row["finished"] else {None, *"2345"})
            waits = row["suspensions"] or ""
            assert waits.startswith("opinion:") or not waits
            seen.update([f"agency {row['agency']}", f"state {row['state']}", row["limit"]])
            seen.update(["lasts on" if waits.endswith("..") else "ends"] if waits else ["none"])

    count()
    wanted = {"agency H16", "agency None", "lasts on", "ends", "none", *own}
    assert wanted | {f"state {each}" for each in (None, 2, 3, 4, 5, 9, 10)} <= seen.keys()


@pytest.mark.parametrize("name", sorted(name for names in VALUES.values() for name in names))
def test_hypothesis_knows_the_public_values(name: str) -> None:
    """By their types, without an import of the strategies."""
    module = next(module for module, names in VALUES.items() if name in names)
    kind = getattr(importlib.import_module(module), name)

    @settings(REPRODUCED, max_examples=3)
    @given(st.from_type(kind))
    def drawn(value: object) -> None:
        assert isinstance(value, kind)

    drawn()


def test_hypothesis_loads_nothing_of_igate_until_it_is_asked() -> None:
    """Another project's tests do not wait for a library that they do not use."""
    program = (
        "import sys, hypothesis.strategies\n"
        "print(*sorted(m for m in sys.modules if m.startswith(('igate', 'numpy', 'pydantic'))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["igate", "igate.testing", "igate.testing.registration"]


def test_hypothesis_works_without_the_extra() -> None:
    """Where igate is installed without ``testing``, the tests of another project still start."""
    program = (
        "import sys; sys.modules['wrapt'] = None\n"
        "import hypothesis.strategies, igate.deadlines.limits\nprint('started')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "started"


@pytest.mark.parametrize("name", ["strategies", "DossierMachine", "StoreContract"])
def test_what_needs_the_extra_names_it(name: str) -> None:
    """Not the traceback of an import: what is missing, and the command that installs it."""
    program = (
        "import sys; sys.modules['hypothesis'] = sys.modules['pytest'] = None\n"
        "from igate.errors import IgateError\n"
        f"try:\n    from igate.testing import {name}\n"
        "except IgateError as error:\n    print(error); print(error.text('vi'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    english, vietnamese = done.stdout.splitlines()
    assert english.startswith(f"igate.testing.{name} cannot be used. It needs ")
    assert english.endswith('Run: pip install "igate[testing]"')
    assert vietnamese.endswith('Chạy: pip install "igate[testing]"')


def test_a_table_of_a_library_that_is_missing_names_it() -> None:
    """The extra ``testing`` has no library of tables; ``frames()`` says which it would need."""
    with pytest.raises(IgateError, match=r'cuudf.*pip install "igate\[frames\]"'):
        find(strategies.frames(library="cuudf"), lambda _: True)  # type: ignore[arg-type]


PASTED = {
    "TimeLimit": TimeLimit, "ClockMark": ClockMark, "Suspension": Suspension,
    "Citation": Citation, "parse_local": parse_local, "WorkCalendar": WorkCalendar, "datetime": dt,
}  # fmt: skip


def pasted(text: str) -> object:
    """Return what a printed text makes."""
    return eval(text, dict(PASTED))  # noqa: S307 - a text that the library has printed


@given(
    value=strategies.time_limits(not_stated=True) | strategies.marks()
    | strategies.suspensions(open_end=True) | st.from_type(Citation)
)  # fmt: skip
@FEW
def test_what_is_printed_can_be_pasted(value: object) -> None:
    """The text that a failing test prints makes the same value."""
    assert pasted(repr(value)) == value


#: in a process of its own: a pytest that another test has run in this one blanks what Hypothesis
#: prints afterwards
PRINTING = """
import pytest
from hypothesis import given, seed, settings, strategies as st
from igate.dossiers.dossier import Actor
from igate.law.citation import Citation
from igate.law.localtime import parse_local
from igate.testing import strategies
from igate.testing.moves import Move

@seed(1)
@settings(max_examples=20, database=None, deadline=None)
@given(value={strategy})
def fail(value):
    pytest.fail(str(type(value)))

try:
    fail()
except pytest.fail.Exception as failed:
    print("\\n".join(failed.__notes__))
"""


def printed(strategy: str) -> str:
    """Return what a test prints that fails for each example of a strategy."""
    program = PRINTING.format(strategy=strategy)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True,
        encoding="utf-8",
    )  # fmt: skip
    return done.stdout


@pytest.mark.parametrize(
    ("strategy", "text"),
    [
        ("strategies.time_limits()", "value=TimeLimit.parse('1 working_day'),"),
        (
            "strategies.marks(parse_local('2026-03-02T09:00'))",
            "value=(ClockMark(kind='start', at=parse_local('2026-03-02T09:00')),),",
        ),
        (
            "strategies.suspensions(parse_local('2026-03-02T09:00')).filter(bool)",
            "value=(Suspension(since=parse_local('2026-03-02T10:00'), until=parse_local(",
        ),
        ("strategies.working_calendars()", "WorkCalendar.vietnam()"),
        ("st.from_type(Citation)", "Citation.parse('Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5')"),
        (
            "st.just(Move(action='forward', by=Actor('o-1', roles=['officer'])))",
            "value=Move(action='forward', by=Actor(id='o-1', roles=frozenset({'officer'}))),",
        ),
        (
            "strategies.procedures()",
            "role: officer, vi: Bước}\n      - {number: 3, phase: handover,",
        ),
    ],
    ids=["limit", "marks", "suspensions", "calendar", "citation", "move", "procedure"],
)
def test_a_failing_test_prints_a_small_example_that_can_be_pasted(strategy: str, text: str) -> None:
    """The values that made it and no lambda; of what has no short form, the file or the call."""
    found = printed(strategy)
    assert text in found
    assert "lambda" not in found


@pytest.mark.parametrize("kind", ["from_days", "vietnam"])
def test_a_printed_calendar_is_the_calendar(kind: str) -> None:
    """Of one made up, and of one of Vietnam, the call that is printed makes it again."""
    made_up = kind == "from_days"
    chosen = f"filter(lambda each: (each.first.year == 2026) is {made_up})"
    text = printed(f"strategies.working_calendars().{chosen}")
    line = [each for each in text.splitlines() if each.startswith(f"WorkCalendar.{kind}(")][-1]
    again = pasted(line)
    assert f"value={again!r}," in text


def plain_due(limit: TimeLimit, received: datetime) -> date:
    """Count working days from Monday to Friday, as many systems do."""
    day = received.date()
    for _ in range(int(limit.parts[0].length)):
        day += timedelta(days=1)
        while day.weekday() >= 5:
            day += timedelta(days=1)
    return day


def test_a_plain_calendar_is_refuted_by_one_day() -> None:
    """A Monday-to-Friday counter is wrong, and the example that says so is one working day."""
    calendar = announced()
    cases = st.tuples(
        strategies.time_limits(units=[Unit.WORKING_DAY]).filter(
            lambda limit: len(limit.parts) == 1 and limit.parts[0].length.denominator == 1
            and limit.same_day_until is None and limit.parts[0].length > 0
        ),
        strategies.moments(calendar, first=date(2026, 1, 5), last=date(2026, 8, 31)),
    )  # fmt: skip

    def is_wrong(case: tuple[TimeLimit, datetime]) -> bool:
        limit, received = case
        due = compute_deadline(
            limit,
            marks=[ClockMark(kind="start", at=received)],
            calendar=calendar,
            rules=shipped_rules(on=received.date()),
        ).due
        return due is not None and due.date() != plain_due(limit, received)

    found = find(cases, is_wrong, settings=settings(max_examples=2_000, database=None))
    assert str(found[0]) == "1 working_day"


def test_the_documentation_says_what_is_drawn() -> None:
    """The number that these tests assert is the one that the page promises."""
    page = Path(__file__).parents[2] / "docs" / "how-to" / "test-your-procedures.md"
    assert "at least 15 of 500" in page.read_text(encoding="utf-8")
