"""docs/ as a site: built strictly, nothing fetched from elsewhere, every link leads somewhere."""

from __future__ import annotations

import importlib.util
import re
from typing import TYPE_CHECKING

import pytest

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
