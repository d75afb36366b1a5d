"""The five ways of counting: working days, days and months, working hours, hours, and broken days.

Each says where its number comes from, what a suspension adds to it, and what is left of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from igate.deadlines.columns.counters import UNITS, Counter, Lengths
from igate.deadlines.limits import Unit

if TYPE_CHECKING:
    from datetime import time

    from igate.calendar.columns import Ints
    from igate.deadlines.columns.counters import Flags, Rows
    from igate.deadlines.columns.office import Office

__all__ = ["CalendarDays", "DaysAndParts", "Hours", "WorkDays", "WorkMinutes"]


class _InDays(Counter):
    """Limits that are counted in days."""

    ends_with_day = True

    def __init__(self, office: Office, lengths: Lengths) -> None:
        """Prepare the counting."""
        super().__init__(office, lengths)
        #: the first day after the start that no suspension has taken out yet
        self.free = np.zeros(len(lengths.number), np.int64)

    def first_taken(self, rows: Rows, begun: Ints) -> Ints:
        """Return the first day that a suspension takes out and none before it has."""
        return np.maximum(self.first_day(begun), self.free[rows])


class WorkDays(_InDays):
    """Whole working days; the end is the number of the last one, from 1."""

    def __init__(self, office: Office, lengths: Lengths, same_day_until: time | None) -> None:
        """Prepare the counting.

        Args:
            office: What is counted with.
            lengths: How many working days, by row.
            same_day_until: The hour after which a same-day result waits for the next working day;
                without one, and without a cut-off, it is the closing of the office.
        """
        super().__init__(office, lengths)
        self._days = lengths.units
        self._result_until: int | Ints | None = office.result_until
        if same_day_until is not None:
            self._result_until = office.tick_of(same_day_until)

    def begin(self, rows: Rows, at: Ints) -> None:
        """Number the last working day."""
        days, n = self.office.days, self._days[rows]
        if not n.all():
            day, until = self.day_of(at), self._result_until
            if until is None:
                until = days.closing.take(day, mode="clip") * self.office.ticks - 1
            late = (n == 0) & self.is_after(at, day, until)
            n = n + late * days.working.take(day, mode="clip")
        # 0 working days end on the day itself if it is worked, so counting begins a day sooner
        self.free[rows] = free = self.start_day(rows, at) + (n > 0)
        self.end[rows] = days.before.take(free, mode="clip") + np.maximum(n, 1)

    def _last(self, rows: Rows) -> Ints:
        return self.look_up(self.office.days.numbered, self.end[rows] - 1, rows)

    def due(self, rows: Rows) -> Ints:
        """Return the closing minute of the last working day."""
        return self.end_of(rows, self._last(rows))

    def reaches(self, rows: Rows, begun: Ints) -> Flags:
        """Compare the last working day with the first day taken out."""
        return self._last(rows) >= self.first_day(begun)

    def take_out(self, rows: Rows, begun: Ints, until: Ints, last: Ints) -> None:  # noqa: ARG002
        """Push the end by the working days in between."""
        before, first = self.office.days.before, self.first_taken(rows, begun)
        some = (self._last(rows) >= self.first_day(begun)) & (last >= first)
        lost = self.look_up(before, last + 1, rows, some) - before.take(first, mode="clip")
        self.end[rows] += np.where(some, lost, 0)
        self.free[rows] = np.where(some, last + 1, self.free[rows])

    def left(self, rows: Rows, begun: Ints) -> Lengths:
        """Count the working days from the suspension to the end."""
        first = self.first_taken(rows, begun)
        left = self.end[rows] - self.office.days.before.take(first, mode="clip")
        return _whole(left, Unit.WORKING_DAY)


class CalendarDays(_InDays):
    """Days and months; the end is the last day, before it is moved off a day off."""

    def begin(self, rows: Rows, at: Ints) -> None:
        """Add the days, or the months: the same day number, or the last of a shorter month."""
        start, n = self.start_day(rows, at), self.lengths.units[rows]
        months = self.lengths.unit[rows] == UNITS.index(Unit.MONTH)
        if months.any():
            self.end[rows] = np.where(months, self._add_months(start, n * months), start + n)
        else:
            self.end[rows] = start + n
        self.free[rows] = start + 1

    def _add_months(self, start: Ints, n: Ints) -> Ints:
        """Return the same day number so many months later, or the last of a shorter month."""
        begins = self.office.days.month_begins
        month = self.office.days.month.take(start, mode="clip")
        later = month + n
        first = begins.take(later)
        last = begins.take(later + 1) - 1
        return np.minimum(first + (start - begins.take(month)), last)

    def due(self, rows: Rows) -> Ints:
        """Return the end of the last day, or of the next working day where the rules move it."""
        day, days = self.end[rows], self.office.days
        if self.office.rules.end_on_day_off == "next_working_day":
            number = self.look_up(days.before, day, rows)
            day = self.look_up(days.numbered, number, rows)
        return self.end_of(rows, day)

    def reaches(self, rows: Rows, begun: Ints) -> Flags:
        """Compare the last day with the first day taken out."""
        return self.end[rows] >= self.first_day(begun)

    def take_out(self, rows: Rows, begun: Ints, until: Ints, last: Ints) -> None:  # noqa: ARG002
        """Push the end by the days in between."""
        first = self.first_taken(rows, begun)
        some = self.reaches(rows, begun) & (last >= first)
        self.end[rows] += np.where(some, last - first + 1, 0)
        self.free[rows] = np.where(some, last + 1, self.free[rows])

    def left(self, rows: Rows, begun: Ints) -> Lengths:
        """Count the days from the suspension to the end."""
        first = self.first_taken(rows, begun)
        return _whole(self.end[rows] - first + 1, Unit.DAY)


class WorkMinutes(Counter):
    """Working hours, and less than a working day; the end is a sum of minutes worked."""

    _in_work = True

    def __init__(self, office: Office, lengths: Lengths) -> None:
        """Prepare the counting."""
        super().__init__(office, lengths)
        self._size = np.full(len(lengths.number), 60, np.int64)
        self._need = np.zeros(len(lengths.number), np.int64)
        self._begun = np.zeros(len(lengths.number), np.int64)
        #: 1 where nothing is to be counted: due as the next minute of work begins
        self._at_once = np.zeros(len(lengths.number), np.int64)

    def begin(self, rows: Rows, at: Ints) -> None:
        """Sum the minutes at which the limit will be used up."""
        day, lengths, days = self.start_day(rows, at), self.lengths, self.office.days
        parts = lengths.unit[rows] == UNITS.index(Unit.WORKING_DAY)
        if parts.any():
            number = days.before.take(day, mode="clip")
            worked = self.look_up(days.numbered, number, rows, parts)
            self._size[rows] = np.where(parts, days.minutes.take(worked), 60)
        self._need[rows] = -(-lengths.number[rows] * self._size[rows] // lengths.denominator[rows])
        # what counts as received on a later day runs from its opening
        opening = self.midnight(day) + days.opening.take(day, mode="clip")
        minute = np.where(day == self.day_of(at), at // self.office.ticks, opening)
        self._begun[rows] = minute
        self._at_once[rows] = (self._need[rows] == 0) & self._in_work
        self._need[rows] += self._at_once[rows]
        self.end[rows] = self.worked(rows, minute) + self._need[rows]

    def due(self, rows: Rows) -> Ints:
        """Return the minute at which the limit is used up."""
        return self.minute_at(rows, self.end[rows]) - self._at_once[rows]

    def _from(self, rows: Rows, begun: Ints) -> Ints:
        return np.maximum(begun // self.office.ticks, self._begun[rows])

    def reaches(self, rows: Rows, begun: Ints) -> Flags:
        """Compare the end with the minutes before the suspension."""
        return self.end[rows] > self.worked(rows, self._from(rows, begun))

    def take_out(self, rows: Rows, begun: Ints, until: Ints, last: Ints) -> None:  # noqa: ARG002
        """Push the end by the minutes in between."""
        since, minute = self._from(rows, begun), until // self.office.ticks
        done = self.worked(rows, since)
        some = (self.end[rows] > done) & (minute > since)
        self.end[rows] += np.where(some, self.worked(rows, minute, some) - done, 0)

    def left(self, rows: Rows, begun: Ints) -> Lengths:
        """Return the minutes from the suspension to the end as hours, or parts of a working day."""
        left = self.end[rows] - self.worked(rows, self._from(rows, begun)) - self._at_once[rows]
        return Lengths(number=left, denominator=self._size[rows], unit=self.lengths.unit[rows])


class Hours(WorkMinutes):
    """Hours of the clock on the wall: every minute is one."""

    _in_work = False

    def worked(self, rows: Rows, minute: Ints, asked: Flags | None = None) -> Ints:  # noqa: ARG002
        """Every minute counts."""
        return minute

    def minute_at(self, rows: Rows, worked: Ints, asked: Flags | None = None) -> Ints:  # noqa: ARG002
        """Every minute counts."""
        return worked


class DaysAndParts(WorkDays):
    """More than a working day and not whole: the whole days first, then minutes of the next one."""

    ends_with_day = False

    def __init__(self, office: Office, lengths: Lengths) -> None:
        """Prepare the counting."""
        super().__init__(office, lengths, None)
        #: minutes of work that suspensions have taken out of the last, broken day
        self._taken = np.zeros(len(lengths.number), np.int64)

    def begin(self, rows: Rows, at: Ints) -> None:
        """Number the last whole day."""
        super().begin(rows, at)
        self._taken[rows] = 0

    def _broken(self, rows: Rows, asked: Flags | None = None) -> tuple[Ints, Ints, Ints]:
        """Return the midnight before the broken day, its minutes, and the sum when it is due."""
        lengths, days = self.lengths, self.office.days
        midnight = self.midnight(self._last(rows) + 1)
        size = days.minutes.take(self.look_up(days.numbered, self.end[rows], rows, asked))
        part = (lengths.number % lengths.denominator)[rows] * size
        need = -(-part // lengths.denominator[rows])
        return midnight, size, self.worked(rows, midnight, asked) + need + self._taken[rows]

    def due(self, rows: Rows) -> Ints:
        """Return the minute at which the broken day is used up."""
        return self.minute_at(rows, self._broken(rows)[2])

    def reaches(self, rows: Rows, begun: Ints) -> Flags:
        """Compare the whole days, then the minutes."""
        whole = super().reaches(rows, begun)
        midnight, _, end = self._broken(rows, ~whole)
        since = np.maximum(begun // self.office.ticks, midnight)
        return whole | (end > self.worked(rows, since, ~whole))

    def take_out(self, rows: Rows, begun: Ints, until: Ints, last: Ints) -> None:
        """Push the last whole day, or else the end within the broken day."""
        whole = super().reaches(rows, begun)
        midnight, _, end = self._broken(rows, ~whole)
        since = np.maximum(begun // self.office.ticks, midnight)
        minute = until // self.office.ticks
        done = self.worked(rows, since, ~whole)
        some = ~whole & (end > done) & (minute > since)
        self._taken[rows] += np.where(some, self.worked(rows, minute, some) - done, 0)
        super().take_out(rows, begun, until, last)

    def left(self, rows: Rows, begun: Ints) -> Lengths:
        """Return the days with the part, or what is left of the part."""
        whole, days, lengths = super().reaches(rows, begun), super().left(rows, begun), self.lengths
        midnight, size, end = self._broken(rows, ~whole)
        since = np.maximum(begun // self.office.ticks, midnight)
        part = (lengths.number % lengths.denominator)[rows]
        number = days.number * lengths.denominator[rows] + part
        minutes = end - self.worked(rows, since, ~whole)
        return Lengths(
            number=np.where(whole, number, minutes),
            denominator=np.where(whole, lengths.denominator[rows], size),
            unit=days.unit,
        )


def _whole(number: Ints, unit: Unit) -> Lengths:
    code = np.full(len(number), UNITS.index(unit), np.int64)
    return Lengths(number=number, denominator=np.ones_like(number), unit=code)
