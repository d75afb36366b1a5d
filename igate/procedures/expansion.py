"""From a template and the steps of a decision to a workflow.

A state marked as expanded becomes one state a processing step (``processing_2``, ``processing_3``,
…), so a dossier that comes back from waiting comes back to its step. A row of the decision that
several do in turn becomes a state each (``processing_2_1``, ``processing_2_2``).

A way back to where a dossier came from (out of a request to withdraw, of an entry that is taken
back) is one transition for each way in, told apart by the built-in fact ``came_from``.

A step that several do together stays one state: each party's part is a fact (``done_3_finance``)
that its own action establishes, the way onward asks for all of them, and a dossier that comes into
the step anew begins with none. So parallel work needs nothing that the engine and the machine of
the ``transitions`` library do not have: guards and facts.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import structs

from igate.law.citation import Label
from igate.procedures.guard import Guard
from igate.procedures.template import BACK, DOER_ROLE, HERE, PARTY_ROLE, STEP_ROLE, Additions
from igate.procedures.workflow import (
    NO_FACTS,
    PLAIN,
    Action,
    Manner,
    State,
    Step,
    Transition,
    Workflow,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from igate.procedures.template import StateRef, Template, TemplateTransition
    from igate.procedures.workflow import FactKind, FactValue, Party, Phase, Way

__all__ = ["Expansion", "Origin", "expand", "plain_steps"]


class Origin(NamedTuple):
    """Where a transition of a workflow is written."""

    #: position of the template's transition; ``None`` for a way of a step
    transition: int | None
    #: row of the step in the file, from 0, and position of the way in it
    step: int = 0
    way: int = 0


class Expansion(NamedTuple):
    """A workflow and, for each of its transitions, where it is written."""

    workflow: Workflow
    origins: tuple[Origin, ...]


class _Spot(NamedTuple):
    """A state of the workflow, with the position of its processing step if it is expanded."""

    name: str
    at: int | None


def expand(
    template: Template, steps: Sequence[Step], additions: Additions | None = None
) -> Expansion:
    """Make the workflow of a template and the steps of a procedure.

    A transition is left out where its target does not exist (the step after the last one), where a
    way of the step takes its place, or where it is for the parties of a step that has none; and an
    action where no transition of it is left. The ways of a step come before the transitions of the
    template: of several that could be taken, the first counts.

    Args:
        template: The course.
        steps: Numbered without a gap.
        additions: Roles and facts that the procedure declares in addition to those of the template.
    """
    return _Expander(template, steps, additions or Additions()).expansion()


#: The manner of what whoever does a step may do, where nothing more is asked.
_OWN: Final = Manner(own=True)


class _Expander:
    """Makes one workflow."""

    __slots__ = (
        "_added", "_chosen", "_facts", "_manners", "_of_others", "_steps", "_template", "_working",
        "processing",
    )  # fmt: skip

    def __init__(self, template: Template, steps: Sequence[Step], added: Additions) -> None:
        self._template = template
        #: the transitions that its options leave, each with its place in the template
        self._chosen = [
            (index, chosen)
            for index, each in enumerate(template.transitions)
            if (chosen := each.chosen(added)) is not None
        ]
        self._steps = steps
        self._added = added
        self._manners: dict[tuple[str, Manner], Manner] = {}
        self.processing = [step for step in steps if step.phase == "processing"]
        #: the state in which a step is worked on; others that are expanded wait for something
        self._working = template.working or ""
        parts = [fact for step in self.processing for fact in step.undone]
        #: roles that no agency has for itself: where a step may be done in one of the competent
        #: agency's own as well, all who do it are of that agency
        self._of_others = template.any_agency_roles | (added.roles.keys() - template.roles.keys())
        self._facts: Mapping[str, FactKind] = MappingProxyType(
            {**template.facts, **added.facts, **dict.fromkeys(parts, "bool")}
        )

    def expansion(self) -> Expansion:
        pairs = [*self._of_ways(), *self._of_template()]
        pairs = self._sorted([*pairs, *self._turning(pairs)])
        made = tuple([transition for transition, _ in pairs])
        workflow = Workflow(
            name=self._template.name,
            initial=self._template.initial,
            states=MappingProxyType({state.name: state for state in self._states()}),
            actions=self._actions({transition.action for transition in made}),
            transitions=made,
            steps=tuple(self._steps),
            facts=self._facts,
            roles=MappingProxyType({**self._template.roles, **self._added.roles}),
            counters=self._counters,
            set_by=MappingProxyType({**self._template.set_by, **self._added.set_by}),
            backdaters=self._template.backdaters,
            own_dossiers=self._own_dossiers,
            stages=self._added.stages or self._template.stages,
            fact_labels=MappingProxyType({**self._template.fact_labels, **self._added.fact_labels}),
        )
        return Expansion(workflow, tuple([origin for _, origin in pairs]))

    @property
    def _counters(self) -> tuple[str, ...]:
        added = self._added.counters
        return self._template.counters if added is None else added

    @property
    def _own_dossiers(self) -> bool:
        added = self._added.own_dossiers
        return self._template.own_dossiers if added is None else added

    def _sorted(self, pairs: list[tuple[Transition, Origin]]) -> list[tuple[Transition, Origin]]:
        """Put transitions in the order of the template, after the ways of the steps."""
        last = len(self._template.transitions)
        order = {id(pair): at for at, pair in enumerate(pairs)}
        return sorted(
            pairs,
            key=lambda pair: (
                -1 if pair[1].transition is None else min(pair[1].transition, last),
                order[id(pair)],
            ),
        )

    def _actions(self, used: set[str]) -> Mapping[str, Action]:
        labels = {name: label for name, label in self._template.actions.items() if name in used}
        for way in (way for step in self.processing for way in step.ways):
            if way.label is not None:  # of several that a file gives, the first
                labels.setdefault(way.action, way.label)
        return MappingProxyType({name: Action(name=name, label=x) for name, x in labels.items()})

    def _states(self) -> Iterator[State]:
        by_phase: dict[Phase | None, Step] = {step.phase: step for step in reversed(self._steps)}
        for state in self._template.states.values():
            if state.option and state.option not in self._added.options:
                continue
            if not state.expanded:
                own = by_phase.get(state.phase)
                yield State(
                    name=state.name,
                    label=state.label,
                    national_status=state.national_status,
                    step=own.number if own else None,
                    part=own.part if own else 0,
                    final=state.final,
                )
                continue
            for step in self.processing:
                yield State(
                    name=state.name + step.ending,
                    label=_numbered(state.label, step.place),
                    national_status=state.national_status,
                    step=step.number,
                    part=step.part,
                    final=state.final,
                )

    def _of_ways(self) -> Iterator[tuple[Transition, Origin]]:
        for step in self.processing:
            for position, way in enumerate(step.ways):
                yield self._way(step, way), Origin(None, step.number - 1, position)

    def _way(self, step: Step, way: Way) -> Transition:
        target = next(at for at, each in enumerate(self.processing) if each.number == way.to)
        return Transition(
            action=way.action,
            source=self._working + step.ending,
            target=self._working + self.processing[target].ending,
            roles=step.roles,
            any_agency=self._is_elsewhere(step),
            agency=step.agency_id,
            guard=_both(way.guard, self._waits(step, way)),
            sets=_facts_set(way.sets, self.processing[target]),
            label=way.label,
            manner=self._done_by(step, PLAIN),
        )

    def _done_by(self, step: Step, manner: Manner) -> Manner:
        """Return the manner of an action that is for whoever does a step."""
        if manner == PLAIN and not step.four_eyes:
            return _OWN
        known = self._manners.get((step.place, manner))
        if known is None:
            others = tuple(
                [self._working + each.ending for number in step.four_eyes
                 for each in self.processing if each.number == number]
            )  # fmt: skip
            known = replace(manner, own=manner.assigns != "named", other_than=others)
            self._manners[step.place, manner] = known
        return known

    def _waits(self, step: Step, way: Way) -> Guard | None:
        """Return what a way asks of the parties of its step, unless its own guard says it."""
        done = self._all_done(step)
        if done is None or way.to < step.number or (way.guard and way.guard.names & done.names):
            return None
        missing = any(
            each.action == way.action and each.parties == "some_missing"
            for each in self._template.transitions
        )
        return done.negated() if missing else done

    def _of_template(self) -> Iterator[tuple[Transition, Origin]]:
        for index, transition in self._chosen:
            if transition.target.state == BACK:
                continue
            for source in self._sources(transition):
                target = self._target(transition.target, source)
                if target is not None and self._is_meant(transition, source, target):
                    made = self._transition(transition, source, target)
                    for each in self._for_parties(transition, source, made):
                        yield each, Origin(index)

    def _turning(
        self, pairs: Sequence[tuple[Transition, Origin]]
    ) -> Iterator[tuple[Transition, Origin]]:
        """Make the transitions that lead back to where the dossier came from.

        Each is as many as there are ways in; the built-in fact ``came_from`` tells them apart.
        """
        into: dict[str, list[Transition]] = {}
        for each, _ in pairs:
            if each.source != each.target:
                into.setdefault(each.target, []).append(each)
        for index, transition in self._chosen:
            if transition.target.state != BACK:
                continue
            for source in self._sources(transition):
                ways = into.get(self._name(source), ())
                made = self._undone(transition, ways) if transition.undoes else None
                for each in self._returning(transition, source, ways) if made is None else made:
                    yield each, Origin(index)

    def _returning(
        self, transition: TemplateTransition, source: _Spot, ways: Iterable[Transition]
    ) -> Iterator[Transition]:
        made = self._transition(transition, source, source)
        manner = replace(made.manner, back=True)
        for came_from in dict.fromkeys([way.source for way in ways]):
            yield Transition(
                action=made.action,
                source=made.source,
                target=came_from,
                roles=made.roles,
                any_agency=made.any_agency,
                agency=made.agency,
                guard=_both(made.guard, _came(came_from)),
                clock=made.clock,
                reason=made.reason,
                outcome=made.outcome,
                sets=made.sets,
                citation=made.citation,
                manner=manner,
            )

    def _undone(
        self, transition: TemplateTransition, ways: Iterable[Transition]
    ) -> Iterator[Transition]:
        """Make the inverse of each way in by an action that is taken back, for whoever took it."""
        manner = replace(transition.manner, undoes=True)
        groups: dict[tuple[str, str, frozenset[str], bool, str], list[str]] = {}
        for way in ways:
            if way.action in transition.undoes:
                key = way.target, way.source, way.roles, way.any_agency, way.agency
                groups.setdefault(key, []).append(way.action)
        for (source, target, roles, any_agency, agency), names in groups.items():
            last = Guard.equal("last_action", list(dict.fromkeys(names)))
            named = frozenset(transition.roles) - {DOER_ROLE}
            yield Transition(
                action=transition.action,
                source=source,
                target=target,
                roles=named | (roles if DOER_ROLE in transition.roles else frozenset()),
                any_agency=any_agency or transition.any_agency,
                agency=agency,
                guard=_both(transition.guard, _both(last, _came(target))),
                citation=transition.citation,
                manner=manner,
            )

    def _sources(self, transition: TemplateTransition) -> Iterator[_Spot]:
        count = len(self.processing)
        for ref in transition.sources:
            if not self._template.states[ref.state].expanded:
                yield _Spot(ref.state, None)
                continue
            chosen = {"first": range(min(count, 1)), "last": range(max(count - 1, 0), count)}
            named = chosen.get(ref.position or "", range(count))
            for at, step in enumerate(self.processing):
                if self._starts_at(step, at, transition, ref, named):
                    yield _Spot(ref.state, at)

    def _starts_at(
        self,
        step: Step,
        at: int,
        transition: TemplateTransition,
        ref: StateRef,
        named: Collection[int],
    ) -> bool:
        """Return whether a transition starts at a step; what the step itself says comes first."""
        if step.may is not None and ref.state == self._working and transition.is_optional:
            return transition.action in step.may
        if ref.position is not None and ref.position.isdigit():
            return step.number == int(ref.position)
        return at in named

    def _target(self, ref: StateRef, source: _Spot) -> _Spot | None:
        if ref.state == HERE:
            return source
        if not self._template.states[ref.state].expanded:
            return _Spot(ref.state, None)
        here, count = source.at or 0, len(self.processing)
        ways = {"first": 0, "last": count - 1, "same": here, "next": here + 1, "previous": here - 1}
        if ref.position is not None and ref.position.isdigit():
            numbers = [step.number for step in self.processing]
            wanted = int(ref.position)
            return _Spot(ref.state, numbers.index(wanted)) if wanted in numbers else None
        at = ways[ref.position or ""]
        return _Spot(ref.state, at) if 0 <= at < count else None

    def _is_meant(self, transition: TemplateTransition, source: _Spot, target: _Spot) -> bool:
        if source.at is None:
            return True
        step = self.processing[source.at]
        if source.name == self._working and any(
            way.action == transition.action and way.guard is None for way in step.ways
        ):
            return False
        crossing = transition.crossing
        if crossing is None or target.at is None:
            return True
        return crossing.allows(step, self.processing[target.at])

    def _transition(
        self, transition: TemplateTransition, source: _Spot, target: _Spot
    ) -> Transition:
        step = None if source.at is None else self.processing[source.at]
        roles = frozenset(transition.roles)
        manner = transition.manner
        if step is not None and STEP_ROLE in roles:
            roles = (roles - {STEP_ROLE}) | step.roles
            if transition.roles == (STEP_ROLE,):
                manner = self._done_by(step, manner)
        elsewhere = step is not None and STEP_ROLE in transition.roles and self._is_elsewhere(step)
        # a transition that others take too is not bound to the agency of the step
        bound = step.agency_id if step is not None and transition.roles == (STEP_ROLE,) else ""
        entered = None if target.at is None or target.at == source.at else target.at
        return Transition(
            action=transition.action,
            source=self._name(source),
            target=self._name(target),
            roles=roles,
            any_agency=(transition.any_agency or elsewhere) and not bound,
            agency=bound,
            guard=transition.guard,
            clock=transition.clock,
            reason=transition.reason,
            outcome=transition.outcome,
            sets=transition.sets
            if entered is None
            else _facts_set(transition.sets.items(), self.processing[entered]),
            citation=transition.citation,
            manner=manner,
        )

    def _for_parties(
        self, transition: TemplateTransition, source: _Spot, made: Transition
    ) -> Iterator[Transition]:
        """Return the transition as it is for the parties of the step that it leaves."""
        step = None if source.at is None else self.processing[source.at]
        done = None if step is None else self._all_done(step)
        if PARTY_ROLE in transition.roles:
            yield from () if step is None else self._parts(step, made, transition)
        elif transition.parties == "some_missing":
            if done is not None:
                yield structs.replace(made, guard=_both(made.guard, done.negated()))
        elif transition.parties == "all_done" and done is not None:
            yield structs.replace(made, guard=_both(made.guard, done))
        else:
            yield made

    def _parts(
        self, step: Step, made: Transition, transition: TemplateTransition
    ) -> Iterator[Transition]:
        """Return a transition a party, by which it says that its part is done, or is not."""
        takes_back = bool(transition.undoes)
        for party in step.together:
            fact = party.done_fact(step.number)
            condition = fact if takes_back else f"not {fact}"
            yield structs.replace(
                made,
                roles=(made.roles - {PARTY_ROLE}) | {party.role},
                any_agency=not party.agency_id and (made.any_agency or self._is_elsewhere(party)),
                agency=party.agency_id,
                guard=_both(made.guard, Guard.parse(condition, {fact})),
                sets=MappingProxyType({**made.sets, fact: not takes_back}),
            )

    def _all_done(self, step: Step) -> Guard | None:
        return Guard.all_of(step.undone) if step.together else None

    def _is_elsewhere(self, step: Step | Party) -> bool:
        """Return whether some other agency than the competent one does a step or part."""
        if step.agency_id:
            return False
        roles = step.roles if isinstance(step, Step) else {step.role}
        return step.agency is not None or bool(step.procedure) or roles <= self._of_others

    def _name(self, spot: _Spot) -> str:
        return spot.name if spot.at is None else spot.name + self.processing[spot.at].ending


def plain_steps(template: Template, *, processing: int) -> tuple[Step, ...]:
    """Return steps to try a template with that has none of its own, all of its first role."""
    role, label = next(iter(template.roles.items()))
    between: list[Phase] = ["processing"] * processing
    phases: list[Phase] = ["reception", *between, "handover"]
    return tuple(
        Step(number=number, phase=phase, label=label, role=role)
        for number, phase in enumerate(phases, start=1)
    )


def _came(state: str) -> Guard:
    return Guard.equal("came_from", [state])


def _both(first: Guard | None, second: Guard | None) -> Guard | None:
    if first is None or second is None:
        return first or second
    return first.and_also(second)


def _facts_set(sets: Iterable[tuple[str, FactValue]], entered: Step) -> Mapping[str, FactValue]:
    """Return what a transition establishes that comes into a step anew: no part of it is done."""
    established = dict(sets)
    if entered.together:
        established |= entered.undone
    return MappingProxyType(established) if established else NO_FACTS


def _numbered(label: Label, place: str) -> Label:
    """Write the number of the step where the label of an expanded state says ``{step}``."""
    return Label(vi=label.vi.replace("{step}", place), en=label.en.replace("{step}", place))
