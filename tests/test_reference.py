"""docs/reference/api/ says what the docstrings say, of every public name."""

from __future__ import annotations

import importlib
import importlib.util
import re
from typing import TYPE_CHECKING

import pytest

import igate
from places import ROOT

if TYPE_CHECKING:
    from types import ModuleType

FOLDER = ROOT / "docs" / "reference" / "api"
FACES = [
    path.parent.name
    for path in sorted((ROOT / "igate").glob("*/__init__.py"))
    if path.parent.name != "cli"  # a program, not a library
]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """Return the program that writes the reference."""
    spec = importlib.util.spec_from_file_location(
        "write_reference", ROOT / "tools" / "write_reference.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def described(page: str) -> set[str]:
    """Return the names that have a heading on a page."""
    text = (FOLDER / f"{page}.md").read_text(encoding="utf-8")
    return set(re.findall(r"^## \w+ `(\w+)`$", text, re.MULTILINE))


def test_the_pages_are_those_of_the_docstrings(tool: ModuleType) -> None:
    """Run ``python tools/write_reference.py`` after a change of a docstring or a signature."""
    texts = tool.Reference().texts()
    assert sorted(texts) == sorted(path.name for path in FOLDER.glob("*.md"))
    stale = [
        name for name, text in texts.items() if (FOLDER / name).read_text(encoding="utf-8") != text
    ]
    assert stale == []


@pytest.mark.parametrize("face", FACES)
def test_every_public_name_of_a_package_has_its_heading(face: str) -> None:
    """What a package lists in ``__all__`` stands on its page."""
    names = set(importlib.import_module(f"igate.{face}").__all__)
    assert names - described(face) == set()


def test_every_name_of_igate_leads_to_its_description() -> None:
    """The list of the public names of ``igate`` links the heading of each."""
    index = (FOLDER / "index.md").read_text(encoding="utf-8")
    links = dict(re.findall(r"^\| \[`(\w+)`\]\((\w+)\.md#[\w-]+\) \|", index, re.MULTILINE))
    assert set(igate.__all__) - set(links) == {"__version__"}
    assert [name for name, page in links.items() if name not in described(page)] == []


def test_a_method_is_described_in_full() -> None:
    """Opening a desk: every parameter of the signature is explained, and so is what is raised."""
    page = (FOLDER / "office.md").read_text(encoding="utf-8")
    section = page.partition("### `OneStop.open`\n")[2].partition("\n### ")[0]
    signature, _, text = section.partition("\n```\n")
    names = re.findall(r"^    (\w+):", signature, re.MULTILINE)
    assert {"url", "agency", "catalog", "calendar", "clock"} <= set(names)
    assert [name for name in names if f"- `{name}`: " not in text] == []
    assert "**Raises**\n\n- `StoreError`: " in text


def test_a_doctest_is_shown_as_an_example() -> None:
    """What a docstring shows in the interpreter becomes a block, and roles become code."""
    page = (FOLDER / "dossiers.md").read_text(encoding="utf-8")
    assert "```pycon\n>>> Actor(" in page
    everything = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md"))
    assert re.findall(r":(?:class|meth|func|attr|mod):`", everything) == []
