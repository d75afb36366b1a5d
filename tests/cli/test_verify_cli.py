"""The command ``igate verify``, and the answers in ``igate catalog summary``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from commands import run_command
from igate import check_paths
from places import ROOT, TESTS

if TYPE_CHECKING:
    from pathlib import Path

GOOD = (TESTS / "broken" / "unknown-start.yaml").read_text(encoding="utf-8").replace(
    "effective_from: unknown", 'effective_from: "2026-08-03"'
)  # fmt: skip


def igate(*arguments: str) -> tuple[int, str, str]:
    """Run the program, and return exit code, output and errors."""
    done = run_command(arguments, ROOT)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def late(tmp_path: Path) -> Path:
    """Return a folder with a procedure whose steps take more than its limit."""
    assert "limit: 3 working_day" in GOOD
    text = GOOD.replace("limit: 3 working_day", "limit: 2 working_day", 1)
    (tmp_path / "9.000001-card.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_an_example_that_refutes_can_be_pasted(late: Path) -> None:
    """The command ends with 1 and prints the block; the check runs it."""
    code, out, err = igate("verify", str(late))
    assert (code, err) == (1, "")
    assert out.startswith("9.000001 2026-08-03\n")
    assert "The limit is kept if each step keeps its time: refuted. " in out
    assert "In sum the steps are longer than the limit.\n" in out
    assert "No path has a second supplement: proved. " in out
    assert "Quyết định 1/QĐ-UBND" in igate("verify", str(late), "--lang", "vi")[1]
    block = "examples:\n" + out.partition("examples:\n")[2].partition("\n\n")[0] + "\n"
    file = late / "9.000001-card.yaml"
    file.write_text(file.read_text(encoding="utf-8") + block, encoding="utf-8")
    assert [each.code for each in check_paths([late]) if each.severity == "error"] == []


def test_the_answers_in_json_have_what_they_rest_on(late: Path) -> None:
    """Question, answer, reasons in both languages, citations, counts and the example."""
    code, out, _ = igate("verify", str(late), "--json", "--jobs", "2")
    (found,) = json.loads(out)
    assert (code, found["answer"]) == (1, "refuted")
    verdicts = {each["question"]: each for each in found["verdicts"]}
    assert list(verdicts) == ["ends", "in_time", "apology", "one_supplement"]
    assert verdicts["in_time"]["example"].startswith("examples:\n  - vi: ")
    assert 0 < verdicts["in_time"]["against"] <= verdicts["in_time"]["cases"]
    assert verdicts["apology"]["citations"] == ["Nghị định 118/2025/NĐ-CP, Điều 19 khoản 6"]
    assert verdicts["ends"]["because"]["vi"]


def test_the_summary_counts_the_answers(late: Path) -> None:
    """A column of the summary, which has none where nobody asks for it."""
    asked = ("catalog", "summary", "--path", str(late))
    assert "proved" not in igate(*asked)[1]
    _, out, _ = igate(*asked, "--verify")
    assert "every path ends: 1 proved, 0 refuted, 0 not stated" in out
    assert "the limit is kept if each step keeps its time: 0 proved, 1 refuted, 0 not stated" in out
    _, out, _ = igate(*asked, "--verify", "--json")
    assert json.loads(out)["verified"]["in_time"] == {"proved": 0, "refuted": 1, "not_stated": 0}


def test_a_path_or_code_that_is_not_there_is_said(tmp_path: Path, late: Path) -> None:
    """A path is a wrong use; a code is a refusal."""
    assert igate("verify", str(tmp_path / "nowhere"))[0] == 2
    code, _, err = igate("verify", str(late), "--code", "9.999999")
    assert code == 1
    assert "9.999999" in err
