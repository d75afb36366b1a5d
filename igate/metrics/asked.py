"""What is asked of a table besides its definition, and the frames in which answers go back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

import narwhals.stable.v2 as nw

from igate.metrics.form import Options, keys_of, read
from igate.metrics.spelling import Spelling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray

    from igate.calendar import WorkCalendar
    from igate.deadlines.rules import ClockRules
    from igate.metrics.form import Reading
    from igate.metrics.grouping import Groups
    from igate.metrics.spelling import DateForm
    from igate.procedures.catalog.catalog import Catalog

__all__ = ["Given", "Values", "frame_of", "group_frame", "reading_of"]

#: The values of a column, and their kind.
Values: TypeAlias = "tuple[Sequence[object] | NDArray[Any], Any]"


class Given(TypedDict, total=False):
    """How a table is read: the keywords of ``settlement`` that say so, each as there."""

    calendar: WorkCalendar | None
    rules: ClockRules | str | None
    columns: Mapping[str, str] | None
    catalog: Catalog | None
    source: str
    dates: DateForm | Mapping[str, DateForm]
    values: Mapping[str, Mapping[str, str | Sequence[str]]] | None
    zone: str | None


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
    spelling = Spelling.of(
        dates=given.get("dates", "iso"), values=given.get("values"), zone=given.get("zone")
    )
    options = Options(
        period=period,
        as_of=as_of,
        calendar=given.get("calendar"),
        rules=given.get("rules"),
        columns=given.get("columns"),
        catalog=given.get("catalog"),
        source=given.get("source", ""),
        spelling=spelling,
    )
    return read(frame, keys_of(by), options)


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
