"""Whether the limit is kept if each step keeps its time, from every starting moment.

Sums say nothing of weekends, holidays and hours: half a day, two days and half a day are three days
where work begins in the morning, and one more where it begins in the afternoon. So every day of the
calendar is begun at each kind of moment that it has, each step is left at the last moment that is
in its time, and the end is held against the date of return, by the day, as the office is judged.

In a day the kinds of moments are: midnight, the first and last minutes of each shift, the cut-off
and the minute after it, and for hours and parts of days the last minute from which a sum of them
ends on the same day. Between two of these nothing changes but that all dates come later together.
A way back and an interruption are not followed: no decision counts them.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from igate.deadlines.counting import count_limit, counted_parts
from igate.deadlines.limits import Unit
from igate.errors import CalendarNotCovered
from igate.law.localtime import MINUTES_PER_DAY, minute_number, moment_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from igate.calendar import WorkCalendar
    from igate.calendar.hours import Shift
    from igate.deadlines.limits import TimeLimit
    from igate.deadlines.rules import ClockRules
    from igate.procedures.workflow import Stage, Step, Workflow

__all__ = ["NOTHING", "Late", "Outcome", "Schedules", "timed"]


class Late(NamedTuple):
    """A start from which the limit is missed although each step keeps its time.

    In the order of what an example is wanted of: at work, far too late, not long ago.
    """

    #: whether the office works at the start
    at_work: bool
    #: working days after the date of return
    over: int
    #: in minutes since day 0, as the others
    start: int
    #: until when each step takes, in the order of the course
    ends: tuple[int, ...]
    due: int


class Outcome(NamedTuple):
    """What came of the starts that were looked at."""

    cases: int
    late: int
    worst: Late | None
    #: working days left on the day of receipt, of the start that has the fewest
    fewest_left: int | None

    def with_(self, other: Outcome) -> Outcome:
        """Return what came of these starts and of others."""
        lates = [each for each in (self.worst, other.worst) if each is not None]
        left = [each for each in (self.fewest_left, other.fewest_left) if each is not None]
        return Outcome(
            self.cases + other.cases,
            self.late + other.late,
            max(lates, default=None),
            min(left, default=None),
        )


#: What comes of no start.
NOTHING: Final = Outcome(0, 0, None, None)


def timed(course: Iterable[Step], workflow: Workflow) -> bool:
    """Return whether every step of a course has a time, or none that is counted."""
    return all(
        workflow.stage_of(step) is not None or all(limit.stated for limit in _limits(step))
        for step in course
    )


def _limits(step: Step) -> tuple[TimeLimit, ...]:
    """Return the times by which a step ends: its own or, without one, those of its parties."""
    if step.limit is not None and (step.limit.stated or not step.together):
        return (step.limit,)
    return tuple(party.limit for party in step.together if party.limit is not None)


class Schedules:
    """Works through the starts of one calendar under one set of clock rules."""

    def __init__(self, calendar: WorkCalendar, rules: ClockRules) -> None:
        """Keep both; what a limit comes to is worked out once for each moment."""
        self._calendar = calendar
        self._rules = rules
        self._inside = replace(rules, cutoff_on_start=False)
        self._known: dict[tuple[int, TimeLimit, bool], int] = {}
        self._sizes: dict[int, int] = {}
        self._counts: dict[tuple[int, int], int] = {}
        self._kinds: dict[tuple[object, ...], list[tuple[int, bool]]] = {}
        self._days: dict[tuple[object, ...], dict[date, Outcome]] = {}

    def outcome(
        self, course: Sequence[Step], workflow: Workflow, limit: TimeLimit, days: Iterable[date]
    ) -> Outcome:
        """Begin on each of the days, and hold the end against the limit.

        Args:
            course: Steps from the start of the clock to the end of the work, each of them timed.
            workflow: To which they belong.
            limit: The stated limit of the dossier.
            days: First days; those from which a date lies past the calendar are not counted.
        """
        times = tuple([_Time(_limits(step), workflow.stage_of(step)) for step in course])
        known = self._days.setdefault((times, limit), {})
        sums = _sums(times)
        whole = NOTHING
        for day in days:
            if day not in known:
                known[day] = self._on(day, times, limit, sums)
            whole = whole.with_(known[day])
        return whole

    def _on(
        self, day: date, times: tuple[_Time, ...], limit: TimeLimit, sums: tuple[TimeSum, ...]
    ) -> Outcome:
        """Begin at each kind of moment of a day."""
        cases = late = 0
        worst: Late | None = None
        fewest: int | None = None
        for start, at_work in self._starts(day, sums):
            try:
                due = self._due(start, limit, late=True)
                ends = self._ends(times, start)
                left = self._worked_days(start, due)
                over = self._worked_days(due, ends[-1]) if ends else 0
            except CalendarNotCovered:
                continue
            cases += 1
            fewest = left if fewest is None else min(fewest, left)
            if over > 0:
                late += 1
                found = Late(at_work, over, start, ends, due)
                worst = found if worst is None else max(worst, found)
        return Outcome(cases, late, worst, fewest)

    def _worked_days(self, since: int, until: int) -> int:
        """Count the days of work after one day up to another; a day off that follows counts too."""
        key = since // MINUTES_PER_DAY, until // MINUTES_PER_DAY
        if key not in self._counts:
            counted = self._calendar.count(_day(since), _day(until))
            self._counts[key] = counted or int(key[1] > key[0])
        return self._counts[key]

    def _starts(self, day: date, sums: tuple[TimeSum, ...]) -> Iterator[tuple[int, bool]]:
        """Return the minutes to begin at, and whether the office works then."""
        shifts = self._calendar.shifts(day) if self._calendar.is_working(day) else ()
        key = shifts, sums
        if key not in self._kinds:
            self._kinds[key] = [
                (minute, any(each.start <= minute < each.end for each in shifts))
                for minute in sorted(self._moments(shifts, sums))
            ]
        midnight = day.toordinal() * MINUTES_PER_DAY
        for minute, at_work in self._kinds[key]:
            yield midnight + minute, at_work

    def _moments(self, shifts: tuple[Shift, ...], sums: tuple[TimeSum, ...]) -> set[int]:
        """Return the minutes of a day between which nothing changes."""
        found = {0, MINUTES_PER_DAY - 1}
        if not shifts:
            return found | {MINUTES_PER_DAY // 2}
        for shift in shifts:
            found |= {shift.start, shift.end - 1, shift.end}
        cutoff = self._rules.cutoff
        if cutoff is not None:
            hour = cutoff.at.hour * 60 + cutoff.at.minute
            found |= {hour, hour + 1}
        size = sum(shift.end - shift.start for shift in shifts)
        for each in sums:
            last = _minute_at((size - each.minutes(size)) % size, shifts)
            found |= {last - 1, last, last + 1}
        return {minute for minute in found if 0 <= minute < MINUTES_PER_DAY}

    def _ends(self, times: tuple[_Time, ...], start: int) -> tuple[int, ...]:
        at, begun = start, start
        last: Stage | None = None
        ends = []
        for limits, stage in times:
            if stage is not None and stage != last:
                begun = at
            last = stage
            # the hour of the counter moves what is received, and passed on the same day, after it
            late = at // MINUTES_PER_DAY == start // MINUTES_PER_DAY
            since = begun if stage is not None else at
            own = (stage.limit,) if stage is not None else limits
            at = max([at, *(self._last(since, limit, late=late) for limit in own)])
            ends.append(at)
        return tuple(ends)

    def _last(self, at: int, limit: TimeLimit, *, late: bool) -> int:
        """Return the last minute that is in a time: a part of a minute is not used up."""
        due = self._due(at, limit, late=late)
        part = counted_parts(limit)[-1]
        size = self._size(_day(due)) if part.unit is Unit.WORKING_DAY else 60
        whole = part.unit is Unit.WORKING_DAY and part.length.denominator == 1
        return due if whole or (part.length * size).denominator == 1 else due - 1

    def _due(self, at: int, limit: TimeLimit, *, late: bool) -> int:
        key = at, limit, late
        if key not in self._known:
            counted = count_limit(
                limit,
                start=moment_of(at),
                suspensions=(),
                calendar=self._calendar,
                rules=self._rules if late else self._inside,
            )
            assert counted.due is not None  # noqa: S101 - nothing suspends it
            self._known[key] = minute_number(counted.due)
        return self._known[key]

    def _size(self, day: date) -> int:
        number = day.toordinal()
        if number not in self._sizes:
            shifts = self._calendar.shifts(self._calendar.add(day, 0))
            self._sizes[number] = sum(each.end - each.start for each in shifts)
        return self._sizes[number]


class TimeSum(NamedTuple):
    """Parts of working days and working hours, one after another."""

    days: Fraction
    hours: Fraction

    def minutes(self, size: int) -> int:
        """Return the minutes where a working day has so many, a part of one left out."""
        return int(self.days * size + self.hours * 60)


class _Time(NamedTuple):
    """By what a step ends: the last of several times, or the time of its stage."""

    limits: tuple[TimeLimit, ...]
    stage: Stage | None


def _sums(times: Iterable[_Time]) -> tuple[TimeSum, ...]:
    """Return how long the first, the first two, … of the times take that are counted in minutes."""
    found = []
    for limits, stage in times:
        every = limits if stage is None else (stage.limit,)
        parts = [part for limit in every for part in counted_parts(limit)]
        days = [part.length % 1 for part in parts if part.unit is Unit.WORKING_DAY]
        hours = [part.length for part in parts if part.unit in _HOURS]
        found.append(TimeSum(max(days, default=Fraction()), max(hours, default=Fraction())))
    added = accumulate(found, lambda a, b: TimeSum(a.days + b.days, a.hours + b.hours))
    return tuple(dict.fromkeys(added))


def _minute_at(worked: int, shifts: Iterable[Shift]) -> int:
    """Return the minute of a day by which so many have been worked."""
    at = 0
    for shift in shifts:
        at = min(shift.start + worked, shift.end)
        worked -= at - shift.start
        if worked <= 0:
            break
    return at


def _day(minute: int) -> date:
    return moment_of(minute).date()


_HOURS: Final = frozenset({Unit.WORKING_HOUR, Unit.HOUR})
