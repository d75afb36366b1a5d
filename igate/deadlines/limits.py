"""Time limits: the length that the law gives, with its unit.

A limit is a sum of parts counted one after the other ("2 months and 15 working days"). A working
day is a day of the working calendar, not 24 hours and not 8; a day is a calendar day; hours run
from the moment (Bộ luật Dân sự 2015, Điều 147 khoản 1). "Not stated" is a value of its own, never
zero: a procedure whose sources give no limit has no deadline.

:func:`read_limit` reads what Vietnamese decisions print: "05 ngày làm việc", "02 tháng và 15 ngày
làm việc", "0,5 ngày", "1/4 ngày", "08 giờ làm việc", "trong ngày; sau 15 giờ thì trả vào ngày làm
việc tiếp theo", "Không quy định". What the text says beyond that (two lengths for two cases, a
range, a fee) is refused with the place and the reason: a limit that was guessed would be wrong
without a sign.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from igate.errors import TimeLimitError
from igate.law.printed import Printed
from igate.law.text import check_language
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from igate.law.citation import Language

__all__ = [
    "NOT_STATED",
    "Length",
    "Part",
    "TimeLimit",
    "Unit",
    "limit_of",
    "longest",
    "read_limit",
    "total",
]


class Unit(StrEnum):
    """What a time limit is counted in."""

    WORKING_DAY = "working_day"
    DAY = "day"
    WORKING_HOUR = "working_hour"
    HOUR = "hour"
    MONTH = "month"


_WORDS = {
    Unit.WORKING_DAY: ("ngày làm việc", "working day"),
    Unit.DAY: ("ngày", "day"),
    Unit.WORKING_HOUR: ("giờ làm việc", "working hour"),
    Unit.HOUR: ("giờ", "hour"),
    Unit.MONTH: ("tháng", "month"),
}
#: Fractions make sense only for what can be cut into minutes of work.
_DIVISIBLE = frozenset({Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.HOUR})
#: Of these, none at all means the day of the receipt; no hours mean at once.
_WHOLE_DAYS = frozenset({Unit.WORKING_DAY, Unit.DAY})
#: Ten years of days: beyond it a length is a slip of the pen.
_LONGEST = 3660
_PART = re.compile(r"(?P<length>\d{1,6}(?:\.\d{1,6}|/\d{1,6})?)\s+(?P<unit>\w+)")

_NEARLY = re.compile(r"(?P<length>\d{1,6}(?:[.,]\d{1,6}|/[1-9]\d{0,5})?) ?(?P<unit>[a-z ]+?)s?")
#: "ngay" may be a calendar day or a working day; a part of one is of a working day
_NEAR_UNITS = {
    "working day": Unit.WORKING_DAY,
    "ngay lam viec": Unit.WORKING_DAY,
    "day": Unit.DAY,
    "working hour": Unit.WORKING_HOUR,
    "gio lam viec": Unit.WORKING_HOUR,
    "hour": Unit.HOUR,
    "gio": Unit.HOUR,
    "month": Unit.MONTH,
    "thang": Unit.MONTH,
}
_NEAR_UNITS_OF_PARTS = {
    **{word: unit for word, unit in _NEAR_UNITS.items() if unit in _DIVISIBLE},
    "day": Unit.WORKING_DAY,
    "ngay": Unit.WORKING_DAY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A length in one unit."""

    #: zero or more; a fraction only for working days and hours
    length: Fraction
    unit: Unit

    def __post_init__(self) -> None:
        if not 0 <= self.length <= _LONGEST:
            raise TimeLimitError(
                say(
                    "A time limit of {length} {unit} is out of range.",
                    length=self.length,
                    unit=self.unit,
                ),
                why=say("igate counts lengths from 0 to {longest}.", longest=_LONGEST),
            )
        if self.length.denominator != 1 and self.unit not in _DIVISIBLE:
            raise TimeLimitError(
                say(
                    "A time limit of {length} {unit} cannot be counted.",
                    length=self.length,
                    unit=self.unit,
                ),
                why=say("A calendar day and a month have no parts that the law would count."),
                fix=together(
                    _asked(_number(self.length), Unit.WORKING_DAY) if self.unit is Unit.DAY else "",
                    say("Write whole days or months, or a fraction of a working_day or hour."),
                ),
            )

    def __str__(self) -> str:
        return f"{_number(self.length)} {self.unit.value}"

    def text(self, lang: Language) -> str:
        """Write the length for people.

        >>> TimeLimit.parse("0.5 working_day").text("vi")
        '0,5 ngày làm việc'
        """
        check_language(lang)
        vietnamese, english = _WORDS[self.unit]
        number = _number(self.length)
        if lang == "vi":
            return f"{number.replace('.', ',')} {vietnamese}"
        return f"{number} {english}{'' if self.length == 1 else 's'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimit(Printed):
    """A sum of parts, counted in the order written; no part at all means "not stated".

    >>> TimeLimit.parse("2 month + 15 working_day").text("en")
    '2 months and 15 working days'
    >>> TimeLimit.parse("not_stated").stated
    False
    """

    parts: tuple[Part, ...]
    #: of a same-day limit: what is received after this hour is due on the next working day
    same_day_until: time | None = None

    def __post_init__(self) -> None:
        same_day = self.parts == (Part(length=Fraction(0), unit=Unit.WORKING_DAY),)
        if self.same_day_until is not None and not same_day:
            raise TimeLimitError(
                say(
                    "A limit of {parts} has no hour of the day.",
                    parts=" + ".join(map(str, self.parts)),
                ),
                why=say("Only a same-day limit depends on the hour of receipt."),
                fix=say('Write "0 working_day until 15:00".'),
            )

    @classmethod
    def of(cls, length: int | Fraction, unit: Unit) -> TimeLimit:
        """Make a limit of one part.

        Args:
            length: How many units; a fraction is exact, so that a third of a day stays one.
            unit: What is counted.

        Raises:
            TimeLimitError: There is no limit of this length in this unit.

        >>> str(TimeLimit.of(Fraction(1, 4), Unit.WORKING_DAY))
        '0.25 working_day'
        """
        return cls(parts=(Part(length=Fraction(length), unit=unit),))

    @classmethod
    def parse(cls, text: str) -> TimeLimit:
        """Read ``"7 working_day"``, ``"1/4 working_day"``, ``"2 month + 15 working_day"``.

        Also ``"0 working_day until 15:00"`` (same day, or the next working day for what comes
        later), and what Vietnamese decisions print: ``"05 ngày làm việc"``.

        Raises:
            TimeLimitError: The text is anything else; the message names the part that was not
                understood. Nothing is guessed.

        >>> str(TimeLimit.parse("02 tháng và 15 ngày làm việc"))
        '2 month + 15 working_day'
        """
        if not isinstance(text, str):
            raise TimeLimitError(
                say("{text!r} is not a time limit: it is not a text.", text=text),
                fix=say('Write it like "7 working_day".'),
            )
        text = text.strip()
        if text == "not_stated":
            return NOT_STATED
        if not text.isascii():
            return read_limit(text)
        length, _, hour = text.partition(" until ")
        parts = tuple(_part(piece.strip(), text) for piece in length.split("+"))
        return cls(parts=parts, same_day_until=_hour(hour, text) if hour else None)

    @property
    def stated(self) -> bool:
        """Whether the sources give a limit at all."""
        return bool(self.parts)

    def __repr__(self) -> str:
        """Write what makes it."""
        return f"TimeLimit.parse({str(self)!r})"

    def __str__(self) -> str:
        until = f" until {self.same_day_until:%H:%M}" if self.same_day_until else ""
        return (" + ".join(str(part) for part in self.parts) or "not_stated") + until

    def text(self, lang: Language) -> str:
        """Write the limit for people.

        Args:
            lang: ``vi`` or ``en``.

        Raises:
            IgateError: It is neither.

        >>> TimeLimit.parse("0 working_day until 15:00").text("en")
        'the same working day; after 15:00 the next working day'
        """
        check_language(lang)
        if not self.parts:
            return "không quy định" if lang == "vi" else "not stated"
        first = self.parts[0]
        if len(self.parts) == 1 and first.length == 0 and first.unit in _WHOLE_DAYS:
            return self._same_day(lang)
        return (" và " if lang == "vi" else " and ").join(part.text(lang) for part in self.parts)

    def _same_day(self, lang: Language) -> str:
        hour = self.same_day_until
        if lang == "vi":
            late = f"; sau {hour:%H:%M} thì trả vào ngày làm việc tiếp theo" if hour else ""
            return f"trong ngày làm việc{late}"
        late = f"; after {hour:%H:%M} the next working day" if hour else ""
        return f"the same working day{late}"


NOT_STATED = TimeLimit(parts=())


def _meant(piece: str) -> str:
    """Say what a part with other gaps, or with Vietnamese words without marks, may mean."""
    match = _NEARLY.fullmatch(re.sub(r"[\s_]+", " ", piece.lower()))
    if match is None:
        return ""
    length = match["length"].replace(",", ".")
    units = _NEAR_UNITS if Fraction(length).denominator == 1 else _NEAR_UNITS_OF_PARTS
    unit = units.get(match["unit"])
    return "" if unit is None else _asked(length, unit)


def _asked(length: str, unit: Unit) -> str:
    near = f"{length} {unit}"
    return say('Did you mean "{near}"?', near=near)


def _part(piece: str, whole: str) -> Part:
    match = _PART.fullmatch(piece)
    units = [unit.value for unit in Unit]
    if match is None:
        raise TimeLimitError(
            say(
                "{whole!r} is not a time limit: {piece!r} is not a number and a unit.",
                whole=whole,
                piece=piece,
            ),
            fix=together(
                _meant(piece),
                say(
                    'Write it like "7 working_day", "0.5 working_day" or '
                    '"2 month + 15 working_day".'
                ),
            ),
        )
    if match["unit"] not in units:
        near = difflib.get_close_matches(match["unit"], units, n=1)
        meant = say('Did you mean "{near}"?', near=near[0]) if near else ""
        raise TimeLimitError(
            say(
                "{whole!r} is not a time limit: there is no unit {unit!r}.",
                whole=whole,
                unit=match["unit"],
            ),
            fix=together(
                say("The units are {units}.", units=", ".join(units)), _meant(piece) or meant
            ),
        )
    try:
        length = Fraction(match["length"])
    except ZeroDivisionError as error:
        raise TimeLimitError(
            say("{whole!r} is not a time limit: it divides by zero.", whole=whole)
        ) from error
    return Part(length=length, unit=Unit(match["unit"]))


def _hour(text: str, whole: str) -> time:
    if re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d", text) is None:
        raise TimeLimitError(
            say(
                "{whole!r} is not a time limit: {text!r} is not an hour of the day.",
                whole=whole,
                text=text,
            ),
            fix=say('Write it like "0 working_day until 15:00".'),
        )
    return time.fromisoformat(text)


def _number(length: Fraction) -> str:
    """Write a fraction as a decimal where that is exact, else as p/q."""
    if length.denominator == 1:
        return str(length.numerator)
    decimal = f"{float(length):.10f}".rstrip("0")
    return decimal if Fraction(decimal) == length else f"{length.numerator}/{length.denominator}"


@lru_cache(maxsize=4096)
def limit_of(text: str) -> TimeLimit:
    """Return the time limit that a text states; each text is parsed once.

    The same lengths return in hundreds of files; a province has some hundreds of them.

    Raises:
        TimeLimitError: The text is no time limit.
    """
    return TimeLimit.parse(text)


#: A working day has 8 working hours in sums of steps, as the tables of Nghệ An write out ("tính mỗi
#: ngày 08 giờ làm việc"); for other decisions that is assumed. No deadline is counted so.
_HOURS: Final[Mapping[Unit, int]] = {Unit.WORKING_DAY: 8, Unit.WORKING_HOUR: 1}


class Length(NamedTuple):
    """An amount in one unit."""

    amount: Fraction
    unit: Unit


def total(limits: Iterable[TimeLimit]) -> Length | None:
    """Return the sum of limits; ``None`` where their units do not add up.

    Working days are counted as working hours; without any part the total is 0 working hours.

    >>> total([TimeLimit.parse("0.5 working_day"), TimeLimit.parse("3 working_hour")])
    Length(amount=Fraction(7, 1), unit=<Unit.WORKING_HOUR: 'working_hour'>)
    >>> total([TimeLimit.parse("1 day"), TimeLimit.parse("3 working_hour")])
    """
    parts = [part for limit in limits for part in limit.parts]
    units = {part.unit for part in parts}
    if units <= _HOURS.keys():
        hours = sum((part.length * _HOURS[part.unit] for part in parts), Fraction())
        return Length(hours, Unit.WORKING_HOUR)
    if len(units) == 1:
        return Length(sum((part.length for part in parts), Fraction()), units.pop())
    return None


def longest(limits: Sequence[TimeLimit]) -> TimeLimit | None:
    """Return the longest of limits; ``None`` where one is not stated or two cannot be compared.

    >>> str(longest([TimeLimit.parse("12 working_hour"), TimeLimit.parse("1 working_day")]))
    '12 working_hour'
    """
    lengths = [total([limit]) for limit in limits if limit.stated]
    known = [length for length in lengths if length is not None]
    if len(known) < len(limits) or len({length.unit for length in known}) != 1:
        return None
    amounts = [length.amount for length in known]
    return limits[amounts.index(max(amounts))]


_PRINTED_UNITS = {
    "ngày làm việc": Unit.WORKING_DAY,
    "ngày": Unit.DAY,
    "giờ làm việc": Unit.WORKING_HOUR,
    "giờ": Unit.HOUR,
    "tháng": Unit.MONTH,
}
_LEAD = re.compile(
    r"(?:[-+•]\s*)?(?:thời (?:hạn|gian)(?: giải quyết)?\s*:?\s*)?"
    r"(?:(?:trong (?:thời hạn|vòng)|không quá|tối đa(?: không quá)?|chậm nhất)\s*:?\s*)*"
)
_PRINTED_LENGTH = re.compile(
    r"(?P<number>\d{1,6}/\d{1,6}|\d{1,6}(?:[.,]\d{1,6})?)\s*(?:\((?P<words>[^\d()]*)\)\s*)?"
    r"(?P<unit>ngày làm việc|giờ làm việc|tháng|ngày|giờ)\b"
)
_AND = re.compile(r"\s*(?:và|\+|,\s*cộng thêm)\s*")
#: From when the limit runs: one sentence in words, without a number and without an exception.
_FROM = re.compile(
    r"[,;]?\s*\(?(?:được tính\s+)?(?:kể )?(?:từ|sau) (?:ngày|khi|thời điểm)\b"
    r"(?:(?!trường hợp|\btrừ\b)[^\d;.])*"
)
_SAME_DAY = re.compile(
    r"(?:giải quyết |trả (?:kết quả )?)?(?:ngay )?trong ngày(?: làm việc)?"
    r"(?P<from>[,;]?\s*kể từ (?:ngày|khi)[^\d;]*)?"
    r"(?:[;,.]\s*(?:trường hợp )?(?:nhận (?:được )?hồ sơ )?sau (?P<hour>\d{1,2})\s*"
    r"(?:giờ|h|:)\s*(?P<minute>\d{2})?(?: phút)?\s*"
    r"(?:mà không giải quyết được ngay\s*)?"
    r"(?:thì )?(?:trả (?:kết quả )?(?:vào |trong )?)ngày làm việc (?:tiếp theo|kế tiếp))?"
)
_NO_LIMIT = frozenset(
    {
        "không quy định",
        "không tính thời gian",
        "không có thông tin",
        "chưa quy định",
        "giờ hành chính",
    }
)


def read_limit(text: str, *, day: Unit = Unit.DAY) -> TimeLimit:
    """Read a printed time limit.

    Args:
        text: What is printed.
        day: What a plain "ngày" means: a calendar day in a law, a working day in the step tables of
            internal processes (assumed there: half a calendar day could not be counted).

    Raises:
        TimeLimitError: The text says something else, or more than one limit; the message gives the
            column, from 1, of what was not understood.

    >>> str(read_limit("02 tháng và 15 ngày làm việc"))
    '2 month + 15 working_day'
    >>> str(read_limit("trong ngày; sau 15 giờ thì trả vào ngày làm việc tiếp theo"))
    '0 working_day until 15:00'
    """
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip().rstrip(". ")
    lower = plain.lower()
    if lower in _NO_LIMIT:
        return NOT_STATED
    same_day = _SAME_DAY.fullmatch(lower)
    if same_day:
        return _printed_same_day(same_day)
    lead = _LEAD.match(lower)
    return _printed_sum(lower, lead.end() if lead else 0, plain, day)


def _printed_same_day(match: re.Match[str]) -> TimeLimit:
    until = _printed_hour(match) if match["hour"] else None
    part = Part(length=Fraction(0), unit=Unit.WORKING_DAY)
    return TimeLimit(parts=(part,), same_day_until=until)


def _printed_hour(match: re.Match[str]) -> time:
    try:
        return time(int(match["hour"]), int(match["minute"] or 0))
    except ValueError as error:
        raise TimeLimitError(
            say("{text!r} is not a time limit: it names an hour that no day has.", text=match[0]),
            fix=say("Write an hour from 0 to 23."),
        ) from error


def _printed_sum(lower: str, at: int, plain: str, day: Unit) -> TimeLimit:
    units = _PRINTED_UNITS | {"ngày": day}
    parts = []
    while True:
        match = _PRINTED_LENGTH.match(lower, at)
        if match is None:
            raise _not_understood(plain, at, say("a number and a unit of time are expected"))
        parts.append(
            Part(length=_printed_fraction(match["number"], plain), unit=units[match["unit"]])
        )
        at = match.end()
        joined = _AND.match(lower, at)
        if joined is None:
            break
        at = joined.end()
    since = _FROM.match(lower, at)
    at = since.end() if since else at
    if at < len(lower):
        raise _not_understood(plain, at, _reason(lower[at:]))
    return TimeLimit(parts=tuple(parts))


def _reason(rest: str) -> str:
    """Say why the rest of a text cannot belong to one limit."""
    if _PRINTED_LENGTH.search(rest):
        return say("a second length follows, so the limit depends on a case that must be named")
    return say("the text goes on, and what it adds may change the limit")


def _printed_fraction(text: str, plain: str) -> Fraction:
    try:
        return Fraction(text.replace(",", "."))
    except ZeroDivisionError as error:
        raise TimeLimitError(
            say("{plain!r} is not a time limit: it divides by zero.", plain=plain)
        ) from error


def _not_understood(plain: str, at: int, reason: str) -> TimeLimitError:
    rest = plain[at : at + 40] + ("…" if len(plain) > at + 40 else "")
    return TimeLimitError(
        say(
            "The time limit {plain!r} cannot be read from column {at} on: {rest!r}.",
            plain=plain[:60],
            at=at + 1,
            rest=rest,
        ),
        why=say("There, {reason}.", reason=reason),
        fix=say('Write one limit, like "5 working_day", a case each.'),
    )
