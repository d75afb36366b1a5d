"""Definition files sorted into procedures, by code, templates, by name, and others.

Which kind of file it is, its keys say (:mod:`igate.files.kinds`).
Where its name begins with a code (``1.001806-some-slug.yaml``), the name says so and the file need
not be opened. Files given together are one catalogue, in which a code and the name of a template
belong to one file each. Codes may be written as decisions print them, with the suffix of an agency
(``1.001806.H15``).
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from igate.errors import Finding, Place
from igate.files.findings import finding
from igate.files.kinds import kind_of, unclear
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from igate.files.findings import FindingCode
    from igate.files.kinds import Kind
    from igate.files.sources import Source
    from igate.files.yaml import YamlFile

__all__ = ["Filed", "core_code", "file_together", "named_code", "other_code"]

_WRITTEN = re.compile(r"(\d\.\d{6})(?:\.000\.00\.00)?(?:\.H\d+)?")
_NAMED = re.compile(r"(\d\.\d{6})(?:-[a-z0-9-]+)?")


def core_code(code: object) -> str | None:
    """Return the eight characters of a code without its suffix, or ``None`` where it is no code.

    >>> core_code("1.001806.000.00.00.H15")
    '1.001806'
    """
    match = _WRITTEN.fullmatch(code.strip()) if isinstance(code, str) else None
    return match[1] if match else None


def named_code(source: Source) -> str | None:
    """Return the code that a file is named by, if any."""
    match = _NAMED.fullmatch(source.stem)
    return match[1] if match else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """Files by what they are."""

    #: procedure files by code; of two with one code, the first
    by_code: dict[str, Source] = field(default_factory=dict)
    #: procedure files without a code, and further ones with a code that is filed already
    strays: list[Source] = field(default_factory=list)
    #: template files by name
    templates: dict[str, Source] = field(default_factory=dict)
    #: files that are read elsewhere, such as layers of the calendar, with their kind
    others: list[tuple[Kind, Source]] = field(default_factory=list)
    #: codes and names that two files have, and files of no known kind
    findings: list[Finding] = field(default_factory=list)

    @property
    def procedures(self) -> list[Source]:
        """All procedure files: those by code, then the strays."""
        return [*self.by_code.values(), *self.strays]


def file_together(
    sources: Iterable[Source],
    shipped: Mapping[str, Source],
    *,
    read: Callable[[Source], YamlFile | None],
) -> Filed:
    """Sort files into templates, procedures and others.

    Args:
        sources: The files, each once.
        shipped: The templates that come with the library, by name: a file that is not one of them
            must not have the name of one.
        read: Read a file; called for those only whose names do not say what is in them. A file for
            which it returns ``None`` is left out.
    """
    filed = Filed()
    for source in sources:
        code = named_code(source)
        if code is None:
            text = read(source)
            if text is None:
                continue
            # what is no mapping is read as a procedure, which says so
            keys = text.data if isinstance(text.data, dict) else {"code": None}
            kind = kind_of(keys)
            if kind != "procedure":
                _file_other(filed, kind, source, keys, shipped)
                continue
            code = core_code(str(keys.get("code")))
        _file_procedure(filed, source, code)
    return filed


def _file_other(
    filed: Filed,
    kind: Kind | None,
    source: Source,
    keys: Mapping[str, object],
    shipped: Mapping[str, Source],
) -> None:
    if kind == "template":
        _file_template(filed, str(keys.get("template", source.stem)), source, shipped)
    elif kind is None:
        filed.findings.append(unclear(source.file, keys))
    else:
        filed.others.append((kind, source))


def _file_template(filed: Filed, name: str, source: Source, shipped: Mapping[str, Source]) -> None:
    other = filed.templates.get(name) or shipped.get(name)
    if other is not None and not _is_same(other, source):
        message = say(
            'The template "{name}" is already in the file {file}.', name=name, file=other.file
        )
        remedy = say("Give this template another name.")
        filed.findings.append(_twice("duplicate-template", source, message, remedy))
    else:
        filed.templates[name] = source


def _is_same(one: Source, other: Source) -> bool:
    """Return whether two sources are one file, however its path is written."""
    if isinstance(one.entry, str) and isinstance(other.entry, str):
        return os.path.realpath(one.entry) == os.path.realpath(other.entry)
    return one.entry == other.entry


def _file_procedure(filed: Filed, source: Source, code: str | None) -> None:
    other = None if code is None else filed.by_code.setdefault(code, source)
    if other is source:
        return
    filed.strays.append(source)
    if other is not None:
        message = say(
            'The procedure "{code}" is already in the file {file}.', code=code, file=other.file
        )
        remedy = say("Keep one of the two files; a change of law is a further revision in it.")
        filed.findings.append(_twice("duplicate-code", source, message, remedy))


def _twice(code: FindingCode, source: Source, message: str, remedy: str) -> Finding:
    return finding(code, Place(file=source.file, line=1), message, remedy)


def other_code(source: Source, code: str) -> Finding | None:
    """Return the finding of a file that is named for another procedure than the one in it."""
    named = named_code(source)
    if named is None or named == code:
        return None
    place = Place(file=source.file, line=1)
    message = say(
        'The file is named for the procedure "{named}" and holds "{code}".', named=named, code=code
    )
    return finding("file-name", place, message, say("Name the file by the code in it."))
