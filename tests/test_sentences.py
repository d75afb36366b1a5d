"""Every message has its Vietnamese: one catalogue, the same names and numbers in both languages."""

from __future__ import annotations

import ast
import copy
import gettext
import io
import pickle
import re
import runpy
import string
import unicodedata
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

import igate.errors
from igate.checks.checker import check_paths
from igate.cli.speaking import OWN_WORDS
from igate.errors import DefinitionError, Finding, IgateError, Place
from igate.words.language import language_of, surroundings
from igate.words.sentence import Sentence, beside, say, together
from places import ROOT, TESTS

if TYPE_CHECKING:
    from pathlib import Path

TOOL = runpy.run_path(str(ROOT / "tools" / "catalogue.py"))
CATALOGUE = {
    str(message.id): str(message.string)
    for message in read_po(io.BytesIO(TOOL["WRITTEN"].read_bytes()), locale="vi")
    if message.id
}
ERRORS = {
    name: value
    for name, value in vars(igate.errors).items()
    if isinstance(value, type) and issubclass(value, IgateError)
}
#: Sentences that begin with a name from outside, which keeps its own letters.
BEGIN_WITH_A_VALUE = ["A {module}.{qualname} is not a table that igate reads."]
#: Parts of an error that a reader sees as sentences.
SPOKEN = {"what", "why", "fix", "message", "remedy"}
PIECES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="{}"), min_size=1, max_size=30
)


def fields(template: str) -> list[tuple[str, str, str | None]]:
    """Return the fields of a template, each with its format and conversion."""
    return sorted(
        (name, shape or "", turned)
        for _, name, shape, turned in string.Formatter().parse(template)
        if name is not None
    )


def test_the_catalogue_has_what_the_code_says_and_nothing_else() -> None:
    """``python tools/catalogue.py`` would add nothing and take nothing out."""
    assert set(CATALOGUE) == set(TOOL["said_in_code"]())


def test_every_sentence_has_its_vietnamese() -> None:
    """No entry is empty, and each is composed Unicode (NFC)."""
    assert [text for text, said in CATALOGUE.items() if not said.strip()] == []
    assert [said for said in CATALOGUE.values() if unicodedata.normalize("NFC", said) != said] == []


@pytest.mark.parametrize("template", sorted(CATALOGUE))
def test_both_languages_have_the_same_fields(template: str) -> None:
    """Each value is named in both, in the same form; blanks at the ends join to the same text."""
    said = CATALOGUE[template]
    assert fields(said) == fields(template)
    assert (said[0] == " ", said[-1] == " ") == (template[0] == " ", template[-1] == " ")


def test_a_vietnamese_sentence_begins_and_ends_as_its_english() -> None:
    """Where the English begins a sentence, the Vietnamese does; a part of one stays a part.

    A word that is put in at the beginning would stand there in small letters.
    """
    begins = {text for text in CATALOGUE if text[0].isupper() and text not in OWN_WORDS}
    assert [text for text in begins if not CATALOGUE[text][0].isupper()] == BEGIN_WITH_A_VALUE
    assert [
        text for text, said in CATALOGUE.items() if text[-1] in ".?:" and said[-1] != text[-1]
    ] == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    """What the program reads says what translators see."""
    with TOOL["COMPILED"].open("rb") as read:
        compiled = gettext.GNUTranslations(read)
    assert {text: compiled.gettext(text) for text in CATALOGUE} == CATALOGUE
    assert TOOL["as_mo"](TOOL["WRITTEN"].read_bytes()).count(b"\0") == (
        TOOL["COMPILED"].read_bytes().count(b"\0")
    )


def _spoken(call: ast.Call) -> list[ast.expr]:
    return call.args[:1] + [each.value for each in call.keywords if each.arg in SPOKEN]


def _is_plain(node: ast.expr) -> bool:
    """Return whether a part of a message is text that no catalogue knows."""
    if isinstance(node, ast.IfExp):
        return _is_plain(node.body) or _is_plain(node.orelse)
    if isinstance(node, ast.BoolOp):
        return any(map(_is_plain, node.values))
    if isinstance(node, ast.BinOp):
        return _is_plain(node.left) or _is_plain(node.right)
    text = isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != ""
    return text or isinstance(node, ast.JoinedStr)


def plain_messages(code: str) -> list[int]:
    """Return the lines in which an error or a finding is given text that cannot be translated."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in ERRORS
        and any(map(_is_plain, _spoken(node)))
    ]


def speaking_english(paths: list[Path]) -> dict[str, list[int]]:
    """Return the lines of plain messages, by module."""
    return {
        path.relative_to(ROOT).as_posix(): lines
        for path in paths
        if (lines := plain_messages(path.read_text(encoding="utf-8")))
    }


def test_no_error_is_raised_with_text_that_has_no_vietnamese() -> None:
    """Each part of an error, in every module, is said with ``say`` or its fellows."""
    assert speaking_english(sorted((ROOT / "igate").rglob("*.py"))) == {}


def test_plain_text_in_an_error_is_noticed() -> None:
    """The rule above sees an f-string, a constant, and each branch of a choice."""
    code = (
        'raise StoreError(f"{x} is gone")\n'
        'raise StoreError(say("{x} is gone", x=x), fix="Put it back.")\n'
        'raise errors.StoreError(say("It is gone."), why=reason or "Nobody knows.")\n'
        'raise StoreError(say("{x} is gone", x=x), fix=say("Put it back."))\n'
    )
    assert plain_messages(code) == [1, 2, 3]


NUMBERS = re.compile(r"\d+")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


@pytest.mark.parametrize("path", sorted((TESTS / "broken").glob("*.yaml")), ids=lambda p: p.stem)
def test_a_finding_names_the_same_things_in_both_languages(path: Path) -> None:
    """Numbers and quoted names of the English stand in the Vietnamese, which is another text."""
    for found in check_paths([path]):
        for part in (found.message, found.remedy):
            if part:
                assert isinstance(part, Sentence), part
                said = part.text("vi")
                assert said != part
                assert sorted(NUMBERS.findall(said)) == sorted(NUMBERS.findall(part))
                assert set(QUOTED.findall(part)) <= set(QUOTED.findall(said)), said


def test_a_finding_in_vietnamese_has_place_and_code() -> None:
    """The second of two equal keys, as an officer reads it."""
    (found,) = check_paths([TESTS / "broken" / "duplicate-key.yaml"])
    said = found.text("vi")
    assert said.startswith(f"{found.place}: lỗi [duplicate-key] Mục ")
    (line,) = re.findall(r"line (\d+)", found.message)
    assert f"lần đầu ở dòng {line}." in said
    assert found.text("en") == str(found)


@pytest.mark.parametrize("name", sorted(set(ERRORS) - {"DefinitionError"}))
def test_the_general_sentence_of_an_error_is_vietnamese_too(name: str) -> None:
    """The first line of its docstring, where an instance says nothing of its own."""
    error = ERRORS[name]()
    assert error.text("en") == str(error)
    assert error.text("vi") == CATALOGUE[str(error)]


@given(what=PIECES, name=PIECES, why=st.none() | PIECES, where=st.none() | PIECES)
def test_english_is_what_python_shows(
    what: str, name: str, why: str | None, where: str | None
) -> None:
    """``error.text("en")`` is ``str(error)``, whatever it was made of, plain text or sentences."""
    error = IgateError(
        Sentence(what + "{name}", {"name": name}), why=why, where=where, fix=together(what, name)
    )
    assert error.text("en") == str(error)
    finding = Finding(
        code="c", place=Place(file="f", line=1), message=Sentence(what, {}), remedy=why or ""
    )
    assert finding.text("en").rstrip() == str(finding)
    assert DefinitionError([finding]).text("en").rstrip() == str(finding)


def test_a_sentence_inside_another_is_said_in_the_same_language() -> None:
    """The whole text is Vietnamese, and the name in it is the same."""
    inner = say("The file is empty.")
    outer = say("The system says: {strerror}.", strerror=inner)
    assert outer.text("vi") == "Hệ thống báo: Tệp để trống.."
    listed = together("a", "b", between=beside(en=" or ", vi=" hoặc "))
    assert (str(listed), listed.text("vi")) == ("a or b", "a hoặc b")


@pytest.mark.parametrize(
    "sentence",
    [
        say('There is no key "{name}" here.', name="x"),
        together(say("Write a text."), "x"),
        beside(en="a", vi="b"),
    ],
)
def test_a_copied_sentence_still_knows_its_other_language(sentence: Sentence) -> None:
    """Errors travel to other processes, and findings are copied."""
    for again in (copy.deepcopy(sentence), pickle.loads(pickle.dumps(sentence))):  # noqa: S301 - ours
        assert (again, again.text("vi")) == (sentence, sentence.text("vi"))


def test_an_error_from_another_process_speaks_vietnamese() -> None:
    """An error that was pickled has the text, the parts and the other language."""
    error = IgateError(say("The file is empty."), where="a.yaml", fix=say("Write a text."))
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - ours
    assert (str(again), again.text("vi")) == (str(error), error.text("vi"))
    assert again.text("vi") == "a.yaml: Tệp để trống. Viết một đoạn chữ."


@pytest.mark.parametrize(
    ("set_to", "language"),
    [
        ({}, "en"),
        ({"IGATE_LANG": "vi", "LANG": "en_US.UTF-8"}, "vi"),
        ({"IGATE_LANG": "en", "LC_ALL": "vi_VN.UTF-8"}, "en"),
        ({"IGATE_LANG": "", "LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LC_ALL": "C", "LANG": "vi_VN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "vi_VN", "LANG": "en_US"}, "vi"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"IGATE_LANG": "tiếng Việt", "LANG": "vi_VN"}, "vi"),
    ],
)
def test_the_surroundings_choose_the_language(
    monkeypatch: pytest.MonkeyPatch, set_to: dict[str, str], language: str
) -> None:
    """``IGATE_LANG``, then the locale as POSIX orders its variables, then English."""
    for name in ("IGATE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in set_to.items():
        monkeypatch.setenv(name, value)
    assert surroundings() == language


def test_only_two_languages_are_spoken() -> None:
    """A locale of another language, and none, ask for nothing that igate has."""
    assert [language_of(name) for name in ("vi", "en-GB", "", "C.UTF-8", "vie")] == [
        "vi",
        "en",
        None,
        None,
        None,
    ]
