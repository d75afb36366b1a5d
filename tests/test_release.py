"""The public names, and what the release check notices: a green check must be able to be red."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from typing import TYPE_CHECKING

import distributions
import installations
import public_api
import pytest

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = '''
"""A package."""
__all__ = ["Clerk", "limit"]


class _Base:
    def greet(self, name: str, *, loud: bool = False) -> str:
        """Greet."""
        return name

    def _hidden(self) -> None: ...


class Clerk(_Base):
    """A clerk."""

    rank: int = 1

    @classmethod
    def new(cls) -> "Clerk":
        """Make one."""
        return cls()


def limit(days: int) -> int:
    """Return days."""
    return days


def private() -> None:
    """Nobody outside knows it."""
'''


def package(folder: Path, text: str = BEFORE) -> Path:
    """Write a package of one module, with the mark of types, and return the folder around it."""
    inner = folder / "desk"
    inner.mkdir(parents=True, exist_ok=True)
    (inner / "__init__.py").write_text(text, encoding="utf-8")
    (inner / "py.typed").touch()
    return folder


def git(folder: Path, *words: str) -> None:
    """Run git in a folder, as somebody."""
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.vn"]
    subprocess.run(["git", "-C", folder, *who, *words], check=True, capture_output=True)


def test_the_public_names_are_those_of_the_list() -> None:
    """A name or a signature that changes is seen by whoever changes it, and accepted on purpose."""
    listed = public_api.ANSWERS.read_text(encoding="utf-8").splitlines()
    found = public_api.changes(listed, public_api.public_api())
    assert not found, "\n".join(
        [
            "The public names are not those of tests/answers/public_api.txt:",
            *found,
            "To accept: python tools/public_api.py --write, and say it in CHANGELOG.md.",
        ]
    )


def test_a_listing_has_the_public_names_with_their_signatures(tmp_path: Path) -> None:
    """A class has what a base that is not public gives it; a name outside __all__ is left out."""
    assert public_api.public_api("desk", package(tmp_path)) == [
        "desk.Clerk.greet(name: str, *, loud: bool = False) -> str",
        "desk.Clerk.new() -> Clerk [classmethod]",
        "desk.Clerk.rank: int = 1",
        "desk.Clerk: class(_Base)",
        "desk.limit(days: int) -> int",
    ]


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ('"Clerk", "limit"', '"Clerk"', "- desk.limit(days: int) -> int"),
        ("days: int)", "days: int, hours: int)", "- desk.limit(days: int) -> int"),
        ("def greet", "def hail", "- desk.Clerk.greet(name: str, *, loud: bool = False) -> str"),
        ("rank: int = 1", "rank: int = 2", "- desk.Clerk.rank: int = 1"),
    ],
)
def test_a_listing_notices_what_is_taken_away(
    tmp_path: Path, old: str, new: str, lost: str
) -> None:
    """A name removed, a parameter added, a method renamed and another default are four faults."""
    before = public_api.public_api("desk", package(tmp_path / "before"))
    after = public_api.public_api("desk", package(tmp_path / "after", BEFORE.replace(old, new)))
    assert lost in public_api.changes(before, after)
    assert public_api.changes(before, before) == []


def test_what_broke_since_a_tag_is_named(tmp_path: Path) -> None:
    """Against the version of a tag: a name that is gone, and a parameter that is now needed."""
    package(tmp_path)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "first")
    git(tmp_path, "tag", "v1")
    assert public_api.broken_since("v1", "desk", tmp_path) == []
    package(
        tmp_path,
        BEFORE.replace('"Clerk", "limit"', '"Clerk"').replace("name: str,", "name: str, n: int,"),
    )
    found = public_api.broken_since("v1", "desk", tmp_path)
    assert found == [
        "desk._Base.greet: Parameter was added as required",
        "desk.limit: no longer public",
    ]


def sdist_of(folder: Path, *names: str) -> Path:
    """Write an sdist with these files."""
    path = folder / "igate-1.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name in names:
            file = folder / "file"
            file.write_text(name, encoding="utf-8")
            archive.add(file, f"igate-1/{name}")
    return path


def test_a_file_missing_from_the_sdist_is_noticed(tmp_path: Path) -> None:
    """An sdist holds the tree: neither less nor more."""
    tracked = {"igate/__init__.py", "tests/answers/deadlines.csv"}
    whole = sdist_of(tmp_path, *tracked, "PKG-INFO")
    assert distributions.missing_from_sdist(tracked, distributions.files_of_sdist(whole)) == []
    less = distributions.files_of_sdist(sdist_of(tmp_path, "igate/__init__.py", "notes.txt"))
    assert distributions.missing_from_sdist(tracked, less) == [
        "tests/answers/deadlines.csv: not in the sdist",
        "notes.txt: in the sdist, and git does not know it",
    ]


def wheel_of(path: Path, names: dict[str, str]) -> Path:
    """Write a wheel with these files."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in names.items():
            archive.writestr(name, text)
    return path


INFO = {
    f"igate-1.dist-info/{name}": ""
    for name in ("METADATA", "RECORD", "entry_points.txt", "licenses/LICENSE")
}


def test_a_file_missing_from_the_wheel_is_noticed(tmp_path: Path) -> None:
    """A wheel holds every file of the package, the mark of types among them, and the licence."""
    tracked = {"igate/__init__.py", "igate/py.typed", "tests/test_a.py"}
    inside = {"igate/__init__.py": "", "igate/py.typed": ""}
    whole = distributions.files_of_wheel(wheel_of(tmp_path / "a.whl", inside | INFO))
    assert distributions.missing_from_wheel(tracked, whole) == []
    less = {"igate/__init__.py": "", "igate/old.py": ""} | INFO
    del less["igate-1.dist-info/licenses/LICENSE"]
    found = distributions.files_of_wheel(wheel_of(tmp_path / "b.whl", less))
    assert distributions.missing_from_wheel(tracked, found) == [
        "igate/py.typed: not in the wheel",
        "igate/old.py: in the wheel, and git does not know it",
        "licenses/LICENSE: not in the metadata of the wheel",
    ]


def test_two_wheels_are_compared_by_what_is_in_their_files(tmp_path: Path) -> None:
    """A wheel built from the sdist may not have another text in it."""
    one = distributions.files_of_wheel(wheel_of(tmp_path / "a.whl", {"a": "1", "b": "2"}))
    two = distributions.files_of_wheel(wheel_of(tmp_path / "b.whl", {"a": "1", "b": "3", "c": "4"}))
    assert distributions.differing(one, one) == []
    assert distributions.differing(one, two) == ["b: differs", "c: differs"]


def test_a_missing_py_typed_is_noticed(tmp_path: Path) -> None:
    """mypy reads the types of an installed package, and says so where the mark is absent."""
    environment, host = tmp_path / "environment", tmp_path / "user.py"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    (installed,) = environment.glob("lib/python*/site-packages")
    package(installed)
    host.write_text("from desk import limit\n\nreveal: int = limit(3)\n", encoding="utf-8")
    assert installations.faults_of_types(environment, host) == []
    (installed / "desk" / "py.typed").unlink()
    said = "\n".join(installations.faults_of_types(environment, host))
    assert "py.typed" in said


def test_a_python_is_found_by_what_it_says_it_is(tmp_path: Path) -> None:
    """A program of the right name that does not run is passed over, and a version may be absent."""
    wrapper = tmp_path / "python3.12"
    wrapper.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    wrapper.chmod(0o755)
    here = ".".join(map(str, sys.version_info[:2]))
    found = installations.interpreters([here, "3.1"], [wrapper])
    assert found.keys() == {here}
    assert found[here] != wrapper
