"""Suspensions as columns, and the order in which they happened.

A row of columns is one suspension: whose it is, since when, until when, and why. They may be in
any order and overlap; the clock of a dossier reads their beginnings and ends in order of time. An
end comes before a beginning at the same moment.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from igate.calendar.columns import Column, Ints, numbers_of
from igate.deadlines.columns.inputs import NEVER, Moments, codes_of, spread
from igate.errors import FrameError, MomentError
from igate.law.localtime import MINUTES_PER_DAY
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from igate.deadlines.columns.counters import Flags
    from igate.deadlines.rules import ClockRules

__all__ = ["Events", "Stays", "Suspensions"]

#: what a reason can do, from nothing to most
_EFFECTS: Final = ("none", "suspend", "restart")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Suspensions:
    """Stretches in which clocks are suspended, in any order.

    >>> import numpy as np
    >>> stays = Suspensions.flat(
    ...     [0, 0, 1], np.array(["2026-08-21T09:00"], "M8[m]"), np.array(["NaT"], "M8[m]")
    ... )
    >>> stays.row.tolist()
    [1]
    """

    #: whole numbers: the row of the dossier, from 0
    row: Column
    #: datetime64, inclusive; a day begins at its midnight, on the day of receipt with the receipt
    since: Column
    #: datetime64, exclusive; NaT while it lasts
    until: Column
    #: why, as the rules name it: one for all, a column of text, or positions in ``reasons``
    reason: Column = "supplement"
    #: the reasons that a column of whole numbers stands for
    reasons: Sequence[str] = ()

    @classmethod
    def flat(
        cls,
        offsets: Column,
        since: Column,
        until: Column,
        *,
        reason: Column = "supplement",
        reasons: Sequence[str] = (),
    ) -> Suspensions:
        """Take the suspensions of one dossier after another, as Arrow keeps a column of lists.

        Args:
            offsets: One more than there are dossiers; those of row i lie from ``offsets[i]``,
                inclusive, to ``offsets[i + 1]``, exclusive.
            since: As in the class.
            until: As in the class.
            reason: As in the class.
            reasons: As in the class.

        Raises:
            FrameError: The offsets do not rise from 0 to the number of suspensions.
        """
        steps = numbers_of(offsets)
        rising = (
            steps.ndim == 1 and steps.size > 0 and steps[0] == 0 and (np.diff(steps) >= 0).all()
        )
        if not rising or steps[-1] != len(since):
            raise FrameError(
                say("The offsets of the suspensions do not fit."),
                why=say(
                    "They must rise from 0 to {count}, the number of suspensions.", count=len(since)
                ),
            )
        row = np.repeat(np.arange(len(steps) - 1), np.diff(steps))
        return cls(row=row, since=since, until=until, reason=reason, reasons=reasons)

    def known_by(self, moment: Column) -> Suspensions:
        """Return what had happened by a moment, that moment included.

        What began later is left out, and what ended later is open: so a dossier is as it was
        when it was finished, or as it was known on a day.

        Args:
            moment: datetime64, one for each dossier or one for all; NaT: everything is known.
        """
        row, until = numbers_of(self.row), np.asarray(self.until)
        since, known = np.asarray(self.since), np.asarray(moment)
        limit = known[row] if known.ndim else np.broadcast_to(known, row.shape)
        kept = ~(since > limit)
        return replace(
            self,
            row=row[kept],
            since=since[kept],
            until=np.where(until > limit, np.datetime64("NaT"), until)[kept],
            reason=self.reason if isinstance(self.reason, str) else np.asarray(self.reason)[kept],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Events:
    """Beginnings and ends of suspensions: row after row, and in order of time within a row."""

    #: where the events of each row begin
    first: Ints
    #: how many events each row has
    count: Ints
    #: tick of each event; ``NEVER`` for the end of an open suspension
    at: Ints
    #: whether it is an end
    ends: Flags
    #: which suspension it belongs to
    stay: Ints
    #: by suspension: whether the count begins anew when it ends
    restarts: Flags
    #: by suspension: what has become of it, its tick of beginning, and its tick of end once it is
    #: known; written while the events are read
    became: NDArray[np.int8]
    since: Ints
    until: Ints

    def among(self, rows: Ints | slice) -> Events:
        """Return the events of some rows, which are numbered anew."""
        return replace(self, first=self.first[rows], count=self.count[rows])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stays:
    """Suspensions that do something to the clock, checked."""

    row: Ints
    since: Moments
    until: Moments
    restarts: Flags

    @property
    def fine(self) -> bool:
        """Whether a moment is finer than a minute."""
        return self.since.fine or self.until.fine

    @classmethod
    def read(cls, suspensions: Suspensions, rules: ClockRules, size: int) -> Stays:
        """Take the columns, and leave out what the rules let run on.

        Args:
            suspensions: As the host gives them.
            rules: What each reason does.
            size: How many dossiers there are.

        Raises:
            MomentError: A column holds no moments, or a beginning is missing.
            FrameError: Columns differ in length, or a row is none of the dossiers.
        """
        since = Moments.read(suspensions.since, say("column since"))
        until = Moments.read(suspensions.until, say("column until"), open_ended=True)
        row = spread(numbers_of(suspensions.row), len(since), "row")
        spread(until.values.view(np.int64), len(since), "until")
        wrong = (row < 0) | (row >= size)
        if wrong.any():
            at = int(np.argmax(wrong))
            raise FrameError(
                say(
                    "The suspension at position {at} belongs to row {row}, which is not there.",
                    at=at,
                    row=row[at],
                ),
                why=say("The rows go from 0 to {size}.", size=size - 1),
            )
        names = list(suspensions.reasons) or list(rules.interruptions)
        effects = np.array([_EFFECTS.index(rules.effect(name)) for name in names] + [0])
        codes = codes_of(suspensions.reason, names)
        if (codes < -1).any() or (codes >= len(names)).any():
            raise FrameError(
                say(
                    "Reason number {max} is not in the list of {count} reasons.",
                    max=int(codes.max()),
                    count=len(names),
                ),
                fix=say("Give the reasons that the numbers stand for as reasons=."),
            )
        effect = spread(effects[codes], len(since), "reason")
        acts = effect > 0
        chosen = slice(None) if acts.all() else acts
        return cls(
            row=row[chosen],
            since=replace(since, values=since.values[chosen]),
            until=replace(until, values=until.values[chosen]),
            restarts=effect[chosen] > 1,
        )

    def events(self, received: Ints, size: int) -> Events:
        """Put beginnings and ends in order.

        Args:
            received: The tick of each receipt.
            size: How many ticks a minute has.

        Raises:
            MomentError: A suspension begins before the receipt, or ends before it begins.
        """
        start, since, until = received[self.row], self.since.ticks(size), self.until.ticks(size)
        if self.since.days:
            since = _not_before(start, since, size)
        if self.until.days:
            until = _not_before(since, until, size)
        self._refuse(since < start, say("begins before the receipt"))
        self._refuse(until < since, say("ends before it begins"))
        order = _order(self.row, since)
        return _in_order_of_time(
            self.row[order], since[order], until[order], self.restarts[order], len(received)
        )

    def _refuse(self, wrong: Flags, what: str) -> None:
        if wrong.any():
            at = int(np.argmax(wrong))
            raise MomentError(
                say(
                    "Row {row}: the suspension from {values} to {values_2} {what}.",
                    row=self.row[at],
                    values=self.since.values[at],
                    values_2=self.until.values[at],
                    what=what,
                ),
                why=say("A clock cannot run backwards."),
                fix=say("Correct the moments, or leave the suspension out."),
            )


def _not_before(begun: Ints, midnight: Ints, size: int) -> Ints:
    """Let a day begin with a moment that lies in it."""
    day = size * MINUTES_PER_DAY
    return np.where(midnight == begun // day * day, begun, midnight)


def _order(row: Ints, since: Ints) -> Ints | slice:
    """Return the order by row and beginning; nothing is moved where they are in it."""
    same, later = row[1:] == row[:-1], row[1:] > row[:-1]
    if (later | (same & (since[1:] >= since[:-1]))).all():
        return slice(None)
    return np.lexsort((since, row))


def _in_order_of_time(row: Ints, since: Ints, until: Ints, restarts: Flags, rows: int) -> Events:
    """Make a beginning and an end of each suspension; they are in order of row and beginning."""
    at = np.empty(2 * len(row), np.int64)
    at[0::2], at[1::2] = since, until
    ends = np.zeros(len(at), bool)
    ends[1::2] = True
    stay = np.repeat(np.arange(len(row)), 2)
    overlaps = (row[1:] == row[:-1]) & (since[1:] < until[:-1])
    if overlaps.any():
        tangled = np.zeros(rows, bool)
        tangled[row[1:][overlaps]] = True
        # the events of a row keep their places and only change them among themselves
        places = np.flatnonzero(tangled[row[stay]])
        whose = stay[places]
        # an end comes first, but not before its own beginning
        rank = np.where(ends[places], np.where(since == until, 2, 0)[whose], 1)
        moved = places[np.lexsort((rank, at[places], row[whose]))]
        at[places], ends[places], stay[places] = at[moved], ends[moved], stay[moved]
    count = 2 * np.bincount(row, minlength=rows)
    return Events(
        first=np.cumsum(count) - count,
        count=count,
        at=at,
        ends=ends,
        stay=stay,
        restarts=restarts,
        became=np.zeros(len(row), np.int8),
        since=since.copy(),
        until=np.full(len(row), NEVER),
    )
