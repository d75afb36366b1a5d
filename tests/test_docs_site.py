"""docs/ as a site: built strictly, nothing fetched from elsewhere, every link leads somewhere."""

from __future__ import annotations

import importlib.util
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from flowchart import read_flowchart, write_svg

from places import ROOT

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """Return the program that builds the site."""
    spec = importlib.util.spec_from_file_location("build_docs", ROOT / "tools" / "build_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def built(tool: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site, built once for the tests of this file."""
    folder = tmp_path_factory.mktemp("docs")
    assert tool.build(folder) == []
    site: Path = folder / "site"
    return site


def test_every_page_of_docs_is_a_page_of_the_site(built: Path) -> None:
    """Nothing of docs/ is left out, and the navigation leads to each page."""
    docs = ROOT / "docs"
    wanted = {page.relative_to(docs).with_suffix(".html") for page in docs.rglob("*.md")}
    pages = {path.relative_to(built) for path in built.rglob("*.html")}
    assert wanted - pages == set()
    reached: set[Path] = set()
    waiting = [built / "index.html"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            navigation = re.search(
                r"<nav[^>]*md-nav--primary.*?</nav>\s*</div>", read(page), re.DOTALL
            )
            assert navigation is not None, page
            names = re.findall(r'href="([^"#:]+\.html)', navigation[0])
            waiting += [(page.parent / name).resolve() for name in names]
    assert wanted - {page.relative_to(built) for page in reached} == set()


def test_every_heading_of_a_page_is_on_the_site(built: Path) -> None:
    """A block whose first line the site cannot read would swallow the headings below it."""
    docs = ROOT / "docs"
    lost = {}
    for page in docs.rglob("*.md"):
        text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
        wanted = len(re.findall(r"^#{1,6} ", text, re.MULTILINE))
        shown = read(built / page.relative_to(docs).with_suffix(".html"))
        found = len(re.findall(r"<h[1-6] id=", shown.partition("<article")[2]))
        if found != wanted:
            lost[page.relative_to(docs).as_posix()] = (wanted, found)
    assert lost == {}


def test_a_page_says_its_language(built: Path) -> None:
    """A screen reader reads Vietnamese as Vietnamese."""
    for name, lang in (("why.html", "en"), ("vi/why.html", "vi")):
        assert f'<html lang="{lang}"' in read(built / name)


def read(page: Path) -> str:
    """Return the text of a built page."""
    return page.read_text(encoding="utf-8")


def test_no_page_fetches_anything_from_another_host(built: Path) -> None:
    """Scripts, styles, fonts and pictures come with the pages; read without the tool's parser."""
    fetching = re.compile(
        r"<(?:script|img|iframe|source)\b[^>]*\bsrc=[\"']?(?:https?:)?//"
        r"|<link\b(?=[^>]*\brel=[\"']?(?:stylesheet|preload|preconnect|icon))[^>]*(?:https?:)?//"
        r"|(?:url\(|@import)\s*[\"']?(?:https?:)?//"
    )
    texts = [*built.rglob("*.html"), *built.rglob("*.css")]
    assert len(texts) > 70
    found = [
        (path.name, match[0])
        for path in texts
        for match in fetching.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_block_of_code_is_shown_as_one(built: Path) -> None:
    """No fence is left as text, also where it says how the tests read the block."""
    code = re.compile(r"<(pre|code)\b.*?</\1>", re.DOTALL)
    left = [path.name for path in built.rglob("*.html") if "```" in code.sub("", read(path))]
    assert left == []
    tutorial = read(built / "tutorial.html")
    assert '<span class="filename">9.000001-mobile-library-card.yaml</span>' in tutorial


def test_a_flowchart_is_a_picture_with_every_box_and_arrow(built: Path) -> None:
    """The packages are drawn, and no Mermaid text is left for a script to draw."""
    assert [page.name for page in built.rglob("*.html") if "flowchart TD" in read(page)] == []
    svg = re.compile(r"<svg [^>]*role=\"img\".*?</svg>", re.DOTALL)
    picture = svg.search(read(built / "architecture.html"))
    assert picture is not None
    block = re.compile(r"^```mermaid\n(.*?)^```", re.MULTILINE | re.DOTALL)
    source = block.search(read(ROOT / "docs" / "architecture.md"))
    assert source is not None
    names = re.findall(r"\[(\w+)\]", source[1])
    assert re.findall(r">(\w+)</text>", picture[0]) == names
    assert picture[0].count("<rect ") == len(names)
    assert picture[0].count('fill="none" stroke="currentColor" stroke-width') == source[1].count(
        "-->"
    )


def test_a_box_is_below_every_box_that_leads_to_it() -> None:
    """Also where a longer way leads there; the arrow over a row passes beside the box in it."""
    text = "flowchart TD\na[one]\nb[two]\nc[<three>]\na --> b\nb --> c\na --> c\n"
    picture = write_svg(read_flowchart(text), title="T")
    root = ET.fromstring(picture)  # noqa: S314 - made here
    tops = [float(each.attrib["y"]) for each in root.iterfind("{*}rect")]
    assert tops == sorted(set(tops))
    words = [each.text for each in root.iterfind("{*}text")]
    assert words == ["one", "two", "<three>"]
    title = root.find("{*}title")
    assert title is not None
    assert title.text == "T: a → b, b → c, a → c"
    paths = [each.attrib["d"] for each in root.iterfind("{*}path")][::2]
    assert [path.count("C") for path in paths] == [1, 1, 2]
    two = root.findall("{*}rect")[1].attrib
    left, right = float(two["x"]), float(two["x"]) + float(two["width"])
    passed = float(re.findall(r"C\S+ \S+ (\S+) ", paths[2])[0])
    assert not left <= passed <= right


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("graph LR\na --> b", "only 'flowchart TD' can be drawn, not 'graph LR'"),
        ("flowchart TD\na[A]\na -.-> a", "cannot be drawn: 'a -.-> a'"),
        ("flowchart TD\na[A]\na --> b", "leads to or from 'b', which has no box"),
        ("flowchart TD\na[A]\nb[B]\na --> b\nb --> a", "lead in a circle"),
    ],
)
def test_what_cannot_be_drawn_is_an_error(text: str, fault: str) -> None:
    """No part of a picture is left out without a word."""
    with pytest.raises(ValueError, match=re.escape(fault)):
        write_svg(read_flowchart(text), title="T")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<a href="#here">', None),
        ('<a href="b.html#there">', None),
        ('<a href="https://example.org/">', None),
        ('<link rel="canonical" href="https://example.org/a.html">', None),
        ('<a href="#nowhere">', "a.html: #nowhere leads nowhere"),
        ('<a href="c.html">', "a.html: c.html leads nowhere"),
        ('<a href="b.html#nowhere">', "a.html: b.html#nowhere leads nowhere"),
        ('<script src="https://example.org/x.js">', "a.html: fetches https://example.org/x.js"),
        ('<img src="//example.org/x.png">', "a.html: fetches //example.org/x.png"),
        (
            '<link rel="stylesheet" href="http://example.org/x.css">',
            "a.html: fetches http://example.org/x.css",
        ),
        (
            "<style>@import url(https://example.org/f.css);</style>",
            "a.html: fetches https://example.org/f.css",
        ),
    ],
)
def test_a_fault_of_a_page_is_found(
    tool: ModuleType, tmp_path: Path, body: str, fault: str | None
) -> None:
    """A link to nowhere and a request to another host are named with the page that has them."""
    (tmp_path / "a.html").write_text(f'<p id="here">{body}</p>', encoding="utf-8")
    (tmp_path / "b.html").write_text('<p id="there"></p>', encoding="utf-8")
    assert tool.faults(tmp_path) == ([fault] if fault else [])


def test_a_style_sheet_that_fetches_is_found(tool: ModuleType, tmp_path: Path) -> None:
    """A font from another host is a request to it."""
    (tmp_path / "x.css").write_text("@font-face{src:url(//example.org/f.woff2)}", encoding="utf-8")
    assert tool.faults(tmp_path) == ["x.css: fetches //example.org/f.woff2"]


def test_the_navigation_takes_a_folder_as_it_grows(tool: ModuleType, tmp_path: Path) -> None:
    """A Vietnamese page has its entry without a change of the settings; no folder, no entry."""
    (tmp_path / "index.md").write_text("# igate\n", encoding="utf-8")
    assert "Tiếng Việt" not in tool.navigation(tmp_path)
    (tmp_path / "vi").mkdir()
    (tmp_path / "vi" / "why.md").write_text("# Vì sao\n", encoding="utf-8")
    assert '{ "Vì sao" = "vi/why.md" }' in tool.navigation(tmp_path)
