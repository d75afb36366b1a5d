"""Definition files that others may change are named; the accounts of a machine are made up here."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from igate.checks.checker import check_paths
from igate.files.exposure import exposed
from igate.files.sources import found_in, shipped
from igate.procedures.catalog.catalog import Catalog

if TYPE_CHECKING:
    from pathlib import Path

    from igate.errors import Finding

pwd = pytest.importorskip("pwd", reason="permissions as POSIX has them")
grp = pytest.importorskip("grp", reason="permissions as POSIX has them")

CODE = "writable-by-others"


class Account(NamedTuple):
    """A user."""

    pw_name: str


class Group(NamedTuple):
    """A group with its members."""

    gr_name: str
    gr_mem: list[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two procedures in it and one in a folder below, all the owner's own."""
    (tmp_path / "more").mkdir(mode=0o755)
    tmp_path.chmod(0o755)
    for source in shipped("procedures"):
        code = source.stem[:8]
        if code in {"1.001806", "1.001193", "1.000894"}:
            place = tmp_path / "more" if code == "1.000894" else tmp_path
            target = place / f"{code}.yaml"
            target.write_bytes(source.content())
            target.chmod(0o644)
    return tmp_path


def found(*paths: Path) -> list[Finding]:
    """Return what the check says of permissions."""
    return [each for each in check_paths(paths) if each.code == CODE]


def named(found: list[Finding], folder: Path) -> list[tuple[str, str]]:
    """Return the places below a folder, and who may write."""
    return [
        (os.path.relpath(each.place.file, folder), each.message.split("(")[1].split(")")[0])
        for each in found
    ]


def test_what_only_the_owner_may_change_is_not_named(folder: Path) -> None:
    """0755 and 0644, in a folder whose parents are closed or sticky."""
    assert found(folder) == []
    assert found(folder / "1.001806.yaml") == []


def test_files_that_everybody_may_change_are_one_warning_a_folder(folder: Path) -> None:
    """The first is named, the others beside it counted; a warning does not fail the check."""
    for path in folder.rglob("*.yaml"):
        path.chmod(0o666)
    first, second = found(folder)
    assert named([first, second], folder) == [
        ("1.001193.yaml", "everybody"), ("more/1.000894.yaml", "everybody")
    ]  # fmt: skip
    assert "1 more such files" in first.message
    assert "beside" not in second.message
    assert first.remedy.endswith(f"chmod go-w {folder}/1.001193.yaml")
    assert first.severity == "warning"


@pytest.mark.parametrize("mode", [0o777, 0o1777])
def test_a_folder_into_which_everybody_may_put_a_file_is_named(folder: Path, mode: int) -> None:
    """The sticky bit keeps files from being replaced, not further ones from being put beside."""
    (folder / "more").chmod(mode)
    assert named(found(folder), folder) == [("more", "everybody")]


def test_a_folder_above_counts_unless_it_is_sticky(folder: Path) -> None:
    """Who may rename the folder may put another in its place."""
    folder.chmod(0o777)
    assert named(found(folder / "more"), folder) == [(".", "everybody")]
    assert named(found(folder / "1.001806.yaml"), folder) == [(".", "everybody")]
    folder.chmod(0o1777)
    assert found(folder / "more") == []
    assert found(folder / "1.001806.yaml") == []


@pytest.mark.parametrize(
    ("group", "members", "who"),
    [
        ("an", [], []),
        ("an", ["an"], []),
        ("an", ["an", "binh"], ["the group an"]),
        ("staff", [], ["the group staff"]),
    ],
)
def test_the_own_group_of_the_owner_is_not_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch, group: str, members: list[str], who: list[str]
) -> None:
    """A group of the owner's name without other members, as many systems make for each user."""
    monkeypatch.setattr(pwd, "getpwuid", lambda _: Account("an"))
    monkeypatch.setattr(grp, "getgrgid", lambda _: Group(group, members))
    (folder / "1.001806.yaml").chmod(0o664)
    assert [each for _, each in named(found(folder / "1.001806.yaml"), folder)] == who


def test_an_account_of_another_machine_is_known_by_its_numbers(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Equal numbers are a user and the group of that user."""

    def unknown(_: int) -> None:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    path = folder / "1.001806.yaml"
    path.chmod(0o664)
    owner = path.stat()
    expected = [] if owner.st_uid == owner.st_gid else [f"the group {owner.st_gid}"]
    assert [who for _, who in named(found(path), folder)] == expected


def test_a_file_that_has_gone_in_the_meantime_is_not_looked_at(folder: Path) -> None:
    """Reading it says what is the matter."""
    sources = [*found_in(folder)]
    (folder / "1.001806.yaml").unlink()
    assert exposed([folder], sources) == ()


def test_a_system_without_such_permissions_says_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There the bits mean nothing."""
    (folder / "1.001806.yaml").chmod(0o666)
    assert len(found(folder)) == 1
    monkeypatch.setattr("igate.files.exposure._HAS_PERMISSIONS", False)
    assert found(folder) == []


def test_a_catalogue_says_it_once_in_the_log_and_reads_the_files(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A host sees it where it sees everything else; the files are the ones that it asked for."""
    (folder / "1.001806.yaml").chmod(0o646)
    with caplog.at_level(logging.WARNING, logger="igate.catalog"):
        catalog = Catalog.load(folder)
        assert catalog.procedure("1.001806").code == "1.001806"
        assert catalog.procedure("1.001193").code == "1.001193"
    (said,) = [each.getMessage() for each in caplog.records]
    assert said.startswith(f"{folder}/1.001806.yaml:1:1: warning [{CODE}] Others than its owner")


def test_no_compiled_form_of_a_definition_is_kept_for_others_to_change(folder: Path) -> None:
    """Checking, listing and showing leave nothing behind, in no folder that a program may use."""
    home = folder / "home"
    home.mkdir()
    before = sorted(folder.rglob("*"))
    places = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TMPDIR"), str(home))
    for arguments in (
        ("check", str(folder)),
        ("catalog", "list", "--path", str(folder)),
        ("show", "1.001806", "--on", "2026-11-20", "--files", str(folder)),
    ):
        done = subprocess.run(
            [sys.executable, "-B", "-m", "igate", *arguments],
            env={**os.environ, **places}, cwd=home, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert sorted(folder.rglob("*")) == before
