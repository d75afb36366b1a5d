"""The workflow of a procedure as BPMN 2.0 with positions, for programs that draw or read it.

A box of the picture is a task, the last one of a way an end event; where several ways leave or
reach a box, an exclusive gateway stands beside it. A way out of the frame leaves each step in it,
and one that goes back to the step from which the dossier came leads to each: BPMN has no word for
"that step". The clock, conditions and who acts are in the documentation of each element. Boxes
stand where the picture has them. It is written only, never read.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape, quoteattr

from igate.law.text import check_language
from igate.publish.diagram.chart import FRAME, chart
from igate.publish.diagram.layout import lay_out
from igate.publish.diagram.words import Words
from igate.publish.words import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from igate.deadlines.rules import ClockRules
    from igate.law.citation import Language
    from igate.procedures.procedure import Procedure, Revision
    from igate.publish.diagram.chart import Chart, Node, Way
    from igate.publish.diagram.parts import Box

__all__ = ["bpmn"]

_HEAD: Final = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
    ' id="definitions" targetNamespace="urn:igate:procedure"'
)
#: Sizes of an event and of a gateway; between a gateway and its box; between two vertical lines.
_EVENT: Final = 36.0
_GATE: Final = 20.0
_NEAR: Final = 6.0
_LINE: Final = 5.0
#: How far above a box its lines run.
_ABOVE: Final = 8.0
#: Least height of a box beside the course: two gateways stand on its left, one below the other.
_LEAST: Final = 44.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """An element with its place."""

    id: str
    kind: str
    name: str
    notes: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float
    #: whether it stands beside the course, where lines come from the left and leave to the left
    aside: bool = False
    #: upper edge of the box to which it belongs
    top: float = 0

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flow:
    """A sequence flow between two shapes, by their identifiers, with the points of its line."""

    id: str
    name: str
    notes: tuple[str, ...]
    source: str
    target: str
    points: tuple[tuple[float, float], ...]


def bpmn(
    procedure: Procedure,
    revision: Revision,
    lang: Language,
    *,
    rules: ClockRules,
    all_ways: bool = False,
) -> str:
    """Write the workflow of a revision as a BPMN 2.0 document.

    Args:
        procedure: What the diagram is of.
        revision: The one to show.
        lang: Language of its texts.
        rules: Clock rules of the day: they say what an interruption does to the time limit.
        all_ways: Also show the template's ways that only go back along the main course.

    Raises:
        IgateError: igate does not speak the language.
    """
    check_language(lang)
    folded = chart(revision.workflow, all_ways=all_ways)
    words = Words(procedure, revision, folded, rules)
    drawing = _Bpmn(folded, words, lang, all_ways=all_ways)
    drawing.draw()
    return "\n".join(_document(drawing, words.title(lang))) + "\n"


class _Bpmn:
    """One diagram in the making."""

    def __init__(self, folded: Chart, words: Words, lang: Language, *, all_ways: bool) -> None:
        self.chart, self.words, self.lang, self.all_ways = folded, words, lang, all_ways
        self.layout = lay_out(folded, words, lang)
        self.boxes = {box.id: box for box in self.layout.boxes}
        self.nodes = {node.id: node for node in (*folded.course, *folded.sides)}
        self.ways = [
            (way, source, target)
            for way in folded.ways
            for source in self.sources(way)
            for target in self.targets(way, source)
        ]
        self.out = Counter(source for _, source, _ in self.ways)
        self.into = Counter(target for _, _, target in self.ways)
        self.into[folded.course[0].id] += 1
        self.names = {name: f"node_{number}" for number, name in enumerate(self.nodes, start=1)}
        self.shapes: dict[str, _Shape] = {}
        self.flows: list[_Flow] = []

    def sources(self, way: Way) -> list[str]:
        """Return the boxes from which a way starts, each once."""
        found = [way.source, *(way.also_from if self.all_ways else ())]
        inside = self.chart.framed
        further = [name for name in inside if self.place(name) in way.also_steps]
        frame = [name for name in inside if not way.steps or self.place(name) in way.steps]
        own = [each for name in found for each in (frame if name == FRAME else [name])]
        return list(dict.fromkeys([*own, *further]))

    def place(self, name: str) -> str:
        """Return the number of the step of a box, like ``2.1``; empty where it has none."""
        steps = self.nodes[name].steps
        return str(steps[0].place) if steps else ""

    def targets(self, way: Way, source: str) -> list[str]:
        """Return the boxes to which a way leads from one of its sources."""
        if way.target != FRAME:
            return [way.target]
        return [source] if source in self.chart.framed else list(self.chart.framed)

    def draw(self) -> None:
        """Place all shapes, then all lines."""
        x, y = self.layout.start
        self.put("start", "startEvent", (x - _EVENT / 2, y - _EVENT, _EVENT, _EVENT))
        for name, node in self.nodes.items():
            self.node(node, self.boxes[name])
        self.flow("", (), "start", self.entry(self.chart.course[0].id))
        for name in self.nodes:
            own = self.names[name]
            if self.into[name] > 1:
                self.flow("", (), f"{own}_in", own)
            if self.out[name] > 1:
                self.flow("", (), own, f"{own}_out")
        for way, source, target in self.ways:
            notes = (
                self.words.when(way, self.lang),
                self.words.actors(way, self.lang),
                self.words.clock(way, self.lang),
            )
            self.flow(self.words.action(way, self.lang), notes, self.exit(source),
                      self.entry(target))  # fmt: skip

    def node(self, node: Node, box: Box) -> None:
        """Place a box with the gateways beside it; one that nothing leaves is an end event."""
        own, aside = self.names[node.id], node in self.chart.sides
        notes = tuple(text for row in self.words.steps(node, self.lang) for text in row)
        label = node.label.text(self.lang)
        shared: dict[str, Any] = {"aside": aside, "top": box.y}
        height = max(box.height, _LEAST) if aside else box.height
        middle = box.y + height / 2
        if self.out[node.id]:
            place = (box.x, box.y, box.width, height)
            self.put(own, "userTask", place, name=label, notes=notes, **shared)
        else:
            place = (box.x, middle - _EVENT / 2, _EVENT, _EVENT)
            self.put(own, "endEvent", place, name=label, notes=notes, **shared)
        upper = aside and self.out[node.id]
        if self.into[node.id] > 1:
            y = box.y if upper else middle - _GATE / 2
            place = (box.x - _NEAR - _GATE, y, _GATE, _GATE)
            self.put(f"{own}_in", "exclusiveGateway", place, **shared)
        if self.out[node.id] > 1:
            x = box.x - _NEAR - _GATE if aside else box.right + _NEAR
            y = box.y + height - _GATE if aside else middle - _GATE / 2
            place = (x, y, _GATE, _GATE)
            self.put(f"{own}_out", "exclusiveGateway", place, name=label, **shared)

    def put(
        self, own: str, kind: str, box: tuple[float, float, float, float], *,
        name: str = "", notes: tuple[str, ...] = (), aside: bool = False, top: float = 0,
    ) -> None:  # fmt: skip
        """Keep a shape; its place is left edge, upper edge, width and height."""
        x, y, width, height = box
        self.shapes[own] = _Shape(
            id=own, kind=kind, name=name, notes=notes, x=x, y=y, width=width, height=height,
            aside=aside, top=top,
        )  # fmt: skip

    def along(self, number: int) -> float:
        """Return where a line runs down the gutter between the course and what is beside it."""
        boxes = [self.boxes[node.id] for node in self.chart.course]
        left = max(box.right for box in boxes) + 2 * _NEAR + _GATE
        sides = [self.boxes[node.id].x for node in self.chart.sides]
        right = min(sides, default=left + 200) - 2 * _NEAR - _GATE
        return left + _LINE * (number % max(1, int((right - left) / _LINE)))

    def entry(self, name: str) -> str:
        """Return the shape at which ways into a box end."""
        return f"{self.names[name]}_in" if self.into[name] > 1 else self.names[name]

    def exit(self, name: str) -> str:
        """Return the shape at which ways out of a box begin."""
        return f"{self.names[name]}_out" if self.out[name] > 1 else self.names[name]

    def flow(self, name: str, notes: tuple[str, ...], source: str, target: str) -> None:
        """Keep a flow with its line."""
        number = len(self.flows)
        self.flows.append(
            _Flow(
                id=f"flow_{number + 1}",
                name=name,
                notes=tuple(note for note in notes if note),
                source=source,
                target=target,
                points=_line(self.shapes[source], self.shapes[target], self.along(number)),
            )
        )


def _line(source: _Shape, target: _Shape, along: float) -> tuple[tuple[float, float], ...]:
    """Return the points of a line: out into the gutter, along it, and into the next.

    A box of the course is left on the right and reached from above; one beside it is left and
    reached on the left. A shape and the gateway beside it are joined straight.
    """
    if target.id == f"{source.id}_out" or source.id == f"{target.id}_in":
        gate = target if target.id == f"{source.id}_out" else source
        level = gate.middle[1]
        left, right = sorted((source, target), key=lambda shape: shape.x)
        points = ((left.x + left.width, level), (right.x, level))
        return points if left is source else points[::-1]
    above, into = target.top - _ABOVE, target.middle[0]
    end = ((into, above), (into, target.y))
    if source.id == "start":
        x = source.middle[0]
        return ((x, source.y + source.height), (x, above), *end)
    edge = source.x if source.aside else source.x + source.width
    level = _level(source, leaving=True)
    start = ((edge, level), (along, level))
    if target.aside:
        height = _level(target, leaving=False)
        return (*start, (along, height), (target.x, height))
    return (*start, (along, above), *end)


def _level(shape: _Shape, *, leaving: bool) -> float:
    """Return how high lines leave or reach a shape: of a box beside the course, low or high."""
    if shape.kind != "userTask" or not shape.aside:
        return shape.middle[1]
    return shape.y + (shape.height - _GATE / 2 if leaving else _GATE / 2)


def _document(drawing: _Bpmn, title: str) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f"{_HEAD} name={_quoted(title)}>"
    yield f'  <process id="process" name={_quoted(title)} isExecutable="false">'
    words, lang = drawing.words, drawing.lang
    for text in (*words.subtitles(lang), *words.notes(lang)):
        yield f"    <documentation>{_escaped(text)}</documentation>"
    for shape in drawing.shapes.values():
        yield from _node(shape, drawing.flows)
    for flow in drawing.flows:
        yield from _element(
            "sequenceFlow", flow.id, flow.name, flow.notes, (),
            more=f' sourceRef="{flow.source}" targetRef="{flow.target}"',
        )  # fmt: skip
    yield "  </process>"
    yield '  <bpmndi:BPMNDiagram id="diagram">'
    yield '    <bpmndi:BPMNPlane id="plane" bpmnElement="process">'
    for shape in drawing.shapes.values():
        marked = ' isMarkerVisible="true"' if shape.kind == "exclusiveGateway" else ""
        yield f'      <bpmndi:BPMNShape id="{shape.id}_di" bpmnElement="{shape.id}"{marked}>'
        yield (
            f'        <dc:Bounds x="{shape.x:g}" y="{shape.y:g}" width="{shape.width:g}" '
            f'height="{shape.height:g}"/>'
        )
        yield "      </bpmndi:BPMNShape>"
    for flow in drawing.flows:
        yield f'      <bpmndi:BPMNEdge id="{flow.id}_di" bpmnElement="{flow.id}">'
        for x, y in flow.points:
            yield f'        <di:waypoint x="{x:g}" y="{y:g}"/>'
        yield "      </bpmndi:BPMNEdge>"
    yield "    </bpmndi:BPMNPlane>"
    yield "  </bpmndi:BPMNDiagram>"
    yield "</definitions>"


def _node(shape: _Shape, flows: Iterable[_Flow]) -> Iterator[str]:
    flows = tuple(flows)
    links = [
        *(f"<incoming>{flow.id}</incoming>" for flow in flows if flow.target == shape.id),
        *(f"<outgoing>{flow.id}</outgoing>" for flow in flows if flow.source == shape.id),
    ]
    yield from _element(shape.kind, shape.id, shape.name, shape.notes, links)


def _element(
    kind: str, own: str, name: str, notes: Iterable[str], links: Iterable[str], *, more: str = ""
) -> Iterator[str]:
    named = f" name={_quoted(name)}" if name else ""
    head = f'    <{kind} id="{own}"{named}{more}'
    inside = [f"<documentation>{_escaped(note)}</documentation>" for note in notes]
    inside += links
    if not inside:
        yield f"{head}/>"
        return
    yield f"{head}>"
    yield from (f"      {line}" for line in inside)
    yield f"    </{kind}>"


def _quoted(text: str) -> str:
    return quoteattr(printable(text))


def _escaped(text: str) -> str:
    return escape(printable(text))
