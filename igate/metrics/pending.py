"""The dossiers that are open on the last known day: how old they are, and how near their due day.

Ages and distances are working days, the first day out and the last day in, as the calendar counts
them. A dossier is overdue where the definition of on time says so; one whose clock is suspended, or
that has no due date, has no distance.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Unpack, cast

import narwhals.stable.v2 as nw
import numpy as np

from igate.errors import IgateError
from igate.law.citation import Label
from igate.law.localtime import EPOCH
from igate.metrics.asked import frame_of, group_frame, reading_of
from igate.metrics.definitions import definition as find_definition
from igate.metrics.form import working_days
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from narwhals.stable.v2.typing import IntoFrameT
    from numpy.typing import NDArray

    from igate.metrics.asked import Given, Reading, Values
    from igate.metrics.definitions import Definition
    from igate.metrics.placing import Placed

__all__ = ["AGES", "LATENESS", "Pending", "ageing", "open_dossiers", "pending_of"]

#: Classes of age in working days since the receipt; every open dossier is in one.
AGES: Mapping[str, Label] = MappingProxyType(
    {
        "age_up_to_5": Label(vi="Tiếp nhận đến 5 ngày làm việc", en="Age up to 5 working days"),
        "age_6_to_20": Label(vi="Tiếp nhận 6–20 ngày làm việc", en="Age 6–20 working days"),
        "age_21_to_60": Label(vi="Tiếp nhận 21–60 ngày làm việc", en="Age 21–60 working days"),
        "age_over_60": Label(vi="Tiếp nhận trên 60 ngày làm việc", en="Age over 60 working days"),
    }
)
#: Classes of distance to the due day in working days; every open dossier is in one.
LATENESS: Mapping[str, Label] = MappingProxyType(
    {
        "overdue_over_20": Label(vi="Quá hạn trên 20 ngày", en="Overdue, over 20 days"),
        "overdue_6_to_20": Label(vi="Quá hạn 6–20 ngày", en="Overdue 6–20 days"),
        "overdue_up_to_5": Label(vi="Quá hạn đến 5 ngày", en="Overdue up to 5 days"),
        "left_up_to_5": Label(vi="Còn đến 5 ngày", en="Up to 5 days left"),
        "left_over_5": Label(vi="Còn trên 5 ngày", en="More than 5 days left"),
        "no_date": Label(vi="Tạm dừng hoặc không có hạn", en="Suspended or no due date"),
    }
)
#: Last day of each class but the last.
_AGE_ENDS: Final = (5, 20, 60)
_LATE_ENDS: Final = (5, 20)
_LEFT_END: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pending:
    """The open dossiers of a table, a row each."""

    #: positions in the table
    rows: NDArray[np.intp]
    #: int64, working days since the receipt
    age: NDArray[np.int64]
    #: bool
    overdue: NDArray[np.bool_]
    #: bool; a due date that is not suspended
    dated: NDArray[np.bool_]
    #: int64, working days to the due day, negative once it has passed; 0 where there is none
    left: NDArray[np.int64]
    #: bool, received before the period
    carried: NDArray[np.bool_]

    def ages(self) -> dict[str, NDArray[np.bool_]]:
        """Say of each class of age which dossiers are in it."""
        place = np.searchsorted(_AGE_ENDS, self.age, side="left")
        return {name: place == number for number, name in enumerate(AGES)}

    def lateness(self) -> dict[str, NDArray[np.bool_]]:
        """Say of each class of distance which dossiers are in it."""
        late = np.searchsorted(_LATE_ENDS, -self.left, side="left")
        within = self.dated & ~self.overdue
        near = self.left <= _LEFT_END
        flags = (
            self.overdue & (late == 2),  # noqa: PLR2004 - the third of three classes
            self.overdue & (late == 1),
            self.overdue & (late == 0),
            within & near,
            within & ~near,
            ~self.dated,
        )
        return dict(zip(LATENESS, flags, strict=True))

    def near(self, days: int) -> NDArray[np.bool_]:
        """Return which are not overdue yet and due within so many working days."""
        return self.dated & ~self.overdue & (self.left <= days)


def pending_of(reading: Reading, placed: Placed) -> Pending:
    """Look at the open dossiers of a table on its last known day.

    Raises:
        FrameError: A day lies outside the calendar; the message names the row.
    """
    rows = np.flatnonzero(placed.member & ~placed.solved)
    last = np.full(len(rows), reading.days.last.toordinal() - EPOCH, dtype=np.int64)
    due, overdue = placed.due.days[rows], placed.overdue[rows]
    dated = overdue | (placed.due.present[rows] & (due >= last))
    goal = np.where(dated, due, last)
    return Pending(
        rows=rows,
        age=working_days(reading, rows, reading.intake.received.days[rows], last),
        overdue=overdue,
        dated=dated,
        left=working_days(reading, rows, last, goal),
        carried=placed.carried[rows],
    )


def _near(near: int) -> int:
    if near < 0:
        raise IgateError(
            say("near={near!r} is no number of working days.", near=near),
            fix=say("Pass a whole number from 0, such as near=3."),
        )
    return near


def ageing(
    frame: IntoFrameT,
    *,
    definition: str | Definition = "form_06a",
    by: str | Sequence[str] = ("agency",),
    period: tuple[date, date] | None = None,
    as_of: date,
    near: int = 3,
    **given: Unpack[Given],
) -> IntoFrameT:
    """Count the open dossiers by age and by distance to their due day.

    Args:
        frame: As for ``settlement``.
        definition: By what an open dossier is overdue.
        by: As for ``settlement``.
        period: As for ``settlement``; received before it is carried over.
        as_of: As for ``settlement``; the dossiers are looked at at the end of the last known day.
        near: Due within so many working days, today included, is near.
        **given: How the table is read, each as for ``settlement`` and each optional: ``calendar``,
            ``rules``, ``columns``, ``catalog``, ``source``, ``dates``, ``values``, ``zone``.

    Returns:
        The same kind of frame, a row a group: the columns of ``by``, ``in_process_total``, the
        classes of ``AGES``, those of ``LATENESS``, ``carried_over`` and ``near_due`` (Int64). The
        classes of ``AGES`` add up to the total, and those of ``LATENESS`` do.

    Raises:
        FrameError: A column is missing or a row cannot be read; the message names it.
        IgateError: There is no such definition, or ``near`` is no number of days.
    """
    days = _near(near)
    reading = reading_of(frame, by, period, as_of, given)
    found = pending_of(reading, reading.placed(find_definition(definition)))
    groups = reading.split.groups()
    flags = {
        "in_process_total": np.ones(len(found.rows), dtype=bool),
        **found.ages(),
        **found.lateness(),
        "carried_over": found.carried,
        "near_due": found.near(days),
    }
    of = groups.of[found.rows]
    counts: dict[str, Values] = {
        name: (np.bincount(of[flag], minlength=len(groups)).astype(np.int64), nw.Int64())
        for name, flag in flags.items()
    }
    return cast("IntoFrameT", reading.intake.origin.give(group_frame(reading, groups, counts)))


def open_dossiers(
    frame: IntoFrameT,
    *,
    definition: str | Definition = "form_06a",
    by: str | Sequence[str] = ("agency",),
    period: tuple[date, date] | None = None,
    as_of: date,
    near: int = 3,
    **given: Unpack[Given],
) -> IntoFrameT:
    """List the open dossiers that ``ageing`` counts, those due first at the top.

    Args:
        frame: As for ``settlement``.
        definition: As for ``ageing``.
        by: Columns to show next to the code.
        period: As for ``ageing``.
        as_of: As for ``ageing``.
        near: As for ``ageing``.
        **given: How the table is read, each as for ``settlement`` and each optional: ``calendar``,
            ``rules``, ``columns``, ``catalog``, ``source``, ``dates``, ``values``, ``zone``.

    Returns:
        The same kind of frame: ``code``, the columns of ``by``, ``working_days_open`` and
        ``working_days_left`` (Int64; negative once overdue, null without a due date),
        ``standing`` (``overdue``, ``near_due``, ``within`` or ``no_date``), ``age`` and
        ``lateness`` (names of ``AGES`` and ``LATENESS``), ``carried_over`` (Boolean).

    Raises:
        FrameError: A column is missing or a row cannot be read; the message names it.
        IgateError: There is no such definition, or ``near`` is no number of days.
    """
    days = _near(near)
    reading = reading_of(frame, by, period, as_of, given)
    found = pending_of(reading, reading.placed(find_definition(definition)))
    left: list[Any] = [
        number if dated else None
        for number, dated in zip(found.left.tolist(), found.dated, strict=True)
    ]
    standing = np.select(
        [found.overdue, found.near(days), found.dated],
        ["overdue", "near_due", "within"],
        "no_date",
    )
    table = frame_of(
        reading,
        found.rows,
        {
            "working_days_open": (found.age, nw.Int64()),
            "working_days_left": (left, nw.Int64()),
            "standing": (standing.tolist(), nw.String()),
            "age": (_names(found.ages()), nw.String()),
            "lateness": (_names(found.lateness()), nw.String()),
            "carried_over": (found.carried, nw.Boolean()),
        },
    )
    table = table.sort("working_days_left", "code", nulls_last=True)
    return cast("IntoFrameT", reading.intake.origin.give(table))


def _names(flags: Mapping[str, NDArray[np.bool_]]) -> list[str]:
    return [str(name) for name in np.select(list(flags.values()), list(flags), "")]
