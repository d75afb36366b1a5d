"""The stays of dossiers in steps as work for officers: when it comes, who does it, how much it is.

Time is counted in minutes of work since the first day of the calendar, so nights, lunch, days off
and Tết take none of it, and work that is begun before a pause goes on after it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

import numpy as np

from igate.errors import FrameError
from igate.law.localtime import MINUTES_PER_DAY, local, minute_number
from igate.metrics.refusal import suggest
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from igate.calendar import WorkCalendar

__all__ = ["Stay", "Work", "Worked", "read_stays"]

#: Columns that say which stays are alike, beside the one that names the queue.
_ALIKE: Final = ("procedure", "place")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One row: a dossier at a step; minutes of work."""

    row: int
    code: str
    queue: str
    entered: int
    #: the day on which it came, Vietnamese time
    day: date
    #: ``None`` while it lasts
    left: int | None
    #: how long it lasted, waits for others taken off
    lasted: int
    #: what an officer worked on it
    work: float
    #: stays whose work may be drawn in the place of this one's
    alike: tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A dossier: stages one after the other, each of stays at the same time."""

    code: str
    arrival: int
    day: date
    stages: tuple[tuple[Stay, ...], ...]
    #: minutes after each stage in which nobody worked on it, such as a wait for the applicant
    pauses: tuple[int, ...]
    #: whether every stay has ended
    ended: bool
    #: minutes of work up to the end of the due day; ``None`` without one
    due: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """All that comes to a desk, in order of time, and the work to draw from."""

    dossiers: tuple[Work, ...]
    #: place in ``drawn`` of the first work like that of each stay, by row
    first: NDArray[np.int64]
    #: how many there are
    many: NDArray[np.int64]
    #: minutes, those of like stays together
    drawn: NDArray[np.float64]

    def draw(self, chance: np.random.Generator) -> list[float]:
        """Draw the work of every stay, by row."""
        places = (chance.random(len(self.first)) * self.many).astype(np.int64)
        found: list[float] = self.drawn[self.first + places].tolist()
        return found


def read_stays(
    visits: Mapping[str, Sequence[object]],
    *,
    by: str,
    share: Mapping[str, float],
    due: Mapping[str, object],
    calendar: WorkCalendar,
    named: Collection[str] = (),
) -> Worked:
    """Read visits.

    Args:
        visits: Columns of equal length.
        by: The column that names the queue.
        share: The part of a visit that was work, by queue; 1 elsewhere.
        due: Due dates by code.
        calendar: When officers work.
        named: The queues that have a number of officers; the work of each is to be known.

    Raises:
        FrameError: A column is missing, or a cell cannot be used.
        CalendarNotCovered: A moment lies outside the calendar.
    """
    for name in ("code", by, "entered", "minutes"):
        if name not in visits:
            raise FrameError(
                say("The visits have no column {key!r}.", key=name),
                fix=suggest(name, visits, say("Their columns are")),
            )
    many = len(visits["code"])
    for name, cells in visits.items():
        if len(cells) != many:
            raise FrameError(
                say(
                    "The column {name!r} has {count} cells and code has {many}.",
                    name=name, count=len(cells), many=many,
                ),
                fix=say("Pass columns of equal length."),
            )  # fmt: skip
    if not many:
        raise FrameError(
            say("There is no visit."), fix=say("Pass those of a longer time, or of another desk.")
        )
    stays = [_stay(visits, row, by, share, calendar) for row in range(many)]
    first, counts, drawn = _pools(stays, named)
    own: dict[str, list[Stay]] = defaultdict(list)
    for stay in stays:
        own[stay.code].append(stay)
    dossiers = [_dossier(code, each, due.get(code), calendar) for code, each in own.items()]
    dossiers.sort(key=lambda each: (each.arrival, each.stages[0][0].row))
    return Worked(dossiers=tuple(dossiers), first=first, many=counts, drawn=drawn)


def _stay(
    visits: Mapping[str, Sequence[object]],
    row: int,
    by: str,
    share: Mapping[str, float],
    calendar: WorkCalendar,
) -> Stay:
    entered, minutes = visits["entered"][row], visits["minutes"][row]
    left = visits["left"][row] if "left" in visits else entered
    if not isinstance(entered, datetime) or not isinstance(left, datetime | None):
        raise _unusable(row, say("When it came or left is no moment."))
    if not isinstance(minutes, int | float) or not 0 <= minutes < float("inf"):
        raise _unusable(row, say("{minutes!r} is no number of minutes.", minutes=minutes))
    queue = str(visits[by][row])
    came = calendar.worked(minute_number(local(entered)))
    if "left" not in visits:
        gone: int | None = came + round(minutes)
    else:
        gone = None if left is None else calendar.worked(minute_number(local(left)))
    return Stay(
        row=row,
        code=str(visits["code"][row]),
        queue=queue,
        entered=came,
        day=local(entered).date(),
        left=gone,
        lasted=round(minutes),
        work=float(minutes) * share.get(queue, 1.0),
        alike=(queue, *(visits[name][row] for name in _ALIKE if name in visits)),
    )


def _unusable(row: int, why: str) -> FrameError:
    return FrameError(
        say("Visit {number} cannot be used.", number=row + 1),
        why=why,
        fix=say("Pass the columns of visit_columns."),
    )


def _pools(
    stays: Sequence[Stay], named: Collection[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Put like work together; a step that nobody has ended draws from all of its queue.

    Raises:
        FrameError: No visit to a queue that is named has ended.
    """
    pools: dict[tuple[object, ...], list[float]] = defaultdict(list)
    for stay in stays:
        if stay.left is not None:
            pools[stay.alike].append(stay.work)
            if len(stay.alike) > 1:
                pools[stay.queue,].append(stay.work)
    for stay in stays:
        if (stay.queue,) not in pools and stay.queue in named:
            raise FrameError(
                say("No visit to {queue!r} has ended.", queue=stay.queue),
                why=say("How long its work takes is drawn from the visits that have."),
                fix=say("Pass the visits of a longer time."),
            )
        # a queue in which nobody waits may take what it has taken so far
        pools.setdefault((stay.queue,), [stay.work])
    begins: dict[tuple[object, ...], int] = {}
    drawn: list[float] = []
    for key, works in pools.items():
        begins[key] = len(drawn)
        drawn += works
    keys = [stay.alike if stay.alike in pools else (stay.queue,) for stay in stays]
    return (
        np.array([begins[key] for key in keys], dtype=np.int64),
        np.array([len(pools[key]) for key in keys], dtype=np.int64),
        np.array(drawn, dtype=np.float64),
    )


def _dossier(code: str, stays: list[Stay], due: object, calendar: WorkCalendar) -> Work:
    stages: list[list[Stay]] = []
    for stay in sorted(stays, key=lambda each: (each.entered, each.row)):
        if stages and stages[-1][0].entered == stay.entered and _together(stages[-1][0], stay):
            stages[-1].append(stay)
        else:
            stages.append([stay])
    return Work(
        code=code,
        arrival=stages[0][0].entered,
        day=stages[0][0].day,
        stages=tuple(tuple(stage) for stage in stages),
        pauses=_pauses(stages),
        ended=all(stay.left is not None for stay in stays),
        due=None if due is None else _end_of_day(due, code, calendar),
    )


def _together(one: Stay, other: Stay) -> bool:
    """Return whether two stays that began together are parts of one step."""
    return one.alike[1:] == other.alike[1:] and one.queue != other.queue


def _pauses(stages: Sequence[Sequence[Stay]]) -> tuple[int, ...]:
    """Return the office time after each stage that was nobody's: up to the next, or to the end."""
    after = [stage[0].entered for stage in stages[1:]]
    ends = [stay.left for stay in stages[-1] if stay.left is not None]
    after.append(max(ends) if len(ends) == len(stages[-1]) else 0)
    return tuple(
        max(0, end - stage[0].entered - max(stay.lasted for stay in stage))
        for stage, end in zip(stages, after, strict=True)
    )


def _end_of_day(due: object, code: str, calendar: WorkCalendar) -> int:
    day = local(due).date() if isinstance(due, datetime) else due
    if not isinstance(day, date):
        raise FrameError(
            say("{due!r} is no due date.", due=due),
            where=code,
            fix=say("Pass a date, a moment with a zone, or None."),
        )
    return calendar.worked((day.toordinal() + 1) * MINUTES_PER_DAY)
