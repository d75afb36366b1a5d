"""``igate db``: what format a database has, upgrading it, and what is not as igate makes it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from commands import run_command
from igate.errors import StoreError
from igate.office.sql.store import SqlStore
from places import TESTS

if TYPE_CHECKING:
    from pathlib import Path

    from commands import Done
    from servers import Server


def db(folder: Path, *arguments: str) -> Done:
    return run_command(["db", *arguments], folder)


def written(folder: Path, name: str) -> Path:
    path = folder / "office.db"
    with closing(sqlite3.connect(path)) as base:
        base.executescript((TESTS / "office" / f"{name}.sql").read_text(encoding="utf-8"))
    return path


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_database_of_each_format_is_upgraded_and_then_as_it_should_be(
    tmp_path: Path, number: int
) -> None:
    """The number before and after; a second time nothing is done; the check is clean."""
    path = written(tmp_path, f"format-{number}")
    assert db(tmp_path, "current", "office.db").stdout == f"{number}\n"
    older = db(tmp_path, "check", "office.db")
    assert (older.returncode, older.stdout) == (1, "")
    assert f"format {number}, of an older igate; this one has 5" in older.stderr
    done = db(tmp_path, "upgrade", f"sqlite:///{path}")
    assert done.returncode == 0
    assert done.stdout == f"{path}: upgraded from format {number} to 5.\n"
    assert "it has format 5 already" in db(tmp_path, "upgrade", "office.db").stdout
    assert db(tmp_path, "current", "office.db").stdout == "5\n"
    clean = db(tmp_path, "check", "office.db")
    assert (clean.returncode, clean.stderr) == (0, "")
    assert clean.stdout == f"{path}: format 5, as igate makes it.\n"


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    """A damaged fact in an old journal: format 2 before and after, and every row is there."""
    path = written(tmp_path, "format-2")
    with closing(sqlite3.connect(path)) as base, base:
        for (name,) in base.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'entry'"
        ).fetchall():
            base.execute(f"DROP TRIGGER {name}")
        base.execute("UPDATE entry SET facts = '{' WHERE seq = 1")
        before = base.execute("SELECT * FROM entry").fetchall()
    done = db(tmp_path, "upgrade", "office.db")
    assert done.returncode == 1
    assert "left as it was" in done.stderr
    assert db(tmp_path, "current", "office.db").stdout == "2\n"
    with closing(sqlite3.connect(path)) as base:
        assert base.execute("SELECT * FROM entry").fetchall() == before


CHANGES = [
    ("ALTER TABLE igate_dossier DROP COLUMN assignee", "assignee"),
    ("ALTER TABLE igate_dossier ADD COLUMN more TEXT", "more"),
    ("DROP TABLE igate_payment", "igate_payment"),
    ("DROP INDEX igate_dossier_by_due", "igate_dossier_by_due"),
    ("DROP INDEX igate_entry_key", "igate_entry_key"),
    ("DROP TRIGGER igate_entry_no_update{on}", "missing trigger: igate_entry_no_update"),
    ("DROP TRIGGER igate_entry_is_next{on}", "missing trigger: igate_entry_is_next"),
]


@pytest.mark.parametrize(("statement", "named"), CHANGES)
def test_what_was_dropped_by_hand_fails_the_check(
    tmp_path: Path, statement: str, named: str
) -> None:
    """A column, a table, an index, a trigger; also in JSON."""
    SqlStore.open(f"sqlite:///{tmp_path / 'office.db'}", create=True).close()
    with closing(sqlite3.connect(tmp_path / "office.db")) as base, base:
        base.execute(statement.format(on=""))
    done = db(tmp_path, "check", "office.db")
    assert done.returncode == 1
    assert named in done.stdout
    assert "difference(s) from format 5" in done.stderr
    record = json.loads(db(tmp_path, "check", "office.db", "--json").stdout)
    assert (record["format"], record["expected"]) == (5, 5)
    assert any(named in each for each in record["differences"])


@pytest.mark.parametrize(("statement", "named"), [(None, ""), *CHANGES])
def test_so_it_is_on_postgresql_and_no_password_is_printed(
    tmp_path: Path, postgres: Server, statement: str | None, named: str
) -> None:
    """The triggers belong to their tables there; the address is shown without its password."""
    psycopg = pytest.importorskip("psycopg")
    from sqlalchemy.engine import make_url  # noqa: PLC0415 - an extra of the test

    url = postgres.new()
    SqlStore.open(url, create=True).close()
    if statement is not None:
        with closing(psycopg.connect(url, autocommit=True)) as base:
            base.execute(statement.format(on=" ON igate_entry"))
    secret = make_url(url).password or "geheim"  # a server of the wheel asks for none
    asked = make_url(url).set(password=secret).render_as_string(hide_password=False)
    assert db(tmp_path, "current", asked).stdout == "5\n"
    assert "format 5 already" in db(tmp_path, "upgrade", asked).stdout
    done = db(tmp_path, "check", asked)
    assert done.returncode == (0 if statement is None else 1)
    assert named in done.stdout
    assert secret not in done.stdout + done.stderr


def test_a_database_of_format_4_is_upgraded_on_postgresql(tmp_path: Path, postgres: Server) -> None:
    """It is not opened before; afterwards it is as this version makes it."""
    psycopg = pytest.importorskip("psycopg")
    url = postgres.new()
    made = (TESTS / "office" / "format-4-postgresql.sql").read_text(encoding="utf-8")
    with closing(psycopg.connect(url, autocommit=True)) as base:
        base.execute(made)
    with pytest.raises(StoreError, match="has format 4, of an older igate") as refused:
        SqlStore.open(url)
    assert refused.value.fix == "Keep a copy, then run: igate db upgrade URL."
    assert "upgraded from format 4 to 5" in db(tmp_path, "upgrade", url).stdout
    assert db(tmp_path, "check", url).returncode == 0
    with SqlStore.open(url) as store:
        assert store.count() == 0


def test_a_database_of_nobody_or_of_a_newer_igate_is_refused(tmp_path: Path) -> None:
    """Nothing is made and nothing is changed."""
    missing = db(tmp_path, "check", "office.db")
    assert (missing.returncode, list(tmp_path.iterdir())) == (2, [])
    assert "There is no file or folder" in missing.stderr
    with closing(sqlite3.connect(tmp_path / "other.db")) as base:
        base.execute("CREATE TABLE something (id INTEGER)")
    for command in ("current", "check", "upgrade"):
        done = db(tmp_path, command, "other.db")
        assert (done.returncode, done.stdout) == (1, "")
        assert "The tables of igate are not in this database" in done.stderr
    SqlStore.open(f"sqlite:///{tmp_path / 'office.db'}", create=True).close()
    with closing(sqlite3.connect(tmp_path / "office.db")) as base, base:
        base.execute("UPDATE igate_meta SET value = '6' WHERE key = 'schema_version'")
    for command in ("check", "upgrade"):
        done = db(tmp_path, command, "office.db")
        assert done.returncode == 1
        assert "has format 6; this igate knows formats up to 5" in done.stderr


def test_a_server_that_is_not_there_is_said_without_the_password(tmp_path: Path) -> None:
    """One line, exit code 1."""
    pytest.importorskip("psycopg")
    for command in ("current", "check", "upgrade"):
        done = db(tmp_path, command, "postgresql://clerk:geheim@127.0.0.1:1/office")
        assert done.returncode == 1
        assert "clerk:***@127.0.0.1:1/office" in done.stderr
        assert "geheim" not in done.stderr
        assert "Traceback" not in done.stderr
