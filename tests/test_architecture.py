"""docs/architecture.md says what the code is: its picture, its packages, its files and names.

The files that CONTRIBUTING.md and SECURITY.md name are looked for too.
"""

from __future__ import annotations

import ast
import importlib
import re
import runpy
import subprocess
import sys
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

import igate
from shared import tree_of

ROOT = Path(igate.__file__).parent.parent
PAGE = ROOT / "docs" / "architecture.md"
DRAWING = runpy.run_path(str(ROOT / "tools" / "draw_packages.py"))
TEXT = PAGE.read_text(encoding="utf-8")
ALL = TEXT + "".join(
    (ROOT / name).read_text(encoding="utf-8") for name in ("CONTRIBUTING.md", "SECURITY.md")
)
PATHS = re.compile(r"`((?:\.ci|benchmarks|igate|tests|tools)/[\w./-]*)`")
NAMES = re.compile(r"`(igate(?:\.\w+)+)`")
MODULES = {
    ".".join((path.parent if path.name == "__init__.py" else path.with_suffix("")).parts)
    for path in (each.relative_to(ROOT) for each in (ROOT / "igate").rglob("*.py"))
}


def resolved(name: str) -> Any:  # noqa: ANN401 - whatever the page names
    """Import the longest module that a dotted name begins with and take the rest from it."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            module: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        return reduce(getattr, parts[length:], module)
    raise ModuleNotFoundError(name)


def test_the_picture_is_what_the_code_imports() -> None:
    """Where this fails, imports have changed: run ``python tools/draw_packages.py``."""
    assert DRAWING["drawn"](TEXT) == TEXT


def test_every_package_is_named() -> None:
    """Whatever lies under ``igate/`` and is imported or read has its line on the page."""
    code = {f"igate.{name}" for name in DRAWING["packages"]()}
    data = {
        f"igate/{path.name}/"
        for path in (ROOT / "igate").iterdir()
        if path.is_dir() and not path.name.startswith("_") and f"igate.{path.name}" not in code
    }
    assert [name for name in sorted(code | data) if f"`{name}`" not in TEXT] == []


@pytest.mark.parametrize("path", sorted(set(PATHS.findall(ALL))))
def test_every_path_exists(path: str) -> None:
    """A newcomer who follows the page finds the file or folder."""
    found = ROOT / path
    assert found.is_dir() if path.endswith("/") else found.is_file()


@pytest.mark.parametrize("name", sorted(set(NAMES.findall(TEXT))))
def test_every_name_exists(name: str) -> None:
    """A walk names modules, classes and functions that are there."""
    assert resolved(name) is not None


@pytest.mark.parametrize("name", ["errors.IgateError", "metrics.settlement", "testing.run"])
def test_what_the_pages_call_by_its_whole_name_needs_one_import(name: str) -> None:
    """``import igate`` and ``igate.metrics.settlement(…)``, as README writes it."""
    done = subprocess.run(
        [sys.executable, "-c", f"import igate; print(callable(igate.{name}))"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_a_module_imports_a_name_from_where_it_is_defined_or_a_face_that_is_named() -> None:
    """A face that loads its names on first use would load them when the library is imported."""
    root = ROOT / "igate"
    faces = {".".join(path.parent.relative_to(ROOT).parts) for path in root.rglob("__init__.py")}
    rule = TEXT.partition("* **Imports.**")[2].partition("* **")[0].partition("Hosts import")[0]
    named = set(re.findall(r"`(igate\.\w+)`", rule))
    used = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(tree_of(path)):
            if path.name == "__init__.py" or not isinstance(node, ast.ImportFrom):
                continue
            face = node.module or ""
            if face in faces and any(f"{face}.{each.name}" not in MODULES for each in node.names):
                used.add(face)
    assert named == {face for face in used if face.count(".") == 1}


def test_an_import_that_follows_from_others_is_not_drawn() -> None:
    """A diamond with a short cut keeps its four sides."""
    diamond = {"top": {"left", "right", "low"}, "left": {"low"}, "right": {"low"}, "low": set()}
    assert DRAWING["reduced"](diamond) == diamond | {"top": {"left", "right"}}


def test_a_circle_cannot_be_drawn() -> None:
    """The message names who is in it."""
    with pytest.raises(ValueError, match=r"circle: \['one', 'two'\]"):
        DRAWING["heights"]({"one": {"two"}, "two": {"one"}, "base": set()})
