"""Office hours: shifts of a full day and of a morning, by period; and the sums of their minutes.

The default, 07:30-11:30 and 13:30-17:00, is assumed: every agency fixes its own hours, so a host
gives them by period. Minutes are whole; a shift holds its start minute and not its end minute.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final, Literal

from igate.errors import CalendarConflict
from igate.law.localtime import MINUTES_PER_DAY
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from igate.law.period import Period

__all__ = ["OFFICE_HOURS", "HoursByPeriod", "MinuteTable", "OfficeHours", "Pattern", "Shift"]

#: how much of a day is worked
Pattern = Literal["off", "full", "morning"]

_SHIFT = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Shift:
    """A stretch of work within one day, in minutes after midnight.

    >>> Shift.parse("07:30-11:30")
    Shift(start=450, end=690)
    """

    #: the first minute worked
    start: int
    #: the first minute no longer worked; at most 1440
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= MINUTES_PER_DAY:
            raise CalendarConflict(
                say(
                    "A shift from minute {start} to minute {end} cannot be worked.",
                    start=self.start,
                    end=self.end,
                ),
                why=say("It must begin before it ends, within one day."),
            )

    @classmethod
    def parse(cls, text: str) -> Shift:
        """Read a shift written as ``07:30-11:30``.

        Raises:
            CalendarConflict: The text is not a shift.
        """
        match = _SHIFT.fullmatch(text)
        if match is None or int(match[2]) > 59 or int(match[4]) > 59:  # noqa: PLR2004 - minutes
            raise CalendarConflict(
                say("{text!r} is not a shift.", text=text), fix=say('Write it like "07:30-11:30".')
            )
        start_hour, start_minute, end_hour, end_minute = (int(part) for part in match.groups())
        return cls(start=start_hour * 60 + start_minute, end=end_hour * 60 + end_minute)

    def __str__(self) -> str:
        start, end = divmod(self.start, 60), divmod(self.end, 60)
        return f"{start[0]:02d}:{start[1]:02d}-{end[0]:02d}:{end[1]:02d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHours:
    """The shifts of a full day and of a half day, and those of weekdays that have their own.

    A half day has its morning on any weekday.

    >>> OfficeHours.parse("07:30-11:30", "13:30-17:00").minutes("full")
    450
    """

    #: in order, without overlap
    full: tuple[Shift, ...]
    #: what is worked on a half day; the first shift of a full day unless given
    morning: tuple[Shift, ...]
    #: when the desk takes dossiers in although nobody works on them, by weekday (Monday is 0);
    #: such a window is no working time
    reception: tuple[tuple[int, tuple[Shift, ...]], ...] = ()
    #: the shifts of a full day on weekdays with hours of their own (Monday is 0); left out of the
    #: representation, from which the versions of calendars without any are made
    weekdays: tuple[tuple[int, tuple[Shift, ...]], ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        for weekday, _ in self.weekdays:
            if weekday not in range(7):
                raise CalendarConflict(
                    say("There is no weekday {weekday!r}.", weekday=weekday),
                    fix=say("Monday is 0, Sunday is 6."),
                )
        for shifts in (self.full, self.morning, *(own for _, own in self.weekdays)):
            if not shifts:
                raise CalendarConflict(say("Office hours without a shift are no office hours."))
            for earlier, later in pairwise(shifts):
                if later.start < earlier.end:
                    raise CalendarConflict(
                        say(
                            "The shifts {earlier} and {later} overlap or are in the wrong order.",
                            earlier=earlier,
                            later=later,
                        )
                    )

    @classmethod
    def parse(
        cls,
        *full: str,
        morning: Sequence[str] = (),
        reception: Mapping[int, Sequence[str]] | None = None,
        weekdays: Mapping[int, Sequence[str]] | None = None,
    ) -> OfficeHours:
        """Read the shifts of a full day, and those of a half day where they differ.

        Args:
            full: Shifts of a full day, like ``"07:30-11:30"``.
            morning: Shifts of a half day; the first shift of a full day unless given.
            reception: Windows by weekday (Monday is 0) in which the desk takes dossiers in on a
                day off; they are no working time.
            weekdays: Shifts of a full day by weekday (Monday is 0), where they are others. A
                weekday on which nobody works is a weekly rest day of the calendar.

        Raises:
            CalendarConflict: A text is not a shift, shifts overlap, or there is no such weekday.

        >>> OfficeHours.parse("07:30-11:30", "13:30-17:00", weekdays={2: ["07:30-11:30"]}).minutes(
        ...     "full", weekday=2
        ... )
        240
        """
        shifts = tuple(Shift.parse(text) for text in full)
        half = tuple(Shift.parse(text) for text in morning) or shifts[:1]
        return cls(
            full=shifts,
            morning=half,
            reception=_by_weekday(reception),
            weekdays=_by_weekday(weekdays),
        )

    def shifts(self, pattern: Pattern, *, weekday: int | None = None) -> tuple[Shift, ...]:
        """Return the shifts of a day of this pattern and weekday; none on a day off.

        Args:
            pattern: How much of the day is worked.
            weekday: Monday is 0; ``None``: one without hours of its own.
        """
        if pattern == "off":
            return ()
        if pattern == "morning":
            return self.morning
        return next((shifts for day, shifts in self.weekdays if day == weekday), self.full)

    def minutes(self, pattern: Pattern, *, weekday: int | None = None) -> int:
        """Return the minutes worked on a day of this pattern and weekday.

        Args:
            pattern: How much of the day is worked; ``off`` gives 0.
            weekday: Monday is 0; ``None``: one without hours of its own.
        """
        return sum(shift.end - shift.start for shift in self.shifts(pattern, weekday=weekday))


def _by_weekday(
    texts: Mapping[int, Sequence[str]] | None,
) -> tuple[tuple[int, tuple[Shift, ...]], ...]:
    return tuple(
        (weekday, tuple(Shift.parse(text) for text in shifts))
        for weekday, shifts in sorted((texts or {}).items())
    )


#: hours by period, in order
HoursByPeriod = tuple[tuple["Period", OfficeHours], ...]

#: 07:30-11:30 and 13:30-17:00 (assumed; no text fixes them for every agency)
OFFICE_HOURS: Final = OfficeHours.parse("07:30-11:30", "13:30-17:00")


class _DayProfile:
    """The minutes of one day: worked before each minute, and when each worked minute ends."""

    __slots__ = ("ends", "minutes", "worked")

    def __init__(self, shifts: tuple[Shift, ...]) -> None:
        at_work = bytearray(MINUTES_PER_DAY)
        for shift in shifts:
            at_work[shift.start : shift.end] = b"\1" * (shift.end - shift.start)
        #: worked[m]: minutes worked in [0, m)
        self.worked: list[int] = list(accumulate(at_work, initial=0))
        self.minutes: int = self.worked[-1]
        #: ends[k]: the minute at which the k-th minute worked ends; ends[0] is never asked for
        self.ends: list[int] = [0, *(minute + 1 for minute in range(MINUTES_PER_DAY)
                                     if at_work[minute])]  # fmt: skip


class MinuteTable:
    """Sums of worked minutes by day, and their inverse.

    ``before[i]`` holds the minutes worked before day ``i``; ``profiles[i]`` the sums within it.
    """

    __slots__ = ("before", "origin", "profiles", "total")

    def __init__(self, first: date, shifts: Sequence[tuple[Shift, ...]]) -> None:
        """Sum the shifts of consecutive days.

        Args:
            first: The day that ``shifts[0]`` belongs to.
            shifts: The shifts of each day; an empty tuple is a day off.
        """
        kinds: Mapping[tuple[Shift, ...], _DayProfile] = {
            day: _DayProfile(day) for day in set(shifts)
        }
        #: ordinal of the first day
        self.origin: int = first.toordinal()
        self.profiles: list[_DayProfile] = [kinds[day] for day in shifts]
        self.before: list[int] = list(accumulate((p.minutes for p in self.profiles), initial=0))
        self.total: int = self.before[-1]

    def worked(self, minute: int) -> int | None:
        """Return the minutes worked before a minute number; ``None`` outside the table."""
        day, rest = divmod(minute - self.origin * MINUTES_PER_DAY, MINUTES_PER_DAY)
        if 0 <= day < len(self.profiles):
            return self.before[day] + self.profiles[day].worked[rest]
        return self.total if day == len(self.profiles) and rest == 0 else None

    def minute_at(self, worked: int) -> int | None:
        """Return the minute number at which the ``worked``-th minute ends; ``None`` outside."""
        if not 0 < worked <= self.total:
            return None
        day = bisect_left(self.before, worked) - 1
        end = self.profiles[day].ends[worked - self.before[day]]
        return (self.origin + day) * MINUTES_PER_DAY + end


def hours_by_day(hours: HoursByPeriod, first: date, last: date) -> list[OfficeHours]:
    """Return the office hours of each day from ``first`` to ``last``, both inclusive.

    Raises:
        CalendarConflict: A day lies in no period; the first one is named.
    """
    begun, count = first.toordinal(), last.toordinal() - first.toordinal() + 1
    found: list[OfficeHours | None] = [None] * count
    for period, office in hours:
        since = 0 if period.start is None else max(period.start.toordinal() - begun, 0)
        until = count if period.end is None else min(period.end.toordinal() - begun, count)
        if since < until:
            found[since:until] = [office] * (until - since)
    days = [office for office in found if office is not None]
    if len(days) != count:
        missing = date.fromordinal(begun + found.index(None))
        raise CalendarConflict(
            say("No office hours are given for {missing}.", missing=missing),
            why=say(
                "The calendar covers {first} to {last}.",
                first=first,
                last=last,
            ),
            fix=say(
                "Give a period that covers the day; one without a start reaches back for ever."
            ),
        )
    return days
