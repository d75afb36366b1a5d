"""Numbers, dates and texts as each language writes them.

Vietnamese writes ``1.234,5`` and ``31/12/2025``; English here writes ``1,234.5`` and
``2025-12-31``. A share that is not whole is never rounded to 0 or 100 per cent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from igate.law.citation import Label, Language
from igate.law.localtime import local

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

__all__ = ["LANGUAGES", "day", "decimal", "each", "moment", "number", "percent", "printable"]

LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en")


def each(write: Callable[[Language], str]) -> Label:
    """Write a text once a language.

    >>> each(lambda lang: number(5000, lang))
    Label(vi='5.000', en='5,000')
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


def number(value: int, lang: Language) -> str:
    """Write a whole number.

    >>> number(751295, "vi"), number(751295, "en")
    ('751.295', '751,295')
    """
    text = f"{value:,}"
    return text.replace(",", ".") if lang == "vi" else text


def decimal(value: float, lang: Language, digits: int = 1) -> str:
    """Write a number with decimals.

    >>> decimal(1234.56, "vi"), decimal(1234.56, "en")
    ('1.234,6', '1,234.6')
    """
    text = f"{value:,.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


def percent(rate: float, lang: Language, digits: int = 2) -> str:
    """Write a share of 0..1 in per cent; only a whole share reads 100, only nothing reads 0.

    >>> percent(0.99999, "vi"), percent(1.0, "en"), percent(0.93254, "en")
    ('99,99%', '100.00%', '93.25%')
    """
    step = 10**-digits
    shown = round(rate * 100, digits)
    if 0 < rate < 1:
        shown = min(max(shown, step), 100 - step)
    return decimal(shown, lang, digits) + "%"


def day(value: date, lang: Language) -> str:
    """Write a calendar day."""
    return f"{value:%d/%m/%Y}" if lang == "vi" else value.isoformat()


def moment(value: datetime, lang: Language) -> str:
    """Write a moment to the minute, in Vietnamese time, the hour first as on the receipt."""
    at = local(value)
    return f"{at:%H:%M} {day(at.date(), lang)}"
