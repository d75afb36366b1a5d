"""Due dates worked out for a table that lies elsewhere, without reading its rows.

A due date follows from few things: what the table says of the limit, the day of receipt, the day
from which the time is counted, and of its hour mostly nothing or on which side of a cut-off it
lies. The engine says which of these occur together; each such kind is worked out once, by the very
code that works out a table in memory; and the engine joins the answers to the rows. So no rule of
the law is written a second time in the words of an engine.

The exact minute decides only of limits in hours and in parts of a working day, and of same-day
results: there each minute that occurs is a kind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import numpy as np

from igate.deadlines.limits import Unit
from igate.errors import FrameError
from igate.law.localtime import MINUTES_PER_DAY
from igate.metrics.asked import read
from igate.metrics.due import due_days
from igate.metrics.elsewhere import DUE_DAY, DUE_MINUTE, TERMS
from igate.metrics.terms import read_terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from igate.metrics.asked import Options, Reading
    from igate.metrics.elsewhere import Elsewhere
    from igate.metrics.terms import Term, Terms

__all__ = ["with_due_dates"]

_RECEIVED, _START, _MINUTE, _ROWS = "igate_received", "igate_start", "igate_minute", "igate_rows"
#: Units of which a whole number ends with a day, whatever the minute from which it is counted.
_IN_DAYS: Final = frozenset({Unit.WORKING_DAY, Unit.DAY, Unit.MONTH})
#: How a table writes that a receipt was refused; other spellings cost time and change no count.
_REFUSED: Final = ("3", "rejected")
_NO_DATE: Final = np.datetime64("NaT", "D")


def with_due_dates(asked: Elsewhere, options: Options) -> Elsewhere | None:
    """Put beside each row without suspensions when it is due, in the engine that holds it.

    Args:
        asked: A table without due dates.
        options: How it is read.

    Returns:
        The table with the columns ``DUE_DAY`` and ``DUE_MINUTE``, null where there is no due date;
        ``None`` where a limit cannot be read or counted, so that a row has to be named, or where
        the engine takes no table of ours.
    """
    keys = _keys(asked)
    marked = replace(asked, frame=asked.frame.with_columns(**keys))
    members = marked.frame.filter(_counted(asked))
    try:
        found = _distinct(marked, members, list(keys))
        if not len(found):
            return _without(marked)
        kinds = _Kinds.of(found, options, asked)
        table = _worked_out(marked, members, kinds, options)
    except FrameError:
        return None
    beside = asked.brought(table)
    if beside is None:
        return None
    frame = marked.frame.with_columns(kinds.minute(asked).alias(_MINUTE))
    return replace(marked, frame=frame.join(beside, on=[*keys, _MINUTE], how="left"))


def _without(asked: Elsewhere) -> Elsewhere:
    """Put no due date beside rows of which none is counted."""
    nothing = nw.lit(None)
    dates = {DUE_DAY: nothing.cast(nw.Date()), DUE_MINUTE: nothing.cast(nw.Int64())}
    return replace(asked, frame=asked.frame.with_columns(**dates))


def _distinct(
    asked: Elsewhere, frame: nw.LazyFrame[Any], names: Sequence[str]
) -> nw.DataFrame[Any]:
    """Return what occurs together in some columns."""
    rows = frame.select(*names).group_by(*names).agg(nw.len().alias(_ROWS))
    return asked.collected(rows.select(*names))


def _keys(asked: Elsewhere) -> dict[str, nw.Expr]:
    """Return what decides a due date beside the hour, without nulls where it is text."""
    texts = {ours: nw.col(asked.columns.of(ours)).fill_null("") for ours in asked.terms}
    if "limit" in texts:
        given = texts["limit"] != ""
        for ours in texts.keys() - {"limit"}:
            texts[ours] = nw.when(given).then(nw.lit("")).otherwise(texts[ours])
    found = {_named(ours): text for ours, text in texts.items()}
    found[_START] = _start(asked, asked.day)
    if "started" in asked.columns:
        found[_RECEIVED] = asked.day("received")
    return found


def _named(ours: str) -> str:
    return f"igate_{ours}"


def _start(asked: Elsewhere, part: Any) -> nw.Expr:  # noqa: ANN401 - a method of the table
    """Return a part of the moment from which the time is counted; an earlier one is none."""
    received: nw.Expr = part("received")
    if "started" not in asked.columns:
        return received
    days = [asked.day(ours) for ours in ("started", "received")]
    minutes = [asked.minute(ours) for ours in ("started", "received")]
    later = (days[0] > days[1]) | ((days[0] == days[1]) & (minutes[0] > minutes[1]))
    return nw.when(later.fill_null(value=False)).then(part("started")).otherwise(received)


def _counted(asked: Elsewhere) -> nw.Expr:
    """Return which rows belong to the table and have their due date worked out here."""
    received, finished = asked.day("received"), asked.day("finished")
    found = (received <= nw.lit(asked.days.last)).fill_null(value=False)
    if asked.days.first is not None:
        first = nw.lit(asked.days.first)
        gone = (received < first) & (finished < first)
        found &= ~gone.fill_null(value=False)
    if "suspensions" in asked.columns:
        found &= asked.missing("suspensions")
    if isinstance(asked.kinds.get("state"), nw.String):
        state = nw.col(asked.columns.of("state")).str.strip_chars()
        found &= ~state.is_in(_REFUSED).fill_null(value=False)
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Kinds:
    """What decides due dates together, and what of the hour decides."""

    #: a row a kind of which the exact minute decides nothing
    rows: nw.DataFrame[Any]
    #: texts of the limits, and of the procedures, of which every minute decides
    fine: Mapping[str, tuple[str, ...]]
    #: the minutes of a day from which a cut-off has passed, in order
    passed: tuple[int, ...]

    @classmethod
    def of(cls, found: nw.DataFrame[Any], options: Options, asked: Elsewhere) -> _Kinds:
        """Read the terms of all kinds.

        Raises:
            FrameError: A limit cannot be read, or a procedure is not known.
        """
        terms = _terms(_read(found, np.zeros(len(found), dtype=np.int64), options))
        exact = terms.where(_by_the_minute)
        fine: dict[str, tuple[str, ...]] = {}
        for ours in ("limit", "procedure"):
            if exact.any() and ours in asked.terms:
                texts = found[_named(ours)][np.flatnonzero(exact)].to_list()
                if some := tuple(sorted(set(texts) - {""})):
                    fine[ours] = some
        coarse = found
        for ours, some in fine.items():
            coarse = coarse.filter(~nw.col(_named(ours)).is_in(some))
        return cls(rows=coarse, fine=fine, passed=_passed(terms.terms))

    def exact(self) -> nw.Expr:
        """Return of which rows every minute decides."""
        each = [nw.col(_named(ours)).is_in(texts) for ours, texts in self.fine.items()]
        return reduce(or_, each) if each else nw.lit(value=False)

    def minute(self, asked: Elsewhere) -> nw.Expr:
        """Return what of the hour decides: the minute, or how many cut-offs have passed."""
        if not self.fine and not self.passed:
            return nw.lit(0)
        minute, passed = _start(asked, asked.minute), nw.lit(0)
        for each in self.passed:
            passed += (minute >= each).cast(nw.Int64())
        if not self.fine:
            return passed
        return nw.when(self.exact()).then(minute).otherwise(passed)


def _passed(terms: Iterable[Term]) -> tuple[int, ...]:
    hours = {term.rules.cutoff.at for term in terms if term.rules.cutoff is not None}
    return tuple(sorted({at.hour * 60 + at.minute + 1 for at in hours}))


def _by_the_minute(term: Term) -> bool:
    """Return whether the exact minute of the start decides when a limit ends."""
    if not term.limit.stated:
        return False
    first = term.limit.parts[0]
    return first.unit not in _IN_DAYS or first.length < 1


def _worked_out(
    asked: Elsewhere, members: nw.LazyFrame[Any], kinds: _Kinds, options: Options
) -> nw.DataFrame[Any]:
    """Return the kinds with what of the hour decides, and when each is due.

    Raises:
        FrameError: A due date lies outside the calendar.
    """
    names = list(kinds.rows.columns)
    many, sides = len(kinds.rows), (0, *kinds.passed)
    parts = [kinds.rows] * len(sides)
    said = [np.full(many, side, dtype=np.int64) for side in range(len(sides))]
    minutes = [np.full(many, minute, dtype=np.int64) for minute in sides]
    if kinds.fine:
        fine = members.filter(kinds.exact()).with_columns(
            _start(asked, asked.minute).alias(_MINUTE)
        )
        each = _distinct(asked, fine, [*names, _MINUTE])
        parts.append(each.select(*names))
        own = each[_MINUTE].to_numpy().astype(np.int64)
        said.append(own)
        minutes.append(own)
    whole = nw.concat(parts, how="vertical")
    reading = _read(whole, np.concatenate(minutes), options)
    every = np.ones(len(reading.intake), dtype=bool)
    due = due_days(reading.intake, every, reading.law, reading.days.last)
    days = np.where(due.present, due.days.astype("datetime64[D]"), _NO_DATE)
    backend = whole.implementation
    return whole.with_columns(
        nw.new_series(_MINUTE, np.concatenate(said), nw.Int64(), backend=backend),
        nw.new_series(DUE_DAY, days, nw.Date(), backend=backend),
        nw.new_series(DUE_MINUTE, due.minutes % MINUTES_PER_DAY, nw.Int64(), backend=backend),
    )


def _read(kinds: nw.DataFrame[Any], minutes: NDArray[np.int64], options: Options) -> Reading:
    """Read kinds as a table of dossiers, each started at a minute of its day.

    Raises:
        FrameError: A channel is not known.
    """
    backend, many = kinds.implementation, len(kinds)
    later = minutes.astype("timedelta64[m]")
    start = np.array(kinds[_START].to_list(), dtype="datetime64[D]") + later
    moments = {"received": start}
    if _RECEIVED in kinds.columns:
        received = np.array(kinds[_RECEIVED].to_list(), dtype="datetime64[D]")
        # a receipt on the day of the start is the start
        moments = {"received": np.minimum(received + later, start), "started": start}
    made = [
        nw.new_series(name, moment.astype("datetime64[us]"), nw.Datetime("us"), backend=backend)
        for name, moment in moments.items()
    ]
    codes = nw.new_series("code", [f"{row}" for row in range(many)], nw.String(), backend=backend)
    texts = {
        ours: kinds[_named(ours)].alias(ours)
        for ours in (*TERMS, "channel")
        if _named(ours) in kinds.columns
    }
    table = codes.to_frame().with_columns(*made, *texts.values())
    channel = nw.lit("online")
    if "channel" in texts:
        channel = nw.when(nw.col("channel") == "").then(channel).otherwise(nw.col("channel"))
    table = table.with_columns(
        channel.alias("channel"), nw.lit(None).cast(nw.Datetime("us")).alias("finished")
    )
    return read(table.to_native(), (), replace(options, columns=None, positions=None, source=""))


def _terms(reading: Reading) -> Terms:
    rows = np.arange(len(reading.intake))
    return read_terms(reading.intake, rows, reading.law, reading.days.last)
