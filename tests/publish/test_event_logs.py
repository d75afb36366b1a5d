"""Journals as event logs: of the published structure, and read back as what the journals say."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import jsonschema
import narwhals.stable.v2 as nw
import pytest
from jsonschema import Draft7Validator

from commands import run_command
from desks import Desk
from igate import metrics
from igate.calendar import WorkCalendar
from igate.cli.demo import END, START
from igate.law.localtime import VIETNAM
from igate.office.memory import MemoryStore
from igate.office.onestop import OneStop
from igate.publish.exchange import journal_ocel, journal_xes
from igate.publish.report.survey import survey
from igate.testing.simulation import Plan, SimulatedClock, agencies_of, run
from shared import shipped_catalogue

if TYPE_CHECKING:
    from pathlib import Path

XES = "{http://www.xes-standard.org/}"
ATTRIBUTES = {"string", "date", "int", "float", "boolean", "id", "list"}
#: What may stand in an element, in this order (XML Schema of IEEE 1849-2016, annex A).
CHILDREN = {
    "log": [{"extension"}, {"global"}, {"classifier"}, ATTRIBUTES, {"trace"}, {"event"}],
    "trace": [ATTRIBUTES, {"event"}],
    "event": [ATTRIBUTES],
    "global": [ATTRIBUTES],
}
#: The attributes that an element must have, there.
NEEDED = {
    "log": {"xes.version"}, "extension": {"name", "prefix", "uri"}, "classifier": {"name", "keys"},
    "string": {"key", "value"}, "date": {"key", "value"},
}  # fmt: skip
TEXT = {"type": "string"}
MOMENT = {"type": "string", "format": "date-time"}


def listed(needed: list[str], **properties: Any) -> dict[str, Any]:  # noqa: ANN401 - a schema
    return {
        "type": "array",
        "items": {"type": "object", "properties": properties, "required": needed},
    }


TYPES = listed(
    ["name", "attributes"], name=TEXT, attributes=listed(["name", "type"], name=TEXT, type=TEXT)
)
LINKS = listed(["objectId", "qualifier"], objectId=TEXT, qualifier=TEXT)
#: The JSON Schema of the OCEL 2.0 specification, section 8.2.
OCEL = {
    "type": "object",
    "properties": {
        "eventTypes": TYPES,
        "objectTypes": TYPES,
        "events": listed(
            ["id", "type", "time"], id=TEXT, type=TEXT, time=MOMENT, relationships=LINKS,
            attributes=listed(["name", "value"], name=TEXT, value=TEXT),
        ),
        "objects": listed(
            ["id", "type"], id=TEXT, type=TEXT, relationships=LINKS,
            attributes=listed(["name", "value", "time"], name=TEXT, value=TEXT, time=MOMENT),
        ),
    },
    "required": ["eventTypes", "objectTypes", "events", "objects"],
}  # fmt: skip
REASONS = ("supplement", "payment", "opinion", "verification", "force_majeure")
MARKS = {
    "start": "start",
    "suspend": {reason: f"suspend {reason}" for reason in REASONS},
    "resume": {reason: f"resume {reason}" for reason in REASONS},
    "finish": "finish",
    "stop": "stop",
}


def desk(url: str = "sqlite://") -> Desk:
    """Work a dossier: handed in on Monday 2 March 2026, received, waiting for a supplement."""
    worked = Desk(url=url, applicant="Bà <An> & con")
    worked.at("2026-03-02T10:00")
    worked.act("receive", "receptionist", "Lê Thị B")
    worked.act("transfer", "receptionist")
    worked.act("forward", "head_of_section")
    worked.at("2026-03-04T15:30")
    worked.act("ask_supplement", "officer", note="Thiếu giấy của Bà An")
    return worked


@lru_cache(maxsize=1)
def office() -> OneStop:
    """Work 60 synthetic dossiers."""
    clock = SimulatedClock(datetime(START.year, START.month, START.day, tzinfo=VIETNAM))
    made = OneStop(
        MemoryStore(), agency="H15", catalog=shipped_catalogue(),
        calendar=WorkCalendar.vietnam(provisional=True), clock=clock,
    )  # fmt: skip
    plan = Plan(dossiers=60, seed=11, start=START, end=END)
    agencies = agencies_of(made.catalog, desk="H15", seed=11)
    for _ in run(made, plan, clock=clock, agencies=agencies):
        pass
    return made


def check_structure(element: ET.Element) -> None:
    """Hold an element, and all in it, to the schema of IEEE 1849."""
    name = element.tag.removeprefix(XES)
    assert element.attrib.keys() >= NEEDED.get(name, set()), element.attrib
    children = [child.tag.removeprefix(XES) for child in element]
    stages = CHILDREN.get(name, [ATTRIBUTES])
    places = [next(n for n, stage in enumerate(stages) if child in stage) for child in children]
    assert places == sorted(places), children
    keys = [child.get("key") for child in element if child.get("key")]
    assert len(keys) == len(set(keys)), "a key occurs once in a component"
    for child in element:
        check_structure(child)


def texts(element: ET.Element) -> dict[str, str]:
    return {each.attrib["key"]: each.attrib["value"] for each in element if "key" in each.attrib}


def test_a_log_in_xes_has_the_published_structure() -> None:
    """Extensions, globals, classifiers, attributes and traces in their order; keys once."""
    root = ET.fromstring(journal_xes(office().store.entries()))  # noqa: S314 - just written
    assert root.tag == f"{XES}log"
    assert float(root.attrib["xes.version"]) == 1849.2016
    check_structure(root)
    prefixes = {each.attrib["prefix"] for each in root.iter(f"{XES}extension")}
    for each in root.iter(f"{XES}event"):
        assert {key.partition(":")[0] for key in texts(each) if ":" in key} <= prefixes
    for each in root.iter(f"{XES}date"):
        assert datetime.fromisoformat(each.attrib["value"]).utcoffset() is not None


def test_an_entry_is_an_event_with_what_it_did_to_the_clock() -> None:
    """Who, when, what and the mark; no applicant, no note."""
    text = journal_xes(desk().office.store.entries())
    root = ET.fromstring(text)  # noqa: S314 - just written
    (trace,) = root.iter(f"{XES}trace")
    events = [texts(each) for each in trace.iter(f"{XES}event")]
    assert [each["concept:name"] for each in events] == [
        "submit", "receive", "transfer", "forward", "ask_supplement",
    ]  # fmt: skip
    assert events[1]["time:timestamp"] == "2026-03-02T10:00:00+07:00"
    assert events[1]["org:resource"] == "Lê Thị B"
    assert (events[1]["org:role"], events[1]["org:group"]) == ("receptionist", "H15.10")
    assert [each["mark"] for each in events] == [
        "none", "start", "none", "none", "suspend supplement",
    ]  # fmt: skip
    assert "org:resource" not in events[0]
    assert not any(word in text for word in ("Bà", "Thiếu", '"an"'))


def test_a_log_in_ocel_has_the_published_structure() -> None:
    """The schema of the specification; ids are unique; every link leads to an object."""
    log = json.loads(journal_ocel(office().store.entries()))
    Draft7Validator(OCEL, format_checker=jsonschema.FormatChecker()).validate(log)
    ids = [each["id"] for each in log["objects"]]
    events = [each["id"] for each in log["events"]]
    assert len(set(ids)) == len(ids)
    assert len(set(events)) == len(events) == office().store.count_entries()
    links = {link["objectId"] for each in log["events"] for link in each["relationships"]}
    assert links == set(ids)
    declared = {
        each["name"]: {own["name"] for own in each["attributes"]} for each in log["eventTypes"]
    }
    for each in log["events"]:
        assert {own["name"] for own in each["attributes"]} <= declared[each["type"]]
    assert {each["type"] for each in log["objects"]} == {
        each["name"] for each in log["objectTypes"]
    }
    times = [datetime.fromisoformat(each["time"]) for each in log["events"]]
    assert times == sorted(times)


def test_an_entry_in_ocel_is_linked_to_dossier_agency_and_actor() -> None:
    """One of each."""
    worked = desk()
    log = json.loads(journal_ocel(worked.office.store.entries()))
    assert log["events"][1]["type"] == "receive"
    assert log["events"][1]["relationships"] == [
        {"objectId": worked.code, "qualifier": "dossier"},
        {"objectId": "agency:H15.10", "qualifier": "agency"},
        {"objectId": "actor:Lê Thị B", "qualifier": "actor"},
    ]


@pytest.mark.parametrize("form", ["xes", "ocel"])
def test_what_is_read_back_is_what_the_journals_say(tmp_path: Path, form: str) -> None:
    """Receipt, finish and waits of 60 dossiers, as the desk itself folds its journals."""
    wanted = survey(office()).columns()
    received = set(wanted["code"])
    entries = [each for each in office().store.entries() if each.dossier in received]
    path = tmp_path / f"log.{form}"
    write = {"xes": journal_xes, "ocel": journal_ocel}[form]
    path.write_text(write(entries), encoding="utf-8")
    said = {"activity": "mark", "marks": MARKS, "others": "ignore", "object_type": "dossier"}
    found = nw.from_native(metrics.read_log(path, said), eager_only=True).rows(named=True)
    rows = {row["code"]: row for row in found}
    assert rows.keys() == received
    assert any(text for text in wanted["suspensions"])
    for place, code in enumerate(wanted["code"]):
        for name in ("received", "finished"):
            moment: Any = wanted[name][place]
            cut = moment and moment.replace(second=0, microsecond=0, tzinfo=None)
            assert rows[code][name] == cut, (code, name)
        assert (rows[code]["suspensions"] or "") == wanted["suspensions"][place]


def test_the_command_writes_the_journals_of_a_database(tmp_path: Path) -> None:
    """To a file or to standard output, the same text."""
    worked = desk(f"sqlite:///{tmp_path / 'office.db'}")
    worked.office.close()
    printed = run_command(["export", "journal", "office.db"], tmp_path)
    assert printed.returncode == 0, printed.stderr
    check_structure(ET.fromstring(printed.stdout))  # noqa: S314 - just written
    asked = ["export", "journal", "office.db", "--format", "ocel", "--out", "log.json"]
    assert run_command(asked, tmp_path).returncode == 0
    log = json.loads((tmp_path / "log.json").read_text(encoding="utf-8"))
    Draft7Validator(OCEL).validate(log)
    assert len(log["events"]) == 5
    assert run_command(["export", "journal", "none.db"], tmp_path).returncode == 2
