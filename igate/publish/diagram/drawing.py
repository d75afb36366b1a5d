"""A laid-out diagram as SVG: one file that needs nothing else and looks the same everywhere.

Black on white, so that it survives a copier. A state that ends the course has a double edge, the
frame is dashed, and each effect on the clock has a sign beside the words that say it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from igate.publish.report.html import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.deadlines.rules import ClockKind
    from igate.law.citation import Language
    from igate.publish.diagram.parts import Box, Layout, Line, Mark, Text

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
        layout: Where everything stands.
        title: Name of the picture, for those who hear it.
        summary: What it shows, in a sentence.
        lang: Language of its texts.
    """
    wide, high = _number(layout.width), _number(layout.height)
    body = "\n".join(_elements(layout))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
        f'viewBox="0 0 {wide} {high}" role="img" lang="{lang}" aria-labelledby="title summary" '
        f'font-family="{_FONT}" fill="{_INK}">\n'
        f'<title id="title">{safe(title)}</title>\n<desc id="summary">{safe(summary)}</desc>\n'
        f'<rect width="{wide}" height="{high}" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _elements(layout: Layout) -> Iterator[str]:
    if layout.frame:
        yield _frame(layout.frame)
    x, y = layout.start
    yield f'<circle cx="{_number(x)}" cy="{_number(y)}" r="6"/>'
    for line in layout.lines:
        yield _line(line)
    for box in layout.boxes:
        yield _box(box)
    for mark in layout.marks:
        yield _mark(mark)
    for text in layout.texts:
        yield _text(text)


def _frame(box: Box) -> str:
    return f'<rect {_place(box)} rx="10" fill="none" stroke="{_FAINT}" stroke-dasharray="6 4"/>'


def _box(box: Box) -> str:
    outer = f'<rect {_place(box)} rx="{_ROUND}" fill="{_SOFT}" stroke="{_INK}"/>'
    if not box.final:
        return outer
    inner = (
        f'<rect x="{_number(box.x + 3)}" y="{_number(box.y + 3)}" '
        f'width="{_number(box.width - 6)}" height="{_number(box.height - 6)}" rx="4" '
        f'fill="none" stroke="{_INK}"/>'
    )
    return outer + inner


def _place(box: Box) -> str:
    return (
        f'x="{_number(box.x)}" y="{_number(box.y)}" '
        f'width="{_number(box.width)}" height="{_number(box.height)}"'
    )


def _line(line: Line) -> str:
    """Draw a line with round corners, and a filled head where it ends."""
    points = line.points
    (x0, y0), (x1, y1) = points[-2:]
    length = max(abs(x1 - x0), abs(y1 - y0)) or 1
    across, down = (x1 - x0) / length, (y1 - y0) / length
    path = [f"M{_number(points[0][0])} {_number(points[0][1])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        path.append(_bend(before, corner, after))
    path.append(f"L{_number(x1 - 7 * across)} {_number(y1 - 7 * down)}")
    left = f"{_number(x1 - 9 * across - 4 * down)} {_number(y1 - 9 * down + 4 * across)}"
    right = f"{_number(x1 - 9 * across + 4 * down)} {_number(y1 - 9 * down - 4 * across)}"
    head = f"M{_number(x1)} {_number(y1)} L{left} L{right} Z"
    return (
        f'<path d="{" ".join(path)}" fill="none" stroke="{_INK}" stroke-width="1.3"/>'
        f'<path d="{head}"/>'
    )


def _bend(
    before: tuple[float, float], corner: tuple[float, float], after: tuple[float, float]
) -> str:
    """Draw up to a corner and round it."""
    spots = []
    for other in (before, after):
        across, down = other[0] - corner[0], other[1] - corner[1]
        length = max(abs(across), abs(down)) or 1
        reach = min(_ROUND, length / 2) / length
        spots.append(f"{_number(corner[0] + across * reach)} {_number(corner[1] + down * reach)}")
    return f"L{spots[0]} Q{_number(corner[0])} {_number(corner[1])} {spots[1]}"


def _mark(mark: Mark) -> str:
    return (
        f'<path transform="translate({_number(mark.x)} {_number(mark.y)})" '
        f'd="{_SIGNS[mark.kind]}"/>'
    )


def _text(text: Text) -> str:
    look = ' font-weight="bold"' if text.bold else ""
    look += f' fill="{_FAINT}"' if text.faint else ""
    return (
        f'<text x="{_number(text.x)}" y="{_number(text.y)}" font-size="{_number(text.size)}"'
        f"{look}>{safe(text.text)}</text>"
    )


def _number(value: float) -> str:
    """Write a coordinate to a tenth of a pixel.

    >>> _number(12.04)
    '12'
    """
    return f"{value:.1f}".removesuffix(".0")
