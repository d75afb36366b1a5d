"""Procedures that cannot be distinguished by their names.

Two codes with one name at the same level of administration: whoever looks for the procedure at the
counter does not know which is meant, and one of the names is often a slip of the source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from igate.files.fault import Fault
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from igate.errors import Finding
    from igate.files.yaml import YamlFile
    from igate.procedures.procedure import Procedure

__all__ = ["Named", "duplicate_names"]


class Named(NamedTuple):
    """A procedure without errors: its file, its code, and what its name is compared by."""

    read: YamlFile
    code: str
    key: tuple[str, ...]

    @classmethod
    def of(cls, read: YamlFile, procedure: Procedure) -> Named:
        """Take what names are compared by: spelled small, with single blanks, and the levels.

        Args:
            read: The file, for the place of a finding.
            procedure: What it says.
        """
        spelled = " ".join(procedure.name.vi.casefold().split())
        return cls(read, procedure.code, (spelled, *sorted(procedure.level)))


def duplicate_names(files: Iterable[Named]) -> Iterator[Finding]:
    """Find procedures whose name an earlier file has, for the same levels of administration.

    Args:
        files: In the order in which they are read; the first with a name is not found.

    Returns:
        A finding ``duplicate-name`` for each later one of another code, at its Vietnamese name.
    """
    first: dict[tuple[str, ...], Named] = {}
    for each in files:
        other = first.setdefault(each.key, each)
        if other.code != each.code:
            yield Fault(
                "duplicate-name",
                ("name", "vi"),
                say(
                    "The procedure {code} has the same name at the same level ({file}).",
                    code=other.code,
                    file=other.read.file,
                ),
                say("Compare both with the decision; if it names them so, leave it."),
            ).placed(each.read)
