"""From a caller's frame to dossiers placed in the form, and back to a frame of its kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import numpy as np

from igate.calendar import WorkCalendar
from igate.errors import ProcedureNotFound
from igate.metrics.due import Law
from igate.metrics.intake import read_intake
from igate.metrics.placing import place, window
from igate.procedures.catalog.catalog import Catalog

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from narwhals.stable.v2.typing import IntoFrameT

    from igate.deadlines.rules import ClockRules
    from igate.metrics.intake import Intake
    from igate.metrics.placing import Placed, Window

__all__ = ["Options", "Reading", "keys_of", "native", "read"]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A table that has been read and placed."""

    intake: Intake
    days: Window
    law: Law
    placed: Placed
    #: what it is split by, a column each, in the rows of the intake
    keyed: nw.DataFrame[Any]


def keys_of(by: str | Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns that split a table; one name may be given alone."""
    return (by,) if isinstance(by, str) else tuple(by)


def read(frame: IntoFrameT, keys: Sequence[str], options: Options) -> Reading:
    """Read a frame and place its dossiers.

    Raises:
        FrameError: A column is missing or a row cannot be read; the message names it.
    """
    days = window(options.period, options.as_of)
    intake = read_intake(frame, columns=options.columns, keys=keys, source=options.source)
    catalog = Catalog.shipped() if options.catalog is None else options.catalog
    calendar = WorkCalendar.vietnam() if options.calendar is None else options.calendar
    law = Law(calendar=calendar, rules=options.rules, catalog=catalog)
    placed = place(intake, days, law)
    return Reading(
        intake=intake, days=days, law=law, placed=placed, keyed=_keyed(intake, keys, catalog)
    )


def native(table: nw.DataFrame[Any], *, lazy: bool) -> object:
    """Return a result back in the library of the caller's frame, lazy where that was."""
    plain = nw.maybe_reset_index(table)
    return plain.lazy().to_native() if lazy else plain.to_native()


def _keyed(intake: Intake, keys: Sequence[str], catalog: Catalog) -> nw.DataFrame[Any]:
    """Return the columns that split the table under the names that the caller asked for."""
    frame, names = intake.frame, intake.columns
    made: dict[str, list[str | None]] = {}
    if "channel" in keys:
        made["channel"] = list(intake.channels)
    if "month" in keys:
        days = intake.received.days.astype("datetime64[D]")
        made["month"] = np.datetime_as_string(days.astype("datetime64[M]")).tolist()
    if "field" in keys and "field" not in names:
        made["field"] = _fields(intake, catalog)
    taken = [nw.col(names.of(key)).alias(key) for key in keys if key not in made]
    series = [
        nw.new_series(name, values, nw.String(), backend=frame.implementation)
        for name, values in made.items()
    ]
    if not taken:
        first = names.of("code")
        return frame.select(first).with_columns(*series).select(*keys) if keys else frame
    return frame.select(*taken).with_columns(*series).select(*keys)


def _fields(intake: Intake, catalog: Catalog) -> list[str | None]:
    """Return the field of administration (Vietnamese name) of each dossier's procedure."""
    codes = intake.text("procedure")
    fields: dict[str, str] = {}
    unknown: dict[int, str] = {}
    for row, code in enumerate(codes):
        if code is None or code in fields:
            continue
        try:
            fields[code] = catalog.procedure(code).field.label.vi
        except ProcedureNotFound as error:
            unknown[row] = error.what.rstrip(".")
    if unknown:
        raise intake.rows.refusal(
            unknown,
            lambda row: f"{intake.codes[row]}: {unknown[row]}",
            what="Procedures have no known field",
            fix="Correct the code, or give the field in a column field.",
        )
    return [None if code is None else fields[code] for code in codes]
