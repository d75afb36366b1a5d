"""Files that the import writes, and the commands around it."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from igate.checks.checker import check_paths
from igate.cli.importing import diff, import_app, new
from igate.errors import OutputError
from igate.importing import Given, definitions, read_drafts, write_files
from igate.procedures.catalog.catalog import Catalog

DATA = Path(__file__).parent / "data"
TODAY = date(2026, 11, 21)


@pytest.fixture
def app() -> typer.Typer:
    """Return a program with the three commands."""
    program = typer.Typer()
    program.add_typer(import_app, name="import")
    program.command("new")(new)
    program.command("diff")(diff)
    return program


def test_three_processes_of_a_page_become_files_that_pass_the_check(tmp_path: Path) -> None:
    """Cao Bằng and Đồng Nai, November 2025: two are written, the list of procedures is not."""
    drafts = read_drafts(DATA / "processes.md")
    assert [draft.refused for draft in drafts] == [False, True, False]
    texts = definitions(drafts, file="processes.md", checked_on=TODAY)
    write_files(texts, tmp_path)
    assert sorted(texts) == [
        "1.001806-quyet-dinh-cong-nhan-co-so-su-dung-nguoi-khuyet-tat.yaml",
        "1.014438-thu-tuc-cong-nhan-trung-tam-doi-moi-sang-tao-cap-tinh.yaml",
    ]
    assert [each for each in check_paths([tmp_path]) if each.severity == "error"] == []
    catalog = Catalog.load(tmp_path)
    first = catalog.procedure("1.001806").in_force(date(2025, 11, 27))
    assert str(first.limit_for(channel="online")) == "10 working_day"
    assert [step.role for step in first.workflow.steps] == [
        "receptionist", "head_of_section", "officer", "head_of_section", "department_leader",
        "clerk", "receptionist",
    ]  # fmt: skip
    second = catalog.procedure("1.014438").in_force(date(2025, 11, 18))
    assert second.template == "two_level"
    assert str(second.limit_for(channel="online")) == "27 day"


def test_a_sheet_from_a_spreadsheet_program_is_read(tmp_path: Path) -> None:
    """Semicolons, a byte-order mark, separate diacritics, the unit in the heading, hours."""
    apart = unicodedata.normalize("NFD", (DATA / "hours.csv").read_text("utf-8"))
    (tmp_path / "hours.csv").write_text(apart, encoding="utf-8-sig")
    (draft,) = read_drafts(tmp_path / "hours.csv")
    (text,) = definitions([draft], file="hours.csv", checked_on=TODAY).values()
    assert draft.hours == draft.total_hours == 80
    assert unicodedata.is_normalized("NFC", text)
    assert "limit: 80 working_hour" in text
    assert "level: partial" in text
    assert list(write_files({"1.005144.yaml": text}, tmp_path)) == [tmp_path / "1.005144.yaml"]
    found = check_paths([tmp_path / "1.005144.yaml"])
    assert [each for each in found if each.severity == "error"] == []


def test_what_is_assumed_is_marked_where_it_stands() -> None:
    """In both languages: first day in force, roles, hours of a day, unit of plain days."""
    drafts = read_drafts(DATA / "processes.md")
    texts = definitions(drafts, file="processes.md", checked_on=TODAY)
    dong_nai = next(text for name, text in texts.items() if name.startswith("1.014438"))
    remarks = [
        line for line in dong_nai.splitlines() if "(giả định)" in line or "(assumed)" in line
    ]
    assert any("first day in force" in line for line in remarks)
    assert any("Roles and phases" in line for line in remarks)
    assert any("8 giờ một ngày" in line for line in remarks)
    assert any("giờ làm việc (giả định)" in line for line in remarks)
    assert '# In trong nguồn / printed: "27 ngày".' in dong_nai


def test_nothing_is_overwritten_and_nothing_half_written(tmp_path: Path) -> None:
    """One file in the way: none of the two is written; with force both are."""
    (tmp_path / "b.yaml").write_text("by hand", encoding="utf-8")
    with pytest.raises(OutputError, match=r"b\.yaml is there already"):
        write_files({"a.yaml": "new", "b.yaml": "new"}, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["b.yaml"]
    assert (tmp_path / "b.yaml").read_text("utf-8") == "by hand"
    write_files({"a.yaml": "new", "b.yaml": "new"}, tmp_path, force=True)
    assert (tmp_path / "b.yaml").read_text("utf-8") == "new"


def test_the_command_writes_reports_and_ends_with_1_where_something_is_refused(
    app: typer.Typer, tmp_path: Path
) -> None:
    """Findings and files on standard output, the count on standard error."""
    source = str(DATA / "processes.md")
    done = CliRunner().invoke(app, ["import", "process", source, "--out", str(tmp_path)])
    assert done.exit_code == 1
    assert "error [not-a-process]" in done.stdout
    assert "2 file(s) written, 1 process(es) refused." in done.stderr
    again = CliRunner().invoke(app, ["import", "process", source, "--out", str(tmp_path)])
    assert isinstance(again.exception, OutputError)


def test_the_command_speaks_vietnamese_and_json(app: typer.Typer, tmp_path: Path) -> None:
    """The keys that programs rely on: written, drafts with sums, refused, findings."""
    arguments = ["import", "process", str(DATA / "hours.csv"), "--lang", "vi", "--json"]
    done = CliRunner().invoke(app, [*arguments, "--out", str(tmp_path)])
    assert done.exit_code == 0
    record = json.loads(done.stdout)
    (draft,) = record["drafts"]
    assert draft["codes"] == ["1.005144"]
    assert draft["step_hours"] == draft["total_hours"] == 80
    assert draft["refused"] is False
    assert Path(record["written"][0]).exists()
    assert draft["findings"] == []  # the field of a shipped procedure is known


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere.csv"],
        [str(DATA / "hours.csv"), "--code", "12"],
        [str(DATA / "hours.csv"), "--citation", "a letter"],
    ],
)
def test_wrong_use_ends_with_2(app: typer.Typer, arguments: list[str]) -> None:
    """No such file, no such code, no citation."""
    assert CliRunner().invoke(app, ["import", "process", *arguments]).exit_code == 2


TABLE = """\
TT,Trình tự,Trách nhiệm,Thời gian
B1,Tiếp nhận hồ sơ,Bộ phận một cửa,0.5 ngày
B2,Thẩm định,Chuyên viên,2 ngày
B3,Ký kết quả,Lãnh đạo Sở,1 ngày
B4,Trả kết quả,Bộ phận một cửa,Không tính thời gian
"""
CITED = "Quyết định 1/QĐ-UBND ngày 01/12/2025 của UBND tỉnh X"


def test_a_table_without_its_title_is_named_by_the_catalogue_or_the_caller(
    app: typer.Typer, tmp_path: Path
) -> None:
    """A shipped code has its shipped name and field; another one needs --name, and is told so."""
    file = tmp_path / "table.csv"
    file.write_text(TABLE, encoding="utf-8")
    begin = ["import", "process", str(file), "--out", str(tmp_path), "--citation", CITED]
    done = CliRunner().invoke(app, [*begin, "--code", "1.001806"])
    assert done.exit_code == 0, done.output
    (written,) = tmp_path.glob("1.001806-*.yaml")
    found = Catalog.load(written).procedure("1.001806")
    shipped = Catalog.shipped().procedure("1.001806")
    assert (found.name.vi, found.field.label.vi) == (shipped.name.vi, shipped.field.label.vi)
    refused = CliRunner().invoke(app, [*begin, "--code", "9.000777"])
    assert refused.exit_code == 1
    assert "missing-name" in refused.output
    told = CliRunner().invoke(app, [*begin, "--code", "9.000777", "--lang", "vi"])
    assert ": lỗi [missing-name] Không đọc được tên của thủ tục 9.000777" in told.output
    assert "--name" in refused.output
    named = CliRunner().invoke(app, [*begin, "--code", "9.000777", "--name", "Cấp thẻ ví dụ"])
    assert named.exit_code == 0, named.output
    (other,) = tmp_path.glob("9.000777-*.yaml")
    assert Catalog.load(other).procedure("9.000777").name.vi == "Cấp thẻ ví dụ"


def test_the_field_may_follow_a_colon(tmp_path: Path) -> None:
    """As in "Lĩnh vực: Việc làm (Mã TTHC: 1.001806)"."""
    file = tmp_path / "page.md"
    rows = [line.split(",") for line in TABLE.splitlines()]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|---|---|---|---|")
    title = f"Lĩnh vực: Việc làm\n\nThủ tục cấp thẻ ví dụ (Mã TTHC: 9.000777)\n\n{CITED}\n"
    file.write_text(title + "\n" + "\n".join(lines) + "\n", encoding="utf-8")
    (draft,) = read_drafts(file)
    assert draft.process is not None
    assert draft.process.field == "Việc làm"


PAGE = """\
Quyết định số 2022/QĐ-UBND ngày 27/11/2025 của UBND tỉnh X

1. Thủ tục: Cấp giấy phép thử (Mã TTHC: 9.000001)

| Bước | Nội dung công việc | Đơn vị thực hiện | Thời gian thực hiện (ngày làm việc) |
|---|---|---|---|
| Bước 1 | Tiếp nhận hồ sơ | Bộ phận một cửa | 0,5 |
| Bước 2 | Thẩm định hồ sơ | Chuyên viên | {time} |
| Bước 3 | Phê duyệt kết quả | Lãnh đạo Sở | 1 |
| Bước 4 | Trả kết quả | Bộ phận một cửa | Không tính thời gian |
{totals}
"""
TOTAL = "| Tổng thời gian | | | 5 |"


@pytest.mark.parametrize(
    ("time", "totals", "marked", "refused"),
    [
        # a time, blank or not understood, and two totals are places to fill in
        ("", TOTAL, ['limit: ""  # <- điền / fill in'], True),
        ("khoảng 3", TOTAL, ['limit: ""  # <- điền / fill in'], True),
        ("3,5", TOTAL + "\n" + TOTAL.replace("5", "7"), ['limit: ""  # <- điền / fill in'], True),
        # neither number of a wrong sum is changed; the check compares them
        ("2", TOTAL, ["limit: 5 working_day  # <- đối chiếu / compare"], False),
    ],
)
def test_a_draft_is_written_with_marks_only_where_it_is_asked_for(
    app: typer.Typer, tmp_path: Path, *, time: str, totals: str, marked: list[str], refused: bool
) -> None:
    """Without --draft nothing is written; with it the check refuses what is not filled in."""
    source, out = tmp_path / "table.md", tmp_path / "out"
    source.write_text(PAGE.format(time=time, totals=totals), encoding="utf-8")
    arguments = ["import", "process", str(source), "--out", str(out)]
    plain = CliRunner().invoke(app, arguments)
    assert plain.exit_code == 1
    assert list(out.glob("*.yaml")) == []
    done = CliRunner().invoke(app, [*arguments, "--draft"])
    assert done.exit_code == 0
    assert "1 process(es) are drafts" in done.stderr
    (file,) = out.glob("*.yaml")
    lines = [line.strip().removeprefix("- ") for line in file.read_text("utf-8").splitlines()]
    assert [line for line in lines if "<-" in line and not line.startswith("#")] == marked
    # the head of the file says what is open, in both languages
    assert sum(line.startswith("# <- ") for line in lines) == 2
    errors = [each for each in check_paths([out]) if each.severity == "error"]
    assert bool(errors) is refused


def test_a_draft_says_that_a_total_could_not_be_read(tmp_path: Path) -> None:
    """No unit anywhere: three steps and the total are to be filled in."""
    source = tmp_path / "table.md"
    text = PAGE.format(time="3,5", totals=TOTAL).replace(" (ngày làm việc)", "")
    source.write_text(text, encoding="utf-8")
    drafts = read_drafts(source, given=Given(draft=True))
    (written,) = definitions(drafts, file="table.md", checked_on=TODAY).values()
    assert written.count('limit: ""  # <- điền / fill in') == 4
    assert "No total could be read." in written


def test_no_sum_is_given_while_a_time_is_missing(tmp_path: Path) -> None:
    """Two totals and a blank time: the rest of the steps are no sum to compare them with."""
    source = tmp_path / "table.md"
    totals = TOTAL + "\n" + TOTAL.replace("5", "7")
    source.write_text(PAGE.format(time="", totals=totals), encoding="utf-8")
    (draft,) = read_drafts(source)
    (said,) = (f.finding("en").message for f in draft.faults if f.code == "several-totals")
    assert "no sum" in said
    assert "hours" not in said


def test_a_draft_that_was_filled_in_passes(tmp_path: Path) -> None:
    """3.5 working days complete the printed total of 5."""
    source = tmp_path / "table.md"
    source.write_text(PAGE.format(time="", totals=TOTAL), encoding="utf-8")
    drafts = read_drafts(source, given=Given(draft=True))
    assert [draft.refused for draft in drafts] == [False]
    texts = definitions(drafts, file="table.md", checked_on=TODAY)
    filled = {
        name: text.replace('limit: ""', "limit: 3.5 working_day") for name, text in texts.items()
    }
    write_files(filled, tmp_path / "out")
    found = {each.code for each in check_paths([tmp_path / "out"])}
    assert found == {"missing-translation"}


def test_a_draft_leaves_out_what_has_another_fault(tmp_path: Path) -> None:
    """A step without content is no matter of looking up a number."""
    source = tmp_path / "table.md"
    source.write_text(
        PAGE.format(time="", totals=TOTAL).replace("Thẩm định hồ sơ", ""), encoding="utf-8"
    )
    assert [draft.refused for draft in read_drafts(source, given=Given(draft=True))] == [True]
