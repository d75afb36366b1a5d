"""What must be passed with an action, and what may: facts, a reason, names, and how late."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct

from igate.deadlines.deadline import due_from
from igate.deadlines.limits import limit_of
from igate.dossiers.dossier import NO_CHANGES, Ask
from igate.dossiers.factrefusals import (
    check_kinds,
    fact_missing,
    part_of_another,
    set_by_others,
    set_elsewhere,
    unknown_facts,
)
from igate.dossiers.permission import asked_of
from igate.dossiers.refusals import (
    NAME,
    backdated,
    nothing_to_change,
    reason_missing,
    unused,
    wrong_agencies,
    wrong_changes,
)
from igate.errors import ActionRefused, CalendarNotCovered, FactRefused
from igate.law.text import check_agency, clean
from igate.procedures.naming import action_called
from igate.words.sentence import beside, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from igate.calendar import WorkCalendar
    from igate.deadlines.rules import ClockRules
    from igate.dossiers.dossier import Actor, Dossier, Entry
    from igate.procedures.machine import Table
    from igate.procedures.workflow import FactValue, Transition

__all__ = ["MAX_BACKDATE", "Given", "check_backdate", "check_facts", "check_manner", "is_late"]

#: How long after it happened an action may be recorded, where its file says nothing (assumed).
MAX_BACKDATE: Final = limit_of("1 working_day")


class _Counted(Protocol):
    """What a time is counted by, and who may do what."""

    @property
    def table(self) -> Table: ...

    @property
    def calendar(self) -> WorkCalendar: ...

    @property
    def rules(self) -> ClockRules: ...


class Given(Struct, frozen=True, kw_only=True):
    """What was passed with an action, as the entry keeps it."""

    assignee: str | None = None
    changes: Mapping[str, str] = NO_CHANGES
    asks: tuple[Ask, ...] = ()
    answers: str = ""


def check_facts(
    dossier: Dossier,
    facts: Mapping[str, FactValue],
    transition: Transition,
    role: str,
    table: Table,
) -> None:
    """Refuse facts that are unknown, of another kind, or not for this action to establish.

    Raises:
        FactRefused: One of them is.
    """
    workflow = table.workflow
    if not isinstance(facts, Mapping):
        raise FactRefused(
            say("A {name} is no mapping of facts.", name=type(facts).__name__),
            where=dossier.code,
            fix=say("Pass the value of each by its name: {call}", call='facts={"fee_due": 50_000}'),
        )
    if not facts.keys() <= workflow.facts.keys():
        raise unknown_facts(dossier, sorted(facts.keys() - workflow.facts.keys()), table)
    if not facts.keys().isdisjoint(table.parts):
        raise part_of_another(dossier, facts, table)
    check_kinds(dossier, facts, table)
    for name in sorted(facts.keys() - transition.sets.keys() - set(transition.manner.needs)):
        named = workflow.set_by.get(name)
        if named is None and (name in table.established or name in table.needed):
            raise set_elsewhere(dossier, transition.action, name, table)
        allowed = tuple(sorted(table.step_roles)) if named is None else named
        if allowed and transition.action not in allowed and role not in allowed:
            raise set_by_others(dossier, transition.action, role, name, allowed, table)


def check_manner(
    dossier: Dossier,
    transition: Transition,
    by: Actor,
    table: Table,
    *,
    note: str,
    facts: Mapping[str, FactValue],
    to: str,
    changes: Mapping[str, str],
    agencies: Sequence[Ask],
) -> Given:
    """Hold what was passed against what the action asks for.

    Raises:
        ActionRefused: Something is missing, or would be kept without effect.
    """
    manner, action = transition.manner, transition.action
    if manner.note and not note:
        raise reason_missing(dossier, action, table)
    for name in manner.needs:
        if name not in facts:
            raise fact_missing(dossier, action, name, table)
    if to and manner.assigns != "named":
        raise unused(dossier, action, "to", say("assigns no step"), table)
    if changes and not manner.changes:
        raise unused(dossier, action, "changes", say("corrects nothing of the registration"), table)
    if agencies and not (manner.asks or manner.answers):
        raise unused(dossier, action, "agencies", say("asks no agency"), table)
    asks, answers = _agencies(dossier, transition, by, agencies)
    return Given(
        assignee=_assignee(dossier, transition, by, to, table),
        changes=_changes(dossier, transition, changes, table),
        asks=asks,
        answers=answers,
    )


def check_backdate(  # noqa: PLR0917 - one call a step, positional for speed
    dossier: Dossier,
    transition: Transition,
    by: Actor,
    at: datetime,
    recorded: datetime,
    ground: _Counted,
) -> None:
    """Refuse an action that is recorded too long after it is said to have happened.

    Raises:
        MomentError: It is, and the actor has no right to it.
    """
    rights = ground.table.workflow.backdaters
    if recorded.date() == at.date() or not by.roles.isdisjoint(rights):
        return
    limit = transition.manner.max_backdate or MAX_BACKDATE
    if _never(dossier, transition, at, recorded):
        raise backdated(dossier, transition.action, at, recorded, "", ground.table)
    due = due_from(at, limit, calendar=ground.calendar, rules=ground.rules)
    if due is not None and recorded.date() > due.date():
        text = beside(en=str(limit).replace("_", " "), vi=limit.text("vi"))
        raise backdated(dossier, transition.action, at, recorded, text, ground.table)


def is_late(entry: Entry, calendar: WorkCalendar) -> bool:
    """Return whether an entry was recorded later than on the next working day."""
    happened, recorded = entry.happened_at.date(), entry.recorded_at.date()
    if recorded <= happened:
        return False
    try:
        return calendar.count(happened, recorded) > 1
    except CalendarNotCovered:
        return (recorded - happened).days > 1


def _never(dossier: Dossier, transition: Transition, at: datetime, recorded: datetime) -> bool:
    """Return whether an action must be recorded on its day: what could make a dossier on time."""
    limit = transition.manner.max_backdate
    if transition.clock == "replace" or (limit is not None and not limit.stated):
        return True
    deadline = dossier.deadline if transition.clock in {"finish", "stop"} else None
    due = None if deadline is None else deadline.due
    return due is not None and at.date() <= due.date() < recorded.date()


def _assignee(
    dossier: Dossier, transition: Transition, by: Actor, to: str, table: Table
) -> str | None:
    assigns = transition.manner.assigns
    if assigns is None:
        return None
    if assigns == "named":
        if not to:
            raise ActionRefused(
                say(
                    "The action {action} names the one who is to do the step.",
                    action=action_called(table.workflow, transition.action),
                ),
                where=dossier.code,
                fix=say('Pass to="…", the id by which the host knows the person.'),
            )
        return clean(to, what=say("The id of an assignee"), longest=NAME, where=dossier.code)
    return by.id if assigns == "actor" else ""


def _changes(
    dossier: Dossier, transition: Transition, changes: Mapping[str, str], table: Table
) -> Mapping[str, str]:
    allowed = transition.manner.changes
    if not allowed:
        return NO_CHANGES
    unknown = sorted(changes.keys() - set(allowed))
    if unknown:
        raise wrong_changes(dossier, transition.action, unknown[0], allowed, table)
    now = dossier.submission
    same = {"representatives": "\n".join(now.representatives)}
    changed = {
        name: value
        for name, value in changes.items()
        if value != same.get(name, getattr(now, name))
    }
    if not changed:
        raise nothing_to_change(dossier, transition.action, allowed, table)
    if "agency" in changed:
        check_agency(changed["agency"], where=dossier.code)
    return MappingProxyType(changed)


def _agencies(
    dossier: Dossier, transition: Transition, by: Actor, agencies: Sequence[Ask]
) -> tuple[tuple[Ask, ...], str]:
    manner = transition.manner
    for ask in agencies:
        check_agency(ask.agency, what=say("An agency that is asked"), where=dossier.code)
        if ask.limit:
            limit_of(ask.limit)
    if manner.asks:
        names = [ask.agency for ask in agencies]
        if len(set(names)) < len(names):
            raise wrong_agencies(
                dossier, say("{names} is named twice.", names=max(names, key=names.count)), names
            )
        return tuple(agencies), ""
    if not manner.answers or not dossier.asked:
        return (), ""
    own = asked_of(dossier, by.agency)
    named = agencies[0].agency if len(agencies) == 1 else ""
    waiting = [each.agency for each in dossier.unanswered]
    if named and own and named != own:
        raise wrong_agencies(
            dossier,
            say("{id} answers for {own}, not for {named}.", id=by.id, own=own, named=named),
            waiting,
        )
    answer = own or named
    if answer not in waiting:
        what = (
            say("{answer} has not been asked, or has answered.", answer=answer)
            if answer
            else say("Whose answer is it?")
        )
        raise wrong_agencies(dossier, what, waiting)
    return (), answer
