"""What is not YAML leads to the page of its kind, in the language of the message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from igate import metrics
from igate.calendar import read_layer
from igate.calendar.reading import read_records
from igate.checks.checker import check_paths
from igate.deadlines.rulefile import read_rules
from igate.errors import DefinitionError
from igate.exchange.portalfile import read_portal_file
from igate.files.yaml import read
from igate.metrics.logs.mapping import read_log_map
from igate.metrics.mapping import read_map
from igate.words.sentence import said
from places import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PROCEDURE = "docs/reference/procedure-file.md"
TEMPLATE = "docs/reference/procedure-file/own-template.md"
RULES = "docs/reference/clock-rules.md"
LAYER = "docs/explanation/calendar.md"
MAP = "docs/how-to/map-your-csv.md"
LOG = "docs/how-to/count-an-event-log.md"
PORTAL = "igate/exchange/vn/portal-2025.yaml"


def as_rules(path: Path) -> object:
    return read_rules(path.read_text(encoding="utf-8"), file="a.yaml")


def as_records(path: Path) -> object:
    return read_records(path.read_text(encoding="utf-8"), file="a.yaml")


def as_table(path: Path) -> object:
    return metrics.read_table(path, column_map=path)


@pytest.mark.parametrize(
    ("reads", "page"),
    [
        (as_rules, RULES), (as_records, LAYER), (read_layer, LAYER), (read_map, MAP),
        (as_table, MAP), (read_log_map, LOG), (read_portal_file, PORTAL),
    ],
)  # fmt: skip
def test_a_reader_leads_to_the_page_of_what_it_reads(
    reads: Callable[[Path], object], page: str, tmp_path: Path
) -> None:
    """Whatever the broken text may look like."""
    path = tmp_path / "a.yaml"
    path.write_text("? [a, b]: x\n", encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        reads(path)
    (found,) = caught.value.findings
    assert found.code == "malformed-yaml"
    assert found.remedy == f"Compare with {page}."


@pytest.mark.parametrize(
    ("keys", "page"),
    [
        ("", PROCEDURE), ('code: "9.000001"\n', PROCEDURE), ("template: own\n", TEMPLATE),
        ("rules: circus\nrevisions: []\n", RULES), ("year: 2027\nrecords: []\n", LAYER),
        ("channel: Kênh\nreceived: Ngày\n", MAP), ("activity: Việc\nmarks: {}\n", LOG),
        ("portal: x\nenvelope: {}\n", PORTAL),
    ],
)  # fmt: skip
def test_the_check_leads_to_the_page_of_what_the_keys_say(
    keys: str, page: str, tmp_path: Path
) -> None:
    """In Vietnamese to the Vietnamese page, where there is one."""
    (tmp_path / "a.yaml").write_text(f"{keys}? [a, b]: x\n", encoding="utf-8")
    (found,) = check_paths([tmp_path])
    assert (found.code, found.remedy) == ("malformed-yaml", f"Compare with {page}.")
    there = page.replace("docs/", "docs/vi/", 1)
    named = there if (ROOT / there).is_file() else page
    assert said(found.remedy, "vi") == f"Đối chiếu với {named}."


def test_a_file_that_is_empty_leads_to_a_page_in_both_languages() -> None:
    """To that of the procedure file, where nothing says that it is another."""
    with pytest.raises(DefinitionError) as caught:
        read("", file="a.yaml")
    assert "docs/reference/procedure-file.md" in str(caught.value)
    assert "docs/vi/reference/procedure-file.md" in caught.value.text("vi")
