"""Time limits as the law writes them."""

from __future__ import annotations

from datetime import time
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

from igate.deadlines.limits import NOT_STATED, Part, TimeLimit, Unit

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["time_limits"]

#: units of which half and quarter lengths are written
_DIVISIBLE: Final = (Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.HOUR)
_MONTHS: Final = 12
_SAME_DAY: Final = Part(length=Fraction(0), unit=Unit.WORKING_DAY)


def time_limits(
    *,
    units: Collection[Unit] = tuple(Unit),
    longest: int = 30,
    parts: int = 2,
    whole: bool = False,
    not_stated: bool = False,
) -> st.SearchStrategy[TimeLimit]:
    """Return limits: one part, two in a sum, half and quarter lengths, and the same day.

    They shrink to ``1 working_day``, or to the first of the units.

    Args:
        units: What is counted in.
        longest: The greatest length of a part, inclusive; of months at most twelve.
        parts: How many parts a sum has at most; 1: no sums.
        whole: Only whole lengths of one or more: no halves and quarters, and not the same day.
        not_stated: Also the limit that no source states, which has no deadline.
    """
    given = [unit for unit in Unit if unit in units]
    part = st.one_of([_parts(unit, longest, whole=whole) for unit in given])
    sums = [st.tuples(*[part] * count) for count in range(2, parts + 1)]
    # not as a sum of one: the smallest example is the one with the fewest choices
    kinds = [part.map(lambda each: TimeLimit(parts=(each,)))]
    kinds += [each.map(lambda found: TimeLimit(parts=found)) for each in sums]
    if Unit.WORKING_DAY in given and not whole:
        kinds.append(_same_day())
    if not_stated:
        kinds.append(st.just(NOT_STATED))
    return st.one_of(kinds)


def _parts(unit: Unit, longest: int, *, whole: bool) -> st.SearchStrategy[Part]:
    most = min(longest, _MONTHS) if unit is Unit.MONTH else longest
    lengths = st.integers(1, most).map(Fraction)
    if unit in _DIVISIBLE and not whole:
        lengths |= st.sampled_from([Fraction(1, 2), Fraction(1, 4), Fraction(3, 2)])
    return lengths.map(lambda length: Part(length=length, unit=unit))


def _same_day() -> st.SearchStrategy[TimeLimit]:
    """Return the limits of the same day, with the hour after which it is the next one."""
    hours = st.sampled_from([None, time(15), time(16)])
    return hours.map(lambda hour: TimeLimit(parts=(_SAME_DAY,), same_day_until=hour))
