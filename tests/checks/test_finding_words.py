"""What ``igate check --lang vi`` says: two Vietnamese sentences a code, the details below."""

from __future__ import annotations

import io
import json
import re
import unicodedata

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from igate.checks.checker import check_paths
from igate.checks.findings_vi import FINDING_WORDS, SEVERITY_WORDS
from igate.cli.check import check, print_grouped
from igate.files.findings import CODES, severity_of
from places import TESTS

BROKEN = TESTS / "broken"
SENTENCES = [(code, text) for code, words in FINDING_WORDS.items() for text in words]
#: What is written in a file, a command, or printed in one: it stands between marks.
MARKED = re.compile(r'“[^”]*”|"[^"]*"')
#: Letters that only Vietnamese has, or that carry one of its marks.
VIETNAMESE = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]")
#: Words of the code and of the English page for which the glossary has a Vietnamese one.
MACHINE_WORDS = {
    "action", "actor", "citation", "code", "deadline", "fact", "file", "guard", "id", "key",
    "label", "limit", "party", "phase", "revision", "role", "state", "status", "step", "template",
    "transition", "yaml",
}  # fmt: skip


def igate_check(*arguments: str) -> tuple[int, str, str]:
    """Run the command as a program of its own; give exit code, output and errors."""
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command()(check)
    done = CliRunner().invoke(app, list(arguments))
    return done.exit_code, done.stdout, done.stderr


def test_every_finding_is_explained_in_vietnamese() -> None:
    """One entry a code, in the order of the reference page, and none besides."""
    assert tuple(FINDING_WORDS) == CODES
    assert set(SEVERITY_WORDS) == {severity_of(code) for code in CODES}


@pytest.mark.parametrize(("code", "text"), SENTENCES)
def test_each_explanation_is_one_vietnamese_sentence(code: str, text: str) -> None:
    """It ends with a full stop, is composed (NFC), and has no machine word outside of marks."""
    assert text.endswith("."), code
    assert unicodedata.is_normalized("NFC", text), code
    plain = MARKED.sub("", text)
    assert plain.count(". ") == 0, code
    assert text[0].isupper(), code
    assert VIETNAMESE.search(plain.lower()), code
    assert not set(re.findall(r"[a-z]+", plain.lower())) & MACHINE_WORDS, code


def test_no_two_findings_are_said_to_be_the_same() -> None:
    """What is wrong differs from code to code, so that an officer can tell them apart."""
    assert len({words.what for words in FINDING_WORDS.values()}) == len(CODES)


def test_the_vietnamese_line_begins_with_its_place_and_the_details_follow() -> None:
    """Place and code as in English; the English message, with its numbers, is indented below."""
    file = str(BROKEN / "missing-handover.yaml")
    code, out, err = igate_check(file, "--lang", "vi")
    first, second, verdict = out.splitlines()
    assert (code, err) == (0, "")
    assert first == (
        f"{file}:15:7: cảnh báo [missing-handover] Bước cuối không phải là bước trả kết quả. "
        "Nếu quyết định có bước này thì thêm vào, với “limit: not_counted” (không tính thời gian)."
    )
    english, _ = igate_check(file)[1].splitlines()
    assert second == "    " + english.partition("[missing-handover] ")[2]
    assert verdict == "Không có lỗi; 1 cảnh báo và ghi chú."


@pytest.mark.parametrize(
    ("name", "word"),
    [("bad-date", "lỗi"), ("unknown-start", "ghi chú"), ("unknown-leg", "cảnh báo")],
)
def test_the_severity_is_a_vietnamese_word(name: str, word: str) -> None:
    """Error, note and warning; 30 February is an error, an unknown start is not."""
    _, out, _ = igate_check(str(BROKEN / f"{name}.yaml"), "--lang", "vi")
    assert f": {word} [{name}] " in out


def test_the_verdict_of_a_failed_check_is_vietnamese_too() -> None:
    """It goes to standard error, as in English, and the exit code is 1."""
    code, _, err = igate_check(str(BROKEN / "bad-date.yaml"), "--lang", "vi")
    assert (code, err) == (1, "Có 1 lỗi; 0 cảnh báo và ghi chú.\n")


def test_a_terminal_shows_the_vietnamese_above_the_english() -> None:
    """Severity, sentence and code; then what to do; then message and remedy in English."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=300, color_system=None)
    print_grouped(check_paths([BROKEN / "missing-handover.yaml"]), console, "vi")
    _, first, second, third = [line.strip() for line in out.getvalue().splitlines() if line.strip()]
    assert re.fullmatch(r"15:7 +cảnh báo +Bước cuối .*\. \[missing-handover\]", first)
    assert second.startswith("Nếu quyết định có bước này")
    assert "limit: not_counted" in third


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_json_has_both_languages_whatever_is_asked_for(lang: str) -> None:
    """``message`` and ``remedy`` stay English; ``vi`` has the two sentences of the code."""
    _, out, _ = igate_check(str(BROKEN / "unknown-start.yaml"), "--json", "--lang", lang)
    (found,) = json.loads(out)
    assert "is not known" in found["message"]
    assert found["vi"] == {
        "message": "Chưa rõ lần sửa đổi có hiệu lực từ ngày nào.",
        "remedy": "Ghi ngày có hiệu lực khi đã biết.",
    }
