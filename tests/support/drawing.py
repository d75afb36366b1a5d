"""What tests ask of a diagram: nothing overlaps, all is there, and Mermaid can read it."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from igate.publish.diagram.chart import FRAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.procedures.workflow import Transition
    from igate.publish.diagram.chart import Chart, Way
    from igate.publish.diagram.parts import Box, Layout, Text

#: The statements of a Mermaid state diagram that igate writes. Between quotes and after a colon
#: may stand letters, digits, harmless signs, <br/> and signs written as numbers; nothing else.
PLAIN = r"(?:[\w ,.()/–·→≤≥≠]|(?<=\w)-(?=\w)|#\d+;|<br/>)*"
STATE = re.compile(rf'    state "(?P<text>{PLAIN})" as (?P<name>[A-Za-z]\w*)')
WAY = re.compile(rf"    (?P<source>\w+|\[\*\]) --> (?P<target>\w+|\[\*\])(?: : (?P<text>{PLAIN}))?")
NOTE = re.compile(r"    %% [^{}%]*")


def covers(folded: Chart, way: Way, transition: Transition) -> bool:
    """Return whether an arrow stands for a transition."""

    def ends(name: str) -> frozenset[str]:
        if name == FRAME:
            return frozenset(folded.framed)
        return frozenset(folded.node(name).states)

    further = [f"processing_{place.replace('.', '_')}" for place in way.also_steps]
    sources = frozenset(further).union(*map(ends, (way.source, *way.also_from)))
    return (
        way.action == transition.action
        and transition.source in sources
        and transition.target in ends(way.target)
        and way.clock == transition.clock
        and way.guard == transition.guard
    )


def faults(layout: Layout) -> Iterator[str]:
    """Find boxes or texts that overlap, and what lies outside of the picture or its box."""
    for first, second in combinations(layout.boxes, 2):
        if meet(frame_of(first), frame_of(second)):
            yield f"{first.id} overlaps {second.id}"
    for text in layout.texts:
        left, top, right, bottom = frame_of(text)
        if left < 0 or top < 0 or right > layout.width or bottom > layout.height:
            yield f"{text.text!r} lies outside of the picture"
        for box in layout.boxes:
            if meet(frame_of(text), frame_of(box)) and not inside(text, box):
                yield f"{text.text!r} crosses the edge of {box.id}"
    yield from overlapping(sorted(layout.texts, key=lambda text: text.y))


def overlapping(texts: list[Text]) -> Iterator[str]:
    """Find texts, given from the top down, that overlap; a line is less than 30 pixels high."""
    for at, first in enumerate(texts):
        for second in texts[at + 1 :]:
            if second.y - first.y > 30:
                break
            if meet(frame_of(first), frame_of(second)):
                yield f"{first.text!r} overlaps {second.text!r}"


def frame_of(thing: Box | Text) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom; of a text, with its ascenders and descenders."""
    if hasattr(thing, "size"):
        return (thing.x, thing.y - thing.size * 0.8, thing.x + thing.width, thing.y + 3)
    return (thing.x, thing.y, thing.right, thing.bottom)


def meet(first: tuple[float, ...], second: tuple[float, ...]) -> bool:
    """Return whether two rectangles have an area in common."""
    return (
        first[0] < second[2] and second[0] < first[2]
        and first[1] < second[3] and second[1] < first[3]
    )  # fmt: skip


def inside(text: Text, box: Box) -> bool:
    """Return whether a text lies inside a box."""
    left, top, right, bottom = frame_of(text)
    return box.x <= left and box.y <= top and right <= box.right and bottom <= box.bottom


def touches(point: tuple[float, float], box: Box) -> bool:
    """Return whether a point lies on the edge of a box."""
    x, y = point
    beside = abs(x - box.x) < 0.1 or abs(x - box.right) < 0.1
    level = abs(y - box.y) < 0.1 or abs(y - box.bottom) < 0.1
    return (beside and box.y <= y <= box.bottom) or (level and box.x <= x <= box.right)


def drawn_faults(layout: Layout) -> Iterator[str]:
    """Find all faults, arrows that end in the air, and lines through boxes or texts."""
    yield from faults(layout)
    boxes = [*layout.boxes, *([layout.frame] if layout.frame else [])]
    for line in layout.lines:
        if not any(touches(line.points[-1], box) for box in boxes):
            yield f"an arrow ends in the air: {line.points}"
        for first, second in pairwise(line.points):
            if abs(first[0] - second[0]) > 0.1 and abs(first[1] - second[1]) > 0.1:
                yield f"a line runs askew: {line.points}"
            for what in crossed(layout, (*map(min, first, second), *map(max, first, second))):
                yield f"a line runs through {what}: {line.points}"


def crossed(layout: Layout, stretch: tuple[float, ...]) -> Iterator[str]:
    """Name the boxes and texts through which a straight piece of a line runs."""
    for box in layout.boxes:
        if meet(stretch, (box.x + 1, box.y + 1, box.right - 1, box.bottom - 1)):
            yield box.id
    for text in layout.texts:
        if meet(stretch, frame_of(text)):
            yield text.text


def parse(text: str) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """Read a diagram with a small grammar: states by name, and ways; anything else is a fault."""
    head, _, body = text.partition("stateDiagram-v2\n    direction TB\n")
    assert re.fullmatch(r'---\ntitle: "(?:[^"\\\n]|\\.)*"\n---\n', head), head
    states: dict[str, str] = {}
    ways: list[tuple[str, str, str]] = []
    for line in body.splitlines():
        declared, drawn = STATE.fullmatch(line), WAY.fullmatch(line)
        if declared:
            assert declared["name"] not in states
            states[declared["name"]] = declared["text"]
        elif drawn:
            ways.append((drawn["source"], drawn["target"], drawn["text"] or ""))
        else:
            assert NOTE.fullmatch(line), line
    unknown = {end for way in ways for end in way[:2]} - states.keys() - {"[*]"}
    assert unknown == set()
    return states, ways
