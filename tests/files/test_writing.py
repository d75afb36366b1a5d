"""Files appear whole or not at all, and replace another only where that is asked for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from commands import run_command
from igate.errors import OutputError
from igate.files.writing import refuse_existing, write_atomically

DECISION = """(Kèm theo Quyết định số 2022/QĐ-UBND ngày 27/11/2025 của UBND tỉnh Cao Bằng)

1. Thủ tục thử (Mã TTHC: 9.000001)

| Bước | Nội dung công việc | Trách nhiệm thực hiện | Thời gian |
| --- | --- | --- | --- |
| 1 | Tiếp nhận hồ sơ | Bộ phận tiếp nhận và trả kết quả | Giờ hành chính |
| 2 | Thẩm định | Chuyên viên Phòng A | 2 ngày làm việc |
| 3 | Trả kết quả | Bộ phận tiếp nhận và trả kết quả | Giờ hành chính |
| Tổng thời gian giải quyết | | | 02 ngày làm việc |
"""
DOSSIERS = """code,agency,procedure,received,finished,channel,limit
A1,X,1.001806,2026-01-05,2026-01-04,counter,5 working_day
"""
#: A command that writes, with the file that it writes to.
WRITING = {
    "diagram": (("diagram", "1.001806", "--out", "there.svg"), "there.svg"),
    "sheet": (("sheet", "1.001806", "--out", "there.html"), "there.html"),
    "new": (("new", "9.000001"), "9.000001.yaml"),
    "import": (("import", "process", "decision.md"), "9.000001-thu-tuc-thu.yaml"),
    "rejects": (("metrics", "year.csv", "--by", "", "--rejects", "there.csv"), "there.csv"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with what the commands read."""
    (tmp_path / "decision.md").write_text(DECISION, encoding="utf-8")
    (tmp_path / "year.csv").write_text(DOSSIERS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", sorted(WRITING))
def test_no_command_replaces_a_file_without_force(name: str, folder: Path) -> None:
    """The file stays as it is, nothing is left beside it, and the message says what to do."""
    arguments, written = WRITING[name]
    target = folder / written
    target.write_text("by hand", encoding="utf-8")
    before = sorted(folder.iterdir())
    refused = run_command(arguments, folder)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"The file {written} is there already" in refused.stderr
    assert "--force" in refused.stderr
    assert target.read_text(encoding="utf-8") == "by hand"
    assert sorted(folder.iterdir()) == before
    forced = run_command((*arguments, "--force"), folder)
    assert forced.returncode == 0, forced.stderr
    assert target.read_bytes() != b"by hand"
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("name", sorted(WRITING))
def test_a_command_writes_where_nothing_is(name: str, folder: Path) -> None:
    """Without --force a new file appears, and no other beside it."""
    arguments, written = WRITING[name]
    before = set(folder.iterdir())
    assert run_command(arguments, folder).returncode == 0
    assert set(folder.iterdir()) - before == {folder / written}


def test_a_file_that_comes_in_the_meantime_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is taken between the look and the writing: the other's file stays."""
    target = tmp_path / "report.html"
    real = os.fsync

    def slow(descriptor: int) -> None:
        target.write_bytes(b"of another program")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", slow)
    refuse_existing([target])
    with pytest.raises(OutputError, match=r"report\.html is there already"):
        write_atomically(target, b"new", replace=False)
    assert target.read_bytes() == b"of another program"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_system_without_second_names_is_written_to_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There the file is renamed, after one more look."""

    def unknown(_target: Path, _draft: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", unknown)
    target = write_atomically(tmp_path / "a.txt", b"new", replace=False)
    assert (target.read_bytes(), list(tmp_path.iterdir())) == (b"new", [target])
    with pytest.raises(OutputError, match="there already"):
        write_atomically(target, b"newer", replace=False)
    assert (target.read_bytes(), list(tmp_path.iterdir())) == (b"new", [target])


@pytest.mark.parametrize("replace", [True, False])
def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, replace: bool
) -> None:
    """What could not be written whole is not there at all."""

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_atomically(tmp_path / "a.txt", b"new", replace=replace)
    assert list(tmp_path.iterdir()) == []


def test_a_link_that_leads_nowhere_is_in_the_way(tmp_path: Path) -> None:
    """It is somebody's name for a file, so it is not written through."""
    link = tmp_path / "report.html"
    link.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="there already"):
        refuse_existing([link])
    with pytest.raises(OutputError, match="there already"):
        write_atomically(link, b"new", replace=False)
    write_atomically(link, b"new")
    assert not (tmp_path / "elsewhere").exists()
    assert not link.is_symlink()


def test_several_files_in_the_way_are_counted(tmp_path: Path) -> None:
    """The first is named, the others are a number."""
    for name in "abc":
        (tmp_path / name).touch()
    with pytest.raises(OutputError, match="The file a is there already, and 2 more"):
        refuse_existing(tmp_path / name for name in "abcd")


@pytest.mark.parametrize(("command", "name"), [("sheet", "a.pdf"), ("diagram", "a.jpg")])
def test_a_name_that_promises_another_form_is_refused(
    command: str, name: str, tmp_path: Path
) -> None:
    """Markdown in a file called PDF would open nowhere; with ``--format`` any name will do."""
    refused = run_command((command, "1.001806", "--out", name), tmp_path)
    assert refused.returncode == 1
    assert f"A file .{name[-3:]} is not written here." in refused.stderr
    assert "--format" in refused.stderr
    assert list(tmp_path.iterdir()) == []
    form = {"sheet": "html", "diagram": "svg"}[command]
    done = run_command((command, "1.001806", "--out", name, "--format", form), tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / name).read_text(encoding="utf-8").lstrip().startswith("<")
