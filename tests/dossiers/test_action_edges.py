"""Edges of what an action asks for, of the facts that guards read, and of who may act."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest
from msgspec import structs

from desks import expected_days
from igate.deadlines.limits import limit_of
from igate.dossiers.dossier import Actor, Ask, Asked, Mandate
from igate.dossiers.facts import asked_after, facts_after, guard_facts, waiting_since
from igate.dossiers.manner import Given, check_backdate, is_late
from igate.dossiers.permission import asked_of, choose
from igate.errors import ActionRefused, FactRefused, MomentError, NotPermitted, TextError
from igate.law.localtime import parse_local
from igate.procedures.workflow import PLAIN, Transition
from shared import PAID
from walking import START, TOGETHER, Walk

FACTS = "    facts: {urgent: bool, price: {kind: int, set_by: [officer, finish]}, remark: text}\n"
NAMED = "    counters: [H15.00]\n"
NOTHING = {"bool": False, "int": 0, "text": ""}
TUESDAY = START + timedelta(days=1)


def known(walk: Walk, *names: str, **passed: bool | int | str) -> dict[str, object]:
    """Return what a guard is told of a dossier, a day after it was handed in."""
    return dict(
        guard_facts(
            walk.dossier, frozenset(names), TUESDAY, walk.ground.table, walk.ground.calendar,
            MappingProxyType(passed),
        )
    )  # fmt: skip


# facts


def test_a_fact_is_what_is_passed_else_what_was_established_else_nothing_of_its_kind() -> None:
    """Of the three kinds: no, nought, and an empty text; a counter of the journal begins at 0."""
    walk = Walk(more=FACTS)
    walk.start()
    names = ("urgent", "price", "remark", "apologies")
    assert known(walk, *names) == {"urgent": False, "price": 0, "remark": "", "apologies": 0}
    walk.take("take", "officer", facts={"price": 5})
    assert known(walk, "price") == {"price": 5}
    assert known(walk, "price", price=7) == {"price": 7}
    assert known(walk) == {}


def test_days_are_counted_from_the_receipt_and_to_the_date_of_return() -> None:
    """Received on Monday 2 March, ten working days end on Monday the 16th: nine after Tuesday."""
    walk = Walk()
    days = ("working_days_since_receipt", "working_days_left", "days_waiting")
    before = known(walk, *days)
    assert before["working_days_since_receipt"] == 0
    assert before["working_days_left"] > 1000
    walk.start()
    assert known(walk, *days) == {
        "working_days_since_receipt": 1, "working_days_left": 9, "days_waiting": 1,
    }  # fmt: skip


def test_the_channel_the_case_and_the_area_are_those_registered() -> None:
    """What a guard reads of the registration, of the course and of the agencies asked."""
    walk = Walk()
    walk.start()
    names = ("channel", "case", "area", "came_from", "last_action", "agencies_asked")
    assert known(walk, *names) == {
        "channel": "counter", "case": "", "area": "", "came_from": "received",
        "last_action": "transfer", "agencies_asked": 0,
    }  # fmt: skip


def test_requests_apologies_and_sendings_back_are_counted() -> None:
    """A supplement that is asked for, not one that comes; a payment is none."""
    walk = Walk(more="    options: [back_to_asker]\n")
    walk.start()
    facts = walk.dossier.facts
    assert facts_after(facts, structs.replace(walk.entry, facts={})) is facts
    walk.take("ask_payment", "officer")
    assert "supplement_requests" not in walk.dossier.facts
    walk.take("pay", "applicant", facts=PAID)
    asked = walk.take("ask_supplement", "officer").facts
    assert asked["supplement_requests"] == 1
    assert facts_after(asked, walk.entry)["supplement_requests"] == 2
    assert walk.take("supplement", "applicant").facts["supplement_requests"] == 1
    later = walk.dossier.last_at + timedelta(days=30)
    assert walk.take("apologise", "officer", due=later).facts["apologies"] == 1
    walk.take("forward", "officer")
    walk.take("send_back", "leader")
    walk.take("forward", "officer")
    again = walk.take("send_back", "leader").facts
    assert (again["send_backs"], again["supplement_requests"]) == (2, 1)


def test_a_wait_begins_with_the_last_mark_if_it_stopped_the_clock() -> None:
    """Else with the last entry; of two waits the second counts."""
    walk = Walk()
    assert waiting_since(walk.dossier) == START
    walk.start()
    walk.take("ask_payment", "officer", hours=1)
    assert waiting_since(walk.dossier) == START + timedelta(hours=1)
    walk.take("pay", "applicant", facts=PAID, hours=1)
    assert waiting_since(walk.dossier) == START + timedelta(hours=2)
    walk.take("ask_payment", "officer", hours=1)
    walk.take("withdraw", "applicant", hours=1)
    assert waiting_since(walk.dossier) == START + timedelta(hours=3)


def test_received_elsewhere_is_neither_at_the_competent_agency_nor_at_a_named_counter() -> None:
    """Not before the receipt, not at home, not at the centre that the procedure names."""
    walk = Walk(more=NAMED)
    at = {}
    for counter in ("", "H15.10", "H15.10.3", "H15.00", "H15.20"):
        walk.dossier = structs.replace(walk.dossier, counter=counter)
        at[counter] = known(walk, "received_elsewhere")["received_elsewhere"]
    assert at == {"": False, "H15.10": False, "H15.10.3": False, "H15.00": False, "H15.20": True}


# agencies that are asked


def consulted(*asks: Ask) -> Walk:
    """Return a dossier for whose step other agencies are asked."""
    walk = Walk(template="consultation")
    walk.start()
    walk.take("consult", "officer", agencies=asks)
    return walk


def test_a_term_has_lapsed_after_its_last_minute_and_none_lapses_that_was_not_given() -> None:
    """One working day from Monday ends on Tuesday at 17:00; all that are missing must be late."""
    walk = consulted(Ask("H15.30", "1 working_day"), Ask("H15.40"))
    first, second = walk.dossier.asked
    assert first == Asked(agency="H15.30", asked_at=START, due=parse_local("2026-03-03T17:00"))
    assert second == Asked(agency="H15.40", asked_at=START)

    def lapsed(at: str, *asked: Asked) -> object:
        dossier = structs.replace(walk.dossier, asked=asked)
        return guard_facts(
            dossier, frozenset({"terms_lapsed"}), parse_local(at), walk.ground.table,
            walk.ground.calendar, {},
        )["terms_lapsed"]  # fmt: skip

    assert lapsed("2026-03-03T17:00", first, second) is False
    assert lapsed("2026-03-03T17:01", first, second) is True
    longer = structs.replace(second, due=parse_local("2026-03-09T17:00"))
    assert lapsed("2026-03-04T08:00", first, longer) is False
    answered = structs.replace(longer, answered_at=START)
    assert lapsed("2026-03-04T08:00", first, answered) is True
    assert lapsed("2026-03-03T08:00", second) is True


def test_an_answer_is_kept_with_its_agency_once() -> None:
    """An entry that neither asks nor answers leaves all as it is; an answer stays the first."""
    walk = consulted(Ask("H15.30"), Ask("H15.40"))
    calendar, rules = walk.ground.calendar, walk.ground.rules
    before = walk.dossier.asked
    assert asked_after(walk.dossier, walk.crafted(), calendar, rules) is before
    walk.take("give_opinion", "officer", agencies=[Ask("H15.30")], hours=1)
    assert [each.answered_at for each in walk.dossier.asked] == [START + timedelta(hours=1), None]
    again = walk.crafted(answers="H15.30", happened_at=START + timedelta(hours=2))
    assert asked_after(walk.dossier, again, calendar, rules) == walk.dossier.asked
    assert (asked_of(walk.dossier, "H15.30"), asked_of(walk.dossier, "H15.40.1")) == ("", "H15.40")


def test_whose_answer_it_is_must_be_known() -> None:
    """The agency itself, or the one that the officer names: one, that was asked, and its own."""
    walk = consulted(Ask("H15.30"), Ask("H15.40"))
    other = Actor("hoa", roles={"other_agency"}, agency="H15.30")
    with pytest.raises(ActionRefused, match=r"hoa answers for H15\.30, not for H15\.40"):
        walk.take_as(other, "give_opinion", agencies=[Ask("H15.40")])
    with pytest.raises(ActionRefused, match="Whose answer is it"):
        walk.take("give_opinion", "officer", agencies=[Ask("H15.30"), Ask("H15.40")])
    walk.take_as(other, "give_opinion", agencies=[Ask("H15.30")])
    assert (walk.entry.answers, walk.entry.asks) == ("H15.30", ())
    with pytest.raises(ActionRefused, match=r"H15\.30 has not been asked, or has answered"):
        walk.take("give_opinion", "officer", agencies=[Ask("H15.30")])
    walk.take("give_opinion", "officer", agencies=[Ask("H15.40")])
    assert (walk.entry.answers, walk.dossier.state) == ("H15.40", "processing_2")


def test_what_is_asked_is_checked_where_it_is_passed() -> None:
    """An identifier, a limit that can be read, and none of them twice."""
    walk = Walk(template="consultation")
    walk.start()
    before = walk.entry
    for wrong in ([Ask("Sở Thuế")], [Ask("H15.30", "soon")], [Ask("H15.30"), Ask("H15.30")]):
        with pytest.raises((ActionRefused, TextError, ValueError)):
            walk.take("consult", "officer", agencies=wrong)
        assert walk.entry is before, "decided, and refused only where it is counted"
    walk.take("consult", "officer", agencies=[Ask("H15.30", "5 working_day"), Ask("H15.40")])
    assert walk.entry.asks == (Ask("H15.30", "5 working_day"), Ask("H15.40"))


# facts that are passed


def test_who_may_pass_a_fact() -> None:
    """By role or by action where it is declared, else for those who do the steps."""
    walk = Walk(more=FACTS)
    for facts, said in (
        ({"urgent": True}, '"urgent" cannot be established by'),
        ({"unknown": True}, "has no fact unknown"),
        ({"fee_paid": True}, r"fee_paid\) is established by the action"),
        ({"fee_receipt": "1"}, r"fee_receipt\) is established by the action"),
        # all that there are, each of its kind: known, and the first by letter refused
        (
            {n: NOTHING[k] for n, k in walk.ground.table.workflow.facts.items()},
            r"arrived\) is established by",
        ),
    ):
        with pytest.raises(FactRefused, match=said):
            walk.take("receive", "receptionist", facts=facts)
    walk.start()
    with pytest.raises(FactRefused):
        walk.take("take", "officer", facts={"urgent": 1})
    walk.take("forward", "officer", facts={"urgent": True, "price": 5, "remark": "gấp"})
    assert walk.dossier.facts.items() >= {"urgent": True, "price": 5, "remark": "gấp"}.items()
    with pytest.raises(FactRefused):
        walk.take("send_back", "leader", facts={"price": 6})
    assert walk.take("finish", "leader", facts={"price": 6}).facts["price"] == 6


def test_nobody_passes_the_part_of_another() -> None:
    """It is established by the party's own action alone."""
    walk = Walk(TOGETHER)
    walk.start()
    with pytest.raises(FactRefused, match=r"done_2_clerk\) is established by the party itself"):
        walk.take("ask_payment", "officer", facts={"done_2_clerk": True})


# how late it may be recorded


@pytest.mark.parametrize(
    ("days", "role", "taken"),
    [
        # from Monday 2 March: the next working day is Tuesday
        (0, "officer", True), (1, "officer", True), (2, "officer", False),
        # the leader may record what happened longer ago
        (2, "leader", True), (30, "leader", True),
    ],
)  # fmt: skip
def test_an_action_is_recorded_by_the_next_working_day(
    days: int, role: str, *, taken: bool
) -> None:
    """Unless the workflow gives the role a right to more."""
    walk = Walk()
    walk.start()
    (transition, *_) = walk.ground.table.transitions["processing_2", "forward"]
    actor = Actor("x", roles={role}, agency="H15.10")
    recorded = START + timedelta(days=days)
    given = (walk.dossier, transition, actor, START, recorded, walk.ground)
    if taken:
        check_backdate(*given)
    else:
        with pytest.raises(MomentError):
            check_backdate(*given)


def test_an_apology_is_recorded_on_its_day_and_a_limit_of_its_own_goes_before() -> None:
    """``max_backdate: none`` and a replaced date: not at all; three working days: by Thursday."""
    walk = Walk()
    walk.start()
    actor = Actor("x", roles={"officer"}, agency="H15.10")
    (apology, *_) = walk.ground.table.transitions["processing_2", "apologise"]
    (forward, *_) = walk.ground.table.transitions["processing_2", "forward"]

    def with_limit(text: str) -> object:
        return structs.replace(forward, manner=replace(forward.manner, max_backdate=limit_of(text)))

    plain = structs.replace(apology, manner=forward.manner)
    for transition, days, taken in (
        (apology, 1, False), (plain, 1, False), (apology, 0, True),
        (with_limit("3 working_day"), 3, True), (with_limit("3 working_day"), 4, False),
        (with_limit("not_stated"), 1, False), (with_limit("not_stated"), 0, True),
    ):  # fmt: skip
        given = (walk.dossier, transition, actor, START, START + timedelta(days=days), walk.ground)
        if taken:
            check_backdate(*given)
        else:
            with pytest.raises(MomentError):
                check_backdate(*given)


@pytest.mark.parametrize("action", ["refuse", "stop"])
def test_no_end_is_recorded_after_the_date_of_return_that_lay_before_it(action: str) -> None:
    """Due on Monday the 16th: an end of the 16th is not recorded on the 17th, one of the 17th is.

    An end before the date and recorded by it is as any other action.
    """
    walk = Walk()
    walk.start()
    (transition, *_) = walk.ground.table.transitions["processing_2", action]
    actor = Actor("x", roles={"officer"}, agency="H15.10")
    for happened, recorded, taken in (
        ("2026-03-13", "2026-03-16", True), ("2026-03-16", "2026-03-17", False),
        ("2026-03-13", "2026-03-17", False), ("2026-03-17", "2026-03-18", True),
    ):  # fmt: skip
        at, then = parse_local(f"{happened}T10:00"), parse_local(f"{recorded}T10:00")
        given = (walk.dossier, transition, actor, at, then, walk.ground)
        if taken:
            check_backdate(*given)
        else:
            with pytest.raises(MomentError):
                check_backdate(*given)


@pytest.mark.parametrize(
    ("happened", "recorded", "late"),
    [
        # Friday, then Monday and Tuesday; on the day; before it
        ("2026-03-06", "2026-03-09", False), ("2026-03-06", "2026-03-10", True),
        ("2026-03-06", "2026-03-06", False), ("2026-03-06", "2026-03-05", False),
        # no calendar knows 2009: days are counted then
        ("2009-03-02", "2009-03-03", False), ("2009-03-02", "2009-03-04", True),
    ],
)  # fmt: skip
def test_what_is_recorded_after_the_next_working_day_is_late(
    happened: str, recorded: str, *, late: bool
) -> None:
    """By the working calendar; outside of it by the days."""
    entry = structs.replace(
        Walk().entry,
        happened_at=parse_local(f"{happened}T10:00"), recorded_at=parse_local(f"{recorded}T09:00"),
    )  # fmt: skip
    assert is_late(entry, expected_days()) is late


# what is named, and what would be kept without effect


def test_a_step_is_assigned_to_the_one_named_to_the_actor_or_to_nobody() -> None:
    """A name where it is asked for, and nowhere else; what assigns nothing leaves it as it is."""
    walk = Walk()
    walk.start()
    with pytest.raises(ActionRefused, match="names the one"):
        walk.take("assign", "leader")
    with pytest.raises(ActionRefused, match="assigns no step"):
        walk.take("take", "officer", to="minh")
    assigned = {}
    for action, role, more in (
        ("assign", "leader", {"to": "minh"}), ("take", "officer", {}),
        ("give_back", "officer", {"note": "Nghỉ"}), ("ask_payment", "officer", {}),
    ):  # fmt: skip
        name = "minh" if action == "take" else "binh" if action == "give_back" else ""
        walk.dossier = structs.replace(walk.dossier, assignees=MappingProxyType({}))
        walk.take(action, role, name, **more)
        assigned[action] = walk.entry.assignee
    assert assigned == {"assign": "minh", "take": "minh", "give_back": "", "ask_payment": None}


def test_only_what_differs_is_kept_of_a_correction() -> None:
    """A name that is as it was is no change; representatives are compared as they are written."""
    walk = Walk()
    changes = {"applicant": "Bà An", "applicant_id": "an2", "representatives": ""}
    walk.take("correct", "receptionist", note="x", changes=changes)
    assert walk.entry.changes == {"applicant_id": "an2"}
    walk.take("receive", "receptionist")
    assert walk.entry.changes == {}
    walk.take("correct", "receptionist", note="x", changes={"representatives": "ba\ncu"})
    assert walk.dossier.submission.representatives == ("ba", "cu")
    for wrong in ({"representatives": "ba\ncu"}, {"agency": "Sở Tư pháp"}, {"revision": "x"}):
        with pytest.raises((ActionRefused, TextError)):
            walk.take("correct", "receptionist", note="x", changes=wrong)


# who may act


def test_a_counter_serves_its_province_or_is_named() -> None:
    """``any``: an agency below the same province; else the ones named and those below them."""
    for counters, agencies in (
        ("", {"H15.20": True, "H15": True, "H16.20": False, "": False}),
        (NAMED, {"H15.00": True, "H15.00.1": True, "H15.20": False, "H15.10": True, "": False}),
    ):
        for agency, taken in agencies.items():
            actor = Actor("x", roles={"receptionist"}, agency=agency)
            walk = Walk(more=counters)
            if taken:
                assert walk.take_as(actor, "receive").counter == agency
            else:
                with pytest.raises(NotPermitted):
                    walk.take_as(actor, "receive")


def test_of_several_roles_that_may_act_the_first_by_letter_is_written_down() -> None:
    """An applicant's role counts in his own dossier alone."""
    walk = Walk()
    walk.start()
    both = Actor("x", roles={"receptionist", "leader", "applicant"}, agency="H15.10")
    walk.take_as(both, "waive_fee", note="Hộ nghèo")
    assert walk.entry.role == "leader"
    walk.take_as(both, "withdraw")
    assert walk.entry.role == "receptionist"
    with pytest.raises(NotPermitted):
        walk.take_as(Actor("y", roles={"applicant"}), "cancel_withdrawal")
    walk.take("cancel_withdrawal", "applicant")
    assert (walk.entry.role, walk.entry.actor) == ("applicant", "an")


def test_a_mandate_gives_no_more_than_the_roles_it_names() -> None:
    """The officer's substitute signs for no leader; of two roles that it names the first counts."""
    walk = Walk()
    walk.start()
    walk.take("forward", "officer")

    def binh(*roles: str) -> Actor:
        mandate = Mandate(
            principal="minh", capacity="substitute", roles=set(roles), start=START.date(),
            end=TUESDAY.date(),
        )  # fmt: skip
        return Actor("binh", roles=set(), agency="H15.10", mandates=[mandate])

    with pytest.raises(NotPermitted):
        walk.take_as(binh("officer"), "finish")
    walk.take_as(binh("receptionist", "leader", "officer"), "waive_fee", note="Hộ nghèo")
    assert (walk.entry.role, walk.entry.on_behalf) == ("leader", "minh")


def test_who_is_barred_from_one_way_may_take_the_next() -> None:
    """The first is for the assignee alone, the second for every leader; without it he is barred."""
    walk = Walk()
    walk.start()
    walk.take("assign", "leader", to="minh")
    table = walk.ground.table
    (forward, *_) = table.transitions["processing_2", "forward"]
    second = structs.replace(forward, roles=frozenset({"leader"}), manner=PLAIN)
    both = Actor("binh", roles={"officer", "leader"}, agency="H15.10")

    def chosen(*ways: Transition) -> tuple[Transition, str, Mandate | None]:
        changed = {**table.transitions, ("processing_2", "forward"): ways}
        return choose(
            walk.dossier, "forward", both, START, replace(table, transitions=changed),
            walk.ground.calendar, {},
        )  # fmt: skip

    assert forward.manner.own
    assert chosen(forward, second) == (second, "leader", None)
    with pytest.raises(NotPermitted):
        chosen(forward)


def test_what_was_given_is_named_and_stays_as_it_is() -> None:
    """A value like the entry that it becomes a part of: by keyword, and never changed."""
    given = Given(assignee="minh")
    with pytest.raises(AttributeError):
        given.assignee = "binh"
    with pytest.raises(TypeError):
        Given("minh")
