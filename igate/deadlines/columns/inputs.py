"""Columns of moments, of names and of lengths: what is taken, and what is refused with its row.

Moments are kept in minutes where no column is finer, else in microseconds, so that 15:00:30 lies
after a cut-off at 15:00. A time zone is refused: such a column holds UTC, which near midnight has
another date than Vietnam.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from igate.calendar.columns import Column, Datetimes, Ints, numbers_of
from igate.deadlines.columns.counters import UNITS, Flags, Lengths
from igate.deadlines.columns.office import LONGEST
from igate.deadlines.limits import Unit
from igate.errors import FrameError, MomentError, TimeLimitError
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["COARSE", "FINE", "NEVER", "Moments", "codes_of", "lengths_of", "spread"]

#: ticks of a minute where every column is in minutes or coarser
COARSE: Final = 1
#: ticks of a minute where a column is finer: microseconds
FINE: Final = 60_000_000
#: later than every tick
NEVER: Final = np.iinfo(np.int64).max

_WHOLE_DAYS: Final = frozenset({"Y", "M", "W", "D"})
_MINUTES: Final = frozenset({"h", "m"})
#: no limit is cut finer; keeps sums within int64
_FINEST: Final = 1_000_000
_NOT_STATED: Final = "not_stated"
#: codes of the units that have no parts and no zero
_DAYS: Final = (UNITS.index(Unit.DAY), UNITS.index(Unit.MONTH))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moments:
    """A column of moments in Vietnamese time without a zone."""

    #: datetime64[m] or datetime64[us]
    values: Datetimes
    #: the column holds days, each standing for its midnight
    days: bool
    #: a value may be NaT
    open_ended: bool = False

    @classmethod
    def read(cls, values: Column, what: str, *, open_ended: bool = False) -> Moments:
        """Take a column of NumPy, Arrow, Polars or pandas.

        Args:
            values: The column.
            what: How the message names a value of it.
            open_ended: Whether NaT is a value.

        Raises:
            MomentError: The column has a time zone, holds something else, or lacks a value.
            FrameError: It is not one column.
        """
        kind = getattr(values, "dtype", None) or getattr(values, "type", None)
        zone = getattr(kind, "tz", None) or getattr(kind, "time_zone", None)
        if zone is not None:
            raise MomentError(
                say("The {what} is in the time zone {zone}.", what=what, zone=zone),
                why=say(
                    "Its numbers are UTC, and near midnight UTC has another date than Vietnam."
                ),
                fix=say("Convert the column to Asia/Ho_Chi_Minh and drop the zone."),
            )
        array = np.asarray(values)
        if array.dtype.kind != "M":
            raise MomentError(
                say(
                    "The {what} is of type {dtype}, which is no moment.",
                    what=what,
                    dtype=array.dtype,
                ),
                why=say(
                    "A column of datetime64 is wanted; text and Python objects are not guessed at."
                ),
                fix=say('Convert it, for example with numpy.asarray(values, "datetime64[m]").'),
            )
        if array.ndim != 1:
            raise FrameError(
                say(
                    "The {what} has {ndim} dimensions; one column is wanted.",
                    what=what,
                    ndim=array.ndim,
                )
            )
        if not open_ended and np.isnat(array).any():
            raise MomentError(
                say(
                    "The {what} at position {argmax} is missing (NaT).",
                    what=what,
                    argmax=int(np.argmax(np.isnat(array))),
                ),
                why=say("Nothing can be counted from a moment that is not known."),
                fix=say("Leave the row out before."),
            )
        unit = np.datetime_data(array.dtype)[0]
        coarse = unit in _WHOLE_DAYS or unit in _MINUTES
        finest = "datetime64[m]" if coarse else "datetime64[us]"
        return cls(
            values=array.astype(finest, copy=False),
            days=unit in _WHOLE_DAYS,
            open_ended=open_ended,
        )

    def __len__(self) -> int:
        return len(self.values)

    @property
    def fine(self) -> bool:
        """Whether the column knows more than minutes."""
        return self.values.dtype == np.dtype("datetime64[us]")

    def ticks(self, size: int) -> Ints:
        """Number the moments from 1970-01-01T00:00, in so many parts of a minute; NaT is never."""
        unit = "datetime64[m]" if size == COARSE else "datetime64[us]"
        numbers: Ints = self.values.astype(unit, copy=False).view(np.int64)
        return np.where(np.isnat(self.values), NEVER, numbers) if self.open_ended else numbers


def spread(values: Ints, size: int, what: str) -> Ints:
    """Return one number for each row, where one stands for all.

    Raises:
        FrameError: There are neither as many as rows nor one.
    """
    if values.shape not in {(size,), ()}:
        raise FrameError(
            say(
                "The column {what} has {size} values for {size_2} rows.",
                what=what,
                size=values.size,
                size_2=size,
            ),
            fix=say("Give one for each row, or a single one for all."),
        )
    return np.broadcast_to(values, (size,))


def codes_of(values: Column, names: Sequence[str]) -> Ints:
    """Number names by their place in a list; -1 for a name that is not in it.

    Args:
        values: A name, a column of names, or a column of numbers that are taken as they are.
        names: The names.
    """
    array: NDArray[Any] = np.asarray(values)
    if array.dtype.kind in "iu":
        return array.astype(np.int64, copy=False)
    codes = np.full(array.shape, -1, np.int64)
    for code, name in enumerate(names):
        codes[np.asarray(array == name)] = code
    return codes


def lengths_of(length: Column, denominator: Column, unit: Column, size: int) -> Lengths:
    """Read the limits of so many rows; those that are not stated have the unit -1.

    Raises:
        TimeLimitError: A unit is not known, or a length cannot be counted; the row is named.
        FrameError: Columns differ in length, or numbers are not whole.
    """
    names = [*(unit.value for unit in UNITS), _NOT_STATED]
    codes = codes_of(unit, names)
    stated, days = codes < len(UNITS), np.isin(codes, _DAYS)
    number, parts = numbers_of(length), numbers_of(denominator)
    if not stated.all():
        number, parts = np.where(stated, number, 1), np.where(stated, parts, 1)
    lengths = Lengths(
        number=spread(number, size, "length"),
        denominator=spread(parts, size, "denominator"),
        unit=spread(np.where(codes == len(UNITS), -1, codes), size, "unit"),
    )
    _refuse_units(unit, codes)
    wrong = (parts < 1) | (parts > _FINEST)
    _refuse(lengths, wrong, say("A denominator lies between 1 and {finest}.", finest=_FINEST))
    if number.size and parts.size and (number.min() < 1 or number.max() > LONGEST * parts.min()):
        wrong = (number < 0) | (number > LONGEST * parts)
        _refuse(lengths, wrong, say("igate counts lengths from 0 to {longest}.", longest=LONGEST))
        _refuse(
            lengths, days & (number == 0), say("The day of receipt does not count: none is left.")
        )
    if (parts != 1).any():
        wrong = number % parts.clip(1) != 0
        _refuse(
            lengths, wrong & days, say("A day and a month have no parts that the law would count.")
        )
    return lengths


def _refuse_units(unit: Column, codes: Ints) -> None:
    unknown = (codes < 0) | (codes > len(UNITS))
    if unknown.any():
        row = int(np.argmax(unknown))
        found = np.asarray(unit).reshape(-1)[row]
        raise TimeLimitError(
            say("Row {row}: there is no unit {found!r}.", row=row, found=str(found)),
            fix=say(
                "The units are {units}, and {not_stated}.",
                units=", ".join(unit.value for unit in UNITS),
                not_stated=_NOT_STATED,
            ),
        )


def _refuse(lengths: Lengths, wrong: Flags, why: str) -> None:
    if wrong.any():
        row = int(np.argmax(wrong))
        raise TimeLimitError(
            say(
                "Row {row}: a limit of {lengths} cannot be counted.",
                row=row,
                lengths=lengths.text(row),
            ),
            why=why,
        )
