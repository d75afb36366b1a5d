"""For whom a dossier waits, and what falls due: worked out from the dossier, without its journal.

A work list shows the first, a clerk of the system runs the second. Both follow from the state and
the table of its procedure, so they hold for any template; property tests hold each task against
what its actor may really do, and each date against the progress of the dossier.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from igate.deadlines.deadline import due_from
from igate.dossiers.facts import guard_facts
from igate.dossiers.progress import open_times
from igate.dossiers.record import Task, Timer
from igate.dossiers.refusals import APPLICANT
from igate.law.localtime import VIETNAM
from igate.law.text import within
from igate.procedures.workflow import NO_FACTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from igate.dossiers.dossier import Actor, Dossier
    from igate.dossiers.engine import Ground
    from igate.procedures.workflow import Step, Transition

__all__ = ["SYSTEM", "may_read", "tasks_of", "timers_of"]

#: role of the information system itself, which acts when something has fallen due
SYSTEM: Final = "system"
#: national statuses: handed in; waiting for a supplement, for a fee or another duty
_SUBMITTED: Final = 1
_WAITING: Final = frozenset({5, 6})
#: days after which nothing new falls due by waiting
_LONGEST_WAIT: Final = 400
#: facts by which time alone can open a transition
_BY_TIME: Final = frozenset({"days_waiting", "terms_lapsed"})


def tasks_of(dossier: Dossier, ground: Ground) -> tuple[Task, ...]:
    """Return for whom a dossier waits: nobody once it has ended.

    Where several work at the same time, each whose part is missing has a task; where agencies were
    asked, each that has not answered. A dossier that waits for its applicant is the applicant's.
    """
    workflow = ground.table.workflow
    state = workflow.states[dossier.state]
    if state.is_end:
        return ()
    if state.national_status in _WAITING:
        return (Task(place=dossier.state, role=APPLICANT),)
    step = workflow.step_of(dossier.state)
    due, parties = open_times(dossier, ground)
    asked = [
        Task(place=f"{dossier.state}:{each.agency}", role=role, agency=each.agency, due_at=each.due)
        for each in dossier.unanswered
        for role in sorted(_answering(dossier, ground))
    ]
    if asked:
        return tuple(asked)
    open_parties = [
        party
        for party in (step.together if step else ())
        if dossier.facts.get(party.done_fact(step.number if step else 0)) is not True
    ]
    if step is not None and open_parties:
        return tuple(
            [
                Task(
                    place=f"{dossier.state}:{party.role}",
                    role=party.role,
                    agency=party.agency_id or step.agency_id or dossier.agency,
                    due_at=parties.get(party.done_fact(step.number)),
                )
                for party in open_parties
            ]
        )
    agency = (step.agency_id if step is not None else "") or dossier.agency
    return tuple(
        [
            Task(
                place=dossier.state, role=role, agency=agency, assignee=dossier.assignee, due_at=due
            )
            for role in sorted(_working(dossier, ground, step))
        ]
    )


def may_read(dossier: Dossier, ground: Ground, by: Actor) -> bool:
    """Return whether a dossier is somebody's business.

    It is that of its applicant and representatives, of the people of the competent agency and of
    those above and below it, of the counter at which it was received, and of the agencies for which
    it waits.
    """
    if APPLICANT in by.roles and dossier.submission.belongs_to(by.id):
        return True
    if not by.agency:
        return False
    own = dossier.agency
    if within(by.agency, own) or within(own, by.agency):
        return True
    waiting = [each.agency for each in tasks_of(dossier, ground) if each.agency]
    counter = [dossier.counter] if dossier.counter else []
    return any(within(by.agency, each) for each in counter + waiting)


def _working(dossier: Dossier, ground: Ground, step: Step | None) -> frozenset[str]:
    """Return the roles of those who take a dossier on from its state."""
    onward = frozenset[str]().union(*[each.roles for each in _onward(dossier, ground)])
    own = step.roles & onward if step is not None else frozenset()
    return own or onward - {APPLICANT, SYSTEM}


def _onward(dossier: Dossier, ground: Ground) -> Iterator[Transition]:
    """Yield the transitions that lead out of a state, but for those that put something right."""
    table = ground.table
    for action in table.actions_from(dossier.state):
        for transition in table.transitions[dossier.state, action]:
            if transition.target != dossier.state and not transition.manner.upkeep:
                yield transition


def _answering(dossier: Dossier, ground: Ground) -> frozenset[str]:
    """Return the roles in which an agency that was asked answers."""
    table = ground.table
    own = table.workflow.step_of(dossier.state)
    roles = [
        transition.roles
        for action in table.actions_from(dossier.state)
        for transition in table.transitions[dossier.state, action]
        if transition.manner.answers
    ]
    found = frozenset[str]().union(*roles)
    return found - (own.roles if own else frozenset()) or found


def timers_of(dossier: Dossier, ground: Ground, *, due: datetime | None) -> tuple[Timer, ...]:
    """Return what falls due for a dossier unless something else happens before.

    Args:
        dossier: As it is now.
        ground: What decides it.
        due: Its date of return, which has been worked out.
    """
    if ground.table.workflow.states[dossier.state].is_end or dossier.outcome is not None:
        return ()
    found = [*_by_law(dossier, ground), *_of_steps(dossier, ground), *_by_itself(dossier, ground)]
    if due is not None and dossier.finished_at is None:
        found.append(Timer(kind="deadline", due_at=due))
    return tuple(found)


def _by_law(dossier: Dossier, ground: Ground) -> Iterator[Timer]:
    """Yield what is owed for a dossier handed in online before it is received."""
    if dossier.channel != "online" or dossier.national_status != _SUBMITTED:
        return
    for kind, owed in ground.rules.owed.items():
        if kind == "respond" and dossier.seq > 1:
            continue
        at = due_from(
            dossier.submitted_at, owed.limit, calendar=ground.calendar, rules=ground.rules
        )
        if at is not None:
            yield Timer(kind=kind, due_at=at)


def _of_steps(dossier: Dossier, ground: Ground) -> Iterator[Timer]:
    """Yield the dates of the step, of its parties and of the agencies that were asked."""
    due, parties = open_times(dossier, ground)
    if due is not None:
        yield Timer(kind="step", about=dossier.state, due_at=due)
    for fact, at in parties.items():
        if at is not None and dossier.facts.get(fact) is not True:
            yield Timer(kind="step", about=fact, due_at=at)
    for each in dossier.unanswered:
        if each.due is not None:
            yield Timer(kind="term", about=each.agency, due_at=each.due)


def _by_itself(dossier: Dossier, ground: Ground) -> Iterator[Timer]:
    """Yield when the system itself may take an action, where time alone decides."""
    table = ground.table
    for action in table.actions_from(dossier.state):
        for transition in table.transitions[dossier.state, action]:
            guard = transition.guard
            if SYSTEM in transition.roles and guard is not None and guard.names <= _BY_TIME:
                at = _opens(dossier, transition, ground, guard.names)
                if at is not None:
                    yield Timer(kind="act", about=action, due_at=at)
                    break


def _opens(
    dossier: Dossier, transition: Transition, ground: Ground, names: frozenset[str]
) -> datetime | None:
    """Return when a condition on time begins to hold: at a midnight, or when a term has ended."""
    guard = transition.guard
    if guard is None:
        return None
    for at in _moments(dossier, names):
        known: Mapping[str, object] = guard_facts(
            dossier, names, at, ground.table, ground.calendar, NO_FACTS
        )
        if guard.holds(known):  # type: ignore[arg-type]
            return at
    return None


def _moments(dossier: Dossier, names: frozenset[str]) -> Iterable[datetime]:
    """Return the moments at which a condition on time can begin to hold, in order."""
    if "terms_lapsed" in names:
        ends = sorted({each.due for each in dossier.unanswered if each.due is not None})
        return [at + timedelta(seconds=1) for at in ends]
    first = dossier.last_at.date()
    return (
        datetime.combine(first + timedelta(days=days), time(0), tzinfo=VIETNAM)
        for days in range(1, _LONGEST_WAIT)
    )
