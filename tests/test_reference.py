"""docs/reference/api/ says what the docstrings say, of every public name."""

from __future__ import annotations

import importlib
import importlib.util
import re
from typing import TYPE_CHECKING, Any

import griffe
import pytest

import igate
from places import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

FOLDER = ROOT / "docs" / "reference" / "api"
FACES = [
    path.parent.name
    for path in sorted((ROOT / "igate").glob("*/__init__.py"))
    if path.parent.name != "cli"  # a program, not a library
]

#: What a runner calls: the steps of the state machine.
RUN = ("igate.testing.machine.",)


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


@pytest.fixture(scope="module")
def reference(tool: ModuleType) -> Any:  # noqa: ANN401 - of a program that is loaded by its path
    """Return the public names as the program reads them, once for the tests of this file."""
    return tool.Reference()


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


def functions_of(page: dict[str, griffe.Object]) -> Iterator[griffe.Function]:
    """Return the functions of a page and the methods of its classes, as their users call them."""
    for member in page.values():
        if isinstance(member, griffe.Function):
            yield member
        elif isinstance(member, griffe.Class):
            for name, method in member.members.items():
                if not name.startswith("_") and isinstance(method, griffe.Function):
                    yield method


def parts_of(called: griffe.Function, kind: griffe.DocstringSectionKind) -> set[str]:
    """Return what a part of a docstring lists: parameters by name, errors by class."""
    sections = called.docstring.parsed if called.docstring else []
    listed = [each for section in sections if section.kind is kind for each in section.value]
    is_raised = kind is griffe.DocstringSectionKind.raises
    return {str(each.annotation) if is_raised else each.name.lstrip("*") for each in listed}


@pytest.mark.parametrize("face", FACES)
def test_a_function_explains_each_of_its_parameters_and_errors(
    reference: Any,  # noqa: ANN401 - of a program that is loaded by its path
    face: str,
) -> None:
    """Of two parameters or more each is explained, and so is each error that it raises itself.

    What fills a port refers to the port (``See``); cases of a test and of a state machine are run
    and not called.
    """
    kinds = griffe.DocstringSectionKind
    missing = []
    for called in functions_of(reference.pages[face]):
        text = called.docstring.value if called.docstring else ""
        is_run = called.name.startswith("test_") or called.path.startswith(RUN)
        if "See :meth:" in text or is_run:
            continue
        names = {each.name for each in called.parameters} - {"self", "cls"}
        listed = parts_of(called, kinds.parameters)
        raised = set(re.findall(r"^ +raise ([A-Z]\w+)\(", called.source, re.MULTILINE))
        lost = raised - parts_of(called, kinds.raises) - {"AssertionError"}
        if lost or (listed != names and (listed or len(names) > 1)):
            missing.append((called.path, sorted(names ^ listed), sorted(lost)))
    assert missing == []


def test_what_may_be_passed_on_is_named(reference: Any) -> None:  # noqa: ANN401 - as above
    """A function that takes ``**given`` names each keyword that may be given."""
    metrics = reference.pages["metrics"]
    keywords = [name for name in metrics["Given"].members if not name.startswith("_")]
    assert {"calendar", "rules", "zone"} <= set(keywords)
    takers = [each for each in functions_of(metrics) if "given" in each.parameters]
    assert len(takers) >= 8
    lost = {
        each.name: [name for name in keywords if f"``{name}``" not in each.docstring.value]
        for each in takers
        if each.docstring
    }
    assert lost == {each.name: [] for each in takers}
