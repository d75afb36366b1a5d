"""Tables in XLSX and DOCX files.

XLSX is read with openpyxl (the extra ``import``), a table a sheet. A formula counts with the value
that the spreadsheet program saved. A merged range is in its first cell; the cells below it are
marked as merged with it.

DOCX is read with the standard library, with the paragraphs above each table. Cells merged across
take their columns, cells merged downwards are marked as merged with the one above. A cell that
holds nothing but an automatic number gets that number, counted down its column from 1, for Word
does not store it.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from igate.errors import IgateError
from igate.importing.tables import Cell, Row, Table, cell_of, cleaned, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["tables_in_word_file", "tables_in_workbook"]


def tables_in_workbook(content: bytes, file: str) -> tuple[Table, ...]:
    """Read the sheets of a workbook.

    Raises:
        IgateError: openpyxl is not installed, or the file is not a workbook.
    """
    try:
        import openpyxl  # noqa: PLC0415 - an optional extra
        from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - the same
    except ImportError as error:
        raise IgateError(
            "Reading XLSX needs openpyxl.", where=file, fix='Run pip install "igate[import]".'
        ) from error
    try:
        book = openpyxl.load_workbook(BytesIO(content), data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise IgateError(
            f"The file is not an XLSX workbook: {error}.",
            where=file,
            fix="Save it as XLSX, or export the sheet as CSV.",
        ) from error
    return tuple(
        Table(file=f"{file} [{sheet.title}]", titles=(), rows=tuple(_rows(sheet)))
        for sheet in book.worksheets
    )


def _rows(sheet: Any) -> Iterator[Row]:  # noqa: ANN401 - openpyxl publishes no types
    below = {
        (row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row + 1, area.max_row + 1)
    }
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = [
            Cell(above=True) if (number, column) in below else cell_of(_text(value))
            for column, value in enumerate(values, start=1)
        ]
        yield Row(number=number, cells=tuple(cells))


def _text(value: object) -> str:
    """Write the value of a cell as a person sees it: a whole number without its point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS: Final = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": " "}
#: Bytes; the longest decision known has about 10 million.
_LARGEST = 200_000_000


def tables_in_word_file(content: bytes, file: str) -> tuple[Table, ...]:
    """Read the tables of a DOCX file.

    Raises:
        IgateError: The file is not DOCX, or far larger than a decision.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            member = archive.getinfo("word/document.xml")
            if member.file_size > _LARGEST:
                raise _not_word(file, "it is too large")
            text = archive.read(member)
        if b"<!DOCTYPE" in text:
            raise _not_word(file, "it declares a document type")
        body = ET.fromstring(text).find(f"{_W}body")  # noqa: S314 - without DOCTYPE no entities
    except (zipfile.BadZipFile, KeyError, ET.ParseError, OSError) as error:
        raise _not_word(file, str(error)) from error
    if body is None:
        raise _not_word(file, "it has no body")
    numbers = count(1)
    return joined(_blocks(body, file, numbers))


def _not_word(file: str, why: str) -> IgateError:
    return IgateError(
        f"The file is not a DOCX text: {why}.", where=file, fix="Save it from Word as DOCX."
    )


def _blocks(parent: ET.Element, file: str, numbers: Iterator[int]) -> Iterator[str | Table]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield cleaned(_word_text(child))
        elif child.tag == f"{_W}tbl":
            yield Table(file=f"{file} [{next(numbers)}]", titles=(), rows=tuple(_word_rows(child)))
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent"}:
            yield from _blocks(child, file, numbers)


def _word_rows(table: ET.Element) -> Iterator[Row]:
    automatic: dict[int, int] = {}
    for number, row in enumerate(table.findall(f"{_W}tr"), start=1):
        cells: list[Cell] = [Cell() for _ in range(_value(row.find(f"{_W}trPr/{_W}gridBefore"), 0))]
        for cell in row.iter(f"{_W}tc"):
            cells.append(_cell(cell, len(cells), automatic))
            span = _value(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1)
            cells += [Cell() for _ in range(span - 1)]
        yield Row(number=number, cells=tuple(cells))


def _cell(cell: ET.Element, column: int, automatic: dict[int, int]) -> Cell:
    merged = cell.find(f"{_W}tcPr/{_W}vMerge")
    if merged is not None and merged.get(f"{_W}val", "continue") == "continue":
        return Cell(above=True)
    text = "\n".join(_word_text(paragraph) for paragraph in cell.iter(f"{_W}p"))
    if not text.strip() and cell.find(f"{_W}p/{_W}pPr/{_W}numPr") is not None:
        automatic[column] = automatic.get(column, 0) + 1
        return cell_of(str(automatic[column]))
    return cell_of(text)


def _word_text(paragraph: ET.Element) -> str:
    pieces = (
        node.text or "" if node.tag == f"{_W}t" else _BREAKS.get(node.tag, "")
        for node in paragraph.iter()
    )
    return "".join(pieces)


def _value(element: ET.Element | None, otherwise: int) -> int:
    text = element.get(f"{_W}val", "") if element is not None else ""
    return int(text) if text.isdecimal() else otherwise
