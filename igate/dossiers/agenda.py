"""For whom a dossier waits, and what falls due: worked out from the dossier, without its journal.

A work list shows the first, a clerk of the system runs the second. Both follow from the state and
the table of its procedure, so they hold for any template; property tests hold each task against
what its actor may really do, and each date against the progress of the dossier.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from igate.deadlines.deadline import due_from
from igate.dossiers.facts import guard_facts, waiting_since
from igate.dossiers.places import LONGEST_WAIT, SYSTEM
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
    from igate.dossiers.places import Place
    from igate.procedures.workflow import Transition

__all__ = ["SYSTEM", "agenda_of", "may_read", "tasks_of", "timers_of"]

#: national status: handed in
_SUBMITTED: Final = 1

#: the local date of a step, and those of its parties by the facts that say that they are done
_Times = tuple[datetime | None, "Mapping[str, datetime | None]"]


def agenda_of(
    dossier: Dossier, ground: Ground, *, due: datetime | None
) -> tuple[tuple[Task, ...], tuple[Timer, ...]]:
    """Return both, as :func:`tasks_of` and :func:`timers_of` do, the dates worked out once."""
    place = ground.places[dossier.state]
    if place.ended:
        return (), ()
    times = open_times(dossier, ground)
    return _tasks(dossier, place, times), _timers(dossier, ground, times, due)


def tasks_of(dossier: Dossier, ground: Ground) -> tuple[Task, ...]:
    """Return for whom a dossier waits: nobody once it has ended.

    Where several work at the same time, each whose part is missing has a task; where agencies were
    asked, each that has not answered. A dossier that waits for its applicant is the applicant's.
    """
    place = ground.places[dossier.state]
    return () if place.ended else _tasks(dossier, place, open_times(dossier, ground))


def _tasks(dossier: Dossier, place: Place, times: _Times) -> tuple[Task, ...]:
    if place.waiting:
        return (Task(place=dossier.state, role=APPLICANT),)
    step, (due, parties) = place.step, times
    if dossier.asked:
        asked = [
            Task(
                place=f"{dossier.state}:{each.agency}", role=role, agency=each.agency,
                due_at=each.due,
            )
            for each in dossier.unanswered
            for role in place.answering
        ]  # fmt: skip
        if asked:
            return tuple(asked)
    if step is not None and step.together:
        found = [
            Task(
                place=f"{dossier.state}:{party.role}",
                role=party.role,
                agency=party.agency_id or step.agency_id or dossier.agency,
                due_at=parties.get(party.done_fact(step.number)),
            )
            for party in step.together
            if dossier.facts.get(party.done_fact(step.number)) is not True
        ]
        if found:
            return tuple(found)
    agency = (step.agency_id if step is not None else "") or dossier.agency
    assignee = dossier.assignee
    return tuple(
        [
            Task(place=dossier.state, role=role, agency=agency, assignee=assignee, due_at=due)
            for role in place.working
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


def timers_of(dossier: Dossier, ground: Ground, *, due: datetime | None) -> tuple[Timer, ...]:
    """Return what falls due for a dossier unless something else happens before.

    Args:
        dossier: As it is now.
        ground: What decides it.
        due: Its date of return, which has been worked out.
    """
    if ground.places[dossier.state].ended:
        return ()
    return _timers(dossier, ground, open_times(dossier, ground), due)


def _timers(
    dossier: Dossier, ground: Ground, times: _Times, due: datetime | None
) -> tuple[Timer, ...]:
    if dossier.outcome is not None:
        return ()
    found: list[Timer] = []
    if dossier.national_status == _SUBMITTED:
        found += _by_law(dossier, ground)
    found += _of_steps(dossier, times)
    if ground.places[dossier.state].timed:
        found += _by_itself(dossier, ground)
    if due is not None and dossier.finished_at is None:
        found.append(Timer(kind="deadline", due_at=due))
    return tuple(found)


def _by_law(dossier: Dossier, ground: Ground) -> Iterator[Timer]:
    """Yield what is owed for a dossier handed in online before it is received."""
    if dossier.channel != "online":
        return
    for kind, owed in ground.rules.owed.items():
        if kind == "respond" and dossier.seq > 1:
            continue
        at = due_from(
            dossier.submitted_at, owed.limit, calendar=ground.calendar, rules=ground.rules
        )
        if at is not None:
            yield Timer(kind=kind, due_at=at)


def _of_steps(dossier: Dossier, times: _Times) -> list[Timer]:
    """Return the dates of the step, of its parties and of the agencies that were asked."""
    due, parties = times
    found = [] if due is None else [Timer(kind="step", about=dossier.state, due_at=due)]
    if parties:
        found += [
            Timer(kind="step", about=fact, due_at=at)
            for fact, at in parties.items()
            if at is not None and dossier.facts.get(fact) is not True
        ]
    if dossier.asked:
        found += [
            Timer(kind="term", about=each.agency, due_at=each.due)
            for each in dossier.unanswered
            if each.due is not None
        ]
    return found


def _by_itself(dossier: Dossier, ground: Ground) -> Iterator[Timer]:
    """Yield when the system itself may take an action, where time alone decides."""
    found: set[str] = set()
    for transition, days in ground.places[dossier.state].timed:
        if transition.action in found:
            continue
        at = _opens(dossier, transition, ground, days)
        if at is not None:
            found.add(transition.action)
            yield Timer(kind="act", about=transition.action, due_at=at)


def _opens(
    dossier: Dossier, transition: Transition, ground: Ground, days: int | None
) -> datetime | None:
    """Return when a condition on time begins to hold: at a midnight, or when a term has ended."""
    guard = transition.guard
    if guard is None:
        return None
    if days is not None and waiting_since(dossier) == dossier.last_at:
        return datetime.combine(
            dossier.last_at.date() + timedelta(days=days), time(0), tzinfo=VIETNAM
        )
    names = guard.names
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
        for days in range(1, LONGEST_WAIT)
    )
