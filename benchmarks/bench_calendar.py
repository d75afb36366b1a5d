"""The working calendar against look-ups, NumPy, holidays and pandas.

Run ``python benchmarks/bench_calendar.py``. Dates are synthetic: uniform over 2011 to mid-2026,
with 1 to 60 working days or 1 to 40 hours to add. Every peer gets the exact calendar where it can
hold one: all seven weekdays as working days, and every day off listed. The last rows show how
often answers are wrong with the calendars that people use instead.
"""

from __future__ import annotations

import random
import sys
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import holidays
import numpy as np
import pandas as pd
from rows import Case, Row, measure, print_table

from igate.localtime import VIETNAM
from igate.workcalendar import WorkCalendar, arrays

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: dossiers of one province in the year that the scale of the project is taken from
DUE_DATES = 751_295
PAIRS = 2_000
SAMPLE = 200
FIRST, LAST = date(2011, 1, 1), date(2026, 6, 30)


def all_days(calendar: WorkCalendar) -> list[date]:
    """Give every day that a calendar covers."""
    size = (calendar.last - calendar.first).days + 1
    return [calendar.first + timedelta(days=n) for n in range(size)]


def pairs(size: int, longest: int, seed: int = 20260822) -> list[tuple[date, int]]:
    """Draw days and numbers to add."""
    draw = random.Random(seed)
    span = (LAST - FIRST).days
    return [
        (FIRST + timedelta(days=draw.randint(0, span)), draw.randint(1, longest))
        for _ in range(size)
    ]


def columns(seed: int = 20260822) -> tuple[Any, Any]:
    """Draw columns of days and numbers to add."""
    draw = np.random.default_rng(seed)
    span = (LAST - FIRST).days
    days = np.datetime64(FIRST) + draw.integers(0, span, DUE_DATES).astype("timedelta64[D]")
    return days, draw.integers(1, 61, DUE_DATES)


def exact(calendar: WorkCalendar) -> np.busdaycalendar:
    """Give NumPy the exact calendar: a mask of seven days and every day off."""
    off = [day for day in all_days(calendar) if not calendar.is_working(day)]
    return np.busdaycalendar("1111111", np.array(off, "datetime64[D]"))


def each(run: Callable[[date, int], object], over: Sequence[tuple[date, int]]) -> Case:
    """Time a scalar call over some pairs."""

    def loop() -> None:
        for day, n in over:
            run(day, n)

    return Case(run=loop, units=len(over))


def one_date(calendar: WorkCalendar) -> list[Row]:
    """Add n working days to one date."""
    drawn = pairs(PAIRS, 60)
    origin = calendar.first.toordinal()
    ordinals = [calendar.count(calendar.first, day) for day in all_days(calendar)]
    # the first of January is off, so counting from it numbers every working day
    numbered = [calendar.first, *(day for day in all_days(calendar) if calendar.is_working(day))]
    busdays, country = exact(calendar), holidays.country_holidays("VN", years=range(2010, 2028))

    def look_ups(day: date, n: int) -> date:
        return numbered[ordinals[day.toordinal() - origin] + n]

    def numpy_offset(day: date, n: int) -> object:
        return np.busday_offset(day, n, roll="backward", busdaycal=busdays).item()

    for day, n in drawn:
        assert calendar.add(day, n) == look_ups(day, n) == numpy_offset(day, n)  # noqa: S101
    found = measure({
        "ours": each(calendar.add, drawn),
        "look_ups": each(look_ups, drawn),
        "numpy": each(numpy_offset, drawn),
        "holidays": each(country.get_nth_working_day, drawn[:SAMPLE]),
    })  # fmt: skip
    name = "add n working days, one date"
    return [
        Row(name=name, ours=found["ours"], peer="two list look-ups", theirs=found["look_ups"],
            rule="at_most", budget=2),
        Row(name=name, ours=found["ours"], peer="numpy.busday_offset, date to date",
            theirs=found["numpy"], rule="at_least", budget=12, note="exact calendar"),
        Row(name=name, ours=found["ours"], peer="holidays.get_nth_working_day",
            theirs=found["holidays"], rule="at_least", budget=100, note=f"{SAMPLE} dates"),
    ]  # fmt: skip


def a_year_of_due_dates(calendar: WorkCalendar) -> list[Row]:
    """Work out the due dates of all dossiers at once."""
    days, n = columns()
    busdays = exact(calendar)
    due = np.empty_like(days)
    into = [np.empty(DUE_DATES, np.int64) for _ in range(3)]

    def copy() -> None:
        into[0][:], into[1][:], into[2][:] = days.view(np.int64), n, due.view(np.int64)

    def numpy_offset() -> object:
        return np.busday_offset(days, n, roll="backward", busdaycal=busdays)

    same = bool((arrays.add_days(calendar, days, n) == numpy_offset()).all())
    found = measure({
        "ours": Case(run=lambda: arrays.add_days(calendar, days, n, out=due)),
        "copy": Case(run=copy),
        "numpy": Case(run=numpy_offset),
    })  # fmt: skip
    name = f"{DUE_DATES:,} due dates, working days"
    return [
        Row(name=name, ours=found["ours"], peer="copy of the same three arrays",
            theirs=found["copy"], rule="at_most", budget=5),
        Row(name=name, ours=found["ours"], peer="numpy.busday_offset", theirs=found["numpy"],
            rule="at_least", budget=40, note=f"exact calendar; answers equal: {same}"),
    ]  # fmt: skip


def office_hours(calendar: WorkCalendar) -> pd.offsets.CustomBusinessHour:
    """Give pandas the office hours and every day off; it knows no half days."""
    off = [day for day in all_days(calendar) if not calendar.is_working(day)]
    return pd.offsets.CustomBusinessHour(
        weekmask="Mon Tue Wed Thu Fri Sat Sun",
        holidays=off,
        start=["07:30", "13:30"],
        end=["11:30", "17:00"],
    )


def minutes_of_work(calendar: WorkCalendar) -> list[Row]:
    """Add hours of work, one moment and all dossiers at once."""
    drawn = pairs(SAMPLE, 40)
    draw = random.Random(8)
    moments = [
        datetime(day.year, day.month, day.day, draw.randint(7, 17), draw.randint(0, 59))  # noqa: DTZ001 - pandas: local
        for day, _ in drawn
    ]
    offsets = {n: office_hours(calendar) * n for n in {n for _, n in drawn}}
    theirs = [(pd.Timestamp(at), offsets[n]) for at, (_, n) in zip(moments, drawn, strict=True)]
    mine = [(at.replace(tzinfo=VIETNAM), n * 60) for at, (_, n) in zip(moments, drawn, strict=True)]
    wrong = sum(
        (at + offset).to_pydatetime() != calendar.add_minutes(moment, n).replace(tzinfo=None)
        for (at, offset), (moment, n) in zip(theirs, mine, strict=True)
    )
    days, hours = columns()
    clock = np.random.default_rng(8).integers(420, 1080, DUE_DATES).astype("timedelta64[m]")
    column = days.astype("datetime64[m]") + clock
    minutes = hours * 40
    out = np.empty_like(column)
    found = measure({
        "ours": Case(run=lambda: [calendar.add_minutes(at, n) for at, n in mine], units=SAMPLE),
        "pandas": Case(run=lambda: [at + offset for at, offset in theirs], units=SAMPLE),
        "column": Case(run=lambda: arrays.add_minutes(calendar, column, minutes, out=out)),
    })  # fmt: skip
    note = f"{SAMPLE} moments; pandas wrong in {wrong / SAMPLE:.1%}"
    return [
        Row(name="add hours of work, one moment", ours=found["ours"],
            peer="pandas CustomBusinessHour", theirs=found["pandas"], rule="at_least", budget=30,
            note=note),
        Row(name=f"{DUE_DATES:,} due moments, hours of work", ours=found["column"],
            peer="pandas CustomBusinessHour, one by one", theirs=found["pandas"] * DUE_DATES,
            rule="at_least", budget=1000, note=f"pandas scaled up from {SAMPLE} moments"),
    ]  # fmt: skip


def wrong_due_dates(calendar: WorkCalendar) -> list[Row]:
    """Show how often the usual calendars give another due date."""
    days, n = columns()
    country = holidays.country_holidays("VN", years=range(2010, 2028))
    span = all_days(calendar)
    weekdays_off = [day for day in span if day.weekday() < 5 and not calendar.is_working(day)]
    labour = WorkCalendar.vietnam(scope="labour_code")
    no_swaps = [day for day in span if day.weekday() < 5 and not labour.is_working(day)]
    theirs = [day for day in span if not country.is_working_day(day)]
    peers = {
        "Monday to Friday, no day off": np.busdaycalendar("1111100", []),
        "Monday to Friday, days off without swaps": np.busdaycalendar("1111100", no_swaps),
        "Monday to Friday, all days off": np.busdaycalendar("1111100", weekdays_off),
        "the days of the holidays package": np.busdaycalendar("1111111", theirs),
    }
    right = arrays.add_days(calendar, days, n)
    rows = []
    for peer, busdays in peers.items():
        found = measure(
            {
                "ours": Case(run=lambda: arrays.add_days(calendar, days, n)),
                "numpy": Case(
                    run=lambda cal=busdays: np.busday_offset(
                        days, n, roll="backward", busdaycal=cal
                    )
                ),
            },
            rounds=3,
        )
        answers = np.busday_offset(days, n, roll="backward", busdaycal=busdays)
        share = float((answers != right).mean())
        rows.append(
            Row(name="wrong due dates", ours=found["ours"], peer=peer, theirs=found["numpy"],
                note=f"{share:.1%} of {DUE_DATES:,} due dates wrong")
        )  # fmt: skip
    return rows


def calendar_rows() -> list[Row]:
    """Give all rows of this benchmark."""
    calendar = WorkCalendar.vietnam()
    return [
        *one_date(calendar),
        *a_year_of_due_dates(calendar),
        *minutes_of_work(calendar),
        *wrong_due_dates(calendar),
    ]


if __name__ == "__main__":
    sys.exit(0 if print_table(calendar_rows()) else 1)
