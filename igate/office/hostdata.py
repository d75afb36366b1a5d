"""What a host keeps with a dossier beside its journal, and what of it can be erased.

References of other systems, contacts, attachments and payments are rows of their own: a journal
says what was decided, these say what was handed in and paid. Names, ids, contacts and the notes of
applicants stand in one place and can be erased; the journal holds references and stays whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

from msgspec import Struct

from igate.dossiers.order import order_entry
from igate.errors import TextError
from igate.law.text import clean
from igate.words.sentence import say

if TYPE_CHECKING:
    from datetime import datetime

    from igate.dossiers.dossier import Actor, Dossier, Entry

__all__ = [
    "CONTACTS",
    "ERASE",
    "ERASED",
    "Attachment",
    "Payment",
    "SignatureStatus",
    "check_signature",
    "cleaned",
    "erase_entry",
]

#: Name of the entry that records an erasure; no workflow may declare it.
ERASE: Final = "erase_people"
#: what is said of somebody whose name was erased
ERASED: Final = "(đã xóa / erased)"
#: kinds of contacts that are kept
CONTACTS: Final = ("phone", "email", "address")
#: What is known of the signature of a file: it was not looked at, there is none, it holds, or not.
SignatureStatus = Literal["unknown", "none", "valid", "invalid"]
_LONGEST: Final = 500


class Attachment(Struct, frozen=True, kw_only=True):
    """A file that was handed in; its bytes are in a store of files, under their digest."""

    #: code of the dossier
    dossier: str
    #: from 1 in the order of adding
    number: int
    name: str
    #: SHA-256 of the bytes, in hex
    digest: str
    #: bytes
    size: int
    signature: SignatureStatus
    added_at: datetime


class Payment(Struct, frozen=True, kw_only=True):
    """What was paid, as a gateway has said it, once for each of its references."""

    reference: str
    #: code of the dossier
    dossier: str
    item: str
    #: đồng
    amount: int
    paid_at: datetime
    #: how: a bank, a card, cash
    channel: str
    outcome: Literal["paid", "failed"]
    recorded_at: datetime


def check_signature(status: str) -> None:
    """Refuse a status of a signature that there is not.

    Raises:
        TextError: It is none of :data:`SignatureStatus`.
    """
    if status not in get_args(SignatureStatus):
        raise TextError(
            say("A signature cannot be {status!r}.", status=status),
            fix=say("Write one of {get_args}.", get_args=", ".join(get_args(SignatureStatus))),
        )


def cleaned(text: str, *, what: str, where: str | None = None) -> str:
    """Return a short text as it is kept."""
    return clean(text, what=what, longest=_LONGEST, where=where)


def erase_entry(dossier: Dossier, *, by: Actor, at: datetime, basis: str) -> Entry:
    """Make the entry that records an erasure; it changes nothing else.

    Args:
        dossier: The dossier.
        by: Who erases.
        at: When; also when it is recorded.
        basis: The request or the order, without the name of anybody.
    """
    return order_entry(dossier, action=ERASE, by=by, at=at, note=basis)
