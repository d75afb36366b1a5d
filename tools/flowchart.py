"""A flowchart of the pages as an SVG picture, drawn when the site is built.

Forges draw the Mermaid blocks of the pages themselves; on the site that would need a script from
another host. Read is what the pages use: ``flowchart TD``, boxes ``name[words]`` and arrows
``a --> b``. Anything else is an error, so that no part of a picture is lost without a word.

A box stands below every box that leads to it. An arrow over several rows has a place in each, and
the places of a row are sorted by where their neighbours are, so that few arrows cross.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Flowchart", "read_flowchart", "write_svg"]

_BOX: Final = re.compile(r"(\w+)\[([^\[\]]+)\]")
_ARROW: Final = re.compile(r"(\w+) --> (\w+)")
#: Pixels: height of a box, from row to row, between two boxes, width of a place that an arrow
#: passes, of a letter, beside the words of a box, around the picture.
_TALL, _ROW, _GAP, _LANE, _LETTER, _PAD, _MARGIN = 34, 66, 26, 8, 8.4, 26, 8
_SWEEPS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Flowchart:
    """The boxes of a picture, name and words, and its arrows, from and to."""

    boxes: Mapping[str, str]
    arrows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a box is: its middle, and how wide it is."""

    x: float
    y: float
    wide: float


def read_flowchart(text: str) -> Flowchart:
    """Read the body of a Mermaid block.

    Raises:
        ValueError: A line is none of those that can be drawn, or an arrow has no box.
    """
    first, *lines = [line.strip() for line in text.strip().splitlines()]
    if first != "flowchart TD":
        raise ValueError(f"only 'flowchart TD' can be drawn, not {first!r}")
    boxes: dict[str, str] = {}
    arrows: list[tuple[str, str]] = []
    for line in filter(None, lines):
        if box := _BOX.fullmatch(line):
            boxes[box[1]] = box[2]
        elif arrow := _ARROW.fullmatch(line):
            arrows.append((arrow[1], arrow[2]))
        else:
            raise ValueError(f"this line of a flowchart cannot be drawn: {line!r}")
    lost = sorted({end for arrow in arrows for end in arrow} - boxes.keys())
    if lost:
        raise ValueError(f"an arrow leads to or from {lost[0]!r}, which has no box")
    return Flowchart(boxes=boxes, arrows=tuple(arrows))


def write_svg(drawn: Flowchart, *, title: str) -> str:
    """Return the picture as an ``svg`` element without blank lines, in the colours of the page.

    Args:
        drawn: What is drawn; its arrows may not lead in a circle.
        title: What the picture shows, for those who hear it.

    Raises:
        ValueError: The arrows lead in a circle.
    """
    rows = _rows(drawn)
    chains = {arrow: _chain(arrow, rows) for arrow in drawn.arrows}
    places = _placed(_sorted(rows, chains.values()), drawn)
    wide = max(place.x + place.wide / 2 for place in places.values()) + _MARGIN
    tall = max(place.y for place in places.values()) + _TALL / 2 + _MARGIN
    said = f"{title}: " + ", ".join(f"{start} → {end}" for start, end in drawn.arrows)
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {wide:g} {tall:g}" '
            f'width="{wide:g}" style="max-width:100%;height:auto" font-family="inherit" '
            'font-size="14" text-anchor="middle">'
        ),
        f"<title>{escape(said)}</title>",
        *(_arrow([places[each] for each in chain]) for chain in chains.values()),
        *(_box(places[name], words) for name, words in drawn.boxes.items()),
        "</svg>",
    ]
    return "\n".join(lines)


def _rows(drawn: Flowchart) -> dict[str, int]:
    """Return the row of each box, from 0: below every box that leads to it."""
    rows = dict.fromkeys(drawn.boxes, 0)
    for _ in drawn.boxes:
        settled = True
        for start, end in drawn.arrows:
            if rows[end] <= rows[start]:
                rows[end], settled = rows[start] + 1, False
        if settled:
            return rows
    raise ValueError("the arrows of the flowchart lead in a circle")


def _chain(arrow: tuple[str, str], rows: dict[str, int]) -> list[str]:
    """Return the places of an arrow from row to row; those between its boxes are put in ``rows``.

    No box is named like them: a name has no blank.
    """
    start, end = arrow
    passed = {f"{start} {end} {row}": row for row in range(rows[start] + 1, rows[end])}
    rows |= passed
    return [start, *passed, end]


def _sorted(rows: Mapping[str, int], chains: Iterable[list[str]]) -> list[list[str]]:
    """Return the places of each row from left to right."""
    above: defaultdict[str, list[str]] = defaultdict(list)
    below: defaultdict[str, list[str]] = defaultdict(list)
    for chain in chains:
        for upper, lower in pairwise(chain):
            above[lower].append(upper)
            below[upper].append(lower)
    order = [[name for name in rows if rows[name] == row] for row in range(max(rows.values()) + 1)]
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        near = above if down else below
        for row in order[1:] if down else order[-2::-1]:
            where = {name: _share(line, name) for line in order for name in line}
            row.sort(key=lambda name: _mean([where[each] for each in near[name]], where[name]))
    return order


def _share(line: Sequence[str], name: str) -> float:
    """Return how far to the right a place is in its row, between 0 and 1."""
    return (line.index(name) + 0.5) / len(line)


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _placed(order: Sequence[Sequence[str]], drawn: Flowchart) -> dict[str, _Place]:
    """Return where each place is; the rows are centred."""
    wide = {name: len(words) * _LETTER + _PAD for name, words in drawn.boxes.items()}
    spans = [sum(wide.get(name, _LANE) + _GAP for name in line) - _GAP for line in order]
    found: dict[str, _Place] = {}
    for row, (line, span) in enumerate(zip(order, spans, strict=True)):
        left = _MARGIN + (max(spans) - span) / 2
        for name in line:
            here = wide.get(name, _LANE)
            y = _MARGIN + _TALL / 2 + row * _ROW
            found[name] = _Place(x=round(left + here / 2, 1), y=y, wide=round(here, 1))
            left += here + _GAP
    return found


def _arrow(chain: Sequence[_Place]) -> str:
    """Draw an arrow through its places, with a head above the last of them."""
    first, last = chain[0], chain[-1]
    path = f"M{first.x:g} {first.y + _TALL / 2:g}"
    for upper, lower in pairwise(chain):
        top, end = upper.y + _TALL / 2, lower.y - _TALL / 2
        half = (top + end) / 2
        path += f" C{upper.x:g} {half:g} {lower.x:g} {half:g} {lower.x:g} {end:g}"
        path += "" if lower is last else f" V{lower.y + _TALL / 2:g}"
    tip = last.y - _TALL / 2
    head = f"M{last.x:g} {tip:g} l-4 -8 h8 Z"
    return (
        f'<path d="{path}" fill="none" stroke="currentColor" stroke-width="1.2" opacity="0.7"/>'
        f'<path d="{head}" fill="currentColor"/>'
    )


def _box(place: _Place, words: str) -> str:
    """Draw a box with its words."""
    left, top = place.x - place.wide / 2, place.y - _TALL / 2
    return (
        f'<rect x="{left:g}" y="{top:g}" width="{place.wide:g}" height="{_TALL}" rx="6" '
        'fill="none" stroke="currentColor"/>'
        f'<text x="{place.x:g}" y="{place.y + 5:g}" fill="currentColor">{escape(words)}</text>'
    )
