"""What a settlement would have been under another limit, calendar, clock rule or definition.

The same dossiers are counted twice, and the two tables are put side by side. What the office would
have done otherwise is not guessed: receipts, waits and finishes stay as they are. Due dates that
the table gives are left out where limits, days or rules change, in both counts, because a date
that is counted anew can only be compared with one that was counted too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import narwhals.stable.v2 as nw

from igate.deadlines.limits import TimeLimit
from igate.errors import FrameError
from igate.metrics.asked import keys_of
from igate.metrics.columns import take
from igate.metrics.definitions import COUNTS
from igate.metrics.definitions import definition as find_definition
from igate.metrics.form import settlement
from igate.metrics.numbering import read_text
from igate.metrics.refusal import suggest
from igate.metrics.spelling import fold
from igate.procedures.catalog.filing import core_code
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from narwhals.stable.v2.typing import IntoFrameT

    from igate.calendar import WorkCalendar
    from igate.deadlines.rules import ClockRules
    from igate.metrics.columns import Columns
    from igate.metrics.definitions import Definition
    from igate.metrics.spelling import DateForm
    from igate.procedures.catalog.catalog import Catalog

__all__ = ["what_if"]

_RATE = ("rate_numerator", "rate_denominator", "on_time_rate")


def what_if(
    frame: IntoFrameT,
    *,
    limit: str | TimeLimit | Mapping[str, str | TimeLimit] | None = None,
    calendar: WorkCalendar | None = None,
    rules: ClockRules | str | None = None,
    definition: str | Definition | None = None,
    against: str | Definition = "form_06a",
    against_calendar: WorkCalendar | None = None,
    against_rules: ClockRules | str | None = None,
    by: str | Sequence[str] = ("agency",),
    period: tuple[date, date] | None = None,
    as_of: date,
    columns: Mapping[str, str] | None = None,
    catalog: Catalog | None = None,
    source: str = "",
    dates: DateForm | Mapping[str, DateForm] = "iso",
    values: Mapping[str, Mapping[str, str | Sequence[str]]] | None = None,
    zone: str | None = None,
) -> IntoFrameT:
    """Count dossiers as they are and as if something had been otherwise, side by side.

    Args:
        frame: As for ``settlement``.
        limit: Another time limit for all dossiers, or by the code of the procedure or the limit
            as the table writes it; what is not named keeps its limit.
        calendar: Other working days.
        rules: Other clock rules, or the name of shipped ones.
        definition: Another definition of on time.
        against: The definition of the first count, and of the second where no other is given.
        against_calendar: The working days of the first count, such as those of the desk, and of the
            second where no others are given; those of the civil service when absent.
        against_rules: The clock rules likewise; as ``settlement`` finds them when absent.
        by: As for ``settlement``.
        period: As for ``settlement``.
        as_of: As for ``settlement``.
        columns: As for ``settlement``.
        catalog: As for ``settlement``.
        source: As for ``settlement``.
        dates: As for ``settlement``.
        values: As for ``settlement``.
        zone: As for ``settlement``.

    Returns:
        The same kind of frame, a row a group: the columns of ``by``, then each count of
        ``COUNTS`` twice, as it is and with ``_if`` (Int64), ``rate_numerator``,
        ``rate_denominator`` and ``on_time_rate`` likewise, and ``rate_change`` (Float64, the
        second rate minus the first; null where one of them has none).

    Raises:
        FrameError: Nothing is to be otherwise, a limit that is named occurs nowhere, due dates
            are given and no limits, or the table cannot be read.
        TimeLimitError: A limit cannot be read.
        IgateError: There is no such definition.
    """
    if limit is None and calendar is None and rules is None and definition is None:
        raise FrameError(
            say("Nothing is to be otherwise."),
            why=say("Both counts would be the same."),
            fix=say("Give limit, calendar, rules or definition."),
        )
    keys, found = keys_of(by), find_definition(against)
    other = found if definition is None else find_definition(definition)
    table, names, origin = take(frame, columns, keys)
    if limit is not None or calendar is not None or rules is not None:
        table = _without_due(table, names)
    shared: dict[str, Any] = {
        "by": keys, "period": period, "as_of": as_of, "catalog": catalog, "source": source,
        "dates": dates, "values": values, "zone": zone,
    }  # fmt: skip
    mapping: Mapping[str, str] = {
        ours: name for ours, name in (columns or {}).items() if name in table.columns
    }
    first = settlement(
        table.to_native(), definition=found, columns=mapping, calendar=against_calendar,
        rules=against_rules, **shared,
    )  # fmt: skip
    changed, mapping = _with_limits(table, names, limit, mapping)
    second = settlement(
        changed.to_native(), definition=other, columns=mapping,
        calendar=against_calendar if calendar is None else calendar,
        rules=against_rules if rules is None else rules, **shared,
    )  # fmt: skip
    return cast("IntoFrameT", origin.give(_beside(first, second, keys)))


def _without_due(table: nw.DataFrame[Any], names: Columns) -> nw.DataFrame[Any]:
    if "due" not in names:
        return table
    if "limit" not in names and "procedure" not in names:
        raise FrameError(
            say("The table has due dates but no limits."),
            why=say("A due date can be counted anew only from a limit."),
            fix=say("Add a column limit or procedure."),
        )
    return table.drop(names.of("due"))


def _with_limits(
    table: nw.DataFrame[Any],
    names: Columns,
    limit: str | TimeLimit | Mapping[str, str | TimeLimit] | None,
    mapping: Mapping[str, str],
) -> tuple[nw.DataFrame[Any], Mapping[str, str]]:
    """Put other limits into a table; return it and the map of its columns."""
    if limit is None:
        return table, mapping
    name = names.of("limit")
    if isinstance(limit, Mapping):
        cells = _cells(table, names, {key: _text(own) for key, own in limit.items()})
    else:
        cells = [_text(limit)] * len(table)
    column = nw.new_series(name, cells, nw.String(), backend=table.implementation)
    return table.with_columns(column), {**mapping, "limit": name}


def _text(limit: str | TimeLimit) -> str:
    return str(limit if isinstance(limit, TimeLimit) else TimeLimit.parse(limit))


def _cells(table: nw.DataFrame[Any], names: Columns, limits: Mapping[str, str]) -> list[str | None]:
    """Return the limit of each row: by its procedure, else by its limit, else as it is."""
    by_name = {core_code(key) or fold(key): text for key, text in limits.items()}
    used: set[str] = set()
    columns = [
        read_text(table[names.of(ours)]) if ours in names else None
        for ours in ("procedure", "limit")
    ]
    cells: list[str | None] = []
    for row in range(len(table)):
        own = [None if texts is None else texts[row] for texts in columns]
        keys = [core_code(text) or fold(text) for text in own if text is not None]
        key = next((key for key in keys if key in by_name), None)
        used.update([] if key is None else [key])
        cells.append(own[1] if key is None else by_name[key])
    unused = [key for key in limits if (core_code(key) or fold(key)) not in used]
    if unused:
        there = {text for texts in columns if texts is not None for text in texts.values if text}
        raise FrameError(
            say("No dossier has the procedure or the limit {unused!r}.", unused=unused[0]),
            fix=suggest(unused[0], sorted(there)[:20], say("The table has")),
        )
    return cells


def _beside(first: Any, second: Any, keys: Sequence[str]) -> nw.DataFrame[Any]:  # noqa: ANN401 - any frame
    """Put two settlements side by side; a group that one of them lacks has counted nothing there.

    A definition that moves the finish can leave a month without any dossier.
    """
    before: nw.DataFrame[Any] = nw.from_native(first, eager_only=True)
    after: nw.DataFrame[Any] = nw.from_native(second, eager_only=True)
    rows = [_by_group(table, keys) for table in (before, after)]
    groups = list(dict.fromkeys([*rows[0], *rows[1]]))
    further = [group not in rows[0] for group in groups if group in rows[1]]
    named = before
    if any(further):
        named = nw.concat([before, after.filter([group not in rows[0] for group in rows[1]])])
    made: list[nw.Series[Any]] = [named[key] for key in keys]
    backend = before.implementation
    for name in (*COUNTS, *_RATE):
        kind = nw.Float64() if name == "on_time_rate" else nw.Int64()
        nothing = None if name == "on_time_rate" else 0
        for own, ending in zip(rows, ("", "_if"), strict=True):
            cells = [own[group][name] if group in own else nothing for group in groups]
            made.append(nw.new_series(f"{name}{ending}", cells, kind, backend=backend))
    table = made[0].to_frame().with_columns(*made[1:])
    change = nw.col("on_time_rate_if") - nw.col("on_time_rate")
    return table.with_columns(change.alias("rate_change"))


def _by_group(table: nw.DataFrame[Any], keys: Sequence[str]) -> dict[tuple[Any, ...], Any]:
    """Return the rows of a settlement by their group; an empty key is ``None`` in every library."""
    return {
        tuple(None if row[key] != row[key] else row[key] for key in keys): {
            **row, "on_time_rate": _rate(row),
        }
        for row in table.rows(named=True)
    }  # fmt: skip


def _rate(row: Mapping[str, Any]) -> float | None:
    below = row["rate_denominator"]
    return row["rate_numerator"] / below if below else None
