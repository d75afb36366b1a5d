"""Every situation into which a dossier can come, and what is open from there.

A situation is a state with all that a guard could ask of a dossier's past: the facts that actions
have established, how often a supplement was asked for and an apology made, where the dossier came
from, and whether its clock runs. There are few of them, so they are all gone through. What a guard
asks of the day, or what a caller is free to say, is left open: a way is there if some value opens
it. So what is shown of all ways holds of every dossier, and a fault that is found is believed only
when the engine itself takes the way (:mod:`igate.checks.replay`).
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, Final, NamedTuple

from igate.checks.course import SYSTEM
from igate.checks.possible import can_hold, values_of
from igate.procedures.machine import compile_table
from igate.procedures.workflow import BUILT_IN_FACTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from igate.checks.walks import Kind
    from igate.deadlines.rules import ClockRules
    from igate.procedures.guard import Guard
    from igate.procedures.workflow import FactValue, Transition, Workflow

__all__ = ["GIVEN_UP", "LATE", "Move", "Situation", "Situations", "TooMany"]

#: Situations that are looked at; a workflow with more is not judged.
_MOST: Final = 20_000
_NEVER: Final = 100_000
#: What a guard is told of the day when one has waited as long as one likes.
LATE: Final[Mapping[str, FactValue]] = {
    "days_waiting": _NEVER,
    "working_days_since_receipt": _NEVER,
    "terms_lapsed": True,
}
#: Outcome of a dossier that the applicant has taken back.
GIVEN_UP: Final = "withdrawn"
#: Counters of the journal that are followed even where no guard asks for them.
_FOLLOWED: Final = frozenset({"supplement_requests", "apologies"})


class TooMany(Exception):
    """There are more situations than can be gone through."""


class Situation(NamedTuple):
    """Where a dossier is, and what has become of it so far."""

    state: str
    #: where it came from, and where from before that while it waits inside a wait
    trail: tuple[str, ...]
    #: ``before`` the start, ``runs``, ``stands``, ``over``
    clock: str
    #: values of the facts that are followed, in their order
    facts: tuple[FactValue, ...]


class Move(NamedTuple):
    """A transition that is open in a situation, and where it leads."""

    source: Situation
    transition: Transition
    target: Situation

    @property
    def is_plain(self) -> bool:
        """Whether it asks for nothing but facts and a reason."""
        manner = self.transition.manner
        return not (manner.asks or manner.answers or manner.upkeep)

    @property
    def by_system(self) -> bool:
        """Whether nobody need decide it."""
        return SYSTEM in self.transition.roles

    @property
    def by_agency(self) -> bool:
        """Whether somebody of the agency takes it, of those who work there."""
        return bool(self.transition.roles - {SYSTEM, "applicant"})


class _Asked(NamedTuple):
    """What a guard asks of a situation."""

    #: facts that are followed, and their places
    names: tuple[str, ...]
    places: tuple[int, ...]
    #: whether it asks where the dossier came from
    origin: bool
    #: what is the same for every dossier of the kind
    fixed: Mapping[str, FactValue]


class Situations:
    """Goes through the situations of one kind of dossier."""

    def __init__(self, workflow: Workflow, rules: ClockRules, dossier: Kind) -> None:
        """Find out which facts have to be followed."""
        self._rules = rules
        self._workflow = workflow
        self._given: Mapping[str, FactValue] = {
            "channel": dossier.channel, "case": dossier.case, "area": dossier.area,
        }  # fmt: skip
        self._waits = compile_table(workflow).waits
        self._from: defaultdict[str, list[Transition]] = defaultdict(list)
        asked: set[str] = set()
        for each in workflow.transitions:
            if not each.manner.undoes:  # what takes an entry back leads where the dossier was
                self._from[each.source].append(each)
                asked |= each.guard.names if each.guard is not None else set()
        self._names = tuple(sorted(_FOLLOWED | asked & {*self._established(), "send_backs"}))
        self._caps = {
            name: max([1, *map(int, self._said(name))])
            for name in self._names
            if self._counts(name)
        }
        self._asks_origin = {
            each.source
            for each in workflow.transitions
            if each.guard is not None and "came_from" in each.guard.names
        }
        self._open: dict[tuple[object, ...], bool] = {}
        self._guards: dict[str, _Asked] = {}
        self._late: dict[Situation, list[Move]] = {}

    def _established(self) -> set[str]:
        """Return the facts that transitions alone establish; others may be said at any time."""
        workflow = self._workflow
        named = {name for each in workflow.transitions for name in (*each.sets, *each.manner.needs)}
        return named - workflow.parts.keys() - workflow.set_by.keys()

    def _counts(self, name: str) -> bool:
        return name in BUILT_IN_FACTS

    @property
    def first(self) -> Situation:
        """The situation of a dossier that has been handed in."""
        kinds = self._workflow.facts
        unset: Mapping[str, FactValue] = {"bool": False, "text": ""}
        facts = tuple(unset.get(kinds.get(name, "int"), 0) for name in self._names)
        return Situation(self._workflow.initial, (), "before", facts)

    def count(self, situation: Situation, name: str) -> int:
        """Return a counter of the journal, up to the number that guards tell apart."""
        return int(situation.facts[self._names.index(name)])

    def reached(self, *, plainly: bool = False) -> dict[Situation, Move | None]:
        """Return every situation, with the move by which it was first reached.

        Args:
            plainly: Only by actions that ask for no more than an example can say.

        Raises:
            TooMany: There are more than can be gone through.
        """
        found: dict[Situation, Move | None] = {self.first: None}
        waiting = deque(found)
        while waiting:
            for move in self.moves(waiting.popleft()):
                if move.target not in found and (move.is_plain or not plainly):
                    found[move.target] = move
                    waiting.append(move.target)
            if len(found) > _MOST:
                raise TooMany
        return found

    def moves(self, here: Situation, day: Mapping[str, FactValue] | None = None) -> Iterator[Move]:
        """Return what is open in a situation.

        Args:
            here: The situation.
            day: What guards are told of the day; what is not in it may be anything.
        """
        shut: dict[str, frozenset[str]] = {}
        for each in self._from[here.state]:
            taken = shut.get(each.action, frozenset())
            if each.roles <= taken or not self._is_open(each, here, day or {}):
                continue
            if each.guard is None or self._is_certain(each.guard, here):
                shut[each.action] = taken | each.roles
            for target in self._after(here, each):
                if target != here:
                    yield Move(here, each, target)

    def path(self, to: Situation, reached: Mapping[Situation, Move | None]) -> list[Transition]:
        """Return the transitions that lead to a situation, by the moves that first reached it."""
        found: list[Transition] = []
        move = reached[to]
        while move is not None:
            found.append(move.transition)
            move = reached[move.source]
        return found[::-1]

    def ways_out(self, here: Situation) -> Iterator[Move]:
        """Return what is still open when one has waited as long as one likes.

        That the applicant gives up is no way out.
        """
        if here not in self._late:
            left = -_NEVER if here.clock == "runs" else _NEVER
            moves = self.moves(here, {**LATE, "working_days_left": left})
            self._late[here] = [each for each in moves if each.transition.outcome != GIVEN_UP]
        yield from self._late[here]

    def knows(self, here: Situation, clock: str) -> bool:
        """Return whether some action of a state does this to the clock, open or not."""
        return any(each.clock == clock for each in self._from[here.state])

    def is_end(self, here: Situation) -> bool:
        """Return whether the applicant has the answer."""
        return self._workflow.states[here.state].is_end

    def _asked(self, guard: Guard) -> _Asked:
        """Return what a guard asks of a situation; worked out once."""
        asked = self._guards.get(guard.text)
        if asked is None:
            names = [name for name in self._names if name in guard.names]
            asked = self._guards[guard.text] = _Asked(
                tuple(names),
                tuple(self._names.index(name) for name in names),
                "came_from" in guard.names,
                {name: value for name, value in self._given.items() if name in guard.names},
            )
        return asked

    def _is_open(
        self, transition: Transition, here: Situation, day: Mapping[str, FactValue]
    ) -> bool:
        guard = transition.guard
        if guard is None:
            return True
        asked = self._asked(guard)
        values = tuple([here.facts[at] for at in asked.places])
        origin = here.trail[-1] if asked.origin and here.trail else None
        told = tuple([each for each in day.items() if each[0] in guard.names])
        key = (guard.text, values, origin, told)
        if key not in self._open:
            given = {**asked.fixed, **dict(zip(asked.names, values, strict=True)), **dict(told)}
            if origin is not None:
                given["came_from"] = origin
            self._open[key] = can_hold(guard, self._workflow.facts, given) is not False
        return self._open[key]

    def _is_certain(self, guard: Guard, here: Situation) -> bool:
        """Return whether a guard that is open depends on nothing that is not known."""
        asked = self._asked(guard)
        known = len(asked.names) + len(asked.fixed) + bool(asked.origin and here.trail)
        return known == len(guard.names)

    def _after(self, here: Situation, transition: Transition) -> Iterator[Situation]:
        trail = self._trail(here, transition)
        clock = self._clock(here, transition)
        for facts in self._facts(here, transition):
            yield Situation(transition.target, trail, clock, facts)

    def _trail(self, here: Situation, transition: Transition) -> tuple[str, ...]:
        source, target = transition.source, transition.target
        if source == target:
            return here.trail
        if transition.manner.back:
            trail = here.trail[:-1]
        elif source in self._waits and target in self._waits:
            trail = (*here.trail, source)
        else:
            trail = (source,)
        # where it came from is asked in a few states only
        return trail if target in self._waits or target in self._asks_origin else ()

    def _clock(self, here: Situation, transition: Transition) -> str:
        effect, reason = transition.clock, transition.reason
        if effect == "start":
            later = bool(reason) and self._rules.effect(reason) == "none"
            return here.clock if later else "runs"
        if effect == "suspend":
            return here.clock if self._rules.effect(reason) == "none" else "stands"
        if effect == "resume":
            return "runs"
        return "over" if effect in {"finish", "stop"} else here.clock

    def _facts(self, here: Situation, transition: Transition) -> Iterator[tuple[FactValue, ...]]:
        facts = list(here.facts)
        counter = _counted(transition)
        if counter in self._caps:
            at = self._names.index(counter)
            facts[at] = min(int(facts[at]) + 1, self._caps[counter])
        for name, value in transition.sets.items():
            if name in self._names:
                facts[self._names.index(name)] = value
        found = [facts]
        for name in transition.manner.needs:
            if name in self._names and name not in transition.sets:
                found = [
                    self._with(each, name, value) for each in found for value in self._said(name)
                ]
        yield from (tuple(each) for each in found)

    def _with(self, facts: list[FactValue], name: str, value: FactValue) -> list[FactValue]:
        at = self._names.index(name)
        return [*facts[:at], value, *facts[at + 1 :]]

    def _said(self, name: str) -> tuple[FactValue, ...]:
        """Return the values of a fact that guards tell apart."""
        guards = [
            each.guard
            for each in self._workflow.transitions
            if each.guard is not None and name in each.guard.names
        ]
        kind = {**BUILT_IN_FACTS, **self._workflow.facts}[name]
        return tuple(dict.fromkeys(v for guard in guards for v in values_of(guard, kind)))


def _counted(transition: Transition) -> str:
    """Return the counter of the journal that an entry moves, as the engine does."""
    if transition.clock == "suspend" and transition.reason == "supplement":
        return "supplement_requests"
    if transition.clock == "replace":
        return "apologies"
    return "send_backs" if transition.action == "send_back" else ""
