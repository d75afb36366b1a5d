"""Names and values that pages promise are those of the program."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from igate.deadlines import read_rules
from igate.errors import DefinitionError
from igate.exchange.portalfile import DOSSIER_SOURCES, STEP_SOURCES, SUPPLEMENT_SOURCES
from igate.office.evidence import FindingKind
from places import ROOT

HOW_TO = ROOT / "docs" / "how-to"


def names_in(text: str) -> set[str]:
    """Return the names in code style."""
    return set(re.findall(r"`(\w+)`", text))


def test_what_a_field_of_the_portal_can_come_from_is_listed() -> None:
    """Of a dossier, of a row of its supplements and of a step: all of it, and nothing else."""
    page = (HOW_TO / "connect-systems.md").read_text(encoding="utf-8")
    for of, sources in (
        ("a dossier", DOSSIER_SOURCES),
        ("a row of `supplements`", SUPPLEMENT_SOURCES),
        ("a step", STEP_SOURCES),
    ):
        (listed,) = re.findall(rf"^\| {of} \| (.*) \|$", page, re.MULTILINE)
        assert names_in(listed) == set(sources)


def test_every_kind_of_finding_about_a_journal_is_explained() -> None:
    """Those of the table are found, and the notes are named below it."""
    page = (HOW_TO / "prove-the-journal.md").read_text(encoding="utf-8")
    kinds = set(get_args(FindingKind))
    table = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert kinds - names_in(page) == set()
    assert table - kinds == set()


def test_every_benchmark_is_named_on_the_page_about_speed() -> None:
    """Those of the table are there, and each that is there is in the table."""
    page = (ROOT / "docs" / "explanation" / "speed.md").read_text(encoding="utf-8")
    table = page.partition("| program | compares |")[2].partition("\n\n")[0]
    named = set(re.findall(r"`(\w+\.py)`", table))
    assert named == {path.name for path in (ROOT / "benchmarks").glob("*.py")}


def test_another_format_is_refused_with_the_one_that_can_be_read() -> None:
    """Also a value that is a number has its remedy."""
    with pytest.raises(DefinitionError, match=r"2 is not known here\. Write 1\."):
        read_rules("format: 2\n", file="rules.yaml")
