"""The notice that an agency posts about a procedure, as Markdown or as one HTML page.

It has the parts of Nghị định 63/2010/NĐ-CP, Điều 8 khoản 2: name, sequence, manner, papers, time
limit, who may apply, agency, result, fee, form, conditions; then the legal basis, the online level
and since when it holds. What the sources do not state is said to be not stated.

Both are pure functions of a procedure and one of its revisions. Whatever a file holds is shown as
text: nothing in it becomes markup.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from igate.law.text import check_language
from igate.publish.markup import template
from igate.publish.sheet.blocks import Items, Missing, Note, Table, Terms
from igate.publish.sheet.parts import sections
from igate.publish.words import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from igate.law.citation import Language
    from igate.procedures.procedure import Procedure, Revision
    from igate.publish.sheet.blocks import Block, Phrase

__all__ = ["sheet_html", "sheet_markdown"]

#: Signs that Markdown could read as markup, wherever they are.
_SIGNS: Final = re.compile(r"[\\`*_\[\]<>|~#&@]|(?<=\w)(?=://)|(?<=www)(?=\.)")
#: What begins a list or a rule at the start of a line.
_LEADING: Final = re.compile(r"^(\d+(?=[.)](?:\s|$))|(?=[-+=]))")


def sheet_markdown(procedure: Procedure, revision: Revision, lang: Language) -> str:
    """Write the notice as Markdown with tables as GitHub reads them.

    Args:
        procedure: What the notice is about.
        revision: The one that is posted.
        lang: Its language; names that have no translation stay Vietnamese.

    Raises:
        IgateError: igate does not speak it.
    """
    check_language(lang)
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

    Raises:
        IgateError: igate does not speak it.
    """
    check_language(lang)
    return template("sheet/sheet.html").render(
        lang=lang,
        code=procedure.code,
        name=procedure.name.text(lang),
        translated=bool(procedure.name.en),
        sections=sections(procedure, revision, lang),
    )


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
