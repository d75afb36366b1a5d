"""A sentence that is written once, in English, and can be said in Vietnamese as well.

A message keeps its template and its values beside the English text that it is. The Vietnamese of
the template is looked up in ``locale``, a gettext catalogue as translators know it, and the
same values are put in. So both texts name the same files, days and numbers; only a day is written
in the manner of the language (:mod:`igate.words.days`).
"""

from __future__ import annotations

import gettext
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Self

from igate.words.days import VietnameseDay

if TYPE_CHECKING:
    from igate.words.language import Language

__all__ = [
    "Sentence",
    "beside",
    "clause",
    "said",
    "say",
    "together",
    "translated",
]


class Sentence(str):
    """A message in English that can be said in another language; to all code it is a ``str``."""

    __slots__ = ("template", "values")

    #: the English text with fields of :meth:`str.format`; the key of the catalogue
    template: str
    #: what is put into the fields
    values: dict[str, Any]

    def __new__(cls, template: str, values: dict[str, Any]) -> Self:
        """Put the values into the template."""
        plain = not values and "{" not in template and "}" not in template
        made = super().__new__(cls, template if plain else template.format_map(values))
        made.template, made.values = template, values
        return made

    def text(self, lang: Language) -> str:
        """Return the sentence in a language, with the same names and numbers in both.

        Args:
            lang: ``vi`` or ``en``; a sentence without a translation is given in English.
        """
        if lang == "en":
            return str(self)
        values = {name: _vietnamese(value) for name, value in self.values.items()}
        return translated(self.template).format_map(values)

    def __reduce__(self) -> tuple[type[Sentence], tuple[str, dict[str, Any]]]:
        """Keep template and values when the sentence is copied or sent to another process."""
        return Sentence, (self.template, self.values)


class _Joined(Sentence):
    """Several sentences, one after the other; each has its own entry in the catalogue."""

    __slots__ = ()

    def __new__(cls, between: str, parts: tuple[str, ...]) -> Self:
        made = str.__new__(cls, between.join(parts))
        made.template, made.values = between, {"parts": parts}
        return made

    def text(self, lang: Language) -> str:
        """Return the parts in a language, joined as in English."""
        between: str = said(self.template, lang)
        return between.join(said(part, lang) for part in self.values["parts"])

    def __reduce__(self) -> tuple[type[Sentence], tuple[str, Any]]:
        """Keep the parts when the sentence is copied or sent to another process."""
        return _Joined, (self.template, self.values["parts"])


class _Pair(Sentence):
    """A sentence whose Vietnamese stands beside it in the code and not in the catalogue."""

    __slots__ = ()

    def text(self, lang: Language) -> str:
        """Return the sentence in a language."""
        return str(self) if lang == "en" else self.values["vi"]

    def __reduce__(self) -> tuple[type[Sentence], tuple[str, dict[str, Any]]]:
        """Keep both texts when the sentence is copied or sent to another process."""
        return _Pair, (self.template, self.values)


class _Clause(Sentence):
    """A sentence without its full stop."""

    __slots__ = ()

    def text(self, lang: Language) -> str:
        """Return the clause in a language."""
        whole: str = said(self.values["whole"], lang)
        return whole.rstrip(".")

    def __reduce__(self) -> tuple[type[Sentence], tuple[str, dict[str, Any]]]:
        """Keep the sentence when the clause is copied or sent to another process."""
        return _Clause, (self.template, self.values)


def say(template: str, /, **values: Any) -> Sentence:  # noqa: ANN401 - whatever can be formatted
    """Return a sentence that can be said in both languages.

    Args:
        template: The English text, written out where it is said, so that the catalogue can be made
            from the code; fields and doubled braces are those of :meth:`str.format`.
        **values: What is put in; a value that is a sentence itself is said in the same language.

    >>> say("There is no file or folder {given!r}.", given="a.yaml").text("vi")
    "Không có tệp hoặc thư mục 'a.yaml'."
    """
    return Sentence(template, values)


def together(*parts: str, between: str = " ") -> Sentence:
    """Return sentences one after the other, as one; what is empty is left out.

    Args:
        *parts: The sentences, or names that are the same in both languages.
        between: What stands between two of them, such as ``say(" or ")``.

    >>> together("", say("Remove it."), say("Write the text.")).text("vi")
    'Bỏ đi. Điền đoạn chữ.'
    """
    return _Joined(between, tuple(part for part in parts if part))


def beside(*, en: str, vi: str) -> Sentence:
    """Return a sentence of which both texts are at hand, so that no catalogue is asked.

    Args:
        en: The English text.
        vi: The Vietnamese one, in NFC.

    >>> beside(en="a day off", vi="ngày nghỉ").text("vi")
    'ngày nghỉ'
    """
    return _Pair("{en}", {"en": en, "vi": vi})


def clause(sentence: str) -> Sentence:
    """Return a sentence without the full stop at its end, so that it can stand in another.

    >>> clause(say("Remove it.")).text("vi")
    'Bỏ đi'
    """
    return _Clause(str(sentence).rstrip(".").replace("{", "{{").replace("}", "}}"),
                   {"whole": sentence})  # fmt: skip


def said(value: Any, lang: Language) -> Any:  # noqa: ANN401 - whatever a sentence holds
    """Return a sentence in a language, and anything else as it is."""
    return value.text(lang) if isinstance(value, Sentence) else value


def _vietnamese(value: Any) -> Any:  # noqa: ANN401 - whatever a sentence holds
    """Return what is put into the field of a Vietnamese sentence."""
    return VietnameseDay(value) if isinstance(value, date) else said(value, "vi")


def translated(template: str) -> str:
    """Return the Vietnamese of a template, its fields as they are; what is unknown stays English.

    >>> translated("Write the text.")
    'Điền đoạn chữ.'
    """
    return _catalogue().gettext(template)


@lru_cache(maxsize=1)
def _catalogue() -> gettext.NullTranslations:
    """Read the catalogue, when the first Vietnamese sentence is wanted."""
    compiled = files("igate.words") / "locale" / "vi" / "LC_MESSAGES" / "igate.mo"
    with compiled.open("rb") as read:
        return gettext.GNUTranslations(read)
