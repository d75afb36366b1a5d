"""What a settlement table is split by: the rows of each group, and what the group is called.

Each column of the split is numbered, the numbers of a row become one, and counts are added up by
it. The values of a group are those of its first dossier, so they keep the type of the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import numpy as np

from igate.errors import IgateError, ProcedureNotFound
from igate.metrics.numbering import Texts, as_one, encode, representatives
from igate.procedures.online import level_under, scheme_on
from igate.words.sentence import clause, say, together

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from igate.metrics.intake import Intake
    from igate.procedures.catalog.catalog import Catalog

__all__ = ["NAMES_OF_TIMES", "TIMES", "Groups", "Split", "split_by"]

#: Keys that are made from the day of receipt.
TIMES = ("month", "quarter", "year", "week")


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
    for key in keys:
        if key in TIMES and key not in intake.frame.columns:
            made[key] = _times(intake, NAMES_OF_TIMES[key])
    if "online_level" in keys and "online_level" not in intake.columns:
        made["online_level"] = _levels(intake, catalog)
    if "field" in keys and "field" not in intake.columns:
        made["field"] = _fields(intake, catalog)
    return Split(names=tuple(keys), intake=intake, made=made)


#: What a time of receipt is called, by its day.
NAMES_OF_TIMES: Mapping[str, Callable[[date], str]] = MappingProxyType(
    {
        "month": lambda day: f"{day:%Y-%m}",
        "quarter": lambda day: f"{day.year}-Q{(day.month + 2) // 3}",
        "year": lambda day: f"{day.year}",
        # the year of an ISO week is that of its Thursday
        "week": lambda day: "{}-W{:02}".format(*day.isocalendar()),
    }
)


def _times(intake: Intake, name_of: Callable[[date], str]) -> Texts:
    """Name the time of receipt of each dossier, by its day."""
    first, of = representatives(*as_one([_day_numbers(intake)]))
    return _named([name_of(intake.received.day(row)) for row in first.tolist()], of)


def _day_numbers(intake: Intake) -> tuple[NDArray[np.int64], int]:
    days = intake.received.days
    begin = int(days.min()) if len(days) else 0
    return days - begin, int(days.max()) - begin + 1 if len(days) else 1


def _named(names: Sequence[str | None], of: NDArray[np.int64] | NDArray[np.int32]) -> Texts:
    """Give rows the names of what they have, equal names once."""
    places: dict[str | None, int] = {}
    number = [places.setdefault(name, len(places)) for name in names]
    return Texts(values=tuple(places), of=np.array(number, dtype=np.int32)[of])


def _levels(intake: Intake, catalog: Catalog) -> Texts:
    """Return the level of online service of each dossier's procedure on its day of receipt.

    It is that of the scheme in force on the day, mapped from another where none is stated.
    """
    codes = intake.text("procedure")
    first, of = representatives(*as_one([(codes.of, len(codes.values)), _day_numbers(intake)]))
    names: list[str | None] = []
    unknown: dict[int, str] = {}
    for row in first.tolist():
        code, day = codes[row], intake.received.day(row)
        try:
            services = catalog.in_force(code, on=day).online if code else ()
        except IgateError as error:
            services = ()
            unknown[len(names)] = clause(error.what)
        found = level_under(services, scheme_on(day))
        names.append(None if found is None else found.level)
    _refuse(intake, of, unknown, what=say("Procedures have no known level of online service"),
            fix=say("Correct the code, or give the level in a column online_level."))  # fmt: skip
    return _named(names, of)


def _refuse(
    intake: Intake,
    of: NDArray[np.int64] | NDArray[np.int32],
    unknown: Mapping[int, str],
    *,
    what: str,
    fix: str,
) -> None:
    rows = np.flatnonzero(np.isin(of, list(unknown)))
    if len(rows):
        raise intake.rows.refusal(
            rows.tolist(),
            lambda row: together(intake.codes[row], unknown[int(of[row])], between=": "),
            what=what,
            fix=fix,
        )


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
            unknown[place] = clause(error.what)
    _refuse(intake, codes.of, unknown, what=say("Procedures have no known field"),
            fix=say("Correct the code, or give the field in a column field."))  # fmt: skip
    return _named(fields, codes.of)
