"""A dossier and the journal it is made of.

A dossier is the fold of its journal: nothing in it is stored that the entries do not say. Every
entry has two times: ``happened_at``, when it took legal effect, and ``recorded_at``, when the
system learned of it. Deadlines follow the first, audit the second.

Every action makes an entry and a dossier, so both are structs of msgspec, which are made in a tenth
of the time of a frozen dataclass; ``msgspec.structs.replace`` changes a field of a copy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from msgspec import Struct

from igate.deadlines.clock import due_after
from igate.deadlines.deadline import compute_deadline
from igate.errors import NotPermitted
from igate.law.printed import Printed
from igate.law.text import check_agency, clean
from igate.procedures.workflow import NO_FACTS
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from igate.calendar import WorkCalendar
    from igate.deadlines.deadline import Deadline
    from igate.deadlines.limits import TimeLimit
    from igate.deadlines.rules import ClockKind, ClockMark, ClockRules
    from igate.procedures.workflow import Channel, FactValue

__all__ = [
    "NO_CHANGES",
    "NO_DOERS",
    "NO_PARTS",
    "RESTORED",
    "Actor",
    "Ask",
    "Asked",
    "Capacity",
    "Counting",
    "Dossier",
    "Entry",
    "Mandate",
    "Promise",
    "Submission",
]


NO_CHANGES: Final[Mapping[str, str]] = MappingProxyType({})
NO_DOERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({})
NO_PARTS: Final[Mapping[str, int]] = MappingProxyType({})

_PRINCIPAL: Final = say("The principal of a mandate")
_AGENCY_OF_ACTOR: Final = say("The agency of an actor")
_ID_OF_ACTOR: Final = say("The id of an actor")
#: The fields of a dossier that an action which can be taken back may change.
RESTORED: Final = (
    "state", "national_status", "received_at", "counter", "finished_at", "recorded_at",
    "returned_at", "outcome", "reopened", "marks", "facts", "counting", "trail", "assignees",
    "done_by", "parts", "ended_seq", "asked", "entered", "staged",
)  # fmt: skip

#: As what somebody signs for another (Nghị định 30/2020/NĐ-CP, Điều 13; its text was not read, so
#: assumed): a deputy for the head, one who was authorised in writing for a time, one who signs by
#: order, one who holds the office for now, and one who stands in while another is away.
Capacity = Literal["KT.", "TUQ.", "TL.", "Q.", "substitute"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """That somebody acts for another, in which roles and from when until when.

    The host knows who stands in for whom and passes it with the actor; igate holds the period
    against the moment of the action and writes down for whom the entry was made.
    """

    #: id of the one for whom the actor acts
    principal: str
    capacity: Capacity
    #: roles of the principal that the actor has by it
    roles: frozenset[str]
    #: first day
    start: date
    #: first day on which it no longer holds; ``None``: until it is taken back
    end: date | None = None
    #: the written order, if there is one
    basis: str = ""

    def __post_init__(self) -> None:
        """Refuse a mandate that nobody could have given.

        Raises:
            NotPermitted: It ends before it begins, or is an authorisation without an end.
        """
        where = f"{self.capacity} {self.principal}"
        if self.capacity not in get_args(Capacity):
            raise NotPermitted(
                say("There is no capacity {capacity!r}.", capacity=self.capacity),
                where=where,
                fix=say("Write one of {get_args}.", get_args=", ".join(get_args(Capacity))),
            )
        given: object = self.roles
        if isinstance(given, str) or not given:
            raise NotPermitted(
                say("The roles of the mandate are {roles!r}.", roles=self.roles),
                where=where,
                fix=say('Write roles={{"leader"}}: what the actor may do for the principal.'),
            )
        object.__setattr__(self, "roles", frozenset(self.roles))
        clean(self.principal, what=_PRINCIPAL, longest=500)
        if self.end is not None and self.end <= self.start:
            raise NotPermitted(
                say(
                    "The mandate of {start} ends on {end}, so it never holds.",
                    start=self.start,
                    end=self.end,
                ),
                where=where,
                fix=say("The end is the first day on which it no longer holds."),
            )
        if self.capacity == "TUQ." and self.end is None:
            raise NotPermitted(
                say("An authorisation (TUQ.) has no end."),
                where=where,
                why=say(
                    "It is given in writing, for a limited time (Nghị định 30/2020/NĐ-CP, "
                    "Điều 13 khoản 3; assumed)."
                ),
                fix=say("Pass end=…."),
            )

    def holds_on(self, day: date) -> bool:
        """Return whether a day lies in its period: ``start`` inclusive, ``end`` exclusive.

        Args:
            day: A calendar day in Vietnam.
        """
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True, repr=False)
class Actor(Printed):
    """Who acts, as what, for which agency.

    >>> Actor("officer-17", roles={"receptionist"}, agency="H15.10").roles
    frozenset({'receptionist'})
    """

    id: str
    roles: frozenset[str] = field(kw_only=True)
    #: identifier of the agency (Quyết định 20/2020/QĐ-TTg), e.g. ``H15.10``; empty for a citizen
    agency: str = field(default="", kw_only=True)
    #: for whom the actor may act as well
    mandates: tuple[Mandate, ...] = field(default=(), kw_only=True)

    def __init__(
        self,
        id: str,  # noqa: A002 - the word of the domain
        *,
        roles: Iterable[str],
        agency: str = "",
        mandates: Iterable[Mandate] = (),
    ) -> None:
        """Keep the roles as a frozen set, so that a list or a set will do.

        Raises:
            NotPermitted: The roles are one text, or are not texts.
            TextError: The id is not a text to be read, or the agency no identifier.
        """
        if isinstance(roles, str):
            raise NotPermitted(
                say("The roles of {id} are the text {roles!r}.", id=id, roles=roles),
                why=say("A text would be taken for as many roles as it has letters."),
                fix=say('Write roles={{"{roles}"}}.', roles=roles),
            )
        try:
            held = frozenset(roles)
        except TypeError:
            held = frozenset([""])
        if not all(type(role) is str and role for role in held):
            raise NotPermitted(
                say(
                    "The roles of {id!r} are {roles!r}, which is not a set of texts.",
                    id=id,
                    roles=roles,
                ),
                fix=say(
                    'Write roles={{"receptionist"}}; an actor without any role has roles=set().'
                ),
            )
        if agency != "":
            check_agency(agency, what=_AGENCY_OF_ACTOR)
        object.__setattr__(self, "id", clean(id, what=_ID_OF_ACTOR, longest=500))
        object.__setattr__(self, "roles", held)
        object.__setattr__(self, "agency", agency)
        object.__setattr__(self, "mandates", tuple(mandates))


class Promise(Struct, frozen=True, kw_only=True):
    """What an applicant was promised: it holds whatever the files say later."""

    #: hash of the :class:`~igate.procedures.definition.Definition` that decides the dossier
    definition: str
    #: the time limit; at the receipt with what the law of the area adds to it
    limit: str
    #: the clock rules and their period, e.g. ``decree [2025-07-01, open)``
    rules: str


class Ask(Struct, frozen=True):
    """An agency that is to answer, and in what time."""

    #: its identifier
    agency: str
    #: its time, like ``5 working_day``; empty: it was given none
    limit: str = ""


class Asked(Struct, frozen=True, kw_only=True):
    """An agency that was asked: by when it is to answer, and whether it has."""

    agency: str
    asked_at: datetime
    #: the end of its time; ``None`` where it was given none, or ends past the calendar
    due: datetime | None = None
    answered_at: datetime | None = None


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
    #: number of the entry that it takes back or corrects; ``None``: it does neither
    supersedes: int | None = None
    #: who has the step from now on; empty: nobody any more; ``None``: it is left as it is
    assignee: str | None = None
    #: id of the one for whom the actor acted, and as what; empty: the actor acted himself
    on_behalf: str = ""
    capacity: str = ""
    #: what it changes of the registration, by the names of
    #: :data:`~igate.procedures.workflow.REGISTERED`
    changes: Mapping[str, str] = NO_CHANGES
    #: agencies that are to answer
    asks: tuple[Ask, ...] = ()
    #: the agency whose answer it is
    answers: str = ""

    def __repr__(self) -> str:
        """Say what happened, and nothing of the applicant: no name, id, note or fact."""
        who = "…" if self.role == "applicant" else self.actor
        return (
            f"Entry({self.dossier!r}, seq={self.seq}, action={self.action!r}, "
            f"{self.source!r} -> {self.target!r}, at={self.happened_at.isoformat()}, "
            f"actor={who!r}, role={self.role!r})"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """What the time of a dossier is counted by: limit, calendar and rules, fixed at the receipt."""

    limit: TimeLimit
    calendar: WorkCalendar
    rules: ClockRules
    #: the limit as it was promised; empty: as it is written
    promised: str = field(default="", compare=False, repr=False)

    @property
    def text(self) -> str:
        """The limit, written."""
        return self.promised or str(self.limit)

    def deadline(self, marks: Sequence[ClockMark]) -> Deadline:
        """Compute the deadline that follows from what happened to the clock."""
        return compute_deadline(self.limit, marks=marks, calendar=self.calendar, rules=self.rules)

    def due(self, marks: Sequence[ClockMark]) -> datetime | None:
        """Compute its due moment alone; ``None`` while the clock is suspended."""
        return due_after(self.limit, marks, calendar=self.calendar, rules=self.rules)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Submission(Printed):
    """What an applicant handed in, as it is registered."""

    #: code of the procedure
    procedure: str
    #: identifier of the revision under which it was handed in; kept for life
    revision: str
    #: hash of what that revision and its clock rules said then; empty where it was not kept
    definition: str = ""
    #: agency that is competent to solve it
    agency: str
    channel: Channel
    applicant: str = field(repr=False)
    case: str = ""
    area: str = ""
    #: by which the host knows the applicant (an account, an identity number); empty in journals
    #: from before it was kept
    applicant_id: str = field(default="", repr=False)
    #: the same of those who may act for the applicant
    representatives: tuple[str, ...] = field(default=(), repr=False)
    #: code of the dossier of which it settles a part (``liên thông``); empty: it stands for itself
    parent: str = ""

    def belongs_to(self, actor: str) -> bool:
        """Return whether an actor is known to be the applicant or a representative.

        Args:
            actor: The id by which the host knows somebody.

        Returns:
            ``False`` also where it is not known who the applicant is; see ``is_of``.
        """
        return actor == self.applicant_id or actor in self.representatives

    def is_of(self, actor: str) -> bool:
        """Return whether an actor may be taken for the applicant or a named representative.

        Args:
            actor: The id by which the host knows somebody.

        Returns:
            ``True`` also where it is not known who the applicant is, as in journals of earlier
            years; see ``belongs_to``.
        """
        known = self.applicant_id
        return not known or actor == known or actor in self.representatives


class Dossier(Struct, frozen=True, kw_only=True, repr_omit_defaults=True):
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
    #: when the system learned of that finish
    recorded_at: datetime | None = None
    outcome: str | None = None
    #: how often it was reopened after it had ended
    reopened: int = 0
    #: what happened to the clock, in order of time
    marks: tuple[ClockMark, ...] = ()
    facts: Mapping[str, FactValue] = NO_FACTS
    #: what its time is counted by; ``None`` while the clock has not started
    counting: Counting | None = None
    #: moment of the last entry, and its action
    last_at: datetime
    last_action: str = "submit"
    #: the states from which it came into the present one, waits inside waits, each with the number
    #: of the entry; the last one is the nearest
    trail: tuple[tuple[str, int], ...] = ()
    #: what it was before the last entry, where that can be taken back: the values of
    #: :data:`RESTORED`
    before: tuple[Any, ...] | None = None
    #: by state, to whom its step is assigned
    assignees: Mapping[str, str] = NO_CHANGES
    #: by state, who last did its step, where four eyes are asked for
    done_by: Mapping[str, tuple[str, ...]] = NO_DOERS
    #: by its fact, the entry by which a party has done its part
    parts: Mapping[str, int] = NO_PARTS
    #: when it came into its step, and how many marks its clock had then; ``None``: it is in none
    entered: tuple[datetime, int] | None = None
    #: the same of the first of the steps that have one time together with its own
    staged: tuple[datetime, int] | None = None
    #: numbers of the entry that registered it as it is, and of that by which it ended
    registered_seq: int = 1
    ended_seq: int | None = None
    #: agency at whose counter it was received; empty: it has not been
    counter: str = ""
    #: agencies that were asked, since it last came to wait for them
    asked: tuple[Asked, ...] = ()

    @property
    def assignee(self) -> str:
        """The one to whom its step is assigned; empty: nobody."""
        return self.assignees.get(self.state, "") if self.assignees else ""

    @property
    def came_from(self) -> str:
        """The state it was in before; empty where it has gone back to where it waited from."""
        return self.trail[-1][0] if self.trail else ""

    @property
    def started_at(self) -> datetime | None:
        """From when its time is counted: the receipt, or the last start after it."""
        for mark in reversed(self.marks):
            if mark.kind == "start":
                return mark.at
        return None

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
    def unanswered(self) -> tuple[Asked, ...]:
        """The agencies that were asked and have not answered yet."""
        return tuple([each for each in self.asked if each.answered_at is None])

    @property
    def deadline(self) -> Deadline | None:
        """The deadline, worked out from the marks; ``None`` while the clock has not started.

        Raises:
            CalendarNotCovered: The count runs past the calendar's horizon.
        """
        return None if self.counting is None else self.counting.deadline(self.marks)

    @property
    def due(self) -> datetime | None:
        """The due moment of the deadline alone, in a third of the time.

        Raises:
            CalendarNotCovered: The count runs past the calendar's horizon.
        """
        return None if self.counting is None else self.counting.due(self.marks)
