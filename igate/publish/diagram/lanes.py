"""Ways that fork off the main course: the lines that stand at them, and the lanes they run in.

What stands beside the line down the course is the lines of the ways onward and of the ways that
leave it there. Each of these runs in a lane on the left, the short ones near the boxes, and no two
that pass the same box share one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from igate.publish.diagram.parts import tall

if TYPE_CHECKING:
    from collections.abc import Iterable

    from igate.publish.diagram.chart import Chart, Way
    from igate.publish.diagram.parts import Piece

__all__ = ["Block", "gap_height", "lanes_of", "tall_of"]


class Block(NamedTuple):
    """The lines that stand at one way along the course."""

    way: Way
    pieces: list[Piece]
    #: room above them
    above: float


def tall_of(blocks: Iterable[Block]) -> float:
    """Return the height of the lines of several ways one below the other."""
    return sum(block.above + tall(block.pieces) for block in blocks)


def gap_height(blocks: Iterable[Block]) -> float:
    """Return the room between two nodes that hold the lines of these ways."""
    return max(26.0, tall_of(blocks) + 14)


def lanes_of(chart: Chart) -> dict[Way, int]:
    """Give each way along the course that passes a node or goes back a free lane, the short first.

    A way leaves below its source, so it takes the lane from there to its target.
    """
    place = {node.id: float(at) for at, node in enumerate(chart.course)}
    ways = [way for way in chart.ways if way.kind in {"back", "skip"}]
    spans = {way: sorted((place[way.source] + 0.5, place[way.target])) for way in ways}
    taken: list[list[tuple[float, float]]] = []
    lanes: dict[Way, int] = {}
    for way, (low, high) in sorted(spans.items(), key=lambda item: item[1][1] - item[1][0]):
        clear = [all(end < low or high < start for start, end in spans) for spans in taken]
        lane = clear.index(True) if True in clear else len(taken)
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low, high))
        lanes[way] = lane
    return lanes
