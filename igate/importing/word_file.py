"""Tables in DOCX files.

DOCX is read with the standard library, with the paragraphs above each table. Cells merged across
take their columns, cells merged downwards are marked as merged with the one above. A cell that
holds nothing but an automatic number gets that number, counted down its column from 1, for Word
does not store it. A text box and a table inside a cell are lines of that cell.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from igate.errors import IgateError
from igate.importing.bounds import WIDEST, Allowance, exceeded
from igate.importing.package import Package
from igate.importing.tables import Cell, Row, Table, cell_of, cleaned, joined
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["tables_in_word_file"]

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS: Final = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": " "}
#: Around blocks and cells: a content control.
_CONTROLS: Final = frozenset({f"{_W}sdt", f"{_W}sdtContent"})
_NOTHING: Final = Cell()


def tables_in_word_file(content: bytes, file: str) -> tuple[Table, ...]:
    """Read the tables of a DOCX file.

    Raises:
        IgateError: The file is not DOCX, or holds more than any decision.
    """

    def refuse(why: str) -> IgateError:
        return IgateError(
            say("The file is not a DOCX text: {why}.", why=why),
            where=file,
            fix=say("Open it in Word, without a password, and save it as DOCX."),
        )

    text = Package(content, refuse).xml("word/document.xml")
    # the text was gone through: no document type, so no entities, and not too deep or too long
    body = ET.fromstring(text).find(f"{_W}body")  # noqa: S314 - see the line above
    if body is None:
        raise refuse(say("it has no body"))
    return joined(_Reader(file).blocks(body))


class _Reader:
    """Goes down a document, and takes what it finds from what the file may hold."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._allowance = Allowance(file)
        self._numbers = count(1)

    def blocks(self, parent: ET.Element) -> Iterator[str | Table]:
        """Return paragraphs and tables in the order of the document."""
        for child in parent:
            if child.tag == f"{_W}p":
                yield cleaned(self._allowance.line(_text_in(child)))
            elif child.tag == f"{_W}tbl":
                file = f"{self._file} [{next(self._numbers)}]"
                yield Table(file=file, titles=(), rows=tuple(self._rows(child)))
            elif child.tag in _CONTROLS:
                yield from self.blocks(child)

    def _rows(self, table: ET.Element) -> Iterator[Row]:
        automatic: dict[int, int] = {}
        for number, row in enumerate(table.findall(f"{_W}tr"), start=1):
            cells = [_NOTHING] * self._span(row.find(f"{_W}trPr/{_W}gridBefore"), 0, number)
            for cell in _cells_in(row):
                cells.append(self._cell(cell, len(cells), automatic, number))
                span = self._span(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1, number)
                cells += [_NOTHING] * (span - 1)
            self._allowance.row(number, len(cells))
            yield Row(number=number, cells=tuple(cells))

    def _cell(self, cell: ET.Element, column: int, automatic: dict[int, int], number: int) -> Cell:
        merged = cell.find(f"{_W}tcPr/{_W}vMerge")
        if merged is not None and merged.get(f"{_W}val", "continue") == "continue":
            return Cell(above=True)
        text = self._allowance.cell(number, _text_in(cell))
        if not text.strip() and cell.find(f"{_W}p/{_W}pPr/{_W}numPr") is not None:
            automatic[column] = automatic.get(column, 0) + 1
            return cell_of(str(automatic[column]))
        return cell_of(text)

    def _span(self, element: ET.Element | None, otherwise: int, number: int) -> int:
        """Return how many columns a mark spans; more than a table may have are refused."""
        text = element.get(f"{_W}val", "").strip() if element is not None else ""
        if not text.isdecimal():
            return otherwise
        digits = text.lstrip("0")
        if len(digits) > len(str(WIDEST)) or int(digits or 0) > WIDEST:
            raise exceeded(WIDEST, "columns", f"{self._file}:{number}")
        return int(digits or 0)


def _cells_in(row: ET.Element) -> Iterator[ET.Element]:
    """Return the cells of a row, also those inside content controls."""
    for child in row:
        if child.tag == f"{_W}tc":
            yield child
        elif child.tag in _CONTROLS:
            yield from _cells_in(child)


def _text_in(element: ET.Element) -> str:
    """Return the text of a paragraph, or of all paragraphs of a cell, a line each."""
    pieces: list[str] = []
    for node in element.iter():
        if node.tag == f"{_W}p" and pieces:
            pieces.append("\n")
        elif node.tag == f"{_W}t":
            pieces.append(node.text or "")
        elif node.tag in _BREAKS:
            pieces.append(_BREAKS[node.tag])
    return "".join(pieces)
