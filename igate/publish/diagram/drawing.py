"""A laid-out diagram as SVG: one file that needs nothing else and looks the same everywhere.

Black on white, so that it survives a copier. A state that ends the course has a double edge, the
frame is dashed, and each effect on the clock has a sign beside the words that say it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from igate.publish.markup import pixels, template

if TYPE_CHECKING:
    from igate.deadlines.rules import ClockKind
    from igate.law.citation import Language
    from igate.publish.diagram.parts import Layout, Line

__all__ = ["write_svg"]

#: The widest first: the room was measured for it.
_FONT: Final = "DejaVu Sans, Verdana, Noto Sans, Liberation Sans, Arial, sans-serif"
_INK, _FAINT, _SOFT = "#1a1a1a", "#595959", "#f4f6f8"
#: How round the corners of lines and boxes are.
_ROUND: Final = 6

#: Drawn in a square of 11 pixels.
_SIGNS: Final[dict[ClockKind, str]] = {
    "start": "M2 1 L10 5.5 L2 10 Z",
    "suspend": "M2 1 h2.6 v9 h-2.6 Z M6.6 1 h2.6 v9 h-2.6 Z",
    "resume": "M1 1 h2 v9 h-2 Z M4.5 1 L10.5 5.5 L4.5 10 Z",
    "replace": "M1 3 h6 v-2.5 L10.5 4 L7 7.5 V5 H1 Z M1 8.5 h9 v1.8 h-9 Z",
    "extend": "M4.4 1 h2.2 v3.4 h3.4 v2.2 h-3.4 v3.4 h-2.2 v-3.4 H1 V4.4 h3.4 Z",
    "finish": "M1.5 1.5 h8 v8 h-8 Z",
    "stop": "M2.6 1 L5.5 3.9 L8.4 1 L10 2.6 L7.1 5.5 L10 8.4 L8.4 10 L5.5 7.1 L2.6 10 L1 8.4 "
    "L3.9 5.5 L1 2.6 Z",
}


def write_svg(layout: Layout, *, title: str, summary: str, lang: Language) -> str:
    """Write a picture as an SVG document.

    Args:
        layout: Where everything is.
        title: Name of the picture, for those who hear it.
        summary: What it shows, in a sentence.
        lang: Language of its texts.
    """
    return template("diagram/diagram.svg").render(
        layout=layout,
        title=title,
        summary=summary,
        lang=lang,
        lines=[_line(line) for line in layout.lines],
        signs=_SIGNS,
        font=_FONT,
        ink=_INK,
        faint=_FAINT,
        soft=_SOFT,
        round=_ROUND,
    )


def _line(line: Line) -> tuple[str, str]:
    """Return the paths of a line with round corners, and of the filled head where it ends."""
    points = line.points
    (x0, y0), (x1, y1) = points[-2:]
    length = max(abs(x1 - x0), abs(y1 - y0)) or 1
    across, down = (x1 - x0) / length, (y1 - y0) / length
    path = [f"M{pixels(points[0][0])} {pixels(points[0][1])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        path.append(_bend(before, corner, after))
    path.append(f"L{pixels(x1 - 7 * across)} {pixels(y1 - 7 * down)}")
    left = f"{pixels(x1 - 9 * across - 4 * down)} {pixels(y1 - 9 * down + 4 * across)}"
    right = f"{pixels(x1 - 9 * across + 4 * down)} {pixels(y1 - 9 * down - 4 * across)}"
    head = f"M{pixels(x1)} {pixels(y1)} L{left} L{right} Z"
    return " ".join(path), head


def _bend(
    before: tuple[float, float], corner: tuple[float, float], after: tuple[float, float]
) -> str:
    """Draw up to a corner and round it."""
    spots = []
    for other in (before, after):
        across, down = other[0] - corner[0], other[1] - corner[1]
        length = max(abs(across), abs(down)) or 1
        reach = min(_ROUND, length / 2) / length
        spots.append(f"{pixels(corner[0] + across * reach)} {pixels(corner[1] + down * reach)}")
    return f"L{spots[0]} Q{pixels(corner[0])} {pixels(corner[1])} {spots[1]}"
