"""Stretches of time in which a clock is suspended, and the days that they take out of a limit.

Overlapping suspensions are one. Which of the two end days of a suspension still counts, and from
which day a clock goes on that is resumed after an hour of the day, is a reading of the rules.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from igate.law.printed import Printed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from igate.calendar import WorkCalendar
    from igate.deadlines.rules import ClockRules

__all__ = ["DayInterval", "Suspension", "excluded_days", "merged", "resumption_day", "united"]

#: A pair of ordinals, both inclusive; the second is ``None`` while the suspension is open.
DayInterval = tuple[int, int | None]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Suspension(Printed):
    """A stretch of time in which the clock is suspended: ``since`` inclusive, ``until`` not."""

    since: datetime
    #: ``None`` while it lasts
    until: datetime | None
    reason: str


def excluded_days(
    suspensions: Iterable[Suspension], calendar: WorkCalendar, rules: ClockRules
) -> list[DayInterval]:
    """Return the days that suspensions take out of a limit in days, merged, in order.

    Returns:
        Pairs of day ordinals, both ends inclusive; the last end is ``None`` for an open one.
    """
    shift_first = 1 if rules.suspension_days == "first_counts" else 0
    shift_last = 1 if rules.suspension_days == "last_counts" else 0
    raw: list[DayInterval] = []
    for suspension in suspensions:
        first = suspension.since.toordinal() + shift_first
        if suspension.until is None:
            raw.append((first, None))
            continue
        last = resumption_day(suspension.until, calendar, rules).toordinal() - shift_last
        if first <= last:
            raw.append((first, last))
    return merged(raw)


def united(suspensions: Sequence[Suspension]) -> list[Suspension]:
    """Return the stretches for which the clock is suspended, whatever their reasons, in order."""
    found: list[Suspension] = []
    for each in sorted(suspensions, key=lambda suspension: suspension.since):
        last = found[-1] if found else None
        if last is None or (last.until is not None and each.since > last.until):
            found.append(each)
        elif last.until is not None and (each.until is None or each.until > last.until):
            found[-1] = replace(last, until=each.until)
    return found


def resumption_day(until: datetime, calendar: WorkCalendar, rules: ClockRules) -> date:
    """Return the day that counts as the day on which the clock goes on."""
    day = until.date()
    cutoff = rules.cutoff if rules.cutoff_on_resumption else None
    late = cutoff is not None and cutoff.moves == "start" and cutoff.is_after(until)
    return calendar.add(day, 1) if late and calendar.is_working(day) else day


def merged(intervals: Iterable[DayInterval]) -> list[DayInterval]:
    """Unite overlapping intervals; an open one swallows all that begin later."""
    found: list[DayInterval] = []
    for first, last in sorted(intervals, key=lambda pair: pair[0]):
        if found and (found[-1][1] is None or first <= found[-1][1]):
            begun, ended = found[-1]
            found[-1] = (begun, None if ended is None or last is None else max(ended, last))
        else:
            found.append((first, last))
    return found
