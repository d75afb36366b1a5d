"""Where the chain of seals of a journal breaks, and what was done there.

Each seal is a hash of the columns of its entry and of the seal before it. An entry that does not
fit is tried at other places: it may have been moved, have lost the one before it, or have been
given neighbours. What fits nowhere was changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from igate.office.sql.rows import seal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from igate.office.evidence import FindingKind

__all__ = ["Break", "broken_at"]

#: entry, kind, what is said of it
Break = tuple[int, "FindingKind", str]
#: places to either side at which an entry of a long journal is tried
_NEAR: Final = 3
#: entries of a journal that is tried at every place
_SHORT: Final = 64


def broken_at(
    rows: Sequence[Mapping[str, Any]], head: str | None, last: int | None
) -> tuple[Break, ...]:
    """Say what does not fit.

    Args:
        rows: Columns of the entries that are there, in the order of their numbers.
        head: Seal of the last entry as the row of the dossier has it; ``None``: it has no row.
        last: Number of the last entry as that row has it.
    """
    chain = _Chain(rows)
    found: dict[int, Break] = {}
    for each in (*chain.gaps(), *chain.end(head, last), *chain.breaks()):
        found.setdefault(each[0], each)
    return tuple(sorted(found.values()))


class _Chain:
    """The entries of one journal with their seals."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._rows = rows
        self._numbers: list[int] = [row["seq"] for row in rows]
        self._seals: list[str] = [row["seal"] for row in rows]
        self._index = {kept: place for place, kept in enumerate(self._seals)}

    def gaps(self) -> Iterator[Break]:
        """Yield the numbers that are missing between others."""
        expected = 1
        for number in self._numbers:
            if number > expected:
                yield expected, "removed", _span(expected, number - 1)
            expected = number + 1

    def breaks(self) -> Iterator[Break]:
        """Yield the entries that do not fit, and those that stand between two that did."""
        moved = {}
        for place in range(len(self._rows)):
            if not self._fits(place):
                moved[place] = self._origin(place)
        for place, origin in moved.items():
            yield from self._broken(place, origin, moved)

    def end(self, head: str | None, last: int | None) -> Iterator[Break]:
        """Yield what the row of the dossier says of entries behind the last, or before it."""
        if head is None or not self._rows:
            return
        there = self._numbers[-1]
        if isinstance(last, int) and last > there:
            yield there + 1, "removed", _span(there + 1, last)
        elif head in self._index and self._numbers[self._index[head]] == last:
            for number in self._numbers[self._index[head] + 1 :]:
                yield number, "inserted", "it stands behind the last one of the row."

    def _before(self, place: int) -> str:
        return self._seals[place - 1] if place else ""

    def _fits(self, place: int) -> bool:
        row = self._rows[place]
        if seal(self._before(place), row) == self._seals[place]:
            return True
        # its own seal is right, and that of the one before was overwritten
        return place > 0 and self._seals[place] == seal(
            seal(self._before(place - 1), self._rows[place - 1]), row
        )

    def _origin(self, place: int) -> tuple[int, int] | None:
        """Return the number that an entry had and the place of the one before it, if found.

        The place before the first is -1.
        """
        row, own = self._rows[place], self._numbers[place]
        for number in self._candidates(own):
            for before, kept in enumerate(("", *self._seals), -1):
                made = seal(kept, {**row, "seq": number})
                if made == self._seals[place] or (number != own and made in self._index):
                    return number, before
        return None

    def _candidates(self, own: int) -> list[int]:
        count = len(self._rows) + 1
        near = [own, *range(own - _NEAR, own + _NEAR + 1)]
        every = range(1, count + 1) if count <= _SHORT else ()
        return list(dict.fromkeys(number for number in (*near, *every) if number > 0))

    def _broken(
        self, place: int, origin: tuple[int, int] | None, moved: Mapping[int, object]
    ) -> Iterator[Break]:
        number = self._numbers[place]
        if origin is None:
            if number != 1 + (self._numbers[place - 1] if place else 0):
                return  # the one before it is missing, which is said already
            following = moved.get(place + 1)
            if isinstance(following, tuple) and following[0] == number + 2:
                yield number, "removed", f"{number}"
            else:
                yield number, "changed", "seal"
        elif origin[0] != number:
            yield number, "reordered", f"{origin[0]}"
        else:
            between = range(origin[1] + 1, place)
            for each in between:
                if each not in moved:
                    yield self._numbers[each], "inserted", "the chain goes on past it."
            if not between:
                yield number, "changed", "seal"


def _span(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}–{last}"
