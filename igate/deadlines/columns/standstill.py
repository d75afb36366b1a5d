"""Suspensions read in order of time, all rows at once: what counts, what is ignored, what restarts.

Each pass reads the next event of every row. The rules are those of ``compute_deadline``:

* a suspension that begins after the due moment is ignored;
* one whose reason restarts the count begins it anew when it ends; what had ended until then is
  forgotten, and what is open, ignored or not, is open from then on;
* a limit in days at whose end the clock is suspended ends with the day on which it goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from igate.deadlines.columns.inputs import NEVER

if TYPE_CHECKING:
    from igate.calendar.columns import Ints
    from igate.deadlines.columns.counters import Counter, Flags
    from igate.deadlines.columns.suspensions import Events

__all__ = ["Standstill", "replay"]

_NO_DAY: Final = np.iinfo(np.int64).min
#: what has become of a suspension: it is open, has ended, is open but was ignored, or is forgotten
_OPEN: Final = 1
_ENDED: Final = 2
_IGNORED: Final = 3
_FORGOTTEN: Final = 4


class Standstill:
    """The clocks of all rows of a counter, while their events are read."""

    def __init__(self, counter: Counter, events: Events) -> None:
        """Begin with every clock running."""
        rows = len(events.first)
        self._counter = counter
        self._events = events
        self._ticks = counter.office.ticks
        #: by row: how many suspensions are open
        self._open = np.zeros(rows, np.int64)
        #: by row: how many of them restart the count
        self._restarting = np.zeros(rows, np.int64)
        #: by row: tick since which one or another has been open
        self._begun = np.zeros(rows, np.int64)
        #: by row: the latest tick at which one has ended
        self._ended = np.zeros(rows, np.int64)
        #: by row: the last day that those which have ended since then take out
        self._last = np.full(rows, _NO_DAY, np.int64)

    def stopped(self, rows: Ints) -> Flags:
        """Return which clocks are suspended before the end of their limit."""
        stopped = self._open[rows] > 0
        if stopped.any():
            some = rows[stopped]
            stopped[stopped] = self._counter.reaches(some, self._begun[some])
        return stopped

    def due(self, rows: Ints) -> Ints:
        """Return the due tick of rows that are not stopped; never, where the clock is held."""
        due = self._counter.due(rows) * self._ticks
        return self._held(rows, due) if self._counter.ends_with_day else due

    def begun(self, rows: Ints) -> Ints:
        """Return the tick since which the clocks of some rows are suspended."""
        return self._begun[rows]

    def restarting(self) -> Ints:
        """Return the rows whose count will begin anew, however much of it had been used up."""
        return np.flatnonzero(self._restarting)

    def suspend(self, rows: Ints, at: Ints, stays: Ints) -> None:
        """Begin a suspension in each of some rows; it is ignored where the limit had ended."""
        running = ~self.stopped(rows)
        over = np.zeros(len(rows), bool)
        over[running] = at[running] > self.due(rows[running])
        self._events.became[stays] = np.where(over, _IGNORED, _OPEN)
        rows, at, stays = rows[~over], at[~over], stays[~over]
        first = self._open[rows] == 0
        self._begun[rows] = np.where(first, at, self._begun[rows])
        self._last[rows] = np.where(first, _NO_DAY, self._last[rows])
        self._open[rows] += 1
        self._restarting[rows] += self._events.restarts[stays]

    def resume(self, rows: Ints, at: Ints, stays: Ints) -> None:
        """End a suspension in each of some rows; one that was ignored ends nothing."""
        became, restarts = self._events.became, self._events.restarts
        counts = became[stays] == _OPEN
        became[stays] = np.where(counts & ~restarts[stays], _ENDED, _FORGOTTEN)
        self._events.until[stays] = at
        rows, at, anew = rows[counts], at[counts], restarts[stays[counts]]
        self._open[rows] -= 1
        if anew.any():
            self._restart(rows[anew], at[anew])
            rows, at = rows[~anew], at[~anew]
        self._ended[rows] = np.maximum(self._ended[rows], at)
        self._last[rows] = np.maximum(self._last[rows], self._counter.last_day(rows, at))
        over = self._open[rows] == 0
        rows, at = rows[over], at[over]
        self._counter.take_out(rows, self._begun[rows], at, self._last[rows])

    def _restart(self, rows: Ints, at: Ints) -> None:
        """Begin the count of some rows anew."""
        self._counter.begin(rows, at)
        self._restarting[rows] -= 1
        self._begun[rows] = at
        self._last[rows] = _NO_DAY
        others = self._events.count[rows] > 2  # noqa: PLR2004 - the two events of its own
        if not others.any():
            return
        rows, at, events = rows[others], at[others], self._events
        place, stays = self._stays(rows)
        became = events.became[stays]
        ignored, is_open = became == _IGNORED, (became == _OPEN) | (became == _IGNORED)
        events.became[stays[became == _ENDED]] = _FORGOTTEN
        events.became[stays[ignored]] = _OPEN
        events.since[stays[is_open]] = at[place[is_open]]
        self._open[rows] += np.bincount(place[ignored], minlength=len(rows))
        again = ignored & events.restarts[stays]
        self._restarting[rows] += np.bincount(place[again], minlength=len(rows))

    def _stays(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return the suspensions of some rows, each with the position of its row in ``rows``."""
        many = self._events.count[rows] // 2
        place = np.repeat(np.arange(len(rows)), many)
        before = np.cumsum(many) - many
        return place, self._events.first[rows[place]] // 2 + np.arange(len(place)) - before[place]

    def _held(self, rows: Ints, due: Ints) -> Ints:
        """Move dues at which the clock is suspended to the day on which it goes on."""
        over = (self._open[rows] > 0) | (self._ended[rows] > due)
        if over.any():
            due[over] = self._one_by_one(rows[over], due[over])
        return due

    def _one_by_one(self, rows: Ints, due: Ints) -> Ints:
        """Let the stretches of standstill hold dues, in order; those that overlap are one."""
        events = self._events
        place, stays = self._stays(rows)
        counts = (events.became[stays] == _OPEN) | (events.became[stays] == _ENDED)
        place, stays = place[counts], stays[counts]
        order = np.lexsort((events.until[stays], events.since[stays], place))
        place, stays = place[order], stays[order]
        turn = np.arange(len(place)) - np.searchsorted(place, place)
        since, until_of = self._united(place, stays, turn)
        for number in range(int(turn.max(initial=-1)) + 1):
            now = turn == number
            row, until = place[now], until_of[now]
            holds = (since[now] < due[row]) & (until > due[row]) & (due[row] != NEVER)
            row, until = row[holds], until[holds]
            due[row] = NEVER
            ended = until != NEVER
            row, until = row[ended], until[ended]
            due[row] = self._counter.held_until(rows[row], until) * self._ticks
        return due

    def _united(self, place: Ints, stays: Ints, turn: Ints) -> tuple[Ints, Ints]:
        """Give, for each suspension, both ends of the stretch of standstill that it belongs to."""
        since, until = self._events.since[stays], self._events.until[stays]
        stretch = np.zeros(len(place), np.int64)
        rows = int(place.max(initial=-1)) + 1
        current, reach = np.zeros(rows, np.int64), np.full(rows, _NO_DAY, np.int64)
        for number in range(int(turn.max(initial=-1)) + 1):
            now = np.flatnonzero(turn == number)
            row = place[now]
            fresh = since[now] > reach[row]
            current[row] = np.where(fresh, now, current[row])
            stretch[now] = current[row]
            reach[row] = np.maximum(until[now], np.where(fresh, _NO_DAY, reach[row]))
        last = np.full(len(place), _NO_DAY, np.int64)
        np.maximum.at(last, stretch, until)
        return since[stretch], last[stretch]


def replay(counter: Counter, events: Events) -> Standstill:
    """Read the events of every row of a counter whose count has begun."""
    standstill = Standstill(counter, events)
    rows = np.flatnonzero(events.count)
    for step in range(int(events.count.max(initial=0))):
        rows = rows[events.count[rows] > step]
        place = events.first[rows] + step
        at, ends, stays = events.at[place], events.ends[place], events.stay[place]
        if not ends.all():
            begins = ~ends
            standstill.suspend(rows[begins], at[begins], stays[begins])
        # an open suspension has no end to read
        ends &= at != NEVER
        if ends.any():
            standstill.resume(rows[ends], at[ends], stays[ends])
    return standstill
