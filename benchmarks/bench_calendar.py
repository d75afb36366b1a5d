"""The working calendar against look-ups, and against the packages that people use for it.

Run ``python benchmarks/bench_calendar.py``. Dates are synthetic: uniform over 2011 to mid-2026,
with 1 to 60 working days or 1 to 40 hours to add. Every peer gets the exact calendar where it can
hold one (``peers.py``), and beside its time stands how often it was right. Slow peers are timed on
a sample and scaled up, which their rows say. The last rows show how often answers are wrong with
the calendars that people use instead.
"""

from __future__ import annotations

import random
import sys
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl
from peers import Peers, all_days, how_right, peer_versions, walked_minutes
from rows import Case, Row, measure, print_table

from igate.calendar import WorkCalendar, arrays
from igate.law.localtime import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: dossiers of one province in the year that the scale of the project is taken from
DUE_DATES = 751_295
PAIRS = 2_000
SAMPLE = 100
FIRST, LAST = date(2011, 1, 1), date(2026, 6, 30)


def pairs(size: int, longest: int, seed: int = 20260822) -> list[tuple[date, int]]:
    """Draw days and numbers to add."""
    draw = random.Random(seed)
    span = (LAST - FIRST).days
    return [
        (FIRST + timedelta(days=draw.randint(0, span)), draw.randint(1, longest))
        for _ in range(size)
    ]


def columns(size: int = DUE_DATES, seed: int = 20260822) -> tuple[Any, Any]:
    """Draw columns of days and numbers to add."""
    draw = np.random.default_rng(seed)
    span = (LAST - FIRST).days
    days = np.datetime64(FIRST) + draw.integers(0, span, size).astype("timedelta64[D]")
    return days, draw.integers(1, 61, size)


def moments(size: int) -> tuple[Any, Any]:
    """Draw columns of moments and minutes to add."""
    days, n = columns(size)
    clock = np.random.default_rng(8).integers(420, 1080, size).astype("timedelta64[m]")
    return days.astype("datetime64[m]") + clock, n * 40


def each(run: Callable[[Any, Any], object], over: Sequence[tuple[Any, Any]]) -> Case:
    """Time a scalar call over some pairs."""

    def loop() -> None:
        for one, other in over:
            run(one, other)

    return Case(run=loop, units=len(over))


def against(
    name: str, ours: Case, cases: dict[str, tuple[Case, str]], budgets: dict[str, tuple[str, float]]
) -> list[Row]:
    """Measure ours and its peers in one go, and make a row of each peer."""
    rounds = 5 if ours.units == DUE_DATES else 9
    timed = {"ours": ours} | {peer: case for peer, (case, _) in cases.items()}
    found = measure(timed, rounds=rounds)
    rows = []
    for peer, (_, note) in cases.items():
        rule, budget = budgets.get(peer, ("none", 0.0))
        rows.append(
            Row(name=name, ours=found["ours"], peer=peer, theirs=found[peer], rule=rule,  # type: ignore[arg-type]
                budget=budget, note=note)
        )  # fmt: skip
    return rows


def one_date(calendar: WorkCalendar, peers: Peers) -> list[Row]:
    """Add n working days to one date."""
    drawn = pairs(PAIRS, 60)
    few = drawn[:SAMPLE]
    origin = calendar.first.toordinal()
    ordinals = [calendar.count(calendar.first, day) for day in all_days(calendar)]
    # the first of January is off, so counting from it numbers every working day
    numbered = [calendar.first, *(day for day in all_days(calendar) if calendar.is_working(day))]

    def look_ups(day: date, n: int) -> date:
        return numbered[ordinals[day.toordinal() - origin] + n]

    right = [calendar.add(day, n) for day, n in drawn]
    cases = {
        "two list look-ups": (
            each(look_ups, drawn),
            how_right((look_ups(*p) for p in drawn), right),
        )
    }
    for peer, call in peers.adding().items():
        fast = peer.startswith(("numpy", "bizdays"))
        over = drawn if fast else few
        note = how_right((call(*pair) for pair in over), right[: len(over)])
        cases[peer] = (each(call, over), note if fast else f"{note}; {SAMPLE} dates")
    budgets = {
        "two list look-ups": ("at_most", 2.0),
        "numpy.busday_offset, date to date": ("at_least", 12.0),
        "holidays.get_nth_working_day": ("at_least", 100.0),
    }
    return against("add n working days, one date", each(calendar.add, drawn), cases, budgets)


def one_count(calendar: WorkCalendar, peers: Peers) -> list[Row]:
    """Count the working days between two dates."""
    drawn = [(day, calendar.add(day, n) + timedelta(days=n % 3)) for day, n in pairs(PAIRS, 60)]
    right = [calendar.count(*pair) for pair in drawn]
    cases = {}
    for peer, call in peers.counting().items():
        over = drawn if peer.startswith(("numpy", "bizdays")) else drawn[:SAMPLE]
        note = how_right((call(*pair) for pair in over), right[: len(over)])
        cases[peer] = (each(call, over), f"{note}; {len(over):,} pairs")
    return against("count working days, two dates", each(calendar.count, drawn), cases, {})


def year_of_due_dates(calendar: WorkCalendar, peers: Peers) -> list[Row]:
    """Compute the due dates of all dossiers at once."""
    days, n = columns()
    due = np.empty_like(days)
    into = [np.empty(DUE_DATES, np.int64) for _ in range(3)]

    def copy() -> None:
        into[0][:], into[1][:], into[2][:] = days.view(np.int64), n, due.view(np.int64)

    def numpy_offset() -> Any:  # noqa: ANN401 - a NumPy array
        return np.busday_offset(days, n, roll="backward", busdaycal=peers.busdays)

    frame = pl.DataFrame({"days": days, "n": n.astype(np.int32)})

    def polars_offset() -> Any:  # noqa: ANN401 - a Polars column
        return peers.polars_add(frame["days"], frame["n"])

    right, few = arrays.add_days(calendar, days, n), pairs(SAMPLE, 60)
    wanted = [calendar.add(*pair) for pair in few]
    cases = {
        "copy of the same three arrays": (whole(copy), ""),
        "numpy.busday_offset": (whole(numpy_offset), all_right(numpy_offset(), right)),
        "polars dt.add_business_days": (whole(polars_offset), all_right(polars_offset(), right)),
    }
    for peer, call in peers.adding().items():
        if not peer.startswith("numpy"):
            note = how_right((call(*pair) for pair in few), wanted)
            cases[f"{peer}, one by one"] = (each(call, few), f"{note}; {SAMPLE} dates")
    budgets = {
        "copy of the same three arrays": ("at_most", 5.0),
        "numpy.busday_offset": ("at_least", 40.0),
    }
    ours = whole(lambda: arrays.add_days(calendar, days, n, out=due))
    return against(f"a due date of {DUE_DATES:,}, working days", ours, cases, budgets)


def many_counts(calendar: WorkCalendar, peers: Peers) -> list[Row]:
    """Count the working days of all dossiers at once."""
    days, n = columns()
    until = arrays.add_days(calendar, days, n) + (n % 3)
    right = arrays.count_days(calendar, days, until)
    out = np.empty(DUE_DATES, np.int64)
    frame = pl.DataFrame({"after": days, "until": until})

    def numpy_count() -> Any:  # noqa: ANN401 - a NumPy array
        return np.busday_count(days + 1, until + 1, busdaycal=peers.busdays)

    def polars_count() -> Any:  # noqa: ANN401 - a Polars column
        return peers.polars_count(frame["after"], frame["until"])

    cases = {
        "numpy.busday_count": (whole(numpy_count), all_right(numpy_count(), right)),
        "polars business_day_count": (whole(polars_count), all_right(polars_count(), right)),
    }
    ours = whole(lambda: arrays.count_days(calendar, days, until, out=out))
    return against(f"a count of {DUE_DATES:,}, working days", ours, cases, {})


def whole(run: Callable[[], object]) -> Case:
    """Time a call that does all dossiers; what is shown is the time of one."""
    return Case(run=run, units=DUE_DATES)


def all_right(answers: Any, right: Any) -> str:  # noqa: ANN401 - columns
    """Say how many answers of a column are right."""
    wrong = float((np.asarray(answers) != right).mean())
    return "answers right" if wrong == 0 else f"{wrong:.1%} of the answers wrong"


def added_minutes(calendar: WorkCalendar, peers: Peers) -> list[Row]:
    """Add hours of work, to one moment and to all at once."""
    drawn, draw = pairs(SAMPLE, 40), random.Random(8)
    clocks = [(draw.randint(7, 17), draw.randint(0, 59)) for _ in drawn]
    at = [
        datetime(day.year, day.month, day.day, *clock, tzinfo=VIETNAM)
        for (day, _), clock in zip(drawn, clocks, strict=True)
    ]
    hours = [n for _, n in drawn]
    offsets = {n: peers.business_hours(n) for n in set(hours)}
    theirs = [(pd.Timestamp(moment.replace(tzinfo=None)), offsets[n])
              for moment, n in zip(at, hours, strict=True)]  # fmt: skip
    mine = [(moment, n * 60) for moment, n in zip(at, hours, strict=True)]
    right = [calendar.add_minutes(*pair).replace(tzinfo=None) for pair in mine]
    note = how_right(((moment + offset).to_pydatetime() for moment, offset in theirs), right)
    pandas_hours = each(lambda moment, offset: moment + offset, theirs)
    column, minutes = moments(DUE_DATES)
    out = np.empty_like(column)
    peer = "pandas CustomBusinessHour"
    one, many = f"{peer}, one moment", f"{peer}, one by one"
    return [
        *against("add hours of work, one moment", each(calendar.add_minutes, mine),
                 {one: (pandas_hours, f"{note}; {SAMPLE} moments")}, {one: ("at_least", 30.0)}),
        *against(f"a due moment of {DUE_DATES:,}, hours of work",
                 whole(lambda: arrays.add_minutes(calendar, column, minutes, out=out)),
                 {many: (pandas_hours, f"{note}; {SAMPLE} moments")},
                 {many: ("at_least", 1000.0)}),
    ]  # fmt: skip


def counted_minutes(calendar: WorkCalendar) -> list[Row]:
    """Count minutes of work, between two moments and between all at once."""
    column, n = moments(DUE_DATES)
    # a calendar day for 40 minutes of work drawn
    ends = column + n // 40 * 1440
    out = np.empty(DUE_DATES, np.int64)
    shifts = {
        day: [(shift.start, shift.end) for shift in calendar.shifts(day)]
        for day in all_days(calendar)
    }
    some = list(zip(column[:SAMPLE].tolist(), ends[:SAMPLE].tolist(), strict=True))
    mine = [tuple(at.replace(tzinfo=VIETNAM) for at in pair) for pair in some]
    right = [calendar.count_minutes(*pair) for pair in mine]

    def walk(start: datetime, end: datetime) -> int:
        return walked_minutes(shifts, start, end)

    note = f"{how_right((walk(*pair) for pair in some), right)}; {SAMPLE} pairs"
    walking = "a Python loop over days and shifts"
    return [
        *against("count minutes of work, two moments", each(calendar.count_minutes, mine),
                 {walking: (each(walk, some), note)}, {}),
        *against(f"a count of {DUE_DATES:,}, minutes of work",
                 whole(lambda: arrays.count_minutes(calendar, column, ends, out=out)),
                 {walking: (each(walk, some), note)}, {}),
    ]  # fmt: skip


def growth(calendar: WorkCalendar) -> list[Row]:
    """Show that the time of a pair depends neither on how many there are nor on the limit."""

    def days(start: Any, n: Any) -> object:  # noqa: ANN401 - columns
        return arrays.add_days(calendar, start, n)

    def minutes(start: Any, n: Any) -> object:  # noqa: ANN401 - columns
        return arrays.add_minutes(calendar, start, n)

    return [
        *grown("add working days", columns, days, 1),
        *grown("add minutes of work", moments, minutes, 60),
    ]


def grown(
    name: str,
    make: Callable[[int], tuple[Any, Any]],
    run: Callable[[Any, Any], object],
    unit: int,
) -> list[Row]:
    """Time one pair of few and of many, and of short limits and of long ones."""
    cases = {}
    for size in (100_000, 200_000, 400_000):
        start, n = make(size)
        cases[f"{size:,} pairs"] = Case(run=lambda s=start, m=n: run(s, m), units=size)
    start, _ = make(100_000)
    # 500 working days from here are still inside the calendar
    start = start.clip(max=np.datetime64("2024-06-30T00:00").astype(start.dtype))
    for n in (5, 50, 500):
        cases[f"n = {n}"] = Case(run=lambda m=n * unit: run(start, m), units=len(start))
    found = measure(cases, rounds=7)
    linear, free = "of one pair: 1 is linear", "of one pair: 1 is no cost of length"
    return [
        Row(name=f"{name}, {one}", ours=found[one], peer=f"the same, {other}",
            theirs=found[other], rule="at_most", budget=1.5, note=note)
        for one, other, note in (
            ("200,000 pairs", "100,000 pairs", linear),
            ("400,000 pairs", "100,000 pairs", linear),
            ("n = 50", "n = 5", free),
            ("n = 500", "n = 5", free),
        )
    ]  # fmt: skip


def wrong_due_dates(calendar: WorkCalendar, peers: Peers) -> list[Row]:
    """Show how often the usual calendars give another due date."""
    days, n = columns()
    span = all_days(calendar)
    weekdays_off = [day for day in span if day.weekday() < 5 and not calendar.is_working(day)]
    labour = WorkCalendar.vietnam(scope="labour_code")
    no_swaps = [day for day in span if day.weekday() < 5 and not labour.is_working(day)]
    theirs = [day for day in span if not peers.country.is_working_day(day)]
    usual = {
        "Monday to Friday, no day off": np.busdaycalendar("1111100", []),
        "Monday to Friday, days off without swaps": np.busdaycalendar("1111100", no_swaps),
        "Monday to Friday, all days off": np.busdaycalendar("1111100", weekdays_off),
        "the days of the holidays package": np.busdaycalendar("1111111", theirs),
    }
    right = arrays.add_days(calendar, days, n)
    cases = {}
    for peer, busdays in usual.items():

        def offset(chosen: np.busdaycalendar = busdays) -> Any:  # noqa: ANN401 - a NumPy array
            return np.busday_offset(days, n, roll="backward", busdaycal=chosen)

        cases[peer] = (whole(offset), all_right(offset(), right))
    ours = whole(lambda: arrays.add_days(calendar, days, n))
    return against(f"a due date of {DUE_DATES:,}, wrong calendar", ours, cases, {})


def calendar_rows() -> list[Row]:
    """Return all rows of this benchmark."""
    calendar = WorkCalendar.vietnam()
    peers = Peers(calendar)
    return [
        *one_date(calendar, peers),
        *one_count(calendar, peers),
        *year_of_due_dates(calendar, peers),
        *many_counts(calendar, peers),
        *added_minutes(calendar, peers),
        *counted_minutes(calendar),
        *growth(calendar),
        *wrong_due_dates(calendar, peers),
    ]


if __name__ == "__main__":
    print(f"peers of this benchmark alone: {peer_versions()}")
    sys.exit(0 if print_table(calendar_rows()) else 1)
