"""The terms of each dossier of a table: its limit, the rules that count it, its suspensions.

The limit is the one in the column ``limit``, else that of the procedure's revision in force on the
day of receipt for the channel, case and area; the rules are those in force on the day of receipt.
Rows that have the same of both share one value, so that they can be computed together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from igate.deadlines.limits import Part, TimeLimit, Unit, read_limit
from igate.deadlines.rulefile import shipped_rules
from igate.deadlines.rules import ClockMark, ClockRules
from igate.errors import IgateError
from igate.metrics.numbering import as_one, representatives
from igate.words.sentence import clause, say, together

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from numpy.typing import NDArray

    from igate.calendar import WorkCalendar
    from igate.deadlines.rules import Cutoff
    from igate.metrics.intake import Intake
    from igate.metrics.numbering import Texts
    from igate.metrics.spans import Span, Spans
    from igate.procedures.catalog.catalog import Catalog

__all__ = [
    "Law",
    "Term",
    "Terms",
    "marks_of",
    "read_terms",
]


#: Units of which columns take no limit of 0.
_FROM_ONE = frozenset({Unit.DAY, Unit.MONTH})


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """What deadlines are counted with."""

    calendar: WorkCalendar
    #: rules for every dossier, or the name of shipped ones; ``None``: those of the procedure
    rules: ClockRules | str | None
    #: where the limits of procedures are looked up
    catalog: Catalog

    def rules_on(self, day: date, name: str = "decree") -> ClockRules:
        """Return the rules for a dossier received on a day.

        Raises:
            TimelineError: No rules of the name are in force on the day.
        """
        if isinstance(self.rules, ClockRules):
            return self.rules
        return shipped_rules(self.rules or name, on=day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A limit and the rules by which it is counted."""

    limit: TimeLimit
    rules: ClockRules

    @property
    def part(self) -> Part | None:
        """The only part of a limit that columns can count; ``None``: they cannot."""
        parts = self.limit.parts
        one = len(parts) == 1 and (parts[0].length > 0 or parts[0].unit not in _FROM_ONE)
        return parts[0] if one else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of some rows of a table."""

    #: positions of the rows in the intake, int64
    rows: NDArray[np.int64]
    #: the terms that occur
    terms: tuple[Term, ...]
    #: for each of ``rows``, which of ``terms`` is its own, int64
    of: NDArray[np.int64]
    #: their suspensions, by position of the row in the intake
    spans: Spans
    #: last day that is known; what happened later moves nothing
    until: date

    def at(self, places: NDArray[np.int64]) -> Terms:
        """Return the terms of some of the rows, by place in ``rows``, in their order."""
        if len(places) == len(self.rows):
            return self
        rows = self.rows[places]
        return replace(self, rows=rows, of=self.of[places], spans=self.spans.among(rows))

    def where(self, holds: Callable[[Term], bool]) -> NDArray[np.bool_]:
        """Return for each of the rows whether something holds of its term."""
        answers: NDArray[np.bool_] = np.array([holds(term) for term in self.terms], dtype=bool)
        return answers[self.of]


def read_terms(intake: Intake, rows: NDArray[np.intp], law: Law, until: date) -> Terms:
    """Find the limit and the rules of each row.

    Raises:
        FrameError: A limit or a procedure is not known, or a suspension cannot be read.
    """
    spans = intake.spans()
    reader = _TermReader(intake, law)
    kinds, size = reader.kinds(rows)
    first, like = representatives(kinds, size)
    numbers = np.array([reader.look_up(row) for row in rows[first].tolist()], dtype=np.int64)
    of = numbers[like]
    if reader.wrong:
        wrong = {
            int(rows[place]): reader.wrong[int(rows[first[like[place]]])]
            for place in np.flatnonzero(of < 0)
        }
        raise intake.rows.refusal(
            wrong,
            lambda row: together(intake.codes[row], wrong[row], between=": "),
            what=say("Dossiers have no time limit that can be counted"),
            why=say("A limit that is not understood would move the due date unseen."),
            fix=say('Limits are written like "7 working_day"; procedures by their national code.'),
        )
    return Terms(
        rows=rows.astype(np.int64),
        terms=tuple(reader.terms),
        of=of,
        spans=spans.among(rows.astype(np.int64)),
        until=until,
    )


def _limit_of(text: str) -> TimeLimit:
    """Read a limit as igate writes it, or as decisions print it ("5 ngày làm việc")."""
    if text.isascii():
        return TimeLimit.parse(text)
    return read_limit(text)


class _TermReader:
    """Looks up each different limit, procedure and day once, and keeps what is wrong."""

    def __init__(self, intake: Intake, law: Law) -> None:
        self._intake = intake
        self._law = law
        names = ("limit", "procedure", "case", "area")
        self._texts: dict[str, Texts] = {name: intake.text(name) for name in names}
        self._limits: dict[str, TimeLimit] = {}
        #: by day of receipt, the rules of dossiers whose limit is given
        self._rules: dict[date, ClockRules] = {}
        #: what is wrong, by the row that was looked up
        self.wrong: dict[int, str] = {}
        self._numbers: dict[tuple[TimeLimit, int], int] = {}
        self._with_cutoff: dict[tuple[int, Cutoff], ClockRules] = {}
        self.terms: list[Term] = []

    def kinds(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.int64], int]:
        """Number the rows so that two of one number have the same term.

        Returns:
            The numbers, and how many different ones there can be.
        """
        limit = self._texts["limit"]
        given = limit.flag(lambda text: text is not None)[rows]
        one, other = rows[given], rows[~given]
        kinds = np.zeros(len(rows), dtype=np.int64)
        rules = self._by_day(one, None, lambda row: id(self._rules_on(row)))
        kinds[given], size = as_one([(limit.of[one], len(limit.values)), rules])
        revision = self._by_day(other, self._texts["procedure"], self._revision_of)
        texts = (self._texts["case"], self._texts["area"], self._intake.channels)
        rest, more = as_one([revision, *((each.of[other], len(each.values)) for each in texts)])
        kinds[~given] = size + rest
        return kinds, size + more

    def _by_day(
        self, rows: NDArray[np.intp], texts: Texts | None, key_of: Callable[[int], object]
    ) -> tuple[NDArray[np.int64], int]:
        """Number what is in force on the day of receipt of each row, for its text."""
        days = self._intake.received.days[rows]
        first_day = int(days.min()) if len(days) else 0
        span = int(days.max()) - first_day + 1 if len(days) else 1
        own = [] if texts is None else [(texts.of[rows], len(texts.values))]
        first, of = representatives(*as_one([(days - first_day, span), *own]))
        known: dict[object, int] = {}
        numbers = []
        for row in rows[first].tolist():
            try:
                key = key_of(row)
            except IgateError:
                # nothing is in force: a kind of its own, which is looked up and said
                key = ("nothing", row)
            numbers.append(known.setdefault(key, len(known)))
        return np.array(numbers, dtype=np.int64)[of], max(1, len(known))

    def _revision_of(self, row: int) -> tuple[int, int]:
        code, day = self._texts["procedure"][row], self._intake.received.day(row)
        if code is None:
            return (0, 0)
        revision = self._law.catalog.in_force(code, on=day)
        return id(revision), id(self._law.rules_on(day, revision.clock_rules))

    def _rules_on(self, row: int) -> ClockRules:
        day = self._intake.received.day(row)
        if day not in self._rules:
            self._rules[day] = self._law.rules_on(day)
        return self._rules[day]

    def _limit(self, text: str) -> TimeLimit:
        if text not in self._limits:
            self._limits[text] = _limit_of(text)
        return self._limits[text]

    def look_up(self, row: int) -> int:
        """Return the number of the term of a row; -1 where there is none, which is kept."""
        text, day = self._texts["limit"][row], self._intake.received.day(row)
        try:
            if text is not None:
                term = Term(limit=self._limit(text), rules=self._rules_on(row))
            else:
                term = self._of_procedure(row, day)
        except IgateError as error:
            self.wrong[row] = clause(together(error.what, error.fix or ""))
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
            raise IgateError(
                say("No limit is given."), fix=say('Write "not_stated" where there is none.')
            )
        revision = self._law.catalog.in_force(code, on=day)
        area = self._texts["area"][row] or ""
        limit = revision.limit_for(
            channel=self._intake.channels[row] or "", case=self._texts["case"][row] or "", area=area
        )
        rules = self._law.rules_on(day, revision.clock_rules)
        if self._law.rules is None and revision.cutoff is not None:
            # one value for all rows, so that they can be counted together
            key = (id(rules), revision.cutoff)
            if key not in self._with_cutoff:
                self._with_cutoff[key] = replace(rules, cutoff=revision.cutoff)
            rules = self._with_cutoff[key]
        return Term(limit=rules.extended(limit, area), rules=rules)


def marks_of(
    start: datetime, spans: Sequence[Span], finished: datetime | None, until: datetime
) -> tuple[ClockMark, ...]:
    """Turn a receipt, suspensions and a finish into marks of the clock, in order of time.

    Args:
        start: The receipt.
        spans: The suspensions. One that begins on the day of receipt before the receipt is taken
            to begin with it: a date without an hour is its midnight.
        finished: When processing finished, or ``None``; at midnight it stands for the whole day.
        until: What happens at or after this moment is not known yet and left out.

    Raises:
        ValueError: A suspension begins on a day before the receipt, when no clock ran.
    """
    marks: list[tuple[datetime, int, ClockMark]] = []
    for span in spans:
        if span.since.date() < start.date():
            message = say(
                "a suspension begins on {since:%Y-%m-%d}, before the receipt", since=span.since
            )
            raise ValueError(message)
        since = max(span.since, start)
        marks.append((since, 1, ClockMark(kind="suspend", at=since, reason=span.reason)))
        if span.until is not None:
            end = max(span.until, since)
            order = 2 if end == since else 0
            marks.append((end, order, ClockMark(kind="resume", at=end, reason=span.reason)))
    last = None if finished is None else _end_of(finished)
    known = [entry for entry in marks if entry[0] < until and (last is None or entry[0] <= last)]
    known.sort(key=lambda entry: entry[:2])
    return (ClockMark(kind="start", at=start), *(mark for _, _, mark in known))


def _end_of(finished: datetime) -> datetime:
    """Return the last moment before a finish; a date without an hour means the whole day."""
    whole_day = finished.hour == 0 and finished.minute == 0
    return finished.replace(hour=23, minute=59) if whole_day else finished
