"""What is in the tables and lists of the page; the template ``page.html`` makes it HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from igate.law.citation import Label

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Cell", "Column", "Phrase", "Table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A text in both languages, or a code, which has no language."""

    label: Label | None = None
    code: str = ""
    #: a sign before it that both languages share
    before: str = ""
    #: it is a number or a date, which is not repeated where both languages are shown
    figure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table, or a value of a list."""

    phrases: tuple[Phrase, ...] = ()
    #: printed small below, e.g. numerator and denominator of a rate
    small: Label | None = None
    #: marks the cell for the style sheet, e.g. ``no``
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: its heading, and how it looks."""

    label: Label
    #: columns of the same group have one heading above theirs; ``None``: no group
    group: Label | None = None
    kind: Literal["text", "number", "rate"] = "number"

    @property
    def alone(self) -> Label:
        """The heading with its group, as a card needs it; the name of a rate needs no group."""
        group = self.group
        if group is None or self.kind == "rate":
            return self.label
        parts = ((group.vi, self.label.vi), (group.en, self.label.en))
        vi, en = (f"{head}: {part.lower()}" if part else "" for head, part in parts)
        return Label(vi=vi, en=en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; the first cell of each row is its heading."""

    caption: Label
    #: the first is the column of row headings
    columns: Sequence[Column]
    #: as many cells in each as there are columns
    rows: Sequence[Sequence[Cell]]
    #: the last row is a total
    total: bool = False
