"""PostgreSQL: many programs at once, each action one transaction.

Connections come from a pool and are in autocommit: a step that is one statement is one round trip,
and what is more begins and ends its transaction by itself. No connection waits for another thread.

Where the network is cut in the middle of an action, nobody can know whether it was written: the
message says so, and an action that was sent with a key can be sent again.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from threading import local
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast
from weakref import finalize

from sqlalchemy.pool import QueuePool

from igate.dossiers.standing import closed, nested
from igate.errors import (
    OutputError,
    StoreConflict,
    StoreError,
    StoreFull,
    StoreLocked,
    StoreReadOnly,
    StoreUnreachable,
)
from igate.office.sql.sqlite import for_reading, not_unicode
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import psycopg
    from sqlalchemy.engine import URL

    from igate.office.sql.driver import Rows, Values, Work

__all__ = ["PostgresDriver"]

T = TypeVar("T")

#: Connections that are kept for the next action; more are opened while they are needed.
_KEPT = 5
#: Rows that a long query brings at a time.
_PAGE = 500

#: the first two letters of a code of PostgreSQL: class of error, what, why, what to do
_REFUSALS: dict[str, tuple[type[StoreError], str, str | None, str | None]] = {
    "25": (
        StoreReadOnly,
        say("The database cannot be written to; nothing was written."),
        say("The server, the role or the transaction allows reading only."),
        say("Connect to the primary server, with a role that may write."),
    ),
    "42": (
        StoreError,
        say("The tables of igate are not as this version needs them, or may not be used."),
        None,
        say("Run igate db check; grant the role what it needs."),
    ),
    "53": (
        StoreFull,
        say("The server has no room or no connection left; nothing was written."),
        say("Everything before it is kept."),
        say("Make room, or allow more connections, then repeat the action."),
    ),
    "55": (
        StoreLocked,
        say("Another program holds what is needed; nothing was written."),
        say("The wait for it is over."),
        say("Try again."),
    ),
    "57": (
        StoreUnreachable,
        say("The server is shutting down or has ended the statement."),
        None,
        say("Try again when it is back."),
    ),
}
_REFUSALS["40"] = _REFUSALS["55"]
_REFUSALS["23"] = (
    StoreConflict,
    say("Another program has written the same meanwhile; nothing was written."),
    None,
    say("Read the dossier again, and decide again."),
)
_LOST = (
    StoreUnreachable,
    say("The connection to the server is lost."),
    say("Whether the last action was written is not known."),
    say("Read the dossier again; an action that was sent with a key may be sent again."),
)


class _Flag(local):
    """Whether this thread is in the middle of a transaction."""

    up = False


def _psycopg() -> Any:  # noqa: ANN401 - a module that may be missing
    try:
        import psycopg  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise OutputError(
            say("PostgreSQL needs the package psycopg, which is not installed."),
            fix=say('Install it: pip install "igate[postgres]".'),
        ) from error
    return psycopg


class _Transaction:
    """A transaction on a connection of PostgreSQL."""

    __slots__ = ("_db",)

    def __init__(self, db: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._db = db

    def execute(self, statement: str, values: Values, /) -> Rows:
        return cast("Rows", self._db.execute(cast("Any", statement), values or None))

    def executemany(self, statement: str, values: Sequence[Values], /) -> object:
        if values:
            with self._db.cursor() as cursor:
                cursor.executemany(cast("Any", statement), values)
        return None


class PostgresDriver:
    """A database of a PostgreSQL server."""

    dialect: Final = "postgresql"

    def __init__(self, url: URL, *, read_only: bool = False, timeout: float = 5.0) -> None:
        """Keep the address; the first connection is made when it is needed.

        Args:
            url: Its address.
            read_only: Whether nothing may be written.
            timeout: Seconds to wait for a lock that another program holds.
        """
        self._module = _psycopg()
        self._info = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self.address = url.set(drivername="postgresql+psycopg")
        self.where = url.render_as_string(hide_password=True)
        self._name = url.database or url.username or ""
        self.read_only = read_only
        self._timeout = timeout
        self._closed = False
        self._writing = _Flag()
        self._pool = QueuePool(cast("Any", self._connect), pool_size=_KEPT, max_overflow=-1,
                               reset_on_return=None)  # fmt: skip
        self._forgotten = finalize(self, self._pool.dispose)

    def transact(self, write: Callable[[Work], T], /) -> T:
        """Run a function in a transaction that holds or leaves no trace."""
        self._check_writable()
        with self._lent() as db:
            try:
                self._writing.up = True
                db.execute("BEGIN")
                answer = write(_Transaction(db))
                db.execute("COMMIT")
            except BaseException:
                self._undo(db)
                raise
            finally:
                self._writing.up = False
        return answer

    def once(self, statement: str, values: Mapping[str, Any], /) -> int:
        """Run one statement in a transaction of its own; return how many rows it changed."""
        self._check_writable()
        with self._lent() as db:
            return db.execute(cast("Any", statement), values).rowcount

    def rows(self, statement: str, values: Mapping[str, Any], /) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        with self._lent() as db:
            return db.execute(cast("Any", statement), values or None).fetchall()

    peek = rows

    def stream(self, statement: str, values: Mapping[str, Any], /) -> Iterator[tuple[Any, ...]]:
        """Return the rows of a query one by one, as they were when it began."""
        with self._lent() as db, db.transaction(), db.cursor("igate") as cursor:
            cursor.itersize = _PAGE
            cursor.execute(cast("Any", statement), values)
            yield from cursor

    def explained(self, error: Exception, /) -> StoreError | None:
        """Turn an error of PostgreSQL into one of the library."""
        if isinstance(error, UnicodeEncodeError):
            return not_unicode(error, self.where)
        if not isinstance(error, self._module.Error):
            return None
        state = getattr(error, "sqlstate", None) or ""
        lost = isinstance(error, self._module.OperationalError) and not state
        other = say("PostgreSQL refused: {error}", error=_line(error))
        kind, what, why, fix = (
            _LOST if lost else _REFUSALS.get(state[:2], (StoreError, other, None, None))
        )
        return kind(what, where=self.where, why=why or _line(error), fix=fix)

    def close(self) -> None:
        """Close the connections that are kept."""
        self._closed = True
        self._forgotten()

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        try:
            connection: psycopg.Connection[tuple[Any, ...]] = self._module.connect(
                self._info, autocommit=True, application_name="igate", connect_timeout=10
            )
        except self._module.OperationalError as error:
            if self._is_missing(str(error)):
                raise StoreError(
                    say(
                        'There is no database "{name}" on the server; nothing was written.',
                        name=self._name,
                    ),
                    where=self.where,
                    fix=say(
                        "Correct the name in the address, or make the database on the server "
                        "(createdb {name}) and let igate make its tables.",
                        name=self._name,
                    ),
                ) from error
            raise StoreUnreachable(
                say("The server cannot be reached; nothing was written."),
                where=self.where,
                why=_line(error),
                fix=say(
                    "Check host, port, name of the database, user and password, and that "
                    "the server runs."
                ),
            ) from error
        connection.execute(f"SET lock_timeout = {int(self._timeout * 1000)}")
        if self.read_only:
            connection.execute("SET default_transaction_read_only = on")
        return connection

    def _is_missing(self, refusal: str) -> bool:
        """Return whether the server answers and has no database of this name.

        A refused connection has no code, and its text is in the language of the server. So where
        the text names the database, and is not the English one, the list of the server is read.
        """
        name = self._name
        if f'database "{name}" does not exist' in refusal:
            return True
        if not name or name not in refusal:
            return False
        listed = "SELECT FROM pg_database WHERE datname = %s"
        try:
            with closing(
                self._module.connect(self._info, dbname="postgres", connect_timeout=10)
            ) as db:
                return bool(db.execute(listed, (name,)).rowcount == 0)
        except self._module.Error:
            return False

    @contextmanager
    def _lent(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """Lend a connection; one that has failed is not lent again."""
        if self._closed:
            raise closed(self.where)
        try:
            with closing(self._pool.connect()) as lent:
                db = cast("psycopg.Connection[tuple[Any, ...]]", lent.driver_connection)
                try:
                    yield db
                finally:
                    if db.closed or db.broken:
                        lent.invalidate()
        except (UnicodeEncodeError, self._module.Error) as error:
            raise self.explained(error) or error from error

    def _undo(self, db: psycopg.Connection[tuple[Any, ...]]) -> None:
        if not db.closed and db.info.transaction_status != 0:
            try:
                db.execute("ROLLBACK")
            except self._module.Error:
                db.close()

    def _check_writable(self) -> None:
        if self._closed:
            raise closed(self.where)
        if self._writing.up:
            raise nested()
        if self.read_only:
            raise for_reading(self.where)


def _line(error: Exception) -> str:
    """Return the first line of what a driver says."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
