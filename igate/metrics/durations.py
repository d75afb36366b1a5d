"""How long dossiers took: processing time in working days, and a control chart of the weeks.

The processing time is what the citizen waits: the working days after the day of receipt up to and
including the day of finishing, waits for supplements and payments included. Finished on the day of
receipt is 0. A mean hides the slow tenth, so the median and the 90th percentile stand beside it.

The control chart is Shewhart's for proportions (p chart), with limits at three standard errors:
NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.3.2. A week outside the limits is a signal to
look for a cause, no proof of one; dossiers of one week are taken to be independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Unpack, cast

import narwhals.stable.v2 as nw
import numpy as np

from igate.errors import IgateError
from igate.law.localtime import EPOCH
from igate.metrics.asked import group_frame, reading_of
from igate.metrics.definitions import definition as find_definition
from igate.metrics.form import working_days
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from narwhals.stable.v2.typing import IntoFrameT
    from numpy.typing import NDArray

    from igate.metrics.asked import Given, Values
    from igate.metrics.definitions import Definition

__all__ = ["Limits", "control_chart", "p_limits", "processing_times"]


def processing_times(
    frame: IntoFrameT,
    *,
    by: str | Sequence[str] = ("agency",),
    period: tuple[date, date] | None = None,
    as_of: date,
    **given: Unpack[Given],
) -> IntoFrameT:
    """Say how many working days the solved dossiers took.

    Args:
        frame: As for ``settlement``.
        by: As for ``settlement``.
        period: As for ``settlement``: dossiers solved in it.
        as_of: As for ``settlement``.
        **given: How the table is read, each as for ``settlement`` and each optional: ``calendar``,
            ``rules``, ``columns``, ``catalog``, ``source``, ``dates``, ``values``, ``zone``.

    Returns:
        The same kind of frame, a row a group: the columns of ``by``, ``solved_total`` (Int64),
        ``mean``, ``median`` and ``p90`` in working days (Float64, null where nothing was solved).
        Nine of ten took no longer than ``p90``, which is the time of one of them (nearest rank).

    Raises:
        FrameError: A column is missing, a row cannot be read or a day lies outside the calendar.
    """
    reading = reading_of(frame, by, period, as_of, given)
    rows = np.flatnonzero(reading.placed(find_definition("form_06a")).solved)
    intake = reading.intake
    took = working_days(reading, rows, intake.received.days[rows], intake.finished.days[rows])
    groups = reading.split.groups()
    of = groups.of[rows]
    order = np.argsort(of, kind="stable")
    many = np.bincount(of, minlength=len(groups)).astype(np.int64)
    parts = np.split(took[order], np.cumsum(many)[:-1])
    columns: dict[str, Values] = {
        "solved_total": (many, nw.Int64()),
        "mean": ([float(np.mean(part)) if len(part) else None for part in parts], nw.Float64()),
        "median": ([float(np.median(part)) if len(part) else None for part in parts], nw.Float64()),
        "p90": ([_p90(part) for part in parts], nw.Float64()),
    }
    return cast("IntoFrameT", reading.intake.origin.give(group_frame(reading, groups, columns)))


def _p90(took: NDArray[np.int64]) -> float | None:
    return float(np.quantile(took, 0.9, method="inverted_cdf")) if len(took) else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Limits:
    """Centre line and control limits of a p chart, shares of 1."""

    centre: float
    #: float64, one a sample; never below 0 or above 1
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


def p_limits(counted: Sequence[int], sizes: Sequence[int]) -> Limits:
    """Return the limits of a p chart: mean share ± 3 √(p(1 − p)/n), n being the sample's own.

    Args:
        counted: Items that have the property, a number a sample.
        sizes: Items in each sample.

    Raises:
        IgateError: There is no item, or more have the property than there are.

    >>> limits = p_limits([12, 6], [50, 50])
    >>> limits.centre, round(float(limits.upper[0]), 4)
    (0.18, 0.343)
    """
    have, of = np.asarray(counted, dtype=np.int64), np.asarray(sizes, dtype=np.int64)
    if have.shape != of.shape or not of.sum() or (have > of).any() or (have < 0).any():
        raise IgateError(
            say("A control chart needs samples of which a part is counted."),
            why=say(
                "{count} counts and {count_2} sizes were given, of {sum} items.",
                count=len(have),
                count_2=len(of),
                sum=int(of.sum()),
            ),
            fix=say(
                "Pass as many counts as sizes, each from 0 to its size, and at least one item."
            ),
        )
    centre = float(have.sum() / of.sum())
    with np.errstate(divide="ignore"):
        spread = 3 * np.sqrt(centre * (1 - centre) / of)
    lower, upper = np.maximum(0.0, centre - spread), np.minimum(1.0, centre + spread)
    return Limits(centre=centre, lower=lower, upper=upper)


def control_chart(
    frame: IntoFrameT,
    *,
    definition: str | Definition = "form_06a",
    period: tuple[date, date] | None = None,
    as_of: date,
    **given: Unpack[Given],
) -> IntoFrameT:
    """Draw up a control chart of the share on time among the dossiers solved in each week.

    Args:
        frame: As for ``settlement``.
        definition: By what a solved dossier is early, on time or late.
        period: As for ``settlement``.
        as_of: As for ``settlement``.
        **given: How the table is read, each as for ``settlement`` and each optional: ``calendar``,
            ``rules``, ``columns``, ``catalog``, ``source``, ``dates``, ``values``, ``zone``.

    Returns:
        The same kind of frame, a row for each ISO week in which something was solved: ``week``
        (``2026-W10``, by the day of finishing), ``solved_total`` and ``on_time`` (Int64; early
        included), ``share``, ``centre``, ``lower`` and ``upper`` (Float64, 0..1), ``signal``
        (``below``, ``above`` or null).

    Raises:
        FrameError: A column is missing or a row cannot be read; the message names it.
        IgateError: There is no such definition.
    """
    reading = reading_of(frame, (), period, as_of, given)
    placed = reading.placed(find_definition(definition))
    # a week begins on Monday, and 1970-01-01 was a Thursday
    weeks, of = np.unique(
        (reading.intake.finished.days[placed.solved] + 3) // 7, return_inverse=True
    )
    solved = np.bincount(of, minlength=len(weeks)).astype(np.int64)
    on_time = np.bincount(of[~placed.late[placed.solved]], minlength=len(weeks)).astype(np.int64)
    columns: dict[str, Values] = {"week": ([_week(int(week)) for week in weeks], nw.String())}
    columns |= {"solved_total": (solved, nw.Int64()), "on_time": (on_time, nw.Int64())}
    columns |= _chart_columns(on_time, solved)
    backend = reading.intake.frame.implementation
    made = [nw.new_series(name, *each, backend=backend) for name, each in columns.items()]
    table = made[0].to_frame().with_columns(*made[1:])
    return cast("IntoFrameT", reading.intake.origin.give(table))


def _chart_columns(on_time: NDArray[np.int64], solved: NDArray[np.int64]) -> dict[str, Any]:
    nothing = np.zeros(0)
    if not len(solved):
        names = ("share", "centre", "lower", "upper")
        return {**dict.fromkeys(names, (nothing, nw.Float64())), "signal": ([], nw.String())}
    limits, share = p_limits(on_time.tolist(), solved.tolist()), on_time / solved
    signals = [
        "below" if is_below else "above" if is_above else None
        for is_below, is_above in zip(share < limits.lower, share > limits.upper, strict=True)
    ]
    return {
        "share": (share, nw.Float64()),
        "centre": (np.full(len(share), limits.centre), nw.Float64()),
        "lower": (limits.lower, nw.Float64()),
        "upper": (limits.upper, nw.Float64()),
        "signal": (signals, nw.String()),
    }


def _week(number: int) -> str:
    monday = date.fromordinal(EPOCH + number * 7 - 3)
    return "{}-W{:02}".format(*monday.isocalendar())
