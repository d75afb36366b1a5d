"""Where dossiers are kept: the port that every store fills, and a store in memory.

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

from threading import RLock
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, Self

from msgspec import structs

from igate.dossiers.standing import (
    InUse,
    Standing,
    absent,
    check_entry,
    check_first,
    check_journal,
    check_key,
    closed,
    conflict,
    contradicted,
    dossier_code,
    nested,
    refused,
    used,
)
from igate.law.localtime import local

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date, datetime
    from types import TracebackType

    from igate.dossiers.dossier import Entry

__all__ = ["DossierStore", "MemoryStore", "Standing"]


class DossierStore(Protocol):
    """The port through which dossiers are kept and found.

    A store may be used from several threads. It is a context manager that closes itself.
    """

    def create(
        self, make: Callable[[str], tuple[Entry, Standing]], *, agency: str, day: date
    ) -> Entry:
        """Allot the next code of an agency and a day, and write a new dossier under it.

        Args:
            make: Called once, inside the transaction, with the code; returns the first entry and
                the standing after it. If it raises, nothing is written and the number is not used.
            agency: Identifier of the agency that the code begins with.
            day: Date of reception that the code contains.

        Returns:
            The entry that ``make`` returned.

        Raises:
            JournalError: The entry is not the first of a journal, or has another code.
            MomentError: A moment is finer than a second, naive or foreign.
        """

    def append(self, entry: Entry, standing: Standing) -> None:
        """Write one more entry, if nobody else has written since.

        Args:
            entry: The next entry; its ``seq`` is one more than that of the dossier in the store.
            standing: The dossier after this entry.

        Raises:
            UnknownDossier: The dossier is not in the store.
            StoreConflict: The dossier in the store is not at ``entry.seq - 1``.
            JournalError: The entry starts from a state in which the dossier is not, or does not
                agree with the standing.
            MomentError: A moment is finer than a second, naive or foreign.
        """

    def load(self, dossiers: Iterable[tuple[Sequence[Entry], Standing]]) -> int:
        """Bring in dossiers with their codes and whole journals, all of them or none.

        Sorted by code it is about twice as fast as in another order.

        Args:
            dossiers: For each dossier its journal from the first entry on, and its standing.

        Returns:
            The number of dossiers brought in.

        Raises:
            StoreConflict: A code is already in the store.
            JournalError: The entries of a journal do not follow one another.
            MomentError: A moment is finer than a second, naive or foreign.
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

    def keep_definition(self, digest: str, text: str) -> None:
        """Keep what dossiers are received under; once kept it is never changed.

        Args:
            digest: Hash of the definition.
            text: Its text; the same text may be kept again.

        Raises:
            StoreError: Another text is kept under this hash.
        """

    def definition(self, digest: str) -> str | None:
        """Return the text that is kept under a hash, or ``None``."""

    def keyed(self, key: str) -> tuple[str, int] | None:
        """Return code and number of the entry that has a key, or ``None``.

        No two entries have one key: writing a second one raises ``StoreConflict``.
        """

    def definitions_in_use(self) -> tuple[InUse, ...]:
        """Count the pending dossiers by procedure, revision and definition, in this order.

        A dossier is pending while it has no outcome and its processing has not finished.
        """

    def entries(self) -> Iterator[Entry]:
        """Stream all journals, ordered by code and then by number."""

    def codes(self) -> Iterator[str]:
        """Stream the codes in order."""

    def count(self) -> int:
        """Count the dossiers."""

    def count_entries(self) -> int:
        """Count the entries of all journals."""

    def get_meta(self, key: str) -> str | None:
        """Return what is noted about this store under a key, or ``None``."""

    def set_meta(self, key: str, value: str) -> None:
        """Note something about this store, for example that its dossiers are synthetic.

        Raises:
            StoreError: The key is one of ``igate.dossiers.standing.OWN_KEYS``, which the store
            writes.
        """

    def close(self) -> None:
        """Release what the store holds; afterwards it refuses with ``StoreError``."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class MemoryStore:
    """A store in plain dicts: for tests, trials and simulations. It ends with the process."""

    def __init__(self) -> None:
        """Begin empty."""
        self._lock = RLock()
        self._writing = False
        self._closed = False
        # One value a dossier, replaced in one step: an interrupt leaves the old or the new.
        self._dossiers: dict[str, tuple[Standing, tuple[Entry, ...]]] = {}
        self._serials: dict[tuple[str, date], int] = {}
        self._meta: dict[str, str] = {}
        self._definitions: dict[str, str] = {}
        self._keys: dict[str, tuple[str, int]] = {}

    def create(
        self, make: Callable[[str], tuple[Entry, Standing]], *, agency: str, day: date
    ) -> Entry:
        """See :meth:`DossierStore.create`."""
        with self._lock:
            self._check_writable()
            serial = self._serials.get((agency, day), 0) + 1
            while (code := dossier_code(agency, day, serial)) in self._dossiers:
                serial += 1
            try:
                self._writing = True
                entry, standing = make(code)
            finally:
                self._writing = False
            check_first(code, entry, standing)
            self._check_keys((entry,))
            self._dossiers[code] = (standing, (_kept(entry),))
            self._keep_keys((entry,))
            self._serials[agency, day] = serial
        return entry

    def append(self, entry: Entry, standing: Standing) -> None:
        """See :meth:`DossierStore.append`."""
        check_entry(entry, standing)
        with self._lock:
            self._check_writable()
            if entry.dossier not in self._dossiers:
                raise absent(entry.dossier)
            found, entries = self._dossiers[entry.dossier]
            if (found.seq, found.state) != (entry.seq - 1, entry.source):
                raise refused(entry, seq=found.seq, state=found.state)
            self._check_keys((entry,))
            self._dossiers[entry.dossier] = (standing, (*entries, _kept(entry)))
            self._keep_keys((entry,))

    def load(self, dossiers: Iterable[tuple[Sequence[Entry], Standing]]) -> int:
        """See :meth:`DossierStore.load`."""
        new: dict[str, tuple[Standing, tuple[Entry, ...]]] = {}
        with self._lock:
            self._check_writable()
            try:
                self._writing = True
                for entries, standing in dossiers:
                    check_journal(entries, standing)
                    if standing.code in self._dossiers or standing.code in new:
                        raise conflict(standing.code)
                    new[standing.code] = (standing, tuple(map(_kept, entries)))
            finally:
                self._writing = False
            brought = [entry for _, entries in new.values() for entry in entries]
            self._check_keys(brought)
            self._dossiers.update(new)
            self._keep_keys(brought)
        return len(new)

    def journal(self, code: str) -> tuple[Entry, ...]:
        """See :meth:`DossierStore.journal`."""
        return self._found(code)[1]

    def standing(self, code: str) -> Standing:
        """See :meth:`DossierStore.standing`."""
        return self._found(code)[0]

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
        """See :meth:`DossierStore.standings`."""
        limit = None if due_before is None else local(due_before)
        return (
            row
            for row, _ in self._sorted()
            if agency in (None, row.agency)
            and procedure in (None, row.procedure)
            and state in (None, row.state)
            and (limit is None or (row.due_at is not None and row.due_at < limit))
            and finished in (None, row.finished_at is not None)
            and parent in (None, row.parent)
        )

    def keep_definition(self, digest: str, text: str) -> None:
        """See :meth:`DossierStore.keep_definition`."""
        with self._lock:
            self._check_writable()
            if self._definitions.setdefault(digest, text) != text:
                raise contradicted(digest)

    def definition(self, digest: str) -> str | None:
        """See :meth:`DossierStore.definition`."""
        with self._lock:
            self._check_open()
            return self._definitions.get(digest)

    def definitions_in_use(self) -> tuple[InUse, ...]:
        """See :meth:`DossierStore.definitions_in_use`."""
        found: dict[tuple[str, str, str], list[Standing]] = {}
        for row, _ in self._sorted():
            if row.outcome is None and row.finished_at is None:
                found.setdefault((row.procedure, row.revision, row.definition), []).append(row)
        return tuple(
            InUse(
                procedure=procedure,
                revision=revision,
                definition=definition,
                dossiers=len(rows),
                first=rows[0].code,
                since=min(row.submitted_at for row in rows),
            )
            for (procedure, revision, definition), rows in sorted(found.items())
        )

    def entries(self) -> Iterator[Entry]:
        """See :meth:`DossierStore.entries`."""
        return (entry for _, entries in self._sorted() for entry in entries)

    def codes(self) -> Iterator[str]:
        """See :meth:`DossierStore.codes`."""
        return (standing.code for standing, _ in self._sorted())

    def count(self) -> int:
        """See :meth:`DossierStore.count`."""
        return len(self._sorted())

    def count_entries(self) -> int:
        """See :meth:`DossierStore.count_entries`."""
        return sum(len(entries) for _, entries in self._sorted())

    def get_meta(self, key: str) -> str | None:
        """See :meth:`DossierStore.get_meta`."""
        with self._lock:
            self._check_open()
            return self._meta.get(key)

    def set_meta(self, key: str, value: str) -> None:
        """See :meth:`DossierStore.set_meta`."""
        check_key(key)
        with self._lock:
            self._check_writable()
            self._meta[key] = value

    def close(self) -> None:
        """See :meth:`DossierStore.close`."""
        self._closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def keyed(self, key: str) -> tuple[str, int] | None:
        """See :meth:`DossierStore.keyed`."""
        with self._lock:
            self._check_open()
            return self._keys.get(key)

    def _check_keys(self, entries: Iterable[Entry]) -> None:
        seen: dict[str, str] = {}
        for entry in entries:
            if entry.key in self._keys or entry.key in seen:
                owner = self._keys[entry.key][0] if entry.key in self._keys else seen[entry.key]
                raise used(entry.key, owner)
            if entry.key:
                seen[entry.key] = entry.dossier

    def _keep_keys(self, entries: Iterable[Entry]) -> None:
        self._keys |= {each.key: (each.dossier, each.seq) for each in entries if each.key}

    def _check_open(self) -> None:
        if self._closed:
            raise closed("MemoryStore")

    def _found(self, code: str) -> tuple[Standing, tuple[Entry, ...]]:
        with self._lock:
            self._check_open()
            if code not in self._dossiers:
                raise absent(code)
            return self._dossiers[code]

    def _sorted(self) -> list[tuple[Standing, tuple[Entry, ...]]]:
        with self._lock:
            self._check_open()
            return [self._dossiers[code] for code in sorted(self._dossiers)]

    def _check_writable(self) -> None:
        """The thread that makes a dossier may read, and not write anything else."""
        self._check_open()
        if self._writing:
            raise nested()


def _kept(entry: Entry) -> Entry:
    """Return the entry with facts that its author can no longer change."""
    if not entry.facts:
        return entry
    return structs.replace(entry, facts=MappingProxyType(dict(entry.facts)))
