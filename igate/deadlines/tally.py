"""How the clock of a dossier stands at a moment: run, suspended, elapsed, running since when.

Everything is measured in minutes of working time, whatever the unit of the limit, so that clocks of
different limits can be compared and one law can be stated for all: run + suspended = elapsed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from igate.deadlines.deadline import compute_deadline
from igate.law.localtime import local, minute_number

if TYPE_CHECKING:
    from datetime import datetime

    from igate.deadlines.deadline import Deadline
    from igate.deadlines.limits import TimeLimit

__all__ = ["ClockState", "clock_state"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockState:
    """The clock of one dossier at one moment; minutes are minutes of working time."""

    at: datetime
    #: the limit, extensions included
    budget: TimeLimit
    #: from the start of the count in force to the moment, or to the end of processing
    elapsed: int
    #: of these, while the clock ran
    consumed: int
    #: of these, while it stood still
    suspended: int
    #: since when it has been running without a break; ``None`` while it stands still or has ended
    running_since: datetime | None
    #: due moment; ``None`` while the clock stands still or where no limit is stated
    due: datetime | None


def clock_state(deadline: Deadline, at: datetime) -> ClockState:
    """Tell how a clock stands.

    Args:
        deadline: The deadline of the dossier, with what has happened to its clock.
        at: A moment not before the start of the count in force; earlier ones count as the start.

    Raises:
        CalendarNotCovered: The moment lies past the calendar's horizon.
    """
    moment = local(at)
    known = tuple(mark for mark in deadline.marks if mark.at <= moment) or deadline.marks[:1]
    if known != deadline.marks:
        # the clock as it stood then, not as later marks have left it
        deadline = compute_deadline(
            deadline.base, marks=known, calendar=deadline.calendar, rules=deadline.rules
        )
    ended = next((mark.at for mark in deadline.marks if mark.kind in {"finish", "stop"}), None)
    until = max(min(moment, ended) if ended else moment, deadline.started)
    gaps = _gaps(deadline, until)
    worked = deadline.calendar.worked
    first, last = minute_number(deadline.started), minute_number(until)
    run, cursor, since = 0, first, deadline.started
    for begun, over, resumed in gaps:
        run += worked(begun) - worked(cursor)
        cursor, since = over, resumed
    run += worked(last) - worked(cursor)
    suspended = sum(worked(over) - worked(begun) for begun, over, _ in gaps)
    stands_still = ended is not None or any(s.until is None for s in deadline.suspensions)
    return ClockState(
        at=moment,
        budget=deadline.limit,
        elapsed=worked(last) - worked(first),
        consumed=run,
        suspended=suspended,
        running_since=None if stands_still else since,
        due=deadline.due,
    )


def _gaps(deadline: Deadline, until: datetime) -> list[tuple[int, int, datetime]]:
    """Give the union of the suspensions up to a moment, as minutes, with when each was over."""
    gaps: list[tuple[int, int, datetime]] = []
    for suspension in deadline.suspensions:
        over = until if suspension.until is None else min(suspension.until, until)
        if suspension.since >= over:
            continue
        begun, end = minute_number(suspension.since), minute_number(over)
        if gaps and begun <= gaps[-1][1]:
            last = gaps.pop()
            later = (end, over) if end > last[1] else (last[1], last[2])
            gaps.append((last[0], *later))
        else:
            gaps.append((begun, end, over))
    return gaps
