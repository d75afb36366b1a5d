"""Files that are checked together: which is a template, which a procedure, and which stands twice.

A file is a procedure if its name begins with a code, or if it has no template's keys. Files given
together are one catalogue, in which a code and the name of a template stand for one file each.

Procedures that cannot be told apart by their names.

Two codes with one name at the same level of administration: whoever looks for the procedure at the
counter does not know which is meant, and one of the names is often a slip of the source.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from igate.checks.fault import Fault
from igate.errors import Finding, Place
from igate.files.findings import finding
from igate.procedures.catalog.catalog import core_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from igate.files.findings import FindingCode
    from igate.files.sources import Source
    from igate.files.yaml import YamlFile
    from igate.procedures.procedure import Procedure

__all__ = ["Filed", "Named", "duplicate_names", "file_together", "named_code"]


_NAMED = re.compile(r"(\d\.\d{6})(?:-[a-z0-9-]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """Files by what they are."""

    #: all procedure files, those without a code and those that stand twice included
    procedures: list[Source] = field(default_factory=list)
    #: procedure files by code
    by_code: dict[str, Source] = field(default_factory=dict)
    #: template files by name
    templates: dict[str, Source] = field(default_factory=dict)
    #: codes and names that stand twice
    findings: list[Finding] = field(default_factory=list)


def file_together(
    sources: Iterable[tuple[Source, YamlFile | None]], shipped: Mapping[str, Source]
) -> Filed:
    """Sort files into templates and procedures.

    Args:
        sources: The files, in order, with what was read; ``None`` where a file is not YAML.
        shipped: The templates that come with the library, by name: a file that is not one of them
            must not have the name of one.
    """
    filed = Filed()
    for source, read in sources:
        named = named_code(source)
        keys = read.data if read is not None and isinstance(read.data, dict) else {}
        if named is None and "template" in keys and not {"code", "revisions"} & keys.keys():
            _file_template(filed, str(keys["template"]), source, shipped)
        elif named is not None or read is not None:
            _file_procedure(filed, source, named or core_code(str(keys.get("code"))))
    return filed


def named_code(source: Source) -> str | None:
    """Return the code that a file is named by, if any."""
    match = _NAMED.fullmatch(source.stem)
    return match[1] if match else None


def _file_template(filed: Filed, name: str, source: Source, shipped: Mapping[str, Source]) -> None:
    other = filed.templates.get(name) or shipped.get(name)
    if other is not None and not _is_same(other, source):
        message = f'The template "{name}" is already in the file {other.file}.'
        remedy = "Give this template another name."
        filed.findings.append(_twice("duplicate-template", source, message, remedy))
    else:
        filed.templates[name] = source


def _is_same(one: Source, other: Source) -> bool:
    """Return whether two sources are one file, however its path is written."""
    if isinstance(one.entry, str) and isinstance(other.entry, str):
        return os.path.realpath(one.entry) == os.path.realpath(other.entry)
    return one.entry == other.entry


def _file_procedure(filed: Filed, source: Source, code: str | None) -> None:
    filed.procedures.append(source)
    if code is None:
        return
    other = filed.by_code.setdefault(code, source)
    if other is not source:
        message = f'The procedure "{code}" is already in the file {other.file}.'
        remedy = "Keep one of the two files; a change of law is a further revision in it."
        filed.findings.append(_twice("duplicate-code", source, message, remedy))


def _twice(code: FindingCode, source: Source, message: str, remedy: str) -> Finding:
    return finding(code, Place(file=source.file, line=1), message, remedy)


class Named(NamedTuple):
    """A procedure without errors: its file, its code, and what its name is compared by."""

    read: YamlFile
    code: str
    key: tuple[str, ...]

    @classmethod
    def of(cls, read: YamlFile, procedure: Procedure) -> Named:
        """Take the name without capital letters and doubled blanks, and the levels."""
        spelled = " ".join(procedure.name.vi.casefold().split())
        return cls(read, procedure.code, (spelled, *sorted(procedure.level)))


def duplicate_names(files: Iterable[Named]) -> Iterator[Finding]:
    """Find procedures whose name an earlier file has, for the same levels."""
    first: dict[tuple[str, ...], Named] = {}
    for each in files:
        other = first.setdefault(each.key, each)
        if other.code != each.code:
            yield Fault(
                "duplicate-name",
                ("name", "vi"),
                f"The procedure {other.code} has the same name at the same level "
                f"({other.read.file}).",
                "Compare both with the decision; if it names them so, leave it.",
            ).placed(each.read)
