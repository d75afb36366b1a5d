"""The text of a guard in words, in Vietnamese and English: signs, yes and no, and what is denied.

What a fact is called is for the caller to say: a sheet writes its label alone, a refusal the name
of the file as well.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from igate.law.citation import Label

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from igate.law.citation import Language

__all__ = ["OPERATORS", "denied", "guard_words"]

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
