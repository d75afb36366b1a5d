"""A store in plain dicts: for tests, trials and simulations. It ends with the process."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import RLock
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Self

from msgspec import structs

from igate.dossiers.record import Timer
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
from igate.office.lists import (
    Found,
    WorkList,
    ordered_texts,
)
from igate.office.picking import Searched, counted, in_use, picked, search_page, work_page
from igate.office.pseudonyms import Pseudonyms
from igate.office.queues import DueTimer, Outgoing
from igate.office.store import Latest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, timedelta
    from types import TracebackType

    from igate.dossiers.dossier import Entry
    from igate.dossiers.record import Record
    from igate.office.hostdata import Attachment, Payment
    from igate.office.lists import CountBy, SearchQuery, WorkQuery


__all__ = ["MemoryStore"]


class MemoryStore:
    """A store in plain dicts; see ``igate.office.store.DossierStore`` for what it promises."""

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
        self._messages: dict[int, Outgoing] = {}
        self._last_message = 0
        #: until when messages and timers are held
        self._claims: dict[int, datetime] = {}
        self._running: dict[tuple[str, str, str, datetime], datetime] = {}
        self._contacts: dict[str, dict[str, str]] = {}
        self._attachments: dict[str, list[Attachment]] = {}
        self._payments: dict[str, Payment] = {}
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
            self._say(record)
            if record.references or record.contacts:
                self._references[code] = dict(record.references)
                self._contacts[code] = dict(record.contacts)
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
            self._say(record)

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
        return picked(
            self._standings(),
            agency=agency,
            procedure=procedure,
            state=state,
            due_before=due_before,
            finished=finished,
            parent=parent,
        )

    def work_list(self, asked: WorkQuery) -> WorkList:
        """See :meth:`DossierStore.work_list`."""
        kept = self._sorted()
        tasks = ((each.record.standing, task) for each in kept for task in each.record.tasks or ())
        return work_page(tasks, asked)

    def search(self, asked: SearchQuery) -> Found:
        """See :meth:`DossierStore.search`."""
        rows = [
            Searched(
                standing=kept.record.standing,
                names=_names(kept.record),
                references=self._references.get(kept.record.standing.code, {}),
            )
            for kept in self._sorted()
        ]
        return search_page(rows, asked)

    def counts(self, by: CountBy, *, pending: bool, at: datetime) -> dict[str, int]:
        """See :meth:`DossierStore.counts`."""
        return counted(self._standings(), by, pending=pending, at=at)

    def claim_messages(self, *, at: datetime, limit: int, lease: timedelta) -> tuple[Outgoing, ...]:
        """See :meth:`DossierStore.claim_messages`."""
        with self._lock:
            self._check_writable()
            found: list[Outgoing] = []
            seen: set[str] = set()
            for number, each in sorted(self._messages.items()):
                if each.next_at is None:
                    continue
                first = each.dossier not in seen
                seen.add(each.dossier)
                held = self._claims.get(number)
                if first and each.next_at <= at and (held is None or held <= at):
                    found.append(each)
            for each in found[:limit]:
                self._claims[each.number] = at + lease
            return tuple(found[:limit])

    def drop_message(self, number: int) -> None:
        """See :meth:`DossierStore.drop_message`."""
        with self._lock:
            self._check_writable()
            self._messages.pop(number, None)

    def put_off(self, number: int, *, until: datetime | None, reason: str) -> None:
        """See :meth:`DossierStore.put_off`."""
        with self._lock:
            self._check_writable()
            each = self._messages[number]
            self._claims.pop(number, None)
            self._messages[number] = structs.replace(
                each, attempts=each.attempts + 1, next_at=until, reason=reason
            )

    def dead_messages(self) -> tuple[Outgoing, ...]:
        """See :meth:`DossierStore.dead_messages`."""
        with self._lock:
            self._check_open()
            return tuple(
                [each for _, each in sorted(self._messages.items()) if each.next_at is None]
            )

    def revive(self, number: int, *, at: datetime) -> bool:
        """See :meth:`DossierStore.revive`."""
        with self._lock:
            self._check_writable()
            each = self._messages.get(number)
            if each is None or each.next_at is not None:
                return False
            self._messages[number] = structs.replace(each, attempts=0, next_at=at)
            return True

    def claim_timers(self, *, at: datetime, limit: int, lease: timedelta) -> tuple[DueTimer, ...]:
        """See :meth:`DossierStore.claim_timers`."""
        with self._lock:
            self._check_writable()
            found = sorted(
                (timer.due_at, kept.record.standing.code, timer.kind, timer.about)
                for kept in self._dossiers.values()
                for timer in kept.record.timers or ()
                if timer.due_at <= at and self._is_open(kept.record.standing.code, timer, at)
            )[:limit]
            for due_at, code, kind, about in found:
                self._running[code, kind, about, due_at] = at + lease
            return tuple(
                [
                    DueTimer(dossier=code, timer=Timer(kind=kind, about=about, due_at=due_at))
                    for due_at, code, kind, about in found
                ]
            )

    def _is_open(self, code: str, timer: Timer, at: datetime) -> bool:
        """Return whether a timer was neither finished nor is held by somebody."""
        until = self._running.get((code, timer.kind, timer.about, timer.due_at))
        return until is None or until <= at

    def finish_timer(self, due: DueTimer, *, message: str, at: datetime) -> None:
        """See :meth:`DossierStore.finish_timer`."""
        timer = due.timer
        key = due.dossier, timer.kind, timer.about, timer.due_at
        with self._lock:
            self._check_writable()
            finished = self._running.get(key) == _NEVER
            self._running[key] = _NEVER
            if message and not finished:
                self._tell(due.dossier, message, at)

    def _say(self, record: Record) -> None:
        if record.message:
            self._tell(record.entry.dossier, record.message, record.entry.recorded_at)

    def _tell(self, code: str, message: str, at: datetime) -> None:
        number = self._last_message = self._last_message + 1
        self._messages[number] = Outgoing(number=number, dossier=code, body=message, next_at=at)

    def keep_host_data(
        self, code: str, *, references: Mapping[str, str], contacts: Mapping[str, str]
    ) -> None:
        """See :meth:`DossierStore.keep_host_data`."""
        with self._lock:
            self._check_writable()
            self._found(code)
            self._references.setdefault(code, {}).update(references)
            self._contacts.setdefault(code, {}).update(contacts)

    def references(self, code: str) -> dict[str, str]:
        """See :meth:`DossierStore.references`."""
        with self._lock:
            self._check_open()
            return ordered_texts(self._references.get(code, {}))

    def contacts(self, code: str) -> dict[str, str]:
        """See :meth:`DossierStore.contacts`."""
        with self._lock:
            self._check_open()
            return ordered_texts(self._contacts.get(code, {}))

    def add_attachment(self, given: Attachment) -> Attachment:
        """See :meth:`DossierStore.add_attachment`."""
        with self._lock:
            self._check_writable()
            self._found(given.dossier)
            files = self._attachments.setdefault(given.dossier, [])
            files.append(structs.replace(given, number=len(files) + 1))
            return files[-1]

    def attachments(self, code: str) -> tuple[Attachment, ...]:
        """See :meth:`DossierStore.attachments`."""
        with self._lock:
            self._check_open()
            return tuple(self._attachments.get(code, ()))

    def add_payment(self, given: Payment) -> Payment:
        """See :meth:`DossierStore.add_payment`."""
        with self._lock:
            self._check_writable()
            self._found(given.dossier)
            return self._payments.setdefault(given.reference, given)

    def payments(self, code: str) -> tuple[Payment, ...]:
        """See :meth:`DossierStore.payments`."""
        with self._lock:
            self._check_open()
            own = [each for each in self._payments.values() if each.dossier == code]
            return tuple(sorted(own, key=lambda each: (each.paid_at, each.reference)))

    def erase(self, record: Record, *, pseudonym: Callable[[str], str] | None = None) -> None:
        """See :meth:`DossierStore.erase`."""
        code = record.entry.dossier
        with self._lock:
            self.append(record)
            kept = self._dossiers[code]
            names = Pseudonyms(pseudonym)
            entries = [names.entry(each) for each in kept.entries]
            standing = names.standing(kept.record.standing)
            left = structs.replace(kept.record, standing=standing, dossier=None)
            self._dossiers[code] = _Kept(entries, left)
            self._contacts.pop(code, None)
            self._references.pop(code, None)
            self._attachments[code] = [
                structs.replace(each, name="") for each in self._attachments.get(code, ())
            ]

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
        return in_use(self._standings())

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


#: Until when what is finished is held.
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


def _names(record: Record) -> tuple[str, ...]:
    """Return the names and ids by which a dossier names somebody."""
    dossier = record.dossier
    found = [record.standing.applicant]
    if dossier is not None:
        found += [dossier.submission.applicant_id, *dossier.submission.representatives]
    return tuple(found)


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
        if record.tasks is None or record.timers is None:  # not worked out: as they were
            record = structs.replace(
                record,
                tasks=self.record.tasks if record.tasks is None else record.tasks,
                timers=self.record.timers if record.timers is None else record.timers,
            )
        del self._entries[entry.seq - 1 :]  # left by an interrupt
        self._entries.append(entry)
        return _Kept(self._entries, record)
