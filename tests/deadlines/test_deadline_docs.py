"""The reference pages of the clock rules and of the time limits say what the code says."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from igate.deadlines.limits import Unit
from igate.deadlines.rulefile import RulesFile
from igate.files.shape import check_shape
from igate.files.yaml import read
from model_keys import keys
from places import ROOT

DOCS = ROOT / "docs"
RULES = (DOCS / "reference" / "clock-rules.md").read_text(encoding="utf-8")
LIMITS = (DOCS / "reference" / "time-limits.md").read_text(encoding="utf-8")
DEADLINES = (DOCS / "explanation" / "deadlines.md").read_text(encoding="utf-8")


def sections() -> dict[str, str]:
    """Return the text under each third-level heading of the page of the clock rules."""
    parts = re.split(r"^### ", RULES, flags=re.MULTILINE)[1:]
    return {part.splitlines()[0].strip("`"): part for part in parts}


def test_every_key_of_a_rules_file_has_its_heading() -> None:
    """The page and the model name the same keys, in the same order."""
    assert list(sections()) == list(keys(RulesFile))


@pytest.mark.parametrize("key", list(keys(RulesFile)))
def test_every_key_has_an_example(key: str) -> None:
    """The last word of the heading stands in a YAML block below it."""
    example = sections()[key].split("```yaml")[1].split("```")[0]
    assert f"{key.rpartition('.')[2]}:" in example


def test_the_whole_file_of_the_page_is_accepted() -> None:
    """What the page shows first can be copied."""
    text = RULES.split("```yaml file=circus.yaml\n")[1].split("```")[0]
    model, findings = check_shape(RulesFile, read(text, file="circus.yaml"))
    assert findings == []
    assert model is not None


def test_every_shipped_set_of_rules_is_described() -> None:
    """The table of the page names the files of igate/rules, and no other."""
    shipped = {
        entry.name.removesuffix(".yaml")
        for entry in (resources.files("igate.deadlines") / "vn").iterdir()
        if entry.name.endswith(".yaml")
    }
    assert set(re.findall(r"^\| `(\w+)` \|", RULES, re.MULTILINE)) == shipped


def test_every_unit_has_its_line() -> None:
    """The table of the page names the units, in the order of the code."""
    table = LIMITS.partition("| unit | counts |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert rows == [unit.value for unit in Unit]


def test_every_reading_is_named_among_the_open_questions() -> None:
    """What a rules file can choose is explained where the questions are."""
    readings = [key.rpartition(".")[2] for key in keys(RulesFile) if key.count(".") == 2
                and key.startswith("revisions.readings.")]  # fmt: skip
    assert readings
    table = DEADLINES.partition("## Open questions")[2].partition("\n## ")[0]
    missing = [name for name in readings if name != "replace" and f"`{name}`" not in table]
    assert missing == []
    assert "**replace once**" in DEADLINES
