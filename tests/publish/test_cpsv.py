"""The catalogue as CPSV-AP 3.2, held to the published shapes."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from pyshacl import validate
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, XSD

from commands import run_command
from desks import catalogue, procedure
from igate.publish.exchange import catalogue_cpsv
from shared import shipped_catalogue

CPSV = Namespace("http://purl.org/vocab/cpsv#")
M8G = Namespace("http://data.europa.eu/m8g/")
IGATE = Namespace("urn:igate:term:")
DAY = date(2026, 11, 20)
SHAPES = Path(__file__).parent / "cpsv-ap-3.2.0-shapes.ttl"

pytestmark = pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning",
    "ignore:Dataset.default_context is deprecated:DeprecationWarning",
)


def graph_of(text: str) -> Graph:
    return Graph().parse(data=text, format="json-ld")


def problems(graph: Graph) -> str:
    """Return what the shapes find; empty where the graph conforms."""
    conforms, _, text = validate(graph, shacl_graph=Graph().parse(SHAPES))
    return "" if conforms else str(text)


@lru_cache(maxsize=1)
def shipped() -> Graph:
    return graph_of(catalogue_cpsv(shipped_catalogue().procedures(), on=DAY))


def test_the_shipped_catalogue_conforms_to_the_published_shapes() -> None:
    """Every procedure in force is a public service with what CPSV-AP demands."""
    services = set(shipped().subjects(RDF.type, CPSV.PublicService))
    in_force = {each.code for each in shipped_catalogue().procedures() if each.revisions.on(DAY)}
    assert services == {URIRef(f"urn:igate:procedure:{code}") for code in in_force}
    assert len(services) > 1000
    assert problems(shipped()) == ""


def test_the_shapes_find_what_is_missing() -> None:
    """A service without anything has four faults: code, name, description and authority."""
    empty = graph_of('{"@id": "urn:x", "@type": "http://purl.org/vocab/cpsv#PublicService"}')
    assert "Results (4)" in problems(empty)


def written(limits: str) -> Graph:
    made = catalogue(procedure(limits=limits))
    return graph_of(catalogue_cpsv(made.procedures(), on=DAY))


CITED = "citation: Quyết định 1/QĐ-UBND (giả định)"
SERVICE = URIRef("urn:igate:procedure:9.000001")


@pytest.mark.parametrize(
    ("limits", "duration"),
    [
        (f"[{{limit: 15 day, {CITED}}}]", "P15D"),
        (f"[{{limit: 2 month, {CITED}}}]", "P2M"),
        (f"[{{limit: 10 working_day, {CITED}}}]", None),
        (f"[{{limit: 2 month + 15 working_day, {CITED}}}]", None),
        (f"[{{limit: 3 day, channel: online, {CITED}}}, {{limit: 5 day, {CITED}}}]", None),
    ],
)
def test_a_limit_is_a_duration_where_it_can_be_and_always_igates_own_term(
    limits: str, duration: str | None
) -> None:
    """ISO 8601 has no working days; the text of the file is kept with its citation."""
    graph = written(limits)
    found = graph.value(SERVICE, M8G.processingTime)
    assert found == (None if duration is None else Literal(duration, datatype=XSD.duration))
    own = list(graph.objects(SERVICE, IGATE.timeLimit))
    assert len(own) == limits.count("limit:")
    texts = {str(graph.value(each, IGATE.limit)) for each in own}
    assert all(text in limits for text in texts)
    cited = {str(graph.value(each, IGATE.citation)) for each in own}
    assert cited == {"Quyết định 1/QĐ-UBND (giả định)"}
    assert problems(graph) == ""


def test_a_procedure_that_is_not_in_force_is_left_out() -> None:
    """The example is in force from 2025."""
    made = catalogue(procedure())
    before = graph_of(catalogue_cpsv(made.procedures(), on=date(2024, 12, 31)))
    assert list(before.subjects(RDF.type, CPSV.PublicService)) == []


def test_the_command_writes_the_catalogue(tmp_path: Path) -> None:
    """Of files of one's own, on a day."""
    (tmp_path / "9.000001.yaml").write_text(procedure(), encoding="utf-8")
    asked = ["export", "catalog", "--files", "9.000001.yaml", "--on", "2026-03-02"]
    done = run_command([*asked, "--out", "c.jsonld"], tmp_path)
    assert done.returncode == 0, done.stderr
    document: Any = json.loads((tmp_path / "c.jsonld").read_text(encoding="utf-8"))
    names = [node["dcterms:identifier"] for node in document["@graph"] if "dcterms:title" in node]
    assert names == ["9.000001"]
