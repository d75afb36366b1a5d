"""How the address of a database becomes a driver, and its tables are made or found to be there."""

from __future__ import annotations

import os
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from igate.errors import StoreError, StoreTooNew
from igate.files.writing import library_version
from igate.office.sql.sqlite import Location, SqliteDriver, locate
from igate.office.sql.statements import statements
from igate.office.sql.tables import SCHEMA_VERSION
from igate.words.sentence import say

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

    from igate.office.sql.driver import Driver, Work
    from igate.office.sql.sqlite import Durability

__all__ = ["check_format", "make", "opened", "parsed", "unchecked"]

_SQLITE = frozenset({"sqlite", "sqlite+pysqlite"})
_POSTGRES = frozenset({"postgresql", "postgresql+psycopg", "postgres"})
#: names of the tables by which a database of format 1 to 3 is known
_OLD = frozenset({"dossier", "entry", "serial", "meta"})


def parsed(url: str) -> URL:
    """Read the address of a database.

    Raises:
        StoreError: It cannot be read, or names a database that igate does not know.
    """
    try:
        found = make_url(url)
    except ArgumentError as error:
        raise StoreError(
            say("{masked!r} is not the address of a database.", masked=_masked(str(url))),
            fix=say(
                "Write sqlite:///office.db for a file, sqlite:// for one in memory, or "
                "postgresql://user@host/name."
            ),
        ) from error
    if found.drivername in _SQLITE | _POSTGRES:
        return found
    raise StoreError(
        say("igate does not know the database {drivername}.", drivername=found.drivername),
        where=found.render_as_string(),
        why=say("Dossiers are kept in SQLite or PostgreSQL."),
        fix=say("Write sqlite:///office.db or postgresql://user@host/name."),
    )


def _masked(url: str) -> str:
    """Leave out of an unreadable address what may be a password."""
    head, at, tail = url.rpartition("@")
    return f"…@{tail}" if at and head else url


def opened(
    url: str,
    *,
    read_only: bool = False,
    durability: Durability = "full",
    timeout: float = 5.0,
    create: bool = False,
) -> Driver:
    """Open a database; its tables are made where they are wanted and missing.

    Raises:
        StoreError: See :meth:`igate.office.sql.store.SqlStore.open`.
    """
    driver = unchecked(
        url, read_only=read_only, durability=durability, timeout=timeout, create=create
    )
    try:
        check_format(driver, create=create)
        if isinstance(driver, SqliteDriver):
            driver.write_ahead()
    except BaseException:
        driver.close()
        raise
    return driver


def unchecked(
    url: str,
    *,
    read_only: bool = False,
    durability: Durability = "full",
    timeout: float = 5.0,
    create: bool = False,
) -> Driver:
    """Open a database of whatever format.

    Raises:
        StoreError: See :meth:`igate.office.sql.store.SqlStore.open`.
    """
    address = parsed(url)
    if address.drivername in _POSTGRES:
        from igate.office.sql.postgres import PostgresDriver  # noqa: PLC0415 - an extra

        return PostgresDriver(address, read_only=read_only, timeout=timeout)
    place = locate(
        address, read_only=read_only, durability=durability, timeout=timeout, create=create
    )
    if place.path is not None and create and not read_only:
        _make_file(place)
    return SqliteDriver(place)


def _make_file(place: Location) -> None:
    """Make a whole database beside its place and put it there, unless somebody was first.

    Nobody ever sees a part of it, and only its owner may read it. A file that is there already, be
    it empty, is never put aside: another program may have made it just now, and be writing to it.
    """
    path = place.path
    if path is None:
        return
    if path.exists():
        if not path.stat().st_size:
            path.chmod(0o600)
        return
    handle, name = mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    made = Path(name)
    try:
        with closing(SqliteDriver(replace(place, path=made))) as driver:
            driver.transact(lambda work: make(work, driver))
        with suppress(FileExistsError):
            os.link(made, path)
    finally:
        made.unlink(missing_ok=True)


def make(work: Work, driver: Driver) -> None:
    """Make the tables and note what they are."""
    known = statements(driver.dialect)
    for statement in known.create:
        work.execute(statement, {})
    now = (work.execute(known.created_at, {}).fetchone() or ("",))[0]
    for key, value in (
        ("schema_version", str(SCHEMA_VERSION)),
        ("created_at", now),
        ("library_version", library_version()),
    ):
        work.execute(known.set_meta, {"key": key, "value": value})


def check_format(driver: Driver, *, create: bool) -> None:
    """Make the tables where there are none, or see that they are those of this version.

    Raises:
        StoreTooNew: The database is of a newer igate, or of another program.
        StoreError: It holds no tables and none are to be made, or it is of an older igate.
    """
    known = statements(driver.dialect)
    names = {str(name) for (name,) in driver.rows(known.tables, {})}
    if "igate_meta" not in names:
        _without_tables(driver, names, create=create)
        return
    found = _meta(driver, "schema_version")
    if found is None or not found.isdecimal():
        raise _of_another(driver)
    if int(found) > SCHEMA_VERSION:
        by = _meta(driver, "library_version")
        raise StoreTooNew(
            say(
                "The database has format {found}; this igate ({library_version}) knows "
                "formats up to {schema_version}.",
                found=found,
                library_version=library_version(),
                schema_version=SCHEMA_VERSION,
            ),
            where=driver.where,
            why=say("It was written by igate {by}.", by=by or say("of an unknown number")),
            fix=say("Install that igate or a newer one."),
        )
    if int(found) < SCHEMA_VERSION:
        _older(driver, found)


def _without_tables(driver: Driver, names: set[str], *, create: bool) -> None:
    """Make the tables of igate beside those of a host, or of an older igate, or refuse."""
    if driver.dialect == "sqlite" and names >= _OLD:
        _older(driver, _old_format(driver))
        return
    if driver.dialect == "sqlite" and names and not create:
        raise _of_another(driver)
    if not create and not _in_memory(driver):
        raise StoreError(
            say("The tables of igate are not in this database."),
            where=driver.where,
            why=say("A mistyped address should not make a new office."),
            fix=say(
                "Correct the address, or have the tables made: create=True in Python, --create of "
                "igate journal load."
            ),
        )

    def begin(work: Work) -> None:
        if driver.dialect == "postgresql":
            # two programs that begin at once: one makes the tables, the other finds them
            work.execute("SELECT pg_advisory_xact_lock(hashtext('igate'))", {})
        there = {str(name) for (name,) in work.execute(known.tables, {}).fetchall()}
        if "igate_meta" not in there:
            make(work, driver)

    known = statements(driver.dialect)
    driver.transact(begin)


def _in_memory(driver: Driver) -> bool:
    return isinstance(driver, SqliteDriver) and driver.place.path is None


def _old_format(driver: Driver) -> str:
    """Return the number of a format from before the tables had a prefix."""
    found = driver.rows("SELECT value FROM meta WHERE key = 'schema_version'", {})
    if not found or not str(found[0][0]).isdecimal():
        raise _of_another(driver)
    return str(found[0][0])


def _older(driver: Driver, found: str) -> None:
    if driver.read_only or not isinstance(driver, SqliteDriver):
        raise StoreError(
            say("The database has format {found}, of an older igate.", found=found),
            where=driver.where,
            why=say(
                "This igate ({library_version}) reads format {schema_version}.",
                library_version=library_version(),
                schema_version=SCHEMA_VERSION,
            ),
            fix=say("Keep a copy, then run: igate db upgrade URL."),
        )
    from igate.office.sql.migrations import upgrade  # noqa: PLC0415 - Alembic for those who need it

    upgrade(driver)


def _meta(driver: Driver, key: str) -> str | None:
    rows = driver.rows(statements(driver.dialect).get_meta, {"key": key})
    return str(rows[0][0]) if rows else None


def _of_another(driver: Driver) -> StoreTooNew:
    return StoreTooNew(
        say("This is a database of another program; it was left as it is."),
        where=driver.where,
        why=say("It holds tables, but not those of igate."),
        fix=say(
            "Name a file that does not exist yet, or have them added: create=True in Python, "
            "--create of igate journal load."
        ),
    )
