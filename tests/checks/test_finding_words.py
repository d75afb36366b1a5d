"""What ``igate check --lang vi`` says: the findings of the case, in Vietnamese."""

from __future__ import annotations

import io
import json
import re

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from igate.checks.checker import check_paths
from igate.cli.check import check, print_grouped
from places import TESTS

BROKEN = TESTS / "broken"


def igate_check(*arguments: str, lang: str | None = None) -> tuple[int, str, str]:
    """Run the command as a program of its own; give exit code, output and errors."""
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command()(check)
    done = CliRunner().invoke(app, list(arguments), env={"IGATE_LANG": lang})
    return done.exit_code, done.stdout, done.stderr


def test_the_vietnamese_line_is_the_english_one_in_the_other_language() -> None:
    """Place and code as in English, then what is wrong and what to do."""
    file = str(BROKEN / "missing-handover.yaml")
    code, out, err = igate_check(file, "--lang", "vi")
    first, verdict = out.splitlines()
    assert (code, err) == (0, "")
    assert first == (
        f"{file}:15:7: cảnh báo [missing-handover] Bước cuối không phải là bước trả kết quả. "
        "Thêm bước này, với limit: not_counted, nếu quyết định có."
    )
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


def test_the_surroundings_choose_the_language_and_the_option_has_the_last_word() -> None:
    """``IGATE_LANG=vi`` makes an office Vietnamese; ``--lang en`` is for whoever asks for it."""
    file = str(BROKEN / "bad-date.yaml")
    asked = igate_check(file, "--lang", "vi")
    assert igate_check(file, lang="vi") == asked
    assert igate_check(file, "--lang", "en", lang="vi") == igate_check(file, "--lang", "en")
    assert igate_check(file, "--lang", "en") != asked


def test_a_terminal_shows_message_and_remedy_in_vietnamese() -> None:
    """Severity, sentence and code; then what to do, on its own line."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=300, color_system=None)
    print_grouped(check_paths([BROKEN / "missing-handover.yaml"]), console, "vi")
    _, first, second = [line.strip() for line in out.getvalue().splitlines() if line.strip()]
    assert re.fullmatch(r"15:7 +cảnh báo +Bước cuối .*\. \[missing-handover\]", first)
    assert second == "Thêm bước này, với limit: not_counted, nếu quyết định có."


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_json_has_both_languages_whatever_is_asked_for(lang: str) -> None:
    """``message`` and ``remedy`` stay English; ``vi`` has the same in Vietnamese."""
    _, out, _ = igate_check(str(BROKEN / "unknown-start.yaml"), "--json", "--lang", lang)
    (found,) = json.loads(out)
    assert "is not known" in found["message"]
    assert found["vi"] == {
        "message": "Chưa rõ lần sửa đổi này có hiệu lực từ ngày nào.",
        "remedy": "Lần sửa đổi này được coi là cũ hơn mọi hồ sơ. Ghi ngày có hiệu lực khi đã biết.",
    }
