"""Notice sheets: the parts that the law names are all there, and nothing is made up."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from igate import cli_pictures
from igate.catalog import Catalog
from igate.citation import Label
from igate.errors import IgateError, OutputError, ProcedureNotFound
from igate.sheet import sheet_html, sheet_markdown

if TYPE_CHECKING:
    from igate.citation import Language
    from igate.procedure import Procedure, Revision

SNAPSHOTS = Path(__file__).parent / "snapshots"
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
    """The two procedures of the snapshots."""
    return Catalog.load(SNAPSHOTS)


def posted(code: str, day: date = TODAY) -> tuple[Procedure, Revision]:
    """Give a procedure and its revision in force."""
    procedure = catalog().procedure(code)
    return procedure, procedure.in_force(day)


def section(text: str, title: str) -> str:
    """Give what stands under a heading of a Markdown sheet."""
    return text.partition(f"## {title}\n")[2].partition("\n## ")[0].strip()


def rows(text: str) -> list[list[str]]:
    """Give the cells of the rows of a Markdown table, without the headings."""
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
@pytest.mark.parametrize("code", ["1.001806", "9.000001"])
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
    assert "Received after 15:00: the result is due on the next working day." in text


def test_papers_fees_and_forms_are_listed() -> None:
    """Numbers of originals and copies, amounts in đồng, and the citation of each."""
    text = sheet_markdown(*posted("9.000001"), "vi")
    papers = rows(section(text, "Thành phần, số lượng hồ sơ"))
    assert [row[:4] for row in papers] == [
        ["Đơn đề nghị", "1", "–", "Mẫu 01"],
        ["Giấy chứng nhận cũ", "–", "2", "–"],
    ]
    assert papers[0][4] == "Quyết định 2/QĐ-UBND ngày 30/12/2025, Điều 4 (giả định)"
    assert [row[:3] for row in rows(section(text, "Phí, lệ phí"))] == [
        ["Lệ phí cấp giấy phép", "1.250.000 đồng", "mọi kênh"],
        ["Lệ phí cấp giấy phép, nộp trực tuyến", "625.000 đồng", "trực tuyến"],
    ]
    assert section(text, "Tên mẫu đơn, mẫu tờ khai") == "- Mẫu 01: Đơn đề nghị"
    english = sheet_markdown(*posted("9.000001"), "en")
    assert rows(section(english, "Fees"))[0][1] == "1,250,000 VND"


def test_an_assumed_online_level_is_called_assumed() -> None:
    """Level, scheme, basis and citation stand side by side."""
    text = sheet_markdown(*posted("9.000001"), "en")
    online = rows(section(text, "Online service"))
    assert online[0] == ["level 4", "Decree 43/2011/NĐ-CP, art. 3", "assumed", "not stated"]
    assert online[1][:3] == ["full", "Decree 42/2022/NĐ-CP, art. 11", "published"]


def test_steps_that_are_not_of_a_decision_are_called_assumed() -> None:
    """The steps of a template are shown, with the sentence that they are assumed."""
    published = sheet_markdown(*posted("1.001806"), "vi")
    assumed = sheet_markdown(*posted("9.000001"), "vi")
    assert "Các bước theo quyết định phê duyệt quy trình nội bộ." in published
    assert "Các bước theo mẫu chung (giả định)" in assumed
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


@pytest.mark.parametrize(("code", "lang"), [("1.001806", "vi"), ("9.000001", "en")])
def test_the_sheet_is_the_one_that_was_read_by_eye(code: str, lang: Language) -> None:
    """The whole Markdown of two sheets, read and approved; a change shows as a difference."""
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
    assert 'lang="vi"' not in sheet_html(*posted("9.000001"), "vi").partition("<body>")[2]


def hostile(text: str) -> tuple[Procedure, Revision]:
    """Put a text wherever a file can hold one."""
    procedure, revision = posted("9.000001")
    label = Label(vi=text, en=text)
    steps = tuple(replace(step, label=label, actor=text) for step in revision.workflow.steps)
    revision = replace(
        revision,
        workflow=replace(revision.workflow, steps=steps),
        limits=tuple(replace(rule, case=text, area=text) for rule in revision.limits),
        requirements=tuple(replace(r, label=label, form=text) for r in revision.requirements),
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
    shipped = Catalog.shipped()
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
    with pytest.raises(OutputError):
        igate(*common, str(tmp_path / "missing" / "sheet.html"))


def test_a_wrong_option_is_a_wrong_use() -> None:
    """A day that is no day and a form that is not offered end with exit code 2."""
    assert igate("sheet", "1.001806", "--on", "20/11/2026")[0] == 2
    assert igate("sheet", "1.001806", "--format", "pdf")[0] == 2
