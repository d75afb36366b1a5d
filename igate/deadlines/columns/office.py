"""A calendar and rules as the array forms of deadlines look them up: tables of days, and numbers.

Days are numbered from the first day of the calendar. A moment is a number of ticks, of which a
minute has one or more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from igate.law.localtime import EPOCH, MINUTES_PER_DAY

if TYPE_CHECKING:
    from datetime import time

    from igate.calendar import WorkCalendar
    from igate.calendar.columns import Ints
    from igate.deadlines.rules import ClockRules

__all__ = ["LAST_MINUTE", "LONGEST", "Office"]

#: the longest limit in any unit; ``limits.Part`` refuses a longer one
LONGEST: Final = 3660
#: of a day
LAST_MINUTE: Final = MINUTES_PER_DAY - 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _DayTables:
    """The days of a calendar, by their number."""

    #: working days before each day, and before the day after the last
    before: Ints
    #: the day of each working day, the first working day being number 0
    numbered: Ints
    #: 1 for a working day, 0 for a day off
    working: Ints
    #: minutes worked on each day
    minutes: Ints
    #: minute of the day at which work begins; 0 on a day off
    opening: Ints
    #: minute of the day at which work ends; the last one on a day off
    closing: Ints
    #: the month of each day, the first one being number 0
    month: Ints
    #: the day with which each month begins, as far as the longest limit reaches
    month_begins: Ints


@lru_cache(maxsize=8)
def _day_tables(calendar: WorkCalendar) -> _DayTables:
    """Turn the days of a calendar into arrays, once for each calendar in use."""
    before = np.array([0, *calendar.days.upto.values()], np.int64)
    working = before[1:] - before[:-1]
    shifts = [calendar.shifts(day) for day in calendar.days.upto]
    minutes = np.array(calendar.minutes.before, np.int64)
    first = np.datetime64(calendar.first, "D")
    month = (first + np.arange(len(working))).astype("datetime64[M]")
    months = np.arange(month[0], month[-1] + LONGEST + 2)
    return _DayTables(
        before=before,
        numbered=np.flatnonzero(working).astype(np.int64),
        working=working,
        minutes=minutes[1:] - minutes[:-1],
        opening=np.array([day[0].start if day else 0 for day in shifts], np.int64),
        closing=np.array([day[-1].end if day else LAST_MINUTE for day in shifts], np.int64),
        month=(month - month[0]).astype(np.int64),
        month_begins=(months.astype("datetime64[D]") - first).astype(np.int64),
    )


class Office:
    """What limits are counted with: a calendar, rules, and how fine the moments are."""

    def __init__(self, calendar: WorkCalendar, rules: ClockRules, ticks: int) -> None:
        """Look up what the rules ask for.

        Args:
            calendar: The working days.
            rules: How the open questions are read.
            ticks: In how many parts a minute is cut by the moments that will be given.
        """
        self.calendar = calendar
        self.rules = rules
        self.ticks = ticks
        self.days = _day_tables(calendar)
        self.day_ticks = ticks * MINUTES_PER_DAY
        #: datetime64[D] number of the first day
        self.origin = calendar.first.toordinal() - EPOCH
        self.first_midnight = self.origin * MINUTES_PER_DAY
        self.last_midnight = self.first_midnight + len(self.days.working) * MINUTES_PER_DAY
        cutoff = rules.cutoff
        #: the tick of the day after which a receipt counts for the next working day
        self.start_until = None
        #: the same for the result of a same-day limit
        self.result_until = None
        if cutoff is not None and cutoff.moves == "start":
            self.start_until = self.tick_of(cutoff.at)
        elif cutoff is not None and cutoff.moves == "result":
            self.result_until = self.tick_of(cutoff.at)
        self.first_shift = int(rules.suspension_days == "first_counts")
        self.last_shift = int(rules.suspension_days == "last_counts")

    def tick_of(self, hour: time) -> int:
        """Return the last tick of a day that does not lie after an hour."""
        seconds = (hour.hour * 60 + hour.minute) * 60 + hour.second
        return (seconds * 1_000_000 + hour.microsecond) * self.ticks // 60_000_000
