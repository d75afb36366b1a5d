"""Reading the cells of a column of dates: moments become integers, each different one once.

A moment is turned into Vietnamese time before its date is taken; one with a zone is converted,
one without is declared to be Vietnamese time already, because the systems that print such tables
run in Vietnam. A date without an hour is its midnight. Dates are read in ISO 8601
(``2026-03-05``): ``05/03/2026`` is the fifth of March in Vietnam and the third of May elsewhere, so
it is read only where somebody has said that the day comes first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import numpy as np

from igate.errors import FrameError
from igate.law.localtime import EPOCH, MINUTES_PER_DAY, VIETNAM, epoch_minute, local
from igate.metrics.numbering import encode
from igate.metrics.stamps import from_texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from igate.metrics.refusal import Rows

__all__ = [
    "Moments",
    "minute_of",
    "read_cells",
    "read_moments",
    "to_the_end_of_day",
    "unreadable_dates",
]

_MINUTES_AHEAD_OF_UTC = 7 * 60
_MS_PER_MINUTE = 60_000
#: A day as Vietnamese systems print it, with or without an hour.
_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})"
    r"(?:[ T]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d)?)?"
)
#: Characters of a wrong cell that a message quotes.
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """A column of moments as integers; what ``minutes`` holds where none is present is 0."""

    #: int64, minutes since 1970-01-01 00:00 in Vietnamese time
    minutes: NDArray[np.int64]
    #: bool, whether the row has a moment
    present: NDArray[np.bool_]

    @property
    def days(self) -> NDArray[np.int64]:
        """Days since 1970-01-01, int64."""
        return self.minutes // MINUTES_PER_DAY

    @property
    def whole_days(self) -> NDArray[np.int64]:
        """The minutes, a date without an hour taken for the whole day, int64."""
        return to_the_end_of_day(self.minutes)

    def moment(self, row: int) -> datetime:
        """Return the moment of a row in Vietnamese time."""
        day, minute = divmod(int(self.minutes[row]), MINUTES_PER_DAY)
        midnight = datetime.fromordinal(EPOCH + day)
        return midnight.replace(hour=minute // 60, minute=minute % 60, tzinfo=VIETNAM)

    def day(self, row: int) -> date:
        """Return the date of a row."""
        return date.fromordinal(EPOCH + int(self.minutes[row]) // MINUTES_PER_DAY)

    def where(self, rows: NDArray[np.bool_]) -> Moments:
        """Keep some of the rows."""
        if rows.all():
            return self
        return Moments(minutes=self.minutes[rows], present=self.present[rows])


def to_the_end_of_day(minutes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Take a date without an hour, which is written as its midnight, for the whole day."""
    return minutes + np.where(minutes % MINUTES_PER_DAY == 0, MINUTES_PER_DAY - 1, 0)


def minute_of(value: object, *, day_first: bool = False) -> int | None:
    """Read one cell as minutes since 1970-01-01 00:00 in Vietnamese time.

    Args:
        value: A date, a datetime or a text.
        day_first: A text may also be day/month/year, with or without hour:minute.

    Returns:
        The minutes, or ``None`` for an empty text.

    Raises:
        ValueError: The cell is no date and no moment.

    >>> minute_of("1970-01-02T00:05"), minute_of("2026-08-20T17:30+00:00"), minute_of(" ")
    (1445, 29787870, None)
    >>> minute_of("02/01/1970 00:05", day_first=True)
    1445
    """
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        found = _DAY_FIRST.fullmatch(text) if day_first else None
        if found is not None:
            day = date(int(found["year"]), int(found["month"]), int(found["day"]))
            hour = time(int(found["hour"] or 0), int(found["minute"] or 0))
            return minute_of(datetime.combine(day, hour))
        if text[4:5] != "-" or text[7:8] != "-":
            raise ValueError(text)
        value = datetime.fromisoformat(text)
    if isinstance(value, datetime):
        here = value if value.tzinfo is None else local(value)
        return epoch_minute(here)
    if isinstance(value, date):
        return (value.toordinal() - EPOCH) * MINUTES_PER_DAY
    raise ValueError(value)


def read_moments(series: nw.Series[Any], name: str, rows: Rows) -> Moments:
    """Read a column of dates or moments.

    Args:
        series: Of type date, datetime (with or without a zone) or text in ISO 8601.
        name: What the column is called in the table, for messages.
        rows: What its rows are called in messages.

    Raises:
        FrameError: A cell is no date, or the whole column is of another type.
    """
    absent = series.is_null().to_numpy().astype(bool)
    kind = series.dtype
    if absent.all():
        return Moments(minutes=np.zeros(len(series), dtype=np.int64), present=~absent)
    if isinstance(kind, nw.Date):
        series, kind = series.cast(nw.Datetime("ms")), nw.Datetime("ms")
    if isinstance(kind, nw.Datetime):
        stamps = series.dt.timestamp("ms").fill_null(0).to_numpy().astype(np.int64)
        ahead = 0 if kind.time_zone is None else _MINUTES_AHEAD_OF_UTC
        minutes = np.where(absent, 0, stamps // _MS_PER_MINUTE + ahead)
        return Moments(minutes=minutes, present=~absent)
    if kind.is_numeric() or isinstance(kind, nw.Boolean):
        raise FrameError(
            f"The column {name!r} holds {kind}, not dates.",
            where=rows.source or None,
            why="A number does not say from which day it counts.",
            fix="Give the column as dates, as datetimes, or as text such as 2026-03-05.",
        )
    return _parse(series, name, rows)


def _parse(series: nw.Series[Any], name: str, rows: Rows) -> Moments:
    """Read each different cell once; which rows are wrong is asked only when one is."""
    values, of = encode(series)
    minutes, present, wrong = read_cells(values)
    if wrong.any():
        faults = np.flatnonzero(np.append(wrong, False)[of])
        cells: dict[int, object] = {row: values[of[row]] for row in faults.tolist()}
        raise unreadable_dates(cells, name, rows)
    # the last one stands for rows without a value, whose number is -1
    return Moments(minutes=np.append(minutes, 0)[of], present=np.append(present, False)[of])


def read_cells(
    values: Sequence[object], *, day_first: bool = False
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Read many different cells as ``minute_of`` reads one.

    Returns:
        The minutes (int64, 0 where there are none), which cells hold a moment, and which hold
        something that is none.
    """
    texts = [value if isinstance(value, str) else "" for value in values]
    seconds, present = from_texts(texts)
    minutes, wrong = seconds // 60, np.zeros(len(values), dtype=bool)
    for place in np.flatnonzero(~present).tolist():
        try:
            read = minute_of(values[place], day_first=day_first)
        except (ValueError, OverflowError):
            wrong[place] = True
            continue
        if read is not None:
            minutes[place], present[place] = read, True
    return minutes, present, wrong


def unreadable_dates(wrong: Mapping[int, object], name: str, rows: Rows) -> FrameError:
    """Return the error about cells, by position of the row, that are no dates."""
    return rows.refusal(
        wrong,
        lambda row: f"{_shorten(wrong[row])} in {name!r}",
        what="Dates cannot be read",
        why="Dates are read in ISO 8601, so that day and month cannot be confused.",
        fix="Write 2026-03-05 or 2026-03-05T09:00; if in the whole file the day comes first "
        "(05/03/2026), say so: --dates day-first, or dates='day_first' in Python.",
    )


def _shorten(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
