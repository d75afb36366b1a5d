"""From format to format: the revisions of Alembic, and the three things one does with them.

A revision says what an older igate has to be changed by; it is written once and never edited, and
uses nothing of the library that may change. The tables as they should be are those of
``igate.office.sql.tables``: :func:`differences` compares the database with them.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.util.exc import CommandError
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, StaticPool

from igate.errors import StoreError, StoreTooNew
from igate.office.sql.guards import missing_guards
from igate.office.sql.sqlite import SqliteDriver
from igate.office.sql.statements import statements
from igate.office.sql.tables import SCHEMA_VERSION, Row
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from igate.office.sql.driver import Driver
    from igate.words.sentence import Sentence

__all__ = ["check_age", "current", "differences", "upgrade"]

#: What Alembic says would have to be added, removed or modified.
_THINGS: Final = {
    "table": say("table"),
    "column": say("column"),
    "index": say("index"),
    "constraint": say("constraint"),
    "fk": say("foreign key"),
    "type": say("type"),
    "nullable": say("rule about empty values"),
}
#: names the revision that a database is at
VERSION_TABLE = "igate_version"


def upgrade(driver: Driver) -> None:
    """Bring a database of an older format to this one, in one transaction.

    Raises:
        StoreError: It cannot be brought there; it is left as it was.
        StoreTooNew: It is of a newer igate.
    """
    with _connected(driver) as connection:
        found = _format(connection, driver)
        check_age(found, driver)
        if found == SCHEMA_VERSION:
            return
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent))
        config.attributes["connection"] = connection
        try:
            if _revision(connection) is None:
                command.stamp(config, str(found))
            command.upgrade(config, str(SCHEMA_VERSION))
        except (CommandError, ValueError, LookupError, TypeError) as error:
            raise StoreError(
                say(
                    "The database cannot be brought from format {found} to "
                    "{schema_version}; it was left as it was.",
                    found=found,
                    schema_version=SCHEMA_VERSION,
                ),
                where=driver.where,
                why=say("A row holds what igate does not write ({error}).", error=error),
                fix=say("Restore it from a copy, and upgrade that."),
            ) from error


def current(driver: Driver) -> int:
    """Return the number of the format of a database.

    Raises:
        StoreError: It holds no tables of igate.
    """
    with _connected(driver) as connection:
        return _format(connection, driver)


def check_age(found: int, driver: Driver) -> None:
    """Refuse a database of a newer igate.

    Raises:
        StoreTooNew: It is.
    """
    if found > SCHEMA_VERSION:
        raise StoreTooNew(
            say(
                "The database has format {found}; this igate knows formats up to {schema_version}.",
                found=found,
                schema_version=SCHEMA_VERSION,
            ),
            where=driver.where,
            fix=say("Install the igate that wrote it, or a newer one."),
        )


def differences(driver: Driver) -> tuple[Sentence, ...]:
    """Say what in a database is not as this version makes it: tables, columns, indexes, triggers.

    Returns:
        One sentence a difference; none where it is as it should be.
    """
    with _connected(driver) as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_object": _of_igate,
                "compare_type": True,
                "version_table": VERSION_TABLE,
            },
        )
        found = [_said(each) for each in compare_metadata(context, Row.metadata)]
        there = {name for (name,) in driver.rows(statements(driver.dialect).triggers, {})}
    return (*found, *missing_guards(there))


def _of_igate(
    _object: object, name: str | None, kind: str, _reflected: object, _compared: object
) -> bool:
    """Leave the tables of a host out."""
    return kind != "table" or (
        name is not None and name.startswith("igate_") and name != VERSION_TABLE
    )


def _said(difference: Any) -> Sentence:  # noqa: ANN401 - a tuple of Alembic, or a list of them
    if isinstance(difference, list):
        return together(*map(_said, difference), between="; ")
    kind, *parts = difference
    named = " ".join(str(getattr(part, "name", part)) for part in parts if part is not None)
    verb, _, thing = kind.partition("_")
    what = {"thing": _THINGS.get(thing, thing.replace("_", " ")), "name": named}
    if verb == "add":
        return say("missing {thing}: {name}", **what)
    if verb == "remove":
        return say("{thing} that igate does not make: {name}", **what)
    return say("other {thing}: {name}", **what)


def _format(connection: Connection, driver: Driver) -> int:
    for table in ("igate_meta", "meta"):
        if connection.dialect.has_table(connection, table):
            found = connection.exec_driver_sql(
                f"SELECT value FROM {table} WHERE key = 'schema_version'"  # noqa: S608 - two names of ours
            ).scalar()
            if found is not None and str(found).isdecimal():
                return int(found)
    raise StoreError(
        say("The tables of igate are not in this database."),
        where=driver.where,
        fix=say("Check the address."),
    )


def _revision(connection: Connection) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    return context.get_current_revision()


@contextmanager
def _connected(driver: Driver) -> Iterator[Connection]:
    """Lend a connection of SQLAlchemy in a transaction."""
    if isinstance(driver, SqliteDriver):
        writer = driver.writer
        engine = create_engine("sqlite://", creator=lambda: writer, poolclass=StaticPool)
    else:
        engine = create_engine(
            getattr(driver, "address"),  # noqa: B009 - of the driver of a server
            poolclass=NullPool,
        )
    try:
        with engine.connect() as connection:
            if isinstance(driver, SqliteDriver):
                connection.exec_driver_sql("BEGIN" if driver.read_only else "BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                _end(connection, "ROLLBACK")
                raise
            _end(connection, "COMMIT")
    except DBAPIError as error:
        explained = driver.explained(error.orig) if isinstance(error.orig, Exception) else None
        if explained is None:
            raise
        raise explained from error


def _end(connection: Connection, how: str) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(how)
    elif how == "COMMIT":
        connection.commit()
    else:
        connection.rollback()
