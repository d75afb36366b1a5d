"""The machine holds for the shipped templates on each store, and refutes stores that are wrong."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from msgspec import structs

from desks import CODE, catalogue, procedure
from igate.errors import IgateError
from igate.office.memory import MemoryStore
from igate.office.sql.store import SqlStore
from igate.testing import DossierMachine, machine
from igate.testing.failing import FailingStore, StoreFailed
from shared import shipped_catalogue

if TYPE_CHECKING:
    from igate.dossiers.record import Record
    from igate.office.store import DossierStore
    from igate.testing.failing import Failure

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
        try:
            super().teardown()
        finally:
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


class Keeps(MemoryStore):
    """Writes the entry first, and does not take it back when the tasks cannot be read."""

    def append(self, record: Record) -> None:
        """Write in two steps."""
        super().append(structs.replace(record, tasks=None))
        kept = self._dossiers[record.entry.dossier]
        tasks = (*(record.tasks or ()),)
        kept.record = structs.replace(kept.record, tasks=tasks)


class Notes(MemoryStore):
    """Notes the key of a request first, and does not take it back when the rest fails."""

    def append(self, record: Record) -> None:
        """Write in two steps."""
        entry = record.entry
        if entry.key:
            self._noted[entry.key] = (entry.dossier, entry.seq)
        tasks, timers = ([*each] for each in (record.tasks or (), record.timers or ()))
        super().append(structs.replace(record, tasks=tuple(tasks), timers=tuple(timers)))

    def __init__(self) -> None:
        """Begin with nothing noted."""
        super().__init__()
        self._noted: dict[str, tuple[str, int]] = {}

    def keyed(self, key: str) -> tuple[str, int] | None:
        """Return what was noted."""
        return self._noted.get(key) or super().keyed(key)


class Halves(MemoryStore):
    """Leaves the journal as it was and shows the new standing when the timers cannot be read."""

    def append(self, record: Record) -> None:
        """Write the standing before all else."""
        kept = self._dossiers[record.entry.dossier]
        before = kept.record
        kept.record = structs.replace(before, standing=record.standing)
        timers = (*(record.timers or ()),)
        kept.record = before
        super().append(structs.replace(record, timers=timers))


@pytest.mark.parametrize(
    ("kind", "by"),
    [
        (Loses, {"the_journal_is_the_model", "lists_agree"}),
        (Doubles, {"submit", "click_again", "requests_are_known_once_written"}),
        (Forgets, {"the_date_is_recounted"}),
        (Unlists, {"lists_agree"}),
        (Keeps, {"the_journal_is_the_model"}),
        (Notes, {"requests_are_known_once_written"}),
        (Halves, {"the_store_says_what_the_model_says", "the_date_is_recounted"}),
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


def test_a_store_that_loses_what_it_has_answered_is_refuted() -> None:
    """Each time that it is opened again, it is as it was when it was opened before."""

    class Late(OnFile):
        def _open(self) -> SqlStore:
            path = Path(self.folder.name)
            if (path / "saved.db").exists():
                copyfile(path / "saved.db", path / "office.db")
            store = super()._open()
            copyfile(path / "office.db", path / "saved.db")
            return store

    with pytest.raises((AssertionError, IgateError)) as refuted:
        run_state_machine_as_test(Late, settings=REFUTING)
    names = {entry.name for entry in refuted.traceback}
    assert names & {"the_journal_is_the_model", "the_store_says_what_the_model_says"}


def test_every_part_of_the_machine_is_reached() -> None:
    """Dossiers are received and passed on through their steps, and the store is opened again."""
    seen: set[str] = set()

    class Watched(Shipped):
        ended = False

        def teardown(self) -> None:
            seen.update(each.action for life in self.lives.values() for each in life.journal)
            self.ended = True
            super().teardown()

        def reopen_store(self, store: DossierStore) -> DossierStore:
            if not self.ended:
                seen.add("(restart)")
            return super().reopen_store(store)

    run_state_machine_as_test(Watched, settings=settings(REFUTING, max_examples=30))
    assert {"receive", "transfer", "forward", "(restart)"} <= seen


def test_a_store_fails_at_every_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite has begun to write when it comes to the tasks or the timers, and takes it back."""
    seen: set[tuple[Failure | None, bool]] = set()

    class Noted(FailingStore):
        def append(self, record: Record) -> None:
            where = self._next
            try:
                super().append(record)
            except StoreFailed:
                seen.add((where, self.written))
                raise

    monkeypatch.setattr(machine, "FailingStore", Noted)
    run_state_machine_as_test(OnFile, settings=settings(REFUTING, max_examples=12))
    assert seen == {("before", False), ("tasks", False), ("timers", False), ("after", True)}


def block_of_the_page() -> str:
    """Return the machine that the documentation shows."""
    page = Path(__file__).parents[2] / "docs" / "how-to" / "test-your-procedures.md"
    return page.read_text(encoding="utf-8").split("file=test_my_dossiers.py\n")[1].split("```")[0]


@pytest.mark.parametrize(
    ("named", "said", "code"),
    [
        ({}, "does not say which procedures", "9.000004"),
        ({"catalog": catalogue(procedure())}, "does not say which procedures", CODE),
        (
            {"catalog": catalogue(procedure()), "procedures": ()},
            "does not say which procedures",
            CODE,
        ),
        (
            {"catalog": "procedures", "procedures": ("1.001806",)},
            "does not say which procedures",
            "9.000004",
        ),
        ({"catalog": shipped_catalogue(), "procedures": "1.001806"}, "are one text", "1.001806"),
    ],
)
def test_a_machine_without_its_two_lines_says_what_to_write(
    named: dict[str, object], said: str, code: str
) -> None:
    """Not an AttributeError from within, nor a dot that is taken for a code.

    Where the catalogue is known, the line can be copied as it is.
    """
    kind = type("Mine", (DossierMachine,), named)
    with pytest.raises(IgateError, match=said) as refused:
        kind()
    assert str(refused.value).startswith("Mine: ")
    assert f'procedures = ("{code}",)' in str(refused.value)


def test_a_host_writes_five_lines(pytester: pytest.Pytester) -> None:
    """The machine of the page, its imports and empty lines apart; pytest collects and runs it."""
    block = block_of_the_page()
    written = [line for line in block.splitlines() if line.strip()]
    assert len([line for line in written if not line.startswith(("from ", "import "))]) <= 5
    page = Path(__file__).parents[2] / "docs" / "how-to" / "test-your-procedures.md"
    procedure = page.read_text(encoding="utf-8").split("file=9.000004-the.yaml\n")[1]
    pytester.path.joinpath("9.000004-the.yaml").write_text(
        procedure.split("```")[0], encoding="utf-8"
    )
    pytester.makepyfile(test_my_dossiers=block)
    pytester.makeconftest(
        "from hypothesis import settings\n"
        "settings.register_profile('few', max_examples=5, stateful_step_count=10)\n"
        "settings.load_profile('few')\n"
    )
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
