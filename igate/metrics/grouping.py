"""What a settlement table is split by: the rows of each group, and what the group is called.

Each column of the split is numbered, the numbers of a row become one, and counts are added up by
it. The values of a group are those of its first dossier, so they keep the type of the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import numpy as np

from igate.errors import ProcedureNotFound
from igate.metrics.numbering import Texts, as_one, encode, representatives

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from igate.metrics.intake import Intake
    from igate.procedures.catalog.catalog import Catalog

__all__ = ["MADE", "Groups", "Split", "split_by"]

#: Keys that are made from the date of receipt.
MADE = ("month",)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groups:
    """The groups of a table, in the order of their numbers."""

    #: int64, the first row of each
    first: NDArray[np.int64]
    #: int64, the group of each row
    of: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.first)

    def add_up(self, flags: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Count in each group the rows of which something holds."""
        return np.bincount(self.of[flags], minlength=len(self.first)).astype(np.int64, copy=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """The columns that split a table, a row a dossier."""

    #: under the names that the caller asked for
    names: tuple[str, ...]
    intake: Intake
    #: those that igate makes
    made: Mapping[str, Texts]

    def groups(self) -> Groups:
        """Put the rows into groups; without columns there is one group."""
        if not self.names:
            nothing = np.zeros(1, dtype=np.int64)
            return Groups(first=nothing, of=np.zeros(len(self.intake), dtype=np.int64))
        first, of = representatives(*as_one([self._numbers(name) for name in self.names]))
        return Groups(first=first, of=of)

    def _numbers(self, name: str) -> tuple[NDArray[np.int32], int]:
        if name in self.made:
            return self.made[name].of, len(self.made[name].values)
        values, of = encode(self.intake.frame[self.intake.columns.of(name)])
        return of + 1, len(values) + 1

    def at(self, rows: NDArray[np.int64]) -> list[nw.Series[Any]]:
        """Return the columns for some of the rows."""
        frame = self.intake.frame
        backend = frame.implementation
        found = []
        for name in self.names:
            if name in self.made:
                texts = self.made[name]
                values = [texts[row] for row in rows.tolist()]
                found.append(nw.new_series(name, values, nw.String(), backend=backend))
            else:
                column = frame[self.intake.columns.of(name)][rows]
                found.append(nw.maybe_reset_index(column).alias(name))
        return found


def split_by(intake: Intake, keys: Sequence[str], catalog: Catalog) -> Split:
    """Find the columns that split a table.

    Raises:
        FrameError: The field of a procedure is asked for and not known.
    """
    made: dict[str, Texts] = {}
    if "channel" in keys:
        made["channel"] = intake.channels
    if "month" in keys:
        made["month"] = _months(intake)
    if "field" in keys and "field" not in intake.columns:
        made["field"] = _fields(intake, catalog)
    return Split(names=tuple(keys), intake=intake, made=made)


def _months(intake: Intake) -> Texts:
    days = intake.received.days
    if not len(days):
        return Texts.nothing(0)
    begin, last = int(days.min()), int(days.max())
    calendar = np.arange(begin, last + 1).astype("datetime64[D]").astype("datetime64[M]")
    number = (calendar - calendar[0]).astype(np.int32)
    names = np.datetime_as_string(np.arange(calendar[0], calendar[-1] + 1)).tolist()
    return Texts(values=tuple(names), of=number[days - begin])


def _fields(intake: Intake, catalog: Catalog) -> Texts:
    """Return the field of administration (Vietnamese name) of each dossier's procedure."""
    codes = intake.text("procedure")
    fields: list[str | None] = []
    unknown: dict[int, str] = {}
    for place, code in enumerate(codes.values):
        try:
            fields.append(None if code is None else catalog.procedure(code).field.label.vi)
        except ProcedureNotFound as error:
            fields.append(None)
            unknown[place] = error.what.rstrip(".")
    rows = np.flatnonzero(np.isin(codes.of, list(unknown)))
    if len(rows):
        raise intake.rows.refusal(
            rows.tolist(),
            lambda row: f"{intake.codes[row]}: {unknown[int(codes.of[row])]}",
            what="Procedures have no known field",
            fix="Correct the code, or give the field in a column field.",
        )
    places: dict[str | None, int] = {}
    number = [places.setdefault(name, len(places)) for name in fields]
    return Texts(values=tuple(places), of=np.array(number, dtype=np.int32)[codes.of])
