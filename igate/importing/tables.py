"""Tables as they are written in a file: cells, rows, and the lines of text above them.

Every reader of a format gives the same values, so what a table means is decided in one place. Text
is composed (NFC) and runs of blanks are one; line breaks inside a cell are kept, because a cell may
list several actors and their times, a line each.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from igate.errors import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from igate.importing.faults import ImportFault

__all__ = ["Cell", "Row", "Stated", "Table", "cell_of", "cleaned", "is_total", "joined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table."""

    #: lines separated by a line feed; empty where there is nothing
    text: str = ""
    #: merged with the cell above it
    above: bool = False

    @property
    def line(self) -> str:
        """The text in one line."""
        return self.text.replace("\n", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table."""

    #: line of the file or row of the table, from 1
    number: int
    cells: tuple[Cell, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The cells that are not empty, each in one line."""
        return tuple(cell.line for cell in self.cells if cell.text)

    @property
    def is_single(self) -> bool:
        """Whether nothing but the first cell is filled: a title or a heading."""
        return bool(self.cells) and bool(self.cells[0].text) and len(self.texts) == 1

    def cell(self, column: int | None) -> Cell:
        """Return the cell of a column; an empty one where the row has none."""
        if column is None or column >= len(self.cells):
            return Cell()
        return self.cells[column]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a record says outside its table."""

    code: str = ""
    #: number of the decision, e.g. "2022/QĐ-UBND"
    decision: str = ""
    #: its day as printed
    day: str = ""
    #: e.g. "Tỉnh Cao Bằng"
    province: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table and the text above it."""

    #: the file, with the name of the sheet or the number of the table where there are several
    file: str
    #: lines of text since the table before
    titles: tuple[str, ...]
    rows: tuple[Row, ...]
    stated: Stated = Stated()
    #: whether decision and field may be those of a table before it in the file
    continues: bool = True
    #: what the reader of the format had to assume
    faults: tuple[ImportFault, ...] = ()

    def place(self, row: Row, column: int | None = None) -> Place:
        """Return the place of a row or of a cell in it, columns counted from 1."""
        return Place(file=self.file, line=row.number, column=(column or 0) + 1)


def cleaned(text: str) -> str:
    r"""Compose a text, drop what cannot be printed and make runs of blanks one.

    >>> cleaned(" Bước  1 \r\n\n Tiếp nhận ")
    'Bước 1\nTiếp nhận'
    """
    plain = unicodedata.normalize("NFC", text.replace("\xa0", " ").replace("\v", "\n"))
    kept = "".join(char for char in plain if char.isprintable() or char.isspace())
    lines = (re.sub(r"\s+", " ", line).strip() for line in kept.splitlines())
    return "\n".join(line for line in lines if line)


def cell_of(text: str | None, *, above: bool = False) -> Cell:
    """Make a cell of a text."""
    return Cell(text=cleaned(text or ""), above=above)


def is_total(text: str) -> bool:
    """Return whether a text begins the line that gives the time of all steps together.

    >>> is_total("Tổng thời gian giải quyết 03 ngày làm việc"), is_total("Tổng hợp hồ sơ")
    (True, False)
    """
    return re.match(r"[-+\s]*tổng (?:số )?(?:cộng|thời (?:gian|hạn))\b", text.lower()) is not None


def joined(blocks: Iterable[str | Table]) -> tuple[Table, ...]:
    """Return the tables of a document, each with the lines of text above it.

    A line with the total that follows a table without one belongs to that table.

    Args:
        blocks: Lines of text and tables, in the order of the document.
    """
    tables: list[Table] = []
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Table):
            tables.append(replace(block, titles=tuple(lines)))
            lines = []
        elif block and not lines and tables and is_total(block) and not _has_total(tables[-1]):
            last = tables[-1]
            row = Row(number=last.rows[-1].number if last.rows else 1, cells=(Cell(text=block),))
            tables[-1] = replace(last, rows=(*last.rows, row))
        elif block:
            lines.append(block)
    return tuple(tables)


def _has_total(table: Table) -> bool:
    return any(is_total(text) for row in table.rows for text in row.texts)
