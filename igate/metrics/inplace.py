"""Counting where a table lies: the engine of a lazy frame gives back counts, not dossiers.

What decides the place of a dossier becomes one whole number a row, made of comparisons: received by
the last day, finished by then, after the due date, and so on. The engine counts rows by that
number, by the columns of the split, by channel and by state; there are few different ones, and
they are placed in memory by the same rules as dossiers that were read.

Not everything can be said so. A table with moments written as text, or with a fault in a row is
read into memory instead, so that a message still names the row; only the rows whose suspensions are
to be read are read besides. Due dates that are not given are put beside the rows by
``igate.metrics.reckoning``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import numpy as np

from igate.metrics.columns import Columns
from igate.metrics.due import Due
from igate.metrics.elsewhere import COMPARED, Elsewhere
from igate.metrics.finish import Finish
from igate.metrics.grouping import NAMES_OF_TIMES
from igate.metrics.intake import (
    CHANNEL_NAMES,
    FINISHED,
    NO_STATUS,
    RECEIVED,
    REFUSED,
    SUSPENDED,
    WITHDRAWN,
    channel_number,
    status_number,
)
from igate.metrics.numbering import Texts, as_one, encode, read_text, representatives
from igate.metrics.placing import Placed, window
from igate.metrics.reckoning import with_due_dates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from igate.metrics.asked import Options
    from igate.metrics.definitions import Definition
    from igate.metrics.spelling import Spelling

__all__ = ["Tally", "tally"]

_MOMENTS: Final = ("received", "finished", "due")
_NOON, _LAST_MINUTE = 12, 24 * 60 - 1
_NUMBER, _ROWS, _DAY = "igate_number", "igate_rows", "igate_day"
_OWN: Final = ("channel", "state", "reopened")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tally:
    """The different kinds of received dossiers of a table, and how many there are of each."""

    #: what the table is split by, under the names that the caller asked for
    names: tuple[str, ...]
    #: the columns of the split, a row a kind; those of the table as they are
    keys: tuple[nw.Series[Any], ...]
    #: int64, how many dossiers are of each kind
    many: NDArray[np.int64]
    #: bool, by name of the fact
    facts: Mapping[str, NDArray[np.bool_]]
    #: int32, as in ``Intake``
    status: NDArray[np.int32]
    online: NDArray[np.bool_]
    #: whether a state alone says that the clock is suspended
    states_say: bool
    #: bool; ``None``: the table does not say it
    reopened: NDArray[np.bool_] | None
    backend: Any
    #: rows that are to be read because their suspensions decide something; ``None``: there are none
    rest: nw.LazyFrame[Any] | None

    def counts(self, chosen: Definition) -> dict[str, NDArray[np.bool_]]:
        """Say of each kind in which counts it is, as a definition judges it."""
        placed = self._placed(chosen)
        found = placed.counts()
        if self.reopened is not None:
            found["solved_reopened"] = placed.solved & self.reopened
        if self.rest is not None:
            found["solved_suspended"] = np.zeros(len(self.many), dtype=bool)
        resting = placed.member & self.facts["resting"]
        if resting.any():
            found["due_provisional"] = resting
        return found

    def _placed(self, chosen: Definition) -> Placed:
        """Place each kind; see ``igate.metrics.placing.judge``."""
        fact = self.facts
        member = fact["came"] & (~fact["before"] | ~fact["finished"] | fact["ended"])
        withdrawn = fact["done"] & (self.status == WITHDRAWN)
        if chosen.withdrawn == "left_out":
            member &= ~withdrawn
        solved = member & fact["done"]
        judged = solved & ~(withdrawn & (chosen.withdrawn == "on_time"))
        still = np.isin(self.status, SUSPENDED) & ~fact["finished"] & self.states_say
        nothing = np.zeros(len(member), dtype=np.int64)
        late = judged & fact[f"late_{chosen.compare}"]
        return Placed(
            member=member,
            carried=member & fact["before"],
            online=self.online,
            solved=solved,
            early=judged & ~late & fact[f"early_{chosen.compare}"],
            late=late,
            overdue=member & ~fact["done"] & ~still & fact[f"over_{chosen.compare}"],
            due=Due(minutes=nothing, present=fact["due"]),
            finish=Finish(minutes=nothing, unit=nothing.astype(np.int32), failed=member & False),
        )

    def add_up(self, counts: Mapping[str, NDArray[np.bool_]]) -> nw.DataFrame[Any]:
        """Add up counts by group; see ``igate.metrics.form.add_up``. Rows are in no order."""
        if self.names:
            numbers = [_numbered(series) for series in self.keys]
            first, of = representatives(*as_one(numbers))
            keys = [
                nw.maybe_reset_index(series[first]).alias(name)
                for name, series in zip(self.names, self.keys, strict=True)
            ]
        else:
            first, of = np.zeros(1, dtype=np.int64), np.zeros(len(self.many), dtype=np.int64)
            keys = []
        made = [
            nw.new_series(
                name,
                # whole numbers below 2**53 are exact
                np.bincount(of, self.many * flags, len(first)).astype(np.int64),
                nw.Int64(),
                backend=self.backend,
            )
            for name, flags in counts.items()
        ]
        columns = [*keys, *made]
        return columns[0].to_frame().with_columns(*columns[1:])


def _numbered(series: nw.Series[Any]) -> tuple[NDArray[np.int32], int]:
    values, of = encode(series)
    return of + 1, len(values) + 1


def tally(
    frame: nw.DataFrame[Any] | nw.LazyFrame[Any],
    keys: Sequence[str],
    options: Options,
    definitions: Sequence[Definition],
) -> Tally | None:
    """Count the different kinds of dossiers of a table in its own engine.

    Args:
        frame: The table.
        keys: What it is split by.
        options: How it is read.
        definitions: By which it is counted.

    Returns:
        The kinds; ``None`` where the table has to be read: it lies in memory already, a column is
        not of a kind that can be compared there, a definition looks at suspensions, or a row is at
        fault.

    Raises:
        FrameError: A column is missing.
    """
    if not isinstance(frame, nw.LazyFrame):
        return None
    schema = frame.collect_schema()
    columns = Columns(list(schema.names()), options.columns)
    columns.require(keys)
    if not all(each.finish == "recorded" and each.due == "promised" for each in definitions):
        return None
    asked = Elsewhere(
        frame=frame,
        columns=columns,
        kinds={ours: schema[columns.of(ours)] for ours in COMPARED if ours in columns},
        keys=tuple(keys),
        days=window(options.period, options.as_of),
        compared=frozenset(each.compare for each in definitions),
    )
    if not asked.comparable(options.spelling) or not asked.has_own_codes():
        return None
    dated = asked if asked.given else with_due_dates(asked, options)
    return None if dated is None else _tallied(dated, options)


def _facts(asked: Elsewhere, provisional_from: date | None) -> dict[str, nw.Expr]:
    """Return what decides the place of a dossier, as comparisons."""
    received, finished, due = (asked.day(ours) for ours in _MOMENTS)
    end, until = asked.minute("finished"), asked.minute("due")
    last, no = nw.lit(asked.days.last), nw.lit(value=False)
    first = no if asked.days.first is None else received < nw.lit(asked.days.first)
    ended = no if asked.days.first is None else finished >= nw.lit(asked.days.first)
    # a date without an hour is the whole day; one that was worked out has its hour
    same, whole = (finished == due) & (end > 0), end == 0
    open_ended = until == 0 if asked.given else no
    afternoon = open_ended | (until >= _NOON * 60)
    judged = {
        "late_day": finished > due,
        "early_day": finished < due,
        "over_day": last > due,
        "late_half_day": (finished > due) | (same & (end >= _NOON * 60) & ~afternoon),
        "early_half_day": (finished < due) | (same & (end < _NOON * 60) & afternoon & ~whole),
        "over_half_day": (last > due) | ((last == due) & ~afternoon),
        "late_moment": (finished > due) | (same & ~open_ended & (end > until)),
        "early_moment": finished < due,
        "over_moment": (last > due) | ((last == due) & ~open_ended & (until < _LAST_MINUTE)),
    }
    wanted = {
        f"{word}_{compared}" for word in ("late", "early", "over") for compared in asked.compared
    }
    return {
        **{name: fact for name, fact in judged.items() if name in wanted},
        "received": ~asked.missing("received"),
        "finished": ~asked.missing("finished"),
        "due": ~asked.missing("due"),
        "came": received <= last,
        "before": first,
        "ended": ended,
        "done": finished <= last,
        "disordered": finished < received,
        "resting": no if provisional_from is None else due >= nw.lit(provisional_from),
    }


def _tallied(asked: Elsewhere, options: Options) -> Tally | None:
    facts = _facts(asked, options.working_days.provisional_from)
    number = nw.lit(0)
    for place, fact in enumerate(facts.values()):
        number += fact.fill_null(value=False).cast(nw.Int64()) * 2**place
    frame, rest = _parted(asked)
    grouped = _grouped(asked)
    kinds = asked.collected(
        frame.select(*(each.alias(name) for name, each in grouped.items()), number.alias(_NUMBER))
        .group_by(*grouped, _NUMBER)
        .agg(nw.len().alias(_ROWS))
    )
    numbers = kinds[_NUMBER].to_numpy().astype(np.int64)
    said = {name: numbers >> place & 1 == 1 for place, name in enumerate(facts)}
    return _understood(asked, options.spelling, kinds, said, rest)


def _parted(asked: Elsewhere) -> tuple[nw.LazyFrame[Any], nw.LazyFrame[Any] | None]:
    """Part off the dossiers whose suspensions decide: when they are due, or finished while waiting.

    Where the due dates are given it is those that were finished without one.
    """
    if "suspensions" not in asked.columns:
        return asked.frame, None
    read = ~asked.missing("suspensions")
    if asked.given:
        done = (asked.day("finished") <= nw.lit(asked.days.last)).fill_null(value=False)
        read = done & asked.missing("due") & read
    wanted = dict.fromkeys(
        [*asked.columns.names.values(), *(asked.columns.of(key) for key in asked.keys)]
    )
    names = [name for name in wanted if name in asked.columns.present]
    return asked.frame.filter(~read), asked.frame.filter(read).select(names)


def _grouped(asked: Elsewhere) -> dict[str, nw.Expr]:
    """Return what kinds are told apart by, beside the facts."""
    columns = asked.columns
    found = {name: nw.col(columns.of(name)) for name in _OWN if name in columns}
    for place, key in enumerate(asked.keys):
        if key not in asked.times and key != "channel":
            found[f"igate_key_{place}"] = nw.col(columns.of(key))
    if "week" in asked.times:
        found[_DAY] = asked.day("received")
    elif asked.times:
        day = asked.day("received").dt
        found[_DAY] = day.year().cast(nw.Int64()) * 100 + day.month().cast(nw.Int64())
    return found


def _understood(
    asked: Elsewhere,
    spelling: Spelling,
    kinds: nw.DataFrame[Any],
    facts: Mapping[str, NDArray[np.bool_]],
    rest: nw.LazyFrame[Any] | None,
) -> Tally | None:
    """Read what channels and states mean; ``None`` where a row is at fault."""

    def read(name: str) -> Texts:
        return spelling.read(read_text(kinds[name]), name)

    none = np.zeros(len(kinds), dtype=np.int32)
    status = read("state").numbers(status_number) if "state" in asked.columns else none
    channel = read("channel").numbers(channel_number)
    received, finished = facts["received"], facts["finished"]
    inside = received & (status != REFUSED)
    says = np.isin(status, RECEIVED) | (status == 0) | finished
    faults = (
        status == NO_STATUS,
        (status != REFUSED) & ~received & says,
        np.isin(status, FINISHED) & ~finished,
        inside & facts["disordered"],
        inside & (channel < 0),
    )
    if any(fault.any() for fault in faults):
        return None
    rows = np.flatnonzero(inside)
    often = None
    if "reopened" in asked.columns:
        often = read("reopened").flag(lambda text: (text or "0").removesuffix(".0") != "0")[rows]
    return Tally(
        names=asked.keys,
        keys=tuple(_keys(asked, kinds, channel, rows)),
        many=kinds[_ROWS].to_numpy().astype(np.int64)[rows],
        facts={name: flags[rows] for name, flags in facts.items()},
        status=status[rows],
        online=channel[rows] == CHANNEL_NAMES.index("online"),
        states_say=asked.given or "suspensions" not in asked.columns,
        reopened=often,
        backend=kinds.implementation,
        rest=rest,
    )


def _keys(
    asked: Elsewhere, kinds: nw.DataFrame[Any], channel: NDArray[np.int32], rows: NDArray[np.intp]
) -> Iterator[nw.Series[Any]]:
    """Yield the columns of the split for some kinds."""
    # there are few days, and many kinds of each
    said, of = encode(kinds[_DAY][rows]) if asked.times else ([], channel)
    days = [_day(each) for each in said]
    for place, key in enumerate(asked.keys):
        if key == "channel":
            texts: list[str] = [CHANNEL_NAMES[number] for number in channel[rows].tolist()]
        elif key in asked.times:
            names = [NAMES_OF_TIMES[key](day) for day in days]
            texts = [names[each] for each in of.tolist()]
        else:
            yield kinds[f"igate_key_{place}"][rows]
            continue
        yield nw.new_series(key, texts, nw.String(), backend=kinds.implementation)


def _day(said: Any) -> date:  # noqa: ANN401 - as an engine gives it back
    """Return a day of the time of receipt: itself, or the first of its month."""
    return (
        date(*divmod(int(said), 100), 1) if isinstance(said, int) else date(*said.timetuple()[:3])
    )
