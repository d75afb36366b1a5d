"""The functional core: deciding an action, applying an entry, folding a journal.

``decide`` says whether an actor may take an action on a dossier at a moment, and what the entry in
the journal would be; ``apply`` returns the dossier after an entry; ``fold`` makes a dossier from
its journal. None of them reads a clock or a database, and none changes its arguments.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Self, cast

from msgspec import structs

from igate.deadlines.limits import limit_of
from igate.deadlines.rules import ClockMark
from igate.dossiers.dossier import (
    NO_CHANGES,
    NO_DOERS,
    NO_PARTS,
    RESTORED,
    Counting,
    Dossier,
    Entry,
    Promise,
    Submission,
)
from igate.dossiers.factrefusals import clean_facts
from igate.dossiers.facts import asked_after, facts_after
from igate.dossiers.manner import check_backdate, check_facts, check_manner
from igate.dossiers.newdate import check_date
from igate.dossiers.permission import choose
from igate.dossiers.places import places_of
from igate.dossiers.refusals import (
    APPLICANT,
    NOTE,
    check_actor,
    check_case,
    check_first,
    clean_submission,
    does_not_follow,
    of_another,
    too_early,
    without_role,
)
from igate.dossiers.registration import ids, joined, registered, spelled
from igate.errors import JournalError
from igate.law.localtime import local
from igate.law.text import clean
from igate.procedures.machine import compile_table
from igate.procedures.workflow import MIGRATE, NO_FACTS, RETURNED, Channel
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from igate.calendar import WorkCalendar
    from igate.deadlines.limits import TimeLimit
    from igate.deadlines.rules import ClockKind, ClockRules
    from igate.dossiers.dossier import Actor, Ask
    from igate.dossiers.places import Place
    from igate.procedures.machine import Table
    from igate.procedures.procedure import Revision
    from igate.procedures.workflow import FactValue, Transition

__all__ = [
    "Ground",
    "apply",
    "begin",
    "decide",
    "fold",
    "keeps_due",
    "limit_in",
    "migrate",
    "names_a_revision",
    "revision_named",
    "submit",
]

_NOTE = say("The note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What decides a dossier: its revision, compiled; the calendar; the rules of the clock."""

    revision: Revision
    table: Table
    calendar: WorkCalendar
    rules: ClockRules
    #: hash of the definition that the revision and the rules make; empty where nothing is kept
    definition: str = ""
    #: what follows from each state alone
    places: Mapping[str, Place] = field(repr=False, compare=False)
    #: the rules for what is handed over inside an office: the hour of the counter moves nothing
    inside: ClockRules = field(repr=False, compare=False)

    @classmethod
    def of(
        cls,
        revision: Revision,
        rules: ClockRules,
        calendar: WorkCalendar,
        *,
        definition: str = "",
    ) -> Self:
        """Compile what decides a dossier.

        Args:
            revision: The revision under which it was handed in; its cut-off replaces that of the
                rules.
            rules: The clock rules of the day of receipt.
            calendar: The working days.
            definition: Hash of what revision and rules say, by which the dossier is tied to them;
                empty:
                it is tied to none.

        Raises:
            DefinitionError: A dossier could get lost in the workflow of the revision.
        """
        table, own = compile_table(revision.workflow), revision.rules(rules)
        return cls(
            revision=revision,
            table=table,
            calendar=calendar,
            rules=own,
            definition=definition,
            places=places_of(table),
            inside=replace(own, cutoff_on_start=False),
        )

    def promise(self, limit: TimeLimit) -> Promise:
        """Return what an applicant is promised: the definition, the limit, and the clock rules.

        Args:
            limit: The limit for the channel, case and area of the dossier.
        """
        period = f"{self.rules.name} {self.rules.period}"
        return Promise(definition=self.definition, limit=str(limit), rules=period)


def submit(code: str, submission: Submission, *, by: Actor, at: datetime, recorded_at: datetime,
           ground: Ground, key: str = "", note: str = "") -> Entry:  # fmt: skip
    """Make the first entry of a new dossier; nothing is written.

    Args:
        code: The code that it is to bear.
        submission: What is handed in.
        by: Who hands it in: the applicant, or an officer who enters it.
        at: When that happened, in Vietnamese time.
        recorded_at: When it is entered.
        ground: What decides the dossier.
        key: By which a request that arrives again is known; empty: by nothing.
        note: A remark that is kept in the journal.

    Raises:
        MomentError: The moment has no zone or is not Vietnamese time.
        TimeLimitError: The procedure has no limit for this channel, case and area.
        JournalError: There is no such channel, or a text cannot be kept (``TextError``).
        NotPermitted: The actor has no role, or is an applicant who hands in for somebody else
            without being named as a representative.
    """
    check_actor(by)
    moment = local(at, foreign="refuse")
    submission = clean_submission(submission, code)
    if not by.roles:
        raise without_role(by, code)
    if APPLICANT in by.roles and not submission.is_of(by.id):
        raise of_another(code, ground.table)
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
        "representatives": joined(submission.representatives),
        "parent": submission.parent,
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
        note=clean(note, what=_NOTE, longest=NOTE, where=code) if note else "",
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
    to: str = "",
    changes: Mapping[str, str] = NO_CHANGES,
    agencies: Sequence[Ask] = (),
    becomes: Ground | None = None,
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
        to: Id of the one to whom the action assigns the step.
        changes: What the action corrects of the registration.
        agencies: Those that are asked, or the one whose answer it is.
        becomes: What decides the dossier after the action, where that changes its procedure.

    Raises:
        ActionRefused: The action is unknown, does not start from this state, is not the actor's,
            its condition does not hold, or something that it asks for is missing; the message
            lists what can be done, and by whom.
        MomentError: The moment has no zone, is foreign, lies before the last entry, or is recorded
            later than the action allows.
    """
    check_actor(by)
    moment = local(at, foreign="refuse")
    table = ground.table
    if moment < dossier.last_at and (dossier.state, action) in table.transitions:
        raise too_early(dossier, action, moment, table)
    transition, role, mandate = choose(dossier, action, by, moment, table, ground.calendar, facts)
    check_date(dossier, transition, due, moment, table)
    established = transition.sets
    if facts:
        check_facts(dossier, facts, transition, role, table)
        established = MappingProxyType({**transition.sets, **clean_facts(facts, dossier.code)})
    recorded = moment if recorded_at is None else local(recorded_at)
    if recorded > moment:
        check_backdate(dossier, transition, by, moment, recorded, ground)
    clock = _clock(transition, ground)
    received = clock == "start" and dossier.counting is None
    entry = Entry(
        dossier=dossier.code,
        seq=dossier.seq + 1,
        action=action,
        source=dossier.state,
        target=transition.target,
        happened_at=moment,
        recorded_at=recorded,
        actor=by.id,
        role=role,
        agency=by.agency,
        note=clean(note, what=_NOTE, longest=NOTE, where=dossier.code) if note else "",
        clock=clock,
        reason=transition.reason,
        due=due,
        facts=established,
        promise=ground.promise(limit_in(dossier, ground)) if received else None,
        key=key,
        supersedes=None
        if transition.manner.silent and dossier.ended_seq is None
        else _superseded(dossier, transition, ground),
        on_behalf="" if mandate is None else mandate.principal,
        capacity="" if mandate is None else mandate.capacity,
    )
    if transition.manner.silent and not (to or changes or agencies):
        return entry  # most actions ask for nothing more
    given = check_manner(
        dossier, transition, by, table,
        note=note, facts=facts, to=to, changes=changes, agencies=agencies,
    )  # fmt: skip
    entry = structs.replace(entry, assignee=given.assignee, asks=given.asks, answers=given.answers)
    if not given.changes:
        return entry
    after = becomes or ground
    changes = spelled(dossier.submission, given.changes, dossier.code, after.revision)
    return structs.replace(entry, changes=changes, promise=_renewed(dossier, changes, after))


def _clock(transition: Transition, ground: Ground) -> ClockKind | None:
    """Return what an action does to the clock; a later start only where the rules know it."""
    if transition.clock == "start" and transition.reason:
        return None if ground.rules.effect(transition.reason) == "none" else "start"
    return transition.clock


def begin(entry: Entry, ground: Ground) -> Dossier:
    """Make the dossier that a first entry describes.

    Args:
        entry: Entry 1 of a journal.
        ground: What decides the dossier: the revision that the entry names, and its rules.

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
            representatives=ids(str(facts.get("representatives", ""))),
            parent=str(facts.get("parent", "")),
        ),
        state=entry.target,
        national_status=ground.table.workflow.states[entry.target].national_status,
        seq=1,
        submitted_at=entry.happened_at,
        last_at=entry.happened_at,
    )


def apply(dossier: Dossier, entry: Entry, ground: Ground) -> Dossier:
    """Return the dossier after one more entry.

    Args:
        dossier: As it was.
        entry: What happened.
        ground: What decides it after the entry.

    Raises:
        JournalError: The entry does not follow on the dossier.
    """
    table = ground.table
    state = table.workflow.states.get(entry.target)
    if entry.seq != dossier.seq + 1 or entry.source != dossier.state or state is None:
        raise does_not_follow(dossier, entry, table)
    here = entry.source, entry.action
    if here in table.undos:
        return _restored(dossier, entry, table)
    after = structs.replace(
        dossier,
        state=entry.target,
        national_status=state.national_status,
        seq=entry.seq,
        facts=facts_after(dossier.facts, entry),
        last_at=entry.happened_at,
        last_action=entry.action,
        trail=dossier.trail if entry.source == entry.target else _trail(dossier, entry, table),
        before=_kept(dossier) if here in table.undoable else None,
    )
    if entry.clock is not None or state.national_status in _CLOSED or _has_ended(dossier):
        after = _clocked(dossier, after, entry, ground)
    if entry.changes:
        after = _corrected(after, entry, ground)
    if entry.assignee is not None or entry.facts or entry.source in table.watched:
        after = structs.replace(
            after,
            assignees=_assignees(dossier, entry),
            done_by=_done_by(dossier, entry, table),
            parts=_parts(dossier, entry, table),
        )
    if entry.asks or entry.answers:
        asked = asked_after(dossier, entry, ground.calendar, ground.rules)
        after = structs.replace(after, asked=asked)
    if entry.source != entry.target:
        after = _placed(dossier, after, ground)
    return after


def _placed(before: Dossier, after: Dossier, ground: Ground, *, moved: bool = False) -> Dossier:
    """Return a dossier with when it came into its step, and into the steps of one time.

    A move to another revision begins a stay in a step of another table.
    """
    place = ground.places[after.state]
    step, stage = place.step, place.stage
    if step is None:
        if after.entered is None:  # and so in no stage
            return after
        return structs.replace(after, entered=None, staged=None)
    came_from = None if moved else ground.places[before.state].step
    if step is came_from:
        return after
    here = after.last_at, len(after.marks)
    goes_on = stage is not None and came_from is not None and stage.holds(came_from)
    staged = before.staged if goes_on else here if stage is not None else None
    return structs.replace(after, entered=here, staged=staged)


def _clocked(before: Dossier, after: Dossier, entry: Entry, ground: Ground) -> Dossier:
    """Return a dossier with what an entry does to its clock, and to how it ended."""
    clock, at, status = entry.clock, entry.happened_at, after.national_status
    marks, finished, outcome = before.marks, before.finished_at, before.outcome
    recorded, received, counting = before.recorded_at, before.received_at, before.counting
    if clock is not None:
        marks = (*marks, ClockMark(kind=clock, at=at, reason=entry.reason, due=entry.due))
    if clock == "start":
        received = received or at
        counting = counting or _counting(before, entry, ground)
    reopens = status not in _CLOSED and _has_ended(before)
    if reopens:
        # the clock goes on as if it had not ended: the promised date does not move
        marks = tuple([mark for mark in marks if mark.kind not in _ENDS])
        finished = outcome = recorded = None
    ended = clock in _ENDS
    if ended and finished is None:
        finished, recorded = at, entry.recorded_at
    return structs.replace(
        after,
        marks=marks,
        counting=counting,
        received_at=received,
        counter=before.counter or (entry.agency if clock == "start" else ""),
        finished_at=finished,
        recorded_at=recorded,
        returned_at=(before.returned_at or at) if status == RETURNED else None,
        outcome=_outcome(before, entry, ground) if status in _ENDING else outcome,
        reopened=before.reopened + reopens,
        ended_seq=entry.seq if ended else before.ended_seq,
    )


def _has_ended(dossier: Dossier) -> bool:
    """Return whether a dossier has a finish or an outcome; a template may give either alone."""
    return dossier.finished_at is not None or dossier.outcome is not None


def _corrected(after: Dossier, entry: Entry, ground: Ground) -> Dossier:
    """Return a dossier with its registration corrected, and its time counted anew."""
    digest = entry.promise.definition if entry.promise else None
    submission = registered(after.submission, entry.changes, definition=digest)
    after = structs.replace(after, submission=submission, registered_seq=entry.seq)
    if after.counting is None:
        return after
    return structs.replace(after, counting=_counting(after, entry, ground))


#: Reads what is restored when an entry is taken back.
_kept = attrgetter(*RESTORED)


def _restored(dossier: Dossier, entry: Entry, table: Table) -> Dossier:
    """Return the dossier as it was before the entry that is taken back, which stays in the journal.

    Raises:
        JournalError: The last entry cannot be taken back, or not to this state.
    """
    if dossier.before is None or entry.supersedes != dossier.seq:
        raise does_not_follow(dossier, entry, table)
    before = dict(zip(RESTORED, dossier.before, strict=True))
    if before["state"] != entry.target:
        raise does_not_follow(dossier, entry, table)
    return structs.replace(
        dossier,
        seq=entry.seq,
        last_at=entry.happened_at,
        last_action=entry.action,
        before=None,
        **before,
    )


def _trail(dossier: Dossier, entry: Entry, table: Table) -> tuple[tuple[str, int], ...]:
    """Return where the dossier came from; a stack, for a wait inside a wait is left in order."""
    source = entry.source
    if source is None:
        return dossier.trail
    if (source, entry.action) in table.backs:
        return dossier.trail[:-1]
    here = source, entry.seq
    if source in table.waits and entry.target in table.waits:
        return (*dossier.trail, here)
    return (here,)


def _assignees(dossier: Dossier, entry: Entry) -> Mapping[str, str]:
    if entry.assignee is None:
        return dossier.assignees
    rest = {state: who for state, who in dossier.assignees.items() if state != entry.target}
    return MappingProxyType({**rest, entry.target: entry.assignee} if entry.assignee else rest)


def _done_by(dossier: Dossier, entry: Entry, table: Table) -> Mapping[str, tuple[str, ...]]:
    """Keep who did a step, and for whom; assigning it is not doing it."""
    if entry.source is None or entry.assignee is not None or entry.source not in table.watched:
        return dossier.done_by
    people = (entry.actor, entry.on_behalf) if entry.on_behalf else (entry.actor,)
    return MappingProxyType({**dossier.done_by, entry.source: people})


def _parts(dossier: Dossier, entry: Entry, table: Table) -> Mapping[str, int]:
    done = {name for name in table.parts & entry.facts.keys() if entry.facts[name] is True}
    if not done:
        return dossier.parts
    return MappingProxyType({**dossier.parts, **dict.fromkeys(done, entry.seq)})


def _superseded(dossier: Dossier, transition: Transition, ground: Ground) -> int | None:
    """Return the number of the entry that an action takes back or corrects, if it does."""
    manner = transition.manner
    if manner.undoes:
        return dossier.seq
    if manner.back:
        return dossier.trail[-1][1] if dossier.trail else None
    if manner.changes:
        return dossier.registered_seq
    if _has_ended(dossier):
        state = ground.table.workflow.states[transition.target]
        return None if state.national_status in _CLOSED else dossier.ended_seq
    for fact in ground.table.parts & transition.sets.keys() if dossier.parts else ():
        if transition.sets[fact] is False and transition.source == transition.target:
            return dossier.parts.get(fact)
    return None


def _renewed(dossier: Dossier, changes: Mapping[str, str], ground: Ground) -> Promise:
    """Return what the applicant is promised after a correction of the registration."""
    changed = structs.replace(dossier, submission=registered(dossier.submission, changes))
    return ground.promise(limit_in(changed, ground, extended=dossier.counting is not None))


def fold(entries: Iterable[Entry], ground_of: Callable[[Entry], Ground]) -> Dossier:
    """Make a dossier from its journal.

    Args:
        entries: In order.
        ground_of: Returns what decides the dossier after an entry that names a revision: the first
            one, every move to another revision and every correction of the procedure.

    Raises:
        JournalError: The journal is empty, or its entries do not follow one another.
    """
    remaining = iter(entries)
    first = next(remaining, None)
    if first is None:
        raise JournalError(say("A journal without entries makes no dossier."))
    check_first(first)
    ground = ground_of(first)
    dossier = begin(first, ground)
    for entry in remaining:
        if entry.action == MIGRATE:
            ground = ground_of(entry)
            dossier = migrate(dossier, entry, ground)
        else:
            if names_a_revision(entry):
                ground = ground_of(entry)
            dossier = apply(dossier, entry, ground)
    return dossier


def names_a_revision(entry: Entry) -> bool:
    """Return whether an entry says under which revision the dossier is from then on."""
    return entry.seq == 1 or entry.action == MIGRATE or "procedure" in entry.changes


def revision_named(entry: Entry) -> tuple[str, str]:
    """Return the procedure and the revision that such an entry names."""
    named: Mapping[str, object] = entry.changes or entry.facts
    return str(named["procedure"]), str(named["revision"])


def keeps_due(before: Dossier, after: Dossier) -> bool:
    """Return whether an action has left the date of return as it was, so that none is counted.

    The end of processing is no part of the count.
    """
    if after.counting is not before.counting:
        return False
    marks, known = after.marks, before.marks
    return marks is known or (
        len(marks) == len(known) + 1 and marks[-1].kind in _ENDS and marks[:-1] == known
    )


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
        raise does_not_follow(dossier, entry, ground.table)
    step, facts = ground.places[entry.target].step, dossier.facts
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
        last_action=entry.action,
        trail=(),
        before=None,
        assignees=NO_CHANGES,
        done_by=NO_DOERS,
        parts=NO_PARTS,
    )
    moved = structs.replace(
        moved, counting=_counting(moved, entry, ground) if dossier.counting else None
    )
    return _placed(dossier, moved, ground, moved=True)


def limit_in(dossier: Dossier, ground: Ground, *, extended: bool = True) -> TimeLimit:
    """Return the time limit of a dossier under a revision, with what the law of its area adds."""
    limit = ground.revision.limit_for(
        channel=dossier.channel, case=dossier.submission.case, area=dossier.submission.area
    )
    return ground.rules.extended(limit, dossier.submission.area) if extended else limit


#: What ends the processing.
_ENDS = frozenset({"finish", "stop"})
#: National statuses with which an outcome comes: not received, stopped, finished.
_ENDING = frozenset({3, 8, 9})
#: National statuses in which nothing is worked on any more.
_CLOSED = _ENDING | {RETURNED}


def _counting(dossier: Dossier, entry: Entry, ground: Ground) -> Counting:
    """Return what the time is counted by; the limit is the promised one, else the revision's."""
    promised = entry.promise.limit if entry.promise else ""
    limit = limit_of(promised) if promised else limit_in(dossier, ground)
    return Counting(limit=limit, calendar=ground.calendar, rules=ground.rules, promised=promised)


def _outcome(dossier: Dossier, entry: Entry, ground: Ground) -> str | None:
    for transition in ground.table.transitions.get((dossier.state, entry.action), ()):
        if transition.target == entry.target and transition.outcome is not None:
            return transition.outcome
    return dossier.outcome
