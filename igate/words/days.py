"""How a day or moment is written in a Vietnamese sentence: 17/02/2026, not 2026-02-17.

The English of a message keeps the form of ISO 8601, which files and commands take. A Vietnamese one
that shows what is to be pasted into a file says so by ``{day!s}``: the value is then as in English.
"""

from __future__ import annotations

from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["VietnameseDay"]

_SPELLED: Final[Mapping[str, str]] = MappingProxyType(
    {"%Y-%m-%d": "%d/%m/%Y", "%Y-%m-%d %H:%M": "%H:%M ngày %d/%m/%Y"}
)


class VietnameseDay:
    """A day or moment that is formatted in the Vietnamese manner; as ``str`` it is Python's.

    >>> day = VietnameseDay(date(2026, 2, 17))
    >>> f"{day}", f"{day:%Y-%m-%d}", f"{day!s}"
    ('17/02/2026', '17/02/2026', '2026-02-17')
    >>> f"{VietnameseDay(datetime(2026, 2, 17, 8, 30)):%Y-%m-%d %H:%M}"
    '08:30 ngày 17/02/2026'
    """

    __slots__ = ("_value",)

    def __init__(self, value: date) -> None:
        """Take the day, or the moment."""
        self._value = value

    def __str__(self) -> str:
        return str(self._value)

    def __repr__(self) -> str:
        return repr(self._value)

    def __format__(self, spec: str) -> str:
        """Write it by a format of :meth:`~datetime.date.strftime`, day before month."""
        if not spec and not isinstance(self._value, datetime):
            spec = "%Y-%m-%d"
        return format(self._value, _SPELLED.get(spec, spec))
