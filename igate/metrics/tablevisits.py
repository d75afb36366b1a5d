"""The dossiers of a table as visits to one queue each, for ``staffing``.

A table of dossiers says when each came and was finished and not who had it in between, so that its
agency, or whatever column is named, is one queue.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from igate.law.localtime import EPOCH, MINUTES_PER_DAY, moment_of
from igate.metrics.asked import frame_of, reading_of
from igate.metrics.definitions import definition as find_definition

if TYPE_CHECKING:
    from narwhals.stable.v2.typing import IntoFrame

    from igate.calendar import WorkCalendar
    from igate.metrics.asked import Given
    from igate.metrics.definitions import Definition
    from igate.metrics.spans import Spans

__all__ = ["table_visits"]

_TICKS_PER_MINUTE = 60_000_000
_FIRST = EPOCH * MINUTES_PER_DAY


def table_visits(
    frame: IntoFrame,
    *,
    by: str = "agency",
    definition: str | Definition = "form_06a",
    as_of: date,
    **given: Unpack[Given],
) -> dict[str, list[Any]]:
    """Return each dossier of a table as one visit, as known at the end of a day.

    Args:
        frame: As for ``settlement``.
        by: The column that names the queue.
        definition: Which due date is meant.
        as_of: The day, inclusive; a dossier that is open then has no end.
        **given: How the table is read, each as for ``settlement`` and each optional: ``calendar``,
            ``rules``, ``columns``, ``catalog``, ``source``, ``dates``, ``values``, ``zone``.

    Returns:
        Lists of equal length: ``code``, the column of ``by``, ``entered`` and ``left`` (moments;
        ``None`` while it is open), ``minutes`` (of office time, suspensions taken off) and ``due``
        (a date or ``None``). A receipt or finish without an hour is at midnight, so a table of
        dates alone has whole days, the last one left out.

    Raises:
        FrameError: A column is missing or a row cannot be read; the message names it.
        CalendarNotCovered: A moment lies outside the calendar.
        IgateError: There is no such definition.
    """
    reading = reading_of(frame, by, None, as_of, given)
    placed = reading.placed(find_definition(definition))
    rows = np.flatnonzero(placed.member)
    named = frame_of(reading, rows, {})
    end = (as_of.toordinal() + 1 - EPOCH) * MINUTES_PER_DAY
    intake, calendar = reading.intake, reading.law.calendar
    entered = intake.received.minutes[rows].tolist()
    solved = placed.solved[rows].tolist()
    ends = np.where(placed.solved[rows], intake.finished.minutes[rows], end).tolist()
    spans = intake.spans()
    return {
        "code": named["code"].to_list(),
        by: named[by].to_list(),
        "entered": [moment_of(_FIRST + minute) for minute in entered],
        "left": [
            moment_of(_FIRST + until) if is_solved else None
            for until, is_solved in zip(ends, solved, strict=True)
        ],
        "minutes": [
            _minutes(calendar, since, until, spans, row)
            for row, since, until in zip(rows.tolist(), entered, ends, strict=True)
        ],
        "due": [
            date.fromordinal(day + EPOCH) if is_present else None
            for day, is_present in zip(
                placed.due.days[rows].tolist(), placed.due.present[rows], strict=True
            )
        ],
    }


def _minutes(calendar: WorkCalendar, entered: int, end: int, spans: Spans, row: int) -> int:
    """Count the office time from one minute to another in which nothing was waited for."""
    first, last = np.searchsorted(spans.row, [row, row + 1]).tolist()
    counted, since = 0, entered
    for place in range(first, last):
        begins = min(int(spans.since[place]) // _TICKS_PER_MINUTE, end)
        if begins > since:
            counted += calendar.worked(_FIRST + begins) - calendar.worked(_FIRST + since)
        since = max(since, min(int(spans.until[place]) // _TICKS_PER_MINUTE, end))
    return counted + calendar.worked(_FIRST + end) - calendar.worked(_FIRST + since)
