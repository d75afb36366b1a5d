"""What the reader says of a text that is not YAML: the slip as its writer sees it, at its place."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from igate.errors import DefinitionError
from igate.files import syntax
from igate.files.yaml import parse
from places import ROOT

FILE = (ROOT / "tests" / "broken" / "missing-handover.yaml").read_text(encoding="utf-8")


def said(text: str) -> tuple[str, str]:
    """Return the place of the slip, and what is said of it."""
    with pytest.raises(DefinitionError) as refused:
        parse(text, file="f")
    (found,) = [each for each in refused.value.findings if each.code == "malformed-yaml"]
    return f"{found.place.line}:{found.place.column}", f"{found.message} {found.remedy}"


@pytest.fixture(params=["libyaml", "python"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each test with both parsers: their words are not the same, what is said is."""
    if request.param == "python":
        monkeypatch.setattr("igate.files.yaml.LOADER", yaml.SafeLoader)
        monkeypatch.setattr("igate.files.syntax.LOADER", yaml.SafeLoader)
    elif syntax.LOADER is yaml.SafeLoader:  # pragma: no cover - PyYAML built without libyaml
        pytest.skip("PyYAML is built without libyaml.")


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a:\n\tb: 1\n", "2:1", "with a tab"),
        ("a:\n  - x: 1\n\t  y: 2\n", "3:1", "with a tab"),
        ("a: {vi: Cấp thẻ; en: Issue}\n", "1:16", "semicolon|Write a comma"),
        ("a: {b: 1 c: 2}\n", "1:11", 'comma is missing before the key "c"'),
        ("a: {vi: Cấp: mới, en: x}\n", "1:12", 'quotes around a text: "… Cấp: …"'),
        ("a: [{b: 1} {c: 2}]\n", "1:12", 'a comma or "]"'),
        ("a: {b: 1\nc: 2\n", "1:4", '"{" that is opened here is not closed'),
        ("a: [1, 2\n", "1:4", '"[" that is opened here is not closed'),
        ("a: [1, 2}\n", "1:9", '"[" of line 1 is closed with "}"'),
        ('a: "x\nb: 2\n', "1:4", 'begins here with " does not end'),
        ("a: 'x\nb: 2\n", "1:4", "begins here with ' does not end"),
        ('a: "x\nb: "y"\n', "1:4", 'begins here with " ends with the next one, in line 2'),
        ('a: {b: "x}\nc: "y"\n', "1:8", 'begins here with " ends with the next one, in line 2'),
        ('a: "x" y\n', "1:8", "follows a value that is finished"),
        ('a: "C:\\d"\n', "1:7", "backslash|single quotes"),
        ("a: 1\n  b: 2\n", "2:3", "indented by 2|which has its value already, by 0"),
        ("a:\n    b: 1\n  c: 2\n", "3:3", "indented by 2|Indent it by 0 or 4"),
        ("a:\n    - x: 1\n     y: 2\n", "3:6", "indented by 5|Indent it by 0 or 6"),
        ("a:\n  - x\n - y\n", "3:2", "indented by 1|Indent it by 2,"),
        ("a:\n  - x: 1\n  y: 2\n", "3:3", 'has none. Indent it by 4|write "- "'),
        ("a: Cấp thẻ: mới\n", "1:11", 'Put it in quotes: a: "Cấp thẻ: mới".'),
        ('a: Cấp "thẻ": mới\n', "1:13", "Put it in quotes: a: 'Cấp \"thẻ\": mới'."),
        ("a:1\nb: 2\n", "1:1", "neither a key with its value"),
        ("a: 1\n# remark\nchỉ là chữ\n", "3:1", "neither a key with its value"),
        ("a: @b\n", "1:4", 'cannot begin with "@". Put it in quotes: "@b".'),
        ("a: & b\n", "1:4", 'cannot begin with "&". Put it in quotes: "& b".'),
        ("a: | x\n", "1:4", 'cannot begin with "|". Put it in quotes: "| x".'),
        ("%foo bar\n", "1:1", 'begins with "%" is an order'),
        ("a: 1\n%b: 1\n", "2:1", 'begins with "%" is an order'),
        ('a: !b"\n', "1:4", 'cannot begin with "!"'),
        ("a: ? b\n", "1:4", 'cannot begin with "?"'),
        ("a: - b\n", "1:4", "does not begin on the line of its key"),
        ("a: ]\n", "1:4", 'Before "]" a value is missing'),
        ("a: 1\n...\nb: 2\n", "3:1", 'after "...", which ends it'),
        ("b: 1\na: \x07\n", "2:4", "U+0007 cannot stand in a file"),
    ],
)
def test_a_slip_is_named_where_it_was_made(text: str, place: str, words: str) -> None:
    """Not where the parser noticed it, and not in the parser's words."""
    at, what = said(text)
    assert at == place
    assert [each for each in words.split("|") if each not in what] == []
    assert "parser" not in what


@given(at=st.integers(0, len(FILE) - 1), put=st.sampled_from(["", *"\t;:\"'{}[],-# %&*\n"]))
def test_a_character_too_many_or_too_few_is_read_or_named(at: int, put: str) -> None:
    """Whatever one key of the keyboard does to a file, it is read, or the slip is inside it."""
    for text in (FILE[:at] + put + FILE[at + 1 :], FILE[:at] + put + FILE[at:]):
        try:
            parse(text, file="f")
        except DefinitionError as error:
            for found in error.findings:
                assert 1 <= found.place.line <= text.count("\n") + 1
                assert "the parser says" not in found.message, text
