"""Templates: the course of a kind of procedure, as values.

Decisions that approve internal processes differ in their steps, not in their course: a dossier is
received, passes its processing steps, may wait for a supplement, a payment or an opinion, and is
handed back. A template holds the course; the steps of a decision turn it into a workflow
(:mod:`igate.procedures.expansion`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, get_args

from igate.procedures.guard import Guard
from igate.procedures.workflow import PLAIN, Manner

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.deadlines.rules import ClockKind, Cutoff
    from igate.law.citation import Citation, Label
    from igate.procedures.workflow import Channel, FactKind, FactValue, Phase, Stage, Step

__all__ = [
    "BACK",
    "DOER_ROLE",
    "HERE",
    "PARTY_ROLE",
    "POSITIONS",
    "STEP_ROLE",
    "Additions",
    "Crossing",
    "Parties",
    "Position",
    "StateRef",
    "Template",
    "TemplateState",
    "TemplateTransition",
]

#: Which of the states that an expanded state becomes; next, previous and same are seen from the
#: step that the transition leaves.
Position = Literal["first", "next", "previous", "same", "last"]
POSITIONS: tuple[Position, ...] = get_args(Position)
#: Stands for the role of the step that the transition leaves.
STEP_ROLE = "step"
#: Stands for the role of each party of a step that several do together.
PARTY_ROLE = "party"
#: Stands for the role of whoever took the action that is taken back.
DOER_ROLE = "doer"
#: Where a transition leads instead of to a state: to that which it leaves, and to that from which
#: the dossier came.
HERE = "here"
BACK = "back"
#: Whether all the parties of a step must have done their part, or some must not yet.
Parties = Literal["all_done", "some_missing"]


_NO_LABELS: Mapping[str, Label] = MappingProxyType({})
_NO_FACTS: Mapping[str, FactKind] = MappingProxyType({})
_NO_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType({})
_NO_CHANNELS: Mapping[str, tuple[Channel, ...]] = MappingProxyType({})


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
        """Return whether a transition from one step to another is meant."""
        was, becomes = self.role in source.roles, self.role in target.roles
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
    #: only in workflows with this option
    option: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateTransition:
    """A transition of a template, for one or more states."""

    action: str
    sources: tuple[StateRef, ...]
    target: StateRef
    roles: tuple[str, ...]
    any_agency: bool = False
    crossing: Crossing | None = None
    #: in steps that several do together: who must have done their part; elsewhere all have
    parties: Parties | None = None
    guard: Guard | None = None
    clock: ClockKind | None = None
    reason: str = ""
    outcome: str | None = None
    sets: Mapping[str, FactValue]
    citation: Citation | None = None
    manner: Manner = PLAIN
    #: actions that it takes back
    undoes: tuple[str, ...] = ()
    #: only in workflows with this option, or without that one
    option: str = ""
    without: str = ""

    @property
    def is_optional(self) -> bool:
        """Whether it starts from steps, any of which can leave it out."""
        ends = self.clock is not None or self.outcome is not None
        return STEP_ROLE in self.roles and self.parties is None and ends

    def chosen(self, added: Additions) -> TemplateTransition | None:
        """Return it as it is with the options of a revision; ``None`` where they leave it out.

        Where an option holds for dossiers of some channels alone, it is for these, or for the
        others.
        """
        if self.option and self.option not in added.options:
            return None
        if self.without in added.options and self.without not in added.channels:
            return None
        guard = self.guard
        for name in (self.option, self.without):
            if name in added.channels:
                whose = Guard.equal("channel", added.channels[name])
                asked = whose if name == self.option else whose.negated()
                guard = asked if guard is None else asked.and_also(guard)
        return self if guard is self.guard else replace(self, guard=guard)


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
    #: what a procedure may choose, by name
    options: Mapping[str, Label] = field(default_factory=lambda: _NO_LABELS)
    #: as those of :class:`~igate.procedures.workflow.Workflow`
    counters: tuple[str, ...] = ()
    set_by: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NO_NAMES)
    backdaters: tuple[str, ...] = ()
    own_dossiers: bool = False
    stages: tuple[Stage, ...] = ()
    fact_labels: Mapping[str, Label] = field(default_factory=lambda: _NO_LABELS)

    @property
    def working(self) -> str | None:
        """The state in which a step is worked on; ``None`` where steps have no states.

        Of the states that are expanded it is the one into which a dossier first comes from one that
        is not; the others wait for something.
        """
        expanded = [state.name for state in self.states.values() if state.expanded]
        for transition in self.transitions:
            target = transition.target
            if target.position == "first" and target.state in expanded:
                return target.state
        return next(iter(expanded), None)

    @property
    def asks_parties(self) -> bool:
        """Whether parties of a step can say that their part is done."""
        return any(PARTY_ROLE in transition.roles for transition in self.transitions)

    @property
    def effects(self) -> frozenset[str]:
        """The actions that do more than lead from step to step: no way can take their place."""
        return frozenset(
            transition.action
            for transition in self.transitions
            if transition.clock
            or transition.outcome
            or transition.manner != PLAIN
            or PARTY_ROLE in transition.roles
        )

    @property
    def optional(self) -> frozenset[str]:
        """The actions that start from steps and that a step can leave out."""
        return frozenset(
            transition.action
            for transition in self.transitions
            if transition.is_optional
            and any(source.state == self.working for source in transition.sources)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Additions:
    """What a revision declares in addition to its template."""

    roles: Mapping[str, Label] = field(default_factory=lambda: _NO_LABELS)
    facts: Mapping[str, FactKind] = field(default_factory=lambda: _NO_FACTS)
    set_by: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NO_NAMES)
    options: frozenset[str] = frozenset()
    #: options that hold for dossiers of some channels alone, with these channels
    channels: Mapping[str, tuple[Channel, ...]] = field(default_factory=lambda: _NO_CHANNELS)
    #: ``None``: those of the template
    counters: tuple[str, ...] | None = None
    #: ``None``: as the template has it
    own_dossiers: bool | None = None
    stages: tuple[Stage, ...] = ()
    fact_labels: Mapping[str, Label] = field(default_factory=lambda: _NO_LABELS)
