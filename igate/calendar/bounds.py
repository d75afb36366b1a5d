"""What a calendar does not answer: days and minutes outside it, and what is no day at all.

Days off are announced a year at a time. Past what has been announced a calendar would be wrong
without a sign, so it refuses; and a moment is not taken for a day, because near midnight the two
differ.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, SupportsIndex

from igate.errors import CalendarNotCovered, MomentError, TimeLimitError
from igate.law.localtime import MINUTES_PER_DAY
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from igate.errors import IgateError

__all__ = ["days_refused", "minute_refused", "not_a_day", "outside", "sum_refused"]

_FIX = say(
    "Add the next announcement to igate/calendar/vn, or ask for an expected year with "
    "WorkCalendar.vietnam(provisional=True)."
)


def outside(what: object, first: date, last: date) -> CalendarNotCovered:
    """Return the error that something lies outside a calendar."""
    return CalendarNotCovered(
        say("{what} is outside the working calendar.", what=what),
        why=say(
            "Its days off are known from {first} to {last}.",
            first=first,
            last=last,
        ),
        fix=_FIX,
    )


def not_a_day(value: object) -> MomentError:
    """Return the error that a value is no day."""
    if isinstance(value, datetime):
        return MomentError(
            say("{value} is a moment, but a day is wanted here.", value=value.isoformat()),
            why=say(
                "A working day is a date in Vietnam, which near midnight is not the date in UTC."
            ),
            fix=say("Pass igate.law.localtime.local(moment).date()."),
        )
    return MomentError(
        say("{value!r} is not a day.", value=value), fix=say("Pass a datetime.date.")
    )


def days_refused(first: date, last: date, days: Iterable[object]) -> IgateError:
    """Return the error for the first of some days that a calendar does not cover."""
    found: object = None
    for found in days:
        if isinstance(found, datetime) or not isinstance(found, date):
            return not_a_day(found)
        if not first <= found <= last:
            break
    return outside(found, first, last)


def sum_refused(first: date, last: date, day: object, n: object) -> IgateError:
    """Return the error for ``n`` working days from a day: one is no good, or the answer is not."""
    if isinstance(day, datetime) or not isinstance(day, date) or not first <= day <= last:
        return days_refused(first, last, [day])
    if not isinstance(n, SupportsIndex):
        return TimeLimitError(
            say("{n!r} is not a whole number of working days.", n=n),
            fix=say("Pass an int; fractions of a working day are minutes of work."),
        )
    number = n.__index__()
    sign = "+" if number >= 0 else "-"
    return outside(
        say("{day} {sign} {number} working days", day=day, sign=sign, number=abs(number)),
        first,
        last,
    )


def minute_refused(first: date, last: date, minute: int) -> IgateError:
    """Return the error for a minute number that lies outside a calendar."""
    day, rest = divmod(minute, MINUTES_PER_DAY)
    text = say("Minute number {minute}", minute=minute)
    if date.min.toordinal() <= day <= date.max.toordinal():
        hour = f"{rest // 60:02d}:{rest % 60:02d}"
        text = say("{day} {hour}", day=date.fromordinal(day), hour=hour)
    return outside(text, first, last)
