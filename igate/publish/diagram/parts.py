"""The parts of a drawn diagram, each with its place in pixels from the top left.

A text is measured before it is placed: :class:`Piece` is a line without a place, :class:`Text` the
same line with one. No font is asked how wide a text will be: the widths are those of DejaVu Sans,
the widest of the fonts in which the pictures may be shown, so a text that fits by this count fits
in Verdana, Noto Sans, Arial and Liberation Sans too. Vietnamese letters are as wide as the letter
under their marks.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from igate.deadlines.rules import ClockKind

__all__ = [
    "SIZE",
    "Box",
    "Layout",
    "Line",
    "Mark",
    "Piece",
    "Text",
    "pieces_of",
    "tall",
    "width",
    "wrap",
]

#: Size of the letters, in pixels; height of a line of text, in letter sizes.
SIZE: Final = 12.0
_LEADING: Final = 1.34
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle; that of a state has the identifier of its node."""

    id: str
    x: float
    y: float
    width: float
    height: float
    final: bool = False

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line with an arrow-head at its last point."""

    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One line of text; ``y`` is its baseline."""

    x: float
    y: float
    text: str
    size: float = SIZE
    bold: bool = False
    faint: bool = False

    @property
    def width(self) -> float:
        """How wide it will be at most."""
        return width(self.text, self.size, bold=self.bold)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The sign of what happens to the clock, beside the words that say it; the top left corner."""

    kind: ClockKind
    x: float
    y: float


@dataclass(slots=True, kw_only=True)
class Layout:
    """A whole picture, ready to be drawn."""

    width: float
    height: float = 0
    boxes: list[Box] = field(default_factory=list)
    frame: Box | None = None
    #: where the dot of the beginning is
    start: tuple[float, float] = (0, 0)
    lines: list[Line] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A line of a block of text, before its place is known."""

    text: str
    size: float = SIZE
    bold: bool = False
    faint: bool = False
    sign: ClockKind | None = None
    #: further in, as when it goes on after a sign
    shift: float = 0

    @property
    def height(self) -> float:
        """How much the line below it is lower."""
        return self.size * _LEADING


def pieces_of(
    text: str, room: float, *, size: float = SIZE, bold: bool = False, faint: bool = False
) -> list[Piece]:
    """Break a text into lines that fit a room, in pixels."""
    lines = wrap(text, room, size, bold=bold)
    return [Piece(text=line, size=size, bold=bold, faint=faint) for line in lines]


def tall(pieces: Iterable[Piece]) -> float:
    """Return the height of lines one below the other."""
    return sum(piece.height for piece in pieces)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a text in a font size, in the unit of the size.

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
