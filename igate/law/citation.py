"""Citations of Vietnamese legal instruments.

Written as Vietnamese lawyers write them, the widest part first::

    Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5
    Quyết định 2022/QĐ-UBND ngày 27/11/2025 của UBND tỉnh Cao Bằng
    Bộ luật Dân sự 2015, Điều 148 khoản 5

The instrument begins with its kind (Bộ luật, Luật, Nghị quyết, Nghị định, Quyết định, Thông tư,
Công văn, Thông báo, …); after a comma may follow Điều (article), khoản (clause), điểm (point) or
Phụ lục (annex). What is assumed and not read in a text ends with ``(giả định)``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from igate.errors import CitationError
from igate.law.printed import Printed
from igate.law.text import check_language
from igate.words.language import Language
from igate.words.sentence import say

__all__ = ["Citation", "Label", "Language", "citation_of"]

_KINDS = {
    "Hiến pháp": "Constitution",
    "Bộ luật Dân sự": "Civil Code",
    "Bộ luật Lao động": "Labour Code",
    "Bộ luật": "Code",
    "Luật": "Law",
    "Pháp lệnh": "Ordinance",
    "Nghị quyết": "Resolution",
    "Nghị định": "Decree",
    "Quyết định": "Decision",
    "Chỉ thị": "Directive",
    "Thông tư liên tịch": "Joint Circular",
    "Thông tư": "Circular",
    "Thông báo": "Notice",
    "Công văn": "Official Letter",
    "Công điện": "Telegram",
    "Tờ trình": "Submission",
}
_KIND = "|".join(re.escape(kind) for kind in sorted(_KINDS, key=len, reverse=True))
_PATTERN = re.compile(
    rf"""
    (?P<kind>{_KIND})\s+
    (?P<number>[^,]*?)                              # 118/2025/NĐ-CP, 2015
    (?:\s*ngày\s+(?P<date>\d{{1,2}}/\d{{1,2}}/\d{{4}}))?
    (?:\s*của\s+(?P<issuer>[^,()]+?))?              # UBND tỉnh Cao Bằng
    (?:,\s*(?P<unit>
        (?:Phụ\ lục\s+[\w.]+)?\s*
        (?:Điều\s+(?P<article>\d+\w?))?
        (?:\s*khoản\s+(?P<clause>\d+\w?))?
        (?:\s*điểm\s+(?P<point>\w+))?
    ))?
    (?:\s*\((?P<assumed>giả\ định)\))?
    """,
    re.VERBOSE,
)


#: Parts of a number that may all be figures, like 59/2020.
_PLAIN_PARTS = 2
#: A part of an instrument that was not set off by a comma would become part of its number.
_UNIT_WORD = re.compile(r"\b(?:Điều|khoản|điểm|Phụ lục)\b")


def _bare(text: str) -> str:
    """Return a text in small letters without the marks of Vietnamese."""
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(each for each in letters if not unicodedata.combining(each))


_BARE_KINDS = {_bare(kind): kind for kind in sorted(_KINDS, key=len, reverse=True)}


def _check_kind(text: str) -> None:
    """Refuse the kind of an instrument that is there but for its marks or capitals."""
    bare = _bare(text)
    kind = next((kind for plain, kind in _BARE_KINDS.items() if bare.startswith(plain)), None)
    if kind is not None and not text.startswith(kind):
        raise CitationError(
            say("{text!r} is not a citation.", text=text),
            why=say("The kind of the instrument is written as it is printed, with its marks."),
            fix=say('Begin with "{kind}", as it is printed.', kind=kind),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A text for people in Vietnamese and English; Vietnamese with diacritics, NFC."""

    vi: str
    #: empty where no translation has been made: the Vietnamese text is shown then
    en: str = ""

    def text(self, lang: Language) -> str:
        """Return the text in a language; where it has no English, the Vietnamese.

        Args:
            lang: ``vi`` or ``en``.

        Raises:
            IgateError: It is neither.

        >>> Label(vi="Một cửa", en="One-stop").text("en"), Label(vi="Một cửa").text("en")
        ('One-stop', 'Một cửa')
        """
        check_language(lang)
        return self.en if lang == "en" and self.en else self.vi


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation(Printed):
    """A legal instrument and the part of it that is meant.

    >>> str(Citation.parse("Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5"))
    'Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5'
    >>> Citation.parse("Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5").text("en")
    'Decree 118/2025/NĐ-CP, art. 19(5)'
    """

    #: kind of instrument in Vietnamese, e.g. "Nghị định"
    kind: str
    #: number as printed, or the year of a code of law
    number: str
    issued_on: date | None = None
    issuer: str | None = None
    annex: str | None = None
    article: str | None = None
    clause: str | None = None
    point: str | None = None
    #: the link between rule and instrument was not read in a text
    assumed: bool = False

    @classmethod
    def parse(cls, text: str) -> Citation:
        """Read a citation.

        Raises:
            CitationError: It is no text, or a text that does not begin with the kind of an
                instrument, or goes on with something that is neither article, clause, point nor
                annex.
        """
        if not isinstance(text, str):
            raise _no_citation(say("{text!r} is not a citation: it is not a text.", text=text))
        text = unicodedata.normalize("NFC", text.strip())
        match = _PATTERN.fullmatch(text)
        if match is None or not match["number"] or _UNIT_WORD.search(match["number"]):
            _check_kind(text)
            raise _no_citation(say("{text!r} is not a citation.", text=text))
        parts = match["number"].split("/")
        if not all(parts) or (len(parts) > _PLAIN_PARTS and not re.search(r"[^\W\d]", parts[-1])):
            raise CitationError(
                say("{text!r} has a number of no known form.", text=text),
                why=say(
                    "A number is 118/2025/NĐ-CP, 1582/QĐ-UBND or a year; more than two "
                    "parts end with the letters of the kind and the issuer (Nghị định "
                    "30/2020/NĐ-CP)."
                ),
                fix=say("Copy the number from the head of the instrument."),
            )
        annex = re.match(r"Phụ lục\s+([\w.]+)", match["unit"] or "")
        return cls(
            kind=match["kind"],
            number=match["number"],
            issued_on=_day(match["date"], text) if match["date"] else None,
            issuer=match["issuer"],
            annex=annex[1] if annex else None,
            article=match["article"],
            clause=match["clause"],
            point=match["point"],
            assumed=match["assumed"] is not None,
        )

    def __repr__(self) -> str:
        """Write what makes it."""
        return f"Citation.parse({self.text('vi')!r})"

    def __str__(self) -> str:
        return self.text("vi")

    def text(self, lang: Language) -> str:
        """Write the citation in a language; the number stays as printed.

        Args:
            lang: ``vi``, as the instrument is cited in Vietnam, or ``en``.

        Raises:
            IgateError: It is neither.

        >>> Citation.parse("Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5").text("en")
        'Decree 118/2025/NĐ-CP, art. 19(5)'
        """
        check_language(lang)
        if lang == "vi":
            day = f" ngày {self.issued_on:%d/%m/%Y}" if self.issued_on else ""
            head = f"{self.kind} {self.number}{day}" + (
                f" của {self.issuer}" if self.issuer else ""
            )
            words = (("Phụ lục", self.annex), ("Điều", self.article),
                     ("khoản", self.clause), ("điểm", self.point))  # fmt: skip
            unit = " ".join(f"{word} {value}" for word, value in words if value)
            tail = " (giả định)" if self.assumed else ""
        else:
            day = f" of {self.issued_on.isoformat()}" if self.issued_on else ""
            head = f"{_KINDS[self.kind]} {self.number}{day}"
            head += f" ({self.issuer})" if self.issuer else ""
            clause = f"({self.clause})" if self.clause else ""
            point = f"({self.point})" if self.point else ""
            article = f"art. {self.article}{clause}{point}" if self.article else ""
            unit = " ".join(p for p in (f"annex {self.annex}" if self.annex else "", article) if p)
            tail = " (assumed)" if self.assumed else ""
        return head + (f", {unit}" if unit else "") + tail


def _no_citation(what: str) -> CitationError:
    return CitationError(
        what,
        why=say("It names an instrument, then, after a comma, the article, clause and point."),
        fix=say('Write it like "Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5".'),
    )


def _day(text: str, whole: str) -> date:
    day, month, year = (int(part) for part in text.split("/"))
    try:
        return date(year, month, day)
    except ValueError as error:
        raise CitationError(
            say("{whole!r} names the day {text}, which does not exist.", whole=whole, text=text)
        ) from error


@lru_cache(maxsize=4096)
def citation_of(text: str) -> Citation:
    """Return the citation that a text states; each text is parsed once.

    The same citations return in hundreds of files; a province has some hundreds of them.

    Raises:
        CitationError: The text is no citation.
    """
    return Citation.parse(text)
