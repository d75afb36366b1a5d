"""What is asked of a table besides its definition, and the frames in which answers go back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypedDict, Unpack

import narwhals.stable.v2 as nw

from igate.calendar import WorkCalendar
from igate.metrics.due import Law
from igate.metrics.grouping import split_by
from igate.metrics.intake import read_intake
from igate.metrics.placing import place, window
from igate.metrics.spelling import Spelling
from igate.procedures.catalog.catalog import Catalog

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import numpy as np
    from narwhals.stable.v2.typing import IntoFrameT
    from numpy.typing import NDArray

    from igate.deadlines.rules import ClockRules
    from igate.metrics.columns import MapKeyword
    from igate.metrics.definitions import Definition
    from igate.metrics.grouping import Groups, Split
    from igate.metrics.intake import Intake
    from igate.metrics.placing import Placed, Window
    from igate.metrics.spelling import DateForm

__all__ = [
    "Given",
    "Options",
    "Reading",
    "Values",
    "frame_of",
    "group_frame",
    "keys_of",
    "read",
    "reading_of",
]

#: The values of a column, and their kind.
Values: TypeAlias = "tuple[Sequence[object] | NDArray[Any], Any]"


class Given(TypedDict, total=False):
    """How a table is read: the keywords of ``settlement`` that say so; any may be left out."""

    #: the working days; ``None``: those of the civil service, with expected days
    calendar: WorkCalendar | None
    #: clock rules for every dossier, or the name of shipped ones; ``None``: those of the procedure
    rules: ClockRules | str | None
    #: igate's names of columns to the frame's
    columns: Mapping[str, str] | None
    #: where limits of procedures are looked up; ``None``: the shipped catalogue
    catalog: Catalog | None
    #: name of the file for messages
    source: str
    #: how dates are written, in every column or by igate's name of the column
    dates: DateForm | Mapping[str, DateForm]
    #: what the words of the table mean: by column, igate's word to the table's
    values: Mapping[str, Mapping[str, str | Sequence[str]]] | None
    #: IANA name of the zone of moments that are written without one; ``None``: Vietnam
    zone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a caller asks for, as passed to ``settlement`` and ``late_dossiers``."""

    period: tuple[date, date] | None
    as_of: date
    calendar: WorkCalendar | None
    rules: ClockRules | str | None
    columns: Mapping[str, str] | None
    catalog: Catalog | None
    source: str
    #: how the table writes what it holds
    spelling: Spelling
    #: position of each row in the table that it was taken from; ``None``: it was taken from none
    positions: Sequence[int] | None = None
    #: under which name the caller gives ``columns``, for messages
    keyword: MapKeyword = "columns"

    @property
    def working_days(self) -> WorkCalendar:
        """The calendar that was given, or that of the civil service with expected days."""
        if self.calendar is None:
            return WorkCalendar.vietnam(provisional=True)
        return self.calendar

    @classmethod
    def of(
        cls, *, as_of: date, period: tuple[date, date] | None = None, **given: Unpack[Given]
    ) -> Self:
        """Take the keywords of ``settlement``; those that are left out are as there."""
        return cls(
            period=period,
            as_of=as_of,
            calendar=given.get("calendar"),
            rules=given.get("rules"),
            columns=given.get("columns"),
            catalog=given.get("catalog"),
            source=given.get("source", ""),
            spelling=Spelling.of(
                dates=given.get("dates", "iso"), values=given.get("values"), zone=given.get("zone")
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A table that has been read."""

    intake: Intake
    days: Window
    law: Law
    #: what it is split by
    split: Split

    def placed(self, chosen: Definition) -> Placed:
        """Place every dossier as a definition of on time has it.

        Raises:
            FrameError: A due date cannot be worked out; the message names the row.
        """
        return place(self.intake, self.days, self.law, chosen)


def keys_of(by: str | Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns that split a table; one name may be given alone."""
    return (by,) if isinstance(by, str) else tuple(by)


def read(frame: IntoFrameT, keys: Sequence[str], options: Options) -> Reading:
    """Read a frame.

    Raises:
        FrameError: A column is missing or a row cannot be read; the message names it.
    """
    days = window(options.period, options.as_of)
    intake = read_intake(
        frame,
        columns=options.columns,
        keys=keys,
        source=options.source,
        positions=options.positions,
        spelling=options.spelling,
        keyword=options.keyword,
    )
    catalog = Catalog.shipped() if options.catalog is None else options.catalog
    law = Law(calendar=options.working_days, rules=options.rules, catalog=catalog)
    split = split_by(intake, keys, catalog)
    return Reading(intake=intake, days=days, law=law, split=split)


def reading_of(
    frame: Any,  # noqa: ANN401 - any frame that settlement takes
    by: str | Sequence[str],
    period: tuple[date, date] | None,
    as_of: date,
    given: Given,
) -> Reading:
    """Read a frame.

    Raises:
        FrameError: A column is missing or a row cannot be read; the message names it.
    """
    return read(frame, keys_of(by), Options.of(period=period, as_of=as_of, **given))


def frame_of(
    reading: Reading, rows: NDArray[np.intp], columns: Mapping[str, Values]
) -> nw.DataFrame[Any]:
    """Return a frame with a row for each of some dossiers: code, the columns split by, others."""
    backend = reading.intake.frame.implementation
    codes = nw.new_series(
        "code", reading.intake.codes.at(rows).texts(), nw.String(), backend=backend
    )
    keys = [key for key in reading.split.at(rows) if key.name != "code"]
    return codes.to_frame().with_columns(*keys, *_series(columns, backend))


def group_frame(
    reading: Reading, groups: Groups, columns: Mapping[str, Values]
) -> nw.DataFrame[Any]:
    """Return a frame with a row for each group, sorted by its names, null last."""
    made = _series(columns, reading.intake.frame.implementation)
    keys = reading.split.at(groups.first) if reading.split.names else []
    first, *others = [*keys, *made]
    table = first.to_frame().with_columns(*others)
    return table.sort(*reading.split.names, nulls_last=True) if keys else table


def _series(columns: Mapping[str, Values], backend: Any) -> list[nw.Series[Any]]:  # noqa: ANN401 - as narwhals has it
    return [
        nw.new_series(name, values, kind, backend=backend)
        for name, (values, kind) in columns.items()
    ]
