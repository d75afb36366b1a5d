"""How a SQLite database of dossiers is opened, made and checked, and what its refusals mean.

The database runs in WAL mode: readers do not wait for the writer, nor it for them. Every refusal
of SQLite is recognised by its numeric code, never by the words of its message, and becomes an error
that says what to do. Nothing here writes to a file that is not a database of igate.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from igate.errors import StoreError, StoreFull, StoreLocked, StoreReadOnly, StoreTooNew
from igate.files.writing import library_version
from igate.office.sql import tables as _tables

__all__ = ["Durability", "Location", "connect", "locate", "prepare", "refusal"]

#: ``full``: what was answered survives a power cut. ``normal``: it survives the end of the
#: program; a power cut may take the last actions away, and never leaves a broken database.
Durability = Literal["full", "normal"]

_SYNCHRONOUS: dict[str, str] = {"full": "FULL", "normal": "NORMAL"}

_DRIVERS = {"sqlite", "sqlite+pysqlite"}

#: what a code of SQLite means: class of error, what, why, what to do
_REFUSALS: dict[int, tuple[type[StoreError], str, str | None, str | None]] = {
    sqlite3.SQLITE_BUSY: (
        StoreLocked,
        "Another program holds the database; nothing was written.",
        "Only one program writes at a time, and the wait for it is over.",
        "Try again, or open the store with a longer timeout.",
    ),
    sqlite3.SQLITE_READONLY: (
        StoreReadOnly,
        "The database cannot be written to; nothing was written.",
        "The file, its folder or the file system does not allow it.",
        "Allow writing to both, or open it with read_only=True.",
    ),
    sqlite3.SQLITE_FULL: (
        StoreFull,
        "The disk or the database file is full; the last action was not written.",
        "Everything before it is kept.",
        "Make room, then repeat the action.",
    ),
    sqlite3.SQLITE_IOERR: (
        StoreError,
        "The file system failed; the last action was not written.",
        None,
        "Check the disk and its free space, then open the database again.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        StoreError,
        "The database is damaged.",
        None,
        "Restore it from a copy; work on the damaged file only after copying it.",
    ),
    sqlite3.SQLITE_NOTADB: (
        StoreError,
        "The file is not a SQLite database.",
        "It begins with something else; it was left as it is.",
        "Check the path, or name a file that does not exist yet.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        StoreError,
        "The database cannot be opened.",
        "The file, or the -wal and -shm files next to it, cannot be opened or made.",
        "Check the permissions of the file and of its folder.",
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
        code, (StoreError, f"SQLite refused: {error}.", "Nothing was written.", None)
    )
    return kind(what, where=str(where), why=why, fix=fix)


def locate(
    url: str, *, read_only: bool = False, durability: Durability = "full", timeout: float = 5.0
) -> Location:
    """Read the address of a database, and check what can be known before opening it.

    Raises:
        StoreError: The address cannot be read, names a database that this version does not
            support, or names a place where no database is and none can be made.
        StoreReadOnly: The file or its folder cannot be written to, and writing is wanted.
    """
    if durability not in _SYNCHRONOUS or timeout < 0:
        raise StoreError(
            f"The database cannot be opened with durability={durability!r}, timeout={timeout!r}.",
            where=url,
            fix="Durability is 'full' or 'normal'; timeout is in seconds, 0 or more.",
        )
    path = _path(url)
    if path is not None:
        try:
            _check_place(path, read_only=read_only)
        except OSError as error:
            raise StoreError(
                f"The file system does not let us look here: {error.strerror}.",
                where=url,
                fix="Check the path, and the permissions of the folders above the file.",
            ) from error
    return Location(path=path, read_only=read_only, durability=durability, timeout=timeout)


def _path(url: str) -> Path | None:
    try:
        parts = make_url(url)
    except ArgumentError as error:
        raise StoreError(
            f"{url!r} is not the address of a database.",
            fix="Write sqlite:///office.db for a file, sqlite:// for one in memory.",
        ) from error
    if parts.drivername.startswith("postgresql"):
        raise StoreError(
            "PostgreSQL is not in this version.",
            where=parts.render_as_string(),
            why="This version keeps dossiers in SQLite only.",
            fix="Write sqlite:///office.db.",
        )
    if parts.drivername not in _DRIVERS or parts.host or parts.query:
        raise StoreError(
            "The address does not name a SQLite file.",
            where=parts.render_as_string(),
            why="It names another database, a host or options.",
            fix="Write sqlite:///office.db, or sqlite:////srv/office.db from the root.",
        )
    return None if parts.database in {None, "", ":memory:"} else Path(parts.database).absolute()


def _check_place(path: Path, *, read_only: bool) -> None:
    where = str(path)
    if path.is_dir():
        raise StoreError("This is a folder, not a database.", where=where, fix="Name a file in it.")
    if not path.parent.is_dir():
        raise StoreError(
            f"The folder {path.parent} does not exist.",
            where=where,
            why="A mistyped path should not make folders.",
            fix="Make the folder, or correct the path.",
        )
    if read_only:
        if not path.exists():
            raise StoreError(
                "There is no database here.", where=where, fix="Correct the path, or open to write."
            )
        return
    # WAL mode makes two files next to the database, so the folder must be writable as well.
    for kind, place in (("folder", path.parent), ("file", path)):
        if place.exists() and not os.access(place, os.W_OK):
            raise StoreReadOnly(
                f"The {kind} {place} cannot be written to.",
                where=where,
                fix="Allow writing to the file and its folder, or open it with read_only=True.",
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
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def prepare(connection: sqlite3.Connection, place: Location) -> None:
    """Make the tables in an empty database, or bring them to this version.

    Raises:
        StoreTooNew: The database is of a newer igate, or not of igate.
        StoreError: The database is empty, or of an older igate, and opened for reading only.
        sqlite3.Error: SQLite refuses.
    """
    if not _names(connection):
        if place.read_only:
            raise StoreError(
                "The database is empty.",
                where=str(place),
                fix="Open it once without read_only=True, which makes the tables.",
            )
        _make(connection)
    _check_format(connection, place)
    if not place.read_only and place.path is not None:
        connection.execute("PRAGMA journal_mode = WAL").fetchone()


def _names(connection: sqlite3.Connection) -> set[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    with closing(connection.execute(query)) as rows:
        return {name for (name,) in rows}


def _make(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another program may have been first while this one waited.
        if not _names(connection):
            for statement in _tables.CREATE:
                connection.execute(statement)
            now = connection.execute("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')").fetchone()[0]
            for key, value in (
                ("schema_version", str(_tables.SCHEMA_VERSION)),
                ("created_at", now),
                ("library_version", library_version()),
            ):
                connection.execute(_tables.SET_META, {"key": key, "value": value})
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _check_format(connection: sqlite3.Connection, place: Location) -> None:
    found = None
    if _names(connection) >= _tables.TABLES:
        found = connection.execute(_tables.GET_META, {"key": "schema_version"}).fetchone()
    if found is None or not found[0].isdecimal():
        raise StoreTooNew(
            "This is a database of another program; it was left as it is.",
            where=str(place),
            why="It holds tables, but not those of igate.",
            fix="Name a file that does not exist yet.",
        )
    if int(found[0]) > _tables.SCHEMA_VERSION:
        by = connection.execute(_tables.GET_META, {"key": "library_version"}).fetchone()
        raise StoreTooNew(
            f"The database has format {found[0]}; this igate ({library_version()}) knows formats "
            f"up to {_tables.SCHEMA_VERSION}.",
            where=str(place),
            why=f"It was written by igate {by[0] if by else 'of an unknown number'}.",
            fix="Install that igate or a newer one.",
        )
    if int(found[0]) < _tables.SCHEMA_VERSION:
        if place.read_only:
            raise StoreError(
                f"The database has format {found[0]}, of an older igate.",
                where=str(place),
                why=f"This igate ({library_version()}) reads format {_tables.SCHEMA_VERSION}.",
                fix="Open it once without read_only=True, which adds what is new; keep a copy.",
            )
        _upgrade(connection)


def _upgrade(connection: sqlite3.Connection) -> None:
    """Bring a database of an older format to this one, in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another program may have been first while this one waited.
        found = connection.execute(_tables.GET_META, {"key": "schema_version"}).fetchone()
        for number in range(int(found[0]), _tables.SCHEMA_VERSION):
            for statement in _tables.UPGRADES[number]:
                connection.execute(statement)
        connection.execute(
            _tables.SET_META, {"key": "schema_version", "value": str(_tables.SCHEMA_VERSION)}
        )
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
