"""A plugin for pytest: procedure and template files are collected like tests.

Where the settings of pytest name files or folders under ``igate_definitions``, each file in them is
a test that fails on an error of :func:`igate.check_paths`, and each of its ``examples:`` is a test
of its own. Without that setting nothing is collected and nothing of igate is loaded.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.errors import Finding
    from igate.files.yaml import YamlFile

__all__ = ["Definition", "DefinitionFile"]

_SETTING = "igate_definitions"
_FOUND = pytest.StashKey["dict[str, list[Finding]]"]()
_EXAMPLE = "example-fails"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the setting."""
    text = "files and folders of procedure and template files to check, relative to the settings"
    parser.addini(_SETTING, text, type="paths", default=[])


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> DefinitionFile | None:
    """Take a definition file that is in one of the folders named."""
    if file_path.suffix != ".yaml":
        return None
    named = _named(parent.config)
    if not any(file_path == each or each in file_path.parents for each in named):
        return None
    found: DefinitionFile = DefinitionFile.from_parent(parent, path=file_path)
    return found


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a file or folder that is not there: its definitions would pass unseen.

    Raises:
        UsageError: There is no such file or folder.
    """
    for each in _named(config):
        if not each.exists():
            text = f"{_SETTING}: there is no file or folder {each}."
            raise pytest.UsageError(text)


def _named(config: pytest.Config) -> list[Path]:
    return [Path(os.path.normpath(each)) for each in config.getini(_SETTING)]


def _findings(config: pytest.Config) -> dict[str, list[Finding]]:
    """Check all files together, once a run: one may use a template in another."""
    from igate.checks.checker import check_paths  # noqa: PLC0415 - only a run with definitions needs it

    known = config.stash.get(_FOUND, None)
    if known is None:
        known = config.stash[_FOUND] = {}
        for each in check_paths(_named(config)):
            known.setdefault(each.place.file, []).append(each)
    return known


class DefinitionFile(pytest.File):
    """A procedure file or template file."""

    def collect(self) -> Iterator[Definition]:
        """Return the check of the file, and each of its examples."""
        from igate.errors import DefinitionError  # noqa: PLC0415 - only a run with definitions needs it
        from igate.files.sources import Source  # noqa: PLC0415 - only a run with definitions needs it

        yield Definition.from_parent(self, name="check", place=None)
        try:
            read = Source(file=str(self.path), entry=str(self.path)).read()
        except DefinitionError:  # the check says so
            return
        data = read.data
        examples = data.get("examples") if isinstance(data, dict) else None
        for index, each in enumerate(examples if isinstance(examples, list) else ()):
            label = each.get("vi") if isinstance(each, dict) else None
            first, last = _lines(read, index)
            name = str(label or index + 1)
            yield Definition.from_parent(self, name=name, place=range(first, last))


def _lines(read: YamlFile, index: int) -> tuple[int, int]:
    """Return the first line of an example, and the first after it."""
    examples = read.data["examples"] if isinstance(read.data, dict) else []
    more = isinstance(examples, list) and index + 1 < len(examples)
    last = read.place(("examples", index + 1)).line if more else sys.maxsize
    return read.place(("examples", index)).line, last


class Definition(pytest.Item):
    """What a definition file must hold: that it has no errors, or that an example comes out."""

    def __init__(self, *, place: range | None, **rest: object) -> None:
        """Take the lines of the example; none for the file as a whole."""
        super().__init__(**rest)  # type: ignore[arg-type]
        self._lines = place

    def runtest(self) -> None:
        """Fail with the findings of the file.

        Raises:
            DefinitionError: There are some.
        """
        from igate.errors import DefinitionError  # noqa: PLC0415 - only a run with definitions needs it

        found = _findings(self.config).get(str(self.path), [])
        errors = [each for each in found if each.severity == "error"]
        if self._lines is not None and any(each.code != _EXAMPLE for each in errors):
            pytest.skip("The file has errors, so its examples cannot be run.")
        own = [each for each in errors if self._is_of(each)]
        if own:
            raise DefinitionError(own)

    def _is_of(self, each: Finding) -> bool:
        if each.code != _EXAMPLE:
            return self._lines is None
        return self._lines is not None and each.place.line in self._lines

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:  # type: ignore[override]
        """Show the findings as ``igate check`` does, without a traceback."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the file and the test."""
        return self.path, None, f"{self.path.name}: {self.name}"
