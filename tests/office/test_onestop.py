"""The one-stop desk: what it lets people do, what it refuses and what it loses (nothing)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec import structs

from igate.calendar import WorkCalendar
from igate.dossiers.dossier import Actor, Dossier
from igate.dossiers.engine import apply, begin, decide, fold
from igate.dossiers.order import order_entry
from igate.dossiers.record import Record
from igate.dossiers.standing import Standing
from igate.errors import (
    ActionRefused,
    CalendarNotCovered,
    FactRefused,
    GuardRefused,
    IgateError,
    JournalError,
    MomentError,
    NotPermitted,
    ProcedureNotFound,
    StoreConflict,
    StoreError,
    TextError,
    TimeLimitError,
    UnknownAction,
    UnknownDossier,
    WrongState,
)
from igate.law.localtime import VIETNAM, parse_local
from igate.office.memory import MemoryStore
from igate.office.onestop import OneStop
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.machine import Walker, compile_machine
from shared import PAID, shipped_catalogue

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: 10 working days, Quyết định 2022/QĐ-UBND ngày 27/11/2025, steps 1 and 7 at the counter
CODE = "1.001806"
START = parse_local("2026-03-02T09:00")


@lru_cache(maxsize=1)
def catalog() -> Catalog:
    return shipped_catalogue()


@lru_cache(maxsize=1)
def calendar() -> WorkCalendar:
    return WorkCalendar.vietnam(provisional=True)


class Desk:
    """A desk in memory with a clock that a test moves."""

    def __init__(self) -> None:
        self.now = START
        self.office = OneStop(
            MemoryStore(),
            agency="H15",
            catalog=catalog(),
            calendar=calendar(),
            clock=lambda: self.now,
        )
        self.code = self.office.submit(
            CODE, applicant="Công ty A", channel="online", applicant_id="applicant-1"
        ).code

    def act(self, action: str, role: str, **more: object) -> Dossier:
        actor = Actor(f"{role}-1", roles={role}, agency="H15.10")
        return self.office.act(self.code, action, by=actor, **more)

    def step_role(self) -> str:
        dossier = self.office.get(self.code)
        workflow = self.office.catalog.procedure(CODE).revision(dossier.revision).workflow
        step = workflow.step_of(dossier.state)
        assert step is not None
        return step.role

    def to_processing(self) -> None:
        self.act("receive", "receptionist")
        self.act("transfer", "receptionist")

    def at(self, text: str) -> None:
        self.now = parse_local(text)


def test_a_dossier_goes_from_the_counter_to_the_result() -> None:
    """The ordinary way: statuses 1, 2, 4, 9, 10; ten working days from the receipt."""
    desk = Desk()
    assert desk.office.get(desk.code).national_status == 1
    dossier = desk.act("receive", "receptionist")
    assert dossier.national_status == 2
    assert dossier.deadline is not None
    # 3-6 and 9-13 March: nine days; the tenth is Monday 16 March
    assert dossier.deadline.due == parse_local("2026-03-16T17:00")
    desk.act("transfer", "receptionist")
    while desk.office.get(desk.code).state != "processing_6":
        desk.now += timedelta(hours=8)
        desk.act("forward", desk.step_role())
    desk.at("2026-03-16T16:00")
    dossier = desk.act("finish", desk.step_role())
    assert (dossier.national_status, dossier.outcome) == (9, "granted")
    assert dossier.finished_at == parse_local("2026-03-16T16:00")
    desk.at("2026-04-01T10:00")
    dossier = desk.act("return_result", "receptionist")
    assert (dossier.national_status, dossier.state) == (10, "returned")
    assert dossier.deadline is not None
    assert dossier.finished_at is not None
    assert dossier.deadline.judge(dossier.finished_at) == "on_time"


def test_the_first_code_of_the_day_names_agency_and_date() -> None:
    """H15 (Đắk Lắk), 2 March 2026, first dossier."""
    assert Desk().code == "H15-260302-0001"


def test_a_supplement_restarts_the_clock_and_is_asked_for_once() -> None:
    """Decree 118/2025 art. 19(5): within three working days, once, counted anew."""
    desk = Desk()
    desk.to_processing()
    desk.at("2026-03-04T10:00")
    dossier = desk.act("ask_supplement", desk.step_role(), note="thiếu giấy tờ")
    assert dossier.national_status == 5
    assert dossier.deadline is not None
    assert dossier.deadline.due is None
    assert "once complete, the limit starts anew" in dossier.deadline.explain("en")
    desk.at("2026-03-10T10:00")
    dossier = desk.act("supplement", "applicant")
    assert dossier.state == "processing_2"
    assert dossier.deadline is not None
    # 11-13, 16-20 and 23, 24 March
    assert dossier.deadline.due == parse_local("2026-03-24T17:00")
    with pytest.raises(GuardRefused, match=r"\(supplement_requests\) = 0"):
        desk.act("ask_supplement", desk.step_role())


def test_a_supplement_is_not_asked_for_after_three_working_days() -> None:
    """Friday 6 March is the fourth working day after Monday 2 March."""
    desk = Desk()
    desk.to_processing()
    desk.at("2026-03-06T08:00")
    with pytest.raises(GuardRefused, match=r"\(working_days_since_receipt\) ≤ 3") as refusal:
        desk.act("ask_supplement", desk.step_role())
    assert "118/2025/NĐ-CP, Điều 19 khoản 5" in str(refusal.value)


def test_a_dossier_not_supplemented_within_fifteen_days_is_closed() -> None:
    """On the fifteenth day the applicant may still come, on the sixteenth the desk closes."""
    desk = Desk()
    desk.to_processing()
    desk.act("ask_supplement", desk.step_role())
    desk.at("2026-03-17T10:00")
    with pytest.raises(GuardRefused, match=r"\(days_waiting\) > 15"):
        desk.act("expire_supplement", "system")
    desk.at("2026-03-18T10:00")
    with pytest.raises(GuardRefused, match=r"\(days_waiting\) ≤ 15"):
        desk.act("supplement", "applicant")
    dossier = desk.act("expire_supplement", "system")
    assert (dossier.state, dossier.outcome) == ("stopped", "not_supplemented")


def test_a_payment_suspends_and_the_work_goes_on_where_it_stood() -> None:
    """Two working days of waiting move the deadline by two working days."""
    desk = Desk()
    desk.to_processing()
    desk.act("forward", desk.step_role())
    desk.at("2026-03-04T10:00")
    desk.act("ask_payment", desk.step_role())
    desk.at("2026-03-06T10:00")
    with pytest.raises(FactRefused, match=r"\(pay\) needs the fact .* \(fee_amount\)"):
        desk.act("pay", "applicant")
    dossier = desk.act("pay", "applicant", facts=PAID)
    assert dossier.state == "processing_3"
    assert dossier.facts.items() >= PAID.items()
    assert dossier.facts["fee_paid"] is True
    assert dossier.deadline is not None
    assert dossier.deadline.due == parse_local("2026-03-18T17:00")


def test_an_apology_gives_a_new_date_once_and_in_time() -> None:
    """Decree 118/2025 art. 19(6): at least a day before the end, at most once."""
    desk = Desk()
    desk.to_processing()
    desk.at("2026-03-13T10:00")
    with pytest.raises(MomentError, match="needs the new date"):
        desk.act("apologise", desk.step_role())
    dossier = desk.act("apologise", desk.step_role(), due=parse_local("2026-03-20T17:00"))
    assert dossier.deadline is not None
    assert dossier.deadline.due == parse_local("2026-03-20T17:00")
    assert dossier.deadline.original_due == parse_local("2026-03-16T17:00")
    with pytest.raises(GuardRefused, match=r"\(apologies\) = 0"):
        desk.act("apologise", desk.step_role(), due=parse_local("2026-03-27T17:00"))
    late = Desk()
    late.to_processing()
    late.at("2026-03-16T09:00")
    with pytest.raises(GuardRefused, match=r"\(working_days_left\) ≥ 1"):
        late.act("apologise", late.step_role(), due=parse_local("2026-03-20T17:00"))


def test_refusals_say_what_can_be_done_and_by_whom() -> None:
    """Wrong state, unknown action, wrong role, wrong agency: each with its remedy."""
    desk = Desk()
    with pytest.raises(
        WrongState, match=r"Possible now: .* \(receive\) \(by .* \(receptionist\)\)"
    ):
        desk.act("finish", "officer")
    with pytest.raises(UnknownAction, match='Did you mean "receive"'):
        desk.act("recieve", "receptionist")
    with pytest.raises(NotPermitted, match=r"It is for .* \(receptionist\)"):
        desk.act("receive", "officer")
    stranger = Actor("officer-9", roles={"receptionist"}, agency="H16")
    with pytest.raises(NotPermitted, match="belongs to agency H15"):
        desk.office.act(desk.code, "receive", by=stranger)
    # H150 is not below H15, although its name begins so
    lookalike = Actor("officer-9", roles={"receptionist"}, agency="H150")
    with pytest.raises(NotPermitted, match="belongs to agency H15"):
        desk.office.act(desk.code, "receive", by=lookalike)
    with pytest.raises(UnknownDossier):
        desk.office.get("H15-260302-9999")
    with pytest.raises(ProcedureNotFound):
        desk.office.submit("9.999999", applicant="A", channel="online")
    with pytest.raises(FactRefused, match="has no fact"):
        desk.act("receive", "receptionist", facts={"weather": "rain"})
    assert desk.office.store.count_entries() == 1


@pytest.mark.parametrize(
    "roles", [b"receptionist", None, 7, {1}, [None], {"receptionist", 1}, [""]]
)
def test_roles_are_texts(roles: object) -> None:
    """Bytes would be taken for numbers, and nothing for an error of Python."""
    with pytest.raises(NotPermitted, match="not a set of texts"):
        Actor("clerk", roles=roles, agency="H15")


@pytest.mark.parametrize(
    "agency", ["H15.", ".H15", "H15..1", "h15", "H 15", "H15\n", "Đ1", "H" * 36]
)
def test_an_agency_is_an_identifier_everywhere(agency: str) -> None:
    """Decision 20/2020: parts of A-Z and 0-9 between single dots, at most 35 characters."""
    desk = Desk()
    with pytest.raises(TextError, match="identifier of an agency"):
        Actor("clerk", roles={"receptionist"}, agency=agency)
    with pytest.raises(TextError, match="identifier of an agency"):
        desk.office.submit(CODE, applicant="A", channel="online", agency=agency)
    with pytest.raises(TextError, match="identifier of an agency"):
        OneStop(MemoryStore(), agency=agency, catalog=catalog())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A\x00B", r"U\+0000 at position 2"),
        ("A\x1b[31mB", r"U\+001B"),
        ("A\u202eB", r"U\+202E"),
        ("\ud800", r"U\+D800"),
        ("\u200b\u2060 \u3164"[:3], "nothing that can be seen"),
        ("A" * 501, "501 characters. At most 500"),
        (b"A", "is not a text"),
        (None, "is not a text"),
    ],
)
def test_a_name_that_nobody_can_read_is_refused(text: object, words: str) -> None:
    """With the character, its place, or the number of characters; nothing is written."""
    desk = Desk()
    with pytest.raises(TextError, match=words):
        desk.office.submit(CODE, applicant=text, channel="online")
    assert desk.office.store.count() == 1


def test_texts_are_kept_in_one_spelling() -> None:
    """A name, a note and a fact given in pieces (NFD) are kept whole (NFC)."""
    desk = Desk()
    code = desk.office.submit(CODE, applicant="Nguye\u0302\u0303n", channel="online").code
    assert desk.office.get(code).applicant == "Nguy\u1ec5n"
    desk.act("receive", "receptionist", note="D\u0323a")
    assert desk.office.journal(desk.code)[-1].note == "\u1e0ca"
    desk.act("transfer", "receptionist", note="e\u0302\u0309")
    assert desk.office.journal(desk.code)[-1].note == "\u1ec3"
    with pytest.raises(TextError, match="The note has 10001 characters"):
        desk.act("forward", desk.step_role(), note="x" * 10_001)


def test_typical_mistakes_of_a_caller_are_told_apart() -> None:
    """One text for the roles, a wrong channel, no name, another agency, a fact of another kind."""
    desk = Desk()
    with pytest.raises(NotPermitted, match=r'roles=\{"receptionist"\}'):
        Actor("clerk", roles="receptionist", agency="H15")
    with pytest.raises(TextError, match="agency of an actor None is not the identifier"):
        Actor("clerk", roles={"receptionist"}, agency=None)
    with pytest.raises(JournalError, match='Did you mean "online"'):
        desk.office.submit(CODE, applicant="A", channel="Online")
    with pytest.raises(TextError, match="has nothing that can be seen"):
        desk.office.submit(CODE, applicant="  ", channel="online")
    with pytest.raises(NotPermitted, match="not below H15"):
        desk.office.submit(CODE, applicant="A", channel="online", agency="H99")
    with pytest.raises(MomentError, match="is not a moment"):
        desk.office.submit(CODE, applicant="A", channel="online", at=START.date())
    with pytest.raises(MomentError, match="gives no new date"):
        desk.act("receive", "receptionist", due=START + timedelta(days=9))
    desk.to_processing()
    with pytest.raises(FactRefused, match="declares it bool"):
        desk.act("forward", desk.step_role(), facts={"fee_due": "yes"})
    with pytest.raises(JournalError, match="without entries"):
        desk.office.replay(())
    with pytest.raises(JournalError, match="cannot begin"):
        desk.office.replay(desk.office.journal(desk.code)[1:])
    assert desk.office.store.count() == 1


def test_moments_that_cannot_be_recorded_are_refused() -> None:
    """Naive, foreign, future, and before the last entry."""
    desk = Desk()
    with pytest.raises(MomentError, match="has no time zone"):
        desk.act("receive", "receptionist", at=datetime(2026, 3, 2, 9))  # noqa: DTZ001
    with pytest.raises(MomentError, match="not in Vietnamese time"):
        desk.act("receive", "receptionist", at=datetime(2026, 3, 2, 2, tzinfo=UTC))
    with pytest.raises(MomentError, match="in the future"):
        desk.act("receive", "receptionist", at=START + timedelta(minutes=1))
    with pytest.raises(MomentError, match="before the last entry"):
        desk.act("receive", "receptionist", at=START - timedelta(minutes=1))
    assert desk.office.get(desk.code).seq == 1


def test_a_procedure_not_in_force_on_the_day_is_refused() -> None:
    """The decision is of 27 November 2025."""
    desk = Desk()
    with pytest.raises(ProcedureNotFound, match="2025-11-27"):
        desk.office.submit(
            CODE, applicant="A", channel="online", at=parse_local("2025-11-26T09:00")
        )


def test_a_deadline_past_the_horizon_leaves_the_dossier_as_it_was() -> None:
    """The refusal names the horizon; nothing is written."""
    now = parse_local("2026-12-21T09:00")
    announced = WorkCalendar.vietnam()
    office = OneStop(
        MemoryStore(), agency="H15", catalog=catalog(), calendar=announced, clock=lambda: now
    )
    code = office.submit(CODE, applicant="A", channel="counter").code
    clerk = Actor("clerk", roles={"receptionist"}, agency="H15")
    with pytest.raises(CalendarNotCovered, match="2026-12-31"):
        office.act(code, "receive", by=clerk)
    assert office.get(code).state == "submitted"
    assert len(office.journal(code)) == 1


def test_a_broken_journal_is_refused() -> None:
    """A missing or changed entry is found by folding, with its number."""
    desk = Desk()
    desk.to_processing()
    journal = desk.office.journal(desk.code)
    with pytest.raises(JournalError, match="Entry 3"):
        desk.office.replay((journal[0], journal[2]))
    with pytest.raises(JournalError, match="Entry 2"):
        desk.office.replay((journal[0], structs.replace(journal[1], target="nowhere")))
    with pytest.raises(JournalError, match="cannot begin"):
        desk.office.replay((structs.replace(journal[0], seq=2),))


def test_two_officers_at_once_do_not_both_win() -> None:
    """The second entry on the same number is refused, and nothing of it is kept."""
    desk = Desk()
    dossier, ground = desk.office._grounds.fold(desk.code)  # noqa: SLF001 - the race needs its inside
    clerk = Actor("clerk", roles={"receptionist"}, agency="H15")
    entry = decide(dossier, "receive", by=clerk, at=START, ground=ground)
    desk.act("reject", "receptionist")
    with pytest.raises(StoreConflict):
        desk.office.store.append(Record(entry, Standing.of(apply(dossier, entry, ground))))
    assert [each.action for each in desk.office.journal(desk.code)] == ["submit", "reject"]


class Walk(RuleBasedStateMachine):
    """Random actions by random actors at random times, on any shipped procedure.

    The desk must refuse or accept; the fold of the journal must equal what the desk says; and the
    machine of the transitions library must come to the same state.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.office = OneStop(
            MemoryStore(), agency="H15", catalog=catalog(), calendar=calendar(),
            clock=lambda: self.now,
        )  # fmt: skip
        self.dossier: Dossier | None = None

    @precondition(lambda self: self.dossier is None)
    @rule(
        code=st.sampled_from(sorted(shipped_catalogue())),
        channel=st.sampled_from(["online", "post"]),
    )
    def hand_in(self, code: str, channel: str) -> None:
        """Hand in a dossier of any procedure."""
        self.dossier = self.office.submit(
            code, applicant="A", channel=channel, applicant_id="somebody"
        )
        revision = self.office.catalog.in_force(code, on=self.now.date())
        self.machine = compile_machine(revision.workflow)
        self.walker = Walker(revision.workflow.initial)
        self.workflow = revision.workflow

    @precondition(lambda self: self.dossier is not None)
    @rule(minutes=st.integers(0, 3_000))
    def wait(self, minutes: int) -> None:
        """Let time pass."""
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: self.dossier is not None)
    @rule(data=st.data())
    def take_an_action(self, data: st.DataObject) -> None:
        """Try any action, more often one that starts from the state."""
        assert self.dossier is not None
        here = [way.action for way in self.office.actions(self.dossier.code)]
        action = data.draw(st.sampled_from(sorted(set(here)) or sorted(self.workflow.actions)))
        role = data.draw(st.sampled_from(sorted(self.workflow.roles)))
        actor = Actor("somebody", roles={role, "receptionist"}, agency="H15.10")
        due = self.now + timedelta(days=data.draw(st.integers(1, 40)))
        before = self.dossier
        try:
            self.dossier = self.office.act(self.dossier.code, action, by=actor, due=due)
        except (ActionRefused, MomentError):
            assert self.office.get(before.code) == before
            return
        entry = self.office.journal(before.code)[-1]
        taken = [
            way
            for way in self.workflow.transitions
            if (way.source, way.action, way.target) == (entry.source, action, entry.target)
        ]
        assert taken
        self.walker.state = before.state
        targets = {way.dest for way in self.machine.events[action].transitions[before.state]}
        assert entry.target in targets

    @invariant()
    def the_dossier_is_the_fold_of_its_journal(self) -> None:
        """Nothing is in the dossier that its entries do not say."""
        if self.dossier is None:
            return
        journal = self.office.journal(self.dossier.code)
        assert self.office.replay(journal) == self.dossier
        assert [entry.seq for entry in journal] == list(range(1, len(journal) + 1))
        assert all(a.happened_at <= b.happened_at for a, b in pairwise(journal))

    @invariant()
    def the_clock_and_the_status_agree(self) -> None:
        """Waiting for a supplement or payment there is no due date; while processing there is."""
        dossier = self.dossier
        if dossier is None or dossier.deadline is None or dossier.finished_at is not None:
            return
        if dossier.national_status in {5, 6}:
            assert dossier.deadline.due is None or dossier.deadline.ignored
        if dossier.national_status == 4:
            assert dossier.deadline.due is not None or not dossier.deadline.limit.stated


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


@given(st.integers(0, 4))
def test_folding_a_prefix_and_applying_the_rest_is_folding_all(cut: int) -> None:
    """fold(a + b) = apply b to fold(a)."""
    desk = Desk()
    desk.to_processing()
    desk.act("forward", desk.step_role())
    desk.act("send_back", desk.step_role())
    journal = desk.office.journal(desk.code)
    _, ground = desk.office._grounds.fold(desk.code)  # noqa: SLF001 - the pure core under test
    dossier = fold(journal[: cut + 1], lambda _: ground)
    for entry in journal[cut + 1 :]:
        dossier = apply(dossier, entry, ground)
    assert dossier == fold(journal, lambda _: ground)
    assert begin(journal[0], ground).seq == 1
    assert dossier.last_at.tzinfo is VIETNAM


def test_a_case_that_the_procedure_does_not_know_is_refused(tmp_path: Path) -> None:
    """Taken for any other dossier it would get another limit; where no case is known all are."""
    cited = "citation: Quyết định 1/QĐ-UBND (giả định)"
    text = (
        'format: 1\ncode: "9.000001"\nname: {vi: Thử}\nfield: {id: tests, vi: Thử}\n'
        'checked_on: "2026-11-21"\nsource: invented\nrevisions:\n  - effective_from: "2026-01-01"\n'
        f"    {cited}\n    template: ordinary\n    limits: [{{limit: 9 working_day, {cited}}}%s]\n"
    )
    file = tmp_path / "9.000001-x.yaml"
    file.write_text(text % f", {{limit: 15 working_day, case: large, {cited}}}", encoding="utf-8")
    office = OneStop.open("sqlite://", agency="H15", catalog=Catalog.load(file))
    with pytest.raises(TimeLimitError, match=r"knows no case 'larg'. Did you mean \"large\"\?"):
        office.submit("9.000001", applicant="A", channel="counter", case="larg", at=START)
    assert office.submit("9.000001", applicant="A", channel="counter", case="large", at=START)
    # a guard that asks whether there is a case at all knows none by name
    rows = (
        "    steps:\n      - {number: 1, phase: processing, role: officer, vi: a, "
        "ways: [{action: forward, to: 3, guard: case != ''}]}\n"
        "      - {number: 2, phase: processing, role: officer, vi: b}\n"
        "      - {number: 3, phase: processing, role: officer, vi: c}\n"
    )
    file.write_text(text % "" + rows, encoding="utf-8")
    office = OneStop.open("sqlite://", agency="H15", catalog=Catalog.load(file))
    assert office.submit("9.000001", applicant="A", channel="counter", case="any", at=START)


def test_a_fact_of_the_host_may_have_any_name_in_a_refusal(tmp_path: Path) -> None:
    """One that begins like those of parties is no part of a step, and is told by its value."""
    cited = "citation: Quyết định 1/QĐ-UBND (giả định)"
    file = tmp_path / "9.000001-x.yaml"
    file.write_text(
        'format: 1\ncode: "9.000001"\nname: {vi: Thử}\nfield: {id: tests, vi: Thử}\n'
        'checked_on: "2026-11-21"\nsource: invented\nrevisions:\n'
        f'  - effective_from: "2026-01-01"\n    {cited}\n    template: ordinary\n'
        "    facts: {done_work: bool}\n    steps:\n"
        "      - {number: 1, phase: processing, role: officer, vi: a, ways: "
        "[{action: jump, to: 2, vi: Sang, guard: done_work}]}\n"
        "      - {number: 2, phase: processing, role: officer, vi: b}\n",
        encoding="utf-8",
    )
    office = OneStop.open(
        "sqlite://", agency="H15", catalog=Catalog.load(file), clock=lambda: START
    )
    code = office.submit("9.000001", applicant="A", channel="counter").code
    for action in ("receive", "transfer"):
        actor = Actor("r", roles={"receptionist"}, agency="H15")
        office.act(code, action, by=actor)
    with pytest.raises(GuardRefused, match=r"Now: done_work = no"):
        office.act(code, "jump", by=Actor("o", roles={"officer"}, agency="H15"))


def test_what_is_no_actor_no_code_and_no_catalogue_is_named(tmp_path: Path) -> None:
    """A name for an actor, the dossier for its code and a path for the catalogue: first mistakes.

    The last is refused before anything is asked of it, not when the first dossier comes.
    """
    office = OneStop(MemoryStore(), agency="H15", catalog=catalog(), calendar=calendar())
    dossier = office.submit(CODE, applicant="Công ty A", channel="online", at=START)
    calls: list[Callable[[], object]] = [
        lambda: office.act(dossier.code, "receive", by="officer-17"),  # type: ignore[arg-type]
        lambda: office.choices(dossier.code, by="officer-17"),  # type: ignore[arg-type]
        lambda: office.actions(dossier.code, by="officer-17"),  # type: ignore[arg-type]
        lambda: office.worklist(by="officer-17"),  # type: ignore[arg-type]
        lambda: office.submit(CODE, applicant="B", channel="online", by="officer-17"),  # type: ignore[arg-type]
        lambda: order_entry(dossier, action="recount", by="officer-17", at=START, note="QĐ"),  # type: ignore[arg-type]
        lambda: office.get(dossier.code, by="officer-17"),  # type: ignore[arg-type]
    ]
    for call in calls:
        with pytest.raises(NotPermitted, match=r"A str is no actor.*Pass Actor\("):
            call()
    calls = [
        lambda: office.get(dossier),  # type: ignore[arg-type]
        lambda: office.journal(dossier),  # type: ignore[arg-type]
        lambda: office.progress(dossier),  # type: ignore[arg-type]
        lambda: office.act(dossier, "receive", by=Actor("r-1", roles=set())),  # type: ignore[arg-type]
    ]
    for call in calls:
        with pytest.raises(UnknownDossier, match=r"A Dossier is not the code.*dossier\.code"):
            call()
    officer = Actor("r-1", roles={"receptionist"}, agency="H15.10")
    with pytest.raises(JournalError, match=r"cannot be '1'.*int\("):
        office.act(dossier.code, "receive", by=officer, seq="1")  # type: ignore[arg-type]
    with pytest.raises(FactRefused, match=r"A list is no mapping of facts\. Pass the value"):
        office.act(dossier.code, "receive", by=officer, facts=["fee_due"])  # type: ignore[arg-type]
    with pytest.raises(ProcedureNotFound, match=r'1\.001806 is not the code.*like "1\.001806"'):
        office.submit(1.001806, applicant="Công ty A", channel="online")  # type: ignore[arg-type]
    with pytest.raises(IgateError, match=r"is no catalogue of procedures\. Pass Catalog\.load\("):
        OneStop(MemoryStore(), agency="H15", catalog=str(tmp_path))  # type: ignore[arg-type]
    with pytest.raises(StoreError, match=r"'None' is not the address of a database"):
        OneStop.open(None, agency="H15")  # type: ignore[arg-type]
    assert office.get(dossier.code) == dossier


def test_a_counter_of_any_is_said_in_words() -> None:
    """``counters: any`` means every agency of the province; a stranger is told so."""
    office = OneStop(MemoryStore(), agency="H15", catalog=catalog(), calendar=calendar())
    dossier = office.submit(CODE, applicant="Công ty A", channel="counter", at=START)
    stranger = Actor("r-9", roles={"receptionist"}, agency="H16")
    with pytest.raises(NotPermitted, match="Its counters are all of the province") as caught:
        office.act(dossier.code, "receive", by=stranger)
    assert "Các quầy" in caught.value.text("vi")
