"""The limit of each dossier of a table, and the rules by which it is counted.

The limit is the one in the column ``limit``, else that of the procedure's revision in force on the
day of receipt for the channel, case and area; the rules are those in force on the day of receipt.
Rows that have the same of both share one value, so that they can be worked out together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from igate.deadlines.limits import Part, TimeLimit, Unit
from igate.deadlines.rulefile import shipped_rules
from igate.deadlines.rules import ClockRules
from igate.errors import IgateError
from igate.metrics.spans import read_spans

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from numpy.typing import NDArray

    from igate.calendar import WorkCalendar
    from igate.deadlines.rules import Cutoff
    from igate.metrics.intake import Intake
    from igate.metrics.spans import Span
    from igate.procedures.catalog.catalog import Catalog

__all__ = ["Law", "Term", "Terms", "read_terms"]

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
    #: suspensions by position of the row in the intake
    spans: dict[int, tuple[Span, ...]]
    #: last day that is known; what happened later moves nothing
    until: date

    def at(self, places: NDArray[np.int64]) -> Terms:
        """Return the terms of some of the rows, by place in ``rows``."""
        rows, spans = self.rows[places], self.spans
        if spans:
            own = set(rows.tolist())
            spans = {row: found for row, found in spans.items() if row in own}
        return replace(self, rows=rows, of=self.of[places], spans=spans)

    def where(self, holds: Callable[[Term], bool]) -> NDArray[np.bool_]:
        """Return for each of the rows whether something holds of its term."""
        answers: NDArray[np.bool_] = np.array([holds(term) for term in self.terms], dtype=bool)
        return answers[self.of]


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
        self._with_cutoff: dict[tuple[int, Cutoff], ClockRules] = {}
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
        """Return the number of the term of a row; -1 where there is none, which is kept."""
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
        area = self._texts["area"][row] or ""
        limit = revision.limit_for(
            channel=self._intake.channels[row], case=self._texts["case"][row] or "", area=area
        )
        rules = self._law.rules_on(day, revision.clock_rules)
        if self._law.rules is None and revision.cutoff is not None:
            # one value for all rows, so that they can be counted together
            key = (id(rules), revision.cutoff)
            if key not in self._with_cutoff:
                self._with_cutoff[key] = replace(rules, cutoff=revision.cutoff)
            rules = self._with_cutoff[key]
        return Term(limit=rules.extended(limit, area), rules=rules)
