"""Searching a catalogue: by code, by words with or without diacritics, by field, agency, level.

What is asked and what is searched are folded to small letters without diacritics (đ becomes d), so
"dang ky khai sinh" finds "Đăng ký khai sinh". Every word asked for must begin a word of the
procedure. The order is that of the first line below that fits, then the shorter name, then the
code:

1. the code that was asked for, with or without the suffix of an agency (``1.001806.H15``);
2. a code that begins like it;
3. the words are in the name as they were written, diacritics and all, side by side: first names
   that begin with them (a leading "Thủ tục" does not count), then the others;
4. the same without diacritics;
5. the words are in the name, in any order: whole words first, then beginnings of words;
6. the words are in the name, the field, the agencies or the ministry.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from igate.law.text import folded as fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from igate.procedures.catalog.listing import Listing

__all__ = ["Search", "Wanted", "fold"]

_CODE = re.compile(r"(?P<core>\d(?:\.\d{0,6})?)(?:\.000\.00\.00)?(?:\.H\d*)?", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_PROCEDURE = "thủ tục "
#: ranks, best first
_EXACT, _PREFIX, _BEGINS, _AS_WRITTEN, _FOLDED_BEGINS, _FOLDED, _WORDS, _STARTS, _AROUND = range(9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is searched for; every part that is given must fit."""

    text: str = ""
    #: identifier of a field, or words of its name
    field: str | None = None
    #: words of the name of an agency
    agency: str | None = None
    #: "1" to "4", full, partial or none: of online service; anything else: of administration
    level: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Searched:
    """A procedure and its texts as they are compared."""

    listing: Listing
    #: the name in small letters, without a leading "thủ tục"
    name: str
    #: names, folded
    own: str
    #: names, field, ministry and agencies, folded
    all: str


class Search:
    """Procedures made ready to be searched again and again."""

    __slots__ = ("_searched",)

    def __init__(self, listings: Iterable[Listing]) -> None:
        """Fold the texts of the procedures."""
        self._searched = tuple(map(_searched, listings))

    def find(self, wanted: Wanted, *, limit: int | None) -> tuple[Listing, ...]:
        """Return the procedures that fit, best first; at most ``limit``, or all."""
        found = [
            (rank, len(each.name), each.listing.code, each.listing)
            for each, rank in self._ranked(wanted.text)
            if _fits(each.listing, wanted)
        ]
        found.sort(key=lambda item: item[:3])
        return tuple(item[3] for item in found[:limit])

    def _ranked(self, text: str) -> Iterator[tuple[_Searched, int]]:
        """Return the procedures that fit a text, with their rank."""
        asked = unicodedata.normalize("NFC", " ".join(text.split())).lower()
        code = _CODE.fullmatch(asked)
        words = _words(fold(asked))
        for each in self._searched:
            if code is not None:
                if each.listing.code.startswith(code["core"]):
                    yield each, _EXACT if each.listing.code == code["core"] else _PREFIX
            elif not asked:
                yield each, _EXACT
            elif all(word in each.all for word in words):
                for rank in _ranks(each, asked, words):
                    yield each, rank
                    break


def _searched(listing: Listing) -> _Searched:
    field = listing.field.label
    own = fold(f"{listing.name.vi} {listing.name.en}")
    around = fold(" ".join((field.vi, field.en, listing.ministry, *listing.agencies)))
    name = listing.name.vi.lower().removeprefix(_PROCEDURE)
    return _Searched(listing=listing, name=name, own=own, all=f"{own} {around}")


def _fits(listing: Listing, wanted: Wanted) -> bool:
    return (
        (wanted.field is None or _of_field(listing, wanted.field))
        and (wanted.agency is None or _of_agency(listing, wanted.agency))
        and (wanted.level is None or _of_level(listing, wanted.level))
    )


def _of_field(listing: Listing, field: str) -> bool:
    names = fold(f"{listing.field.label.vi} {listing.field.label.en}")
    return listing.field.id == field or _all_begin(_words(fold(field)), _words(names))


def _of_agency(listing: Listing, agency: str) -> bool:
    asked = _words(fold(agency))
    return any(_all_begin(asked, _words(fold(name))) for name in listing.agencies)


def _of_level(listing: Listing, level: str) -> bool:
    online = {listing.online_level, listing.service} - {""}
    return level in online or fold(level) in map(fold, listing.level)


def _ranks(searched: _Searched, asked: str, words: set[str]) -> Iterator[int]:
    """Return the ranks of a procedure for what is asked, the best one first."""
    phrase, name = asked.removeprefix(_PROCEDURE), searched.name
    if _beside(phrase, name):
        yield _BEGINS if name.startswith(phrase) else _AS_WRITTEN
    plain, folded = fold(asked).removeprefix(fold(_PROCEDURE)), fold(name)
    if _beside(plain, folded):
        yield _FOLDED_BEGINS if folded.startswith(plain) else _FOLDED
    own = _words(searched.own)
    if words and words <= own:
        yield _WORDS
    if words and _all_begin(words, own):
        yield _STARTS
    if words and _all_begin(words, _words(searched.all)):
        yield _AROUND


def _beside(phrase: str, name: str) -> bool:
    """Return whether the words are in the name side by side, the last one whole or begun."""
    return re.search(rf"(?<!\w){re.escape(phrase)}", name) is not None


def _words(folded: str) -> set[str]:
    return set(_WORD.findall(folded))


def _all_begin(asked: set[str], words: set[str]) -> bool:
    return all(any(word.startswith(start) for word in words) for start in asked)
