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

from igate.law.localtime import MINUTES_PER_DAY, epoch_minute
from igate.metrics.terms import read_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from igate.metrics.definitions import Definition
    from igate.metrics.intake import Intake
    from igate.metrics.terms import Span

__all__ = ["SUPPLEMENT", "Finish", "finish", "to_the_end_of_day"]

#: The only wait that index 766 subtracts.
SUPPLEMENT = "supplement"
_UNITS = {"day": MINUTES_PER_DAY, "half_day": MINUTES_PER_DAY // 2, "moment": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """What stands for the finish of each dossier, a row each."""

    #: int64, minutes since 1970-01-01 in Vietnamese time, waits subtracted
    minutes: NDArray[np.int64]
    #: int64, minutes of the unit that is compared
    unit: NDArray[np.int64]
    #: bool; overdue whatever the moment, for the number of its requests
    failed: NDArray[np.bool_]

    @property
    def days(self) -> NDArray[np.int64]:
        """Days since 1970-01-01, int64."""
        return self.minutes // MINUTES_PER_DAY

    def after(self, due: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return where the finish lies in a later unit than the due moment, in minutes."""
        later: NDArray[np.bool_] = self.minutes // self.unit > due // self.unit
        return later | self.failed


def to_the_end_of_day(minutes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Take a date without an hour, which is written as its midnight, for the whole day."""
    return minutes + np.where(minutes % MINUTES_PER_DAY == 0, MINUTES_PER_DAY - 1, 0)


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
    unit = np.where(whole_day, MINUTES_PER_DAY, _UNITS[chosen.compare])
    failed = np.zeros(len(intake), dtype=bool)
    if chosen.finish == "recorded":
        return Finish(minutes=minutes, unit=unit, failed=failed)
    found = read_spans(intake.text("suspensions"), intake.rows, intake.codes)
    moved = minutes.copy()
    for row, spans in found.items():
        received = int(intake.received.minutes[row])
        asked = _requests(spans, received, int(minutes[row]))
        moved[row] -= sum(max(0, until - max(since, received)) for since, until, _ in asked)
        if len(asked) > 1:
            waiting = not done[row] and not asked[-1][2]
            failed[row] = chosen.repeated == "overdue" or (
                chosen.repeated == "overdue_while_waiting" and waiting
            )
    return Finish(minutes=moved, unit=unit, failed=failed)


def _requests(spans: Sequence[Span], received: int, end: int) -> list[tuple[int, int, bool]]:
    """Return the requests for supplements from the day of receipt up to a moment.

    Returns:
        When each was made, until when it was waited for, in minutes, and whether it was answered.
    """
    asked = []
    for span in spans:
        since = epoch_minute(span.since)
        if span.reason == SUPPLEMENT and since <= end:
            answered = span.until is not None and epoch_minute(span.until) <= end
            until = epoch_minute(span.until) if span.until is not None and answered else end
            # before the receipt nobody has asked for a supplement
            if until // MINUTES_PER_DAY >= received // MINUTES_PER_DAY:
                asked.append((since, until, answered))
    return asked
