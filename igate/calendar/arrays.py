"""The arithmetic of ``WorkCalendar`` on columns of days and minutes, in NumPy.

Days are ``datetime64[D]``, moments ``datetime64[m]`` in Vietnamese time without a zone. A NumPy
array, a Polars or pandas column and an Arrow array are taken without making Python objects. The
answers are those of the scalar methods, element by element; a day that the calendar does not
cover is refused with its position, never clipped. Work goes in blocks that fit the processor's
cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import gcd
from typing import TYPE_CHECKING

import numpy as np

from igate.calendar.bounds import outside
from igate.calendar.columns import (
    Column,
    Datetimes,
    Ints,
    blocks,
    days_of,
    minutes_of,
    numbers_of,
    result_for,
)
from igate.law.localtime import EPOCH, MINUTES_PER_DAY
from igate.words.sentence import say

if TYPE_CHECKING:
    from igate.calendar.calendar import WorkCalendar
    from igate.errors import IgateError

__all__ = ["add_days", "add_minutes", "count_days", "count_minutes"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Tables:
    """The tables of a calendar as arrays; days are counted from its first day."""

    #: datetime64[D] number of the first day
    origin: int
    upto: Ints
    reach: Ints
    #: datetime64[D] number of each working day; position 0 is not used
    numbered: Ints
    #: minutes worked before each day, and before the day after the last
    before: Ints
    #: minutes worked within a day, a row of 1440 a kind of day, flat
    within: Ints
    #: where the row of each day begins in ``within``
    row: Ints
    #: minutes of a bucket: all shifts are whole numbers of buckets
    bucket: int
    #: minute, from the first midnight, at which each bucket of work begins
    begins: Ints


@lru_cache(maxsize=8)
def _tables(calendar: WorkCalendar) -> _Tables:
    """Turn the lists of a calendar into arrays, once for each calendar in use."""
    days, minutes = calendar.days, calendar.minutes
    profiles = {id(profile): profile for profile in minutes.profiles}
    place = {key: index * MINUTES_PER_DAY for index, key in enumerate(profiles)}
    starts = {
        key: np.flatnonzero(np.diff(np.array(profile.worked, np.int64)))
        for key, profile in profiles.items()
    }
    bucket = gcd(*(length for start in starts.values() for length in _lengths(start))) or 1
    begins = [
        starts[id(profile)][::bucket] + index * MINUTES_PER_DAY
        for index, profile in enumerate(minutes.profiles)
    ]
    return _Tables(
        origin=minutes.origin - EPOCH,
        upto=np.fromiter(days.upto.values(), np.int64),
        reach=np.fromiter(days.reach.values(), np.int64),
        numbered=np.fromiter((day.toordinal() - EPOCH for day in days.numbered), np.int64),
        before=np.array(minutes.before, np.int64),
        within=np.concatenate(
            [np.array(p.worked[:MINUTES_PER_DAY], np.int64) for p in profiles.values()]
        ),
        row=np.fromiter((place[id(profile)] for profile in minutes.profiles), np.int64),
        bucket=bucket,
        begins=np.concatenate(begins),
    )


def _lengths(start: Ints) -> list[int]:
    """Return the lengths of the runs of consecutive minutes."""
    breaks = np.flatnonzero(np.diff(start) > 1) + 1
    return [len(run) for run in np.split(start, breaks)]


def add_days(
    calendar: WorkCalendar, days: Column, n: Column, *, out: Datetimes | None = None
) -> Datetimes:
    """Return the n-th working day after each day, as ``WorkCalendar.add`` does.

    Args:
        calendar: The calendar.
        days: Days, datetime64[D]; the shape must broadcast with that of ``n``.
        n: Whole numbers; one for all, or one for each day.
        out: datetime64[D] array of the resulting shape to write the answers to.

    Returns:
        datetime64[D] array; ``out`` where it was given.

    Raises:
        CalendarNotCovered: A day or an answer lies outside the calendar; the first is named.
        MomentError: A day is missing (NaT), has a time of the day, or is no day at all.
        FrameError: ``n`` is not whole, or ``out`` does not fit.

    >>> import numpy as np
    >>> from igate.calendar import WorkCalendar
    >>> add_days(WorkCalendar.vietnam(), np.array(["2024-05-02", "2026-01-09"], "M8[D]"), 1)
    array(['2024-05-03', '2026-01-10'], dtype='datetime64[D]')
    """
    tables = _tables(calendar)
    start, steps = days_of(days), numbers_of(n)
    shape = np.broadcast_shapes(start.shape, steps.shape)
    result = result_for(out, shape, "D")
    for begin, day, step, answer in blocks(shape, start, steps, result):
        index = day - tables.origin
        _check_days(calendar, tables, index, begin)
        if step.min() > 0:
            number = tables.upto.take(index, mode="clip")
        else:
            number = np.where(step > 0, tables.upto.take(index), tables.reach.take(index))
        number += step
        if number.min() < 1 or number.max() >= len(tables.numbered):
            bad = int(np.argmax((number < 1) | (number >= len(tables.numbered))))
            said = say("{day} {step:+d} working days", day=_date(day[bad]), step=int(step[bad]))
            raise _at(calendar, begin + bad, said)
        tables.numbered.take(number, mode="clip", out=answer)
    return result.view("datetime64[D]").reshape(shape) if out is None else out


def count_days(
    calendar: WorkCalendar, after: Column, until: Column, *, out: Ints | None = None
) -> Ints:
    """Count the working days after each day up to another: ``after`` is out, ``until`` in.

    Args:
        calendar: The calendar.
        after: Days, datetime64[D]; the shape must broadcast with that of ``until``.
        until: Days, datetime64[D].
        out: int64 array of the resulting shape to write the answers to.

    Returns:
        int64 array, negative where ``until`` comes first; ``out`` where it was given.

    Raises:
        CalendarNotCovered: A day lies outside the calendar; the first is named.
        MomentError: A day is missing (NaT), has a time of the day, or is no day at all.
        FrameError: ``out`` does not fit.

    >>> from datetime import date
    >>> from igate.calendar import WorkCalendar
    >>> int(count_days(WorkCalendar.vietnam(), [date(2024, 4, 26)], [date(2024, 5, 6)])[0])
    4
    """
    tables = _tables(calendar)
    first, second = days_of(after), days_of(until)
    shape = np.broadcast_shapes(first.shape, second.shape)
    result = result_for(out, shape, None)
    for begin, day, other, answer in blocks(shape, first, second, result):
        start, end = day - tables.origin, other - tables.origin
        _check_days(calendar, tables, start, begin)
        _check_days(calendar, tables, end, begin)
        tables.upto.take(end, mode="clip", out=answer)
        np.subtract(answer, tables.upto.take(start, mode="clip"), out=answer)
    return result.reshape(shape) if out is None else out


def add_minutes(
    calendar: WorkCalendar, moments: Column, n: Column, *, out: Datetimes | None = None
) -> Datetimes:
    """Return the end of the n-th minute of work after each moment, as ``WorkCalendar`` does.

    Args:
        calendar: The calendar.
        moments: Moments in Vietnamese time, datetime64[m] or finer; seconds are dropped.
        n: Whole minutes of work; one for all, or one for each moment.
        out: datetime64[m] array of the resulting shape to write the answers to.

    Returns:
        datetime64[m] array; ``out`` where it was given.

    Raises:
        CalendarNotCovered: A moment or an answer lies outside the calendar; the first is named.
        MomentError: A moment is missing (NaT), has a zone other than none, or is a day.
        FrameError: ``n`` is not whole, or ``out`` does not fit.

    >>> import numpy as np
    >>> from igate.calendar import WorkCalendar
    >>> add_minutes(WorkCalendar.vietnam(), np.array(["2024-05-06T14:00"], "M8[m]"), 180)
    array(['2024-05-06T17:00'], dtype='datetime64[m]')
    """
    tables = _tables(calendar)
    start, steps = minutes_of(moments), numbers_of(n)
    shape = np.broadcast_shapes(start.shape, steps.shape)
    result = result_for(out, shape, "m")
    for begin, moment, step, answer in blocks(shape, start, steps, result):
        minute = moment - tables.origin * MINUTES_PER_DAY
        done = _worked(calendar, tables, minute, begin)
        forward = step > 0
        wanted = done + step
        if not forward.all():
            # at the end of a minute of work, 0 stays; otherwise the next minute's start is meant
            stays = (step == 0) & (done > 0)
            stays[stays] = _ends(tables, done[stays]) == minute[stays]
            forward |= stays
            wanted += ~forward
        if wanted.min() < 1 or wanted.max() > tables.before[-1]:
            bad = int(np.argmax((wanted < 1) | (wanted > tables.before[-1])))
            said = say(
                "{moment} {step:+d} minutes of work",
                moment=_iso_minute(moment[bad]),
                step=int(step[bad]),
            )
            raise _at(calendar, begin + bad, said)
        ends = _ends(tables, wanted)
        ends += tables.origin * MINUTES_PER_DAY
        np.subtract(ends, ~forward, out=answer)
    return result.view("datetime64[m]").reshape(shape) if out is None else out


def count_minutes(
    calendar: WorkCalendar, start: Column, end: Column, *, out: Ints | None = None
) -> Ints:
    """Count the minutes worked from each ``start``, inclusive, to ``end``, exclusive.

    Args:
        calendar: The calendar.
        start: Moments in Vietnamese time, datetime64[m] or finer; seconds are dropped.
        end: Moments; the shape must broadcast with that of ``start``.
        out: int64 array of the resulting shape to write the answers to.

    Returns:
        int64 array, negative where ``end`` comes first; ``out`` where it was given.

    Raises:
        CalendarNotCovered: A moment lies outside the calendar; the first is named.
        MomentError: A moment is missing (NaT), has a zone other than none, or is a day.
        FrameError: ``out`` does not fit.
    """
    tables = _tables(calendar)
    first, second = minutes_of(start), minutes_of(end)
    shape = np.broadcast_shapes(first.shape, second.shape)
    result = result_for(out, shape, None)
    origin = tables.origin * MINUTES_PER_DAY
    for begin, moment, other, answer in blocks(shape, first, second, result):
        np.subtract(
            _worked(calendar, tables, other - origin, begin),
            _worked(calendar, tables, moment - origin, begin),
            out=answer,
        )
    return result.reshape(shape) if out is None else out


def _worked(calendar: WorkCalendar, tables: _Tables, minute: Ints, begin: int) -> Ints:
    """Count the minutes worked before each minute, counted from the first midnight."""
    day, rest = np.divmod(minute, MINUTES_PER_DAY)
    last = len(tables.row)
    outside_last = day.max() == last and bool(((day == last) & (rest > 0)).any())
    if day.min() < 0 or day.max() > last or outside_last:
        bad = int(np.argmax((day < 0) | (minute > last * MINUTES_PER_DAY)))
        said = _iso_minute(minute[bad] + tables.origin * MINUTES_PER_DAY)
        raise _at(calendar, begin + bad, said)
    # the last midnight has no row of its own; midnight of any row has no minute before it
    rest += tables.row.take(day, mode="clip")
    return tables.before.take(day, mode="clip") + tables.within.take(rest, mode="clip")


def _ends(tables: _Tables, wanted: Ints) -> Ints:
    """Return the minute, from the first midnight, at which each minute of work ends."""
    bucket, rest = np.divmod(wanted - 1, tables.bucket)
    rest += tables.begins.take(bucket, mode="clip")
    rest += 1
    return rest


def _check_days(calendar: WorkCalendar, tables: _Tables, index: Ints, begin: int) -> None:
    count = len(tables.upto)
    if index.min() < 0 or index.max() >= count:
        bad = int(np.argmax((index < 0) | (index >= count)))
        raise _at(calendar, begin + bad, _date(index[bad] + tables.origin))


def _date(number: np.int64) -> date | str:
    """Return a day; as text where it is before the year 1 or after 9999."""
    day = np.datetime64(int(number), "D")
    found: object = day.item()
    return found if isinstance(found, date) else str(day)


def _iso_minute(number: np.int64) -> str:
    return str(np.datetime64(int(number), "m"))


def _at(calendar: WorkCalendar, position: int, said: object) -> IgateError:
    return outside(
        say("Position {position}, {said},", position=position, said=said),
        calendar.first,
        calendar.last,
    )
