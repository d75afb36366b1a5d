"""Diagrams: every transition is there, nothing overlaps, and nothing in a file becomes markup."""

from __future__ import annotations

import re
import struct
import sys
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from typer.testing import CliRunner

from drawing import covers, drawn_faults, parse
from igate.cli import pictures as cli_pictures
from igate.deadlines.limits import TimeLimit
from igate.deadlines.rulefile import shipped_rules
from igate.errors import IgateError, OutputError, ProcedureNotFound
from igate.files.sources import shipped
from igate.law.citation import Citation, Label
from igate.law.period import Period, Timeline
from igate.procedures.guard import Guard
from igate.procedures.procedure import Field, Procedure, Revision
from igate.procedures.reading.templates import Templates
from igate.procedures.workflow import (
    BUILT_IN_FACTS,
    Action,
    Phase,
    State,
    Step,
    Transition,
    Workflow,
)
from igate.publish.diagram.chart import FRAME, Chart, chart
from igate.publish.diagram.diagram import mermaid, png, svg
from igate.publish.diagram.layout import lay_out
from igate.publish.diagram.parts import width, wrap
from igate.publish.diagram.words import Words
from igate.publish.rule_words import Conditions
from shared import shipped_catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from igate.deadlines.rules import ClockRules
    from igate.law.citation import Language
    from igate.publish.diagram.parts import Layout

TODAY = date(2026, 11, 20)
RULES = shipped_rules("decree", on=TODAY)
CITED = Citation.parse("Quyết định 1/QĐ-UBND ngày 02/01/2026 của UBND tỉnh Đắk Lắk")
TEMPLATES = Templates({source.stem: source for source in shipped("templates")})
HOSTILE = (
    "<script>alert('x')</script> & \"Sở\" --> [*] : {x}; %%{init: {}}%% #quot; \n\tend note \x00"
)
SVG = "{http://www.w3.org/2000/svg}"
EMPTY = Chart(course=(), framed=(), frame=None, sides=(), ways=(), hidden=())


def steps(*roles: str) -> tuple[Step, ...]:
    """Return steps: the first role receives, the last hands over, the others process."""
    last = len(roles)
    phases: dict[int, Phase] = {1: "reception", last: "handover"}
    return tuple(
        Step(
            number=number,
            phase=phases.get(number, "processing"),
            label=Label(vi=f"Việc thứ {number}", en=f"Task {number}"),
            role=role,
            limit=TimeLimit.parse("1.5 working_day"),
        )
        for number, role in enumerate(roles, start=1)
    )


def workflow(name: str = "ordinary", roles: tuple[str, ...] = ("officer", "leader")) -> Workflow:
    """Make a workflow of a shipped template, with these roles in its processing steps."""
    template = TEMPLATES.get(name)
    assert template is not None
    return TEMPLATES.workflow(template, steps("receptionist", *roles, "receptionist")).workflow


def procedure(made: Workflow, name: Label | None = None) -> tuple[Procedure, Revision]:
    """Wrap a workflow in a procedure with one revision."""
    period = Period(start=date(2026, 1, 2))
    revision = Revision(
        procedure="1.000001", period=period, citation=CITED, template=made.name, workflow=made
    )
    whole = Procedure(
        code="1.000001",
        name=name or Label(vi="Cấp giấy phép", en="Issue a licence"),
        field=Field(id="test", label=Label(vi="Thử nghiệm")),
        ministry="Bộ Nội vụ",
        level=("tỉnh",),
        agencies=("Sở Nội vụ",),
        checked_on=TODAY,
        source="synthetic",
        revisions=Timeline([(period, revision)]),
    )
    return whole, revision


def words(made: Workflow, folded: Chart, rules: ClockRules = RULES) -> Words:
    """Return the texts of a diagram of a workflow."""
    return Words(*procedure(made), folded, rules)


def picture(made: Workflow, lang: Language = "vi", *, all_ways: bool = False) -> Layout:
    """Lay a workflow out."""
    folded = chart(made, all_ways=all_ways)
    return lay_out(folded, words(made, folded), lang)


# folding


@pytest.mark.parametrize("name", ["ordinary", "two_level", "consultation", "same_day"])
@pytest.mark.parametrize(
    "roles",
    [
        ("officer",),
        ("officer", "leader"),
        ("head_of_section", "officer", "provincial_committee", "clerk"),
        ("head_of_section", "officer", *["other_agency", "leader"] * 6, "clerk"),
    ],
    ids=len,
)
def test_every_transition_stands_behind_an_arrow(name: str, roles: tuple[str, ...]) -> None:
    """With all ways shown, each transition of the course has exactly one arrow that covers it."""
    made = workflow(name, roles)
    folded = chart(made, all_ways=True)
    for transition in made.transitions:
        if transition.manner.upkeep:  # named below the picture
            assert made.actions[transition.action].label in folded.hidden
            continue
        found = [way for way in folded.ways if covers(folded, way, transition)]
        assert len(found) == 1, transition


def test_waiting_states_that_differ_in_their_step_are_one_node() -> None:
    """Twelve processing steps give one node for waiting for a payment, not twelve."""
    folded = chart(workflow("consultation", ("officer",) * 12))
    assert [node.label.vi for node in folded.sides] == [
        "Hướng dẫn hoàn thiện hồ sơ khi tiếp nhận",
        "Chờ nộp phí khi tiếp nhận",
        "Yêu cầu bổ sung giấy tờ",
        "Yêu cầu thực hiện nghĩa vụ tài chính, từ bước 2–13",
        "Công dân yêu cầu rút hồ sơ",
        "Đang lấy ý kiến, từ bước 2–13",
        "Không được tiếp nhận",
        "Dừng xử lý",
    ]
    payment = folded.sides[3]
    assert payment.states == tuple(f"awaiting_payment_{number}" for number in range(2, 14))
    assert payment.label.en == "Awaiting a payment, from steps 2–13"


def test_the_course_runs_from_the_first_state_to_the_handing_over() -> None:
    """Each state of the main course stands alone, in order; the processing steps are framed."""
    folded = chart(workflow(roles=("officer", "leader", "clerk")))
    assert [node.id for node in folded.course] == [
        "submitted", "received", "processing_2", "processing_3", "processing_4", "solved",
        "returned",
    ]  # fmt: skip
    assert folded.framed == ("processing_2", "processing_3", "processing_4")
    assert folded.frame == Label(vi="Đang xử lý, bước 2–4", en="In process, steps 2–4")
    assert [node.id for node in folded.course if node.initial] == ["submitted"]
    assert [node.id for node in folded.course if node.final] == ["returned"]


def test_an_arrow_says_where_it_begins_and_ends() -> None:
    """A withdrawal starts from seven places, a payment comes back to the step that was left."""
    folded = chart(workflow())
    (withdraw,) = [way for way in folded.ways if way.action == "withdraw"]
    assert withdraw.source == FRAME
    assert set(withdraw.also_from) == {
        "submitted", "received", "guided", "awaiting_fee", "awaiting_supplement",
        "awaiting_payment_2",
    }  # fmt: skip
    (pay,) = [way for way in folded.ways if way.action == "pay" and way.clock]
    assert (pay.source, pay.target, pay.same_step) == ("awaiting_payment_2", FRAME, True)
    (supplement,) = [way for way in folded.ways if way.action == "supplement"]
    assert (supplement.target, supplement.same_step) == ("processing_2", False)


def test_the_ways_back_are_shown_on_request_and_named_otherwise() -> None:
    """What leads back or nowhere and leaves the clock alone is left out, and the picture says so.

    What puts something right or says who works is never drawn.
    """
    made = workflow()
    short, full = chart(made), chart(made, all_ways=True)
    missing = {way.action for way in full.ways} - {way.action for way in short.ways}
    assert missing == {"send_back", "return_to_counter", "correct_result"}
    upkeep = {
        "recall", "assign", "take", "give_back", "cancel_withdrawal", "refuse_withdrawal",
        "correct", "find_case",
    }  # fmt: skip
    hidden = {name for name, action in made.actions.items() if action.label in short.hidden}
    assert hidden == missing | upkeep
    (note,) = [text for text in words(made, short).notes("en") if text.startswith("Not drawn: ")]
    assert "Send back to the step before; " in note
    assert {n for n, action in made.actions.items() if action.label in full.hidden} == upkeep


def test_a_refusal_from_every_step_is_drawn_once() -> None:
    """From the last step, with the numbers of the others."""
    made = workflow(roles=("officer", "leader", "clerk"))
    folded = chart(made)
    (refuse,) = [way for way in folded.ways if way.action == "refuse"]
    assert (refuse.source, refuse.target) == ("processing_4", "solved")
    assert refuse.also_steps == ("2", "3")
    assert words(made, folded).ends(refuse, "en") == ("also from step 2, 3",)
    assert refuse in chart(made, all_ways=True).ways


def test_a_phase_with_two_steps_shows_both() -> None:
    """Two steps of reception share the state "received"; neither is lost."""
    template = TEMPLATES.get("ordinary")
    assert template is not None
    made = steps("receptionist", "clerk", "officer", "receptionist")
    made = (made[0], replace(made[1], phase="reception"), *made[2:])
    folded = chart(TEMPLATES.workflow(template, made).workflow)
    assert [step.number for step in folded.node("received").steps] == [1, 2]


# words


def test_the_clock_is_told_in_words_under_the_rules_of_the_day() -> None:
    """Decree 118/2025 counts anew after a supplement (art. 19.5); others go on counting."""
    made = workflow("consultation")
    folded = chart(made)
    ways = {way.action: way for way in folded.ways if way.clock or way.action == "transfer"}
    decree = words(made, folded)
    assert decree.clock(ways["receive"], "vi") == "bắt đầu tính thời hạn"
    assert decree.clock(ways["ask_supplement"], "vi") == "tạm dừng tính thời hạn"
    assert decree.clock(ways["supplement"], "vi") == "tính lại thời hạn từ đầu"
    assert decree.clock(ways["pay"], "vi") == "tính tiếp thời hạn"
    assert decree.clock(ways["consult"], "en") == "the clock runs on"
    assert decree.runs_on(ways["consult"])
    assert not decree.runs_on(ways["pay"])
    assert decree.clock(ways["apologise"], "vi") == "thay ngày hẹn trả"
    assert decree.clock(ways["finish"], "en") == "the clock ends"
    assert decree.clock(ways["stop"], "en") == "the clock stops for good"
    assert decree.clock(ways["transfer"], "en") == ""
    index = words(made, folded, shipped_rules("subtracted", on=TODAY))
    assert index.clock(ways["supplement"], "vi") == "tính tiếp thời hạn"


def test_actors_are_named_where_the_box_does_not_say_them() -> None:
    """The role of a step stands in its box; an applicant is named at the arrow."""
    made = workflow("consultation")
    folded = chart(made)
    texts = words(made, folded)
    ways = {way.action: way for way in folded.ways}
    assert texts.actors(ways["forward"], "en") == ""
    assert texts.actors(ways["ask_supplement"], "en") == "Whoever does the step"
    assert texts.actors(ways["supplement"], "en") == "Receptionist of the one-stop, Applicant"
    assert texts.actors(ways["go_on_without_opinion"], "en") == "Whoever does the step"
    assert texts.steps(folded.node("processing_2"), "vi") == (
        ("Việc thứ 2", "Người được giao giải quyết hồ sơ · 1,5 ngày làm việc"),
    )


def test_conditions_stand_below_with_their_citation() -> None:
    """Once, and within 3 working days: Decree 118/2025, art. 19.5."""
    made = workflow()
    texts = words(made, chart(made))
    (note,) = [text for text in texts.notes("vi") if "Yêu cầu bổ sung hồ sơ: khi" in text]
    assert note.partition(") ")[2] == (
        "Yêu cầu bổ sung hồ sơ: khi số lần đã yêu cầu bổ sung = 0 và số ngày làm việc kể từ "
        "ngày tiếp nhận ≤ 3 [Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5]"
    )


@pytest.mark.parametrize(
    ("guard", "text"),
    [
        ("days_waiting > 15", "days waited > 15"),
        ("not fee_paid or area in ['I', 'not']", "not fee paid or area in ['I', 'not']"),
        ("channel != 'online'", "channel ≠ 'online'"),
        ("fee_due == True", "fee due = yes"),
    ],
)
def test_a_guard_is_written_in_words(guard: str, text: str) -> None:
    """Facts and signs have words; what stands between quotes stays as it is."""
    names = {*BUILT_IN_FACTS, "fee_paid", "fee_due"}
    assert Conditions(workflow()).text(Guard.parse(guard, names=names), "en") == text


def test_every_fact_that_a_shipped_template_asks_for_has_words() -> None:
    """An officer reads no name of the program in a picture: "chưa nộp phí", not "not fee_paid"."""
    template = TEMPLATES.get("ordinary")
    assert template is not None
    guards = [way.guard for way in template.transitions if way.guard]
    asked = set().union(*(guard.names for guard in guards))
    assert {"fee_due", "fee_paid", "fee_waived", "guided", "arrived"} <= asked
    for name in asked:
        said = Conditions(template).text(Guard.parse(f"not {name}", names=[name]), "vi")
        assert re.match(r"(không|chưa) ", said), said
        assert name not in said


# the drawing


def test_nothing_overlaps_in_any_shipped_diagram() -> None:
    """Boxes and texts keep apart and lie inside the picture, whatever a decision printed.

    Where steps, template and the height of the heading are the same, so is the rest: such a picture
    is looked at once.
    """
    catalog = shipped_catalogue()
    seen = set()
    for code in catalog:
        whole = catalog.procedure(code)
        for _, revision in whole.revisions:
            head = Words(whole, revision, EMPTY, RULES)
            texts = (head.title("vi"), *head.subtitles("vi"))
            lines = tuple(len(wrap(text, 850, 18, bold=True)) for text in texts)
            alike = (revision.template, revision.workflow.steps, revision.steps_basis, lines)
            if alike in seen:
                continue
            seen.add(alike)
            folded = chart(revision.workflow)
            layout = lay_out(folded, Words(whole, revision, folded, RULES), "vi")
            assert list(drawn_faults(layout)) == [], code
    assert len(seen) > 30


@pytest.mark.parametrize("all_ways", [False, True])
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", ["ordinary", "two_level", "consultation", "same_day"])
@pytest.mark.parametrize("count", [1, 2, 5, 12, 22])
def test_nothing_overlaps_in_any_template(
    name: str, lang: Language, count: int, *, all_ways: bool
) -> None:
    """From one processing step to twenty-two, with and without the ways back."""
    roles = ("officer", "provincial_committee", "leader") * 8
    layout = picture(workflow(name, roles[:count]), lang, all_ways=all_ways)
    assert list(drawn_faults(layout)) == []


def state(name: str, status: int, step: int | None = None, *, final: bool = False) -> State:
    """Make a state that is called by its name."""
    return State(name=name, label=Label(vi=name), national_status=status, step=step, final=final)


def odd_workflow() -> Workflow:
    """A host's own course: it skips, goes far back, loops everywhere and wanders at the side."""
    ways = [
        ("receive", "new", "in"), ("go", "in", "work_2"), ("go", "work_2", "work_3"),
        ("go", "work_3", "work_4"), ("go", "work_4", "done"), ("go", "done", "out"),
        ("skip", "in", "work_4"), ("skip", "work_2", "done"), ("back", "done", "new"),
        ("back", "work_4", "work_2"), ("loop", "in", "in"), ("loop", "work_3", "work_3"),
        ("aside", "in", "desk"), ("aside", "desk", "attic"), ("aside", "attic", "attic"),
        ("aside", "attic", "desk"), ("aside", "desk", "in"), ("aside", "done", "shelf"),
        ("aside", "shelf", "done"), ("aside", "work_3", "side_3"), ("aside", "side_3", "work_3"),
    ]  # fmt: skip
    states = [
        state("new", 1), state("in", 2), state("work_2", 4, 2), state("work_3", 4, 3),
        state("work_4", 4, 4), state("done", 9), state("out", 10, final=True), state("desk", 5),
        state("attic", 5), state("shelf", 6), state("side_3", 6, 3),
    ]  # fmt: skip
    return Workflow(
        name="odd",
        initial="new",
        states={each.name: each for each in states},
        actions={name: Action(name=name, label=Label(vi=name)) for name, _, _ in ways},
        transitions=tuple(
            Transition(action=action, source=source, target=target, roles=frozenset({"clerk"}))
            for action, source, target in ways
        ),
        steps=steps("clerk", "clerk", "clerk", "clerk"),
        facts={},
        roles={"clerk": Label(vi="Văn thư")},
    )


@pytest.mark.parametrize("all_ways", [False, True])
def test_a_course_of_another_kind_is_drawn_too(*, all_ways: bool) -> None:
    """Ways that no shipped template has are drawn without an overlap, and none is lost."""
    made = odd_workflow()
    assert list(drawn_faults(picture(made, all_ways=all_ways))) == []
    folded = chart(made, all_ways=True)
    lost = [t for t in made.transitions if not any(covers(folded, w, t) for w in folded.ways)]
    assert lost == []


def test_a_workflow_without_a_course_is_drawn_too() -> None:
    """A state whose national status is none of the course's still has its box and its ways."""
    made = Workflow(
        name="bare",
        initial="waiting",
        states={each.name: each for each in (state("waiting", 5), state("end", 8, final=True))},
        actions={"stop": Action(name="stop", label=Label(vi="Dừng"))},
        transitions=(Transition(action="stop", source="waiting", target="end", roles=frozenset()),),
        facts={},
        roles={},
    )
    layout = picture(made)
    assert sorted(box.id for box in layout.boxes) == ["end", "waiting"]
    assert list(drawn_faults(layout)) == []


@given(st.text(max_size=300), st.floats(20, 400))
def test_wrapped_lines_fit_and_lose_nothing(text: str, room: float) -> None:
    """A line is no wider than the room, or is one sign; together the lines are the text."""
    lines = wrap(text, room, 12)
    assert all(width(line, 12) <= room + 1e-6 or len(line) == 1 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_whatever_a_name_holds_nothing_overlaps(text: str) -> None:
    """Long words, strange signs and blanks in labels push other things down, not over."""
    made = workflow()
    label = Label(vi=text)
    made = replace(
        made,
        states={name: replace(each, label=label) for name, each in made.states.items()},
        actions={name: replace(each, label=label) for name, each in made.actions.items()},
        steps=tuple(replace(step, label=label) for step in made.steps),
    )
    assert list(drawn_faults(picture(made))) == []


# SVG and PNG


@cache
def hostile() -> tuple[Procedure, Revision]:
    """A procedure whose texts try to break out."""
    label = Label(vi=HOSTILE, en=HOSTILE)
    made = workflow()
    made = replace(
        made,
        states={name: replace(each, label=label) for name, each in made.states.items()},
        actions={name: replace(each, label=label) for name, each in made.actions.items()},
        roles=dict.fromkeys(made.roles, label),
        steps=tuple(replace(step, label=label) for step in made.steps),
    )
    return procedure(made, label)


def test_svg_stands_alone() -> None:
    """It is well-formed, has a name and a summary, and points to nothing outside."""
    drawing = svg(*procedure(workflow()), "vi", rules=RULES)
    root = ET.fromstring(drawing)  # noqa: S314 - written just now
    assert root.findtext(f"{SVG}title") == "1.000001 · Cấp giấy phép"
    assert "Tiến trình chính: Mới đăng ký; Được tiếp nhận" in (root.findtext(f"{SVG}desc") or "")
    assert drawing.count("http") == 1
    assert "href" not in drawing
    shown = " ".join("".join(each.itertext()) for each in root.iter(f"{SVG}text"))
    assert "tính lại thời hạn từ đầu" in shown
    assert "Người được giao giải quyết hồ sơ · 1,5 ngày làm việc" in shown


def test_a_state_that_ends_has_a_double_edge() -> None:
    """What ends the course is told from the rest without a colour, and in words."""
    drawing = svg(*procedure(workflow()), "en", rules=RULES)
    root = ET.fromstring(drawing)  # noqa: S314 - written just now
    rounded = [each for each in root.iter(f"{SVG}rect") if each.get("rx") == "4"]
    assert len(rounded) == 3
    assert sum("(end)" in "".join(each.itertext()) for each in root.iter(f"{SVG}text")) == 3


def test_hostile_texts_stay_texts_in_svg() -> None:
    """No element but those of the drawing comes out, whatever the labels hold."""
    root = ET.fromstring(svg(*hostile(), "vi", rules=RULES))  # noqa: S314 - written just now
    kinds = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert kinds == {"svg", "title", "desc", "rect", "circle", "path", "text"}


def test_png_is_as_large_as_asked() -> None:
    """Two pixels a pixel of the drawing; the size stands at byte 16 of a PNG file."""
    drawing = svg(*procedure(workflow()), "vi", rules=RULES)
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', drawing)
    assert size is not None
    picture_bytes = png(drawing)
    assert picture_bytes[:8] == b"\x89PNG\r\n\x1a\n"
    wide, high = struct.unpack(">II", picture_bytes[16:24])
    assert abs(wide - 2 * float(size[1])) <= 1
    assert abs(high - 2 * float(size[2])) <= 1


def test_png_without_its_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """SVG and Mermaid need no extra, PNG names it."""
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    drawing = svg(*procedure(workflow()), "vi", rules=RULES)
    with pytest.raises(IgateError, match=r'pip install "igate\[frames\]"'):
        png(drawing)


# Mermaid


@pytest.mark.parametrize("all_ways", [False, True])
@pytest.mark.parametrize("name", ["ordinary", "two_level", "consultation", "same_day"])
def test_mermaid_text_is_a_state_diagram(name: str, *, all_ways: bool) -> None:
    """Every line is a statement of the grammar, and every way joins declared states."""
    made = workflow(name, ("officer", "provincial_committee", "leader"))
    states, ways = parse(mermaid(*procedure(made), "vi", rules=RULES, all_ways=all_ways))
    folded = chart(made)
    assert len(states) == len(folded.course) + len(folded.sides) + 1
    assert ("[*]", "submitted", "") in ways
    assert ("stopped", "[*]", "") in ways
    assert ("solved", "returned", "Trả kết quả") in ways


def test_mermaid_draws_each_start_of_a_way_with_all_ways() -> None:
    """By default a withdrawal is one arrow that names where else it starts; in full it is seven."""
    made = procedure(workflow())
    _, few = parse(mermaid(*made, "en", rules=RULES))
    _, many = parse(mermaid(*made, "en", rules=RULES, all_ways=True))
    assert sum(target == "withdrawal_requested" for _, target, _ in few) == 1
    assert {source for source, target, _ in many if target == "withdrawal_requested"} == {
        "any_step", "submitted", "guided", "awaiting_fee", "received", "awaiting_supplement",
        "awaiting_payment_2",
    }  # fmt: skip
    assert ("processing_3", "processing_2", "Send back to the step before") in many


def test_hostile_texts_stay_texts_in_mermaid() -> None:
    """No label ends a statement, opens a directive or becomes HTML."""
    states, ways = parse(mermaid(*hostile(), "vi", rules=RULES))
    plain, drawn = parse(mermaid(*procedure(workflow()), "vi", rules=RULES))
    assert states.keys() == plain.keys()
    assert [way[:2] for way in ways] == [way[:2] for way in drawn]
    assert states["returned"].startswith("#60;script#62;alert(#39;x#39;)#60;/script#62; #38;")


def test_names_that_mermaid_reads_otherwise_are_changed() -> None:
    """A state called "end" or with signs in its name gets another name in the text."""
    made = workflow()
    renamed = {"submitted": "end", "stopped": "any_step", "rejected": "bị từ chối"}
    name = {old: renamed.get(old, old) for old in made.states}
    made = replace(
        made,
        initial=name[made.initial],
        states={name[old]: replace(each, name=name[old]) for old, each in made.states.items()},
        transitions=tuple(
            structs.replace(each, source=name[each.source], target=name[each.target])
            for each in made.transitions
        ),
    )
    states, _ = parse(mermaid(*procedure(made), "vi", rules=RULES))
    assert "end" not in states
    assert len([label for label in states.values() if label == "Mới đăng ký"]) == 1
    assert len([label for label in states.values() if label == "Dừng xử lý"]) == 1


# the command


def igate(*arguments: str) -> tuple[int, str, str]:
    """Run the two commands of pictures as a program would, and give code, output and errors."""
    app = typer.Typer()
    app.command()(cli_pictures.diagram)
    app.command()(cli_pictures.sheet)
    done = CliRunner().invoke(app, list(arguments))
    if isinstance(done.exception, IgateError):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


def test_the_command_prints_mermaid() -> None:
    """Without --out the text goes to standard output; the code may carry a suffix."""
    code, printed, _ = igate("diagram", "1.001806.H15", "--on", "2026-11-20", "--lang", "vi")
    assert code == 0
    states, _ = parse(printed)
    assert states["processing_3"].endswith("Người được giao giải quyết hồ sơ · 7 ngày làm việc")


def test_the_command_writes_pictures(tmp_path: Path) -> None:
    """--format and --out write a whole file, and say where to standard error."""
    for form, start in (("svg", b"<svg "), ("png", b"\x89PNG"), ("mermaid", b"---\n")):
        target = tmp_path / f"picture.{form}"
        code, printed, said = igate("diagram", "1.001806", "--format", form, "--out", str(target))
        assert (code, printed) == (0, "")
        assert f"Written: {target}" in said
        assert target.read_bytes().startswith(start)


def test_the_command_refuses_what_it_cannot_draw() -> None:
    """PNG needs a file (wrong use); a day before the revision and an unknown code are refused."""
    code, _, said = igate("diagram", "1.001806", "--format", "png")
    assert code == 2
    assert "--out FILE" in said
    with pytest.raises(ProcedureNotFound, match="not in force on 2024-01-01"):
        igate("diagram", "1.001806", "--on", "2024-01-01")
    with pytest.raises(ProcedureNotFound, match="no procedure"):
        igate("diagram", "9.999999")


@pytest.mark.parametrize(
    ("name", "start"),
    [("a.svg", b"<svg "), ("a.PNG", b"\x89PNG"), ("a.mmd", b"---\n"), ("a", b"---\n")],
)
def test_the_ending_of_the_file_says_what_is_written(
    tmp_path: Path, name: str, start: bytes
) -> None:
    """A picture is never text under the name of a picture; a name without ending gets text."""
    target = tmp_path / name
    assert igate("diagram", "1.001806", "--out", str(target))[0] == 0
    assert target.read_bytes().startswith(start)


def test_an_ending_that_is_not_written_is_refused(tmp_path: Path) -> None:
    """Not Mermaid under the name of a page; nothing is written."""
    with pytest.raises(OutputError, match="html is not written here"):
        igate("diagram", "1.001806", "--out", str(tmp_path / "a.html"))
    assert not any(tmp_path.iterdir())
