"""Laws of the import: what is written as a table is read back, in every format."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from igate.checks.checker import check_paths
from igate.deadlines.limits import TimeLimit, Unit
from igate.errors import IgateError
from igate.files.yaml import parse
from igate.importing import definitions, read_drafts, write_files
from igate.importing.definition import quoted
from igate.procedures.catalog.catalog import Catalog
from importing_tables import record, write

#: Actors and the roles that a person gives them.
ACTORS = {
    "Chuyên viên Phòng A": "officer",
    "Lãnh đạo Phòng A": "head_of_section",
    "Lãnh đạo Sở Y tế": "department_leader",
    "Văn thư Sở Y tế": "clerk",
    "Lãnh đạo UBND xã, phường": "leader",
    "UBND tỉnh": "provincial_committee",
    "Hội đồng thẩm định": "other_agency",
}
#: How each column may be headed, and in any order.
HEADINGS = {
    "step": ["Bước", "TT", "Số TT", "Các bước", "Thứ tự công việc", "Tên bước"],
    "content": ["Nội dung công việc", "Trình tự", "TRÌNH TỰ THỰC HIỆN"],
    "actor": ["Đơn vị thực hiện", "Trách nhiệm", "Đơn vị/ Người thực hiện", "Phân công nhiệm vụ"],
    "time": ["Thời gian", "Thời gian thực hiện", "THỜI HẠN GIẢI QUYẾT"],
}
COUNTER = "Bộ phận tiếp nhận và trả kết quả"
WORDS = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxy áàảãạ'\",.:#-0123456789()", min_size=1, max_size=30)
TEXTS = WORDS.map(lambda text: "Xem xét " + " ".join(text.split())).map(str.strip)


@dataclass(frozen=True)
class Printed:
    """A process as a person would describe it, and as it is printed."""

    order: tuple[str, ...]
    headings: dict[str, str]
    #: content, actor, role, time as printed, hours
    steps: tuple[tuple[str, str, str, str, Fraction], ...]
    #: which of them are printed without a number, as further actors of the step above
    further: frozenset[int]

    @property
    def hours(self) -> Fraction:
        return sum((step[4] for step in self.steps), start=Fraction())

    def rows(self) -> list[list[str]]:
        """Return heading and steps in the order of the columns."""
        table = [[self.headings[kind] for kind in self.order]]
        above = 0
        for (content, actor, _, time, _), (number, _) in zip(
            self.all_steps(), self.places(), strict=True
        ):
            label = "" if number == above else f"Bước {number}"
            cells = {"step": label, "content": content, "actor": actor, "time": time}
            table.append([cells[kind] for kind in self.order])
            above = number
        return table

    def places(self) -> list[tuple[int, int]]:
        """Return number and part of every step: 0 where it has one actor."""
        groups: list[list[int]] = []
        for index in range(len(self.steps)):
            if index in self.further:
                groups[-1].append(index)
            else:
                groups.append([index])
        parts = [
            (number, part if len(group) > 1 else 0)
            for number, group in enumerate(groups, start=2)
            for part in range(1, len(group) + 1)
        ]
        return [(1, 0), *parts, (len(groups) + 2, 0)]

    def all_steps(self) -> list[tuple[str, str, str, str, Fraction]]:
        """Return the steps with reception and handover around them."""
        nothing = Fraction(0)
        first = ("Tiếp nhận hồ sơ", COUNTER, "receptionist", "Giờ hành chính", nothing)
        last = ("Trả kết quả", COUNTER, "receptionist", "Không tính thời gian", nothing)
        return [first, *self.steps, last]


@st.composite
def times(draw: st.DrawFn) -> tuple[str, Fraction]:
    """Return a time as printed, and its working hours."""
    quarters = draw(st.integers(1, 160))
    days = draw(st.booleans())
    number = Fraction(quarters, 4)
    forms = [f"{float(number):g}".replace(".", ","), f"{float(number):g}"]
    if number.denominator != 1:
        forms.append(f"{number.numerator}/{number.denominator}")
    elif number < 10:
        forms.append(f"0{number}")
    unit = draw(st.sampled_from(["ngày", "ngày làm việc"] if days else ["giờ", "giờ làm việc"]))
    return f"{draw(st.sampled_from(forms))} {unit}", number * (8 if days else 1)


@st.composite
def processes(draw: st.DrawFn) -> Printed:
    """Return a process of 1 to 8 steps between reception and handover."""
    steps = []
    for _ in range(draw(st.integers(1, 8))):
        actor = draw(st.sampled_from(list(ACTORS)))
        time, hours = draw(times())
        steps.append((draw(TEXTS), actor, ACTORS[actor], time, hours))
    may_lean = st.sampled_from(range(1, len(steps))) if len(steps) > 1 else st.nothing()
    return Printed(
        order=tuple(draw(st.permutations(list(HEADINGS)))),
        headings={kind: draw(st.sampled_from(words)) for kind, words in HEADINGS.items()},
        steps=tuple(steps),
        further=draw(st.frozensets(may_lean)),
    )


def hours_of(limit: TimeLimit | None) -> Fraction:
    """Return the hours of a step by hand: 8 to a working day."""
    factors = {Unit.WORKING_DAY: 8, Unit.WORKING_HOUR: 1}
    parts = limit.parts if limit else ()
    return sum((part.length * factors[part.unit] for part in parts), start=Fraction())


def written(printed: Printed, folder: Path, ending: str) -> Path:
    """Write the process with title, decision and total."""
    number = f"{float(printed.hours):g}".replace(".", ",")
    title = (
        "(Kèm theo Quyết định số 7/QĐ-UBND ngày 02/01/2026 của UBND tỉnh X)\n"
        f"1. Thủ tục thử (Mã TTHC: 1.001806)\nTổng thời gian giải quyết: {number} giờ làm việc"
    )
    rows, path = printed.rows(), folder / f"table{ending}"
    if ending == ".jsonl":
        at = printed.order.index("step"), printed.order.index("time")
        path.write_text(record(title, rows, step=at[0], time=at[1]) + "\n", encoding="utf-8")
        return path
    return write(path, title, rows)


@settings(max_examples=30)
@given(printed=processes(), ending=st.sampled_from([".md", ".csv", ".jsonl", ".docx", ".xlsx"]))
def test_a_process_written_as_a_table_is_read_back(printed: Printed, ending: str) -> None:
    """Whatever the format, the words of the headings and the order of the columns."""
    with tempfile.TemporaryDirectory() as folder:
        (draft,) = read_drafts(written(printed, Path(folder), ending))
    assert [fault.code for fault in draft.faults] == ["missing-field"]
    process = draft.process
    assert process is not None
    assert draft.hours == draft.total_hours == process.hours == printed.hours
    assert [(step.content, step.actor, step.role, step.time) for step in process.steps] == [
        step[:4] for step in printed.all_steps()
    ]
    assert [hours_of(step.limit) for step in process.steps] == [
        step[4] for step in printed.all_steps()
    ]
    assert [(step.number, step.part) for step in process.steps] == printed.places()


@settings(max_examples=20)
@given(printed=processes())
def test_the_definition_of_a_process_says_the_same_and_passes_the_check(printed: Printed) -> None:
    """Table, procedure file, loaded procedure: nothing is lost and nothing is an error."""
    with tempfile.TemporaryDirectory() as folder:
        drafts = read_drafts(written(printed, Path(folder), ".md"))
        texts = definitions(drafts, file="table.md", checked_on=date(2026, 11, 21))
        paths = write_files(texts, Path(folder) / "out")
        assert [each for each in check_paths(paths) if each.severity == "error"] == []
        procedure = Catalog.load(*paths).procedure("1.001806")
    revision = procedure.in_force(date(2026, 1, 2))
    assert drafts[0].process is not None
    assert str(revision.citation) == drafts[0].process.citation
    assert [
        (step.number, step.part, step.phase, step.role, step.limit, step.actor, step.label.vi)
        for step in revision.workflow.steps
    ] == [
        (step.number, step.part, step.phase, step.role, step.limit, step.actor, step.content)
        for step in drafts[0].process.steps
    ]
    assert hours_of(revision.limit_for(channel="counter")) == printed.hours


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=60))
def test_any_text_keeps_its_value_as_a_yaml_scalar(text: str) -> None:
    """Quoted where needed: a colon, a number, a word like "no", a leading dash."""
    read = parse(f"key: {quoted(text)}\n", file="x.yaml").data
    assert read == {"key": text}


@pytest.mark.parametrize(
    "text", ["no", "1.001806", "13:30", "- a", "#", "", "~", "a: b", "0123", "y"]
)
def test_words_that_yaml_would_change_are_quoted(text: str) -> None:
    """They stay texts for every reader of YAML, not only for a strict one."""
    assert quoted(text) == f'"{text}"'


@settings(max_examples=40)
@given(
    text=st.text('|;,/\n-"Bước 1Thời gianNội dungĐơn vịngày0,5TổngMã TTHC: .06', max_size=300),
    ending=st.sampled_from([".md", ".csv", ".jsonl"]),
)
def test_no_text_makes_the_import_fail_in_another_way_than_it_says(text: str, ending: str) -> None:
    """Whatever stands in a file, there are drafts or one error with the reason."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"any{ending}"
        path.write_text(text, encoding="utf-8")
        try:
            drafts = read_drafts(path)
        except IgateError as error:
            event(f"refused with a remedy: {bool(error.fix)}")
            return
    assert all(fault.finding("vi").message for draft in drafts for fault in draft.faults)
