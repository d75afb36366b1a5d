"""One simulated run of a desk: dossiers come, wait in line for an officer, and are worked on.

The clock of the simulation counts minutes of work, so that it stands still while the office is
closed. A queue without a number of officers keeps nobody waiting.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from igate.errors import IgateError
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from types import ModuleType

    from simpy import Environment, Event, Resource

    from igate.metrics.stays import Stay, Work

__all__ = ["Queue", "Run", "simulate"]


@dataclass(slots=True)
class Queue:
    """What happened in one queue; minutes of work."""

    #: wait of each stay, by row
    waits: dict[int, float] = field(default_factory=dict)
    #: minutes that officers worked
    busy: float = 0.0
    #: how many wait now, since when, and the sum of waiting times time up to then
    waiting: int = 0
    since: float = 0.0
    area: float = 0.0

    def changed(self, by: int, now: float) -> None:
        """Let somebody join the line, or leave it."""
        self.area += self.waiting * (now - self.since)
        self.waiting, self.since = self.waiting + by, now


@dataclass(slots=True)
class Run:
    """What happened in one run."""

    queues: dict[str, Queue] = field(default_factory=lambda: defaultdict(Queue))
    #: minute of work in which each dossier was finished, by its place
    finished: dict[int, float] = field(default_factory=dict)
    #: from the first arrival to the last finish, minutes of work
    span: float = 0.0


def _simpy() -> ModuleType:
    try:
        import simpy  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise IgateError(
            say("Staffing cannot be simulated."),
            why=say("It needs SimPy ({error}).", error=error),
            fix=say('Run: pip install "igate[staffing]"'),
        ) from error
    found: ModuleType = simpy
    return found


def simulate(dossiers: Sequence[Work], officers: Mapping[str, int], work: Sequence[float]) -> Run:
    """Let dossiers go through their queues until all are done.

    Args:
        dossiers: In order of arrival.
        officers: How many there are for a queue; one that is not named keeps nobody waiting.
        work: Minutes of work of each stay, by its row.

    Raises:
        IgateError: The extra ``staffing`` is not installed.
    """
    simpy = _simpy()
    begin = dossiers[0].arrival
    env: Environment = simpy.Environment(initial_time=begin)
    lines = {name: simpy.Resource(env, capacity=many) for name, many in officers.items()}
    desk = _Desk(env=env, lines=lines, work=work)
    for queue in officers:
        desk.run.queues[queue].since = begin
    for place, dossier in enumerate(dossiers):
        env.process(desk.dossier(place, dossier))
    env.run()
    desk.run.span = env.now - begin
    return desk.run


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What a run goes on with."""

    env: Environment
    lines: Mapping[str, Resource]
    work: Sequence[float]
    run: Run = field(default_factory=Run)

    def dossier(self, place: int, dossier: Work) -> Generator[Event]:
        yield self.env.timeout(dossier.arrival - self.env.now)
        for stage, pause in zip(dossier.stages, dossier.pauses, strict=True):
            if len(stage) == 1:
                yield from self.stay(stage[0])
            else:
                yield self.env.all_of([self.env.process(self.stay(each)) for each in stage])
            if pause:
                yield self.env.timeout(pause)
        self.run.finished[place] = self.env.now

    def stay(self, stay: Stay) -> Generator[Event]:
        queue, work, line = self.run.queues[stay.queue], self.work[stay.row], None
        if stay.queue in self.lines:
            line = self.lines[stay.queue]
        came = self.env.now
        if line is None:
            yield self.env.timeout(work)
        else:
            queue.changed(1, came)
            with line.request() as turn:
                yield turn
                queue.changed(-1, self.env.now)
                yield self.env.timeout(work)
        queue.waits[stay.row] = max(0.0, self.env.now - work - came)
        queue.busy += work
