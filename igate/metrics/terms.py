"""The terms of each dossier of a table: its limit, the rules that count it, its suspensions.

The limit is the one in the column ``limit``, else that of the procedure's revision in force on the
day of receipt for the channel, case and area; the rules are those in force on the day of receipt.
Rows that have the same of both share one value, so that they can be computed together.

Suspensions are written in one cell as ``reason:from/to|from/..``, for example
``supplement:2026-01-05T09:00/2026-01-12T08:00|payment:2026-02-02T10:00/..``: the clock was
suspended for a supplement, and is suspended for a payment since February. A missing reason is
``supplement``. What a reason does to the clock (counting begins anew, goes on, or never stopped)
is in the clock rules, not here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from igate.deadlines.limits import Part, TimeLimit, Unit
from igate.deadlines.rulefile import shipped_rules
from igate.deadlines.rules import ClockMark, ClockRules
from igate.errors import IgateError, MomentError
from igate.law.localtime import parse_local

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from numpy.typing import NDArray

    from igate.calendar import WorkCalendar
    from igate.deadlines.rules import Cutoff
    from igate.metrics.intake import Intake
    from igate.metrics.refusal import Rows
    from igate.procedures.catalog.catalog import Catalog

__all__ = [
    "OPEN",
    "Law",
    "Span",
    "Term",
    "Terms",
    "marks_of",
    "parse_spans",
    "read_spans",
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


#: How long a wait is taken to have lasted that began and ended on one day, where no hours are
#: given: it takes nothing from a time in days, and a count that begins anew does so on that day.
_SHORTEST = timedelta(minutes=1)
#: What is written instead of an end.
OPEN = ".."
_DEFAULT_REASON = "supplement"
_SPAN = re.compile(r"(?:(?P<reason>[a-z][a-z_]*):)?(?P<since>[^/]+)/(?P<until>[^/]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One suspension: ``since`` inclusive, ``until`` exclusive or ``None`` while it lasts."""

    reason: str
    since: datetime
    until: datetime | None


def parse_spans(text: str) -> tuple[Span, ...]:
    """Read the suspensions of one dossier; they may be in any order.

    Raises:
        ValueError: The text is not of this form, an end does not come after its beginning, or two
            suspensions for one reason overlap. The message is a clause without a full stop.

    >>> [(span.reason, span.until) for span in parse_spans("payment:2026-01-05T09:00/..")]
    [('payment', None)]
    >>> len(parse_spans("supplement:2026-11-03/2026-11-03"))
    1
    """
    spans = sorted((_span(piece.strip()) for piece in text.split("|")), key=lambda s: s.since)
    last: dict[str, Span] = {}
    for span in spans:
        before = last.get(span.reason)
        if before is not None and (before.until is None or span.since < before.until):
            message = f"two suspensions for {span.reason} overlap in {text!r}"
            raise ValueError(message)
        last[span.reason] = span
    return tuple(spans)


def _moment(text: str) -> datetime:
    """Read a moment; a day without an hour stands for its beginning, as exports often give it."""
    return parse_local(f"{text}T00:00" if len(text) == len("2026-08-20") else text)


def _span(piece: str) -> Span:
    match = _SPAN.fullmatch(piece)
    if match is None:
        message = f"{piece!r} is not written as from/to"
        raise ValueError(message)
    try:
        since = _moment(match["since"])
        until = None if match["until"] == OPEN else _moment(match["until"])
    except MomentError as error:
        raise ValueError(error.what.rstrip(".")) from error
    if until == since and len(match["until"]) == len(match["since"]) == len("2026-08-20"):
        until = since + _SHORTEST
    if until is not None and until <= since:
        message = f"{piece!r} ends before it begins"
        raise ValueError(message)
    return Span(reason=match["reason"] or _DEFAULT_REASON, since=since, until=until)


def read_spans(
    texts: Sequence[str | None], rows: Rows, codes: Sequence[str]
) -> dict[int, tuple[Span, ...]]:
    """Read a column of suspensions.

    Returns:
        The suspensions by position of the row; rows without any are left out.

    Raises:
        FrameError: A cell cannot be read; the message names row and dossier.
    """
    spans: dict[int, tuple[Span, ...]] = {}
    wrong: dict[int, str] = {}
    for row, text in enumerate(texts):
        if text is None:
            continue
        try:
            spans[row] = parse_spans(text)
        except ValueError as error:
            wrong[row] = str(error)
    if wrong:
        raise rows.refusal(
            wrong,
            lambda row: f"{codes[row]}: {wrong[row]}",
            what="Suspensions cannot be read",
            why="A suspension read wrongly moves the due date.",
            fix="Write supplement:2026-01-05T09:00/2026-01-12T08:00, with .. for an end that has "
            "not come and | between two.",
        )
    return spans


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
            message = f"a suspension begins on {span.since:%Y-%m-%d}, before the receipt"
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
