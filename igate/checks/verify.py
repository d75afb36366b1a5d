"""Proofs about a procedure, by going through all that can happen.

Four things are asked of each revision: whether every path ends; whether the limit is kept if each
step keeps its time, from every starting moment of the calendar; whether an apology can always be
made in time; and whether a path has a second supplement. There are some thousands of situations
and of starting moments, so all are gone through: what is proved holds for each of them, and what is
refuted is an example that the engine itself has taken.

A procedure whose sources give no times is not refuted; it is said that they do not.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final

from igate.checks.examples import announced
from igate.checks.verdict import QUESTIONS, Verdict, Verification
from igate.checks.verify_course import Courses
from igate.checks.verify_time import Subject, Timer
from igate.deadlines.rulefile import shipped_rules
from igate.errors import IgateError
from igate.law.citation import Label
from igate.procedures.catalog.catalog import Catalog

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from igate.calendar import WorkCalendar
    from igate.deadlines.rules import ClockRules
    from igate.procedures.procedure import Procedure, Revision

__all__ = ["Verifier", "verified", "verify"]

_NO_DAY: Final = Label(
    vi="Không có ngày nào trong lịch mà thủ tục còn hiệu lực.",
    en="The revision is in force on no day of the calendar.",
)


def verify(procedure: Procedure, calendar: WorkCalendar | None = None) -> tuple[Verification, ...]:
    """Answer four questions about each revision of a procedure.

    Args:
        procedure: A procedure without errors.
        calendar: The working days; the announced Vietnamese civil-service calendar when absent.
            A dossier begins on each of its days on which the revision is in force.

    Returns:
        One value a revision, in order of time.

    Raises:
        IgateError: The revision has clock rules that are not shipped.

    >>> from igate import Catalog
    >>> (found,) = verify(Catalog.shipped().procedure("2.002761"))
    >>> found["in_time"].answer, found["ends"].answer
    ('proved', 'proved')
    """
    return Verifier(calendar).verify(procedure)


class Verifier:
    """Verifies procedures one after another; what two have in common is gone through once."""

    def __init__(self, calendar: WorkCalendar | None = None) -> None:
        """Take the calendar.

        Args:
            calendar: As for :func:`verify`.
        """
        self._calendar = announced() if calendar is None else calendar
        self._timer = Timer()
        self._courses = Courses()
        self._ruled: dict[str, list[tuple[ClockRules, tuple[date, ...]]]] = {}

    def verify(self, procedure: Procedure) -> tuple[Verification, ...]:
        """Answer the questions about each revision of a procedure.

        Raises:
            IgateError: The revision has clock rules that are not shipped.
        """
        return tuple([self._of(procedure, revision) for _, revision in procedure.revisions])

    def in_time(self, procedure: Procedure, revision: Revision) -> Verdict:
        """Answer for one revision whether the limit is kept if each step keeps its time.

        Args:
            procedure: The procedure.
            revision: One of its revisions.

        Raises:
            IgateError: The revision has clock rules that are not shipped.
        """
        spans = tuple(self._spans(revision))
        if not spans:
            return Verdict(question="in_time", answer="not_stated", because=_NO_DAY)
        return self._timer.in_time(Subject(procedure, revision, self._calendar, spans))

    def _of(self, procedure: Procedure, revision: Revision) -> Verification:
        spans = tuple(self._spans(revision))
        subject = Subject(procedure, revision, self._calendar, spans)
        if not spans:
            verdicts = tuple(
                Verdict(question=each, answer="not_stated", because=_NO_DAY) for each in QUESTIONS
            )
        else:
            ends, apology, once = self._courses.answers(subject, self._timer)
            verdicts = (ends, self._timer.in_time(subject), apology, once)
        return Verification(procedure=procedure.code, revision=revision.id, verdicts=verdicts)

    def _spans(self, revision: Revision) -> Iterator[tuple[ClockRules, tuple[date, ...]]]:
        """Return the days of the calendar on which a revision is in force, by their clock rules."""
        name = revision.clock_rules
        if name not in self._ruled:
            self._ruled[name] = list(_ruled(name, self._calendar))
        for rules, days in self._ruled[name]:
            if days[0] in revision.period and days[-1] in revision.period:
                own = days
            else:
                own = tuple(day for day in days if day in revision.period)
            if own:
                yield rules, own


def _ruled(name: str, calendar: WorkCalendar) -> Iterator[tuple[ClockRules, tuple[date, ...]]]:
    """Return all days of a calendar by the clock rules of a name that are in force on them."""
    length = (calendar.last - calendar.first).days + 1
    days = (calendar.first + timedelta(days=n) for n in range(length))
    for rules, together in groupby(days, key=lambda day: _rules(name, day)):
        if rules is not None:
            yield rules, tuple(together)


def _rules(name: str, day: date) -> ClockRules | None:
    try:
        return shipped_rules(name, on=day)
    except IgateError:
        return None


def verified(
    paths: Iterable[str | os.PathLike[str]] = (),
    codes: Iterable[str] = (),
    *,
    processes: int = 1,
) -> tuple[Verification, ...]:
    """Verify the procedures of files and folders, or the shipped ones.

    Args:
        paths: Procedure files and folders of them; the shipped catalogue when there are none.
        codes: Which procedures; all of them when there are none.
        processes: How many processors work on it.

    Returns:
        One value a revision, in order of code and time.

    Raises:
        DefinitionError: A file has errors.
        IgateError: A path does not exist.
        ProcedureNotFound: There is no procedure of a code.
    """
    given = tuple(os.fspath(path) for path in paths)
    chosen = tuple(codes)
    catalog = _catalog(given)
    procedures = [catalog.procedure(code) for code in chosen] or catalog.procedures()
    # those that have much in common go to one process
    alike = sorted(procedures, key=lambda each: (_likeness(each), each.code))
    size = -(-len(alike) // max(processes, 1))
    parts = [
        (given, tuple(each.code for each in alike[at : at + size]))
        for at in range(0, len(alike), size or 1)
    ]
    if processes <= 1:
        found = [_portion(part) for part in parts]
    else:
        with ProcessPoolExecutor(processes) as pool:
            found = list(pool.map(_portion, parts))
    every = (each for part in found for each in part)
    return tuple(sorted(every, key=lambda each: (each.procedure, each.revision != "unknown")))


def _catalog(paths: tuple[str, ...]) -> Catalog:
    return Catalog.load(*paths) if paths else Catalog.shipped()


def _likeness(procedure: Procedure) -> tuple[tuple[str, int], ...]:
    return tuple((each.template, len(each.workflow.steps)) for _, each in procedure.revisions)


def _portion(part: tuple[tuple[str, ...], tuple[str, ...]]) -> list[Verification]:
    """Verify some procedures in a process of its own."""
    paths, codes = part
    catalog, verifier = _catalog(paths), Verifier()
    return [each for code in codes for each in verifier.verify(catalog.procedure(code))]
