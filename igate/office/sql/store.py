"""Dossiers in a SQLite database: one file, many threads and programs, one writer at a time.

An action is one transaction, taken with ``BEGIN IMMEDIATE``: the row of the dossier moves on only
if it is where the entry starts (compare-and-set on its number), and the entry is inserted, or
neither happens. Triggers in the database refuse to change an entry or to take one out, for other
programs as well.

One connection writes, behind a lock, so that threads wait for one another in order instead of
asking SQLite again and again. Reading has connections of its own and waits for nobody. The tables
are described with SQLModel; the statements are compiled once and run by the driver, because the
unit of work of an ORM would cost about twenty times the two statements.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from functools import partial
from threading import RLock
from typing import TYPE_CHECKING, Self, TypeVar, cast
from weakref import finalize

from sqlalchemy.pool import QueuePool

from igate.dossiers.standing import (
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
from igate.errors import StoreError, StoreReadOnly
from igate.law.localtime import local
from igate.office.sql import tables as _tables
from igate.office.sql.connection import Durability, Location, connect, locate, prepare, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from types import TracebackType
    from typing import Any

    from igate.dossiers.dossier import Entry
    from igate.dossiers.standing import InUse, Standing

__all__ = ["Durability", "SqlStore"]

#: entries that :meth:`SqlStore.load` hands to SQLite at a time
_BATCH = 1000

#: what the driver raises for a refusal of SQLite, and for a text that is not Unicode
_DRIVER_ERRORS = (sqlite3.Error, UnicodeEncodeError)

T = TypeVar("T")


class SqlStore:
    """A store in a SQLite database; see ``igate.office.store.DossierStore`` for what it promises.

    >>> with SqlStore.open("sqlite://") as store:
    ...     store.count()
    0
    """

    def __init__(self, place: Location) -> None:
        """Open the database at a place that has been checked; :meth:`open` does both.

        Raises:
            StoreError: See :meth:`open`.
        """
        self._place = place
        self._lock = RLock()
        self._writing = False
        self._closed = False
        try:
            self._writer = connect(place)
            try:
                prepare(self._writer, place)
            except BaseException:
                self._writer.close()
                raise
        except sqlite3.Error as error:
            raise refusal(error, place) from error
        # Readers are kept for the next read; as many as are asked for at once.
        lend = cast(
            "Any", partial(connect, place)
        )  # SQLAlchemy's protocol refuses the driver's type
        self._readers = QueuePool(lend, pool_size=4, max_overflow=-1)
        # a store that nobody closes is closed when it is forgotten, or when the program ends
        self._forgotten = finalize(self, _close, self._writer, self._readers)

    @classmethod
    def open(
        cls,
        url: str,
        *,
        durability: Durability = "full",
        timeout: float = 5.0,
        read_only: bool = False,
    ) -> Self:
        """Open a database, and make it if there is none.

        Args:
            url: ``sqlite:///office.db`` from the working folder, ``sqlite:////srv/office.db`` from
                the root, ``sqlite://`` in memory.
            durability: ``"full"``: what was answered survives a power cut. ``"normal"``: it
                survives the end of the program, but a power cut may take the last actions away.
            timeout: Seconds to wait for another program that is writing.
            read_only: Open for reading only. The database must exist; in a folder that cannot be
                written to it must not be written by anybody else meanwhile.

        Raises:
            StoreError: There is no such folder, the file is not a database, or the address names
                a database that this version does not support.
            StoreLocked: Another program holds the database for longer than the timeout.
            StoreReadOnly: It cannot be written to, and ``read_only`` was not asked for.
            StoreTooNew: It was made by a newer igate, or by another program.
        """
        return cls(locate(url, durability=durability, timeout=timeout, read_only=read_only))

    def create(
        self, make: Callable[[str], tuple[Entry, Standing]], *, agency: str, day: date
    ) -> Entry:
        """See :meth:`igate.office.store.DossierStore.create`."""
        key = {"agency": agency, "day": day.isoformat()}

        def write(db: sqlite3.Connection) -> Entry:
            found = db.execute(_tables.LAST_SERIAL, key).fetchone()
            serial = found[0] + 1 if found else 1
            while _find(db, code := dossier_code(agency, day, serial)):
                serial += 1
            entry, standing = make(code)
            check_first(code, entry, standing)
            _check_key(db, entry)
            db.execute(_tables.ADD_DOSSIER, _tables.standing_row(standing))
            db.execute(_tables.ADD_ENTRY, _tables.entry_row(entry))
            db.execute(_tables.KEEP_SERIAL, {**key, "last": serial})
            return entry

        return self._transact(write)

    def append(self, entry: Entry, standing: Standing) -> None:
        """See :meth:`igate.office.store.DossierStore.append`."""
        check_entry(entry, standing)
        row = _tables.standing_row(standing)
        row |= {f"same_{name}": row[name] for name in _tables.FIXED}
        row |= {"same_code": entry.dossier, "same_seq": entry.seq - 1, "same_state": entry.source}

        def write(db: sqlite3.Connection) -> None:
            # The second is for the rare entry that changes what was fixed at submission.
            for statement in (_tables.ADVANCE, _tables.REPLACE):
                if db.execute(statement, row).rowcount:
                    break
            else:
                raise _refused(_find(db, entry.dossier), entry)
            _check_key(db, entry)
            db.execute(_tables.ADD_ENTRY, _tables.entry_row(entry))

        self._transact(write)

    def load(self, dossiers: Iterable[tuple[Sequence[Entry], Standing]]) -> int:
        """See :meth:`igate.office.store.DossierStore.load`."""

        def write(db: sqlite3.Connection) -> int:
            count = 0
            waiting: list[dict[str, Any]] = []
            seen: dict[str, str] = {}
            for entries, standing in dossiers:
                check_journal(entries, standing)
                if _find(db, standing.code):
                    raise conflict(standing.code)
                db.execute(_tables.ADD_DOSSIER, _tables.standing_row(standing))
                for entry in entries:
                    _check_key(db, entry, seen)
                waiting += map(_tables.entry_row, entries)
                if len(waiting) >= _BATCH:
                    db.executemany(_tables.ADD_ENTRY, waiting)
                    waiting.clear()
                count += 1
            db.executemany(_tables.ADD_ENTRY, waiting)
            return count

        return self._transact(write)

    def journal(self, code: str) -> tuple[Entry, ...]:
        """See :meth:`igate.office.store.DossierStore.journal`."""
        rows = self._rows(_tables.JOURNAL, {"dossier": code})
        if not rows:
            raise absent(code)
        return tuple(map(_tables.entry_of, rows))

    def standing(self, code: str) -> Standing:
        """See :meth:`igate.office.store.DossierStore.standing`."""
        rows = self._rows(_tables.STANDING, {"code": code})
        if not rows:
            raise absent(code)
        return _tables.standing_of(rows[0])

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
        """See :meth:`igate.office.store.DossierStore.standings`."""
        asked = {
            "agency": agency,
            "procedure": procedure,
            "state": state,
            "due_before": None if due_before is None else local(due_before).timestamp(),
            "finished": finished,
            "parent": parent,
        }
        given = {name: value for name, value in asked.items() if value is not None}
        return map(_tables.standing_of, self._stream(_tables.standings_that(*given), given))

    def keep_definition(self, digest: str, text: str) -> None:
        """See :meth:`igate.office.store.DossierStore.keep_definition`."""

        def write(db: sqlite3.Connection) -> None:
            db.execute(_tables.ADD_DEFINITION, {"digest": digest, "text": text})
            if db.execute(_tables.GET_DEFINITION, {"digest": digest}).fetchone() != (text,):
                raise contradicted(digest)

        self._transact(write)

    def definition(self, digest: str) -> str | None:
        """See :meth:`igate.office.store.DossierStore.definition`."""
        rows = self._rows(_tables.GET_DEFINITION, {"digest": digest})
        return str(rows[0][0]) if rows else None

    def keyed(self, key: str) -> tuple[str, int] | None:
        """See :meth:`igate.office.store.DossierStore.keyed`."""
        rows = self._rows(_tables.KEYED, {"key": key})
        return (str(rows[0][0]), int(rows[0][1])) if rows else None

    def definitions_in_use(self) -> tuple[InUse, ...]:
        """See :meth:`igate.office.store.DossierStore.definitions_in_use`."""
        return tuple(map(_tables.use_of, self._rows(_tables.IN_USE, {})))

    def entries(self) -> Iterator[Entry]:
        """See :meth:`igate.office.store.DossierStore.entries`."""
        return map(_tables.entry_of, self._stream(_tables.ENTRIES, {}))

    def codes(self) -> Iterator[str]:
        """See :meth:`igate.office.store.DossierStore.codes`."""
        return (code for (code,) in self._stream(_tables.CODES, {}))

    def count(self) -> int:
        """See :meth:`igate.office.store.DossierStore.count`."""
        return int(self._rows(_tables.COUNT_DOSSIERS, {})[0][0])

    def count_entries(self) -> int:
        """See :meth:`igate.office.store.DossierStore.count_entries`."""
        return int(self._rows(_tables.COUNT_ENTRIES, {})[0][0])

    def get_meta(self, key: str) -> str | None:
        """See :meth:`igate.office.store.DossierStore.get_meta`."""
        rows = self._rows(_tables.GET_META, {"key": key})
        return str(rows[0][0]) if rows else None

    def set_meta(self, key: str, value: str) -> None:
        """See :meth:`igate.office.store.DossierStore.set_meta`."""
        check_key(key)
        self._transact(lambda db: db.execute(_tables.SET_META, {"key": key, "value": value}))

    def close(self) -> None:
        """See :meth:`igate.office.store.DossierStore.close`."""
        with self._lock:
            self._closed = True
            self._forgotten()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _transact(self, write: Callable[[sqlite3.Connection], T]) -> T:
        """Run a function in a transaction that holds or leaves no trace.

        Everything is in one frame, not in a context manager: an interrupt between two frames
        would leave the transaction open.
        """
        db = self._writer
        with self._lock:
            self._check_writable()
            try:
                self._writing = True
                if db.in_transaction:  # left by an interrupt in the middle of a rollback
                    db.execute("ROLLBACK")
                db.execute("BEGIN IMMEDIATE")
                answer = write(db)
                db.execute("COMMIT")
            except BaseException as error:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                if isinstance(error, _DRIVER_ERRORS):
                    raise self._explained(error) from error
                raise
            finally:
                self._writing = False
        return answer

    def _rows(self, statement: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """Return all rows of a query; a database in memory has one connection for everything."""
        try:
            if self._place.path is None:
                with self._lock:
                    self._check_open()
                    return self._writer.execute(statement, values).fetchall()
            with self._reader() as db:
                return db.execute(statement, values).fetchall()
        except _DRIVER_ERRORS as error:
            raise self._explained(error) from error

    def _stream(self, statement: str, values: Mapping[str, object]) -> Iterator[tuple[Any, ...]]:
        """Return the rows of a query one by one, as they were when it began."""
        if self._place.path is None:
            yield from self._rows(statement, values)
            return
        try:
            with self._reader() as db, closing(db.execute(statement, values)) as rows:
                yield from rows
        except _DRIVER_ERRORS as error:
            raise self._explained(error) from error

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        self._check_open()
        with closing(self._readers.connect()) as lent:
            yield cast("sqlite3.Connection", lent.driver_connection)

    def _check_open(self) -> None:
        if self._closed:
            raise closed(str(self._place))

    def _check_writable(self) -> None:
        self._check_open()
        if self._writing:
            raise nested()
        if self._place.read_only:
            raise StoreReadOnly(
                "The database was opened for reading only; nothing was written.",
                where=str(self._place),
                fix="Open it without read_only=True.",
            )

    def _explained(self, error: sqlite3.Error | UnicodeEncodeError) -> StoreError:
        if isinstance(error, sqlite3.Error):
            return refusal(error, self._place)
        return StoreError(
            f"A text holds {error.object[error.start]!r}, which is not a character.",
            where=str(self._place),
            why="It is half of a surrogate pair, left over from reading bytes as text.",
            fix="Read the text again with its right encoding.",
        )


def _find(db: sqlite3.Connection, code: str) -> Standing | None:
    row = db.execute(_tables.STANDING, {"code": code}).fetchone()
    return None if row is None else _tables.standing_of(row)


def _check_key(db: sqlite3.Connection, entry: Entry, waiting: dict[str, str] | None = None) -> None:
    """Refuse a key that an entry has, in the database or among those that wait to be written.

    Args:
        db: The connection.
        entry: The entry.
        waiting: Code by key of the entries that wait; this one is added.
    """
    if not entry.key:
        return
    if waiting is not None and entry.key in waiting:
        raise used(entry.key, waiting[entry.key])
    found = db.execute(_tables.KEYED, {"key": entry.key}).fetchone()
    if found is not None:
        raise used(entry.key, found[0])
    if waiting is not None:
        waiting[entry.key] = entry.dossier


def _refused(found: Standing | None, entry: Entry) -> Exception:
    if found is None:
        return absent(entry.dossier)
    return refused(entry, seq=found.seq, state=found.state)


def _close(writer: sqlite3.Connection, readers: QueuePool) -> None:
    readers.dispose()
    writer.close()
