"""Dates and texts as each language writes them.

Vietnamese writes ``31/12/2025``; English here writes ``2025-12-31``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from igate.law.citation import Label, Language
from igate.law.localtime import local

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

__all__ = ["LANGUAGES", "day", "each", "moment", "printable"]

LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en")


def each(write: Callable[[Language], str]) -> Label:
    """Write a text once a language.

    >>> from datetime import date
    >>> each(lambda lang: day(date(2026, 3, 2), lang))
    Label(vi='02/03/2026', en='2026-03-02')
    """
    return Label(vi=write("vi"), en=write("en"))


def printable(text: str) -> str:
    """Replace what no file format can carry: control characters and lone surrogates.

    >>> printable("a" + chr(0) + "b") == "a" + chr(0xFFFD) + "b"
    True
    """
    return "".join(
        sign if sign in "\n\t" or not (sign < " " or "\x7f" <= sign <= "\x9f" or _lone(sign))
        else "\ufffd"
        for sign in text
    )  # fmt: skip


def _lone(sign: str) -> bool:
    return "\ud800" <= sign <= "\udfff" or sign in "\ufffe\uffff"


def day(value: date, lang: Language) -> str:
    """Write a calendar day."""
    return f"{value:%d/%m/%Y}" if lang == "vi" else value.isoformat()


def moment(value: datetime, lang: Language) -> str:
    """Write a moment to the minute, in Vietnamese time, the hour first as on the receipt."""
    at = local(value)
    return f"{at:%H:%M} {day(at.date(), lang)}"
