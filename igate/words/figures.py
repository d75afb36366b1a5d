"""Numbers and shares as each language writes them: Vietnamese ``1.234,5``, English ``1,234.5``.

No text of law says how a rate is rounded. Here a half is rounded up, as schools teach it, on the
decimal that a number prints as: 649 of 800 are 81.13 per cent, where the rounding of floats gives
81.12. A share that is not whole is never rounded to 0 or 100 per cent.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from igate.words.language import Language

__all__ = ["decimal", "number", "percent"]


def number(value: int, lang: Language) -> str:
    """Write a whole number.

    >>> number(751295, "vi"), number(751295, "en")
    ('751.295', '751,295')
    """
    return _written(f"{value:,}", lang)


def decimal(value: float, lang: Language, digits: int = 1) -> str:
    """Write a number with decimals, a half rounded up.

    >>> decimal(1234.56, "vi"), decimal(1234.25, "en")
    ('1.234,6', '1,234.3')
    """
    return _written(f"{_rounded(_exact(value), digits):,.{digits}f}", lang)


def percent(share: float, lang: Language, digits: int = 2) -> str:
    """Write a share of 0..1 in per cent; only a whole share reads 100, only nothing reads 0.

    >>> percent(0.99999, "vi"), percent(1.0, "en"), percent(649 / 800, "en")
    ('99,99%', '100.00%', '81.13%')
    """
    exact = _exact(share) * 100
    shown, step = _rounded(exact, digits), Decimal(1).scaleb(-digits)
    if 0 < exact < 100:  # noqa: PLR2004 - per cent
        shown = min(max(shown, step), 100 - step)
    return _written(f"{shown:,.{digits}f}%", lang)


def _exact(value: float) -> Decimal:
    return Decimal(str(float(value)))


def _rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def _written(text: str, lang: Language) -> str:
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text
