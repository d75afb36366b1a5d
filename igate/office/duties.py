"""What a desk does by itself: it acts on what has fallen due, and tells other systems.

A worker of the host calls these two again and again, from a timer of its own. Any number of workers
may do so at the same time; what one of them was killed over is done by another.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from igate.dossiers.agenda import SYSTEM
from igate.dossiers.dossier import Actor
from igate.errors import ActionRefused, DamagedRecord, JournalError, MessageError
from igate.exchange.messages import Message, cloudevent, read_message
from igate.exchange.sinks import Delivery, backoff
from igate.office.queues import DUE, Fired, Sent

if TYPE_CHECKING:
    from datetime import datetime

    from igate.dossiers.dossier import Dossier
    from igate.exchange.sinks import Sink
    from igate.office.queues import DueTimer, Outgoing
    from igate.office.store import DossierStore

__all__ = ["Acting", "deliver", "run_timers"]

_LOG = logging.getLogger("igate.office")
#: how long a worker may be at one batch before another one takes it up
_LEASE: Final = timedelta(minutes=5)
#: messages and timers that are claimed at a time
_BATCH: Final = 100
#: pauses between the tries of a message, in seconds: the first at most, and all at most
_FIRST_PAUSE: Final = 10.0
_LONGEST_PAUSE: Final = 6 * 3600.0


class Acting(Protocol):
    """Takes an action on a dossier, as ``OneStop.act`` does."""

    def __call__(self, code: str, action: str, *, by: Actor, key: str) -> Dossier:
        """Take it, or get the answer that was given for the key."""


def run_timers(
    store: DossierStore, act: Acting, *, at: datetime, source: str, limit: int
) -> tuple[Fired, ...]:
    """Act on what has fallen due by a moment.

    Args:
        store: Where the timers are.
        act: Takes the actions of the system.
        at: The present moment.
        source: What messages are sent in the name of; empty: nothing is told.
        limit: How many timers at most.
    """
    fired: list[Fired] = []
    while len(fired) < limit:
        batch = min(_BATCH, limit - len(fired))
        claimed = store.claim_timers(at=at, limit=batch, lease=_LEASE)
        if not claimed:
            break
        fired += [_fire(store, act, due, at=at, source=source) for due in claimed]
    return tuple(fired)


def _fire(store: DossierStore, act: Acting, due: DueTimer, *, at: datetime, source: str) -> Fired:
    """Do what a timer asks for and take it out; one of a damaged dossier stays for a later run."""
    timer = due.timer
    action = timer.about if timer.kind == "act" else ""
    message = ""
    try:
        refused = _acted(store, act, due) if action else ""
        if source and not action:
            seq = store.standing(due.dossier).seq
            message = cloudevent(_message(due, at=at, source=source, seq=seq)).decode()
    except (DamagedRecord, JournalError) as error:
        _LOG.warning("%s: %s", due.dossier, error)
        return Fired(dossier=due.dossier, timer=timer, action=action, refused=error.what)
    store.finish_timer(due, message=message, at=at)
    return Fired(dossier=due.dossier, timer=timer, action=action, refused=refused)


def _acted(store: DossierStore, act: Acting, due: DueTimer) -> str:
    """Take the action of a timer; return why it was refused, or nothing.

    The key is that of the timer: a second worker gets the answer of the first.
    """
    agency = store.standing(due.dossier).agency
    actor = Actor(SYSTEM, roles={SYSTEM}, agency=agency)
    key = f"timer/{due.dossier}/{due.timer.about}/{due.timer.due_at:%Y%m%dT%H%M%S}"
    try:
        act(due.dossier, due.timer.about, by=actor, key=key)
    except ActionRefused as error:
        return error.what
    return ""


def _message(due: DueTimer, *, at: datetime, source: str, seq: int) -> Message:
    """Return what is told of something that has fallen due; its place is that of the last entry."""
    timer = due.timer
    moment = f"{timer.due_at:%Y%m%dT%H%M%S}"
    return Message(
        id="/".join(part for part in (due.dossier, timer.kind, timer.about, moment) if part),
        source=source,
        type=f"{DUE}{timer.kind}",
        subject=due.dossier,
        time=at,
        sequence=seq,
        data={
            "code": due.dossier,
            "kind": timer.kind,
            "about": timer.about,
            "due_at": timer.due_at.isoformat(),
        },
    )


def deliver(store: DossierStore, sink: Sink, *, at: datetime, limit: int, tries: int) -> Sent:
    """Deliver the messages that wait, each dossier's in the order of writing.

    One that fails for now is tried again after a pause that grows; one that is refused, or has
    failed so often, is a dead letter and no longer holds those behind it.
    """
    delivered = retried = dead = 0
    while delivered + retried + dead < limit:
        batch = min(_BATCH, limit - delivered - retried - dead)
        claimed = store.claim_messages(at=at, limit=batch, lease=_LEASE)
        if not claimed:
            break
        for each in claimed:
            told = _told(sink, each)
            if told.outcome == "delivered":
                store.drop_message(each.number)
                delivered += 1
            elif told.outcome == "refused" or each.attempts + 1 >= tries:
                store.put_off(each.number, until=None, reason=str(told.reason))
                dead += 1
            else:
                pause = _pause(each, told.after)
                store.put_off(each.number, until=at + pause, reason=str(told.reason))
                retried += 1
    return Sent(delivered=delivered, retried=retried, dead=dead)


def _told(sink: Sink, each: Outgoing) -> Delivery:
    """Deliver a message; one that cannot be read is refused, so that it holds no other."""
    try:
        message = read_message(each.body.encode())
    except (MessageError, UnicodeEncodeError) as error:
        return Delivery(outcome="refused", reason=str(error))
    return sink.deliver(message)


def _pause(message: Outgoing, asked: float | None) -> timedelta:
    """Return how long a message waits: as the other side asks, or longer with every failure."""
    if asked is not None:
        return timedelta(seconds=max(1.0, min(asked, _LONGEST_PAUSE)))
    seconds = backoff(
        message.attempts + 1, base=_FIRST_PAUSE, cap=_LONGEST_PAUSE, seed=message.number
    )
    return timedelta(seconds=max(1.0, round(seconds)))
