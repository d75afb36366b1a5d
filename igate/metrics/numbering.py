"""Columns as numbers: each different cell is numbered once, in the library that holds the table.

What is read of a cell is then read once for each different cell, however many rows have it, and
rows are split by adding numbers up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

__all__ = ["Texts", "as_one", "encode", "read_text", "representatives"]

#: Tables of numbers are kept dense up to so many places for each row.
_DENSE = 4
_SMALL = 4096


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Texts:
    """A column of text: the different texts, and which of them each row has.

    >>> texts = Texts(values=("a", None), of=np.array([0, 1, 0]))
    >>> texts[2], texts.flag(lambda text: text is None).tolist()
    ('a', [False, True, False])
    """

    #: stripped; ``None`` stands for an empty cell
    values: tuple[str | None, ...]
    #: int32, position in ``values``
    of: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.of)

    def __getitem__(self, row: int) -> str | None:
        return self.values[int(self.of[row])]

    @classmethod
    def nothing(cls, rows: int) -> Texts:
        """Return so many empty cells."""
        return cls(values=(None,), of=np.zeros(rows, dtype=np.int32))

    def renamed(self, name: Callable[[str], str]) -> Texts:
        """Give the texts other names; texts of one name become one."""
        places: dict[str | None, int] = {}
        names = [None if text is None else name(text) for text in self.values]
        to = [places.setdefault(each, len(places)) for each in names]
        if len(places) == len(names):
            return Texts(values=tuple(names), of=self.of)
        return Texts(values=tuple(places), of=np.array(to, dtype=np.int32)[self.of])

    def flag(self, holds: Callable[[str | None], bool]) -> NDArray[np.bool_]:
        """Return for each row whether something holds of its text."""
        answers: NDArray[np.bool_] = np.array([holds(text) for text in self.values], dtype=bool)
        return answers[self.of]

    def numbers(self, number: Callable[[str | None], int]) -> NDArray[np.int32]:
        """Return for each row a small number that follows from its text, int32."""
        return np.array([number(text) for text in self.values], dtype=np.int32)[self.of]


def read_text(series: nw.Series[Any]) -> Texts:
    """Read a column as text: stripped, ``None`` where the cell is empty."""
    values, of = encode(series)
    places: dict[str | None, int] = {}
    # the last one stands for rows without a value, whose number is -1
    texts = [*(str(value).strip() or None for value in values), None]
    to = np.array([places.setdefault(text, len(places)) for text in texts], dtype=np.int32)
    return Texts(values=tuple(places), of=to[of])


def encode(series: nw.Series[Any]) -> tuple[list[Any], NDArray[np.int32]]:
    """Number the different values of a column.

    Returns:
        The values in any order, and the position of each row's value in them, -1 where the row
        has none (int32).
    """
    absent = series.is_null().to_numpy().astype(bool)
    if absent.all():
        return [], np.full(len(absent), -1, dtype=np.int32)
    present = series.drop_nulls()
    if isinstance(series.dtype, nw.Categorical | nw.Enum):
        series, present = series.cast(nw.String()), present.cast(nw.String())
    try:
        values = present.unique().to_list()
        numbers = series.replace_strict(values, range(len(values)), return_dtype=nw.Int32())
        of = numbers.fill_null(-1).to_numpy().astype(np.int32)
    except Exception:  # noqa: BLE001 - each library has errors of its own for what it cannot hash
        return _one_by_one(series, absent)
    return (values, of) if ((of < 0) == absent).all() else _one_by_one(series, absent)


def _one_by_one(
    series: nw.Series[Any], absent: NDArray[np.bool_]
) -> tuple[list[Any], NDArray[np.int32]]:
    """Number what the library cannot number: Python objects of several kinds in one column."""
    places: dict[str, int] = {}
    of = [
        -1 if gone else places.setdefault(str(value), len(places))
        for value, gone in zip(series.to_list(), absent.tolist(), strict=True)
    ]
    return list(places), np.array(of, dtype=np.int32)


def as_one(
    columns: Sequence[tuple[NDArray[np.signedinteger[Any]], int]],
) -> tuple[NDArray[np.int64], int]:
    """Number rows by several columns at once: two have one number if all columns agree.

    Args:
        columns: Numbers from 0, and how many different ones there can be; at least one column.

    Returns:
        The numbers, int64, and how many different ones there can be.

    >>> numbers, size = as_one([(np.array([0, 1, 1]), 2), (np.array([2, 0, 2]), 3)])
    >>> numbers.tolist(), size
    ([2, 3, 5], 6)
    """
    kinds, size = columns[0][0].astype(np.int64), columns[0][1]
    for own, many in columns[1:]:
        if many == 1:
            continue
        if size * many > max(_SMALL, _DENSE * len(kinds)):
            first, kinds = representatives(kinds, size)
            size = max(1, len(first))
        kinds, size = kinds * many + own, size * many
    return kinds, size


def representatives(
    kinds: NDArray[np.int64], size: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number anew the numbers that occur.

    Args:
        kinds: Numbers from 0.
        size: How many different ones there can be.

    Returns:
        The first row of each number that occurs, and for each row the position of its number
        among them; both int64.

    >>> first, of = representatives(np.array([7, 3, 7]), 9)
    >>> first.tolist(), of.tolist()
    ([1, 0], [1, 0, 1])
    """
    if size > max(_SMALL, _DENSE * len(kinds)):
        _, first, of = np.unique(kinds, return_index=True, return_inverse=True)
        return first.astype(np.int64), of.astype(np.int64).reshape(-1)
    first = np.full(size, -1, dtype=np.int64)
    # the last that is written stays
    first[kinds[::-1]] = np.arange(len(kinds) - 1, -1, -1)
    present = np.flatnonzero(first >= 0)
    places = np.zeros(size, dtype=np.int64)
    places[present] = np.arange(len(present))
    return first[present], places[kinds]
