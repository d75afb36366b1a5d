"""``igate journal``: the anchor that is published, and what verifying prints."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from commands import run_command
from desks import Desk, procedure
from igate.office.anchor import Anchor

if TYPE_CHECKING:
    from pathlib import Path

    from commands import Done
    from servers import Server

CODE = "H15.10-260302-0001"


def journal(folder: Path, *arguments: str) -> Done:
    return run_command(["journal", *arguments], folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a database of one dossier."""
    desk = Desk(url=f"sqlite:///{tmp_path / 'office.db'}")
    desk.to_step(3)
    desk.office.close()
    (tmp_path / "procedure.yaml").write_text(procedure(), encoding="utf-8")
    return tmp_path


def change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "office.db")) as db, db:
        db.execute("DROP TRIGGER igate_entry_no_update")
        db.execute(statement)


def test_an_untouched_database_is_verified_with_exit_code_0(folder: Path) -> None:
    """How much was looked at; by path and by address, in both languages and as JSON."""
    done = journal(folder, "verify", "office.db")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Verified 1 dossiers, 4 entries: 0 finding(s), 0 note(s).\n"
    said = journal(folder, "verify", f"sqlite:///{folder}/office.db", "--lang", "vi").stdout
    assert said == "Đã kiểm tra 1 hồ sơ, 4 dòng sổ: 0 phát hiện, 0 ghi chú.\n"
    record = json.loads(journal(folder, "verify", "office.db", "--json").stdout)
    assert record == {
        "sound": True, "dossiers": 1, "entries": 4, "anchor": None, "findings": [],
    }  # fmt: skip


def test_what_was_changed_is_printed_with_exit_code_1(folder: Path) -> None:
    """Dossier, entry, kind and a sentence, in both languages."""
    change(folder, "UPDATE igate_entry SET actor = 'mai' WHERE seq = 3")
    done = journal(folder, "verify", "office.db")
    assert done.returncode == 1
    assert done.stdout == f"{CODE}, entry 3: It is not what was written (seal). [changed]\n"
    assert done.stderr == "Verified 1 dossiers, 4 entries: 1 finding(s), 0 note(s).\n"
    said = journal(folder, "verify", "office.db", "--lang", "vi").stdout
    assert said == f"{CODE}, dòng 3: Không còn như khi được ghi (seal). [changed]\n"
    (finding,) = json.loads(journal(folder, "verify", "office.db", "--json").stdout)["findings"]
    assert (finding["dossier"], finding["entry"], finding["kind"]) == (CODE, 3, "changed")
    assert (finding["note"], finding["about"]) == (False, "seal")


def test_the_anchor_is_a_line_and_a_file(folder: Path) -> None:
    """The first line of the file is the line; a file that is there is not replaced unasked."""
    done = journal(folder, "anchor", "office.db", "--out", "anchor.txt")
    assert done.returncode == 0
    line = done.stdout.rstrip("\n")
    text = (folder / "anchor.txt").read_bytes().decode()
    assert text.splitlines()[0] == line
    assert Anchor.read(text).dossiers[CODE].seq == 4
    assert journal(folder, "anchor", "office.db").stdout == done.stdout
    refused = journal(folder, "anchor", "office.db", "--out", "anchor.txt")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert journal(folder, "anchor", "office.db", "--out", "anchor.txt", "--force").returncode == 0
    held = journal(folder, "verify", "office.db", "--anchor", "anchor.txt")
    assert held.returncode == 0
    assert held.stdout.splitlines()[-1] == line


def test_a_journal_that_was_cut_is_printed(folder: Path) -> None:
    """Held against the anchor of the day before; a file that is none is refused."""
    journal(folder, "anchor", "office.db", "--out", "anchor.txt")
    with closing(sqlite3.connect(folder / "office.db")) as db, db:
        db.execute("DROP TRIGGER igate_dossier_by_entry")
        db.execute("DROP TRIGGER igate_entry_no_delete")
        db.execute("DELETE FROM igate_entry WHERE seq = 4")
        db.execute("UPDATE igate_dossier SET seq = 3")
    done = journal(folder, "verify", "office.db", "--anchor", "anchor.txt")
    assert done.returncode == 1
    assert f"{CODE}, entry 4: It is missing (4, " in done.stdout
    (folder / "anchor.txt").write_text("x", encoding="utf-8")
    refused = journal(folder, "verify", "office.db", "--anchor", "anchor.txt")
    assert refused.returncode == 1
    assert "This is not a file of igate journal anchor" in refused.stderr
    assert journal(folder, "verify", "office.db", "--anchor", "none.txt").returncode == 2


def test_files_and_layers_of_the_host_are_taken(folder: Path) -> None:
    """What is not kept is looked for in the files that are named."""
    done = journal(folder, "verify", "office.db", "--files", "procedure.yaml")
    assert done.returncode == 0
    assert journal(folder, "verify", "office.db", "--layer", "none.yaml").returncode == 2


def test_a_database_on_a_server_is_verified_too(tmp_path: Path, postgres: Server) -> None:
    """By its address, which is not printed."""
    desk = Desk(url=(url := postgres.new()))
    desk.to_step(2)
    desk.office.close()
    assert journal(tmp_path, "verify", url).returncode == 0
    line = journal(tmp_path, "anchor", url).stdout
    assert " dossiers=1 entries=3 sha256=" in line


def test_a_database_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """Nothing is made."""
    for command in ("verify", "anchor"):
        done = journal(tmp_path, command, "office.db")
        assert (done.returncode, done.stdout) == (2, "")
    assert list(tmp_path.iterdir()) == []
