"""The settlement table of form II.06a (Thông tư 01/2020/TT-VPCP) and the list of late dossiers."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from igate.metrics.definitions import definition as find_definition
from igate.metrics.lateness import late_columns
from igate.metrics.reading import Options, keys_of, native, read
from igate.metrics.totals import add_up, check_identities, with_rate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from narwhals.stable.v2.typing import IntoFrameT

    from igate.calendar import WorkCalendar
    from igate.deadlines.rules import ClockRules
    from igate.metrics.definitions import Definition
    from igate.procedures.catalog.catalog import Catalog

__all__ = ["late_dossiers", "settlement"]


def settlement(
    frame: IntoFrameT,
    *,
    definition: str | Definition = "form_06a",
    by: str | Sequence[str] = ("agency",),
    period: tuple[date, date] | None = None,
    as_of: date,
    calendar: WorkCalendar | None = None,
    rules: ClockRules | str | None = None,
    columns: Mapping[str, str] | None = None,
    catalog: Catalog | None = None,
    source: str = "",
) -> IntoFrameT:
    """Count the dossiers of a table in the columns of form II.06a, with the on-time rate.

    Args:
        frame: A row a dossier: a pandas or Polars frame (eager or lazy) or a PyArrow table. It is
            not changed.
        definition: What the rate divides by what: the name of a shipped definition, or one of
            the host's own.
        by: Columns that split the table: ``agency``, ``channel``, ``procedure``, ``field``,
            ``month`` (of receipt, as ``2026-03``) or any other column of the frame. With none
            there is one row, also for an empty frame.
        period: First and last day, both inclusive; ``None``: everything received up to ``as_of``.
        as_of: The day on which the table is drawn up. The last day counted is the end of the
            period, or this one where it is earlier.
        calendar: The working days; ``None``: those of the civil service.
        rules: Clock rules for every dossier, or the name of shipped ones; ``None``: those of the
            procedure, else ``decree``, in force on the day of receipt.
        columns: Names of the columns where they are not igate's: igate's name to the frame's.
        catalog: Where limits of procedures are looked up; ``None``: the shipped catalogue.
        source: Name of the file for messages.

    Returns:
        The same kind of frame: the columns of ``by`` under the names given, the counts of
        ``COUNTS`` (Int64), ``rate_numerator`` and ``rate_denominator`` (Int64) and
        ``on_time_rate`` (Float64, 0..1; null where the denominator is 0). Rows are sorted by the
        columns of ``by``, null keys last and kept. A group none of whose dossiers belongs to the
        table has a row of zeros, except that months in which none does are left out.

    Raises:
        FrameError: A column is missing or a row cannot be read; the message names it.
        IgateError: There is no such definition.
    """
    chosen = find_definition(definition)
    keys = keys_of(by)
    options = Options(
        period=period,
        as_of=as_of,
        calendar=calendar,
        rules=rules,
        columns=columns,
        catalog=catalog,
        source=source,
    )
    reading = read(frame, keys, options)
    table = with_rate(add_up(reading.keyed, keys, reading.placed.counts()), chosen)
    check_identities(table, keys)
    return cast("IntoFrameT", native(table, lazy=reading.intake.lazy))


def late_dossiers(
    frame: IntoFrameT,
    *,
    by: str | Sequence[str] = ("agency",),
    period: tuple[date, date] | None = None,
    as_of: date,
    calendar: WorkCalendar | None = None,
    rules: ClockRules | str | None = None,
    columns: Mapping[str, str] | None = None,
    catalog: Catalog | None = None,
    source: str = "",
) -> IntoFrameT:
    """List the dossiers that ``settlement`` counts as solved late or as in process and overdue.

    Args:
        frame: As for ``settlement``.
        by: Columns to show beside the code.
        period: As for ``settlement``.
        as_of: As for ``settlement``.
        calendar: As for ``settlement``.
        rules: As for ``settlement``.
        columns: As for ``settlement``.
        catalog: As for ``settlement``.
        source: As for ``settlement``.

    Returns:
        The same kind of frame, the longest delay first: ``code``, the columns of ``by``,
        ``standing`` (``late``: solved late; ``overdue``: still in process), ``received``, ``due``
        and ``finished`` (midnights in Vietnamese time without a zone; ``finished`` is null while
        in process), ``working_days_late`` and ``calendar_days_late`` (Int64). The due day does
        not count and the last day does; finished on the Saturday after a due Friday is 0 working
        days late, and late all the same.

    Raises:
        FrameError: A column is missing or a row cannot be read; the message names it.
    """
    options = Options(
        period=period,
        as_of=as_of,
        calendar=calendar,
        rules=rules,
        columns=columns,
        catalog=catalog,
        source=source,
    )
    keys = keys_of(by)
    reading = read(frame, keys, options)
    rows = np.flatnonzero(reading.placed.late | reading.placed.overdue)
    made = late_columns(reading, rows)
    names = [series.name for series in made]
    shown = dict.fromkeys([names[0], *keys, *names[1:]])
    table = reading.keyed[rows.tolist()].with_columns(*made).select(*shown)
    order = ("calendar_days_late", "code")
    table = table.sort(*order, descending=[True, False])
    return cast("IntoFrameT", native(table, lazy=reading.intake.lazy))
