"""Diagrams of steps that several do, in turn or at the same time, and of steps with ways."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawing import covers, drawn_faults, parse
from igate.deadlines.limits import TimeLimit
from igate.deadlines.rulefile import shipped_rules
from igate.files.sources import shipped
from igate.law.citation import Citation, Label
from igate.law.period import Period, Timeline
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.expansion import expand
from igate.procedures.guard import Guard
from igate.procedures.procedure import Field, Procedure, Revision
from igate.procedures.reading.templates import Templates
from igate.procedures.template import Additions
from igate.procedures.workflow import BUILT_IN_FACTS, Party, Phase, Step, Way
from igate.publish.diagram.chart import FRAME, chart
from igate.publish.diagram.diagram import mermaid, svg
from igate.publish.diagram.layout import lay_out
from igate.publish.diagram.words import Words
from igate.publish.rule_words import Conditions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from igate.law.citation import Language
    from igate.procedures.workflow import Workflow
    from igate.publish.diagram.chart import Chart
    from igate.publish.diagram.parts import Layout

DAY = date(2026, 11, 20)
RULES = shipped_rules("decree", on=DAY)
LANGUAGES: tuple[Language, ...] = ("vi", "en")
TEMPLATES = Templates({source.stem: source for source in shipped("templates")})
ADDITIONS = Additions(
    roles={
        "police": Label(vi="Công an tỉnh", en="Provincial police"),
        "health": Label(vi="Sở Y tế", en="Department of Health"),
        "fire": Label(vi="Cảnh sát phòng cháy, chữa cháy", en="Fire police"),
    },
    facts={"needs_site_visit": "bool"},
)

POLICE, HEALTH = "Provincial police", "Department of Health"

#: Twelve steps: a branch (3), three in turn (5), three together (6), two ways back (8, 11).
TWELVE = """\
format: 1
code: "9.000012"
name: {vi: Cấp giấy phép gần di tích (ví dụ), en: Permit to build near a monument (example)}
field: {id: culture, vi: Văn hóa, en: Culture}
level: [tỉnh]
agencies: [Sở Xây dựng]
checked_on: "2026-11-21"
source: synthetic
revisions:
  - effective_from: "2026-01-01"
    citation: Quyết định 3/QĐ-UBND ngày 01/01/2026 (giả định)
    template: ordinary
    roles:
      police: {vi: Công an tỉnh, en: Provincial police}
      health: {vi: Sở Y tế, en: Department of Health}
      fire: {vi: "Cảnh sát phòng cháy, chữa cháy", en: Fire police}
    facts: {needs_site_visit: bool}
    steps:
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận, en: Receive}
      - {number: 2, phase: processing, role: head_of_section, vi: Phân công, en: Assign}
      - number: 3
        phase: processing
        role: officer
        vi: Thẩm định
        en: Examine
        ways:
          - {action: forward, to: 6, guard: needs_site_visit == False}
      - {number: 4, phase: processing, role: officer, vi: Khảo sát, en: Visit the site}
      - number: 5
        phase: processing
        vi: Lập báo cáo
        en: Report
        actors:
          - {role: officer, limit: 1 working_day, vi: Soạn báo cáo, en: Write the report}
          - {role: head_of_section, limit: 0.5 working_day, vi: Duyệt báo cáo, en: Approve it}
          - {role: department_leader, limit: 2 working_hour, vi: Ký báo cáo, en: Sign it}
      - number: 6
        phase: processing
        role: officer
        vi: Lấy ý kiến
        en: Ask the others
        together:
          - {role: police, limit: 5 working_day}
          - role: health
            limit: 3 working_day
            procedure: "1.001386"
            agency: {vi: UBND xã, en: The commune}
          - {role: fire, limit: 7 working_day, vi: Thẩm duyệt thiết kế, en: Review the design}
      - {number: 7, phase: processing, role: officer, vi: Dự thảo, en: Draft}
      - number: 8
        phase: processing
        role: head_of_section
        vi: Kiểm tra
        en: Check
        ways:
          - {action: not_approved, to: 3, vi: "Không đạt", en: "Not up to standard"}
      - {number: 9, phase: processing, role: department_leader, vi: Trình, en: Submit}
      - {number: 10, phase: processing, role: provincial_committee, vi: Xem xét, en: Consider}
      - number: 11
        phase: processing
        role: leader
        vi: Ký
        en: Sign
        ways:
          - action: disagree
            to: 7
            vi: Không đồng ý, chuyển lại bước 7
            en: Not agreed, back to step 7
      - {number: 12, phase: handover, role: receptionist, vi: Trả kết quả, en: Hand over}
"""


@pytest.fixture(scope="module")
def twelve(tmp_path_factory: pytest.TempPathFactory) -> tuple[Procedure, Revision]:
    """The procedure of twelve steps, read from a file."""
    file: Path = tmp_path_factory.mktemp("files") / "twelve.yaml"
    file.write_text(TWELVE, encoding="utf-8")
    procedure = Catalog.load(file).procedure("9.000012")
    return procedure, procedure.in_force(DAY)


def row(number: int, *, phase: Phase = "processing", role: str = "officer") -> Step:
    """Make a step of one working day."""
    label = Label(vi=f"Việc {number}", en=f"Task {number}")
    limit = TimeLimit.parse("1 working_day")
    return Step(number=number, phase=phase, label=label, role=role, limit=limit)


def workflow(*processing: Step, template: str = "ordinary") -> Workflow:
    """Make a workflow of a shipped template; reception and handing over are added."""
    found = TEMPLATES.get(template)
    assert found is not None
    last = 1 + max(step.number for step in processing)
    ends = [row(1, phase="reception"), row(last, phase="handover")]
    return expand(found, (ends[0], *processing, ends[1]), ADDITIONS).workflow


def wrapped(made: Workflow) -> tuple[Procedure, Revision]:
    """Wrap a workflow in a procedure with one revision."""
    period = Period(start=date(2026, 1, 1))
    cited = Citation.parse("Quyết định 3/QĐ-UBND ngày 01/01/2026")
    revision = Revision(
        procedure="9.000012", period=period, citation=cited, template=made.name, workflow=made
    )
    procedure = Procedure(
        code="9.000012",
        name=Label(vi="Ví dụ", en="Example"),
        field=Field(id="culture", label=Label(vi="Văn hóa")),
        ministry="",
        level=("tỉnh",),
        agencies=("Sở Xây dựng",),
        checked_on=DAY,
        source="synthetic",
        revisions=Timeline([(period, revision)]),
    )
    return procedure, revision


def drawn(made: Workflow, *, all_ways: bool = False) -> tuple[Chart, Words]:
    """Fold a workflow, and give the texts of its picture."""
    folded = chart(made, all_ways=all_ways)
    return folded, Words(*wrapped(made), folded, RULES)


def picture(made: Workflow, lang: Language, *, all_ways: bool) -> Layout:
    """Lay a workflow out."""
    return lay_out(*drawn(made, all_ways=all_ways), lang)


def unexplained(made: Workflow, folded: Chart) -> list[str]:
    """Name the transitions that no arrow stands for, but parts that are done and what is upkeep."""
    parties = {party.role for step in made.steps for party in step.together}
    return [
        f"{each.action} from {each.source}"
        for each in made.transitions
        if sum(covers(folded, way, each) for way in folded.ways) != 1
        and not (each.action in {"do_part", "take_back_part"} and each.roles <= parties)
        and not each.manner.upkeep
    ]


# steps that several do in turn


def test_each_of_those_who_act_in_turn_has_a_box_in_the_course(
    twelve: tuple[Procedure, Revision],
) -> None:
    """Step 5 is three boxes, 5.1 to 5.3, between steps 4 and 6; the branch leaves none out."""
    folded = chart(twelve[1].workflow)
    assert [node.id for node in folded.course] == [
        "submitted", "received", "processing_2", "processing_3", "processing_4",
        "processing_5_1", "processing_5_2", "processing_5_3", "processing_6", "processing_7",
        "processing_8", "processing_9", "processing_10", "processing_11", "solved", "returned",
    ]  # fmt: skip
    assert folded.frame == Label(vi="Đang xử lý, bước 2–11", en="In process, steps 2–11")
    assert folded.framed == tuple(node.id for node in folded.course[2:-2])


def test_a_box_of_one_who_acts_in_turn_has_its_own_number_role_and_time(
    twelve: tuple[Procedure, Revision],
) -> None:
    """The second of step 5 is the head of section, in half a working day, under "5.2"."""
    folded = chart(twelve[1].workflow)
    texts = Words(*twelve, folded, RULES)
    node = folded.node("processing_5_2")
    assert node.label == Label(vi="Đang xử lý, bước 5.2", en="In process, step 5.2")
    assert texts.steps(node, "vi") == (
        ("Duyệt báo cáo", "Lãnh đạo phòng chuyên môn · 0,5 ngày làm việc"),
    )
    assert texts.steps(folded.node("processing_5_3"), "en") == (
        ("Sign it", "Leader of the department · 2 working hours"),
    )


def test_waiting_states_of_parts_are_one_node_with_the_others() -> None:
    """A payment asked for in step 2.1, 2.2 or 3 is awaited in one box; paying leads back there."""
    made = workflow(replace(row(2), part=1), replace(row(2), part=2), row(3))
    folded = chart(made)
    (payment,) = [node for node in folded.sides if node.id.startswith("awaiting_payment")]
    assert payment.states == (
        "awaiting_payment_2_1", "awaiting_payment_2_2", "awaiting_payment_3",
    )  # fmt: skip
    assert payment.label.en == "Awaiting a payment, from steps 2–3"
    (pay,) = [way for way in folded.ways if way.action == "pay" and way.clock]
    assert (pay.target, pay.same_step) == (FRAME, True)


@pytest.mark.parametrize(
    ("places", "frame"),
    [
        ([(2, 1), (2, 2), (2, 3)], "In process, steps 2.1–2.3"),
        ([(2, 1), (2, 2), (3, 0)], "In process, steps 2–3"),
        ([(2, 0), (3, 1), (3, 2)], "In process, steps 2–3"),
        ([(2, 1), (2, 2), (3, 1), (3, 2)], "In process, steps 2–3"),
        ([(2, 0)], "In process, step 2"),
    ],
)
def test_the_frame_names_the_steps_inside(places: list[tuple[int, int]], frame: str) -> None:
    """Whole rows of the decision by their number, parts of one row by their parts."""
    made = workflow(*(replace(row(number), part=part) for number, part in places))
    folded = chart(made)
    assert folded.frame is not None
    assert folded.frame.en == frame


# steps that several do at the same time


def test_a_box_lists_the_lead_and_every_party(twelve: tuple[Procedure, Revision]) -> None:
    """Each with agency, task, procedure and time; the step takes as long as the longest part."""
    folded = chart(twelve[1].workflow)
    texts = Words(*twelve, folded, RULES)
    node = folded.node("processing_6")
    assert texts.steps(node, "vi") == (
        (
            "Lấy ý kiến",
            "Chủ trì: Người được giao giải quyết hồ sơ · 7 ngày làm việc (phần việc lâu nhất)",
            "Cùng lúc, mỗi bên làm phần việc:",
            "– Công an tỉnh · 5 ngày làm việc",
            "– Sở Y tế (UBND xã) · thủ tục 1.001386 · 3 ngày làm việc",
            "– Cảnh sát phòng cháy, chữa cháy · Thẩm duyệt thiết kế · 7 ngày làm việc",
        ),
    )
    assert texts.steps(node, "en")[0][1:] == (
        "Lead: Officer in charge · 7 working days (the longest part)",
        "At the same time, each does its part:",
        "– Provincial police · 5 working days",
        "– Department of Health (The commune) · procedure 1.001386 · 3 working days",
        "– Fire police · Review the design · 7 working days",
    )


@pytest.mark.parametrize(
    ("own", "parts", "time"),
    [
        ("8 working_day", ["5 day", "3 working_day"], "8 working days"),
        (None, ["5 working_day", "12 working_day"], "12 working days (the longest part)"),
        (None, ["5 day", "3 working_day"], "the time of the longest part"),
        (None, ["5 day", "not_stated"], "the time of the longest part"),
        (None, ["1 month + 5 day", "1 month + 9 day"], "the time of the longest part"),
        (None, ["not_stated", None], "time not stated"),
        (None, [None, None], "time not counted"),
        ("not_stated", [None, "2 day"], "2 days (the longest part)"),
    ],
)
def test_the_time_of_a_step_with_parties(
    own: str | None, parts: list[str | None], time: str
) -> None:
    """Its own, or the longest of the parts; nothing is compared that cannot be."""
    limits = [TimeLimit.parse(text) if text else None for text in (own, *parts)]
    parties = [
        Party(role=role, limit=limit)
        for role, limit in zip(("police", "health"), limits[1:], strict=True)
    ]
    step = replace(row(2), limit=limits[0], together=tuple(parties))
    folded, texts = drawn(workflow(step, row(3)))
    (lines,) = texts.steps(folded.node("processing_2"), "en")
    assert lines[1] == f"Lead: Officer in charge · {time}"


def test_a_step_that_is_another_procedure_names_it() -> None:
    """A leg of an interlinked procedure says as which procedure it is settled."""
    folded, texts = drawn(workflow(replace(row(2), procedure="1.001386"), row(3)))
    assert texts.steps(folded.node("processing_2"), "en") == (
        ("Task 2", "Officer in charge · procedure 1.001386 · 1 working day"),
    )


def test_parts_are_folded_into_the_box_and_nothing_else_is(
    twelve: tuple[Procedure, Revision],
) -> None:
    """Three transitions of three parties have no arrow; every other transition has one."""
    made = twelve[1].workflow
    folded = chart(made, all_ways=True)
    assert sum(each.action == "do_part" for each in made.transitions) == 3
    assert [way.action for way in folded.ways if way.action == "do_part"] == []
    assert unexplained(made, folded) == []


def test_conditions_on_parts_are_said_in_words(twelve: tuple[Procedure, Revision]) -> None:
    """On when all parts are done, at the arrow; on without them is the lesser, with a note."""
    folded = chart(twelve[1].workflow)
    texts = Words(*twelve, folded, RULES)
    onward, without = folded.between("processing_6", "processing_7")
    assert (onward.action, without.action) == ("forward", "go_on_without")
    assert texts.when(onward, "vi") == "khi mọi phần việc xong"
    assert texts.when(onward, "en") == "when all parts are done"
    assert texts.action(onward, "en") == "Pass on to the next step"
    assert (texts.quiet(onward), texts.quiet(without)) == (False, True)
    assert texts.action(without, "vi") == "Chuyển bước khi còn thiếu phần việc (4)"
    assert texts.notes("vi")[3] == (
        "(4) Chuyển bước khi còn thiếu phần việc: khi còn thiếu phần việc "
        "[Nghị định 118/2025/NĐ-CP, Điều 19 khoản 4 (giả định)]"
    )


def test_two_steps_with_parties_share_one_note() -> None:
    """The condition is the same in words, so it has one number."""
    together = (Party(role="police"), Party(role="health"))
    made = workflow(
        replace(row(2), together=together), row(3), replace(row(4), together=together), row(5)
    )
    folded, texts = drawn(made)
    without = [way for way in folded.ways if way.action == "go_on_without"]
    assert [way.source for way in without] == ["processing_2", "processing_4"]
    assert {texts.action(way, "en") for way in without} == {"Go on without the missing parts (4)"}
    assert sum("some parts are missing" in note for note in texts.notes("en")) == 1


@pytest.mark.parametrize(
    ("guard", "text"),
    [
        ("done_2_police and done_2_health", "all parts are done"),
        ("not (done_2_police and done_2_health)", "some parts are missing"),
        (
            "(case == 'a') and (done_2_police and done_2_health)",
            "case = 'a' and all parts are done",
        ),
        (
            "(case == 'a' or apologies > 1) and (not (done_2_police and done_2_health))",
            "(case = 'a' or apologies made > 1) and some parts are missing",
        ),
        (
            "((area == 'I') and (apologies == 0)) and (done_2_police and done_2_health)",
            "(area = 'I') and (apologies made = 0) and all parts are done",
        ),
        (
            "done_2_police and not done_2_health",
            f"the part of {POLICE} is done and the part of {HEALTH} is not done",
        ),
        ("case == 'done_2_police'", "case = 'done_2_police'"),
        ("case not in ['a', 'not done_2_health']", "case not in ['a', 'not done_2_health']"),
    ],
)
def test_guards_on_parts_in_words(guard: str, text: str) -> None:
    """The facts that igate made for the parties are never printed; what is quoted stays."""
    parties = (Party(role="police"), Party(role="health"))
    made = workflow(replace(row(2), together=parties), row(3))
    parsed = Guard.parse(guard, {*BUILT_IN_FACTS, *made.facts})
    assert Conditions(made).text(parsed, "en") == text


# ways of steps


def test_a_branch_is_a_fork_with_its_condition(twelve: tuple[Procedure, Revision]) -> None:
    """From step 3 to 6 where no visit is needed, otherwise to 4."""
    folded = chart(twelve[1].workflow)
    texts = Words(*twelve, folded, RULES)
    (branch,) = folded.between("processing_3", "processing_6")
    assert (branch.kind, branch.branch) == ("skip", True)
    assert texts.when(branch, "vi") == "khi needs_site_visit = không"
    assert texts.action(branch, "en") == "Pass on to the next step"
    assert texts.ends(branch, "en") == ("→ In process, step 6",)
    (onward,) = folded.between("processing_3", "processing_4")
    assert texts.when(onward, "vi") == "trường hợp còn lại"
    assert texts.when(onward, "en") == "otherwise"
    assert not any("needs_site_visit" in note for note in texts.notes("vi"))


def test_ways_back_of_a_file_are_drawn_and_those_of_the_template_are_not(
    twelve: tuple[Procedure, Revision],
) -> None:
    """What a decision writes is shown at once; a label that names its step says where it leads."""
    folded = chart(twelve[1].workflow)
    texts = Words(*twelve, folded, RULES)
    back = [way for way in folded.ways if way.kind == "back"]
    assert [(way.source, way.target) for way in back] == [
        ("processing_8", "processing_3"), ("processing_11", "processing_7"),
    ]  # fmt: skip
    assert texts.ends(back[0], "vi") == ("→ Đang xử lý, bước 3",)
    assert texts.action(back[1], "vi") == "Không đồng ý, chuyển lại bước 7"
    assert texts.ends(back[1], "vi") == ()
    assert "Trả lại bước trước" in [label.vi for label in folded.hidden]


def test_a_branch_of_a_step_with_parties_asks_for_both() -> None:
    """A way onward out of such a step also waits for all; a way back does not."""
    ways = (
        Way(action="forward", to=5, guard=Guard.parse("case == 'a'", {"case"})),
        Way(action="again", to=2, label=Label(vi="Làm lại", en="Do it again")),
    )
    step = replace(row(3), together=(Party(role="police"),), ways=ways)
    folded, texts = drawn(workflow(row(2), step, row(4), row(5)))
    ways_out = [way for way in folded.ways if way.source == "processing_3"]
    told = {(way.action, way.target): texts.when(way, "en") for way in ways_out}
    assert told["forward", "processing_5"] == "when case = 'a' and all parts are done"
    assert told["again", "processing_2"] == ""
    assert told["forward", "processing_4"] == "otherwise, when all parts are done"


def test_branches_that_exclude_each_other_stay_in_the_course() -> None:
    """From 2 to 3 or 4, from both to 5: no step stands aside, and none leads from 3 to 4."""
    here = Way(action="forward", to=4, guard=Guard.parse("case == 'a'", {"case"}))
    made = workflow(
        replace(row(2), ways=(here,)),
        replace(row(3), ways=(Way(action="forward", to=5),)),
        row(4),
        row(5),
    )
    folded = chart(made)
    assert folded.framed == ("processing_2", "processing_3", "processing_4", "processing_5")
    assert folded.between("processing_3", "processing_4") == ()
    assert [way.otherwise for way in folded.between("processing_3", "processing_5")] == [False]
    layout = picture(made, "vi", all_ways=False)
    third, fourth = (box for box in layout.boxes if box.id in {"processing_3", "processing_4"})
    straight = [
        line
        for line in layout.lines
        if line.points[0][1] == third.bottom and line.points[-1][1] == fourth.y
    ]
    assert straight == []


def test_a_fork_leaves_below_its_box_and_enters_the_side_of_another(
    twelve: tuple[Procedure, Revision],
) -> None:
    """The line of a way back starts under box 11, runs left of all boxes, and ends at box 7."""
    folded = chart(twelve[1].workflow)
    layout = lay_out(folded, Words(*twelve, folded, RULES), "vi")
    boxes = {box.id: box for box in layout.boxes}
    source, target = boxes["processing_11"], boxes["processing_7"]
    (line,) = [
        line
        for line in layout.lines
        if line.points[0][1] == source.bottom and line.points[-1][0] == target.x
    ]
    (words,) = [text for text in layout.texts if text.text == "Không đồng ý, chuyển lại bước 7"]
    assert target.y < line.points[-1][1] < target.bottom
    assert line.points[2][0] < min(box.x for box in layout.boxes)
    assert words.y - words.size < line.points[1][1] < words.y
    assert layout.frame is not None
    assert words.y < layout.frame.bottom


# whole pictures


@pytest.mark.parametrize("all_ways", [False, True])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_overlaps_in_twelve_steps(
    twelve: tuple[Procedure, Revision], lang: Language, *, all_ways: bool
) -> None:
    """Boxes, texts and lines keep apart, and the picture is no wider than 1,000 pixels."""
    folded = chart(twelve[1].workflow, all_ways=all_ways)
    layout = lay_out(folded, Words(*twelve, folded, RULES), lang)
    assert list(drawn_faults(layout)) == []
    assert layout.width < 1000


@pytest.mark.parametrize("all_ways", [False, True])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_fact_of_a_party_is_printed(
    twelve: tuple[Procedure, Revision], lang: Language, *, all_ways: bool
) -> None:
    """Neither SVG nor Mermaid shows a name that igate made up."""
    for write in (svg, mermaid):
        assert "done_" not in write(*twelve, lang, rules=RULES, all_ways=all_ways)


def test_mermaid_says_the_same(twelve: tuple[Procedure, Revision]) -> None:
    """Boxes with parties, the fork with its condition, and the ways back, in Mermaid's signs."""
    states, ways = parse(mermaid(*twelve, "en", rules=RULES))
    assert states["processing_6"] == (
        "In process, step 6<br/>Ask the others<br/>"
        "Lead#58; Officer in charge · 7 working days (the longest part)<br/>"
        "At the same time, each does its part#58;<br/>"
        "– Provincial police · 5 working days<br/>"
        "– Department of Health (The commune) · procedure 1.001386 · 3 working days<br/>"
        "– Fire police · Review the design · 7 working days"
    )
    assert states["processing_5_1"] == (
        "In process, step 5.1<br/>Write the report<br/>Officer in charge · 1 working day"
    )
    inside = [way for way in ways if {way[0][:10], way[1][:10]} == {"processing"}]
    assert sorted(inside) == sorted(
        [
            ("processing_2", "processing_3", "Pass on to the next step"),
            ("processing_3", "processing_4", "Pass on to the next step<br/>otherwise"),
            (
                "processing_3",
                "processing_6",
                "Pass on to the next step<br/>when needs_site_visit #61; no",
            ),
            ("processing_4", "processing_5_1", "Pass on to the next step"),
            ("processing_5_1", "processing_5_2", "Pass on to the next step"),
            ("processing_5_2", "processing_5_3", "Pass on to the next step"),
            ("processing_5_3", "processing_6", "Pass on to the next step"),
            (
                "processing_6",
                "processing_7",
                "Pass on to the next step<br/>when all parts are done",
            ),
            ("processing_6", "processing_7", "Go on without the missing parts (4)"),
            ("processing_7", "processing_8", "Pass on to the next step"),
            ("processing_8", "processing_9", "Pass on to the next step"),
            ("processing_8", "processing_3", "Not up to standard"),
            ("processing_9", "processing_10", "Pass on to the next step"),
            ("processing_10", "processing_11", "Pass on to the next step"),
            ("processing_11", "processing_7", "Not agreed, back to step 7"),
        ]
    )


def test_those_who_hear_the_picture_are_told_its_branches(
    twelve: tuple[Procedure, Revision],
) -> None:
    """The summary names each branch with both ends and its condition."""
    assert (
        "Rẽ nhánh: Đang xử lý, bước 3 → Đang xử lý, bước 6 (Chuyển bước tiếp theo, khi "
        "needs_site_visit = không); Đang xử lý, bước 8 → Đang xử lý, bước 3 (Không đạt); "
        "Đang xử lý, bước 11 → Đang xử lý, bước 7 (Không đồng ý, chuyển lại bước 7)."
    ) in svg(*twelve, "vi", rules=RULES)


@st.composite
def courses(draw: st.DrawFn) -> tuple[Step, ...]:
    """Return processing steps, each by one, by some in turn, or by some together, with ways."""
    numbers = range(2, draw(st.integers(3, 9)))
    guards = st.sampled_from([None, Guard.parse("case == 'a' or area == 'I'", {"case", "area"})])
    made = []
    for number in numbers:
        goals = st.sampled_from([other for other in numbers if other != number] or [0])
        ways = st.builds(
            Way,
            action=st.sampled_from(["forward", "send_back", "again"]),
            to=goals,
            guard=guards,
            label=st.just(Label(vi="Làm lại việc này", en="Do this again")),
        )
        some = draw(st.lists(ways, max_size=3, unique_by=lambda way: (way.action, way.to)))
        some = [way for way in some if way.to]
        step, parts = row(number), draw(st.sampled_from([0, 0, 2, 3]))
        if parts:
            made += [replace(step, part=part) for part in range(1, parts)]
            made.append(replace(step, part=parts, ways=tuple(some)))
        else:
            roles = draw(st.lists(st.sampled_from(["police", "health", "fire"]), unique=True))
            parties = tuple(Party(role=role, limit=step.limit) for role in roles)
            made.append(replace(step, together=parties, ways=tuple(some)))
    return tuple(made)


@given(processing=courses(), template=st.sampled_from(["ordinary", "two_level", "consultation"]))
@pytest.mark.parametrize("all_ways", [False, True])
def test_whatever_steps_do_nothing_overlaps_and_nothing_is_lost(
    processing: tuple[Step, ...], template: str, *, all_ways: bool
) -> None:
    """Any mixture of branches, ways back, parts and parties has a picture that shows it all."""
    made = workflow(*processing, template=template)
    assert list(drawn_faults(picture(made, "vi", all_ways=all_ways))) == []
    assert unexplained(made, chart(made, all_ways=True)) == []
    states, _ = parse(mermaid(*wrapped(made), "en", rules=RULES, all_ways=all_ways))
    places: Mapping[str, str] = {f"processing{step.ending}": step.place for step in processing}
    for name, place in places.items():
        assert states[name].startswith(f"In process, step {place}<br/>")
