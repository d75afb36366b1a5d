"""The parts of a drawn diagram, each with its place in pixels from the top left.

A text is measured before it is placed: :class:`Piece` is a line without a place, :class:`Text` the
same line with one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from igate.publish.diagram.text import width, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable

    from igate.deadlines.rules import ClockKind

__all__ = ["SIZE", "Box", "Layout", "Line", "Mark", "Piece", "Text", "pieces_of", "tall"]

#: Size of the letters, in pixels; height of a line of text, in letter sizes.
SIZE: Final = 12.0
_LEADING: Final = 1.34


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
    #: where the dot of the beginning stands
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
        """How much the line below it stands lower."""
        return self.size * _LEADING


def pieces_of(
    text: str, room: float, *, size: float = SIZE, bold: bool = False, faint: bool = False
) -> list[Piece]:
    """Break a text into lines that fit a room, in pixels."""
    lines = wrap(text, room, size, bold=bold)
    return [Piece(text=line, size=size, bold=bold, faint=faint) for line in lines]


def tall(pieces: Iterable[Piece]) -> float:
    """Give the height of lines one below the other."""
    return sum(piece.height for piece in pieces)
