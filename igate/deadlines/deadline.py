"""Deadlines: the date that a time limit works out to for one dossier, with its proof.

A deadline is computed from what happened to the clock (the marks of the journal), the limit, the
calendar and the rules; it is never stored as a fact of its own. While the clock is suspended there
is no due date but a remainder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from igate.deadlines.clock import ClockRun
from igate.deadlines.counting import count_limit
from igate.deadlines.proof import proof_of
from igate.deadlines.text import explain_deadline
from igate.errors import CalendarNotCovered
from igate.law.localtime import local, minute_number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from igate.calendar import WorkCalendar
    from igate.deadlines.limits import TimeLimit
    from igate.deadlines.proof import DayCount
    from igate.deadlines.rules import ClockMark, ClockRules
    from igate.law.citation import Language

__all__ = ["ClockState", "Deadline", "Judgement", "clock_state", "compute_deadline", "due_from"]

#: How a finished dossier compares with its deadline, by calendar day.
Judgement = Literal["early", "on_time", "late"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(ClockRun):
    """The due moment of one dossier, everything that it follows from, and its proof."""

    @property
    def days(self) -> tuple[DayCount, ...]:
        """The day-by-day proof, from the day of the start to the due day."""
        return proof_of(self)

    def explain(self, lang: Language = "vi") -> str:
        """Write the proof as a table that a citizen can read.

        A line a day, with what each rests on.

        Args:
            lang: ``vi`` or ``en``.

        Returns:
            Several lines, without a line break at the end.

        Raises:
            IgateError: The language is neither.
        """
        return explain_deadline(self, lang)

    def judge(self, finished: datetime) -> Judgement:
        """Compare the day of finishing with the due day.

        Early is before, on time the same calendar day, late after it; a dossier without a due date
        is on time, as form II.06a counts it (Thông tư 01/2020/TT-VPCP; practice read from a
        provincial system). Hours do not matter: the form knows days.
        """
        if self.due is None:
            return "on_time"
        done, due = local(finished).date(), self.due.date()
        return "early" if done < due else "on_time" if done == due else "late"


def compute_deadline(
    limit: TimeLimit,
    *,
    marks: Sequence[ClockMark],
    calendar: WorkCalendar,
    rules: ClockRules,
) -> Deadline:
    """Compute a deadline from what happened to the clock.

    Args:
        limit: The limit of the procedure; "not stated" gives a deadline without a due date.
        marks: In order of time, the first of kind ``start``; marks after ``finish`` or ``stop``
            change nothing.
        calendar: The working days.
        rules: What each interruption does.

    Raises:
        MomentError: The marks do not begin with a start, or are not in order of time.
        CalendarNotCovered: The count runs past the calendar's horizon.
    """
    return Deadline.of(limit, marks=marks, calendar=calendar, rules=rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockState:
    """The clock of one dossier at one moment; minutes are minutes of working time.

    Everything is measured in minutes of working time, whatever the unit of the limit, so that
    clocks of different limits can be compared: consumed + suspended = elapsed.
    """

    at: datetime
    #: the limit, extensions included
    budget: TimeLimit
    #: from the start of the count in force to the moment, or to the end of processing
    elapsed: int
    #: of these, while the clock ran
    consumed: int
    #: of these, while it stood still
    suspended: int
    #: since when it has been running without a break; ``None`` while it is suspended or has ended
    running_since: datetime | None
    #: due moment; ``None`` while the clock is suspended or where no limit is stated
    due: datetime | None


def due_from(
    at: datetime, limit: TimeLimit, *, calendar: WorkCalendar, rules: ClockRules
) -> datetime | None:
    """Return when a limit ends that runs from a moment on without a break.

    Returns:
        The due moment; ``None`` where no limit is stated, or it ends past the calendar.
    """
    if not limit.stated:
        return None
    try:
        return count_limit(
            limit, start=local(at), suspensions=(), calendar=calendar, rules=rules
        ).due
    except CalendarNotCovered:
        return None


def clock_state(deadline: Deadline, at: datetime) -> ClockState:
    """Return the state of a clock at a moment.

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
    """Return the union of the suspensions up to a moment, as minutes, with when each was over."""
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
