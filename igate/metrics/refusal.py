"""How a table of dossiers is refused: every problem of a kind is counted, the first five shown.

A row is named by its line where the table was read from a text file, else by its number counted
from 1. A table with 3,000 unreadable dates gives one message, not 3,000.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Literal

from igate.errors import FrameError
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["SHOWN", "Rows", "suggest"]

#: How many problems of a kind a message spells out.
SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What the rows of a table are called in a message."""

    #: name of the file or other source; empty for a frame in memory
    source: str = ""
    #: number of each row in the table or file; ``None``: they are numbered from 1
    numbers: Sequence[int] | NDArray[np.int64] | None = None
    #: what is numbered
    word: Literal["row", "line"] = "row"
    #: position of each row in the table that it was taken from; ``None``: it was taken from none
    keys: Sequence[int] | NDArray[np.int64] | None = None
    #: names of the files, and which of them each row is from; ``None``: they are from one
    files: tuple[list[str], NDArray[np.int32]] | None = None

    def name(self, row: int) -> str:
        """Name a row, given its position counted from 0.

        >>> Rows().name(0), Rows(numbers=[2, 4], word="line").name(1)
        ('row 1', 'line 4')
        """
        number = self.number(row)
        named = (
            say("line {number}", number=number)
            if self.word == "line"
            else say("row {number}", number=number)
        )
        if self.files is None:
            return named
        return together(self.files[0][self.files[1][row]], named, between=", ")

    def number(self, row: int) -> int:
        """Return the number of a row, given its position counted from 0."""
        return row + 1 if self.numbers is None else int(self.numbers[row])

    def kept(self, rows: NDArray[np.intp]) -> Rows:
        """Keep some of the rows, by position; each keeps its number."""
        numbers, keys, files = self.numbers, self.keys, self.files
        return replace(
            self,
            numbers=rows + 1 if numbers is None else [int(numbers[row]) for row in rows.tolist()],
            keys=None if keys is None else [int(keys[row]) for row in rows.tolist()],
            files=None if files is None else (files[0], files[1][rows]),
        )

    def _key(self, row: int) -> int:
        return self.number(row) if self.keys is None else int(self.keys[row])

    def refusal(
        self,
        rows: Iterable[int],
        detail: Callable[[int], str],
        *,
        what: str,
        why: str | None = None,
        fix: str | None = None,
    ) -> FrameError:
        """Compose the error about one kind of problem.

        Args:
            rows: Positions of the rows that have it, counted from 0; at least one.
            detail: What is the matter with one row.
            what: The problem as a clause, such as "Dates cannot be read"; the number follows it.
            why: The rule that is broken, as a sentence.
            fix: What to do, as a sentence.
        """
        found = list(rows)
        parts = [
            together(self.name(row), detail(row), between=": ") for row in islice(found, SHOWN)
        ]
        more = say("; and {count:,} more", count=len(found) - SHOWN) if len(found) > SHOWN else ""
        return FrameError(
            say(
                "{what} ({count:,}): {shown}{more}{end}",
                what=what,
                count=len(found),
                shown=together(*parts, between="; "),
                more=more,
                end="" if not more and parts[-1].endswith("?") else ".",
            ),
            where=self.source or None,
            why=why,
            fix=fix,
            rows={self._key(row): together(what, detail(row), between=": ") for row in found},
        )


def suggest(name: object, names: Iterable[str], lead: str) -> str:
    """Name the nearest of some names, then all of them.

    >>> suggest("recieved", ["code", "received"], "The columns are")
    'Did you mean "received"? The columns are code, received.'
    """
    known = list(names)
    near = difflib.get_close_matches(str(name), known, n=1)
    hint = say('Did you mean "{near}"?', near=near[0]) if near else ""
    return together(hint, say("{lead} {names}.", lead=lead, names=", ".join(known)))
