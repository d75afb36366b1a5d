"""How many officers a desk needs: what came is worked again by more or fewer of them, simulated.

The arrivals and the ways of the dossiers are those that were observed; the time that each step
takes is drawn from the times that steps like it took. Every level of staffing is given the same
draws, so that levels differ by their officers and not by luck. A run is repeated with other draws,
and the interval is that of the mean over the runs: it says how far the draws alone move the result,
not how another year would have been.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from igate.calendar import WorkCalendar
from igate.errors import IgateError
from igate.metrics.queueing import simulate
from igate.metrics.stays import read_stays
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from igate.metrics.queueing import Run
    from igate.metrics.stays import Worked
    from igate.words.sentence import Sentence

__all__ = ["Estimate", "Level", "Line", "Staffing", "interval", "staffing"]

#: Resamples of the bootstrap, and what the interval leaves out at either end.
_RESAMPLES = 2_000
_TAIL = 0.025
#: With fewer runs an interval says nothing.
_FEWEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The mean over the runs, with a 95 % interval of it."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A queue under one level of staffing."""

    #: what the column ``by`` calls it, such as a role
    name: str
    #: how many work on it; ``None``: as many as were needed
    officers: int | None
    #: stays that are counted
    visits: int
    #: hours of work that a stay waited for an officer, mean
    wait: Estimate
    #: share of the officers' office time that was worked, 0..1; ``None`` where they are no number
    load: Estimate | None
    #: how many waited, mean over the office time
    waiting: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What one level of staffing comes to."""

    officers: Mapping[str, int]
    #: share of the dated dossiers finished on the due day or before; ``None``: none has a date
    on_time: Estimate | None
    #: hours of work that a dossier waited for officers, all steps together, mean
    wait: Estimate
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """What was simulated, and on what it rests."""

    levels: tuple[Level, ...]
    #: dossiers that are counted, and those of them that have a due date and an end
    dossiers: int
    dated: int
    replications: int
    seed: int
    #: what was taken to be so, to be read before the numbers
    assumptions: tuple[Sentence, ...]

    def columns(self) -> dict[str, list[Any]]:
        """Return a row for each queue of each level, for a frame.

        Returns:
            Lists of equal length: ``level`` (from 1), ``queue``, ``officers`` (``None``: no limit),
            ``visits``, then ``wait_hours``, ``load``, ``waiting``, ``on_time`` (of the level) and
            ``dossier_wait_hours`` (of the level), each also with ``_low`` and ``_high``.
        """
        rows = [
            _row(number, level, line)
            for number, level in enumerate(self.levels, start=1)
            for line in level.lines
        ]
        return {name: [row[name] for row in rows] for name in rows[0]}


def _row(number: int, level: Level, line: Line) -> dict[str, Any]:
    row: dict[str, Any] = {
        "level": number, "queue": line.name, "officers": line.officers, "visits": line.visits,
    }  # fmt: skip
    estimates = {
        "wait_hours": line.wait,
        "load": line.load,
        "waiting": line.waiting,
        "on_time": level.on_time,
        "dossier_wait_hours": level.wait,
    }
    for name, each in estimates.items():
        row[name] = each and each.mean
        row[f"{name}_low"], row[f"{name}_high"] = each and each.low, each and each.high
    return row


def staffing(
    visits: Mapping[str, Sequence[object]],
    levels: Sequence[Mapping[str, int]],
    *,
    by: str = "role",
    due: Mapping[str, object] | None = None,
    share: Mapping[str, float] | None = None,
    period: tuple[date, date] | None = None,
    calendar: WorkCalendar | None = None,
    replications: int = 30,
    seed: int,
) -> Staffing:
    """Simulate what came to a desk under other numbers of officers.

    Args:
        visits: As ``visit_columns`` or ``table_visits`` returns them, or columns of your own:
            ``code``, the one that ``by`` names, ``entered`` (moments with a zone) and ``minutes``
            of office time; where they are there, ``left``, ``procedure`` and ``place`` too.
        levels: For each level of staffing how many officers each queue has; one that is not named
            keeps nobody waiting.
        by: The column that says in which queue a visit is, such as ``role``, ``holder`` or
            ``agency``.
        due: The due date of each dossier, by its code: a date, a moment or ``None``; that of the
            column ``due`` when absent. Without either there is no share on time.
        share: What part of a visit was work, by queue, above 0 and at most 1; the rest was waiting,
            which the simulation makes anew. 1 for a queue that is not named.
        period: First and last day, inclusive, of the arrivals that are counted; the others only
            keep the officers busy.
        calendar: When officers work; that of the civil service with expected days when absent.
        replications: How many runs, at least 5.
        seed: Of the draws, from 0; the same seed gives the same result.

    Returns:
        The levels in the order given, with intervals, and the assumptions.

    Raises:
        FrameError: A column is missing or a cell cannot be used.
        CalendarNotCovered: A moment or a due date lies outside the calendar.
        IgateError: A number cannot be used, a queue is not there, nothing came in the period, or
            the extra ``staffing`` is not installed.
    """
    days = WorkCalendar.vietnam(provisional=True) if calendar is None else calendar
    shares = dict(share or {})
    _check_numbers(levels, shares, replications, seed)
    worked = read_stays(
        visits, by=by, share=shares, due=_due(visits) if due is None else due, calendar=days,
        named={name for level in levels for name in level},
    )  # fmt: skip
    asked = _Asked.of(worked, period)
    _check_names([*levels, shares], {name for name, _ in asked.stays} | asked.names)
    runs = _runs(worked, levels, asked, replications, seed)
    return Staffing(
        levels=tuple(
            _level(level, run, asked, seed) for level, run in zip(levels, runs, strict=True)
        ),
        dossiers=len(asked.counted),
        dated=len(asked.dated),
        replications=replications,
        seed=seed,
        assumptions=_assumptions(shares, replications),
    )


def _due(visits: Mapping[str, Sequence[object]]) -> dict[str, object]:
    codes = [str(code) for code in visits.get("code", ())]
    return dict(zip(codes, visits.get("due", ()), strict=False))


def interval(values: NDArray[np.float64], *, seed: int) -> Estimate:
    """Return a mean with the percentile bootstrap interval of 95 % (Efron 1979).

    Args:
        values: One a run, at least one.
        seed: Of the resampling.
    """
    chance = np.random.default_rng([seed, len(values)])
    places = chance.integers(len(values), size=(_RESAMPLES, len(values)))
    low, high = np.quantile(values[places].mean(axis=1), [_TAIL, 1 - _TAIL])
    mean = float(values.mean())
    # a mean of equal numbers is not always that number to the last bit
    return Estimate(mean=mean, low=min(mean, float(low)), high=max(mean, float(high)))


def _check_numbers(
    levels: Sequence[Mapping[str, int]], share: Mapping[str, float], replications: int, seed: int
) -> None:
    """Refuse numbers that make no simulation.

    Raises:
        IgateError: One of them does not.
    """
    if not levels or any(
        type(many) is not int or many < 1 for own in levels for many in own.values()
    ):
        raise IgateError(
            say("Staffing needs levels, each with at least one officer a queue."),
            fix=say('Pass [{{"officer": 2}}, {{"officer": 3}}].'),
        )
    for name, part in share.items():
        if not 0 < part <= 1:
            raise IgateError(
                say("{part!r} of {name!r} is no part of a visit.", part=part, name=name),
                fix=say("Pass a number above 0 and at most 1."),
            )
    for text, number, fewest in (
        (say("{count} runs give no interval.", count=replications), replications, _FEWEST),
        (say("{seed} is no seed.", seed=seed), seed, 0),
    ):
        if number < fewest:
            raise IgateError(text, fix=say("Pass at least {fewest}.", fewest=fewest))


def _check_names(named: Sequence[Mapping[str, object]], there: set[str]) -> None:
    unknown = sorted({name for own in named for name in own} - there)
    if unknown:
        raise IgateError(
            say("No visit is in the queue {queue!r}.", queue=unknown[0]),
            fix=say("The queues are {names}.", names=", ".join(sorted(there))),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is counted: places of dossiers, and rows of stays by queue."""

    counted: tuple[int, ...]
    #: place and due minute of each dossier whose end and due date are known
    dated: tuple[tuple[int, int], ...]
    stays: tuple[tuple[str, tuple[int, ...]], ...]
    names: set[str]

    @classmethod
    def of(cls, worked: Worked, period: tuple[date, date] | None) -> _Asked:
        """Choose what is counted.

        Raises:
            IgateError: Nothing came in the period.
        """
        places = [
            place
            for place, each in enumerate(worked.dossiers)
            if period is None or period[0] <= each.day <= period[1]
        ]
        if not places:
            raise IgateError(
                say("No dossier came in the period."), fix=say("Choose another period.")
            )
        rows: dict[str, list[int]] = {}
        for place in places:
            for stage in worked.dossiers[place].stages:
                for stay in stage:
                    rows.setdefault(stay.queue, []).append(stay.row)
        dated = [
            (place, due)
            for place in places
            if (due := worked.dossiers[place].due) is not None and worked.dossiers[place].ended
        ]
        return cls(
            counted=tuple(places),
            dated=tuple(dated),
            stays=tuple((name, tuple(rows[name])) for name in sorted(rows)),
            names={s.queue for each in worked.dossiers for stage in each.stages for s in stage},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What is kept of one run: on time, wait of a dossier, and of each queue three numbers."""

    on_time: float
    wait: float
    lines: tuple[tuple[float, float, float], ...]

    @classmethod
    def of(cls, run: Run, asked: _Asked, officers: Mapping[str, int]) -> _Seen:
        waits = [sum(run.queues[name].waits[row] for row in rows) for name, rows in asked.stays]
        in_time = sum(round(run.finished[place], 6) <= due for place, due in asked.dated)
        lines = []
        for (name, rows), waited in zip(asked.stays, waits, strict=True):
            queue, room = run.queues[name], officers.get(name, 0) * run.span
            load = queue.busy / room if room else 0.0
            waiting = queue.area / run.span if run.span else 0.0
            lines.append((waited / len(rows) / 60, load, waiting))
        return cls(
            on_time=in_time / max(1, len(asked.dated)),
            wait=sum(waits) / len(asked.counted) / 60,
            lines=tuple(lines),
        )


def _runs(
    worked: Worked,
    levels: Sequence[Mapping[str, int]],
    asked: _Asked,
    replications: int,
    seed: int,
) -> list[list[_Seen]]:
    """Run every level with the same draws; return what was seen, by level and run."""
    found: list[list[_Seen]] = [[] for _ in levels]
    for number in range(replications):
        work = worked.draw(np.random.default_rng([seed, number]))
        for level, own in zip(levels, found, strict=True):
            own.append(_Seen.of(simulate(worked.dossiers, level, work), asked, level))
    return found


def _level(officers: Mapping[str, int], runs: Sequence[_Seen], asked: _Asked, seed: int) -> Level:
    def of(values: list[float]) -> Estimate:
        return interval(np.array(values), seed=seed)

    lines = []
    for place, (name, rows) in enumerate(asked.stays):
        waits, loads, waiting = zip(*(run.lines[place] for run in runs), strict=True)
        lines.append(
            Line(
                name=name,
                officers=officers.get(name),
                visits=len(rows),
                wait=of(list(waits)),
                load=of(list(loads)) if name in officers else None,
                waiting=of(list(waiting)),
            )
        )
    return Level(
        officers=dict(officers),
        on_time=of([run.on_time for run in runs]) if asked.dated else None,
        wait=of([run.wait for run in runs]),
        lines=tuple(lines),
    )


def _assumptions(share: Mapping[str, float], replications: int) -> tuple[Sentence, ...]:
    parts = ", ".join(f"{name} {part:g}" for name, part in sorted(share.items()))
    part_said = (
        say("Of a visit this part was work, as given: {parts}; 1 elsewhere.", parts=parts)
        if parts
        else say(
            "All office time of a visit was work. Where some of it was waiting in line, the load "
            "and the waits are too high; give the part that was work."
        )
    )
    return (
        say(
            "Dossiers come when they came and go the way they went; nobody is at work at the "
            "beginning."
        ),
        say(
            "In each queue the first to come is the first to be taken, without priorities; a queue "
            "without a number of officers keeps nobody waiting."
        ),
        say(
            "The work of a step is drawn from what visits to the same step took, whoever did it "
            "and however much lay there."
        ),
        part_said,
        say(
            "All officers of a queue are alike, work all the office hours of the calendar and none "
            "outside them, and take up after a pause what they left."
        ),
        say(
            "Time in which the clock stood, such as a wait for the applicant, lasts as it did and "
            "takes no officer."
        ),
        say(
            "On time is a dossier that is finished on its due day or before; one without a due "
            "date, or with a visit that lasts, is not in the share."
        ),
        say(
            "Intervals: 95 %, percentile bootstrap of the mean over {count} runs. They show how "
            "far the draws of work move the result, not another year.",
            count=replications,
        ),
    )
