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
import io
import json
import re
from typing import TYPE_CHECKING, Any

from igate.errors import IgateError, Place
from igate.importing.bounds import LONGEST_RECORD, Allowance, exceeded
from igate.importing.faults import ImportFault
from igate.importing.headings import recognise
from igate.importing.tables import Cell, Row, Stated, Table, cell_of, cleaned, joined
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from igate.importing.headings import Columns

__all__ = ["tables_in_csv", "tables_in_json_lines", "tables_in_markdown"]


def tables_in_json_lines(text: str, file: str) -> tuple[Table, ...]:
    """Read the records of a file.

    Raises:
        IgateError: A line is not a record with headings and steps, or longer than any; the line is
            named.
    """
    allowance = Allowance(file)
    return tuple(
        _table(line, Place(file=file, line=number), allowance)
        for number, line in enumerate(io.StringIO(text), start=1)
        if allowance.line(line).strip()
    )


def _record(line: str, place: Place) -> dict[str, Any]:
    if len(line) > LONGEST_RECORD:
        raise exceeded(LONGEST_RECORD, say("characters in a line"), str(place))
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise IgateError(
            say("The line is not JSON: {error}.", error=error),
            where=place,
            fix=say("Write one record a line."),
        ) from error
    if not isinstance(record, dict) or not _is_list(record.get("header"), str):
        raise _incomplete("header", say("a list of the headings of the columns"), place)
    if not _is_list(record.get("steps"), dict):
        raise _incomplete("steps", say("a list of records, one a step"), place)
    for step in record["steps"]:
        if not _is_list(step.get("cells"), str):
            raise _incomplete("cells", say("in every step a list of texts"), place)
    return record


def _is_list(value: object, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(item, kind) for item in value)


def _incomplete(key: str, what: str, place: Place) -> IgateError:
    return IgateError(
        say('The record has no "{key}".', key=key),
        where=place,
        fix=say('Give "{key}": {what}.', key=key, what=what),
    )


def _table(line: str, place: Place, allowance: Allowance) -> Table:
    record, number = _record(line, place), place.line
    allowance.row(number, len(record["header"]))
    texts = (allowance.cell(number, text) for text in record["header"])
    heading = Row(number=number, cells=tuple(cell_of(text) for text in texts))
    columns = recognise([cell.line for cell in heading.cells])
    rows, faults, label = [heading], [], ""
    for step in record["steps"]:
        allowance.row(number, max(len(heading.cells), len(step["cells"])))
        step["cells"] = [allowance.cell(number, text) for text in step["cells"]]
        label = _text(step, "step") or label
        row, fault = _row(step, columns, place, above=label)
        rows.append(row)
        faults += fault
    total = _text(record, "total_text")
    if total:
        rows.append(Row(number=number, cells=(cell_of(allowance.cell(number, total)),)))
    return Table(
        file=place.file,
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
    return cleaned(value) if isinstance(value, str) else ""


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
    first = rows = _rows(text, ",", file)
    for separator in ";\t":
        if _has_heading(rows):
            break
        rows = _rows(text, separator, file)
    return (Table(file=file, titles=(), rows=rows if _has_heading(rows) else first),)


def _rows(text: str, separator: str, file: str) -> tuple[Row, ...]:
    """Return the rows with the line of the file on which each begins."""
    allowance = Allowance(file)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    start, rows = 1, []
    try:
        for record in reader:
            allowance.row(start, len(record))
            texts = (allowance.cell(start, field) for field in record)
            rows.append(Row(number=start, cells=tuple(cell_of(field) for field in texts)))
            start = reader.line_num + 1
    except csv.Error as error:
        raise IgateError(
            say("The file is not CSV: {error}.", error=error),
            where=f"{file}:{start}",
            fix=say("Save it as CSV, UTF-8."),
        ) from error
    return tuple(rows)


def _has_heading(rows: tuple[Row, ...]) -> bool:
    return any(recognise([cell.line for cell in row.cells]).is_heading for row in rows)


_RULE = re.compile(r":?-+:?")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_MARKS = re.compile(r"^\s*(?:#+|>+)\s*|\*\*|`")
_BAR = re.compile(r"(?<!\\)\|")


def tables_in_markdown(text: str, file: str) -> tuple[Table, ...]:
    """Read the tables of a Markdown file; rows are numbered by the lines of the file."""
    return joined(_blocks(text, file))


def _blocks(text: str, file: str) -> Iterator[str | Table]:
    rows: list[Row] = []
    allowance = Allowance(file)
    for number, line in enumerate(io.StringIO(text), start=1):
        if "|" in line:
            allowance.row(number, line.count("|"))
            pieces = _pieces(line)
            if not all(map(_RULE.fullmatch, pieces)):
                rows.append(_barred_row(pieces, number, allowance))
            continue
        if rows:
            yield Table(file=file, titles=(), rows=tuple(rows))
            rows = []
        yield cleaned(_MARKS.sub("", allowance.line(line)))
    if rows:
        yield Table(file=file, titles=(), rows=tuple(rows))


def _pieces(line: str) -> list[str]:
    """Cut a line at its bars; those at its ends, and those after a backslash, part nothing."""
    inner = line.strip().removeprefix("|")
    inner = inner if inner.endswith("\\|") else inner.removesuffix("|")
    return [piece.strip() for piece in _BAR.split(inner)]


def _barred_row(pieces: Sequence[str], number: int, allowance: Allowance) -> Row:
    texts = (allowance.cell(number, piece) for piece in pieces)
    cells = (cell_of(_MARKS.sub("", _BREAK.sub("\n", text)).replace("\\|", "|")) for text in texts)
    return Row(number=number, cells=tuple(cells))
