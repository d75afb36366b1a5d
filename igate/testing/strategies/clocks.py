"""What happens to the clock of a dossier."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

from igate.checks.examples import announced
from igate.deadlines.rulefile import shipped_rules
from igate.deadlines.rules import ClockMark
from igate.deadlines.suspension import Suspension
from igate.testing.strategies.calendars import moments
from igate.testing.strategies.limits import time_limits

if TYPE_CHECKING:
    from datetime import date

    from igate.calendar import WorkCalendar
    from igate.deadlines.rules import ClockRules

__all__ = ["marks", "suspensions"]

#: minutes between two things that happen: an hour first, up to twenty days
_PAUSES: Final = st.integers(1, 20 * 24).map(lambda hours: hours * 60) | st.integers(0, 20 * 1440)
#: days off before the calendar's end in which no dossier begins, so that most can be counted
_ROOM: Final = timedelta(days=120)
#: days by which an apology puts the date off
_PUT_OFF: Final = st.integers(1, 30)


@st.composite
def suspensions(
    draw: st.DrawFn,
    start: datetime | None = None,
    *,
    most: int = 3,
    reasons: tuple[str, ...] = ("supplement", "payment"),
    open_end: bool = False,
) -> tuple[Suspension, ...]:
    """Draw suspensions in order, apart from one another.

    Args:
        draw: Given by Hypothesis.
        start: From when on; a moment of the working calendar of Vietnam when absent.
        most: How many at most.
        reasons: Of which each has one.
        open_end: Whether the last may last on.
    """
    at = draw(_starts(announced())) if start is None else start
    found: list[Suspension] = []
    for _ in range(draw(st.integers(0, most))):
        since = at + timedelta(minutes=draw(_PAUSES))
        at = since + timedelta(minutes=draw(_PAUSES))
        found.append(Suspension(since=since, until=at, reason=draw(st.sampled_from(reasons))))
    if found and open_end and draw(st.booleans()):
        last = found.pop()
        found.append(Suspension(since=last.since, until=None, reason=last.reason))
    return tuple(found)


@st.composite
def marks(
    draw: st.DrawFn,
    start: datetime | None = None,
    *,
    calendar: WorkCalendar | None = None,
    rules: ClockRules | None = None,
    most: int = 4,
) -> tuple[ClockMark, ...]:
    """Draw what happened to a clock, in order of time: a receipt, waits, at most one apology.

    A wait for a reason for which the rules restart the clock is a restart. Now and then the limit
    is extended, a wait lasts on, or the dossier is finished.

    Args:
        draw: Given by Hypothesis.
        start: The receipt; a moment of the calendar, some months before its end, when absent.
        calendar: The working days; those of Vietnam when absent.
        rules: Whose reasons the waits have; those of the decree on the day of receipt when absent.
        most: How many things happen at most after the receipt.
    """
    at = draw(_starts(calendar or announced())) if start is None else start
    given = rules or shipped_rules(on=at.date())
    found = [ClockMark(kind="start", at=at)]
    left = {"suspend", "extend", "replace", "finish"}
    for _ in range(draw(st.integers(0, most))):
        at += timedelta(minutes=draw(_PAUSES))
        kind = draw(st.sampled_from(sorted(left, reverse=True)))
        left -= {kind} - {"suspend"}
        if kind == "suspend":
            reason = draw(st.sampled_from(sorted(given.interruptions)))
            found.append(ClockMark(kind="suspend", at=at, reason=reason))
            if draw(st.integers(0, 4)) == 4:  # noqa: PLR2004 - one wait of five lasts on
                break
            at += timedelta(minutes=draw(_PAUSES))
            found.append(ClockMark(kind="resume", at=at, reason=reason))
        elif kind == "extend":
            found.append(ClockMark(kind="extend", at=at, limit=draw(time_limits(longest=10))))
        elif kind == "replace":
            due = at + timedelta(days=draw(_PUT_OFF))
            found.append(ClockMark(kind="replace", at=at, due=due))
        else:
            found.append(ClockMark(kind="finish", at=at))
            break
    return tuple(found)


def _starts(calendar: WorkCalendar) -> st.SearchStrategy[datetime]:
    return moments(calendar, last=_last_start(calendar))


def _last_start(calendar: WorkCalendar) -> date:
    return max(calendar.first, calendar.last - _ROOM)
