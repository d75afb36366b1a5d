"""What a notice sheet is made of before it is written: headings, tables, lists, sentences.

Every text knows its language, because what nobody has translated stays Vietnamese, also in an
English sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from igate.publish.procedure_words import say

if TYPE_CHECKING:
    from igate.law.citation import Citation, Label, Language

__all__ = [
    "Block",
    "Items",
    "Missing",
    "Note",
    "Phrase",
    "Section",
    "Table",
    "Terms",
    "Wording",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A text and its language: in an English sheet, what nobody has translated is Vietnamese."""

    text: str
    lang: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Names with their values."""

    kind: ClassVar[str] = "terms"
    pairs: tuple[tuple[str, tuple[Phrase, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under headings; as many cells in each row as there are headings."""

    kind: ClassVar[str] = "table"
    heads: tuple[str, ...]
    rows: tuple[tuple[tuple[Phrase, ...], ...], ...]
    #: positions of rows that belong to the one above them; their first cell is empty
    under: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list, with a title where there are several."""

    kind: ClassVar[str] = "items"
    title: str = ""
    entries: tuple[tuple[Phrase, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A sentence."""

    kind: ClassVar[str] = "note"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """The sentence shown where the sources are silent."""

    kind: ClassVar[str] = "missing"
    text: str


Block = Terms | Table | Items | Note | Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what is under it."""

    title: str
    blocks: tuple[Block, ...]


class Wording:
    """Puts words, labels and citations into the language of one sheet."""

    def __init__(self, lang: Language) -> None:
        self.lang = lang

    def say(self, key: str) -> str:
        """Return a word of the sheet."""
        return say(key, self.lang)

    def own(self, text: str) -> tuple[Phrase, ...]:
        """Return a text that is in the language of the sheet."""
        return (Phrase(text=text, lang=self.lang),)

    def label(self, label: Label) -> tuple[Phrase, ...]:
        """Return a label in the language of the sheet, or in Vietnamese where it has no other."""
        lang = self.lang_of(label)
        return (Phrase(text=label.text(lang), lang=lang),)

    def lang_of(self, *labels: Label | None) -> Language:
        """Return the language of a sentence with labels: Vietnamese where one has no other."""
        translated = all(label.en for label in labels if label is not None)
        return "en" if self.lang == "en" and translated else "vi"

    def cited(self, citation: Citation | None) -> tuple[Phrase, ...]:
        """Return a citation."""
        return self.own(citation.text(self.lang) if citation else self.say("not_stated"))

    def missing(self) -> Missing:
        """Say that the sources are silent."""
        return Missing(text=self.say("missing"))
