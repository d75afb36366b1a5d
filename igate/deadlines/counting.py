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

from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta
from msgspec import Struct

from igate.deadlines.limits import Part, TimeLimit, Unit
from igate.deadlines.suspension import (
    DayInterval,
    Suspension,
    excluded_days,
    merged,
    resumption_day,
    united,
)
from igate.errors import CalendarNotCovered
from igate.law.localtime import MINUTES_PER_DAY, minute_number, moment_of, time_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from igate.calendar import WorkCalendar
    from igate.deadlines.rules import ClockRules

__all__ = [
    "Counted",
    "asked_late",
    "count_limit",
    "counted_parts",
    "deemed_start",
    "end_of",
    "held_until",
    "start_minute",
]


class Counted(Struct, frozen=True, kw_only=True):
    """The end of a limit, or what is left of it while the clock is suspended."""

    #: ``None`` while an open suspension lies before the end
    due: datetime | None
    #: the day of receipt as it counts: not counted itself, the next day is the first
    start_day: date
    #: what is left when the clock goes on; no part where the limit has ended
    remaining: tuple[Part, ...]


# a name of the module is looked up in a third of the time of a member of an enumeration, and a
# comparison costs a seventh of a place in a set
_WORKING_DAY, _DAY, _MONTH = Unit.WORKING_DAY, Unit.DAY, Unit.MONTH
_WORKING_HOUR, _HOUR = Unit.WORKING_HOUR, Unit.HOUR


class _Cursor(Struct):
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
    """Return the day that counts as the day of receipt.

    A receipt on a working day after a cut-off that moves the start counts as received on the next
    working day. A receipt on a day off counts on that day or on the next working day, as the
    rules read it; a cut-off has no effect on a day off.
    """
    day = start.date()
    if calendar.is_working(day):
        cutoff = rules.cutoff if rules.cutoff_on_start else None
        late = cutoff is not None and cutoff.moves == "start" and cutoff.is_after(start)
        return calendar.add(day, 1) if late else day
    return calendar.add(day, 0) if rules.receipt_on_day_off == "next_working_day" else day


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
    cursor = _Cursor(day=start_day.toordinal(), minute=start_minute(start, start_day, calendar))
    days, minutes = _taken_out(suspensions, calendar, rules) if suspensions else _NOTHING
    parts = counted_parts(limit)
    for index, part in enumerate(parts):
        unit, length = part.unit, part.length
        if unit is _WORKING_HOUR or unit is _HOUR or length.denominator != 1:
            at_once = index == 0 and not length and unit is _WORKING_HOUR
            left = _count_minutes(part, cursor, minutes, calendar, at_once=at_once)
        else:
            late = asked_late(limit, start, calendar, rules) if index == 0 else 0
            left = _DAY_COUNTERS[unit](length.numerator + late, cursor, days, calendar)
        if left is not None:
            kept = (left, *parts[index + 1 :])
            return Counted(due=None, start_day=start_day, remaining=kept)
    counted = _finish(parts[-1].unit, cursor, start_day, calendar, rules)
    if suspensions and cursor.whole_day:
        return _held(counted, suspensions, calendar, rules)
    return counted


def _taken_out(
    suspensions: Sequence[Suspension], calendar: WorkCalendar, rules: ClockRules
) -> tuple[list[DayInterval], list[tuple[int, int | None]]]:
    """Return the days and the minutes that suspensions take out of a limit."""
    minutes = merged(
        (minute_number(s.since), None if s.until is None else minute_number(s.until))
        for s in suspensions
    )
    return excluded_days(suspensions, calendar, rules), minutes


def counted_parts(limit: TimeLimit) -> tuple[Part, ...]:
    """Return the parts as they are counted: one and a half working days are a day and a half day.

    The day of the start does not count (Điều 147 khoản 2), so a whole day comes first and the
    fraction is counted in minutes of the working day after it; less than a day runs from the
    moment itself (assumed). A part of zero after another adds nothing and is left out; a first part
    of zero is the day of the receipt, or the moment.
    """
    if len(limit.parts) == 1:
        length = limit.parts[0].length
        if length < 1 or length.denominator == 1:
            return limit.parts
    parts: list[Part] = []
    for part in limit.parts:
        if parts and not part.length:
            continue
        whole = part.length.numerator // part.length.denominator
        if part.unit is Unit.WORKING_DAY and whole and part.length != whole:
            parts += [
                Part(length=Fraction(whole), unit=part.unit),
                Part(length=part.length - whole, unit=part.unit),
            ]
        else:
            parts.append(part)
    return tuple(parts)


def start_minute(start: datetime, start_day: date, calendar: WorkCalendar) -> int:
    """Return the minute from which hours run: the moment, or the opening of a later deemed day."""
    if start_day == start.date():
        return minute_number(start)
    return start_day.toordinal() * MINUTES_PER_DAY + calendar.shifts(start_day)[0].start


def _held(
    counted: Counted,
    suspensions: Sequence[Suspension],
    calendar: WorkCalendar,
    rules: ClockRules,
) -> Counted:
    """Move an end at which the clock is suspended to the day on which it goes on.

    A limit in days whose last day is cut short by a suspension has not ended: the rest of that day
    is left, and it ends with the day of the resumption (assumed; no text found).
    """
    for suspension in united(suspensions):
        due = counted.due
        if due is None or suspension.since >= due:
            continue
        if suspension.until is None:
            # what is left ends on the very day on which the clock goes on
            rest = (Part(length=Fraction(0), unit=Unit.WORKING_DAY),)
            return Counted(due=None, start_day=counted.start_day, remaining=rest)
        if suspension.until > due:
            end = held_until(suspension.until, calendar, rules)
            counted = Counted(due=end, start_day=counted.start_day, remaining=())
    return counted


def held_until(until: datetime, calendar: WorkCalendar, rules: ClockRules) -> datetime:
    """Return the end of the working day on which a clock that was held at its end goes on."""
    day = calendar.add(resumption_day(until, calendar, rules), 0)
    end = end_of(day, calendar, rules)
    return end if end > until else end_of(calendar.add(day, 1), calendar, rules)


def end_of(day: date, calendar: WorkCalendar, rules: ClockRules) -> datetime:
    """Return the moment at which a day ends: the closing of the office, or the last minute."""
    last = MINUTES_PER_DAY - 1
    if rules.end_of_day == "closing" and calendar.is_working(day):
        last = calendar.closing(day)
    if last >= MINUTES_PER_DAY:  # an office that closes at midnight
        return moment_of(day.toordinal() * MINUTES_PER_DAY + last)
    return datetime.combine(day, time_of(last))


def _finish(
    unit: Unit,
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
    rolls = unit is _DAY or unit is _MONTH
    if rolls and rules.end_on_day_off == "next_working_day":
        moved = calendar.add(last, 0)
    due = end_of(moved, calendar, rules)
    return Counted(due=due, start_day=start_day, remaining=())


def asked_late(limit: TimeLimit, start: datetime, calendar: WorkCalendar, rules: ClockRules) -> int:
    """Return the extra day of a same-day result asked for after its hour, else 0.

    The hour is that of the limit itself, or a cut-off of the rules that moves the result, or else
    the closing of the office (assumed: nobody can be due before having been asked). What comes in
    on a day off is due on the next working day anyway.
    """
    part = limit.parts[0]
    if part.length or (part.unit is not _WORKING_DAY and part.unit is not _DAY):
        return 0
    if not calendar.is_working(start.date()):
        return 0
    cutoff = rules.cutoff
    hour = limit.same_day_until
    if hour is None and cutoff is not None and cutoff.moves == "result":
        hour = cutoff.at
    if hour is None:
        minute = minute_number(start) % MINUTES_PER_DAY
        return int(minute >= calendar.closing(start.date()))
    return int(start.time() > hour)


def _count_working_days(
    n: int, cursor: _Cursor, excluded: Sequence[DayInterval], calendar: WorkCalendar
) -> Part | None:
    """Move the cursor n working days on; give what is left if a suspension is still open."""
    for first, last in excluded:
        if last is not None and last < cursor.day:
            continue
        if not _reaches(n, cursor.day, first, calendar):
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


def _reaches(n: int, after: int, day: int, calendar: WorkCalendar) -> bool:
    """Return whether n working days after a day reach another day."""
    try:
        return calendar.add(date.fromordinal(after), n).toordinal() >= day
    except CalendarNotCovered:
        # their end lies past the calendar, and so on the day after it at the earliest
        if not calendar.first.toordinal() <= after <= day <= calendar.last.toordinal() + 1:
            raise
        return True


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
    part: Part,
    cursor: _Cursor,
    excluded: Sequence[DayInterval],
    calendar: WorkCalendar,
    *,
    at_once: bool,
) -> Part | None:
    """Move the cursor on by minutes: of work, or of the clock on the wall.

    What is due at once is due as the next minute of work begins, as 0 working days end with the
    next working day (assumed).
    """
    size = _minutes_per_unit(part.unit, cursor, calendar)
    length = part.length
    need = -(-length.numerator * size // length.denominator) + at_once  # rounded up
    measure: Callable[[int], int] = (lambda m: m) if part.unit is Unit.HOUR else calendar.worked
    for first, last in excluded:
        if last is not None and last <= cursor.minute:
            continue
        before = measure(max(first, cursor.minute)) - measure(cursor.minute)
        if need <= before:
            break
        need -= before
        if last is None:
            return Part(length=Fraction(need - at_once, size), unit=part.unit)
        cursor.minute = last
    if need == 0 or part.unit is Unit.HOUR:
        cursor.at_minute(cursor.minute + need)
    else:
        cursor.at_minute(calendar.minute_at(measure(cursor.minute) + need) - at_once)
    return None


def _minutes_per_unit(unit: Unit, cursor: _Cursor, calendar: WorkCalendar) -> int:
    """Return the minutes of an hour, or of the working day at hand.

    A fraction of a working day is that share of the minutes the office works on the day the
    count has reached; eight hours only where the office works eight (assumed).
    """
    if unit is not _WORKING_DAY:
        return 60
    day = calendar.add(date.fromordinal(cursor.day), 1 if cursor.whole_day else 0)
    midnight = day.toordinal() * MINUTES_PER_DAY
    return calendar.worked(midnight + MINUTES_PER_DAY) - calendar.worked(midnight)


_NOTHING: tuple[tuple[()], tuple[()]] = ((), ())
_DAY_COUNTERS = {
    Unit.WORKING_DAY: _count_working_days,
    Unit.DAY: _count_days,
    Unit.MONTH: _count_months,
}
