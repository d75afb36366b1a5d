"""The due date by which a definition of on time judges: promised now, promised first, or extended.

A provincial software moves the due date by the office hours that a dossier waited for a
supplement, whatever rules the procedure has (assumed: seen in the software, in no text).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from igate.calendar.arrays import add_minutes, count_minutes
from igate.errors import CalendarNotCovered, FrameError
from igate.law.localtime import EPOCH, MINUTES_PER_DAY
from igate.metrics.due import Due, due_days
from igate.metrics.finish import requests
from igate.words.sentence import clause, say, together

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from igate.metrics.definitions import Definition
    from igate.metrics.due import Law
    from igate.metrics.intake import Intake

__all__ = ["due_by"]


def due_by(
    intake: Intake,
    members: NDArray[np.bool_],
    law: Law,
    *,
    known: NDArray[np.int64],
    until: date,
    chosen: Definition,
) -> Due:
    """Return when each dossier that belongs to a table is due, as a definition has it.

    Args:
        intake: The dossiers.
        members: Which of them belong to the table.
        law: Calendar, rules and catalogue.
        known: int64, the last minute of each dossier that is known: its finish, or the end of the
            last known day.
        until: The last known day.
        chosen: The definition.

    Raises:
        FrameError: As ``due_days``; or the definition asks for the due date first promised, and
            the table has only one that may have been promised anew.
    """
    if chosen.due == "original":
        return _original(intake, members, law, until, chosen)
    if chosen.due == "extended":
        due = due_days(intake, members, law, until, interrupted=False)
        return _extended(intake, replace(due, present=due.present & members), law, known)
    return due_days(intake, members, law, until, interrupted=chosen.finish == "recorded")


def _original(
    intake: Intake, members: NDArray[np.bool_], law: Law, until: date, chosen: Definition
) -> Due:
    given = intake.original
    if given is None:
        if intake.due is not None:
            raise FrameError(
                say("The definition {name!r} needs a column 'first_due'.", name=chosen.name),
                where=intake.rows.source or None,
                why=say("A column 'due' holds what is promised now, perhaps after an apology."),
                fix=say(
                    'Name the column with the first due date: "first_due: ..." in the file of '
                    '--map, or {keyword}={{"first_due": "..."}} in Python.',
                    keyword=intake.columns.keyword,
                ),
            )
        return due_days(intake, members, law, until)
    due = due_days(intake, members & ~given.present, law, until)
    first = np.where(given.present, given.whole_days, due.minutes)
    return Due(minutes=first, present=given.present | due.present)


def _extended(intake: Intake, due: Due, law: Law, known: NDArray[np.int64]) -> Due:
    """Move each due date by the office hours waited; while a wait lasts there is none."""
    asked = requests(intake, known)
    asked = asked.at(due.present[asked.row])
    waited = np.zeros(len(intake), dtype=np.int64)
    since = np.maximum(asked.since, intake.received.minutes[asked.row])
    until = np.maximum(asked.until, since)
    outside = asked.row[_outside(since, until, law)].tolist()
    if outside:
        raise _refusal(intake, dict.fromkeys(outside, say("a wait is outside the calendar")), law)
    minutes = count_minutes(law.calendar, since.view("datetime64[m]"), until.view("datetime64[m]"))
    np.add.at(waited, asked.row, minutes)
    moved, rows = due.minutes.copy(), np.flatnonzero(waited > 0)
    moved[rows] = _later(intake, due.minutes[rows], waited[rows], rows, law)
    present = due.present.copy()
    present[asked.row[~asked.answered]] = False
    return Due(minutes=np.where(present, moved, 0), present=present)


def _later(
    intake: Intake,
    due: NDArray[np.int64],
    waited: NDArray[np.int64],
    rows: NDArray[np.intp],
    law: Law,
) -> NDArray[np.int64]:
    try:
        return add_minutes(law.calendar, due.view("datetime64[m]"), waited).view(np.int64)
    except CalendarNotCovered:
        wrong: dict[int, str] = {}
        for place, row in enumerate(rows.tolist()):
            one = slice(place, place + 1)
            try:
                add_minutes(law.calendar, due[one].view("datetime64[m]"), waited[one])
            except CalendarNotCovered as error:
                wrong[row] = clause(error.what)
        raise _refusal(intake, wrong, law) from None


def _outside(since: NDArray[np.int64], until: NDArray[np.int64], law: Law) -> NDArray[np.bool_]:
    first, last = (day.toordinal() - EPOCH for day in (law.calendar.first, law.calendar.last))
    begin, end = since // MINUTES_PER_DAY, until // MINUTES_PER_DAY
    outside: NDArray[np.bool_] = (begin < first) | (end > last)
    return outside


def _refusal(intake: Intake, wrong: dict[int, str], law: Law) -> FrameError:
    return intake.rows.refusal(
        wrong,
        lambda row: together(intake.codes[row], wrong[row], between=": "),
        what=say("Due dates cannot be extended"),
        why=say(
            "The days off are known from {first} to {last}.",
            first=law.calendar.first,
            last=law.calendar.last,
        ),
        fix=say("Correct the date, or pass calendar=WorkCalendar.vietnam(provisional=True)."),
    )
