"""What waits to be done for dossiers: messages for other systems, and what has fallen due.

Both are claimed for a while before they are worked on, so that two workers do not do the same; who
is killed meanwhile loses the claim, and another one does the work again. So a message is delivered
at least once, and what has fallen due is acted upon at least once; messages have an id and actions
a key by which a second time is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from datetime import datetime

    from igate.dossiers.record import Timer

__all__ = ["DUE", "DueTimer", "Fired", "Outgoing", "Sent"]

#: what the types of messages about something fallen due begin with
DUE: Final = "vn.igate.due."


class Outgoing(Struct, frozen=True, kw_only=True):
    """A message that waits to be delivered."""

    #: place in the order of writing
    number: int
    #: code of the dossier
    dossier: str
    #: the CloudEvent, in JSON
    body: str
    #: how often it was tried
    attempts: int = 0
    #: when it is tried next; ``None``: never again, it was refused (a dead letter)
    next_at: datetime | None = None
    #: why the last attempt failed
    reason: str = ""


class Sent(Struct, frozen=True, kw_only=True):
    """What became of the messages of one run."""

    delivered: int
    #: to be tried again later
    retried: int
    #: refused for good
    dead: int


class DueTimer(Struct, frozen=True, kw_only=True):
    """A timer that has run out and was claimed."""

    #: code of the dossier
    dossier: str
    timer: Timer


class Fired(Struct, frozen=True, kw_only=True):
    """What was done about something that had fallen due."""

    dossier: str
    timer: Timer
    #: the action that the system took; empty: it only said so
    action: str = ""
    #: why an action was not taken; empty: it was, or there was none
    refused: str = ""
