"""A new procedure file: what is to be filled in is pointed at, the rest is accepted."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from igate.checks.checker import check_paths
from igate.cli.importing import new
from igate.cli.options import Lang
from igate.errors import IgateError, OutputError
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.catalog.scaffold import FILL, scaffold
from igate.procedures.reading.keys import (
    ConditionModel,
    LimitModel,
    PartyModel,
    ProcedureFile,
    RequirementModel,
    ResultModel,
    RevisionModel,
    StepModel,
    WayModel,
)
from places import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

TODAY = date(2026, 11, 21)
VIETNAMESE = ROOT / "docs" / "vi"
#: What an officer would write, by the key on the line.
FILLED = {
    "id": "libraries",
    "vi": "Thư viện",
    "source": "văn bản trên giấy",
    "effective_from": '"2026-01-01"',
    "citation": "Quyết định 7/QĐ-UBND ngày 01/01/2026 của UBND tỉnh X",
    "limit": "1 working_day",
}


def test_the_check_points_at_each_place_to_fill_in_and_at_nothing_else(tmp_path: Path) -> None:
    """With file and line; the lines are those that carry the mark."""
    name, text = scaffold("1.001806.H15", checked_on=TODAY)
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = [each for each in check_paths([tmp_path]) if each.severity == "error"]
    marked = [n for n, line in enumerate(text.splitlines(), 1) if line.endswith(FILL)]
    assert [each.place.line for each in found] == marked
    assert {each.place.file for each in found} == {str(tmp_path / name)}
    assert len(marked) == 11


def test_once_filled_in_it_is_a_procedure(tmp_path: Path) -> None:
    """Every marked line needs a value, and no other line has to be touched."""
    name, text = scaffold("1.001806", checked_on=TODAY)
    filled = re.sub(
        rf'(\w+): ""  {re.escape(FILL)}', lambda match: f"{match[1]}: {FILLED[match[1]]}", text
    )
    (tmp_path / name).write_text(filled, encoding="utf-8")
    assert [each for each in check_paths([tmp_path]) if each.severity == "error"] == []
    revision = Catalog.load(tmp_path).procedure("1.001806").in_force(TODAY)
    assert [step.phase for step in revision.workflow.steps] == [
        "reception", "processing", "processing", "handover",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "model",
    [
        ProcedureFile, RevisionModel, LimitModel, RequirementModel, ResultModel, ConditionModel,
        StepModel, PartyModel, WayModel,
    ],
)  # fmt: skip
def test_every_key_is_there_or_shown_in_a_comment(model: type[BaseModel]) -> None:
    """A key that the format gains must be explained to whoever begins a file."""
    _, text = scaffold("1.001806", checked_on=TODAY)
    keys = {field.alias or name for name, field in model.model_fields.items()} - {"en"}
    assert {
        key for key in keys if not re.search(rf"(?:^|[ #{{]){key}:", text, re.MULTILINE)
    } == set()


def uncommented(text: str) -> str:
    """Take the mark off each comment that is a key, an entry, or goes on with one."""
    entry = re.compile(r"^( *)# ( *(?:- )?(?:\{|[a-z_]+:(?: |$)|vi: ).*)$")
    lines = []
    for line in text.splitlines():
        found = entry.match(line)
        prose = line.strip().startswith(("# phase:", "# role:", "# limit:", "# published:",
                                         "# ordinary:", "# two_level:", "# decree_43_2011:",
                                         "# enterprise,"))  # fmt: skip
        lines.append(f"{found[1]}{found[2]}" if found and not prose else line)
    written = "\n".join(lines) + "\n"
    # as its comment says, "actors" stands in the place of these two
    return re.sub(r"(actors:\n(?: +- .+\n)+) +role: leader\n +limit: .+\n", r"\1", written)


def test_what_stands_in_comments_is_accepted_too(tmp_path: Path) -> None:
    """Every example in a comment is one that the check takes, once its mark is taken off."""
    name, text = scaffold("9.000003", checked_on=TODAY)
    filled = re.sub(
        rf'(\w+): ""  {re.escape(FILL)}', lambda match: f"{match[1]}: {FILLED[match[1]]}", text
    )
    (tmp_path / name).write_text(uncommented(filled), encoding="utf-8")
    found = [str(each) for each in check_paths([tmp_path]) if each.severity == "error"]
    assert found == []
    revision = Catalog.load(tmp_path).procedure("9.000003").in_force(TODAY)
    assert revision.subjects == ("citizen", "enterprise")
    assert [step.place for step in revision.workflow.steps] == ["1", "2", "3.1", "3.2", "4"]
    assert [party.role for party in revision.workflow.steps[1].together] == ["police", "health"]
    assert revision.workflow.steps[3].ways[0].to == 2


def test_every_key_has_a_comment_in_both_languages() -> None:
    """No line of the skeleton stands without an explanation above its block."""
    _, text = scaffold("1.001806", checked_on=TODAY)
    remarks = [line.strip() for line in text.splitlines() if line.strip().startswith("# ")]
    vietnamese = [line for line in remarks if re.search(r"[ạảãđơưáàấầậ]", line)]
    words = re.compile(r"\b(?:the|of|only|like|optional)\b", re.IGNORECASE)
    english = [line for line in remarks if words.search(line)]
    assert len(vietnamese) >= 15
    assert len(english) >= 15


def test_a_file_that_is_there_is_not_touched(tmp_path: Path) -> None:
    """The second ``igate new`` refuses."""
    new("1.001806", out=tmp_path, lang=Lang.EN)
    (tmp_path / "1.001806.yaml").write_text("by hand", encoding="utf-8")
    with pytest.raises(OutputError, match="is there already"):
        new("1.001806", out=tmp_path, lang=Lang.EN)
    assert (tmp_path / "1.001806.yaml").read_text("utf-8") == "by hand"
    new("1.001806", out=tmp_path, force=True, lang=Lang.EN)
    assert "format: 1" in (tmp_path / "1.001806.yaml").read_text("utf-8")


@pytest.mark.parametrize("code", ["", "1.1806", "abc", "../1.001806"])
def test_what_is_no_code_is_refused(code: str) -> None:
    """A file name is made of it."""
    with pytest.raises(IgateError, match="is not the code of a procedure"):
        scaffold(code, checked_on=TODAY)


def test_the_skeleton_calls_things_as_the_vietnamese_pages_do() -> None:
    """A key is "mục" and "format" the number of the file format; "khóa" is a key of encryption."""
    _, text = scaffold("1.001806", checked_on=TODAY)
    page = VIETNAMESE / "reference" / "procedure-file" / "name-and-field.md"
    assert "Số của định dạng tệp, luôn là `1`." in page.read_text(encoding="utf-8")
    assert "# Số của định dạng tệp, luôn là 1. / Number of the file format, always 1." in text
    assert "# Mô tả từng mục: docs/vi/reference/procedure-file.md\n" in text
    assert "khóa" not in text
