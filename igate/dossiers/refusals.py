"""Refusals of the engine, in words: what was asked, why not, and what can be done instead."""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import TYPE_CHECKING, Final, get_args

from igate.dossiers.dossier import Actor
from igate.errors import (
    ActionRefused,
    JournalError,
    MomentError,
    NotPermitted,
    StoreConflict,
    TextError,
    TimeLimitError,
    UnknownAction,
    WrongState,
)
from igate.law.text import clean
from igate.procedures.naming import (
    CHANNELS,
    REGISTRATION,
    action_called,
    called,
    name_meant,
    role_called,
    state_called,
)
from igate.procedures.workflow import EVERY_COUNTER, Channel
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from igate.dossiers.dossier import Dossier, Entry, Submission
    from igate.law.citation import Label
    from igate.procedures.machine import Table
    from igate.procedures.procedure import Revision
    from igate.procedures.workflow import Step, Transition

__all__ = [
    "APPLICANT",
    "NAME",
    "NOTE",
    "assigned_to",
    "backdated",
    "check_actor",
    "check_case",
    "check_first",
    "check_seq",
    "clean_submission",
    "does_not_follow",
    "four_eyes",
    "no_transition",
    "not_asked",
    "not_permitted",
    "nothing_to_change",
    "of_another",
    "overtaken",
    "own_dossier",
    "reason_missing",
    "too_early",
    "unreadable",
    "unused",
    "who",
    "without_role",
    "wrong_agencies",
    "wrong_changes",
]


#: The role of the citizen or organisation: it is held on a dossier by those who handed it in alone.
APPLICANT: Final = "applicant"
#: Characters that a name, and a note or fact, may have.
NAME: Final = 500
NOTE: Final = 10_000


def no_transition(dossier: Dossier, action: str, table: Table) -> UnknownAction | WrongState:
    """Say why an action does not start from the state of a dossier."""
    actions = table.workflow.actions
    can = _what_can_be_done(dossier, table)
    if action not in actions:
        near = difflib.get_close_matches(action, actions, n=1)
        hint = say(' Did you mean "{near}"?', near=near[0]) if near else ""
        return UnknownAction(
            say(
                'Procedure {procedure} has no action "{action}".{hint}',
                procedure=dossier.procedure,
                action=action,
                hint=hint,
            ),
            where=dossier.code,
            fix=can,
        )
    starts = sorted({state for state, name in table.transitions if name == action})
    return WrongState(
        say(
            "The action {action} cannot be taken in state {state}.",
            action=action_called(table.workflow, action),
            state=state_called(table.workflow, dossier.state),
        ),
        where=dossier.code,
        why=say(
            "It starts from {starts}.",
            starts=together(*(state_called(table.workflow, each) for each in starts), between=", "),
        ),
        fix=can,
    )


def _what_can_be_done(dossier: Dossier, table: Table) -> str:
    options = [
        say(
            "{action} (by {roles})",
            action=action_called(table.workflow, transition.action, transition.label),
            roles=_either(table, transition.roles),
        )
        for (state, _), group in table.transitions.items()
        if state == dossier.state
        for transition in group
    ]
    if not options:
        return say(
            "Nothing can be done any more: {state} is final.",
            state=state_called(table.workflow, dossier.state),
        )
    return say("Possible now: {options}.", options=together(*dict.fromkeys(options), between=", "))


def check_actor(by: object) -> None:
    """Refuse what is no actor, such as the name of an account.

    Raises:
        NotPermitted: It is not an :class:`~igate.dossiers.dossier.Actor`.
    """
    if not isinstance(by, Actor):
        raise NotPermitted(
            say("A {kind} is no actor.", kind=type(by).__name__),
            why=say("Who may act is decided by roles and agency."),
            fix=say('Pass Actor("officer-17", roles={{"receptionist"}}, agency="H15.10").'),
        )


def _either(table: Table, roles: Iterable[str]) -> str:
    """Name roles of which one is enough."""
    named = (role_called(table.workflow, each) for each in sorted(roles))
    return together(*named, between=say(" or "))


def who(by: Actor) -> str:
    """Return what a message calls an actor: never an applicant by name or id."""
    return say("The applicant") if APPLICANT in by.roles else by.id


def _named(counters: Iterable[str]) -> str:
    every = say("all of the province")
    return together(*(every if each == EVERY_COUNTER else each for each in counters), between=", ")


def _of_agency(by: Actor, action: str) -> str:
    if not by.agency:
        return say(
            "{who} may not take the action {action}: the actor names no agency.",
            who=who(by),
            action=action,
        )
    return say(
        '{who} of agency "{agency}" may not take the action {action}.',
        who=who(by),
        agency=by.agency,
        action=action,
    )


def not_permitted(
    dossier: Dossier,
    candidates: tuple[Transition, ...],
    by: Actor,
    at: datetime,
    table: Table,
) -> NotPermitted:
    """Say whose action it is."""
    action = action_called(table.workflow, candidates[0].action)
    wanted = sorted({role for transition in candidates for role in transition.roles})
    held = [by.roles & transition.roles for transition in candidates]
    if {APPLICANT} in held and not dossier.submission.is_of(by.id):
        return NotPermitted(
            say(
                "{who} may not take the action {action} as {applicant}.",
                who=who(by),
                action=action,
                applicant=role_called(table.workflow, APPLICANT),
            ),
            where=dossier.code,
            why=say(
                "The actor is neither the applicant of this dossier nor a named representative."
            ),
            fix=say(
                "Let the applicant act, or name representatives=… when the dossier is submitted."
            ),
        )
    if any(held):
        bound = {each.agency for each in candidates if each.agency and by.roles & each.roles}
        owner = together(*sorted(bound), between=say(" or ")) or dossier.agency
        counters = table.workflow.counters
        also = ""
        if not bound and counters and any(each.manner.counter for each in candidates):
            also = say(" Its counters are {counters}.", counters=_named(counters))
        return NotPermitted(
            _of_agency(by, action),
            where=dossier.code,
            why=say("The step belongs to agency {owner}.", owner=owner)
            if bound
            else say("The dossier belongs to agency {owner}.{also}", owner=owner, also=also),
            fix=say("Let somebody of {owner} or an agency below it act.", owner=owner),
        )
    lapsed = [
        each for each in by.mandates if each.roles & set(wanted) and not each.holds_on(at.date())
    ]
    if lapsed:
        until = say(" until {end}", end=lapsed[0].end) if lapsed[0].end else ""
        return NotPermitted(
            say(
                "{who} may not take the action {action} for {principal} on {at:%Y-%m-%d}.",
                who=who(by),
                action=action,
                principal=lapsed[0].principal,
                at=at,
            ),
            where=dossier.code,
            why=say(
                "The mandate holds from {start}{until} (the last day not included).",
                start=lapsed[0].start,
                until=until,
            ),
            fix=say("Let {principal} act, or give a new mandate.", principal=lapsed[0].principal),
        )
    own = [role_called(table.workflow, each) for each in sorted(by.roles)]
    held_roles = together(*own, between=", ") or say("nobody")
    return NotPermitted(
        say(
            "{who} may not take the action {action} as {held_roles}.",
            who=who(by),
            action=action,
            held_roles=held_roles,
        ),
        where=dossier.code,
        why=say("It is for {wanted}.", wanted=_either(table, wanted)),
        fix=together(
            say("Let somebody with that role act."), *_roles_meant(by, table.workflow.roles)
        ),
    )


def _roles_meant(by: Actor, known: Mapping[str, Label]) -> Iterator[str]:
    """Say which role was meant by each that the workflow does not know."""
    names = {name: _texts(label) for name, label in known.items()}
    for role in sorted(by.roles.union(*(each.roles for each in by.mandates)) - known.keys()):
        meant = name_meant(role, names)
        if meant:
            yield together(say('This procedure has no role "{role}".', role=role), meant)


def _texts(label: Label) -> tuple[str, str]:
    return label.vi, label.text("en")


def own_dossier(dossier: Dossier, action: str, table: Table) -> NotPermitted:
    """Refuse to settle one's own dossier."""
    return NotPermitted(
        say(
            "The actor may not take the action {action} on a dossier of his own.",
            action=action_called(table.workflow, action),
        ),
        where=dossier.code,
        why=say(
            "The actor is the applicant or a representative; nobody settles a dossier of his own."
        ),
        fix=say("Let a colleague act, or declare own_dossiers: allowed in the procedure."),
    )


def assigned_to(
    dossier: Dossier, by: Actor, action: str, assignee: str, table: Table
) -> NotPermitted:
    """Say who has the step."""
    return NotPermitted(
        say(
            "{who} may not take the action {action}: the step is assigned to {assignee}.",
            who=who(by),
            action=action_called(table.workflow, action),
            assignee=assignee,
        ),
        where=dossier.code,
        why=say("A step that has been assigned is done by the one who has it, or by a substitute."),
        fix=say(
            "Let {assignee} act, return the step, or have it assigned to {who}.",
            assignee=assignee,
            who=who(by),
        ),
    )


def four_eyes(
    dossier: Dossier, by: Actor, action: str, step: Step | None, table: Table
) -> NotPermitted:
    """Refuse somebody who did a step that another one must have done."""
    named = action_called(table.workflow, action)
    what = (
        say(
            "{who} may not take the action {action}, having done step {place}.",
            who=who(by),
            action=named,
            place=step.place,
        )
        if step
        else say(
            "{who} may not take the action {action}, having done a step before.",
            who=who(by),
            action=named,
        )
    )
    return NotPermitted(
        what,
        where=dossier.code,
        why=say("The procedure asks for four eyes: who did that step may not do this one."),
        fix=say("Let somebody else with the same role act."),
    )


def not_asked(dossier: Dossier, by: Actor, action: str, table: Table) -> NotPermitted:
    """Refuse the answer of an agency that nobody asked, or that has answered."""
    waiting = [each.agency for each in dossier.unanswered]
    return NotPermitted(
        _of_agency(by, action_called(table.workflow, action)),
        where=dossier.code,
        why=say(
            "Asked and not yet answered: {waiting}.", waiting=", ".join(waiting) or say("nobody")
        ),
        fix=say(
            "Let somebody of an agency that was asked answer, or the officer who asked enter it."
        ),
    )


def reason_missing(dossier: Dossier, action: str, table: Table) -> ActionRefused:
    """Say that an action is journalled with its reason."""
    return ActionRefused(
        say("The action {action} needs a reason.", action=action_called(table.workflow, action)),
        where=dossier.code,
        why=say("It undoes or corrects what was done, and the journal says why."),
        fix=say("Pass note=…."),
    )


def unused(dossier: Dossier, action: str, argument: str, why: str, table: Table) -> ActionRefused:
    """Refuse what would be kept without effect."""
    return ActionRefused(
        say(
            "The action {action} {why}, so {argument}=… would have no effect.",
            action=action_called(table.workflow, action),
            why=why,
            argument=argument,
        ),
        where=dossier.code,
        fix=say("Leave it out."),
    )


def wrong_changes(
    dossier: Dossier, action: str, name: str, allowed: tuple[str, ...], table: Table
) -> ActionRefused:
    """Say what an action can correct."""
    return ActionRefused(
        say(
            "The action {action} does not correct {name}.",
            action=action_called(table.workflow, action),
            name=called(name, REGISTRATION.get(name)),
        ),
        where=dossier.code,
        fix=say("It corrects {allowed}.", allowed=_registered(allowed, ", ")),
    )


def nothing_to_change(
    dossier: Dossier, action: str, allowed: tuple[str, ...], table: Table
) -> ActionRefused:
    """Refuse a correction that changes nothing."""
    return ActionRefused(
        say(
            "The action {action} changes nothing of the registration.",
            action=action_called(table.workflow, action),
        ),
        where=dossier.code,
        why=say("An entry that changes nothing would look like a correction."),
        fix=say(
            "Pass changes={{…}} with another value of {allowed}.",
            allowed=_registered(allowed, say(" or ")),
        ),
    )


def _registered(names: Iterable[str], between: str) -> str:
    """Name what can be corrected of the registration."""
    return together(*(called(each, REGISTRATION[each]) for each in names), between=between)


def wrong_agencies(dossier: Dossier, what: str, waiting: Sequence[str]) -> ActionRefused:
    """Say whose answer can be entered."""
    return ActionRefused(
        what,
        where=dossier.code,
        fix=say(
            "Those are {waiting}: pass agencies=[Ask(…)] with one of them.",
            waiting=", ".join(waiting) or say("none"),
        ),
    )


def backdated(  # noqa: PLR0917 - what the sentence says, in its order
    dossier: Dossier,
    action: str,
    at: datetime,
    recorded: datetime,
    limit: str,
    table: Table,
) -> MomentError:
    """Refuse an action that is recorded too long after it is said to have happened."""
    rights = table.workflow.backdaters
    allowed = say("at most {limit} later", limit=limit) if limit else say("on the same day")
    who = (
        say(
            " {rights} may record it later; it is listed then.",
            rights=_either(table, rights),
        )
        if rights
        else ""
    )
    return MomentError(
        say(
            "The action {action} of {at:%Y-%m-%d %H:%M} is recorded on {recorded:%Y-%m-%d %H:%M}.",
            action=action_called(table.workflow, action),
            at=at,
            recorded=recorded,
        ),
        where=dossier.code,
        why=say(
            "It is recorded {allowed}, so that nobody can be made to be on time afterwards.",
            allowed=allowed,
        ),
        fix=say("Leave out at=… for something that happens now.{who}", who=who),
    )


def check_case(submission: Submission, code: str, revision: Revision) -> None:
    """Refuse a case that the revision does not know, where it distinguishes cases.

    Raises:
        TimeLimitError: The dossier would get the time limit of another case.
    """
    case = submission.case
    known = revision.cases if case else ()
    if known and case not in known:
        near = difflib.get_close_matches(case, known, n=1)
        hint = say(' Did you mean "{near}"?', near=near[0]) if near else ""
        raise TimeLimitError(
            say(
                "{revision} knows no case {case!r}.{hint}",
                revision=revision.sentence,
                case=case,
                hint=hint,
            ),
            where=code,
            why=say("The dossier would get the time limit and the way of another case."),
            fix=say(
                "Its cases are {known}; leave the case out for any other dossier.",
                known=", ".join(known),
            ),
        )


def clean_submission(submission: Submission, code: str) -> Submission:
    """Return a submission with its texts as they are kept, or refuse it.

    Raises:
        JournalError: There is no such channel.
        TextError: The name of the applicant, the case or the area cannot be kept.
    """
    channels = get_args(Channel)
    if submission.channel not in channels:
        offered = say(
            "A dossier is handed in {channels}.",
            channels=together(*(called(each, CHANNELS[each]) for each in channels), between=", "),
        )
        meant = name_meant(
            str(submission.channel), {each: _texts(CHANNELS[each]) for each in channels}
        )
        raise JournalError(
            together(say("There is no channel {channel!r}.", channel=submission.channel), meant),
            where=code,
            fix=offered,
        )
    case, area = (
        clean(text, what=what, longest=NAME, where=code) if text != "" else ""
        for what, text in ((say("The case"), submission.case), (say("The area"), submission.area))
    )
    applicant = clean(submission.applicant, what=say("The applicant"), longest=NAME, where=code)
    known = submission.applicant_id
    return replace(
        submission,
        applicant=applicant,
        case=case,
        area=area,
        applicant_id=_identity(known, code) if known != "" else "",
        representatives=tuple([_identity(each, code) for each in submission.representatives]),
    )


def _identity(text: str, code: str) -> str:
    kept = clean(text, what=say("The identity of an applicant"), longest=NAME, where=code)
    if "\n" in kept:
        raise TextError(
            say("The identity of an applicant has more than one line."),
            where=code,
            fix=say("Pass the account or the identity number by which the host knows the person."),
        )
    return kept


def of_another(code: str, table: Table) -> NotPermitted:
    """Refuse a submission by an applicant in the name of somebody else."""
    return NotPermitted(
        say(
            "The actor hands in as {applicant}, but is neither the applicant nor a representative.",
            applicant=role_called(table.workflow, APPLICANT),
        ),
        where=code,
        why=say("Whoever hands in for somebody else could not act on the dossier later."),
        fix=say("Pass the id of the actor in representatives=…, or as applicant_id."),
    )


def unreadable(dossier: Dossier, by: Actor) -> NotPermitted:
    """Refuse to show a dossier to somebody whose it is not."""
    return NotPermitted(
        say("{who} may not read this dossier.", who=who(by)),
        where=dossier.code,
        why=say(
            "It is of {agency}, of its applicant, and of those for whom it waits.",
            agency=dossier.agency,
        ),
        fix=say("Let somebody of these read it."),
    )


def without_role(by: Actor, code: str) -> NotPermitted:
    """Refuse a submission by somebody who is nothing here."""
    return NotPermitted(
        say("{who} has no role, so nobody could say later who handed the dossier in.", who=who(by)),
        where=code,
        fix=say('Give the actor a role, e.g. roles={{"receptionist"}} or {{"applicant"}}.'),
    )


def check_first(entry: Entry) -> None:
    """Refuse an entry that cannot begin a journal."""
    wanted = {"procedure", "revision", "channel", "applicant"}
    begins = entry.seq == 1 and entry.source is None and wanted <= entry.facts.keys()
    if not begins or entry.facts["channel"] not in get_args(Channel):
        raise JournalError(
            say(
                "Entry {seq} ({action}) cannot begin a journal.", seq=entry.seq, action=entry.action
            ),
            where=entry.dossier,
            why=say('A journal begins with entry 1, "submit", which names procedure and channel.'),
        )


def does_not_follow(dossier: Dossier, entry: Entry, table: Table) -> JournalError:
    """Say that an entry is missing, changed or in the wrong place."""
    workflow = table.workflow
    return JournalError(
        say(
            "Entry {seq} ({action}: {source} → {target}) does not follow entry {seq_2}, "
            "which left the dossier in {state}.",
            seq=entry.seq,
            action=action_called(workflow, entry.action),
            source=state_called(workflow, entry.source) if entry.source else "–",
            target=state_called(workflow, entry.target),
            seq_2=dossier.seq,
            state=state_called(workflow, dossier.state),
        ),
        where=dossier.code,
        why=say("A dossier is the fold of its journal, entry by entry."),
        fix=say("Restore the missing or changed entry from a backup."),
    )


def too_early(dossier: Dossier, action: str, at: datetime, table: Table) -> MomentError:
    """Say that a journal runs forward."""
    return MomentError(
        say(
            "The action {action} at {at:%Y-%m-%d %H:%M} lies before the last entry of "
            "the journal ({last_at:%Y-%m-%d %H:%M}).",
            action=action_called(table.workflow, action),
            at=at,
            last_at=dossier.last_at,
        ),
        where=dossier.code,
        why=say("A dossier cannot be finished before it was received; a journal runs forward."),
        fix=say("Check the date; a mistake in an earlier entry cannot be overwritten."),
    )


def check_seq(seq: object) -> None:
    """Refuse what is no number of an entry, as the field of a form is none.

    Raises:
        JournalError: It is not.
    """
    if not isinstance(seq, int) or isinstance(seq, bool):
        raise JournalError(
            say("The number of an entry cannot be {seq!r}.", seq=seq),
            fix=say("Pass seq=dossier.seq; what a form sends is a text: int(…)."),
        )


def overtaken(dossier: Dossier, journal: Sequence[Entry], seq: int, table: Table) -> StoreConflict:
    """Say who has acted since an entry, and what can be done now.

    Args:
        dossier: As it is now.
        journal: All its entries.
        seq: Number of the last entry that the caller has seen.
        table: What decides the dossier.
    """
    if seq > dossier.seq:
        return StoreConflict(
            say(
                "The dossier has {seq} entries, so nobody can have seen entry {seq_2}.",
                seq=dossier.seq,
                seq_2=seq,
            ),
            where=dossier.code,
            fix=say("Pass seq=dossier.seq of the dossier that was shown."),
        )
    later = [
        say(
            "{actor} as {role} took the action {action} at {happened_at:%Y-%m-%d %H:%M}",
            actor=say("somebody") if each.role == APPLICANT else each.actor,
            role=role_called(table.workflow, each.role),
            action=action_called(table.workflow, each.action),
            happened_at=each.happened_at,
        )
        for each in journal[seq:]
    ]
    return StoreConflict(
        say(
            "Since entry {seq}: {later}. Nothing was written.",
            seq=seq,
            later=together(*later, between="; "),
        ),
        where=dossier.code,
        why=say(
            "The dossier is in state {state} now, at entry {seq}.",
            state=state_called(table.workflow, dossier.state),
            seq=dossier.seq,
        ),
        fix=_what_can_be_done(dossier, table),
    )
