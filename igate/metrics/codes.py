"""The codes of the dossiers of a table: each is there once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from igate.words.sentence import say

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from igate.metrics.refusal import Rows

__all__ = ["Codes"]


class Codes:
    """The codes of the dossiers, read only where one has to be named."""

    def __init__(self, series: nw.Series[Any]) -> None:
        """Take the column as it is."""
        self._series = series

    def __len__(self) -> int:
        return len(self._series)

    def __getitem__(self, row: int) -> str:
        return str(self._series[row]).strip()

    def at(self, rows: NDArray[np.intp]) -> Codes:
        """Return the codes of some rows, by position."""
        return Codes(self._series[rows])

    def texts(self) -> list[str]:
        """Return all of them."""
        return [str(code).strip() for code in self._series.to_list()]

    def check(self, rows: Rows) -> None:
        """Check that every row has a code of its own.

        Raises:
            FrameError: A code is empty, or there twice; the message names the row.
        """
        codes, kind = self._series, self._series.dtype
        if not (isinstance(kind, nw.String) or kind.is_integer()):
            _refuse_codes(codes, rows)
            return
        empty = codes.is_null()
        if isinstance(kind, nw.String):
            codes = codes.str.strip_chars()
            empty |= (codes == "").fill_null(value=False)
        if empty.any() or codes.n_unique() < len(codes):
            _refuse_codes(codes, rows)


def _refuse_codes(series: nw.Series[Any], rows: Rows) -> None:
    """Find the codes that are empty or there twice.

    Raises:
        FrameError: There are some.
    """
    first: dict[str, int] = {}
    twice: dict[int, int] = {}
    absent = []
    gone = series.is_null().to_numpy().astype(bool).tolist()
    codes = [None if none else str(code).strip() for code, none in zip(series, gone, strict=True)]
    for row, code in enumerate(codes):
        if not code:
            absent.append(row)
        elif code in first:
            twice[row] = first[code]
        else:
            first[code] = row
    if absent:
        raise rows.refusal(
            absent,
            lambda _: say("the code is empty"),
            what=say("Dossiers have no code"),
            why=say("Without a code a dossier cannot be found again, nor counted once."),
            fix=say("Fill in the code of every dossier."),
        )
    if twice:
        raise rows.refusal(
            twice,
            lambda row: say(
                "{codes} is already on {name}", codes=codes[row], name=rows.name(twice[row])
            ),
            what=say("Dossiers are in the table twice"),
            why=say("A dossier counts once."),
            fix=say("Keep one row a dossier; a table of journal entries must be folded first."),
        )
