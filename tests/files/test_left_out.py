"""What a folder of definition files is gone through for, and what is left out."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from commands import run_command
from igate.checks.checker import check_paths
from igate.errors import IgateError
from igate.files.sources import found_in
from places import TESTS

if TYPE_CHECKING:
    from pathlib import Path

WRONG = TESTS / "broken" / "bad-date.yaml"


def put(folder: Path, name: str) -> Path:
    """Put a broken file somewhere below a folder."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(WRONG, file)
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of a desk with a good file, and what lies about in such a folder."""
    shutil.copy(TESTS / "broken" / "unknown-start.yaml", tmp_path / "own.yaml")
    put(tmp_path, ".venv/lib/python3.11/site-packages/igate/a.yaml")
    put(tmp_path, ".git/b.yaml")
    put(tmp_path, ".pre-commit-config.yaml")
    put(tmp_path, "inner/.hidden.yaml")
    put(tmp_path, "env/lib/python3.11/site-packages/igate/c.yaml")
    (tmp_path / "env" / "pyvenv.cfg").touch()
    return tmp_path


def test_hidden_things_and_virtual_environments_are_left_out(folder: Path) -> None:
    """Whatever they are called; a folder beside them is gone through."""
    assert [source.stem for source in found_in(folder)] == ["own"]
    done = run_command(["check", "."], folder)
    assert (done.returncode, "bad-date" in done.stdout) == (0, False)
    put(folder, "inner/d.yaml")
    assert [source.stem for source in found_in(folder)] == ["d", "own"]


@pytest.mark.parametrize("name", [".venv", ".pre-commit-config.yaml", "env"])
def test_what_is_named_is_read(folder: Path, name: str) -> None:
    """Nobody names a path that is not to be looked at."""
    assert {each.code for each in check_paths([folder / name])} == {"bad-date"}


def test_a_folder_with_hidden_files_alone_holds_nothing(folder: Path) -> None:
    """And none of them is advised to get another name."""
    (folder / "own.yaml").unlink()
    with pytest.raises(IgateError) as caught:
        check_paths([folder])
    assert "hidden ones and virtual environments" in str(caught.value)
    assert "Name the folder that holds" in str(caught.value)
