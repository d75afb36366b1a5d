"""How far a dossier has come: who had it, since when, until when, and whether in time.

The table of a decision gives each step a time of its own. That time binds the staff; what the
citizen is promised follows from the limit of the procedure
(:attr:`igate.dossiers.dossier.Dossier.deadline`) and is never the sum of the steps.

In words: each stay of a dossier in a step is a visit, so a dossier that is sent back visits a step
twice, and one that is complete at last begins again at the first processing step. The time of a
visit is counted from the moment at which the dossier came, by the calendar and the rules of its own
clock: while that clock is stopped, the local one is too. An apology, an extension or a later
start of the whole moves no local date (assumed: the texts speak of the date of the result). Where
several work at the same time, each has its own date; the time of the step is its own or, without
one, that of the party that is due last.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from igate.deadlines.clock import due_after
from igate.deadlines.counting import counted_parts
from igate.deadlines.deadline import compute_deadline, due_from
from igate.deadlines.limits import Unit
from igate.deadlines.rules import ClockMark
from igate.dossiers.engine import fold, names_a_revision
from igate.errors import CalendarNotCovered
from igate.law.citation import Label
from igate.law.localtime import local, minute_number
from igate.law.text import check_language
from igate.procedures.workflow import MIGRATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from igate.calendar import WorkCalendar
    from igate.deadlines.deadline import Deadline
    from igate.deadlines.limits import TimeLimit
    from igate.deadlines.rules import ClockRules
    from igate.dossiers.dossier import Dossier, Entry
    from igate.dossiers.engine import Ground
    from igate.law.citation import Language
    from igate.procedures.workflow import FactValue, Party, Phase, Stage, Step

__all__ = ["Judged", "Visit", "open_times", "progress", "progress_rows"]

#: A visit against its local date: the first three once it is over, the others while it lasts.
Judged = Literal["early", "on_time", "late", "within", "overdue"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One stay of a dossier in a step, or one party's part in it."""

    #: number of the step, with the part: ``3``, ``2.1``
    place: str
    #: what is done
    label: Label
    phase: Phase
    role: str
    #: who does it, for people: the agency that the decision names, or the role
    who: Label
    #: another agency than the one competent for the dossier, where the decision names it
    agency: Label | None
    #: code of the procedure that is settled for the dossier here (``liên thông``), or empty
    procedure: str
    #: the time for it; ``None``: not counted; without parts: not stated
    limit: TimeLimit | None
    entered: datetime
    #: when the step was left or the party's part done; of a part that was never done, when the
    #: step was left; ``None`` while it lasts
    left: datetime | None
    #: who passed the dossier on, or did the part; empty while it lasts and where nobody did
    by: str
    #: for whom, and as what (``KT.``, ``TUQ.``); empty where it was nobody else
    on_behalf: str = ""
    capacity: str = ""
    #: of a party: the step went on without its part
    missing: bool = False
    #: the local deadline with its proof; ``None`` where the time is not counted or not stated, or
    #: ends on a day that the calendar does not cover
    deadline: Deadline | None
    #: when the system learned that it was left or done; ``None`` while it lasts
    recorded: datetime | None = None
    #: the time is that of a stage of several steps, from the coming into the first of them
    of_stage: bool = False
    #: as of the moment asked for; ``None`` without a deadline, and for a part that was cut short
    #: before it was late
    judged: Judged | None
    #: those who work on it at the same time, in the order of the decision
    parties: tuple[Visit, ...] = ()

    @property
    def due(self) -> datetime | None:
        """The local date; ``None`` without a deadline, and while the clock is stopped."""
        return None if self.deadline is None else self.deadline.due

    @property
    def suspended(self) -> bool:
        """Whether the time of the visit stood still at its end, or does so now."""
        return self.deadline is not None and self.deadline.suspended


def progress(
    entries: Iterable[Entry], ground_of: Callable[[Entry], Ground], *, at: datetime
) -> tuple[Visit, ...]:
    """Return the visits of a dossier, in order of time.

    The states before the receipt, and those in which a dossier waits at no step (for a supplement,
    for the confirmation of a withdrawal), belong to no visit; a wait that belongs to a step (for a
    payment, for an opinion) is a part of the visit. A move to another revision ends a visit: what
    follows is a step of another table.

    Args:
        entries: The journal, in order.
        ground_of: As for :func:`igate.dossiers.engine.fold`.
        at: As of when; what happened after it is left out, so that nothing later changes what is
            said of a past moment.

    Returns:
        One value a visit. The last is open unless the dossier has left the steps.

    Raises:
        JournalError: The journal is empty, or its entries do not follow one another.
        MomentError: The moment is naive.
    """
    journal = tuple(entries)
    fold(journal, ground_of)
    moment = local(at)
    known = takewhile(lambda entry: entry.happened_at <= moment, journal)
    standing = _standing(tuple(known), ground_of)
    return tuple([_visit(stay, moment) for stay in _stays(standing, ground_of)])


def _standing(entries: Sequence[Entry], ground_of: Callable[[Entry], Ground]) -> tuple[Entry, ...]:
    """Return the entries that hold: without those taken back, and those that took them back."""
    undone: set[int] = set()
    ground: Ground | None = None
    for entry in entries:
        if ground is None or names_a_revision(entry):
            ground = ground_of(entry)
        if (entry.source, entry.action) in ground.table.undos and entry.supersedes is not None:
            undone |= {entry.seq, entry.supersedes}
    return tuple([entry for entry in entries if entry.seq not in undone])


def progress_rows(visits: Iterable[Visit], lang: Language = "vi") -> tuple[tuple[str, ...], ...]:
    """Write visits as the rows of a table for people, the head first.

    A party's row follows that of its step and begins with an arrow. Columns: step, what, who, time
    limit, from, due, until, recorded (where that was later), judgement; where there is no date the
    column says why.

    Args:
        visits: In the order of the course.
        lang: ``vi`` or ``en``.

    Returns:
        Rows of one length, texts only.

    Raises:
        IgateError: The language is neither.
    """
    check_language(lang)
    return (_HEAD[lang], *_rows(visits, lang))


@dataclass(slots=True)
class _Stay:
    """A visit while the journal is read."""

    step: Step
    ground: Ground
    #: those of the dossier's clock, but for an hour after which a receipt counts from the next day
    rules: ClockRules
    #: by which the dossier came; ``None`` where the journal is not read
    entry: Entry | None
    #: what happened to the local clock, with the number of its entry
    marks: list[tuple[int, ClockMark]]
    #: by its fact, the entry by which a part is done
    done: dict[str, Entry] = field(default_factory=dict)
    out: Entry | None = None
    #: the steps that have one time together with it, and what happened to their clock so far
    stage: Stage | None = None
    of_stage: list[tuple[int, ClockMark]] = field(default_factory=list)

    @property
    def came(self) -> datetime:
        """When the dossier came into the step."""
        return self.marks[0][1].at

    def stage_clock(self) -> list[ClockMark]:
        """Return the marks of the clock of its stage, up to the leaving of the step."""
        last = None if self.out is None else self.out.seq
        return [mark for seq, mark in self.of_stage if last is None or seq < last]

    def clock(self, until: Entry | None = None) -> list[ClockMark]:
        """Return the marks of the local clock, up to the entry by which a part was done."""
        return [
            mark
            for seq, mark in self.marks
            if mark.kind == "start" or until is None or seq < until.seq
        ]

    def goes_on(self) -> bool:
        """Return whether the dossier was passed on, rather than back, to a wait or to an end."""
        if self.out is None or self.out.action == MIGRATE:
            return False
        workflow = self.ground.table.workflow
        step = workflow.step_of(self.out.target)
        onward = step is not None and workflow.steps.index(step) > workflow.steps.index(self.step)
        return onward or self.out.clock == "finish"


def _stays(entries: Iterable[Entry], ground_of: Callable[[Entry], Ground]) -> Iterator[_Stay]:
    """Cut a journal into the stays in its steps."""
    stay: _Stay | None = None
    ground: Ground | None = None
    held: dict[str, None] = {}
    received: datetime | None = None
    facts: dict[str, FactValue] = {}
    for entry in entries:
        moved = entry.action == MIGRATE
        if ground is None or names_a_revision(entry):
            ground = ground_of(entry)
        step = ground.table.workflow.step_of(entry.target)
        received = entry.happened_at if _starts(entry, ground.rules) else received
        mark = _interruption(entry, held)
        facts |= _established(entry, step)
        if stay is not None and step is stay.step and not moved:
            further = [] if mark is None else [(entry.seq, mark)]
            stay.marks += further
            stay.of_stage += further
            _note_parts(stay, entry, entry.facts)
            continue
        if stay is not None:
            stay.out = entry
            yield stay
        before = None if moved else stay
        stay = None if step is None else _begun(step, ground, entry, held, received)
        if stay is not None:
            _join_stage(stay, before)
        if stay is not None:
            _note_parts(stay, entry, facts)
    if stay is not None:
        yield stay


def _join_stage(stay: _Stay, before: _Stay | None) -> None:
    """Give a stay the clock of its stage: that of the stay before, or a new one."""
    stay.stage = stay.ground.table.workflow.stage_of(stay.step)
    if stay.stage is not None:
        goes_on = before is not None and before.stage == stay.stage
        stay.of_stage = before.of_stage if before is not None and goes_on else [*stay.marks]


def _established(entry: Entry, step: Step | None) -> Mapping[str, FactValue]:
    """Return the facts of an entry; a move to another revision leaves no part of a step done."""
    if entry.action == MIGRATE and step is not None:
        return {**step.undone, **entry.facts}
    return entry.facts


def _starts(entry: Entry, rules: ClockRules) -> bool:
    """Return whether the dossier's own clock starts with an entry, for the first time or again."""
    anew = entry.clock == "resume" and rules.effect(entry.reason) == "restart"
    return anew or entry.clock == "start"


def _begun(
    step: Step, ground: Ground, entry: Entry, held: Iterable[str], received: datetime | None
) -> _Stay:
    """Begin a stay; what held the dossier's clock when it came holds the local one."""
    at = entry.happened_at
    rules = _rules_inside(ground.rules, received, at)
    numbered = [(entry.seq, mark) for mark in _begin_marks(at, held)]
    return _Stay(step=step, ground=ground, rules=rules, entry=entry, marks=numbered)


def _rules_inside(rules: ClockRules, received: datetime | None, at: datetime) -> ClockRules:
    """Return the rules by which the time of a step is counted that a dossier comes into."""
    cutoff = rules.cutoff
    if cutoff is None:
        return rules
    # the hour is one of the counter: it moves what is received after it, and what is passed on
    # on that day, but no later hand-over inside
    late = received is not None and cutoff.is_after(received)
    if late and received is not None and received.date() == at.date():
        return rules
    return replace(rules, cutoff_on_start=False)


def _begin_marks(at: datetime, held: Iterable[str]) -> list[ClockMark]:
    marks = [ClockMark(kind="start", at=at)]
    return marks + [ClockMark(kind="suspend", at=at, reason=reason) for reason in held]


def open_times(
    dossier: Dossier, ground: Ground
) -> tuple[datetime | None, Mapping[str, datetime | None]]:
    """Return the local dates of the step that a dossier is in, without its journal.

    Returns:
        The date of the step, and those of its parties by the facts that say that they are done;
        ``None`` where there is no time, or it stands still. They are those that
        :func:`progress` gives the visit that lasts.
    """
    place = ground.places[dossier.state]
    step, stage = place.step, place.stage
    if step is None or dossier.entered is None:
        return None, _NO_PARTIES
    at, count = dossier.entered
    before = dossier.marks[:count]
    rules = _rules_since(before, at, ground)
    undisturbed = len(dossier.marks) == count and not _held_after_all(before)
    if undisturbed and step.limit is not None and not step.together:
        # most steps: one time, and nothing has stopped the clock
        return due_from(at, step.limit, calendar=ground.calendar, rules=rules), _NO_PARTIES
    clock = _local_marks(dossier.marks, at, count)
    counting = _Counting(calendar=ground.calendar, rules=rules)
    parties = _NO_PARTIES
    if step.together:
        dates = [(each.done_fact(step.number), each.limit) for each in step.together]
        parties = {fact: counting.due(limit, clock) for fact, limit in dates}
    if step.limit is None and stage is not None:
        staged = () if dossier.staged is None else _local_marks(dossier.marks, *dossier.staged)
        return counting.due(stage.limit, staged), parties
    limit, known = _decisive(step, clock, counting)
    return counting.due(limit, clock) if known else None, parties


def _rules_since(marks: Sequence[ClockMark], at: datetime, ground: Ground) -> ClockRules:
    """Return the rules by which the time of a step is counted, as :func:`_rules_inside` does."""
    cutoff = ground.rules.cutoff
    if cutoff is None:
        return ground.rules
    received = _begun_at(marks, ground.rules)
    late = received is not None and cutoff.is_after(received)
    if late and received is not None and received.date() == at.date():
        return ground.rules
    return ground.inside


def _begun_at(marks: Iterable[ClockMark], rules: ClockRules) -> datetime | None:
    """Return when the dossier's own clock started last."""
    started = None
    for mark in marks:
        anew = mark.kind == "resume" and rules.effect(mark.reason) == "restart"
        started = mark.at if anew or mark.kind == "start" else started
    return started


def _local_marks(marks: Sequence[ClockMark], at: datetime, count: int) -> list[ClockMark]:
    """Return what happened to the clock of a stay that began when the dossier had so many marks."""
    held = _held_after_all(marks[:count])
    found = _begin_marks(at, held)
    for mark in marks[count:]:
        if _held_after(mark, held):
            found.append(ClockMark(kind=mark.kind, at=mark.at, reason=mark.reason))
    return found


def _held_after_all(marks: Iterable[ClockMark]) -> dict[str, None]:
    """Return what holds a clock after marks, by reason."""
    held: dict[str, None] = {}
    for mark in marks:
        _held_after(mark, held)
    return held


def _held_after(mark: ClockMark, held: dict[str, None]) -> bool:
    """Note what holds the clock after a mark; say whether that has changed."""
    if mark.kind == "suspend" and mark.reason not in held:
        held[mark.reason] = None
        return True
    if mark.kind == "resume" and mark.reason in held:
        del held[mark.reason]
        return True
    return False


def _interruption(entry: Entry, held: dict[str, None]) -> ClockMark | None:
    """Return what an entry does to a running local clock, and keep what holds the clock."""
    suspends = entry.clock == "suspend" and entry.reason not in held
    if suspends:
        held[entry.reason] = None
    elif entry.clock == "resume" and entry.reason in held:
        del held[entry.reason]
    else:
        return None
    kind: Literal["suspend", "resume"] = "suspend" if suspends else "resume"
    return ClockMark(kind=kind, at=entry.happened_at, reason=entry.reason)


def _note_parts(stay: _Stay, entry: Entry, facts: Mapping[str, FactValue]) -> None:
    """Keep by which entry each party has done its part; a part may be taken back."""
    for party in stay.step.together:
        fact = party.done_fact(stay.step.number)
        if facts.get(fact) is True:
            stay.done.setdefault(fact, entry)
        elif fact in facts:
            stay.done.pop(fact, None)


def _visit(stay: _Stay, at: datetime) -> Visit:
    step, out = stay.step, stay.out
    limit, deadline = _time(stay)
    left = None if out is None else out.happened_at
    return Visit(
        place=step.place,
        label=step.label,
        phase=step.phase,
        role=step.role,
        who=step.agency or _roles(stay, (step.role, *step.also)),
        agency=step.agency,
        procedure=step.procedure,
        limit=limit,
        entered=stay.came,
        left=left,
        by="" if out is None else out.actor,
        on_behalf="" if out is None else out.on_behalf,
        capacity="" if out is None else out.capacity,
        deadline=deadline,
        recorded=None if out is None else out.recorded_at,
        of_stage=_by_stage(stay),
        judged=None if deadline is None else _judge(deadline, left, at),
        parties=tuple([_party(stay, party, at) for party in step.together]),
    )


def _party(stay: _Stay, party: Party, at: datetime) -> Visit:
    """Return one party's part in a visit."""
    step, out = stay.step, stay.out
    done = stay.done.get(party.done_fact(step.number))
    deadline = _counted(party.limit, stay.clock(done), stay)
    last = out if done is None else done
    left = None if last is None else last.happened_at
    judged = None if deadline is None else _judge(deadline, left, at)
    cut_short = done is None and out is not None
    return Visit(
        place=step.place,
        label=party.label or step.label,
        phase=step.phase,
        role=party.role,
        who=party.agency or _roles(stay, (party.role,)),
        agency=party.agency,
        procedure=party.procedure,
        limit=party.limit,
        entered=stay.came,
        left=left,
        by="" if done is None else done.actor,
        on_behalf="" if done is None else done.on_behalf,
        capacity="" if done is None else done.capacity,
        missing=cut_short and stay.goes_on(),
        recorded=None if last is None else last.recorded_at,
        deadline=deadline,
        judged=None if cut_short and judged != "late" else judged,
    )


def _roles(stay: _Stay, roles: Iterable[str]) -> Label:
    known = stay.ground.table.workflow.roles
    labels = [known.get(role) or Label(vi=role) for role in roles]
    if len(labels) == 1:
        return labels[0]
    texts = [[label.text(lang) for label in labels] for lang in ("vi", "en")]
    return Label(vi=" hoặc ".join(texts[0]), en=" or ".join(texts[1]))


def _time(stay: _Stay) -> tuple[TimeLimit | None, Deadline | None]:
    """Return the time of a step: its own or, without one, that of the party that is due last.

    Lengths in different units cannot be compared, dates can. A suspension that still lasts would
    leave no date; it stops all parties equally, so they are compared without it. What ends past the
    calendar ends after all that can be counted.
    """
    clock = stay.clock()
    if stay.stage is not None and _by_stage(stay):
        return stay.stage.limit, _counted(stay.stage.limit, stay.stage_clock(), stay)
    counting = _Counting(calendar=stay.ground.calendar, rules=stay.rules)
    limit, known = _decisive(stay.step, clock, counting)
    return limit, _counted(limit, clock, stay) if known else None


def _decisive(
    step: Step, clock: Sequence[ClockMark], counting: _Counting
) -> tuple[TimeLimit | None, bool]:
    """Return the time of a step: its own or, without one, that of the party due last.

    The second value says whether the calendar knows its end.
    """
    own = step.limit
    if not step.together or (own is not None and own.stated):
        return own, True
    stated = [party.limit for party in step.together if party.limit and party.limit.stated]
    if not stated:
        return own, True
    running = _without_the_open(clock)
    longest, last = stated[0], None
    for limit in stated:
        due = counting.due(limit, running)
        if due is None:
            return limit, False
        if last is None or due > last:
            longest, last = limit, due
    return longest, True


def _by_stage(stay: _Stay) -> bool:
    """Return whether a step has the time of its stage: it has none of its own."""
    return stay.stage is not None and stay.step.limit is None


def _without_the_open(clock: Sequence[ClockMark]) -> list[ClockMark]:
    """Leave out the suspensions that have not ended."""
    kept: list[ClockMark] = []
    ended: list[str] = []
    for mark in reversed(clock):
        if mark.kind == "suspend" and mark.reason not in ended:
            continue
        if mark.kind == "suspend":
            ended.remove(mark.reason)
        elif mark.kind == "resume":
            ended.append(mark.reason)
        kept.append(mark)
    return kept[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counting:
    """By what the times of a stay are counted, where the date alone is asked for."""

    calendar: WorkCalendar
    rules: ClockRules

    def due(self, limit: TimeLimit | None, clock: Sequence[ClockMark]) -> datetime | None:
        """Return the date that :func:`_counted` gives; ``None`` where it gives none."""
        if limit is None or not limit.stated:
            return None
        try:
            return due_after(limit, clock, calendar=self.calendar, rules=self.rules)
        except CalendarNotCovered:
            return None


def _counted(limit: TimeLimit | None, clock: Sequence[ClockMark], stay: _Stay) -> Deadline | None:
    if limit is None or not limit.stated:
        return None
    calendar = stay.ground.calendar
    try:
        return compute_deadline(limit, marks=clock, calendar=calendar, rules=stay.rules)
    except CalendarNotCovered:
        # one date that nobody can know yet must not hide those that are known
        return None


def _judge(deadline: Deadline, left: datetime | None, at: datetime) -> Judged:
    """Compare the end of a visit, or the moment asked for, with its local date.

    Days are compared, as for a dossier; of a time in hours or parts of a day, minutes (assumed:
    forms and decrees judge dossiers, not steps). A time that was stopped had not run out.
    """
    moment, due = left or at, deadline.due
    late = due is not None and _is_past(moment, due, deadline.limit)
    if left is None:
        return "overdue" if late else "within"
    if late:
        return "late"
    return "early" if due is not None and left.date() < due.date() else "on_time"


def _is_past(moment: datetime, due: datetime, limit: TimeLimit) -> bool:
    last = counted_parts(limit)[-1]
    if last.unit in {Unit.HOUR, Unit.WORKING_HOUR} or last.length.denominator != 1:
        return minute_number(moment) > minute_number(due)
    return moment.date() > due.date()


def _rows(visits: Iterable[Visit], lang: Language) -> Iterator[tuple[str, ...]]:
    for visit in visits:
        yield (visit.place, *_cells(visit, lang))
        for party in visit.parties:
            yield ("↳", *_cells(party, lang))


def _cells(visit: Visit, lang: Language) -> tuple[str, ...]:
    text = _TEXT[lang]
    words = [text[visit.judged]] if visit.judged is not None else []
    words += [text["missing"]] if visit.missing else []
    words += [text["of_stage"]] if visit.of_stage else []
    return (
        visit.label.text(lang),
        visit.who.text(lang),
        text["not_counted"] if visit.limit is None else visit.limit.text(lang),
        _moment(visit.entered),
        _due(visit, lang),
        "" if visit.left is None else _moment(visit.left),
        "" if visit.recorded is None or visit.recorded == visit.left else _moment(visit.recorded),
        ", ".join(words),
    )


def _due(visit: Visit, lang: Language) -> str:
    """Write the local date, or why there is none; where no time is given, the limit says so."""
    if visit.due is not None:
        provisional = visit.deadline is not None and visit.deadline.provisional
        mark = f" ({_TEXT[lang]['provisional']})" if provisional else ""
        return _moment(visit.due) + mark
    if visit.limit is None or not visit.limit.stated:
        return "–"
    return _TEXT[lang]["suspended" if visit.suspended else "not_covered"]


def _moment(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y %H:%M}"


_NO_PARTIES: Mapping[str, datetime | None] = MappingProxyType({})
_HEAD = {
    "vi": ("Bước", "Nội dung công việc", "Trách nhiệm thực hiện", "Thời gian", "Đến", "Hạn",
           "Xong", "Ghi nhận", "Kết quả"),
    "en": ("Step", "Work", "Who", "Time limit", "From", "Due", "Until",
           "Recorded", "Judgement"),
}  # fmt: skip
_TEXT = {
    "vi": {
        "early": "trước hạn", "on_time": "đúng hạn", "late": "quá hạn", "within": "trong hạn",
        "overdue": "quá hạn (đang giải quyết)", "missing": "chưa có kết quả khi chuyển bước",
        "of_stage": "thời gian chung của giai đoạn", "provisional": "tạm tính",
        "not_counted": "không tính thời gian", "suspended": "tạm dừng",
        "not_covered": "ngoài lịch đã công bố",
    },
    "en": {
        "early": "early", "on_time": "on time", "late": "late", "within": "within time",
        "overdue": "overdue", "missing": "missing when the step went on",
        "of_stage": "time of the stage", "provisional": "provisional",
        "not_counted": "not counted", "suspended": "suspended",
        "not_covered": "past the calendar",
    },
}  # fmt: skip
