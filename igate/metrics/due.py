"""When each dossier of a table is due.

A due date that the table brings is used as it is. Otherwise it is worked out from the limit and
the rules that ``igate.metrics.terms`` finds for the row.

Limits of one part are worked out as columns, by ``igate.deadlines.columns``; sums of limits, and
what columns refuse, by ``compute_deadline``, row by row, so that the refusal names the rows. A
test holds them equal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from igate.deadlines.columns import Suspensions, due_dates
from igate.deadlines.deadline import compute_deadline
from igate.deadlines.limits import Part, Unit
from igate.errors import CalendarNotCovered, IgateError, MomentError, TimeLimitError
from igate.law.localtime import MINUTES_PER_DAY, VIETNAM, epoch_minute
from igate.metrics.cells import to_the_end_of_day
from igate.metrics.spans import NEVER, Spans
from igate.metrics.terms import Law, Term, Terms, marks_of, read_terms
from igate.words.sentence import clause, say, together

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import time

    from numpy.typing import NDArray

    from igate.metrics.intake import Intake

__all__ = [
    "Due",
    "Law",
    "Term",
    "Terms",
    "by_columns",
    "by_rows",
    "due_days",
    "read_terms",
]

_UNITS = tuple(Unit)
#: Rows that are worked out one by one when columns refuse one of them.
_FEW = 1024
#: With what columns refuse a row.
_REFUSALS = (CalendarNotCovered, MomentError, TimeLimitError)
#: A limit that columns refuse, in place of one that has several parts.
_NO_PART = Part(length=Fraction(0), unit=Unit.MONTH)
_MISSING = int(np.datetime64("NaT").view(np.int64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Due moments, a row each."""

    #: int64, minutes since 1970-01-01 in Vietnamese time; 0 where there is none
    minutes: NDArray[np.int64]
    #: bool; false where no limit is stated or the clock is suspended
    present: NDArray[np.bool_]

    @property
    def days(self) -> NDArray[np.int64]:
        """Due days since 1970-01-01, int64."""
        return self.minutes // MINUTES_PER_DAY

    @classmethod
    def none(cls, rows: int) -> Due:
        """Return no due moment for so many rows."""
        return cls(minutes=np.zeros(rows, dtype=np.int64), present=np.zeros(rows, dtype=bool))

    def put(self, rows: NDArray[np.int64], due: Due) -> None:
        """Write the due moments of some rows."""
        self.minutes[rows], self.present[rows] = due.minutes, due.present


def due_days(
    intake: Intake,
    members: NDArray[np.bool_],
    law: Law,
    until: date,
    *,
    interrupted: bool = True,
    spans: Spans | None = None,
) -> Due:
    """Return when each dossier that belongs to a table is due.

    Args:
        intake: The dossiers.
        members: Which of them belong to the table; the others get no due day.
        law: Calendar, rules and catalogue.
        until: Last day that is known; what happens later does not move a due date.
        interrupted: Whether suspensions and a later start move a due date that is worked out;
            index 766 counts the limit from the receipt without them.
        spans: The suspensions that count; ``None``: those of the table.

    Raises:
        FrameError: A limit, a suspension or a procedure cannot be read, or a due date lies
            outside the calendar; the message names the row.
    """
    if intake.due is not None:
        return Due(minutes=intake.due.whole_days, present=intake.due.present)
    found = read_terms(intake, np.flatnonzero(members), law, until)
    if spans is not None:
        found = replace(found, spans=spans.among(found.rows))
    if not interrupted:
        intake, found = replace(intake, started=intake.received), replace(found, spans=Spans.none())
    single = found.where(lambda term: term.part is not None)
    due, refused = Due.none(len(intake)), np.zeros(len(intake), dtype=bool)
    for rows in _fill(due, intake, found.at(np.flatnonzero(single)), law):
        refused[rows] = True
    several = found.where(lambda term: term.limit.stated) & ~single
    rest = found.at(np.flatnonzero(several | refused[found.rows]))
    due.put(rest.rows, by_rows(intake, rest, law))
    return due


def _fill(due: Due, intake: Intake, found: Terms, law: Law) -> Iterator[NDArray[np.int64]]:
    """Write the due days that columns give.

    Where they refuse a row it tries each half by itself, so that one wrong date among many costs
    little.

    Yields:
        The rows left over: those that they refused, each among a few others.
    """
    try:
        due.put(found.rows, by_columns(intake, found, law))
    except _REFUSALS:
        if len(found.rows) <= _FEW:
            yield found.rows
            return
        for half in np.array_split(np.arange(len(found.rows)), 2):
            yield from _fill(due, intake, found.at(half), law)


def by_columns(intake: Intake, found: Terms, law: Law) -> Due:
    """Compute limits of one part with their suspensions, those of the same rules at once.

    Returns:
        The due moments of ``found.rows``, in that order.

    Raises:
        CalendarNotCovered: The count of a row leaves the calendar.
        MomentError: A suspension begins on a day before the receipt, or two for one reason cannot
            be distinguished.
        TimeLimitError: A limit is one that columns do not count.
    """
    kinds: dict[tuple[int, time | None], int] = {}
    numbers = [
        kinds.setdefault((id(term.rules), term.limit.same_day_until), len(kinds))
        for term in found.terms
    ]
    of = np.array(numbers, dtype=np.int64)[found.of]
    due = Due.none(len(found.rows))
    for kind in np.unique(of):
        places = np.flatnonzero(of == kind)
        due.put(places, _of_one_kind(intake, found.at(places), law))
    return due


def _of_one_kind(intake: Intake, found: Terms, law: Law) -> Due:
    """Compute limits that differ in nothing but length and unit."""
    parts = [term.part or _NO_PART for term in found.terms]
    length = [part.length.numerator for part in parts]
    unit = [_UNITS.index(part.unit) for part in parts]
    denominator = [part.length.denominator for part in parts]
    term = found.terms[found.of[0]]
    answer = due_dates(
        law.calendar,
        intake.started.minutes[found.rows].view("datetime64[m]"),
        _spread(length, found.of),
        _spread(unit, found.of),
        rules=term.rules,
        suspensions=_suspensions(intake, found) if len(found.spans) else None,
        denominator=_spread(denominator, found.of),
        same_day_until=term.limit.same_day_until,
    )
    present = ~np.isnat(answer.due)
    minutes = answer.due.astype("datetime64[m]").view(np.int64)
    return Due(minutes=np.where(present, minutes, 0), present=present)


def _spread(numbers: Sequence[int], of: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give each row its number; one stands for all where they do not differ."""
    own = np.array(numbers, dtype=np.int64)
    return own[0] if (own == own[0]).all() else own[of]


def _suspensions(intake: Intake, found: Terms) -> Suspensions:
    """Return the suspensions as columns, as far as they are known, as ``marks_of`` reads them.

    Raises:
        MomentError: As ``by_columns``.
    """
    own = found.spans
    place = np.zeros(len(intake), dtype=np.int64)
    place[found.rows] = np.arange(len(found.rows))
    row = place[own.row]
    since, until = _moments(own.since), _moments(own.until)
    received = intake.started.minutes[found.rows].view("datetime64[m]")[row]
    with_receipt = (row * len(own.reasons) + own.reason)[since <= received]
    if (since < received.astype("datetime64[D]")).any():
        raise MomentError(say("A suspension begins on a day before the receipt."))
    if len(np.unique(with_receipt)) < len(with_receipt):
        raise MomentError(say("Two suspensions for one reason begin with the receipt."))
    spans = Suspensions(
        row=row,
        since=np.maximum(since, received),
        until=np.maximum(until, received),
        reason=own.reason,
        reasons=own.reasons,
    )
    return spans.known_by(_known(intake, found))


def _moments(ticks: NDArray[np.int64]) -> NDArray[np.datetime64]:
    """Make a column in minutes, or in microseconds where one is finer; none is NaT."""
    fine = np.where(ticks == NEVER, _MISSING, ticks).view("datetime64[us]")
    coarse = fine.astype("datetime64[m]")
    return coarse if ((coarse == fine) | np.isnat(fine)).all() else fine


def _known(intake: Intake, found: Terms) -> NDArray[np.datetime64]:
    """Return the last moment of each row that is known: the finish, or the end of the last day."""
    finished = to_the_end_of_day(intake.finished.minutes[found.rows])
    unknown = np.datetime64(found.until, "us") + np.timedelta64(1, "D")
    done = intake.finished.present[found.rows] & (finished.view("datetime64[m]") < unknown)
    return np.where(done, finished.view("datetime64[m]"), unknown - np.timedelta64(1, "us"))


def by_rows(intake: Intake, found: Terms, law: Law) -> Due:
    """Compute any term, one row after the other.

    Returns:
        The due moments of ``found.rows``, in that order.
    """
    minutes = np.zeros(len(found.rows), dtype=np.int64)
    present = np.zeros(len(found.rows), dtype=bool)
    outside: dict[int, str] = {}
    early: dict[int, str] = {}
    for place, (row, which) in enumerate(zip(found.rows.tolist(), found.of.tolist(), strict=True)):
        try:
            minute = _due_minute(intake, row, found.terms[which], found, law)
        except CalendarNotCovered as error:
            outside[row] = clause(error.what)
        except IgateError as error:
            early[row] = clause(together(error.what, error.why or "", error.fix or ""))
        except ValueError as error:
            early[row] = error.args[0]
        else:
            minutes[place], present[place] = (0, False) if minute is None else (minute, True)
    if early:
        raise intake.rows.refusal(
            early,
            lambda row: together(intake.codes[row], early[row], between=": "),
            what=say("Suspensions cannot be counted"),
            why=say("No clock runs before the receipt."),
            fix=say("Correct the beginning of the suspension, or the date of receipt."),
        )
    if outside:
        raise intake.rows.refusal(
            outside,
            lambda row: together(intake.codes[row], outside[row], between=": "),
            what=say("Due dates cannot be worked out"),
            why=say(
                "The days off are known from {first} to {last}.",
                first=law.calendar.first,
                last=law.calendar.last,
            ),
            fix=say("Correct the date, or pass calendar=WorkCalendar.vietnam(provisional=True)."),
        )
    return Due(minutes=minutes, present=present)


def _due_minute(intake: Intake, row: int, term: Term, found: Terms, law: Law) -> int | None:
    finished = None
    if intake.finished.present[row] and intake.finished.day(row) <= found.until:
        finished = intake.finished.moment(row)
    spans = found.spans.of(row)
    next_day = found.until + timedelta(days=1)
    unknown = datetime(next_day.year, next_day.month, next_day.day, tzinfo=VIETNAM)
    deadline = compute_deadline(
        term.limit,
        marks=marks_of(intake.started.moment(row), spans, finished, unknown),
        calendar=law.calendar,
        rules=term.rules,
    )
    return None if deadline.due is None else epoch_minute(deadline.due)
