"""Reading rows so that a broken one hides no other.

What somebody wrote into a row by hand may be no row any more. A list leaves it out and says so in
the log ``igate.office``; who asks for that very dossier is refused with its code. What is broken is
found and named by ``igate journal verify``.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final, TypeVar

from igate.errors import DamagedRecord, IgateError
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["BROKEN", "read_all", "readable", "unreadable"]

T = TypeVar("T")

_LOG = logging.getLogger("igate.office")
#: what reading values of a wrong kind may raise
BROKEN: Final = (
    IgateError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, OSError,
    RecursionError,
)  # fmt: skip


def readable(
    rows: Iterable[tuple[Any, ...]], read: Callable[[tuple[Any, ...]], T], *, code: int = 0
) -> Iterator[T]:
    """Yield what can be read, and log the rest.

    Args:
        rows: Rows of a query.
        read: Makes a value of one.
        code: Column that holds the code of the dossier.
    """
    for row in rows:
        try:
            value = read(row)
        except BROKEN as error:
            _LOG.warning("%s", unreadable(row[code], error))
            continue
        yield value


def read_all(
    rows: Iterable[tuple[Any, ...]], read: Callable[[tuple[Any, ...]], T], code: str
) -> tuple[T, ...]:
    """Return what the rows of one dossier say.

    Raises:
        DamagedRecord: One of them cannot be read.
    """
    try:
        return tuple([read(row) for row in rows])
    except BROKEN as error:
        raise unreadable(code, error) from error


def unreadable(code: object, error: Exception) -> DamagedRecord:
    """Say that a row of a dossier is broken."""
    said = (str(error).splitlines() or [type(error).__name__])[0]
    return DamagedRecord(
        say("A row of this dossier cannot be read."),
        where=str(code),
        why=say("It holds what igate does not write ({said}).", said=said),
        fix=say("Run igate journal verify, and restore the row from a copy."),
    )
