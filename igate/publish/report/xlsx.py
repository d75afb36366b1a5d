"""The report as a workbook: form II.06a, a sheet a definition, the late dossiers, the notes.

Counts, rates and moments are numbers that can be reckoned with; totals are formulas that carry
their value, so that a reader without a spreadsheet program sees the same. Text from outside is
written as text whatever it begins with: a name like ``=1+1`` is never a formula.
"""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from igate.errors import IgateError
from igate.files.writing import write_atomically
from igate.publish.report.sheets import Book, definition_sheet, form_sheet, late_sheet, notes_sheet
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike
    from pathlib import Path
    from types import ModuleType

    from igate.publish.report.data import ReportData

__all__ = ["sheet_names", "write_settlement_xlsx"]

FORM_SHEET, LATE_SHEET, NOTES_SHEET = "II.06a", "Late", "Notes"
_LONGEST = 31


def write_settlement_xlsx(data: ReportData, path: str | PathLike[str]) -> Path:
    """Write the settlement as an XLSX workbook.

    The same data give the same bytes: the day of making is ``data.as_of``, not the clock.

    Args:
        data: The figures.
        path: The file, e.g. ``settlement.xlsx``; an older one is replaced once the new is whole.

    Returns:
        The path written.

    Raises:
        IgateError: The extra ``frames`` is not installed.
        OutputError: The file cannot be written.
    """
    writer = _writer()
    stream = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with writer.Workbook(stream, options) as workbook:
        made = datetime(data.as_of.year, data.as_of.month, data.as_of.day)  # noqa: DTZ001 - a date
        workbook.set_properties(
            {"title": data.title.vi, "comments": data.generated_by, "created": made}
        )
        book = Book(workbook)
        form_sheet(book, FORM_SHEET, data)
        names = sheet_names(table.definition for table in data.tables)
        for name, table in zip(names, data.tables, strict=True):
            definition_sheet(book, name, table, data)
        late_sheet(book, LATE_SHEET, data)
        notes_sheet(book, NOTES_SHEET, data)
    return write_atomically(path, stream.getvalue())


def sheet_names(definitions: Iterable[str]) -> tuple[str, ...]:
    """Turn names of definitions into names that a workbook accepts, all different.

    >>> sheet_names(["form_06a", "by/minute", "Late"])
    ('form_06a', 'by_minute', 'Late 2')
    """
    taken = {name.lower() for name in (FORM_SHEET, LATE_SHEET, NOTES_SHEET, "history")}
    names = []
    for definition in definitions:
        plain = re.sub(r"[\x00-\x1f\[\]:*?/\\]", "_", definition).strip("' ")[:_LONGEST] or "_"
        name, copy = plain, 1
        while name.lower() in taken:
            copy += 1
            name = f"{plain[: _LONGEST - 1 - len(str(copy))]} {copy}"
        taken.add(name.lower())
        names.append(name)
    return tuple(names)


def _writer() -> ModuleType:
    try:
        import xlsxwriter  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise IgateError(
            say("The workbook cannot be written."),
            why=say("It needs XlsxWriter ({error}).", error=error),
            fix=say('Run: pip install "igate[frames]"'),
        ) from error
    module: ModuleType = xlsxwriter
    return module
