"""SQLite: one file, many threads and programs, one writer at a time.

The database runs in WAL mode: readers do not wait for the writer, nor it for them. Every refusal
of SQLite is recognised by its numeric code, never by the words of its message, and becomes an error
that says what to do.

One connection writes, behind a lock: SQLite has one writer in any case, and threads that wait for
one another in order are served sooner than threads that ask it again and again. Reading has
connections of its own and waits for nobody.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Final, Literal, TypeVar, cast
from weakref import finalize

from sqlalchemy.pool import QueuePool

from igate.dossiers.standing import closed, nested
from igate.errors import StoreError, StoreFull, StoreLocked, StoreReadOnly
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from sqlalchemy.engine import URL

    from igate.office.sql.driver import Rows, Values, Work

__all__ = ["Durability", "Location", "SqliteDriver", "connect", "locate", "refusal"]

T = TypeVar("T")

#: ``full``: what was answered survives a power cut. ``normal``: it survives the end of the
#: program; a power cut may take the last actions away, and never leaves a broken database.
Durability = Literal["full", "normal"]

_SYNCHRONOUS: dict[str, str] = {"full": "FULL", "normal": "NORMAL"}

#: Memory for pages of one connection, in KiB: the upper levels of the indexes of a province.
_CACHE_KIB: Final = 32 * 1024
#: Pages that are written ahead before they go into the database. An action writes about ten, and
#: by the next ones the same pages change again; the 1,000 of SQLite would be a wait for the disk
#: at every hundredth action.
_CHECKPOINT_PAGES: Final = 8_000

#: what a code of SQLite means: class of error, what, why, what to do
_REFUSALS: dict[int, tuple[type[StoreError], str, str | None, str | None]] = {
    sqlite3.SQLITE_BUSY: (
        StoreLocked,
        say("Another program holds the database; nothing was written."),
        say("Only one program writes at a time, and the wait for it is over."),
        say("Try again, or open the store with a longer timeout."),
    ),
    sqlite3.SQLITE_READONLY: (
        StoreReadOnly,
        say("The database cannot be written to; nothing was written."),
        say("The file, its folder or the file system does not allow it."),
        say("Allow writing to both, or open it with read_only=True."),
    ),
    sqlite3.SQLITE_FULL: (
        StoreFull,
        say("The disk or the database file is full; the last action was not written."),
        say("Everything before it is kept."),
        say("Make room, then repeat the action."),
    ),
    sqlite3.SQLITE_IOERR: (
        StoreError,
        say("The file system failed; the last action was not written."),
        None,
        say("Check the disk and its free space, then open the database again."),
    ),
    sqlite3.SQLITE_CORRUPT: (
        StoreError,
        say("The database is damaged."),
        None,
        say("Restore it from a copy; work on the damaged file only after copying it."),
    ),
    sqlite3.SQLITE_NOTADB: (
        StoreError,
        say("The file is not a SQLite database."),
        say("It begins with something else; it was left as it is."),
        say("Check the path, or name a file that does not exist yet."),
    ),
    sqlite3.SQLITE_CANTOPEN: (
        StoreError,
        say("The database cannot be opened."),
        say("The file, or the -wal and -shm files next to it, cannot be opened or made."),
        say("Check the permissions of the file and of its folder."),
    ),
}
_REFUSALS[sqlite3.SQLITE_LOCKED] = _REFUSALS[sqlite3.SQLITE_BUSY]


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where a database is and how it is opened."""

    #: ``None``: in memory
    path: Path | None
    read_only: bool
    durability: Durability
    #: seconds to wait for another program
    timeout: float

    def __str__(self) -> str:
        return "sqlite://" if self.path is None else str(self.path)


def refusal(error: sqlite3.Error, where: object) -> StoreError:
    """Turn a refusal of SQLite into an error of the library."""
    code: int = getattr(error, "sqlite_errorcode", 0) & 0xFF
    kind, what, why, fix = _REFUSALS.get(
        code,
        (
            StoreError,
            say("SQLite refused: {error}.", error=error),
            say("Nothing was written."),
            None,
        ),
    )
    return kind(what, where=str(where), why=why, fix=fix)


def locate(
    url: URL, *, read_only: bool = False, durability: Durability = "full", timeout: float = 5.0,
    create: bool = False,
) -> Location:  # fmt: skip
    """Check what can be known of a database before opening it.

    Args:
        url: Its address.
        read_only: Whether it is opened for reading only.
        durability: See :data:`Durability`.
        timeout: Seconds to wait for another program.
        create: Whether a database is made where there is none.

    Raises:
        StoreError: There is no database, and none is to be made or can be made.
        StoreReadOnly: The file or its folder cannot be written to, and writing is wanted.
    """
    where = url.render_as_string()
    if durability not in _SYNCHRONOUS or timeout < 0:
        raise StoreError(
            say(
                "The database cannot be opened with durability={durability!r}, "
                "timeout={timeout!r}.",
                durability=durability,
                timeout=timeout,
            ),
            where=where,
            fix=say("Durability is 'full' or 'normal'; timeout is in seconds, 0 or more."),
        )
    if url.host or url.query:
        raise StoreError(
            say("The address does not name a SQLite file."),
            where=where,
            why=say("It names another database, a host or options."),
            fix=say("Write sqlite:///office.db, or sqlite:////srv/office.db from the root."),
        )
    path = None if url.database in {None, "", ":memory:"} else Path(str(url.database)).absolute()
    if path is not None:
        try:
            _check_place(path, read_only=read_only)
            _check_wanted(path, create=create and not read_only)
        except OSError as error:
            raise StoreError(
                say(
                    "The file system does not let us look here: {strerror}.",
                    strerror=error.strerror,
                ),
                where=where,
                fix=say("Check the path, and the permissions of the folders above the file."),
            ) from error
    return Location(path=path, read_only=read_only, durability=durability, timeout=timeout)


def _check_wanted(path: Path, *, create: bool) -> None:
    """Refuse a name under which no database is, unless a new office is wanted.

    An empty file is no database: it is what a mistyped command or a full disk leaves behind.
    """
    if create or (path.exists() and path.stat().st_size):
        return
    raise StoreError(
        say("The file is empty.") if path.exists() else say("There is no database here."),
        where=str(path),
        why=say("A mistyped name should not make a new office."),
        fix=say(
            "Correct the path, or have a new office made: create=True in Python, --create of igate "
            "journal load."
        ),
    )


def _check_place(path: Path, *, read_only: bool) -> None:
    where = str(path)
    if path.is_dir():
        raise StoreError(
            say("This is a folder, not a database."), where=where, fix=say("Name a file in it.")
        )
    if not path.parent.is_dir():
        raise StoreError(
            say("The folder {parent} does not exist.", parent=path.parent),
            where=where,
            why=say("A mistyped path should not make folders."),
            fix=say("Make the folder, or correct the path."),
        )
    if read_only:
        return
    # WAL mode makes two files next to the database, so the folder must be writable as well.
    for kind, place in ((say("folder"), path.parent), (say("file"), path)):
        if place.exists() and not os.access(place, os.W_OK):
            raise StoreReadOnly(
                say("The {kind} {place} cannot be written to.", kind=kind, place=place),
                where=where,
                fix=say(
                    "Allow writing to the file and its folder, or open it with read_only=True."
                ),
            )


def connect(place: Location) -> sqlite3.Connection:
    """Open one connection; several threads may use it, one at a time.

    Raises:
        sqlite3.Error: SQLite refuses.
    """
    if place.path is None:
        return _configured("file::memory:", place)
    base = place.path.as_uri()
    if not place.read_only:
        return _configured(f"{base}?mode=rwc", place)
    try:
        return _configured(f"{base}?mode=ro", place)
    except sqlite3.OperationalError:
        # In a folder that cannot be written to, SQLite cannot make the files of WAL mode. Without
        # them nobody is writing, so the file may be read as one that does not change.
        if os.access(place.path.parent, os.W_OK) or Path(f"{place.path}-wal").exists():
            raise
        return _configured(f"{base}?mode=ro&immutable=1", place)


def _configured(uri: str, place: Location) -> sqlite3.Connection:
    connection = sqlite3.connect(
        uri, uri=True, timeout=place.timeout, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA synchronous = {_SYNCHRONOUS[place.durability]}")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


class _Transaction:
    """A transaction on a connection of SQLite."""

    __slots__ = ("_db", "execute", "executemany")

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        # the driver's own methods, without a call between
        self.execute = cast("Callable[[str, Values], Rows]", db.execute)
        self.executemany = db.executemany


class SqliteDriver:
    """A database in one file, or in memory."""

    dialect: Final = "sqlite"

    def __init__(self, place: Location) -> None:
        """Open the writing connection; readers are opened when they are needed.

        Raises:
            StoreError: SQLite refuses.
        """
        self.place = place
        self.where = str(place)
        self.read_only = place.read_only
        self._lock = RLock()
        self._writing = False
        self._closed = False
        try:
            self.writer = connect(place)
        except sqlite3.Error as error:
            raise refusal(error, place) from error
        self._work = _Transaction(self.writer)
        # Readers are kept for the next read; as many as are asked for at once.
        lend = cast(
            "Any", partial(connect, place)
        )  # SQLAlchemy's protocol refuses the driver's type
        self._readers = QueuePool(lend, pool_size=4, max_overflow=-1)
        # a store that nobody closes is closed when it is forgotten, or when the program ends
        self._forgotten = finalize(self, _close, self.writer, self._readers)

    def write_ahead(self) -> None:
        """Let readers and the writer not wait for one another (WAL mode)."""
        if self.place.path is not None and not self.read_only:
            try:
                self.writer.execute("PRAGMA journal_mode = WAL").fetchone()
            except sqlite3.Error as error:
                raise self.explained(error) from error

    def transact(self, write: Callable[[Work], T], /) -> T:
        """Run a function in a transaction that holds or leaves no trace.

        Everything is in one frame, not in a context manager: an interrupt between two frames
        would leave the transaction open.
        """
        db = self.writer
        with self._lock:
            self._check_writable()
            try:
                self._writing = True
                if db.in_transaction:  # left by an interrupt in the middle of a rollback
                    db.execute("ROLLBACK")
                db.execute("BEGIN IMMEDIATE")
                answer = write(self._work)
                db.execute("COMMIT")
            except BaseException as error:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                if isinstance(error, _DRIVER_ERRORS):
                    raise self.explained(error) from error
                raise
            finally:
                self._writing = False
        return answer

    def rows(self, statement: str, values: Mapping[str, Any], /) -> list[tuple[Any, ...]]:
        """Return all rows of a query; a database in memory has one connection for everything."""
        try:
            if self.place.path is None:
                with self._lock:
                    self._check_open()
                    return _fetched(self.writer, statement, values)
            with self._reader() as db:
                return _fetched(db, statement, values)
        except _DRIVER_ERRORS as error:
            raise self.explained(error) from error

    def peek(self, statement: str, values: Mapping[str, Any], /) -> list[tuple[Any, ...]]:
        """Return the rows of a query that reads little.

        Where nobody writes, the writing connection reads: what an action needs is in its cache,
        which a reader has to throw away after each write of another connection.
        """
        if not self._lock.acquire(blocking=False):
            return self.rows(statement, values)
        try:
            self._check_open()
            if self._writing:  # the thread that writes reads what is written
                return self.rows(statement, values)
            return _fetched(self.writer, statement, values)
        except _DRIVER_ERRORS as error:
            raise self.explained(error) from error
        finally:
            self._lock.release()

    def stream(self, statement: str, values: Mapping[str, Any], /) -> Iterator[tuple[Any, ...]]:
        """Return the rows of a query one by one, as they were when it began."""
        if self.place.path is None:
            yield from self.rows(statement, values)
            return
        try:
            with self._reader() as db:
                yield from _streamed(db, statement, values)
        except _DRIVER_ERRORS as error:
            raise self.explained(error) from error

    def explained(self, error: Exception, /) -> StoreError:
        """Turn an error of SQLite into one of the library."""
        if isinstance(error, UnicodeEncodeError):
            return not_unicode(error, self.where)
        if isinstance(error, sqlite3.Error):
            return refusal(error, self.place)
        raise error

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            self._closed = True
            self._forgotten()

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        self._check_open()
        with closing(self._readers.connect()) as lent:
            yield cast("sqlite3.Connection", lent.driver_connection)

    def _check_open(self) -> None:
        if self._closed:
            raise closed(self.where)

    def _check_writable(self) -> None:
        self._check_open()
        if self._writing:
            raise nested()
        if self.read_only:
            raise for_reading(self.where)


def _fetched(
    db: sqlite3.Connection, statement: str, values: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Return all rows of a query, those too in which a text is not UTF-8."""
    try:
        return db.execute(statement, values).fetchall()
    except sqlite3.OperationalError as error:
        if not _is_undecoded(error):
            raise
        with _replacing(db):
            return db.execute(statement, values).fetchall()


def _streamed(
    db: sqlite3.Connection, statement: str, values: Mapping[str, Any]
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query; from one in which a text is not UTF-8 on, as :func:`_fetched`."""
    given = 0
    db.execute("BEGIN")  # both readings see the same rows
    try:
        with closing(db.execute(statement, values)) as rows:
            for row in rows:
                yield row
                given += 1
    except sqlite3.OperationalError as error:
        if not _is_undecoded(error):
            raise
        with _replacing(db), closing(db.execute(statement, values)) as rows:
            yield from islice(rows, given, None)
    finally:
        db.execute("ROLLBACK")


def _is_undecoded(error: sqlite3.OperationalError) -> bool:
    # the driver's own refusal: SQLite has no number for it
    return "decode" in str(error)


@contextmanager
def _replacing(db: sqlite3.Connection) -> Iterator[None]:
    """Read what is not UTF-8 with a mark in its place, as a hand at the console would see it."""
    before, db.text_factory = db.text_factory, partial(str, encoding="utf-8", errors="replace")
    try:
        yield
    finally:
        db.text_factory = before


#: what the driver raises for a refusal of SQLite, and for a text that is not Unicode
_DRIVER_ERRORS = (sqlite3.Error, UnicodeEncodeError)


def not_unicode(error: UnicodeEncodeError, where: str) -> StoreError:
    """Say that a text cannot be written."""
    return StoreError(
        say("A text holds {object!r}, which is not a character.", object=error.object[error.start]),
        where=where,
        why=say("It is half of a surrogate pair, left over from reading bytes as text."),
        fix=say("Read the text again with its right encoding."),
    )


def for_reading(where: str) -> StoreReadOnly:
    """Say that a store was opened for reading."""
    return StoreReadOnly(
        say("The database was opened for reading only; nothing was written."),
        where=where,
        fix=say("Open it without read_only=True."),
    )


def _close(writer: sqlite3.Connection, readers: QueuePool) -> None:
    readers.dispose()
    writer.close()
