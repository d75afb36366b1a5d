"""Guards: what they can say, and that they can do nothing else."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate.errors import GuardError
from igate.procedures.guard import Guard, mismatch, names_in

NAMES = ("a", "b", "fee_paid", "area")
FACTS: dict[str, bool | int | str] = {"a": 1, "b": 5, "fee_paid": True, "area": "II"}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("a == 1", True),
        ("a == 1 and b <= 3", False),
        ("a == 2 or b == 5", True),
        ("not fee_paid", False),
        ("fee_paid", True),
        ("fee_paid == True", True),
        ("1 <= a < b <= 5", True),
        ("area in ['I', 'II']", True),
        ('area not in ("I", "III")', True),
        ("a in (-1, 0)", False),
        ("a > -1", True),
        ("(a == 1) and (b == 5 or fee_paid)", True),
        ("a == 1\n  and b == 5", True),
        ("area == 'Đắk Lắk'", False),
        ("area in ['II',]", True),
    ],
)
def test_a_guard_means_what_python_would_mean(text: str, holds: bool) -> None:  # noqa: FBT001 - a column of the table
    """Comparisons, and, or, not and membership in a list of constants."""
    assert Guard.parse(text, NAMES).holds(FACTS) is holds


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('ls')",
        "open('/etc/passwd').read()",
        "().__class__.__bases__[0].__subclasses__()",
        "a.__class__",
        "a.real == 1",
        "a[0]",
        "fee_paid()",
        "exec('1')",
        "9 ** 9 ** 9",
        "a + 1 == 2",
        "a - 1 == 0",
        "'x' * 10",
        "~a",
        "+a",
        "-a < 0",
        "-True < 0",
        "lambda: 1",
        "[x for x in (1, 2)]",
        "{1: 2}",
        "{1, 2}",
        "(a := 2)",
        "a if b else fee_paid",
        "f'{a}'",
        "b'x' == a",
        "r'x' == a",
        "'\\x41' == a",
        "'''x''' '''y",
        "a is b",
        "a is not None",
        "a == None",
        "a == ...",
        "1.5 < a",
        "1e9 < a",
        "1j == a",
        "1_000 < a",
        "0x10 < a",
        "1if a else b",
        "await a",
        "(yield a)",
        "*a",
        "a, b",
        "[a]",
        "a == (1, 2)",
        "a in area",
        "a in 'abc'",
        "a in (b, 1)",
        "a in ((1, 2), 3)",
        "a in (1, 2) == fee_paid",
        "1 < a in (1, 2)",
        "5",
        "'yes'",
        "not 5",
        "-5",
        "not -5",
        "a == 1 and 'yes'",
        "a == 1; b == 2",
        "a == 1 # remark",
        "a\x00",
        "ａ == 1",
        "",
        "   ",
        "(",
        ")",
        "()",
        "a ==",
        "007 == a",
        "a\u00a0== 1",
        "(" * 30 + "a" + ")" * 30,
        "not " * 25 + "fee_paid",
        "a == 1 and " * 60 + "a == 1",
        "[" * 3000,
    ],
)
def test_nothing_else_is_accepted(text: str) -> None:
    """Calls, attributes, arithmetic, escapes, nesting and length are refused when it is read."""
    with pytest.raises(GuardError):
        Guard.parse(text, [*NAMES, "exec", "open", "x"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = 5", ["'='", "column 3", 'write "=="']),
        ("a == 1 && b == 2", ["'&'", "column 8", 'Write "and"']),
        ("a || b", ['Write "or"']),
        ("!fee_paid", ['Write "not"']),
        ("a.b == 1", ["'.'", "name of a fact"]),
        ("fee_payed", ['"fee_payed"', 'Did you mean "fee_paid"?', "a, area, b, fee_paid"]),
        ("zzzzzz", ['"zzzzzz"', "facts:"]),
        ("a in area", ['after "in" there is area']),
        ("a in (b,)", ["b in a list"]),
        ("fee_paid and 'yes'", ["'yes' alone is neither true nor false"]),
        ("a is b", ['"is"']),
        ("a - 1 > 0", ["arithmetic"]),
        ("x" * 600, ["500 characters"]),
        ("(" * 21, ["20 deep"]),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_write(text: str, words: list[str]) -> None:
    """What is wrong, where, and what to write instead."""
    with pytest.raises(GuardError) as caught:
        Guard.parse(text, NAMES)
    assert [word for word in words if word not in str(caught.value)] == []


def test_a_fact_of_another_kind_is_an_error_of_the_guard() -> None:
    """Comparing a text with a number says so; it is no crash."""
    with pytest.raises(GuardError, match="cannot be evaluated"):
        Guard.parse("area < 3", NAMES).holds(FACTS)


def test_a_missing_fact_is_an_error_of_the_guard() -> None:
    """A fact without a value is neither true nor false."""
    with pytest.raises(GuardError, match="'fee_paid' is not defined"):
        Guard.parse("fee_paid", NAMES).holds({"a": 1})


def test_the_parts_that_do_not_hold_are_named() -> None:
    """The operands of the outermost "and", as one would write them."""
    guard = Guard.parse("a == 1 and (b < 3 or a == 2) and not fee_paid and area < 3", NAMES)
    assert guard.failing(FACTS) == ("b < 3 or a == 2", "not fee_paid", "area < 3")
    assert Guard.parse("a == 1", NAMES).failing(FACTS) == ()
    assert Guard.parse("a == 2 or b == 2", NAMES).failing(FACTS) == ("a == 2 or b == 2",)


def test_a_guard_knows_the_facts_that_it_asks_for() -> None:
    """The engine works out these facts and no others."""
    guard = Guard.parse("a == 1 and area in ['I'] and a < b", NAMES)
    assert guard.names == {"a", "b", "area"}
    assert names_in("x == 1 or y") == {"x", "y"}
    assert str(guard) == "a == 1 and area in ['I'] and a < b"


def test_equal_texts_make_equal_guards() -> None:
    """A guard is a value: what was compiled from the same text is the same."""
    assert Guard.parse("a == 1", NAMES) == Guard.parse("a == 1", ["a"])


@given(st.text(max_size=80))
def test_any_text_is_accepted_or_refused(text: str) -> None:
    """No text makes the parser fail in another way than with its own error."""
    try:
        Guard.parse(text, NAMES)
    except GuardError as error:
        assert error.what  # noqa: PT017 - either outcome is fine, another error is not


PIECES = st.sampled_from(
    ["a", "b", "and", "or", "not", "in", "==", "<", ">=", "(", ")", "[", "]", ",", "1", "-", "'x'",
     "True", "is", "if", "else", "lambda", ":", ".", "=", "None", "f''", "await", "\n", "*"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14))
def test_any_row_of_pieces_is_accepted_or_refused(pieces: list[str]) -> None:
    """What is accepted holds or not, or cannot be evaluated; nothing else happens."""
    try:
        guard = Guard.parse(" ".join(pieces), NAMES)
        assert guard.holds(FACTS) in {True, False}
    except GuardError as error:
        assert error.what  # noqa: PT017 - either outcome is fine, another error is not


INTS = st.sampled_from(["a", "b"]) | st.integers(-5, 9).map(str)
COMPARED = st.builds(
    "{} {} {}".format, INTS, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), INTS
)
LISTED = st.builds(
    "{} {} ({}, 3)".format, INTS, st.sampled_from(["in", "not in"]), st.integers(0, 5)
)
TEXTS = st.builds(
    "area {} '{}'".format, st.sampled_from(["==", "!="]), st.sampled_from(["I", "II"])
)
CONDITIONS = st.recursive(
    COMPARED | LISTED | TEXTS | st.just("fee_paid"),
    lambda inner: st.builds("({} and {})".format, inner, inner)
    | st.builds("({} or {})".format, inner, inner)
    | st.builds("(not {})".format, inner),
    max_leaves=6,
)  # fmt: skip


@given(
    CONDITIONS, st.integers(-2, 6), st.integers(-2, 6), st.booleans(), st.sampled_from(["I", "X"])
)
def test_what_is_accepted_is_evaluated_as_python_does(
    text: str,
    a: int,
    b: int,
    fee_paid: bool,  # noqa: FBT001 - drawn
    area: str,
) -> None:
    """The guard equals Python's own answer in a namespace that holds the facts alone."""
    facts: dict[str, bool | int | str] = {"a": a, "b": b, "fee_paid": fee_paid, "area": area}
    expected = bool(eval(compile(ast.parse(text, mode="eval"), "", "eval"), {}, dict(facts)))  # noqa: S307 - made of known pieces
    guard = Guard.parse(text, NAMES)
    assert guard.holds(facts) is expected
    assert (guard.failing(facts) == ()) is expected


FACTS_OF_BOTH = {"a": st.integers(0, 3), "b": st.booleans(), "c": st.sampled_from(["x", "y"])}
SIDES = [
    "a == 1",
    "a > 1 or b",
    "not b",
    "c in ['x']",
    "b and c == 'y'",
    "a < 2 and not (b or a == 1)",
]


@given(st.sampled_from(SIDES), st.sampled_from(SIDES), st.fixed_dictionaries(FACTS_OF_BOTH))
def test_a_guard_and_another_hold_where_both_do(
    first: str, second: str, facts: dict[str, int | bool | str]
) -> None:
    """Neither changes the meaning of the other, whatever ``or`` is in them."""
    one, other = (Guard.parse(text, names=FACTS_OF_BOTH) for text in (first, second))
    both = one.and_also(other)
    assert both.names == one.names | other.names
    assert both.holds(facts) is (one.holds(facts) and other.holds(facts))
    assert bool(both.failing(facts)) is not both.holds(facts)
    assert Guard.parse(both.text, names=FACTS_OF_BOTH) == both


def refusal(text: str) -> GuardError:
    """Return the error with which a guard is refused."""
    with pytest.raises(GuardError) as caught:
        Guard.parse(text, NAMES)
    return caught.value


def test_a_guard_is_read_up_to_its_bounds_and_not_beyond() -> None:
    """500 characters, and 20 levels, counted in the text and in what it means."""
    assert Guard.parse("fee_paid".ljust(500), NAMES).holds(FACTS)
    assert "more than 500 characters" in str(refusal("fee_paid".ljust(501)))
    assert Guard.parse("not " * 19 + "fee_paid", NAMES).holds(FACTS) is False
    assert "nested more than 20 deep" in str(refusal("not " * 20 + "fee_paid"))
    assert Guard.parse("(" * 20 + "fee_paid" + ")" * 20, NAMES).holds(FACTS)
    assert "nested more than 20 deep" in str(refusal("(" * 21 + "fee_paid" + ")" * 21))
    assert "nested more than 20 deep" in str(refusal("a in " + "[" * 21 + "1" + "]" * 21))


@pytest.mark.parametrize("part", ["(fee_paid)", "a in [1]", "a in (1, 2)"])
def test_brackets_that_are_closed_again_are_no_levels(part: str) -> None:
    """Twenty-five pairs one after another lie on one level."""
    assert Guard.parse(" and ".join([part] * 25), NAMES).holds(FACTS)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a == 1 AND b == 5", 'Write "and" in small letters.'),
        ("a == 1 OR b == 5", 'Write "or" in small letters.'),
        ("NOT fee_paid", 'Write "not" in small letters.'),
        ("area IN ['I']", 'Write "in" in small letters.'),
        ("a <> 1", 'To say "is not", write "!=".'),
        ("a = 1", 'To compare, write "==".'),
        ("area == “II”", 'Write straight quotes: ".'),
        ("area == Đắk", 'Put a text in quotes: case == "…".'),
        ("fee_paid và a == 1", 'Conditions are joined in English: write "and".'),
        ("fee_paid hoặc a == 1", 'Conditions are joined in English: write "or".'),
        ("Không fee_paid", 'Conditions are joined in English: write "not".'),
        ("area trong ['I']", 'Conditions are joined in English: write "in".'),
        ("a == 1 b", None),
        ('area == f"II"', None),
    ],
)
def test_a_slip_is_answered_with_what_is_to_be_written(text: str, hint: str | None) -> None:
    """Words of other languages, curly quotes, a text without quotes; no guess otherwise."""
    assert refusal(text).why == hint


def test_a_chain_with_in_says_so() -> None:
    """It would mean two things at once."""
    assert 'a chain of comparisons holds "in"' in str(refusal("a in [1] == fee_paid"))


def test_only_texts_stand_beside_a_fact() -> None:
    """Numbers and what is true or false are no values of a case."""
    guard = Guard.parse("a in [1, 2] or area in ['I', 'II'] or area == 'III'", NAMES)
    assert guard.beside("a") == frozenset()
    assert guard.beside("area") == {"I", "II", "III"}
    assert guard.beside("b") == frozenset()


KINDS = {"a": "int", "b": "int", "fee_paid": "bool", "area": "text"}


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("area == 1", "text", "number"),
        ("area in ['I', 2]", "text", "number"),
        ("a == 'I'", "text", "number"),
        ("a == fee_paid", "number", "true or false"),
        ("(a == 1) == 2", "number", "true or false"),
        ("(a == 1 or fee_paid) == 2", "number", "true or false"),
        ("(not fee_paid) == 2", "number", "true or false"),
        ("area == a == fee_paid", "text", "number"),
        ("fee_paid == -1", "number", "true or false"),
    ],
)
def test_two_kinds_in_one_comparison_are_a_mistake(text: str, first: str, second: str) -> None:
    """A comparison puts beside one another what can be equal; the message names both kinds."""
    said = mismatch(text, KINDS).partition(" compares ")[2]
    assert said.index(first) < said.index(second)


@pytest.mark.parametrize(
    "text",
    ["a == -1", "a < b", "area in ['I']", "fee_paid == (a == 1)", "unknown == 1", "not a == 1"],
)
def test_one_kind_in_a_comparison_is_none(text: str) -> None:
    """A name of which nothing is known fits everything."""
    assert mismatch(text, KINDS) == ""
