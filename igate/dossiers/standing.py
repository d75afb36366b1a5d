"""The standing of a dossier in a store, and what may be kept there.

Every store checks the same things before it writes, with the same words: that a standing agrees
with the entry it follows from, that a journal has no gap, and that what is written would read back
unchanged. Moments are whole seconds of Vietnamese time; facts are bools, ints and texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from msgspec import Struct

from igate.errors import JournalError, MomentError, StoreConflict, StoreError, UnknownDossier
from igate.law.localtime import VIETNAM, epoch_second, local
from igate.law.text import check_agency
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from igate.dossiers.dossier import Dossier, Entry
    from igate.procedures.workflow import Channel

__all__ = [
    "OWN_KEYS",
    "Family",
    "InUse",
    "Standing",
    "absent",
    "check_code",
    "check_entry",
    "check_first",
    "check_journal",
    "check_key",
    "closed",
    "conflict",
    "contradicted",
    "dossier_code",
    "epoch_seconds",
    "nested",
    "refused",
    "used",
]

#: keys of the meta table that only the store itself writes
OWN_KEYS = frozenset({"schema_version", "created_at", "library_version"})


class Standing(Struct, frozen=True, kw_only=True):
    """What is known of a dossier after its last entry, as a list or a report needs.

    It repeats what the journal says; it is never the only place where something is said.
    """

    #: code of the dossier
    code: str
    #: code of the procedure
    procedure: str
    #: identifier of the revision under which it was received
    revision: str
    #: agency that is competent to solve it
    agency: str
    channel: Channel
    case: str = ""
    area: str = ""
    applicant: str
    state: str
    #: national status 1-10 of the state
    national_status: int
    #: number of entries in the journal
    seq: int
    submitted_at: datetime
    received_at: datetime | None = None
    #: the deadline as it is now; ``None`` while there is none
    due_at: datetime | None = None
    #: when processing finished (national status 9)
    finished_at: datetime | None = None
    returned_at: datetime | None = None
    outcome: str | None = None
    #: hash of the definition that decides it; empty where none was kept
    definition: str = ""
    #: code of the dossier of which it settles a part; empty: it stands for itself
    parent: str = ""
    #: from when its time is counted: the receipt, or the last start after it
    started_at: datetime | None = None
    #: how often it was reopened after it had ended
    reopened: int = 0
    #: id of the one to whom its step is assigned; empty: nobody
    assignee: str = ""
    #: when the system learned that it was finished or stopped; ``None`` while it is neither
    recorded_at: datetime | None = None

    def __repr__(self) -> str:
        """Say where the dossier stands, and not whose it is."""
        due = None if self.due_at is None else self.due_at.isoformat()
        return (
            f"Standing({self.code!r}, procedure={self.procedure!r}, agency={self.agency!r}, "
            f"state={self.state!r}, seq={self.seq}, due_at={due}, outcome={self.outcome!r})"
        )

    @classmethod
    def of(cls, dossier: Dossier) -> Self:
        """Take the standing from a dossier, and count its date of return.

        Args:
            dossier: The dossier as it is after its last entry.

        Raises:
            CalendarNotCovered: The count runs past the calendar's horizon.
        """
        deadline = dossier.deadline
        return cls.due(dossier, None if deadline is None else deadline.due)

    @classmethod
    def due(cls, dossier: Dossier, due: datetime | None) -> Self:
        """Take the standing from a dossier whose date of return is known already.

        Args:
            dossier: The dossier as it is after its last entry.
            due: The date of return in Vietnamese time; ``None``: it has none, or the clock stands.
        """
        submission = dossier.submission
        return cls(
            code=dossier.code,
            procedure=submission.procedure,
            revision=submission.revision,
            agency=submission.agency,
            channel=submission.channel,
            case=submission.case,
            area=submission.area,
            applicant=submission.applicant,
            state=dossier.state,
            national_status=dossier.national_status,
            seq=dossier.seq,
            submitted_at=dossier.submitted_at,
            received_at=dossier.received_at,
            due_at=due,
            finished_at=dossier.finished_at,
            returned_at=dossier.returned_at,
            outcome=dossier.outcome,
            definition=submission.definition,
            parent=submission.parent,
            started_at=dossier.started_at,
            reopened=dossier.reopened,
            assignee=dossier.assignee,
            recorded_at=dossier.recorded_at,
        )


class Family(Struct, frozen=True, kw_only=True):
    """A dossier and those that settle a part of it, each with its own dates."""

    whole: Standing
    #: ordered by code
    parts: tuple[Standing, ...]


class InUse(Struct, frozen=True, kw_only=True):
    """A definition under which dossiers are pending."""

    procedure: str
    revision: str
    #: hash; empty for dossiers that were received before definitions were kept
    definition: str
    #: number of pending dossiers
    dossiers: int
    #: the first of them by code
    first: str
    #: when the first of them was handed in
    since: datetime


def dossier_code(agency: str, day: date, serial: int) -> str:
    """Compose the code of a dossier: agency, date of reception, order of the day.

    The order has at least four digits and more when needed (Thông tư 04/2025/TT-VPCP); the
    agency is written as Quyết định 20/2020/QĐ-TTg says, at most 35 of A-Z, 0-9 and the dot.

    Raises:
        TextError: The agency is not an identifier.
        StoreError: The order cannot be part of a code.

    >>> from datetime import date
    >>> dossier_code("H15.10", date(2026, 8, 20), 1)
    'H15.10-260820-0001'
    >>> dossier_code("H15.10", date(2026, 8, 20), 12345)
    'H15.10-260820-12345'
    """
    check_agency(agency)
    if serial < 1:
        raise StoreError(
            say("{serial} is not an order of the day.", serial=serial),
            why=say("Dossiers of a day are numbered from 1."),
        )
    return f"{agency}-{day:%y%m%d}-{serial:04d}"


def epoch_seconds(moment: datetime) -> int:
    """Number the second of a moment, from 1970 in UTC.

    Raises:
        MomentError: The moment is naive, not Vietnamese, or finer than a second.

    >>> from igate.law.localtime import parse_local
    >>> epoch_seconds(parse_local("2026-08-20T09:00"))
    1787191200
    """
    if moment.microsecond:
        raise MomentError(
            say("The moment {moment} is finer than a second.", moment=moment.isoformat()),
            why=say("A store keeps whole seconds; the rest would be lost without a sign."),
            fix=say("Pass moment.replace(microsecond=0)."),
        )
    return epoch_second(local(moment, foreign="refuse"))


def _check_moment(moment: datetime | None) -> None:
    """Refuse a moment that :func:`epoch_seconds` refuses."""
    if moment is not None and (moment.microsecond or moment.tzinfo is not VIETNAM):
        epoch_seconds(moment)


def check_entry(entry: Entry, standing: Standing) -> None:
    """Check that a standing is the one after an entry, and that both can be kept unchanged.

    Raises:
        JournalError: Code, number or state differ, or a fact is not a bool, an int or a text.
        MomentError: A moment of either is naive, not Vietnamese, or finer than a second.
    """
    mine = entry.dossier, entry.seq, entry.target
    other = standing.code, standing.seq, standing.state
    if mine != other:
        what, own, its = next(
            each
            for each in zip(("code", "number", "state"), mine, other, strict=True)
            if each[1] != each[2]
        )
        raise JournalError(
            say(
                "The entry has the {what} {own!r} and the standing has {its!r}.",
                what=what,
                own=own,
                its=its,
            ),
            where=say("{dossier}, entry {seq}", dossier=entry.dossier, seq=entry.seq),
            why=say("A standing says what the last entry says."),
            fix=say("Take it from the folded dossier: Standing.of(dossier)."),
        )
    _check_keepable(entry)
    _check_moment(standing.submitted_at)
    _check_moment(standing.received_at)
    _check_moment(standing.due_at)
    _check_moment(standing.finished_at)
    _check_moment(standing.returned_at)
    _check_moment(standing.started_at)
    _check_moment(standing.recorded_at)


def _check_keepable(entry: Entry) -> None:
    facts: Mapping[str, object] = entry.facts
    for name, value in facts.items() if facts else ():
        if not isinstance(value, bool | int | str):
            raise JournalError(
                say(
                    "The fact {name!r} is {value!r}, of type {name_2}.",
                    name=name,
                    value=value,
                    name_2=type(value).__name__,
                ),
                where=say("{dossier}, entry {seq}", dossier=entry.dossier, seq=entry.seq),
                why=say(
                    "A fact is a bool, an int or a text, so that it reads back as it was written."
                ),
            )
    for text in (entry.note, entry.actor, entry.reason, entry.agency, entry.key, entry.on_behalf):
        if "\0" in text:
            raise JournalError(
                say("A text holds a NUL character."),
                where=say("{dossier}, entry {seq}", dossier=entry.dossier, seq=entry.seq),
                why=say("Not every database can keep it, and nobody can see it."),
            )
    _check_moment(entry.happened_at)
    _check_moment(entry.recorded_at)
    _check_moment(entry.due)


def check_journal(entries: Sequence[Entry], standing: Standing) -> None:
    """Check that a journal begins with its first entry, has no gap and ends in a standing.

    Raises:
        JournalError: It does not.
        MomentError: A moment is naive, not Vietnamese, or finer than a second.
    """
    if not entries:
        raise JournalError(say("A journal has at least one entry."), where=standing.code)
    state: str | None = None
    for number, entry in enumerate(entries, 1):
        if (entry.dossier, entry.seq, entry.source) != (standing.code, number, state):
            raise JournalError(
                say(
                    "Entry {seq} of {dossier} starts from {source!r}, where entry {number} "
                    "of {code}, starting from {state!r}, is expected.",
                    seq=entry.seq,
                    dossier=entry.dossier,
                    source=entry.source,
                    number=number,
                    code=standing.code,
                    state=state,
                ),
                where=standing.code,
                why=say(
                    "Entries are numbered from 1 without a gap; each starts where the last ended."
                ),
            )
        _check_keepable(entry)
        state = entry.target
    check_entry(entries[-1], standing)


def check_first(code: str, entry: Entry, standing: Standing) -> None:
    """Check the first entry of a new dossier, which has the code that was allotted to it.

    Raises:
        JournalError: It is not the first of a journal, or has another code.
        MomentError: A moment is naive, not Vietnamese, or finer than a second.
    """
    if standing.code != code:
        raise JournalError(
            say(
                "The new dossier calls itself {code!r}, but its code is {code_2!r}.",
                code=standing.code,
                code_2=code,
            ),
            where=code,
            why=say("The store allots the code, so that no two dossiers have the same."),
            fix=say("Use the code that the function is called with."),
        )
    check_journal((entry,), standing)


def check_code(code: object) -> None:
    """Refuse what is not the code of a dossier, such as the dossier itself.

    Raises:
        UnknownDossier: It is no text.
    """
    if not isinstance(code, str):
        raise UnknownDossier(
            say("A {kind} is not the code of a dossier.", kind=type(code).__name__),
            fix=say("Pass the code itself, such as dossier.code."),
        )


def absent(code: str) -> UnknownDossier:
    """Say that a dossier is not in the store."""
    return UnknownDossier(
        say("No dossier {code!r} is in the store.", code=code),
        fix=say("Check the code; it looks like H15.10-260820-0001."),
    )


def conflict(code: str) -> StoreConflict:
    """Say that a dossier which was to be new is already there."""
    return StoreConflict(
        say("The dossier {code} is already in the store; nothing was written.", code=code),
        why=say("A code belongs to one dossier for ever."),
        fix=say("Append to it, or bring the dossier in under its own code."),
    )


def refused(entry: Entry, *, seq: int, state: str) -> StoreConflict | JournalError:
    """Say why an entry does not follow on a dossier that is at ``seq`` in ``state``."""
    where = say("{dossier}, entry {seq}", dossier=entry.dossier, seq=entry.seq)
    if seq == entry.seq - 1:
        return JournalError(
            say(
                "The entry starts from {source!r}, but the dossier is in {state!r}.",
                source=entry.source,
                state=state,
            ),
            where=where,
            why=say("Each entry starts where the last one ended."),
        )
    return StoreConflict(
        say(
            "The journal in the store ends at entry {seq}, not {seq_2}; nothing was written.",
            seq=seq,
            seq_2=entry.seq - 1,
        ),
        where=where,
        why=say("Somebody else acted on the dossier after it was read."),
        fix=say("Read the dossier again, and decide again."),
    )


def nested() -> StoreError:
    """Say that a store is asked to write while it makes a dossier."""
    return StoreError(
        say("The store is asked to write while it makes a dossier; nothing was written."),
        why=say("A dossier is made in one transaction, which holds nothing else."),
        fix=say("Write after create() has returned."),
    )


def closed(where: str) -> StoreError:
    """Say that a store has been closed."""
    return StoreError(say("The store is closed."), where=where, fix=say("Open it again."))


def check_key(key: str) -> None:
    """Refuse the keys of the meta table that only the store itself writes.

    Raises:
        StoreError: The key is one of :data:`OWN_KEYS`.
    """
    if key in OWN_KEYS:
        raise StoreError(
            say("The note {key!r} cannot be set.", key=key),
            why=say("The store keeps it for itself, to know its own format."),
            fix=say("Use another key."),
        )


def contradicted(digest: str) -> StoreError:
    """Return the refusal of another text under a hash that is kept already."""
    return StoreError(
        say("Another definition is kept under {digest} already.", digest=digest[:12]),
        why=say("A definition that was promised is never changed."),
        fix=say("Keep each text under its own hash, as Definition.of gives it."),
    )


def used(key: str, code: str) -> StoreConflict:
    """Return the refusal of a key that another entry has."""
    return StoreConflict(
        say(
            "The key {key!r} belongs to an entry of {code} already; nothing was written.",
            key=key,
            code=code,
        ),
        why=say("A key stands for one request, which may be sent again."),
        fix=say("Give each request a key of its own, e.g. a random UUID."),
    )
