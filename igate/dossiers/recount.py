"""Dates that move although nothing happened to the dossier: days off were announced.

Past what has been announced a date rests on expected days and says so. When the announcement comes
the deadline is another one by itself; what was printed is told apart, and the move is journalled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from igate.dossiers.order import order_entry

if TYPE_CHECKING:
    from datetime import datetime

    from igate.dossiers.dossier import Actor, Dossier, Entry
    from igate.law.citation import Citation

__all__ = ["RECOUNT", "MovedDate", "recount_entry"]

#: Name of the entry that records a moved date; no workflow may declare it.
RECOUNT: Final = "recount"


class MovedDate(Struct, frozen=True, kw_only=True):
    """A dossier whose date of return has moved."""

    #: code of the dossier
    code: str
    agency: str
    #: as it was kept last, and as it is counted now
    before: datetime | None
    after: datetime | None
    #: the new date rests on expected days too
    provisional: bool


def recount_entry(dossier: Dossier, *, by: Actor, at: datetime, citation: Citation) -> Entry:
    """Make the entry that records a moved date; it changes nothing else.

    Args:
        dossier: A pending dossier.
        by: Who records it.
        at: When; also when it is recorded.
        citation: The announcement.
    """
    return order_entry(dossier, action=RECOUNT, by=by, at=at, note=str(citation))
