"""The reference page of the metrics says what the code says."""

from __future__ import annotations

import re

import pytest

from igate import metrics
from igate.metrics.columns import INPUT
from igate.metrics.form import IDENTITIES
from places import ROOT

PAGE = (ROOT / "docs" / "reference" / "metrics.md").read_text("utf-8")


def headings(chapter: str) -> list[str]:
    """Return the names in code style among the third-level headings of a chapter."""
    (body,) = re.findall(rf"^## {chapter}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return re.findall(r"^### `(\w+)`$", body, re.MULTILINE)


def section(name: str) -> str:
    """Return the text under a third-level heading."""
    (body,) = re.findall(rf"^### `{name}`\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return str(body)


def test_every_definition_has_a_heading() -> None:
    """The shipped definitions and those of the page are the same."""
    assert headings("Definitions") == list(metrics.DEFINITIONS)


@pytest.mark.parametrize("name", metrics.DEFINITIONS)
def test_a_definition_is_described_as_it_counts(name: str) -> None:
    """Citation, numerator and denominator on the page are those of the code."""
    chosen, text = metrics.definition(name), section(name)
    assert str(chosen.citation) in text
    for side, names in (("numerator", chosen.numerator), ("denominator", chosen.denominator)):
        (line,) = re.findall(rf"^\* {side}: (.*)$", text, re.MULTILINE)
        assert line == " + ".join(f"`{count}`" for count in names)


def test_every_column_has_a_heading() -> None:
    """Input columns and counts stand on the page in the order of the code."""
    assert headings("Input columns") == list(INPUT)
    assert headings("Counts") == [*metrics.COUNTS, *metrics.FURTHER_COUNTS]


def test_the_identities_are_those_that_are_checked() -> None:
    """The equations on the page are the ones that every table must satisfy."""
    written = re.findall(r"^\* (`\w+` = .*)$", PAGE, re.MULTILINE)
    assert written == [
        f"`{total}` = " + " + ".join(f"`{part}`" for part in parts) for total, parts in IDENTITIES
    ]
