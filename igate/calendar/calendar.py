"""The working calendar: which days and minutes are worked, and arithmetic on them.

Working days are numbered, and so are the minutes worked; to add is to look a number up. The
calendar answers from its first to its last day and refuses beyond them, because the days off of a
year are not known before they are announced.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NoReturn

from igate.calendar.assembly import digest, number_days, resolve
from igate.calendar.bounds import days_refused, minute_refused, outside, sum_refused
from igate.calendar.days import Change, describe
from igate.calendar.hours import MinuteTable, hours_by_day
from igate.calendar.ingredients import SATURDAY_AND_SUNDAY, national, plain, plain_days
from igate.calendar.statutory import ordinary_day
from igate.errors import CalendarConflict
from igate.law.localtime import local, minute_number, moment_of
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from igate.calendar.assembly import DayTable
    from igate.calendar.days import CalendarDay, Mark, Scope
    from igate.calendar.hours import OfficeHours, Shift
    from igate.calendar.ingredients import Ingredients
    from igate.calendar.layers import Layer
    from igate.law.period import Timeline

__all__ = ["WorkCalendar"]


class WorkCalendar:
    """Working days and minutes of an office; immutable, hashable, can be pickled.

    >>> from datetime import date
    >>> calendar = WorkCalendar.vietnam()
    >>> calendar.add(date(2024, 5, 2), 2)  # the second day is a make-up Saturday
    datetime.date(2024, 5, 4)
    """

    __slots__ = (
        "_digest",
        "_ingredients",
        "_marks",
        "_numbered",
        "_offices",
        "_reach",
        "_shifts",
        "_upto",
        "days",
        "minutes",
    )

    #: the numbers of the working days; for the array forms
    days: DayTable
    #: the sums of the minutes worked; for the array forms
    minutes: MinuteTable
    _ingredients: Ingredients
    _marks: dict[date, Mark]
    _offices: list[OfficeHours]
    _shifts: list[tuple[Shift, ...]]
    _digest: str
    # the tables of ``days`` once more: one look-up less for each date counted
    _upto: Mapping[date, int]
    _reach: Mapping[date, int]
    _numbered: list[date]

    def __init__(self, ingredients: Ingredients) -> None:
        """Compute every covered day; ``vietnam`` and ``from_days`` prepare the ingredients.

        Raises:
            CalendarConflict: Layers contradict each other, or hours are missing.
        """
        first, last = ingredients.first, ingredients.last
        if last < first:
            raise CalendarConflict(
                say("A calendar cannot end on {last} and begin on {first}.", last=last, first=first)
            )
        marks = resolve(ingredients)
        offices = hours_by_day(ingredients.hours, first, last)
        days = number_days(ingredients, marks)
        shifts = [
            office.shifts(ingredients.pattern(marks.get(day), day), weekday=day.weekday())
            for day, office in zip(days.upto, offices, strict=True)
        ]
        keep = object.__setattr__
        keep(self, "_ingredients", ingredients)
        keep(self, "_marks", marks)
        keep(self, "_offices", offices)
        keep(self, "_shifts", shifts)
        keep(self, "days", days)
        keep(self, "minutes", MinuteTable(first, shifts))
        keep(self, "_upto", days.upto)
        keep(self, "_reach", days.reach)
        keep(self, "_numbered", days.numbered)
        keep(self, "_digest", digest(ingredients, marks))

    @classmethod
    def vietnam(
        cls,
        *,
        scope: Scope = "civil_service",
        as_of: date | None = None,
        provisional: bool = False,
        layers: Sequence[Layer | str | Path] = (),
        hours: Timeline[OfficeHours] | None = None,
        make_up: Literal["full", "morning"] = "full",
    ) -> WorkCalendar:
        """Make the calendar of Vietnam, from 2010-01-01 to the end of what has been announced.

        That is 2026-12-31, or the end of the last year that a layer declares complete.

        Args:
            scope: ``civil_service`` with swaps, ``labour_code`` without.
            as_of: Only what had been announced by this day, this day included; the calendar then
                ends with the year after it.
            provisional: Go on to 2029-12-31, with days that are marked provisional.
            layers: Further layers, of an agency or province, the later on top.
            hours: The office's own hours by period; 07:30-11:30 and 13:30-17:00 unless given.
            make_up: Whether make-up days are worked in full or in the morning only.

        Raises:
            CalendarConflict: Layers contradict each other.
            DefinitionError: A layer file has faults.
            CalendarNotCovered: Nothing is recorded of what was known on ``as_of``.
        """
        return cls(
            national(
                scope=scope,
                as_of=as_of,
                provisional=provisional,
                layers=layers,
                hours=hours,
                make_up=make_up,
            )
        )

    @classmethod
    def from_days(
        cls,
        first: date,
        last: date,
        *,
        off: Iterable[date] = (),
        work: Iterable[date] = (),
        half: Iterable[date] = (),
        weekly_rest: Iterable[int] = SATURDAY_AND_SUNDAY,
        hours: Timeline[OfficeHours] | None = None,
    ) -> WorkCalendar:
        """Make a calendar from plain days, for tests and for calendars of another kind.

        Args:
            first: First day covered.
            last: Last day covered, inclusive.
            off: Days off besides the weekly rest.
            work: Days worked in full although the weekly rest falls on them.
            half: Days on which only the morning is worked; each counts as a working day.
            weekly_rest: Weekday numbers, Monday being 0.
            hours: Office hours by period; 07:30-11:30 and 13:30-17:00 unless given.

        Raises:
            CalendarConflict: A day is given twice.

        >>> from datetime import date
        >>> WorkCalendar.from_days(date(2026, 1, 1), date(2026, 1, 31)).add(date(2026, 1, 1), 2)
        datetime.date(2026, 1, 5)
        """
        marked = plain_days({"off": off, "work": work, "half": half})
        return cls(plain(first, last, marked, weekly_rest=frozenset(weekly_rest), hours=hours))

    @property
    def scope(self) -> Scope:
        """Whose calendar it is: ``civil_service`` or ``labour_code``."""
        return self._ingredients.scope

    @property
    def as_of(self) -> date | None:
        """The day of knowledge; ``None``: everything that is written."""
        return self._ingredients.as_of

    @property
    def first(self) -> date:
        """The first day covered."""
        return self._ingredients.first

    @property
    def last(self) -> date:
        """The last day covered, inclusive."""
        return self._ingredients.last

    @property
    def provisional_from(self) -> date | None:
        """The first day that is only expected, not announced; ``None``: there is none."""
        return self._ingredients.provisional_from

    @property
    def version(self) -> str:
        """A digest of all days and hours: two calendars with one version answer alike."""
        return self._digest

    def is_working(self, day: date) -> bool:
        """Return whether a day is worked; a half day is.

        Raises:
            CalendarNotCovered: The day lies outside the calendar.
        """
        try:
            return self._upto[day] == self._reach[day]
        except (KeyError, TypeError):
            raise days_refused(self.first, self.last, [day]) from None

    def add(self, day: date, n: int) -> date:
        """Return the n-th working day after a day.

        Args:
            day: The day to count from; it is not counted itself.
            n: Working days; 0 gives the day itself, or the next working day when it is off; a
                negative number counts back to the working days before the day.

        Raises:
            CalendarNotCovered: The day or the answer lies outside the calendar.
            MomentError: ``day`` is a moment or no date at all.
        """
        try:
            if n > 0:
                return self._numbered[self._upto[day] + n]
            number = self._reach[day] + n
            if number > 0:
                return self._numbered[number]
        except (KeyError, IndexError, TypeError):
            pass
        raise sum_refused(self.first, self.last, day, n)

    def count(self, after: date, until: date) -> int:
        """Count the working days after one day up to another: ``after`` is out, ``until`` in.

        Args:
            after: The day before the first that is counted.
            until: The last day that is counted.

        Returns:
            The number; with the days exchanged it is the same with a minus sign.

        Raises:
            CalendarNotCovered: A day lies outside the calendar.

        >>> from datetime import date
        >>> WorkCalendar.vietnam().count(date(2024, 12, 31), date(2025, 12, 31))
        250
        """
        try:
            return self._upto[until] - self._upto[after]
        except (KeyError, TypeError):
            raise days_refused(self.first, self.last, [after, until]) from None

    def day(self, day: date) -> CalendarDay:
        """Return all that is known about a day: kind, label, citation, pair, source.

        Raises:
            CalendarNotCovered: The day lies outside the calendar.

        >>> from datetime import date
        >>> WorkCalendar.vietnam().day(date(2026, 1, 2)).citation.text("en")
        'Official Letter 12729/VPCP-KGVX of 2025-12-25'
        """
        working = self.is_working(day)
        mark = self._marks.get(day) or ordinary_day(day, working=working)
        return describe(day, mark, provisional=self.is_provisional(day))

    def shifts(self, day: date) -> tuple[Shift, ...]:
        """Return the shifts worked on a day, in order; none on a day off.

        Raises:
            CalendarNotCovered: The day lies outside the calendar.
        """
        self.is_working(day)
        return self._shifts[day.toordinal() - self.minutes.origin]

    def reception(self, day: date) -> tuple[Shift, ...]:
        """Return the windows in which the desk takes dossiers: its shifts, or those of a day off.

        A window on a day off is no working time: nothing is counted in it.

        Raises:
            CalendarNotCovered: The day lies outside the calendar.
        """
        windows = dict(self._office(day).reception)
        return self.shifts(day) or windows.get(day.weekday(), ())

    def closing(self, day: date) -> int:
        """Return the minute of the day at which its last shift ends.

        On a day off it is the closing time of a full day, by the hours in force on it.

        Raises:
            CalendarNotCovered: The day lies outside the calendar.
        """
        worked = self.shifts(day)
        return (worked or self._office(day).shifts("full", weekday=day.weekday()))[-1].end

    def worked(self, minute: int) -> int:
        """Count the minutes worked from the first midnight covered up to a minute, exclusive.

        Args:
            minute: As ``igate.law.localtime.minute_number`` gives it.

        Raises:
            CalendarNotCovered: The minute lies outside the calendar.
        """
        found = self.minutes.worked(minute)
        if found is None:
            raise minute_refused(self.first, self.last, minute)
        return found

    def minute_at(self, worked: int) -> int:
        """Return the minute at which the ``worked``-th minute of work ends.

        A term that ends at closing time stays at closing time: from 07:30, the 240th minute ends
        at 11:30, not at 13:30.

        Args:
            worked: From 1 to all that the calendar covers; counted as ``worked`` counts.

        Raises:
            CalendarNotCovered: There is no such minute of work in the calendar.
        """
        found = self.minutes.minute_at(worked)
        if found is None:
            raise outside(
                say("Minute of work number {worked}", worked=worked), self.first, self.last
            )
        return found

    def add_minutes(self, moment: datetime, n: int) -> datetime:
        """Return the moment at which the n-th minute of work after a moment ends.

        Args:
            moment: An aware moment; its seconds are dropped.
            n: Minutes of work. 0 gives the moment itself, or the next start of work when nobody
                works then; a negative number goes back to where that many minutes lie ahead.

        Returns:
            A moment in Vietnamese time.

        Raises:
            CalendarNotCovered: The moment or the answer lies outside the calendar.
            MomentError: The moment has no time zone.

        >>> from igate.law.localtime import parse_local
        >>> str(WorkCalendar.vietnam().add_minutes(parse_local("2024-05-06T07:30"), 240))
        '2024-05-06 11:30:00+07:00'
        """
        minute = minute_number(local(moment))
        done = self.worked(minute)
        if n > 0:
            return moment_of(self.minute_at(done + n))
        if n == 0 and self.minutes.minute_at(done) == minute:
            return moment_of(minute)
        return moment_of(self.minute_at(done + n + 1) - 1)

    def count_minutes(self, start: datetime, end: datetime) -> int:
        """Count the minutes worked from ``start``, inclusive, to ``end``, exclusive.

        Args:
            start: The first minute that is counted; a moment with a time zone.
            end: The first minute that is not counted any more.

        Returns:
            The number; negative when ``end`` comes first.

        Raises:
            CalendarNotCovered: A moment lies outside the calendar.
            MomentError: A moment has no time zone.
        """
        return self.worked(minute_number(local(end))) - self.worked(minute_number(local(start)))

    def is_provisional(self, day: date) -> bool:
        """Return whether a day is only expected, not announced.

        Args:
            day: Any day. After the last year that is known it is provisional in a calendar with
                expected days, and in one without them never.

        >>> from datetime import date
        >>> calendar = WorkCalendar.vietnam(provisional=True)
        >>> calendar.is_provisional(date(2026, 12, 31)), calendar.is_provisional(date(2027, 1, 1))
        (False, True)
        """
        begin = self._ingredients.provisional_from
        return begin is not None and day >= begin

    def known_on(self, day: date) -> WorkCalendar:
        """Return the same calendar as it was known on a day, this day included.

        Raises:
            CalendarNotCovered: Nothing is recorded of what was known on the day.

        >>> from datetime import date
        >>> before = WorkCalendar.vietnam().known_on(date(2026, 6, 1))
        >>> before.is_working(date(2026, 11, 24))
        True
        """
        if self.as_of is not None and day >= self.as_of:
            return self
        return WorkCalendar(replace(self._ingredients, as_of=day))

    def without_swaps(self) -> WorkCalendar:
        """Return the same calendar as the Labour Code knows it: without swapped working days.

        A swap binds those to whom it is announced: civil servants. The day that they have off for
        it is a working day here, and the one that makes up for it is a day off (scope
        ``labour_code``).

        >>> from datetime import date
        >>> friday = date(2026, 1, 2)  # off by swap, made up on Saturday the 10th
        >>> calendar = WorkCalendar.vietnam()
        >>> calendar.is_working(friday), calendar.without_swaps().is_working(friday)
        (False, True)
        """
        return WorkCalendar(replace(self._ingredients, scope="labour_code"))

    def changes(self, since: date) -> tuple[Change, ...]:
        """List the days that announcements made after a day have moved, in order.

        Due dates printed on or before ``since`` may have counted these days otherwise.

        >>> from datetime import date
        >>> for change in WorkCalendar.vietnam().changes(since=date(2026, 6, 1)):
        ...     print(change.day, change.after.label.text("en"), "by", change.citation.text("en"))
        2026-11-24 Vietnam Culture Day by Resolution 28/2026/QH16, art. 2(1)
        """
        if self.as_of is not None and since >= self.as_of:
            return ()
        before = WorkCalendar(replace(self._ingredients, as_of=since))
        return tuple(
            Change(day=day, before=before.day(day), after=self.day(day))
            for day in sorted(self._marks.keys() | before._marks.keys())
            if self.shifts(day) != before.shifts(day)
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WorkCalendar):
            return NotImplemented
        return self is other or self._ingredients == other._ingredients

    def __hash__(self) -> int:
        return hash(self._digest)

    def __reduce__(self) -> tuple[type[WorkCalendar], tuple[Ingredients]]:
        return WorkCalendar, (self._ingredients,)

    def __repr__(self) -> str:
        known = f" as of {self.as_of}" if self.as_of else ""
        return f"<WorkCalendar {self.scope} {self.first}..{self.last}{known} {self.version}>"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise CalendarConflict(
            say("A calendar cannot be changed; {name} stays as it is.", name=name),
            fix=say("Make another one with WorkCalendar.vietnam(...)."),
        )

    def _office(self, day: date) -> OfficeHours:
        self.is_working(day)
        return self._offices[day.toordinal() - self.minutes.origin]
