"""The named definitions of on time: what they add up, and what they refuse."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from igate import metrics
from igate.errors import FrameError, IgateError
from igate.law.citation import Label


def test_the_form_divides_by_what_was_solved_and_the_decree_by_what_was_received() -> None:
    """Early + on time, over solved (II.06a) or over received (61/2018, Điều 30 khoản 2 điểm c)."""
    row = {"solved_early": 2, "solved_on_time": 5, "solved_total": 8, "received_total": 14}
    assert metrics.rate(row, "form_06a") == 7 / 8
    assert metrics.rate(row, "decree") == 7 / 14
    assert str(metrics.definition("form_06a").citation).startswith("Thông tư 01/2020/TT-VPCP")


def test_nothing_divided_by_nothing_is_no_rate() -> None:
    """An empty period is neither 0 nor 100 per cent on time."""
    assert metrics.rate(dict.fromkeys(metrics.COUNTS, 0)) is None
    assert metrics.rate(dict.fromkeys(metrics.COUNTS, 0), "decree") is None


def test_a_wrong_name_of_a_definition_is_answered_with_the_right_one() -> None:
    """The error suggests the nearest shipped definition and lists all."""
    with pytest.raises(IgateError, match='Did you mean "form_06a"'):
        metrics.definition("form_6a")
    with pytest.raises(IgateError, match="names 'solved'"):
        metrics.Definition(
            name="x",
            label=Label(vi="x"),
            citation=metrics.definition("decree").citation,
            numerator=("solved",),
            denominator=("solved_total",),
            numerator_label=Label(vi="x"),
            denominator_label=Label(vi="x"),
        )


@pytest.mark.parametrize("value", [None, 1.5, "many", -1])
def test_a_rate_needs_whole_counts(value: object) -> None:
    """A count that is missing or no whole number is refused by its name."""
    row = {"solved_early": 0, "solved_on_time": value, "solved_total": 4}
    with pytest.raises(FrameError, match="'solved_on_time'"):
        metrics.rate(row)


def test_numpy_counts_are_counts() -> None:
    """A row of a pandas frame holds NumPy integers; they are whole numbers too."""
    row = {name: np.int64(2) for name in ("solved_early", "solved_on_time", "solved_total")}
    assert metrics.rate(row) == 2


def test_importing_the_package_is_cheap() -> None:
    """Importing igate.metrics alone loads neither NumPy nor any frame library."""
    code = "import sys, igate.metrics as m; m.definition; print(sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert not {"'numpy'", "'pandas'", "'polars'", "'narwhals'"} & set(
        done.stdout.strip("[]\n").split(", ")
    )
