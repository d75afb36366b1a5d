"""Small pieces of HTML: escaped text in two languages, tables that a phone can show.

Everything that comes from outside passes ``escape``. A text stands twice, marked with its language;
the style sheet shows one of them, or both. A table carries ARIA roles, because the style sheet
turns its rows into cards on a narrow screen, and a browser would then forget that it is a table.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from igate.publish.report.words import WORDS, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from igate.law.citation import Label

__all__ = ["Cell", "Column", "both", "details", "safe", "table", "word"]


def safe(text: str) -> str:
    """Escape a text for use between tags and inside quoted attributes.

    >>> safe('<b title="x">')
    '&lt;b title=&quot;x&quot;&gt;'
    """
    return escape(printable(text), quote=True)


def both(label: Label, tag: str = "span", *, figure: bool = False) -> str:
    """Write a text in Vietnamese and English, each in an element of its own.

    A text without a translation, or the same in both languages, stands once and is always shown.

    Args:
        label: The text.
        tag: The HTML element.
        figure: It is a number or a date, which is not repeated where both languages are shown.

    >>> from igate.law.citation import Label
    >>> both(Label(vi="Sở", en="Department"))
    '<span lang="vi" class="vi">Sở</span> <span lang="en" class="en">Department</span>'
    """
    if not label.en or label.en == label.vi:
        return f'<{tag} lang="vi">{safe(label.vi)}</{tag}>'
    second = "en figure" if figure else "en"
    return (
        f'<{tag} lang="vi" class="vi">{safe(label.vi)}</{tag}> '
        f'<{tag} lang="en" class="{second}">{safe(label.en)}</{tag}>'
    )


def word(key: str, tag: str = "span") -> str:
    """Write a word of the report in both languages."""
    return both(WORDS[key], tag)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: its heading, and how it looks."""

    label: Label
    #: columns of the same group stand under one heading; ``None``: no group
    group: Label | None = None
    #: ``text``, ``number`` or ``rate``
    kind: str = "number"

    @property
    def alone(self) -> Label:
        """The heading with its group, as a card needs it; the name of a rate stands alone."""
        group = self.group
        if group is None or self.kind == "rate":
            return self.label
        parts = ((group.vi, self.label.vi), (group.en, self.label.en))
        vi, en = (f"{head}: {part.lower()}" if part else "" for head, part in parts)
        return type(self.label)(vi=vi, en=en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell: HTML that is already escaped."""

    html: str
    #: marks the cell for the style sheet, e.g. ``bad``
    mark: str = ""


def table(
    caption: Label,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    *,
    total: bool = False,
) -> str:
    """Write a table; the first cell of each row is its heading.

    Args:
        caption: What the table shows.
        columns: The first is the column of row headings.
        rows: As many cells in each as there are columns.
        total: The last row is a total.
    """
    last = len(rows) - 1
    body = "".join(
        _row(columns, cells, strong=total and index == last) for index, cells in enumerate(rows)
    )
    return (
        f'<div class="scroll"><table role="table"><caption>{both(caption)}</caption>'
        f'<thead role="rowgroup">{_heads(columns)}</thead>'
        f'<tbody role="rowgroup">{body}</tbody></table></div>'
    )


def _heads(columns: Sequence[Column]) -> str:
    if not any(column.group for column in columns):
        return f'<tr role="row">{"".join(_head(column) for column in columns)}</tr>'
    first: list[str] = []
    second: list[str] = []
    for index, column in enumerate(columns):
        if column.group is None:
            first.append(_head(column, ' rowspan="2"'))
            continue
        if index == 0 or columns[index - 1].group != column.group:
            span = sum(other.group == column.group for other in columns)
            first.append(
                f'<th role="columnheader" scope="colgroup" colspan="{span}" class="group">'
                f"{both(column.group)}</th>"
            )
        second.append(_head(column))
    return f'<tr role="row">{"".join(first)}</tr><tr role="row">{"".join(second)}</tr>'


def _head(column: Column, extra: str = "") -> str:
    marks = f'scope="col" class="{column.kind}"{extra}'
    return f'<th role="columnheader" {marks}>{both(column.label)}</th>'


def _row(columns: Sequence[Column], cells: Sequence[Cell], *, strong: bool) -> str:
    first, *others = cells
    parts = [f'<th role="rowheader" scope="row">{first.html}</th>']
    for column, cell in zip(columns[1:], others, strict=True):
        alone = column.alone
        kind = f"{column.kind} {cell.mark}".strip()
        parts.append(
            f'<td role="cell" class="{kind}" data-vi="{safe(alone.vi)}" '
            f'data-en="{safe(alone.en or alone.vi)}"><div>{cell.html}</div></td>'
        )
    mark = ' class="total"' if strong else ""
    return f'<tr role="row"{mark}>{"".join(parts)}</tr>'


def details(summary: str, body: str) -> str:
    """Write a part that opens when asked; both arguments are HTML."""
    return f"<details><summary>{summary}</summary>{body}</details>"
