"""The checker: everything that is wrong or doubtful in definition files.

What ``igate check`` prints, and what a test of a host's own procedures can assert to be empty. A
:class:`Checker` remembers what it has found: run again, it reads only the files that have changed
since, and the procedures of a template that has.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from igate.checks import (
    Named,
    Staleness,
    citation_faults,
    duplicate_names,
    legs,
    procedure_faults,
    step_sums,
    template_faults,
    translation_faults,
    way_faults,
)
from igate.checks.examples import example_faults
from igate.checks.readers import read_findings
from igate.errors import DefinitionError, IgateError
from igate.files.exposure import exposed
from igate.files.sources import found_in, listed, must_hold_some, shipped
from igate.procedures.catalog.filing import Filed, file_together, named_code, other_code
from igate.procedures.reading.procedure_file import read_procedure
from igate.procedures.reading.templates import Templates
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from igate.errors import Finding
    from igate.files.fault import Fault
    from igate.files.kinds import Kind
    from igate.files.sources import Source
    from igate.files.yaml import YamlFile
    from igate.procedures.procedure import Procedure

__all__ = ["Checker", "check_paths"]

#: What shows that a file has changed: time of the change and size, or the contents themselves.
Signature = tuple[int, int] | bytes


def check_paths(
    paths: Iterable[str | os.PathLike[str]],
    *,
    stale: int | None = None,
    today: date | None = None,
) -> tuple[Finding, ...]:
    """Check definition files and folders of them, each file as what it is by its keys.

    That is a procedure, a template, clock rules, a layer of the calendar, the mapping of a portal,
    a column map or the map of an event log. Files given together are one catalogue: a procedure
    may use a template among them, and two procedures may not have the same code. Of the other
    kinds each file is read by itself, a layer above the calendar of the country.

    Args:
        paths: Files and folders.
        stale: Warn about files that were last compared with the law more than this many days
            before ``today``, and about instruments that have lapsed since; not looked for when
            absent.
        today: The day that ``stale`` is counted from.

    Returns:
        All findings in order of file, line and column: errors, warnings and notes.

    Raises:
        IgateError: A path does not exist or leads to no definition file, a file cannot be opened,
            or ``stale`` is given without ``today``.
    """
    paths = listed(paths)
    must_hold_some(*paths)
    return Checker(paths, stale=stale, today=today).check()


@dataclass(slots=True, kw_only=True)
class _Record:
    """What is known of a file."""

    signature: Signature
    #: ``None`` where the text is not YAML
    read: YamlFile | None
    unreadable: tuple[Finding, ...] = ()
    #: ``None`` until the file has been checked
    findings: tuple[Finding, ...] | None = None
    #: set if it is a procedure without errors
    named: Named | None = None
    #: procedures that it names as legs, with what is wrong if there is no such procedure
    legs: tuple[tuple[str, Finding], ...] = ()


class Checker:
    """Checks the same files again and again, and reads what has changed."""

    def __init__(
        self,
        paths: Iterable[str | os.PathLike[str]],
        *,
        stale: int | None = None,
        today: date | None = None,
    ) -> None:
        """Take the paths; nothing is read yet.

        Args:
            paths: As in :func:`check_paths`.
            stale: The same.
            today: The same.

        Raises:
            IgateError: ``stale`` is given without ``today``.
        """
        if stale is not None and today is None:
            raise IgateError(
                say("Whether a file is stale depends on today, which was not given."),
                fix=say("Pass today=date(…) with stale=…."),
            )
        self._paths = listed(paths)
        self._staleness = None
        if stale is not None and today is not None:
            self._staleness = Staleness(days=stale, today=today)
        self._shipped = {source.stem: source for source in shipped("templates")}
        self._records: dict[str, _Record] = {}
        self._filed = Filed()
        self._exposed: tuple[Finding, ...] = ()
        self._known: dict[str, Signature] = {}
        self._templates = Templates(self._shipped)

    def check(self) -> tuple[Finding, ...]:
        """Return all findings as the files are now, in order of file, line and column.

        Raises:
            IgateError: A path does not exist, or a file cannot be opened.
        """
        filed = self._renewed()
        self._renew_templates(filed)
        found = [*self._exposed, *filed.findings]
        for record in self._records.values():
            found += record.unreadable
        for name, source in filed.templates.items():
            found += self._of_template(name, self._records[source.file])
        for source in filed.procedures:
            found += self._of_procedure(source, self._records[source.file])
        for kind, source in filed.others:
            found += self._of_other(kind, source)
        found += duplicate_names(
            record.named for record in self._records.values() if record.named is not None
        )
        found += self._unknown_legs(filed)
        return tuple(sorted(found, key=_order))

    def _unknown_legs(self, filed: Filed) -> Iterator[Finding]:
        """Find legs of interlinked procedures that are neither among the files nor shipped."""
        named = [leg for record in self._records.values() for leg in record.legs]
        if named:
            known = filed.by_code.keys() | {named_code(each) for each in shipped("procedures")}
            yield from (found for code, found in named if code not in known)

    def _renewed(self) -> Filed:
        """Read what has changed, and say which file is what."""
        sources = {source.file: source for source in found_in(*self._paths)}
        self._exposed = exposed(self._paths, sources.values())
        records = {file: self._record(source) for file, source in sources.items()}
        if records.keys() != self._records.keys() or any(
            record is not self._records[file] and named_code(sources[file]) is None
            for file, record in records.items()
        ):
            self._filed = file_together(
                sources.values(), self._shipped, read=lambda source: records[source.file].read
            )
        self._records = records
        return self._filed

    def _record(self, source: Source) -> _Record:
        """Return what is known of a file, read again if it has changed."""
        signature = _signature(source)
        known = self._records.get(source.file)
        if known is not None and known.signature == signature:
            return known
        try:
            return _Record(signature=signature, read=source.read())
        except DefinitionError as error:
            return _Record(signature=signature, read=None, unreadable=error.findings)

    def _renew_templates(self, filed: Filed) -> None:
        """Forget what was said about the procedures of templates that have changed."""
        now = {name: self._records[s.file].signature for name, s in filed.templates.items()}
        if now == self._known:
            return
        changed = {name for name in now | self._known if now.get(name) != self._known.get(name)}
        changed |= {
            name
            for name, source in filed.templates.items()
            if _keys(self._records[source.file].read).get("extends") in changed
        }
        self._known = now
        self._templates = Templates({**self._shipped, **filed.templates})
        for record in self._records.values():
            if _templates_named(record.read) & changed:
                record.findings = record.named = None
                record.legs = ()

    def _of_template(self, name: str, record: _Record) -> tuple[Finding, ...]:
        if record.findings is None and record.read is not None:
            found = list(self._templates.findings(name))
            template = self._templates.get(name)
            if template is not None:
                extends = _keys(record.read).get("extends")
                parent = self._templates.get(extends) if isinstance(extends, str) else None
                faults = [*template_faults(record.read, template, parent)]
                faults += translation_faults(record.read)
                found += [fault.placed(record.read) for fault in faults]
            record.findings = tuple(found)
        return record.findings or ()

    def _of_other(self, kind: Kind, source: Source) -> tuple[Finding, ...]:
        record = self._records[source.file]
        if record.findings is None:
            record.findings = read_findings(kind, source)
        return record.findings

    def _of_procedure(self, source: Source, record: _Record) -> tuple[Finding, ...]:
        read = record.read
        if record.findings is None and read is not None:
            procedure, found = read_procedure(read, self._templates)
            if procedure is not None:
                other = other_code(source, procedure.code)
                if other is not None:
                    found.append(other)
                else:
                    found += [fault.placed(read) for fault in self._faults(read, procedure)]
                    record.named = Named.of(read, procedure)
                    record.legs = tuple([(code, f.placed(read)) for code, f in legs(procedure)])
            record.findings = tuple(found)
        return record.findings or ()

    def _faults(self, read: YamlFile, procedure: Procedure) -> Iterator[Fault]:
        yield from procedure_faults(procedure)
        yield from step_sums(procedure)
        yield from way_faults(read, procedure)
        yield from translation_faults(read)
        yield from citation_faults(read, procedure, self._staleness)
        if self._staleness is not None:
            yield from self._staleness.check_faults(procedure)
        yield from example_faults(read, procedure)


def _order(found: Finding) -> tuple[str, int, int]:
    return found.place.file, found.place.line, found.place.column


def _signature(source: Source) -> Signature:
    if not isinstance(source.entry, str):
        return source.content()
    try:
        stat = os.stat(source.entry)  # noqa: PTH116 - a thousand times at once
    except OSError as error:
        raise IgateError(
            say("The file cannot be read: {strerror}.", strerror=error.strerror), where=source.file
        ) from error
    return stat.st_mtime_ns, stat.st_size


def _keys(read: YamlFile | None) -> Mapping[str, object]:
    return read.data if read is not None and isinstance(read.data, dict) else {}


def _templates_named(read: YamlFile | None) -> set[str]:
    """Return the names of the templates that a file uses, or is or extends."""
    keys = _keys(read)
    revisions = keys.get("revisions")
    entries = [keys, *(revisions if isinstance(revisions, list) else [])]
    return {
        str(entry[key])
        for entry in entries
        if isinstance(entry, dict)
        for key in ("template", "extends")
        if key in entry
    }
