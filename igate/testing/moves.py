"""What somebody could do with a dossier now, complete with everything that an action asks for.

Tests and strategies take such moves at random. Who acts is made up: two people of each role, so
that steps which ask for four eyes, or are assigned to one of them, can be taken and refused. Where
a step is assigned to somebody else, that one acts too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from igate.checks.asked import REASON, facts_for, new_date
from igate.dossiers.dossier import NO_CHANGES, Actor, Ask
from igate.dossiers.engine import decide
from igate.dossiers.refusals import APPLICANT
from igate.errors import ActionRefused, CalendarNotCovered, MomentError
from igate.law.printed import Printed
from igate.procedures.workflow import NO_FACTS, FactValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from igate.dossiers.dossier import Dossier, Entry
    from igate.dossiers.engine import Ground
    from igate.procedures.workflow import State, Transition

__all__ = ["Move", "moves"]

#: the applicant's name after a correction of the registration
_CORRECTED: Final = "Người nộp giả lập (đã sửa)"
#: an agency that is asked, below that of the desk
_ASKED: Final = "99"
#: national statuses of the course: handed in, received, in process, finished, handed over
_COURSE: Final = (1, 2, 4, 9, 10)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Move(Printed):
    """An action with what it asks for; its fields are the arguments of ``OneStop.act``."""

    action: str
    by: Actor
    note: str = REASON
    #: the new date of an apology
    due: datetime | None = None
    facts: Mapping[str, FactValue] = field(default_factory=lambda: NO_FACTS)
    to: str = ""
    changes: Mapping[str, str] = field(default_factory=lambda: NO_CHANGES)
    agencies: tuple[Ask, ...] = ()
    #: whether it leads on in the course of the dossier: to a later step or status, or does a part
    onward: bool = False

    def decide(self, dossier: Dossier, ground: Ground, at: datetime) -> Entry:
        """Return the entry of the move.

        Raises:
            ActionRefused: It cannot be taken now.
            MomentError: It lies before the last entry.
        """
        return decide(
            dossier, self.action, by=self.by, at=at, ground=ground, note=self.note, due=self.due,
            facts=self.facts, to=self.to, changes=self.changes, agencies=self.agencies,
        )  # fmt: skip


def moves(dossier: Dossier, ground: Ground, at: datetime) -> tuple[Move, ...]:
    """Return what can be done with a dossier at a moment, in the order of the workflow.

    Args:
        dossier: As it is now.
        ground: What decides it.
        at: When; moves that the moment forbids are left out.
    """
    found: list[Move] = []
    for action in ground.table.actions_from(dossier.state):
        for transition in ground.table.transitions[dossier.state, action]:
            for by in _actors(dossier, transition, ground):
                move = next(_open(dossier, transition, ground, at, by), None)
                if move is not None and move not in found:
                    found.append(move)
    return tuple(found)


def _open(
    dossier: Dossier, transition: Transition, ground: Ground, at: datetime, by: Actor
) -> Iterator[Move]:
    tries = _tries(dossier, transition, ground, at, by)
    return (each for each in tries if _can_be_taken(each, dossier, ground, at))


def _can_be_taken(move: Move, dossier: Dossier, ground: Ground, at: datetime) -> bool:
    try:
        move.decide(dossier, ground, at)
    except (ActionRefused, MomentError, CalendarNotCovered):
        return False
    return True


def _tries(
    dossier: Dossier, transition: Transition, ground: Ground, at: datetime, by: Actor
) -> Iterator[Move]:
    """Yield an action of somebody with each choice of facts that could open it."""
    manner, put_off = transition.manner, new_date(transition, dossier, at)
    for facts in facts_for(transition, ground.table):
        yield Move(
            action=transition.action,
            by=by,
            facts=MappingProxyType(facts) if facts else NO_FACTS,
            due=put_off,
            to=by.id if manner.assigns == "named" else "",
            changes=MappingProxyType({"applicant": _CORRECTED})
            if "applicant" in manner.changes
            else NO_CHANGES,
            agencies=_agencies(dossier, transition),
            onward=_leads_on(dossier, transition, ground),
        )


def _actors(dossier: Dossier, transition: Transition, ground: Ground) -> Iterator[Actor]:
    made_up = {name for role in ground.table.workflow.roles for name in _people(role)}
    others = {dossier.assignee} - made_up - {""}
    own = transition.agency or dossier.agency
    answering = [each.agency for each in dossier.unanswered] if transition.manner.answers else []
    for role in sorted(transition.roles):
        if role == APPLICANT:
            yield Actor(dossier.submission.applicant_id or APPLICANT, roles={role})
            continue
        for agency in dict.fromkeys([own, *answering]):
            for name in (*_people(role), *others):
                yield Actor(name, roles={role}, agency=agency)


def _people(role: str) -> tuple[str, str]:
    return f"{role}-1", f"{role}-2"


def _leads_on(dossier: Dossier, transition: Transition, ground: Ground) -> bool:
    states = ground.table.workflow.states
    here, there = _rank(states[dossier.state]), _rank(states[transition.target])
    if transition.target == dossier.state:
        return bool(transition.sets) and not transition.manner.upkeep
    return there > here


def _rank(state: State) -> tuple[int, int, int]:
    """Return how far a state is in the course; what ends or holds up a dossier is nowhere."""
    if state.national_status not in _COURSE:
        return (-1, 0, 0)
    return (_COURSE.index(state.national_status), state.step or 0, state.part)


def _agencies(dossier: Dossier, transition: Transition) -> tuple[Ask, ...]:
    if transition.manner.asks:
        return (Ask(f"{dossier.agency.partition('.')[0]}.{_ASKED}", "2 working_day"),)
    if transition.manner.answers and dossier.unanswered:
        return (Ask(dossier.unanswered[0].agency),)
    return ()
