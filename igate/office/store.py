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

from collections import Counter
from threading import RLock
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, Self

from msgspec import Struct, structs

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
from igate.law.text import folded
from igate.office.lists import (
    NO_DATE,
    Found,
    WorkItem,
    WorkList,
    check_limit,
    due_class,
    mark_of,
    ordered,
    place_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from types import TracebackType

    from igate.dossiers.dossier import Dossier, Entry
    from igate.dossiers.image import Image, People
    from igate.dossiers.record import Record, Task
    from igate.office.lists import CountBy, SearchQuery, WorkQuery


__all__ = ["DossierStore", "Latest", "MemoryStore", "Standing"]


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
        self._dossiers: dict[str, _Kept] = {}
        self._serials: dict[tuple[str, date], int] = {}
        self._meta: dict[str, str] = {}
        self._definitions: dict[str, str] = {}
        self._keys: dict[str, tuple[str, int]] = {}
        #: by code, how other systems call a dossier
        self._references: dict[str, dict[str, str]] = {}

    def create(self, make: Callable[[str], Record], *, agency: str, day: date) -> Entry:
        """See :meth:`DossierStore.create`."""
        with self._lock:
            self._check_writable()
            serial = self._serials.get((agency, day), 0) + 1
            while (code := dossier_code(agency, day, serial)) in self._dossiers:
                serial += 1
            try:
                self._writing = True
                record = make(code)
            finally:
                self._writing = False
            entry = record.entry
            check_first(code, entry, record.standing)
            self._check_keys((entry,))
            self._dossiers[code] = _Kept([_kept(entry)], record)
            self._keep_keys((entry,))
            self._serials[agency, day] = serial
        return entry

    def append(self, record: Record) -> None:
        """See :meth:`DossierStore.append`."""
        entry = record.entry
        check_entry(entry, record.standing)
        with self._lock:
            self._check_writable()
            if entry.dossier not in self._dossiers:
                raise absent(entry.dossier)
            kept = self._dossiers[entry.dossier]
            found = kept.record.standing
            if (found.seq, found.state) != (entry.seq - 1, entry.source):
                raise refused(entry, seq=found.seq, state=found.state)
            if entry.key:
                self._check_keys((entry,))
                self._keep_keys((entry,))
            self._dossiers[entry.dossier] = kept.followed_by(_kept(entry), record)

    def load(self, dossiers: Iterable[tuple[Sequence[Entry], Record]]) -> int:
        """See :meth:`DossierStore.load`."""
        new: dict[str, _Kept] = {}
        with self._lock:
            self._check_writable()
            try:
                self._writing = True
                for entries, record in dossiers:
                    code = record.standing.code
                    check_journal(entries, record.standing)
                    if code in self._dossiers or code in new:
                        raise conflict(code)
                    new[code] = _Kept([*map(_kept, entries)], record)
            finally:
                self._writing = False
            brought = [entry for kept in new.values() for entry in kept.entries]
            self._check_keys(brought)
            self._dossiers.update(new)
            self._keep_keys(brought)
        return len(new)

    def journal(self, code: str) -> tuple[Entry, ...]:
        """See :meth:`DossierStore.journal`."""
        return tuple(self._found(code).entries)

    def latest(self, code: str) -> Latest:
        """See :meth:`DossierStore.latest`."""
        record = self._found(code).record
        return Latest(dossier=record.dossier, due=record.standing.due_at)

    def standing(self, code: str) -> Standing:
        """See :meth:`DossierStore.standing`."""
        return self._found(code).record.standing

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
            for row in self._standings()
            if agency in (None, row.agency)
            and procedure in (None, row.procedure)
            and state in (None, row.state)
            and (limit is None or (row.due_at is not None and row.due_at < limit))
            and finished in (None, row.finished_at is not None)
            and parent in (None, row.parent)
        )

    def work_list(self, asked: WorkQuery) -> WorkList:
        """See :meth:`DossierStore.work_list`."""
        limit = check_limit(asked.limit)
        after = place_of(asked.after, (int, str, str, str))
        found = sorted(
            (_place(standing, task), task, standing)
            for kept in self._sorted()
            for standing in (kept.record.standing,)
            for task in kept.record.tasks or ()
            if _is_wanted(task, standing, asked)
        )
        rows = [row for row in found if after is None or row[0] > after]
        return WorkList(
            items=tuple(WorkItem(task=task, standing=row) for _, task, row in rows[:limit]),
            after=mark_of(rows[limit - 1][0]) if len(rows) > limit else "",
        )

    def search(self, asked: SearchQuery) -> Found:
        """See :meth:`DossierStore.search`."""
        limit = check_limit(asked.limit)
        after = place_of(asked.after, (str,))
        found = [
            kept.record.standing
            for kept in self._sorted()
            if (after is None or kept.record.standing.code > str(after[0]))
            and _fits(kept, asked, self._references.get(kept.record.standing.code, {}))
        ][: limit + 1]
        return Found.page(found, [mark_of((each.code,)) for each in found], limit)

    def counts(self, by: CountBy, *, pending: bool, at: datetime) -> dict[str, int]:
        """See :meth:`DossierStore.counts`."""
        rows = [
            row
            for row in self._standings()
            if not pending or (row.outcome is None and row.finished_at is None)
        ]
        day = local(at)
        names = [due_class(row.due_at, day) if by == "due" else getattr(row, by) for row in rows]
        return ordered(Counter(names))

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
        for row in self._standings():
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
        return (entry for kept in self._sorted() for entry in kept.entries)

    def codes(self) -> Iterator[str]:
        """See :meth:`DossierStore.codes`."""
        return (standing.code for standing in self._standings())

    def count(self) -> int:
        """See :meth:`DossierStore.count`."""
        return len(self._sorted())

    def count_entries(self) -> int:
        """See :meth:`DossierStore.count_entries`."""
        return sum(len(kept.entries) for kept in self._sorted())

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

    def _found(self, code: str) -> _Kept:
        with self._lock:
            self._check_open()
            if code not in self._dossiers:
                raise absent(code)
            return self._dossiers[code]

    def _sorted(self) -> list[_Kept]:
        with self._lock:
            self._check_open()
            return [self._dossiers[code] for code in sorted(self._dossiers)]

    def _standings(self) -> list[Standing]:
        return [kept.record.standing for kept in self._sorted()]

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


def _place(standing: Standing, task: Task) -> tuple[int, str, str, str]:
    """Return where a task stands in the work list."""
    due = NO_DATE if standing.due_at is None else int(standing.due_at.timestamp())
    return due, standing.code, task.place, task.role


def _is_wanted(task: Task, standing: Standing, asked: WorkQuery) -> bool:
    due, before = standing.due_at, asked.due_before
    return (
        (not asked.roles or task.role in asked.roles)
        and (not asked.agencies or task.agency in asked.agencies)
        and (asked.assignees is None or task.assignee in asked.assignees)
        and (asked.party or ":" not in task.place)
        and (before is None or (due is not None and due < local(before)))
    )


def _fits(kept: _Kept, asked: SearchQuery, references: Mapping[str, str]) -> bool:
    row = kept.record.standing
    moments = (
        asked.submitted_from is None or row.submitted_at >= asked.submitted_from,
        asked.submitted_before is None or row.submitted_at < asked.submitted_before,
        asked.due_before is None or (row.due_at is not None and row.due_at < asked.due_before),
        asked.finished in {None, row.finished_at is not None},
    )
    same = all(
        getattr(asked, name) in {"", getattr(row, name)}
        for name in ("agency", "procedure", "state")
    )
    return (
        all(moments)
        and same
        and row.code.startswith(asked.code)
        and asked.reference in {"", *references.values()}
        and (not asked.person or _names(kept, folded(" ".join(asked.person.split()))))
    )


def _names(kept: _Kept, wanted: str) -> bool:
    """Return whether a dossier names somebody whose name, given name or id begins so."""
    dossier = kept.record.dossier
    texts = [kept.record.standing.applicant]
    if dossier is not None:
        texts += [dossier.submission.applicant_id, *dossier.submission.representatives]
    for text in texts:
        plain = folded(text)
        if plain.startswith(wanted) or " ".join(reversed(plain.split())).startswith(wanted):
            return True
    return False


class _Kept:
    """One dossier in memory: its entries, and what followed from the last of them.

    The list of entries is shared by the values of one dossier: each holds as many of them as its
    standing says, and nothing is ever taken out.
    """

    __slots__ = ("_entries", "record")

    def __init__(self, entries: list[Entry], record: Record) -> None:
        self._entries = entries
        self.record = record

    @property
    def entries(self) -> list[Entry]:
        return self._entries[: self.record.standing.seq]

    def followed_by(self, entry: Entry, record: Record) -> _Kept:
        """Return it with one more entry."""
        del self._entries[entry.seq - 1 :]  # left by an interrupt
        self._entries.append(entry)
        return _Kept(self._entries, record)
