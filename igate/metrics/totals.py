"""Sums by group, the rate on the sums, and the identities that every row must satisfy.

Counts add up, rates do not: a rate is computed once, on the sums. The identities are those of
form II.06a (Thông tư 01/2020/TT-VPCP): what was received is what was solved and what is still in
process, and each of the three is the sum of its parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from igate.errors import FrameError
from igate.metrics.definitions import COUNTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from igate.metrics.definitions import Definition

__all__ = ["IDENTITIES", "add_up", "check_identities", "with_rate"]

#: Each total of the form and the counts that make it up.
IDENTITIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("received_total", ("solved_total", "in_process_total")),
    ("received_total", ("received_online", "received_counter_post", "carried_over")),
    ("solved_total", ("solved_early", "solved_on_time", "solved_late")),
    ("in_process_total", ("in_process_within", "in_process_overdue")),
)


def add_up(
    keyed: nw.DataFrame[Any], keys: Sequence[str], counts: Mapping[str, NDArray[np.int64]]
) -> nw.DataFrame[Any]:
    """Add up counts by group.

    Args:
        keyed: The columns that split the table.
        keys: Their names; none gives one row.
        counts: 0 and 1 for each row of ``keyed``, by name of the count.

    Returns:
        A row a group, null keys included, sorted with them last; counts are Int64.
    """
    backend = keyed.implementation
    if not keys:
        sums = {name: [int(flags.sum())] for name, flags in counts.items()}
        return nw.from_dict(sums, dict.fromkeys(sums, nw.Int64()), backend=backend)
    flags = [nw.new_series(name, of, nw.Int64(), backend=backend) for name, of in counts.items()]
    grouped = keyed.with_columns(*flags).group_by(*keys, drop_null_keys=False)
    # cast after the sums: pandas sums plain columns fast, and anything more one group at a time
    table = grouped.agg(*(nw.col(name).sum() for name in counts))
    table = table.with_columns(*(nw.col(name).cast(nw.Int64()) for name in counts))
    if "month" in keys:
        table = table.filter(nw.col("received_total") > 0)
    return table.sort(*keys, nulls_last=True)


def with_rate(table: nw.DataFrame[Any], chosen: Definition) -> nw.DataFrame[Any]:
    """Add numerator, denominator and rate; the rate is null where the denominator is 0."""
    whole = table.with_columns(
        nw.sum_horizontal(*chosen.numerator).cast(nw.Int64()).alias("rate_numerator"),
        nw.sum_horizontal(*chosen.denominator).cast(nw.Int64()).alias("rate_denominator"),
    )
    below = nw.col("rate_denominator")
    share = nw.col("rate_numerator").cast(nw.Float64()) / below.cast(nw.Float64())
    return whole.with_columns(
        nw.when(below > 0).then(share).otherwise(None).cast(nw.Float64()).alias("on_time_rate")
    )


def check_identities(table: nw.DataFrame[Any], keys: Sequence[str]) -> None:
    """Check that every row adds up.

    Raises:
        FrameError: It does not; the message names the group and both figures.
    """
    columns = {name: table[name].to_list() for name in (*keys, *COUNTS)}
    for row in range(len(table)):
        for total, parts in IDENTITIES:
            whole = columns[total][row]
            added = sum(columns[part][row] for part in parts)
            if whole != added:
                group = ", ".join(f"{key} {columns[key][row]}" for key in keys)
                raise FrameError(
                    f"{total} is {whole}, but {' + '.join(parts)} is {added}.",
                    where=group or "total",
                    why="In form II.06a (Thông tư 01/2020/TT-VPCP) the two are equal.",
                    fix="Report it with the table: no table can be right that breaks this.",
                )
