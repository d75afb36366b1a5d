"""Who may take an action: role, agency or counter, assignee, four eyes, and whose dossier it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from igate.dossiers.factrefusals import guard_refused
from igate.dossiers.facts import guard_facts
from igate.dossiers.refusals import (
    APPLICANT,
    assigned_to,
    four_eyes,
    no_transition,
    not_asked,
    not_permitted,
    own_dossier,
)
from igate.law.text import within
from igate.procedures.workflow import EVERY_COUNTER, PLAIN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from igate.calendar import WorkCalendar
    from igate.dossiers.dossier import Actor, Dossier, Mandate
    from igate.errors import NotPermitted
    from igate.procedures.machine import Table
    from igate.procedures.workflow import FactValue, Transition, Workflow

__all__ = ["asked_of", "choose"]


def choose(  # noqa: PLR0917 - one hot call, positional for speed
    dossier: Dossier,
    action: str,
    by: Actor,
    at: datetime,
    table: Table,
    calendar: WorkCalendar,
    facts: Mapping[str, FactValue],
) -> tuple[Transition, str, Mandate | None]:
    """Return the first transition that the actor may take and whose guard holds.

    Returns:
        It, the role in which the actor acts, and the mandate if it is a role of another.

    Raises:
        ActionRefused: There is none; the message says why and what can be done.
    """
    candidates = table.transitions.get((dossier.state, action))
    if candidates is None:
        raise no_transition(dossier, action, table)
    closed: Transition | None = None
    barred: NotPermitted | None = None
    for transition in candidates:
        role, mandate = _role(dossier, transition, by, at, table.workflow)
        if not role:
            continue
        refusal = _barred(dossier, transition, role, by, mandate, table)
        if refusal is not None:
            barred = refusal
            continue
        guard = transition.guard
        if guard is None or guard.holds(
            guard_facts(dossier, guard.names, at, table, calendar, facts)
        ):
            return transition, role, mandate
        closed = transition
    if closed is not None:
        names = closed.guard.names if closed.guard else frozenset()
        known = guard_facts(dossier, names, at, table, calendar, facts)
        raise guard_refused(dossier, closed, known, table)
    raise barred or not_permitted(dossier, candidates, by, at, table)


def asked_of(dossier: Dossier, agency: str) -> str:
    """Return the agency that is still to answer and is this one or above it; empty: none."""
    waiting = [each.agency for each in dossier.unanswered]
    return next((each for each in waiting if within(agency, each)), "")


def _role(
    dossier: Dossier, transition: Transition, by: Actor, at: datetime, workflow: Workflow
) -> tuple[str, Mandate | None]:
    """Return the role in which an actor may act, with the mandate by which he has it."""
    if not (transition.any_agency or within(by.agency, transition.agency or dossier.agency)) and (
        not transition.manner.counter or not _at_counter(by.agency, dossier.agency, workflow)
    ):
        return "", None
    roles = by.roles & transition.roles
    if APPLICANT in roles and not dossier.submission.is_of(by.id):
        roles -= {APPLICANT}
    if roles:
        return min(roles), None
    for mandate in by.mandates:
        held = mandate.roles & transition.roles
        if held and mandate.holds_on(at.date()):
            return min(held), mandate
    return "", None


def _at_counter(agency: str, competent: str, workflow: Workflow) -> bool:
    """Return whether an agency has one of the counters at which a dossier may be handed in."""
    for counter in workflow.counters:
        if counter == EVERY_COUNTER:
            province = competent.partition(".")[0]
            if agency and within(agency, province):
                return True
        elif within(agency, counter):
            return True
    return False


def _barred(  # noqa: PLR0917 - one hot call, positional for speed
    dossier: Dossier,
    transition: Transition,
    role: str,
    by: Actor,
    mandate: Mandate | None,
    table: Table,
) -> NotPermitted | None:
    """Return why somebody who has the role may not act all the same."""
    if (
        role != APPLICANT
        and dossier.submission.belongs_to(by.id)
        and not table.workflow.own_dossiers
    ):
        return own_dossier(dossier, transition.action, table)
    manner = transition.manner
    if manner is PLAIN:
        return None
    people = {by.id, mandate.principal} if mandate else {by.id}
    assignee = dossier.assignees.get(dossier.state) if manner.own and dossier.assignees else None
    if assignee is not None and assignee not in people:
        return assigned_to(dossier, by, transition.action, assignee, table)
    for state in manner.other_than:
        if not people.isdisjoint(dossier.done_by.get(state, ())):
            return four_eyes(dossier, by, transition.action, table.workflow.step_of(state), table)
    if manner.answers and dossier.asked and role not in _own_roles(dossier, table.workflow):
        return (
            None
            if asked_of(dossier, by.agency)
            else not_asked(dossier, by, transition.action, table)
        )
    return None


def _own_roles(dossier: Dossier, workflow: Workflow) -> frozenset[str]:
    step = workflow.step_of(dossier.state)
    return step.roles if step else frozenset()
