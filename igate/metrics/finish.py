"""The moment of finishing that a definition of on time compares with the due date.

Form II.06a takes the date of finishing as it is. Index 766 (measure 2.1) leaves the due date where
it is and moves the finish: back by the time on the clock that the dossier waited for supplements,
nights and days off included, and by nothing else. Of a dossier that is not finished, the end of
the period stands for the finish, so that one that still waits has ended with the request.

What index 766 says was read in a secondary copy of the portal's description of its formulas, not
in a published original; the citations of the definitions say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from igate.law.localtime import MINUTES_PER_DAY
from igate.metrics.cells import to_the_end_of_day
from igate.metrics.spans import NEVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from igate.metrics.definitions import Definition
    from igate.metrics.intake import Intake

__all__ = ["SUPPLEMENT", "Finish", "Requests", "finish", "requests", "suspended_at_the_finish"]

#: The only wait that index 766 subtracts.
SUPPLEMENT = "supplement"
#: Microseconds of a minute.
_MINUTE = 60_000_000
_UNITS = {"day": MINUTES_PER_DAY, "half_day": MINUTES_PER_DAY // 2, "moment": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """What stands for the finish of each dossier, a row each."""

    #: int64, minutes since 1970-01-01 in Vietnamese time, waits subtracted
    minutes: NDArray[np.int64]
    #: int32, minutes of the unit that is compared
    unit: NDArray[np.int32]
    #: bool; overdue whatever the moment, for the number of its requests
    failed: NDArray[np.bool_]

    @property
    def days(self) -> NDArray[np.int64]:
        """Days since 1970-01-01, int64."""
        return self.minutes // MINUTES_PER_DAY

    def before(self, due: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return where the finish lies on an earlier day, or half-day where halves are compared."""
        unit = np.where(self.unit == 1, MINUTES_PER_DAY, self.unit)
        return self.minutes // unit < due // unit

    def after(self, due: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return where the finish lies in a later unit than the due moment, in minutes."""
        later: NDArray[np.bool_] = self.minutes // self.unit > due // self.unit
        return later | self.failed


def finish(intake: Intake, done: NDArray[np.bool_], last: int, chosen: Definition) -> Finish:
    """Return what stands for the finish of each dossier.

    Args:
        intake: The dossiers.
        done: Which of them are finished on or before the last known day.
        last: The last known day, days since 1970-01-01; its end stands for the finish of the
            others.
        chosen: The definition.

    Raises:
        FrameError: A suspension cannot be read.
    """
    recorded = intake.finished.minutes
    end = (last + 1) * MINUTES_PER_DAY - 1
    minutes = np.where(done, to_the_end_of_day(recorded), end)
    # a finish without an hour has only its day to compare
    whole_day = done & (recorded % MINUTES_PER_DAY == 0)
    unit = np.where(whole_day, MINUTES_PER_DAY, _UNITS[chosen.compare]).astype(np.int32)
    failed = np.zeros(len(intake), dtype=bool)
    if chosen.finish == "recorded":
        return Finish(minutes=minutes, unit=unit, failed=failed)
    asked = requests(intake, minutes)
    waited = np.maximum(
        0, asked.until - np.maximum(asked.since, intake.received.minutes[asked.row])
    )
    moved = minutes - np.bincount(asked.row, waited, len(intake)).astype(np.int64)
    many = np.bincount(asked.row, minlength=len(intake)) > 1
    if chosen.repeated == "overdue":
        failed = many
    elif chosen.repeated == "overdue_while_waiting":
        failed = many & ~done & ~asked.last_answered(len(intake))
    return Finish(minutes=moved, unit=unit, failed=failed)


def suspended_at_the_finish(intake: Intake, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which of some finished dossiers were finished within a suspension.

    Args:
        intake: The dossiers.
        rows: Those that are finished and have no due date: a clock that stands still has none, and
            what goes on beside a running clock (such as a wait for an opinion) leaves it one.

    Raises:
        FrameError: A suspension of one of them cannot be read.
    """
    found = np.zeros(len(intake), dtype=bool)
    own = np.flatnonzero(rows)
    if len(own):
        spans = intake.spans(own)
        end = to_the_end_of_day(intake.finished.minutes[own])[spans.row]
        inside = (spans.since // _MINUTE <= end) & (end < spans.until // _MINUTE)
        found[own[spans.row[inside]]] = True
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Requests:
    """Requests for supplements, in order of row and of time; moments in minutes."""

    row: NDArray[np.int64]
    since: NDArray[np.int64]
    #: until when it was waited for
    until: NDArray[np.int64]
    #: bool
    answered: NDArray[np.bool_]

    def at(self, places: NDArray[np.bool_]) -> Requests:
        """Keep some of them."""
        return Requests(
            row=self.row[places],
            since=self.since[places],
            until=self.until[places],
            answered=self.answered[places],
        )

    def last_answered(self, rows: int) -> NDArray[np.bool_]:
        """Return for each dossier whether the last request was answered."""
        found = np.zeros(rows, dtype=bool)
        # the last that is written stays
        found[self.row] = self.answered
        return found


def requests(intake: Intake, end: NDArray[np.int64]) -> Requests:
    """Return the requests for supplements from the day of receipt up to a moment of each row."""
    spans = intake.spans()
    known = [reason == SUPPLEMENT for reason in spans.reasons]
    spans = spans.at(np.array(known, dtype=bool)[spans.reason]) if len(spans) else spans
    since, ends = spans.since // _MINUTE, end[spans.row]
    answered = (spans.until != NEVER) & (spans.until // _MINUTE <= ends)
    until = np.where(answered, spans.until // _MINUTE, ends)
    # before the receipt nobody has asked for a supplement
    received = intake.received.days[spans.row]
    own = (since <= ends) & (until // MINUTES_PER_DAY >= received)
    return Requests(row=spans.row[own], since=since[own], until=until[own], answered=answered[own])
