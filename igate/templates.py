"""Templates: the course of a kind of procedure, and the workflow made from it.

Decisions that approve internal processes differ in their steps, not in their course: a dossier is
received, passes its processing steps, may wait for a supplement, a payment or an opinion, and is
handed back. A template holds the course; the steps of a decision turn it into a workflow. A state
marked as expanded becomes one state a processing step (``processing_2``, ``processing_3``, …), so
a dossier that comes back from waiting comes back to its step.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from igate.citation import Label
from igate.workflow import Action, State, Transition, Workflow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from igate.citation import Citation
    from igate.clock import ClockKind, Cutoff
    from igate.dossier import FactValue
    from igate.guard import Guard
    from igate.workflow import FactKind, Phase, Step

__all__ = [
    "POSITIONS",
    "STEP_ROLE",
    "Crossing",
    "Expansion",
    "Position",
    "StateRef",
    "Template",
    "TemplateState",
    "TemplateTransition",
    "expand",
]

#: Which of the states that an expanded state becomes; next, previous and same are seen from the
#: step that the transition leaves.
Position = Literal["first", "next", "previous", "same", "last"]
POSITIONS: tuple[Position, ...] = get_args(Position)
#: Stands for the role of the step that the transition leaves.
STEP_ROLE = "step"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRef:
    """A state as a template's transition names it: ``received``, ``processing.next``."""

    state: str
    position: str | None = None

    @classmethod
    def parse(cls, text: str) -> StateRef:
        """Read ``state`` or ``state.position``; whether they exist is checked with the template."""
        state, dot, position = text.partition(".")
        return cls(state=state, position=position if dot else None)

    def __str__(self) -> str:
        return self.state if self.position is None else f"{self.state}.{self.position}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Only where the way between two steps enters, leaves or does not cross those of one role.

    ``stays`` means that both steps, or neither, are done by the role.
    """

    kind: Literal["enters", "leaves", "stays"]
    role: str

    def allows(self, source: Step, target: Step) -> bool:
        """Tell whether a transition from one step to another is meant."""
        was, becomes = source.role == self.role, target.role == self.role
        crossing = {(False, True): "enters", (True, False): "leaves"}.get((was, becomes), "stays")
        return crossing == self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateState:
    """A state of a template."""

    name: str
    label: Label
    national_status: int
    #: phase whose step belongs to the state
    phase: Phase | None = None
    #: becomes one state a processing step
    expanded: bool = False
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateTransition:
    """A transition of a template, for one or more states."""

    action: str
    sources: tuple[StateRef, ...]
    target: StateRef
    roles: tuple[str, ...]
    any_agency: bool = False
    crossing: Crossing | None = None
    guard: Guard | None = None
    clock: ClockKind | None = None
    reason: str = ""
    outcome: str | None = None
    sets: Mapping[str, FactValue]
    citation: Citation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The course of a kind of procedure."""

    name: str
    label: Label
    citation: Citation
    initial: str
    roles: Mapping[str, Label]
    #: steps of these roles may be done by an actor of any agency
    any_agency_roles: frozenset[str]
    facts: Mapping[str, FactKind]
    cutoff: Cutoff | None
    states: Mapping[str, TemplateState]
    actions: Mapping[str, Label]
    transitions: tuple[TemplateTransition, ...]
    #: assumed steps, for a procedure whose internal process is not published
    steps: tuple[Step, ...]


class Expansion(NamedTuple):
    """A workflow and, for each of its transitions, the position of the template's transition."""

    workflow: Workflow
    origins: tuple[int, ...]


class _Spot(NamedTuple):
    """A state of the workflow, with the position of its processing step if it is expanded."""

    name: str
    at: int | None


def expand(template: Template, steps: Sequence[Step]) -> Expansion:
    """Make the workflow of a template and the steps of a procedure.

    A transition is left out where its target does not exist (the step after the last one), and an
    action where no transition of it is left.
    """
    processing = [step for step in steps if step.phase == "processing"]
    made: list[Transition] = []
    origins: list[int] = []
    for index, transition in enumerate(template.transitions):
        for source in _sources(template, transition, len(processing)):
            target = _target(template, transition.target, source, len(processing))
            if target is not None and _is_meant(transition, source, target, processing):
                made.append(_transition(template, transition, source, target, processing))
                origins.append(index)
    used = {transition.action for transition in made}
    workflow = Workflow(
        name=template.name,
        initial=template.initial,
        states=MappingProxyType({s.name: s for s in _states(template, steps, processing)}),
        actions=MappingProxyType(
            {
                name: Action(name=name, label=x)
                for name, x in template.actions.items()
                if name in used
            }
        ),
        transitions=tuple(made),
        steps=tuple(steps),
        facts=template.facts,
        roles=template.roles,
    )
    return Expansion(workflow, tuple(origins))


def _states(
    template: Template, steps: Sequence[Step], processing: Sequence[Step]
) -> Iterator[State]:
    by_phase: defaultdict[Phase | None, int | None] = defaultdict(lambda: None)
    by_phase |= {step.phase: step.number for step in reversed(steps)}
    for state in template.states.values():
        if not state.expanded:
            yield State(
                name=state.name,
                label=state.label,
                national_status=state.national_status,
                step=by_phase[state.phase],
                final=state.final,
            )
            continue
        for step in processing:
            yield State(
                name=f"{state.name}_{step.number}",
                label=_numbered(state.label, step.number),
                national_status=state.national_status,
                step=step.number,
                final=state.final,
            )


def _numbered(label: Label, number: int) -> Label:
    """Write the number of the step where the label of an expanded state says ``{step}``."""
    return Label(
        vi=label.vi.replace("{step}", str(number)), en=label.en.replace("{step}", str(number))
    )


def _sources(template: Template, transition: TemplateTransition, count: int) -> Iterator[_Spot]:
    for ref in transition.sources:
        if not template.states[ref.state].expanded:
            yield _Spot(ref.state, None)
            continue
        chosen = {"first": range(min(count, 1)), "last": range(max(count - 1, 0), count)}
        for at in chosen.get(ref.position or "", range(count)):
            yield _Spot(ref.state, at)


def _target(template: Template, ref: StateRef, source: _Spot, count: int) -> _Spot | None:
    if not template.states[ref.state].expanded:
        return _Spot(ref.state, None)
    here = source.at or 0
    ways = {"first": 0, "last": count - 1, "same": here, "next": here + 1, "previous": here - 1}
    at = ways[ref.position or ""]
    return _Spot(ref.state, at) if 0 <= at < count else None


def _is_meant(
    transition: TemplateTransition, source: _Spot, target: _Spot, processing: Sequence[Step]
) -> bool:
    crossing = transition.crossing
    if crossing is None or source.at is None or target.at is None:
        return True
    return crossing.allows(processing[source.at], processing[target.at])


def _transition(
    template: Template,
    transition: TemplateTransition,
    source: _Spot,
    target: _Spot,
    processing: Sequence[Step],
) -> Transition:
    step_role = None if source.at is None else processing[source.at].role
    roles = frozenset(step_role or role if role == STEP_ROLE else role for role in transition.roles)
    elsewhere = STEP_ROLE in transition.roles and step_role in template.any_agency_roles
    return Transition(
        action=transition.action,
        source=_name(source, processing),
        target=_name(target, processing),
        roles=roles,
        any_agency=transition.any_agency or elsewhere,
        guard=transition.guard,
        clock=transition.clock,
        reason=transition.reason,
        outcome=transition.outcome,
        sets=transition.sets,
        citation=transition.citation,
    )


def _name(spot: _Spot, processing: Sequence[Step]) -> str:
    return spot.name if spot.at is None else f"{spot.name}_{processing[spot.at].number}"
