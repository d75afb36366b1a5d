"""The place of everything in a diagram: boxes, lines, texts, signs, in pixels from the top left.

The main course runs down on the left, its processing steps inside a frame; what may happen beside
it is on the right, each node with its arrows from and to the frame. Nothing is placed by trial:
every text is measured and wrapped first, and pushes down what comes below it. So no two boxes
overlap, and every text lies inside the picture.

Ways back or further on along the course leave it below their box, beside their words. Each runs in
a lane on the left, the short ones near the boxes, and no two that pass the same box share one. Ways
from one side node to another run in lanes on the far right.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from igate.publish.diagram.chart import FRAME
from igate.publish.diagram.parts import (
    SIZE,
    Box,
    Layout,
    Line,
    Mark,
    Piece,
    Text,
    pieces_of,
    tall,
    width,
    wrap,
)
from igate.publish.diagram.words import BULLET

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from igate.law.citation import Language
    from igate.publish.diagram.chart import Chart, Node, Way
    from igate.publish.diagram.words import Words

__all__ = ["Block", "gap_height", "lanes_of", "lay_out", "tall_of"]


#: Widths: of a box of the course, of the room for arrows to the right of it, of a side node.
_COURSE: Final = 344.0
_GUTTER: Final = 240.0
_SIDE: Final = 220.0
#: Between two lanes; on the left, from the boxes to the first one.
_LANE: Final = 12.0
_NEAR: Final = 16.0
#: Around everything; inside a box; between two side nodes.
_MARGIN: Final = 24.0
_PAD: Final = 10.0
_GAP: Final = 18.0
#: Of the line down the course, from the left edge of its boxes; of the text beside it.
_STEM: Final = 24.0
_BESIDE: Final = 40.0
#: Between the words of two ways, one of which forks off.
_APART: Final = 5.0
_TITLE: Final = 18.0
#: Room for the sign of the clock before its words.
_SIGN: Final = 16.0


def lay_out(chart: Chart, words: Words, lang: Language) -> Layout:
    """Return every part of a picture its place.

    Args:
        chart: What is drawn.
        words: Its texts.
        lang: Their language.
    """
    return _Drawing(chart, words, lang).draw()


class _Drawing:
    """One picture in the making."""

    def __init__(self, chart: Chart, words: Words, lang: Language) -> None:
        self.chart, self.words, self.lang = chart, words, lang
        self.lanes = lanes_of(chart)
        left = _NEAR + _LANE * max(self.lanes.values()) if self.lanes else 0
        self.frame_x = _MARGIN
        self.x = _MARGIN + _PAD + 6 + left
        self.gutter = self.x + _COURSE + _PAD + 6
        self.side = self.gutter + _GUTTER
        goals = list(dict.fromkeys(way.target for way in chart.far))
        self.far = {goal: self.side + _SIDE + 16 + _LANE * at for at, goal in enumerate(goals)}
        wide = self.side + _SIDE + _MARGIN + (_LANE * len(goals) + 8 if goals else 0)
        self.picture = Layout(width=wide if chart.sides else self.gutter + _GUTTER)
        self.rects: dict[str, Box] = {}
        #: the heights at which the ways in the left lanes fork off
        self.forked: dict[Way, float] = {}
        #: the nodes whose forks stand at once below them, not in the gap to the next
        self.closed = {*chart.framed[-1:], *(node.id for node in chart.course[-1:])}

    def draw(self) -> Layout:
        """Place everything, from the top down."""
        y = self.header()
        before, inside, after = self.parts()
        self.picture.start = (self.x + _STEM, y + 6)
        y = self.column(before, y + 34)
        right = self.pinned(before, self.rects[before[0].id].y if before else y)
        if inside:
            y, right = self.framed(before, inside, y, right)
        y = self.column(after, y, since=(inside or before)[-1:])
        if after or not inside:
            y = self.tail(self.chart.course[-1], y)
        right = max(right, self.pinned(after, right))
        right = self.bands(self.unplaced(), right)
        self.begin()
        self.far_lines()
        self.left_lines()
        self.footer(max(y, right) + 14)
        return self.picture

    def parts(self) -> tuple[list[Node], list[Node], list[Node]]:
        """Return the nodes of the course before, inside and after the frame."""
        inside = [node for node in self.chart.course if node.id in self.chart.framed]
        first = self.chart.course.index(inside[0]) if inside else len(self.chart.course)
        before = list(self.chart.course[:first])
        return before, inside, [n for n in self.chart.course[first:] if n not in inside]

    # texts

    def write(self, pieces: Iterable[Piece], x: float, y: float) -> float:
        """Write lines one below the other, and give the y below them."""
        for piece in pieces:
            if piece.sign:
                mark = Mark(kind=piece.sign, x=x, y=y + 2)
                self.picture.marks.append(mark)
            self.picture.texts.append(
                Text(
                    x=x + piece.shift, y=y + piece.size, text=piece.text,
                    size=piece.size, bold=piece.bold, faint=piece.faint,
                )
            )  # fmt: skip
            y += piece.height
        return y

    def header(self) -> float:
        """Write title and subtitles."""
        room = self.picture.width - 2 * _MARGIN
        pieces = pieces_of(self.words.title(self.lang), room, size=_TITLE, bold=True)
        for text in self.words.subtitles(self.lang):
            pieces += pieces_of(text, room)
        return self.write(pieces, _MARGIN, _MARGIN - 4) + 14

    def footer(self, y: float) -> None:
        """Write the notes, and close the picture below them."""
        room = self.picture.width - 2 * _MARGIN
        for text in self.words.notes(self.lang):
            y = self.write(pieces_of(text, room, faint=True), _MARGIN, y) + 3
        self.picture.height = y + _MARGIN - 8

    def of_way(self, way: Way, room: float) -> list[Piece]:
        """Return the lines at an arrow."""
        quiet = self.words.quiet(way)
        pieces = pieces_of(self.words.action(way, self.lang), room, bold=not quiet, faint=quiet)
        pieces += pieces_of(self.words.when(way, self.lang), room)
        pieces += pieces_of(self.words.actors(way, self.lang), room, faint=True)
        for text in self.words.ends(way, self.lang):
            pieces += pieces_of(text, room)
        lines = wrap(self.words.clock(way, self.lang), room - _SIGN, SIZE)
        sign = None if self.words.runs_on(way) else way.clock
        for at, line in enumerate(lines):
            pieces.append(Piece(text=line, sign=None if at else sign, shift=_SIGN))
        return pieces

    def of_node(self, node: Node, room: float) -> list[Piece]:
        """Return the lines inside a box."""
        label = node.label.text(self.lang)
        if node.final:
            label += " (kết thúc)" if self.lang == "vi" else " (end)"
        pieces = pieces_of(label, room, bold=True)
        for what, *who in self.words.steps(node, self.lang):
            pieces += pieces_of(what, room)
            for text in who:
                hang = width(BULLET, SIZE) if text.startswith(BULLET) else 0
                lines = pieces_of(text, room - hang, faint=True)
                pieces += [*lines[:1], *(replace(line, shift=hang) for line in lines[1:])]
        return pieces

    # the main course

    def column(self, nodes: Sequence[Node], y: float, *, since: Sequence[Node] = ()) -> float:
        """Place nodes of the course with the ways between them; give the y below the last."""
        last = since[0] if since else None
        for node in nodes:
            if last is not None:
                y = self.onward(last, node, y)
            y = self.place(node, self.x, y, _COURSE)
            last = node
        return y

    def onward(self, source: Node, target: Node, y: float, extra: float = 0) -> float:
        """Place the arrow from a node to the next with its lines; give the y of its point."""
        blocks = self.gap(source, target)
        end = y + gap_height(blocks) + extra
        self.write_gap(blocks, y + (end - y - tall_of(blocks)) / 2 - 2)
        if self.chart.between(source.id, target.id):
            start = self.rects[source.id].bottom
            self.arrow([(self.x + _STEM, start), (self.x + _STEM, end)])
        return end

    def gap(self, source: Node, target: Node) -> list[Block]:
        """Return the lines between two nodes of the course: first of branches with a condition."""
        forks = [] if source.id in self.closed else self.forks(source)
        ways = dict.fromkeys([*self.chart.between(source.id, target.id), *forks])
        return self.blocks(sorted(ways, key=self.turn))

    def turn(self, way: Way) -> int:
        """Return which of the ways from a node is named first: what counts first, onward, back."""
        if way.branch and way.guard:
            return 0
        return 3 if way in self.lanes else 1 + self.words.quiet(way)

    def blocks(self, ways: Iterable[Way]) -> list[Block]:
        """Return the lines of ways, apart where one of them is a fork."""
        made: list[Block] = []
        for way in ways:
            apart = made and (way in self.lanes or made[-1].way in self.lanes)
            pieces = self.of_way(way, _COURSE - _BESIDE)
            made.append(Block(way, pieces, _APART if apart else 0))
        return made

    def forks(self, source: Node) -> list[Way]:
        """Return the ways from a node that run in the lanes on the left."""
        return [way for way in self.chart.ways if way in self.lanes and way.source == source.id]

    def write_gap(self, blocks: Iterable[Block], y: float) -> float:
        """Write the lines beside the line down the course; give the y below them."""
        for way, pieces, above in blocks:
            if way in self.lanes:
                self.forked[way] = y + above + (pieces[0].height / 2 if pieces else 0)
            y = self.write(pieces, self.x + _BESIDE, y + above)
        return y

    def below(self, node: Node) -> list[Block]:
        """Return the lines at once below a node: its forks, where the gap to the next has none."""
        return self.blocks(self.forks(node)) if node.id in self.closed else []

    def tail(self, node: Node, y: float) -> float:
        """Place the forks at once below a node; give the y below them."""
        blocks = self.below(node)
        return self.write_gap(blocks, y + 8) if blocks else y

    def place(self, node: Node, x: float, y: float, wide: float, least: float = 0) -> float:
        """Place a box with its lines; give the y below it."""
        pieces = self.of_node(node, wide - 2 * _PAD)
        height = max(least, tall(pieces) + 2 * _PAD - 2)
        box = Box(id=node.id, x=x, y=y, width=wide, height=height, final=node.final)
        self.picture.boxes.append(box)
        self.rects[node.id] = box
        self.write(pieces, x + _PAD, y + (height - tall(pieces)) / 2)
        return box.bottom

    def arrow(self, points: Iterable[tuple[float, float]]) -> None:
        """Draw a line; points that repeat, or that lie on a straight piece, are left out."""
        corners: list[tuple[float, float]] = []
        for point in dict.fromkeys(points):
            if len(corners) > 1 and any(
                corners[-2][axis] == corners[-1][axis] == point[axis] for axis in (0, 1)
            ):
                corners.pop()
            corners.append(point)
        self.picture.lines.append(Line(points=tuple(corners)))

    def begin(self) -> None:
        """Draw the arrow from the dot into the first node."""
        x, y = self.picture.start
        self.arrow([(x, y + 6), (x, self.rects[self.chart.course[0].id].y)])

    # the frame and what is beside it

    def framed(
        self, before: Sequence[Node], inside: Sequence[Node], y: float, right: float
    ) -> tuple[float, float]:
        """Place the frame with its steps, and the nodes beside it; give both y below."""
        lead = self.gap(before[-1], inside[0]) if before else []
        top = y + (gap_height(lead) if before else 34)
        label = self.chart.frame.text(self.lang) if self.chart.frame else ""
        name = pieces_of(label, _COURSE - 60, faint=True)
        needed = self.needed(inside)
        self.rects[FRAME] = Box(
            id=FRAME, x=self.frame_x, y=top, width=self.gutter - self.frame_x, height=1e6
        )
        bottom = self.around(max(right, top + 12))
        at = top + tall(name) + 20
        spare = max(0, bottom - at - needed - 14)
        if len(inside) == 1:
            at += spare / 2
        if before:
            self.write_gap(lead, y + 5)
            if self.chart.between(before[-1].id, inside[0].id):
                self.arrow([(self.x + _STEM, y), (self.x + _STEM, at)])
        at = self.place(inside[0], self.x, at, _COURSE)
        for source, target in pairwise(inside):
            extra = spare / (len(inside) - 1)
            at = self.place(target, self.x, self.onward(source, target, at, extra), _COURSE)
        end = max(self.tail(inside[-1], at) + 14, bottom)
        self.rects[FRAME] = self.picture.frame = Box(
            id=FRAME, x=self.frame_x, y=top, width=self.gutter - self.frame_x, height=end - top
        )
        self.write(name, self.x + 60, top + 8)
        return end, bottom

    def around(self, y: float) -> float:
        """Place what leaves the frame: first what comes back to it, last what ends the course."""
        beside = self.beside(FRAME)
        y = self.bands([node for node in beside if not node.final], y)
        y = self.loops(y, FRAME)
        return self.bands([node for node in beside if node.final], y)

    def needed(self, inside: Sequence[Node]) -> float:
        """Return the height of the steps with the arrows between them, packed."""
        boxes = (tall(self.of_node(node, _COURSE - 2 * _PAD)) + 2 * _PAD - 2 for node in inside)
        gaps = pairwise(inside)
        last = tall_of(self.below(inside[-1]))
        return sum(boxes) + sum(gap_height(self.gap(*pair)) for pair in gaps) + (last and last + 8)

    def beside(self, *sources: str) -> list[Node]:
        """Return the side nodes not placed yet to which a way leads from certain ends."""
        goals = {way.target for way in self.chart.ways if way.source in sources}
        return [node for node in self.unplaced() if node.id in goals]

    def unplaced(self) -> list[Node]:
        """Return the side nodes that have no place yet."""
        return [node for node in self.chart.sides if node.id not in self.rects]

    def pinned(self, nodes: Sequence[Node], y: float) -> float:
        """Place the side nodes that are reached only from certain nodes of the course."""
        names = [node.id for node in nodes]
        framed = self.beside(FRAME)
        y = self.loops(y, *names)
        return self.bands([side for side in self.beside(*names) if side not in framed], y)

    def bands(self, nodes: Iterable[Node], y: float) -> float:
        """Place side nodes one below the other, each with its ways; give the y below."""
        for node in nodes:
            y = self.band(node, y) + _GAP
        return y

    def band(self, node: Node, y: float) -> float:
        """Place a side node, the arrows between it and the course, and what leads elsewhere."""
        course = {FRAME, *(other.id for other in self.chart.course)}
        ways = self.chart.ways
        inward = [way for way in ways if way.target == node.id and way.source in course]
        outward = [way for way in ways if way.source == node.id and way.target in course]
        at = y
        for way in (*inward, *outward):
            at = self.write(self.of_way(way, _GUTTER - 34), self.gutter + 22, at + 4) + 5
            self.gutter_arrow(way, at, into=way in inward)
            at += 3
        end = self.place(node, self.side, y, _SIDE, at - y + 4)
        for way in ways:
            if way.source == node.id and way in self.chart.far:
                end = self.write(self.of_way(way, _SIDE - 12), self.side + 6, end + 5)
        return max(end, at)

    def gutter_arrow(self, way: Way, y: float, *, into: bool) -> None:
        """Draw a way between the course and the place of a side node at a height."""
        inner = way.source if into else way.target
        box = self.rects.get(FRAME if inner in self.chart.framed else inner)
        if box is None:
            return
        points = [(self.side, y)]
        if box.y + 6 <= y <= box.bottom - 6:
            points.append((box.right, y))
        else:
            near = min(max(y, box.y + 12), box.bottom - 12)
            points += [(self.gutter + 10, y), (self.gutter + 10, near), (box.right, near)]
        self.arrow(reversed(points) if into else points)

    def loops(self, y: float, *sources: str) -> float:
        """Place the ways that leave a part of the course and come back; give the y below."""
        for way in self.chart.ways:
            if way.kind != "loop" or way.source not in sources:
                continue
            box = self.rects[way.source]
            y = max(y, box.y + 6)
            room = _GUTTER + _SIDE - 60 if self.chart.sides else _GUTTER - 50
            end = self.write(self.of_way(way, room), self.gutter + 44, y + 2) - 2
            start, back = min(y, box.bottom - 20), min(end, box.bottom - 6)
            near, turn = self.gutter + 10, self.gutter + 30
            head = [(box.right, start), (near, start), (near, y), (turn, y)]
            self.arrow([*head, (turn, end), (near, end), (near, back), (box.right, back)])
            y = end + _GAP
        return y

    # lanes

    def far_lines(self) -> None:
        """Draw the ways from one side node to another in the lanes on the right."""
        for way in self.chart.ways:
            if way in self.chart.far:
                source, target = self.rects[way.source], self.rects[way.target]
                start, end = source.bottom - 12, target.y + target.height / 2
                x = self.far[way.target]
                self.arrow([(source.right, start), (x, start), (x, end), (target.right, end)])

    def left_lines(self) -> None:
        """Draw the ways back and further on along the course in the lanes on the left."""
        for way, lane in self.lanes.items():
            source, target = self.rects[way.source], self.rects[way.target]
            start = self.forked[way]
            end = target.y + target.height * (0.65 if way.kind == "back" else 0.35)
            stem, x = self.x + _STEM, self.x - _NEAR - _LANE * lane
            self.arrow(
                [(stem, source.bottom), (stem, start), (x, start), (x, end), (target.x, end)]
            )


class Block(NamedTuple):
    """The lines of one way along the course."""

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
