"""Other packages set up with the exact calendar, as far as each can hold one.

Most of them know a weekly rest and days off, but no make-up day. Those get all seven weekdays as
working days and every day off by its date. What cannot even hold that keeps its own data. An
answer is worth its time only if it is right, so each row says how often it was.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import holidays
import numpy as np
import pandas as pd
import polars as pl
from workalendar.core import SAT, SUN, Calendar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from igate.calendar import WorkCalendar

__all__ = ["Peers", "all_days", "how_right", "peer_versions"]

EVERY_DAY = (True,) * 7
ONE_DAY = timedelta(days=1)


def all_days(calendar: WorkCalendar) -> list[date]:
    """Return every day that a calendar covers."""
    size = (calendar.last - calendar.first).days + 1
    return [calendar.first + timedelta(days=n) for n in range(size)]


def how_right(answers: Iterable[object], right: Iterable[object]) -> str:
    """Say how many answers are right."""
    pairs = list(zip(answers, right, strict=True))
    wrong = sum(one != other for one, other in pairs)
    return "answers right" if wrong == 0 else f"{wrong / len(pairs):.1%} of the answers wrong"


def peer_versions() -> str:
    """Name the peers that only these benchmarks use, with their versions."""
    names = ["workalendar", *(["bizdays"] if find_spec("bizdays") else [])]
    said = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        said if "bizdays" in names else f"{said}; bizdays is not installed, its rows are left out"
    )


class _Vietnam(Calendar):  # type: ignore[misc] - workalendar publishes no types
    """A calendar of workalendar with given days off; make-up days are passed to each call."""

    WEEKEND_DAYS = (SAT, SUN)

    def __init__(self, off: Sequence[date]) -> None:
        super().__init__()
        self._off = off

    def get_calendar_holidays(self, year: int) -> list[tuple[date, str]]:
        """Return the days off of a year."""
        return [(day, "off") for day in self._off if day.year == year]


class Peers:
    """The packages, each with the exact calendar."""

    def __init__(self, calendar: WorkCalendar) -> None:
        """Hand the days off to every package."""
        days = all_days(calendar)
        off = [day for day in days if not calendar.is_working(day)]
        self.off = off
        self.busdays = np.busdaycalendar("1111111", np.array(off, "datetime64[D]"))
        self.country = holidays.country_holidays("VN", years=range(2010, 2028))
        self.offsets = {n: pd.offsets.CustomBusinessDay(n, calendar=self.busdays)
                        for n in range(1, 61)}  # fmt: skip
        self._vietnam = _Vietnam([day for day in off if day.weekday() < 5])
        self._made_up = [day for day in days if day.weekday() >= 5 and calendar.is_working(day)]
        self._bizdays: Any = None
        if find_spec("bizdays"):
            from bizdays import Calendar as BizCalendar  # noqa: PLC0415 - not everywhere installed

            self._bizdays = BizCalendar(off, [], calendar.first.isoformat(),
                                        calendar.last.isoformat())  # fmt: skip

    def adding(self) -> dict[str, Callable[[date, int], Any]]:
        """Return a call of each package that adds working days to a date."""
        known: dict[str, Callable[[date, int], Any]] = {
            "numpy.busday_offset, date to date": self.numpy_add,
            "pandas CustomBusinessDay": lambda day, n: (pd.Timestamp(day) + self.offsets[n]).date(),
            "holidays.get_nth_working_day": self.country.get_nth_working_day,
            "workalendar.add_working_days": lambda day, n: self._vietnam.add_working_days(
                day, n, extra_working_days=self._made_up
            ),
        }
        if self._bizdays is not None:
            known["bizdays.offset"] = self._bizdays.offset
        return known

    def counting(self) -> dict[str, Callable[[date, date], Any]]:
        """Return a call of each package that counts the working days after a date up to another.

        Where a package counts other ends in or out, it is asked for the days that mean the same.
        """
        known: dict[str, Callable[[date, date], Any]] = {
            "numpy.busday_count, two dates": lambda after, until: int(
                np.busday_count(after + ONE_DAY, until + ONE_DAY, busdaycal=self.busdays)
            ),
            "holidays.get_working_days_count": lambda after, until: (
                self.country.get_working_days_count(after + ONE_DAY, until)
            ),
            "workalendar.get_working_days_delta": lambda after, until: (
                self._vietnam.get_working_days_delta(after, until, extra_working_days=self._made_up)
            ),
        }
        if self._bizdays is not None:
            known["bizdays.bizdays"] = self._bizdays.bizdays
        return known

    def numpy_add(self, day: date, n: int) -> Any:  # noqa: ANN401 - what NumPy gives
        """Add working days to one date, from date to date."""
        return np.busday_offset(day, n, roll="backward", busdaycal=self.busdays).item()

    def polars_add(self, days: pl.Series, n: pl.Series) -> pl.Series:
        """Add working days to a column."""
        return days.dt.add_business_days(n, week_mask=EVERY_DAY, holidays=self.off, roll="backward")

    def polars_count(self, after: pl.Series, until: pl.Series) -> pl.Series:
        """Count the working days after each day up to another."""
        count = pl.business_day_count(
            pl.col("after").dt.offset_by("1d"), pl.col("until").dt.offset_by("1d"),
            week_mask=EVERY_DAY, holidays=self.off,
        )  # fmt: skip
        return pl.DataFrame({"after": after, "until": until}).select(count).to_series()

    def business_hours(self, hours: int) -> pd.offsets.CustomBusinessHour:
        """Return pandas the office hours and every day off; it knows no half days."""
        return pd.offsets.CustomBusinessHour(
            hours,
            weekmask="Mon Tue Wed Thu Fri Sat Sun",
            holidays=self.off,
            start=["07:30", "13:30"],
            end=["11:30", "17:00"],
        )


def walked_minutes(
    shifts: dict[date, list[tuple[int, int]]], start: datetime, end: datetime
) -> int:
    """Count minutes of work by walking the days in between, shift by shift."""
    total, day = 0, start.date()
    while day <= end.date():
        low = start.hour * 60 + start.minute if day == start.date() else 0
        high = end.hour * 60 + end.minute if day == end.date() else 1440
        for begin, stop in shifts.get(day, ()):
            total += max(min(stop, high) - max(begin, low), 0)
        day += ONE_DAY
    return total
