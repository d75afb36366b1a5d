"""The ways of a dossier through a workflow: over which steps, and how long they take together.

A way back to an earlier step is a repetition, which no decision counts, and is not followed; a step
counts once, however often a dossier waits meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple, get_args

from igate.checks.possible import can_hold
from igate.deadlines.limits import Length, TimeLimit, longest, total
from igate.errors import TimeLimitError
from igate.procedures.workflow import Channel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from igate.procedures.procedure import Revision
    from igate.procedures.workflow import Step, Transition, Workflow

__all__ = ["Course", "Kind", "MixedUnits", "Walks", "limits_of", "told_by_channel"]

#: Effects on the clock after which the work goes on.
_GOING_ON: Final = (None, "replace", "extend")
#: Ways to the end that are looked at; a workflow with more is not judged.
_MOST: Final = 1000


class Kind(NamedTuple):
    """Dossiers that a file distinguishes."""

    channel: Channel
    case: str
    area: str

    def spelled(self, *, by_channel: bool) -> str:
        """Say which dossiers are meant; nothing where all are."""
        channel = self.channel if by_channel else ""
        parts = (("channel", channel), ("case", self.case), ("area", self.area))
        return ", ".join(f"{name} {value}" for name, value in parts if value)


class Course(NamedTuple):
    """Steps one after another, and their time."""

    steps: tuple[Step, ...]
    #: ``None``: nothing of it is counted
    time: Length | None


class MixedUnits(Exception):
    """Two lengths are in units that do not add up."""


def _kinds_of_dossiers(revision: Revision) -> Iterator[Kind]:
    """Return one dossier of each kind that the limits or the guards distinguish."""
    channels: tuple[Channel, ...] = get_args(Channel)
    if not told_by_channel(revision):
        channels = channels[:1]
    for channel, case, area in product(channels, ("", *revision.cases), ("", *revision.areas)):
        yield Kind(channel, case, area)


def limits_of(revision: Revision) -> Iterator[tuple[Kind, TimeLimit]]:
    """Return each kind of dossier that can be handed in, with its limit, stated or not."""
    for dossier in _kinds_of_dossiers(revision):
        try:
            limit = revision.limit_for(
                channel=dossier.channel, case=dossier.case, area=dossier.area
            )
        except TimeLimitError:  # there is no limit for such a dossier, so none is handed in
            continue
        yield dossier, limit


def told_by_channel(revision: Revision) -> bool:
    """Return whether a limit or a guard depends on the channel."""
    guards = [each.guard for each in revision.workflow.transitions if each.guard is not None]
    by_limit = any(rule.channel for rule in revision.limits)
    return by_limit or any("channel" in guard.names for guard in guards)


class Walks:
    """Finds the longest way of each kind of dossier through a workflow."""

    def __init__(self, workflow: Workflow) -> None:
        self._workflow = workflow
        self._order = order = {
            (step.number, step.part): at for at, step in enumerate(workflow.steps)
        }
        #: by state, the position of the step that is done there
        self._place = {
            state.name: order.get((state.step or 0, state.part))
            for state in workflow.states.values()
        }
        self._times = [_time(step) for step in workflow.steps]
        held = set(self._place.values())
        #: steps that no state of the template holds: they are on every way
        self._always = tuple(at for at in range(len(order)) if at not in held)
        self._open: dict[tuple[str, ...], bool] = {}
        self._from: defaultdict[str, list[Transition]] = defaultdict(list)
        for each in workflow.transitions:
            if not each.manner.upkeep:  # what puts something right is no way through
                self._from[each.source].append(each)

    def longest(self, dossier: Kind) -> Course:
        """Return the way that takes longest; all steps where no way comes to an end.

        Raises:
            MixedUnits: Two ways, or two steps of one, are in units that cannot be compared.
        """
        given = {"channel": dossier.channel, "case": dossier.case, "area": dossier.area}
        known: dict[_Here, tuple[int, ...] | None] = {}
        start = _Here(self._workflow.initial, -1, frozenset())
        try:
            found = self._after(start, given, known)
        except RecursionError:  # hundreds of steps; no decision has a hundred
            raise MixedUnits from None
        whole = range(len(self._times))
        return self._way(whole if found is None else sorted({*found, *self._always}))

    def taken(self, course: Iterable[Step]) -> Course:
        """Return a way over some of the steps, with the time that they take together.

        Raises:
            MixedUnits: They are in units that cannot be compared.
        """
        return self._way(self._order[step.number, step.part] for step in course)

    def _after(
        self, here: _Here, given: Mapping[str, str], known: dict[_Here, tuple[int, ...] | None]
    ) -> tuple[int, ...] | None:
        """Return the steps that are still to come on the longest way; ``None`` if it has no end."""
        if here in known:
            return known[here]
        known[here] = () if self._workflow.states[here.state].is_end else None
        ways = []
        for way in self._open_ways(here.state, given):
            on = self._onward(here, way.target)
            rest = None if on is None else self._after(on, given, known)
            if on is not None and rest is not None:
                ways.append((on.done, *rest) if on.done > here.done else rest)
        if ways:
            timed = [self._way(way) for way in ways]
            if len({way.time.unit for way in timed if way.time}) > 1:
                raise MixedUnits
            amounts = [way.time.amount if way.time else Fraction() for way in timed]
            known[here] = ways[amounts.index(max(amounts))]
        return known[here]

    def _onward(self, here: _Here, target: str) -> _Here | None:
        """Go on to a state; ``None`` where that is back, or round in a circle."""
        place = self._place[target]
        if place is not None and place > here.done:
            return _Here(target, place, frozenset({target}))
        if target in here.seen or (place is not None and place < here.done):
            return None
        return _Here(target, here.done, here.seen | {target})

    def courses(self, dossier: Kind) -> tuple[tuple[Step, ...], ...]:
        """Return the steps of each way from the start of the clock to the end of the work.

        A way whose steps are all on another, in their order, is left out: it takes no longer. So
        are the steps before the clock starts and after it has ended, and interruptions.

        Raises:
            MixedUnits: There are hundreds of steps, or more than a thousand ways.
        """
        given = {"channel": dossier.channel, "case": dossier.case, "area": dossier.area}
        known: dict[_Here, frozenset[tuple[int, ...]]] = {}
        found: set[tuple[int, ...]] = set()
        starts = [each for ways in self._from.values() for each in ways if each.clock == "start"]
        try:
            for each in starts:
                place = self._place[each.target]
                if self._can(each, given):
                    here = _Here(
                        each.target, -1 if place is None else place, frozenset({each.target})
                    )
                    done = () if place is None else (place,)
                    found |= {(*done, *rest) for rest in self._to_the_end(here, given, known)}
        except RecursionError:  # hundreds of steps; no decision has a hundred
            raise MixedUnits from None
        kept = _longest_of(found)
        return tuple(tuple(self._workflow.steps[at] for at in each) for each in kept)

    def _to_the_end(
        self,
        here: _Here,
        given: Mapping[str, str],
        known: dict[_Here, frozenset[tuple[int, ...]]],
    ) -> frozenset[tuple[int, ...]]:
        """Return the steps still to come on each way to the end of the work."""
        if here in known:
            return known[here]
        known[here] = frozenset()
        found: set[tuple[int, ...]] = set()
        for way in self._open_ways(here.state, given):
            if way.clock == "finish":
                found.add(())
            on = self._onward(here, way.target) if way.clock in _GOING_ON else None
            if on is not None:
                done = (on.done,) if on.done > here.done else ()
                found |= {(*done, *rest) for rest in self._to_the_end(on, given, known)}
        if len(found) > _MOST:
            raise MixedUnits
        known[here] = frozenset(found)
        return known[here]

    def _way(self, places: Iterable[int]) -> Course:
        """Put steps together.

        Raises:
            MixedUnits: They are in units that do not add up.
        """
        chosen = tuple(places)
        times = [limit for at in chosen if (limit := self._times[at]) is not None]
        steps = [self._workflow.steps[at] for at in chosen]
        # a stage counts once, on whatever of its steps the way leads over
        times += [
            stage.limit
            for stage in self._workflow.stages
            if any(stage.holds(step) for step in steps)
        ]
        time = total(times)
        if time is None:
            raise MixedUnits
        return Course(tuple(self._workflow.steps[at] for at in chosen), time if times else None)

    def _open_ways(self, state: str, given: Mapping[str, str]) -> Iterator[Transition]:
        """Return the ways that such a dossier could take, whatever is not given."""
        taken: dict[str, frozenset[str]] = {}
        for each in self._from[state]:
            if each.roles <= taken.get(each.action, frozenset()) or not self._can(each, given):
                continue
            if each.guard is None or each.guard.names <= given.keys():
                # it holds for every such dossier, so what comes after it is never reached
                taken[each.action] = each.roles | taken.get(each.action, frozenset())
            yield each

    def _can(self, transition: Transition, given: Mapping[str, str]) -> bool:
        guard = transition.guard
        if guard is None:
            return True
        own = {name: value for name, value in given.items() if name in guard.names}
        key = (guard.text, *own.values())
        if key not in self._open:
            self._open[key] = can_hold(guard, self._workflow.facts, own) is not False
        return self._open[key]


def _longest_of(ways: set[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Leave out a way whose steps are all on another."""
    kept: list[tuple[int, ...]] = []
    for way in sorted(ways, key=lambda each: (-len(each), each)):
        if not any(set(way) <= set(other) for other in kept):
            kept.append(way)
    return kept


class _Here(NamedTuple):
    """Where a way has come: the state, the step last begun, and the states since then."""

    state: str
    done: int
    seen: frozenset[str]


def _time(step: Step) -> TimeLimit | None:
    """Return the time of a step: its own or, of parties at the same time, the longest.

    Raises:
        MixedUnits: The times of the parties cannot be compared.
    """
    if step.limit is not None and step.limit.stated:
        return step.limit
    parties = [each.limit for each in step.together if each.limit is not None and each.limit.stated]
    found = longest(parties)
    if parties and found is None:
        raise MixedUnits
    return found
