"""A plugin for pytest: procedure and template files are collected like tests.

Where the settings of pytest name files or folders under ``igate_definitions``, each file in them is
a test that fails on an error of :func:`igate.check_paths`, and each of its ``examples:`` is a test
of its own. Without that setting nothing is collected and nothing of igate is loaded.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.errors import Finding

__all__ = ["Definition", "DefinitionFile"]

_SETTING = "igate_definitions"
_FOUND = pytest.StashKey["dict[str, list[Finding]]"]()
_EXAMPLE = "example-fails"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the setting."""
    told = "files and folders of procedure and template files to check, relative to the settings"
    parser.addini(_SETTING, told, type="paths", default=[])


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> DefinitionFile | None:
    """Take a definition file that stands in one of the folders named."""
    if file_path.suffix != ".yaml":
        return None
    named = [Path(each) for each in parent.config.getini(_SETTING)]
    if not any(file_path == each or each in file_path.parents for each in named):
        return None
    found: DefinitionFile = DefinitionFile.from_parent(parent, path=file_path)
    return found


def _findings(config: pytest.Config) -> dict[str, list[Finding]]:
    """Check all files together, once a run: one may use a template in another."""
    from igate.check import check_paths  # noqa: PLC0415 - only a run with definitions needs it

    known = config.stash.get(_FOUND, None)
    if known is None:
        known = config.stash[_FOUND] = {}
        for each in check_paths(config.getini(_SETTING)):
            known.setdefault(each.place.file, []).append(each)
    return known


class DefinitionFile(pytest.File):
    """A procedure file or template file."""

    def collect(self) -> Iterator[Definition]:
        """Give the check of the file, and each of its examples."""
        from igate.errors import DefinitionError  # noqa: PLC0415 - as above
        from igate.sources import Source  # noqa: PLC0415 - the same

        yield Definition.from_parent(self, name="check", example=None)
        try:
            data = Source(file=str(self.path), entry=str(self.path)).read().data
        except DefinitionError:  # the check says so
            return
        examples = data.get("examples") if isinstance(data, dict) else None
        for each in examples if isinstance(examples, list) else ():
            if isinstance(each, dict) and isinstance(each.get("vi"), str):
                name = str(each["vi"])
                yield Definition.from_parent(self, name=name, example=name)


class Definition(pytest.Item):
    """What a definition file must hold: that it has no errors, or that an example comes out."""

    def __init__(self, *, example: str | None, **rest: object) -> None:
        """Take the Vietnamese label of the example; none for the file as a whole."""
        super().__init__(**rest)  # type: ignore[arg-type]
        self._example = example

    def runtest(self) -> None:
        """Fail with the findings of the file.

        Raises:
            DefinitionError: There are some.
        """
        from igate.errors import DefinitionError  # noqa: PLC0415 - as above

        found = _findings(self.config).get(str(self.path), [])
        errors = [each for each in found if each.severity == "error"]
        if self._example is not None and any(each.code != _EXAMPLE for each in errors):
            pytest.skip("The file has errors, so its examples cannot be run.")
        own = [each for each in errors if self._is_of(each)]
        if own:
            raise DefinitionError(own)

    def _is_of(self, each: Finding) -> bool:
        if each.code != _EXAMPLE:
            return self._example is None
        return self._example is not None and each.message.startswith(f"{self._example}:")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:  # type: ignore[override]
        """Show the findings as ``igate check`` does, without a traceback."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the file and the test."""
        return self.path, None, f"{self.path.name}: {self.name}"
