"""Laws of the settlement table, on random dossiers: identities, additivity, two evaluators."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igate import metrics
from igate.calendar import WorkCalendar
from igate.deadlines.limits import TimeLimit
from igate.deadlines.rulefile import shipped_rules
from igate.errors import FrameError
from igate.metrics.due import Law, by_columns, by_rows, read_terms
from igate.metrics.form import check_identities
from igate.metrics.intake import read_intake
from igate.testing.strategies import frames
from shared import shipped_catalogue

CALENDAR = WorkCalendar.vietnam()
CATALOG = shipped_catalogue()
END = date(2026, 3, 31)
SIMPLE = ["1 working_day", "7 working_day", "150 working_day", "1 day", "200 day"]
LIMITS = [
    *SIMPLE,
    "0 working_day",
    "0 day",
    "not_stated",
    "8 working_hour",
    "1 month",
    "2 day + 3 working_day",
]
#: dossiers of 2025 and early 2026; agencies that are not known, states, waits that last on
DOSSIERS: dict[str, Any] = {
    "first": date(2025, 1, 1), "last": date(2026, 3, 16), "state": True, "open_end": True,
    "agencies": ["H15.10", "H15.11", None], "reasons": ["supplement", "payment", "opinion"],
}  # fmt: skip


def dossiers(limits: list[str]) -> st.SearchStrategy[pl.DataFrame]:
    """Return frames of dossiers of some limits."""
    return frames(limits=st.sampled_from(limits).map(TimeLimit.parse), **DOSSIERS)


days = st.dates(date(2025, 1, 1), END)
periods = st.none() | st.tuples(days, days).map(lambda pair: (min(pair), max(pair)))


def counts(frame: pl.DataFrame, **options: Any) -> np.ndarray[Any, Any]:  # noqa: ANN401 - any option
    """Return the total row of the counts."""
    table = metrics.settlement(
        frame, by=(), as_of=END, calendar=CALENDAR, catalog=CATALOG, **options
    )
    return table.select(*metrics.COUNTS).to_numpy()[0]


@given(frame=dossiers(LIMITS), period=periods)
def test_received_is_solved_and_in_process_in_every_row(
    frame: pl.DataFrame, period: tuple[date, date] | None
) -> None:
    """The identities of form II.06a hold for every group, and no count is negative."""
    table = metrics.settlement(
        frame,
        by=("agency", "channel"),
        period=period,
        as_of=END,
        calendar=CALENDAR,
        catalog=CATALOG,
    )
    for row in table.rows(named=True):
        assert row["received_total"] == row["solved_total"] + row["in_process_total"]
        assert (
            row["received_total"]
            == row["received_online"] + row["received_counter_post"] + row["carried_over"]
        )
        assert (
            row["solved_total"] == row["solved_early"] + row["solved_on_time"] + row["solved_late"]
        )
        assert row["in_process_total"] == row["in_process_within"] + row["in_process_overdue"]
        assert 0 <= row["solved_no_due"] <= row["solved_on_time"]
        assert min(row[name] for name in metrics.COUNTS) >= 0
        assert (row["on_time_rate"] is None) == (row["solved_total"] == 0)


@given(
    frame=dossiers(LIMITS),
    period=periods,
    key=st.sampled_from(["agency", "state", "channel", "month"]),
)
def test_groups_add_up_to_the_whole(
    frame: pl.DataFrame, period: tuple[date, date] | None, key: str
) -> None:
    """Adding the counts of the groups of any key gives the total row, null keys included."""
    table = metrics.settlement(
        frame, by=key, period=period, as_of=END, calendar=CALENDAR, catalog=CATALOG
    )
    added = table.select(*metrics.COUNTS).sum().to_numpy()[0]
    assert (added == counts(frame, period=period)).all()


@given(frame=dossiers(LIMITS), period=periods, cut=st.integers(0, 12))
def test_halves_add_up_to_the_whole(
    frame: pl.DataFrame, period: tuple[date, date] | None, cut: int
) -> None:
    """Counting two parts of a table apart and adding gives the table of the whole."""
    halves = counts(frame[:cut], period=period) + counts(frame[cut:], period=period)
    assert (halves == counts(frame, period=period)).all()


@given(frame=dossiers(LIMITS), first=days, length=st.integers(0, 60))
def test_what_is_carried_over_is_what_was_in_process_the_day_before(
    frame: pl.DataFrame, first: date, length: int
) -> None:
    """In process at the end of the day before the period = carried over into the period."""
    first = max(first, date(2025, 1, 2))
    eve = first - timedelta(days=1)
    before = metrics.settlement(frame, by=(), as_of=eve, calendar=CALENDAR, catalog=CATALOG)
    period = (first, min(first + timedelta(days=length), END))
    after = metrics.settlement(
        frame, by=(), period=period, as_of=END, calendar=CALENDAR, catalog=CATALOG
    )
    assert before["in_process_total"][0] == after["carried_over"][0]


@given(frame=dossiers(LIMITS), period=periods)
def test_the_list_of_late_dossiers_is_as_long_as_the_counts_say(
    frame: pl.DataFrame, period: tuple[date, date] | None
) -> None:
    """Late and overdue in the list and in the table are the same dossiers."""
    late = metrics.late_dossiers(
        frame, period=period, as_of=END, calendar=CALENDAR, catalog=CATALOG
    )["standing"].to_list()
    table = metrics.settlement(
        frame, by=(), period=period, as_of=END, calendar=CALENDAR, catalog=CATALOG
    )
    assert late.count("late") == table["solved_late"][0]
    assert late.count("overdue") == table["in_process_overdue"][0]


@given(frame=dossiers(SIMPLE), end=st.sampled_from(["next_working_day", "stays"]))
@settings(max_examples=100)
def test_columns_and_rows_give_the_same_due_days(frame: pl.DataFrame, end: Any) -> None:  # noqa: ANN401 - a literal
    """Simple limits worked out for all rows at once equal compute_deadline, row by row."""
    frame = frame.with_columns(suspensions=None)
    rules = replace(shipped_rules(on=date(2025, 1, 1)), end_on_day_off=end)
    law = Law(calendar=CALENDAR, catalog=CATALOG, rules=rules)
    intake = read_intake(frame, columns=None, keys=(), source="")
    if not len(intake):
        return
    found = read_terms(intake, np.arange(len(intake)), law, END)
    quick, slow = by_columns(intake, found, law), by_rows(intake, found, law)
    assert quick.present.all()
    assert slow.present.all()
    assert quick.days.tolist() == slow.days.tolist()


def test_a_table_that_does_not_add_up_is_refused_by_its_group() -> None:
    """One dossier too many in one column: the message names the group and both figures."""
    import narwhals.stable.v2 as nw  # noqa: PLC0415 - one use

    row = {"agency": ["H15.10"]} | {name: [0] for name in metrics.COUNTS}
    check_identities(nw.from_native(pl.DataFrame(row), eager_only=True), ("agency",))
    row["solved_late"] = [1]
    with pytest.raises(FrameError, match=r"agency H15\.10: solved_total is 0, but .* is 1"):
        check_identities(nw.from_native(pl.DataFrame(row), eager_only=True), ("agency",))


def test_more_than_a_page_of_overdue_dossiers_is_counted_whole() -> None:
    """Of 1,234 open dossiers that are overdue all are counted and listed, not the first hundred."""
    frame = pl.DataFrame(
        {
            "code": [str(number) for number in range(1234)],
            "channel": "online",
            "limit": "1 working_day",
            "received": date(2026, 3, 2),
            "finished": None,
        }
    )
    table = metrics.settlement(frame, by=(), as_of=END)
    assert table["in_process_overdue"].to_list() == [1234]
    assert len(metrics.late_dossiers(frame, by=(), as_of=END)) == 1234
