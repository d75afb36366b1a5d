"""The chance of becoming late: by hand, and held to lifelines, which estimates the same curve."""

from __future__ import annotations

import warnings
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igate import metrics
from igate.errors import FrameError, IgateError

END = date(2026, 3, 31)
times = st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=80)


@pytest.fixture(scope="module")
def fitter() -> Any:  # noqa: ANN401 - lifelines has no types
    """Return the Kaplan-Meier estimator of lifelines, which takes seconds to import."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lifelines = pytest.importorskip("lifelines")
    return lifelines.KaplanMeierFitter


@given(times=times)
@settings(max_examples=60, deadline=None)
def test_the_curve_is_that_of_lifelines(fitter: Any, times: list[tuple[int, bool]]) -> None:  # noqa: ANN401 - as above
    """On every day the share still open is the same, ties and unfinished ones included."""
    days, finished = [each[0] for each in times], [each[1] for each in times]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = fitter().fit(days, finished)
    ours = metrics.kaplan_meier(days, finished)
    asked = np.arange(int(ours.days[-1]) + 1)
    expected = theirs.survival_function_at_times(asked).to_numpy()
    assert ours.after(asked) == pytest.approx(expected, abs=1e-12)


def test_the_curve_by_hand() -> None:
    """By hand: times 9/10, 8/9, 6/6 (one only left off), 4/6 and 3/4; then none is finished."""
    found = metrics.kaplan_meier(
        [1, 2, 2, 3, 4, 4, 5, 5, 6, 7],
        [True, True, False, False, True, True, True, False, False, False],
    )
    assert found.days.tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert found.at_risk.tolist() == [10, 9, 7, 6, 4, 2, 1]
    expected = [9 / 10, 8 / 10, 8 / 10, 8 / 10 * 4 / 6, 8 / 10 * 4 / 6 * 3 / 4]
    assert found.share.tolist() == pytest.approx([*expected, expected[-1], expected[-1]])
    # past the seventh day nothing was seen
    assert np.isnan(found.after(np.array([8]))).all()
    assert found.after(np.array([0])).tolist() == [1.0]


def test_times_that_are_none_are_refused() -> None:
    """No dossier, or a negative number of days."""
    for days, finished in (([], []), ([-1], [True]), ([1, 2], [True])):
        with pytest.raises(IgateError, match="cannot be read"):
            metrics.kaplan_meier(days, finished)


def working_day(number: int) -> date:
    """Return a working day of March 2026, counted from Monday the 2nd; only weekends are off."""
    return date(2026, 3, 2) + timedelta(number // 5 * 7 + number % 5)


def past(*took: int) -> list[dict[str, object]]:
    """Return dossiers received on Monday the 2nd that took so many working days."""
    return [
        {"code": f"P{number}", "received": "2026-03-02", "due": "2026-03-09",
         "finished": str(working_day(days))}
        for number, days in enumerate(took)
    ]  # fmt: skip


def framed(rows: list[dict[str, object]]) -> pl.DataFrame:
    """Return dossiers as a table."""
    schema = dict.fromkeys(("code", "received", "due", "finished"), pl.String)
    return pl.DataFrame(rows, schema=schema).with_columns(channel=pl.lit("online"))


def test_the_chance_of_an_open_dossier_is_the_share_of_those_as_old_that_took_longer() -> None:
    """Of ten, one each took 1 to 10 days. On the 18th one from Thursday the 12th is 4 days old.

    It is due in one day. Of the six that took more than 4 days, five took more than 5: 5/6.
    """
    rows = past(*range(1, 11))
    rows += [
        {"code": "X", "received": "2026-03-12", "due": "2026-03-19", "finished": None},
        {"code": "Y", "received": "2026-03-12", "due": "2026-03-17", "finished": None},
        {"code": "Z", "received": "2026-03-12", "due": None, "finished": None},
    ]
    found = metrics.late_probability(framed(rows), as_of=date(2026, 3, 18), least=10)
    assert found.select("code", "working_days_open", "working_days_left").rows() == [
        ("Y", 4, -1), ("X", 4, 1), ("Z", 4, None)
    ]  # fmt: skip
    assert found["p_late"].to_list() == [1.0, pytest.approx(5 / 6), None]


def test_a_group_of_few_gives_no_chance() -> None:
    """One less than asked for, and there is no estimate."""
    rows = past(*range(1, 11))
    rows.append({"code": "X", "received": "2026-03-12", "due": "2026-03-19", "finished": None})
    found = metrics.late_probability(framed(rows), as_of=date(2026, 3, 18), least=11)
    assert found.select("finished_in_group", "p_late").rows() == [(10, None)]


def test_past_estimates_are_held_to_what_became_of_the_dossiers() -> None:
    """By hand: on the 18th two dossiers had 5/6 each; one was late and one in time."""
    rows = past(*range(1, 11))
    rows += [
        {"code": "X", "received": "2026-03-12", "due": "2026-03-19", "finished": "2026-03-19"},
        {"code": "Y", "received": "2026-03-12", "due": "2026-03-19", "finished": "2026-03-25"},
    ]
    found = metrics.calibration(framed(rows), on=date(2026, 3, 18), as_of=END, least=10)
    (row,) = found.rows(named=True)
    assert (row["from"], row["to"], row["dossiers"], row["late"]) == (0.8, 1.0, 2, 1)
    assert (row["estimated"], row["observed"]) == (pytest.approx(5 / 6), 0.5)


def test_estimates_agree_with_what_comes_when_all_take_as_long_as_before() -> None:
    """Seeded: 4,000 dossiers of one law of times; in each part within 2.5 standard errors.

    The standard error of a share of n dossiers is at most √(0.25/n).
    """
    random = np.random.default_rng(766)
    rows = []
    for number in range(4000):
        came = date(2026, 1, 5) + timedelta(int(random.integers(0, 70)))
        took = int(random.geometric(0.12))
        due = came + timedelta(int(random.integers(4, 20)))
        ended = came + timedelta(took)
        rows.append(
            {"code": f"D{number}", "received": str(came), "due": str(due),
             "finished": str(ended) if ended <= date(2026, 6, 30) else None}
        )  # fmt: skip
    found = metrics.calibration(framed(rows), on=date(2026, 3, 10), as_of=date(2026, 6, 30), bins=3)
    enough = [row for row in found.rows(named=True) if row["dossiers"] >= 60]
    assert len(enough) >= 2
    for row in enough:
        error = 2.5 * (0.25 / row["dossiers"]) ** 0.5
        assert row["observed"] == pytest.approx(row["estimated"], abs=error)


def test_what_is_not_due_yet_is_held_to_nothing() -> None:
    """Of X and Y only X is finished by the 25th, but neither was due before it."""
    rows = past(*range(1, 11))
    rows += [
        {"code": "X", "received": "2026-03-12", "due": "2026-03-25", "finished": "2026-03-24"},
        {"code": "Y", "received": "2026-03-12", "due": "2026-03-25", "finished": None},
    ]
    days: Any = {"on": date(2026, 3, 18), "least": 10}
    assert len(metrics.calibration(framed(rows), as_of=date(2026, 3, 25), **days)) == 0
    (row,) = metrics.calibration(framed(rows), as_of=date(2026, 3, 26), **days).rows(named=True)
    assert (row["dossiers"], row["late"]) == (2, 1)


def test_estimates_are_not_held_to_the_same_day() -> None:
    """What is known on the day itself is no proof."""
    with pytest.raises(FrameError, match="cannot be held"):
        metrics.calibration(framed(past(1)), on=END, as_of=END)
