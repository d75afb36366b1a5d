"""The officer's pages in Vietnamese (docs/vi) say what the English ones say, with the same code.

``tests/test_docs.py`` runs the blocks of both. Here the two pages of a pair are laid side by side:
whoever changes one of them is led to the other.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from test_docs import FENCE, LINK, ROOT, blocks

from igate.files.findings import CHECK_ONLY, CODES, severity_of

if TYPE_CHECKING:
    from pathlib import Path

    from test_docs import Block

    from igate.files.findings import FindingCode

ENGLISH = ROOT / "docs"
VIETNAMESE = ENGLISH / "vi"
#: What somebody reads who writes procedures and keeps the calendar, beginning at docs/.
PAGES = (
    "index.md",
    "why.md",
    "tutorial.md",
    "glossary.md",
    "how-to/import-a-process.md",
    "how-to/draw-and-post.md",
    "how-to/add-a-calendar-year.md",
    "reference/findings.md",
    "reference/templates.md",
    "reference/procedure-file.md",
    "reference/procedure-file/clock.md",
    "reference/procedure-file/examples.md",
    "reference/procedure-file/limits-and-channels.md",
    "reference/procedure-file/name-and-field.md",
    "reference/procedure-file/own-template.md",
    "reference/procedure-file/papers-and-fees.md",
    "reference/procedure-file/parties.md",
    "reference/procedure-file/revisions.md",
    "reference/procedure-file/steps.md",
    "reference/procedure-file/transitions.md",
    "reference/procedure-file/ways-and-questions.md",
    "reference/procedure-file/who-acts.md",
    "reference/procedure-file/whole-file.md",
)
#: A page in an order of its own and one in words of its own: headings and blocks are compared.
FREE = ("index.md", "reference/findings.md")
HEADING = re.compile(r"^(#+) (.+?)\s*$", re.MULTILINE)
CODE = re.compile(r"(`+)(.+?)\1", re.DOTALL)
#: Options that say the language, and nothing else, of a command.
LANGUAGE = re.compile(r" ?--lang (?:vi|en)\b")


def text_of(page: Path) -> str:
    """Return a page without its blocks."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def sections(page: Path) -> list[tuple[str, str, str]]:
    """Return level, heading and text of each section, without blocks."""
    _, *parts = HEADING.split(text_of(page))
    return list(zip(parts[::3], parts[1::3], parts[2::3], strict=True))


def code_in(text: str) -> set[str]:
    """Return what a text has between backticks, on one line."""
    return {LANGUAGE.sub("", " ".join(each.split())) for _, each in CODE.findall(text)}


def shape(text: str) -> Counter[str]:
    """Count rows of tables, points and numbered points of a section."""
    kinds = {"row": r"^\|", "point": r"^\s*[*-] ", "number": r"^\s*\d+\. "}
    return Counter(
        {kind: len(re.findall(form, text, re.MULTILINE)) for kind, form in kinds.items()}
    )


class _Said(ast.NodeTransformer):
    """Makes alike what is printed for people, and the language that is asked for."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Leave out the texts that ``print`` is given; names and numbers in them stay."""
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "print":
            for given in ast.walk(node):
                if isinstance(given, ast.JoinedStr):
                    given.values = [
                        each for each in given.values if not isinstance(each, ast.Constant)
                    ]
            node.args = [in_english(each) for each in node.args if not is_text(each)]
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """Take both languages for one."""
        return ast.Constant("vi") if node.value == "en" else node


def in_english(node: ast.expr) -> ast.expr:
    """Return what ``print(value)`` says where the Vietnamese page has ``value.text("vi")``."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name() as value, attr="text")):
            return value
        case _:
            return node


def is_text(node: ast.expr) -> bool:
    """Return whether an expression is a text written out."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def meaning(block: Block) -> object:
    """Return of a block what has to be the same in both languages."""
    if block.language == "python" and "file" not in block.options:
        return ast.dump(_Said().visit(ast.parse(block.body)))
    if block.language == "console":
        joined = re.sub(r"\\\n\s*", "", block.body)
        return [LANGUAGE.sub("", line) for line in joined.splitlines() if line.startswith("$ ")]
    if block.language == "text":  # what was printed: its own page runs it
        return block.follows
    if block.language == "yaml":
        without = re.sub(r"(^|\s)#.*$", "", block.body, flags=re.MULTILINE)
        return re.sub(r"^(source|    source): .*$", r"\1:", without, flags=re.MULTILINE)
    return block.body


def goals(text: str, page: Path) -> set[str]:
    """Return the pages to which a section leads, in whatever language, but for the page itself."""
    names = {match["target"].partition("#")[0] for match in LINK.finditer(text)}
    paths = {(page.parent / name).resolve() for name in names if name and "://" not in name}
    found = {path.relative_to(ROOT).as_posix().replace("docs/vi/", "docs/") for path in paths}
    return found - {page.relative_to(ROOT).as_posix().replace("docs/vi/", "docs/")}


def test_each_page_of_the_officer_is_there_in_vietnamese() -> None:
    """Under the same name below docs/vi; there is no page besides."""
    found = {page.relative_to(VIETNAMESE).as_posix() for page in VIETNAMESE.rglob("*.md")}
    assert found == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_both_pages_have_the_same_headings(name: str) -> None:
    """As many, of the same levels, with the same code in them."""
    english, vietnamese = (
        [(level, code_in(heading)) for level, heading, _ in sections(folder / name)]
        for folder in (ENGLISH, VIETNAMESE)
    )
    assert vietnamese == english


@pytest.mark.parametrize("name", [name for name in PAGES if name not in FREE])
def test_both_pages_say_as_much(name: str) -> None:
    """Each section has as many rows and points, names the same keys and leads to the same pages."""
    english, vietnamese = ENGLISH / name, VIETNAMESE / name
    pairs = zip(sections(english), sections(vietnamese), strict=True)
    differ = {
        heading: (said ^ told, shape(here), shape(there))
        for (_, _, here), (_, heading, there) in pairs
        for said, told in [
            (code_in(here) | goals(here, english), code_in(there) | goals(there, vietnamese))
        ]
        if said != told or shape(here) != shape(there)
    }
    assert differ == {}


@pytest.mark.parametrize("name", PAGES)
def test_both_pages_have_the_same_code(name: str) -> None:
    """Blocks differ in comments, in what is printed, in the source named and in the language."""
    english, vietnamese = (
        [
            (block.language, block.options, meaning(block))
            for block in blocks((folder / name).read_text(encoding="utf-8"))
        ]
        for folder in (ENGLISH, VIETNAMESE)
    )
    for wanted, found in zip(english, vietnamese, strict=True):
        assert found == wanted


@pytest.mark.parametrize("name", PAGES)
def test_the_head_of_each_page_leads_to_the_other_language(name: str) -> None:
    """Below the title, alone on its line."""
    up = "../" * (name.count("/") + 1)
    for page, line in (
        (ENGLISH / name, f"[Tiếng Việt]({up[3:]}vi/{name})"),
        (VIETNAMESE / name, f"[English]({up}{name})"),
    ):
        title, blank, link, *_ = page.read_text(encoding="utf-8").splitlines()
        assert (title[:2], blank, link) == ("# ", "", line)


@pytest.mark.parametrize("name", PAGES)
def test_a_vietnamese_page_leads_to_vietnamese_pages(name: str) -> None:
    """Where a page has a Vietnamese one, a link goes there, but for the one at the head."""
    page = VIETNAMESE / name
    names = {match["target"].partition("#")[0] for match in LINK.finditer(text_of(page))}
    found = {(page.parent / target).resolve() for target in names if target}
    assert found & {ENGLISH / each for each in PAGES} == {ENGLISH / name}


def test_every_finding_has_its_paragraphs() -> None:
    """How grave it is, as the check says; then why it matters, and what to do."""
    found = {}
    for _, heading, text in sections(VIETNAMESE / "reference" / "findings.md")[1:]:
        first, *others, last = text.strip().split("\n\n")
        assert re.search(r"\*Vì sao quan trọng:\* \w", " ".join(" ".join(others).split())), heading
        assert last.startswith("*Cần làm:* "), heading
        found[heading.strip("`")] = first.partition(". ")[0]
    assert found == {code: grave(code) for code in CODES}


def grave(code: FindingCode) -> str:
    """Return how the page begins the paragraph of a finding."""
    words = {"error": "Lỗi", "warning": "Cảnh báo", "note": "Ghi chú"}
    only = " (chỉ khi kiểm tra)" if code in CHECK_ONLY else ""
    return f"**{words[severity_of(code)]}**{only}"


@pytest.mark.parametrize("name", PAGES)
def test_a_vietnamese_page_is_composed(name: str) -> None:
    """Diacritics are composed (NFC), as everywhere in the project."""
    text = (VIETNAMESE / name).read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('print("late", n)', 'print("quá hạn", n)', True),
        ('print(f"rate {n}")', 'print(f"tỷ lệ {n}")', True),
        ('print(day.text("en"))', 'print(day.text("vi"))', True),
        ("print(error)", 'print(error.text("vi"))', True),
        ("x = 1  # one", "x = 1  # một", True),
        ("print(error)", 'print(other.text("vi"))', False),
        ('print("late", n)', 'print("quá hạn", m)', False),
        ('x = "late"', 'x = "quá hạn"', False),
    ],
)
def test_what_is_said_may_differ_and_what_is_done_may_not(
    one: str, other: str, *, same: bool
) -> None:
    """Texts that are printed, comments and the language; every name, number and other text."""
    first, second = (meaning(blocks(f"```python\n{body}\n```\n")[0]) for body in (one, other))
    assert (first == second) is same
