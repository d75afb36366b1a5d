"""The notice that an agency posts about a procedure, as Markdown or as one HTML page.

It has the parts of Nghị định 63/2010/NĐ-CP, Điều 8 khoản 2: name, sequence, manner, papers, time
limit, who may apply, agency, result, fee, form, conditions; then the legal basis, the online level
and since when it holds. What the sources do not state is said to be not stated.

Both are pure functions of a procedure and one of its revisions. Whatever a file holds is shown as
text: nothing in it becomes markup.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from igate.publish.report.html import safe
from igate.publish.report.words import printable
from igate.publish.sheet.blocks import Items, Missing, Note, Table, Terms
from igate.publish.sheet.parts import sections

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from igate.law.citation import Language
    from igate.procedures.procedure import Procedure, Revision
    from igate.publish.sheet.blocks import Block, Phrase, Section

__all__ = ["sheet_html", "sheet_markdown"]

#: Signs that Markdown could read as markup, wherever they stand.
_SIGNS: Final = re.compile(r"[\\`*_\[\]<>|~#&@]|(?<=\w)(?=://)|(?<=www)(?=\.)")
#: What begins a list or a rule at the start of a line.
_LEADING: Final = re.compile(r"^(\d+(?=[.)](?:\s|$))|(?=[-+=]))")


def sheet_markdown(procedure: Procedure, revision: Revision, lang: Language) -> str:
    """Write the notice as Markdown with tables as GitHub reads them.

    Args:
        procedure: What the notice is about.
        revision: The one that is posted.
        lang: Its language; names that have no translation stay Vietnamese.
    """
    lines = [f"# {_plain(procedure.name.text(lang))}", ""]
    for section in sections(procedure, revision, lang):
        if section.title:
            lines += [f"## {_plain(section.title)}", ""]
        for block in section.blocks:
            lines += [*_markdown(block), ""]
    return "\n".join(lines).rstrip() + "\n"


def sheet_html(procedure: Procedure, revision: Revision, lang: Language) -> str:
    """Write the notice as one HTML page that loads nothing, for a screen, a phone and A4 paper.

    Args:
        procedure: What the notice is about.
        revision: The one that is posted.
        lang: Its language; names that have no translation are marked as Vietnamese.
    """
    name = safe(procedure.name.text(lang))
    marked = ' lang="vi"' if lang == "en" and not procedure.name.en else ""
    parts = sections(procedure, revision, lang)
    body = "\n".join(_section(section, lang) for section in parts)
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{safe(procedure.code)} · {name}</title>\n<style>\n{_style()}</style>\n</head>\n"
        f"<body>\n<h1{marked}>{name}</h1>\n{body}\n</body>\n</html>\n"
    )


@lru_cache(maxsize=1)
def _style() -> str:
    return (resources.files("igate.publish.sheet") / "sheet.css").read_text(encoding="utf-8")


def _plain(text: str) -> str:
    r"""Escape a text for Markdown, on one line.

    >>> print(_plain("1. <b>*đ*</b> | x"), _plain("1.001806"))
    1\. \<b\>\*đ\*\</b\> \| x 1.001806
    """
    line = " ".join(printable(text).split())
    return _LEADING.sub(r"\1\\", _SIGNS.sub(lambda sign: f"\\{sign[0]}", line))


def _joined(phrases: Sequence[Phrase]) -> str:
    """Write phrases on one line, those after the first in brackets if they have none themselves."""
    first, *others = (_plain(phrase.text) for phrase in phrases)
    return first + "".join(f" – {each}" if "(" in each else f" ({each})" for each in others)


def _markdown(block: Block) -> Iterator[str]:
    match block:
        case Terms():
            for name, phrases in block.pairs:
                yield f"- **{_plain(name)}:** {_joined(phrases)}"
        case Table():
            yield from _rows(block)
        case Items():
            yield from (f"**{_plain(block.title)}**", "") if block.title else ()
            yield from (f"- {_joined(phrases)}" for phrases in block.entries)
        case Missing():
            yield f"*{_plain(block.text)}*"
        case Note():
            yield _plain(block.text)


def _rows(table: Table) -> Iterator[str]:
    yield _row(_plain(head) for head in table.heads)
    yield _row("---" for _ in table.heads)
    for cells in table.rows:
        yield _row(_joined(cell) for cell in cells)


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _section(section: Section, lang: Language) -> str:
    title = f"<h2>{safe(section.title)}</h2>\n" if section.title else ""
    blocks = "\n".join(_html(block, lang) for block in section.blocks)
    return f"<section>\n{title}{blocks}\n</section>"


def _html(block: Block, lang: Language) -> str:
    match block:
        case Terms():
            pairs = (
                f"<dt>{safe(name)}</dt><dd>{_spans(phrases, lang)}</dd>"
                for name, phrases in block.pairs
            )
            return f"<dl>{''.join(pairs)}</dl>"
        case Table():
            return _table(block, lang)
        case Items():
            title = f"<p>{safe(block.title)}</p>" if block.title else ""
            items = "".join(f"<li>{_spans(phrases, lang)}</li>" for phrases in block.entries)
            return f"{title}<ul>{items}</ul>"
        case Missing():
            return f'<p class="missing">{safe(block.text)}</p>'
        case Note():
            return f"<p>{safe(block.text)}</p>"


def _spans(phrases: Sequence[Phrase], lang: Language) -> str:
    """Write phrases, each in the language it is in; those after the first on lines of their own."""
    texts = [
        safe(phrase.text) if phrase.lang == lang
        else f'<span lang="{phrase.lang}">{safe(phrase.text)}</span>'
        for phrase in phrases
    ]  # fmt: skip
    return texts[0] + "".join(f"<small>{text}</small>" for text in texts[1:])


def _table(block: Table, lang: Language) -> str:
    """Write a table with roles, because on a phone the style sheet makes cards of its rows."""
    heads = "".join(
        f'<th role="columnheader" scope="col">{safe(head)}</th>' for head in block.heads
    )
    rows = []
    for at, cells in enumerate(block.rows):
        row = "".join(
            f'<td role="cell" data-head="{safe(head)}"><div>{_spans(cell, lang)}</div></td>'
            for head, cell in zip(block.heads, cells, strict=True)
        )
        under = ' class="under"' if at in block.under else ""
        rows.append(f'<tr role="row"{under}>{row}</tr>')
    return (
        f'<table role="table"><thead role="rowgroup"><tr role="row">{heads}</tr></thead>\n'
        f'<tbody role="rowgroup">\n{chr(10).join(rows)}\n</tbody></table>'
    )
