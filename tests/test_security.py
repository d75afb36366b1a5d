"""What SECURITY.md promises of the source: no network, no processes, no code out of data."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import igate
from shared import tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(igate.__file__).parent
FORBIDDEN = {
    *("aiohttp", "asyncio", "ftplib", "http", "httpx", "obstore", "requests", "smtplib"),
    *("socket", "ssl"),
    *("multiprocessing", "pty", "subprocess"),
    *("ctypes", "dill", "joblib", "marshal", "pickle", "shelve"),
    "urllib.request",
}
#: what may open a connection, each to the address that the host gives
SENDS = {
    "exchange/transport.py": {"httpx", "socket", "ssl"},
    "exchange/blobs.py": {"obstore"},
    # ssl for annotations alone: which certificates are trusted
    "exchange/sinks.py": {"ssl"},
    "exchange/portalsink.py": {"ssl"},
}
#: the loaders of PyYAML that make values, Python objects among them
LOADERS = {"full_load", "load", "load_all", "unsafe_load"}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(FOLDER.rglob("*.py")):
        yield path.relative_to(FOLDER).as_posix(), tree_of(path)


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_no_module_can_reach_a_network_start_a_program_or_unpickle() -> None:
    """Nothing in igate imports what would be needed for it, but what sends where a host says."""
    found = [
        f"{file}: {name}"
        for file, tree in trees()
        for name in imported(tree)
        if (name in FORBIDDEN or name.partition(".")[0] in FORBIDDEN)
        and name.partition(".")[0] not in SENDS.get(file, ())
    ]
    assert found == []


def test_only_a_checked_guard_is_evaluated() -> None:
    """``eval`` is called in one place, on an expression of an allowed form."""
    calls = {
        file
        for file, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "eval"
    }
    assert calls == {"procedures/guard.py"}


def test_no_yaml_loader_makes_values() -> None:
    """Only the parser's events of PyYAML are used."""
    calls = [
        file
        for file, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in LOADERS
        and isinstance(node.value, ast.Name)
        and node.value.id == "yaml"
    ]
    assert calls == []
