"""How much a file may hold, looked at before anything is built of it.

A few bytes can stand for more than a machine has room for: a cell that spans a thousand million
columns, a filled cell in the last corner of a sheet, an archive of nothing but blanks. The bounds
lie well above the longest decisions known, so that a file beyond one is damaged, or made to fill
the memory; it is refused as a whole, and no part of it is left out without a word.
"""

from __future__ import annotations

from typing import Final

from igate.errors import IgateError
from igate.words.sentence import say

__all__ = [
    "LONGEST_CELL",
    "LONGEST_RECORD",
    "MOST_CELLS",
    "MOST_LETTERS",
    "MOST_PROCESSES",
    "MOST_ROWS",
    "MOST_STEPS",
    "WIDEST",
    "Allowance",
    "exceeded",
]

#: Rows and lines of text of a file; the processes of a whole province have some 30,000.
MOST_ROWS: Final = 100_000
MOST_CELLS: Final = 500_000
#: Columns of a table; Word allows 63.
WIDEST: Final = 1_000
#: Characters of a cell, as in a workbook (ECMA-376 part 1, 18.3.1.96 "v", as Excel writes it).
LONGEST_CELL: Final = 32_767
#: Characters of a file that are read as text.
MOST_LETTERS: Final = 10_000_000
#: Characters of a line of JSON Lines.
LONGEST_RECORD: Final = 1_000_000
#: Processes of a file, and steps of one of them.
MOST_PROCESSES: Final = 10_000
MOST_STEPS: Final = 1_000


def exceeded(most: int, what: str, where: str) -> IgateError:
    """Return the error that says that a file goes beyond a bound.

    Args:
        most: The bound.
        what: What there are more of, in the plural.
        where: The file, with the row where that is known.
    """
    return IgateError(
        say("There are more than {most:,} {what}.", most=most, what=what),
        where=where,
        why=say(
            "No table of a decision is so large: the file is damaged, or made to fill the memory."
        ),
        fix=say("Copy the table into a new file and import that; split a very long one."),
    )


class Allowance:
    """What one file may still hold; it is taken before the row or text is built."""

    __slots__ = ("_cells", "_file", "_letters", "_rows")

    def __init__(self, file: str) -> None:
        """Begin with the full bounds.

        Args:
            file: Its name, for messages.
        """
        self._file = file
        self._rows = MOST_ROWS
        self._cells = MOST_CELLS
        self._letters = MOST_LETTERS

    def row(self, number: int, width: int) -> None:
        """Take a row of a table.

        Args:
            number: Its number in the table or line in the file, from 1.
            width: How many cells it has.

        Raises:
            IgateError: It is too wide, or the file has too many rows or cells.
        """
        if width > WIDEST:
            raise exceeded(WIDEST, "columns", f"{self._file}:{number}")
        self._cells -= width
        if self._cells < 0:
            raise exceeded(MOST_CELLS, "cells", f"{self._file}:{number}")
        self._one_row()

    def cell(self, number: int, text: str) -> str:
        """Take the text of a cell, and give it back.

        Args:
            number: The number of its row.
            text: As it stands in the file.

        Raises:
            IgateError: It is too long, or the file has too much text.
        """
        if len(text) > LONGEST_CELL:
            raise exceeded(LONGEST_CELL, say("characters in a cell"), f"{self._file}:{number}")
        return self._text(text)

    def line(self, text: str) -> str:
        """Take a line of text outside the tables, and give it back.

        Raises:
            IgateError: The file has too many lines or too much text.
        """
        self._one_row()
        return self._text(text)

    def _one_row(self) -> None:
        self._rows -= 1
        if self._rows < 0:
            raise exceeded(MOST_ROWS, say("rows and lines"), self._file)

    def _text(self, text: str) -> str:
        self._letters -= len(text)
        if self._letters < 0:
            raise exceeded(MOST_LETTERS, say("characters of text"), self._file)
        return text
