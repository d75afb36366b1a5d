"""PostgreSQL keeps the contract, as SQLite does; and what is its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.engine import make_url

from igate.errors import StoreError, StoreUnreachable
from igate.office.sql.store import SqlStore
from igate.testing.contract import StoreContract

if TYPE_CHECKING:
    from igate.office.store import DossierStore
    from servers import Server


class TestPostgres(StoreContract):
    """A database of a server passes every case of the contract."""

    @pytest.fixture(autouse=True)
    def _server(self, postgres: Server) -> None:
        self.postgres = postgres

    def create_store(self) -> DossierStore:
        """Make the tables in a new database."""
        return SqlStore.open(self.postgres.new(), create=True)


def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    """Nothing was written, and the message says what to look at."""
    with pytest.raises(StoreUnreachable, match="cannot be reached") as refused:
        SqlStore.open("postgresql://clerk:secret@127.0.0.1:1/office")
    assert "secret" not in str(refused.value)


def _refuse(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the server refuse its databases in these words, all but that of the administrator."""
    import psycopg  # noqa: PLC0415 - an extra

    connect = psycopg.connect

    def refused(address: str, **options: Any) -> object:  # noqa: ANN401 - as psycopg takes them
        if options.get("dbname") == "postgres":
            return connect(address, **options)
        raise psycopg.OperationalError(text)

    monkeypatch.setattr(psycopg, "connect", refused)


def test_a_database_that_is_not_there_is_named(postgres: Server) -> None:
    """The server answers, so it is not the server that is looked for."""
    url = make_url(postgres.url).set(database="no_such_office")
    with pytest.raises(StoreError) as refused:
        SqlStore.open(url.render_as_string(hide_password=False), create=True)
    assert not isinstance(refused.value, StoreUnreachable)
    assert refused.value.what == (
        'There is no database "no_such_office" on the server; nothing was written.'
    )
    assert "createdb no_such_office" in (refused.value.fix or "")
    assert 'Trên máy chủ không có cơ sở dữ liệu "no_such_office"' in refused.value.text("vi")


def test_a_database_that_is_not_there_is_named_whatever_the_server_speaks(
    postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL sends no code with it; a database that is listed is refused for another reason."""
    there = postgres.new()
    known = make_url(there).database
    missing = make_url(there).set(database="no_such_office").render_as_string(hide_password=False)
    _refuse('NGHIÊM TRỌNG: cơ sở dữ liệu "no_such_office" không tồn tại', monkeypatch)
    with pytest.raises(StoreError, match='no database "no_such_office" on the server'):
        SqlStore.open(missing)
    _refuse(f'NGHIÊM TRỌNG: không được kết nối cơ sở dữ liệu "{known}"', monkeypatch)
    with pytest.raises(StoreUnreachable, match="cannot be reached"):
        SqlStore.open(there)


def test_a_database_without_tables_is_made_in_words(postgres: Server) -> None:
    """A mistyped name of a database that is there does not become an office."""
    url = postgres.new()
    with pytest.raises(StoreError, match="create=True"):
        SqlStore.open(url)
    SqlStore.open(url, create=True).close()
    with SqlStore.open(url, read_only=True) as store:
        assert store.count() == 0
        with pytest.raises(StoreError, match="opened for reading only"):
            store.set_meta("a", "b")
