"""The catalogue: all procedures that a host knows, by national code.

Making a catalogue only lists files; a file is read and checked when it is first asked for. A
procedure's file is named by its code (``1.001806-some-slug.yaml``), so the name finds it; a file
of another name is opened at once to see what it holds. Codes may be asked for as decisions print
them, with the suffix of an agency (``1.001806.H15``).

What the procedures are called, and where they belong, is listed
(:mod:`igate.procedures.catalog.listing`) and searched (:mod:`igate.procedures.catalog.search`)
without opening a file of the shipped catalogue.
"""

from __future__ import annotations

import difflib
import logging
from pathlib import PurePath
from typing import TYPE_CHECKING

from igate.errors import DefinitionError, Place, ProcedureNotFound
from igate.files.exposure import exposed
from igate.files.findings import finding
from igate.files.kinds import kind_name
from igate.files.sources import found_in, shipped, shipped_text
from igate.procedures.catalog.filing import core_code, file_together, other_code
from igate.procedures.catalog.listing import listing_of, read_index
from igate.procedures.catalog.search import Search, Wanted
from igate.procedures.reading.templates import Templates
from igate.words.sentence import say, together

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator
    from datetime import date

    from igate.errors import Finding
    from igate.files.kinds import Kind
    from igate.files.sources import Source
    from igate.files.yaml import YamlFile
    from igate.procedures.catalog.listing import Listing
    from igate.procedures.procedure import Procedure, Revision

__all__ = ["Catalog"]

_LOG = logging.getLogger("igate.catalog")


class Catalog:
    """Procedures by code; a file is read on first use."""

    __slots__ = (
        "_found",
        "_index",
        "_listed",
        "_listings",
        "_others",
        "_procedures",
        "_search",
        "_strays",
        "_templates",
    )

    def __init__(self, sources: Iterable[Source], *, index: str | None = None) -> None:
        """List files, whatever is wrong with them; :meth:`load` refuses what is wrong.

        Args:
            sources: The files.
            index: The text of an index of just these files; without one they are listed by
                reading them all.
        """
        unreadable: list[Finding] = []
        templates = {source.stem: source for source in shipped("templates")}
        filed = file_together(sources, templates, read=lambda each: _text(each, unreadable))
        self._listed = (*unreadable, *filed.findings)
        self._strays = tuple(filed.strays)
        self._others = tuple(filed.others)
        self._procedures = filed.by_code
        self._templates = Templates(templates | filed.templates)
        self._found: dict[str, Procedure] = {}
        self._index = index
        self._listings: tuple[Listing, ...] | None = None
        self._search: Search | None = None

    @classmethod
    def shipped(cls) -> Catalog:
        """Return the catalogue of the procedures that come with the library.

        They are listed and searched from an index; a file is read when its procedure is asked for.

        >>> len(Catalog.shipped().listings())
        1569
        """
        return cls(shipped("procedures"), index=shipped_text("procedures/index.json"))

    @classmethod
    def load(cls, *paths: str | os.PathLike[str]) -> Catalog:
        """Return the procedures in files and folders of the host.

        The templates that come with the library can be used, and further ones among the files. In a
        folder, what is read elsewhere (a layer of the calendar, a map) is left out. What others
        than the owner may change is said in the log ("igate.catalog"), and read.

        Args:
            paths: Files and folders.

        Raises:
            IgateError: A path does not exist.
            DefinitionError: Two files have the same code or are templates of the same name, a file
                is of no known kind, or one that is named is neither a procedure nor a template.
        """
        sources = [*found_in(*paths)]
        for each in exposed(paths, sources):
            _LOG.warning("%s", each)
        catalog = cls(sources)
        named = {str(path) for path in paths}
        others = [_other(kind, each) for kind, each in catalog._others if each.file in named]
        wrong = [*catalog._listed, *others, *catalog._errors_of_strays()]
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
        """Return a procedure.

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
        return self._read(core)

    def procedures(self) -> tuple[Procedure, ...]:
        """Return all procedures, in the order of the catalogue.

        Raises:
            DefinitionError: A file has errors; all those of the first such file are listed.
        """
        return tuple([self._read(core) for core in self._procedures])

    def listings(self) -> tuple[Listing, ...]:
        """Return every procedure at a glance, in the order of the codes.

        Raises:
            DefinitionError: A file had to be read for it, and has errors.
        """
        if self._listings is None:
            if self._index is not None:
                found = read_index(self._index)
            else:
                found = tuple(listing_of(procedure) for procedure in self.procedures())
            self._listings = tuple(sorted(found, key=lambda each: each.code))
        return self._listings

    def search(
        self,
        text: str,
        *,
        field: str | None = None,
        agency: str | None = None,
        level: str | None = None,
        limit: int | None = 20,
    ) -> tuple[Listing, ...]:
        """Find procedures by code or by words, best first.

        Words are found with and without their diacritics, and by their beginning;
        :mod:`igate.procedures.catalog.search` says in which order.

        Args:
            text: A code or the beginning of one, or words of the name; empty for all.
            field: Identifier of a field, or words of its name.
            agency: Words of the name of an agency.
            level: Level of online service ("4", "full") or of administration ("tỉnh").
            limit: At most so many; ``None`` for all.

        >>> [each.code for each in Catalog.shipped().search("dang ky khai sinh", limit=1)]
        ['1.001193']
        """
        wanted = Wanted(text=text, field=field, agency=agency, level=level)
        if self._search is None:
            self._search = Search(self.listings())
        return self._search.find(wanted, limit=limit)

    def in_force(self, code: str, *, on: date) -> Revision:
        """Return the revision of a procedure that is in force on a day.

        Args:
            code: The national code; the suffix of an agency is left aside.
            on: The day.

        Raises:
            ProcedureNotFound: There is no such procedure, or it is not in force on the day.
            DefinitionError: Its file has errors.
        """
        return self.procedure(code).in_force(on)

    def errors(self) -> tuple[Finding, ...]:
        """Read every file and give what keeps some of them from being loaded.

        :func:`igate.check_paths` says more: warnings, notes, and whether the examples come out.
        """
        found = [*self._listed, *self._errors_of_strays()]
        for name in self._templates.names:
            found += self._templates.findings(name)
        for source in self._procedures.values():
            found += self._open(source)[1]
        return tuple(found)

    def _errors_of_strays(self) -> Iterator[Finding]:
        for source in self._strays:
            yield from self._open(source)[1]

    def _read(self, core: str) -> Procedure:
        """Return the procedure of a file, which is read and checked once.

        Raises:
            DefinitionError: The file has errors; all of them are listed.
        """
        if core not in self._found:
            source = self._procedures[core]
            procedure, findings = self._made(source, source.read())
            if procedure is None:
                raise DefinitionError(findings)
            self._found[core] = procedure
        return self._found[core]

    def _open(self, source: Source) -> tuple[Procedure | None, tuple[Finding, ...]]:
        try:
            return self._made(source, source.read())
        except DefinitionError as error:
            return None, error.findings

    def _made(self, source: Source, read: YamlFile) -> tuple[Procedure | None, tuple[Finding, ...]]:
        from igate.procedures.reading.procedure_file import read_procedure  # noqa: PLC0415 - pydantic, only to read

        procedure, found = read_procedure(read, self._templates)
        other = None if procedure is None else other_code(source, procedure.code)
        return (procedure, tuple(found)) if other is None else (None, (*found, other))

    def _not_found(self, code: str, core: str | None) -> ProcedureNotFound:
        if core is None:
            file = str(code).endswith((".yaml", ".yml"))
            return ProcedureNotFound(
                say("{code!r} is not the code of a procedure.", code=code),
                fix=say(
                    "To read a file of yours, give its code, and the file with --files: "
                    "{plain} --files {code}",
                    plain=core_code(PurePath(str(code)).stem.partition("-")[0]) or "CODE",
                    code=code,
                )
                if file
                else say(
                    'A code is written like "1.001806", with or without a suffix like ".H15".'
                ),
            )
        near = difflib.get_close_matches(core, self._procedures, n=3)
        like = say("Codes like it: {near}.", near=", ".join(near)) if near else ""
        hint = together(like, say("A file of yours is read with --files (Catalog.load in Python)."))
        return ProcedureNotFound(
            say("There is no procedure {core!r} in the catalogue.", core=core),
            why=say("Procedures in it: {count}.", count=len(self)),
            fix=hint,
        )


def _other(kind: Kind, source: Source) -> Finding:
    """Return the finding of a file that is named and holds nothing for a catalogue."""
    return finding(
        "file-kind",
        Place(file=source.file, line=1),
        say("This is {kind}, neither a procedure nor a template.", kind=kind_name(kind)),
        say("Name files of procedures and templates here."),
    )


def _text(source: Source, unreadable: list[Finding]) -> YamlFile | None:
    """Read a file; what keeps it from being read goes to the findings."""
    try:
        return source.read()
    except DefinitionError as error:
        unreadable += error.findings
        return None
