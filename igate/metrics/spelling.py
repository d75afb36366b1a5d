"""How a table writes what it holds: its dates, its words for channels and states, its time zone.

All of it is declared by whoever knows the table; nothing is guessed. Texts are compared in NFC,
without regard to case and to the number of spaces.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, get_args
from zoneinfo import ZoneInfo

import numpy as np

from igate.errors import FrameError
from igate.law.localtime import EPOCH, MINUTES_PER_DAY, VIETNAM
from igate.metrics.refusal import suggest
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from igate.metrics.numbering import Texts

__all__ = ["DATES", "WORDS", "DateForm", "Spelling", "fold", "plain_name"]

#: How dates are written: ISO 8601 alone; day, month, year as well (05/03/2026, 5.3.2026 09:15,
#: 05-03-2026 3:15 CH); the same with years of two digits (05/03/26); or the serial numbers of
#: spreadsheets as well.
DateForm = Literal["iso", "day_first", "day_first_yy", "excel"]
_FORMS: tuple[DateForm, ...] = get_args(DateForm)
#: Columns that hold dates, and columns whose words can be mapped.
DATES = ("received", "started", "finished", "recorded", "due", "first_due")
WORDS = ("channel", "state", "limit", "case", "area")
#: How the words of a table are declared.
_VALUES = "values={'channel': {'online': ['Trực tuyến', 'Internet']}}"
#: The offset of a zone changes at most so often, in minutes.
_STEP = 15


def fold(text: str) -> str:
    """Return a text as it is compared: NFC, small letters, single spaces.

    >>> fold(" Trực  TUYẾN ") == fold("trực tuyến")
    True
    """
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def plain_name(text: str) -> str:
    """Return the name of a column as it is compared: NFC, without spaces around it."""
    return unicodedata.normalize("NFC", text).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """What has been declared of a table.

    >>> spelling = Spelling.of(dates="day_first", values={"channel": {"online": "Trực tuyến"}})
    >>> spelling.form("due"), spelling.word("channel", "TRỰC TUYẾN"), spelling.word("channel", "x")
    ('day_first', 'online', 'x')
    """

    #: how dates are written, by igate's name of the column
    dates: Mapping[str, DateForm] = field(default_factory=lambda: MappingProxyType({}))
    #: by igate's name of the column, the folded words of the table to igate's
    words: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    #: zone of moments that are written without one; ``None``: Vietnam
    zone: ZoneInfo | None = None

    @classmethod
    def of(
        cls,
        *,
        dates: DateForm | Mapping[str, DateForm] = "iso",
        values: Mapping[str, Mapping[str, str | Sequence[str]]] | None = None,
        zone: str | None = None,
    ) -> Spelling:
        """Check what is declared.

        Args:
            dates: How dates are written, in every column or by igate's name of the column.
            values: igate's words to those of the table, by igate's name of the column.
            zone: IANA name of the zone of moments that are written without one.

        Raises:
            FrameError: A form, a column or a zone is not known, or one word stands for two; or what
                is declared is of another type.
        """
        if not isinstance(dates, str | Mapping):
            raise _of_type(say("The dates are declared as"), dates, "dates={'due': 'excel'}")
        if not isinstance(values or {}, Mapping):
            raise _of_type(say("The words are declared as"), values, _VALUES)
        forms = dict(dates) if not isinstance(dates, str) else dict.fromkeys(DATES, dates)
        for name, form in forms.items():
            if name not in DATES:
                raise _unknown(say("A date form is declared for"), name, DATES)
            if form not in _FORMS:
                raise _unknown(say("The dates are declared as"), form, _FORMS)
        words = {name: _turned(name, own) for name, own in (values or {}).items()}
        return cls(
            dates=MappingProxyType({} if dates == "iso" else forms),
            words=MappingProxyType(words),
            zone=None if zone is None else _zone(zone),
        )

    def form(self, ours: str) -> DateForm:
        """Return how the dates of a column are written."""
        return self.dates.get(ours, "iso")

    def word(self, ours: str, text: str) -> str:
        """Return igate's word for a text of a column, the text itself where none is declared."""
        return self.words[ours].get(fold(text), text) if ours in self.words else text

    def read(self, texts: Texts, ours: str) -> Texts:
        """Put igate's words for the texts of a column."""
        if ours not in self.words:
            return texts
        return texts.renamed(lambda text: self.word(ours, text))

    def to_vietnam(self, minutes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Turn minutes since 1970-01-01 in the zone of the table into those in Vietnam."""
        if self.zone is None or not len(minutes):
            return minutes
        steps, of = np.unique(minutes // _STEP, return_inverse=True)
        shifts = [_shift(step * _STEP, self.zone) for step in steps.tolist()]
        return minutes + np.array(shifts, dtype=np.int64)[of.reshape(-1)]


def _shift(minute: int, zone: ZoneInfo) -> int:
    day, rest = divmod(minute, MINUTES_PER_DAY)
    written = datetime.fromordinal(EPOCH + day) + timedelta(minutes=rest)
    here = written.replace(tzinfo=zone).astimezone(VIETNAM).replace(tzinfo=None)
    return (here - written) // timedelta(minutes=1)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError, TypeError) as error:
        raise FrameError(
            say("There is no time zone {name!r}.", name=name),
            why=say("A zone is named as in the IANA database, as text."),
            fix=say("Write Asia/Ho_Chi_Minh, UTC or another such name."),
        ) from error


def _turned(name: str, own: Mapping[str, str | Sequence[str]]) -> Mapping[str, str]:
    """Turn the words of a column round: the table's, folded, to igate's."""
    if name not in WORDS:
        raise _unknown(say("Words are declared for"), name, WORDS)
    if not isinstance(own, Mapping):
        raise _of_type(say("The words are declared as"), own, _VALUES)
    found: dict[str, str] = {}
    for ours, theirs in own.items():
        for word in _words(theirs):
            if found.setdefault(fold(word), ours) != ours:
                raise FrameError(
                    say(
                        "The word {word!r} in {name!r} stands for {found!r} and for {ours!r}.",
                        word=word,
                        name=name,
                        found=found[fold(word)],
                        ours=ours,
                    ),
                    why=say("It would be unclear which is meant."),
                    fix=say("Name it once."),
                )
    return MappingProxyType(found)


def _words(theirs: object) -> list[str]:
    """Return the words of the table for one of igate's: one, or several."""
    if isinstance(theirs, str):
        return [theirs]
    several = [*theirs] if isinstance(theirs, Iterable) else [None]
    words = [each for each in several if isinstance(each, str)]
    if len(words) < len(several):
        raise _of_type(say("The words are declared as"), theirs, _VALUES)
    return words


def _of_type(lead: str, value: object, example: str) -> FrameError:
    return FrameError(
        say("{lead} {name!r}.", lead=lead, name=value),
        why=say("It is of the type {kind}.", kind=type(value).__name__),
        fix=say("Write it like this: {fix}", fix=example),
    )


def _unknown(lead: str, name: object, known: Sequence[str]) -> FrameError:
    return FrameError(
        say("{lead} {name!r}.", lead=lead, name=name), fix=suggest(name, known, say("There are"))
    )
