"""Guards: the conditions of transitions.

A guard is a small expression in Python's spelling, for example
``supplement_requests == 0 and working_days_since_receipt <= 3``. It may hold names of facts, whole
numbers, texts, ``True`` and ``False``, comparisons, ``and``, ``or``, ``not``, and ``in`` /
``not in`` with a list of constants. Nothing else: no call, attribute, index, arithmetic or
escape. What is not on the list is refused when the file is read, never when a clerk acts; a name
that is no known fact is refused too. What is left can neither loop nor reach anything outside
the facts, so it is compiled once and evaluated without builtins.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from igate.errors import GuardError
from igate.files.findings import did_you_mean
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from types import CodeType

__all__ = ["Guard", "mismatch", "names_in"]

_LONGEST = 500
_DEEPEST = 20
# Every piece of text that a guard may hold. A name may not touch a quote (no f"", b""), a
# number may not touch a letter, and a text has no backslash: Python's parser sees nothing else.
_TOKEN = re.compile(
    r"""\s+|[A-Za-z_][A-Za-z0-9_]*(?!['"A-Za-z0-9_])|[0-9]+(?![A-Za-z0-9_])"""
    r"""|'[^'\\\n]*'|"[^"\\\n]*"|==|!=|<=|>=|<|>|[()\[\],-]"""
)
_HINTS: Final[dict[str, str]] = {
    "=": say('To compare, write "==".'),
    "&": say('Write "and".'),
    "|": say('Write "or".'),
    "!": say('Write "not", or "!=".'),
    "“": say('Write straight quotes: ".'),
    "”": say('Write straight quotes: ".'),
    "‘": say('Write straight quotes: ".'),
    "’": say('Write straight quotes: ".'),
    ".": say("A guard knows facts, not their parts: write the name of a fact."),
    "\\": say("Texts have no escapes here: write the character itself."),
}
#: What joins conditions, as people write it in Vietnamese.
_VIETNAMESE: Final = {"và": "and", "hoặc": "or", "không": "not", "chưa": "not", "trong": "in"}
_ORDERS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_MEMBERSHIP = (ast.In, ast.NotIn)
_REFUSED: Final[dict[type[ast.AST], str]] = {
    ast.Call: say("a call"),
    ast.Attribute: say("an attribute"),
    ast.Subscript: say("an index"),
    ast.BinOp: say("arithmetic"),
    ast.IfExp: say('"if … else"'),
    ast.Is: say('"is"'),
    ast.IsNot: say('"is not"'),
    ast.Tuple: say('a list outside of "in"'),
    ast.List: say('a list outside of "in"'),
}  # fmt: skip
_ALLOWED = say(
    'A guard holds names of facts, numbers, texts, comparisons, "and", "or", "not" and '
    '"in" with a list.'
)
_KIND_WORDS: Final = {"bool": say("true or false"), "int": say("a number"), "text": say("a text")}
_NOTHING: Final[dict[str, object]] = {"__builtins__": {}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """A condition over facts, checked when it is read and compiled when it is first asked.

    >>> guard = Guard.parse("fee_paid or area in ['I', 'II']", names={"fee_paid", "area"})
    >>> guard.holds({"fee_paid": False, "area": "II"})
    True
    """

    #: as written
    text: str
    #: the facts that it asks for
    names: frozenset[str]

    @classmethod
    def parse(cls, text: str, names: Collection[str]) -> Guard:
        """Read a guard.

        Args:
            text: The expression.
            names: The facts that there are.

        Raises:
            GuardError: The text is not an expression of the kind described above, or names a fact
                that there is not; the message shows where, and what to write.
        """
        body = _parsed(text)
        used = _names(body)
        unknown = sorted(used - set(names))
        if unknown:
            raise GuardError(
                say(
                    'The guard "{text}" names "{unknown}", which is no fact here.',
                    text=text,
                    unknown=unknown[0],
                ),
                why=say("The facts are {names}.", names=", ".join(sorted(names)) or say("none")),
                fix=did_you_mean(unknown[0], names) or say('Declare it under "facts:".'),
            )
        return cls(text=text, names=used)

    @classmethod
    def equal(cls, name: str, values: Sequence[str]) -> Guard:
        """Return the guard that holds where a fact is one of some texts.

        Args:
            name: Name of the fact.
            values: One text or more, without quotes in them.

        >>> str(Guard.equal("came_from", ["a"])), str(Guard.equal("last_action", ["a", "b"]))
        ('came_from == "a"', 'last_action in ["a", "b"]')
        """
        listed = ", ".join(f'"{value}"' for value in values)
        text = f"{name} == {listed}" if len(values) == 1 else f"{name} in [{listed}]"
        return cls(text=text, names=frozenset([name]))

    @classmethod
    def all_of(cls, names: Iterable[str]) -> Guard:
        """Return the guard that holds where all of some facts are true.

        >>> str(Guard.all_of(["a", "b"])), str(Guard.all_of(["a"]).negated())
        ('a and b', 'not (a)')
        """
        named = tuple(names)
        return cls(text=" and ".join(named), names=frozenset(named))

    def __str__(self) -> str:
        return self.text

    def negated(self) -> Guard:
        """Return the guard that holds where this one does not.

        >>> str(Guard.equal("came_from", ["a"]).negated())
        'not (came_from == "a")'
        """
        return Guard(text=f"not ({self.text})", names=self.names)

    def and_also(self, other: Guard) -> Guard:
        """Return the guard that holds where both hold.

        >>> str(Guard.parse("a", names={"a"}).and_also(Guard.parse("b or c", names={"b", "c"})))
        '(a) and (b or c)'
        """
        text = f"({self.text}) and ({other.text})"
        return Guard(text=text, names=self.names | other.names)

    def holds(self, facts: Mapping[str, bool | int | str]) -> bool:
        """Return whether the condition holds.

        Raises:
            GuardError: A fact is missing, or of a kind that cannot be compared as written.
        """
        return _evaluate(_code_of(self.text), facts, self.text)

    def beside(self, name: str) -> frozenset[str]:
        """Return the texts with which a fact is compared.

        >>> guard = Guard.parse("case in ['a', 'b'] or area == 'c'", names={"case", "area"})
        >>> sorted(guard.beside("case"))
        ['a', 'b']
        """
        found: set[str] = set()
        for node in ast.walk(_body(self.text)):
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                if any(isinstance(side, ast.Name) and side.id == name for side in sides):
                    inner = [each for side in sides for each in ast.walk(side)]
                    texts = [each.value for each in inner if isinstance(each, ast.Constant)]
                    found |= {text for text in texts if isinstance(text, str)}
        return frozenset(found)

    def failing(self, facts: Mapping[str, bool | int | str]) -> tuple[str, ...]:
        """Return the parts that do not hold: the operands of the outermost ``and``.

        A part that cannot be evaluated counts as one that does not hold.

        >>> Guard.parse("a == 1 and b", names={"a", "b"}).failing({"a": 2, "b": True})
        ('a == 1',)
        """
        operands = _conjuncts(_body(self.text))
        return tuple(ast.unparse(node) for node in operands if not _surely_holds(node, facts))


def names_in(text: str) -> frozenset[str]:
    """Return the names in an expression, whether or not they are facts.

    Raises:
        GuardError: The text is not an expression that a guard may be.
    """
    return _names(_parsed(text))


def mismatch(text: str, kinds: Mapping[str, str]) -> str:
    """Say which comparison of a guard could never be made, or never hold; nothing where none.

    Args:
        text: A guard that can be read.
        kinds: The kind of each fact: ``bool``, ``int`` or ``text``.

    >>> mismatch("case > 3", {"case": "text"})
    'case > 3 compares a text with a number'
    >>> mismatch("case in ['a'] and days >= 3", {"case": "text", "days": "int"})
    ''
    """
    for node in ast.walk(_body(text)):
        if isinstance(node, ast.Compare):
            sides = [node.left]
            for side in node.comparators:
                sides += side.elts if isinstance(side, ast.Tuple | ast.List) else [side]
            found = {kind for side in sides if (kind := _kind(side, kinds))}
            if len(found) > 1:
                first, second = (_KIND_WORDS[kind] for kind in sorted(found)[-2:][::-1])
                return say(
                    "{compared} compares {first} with {second}",
                    compared=ast.unparse(node),
                    first=first,
                    second=second,
                )
    return ""


def _kind(node: ast.expr, kinds: Mapping[str, str]) -> str:
    """Return the kind of a name or constant; nothing for what is put together."""
    if isinstance(node, ast.Name):
        return kinds.get(node.id, "")
    if isinstance(node, ast.Compare | ast.BoolOp) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    ):
        return "bool"
    if not _is_constant(node):
        return ""
    value = node.value if isinstance(node, ast.Constant) else 0
    return {bool: "bool", int: "int", str: "text"}[type(value)]


def _evaluate(code: CodeType, facts: Mapping[str, bool | int | str], text: str) -> bool:
    try:
        return bool(eval(code, _NOTHING, facts))  # noqa: S307 - allow-listed when it was parsed
    except (TypeError, NameError) as error:
        raise GuardError(
            say('The guard "{text}" cannot be evaluated: {error}.', text=text, error=error),
            fix=say("Compare a fact with a constant of its own kind, and give every fact a value."),
        ) from error


def _surely_holds(node: ast.expr, facts: Mapping[str, bool | int | str]) -> bool:
    try:
        return _evaluate(_compiled(node), facts, "")
    except GuardError:
        return False


@lru_cache(maxsize=1 << 14)
def _code_of(text: str) -> CodeType:
    """Compile the text of a guard, which was checked or put together from what was checked."""
    return _compiled(_body(text))


def _compiled(body: ast.expr) -> CodeType:
    return compile(ast.Expression(body), "<guard>", "eval")


def _body(text: str) -> ast.expr:
    return ast.parse(text.replace("\n", " ").strip(), mode="eval").body


def _conjuncts(node: ast.expr) -> list[ast.expr]:
    """Take an ``and`` apart, and each ``and`` in it."""
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        return [part for value in node.values for part in _conjuncts(value)]
    return [node]


def _parsed(text: str) -> ast.expr:
    _check_tokens(text)
    try:
        body = _body(text)
    except SyntaxError as error:
        raise _malformed(
            text, say("{msg} (column {offset})", msg=error.msg, offset=error.offset), _hint(text)
        ) from error
    todo: list[tuple[ast.expr, int]] = [(_condition(body, text), 1)]
    while todo:
        node, depth = todo.pop()
        if depth > _DEEPEST:
            raise _malformed(text, say("it is nested more than {deepest} deep", deepest=_DEEPEST))
        todo.extend((child, depth + 1) for child in _operands(node, text))
    return body


def _hint(text: str) -> str:
    """Say what is to be written for words of other languages."""
    written = _TOKEN.findall(text)
    for word, instead in (("AND", "and"), ("OR", "or"), ("NOT", "not"), ("IN", "in")):
        if word in written:
            return say('Write "{instead}" in small letters.', instead=instead)
    if "trong" in written:
        return _in_english("trong")
    return say('To say "is not", write "!=".') if "<>" in text else ""


def _in_english(word: str) -> str:
    instead = _VIETNAMESE[word.casefold()]
    return say('Conditions are joined in English: write "{instead}".', instead=instead)


def _hint_at(text: str, position: int) -> str:
    """Say what is to be written for the character that has no place, or for the word it is in."""
    char = text[position]
    if char.isascii() or not char.isalpha():
        return _HINTS.get(char, "")
    word = re.split(r"\W", text[:position])[-1] + re.split(r"\W", text[position:])[0]
    if word.casefold() in _VIETNAMESE:
        return _in_english(word)
    return say('Put a text in quotes: case == "…".')


def _check_tokens(text: str) -> None:
    if len(text) > _LONGEST:
        raise _malformed(
            text[:40] + "…", say("it has more than {longest} characters", longest=_LONGEST)
        )
    position = depth = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _malformed(
                text,
                say(
                    "{char!r} in column {position} has no place here",
                    char=text[position],
                    position=position + 1,
                ),
                _hint_at(text, position),
            )
        depth += match[0] in {"(", "["}
        depth -= match[0] in {")", "]"}
        if depth > _DEEPEST:
            raise _malformed(text, say("it is nested more than {deepest} deep", deepest=_DEEPEST))
        position = match.end()


def _operands(node: ast.expr, text: str) -> list[ast.expr]:
    """Return what a node is made of; refuse a node that is not on the list."""
    match node:
        case ast.Name():
            return []
        case ast.BoolOp(values=values):
            return [_condition(value, text) for value in values]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return [_condition(operand, text)]
        case ast.Compare():
            return _compared(node, text)
        case _ if _is_constant(node):
            return []
    raise _refused(node, text)


def _condition(node: ast.expr, text: str) -> ast.expr:
    """Refuse a number or text where something true or false belongs."""
    true_or_false = isinstance(node, ast.Constant) and isinstance(node.value, bool)
    if _is_constant(node) and not true_or_false:
        raise _malformed(
            text, say("{written} alone is neither true nor false", written=ast.unparse(node))
        )
    return node


def _compared(node: ast.Compare, text: str) -> list[ast.expr]:
    if isinstance(node.ops[0], _MEMBERSHIP) and len(node.ops) == 1:
        listed = node.comparators[0]
        if not isinstance(listed, ast.Tuple | ast.List):
            raise _malformed(
                text,
                say(
                    'after "in" there is {written}, which is not a list',
                    written=ast.unparse(listed),
                ),
            )
        wrong = [item for item in listed.elts if not _is_constant(item)]
        if wrong:
            raise _malformed(
                text, say("{written} in a list is no number or text", written=ast.unparse(wrong[0]))
            )
        return [node.left]
    for op in node.ops:
        if isinstance(op, _MEMBERSHIP):
            raise _malformed(text, say('a chain of comparisons holds "in"'))
        if not isinstance(op, _ORDERS):
            raise _refused(op, text)
    return [node.left, *node.comparators]


def _is_constant(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = node.operand
        return isinstance(inner, ast.Constant) and type(inner.value) is int
    return isinstance(node, ast.Constant) and type(node.value) in {bool, int, str}


def _names(body: ast.expr) -> frozenset[str]:
    return frozenset(_walk_names(body))


def _walk_names(body: ast.expr) -> Iterator[str]:
    for node in ast.walk(body):
        if isinstance(node, ast.Name):
            yield node.id


def _refused(node: ast.AST, text: str) -> GuardError:
    return _malformed(
        text, say("it holds {held}", held=_REFUSED.get(type(node), type(node).__name__))
    )


def _malformed(text: str, reason: str, hint: str = "") -> GuardError:
    return GuardError(
        say('The guard "{text}" cannot be read: {reason}.', text=text, reason=reason),
        why=hint or None,
        fix=_ALLOWED,
    )
