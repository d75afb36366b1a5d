#!/usr/bin/env python3
"""Build docs/ as a site in build/docs/site: strictly, without a request to another host.

Run ``python tools/build_docs.py`` (``make docs``). It ends with 1 where a link leads nowhere, an
anchor is missing, or a built page would fetch something from elsewhere.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from flowchart import read_flowchart, write_svg

ROOT: Final = Path(__file__).parent.parent
DOCS: Final = ROOT / "docs"
BUILD: Final = ROOT / "build" / "docs"
#: Pages of the top folder to which docs/ links; on the site they stand beside the others.
FRONT: Final = ("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
#: What a page fetches by itself, and the attribute that says from where. ``a`` is not among them.
FETCHING: Final = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}
#: Kinds of ``link`` that name an address without fetching it.
NAMING: Final = {"canonical", "alternate", "prev", "next"}
ELSEWHERE: Final = re.compile(r"^(?:https?:)?//", re.IGNORECASE)
STYLE: Final = re.compile(r"""(?:url\(|@import\s+)\s*["']?((?:https?:)?//[^"')\s]+)""")

#: The four kinds of pages (Diátaxis), then what lies beside them: title, pages or folders.
SECTIONS: Final = (
    ("Tutorial", ("tutorial.md",)),
    ("How to", ("how-to",)),
    ("Reference", ("reference", "glossary.md")),
    ("Explanation", ("why.md", "architecture.md", "explanation", "data.md")),
    ("Decisions", ("decisions",)),
    ("Tiếng Việt", ("vi",)),
    ("Project", FRONT),
)
#: Folders inside a section that are sections of their own, with their first page.
TITLES: Final = {
    "reference/api": "Public names",
    "reference/procedure-file": "The procedure file, key by key",
    "vi/how-to": "Cách làm",
    "vi/reference": "Tra cứu",
    "vi/reference/procedure-file": "Tệp thủ tục, từng mục",
}


def pages_in(folder: Path) -> list[Path]:
    """Return what a folder holds: its index first, its folders last."""
    return sorted(folder.iterdir(), key=lambda path: (path.is_dir(), path.name != "index.md", path))


def title_of(page: Path) -> str:
    """Return the first heading of a page, without its marks."""
    heading = re.search(r"^# (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return heading[1].replace("`", "") if heading else page.stem


def entries(paths: list[Path], top: Path) -> list[str]:
    """Return pages and folders as entries of a navigation, in TOML."""
    found: list[str] = []
    for path in paths:
        if path.is_dir():
            inner = entries(pages_in(path), top)
            name = path.relative_to(top).as_posix()
            title = TITLES.get(name, path.name.replace("-", " ").capitalize())
            found += [f"{{ {quoted(title)} = [{', '.join(inner)}] }}"] if inner else []
        elif path.suffix == ".md":
            shown = quoted(path.relative_to(top).as_posix())
            found.append(f"{{ {quoted(title_of(path))} = {shown} }}")
    return found


def quoted(text: str) -> str:
    """Return a text as TOML writes it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def navigation(pages: Path) -> str:
    """Return the navigation of the pages; a folder that is not there yet has no entry."""
    found = ['  { "igate" = "index.md" }']
    for title, names in SECTIONS:
        inner: list[str] = []
        for path in (pages / name for name in names):
            if path.exists():
                inner += entries(pages_in(path) if path.is_dir() else [path], pages)
        if inner:
            found.append(f"  {{ {quoted(title)} = [\n    " + ",\n    ".join(inner) + "\n  ] }")
    return "nav = [\n" + ",\n".join(found) + "\n]\n"


def stage(folder: Path) -> Path:
    """Lay pages and settings ready in an empty folder; return the file of settings."""
    shutil.rmtree(folder, ignore_errors=True)
    pages = folder / "pages"
    shutil.copytree(DOCS, pages, ignore=shutil.ignore_patterns("zensical.toml"))
    for name in FRONT:
        text = (ROOT / name).read_text(encoding="utf-8")
        (pages / name).write_text(re.sub(r"\]\(docs/", "](", text), encoding="utf-8")
    for page in pages.rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        page.write_text(inside(text, page, pages), encoding="utf-8")
    head, mark, rest = (DOCS / "zensical.toml").read_text(encoding="utf-8").partition("[project]\n")
    settings = folder / "zensical.toml"
    settings.write_text(head + mark + navigation(pages) + rest, encoding="utf-8")
    return settings


def inside(text: str, page: Path, pages: Path) -> str:
    """Turn links to the pages of the top folder to their copies; unlink what the site has not.

    A link to a program or a definition stands in the pages of the forge; on the site its text does.
    """

    def link(match: re.Match[str]) -> str:
        label, target = match[1], match[2]
        name, _, anchor = target.partition("#")
        if not name or "://" in target or target.startswith("mailto:"):
            return match[0]
        goal = (page.parent / name).resolve()
        if goal.exists():
            return match[0]
        top = pages / goal.name
        if goal.name in FRONT and top.exists():
            there = Path(os.path.relpath(top, page.parent)).as_posix()
            return f"[{label}]({there}{'#' + anchor if anchor else ''})"
        original = DOCS / page.relative_to(pages) if page.name not in FRONT else ROOT / page.name
        return label if (original.parent / name).exists() else match[0]

    parts = re.split(r"(^```.*?^```[ ]*$)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(
        fenced(part)
        if part.startswith("```")
        else re.sub(r"(?<!!)\[([^\]]*)\]\(([^)\s]+)\)", link, part)
        for part in parts
    )


def fenced(block: str) -> str:
    """Return a block as the site shows it: a flowchart as a picture, other blocks as code."""
    if not block.startswith("```mermaid\n"):
        return titled(block)
    body = block.partition("\n")[2].rpartition("```")[0]
    picture = write_svg(read_flowchart(body), title="Flowchart")
    return f'<figure class="flowchart">\n{picture}\n</figure>'


def titled(block: str) -> str:
    """Write what the tests read on a fence as the site does: a file's name as its title."""
    fence, mark, body = block.partition("\n")
    language, *options = fence.split()
    names = [option.removeprefix("file=") for option in options if option.startswith("file=")]
    return " ".join([language, *(f'title="{name}"' for name in names)]) + mark + body


class Page(HTMLParser):
    """What a built page fetches, where its links lead, and which anchors it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self._style = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag fetches or leads to."""
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        self._style = tag == "style"
        self.fetched += STYLE.findall(given.get("style", ""))
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in FETCHING and not NAMING & set(given.get("rel", "").split()):
            self.fetched.append(given.get(FETCHING[tag], ""))

    def handle_data(self, data: str) -> None:
        """Note what a style sheet inside the page fetches."""
        if self._style:
            self.fetched += STYLE.findall(data)


def faults(site: Path) -> list[str]:
    """Return what is wrong with the built pages: requests elsewhere, links and anchors."""
    built = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    found = [
        f"{path.relative_to(site)}: fetches {address}"
        for path, page in built.items()
        for address in page.fetched
        if ELSEWHERE.match(address)
    ]
    for sheet in sorted(site.rglob("*.css")):
        addresses = STYLE.findall(sheet.read_text(encoding="utf-8"))
        found += [f"{sheet.relative_to(site)}: fetches {address}" for address in addresses]
    for path, page in built.items():
        found += [
            f"{path.relative_to(site)}: {link} leads nowhere"
            for link in page.links
            if is_broken(link, path, built)
        ]
    return found


def is_broken(link: str, path: Path, built: dict[Path, Page]) -> bool:
    """Return whether a link inside the site names no page or no anchor of it."""
    if re.match(r"[a-z]+:|//", link, re.IGNORECASE) or path.name == "404.html":
        return False
    name, _, anchor = unquote(link).partition("#")
    goal = (path.parent / name).resolve() if name else path
    if goal.is_dir():
        goal /= "index.html"
    if goal not in built:
        return not goal.exists()
    return bool(anchor) and anchor not in built[goal].anchors


def build(folder: Path) -> list[str]:
    """Build the site below a folder; return what is wrong with it."""
    settings = stage(folder.resolve())
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict", "-f", str(settings)],
        cwd=settings.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return [done.stdout + done.stderr]
    site = settings.parent / "site"
    say_vietnamese(site)
    return faults(site)


def say_vietnamese(site: Path) -> None:
    """Tell browsers and screen readers the language of the Vietnamese pages."""
    for page in (site / "vi").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace('<html lang="en"', '<html lang="vi"', 1), encoding="utf-8")


def main() -> int:
    """Build the site and say what is wrong."""
    wrong = build(BUILD)
    for line in wrong:
        print(line, file=sys.stderr)
    pages = len(list((BUILD / "site").rglob("*.html")))
    print(f"{pages} pages in {(BUILD / 'site').relative_to(ROOT)}, {len(wrong)} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
