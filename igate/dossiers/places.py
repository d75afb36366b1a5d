"""What follows from the state that a dossier is in, whatever dossier it is.

The engine, the work list and the timers ask for it at every action, so it is worked out once for
each state when a revision is compiled.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from igate.dossiers.refusals import APPLICANT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.procedures.guard import Guard
    from igate.procedures.machine import Table
    from igate.procedures.workflow import Stage, Step, Transition

__all__ = ["LONGEST_WAIT", "SYSTEM", "Place", "places_of"]

#: role of the information system itself, which acts when something has fallen due
SYSTEM: Final = "system"
#: national statuses: waiting for a supplement, for a fee or another duty
_WAITING: Final = frozenset({5, 6})
#: days after which nothing new falls due by waiting
LONGEST_WAIT: Final = 400
#: facts by which time alone can open a transition
_BY_TIME: Final = frozenset({"days_waiting", "terms_lapsed"})


class Place(Struct, frozen=True, kw_only=True):
    """A state, with what belongs to it."""

    #: the step that it belongs to, and the stage of that step
    step: Step | None
    stage: Stage | None
    #: nothing follows
    ended: bool
    #: the dossier waits for its applicant
    waiting: bool
    #: roles of those who take a dossier on from it, in order
    working: tuple[str, ...]
    #: roles in which an agency that was asked answers, in order
    answering: tuple[str, ...]
    #: what the system itself may do once time has passed, with the days of waiting after which
    #: its condition holds; ``None``: other times decide, or no such day comes
    timed: tuple[tuple[Transition, int | None], ...]


def places_of(table: Table) -> Mapping[str, Place]:
    """Return the places of a workflow by state."""
    return MappingProxyType({name: _place(name, table) for name in table.workflow.states})


def _place(name: str, table: Table) -> Place:
    workflow = table.workflow
    state, step = workflow.states[name], workflow.step_of(name)
    ways = [way for action in table.actions_from(name) for way in table.transitions[name, action]]
    return Place(
        step=step,
        stage=None if step is None else workflow.stage_of(step),
        ended=state.is_end,
        waiting=state.national_status in _WAITING,
        working=tuple(sorted(_working(name, step, ways))),
        answering=tuple(sorted(_answering(step, ways))),
        timed=tuple(
            [
                (way, _days(way.guard))
                for way in ways
                if SYSTEM in way.roles and way.guard is not None and way.guard.names <= _BY_TIME
            ]
        ),
    )


def _days(guard: Guard) -> int | None:
    """Return after how many days of waiting a condition on them alone begins to hold."""
    if guard.names != {"days_waiting"}:
        return None
    return next(
        (days for days in range(1, LONGEST_WAIT) if guard.holds({"days_waiting": days})), None
    )


def _working(name: str, step: Step | None, ways: list[Transition]) -> frozenset[str]:
    """Return the roles of those who take a dossier on; what puts something right does not."""
    onward = frozenset[str]().union(
        *[way.roles for way in ways if way.target != name and not way.manner.upkeep]
    )
    own = step.roles & onward if step is not None else frozenset()
    return own or onward - {APPLICANT, SYSTEM}


def _answering(step: Step | None, ways: list[Transition]) -> frozenset[str]:
    """Return the roles in which an agency that was asked answers."""
    found = frozenset[str]().union(*[way.roles for way in ways if way.manner.answers])
    return found - (step.roles if step else frozenset()) or found
