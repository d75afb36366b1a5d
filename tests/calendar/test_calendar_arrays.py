"""Columns of days and minutes: the same answers as one by one, and the same refusals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate.calendar import Layer, OfficeHours, Record, WorkCalendar, arrays, columns
from igate.errors import CalendarNotCovered, FrameError, MomentError
from igate.law.citation import Citation
from igate.law.localtime import moment_of
from igate.law.period import Period, Timeline

if TYPE_CHECKING:
    from collections.abc import Callable

HOURS = [
    OfficeHours.parse("07:30-11:30", "13:30-17:00"),
    OfficeHours.parse("08:00-08:07", "09:00-09:21"),
    OfficeHours.parse("00:00-24:00"),
]


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Make the calendar of Vietnam with a layer and hours at random."""
    days = draw(st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), unique=True, max_size=20))
    records = tuple(
        Record(
            date=day, effect=draw(st.sampled_from(["off", "work", "half"])), kind="local",
            scope="both", citation=Citation.parse("Quyết định 1/QĐ-UBND"),
            source="made for a test", confidence="official", announced_on=None, overrides=True,
        )
        for day in days
    )  # fmt: skip
    change = draw(st.dates(date(2025, 6, 1), date(2026, 11, 1)))
    hours = Timeline([
        (Period(start=None, end=change), draw(st.sampled_from(HOURS))),
        (Period(start=change), draw(st.sampled_from(HOURS))),
    ])  # fmt: skip
    return WorkCalendar.vietnam(layers=[Layer(name="own", records=records)], hours=hours)


@pytest.fixture(scope="module")
def civil() -> WorkCalendar:
    """The calendar of civil servants."""
    return WorkCalendar.vietnam()


def m8(*days: str) -> Any:  # noqa: ANN401 - a NumPy array
    """Make a column of days."""
    return np.array(days, "datetime64[D]")


def minutes(*moments: str) -> Any:  # noqa: ANN401 - a NumPy array
    """Make a column of moments."""
    return np.array(moments, "datetime64[m]")


@given(calendars(), st.data())
def test_columns_of_days_answer_as_single_days_do(
    calendar: WorkCalendar, data: st.DataObject
) -> None:
    """add_days and count_days against add and count, on every element."""
    pairs = data.draw(
        st.lists(
            st.tuples(
                st.dates(date(2025, 1, 1), date(2026, 6, 30)),
                st.integers(-120, 90),
                st.dates(date(2010, 1, 1), date(2026, 12, 31)),
            ),
            min_size=1,
        )
    )
    days = np.array([pair[0] for pair in pairs], "datetime64[D]")
    n = np.array([pair[1] for pair in pairs])
    until = np.array([pair[2] for pair in pairs], "datetime64[D]")
    added = arrays.add_days(calendar, days, n)
    assert added.tolist() == [calendar.add(day, number) for day, number, _ in pairs]
    counted = arrays.count_days(calendar, days, until)
    assert counted.tolist() == [calendar.count(day, other) for day, _, other in pairs]


@given(calendars(), st.data())
def test_columns_of_moments_answer_as_single_moments_do(
    calendar: WorkCalendar, data: st.DataObject
) -> None:
    """add_minutes and count_minutes against their scalar forms, on every element."""
    begin, end = date(2025, 1, 1).toordinal() * 1440, date(2026, 3, 1).toordinal() * 1440
    moment = st.integers(begin, end)
    triples = data.draw(
        st.lists(st.tuples(moment, st.integers(-3000, 3000), moment), min_size=1, max_size=30)
    )
    start, other = (
        np.array([moment_of(t[place]).replace(tzinfo=None) for t in triples], "datetime64[m]")
        for place in (0, 2)
    )
    added = arrays.add_minutes(calendar, start, np.array([t[1] for t in triples]))
    assert added.tolist() == [
        calendar.add_minutes(moment_of(at), n).replace(tzinfo=None) for at, n, _ in triples
    ]
    counted = arrays.count_minutes(calendar, start, other)
    assert counted.tolist() == [
        calendar.count_minutes(moment_of(at), moment_of(to)) for at, _, to in triples
    ]


def test_a_column_longer_than_a_block_is_answered_whole(civil: WorkCalendar) -> None:
    """Blocks are joined without a seam, with one number for all and with one each."""
    size = 40_001
    days = np.datetime64("2011-01-01") + (np.arange(size) % 5000)
    single = arrays.add_days(civil, days, 7)
    each = arrays.add_days(civil, days, np.full(size, 7))
    expected = [civil.add(day, 7) for day in days[:5000].tolist()]
    assert single[:5000].tolist() == expected
    assert (single[5000:10_000] == single[:5000]).all()
    assert (single == each).all()
    assert single[-1] == single[(size - 1) % 5000]


def test_shapes_broadcast_as_in_numpy(civil: WorkCalendar) -> None:
    """One day with many numbers, a grid, a single value and nothing at all."""
    grid = arrays.add_days(civil, m8("2024-05-02", "2026-01-09")[:, None], np.array([0, 1, 2]))
    assert grid.shape == (2, 3)
    assert grid[0].tolist() == [date(2024, 5, 2), date(2024, 5, 3), date(2024, 5, 4)]
    one = arrays.add_days(civil, date(2024, 5, 2), 2)
    assert one.shape == ()
    assert one.item() == date(2024, 5, 4)
    assert arrays.add_days(civil, m8(), 1).tolist() == []
    assert arrays.count_days(civil, m8(), m8()).tolist() == []


def test_answers_can_be_written_to_an_array_of_the_host(civil: WorkCalendar) -> None:
    """With out the array itself comes back, even when it is the input."""
    days = m8("2024-05-02", "2024-05-03")
    assert arrays.add_days(civil, days, 1, out=days) is days
    assert days.tolist() == [date(2024, 5, 3), date(2024, 5, 4)]
    counts = np.zeros(2, np.int64)
    assert arrays.count_days(civil, days, m8("2024-05-06"), out=counts) is counts
    assert counts.tolist() == [2, 1]


@pytest.mark.parametrize(
    "out",
    [
        np.zeros(3, "datetime64[D]"),
        np.zeros(2, "datetime64[s]"),
        np.zeros(2, np.int64),
        np.zeros(4, "datetime64[D]")[::2],
        [0, 0],
    ],
)
def test_an_array_that_does_not_fit_is_refused(civil: WorkCalendar, out: Any) -> None:  # noqa: ANN401
    """Another shape, another type or gaps in memory would need a silent copy."""
    with pytest.raises(FrameError, match="does not fit"):
        arrays.add_days(civil, m8("2024-05-02", "2024-05-03"), 1, out=out)


@pytest.mark.parametrize(
    "make",
    [
        lambda days: days,
        list,
        tuple,
        lambda days: np.array(days, "datetime64[D]"),
        lambda days: np.array(days, "datetime64[us]"),
        lambda days: pd.Series(pd.to_datetime(days)),
        pl.Series,
        lambda days: pl.Series(days).cast(pl.Datetime("ms")),
        pa.array,
        lambda days: pa.chunked_array([pa.array(days), pa.array(days[:0], pa.date32())]),
    ],
)
def test_columns_of_every_library_are_taken(
    civil: WorkCalendar, make: Callable[[list[date]], object]
) -> None:
    """NumPy, pandas, Polars, Arrow and plain lists of dates give one answer."""
    days = make([date(2024, 5, 2), date(2026, 1, 9)])
    assert arrays.add_days(civil, days, 1).tolist() == [date(2024, 5, 3), date(2026, 1, 10)]


@pytest.mark.parametrize(
    ("days", "n", "said"),
    [
        (m8("2024-05-02", "2031-01-01"), 1, "Position 1, 2031-01-01, is outside"),
        (m8("2009-12-31"), 1, "Position 0, 2009-12-31, is outside"),
        (m8("2024-05-02", "2026-12-31"), 1, r"Position 1, 2026-12-31 \+1 working days,"),
        (m8("2010-01-04", "2010-01-04"), [1, -1], "Position 1, 2010-01-04 -1 working days,"),
        (m8("2024-05-02"), 2**62, "Position 0"),
        (m8("2024-05-02"), -(2**62), "Position 0"),
        (m8("9999-12-31"), 1, "Position 0, 9999-12-31"),
    ],
)
def test_the_first_day_outside_the_calendar_is_named(
    civil: WorkCalendar, days: object, n: object, said: str
) -> None:
    """Nothing wraps round and nothing is clipped."""
    with pytest.raises(CalendarNotCovered, match=said):
        arrays.add_days(civil, days, n)


def test_a_position_is_counted_over_all_blocks(civil: WorkCalendar) -> None:
    """The position is that of the column, not that of a block."""
    days = np.full(40_000, np.datetime64("2024-05-02"))
    days[39_000] = np.datetime64("2030-01-01")
    with pytest.raises(CalendarNotCovered, match="Position 39000, 2030-01-01"):
        arrays.add_days(civil, days, 1)
    with pytest.raises(CalendarNotCovered, match="Position 39000"):
        arrays.count_days(civil, m8("2024-05-02"), days)
    moments = days.astype("datetime64[m]")
    with pytest.raises(CalendarNotCovered, match="Position 39000, 2030-01-01T00:00"):
        arrays.add_minutes(civil, moments, 1)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (m8("2024-05-02", "NaT"), "Position 1 is missing"),
        (pl.Series([date(2024, 5, 2), None]), "Position 1 is missing"),
        (pa.array([None, date(2024, 5, 2)]), "Position 0 is missing"),
        (minutes("2024-05-02T00:00", "2024-05-02T08:00"), "Position 1 is 2024-05-02T08:00"),
        (["2024-05-02"], "neither days nor moments"),
        ([1, 2], "neither days nor moments"),
        ([date(2024, 5, 2), datetime(2024, 5, 2, 8, tzinfo=UTC)], "is a moment"),
        ([date(2024, 5, 2), None], "None is not a day"),
        (pl.Series([datetime(2024, 5, 2, tzinfo=UTC)]), "time zone UTC"),
        (pa.array([datetime(2024, 5, 2, tzinfo=UTC)], pa.timestamp("us", "UTC")), "time zone UTC"),
        (pd.Series(pd.to_datetime(["2024-05-02"], utc=True)), "time zone UTC"),
    ],
)
def test_what_is_not_a_column_of_days_is_refused(
    civil: WorkCalendar, days: object, said: str
) -> None:
    """Missing values, times of the day, text and time zones are not guessed at."""
    with pytest.raises(MomentError, match=said):
        arrays.add_days(civil, days, 1)


@pytest.mark.parametrize("n", [1.0, [0.5], [None], "1", np.array([2**63], np.uint64)])
def test_numbers_must_be_whole(civil: WorkCalendar, n: object) -> None:
    """A fraction of a working day is minutes of work."""
    with pytest.raises(FrameError):
        arrays.add_days(civil, m8("2024-05-02"), n)


def test_minutes_ask_for_moments(civil: WorkCalendar) -> None:
    """A day is not its midnight; seconds are dropped, as on a receipt."""
    with pytest.raises(MomentError, match="moments are wanted"):
        arrays.add_minutes(civil, m8("2024-05-06"), 60)
    with pytest.raises(MomentError, match="Position 0 is missing"):
        arrays.add_minutes(civil, minutes("NaT"), 60)
    with pytest.raises(MomentError, match="neither days nor moments"):
        arrays.add_minutes(civil, [datetime(2024, 5, 6, 8, tzinfo=UTC)], 60)
    seconds = np.array(["2024-05-06T14:00:59"], "datetime64[s]")
    assert arrays.add_minutes(civil, seconds, 180).tolist() == [datetime(2024, 5, 6, 17)]  # noqa: DTZ001


@pytest.mark.parametrize(
    ("moment", "n", "said"),
    [
        ("2009-12-31T23:59", 1, "2009-12-31T23:59, is outside"),
        ("2027-01-01T00:01", -1, "2027-01-01T00:01, is outside"),
        ("2026-12-31T16:30", 31, r"2026-12-31T16:30 \+31 minutes of work"),
        ("2010-01-04T07:31", -2, "2010-01-04T07:31 -2 minutes of work"),
        ("2026-12-31T17:01", 0, r"2026-12-31T17:01 \+0 minutes of work"),
    ],
)
def test_the_first_minute_outside_the_calendar_is_named(
    civil: WorkCalendar, moment: str, n: int, said: str
) -> None:
    """The very last midnight is inside; what lies past it is not."""
    with pytest.raises(CalendarNotCovered, match=said):
        arrays.add_minutes(civil, minutes(moment), n)


def test_the_last_midnight_is_inside(civil: WorkCalendar) -> None:
    """All work of the calendar lies between its first and its last midnight."""
    counted = arrays.count_minutes(
        civil, minutes("2010-01-01T00:00", "2026-12-31T16:00"), minutes("2027-01-01T00:00")
    )
    assert counted.tolist() == [civil.worked((civil.last.toordinal() + 1) * 1440), 60]
    assert arrays.add_minutes(civil, minutes("2027-01-01T00:00"), -60).tolist() == [
        datetime(2026, 12, 31, 16)  # noqa: DTZ001 - columns hold local time without a zone
    ]


def test_days_are_taken_without_a_copy() -> None:
    """A column of datetime64[D] is read where it lies."""
    days = np.datetime64("2024-01-01") + np.arange(10)
    assert np.shares_memory(columns.days_of(days), days)
    assert timedelta(days=int(columns.days_of(date(1970, 1, 2)))) == timedelta(days=1)
