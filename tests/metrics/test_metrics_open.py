"""Open dossiers by age and lateness, processing times, the control chart: by hand and by law."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate import metrics
from igate.errors import FrameError, IgateError
from igate.metrics.form import IDENTITIES
from igate.testing.strategies import frames, time_limits

#: a Tuesday; March 2026 has no day off but Saturdays and Sundays
END = date(2026, 3, 31)
MARCH = (date(2026, 3, 1), END)


def table(*rows: tuple[str, str, str | None, str | None]) -> pl.DataFrame:
    """Return dossiers of H15.10: code, received, due, finished."""
    names = ("code", "received", "due", "finished")
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    schema = dict.fromkeys(names, pl.String)
    return pl.DataFrame(columns, schema=schema).with_columns(
        agency=pl.lit("H15.10"), channel=pl.lit("online")
    )


OPEN = table(
    ("A", "2026-03-24", "2026-03-31", None),  # 5 days old, due today
    ("B", "2026-03-23", "2026-04-03", None),  # 6 days old, 3 left: 1, 2 and 3 April
    ("C", "2026-03-03", "2026-04-08", None),  # 20 days old, 6 left
    ("D", "2026-03-02", "2026-03-24", None),  # 21 days old, overdue by 5
    ("E", "2026-02-27", "2026-03-23", None),  # carried over: a Friday, 22 days old; overdue by 6
    ("F", "2026-03-30", None, None),  # 1 day old, no due date
    ("G", "2026-03-30", "2026-03-31", "2026-03-31"),
)


def test_open_dossiers_are_counted_by_age() -> None:
    """By hand: A and F up to 5 working days, B and C up to 20, D and E more; G is not open."""
    (row,) = metrics.ageing(OPEN, by=(), period=MARCH, as_of=END).rows(named=True)
    assert row["in_process_total"] == 6
    assert [row[name] for name in metrics.AGES] == [2, 2, 2, 0]
    assert [row[name] for name in metrics.LATENESS] == [0, 1, 1, 2, 1, 1]
    assert (row["carried_over"], row["near_due"]) == (1, 2)


def test_open_dossiers_are_listed_by_what_is_left() -> None:
    """The overdue first, without a due date last; near due is up to three days, today included."""
    found = metrics.open_dossiers(OPEN, period=MARCH, as_of=END)
    assert found.select(
        "code", "working_days_open", "working_days_left", "standing", "lateness", "carried_over"
    ).rows() == [
        ("E", 22, -6, "overdue", "overdue_6_to_20", True),
        ("D", 21, -5, "overdue", "overdue_up_to_5", False),
        ("A", 5, 0, "near_due", "left_up_to_5", False),
        ("B", 6, 3, "near_due", "left_up_to_5", False),
        ("C", 20, 6, "within", "left_over_5", False),
        ("F", 1, None, "no_date", "no_date", False),
    ]


def test_another_reach_of_near_is_asked_for_in_days() -> None:
    """With 2 days B is no longer near; a negative number is none."""
    assert metrics.ageing(OPEN, period=MARCH, as_of=END, near=2)["near_due"].to_list() == [1]
    with pytest.raises(IgateError, match="near=-1"):
        metrics.ageing(OPEN, as_of=END, near=-1)


def test_the_kind_of_frame_comes_back() -> None:
    """A pandas frame gives a pandas frame with the same counts."""
    counted = metrics.ageing(OPEN.to_pandas(), as_of=END)
    assert isinstance(counted, pd.DataFrame)
    assert counted["in_process_total"].tolist() == [6]


def test_a_due_date_past_the_calendar_is_refused_with_its_row() -> None:
    """Working days up to 9999 cannot be counted, so nothing is."""
    with pytest.raises(FrameError, match="row 1: A"):
        metrics.open_dossiers(table(("A", "2026-03-24", "9999-12-31", None)), as_of=END)


days = st.dates(date(2025, 1, 1), date(2026, 12, 31))


@given(
    frame=frames(
        first=date(2025, 1, 1),
        last=date(2026, 12, 31),
        most=30,
        open_end=True,
        limits=time_limits(not_stated=True),
    ),
    first=days,
    length=st.integers(0, 200),
)
def test_every_open_dossier_is_in_one_class_of_age_and_in_one_of_lateness(
    frame: pl.DataFrame, first: date, length: int
) -> None:
    """Both sets of classes add up to what the form counts in process, and overdue agrees."""
    period = (first, first + timedelta(length))
    options: Any = {"by": (), "period": period, "as_of": period[1]}
    (counts,) = metrics.settlement(frame, **options).rows(named=True)
    (aged,) = metrics.ageing(frame, **options).rows(named=True)
    total = counts["in_process_total"]
    assert aged["in_process_total"] == total
    assert sum(aged[name] for name in metrics.AGES) == total
    assert sum(aged[name] for name in metrics.LATENESS) == total
    late = sum(aged[name] for name in metrics.LATENESS if name.startswith("overdue"))
    assert late == counts["in_process_overdue"]
    assert len(metrics.open_dossiers(frame, **options)) == total
    assert dict(IDENTITIES)["in_process_total"] == ("in_process_within", "in_process_overdue")


# -- processing times ------------------------------------------------------------------------------


def test_processing_times_are_working_days_after_the_receipt() -> None:
    """By hand: received on Monday the 2nd, finished 0, 1, 2, 3, 4, 5, 5, 6, 7 and 10 days later.

    The mean is 43/10, the median (4 + 5)/2, and the ninth of ten times is 7.
    """
    ends = ("02", "03", "04", "05", "06", "09", "09", "10", "11", "16")
    frame = table(
        *((end + str(i), "2026-03-02", None, f"2026-03-{end}") for i, end in enumerate(ends))
    )
    (row,) = metrics.processing_times(frame, as_of=END).rows(named=True)
    assert row["solved_total"] == 10
    assert (row["mean"], row["median"], row["p90"]) == (pytest.approx(4.3), 4.5, 7)


def test_a_weekend_is_no_processing_time_and_nothing_solved_gives_no_mean() -> None:
    """Friday to Monday is one working day; an agency that solved nothing has nulls."""
    frame = table(("A", "2026-03-06", None, "2026-03-09"), ("B", "2026-03-06", None, None))
    frame = frame.with_columns(agency=pl.Series(["H15.10", "H15.11"]))
    found = metrics.processing_times(frame, as_of=END)
    assert found.rows() == [("H15.10", 1, 1.0, 1.0, 1.0), ("H15.11", 0, None, None, None)]


# -- the control chart -----------------------------------------------------------------------------

#: Defective chips of 50 a wafer: the example of the NIST/SEMATECH e-Handbook, 6.3.3.2, whose text
#: gives the mean 0.2313 and the limits 0.0524 and 0.4102
WAFERS = (12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9,
          12, 7, 13, 9, 6)  # fmt: skip


def test_the_limits_are_those_of_the_handbook() -> None:
    """The published example comes out to the digits it is printed with."""
    limits = metrics.p_limits(WAFERS, [50] * 30)
    assert round(limits.centre, 4) == 0.2313
    assert {round(float(each), 4) for each in limits.lower} == {0.0524}
    assert {round(float(each), 4) for each in limits.upper} == {0.4102}
    outside = [place + 1 for place, found in enumerate(WAFERS) if found / 50 > limits.upper[place]]
    assert outside == [15, 23]


def test_limits_stay_within_0_and_1() -> None:
    """A share of a few dossiers has no limit below nothing."""
    limits = metrics.p_limits([1, 0], [2, 2])
    assert (limits.lower.tolist(), limits.upper.tolist()) == ([0.0, 0.0], [1.0, 1.0])


@pytest.mark.parametrize(("counted", "sizes"), [([], []), ([3], [2]), ([-1], [2]), ([1], [2, 2])])
def test_samples_that_are_none_are_refused(counted: list[int], sizes: list[int]) -> None:
    """More than there are, fewer than none, or nothing at all."""
    with pytest.raises(IgateError, match="control chart"):
        metrics.p_limits(counted, sizes)


def test_the_chart_puts_dossiers_into_the_iso_week_of_their_finish() -> None:
    """By hand: 9 of 10 in time in week 10, 1 of 10 in week 11, 8 of 10 in week 12.

    The centre is 18/30 = 0.6, the spread 3 √(0.24/10) = 0.4648: 0.1352 to 1; only 0.1 is below.
    """
    made = [
        (f"{day}-{number}", f"2026-03-{day}", f"2026-03-{day if number < good else '01'}",
         f"2026-03-{day}")
        for day, good in (("08", 9), ("09", 1), ("16", 8))
        for number in range(10)
    ]  # fmt: skip
    chart = metrics.control_chart(table(*made), as_of=END)
    assert chart.select("week", "solved_total", "on_time", "signal").rows() == [
        ("2026-W10", 10, 9, None),
        ("2026-W11", 10, 1, "below"),
        ("2026-W12", 10, 8, None),
    ]
    assert chart["centre"].to_list() == pytest.approx([0.6] * 3)
    assert chart["lower"].to_list() == pytest.approx([0.1352] * 3, abs=1e-4)
    assert chart["upper"].to_list() == [1.0] * 3


def test_a_table_in_which_nothing_is_solved_gives_an_empty_chart() -> None:
    """Columns are there, rows are none."""
    chart = metrics.control_chart(table(("A", "2026-03-24", None, None)), as_of=END)
    assert (len(chart), chart.columns[0], chart.columns[-1]) == (0, "week", "signal")
