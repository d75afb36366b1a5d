"""The times of a table: of a step, of all steps together, and their sum.

A plain "ngày" in the table of an internal process is a working day, a plain "giờ" a working hour
(assumed unless the table says so: a calendar day could not be cut in halves and quarters). The
limit of the procedure keeps the unit that is printed, because a law may count calendar days.
Sums are compared at 8 working hours to a day, as the tables of Nghệ An print ("tính mỗi ngày 08 giờ
làm việc"); elsewhere this is assumed. Nothing is adjusted so that it adds up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from igate.deadlines.limits import Part, TimeLimit, Unit, read_limit
from igate.errors import TimeLimitError
from igate.law.citation import Label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from igate.errors import Place

__all__ = [
    "PrintedTotal",
    "hours_of",
    "hours_text",
    "is_bare_number",
    "read_step_time",
    "totals_in",
    "totals_of_title",
    "with_unit_stated",
]

_HOURS: Final[Mapping[Unit, int]] = {
    Unit.WORKING_DAY: 8,
    Unit.DAY: 8,
    Unit.WORKING_HOUR: 1,
    Unit.HOUR: 1,
}
_NOT_COUNTED = frozenset({"không tính thời gian", "không tính", "giờ hành chính"})
_SIGNS: Final[Mapping[str, Fraction]] = {
    "½": Fraction(1, 2),
    "¼": Fraction(1, 4),
    "¾": Fraction(3, 4),
}
_LENGTH = r"(?:\d+/\d+|\d+(?:[.,]\d+)?)\s*(?:\([^\d()]*\)\s*)?(?:ngày|giờ|tháng)(?: làm việc)?\b"
_CHAIN = re.compile(rf"(?<![\d.,/–-]){_LENGTH}(?:\s*(?:và|\+)\s*{_LENGTH})*")
_OF_TITLE = re.compile(
    r"(?:thời gian|thời hạn) (?:giải quyết|thực hiện)"
    r"(?:[^:;(\n\d]{0,140}|[^:;(\n\d]{0,120}:[^:;(\n\d]{0,20})"
    rf"(?P<said>{_CHAIN.pattern})|\((?P<bracket>{_CHAIN.pattern})\)\s*$"
)
_RANGE = re.compile(r"(?<!\d)\d+\s*(?:[-–]|đến|hoặc)\s*\d+\s*(?:ngày|giờ|tháng)")
_EQUIVALENT = re.compile(r"\(\s*(?:tương đương|tức|=)[^()]*\)")
_LEAD = re.compile(
    r"(?:tổng (?:số )?(?:cộng )?)?(?:thời (?:gian|hạn))?(?: giải quyết| thực hiện)?"
    r"(?: tthc| thủ tục hành chính)?\s*:?\s*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTotal:
    """The time of all steps together, as printed in one place."""

    #: as printed
    text: str
    #: ``None``: what is printed is not one length
    limit: TimeLimit | None
    place: Place
    #: a part of a plain "ngày", which can only be working time (assumed)
    assumed: bool = False


def is_bare_number(text: str) -> bool:
    """Return whether a time is a number without a unit.

    >>> is_bare_number("0,5"), is_bare_number("½"), is_bare_number("0,5 ngày")
    (True, True, False)
    """
    return re.fullmatch(r"\d+(?:[.,]\d+|/\d+)?", _without_signs(text)) is not None


def read_step_time(text: str, *, unit: str = "") -> TimeLimit | None:
    """Read the time of a step.

    Args:
        text: As printed.
        unit: The unit that the heading names, for cells with a number only.

    Returns:
        The limit in working days or hours; ``None`` where the time is not counted; a limit
        without parts where the source says that it is not stated.

    Raises:
        TimeLimitError: The text is not one length.

    >>> str(read_step_time("½ ngày")), str(read_step_time("1,5", unit="giờ làm việc"))
    ('0.5 working_day', '1.5 working_hour')
    >>> read_step_time("Giờ hành chính") is None
    True
    """
    plain = _without_signs(text)
    if plain.lower().rstrip(". ") in _NOT_COUNTED:
        return None
    if is_bare_number(plain) and unit:
        plain = f"{plain} {unit}"
    limit = read_limit(plain, day=Unit.WORKING_DAY)
    return _with_unit(limit, Unit.HOUR, Unit.WORKING_HOUR)


def totals_in(text: str, place: Place) -> tuple[PrintedTotal, ...]:
    """Return every length that a text names as the time of all steps.

    What is in brackets as an equivalent ("80 giờ làm việc (tương đương 10 ngày)") is not a
    second total.
    """
    plain = _EQUIVALENT.sub("", " ".join(text.split()))
    lower = plain.lower()
    if _RANGE.search(lower):
        return (PrintedTotal(text=plain, limit=None, place=place),)
    found = [match[0] for match in _CHAIN.finditer(lower)]
    if not found:
        lead = _LEAD.match(lower)
        rest = lower[lead.end() :].strip() if lead else lower
        return _in_words(rest, place)
    return tuple(_total(each, place) for each in dict.fromkeys(found))


def totals_of_title(text: str, place: Place) -> tuple[PrintedTotal, ...]:
    """Return every total that the title of a process, or a heading, names.

    >>> from igate.errors import Place
    >>> [total.text for total in totals_of_title(
    ...     "Thủ tục A. Thời gian giải quyết: 03 ngày làm việc", Place(file="a.docx", line=1))]
    ['03 ngày làm việc']
    """
    found = (match["said"] or match["bracket"] for match in _OF_TITLE.finditer(text.lower()))
    return tuple(_total(each, place) for each in dict.fromkeys(found))


def with_unit_stated(limit: TimeLimit, *, days: bool, hours: bool) -> TimeLimit:
    """Return a total in working time where the table says that its days or hours are worked ones.

    Args:
        limit: As printed.
        days: The table says "ngày làm việc" of its days.
        hours: The table says "giờ làm việc" of its hours.
    """
    if days:
        limit = _with_unit(limit, Unit.DAY, Unit.WORKING_DAY)
    return _with_unit(limit, Unit.HOUR, Unit.WORKING_HOUR) if hours else limit


def hours_of(limits: Iterable[TimeLimit | None]) -> Fraction | None:
    """Add up limits in working hours, 8 to a day; ``None`` where a part is in months.

    >>> hours_of([TimeLimit.parse("0.25 working_day"), None, TimeLimit.parse("6 working_hour")])
    Fraction(8, 1)
    """
    parts = [part for limit in limits if limit is not None for part in limit.parts]
    if any(part.unit not in _HOURS for part in parts):
        return None
    return sum((part.length * _HOURS[part.unit] for part in parts), start=Fraction())


def hours_text(hours: Fraction | None) -> Label:
    """Write a sum for people, in days and hours.

    >>> hours_text(Fraction(76))
    Label(vi='9,5 ngày (76 giờ)', en='9.5 days (76 hours)')
    """
    if hours is None:
        return Label(
            vi="không cộng được (có đơn vị tháng, hoặc có thời gian chưa đọc được)",
            en="no sum, for a time is in months or cannot be read",
        )
    days, number = f"{float(hours / 8):g}", f"{float(hours):g}"
    plural = ("" if days == "1" else "s", "" if number == "1" else "s")
    return Label(
        vi=f"{days} ngày ({number} giờ)".replace(".", ","),
        en=f"{days} day{plural[0]} ({number} hour{plural[1]})",
    )


def _without_signs(text: str) -> str:
    """Write ½ as 1/2, and 1½ as 3/2."""

    def fraction(match: re.Match[str]) -> str:
        value = Fraction(match[1] or 0) + _SIGNS[match[2]]
        return f"{value.numerator}/{value.denominator}"

    return re.sub(r"(?<!\d)(\d{0,6})\s*([½¼¾])", fraction, text).strip()


def _with_unit(limit: TimeLimit, old: Unit, new: Unit) -> TimeLimit:
    parts = tuple(
        Part(length=part.length, unit=new if part.unit is old else part.unit)
        for part in limit.parts
    )
    return TimeLimit(parts=parts, same_day_until=limit.same_day_until)


def _total(text: str, place: Place) -> PrintedTotal:
    """Read a length; half a calendar day cannot be counted, so half a day is a working one."""
    printed = _limit_or_none(text, Unit.DAY)
    limit = printed or _limit_or_none(text, Unit.WORKING_DAY)
    assumed = printed is None and limit is not None
    return PrintedTotal(text=text, limit=limit, place=place, assumed=assumed)


def _in_words(text: str, place: Place) -> tuple[PrintedTotal, ...]:
    """Read a total without a number: on the same day, or not stated."""
    limit = _limit_or_none(text, Unit.DAY) if text else None
    return (PrintedTotal(text=text, limit=limit, place=place),) if limit else ()


def _limit_or_none(text: str, day: Unit) -> TimeLimit | None:
    try:
        return read_limit(text, day=day)
    except TimeLimitError:
        return None
