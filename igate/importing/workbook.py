"""Tables in XLSX files.

XLSX is read with openpyxl (the extra ``import``), a table a sheet, row by row. A formula counts
with the value that the spreadsheet program saved. A merged range is in its first cell; the cells
below it are marked as merged with it.

openpyxl gets a copy that holds only the parts whose XML has been gone through: pictures, charts and
macros are left out unread, and where cells and merged ranges are is known before a row is built.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Final

from igate.errors import IgateError
from igate.importing.bounds import MOST_CELLS, MOST_ROWS, WIDEST, Allowance, exceeded
from igate.importing.package import Package
from igate.importing.tables import Cell, Row, Table, cell_of
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["tables_in_workbook"]

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
_CELL: Final = re.compile(r"\$?(?P<letters>[A-Za-z]{1,3})\$?(?P<row>[1-9]\d{0,6})")
_RANGE: Final = re.compile(rf"{_CELL.pattern}:{_CELL.pattern.replace('?P<', '?P<last_')}")
_XML_NAME: Final = re.compile(r".*\.(?:xml|rels)", re.IGNORECASE)


def tables_in_workbook(content: bytes, file: str) -> tuple[Table, ...]:
    """Read the sheets of a workbook.

    Raises:
        IgateError: openpyxl is not installed, or the file is not a workbook, or holds more than
            any decision.
    """
    try:
        import openpyxl  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise IgateError(
            say("Reading XLSX needs openpyxl."),
            where=file,
            fix=say('Run pip install "igate[import]".'),
        ) from error

    def refuse(why: str) -> IgateError:
        return IgateError(
            say("The file is not an XLSX workbook: {why}.", why=why),
            where=file,
            fix=say("Open it without a password and save it as XLSX, or export the sheet as CSV."),
        )

    parts, layouts = _looked_through(Package(content, refuse), file)
    allowance = Allowance(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which are not read
            book = openpyxl.load_workbook(_archive_of(parts), read_only=True, data_only=True)
            return tuple(
                _table(sheet, layouts.get(sheet._worksheet_path), allowance, file)  # noqa: SLF001 - openpyxl has no other way from a sheet to its part
                for sheet in book.worksheets
            )
    except IgateError:
        raise
    except Exception as error:  # openpyxl passes on whatever a damaged part makes it raise
        raise refuse(
            say(
                "openpyxl cannot read it ({name}: {first})",
                name=type(error).__name__,
                first=_first(error),
            )
        ) from error


def _first(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "")


@dataclass(slots=True, kw_only=True)
class _Layout:
    """Where a sheet has cells and merged ranges, found while its XML is gone through."""

    file: str
    row: int = 0
    column: int = 0
    #: by row and column, the cells that a merged range covers, but for its first: whether one is
    #: below the first
    covered: dict[int, dict[int, bool]] = field(default_factory=dict)
    merged: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take note of an element."""
        if tag == f"{_MAIN}row":
            self._to_row(attributes.get("r"))
        elif tag == f"{_MAIN}c":
            self._to_column(attributes.get("r"))
        elif tag == f"{_MAIN}mergeCell":
            self._merge(attributes.get("ref", ""))

    def _to_row(self, written: str | None) -> None:
        row = self.row + 1 if written is None else _whole(written)
        if row is None or row > MOST_ROWS:
            raise exceeded(MOST_ROWS, "rows", f"{self.file}:{(written or str(row))[:20]}")
        if row <= self.row:
            raise self._disordered(say("row {row}", row=row))
        self.row, self.column = row, 0

    def _to_column(self, written: str | None) -> None:
        column = self.column + 1
        if written is not None:
            match = _CELL.fullmatch(written)
            if match is None or int(match["row"]) != self.row:
                raise self._disordered(say("cell {written}", written=written[:20]))
            column = _number(match["letters"])
        if column > WIDEST:
            raise exceeded(WIDEST, "columns", f"{self.file}:{self.row}")
        if column <= self.column:
            raise self._disordered(say("cell {written}", written=written))
        self.column = column

    def _disordered(self, what: str) -> IgateError:
        return IgateError(
            say("The sheet is out of order at {what}.", what=what),
            where=self.file,
            why=say("Rows and cells stand in their order, each once; others would be lost."),
            fix=say("Open it in a spreadsheet program and save it again, or export it as CSV."),
        )

    def _merge(self, ref: str) -> None:
        match = _RANGE.fullmatch(ref)
        if match is None:
            return  # one cell
        left, right = _number(match["letters"]), _number(match["last_letters"])
        top, bottom = int(match["row"]), int(match["last_row"])
        self.merged += max(right - left + 1, 0) * max(bottom - top + 1, 0)
        if self.merged > MOST_CELLS:
            raise exceeded(
                MOST_CELLS, say("cells in merged ranges such as {ref}", ref=ref), self.file
            )
        for row in range(top, bottom + 1):
            of_row = self.covered.setdefault(row, {})
            of_row |= {at: row > top and at == left for at in range(left, right + 1)}
        self.covered.get(top, {}).pop(left, None)


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,6}", text) else None


def _number(letters: str) -> int:
    """Return the number of a column.

    >>> _number("A"), _number("Z"), _number("AA"), _number("XFD")
    (1, 26, 27, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _looked_through(package: Package, file: str) -> tuple[dict[str, bytes], dict[str, _Layout]]:
    """Return the XML parts of a workbook, and the layout of each."""
    parts: dict[str, bytes] = {}
    layouts: dict[str, _Layout] = {}
    for name in package.names:
        if _XML_NAME.fullmatch(name):
            layouts[name] = _Layout(file=f"{file} [{name}]")
            parts[name] = package.xml(name, layouts[name].start)
    return parts, layouts


def _archive_of(parts: Mapping[str, bytes]) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target


def _table(sheet: Any, layout: _Layout | None, allowance: Allowance, file: str) -> Table:  # noqa: ANN401 - openpyxl publishes no types
    covered = layout.covered if layout is not None else {}
    sheet.reset_dimensions()  # what a file says of its size may be wrong, and rows would be lost
    rows = tuple(_rows(sheet, covered, allowance))
    return Table(file=f"{file} [{sheet.title}]", titles=(), rows=rows)


def _rows(
    sheet: Any,  # noqa: ANN401 - the same
    covered: Mapping[int, Mapping[int, bool]],
    allowance: Allowance,
) -> Iterator[Row]:
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        merged = covered.get(number, {})
        width = max(len(values), *merged, 0)
        allowance.row(number, width)
        texts = chain(map(_text, values), repeat("", width - len(values)))
        cells = (
            Cell(above=merged[column])
            if column in merged
            else cell_of(allowance.cell(number, text))
            for column, text in enumerate(texts, start=1)
        )
        yield Row(number=number, cells=tuple(cells))


def _text(value: object) -> str:
    """Write the value of a cell as a person sees it: a whole number without its point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
