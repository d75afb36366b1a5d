"""The clock of one dossier: marks in, a due moment or a remainder out.

The marks of the journal are read in order of time; what each does to the clock is said by the
rules. While the clock is suspended there is no due moment but a remainder.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import structs

from igate.deadlines.counting import Counted, count_limit
from igate.deadlines.limits import Part, TimeLimit, Unit
from igate.deadlines.suspension import Suspension, excluded_days
from igate.errors import CalendarNotCovered, MomentError, TimeLimitError
from igate.law.localtime import VIETNAM, local
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from typing import Self

    from igate.calendar import WorkCalendar
    from igate.deadlines.rules import ClockMark, ClockRules

__all__ = ["ClockRun", "due_after"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRun:
    """What the clock of one dossier comes to: its due moment and everything that it follows from.

    :class:`~igate.deadlines.deadline.Deadline` adds the proof and the judgement.
    """

    #: the limit as it is counted, extensions included
    limit: TimeLimit
    #: the limit of the procedure, before any extension
    base: TimeLimit
    calendar: WorkCalendar
    rules: ClockRules
    #: everything that happened to the clock, in order of time
    marks: tuple[ClockMark, ...]
    #: when the clock first started
    received: datetime
    #: when the count in force started: the receipt, or the last restart
    started: datetime
    #: the stretches taken out of the count in force
    suspensions: tuple[Suspension, ...]
    #: interruptions that changed nothing because the limit had already ended
    ignored: tuple[Suspension, ...]
    counted: Counted
    #: the new date given with an apology, if any, moved by suspensions that came after it
    replaced_by: datetime | None = None
    #: what the due moment was before an apology or an extension; ``None`` where neither happened
    original: datetime | None = None
    #: a restarting interruption is open: the whole limit begins anew when it ends
    restarts: bool

    @classmethod
    def of(
        cls,
        limit: TimeLimit,
        *,
        marks: Sequence[ClockMark],
        calendar: WorkCalendar,
        rules: ClockRules,
    ) -> Self:
        """Run the clock over the marks.

        Args:
            limit: The limit of the procedure; "not stated" gives no due moment.
            marks: In order of time, the first of kind ``start``; marks after ``finish`` or
                ``stop`` change nothing.
            calendar: The working days.
            rules: What each interruption does.

        Raises:
            MomentError: The marks do not begin with a start, or are not in order of time.
            CalendarNotCovered: The count runs past the calendar's horizon.
        """
        marks = tuple(_localised(mark) for mark in marks)
        _check_order(marks)
        start = marks[0].at
        clock = _Clock.begun(limit, start, calendar, rules)
        if limit.stated:
            clock.run(marks)
            counted = clock.result()
        else:
            counted = Counted(due=None, start_day=start.date(), remaining=())
        return cls(
            limit=clock.limit,
            base=limit,
            calendar=calendar,
            rules=rules,
            marks=marks,
            received=start,
            started=clock.started,
            suspensions=clock.suspensions(),
            ignored=tuple(clock.ignored),
            counted=counted,
            replaced_by=clock.promise(),
            original=clock.original,
            restarts=clock.restarts(),
        )

    @property
    def due(self) -> datetime | None:
        """Due moment in Vietnamese time; ``None`` while suspended or where no limit is stated."""
        if self.replaced_by is not None and not self.suspended:
            return self.replaced_by
        return self.counted.due

    @property
    def original_due(self) -> datetime | None:
        """Due moment without apology and extension."""
        return self.original if self.original is not None else self.counted.due

    @property
    def remaining(self) -> TimeLimit:
        """What is left of the limit while the clock is suspended; nothing once it is due."""
        return TimeLimit(parts=self.counted.remaining)

    @property
    def suspended(self) -> bool:
        """Whether the clock is suspended."""
        return self.limit.stated and self.counted.due is None

    @property
    def provisional(self) -> bool:
        """Whether the due date rests on days that have not been announced."""
        return self.due is not None and self.calendar.is_provisional(self.due.date())


def due_after(
    limit: TimeLimit,
    marks: Sequence[ClockMark],
    *,
    calendar: WorkCalendar,
    rules: ClockRules,
) -> datetime | None:
    """Return the due moment alone, as :meth:`ClockRun.of` gives it, and with the same refusals.

    Args:
        limit: See there; so are the others.
        marks: In order of time, in Vietnamese time.
        calendar: The working days.
        rules: What each interruption does.
    """
    _check_order(marks)
    if not limit.stated:
        return None
    start = marks[0].at
    if len(marks) == 1 or marks[1].kind in {"finish", "stop"}:
        return count_limit(limit, start=start, suspensions=(), calendar=calendar, rules=rules).due
    clock = _Clock.begun(limit, start, calendar, rules)
    clock.run(marks)
    counted = clock.result()
    promised = clock.promise()
    return counted.due if promised is None or counted.due is None else promised


@dataclass(slots=True)
class _Clock:
    """The state of the clock while the marks are read in order of time."""

    limit: TimeLimit
    calendar: WorkCalendar
    rules: ClockRules
    started: datetime
    closed: list[Suspension]
    ignored: list[Suspension]
    open_since: dict[str, datetime]
    #: reasons whose suspension is open but changes nothing, since when
    idle_since: dict[str, datetime]
    #: when a new date was promised, and which
    promised_at: datetime | None = None
    promised: datetime | None = None
    original: datetime | None = None
    #: nothing before it is too late: an end that was counted, which suspensions only move on
    not_before: datetime | None = None
    #: what comes after it is too late, until a mark that can move the end
    ended: bool = False

    @classmethod
    def begun(
        cls, limit: TimeLimit, start: datetime, calendar: WorkCalendar, rules: ClockRules
    ) -> Self:
        """Start a clock."""
        return cls(
            limit=limit,
            calendar=calendar,
            rules=rules,
            started=start,
            closed=[],
            ignored=[],
            open_since={},
            idle_since={},
        )

    def run(self, marks: Sequence[ClockMark]) -> None:
        """Read the marks after the first, up to the end of processing."""
        apply = {"start": self.start_later, "suspend": self.suspend, "resume": self.resume,
                 "replace": self.replace, "extend": self.extend}  # fmt: skip
        for mark in marks[1:]:
            if mark.kind in {"finish", "stop"}:
                break
            _known(mark, apply)(mark)

    def suspensions(self) -> tuple[Suspension, ...]:
        if not (self.closed or self.open_since):
            return ()
        running = [
            Suspension(since=since, until=None, reason=reason)
            for reason, since in self.open_since.items()
        ]
        return tuple(sorted((*self.closed, *running), key=lambda s: s.since))

    def count(self) -> Counted:
        """Count the limit around the suspensions so far."""
        return count_limit(
            self.limit,
            start=self.started,
            suspensions=self.suspensions(),
            calendar=self.calendar,
            rules=self.rules,
        )

    def result(self) -> Counted:
        """Count, and say what is left where an open suspension holds the clock."""
        counted = self.count()
        if self.restarts():
            # whatever was used up, the whole limit begins anew
            return structs.replace(counted, due=None, remaining=self.limit.parts)
        promised = self.promise()
        if promised is not None and self.open_since:
            since = min(self.open_since.values()).date()
            left = max(self.calendar.count(since, promised.date()), 1)
            part = Part(length=Fraction(left), unit=Unit.WORKING_DAY)
            return structs.replace(counted, due=None, remaining=(part,))
        return counted

    def restarts(self) -> bool:
        """Return whether an open suspension begins the count anew when it ends."""
        return any(self.rules.effect(reason) == "restart" for reason in self.open_since)

    def due(self) -> datetime | None:
        """Return the moment after which nothing can stop the clock any more."""
        promised = self.promise()
        return promised if promised is not None else self.count().due

    def is_over(self, at: datetime) -> bool:
        """Return whether the limit has ended before a moment; counted only where it may have."""
        known = self.not_before
        if known is not None and (self.ended or at <= known):
            return at > known
        try:
            known = self.not_before = self.due()
        except CalendarNotCovered:
            first, last = self.calendar.first, self.calendar.last
            if not first <= self.started.date() <= at.date() <= last:
                raise
            # the end lies past the calendar, and so after the moment
            return False
        self.ended = known is not None and at > known
        return self.ended

    def promise(self) -> datetime | None:
        """Return the promised moment, moved by the working days suspended since the promise."""
        if self.promised is None or self.promised_at is None:
            return None
        since = self.promised_at
        after = [
            replace(each, since=max(each.since, since))
            for each in self.closed
            if each.until is not None and each.until > since
        ]
        lost = 0
        for first, last in excluded_days(after, self.calendar, self.rules):
            if last is not None:
                before = date.fromordinal(first - 1)
                lost += self.calendar.count(before, date.fromordinal(last))
        if lost == 0:
            return self.promised
        day = self.calendar.add(self.promised.date(), lost)
        return self.promised.replace(year=day.year, month=day.month, day=day.day)

    def start_later(self, mark: ClockMark) -> None:
        self.started, self.not_before = mark.at, None
        self.promised = self.promised_at = self.original = None
        self.closed.clear()
        # what came too late for the old count suspends the new one
        held = self.open_since | {
            reason: at
            for reason, at in self.idle_since.items()
            if self.rules.effect(reason) != "none"
        }
        self.idle_since = {r: at for r, at in self.idle_since.items() if r not in held}
        self.open_since = dict.fromkeys(held, mark.at)

    def suspend(self, mark: ClockMark) -> None:
        since = self.open_since.get(mark.reason) or self.idle_since.get(mark.reason)
        if since is not None:
            raise MomentError(
                say(
                    "The clock was to be suspended for {reason} at {at:%Y-%m-%d %H:%M}, "
                    "but it has been since {since:%Y-%m-%d %H:%M}.",
                    reason=mark.reason,
                    at=mark.at,
                    since=since,
                ),
                why=say("Which of two suspensions for one reason has ended could not be seen."),
                fix=say("Resume the first one, or leave out the second."),
            )
        if self.rules.effect(mark.reason) == "none":
            self.idle_since[mark.reason] = mark.at
            return
        if self.is_over(mark.at):
            self.ignored.append(Suspension(since=mark.at, until=None, reason=mark.reason))
            self.idle_since[mark.reason] = mark.at
            return
        self.open_since[mark.reason] = mark.at

    def resume(self, mark: ClockMark) -> None:
        if self.idle_since.pop(mark.reason, None) is not None:
            return
        since = self.open_since.pop(mark.reason, None)
        if since is None:
            raise MomentError(
                say(
                    "The clock was to go on after {reason} at {at:%Y-%m-%d %H:%M}, but it "
                    "was not suspended for that.",
                    reason=mark.reason,
                    at=mark.at,
                ),
                fix=say("Add the suspension that came before, or leave out the resumption."),
            )
        if self.rules.effect(mark.reason) == "restart":
            self.start_later(mark)
            return
        self.closed.append(Suspension(since=since, until=mark.at, reason=mark.reason))
        self.ended = False

    def replace(self, mark: ClockMark) -> None:
        if self.original is None:
            self.original = self.count().due
        self.promised, self.promised_at = mark.due, mark.at
        self.not_before = None

    def extend(self, mark: ClockMark) -> None:
        if mark.limit is None:
            raise TimeLimitError(say("An extension needs its length."))
        if self.original is None:
            self.original = self.count().due
        self.limit = TimeLimit(parts=(*self.limit.parts, *mark.limit.parts))
        self.ended = False


def _known(
    mark: ClockMark, known: Mapping[str, Callable[[ClockMark], None]]
) -> Callable[[ClockMark], None]:
    """Return what a mark does; a kind that no clock knows is refused."""
    if mark.kind not in known:
        raise MomentError(
            say("A clock knows no mark of kind {kind!r}.", kind=mark.kind),
            fix=say("The kinds are {known}, finish and stop.", known=", ".join(known)),
        )
    return known[mark.kind]


def _localised(mark: ClockMark) -> ClockMark:
    """Return a mark with its moments in Vietnamese time."""
    if mark.at.tzinfo is VIETNAM and (mark.due is None or mark.due.tzinfo is VIETNAM):
        return mark
    return replace(mark, at=local(mark.at), due=None if mark.due is None else local(mark.due))


def _check_order(marks: Sequence[ClockMark]) -> None:
    if not marks or marks[0].kind != "start":
        raise MomentError(
            say("The clock of this dossier was never started."),
            why=say("A time limit runs from the receipt."),
            fix=say("Begin the marks with one of kind 'start'."),
        )
    for earlier, later in pairwise(marks):
        if later.at < earlier.at:
            raise MomentError(
                say(
                    "The clock was to {kind} at {at:%Y-%m-%d %H:%M}, before it was to "
                    "{kind_2} at {at_2:%Y-%m-%d %H:%M}.",
                    kind=later.kind,
                    at=later.at,
                    kind_2=earlier.kind,
                    at_2=earlier.at,
                ),
                why=say("A clock cannot run backwards."),
                fix=say("Pass the marks in order of time."),
            )
