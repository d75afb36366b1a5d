"""What all ways of counting a limit on columns share: days, minutes, and what leaves the calendar.

Each unit has one number that is the end of the limit: for working days the number of the last
working day, for days and months the last day, for hours and parts of a working day the sum of
minutes at which the limit is used up. To take a suspension out is to add to that number what lies
inside the suspension, so a limit of 500 days costs what a limit of 5 costs. The rules are those of
``igate.deadlines.counting``, which counts one limit at a time; a test holds the two equal.

Days are numbered from the first day of the calendar, minutes from 1970-01-01T00:00.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from igate.calendar.arrays import add_minutes, count_minutes
from igate.calendar.columns import Ints
from igate.deadlines.columns.office import LAST_MINUTE
from igate.deadlines.limits import Unit
from igate.law.localtime import MINUTES_PER_DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from igate.deadlines.columns.office import Office

__all__ = ["UNITS", "Counter", "Flags", "Lengths", "Rows"]

#: the units in the order of their codes
UNITS = tuple(Unit)
Flags: TypeAlias = "NDArray[np.bool_]"
#: which rows of a counter are meant: all, or some, each once
Rows: TypeAlias = Ints | slice


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lengths:
    """Limits by row: ``number / denominator`` of a unit; int64 arrays of one length."""

    number: Ints
    denominator: Ints
    #: position in ``UNITS``
    unit: Ints

    def text(self, row: int) -> str:
        """Write the limit of a row."""
        unit = UNITS[self.unit[row]].value
        over = self.denominator[row]
        return f"{self.number[row]} {unit}" if over == 1 else f"{self.number[row]}/{over} {unit}"

    @property
    def whole(self) -> Flags:
        """Whether each limit is so many whole units."""
        if (self.denominator == 1).all():
            return np.ones(len(self.number), bool)
        whole: Flags = self.number % self.denominator == 0
        return whole

    @property
    def units(self) -> Ints:
        """How many whole units each limit has."""
        one = bool((self.denominator == 1).all())
        return self.number if one else self.number // self.denominator

    def at(self, rows: Rows) -> Lengths:
        """Return the limits of some rows."""
        return Lengths(
            number=self.number[rows], denominator=self.denominator[rows], unit=self.unit[rows]
        )


class Counter(ABC):
    """Limits that are counted alike, each with the end that it has come to."""

    #: whether a limit ends with a day, so that the clock can be suspended at its end
    ends_with_day = False

    def __init__(self, office: Office, lengths: Lengths) -> None:
        """Prepare the counting; ``begin`` starts it."""
        self.office = office
        self.lengths = lengths
        #: the end of each limit as a number; what it numbers differs by unit
        self.end = np.zeros(len(lengths.number), np.int64)
        #: whether the count of a row has left the calendar
        self.beyond = np.zeros(len(lengths.number), bool)

    @abstractmethod
    def begin(self, rows: Rows, at: Ints) -> None:
        """Start the count of some rows anew, each at its tick."""

    @abstractmethod
    def due(self, rows: Rows) -> Ints:
        """Return the due minute of some rows."""

    @abstractmethod
    def reaches(self, rows: Rows, begun: Ints) -> Flags:
        """Return whether the limit had not ended when a suspension began, each at its tick."""

    @abstractmethod
    def take_out(self, rows: Rows, begun: Ints, until: Ints, last: Ints) -> None:
        """Take suspensions out that begin later than those before.

        Args:
            rows: Of each suspension.
            begun: Tick of the beginning.
            until: Tick of the end.
            last: The last day that does not count, as ``last_day`` gives it.
        """

    @abstractmethod
    def left(self, rows: Rows, begun: Ints) -> Lengths:
        """Return what is left of limits that a suspension has stopped."""

    def day_of(self, at: Ints) -> Ints:
        """Return the number of the day in which a tick lies."""
        day: Ints = at // self.office.day_ticks - self.office.origin
        return day

    def midnight(self, day: Ints) -> Ints:
        """Return the minute with which a day begins."""
        return (day + self.office.origin) * MINUTES_PER_DAY

    def is_after(self, at: Ints, day: Ints, until: int | Ints) -> Flags:
        """Return whether ticks lie after a tick of their day."""
        return at - self.midnight(day) * self.office.ticks > until

    def first_day(self, begun: Ints) -> Ints:
        """Return the first day that a suspension takes out."""
        return self.day_of(begun) + self.office.first_shift

    def last_day(self, rows: Rows, until: Ints) -> Ints:
        """Return the last day that a suspension takes out."""
        return self.resumption_day(rows, until) - self.office.last_shift

    def resumption_day(self, rows: Rows, until: Ints) -> Ints:
        """Return the day that counts as that of the end, as ``counting.resumption_day`` does."""
        office, day = self.office, self.day_of(until)
        if office.start_until is None or not office.rules.cutoff_on_resumption:
            return day
        late = self.is_after(until, day, office.start_until)
        working = self.look_up(office.days.working, day, rows, late)
        return self.next_working_day(rows, day, late & (working > 0))

    def held_until(self, rows: Rows, until: Ints) -> Ints:
        """Return the minute at which the working day ends on which a held clock goes on."""
        days, day = self.office.days, self.resumption_day(rows, until)
        number = self.look_up(days.before, day, rows)
        end = self.end_of(rows, self.look_up(days.numbered, number, rows))
        over = end * self.office.ticks <= until
        if over.any():
            after = self.look_up(days.numbered, number + 1, rows, over)
            end = np.where(over, self.end_of(rows, after), end)
        return end

    def look_up(self, table: Ints, index: Ints, rows: Rows, asked: Flags | None = None) -> Ints:
        """Look numbers up; what lies outside the table is noted for rows of which it is asked."""
        if index.size and (index.min() < 0 or index.max() >= len(table)):
            self.note((index < 0) | (index >= len(table)), rows, asked)
        # a calendar may hold no working day at all
        return (table if len(table) else np.zeros(1, np.int64)).take(index, mode="clip")

    def note(self, outside: Flags, rows: Rows, asked: Flags | None = None) -> None:
        """Note rows whose count has left the calendar."""
        self.beyond[rows] |= outside if asked is None else outside & asked

    def start_day(self, rows: Rows, at: Ints) -> Ints:
        """Return the day that counts as the day of receipt, as ``counting.deemed_start`` does."""
        office, day = self.office, self.day_of(at)
        working = self.look_up(office.days.working, day, rows) > 0
        waits = np.zeros(len(day), bool)
        if office.start_until is not None and office.rules.cutoff_on_start:
            waits |= working & self.is_after(at, day, office.start_until)
        if office.rules.receipt_on_day_off == "next_working_day":
            waits |= ~working
        return self.next_working_day(rows, day, waits)

    def next_working_day(self, rows: Rows, day: Ints, asked: Flags) -> Ints:
        """Return the first working day after each day of which it is asked, else the day."""
        if not asked.any():
            return day
        number = self.office.days.before.take(day + 1, mode="clip")
        return np.where(asked, self.look_up(self.office.days.numbered, number, rows, asked), day)

    def end_of(self, rows: Rows, day: Ints) -> Ints:
        """Return the minute at which a day ends for a limit in days."""
        if self.office.rules.end_of_day == "midnight":
            return self.midnight(day) + LAST_MINUTE
        return self.midnight(day) + self.look_up(self.office.days.closing, day, rows)

    def worked(self, rows: Rows, minute: Ints, asked: Flags | None = None) -> Ints:
        """Sum the minutes worked before each minute."""
        office = self.office
        self.note((minute < office.first_midnight) | (minute > office.last_midnight), rows, asked)
        inside = minute.clip(office.first_midnight, office.last_midnight)
        midnight = np.int64(office.first_midnight).view("datetime64[m]")
        return count_minutes(office.calendar, midnight, inside.view("datetime64[m]"))

    def minute_at(self, rows: Rows, worked: Ints, asked: Flags | None = None) -> Ints:
        """Return the minute at which so many minutes of work are done."""
        office, total = self.office, self.office.calendar.minutes.total
        self.note(worked > total, rows, asked)
        if total == 0:
            return worked
        midnight = np.int64(office.first_midnight).view("datetime64[m]")
        return add_minutes(office.calendar, midnight, worked.clip(1, total)).view(np.int64)
