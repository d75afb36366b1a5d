"""What is proved of the shipped catalogue, and the page that says so."""

from __future__ import annotations

import runpy
from typing import TYPE_CHECKING

import pytest

from igate import Catalog
from igate.checks.verify import verified
from igate.checks.wandering import stranded
from places import ROOT, TESTS

if TYPE_CHECKING:
    from pathlib import Path

TOOL = runpy.run_path(str(ROOT / "tools" / "verified_page.py"))
GOOD = (TESTS / "broken" / "unknown-start.yaml").read_text(encoding="utf-8")


def test_the_page_of_verified_decisions_is_what_is_found() -> None:
    """Where this fails, the catalogue or the calendar has changed: run tools/verified_page.py."""
    assert TOOL["PAGE"].read_text(encoding="utf-8") == TOOL["page"]()


@pytest.mark.parametrize(
    ("code", "template"), [("2.001717", "two_level"), ("1.005144", "ordinary")]
)
def test_the_course_of_a_shipped_template_is_proved(code: str, template: str) -> None:
    """Every path of it ends, an apology is in time, and a supplement is asked for once."""
    (found,) = verified(codes=[code])
    *_, (_, revision) = Catalog.shipped().procedure(code).revisions
    assert revision.template == template
    assert found.answer == "proved"


def test_two_processes_find_what_one_finds(tmp_path: Path) -> None:
    """In the order of the codes, whoever did the work."""
    for number in (3, 1, 2):
        text = GOOD.replace("9.000001", f"9.00000{number}").replace("ví dụ", f"ví dụ {number}")
        text = text.replace("effective_from: unknown", 'effective_from: "2026-11-01"')
        (tmp_path / f"{number}.yaml").write_text(text, encoding="utf-8")
    one = verified([tmp_path])
    assert [each.procedure for each in one] == ["9.000001", "9.000002", "9.000003"]
    assert verified([tmp_path], processes=2) == one
    assert [each.procedure for each in verified([tmp_path], ["9.000002"])] == ["9.000002"]


def test_no_random_dossier_of_a_shipped_procedure_is_stranded() -> None:
    """Twenty of a procedure with steps of two levels; the same seed gives the same dossiers."""
    procedure = Catalog.shipped().procedure("2.002761")
    assert list(stranded(procedure, 20)) == []
    assert list(stranded(procedure, 20, seed=1)) == []
