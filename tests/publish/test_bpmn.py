"""The workflow as BPMN 2.0: every element joined and placed, every way of the picture in it."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from commands import run_command
from desks import catalogue, procedure
from igate.deadlines.rulefile import shipped_rules
from igate.publish.diagram import bpmn
from igate.publish.diagram.chart import chart
from shared import shipped_catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from igate.procedures.procedure import Procedure

B = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
POINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
#: The order of what may stand in a node of a flow (BPMN 2.0, Semantic.xsd).
ORDER = ("documentation", "incoming", "outgoing")
CODES = ("1.001806", "1.001190", "2.000815", "1.004227")


def written(code: str = "", lang: Any = "vi", *, all_ways: bool = False) -> ET.Element:  # noqa: ANN401 - vi or en
    found = shipped_catalogue().procedure(code) if code else example()
    _, revision = list(found.revisions)[-1]
    rules = shipped_rules(revision.clock_rules, on=found.checked_on)
    return ET.fromstring(bpmn(found, revision, lang, rules=rules, all_ways=all_ways))  # noqa: S314


def example() -> Procedure:
    made = catalogue(procedure())
    return made.procedure("9.000001")


def elements(root: ET.Element) -> tuple[dict[str, ET.Element], dict[str, ET.Element]]:
    """Return the nodes and the flows by their ids."""
    (process,) = root.iter(f"{B}process")
    found = {each.attrib["id"]: each for each in process if "id" in each.attrib}
    flows = {own: each for own, each in found.items() if each.tag == f"{B}sequenceFlow"}
    return {own: each for own, each in found.items() if own not in flows}, flows


def shipped_codes() -> list[str]:
    there = set(shipped_catalogue())
    return [code for code in CODES if code in there] + sorted(there)[::120]


@pytest.mark.parametrize("code", ["", *shipped_codes()])
@pytest.mark.parametrize("all_ways", [False, True])
def test_every_flow_joins_two_nodes_that_name_it(code: str, *, all_ways: bool) -> None:
    """``incoming`` and ``outgoing`` are those of the flows; gateways fork or join, tasks do not."""
    root = written(code, all_ways=all_ways)
    nodes, flows = elements(root)
    ids = [each.attrib["id"] for each in root.iter() if "id" in each.attrib]
    assert len(ids) == len(set(ids))
    for own, node in nodes.items():
        into = [name for name, flow in flows.items() if flow.attrib["targetRef"] == own]
        out = [name for name, flow in flows.items() if flow.attrib["sourceRef"] == own]
        assert [each.text for each in node.iter(f"{B}incoming")] == into
        assert [each.text for each in node.iter(f"{B}outgoing")] == out
        places = [ORDER.index(child.tag.removeprefix(B)) for child in node]
        assert places == sorted(places)
        kind = node.tag.removeprefix(B)
        many = {"startEvent": (0, 1), "endEvent": (1, 0), "userTask": (1, 1)}
        if kind == "exclusiveGateway":
            assert 1 in {len(into), len(out)}
            assert len(into) + len(out) > 2
        else:
            assert (len(into), len(out)) == many[kind], node.attrib
    assert {flow.attrib["sourceRef"] for flow in flows.values()} <= nodes.keys()


def reached(flows: dict[str, ET.Element], start: str, *, back: bool = False) -> set[str]:
    ends = ("targetRef", "sourceRef") if back else ("sourceRef", "targetRef")
    found, new = set(), {start}
    while new:
        found |= new
        new = {
            flow.attrib[ends[1]] for flow in flows.values() if flow.attrib[ends[0]] in new
        } - found
    return found


@pytest.mark.parametrize("code", ["", *shipped_codes()])
def test_every_node_is_reached_and_leads_to_an_end(code: str) -> None:
    """From the start, and to one of the end events."""
    nodes, flows = elements(written(code))
    assert reached(flows, "start") == nodes.keys()
    ends = [own for own, node in nodes.items() if node.tag == f"{B}endEvent"]
    assert set().union(*(reached(flows, end, back=True) for end in ends)) == nodes.keys()


def test_the_example_has_its_boxes_and_actions_as_in_the_picture() -> None:
    """Every box of the folded chart is a task or an end, every way a named flow."""
    _, revision = list(example().revisions)[-1]
    folded = chart(revision.workflow)
    nodes, flows = elements(written())
    names = {
        node.attrib["name"]
        for node in nodes.values()
        if node.tag in {f"{B}userTask", f"{B}endEvent"}
    }
    assert names == {node.label.vi for node in (*folded.course, *folded.sides)}
    actions = {re.sub(r" \(\d+\)$", "", flow.attrib.get("name", "")) for flow in flows.values()}
    assert actions == {"", *(way.label.vi for way in folded.ways)}


def test_a_payment_is_asked_from_each_step_and_goes_back_to_each() -> None:
    """BPMN has no word for the step from which a dossier came: each has the request and the way."""
    nodes, flows = elements(written(lang="en"))
    _, revision = list(example().revisions)[-1]
    folded = chart(revision.workflow)
    steps = {folded.node(name).label.text("en") for name in folded.framed}
    assert len(steps) == 3

    def ends(action: str, end: str) -> set[str]:
        own = [flow for flow in flows.values() if flow.attrib.get("name") == action]
        shapes = (re.sub("_(in|out)$", "", flow.attrib[end]) for flow in own)
        return {nodes[shape].attrib["name"] for shape in shapes}

    assert ends("Ask for a payment", "sourceRef") >= steps
    assert ends("Pay", "targetRef") >= steps


def test_numbered_conditions_are_in_the_documentation() -> None:
    """A name that ends in a number has the condition of that number in the process."""
    root = written(lang="en")
    _, flows = elements(root)
    named = [re.search(r" \((\d+)\)$", flow.attrib.get("name", "")) for flow in flows.values()]
    numbers = {found[1] for found in named if found}
    (process,) = root.iter(f"{B}process")
    texts = [each.text or "" for each in process.findall(f"{B}documentation")]
    assert numbers
    for number in numbers:
        assert any(f"({number})" in text or text.startswith(number) for text in texts), texts


@pytest.mark.parametrize("code", ["", *shipped_codes()])
def test_every_element_has_its_place(code: str) -> None:
    """Shapes do not overlap; a line joins the edges of its two shapes and crosses no task."""
    root = written(code)
    nodes, flows = elements(root)
    boxes = {}
    for shape in root.iter(f"{DI}BPMNShape"):
        (bounds,) = shape.iter(BOUNDS)
        boxes[shape.attrib["bpmnElement"]] = {k: float(v) for k, v in bounds.attrib.items()}
    assert boxes.keys() == nodes.keys()

    def apart(one: dict[str, float], two: dict[str, float]) -> bool:
        return any(
            first[axis] + first[size] <= second[axis]
            for first, second in ((one, two), (two, one))
            for axis, size in (("x", "width"), ("y", "height"))
        )

    for one, two in combinations(boxes, 2):
        assert apart(boxes[one], boxes[two]), (one, two)
    assert min(box["x"] for box in boxes.values()) >= 0
    assert min(box["y"] for box in boxes.values()) >= 0

    def touches(box: dict[str, float], point: ET.Element) -> bool:
        x, y = float(point.attrib["x"]), float(point.attrib["y"])
        return (
            box["x"] - 0.01 <= x <= box["x"] + box["width"] + 0.01
            and box["y"] - 0.01 <= y <= box["y"] + box["height"] + 0.01
        )

    edges = {
        edge.attrib["bpmnElement"]: list(edge.iter(POINT)) for edge in root.iter(f"{DI}BPMNEdge")
    }
    assert edges.keys() == flows.keys()
    for own, points in edges.items():
        flow = flows[own]
        assert touches(boxes[flow.attrib["sourceRef"]], points[0]), own
        assert touches(boxes[flow.attrib["targetRef"]], points[-1]), own
        for one, two in pairwise(points):
            ends = [(float(each.attrib["x"]), float(each.attrib["y"])) for each in (one, two)]
            (left, right), (upper, lower) = (sorted(axis) for axis in zip(*ends, strict=True))
            assert left == right or upper == lower, "lines run straight"
            for name, box in boxes.items():
                aside = right <= box["x"] or left >= box["x"] + box["width"]
                beyond = lower <= box["y"] or upper >= box["y"] + box["height"]
                assert aside or beyond or nodes[name].tag != f"{B}userTask", (own, name)


def test_the_command_writes_it(tmp_path: Path) -> None:
    """By ``--format bpmn`` or the ending of the file."""
    asked = ["diagram", "1.001806", "--out", "d.bpmn", "--on", "2026-03-02"]
    assert run_command(asked, tmp_path).returncode == 0
    root = ET.parse(tmp_path / "d.bpmn").getroot()  # noqa: S314 - just written
    assert root.tag == f"{B}definitions"
    printed = run_command([*asked[:2], "--format", "bpmn", "--on", "2026-03-02"], tmp_path)
    assert printed.stdout == (tmp_path / "d.bpmn").read_text(encoding="utf-8")
