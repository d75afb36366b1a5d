"""Help, refusals of the command line and results of each command, in both languages."""

from __future__ import annotations

import inspect
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from typer.main import get_command

from commands import run_command
from igate.cli.main import app
from igate.cli.speaking import OWN_WORDS, in_vietnamese
from igate.office.sql.store import SqlStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from commands import Done

#: Words of the library of the command line that a page in Vietnamese may not have.
ENGLISH = re.compile(
    r"\b(Usage|Options|Arguments|Commands|OPTIONS|ARGS|COMMAND|default|required|Show this|Error|"
    r"Try|Missing|such|Invalid|expected|requires|valid)\b"
)


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401 - of typer
    """Yield each command and group with the words by which it is called."""
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, (*path, name))


EACH = dict(commands(get_command(app)))


def plain(text: str) -> str:
    return " ".join(text.split())


def igate(folder: Path, *words: str) -> Done:
    """Run a command; where the tests are a module that runs, it is named after that."""
    done = run_command(words, folder)
    return replace(
        done,
        **{
            name: re.sub(r"[^\s']+( -m [^\s']+)?[.\\/]igate\b", "igate", getattr(done, name))
            for name in ("stdout", "stderr")
        },
    )


@pytest.mark.parametrize("path", EACH, ids=" ".join)
def test_every_command_takes_a_language(path: tuple[str, ...]) -> None:
    """A refusal is printed by each, so each can be asked to say it in Vietnamese."""
    assert "--lang" in [name for each in EACH[path].params for name in each.opts]


@pytest.mark.parametrize("path", EACH, ids=" ".join)
def test_no_help_lacks_its_vietnamese(tmp_path: Path, path: tuple[str, ...]) -> None:
    """Each text of the page has another one in Vietnamese, and no heading stays English."""
    command = EACH[path]
    done = igate(tmp_path, *path, "--lang", "vi", "--help")
    assert done.returncode == 0
    page = plain(done.stdout)
    texts = [command.help, *(getattr(each, "help", None) for each in command.params)]
    texts += [below.help for below in getattr(command, "commands", {}).values()]
    assert len([text for text in texts if text]) == len(texts)
    for text in texts:
        english = plain(inspect.cleandoc(text))
        vietnamese = plain(in_vietnamese(inspect.cleandoc(text)))
        assert vietnamese != english
        assert english not in page
        # a long word is broken at its hyphens where the line ends
        assert vietnamese.replace(" ", "") in page.replace(" ", "")
    assert ENGLISH.findall(page) == []


def test_help_is_english_where_nothing_else_is_asked_for(tmp_path: Path) -> None:
    """The words of the library are as it has them."""
    page = igate(tmp_path, "due", "--help").stdout
    assert page.startswith("Usage: igate due [OPTIONS]")
    assert "Compute a deadline and prove it day by day." in page
    assert "[default: decree]" in page


@pytest.mark.parametrize(
    "words",
    [
        ("--lang", "vi", "db", "--help"),
        ("db", "--lang=vi", "--help"),
        ("db", "--help", "--lang", "vi"),
        ("--lang", "en", "db", "--lang", "vi"),
    ],
)
def test_the_language_is_known_wherever_it_stands(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Before the group, in it, after ``--help``; of two the last one counts."""
    done = igate(tmp_path, *words)
    assert (done.stdout + done.stderr).startswith("Cách dùng: igate db [TÙY CHỌN] LỆNH")


def test_the_language_of_the_surroundings_is_that_of_the_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``IGATE_LANG`` counts for the help as for all else, and ``--lang`` goes before it."""
    monkeypatch.setenv("IGATE_LANG", "vi")
    assert "Tùy chọn:" in igate(tmp_path, "--help").stdout
    assert "Options:" in igate(tmp_path, "--help", "--lang", "en").stdout


def test_a_language_before_the_command_is_that_of_its_results(tmp_path: Path) -> None:
    """``igate --lang vi`` speaks for the command, unless that has a ``--lang`` of its own."""
    done = igate(tmp_path, "--lang", "vi", "catalog", "search", "không có từ này")
    assert done.stderr == "Không tìm thấy thủ tục nào.\n"
    done = igate(tmp_path, "--lang", "vi", "catalog", "search", "không có từ này", "--lang", "en")
    assert done.stderr == "No procedure found.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("due",), "Thiếu tùy chọn '--received'."),
        (("due", "--limit"), "Tùy chọn '--limit' cần có giá trị."),
        (("due", "--jsn"), "Không có tùy chọn --jsn"),
        (("due", "--json=1"), "Tùy chọn '--json' không nhận giá trị."),
        (("chekc",), "Không có lệnh 'chekc'. Có phải ý bạn là 'check'?"),
        (("db", "current", "a", "b"), "Thừa tham số (b)"),
        (("check", "nowhere"), "không có tệp hoặc thư mục 'nowhere'"),
        (("check", "--stale", "-1", "."), "Giá trị của '--stale' không hợp lệ: "),
        (("check", "--stale", "x", "."), "số nguyên"),
        (("check", "--severity", "x", "."), "'x' không phải là một trong 'error', "),
        (("show", "1.001806", "--on", "2026"), "'2026' không đúng dạng năm-tháng-ngày, như 2026"),
        (("check",), "Nêu tệp hoặc thư mục"),
    ],
)
def test_a_wrong_use_is_told_in_vietnamese(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    """The line of use, where the help is, and what is wrong; the exit code stays 2."""
    done = igate(tmp_path, "--lang", "vi", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in plain(done.stderr)
    *lines, error = done.stderr.splitlines()
    assert error.startswith("Lỗi: ")
    if lines:  # the library gives no line of use where an option lacks its value
        usage, hint, nothing = lines
        assert usage.startswith("Cách dùng: igate ")
        assert hint.startswith("Xem hướng dẫn: 'igate ")
        assert nothing == ""
    assert ENGLISH.findall(done.stderr) == []


def test_what_nobody_translated_stays_as_it_is() -> None:
    """Words of another library are not lost."""
    assert in_vietnamese("Something else.") == "Something else."
    assert in_vietnamese("Invalid value: odd") == "Giá trị không hợp lệ: odd"


@pytest.mark.parametrize("template", [each for each in OWN_WORDS if "{" not in each])
def test_words_without_a_value_are_said_as_they_stand(template: str) -> None:
    """Each has another text in Vietnamese."""
    assert in_vietnamese(template) != template


def test_the_summary_of_the_catalogue_is_written_as_vietnamese_writes_numbers(
    tmp_path: Path,
) -> None:
    """Points between thousands, a comma before decimals; the same figures as in English."""
    english = igate(tmp_path, "catalog", "summary").stdout
    vietnamese = igate(tmp_path, "catalog", "summary", "--lang", "vi").stdout
    (count,) = re.findall(r"^([\d,]+) procedures in", english)
    assert vietnamese.startswith(f"{count.replace(',', '.')} thủ tục thuộc ")
    digits = re.compile(r"\d")
    assert digits.findall(english) == digits.findall(vietnamese)


def test_a_view_of_a_procedure_is_in_the_language_asked_for(tmp_path: Path) -> None:
    """Words are Vietnamese; names of states and actions stay as files write them."""
    done = igate(tmp_path, "show", "1.001806", "--resolved", "--on", "2026-11-20", "--lang", "vi")
    assert done.stdout.startswith("# 1.001806, lần sửa đổi 2025-11-27, theo các tệp\n")
    finish = next(line for line in done.stdout.splitlines() if line.startswith("  finish: "))
    assert "processing_6 → solved, bởi clerk, đồng hồ finish, kết quả granted" in finish


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DROP TABLE igate_payment", "thiếu bảng: igate_payment"),
        ("ALTER TABLE igate_dossier ADD COLUMN more TEXT", "cột không do igate tạo: "),
        ("DROP INDEX igate_dossier_by_due", "thiếu chỉ mục: igate_dossier_by_due"),
        ("DROP TRIGGER igate_entry_is_next", "thiếu trigger: igate_entry_is_next"),
    ],
)
def test_differences_of_a_database_are_said_in_vietnamese(
    tmp_path: Path, statement: str, said: str
) -> None:
    """What is missing and what is too much, by name; JSON has both languages."""
    SqlStore.open(f"sqlite:///{tmp_path / 'office.db'}", create=True).close()
    with closing(sqlite3.connect(tmp_path / "office.db")) as base, base:
        base.execute(statement)
    done = igate(tmp_path, "db", "check", "office.db", "--lang", "vi")
    assert said in done.stdout
    assert said in igate(tmp_path, "db", "check", "office.db", "--json").stdout


def test_the_anchor_says_where_it_was_written(tmp_path: Path) -> None:
    """In the language asked for, beside the line that is the same in both."""
    SqlStore.open(f"sqlite:///{tmp_path / 'office.db'}", create=True).close()
    done = igate(tmp_path, "journal", "anchor", "office.db", "--out", "a.txt", "--lang", "vi")
    assert done.stderr.startswith("Đã ghi: ")
    assert done.stdout == igate(tmp_path, "journal", "anchor", "office.db").stdout
