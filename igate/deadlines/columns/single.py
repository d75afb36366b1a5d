"""The clock of one row, for rows whose count has left the calendar on its way.

Columns count to the end of a limit before they know that a suspension keeps it from being reached,
or that a restart makes it forgotten. One clock looks no further than it must, so it decides whether
such a row can be answered.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from igate.deadlines.clock import ClockRun
from igate.deadlines.columns.counters import UNITS
from igate.deadlines.columns.inputs import COARSE, NEVER
from igate.deadlines.limits import Part, TimeLimit, Unit
from igate.deadlines.rules import ClockMark, Interruption
from igate.law.localtime import VIETNAM

if TYPE_CHECKING:
    from datetime import time

    from igate.deadlines.columns.counters import Lengths
    from igate.deadlines.columns.office import Office
    from igate.deadlines.columns.suspensions import Events

__all__ = ["clock_of"]

_ZERO: Final = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=VIETNAM)


def clock_of(
    row: int,
    office: Office,
    lengths: Lengths,
    at: int,
    *,
    events: Events,
    same_day_until: time | None,
) -> ClockRun:
    """Run the clock of one row.

    Args:
        row: Which row.
        office: What is counted with.
        lengths: The limits of all rows.
        at: Tick of the receipt.
        events: The suspensions of all rows.
        same_day_until: As ``due_dates`` has it.

    Raises:
        CalendarNotCovered: What is asked of the row lies past the calendar.
    """
    first = int(events.first[row])
    places = range(first, first + int(events.count[row]))
    stays = {int(events.stay[place]) for place in places}
    # each suspension has a reason of its own, so that they may overlap
    effects = {
        f"stay_{stay}": Interruption(
            effect="restart" if events.restarts[stay] else "suspend",
            citation=office.rules.citation,
            label=office.rules.label,
        )
        for stay in stays
    }
    marks = [ClockMark(kind="start", at=_moment(at, office.ticks))]
    marks += [
        ClockMark(
            kind="resume" if events.ends[place] else "suspend",
            at=_moment(int(events.at[place]), office.ticks),
            reason=f"stay_{events.stay[place]}",
        )
        for place in places
        if events.at[place] != NEVER
    ]
    length = Fraction(int(lengths.number[row]), int(lengths.denominator[row]))
    part = Part(length=length, unit=UNITS[lengths.unit[row]])
    same_day = part == Part(length=Fraction(0), unit=Unit.WORKING_DAY)
    return ClockRun.of(
        TimeLimit(parts=(part,), same_day_until=same_day_until if same_day else None),
        marks=marks,
        calendar=office.calendar,
        rules=replace(office.rules, interruptions=effects),
    )


def _moment(tick: int, ticks: int) -> datetime:
    step = timedelta(minutes=tick) if ticks == COARSE else timedelta(microseconds=tick)
    return _ZERO + step
