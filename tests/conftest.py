"""Settings of the whole test run: Hypothesis profiles, and no test skipped without leave."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from igate.office.memory import MemoryStore
from igate.office.sql.store import SqlStore
from servers import postgres_server
from skipping import allowed_reasons, skip_reasons

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.office.store import DossierStore
    from servers import Server

ALLOWED_SKIPS = Path(__file__).parent.parent / ".ci" / "allowed-skips.txt"

# thousands of collected tests stay alive to the end; looking through them costs 3 s of a minute
gc.set_threshold(100_000, 20, 50)

#: Files that a type checker reads and nobody runs.
collect_ignore = ["typing_api.py"]

settings.register_profile("dev", max_examples=25, deadline=None)
settings.register_profile(
    "ci",
    max_examples=200,
    deadline=None,  # a machine of two cores is now and then slow without a fault in the code
    derandomize=False,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") == "true" else "dev")
)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in which a test was skipped for a reason that nobody has allowed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(session.config, "workerinput"):
        return
    allowed = allowed_reasons(ALLOWED_SKIPS.read_text(encoding="utf-8"))
    refused = skip_reasons(reporter.stats.get("skipped", [])) - allowed
    if refused:
        reporter.write_line("")
        for reason in sorted(refused):
            reporter.write_line(f"skipped without leave: {reason} (see .ci/allowed-skips.txt)")
        session.exitstatus = 1


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Return a PostgreSQL server; each test takes a database of its own of it."""
    yield from postgres_server()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def each_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DossierStore]:
    """Return an empty store of each kind, open until the test has ended."""
    if request.param == "memory":
        store: DossierStore = MemoryStore()
    elif request.param == "sqlite":
        store = SqlStore.open(f"sqlite:///{tmp_path / 'office.db'}", create=True)
    else:
        server: Server = request.getfixturevalue("postgres")
        store = SqlStore.open(server.new(), create=True)
    with store:
        yield store
