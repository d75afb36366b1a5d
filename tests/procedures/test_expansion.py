"""The extended language of steps: actors in turn, parties at the same time, ways, legs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from transitions import MachineError

from igate.checks.checker import check_paths
from igate.deadlines.limits import TimeLimit
from igate.dossiers.dossier import Actor
from igate.errors import NotPermitted
from igate.files.sources import shipped
from igate.files.yaml import parse
from igate.law.citation import Label
from igate.law.localtime import parse_local
from igate.office.onestop import OneStop
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.expansion import expand
from igate.procedures.guard import Guard
from igate.procedures.machine import (
    Walker,
    compile_machine,
    compile_table,
    next_transition,
    workflow_faults,
)
from igate.procedures.reading.procedure_file import read_procedure
from igate.procedures.reading.templates import Templates
from igate.procedures.workflow import Party, Step, Way
from places import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from igate.procedures.template import Template
    from igate.procedures.workflow import FactValue, Workflow

TEMPLATES = Templates({source.stem: source for source in shipped("templates")})
PAGE = ROOT / "docs" / "reference" / "procedure-file" / "whole-file.md"
LABEL = Label(vi="Bước", en="Step")
DAY = TimeLimit.parse("1 working_day")


def template(name: str = "ordinary") -> Template:
    """Return a shipped template."""
    found = TEMPLATES.get(name)
    assert found is not None
    return found


def step(number: int, role: str = "officer", **more: object) -> Step:
    """Make a processing step of one working day."""
    values = {"number": number, "phase": "processing", "label": LABEL, "role": role, "limit": DAY}
    return Step(**{**values, **more})  # type: ignore[arg-type]


def whole(*processing: Step) -> tuple[Step, ...]:
    """Put reception and hand-over around processing steps, which begin with number 2."""
    first = step(1, "receptionist", phase="reception")
    last = step(processing[-1].number + 1, "receptionist", phase="handover", limit=None)
    return (first, *processing, last)


def made(*processing: Step, name: str = "ordinary") -> Workflow:
    """Make a workflow in which no dossier can get lost."""
    workflow = expand(template(name), whole(*processing)).workflow
    assert workflow_faults(workflow) == ()
    return workflow


@dataclass
class Course:
    """A dossier that goes through a workflow: its state and its facts, and nothing else."""

    workflow: Workflow
    state: str
    facts: dict[str, FactValue] = field(default_factory=dict)

    def take(self, action: str, role: str, **facts: FactValue) -> bool:
        """Take an action in a role; tell whether it was open."""
        known = dict.fromkeys({*self.workflow.facts, "received_elsewhere"}, False)
        known |= {"came_from": "", "last_action": ""} | self.facts | facts
        for each in self.workflow.transitions:
            if (each.source, each.action) != (self.state, action) or role not in each.roles:
                continue
            if each.guard is None or each.guard.holds(known):
                self.state = each.target
                self.facts |= each.sets
                return True
        return False


ASKED = (Party(role="police"), Party(role="health"), Party(role="finance"))


def asking(number: int = 3) -> Step:
    """Make a step in which three agencies are asked at the same time."""
    return step(number, together=ASKED)


# --- actors in turn ---------------------------------------------------------------------------


def test_actors_in_turn_are_states_of_one_step() -> None:
    """Hà Nội 1594, step 2: head of section, officer, leader; then the clerk of step 3."""
    workflow = made(
        step(2, "head_of_section", part=1), step(2, "officer", part=2), step(2, "leader", part=3),
        step(3, "clerk"),
    )  # fmt: skip
    course = Course(workflow, "processing_2_1")
    for role, reached in [
        ("head_of_section", "processing_2_2"),
        ("officer", "processing_2_3"),
        ("leader", "processing_3"),
    ]:
        assert not course.take("forward", "clerk")
        assert course.take("forward", role)
        assert course.state == reached
    assert course.take("send_back", "clerk")
    assert course.state == "processing_2_3"
    assert workflow.states["processing_2_3"].label.vi == "Đang xử lý, bước 2.3"
    found = workflow.step_of("processing_2_3")
    assert found is not None
    assert (found.place, found.role) == ("2.3", "leader")


# --- parties at the same time -------------------------------------------------------------------


@given(st.permutations([party.role for party in ASKED]), st.integers(0, 3))
def test_a_step_done_together_is_left_when_all_have_done_their_part(
    order: Sequence[str], done: int
) -> None:
    """In any order; before that only the one in charge can go on, and says so."""
    course = Course(made(step(2), asking(), step(4, "leader")), "processing_2")
    assert course.take("forward", "officer")
    for role in order[:done]:
        assert course.take("do_part", role)
        assert not course.take("do_part", role)
        assert course.state == "processing_3"
    assert not course.take("do_part", "officer")
    onward, without = ("forward", "go_on_without")
    if done < len(ASKED):
        onward, without = without, onward
    assert not course.take(without, "officer")
    assert not course.take(onward, order[0])
    assert course.take(onward, "officer")
    assert course.state == "processing_4"


def test_a_dossier_that_comes_back_finds_no_part_done() -> None:
    """What was asked the first time is asked again; waiting for a payment undoes nothing."""
    course = Course(made(step(2), asking(), step(4, "leader")), "processing_2")
    course.take("forward", "officer")
    for party in ASKED:
        assert course.take("do_part", party.role)
    assert course.take("ask_payment", "officer")
    assert course.take("pay", "applicant")
    assert course.take("forward", "officer")
    assert course.take("send_back", "leader")
    assert course.state == "processing_3"
    assert not course.take("forward", "officer")
    assert all(course.take("do_part", party.role) for party in ASKED)
    assert course.take("forward", "officer")


def test_a_last_step_done_together_is_finished_when_all_have_done_their_part() -> None:
    """Signing together: the result is there when all have signed."""
    course = Course(made(step(2), asking()), "processing_3")
    assert not course.take("finish", "officer")
    assert all(course.take("do_part", party.role) for party in ASKED)
    assert course.take("finish", "officer")
    assert course.state == "solved"


def test_a_workflow_without_parties_has_nothing_of_them() -> None:
    """No action, no fact and no guard of theirs: what costs time is there only where it is used."""
    workflow = made(step(2), step(3, "leader"))
    assert not {"do_part", "go_on_without"} & workflow.actions.keys()
    assert not [fact for fact in workflow.facts if fact.startswith("done_")]
    (forward,) = [each for each in workflow.transitions if each.action == "forward"]
    assert forward.guard is None


def test_parties_belong_to_any_agency() -> None:
    """The agency that is asked is not the one that is competent for the dossier."""
    workflow = made(step(2), asking(), step(4))
    parts = [each for each in workflow.transitions if each.action == "do_part"]
    assert [(each.any_agency, *each.roles) for each in parts] == [
        (True, "police"), (True, "health"), (True, "finance"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "elsewhere"),
    [({}, False), ({"agency": LABEL}, True), ({"procedure": "1.001193"}, True)],
)
def test_a_step_of_another_agency_or_procedure_is_open_to_it(
    more: dict[str, object], *, elsewhere: bool
) -> None:
    """A leg of an interlinked procedure is worked on at its own agency."""
    workflow = made(step(2, **more), step(3))
    (forward,) = [each for each in workflow.transitions if each.action == "forward"]
    assert forward.any_agency is elsewhere


# --- ways ---------------------------------------------------------------------------------------


def test_a_way_with_a_guard_comes_first_and_the_next_step_is_what_remains() -> None:
    """Step 2 goes to step 4 unless the case is large."""
    branch = Way(action="forward", to=4, guard=Guard.parse('case != "large"', {"case"}))
    workflow = made(step(2, ways=(branch,)), step(3), step(4, "leader"))
    for case, reached in (("small", "processing_4"), ("large", "processing_3")):
        course = Course(workflow, "processing_2")
        assert course.take("forward", "officer", case=case)
        assert course.state == reached


def test_a_way_without_a_guard_takes_the_place_of_the_transition() -> None:
    """Step 4 sends back to step 2; from step 3 the dossier goes back by one, as in the template."""
    back = Way(action="send_back", to=2)
    workflow = made(step(2), step(3), step(4, "leader", ways=(back,)))
    backward = [(t.source, t.target) for t in workflow.transitions if t.action == "send_back"]
    assert backward == [("processing_4", "processing_2"), ("processing_3", "processing_2")]


def test_a_way_of_its_own_has_its_own_label_and_may_establish_a_fact() -> None:
    """“Không đồng ý: chuyển lại bước 3”."""
    label = Label(vi="Không đồng ý, chuyển lại bước 3", en="Not agreed, back to step 3")
    way = Way(action="disagree", to=3, label=label, sets=(("fee_due", True),))
    workflow = made(step(2), step(3), step(4, "leader", ways=(way,)))
    assert workflow.actions["disagree"].label == label
    course = Course(workflow, "processing_4")
    assert not course.take("disagree", "officer")
    assert course.take("disagree", "leader")
    assert (course.state, course.facts) == ("processing_3", {"fee_due": True})


def test_a_way_onward_from_a_step_done_together_waits_for_all() -> None:
    """A way back does not: who disagrees need not wait."""
    on, back = Way(action="jump", to=5, label=LABEL), Way(action="back", to=2, label=LABEL)
    together = step(3, together=ASKED, ways=(on, back))
    workflow = made(step(2), together, step(4), step(5, "leader"))
    course = Course(workflow, "processing_3")
    assert not course.take("jump", "officer")
    assert Course(workflow, "processing_3").take("back", "officer")
    assert all(course.take("do_part", party.role) for party in ASKED)
    assert course.take("jump", "officer")
    assert course.state == "processing_5"


def test_a_way_leaves_from_the_last_and_leads_to_the_first_of_those_who_act_in_turn(
    tmp_path: Path,
) -> None:
    """Written in a file: both steps have two actors."""
    file = tmp_path / "9.000003-x.yaml"
    rows = "actors: [{role: officer}, {role: leader}]"
    steps = (
        "      - {number: 1, phase: reception, role: receptionist, vi: Nhận}\n"
        f"      - {{number: 2, phase: processing, vi: Làm, {rows}}}\n"
        f"      - {{number: 3, phase: processing, vi: Duyệt, {rows}, ways: "
        "[{action: redo, to: 2, vi: Làm lại}]}\n"
        "      - {number: 4, phase: handover, role: receptionist, vi: Trả}\n"
    )
    file.write_text(HEAD.replace("9.000001", "9.000003") + "    steps:\n" + steps, "utf-8")
    workflow = Catalog.load(file).in_force("9.000003", on=date(2026, 6, 1)).workflow
    redo = [(t.source, t.target) for t in workflow.transitions if t.action == "redo"]
    assert redo == [("processing_3_2", "processing_2_1")]


# --- any definition -------------------------------------------------------------------------------

ROLES = ["officer", "leader", "clerk", "head_of_section"]


@st.composite
def processing(draw: st.DrawFn) -> tuple[Step, ...]:
    """Draw up to five rows: one actor, several in turn or several together, with ways."""
    count = draw(st.integers(1, 5))
    found: list[Step] = []
    for number in range(2, count + 2):
        others = [to for to in range(2, count + 2) if to != number]
        guards = st.sampled_from([None, 'case == "a"', "apologies == 0"])
        way = st.builds(
            lambda action, to, text: Way(
                action=action,
                to=to,
                guard=None if text is None else Guard.parse(text, {"case", "apologies"}),
                label=LABEL,
            ),
            st.sampled_from(["forward", "send_back", "jump"]),
            st.sampled_from(others or [2]),
            guards,
        )
        ways = tuple(draw(st.lists(way, max_size=2))) if others else ()
        kind = draw(st.sampled_from(["one", "turn", "together"]))
        role = draw(st.sampled_from(ROLES))
        if kind == "turn":
            roles = draw(st.lists(st.sampled_from(ROLES), min_size=2, max_size=3))
            last = len(roles)
            found += [
                step(number, each, part=part, ways=ways if part == last else ())
                for part, each in enumerate(roles, start=1)
            ]
        elif kind == "together":
            parties = draw(st.lists(st.sampled_from(ASKED), min_size=1, unique=True))
            found.append(step(number, role, together=tuple(parties), ways=ways))
        else:
            found.append(step(number, role, ways=ways))
    return tuple(found)


@given(processing(), st.sampled_from(TEMPLATES.names), st.data())
def test_table_and_machine_agree_on_any_steps(
    rows: tuple[Step, ...], name: str, data: st.DataObject
) -> None:
    """Whatever the steps, both take the same walk, and facts follow from the walk alone."""
    workflow = expand(template(name), whole(*rows)).workflow
    assume(not workflow_faults(workflow))
    table, machine = compile_table(workflow), compile_machine(workflow)
    here, walker = workflow.initial, Walker(workflow.initial)
    facts: dict[str, FactValue] = dict.fromkeys(workflow.facts, False)
    facts |= {"supplement_requests": 0, "apologies": 0, "working_days_since_receipt": 0}
    facts |= {"came_from": "", "last_action": "", "received_elsewhere": False}
    facts |= {"agencies_missing": data.draw(st.integers(0, 2)), "terms_lapsed": True}
    facts |= {"working_days_left": 5, "days_waiting": 0, "case": data.draw(st.sampled_from("ab"))}
    for _ in range(data.draw(st.integers(0, 30))):
        possible = table.actions_from(here) or tuple(workflow.actions)
        action = data.draw(st.sampled_from(possible))
        if action not in table.actions_from(here):
            with pytest.raises(MachineError):
                machine.events[action].trigger(walker, facts)
            continue
        taken = next_transition(table, here, action, facts)
        assert machine.events[action].trigger(walker, facts) is (taken is not None)
        if taken is not None:
            facts |= {**taken.sets, "came_from": here, "last_action": action}
            here = taken.target
        assert walker.state == here


@given(processing())
def test_no_part_is_done_unasked(rows: tuple[Step, ...]) -> None:
    """A fact of a party is made true by its own role alone, and false by it or by coming in."""
    workflow = expand(template(), whole(*rows)).workflow
    parties = {
        party.done_fact(each.number): (party.role, f"processing{each.ending}")
        for each in rows
        for party in each.together
    }
    for transition in workflow.transitions:
        for fact in transition.sets.keys() & parties.keys():
            role, state = parties[fact]
            if transition.sets[fact] or transition.action == "take_back_part":
                assert transition.roles == {role}
                assert transition.source == transition.target == state
            else:
                source = transition.source.replace("awaiting_payment", "processing")
                assert source != transition.target.replace("awaiting_payment", "processing")


# --- files ---------------------------------------------------------------------------------------

HEAD = """\
format: 1
code: "9.000001"
name: {vi: Cấp thẻ ví dụ}
field: {id: libraries, vi: Thư viện}
checked_on: "2026-11-21"
source: invented
revisions:
  - effective_from: "2026-01-01"
    citation: Quyết định 1/QĐ-UBND (giả định)
    template: ordinary
"""


def written_on_the_page() -> str:
    """Return the file of docs/reference/procedure-file/whole-file.md."""
    for block in PAGE.read_text(encoding="utf-8").split("```yaml\n")[1:]:
        if block.startswith("format: 1\n") and "together:" in block:
            return block.partition("```")[0]
    raise AssertionError


def test_a_file_that_uses_every_key_is_read_to_its_last_word() -> None:
    """The file of docs/reference/procedure-file/whole-file.md, against what is written there."""
    procedure, found = read_procedure(parse(written_on_the_page(), file="f.yaml"), TEMPLATES)
    assert procedure is not None, found
    ((_, read),) = procedure.revisions
    assert [each.place for each in read.workflow.steps] == ["1", "2.1", "2.2", "3", "4", "5", "6"]
    assert (read.subjects, read.dossier_sets) == (("citizen", "enterprise", "organisation"), 1)
    assert [(each.certified, each.digitised) for each in read.requirements] == [
        (0, True), (1, False),
    ]  # fmt: skip
    assert [each.delivery for each in read.results] == [("online", "post")]
    assert str(read.legal_basis[0]) == "Nghị định 118/2025/NĐ-CP, Điều 19"


FAULTS = {
    "actors and a role": "role: officer, actors: [{role: officer}, {role: leader}]",
    "actors and a limit": "limit: 1 day, actors: [{role: officer, limit: 1 day}, {role: leader}]",
    "actors and parties": "actors: [{role: officer}, {role: leader}], together: [{role: clerk}]",
    "one actor": "actors: [{role: officer}]",
}
TEMPLATE = """\
format: 1
template: own
label: {vi: Riêng, en: Own}
citation: Luật 1 (giả định)
initial: new
roles: {officer: {vi: Công chức, en: Officer}, leader: {vi: Lãnh đạo, en: Leader}}
states:
  new: {label: {vi: Mới, en: New}, national_status: 1}
%s
  done: {label: {vi: Xong, en: Done}, national_status: 10, final: true}
actions: {go: {vi: Đi, en: Go}, forward: {vi: Chuyển, en: Forward}, end: {vi: Xong, en: End}}
transitions:
  - {action: go, from: new, to: work%s, roles: [officer]}
%s
"""
OWN_STATES = {
    "one state for all steps": ("  work: {label: {vi: Làm, en: Work}, national_status: 4}", "",
                                "  - {action: end, from: work, to: done, roles: [officer]}"),
    "no party is asked": (
        "  work: {label: {vi: Làm, en: Work}, national_status: 4, expand: processing}", ".first",
        ("  - {action: forward, from: work, to: work.next, roles: [step]}\n"
        "  - {action: end, from: work.last, to: done, roles: [step]}"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", FAULTS.values(), ids=FAULTS)
def test_who_acts_is_said_once(row: str) -> None:
    """A step says it itself, or each of its actors does."""
    text = HEAD + f"    steps: [{{number: 1, phase: processing, vi: Làm, {row}}}]\n"
    _, found = read_procedure(parse(text, file="f.yaml"), TEMPLATES)
    assert [each.code for each in found] == ["step-actors"]


@pytest.mark.parametrize(
    ("way", "code", "words"),
    [
        ("action: send_back, to: 2", "bad-way", "that step itself"),
        ("action: send_back, to: 1", "bad-way", "step 1, which is the reception"),
        ("action: send_back, to: 9", "bad-way", "step 9, which there is not"),
        ("action: disagre, to: 3", "unknown-action", "what it is called"),
        ("action: forward, to: 3, guard: kase == 1", "unknown-guard-name", "kase"),
        ("action: forward, to: 3, guard: case.x", "malformed-guard", "case.x"),
        # compared with another kind it would stop at the counter, or never hold
        ("action: forward, to: 3, guard: case > 3", "malformed-guard", "a text with a number"),
        ("action: forward, to: 3, guard: fee_paid == 'yes'", "malformed-guard", "true or false"),
        ("action: forward, to: 3, guard: apologies == 'a'", "malformed-guard", "a number"),
        # what ends a dossier, stops its clock or moves it to another revision is no way
        ("action: finish, to: 3", "bad-way", "has effects of its own"),
        ("action: ask_supplement, to: 3", "bad-way", "has effects of its own"),
        ("action: do_part, to: 3", "bad-way", "has effects of its own"),
        ("action: migrate, to: 3, vi: x", "bad-way", "is not an action of a workflow"),
        ("action: submit, to: 3, vi: x", "bad-way", "is not an action of a workflow"),
        ("action: forward, to: 3, sets: {fee_payed: true}", "unknown-fact", "fee_paid"),
        ("action: forward, to: 3, sets: {fee_paid: 1}", "wrong-type", "bool"),
    ],
)
def test_a_way_names_only_what_there_is(way: str, code: str, words: str) -> None:
    """Steps, actions and facts are known when the file is read, not when a clerk acts."""
    text = HEAD + (
        "    steps:\n"
        "      - {number: 1, phase: reception, role: receptionist, vi: Nhận}\n"
        f"      - {{number: 2, phase: processing, role: officer, vi: Làm, ways: [{{{way}}}]}}\n"
        "      - {number: 3, phase: processing, role: leader, vi: Ký}\n"
    )
    _, found = read_procedure(parse(text, file="f.yaml"), TEMPLATES)
    assert [each.code for each in found] == [code]
    assert words in found[0].message + found[0].remedy


def test_a_role_of_the_revision_can_act_in_a_step() -> None:
    """The police are no role of the template; the revision declares them."""
    text = HEAD + (
        "    roles: {police: {vi: Công an}}\n"
        "    steps: [{number: 1, phase: processing, role: police, vi: Xác minh}]\n"
    )
    procedure, found = read_procedure(parse(text, file="f.yaml"), TEMPLATES)
    assert procedure is not None, found
    ((_, read),) = procedure.revisions
    assert read.workflow.roles["police"].vi == "Công an"
    (finish,) = [each for each in read.workflow.transitions if each.action == "finish"]
    assert (finish.roles, finish.any_agency) == ({"police"}, True)


@pytest.mark.parametrize("kind", OWN_STATES)
def test_a_template_without_a_place_for_parties_is_not_used_with_them(
    kind: str, tmp_path: Path
) -> None:
    """A dossier would wait for ever for a part that nobody can do, or pass without it."""
    (tmp_path / "own.yaml").write_text(TEMPLATE % OWN_STATES[kind], "utf-8")
    rows = (
        "    steps:\n      - {number: 1, phase: processing, role: officer, vi: Làm, together: "
        "[{role: leader}]}\n      - {number: 2, phase: processing, role: officer, vi: Ký}\n"
    )
    text = HEAD.replace("template: ordinary", "template: own") + rows
    (tmp_path / "9.000001-x.yaml").write_text(text, "utf-8")
    found = [each for each in check_paths([tmp_path]) if each.severity == "error"]
    assert [each.code for each in found] == ["step-actors"]
    assert '"own"' in found[0].message


def test_the_state_that_is_worked_in_is_the_one_a_dossier_first_comes_into(
    tmp_path: Path,
) -> None:
    """Whatever the order of the states in the file, ways leave from it."""
    states = (
        "  aside: {label: {vi: Chờ, en: Wait}, national_status: 4, expand: processing}\n"
        "  work: {label: {vi: Làm, en: Work}, national_status: 4, expand: processing}"
    )
    ways = (
        "  - {action: forward, from: work, to: aside.same, roles: [step]}\n"
        "  - {action: go, from: aside, to: work.next, roles: [step]}\n"
        "  - {action: end, from: [work.last, aside.last], to: done, roles: [step]}"
    )
    (tmp_path / "own.yaml").write_text(TEMPLATE % (states, ".first", ways), "utf-8")
    rows = (
        "    steps:\n      - {number: 1, phase: processing, role: officer, vi: Làm, ways: "
        "[{action: jump, to: 2, vi: Sang}]}\n"
        "      - {number: 2, phase: processing, role: officer, vi: Ký}\n"
    )
    text = HEAD.replace("template: ordinary", "template: own") + rows
    (tmp_path / "9.000001-x.yaml").write_text(text, "utf-8")
    made = Catalog.load(tmp_path).in_force("9.000001", on=date(2026, 6, 1)).workflow
    jump = [(each.source, each.target) for each in made.transitions if each.action == "jump"]
    assert jump == [("work_1", "work_2")]


@pytest.mark.parametrize(
    "written",
    ["facts: {supplement_requests: text}", "facts: {fee_paid: text}", "facts: {case: int}",
     "roles: {officer: {vi: Khác}}"],
)  # fmt: skip
def test_what_the_template_or_every_dossier_has_is_not_declared_anew(written: str) -> None:
    """A second meaning would break the guards of the template, at the counter."""
    _, found = read_procedure(parse(HEAD + f"    {written}\n", file="f.yaml"), TEMPLATES)
    assert [each.code for each in found] == ["bad-name"]


def test_a_dozen_departments_can_be_asked_at_once() -> None:
    """What igate writes itself is not bound to the length of what people write."""
    parties = tuple(Party(role=f"department_of_{'x' * 45}_{letter}") for letter in "abcdefghijkl")
    course = Course(made(step(2, together=parties), step(3)), "processing_2")
    for party in parties:
        assert not course.take("forward", "officer")
        assert course.take("do_part", party.role)
    assert course.take("forward", "officer")


def test_going_on_without_a_part_can_have_a_way_of_its_own() -> None:
    """It stays the opposite of passing on: open while a part is missing, and only then."""
    way = Way(action="go_on_without", to=5)
    workflow = made(step(2), step(3, together=ASKED, ways=(way,)), step(4), step(5, "leader"))
    course = Course(workflow, "processing_3")
    for party in ASKED:
        assert Course(workflow, "processing_3", dict(course.facts)).take("go_on_without", "officer")
        assert course.take("do_part", party.role)
    assert not course.take("go_on_without", "officer")


def test_a_way_whose_guard_names_a_part_waits_for_no_other() -> None:
    """“As soon as the police have answered” is what is written."""
    guard = Guard.parse("done_3_police", {"done_3_police"})
    way = Way(action="forward", to=5, guard=guard)
    workflow = made(step(2), step(3, together=ASKED, ways=(way,)), step(4), step(5, "leader"))
    course = Course(workflow, "processing_3")
    assert not course.take("forward", "officer")
    assert course.take("do_part", "police")
    assert course.take("forward", "officer")
    assert course.state == "processing_5"


def test_two_ways_of_one_action_have_a_label_each() -> None:
    """“Chuyển lại bước 2” is not what is done in the other step; the action keeps the first."""
    labels = [Label(vi=f"Không đồng ý, chuyển lại bước {to}") for to in (2, 3)]
    ways = [Way(action="disagree", to=to, label=labels[to - 2]) for to in (2, 3)]
    onward = Way(action="forward", to=5, guard=Guard.parse("fee_paid", {"fee_paid"}), label=LABEL)
    workflow = made(
        step(2, ways=(onward,)), step(3, ways=ways[:1]), step(4, "leader", ways=ways[1:]), step(5)
    )
    shown = {(t.source, t.label) for t in workflow.transitions if t.action == "disagree"}
    assert shown == {("processing_3", labels[0]), ("processing_4", labels[1])}
    assert workflow.actions["disagree"].label == labels[0]
    assert workflow.actions["forward"].label == template().actions["forward"]


def test_a_last_step_is_finished_without_a_part_and_the_outcome_says_so() -> None:
    """What the others have done is handed over; before, nobody could."""
    course = Course(made(step(2), asking()), "processing_3")
    (transition,) = [t for t in course.workflow.transitions if t.action == "finish_without"]
    assert transition.outcome == "granted_in_part"
    assert course.take("finish_without", "officer")
    assert course.state == "solved"


def test_a_step_that_names_its_agency_is_that_agencys_alone(tmp_path: Path) -> None:
    """H15.8 and what is below it; not the agency of the dossier, and not one of a like name."""
    agency = "{id: H15.8, vi: Sở Y tế, en: Department of Health}"
    rows = (
        "    roles: {police: {vi: Công an}}\n    steps:\n"
        f"      - {{number: 1, phase: processing, role: officer, vi: A, agency: {agency}}}\n"
        "      - {number: 2, phase: processing, role: leader, vi: Hỏi, together: [{role: police, "
        "agency: {id: H15.9, vi: Công an}}]}\n"
    )
    file = tmp_path / "9.000001-x.yaml"
    file.write_text(HEAD + rows, "utf-8")
    clock = iter(parse_local("2026-08-20T08:00") + timedelta(minutes=n) for n in range(99))
    office = OneStop.open(
        "sqlite://", agency="H15.10", catalog=Catalog.load(file), clock=lambda: next(clock)
    )
    code = office.submit("9.000001", applicant="A", channel="counter").code

    def act(action: str, role: str, agency: str) -> str:
        actor = Actor(role, roles={role}, agency=agency)
        return office.act(code, action, by=actor).state

    act("receive", "receptionist", "H15.10")
    act("transfer", "receptionist", "H15.10")
    for other in ("H15.10", "H15.80", "H15", ""):
        with pytest.raises(NotPermitted, match=r"belongs to agency H15\.8\."):
            act("forward", "officer", other)
    assert act("forward", "officer", "H15.8.2") == "processing_2"
    with pytest.raises(NotPermitted, match=r"belongs to agency H15\.9\."):
        act("do_part", "police", "H15.10")
    act("do_part", "police", "H15.9")
    assert act("finish", "leader", "H15.10") == "solved"


def test_an_agency_has_an_identifier_as_the_decision_writes_them() -> None:
    """A–Z, digits and dots (Quyết định 20/2020/QĐ-TTg)."""
    row = "{number: 1, phase: processing, role: officer, vi: A, agency: {id: h15, vi: Sở}}"
    _, found = read_procedure(parse(HEAD + f"    steps: [{row}]\n", file="f.yaml"), TEMPLATES)
    assert [(each.code, each.place.line) for each in found] == [("bad-value", 11)]
    assert "H15.10" in found[0].remedy


def test_only_processing_steps_are_bound_to_an_agency() -> None:
    """The counter is that of the competent agency, so an identifier there would say what is not."""
    row = "{number: 1, phase: reception, role: receptionist, vi: A, agency: {id: H15.8, vi: Sở}}"
    last = "{number: 2, phase: processing, role: officer, vi: B}"
    _, found = read_procedure(
        parse(HEAD + f"    steps: [{row}, {last}]\n", file="f.yaml"), TEMPLATES
    )
    assert [each.code for each in found] == ["step-actors"]


def test_a_title_in_the_place_of_a_role_is_answered_with_the_roles_in_vietnamese() -> None:
    """An officer writes what the decision prints, and looks for it among the labels."""
    row = "{number: 1, phase: processing, role: lãnh đạo phòng, vi: Phân công}"
    _, found = read_procedure(parse(HEAD + f"    steps: [{row}]\n", file="f.yaml"), TEMPLATES)
    assert [each.code for each in found] == ["unknown-role"]
    assert "head_of_section (Lãnh đạo phòng chuyên môn)" in found[0].remedy
    assert found[0].remedy.endswith('Did you mean "head_of_section"?')
