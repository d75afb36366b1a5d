"""The enumeration against walkers that know nothing of it: they step the engine day by day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from igate.calendar import WorkCalendar
from igate.checks.verify import Verifier
from igate.checks.verify_time import Subject, Timer
from igate.deadlines.rulefile import shipped_rules
from igate.dossiers.dossier import Actor, Submission
from igate.dossiers.engine import Ground, apply, begin, decide, submit
from igate.dossiers.progress import open_times
from igate.errors import IgateError
from igate.files.sources import shipped, shipped_text
from igate.files.yaml import parse
from igate.law.localtime import VIETNAM
from igate.procedures.reading.procedure_file import read_procedure
from igate.procedures.reading.templates import Templates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.dossiers.dossier import Dossier
    from igate.procedures.procedure import Procedure

TEMPLATES = Templates({source.stem: source for source in shipped("templates")})
CALENDAR = WorkCalendar.vietnam()
CITED = "citation: Quyết định 1/QĐ-UBND (giả định)"
#: Two weeks around Tết 2026; the office is closed from 14 to 22 February.
FIRST, LAST = date(2026, 2, 9), date(2026, 2, 24)
HOURS = ((7, 30), (9, 0), (11, 29), (13, 30), (15, 1), (16, 59), (17, 0), (23, 59))
#: Roles of everybody: who may is not asked here.
ALL = frozenset({
    "applicant", "receptionist", "officer", "head_of_section", "leader", "department_leader",
    "clerk", "system",
})  # fmt: skip
#: Apologies and requests after which the walker turns back.
MOST = 2
#: What the walker does with a dossier.
TRIED = (
    "transfer", "forward", "return_to_counter", "ask_supplement", "supplement", "apologise",
)  # fmt: skip
#: Exact in minutes of a day of 450: a part of a minute is the one thing that the walker leaves out.
TIMES = st.sampled_from(
    ["0.5 working_day", "1 working_day", "2 working_day", "1.5 working_day", "4 working_hour",
     "12 working_hour", "1 day", "3 day", "20 hour"]
)  # fmt: skip


def procedure(rows: list[str], limit: str, template: str = "") -> Procedure:
    """Read a procedure with these processing steps, in force for two weeks."""
    text = (
        f'format: 1\ncode: "9.000001"\nname: {{vi: Thẻ}}\nfield: {{id: x, vi: X}}\n'
        f'checked_on: "2026-11-21"\nsource: invented\nrevisions:\n  - effective_from: "{FIRST}"\n'
        f'    effective_until: "{LAST}"\n    {CITED}\n    template: {template and "own"}'
        f"{'' if template else 'ordinary'}\n    limits: [{{limit: {limit}, {CITED}}}]\n    steps:\n"
        "      - {number: 1, phase: reception, role: receptionist, vi: Nhận}\n"
    )
    for number, row in enumerate(rows, start=2):
        text += f"      - {{number: {number}, phase: processing, vi: Làm, {row}}}\n"
    last = len(rows) + 2
    text += f"      - {{number: {last}, phase: handover, role: receptionist, vi: Trả}}\n"
    templates = TEMPLATES
    if template:
        own = {source.stem: source for source in shipped("templates")}
        templates = Templates({**own, "own": _Text(template)})  # type: ignore[dict-item]
    found, findings = read_procedure(parse(text, file="f.yaml"), templates)
    assert found is not None, findings
    return found


class _Text:
    """A template that is no file."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.file = "own.yaml"
        self.stem = "own"

    def read(self) -> object:
        return parse(self.text, file=self.file)


class Walker:
    """Steps the engine, and looks at nothing else."""

    def __init__(self, found: Procedure) -> None:
        self.revision = found.in_force(FIRST)
        rules = shipped_rules(self.revision.clock_rules, on=FIRST)
        self.ground = Ground.of(self.revision, rules, CALENDAR)

    def begun(self, at: datetime) -> Dossier:
        """Hand a dossier in."""
        submission = Submission(
            procedure=self.revision.procedure, revision=self.revision.id, agency="",
            channel="counter", applicant="a",
        )  # fmt: skip
        entry = submit(
            "d", submission, by=Actor("a", roles={"applicant"}), at=at, recorded_at=at,
            ground=self.ground,
        )  # fmt: skip
        return begin(entry, self.ground)

    def after(
        self, dossier: Dossier, action: str, at: datetime, due: datetime | None = None
    ) -> Dossier | None:
        """Return the dossier after an action; ``None`` where it is refused."""
        facts = {"fee_amount": 1, "fee_receipt": "1"} if action == "pay" else {}
        by = Actor("anybody", roles=ALL)
        try:
            entry = decide(
                dossier, action, by=by, at=at, ground=self.ground, due=due, facts=facts, note="-"
            )
        except IgateError:
            return None
        return apply(dossier, entry, self.ground)

    def is_late(self, start: datetime) -> bool:
        """Leave every step at its local date, as the work list shows it; is the dossier late?"""
        dossier = self.after(self.begun(start), "receive", start)
        assert dossier is not None
        at = start
        for action in ("transfer", *["forward"] * (len(self.revision.workflow.steps) - 3)):
            at = self._local_date(dossier, at)
            dossier = self.after(dossier, action, at)
            assert dossier is not None, action
        at = self._local_date(dossier, at)
        done = self.after(dossier, "finish", at)
        assert done is not None
        assert done.deadline is not None
        return done.deadline.judge(at) == "late"

    def _local_date(self, dossier: Dossier, at: datetime) -> datetime:
        due, _ = open_times(dossier, self.ground)
        return at if due is None else max(at, due)


def starts() -> Iterator[datetime]:
    """Return the moments at which the walker begins."""
    day = FIRST
    while day < LAST:
        for hour, minute in HOURS:
            yield datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIETNAM)
        day += timedelta(days=1)


@given(rows=st.lists(TIMES, min_size=1, max_size=4), limit=TIMES)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_what_is_proved_no_walker_refutes_and_what_is_refuted_one_finds(
    rows: list[str], limit: str
) -> None:
    """On random steps and limits, from every hour of two weeks around Tết."""
    roles = ["officer", "head_of_section", "leader", "clerk"]
    steps = [f"role: {role}, limit: {time}" for role, time in zip(roles, rows, strict=False)]
    found = procedure(steps, limit)
    revision = found.in_force(FIRST)
    days = tuple(FIRST + timedelta(days=n) for n in range((LAST - FIRST).days))
    rules = shipped_rules(revision.clock_rules, on=FIRST)
    verdict = Timer().in_time(Subject(found, revision, CALENDAR, ((rules, days),)))
    walker = Walker(found)
    late = [start for start in starts() if walker.is_late(start)]
    if verdict.answer == "proved":
        assert late == []
    else:
        assert verdict.answer == "refuted"
        assert verdict.refutation is not None
        written = verdict.refutation.example.partition('submitted: "')[2][:16]
        assert walker.is_late(datetime.fromisoformat(written).replace(tzinfo=VIETNAM))


REQUEST = "guard: supplement_requests == 0 and working_days_since_receipt <= 3"
APOLOGY = "guard: apologies == 0 and working_days_left >= 1"
REQUESTS = (
    "supplement_requests == 0", "supplement_requests <= 1", "apologies == 0", "apologies == 1",
    "supplement_requests == 0 or apologies == 1", "supplement_requests == apologies",
    "days_waiting >= 2 and supplement_requests < 2", "came_from == 'received'",
    "supplement_requests == 0 or came_from == 'awaiting_supplement'",
)  # fmt: skip
APOLOGIES = (
    "apologies == 0", "apologies == 0 and working_days_left >= 2", "working_days_left >= 1",
    "apologies == 0 and working_days_left <= 0", "supplement_requests == 1",
    "apologies == 0 and working_days_left == 1",
)  # fmt: skip


@given(request=st.sampled_from(REQUESTS), apology=st.sampled_from(APOLOGIES))
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=10)
def test_situations_are_those_into_which_the_engine_comes(request: str, apology: str) -> None:
    """A walker tries every action on seven days: it asks twice if, and only if, it is refuted."""
    text = shipped_text("templates/ordinary.yaml")
    assert text is not None
    assert REQUEST in text
    assert APOLOGY in text
    template = text.replace("template: ordinary", "template: own", 1)
    template = template.replace(REQUEST, f"guard: {request}").replace(APOLOGY, f"guard: {apology}")
    rows = ["role: officer, limit: 1 working_day", "role: leader, limit: 1 working_day"]
    found = procedure(rows, "5 working_day", template)
    (verified,) = Verifier().verify(found)
    walker = Walker(found)
    requests, speechless = walked(walker)
    assert (verified["one_supplement"].answer == "proved") is (requests < 2)
    assert (verified["apology"].answer == "proved") is (not speechless)
    assert verified["ends"].answer == "proved"


def walked(walker: Walker) -> tuple[int, bool]:
    """Try every action on each day, and return what was seen.

    Returns:
        How often a supplement was asked for at most; and whether somebody was left without an
        apology on the last day for it, in a step and with no way to pass the dossier on to one.
    """
    start = datetime(2026, 2, 9, 8, tzinfo=VIETNAM)
    first = walker.after(walker.begun(start), "receive", start)
    assert first is not None
    seen: set[tuple[object, ...]] = set()
    waiting = [first]
    most, speechless = 0, False
    while waiting:
        dossier = waiting.pop()
        most = max(most, int(dossier.facts.get("supplement_requests", 0)))
        for days in (0, 1, 2, 3, 4, 14, 15):
            at = start + timedelta(days=days)
            if at < dossier.last_at:
                continue
            speechless = speechless or cannot_apologise(walker, dossier, at)
            for action in TRIED:
                due = at + timedelta(days=40) if action == "apologise" else None
                after = walker.after(dossier, action, at, due)
                if after is None or max(_counts(after)) > MOST:
                    continue
                key = (after.state, after.came_from, at, *sorted(after.facts.items()), after.due)
                if key not in seen:
                    seen.add(key)
                    waiting.append(after)
    return most, speechless


def _counts(dossier: Dossier) -> tuple[int, ...]:
    return tuple(int(dossier.facts.get(n, 0)) for n in ("supplement_requests", "apologies"))


def cannot_apologise(walker: Walker, dossier: Dossier, at: datetime) -> bool:
    """Return whether it is the last day for an apology, none was made, and none can be."""
    if dossier.due is None or dossier.facts.get("apologies", 0):
        return False
    if CALENDAR.count(at.date(), dossier.due.date()) != 1 or not CALENDAR.is_working(at.date()):
        return False
    tried: list[Dossier] = [dossier]
    passed: set[str] = set()
    for each in tried:  # it grows meanwhile
        if walker.after(each, "apologise", at, at + timedelta(days=40)) is not None:
            return False
        for action in ("transfer", "forward", "send_back"):
            after = walker.after(each, action, at)
            if after is not None and after.state not in passed:
                passed.add(after.state)
                tried.append(after)
    return True
