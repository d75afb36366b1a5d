"""The way in: what decisions print becomes a process, or a reason why not."""

from __future__ import annotations

import csv
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from igate.errors import IgateError, Place
from igate.importing import FAULT_CODES, Given, read_drafts
from igate.importing.actors import phase_of, role_of
from igate.importing.headings import heading_unit, recognise
from igate.importing.times import read_step_time, totals_in
from igate.importing.titles import read_title
from importing_tables import ABOVE, markdown, write
from places import ROOT, TESTS

if TYPE_CHECKING:
    from pathlib import Path

    from igate.importing import Draft

PAGE = ROOT / "docs" / "how-to" / "import-a-process.md"
HEADINGS = ["Bước", "Nội dung công việc", "Đơn vị thực hiện", "Thời gian thực hiện"]
COUNTER = "Bộ phận tiếp nhận và trả kết quả"
DECISION = "(Kèm theo Quyết định số 2022/QĐ-UBND ngày 27/11/2025 của Chủ tịch UBND tỉnh Cao Bằng)"
TITLE = f"{DECISION}\n1. Thủ tục thử (Mã TTHC: 1.001806)"
ROWS = [
    HEADINGS,
    ["Bước 1", "Tiếp nhận hồ sơ", "Bộ phận tiếp nhận và trả kết quả", "0,5 ngày làm việc"],
    ["Bước 2", "Thẩm định hồ sơ", "Chuyên viên Phòng A", "2,5 ngày làm việc"],
    ["Bước 3", "Trả kết quả", "Bộ phận tiếp nhận và trả kết quả", "Không tính thời gian"],
]
TOTAL = ["Tổng thời gian giải quyết", "", "", "03 ngày làm việc"]


def answers() -> list[dict[str, str]]:
    with (TESTS / "answers" / "import_processes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read(tmp_path: Path, title: str, rows: list[list[str]], ending: str = ".md") -> Draft:
    """Import the one process of a table."""
    (draft,) = read_drafts(write(tmp_path / f"table{ending}", title, rows))
    return draft


def codes(draft: Draft, severity: str = "error") -> set[str]:
    return {fault.code for fault in draft.faults if fault.severity == severity}


def as_table(row: dict[str, str]) -> tuple[str, list[list[str]]]:
    """Write an answer as title and rows; contents and actors are not what it is about."""
    times = row["times"].split("|")
    code = f" (Mã TTHC: {row['code']})" if row["code"] else ""
    decision = f"(Kèm theo Quyết định số {row['decision']} ngày 27/11/2025 của UBND tỉnh X)\n"
    title = f"{decision if row['decision'] else ''}1. Thủ tục thử{code}\n{row['title_tail']}"
    if row["verdict"] == "not-a-process":
        heading = ["STT", "Mã TTHC", "Tên TTHC", row["time_heading"]]
        return title, [heading, *([str(n), "1.014390", "A", time] for n, time in enumerate(times))]
    body = [
        [f"Bước {n}", "Thẩm định hồ sơ", "Chuyên viên", time] for n, time in enumerate(times, 1)
    ]
    heading = [*HEADINGS[:3], row["time_heading"]]
    total = [[row["printed_total"], "", "", ""]] if row["printed_total"] else []
    return title, [heading, *body, *total]


@pytest.mark.parametrize("ending", [".md", ".csv", ".docx", ".xlsx"])
@pytest.mark.parametrize("row", answers(), ids=lambda row: row["id"])
def test_published_processes_add_up_or_are_refused_with_the_reason(
    row: dict[str, str], ending: str, tmp_path: Path
) -> None:
    """Times, totals and sums of processes that provinces published in November 2025."""
    draft = read(tmp_path, *as_table(row), ending)
    refused = set(row["verdict"].split()) - {"imported"}
    if not row["decision"]:
        refused.add("missing-citation")
    assert codes(draft) == refused
    assert draft.refused == bool(refused)
    assert (draft.process is None) == bool(refused)
    assert draft.hours == (Fraction(row["sum_hours"]) if row["sum_hours"] else None)


def test_a_sum_that_differs_is_told_with_both_numbers_and_the_place(tmp_path: Path) -> None:
    """Cao Bằng, 2028/QĐ-UBND: the steps of 1.003999 are 9.5 days, printed are 10.5."""
    row = next(row for row in answers() if row["id"] == "1.003999")
    (fault,) = (
        each for each in read(tmp_path, *as_table(row)).faults if each.code == "sum-differs"
    )
    assert "9.5 days (76 hours)" in fault.finding("en").message
    assert '"10,5 ngày làm việc"' in fault.finding("en").message
    assert "9,5 ngày (76 giờ)" in fault.finding("vi").message
    # two lines of title, one empty, heading, rule, seven steps, then the total
    assert str(fault.place) == "table.md:14:1"


@pytest.mark.parametrize(
    ("headings", "found"),
    [
        (["Thứ tự công việc", "Nội dung công việc", "Đơn vị thực hiện", "Thời gian"], (0, 1, 2, 3)),
        (["TT", "Trình tự", "Trách nhiệm", "Thời gian", "Biểu mẫu/Kết quả"], (0, 1, 2, 3)),
        (["TT", "Đơn vị/ người thực hiện", "Nội dung công việc", "Thời gian"], (0, 2, 1, 3)),
        (["CÁC BƯỚC", "TRÌNH TỰ THỰC HIỆN", "ĐƠN VỊ GIẢI QUYẾT", "THỜI GIAN GIẢI QUYẾT"],
         (0, 1, 2, 3)),
        (["Tên bước", "Đơn vị/người thực hiện", "Nội dung công việc",
          "Thời hạn giải quyết (ĐVT: Ngày làm việc)", "Biểu mẫu/ kết quả"], (0, 2, 1, 3)),
        (["TT", "Trình tự thực hiện", "Trách nhiệm thực hiện", "Sản phẩm thực hiện",
          "Thời gian thực hiện"], (0, 1, 2, 4)),
        (["STT", "Nội dung công việc", "Phân công nhiệm vụ", "Thời gian thực hiện"], (0, 1, 2, 3)),
        (["Thời gian (ngày)", "Số TT", "Trách nhiệm", "Trình tự"], (1, 3, 2, 0)),
    ],
)  # fmt: skip
def test_columns_are_recognised_by_their_words(
    headings: list[str], found: tuple[int, int, int, int]
) -> None:
    """Step, content, actor and time, in the words and orders of sixteen decisions."""
    columns = recognise(headings)
    assert (columns.step, columns.content, columns.actor, columns.time) == found
    assert columns.missing == ()
    assert columns.twice == ()


def test_a_list_of_procedures_is_no_process() -> None:
    """It has names or codes of procedures and no content of steps."""
    assert recognise(["STT", "Tên TTHC", "Thời hạn giải quyết", "Cơ quan thực hiện"]).is_list
    assert recognise(["TT", "Mã TTHC", "Thời hạn giải quyết"]).is_list
    assert not recognise(HEADINGS).is_list


def test_missing_and_double_columns_are_named(tmp_path: Path) -> None:
    """A table that does not say who works, or gives two times, is not guessed at."""
    bare = [["Bước", "Nội dung công việc", "Thời gian"], ["1", "Làm", "1 ngày"]]
    draft = read(tmp_path, TITLE, bare)
    assert codes(draft) == {"missing-column"}
    assert "who does it" in draft.faults[0].finding("en").message
    double = [[*HEADINGS, "Thời gian cắt giảm"], [*ROWS[1], "1 ngày"]]
    draft = read(tmp_path, TITLE, double)
    assert codes(draft) == {"ambiguous-column"}
    assert draft.faults[0].place.column == 5


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("0,5 ngày", "0.5 working_day"),
        ("1/4 ngày", "0.25 working_day"),
        ("½ ngày", "0.5 working_day"),
        ("1½ ngày", "1.5 working_day"),
        ("04 giờ làm việc", "4 working_hour"),
        ("04 giờ", "4 working_hour"),
        ("7.5 ngày làm việc", "7.5 working_day"),
        ("10,0 ngày", "10 working_day"),
        ("Không quy định", "not_stated"),
    ],
)
def test_times_of_steps_are_working_time(text: str, limit: str) -> None:
    """A plain day or hour of an internal process is a working one (assumed)."""
    assert str(read_step_time(text)) == limit


@pytest.mark.parametrize("text", ["Không tính thời gian", "Giờ hành chính", "giờ hành chính."])
def test_what_is_not_counted_has_no_limit(text: str) -> None:
    """As the last step of most tables says."""
    assert read_step_time(text) is None


def test_a_heading_can_give_the_unit_of_its_column(tmp_path: Path) -> None:
    """Numbers alone are read with it, and refused without it; a remark on hours is no unit."""
    assert heading_unit("Thời gian (ngày làm việc)") == "ngày làm việc"
    assert heading_unit("Thời hạn giải quyết (ĐVT: Ngày làm việc)") == "ngày làm việc"
    assert heading_unit("Thời gian thực hiện (tính mỗi ngày 08 giờ)") == ""
    rows = [[*row[:3], row[3].split()[0]] for row in ROWS[1:3]]
    named = [[*HEADINGS[:3], "Thời gian (ngày làm việc)"], *rows, ROWS[3]]
    assert read(tmp_path, TITLE, named).hours == 24
    assert codes(read(tmp_path, TITLE, [HEADINGS, *rows, ROWS[3]])) == {"time-without-unit"}
    total = read(tmp_path, TITLE, [*named, ["Tổng cộng thời gian", "", "", "3"]]).total_hours
    assert total == 24


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tổng thời gian giải quyết 168 giờ (tương đương 21 ngày) kể từ ngày nhận", ["168 giờ"]),
        ("Tổng thời gian giải quyết TTHC Không quá 17 ngày kể từ ngày nhận", ["17 ngày"]),
        ("Tổng cộng: 02 tháng và 15 ngày làm việc", ["02 tháng và 15 ngày làm việc"]),
        ("Tổng thời gian: 5 ngày làm việc; trường hợp phức tạp 10 ngày làm việc",
         ["5 ngày làm việc", "10 ngày làm việc"]),
        ("Tổng thời gian giải quyết TTHC", []),
    ],
)  # fmt: skip
def test_totals_are_found_in_the_words_around_them(text: str, found: list[str]) -> None:
    """What stands in brackets as an equivalent is not a second total; two lengths are two."""
    assert [each.text for each in totals_in(text, Place(file="a", line=1))] == found


def test_half_a_plain_day_of_a_total_is_working_time(tmp_path: Path) -> None:
    """Half a calendar day cannot be counted; what divides by zero is no total at all."""
    place = Place(file="a", line=1)
    (total,) = totals_in("Tổng thời gian: 4,5 ngày", place)
    assert str(total.limit) == "4.5 working_day"
    assert total.assumed
    assert totals_in("Tổng thời gian: 1/0 ngày", place)[0].limit is None
    rows = [*ROWS, ["Tổng thời gian: 1/0 ngày", "", "", ""]]
    assert codes(read(tmp_path, TITLE, rows)) == {"several-totals"}


def test_a_range_is_no_total() -> None:
    """Of "10-25 ngày" nobody may take the 25, of "9 hoặc 10 ngày" nobody the 10."""
    for printed in ("10-25 ngày", "10 đến 25 ngày", "9 hoặc 10 ngày"):
        (total,) = totals_in(f"Tổng thời gian: {printed}", Place(file="a", line=1))
        assert total.limit is None


@pytest.mark.parametrize(
    ("text", "procedures"),
    [
        (
            "14. Thủ tục sửa đổi Hợp đồng (Mã TTHC: 1.014452)",
            [("1.014452", "Thủ tục sửa đổi Hợp đồng")],
        ),
        (
            "Quy trình số 01 1. Quy trình nội bộ giải quyết: “Công nhận cơ sở” (Mã TTHC: 1.001806)",
            [("1.001806", "Công nhận cơ sở")],
        ),
        (
            "3. Thủ tục gia hạn dự án – Mã TTHC: 1.009659.H05",
            [("1.009659", "Thủ tục gia hạn dự án")],
        ),
        (
            "1. Đăng ký cai nghiện - Mã số 3.000527.H61 - Thời gian giải quyết: 03 ngày làm việc",
            [("3.000527", "Đăng ký cai nghiện")],
        ),
        (
            "I. Khấu trừ kinh phí bồi thường (mã số 1.012994)",
            [("1.012994", "Khấu trừ kinh phí bồi thường")],
        ),
        (
            "Thủ tục thành lập tổ chức (Mã TTHC: (2.001717__)__",
            [("2.001717", "Thủ tục thành lập tổ chức")],
        ),
        (
            "2. Giải quyết nhóm TTHC: 2.1. Thủ tục A (1.001123); 2.2. Thủ tục B (2.001641)",
            [("1.001123", "Thủ tục A"), ("2.001641", "Thủ tục B")],
        ),
        (
            "1. Thủ tục công nhận cơ sở (lần đầu) (Mã TTHC: 9.000001); 2. Thủ tục B) (9.000002)",
            [("9.000001", "Thủ tục công nhận cơ sở (lần đầu)"), ("9.000002", "Thủ tục B")],
        ),
        ("6. Quy trình giải quyết", []),
    ],
)
def test_codes_and_names_are_read_from_titles(text: str, procedures: list[tuple[str, str]]) -> None:
    """As the titles of ten provinces print them; the suffix of an agency is left out."""
    assert [(each.code, each.name) for each in read_title(text).procedures] == procedures


def test_a_title_names_case_decision_and_field() -> None:
    """Cao Bằng, 2022/QĐ-UBND; the field is printed in capitals."""
    title = read_title(
        "A. LĨNH VỰC TRẺ EM (02 TTHC)\n"
        "(Kèm theo Quyết định số 2022/QĐ-UBND ngày 27 tháng 11 năm 2025 của UBND tỉnh Cao Bằng)\n"
        "14. Thủ tục Chấm dứt việc chăm sóc (1.004944)\n"
        "a) Đối với trường hợp theo đề nghị của gia đình (cấp xã) Thời gian giải quyết: 5 ngày"
    )
    assert title.case == "Đối với trường hợp theo đề nghị của gia đình (cấp xã)"
    assert title.case_letter == "a"
    assert title.field == "Trẻ em"
    assert title.decision is not None
    assert title.decision.citation == (
        "Quyết định 2022/QĐ-UBND ngày 27/11/2025 của UBND tỉnh Cao Bằng"
    )


@pytest.mark.parametrize(
    ("actor", "role"),
    [
        ("Lãnh đạo Phòng BTXH và Trẻ em Sở Y tế", "head_of_section"),
        ("Lãnh đạo Văn phòng Sở", "head_of_section"),
        ("Chỉ huy Công an cấp xã", "head_of_section"),
        ("Lãnh đạo Sở Y tế", "department_leader"),
        ("Bộ phận Văn thư Sở Y tế", "clerk"),
        ("Công chức kiểm tra; dự thảo văn bản trình Lãnh đạo phòng", "officer"),
        ("Chuyên viên phòng Nội chính, Văn phòng UBND tỉnh", "provincial_committee"),
        ("Văn thư Văn phòng UBND tỉnh", "provincial_committee"),
        ("Lãnh đạo UBND cấp xã (Chủ tịch Hội đồng chính sách xã)", "leader"),
        ("Người đứng đầu đơn vị", "leader"),
        ("Các Sở, ban, ngành được xin ý kiến", "other_agency"),
        ("Phòng QLKH/Thành viên Hội đồng", "other_agency"),
        ("Tổ chức đề nghị", "applicant"),
        ("Ban Chính sách", None),
    ],
)
def test_roles_are_read_from_actors(actor: str, role: str | None) -> None:
    """As docs/data.md lists them for the shipped procedures, which were read by hand."""
    assert role_of(actor, "processing") == role


@pytest.mark.parametrize(
    ("actor", "role"),
    [
        ("Sở Xây dựng; Công an tỉnh; Sở Y tế", "other_agency"),
        ("Sở Xây dựng, Công an tỉnh, Sở Y tế", "other_agency"),
        ("Công an tỉnh và Bộ Chỉ huy quân sự tỉnh", "other_agency"),
        ("Sở Văn hóa, Thể thao và Du lịch; Sở Y tế.", "other_agency"),
        ("UBND tỉnh; Sở Tư pháp", "other_agency"),
        ("Công an xã; UBND xã", "other_agency"),
        ("Sở Văn hóa, Thể thao và Du lịch", None),
        ("Sở Nông nghiệp và Môi trường", None),
        ("Bộ phận nhận hồ sơ; Bộ phận thẩm định", None),
        ("Phòng Quản lý đô thị; Phòng Kinh tế", None),
        ("Ban Chính sách/ Phòng Chính trị", None),
        ("Lãnh đạo Sở Xây dựng, Sở Y tế", "department_leader"),
        ("Chuyên viên phòng Nội chính, Văn phòng UBND tỉnh", "provincial_committee"),
        ("UBND xã, phường", "leader"),
        ("Sở Y tế (Công an tỉnh; Sở Xây dựng phối hợp)", None),
    ],
)
def test_a_list_of_agencies_is_asked_and_no_officer(actor: str, role: str | None) -> None:
    """Two agencies or more; the comma or "và" inside the name of one makes no list."""
    assert role_of(actor, "processing") == role


def test_reception_and_handover_are_read_from_the_text() -> None:
    """Appraisal in the first row is processing; the name of the office is no handover."""
    assert phase_of(first=True, last=False, content="Kiểm tra hồ sơ", actor=COUNTER) == "reception"
    both = "Tiếp nhận hồ sơ, thẩm định hồ sơ"
    assert phase_of(first=True, last=False, content=both, actor="Chuyên viên") == "processing"
    assert phase_of(first=False, last=True, content="Trả kết quả", actor=COUNTER) == "handover"
    passed = "Chuyển hồ sơ đến Bộ phận tiếp nhận và trả kết quả"
    assert phase_of(first=False, last=True, content=passed, actor="Văn thư") == "processing"


def test_further_actors_of_a_step_have_their_own_times(tmp_path: Path) -> None:
    """Hà Nội, 1594/QĐ-TTPVHCC, step 2: ½ + 1 + 1 day, in rows or in the lines of one cell."""
    rows = [
        *ROWS[:2],
        ["Bước 2", "Chuyển hồ sơ", "Trưởng Bộ phận", "½ ngày"],
        ["", "Phân công", "Lãnh đạo Sở", "1 ngày"],
        ["", "Phân công", "Lãnh đạo phòng", "1 ngày"],
        ROWS[3],
    ]
    lines = [
        *ROWS[:2],
        ["Bước 2", "Chuyển hồ sơ\nPhân công\nPhân công",
         "Trưởng Bộ phận\nLãnh đạo Sở\nLãnh đạo phòng", "½ ngày\n1 ngày\n1 ngày"],
        ROWS[3],
    ]  # fmt: skip
    first, second = (read(tmp_path, TITLE, each).process for each in (rows, lines))
    assert first is not None
    assert second is not None
    assert [step.printed for step in first.steps[1:4]] == ["Bước 2"] * 3
    assert [str(step.limit) for step in first.steps[1:4]] == [
        "0.5 working_day", "1 working_day", "1 working_day",
    ]  # fmt: skip
    assert first.steps == second.steps


def test_times_without_their_actors_are_refused(tmp_path: Path) -> None:
    """Three times for two actors: nobody knows whose is which."""
    row = ["Bước 2", "Thẩm định", "Chuyên viên\nLãnh đạo phòng", "1 ngày\n1 ngày\n1 ngày"]
    draft = read(tmp_path, TITLE, [*ROWS[:2], row, ROWS[3]])
    assert codes(draft) == {"actors-and-times"}


@pytest.mark.parametrize("ending", [".xlsx", ".docx"])
def test_a_time_that_several_steps_share_is_refused(ending: str, tmp_path: Path) -> None:
    """Merged cells: seven days for two steps are not seven for each, and not divided."""
    row = ["Bước 3", "Trình ký", "Lãnh đạo phòng", ABOVE]
    rows = [*ROWS[:3], row, ["Bước 4", *ROWS[3][1:]]]
    draft = read(tmp_path, TITLE, rows, ending)
    assert codes(draft) == {"shared-time"}
    (fault,) = (each for each in draft.faults if each.code == "shared-time")
    assert '"2,5 ngày làm việc"' in fault.finding("en").message


@pytest.mark.parametrize("ending", [".xlsx", ".docx"])
def test_merged_contents_hold_for_every_actor(ending: str, tmp_path: Path) -> None:
    """Đồng Nai, 2811/QĐ-UBND: one content, three actors with their times."""
    rows = [
        *ROWS[:3],
        [ABOVE, ABOVE, "Lãnh đạo Sở", "04 giờ làm việc"],
        ROWS[3],
    ]
    process = read(tmp_path, TITLE, rows, ending).process
    assert process is not None
    assert process.steps[2].content == "Thẩm định hồ sơ"
    assert process.steps[2].role == "department_leader"


def test_word_numbers_that_are_not_stored_are_counted(tmp_path: Path) -> None:
    """A cell with an automatic number only is a step of its own, not a further actor."""
    rows = [HEADINGS, *(["#", *row[1:]] for row in ROWS[1:])]
    process = read(tmp_path, TITLE, rows, ".docx").process
    assert process is not None
    assert [step.printed for step in process.steps] == ["Bước 1", "Bước 2", "Bước 3"]


def test_several_processes_of_a_file_do_not_touch_each_other(tmp_path: Path) -> None:
    """A wrong one is refused, the one below it is read, with the decision above both."""
    wrong = [*ROWS, ["Tổng thời gian giải quyết", "", "", "10 ngày làm việc"]]
    path = tmp_path / "two.md"
    second = "2. Thủ tục khác (Mã TTHC: 1.000091)"
    path.write_text(f"{markdown(TITLE, wrong)}\n{markdown(second, [*ROWS, TOTAL])}", "utf-8")
    first, other = read_drafts(path)
    assert codes(first) == {"sum-differs"}
    assert other.process is not None
    assert other.process.procedures[0].code == "1.000091"
    assert other.process.citation.startswith("Quyết định 2022/QĐ-UBND ngày 27/11/2025")


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_processes_below_each_other_in_one_sheet_are_told_apart(
    ending: str, tmp_path: Path
) -> None:
    """The lines between total and next heading are the next title."""
    wide = [[TITLE.split("\n")[1], "", "", ""], *ROWS, TOTAL]
    second = [["2. Thủ tục khác (Mã TTHC: 1.000091)", "", "", ""], *ROWS, TOTAL]
    drafts = read_drafts(write(tmp_path / f"s{ending}", DECISION, [*wide, *second]))
    found = [draft.process.procedures[0].code for draft in drafts if draft.process]
    assert found == ["1.001806", "1.000091"]


def test_a_case_b_belongs_to_the_procedure_of_case_a(tmp_path: Path) -> None:
    """And is refused, because a file holds one list of steps."""
    path = tmp_path / "cases.md"
    first = f"{TITLE}\na) Trường hợp cấp mới"
    second = "b) Trường hợp cấp lại"
    path.write_text(f"{markdown(first, ROWS)}\n{markdown(second, ROWS)}", "utf-8")
    new, again = read_drafts(path)
    assert new.process is not None
    assert new.process.case == "Trường hợp cấp mới"
    assert codes(again) == {"duplicate-process"}
    assert "1.001806" in next(
        fault.finding("vi").message for fault in again.faults if fault.code == "duplicate-process"
    )


def test_a_shared_process_gives_each_procedure_its_file(tmp_path: Path) -> None:
    """The title says "nhóm TTHC"; several codes without that word are refused."""
    two = "1.1. Thủ tục A (Mã TTHC: 1.001123); 1.2. Thủ tục B (Mã TTHC: 2.001641)"
    shared = read(tmp_path, f"{DECISION}\nQuy trình nội bộ giải quyết nhóm TTHC: {two}", ROWS)
    assert shared.process is not None
    assert [each.code for each in shared.process.procedures] == ["1.001123", "2.001641"]
    loose = read(tmp_path, f"{DECISION}\nThủ tục A (1.001123) thay cho thủ tục B (2.001641)", ROWS)
    assert codes(loose) == {"several-codes"}


def test_two_days_of_one_decision_are_a_contradiction(tmp_path: Path) -> None:
    """Sơn La, 2969/QĐ-UBND: 21/11/2025 in the record, 21/12/2025 in the annex."""
    from importing_tables import record  # noqa: PLC0415 - only here

    title = TITLE.replace("2022/QĐ-UBND ngày 27/11/2025", "2969/QĐ-UBND ngày 21/12/2025")
    path = tmp_path / "one.jsonl"
    text = record(title, ROWS, step=0, time=3, decision="2969/QĐ-UBND", date="21/11/2025")
    path.write_text(text + "\n", encoding="utf-8")
    (draft,) = read_drafts(path)
    assert codes(draft) == {"contradiction"}
    (fault,) = (each for each in draft.faults if each.code == "contradiction")
    assert "21/12/2025" in fault.finding("en").message
    assert "21/11/2025" in fault.finding("en").message


def test_the_applicant_has_no_step(tmp_path: Path) -> None:
    """Lạng Sơn, 2487/QĐ-UBND, step 17: "Tổ chức đề nghị" completes the dossier."""
    row = ["Bước 3", "Hoàn thiện hồ sơ", "Tổ chức đề nghị", "Không tính thời gian"]
    draft = read(tmp_path, TITLE, [*ROWS[:3], row, ["Bước 4", *ROWS[3][1:]]])
    assert codes(draft) == {"applicant-step"}


def test_doubts_do_not_keep_a_process_from_being_read(tmp_path: Path) -> None:
    """A number printed twice, one left out, an unknown actor, no handover, a heading inside."""
    rows = [
        *ROWS[:2],
        ["Quy trình nội bộ tại UBND Thành phố", "", "", ""],
        ["Bước 2", "Thẩm định hồ sơ", "Ban Chính sách", "1 ngày"],
        ["Bước 2", "Trình ký", "Lãnh đạo phòng", "1 ngày"],
        ["Bước 5", "Ký", "Lãnh đạo Sở", "1 ngày"],
    ]
    draft = read(tmp_path, TITLE, rows)
    assert codes(draft) == set()
    assert codes(draft, "warning") == {
        "step-gap", "repeated-step", "unknown-actor", "missing-handover", "missing-total",
    }  # fmt: skip
    assert draft.process is not None
    assert draft.process.steps[1].heading == "Quy trình nội bộ tại UBND Thành phố"


def test_what_was_found_is_told_in_the_order_of_the_lines(tmp_path: Path) -> None:
    """Whatever found it: roles, numbers, headings inside, ways, totals."""
    rows = [
        HEADINGS,
        ["Bước 1", "Tiếp nhận hồ sơ", COUNTER, "1 ngày"],
        ["Bước 2", "Thẩm định", "Ban Chính sách", "1 ngày"],
        ["Bước 4", "Ký; chuyển lại bước 9", "Ban Chính sách", "x"],
        ["Quy trình nội bộ tại UBND Thành phố", "", "", ""],
        ["Bước 1", "Trả kết quả", COUNTER, ""],
        ["Tổng thời gian giải quyết", "", "", "9 hoặc 10 ngày"],
    ]
    found = read(tmp_path, TITLE, rows).faults
    assert [(fault.place.line, fault.code) for fault in found] == [
        (4, "missing-field"), (7, "unknown-actor"), (8, "step-gap"), (8, "unknown-actor"),
        (8, "unclear-way"), (8, "unreadable-time"), (9, "sub-heading"), (10, "missing-time"),
        (11, "several-totals"),
    ]  # fmt: skip


def test_the_caller_can_give_code_and_decision(tmp_path: Path) -> None:
    """For a table without them; a code only where there is one process."""
    from igate.law.citation import Citation  # noqa: PLC0415 - only here

    path = write(tmp_path / "bare.csv", "Thủ tục thử", ROWS)
    assert codes(read_drafts(path)[0]) == {"missing-code", "missing-citation"}
    given = Given(code="1.001806", citation=Citation.parse("Quyết định 1/QĐ-UBND ngày 02/01/2026"))
    (draft,) = read_drafts(path, given=given)
    assert draft.process is not None
    assert draft.process.procedures[0].name == "Thủ tục thử"
    assert draft.process.day == "2026-01-02"
    path.write_text(path.read_text("utf-8") * 2, "utf-8")
    with pytest.raises(IgateError, match="2 processes"):
        read_drafts(path, given=given)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.doc", b"", "cannot be imported"),
        ("a.docx", b"no zip", "not a DOCX"),
        ("a.xlsx", b"no zip", "not an XLSX"),
        ("a.csv", b"\xff\xfe", "not UTF-8"),
        ("a.jsonl", b"{", "not JSON"),
        ("a.jsonl", b"{}", 'no "header"'),
    ],
)
def test_files_that_cannot_be_read_are_refused(
    name: str, content: bytes, what: str, tmp_path: Path
) -> None:
    """With the file and what to do."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(IgateError, match=what):
        read_drafts(tmp_path / name)


def test_every_code_is_explained_on_the_page_and_no_other() -> None:
    """docs/how-to/import-a-process.md has a row for each."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = [line.split("`")[1] for line in lines if line.startswith("| `")]
    assert rows == list(FAULT_CODES)
