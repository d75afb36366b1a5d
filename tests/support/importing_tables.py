"""Tables written in every format that can be imported, by other means than the code under test."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from openpyxl import Workbook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Rows = "Sequence[Sequence[str]]"

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#: In a row for Word or a workbook: merged with the cell above.
ABOVE = "\x00above"


def markdown(title: str, rows: Rows) -> str:
    """Write a table in Markdown under its title."""
    lines = [_bars(row) for row in rows]
    rule = _bars(["---"] * len(rows[0]))
    return "\n".join([*title.split("\n"), "", lines[0], rule, *lines[1:], ""])


def _bars(row: Sequence[str]) -> str:
    cells = (cell.replace("|", "\\|").replace("\n", "<br>") for cell in row)
    return "| " + " | ".join(cells) + " |"


def write(path: Path, title: str, rows: Rows) -> Path:
    """Write a table in the format that the ending of the path says."""
    if path.suffix == ".md":
        path.write_text(markdown(title, rows), encoding="utf-8")
    elif path.suffix == ".csv":
        _write_csv(path, title, rows)
    elif path.suffix == ".xlsx":
        _write_workbook(path, title, rows)
    elif path.suffix == ".docx":
        path.write_bytes(word_file([*title.split("\n"), rows]))
    else:
        message = f"no writer for {path.suffix}"
        raise ValueError(message)
    return path


def _write_csv(path: Path, title: str, rows: Rows) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerows([[line] for line in title.split("\n")])
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


def _write_workbook(path: Path, title: str, rows: Rows) -> None:
    book = Workbook()
    sheet = book.active
    for line in title.split("\n"):
        sheet.append([line])
    for row in rows:
        sheet.append([None if cell == ABOVE else cell for cell in row])
        for column, cell in enumerate(row, start=1):
            if cell == ABOVE:
                sheet.merge_cells(
                    start_row=sheet.max_row - 1, end_row=sheet.max_row,
                    start_column=column, end_column=column,
                )  # fmt: skip
    book.save(path)


def word_file(blocks: Sequence[str | Sequence[Sequence[str]]]) -> bytes:
    """Write paragraphs and tables as a DOCX file."""
    body = "".join(_paragraph(each) if isinstance(each, str) else _table(each) for each in blocks)
    text = (
        f'<?xml version="1.0"?><w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", text)
    return target.getvalue()


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def _table(rows: Sequence[Sequence[str]]) -> str:
    return (
        "<w:tbl>" + "".join(f"<w:tr>{''.join(map(_cell, row))}</w:tr>" for row in rows) + "</w:tbl>"
    )


def _cell(text: str) -> str:
    if text == ABOVE:
        return "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>"
    if text == "#":
        number = "<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:p>"
        return f"<w:tc>{number}</w:tc>"
    return "<w:tc>" + "".join(_paragraph(line) for line in text.split("\n")) + "</w:tc>"


def record(title: str, rows: Rows, *, step: int, time: int, **more: str) -> str:
    """Write a table as one record of JSON Lines.

    Args:
        title: The text above it.
        rows: Headings and steps.
        step: The column with the number of the step, from 0.
        time: The column with the time.
        more: Further keys of the record.
    """
    steps = [
        {
            "step": row[step] or None,
            "duration_text": row[time] or None,
            "cells": [cell for at, cell in enumerate(row) if at not in {step, time}],
        }
        for row in rows[1:]
    ]
    return json.dumps(
        {"title": title, "header": list(rows[0]), "steps": steps, **more}, ensure_ascii=False
    )
