"""Titles above a table: which row names its columns.

An export often begins with the name of the office and of the report. A workbook and a text file
are looked at by one rule: a row that has a name of the column map names the columns, and without
a map the first that fills half of the columns, and two at least. In a text a title seldom has a
delimiter, so which one the file uses is also seen from the lines below it.
"""

from __future__ import annotations

import csv
from collections import Counter
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from igate.metrics.spelling import plain_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["below_titles", "delimiter_of", "heading_row"]

_DELIMITERS: Final = ",;\t"
#: Headings are looked for in so many records, and the delimiter in so many characters.
_RECORDS: Final = 1000
_CHARACTERS: Final = 1 << 16
#: With fewer columns, a row of titles fills as many of them as the headings do.
_FEWEST: Final = 3


def heading_row(rows: Sequence[Sequence[str]], names: Iterable[str], widest: int) -> int | None:
    """Return the place of the row that names the columns, or ``None`` where there is none.

    Args:
        rows: The cells of each row, from the first.
        names: What columns are called. The first row that has one of these names the columns;
            without them the first that fills half of the columns, and two at least.
        widest: How many columns there are.

    >>> heading_row([["SỔ THEO DÕI"], ["Mã", "Ngày", ""], ["1", "2", "3"]], (), widest=3)
    1
    >>> heading_row([["SỔ THEO DÕI", "x"], ["Mã", "Ngày"]], ["Ngày"], widest=2)
    1
    """
    wanted = {plain_name(name) for name in names}
    half = max(2, (widest + 1) // 2)
    for place, cells in enumerate(rows):
        filled = [plain_name(cell) for cell in cells if cell]
        if (wanted & set(filled)) if wanted else len(filled) >= half:
            return place
    return None


def below_titles(
    records: Iterator[tuple[int, list[str]]], names: Sequence[str]
) -> Iterator[tuple[int, list[str]]]:
    """Return the records of a text from that which names the columns; without one, all of them.

    How many columns there are, most records say: one with a delimiter too many is no wider table.

    Args:
        records: The records, with the line on which each begins.
        names: As for :func:`heading_row`.
    """
    first = list(islice(records, _RECORDS))
    rows = [[cell.strip() for cell in record] for _, record in first]
    named = heading_row(rows, names, widest=0) if names else None
    place = _by_width(rows) if named is None else named
    return chain(first[place:], records)


def _by_width(rows: Sequence[Sequence[str]]) -> int:
    many = _usual([len(cells) for cells in rows])
    widest = max((sum(map(bool, cells)) for cells in rows if len(cells) == many), default=0)
    if rows and len(rows[0]) == many and widest < _FEWEST:
        return 0
    return heading_row(rows, (), widest) or 0


def _usual(lengths: Iterable[int]) -> int:
    """Return how many cells most rows of more than one have; of several such numbers the first."""
    counted = Counter(length for length in lengths if length > 1)
    return counted.most_common(1)[0][0] if counted else 1


def delimiter_of(text: str) -> str:
    r"""Return what stands between the cells of a text: a comma, a semicolon or a tab.

    It is that of the first line, unless other lines have another number of cells by it: then
    that by which most lines have most cells, and as many.

    >>> delimiter_of("a;b\n1,5;2,5\n"), delimiter_of("Sở Y tế, 2026\na;b;c\n1;2;3\n")
    (';', ';')
    """
    head = text.lstrip("\r\n")[:_CHARACTERS].split("\n")
    if len(text) > _CHARACTERS:
        head = head[:-1] or head  # the last may be cut
    first: str = max(_DELIMITERS, key=head[0].count)
    by_first = _lengths(head, first)
    if by_first and by_first[0] > 1 and Counter(by_first).most_common(1)[0][0] == by_first[0]:
        return first
    candidates: list[str] = [first, *_DELIMITERS]
    regular = [_regular(_lengths(head, each)) for each in candidates]
    return candidates[regular.index(max(regular))]


def _lengths(lines: Iterable[str], delimiter: str) -> list[int]:
    try:
        return [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if any(cells)]
    except csv.Error:  # whoever reads the whole says so
        return []


def _regular(lengths: Sequence[int]) -> int:
    """Return how many delimiters stand in the lines that have as many cells as most."""
    many = _usual(lengths)
    return lengths.count(many) * (many - 1)
