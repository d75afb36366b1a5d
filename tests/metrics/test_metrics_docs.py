"""The reference page of the metrics says what the code says."""

from __future__ import annotations

import inspect
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


def test_every_function_is_listed_as_it_is_called() -> None:
    """A name in the list of functions is one, with its parameters; ``…`` stands for those left out.

    What is left out is shared with ``settlement``.
    """
    listed = dict(re.findall(r"^\| `(\w+)\(([^)]*)\)` \|", PAGE, re.MULTILINE))
    names = {name for name in metrics.__all__ if inspect.isfunction(getattr(metrics, name))}
    assert listed.keys() == names
    shared = {*inspect.signature(metrics.settlement).parameters, "given"}
    wrong = {}
    for name, written in listed.items():
        takes = set(inspect.signature(getattr(metrics, name)).parameters)
        said = {each.strip() for each in written.split(",")} - {"*"}
        lost = takes - said - shared if "…" in said else takes - said
        extra = said - takes - {"…"}
        if lost or extra:
            wrong[name] = (sorted(lost), sorted(extra))
    assert wrong == {}


def test_the_measures_are_those_that_give_points() -> None:
    """Points, the share for all of them, and standing; what has no points says so."""
    row = r"^\| ([\w.-]+) \| [^|]+ \| (\d+) \| (\d+)% \| [^|]+ \| (agreed|copied|assumed) \|$"
    assert re.findall(row, PAGE, re.MULTILINE) == [
        (number, str(each.most), str(int(each.full * 100)), each.standing)
        for number, each in metrics.MEASURES.items()
    ]
    for number in metrics.ABSENT:
        assert f"\n| {number} |" in PAGE


def test_the_names_of_patterns_doubts_causes_and_classes_are_on_the_page() -> None:
    """Each name that a result may hold is explained."""
    names = {
        *metrics.SIGNALS, *metrics.DOUBTS, *metrics.CAUSES, *metrics.AGES, *metrics.LATENESS
    }  # fmt: skip
    assert sorted(names - set(re.findall(r"`(\w+)`", PAGE))) == []
