"""Workflows: states, actions and the transitions between them, as values.

A workflow belongs to one revision of a procedure. It is made from a template and the steps of the
decision that approves the internal process (``quy trình nội bộ``), and never changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.deadlines.limits import TimeLimit
    from igate.deadlines.rules import ClockKind
    from igate.law.citation import Citation, Label
    from igate.procedures.guard import Guard

__all__ = [
    "BUILT_IN_FACTS",
    "MIGRATE",
    "NO_FACTS",
    "RETURNED",
    "Action",
    "Channel",
    "FactKind",
    "FactValue",
    "Party",
    "Phase",
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
        # calendar days since the last entry of the journal
        "days_waiting": "int",
        "channel": "text",
        "case": "text",
        "area": "text",
    }
)

_NOTHING_SET: Mapping[str, FactValue] = MappingProxyType({})


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """State and action give the next state, for certain roles and under a condition."""

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
    sets: Mapping[str, FactValue] = field(default_factory=lambda: _NOTHING_SET)
    #: what the action is called here, where it is called otherwise than elsewhere
    label: Label | None = None
    citation: Citation | None = None


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

    @property
    def parts(self) -> Mapping[str, tuple[Step, Party]]:
        """The facts by which parties, and nobody else, say that their part of a step is done."""
        return {
            party.done_fact(step.number): (step, party)
            for step in self.steps
            for party in step.together
        }

    def step_of(self, state: str) -> Step | None:
        """Return the step that belongs to a state, if any."""
        here = self.states[state]
        wanted = here.step, here.part
        return next((step for step in self.steps if (step.number, step.part) == wanted), None)
