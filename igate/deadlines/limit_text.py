"""Reading time limits as Vietnamese decisions print them.

"05 ngày làm việc", "02 tháng và 15 ngày làm việc", "0,5 ngày", "1/4 ngày", "08 giờ làm việc",
"trong ngày; sau 15 giờ thì trả vào ngày làm việc tiếp theo", "Không quy định". What the text says
beyond that (two lengths for two cases, a range, a fee) is refused with the place and the reason:
a limit that was guessed would be wrong without a sign.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import time
from fractions import Fraction

from igate.deadlines.limits import NOT_STATED, Part, TimeLimit, Unit
from igate.errors import TimeLimitError

__all__ = ["read_limit"]

_UNITS = {
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
_LENGTH = re.compile(
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
_SILENT = frozenset(
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
    if lower in _SILENT:
        return NOT_STATED
    same_day = _SAME_DAY.fullmatch(lower)
    if same_day:
        return _same_day(same_day)
    lead = _LEAD.match(lower)
    return _sum(lower, lead.end() if lead else 0, plain, day)


def _same_day(match: re.Match[str]) -> TimeLimit:
    until = _hour(match) if match["hour"] else None
    part = Part(length=Fraction(0), unit=Unit.WORKING_DAY)
    return TimeLimit(parts=(part,), same_day_until=until)


def _hour(match: re.Match[str]) -> time:
    try:
        return time(int(match["hour"]), int(match["minute"] or 0))
    except ValueError as error:
        raise TimeLimitError(
            f"{match[0]!r} is not a time limit: it names an hour that no day has.",
            fix="Write an hour from 0 to 23.",
        ) from error


def _sum(lower: str, at: int, plain: str, day: Unit) -> TimeLimit:
    units = _UNITS | {"ngày": day}
    parts = []
    while True:
        match = _LENGTH.match(lower, at)
        if match is None:
            raise _not_understood(plain, at, "a number and a unit of time are expected")
        parts.append(Part(length=_fraction(match["number"], plain), unit=units[match["unit"]]))
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
    if _LENGTH.search(rest):
        return "a second length follows, so the limit depends on a case that must be named"
    return "the text goes on, and what it adds may change the limit"


def _fraction(text: str, plain: str) -> Fraction:
    try:
        return Fraction(text.replace(",", "."))
    except ZeroDivisionError as error:
        raise TimeLimitError(f"{plain!r} is not a time limit: it divides by zero.") from error


def _not_understood(plain: str, at: int, reason: str) -> TimeLimitError:
    rest = plain[at : at + 40] + ("…" if len(plain) > at + 40 else "")
    return TimeLimitError(
        f"The time limit {plain[:60]!r} cannot be read from column {at + 1} on: {rest!r}.",
        why=f"There, {reason}.",
        fix='Write one limit, like "5 working_day", a case each.',
    )
