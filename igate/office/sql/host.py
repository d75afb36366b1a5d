"""The host's own transaction: what igate writes is the host's to keep or to roll back.

Statements run on the connection that the host is using, between its begin and its end. Each action
is a savepoint there, so that a refused one leaves the host's transaction as it was. Nothing is
committed, rolled back or closed here.
"""

from __future__ import annotations

import sqlite3
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, TypeVar, cast

from igate.dossiers.standing import closed, nested
from igate.errors import StoreError
from igate.office.sql.sqlite import not_unicode
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from igate.office.sql.driver import Rows, Values, Work
    from igate.office.sql.statements import DialectName

__all__ = ["HostDriver"]

T = TypeVar("T")

#: what SQLAlchemy and Django call the databases that igate knows
_DIALECTS: Mapping[str, DialectName] = {"sqlite": "sqlite", "postgresql": "postgresql"}
_SAVEPOINT = "igate_action"


class _Cursors:
    """Runs statements on a connection of a driver, each with a cursor of its own.

    The host may have set how its cursors give rows; these give tuples.
    """

    __slots__ = ("_db", "_dialect")

    def __init__(self, db: Any, dialect: DialectName) -> None:  # noqa: ANN401 - of two drivers
        self._db = db
        self._dialect = dialect

    def _cursor(self) -> Any:  # noqa: ANN401 - the same
        if self._dialect == "sqlite":
            cursor = self._db.cursor()
            cursor.row_factory = None
            return cursor
        from psycopg.rows import tuple_row  # noqa: PLC0415 - an extra

        return self._db.cursor(row_factory=tuple_row)

    def begin(self) -> None:
        """Begin what the host believes to have begun.

        The driver of SQLite begins a transaction with the first statement that writes, and a
        savepoint is none: released outside a transaction it would commit.
        """
        if self._dialect == "sqlite" and not self._db.in_transaction:
            self._db.execute("BEGIN IMMEDIATE")

    def execute(self, statement: str, values: Values, /) -> Rows:
        cursor = self._cursor()
        # with values, even none, psycopg reads each % of the statement as a place for one
        cursor.execute(statement, *([values] if values else []))
        return cast("Rows", cursor)

    def executemany(self, statement: str, values: Sequence[Values], /) -> object:
        if values:
            self._cursor().executemany(statement, values)
        return None


class HostDriver:
    """A transaction of the host."""

    read_only = False

    def __init__(self, given: Any) -> None:  # noqa: ANN401 - of several libraries
        """Find the connection of the driver behind what the host works with.

        Args:
            given: A ``Session`` or a ``Connection`` of SQLAlchemy, a connection of Django inside
                ``transaction.atomic()``, or a connection of ``sqlite3`` or ``psycopg``; its
                transaction has begun.

        Raises:
            StoreError: It is none of these, of another database, or in no transaction.
        """
        self.dialect, db, self._lasts = _connection(given)
        self.where = f"the host's transaction ({self.dialect})"
        self._work = _Cursors(db, self.dialect)
        #: a session that may be in a savepoint of the host
        self._session = given if _is_session(given) else None
        self._writing = False
        self._closed = False

    def transact(self, write: Callable[[Work], T], /) -> T:
        """Run a function between a savepoint and its release."""
        self._check_open()
        if self._writing:
            raise nested()
        work = self._work
        work.begin()
        if self._session is not None and self._session.in_nested_transaction():
            # a session makes its savepoint when it is asked for its connection, not before
            self._session.connection()
        work.execute(f"SAVEPOINT {_SAVEPOINT}", {})
        try:
            self._writing = True
            answer = write(work)
        except BaseException as error:
            work.execute(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}", {})
            work.execute(f"RELEASE SAVEPOINT {_SAVEPOINT}", {})
            explained = self.explained(error) if isinstance(error, Exception) else None
            if explained is not None:
                raise explained from error
            raise
        finally:
            self._writing = False
        work.execute(f"RELEASE SAVEPOINT {_SAVEPOINT}", {})
        return answer

    def rows(self, statement: str, values: Mapping[str, Any], /) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        self._check_open()
        try:
            return self._work.execute(statement, values).fetchall()
        except Exception as error:
            explained = self.explained(error)
            if explained is None:
                raise
            raise explained from error

    peek = rows

    def stream(self, statement: str, values: Mapping[str, Any], /) -> Iterator[tuple[Any, ...]]:
        """Return the rows of a query: all of them, for the host goes on meanwhile."""
        yield from self.rows(statement, values)

    def explained(self, error: Exception, /) -> StoreError | None:
        """Turn an error of the driver into one of the library."""
        if isinstance(error, UnicodeEncodeError):
            return not_unicode(error, self.where)
        if isinstance(error, sqlite3.Error) or type(error).__module__.startswith("psycopg"):
            return StoreError(
                say("The database refused: {error}", error=error),
                where=self.where,
                why=say(
                    "The action was taken back to its savepoint; the rest of the "
                    "transaction is the host's."
                ),
            )
        return None

    def close(self) -> None:
        """Refuse further use; the connection is the host's."""
        self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise closed(self.where)
        if not self._lasts():
            raise StoreError(
                say("The host's transaction has ended, and this desk with it."),
                where=self.where,
                why=say("Nobody would commit what it writes now."),
                fix=say("Open a desk in the next transaction: {call}", call="OneStop.using(…)"),
            )


#: dialect, connection of the driver, and whether the transaction that was found still lasts
_Found = tuple["DialectName", Any, "Callable[[], bool]"]


def _connection(given: Any) -> _Found:  # noqa: ANN401 - of several libraries
    """Return what is behind that which a host gives."""
    if iscoroutinefunction(getattr(given, "commit", None)):
        raise _unknown(given)
    if hasattr(given, "in_atomic_block"):
        return _django(given)
    if _is_session(given):
        given = given.connection()  # a session begins its transaction by this
    if hasattr(given, "in_transaction") and hasattr(given, "dialect"):
        return _sqlalchemy(given)
    return _of_driver(given)


def _is_session(given: Any) -> bool:  # noqa: ANN401 - of several libraries
    return hasattr(given, "get_bind") and callable(getattr(given, "connection", None))


def _sqlalchemy(given: Any) -> _Found:  # noqa: ANN401 - of several libraries
    begun = given.get_transaction()
    if begun is None:
        raise _not_begun("engine.begin() as connection")
    # given back to its pool, the connection of the driver may be at work for somebody else
    dialect, db = _known(given.dialect.name, given.connection.driver_connection)
    return dialect, db, lambda: begun.is_active and given.get_transaction() is begun


def _of_driver(given: Any) -> _Found:  # noqa: ANN401 - the same
    if _is_sqlite(given):
        if not given.in_transaction:
            raise _not_begun('connection.execute("BEGIN")')
        return "sqlite", given, lambda: given.in_transaction
    if _is_psycopg(given):
        # without autocommit the driver begins a transaction with the first statement
        def lasts() -> bool:
            return not given.autocommit or bool(given.info.transaction_status)

        if not lasts():
            raise _not_begun("connection.transaction()")
        return "postgresql", given, lasts
    raise _unknown(given)


def _django(given: Any) -> _Found:  # noqa: ANN401 - of a library that may be missing
    if not given.in_atomic_block:
        raise _not_begun("transaction.atomic()")
    given.ensure_connection()
    dialect, db = _known(given.vendor, given.connection)
    return dialect, db, lambda: given.in_atomic_block and given.connection is db


def _known(name: str, db: Any) -> tuple[DialectName, Any]:  # noqa: ANN401 - of several drivers
    """Return the dialect and the connection of the driver, if igate works on both."""
    dialect = _DIALECTS.get(name)
    if dialect is None:
        raise StoreError(
            say("igate keeps dossiers in SQLite and PostgreSQL, not in {name}.", name=name),
            fix=say("Give it a database of its own: OneStop.open(url)."),
        )
    if not (_is_sqlite(db) if dialect == "sqlite" else _is_psycopg(db)):
        raise _unknown(db)
    return dialect, db


def _is_sqlite(db: object) -> bool:
    return isinstance(db, sqlite3.Connection)


def _is_psycopg(db: object) -> bool:
    at_once = not iscoroutinefunction(getattr(db, "commit", None))
    return type(db).__module__.partition(".")[0] == "psycopg" and hasattr(db, "info") and at_once


def _unknown(given: object) -> StoreError:
    name = f"{type(given).__module__.partition('.')[0]} {type(given).__name__}"
    if iscoroutinefunction(getattr(given, "commit", None)):
        return StoreError(
            say("{name} works in an event loop, which igate does not.", name=name),
            why=say("A statement of igate waits for its answer."),
            fix=say("Call a function in a thread, with a connection that waits as well."),
        )
    return StoreError(
        say("{name} is no connection that igate knows.", name=name),
        fix=say(
            "Pass a Session or Connection of SQLAlchemy, django.db.connection, or a "
            "connection of sqlite3 or psycopg 3 (postgresql+psycopg:// in SQLAlchemy)."
        ),
    )


def _not_begun(how: str) -> StoreError:
    # sqlite3 has no block that begins a transaction: the statement stands by itself
    block = how if "execute" in how else f"with {how}: …"
    return StoreError(
        say("The connection is in no transaction."),
        why=say("Each statement would be kept by itself, whatever the host does afterwards."),
        fix=say("Begin one: {block}", block=block),
    )
