"""A settlement table as rows of plain values, whatever library holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw

from igate.errors import FrameError
from igate.metrics import COUNTS, FURTHER_COUNTS, RATE, definition
from igate.words.sentence import say

if TYPE_CHECKING:
    from narwhals.stable.v2.typing import IntoDataFrame

    from igate.metrics import Definition

__all__ = ["Counted", "counted"]

_RATE: Final = ("rate_numerator", "rate_denominator", "on_time_rate")
_OWN: Final = frozenset({*COUNTS, *FURTHER_COUNTS, *RATE, "definition", "is_total"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The rows of a settlement, without totals, and what they are split by."""

    keys: tuple[str, ...]
    #: each has a ``definition``
    rows: tuple[Mapping[str, Any], ...]

    @property
    def definitions(self) -> tuple[str, ...]:
        """Names of the definitions, in order."""
        return tuple(dict.fromkeys(row["definition"] for row in self.rows))


def counted(
    table: IntoDataFrame | Sequence[Mapping[str, Any]], *, by: str | Definition = "form_06a"
) -> Counted:
    """Read a settlement table.

    Args:
        table: What ``metrics.settlement`` gave, or its rows.
        by: The definition of a table that does not name it.

    Raises:
        FrameError: It is no settlement table.
        IgateError: There is no such definition.
    """
    if isinstance(table, Sequence) and all(isinstance(row, Mapping) for row in table):
        rows: list[Mapping[str, Any]] = list(table)
    else:
        native: Any = table
        rows = list(nw.from_native(native, eager_only=True).rows(named=True))
    for row in rows:
        missing = [name for name in (*COUNTS, *_RATE) if name not in row]
        if missing:
            raise FrameError(
                say("The table has no column {missing!r}.", missing=missing[0]),
                why=say("It is not what metrics.settlement gives."),
                fix=say("Pass that table as it is."),
            )
    chosen = definition(by).name if isinstance(by, str) else by.name
    return Counted(
        keys=tuple(name for name in (rows[0] if rows else ()) if name not in _OWN),
        rows=tuple({"definition": chosen, **row} for row in rows if not row.get("is_total")),
    )
