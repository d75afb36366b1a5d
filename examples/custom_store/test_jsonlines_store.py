"""The store passes the cases of igate, and is the same after it was closed, killed or full."""

from __future__ import annotations

import errno
import os
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import settings

from igate import VIETNAM, Actor, Catalog, OneStop
from igate.errors import StoreError, StoreLocked
from igate.testing import DossierMachine, SimulatedClock, StoreContract
from jsonlines_store import JsonLinesStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from igate.office.store import DossierStore

NINE = datetime(2026, 8, 20, 9, 0, tzinfo=VIETNAM)
# the contract tries random series of actions; these files are synced with each of them
settings.register_profile("files", max_examples=20, deadline=None)
settings.load_profile("files")

RECEPTIONIST = Actor("r", roles={"receptionist"}, agency="H15")


class TestJsonLinesStore(StoreContract):
    """Every case that a store of igate must pass."""

    @pytest.fixture(autouse=True)
    def folder(self, tmp_path: Path) -> None:
        """Let the files of a case be in a folder that is thrown away."""
        self._folder = tmp_path

    def create_store(self) -> JsonLinesStore:
        """Make an empty store."""
        return JsonLinesStore(self._folder / f"{uuid4().hex}.jsonl")


class Lives(DossierMachine):
    """Random lives of dossiers at a desk on this store, which is closed and opened now and then."""

    catalog = Catalog.shipped()
    procedures = ("1.001806",)

    def create_store(self) -> JsonLinesStore:
        """Make an empty store in a folder that is thrown away."""
        self._folder = TemporaryDirectory()
        return JsonLinesStore(Path(self._folder.name) / "office.jsonl")

    def reopen_store(self, store: DossierStore) -> JsonLinesStore:
        """Return the store as a new process finds it."""
        store.close()
        return JsonLinesStore(Path(self._folder.name) / "office.jsonl")

    def teardown(self) -> None:
        """Throw the folder away."""
        super().teardown()
        self._folder.cleanup()


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=6, stateful_step_count=15, deadline=None)


def open_office(path: Path) -> OneStop:
    """Open a desk on a file; it tells other systems of every entry."""
    return OneStop(
        JsonLinesStore(path), agency="H15", clock=SimulatedClock(NINE), messages="urn:igate:H15"
    )


def hand_in(office: OneStop) -> str:
    """Hand in a synthetic dossier, and receive it."""
    code = office.submit(
        "1.001806", applicant="Nguyễn Thị Giả Lập", applicant_id="gia-lap-1", channel="counter",
        contacts={"phone": "0900000000"}, references={"portal": "P-1"}, key="k1",
    ).code  # fmt: skip
    office.act(code, "receive", by=RECEPTIONIST)
    return code


def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    """The dossier, its lists, its key and its messages; and the desk goes on."""
    path = tmp_path / "office.jsonl"
    with open_office(path) as office:
        code = hand_in(office)
        before = (office.get(code), office.journal(code), list(office.dossiers()))
        tasks = office.worklist(by=RECEPTIONIST)
    with open_office(path) as office:
        assert (office.get(code), office.journal(code), list(office.dossiers())) == before
        assert office.worklist(by=RECEPTIONIST) == tasks
        assert [each.code for each in office.search(person="gia-lap-1").dossiers] == [code]
        assert office.store.keyed("k1") == (code, 1)
        assert office.store.contacts(code) == {"phone": "0900000000"}
        assert len(office.store.claim_messages(at=NINE, limit=9, lease=NINE - NINE)) == 1
        assert office.act(code, "transfer", by=RECEPTIONIST).seq == 3
        assert office.submit("1.001806", applicant="B", channel="counter").code.endswith("-0002")


def test_a_line_that_was_cut_off_never_happened(tmp_path: Path) -> None:
    """At every byte of the last line: the dossier is as it was before, and can be acted on."""
    path = tmp_path / "office.jsonl"
    with open_office(path) as office:
        code = hand_in(office)
    content = path.read_bytes()
    last = content.rstrip(b"\n").rfind(b"\n") + 1
    for size in (last, last + 1, (last + len(content)) // 2, len(content) - 1):
        path.write_bytes(content[:size])
        with open_office(path) as office:
            assert (office.get(code).seq, office.get(code).state) == (1, "submitted")
            assert office.act(code, "receive", by=RECEPTIONIST).seq == 2
        with open_office(path) as office:
            assert office.get(code).seq == 2


def test_a_full_disk_leaves_file_and_memory_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a line is written and refused; nothing of it is seen, then or after a restart."""
    path = tmp_path / "office.jsonl"
    write = os.pwrite

    def full(file: int, content: bytes, at: int) -> int:
        write(file, content[: len(content) // 2], at)
        raise OSError(errno.ENOSPC, "No space left on device")

    with open_office(path) as office:
        code = hand_in(office)
        before = path.read_bytes()
        monkeypatch.setattr(os, "pwrite", full)
        with pytest.raises(StoreError, match="No space left"):
            office.act(code, "transfer", by=RECEPTIONIST)
        monkeypatch.undo()
        assert path.read_bytes() == before
        assert office.get(code).seq == 2
        assert office.act(code, "transfer", by=RECEPTIONIST).seq == 3


def test_a_line_that_could_not_be_taken_back_is_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk takes a whole line, refuses to sync it, and then to cut it off."""
    path = tmp_path / "office.jsonl"
    write = os.pwrite

    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    def broken(file: int, content: bytes, at: int) -> int:
        write(file, content, at)
        monkeypatch.setattr(os, "ftruncate", refuse)
        raise OSError(errno.EIO, "Input/output error")

    with open_office(path) as office:
        code = hand_in(office)
        monkeypatch.setattr(os, "pwrite", broken)
        with pytest.raises(StoreError, match="Input/output error"):
            office.act(code, "transfer", by=RECEPTIONIST, note="Ghi chú dài " * 100)
        monkeypatch.undo()
        assert office.act(code, "transfer", by=RECEPTIONIST).seq == 3
    with open_office(path) as office:
        assert office.journal(code)[-1].note == ""


def test_who_was_erased_is_in_no_line_of_the_file(tmp_path: Path) -> None:
    """Name, id, telephone and reference are gone, and the journal is whole."""
    path = tmp_path / "office.jsonl"
    with open_office(path) as office:
        code = hand_in(office)
        office.act(code, "withdraw", by=RECEPTIONIST)
        office.act(code, "confirm_withdrawal", by=RECEPTIONIST)
        assert "Giả Lập" in path.read_text(encoding="utf-8")
        office.erase(code, by=RECEPTIONIST, basis="Đơn số 1")
    with open_office(path) as office:
        text = path.read_text(encoding="utf-8")
        for gone in ("Giả Lập", "gia-lap-1", "0900000000", "P-1"):
            assert gone not in text
        assert [each.seq for each in office.journal(code)] == [1, 2, 3, 4, 5]


def test_two_programs_do_not_write_to_one_file(tmp_path: Path) -> None:
    """The second is refused until the first has closed it."""
    path = tmp_path / "office.jsonl"
    with JsonLinesStore(path), pytest.raises(StoreLocked):
        JsonLinesStore(path)
    JsonLinesStore(path).close()


@pytest.mark.parametrize("damage", [lambda line: b"?" + line, lambda _: b"[]"])
def test_a_damaged_line_is_named(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    """With its number; it is not passed over."""
    path = tmp_path / "office.jsonl"
    with open_office(path) as office:
        hand_in(office)
    first, *rest = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([first, damage(rest[0]), *rest[1:]]) + b"\n")
    with pytest.raises(StoreError, match=r"office\.jsonl:2"):
        JsonLinesStore(path)
