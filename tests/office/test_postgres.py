"""PostgreSQL keeps the contract, as SQLite does; and what is its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
