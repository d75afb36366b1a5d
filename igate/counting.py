"""Counting a time limit from a start, around suspensions, to its end.

The rules, in words (Bộ luật Dân sự 2015, Điều 144-148):

* the day of the start does not count; the first day counted is the next one (Điều 147 khoản 2);
* working days are counted on the working calendar, days and months on the solar one;
* a month ends on the same day number, or on the last day of a shorter month (Điều 148 khoản 3);
* a limit in days or months whose last day is a day off ends with the next working day (khoản 5);
* hours run from the moment itself (Điều 147 khoản 1), working hours only while the office works;
* suspended days and minutes are taken out; overlapping suspensions are one; a suspension that
  begins after the end revives nothing.

Every figure is an integer: day ordinals, and minutes since day 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from igate.limits import Part, TimeLimit, Unit
from igate.localtime import MINUTES_PER_DAY, minute_number, moment_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from igate.clock import ClockRules
    from igate.workcalendar import WorkCalendar

__all__ = [
    "Counted",
    "Suspension",
    "asked_late",
    "count_limit",
    "deemed_start",
    "excluded_days",
]

#: A pair of ordinals, both inclusive; the second is ``None`` while the suspension is open.
DayInterval = tuple[int, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """A stretch of time in which the clock stands still: ``since`` inclusive, ``until`` not."""

    since: datetime
    #: ``None`` while it lasts
    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The end of a limit, or what is left of it while the clock stands still."""

    #: ``None`` while an open suspension lies before the end
    due: datetime | None
    #: the day of receipt as it counts: not counted itself, the next day is the first
    start_day: date
    #: what is left when the clock goes on; no part where the limit has ended
    remaining: tuple[Part, ...]
    #: the day on which a limit in days or months ended before it was moved off a day off
    unrolled: date | None = None


@dataclass(slots=True)
class _Cursor:
    """How far the counting has come: after a day as a whole, or after a minute."""

    day: int
    minute: int
    #: the day as a whole has been used up, so minutes go on from the next midnight
    whole_day: bool = False

    def at_day(self, day: int) -> None:
        self.day, self.minute, self.whole_day = day, (day + 1) * MINUTES_PER_DAY, True

    def at_minute(self, minute: int) -> None:
        self.day, self.minute, self.whole_day = minute // MINUTES_PER_DAY, minute, False


def deemed_start(start: datetime, calendar: WorkCalendar, rules: ClockRules) -> date:
    """Give the day that counts as the day of receipt.

    A receipt on a working day after a cut-off that moves the start counts as received on the next
    working day. A receipt on a day off counts on that day or on the next working day, as the
    rules read it; a cut-off has no effect on a day off.
    """
    day = start.date()
    if calendar.is_working(day):
        cutoff = rules.cutoff
        late = cutoff is not None and cutoff.moves == "start" and cutoff.is_after(start)
        return calendar.add(day, 1) if late else day
    return calendar.add(day, 0) if rules.receipt_on_day_off == "next_working_day" else day


def excluded_days(
    suspensions: Iterable[Suspension], calendar: WorkCalendar, rules: ClockRules
) -> list[DayInterval]:
    """Give the days that suspensions take out of a limit in days, merged, in order.

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
        last = _resumption_day(suspension.until, calendar, rules).toordinal() - shift_last
        if first <= last:
            raw.append((first, last))
    return _merge(raw)


def count_limit(
    limit: TimeLimit,
    *,
    start: datetime,
    suspensions: Sequence[Suspension],
    calendar: WorkCalendar,
    rules: ClockRules,
) -> Counted:
    """Count a stated limit from a local moment.

    Args:
        limit: A stated limit; its parts are counted one after the other.
        start: When the clock started, in Vietnamese time.
        suspensions: In order of their beginning; they may overlap; the last may be open.
        calendar: The working days.
        rules: How the open questions are read.

    Raises:
        CalendarNotCovered: The count runs past the calendar's horizon.
    """
    start_day = deemed_start(start, calendar, rules)
    cursor = _Cursor(day=start_day.toordinal(), minute=minute_number(start))
    days = excluded_days(suspensions, calendar, rules)
    minutes = _merge(
        (minute_number(s.since), None if s.until is None else minute_number(s.until))
        for s in suspensions
    )
    for index, part in enumerate(limit.parts):
        if part.unit in _MINUTE_UNITS or part.length.denominator != 1:
            left = _count_minutes(part, cursor, minutes, calendar)
        else:
            length = part.length.numerator + asked_late(limit, start, calendar, rules)
            left = _DAY_COUNTERS[part.unit](length, cursor, days, calendar)
        if left is not None:
            kept = (left, *limit.parts[index + 1 :])
            return Counted(due=None, start_day=start_day, remaining=kept)
    return _finish(limit, cursor, start_day, calendar, rules)


def _finish(
    limit: TimeLimit,
    cursor: _Cursor,
    start_day: date,
    calendar: WorkCalendar,
    rules: ClockRules,
) -> Counted:
    """Turn the end of the count into a due moment; move it off a day off where the law says so."""
    if not cursor.whole_day:
        return Counted(due=moment_of(cursor.minute), start_day=start_day, remaining=())
    last = date.fromordinal(cursor.day)
    moved = last
    rolls = limit.parts[-1].unit in {Unit.DAY, Unit.MONTH}
    if rolls and rules.end_on_day_off == "next_working_day":
        moved = calendar.add(last, 0)
    closing = MINUTES_PER_DAY - 1
    if rules.end_of_day == "closing" and calendar.is_working(moved):
        closing = calendar.closing(moved)
    due = moment_of(moved.toordinal() * MINUTES_PER_DAY + closing)
    unrolled = last if moved != last else None
    return Counted(due=due, start_day=start_day, remaining=(), unrolled=unrolled)


def asked_late(limit: TimeLimit, start: datetime, calendar: WorkCalendar, rules: ClockRules) -> int:
    """Give the extra working day of a same-day result asked for after its hour, else 0.

    The hour is that of the limit itself, or a cut-off of the rules that moves the result; what
    comes in on a day off is due on the next working day anyway.
    """
    if limit.parts[0].length != 0 or limit.parts[0].unit is not Unit.WORKING_DAY:
        return 0
    cutoff = rules.cutoff
    hour = limit.same_day_until
    if hour is None and cutoff is not None and cutoff.moves == "result":
        hour = cutoff.at
    return int(hour is not None and start.time() > hour and calendar.is_working(start.date()))


def _resumption_day(until: datetime, calendar: WorkCalendar, rules: ClockRules) -> date:
    day = until.date()
    cutoff = rules.cutoff if rules.cutoff_on_resumption else None
    late = cutoff is not None and cutoff.moves == "start" and cutoff.is_after(until)
    return calendar.add(day, 1) if late and calendar.is_working(day) else day


def _merge(intervals: Iterable[DayInterval]) -> list[DayInterval]:
    """Unite overlapping intervals; an open one swallows all that begin later."""
    merged: list[DayInterval] = []
    for first, last in sorted(intervals, key=lambda pair: pair[0]):
        if merged and (merged[-1][1] is None or first <= merged[-1][1]):
            begun, ended = merged[-1]
            merged[-1] = (begun, None if ended is None or last is None else max(ended, last))
        else:
            merged.append((first, last))
    return merged


def _count_working_days(
    n: int, cursor: _Cursor, excluded: Sequence[DayInterval], calendar: WorkCalendar
) -> Part | None:
    """Move the cursor n working days on; give what is left if a suspension is still open."""
    for first, last in excluded:
        if last is not None and last < cursor.day + (n > 0):
            continue
        reach = calendar.add(date.fromordinal(cursor.day), n).toordinal()
        if reach < first:
            break
        if last is None:
            left = max(n - _working_days(calendar, cursor.day, first - 1), 1)
            return Part(length=Fraction(left), unit=Unit.WORKING_DAY)
        n -= _working_days(calendar, cursor.day, first - 1)
        if n == 0:
            # a same-day limit inside a suspension ends on the first working day after it
            n, cursor.day = 1, last
        else:
            cursor.day = max(last, cursor.day)
    cursor.at_day(calendar.add(date.fromordinal(cursor.day), n).toordinal())
    return None


def _working_days(calendar: WorkCalendar, after: int, until: int) -> int:
    return calendar.count(date.fromordinal(after), date.fromordinal(until)) if until > after else 0


def _count_days(
    n: int, cursor: _Cursor, excluded: Sequence[DayInterval], _calendar: WorkCalendar
) -> Part | None:
    """Move the cursor n calendar days on."""
    return _shift_end(cursor.day + n, cursor, excluded)


def _count_months(
    n: int, cursor: _Cursor, excluded: Sequence[DayInterval], _calendar: WorkCalendar
) -> Part | None:
    """Move the cursor n months on: the same day number, or the last day of a shorter month.

    Suspended days are added at the end, one for one (assumed: no text on suspended months found).
    """
    end = (date.fromordinal(cursor.day) + relativedelta(months=n)).toordinal()
    return _shift_end(end, cursor, excluded)


def _shift_end(end: int, cursor: _Cursor, excluded: Sequence[DayInterval]) -> Part | None:
    """Push an end day back by the excluded days before it."""
    for first, last in excluded:
        if first > end:
            break
        begun = max(first, cursor.day + 1)
        if last is None:
            return Part(length=Fraction(max(end - begun + 1, 1)), unit=Unit.DAY)
        end += max(last - begun + 1, 0)
    cursor.at_day(end)
    return None


def _count_minutes(
    part: Part, cursor: _Cursor, excluded: Sequence[DayInterval], calendar: WorkCalendar
) -> Part | None:
    """Move the cursor on by minutes: of work, or of the clock on the wall."""
    size = _minutes_per_unit(part.unit, cursor, calendar)
    need = math.ceil(part.length * size)
    measure: Callable[[int], int] = (lambda m: m) if part.unit is Unit.HOUR else calendar.worked
    for first, last in excluded:
        if last is not None and last <= cursor.minute:
            continue
        before = max(measure(max(first, cursor.minute)) - measure(cursor.minute), 0)
        if need <= before:
            break
        need -= before
        if last is None:
            return Part(length=Fraction(need, size), unit=part.unit)
        cursor.minute = last
    if need == 0 or part.unit is Unit.HOUR:
        cursor.at_minute(cursor.minute + need)
    else:
        cursor.at_minute(calendar.minute_at(measure(cursor.minute) + need))
    return None


def _minutes_per_unit(unit: Unit, cursor: _Cursor, calendar: WorkCalendar) -> int:
    """Give the minutes of an hour, or of the working day at hand.

    A fraction of a working day is that share of the minutes the office works on the day the
    count has reached; eight hours only where the office works eight (assumed).
    """
    if unit is not Unit.WORKING_DAY:
        return 60
    day = calendar.add(date.fromordinal(cursor.day), 0)
    return sum(shift.end - shift.start for shift in calendar.shifts(day))


_MINUTE_UNITS = frozenset({Unit.WORKING_HOUR, Unit.HOUR})
_DAY_COUNTERS = {
    Unit.WORKING_DAY: _count_working_days,
    Unit.DAY: _count_days,
    Unit.MONTH: _count_months,
}
