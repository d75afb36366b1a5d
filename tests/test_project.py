"""Rules of the repository that no other tool checks."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
import tomllib
import unicodedata
from itertools import chain, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeGuard

import pytest

import igate
import igate.errors
from shared import tree_of
from skipping import allowed_reasons, skip_reasons

if TYPE_CHECKING:
    from collections.abc import Iterator

Definition: TypeAlias = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "igate"
MODULES = sorted(PACKAGE.rglob("*.py"))
FOLDERS = ("igate", "tests", "docs", "examples", "benchmarks", "tools", ".ci")
TEXT = {".cfg", ".csv", ".json", ".md", ".py", ".sh", ".toml", ".txt", ".yaml", ".yml", ""}

MODULE_LINES = 800
TOP_NAMES = 17
README_LINES = 120
PUBLIC_NAMES = 30

#: Names that say nothing about what a module holds.
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "shared"}

#: Packages that cost a tenth of a second or more each; a host pays for them on first use.
HEAVY = {"holidays", "numpy", "pandas", "polars", "pyarrow", "sqlalchemy", "sqlmodel", "altair"}

#: Words of other systems (docs/glossary.md): never a word of a public name.
BANNED_WORDS = {"pause", "repository", "sla", "ticket", "trigger"}
#: Words that are fine inside a longer name and never a whole one. "case" is not among them: a time
#: limit may depend on the case (trường hợp) of the procedure.
BANNED_NAMES = {
    "application", "document", "edge", "event", "group", "manager", "policy", "price",
    "process", "registry", "status", "user",
}  # fmt: skip

CHANGE_KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Data"}


def texts() -> Iterator[tuple[Path, str]]:
    """Return every text file that belongs to the project, with what it says."""
    tops = [path for path in ROOT.iterdir() if path.is_file() and path.name != ".coverage"]
    below = [path for name in FOLDERS for path in (ROOT / name).rglob("*") if path.is_file()]
    for path in sorted(tops + below):
        if path.suffix in TEXT and "__pycache__" not in path.parts:
            yield path, path.read_text(encoding="utf-8")


def trees() -> Iterator[tuple[Path, ast.Module]]:
    """Return every module of the library, parsed."""
    for path in MODULES:
        yield path.relative_to(ROOT), tree_of(path)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function and method of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def is_public(node: ast.AST) -> TypeGuard[Definition]:
    """Return whether a node defines something public; one signature of several is not enough."""
    if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    signature_only = any(ast.unparse(line) == "overload" for line in node.decorator_list)
    return not node.name.startswith("_") and not signature_only


def public_definitions(tree: ast.Module) -> Iterator[tuple[str, Definition]]:
    """Return the public classes, functions and methods that a module defines."""
    for node in filter(is_public, tree.body):
        yield node.name, node
        for inner in filter(is_public, node.body if isinstance(node, ast.ClassDef) else ()):
            yield f"{node.name}.{inner.name}", inner


def words(name: str) -> set[str]:
    """Cut a name in snake_case or CamelCase into its words, in small letters."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)}


def test_no_module_is_longer_than_800_lines() -> None:
    """A module is as long as its noun needs; one of more than 800 lines is two nouns."""
    long = {
        str(path.relative_to(ROOT)): lines
        for path in MODULES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MODULE_LINES
    }
    assert long == {}


def test_the_top_of_the_package_holds_at_most_17_names() -> None:
    """Who reads ``ls igate`` guesses at once where something is."""
    names = {path.name for path in PACKAGE.iterdir()} - {"__pycache__"}
    assert len(names - {"__init__.py", "__main__.py", "py.typed"}) <= TOP_NAMES


def test_every_package_has_a_face() -> None:
    """Each package lists its public names, and each of them is there."""
    faceless = {
        "igate.cli",  # a program, not a library
        "igate.office.sql.migrations.versions",  # read by Alembic
    }
    for path in sorted(PACKAGE.rglob("__init__.py")):
        name = ".".join(path.parent.relative_to(ROOT).parts)
        if name not in faceless:
            face = importlib.import_module(name)
            assert face.__all__, name
            assert [each for each in face.__all__ if not hasattr(face, each)] == [], name


def test_a_face_gives_the_function_and_not_the_module_of_its_name() -> None:
    """Importing a module from below does not put it in the place of a public function."""
    for path in sorted(PACKAGE.rglob("__init__.py")):
        name = ".".join(path.parent.relative_to(ROOT).parts)
        face = importlib.import_module(name)
        for each in getattr(face, "__all__", ()):
            if (path.parent / f"{each}.py").exists():
                importlib.import_module(f"{name}.{each}")
                assert not inspect.ismodule(getattr(face, each)), f"{name}.{each}"


def test_no_module_has_a_name_that_says_nothing() -> None:
    """A module is named after what it holds, so there is no place for leftovers."""
    assert [path for path in MODULES if path.stem.strip("_") in EMPTY_NAMES] == []


def test_every_module_says_which_rule_it_holds() -> None:
    """A module begins with a docstring."""
    assert [str(path) for path, tree in trees() if ast.get_docstring(tree) is None] == []


def test_every_public_class_and_function_has_a_docstring() -> None:
    """What can be called is described where it is defined."""
    bare = [
        f"{path}: {name}"
        for path, tree in trees()
        for name, node in public_definitions(tree)
        if not ast.get_docstring(node)
    ]
    assert bare == []


def test_every_test_states_the_fact_it_proves() -> None:
    """A test function has a docstring."""
    bare = [
        f"{path.name}: {function.name}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for function in functions(tree_of(path))
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]
    assert bare == []


def test_no_public_name_uses_a_word_of_the_right_column_of_the_glossary() -> None:
    """One word a concept: a dossier is never a ticket, a suspension never a pause."""
    wrong = []
    for path, tree in trees():
        for name, _ in public_definitions(tree):
            own = name.rpartition(".")[2]
            if words(own) & BANNED_WORDS or own.lower() in BANNED_NAMES:
                wrong.append(f"{path}: {name}")
    assert wrong == []


def is_silent(handler: ast.ExceptHandler) -> bool:
    """Return whether an ``except`` has ``pass`` or ``...`` for its only line."""
    only = handler.body[0]
    bare = isinstance(only, ast.Expr) and isinstance(only.value, ast.Constant)
    return len(handler.body) == 1 and (bare or isinstance(only, ast.Pass))


def blocks_of(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    """Return every list of statements of a module."""
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            if isinstance(block := getattr(node, name, None), list):
                yield block


def test_no_error_is_swallowed() -> None:
    """An ``except`` that does nothing is followed by the ``raise`` that says what was wrong."""
    silent = [
        f"{path}:{handler.lineno}"
        for path, tree in trees()
        for block in blocks_of(tree)
        for statement, after in zip_longest(block, block[1:])
        if isinstance(statement, ast.Try) and not isinstance(after, ast.Raise)
        for handler in statement.handlers
        if is_silent(handler)
    ]
    assert silent == []


def test_nothing_is_left_for_later() -> None:
    """What is not there yet is absent: no stub and no note to oneself in the library."""
    marks = re.compile(r"NotImplementedError|\bTO" + r"DO\b|\bFIX" + r"ME\b|\bXX" + r"X\b")
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in MODULES
        if (match := marks.search(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_no_file_names_a_place_of_one_machine_or_a_package_index() -> None:
    """A clone works anywhere: no absolute home or work folder, no index address."""
    slash = "/"
    marks = re.compile(
        "|".join(
            (
                rf"(?<![\w.-]){slash}(?:home|root|work|Users){slash}\w",
                r"py" + r"pi",
                r"index" + r"-url",
                r"find" + r"-links",
                r"\.\./sha" + r"red",
            )
        )
    )
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path, text in texts()
        if (match := marks.search(text))
    ]
    assert found == []


def test_vietnamese_is_written_in_one_form() -> None:
    """All text is NFC, so that a search for a name finds it."""
    wrong = [
        str(path.relative_to(ROOT))
        for path, text in texts()
        if not unicodedata.is_normalized("NFC", text)
    ]
    assert wrong == []


def test_text_files_end_with_one_newline_and_have_no_tabs() -> None:
    """Files look the same in every editor; only a Makefile needs tabs, and one file to refuse."""
    tabbed = {"Makefile", "malformed-yaml.tab.yaml"}
    wrong = [
        str(path.relative_to(ROOT))
        for path, text in texts()
        if (text and not text.endswith("\n"))
        or ("\t" in text and path.name not in tabbed and path.suffix != ".csv")
        or "\r" in text
    ]
    assert wrong == []


def test_readme_can_be_read_in_five_minutes() -> None:
    """README is not the manual."""
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < README_LINES


def test_changelog_keeps_its_form() -> None:
    """Every release has its day, and every change its kind."""
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    releases = [line for line in lines if line.startswith("## ")]
    kinds = {line.removeprefix("### ") for line in lines if line.startswith("### ")}
    assert lines[0] == "# Changelog"
    assert releases
    for line in releases:
        assert re.fullmatch(r"## \[(Unreleased|\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d)\]?", line), line
    assert kinds <= CHANGE_KINDS


def test_changelog_names_the_version_of_the_package() -> None:
    """The version in pyproject.toml is described, and is the one that the library reports."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"## [{project['version']}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert igate.__version__ == project["version"]


def test_import_igate_loads_no_heavy_package() -> None:
    """A host that only reads a time limit does not wait for NumPy or a database layer."""
    code = "import sys, igate; print(' '.join(sorted({m.partition('.')[0] for m in sys.modules})))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert set(done.stdout.split()) & HEAVY == set()


def test_public_names_are_few_and_real() -> None:
    """What a host has to learn is at most 30 names, and each exists."""
    assert len(igate.__all__) <= PUBLIC_NAMES
    assert [name for name in igate.__all__ if not hasattr(igate, name)] == []


def test_every_error_has_its_paragraph_and_every_paragraph_its_error() -> None:
    """docs/reference/errors.md has one heading for each class of igate.errors."""
    page = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"^##+ `(\w+)`$", page, re.MULTILINE))
    classes = {
        name
        for name, value in inspect.getmembers(igate.errors, inspect.isclass)
        if issubclass(value, igate.errors.IgateError)
    }
    assert headings == classes


def test_the_tree_of_errors_is_what_the_classes_are() -> None:
    """Under which class each stands, and which are a ValueError or a LookupError too: half of all.

    A host that catches by the tree of docs/reference/errors.md catches what the page says.
    """
    page = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    tree = page.partition("```text\nIgateError\n")[2].partition("```")[0]
    said: dict[str, set[str]] = {}
    above = {-1: "IgateError"}
    for line in tree.splitlines():
        words = line.lstrip("│├└─ ")
        depth = (len(line) - len(words)) // 4 - 1
        for part in re.split(r" {3,}(?=\w)", words):
            (*_, kind) = re.findall(r"\((\w+)\)", part) or [""]
            for name in re.findall(r"\w+", part.partition("(")[0]):
                said[name] = {above[depth - 1], kind} - {""}
                above[depth] = name
    classes = {
        name: {base.__name__ for base in value.__bases__}
        for name, value in inspect.getmembers(igate.errors, inspect.isclass)
        if issubclass(value, igate.errors.IgateError)
    }
    assert said == {name: bases for name, bases in classes.items() if name != "IgateError"}
    too = [
        name
        for name in classes
        if issubclass(getattr(igate.errors, name), (ValueError, LookupError))
    ]
    assert len(too) * 2 == len(classes)


def test_every_dependency_has_its_line_of_reason() -> None:
    """docs/decisions/0004-dependencies.md names each package that igate installs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    listed = [*project["dependencies"], *extras["frames"], *extras["testing"]]
    listed += [*extras["ics"], *extras["import"], *extras["http"], *extras["blobs"]]
    names = [re.match(r"[\w-]+", line)[0] for line in listed]  # type: ignore[index]
    page = (ROOT / "docs" / "decisions" / "0004-dependencies.md").read_text(encoding="utf-8")
    assert [name for name in names if f"| {name} |" not in page] == []


def test_constraints_pin_every_dependency() -> None:
    """Two people who install on different days get the same set."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = list(chain(project["dependencies"], *project["optional-dependencies"].values()))
    names = {re.match(r"[\w-]+", line)[0].lower() for line in listed}  # type: ignore[index]
    pinned = {
        line.partition("==")[0].lower()
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    }
    assert names - pinned - {"igate"} == set()


def test_the_lowest_bound_of_each_dependency_is_the_version_that_ci_runs() -> None:
    """What pyproject.toml allows at the least is what constraints-lowest.txt installs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bounds = dict(line.partition(";")[0].split(">=") for line in project["dependencies"])
    del bounds["tzdata"]  # for Windows, where CI does not run
    lines = (ROOT / "constraints-lowest.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if "==" in line)
    wrong = [
        name
        for name, bound in bounds.items()
        if pins.get(name, "").removesuffix(".0") != bound.removesuffix(".0")
    ]
    assert wrong == []


def test_a_skip_needs_leave() -> None:
    """The list of allowed reasons is read line by line; remarks are not reasons."""
    assert allowed_reasons("# a remark\n\nneeds PostgreSQL\n") == {"needs PostgreSQL"}


def test_the_reason_of_a_skip_is_read_without_the_word_of_pytest() -> None:
    """``pytest.skip("no server")`` is compared as ``no server``."""
    report = pytest.TestReport(
        nodeid="test_a.py::test_a",
        location=("test_a.py", 1, "test_a"),
        keywords={},
        outcome="skipped",
        longrepr=("test_a.py", 2, "Skipped: no server"),
        when="call",
    )
    assert skip_reasons([report]) == {"no server"}


def test_the_package_holds_nothing_that_is_left_over() -> None:
    """What is in the folder goes into the wheel: code, data, style sheets, sentences, types."""
    known = {".py", ".yaml", ".json", ".css", ".html", ".svg", ".typed", ".csv", ".sql", ".po"}
    known |= {".mo"}
    folder = Path(__file__).parent.parent / "igate"
    found = [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert [name for name in found if Path(name).suffix not in known and name != "py.typed"] == []
