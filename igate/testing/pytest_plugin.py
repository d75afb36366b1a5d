"""A plugin for pytest: procedure and template files are collected like tests.

Pytest loads it by itself where igate is installed. Where its settings name files or folders under
``igate_definitions``, each file in them is a test that fails on an error of
:func:`igate.check_paths`, and each of its ``examples:`` is a test of its own. With
``--igate-verify`` each question of :func:`igate.checks.verify.verify` is one more; with
``--igate-examples N`` so are N random dossiers that are taken through the engine. Without that
setting nothing is collected, and nothing of igate is loaded but this module.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.checks.verdict import Question, Verification
    from igate.checks.verify import Verifier
    from igate.errors import Finding
    from igate.files.yaml import YamlFile
    from igate.procedures.catalog.catalog import Catalog
    from igate.procedures.procedure import Procedure

__all__ = ["Definition", "DefinitionFile", "Proof", "RandomDossiers"]

_SETTING = "igate_definitions"
_FOUND = pytest.StashKey["dict[str, list[Finding]]"]()
_EXAMPLE = "example-fails"
_VERIFY = "--igate-verify"
_EXAMPLES = "--igate-examples"
_VERIFIED: pytest.StashKey[dict[str, tuple[Verification, ...]]] = pytest.StashKey()
_CATALOG: pytest.StashKey[Catalog] = pytest.StashKey()
_VERIFIER: pytest.StashKey[Verifier] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the setting and the options."""
    text = "files and folders of procedure and template files to check, relative to the settings"
    parser.addini(_SETTING, text, type="paths", default=[])
    group = parser.getgroup("igate", "procedure files")
    group.addoption(
        _VERIFY, action="store_true", help="verify each procedure, as igate verify does"
    )
    group.addoption(
        _EXAMPLES,
        type=int,
        default=0,
        metavar="N",
        help="take N random dossiers of each procedure through the engine",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> DefinitionFile | None:
    """Take a definition file that is in one of the folders named."""
    if file_path.suffix != ".yaml" or file_path.name.startswith("."):
        return None
    named = _named(parent.config)
    if not any(file_path == each or each in file_path.parents for each in named):
        return None
    found: DefinitionFile = DefinitionFile.from_parent(parent, path=file_path)
    return found


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a file or folder that is not there or holds nothing: all of it would pass unseen.

    Raises:
        UsageError: There is no such file or folder, none with a definition file in it, or an option
            that needs some is given without the setting.
    """
    named = _named(config)
    if not named and (config.getoption(_VERIFY) or config.getoption(_EXAMPLES)):
        text = (
            f"{_VERIFY} and {_EXAMPLES} need {_SETTING} in the settings of pytest. "
            f'Write "{_SETTING} = FOLDER" below [pytest] in pytest.ini.'
        )
        raise pytest.UsageError(text)
    for each in named:
        if not each.exists():
            text = f"{_SETTING}: there is no file or folder {each}."
            raise pytest.UsageError(text)
        if each.is_dir() and not any(each.rglob("*.yaml")):
            text = f'{_SETTING}: no file whose name ends in ".yaml" is in {each}.'
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


def _verifier(config: pytest.Config) -> Verifier:
    """Return what verifies, one a run: procedures have much in common."""
    from igate.checks.verify import Verifier  # noqa: PLC0415 - only where it is asked for

    known = config.stash.get(_VERIFIER, None)
    if known is None:
        known = config.stash[_VERIFIER] = Verifier()
    return known


class DefinitionFile(pytest.File):
    """A procedure file or template file."""

    def collect(self) -> Iterator[pytest.Item]:
        """Return the check of the file, each of its examples, and what the options ask for."""
        from igate.errors import DefinitionError  # noqa: PLC0415 - only a run with definitions needs it
        from igate.files.kinds import kind_of  # noqa: PLC0415 - only a run with definitions needs it
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
        if isinstance(data, dict) and "revisions" in data and kind_of(data) == "procedure":
            yield from self._asked_for()

    def _asked_for(self) -> Iterator[pytest.Item]:
        if self.config.getoption(_VERIFY):
            from igate.checks.verdict import QUESTIONS  # noqa: PLC0415 - only where it is asked for

            for question in QUESTIONS:
                yield Proof.from_parent(self, name=f"verify {question}", question=question)
        number = self.config.getoption(_EXAMPLES)
        if number:
            name = f"{number} random dossiers"
            yield RandomDossiers.from_parent(self, name=name, number=number)


def _lines(read: YamlFile, index: int) -> tuple[int, int]:
    """Return the first line of an example, and the first after it."""
    examples = read.data["examples"] if isinstance(read.data, dict) else []
    more = isinstance(examples, list) and index + 1 < len(examples)
    last = read.place(("examples", index + 1)).line if more else sys.maxsize
    return read.place(("examples", index)).line, last


class _Item(pytest.Item):
    """A test of a definition file."""

    def errors(self) -> list[Finding]:
        """Return the errors that the check finds in the file."""
        found = _findings(self.config).get(str(self.path), [])
        return [each for each in found if each.severity == "error"]

    def procedure(self) -> Procedure:
        """Return what the file says; skip where it has other errors than an example's."""
        from igate.files.sources import Source  # noqa: PLC0415 - only where it is asked for
        from igate.procedures.catalog.catalog import Catalog  # noqa: PLC0415 - only where asked for

        if any(each.code != _EXAMPLE for each in self.errors()):
            pytest.skip("The file has errors, so nothing can be shown of it.")
        data = Source(file=str(self.path), entry=str(self.path)).read().data
        code = data["code"] if isinstance(data, dict) else ""
        known = self.config.stash.get(_CATALOG, None)
        if known is None:
            known = self.config.stash[_CATALOG] = Catalog.load(*_named(self.config))
        return known.procedure(str(code))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:  # type: ignore[override]
        """Show the findings as ``igate check`` does, without a traceback."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the file and the test."""
        return self.path, None, f"{self.path.name}: {self.name}"


class Definition(_Item):
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

        errors = self.errors()
        if self._lines is not None and any(each.code != _EXAMPLE for each in errors):
            pytest.skip("The file has errors, so its examples cannot be run.")
        own = [each for each in errors if self._is_of(each)]
        if own:
            raise DefinitionError(own)

    def _is_of(self, each: Finding) -> bool:
        if each.code != _EXAMPLE:
            return self._lines is None
        return self._lines is not None and each.place.line in self._lines


class Proof(_Item):
    """The answer to one question about the revisions of a procedure."""

    def __init__(self, *, question: Question, **rest: object) -> None:
        """Take the question."""
        super().__init__(**rest)  # type: ignore[arg-type]
        self._question = question

    def runtest(self) -> None:
        """Fail with the example that refutes it; what the sources do not state is skipped.

        Raises:
            IgateError: It is refuted.
        """
        from igate.errors import IgateError  # noqa: PLC0415 - only where it is asked for
        from igate.words.sentence import beside, together  # noqa: PLC0415 - the same

        procedure = self.procedure()
        known = self.config.stash.setdefault(_VERIFIED, {})
        if procedure.code not in known:
            known[procedure.code] = _verifier(self.config).verify(procedure)
        verdicts = [each[self._question] for each in known[procedure.code]]
        for each in verdicts:
            if each.refutation is not None:
                said = f"{each.because.text('en').rstrip('.')}. {each.refutation.said.text('en')}"
                vietnamese = (
                    f"{each.because.text('vi').rstrip('.')}. {each.refutation.said.text('vi')}"
                )
                raise IgateError(
                    together(beside(en=said, vi=vietnamese), each.refutation.example, between="\n"),
                    where=str(self.path),
                )
        if all(each.answer == "not_stated" for each in verdicts):
            pytest.skip(verdicts[0].because.text("en"))


class RandomDossiers(_Item):
    """Random dossiers, each of which must be able to end."""

    def __init__(self, *, number: int, **rest: object) -> None:
        """Take how many."""
        super().__init__(**rest)  # type: ignore[arg-type]
        self._number = number

    def runtest(self) -> None:
        """Fail with the first dossier that could go nowhere.

        Raises:
            IgateError: There is one.
        """
        from igate.checks.wandering import stranded  # noqa: PLC0415 - only where it is asked for
        from igate.errors import IgateError  # noqa: PLC0415 - only where it is asked for
        from igate.words.sentence import say, together  # noqa: PLC0415 - the same

        for example in stranded(self.procedure(), self._number):
            raise IgateError(
                together(say("A dossier can go nowhere."), example, between="\n"),
                where=str(self.path),
            )
