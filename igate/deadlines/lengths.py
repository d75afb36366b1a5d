"""How long time limits are beside each other: sums and the longest of several.

Used to hold the steps of a decision against its limit and to say which of several parts takes
longest, never to count a deadline. A working day has 8 working hours here, as the tables of Nghệ An
write out ("tính mỗi ngày 08 giờ làm việc"); for other decisions that is assumed.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from igate.deadlines.limits import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from igate.deadlines.limits import TimeLimit

__all__ = ["Length", "longest", "total"]

_HOURS: Final[Mapping[Unit, int]] = {Unit.WORKING_DAY: 8, Unit.WORKING_HOUR: 1}


class Length(NamedTuple):
    """An amount in one unit."""

    amount: Fraction
    unit: Unit


def total(limits: Iterable[TimeLimit]) -> Length | None:
    """Add limits up; ``None`` where their units do not add up.

    Working days are counted as working hours; without any part the total is 0 working hours.

    >>> from igate.deadlines.limits import TimeLimit
    >>> total([TimeLimit.parse("0.5 working_day"), TimeLimit.parse("3 working_hour")])
    Length(amount=Fraction(7, 1), unit=<Unit.WORKING_HOUR: 'working_hour'>)
    >>> total([TimeLimit.parse("1 day"), TimeLimit.parse("3 working_hour")])
    """
    parts = [part for limit in limits for part in limit.parts]
    units = {part.unit for part in parts}
    if units <= _HOURS.keys():
        hours = sum((part.length * _HOURS[part.unit] for part in parts), Fraction())
        return Length(hours, Unit.WORKING_HOUR)
    if len(units) == 1:
        return Length(sum((part.length for part in parts), Fraction()), units.pop())
    return None


def longest(limits: Sequence[TimeLimit]) -> TimeLimit | None:
    """Give the longest of limits; ``None`` where one is not stated or two cannot be compared.

    >>> from igate.deadlines.limits import TimeLimit
    >>> str(longest([TimeLimit.parse("12 working_hour"), TimeLimit.parse("1 working_day")]))
    '12 working_hour'
    """
    lengths = [total([limit]) for limit in limits if limit.stated]
    known = [length for length in lengths if length is not None]
    if len(known) < len(limits) or len({length.unit for length in known}) != 1:
        return None
    amounts = [length.amount for length in known]
    return limits[amounts.index(max(amounts))]
