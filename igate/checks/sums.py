"""The time of the steps, held against the time limit on every way through a procedure.

A decision prints a time for each step and one for the whole; each branch and each case must keep
the limit that is its own. So for every channel, case and area that the file distinguishes, the
longest way through the workflow is found, and its sum is compared with the limit of such a dossier.
A way back to an earlier step is a repetition, which no decision counts, and is not followed; a step
counts once, however often a dossier waits meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple, get_args

from igate.checks.possible import can_hold
from igate.deadlines.limits import Length, TimeLimit, Unit, longest, total
from igate.errors import TimeLimitError
from igate.files.fault import Fault
from igate.procedures.workflow import Channel
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from igate.files.yaml import KeyPath
    from igate.procedures.procedure import Procedure, Revision
    from igate.procedures.workflow import Step, Transition, Workflow

__all__ = ["step_sums"]
#: Kinds of dossiers that a message names before the rest is only counted.
_NAMED: Final = 3
_UNITS: Final[Mapping[Unit, str]] = {
    Unit.WORKING_DAY: say("working days"),
    Unit.DAY: say("days"),
    Unit.WORKING_HOUR: say("working hours"),
    Unit.HOUR: say("hours"),
    Unit.MONTH: say("months"),
}


class _For(NamedTuple):
    """Dossiers that a file distinguishes."""

    channel: Channel
    case: str
    area: str

    def spelled(self, *, by_channel: bool) -> str:
        """Say which dossiers are meant; nothing where all are."""
        channel = self.channel if by_channel else ""
        parts = (("channel", channel), ("case", self.case), ("area", self.area))
        return ", ".join(f"{name} {value}" for name, value in parts if value)


class _Way(NamedTuple):
    """Steps one after another, and their time."""

    steps: tuple[Step, ...]
    #: ``None``: nothing of it is counted
    time: Length | None


class _Sum(NamedTuple):
    """A way, and the limit of the dossiers that take it."""

    way: _Way
    limit: Length


class _Mixed(Exception):
    """Two lengths are in units that do not add up."""


def step_sums(procedure: Procedure) -> Iterator[Fault]:
    """Find revisions whose steps take longer than a limit, on some way and for some dossiers.

    Where they take less on every way, that is a note: a row of the table may be missing.
    """
    for index, (_, revision) in enumerate(procedure.revisions):
        stated = any(rule.limit.stated for rule in revision.limits)
        workflow = revision.workflow
        if stated and (workflow.stages or any(_stated(step) for step in workflow.steps)):
            yield from _of_revision(revision, ("revisions", index, "steps"))


def _of_revision(revision: Revision, path: KeyPath) -> Iterator[Fault]:
    sums, mixed = _sums(revision)
    if mixed:
        message = say("The steps and the limit are in units that cannot be compared.")
        yield Fault("mixed-units", path, message, say("Compare their sum with the limit by hand."))
    for found, dossiers in sums.items():
        if found.way.time and found.way.time.amount > found.limit.amount:
            yield _exceeds(found, dossiers, revision, path)
    whole = all(step.limit is None or step.limit.stated for step in revision.workflow.steps)
    if whole and not mixed and sums and all(_is_below(found) for found in sums):
        most = max(sums, key=lambda found: found.way.time.amount if found.way.time else 0)
        yield _falls_short(most, path)


def _sums(revision: Revision) -> tuple[dict[_Sum, list[_For]], bool]:
    """Return the longest way and the limit of every kind of dossier that has a stated limit.

    Returns:
        Those that can be compared, with the dossiers; and whether there are others.
    """
    found: dict[_Sum, list[_For]] = {}
    try:
        walks = _Walks(revision.workflow)
    except _Mixed:
        return found, True
    mixed = False
    for dossier in _dossiers(revision):
        try:
            limit = revision.limit_for(
                channel=dossier.channel, case=dossier.case, area=dossier.area
            )
        except TimeLimitError:  # there is no limit for such a dossier, so none is handed in
            continue
        if not limit.stated:
            continue
        allowed = total([limit])
        try:
            way = walks.longest(dossier)
        except _Mixed:
            mixed = True
            continue
        if way.time is not None and allowed is not None and allowed.unit is way.time.unit:
            found.setdefault(_Sum(way, allowed), []).append(dossier)
        elif way.time is not None:
            mixed = True
    return found, mixed


def _dossiers(revision: Revision) -> Iterator[_For]:
    """Return one dossier of each kind that the limits or the guards distinguish."""
    channels: tuple[Channel, ...] = get_args(Channel)
    if not _by_channel(revision):
        channels = channels[:1]
    for channel, case, area in product(channels, ("", *revision.cases), ("", *revision.areas)):
        yield _For(channel, case, area)


def _by_channel(revision: Revision) -> bool:
    """Return whether a limit or a guard depends on the channel."""
    guards = [each.guard for each in revision.workflow.transitions if each.guard is not None]
    by_limit = any(rule.channel for rule in revision.limits)
    return by_limit or any("channel" in guard.names for guard in guards)


def _exceeds(found: _Sum, dossiers: list[_For], revision: Revision, path: KeyPath) -> Fault:
    counted = [step.place for step in found.way.steps if _stated(step)]
    every = [step.place for step in revision.workflow.steps if _stated(step)]
    who = (
        say("The steps")
        if counted == every
        else say("The steps {counted}", counted=", ".join(counted))
    )
    whose = [each.spelled(by_channel=_by_channel(revision)) for each in dossiers]
    named = "" if "" in whose else say(" for {whose}", whose="; ".join(whose[:_NAMED]))
    if named and len(whose) > _NAMED:
        named = together(named, say(" and {count} more", count=len(whose) - _NAMED), between="")
    return Fault(
        "steps-exceed-limit",
        path,
        say(
            "{who} take {number} together, the limit is {number_2}{named}{assumed}.",
            who=who,
            number=_number(found.way.time),
            number_2=_number(found.limit, unit=False),
            named=named,
            assumed=_assumed(found.limit),
        ),
        say("Compare both with the decision; if it says so itself, leave it."),
    )


def _falls_short(found: _Sum, path: KeyPath) -> Fault:
    return Fault(
        "steps-below-limit",
        path,
        say(
            "The steps take {number} together, the limit is {number_2}{assumed}.",
            number=_number(found.way.time),
            number_2=_number(found.limit, unit=False),
            assumed=_assumed(found.limit),
        ),
        say("See whether a row of the table is missing; if the decision says so itself, leave it."),
    )


def _is_below(found: _Sum) -> bool:
    return found.way.time is not None and found.way.time.amount < found.limit.amount


class _Walks:
    """Finds the longest way of each kind of dossier through a workflow."""

    def __init__(self, workflow: Workflow) -> None:
        self._workflow = workflow
        order = {(step.number, step.part): at for at, step in enumerate(workflow.steps)}
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

    def longest(self, dossier: _For) -> _Way:
        """Return the way that takes longest; all steps where no way comes to an end.

        Raises:
            _Mixed: Two ways, or two steps of one, are in units that cannot be compared.
        """
        given = {"channel": dossier.channel, "case": dossier.case, "area": dossier.area}
        known: dict[_Here, tuple[int, ...] | None] = {}
        start = _Here(self._workflow.initial, -1, frozenset())
        try:
            found = self._after(start, given, known)
        except RecursionError:  # hundreds of steps; no decision has a hundred
            raise _Mixed from None
        whole = range(len(self._times))
        return self._way(whole if found is None else sorted({*found, *self._always}))

    def _after(
        self, here: _Here, given: Mapping[str, str], known: dict[_Here, tuple[int, ...] | None]
    ) -> tuple[int, ...] | None:
        """Return the steps that are still to come on the longest way; ``None`` if it has no end."""
        if here in known:
            return known[here]
        known[here] = () if self._workflow.states[here.state].is_end else None
        ways = []
        for target in self._targets(here.state, given):
            on = self._onward(here, target)
            rest = None if on is None else self._after(on, given, known)
            if on is not None and rest is not None:
                ways.append((on.done, *rest) if on.done > here.done else rest)
        if ways:
            timed = [self._way(way) for way in ways]
            if len({way.time.unit for way in timed if way.time}) > 1:
                raise _Mixed
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

    def _way(self, places: Iterable[int]) -> _Way:
        """Put steps together.

        Raises:
            _Mixed: They are in units that do not add up.
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
            raise _Mixed
        return _Way(tuple(self._workflow.steps[at] for at in chosen), time if times else None)

    def _targets(self, state: str, given: Mapping[str, str]) -> Iterator[str]:
        """Return the states into which such a dossier could come, whatever is not given."""
        taken: dict[str, frozenset[str]] = {}
        for each in self._from[state]:
            if each.roles <= taken.get(each.action, frozenset()) or not self._can(each, given):
                continue
            if each.guard is None or each.guard.names <= given.keys():
                # it holds for every such dossier, so what comes after it is never reached
                taken[each.action] = each.roles | taken.get(each.action, frozenset())
            yield each.target

    def _can(self, transition: Transition, given: Mapping[str, str]) -> bool:
        guard = transition.guard
        if guard is None:
            return True
        own = {name: value for name, value in given.items() if name in guard.names}
        key = (guard.text, *own.values())
        if key not in self._open:
            self._open[key] = can_hold(guard, self._workflow.facts, own) is not False
        return self._open[key]


class _Here(NamedTuple):
    """Where a way has come: the state, the step last begun, and the states since then."""

    state: str
    done: int
    seen: frozenset[str]


def _time(step: Step) -> TimeLimit | None:
    """Return the time of a step: its own or, of parties at the same time, the longest.

    Raises:
        _Mixed: The times of the parties cannot be compared.
    """
    if step.limit is not None and step.limit.stated:
        return step.limit
    parties = [each.limit for each in step.together if each.limit is not None and each.limit.stated]
    found = longest(parties)
    if parties and found is None:
        raise _Mixed
    return found


def _stated(step: Step) -> bool:
    limits = [step.limit, *(each.limit for each in step.together)]
    return any(limit is not None and limit.stated for limit in limits)


def _number(length: Length | None, *, unit: bool = True) -> str:
    if length is None:
        return say("no time")
    words = _UNITS[length.unit] if unit else ""
    return together(f"{float(length.amount):g}", words)


def _assumed(length: Length) -> str:
    hours = length.unit is Unit.WORKING_HOUR
    return say(" (8 working hours to a working day: assumed)") if hours else ""
