"""Entries that no transition makes: somebody orders them beside the course of the workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from igate.dossiers.dossier import Entry
from igate.dossiers.refusals import check_actor

if TYPE_CHECKING:
    from datetime import datetime

    from igate.dossiers.dossier import Actor, Dossier

__all__ = ["order_entry"]


def order_entry(dossier: Dossier, *, action: str, by: Actor, at: datetime, note: str) -> Entry:
    """Make an entry that leaves the dossier where it is.

    Args:
        dossier: The dossier.
        action: What is ordered; no workflow may declare it.
        by: Who orders it.
        at: When; also when it is recorded.
        note: What it rests on.

    Raises:
        NotPermitted: ``by`` is no actor.
    """
    check_actor(by)
    return Entry(
        dossier=dossier.code,
        seq=dossier.seq + 1,
        action=action,
        source=dossier.state,
        target=dossier.state,
        happened_at=at,
        recorded_at=at,
        actor=by.id,
        role=min(by.roles, default=""),
        agency=by.agency,
        note=note,
    )
