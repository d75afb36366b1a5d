"""Who may do what: a matrix read from the YAML of the templates, held against the engine.

The files are read here with PyYAML alone, not through the loader of the library, so a right that
the loader or the compiler loses or invents is seen. Conditions on facts are left out: it is asked
who is refused as a person (``NotPermitted``), and who is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml
from msgspec import structs

from desks import CODE, catalogue, procedure
from igate.calendar import WorkCalendar
from igate.dossiers.dossier import Actor
from igate.dossiers.engine import decide
from igate.errors import IgateError, NotPermitted, WrongState
from igate.law.localtime import parse_local
from igate.office.memory import MemoryStore
from igate.office.onestop import OneStop
from places import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = ROOT / "igate" / "workflows" / "templates"
TEMPLATES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
#: the dossier is H15.10's; its counters are those of the whole province
AGENCIES = {"own": "H15.10", "below": "H15.10.7", "above": "H15", "beside": "H15.11", "": ""}
PROVINCE = {"own", "below", "above", "beside"}
NOW = parse_local("2026-03-03T09:00")


def read(name: str) -> dict[str, Any]:
    """Read a template with what it extends; its own actions replace those of the base."""
    own = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    if "extends" not in own:
        return own
    base = read(own["extends"])
    redefined = {each["action"] for each in own.get("transitions", ())}
    kept = [each for each in base["transitions"] if each["action"] not in redefined]
    return (
        base
        | own
        | {
            "states": base["states"] | own.get("states", {}),
            "transitions": kept + own.get("transitions", []),
        }
    )


def places(template: dict[str, Any]) -> dict[str, tuple[str, dict[str, Any] | None]]:
    """Return each state by name, with its name in the file and its processing step."""
    processing = [each for each in template["steps"] if each["phase"] == "processing"]
    found: dict[str, tuple[str, dict[str, Any] | None]] = {}
    for name, state in template["states"].items():
        if "option" in state:
            continue
        if state.get("expand"):
            found |= {f"{name}_{each['number']}": (name, each) for each in processing}
        else:
            found[name] = (name, None)
    return found


def starts_here(written: str, name: str, step: dict[str, Any] | None, last: int) -> bool:
    """Return whether a ``from:`` of the file covers a state."""
    base, _, which = written.partition(".")
    if base != name:
        return False
    return not which or (step is not None and step["number"] == last and which == "last")


def leads_on(
    each: dict[str, Any], step: dict[str, Any] | None, steps: list[dict[str, Any]]
) -> bool:
    """Return whether there is a next step, and whether it is of the roles that the file names."""
    if not str(each["to"]).endswith(".next"):
        return not str(each["to"]).endswith(".previous") or step is not steps[0]
    at = steps.index(step) if step in steps else -1
    if not 0 <= at < len(steps) - 1:
        return False
    here, there = steps[at]["role"], steps[at + 1]["role"]
    for key, fits in (
        ("stays", lambda role: (here == role) == (there == role)),
        ("enters", lambda role: here != role and there == role),
        ("leaves", lambda role: here == role and there != role),
    ):
        if key in each and not fits(each[key]):
            return False
    return True


def rights(name: str) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """Return who may take each action in each state: role and where the actor is."""
    template = read(name)
    steps = [each for each in template["steps"] if each["phase"] == "processing"]
    elsewhere = set(template.get("any_agency_roles", ()))
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for state, (written, step) in places(template).items():
        for each in template["transitions"]:
            sources = each["from"] if isinstance(each["from"], list) else [each["from"]]
            if (
                "option" in each
                or each.get("parties") == "some_missing"
                or {"doer", "party"} & set(each["roles"])
                or not any(starts_here(s, written, step, steps[-1]["number"]) for s in sources)
                or not leads_on(each, step, steps)
            ):
                continue
            who = found.setdefault((state, each["action"]), set())
            for role in each["roles"]:
                own_step = role == "step" and step is not None
                plain = step["role"] if own_step and step else role
                where = {"own", "below"}
                if each.get("any_agency") or (own_step and plain in elsewhere):
                    where = {*AGENCIES}
                elif each.get("at_counter"):
                    where = PROVINCE
                who |= {(plain, place) for place in where}
    return found


def actors() -> Iterator[tuple[str, str, Actor]]:
    """Yield an actor of each role at each place; an applicant is the one of the dossier."""
    for role in yaml.safe_load((FOLDER / "ordinary.yaml").read_text("utf-8"))["roles"]:
        for place, agency in AGENCIES.items():
            yield role, place, Actor("an" if role == "applicant" else "x", roles={role},
                                     agency=agency)  # fmt: skip


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_engine_lets_act_whom_the_file_names_and_nobody_else(name: str) -> None:
    """Every state, action, role and place of an actor: thousands of cells each."""
    row = "      - {{number: {number}, phase: {phase}, role: {role}, vi: X}}\n"
    lines = "".join(row.format(**each) for each in read(name)["steps"])
    office = OneStop(
        MemoryStore(), agency="H15", catalog=catalogue(procedure(lines, template=name)),
        calendar=WorkCalendar.vietnam(provisional=True), clock=lambda: NOW,
    )  # fmt: skip
    code = office.submit(
        CODE, applicant="Bà An", applicant_id="an", channel="counter", agency="H15.10"
    ).code
    dossier, ground = office._grounds.fold(code)  # noqa: SLF001 - the pure core under test
    named, cells = rights(name), 0
    actions = {action for _, action in named}
    everybody = [*actors()]
    for state in places(read(name)):
        here = structs.replace(dossier, state=state)
        for action in sorted(actions):
            allowed = named.get((state, action), set())
            for role, place, actor in everybody:
                # an action that does not start here is nobody's: a few are enough
                if not allowed and place != "own":
                    continue
                may = _may(here, action, actor, ground)
                assert may == ((role, place) in allowed), (state, action, role, place)
                cells += 1
    assert cells > 4_000


def _may(dossier: Any, action: str, actor: Actor, ground: Any) -> bool:  # noqa: ANN401 - of the core
    try:
        decide(dossier, action, by=actor, at=NOW, ground=ground)
    except (NotPermitted, WrongState):
        return False
    except IgateError:
        return True  # refused for another reason than who it is
    return True
