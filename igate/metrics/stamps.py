"""Moments written as ``2026-03-05``, ``2026-03-05T09:00`` or ``2026-03-05T09:00:30``, many at once.

Only these three forms are read, by the digits at their places; what is written in another way, or
is no date at all, is left to the reader of one moment, whose answers are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from igate.law.localtime import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["DAY", "MINUTE", "SECOND", "from_characters", "from_texts"]

#: How many characters the three forms have.
DAY: Final = len("2026-03-05")
MINUTE: Final = len("2026-03-05T09:00")
SECOND: Final = len("2026-03-05T09:00:30")
_ZERO = ord("0")
#: What stands between the digits, by place.
_BETWEEN = {4: "-", 7: "-", 10: "T ", 13: ":", 16: ":"}
#: Texts worked on at a time.
_BLOCK = 65_536
_FIRST_YEAR = 1000


def from_texts(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Read moments.

    Returns:
        Seconds since 1970-01-01 00:00 as written (int64), and which of the texts were read.

    >>> seconds, known = from_texts(["1970-01-02T00:01", "2026-02-30", "05/03/2026"])
    >>> seconds.tolist(), known.tolist()
    ([86460, 0, 0], [True, False, False])
    """
    seconds, known = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=bool)
    for begin in range(0, len(texts), _BLOCK):
        some = texts[begin : begin + _BLOCK]
        lengths = np.fromiter(map(len, some), dtype=np.int64, count=len(some))
        characters = np.array(some, dtype=f"U{SECOND}").view(np.uint32).reshape(-1, SECOND)
        for length in (DAY, MINUTE, SECOND):
            own = np.flatnonzero(lengths == length)
            if len(own):
                read, right = from_characters(characters[own, :length])
                seconds[begin + own], known[begin + own] = read, right
    return seconds, known


def from_characters(
    characters: NDArray[Any],
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Read moments of one form, a row of character codes each.

    Returns:
        As ``from_texts``.
    """
    length = characters.shape[1]
    digits = [place for place in range(length) if place not in _BETWEEN]
    values = characters.astype(np.int64) - _ZERO
    known = ((values[:, digits] >= 0) & (values[:, digits] <= 9)).all(axis=1)  # noqa: PLR2004 - digits
    for place, allowed in _BETWEEN.items():
        if place < length:
            known &= np.isin(characters[:, place], [ord(each) for each in allowed])

    def number(*places: int) -> NDArray[np.int64]:
        total = np.zeros(len(values), dtype=np.int64)
        for place in places:
            total = total * 10 + values[:, place]
        return total

    year, month, day = number(0, 1, 2, 3), number(5, 6), number(8, 9)
    known &= (year >= _FIRST_YEAR) & (month >= 1) & (month <= 12)  # noqa: PLR2004 - months
    months = np.where(known, (year - 1970) * 12 + month - 1, 0)
    begins = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    ends = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    known &= (day >= 1) & (day <= ends - begins)
    seconds = (begins + day - 1) * MINUTES_PER_DAY * 60
    for places, limit, size in (((11, 12), 24, 3600), ((14, 15), 60, 60), ((17, 18), 60, 1)):
        if places[-1] < length:
            part = number(*places)
            known &= part < limit
            seconds += part * size
    return np.where(known, seconds, 0), known
