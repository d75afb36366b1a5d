"""``igate journal load``: a dossier of a log is loaded, there already, or refused with a reason."""

from __future__ import annotations

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from commands import run_command

if TYPE_CHECKING:
    from pathlib import Path

    from commands import Done

#: Three dossiers of 1.001806; the second cannot be supplemented, the third has no moment once.
HEAD = "MaHoSo,SuKien,ThoiDiem,CanBo"
GOOD = """H15.10-1,Nộp và tiếp nhận,2026-08-03T09:00,An
H15.10-1,Chuyển,2026-08-03T10:00,An
H15.10-4,Nộp và tiếp nhận,2026-08-03T11:00,An
"""
BAD = """H15.10-2,Nộp và tiếp nhận,2026-08-04T09:00,An
H15.10-2,Bổ sung,2026-08-05T09:00,An
H15.10-3,Nộp và tiếp nhận,2026-08-04T09:00,An
H15.10-3,Chuyển,hôm qua,An
,Chuyển,2026-08-04T09:00,An
"""
MAP = """case: MaHoSo
activity: SuKien
moment: ThoiDiem
resource: CanBo
actions:
  Nộp và tiếp nhận: [submit, receive]
  Chuyển: transfer
  Bổ sung: supplement
constants: {procedure: "1.001806", agency: H15.10, channel: counter}
"""
LOAD = ("load", "office.db", "log.csv", "--map", "map.yaml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a map and a log without faults."""
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    write(tmp_path, GOOD)
    return tmp_path


def write(folder: Path, rows: str) -> None:
    (folder / "log.csv").write_text(f"{HEAD}\n{rows}", encoding="utf-8")


def journal(folder: Path, *arguments: str) -> Done:
    return run_command(["journal", *arguments], folder)


def rejected(folder: Path) -> list[tuple[str, ...]]:
    with (folder / "rejects.csv").open(encoding="utf-8-sig", newline="") as stream:
        return [tuple(row) for row in csv.reader(stream)]


def test_a_log_is_loaded_once(folder: Path) -> None:
    """The second run finds all of it there; a database is made only when that is asked for."""
    missing = journal(folder, *LOAD)
    assert (missing.returncode, missing.stdout) == (2, "")
    assert not (folder / "office.db").exists()
    done = journal(folder, *LOAD, "--create")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Read 2 dossier(s): 2 loaded, 0 already there, 0 refused.\n"
    again = journal(folder, *LOAD, "--lang", "vi")
    assert again.stdout == "Đã đọc 2 hồ sơ: nạp mới 0, đã có sẵn 2, bị từ chối 0.\n"
    verified = journal(folder, "verify", "office.db").stdout
    assert verified == "Verified 2 dossiers, 5 entries: 0 finding(s), 0 note(s).\n"


def test_a_fault_refuses_the_log_unless_it_is_to_be_set_aside(folder: Path) -> None:
    """Of five dossiers two come in; each of the others is in the file with its line and reason."""
    write(folder, BAD + GOOD)
    whole = journal(folder, *LOAD, "--create")
    assert (whole.returncode, whole.stdout) == (1, "")
    with closing(sqlite3.connect(folder / "office.db")) as db:
        assert db.execute("SELECT count(*) FROM igate_dossier").fetchone() == (0,)
    done = journal(folder, *LOAD, "--rejects", "rejects.csv")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Read 5 dossier(s): 2 loaded, 0 already there, 3 refused.\n"
    head, *rows = rejected(folder)
    assert head == ("row", "code", "activity", "fault")
    assert [row[:3] for row in rows] == [
        ("3", "H15.10-2", "Bổ sung"), ("5", "H15.10-3", "Chuyển"), ("6", "", "Chuyển"),
    ]  # fmt: skip
    assert "hôm qua" in rows[1][3]
    assert "no case" in rows[2][3]
    held = journal(folder, *LOAD, "--rejects", "rejects.csv")
    assert held.returncode == 1
    assert "rejects.csv" in held.stderr
    last = journal(folder, *LOAD, "--rejects", "rejects.csv", "--force", "--json", "--lang", "vi")
    assert json.loads(last.stdout) == {"read": 5, "loaded": 0, "there": 2, "refused": 3}
    assert last.returncode == 1
    said = [row[3] for row in rejected(folder)[1:]]
    assert said[0] != rows[0][3]


def test_a_dossier_that_has_another_journal_is_refused_by_its_first_line(folder: Path) -> None:
    """What has gone on in the other system is not taken in silence."""
    journal(folder, *LOAD, "--create")
    write(folder, GOOD + "H15.10-5,Nộp và tiếp nhận,2026-08-05T09:00,An\n"
          "H15.10-4,Chuyển,2026-08-05T10:00,An\n")  # fmt: skip
    stopped = journal(folder, *LOAD)
    assert stopped.returncode == 1
    assert "H15.10-4" in stopped.stderr
    done = journal(folder, *LOAD, "--rejects", "rejects.csv")
    assert done.stderr == "Read 3 dossier(s): 1 loaded, 1 already there, 1 refused.\n"
    ((row, code, _, fault),) = rejected(folder)[1:]
    assert (row, code) == ("4", "H15.10-4")
    assert "another journal of 2 entries" in fault


def test_a_log_of_faults_alone_is_refused_dossier_by_dossier(folder: Path) -> None:
    """Nothing is left to be read, and the file still says why."""
    write(folder, "H15.10-3,Chuyển,hôm qua,An\n")
    done = journal(folder, *LOAD, "--create", "--rejects", "rejects.csv")
    assert done.stderr == "Read 1 dossier(s): 0 loaded, 0 already there, 1 refused.\n"
    assert len(rejected(folder)) == 2


def test_a_missing_column_refuses_the_log_and_writes_nothing(folder: Path) -> None:
    """It is no fault of a dossier."""
    (folder / "map.yaml").write_text(MAP.replace("ThoiDiem", "LucNao"), encoding="utf-8")
    done = journal(folder, *LOAD, "--create", "--rejects", "rejects.csv")
    assert done.returncode == 1
    assert "LucNao" in done.stderr
    assert not (folder / "rejects.csv").exists()
    assert journal(folder, "load", "office.db", "none.csv", "--map", "map.yaml").returncode == 2


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="only POSIX can kill so")
def test_a_command_that_is_killed_is_run_again_and_goes_on(folder: Path) -> None:
    """Killed when some of it is written: whole batches are there, the rest comes, nothing twice."""
    many = 300
    rows = "".join(GOOD.splitlines(keepends=True)[:2])
    write(folder, "".join(rows.replace("H15.10-1", f"H15.10-{n:04}") for n in range(many)) + BAD)
    program = [
        sys.executable, "-m", "igate", "journal", *LOAD, "--create", "--batch", "2",
        "--rejects", "rejects.csv",
    ]  # fmt: skip
    with subprocess.Popen(program, cwd=folder, env={**os.environ, "IGATE_LANG": "en"}) as loading:
        while loading.poll() is None and written(folder) < 50:
            time.sleep(0.002)
        loading.kill()
    there = written(folder)
    assert 50 <= there < many
    assert there % 2 == 0
    assert not (folder / "rejects.csv").exists()
    assert journal(folder, "verify", "office.db").returncode == 0
    done = journal(folder, *LOAD, "--rejects", "rejects.csv", "--json")
    assert json.loads(done.stdout) == {
        "read": many + 3, "loaded": many - there, "there": there, "refused": 3,
    }  # fmt: skip
    assert written(folder) == many
    assert journal(folder, "verify", "office.db").returncode == 0


def written(folder: Path) -> int:
    """Return how many dossiers are in the database, 0 before there is one."""
    path = folder / "office.db"
    if not path.exists():
        return 0
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        try:
            (count,) = db.execute("SELECT count(*) FROM igate_dossier").fetchone()
        except sqlite3.OperationalError:
            return 0
    return int(count)


@pytest.mark.parametrize(("lang", "hint"), [("en", "Add --create"), ("vi", "Thêm --create")])
def test_a_database_that_is_not_there_is_made_only_where_that_is_asked(
    folder: Path, lang: str, hint: str
) -> None:
    """A wrong use without ``--create``, which the message names."""
    before = set(folder.iterdir())
    done = run_command(("journal", *LOAD, "--lang", lang), folder)
    assert (done.returncode, done.stdout, set(folder.iterdir())) == (2, "", before)
    assert hint in done.stderr
    wrong = run_command(("journal", *LOAD, "--create", "--encoding", "tcvn"), folder)
    assert (wrong.returncode, set(folder.iterdir())) == (2, before)
    (folder / "office.db").touch()
    empty = run_command(("journal", *LOAD), folder)
    assert empty.returncode == 1
    assert "--create of igate journal load" in " ".join(empty.stderr.split())
