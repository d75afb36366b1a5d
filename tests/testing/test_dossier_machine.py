"""The machine holds for the shipped templates on each store, and refutes stores that are wrong."""

from __future__ import annotations

from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from msgspec import structs

from igate.errors import IgateError
from igate.office.memory import MemoryStore
from igate.office.sql.store import SqlStore
from igate.testing import DossierMachine
from shared import shipped_catalogue

if TYPE_CHECKING:
    from igate.dossiers.record import Record
    from igate.office.store import DossierStore

BOUNDED = settings(
    max_examples=8, stateful_step_count=15, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
#: enough to meet each of the faults below, without the time of making the example small
REFUTING = settings(
    BOUNDED, max_examples=60, database=None, phases=[Phase.generate], derandomize=True
)


def by_template() -> dict[str, str]:
    """Return a procedure of each template that shipped procedures use."""
    found: dict[str, str] = {}
    catalog = shipped_catalogue()
    for code in ("1.001193", "1.001806", "2.000908", "1.014464", "1.009642"):
        for _, revision in catalog.procedure(code).revisions:
            found.setdefault(revision.template, code)
    return found


class Shipped(DossierMachine):
    """One procedure of each template, in memory."""

    catalog = shipped_catalogue()
    procedures: ClassVar[tuple[str, ...]] = tuple(by_template().values())


class OnFile(Shipped):
    """The same in a file, which is closed and opened again."""

    def create_store(self) -> DossierStore:
        """Open a database in a folder of its own."""
        self.folder = TemporaryDirectory()
        return self._open()

    def reopen_store(self, store: DossierStore) -> DossierStore:
        """Close it and open it, as another process would."""
        store.close()
        return self._open()

    def _open(self) -> SqlStore:
        url = f"sqlite:///{self.folder.name}/office.db"
        return SqlStore.open(url, create=True, durability="normal")

    def teardown(self) -> None:
        """Take the folder away."""
        super().teardown()
        self.folder.cleanup()


class TestInMemory(Shipped.TestCase):
    """Collected by pytest as a host's would be."""

    settings = BOUNDED


class TestOnFile(OnFile.TestCase):
    """The same on SQLite."""

    settings = settings(BOUNDED, max_examples=4)


class Loses(MemoryStore):
    """Says that it has written the fourth entry of a dossier, and has not."""

    def append(self, record: Record) -> None:
        """Write all but one."""
        if record.entry.seq != 4:
            super().append(record)


class Doubles(MemoryStore):
    """Recognises no request that arrives again."""

    def keyed(self, key: str) -> tuple[str, int] | None:
        """Know none, whatever the key."""
        del key


class Forgets(MemoryStore):
    """Keeps no date of return after a dossier has been passed on."""

    def append(self, record: Record) -> None:
        """Write without the date."""
        if record.entry.seq > 2:
            record = structs.replace(record, standing=structs.replace(record.standing, due_at=None))
        super().append(record)


class Unlists(MemoryStore):
    """Keeps no tasks."""

    def append(self, record: Record) -> None:
        """Write without them."""
        super().append(structs.replace(record, tasks=()))


@pytest.mark.parametrize(
    ("kind", "by"),
    [
        (Loses, {"the_journal_is_the_model", "lists_agree"}),
        (Doubles, {"submit", "click_again"}),
        (Forgets, {"the_date_is_recounted"}),
        (Unlists, {"lists_agree"}),
    ],
)
def test_a_store_that_is_wrong_is_refuted(kind: type[MemoryStore], by: set[str]) -> None:
    """Each is refuted by the law that it breaks."""

    class Wrong(Shipped):
        def create_store(self) -> DossierStore:
            return kind()

    with pytest.raises((AssertionError, IgateError)) as refuted:
        run_state_machine_as_test(Wrong, settings=REFUTING)
    assert by & {entry.name for entry in refuted.traceback}


def test_every_part_of_the_machine_is_reached() -> None:
    """Dossiers are received and passed on through their steps, and the store is opened again."""
    seen: set[str] = set()

    class Watched(Shipped):
        def teardown(self) -> None:
            for life in self.lives.values():
                seen.update(entry.action for entry in life.journal)
            super().teardown()

        def restart(self) -> None:
            seen.add("(restart)")
            super().restart()

    run_state_machine_as_test(Watched, settings=settings(REFUTING, max_examples=30))
    assert {"receive", "transfer", "forward", "(restart)"} <= seen
