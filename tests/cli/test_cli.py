"""The command line: what it prints, its exit codes, and what it says to a wrong use."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from commands import Done, run_command
from igate.office.onestop import OneStop
from igate.procedures.catalog.catalog import Catalog
from places import ROOT, TESTS

if TYPE_CHECKING:
    from pathlib import Path

(FOUND,) = (ROOT / "igate" / "workflows" / "procedures").rglob("1.001806-*.yaml")
FIRST = str(FOUND.relative_to(ROOT))


def igate(*arguments: str, cwd: Path = ROOT) -> Done:
    """Run the command in this process."""
    return run_command(arguments, cwd)


def test_due_prints_the_deadline_and_its_proof() -> None:
    """20 August 2026 + 7 working days: Saturday the 22nd is worked for 31 August."""
    done = igate("due", "--received", "2026-08-20T09:00", "--limit", "7 working_day")
    assert done.returncode == 0
    assert "Due: Fri 28/08/2026 17:00" in done.stdout
    assert "Make-up working day for 2026-08-31" in done.stdout


def test_due_gives_the_same_as_data() -> None:
    """The keys that programs rely on: due, days with date, counted, why, citation."""
    done = igate(
        "due", "--received", "2026-08-20T09:00", "--limit", "7 working_day", "--json",
        "--lang", "vi",
    )  # fmt: skip
    record = json.loads(done.stdout)
    assert record["due"] == "2026-08-28T17:00:00+07:00"
    assert [day["date"] for day in record["days"] if day["counted"]] == [
        "2026-08-21", "2026-08-22", "2026-08-24", "2026-08-25", "2026-08-26", "2026-08-27",
        "2026-08-28",
    ]  # fmt: skip
    assert set(record["days"][0]) >= {"date", "counted", "why", "citation"}
    assert record["days"][0]["why"] == "Ngày tiếp nhận, không tính"


def test_due_knows_calendars_and_days_of_knowledge() -> None:
    """The swap binds civil servants only, and was announced on 25 December 2025."""
    common = ("due", "--received", "2025-12-19T09:00", "--limit", "9 working_day", "--json")
    assert json.loads(igate(*common).stdout)["due"].startswith("2026-01-05")
    known = igate(*common, "--as-of", "2025-12-20")
    assert json.loads(known.stdout)["due"].startswith("2026-01-02")
    labour = igate(*common, "--calendar", "labour_code")
    assert json.loads(labour.stdout)["due"].startswith("2026-01-02")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--received", "20/08/2026", "--limit", "7 working_day"), 2, "2026-08-20T09:00"),
        (("--received", "2026-08-20T09:00", "--limit", "7 days"), 2, "The units are"),
        (
            ("--received", "2026-11-20T09:00", "--limit", "40 working_day", "--strict"),
            1,
            "--strict",
        ),
        (("--received", "2026-08-20T09:00", "--limit", "1 day", "--rules", "x"), 2, "decree"),
        (("--received", "2026-08-20T09:00"), 2, "--limit"),
        (("--received", "2026-08-20", "--limit", "1 day"), 2, "2026-08-20T09:00"),
        (("--received", "9999-12-31T23:59-05:00", "--limit", "1 day"), 2, "beyond all calendars"),
    ],
)
def test_due_says_what_to_write_instead(arguments: tuple[str, ...], code: int, words: str) -> None:
    """A wrong argument is a wrong use (2); a date that cannot be answered is a refusal (1)."""
    done = igate("due", *arguments)
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_due_counts_past_the_horizon_and_says_so() -> None:
    """A date can always be printed; a provisional one is marked."""
    done = igate("due", "--received", "2026-11-20T09:00", "--limit", "40 working_day")
    assert done.returncode == 0
    assert "Provisional" in done.stdout


def test_check_is_clean_on_a_shipped_file() -> None:
    """Exit code 0, a verdict, no finding."""
    done = igate("check", FIRST)
    assert (done.returncode, done.stdout) == (0, "No errors; 0 warning(s) and note(s).\n")


def test_check_names_place_problem_and_remedy(tmp_path: Path) -> None:
    """Exit code 1; file:line:column first, as editors read it."""
    text = (ROOT / FIRST).read_text(encoding="utf-8").replace('code: "1.001806"', "code: 1.001806")
    (tmp_path / "1.001806-x.yaml").write_text(text, encoding="utf-8")
    done = igate("check", "1.001806-x.yaml", cwd=tmp_path)
    assert done.returncode == 1
    line = next(n for n, row in enumerate(text.splitlines(), 1) if row.startswith("code:"))
    assert f"1.001806-x.yaml:{line}:7: error [unquoted-code]" in done.stdout
    assert 'Put it in quotes: "1.001806".' in done.stdout
    found = json.loads(igate("check", "1.001806-x.yaml", "--json", cwd=tmp_path).stdout)
    assert found[0]["code"] == "unquoted-code"
    assert found[0]["line"] == line


def test_check_against_a_database_lists_what_dossiers_still_follow(tmp_path: Path) -> None:
    """Exit code 1 while a text is pending that the files do not have, in words and as JSON."""
    file = tmp_path / "9.000001-card.yaml"
    text = (TESTS / "broken" / "unknown-start.yaml").read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    url = f"sqlite:///{tmp_path / 'office.db'}"
    with OneStop.open(url, create=True, agency="H15", catalog=Catalog.load(file)) as office:
        code = office.submit("9.000001", applicant="A", channel="counter").code
    ask = ("check", str(file), "--against", "office.db", "--severity", "error")
    same = igate(*ask, cwd=tmp_path)
    assert same.returncode == 0
    assert same.stdout.endswith("and which the files do not have: 0.\n")
    file.write_text(text.replace("template: ordinary",
                    "template: ordinary\n    dossier_sets: 2"), encoding="utf-8")  # fmt: skip
    other = igate(*ask, cwd=tmp_path)
    assert other.returncode == 1
    assert code in other.stdout
    assert "revision.dossier_sets: null → 2" in other.stdout
    assert "thủ tục" in igate(*ask, "--lang", "vi", cwd=tmp_path).stdout.lower()
    found = json.loads(igate(*ask, "--json", cwd=tmp_path).stdout)
    (difference,) = found["differences"]
    assert (difference["kind"], difference["dossiers"]) == ("edited", 1)
    assert igate("check", cwd=tmp_path).returncode == 2
    assert igate("check", "--against", "office.db", "--sarif", cwd=tmp_path).returncode == 2


def test_check_of_a_missing_path_is_a_wrong_use(tmp_path: Path) -> None:
    """Exit code 2."""
    done = igate("check", "nowhere.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "nowhere.yaml" in done.stderr


def test_metrics_settles_a_file_under_a_named_definition(tmp_path: Path) -> None:
    """One dossier on its due day, one a working day late: half are on time."""
    (tmp_path / "d.csv").write_text(
        "MaHoSo,limit,agency,channel,received,finished\n"
        "A1,2 working_day,Sở Y tế,online,2024-05-02T09:00,2024-05-04T16:00\n"
        "A2,2 working_day,Sở Y tế,counter,2024-05-02T09:00,2024-05-06T08:00\n",
        encoding="utf-8",
    )
    (tmp_path / "map.yaml").write_text("code: MaHoSo\n", encoding="utf-8")
    common = ("metrics", "d.csv", "--map", "map.yaml", "--as-of", "2024-05-31")
    done = igate(*common, "--by", "agency,month", "--json", cwd=tmp_path)
    assert done.returncode == 0
    record = json.loads(done.stdout)
    (row,) = record["rows"]
    assert (row["agency"], row["month"]) == ("Sở Y tế", "2024-05")
    assert (row["solved_on_time"], row["solved_late"], row["on_time_rate"]) == (1, 1, 0.5)
    assert record["numerator"] == ["solved_early", "solved_on_time"]
    shown = igate(*common, "--lang", "vi", cwd=tmp_path)
    assert "50,00%" in shown.stdout
    assert "Thông tư 01/2020/TT-VPCP" in shown.stdout


OFFICE = (
    "Mã hồ sơ;Đơn vị;Hình thức nộp;Thời hạn giải quyết;Ngày tiếp nhận;Ngày kết thúc xử lý\n"
    "A1;Sở Y tế;Trực tuyến;2 ngày làm việc;02/05/2024 09:00;04/05/2024 16:00\n"
    "A2;Sở Y tế;Trực tiếp;2 ngày làm việc;02/05/2024 09:00;06/05/2024 08:00\n"
    "A3;Sở Nội vụ;Trực tiếp;2 ngày làm việc;02/06/2024;\n"
)


def test_metrics_proposes_a_map_and_counts_with_it_once_it_is_saved(tmp_path: Path) -> None:
    """Several definitions, a total, several files, the standard input, and what is doubtful."""
    (tmp_path / "a.csv").write_text(OFFICE, encoding="utf-16")
    proposed = igate("metrics", "a.csv", "--propose-map", "--lang", "vi", cwd=tmp_path)
    assert proposed.stdout.startswith("# Bản đồ cột được đề xuất")
    assert "received: day_first" in proposed.stdout
    (tmp_path / "map.yaml").write_text(proposed.stdout, encoding="utf-8")
    (tmp_path / "b.csv").write_text(OFFICE.replace("A", "B"), encoding="utf-8")
    common = ("--map", "map.yaml", "--as-of", "2024-05-31", "--definition", "form_06a,decree")
    found = igate("metrics", "a.csv", "b.csv", *common, "--total", "--json", cwd=tmp_path)
    record = json.loads(found.stdout)
    assert [table["definition"] for table in record["tables"]] == ["form_06a", "decree"]
    for table in record["tables"]:
        assert [row["received_total"] for row in table["rows"]] == [0, 4, 4]
        assert table["rows"][-1]["is_total"]
        assert table["rows"][-1]["on_time_rate"] == 0.5
    # received on 2 June, after the day of the table
    assert record["doubts"] == {"received_after_as_of": 2}
    shown = igate("metrics", "a.csv", *common, "--total", "--lang", "vi", cwd=tmp_path)
    assert "Tổng số" in shown.stdout
    assert "Đáng ngờ: Tiếp nhận sau ngày lập bảng (1): 4: A3" in shown.stdout
    cat = subprocess.run(
        [sys.executable, "-m", "igate", "metrics", "-", *common, "--json"],
        input=OFFICE.encode(), capture_output=True, cwd=tmp_path, check=True,
    )  # fmt: skip
    assert json.loads(cat.stdout)["tables"][0]["rows"][1]["received_total"] == 2
    wrong = igate("metrics", "b.csv", *common, "--dates", "received=mdy", cwd=tmp_path)
    assert wrong.returncode == 2
    assert "declared as 'mdy'" in wrong.stderr


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("A1,online,2024-05-02,\nA1,online,2024-05-02,\n", "line 3"),
        ("A1,online,02/05/2024,\n", "line 2"),
        ("A1,online,2024-05-02,2024-05-01\n", "2024-05-01"),
    ],
)
def test_metrics_names_the_line_that_cannot_be_used(tmp_path: Path, rows: str, words: str) -> None:
    """A dossier twice, an unreadable date, a finish before the receipt."""
    text = "code,channel,received,finished,limit,agency\n"
    body = "".join(f"{row},2 working_day,S\n" for row in rows.splitlines())
    (tmp_path / "d.csv").write_text(text + body, encoding="utf-8")
    done = igate("metrics", "d.csv", "--as-of", "2024-05-31", cwd=tmp_path)
    assert done.returncode == 1
    assert "d.csv" in done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--zone", "Asia/Ha_Noi"), "no time zone 'Asia/Ha_Noi'"),
        (("--encoding", "tcvn"), "no encoding 'tcvn'"),
        (("--encoding", "base64"), "no encoding 'base64'"),  # of bytes, not of texts
        (("--dates", "month-first"), "month_first"),
        (("--dates", "born=iso"), "'born'"),
        (("--from", "2026-08-01"), "both --from and --to"),
        (("--to", "2026-08-31"), "both --from and --to"),
    ],
)
def test_metrics_takes_what_names_nothing_for_a_wrong_use(
    tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    """Exit code 2, in both languages, and nothing is read or written."""
    (tmp_path / "d.csv").write_text("code\n", encoding="utf-8")
    done = igate("metrics", "d.csv", *options, "--rejects", "bad.csv", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in " ".join(done.stderr.split())
    assert igate("metrics", "d.csv", *options, "--lang", "vi", cwd=tmp_path).returncode == 2
    assert [each.name for each in tmp_path.iterdir()] == ["d.csv"]


DATABASE_COMMANDS = (
    ("db", "current"),
    ("db", "check"),
    ("db", "upgrade"),
    ("journal", "verify"),
    ("journal", "anchor"),
    ("staffing", "--agency", "H15", "--officers", "officer=2"),
)


@pytest.mark.parametrize("command", DATABASE_COMMANDS)
@pytest.mark.parametrize(
    ("database", "words"),
    [
        ("missing.db", "no file or folder"),
        ("sqlite:///missing.db", "no file or folder missing.db"),
        ("mysql://host/name", "does not know the database mysql"),
        ("sqlite", "no file or folder"),
    ],
)
def test_a_database_that_is_not_there_is_a_wrong_use(
    tmp_path: Path, command: tuple[str, ...], database: str, words: str
) -> None:
    """Exit code 2; nothing is made, and nothing of Python is advised."""
    done = igate(*command, database, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in " ".join(done.stderr.split())
    assert "create" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_metrics_without_a_column_or_a_file_says_what_is_there(tmp_path: Path) -> None:
    """The columns that are there are listed; a missing file is a wrong use."""
    (tmp_path / "d.csv").write_text("code,received\nA1,2024-05-02\n", encoding="utf-8")
    done = igate("metrics", "d.csv", cwd=tmp_path)
    assert done.returncode == 1
    assert "Its columns are" in done.stderr
    assert igate("metrics", "none.csv", cwd=tmp_path).returncode == 2
    unknown = igate("metrics", "d.csv", "--definition", "form_06b", cwd=tmp_path)
    assert unknown.returncode == 2
    assert "form_06a" in unknown.stderr


def test_version_and_help_are_quick_and_plain() -> None:
    """The first thing that a new user tries, as a shell runs it."""
    version, shown = (
        subprocess.run(
            [sys.executable, "-m", "igate", option],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        for option in ("--version", "--help")
    )
    assert version.stdout.startswith("igate ")
    assert shown.returncode == 0
    for command in ("demo", "due", "check", "metrics"):
        assert command in shown.stdout
