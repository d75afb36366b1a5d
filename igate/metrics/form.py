"""The settlement table of form II.06a (Thông tư 01/2020/TT-VPCP) and the list of late dossiers.

Counts add up, rates do not: a rate is computed once, on the sums of its group. Every row satisfies
the identities of the form: what was received is what was solved and what is still in process, and
each of the three is the sum of its parts. Late dossiers are listed with their lateness in working
days and in calendar days. Tables go in and come out as the caller's kind of frame.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import narwhals.stable.v2 as nw
import numpy as np

from igate.calendar.arrays import count_days
from igate.errors import CalendarNotCovered, FrameError
from igate.law.localtime import EPOCH
from igate.metrics.asked import Options, keys_of, read
from igate.metrics.columns import Origin, hold
from igate.metrics.definitions import COUNTS, FURTHER_COUNTS, RATE, Definition, find_definitions
from igate.metrics.definitions import definition as find_definition
from igate.metrics.finish import suspended_at_the_finish
from igate.metrics.grouping import TIMES
from igate.metrics.identities import IDENTITIES
from igate.metrics.inplace import tally
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from narwhals.stable.v2.typing import IntoFrameT
    from numpy.typing import NDArray

    from igate.calendar import WorkCalendar
    from igate.deadlines.rules import ClockRules
    from igate.metrics.asked import Reading
    from igate.metrics.grouping import Groups, Split
    from igate.metrics.inplace import Tally
    from igate.metrics.placing import Placed
    from igate.metrics.spelling import DateForm
    from igate.procedures.catalog.catalog import Catalog

__all__ = [
    "IDENTITIES",
    "add_up",
    "check_identities",
    "counts_of",
    "late_columns",
    "late_dossiers",
    "settlement",
    "with_rate",
    "working_days",
]


def settlement(
    frame: IntoFrameT,
    *,
    definition: str | Definition | Sequence[str | Definition] = "form_06a",
    by: str | Sequence[str] = ("agency",),
    period: tuple[date, date] | None = None,
    as_of: date,
    total: bool = False,
    calendar: WorkCalendar | None = None,
    rules: ClockRules | str | None = None,
    columns: Mapping[str, str] | None = None,
    catalog: Catalog | None = None,
    source: str = "",
    dates: DateForm | Mapping[str, DateForm] = "iso",
    values: Mapping[str, Mapping[str, str | Sequence[str]]] | None = None,
    zone: str | None = None,
) -> IntoFrameT:
    """Count the dossiers of a table in the columns of form II.06a, with the on-time rate.

    Args:
        frame: A row a dossier: a pandas or Polars frame (eager or lazy), a PyArrow table, a DuckDB
            relation, an Ibis table, a PySpark frame, or anything that gives an Arrow stream. It is
            not changed. A lazy one is counted in its own engine where that can be; otherwise the
            needed columns are read.
        definition: What the rate divides by what: the name of a shipped definition, or one of
            the host's own; or several of them, for which the table is read once.
        by: Columns that split the table: ``agency``, ``channel``, ``procedure``, ``field``,
            ``online_level``, the time of receipt as ``month`` (``2026-03``), ``quarter``
            (``2026-Q1``), ``year`` (``2026``) or ISO ``week`` (``2026-W10``), or any other column
            of the frame. With none there is one row, also for an empty frame.
        period: First and last day, both inclusive; ``None``: everything received up to ``as_of``.
        as_of: The day on which the table is drawn up. The last day counted is the end of the
            period, or this one where it is earlier.
        total: Whether the last row of each definition is the sum of the others.
        calendar: The working days; ``None``: those of the civil service, with expected days where
            nothing has been announced yet.
        rules: Clock rules for every dossier, or the name of shipped ones; ``None``: those of the
            procedure, else ``decree``, in force on the day of receipt.
        columns: Names of the columns where they are not igate's: igate's name to the frame's.
        catalog: Where limits of procedures are looked up; ``None``: the shipped catalogue.
        source: Name of the file for messages.
        dates: How dates are written, in every column or by igate's name of the column: ``iso``
            (2026-03-05T09:00), ``day_first`` (05/03/2026 as well), ``day_first_yy`` (05/03/26 as
            well) or ``excel`` (serial numbers as well).
        values: What the words of the table mean, by igate's name of the column, igate's word to
            the table's: ``{"channel": {"online": ["Trực tuyến", "Internet"]}}``.
        zone: IANA name of the zone of moments that are written without one; ``None``: Vietnam.

    Returns:
        The same kind of frame (of a stream: a PyArrow table): the columns of ``by`` under the
        names given, the counts of ``COUNTS`` (Int64), those of ``FURTHER_COUNTS`` for which the
        table has the columns ``reopened``, ``recorded`` and ``suspensions``, ``rate_numerator`` and
        ``rate_denominator`` (Int64) and ``on_time_rate`` (Float64, 0..1; null where the
        denominator is 0); with ``suspensions`` also ``suspended_share`` (Float64): how much of the
        rate are dossiers that were finished while their clock stood still. Rows are sorted by the
        columns of ``by``, null keys last and kept. A group none of whose dossiers belongs to the
        table has a row of zeros, except that times of receipt in which none does are left out. With
        several definitions a column ``definition`` comes first, in the order asked for; with
        ``total`` a column ``is_total`` (Boolean) follows those of ``by``, which are null in the
        total row.

    Raises:
        FrameError: A column is missing or a row cannot be read; the message names it.
        IgateError: There is no such definition, or one is named twice.
    """
    chosen = find_definitions(definition)
    keys = keys_of(by)
    options = Options.of(
        period=period,
        as_of=as_of,
        calendar=calendar,
        rules=rules,
        columns=columns,
        catalog=catalog,
        source=source,
        dates=dates,
        values=values,
        zone=zone,
    )
    held: Any = hold(frame)
    origin = Origin.of(held)
    found = tally(held, keys, options, chosen)
    count = None if found is None else _in_place(found, options)
    if count is None:
        reading = read(held, keys, options)
        groups = reading.split.groups()
        count = partial(_in_memory, reading, groups)
    tables = _tables(keys, chosen, count, total=total)
    if isinstance(definition, str | Definition):
        return cast("IntoFrameT", origin.give(tables[0]))
    named = [
        table.select(nw.lit(each.name).alias("definition"), nw.all())
        for table, each in zip(tables, chosen, strict=True)
    ]
    return cast("IntoFrameT", origin.give(_one_below_the_other(named)))


def _in_memory(reading: Reading, groups: Groups, chosen: Definition) -> nw.DataFrame[Any]:
    """Count dossiers that were read, as a definition judges them."""
    return add_up(reading.split, groups, counts_of(reading, chosen))


def _in_place(found: Tally, options: Options) -> Callable[[Definition], nw.DataFrame[Any]] | None:
    """Return what counts a table that lies elsewhere, with the rows of it that have to be read.

    Returns:
        ``None`` where one of these rows is at fault: it can be named in the whole table only.
    """
    if found.rest is None:
        return lambda chosen: _merged([found.add_up(found.counts(chosen))], found.names)
    tried = find_definition("form_06a")
    try:
        rest = read(found.rest.to_native(), found.names, options)
        known = {tried.judgement: counts_of(rest, tried)}
    except FrameError:
        return None
    groups = rest.split.groups()

    def count(chosen: Definition) -> nw.DataFrame[Any]:
        counts = known.get(chosen.judgement) or counts_of(rest, chosen)
        own = add_up(rest.split, groups, counts)
        return _merged([found.add_up(found.counts(chosen)), own], found.names)

    return count


def _merged(tables: Sequence[nw.DataFrame[Any]], names: Sequence[str]) -> nw.DataFrame[Any]:
    """Add up tables of counts by group, and put the groups in order."""
    counts = list(dict.fromkeys(
        [*COUNTS, *(n for n in FURTHER_COUNTS if any(n in table.columns for table in tables))]
    ))  # fmt: skip
    zero = nw.lit(0, nw.Int64())
    whole = nw.concat(
        [
            table.with_columns(
                *(zero.alias(name) for name in counts if name not in table.columns)
            ).select(*names, *counts)
            for table in tables
        ],
        how="vertical",
    )
    if not names:
        return whole.select(*(nw.col(name).sum().cast(nw.Int64()) for name in counts))
    table = whole.group_by(*names).agg(*(nw.col(name).sum() for name in counts))
    return _in_order(table.with_columns(nw.col(*counts).cast(nw.Int64())), names)


def _in_order(table: nw.DataFrame[Any], names: Sequence[str]) -> nw.DataFrame[Any]:
    """Sort the groups, null last, without the times of receipt in which nothing counts."""
    if any(name in TIMES for name in names):
        table = table.filter(nw.col("received_total") > 0)
    return table.sort(*names, nulls_last=True)


def _tables(
    keys: Sequence[str],
    definitions: Sequence[Definition],
    count: Callable[[Definition], nw.DataFrame[Any]],
    *,
    total: bool,
) -> list[nw.DataFrame[Any]]:
    """Return a table for each definition; those that judge a dossier alike are counted once."""
    counted: dict[tuple[str, ...], nw.DataFrame[Any]] = {}
    for each in definitions:
        if each.judgement not in counted:
            table = count(each)
            if total:
                table = _with_total(table, keys)
            check_identities(table, keys)
            counted[each.judgement] = table
    return [with_rate(counted[each.judgement], each) for each in definitions]


def _one_below_the_other(tables: Sequence[nw.DataFrame[Any]]) -> nw.DataFrame[Any]:
    """Join tables; a further count that one has and another has not is 0 there."""
    further = [name for name in FURTHER_COUNTS if any(name in table.columns for table in tables)]
    last = [name for name in RATE if name in tables[0].columns]
    first = [name for name in tables[0].columns if name not in {*FURTHER_COUNTS, *last}]
    whole = [
        table.with_columns(
            *(nw.lit(0, nw.Int64()).alias(name) for name in further if name not in table.columns)
        ).select(*first, *further, *last)
        for table in tables
    ]
    return nw.concat(whole, how="vertical")


def _with_total(table: nw.DataFrame[Any], keys: Sequence[str]) -> nw.DataFrame[Any]:
    """Add a last row for all dossiers, and say of each row whether it is that one.

    What was left out for its time of receipt counts nothing, so that the rows add up to it.
    """
    backend, many = table.implementation, len(table)
    counts = [name for name in table.columns if name not in keys]
    values: dict[str, list[object]] = {
        **{name: [None] for name in keys},
        **{name: [int(table[name].sum())] for name in counts},
    }
    schema = table.schema
    last = [nw.new_series(name, own, schema[name], backend=backend) for name, own in values.items()]
    whole = nw.concat([table, last[0].to_frame().with_columns(*last[1:])], how="vertical")
    flags = nw.new_series("is_total", [False] * many + [True], nw.Boolean(), backend=backend)
    return nw.maybe_reset_index(whole).with_columns(flags).select(*keys, "is_total", *counts)


def counts_of(reading: Reading, chosen: Definition) -> dict[str, NDArray[np.bool_]]:
    """Say of each dossier in which counts it is, as a definition judges it.

    Raises:
        FrameError: A row cannot be read; the message names it.
    """
    placed = reading.placed(chosen)
    return {**placed.counts(), **_further(reading, placed)}


def late_dossiers(
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
    dates: DateForm | Mapping[str, DateForm] = "iso",
    values: Mapping[str, Mapping[str, str | Sequence[str]]] | None = None,
    zone: str | None = None,
) -> IntoFrameT:
    """List the dossiers that ``settlement`` counts as solved late or as in process and overdue.

    Args:
        frame: As for ``settlement``.
        definition: As for ``settlement``: by what a dossier is late.
        by: Columns to show next to the code.
        period: As for ``settlement``.
        as_of: As for ``settlement``.
        calendar: As for ``settlement``.
        rules: As for ``settlement``.
        columns: As for ``settlement``.
        catalog: As for ``settlement``.
        source: As for ``settlement``.
        dates: As for ``settlement``.
        values: As for ``settlement``.
        zone: As for ``settlement``.

    Returns:
        The same kind of frame, the longest delay first: ``code``, the columns of ``by``,
        ``standing`` (``late``: solved late; ``overdue``: still in process), ``received``, ``due``
        and ``finished`` (midnights in Vietnamese time without a zone; ``finished`` is null while
        in process), ``working_days_late`` and ``calendar_days_late`` (Int64). The due day does
        not count and the last day does; finished on the Saturday after a due Friday is 0 working
        days late, and late all the same.

    Raises:
        FrameError: A column is missing or a row cannot be read; the message names it.
        IgateError: There is no such definition.
    """
    options = Options.of(
        period=period,
        as_of=as_of,
        calendar=calendar,
        rules=rules,
        columns=columns,
        catalog=catalog,
        source=source,
        dates=dates,
        values=values,
        zone=zone,
    )
    keys = keys_of(by)
    reading = read(frame, keys, options)
    placed = reading.placed(find_definition(definition))
    rows = np.flatnonzero(placed.late | placed.overdue)
    made = late_columns(reading, placed, rows)
    names = [series.name for series in made]
    shown = dict.fromkeys([names[0], *keys, *names[1:]])
    table = made[0].to_frame().with_columns(*reading.split.at(rows), *made[1:]).select(*shown)
    order = ("calendar_days_late", "code")
    table = table.sort(*order, descending=[True, False])
    return cast("IntoFrameT", reading.intake.origin.give(table))


def _further(reading: Reading, placed: Placed) -> dict[str, NDArray[np.bool_]]:
    """Say what the table says beyond the form: reopened, and recorded later."""
    intake, solved = reading.intake, placed.solved
    found: dict[str, NDArray[np.bool_]] = {}
    if "reopened" in intake.columns:
        often = intake.text("reopened").flag(lambda text: (text or "0").removesuffix(".0") != "0")
        found["solved_reopened"] = solved & often
    if intake.recorded is not None:
        finished, recorded = intake.finished.days, intake.recorded.days
        later = solved & intake.recorded.present & (recorded > finished)
        rows = np.flatnonzero(later)
        waited = working_days(reading, rows, finished[rows], recorded[rows])
        later[rows] = waited > 1
        found["solved_recorded_later"] = later
    if "suspensions" in intake.columns:
        found["solved_suspended"] = suspended_at_the_finish(intake, solved & ~placed.due.present)
    first = reading.law.calendar.provisional_from
    if first is not None:
        due, member = placed.due, placed.member
        resting = member & due.present & (due.days >= first.toordinal() - EPOCH)
        if resting.any():
            found["due_provisional"] = resting
    return found


def add_up(
    split: Split, groups: Groups, counts: Mapping[str, NDArray[np.bool_]]
) -> nw.DataFrame[Any]:
    """Add up counts by group.

    Args:
        split: What the table is split by; nothing gives one row.
        groups: Which rows are in which group.
        counts: Which rows are in each count, by name of the count.

    Returns:
        A row a group, null keys included, sorted with them last; counts are Int64.
    """
    backend = split.intake.frame.implementation
    sums = {name: groups.add_up(flags) for name, flags in counts.items()}
    columns = [nw.new_series(name, own, nw.Int64(), backend=backend) for name, own in sums.items()]
    if not split.names:
        return columns[0].to_frame().with_columns(*columns[1:])
    keys = split.at(groups.first)
    return _in_order(keys[0].to_frame().with_columns(*keys[1:], *columns), split.names)


def with_rate(table: nw.DataFrame[Any], chosen: Definition) -> nw.DataFrame[Any]:
    """Add numerator, denominator and rate, and what of it was solved while the clock stood still.

    Rate and share are null where the denominator is 0.
    """
    whole = table.with_columns(
        nw.sum_horizontal(*chosen.numerator).cast(nw.Int64()).alias("rate_numerator"),
        nw.sum_horizontal(*chosen.denominator).cast(nw.Int64()).alias("rate_denominator"),
    )
    below = nw.col("rate_denominator")
    shares = {"on_time_rate": nw.col("rate_numerator")}
    if "solved_suspended" in table.columns:
        shares["suspended_share"] = nw.col("solved_suspended")
    return whole.with_columns(
        nw.when(below > 0)
        .then(above.cast(nw.Float64()) / below.cast(nw.Float64()))
        .otherwise(None)
        .cast(nw.Float64())
        .alias(name)
        for name, above in shares.items()
    )


def check_identities(table: nw.DataFrame[Any], keys: Sequence[str]) -> None:
    """Check that every row adds up.

    Raises:
        FrameError: It does not; the message names the group and both figures.
    """
    columns = {name: table[name].to_numpy() for name in COUNTS}
    for total, parts in IDENTITIES:
        added = np.sum([columns[part] for part in parts], axis=0)
        wrong = np.flatnonzero(columns[total] != added)
        if len(wrong):
            row = int(wrong[0])
            group = ", ".join(f"{key} {table[key][row]}" for key in keys)
            raise FrameError(
                say(
                    "{total} is {columns}, but {parts} is {added}.",
                    total=total,
                    columns=columns[total][row],
                    parts=" + ".join(parts),
                    added=added[row],
                ),
                where=group or "total",
                why=say("In form II.06a (Thông tư 01/2020/TT-VPCP) the two are equal."),
                fix=say("Report it with the table: no table can be right that breaks this."),
            )


_DAY_ZERO = datetime(1970, 1, 1)  # noqa: DTZ001 - a midnight of the table, in Vietnamese time
_WHEN = nw.Datetime("us")


def late_columns(reading: Reading, placed: Placed, rows: NDArray[np.intp]) -> list[nw.Series[Any]]:
    """Describe late dossiers.

    Args:
        reading: The dossiers; open ones are late up to its last known day.
        placed: Their places in the table.
        rows: Positions of the late ones.

    Returns:
        Columns in the kind of the frame that was read, a row for each of ``rows``.

    Raises:
        FrameError: A day lies outside the calendar.
    """
    intake = reading.intake
    solved = placed.late[rows]
    due = placed.due.days[rows]
    end = np.maximum(placed.finish.days[rows], due)
    finished = [
        day if known else None
        for day, known in zip(_midnights(intake.finished.days[rows]), solved, strict=True)
    ]
    columns: dict[str, tuple[Sequence[object] | NDArray[np.int64], Any]] = {
        "code": (intake.codes.at(rows).texts(), nw.String()),
        "standing": (["late" if is_solved else "overdue" for is_solved in solved], nw.String()),
        "received": (_midnights(intake.received.days[rows]), _WHEN),
        "due": (_midnights(due), _WHEN),
        "finished": (finished, _WHEN),
        "working_days_late": (working_days(reading, rows, due, end), nw.Int64()),
        "calendar_days_late": (end - due, nw.Int64()),
    }
    backend = intake.frame.implementation
    return [
        nw.new_series(name, values, kind, backend=backend)
        for name, (values, kind) in columns.items()
    ]


def _midnights(days: NDArray[np.int64]) -> list[datetime]:
    return [_DAY_ZERO + timedelta(days=day) for day in days.tolist()]


def working_days(
    reading: Reading, rows: NDArray[np.intp], due: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Count the working days of some rows after a day up to another, both since 1970-01-01.

    Raises:
        FrameError: A day lies outside the calendar; the message names the row.
    """
    calendar = reading.law.calendar
    after, until = due.astype("datetime64[D]"), end.astype("datetime64[D]")
    try:
        return count_days(calendar, after, until)
    except CalendarNotCovered as error:
        first, last = np.datetime64(calendar.first, "D"), np.datetime64(calendar.last, "D")
        wrong = np.flatnonzero((after < first) | (until > last)).tolist()
        spelled = {
            int(rows[place]): say(
                "{first} to {last}", first=after[place].item(), last=until[place].item()
            )
            for place in wrong
        }
        raise reading.intake.rows.refusal(
            spelled,
            lambda row: together(reading.intake.codes[row], spelled[row], between=": "),
            what=say("Delays cannot be counted in working days"),
            why=say(
                "The days off are known from {first} to {last}.",
                first=calendar.first,
                last=calendar.last,
            ),
            fix=say("Pass calendar=WorkCalendar.vietnam(provisional=True), or an earlier as_of."),
        ) from error
