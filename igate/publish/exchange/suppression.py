"""Withholding small counts of a settlement, so that the others do not give them away.

A count from 1 to one below the threshold is withheld, because it may tell of a person. The sums of
the form, within a row and down to the total row, would give many of them back; so further counts
are withheld until, for each small one, there is another table of whole numbers that shows the same
published counts and in which that count reaches the threshold. The other table differs by one
pattern: some counts of a row go up or down, and those of another row, or of the total, balance it.

Withholding more keeps such a table possible, so that each small count is settled once. Zeros are
published. Somebody who knows a small count from elsewhere, or another table of the same dossiers
with other groups, may still find out more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from igate.errors import FrameError
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["ADDITIVE", "THRESHOLD", "withheld"]

#: Counts below it, zero apart, are withheld.
THRESHOLD: Final = 5
#: The counts that are published: the totals of the form and what they are made of.
ADDITIVE: Final = (
    "received_total", "received_online", "received_counter_post", "carried_over", "solved_total",
    "solved_early", "solved_on_time", "solved_late", "in_process_total", "in_process_within",
    "in_process_overdue",
)  # fmt: skip
_INTAKE: Final = ("received_online", "received_counter_post", "carried_over")
_PARENTS: Final = {
    "solved_early": "solved_total", "solved_on_time": "solved_total", "solved_late": "solved_total",
    "in_process_within": "in_process_total", "in_process_overdue": "in_process_total",
}  # fmt: skip
#: The standing by which a total is moved.
_CHILDREN: Final = {"solved_total": ("solved_early", "solved_on_time", "solved_late"),
                    "in_process_total": ("in_process_within", "in_process_overdue")}  # fmt: skip


def withheld(counts: NDArray[np.int64], threshold: int = THRESHOLD) -> NDArray[np.bool_]:
    """Return which counts of a table are not published.

    Args:
        counts: A row a group, the columns of ``ADDITIVE``; the total row is not among them.
        threshold: Counts from 1 to one below it are small; 1 or 0: none is.

    Returns:
        Of the same columns, with one row more: the last is the total row.

    Raises:
        FrameError: A count is negative, or a row does not add up.
    """
    _check(counts)
    table = np.vstack([counts, counts.sum(axis=0, keepdims=True)])
    hidden = np.asarray((table > 0) & (table < threshold))
    for row, column in np.argwhere(hidden).tolist():
        _protect(table, hidden, row, column, threshold)
    return hidden


def _check(counts: NDArray[np.int64]) -> None:
    of = {name: counts[:, place] for place, name in enumerate(ADDITIVE)}
    sums = {**{total: sum(of[name] for name in own) for total, own in _CHILDREN.items()}}
    wrong = (counts < 0).any(axis=1)
    for total, added in sums.items():
        wrong = wrong | (of[total] != added)
    wrong = wrong | (of["received_total"] != of["solved_total"] + of["in_process_total"])
    wrong = wrong | (of["received_total"] != sum(of[name] for name in _INTAKE))
    if wrong.any():
        raise FrameError(
            say(
                "Row {flatnonzero} of the settlement does not add up.",
                flatnonzero=int(np.flatnonzero(wrong)[0]) + 1,
            ),
            why=say("What is withheld is found by the sums of the form."),
            fix=say("Pass what metrics.settlement gave."),
        )


@dataclass(frozen=True, slots=True)
class _Pattern:
    """By how much the counts of a row change together so that its own sums hold: -1, 0, 1."""

    change: NDArray[np.int64]

    @property
    def touched(self) -> NDArray[np.bool_]:
        moved: NDArray[np.bool_] = np.not_equal(self.change, 0)
        return moved


def _patterns(column: str) -> Iterator[_Pattern]:
    """Return the patterns in which a count goes up, those that touch few counts first."""
    found = []
    if column in _INTAKE:
        found = [_pattern({column: 1, other: -1}) for other in _INTAKE if other != column]
    if column in _PARENTS:
        found = [_swap(column, other) for other in _PARENTS if other != column]
    if column in _CHILDREN:
        others = [other for other in _PARENTS if _PARENTS[other] != column]
        found = [_swap(child, other) for child in _CHILDREN[column] for other in others]
    added = [
        _pattern({standing: 1, _PARENTS[standing]: 1, "received_total": 1, intake: 1})
        for standing in _PARENTS
        for intake in _INTAKE
    ]
    place = ADDITIVE.index(column)
    found += [each for each in added if each.change[place] == 1]
    yield from sorted(found, key=lambda each: int(each.touched.sum()))


def _swap(up: str, down: str) -> _Pattern:
    if _PARENTS[up] == _PARENTS[down]:
        return _pattern({up: 1, down: -1})
    return _pattern({up: 1, down: -1, _PARENTS[up]: 1, _PARENTS[down]: -1})


def _pattern(change: dict[str, int]) -> _Pattern:
    return _Pattern(np.array([change.get(name, 0) for name in ADDITIVE], dtype=np.int64))


def _protect(
    table: NDArray[np.int64], hidden: NDArray[np.bool_], row: int, column: int, threshold: int
) -> None:
    """Withhold the counts of the pattern and the partner that cost the fewest published counts."""
    step, total = threshold - int(table[row, column]), len(table) - 1
    best: tuple[int, int, _Pattern] | None = None
    for pattern in _patterns(ADDITIVE[column]):
        partners = _partners(table, row, pattern, step)
        if not len(partners) or not _can(table[row], pattern.change * step):
            continue
        own = int((~hidden[row] & pattern.touched).sum())
        costs = (~hidden[partners] & pattern.touched).sum(axis=1)
        at = int(costs.argmin())
        if best is None or own + int(costs[at]) < best[0]:
            best = (own + int(costs[at]), int(partners[at]), pattern)
    if best is None:  # not met: adding to a row and to the total needs no count to go down
        raise FrameError(
            say("Row {row} cannot be protected.", row=row + 1 if row < total else say("of totals"))
        )
    _, partner, pattern = best
    hidden[[row, partner]] |= pattern.touched


def _partners(
    table: NDArray[np.int64], row: int, pattern: _Pattern, step: int
) -> NDArray[np.int64]:
    """Return the rows that can balance a pattern: a group the other way, or the total alike."""
    total, change = len(table) - 1, pattern.change * step
    groups = table[:total]
    if row == total:
        return np.flatnonzero((groups + change >= 0).all(axis=1))
    other: NDArray[np.bool_] = np.asarray((groups - change >= 0).all(axis=1))
    other[row] = False
    return np.append(np.flatnonzero(other), total)


def _can(counts: NDArray[np.int64], change: NDArray[np.int64]) -> bool:
    return bool((counts + change >= 0).all())
