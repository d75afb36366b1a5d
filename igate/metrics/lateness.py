"""How late a dossier is: in working days of the calendar, and in days of the wall calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import numpy as np

from igate.calendar.arrays import count_days
from igate.errors import CalendarNotCovered
from igate.metrics.cells import EPOCH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from igate.metrics.reading import Reading

__all__ = ["late_columns"]

_DAY_ZERO = datetime(1970, 1, 1)  # noqa: DTZ001 - a midnight of the table, in Vietnamese time
_WHEN = nw.Datetime("us")


def late_columns(reading: Reading, rows: NDArray[np.intp]) -> list[nw.Series[Any]]:
    """Describe late dossiers.

    Args:
        reading: The dossiers and where they stand; open ones are late up to its last known day.
        rows: Positions of the late ones.

    Returns:
        Columns in the kind of the frame that was read, a row for each of ``rows``.

    Raises:
        FrameError: A day lies outside the calendar.
    """
    intake, placed = reading.intake, reading.placed
    solved = placed.late[rows]
    due = placed.due.days[rows]
    end = np.where(solved, intake.finished.days[rows], reading.days.last.toordinal() - EPOCH)
    finished = [
        day if known else None
        for day, known in zip(_midnights(intake.finished.days[rows]), solved, strict=True)
    ]
    columns: dict[str, tuple[Sequence[object] | NDArray[np.int64], Any]] = {
        "code": ([intake.codes[row] for row in rows], nw.String()),
        "standing": (["late" if is_solved else "overdue" for is_solved in solved], nw.String()),
        "received": (_midnights(intake.received.days[rows]), _WHEN),
        "due": (_midnights(due), _WHEN),
        "finished": (finished, _WHEN),
        "working_days_late": (_working_days(reading, rows, due, end), nw.Int64()),
        "calendar_days_late": (end - due, nw.Int64()),
    }
    backend = intake.frame.implementation
    return [
        nw.new_series(name, values, kind, backend=backend)
        for name, (values, kind) in columns.items()
    ]


def _midnights(days: NDArray[np.int64]) -> list[datetime]:
    return [_DAY_ZERO + timedelta(days=day) for day in days.tolist()]


def _working_days(
    reading: Reading, rows: NDArray[np.intp], due: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.int64]:
    calendar = reading.law.calendar
    after, until = due.astype("datetime64[D]"), end.astype("datetime64[D]")
    try:
        return count_days(calendar, after, until)
    except CalendarNotCovered as error:
        first, last = np.datetime64(calendar.first, "D"), np.datetime64(calendar.last, "D")
        wrong = np.flatnonzero((after < first) | (until > last)).tolist()
        spelled = {int(rows[place]): f"{after[place]} to {until[place]}" for place in wrong}
        raise reading.intake.rows.refusal(
            spelled,
            lambda row: f"{reading.intake.codes[row]}: {spelled[row]}",
            what="Delays cannot be counted in working days",
            why=f"The days off are known from {calendar.first} to {calendar.last}.",
            fix="Pass calendar=WorkCalendar.vietnam(provisional=True), or an earlier as_of.",
        ) from error
