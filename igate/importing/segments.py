"""Where a process begins and ends in a table.

A sheet or a table may hold several processes one below the other. Each begins with a row of
headings; the text above it is its title; a row that begins with "Tổng" gives its total. Nothing
that looks like a step is left out: a total in the middle is one more printed total.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from igate.importing.faults import Fault
from igate.importing.headings import recognise
from igate.importing.numbering import is_step_label
from igate.importing.tables import is_total

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.importing.headings import Columns
    from igate.importing.tables import Row, Table

__all__ = ["Segment", "segments_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """The part of a table that holds one process."""

    table: Table
    #: lines above it, separated by line feeds
    title: str
    heading: Row
    columns: Columns
    #: steps and headings inside the table, in order
    rows: tuple[Row, ...]
    #: rows that give the total
    totals: tuple[Row, ...]


def segments_of(table: Table) -> tuple[tuple[Segment, ...], tuple[Fault, ...]]:
    """Cut a table into processes.

    Returns:
        The segments in order, and a note where the table holds none.
    """
    rows = [row for row in table.rows if row.texts]
    heads = [(index, found) for index, row in enumerate(rows) if (found := _columns(row))]
    if not heads:
        return (), _skipped(table)
    first = heads[0][0]
    above = [*table.titles, *_lines(rows[:first])]
    segments = []
    for (index, columns), (end, _) in pairwise([*heads, (len(rows), None)]):
        body, rest = _cut(rows[index + 1 : end], columns, is_last=end == len(rows))  # type: ignore[arg-type]
        segments.append(
            Segment(
                table=table,
                title="\n".join(above),
                heading=rows[index],
                columns=columns,  # type: ignore[arg-type]
                rows=tuple(row for row in body if not _is_total_row(row)),
                totals=tuple(row for row in body if _is_total_row(row)),
            )
        )
        above = list(_lines(rest))
    return tuple(segments), ()


def _columns(row: Row) -> Columns | None:
    """Return the columns if a row is a heading."""
    found = recognise([cell.line for cell in row.cells])
    return found if found.is_heading else None


def _cut(rows: list[Row], columns: Columns, *, is_last: bool) -> tuple[list[Row], list[Row]]:
    """Part the rows of a process from the lines that belong to the title of the next."""
    last = max((index for index, row in enumerate(rows) if _counts(row, columns)), default=-1)
    if any(_is_total_row(row) for row in rows[: last + 1]) or not is_last:
        return rows[: last + 1], rows[last + 1 :]
    return rows, []


def _counts(row: Row, columns: Columns) -> bool:
    """Return whether a row is surely a part of the process: a total or a step."""
    label = row.cell(columns.step).line
    return _is_total_row(row) or len(row.texts) > 1 or is_step_label(label)


def _is_total_row(row: Row) -> bool:
    return any(is_total(text) for text in row.texts[:2])


def _lines(rows: list[Row]) -> Iterator[str]:
    for row in rows:
        yield " ".join(dict.fromkeys(row.texts))


def _skipped(table: Table) -> tuple[Fault, ...]:
    if not table.rows:
        return ()
    return (Fault(code="skipped-table", place=table.place(table.rows[0])),)
