"""When each dossier of a table is due.

A due date that the table brings is used as it is. Otherwise it is worked out: the limit is the
one in the column ``limit``, else that of the procedure's revision in force on the day of receipt
for the channel, case and area; the rules are those in force on the day of receipt.

Limits in whole working days or days that nothing interrupted are worked out for all rows at once;
every other row by ``compute_deadline``. A test holds the two equal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from igate.clock import ClockRules
from igate.deadline import compute_deadline
from igate.errors import CalendarNotCovered, IgateError
from igate.limits import TimeLimit, Unit
from igate.localtime import VIETNAM
from igate.metrics.cells import EPOCH
from igate.metrics.spans import marks_of, read_spans
from igate.workcalendar.arrays import add_days

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from igate.catalog import Catalog
    from igate.metrics.intake import Intake
    from igate.metrics.spans import Span
    from igate.workcalendar import WorkCalendar

__all__ = ["Due", "Law", "Term", "Terms", "by_arrays", "by_rows", "due_days", "read_terms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """What deadlines are counted with."""

    calendar: WorkCalendar
    #: rules for every dossier, or the name of shipped ones; ``None``: those of the procedure
    rules: ClockRules | str | None
    #: where the limits of procedures are looked up
    catalog: Catalog

    def rules_on(self, day: date, name: str = "decree") -> ClockRules:
        """Give the rules for a dossier received on a day.

        Raises:
            TimelineError: No rules of the name are in force on the day.
        """
        if isinstance(self.rules, ClockRules):
            return self.rules
        return ClockRules.shipped(self.rules or name, on=day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Due days, a row each."""

    #: int64, days since 1970-01-01; 0 where there is none
    days: NDArray[np.int64]
    #: bool; false where no limit is stated or the clock stands still
    present: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A limit and the rules by which it is counted."""

    limit: TimeLimit
    rules: ClockRules

    @property
    def simple(self) -> int | None:
        """The whole number of working days or days that arrays can add; ``None``: they cannot."""
        rules, parts = self.rules, self.limit.parts
        plain = (
            len(parts) == 1
            and parts[0].length.denominator == 1
            and parts[0].length > 0  # a same-day limit depends on the hour
            and parts[0].unit in {Unit.WORKING_DAY, Unit.DAY}
            and (rules.cutoff is None or rules.cutoff.moves == "transfer")
            and rules.receipt_on_day_off == "as_it_is"
        )
        return parts[0].length.numerator if plain else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of some rows of a table."""

    #: positions of the rows in the intake, int64
    rows: NDArray[np.int64]
    #: the terms that occur
    terms: tuple[Term, ...]
    #: for each of ``rows``, which of ``terms`` is its own, int64
    of: NDArray[np.int64]
    #: suspensions by position of the row in the intake
    spans: dict[int, tuple[Span, ...]]
    #: last day that is known; what happened later moves nothing
    until: date


def due_days(intake: Intake, members: NDArray[np.bool_], law: Law, until: date) -> Due:
    """Give the due day of each dossier that belongs to a table.

    Args:
        intake: The dossiers.
        members: Which of them belong to the table; the others get no due day.
        law: Calendar, rules and catalogue.
        until: Last day that is known; what happens later does not move a due date.

    Raises:
        FrameError: A limit, a suspension or a procedure cannot be read, or a due date lies
            outside the calendar; the message names the row.
    """
    if intake.due is not None:
        return Due(days=intake.due.days, present=intake.due.present)
    found = read_terms(intake, np.flatnonzero(members), law, until)
    days = np.zeros(len(intake), dtype=np.int64)
    present = np.zeros(len(intake), dtype=bool)
    stated = np.array([term.limit.stated for term in found.terms], dtype=bool)[found.of]
    quick = np.array([term.simple is not None for term in found.terms], dtype=bool)[found.of]
    if found.spans:
        quick &= ~np.isin(found.rows, list(found.spans))
    parts = ((stated & quick, by_arrays), (stated & ~quick, by_rows))
    for chosen, method in parts:
        if chosen.any():
            some = replace(found, rows=found.rows[chosen], of=found.of[chosen])
            due = method(intake, some, law)
            days[some.rows], present[some.rows] = due.days, due.present
    return Due(days=days, present=present)


def by_arrays(intake: Intake, found: Terms, law: Law) -> Due:
    """Work out simple terms without suspensions for all rows at once.

    Returns:
        The due days of ``found.rows``, in that order.
    """
    start = intake.received.days[found.rows].astype("datetime64[D]")
    lengths = np.array([term.simple or 0 for term in found.terms], dtype=np.int64)[found.of]
    kinds = [{part.unit for part in term.limit.parts} for term in found.terms]
    working = np.array([kind == {Unit.WORKING_DAY} for kind in kinds], dtype=bool)[found.of]
    rolls = np.array([term.rules.end_on_day_off == "next_working_day" for term in found.terms])
    moves = ~working & rolls[found.of]
    end = start + np.where(working, 0, lengths)
    try:
        end[working] = add_days(law.calendar, start[working], lengths[working])
        end[moves] = add_days(law.calendar, end[moves], 0)
    except CalendarNotCovered:
        return by_rows(intake, found, law)  # it knows the row, and says so
    return Due(days=end.astype(np.int64), present=np.ones(len(end), dtype=bool))


def by_rows(intake: Intake, found: Terms, law: Law) -> Due:
    """Work out any term, one row after the other.

    Returns:
        The due days of ``found.rows``, in that order.
    """
    days = np.zeros(len(found.rows), dtype=np.int64)
    present = np.zeros(len(found.rows), dtype=bool)
    outside: dict[int, str] = {}
    early: dict[int, str] = {}
    for place, (row, which) in enumerate(zip(found.rows.tolist(), found.of.tolist(), strict=True)):
        try:
            day = _due_day(intake, row, found.terms[which], found, law)
        except CalendarNotCovered as error:
            outside[row] = error.what.rstrip(".")
        except ValueError as error:
            early[row] = str(error)
        else:
            days[place], present[place] = (0, False) if day is None else (day, True)
    if early:
        raise intake.rows.refusal(
            early,
            lambda row: f"{intake.codes[row]}: {early[row]}",
            what="Suspensions cannot be counted",
            why="No clock runs before the receipt.",
            fix="Correct the beginning of the suspension, or the date of receipt.",
        )
    if outside:
        raise intake.rows.refusal(
            outside,
            lambda row: f"{intake.codes[row]}: {outside[row]}",
            what="Due dates cannot be worked out",
            why=f"The days off are known from {law.calendar.first} to {law.calendar.last}.",
            fix="Correct the date, or pass calendar=WorkCalendar.vietnam(provisional=True).",
        )
    return Due(days=days, present=present)


def _due_day(intake: Intake, row: int, term: Term, found: Terms, law: Law) -> int | None:
    finished = None
    if intake.finished.present[row] and intake.finished.day(row) <= found.until:
        finished = intake.finished.moment(row)
    spans = found.spans.get(row, ())
    next_day = found.until + timedelta(days=1)
    unknown = datetime(next_day.year, next_day.month, next_day.day, tzinfo=VIETNAM)
    deadline = compute_deadline(
        term.limit,
        marks=marks_of(intake.received.moment(row), spans, finished, unknown),
        calendar=law.calendar,
        rules=term.rules,
    )
    return None if deadline.due is None else deadline.due.toordinal() - EPOCH


def read_terms(intake: Intake, rows: NDArray[np.intp], law: Law, until: date) -> Terms:
    """Find the limit and the rules of each row.

    Raises:
        FrameError: A limit or a procedure is not known, or a suspension cannot be read.
    """
    spans = read_spans(intake.text("suspensions"), intake.rows, intake.codes)
    reader = _TermReader(intake, law)
    _, first, like = np.unique(reader.kinds(rows), return_index=True, return_inverse=True)
    numbers = np.array([reader.look_up(row) for row in rows[first].tolist()], dtype=np.int64)
    of = numbers[like]
    wrong = {
        int(rows[place]): reader.wrong[int(rows[first[like[place]]])]
        for place in np.flatnonzero(of < 0)
    }
    if wrong:
        raise intake.rows.refusal(
            wrong,
            lambda row: f"{intake.codes[row]}: {wrong[row]}",
            what="Dossiers have no time limit that can be counted",
            why="A limit that is not understood would move the due date unseen.",
            fix='Limits are written like "7 working_day"; procedures by their national code.',
        )
    wanted = set(rows.tolist())
    return Terms(
        rows=rows.astype(np.int64),
        terms=tuple(reader.terms),
        of=of,
        spans={row: span for row, span in spans.items() if row in wanted},
        until=until,
    )


class _TermReader:
    """Looks up each different limit, procedure and day once, and keeps what is wrong."""

    def __init__(self, intake: Intake, law: Law) -> None:
        self._intake = intake
        self._law = law
        self._texts = {name: intake.text(name) for name in ("limit", "procedure", "case", "area")}
        #: what is wrong, by the row that was looked up
        self.wrong: dict[int, str] = {}
        self._numbers: dict[tuple[TimeLimit, int], int] = {}
        self.terms: list[Term] = []

    def kinds(self, rows: NDArray[np.intp]) -> NDArray[np.int64]:
        """Number the rows so that two of one number have the same term."""
        kinds: NDArray[np.int64] = self._intake.received.days[rows]
        columns: list[list[str | None]] = [*self._texts.values(), [*self._intake.channels]]
        for texts in columns:
            numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
            if len(numbers) > 1:
                own = np.array([numbers[text] for text in texts], dtype=np.int64)
                _, kinds = np.unique(kinds * len(numbers) + own[rows], return_inverse=True)
        return kinds

    def look_up(self, row: int) -> int:
        """Give the number of the term of a row; -1 where there is none, which is kept."""
        text, day = self._texts["limit"][row], self._intake.received.day(row)
        try:
            if text is not None:
                term = Term(limit=TimeLimit.parse(text), rules=self._law.rules_on(day))
            else:
                term = self._of_procedure(row, day)
        except IgateError as error:
            self.wrong[row] = f"{error.what} {error.fix or ''}".strip().rstrip(".")
            return -1
        key = (term.limit, id(term.rules))
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.terms)
            self.terms.append(term)
        return number

    def _of_procedure(self, row: int, day: date) -> Term:
        code = self._texts["procedure"][row]
        if code is None:
            raise IgateError("No limit is given.", fix='Write "not_stated" where there is none.')
        revision = self._law.catalog.in_force(code, on=day)
        limit = revision.limit_for(
            channel=self._intake.channels[row],
            case=self._texts["case"][row] or "",
            area=self._texts["area"][row] or "",
        )
        rules = self._law.rules_on(day, revision.clock_rules)
        if self._law.rules is None and revision.cutoff is not None:
            rules = replace(rules, cutoff=revision.cutoff)
        return Term(limit=limit, rules=rules)
