"""The strict reader: what is written is what is read, and what is refused is shown."""

from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from igate.errors import DefinitionError, Finding
from igate.files.yaml import YamlFile, parse, read

#: Of the processor, for the longest text; the slowest takes half a second.
SECONDS = 3


def codes(text: str) -> list[str]:
    """Return the codes of what the reader finds in a text."""
    try:
        return [finding.code for finding in parse(text, file="f.yaml").findings]
    except DefinitionError as error:
        return [finding.code for finding in error.findings]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("text", "text"),
        ("'9.000010'", "9.000010"),
        ("7", 7),
        ("-3", -3),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("true", True),
        ("false", False),
        ("True", "True"),
        ("no", "no"),
        ("on", "on"),
        ("null", None),
        ("~", None),
        ("", None),
        ("2026-01-02", "2026-01-02"),
        ("07:30", "07:30"),
        ("1.5.2", "1.5.2"),
        ("30 %", "30 %"),
        ('"true"', "true"),
        ('""', ""),
    ],
)
def test_a_scalar_is_what_it_looks_like(written: str, value: object) -> None:
    """Only true, false, null and plain whole numbers are anything but text."""
    assert read(f"key: {written}\n", file="f.yaml").data == {"key": value}


@pytest.mark.parametrize("key", ["on", "no", "yes", "1", "null", "true"])
def test_a_key_is_always_text(key: str) -> None:
    """YAML 1.1 makes ``on:`` the key true; here it is the key "on"."""
    assert read(f"{key}: x\n", file="f.yaml").data == {key: "x"}


@pytest.mark.parametrize(
    "written", ["1.001190", "+1.5", ".5", "1.5e+3", "190:20.15", ".inf", ".nan"]
)
def test_what_yaml_reads_as_a_fraction_is_refused(written: str) -> None:
    """The finding shows the quoted form, where YAML 1.1 itself would make a float."""
    assert isinstance(yaml.safe_load(f"key: {written}")["key"], float)
    found = parse(f"key: {written}\n", file="f.yaml").findings
    assert [finding.code for finding in found] == ["unquoted-code"]
    assert found[0].remedy == f'Put it in quotes: "{written}".'


@given(st.text(alphabet="0123456789._:+-eEinfx", min_size=1, max_size=8))
def test_no_number_of_yaml_is_taken_for_text_or_another_number(written: str) -> None:
    """Whatever YAML 1.1 makes a float or a number to base 60 of is refused, never read silently."""
    try:
        made = yaml.safe_load(f"- {written}\n")[0]
    except (yaml.YAMLError, ValueError):
        return
    if isinstance(made, float) or (isinstance(made, int) and ":" in written):
        assert codes(f"- {written}\n") == [
            "unquoted-time" if isinstance(made, int) else "unquoted-code"
        ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &x 1\n", "forbidden-yaml"),
        ("a: &x [1]\n", "forbidden-yaml"),
        ("a: !!str 1\n", "forbidden-yaml"),
        ("a: !!python/object/apply:os.system [ls]\n", "forbidden-yaml"),
        ("a: 1\n---\nb: 2\n", "forbidden-yaml"),
        ("a: {<<: {b: 1}}\n", "forbidden-yaml"),
        ("a: 1\na: 2\n", "duplicate-key"),
        ("a: [1, 2\n", "malformed-yaml"),
        ("a: \t- b\n", "malformed-yaml"),
        ("[a]: 1\n", "malformed-yaml"),
        ("{a: b}: 1\n", "malformed-yaml"),
        ("", "malformed-yaml"),
        ("# only a remark\n", "malformed-yaml"),
        ("a: \x00\n", "malformed-yaml"),
        ("a: \ud800\n", "malformed-yaml"),
        ("[" * 25 + "]" * 25, "malformed-yaml"),
        ("- " * 500_001, "malformed-yaml"),
    ],
)
def test_what_would_surprise_is_refused(text: str, code: str) -> None:
    """Anchors, aliases, merge keys, tags, second documents, duplicates and bombs have no place."""
    assert codes(text) == [code]


def test_an_alias_is_refused_and_not_followed() -> None:
    """A laugh bomb of aliases is read in no time, because nothing is unfolded."""
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 200)]
    found = parse("\n".join(lines), file="f.yaml")
    assert len(found.findings) == 21
    assert f"there are {200 + 2 * 199 - 20} more" in found.findings[-1].message
    assert isinstance(found.data, dict)
    assert found.data["a199"] == [None, None]


def test_all_problems_of_a_text_are_given_at_once() -> None:
    """Four faults of the text make four findings, each in its line."""
    text = "a: 1.10\nb: 13:30\nb: 2\nc: &x y\n"
    with pytest.raises(DefinitionError) as caught:
        read(text, file="f.yaml")
    assert sorted((finding.place.line, finding.code) for finding in caught.value.findings) == [
        (1, "unquoted-code"),
        (2, "unquoted-time"),
        (3, "duplicate-key"),
        (4, "forbidden-yaml"),
    ]


def test_of_ninety_thousand_equal_keys_the_first_are_named_and_the_others_counted() -> None:
    """All are counted, 20 are named with the line of the first, and the text stays short."""
    begun = time.process_time()
    found = parse("a: 1\n" * 90_000, file="f.yaml").findings
    assert time.process_time() - begun < SECONDS
    assert [each.place.line for each in found] == list(range(2, 23))
    assert {each.code for each in found} == {"duplicate-key"}
    assert all("the first is in line 1" in each.message for each in found[:20])
    # 90,000 keys, the first of them right, 20 named
    assert found[20].message == "From here on there are 89,979 more problems of this kind."


def test_equal_keys_in_many_mappings_are_counted_together() -> None:
    """Each is placed against the first of its own mapping, and kinds are counted apart."""
    text = "".join(f"k{n}: {{b: 1, b: 1.10}}\n" for n in range(30))
    found = parse(text, file="f.yaml").findings
    named = [each for each in found if each.code == "duplicate-key"]
    assert [each.place.line for each in named] == list(range(1, 22))
    assert "the first is in line 20" in named[19].message
    assert "10 more" in named[20].message
    assert sum(each.code == "unquoted-code" for each in found) == 21


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "x" * 990_000,
        "a: " + "1" * 990_000,
        "a: 1" + ":1" * 490_000,
        "a: 1" + "_" * 990_000,
        "a: '" + "e\u0301" * 330_000 + "'",
        "{a: " * 200_000,
        "- &a x\n" + "- *a\n" * 190_000,
        "- !t x\n" * 140_000,
        "- 1.10\n" * 140_000,
        "<<: 1\n" * 150_000,
        "".join(f"%TAG !{n}! t\n" for n in range(60_000)) + "--- a\n",
        "- e\u0301\n" * 160_000,
    ],
)
def test_a_text_that_is_all_of_one_kind_takes_no_longer_than_another(text: str) -> None:
    """Long scalars, deep nesting, aliases, tags, directives: read or refused, in few words."""
    begun = time.process_time()
    try:
        found: tuple[Finding, ...] = parse(text, file="f.yaml").findings
    except DefinitionError as error:
        found = error.findings
    assert time.process_time() - begun < SECONDS
    assert sum(len(str(each)) for each in found) < 20_000


def test_of_two_equal_keys_the_first_is_kept() -> None:
    """The rest of the file is then read as if the second were not there."""
    assert parse("a: 1\na: {b: 2}\nc: 3\n", file="f.yaml").data == {"a": 1, "c": 3}


def test_columns_count_characters_and_not_bytes() -> None:
    """``Đường`` has five characters and seven bytes; the value after it is in column 12."""
    file = read("- {Đường: [x, ệ, y]}\n", file="f.yaml")
    assert str(file.place((0, "Đường"))) == "f.yaml:1:11"
    assert str(file.place((0, "Đường", 2))) == "f.yaml:1:18"
    assert str(file.place((0, "Đường"), key=True)) == "f.yaml:1:4"


def test_a_missing_key_is_placed_at_what_should_hold_it() -> None:
    """There is no place of what is not there, so the nearest thing around it is shown."""
    file = read("a:\n  - b: 1\n    c: 2\n", file="f.yaml")
    assert str(file.place(("a", 0, "missing"))) == "f.yaml:2:5"
    assert str(file.place(("missing",))) == "f.yaml:1:1"


def test_diacritics_written_apart_are_found_behind_an_escape_too() -> None:
    """A combining accent makes two spellings of one name; a search would miss one."""
    assert codes('a: "e\\u0301"\n') == ["not-nfc"]
    assert codes("a: e\N{COMBINING ACUTE ACCENT}\n") == ["not-nfc"]
    assert codes("e\N{COMBINING ACUTE ACCENT}: 1\n") == ["not-nfc"]
    assert codes("a: 1 # e\N{COMBINING ACUTE ACCENT}\n") == []


#: without control characters: PyYAML itself does not read back all that it writes of them
TEXTS = st.text(alphabet=st.characters(exclude_categories=("C", "Zl", "Zp")), max_size=8)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)


@given(PLAIN)
def test_what_pyyaml_writes_quoted_is_read_back(value: object) -> None:
    """A round trip through PyYAML's writer keeps every value, the order of keys included."""
    text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
    file = YamlFile(text, file="f.yaml")
    assert file.data == value
    assert [each.code for each in file.findings if each.code != "not-nfc"] == []


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes the reader fail in another way than with its own error."""
    assert set(codes(text)) <= {
        "malformed-yaml",
        "forbidden-yaml",
        "duplicate-key",
        "unquoted-code",
        "unquoted-time",
        "not-nfc",
    }


def test_an_amount_with_a_separator_is_not_told_to_take_quotes_alone() -> None:
    """The file stops further on, so that what would refuse the quotes is not reached."""
    with pytest.raises(DefinitionError) as refused:
        parse("amount: 500.000\nvi: a: b\n", file="f.yaml")
    assert [finding.remedy for finding in refused.value.findings][:1] == [
        'Write a number of đồng without separators: 500000; a code in quotes: "500.000".'
    ]
