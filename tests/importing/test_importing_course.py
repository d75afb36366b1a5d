"""The course of an imported process: actors in turn, the decision's numbers, ways back in words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from igate.checks.checker import check_paths
from igate.importing import definitions, read_drafts, write_files
from igate.procedures.catalog.catalog import Catalog
from importing_tables import ABOVE, write

if TYPE_CHECKING:
    from pathlib import Path

    from igate.importing import Draft, InternalProcess
    from igate.procedures.workflow import Workflow

HEADINGS = ["Bước", "Nội dung công việc", "Đơn vị thực hiện", "Thời gian thực hiện"]
DECISION = "(Kèm theo Quyết định số 1594/QĐ-TTPVHCC ngày 27/11/2025 của Trung tâm X)"
TITLE = f"{DECISION}\n1. Thủ tục thử (Mã TTHC: 1.001806)"
COUNTER = "Bộ phận tiếp nhận và trả kết quả"
DISAGREE = "Xem xét: - Nếu đồng ý: Ký. - Nếu không đồng ý: "
#: Hà Nội, 1594/QĐ-TTPVHCC, as far as its times are told apart: ½ + ½ + 1 + 1 + 16 + 1 + 1 + 9 = 30
HA_NOI = [
    HEADINGS,
    ["Bước 1", "Tiếp nhận hồ sơ", "Cán bộ Bộ phận TN&TKQ", "1/2 ngày"],
    ["Bước 2", "Chuyển hồ sơ tới Lãnh đạo Sở", "Trưởng Bộ phận TN&TKQ", "1/2 ngày"],
    ["", "Phân công thụ lý hồ sơ", "Lãnh đạo Sở", "1 ngày"],
    ["", "Phân công hồ sơ", "Lãnh đạo phòng Nghiệp vụ", "1 ngày"],
    ["Bước 3", "Kiểm tra hồ sơ", "Chuyên viên phòng Nghiệp vụ", "16 ngày"],
    ["Bước 4", f"{DISAGREE}Chuyển lại bước 3", "Lãnh đạo phòng Nghiệp vụ", "01 ngày"],
    ["Bước 5", f"{DISAGREE}Chuyển lại bước 4", "Lãnh đạo Sở", "01 ngày"],
    ["Bước 6", "Phê duyệt kết quả", "Lãnh đạo UBND Thành phố", "09 ngày"],
    ["Bước 7", "Trả kết quả cho tổ chức", COUNTER, "Giờ hành chính"],
    ["Tổng thời gian", "", "", "30 ngày làm việc"],
]


def read(tmp_path: Path, rows: list[list[str]], ending: str = ".md") -> Draft:
    """Import the one process of a table."""
    (draft,) = read_drafts(write(tmp_path / f"table{ending}", TITLE, rows))
    return draft


def process_of(draft: Draft) -> InternalProcess:
    assert draft.process is not None, [str(fault.finding("en")) for fault in draft.faults]
    return draft.process


def table(*steps: tuple[str, str, str]) -> list[list[str]]:
    """Return a table between reception and handover: number, content and actor of each step."""
    return [
        HEADINGS,
        ["Bước 1", "Tiếp nhận hồ sơ", COUNTER, "1 ngày"],
        *([*step, "1 ngày"] for step in steps),
        ["Bước 9", "Trả kết quả", COUNTER, "Không tính thời gian"],
    ]


def said(words: str) -> list[list[str]]:
    """Return a table of steps 1 to 6, the fourth with these words; step 6 hands over."""
    steps = table(
        ("Bước 2", "Phân công", "Lãnh đạo phòng A"),
        ("Bước 3", "Thẩm định", "Chuyên viên phòng A"),
        ("Bước 4", words, "Lãnh đạo phòng A"),
        ("Bước 5", "Ký duyệt", "Lãnh đạo Sở A"),
    )
    steps[-1][0] = "Bước 6"
    return steps


def ways(draft: Draft) -> list[tuple[int, str, int]]:
    """Return the ways of a process: from, action, to."""
    return [
        (step.number, way.action, way.to) for step in process_of(draft).steps for way in step.ways
    ]


def doubts(draft: Draft) -> list[str]:
    return [fault.finding("en").message for fault in draft.faults if fault.code == "unclear-way"]


def workflow(draft: Draft, folder: Path) -> tuple[str, Workflow]:
    """Write the file of a process, check it without an error and load it again."""
    texts = definitions([draft], file="table", checked_on=date(2026, 11, 21))
    paths = write_files(texts, folder)
    assert [str(each) for each in check_paths(paths) if each.severity == "error"] == []
    procedure = Catalog.load(*paths).procedure("1.001806")
    return next(iter(texts.values())), procedure.in_force(date(2026, 1, 2)).workflow


@pytest.mark.parametrize("ending", [".md", ".csv", ".docx", ".xlsx"])
def test_the_actors_of_one_step_keep_its_number(ending: str, tmp_path: Path) -> None:
    """Hà Nội, 1594/QĐ-TTPVHCC: step 2 is ½ + 1 + 1 day, and step 3 stays step 3."""
    draft = read(tmp_path, HA_NOI, ending)
    assert draft.hours == draft.total_hours == 30 * 8
    _, course = workflow(draft, tmp_path / "out")
    assert [(step.place, step.role, str(step.limit)) for step in course.steps] == [
        ("1", "receptionist", "0.5 working_day"),
        ("2.1", "head_of_section", "0.5 working_day"),
        ("2.2", "department_leader", "1 working_day"),
        ("2.3", "head_of_section", "1 working_day"),
        ("3", "officer", "16 working_day"),
        ("4", "head_of_section", "1 working_day"),
        ("5", "department_leader", "1 working_day"),
        ("6", "provincial_committee", "9 working_day"),
        ("7", "receptionist", "None"),
    ]
    assert [(step.actor, step.label.vi) for step in course.steps[1:4]] == [
        ("Trưởng Bộ phận TN&TKQ", "Chuyển hồ sơ tới Lãnh đạo Sở"),
        ("Lãnh đạo Sở", "Phân công thụ lý hồ sơ"),
        ("Lãnh đạo phòng Nghiệp vụ", "Phân công hồ sơ"),
    ]


def test_words_that_send_back_replace_the_way_of_the_template(tmp_path: Path) -> None:
    """Hà Nội, 1594/QĐ-TTPVHCC: "Nếu không đồng ý: Chuyển lại bước 3", and the same for step 4."""
    draft = read(tmp_path, HA_NOI)
    assert ways(draft) == [(4, "send_back", 3), (5, "send_back", 4)]
    text, course = workflow(draft, tmp_path / "out")
    back = {(each.source, each.target) for each in course.transitions if each.action == "send_back"}
    assert {pair for pair in back if pair[0] in {"processing_4", "processing_5"}} == {
        ("processing_4", "processing_3"),
        ("processing_5", "processing_4"),
    }
    assert text.count("# Nếu không đồng ý: Chuyển lại bước 3\n          - action: send_back") == 1
    assert "actors) làm lần lượt (giả định)" in text
    assert "in turn (assumed)" in text


def test_a_way_that_skips_a_step_is_the_only_one_of_its_step(tmp_path: Path) -> None:
    """From step 4 to step 2: nothing leads to step 3, the step before, any more."""
    draft = read(tmp_path, said("Ký; nếu không đồng ý thì trả lại hồ sơ cho Bước 2."))
    assert ways(draft) == [(4, "send_back", 2)]
    _, course = workflow(draft, tmp_path / "out")
    assert [
        (each.action, each.target)
        for each in course.transitions
        if each.source == "processing_4"
        and each.target in {"processing_2", "processing_3"}
        and not each.manner.upkeep
    ] == [("send_back", "processing_2")]


def test_of_several_ways_the_nearest_sends_back_and_the_others_have_their_words(
    tmp_path: Path,
) -> None:
    """Two ways from step 4, three from step 5: an action for each label, so all can be taken."""
    rows = said("Hồ sơ thiếu: quay lại bước 2; không đồng ý: thực hiện lại bước 3")
    rows[5][1] = "Trả lại bước 4; sai mẫu: trả lại bước 3; hồ sơ thiếu: quay lại bước 2"
    draft = read(tmp_path, rows)
    assert ways(draft) == [
        (4, "send_back", 3), (4, "send_back_a", 2),
        (5, "send_back", 4), (5, "send_back_b", 3), (5, "send_back_a", 2),
    ]  # fmt: skip
    text, course = workflow(draft, tmp_path / "out")
    assert [course.actions[f"send_back_{letter}"].label.vi for letter in "ab"] == [
        "Hồ sơ thiếu: quay lại bước 2", "Sai mẫu: trả lại bước 3",
    ]  # fmt: skip
    assert "# sai mẫu: trả lại bước 3\n" in text
    assert course.actions["send_back"].label.vi == "Trả lại bước trước"
    taken = {each.action: each.target for each in course.transitions if "5" in each.source}
    assert taken["send_back_b"] == "processing_3"


@pytest.mark.parametrize(
    "words",
    [
        "Chuyển lại bước 3",
        "trả lại Bước 3.",
        "quay trở lại B3 để bổ sung",
        "chuyển trả lại hồ sơ cho Bước 3",
        "trả hồ sơ về bước 3",
        "Trả lại chuyên viên thụ lý (Bước 3)",
        "chuyển lại cho công chức được phân công xử lý tại bước 3",
        "yêu cầu làm lại từ bước 3",
        "chuyển lại bước 3, 01 ngày làm việc",
        "không đạt: chuyển bước 3",
    ],
)
def test_a_way_back_is_said_in_many_words(words: str, tmp_path: Path) -> None:
    """Each leads from step 4 to step 3."""
    draft = read(tmp_path, said(words))
    assert ways(draft) == [(4, "send_back", 3)]
    assert doubts(draft) == []


@pytest.mark.parametrize(
    "words",
    [
        "Xem xét các kết quả thực hiện tại bước 3",
        "Chuyển kết quả thực hiện tại bước 3 đến lãnh đạo",
        "chuyển kết quả bước 3 cho văn thư",
        "Hoàn thành bước 3 và chuyển hồ sơ cho lãnh đạo",
        "Không chuyển lại bước 3",
        "trả lại bước trước",
        "chuyển sang bước 5",
        "Lập Mẫu B2, gửi kết quả",
    ],
)
def test_words_that_only_mention_a_step_are_no_way(words: str, tmp_path: Path) -> None:
    """Nor is passing on to the next step, or what the template does already."""
    draft = read(tmp_path, said(words))
    assert ways(draft) == []
    assert doubts(draft) == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("chuyển lại bước 12", "the table has no step of this number"),
        ("chuyển lại bước 3.1", "the table has no step of this number"),
        ("chuyển lại GĐ1 - Bước 3", "the table has no step of this number"),
        ("chuyển lại bước 4", "it is the step itself"),
        ("chuyển lại bước 1", "between steps that process the dossier"),
        ("chuyển lại bước 5", "it is a later step"),
        ("đủ thông tin thì chuyển sang bước 6", "it is a later step"),
        ("chuyển lại bước 2 hoặc bước 3", "they name several steps"),
        ("chuyển lại bước 2 - 3", "they name several steps"),
        ("chuyển lại bước 2,3", "they name several steps"),
        ("chuyển lại bước 2 của quy trình cấp xã", "a step of another process"),
        ("Trả lại hồ sơ cho công dân ở bước 3", "not clear to which step"),
    ],
)
def test_a_way_that_is_not_plain_is_told_and_not_guessed(
    words: str, why: str, tmp_path: Path
) -> None:
    """With the words, the reason and the place; the step itself is imported as it stands."""
    draft = read(tmp_path, said(words))
    assert ways(draft) == []
    (message,) = doubts(draft)
    assert message.startswith(f'Bước 4: "{words}" was not made a way')
    assert why in message
    (fault,) = (each for each in draft.faults if each.code == "unclear-way")
    # two lines of title, one empty, heading, rule, then the rows
    assert str(fault.place) == "table.md:9:1"
    assert "ghi ways của bước bằng tay" in fault.finding("vi").remedy


def test_the_handing_over_has_no_way_back(tmp_path: Path) -> None:
    """What the last row says of it is told: only steps that process lead to others."""
    rows = said("Xem xét")
    rows[-1][1] = "Trả kết quả; nếu có sai sót, chuyển lại bước 2"
    draft = read(tmp_path, rows)
    assert ways(draft) == []
    assert "not from the handing over" in doubts(draft)[0]


@pytest.mark.parametrize(
    ("numbers", "words", "to"),
    [
        (["B1", "B2", "B3", "B4", "B5"], "chuyển lại B2", 2),
        (["1", "2", "3", "4", "5"], "chuyển lại bước 3", 3),
        (["Bước 1.1", "Bước 1.2", "Bước 2.1", "Bước 2.2", "Bước 3"], "chuyển lại bước 2.1", 3),
        (["1.1", "1.2", "1.3", "2.1", "2.2"], "trả lại bước 1.2", 2),
        (["GĐ1 - Bước 1", "GĐ1 - Bước 2", "GĐ2 - Bước 1", "GĐ2 - Bước 2", "GĐ2 - Bước 3"],
         "trả lại bước 1", 3),
        (["GĐ1 - Bước 1", "GĐ1 - Bước 2", "GĐ2 - Bước 1", "GĐ2 - Bước 2", "GĐ2 - Bước 3"],
         "trả lại GĐ1 - Bước 2", 2),
    ],
)  # fmt: skip
def test_the_number_of_the_decision_becomes_ours(
    numbers: list[str], words: str, to: int, tmp_path: Path
) -> None:
    """The words stand in the fourth row; a number without a stage is one of the same stage."""
    contents = ["Tiếp nhận hồ sơ", "Phân công", "Thẩm định", f"Ký; {words}", "Trả kết quả"]
    actors = [COUNTER, "Lãnh đạo phòng A", "Chuyên viên", "Lãnh đạo Sở A", COUNTER]
    rows = [
        HEADINGS,
        *([*row, "1 ngày"] for row in zip(numbers, contents, actors, strict=True)),
    ]
    draft = read(tmp_path, rows)
    assert ways(draft) == [(4, "send_back", to)]
    assert not {"repeated-step", "step-gap"} & {fault.code for fault in draft.faults}


def test_a_number_that_two_steps_have_names_neither(tmp_path: Path) -> None:
    """Sơn La, 2929/QĐ-UBND, prints B5 twice; "chuyển lại B5" could be either."""
    rows = table(
        ("B5", "Thẩm định", "Chuyên viên"),
        ("B5", "Kiểm tra", "Lãnh đạo phòng A"),
        ("B6", "Ký; không đồng ý: chuyển lại B5", "Lãnh đạo Sở A"),
    )
    draft = read(tmp_path, rows)
    assert "repeated-step" in {fault.code for fault in draft.faults}
    assert ways(draft) == []
    assert "several steps have this number" in doubts(draft)[0]
    assert [step.part for step in process_of(draft).steps] == [0] * 5


def test_the_actor_below_the_reception_begins_the_next_step(tmp_path: Path) -> None:
    """The reception has one actor, so the decision's step 2 is ours 3; a way back finds it."""
    rows = table(
        ("", "Phân công", "Lãnh đạo phòng A"),
        ("Bước 2", "Thẩm định", "Chuyên viên"),
        ("Bước 3", "Ký; không đồng ý: chuyển lại bước 2", "Lãnh đạo Sở A"),
    )
    draft = read(tmp_path, rows)
    steps = process_of(draft).steps
    assert [(step.number, step.part, step.phase) for step in steps] == [
        (1, 0, "reception"), (2, 0, "processing"), (3, 0, "processing"), (4, 0, "processing"),
        (5, 0, "handover"),
    ]  # fmt: skip
    assert [step.printed for step in steps[:3]] == ["Bước 1", "Bước 1", "Bước 2"]
    assert ways(draft) == [(4, "send_back", 3)]
    workflow(draft, tmp_path / "out")


def test_only_the_last_actor_of_a_step_leads_elsewhere(tmp_path: Path) -> None:
    """An actor before the last passes on within the step; its words are told."""
    back = "Kiểm tra; không đồng ý: chuyển lại bước 2"
    first = [("Bước 3", back, "Trưởng phòng A"), ("", "Ký", "Lãnh đạo Sở A")]
    last = [("Bước 3", "Ký", "Trưởng phòng A"), ("", back, "Lãnh đạo Sở A")]
    one, other = (
        read(tmp_path, table(("Bước 2", "Thẩm định", "Chuyên viên"), *each))
        for each in (first, last)
    )
    assert ways(one) == []
    assert "another actor of the same step comes after" in doubts(one)[0]
    assert ways(other) == [(3, "send_back", 2)]
    assert process_of(other).steps[3].ways
    workflow(other, tmp_path / "out")


@pytest.mark.parametrize("ending", [".xlsx", ".docx"])
def test_words_in_a_merged_cell_are_those_of_the_whole_step(ending: str, tmp_path: Path) -> None:
    """One content for two actors: the way belongs to the last of them, and is no doubt."""
    rows = table(
        ("Bước 2", "Thẩm định", "Chuyên viên"),
        ("Bước 3", "Xem xét; không đồng ý: chuyển lại bước 2", "Trưởng phòng A"),
        (ABOVE, ABOVE, "Lãnh đạo Sở A"),
    )
    draft = read(tmp_path, rows, ending)
    assert ways(draft) == [(3, "send_back", 2)]
    assert doubts(draft) == []
    text, course = workflow(draft, tmp_path / "out")
    assert text.count("vi: Xem xét") + text.count('vi: "Xem xét') == 1
    assert [step.label.vi[:7] for step in course.steps[2:4]] == ["Xem xét", "Xem xét"]


def test_a_way_may_stand_in_another_column(tmp_path: Path) -> None:
    """As Sơn La, 2929/QĐ-UBND, prints it among the products of the step."""
    rows = [[*row, ""] for row in said("Xem xét")]
    rows[0][4], rows[4][4] = "Ghi chú", "Nếu không đồng ý: chuyển lại bước 3"
    assert ways(read(tmp_path, rows)) == [(4, "send_back", 3)]


def test_actors_who_share_one_time_stay_one_step(tmp_path: Path) -> None:
    """Nobody knows whose part of the two days is which."""
    rows = table(
        ("Bước 2", "Thẩm định", "Chuyên viên phòng A\nLãnh đạo phòng A"),
        ("Bước 3", "Ký", "Lãnh đạo Sở A"),
    )
    steps = process_of(read(tmp_path, rows)).steps
    assert [step.part for step in steps] == [0, 0, 0, 0]
    assert steps[1].actor == "Chuyên viên phòng A Lãnh đạo phòng A"


@pytest.mark.parametrize("ending", [".md", ".csv", ".docx", ".xlsx"])
@pytest.mark.parametrize("mark", ["- ", "– ", "• ", "+ ", "-", "+"])
def test_marks_of_lists_are_no_part_of_actors_and_texts(
    mark: str, ending: str, tmp_path: Path
) -> None:
    """Two actors with one time, and a text of three lines; the way in it is still found."""
    text = f"Xem xét hồ sơ:\n{mark}Đồng ý: Ký\n{mark}Không đồng ý: chuyển lại bước 2"
    rows = table(
        ("Bước 2", f"{mark}Thẩm định", f"{mark}Lãnh đạo phòng\n{mark}Chuyên viên"),
        ("Bước 3", text, f"{mark}Lãnh đạo Sở A"),
    )
    draft = read(tmp_path, rows, ending)
    steps = process_of(draft).steps[1:3]
    assert [(step.actor, step.role, step.content) for step in steps] == [
        ("Lãnh đạo phòng; Chuyên viên", "head_of_section", "Thẩm định"),
        (
            "Lãnh đạo Sở A", "department_leader",
            "Xem xét hồ sơ: Đồng ý: Ký; Không đồng ý: chuyển lại bước 2",
        ),
    ]  # fmt: skip
    assert ways(draft) == [(3, "send_back", 2)]
    workflow(draft, tmp_path / "out")


def test_each_actor_of_a_list_with_times_loses_its_mark(tmp_path: Path) -> None:
    """A line each, with a time each: they act in turn."""
    rows = table(("Bước 2", "- Phân công\n- Thẩm định", "- Lãnh đạo phòng\n- Chuyên viên"))
    rows[2][3] = "1 ngày\n2 ngày"
    steps = process_of(read(tmp_path, rows)).steps[1:3]
    assert [(step.part, step.actor, step.content) for step in steps] == [
        (1, "Lãnh đạo phòng", "Phân công"), (2, "Chuyên viên", "Thẩm định"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("- Vào sổ; - Chuyển kết quả.", "Vào sổ; Chuyển kết quả."),
        ("- Xem xét: + Đủ thì ký. + Thiếu thì trả.", "Xem xét: Đủ thì ký. Thiếu thì trả."),
        ("- Phòng Văn hóa - Xã hội thẩm định", "Phòng Văn hóa - Xã hội thẩm định"),
        ("Xem xét: - Đồng ý thì ký. - Thiếu thì trả", "Xem xét: - Đồng ý thì ký. - Thiếu thì trả"),
        ("-5 bộ hồ sơ", "-5 bộ hồ sơ"),
        ("- 02 bộ hồ sơ", "02 bộ hồ sơ"),
    ],
)
def test_a_list_that_was_put_into_one_line_loses_its_marks(
    printed: str, text: str, tmp_path: Path
) -> None:
    """Where the line begins with one: also after the end of a clause, not inside one."""
    (step,) = process_of(read(tmp_path, table(("Bước 2", printed, "Chuyên viên")))).steps[1:2]
    assert step.content == text


@pytest.mark.parametrize("ending", [".xlsx", ".docx"])
def test_a_list_in_a_merged_cell_is_that_of_the_whole_step(ending: str, tmp_path: Path) -> None:
    """The words of a way are the same for both actors, so that one of them is no doubt."""
    rows = table(
        ("Bước 2", "Thẩm định", "Chuyên viên"),
        ("Bước 3", "- Đồng ý: ký\n- Không đồng ý: chuyển lại bước 2", "Trưởng phòng A"),
        (ABOVE, ABOVE, "Lãnh đạo Sở A"),
    )
    draft = read(tmp_path, rows, ending)
    assert ways(draft) == [(3, "send_back", 2)]
    assert doubts(draft) == []


@pytest.mark.parametrize(
    "actor",
    [
        "Sở Xây dựng; Công an tỉnh; Sở Y tế",
        "Sở Xây dựng\nCông an tỉnh\nSở Y tế",
        "- Sở Xây dựng\n- Công an tỉnh\n- Sở Y tế",
    ],
)
def test_several_agencies_are_one_step_and_the_file_says_how_to_part_them(
    actor: str, tmp_path: Path
) -> None:
    """The step is theirs, the template has their opinion, and a comment names ``together``."""
    rows = table(
        ("Bước 2", "Lấy ý kiến", actor),
        ("Bước 3", "Ký", "Lãnh đạo Sở A"),
    )
    draft = read(tmp_path, rows)
    (fault,) = (each for each in draft.faults if each.code == "several-agencies")
    assert fault.severity == "warning"
    assert "together" in fault.finding("vi").remedy
    text, course = workflow(draft, tmp_path / "out")
    assert (course.steps[1].role, course.steps[1].actor) == (
        "other_agency", "Sở Xây dựng; Công an tỉnh; Sở Y tế",
    )  # fmt: skip
    assert process_of(draft).template == "consultation"
    before, _, _ = text.partition("        role: other_agency")
    assert before.rstrip().endswith(
        '# Several agencies: parties who act at the same time go under "together".'
    )
    assert text.count('dưới "together" của bước') == 1


def test_one_other_agency_has_no_remark_on_several(tmp_path: Path) -> None:
    """A council is one party; a list of agencies as one of the actors in turn has the remark."""
    alone = read(tmp_path, table(("Bước 2", "Cho ý kiến", "Hội đồng thẩm định")))
    text, _ = workflow(alone, tmp_path / "out")
    assert "together" not in text
    turns = table(
        ("Bước 2", "Thẩm định", "Chuyên viên"), ("", "Cho ý kiến", "Sở Y tế; Công an tỉnh")
    )
    text, course = workflow(read(tmp_path, turns), tmp_path / "both")
    assert [(step.place, step.role) for step in course.steps[1:3]] == [
        ("2.1", "officer"), ("2.2", "other_agency"),
    ]  # fmt: skip
    assert text.count('"together"') == 2


def test_rows_of_a_table_without_numbers_are_steps_of_their_own(tmp_path: Path) -> None:
    """Where no row has a number, none is a further actor of another."""
    rows = [row if row is HA_NOI[0] else ["", *row[1:]] for row in HA_NOI[:10]]
    steps = process_of(read(tmp_path, rows)).steps
    assert [(step.number, step.part) for step in steps] == [(n, 0) for n in range(1, 10)]
    assert [step.printed for step in steps] == [f"Bước {n}" for n in range(1, 10)]


def test_a_heading_inside_the_table_ends_the_step_above(tmp_path: Path) -> None:
    """The row below it has no number and is no further actor of what stands above."""
    rows = table(
        ("Bước 2", "Thẩm định", "Chuyên viên"),
        ("", "Phê duyệt", "Lãnh đạo UBND tỉnh"),
    )
    rows.insert(3, ["Quy trình nội bộ tại UBND tỉnh", "", "", ""])
    steps = process_of(read(tmp_path, rows)).steps
    assert [(step.number, step.part) for step in steps] == [(1, 0), (2, 0), (3, 0), (4, 0)]


@pytest.mark.parametrize(
    ("second", "third", "code"),
    [
        ("Bước 2.1", "Bước 2.1", "repeated-step"),
        ("Bước 2.2", "Bước 2.1", "step-gap"),
        ("Bước 2", "Bước 4", "step-gap"),
        ("Bước 2", "Bước 2.1", ""),
        ("Bước 2.1", "Bước 2.2", ""),
        ("Bước 2.1", "Bước 3", ""),
        ("Bước 2", "Bước 1", ""),
        ("GĐ1 - Bước 2", "GĐ2 - Bước 2", ""),
    ],
)
def test_numbers_are_compared_with_their_parts(
    second: str, third: str, code: str, tmp_path: Path
) -> None:
    """Bước 2.2 after Bước 2.1 is neither a repetition nor a gap."""
    rows = table((second, "Thẩm định", "Chuyên viên"), (third, "Ký", "Lãnh đạo Sở A"))
    found = {fault.code for fault in read(tmp_path, rows[:-1]).faults}
    assert found & {"repeated-step", "step-gap"} == ({code} if code else set())
