"""Processes in JSON Lines, CSV and Markdown.

JSON Lines has a process a line. The keys ``header`` (headings of the columns) and ``steps`` (each
with ``step``, ``duration_text`` and ``cells``: the other columns in their order) are needed;
``title``, ``total_text``, ``code``, ``decision``, ``date``, ``province``, ``source`` and
``process_id`` are optional. Cells that a table merges are missing in such a record, so a short row
is put back in order: a further actor of a step keeps its content, and begins at the actor's column
(assumed, and reported).

CSV may be separated by comma, semicolon or tab, whichever gives a row of headings. In Markdown a
table has bars and ``<br>`` for a new line; the text above it is its title.
"""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING, Any

from igate.errors import IgateError, Place
from igate.importing.faults import ImportFault
from igate.importing.headings import recognise
from igate.importing.tables import Cell, Row, Stated, Table, cell_of, cleaned, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from igate.importing.headings import Columns

__all__ = ["tables_in_csv", "tables_in_json_lines", "tables_in_markdown"]


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
) -> tuple[Row, list[ImportFault]]:
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
    doubts = [ImportFault(code="short-row", place=place, values=values)] if is_doubtful else []
    return row, doubts


def _placed(count: int, others: Sequence[int], columns: Columns, *, further: bool) -> Sequence[int]:
    """Return the columns of the cells of a row, which may be fewer than there are columns."""
    missing = len(others) - count
    content, actor = columns.content, columns.actor
    if not further or missing <= 0 or content is None or actor is None:
        return others
    start = others.index(actor) if content < actor else 0
    return others[min(start, missing) :]


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


_RULE = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?\|?\s*")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_MARKS = re.compile(r"^\s*(?:#+|>+)\s*|\*\*|`")
_BAR = re.compile(r"(?<!\\)\|")


def tables_in_markdown(text: str, file: str) -> tuple[Table, ...]:
    """Read the tables of a Markdown file; rows are numbered by the lines of the file."""
    return joined(_blocks(text, file))


def _blocks(text: str, file: str) -> Iterator[str | Table]:
    rows: list[Row] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if "|" in line:
            if _RULE.fullmatch(line) is None:
                rows.append(_barred_row(line, number))
            continue
        if rows:
            yield Table(file=file, titles=(), rows=tuple(rows))
            rows = []
        yield cleaned(_MARKS.sub("", line))
    if rows:
        yield Table(file=file, titles=(), rows=tuple(rows))


def _barred_row(line: str, number: int) -> Row:
    inner = line.strip().removeprefix("|")
    inner = inner if inner.endswith("\\|") else inner.removesuffix("|")
    cells = (
        cell_of(_MARKS.sub("", _BREAK.sub("\n", piece)).replace("\\|", "|"))
        for piece in _BAR.split(inner)
    )
    return Row(number=number, cells=tuple(cells))
