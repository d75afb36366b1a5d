"""The catalogue: all procedures that a host knows, by national code.

Making a catalogue only lists files; a file is read and checked when it is first asked for. A
procedure's file is named by its code (``1.001806-some-slug.yaml``), so the name finds it; a file
of another name is opened at once to see what it holds. Codes may be asked for as they stand in
decisions, with the suffix of an agency (``1.001806.H15``).
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from igate.errors import DefinitionError, Finding, Place, ProcedureNotFound
from igate.sources import found_in, shipped
from igate.template_library import Templates

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator
    from datetime import date

    from igate.findings import FindingCode
    from igate.procedure import Procedure, Revision
    from igate.sources import Source

__all__ = ["Catalog", "core_code"]

_WRITTEN = re.compile(r"(\d\.\d{6})(?:\.000\.00\.00)?(?:\.H\d+)?")
_NAMED = re.compile(r"(\d\.\d{6})(?:-[a-z0-9-]+)?")


def core_code(code: str) -> str | None:
    """Give the eight characters of a code without its suffix, or ``None`` where it is no code.

    >>> core_code("1.001806.000.00.00.H15")
    '1.001806'
    """
    match = _WRITTEN.fullmatch(code.strip())
    return match[1] if match else None


class Catalog:
    """Procedures by code; a file is read on first use."""

    __slots__ = ("_found", "_listed", "_procedures", "_strays", "_templates")

    def __init__(self, sources: Iterable[Source]) -> None:
        """List files, whatever is wrong with them; :meth:`load` refuses what is wrong."""
        index = _Index()
        for source in sources:
            index.add(source)
        self._listed = tuple(index.findings)
        self._strays = tuple(index.strays)
        self._procedures = index.procedures
        self._templates = Templates(index.templates)
        self._found: dict[str, Procedure] = {}

    @classmethod
    def shipped(cls) -> Catalog:
        """Give the procedures that come with the library."""
        return cls(shipped("procedures"))

    @classmethod
    def load(cls, *paths: str | os.PathLike[str]) -> Catalog:
        """Give the procedures in files and folders of the host.

        The templates that come with the library can be used, and further ones among the files.

        Raises:
            IgateError: A path does not exist.
            DefinitionError: Two files have the same code or are templates of the same name, or a
                file is neither a procedure nor a template.
        """
        catalog = cls(source for path in paths for source in found_in(path))
        wrong = [*catalog._listed, *catalog._check_strays()]
        if wrong:
            raise DefinitionError(wrong)
        return catalog

    def __len__(self) -> int:
        return len(self._procedures)

    def __iter__(self) -> Iterator[str]:
        return iter(self._procedures)

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and core_code(code) in self._procedures

    def procedure(self, code: str) -> Procedure:
        """Give a procedure.

        Raises:
            ProcedureNotFound: No file has this code; codes like it are named.
            DefinitionError: Its file has errors; all of them are listed.

        >>> Catalog.load().procedure("1.001806")
        Traceback (most recent call last):
        igate.errors.ProcedureNotFound: There is no procedure '1.001806' in the catalogue. ...
        """
        core = core_code(code)
        if core is None or core not in self._procedures:
            raise self._not_found(code, core)
        known = self._found.get(core)
        if known is not None:
            return known
        procedure, findings = self._open(self._procedures[core], doubts=False)
        if procedure is None:
            raise DefinitionError(findings)
        self._found[core] = procedure
        return procedure

    def in_force(self, code: str, *, on: date) -> Revision:
        """Give the revision of a procedure that is in force on a day.

        Raises:
            ProcedureNotFound: There is no such procedure, or it is not in force on the day.
            DefinitionError: Its file has errors.
        """
        return self.procedure(code).in_force(on)

    def check(self) -> tuple[Finding, ...]:
        """Read every file and give all findings, warnings and notes included."""
        found = [*self._listed, *self._check_strays()]
        for name in self._templates.names:
            found += self._templates.findings(name)
        for source in self._procedures.values():
            found += self._open(source, doubts=True)[1]
        return tuple(found)

    def _check_strays(self) -> Iterator[Finding]:
        for source in self._strays:
            yield from self._open(source, doubts=True)[1]

    def _open(
        self, source: Source, *, doubts: bool
    ) -> tuple[Procedure | None, tuple[Finding, ...]]:
        from igate.procedure_file import read_procedure  # noqa: PLC0415 - pydantic, only to read

        try:
            procedure, found = read_procedure(source.read(), self._templates, doubts=doubts)
        except DefinitionError as error:
            return None, error.findings
        named = _NAMED.fullmatch(source.stem)
        if procedure is not None and named is not None and named[1] != procedure.code:
            return None, (*found, _other_code(source, named[1], procedure.code))
        return procedure, tuple(found)

    def _not_found(self, code: str, core: str | None) -> ProcedureNotFound:
        if core is None:
            return ProcedureNotFound(
                f"{code!r} is not the code of a procedure.",
                fix='A code is written like "1.001806", with or without a suffix like ".H15".',
            )
        near = difflib.get_close_matches(core, self._procedures, n=3)
        hint = f"Codes like it: {', '.join(near)}." if near else "Add its file to the catalogue."
        return ProcedureNotFound(
            f"There is no procedure {core!r} in the catalogue.",
            why=f"It has {len(self)} procedures.",
            fix=hint,
        )


class _Index:
    """Files by code and by name of template, and what is wrong with them together."""

    __slots__ = ("findings", "procedures", "strays", "templates")

    def __init__(self) -> None:
        self.procedures: dict[str, Source] = {}
        self.templates: dict[str, Source] = {source.stem: source for source in shipped("templates")}
        #: files that cannot be filed under a code
        self.strays: list[Source] = []
        self.findings: list[Finding] = []

    def add(self, source: Source) -> None:
        """File a source under its code, or under its name if it is a template."""
        named = _NAMED.fullmatch(source.stem)
        if named is not None:
            self._add_procedure(named[1], source)
            return
        try:
            data = source.read().data
        except DefinitionError as error:
            self.findings += error.findings
            return
        keys = data if isinstance(data, dict) else {}
        if _is_template(keys):
            self._add_template(str(keys["template"]), source)
        else:
            self._add_procedure(core_code(str(keys.get("code"))), source)

    def _add_procedure(self, code: str | None, source: Source) -> None:
        if code is None:
            self.strays.append(source)
        elif code in self.procedures:
            self.strays.append(source)
            self.findings.append(
                _twice(
                    "duplicate-code",
                    source,
                    f'The procedure "{code}" is already in the file {self.procedures[code].file}.',
                    "Keep one of the two files; a change of law is a further revision in it.",
                )
            )
        else:
            self.procedures[code] = source

    def _add_template(self, name: str, source: Source) -> None:
        if name in self.templates:
            self.findings.append(
                _twice(
                    "duplicate-template",
                    source,
                    f'The template "{name}" is already in the file {self.templates[name].file}.',
                    "Give this template another name.",
                )
            )
        else:
            self.templates[name] = source


def _twice(code: FindingCode, source: Source, message: str, remedy: str) -> Finding:
    place = Place(file=source.file, line=1)
    return Finding(code=code, place=place, message=message, remedy=remedy)


def _is_template(keys: Iterable[str]) -> bool:
    """Tell from the keys of a file whether it is a template."""
    return "template" in keys and "code" not in keys and "revisions" not in keys


def _other_code(source: Source, named: str, code: str) -> Finding:
    return Finding(
        code="file-name",
        place=Place(file=source.file, line=1),
        message=f'The file is named for the procedure "{named}" and holds "{code}".',
        remedy="Name the file by the code in it.",
    )
