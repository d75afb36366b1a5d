"""A deadline in one call is the same deadline as with marks, calendar and rules."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import igate
from igate.calendar import WorkCalendar
from igate.deadlines import ClockMark, compute_deadline, shipped_rules
from igate.deadlines.clock import _Clock
from igate.errors import MomentError, TimeLimitError, TimelineError
from igate.law.localtime import VIETNAM

CALENDAR = WorkCalendar.vietnam(provisional=True)


@given(
    st.integers(1, 40),
    st.sampled_from(["working_day", "day", "working_hour"]),
    st.integers(0, 60 * 24 * 300),
    st.lists(st.integers(1, 4000), max_size=4),
)
def test_it_is_the_deadline_of_the_marks(
    length: int, unit: str, start: int, gaps: list[int]
) -> None:
    """Whatever the limit, the receipt and the suspensions."""
    received = datetime(2026, 1, 5, 8, tzinfo=VIETNAM) + timedelta(minutes=start)
    moments = [received]
    for gap in gaps:
        moments.append(moments[-1] + timedelta(minutes=gap))
    pairs = list(zip(moments[1::2], moments[2::2], strict=False))
    marks = [ClockMark(kind="start", at=received)]
    for since, until in pairs:
        marks.append(ClockMark(kind="suspend", at=since, reason="payment"))
        marks.append(ClockMark(kind="resume", at=until, reason="payment"))
    limit = igate.TimeLimit.parse(f"{length} {unit}")
    rules = shipped_rules(on=received.date())
    expected = compute_deadline(limit, marks=marks, calendar=CALENDAR, rules=rules)
    found = igate.due(
        f"{length} {unit}",
        received=received,
        suspensions=[("payment", since, until) for since, until in pairs],
    )
    assert (found.due, found.remaining) == (expected.due, expected.remaining)


def test_what_is_left_out_is_what_a_desk_takes() -> None:
    """Expected days past the announced ones, marked; a strict calendar refuses as ever."""
    found = igate.due("40 working_day", received="2026-11-27T09:00")
    assert found.due is not None
    assert found.due.date() == date(2027, 1, 25)
    assert found.provisional
    with pytest.raises(igate.CalendarNotCovered):
        igate.due("40 working_day", received="2026-11-27T09:00", calendar=WorkCalendar.vietnam())


def test_what_cannot_be_read_is_refused() -> None:
    """A limit without a unit, a day without an hour, a naive moment, unknown rules."""
    with pytest.raises(TimeLimitError):
        igate.due("7", received="2026-08-20T09:00")
    with pytest.raises(MomentError):
        igate.due("7 day", received="20/08/2026")
    with pytest.raises(MomentError):
        igate.due("7 day", received=datetime(2026, 8, 20, 9))  # noqa: DTZ001
    with pytest.raises(MomentError):
        igate.due("7 day", received=date(2026, 8, 20))  # type: ignore[arg-type]
    with pytest.raises(TimelineError):
        igate.due("7 day", received="2026-08-20T09:00", rules="circus")


def recounting(clock: _Clock, at: datetime) -> bool:
    """Say whether a limit has ended by counting it anew, whatever is known."""
    due = clock.due()
    return due is not None and at > due


@given(
    st.sampled_from(["1 working_day", "5 working_day", "12 working_hour", "9 day", "1 month"]),
    st.lists(
        st.tuples(
            st.integers(1, 3000),
            st.sampled_from(["payment", "assessment", "supplement", "extend", "replace"]),
        ),
        max_size=14,
    ),
)
@example("1 working_day", [(2000, "payment"), (900, "extend"), (600, "assessment")])
def test_what_is_known_of_the_end_saves_counting_and_changes_nothing(
    limit: str, steps: list[tuple[int, str]]
) -> None:
    """What overlaps, restarts, comes too late or moves the end: as if all were counted anew."""
    at = datetime(2026, 3, 2, 8, tzinfo=VIETNAM)
    marks, held = [ClockMark(kind="start", at=at)], set[str]()
    longer = igate.TimeLimit.parse("5 working_day")
    for gap, what in steps:
        at += timedelta(minutes=gap)
        if what == "extend":
            marks.append(ClockMark(kind="extend", at=at, limit=longer))
        elif what == "replace":
            marks.append(ClockMark(kind="replace", at=at, due=at + timedelta(days=7)))
        else:
            kind: Literal["suspend", "resume"] = "resume" if what in held else "suspend"
            held ^= {what}
            marks.append(ClockMark(kind=kind, at=at, reason=what))
    rules = shipped_rules("land", on=at.date())
    length = igate.TimeLimit.parse(limit)
    found = compute_deadline(length, marks=marks, calendar=CALENDAR, rules=rules)
    with patch.object(_Clock, "is_over", recounting):
        expected = compute_deadline(length, marks=marks, calendar=CALENDAR, rules=rules)
    assert found == expected
