"""The text of a guard in words, in Vietnamese and English: signs, yes and no, and what is denied.

What a fact is called is for the caller to say: a sheet writes its label alone, a refusal the name
of the file in brackets behind it, as it does of states and actions.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from igate.law.citation import Label
from igate.procedures.naming import (
    CHANNELS,
    action_called,
    called,
    fact_label,
    part_label,
    state_called,
)
from igate.words.sentence import beside, said

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from igate.law.citation import Language
    from igate.procedures.workflow import FactValue, Workflow
    from igate.words.sentence import Sentence

__all__ = ["OPERATORS", "condition_called", "denied", "guard_words", "known_called"]

#: What operators, signs and the two answers of a guard are in words.
OPERATORS: Final[Mapping[str, Label]] = MappingProxyType(
    {
        sign: Label(vi=vi, en=en)
        for sign, vi, en in (
            ("==", "=", "="), ("!=", "≠", "≠"), ("<=", "≤", "≤"), (">=", "≥", "≥"),
            ("and", "và", "and"), ("or", "hoặc", "or"), ("not", "không", "not"),
            ("in", "thuộc", "in"), ("True", "có", "yes"), ("False", "không", "no"),
        )
    }
)  # fmt: skip
_TOKEN = re.compile(
    r"""(?P<quoted>'[^']*'|"[^"]*")|(?P<not>not )?(?P<name>\w+)|(?P<sign>[=!<>]=)"""
)


def guard_words(
    text: str,
    lang: Language,
    named: Callable[[str, bool], str],
    valued: Callable[[str, str], str] = lambda _, value: value,
) -> str:
    """Write the text of a guard in words.

    Args:
        text: As a file writes it, or a part of that.
        lang: ``vi`` or ``en``.
        named: Returns what is written for a fact, given its name and whether it is denied.
        valued: Returns what is written for a text in quotes, given the fact before it.

    >>> guard_words("not a and b <= 3", "vi", lambda name, no: f"không {name}" if no else name)
    'không a và b ≤ 3'
    """
    fact = ""

    def word(token: re.Match[str]) -> str:
        nonlocal fact
        if token["quoted"]:
            return valued(fact, token["quoted"])
        operator = OPERATORS.get(token["name"] or token["sign"])
        if operator is not None:
            said = operator.text(lang)
            return denied(said, lang) if token["not"] else said
        if token["name"] is None or token["name"].isdigit():
            return token[0]
        fact = token["name"]
        return named(fact, token["not"] is not None)

    return _TOKEN.sub(word, text)


def denied(word: str, lang: Language) -> str:
    """Deny a fact: in Vietnamese what is not done is "chưa", what is not so is "không".

    >>> denied("đã nộp phí, lệ phí", "vi"), denied("phải nộp phí, lệ phí", "vi")
    ('chưa nộp phí, lệ phí', 'không phải nộp phí, lệ phí')
    """
    if lang == "vi" and word.startswith("đã "):
        return word.replace("đã", "chưa", 1)
    return f"{OPERATORS['not'].text(lang)} {word}"


def condition_called(workflow: Workflow, text: str) -> Sentence:
    """Return what a person reads for a condition: each fact by its label, its name in brackets.

    Args:
        workflow: Whose condition it is.
        text: A guard, or a part of one.
    """

    def words(lang: Language) -> str:
        return guard_words(
            text,
            lang,
            lambda name, no: _fact(workflow, name, lang, no=no),
            lambda name, quoted: _text(workflow, name, quoted[1:-1], lang),
        )

    return beside(en=words("en"), vi=words("vi"))


def known_called(workflow: Workflow, name: str, value: FactValue) -> Sentence:
    """Return what a person reads for a fact and what it is now.

    Args:
        workflow: Whose fact it is.
        name: Its name.
        value: What it is.
    """

    def words(lang: Language) -> str:
        if isinstance(value, str):
            now = _text(workflow, name, value, lang)
        else:
            now = OPERATORS[str(value)].text(lang) if isinstance(value, bool) else str(value)
        return f"{_fact(workflow, name, lang, no=False)} = {now}"

    return beside(en=words("en"), vi=words("vi"))


def _fact(workflow: Workflow, name: str, lang: Language, *, no: bool) -> str:
    """Write a fact, or that it is denied, with its name."""
    opposite = part_label(workflow, name, done=False) if no else None
    if opposite is not None:
        return f"{opposite.text(lang)} ({name})"
    label = fact_label(workflow, name)
    word = label.text(lang) if label else name
    said_so = denied(word, lang) if no else word
    return f"{said_so} ({name})" if label else said_so


def _text(workflow: Workflow, name: str, text: str, lang: Language) -> str:
    """Write what a fact is; a state, an action and a channel have labels."""
    if name == "came_from":
        return str(said(state_called(workflow, text), lang))
    if name == "last_action":
        return str(said(action_called(workflow, text), lang))
    if name == "channel":
        return str(said(called(text, CHANNELS.get(text)), lang))
    return f'"{text}"'
