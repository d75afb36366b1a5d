"""Due dates by row: the columns are read, counted unit by unit, and put together again.

A row whose count leaves the calendar is noted while the others are counted, and looked at by itself
at the end: it is refused only where what is asked of it lies past the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from igate.calendar.bounds import outside
from igate.deadlines.columns.counters import UNITS, Lengths
from igate.deadlines.columns.inputs import COARSE, FINE, NEVER, Moments, lengths_of
from igate.deadlines.columns.office import Office
from igate.deadlines.columns.single import clock_of
from igate.deadlines.columns.standstill import replay
from igate.deadlines.columns.suspensions import Stays
from igate.deadlines.columns.units import CalendarDays, DaysAndParts, Hours, WorkDays, WorkMinutes
from igate.deadlines.limits import Part, TimeLimit, Unit
from igate.errors import CalendarNotCovered, MomentError
from igate.law.localtime import epoch_minute
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import time

    from igate.calendar import WorkCalendar
    from igate.calendar.columns import Column, Datetimes, Ints
    from igate.deadlines.clock import ClockRun
    from igate.deadlines.columns.counters import Counter, Flags, Rows
    from igate.deadlines.columns.standstill import Standstill
    from igate.deadlines.columns.suspensions import Events, Suspensions
    from igate.deadlines.rules import ClockRules
    from igate.errors import IgateError

__all__ = ["DueDates", "due_dates"]

#: rows worked on at a time: what belongs to them stays in the processor's cache
_BLOCK: Final = 32_768
_DAYS: Final = (UNITS.index(Unit.DAY), UNITS.index(Unit.MONTH))
_WORKING_HOUR: Final = UNITS.index(Unit.WORKING_HOUR)
_MISSING: Final = np.datetime64("NaT").view(np.int64)
#: what is left where the clock is held at the end: it ends with the day on which it goes on
_THE_REST: Final = Lengths(
    number=np.zeros(1, np.int64),
    denominator=np.ones(1, np.int64),
    unit=np.array([UNITS.index(Unit.WORKING_DAY)]),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DueDates:
    """When each row is due, or what is left of its limit."""

    #: datetime64[m] in Vietnamese time; NaT while suspended and where no limit is stated
    due: Datetimes
    #: int64; over ``left_denominator`` it is what is left while the clock is suspended, else 0
    left: Ints
    #: int64; 60 where minutes of hours are left, the minutes of a working day where it was cut
    left_denominator: Ints
    #: int64, position in ``tuple(Unit)``; -1 where the clock is not suspended
    left_unit: Ints

    @property
    def days(self) -> Datetimes:
        """Due days, datetime64[D]; NaT as in ``due``."""
        return self.due.astype("datetime64[D]")

    @property
    def suspended(self) -> Flags:
        """Whether the clock is suspended, bool."""
        return self.left_unit >= 0

    def remaining(self, row: int) -> TimeLimit:
        """Return what is left of the limit of a row while its clock is suspended.

        Args:
            row: Position of the row, from 0.

        Returns:
            A limit of one part in the unit of the row, exact; one that is not stated where the
            clock of the row is not suspended.
        """
        if self.left_unit[row] < 0:
            return TimeLimit(parts=())
        length = Fraction(int(self.left[row]), int(self.left_denominator[row]))
        return TimeLimit(parts=(Part(length=length, unit=UNITS[self.left_unit[row]]),))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Answers:
    """The answers of some rows, filled in unit by unit."""

    due: Ints
    left: Lengths
    #: whether the count of a row has left the calendar
    beyond: Flags

    @classmethod
    def none(cls, rows: int) -> _Answers:
        left = Lengths(
            number=np.zeros(rows, np.int64),
            denominator=np.ones(rows, np.int64),
            unit=np.full(rows, -1, np.int64),
        )
        return cls(due=np.full(rows, _MISSING), left=left, beyond=np.zeros(rows, bool))

    def at(self, block: slice) -> _Answers:
        return _Answers(due=self.due[block], left=self.left.at(block), beyond=self.beyond[block])

    def count(self, rows: Rows, counter: Counter, at: Ints, events: Events | None) -> None:
        """Count some rows, each from its tick, and keep their answers."""
        own = np.arange(len(at))
        whose = own[rows] if isinstance(rows, slice) else rows
        counter.begin(slice(None), at)
        if events is None:
            self.due[rows] = counter.due(slice(None))
        else:
            self._count_around(whose, counter, replay(counter, events))
        self.beyond[rows] = counter.beyond

    def _count_around(self, whose: Ints, counter: Counter, standstill: Standstill) -> None:
        """Keep the answers of a counter whose suspensions have been read."""
        own = np.arange(len(whose))
        stopped = standstill.stopped(own)
        some, running = own[stopped], own[~stopped]
        due = standstill.due(running)
        held = due == NEVER
        self.due[whose[running]] = np.where(held, _MISSING, due // counter.office.ticks)
        self._keep(whose[some], counter.left(some, standstill.begun(some)))
        self._keep(whose[running[held]], _THE_REST)
        again = standstill.restarting()
        self.due[whose[again]] = _MISSING
        self._keep(whose[again], counter.lengths.at(again))

    def put(self, row: int, clock: ClockRun) -> None:
        """Write the answer of a row that was counted by itself."""
        parts = clock.counted.remaining
        left = sum((part.length for part in parts), Fraction(0))
        self.due[row] = _MISSING
        if clock.due is not None:
            self.due[row] = epoch_minute(clock.due)
        self.left.number[row], self.left.denominator[row] = left.numerator, left.denominator
        self.left.unit[row] = UNITS.index(parts[0].unit) if parts else -1

    def _keep(self, rows: Ints, left: Lengths) -> None:
        self.left.number[rows] = left.number
        self.left.denominator[rows] = left.denominator
        self.left.unit[rows] = left.unit


def due_dates(
    calendar: WorkCalendar,
    received: Column,
    length: Column,
    unit: Column,
    *,
    rules: ClockRules,
    suspensions: Suspensions | None = None,
    denominator: Column = 1,
    same_day_until: time | None = None,
) -> DueDates:
    """Compute the due moment of each row, as ``compute_deadline`` does for one dossier.

    Args:
        calendar: The working days.
        received: When each clock started, in Vietnamese time without a zone: datetime64 of NumPy,
            or a column of Arrow, Polars or pandas. Days stand for their midnight, and are enough
            for limits in days.
        length: Whole numbers, of days and months from 1; one for each row or one for all.
        unit: A ``Unit``, a column of their names, or of their positions in ``tuple(Unit)``; the
            name ``not_stated``, or the position after the last, gives no due date.
        rules: How the open questions are read, and what each reason does.
        suspensions: When the clocks stood still; ``None``: never.
        denominator: For fractions: 1 over 4 is a quarter of the unit. Whole numbers from 1.
        same_day_until: The hour after which a limit of 0 working days waits for the next one.

    Raises:
        CalendarNotCovered: A count leaves the calendar; the first such row is named.
        MomentError: A receipt or beginning is missing, has a zone, or is no moment; hours are to
            be counted from a day; a suspension begins before the receipt or ends before it begins.
        TimeLimitError: A unit is not known, or a length cannot be counted.
        FrameError: Columns differ in length, or numbers are not whole.

    >>> from datetime import date
    >>> from igate.deadlines.rulefile import shipped_rules
    >>> from igate.calendar import WorkCalendar
    >>> due_dates(
    ...     WorkCalendar.vietnam(),
    ...     np.array(["2024-05-02T09:00", "2024-05-06T14:00"], "M8[m]"),
    ...     [2, 3],
    ...     ["working_day", "working_hour"],
    ...     rules=shipped_rules(on=date(2024, 5, 2)),
    ... ).due
    array(['2024-05-04T17:00', '2024-05-06T17:00'], dtype='datetime64[m]')
    """
    starts = Moments.read(received, say("column received"))
    size = len(starts)
    lengths = lengths_of(length, denominator, unit, size)
    stays = None if suspensions is None else Stays.read(suspensions, rules, size)
    ticks = FINE if starts.fine or (stays is not None and stays.fine) else COARSE
    at = starts.ticks(ticks)
    events = None if stays is None or not len(stays.row) else stays.events(at, ticks)
    if starts.days:
        _refuse_hours(lengths)
    office, answers = Office(calendar, rules, ticks), _Answers.none(size)
    for begin in range(0, size, _BLOCK):
        block = slice(begin, begin + _BLOCK)
        some = answers.at(block)
        for rows, counter in _counters(office, lengths.at(block), same_day_until):
            own = None if events is None else events.among(block).among(rows)
            some.count(rows, counter, at[block][rows], own)
    for row in np.flatnonzero(answers.beyond).tolist():
        if events is None or not events.count[row]:
            raise _beyond(row, starts, lengths, calendar)
        try:
            clock = clock_of(
                row, office, lengths, int(at[row]), events=events, same_day_until=same_day_until
            )
        except CalendarNotCovered:
            raise _beyond(row, starts, lengths, calendar) from None
        answers.put(row, clock)
    return DueDates(
        due=answers.due.view("datetime64[m]"),
        left=answers.left.number,
        left_denominator=answers.left.denominator,
        left_unit=answers.left.unit,
    )


def _counters(
    office: Office, lengths: Lengths, same_day_until: time | None
) -> Iterator[tuple[Rows, Counter]]:
    """Return the rows that are counted alike, with what counts them."""
    codes = lengths.unit
    working, whole = codes == UNITS.index(Unit.WORKING_DAY), lengths.whole
    if working.all() and whole.all():
        yield slice(None), WorkDays(office, lengths, same_day_until)
        return
    broken = working & ~whole
    long = broken & (lengths.number > lengths.denominator)
    short = broken & ~long
    kinds: tuple[tuple[Flags, Callable[[Lengths], Counter]], ...] = (
        (working & whole, lambda some: WorkDays(office, some, same_day_until)),
        (np.isin(codes, _DAYS), lambda some: CalendarDays(office, some)),
        ((codes == _WORKING_HOUR) | short, lambda some: WorkMinutes(office, some)),
        (codes == UNITS.index(Unit.HOUR), lambda some: Hours(office, some)),
        (long, lambda some: DaysAndParts(office, some)),
    )
    for chosen, make in kinds:
        if chosen.any():
            rows = slice(None) if chosen.all() else np.flatnonzero(chosen)
            yield rows, make(lengths.at(rows))


def _refuse_hours(lengths: Lengths) -> None:
    """Refuse to count hours, or parts of a day, from receipts that have no hour."""
    days = np.isin(lengths.unit, _DAYS)
    days |= (lengths.unit == UNITS.index(Unit.WORKING_DAY)) & lengths.whole
    wrong = (lengths.unit >= 0) & ~days
    if wrong.any():
        row = int(np.argmax(wrong))
        raise MomentError(
            say(
                "Row {row}: {lengths} cannot be counted from a day.",
                row=row,
                lengths=lengths.text(row),
            ),
            why=say("Midnight is not when a dossier came in."),
            fix=say("Pass the moments of receipt as datetime64[m] in Vietnamese time."),
        )


def _beyond(row: int, starts: Moments, lengths: Lengths, calendar: WorkCalendar) -> IgateError:
    said = say(
        "Row {row}, {lengths} from {values},",
        row=row,
        lengths=lengths.text(row),
        values=starts.values[row],
    )
    return outside(said, calendar.first, calendar.last)
