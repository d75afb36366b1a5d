#!/usr/bin/env python3
"""Write the reference of the public names, docs/reference/api/, from their docstrings.

Run ``python tools/write_reference.py``; a test holds pages and docstrings equal. Nothing is
imported: griffe reads the source.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import griffe
from public_api import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT: Final = Path(__file__).parent.parent
FOLDER: Final = ROOT / "docs" / "reference" / "api"
#: A value longer than this says less than its sentence.
LONGEST_VALUE: Final = 80
WIDTH: Final = 88

#: package: what it is for, in the order of the list
PAGES: Final = {
    "office": "The desk: dossiers in a store, and everything done to them.",
    "dossiers": "A dossier, its entries, and who acts; values without a store.",
    "procedures": "Procedures as read from their files, and the catalogue of them.",
    "calendar": "Working days and hours.",
    "deadlines": "Time limits, the clock, and when a dossier is due.",
    "metrics": "Counts and rates of tables of dossiers.",
    "testing": "For tests of your own procedures and stores.",
    "checks": "What is wrong with a definition, beyond its form.",
    "publish": "Drawings, notices, sheets and reports.",
    "importing": "From the table of a decision to a procedure file.",
    "exchange": "Messages, files and payments between igate and other systems.",
    "files": "How files are read and written.",
    "law": "Citations, labels, and Vietnamese time.",
    "words": "Sentences that are said in English and in Vietnamese.",
    "errors": "What is raised; when, and what to do, is in [errors](../errors.md).",
}
#: A module below a package whose names stand on the page of the package as well.
ALSO: Final = {"checks": ("checks.checker", "checks.verify")}


class Reference:
    """The public names of the package, as pages."""

    def __init__(self) -> None:
        self.package = griffe.load(
            "igate", search_paths=[ROOT], docstring_parser="google", allow_inspection=False
        )
        self.pages: dict[str, dict[str, griffe.Object]] = {
            page: self._members((page, *ALSO.get(page, ()))) for page in PAGES
        }
        #: the page on which what stands at a path is described
        self.where: dict[str, tuple[str, str]] = {}
        for page, members in self.pages.items():
            for name, member in members.items():
                self.where.setdefault(member.path, (page, name))

    def _members(self, modules: Iterable[str]) -> dict[str, griffe.Object]:
        found: dict[str, griffe.Object] = {}
        for name in modules:
            module = self.package[name]
            for export in module.exports or ():
                member = named(module, str(export))
                found[str(export)] = member.final_target if member.is_alias else member
        return found

    def texts(self) -> dict[str, str]:
        """Return the text of each page by the name of its file."""
        written = {f"{page}.md": self._page(page) for page in PAGES}
        return {"index.md": self._index()} | written

    def _index(self) -> str:
        lines = [
            "# Public names",
            "",
            "Written from the docstrings by `tools/write_reference.py`.",
            "",
            "| package | what it is for |",
            "|---|---|",
        ]
        lines += [f"| [`igate.{page}`]({page}.md) | {lead} |" for page, lead in PAGES.items()]
        lines += ["", "## From `igate` itself", "", "| name | what it is |", "|---|---|"]
        for export in sorted(map(str, self.package.exports or ()), key=str.lower):
            lines.append(f"| {self._link(export)} | {self._first_sentence(export)} |")
        return "\n".join(lines) + "\n"

    def _target(self, export: str) -> griffe.Object:
        member = named(self.package, export)
        return member.final_target if member.is_alias else member

    def _link(self, export: str) -> str:
        target = self._target(export)
        if target.path not in self.where:
            return f"`{export}`"
        page, name = self.where[target.path]
        return f"[`{export}`]({page}.md#{anchor(heading(target, name))})"

    def _first_sentence(self, export: str) -> str:
        if export == "__version__":
            return "The version of the library."
        text = text_of(self._target(export)).partition("\n\n")[0].replace("\n", " ")
        return text.replace("|", "\\|")

    def _page(self, page: str) -> str:
        lines = [f"# `igate.{page}`", "", PAGES[page], ""]
        for name, member in self.pages[page].items():
            lines += [f"## {heading(member, name)}", "", *self._described(member, name)]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip("\n") + "\n"

    def _described(self, member: griffe.Object, name: str) -> Iterator[str]:
        if isinstance(member, griffe.Function):
            yield from function(member, name)
        elif isinstance(member, griffe.Class):
            yield from self._class(member, name)
        else:
            yield from constant(member, name)

    def _class(self, member: griffe.Class, name: str) -> Iterator[str]:
        yield from fenced(signature_of(member, name))
        yield from described(member)
        documented, inline = [], {}
        for base in reversed(member.mro()):
            if base.path in self.where and base.path != member.path:
                documented.append(base)
            else:
                inline |= own_members(base)
        inline |= own_members(member)
        for base in documented:
            page, other = self.where[base.path]
            link = f"{page}.md#{anchor(heading(base, other))}"
            yield from (f"Has also what [`{other}`]({link}) has.", "")
        fields = [each for each in inline.values() if not isinstance(each, griffe.Function)]
        yield from fields_of(fields)
        for method in inline.values():
            if isinstance(method, griffe.Function):
                yield from (f"### `{name}.{method.name}`", "")
                yield from function(method, method.name)


def own_members(owner: griffe.Class) -> dict[str, griffe.Object]:
    """Return what a class itself defines for its users, in the order of its source."""
    return {
        name: member
        for name, member in owner.members.items()
        if not name.startswith("_") and not member.is_alias and not member.is_class
    }


def heading(member: griffe.Object, name: str) -> str:
    """Return the heading of a name: its kind keeps ``Shown`` and ``shown`` apart."""
    kind = {"attribute": "value", "type alias": "type"}.get(member.kind.value, member.kind.value)
    return f"{kind} `{name}`"


def anchor(text: str) -> str:
    """Return the anchor that forges give a heading."""
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


def signature_of(member: griffe.Class | griffe.Function, name: str) -> str:
    """Return how something is called, on one line or with a line for each parameter."""
    word = "class" if isinstance(member, griffe.Class) else "def"
    decorators = [label for label in ("classmethod", "staticmethod") if label in member.labels]
    given = call_of(member)
    result = member.returns if isinstance(member, griffe.Function) else None
    returns = f" -> {result}" if result else ""
    if word == "class" and not given:
        return f"class {name}"
    line = f"{word} {name}({', '.join(given)}){returns}"
    if len(line) > WIDTH:
        body = "".join(f"    {each},\n" for each in given)
        line = f"{word} {name}(\n{body}){returns}"
    return "\n".join([*(f"@{label}" for label in decorators), line])


def call_of(member: griffe.Class | griffe.Function) -> list[str]:
    """Return the parameters as they are written, the stars included."""
    found: list[str] = []
    starred = False
    for each in member.parameters:
        if each.name in {"self", "cls"}:
            continue
        starred = starred or each.kind is griffe.ParameterKind.var_positional
        if each.kind is griffe.ParameterKind.keyword_only and not starred:
            found.append("*")
            starred = True
        found.append(parameter(each))
    return found


def parameter(each: griffe.Parameter) -> str:
    """Return a parameter as it is written: stars, name, type, default."""
    stars = {
        griffe.ParameterKind.var_positional: "*",
        griffe.ParameterKind.var_keyword: "**",
    }
    mark = stars.get(each.kind, "") if each.kind else ""
    annotation = f": {each.annotation}" if each.annotation else ""
    default = f" = {each.default}" if each.default is not None and not mark else ""
    return f"{mark}{each.name}{annotation}{default}"


def function(member: griffe.Function, name: str) -> Iterator[str]:
    """Describe a function: how it is called, what it does, takes, returns and raises."""
    overloads = member.overloads or [member]
    yield from fenced("\n\n".join(signature_of(each, name) for each in overloads))
    yield from described(member)


def constant(member: griffe.Object, name: str) -> Iterator[str]:
    """Describe a value of a module or a name of a type."""
    value = str(getattr(member, "value", "") or "")
    shown = f"{name} = {value}" if 0 < len(value) <= LONGEST_VALUE else name
    yield from fenced(shown)
    yield from (text_of(member), "")


def fields_of(fields: list[griffe.Object]) -> Iterator[str]:
    """List the attributes of a class with their types and their sentences."""
    for each in fields:
        annotation = getattr(each, "annotation", None)
        value = str(getattr(each, "value", "") or "")
        shown = f"{each.name}: {annotation}" if annotation else each.name
        if not annotation and 0 < len(value) <= LONGEST_VALUE:
            shown = f"{each.name} = {value}"
        text = " ".join(text_of(each).split())
        yield f"- `{shown}`{': ' + text if text else ''}"
    yield ""


def fenced(code: str) -> Iterator[str]:
    """Return code as a block that the tests of the pages do not run."""
    yield from ("```py", code, "```", "")


def text_of(member: griffe.Object) -> str:
    """Return what a name says of itself: its docstring's text, or the comment above it."""
    if member.docstring is not None:
        sections = member.docstring.parsed
        texts = [each.value for each in sections if each.kind is griffe.DocstringSectionKind.text]
        return plain("\n\n".join(texts))
    return comment_above(member)


def comment_above(member: griffe.Object) -> str:
    """Return the lines that begin with ``#:`` above an attribute."""
    found: list[str] = []
    for line in reversed(member.lines_collection[member.filepath][: (member.lineno or 1) - 1]):
        if not line.strip().startswith("#:"):
            break
        found.insert(0, line.strip().removeprefix("#:").strip())
    return plain("\n".join(found))


def plain(text: str) -> str:
    """Return a docstring as Markdown: roles and double backticks as code, doctests as blocks."""
    text = re.sub(r":\w+:`~?(?:[a-z_\d]+\.)*([\w.()]+)`", r"`\1`", text)
    text = re.sub(r"``([^`\n]+)``", r"`\1`", text)
    shown = re.compile(r"^>>> .*(?:\n.+)*", re.MULTILINE)
    return shown.sub(lambda match: f"```pycon\n{match[0]}\n```", text)


def described(member: griffe.Class | griffe.Function) -> Iterator[str]:
    """Return what a docstring says, a part each."""
    if member.docstring is None:
        return
    kinds = griffe.DocstringSectionKind
    for section in member.docstring.parsed:
        if section.kind is kinds.text:
            yield from (plain(section.value), "")
        elif section.kind is kinds.examples:
            texts = [plain(text) for _, text in section.value]
            yield from ("**Example**", "", *texts, "")
        elif section.kind is kinds.admonition:
            yield from (f"**{section.title or 'Note'}**", "", plain(section.value.description), "")
        else:
            yield from (f"**{section.kind.value.capitalize()}**", "", *rows(section), "")


def rows(section: griffe.DocstringSection) -> Iterator[str]:
    """List the entries of a part: parameters by name, what is raised by its class."""
    for each in section.value:
        text = " ".join(plain(each.description).split())
        name = getattr(each, "name", "") or ""
        if section.kind is griffe.DocstringSectionKind.raises:
            name = str(each.annotation)
        yield f"- `{name}`: {text}" if name else f"- {text}"


def main() -> None:
    """Write all pages, and remove those of packages that are no more."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    texts = Reference().texts()
    for name, text in texts.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    for page in FOLDER.glob("*.md"):
        if page.name not in texts:
            page.unlink()


if __name__ == "__main__":
    main()
