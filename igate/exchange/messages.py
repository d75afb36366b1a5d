"""What another system is told of a dossier: a message for each entry of its journal.

A message is written as a CloudEvent 1.0 in JSON, structured mode. It says which dossier, which
action and how the dossier stands now, and nothing of a person: no name, no identity, no note, no
fact. Who needs those asks the desk, which knows who may read them.

The id of a message follows from the entry alone, so a message that is sent twice is known again.
"""

from __future__ import annotations

import re
from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import msgspec
from msgspec import Struct

from igate.dossiers.recount import RECOUNT
from igate.dossiers.standing import check_entry
from igate.errors import MessageError
from igate.law.localtime import local
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.deadlines.rules import ClockKind
    from igate.dossiers.dossier import Entry
    from igate.dossiers.standing import Standing

__all__ = ["CONTENT_TYPE", "TYPES", "Message", "cloudevent", "message_of", "read_message"]

#: The media type of a message.
CONTENT_TYPE: Final = "application/cloudevents+json"
#: What has happened, in one word; the last part of the type of a message.
_Step = Literal[
    "submitted",
    "corrected",
    "rescheduled",
    "received",
    "restarted",
    "suspended",
    "resumed",
    "finished",
    "stopped",
    "rejected",
    "returned",
    "moved",
    "noted",
]
_PREFIX: Final = "vn.igate.dossier."
#: Every type that :func:`message_of` gives.
TYPES: Final[tuple[str, ...]] = tuple([_PREFIX + step for step in get_args(_Step)])

#: Every consumer of CloudEvents takes this many bytes (CloudEvents 1.0.2, size limits).
_LARGEST: Final = 64 * 1024
_LONGEST: Final = 1000
#: Digits of a sequence: texts of one length have the order of their numbers.
_DIGITS: Final = 10
_VISIBLE: Final = re.compile(r"[!-~]+")

_BY_CLOCK: Final[Mapping[ClockKind, _Step]] = MappingProxyType(
    {
        "suspend": "suspended",
        "resume": "resumed",
        "replace": "rescheduled",
        "extend": "rescheduled",
        "finish": "finished",
        "stop": "stopped",
    }
)
#: Of an entry that moves the dossier and does nothing to its clock.
_BY_STATUS: Final[Mapping[int, _Step]] = MappingProxyType(
    {3: "rejected", 8: "stopped", 9: "finished"}
)
_RETURNED: Final = 10


class Message(Struct, frozen=True, kw_only=True):
    """One thing that happened to one dossier, for other systems."""

    #: the same for the same entry, however often it is sent
    id: str
    #: the desk that says it, as a URI, e.g. ``urn:igate:H15``
    source: str
    #: one of :data:`TYPES`, or a type of the host
    type: str
    #: code of the dossier
    subject: str
    #: when it took legal effect, Vietnamese time
    time: datetime
    #: place in the order of the messages of this subject, from 1
    sequence: int
    #: values that JSON can hold
    data: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Refuse what no CloudEvent can say.

        Raises:
            MessageError: An attribute is empty, too long or has a space or a sign that is not
                ASCII; or the sequence is not a number from 1 of at most ten digits.
            MomentError: The time is naive or not Vietnamese.
        """
        for name in ("id", "source", "type", "subject"):
            value: object = getattr(self, name)
            fits = isinstance(value, str) and len(value) <= _LONGEST and _VISIBLE.fullmatch(value)
            if not fits:
                raise MessageError(
                    say("The {name} of a message is {value!r}.", name=name, value=value),
                    why=say(
                        "It is 1 to {longest} visible ASCII characters without a space.",
                        longest=_LONGEST,
                    ),
                    fix=say('Write it like "urn:igate:H15" or "H15.10-260820-0001".'),
                )
        if type(self.sequence) is not int or not 1 <= self.sequence < 10**_DIGITS:
            raise MessageError(
                say("The sequence of a message is {sequence!r}.", sequence=self.sequence),
                where=self.id,
                fix=say(
                    "Number the messages of a dossier from 1; the number of the entry will do."
                ),
            )
        local(self.time, foreign="refuse")


def message_of(entry: Entry, standing: Standing, *, source: str) -> Message:
    """Make the message that tells other systems of an entry.

    Args:
        entry: An entry of the journal.
        standing: How the dossier stands after this entry.
        source: The desk that says it, as a URI, e.g. ``urn:igate:H15``.

    Raises:
        JournalError: The standing is not the one after the entry.
        MessageError: The source is not a URI.
    """
    check_entry(entry, standing)
    moments = {
        "happened_at": entry.happened_at,
        "recorded_at": entry.recorded_at,
        "submitted_at": standing.submitted_at,
        "received_at": standing.received_at,
        "due_at": standing.due_at,
        "finished_at": standing.finished_at,
        "returned_at": standing.returned_at,
    }
    data: dict[str, Any] = {
        "code": standing.code,
        "procedure": standing.procedure,
        "agency": standing.agency,
        "action": entry.action,
        "state": standing.state,
        "national_status": standing.national_status,
        "seq": entry.seq,
        "supersedes": entry.supersedes,
        "outcome": standing.outcome,
    }
    data |= {name: None if at is None else at.isoformat() for name, at in moments.items()}
    return Message(
        id=f"{entry.dossier}/{entry.seq}",
        source=source,
        type=_PREFIX + _step(entry, standing),
        subject=entry.dossier,
        time=entry.happened_at,
        sequence=entry.seq,
        data=MappingProxyType(data),
    )


def _step(entry: Entry, standing: Standing) -> _Step:
    """Say in one word what an entry did; the first answer that fits counts."""
    if entry.source is None:
        return "submitted"
    if entry.supersedes is not None or entry.changes:
        return "corrected"
    if entry.action == RECOUNT:
        return "rescheduled"
    if entry.clock == "start":
        return "received" if standing.received_at == entry.happened_at else "restarted"
    if entry.clock is not None:
        return _BY_CLOCK[entry.clock]
    return _moved(entry, standing)


def _moved(entry: Entry, standing: Standing) -> _Step:
    if entry.source == entry.target:
        return "noted"
    status = standing.national_status
    if status == _RETURNED and standing.returned_at == entry.happened_at:
        return "returned"
    return _BY_STATUS.get(status, "moved")


def cloudevent(message: Message) -> bytes:
    """Write a message as a CloudEvent 1.0 in JSON, structured mode, with its ``sequence``.

    Returns:
        UTF-8 of the media type :data:`CONTENT_TYPE`; the same bytes for the same message.

    Raises:
        MessageError: The data are no JSON, or the whole has more than 64 KiB.
    """
    try:
        content = msgspec.json.encode(
            {
                "specversion": "1.0",
                "id": message.id,
                "source": message.source,
                "type": message.type,
                "subject": message.subject,
                "time": message.time.isoformat(),
                "sequence": f"{message.sequence:0{_DIGITS}}",
                "datacontenttype": "application/json",
                "data": dict(message.data),
            }
        )
    except (TypeError, ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise _unwritable(message, f"{error}.") from error
    if msgspec.json.decode(content)["data"] != message.data:
        raise _unwritable(message, say("A receiver would read other values than were given."))
    if len(content) > _LARGEST:
        raise MessageError(
            say("The message has {count} bytes.", count=len(content)),
            where=message.id,
            why=say(
                "A receiver of CloudEvents need not take more than {largest}.", largest=_LARGEST
            ),
            fix=say("Keep what is large in a store of files, and send its digest."),
        )
    return content


def _unwritable(message: Message, why: str) -> MessageError:
    return MessageError(
        say("The data of a message cannot be written as JSON."),
        where=message.id,
        why=why,
        fix=say("Keep to texts, whole numbers, true, false, None, and lists and dicts of them."),
    )


class _Envelope(Struct, frozen=True, kw_only=True):
    """A CloudEvent as it is read: attributes that igate does not use are passed over."""

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    sequence: str
    data: dict[str, Any]


def read_message(content: bytes) -> Message:
    """Read a message that :func:`cloudevent` has written, e.g. one that waits to be sent.

    Raises:
        MessageError: It is no CloudEvent 1.0 in JSON with subject, time, sequence and data.
    """
    if len(content) > _LARGEST:
        raise MessageError(
            say("The message has {count} bytes.", count=len(content)),
            why=say("At most {largest} are read.", largest=_LARGEST),
        )
    try:
        found = msgspec.json.decode(content, type=_Envelope)
    except (ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise MessageError(
            say("This is no message of igate."), why=say("{error}.", error=error)
        ) from error
    if re.fullmatch(rf"[0-9]{{{_DIGITS}}}", found.sequence) is None:
        raise MessageError(
            say("The sequence of a message is {sequence!r}.", sequence=found.sequence),
            where=found.id,
            why=say(
                "It has {digits} digits, so that texts have the order of their numbers.",
                digits=_DIGITS,
            ),
        )
    return Message(
        id=found.id,
        source=found.source,
        type=found.type,
        subject=found.subject,
        time=local(found.time),
        sequence=int(found.sequence),
        data=MappingProxyType(found.data),
    )
