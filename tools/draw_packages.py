#!/usr/bin/env python3
"""Draw which package imports which, in docs/architecture.md, from the imports of the code.

Run ``python tools/draw_packages.py``; a test holds the page and the code equal. An arrow that
follows from two others is left out, so that the picture can be read.
"""

from __future__ import annotations

from pathlib import Path

import grimp

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "architecture.md"
BEGIN = "<!-- packages: written by tools/draw_packages.py -->\n"
END = "<!-- end of packages -->\n"


def packages() -> dict[str, set[str]]:
    """Return the packages directly under ``igate`` and what each of them imports.

    A single module counts as a package. Names that begin with an underscore are left out: they
    say how the library starts and which version it is, which is no part of the picture.
    """
    graph = grimp.build_graph("igate", cache_dir=None)
    found: dict[str, set[str]] = {
        child.removeprefix("igate."): set()
        for child in graph.find_children("igate")
        if not child.startswith("igate._")
    }
    for module in graph.modules:
        source = _package_of(module)
        for imported in graph.find_modules_directly_imported_by(module):
            target = _package_of(imported)
            if source != target and source in found and target in found:
                found[source].add(target)
    return found


def _package_of(module: str) -> str:
    return module.removeprefix("igate.").partition(".")[0]


def heights(imports: dict[str, set[str]]) -> dict[str, int]:
    """Return for each package how many packages the longest way down from it leads through.

    Raises:
        ValueError: The packages import each other in a circle.
    """
    known: dict[str, int] = {}
    while len(known) < len(imports):
        ready = {
            name: max((known[each] + 1 for each in below), default=0)
            for name, below in imports.items()
            if name not in known and below <= known.keys()
        }
        if not ready:
            message = f"these packages import in a circle: {sorted(imports.keys() - known.keys())}"
            raise ValueError(message)
        known |= ready
    return known


def reduced(imports: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return the same packages without the imports that follow from others."""
    below: dict[str, set[str]] = {}
    height = heights(imports)
    for name in sorted(imports, key=height.__getitem__):
        below[name] = imports[name].union(*(below[each] for each in imports[name]))
    return {
        name: direct - set().union(*(below[each] for each in direct))
        for name, direct in imports.items()
    }


def mermaid(imports: dict[str, set[str]]) -> str:
    """Return the picture: a box for each package, an arrow from a package to what it imports."""
    height = heights(imports)
    lines = ["```mermaid", "flowchart TD"]
    order = sorted(imports, key=lambda name: (-height[name], name))
    lines += [f"    {name}[{name}]" for name in order]
    arrows = reduced(imports)
    lines += [f"    {name} --> {each}" for name in order for each in sorted(arrows[name])]
    return "\n".join([*lines, "```", ""])


def drawn(page: str) -> str:
    """Return the text of the page with the picture as the code is now."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        message = f"{PAGE.name} has no place for the picture, between {BEGIN!r} and {END!r}"
        raise ValueError(message)
    return before + begin + "\n" + mermaid(packages()) + "\n" + end + after


def main() -> None:
    """Write the picture."""
    PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
