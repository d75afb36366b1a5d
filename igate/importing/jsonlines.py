"""Processes as JSON Lines: a record a line, with heading, steps and what is printed around them.

Keys: ``header`` (headings of the columns) and ``steps`` (each with ``step``, ``duration_text`` and
``cells``: the other columns in their order) are needed; ``title``, ``total_text``, ``code``,
``decision``, ``date``, ``province``, ``source`` and ``process_id`` are read where they are there.
Cells that a table merges are missing in such a record, so a short row is put back in order: a
further actor of a step keeps its content, and begins at the actor's column (assumed, and said).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from igate.errors import IgateError, Place
from igate.importing.faults import Fault
from igate.importing.headings import recognise
from igate.importing.tables import Cell, Row, Stated, Table, cell_of, cleaned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from igate.importing.headings import Columns

__all__ = ["tables_in_json_lines"]


def tables_in_json_lines(text: str, file: str) -> tuple[Table, ...]:
    """Read the records of a file.

    Raises:
        IgateError: A line is not a record with headings and steps; the line is named.
    """
    lines = text.split("\n")
    return tuple(
        _table(_record(line, Place(file=file, line=number)), file, number)
        for number, line in enumerate(lines, start=1)
        if line.strip()
    )


def _record(line: str, place: Place) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise IgateError(
            f"The line is not JSON: {error}.", where=place, fix="Write one record a line."
        ) from error
    if not isinstance(record, dict) or not _is_list(record.get("header"), str):
        raise _incomplete("header", "a list of the headings of the columns", place)
    if not _is_list(record.get("steps"), dict):
        raise _incomplete("steps", "a list of records, one a step", place)
    for step in record["steps"]:
        if not _is_list(step.get("cells"), str):
            raise _incomplete("cells", "in every step a list of texts", place)
    return record


def _is_list(value: object, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(item, kind) for item in value)


def _incomplete(key: str, what: str, place: Place) -> IgateError:
    return IgateError(f'The record has no "{key}".', where=place, fix=f'Give "{key}": {what}.')


def _table(record: dict[str, Any], file: str, number: int) -> Table:
    heading = Row(number=number, cells=tuple(cell_of(text) for text in record["header"]))
    columns = recognise([cell.line for cell in heading.cells])
    rows, faults, label = [heading], [], ""
    for step in record["steps"]:
        label = _text(step, "step") or label
        row, fault = _row(step, columns, Place(file=file, line=number), above=label)
        rows.append(row)
        faults += fault
    total = _text(record, "total_text")
    if total:
        rows.append(Row(number=number, cells=(cell_of(total),)))
    return Table(
        file=file,
        titles=tuple(line for line in [cleaned(_text(record, "title"))] if line),
        rows=tuple(rows),
        stated=_stated(record),
        continues=False,
        faults=tuple(faults),
    )


def _stated(record: dict[str, Any]) -> Stated:
    source = " ".join(
        part for part in (_text(record, "source"), _bracketed(_text(record, "process_id"))) if part
    )
    return Stated(
        code=_text(record, "code"),
        decision=_text(record, "decision"),
        day=_text(record, "date"),
        province=_text(record, "province"),
        source=cleaned(source).replace("\n", " "),
    )


def _text(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    return value.strip() if isinstance(value, str) else ""


def _bracketed(text: str) -> str:
    return f"({text})" if text else ""


def _row(
    step: dict[str, Any], columns: Columns, place: Place, *, above: str
) -> tuple[Row, list[Fault]]:
    """Put the cells of a step under their headings; ``above`` is the last number printed."""
    width = len(columns.headings)
    label, time = _text(step, "step"), _text(step, "duration_text")
    others = [at for at in range(width) if at not in {columns.step, columns.time}]
    cells: list[str] = step["cells"]
    if not time and columns.time is not None and len(cells) > len(others):
        others = [at for at in range(width) if at != columns.step]
    columns_of_cells = _placed(len(cells), others, columns, further=not label)
    put = [Cell(above=not label) for _ in range(width)]
    for at, text in zip(columns_of_cells, cells, strict=False):
        put[at] = cell_of(text)
    if columns.step is not None:
        put[columns.step] = cell_of(label)
    if columns.time is not None and time:
        put[columns.time] = cell_of(time)
    row = Row(number=place.line, cells=tuple(put))
    is_doubtful = not label and len(cells) < len(others)
    values = {
        "step": f'{above}, "{time}"',
        "cells": str(len(cells)),
        "columns": str(len(others)),
    }
    doubts = [Fault(code="short-row", place=place, values=values)] if is_doubtful else []
    return row, doubts


def _placed(count: int, others: Sequence[int], columns: Columns, *, further: bool) -> Sequence[int]:
    """Return the columns of the cells of a row, which may be fewer than there are columns."""
    missing = len(others) - count
    content, actor = columns.content, columns.actor
    if not further or missing <= 0 or content is None or actor is None:
        return others
    start = others.index(actor) if content < actor else 0
    return others[min(start, missing) :]
