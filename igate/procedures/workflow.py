"""Workflows: states, actions and the transitions between them, as values.

A workflow belongs to one revision of a procedure. It is made from a template and the steps of the
decision that approves the internal process (``quy trình nội bộ``), and never changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.deadlines.limits import TimeLimit
    from igate.deadlines.rules import ClockKind
    from igate.law.citation import Citation, Label
    from igate.procedures.guard import Guard

__all__ = [
    "BUILT_IN_FACTS",
    "EVERY_COUNTER",
    "MIGRATE",
    "NO_FACTS",
    "PLAIN",
    "REGISTERED",
    "RETURNED",
    "Action",
    "Assigning",
    "Channel",
    "FactKind",
    "FactValue",
    "Manner",
    "Party",
    "Phase",
    "Stage",
    "State",
    "Step",
    "Transition",
    "Way",
    "Workflow",
]

#: How a dossier is handed in: online, at the counter, by public post (Nghị định 118/2025, Điều 15).
Channel = Literal["online", "counter", "post"]
FactKind = Literal["bool", "int", "text"]
FactValue = bool | int | str
Phase = Literal["reception", "processing", "handover"]
#: Whom an action puts in charge of the step: somebody it names, the actor, nobody any more.
Assigning = Literal["named", "actor", "nobody"]

#: Stands for every counter of the same desk: of all agencies of one province.
EVERY_COUNTER: Final = "any"
#: What is registered of a dossier and an action can correct.
REGISTERED: Final = (
    "applicant",
    "applicant_id",
    "representatives",
    "procedure",
    "channel",
    "case",
    "area",
    "agency",
)

#: National status "result handed over" (Thông tư 01/2018/TT-VPCP and the national data set).
RETURNED: Final = 10

#: Name of the entry that moves a dossier to another revision; no workflow may declare it.
MIGRATE: Final = "migrate"

NO_FACTS: Final[Mapping[str, FactValue]] = MappingProxyType({})

#: Facts that every dossier has of itself; guards may name them without a declaration.
BUILT_IN_FACTS: Final[Mapping[str, FactKind]] = MappingProxyType(
    {
        # how often a supplement was asked for, an apology made, the dossier sent back a step
        "supplement_requests": "int",
        "apologies": "int",
        "send_backs": "int",
        # working days, the day of receipt not counted
        "working_days_since_receipt": "int",
        # working days after today up to the due date, the due date counted
        "working_days_left": "int",
        # calendar days since the clock was stopped or, while it runs, since the last entry
        "days_waiting": "int",
        # of agencies that were named and asked: how many, how many have not answered, and whether
        # the time of every one of these is over
        "agencies_asked": "int",
        "agencies_missing": "int",
        "terms_lapsed": "bool",
        # it was received at a counter that is none of the competent agency, nor named for it
        "received_elsewhere": "bool",
        # state that the dossier was in before it came into the present one, and the last action
        "came_from": "text",
        "last_action": "text",
        "channel": "text",
        "case": "text",
        "area": "text",
    }
)

_NOTHING_SET: Mapping[str, FactValue] = MappingProxyType({})
_NOBODY: Mapping[str, tuple[str, ...]] = MappingProxyType({})
_NO_LABELS: Mapping[str, Label] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One of several who act in a step at the same time, each on a part of the work."""

    #: by which the parties of a step are distinguished
    role: str
    #: what the party does; without texts where the step says it
    label: Label | None = None
    #: as printed in the decision
    actor: str = ""
    #: as that of a step
    limit: TimeLimit | None = None
    agency: Label | None = None
    #: identifier of that agency, if its actors alone may do the part
    agency_id: str = ""
    #: code of the procedure that the party settles for the dossier (``liên thông``), if it does
    procedure: str = ""

    def done_fact(self, step: int) -> str:
        """Name the fact that says that the party has done its part in a step.

        >>> Party(role="finance").done_fact(3)
        'done_3_finance'
        """
        return f"done_{step}_{self.role}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way from a step to another one than the next: a branch, or a way back."""

    action: str
    #: number of the step to which it leads
    to: int
    #: ``None``: always open, in the place of the template's own transitions of the action
    guard: Guard | None = None
    #: what the action is called on this way; needed where the template does not declare it
    label: Label | None = None
    #: facts that it establishes, by name
    sets: tuple[tuple[str, FactValue], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of the table of a decision: who does what, in what time.

    A row that names several actors who act in turn is as many steps of one number, in parts 1, 2, …
    """

    #: from 1, without a gap
    number: int
    phase: Phase
    label: Label
    #: role of the one who does it, as the template declares it
    role: str
    #: as printed in the decision; empty where the steps are assumed
    actor: str = ""
    #: ``None``: its time is not counted; a limit without parts: not stated
    limit: TimeLimit | None = None
    #: another agency than the one competent for the dossier, where the decision names it
    agency: Label | None = None
    #: identifier of that agency, if its actors alone may do the step
    agency_id: str = ""
    #: which of the actors of one row; 0 where the row has one
    part: int = 0
    #: who else acts at the same time; the step is done when all have done their part
    together: tuple[Party, ...] = ()
    #: ways to other steps than the next, in the order of the file
    ways: tuple[Way, ...] = ()
    #: code of the procedure that is settled for the dossier in this step (``liên thông``), if any
    procedure: str = ""
    #: further roles whose holders may do it as well
    also: tuple[str, ...] = ()
    #: the actions with an effect of their own that start here; ``None``: all of the template
    may: tuple[str, ...] | None = None
    #: numbers of the steps whose doer may not do this one (four eyes)
    four_eyes: tuple[int, ...] = ()
    #: the time as the decision prints it, where that is no length; it is shown and never counted
    time_text: str = ""

    @property
    def roles(self) -> frozenset[str]:
        """The roles of those who may do it."""
        return frozenset((self.role, *self.also))

    @property
    def undone(self) -> Mapping[str, bool]:
        """The facts of its parties as a dossier finds them on coming into the step: none true."""
        return {party.done_fact(self.number): False for party in self.together}

    @property
    def place(self) -> str:
        """The number as people write it, with the part: ``2``, ``2.1``."""
        return f"{self.number}.{self.part}" if self.part else str(self.number)

    @property
    def ending(self) -> str:
        """The end of the names of its states: ``_2``, ``_2_1``."""
        return f"_{self.number}_{self.part}" if self.part else f"_{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Steps one after another that have one time together."""

    #: number of the first and of the last step, both inclusive
    first: int
    last: int
    limit: TimeLimit

    def holds(self, step: Step) -> bool:
        """Return whether a step belongs to it."""
        return self.first <= step.number <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How an action is taken, beyond state, role, agency and condition."""

    #: a reason must be given
    note: bool = False
    #: only by the one to whom the step is assigned, once it is
    own: bool = False
    #: at any of the counters of the workflow, not only at that of the competent agency
    counter: bool = False
    #: facts that must be passed
    needs: tuple[str, ...] = ()
    #: what it may change of the registration, by the names of :data:`REGISTERED`
    changes: tuple[str, ...] = ()
    assigns: Assigning | None = None
    #: it takes the last entry back
    undoes: bool = False
    #: it leads back to where the dossier waited from
    back: bool = False
    #: it names agencies that are to answer
    asks: bool = False
    #: an agency that was named and asked answers by it
    answers: bool = False
    #: states of steps whose doer may not take it (four eyes)
    other_than: tuple[str, ...] = ()
    #: how long after it happened it may be recorded; without parts: not at all; ``None``: as usual
    max_backdate: TimeLimit | None = None
    #: it asks the caller for nothing, and does nothing but move the dossier
    silent: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Say once whether there is anything to be asked."""
        asked = (self.note, self.needs, self.changes, self.assigns, self.asks, self.answers)
        object.__setattr__(self, "silent", not any((*asked, self.undoes, self.back)))

    @property
    def upkeep(self) -> bool:
        """Whether it puts something right or says who works, and is no way through the course."""
        return bool(self.assigns or self.undoes or self.changes or self.back)


#: The manner of an action that asks for nothing more.
PLAIN: Final = Manner()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The place of a dossier in its workflow."""

    name: str
    label: Label
    #: code 1-10 of the national data set of dossiers
    national_status: int
    #: number of the step that is done, or was left, in this state
    step: int | None = None
    #: part of that step, where several actors do it in turn; otherwise 0
    part: int = 0
    #: nothing more happens
    final: bool = False

    @property
    def is_end(self) -> bool:
        """Whether the applicant has the answer; a hand-over that can be recalled is an end too."""
        return self.final or self.national_status == RETURNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What an actor does."""

    name: str
    label: Label


class Transition(Struct, frozen=True, kw_only=True, gc=False):
    """State and action give the next state, for certain roles and under a condition.

    A workflow has more than a hundred, made for each of many procedures: a struct of msgspec is
    made in a tenth of the time of a frozen dataclass. It is in no circle, so the collector need
    not look at it.
    """

    action: str
    source: str
    target: str
    roles: frozenset[str]
    #: also for an actor of another agency than the competent one
    any_agency: bool = False
    #: only for an actor of this agency or one below it; empty: of the competent one
    agency: str = ""
    guard: Guard | None = None
    #: what the entry does to the clock
    clock: ClockKind | None = None
    #: why the clock is interrupted: supplement, payment, opinion, …; the key into the clock rules
    reason: str = ""
    #: how the dossier ends, where it does: granted, refused, withdrawn, …
    outcome: str | None = None
    #: facts that the action establishes
    sets: Mapping[str, FactValue] = _NOTHING_SET
    #: what the action is called here, where it is called otherwise than elsewhere
    label: Label | None = None
    citation: Citation | None = None
    manner: Manner = PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """The states of a procedure and the ways between them."""

    #: name of the template it was made from
    name: str
    #: name of the state of a dossier that has been submitted
    initial: str
    states: Mapping[str, State]
    actions: Mapping[str, Action]
    #: in the order of the template; of several that could be taken, the first counts
    transitions: tuple[Transition, ...]
    #: in the order of the decision
    steps: tuple[Step, ...] = ()
    #: facts that actions may establish, besides the built-in ones
    facts: Mapping[str, FactKind]
    roles: Mapping[str, Label]
    #: agencies at whose counters dossiers are received and results handed over besides that of the
    #: competent agency; :data:`EVERY_COUNTER` for all of the province
    counters: tuple[str, ...] = ()
    #: by fact, the roles and actions that may establish it, where a file names them
    set_by: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NOBODY)
    #: roles that may record what happened longer ago than an action allows
    backdaters: tuple[str, ...] = ()
    #: somebody may settle a dossier of which he is the applicant himself
    own_dossiers: bool = False
    #: steps that have one time together
    stages: tuple[Stage, ...] = ()
    #: what people call facts, where a file says it
    fact_labels: Mapping[str, Label] = field(default_factory=lambda: _NO_LABELS)

    @property
    def parts(self) -> Mapping[str, tuple[Step, Party]]:
        """The facts by which parties, and nobody else, say that their part of a step is done."""
        return {
            party.done_fact(step.number): (step, party)
            for step in self.steps
            for party in step.together
        }

    def stage_of(self, step: Step) -> Stage | None:
        """Return the stage with a clock of its own that a step belongs to, or ``None``.

        Args:
            step: A step of this workflow.
        """
        return next((stage for stage in self.stages if stage.holds(step)), None)

    def step_of(self, state: str) -> Step | None:
        """Return the step that is done in a state; ``None`` where none is, as before the receipt.

        Args:
            state: Name of a state of this workflow.

        Raises:
            KeyError: There is no such state.
        """
        here = self.states[state]
        wanted = here.step, here.part
        return next((step for step in self.steps if (step.number, step.part) == wanted), None)
