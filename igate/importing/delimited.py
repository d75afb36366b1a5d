"""Tables in CSV: separated by comma, semicolon or tab, whichever gives a row of headings."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from igate.errors import IgateError
from igate.importing.headings import recognise
from igate.importing.tables import Row, Table, cell_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["tables_in_csv"]


def tables_in_csv(text: str, file: str) -> tuple[Table, ...]:
    """Read a CSV file as one table; the first separator with which headings are found counts.

    Raises:
        IgateError: The text is not CSV.
    """
    readings = [tuple(_rows(text, separator, file)) for separator in ",;\t"]
    rows = next((found for found in readings if _has_heading(found)), readings[0])
    return (Table(file=file, titles=(), rows=rows),)


def _rows(text: str, separator: str, file: str) -> Iterator[Row]:
    """Return the rows with the line of the file on which each begins."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator)
    start = 1
    try:
        for record in reader:
            yield Row(number=start, cells=tuple(cell_of(field) for field in record))
            start = reader.line_num + 1
    except csv.Error as error:
        raise IgateError(
            f"The file is not CSV: {error}.", where=f"{file}:{start}", fix="Save it as CSV, UTF-8."
        ) from error


def _has_heading(rows: tuple[Row, ...]) -> bool:
    return any(recognise([cell.line for cell in row.cells]).is_heading for row in rows)
