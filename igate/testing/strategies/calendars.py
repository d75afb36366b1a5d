"""Working calendars, and moments on them where deadlines go wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from hypothesis import note
from hypothesis import strategies as st

from igate.calendar import WorkCalendar
from igate.checks.examples import announced
from igate.law.localtime import MINUTES_PER_DAY, moment_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["moments", "working_calendars"]

#: a rest of so many days on end is Tết, or the holidays about 30 April and 2 September
_LONG_REST: Final = 4
#: days before the last one of a calendar that are near its end
_NEAR_END: Final = 15
#: the hour after which work waits for the next day, and the minutes before and after it
_CUTOFF: Final = 15 * 60
#: the first day of what an invented calendar covers: a Thursday
_INVENTED: Final = date(2026, 1, 1)


def working_calendars() -> st.SearchStrategy[WorkCalendar]:
    """Return calendars: those of Vietnam first, and invented ones.

    Of Vietnam with swaps (civil servants) and without (labour code), with make-up days worked in
    the morning only, as known in an earlier year, with days that are only expected. Invented ones
    cover up to 400 days from 2026 on, with days off, make-up days and half days at random.
    """
    return _vietnam() | _invented()


#: arguments of ``WorkCalendar.vietnam``
_VIETNAM: Final[tuple[tuple[tuple[str, Any], ...], ...]] = (
    (), (("scope", "labour_code"),), (("make_up", "morning"),), (("as_of", date(2024, 6, 30)),),
    (("provisional", True),),
)  # fmt: skip


@st.composite
def _vietnam(draw: st.DrawFn) -> WorkCalendar:
    given = draw(st.sampled_from(_VIETNAM))
    note(f"WorkCalendar.vietnam({', '.join([f'{name}={value!r}' for name, value in given])})")
    return _of_vietnam(given)


@lru_cache(maxsize=8)
def _of_vietnam(given: tuple[tuple[str, Any], ...]) -> WorkCalendar:
    return WorkCalendar.vietnam(**dict(given)) if given else announced()


@st.composite
def _invented(draw: st.DrawFn) -> WorkCalendar:
    length = draw(st.integers(30, 400))
    days = [_INVENTED + timedelta(days=number) for number in range(length)]
    marked = draw(
        st.dictionaries(st.sampled_from(days), st.sampled_from(["off", "work", "half"]), max_size=8)
    )
    given: dict[str, Any] = {
        effect: sorted(day for day, kind in marked.items() if kind == effect)
        for effect in dict.fromkeys(marked.values())
    }
    given["weekly_rest"] = draw(st.sampled_from([(5, 6), (6,), ()]))
    said = "".join(f", {name}={value!r}" for name, value in given.items())
    note(f"WorkCalendar.from_days({days[0]!r}, {days[-1]!r}{said})")
    return WorkCalendar.from_days(days[0], days[-1], **given)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edges:
    """The days of a calendar at which deadlines go wrong."""

    #: the days of long rests, and those next to them
    rests: tuple[date, ...]
    #: days of the weekly rest that are worked, and those next to them
    make_ups: tuple[date, ...]
    #: last days of months
    month_ends: tuple[date, ...]
    #: the last days that the calendar covers
    end: tuple[date, ...]


def moments(
    calendar: WorkCalendar, *, first: date | None = None, last: date | None = None
) -> st.SearchStrategy[datetime]:
    """Return moments in Vietnamese time, to the minute.

    Half of them lie where deadlines go wrong: in and next to Tết and other rests of four days or
    more, on and next to make-up days, on month ends and next to the end of the calendar; the hours
    are any, those at which a shift begins or ends, and 15:00 with the minutes next to it. They
    shrink to the start of work on the first day covered.

    Args:
        calendar: Whose days they are.
        first: First day, inclusive; the first that the calendar covers when absent.
        last: Last day, inclusive; the last that the calendar covers when absent.
    """
    since, until = first or calendar.first, last or calendar.last
    edges = _edges(calendar, since, until)
    near = [found for found in (edges.rests, edges.make_ups, edges.month_ends, edges.end) if found]
    days = st.integers(0, (until - since).days).map(lambda number: since + timedelta(days=number))
    if near:
        days |= st.one_of([st.sampled_from(found) for found in near])
    return st.tuples(days, st.sampled_from(_hours(calendar, since)) | _any_minute()).map(
        lambda drawn: moment_of(drawn[0].toordinal() * MINUTES_PER_DAY + drawn[1])
    )


def _any_minute() -> st.SearchStrategy[int]:
    return st.integers(0, MINUTES_PER_DAY - 1)


def _hours(calendar: WorkCalendar, since: date) -> Sequence[int]:
    """Return the minutes of a day at which something changes."""
    working = (since + timedelta(days=number) for number in range(_NEAR_END))
    shifts = next(
        (calendar.shifts(day) for day in working if day <= calendar.last and calendar.shifts(day)),
        (),
    )
    edges = [minute for shift in shifts for minute in (shift.start, shift.end - 1, shift.end)]
    return [*edges, _CUTOFF, _CUTOFF - 1, _CUTOFF + 1, 0, MINUTES_PER_DAY - 1]


@lru_cache(maxsize=16)
def _edges(calendar: WorkCalendar, since: date, until: date) -> _Edges:
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    worked = [calendar.is_working(day) for day in days]
    rests = {
        at for start, end in _stretches_off(worked) if end - start >= _LONG_REST
        for at in range(start - 1, end + 1)
    }  # fmt: skip
    saturdays = [at for at, day in enumerate(days) if worked[at] and day.weekday() >= 5]  # noqa: PLR2004 - Saturday
    make_ups = {near for at in saturdays for near in (at - 1, at, at + 1)}
    month_ends = [day for day in days if (day + timedelta(days=1)).day == 1]

    def chosen(places: set[int]) -> tuple[date, ...]:
        return tuple([days[at] for at in sorted(places) if 0 <= at < len(days)])

    return _Edges(
        rests=chosen(rests), make_ups=chosen(make_ups), month_ends=tuple(month_ends),
        end=tuple(days[-_NEAR_END:]) if until == calendar.last else (),
    )  # fmt: skip


def _stretches_off(worked: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of days off: the first, and the first that is no longer off."""
    start = None
    for at, works in enumerate([*worked, True]):
        if works and start is not None:
            yield start, at
            start = None
        elif not works and start is None:
            start = at
