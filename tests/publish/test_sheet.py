"""Notice sheets: the parts that the law names are all there, and nothing is made up."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, get_args

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from igate.cli import pictures as cli_pictures
from igate.deadlines.limits import TimeLimit
from igate.errors import IgateError, OutputError, ProcedureNotFound
from igate.law.citation import Label
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.guard import Guard
from igate.procedures.procedure import Condition, Result, Subject
from igate.procedures.workflow import Party, Step, Way
from igate.publish.procedure_words import step_time
from igate.publish.sheet.sheet import sheet_html, sheet_markdown
from places import TESTS
from shared import shipped_catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from igate.law.citation import Language
    from igate.procedures.procedure import Procedure, Revision

SNAPSHOTS = TESTS / "snapshots"
TODAY = date(2026, 11, 20)
HOSTILE = "<script>alert('x')</script> | `a` **b** [c](javascript:d) \"e\" & \n- f\n# g \x00 {{h}}"
#: The parts of Nghị định 63/2010/NĐ-CP, Điều 8 khoản 2, then what igate adds.
PARTS = {
    "vi": [
        "Trình tự thực hiện", "Cách thức thực hiện", "Thành phần, số lượng hồ sơ",
        "Thời hạn giải quyết", "Đối tượng thực hiện", "Cơ quan giải quyết", "Kết quả thực hiện",
        "Phí, lệ phí", "Tên mẫu đơn, mẫu tờ khai", "Yêu cầu, điều kiện", "Căn cứ pháp lý",
        "Dịch vụ công trực tuyến", "Hiệu lực và nguồn",
    ],
    "en": [
        "Sequence of steps", "Manner", "Papers of the dossier, number of sets", "Time limit",
        "Who may apply", "Agency", "Result", "Fees", "Forms", "Conditions", "Legal basis",
        "Online service", "Effect and source",
    ],
}  # fmt: skip


@cache
def catalog() -> Catalog:
    """The procedures of the snapshots."""
    return Catalog.load(SNAPSHOTS)


def posted(code: str, day: date = TODAY) -> tuple[Procedure, Revision]:
    """Return a procedure and its revision in force."""
    procedure = catalog().procedure(code)
    return procedure, procedure.in_force(day)


def section(text: str, title: str) -> str:
    """Return what stands under a heading of a Markdown sheet."""
    return text.partition(f"## {title}\n")[2].partition("\n## ")[0].strip()


def rows(text: str) -> list[list[str]]:
    """Return the cells of the rows of a Markdown table, without the headings."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


class Page(HTMLParser):
    """Collects the elements, attributes and texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.texts.append(data)


# what stands in a sheet


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("code", ["1.001806", "9.000001", "9.000003"])
def test_every_part_that_the_law_names_has_its_heading(code: str, lang: Language) -> None:
    """Decree 63/2010, art. 8(2): also where the sources are silent, in Markdown and HTML."""
    assert (
        re.findall(r"^## (.+)$", sheet_markdown(*posted(code), lang), re.MULTILINE) == PARTS[lang]
    )
    page = sheet_html(*posted(code), lang)
    assert re.findall(r"<h2>(.+?)</h2>", page) == PARTS[lang]


def test_the_sheet_says_what_the_decision_prints() -> None:
    """Decision 2022 of Cao Bằng: seven steps, 10 working days, hand-over not counted."""
    text = sheet_markdown(*posted("1.001806"), "vi")
    table = rows(section(text, "Trình tự thực hiện"))
    assert [row[3] for row in table] == [
        "0,5 ngày làm việc", "0,5 ngày làm việc", "7 ngày làm việc", "0,5 ngày làm việc",
        "1 ngày làm việc", "0,5 ngày làm việc", "không tính thời gian",
    ]  # fmt: skip
    assert table[2][:3] == [
        "3", "Thụ lý giải quyết; Trình lãnh đạo Phòng", "Chuyên viên Phòng BTXH và Trẻ em",
    ]  # fmt: skip
    decision = "Quyết định 2022/QĐ-UBND ngày 27/11/2025 của UBND tỉnh Cao Bằng"
    assert rows(section(text, "Thời hạn giải quyết")) == [
        ["mọi hồ sơ", "10 ngày làm việc", decision]
    ]
    effect = section(text, "Hiệu lực và nguồn")
    assert "- **Có hiệu lực:** từ ngày 27/11/2025" in effect
    assert "- **Đối chiếu lần cuối:** 21/11/2026" in effect
    assert section(text, "Cơ quan giải quyết") == "- Sở Y tế"


def test_what_the_sources_do_not_state_is_said_to_be_not_stated() -> None:
    """No paper, fee, result, condition or number of sets is made up."""
    text = sheet_markdown(*posted("1.001806"), "vi")
    silent = "*Nguồn đã đọc không nêu.*"
    for part in (
        "Đối tượng thực hiện", "Kết quả thực hiện", "Phí, lệ phí", "Tên mẫu đơn, mẫu tờ khai",
        "Yêu cầu, điều kiện", "Dịch vụ công trực tuyến",
    ):  # fmt: skip
        assert section(text, part) == silent
    assert section(text, "Thành phần, số lượng hồ sơ") == (
        f"{silent}\n\n- **Số lượng hồ sơ:** không nêu"
    )
    assert section(text, "Cách thức thực hiện").startswith(
        "*Nguồn của thủ tục này không nêu riêng.*"
    )


def test_a_time_limit_that_is_not_stated_is_not_zero() -> None:
    """A limit "not_stated" gives the sentence, not a table with an empty cell."""
    text = sheet_markdown(*posted("9.000001", date(2020, 6, 1)), "en")
    assert section(text, "Time limit").startswith("*The sources that were read do not state it.*")


def test_limits_stand_by_channel_case_and_area() -> None:
    """Each rule has its row, with the dossiers it holds for."""
    text = sheet_markdown(*posted("9.000001"), "en")
    assert [row[:2] for row in rows(section(text, "Time limit"))] == [
        ["online", "6 working hours"],
        ["at the counter", "8 working hours"],
        ["by post, case I, area island", "2 months and 15 working days"],
    ]
    rest = sheet_markdown(*posted("9.000003"), "en")
    assert [row[:2] for row in rows(section(rest, "Time limit"))] == [
        ["case I", "15 working days"], ["other dossiers", "9 working days"],
    ]  # fmt: skip
    assert "Received after 15:00: the result is due on the next working day." in text


def test_papers_fees_and_forms_are_listed() -> None:
    """Numbers of originals and copies, amounts in đồng, and the citation of each."""
    text = sheet_markdown(*posted("9.000001"), "vi")
    papers = rows(section(text, "Thành phần, số lượng hồ sơ"))
    assert [row[:5] for row in papers] == [
        ["Đơn đề nghị", "1", "–", "–", "Mẫu 01"],
        ["Giấy chứng nhận cũ", "–", "–", "2", "–"],
    ]
    assert papers[0][5] == "Quyết định 2/QĐ-UBND ngày 30/12/2025, Điều 4 (giả định)"
    assert [row[:3] for row in rows(section(text, "Phí, lệ phí"))] == [
        ["Lệ phí cấp giấy phép", "1.250.000 đồng", "mọi kênh"],
        ["Lệ phí cấp giấy phép, nộp trực tuyến", "625.000 đồng", "trực tuyến"],
    ]
    assert section(text, "Tên mẫu đơn, mẫu tờ khai") == "- Mẫu 01: Đơn đề nghị"
    english = sheet_markdown(*posted("9.000001"), "en")
    assert rows(section(english, "Fees"))[0][1] == "1,250,000 VND"


def test_a_ministry_that_is_not_named_is_said_to_be_not_stated() -> None:
    """The file of 9.000003 has no ministry."""
    assert "- **Bộ quản lý:** không nêu\n" in sheet_markdown(*posted("9.000003"), "vi")


def test_who_may_apply_has_the_names_of_the_national_portal() -> None:
    """Every subject that a file can name; the Vietnamese names as listed there."""
    procedure, revision = posted("9.000003")
    everybody = replace(revision, subjects=get_args(Subject))
    text = section(sheet_markdown(procedure, everybody, "vi"), "Đối tượng thực hiện")
    assert text.splitlines() == [
        "- Công dân Việt Nam",
        "- Người Việt Nam định cư ở nước ngoài",
        "- Người nước ngoài",
        "- Cán bộ, công chức, viên chức",
        "- Doanh nghiệp",
        "- Doanh nghiệp có vốn đầu tư nước ngoài",
        "- Hộ kinh doanh",
        "- Hợp tác xã",
        "- Tổ chức (không bao gồm doanh nghiệp, hợp tác xã)",
        "- Tổ chức nước ngoài",
    ]
    english = section(sheet_markdown(procedure, revision, "en"), "Who may apply")
    assert english.splitlines() == [
        "- Vietnamese citizens",
        "- Vietnamese who live abroad",
        "- Organisations (other than enterprises and co-operatives)",
    ]


def test_papers_say_what_becomes_of_them() -> None:
    """Numbers of originals and copies; what is scanned, what need not be handed in; two sets."""
    text = section(
        sheet_markdown(*posted("9.000003"), "en"), "Papers of the dossier, number of sets"
    )
    assert [row[:5] for row in rows(text.partition("\n\n- ")[0])] == [
        ["Application (digitised on receipt)", "1", "–", "–", "Mẫu 01"],
        [
            ("Certificate of business registration (need not be handed in; data from: business "
            "register)"),
            "–", "2", "1", "–",
        ],
        [
            "Phương án an ninh (không phải nộp; dữ liệu lấy từ: Hệ thống của công an)",
            "1", "–", "–", "–",
        ],
    ]  # fmt: skip
    assert text.endswith("- **Number of sets:** 2 sets")
    procedure, revision = posted("9.000003")
    one = sheet_markdown(procedure, replace(revision, dossier_sets=1), "en")
    assert "- **Number of sets:** 1 set\n" in one


def test_results_and_conditions_have_their_citations_or_say_that_none_is_stated() -> None:
    """How a result can be had, and its form; what must be fulfilled."""
    text = sheet_markdown(*posted("9.000003"), "en")
    assert rows(section(text, "Result")) == [
        [
            "Letter of approval", "online, by post", "Mẫu 09",
            "Decision 3/QĐ-UBND of 2025-12-30, art. 7 (assumed)",
        ],
        ["Badge of the organisers", "not stated", "–", "not stated"],
    ]  # fmt: skip
    assert section(text, "Conditions").splitlines() == [
        "- A plan for public safety – Decree 1/2026/NĐ-CP, art. 2 (assumed)",
        "- A suitable place (no citation stated)",
    ]
    basis = section(text, "Legal basis")
    for cited in (
        "Decree 1/2026/NĐ-CP (assumed)", "Decree 1/2026/NĐ-CP, art. 2 (assumed)",
        "Decision 3/QĐ-UBND of 2025-12-30, art. 7 (assumed)",
    ):  # fmt: skip
        assert f"- {cited}\n" in basis


def test_those_who_act_in_turn_and_together_have_their_rows() -> None:
    """Steps 2.1 and 2.2; under step 3 two agencies, each with its time, one by another procedure.

    12 working hours are longer than 1 working day of 8 hours.
    """
    table = rows(section(sheet_markdown(*posted("9.000003"), "vi"), "Trình tự thực hiện"))
    assert table[1:6] == [
        ["2.1", "Phân công", "Lãnh đạo phòng chuyên môn", "0,5 ngày làm việc"],
        [
            "2.2",
            ('Phân công và thẩm định (hoặc chuyển bước 4, nếu trường hợp ≠ "I") '
            "(hoặc “Đề nghị kiểm tra thực tế” → bước 5, nếu needs\\_site\\_visit)"),
            "Chuyên viên Phòng Văn hóa",
            "2 ngày làm việc",
        ],
        [
            "3", "Lấy ý kiến các cơ quan", "Người được giao giải quyết hồ sơ",
            "12 giờ làm việc (phần việc lâu nhất)",
        ],
        ["", "↳ Thẩm định phương án an ninh (cùng lúc)", "Công an tỉnh", "1 ngày làm việc"],
        [
            "", "↳ cùng lúc (liên thông: giải quyết theo thủ tục 1.001386)",
            "Phòng Nghiệp vụ (Sở Y tế)", "12 giờ làm việc",
        ],
    ]  # fmt: skip


def test_on_a_page_those_who_act_together_stand_under_their_step() -> None:
    """Their rows are marked for the style sheet, and have no number of their own."""
    page = sheet_html(*posted("9.000003"), "vi")
    marked = re.findall(r'<tr role="row" class="under">(.+?)</tr>', page)
    assert len(marked) == 2
    for row in marked:
        assert row.startswith('<td role="cell" data-head="Bước"><div></div></td>')
    assert "<div>↳ Thẩm định phương án an ninh<small>cùng lúc</small></div>" in marked[0]


def test_ways_to_other_steps_are_said_in_words() -> None:
    """A branch, a way that replaces the next step, one back, and one with a name of its own."""
    table = rows(section(sheet_markdown(*posted("9.000003"), "en"), "Sequence of steps"))
    assert {row[0]: row[1] for row in table if row[0] in {"2.2", "4", "5", "6"}} == {
        "2.2": 'Assign and examine (or passed on to step 4, if case ≠ "I") '
        "(or “Ask for a visit” → step 5, if needs\\_site\\_visit)",
        "4": "Draft the letter (then passed on to step 6)",
        "5": "Visit the place (or sent back to step 3)",
        "6": "Sign (hoặc “Không đồng ý, chuyển lại bước 4”)",
    }


def way_said(text: Label, way: Way, lang: Language = "vi") -> str:
    """Return what a sheet says of step 6 with this text and this way."""
    procedure, revision = posted("9.000003")
    steps = tuple(
        replace(step, label=text, ways=(way,)) if step.number == 6 else step
        for step in revision.workflow.steps
    )
    revision = replace(revision, workflow=replace(revision.workflow, steps=steps))
    table = section(sheet_markdown(procedure, revision, lang), PARTS[lang][0])
    return next(row[1] for row in rows(table) if row[0] == "6")


@pytest.mark.parametrize(
    "text",
    [
        "Ký duyệt, nếu không đồng ý chuyển lại bước 2",
        "Ký duyệt. Không đồng ý: trả hồ sơ về bước 2.",
        "Ký duyệt hoặc yêu cầu thực hiện lại Bước 2",
    ],
)
def test_what_the_text_of_a_step_says_itself_is_not_said_again(text: str) -> None:
    """A plain way back to step 2, whose number the text of the step already names."""
    assert way_said(Label(vi=text), Way(action="send_back", to=2)) == text


@pytest.mark.parametrize(
    "text",
    [
        "Ký duyệt, nếu không đồng ý chuyển lại bước 2.1",
        "Ký duyệt, nếu không đồng ý chuyển lại bước 3",
        "Xem xét kết quả bước 2",
        "Chuyển kết quả bước 2 cho văn thư",
    ],
)
def test_what_the_text_of_a_step_does_not_say_is_said(text: str) -> None:
    """Another step, or the number of step 2 without a word of going back."""
    assert (
        way_said(Label(vi=text), Way(action="send_back", to=2)) == f"{text} (hoặc trả lại bước 2)"
    )


def test_a_way_is_left_out_only_where_nothing_is_lost() -> None:
    """Not where it has a condition, nor in English where only the Vietnamese text names it."""
    text = Label(vi="Ký, nếu không đồng ý chuyển lại bước 2")
    back = Way(action="send_back", to=2)
    guarded = replace(back, guard=Guard.parse("case == 'I'", {"case"}))
    assert way_said(text, guarded) == f"{text.vi} (hoặc trả lại bước 2, nếu trường hợp = 'I')"
    assert way_said(text, back, "en") == f"{text.vi} (or sent back to step 2)"
    both = replace(text, en="Sign; if not agreed, back to step 2")
    assert way_said(both, back, "en") == both.en
    onward = Label(vi="Ký, rồi chuyển bước 7")
    assert way_said(onward, Way(action="forward", to=7)) == onward.vi


def test_a_way_with_words_of_its_own_is_said_once() -> None:
    """Where the text of the step has its very words; in a text without them they stand once."""
    way = Way(action="disagree", to=4, label=Label(vi="Không đồng ý, chuyển lại bước 4"))
    text = "Ký; không đồng ý, chuyển lại bước 4"
    assert way_said(Label(vi=text), way) == text
    assert way_said(Label(vi="Ký"), way) == "Ký (hoặc “Không đồng ý, chuyển lại bước 4”)"


def test_a_way_without_a_condition_after_one_with_it_is_for_the_others() -> None:
    """Step 2.2: to step 4 in case I, otherwise to step 5; a refusal keeps its name."""
    procedure, revision = posted("9.000003")
    steps = list(revision.workflow.steps)
    guarded = Way(action="forward", to=4, guard=Guard.parse("case == 'I'", {"case"}))
    ways = (guarded, Way(action="forward", to=5), Way(action="refuse", to=6))
    steps[2] = replace(steps[2], ways=ways)
    revision = replace(revision, workflow=replace(revision.workflow, steps=tuple(steps)))
    (row,) = [
        row[1]
        for row in rows(section(sheet_markdown(procedure, revision, "en"), "Sequence of steps"))
        if row[0] == "2.2"
    ]
    assert row == (
        "Assign and examine (or passed on to step 4, if case = 'I') "
        "(otherwise passed on to step 5) (or “Refuse to solve” → step 6)"
    )


@pytest.mark.parametrize(
    ("limits", "time"),
    [
        (["5 working_day", "3 working_day"], "5 working days (the longest part)"),
        (["2 month", "3 month"], "3 months (the longest part)"),
        (["2 month", "50 working_day"], "the time of the longest part"),
        (["not_stated", "5 working_day"], "the time of the longest part"),
        ([None, "5 working_day"], "5 working days (the longest part)"),
        ([None, None], "time not counted"),
    ],
)
def test_a_step_of_several_takes_the_longest_time(limits: list[str | None], time: str) -> None:
    """Where it has no time of its own; lengths that cannot be compared are not compared."""
    parties = tuple(
        Party(role=f"r{n}", limit=TimeLimit.parse(limit) if limit else None)
        for n, limit in enumerate(limits)
    )
    label = Label(vi="Lấy ý kiến")
    step = Step(number=3, phase="processing", label=label, role="officer", together=parties)
    assert step_time(step, "en") == time
    own = replace(step, limit=TimeLimit.parse("1 working_day"))
    assert step_time(own, "en") == "1 working day"


def test_an_assumed_online_level_is_called_assumed() -> None:
    """Level, scheme, basis and citation stand side by side."""
    text = sheet_markdown(*posted("9.000001"), "en")
    online = rows(section(text, "Online service"))
    assert online[0] == ["level 4", "Decree 43/2011/NĐ-CP, art. 3", "assumed", "not stated"]
    assert online[1][:3] == ["full", "Decree 42/2022/NĐ-CP, art. 11", "published"]
    newer = sheet_markdown(*posted("9.000003"), "en")
    assert rows(section(newer, "Online service")) == [
        ["full", "Decree 224/2026/NĐ-CP, art. 14", "assumed", "not stated"]
    ]


def test_steps_that_are_not_of_a_decision_are_called_assumed() -> None:
    """The steps of a template are shown, with a sentence that holds for written ones as well."""
    published = sheet_markdown(*posted("1.001806"), "vi")
    assumed = sheet_markdown(*posted("9.000001"), "vi")
    assert "Các bước theo quyết định phê duyệt quy trình nội bộ." in published
    assert "Các bước là giả định, không lấy từ một quyết định." in assumed
    procedure, revision = posted("9.000003")
    own = sheet_markdown(procedure, replace(revision, steps_basis="assumed"), "en")
    assert "The steps are assumed, not those of a decision." in own
    assert [row[3] for row in rows(section(assumed, "Trình tự thực hiện"))] == [
        "không nêu thời gian", "không nêu thời gian", "không nêu thời gian",
        "không tính thời gian",
    ]  # fmt: skip


def test_the_legal_basis_lists_each_citation_once() -> None:
    """What the procedure rests on comes first, then the articles of the one-stop course."""
    basis = section(sheet_markdown(*posted("1.001806"), "vi"), "Căn cứ pháp lý")
    own, _, course = basis.partition("**Của quy trình một cửa**")
    assert own.count("- ") == 1
    listed = re.findall(r"^- (.+)$", course, re.MULTILINE)
    assert len(listed) == len(set(listed))
    assert "Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5" in listed
    assert "suy đoán" in course


def test_periods_are_written_with_their_last_day() -> None:
    """The end of a period is exclusive in a file, and the last day inside on a sheet."""
    unknown = sheet_markdown(*posted("9.000001", date(2020, 6, 1)), "vi")
    assert "- **Có hiệu lực:** ngày bắt đầu chưa rõ, đến hết ngày 31/12/2025" in unknown
    known = sheet_markdown(*posted("9.000001"), "en")
    assert "- **In force:** from 2026-01-01 to 2026-12-31, inclusive" in known


def test_the_general_rule_of_channels_is_cited_only_where_it_was_in_force() -> None:
    """Decree 118/2025, art. 15, holds from 1 July 2025: not for a revision that ended before."""
    procedure, revision = posted("9.000001")
    assert "Decree 118/2025/NĐ-CP, art. 15" in section(
        sheet_markdown(procedure, revision, "en"), "Manner"
    )
    ended = replace(revision, period=replace(revision.period, start=None, end=date(2025, 7, 1)))
    assert "art. 15" not in section(sheet_markdown(procedure, ended, "en"), "Manner")


# form


@pytest.mark.parametrize(
    ("code", "lang"), [("1.001806", "vi"), ("9.000001", "en"), ("9.000003", "vi")]
)
def test_the_sheet_is_the_one_that_was_read_by_eye(code: str, lang: Language) -> None:
    """The whole Markdown of three sheets, read and approved; a change shows as a difference."""
    expected = (SNAPSHOTS / f"{code}.md").read_text(encoding="utf-8")
    assert sheet_markdown(*posted(code), lang) == expected


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_loads_nothing(lang: Language) -> None:
    """It has its style inside, no script, and points nowhere."""
    page = sheet_html(*posted("9.000001"), lang)
    assert page.startswith(f'<!DOCTYPE html>\n<html lang="{lang}">')
    seen = Page(page)
    assert seen.open == []
    assert seen.tags.isdisjoint({"script", "link", "img", "iframe", "a", "form"})
    assert not re.search(r"https?://|url\(|@import|javascript:", page)
    assert 'name="viewport"' in page
    assert "size: A4" in page


def test_what_is_not_translated_is_marked_as_vietnamese() -> None:
    """A screen reader must not read Vietnamese words as English ones."""
    page = sheet_html(*posted("9.000001"), "en")
    assert '<h1 lang="vi">Cấp giấy phép thử nghiệm (số liệu giả lập)</h1>' in page
    assert '<li><span lang="vi">Sở Nội vụ</span></li>' in page
    steps = sheet_html(*posted("9.000003"), "en")
    assert '<span lang="vi">hoặc “Không đồng ý, chuyển lại bước 4”</span>' in steps
    assert 'lang="vi"' not in sheet_html(*posted("9.000001"), "vi").partition("<body>")[2]


def hostile(text: str) -> tuple[Procedure, Revision]:
    """Put a text wherever a file can hold one."""
    procedure, revision = posted("9.000001")
    label = Label(vi=text, en=text)
    party = Party(role="other_agency", label=label, actor=text, agency=label, procedure=text)
    way = Way(action="forward", to=2, label=label, guard=Guard.parse("case == 'I'", {"case"}))
    steps = tuple(
        replace(step, label=label, actor=text, together=(party,), ways=(way,), procedure=text)
        for step in revision.workflow.steps
    )
    revision = replace(
        revision,
        workflow=replace(revision.workflow, steps=steps),
        results=(Result(label=label, form=text),),
        conditions=(Condition(label=label),),
        limits=tuple(replace(rule, case=text, area=text) for rule in revision.limits),
        requirements=tuple(
            replace(r, label=label, form=text, reused_from=label) for r in revision.requirements
        ),
        fees=tuple(replace(fee, label=label) for fee in revision.fees),
        online=tuple(replace(each, level=text) for each in revision.online),
    )
    return replace(
        procedure,
        name=label,
        field=replace(procedure.field, label=label),
        ministry=text,
        level=(text,),
        agencies=(text,),
        source=text,
    ), revision


@given(st.text(min_size=1, max_size=80) | st.just(HOSTILE))
def test_whatever_a_file_holds_stays_text(text: str) -> None:
    """No element, attribute, heading, row or cell comes out of a text."""
    plain_page, plain = sheet_html(*hostile("x"), "en"), sheet_markdown(*hostile("x"), "en")
    page, sheet = Page(sheet_html(*hostile(text), "en")), sheet_markdown(*hostile(text), "en")
    expected = Page(plain_page)
    assert page.open == []
    assert page.tags == expected.tags
    assert page.attributes == expected.attributes
    assert [line[:3] for line in sheet.splitlines() if line.startswith("##")] == [
        line[:3] for line in plain.splitlines() if line.startswith("##")
    ]
    assert len(sheet.splitlines()) == len(plain.splitlines())
    assert [len(row) for row in rows(sheet)] == [len(row) for row in rows(plain)]
    assert re.search(r"(?<!\\)[<>`]", sheet) is None


def test_shipped_procedures_have_their_sheets() -> None:
    """A sample of the shipped procedures, one in twenty: every part is there, no tag stays open."""
    shipped = shipped_catalogue()
    for code in list(shipped)[::20]:
        procedure = shipped.procedure(code)
        for _, revision in procedure.revisions:
            text = sheet_markdown(procedure, revision, "vi")
            assert re.findall(r"^## (.+)$", text, re.MULTILINE) == PARTS["vi"], code
            assert Page(sheet_html(procedure, revision, "vi")).open == []


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


def test_the_command_prints_the_revision_of_a_day() -> None:
    """--on picks the revision, --files another catalogue, --lang the language."""
    common = ("sheet", "9.000001", "--files", str(SNAPSHOTS), "--lang", "vi")
    code, old, _ = igate(*common, "--on", "2025-12-31")
    assert code == 0
    assert "đến hết ngày 31/12/2025" in old
    assert "từ ngày 01/01/2026" in igate(*common, "--on", "2026-01-01")[1]
    with pytest.raises(ProcedureNotFound, match="not in force on 2027-01-01"):
        igate(*common, "--on", "2027-01-01")


def test_the_command_writes_a_page(tmp_path: Path) -> None:
    """--format html --out FILE writes the page; a folder that is missing is refused."""
    target = tmp_path / "sheet.html"
    common = ("sheet", "1.001806", "--files", str(SNAPSHOTS), "--format", "html", "--out")
    code, printed, said = igate(*common, str(target))
    assert (code, printed) == (0, "")
    assert f"Written: {target}" in said
    assert target.read_text(encoding="utf-8") == sheet_html(*posted("1.001806"), "en")
    assert f"Đã ghi: {target}" in igate(*common, str(target), "--force", "--lang", "vi")[2]
    with pytest.raises(OutputError):
        igate(*common, str(tmp_path / "missing" / "sheet.html"))


def test_a_wrong_option_is_a_wrong_use() -> None:
    """A day that is no day and a form that is not offered end with exit code 2."""
    assert igate("sheet", "1.001806", "--on", "20/11/2026")[0] == 2
    assert igate("sheet", "1.001806", "--format", "pdf")[0] == 2


@pytest.mark.parametrize(("name", "start"), [("a.html", "<!DOCTYPE html>"), ("a.md", "# ")])
def test_the_ending_of_the_file_says_what_is_written(tmp_path: Path, name: str, start: str) -> None:
    """Without --format a page is written for .html, and Markdown otherwise."""
    target = tmp_path / name
    assert igate("sheet", "1.001806", "--files", str(SNAPSHOTS), "--out", str(target))[0] == 0
    assert target.read_text(encoding="utf-8").startswith(start)
