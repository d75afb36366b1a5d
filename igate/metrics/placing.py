"""Placing each dossier in the columns of form II.06a (Thông tư 01/2020/TT-VPCP).

A dossier belongs to the table of a period if it was received in it, or received before it and not
finished before its first day. The period's days are inclusive. Finished on the first day, a
dossier received earlier counts as carried over and as solved in the period. Solved is what was
finished on or before the last known day: the end of the period, or ``as_of`` where that is
earlier. What was finished later was still in process on that day.

Unless the definition of on time says otherwise, calendar dates are compared, never hours. Solved:
early when finished on an earlier day than the
due day, on time on that day, late afterwards; without a due date on time, as a provincial system
fills the form (giả định: the circular was not read to say so), and counted apart. In process:
overdue when the due day is before the last known day, within time otherwise, also without a due
date and while the clock is suspended. A dossier that was withdrawn is placed by its dates, or as
the definition says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np

from igate.errors import FrameError
from igate.law.localtime import EPOCH, local
from igate.metrics.finish import finish
from igate.metrics.intake import ENDED_OR_SUPPLEMENT, SUSPENDED, WITHDRAWN
from igate.metrics.promise import due_by
from igate.words.sentence import say

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from igate.metrics.cells import Moments
    from igate.metrics.definitions import Definition
    from igate.metrics.due import Due, Law
    from igate.metrics.finish import Finish
    from igate.metrics.intake import Intake

__all__ = ["Facts", "Placed", "Window", "facts_of", "judge", "place", "window"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The days that a table is about, both inclusive."""

    #: first day of the period; ``None``: no period, so nothing is carried over
    first: date | None
    #: last day that is known and counted
    last: date


def window(period: tuple[date, date] | None, as_of: date) -> Window:
    """Return the days that a table is about.

    Args:
        period: First and last day, both inclusive, or ``None`` for everything up to ``as_of``.
        as_of: The day on which the table is drawn up; what happens after it is not known.

    Raises:
        FrameError: The period is reversed or begins after ``as_of``, or a day is none.
    """
    known = _day(as_of)
    if period is None:
        return Window(first=None, last=known)
    first, last = _day(period[0]), _day(period[1])
    if last < first:
        raise FrameError(
            say("The period {first} to {last} ends before it begins.", first=first, last=last),
            why=say("Both days belong to the period."),
            fix=say("Give the first day, then the last."),
        )
    if known < first:
        raise FrameError(
            say(
                "The period {first} to {last} has not begun on {known}.",
                first=first,
                last=last,
                known=known,
            ),
            why=say("A table counts what has happened."),
            fix=say("Pass a later as_of."),
        )
    return Window(first=first, last=min(last, known))


def _day(value: date) -> date:
    if not isinstance(value, date):
        raise FrameError(
            say("{value!r} is not a day.", value=value), fix=say("Pass a datetime.date.")
        )
    return local(value).date() if isinstance(value, datetime) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The place of each dossier in the form; every array is bool and has a row a dossier."""

    #: belongs to the table
    member: NDArray[np.bool_]
    carried: NDArray[np.bool_]
    online: NDArray[np.bool_]
    solved: NDArray[np.bool_]
    early: NDArray[np.bool_]
    late: NDArray[np.bool_]
    overdue: NDArray[np.bool_]
    due: Due
    #: what is compared with ``due``
    finish: Finish

    def counts(self) -> dict[str, NDArray[np.bool_]]:
        """Say of each column of the form which dossiers are in it."""
        member, solved, open_ = self.member, self.solved, self.member & ~self.solved
        return {
            "received_total": member,
            "received_online": member & ~self.carried & self.online,
            "received_counter_post": member & ~self.carried & ~self.online,
            "carried_over": self.carried,
            "solved_total": solved,
            "solved_early": self.early,
            "solved_on_time": solved & ~self.early & ~self.late,
            "solved_late": self.late,
            "solved_no_due": solved & ~self.due.present,
            "in_process_total": open_,
            "in_process_within": open_ & ~self.overdue,
            "in_process_overdue": self.overdue,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What decides the place of each dossier, a row each."""

    received: Moments
    finished: Moments
    #: bool
    online: NDArray[np.bool_]
    due: Due
    #: what is compared with ``due``
    finish: Finish
    #: bool; the state alone says that the clock is suspended
    still: NDArray[np.bool_]
    #: bool; on time once they are finished, and not counted once they are: what the definition does
    #: with dossiers that were withdrawn
    spared: NDArray[np.bool_]
    left_out: NDArray[np.bool_]


def place(intake: Intake, days: Window, law: Law, chosen: Definition) -> Placed:
    """Place every dossier as a definition of on time has it.

    Raises:
        FrameError: A due date cannot be worked out; the message names the row.
    """
    member, _ = _members(intake.received, intake.finished, days)
    return judge(facts_of(intake, member, days, law, chosen), days)


def facts_of(
    intake: Intake, members: NDArray[np.bool_], days: Window, law: Law, chosen: Definition
) -> Facts:
    """Return what decides the place of each dossier under a definition.

    Args:
        intake: The dossiers.
        members: Those whose due date is worked out.
        days: The days that the table is about.
        law: Calendar, rules and catalogue.
        chosen: The definition.

    Raises:
        FrameError: A due date cannot be worked out; the message names the row.
    """
    last = days.last.toordinal() - EPOCH
    done = intake.finished.present & (intake.finished.days <= last)
    moved = chosen.finish == "less_supplements"
    recorded = finish(intake, done, last, replace(chosen, finish="recorded"))
    due = due_by(intake, members, law, known=recorded.minutes, until=days.last, chosen=chosen)
    withdrawn = intake.status == WITHDRAWN
    return Facts(
        received=intake.received,
        finished=intake.finished,
        online=intake.channels.flag(lambda channel: channel == "online"),
        due=due,
        finish=finish(intake, done, last, chosen) if moved else recorded,
        still=_standing_still(intake, moved=moved),
        spared=withdrawn & (chosen.withdrawn == "on_time"),
        left_out=withdrawn & (chosen.withdrawn == "left_out"),
    )


def _members(
    received: Moments, finished: Moments, days: Window
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which dossiers belong to the table, and which of them are carried over."""
    came, ended = received.days, finished.days
    member = came <= days.last.toordinal() - EPOCH
    if days.first is None:
        return member, np.zeros(len(came), dtype=bool)
    first = days.first.toordinal() - EPOCH
    member &= (came >= first) | ~finished.present | (ended >= first)
    return member, member & (came < first)


def judge(facts: Facts, days: Window) -> Placed:
    """Place every dossier by what decides its place."""
    member, carried = _members(facts.received, facts.finished, days)
    last = days.last.toordinal() - EPOCH
    done = facts.finished.present & (facts.finished.days <= last)
    if facts.left_out.any():
        member, carried = (flags & ~(facts.left_out & done) for flags in (member, carried))
    solved, due = member & done, facts.due
    judged = due.present & ~(facts.spared & done)
    late = judged & facts.finish.after(due.minutes)
    still = facts.still & ~facts.finished.present
    return Placed(
        member=member,
        carried=carried,
        online=facts.online,
        solved=solved,
        early=solved & judged & facts.finish.before(due.minutes) & ~late,
        late=solved & late,
        overdue=member & ~done & late & ~still,
        due=due,
        finish=facts.finish,
    )


def _standing_still(intake: Intake, *, moved: bool) -> NDArray[np.bool_]:
    """Return where the state alone says that the clock is suspended, of a dossier that is open.

    A table with a column of suspensions says better when and why, so that its states are not
    asked, unless the due dates are given and nothing is worked out from the suspensions.
    """
    if "suspensions" in intake.columns and (moved or intake.due is None):
        return np.zeros(len(intake), dtype=bool)
    still: NDArray[np.bool_] = np.isin(intake.status, ENDED_OR_SUPPLEMENT if moved else SUSPENDED)
    return still
