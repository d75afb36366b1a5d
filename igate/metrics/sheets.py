"""A sheet of a workbook as records of text, as a CSV file has them.

XLSX is read with openpyxl (the extra ``import``). A formula counts with the value that the
spreadsheet program saved. A date is written in ISO 8601, whatever the sheet shows; a number of a
column of dates is a serial number only where that is declared.
"""

from __future__ import annotations

import zipfile
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from igate.errors import FrameError, IgateError
from igate.metrics.refusal import suggest
from igate.metrics.spelling import plain_name
from igate.metrics.titles import heading_row
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["records_of_workbook"]

#: A workbook that unpacks to more bytes is refused before it is read.
_LARGEST: Final = 2 * 1024**3
_HALF_A_SECOND: Final = timedelta(milliseconds=500)


def records_of_workbook(
    content: bytes, where: str, *, sheet: str | None, names: Sequence[str]
) -> Iterator[tuple[int, list[str]]]:
    """Return the rows of a sheet with their numbers, from that which names the columns.

    Args:
        content: The bytes of the file.
        where: Name of the file for messages.
        sheet: Name of the sheet; ``None``: the only one that holds anything.
        names: What columns are called, as for :func:`~igate.metrics.titles.heading_row`. Rows above
            that which names the columns are titles.

    Raises:
        FrameError: It is not a workbook, is too large, or has no such sheet or more than one.
        IgateError: openpyxl is not installed.
    """
    book = _book(content, where)
    try:
        rows = _rows_of(book, where, sheet)
    finally:
        book.close()
    widest = max((sum(map(bool, cells)) for _, cells in rows), default=0)
    place = heading_row([cells for _, cells in rows], names, widest)
    if place is not None:
        return _cut(rows[place:])
    wanted = sorted({plain_name(name) for name in names})
    raise FrameError(
        say("No row of the sheet names its columns."),
        where=where,
        why=say("None has {wanted}.", wanted=", ".join(wanted[:5])) if wanted else None,
        fix=say("Give the names as the sheet has them in the column map, or name the sheet."),
    )


def _cut(rows: Sequence[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Give every row as many cells as the table has columns; a column of nothing is none."""
    many = max(len(cells) for _, cells in rows)
    whole = [(number, cells + [""] * (many - len(cells))) for number, cells in rows]
    used = [place for place in range(many) if any(cells[place] for _, cells in whole)]
    for number, cells in whole:
        yield number, [cells[place] for place in used]


def _book(content: bytes, where: str) -> Any:  # noqa: ANN401 - openpyxl publishes no types
    try:
        import openpyxl  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise IgateError(
            say("Reading XLSX needs openpyxl."),
            where=where,
            fix=say('Run pip install "igate[import]".'),
        ) from error
    size = 0
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size <= _LARGEST:
            return openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
    except Exception as error:  # what a broken archive raises differs from part to part
        raise FrameError(
            say(
                "The file begins like an Excel workbook or another ZIP archive and cannot be read."
            ),
            where=where,
            why=say("{error}.", error=str(error).rstrip(".") or type(error).__name__),
            fix=say("Save the sheet as CSV UTF-8."),
        ) from error
    raise FrameError(
        say("The workbook unpacks to {size:,} bytes.", size=size),
        where=where,
        why=say("More than {largest:,} are not read.", largest=_LARGEST),
        fix=say("Export the sheet as CSV UTF-8 or as Parquet."),
    )


def _rows_of(book: Any, where: str, sheet: str | None) -> list[tuple[int, list[str]]]:  # noqa: ANN401 - as above
    names = [each.title for each in book.worksheets]
    if sheet is not None and sheet not in names:
        raise FrameError(
            say("The workbook has no sheet {sheet!r}.", sheet=sheet),
            where=where,
            fix=suggest(sheet, names, say("Its sheets are")),
        )
    filled = {
        each.title: rows
        for each in book.worksheets
        if sheet in {None, each.title} and (rows := list(_rows(each)))
    }
    if len(filled) != 1:
        raise FrameError(
            say(
                "The workbook has {count} sheets that hold something ({filled}).",
                count=len(filled),
                filled=", ".join(filled),
            ),
            where=where,
            why=say("One sheet is one table."),
            fix=say("Name the sheet: --sheet NAME, or sheet= in Python."),
        )
    return next(iter(filled.values()))


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:  # noqa: ANN401 - as above
    sheet.reset_dimensions()
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = [_text(value) for value in values]
        if any(cells):
            yield number, cells


def _text(value: object) -> str:
    """Write the value of a cell as text: a whole number without its point, a date in ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        # a spreadsheet keeps a moment as a fraction of a day
        moment = (value + _HALF_A_SECOND).replace(microsecond=0)
        return moment.isoformat().removesuffix("T00:00:00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
