"""Texts that people and hosts give: names, notes, identifiers of agencies.

What is kept is written in NFC, because two spellings of one Vietnamese letter are two names for a
search and one for a reader. What cannot be seen is refused: a control character or a change of the
writing direction makes a name look like another one.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from igate.errors import IgateError, TextError
from igate.words.sentence import say

__all__ = ["AGENCY", "above", "check_agency", "check_language", "clean", "folded", "within"]

#: The identifier of an agency, as a regular expression (Quyết định 20/2020/QĐ-TTg).
AGENCY: Final = r"(?=.{1,35}$)[A-Z0-9]+(?:\.[A-Z0-9]+)*"
#: Marks above and below letters.
_MARKS: Final = re.compile("[\u0300-\u036f]")
#: Embeddings, overrides and isolates of the writing direction.
_DIRECTIONS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Categories of Unicode without anything to see: controls, formats, separators, surrogates,
#: private and unassigned characters.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})


def clean(text: object, *, what: str, longest: int, where: str | None = None) -> str:
    r"""Return a text in NFC that can be kept and read.

    Args:
        text: What was given.
        what: What it is, for the message: "The applicant".
        longest: Characters that it may have.
        where: What it belongs to, e.g. the code of a dossier.

    Raises:
        TextError: It is no text, has nothing to see, is too long, or holds a character that a
            reader cannot see (line feeds and tabs are allowed).

    >>> clean("Nguye\u0302\u0303n", what="The applicant", longest=200)
    'Nguyễn'
    """
    if not isinstance(text, str):
        raise TextError(
            say("{what} is {text!r}, which is not a text.", what=what, text=text),
            where=where,
            fix=say("Pass a str; bytes are decoded first."),
        )
    for place, sign in enumerate(text):
        if sign in _DIRECTIONS or (
            unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t"
        ):
            raise TextError(
                say(
                    "{what} holds the character U+{number:04X} at position {place}.",
                    what=what,
                    number=ord(sign),
                    place=place + 1,
                ),
                where=where,
                why=say("Nobody can see it, and it can make a text look like another one."),
                fix=say("Remove it."),
            )
    if all(unicodedata.category(sign) in _UNSEEN for sign in text):
        raise TextError(
            say("{what} {text!r} has nothing that can be seen.", what=what, text=text),
            where=where,
            fix=say("Write the text."),
        )
    kept = unicodedata.normalize("NFC", text)
    if len(kept) > longest:
        raise TextError(
            say("{what} has {count} characters.", what=what, count=len(kept)),
            where=where,
            why=say("At most {longest} are kept.", longest=longest),
            fix=say("Shorten it, or keep the whole text with the papers of the dossier."),
        )
    return kept


def check_agency(agency: object, *, what: str | None = None, where: str | None = None) -> None:
    """Refuse what is not the identifier of an agency.

    Raises:
        TextError: It is not at most 35 of A-Z and 0-9 in parts between single dots.

    >>> check_agency("H15.10")
    """
    if not isinstance(agency, str) or re.fullmatch(AGENCY, agency) is None:
        raise TextError(
            say(
                "{what} {agency!r} is not the identifier of an agency.",
                what=what or say("The agency"),
                agency=agency,
            ),
            where=where,
            why=say(
                "It is part of the dossier code: at most 35 of A-Z and 0-9, in parts "
                "between single dots (Quyết định 20/2020/QĐ-TTg)."
            ),
            fix=say("Write it as H15.10."),
        )


def check_language(lang: object) -> None:
    """Refuse a language that igate does not speak.

    Raises:
        IgateError: It is neither ``vi`` nor ``en``.

    >>> check_language("vi")
    """
    if lang not in ("vi", "en"):  # a tuple: what is given may be a list
        raise IgateError(
            say("igate does not speak {lang!r}.", lang=lang),
            why=say("Its texts are in Vietnamese and English."),
            fix=say("Write vi or en."),
        )


def above(agency: str) -> tuple[str, ...]:
    """Return an agency and those above it, the nearest first.

    >>> above("H15.10.2")
    ('H15.10.2', 'H15.10', 'H15')
    """
    parts = agency.split(".")
    return tuple([".".join(parts[:count]) for count in range(len(parts), 0, -1)])


def within(agency: str, above: str) -> bool:
    """Return whether an agency is another one or below it.

    >>> within("H15.10", "H15"), within("H15", "H15"), within("H151", "H15")
    (True, True, False)
    """
    return agency == above or agency.startswith(above + ".")


def folded(text: str) -> str:
    """Write a text in small letters without diacritics.

    >>> folded("Đăng ký khai sinh")
    'dang ky khai sinh'
    """
    return _MARKS.sub("", unicodedata.normalize("NFD", text.lower().replace("đ", "d")))
