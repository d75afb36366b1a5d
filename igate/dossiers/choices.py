"""What an actor can do with a dossier now, and why not the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from igate.dossiers.permission import choose
from igate.errors import ActionRefused
from igate.law.localtime import local
from igate.procedures.workflow import NO_FACTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from igate.dossiers.dossier import Actor, Dossier
    from igate.dossiers.engine import Ground
    from igate.procedures.workflow import FactValue, Transition

__all__ = ["Choice", "choices"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An action that starts from the state of a dossier, for one actor."""

    action: str
    #: the transition that the actor would take; ``None`` where the action is refused
    transition: Transition | None = None
    #: the role in which the actor would act
    role: str = ""
    #: for whom the actor would act by a mandate; empty: for nobody else
    on_behalf: str = ""
    #: why the action is refused; what ``act`` would raise
    refusal: ActionRefused | None = None


def choices(
    dossier: Dossier,
    *,
    by: Actor,
    at: datetime,
    ground: Ground,
    facts: Mapping[str, FactValue] = NO_FACTS,
) -> tuple[Choice, ...]:
    """Return every action out of the state of a dossier, in the order of the workflow.

    Args:
        dossier: The dossier as it is now.
        by: Who would act.
        at: When.
        ground: What decides the dossier.
        facts: Facts that would be passed with the action.
    """
    moment, found = local(at), []
    for action in ground.table.actions_from(dossier.state):
        try:
            transition, role, mandate = choose(
                dossier, action, by, moment, ground.table, ground.calendar, facts
            )
        except ActionRefused as error:
            found.append(Choice(action=action, refusal=error))
        else:
            principal = mandate.principal if mandate else ""
            found.append(
                Choice(action=action, transition=transition, role=role, on_behalf=principal)
            )
    return tuple(found)
