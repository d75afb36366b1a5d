"""Where dossiers are kept: the port that every store fills.

A store keeps two things: journals, and one :class:`Standing` a dossier so that lists and reports
need not fold. It obeys five rules, and ``igate.testing.contract.StoreContract`` checks them:

* A journal only grows. Nothing here changes an entry or takes one out.
* An entry and the standing it leads to are written together or not at all.
* An entry is written only on top of the one its author saw; otherwise ``StoreConflict``.
* The code of a dossier is allotted in the transaction that writes its first entry, so that two
  clerks never hand out the same number and no number is lost by a refusal.
* Moments are kept to the second in Vietnamese time. A finer or a foreign one is refused, because
  the moment read back would not be the moment written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

from msgspec import Struct

from igate.dossiers.standing import (
    InUse,
    Standing,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime, timedelta
    from types import TracebackType

    from igate.dossiers.dossier import Dossier, Entry
    from igate.dossiers.image import Image, People
    from igate.dossiers.record import Record
    from igate.office.hostdata import Attachment, Payment
    from igate.office.lists import (
        CountBy,
        Found,
        SearchQuery,
        WorkList,
        WorkQuery,
    )
    from igate.office.queues import DueTimer, Outgoing


__all__ = ["DossierStore", "Latest", "Standing"]


class Latest(Struct, frozen=True, kw_only=True):
    """What a store has of a dossier after its last entry, so that an action need not fold.

    One of ``dossier`` and ``image`` is there, or neither: then the journal is folded.
    """

    #: seal of the last entry; empty in a store without seals
    head: str = ""
    dossier: Dossier | None = None
    image: Image | None = None
    #: whom the dossier of the image names
    people: People | None = None
    #: the date of return of the dossier or the image as it was worked out last
    due: datetime | None = None


class DossierStore(Protocol):
    """The port through which dossiers are kept and found.

    A store may be used from several threads. It is a context manager that closes itself.
    """

    def create(self, make: Callable[[str], Record], *, agency: str, day: date) -> Entry:
        """Allot the next code of an agency and a day, and write a new dossier under it.

        Args:
            make: Called once, inside the transaction, with the code; returns the first entry and
                what follows from it. If it raises, nothing is written and the number is not used.
                Others who hand in at the agency wait for it, so it should only fill the code in.
            agency: Identifier of the agency that the code begins with.
            day: Date of reception that the code contains.

        Returns:
            The entry that ``make`` returned.

        Raises:
            JournalError: The entry is not the first of a journal, or has another code.
            MomentError: A moment is finer than a second, naive or foreign.
        """

    def append(self, record: Record) -> None:
        """Write one more entry with what follows from it, if nobody else has written since.

        Args:
            record: The next entry, whose ``seq`` is one more than that of the dossier in the
                store, the standing after it, and what else there is.

        Raises:
            UnknownDossier: The dossier is not in the store.
            StoreConflict: The dossier in the store is not at ``entry.seq - 1``.
            JournalError: The entry starts from a state in which the dossier is not, or does not
                agree with the standing.
            MomentError: A moment is finer than a second, naive or foreign.
        """

    def load(self, dossiers: Iterable[tuple[Sequence[Entry], Record]]) -> int:
        """Bring in dossiers with their codes and whole journals, all of them or none.

        Sorted by code it is about twice as fast as in another order.

        Args:
            dossiers: For each dossier its journal from the first entry on, and what follows from
                the last entry.

        Returns:
            The number of dossiers brought in.

        Raises:
            StoreConflict: A code is already in the store.
            JournalError: The entries of a journal do not follow one another.
            MomentError: A moment is finer than a second, naive or foreign.
        """

    def latest(self, code: str) -> Latest:
        """Return what an action needs of a dossier.

        Raises:
            UnknownDossier: The dossier is not in the store.
        """

    def journal(self, code: str) -> tuple[Entry, ...]:
        """Return the entries of a dossier in order.

        Raises:
            UnknownDossier: The dossier is not in the store.
        """

    def standing(self, code: str) -> Standing:
        """Return the standing of a dossier.

        Raises:
            UnknownDossier: The dossier is not in the store.
        """

    def standings(
        self,
        *,
        agency: str | None = None,
        procedure: str | None = None,
        state: str | None = None,
        due_before: datetime | None = None,
        finished: bool | None = None,
        parent: str | None = None,
    ) -> Iterator[Standing]:
        """Stream the standings that meet every condition given, ordered by code.

        What is written while the stream is read may be missing from it, but a dossier comes at
        most once and always whole.

        Args:
            agency: Only this agency, exactly.
            procedure: Only this procedure.
            state: Only dossiers in this state.
            due_before: Only dossiers due strictly before this moment; those without a deadline
                are left out.
            finished: ``True`` for dossiers whose processing has finished, ``False`` for the others.
            parent: Code of the dossier of which they settle a part.

        Raises:
            MomentError: ``due_before`` has no time zone.
        """

    def work_list(self, asked: WorkQuery) -> WorkList:
        """Return a page of the tasks that meet every condition given.

        They are ordered by the date of return of their dossiers, those without one last, then by
        code, place and role.

        Raises:
            StoreError: The page is too long, or its mark is not of this list.
        """

    def search(self, asked: SearchQuery) -> Found:
        """Return a page of the dossiers that meet every condition given, ordered by code.

        Raises:
            StoreError: The page is too long, or its mark is not of this list.
        """

    def counts(self, by: CountBy, *, pending: bool, at: datetime) -> dict[str, int]:
        """Count dossiers by state, agency or procedure, or by how their date lies to a day.

        Args:
            by: What they are counted by; ``due``: ``overdue``, ``today``, ``later`` or ``none``.
            pending: Only those that have no outcome and whose processing has not finished.
            at: The day.

        Returns:
            Numbers by name, in the order of the names.
        """

    def claim_messages(self, *, at: datetime, limit: int, lease: timedelta) -> tuple[Outgoing, ...]:
        """Claim the messages that wait: of each dossier the first only, in the order of writing.

        Args:
            at: The present moment.
            limit: How many at most.
            lease: How long nobody else may claim them.
        """

    def drop_message(self, number: int) -> None:
        """Take a message out that was delivered; one that is gone already is no error.

        Args:
            number: Number of the message.
        """

    def put_off(self, number: int, *, until: datetime | None, reason: str) -> None:
        """Let a message be tried again at a moment, or never (``None``), and keep why.

        Args:
            number: Number of the message.
            until: When it is tried again; ``None`` makes it a dead message.
            reason: What the destination said.
        """

    def dead_messages(self) -> tuple[Outgoing, ...]:
        """Return the messages that will not be tried again, in the order of writing.

        Each says what the destination answered last; ``revive`` lets one be tried again.
        """

    def revive(self, number: int, *, at: datetime) -> bool:
        """Let a dead message be tried again; say whether there was one of this number.

        Args:
            number: Number of the message.
            at: When it is tried again.
        """

    def claim_timers(self, *, at: datetime, limit: int, lease: timedelta) -> tuple[DueTimer, ...]:
        """Claim what has fallen due by a moment, the first of it first.

        Args:
            at: The moment, inclusive.
            limit: At most so many.
            lease: How long nobody else is given them; afterwards they can be claimed again.
        """

    def finish_timer(self, due: DueTimer, *, message: str, at: datetime) -> None:
        """Take a timer out that was acted upon, and put a message into the outbox with it.

        A timer that was set anew meanwhile stays.

        Args:
            due: The timer.
            message: What other systems are told; empty: nothing.
            at: When the message is first tried.
        """

    def keep_host_data(
        self, code: str, *, references: Mapping[str, str], contacts: Mapping[str, str]
    ) -> None:
        """Keep how other systems call a dossier and how its applicant is reached; the last counts.

        Args:
            code: The dossier.
            references: What other systems call it, by system.
            contacts: How its applicant is reached, by kind, such as ``phone``.

        Raises:
            UnknownDossier: The dossier is not in the store.
        """

    def references(self, code: str) -> dict[str, str]:
        """Return how other systems call a dossier, by system.

        Args:
            code: The dossier; of one that is not in the store nothing is returned.
        """

    def contacts(self, code: str) -> dict[str, str]:
        """Return how the applicant of a dossier is reached, by kind, such as ``phone``.

        Args:
            code: The dossier; of one that is not in the store nothing is returned.
        """

    def add_attachment(self, given: Attachment) -> Attachment:
        """Keep a file's name, digest and size; it gets the next number of its dossier.

        Raises:
            UnknownDossier: The dossier is not in the store.
        """

    def attachments(self, code: str) -> tuple[Attachment, ...]:
        """Return the files of a dossier in the order of adding: names and digests, not the bytes.

        Args:
            code: The dossier; of one that is not in the store nothing is returned.
        """

    def add_payment(self, given: Payment) -> Payment:
        """Keep a payment, or return the one that is kept under its reference.

        Raises:
            UnknownDossier: The dossier is not in the store.
        """

    def payments(self, code: str) -> tuple[Payment, ...]:
        """Return the payments for a dossier in the order of paying.

        Args:
            code: The dossier; of one that is not in the store nothing is returned.
        """

    def erase(self, record: Record, *, pseudonym: Callable[[str], str] | None = None) -> None:
        """Write an entry, and erase with it whom the dossier names.

        Names, ids, contacts, the notes of the applicant, references of other systems and names of
        files are gone afterwards, or pseudonyms stand in the place of names, ids and notes.

        Args:
            record: The entry that records it, and what follows.
            pseudonym: Gives the text that stands for another one; ``None``: nothing stands there.

        Raises:
            UnknownDossier: The dossier is not in the store.
            StoreConflict: Somebody else has written since.
        """

    def keep_definition(self, digest: str, text: str) -> None:
        """Keep what dossiers are received under; once kept it is never changed.

        Args:
            digest: Hash of the definition.
            text: Its text; the same text may be kept again.

        Raises:
            StoreError: Another text is kept under this hash.
        """

    def definition(self, digest: str) -> str | None:
        """Return the text that is kept under a hash, or ``None``.

        Args:
            digest: As ``keep_definition`` was given it.
        """

    def keyed(self, key: str) -> tuple[str, int] | None:
        """Return code and number of the entry that has a key, or ``None``.

        No two entries have one key: writing a second one raises ``StoreConflict``.
        """

    def definitions_in_use(self) -> tuple[InUse, ...]:
        """Count the pending dossiers by procedure, revision and definition, in this order.

        A dossier is pending while it has no outcome and its processing has not finished.
        """

    def entries(self) -> Iterator[Entry]:
        """Stream all journals, ordered by code and then by number.

        What is written while the stream is read may be missing from it.
        """

    def codes(self) -> Iterator[str]:
        """Stream the codes of all dossiers in order.

        What is written while the stream is read may be missing from it.
        """

    def count(self) -> int:
        """Count the dossiers, pending and finished."""

    def count_entries(self) -> int:
        """Count the entries of all journals."""

    def get_meta(self, key: str) -> str | None:
        """Return what is noted about this store under a key, or ``None``.

        Args:
            key: As for ``set_meta``; the store's own notes can be read too.
        """

    def set_meta(self, key: str, value: str) -> None:
        """Note something about this store, for example that its dossiers are synthetic.

        Args:
            key: Name of the note; a note that is there is replaced.
            value: Its text.

        Raises:
            StoreError: The key is one of ``igate.dossiers.standing.OWN_KEYS``, which the store
                writes.
        """

    def close(self) -> None:
        """Release what the store holds; afterwards it refuses with ``StoreError``.

        Closing again does nothing.
        """

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
