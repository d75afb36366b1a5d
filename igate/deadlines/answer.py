"""A deadline in one call: when is something due that was received then?"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from igate.calendar import WorkCalendar
from igate.deadlines.deadline import compute_deadline
from igate.deadlines.limits import TimeLimit, limit_of
from igate.deadlines.rulefile import shipped_rules
from igate.deadlines.rules import ClockMark
from igate.errors import MomentError
from igate.law.localtime import local, parse_local
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from igate.deadlines.deadline import Deadline
    from igate.deadlines.rules import ClockRules

__all__ = ["due"]


def due(
    limit: TimeLimit | str,
    *,
    received: datetime | str,
    finished: datetime | str | None = None,
    suspensions: Iterable[tuple[str, datetime | str, datetime | str | None]] = (),
    calendar: WorkCalendar | None = None,
    rules: ClockRules | str = "decree",
) -> Deadline:
    """Count a deadline from the receipt, with its proof day by day.

    Args:
        limit: Like ``7 working_day``, ``15 day``, ``8 working_hour`` or ``2 month``.
        received: The moment of the receipt; a text without a zone is Vietnamese time.
        finished: When it was finished, if it was.
        suspensions: Interruptions of the clock, each with its reason (``supplement``,
            ``payment``, …), beginning and end; ``None``: it has not ended.
        calendar: The working days; when absent those of the civil service, with expected days
            where nothing has been announced yet (``Deadline.provisional`` says so).
        rules: The rules of the clock, or the name of shipped ones, of which those of the day of
            receipt are taken.

    Raises:
        TimeLimitError: The limit cannot be read.
        MomentError: A moment cannot be read, or two are out of order.
        TimelineError: There are no rules of that name on the day of receipt.
        CalendarNotCovered: The count runs past the calendar.

    >>> due("7 working_day", received="2026-08-20T09:00").due.isoformat()
    '2026-08-28T17:00:00+07:00'
    >>> late = due("1 working_day", received="2026-08-20T09:00",
    ...            suspensions=[("payment", "2026-08-21T08:00", "2026-08-24T08:00")])
    >>> late.due.isoformat()
    '2026-08-24T17:00:00+07:00'
    """
    start = _moment(received)
    law = shipped_rules(rules, on=start.date()) if isinstance(rules, str) else rules
    marks = [ClockMark(kind="start", at=start)]
    for reason, since, until in suspensions:
        marks.append(ClockMark(kind="suspend", at=_moment(since), reason=reason))
        if until is not None:
            marks.append(ClockMark(kind="resume", at=_moment(until), reason=reason))
    if finished is not None:
        marks.append(ClockMark(kind="finish", at=_moment(finished)))
    first, *others = marks
    return compute_deadline(
        limit_of(limit) if isinstance(limit, str) else limit,
        marks=[first, *sorted(others, key=lambda mark: mark.at)],
        calendar=WorkCalendar.vietnam(provisional=True) if calendar is None else calendar,
        rules=law,
    )


def _moment(value: datetime | str) -> datetime:
    if isinstance(value, str):
        return parse_local(value)
    if not isinstance(value, datetime):
        raise MomentError(
            say("{value!r} is not a moment.", value=value),
            fix=say('Pass a datetime, or a text like "2026-08-20T09:00".'),
        )
    return local(value)
