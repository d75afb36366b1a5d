"""Reading the cells of a column of dates: moments become integers, each different one once.

A moment is turned into Vietnamese time before its date is taken; one with a zone is converted,
one without is declared to be Vietnamese time already, because the systems that print such tables
run in Vietnam. A date without an hour is its midnight. Dates are read in ISO 8601
(``2026-03-05``): ``05/03/2026`` is the fifth of March in Vietnam and the third of May elsewhere, so
it is read only where somebody has said that the day comes first.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import numpy as np

from igate.errors import FrameError
from igate.law.localtime import EPOCH, MINUTES_PER_DAY, VIETNAM, epoch_minute, local
from igate.metrics.numbering import encode
from igate.metrics.stamps import from_texts
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from igate.metrics.refusal import Rows
    from igate.metrics.spelling import DateForm, Spelling

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
#: A day as Vietnamese systems print it, and an hour before or after it.
_DAY = r"(?P<day>\d{1,2})(?P<sign>[/.-])(?P<month>\d{1,2})(?P=sign)(?P<year>\d{4}|\d\d)"
_HOUR = (
    r"(?P<hour>\d{1,2})[:h](?P<minute>\d\d)(?::\d\d(?:\.\d+)?)?"
    r"(?:\s*(?P<half>SA|CH|AM|PM|sáng|chiều))?"
)
_DAY_FIRST = (
    re.compile(rf"{_DAY}(?:[ T]+{_HOUR})?", re.IGNORECASE),
    re.compile(rf"{_HOUR}\s+{_DAY}", re.IGNORECASE),
)
_AFTERNOON = frozenset({"ch", "pm", "chiều"})
_NOON = 12
_CENTURY = 2000
#: Serial numbers of spreadsheets: days since 1899-12-30; those up to 60 are off by one there.
_SERIAL = re.compile(r"\d{2,7}(?:[.,]\d+)?")
_SERIAL_ZERO = EPOCH - date(1899, 12, 30).toordinal()
_SERIALS = (61, 2_958_465)
#: An offset, or Z, after the hour.
_ZONED = re.compile(r":\d\d[:.,\d]*\s*(?:Z|[+-]\d\d(?::?\d\d){0,2})\s*$", re.IGNORECASE)
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
    def stamps(self) -> NDArray[np.datetime64]:
        """The moments as datetime64[us] without a zone, NaT where there is none."""
        found = self.minutes.astype("datetime64[m]").astype("datetime64[us]")
        found[~self.present] = np.datetime64("NaT")
        return found

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


def minute_of(value: object, *, form: DateForm = "iso") -> int | None:
    """Read one cell as minutes since 1970-01-01 00:00 in Vietnamese time.

    Args:
        value: A date, a datetime or a text.
        form: How a text may be written besides ISO 8601.

    Returns:
        The minutes, or ``None`` for an empty text.

    Raises:
        ValueError: The cell is no date and no moment.

    >>> minute_of("1970-01-02T00:05"), minute_of("2026-08-20T17:30+00:00"), minute_of(" ")
    (1445, 29787870, None)
    >>> minute_of("02/01/1970 00:05", form="day_first")
    1445
    >>> minute_of("3:15 CH 02-01-70", form="day_first_yy") == minute_of("2070-01-02T15:15")
    True
    """
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", value).strip()
        if not text:
            return None
        written = None if form == "iso" else _written(text, form)
        if written is not None:
            return written
        if text[4:5] != "-" or text[7:8] != "-":
            raise ValueError(text)
        value = datetime.fromisoformat(text)
    if isinstance(value, datetime):
        here = value if value.tzinfo is None else local(value)
        return epoch_minute(here)
    if isinstance(value, date):
        return (value.toordinal() - EPOCH) * MINUTES_PER_DAY
    raise ValueError(value)


def _written(text: str, form: DateForm) -> int | None:
    """Read a text that is not in ISO 8601; ``None`` where it is not of the form."""
    if form == "excel":
        if _SERIAL.fullmatch(text) is None:
            return None
        serial = float(text.replace(",", "."))
        if not _SERIALS[0] <= serial < _SERIALS[1] + 1:
            raise ValueError(text)
        return round((serial - _SERIAL_ZERO) * MINUTES_PER_DAY)
    found = next((match for each in _DAY_FIRST if (match := each.fullmatch(text))), None)
    if found is None or (len(found["year"]) == len("26") and form != "day_first_yy"):
        return None
    year = int(found["year"])
    day = date(year if year > 99 else _CENTURY + year, int(found["month"]), int(found["day"]))  # noqa: PLR2004 - two digits
    hour = _hour(int(found["hour"] or 0), (found["half"] or "").lower())
    moment = datetime.combine(day, time(hour, int(found["minute"] or 0)))
    return epoch_minute(moment)


def _hour(hour: int, half: str) -> int:
    """Return the hour of the day from that of a half: SA (AM) until noon, CH (PM) from noon."""
    if not half:
        return hour
    if not 1 <= hour <= _NOON:
        raise ValueError(hour)
    return hour % _NOON + (_NOON if half in _AFTERNOON else 0)


def read_moments(
    series: nw.Series[Any], name: str, rows: Rows, spelling: Spelling, ours: str
) -> Moments:
    """Read a column of dates or moments.

    Args:
        series: Of type date, datetime (with or without a zone) or text; of numbers, where they
            are declared to be serial numbers of a spreadsheet.
        name: What the column is called in the table, for messages.
        rows: What its rows are called in messages.
        spelling: How the table writes dates.
        ours: igate's name of the column.

    Raises:
        FrameError: A cell is no date, or the whole column is of another type.
    """
    absent = series.is_null().to_numpy().astype(bool)
    kind = series.dtype
    if absent.all():
        return Moments(minutes=np.zeros(len(series), dtype=np.int64), present=~absent)
    if isinstance(kind, nw.Date | nw.Datetime):
        return _typed(series, absent, spelling)
    serials = spelling.form(ours) == "excel" and kind.is_numeric()
    if (kind.is_numeric() and not serials) or isinstance(kind, nw.Boolean):
        raise FrameError(
            say("The column {name!r} holds {kind}, not dates.", name=name, kind=kind),
            where=rows.source or None,
            why=say("A number does not say from which day it counts."),
            fix=say(
                "Give the column as dates, as datetimes, or as text such as 2026-03-05; if "
                "it holds serial numbers of a spreadsheet, say so: dates={{{ours!r}: "
                "'excel'}}.",
                ours=ours,
            ),
        )
    values, of = encode(series)
    texts = [repr(value) for value in values] if serials else values
    minutes, present, wrong = read_cells(texts, spelling.form(ours), spelling)
    if wrong.any():
        # the last one stands for rows without a value, whose number is -1
        faults = np.flatnonzero(np.append(wrong, False)[of])
        cells: dict[int, object] = {row: values[of[row]] for row in faults.tolist()}
        raise unreadable_dates(cells, name, rows, ours, spelling.form(ours))
    return Moments(minutes=np.append(minutes, 0)[of], present=np.append(present, False)[of])


def _typed(series: nw.Series[Any], absent: NDArray[np.bool_], spelling: Spelling) -> Moments:
    kind = series.dtype
    whole_days = isinstance(kind, nw.Date)
    if whole_days:
        series = series.cast(nw.Datetime("ms"))
    stamps = series.dt.timestamp("ms").fill_null(0).to_numpy().astype(np.int64)
    minutes = stamps // _MS_PER_MINUTE
    if getattr(kind, "time_zone", None) is not None:
        minutes = minutes + _MINUTES_AHEAD_OF_UTC
    elif not whole_days:
        minutes = spelling.to_vietnam(minutes)
    return Moments(minutes=np.where(absent, 0, minutes), present=~absent)


def read_cells(
    values: Sequence[object], form: DateForm, spelling: Spelling
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
            read = minute_of(values[place], form=form)
        except (ValueError, OverflowError):
            wrong[place] = True
            continue
        if read is not None:
            minutes[place], present[place] = read, True
    if spelling.zone is not None:
        written = np.array([_without_zone(value) for value in values], dtype=bool) & present
        minutes[written] = spelling.to_vietnam(minutes[written])
    return minutes, present, wrong


def _without_zone(value: object) -> bool:
    """Return whether a cell holds a moment, not a day, that does not say its zone."""
    if isinstance(value, datetime):
        return value.tzinfo is None
    if not isinstance(value, str):
        return False
    if ":" in value:
        return _ZONED.search(value) is None
    # a serial number with a fraction
    return _SERIAL.fullmatch(value.strip()) is not None and ("." in value or "," in value)


def legible(texts: Sequence[str | None], ours: str, spelling: Spelling) -> list[str | None]:
    """Return cells in ISO 8601 and Vietnamese time where they are read, else as they are."""
    minutes, present, _ = read_cells(texts, spelling.form(ours), spelling)
    written = np.datetime_as_string(minutes.astype("datetime64[m]"))
    return [
        str(moment) if read else text
        for text, moment, read in zip(texts, written, present, strict=True)
    ]


def unreadable_dates(
    wrong: Mapping[int, object], name: str, rows: Rows, ours: str, form: DateForm
) -> FrameError:
    """Return the error about cells, by position of the row, that are no dates."""
    if form != "iso":
        return rows.refusal(
            wrong,
            lambda row: say("{shorten} in {name!r}", shorten=_shorten(wrong[row]), name=name),
            what=say("Dates cannot be read"),
            why=say("The column is declared as {form}.", form=form),
            fix=say(
                "Correct these cells, or leave them empty where there is no date; --rejects FILE, "
                "or metrics.set_aside in Python, counts without their rows."
            ),
        )
    return rows.refusal(
        wrong,
        lambda row: say("{shorten} in {name!r}", shorten=_shorten(wrong[row]), name=name),
        what=say("Dates cannot be read"),
        why=say("Dates are read in ISO 8601, so that day and month cannot be confused."),
        fix=say(
            "Write 2026-03-05 or 2026-03-05T09:00; if in the whole file the day comes "
            "first (05/03/2026), say so: --dates day-first, or dates='day_first' in "
            "Python; if in this column alone, dates={{{ours!r}: 'day_first'}}. There are "
            "day_first_yy (05/03/26) and excel, too.",
            ours=ours,
        ),
    )


def _shorten(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
