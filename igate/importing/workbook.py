"""Tables in XLSX, a sheet each, read with openpyxl (the extra ``import``).

A formula counts with the value that the spreadsheet program saved. A merged range stands in its
first cell; the cells below it are marked as merged with it.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

from igate.errors import IgateError
from igate.importing.tables import Cell, Row, Table, cell_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["tables_in_workbook"]


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
