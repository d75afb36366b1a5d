"""A key that is missing leads to the page that describes it, under its heading there."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from igate.checks.checker import check_paths
from igate.deadlines.rulefile import read_rules
from igate.errors import DefinitionError
from igate.exchange.portalfile import read_portal_file
from igate.words.sentence import said
from places import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from igate.errors import Finding

RULES = "igate/deadlines/vn/decree.yaml"
TEMPLATE = "igate/workflows/templates/ordinary.yaml"
PORTAL = "igate/exchange/vn/portal-2025.yaml"


def of_rules(file: Path) -> tuple[Finding, ...]:
    return refused(lambda: read_rules(file.read_text(encoding="utf-8"), file=str(file)))


def of_portal(file: Path) -> tuple[Finding, ...]:
    return refused(lambda: read_portal_file(file))


def of_template(file: Path) -> tuple[Finding, ...]:
    return check_paths([file])


def refused(read: Callable[[], object]) -> tuple[Finding, ...]:
    with pytest.raises(DefinitionError) as caught:
        read()
    return caught.value.findings


def without(data: Any, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401 - as YAML gives it
    """Return data without what a path leads to."""
    kept = copy.deepcopy(data)
    here = kept
    for part in path[:-1]:
        here = here[part]
    del here[path[-1]]
    return kept


@pytest.mark.parametrize(
    ("source", "read", "path", "page", "heading"),
    [
        (RULES, of_rules, ("rules",), "docs/reference/clock-rules.md", "rules"),
        (RULES, of_rules, ("revisions", 0, "effective_from"), "docs/reference/clock-rules.md",
         "revisions.effective_from"),
        # what the file calls an interruption is no heading
        (RULES, of_rules, ("revisions", 0, "interruptions", "supplement", "effect"),
         "docs/reference/clock-rules.md", "revisions.interruptions.effect"),
        (RULES, of_rules, ("revisions", 0, "readings", "replace", "value"),
         "docs/reference/clock-rules.md", "revisions.readings.replace.value"),
        (TEMPLATE, of_template, ("initial",), "docs/reference/procedure-file/own-template.md",
         "initial"),
        (TEMPLATE, of_template, ("format",), "docs/reference/procedure-file/own-template.md",
         "format"),
        (PORTAL, of_portal, ("absent",), PORTAL, "absent"),
        (PORTAL, of_portal, ("answer", "code"), PORTAL, "answer.code"),
    ],
)  # fmt: skip
def test_a_missing_key_leads_to_the_page_of_its_kind_of_file(
    tmp_path: Path,
    *,
    source: str,
    read: Callable[[Path], tuple[Finding, ...]],
    path: tuple[str | int, ...],
    page: str,
    heading: str,
) -> None:
    """Clock rules, templates and mappings of a portal have pages of their own."""
    data = yaml.safe_load((ROOT / source).read_text(encoding="utf-8"))
    if "template" in data:
        data["template"] = "own"
    file = tmp_path / "own.yaml"
    file.write_text(yaml.safe_dump(without(data, path), allow_unicode=True), encoding="utf-8")
    found = [each for each in read(file) if each.code == "missing-key"]
    assert [each.remedy for each in found] == [f'Write it; {page} has it under "{heading}".']
    there = page.replace("docs/", "docs/vi/", 1)
    assert (there if (ROOT / there).exists() else page) in said(found[0].remedy, "vi")
    assert "the " not in said(found[0].message, "vi")
    described = (ROOT / page).read_text(encoding="utf-8")
    shown = f"# `{heading}`" if page.endswith(".md") else f"\n{heading.partition('.')[0]}:"
    assert shown in described
