"""The functional core: deciding an action, applying an entry, folding a journal.

``decide`` says whether an actor may take an action on a dossier at a moment, and what the entry in
the journal would be; ``apply`` returns the dossier after an entry; ``fold`` makes a dossier from
its journal. None of them reads a clock or a database, and none changes its arguments.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Self, cast

from msgspec import structs

from igate.deadlines.limits import limit_of
from igate.deadlines.rules import ClockMark
from igate.dossiers.dossier import Counting, Dossier, Entry, Promise, Submission
from igate.dossiers.refusals import (
    APPLICANT,
    NOTE,
    check_case,
    check_first,
    check_kinds,
    check_new_date,
    clean_facts,
    clean_submission,
    does_not_follow,
    guard_refused,
    no_new_date,
    no_transition,
    not_permitted,
    of_another,
    part_of_another,
    set_elsewhere,
    too_early,
    unknown_facts,
    without_role,
)
from igate.errors import JournalError
from igate.law.localtime import local
from igate.law.text import clean
from igate.procedures.machine import compile_table
from igate.procedures.workflow import MIGRATE, NO_FACTS, RETURNED, Channel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from igate.calendar import WorkCalendar
    from igate.deadlines.limits import TimeLimit
    from igate.deadlines.rules import ClockRules
    from igate.dossiers.dossier import Actor
    from igate.procedures.machine import Table
    from igate.procedures.procedure import Revision
    from igate.procedures.workflow import FactValue, Transition

__all__ = [
    "Ground",
    "apply",
    "begin",
    "choose",
    "decide",
    "fold",
    "limit_in",
    "migrate",
    "submit",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What decides a dossier: its revision, compiled; the calendar; the rules of the clock."""

    revision: Revision
    table: Table
    calendar: WorkCalendar
    rules: ClockRules
    #: hash of the definition that the revision and the rules make; empty where nothing is kept
    definition: str = ""

    @classmethod
    def of(
        cls,
        revision: Revision,
        rules: ClockRules,
        calendar: WorkCalendar,
        *,
        definition: str = "",
    ) -> Self:
        """Compile what decides a dossier; a cut-off of the revision replaces that of the rules."""
        return cls(
            revision=revision,
            table=compile_table(revision.workflow),
            calendar=calendar,
            rules=revision.rules(rules),
            definition=definition,
        )

    def promise(self, limit: TimeLimit) -> Promise:
        """Return what an applicant is promised under it."""
        period = f"{self.rules.name} {self.rules.period}"
        return Promise(definition=self.definition, limit=str(limit), rules=period)


def submit(code: str, submission: Submission, *, by: Actor, at: datetime, recorded_at: datetime,
           ground: Ground, key: str = "") -> Entry:  # fmt: skip
    """Make the first entry of a new dossier.

    Raises:
        MomentError: The moment has no zone or is not Vietnamese time.
        TimeLimitError: The procedure has no limit for this channel, case and area.
        JournalError: There is no such channel, or a text cannot be kept (``TextError``).
        NotPermitted: The actor has no role, or is an applicant who hands in for somebody else
            without being named as a representative.
    """
    moment = local(at, foreign="refuse")
    submission = clean_submission(submission, code)
    if not by.roles:
        raise without_role(by, code)
    if APPLICANT in by.roles and not submission.is_of(by.id):
        raise of_another(by, code)
    check_case(submission, code, ground.revision)
    limit = ground.revision.limit_for(
        channel=submission.channel, case=submission.case, area=submission.area
    )
    facts: dict[str, FactValue] = {
        "procedure": submission.procedure,
        "revision": submission.revision,
        "channel": submission.channel,
        "applicant": submission.applicant,
    }
    further = {
        "agency": submission.agency,
        "case": submission.case,
        "area": submission.area,
        "applicant_id": submission.applicant_id,
        "representatives": _SEPARATOR.join(submission.representatives),
    }
    facts |= {name: value for name, value in further.items() if value}
    return Entry(
        dossier=code,
        seq=1,
        action="submit",
        source=None,
        target=ground.table.workflow.initial,
        happened_at=moment,
        recorded_at=local(recorded_at),
        actor=by.id,
        role=APPLICANT if APPLICANT in by.roles else min(by.roles),
        agency=by.agency,
        facts=MappingProxyType(facts),
        promise=ground.promise(limit),
        key=key,
    )


def decide(
    dossier: Dossier,
    action: str,
    *,
    by: Actor,
    at: datetime,
    ground: Ground,
    recorded_at: datetime | None = None,
    note: str = "",
    due: datetime | None = None,
    facts: Mapping[str, FactValue] = NO_FACTS,
    key: str = "",
) -> Entry:
    """Say what the next entry of the journal is if an actor takes an action now.

    Args:
        dossier: The dossier as it is now.
        action: Name of the action.
        by: Who acts.
        at: When it takes legal effect; Vietnamese time, not before the last entry.
        ground: Revision, calendar and rules of the dossier.
        recorded_at: When the system learns of it; the same moment when absent.
        note: Reason or remark, kept in the journal.
        due: The new date, where the action gives one (an apology).
        facts: Facts that the action establishes; only names that the workflow declares.
        key: By which the request is recognised if it is sent again.

    Raises:
        ActionRefused: The action is unknown, does not start from this state, is not the actor's,
            or its condition does not hold; the message lists what can be done, and by whom.
        MomentError: The moment has no zone, is foreign, or lies before the last entry.
    """
    moment = local(at, foreign="refuse")
    if moment < dossier.last_at and (dossier.state, action) in ground.table.transitions:
        raise too_early(dossier, action, moment)
    transition, role = choose(dossier, action, by, moment, ground, facts)
    if transition.clock == "replace":
        check_new_date(dossier, due, moment)
    elif due is not None:
        raise no_new_date(dossier, action)
    established = transition.sets
    if facts:
        if not facts.keys() <= ground.table.workflow.facts.keys():
            unknown = sorted(facts.keys() - ground.table.workflow.facts.keys())
            raise unknown_facts(dossier, unknown, ground.table)
        if not facts.keys().isdisjoint(ground.table.workflow.parts):
            raise part_of_another(dossier, facts, ground.table)
        check_kinds(dossier, facts, ground.table)
        elsewhere = facts.keys() & ground.table.established.keys() - transition.sets.keys()
        if elsewhere:
            raise set_elsewhere(dossier, action, elsewhere, ground.table)
        established = MappingProxyType({**transition.sets, **clean_facts(facts, dossier.code)})
    received = transition.clock == "start" and dossier.counting is None
    return Entry(
        dossier=dossier.code,
        seq=dossier.seq + 1,
        action=action,
        source=dossier.state,
        target=transition.target,
        happened_at=moment,
        recorded_at=moment if recorded_at is None else local(recorded_at),
        actor=by.id,
        role=role,
        agency=by.agency,
        note=clean(note, what="The note", longest=NOTE, where=dossier.code) if note else "",
        clock=transition.clock,
        reason=transition.reason,
        due=due,
        facts=established,
        promise=ground.promise(limit_in(dossier, ground)) if received else None,
        key=key,
    )


def begin(entry: Entry, ground: Ground) -> Dossier:
    """Make the dossier that a first entry describes.

    Raises:
        JournalError: The entry is not a first entry.
    """
    check_first(entry)
    facts = entry.facts
    return Dossier(
        code=entry.dossier,
        submission=Submission(
            procedure=str(facts["procedure"]),
            revision=str(facts["revision"]),
            definition=entry.promise.definition if entry.promise else "",
            agency=str(facts.get("agency", entry.agency)),
            channel=cast("Channel", facts["channel"]),
            applicant=str(facts["applicant"]),
            case=str(facts.get("case", "")),
            area=str(facts.get("area", "")),
            applicant_id=str(facts.get("applicant_id", "")),
            representatives=tuple(
                [each for each in str(facts.get("representatives", "")).split(_SEPARATOR) if each]
            ),
        ),
        state=entry.target,
        national_status=ground.table.workflow.states[entry.target].national_status,
        seq=1,
        submitted_at=entry.happened_at,
        last_at=entry.happened_at,
    )


def apply(dossier: Dossier, entry: Entry, ground: Ground) -> Dossier:
    """Return the dossier after one more entry.

    Raises:
        JournalError: The entry does not follow on the dossier.
    """
    state = ground.table.workflow.states.get(entry.target)
    if entry.seq != dossier.seq + 1 or entry.source != dossier.state or state is None:
        raise does_not_follow(dossier, entry)
    clock, at = entry.clock, entry.happened_at
    marks, counting = dossier.marks, dossier.counting
    if clock is not None:
        marks = (*marks, ClockMark(kind=clock, at=at, reason=entry.reason, due=entry.due))
        if clock == "start" and counting is None:
            counting = _counting(dossier, entry, ground)
    ended, status = clock in {"finish", "stop"}, state.national_status
    finished, outcome, returned = dossier.finished_at, dossier.outcome, dossier.returned_at
    reopens = status not in _CLOSED and (finished is not None or outcome is not None)
    if reopens:
        # the clock goes on as if it had not ended: the promised date does not move
        marks = tuple([mark for mark in marks if mark.kind not in {"finish", "stop"}])
        finished = outcome = None
    return Dossier(
        code=dossier.code,
        submission=dossier.submission,
        state=entry.target,
        national_status=status,
        seq=entry.seq,
        submitted_at=dossier.submitted_at,
        received_at=dossier.received_at or (at if clock == "start" else None),
        finished_at=at if ended and finished is None else finished,
        returned_at=(returned or at) if status == RETURNED else None,
        outcome=_outcome(dossier, entry, ground) if status in _ENDING else outcome,
        reopened=dossier.reopened + reopens,
        marks=marks,
        facts=_facts_after(dossier.facts, entry),
        counting=counting,
        last_at=at,
    )


def fold(entries: Iterable[Entry], ground_of: Callable[[Entry], Ground]) -> Dossier:
    """Make a dossier from its journal.

    Args:
        entries: In order.
        ground_of: Returns what decides the dossier after an entry that names a revision: the first
            one, and every move to another revision.

    Raises:
        JournalError: The journal is empty, or its entries do not follow one another.
    """
    remaining = iter(entries)
    first = next(remaining, None)
    if first is None:
        raise JournalError("A journal without entries makes no dossier.")
    check_first(first)
    ground = ground_of(first)
    dossier = begin(first, ground)
    for entry in remaining:
        if entry.action == MIGRATE:
            ground = ground_of(entry)
            dossier = migrate(dossier, entry, ground)
        else:
            dossier = apply(dossier, entry, ground)
    return dossier


def migrate(dossier: Dossier, entry: Entry, ground: Ground) -> Dossier:
    """Return the dossier after it was moved to another revision.

    Args:
        dossier: As it was.
        entry: The entry that moves it.
        ground: What decides it from now on; its clock keeps the rules it was handed in under.

    Raises:
        JournalError: The entry does not follow, or the new revision lacks its state.
    """
    workflow = ground.table.workflow
    state = workflow.states.get(entry.target)
    if entry.seq != dossier.seq + 1 or entry.source != dossier.state or state is None:
        raise does_not_follow(dossier, entry)
    step, facts = workflow.step_of(entry.target), dossier.facts
    if step is not None and step.together:  # a step of another table: nothing of it is done
        facts = MappingProxyType({**facts, **step.undone})
    submission = replace(
        dossier.submission,
        revision=str(entry.facts["revision"]),
        definition=entry.promise.definition if entry.promise else "",
    )
    moved = structs.replace(
        dossier,
        submission=submission,
        state=entry.target,
        national_status=state.national_status,
        seq=entry.seq,
        facts=facts,
        last_at=entry.happened_at,
    )
    return structs.replace(
        moved, counting=_counting(moved, entry, ground) if dossier.counting else None
    )


def limit_in(dossier: Dossier, ground: Ground) -> TimeLimit:
    """Return the time limit of a dossier under a revision, with what the law of its area adds."""
    limit = ground.revision.limit_for(
        channel=dossier.channel, case=dossier.submission.case, area=dossier.submission.area
    )
    return ground.rules.extended(limit, dossier.submission.area)


#: Between the identities of representatives in the facts of a submission; no identity holds it.
_SEPARATOR = "\n"
#: National statuses with which an outcome comes: not received, stopped, finished.
_ENDING = frozenset({3, 8, 9})
#: National statuses in which nothing is worked on any more.
_CLOSED = _ENDING | {RETURNED}


def choose(  # noqa: PLR0917 - one hot call, positional for speed
    dossier: Dossier,
    action: str,
    by: Actor,
    at: datetime,
    ground: Ground,
    facts: Mapping[str, FactValue],
) -> tuple[Transition, str]:
    """Return the first transition that the actor may take and whose guard holds, and the role.

    Raises:
        ActionRefused: There is none; the message says why and what can be done.
    """
    candidates = ground.table.transitions.get((dossier.state, action))
    if candidates is None:
        raise no_transition(dossier, action, ground.table)
    refused: Transition | None = None
    for transition in candidates:
        roles = by.roles & transition.roles
        if APPLICANT in roles and not dossier.submission.is_of(by.id):
            roles -= {APPLICANT}
        if not roles or not (
            transition.any_agency or _within(by.agency, transition.agency or dossier.agency)
        ):
            continue
        guard = transition.guard
        if guard is None or guard.holds(_guard_facts(dossier, guard.names, at, ground, facts)):
            return transition, min(roles)
        refused = transition
    if refused is None:
        raise not_permitted(dossier, candidates, by)
    names = refused.guard.names if refused.guard else frozenset()
    known = _guard_facts(dossier, names, at, ground, facts)
    raise guard_refused(dossier, refused, known, ground.table)


def _within(agency: str, competent: str) -> bool:
    """Return whether an agency is the competent one or below it: H15.10 is below H15."""
    return agency == competent or agency.startswith(competent + ".")


def _counting(dossier: Dossier, entry: Entry, ground: Ground) -> Counting:
    """Return what the time is counted by; the limit is the promised one, else the revision's."""
    limit = limit_of(entry.promise.limit) if entry.promise else limit_in(dossier, ground)
    return Counting(limit=limit, calendar=ground.calendar, rules=ground.rules)


def _outcome(dossier: Dossier, entry: Entry, ground: Ground) -> str | None:
    for transition in ground.table.transitions.get((dossier.state, entry.action), ()):
        if transition.target == entry.target and transition.outcome is not None:
            return transition.outcome
    return dossier.outcome


def _facts_after(facts: Mapping[str, FactValue], entry: Entry) -> Mapping[str, FactValue]:
    counter = None
    if entry.clock == "suspend" and entry.reason == "supplement":
        counter = "supplement_requests"
    elif entry.clock == "replace":
        counter = "apologies"
    elif entry.action == "send_back":
        counter = "send_backs"
    if counter is None and not entry.facts:
        return facts
    changed = {**facts, **entry.facts}
    if counter is not None:
        changed[counter] = int(facts.get(counter, 0)) + 1
    return MappingProxyType(changed)


def _guard_facts(
    dossier: Dossier,
    names: frozenset[str],
    at: datetime,
    ground: Ground,
    facts: Mapping[str, FactValue],
) -> dict[str, FactValue]:
    """Compute the facts that a guard names, and no others."""
    known: dict[str, FactValue] = {}
    for name in names:
        derive = _DERIVED.get(name)
        if derive is not None:
            known[name] = derive(dossier, at, ground)
        elif name in facts:
            known[name] = facts[name]
        elif name in dossier.facts:
            known[name] = dossier.facts[name]
        else:
            known[name] = _UNSET[ground.table.workflow.facts.get(name, "int")]
    return known


def _since_receipt(dossier: Dossier, at: datetime, ground: Ground) -> int:
    since = dossier.received_at
    return ground.calendar.count(since.date(), at.date()) if since else 0


def _days_left(dossier: Dossier, at: datetime, ground: Ground) -> int:
    deadline = dossier.deadline
    due = deadline.due if deadline else None
    return ground.calendar.count(at.date(), due.date()) if due else _NO_DUE_DATE


#: Facts that are worked out when a guard asks for them.
_DERIVED: Mapping[str, Callable[[Dossier, datetime, Ground], FactValue]] = MappingProxyType(
    {
        "channel": lambda dossier, _at, _ground: dossier.channel,
        "case": lambda dossier, _at, _ground: dossier.submission.case,
        "area": lambda dossier, _at, _ground: dossier.submission.area,
        "days_waiting": lambda dossier, at, _ground: (at.date() - dossier.last_at.date()).days,
        "working_days_since_receipt": _since_receipt,
        "working_days_left": _days_left,
    }
)
#: What a fact is before any action has established it; the journal's own counters begin at 0.
_UNSET: Mapping[str, FactValue] = MappingProxyType({"bool": False, "int": 0, "text": ""})
#: More working days than any limit has: without a due date nothing is running out.
_NO_DUE_DATE = 100_000
