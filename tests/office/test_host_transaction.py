"""The host's rollback takes everything of igate with it, and its commit keeps it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from desks import CODE, catalogue, procedure
from igate.calendar import WorkCalendar
from igate.dossiers.dossier import Actor
from igate.errors import ActionRefused, IgateError, StoreError
from igate.law.localtime import parse_local
from igate.office.onestop import OneStop
from igate.office.sql.store import SqlStore
from places import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from servers import Server

OFFICER = Actor("r", roles={"receptionist"}, agency="H15.10")
TABLES = (
    "igate_dossier", "igate_entry", "igate_person", "igate_task", "igate_timer", "igate_serial",
    "igate_definition",
)  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a database with the tables of igate and one of the host."""
    if request.param == "sqlite":
        found = f"sqlite:///{tmp_path / 'portal.db'}"
    else:
        server: Server = request.getfixturevalue("postgres")
        found = server.new().replace("postgresql://", "postgresql+psycopg://")
    SqlStore.open(found, create=True).close()
    engine = sqlalchemy.create_engine(found)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE portal (note VARCHAR(100))")
    engine.dispose()
    return found


def work(given: object) -> OneStop:
    """Open a desk in a transaction of the host, and hand in and receive one dossier."""
    office = OneStop.using(
        given, agency="H15", catalog=catalogue(procedure()),
        calendar=WorkCalendar.vietnam(provisional=True),
        clock=lambda: parse_local("2026-03-02T09:00"),
    )  # fmt: skip
    code = office.submit(CODE, applicant="Bà An", channel="counter", agency="H15.10").code
    office.act(code, "receive", by=OFFICER)
    return office


def counted(url: str) -> dict[str, int]:
    """Count the rows of each table from outside."""
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        found = {
            table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608 - names above
            for table in (*TABLES, "portal")
        }
    engine.dispose()
    return found


def by_session(url: str, *, commit: bool) -> None:
    """Work in a session of SQLAlchemy."""
    engine = sqlalchemy.create_engine(url)
    with Session(engine) as session:
        session.execute(sqlalchemy.text("INSERT INTO portal VALUES ('mine')"))
        work(session)
        if commit:
            session.commit()
        else:
            session.rollback()
    engine.dispose()


def by_connection(url: str, *, commit: bool) -> None:
    """Work in a connection of SQLAlchemy."""
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection, connection.begin() as transaction:
        connection.exec_driver_sql("INSERT INTO portal VALUES ('mine')")
        work(connection)
        if not commit:
            transaction.rollback()
    engine.dispose()


def by_driver(url: str, *, commit: bool) -> None:
    """Work in a connection of the driver itself."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db:
            db.execute("INSERT INTO portal VALUES ('mine')")
            work(db)
            (db.commit if commit else db.rollback)()
        return
    import psycopg  # noqa: PLC0415 - an extra
    from psycopg.rows import dict_row  # noqa: PLC0415 - the same

    address = url.replace("+psycopg", "")
    with psycopg.connect(address, row_factory=dict_row) as db:  # type: ignore[arg-type]
        db.execute("INSERT INTO portal VALUES ('mine')")
        work(db)
        if not commit:
            db.rollback()


WAYS: tuple[Callable[..., None], ...] = (by_session, by_connection, by_driver)


@pytest.mark.parametrize("way", WAYS)
def test_a_rollback_of_the_host_takes_everything_with_it(
    url: str, way: Callable[..., None]
) -> None:
    """Dossier, entries, number, people, tasks and timers."""
    way(url, commit=False)
    assert set(counted(url).values()) == {0}
    way(url, commit=True)
    assert counted(url) == {
        "igate_dossier": 1, "igate_entry": 2, "igate_person": 1, "igate_serial": 1,
        "igate_definition": 1, "igate_task": 1, "igate_timer": 1, "portal": 1,
    }  # fmt: skip
    with SqlStore.open(url) as store:
        # the number of the dossier that was rolled back was given again
        assert list(store.codes()) == ["H15.10-260302-0001"]


def test_igate_may_write_first(url: str) -> None:
    """The driver of SQLite begins late; a savepoint outside a transaction would commit."""
    engine = sqlalchemy.create_engine(url)
    for _ in range(2):
        with Session(engine) as session:
            work(session)
            session.rollback()
        with engine.connect() as connection, connection.begin() as transaction:
            work(connection)
            transaction.rollback()
    assert set(counted(url).values()) == {0}
    with Session(engine) as session:
        work(session)
        session.commit()
    engine.dispose()
    assert counted(url)["igate_entry"] == 2


def test_a_refused_action_leaves_the_host_s_transaction_as_it_was(url: str) -> None:
    """Each action is a savepoint: what the host wrote before it is still there to be committed."""
    engine = sqlalchemy.create_engine(url)
    with Session(engine) as session:
        session.execute(sqlalchemy.text("INSERT INTO portal VALUES ('mine')"))
        office = work(session)
        (standing,) = office.dossiers()
        with pytest.raises(ActionRefused):
            office.act(standing.code, "finish", by=OFFICER)
        with pytest.raises(RuntimeError, match="in the middle"):
            office.store.create(_failing, agency="H15.10", day=standing.submitted_at.date())
        session.commit()
    engine.dispose()
    assert (counted(url)["portal"], counted(url)["igate_entry"]) == (1, 2)


def test_a_savepoint_of_the_host_takes_back_what_was_done_in_it(url: str) -> None:
    """And no more: what came before it stays, and the rollback of the whole takes all."""
    engine = sqlalchemy.create_engine(url)
    for end in ("rollback", "commit"):
        with Session(engine) as session:
            office = work(session)
            (standing,) = office.dossiers()
            inside = session.begin_nested()
            office.act(standing.code, "transfer", by=OFFICER)
            inside.rollback()
            assert office.get(standing.code).seq == standing.seq == 2
            with session.begin_nested():
                office.act(standing.code, "transfer", by=OFFICER)
            getattr(session, end)()
        assert counted(url)["igate_entry"] == (3 if end == "commit" else 0)
    engine.dispose()


def test_the_first_that_is_done_may_be_in_a_savepoint_of_the_host(url: str) -> None:
    """On SQLite where the host begins its transactions itself, as SQLAlchemy says it has to.

    The driver begins late; a savepoint outside a transaction is one, and its release commits,
    whatever is done in it.
    """
    engine = sqlalchemy.create_engine(url)
    if engine.dialect.name == "sqlite":
        listen = sqlalchemy.event.listen
        listen(engine, "connect", lambda db, _: setattr(db, "isolation_level", None))
        listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    with Session(engine) as session:
        with session.begin_nested():
            work(session)
        session.rollback()
    engine.dispose()
    assert set(counted(url).values()) == {0}


def _failing(code: str) -> Any:  # noqa: ANN401 - it never returns
    raise RuntimeError(f"in the middle of {code}")


def test_a_connection_outside_a_transaction_is_refused(url: str) -> None:
    """Each statement would be kept by itself; the message says how to begin."""
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection, pytest.raises(StoreError, match="in no transaction"):
        OneStop.using(connection, agency="H15")
    engine.dispose()


@pytest.mark.parametrize("way", ["session", "connection"])
def test_a_desk_ends_with_the_transaction_it_was_opened_in(url: str, way: str) -> None:
    """What it wrote later nobody would commit, or somebody else on a connection of the pool."""
    engine = sqlalchemy.create_engine(url)
    with Session(engine) as session, engine.connect() as connection:
        if way == "session":
            desk = work(session)
            session.commit()
        else:
            with connection.begin():
                desk = work(connection)
        _refuse(desk)
    engine.dispose()
    assert counted(url)["igate_dossier"] == 1


def test_a_desk_begins_no_transaction_that_its_host_knows_nothing_of(tmp_path: Path) -> None:
    """On a connection of sqlite3 the next ``BEGIN`` of the host would be refused."""
    path = tmp_path / "portal.db"
    SqlStore.open(f"sqlite:///{path}", create=True).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("BEGIN")
        desk = work(db)
        db.commit()
        _refuse(desk)
        db.execute("BEGIN")
        db.rollback()


def _refuse(desk: OneStop) -> None:
    with pytest.raises(StoreError, match="transaction has ended") as caught:
        desk.submit(CODE, applicant="Bà Bình", channel="counter", agency="H15.10")
    assert caught.value.fix == "Open a desk in the next transaction: OneStop.using(…)"
    with pytest.raises(StoreError, match="transaction has ended"):
        desk.store.count()


def test_something_else_than_a_connection_is_refused() -> None:
    """The message names what can be given."""
    with pytest.raises(StoreError, match="Session or Connection of SQLAlchemy"):
        OneStop.using(object(), agency="H15")


def test_a_session_of_an_event_loop_is_refused() -> None:
    """It was called a coroutine that is no connection, and Python warned of one never awaited."""
    with pytest.raises(
        StoreError, match="sqlalchemy AsyncSession works in an event loop"
    ) as caught:
        OneStop.using(AsyncSession(), agency="H15")
    assert caught.value.fix == (
        "Call a function in a thread, with a connection that waits as well."
    )


class _Older:
    """What Django has on a driver that igate does not know: its connections take no row factory."""

    vendor = "postgresql"
    in_atomic_block = True
    connection = sqlite3.Cursor

    def ensure_connection(self) -> None:
        """Connect, which this has."""


def test_another_driver_of_a_database_that_igate_knows_is_refused() -> None:
    """Before it has run a statement, and with the name under which SQLAlchemy has the right one."""
    with pytest.raises(StoreError, match="is no connection that igate knows") as caught:
        OneStop.using(_Older(), agency="H15")
    assert "psycopg 3 (postgresql+psycopg:// in SQLAlchemy)" in str(caught.value.fix)


def test_a_database_without_the_tables_is_refused(tmp_path: Path) -> None:
    """Making them is asked for in words."""
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'other.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE portal (note VARCHAR(100))")
        with pytest.raises(StoreError, match="create=True"):
            OneStop.using(connection, agency="H15")
        assert OneStop.using(connection, agency="H15", create=True).store.count() == 0
    engine.dispose()


def test_the_tables_are_made_and_used_in_the_host_s_transaction_on_postgresql(
    postgres: Server,
) -> None:
    """A rollback takes the tables back; after a commit a desk works, and its lists are read."""
    engine = sqlalchemy.create_engine(
        postgres.new().replace("postgresql://", "postgresql+psycopg://")
    )
    with Session(engine) as session:
        assert OneStop.using(session, agency="H15", create=True).store.count() == 0
        session.rollback()
    with Session(engine) as session:
        with pytest.raises(StoreError, match="create=True"):
            OneStop.using(session, agency="H15")
        session.rollback()
    with Session(engine) as session, session.begin():
        OneStop.using(session, agency="H15", create=True)
    with Session(engine) as session, session.begin():
        desk = work(session)
        assert [each.standing.state for each in desk.worklist(by=OFFICER).items] == ["received"]
        assert [each.state for each in desk.dossiers()] == ["received"]
        assert not desk.verify().findings
    engine.dispose()


DJANGO = """
import sys
sys.path[:0] = sys.argv[2:]
import django
from django.conf import settings
settings.configure(DATABASES={"default": {
    "ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1]}}, USE_TZ=True)
django.setup()
from django.db import connection, transaction
from test_host_transaction import work
from igate.office.onestop import OneStop
from igate.errors import StoreError

class Undo(Exception):
    pass

def count(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]

try:
    OneStop.using(connection, agency="H15")
except StoreError as error:
    print(error.fix)
try:
    with transaction.atomic():
        work(connection)
        raise Undo
except Undo:
    print(count("igate_dossier"), count("igate_serial"), count("igate_timer"))
with transaction.atomic():
    work(connection)
    try:
        with transaction.atomic():
            work(connection)
            raise Undo
    except Undo:
        pass
print(count("igate_dossier"), count("igate_entry"))
with transaction.atomic():
    desk = work(connection)
try:
    desk.store.count()
except StoreError as error:
    print(error.what)
with transaction.atomic():
    print(count("igate_dossier"))
"""


def test_in_django_the_dossier_goes_with_the_rollback(tmp_path: Path) -> None:
    """Also with that of a savepoint inside; without ``atomic()`` it is refused."""
    path = tmp_path / "django.db"
    SqlStore.open(f"sqlite:///{path}", create=True).close()
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(DJANGO), str(path), *sys.path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "Begin one: with transaction.atomic(): …",
        "0 0 0",
        "1 2",
        "The host's transaction has ended, and this desk with it.",
        "2",
    ]


def test_what_is_advised_for_a_connection_in_no_transaction_works(tmp_path: Path) -> None:
    """A cursor of sqlite3 is no block: ``with connection.execute("BEGIN"):`` would be an error."""
    with closing(sqlite3.connect(tmp_path / "portal.db")) as connection:
        with pytest.raises(StoreError, match="in no transaction") as caught:
            OneStop.using(connection, agency="H15", create=True)
        assert caught.value.fix is not None
        assert caught.value.fix == 'Begin one: connection.execute("BEGIN")'
        connection.execute("BEGIN")
        assert OneStop.using(connection, agency="H15", create=True).store.count() == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"agency": "h15"}, "'h15' is not the identifier of an agency"),
        ({"agency": "H15", "catalog": "procedures"}, "is no catalogue of procedures"),
        ({"agency": "H15", "calendar": "office.yaml"}, r"is no working calendar\. Pass"),
    ],
)
def test_a_wrong_desk_is_refused_before_anything_is_made(
    tmp_path: Path, wrong: dict[str, Any], words: str
) -> None:
    """Neither a file nor tables beside those of the host."""
    with pytest.raises(IgateError, match=words):
        OneStop.open(f"sqlite:///{tmp_path / 'office.db'}", create=True, **wrong)
    assert list(tmp_path.iterdir()) == []
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("BEGIN")
        with pytest.raises(IgateError, match=words):
            OneStop.using(connection, create=True, **wrong)
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


def test_tables_of_an_older_igate_are_not_upgraded_in_the_host_s_transaction(
    tmp_path: Path,
) -> None:
    """Format 4, of igate 0.1.0: the host is told what to run, and nothing is changed."""
    path = tmp_path / "portal.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript((TESTS / "office" / "format-4.sql").read_text(encoding="utf-8"))
    engine = sqlalchemy.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection, pytest.raises(StoreError, match="has format 4") as refused:
        OneStop.using(connection, agency="H15.10", catalog=catalogue(procedure()))
    engine.dispose()
    assert refused.value.fix == "Keep a copy, then run: igate db upgrade URL."
    with closing(sqlite3.connect(path)) as db:
        (number,) = db.execute("SELECT value FROM igate_meta WHERE key = 'schema_version'")
    assert number == ("4",)
