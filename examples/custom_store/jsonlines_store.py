"""A store of one's own: dossiers in a dict whose changes are lines of a file.

It keeps the five rules of ``igate.office.store``: what every store checks comes from
``igate.dossiers.standing``, how lists are filtered and ordered from ``igate.office.picking``, and
the rest is how *this* store keeps rows. Each method that writes makes one set of changes and
commits it; what is in memory is made of the rows as they are read back.
"""

from __future__ import annotations

from datetime import datetime
from threading import RLock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from msgspec import Struct, structs, to_builtins

from igate import VIETNAM
from igate.dossiers.dossier import Ask, Entry, Promise
from igate.dossiers.record import Task, Timer
from igate.dossiers.standing import (
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
from igate.office.hostdata import Attachment, Payment
from igate.office.lists import ordered_texts
from igate.office.picking import Searched, counted, in_use, picked, search_page, work_page
from igate.office.pseudonyms import Pseudonyms
from igate.office.queues import DueTimer, Outgoing
from igate.office.store import Latest
from jsonlines_log import JsonLinesLog

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, timedelta
    from types import TracebackType

    from igate.dossiers.record import Record
    from igate.dossiers.standing import InUse
    from igate.office.lists import CountBy, Found, SearchQuery, WorkList, WorkQuery

__all__ = ["JsonLinesStore"]

S = TypeVar("S", bound=Struct)
#: fields that are moments
_MOMENTS: Final = frozenset(
    {
        "happened_at", "recorded_at", "due", "submitted_at", "received_at", "due_at",
        "finished_at", "returned_at", "started_at", "added_at", "paid_at", "next_at",
    }
)  # fmt: skip


class JsonLinesStore:
    """Dossiers in a file of JSON lines; see ``igate.office.store.DossierStore`` for each method."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Open or make the file.

        Raises:
            StoreError: It cannot be used.
        """
        self._lock = RLock()
        self._writing = False
        self._closed = False
        self._log = JsonLinesLog(path)
        self._journals: dict[str, list[Entry]] = {}
        self._heads: dict[str, _Head] = {}
        self._keys: dict[str, tuple[str, int]] = {}
        #: until when messages and timers are held; a crash lets them go, which does no harm
        self._held: dict[str, datetime] = {}
        for key, row in self._log.rows.items():
            self._take_in(key, row)

    # how rows are kept

    def _commit(self, changes: dict[str, Any], *, anew: bool = False) -> None:
        (self._log.rewrite if anew else self._log.commit)(changes)
        for key, row in changes.items():
            self._take_in(key, row)

    def _take_in(self, key: str, row: Any) -> None:  # noqa: ANN401 - a row of JSON
        """Take a row of the file into memory."""
        kind, _, name = key.partition("/")
        if kind == "head":
            self._heads[name] = _head_of(row)
        elif kind == "entry":
            code, _, number = name.rpartition("/")
            journal, seq = self._journals.setdefault(code, []), int(number)
            journal[seq - 1 : seq] = [_entry_of(row)]
            if row["key"]:
                self._keys[row["key"]] = (code, seq)

    def _rows(self, kind: str, about: str = "") -> list[Any]:
        """Return the rows of a kind, in the order in which they were first written."""
        with self._lock:
            self._check_open()
            start = f"{kind}/{about}"
            return [row for key, row in self._log.rows.items() if key.startswith(start)]

    def _row(self, key: str) -> Any:  # noqa: ANN401 - a row of JSON
        with self._lock:
            self._check_open()
            return self._log.rows.get(key)

    def _check_open(self) -> None:
        if self._closed:
            raise closed(str(self._log.path))

    def _check_writable(self) -> None:
        self._check_open()
        if self._writing:
            raise nested()

    def _check_keys(self, entries: Iterable[Entry]) -> None:
        seen = dict(self._keys)
        for entry in entries:
            if entry.key in seen:
                raise used(entry.key, seen[entry.key][0])
            if entry.key:
                seen[entry.key] = (entry.dossier, entry.seq)

    def _head(self, code: str) -> _Head:
        with self._lock:
            self._check_open()
            if code not in self._heads:
                raise absent(code)
            return self._heads[code]

    def _sorted(self) -> list[_Head]:
        with self._lock:
            self._check_open()
            return [self._heads[code] for code in sorted(self._heads)]

    def _changes(self, record: Record, before: _Head | None) -> dict[str, Any]:
        """Return the rows that an entry and what follows from it change."""
        entry = record.entry
        head = _followed(record, before)
        changes = {f"entry/{entry.dossier}/{entry.seq}": _plain(entry), **_head_row(head)}
        if record.message:
            changes |= self._message(entry.dossier, record.message, entry.recorded_at)
        return changes

    def _message(self, code: str, body: str, at: datetime) -> dict[str, Any]:
        number = int(self._log.rows.get("last-message", 0)) + 1
        message = Outgoing(number=number, dossier=code, body=body, next_at=at)
        return {f"message/{number}": _plain(message), "last-message": number}

    # writing dossiers

    def create(self, make: Callable[[str], Record], *, agency: str, day: date) -> Entry:
        """Allot the next code, and write a new dossier under it."""
        with self._lock:
            self._check_writable()
            place = f"serial/{agency}/{day}"
            serial = int(self._log.rows.get(place, 0)) + 1
            while (code := dossier_code(agency, day, serial)) in self._heads:
                serial += 1
            self._writing = True
            try:
                record = make(code)
            finally:
                self._writing = False
            check_first(code, record.entry, record.standing)
            self._check_keys((record.entry,))
            self._commit({**self._changes(record, None), place: serial})
        return record.entry

    def append(self, record: Record) -> None:
        """Write one more entry, if nobody else has written since."""
        with self._lock:
            self._commit(self._appended(record))

    def _appended(self, record: Record) -> dict[str, Any]:
        """Check that an entry follows, and return the rows that it changes."""
        entry = record.entry
        check_entry(entry, record.standing)
        self._check_writable()
        before = self._head(entry.dossier)
        found = before.standing
        if (found.seq, found.state) != (entry.seq - 1, entry.source):
            raise refused(entry, seq=found.seq, state=found.state)
        self._check_keys((entry,))
        return self._changes(record, before)

    def load(self, dossiers: Iterable[tuple[Sequence[Entry], Record]]) -> int:
        """Bring in dossiers with their whole journals, all of them or none."""
        changes: dict[str, Any] = {}
        brought: list[Entry] = []
        codes: set[str] = set()
        with self._lock:
            self._check_writable()
            self._writing = True
            try:
                for entries, record in dossiers:
                    check_journal(entries, record.standing)
                    code = record.standing.code
                    if code in self._heads or code in codes:
                        raise conflict(code)
                    codes.add(code)
                    brought += entries
                    changes |= {f"entry/{code}/{each.seq}": _plain(each) for each in entries}
                    changes |= _head_row(_followed(record, None))
            finally:
                self._writing = False
            self._check_keys(brought)
            self._commit(changes)
        return len(codes)

    def erase(self, record: Record, *, pseudonym: Callable[[str], str] | None = None) -> None:
        """Write an entry, and erase with it whom the dossier names, from every line of the file."""
        code = record.entry.dossier
        with self._lock:
            changes = self._appended(record)
            names = Pseudonyms(pseudonym)
            entries = [names.entry(each) for each in (*self._journals[code], record.entry)]
            changes |= {f"entry/{code}/{each.seq}": _plain(each) for each in entries}
            standing = names.standing(record.standing)
            head = _followed(record, self._heads[code])
            changes |= _head_row(
                structs.replace(
                    head, standing=standing, names=(standing.applicant,), references={}, contacts={}
                )
            )
            for each in self.attachments(code):
                key = f"attachment/{code}/{each.number}"
                changes[key] = _plain(structs.replace(each, name=""))
            self._commit(changes, anew=True)

    # reading dossiers

    def journal(self, code: str) -> tuple[Entry, ...]:
        """Return the entries of a dossier in order."""
        with self._lock:
            self._head(code)
            return tuple(self._journals[code])

    def latest(self, code: str) -> Latest:
        """Return nothing, so that the journal is folded; a faster store keeps an image."""
        self._head(code)
        return Latest()

    def standing(self, code: str) -> Standing:
        """Return the standing of a dossier."""
        return self._head(code).standing

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
        """Stream the standings that meet every condition given, ordered by code."""
        return picked(
            self._standings(), agency=agency, procedure=procedure, state=state,
            due_before=due_before, finished=finished, parent=parent,
        )  # fmt: skip

    def _standings(self) -> list[Standing]:
        return [head.standing for head in self._sorted()]

    def work_list(self, asked: WorkQuery) -> WorkList:
        """Return a page of the tasks that meet every condition given."""
        heads = self._sorted()
        return work_page(((head.standing, task) for head in heads for task in head.tasks), asked)

    def search(self, asked: SearchQuery) -> Found:
        """Return a page of the dossiers that meet every condition given."""
        rows = (
            Searched(standing=head.standing, names=head.names, references=head.references)
            for head in self._sorted()
        )
        return search_page(rows, asked)

    def counts(self, by: CountBy, *, pending: bool, at: datetime) -> dict[str, int]:
        """Count dossiers by state, agency or procedure, or by how their date lies to a day."""
        return counted(self._standings(), by, pending=pending, at=at)

    def definitions_in_use(self) -> tuple[InUse, ...]:
        """Count the pending dossiers by procedure, revision and definition."""
        return in_use(self._standings())

    def keyed(self, key: str) -> tuple[str, int] | None:
        """Return code and number of the entry that has a key."""
        with self._lock:
            self._check_open()
            return self._keys.get(key)

    def entries(self) -> Iterator[Entry]:
        """Stream all journals, ordered by code and then by number."""
        journals = [self.journal(code) for code in self.codes()]
        return (entry for journal in journals for entry in journal)

    def codes(self) -> Iterator[str]:
        """Stream the codes in order."""
        return (head.standing.code for head in self._sorted())

    def count(self) -> int:
        """Count the dossiers."""
        return len(self._sorted())

    def count_entries(self) -> int:
        """Count the entries of all journals."""
        return sum(head.standing.seq for head in self._sorted())

    # messages and timers

    def claim_messages(self, *, at: datetime, limit: int, lease: timedelta) -> tuple[Outgoing, ...]:
        """Claim the messages that wait: of each dossier the first only."""
        with self._lock:
            self._check_writable()
            first: dict[str, Outgoing] = {}
            for row in self._rows("message"):
                message = _read(Outgoing, row)
                if message.next_at is not None:
                    first.setdefault(message.dossier, message)
            found = [
                each
                for each in first.values()
                if each.next_at is not None and each.next_at <= at
                and self._is_free(f"message/{each.number}", at)
            ][:limit]  # fmt: skip
            self._held |= {f"message/{each.number}": at + lease for each in found}
            return tuple(found)

    def _is_free(self, key: str, at: datetime) -> bool:
        return key not in self._held or self._held[key] <= at

    def drop_message(self, number: int) -> None:
        """Take a message out that was delivered."""
        with self._lock:
            self._check_writable()
            self._commit({f"message/{number}": None})

    def put_off(self, number: int, *, until: datetime | None, reason: str) -> None:
        """Let a message be tried again at a moment, or never, and keep why."""
        key = f"message/{number}"
        with self._lock:
            self._check_writable()
            each = _read(Outgoing, self._log.rows[key])
            changed = structs.replace(
                each, attempts=each.attempts + 1, next_at=until, reason=reason
            )
            self._commit({key: _plain(changed)})
            self._held.pop(key, None)

    def dead_messages(self) -> tuple[Outgoing, ...]:
        """Return the messages that will not be tried again, in the order of writing."""
        found = [_read(Outgoing, row) for row in self._rows("message")]
        return tuple([each for each in found if each.next_at is None])

    def revive(self, number: int, *, at: datetime) -> bool:
        """Let a dead message be tried again; say whether there was one of this number."""
        key = f"message/{number}"
        with self._lock:
            self._check_writable()
            row = self._log.rows.get(key)
            if row is None or row["next_at"] is not None:
                return False
            changed = structs.replace(_read(Outgoing, row), attempts=0, next_at=at)
            self._commit({key: _plain(changed)})
            return True

    def claim_timers(self, *, at: datetime, limit: int, lease: timedelta) -> tuple[DueTimer, ...]:
        """Claim what has fallen due by a moment, the first of it first."""
        with self._lock:
            self._check_writable()
            due = [
                DueTimer(dossier=head.standing.code, timer=timer)
                for head in self._sorted()
                for timer in head.timers
                if timer.due_at <= at
            ]
            found = sorted(
                (
                    each
                    for each in due
                    if self._log.rows.get(_done(each)) is None and self._is_free(_done(each), at)
                ),
                key=lambda each: (each.timer.due_at, each.dossier, each.timer.kind),
            )[:limit]
            self._held |= {_done(each): at + lease for each in found}
            return tuple(found)

    def finish_timer(self, due: DueTimer, *, message: str, at: datetime) -> None:
        """Take a timer out that was acted upon, and put a message into the outbox with it."""
        with self._lock:
            self._check_writable()
            if self._log.rows.get(_done(due)) is None:
                told = self._message(due.dossier, message, at) if message else {}
                self._commit({_done(due): True, **told})

    # what a host keeps with a dossier

    def keep_host_data(
        self, code: str, *, references: Mapping[str, str], contacts: Mapping[str, str]
    ) -> None:
        """Keep how other systems call a dossier and how its applicant is reached."""
        with self._lock:
            self._check_writable()
            head = self._head(code)
            changed = structs.replace(
                head,
                references={**head.references, **references},
                contacts={**head.contacts, **contacts},
            )
            self._commit(_head_row(changed))

    def references(self, code: str) -> dict[str, str]:
        """Return how other systems call a dossier, by system."""
        return ordered_texts(self._head(code).references)

    def contacts(self, code: str) -> dict[str, str]:
        """Return how the applicant of a dossier is reached, by kind."""
        return ordered_texts(self._head(code).contacts)

    def add_attachment(self, given: Attachment) -> Attachment:
        """Keep a file's name, digest and size under the next number of its dossier."""
        with self._lock:
            self._check_writable()
            self._head(given.dossier)
            number = len(self.attachments(given.dossier)) + 1
            kept = structs.replace(given, number=number)
            self._commit({f"attachment/{given.dossier}/{number}": _plain(kept)})
            return kept

    def attachments(self, code: str) -> tuple[Attachment, ...]:
        """Return the files of a dossier in the order of adding."""
        return tuple([_read(Attachment, row) for row in self._rows("attachment", f"{code}/")])

    def add_payment(self, given: Payment) -> Payment:
        """Keep a payment, or return the one that is kept under its reference."""
        key = f"payment/{given.reference}"
        with self._lock:
            self._check_writable()
            self._head(given.dossier)
            if key not in self._log.rows:
                self._commit({key: _plain(given)})
            return _read(Payment, self._log.rows[key])

    def payments(self, code: str) -> tuple[Payment, ...]:
        """Return the payments for a dossier in the order of paying."""
        found = [_read(Payment, row) for row in self._rows("payment") if row["dossier"] == code]
        return tuple(sorted(found, key=lambda each: (each.paid_at, each.reference)))

    # definitions and notes

    def keep_definition(self, digest: str, text: str) -> None:
        """Keep what dossiers are received under; once kept it is never changed."""
        key = f"definition/{digest}"
        with self._lock:
            self._check_writable()
            kept = self._log.rows.get(key)
            if kept is None:
                self._commit({key: text})
            elif kept != text:
                raise contradicted(digest)

    def definition(self, digest: str) -> str | None:
        """Return the text that is kept under a hash."""
        found: str | None = self._row(f"definition/{digest}")
        return found

    def get_meta(self, key: str) -> str | None:
        """Return what is noted about this store under a key."""
        found: str | None = self._row(f"meta/{key}")
        return found

    def set_meta(self, key: str, value: str) -> None:
        """Note something about this store."""
        check_key(key)
        with self._lock:
            self._check_writable()
            self._commit({f"meta/{key}": value})

    def close(self) -> None:
        """Let the file go; afterwards everything is refused."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._log.close()

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()


class _Head(Struct, frozen=True, kw_only=True):
    """What is kept of a dossier beside its entries."""

    standing: Standing
    tasks: tuple[Task, ...] = ()
    timers: tuple[Timer, ...] = ()
    #: names and ids by which it names somebody
    names: tuple[str, ...] = ()
    references: Mapping[str, str]
    contacts: Mapping[str, str]


def _followed(record: Record, before: _Head | None) -> _Head:
    """Return the head of a dossier after an entry; what was not worked out is as it was."""
    names = (record.standing.applicant, *(before.names[1:] if before else ()))
    if record.dossier is not None:
        registered = record.dossier.submission
        names = (names[0], registered.applicant_id, *registered.representatives)
    tasks, timers = record.tasks, record.timers
    return _Head(
        standing=record.standing,
        tasks=tasks if tasks is not None else before.tasks if before else (),
        timers=timers if timers is not None else before.timers if before else (),
        names=names,
        references=before.references if before else record.references,
        contacts=before.contacts if before else record.contacts,
    )


def _done(due: DueTimer) -> str:
    timer = due.timer
    return f"done/{due.dossier}/{timer.kind}/{timer.about}/{timer.due_at.isoformat()}"


def _plain(value: Struct) -> Any:  # noqa: ANN401 - a row of JSON
    """Return a value as a row: moments as texts, mappings as objects."""
    return to_builtins(value, enc_hook=dict)


def _head_row(head: _Head) -> dict[str, Any]:
    return {f"head/{head.standing.code}": _plain(head)}


def _read(kind: type[S], row: Mapping[str, Any]) -> S:
    """Read a row; a moment is read in the time zone of Vietnam."""
    return kind(**{name: _value(name, value) for name, value in row.items()})


def _value(name: str, value: Any) -> Any:  # noqa: ANN401 - whatever a row holds
    if name in _MOMENTS and value is not None:
        return datetime.fromisoformat(value).astimezone(VIETNAM)
    return value


def _entry_of(row: Mapping[str, Any]) -> Entry:
    promise = row["promise"]
    return structs.replace(
        _read(Entry, row),
        facts=MappingProxyType(row["facts"]),
        changes=MappingProxyType(row["changes"]),
        asks=tuple([Ask(**each) for each in row["asks"]]),
        promise=None if promise is None else Promise(**promise),
    )


def _head_of(row: Mapping[str, Any]) -> _Head:
    return _Head(
        standing=_read(Standing, row["standing"]),
        tasks=tuple([_read(Task, each) for each in row["tasks"]]),
        timers=tuple([_read(Timer, each) for each in row["timers"]]),
        names=tuple(row["names"]),
        references=row["references"],
        contacts=row["contacts"],
    )
