"""What a careful engineer writes by hand for one step, on a minimal schema: the floor.

Two tables and no further index::

    dossier(code, state, seq, due)                   key: code
    entry(dossier, seq, action, at, actor)           key: dossier, seq

One step starts from a code and an action, as ours does: it reads state and number of the dossier
(one SELECT; ours needs one too), looks the next state up, moves the row on if it is where it was
read, inserts the entry, and commits. There are no roles, guards, dates, tasks, timers, names or
seals in it.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import psycopg
    from province import Copy

__all__ = ["PostgresFloor", "SqliteFloor"]

_TABLES: Final = (
    """CREATE TABLE floor_dossier (code TEXT NOT NULL PRIMARY KEY, state TEXT NOT NULL,
seq INTEGER NOT NULL, due BIGINT)""",
    """CREATE TABLE floor_entry (dossier TEXT NOT NULL, seq INTEGER NOT NULL, action TEXT NOT NULL,
at BIGINT NOT NULL, actor TEXT NOT NULL, PRIMARY KEY (dossier, seq))""",
)
_AT: Final = 1_780_000_000
#: dossiers that are written at a time while the tables are filled
_BATCH: Final = 5_000

_Rows = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]


def _batches(copies: Iterable[Copy]) -> Iterable[_Rows]:
    dossiers: list[tuple[Any, ...]] = []
    entries: list[tuple[Any, ...]] = []
    for copy in copies:
        row = copy.record.standing
        dossiers.append((row.code, row.state, row.seq, _AT))
        entries += [(each.dossier, each.seq, each.action, _AT, each.actor) for each in copy.entries]
        if len(dossiers) >= _BATCH:
            yield dossiers, entries
            dossiers, entries = [], []
    yield dossiers, entries


class SqliteFloor:
    """The floor on SQLite: WAL, synchronous=NORMAL, tables without row numbers."""

    def __init__(self, path: Path, following: Mapping[tuple[str, str], str]) -> None:
        """Open or make the database.

        Args:
            path: The file.
            following: The next state by state and action.
        """
        self._following = following
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")

    def fill(self, copies: Iterable[Copy]) -> None:
        """Make the tables and write the dossiers."""
        for table in _TABLES:
            self._db.execute(f"{table} WITHOUT ROWID")
        for dossiers, entries in _batches(copies):
            self._db.execute("BEGIN")
            self._db.executemany("INSERT INTO floor_dossier VALUES (?, ?, ?, ?)", dossiers)
            self._db.executemany("INSERT INTO floor_entry VALUES (?, ?, ?, ?, ?)", entries)
            self._db.execute("COMMIT")

    def step(self, code: str, action: str) -> None:
        """Take an action."""
        execute = self._db.execute
        execute("BEGIN IMMEDIATE")
        state, seq = execute(
            "SELECT state, seq FROM floor_dossier WHERE code = ?", (code,)
        ).fetchone()
        target = self._following[state, action]
        moved = execute(
            "UPDATE floor_dossier SET state = ?, seq = ?, due = ? WHERE code = ? AND seq = ?",
            (target, seq + 1, _AT, code, seq),
        )
        if moved.rowcount != 1:
            raise AssertionError(code)
        execute(
            "INSERT INTO floor_entry VALUES (?, ?, ?, ?, ?)",
            (code, seq + 1, action, _AT, "officer-17"),
        )
        execute("COMMIT")

    def close(self) -> None:
        """Close the connection."""
        self._db.close()


class PostgresFloor:
    """The floor on PostgreSQL, by psycopg as its manual shows it."""

    def __init__(self, url: str, following: Mapping[tuple[str, str], str]) -> None:
        """Connect; see :class:`SqliteFloor`."""
        import psycopg  # noqa: PLC0415 - an extra

        self._following = following
        self._db: psycopg.Connection[tuple[Any, ...]] = psycopg.connect(url)

    def fill(self, copies: Iterable[Copy]) -> None:
        """Make the tables and write the dossiers."""
        for table in _TABLES:
            self._db.execute(cast("Any", table))
        for dossiers, entries in _batches(copies):
            for name, rows in (("floor_dossier", dossiers), ("floor_entry", entries)):
                with self._db.cursor().copy(f"COPY {name} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
        self._db.commit()
        self._db.execute("ANALYZE")
        self._db.commit()

    def step(self, code: str, action: str) -> None:
        """Take an action."""
        execute = self._db.execute
        found = execute("SELECT state, seq FROM floor_dossier WHERE code = %s", (code,)).fetchone()
        state, seq = cast("tuple[str, int]", found)
        target = self._following[state, action]
        moved = execute(
            "UPDATE floor_dossier SET state = %s, seq = %s, due = %s WHERE code = %s AND seq = %s",
            (target, seq + 1, _AT, code, seq),
        )
        if moved.rowcount != 1:
            raise AssertionError(code)
        execute(
            "INSERT INTO floor_entry VALUES (%s, %s, %s, %s, %s)",
            (code, seq + 1, action, _AT, "officer-17"),
        )
        self._db.commit()

    def close(self) -> None:
        """Close the connection."""
        self._db.close()
