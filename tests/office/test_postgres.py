"""PostgreSQL keeps the contract, as SQLite does; and what is its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
