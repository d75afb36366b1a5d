"""Moments in Vietnamese time.

The law counts calendar days of one country, so a moment is turned into Vietnamese time *before*
its date is taken: 17:30 UTC is already the next day in Hà Nội. A moment without a zone says
nothing about which day it is, so it is refused, never guessed.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Literal, overload
from zoneinfo import ZoneInfo

from igate.errors import MomentError
from igate.words.sentence import beside, say

__all__ = [
    "EPOCH",
    "MINUTES_PER_DAY",
    "VIETNAM",
    "epoch_minute",
    "epoch_second",
    "local",
    "minute_number",
    "moment_at",
    "moment_of",
    "not_a_day",
    "parse_local",
    "time_of",
]

#: Indochina time, UTC+7 without summer time since 13 June 1975.
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

MINUTES_PER_DAY = 1440
#: Ordinal of 1970-01-01, from which columns number days and minutes.
EPOCH = date(1970, 1, 1).toordinal()
_SEVEN_HOURS = timedelta(hours=7)
#: a moment from which on that is the offset throughout, and its second from 1970
_SEVEN_HOURS_SINCE = datetime(1975, 6, 14, tzinfo=VIETNAM)
_FIRST_SECOND = int(_SEVEN_HOURS_SINCE.timestamp())


def local(moment: datetime, *, foreign: Literal["refuse", "convert"] = "convert") -> datetime:
    """Return the same instant in Vietnamese time.

    Args:
        moment: An aware datetime.
        foreign: What to do with a moment that is not at UTC+7: ``"convert"`` it, or ``"refuse"``
            it, as the journal does, because a record should say the time the office saw.

    Raises:
        MomentError: The moment is naive, or foreign and foreign moments are refused.

    >>> from datetime import timezone
    >>> local(datetime(2024, 5, 2, 17, 30, tzinfo=timezone.utc)).isoformat()
    '2024-05-03T00:30:00+07:00'
    """
    if not isinstance(moment, datetime):
        raise MomentError(
            say("{moment!r} is not a moment.", moment=moment),
            why=say("A day or a text does not say when on that day."),
            fix=say("Pass datetime(..., tzinfo=igate.VIETNAM), or igate.parse_local(text)."),
        )
    if moment.tzinfo is VIETNAM:
        return moment
    offset = moment.utcoffset()
    if offset is None:
        raise MomentError(
            say("The moment {moment} has no time zone.", moment=moment.isoformat()),
            why=say("Near midnight the zone decides which day it is, and so which day is counted."),
            fix=say("Pass datetime(..., tzinfo=igate.VIETNAM)."),
        )
    if offset != _SEVEN_HOURS and foreign == "refuse":
        raise MomentError(
            say(
                "The moment {moment} is not in Vietnamese time (UTC+7).", moment=moment.isoformat()
            ),
            why=say("The journal keeps the time that the office and the citizen saw."),
            fix=say("Pass moment.astimezone(igate.VIETNAM) if that is the instant you mean."),
        )
    try:
        return moment.astimezone(VIETNAM)
    except OverflowError as error:
        raise MomentError(
            say("The moment {moment} lies beyond all calendars.", moment=moment.isoformat())
        ) from error


def parse_local(text: str) -> datetime:
    """Read an ISO 8601 moment; one without a zone is declared to be Vietnamese time.

    Raises:
        MomentError: The text is not a date and time.

    >>> parse_local("2026-08-20T09:00").isoformat()
    '2026-08-20T09:00:00+07:00'
    """
    try:
        moment = datetime.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise MomentError(
            say("{text!r} is not a moment.", text=text),
            # the reason is a sentence of Python, which it has in English alone
            why=say(
                "It is not written in the way of ISO 8601{reason}.",
                reason=beside(en=f": {error}", vi=""),
            ),
            fix=say("Write it as 2026-08-20T09:00."),
        ) from error
    if len(text.strip()) <= len("2026-08-20"):
        raise MomentError(
            say("{text!r} is a day without an hour.", text=text),
            why=say("The hour decides whether a cut-off has passed."),
            fix=say("Write it as {text}T09:00.", text=text.strip()),
        )
    if moment.tzinfo is None:
        return moment.replace(tzinfo=VIETNAM)
    return local(moment)


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


def minute_number(moment: datetime) -> int:
    """Number the minute of a local moment: ``toordinal() * 1440 + minute of the day``.

    Seconds are dropped: a receipt prints hours and minutes (form 01 of Circular 01/2018).
    """
    return moment.toordinal() * MINUTES_PER_DAY + moment.hour * 60 + moment.minute


def epoch_second(moment: datetime) -> int:
    """Number the second of a local moment from 1970-01-01 00:00 UTC, as databases keep it.

    Fractions of a second are dropped. Since 13 June 1975 the offset is seven hours, so that the
    difference on the clock is the difference in time: a third of the time of asking the zone.

    >>> epoch_second(parse_local("1970-01-01T08:00"))
    0
    """
    since = moment - _SEVEN_HOURS_SINCE
    if since.days < 0:
        return int(moment.timestamp())
    return _FIRST_SECOND + since.days * 86_400 + since.seconds


@overload
def moment_at(second: int) -> datetime: ...
@overload
def moment_at(second: None) -> None: ...
@overload
def moment_at(second: int | None) -> datetime | None: ...
def moment_at(second: int | None) -> datetime | None:
    """Return the local moment of a number of :func:`epoch_second`; of none, none.

    >>> moment_at(1787191200).isoformat()
    '2026-08-20T09:00:00+07:00'
    """
    if second is None:
        return None
    if second < _FIRST_SECOND:
        return datetime.fromtimestamp(second, VIETNAM)
    # on the clock, as in epoch_second: half the time of asking the zone
    return _SEVEN_HOURS_SINCE + timedelta(0, second - _FIRST_SECOND)


def epoch_minute(moment: datetime) -> int:
    """Number the minute of a local moment from 1970-01-01 00:00, as columns do.

    >>> epoch_minute(parse_local("1970-01-02T01:00"))
    1500
    """
    return minute_number(moment) - EPOCH * MINUTES_PER_DAY


def moment_of(minute: int) -> datetime:
    """Return the local moment of a minute number.

    >>> moment_of(minute_number(parse_local("2026-08-20T09:07"))).isoformat()
    '2026-08-20T09:07:00+07:00'
    """
    day, rest = divmod(minute, MINUTES_PER_DAY)
    return datetime.combine(date.fromordinal(day), time_of(rest))


@cache
def time_of(minute: int) -> time:
    """Return the local time of a minute of the day, from 0 to 1439.

    There are as many as that, so each is made once: a moment is put together of a day and a time
    in a sixth of the time that it takes to make it of its numbers.

    >>> time_of(450).isoformat(timespec="minutes")
    '07:30'
    """
    return time(minute // 60, minute % 60, tzinfo=VIETNAM)
