"""Refusals of the engine, in words: what was asked, why not, and what can be done instead."""

from __future__ import annotations

import difflib
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, get_args

from igate.errors import (
    ActionRefused,
    FactRefused,
    GuardRefused,
    JournalError,
    MomentError,
    NotPermitted,
    StoreConflict,
    TextError,
    TimeLimitError,
    UnknownAction,
    WrongState,
)
from igate.law.localtime import local
from igate.law.text import clean
from igate.procedures.workflow import Channel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from igate.dossiers.dossier import Actor, Dossier, Entry, Submission
    from igate.procedures.machine import Table
    from igate.procedures.procedure import Revision
    from igate.procedures.workflow import FactValue, Step, Transition

__all__ = [
    "APPLICANT",
    "NAME",
    "NOTE",
    "assigned_to",
    "backdated",
    "check_case",
    "check_date",
    "check_first",
    "check_kinds",
    "clean_facts",
    "clean_submission",
    "does_not_follow",
    "fact_missing",
    "four_eyes",
    "guard_refused",
    "no_transition",
    "not_asked",
    "not_permitted",
    "nothing_to_change",
    "of_another",
    "overtaken",
    "own_dossier",
    "part_of_another",
    "reason_missing",
    "set_by_others",
    "set_elsewhere",
    "too_early",
    "unknown_facts",
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
        hint = f' Did you mean "{near[0]}"?' if near else ""
        return UnknownAction(
            f'Procedure {dossier.procedure} has no action "{action}".{hint}',
            where=dossier.code,
            fix=can,
        )
    starts = sorted({state for state, name in table.transitions if name == action})
    return WrongState(
        f'The action "{action}" cannot be taken in state "{dossier.state}".',
        where=dossier.code,
        why=f"It starts from {', '.join(starts)}.",
        fix=can,
    )


def _what_can_be_done(dossier: Dossier, table: Table) -> str:
    options = [
        f"{transition.action} (by {' or '.join(sorted(transition.roles))})"
        for (state, _), group in table.transitions.items()
        if state == dossier.state
        for transition in group
    ]
    if not options:
        return f'Nothing can be done any more: "{dossier.state}" is final.'
    return "Possible now: " + ", ".join(dict.fromkeys(options)) + "."


def who(by: Actor) -> str:
    """Return what a message calls an actor: never an applicant by name or id."""
    return "The applicant" if APPLICANT in by.roles else by.id


def not_permitted(
    dossier: Dossier,
    candidates: tuple[Transition, ...],
    by: Actor,
    at: datetime,
    table: Table,
) -> NotPermitted:
    """Say whose action it is."""
    action = candidates[0].action
    wanted = sorted({role for transition in candidates for role in transition.roles})
    held = [by.roles & transition.roles for transition in candidates]
    if {APPLICANT} in held and not dossier.submission.is_of(by.id):
        return NotPermitted(
            f'{who(by)} may not take the action "{action}" as {APPLICANT}.',
            where=dossier.code,
            why="The actor is neither the applicant of this dossier nor a named representative.",
            fix="Let the applicant act, or name representatives=… when the dossier is submitted.",
        )
    if any(held):
        bound = {each.agency for each in candidates if each.agency and by.roles & each.roles}
        owner = " or ".join(sorted(bound)) or dossier.agency
        whose = "step" if bound else "dossier"
        counters = table.workflow.counters
        also = ""
        if not bound and counters and any(each.manner.counter for each in candidates):
            also = f" Its counters are {', '.join(counters)}."
        return NotPermitted(
            f'{who(by)} of agency "{by.agency}" may not take the action "{action}".',
            where=dossier.code,
            why=f"The {whose} belongs to agency {owner}.{also}",
            fix=f"Let somebody of {owner} or an agency below it act.",
        )
    lapsed = [
        each for each in by.mandates if each.roles & set(wanted) and not each.holds_on(at.date())
    ]
    if lapsed:
        until = f" until {lapsed[0].end}" if lapsed[0].end else ""
        return NotPermitted(
            f'{who(by)} may not take the action "{action}" for {lapsed[0].principal} on '
            f"{at:%Y-%m-%d}.",
            where=dossier.code,
            why=f"The mandate holds from {lapsed[0].start}{until} (the last day not included).",
            fix=f"Let {lapsed[0].principal} act, or give a new mandate.",
        )
    held_roles = ", ".join(sorted(by.roles)) or "nobody"
    return NotPermitted(
        f'{who(by)} may not take the action "{action}" as {held_roles}.',
        where=dossier.code,
        why=f"It is for {' or '.join(wanted)}.",
        fix="Let somebody with that role act.",
    )


def own_dossier(dossier: Dossier, action: str) -> NotPermitted:
    """Refuse to settle one's own dossier."""
    return NotPermitted(
        f'The actor may not take the action "{action}" on a dossier of his own.',
        where=dossier.code,
        why="The actor is the applicant or a representative; nobody settles a dossier of his own.",
        fix="Let a colleague act, or declare own_dossiers: allowed in the procedure.",
    )


def assigned_to(dossier: Dossier, by: Actor, action: str, assignee: str) -> NotPermitted:
    """Say who has the step."""
    return NotPermitted(
        f'{who(by)} may not take the action "{action}": the step is assigned to {assignee}.',
        where=dossier.code,
        why="A step that has been assigned is done by the one who has it, or by a substitute.",
        fix=f"Let {assignee} act, return the step, or have it assigned to {who(by)}.",
    )


def four_eyes(dossier: Dossier, by: Actor, action: str, step: Step | None) -> NotPermitted:
    """Refuse somebody who did a step that another one must have done."""
    place = step.place if step else "before"
    return NotPermitted(
        f'{who(by)} may not take the action "{action}", having done step {place}.',
        where=dossier.code,
        why="The procedure asks for four eyes: who did that step may not do this one.",
        fix="Let somebody else with the same role act.",
    )


def not_asked(dossier: Dossier, by: Actor, action: str) -> NotPermitted:
    """Refuse the answer of an agency that nobody asked, or that has answered."""
    waiting = [each.agency for each in dossier.unanswered]
    return NotPermitted(
        f'{who(by)} of agency "{by.agency}" may not take the action "{action}".',
        where=dossier.code,
        why=f"Asked and not yet answered: {', '.join(waiting) or 'nobody'}.",
        fix="Let somebody of an agency that was asked answer, or the officer who asked enter it.",
    )


def reason_missing(dossier: Dossier, action: str) -> ActionRefused:
    """Say that an action is journalled with its reason."""
    return ActionRefused(
        f'The action "{action}" needs a reason.',
        where=dossier.code,
        why="It undoes or corrects what was done, and the journal says why.",
        fix="Pass note=….",
    )


def fact_missing(dossier: Dossier, action: str, name: str) -> FactRefused:
    """Say which fact must be passed."""
    return FactRefused(
        f'The action "{action}" needs the fact {name}.',
        where=dossier.code,
        fix=f'Pass facts={{"{name}": …}}.',
    )


def unused(dossier: Dossier, action: str, argument: str, why: str) -> ActionRefused:
    """Refuse what would be kept without effect."""
    return ActionRefused(
        f'The action "{action}" {why}, so {argument}=… would have no effect.',
        where=dossier.code,
        fix="Leave it out.",
    )


def set_by_others(
    dossier: Dossier, action: str, role: str, name: str, named: tuple[str, ...]
) -> FactRefused:
    """Refuse a fact that is for other roles or actions to establish."""
    return FactRefused(
        f'The fact {name} cannot be established by {role} with the action "{action}".',
        where=dossier.code,
        why=f"It is for {' or '.join(named)} to establish.",
        fix="Let one of them pass it, or declare who may under set_by.",
    )


def wrong_changes(
    dossier: Dossier, action: str, name: str, allowed: tuple[str, ...]
) -> ActionRefused:
    """Say what an action can correct."""
    return ActionRefused(
        f'The action "{action}" does not correct {name!r}.',
        where=dossier.code,
        fix=f"It corrects {', '.join(allowed)}.",
    )


def nothing_to_change(dossier: Dossier, action: str, allowed: tuple[str, ...]) -> ActionRefused:
    """Refuse a correction that changes nothing."""
    return ActionRefused(
        f'The action "{action}" changes nothing of the registration.',
        where=dossier.code,
        why="An entry that changes nothing would look like a correction.",
        fix=f"Pass changes={{…}} with another value of {' or '.join(allowed)}.",
    )


def wrong_agencies(dossier: Dossier, what: str, waiting: Sequence[str]) -> ActionRefused:
    """Say whose answer can be entered."""
    return ActionRefused(
        what,
        where=dossier.code,
        fix=f"Those are {', '.join(waiting) or 'none'}: pass agencies=[Ask(…)] with one of them.",
    )


def backdated(  # noqa: PLR0917 - what the sentence says, in its order
    dossier: Dossier,
    action: str,
    at: datetime,
    recorded: datetime,
    limit: str,
    rights: tuple[str, ...],
) -> MomentError:
    """Refuse an action that is recorded too long after it is said to have happened."""
    allowed = f"at most {limit} later" if limit else "on the same day"
    who = f" {' or '.join(rights)} may record it later; it is listed then." if rights else ""
    return MomentError(
        f'The action "{action}" of {at:%Y-%m-%d %H:%M} is recorded on {recorded:%Y-%m-%d %H:%M}.',
        where=dossier.code,
        why=f"It is recorded {allowed}, so that nobody can be made to be on time afterwards.",
        fix=f"Leave out at=… for something that happens now.{who}",
    )


def guard_refused(
    dossier: Dossier, transition: Transition, known: Mapping[str, FactValue], table: Table
) -> GuardRefused:
    """Say which condition does not hold, with the values it was judged by and its citation."""
    guard = transition.guard
    names = sorted(guard.names) if guard else []
    parts = table.workflow.parts
    failing = " and ".join(guard.failing(known)) if guard else ""
    cited = f" ({transition.citation})" if transition.citation else ""
    return GuardRefused(
        f'The action "{transition.action}" needs {failing}{cited}.',
        where=dossier.code,
        why=f"Now {', '.join(f'{name} = {known[name]!r}' for name in names)}."
        + "".join(
            f" The part of {parts[name][1].role} in step {parts[name][0].number} is "
            f"{'done' if known[name] else 'not done'}."
            for name in names
            if name in parts
        ),
    )


def unknown_facts(dossier: Dossier, unknown: Iterable[str], table: Table) -> FactRefused:
    """Name the facts that the workflow does not declare, and those that it does."""
    return FactRefused(
        f"The workflow of procedure {dossier.procedure} has no fact {', '.join(unknown)}.",
        where=dossier.code,
        fix=f"It declares {', '.join(sorted(table.workflow.facts)) or 'none'}.",
    )


def part_of_another(dossier: Dossier, facts: Mapping[str, FactValue], table: Table) -> FactRefused:
    """Refuse to say for others that their part of a step is done."""
    named = sorted(facts.keys() & table.workflow.parts.keys())
    return FactRefused(
        f"The fact {named[0]} is established by the party itself, not passed with an action.",
        where=dossier.code,
        why="It says in the journal who has done the part.",
        fix="Let the party take its action, or go on without it.",
    )


def set_elsewhere(dossier: Dossier, action: str, name: str, table: Table) -> FactRefused:
    """Refuse a fact that other actions establish: who may take them may establish it."""
    actions = (*table.established.get(name, ()), *table.needed.get(name, ()))
    by = " or ".join(f'"{each}"' for each in dict.fromkeys(actions))
    return FactRefused(
        f'The fact {name} is established by the action {by}, not passed with "{action}".',
        where=dossier.code,
        why="Otherwise whoever may take any action could say, for example, that a fee was paid.",
        fix="Take that action, or leave the fact out.",
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
        hint = f' Did you mean "{near[0]}"?' if near else ""
        raise TimeLimitError(
            f"{revision} knows no case {case!r}.{hint}",
            where=code,
            why="The dossier would get the time limit and the way of another case.",
            fix=f"Its cases are {', '.join(known)}; leave the case out for any other dossier.",
        )


def check_date(
    dossier: Dossier, transition: Transition, due: datetime | None, at: datetime
) -> None:
    """Refuse an apology without a new date to come, and a new date without an apology."""
    if transition.clock == "replace":
        _check_new_date(dossier, due, at)
    elif due is not None:
        raise MomentError(
            f'The action "{transition.action}" gives no new date, so due=… would be kept without '
            "effect.",
            where=dossier.code,
            fix="Leave it out, or take the action that replaces the date.",
        )


def _check_new_date(dossier: Dossier, due: datetime | None, at: datetime) -> None:
    if due is None:
        raise MomentError(
            "An apology needs the new date.",
            where=dossier.code,
            why="The citizen is told a new date of return (Nghị định 118/2025/NĐ-CP, Điều 19 "
            "khoản 6).",
            fix="Pass due=….",
        )
    new, deadline = local(due, foreign="refuse"), dossier.deadline
    before = deadline.due if deadline else None
    if before is not None and at < new <= before:
        raise MomentError(
            f"The new date {due:%Y-%m-%d %H:%M} does not lie after the date of return, "
            f"{before:%Y-%m-%d %H:%M}.",
            where=dossier.code,
            why="An apology names when the result will come instead (Nghị định 118/2025/NĐ-CP, "
            "Điều 19 khoản 6).",
            fix="Give a later date; to finish earlier needs no apology.",
        )
    if new <= at:
        raise MomentError(
            f"The new date {due:%Y-%m-%d %H:%M} does not lie after the apology of "
            f"{at:%Y-%m-%d %H:%M}.",
            where=dossier.code,
            fix="Give a date to come.",
        )


def clean_submission(submission: Submission, code: str) -> Submission:
    """Return a submission with its texts as they are kept, or refuse it.

    Raises:
        JournalError: There is no such channel.
        TextError: The name of the applicant, the case or the area cannot be kept.
    """
    channels = get_args(Channel)
    if submission.channel not in channels:
        near = difflib.get_close_matches(str(submission.channel).lower(), channels, n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        raise JournalError(
            f"There is no channel {submission.channel!r}.{hint}",
            where=code,
            fix=f"A dossier is handed in {', '.join(channels)}.",
        )
    case, area = (
        clean(text, what=what, longest=NAME, where=code) if text != "" else ""
        for what, text in (("The case", submission.case), ("The area", submission.area))
    )
    applicant = clean(submission.applicant, what="The applicant", longest=NAME, where=code)
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
    kept = clean(text, what="The identity of an applicant", longest=NAME, where=code)
    if "\n" in kept:
        raise TextError(
            "The identity of an applicant has more than one line.",
            where=code,
            fix="Pass the account or the identity number by which the host knows the person.",
        )
    return kept


def of_another(code: str) -> NotPermitted:
    """Refuse a submission by an applicant in the name of somebody else."""
    return NotPermitted(
        f"The actor hands in as {APPLICANT}, but is neither the applicant nor a representative.",
        where=code,
        why="Whoever hands in for somebody else could not act on the dossier later.",
        fix="Pass the id of the actor in representatives=…, or as applicant_id.",
    )


def unreadable(dossier: Dossier, by: Actor) -> NotPermitted:
    """Refuse to show a dossier to somebody whose it is not."""
    return NotPermitted(
        f"{who(by)} may not read this dossier.",
        where=dossier.code,
        why=f"It is of {dossier.agency}, of its applicant, and of those for whom it waits.",
        fix="Let somebody of these read it.",
    )


def without_role(by: Actor, code: str) -> NotPermitted:
    """Refuse a submission by somebody who is nothing here."""
    return NotPermitted(
        f"{who(by)} has no role, so nobody could say later who handed the dossier in.",
        where=code,
        fix='Give the actor a role, e.g. roles={"receptionist"} or {"applicant"}.',
    )


def clean_facts(facts: Mapping[str, FactValue], code: str) -> Mapping[str, FactValue]:
    """Return facts with their texts as they are kept.

    Raises:
        TextError: A text cannot be kept.
    """
    return {
        name: clean(value, what=f"The fact {name}", longest=NOTE, where=code)
        if isinstance(value, str) and value
        else value
        for name, value in facts.items()
    }


def check_first(entry: Entry) -> None:
    """Refuse an entry that cannot begin a journal."""
    wanted = {"procedure", "revision", "channel", "applicant"}
    begins = entry.seq == 1 and entry.source is None and wanted <= entry.facts.keys()
    if not begins or entry.facts["channel"] not in get_args(Channel):
        raise JournalError(
            f"Entry {entry.seq} ({entry.action}) cannot begin a journal.",
            where=entry.dossier,
            why='A journal begins with entry 1, "submit", which names procedure and channel.',
        )


def check_kinds(dossier: Dossier, facts: Mapping[str, FactValue], table: Table) -> None:
    """Refuse a fact of another kind than the workflow declares."""
    for name, value in facts.items():
        kind = table.workflow.facts[name]
        if type(value) is not _KINDS[kind]:
            raise FactRefused(
                f"The fact {name} is {value!r}, but the workflow declares it {kind}.",
                where=dossier.code,
                fix=f"Pass a {_KINDS[kind].__name__}.",
            )


_KINDS: Mapping[str, type] = MappingProxyType({"bool": bool, "int": int, "text": str})


def does_not_follow(dossier: Dossier, entry: Entry) -> JournalError:
    """Say that an entry is missing, changed or in the wrong place."""
    return JournalError(
        f"Entry {entry.seq} ({entry.action}: {entry.source} → {entry.target}) does not follow "
        f"entry {dossier.seq}, which left the dossier in {dossier.state}.",
        where=dossier.code,
        why="A dossier is the fold of its journal, entry by entry.",
        fix="Restore the missing or changed entry from a backup.",
    )


def too_early(dossier: Dossier, action: str, at: datetime) -> MomentError:
    """Say that a journal runs forward."""
    return MomentError(
        f'The action "{action}" at {at:%Y-%m-%d %H:%M} lies before the last entry of the journal '
        f"({dossier.last_at:%Y-%m-%d %H:%M}).",
        where=dossier.code,
        why="A dossier cannot be finished before it was received; a journal runs forward.",
        fix="Check the date; a mistake in an earlier entry cannot be overwritten.",
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
            f"The dossier has {dossier.seq} entries, so nobody can have seen entry {seq}.",
            where=dossier.code,
            fix="Pass seq=dossier.seq of the dossier that was shown.",
        )
    later = "; ".join(
        f"{'somebody' if each.role == APPLICANT else each.actor} ({each.role}) took the action "
        f"{each.action} at "
        f"{each.happened_at:%Y-%m-%d %H:%M}"
        for each in journal[seq:]
    )
    return StoreConflict(
        f"Since entry {seq}: {later}. Nothing was written.",
        where=dossier.code,
        why=f'The dossier is in state "{dossier.state}" now, at entry {dossier.seq}.',
        fix=_what_can_be_done(dossier, table),
    )
