"""A dossier and the journal it is made of.

A dossier is the fold of its journal: nothing in it is stored that the entries do not say. Every
entry has two times: ``happened_at``, when it took legal effect, and ``recorded_at``, when the
system learned of it. Deadlines follow the first, audit the second.

Every action makes an entry and a dossier, so both are structs of msgspec, which are made in a tenth
of the time of a frozen dataclass; ``msgspec.structs.replace`` changes a field of a copy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec import Struct

from igate.deadlines.deadline import compute_deadline
from igate.errors import NotPermitted
from igate.law.text import check_agency, clean
from igate.procedures.workflow import NO_FACTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from igate.calendar import WorkCalendar
    from igate.deadlines.deadline import Deadline
    from igate.deadlines.limits import TimeLimit
    from igate.deadlines.rules import ClockKind, ClockMark, ClockRules
    from igate.procedures.workflow import Channel, FactValue

__all__ = [
    "Actor",
    "Counting",
    "Dossier",
    "Entry",
    "Promise",
    "Submission",
]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as what, for which agency.

    >>> Actor("officer-17", roles={"receptionist"}, agency="H15.10").roles
    frozenset({'receptionist'})
    """

    id: str
    roles: frozenset[str] = field(kw_only=True)
    #: identifier of the agency (Quyết định 20/2020/QĐ-TTg), e.g. ``H15.10``; empty for a citizen
    agency: str = field(default="", kw_only=True)

    def __init__(self, id: str, *, roles: Iterable[str], agency: str = "") -> None:  # noqa: A002 - the word of the domain
        """Keep the roles as a frozen set, so that a list or a set will do.

        Raises:
            NotPermitted: The roles are one text, or are not texts.
            TextError: The id is not a text to be read, or the agency no identifier.
        """
        if isinstance(roles, str):
            raise NotPermitted(
                f"The roles of {id} are the text {roles!r}.",
                why="A text would be taken for as many roles as it has letters.",
                fix=f'Write roles={{"{roles}"}}.',
            )
        try:
            held = frozenset(roles)
        except TypeError:
            held = frozenset([""])
        if not all(type(role) is str and role for role in held):
            raise NotPermitted(
                f"The roles of {id!r} are {roles!r}, which is not a set of texts.",
                fix='Write roles={"receptionist"}; an actor without any role has roles=set().',
            )
        if agency != "":
            check_agency(agency, what="The agency of an actor")
        object.__setattr__(self, "id", clean(id, what="The id of an actor", longest=500))
        object.__setattr__(self, "roles", held)
        object.__setattr__(self, "agency", agency)


class Promise(Struct, frozen=True, kw_only=True):
    """What an applicant was promised: it holds whatever the files say later."""

    #: hash of the :class:`~igate.procedures.definition.Definition` that decides the dossier
    definition: str
    #: the time limit; at the receipt with what the law of the area adds to it
    limit: str
    #: the clock rules and their period, e.g. ``decree [2025-07-01, open)``
    rules: str


class Entry(Struct, frozen=True, kw_only=True):
    """One line of a journal: who did what, when, from which state to which, and why."""

    #: code of the dossier
    dossier: str
    #: number in the journal of this dossier, from 1 without a gap
    seq: int
    action: str
    #: state before; ``None`` for the first entry, which makes the dossier
    source: str | None
    #: state after
    target: str
    #: when it took legal effect, Vietnamese time
    happened_at: datetime
    #: when the system learned of it, Vietnamese time
    recorded_at: datetime
    actor: str
    #: the role in which the actor acted
    role: str
    agency: str
    note: str = ""
    #: what the entry does to the clock, if anything
    clock: ClockKind | None = None
    #: why the clock is interrupted: supplement, payment, opinion, …
    reason: str = ""
    #: the new date of an apology (clock ``replace``)
    due: datetime | None = None
    #: facts that the entry establishes
    facts: Mapping[str, FactValue] = NO_FACTS
    #: of a submission, a receipt and a move to another revision; ``None`` of the other entries
    promise: Promise | None = None
    #: by which a request that is sent again is recognised; empty: none was given
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """What the time of a dossier is counted by: limit, calendar and rules, fixed at the receipt."""

    limit: TimeLimit
    calendar: WorkCalendar
    rules: ClockRules

    def deadline(self, marks: Sequence[ClockMark]) -> Deadline:
        """Compute the deadline that follows from what happened to the clock."""
        return compute_deadline(self.limit, marks=marks, calendar=self.calendar, rules=self.rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What an applicant handed in; it never changes."""

    #: code of the procedure
    procedure: str
    #: identifier of the revision under which it was handed in; kept for life
    revision: str
    #: hash of what that revision and its clock rules said then; empty where it was not kept
    definition: str = ""
    #: agency that is competent to solve it
    agency: str
    channel: Channel
    applicant: str
    case: str = ""
    area: str = ""
    #: by which the host knows the applicant (an account, an identity number); empty in journals
    #: from before it was kept
    applicant_id: str = ""
    #: the same of those who may act for the applicant
    representatives: tuple[str, ...] = ()

    def is_of(self, actor: str) -> bool:
        """Return whether an actor is the applicant or a named representative."""
        known = self.applicant_id
        return not known or actor == known or actor in self.representatives


class Dossier(Struct, frozen=True, kw_only=True):
    """One applicant's matter as it is after the last entry of its journal."""

    code: str
    submission: Submission
    submitted_at: datetime
    state: str
    #: national status 1-10 of the state
    national_status: int
    #: number of entries
    seq: int
    #: when the clock started; ``None`` while the dossier has not been received
    received_at: datetime | None = None
    #: when processing finished (national status 9), not when the result was fetched; of a dossier
    #: that was reopened the last finish counts, and ``None`` until there is one
    finished_at: datetime | None = None
    #: when the result was handed over; ``None`` again once a hand-over was recalled
    returned_at: datetime | None = None
    outcome: str | None = None
    #: how often it was reopened after it had ended
    reopened: int = 0
    #: what happened to the clock, in order of time
    marks: tuple[ClockMark, ...] = ()
    facts: Mapping[str, FactValue] = NO_FACTS
    #: what its time is counted by; ``None`` while the clock has not started
    counting: Counting | None = None
    #: moment of the last entry
    last_at: datetime

    @property
    def procedure(self) -> str:
        """Code of the procedure."""
        return self.submission.procedure

    @property
    def revision(self) -> str:
        """Identifier of the revision under which it was handed in."""
        return self.submission.revision

    @property
    def agency(self) -> str:
        """Agency that is competent to solve it."""
        return self.submission.agency

    @property
    def channel(self) -> Channel:
        """How it was handed in."""
        return self.submission.channel

    @property
    def applicant(self) -> str:
        """Name of the person or organisation."""
        return self.submission.applicant

    @property
    def deadline(self) -> Deadline | None:
        """The deadline, worked out from the marks; ``None`` while the clock has not started.

        Raises:
            CalendarNotCovered: The count runs past the calendar's horizon.
        """
        return None if self.counting is None else self.counting.deadline(self.marks)
