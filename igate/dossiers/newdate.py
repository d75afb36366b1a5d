"""The new date that an apology gives, and that nothing else may give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from igate.errors import MomentError
from igate.law.localtime import local
from igate.procedures.naming import action_called
from igate.words.sentence import say

if TYPE_CHECKING:
    from datetime import datetime

    from igate.dossiers.dossier import Dossier
    from igate.procedures.machine import Table
    from igate.procedures.workflow import Transition

__all__ = ["check_date"]


def check_date(
    dossier: Dossier, transition: Transition, due: datetime | None, at: datetime, table: Table
) -> None:
    """Refuse an apology without a new date to come, and a new date without an apology."""
    if transition.clock == "replace":
        _check_new_date(dossier, due, at)
    elif due is not None:
        raise MomentError(
            say(
                "The action {action} gives no new date, so due=… would be kept without effect.",
                action=action_called(table.workflow, transition.action),
            ),
            where=dossier.code,
            fix=say("Leave it out, or take the action that replaces the date."),
        )


def _check_new_date(dossier: Dossier, due: datetime | None, at: datetime) -> None:
    if due is None:
        raise MomentError(
            say("An apology needs the new date."),
            where=dossier.code,
            why=say(
                "The citizen is told a new date of return (Nghị định 118/2025/NĐ-CP, Điều "
                "19 khoản 6)."
            ),
            fix=say("Pass due=…."),
        )
    new, deadline = local(due, foreign="refuse"), dossier.deadline
    before = deadline.due if deadline else None
    if before is not None and at < new <= before:
        raise MomentError(
            say(
                "The new date {due:%Y-%m-%d %H:%M} does not lie after the date of return, "
                "{before:%Y-%m-%d %H:%M}.",
                due=due,
                before=before,
            ),
            where=dossier.code,
            why=say(
                "An apology names when the result will come instead (Nghị định "
                "118/2025/NĐ-CP, Điều 19 khoản 6)."
            ),
            fix=say("Give a later date; to finish earlier needs no apology."),
        )
    if new <= at:
        raise MomentError(
            say(
                "The new date {due:%Y-%m-%d %H:%M} does not lie after the apology of "
                "{at:%Y-%m-%d %H:%M}.",
                due=due,
                at=at,
            ),
            where=dossier.code,
            fix=say("Give a date to come."),
        )
