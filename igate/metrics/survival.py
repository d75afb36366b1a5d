"""How likely an open dossier is to become late, from how long the others took.

The time of a dossier is its number of working days from receipt to finish. Of an open one it is
known only that it takes longer than it is old, which is neither to be dropped nor to be taken for a
finish. The product-limit estimate of Kaplan and Meier (Journal of the American Statistical
Association 53, 1958, 457-481) uses both: S(t) is the product over the days u <= t of 1 - finished
on u / still open before u. That a dossier of age a is not finished on its due day d is then
S(d) / S(a).

It says what happened to dossiers of the same group, not what an officer will do, and a group of few
dossiers says little; so ``calibration`` holds past estimates to what became of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Unpack, cast

import narwhals.stable.v2 as nw
import numpy as np

from igate.errors import FrameError, IgateError
from igate.law.localtime import EPOCH
from igate.metrics.asked import frame_of, reading_of
from igate.metrics.definitions import definition as find_definition
from igate.metrics.form import working_days
from igate.metrics.pending import pending_of
from igate.metrics.placing import window
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from narwhals.stable.v2.typing import IntoFrameT
    from numpy.typing import NDArray

    from igate.metrics.asked import Given, Reading, Values
    from igate.metrics.definitions import Definition
    from igate.metrics.pending import Pending
    from igate.metrics.placing import Placed

__all__ = ["Survival", "calibration", "kaplan_meier", "late_probability"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Survival:
    """The share that is still open after each number of days."""

    #: int64, ascending, every number of days on which one was finished or last seen
    days: NDArray[np.int64]
    #: float64, the share still open after them, never rising
    share: NDArray[np.float64]
    #: int64, how many were open before them
    at_risk: NDArray[np.int64]

    def after(self, days: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the share that takes longer than so many days.

        Past the last number of days that was seen nothing is known: NaN, unless the share is 0.
        """
        place = np.searchsorted(self.days, days, side="right") - 1
        found = np.where(place < 0, 1.0, self.share[np.maximum(place, 0)])
        unknown = (days > self.days[-1]) & (self.share[-1] > 0)
        return np.where(unknown, np.nan, found)


def kaplan_meier(
    days: Sequence[int] | NDArray[np.int64], finished: Sequence[bool] | NDArray[np.bool_]
) -> Survival:
    """Estimate how long dossiers stay open.

    Args:
        days: Days from the receipt to the finish, or to the day on which one was last seen open;
            whole numbers from 0, at least one.
        finished: Whether it was finished then.

    Raises:
        IgateError: There is no dossier, a number is negative, or the two have not one length.

    >>> found = kaplan_meier([1, 2, 2, 3], [True, True, False, True])
    >>> found.days.tolist(), found.share.tolist()
    ([1, 2, 3], [0.75, 0.5, 0.0])
    """
    lasted, done = np.asarray(days, dtype=np.int64), np.asarray(finished, dtype=bool)
    if not len(lasted) or lasted.shape != done.shape or lasted.min() < 0:
        raise IgateError(
            say("The times of the dossiers cannot be read."),
            why=say(
                "There are {count} numbers of days and {count_2} finishes.",
                count=len(lasted),
                count_2=len(done),
            ),
            fix=say("Pass as many of one as of the other, at least one, and no negative number."),
        )
    times, of = np.unique(lasted, return_inverse=True)
    ended = np.bincount(of[done], minlength=len(times))
    at_risk = len(lasted) - np.concatenate([[0], np.cumsum(np.bincount(of))[:-1]])
    share = np.cumprod(1 - ended / at_risk)
    return Survival(days=times, share=share, at_risk=at_risk.astype(np.int64))


def late_probability(
    frame: IntoFrameT,
    *,
    definition: str | Definition = "form_06a",
    by: str | Sequence[str] = (),
    as_of: date,
    least: int = 30,
    **given: Unpack[Given],
) -> IntoFrameT:
    """Estimate for each open dossier how likely it is to be finished late.

    Args:
        frame: As for ``settlement``; the more finished dossiers, the better.
        definition: By what an open dossier is overdue, and which due date is meant.
        by: What dossiers must have in common to be compared, such as ``procedure``.
        as_of: The day as of whose end the dossiers are known.
        least: A group with fewer finished dossiers gives no estimate.
        **given: How the table is read, each as for ``settlement`` and each optional: ``calendar``,
            ``rules``, ``columns``, ``catalog``, ``source``, ``dates``, ``values``, ``zone``.

    Returns:
        The same kind of frame, a row an open dossier, the most likely to be late at the top:
        ``code``, the columns of ``by``, ``working_days_open``, ``working_days_left`` (Int64, null
        without a due date), ``finished_in_group`` (Int64) and ``p_late`` (Float64, 0..1). It is 1
        once overdue; null without a due date, in a group of too few, and where the due day lies
        past all that was seen.

    Raises:
        FrameError: A column is missing, a row cannot be read or a day lies outside the calendar.
        IgateError: There is no such definition.
    """
    reading = reading_of(frame, by, None, as_of, given)
    placed = reading.placed(find_definition(definition))
    found = pending_of(reading, placed)
    chance, finished = _chances(reading, placed, found, least)
    columns: dict[str, Values] = {
        "working_days_open": (found.age, nw.Int64()),
        "working_days_left": (_or_null(found.left, found.dated), nw.Int64()),
        "finished_in_group": (finished, nw.Int64()),
        "p_late": (_or_null(chance, ~np.isnan(chance)), nw.Float64()),
    }
    table = frame_of(reading, found.rows, columns)
    table = table.sort("p_late", "code", descending=[True, False], nulls_last=True)
    return cast("IntoFrameT", reading.intake.origin.give(table))


def _or_null(values: NDArray[Any], known: NDArray[np.bool_]) -> list[Any]:
    return [
        value if is_known else None for value, is_known in zip(values.tolist(), known, strict=True)
    ]


def _chances(
    reading: Reading, placed: Placed, found: Pending, least: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the chance of each open dossier, NaN where there is none, and the group's finished."""
    of = reading.split.groups().of
    lasted = np.zeros(len(of), dtype=np.int64)
    solved = np.flatnonzero(placed.solved)
    intake = reading.intake
    lasted[solved] = working_days(
        reading, solved, intake.received.days[solved], intake.finished.days[solved]
    )
    lasted[found.rows] = found.age
    chance = np.full(len(found.rows), np.nan)
    finished = np.bincount(of[solved], minlength=int(of.max(initial=0)) + 1)[of[found.rows]]
    for group in np.unique(of[found.rows][finished >= max(1, least)]):
        own = placed.member & (of == group)
        curve = kaplan_meier(lasted[own], placed.solved[own])
        places = np.flatnonzero((of[found.rows] == group) & found.dated & ~found.overdue)
        age = found.age[places]
        now, then = curve.after(age), curve.after(age + found.left[places])
        chance[places] = np.divide(then, now, out=np.full(len(now), np.nan), where=now > 0)
    chance[found.overdue] = 1.0
    return chance, finished.astype(np.int64)


def calibration(
    frame: IntoFrameT,
    *,
    on: date,
    definition: str | Definition = "form_06a",
    by: str | Sequence[str] = (),
    as_of: date,
    bins: int = 5,
    least: int = 30,
    **given: Unpack[Given],
) -> IntoFrameT:
    """Hold the estimates of a past day to what became of the dossiers.

    Args:
        frame: As for ``late_probability``.
        on: The past day; nothing that happened after it goes into the estimates.
        definition: As for ``late_probability``.
        by: As for ``late_probability``.
        as_of: The day as of whose end it is known what became of them.
        bins: Into how many equal parts of 0..1 the estimates are put.
        least: As for ``late_probability``.
        **given: How the table is read, each as for ``settlement`` and each optional: ``calendar``,
            ``rules``, ``columns``, ``catalog``, ``source``, ``dates``, ``values``, ``zone``.

    Returns:
        The same kind of frame, a row a part in which there is an estimate: ``from`` and ``to``
        (Float64; the last part includes 1), ``dossiers``, ``late`` (Int64: solved late, or overdue
        on ``as_of``), ``estimated`` and ``observed`` (Float64: mean estimate and share late).
        Dossiers that were overdue already on ``on`` are left out, and so are those due on
        ``as_of`` or later: of them only the quick ones are known, which would look like few late.
        An estimate is calibrated where ``estimated`` and ``observed`` agree.

    Raises:
        FrameError: As for ``late_probability``; or ``on`` is not before ``as_of``.
        IgateError: There is no such definition, or ``bins`` is not positive.
    """
    if on >= as_of:
        raise FrameError(
            say(
                "The estimates of {on} cannot be held to what was known on {as_of}.",
                on=on,
                as_of=as_of,
            ),
            fix=say("Pass an earlier day in on, or a later one in as_of."),
        )
    if bins < 1:
        raise IgateError(
            say("bins={bins} is no number of parts.", bins=bins), fix=say("Pass bins=5.")
        )
    now = reading_of(frame, by, None, as_of, given)
    then = replace(now, days=window(None, on))
    chosen = find_definition(definition)
    before = then.placed(chosen)
    found = pending_of(then, before)
    chance, _ = _chances(then, before, found, least)
    final = now.placed(chosen)
    late = (final.late | final.overdue)[found.rows]
    ended = before.due.days[found.rows] < as_of.toordinal() - EPOCH
    known = ~np.isnan(chance) & ~found.overdue & ended & (late | final.solved[found.rows])
    table = _parts(chance[known], late[known], bins, now)
    return cast("IntoFrameT", now.intake.origin.give(table))


def _parts(
    chance: NDArray[np.float64], late: NDArray[np.bool_], bins: int, reading: Reading
) -> nw.DataFrame[Any]:
    place = np.minimum((chance * bins).astype(np.int64), bins - 1)
    rows = list(_counted(chance, late, place, bins))
    floats = ("from", "to", "estimated", "observed")
    names = ("from", "to", "dossiers", "late", "estimated", "observed")
    backend = reading.intake.frame.implementation
    made = [
        nw.new_series(
            name,
            [row[number] for row in rows],
            nw.Float64() if name in floats else nw.Int64(),
            backend=backend,
        )
        for number, name in enumerate(names)
    ]
    return made[0].to_frame().with_columns(*made[1:])


def _counted(
    chance: NDArray[np.float64], late: NDArray[np.bool_], place: NDArray[np.int64], bins: int
) -> Iterator[tuple[float, float, int, int, float, float]]:
    for part in np.unique(place).tolist():
        own = place == part
        yield (
            part / bins,
            (part + 1) / bins,
            int(own.sum()),
            int(late[own].sum()),
            float(chance[own].mean()),
            float(late[own].mean()),
        )
