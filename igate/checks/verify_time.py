"""The answer to whether the limit is kept if each step keeps its time, with its replay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from igate.checks.replay import Replay
from igate.checks.schedule import NOTHING, Late, Outcome, Schedules, timed
from igate.checks.verdict import Refutation, Verdict
from igate.checks.walks import Kind, MixedUnits, Walks, limits_of
from igate.deadlines.limits import Unit, total
from igate.errors import IgateError
from igate.law.citation import Label
from igate.law.localtime import moment_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from igate.calendar import WorkCalendar
    from igate.deadlines.limits import TimeLimit
    from igate.deadlines.rules import ClockRules
    from igate.law.citation import Citation
    from igate.procedures.procedure import Procedure, Revision
    from igate.procedures.workflow import Step, Transition

__all__ = ["NO_LIMIT", "Subject", "Timer"]

#: Why nothing can be said of a procedure without a limit.
NO_LIMIT = Label(vi="Nguồn không quy định thời hạn.", en="The sources state no limit.")
#: Why steps that add up to the limit, each in time, may miss it (docs/reference/verified.md).
_ROUNDED: Final = Label(
    vi="Cộng lại thì các bước không quá thời hạn (8 giờ làm việc một ngày: giả định), nhưng mỗi "
    "bước được đếm riêng: ngày làm việc tròn hết khi cơ quan hết giờ và không tính ngày bắt đầu, "
    "còn phần lẻ của ngày tính ngay từ thời điểm bắt đầu. Nửa ngày, hai ngày rồi nửa ngày cộng lại "
    "là ba, nhưng rơi sang ngày thứ tư nếu nửa ngày đầu hết vào buổi chiều.",
    en="In sum the steps are within the limit (8 working hours to a working day: assumed), but "
    "each is counted by itself: whole days end with the office and do not count the day of the "
    "start, and a part of a day runs from the moment itself. Half a day, two days and half a day "
    "are three in sum, and a fourth in the calendar where the first half ends in the afternoon.",
)
_OVER: Final = Label(
    vi="Cộng lại thì các bước dài hơn thời hạn.",
    en="In sum the steps are longer than the limit.",
)
_DAYS_OFF: Final = Label(
    vi="Thời hạn tính theo ngày của lịch, các bước theo thời gian làm việc: ngày nghỉ cuối tuần và "
    "Tết không thuộc thời gian của bước nào, nhưng vẫn nằm trong thời hạn.",
    en="The limit is in calendar days, the steps are in working time: a weekend or Tết is in no "
    "step's time, but in the limit.",
)


class Subject(NamedTuple):
    """A revision, and the days on which a dossier can begin under it, by their clock rules."""

    procedure: Procedure
    revision: Revision
    calendar: WorkCalendar
    spans: tuple[tuple[ClockRules, tuple[date, ...]], ...]

    @property
    def days(self) -> str:
        """The first and the last of the days."""
        every = [day for _, days in self.spans for day in days]
        return f"{every[0]}–{every[-1]}" if every else "–"


class _Case(NamedTuple):
    """Dossiers that take one course under one limit, and what came of them."""

    dossier: Kind
    course: tuple[Step, ...]
    limit: TimeLimit
    outcome: Outcome


class Timer:
    """Holds steps against limits; the same times under the same rules are worked through once."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._schedules: dict[tuple[object, ...], Schedules] = {}

    def outcome(self, subject: Subject, course: tuple[Step, ...], limit: TimeLimit) -> Outcome:
        """Return what comes of all starts of a revision, of several rules together."""
        whole = NOTHING
        for rules, days in subject.spans:
            own = subject.revision.rules(rules)
            clock = (subject.calendar.version, rules.name, str(rules.period), own.cutoff)
            if clock not in self._schedules:
                self._schedules[clock] = Schedules(subject.calendar, own)
            workflow = subject.revision.workflow
            found = self._schedules[clock].outcome(course, workflow, limit, days)
            whole = whole.with_(found)
        return whole

    def in_time(self, subject: Subject) -> Verdict:
        """Answer for every kind of dossier, on every course, from every start."""
        revision = subject.revision
        cases: list[_Case] = []
        missing: list[Label] = []
        for dossier, limit in limits_of(revision):
            if not limit.stated:
                missing.append(NO_LIMIT)
                continue
            try:
                courses = Walks(revision.workflow).courses(dossier)
            except MixedUnits:
                missing.append(Label(vi="Quá nhiều đường đi.", en="There are too many ways."))
                continue
            for course in courses:
                untimed = _untimed(course, revision)
                if untimed is None:
                    outcome = self.outcome(subject, course, limit)
                    cases.append(_Case(dossier, course, limit, outcome))
                else:
                    missing.append(untimed)
        return _verdict(subject, cases, missing)


def _untimed(course: Iterable[Step], revision: Revision) -> Label | None:
    if timed(course, revision.workflow):
        return None
    if revision.steps_basis == "assumed":
        return Label(
            vi="Quyết định không công bố thời gian các bước.",
            en="No decision states the time of the steps.",
        )
    places = ", ".join(step.place for step in course if not timed([step], revision.workflow))
    return Label(
        vi=f"Không quy định thời gian của bước {places}.",
        en=f"No time is stated for step {places}.",
    )


def _verdict(subject: Subject, cases: list[_Case], missing: list[Label]) -> Verdict:
    counted = sum(each.outcome.cases for each in cases)
    against = sum(each.outcome.late for each in cases)
    cited = _cited(subject.revision)
    because = Label(
        vi=f"{against} trong {counted} thời điểm tiếp nhận ({subject.days}) dẫn đến trễ hạn.",
        en=f"{against:,} of {counted:,} starts ({subject.days}) end after the date of return.",
    )
    for each in sorted(cases, key=lambda case: -case.outcome.late):
        refutation = _refutation(subject, each)
        if refutation is not None:
            why = _why(each, subject.revision)
            return Verdict(
                question="in_time",
                answer="refuted",
                because=Label(vi=f"{because.vi} {why.vi}", en=f"{because.en} {why.en}")
                if why
                else because,
                citations=cited,
                cases=counted,
                against=against,
                refutation=refutation,
            )
    if not cases and not missing:
        missing = [Label(vi="Không có đường đi nào.", en="No way leads from start to end.")]
    if against and not missing:
        missing = [Label(vi=f"{because.vi} Chưa có ví dụ.", en=f"{because.en} No example of it.")]
    return Verdict(
        question="in_time",
        answer="not_stated" if missing else "proved",
        because=missing[0] if missing else because,
        citations=cited,
        cases=counted,
        against=against,
    )


def _why(case: _Case, revision: Revision) -> Label | None:
    """Say why a course misses its limit; ``None`` where the two cannot be compared."""
    allowed = total([case.limit])
    try:
        time = Walks(revision.workflow).taken(case.course).time
    except MixedUnits:
        return None
    if time is None or allowed is None:
        return None
    if time.unit is allowed.unit:
        return _OVER if time.amount > allowed.amount else _ROUNDED
    solar = allowed.unit is Unit.DAY or allowed.unit is Unit.MONTH
    return _DAYS_OFF if solar and time.unit is Unit.WORKING_HOUR else None


def _cited(revision: Revision) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(rule.citation for rule in revision.limits))


def _refutation(subject: Subject, case: _Case) -> Refutation | None:
    """Let the engine take a late course; ``None`` where there is none, or it does not take it."""
    late = case.outcome.worst
    if late is None:
        return None
    try:
        replay = Replay(subject.procedure, case.dossier, moment_of(late.start), subject.calendar)
    except IgateError:
        return None
    if not _take(replay, case.course, late):
        return None
    example = replay.block(_title(late))
    if example is None:
        return None
    moments = [moment_of(each) for each in (late.start, late.ends[-1], late.due)]
    worst = "received {:%Y-%m-%d %H:%M}, done {:%Y-%m-%d}, due {:%Y-%m-%d}".format(*moments)
    return Refutation(example=example, said=_said(case, late), worst=worst)


def _take(replay: Replay, course: tuple[Step, ...], late: Late) -> bool:
    workflow = replay.ground.table.workflow
    if not _advance(replay, moment_of(late.start), lambda way: way.clock == "start"):
        return False
    at = moment_of(late.start)
    for step, end in zip(course, map(moment_of, late.ends), strict=True):
        if workflow.step_of(replay.dossier.state) is not step and not _advance(
            replay, at, lambda way, step=step: _leads_to(way, step, replay)
        ):
            return False
        for party in step.together:
            done = party.done_fact(step.number)
            if not replay.dossier.facts.get(done) and not _advance(
                replay, end, lambda way, done=done: way.sets.get(done) is True
            ):
                return False
        at = end
    return _advance(replay, at, lambda way: way.clock == "finish")


def _leads_to(way: Transition, step: Step, replay: Replay) -> bool:
    target = replay.ground.table.workflow.step_of(way.target)
    return way.clock is None and target is step


def _advance(replay: Replay, at: datetime, wanted: Callable[..., bool]) -> bool:
    """Take the first way that is wanted and open, one that ends well before others."""
    ways = [each for each in replay.ways() if wanted(each) and not each.manner.upkeep]
    ways.sort(key=lambda way: way.outcome not in {None, "granted"})
    return any(replay.take(each, at) for each in ways)


def _title(late: Late) -> Label:
    done, due = moment_of(late.ends[-1]), moment_of(late.due)
    return Label(
        vi=f"Mỗi bước đúng hạn mà hồ sơ trễ: xong {done:%d/%m/%Y}, hẹn trả {due:%d/%m/%Y}",
        en=f"Each step in time, the dossier late: done {done:%Y-%m-%d}, due {due:%Y-%m-%d}",
    )


def _said(case: _Case, late: Late) -> Label:
    start, due = moment_of(late.start), moment_of(late.due)
    ends = [moment_of(end) for end in late.ends]
    vi = [
        f"bước {step.place} ({_time(step).text('vi')}) đến {end:%d/%m/%Y %H:%M}"
        for step, end in zip(case.course, ends, strict=True)
    ]
    en = [
        f"step {step.place} ({_time(step).text('en')}) until {end:%Y-%m-%d %H:%M}"
        for step, end in zip(case.course, ends, strict=True)
    ]
    return Label(
        vi=f"Tiếp nhận {start:%d/%m/%Y %H:%M}; {'; '.join(vi)}; hẹn trả {due:%d/%m/%Y %H:%M} "
        f"({case.limit.text('vi')}).",
        en=f"Received {start:%Y-%m-%d %H:%M}; {'; '.join(en)}; due {due:%Y-%m-%d %H:%M} "
        f"({case.limit.text('en')}).",
    )


def _time(step: Step) -> Label:
    if step.limit is not None and step.limit.stated:
        return Label(vi=step.limit.text("vi"), en=step.limit.text("en"))
    parties = [each.limit for each in step.together if each.limit is not None]
    if not parties:
        return Label(vi="không tính riêng", en="no time of its own")
    return Label(
        vi=", ".join(each.text("vi") for each in parties),
        en=", ".join(each.text("en") for each in parties),
    )
