"""The answers that follow from the situations of a dossier, each with its replay."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

from igate.checks.decree import of_sector
from igate.checks.proofs import circles, second_requests, traps, without_apology
from igate.checks.replay import Replay, wait_until
from igate.checks.situations import GIVEN_UP, Situations, TooMany
from igate.checks.verdict import Refutation, Verdict
from igate.checks.verify_time import NO_LIMIT
from igate.checks.walks import limits_of
from igate.errors import IgateError
from igate.law.citation import Citation, Label
from igate.law.localtime import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from igate.checks.situations import Move, Situation
    from igate.checks.verdict import Question
    from igate.checks.verify_time import Subject, Timer
    from igate.checks.walks import Kind
    from igate.deadlines.rules import ClockRules
    from igate.procedures.workflow import Transition, Workflow

__all__ = ["Courses", "Explored"]

T = TypeVar("T")

_SUPPLEMENT: Final = "Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5"
_APOLOGY: Final = "Nghị định 118/2025/NĐ-CP, Điều 19 khoản 6"
_TOO_MANY: Final = Label(
    vi="Có quá nhiều tình huống để xét hết.", en="There are too many situations to go through."
)
_NO_EXAMPLE: Final = Label(
    vi="Không chứng minh được, cũng không có ví dụ bác bỏ.",
    en="It is neither proved nor refuted: the engine did not take the course that was found.",
)
#: Examples of a fault that are tried on the engine.
_TRIED: Final = 20
#: Working days before a wait counts as long as one likes.
_LONG: Final = 40
_LONGEST_ROUND: Final = 8


class Explored(NamedTuple):
    """What was found among the situations of one kind of dossier under one set of rules."""

    situations: Situations
    number: int
    traps: tuple[Situation, ...]
    circles: tuple[tuple[Move, ...], ...]
    speechless: tuple[Situation, ...]
    requests: tuple[Move, ...]


class Courses:
    """Goes through the situations of workflows; the same workflow is gone through once."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._known: dict[tuple[object, ...], Explored | None] = {}
        self._keys: dict[int, tuple[Workflow, tuple[object, ...]]] = {}

    def answers(self, subject: Subject, timer: Timer) -> tuple[Verdict, Verdict, Verdict]:
        """Answer: does every path end, is there time for an apology, is there one supplement?"""
        asked = {
            name
            for way in subject.revision.workflow.transitions
            if way.guard is not None
            for name in way.guard.names
        }
        # where no guard asks for the case, one is as good as another
        kinds = {
            tuple(
                getattr(each, name) for name in ("channel", "case", "area") if name in asked
            ): each
            for each, _ in limits_of(subject.revision)
        }
        found = [
            (dossier, self._explored(subject, told, dossier, rules))
            for told, dossier in kinds.items()
            for rules, _ in subject.spans
        ]
        # several rules that interrupt the clock alike have the same situations
        whole = list({id(each): (dossier, each) for dossier, each in found if each}.values())
        if not whole or any(each is None for _, each in found):
            return (
                _not_stated("ends", _TOO_MANY),
                _not_stated("apology", _TOO_MANY),
                _not_stated("one_supplement", _TOO_MANY),
            )
        return (
            _ends(subject, whole),
            _apology(subject, whole, timer),
            _one_supplement(subject, whole),
        )

    def _explored(
        self, subject: Subject, told: tuple[str, ...], dossier: Kind, rules: ClockRules
    ) -> Explored | None:
        workflow = subject.revision.workflow
        reasons = {way.reason for way in workflow.transitions if way.reason}
        effects = tuple(sorted((reason, rules.effect(reason)) for reason in reasons))
        key = (self._key(workflow), effects, told)
        if key not in self._known:
            self._known[key] = _explore(Situations(workflow, rules, dossier))
        return self._known[key]

    def _key(self, workflow: Workflow) -> tuple[object, ...]:
        """Return what two workflows must have in common to have the same situations."""
        known = self._keys.get(id(workflow))
        if known is None:
            key = (
                workflow.initial,
                *sorted(workflow.facts.items()),
                *map(_shape, workflow.transitions),
            )
            # the workflow is kept, so that no other is ever made under its number
            known = self._keys[id(workflow)] = workflow, key
        return known[1]


def _shape(way: Transition) -> tuple[object, ...]:
    guard = way.guard.text if way.guard is not None else ""
    sets = tuple(sorted(way.sets.items()))
    return (
        way.action, way.source, way.target, way.roles, guard, way.clock, way.reason, way.outcome,
        sets, way.manner, way.citation,
    )  # fmt: skip


def _explore(situations: Situations) -> Explored | None:
    try:
        plain = situations.reached(plainly=True)
        reached = situations.reached()
    except TooMany:
        return None
    # what an example can show comes first
    order = [*plain, *(reached.keys() - plain.keys())]
    return Explored(
        situations,
        len(reached),
        tuple(traps(situations, order)[:_TRIED]),
        tuple(tuple(each) for each in circles(situations, order)[:_TRIED]),
        tuple(_where_it_is_known(situations, without_apology(situations, order))[:_TRIED]),
        tuple(second_requests(situations, order)[:_TRIED]),
    )


def _where_it_is_known(situations: Situations, found: list[Situation]) -> list[Situation]:
    """Put the situations first in whose state an apology is known, though its guard closes it."""
    return sorted(found, key=lambda here: not situations.knows(here, "replace"))


def _not_stated(question: Question, because: Label, cited: tuple[Citation, ...] = ()) -> Verdict:
    return Verdict(question=question, answer="not_stated", because=because, citations=cited)


class _Asked(NamedTuple, Generic[T]):
    """A question about all situations, and what would refute it."""

    question: Question
    cited: tuple[Citation, ...]
    #: what is said of each of them where it is so
    proved: Label
    faults: Callable[[Explored], Sequence[T]]
    #: takes a dossier into a fault, and says what is seen there
    show: Callable[[Replay, Explored, T], Label | None]


def _judge(subject: Subject, whole: list[tuple[Kind, Explored]], asked: _Asked[T]) -> Verdict:
    count = sum(each.number for _, each in whole)
    against = sum(len(asked.faults(each)) for _, each in whole)
    if not against:
        because = Label(
            vi=f"Đã xét {count} tình huống: {asked.proved.vi}.",
            en=f"{count:,} situations: {asked.proved.en}.",
        )
        return Verdict(
            question=asked.question,
            answer="proved",
            because=because,
            citations=asked.cited,
            cases=count,
        )
    for dossier, each in whole:
        refutation = _refutation(subject, dossier, each, asked)
        if refutation is not None:
            return Verdict(
                question=asked.question,
                answer="refuted",
                because=refutation.said,
                citations=asked.cited,
                cases=count,
                against=against,
                refutation=refutation,
            )
    return _not_stated(asked.question, _NO_EXAMPLE, asked.cited)


def _refutation(
    subject: Subject, dossier: Kind, explored: Explored, asked: _Asked[T]
) -> Refutation | None:
    """Return the first of several courses that the engine takes as was foreseen."""
    at = _beginning(subject)
    if at is None:
        return None
    for fault in asked.faults(explored):
        try:
            replay = Replay(subject.procedure, dossier, at, subject.calendar)
        except IgateError:
            return None
        said = asked.show(replay, explored, fault)
        example = None if said is None else replay.block(said)
        if said is not None and example is not None:
            return Refutation(example=example, said=said)
    return None


def _ends(subject: Subject, whole: list[tuple[Kind, Explored]]) -> Verdict:
    proved = Label(
        vi="tình huống nào cũng có đường đến kết quả", en="from each a way leads to an answer"
    )
    cited = (subject.revision.citation,)
    asked = _Asked("ends", cited, proved, lambda each: each.traps, _into_trap)
    verdict = _judge(subject, whole, asked)
    if verdict.answer != "proved":
        return verdict
    return _judge(subject, whole, _Asked("ends", cited, proved, lambda e: e.circles, _round_twice))


def _one_supplement(subject: Subject, whole: list[tuple[Kind, Explored]]) -> Verdict:
    asking = [
        way
        for way in subject.revision.workflow.transitions
        if way.clock == "suspend" and way.reason == "supplement"
    ]
    cited = _citations(asking, _SUPPLEMENT)
    sector = next((way.citation for way in asking if of_sector(way.citation)), None)
    if sector is not None and any(each.requests for _, each in whole):
        because = Label(
            vi=f"Được yêu cầu bổ sung nhiều lần theo {sector}.",
            en=f"More than one request is allowed by {sector.text('en')}.",
        )
        return _not_stated("one_supplement", because, cited)
    proved = Label(
        vi="không thể yêu cầu bổ sung lần thứ hai",
        en="in none can a second supplement be asked for",
    )
    asked = _Asked("one_supplement", cited, proved, lambda each: each.requests, _asked_again)
    return _judge(subject, whole, asked)


def _apology(subject: Subject, whole: list[tuple[Kind, Explored]], timer: Timer) -> Verdict:
    ways = [way for way in subject.revision.workflow.transitions if way.clock == "replace"]
    cited = _citations(ways, _APOLOGY)
    limits = {limit for _, limit in limits_of(subject.revision)}
    if not limits or any(not limit.stated for limit in limits):
        return _not_stated("apology", NO_LIMIT, cited)
    left = [timer.outcome(subject, (), limit).fewest_left for limit in sorted(limits, key=str)]
    if any(not each for each in left):
        because = Label(
            vi="Có thời điểm tiếp nhận mà thời hạn không để lại ngày nào trước ngày hẹn trả.",
            en="From some starts the limit leaves no working day before the date of return.",
        )
        return _not_stated("apology", because, cited)
    proved = Label(
        vi="trước ngày hẹn trả một ngày làm việc vẫn xin lỗi và hẹn lại được",
        en="a working day before the date of return one can still apologise",
    )
    return _judge(
        subject, whole, _Asked("apology", cited, proved, lambda each: each.speechless, _too_late)
    )


def _citations(ways: list[Transition], general: str) -> tuple[Citation, ...]:
    """Return what the ways cite; the decree where there are none, or they cite nothing."""
    found = [way.citation for way in ways if way.citation is not None]
    return tuple(dict.fromkeys(found or [Citation.parse(general)]))


def _beginning(subject: Subject) -> datetime | None:
    """Return a morning of work with most of a year after it, where the revision has one."""
    days = [day for _, days in subject.spans for day in days]
    year = max((day.year for day in days), default=0)
    for day in [each for each in days if each.year == year] + days:
        if subject.calendar.is_working(day):
            opening = subject.calendar.shifts(day)[0].start + 30
            hour, minute = divmod(opening, 60)
            return datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIETNAM)
    return None


def _walk(replay: Replay, explored: Explored, to: Situation) -> bool:
    """Take a dossier into a situation, as an example can; false where it cannot."""
    plain = explored.situations.reached(plainly=True)
    return to in plain and all(replay.take_soon(way) for way in explored.situations.path(to, plain))


def _into_trap(replay: Replay, explored: Explored, trap: Situation) -> Label | None:
    """Take a dossier into a trap, wait, and try everything."""
    calendar = replay.ground.calendar
    if not _walk(replay, explored, trap):
        return None
    since = replay.at
    at = wait_until(replay, calendar, lambda day: _worked(replay, since, day) >= _LONG)
    here = trap
    seen: list[Situation] = []
    while at is not None and here not in seen and len(seen) < _LONGEST_ROUND:
        seen.append(here)
        closed = _closed(replay, explored, here)
        new = at + timedelta(days=30)
        if not all(
            replay.is_refused(action, at, new_date=new if renames else None)
            for action, renames in closed.items()
        ):
            return None
        open_ways = [each for each in explored.situations.ways_out(here) if each.is_plain]
        if closed or not open_ways:
            break
        at += timedelta(minutes=5)
        if not replay.take(open_ways[0].transition, at):
            return None
        here = open_ways[0].target
    label = replay.ground.table.workflow.states[trap.state].label
    return Label(
        vi=f"Từ trạng thái “{label.vi}” hồ sơ không thể kết thúc",
        en=f'From the state "{label.text("en")}" the dossier can never end',
    )


def _closed(replay: Replay, explored: Explored, here: Situation) -> dict[str, bool]:
    """Return the actions that guards close after any wait, and whether they name a new date."""
    still_open = {each.transition.action for each in explored.situations.ways_out(here)}
    return {
        way.action: way.clock == "replace"
        for way in replay.ways()
        if way.action not in still_open
        and not way.manner.upkeep
        and way.source != way.target
        and way.outcome != GIVEN_UP
    }


def _round_twice(replay: Replay, explored: Explored, circle: tuple[Move, ...]) -> Label | None:
    """Go round a circle twice."""
    if not _walk(replay, explored, circle[0].source):
        return None
    if not all(replay.take_soon(move.transition) for move in (*circle, *circle)):
        return None
    names = ", ".join(dict.fromkeys(move.transition.action for move in circle))
    return Label(
        vi=f"Hệ thống có thể lặp mãi: {names}",
        en=f"The system can go round for ever: {names}",
    )


def _asked_again(replay: Replay, explored: Explored, request: Move) -> Label | None:
    if not _walk(replay, explored, request.source) or not replay.take_soon(request.transition):
        return None
    return Label(
        vi="Hồ sơ bị yêu cầu bổ sung lần thứ hai", en="A supplement is asked for a second time"
    )


def _too_late(replay: Replay, explored: Explored, here: Situation) -> Label | None:
    """Wait for the last day on which an apology is allowed, and try to make one."""
    if not _walk(replay, explored, here) or replay.due is None:
        return None
    due = replay.due
    at = wait_until(replay, replay.ground.calendar, lambda day: _worked(replay, day, due) == 1)
    if at is None or at.date() >= due.date():
        return None
    new = due + timedelta(days=7)
    ways = replay.ground.table.workflow.transitions
    apologies = [way.action for way in ways if way.clock == "replace"]
    actions = list(dict.fromkeys(apologies)) or ["apologise"]
    if not all(replay.is_refused(action, at, new_date=new) for action in actions):
        return None
    return Label(
        vi=f"Một ngày trước ngày hẹn trả {due:%d/%m/%Y} không xin lỗi và hẹn lại được",
        en=f"A working day before the date of return, {due:%Y-%m-%d}, no apology can be made",
    )


def _worked(replay: Replay, since: datetime, until: datetime) -> int:
    return replay.ground.calendar.count(since.date(), until.date())
