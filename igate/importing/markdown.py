"""Tables in Markdown: rows between bars, ``<br>`` for a new line, the text above as title."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from igate.importing.tables import Row, Table, cell_of, cleaned, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["tables_in_markdown"]

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
                rows.append(_row(line, number))
            continue
        if rows:
            yield Table(file=file, titles=(), rows=tuple(rows))
            rows = []
        yield cleaned(_MARKS.sub("", line))
    if rows:
        yield Table(file=file, titles=(), rows=tuple(rows))


def _row(line: str, number: int) -> Row:
    inner = line.strip().removeprefix("|")
    inner = inner if inner.endswith("\\|") else inner.removesuffix("|")
    cells = (
        cell_of(_MARKS.sub("", _BREAK.sub("\n", piece)).replace("\\|", "|"))
        for piece in _BAR.split(inner)
    )
    return Row(number=number, cells=tuple(cells))
