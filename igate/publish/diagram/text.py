"""How wide a text will be, and where to break it, without asking a font.

The widths are those of DejaVu Sans, the widest of the fonts in which the pictures may be shown: a
text that fits by this count fits in Verdana, Noto Sans, Arial and Liberation Sans too. Vietnamese
letters are as wide as the letter under their marks.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

__all__ = ["width", "wrap"]

#: Widths of the signs from the blank (32) to the tilde (126), in hundredths of the font size.
_PLAIN: Final = (
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 69, 69, 70, 77, 64, 58, 78, 75, 30, 30, 66, 56, 86, 75, 79,
    60, 79, 70, 64, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 56, 63, 62, 35, 63,
    63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
)  # fmt: skip
#: By how much a bold text is wider.
_BOLD: Final = 1.15
#: Đ, đ and the letters with a horn, which do not fall apart into a letter and marks of no width.
_OTHERS: Final = {"đ": 64, "Đ": 78, "–": 50, "·": 32, "“": 52, "”": 52, "’": 32, "‘": 32, "×": 84}
_HORN: Final = "\u031b"


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Give the width of a text in a font size, in the unit of the size.

    >>> round(width("Bước 3", 10), 1)
    36.9
    """
    return _hundredths(text) * size / 100 * (_BOLD if bold else 1)


@lru_cache(maxsize=4096)
def _hundredths(text: str) -> int:
    """Add up the signs of a text; the same words return on every drawing."""
    return sum(_sign(sign) for sign in unicodedata.normalize("NFD", text))


def _sign(sign: str) -> int:
    if " " <= sign <= "~":
        return _PLAIN[ord(sign) - 32]
    if unicodedata.combining(sign):
        return 12 if sign == _HORN else 0
    return _OTHERS.get(sign, 110)


def wrap(text: str, room: float, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """Break a text at blanks into lines that fit; a word that alone is too long is cut.

    >>> wrap("Tiếp nhận hồ sơ", 60, 10)
    ('Tiếp nhận', 'hồ sơ')
    """
    blank = width(" ", size, bold=bold)
    lines: list[str] = []
    used = room
    for word in text.split():
        for piece in _pieces(word, room, size, bold=bold):
            wide = width(piece, size, bold=bold)
            if used + blank + wide <= room:
                lines[-1] += f" {piece}"
                used += blank + wide
            else:
                lines.append(piece)
                used = wide
    return tuple(lines)


def _pieces(word: str, room: float, size: float, *, bold: bool) -> list[str]:
    """Cut a word into pieces that fit."""
    if width(word, size, bold=bold) <= room:
        return [word]
    pieces = [""]
    for sign in word:
        if pieces[-1] and width(pieces[-1] + sign, size, bold=bold) > room:
            pieces.append(sign)
        else:
            pieces[-1] += sign
    return pieces
