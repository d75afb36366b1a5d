"""The first day of Tết (lunar 1/1) and Hùng Kings' Day (lunar 10/3), 2000 to 2050.

A fixed table of facts, for the meridian of Vietnam (UTC+7): two independent algorithms agree on
every line, and no new moon involved lies nearer to midnight than 17 minutes, while the algorithms
err by about 2. The Chinese calendar (UTC+8) has other days for Tết in 2007 and 2030 and for Hùng
Kings' Day in 2009, 2037 and 2038.

>>> tet(2007).isoformat(), hung_kings(2009).isoformat()
('2007-02-17', '2009-04-04')
"""

from __future__ import annotations

from datetime import date
from typing import Final

from igate.errors import CalendarNotCovered
from igate.words.sentence import say

__all__ = ["hung_kings", "tet"]

_FIRST_YEAR: Final = 2000

#: month and day (205 = 5 February) of lunar 1/1, then of lunar 10/3; a year a pair
_TABLE: Final = (
    (205, 414), (124, 403), (212, 422), (201, 411), (122, 428), (209, 418),
    (129, 407), (217, 426), (207, 415), (126, 404), (214, 423), (203, 412),
    (123, 331), (210, 419), (131, 409), (219, 428), (208, 416), (128, 406),
    (216, 425), (205, 414), (125, 402), (212, 421), (201, 410), (122, 429),
    (210, 418), (129, 407), (217, 426), (206, 416), (126, 404), (213, 423),
    (202, 412), (123, 401), (211, 419), (131, 409), (219, 428), (208, 417),
    (128, 406), (215, 424), (204, 413), (124, 403), (212, 420), (201, 410),
    (122, 429), (210, 419), (130, 407), (217, 426), (206, 415), (126, 404),
    (214, 422), (202, 411), (123, 401),
)  # fmt: skip


def tet(year: int) -> date:
    """Return the first day of the lunar year (mùng một Tết).

    Raises:
        CalendarNotCovered: The year is outside 2000-2050.

    >>> tet(2026)
    datetime.date(2026, 2, 17)
    """
    return _lookup(year, 0)


def hung_kings(year: int) -> date:
    """Return Hùng Kings' Commemoration Day (10/3 of the lunar year).

    Raises:
        CalendarNotCovered: The year is outside 2000-2050.

    >>> hung_kings(2026)
    datetime.date(2026, 4, 26)
    """
    return _lookup(year, 1)


def _lookup(year: int, column: int) -> date:
    row = year - _FIRST_YEAR
    if not 0 <= row < len(_TABLE):
        raise CalendarNotCovered(
            say("The lunar table has no year {year}.", year=year),
            why=say(
                "It covers {first_year} to {first_year_2}.",
                first_year=_FIRST_YEAR,
                first_year_2=_FIRST_YEAR + len(_TABLE) - 1,
            ),
        )
    month, day = divmod(_TABLE[row][column], 100)
    return date(year, month, day)
