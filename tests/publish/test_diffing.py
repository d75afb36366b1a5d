"""Procedures and revisions compared: what is said, nothing left out, and nothing made up."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from datetime import date, time
from importlib import resources
from itertools import accumulate
from typing import TYPE_CHECKING

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from igate.cli.importing import diff
from igate.deadlines.limits import TimeLimit
from igate.deadlines.rules import Cutoff
from igate.errors import ProcedureNotFound
from igate.files.yaml import parse
from igate.law.citation import Citation, Label
from igate.law.period import Period, Timeline
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.guard import Guard
from igate.procedures.procedure import (
    Condition,
    Fee,
    Field,
    LimitRule,
    OnlineService,
    Procedure,
    Requirement,
    Result,
    Revision,
)
from igate.procedures.workflow import Action, Party, Step, Way, Workflow
from igate.publish.comparison.procedures import differences, procedure_differences
from igate.publish.procedure_words import CLOCK_RULES, TEMPLATES
from places import TESTS

if TYPE_CHECKING:
    from pathlib import Path

SNAPSHOTS = TESTS / "snapshots"
OLD = Citation.parse("Quyết định 1/QĐ-UBND ngày 02/01/2026 của UBND tỉnh X")
NEW = Citation.parse("Quyết định 2/QĐ-UBND ngày 03/02/2026 của UBND tỉnh X")
TEXTS = ["Tiếp nhận", "Phân công", "Thẩm định", "Trình ký", "Ký", "Đóng dấu", "Trả kết quả"]
ROLES = ["receptionist", "officer", "leader", "clerk"]
STATED = [*map(TimeLimit.parse, ("not_stated", "4 working_day", "2 working_day", "3 working_hour"))]


def revision(*steps: Step, **changes: object) -> Revision:
    """Make a revision with steps numbered from 1; a step in part 2, … is of the same number."""
    numbers = accumulate(int(step.part < 2) for step in steps)
    numbered = tuple(replace(step, number=n) for n, step in zip(numbers, steps, strict=True))
    workflow = Workflow(
        name="ordinary", initial="submitted", states={}, actions={}, transitions=(),
        steps=numbered, facts={}, roles={},
    )  # fmt: skip
    plain = Revision(
        procedure="1.001806",
        period=Period(start=date(2026, 1, 2)),
        citation=OLD,
        template="ordinary",
        workflow=workflow,
    )
    return replace(plain, **changes)


def step(text: str, role: str = "officer", limit: str | None = "1 working_day") -> Step:
    time = TimeLimit.parse(limit) if limit else None
    return Step(number=1, phase="processing", label=Label(vi=text), role=role, limit=time)


def said(before: Revision, after: Revision, lang: str = "en") -> list[str]:
    return [each.text(lang) for each in differences(before, after)]


BASE = [step("Tiếp nhận"), step("Phân công"), step("Thẩm định", limit="4 working_day"), step("Ký")]


def test_a_time_is_told_as_before_and_after() -> None:
    """Step 3 from 4 to 2 working days, in both languages."""
    after = [*BASE[:2], replace(BASE[2], limit=TimeLimit.parse("2 working_day")), BASE[3]]
    assert said(revision(*BASE), revision(*after)) == ["step 3: 4 working days → 2 working days"]
    assert said(revision(*BASE), revision(*after), "vi") == [
        "bước 3: 4 ngày làm việc → 2 ngày làm việc"
    ]
    uncounted = [*BASE[:2], replace(BASE[2], limit=None), BASE[3]]
    assert said(revision(*BASE), revision(*uncounted)) == ["step 3: 4 working days → not counted"]


def test_steps_come_go_and_move() -> None:
    """An added step has the number of the later revision, the others that of the earlier."""
    assert said(revision(*BASE), revision(*BASE[:1], *BASE[2:])) == [
        "step 2: removed “Phân công” (1 working day)"
    ]
    assert said(revision(*BASE), revision(*BASE[:3], step("Đóng dấu"), BASE[3]), "vi") == [
        "bước 4: thêm “Đóng dấu” (1 ngày làm việc)"
    ]
    moved = [BASE[1], BASE[2], BASE[3], BASE[0]]
    assert said(revision(*BASE), revision(*moved)) == ["step 1 → step 4"]


def test_a_step_in_its_place_with_other_words_is_reworded() -> None:
    """Not removed and added: its neighbours are the same."""
    after = [*BASE[:2], replace(BASE[2], label=Label(vi="Thẩm tra"), role="leader"), BASE[3]]
    assert said(revision(*BASE), revision(*after)) == [
        "step 3: content: Thẩm định → Thẩm tra",
        "step 3: role: officer → leader",
    ]


def test_what_is_about_the_revision_comes_first() -> None:
    """Period, citation, template, limit."""
    limit = LimitRule(limit=TimeLimit.parse("7 working_day"), citation=OLD)
    before = revision(*BASE, limits=(limit,))
    after = replace(
        before,
        period=Period(start=date(2026, 2, 3), end=date(2027, 1, 1)),
        citation=NEW,
        limits=(replace(limit, limit=TimeLimit.parse("5 working_day"), citation=NEW),),
    )
    assert said(before, after) == [
        "period: from 2026-01-02 → from 2026-02-03 to before 2027-01-01",
        f"citation: {OLD.text('en')} → {NEW.text('en')}",
        f"limit: 7 working days, {OLD.text('en')} → 5 working days, {NEW.text('en')}",
    ]
    assert said(before, after, "vi")[0] == (
        "hiệu lực: từ 02/01/2026 → từ 03/02/2026 đến trước 01/01/2027"
    )


def test_entries_of_lists_come_and_go() -> None:
    """A limit for a channel, a fee, a paper, a level of online service."""
    limit = LimitRule(limit=TimeLimit.parse("3 day"), channel="online", citation=OLD)
    fee = Fee(amount=50_000, label=Label(vi="Lệ phí", en="Fee"), channel="counter", citation=OLD)
    paper = Requirement(label=Label(vi="Đơn"), original=1, form="Mẫu 01", citation=OLD)
    level = OnlineService(scheme="decree_42_2022", level="full", basis="published")
    more = revision(*BASE, limits=(limit,), fees=(fee,), requirements=(paper,), online=(level,))
    cited = OLD.text("en")
    assert said(revision(*BASE), more) == [
        f"limit: added 3 days (online), {cited}",
        "online service: added full (Decree 42/2022/NĐ-CP, art. 11, published)",
        f"requirement: added Đơn (originals 1, Mẫu 01), {cited}",
        f"fee: added Fee 50,000 đồng (at the counter), {cited}",
    ]
    assert said(more, revision(*BASE), "vi") == [
        f"thời hạn: bỏ 3 ngày (trực tuyến), {OLD}",
        "dịch vụ công trực tuyến: bỏ toàn trình (Nghị định 42/2022/NĐ-CP, Điều 11, đã công bố)",
        f"thành phần hồ sơ: bỏ Đơn (bản chính 1, Mẫu 01), {OLD}",
        f"phí: bỏ Lệ phí 50.000 đồng (trực tiếp), {OLD}",
    ]


def test_a_paper_is_compared_key_by_key() -> None:
    """Certified copies from 1 to 2; scanned on receipt; no longer asked for, since it is known."""
    before = Requirement(label=Label(vi="Giấy chứng nhận", en="Certificate"), certified=1,
                         citation=OLD)  # fmt: skip
    after = replace(
        before,
        certified=2,
        digitised=True,
        reused_from=Label(vi="Cơ sở dữ liệu đất đai", en="Land data base"),
    )
    pair = revision(*BASE, requirements=(before,)), revision(*BASE, requirements=(after,))
    assert said(*pair) == [
        "requirement Certificate: certified copies: 1 → 2",
        "requirement Certificate: digitised on receipt: no → yes",
        "requirement Certificate: data from: none → Land data base",
    ]
    assert said(*pair, "vi") == [
        "thành phần hồ sơ Giấy chứng nhận: bản sao có chứng thực: 1 → 2",
        "thành phần hồ sơ Giấy chứng nhận: số hóa khi tiếp nhận: không → có",
        "thành phần hồ sơ Giấy chứng nhận: dữ liệu lấy từ: không có → Cơ sở dữ liệu đất đai",
    ]
    bare = revision(*BASE)
    assert said(bare, pair[1]) == [
        (
            "requirement: added Certificate (certified copies 2, digitised on receipt, data from "
            f"Land data base), {OLD.text('en')}"
        )
    ]


def test_who_may_apply_and_what_they_get_are_compared() -> None:
    """Subjects and instruments come and go; a result changes; a condition is dropped."""
    before = revision(
        *BASE,
        subjects=("citizen",),
        dossier_sets=2,
        results=(Result(label=Label(vi="Giấy phép", en="Licence"), delivery=("counter",)),),
        conditions=(Condition(label=Label(vi="Từ đủ 18 tuổi", en="From 18 years of age")),),
        legal_basis=(Citation.parse("Nghị định 118/2025/NĐ-CP, Điều 19"),),
    )
    after = replace(
        before,
        subjects=("citizen", "enterprise"),
        dossier_sets=1,
        results=(replace(before.results[0], delivery=("online", "post"), form="Mẫu 02"),),
        conditions=(),
        legal_basis=(Citation.parse("Nghị định 118/2025/NĐ-CP, Điều 20"), OLD),
    )
    assert said(before, after) == [
        "number of sets: 2 → 1",
        "subject: added Enterprises",
        "result Licence: delivery: at the counter → online, by post",
        "result Licence: form: none → Mẫu 02",
        "condition: removed From 18 years of age",
        "legal basis: Decree 118/2025/NĐ-CP, art. 19 → Decree 118/2025/NĐ-CP, art. 20",
        f"legal basis: added {OLD.text('en')}",
    ]
    assert said(after, before, "vi") == [
        "số bộ hồ sơ: 1 → 2",
        "đối tượng thực hiện: bỏ Doanh nghiệp",
        "kết quả Giấy phép: cách nhận: trực tuyến, qua dịch vụ bưu chính → trực tiếp",
        "kết quả Giấy phép: mẫu: Mẫu 02 → không có",
        "điều kiện: thêm Từ đủ 18 tuổi",
        "căn cứ pháp lý: Nghị định 118/2025/NĐ-CP, Điều 20 → Nghị định 118/2025/NĐ-CP, Điều 19",
        f"căn cứ pháp lý: bỏ {OLD}",
    ]


def test_declared_roles_and_facts_are_compared() -> None:
    """Those of the revision; not the facts by which parties say that their part is done."""
    consulted = replace(BASE[2], together=(Party(role="police"),))
    before, after = revision(*BASE), revision(*BASE[:2], consulted, BASE[3])
    after = replace(
        after,
        workflow=replace(
            after.workflow,
            roles={"police": Label(vi="Công an tỉnh", en="Provincial police")},
            facts={"site_visited": "bool", "done_3_police": "bool"},
        ),
    )
    assert said(before, after) == [
        "declared role: added police (Provincial police)",
        "declared fact: added site_visited (yes or no)",
        "step 3: together: added Provincial police (not counted)",
    ]
    assert said(before, replace(after, template="two_level"))[1:] == [
        "step 3: together: added Provincial police (not counted)"
    ]


def turn(part: int, text: str, limit: str) -> Step:
    """Make one of those who act in turn in a step."""
    return replace(step(text, limit=limit), part=part)


def test_those_who_act_in_turn_are_matched_by_their_place() -> None:
    """Step 2.1 stays, 2.2 gets less time, a third one is added; one actor instead of three."""
    before = [BASE[0], turn(1, "Phân công", "1/2 working_day"), turn(2, "Soát", "2 working_day")]
    after = [*before[:2], turn(2, "Soát", "1 working_day"), turn(3, "Ký nháy", "1 working_hour")]
    assert said(revision(*before, BASE[3]), revision(*after, BASE[3])) == [
        "step 2.2: 2 working days → 1 working day",
        "step 2.3: added “Ký nháy” (1 working hour)",
    ]
    assert said(revision(*after, BASE[3]), revision(*before, BASE[3]), "vi") == [
        "bước 2.2: 1 ngày làm việc → 2 ngày làm việc",
        "bước 2.3: bỏ “Ký nháy” (1 giờ làm việc)",
    ]
    one = [BASE[0], step("Phân công"), BASE[3]]
    assert said(revision(*before, BASE[3]), revision(*one)) == [
        "step 2: added “Phân công” (1 working day)",
        "step 2.1: removed “Phân công” (0.5 working days)",
        "step 2.2: removed “Soát” (2 working days)",
    ]


def test_those_who_act_together_are_matched_by_their_roles() -> None:
    """The police get 3 days instead of 5; health settles another procedure; finance is added."""
    police = Party(role="police", limit=TimeLimit.parse("5 working_day"))
    health = Party(role="health", limit=TimeLimit.parse("3 working_day"), procedure="1.001386")
    finance = Party(
        role="finance", agency=Label(vi="Sở Tài chính", en="Department of Finance"),
        label=Label(vi="Nêu ý kiến", en="Give an opinion"), actor="Phòng Ngân sách",
        procedure="1.001806",
    )  # fmt: skip
    ask = step("Lấy ý kiến", limit=None)
    before = revision(*BASE, replace(ask, together=(police, health)))
    shorter = replace(police, limit=TimeLimit.parse("3 working_day"))
    after = revision(
        *BASE, replace(ask, together=(replace(health, procedure=""), shorter, finance))
    )
    assert said(before, after) == [
        "step 5: together: police: 5 working days → 3 working days",
        "step 5: together: health: procedure: 1.001386 → none",
        (
            "step 5: together: added finance (not counted, Department of Finance, Give an opinion, "
            "Phòng Ngân sách, procedure 1.001806)"
        ),
    ]
    assert said(after, before, "vi") == [
        "bước 5: cùng lúc: health: thủ tục: không có → 1.001386",
        "bước 5: cùng lúc: police: 3 ngày làm việc → 5 ngày làm việc",
        (
            "bước 5: cùng lúc: bỏ finance (không tính thời gian, Sở Tài chính, Nêu ý kiến, "
            "Phòng Ngân sách, thủ tục 1.001806)"
        ),
    ]
    alone = revision(*BASE, replace(ask, limit=TimeLimit.parse("4 working_day")))
    assert said(before, alone) == [
        "step 5: as the longest of the parties → 4 working days",
        "step 5: together: removed police (5 working days)",
        "step 5: together: removed health (3 working days, procedure 1.001386)",
    ]
    swapped = revision(*BASE, replace(ask, together=(health, police)))
    assert said(before, swapped) == [
        (
            "step 5: together: police (5 working days); health (3 working days, procedure 1.001386)"
            " → health (3 working days, procedure 1.001386); police (5 working days)"
        )
    ]


def test_ways_are_matched_by_action_and_goal() -> None:
    """A branch gets another condition, one back is named anew, one is added."""
    branch = Way(action="forward", to=4, guard=Guard.parse('case != "I"', {"case"}))
    back = Way(action="disagree", to=2, label=Label(vi="Không đồng ý", en="Not agreed"))
    before = revision(*BASE[:2], replace(BASE[2], ways=(branch, back)), BASE[3])
    after = revision(
        *BASE[:2],
        replace(
            BASE[2],
            ways=(
                replace(branch, guard=Guard.parse("area in ['I']", {"area"})),
                replace(back, label=Label(vi="Trả lại", en="Returned")),
                Way(action="send_back", to=2, sets=(("seen", True), ("times", 2))),
            ),
        ),
        BASE[3],
    )
    assert said(before, after) == [
        'step 3: way "passed on to step 4": if: case ≠ "I" → area in [\'I\']',
        'step 3: way "Not agreed" to step 2: content: Not agreed → Returned',
        'step 3: way: added "sent back to step 2", sets seen = yes, times = 2',
    ]
    assert said(after, revision(*BASE[:2], replace(BASE[2], ways=(branch,)), BASE[3]), "vi") == [
        (
            "bước 3: hướng đi “chuyển bước 4”: với điều kiện: khu vực thuộc ['I'] → "
            'trường hợp ≠ "I"'
        ),
        "bước 3: hướng đi: bỏ “Trả lại” đến bước 2",
        "bước 3: hướng đi: bỏ “trả lại bước 2”, ghi nhận seen = có, times = 2",
    ]


def test_a_way_leads_to_a_step_whatever_its_number() -> None:
    """A new row before the goal: the way to the same step is none that changed, another one is."""
    branch = Way(action="forward", to=4, guard=Guard.parse("fee_paid", {"fee_paid"}))
    rows = [BASE[0], replace(BASE[1], ways=(branch,)), BASE[2], BASE[3]]
    new = step("Đóng dấu")
    same = [BASE[0], replace(BASE[1], ways=(replace(branch, to=5),)), new, BASE[2], BASE[3]]
    other = [BASE[0], replace(BASE[1], ways=(branch,)), new, BASE[2], BASE[3]]
    assert said(revision(*rows), revision(*same)) == ["step 3: added “Đóng dấu” (1 working day)"]
    assert said(revision(*rows), revision(*other)) == [
        'step 2: way: removed "passed on to step 4", if fee_paid',
        'step 2: way: added "passed on to step 4", if fee_paid',
        "step 3: added “Đóng dấu” (1 working day)",
    ]


def test_roles_and_actions_have_the_words_of_their_own_workflow() -> None:
    """Those of the earlier revision before the arrow, those of the later one behind it."""
    roles = {
        "officer": Label(vi="Chuyên viên", en="Officer"),
        "leader": Label(vi="Lãnh đạo", en="Leader"),
        "other_agency": Label(vi="Cơ quan phối hợp", en="Co-operating agency"),
    }
    refuse = Action(name="refuse", label=Label(vi="Từ chối giải quyết", en="Refuse"))
    city = Label(vi="Công an tỉnh", en="Provincial police")
    asked = Party(role="other_agency", limit=TimeLimit.parse("5 working_day"), agency=city)
    before = revision(
        *BASE[:2],
        replace(BASE[2], together=(asked,), role="other_agency"),
        replace(BASE[3], ways=(Way(action="refuse", to=2),)),
    )
    before = replace(
        before, workflow=replace(before.workflow, roles=roles, actions={"refuse": refuse})
    )
    later = {**roles, "officer": Label(vi="Cán bộ", en="Clerk in charge")}
    ways = (Way(action="disagree", to=2, label=Label(vi="Không đồng ý, chuyển lại bước 2")),)
    after = revision(
        *BASE[:2],
        replace(BASE[2], together=(replace(asked, limit=None),), role="officer"),
        replace(BASE[3], ways=ways),
    )
    after = replace(after, workflow=replace(after.workflow, roles=later))
    assert said(before, after, "vi")[1:] == [
        "bước 3: vai trò: Cơ quan phối hợp → Cán bộ",
        "bước 3: cùng lúc: Cơ quan phối hợp (Công an tỉnh): 5 ngày làm việc → không tính thời gian",
        "bước 4: hướng đi: bỏ “Từ chối giải quyết” đến bước 2",
        "bước 4: hướng đi: thêm “Không đồng ý, chuyển lại bước 2”",
    ]
    assert said(before, after)[1] == "step 3: role: Co-operating agency → Clerk in charge"


def test_roles_of_one_name_are_told_apart_by_what_the_file_writes() -> None:
    """Two roles with the same words: their own names, or nothing would be said."""
    same = Label(vi="Công an", en="Police")
    before, after = (
        revision(*BASE[:3], replace(BASE[3], role=role)) for role in ("police_a", "police_b")
    )
    before, after = (
        replace(each, workflow=replace(each.workflow, roles={"police_a": same, "police_b": same}))
        for each in (before, after)
    )
    assert said(before, after, "vi") == ["bước 4: vai trò: police_a → police_b"]


def test_a_text_that_differs_in_the_other_language_only_shows_both() -> None:
    """Otherwise it would read "Ký → Ký"."""
    signed = replace(BASE[3], label=Label(vi="Ký", en="Sign"))
    before, after = revision(*BASE), revision(*BASE[:3], signed)
    assert said(before, after, "vi") == ["bước 4: nội dung: Ký (không có) → Ký (Sign)"]
    assert said(before, after) == ["step 4: content: Ký → Sign"]
    other = revision(*BASE[:3], replace(signed, label=Label(vi="Ký duyệt", en="Sign")))
    assert said(after, other) == ["step 4: content: Sign (Ký) → Sign (Ký duyệt)"]


def test_single_words_of_a_file_are_put_into_words() -> None:
    """Template, clock rules, basis, phase and what waits after the cut-off; not as written."""
    cutoff = Cutoff(at=time(15), moves="transfer", citation=OLD)
    before = revision(*BASE, cutoff=cutoff)
    after = replace(
        revision(*BASE[:3], replace(BASE[3], phase="handover")),
        cutoff=replace(cutoff, moves="result"),
        template="consultation", clock_rules="land", steps_basis="assumed",
    )  # fmt: skip
    assert said(before, after, "vi") == [
        "mẫu quy trình: Một cửa thông thường → Có lấy ý kiến cơ quan khác",
        "nguồn của các bước: đã công bố → giả định",
        "quy tắc tính thời hạn: Nghị định về cơ chế một cửa → Đăng ký đất đai",
        (
            "giờ chốt: Nhận sau 15:00: chuyển đến cơ quan giải quyết vào đầu ngày làm việc tiếp "
            f"theo; thời hạn không đổi. [{OLD}] → Nhận sau 15:00: trả kết quả trong ngày làm việc "
            f"tiếp theo. [{OLD}]"
        ),
        "bước 4: giai đoạn: giải quyết → trả kết quả",
    ]
    assert said(before, replace(before, template="own_course"))[0] == (
        "template: Ordinary one-stop → own_course"
    )


@pytest.mark.parametrize(
    ("folder", "words"), [("workflows/templates", TEMPLATES), ("deadlines/vn", CLOCK_RULES)]
)
def test_shipped_templates_and_rules_have_the_words_of_their_files(
    folder: str, words: dict[str, Label]
) -> None:
    """Each file of the package, and no other."""
    files = {
        path.name.removesuffix(".yaml"): parse(path.read_text("utf-8"), file=path.name).data
        for path in (resources.files("igate") / folder).iterdir()
        if path.name.endswith(".yaml")
    }
    assert {name: Label(**data["label"]) for name, data in files.items()} == dict(words)


def test_no_word_of_a_file_stands_in_the_vietnamese_text() -> None:
    """Shipped templates: whatever changes, names of roles, levels, schemes, channels are words."""
    catalog = Catalog.load(SNAPSHOTS)
    codes = ("1.001806", "9.000001", "9.000003")
    all_of_them = [each for code in codes for _, each in catalog.procedure(code).revisions]
    lines = [line for a in all_of_them for b in all_of_them for line in said(a, b, "vi")]
    assert len(lines) > 100
    for word in (
        "receptionist", "head_of_section", "officer", "leader", "other_agency", "decree_",
        "full", "partial", "published", "assumed", "counter", "online", "transfer", "processing",
        "ordinary", "citizen", "forward", "send_back", "bool", "True", "working_day",
    ):  # fmt: skip
        assert [line for line in lines if re.search(rf"(?<![\w/.]){word}", line)] == []


def procedure(**changes: object) -> Procedure:
    """Make a procedure with one revision."""
    made = revision(*BASE)
    plain = Procedure(
        code="1.001806", name=Label(vi="Cấp thẻ", en="Issue of a card"),
        field=Field(id="libraries", label=Label(vi="Thư viện", en="Libraries")),
        ministry="Bộ Văn hóa", level=("tỉnh",), agencies=("Sở Văn hóa, Thể thao và Du lịch",),
        checked_on=date(2026, 11, 21), source="invented",
        revisions=Timeline([(made.period, made)]),
    )  # fmt: skip
    return replace(plain, **changes)


def test_what_a_procedure_says_beside_its_revisions_is_compared() -> None:
    """Name, ministry, field, levels and agencies; an agency with commas is one agency."""
    after = procedure(
        name=Label(vi="Cấp thẻ bạn đọc", en="Issue of a reader's card"),
        ministry="", level=("tỉnh", "xã"), agencies=("Thư viện tỉnh",),
        field=Field(id="culture", label=Label(vi="Văn hóa", en="Culture")),
    )  # fmt: skip
    found = procedure_differences(procedure(), after)
    assert [each.text("en") for each in found] == [
        "name: Issue of a card → Issue of a reader's card",
        "ministry: Bộ Văn hóa → none",
        "field: Libraries → Culture",
        "level: added commune",
        "agency that solves it: removed Sở Văn hóa, Thể thao và Du lịch",
        "agency that solves it: added Thư viện tỉnh",
    ]
    assert [each.text("vi") for each in found] == [
        "tên: Cấp thẻ → Cấp thẻ bạn đọc",
        "bộ quản lý: Bộ Văn hóa → không có",
        "lĩnh vực: Thư viện → Văn hóa",
        "cấp thực hiện: thêm cấp xã",
        "cơ quan giải quyết: bỏ Sở Văn hóa, Thể thao và Du lịch",
        "cơ quan giải quyết: thêm Thư viện tỉnh",
    ]
    renamed = procedure(field=Field(id="library", label=procedure().field.label))
    (only,) = procedure_differences(procedure(), renamed)
    assert only.text("vi") == "lĩnh vực: libraries → library"


def test_every_key_of_a_procedure_is_compared_or_is_about_the_file() -> None:
    """The code with the revisions; the day of the check and the source are not compared."""
    others = {
        "name": Label(vi="Khác"), "ministry": "Bộ Y tế", "level": ("xã",), "agencies": ("Sở Y tế",),
        "field": Field(id="health", label=Label(vi="Y tế")),
    }  # fmt: skip
    for key, value in others.items():
        found = procedure_differences(procedure(), procedure(**{key: value}))
        assert {each.key for each in found} == {key}
    of_the_file = {"checked_on": date(2026, 11, 22), "source": "another page"}
    assert procedure_differences(procedure(), procedure(**of_the_file)) == ()
    own = {each.name for each in fields(Procedure)}
    assert own == {*others, *of_the_file, "code", "revisions"}


ROLE_OF_PARTY = ["police", "health", "finance"]
parties = st.lists(
    st.builds(
        Party,
        role=st.sampled_from(ROLE_OF_PARTY),
        label=st.sampled_from([None, Label(vi="Nêu ý kiến")]),
        actor=st.sampled_from(["", "Chuyên viên"]),
        limit=st.sampled_from([None, *STATED]),
        agency=st.sampled_from([None, Label(vi="Sở Y tế")]),
        procedure=st.sampled_from(["", "1.001386"]),
    ),
    max_size=3,
    unique_by=lambda party: party.role,
)
ways = st.lists(
    st.builds(
        Way,
        action=st.sampled_from(["forward", "disagree"]),
        to=st.integers(1, 3),
        guard=st.sampled_from([None, Guard.parse('case == "I"', {"case"})]),
        label=st.sampled_from([None, Label(vi="Không đồng ý")]),
        sets=st.sampled_from([(), (("seen", True),)]),
    ),
    max_size=3,
)
steps = st.builds(
    Step,
    number=st.just(1),
    phase=st.sampled_from(["reception", "processing", "handover"]),
    label=st.builds(Label, vi=st.sampled_from(TEXTS), en=st.sampled_from(["", "A"])),
    role=st.sampled_from(ROLES),
    actor=st.sampled_from(["", "Chuyên viên", "Lãnh đạo"]),
    limit=st.sampled_from([None, *STATED]),
    agency=st.sampled_from([None, Label(vi="Sở Tài chính")]),
    together=parties.map(tuple),
    ways=ways.map(tuple),
    procedure=st.sampled_from(["", "1.001806"]),
)
limits = st.builds(
    LimitRule,
    limit=st.sampled_from(STATED),
    channel=st.sampled_from([None, "online", "post"]),
    case=st.sampled_from([None, "cấp lại"]),
    citation=st.sampled_from([OLD, NEW]),
)


def distinct(least: int) -> st.SearchStrategy[list[Step]]:
    """Return steps with texts of their own."""
    return st.lists(steps, min_size=least, max_size=7, unique_by=lambda each: each.label.vi)


@st.composite
def revisions(draw: st.DrawFn) -> Revision:
    """Return a revision with up to 5 rows of steps, some in turn; texts may be equal."""
    cutoff = Cutoff(at=time(15), moves="transfer", citation=OLD)
    rows = draw(st.lists(st.lists(steps, min_size=1, max_size=3), max_size=5))
    placed = [
        replace(each, part=part if len(row) > 1 else 0)
        for row in rows
        for part, each in enumerate(row, start=1)
    ]
    papers = st.builds(
        Requirement,
        label=st.sampled_from([Label(vi="Đơn"), Label(vi="Thẻ", en="Card")]),
        original=st.integers(0, 2),
        certified=st.integers(0, 2),
        digitised=st.booleans(),
        reused_from=st.sampled_from([None, Label(vi="Cơ sở dữ liệu đất đai")]),
        citation=st.sampled_from([OLD, NEW]),
    )
    results = st.builds(
        Result,
        label=st.sampled_from([Label(vi="Giấy phép"), Label(vi="Thẻ")]),
        delivery=st.sampled_from([(), ("online",), ("post", "online")]),
        citation=st.sampled_from([None, OLD]),
    )
    conditions = st.builds(
        Condition, label=st.just(Label(vi="Từ đủ 18 tuổi")), citation=st.sampled_from([None, OLD])
    )
    subjects = st.sampled_from(["citizen", "enterprise", "organisation"])
    return revision(
        *placed,
        requirements=tuple(draw(st.lists(papers, max_size=2))),
        results=tuple(draw(st.lists(results, max_size=2))),
        conditions=tuple(draw(st.lists(conditions, max_size=1))),
        subjects=tuple(draw(st.lists(subjects, max_size=2, unique=True))),
        legal_basis=tuple(draw(st.lists(st.sampled_from([OLD, NEW]), max_size=2))),
        dossier_sets=draw(st.sampled_from([None, 1, 2])),
        citation=draw(st.sampled_from([OLD, NEW])),
        template=draw(st.sampled_from(["ordinary", "two_level"])),
        limits=tuple(draw(st.lists(limits, max_size=3))),
        cutoff=draw(st.sampled_from([None, cutoff])),
        period=draw(st.sampled_from([Period(start=None), Period(start=date(2026, 1, 2))])),
    )


@given(before=revisions())
def test_a_revision_does_not_differ_from_itself(before: Revision) -> None:
    """Also where steps or limits are equal among themselves."""
    assert differences(before, before) == ()


@given(before=revisions(), after=revisions())
def test_nothing_is_said_only_where_nothing_differs(before: Revision, after: Revision) -> None:
    """Any two revisions: no difference is left out, and each can be put into words."""
    found = differences(before, after)
    assert (found == ()) == (before == after)
    assert all(each.text("vi") and each.text("en") for each in found)


@given(before=revisions(), after=revisions())
def test_every_step_is_accounted_for(before: Revision, after: Revision) -> None:
    """Removed ones and added ones are the difference in length."""
    found = [each.kind for each in differences(before, after) if each.key == "step"]
    lengths = len(before.workflow.steps), len(after.workflow.steps)
    assert found.count("added") - found.count("removed") == lengths[1] - lengths[0]


@given(
    data=st.data(), before=st.lists(steps, min_size=1, max_size=7, unique_by=lambda s: s.label.vi)
)
def test_every_change_of_a_step_is_named(data: st.DataObject, before: list[Step]) -> None:
    """One key of one step changed: exactly that is said."""
    at = data.draw(st.integers(0, len(before) - 1))
    key = data.draw(st.sampled_from(["role", "limit", "actor", "phase", "agency", "procedure"]))
    other = data.draw(steps.filter(lambda each: getattr(each, key) != getattr(before[at], key)))
    after = [*before]
    after[at] = replace(before[at], **{key: getattr(other, key)})
    (found,) = differences(revision(*before), revision(*after))
    assert (found.kind, found.key, found.step) == ("changed", key, at + 1)


@given(
    data=st.data(), before=st.lists(steps, min_size=2, max_size=7, unique_by=lambda s: s.label.vi)
)
def test_every_step_that_goes_or_moves_is_named(data: st.DataObject, before: list[Step]) -> None:
    """One removed, one put to the end: exactly that is said, where no way leads elsewhere by it."""
    before = [replace(each, ways=()) for each in before]
    at = data.draw(st.integers(0, len(before) - 2))
    rest = [*before[:at], *before[at + 1 :]]
    (gone,) = differences(revision(*before), revision(*rest))
    assert (gone.kind, gone.key, gone.step) == ("removed", "step", at + 1)
    (come,) = differences(revision(*rest), revision(*before))
    assert (come.kind, come.key, come.step) == ("added", "step", at + 1)
    moved = differences(revision(*before), revision(*rest, before[at]))
    assert moved
    assert {each.kind for each in moved} == {"moved"}


def test_every_part_of_a_revision_is_compared() -> None:
    """A field that a revision gains is compared without being named here."""
    before = revision(*BASE)
    others = {
        "procedure": "1.000091", "clock_rules": "subtracted", "steps_basis": "assumed",
        "template": "two_level",
    }  # fmt: skip
    for name, value in others.items():
        (found,) = differences(before, replace(before, **{name: value}))
        assert found.key == name
    own = {each.name for each in fields(Revision)} - set(others)
    assert own >= {"period", "citation", "workflow", "limits", "cutoff", "online", "fees"}


PROCEDURE = """\
format: 1
code: "9.000001"
name: {vi: Cấp thẻ (ví dụ)}
field: {id: libraries, vi: Thư viện}
checked_on: "2026-11-21"
source: invented for this test
revisions:
  - effective_from: "2026-01-01"
    effective_until: "2026-07-01"
    citation: Quyết định 1/QĐ-UBND ngày 01/01/2026 (giả định)
    template: ordinary
    steps:
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận}
      - {number: 2, phase: processing, role: officer, limit: 4 working_day, vi: Thẩm định}
      - {number: 3, phase: handover, role: receptionist, vi: Trả kết quả}
  - effective_from: "2026-07-01"
    citation: Quyết định 1/QĐ-UBND ngày 01/01/2026 (giả định)
    template: ordinary
    steps:
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận}
      - {number: 2, phase: processing, role: officer, limit: 2 working_day, vi: Thẩm định}
      - {number: 3, phase: handover, role: receptionist, vi: Trả kết quả}
"""


@pytest.fixture
def app() -> typer.Typer:
    """Return a program with the command."""
    program = typer.Typer()
    program.command()(diff)
    return program


def test_the_command_compares_revisions_of_a_file(app: typer.Typer, tmp_path: Path) -> None:
    """FILE@revision; without it, the last one."""
    path = tmp_path / "9.000001.yaml"
    path.write_text(PROCEDURE, encoding="utf-8")
    done = CliRunner().invoke(app, [f"{path}@2026-01-01", str(path)])
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "period: from 2026-01-01 to before 2026-07-01 → from 2026-07-01",
        "step 2: 4 working days → 2 working days",
    ]
    same = CliRunner().invoke(app, [str(path), str(path), "--lang", "vi"])
    assert same.stdout == ""
    assert "Không có khác biệt." in same.stderr


def test_the_command_compares_what_stands_above_the_revisions(
    app: typer.Typer, tmp_path: Path
) -> None:
    """Two files of one procedure: another name, a level more; another source is no difference."""
    before, after = tmp_path / "old.yaml", tmp_path / "new.yaml"
    before.write_text(PROCEDURE, encoding="utf-8")
    text = PROCEDURE.replace("Cấp thẻ (ví dụ)", "Cấp thẻ bạn đọc (ví dụ)")
    text = text.replace("invented for this test", "another page")
    text = text.replace('checked_on: "2026-11-21"', 'level: [xã]\nchecked_on: "2026-11-22"')
    after.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(app, [str(before), str(after), "--lang", "vi"])
    assert done.stdout.splitlines() == [
        "tên: Cấp thẻ (ví dụ) → Cấp thẻ bạn đọc (ví dụ)",
        "cấp thực hiện: thêm cấp xã",
    ]


def test_a_revision_that_is_not_there_is_answered_with_those_that_are(
    app: typer.Typer, tmp_path: Path
) -> None:
    """The file has revisions of 1 January and 1 July 2026; of one revision, that one is named."""
    path = tmp_path / "9.000001.yaml"
    path.write_text(PROCEDURE, encoding="utf-8")
    done = CliRunner().invoke(app, [f"{path}@2026-12-01", str(path)])
    assert isinstance(done.exception, ProcedureNotFound)
    said = str(done.exception)
    assert "Procedure 9.000001 has no revision '2026-12-01'." in said
    assert said.endswith("It has 2026-01-01 and 2026-07-01; name one of these.")
    head, _, last = PROCEDURE.partition("  - effective_from")
    path.write_text(head + "  - effective_from" + last.partition("  - effective_from")[2], "utf-8")
    done = CliRunner().invoke(app, [f"{path}@2026-01-01", str(path)])
    assert isinstance(done.exception, ProcedureNotFound)
    assert str(done.exception).endswith("It has only 2026-07-01.")
    assert done.exception.text("vi").endswith("Thủ tục chỉ có 2026-07-01.")


def test_a_file_with_an_at_sign_in_its_name_is_found(app: typer.Typer, tmp_path: Path) -> None:
    """The last one begins the revision, unless it belongs to the name."""
    path = tmp_path / "a@b.yaml"
    path.write_text(PROCEDURE, encoding="utf-8")
    done = CliRunner().invoke(app, [f"{path}@2026-01-01", str(path)])
    assert len(done.stdout.splitlines()) == 2


def test_the_command_gives_data(app: typer.Typer, tmp_path: Path) -> None:
    """The keys that programs rely on."""
    path = tmp_path / "9.000001.yaml"
    path.write_text(PROCEDURE, encoding="utf-8")
    done = CliRunner().invoke(app, [f"{path}@2026-01-01", str(path), "--json"])
    record = json.loads(done.stdout)[1]
    assert record == {
        "kind": "changed", "key": "limit", "step": 2, "part": 0, "within": None,
        "before": "4 working days",
        "after": "2 working days", "text": "step 2: 4 working days → 2 working days",
    }  # fmt: skip


def test_what_is_neither_file_nor_code_is_wrong_use(app: typer.Typer) -> None:
    """The command ends with 2."""
    assert CliRunner().invoke(app, ["nowhere.yaml", "nowhere.yaml"]).exit_code == 2
