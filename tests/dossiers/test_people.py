"""Who has a step, for whom somebody acted, and who may not act."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desks import CITED, Desk, procedure
from igate.dossiers.dossier import Actor, Ask, Mandate
from igate.errors import ActionRefused, FactRefused, GuardRefused, NotPermitted
from walking import FOUR_EYES


def actor(who: str, *roles: str, mandates: tuple[Mandate, ...] = ()) -> Actor:
    return Actor(who, roles=set(roles), agency="H15.10", mandates=mandates)


# assignees


def test_a_step_that_is_assigned_is_for_that_one_alone() -> None:
    """Assigned by a superior, assigned anew, given back with a reason, taken by another."""
    desk = Desk()
    desk.to_step(3)
    assert desk.act("assign", "head_of_section", to="minh").assignee == "minh"
    with pytest.raises(NotPermitted, match="the step is assigned to minh"):
        desk.act("forward", "officer", "binh")
    with pytest.raises(NotPermitted, match="the step is assigned to minh"):
        desk.act("take", "officer", "binh")
    assert desk.act("assign", "leader", to="binh").assignee == "binh"
    (standing,) = desk.office.dossiers()
    assert standing.assignee == "binh"
    with pytest.raises(ActionRefused, match="needs a reason"):
        desk.act("give_back", "officer", "binh")
    assert desk.act("give_back", "officer", "binh", note="Nghỉ phép").assignee == ""
    assert desk.act("take", "officer", "chi").assignee == "chi"
    assert desk.act("forward", "officer", "chi").state == "processing_4"
    assert desk.dossier.assignee == ""


def test_a_dossier_comes_back_to_the_one_who_had_it() -> None:
    """Sent back by the leader; the assignment of step 3 is still there."""
    desk = Desk()
    desk.to_step(3)
    desk.act("take", "officer", "minh")
    desk.act("forward", "officer", "minh")
    assert desk.act("send_back", "leader").assignee == "minh"
    with pytest.raises(NotPermitted, match="assigned to minh"):
        desk.act("forward", "officer", "binh")


def test_who_may_assign_is_said_by_the_template() -> None:
    """An officer assigns nobody; the name is needed, and nothing else takes one."""
    desk = Desk()
    desk.to_step(3)
    with pytest.raises(
        NotPermitted, match=r"It is for .* \(department_leader\) or .* \(head_of_section\)"
    ):
        desk.act("assign", "officer", to="binh")
    with pytest.raises(ActionRefused, match="names the one who is to do the step"):
        desk.act("assign", "leader")
    with pytest.raises(ActionRefused, match=r"assigns no step, so to=… would have no effect"):
        desk.act("forward", "officer", to="binh")


def test_assigning_is_no_visit_and_moves_no_clock() -> None:
    """The step goes on, with the same local date."""
    desk = Desk()
    desk.to_step(3)
    before, due = desk.office.progress(desk.code), desk.due
    desk.act("assign", "leader", to="minh")
    assert desk.office.progress(desk.code) == before
    assert desk.due == due


# mandates


def leave(**more: object) -> Mandate:
    given: dict[str, object] = {
        "principal": "minh", "capacity": "substitute", "roles": {"officer"},
        "start": date(2026, 3, 2), "end": date(2026, 3, 4),
    }  # fmt: skip
    return Mandate(**{**given, **more})  # type: ignore[arg-type]


def test_a_substitute_acts_for_the_assignee_in_the_period() -> None:
    """On the 3rd, not on the 4th, the first day after; both names are kept."""
    desk = Desk()
    desk.to_step(3)
    desk.act("assign", "leader", to="minh")
    binh = actor("binh", mandates=(leave(),))
    desk.at("2026-03-04T09:00")
    with pytest.raises(NotPermitted, match=r"for minh on 2026-03-04\. The mandate holds from"):
        desk.office.act(desk.code, "forward", by=binh)
    desk.at("2026-03-03T09:00")
    (choice,) = [c for c in desk.office.choices(desk.code, by=binh) if c.action == "forward"]
    assert (choice.role, choice.on_behalf) == ("officer", "minh")
    desk.office.act(desk.code, "forward", by=binh)
    entry = desk.office.journal(desk.code)[-1]
    assert (entry.actor, entry.on_behalf, entry.capacity, entry.role) == (
        "binh", "minh", "substitute", "officer",
    )  # fmt: skip


def test_a_deputy_signs_for_the_head() -> None:
    """KT.: the role of the leader, by the deputy; his own role comes first where he has one."""
    desk = Desk()
    desk.to_step(4)
    mandate = leave(principal="giam-doc", capacity="KT.", roles={"leader"}, end=None)
    desk.office.act(desk.code, "finish", by=actor("pho", mandates=(mandate,)))
    entry = desk.office.journal(desk.code)[-1]
    assert (entry.on_behalf, entry.capacity) == ("giam-doc", "KT.")
    visit = next(each for each in desk.office.progress(desk.code) if each.place == "4")
    assert (visit.by, visit.on_behalf, visit.capacity) == ("pho", "giam-doc", "KT.")
    desk = Desk()
    desk.to_step(4)
    desk.office.act(desk.code, "finish", by=actor("pho", "leader", mandates=(mandate,)))
    assert desk.office.journal(desk.code)[-1].on_behalf == ""


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"capacity": "TUQ.", "end": None}, "has no end"),
        ({"capacity": "KT"}, "There is no capacity 'KT'"),
        ({"roles": set()}, "The roles of the mandate are"),
        ({"roles": "officer"}, "The roles of the mandate are 'officer'"),
        ({"end": date(2026, 3, 2)}, "never holds"),
    ],
)
def test_a_mandate_that_nobody_could_have_given_is_refused(
    wrong: dict[str, object], message: str
) -> None:
    """An authorisation without an end, an unknown capacity, no role, an empty period."""
    with pytest.raises(NotPermitted, match=message):
        leave(**wrong)


# four eyes, and one's own dossier


def test_four_eyes() -> None:
    """Who did step 2 does not do step 3, not even by a mandate of another or for himself."""
    desk = Desk(procedure(FOUR_EYES))
    desk.to_step(2)
    desk.act("forward", "officer", "minh")
    with pytest.raises(NotPermitted, match=r"minh may not .* having done step 2"):
        desk.act("finish", "officer", "minh")
    by_mandate = actor("minh", mandates=(leave(principal="giam-doc", roles={"leader"}),))
    with pytest.raises(NotPermitted, match="four eyes"):
        desk.office.act(desk.code, "finish", by=by_mandate)
    for_minh = actor("binh", mandates=(leave(),))
    with pytest.raises(NotPermitted, match="four eyes"):
        desk.office.act(desk.code, "finish", by=for_minh)
    assert desk.act("finish", "leader", "hoa").outcome == "granted"


def test_four_eyes_look_at_the_last_who_did_the_step() -> None:
    """Sent back and done by another one, the step may be checked by the first."""
    desk = Desk(procedure(FOUR_EYES))
    desk.to_step(2)
    desk.act("forward", "officer", "minh")
    desk.act("send_back", "leader")
    desk.act("forward", "officer", "binh")
    assert desk.act("finish", "officer", "minh").outcome == "granted"


def test_four_eyes_look_at_each_who_did_a_part_of_a_row() -> None:
    """Two do step 2 in turn; neither may do step 3."""
    row = "vi: Thẩm định, actors: [{role: officer}, {role: clerk}]"
    steps = FOUR_EYES.replace("role: officer, vi: Thẩm định", row).replace(
        "[officer, leader]", "[officer, clerk, leader]"
    )
    desk = Desk(procedure(steps))
    desk.to_step(2)
    desk.act("forward", "officer", "minh")
    desk.act("forward", "clerk", "binh")
    for who, role, part in (("minh", "officer", "2.1"), ("binh", "clerk", "2.2")):
        with pytest.raises(NotPermitted, match=f"{who} may not .* having done step {part}"):
            desk.act("finish", role, who)
    assert desk.act("finish", "officer", "chi").outcome == "granted"


def test_nobody_settles_his_own_dossier() -> None:
    """The applicant is an officer too, or represents the applicant; unless it is declared."""
    for own in ({"applicant_id": "minh"}, {"representatives": ["minh"]}):
        desk = Desk(**own)
        desk.to_step(3)
        with pytest.raises(NotPermitted, match="nobody settles a dossier of his own"):
            desk.act("forward", "officer", "minh")
        assert desk.act("withdraw", "applicant", "minh").state == "withdrawal_requested"
    desk = Desk(procedure(more="    own_dossiers: allowed\n"), applicant_id="minh")
    desk.to_step(3)
    assert desk.act("forward", "officer", "minh").state == "processing_4"


@pytest.mark.parametrize(
    ("template", "revision", "may"),
    [
        ("", "", False),
        ("refused", "", False),
        ("allowed", "", True),
        ("", "allowed", True),
        ("refused", "allowed", True),
        ("allowed", "allowed", True),
        ("allowed", "refused", False),
        ("refused", "refused", False),
    ],
)
def test_a_revision_has_the_last_word_on_ones_own_dossier(
    template: str, revision: str, *, may: bool
) -> None:
    """What it does not say is as its template has it; a refusal holds against the template."""
    course = (
        "format: 1\ntemplate: trusting\nextends: ordinary\n"
        f"label: {{vi: Tin cậy, en: Trusting}}\n{CITED}\n"
    ) + (f"own_dossiers: {template}\n" if template else "")
    more = f"    own_dossiers: {revision}\n" if revision else ""
    text = procedure(template="trusting", more=more)
    desk = Desk(text, templates={"trusting": course}, applicant_id="minh")
    desk.to_step(3)
    if may:
        assert desk.act("forward", "officer", "minh").state == "processing_4"
    else:
        with pytest.raises(NotPermitted, match="nobody settles a dossier of his own"):
            desk.act("forward", "officer", "minh")


def test_several_roles_may_do_a_step() -> None:
    """An officer or the leader; anybody else is told both."""
    desk = Desk(procedure(FOUR_EYES))
    desk.to_step(2)
    desk.act("forward", "officer", "minh")
    with pytest.raises(NotPermitted, match=r"It is for .* \(leader\) or .* \(officer\)"):
        desk.act("finish", "clerk")
    (*_, visit) = desk.office.progress(desk.code)
    assert visit.who.vi == "Người được giao giải quyết hồ sơ hoặc Người có thẩm quyền ký kết quả"


POLICE = "    roles: {police: {vi: Công an}, health: {vi: Y tế}}\n"


@pytest.mark.parametrize(
    ("roles", "agency", "who", "taken"),
    [
        ("[police, health]", "H16", "police", True),
        ("[police, health]", "H16", "health", True),
        ("[police, officer]", "H16", "officer", False),
        ("[police, officer]", "H16", "police", False),
        ("[officer, police]", "H16", "police", False),
        ("[officer, police]", "H15.10", "police", True),
        ("[police, officer]", "H15.10", "officer", True),
    ],
)
def test_a_step_of_the_own_agency_is_not_opened_to_all_by_a_further_role(
    roles: str, agency: str, who: str, *, taken: bool
) -> None:
    """An officer of another province does not decide here because the police may."""
    steps = FOUR_EYES.replace("role: officer", f"roles: {roles}")
    desk = Desk(procedure(steps, more=POLICE))
    desk.to_step(2)
    if taken:
        assert desk.act("forward", who, agency=agency).state == "processing_3"
    else:
        with pytest.raises(NotPermitted, match=r"The dossier belongs to agency H15\.10"):
            desk.act("forward", who, agency=agency)


# facts

FACTS = "    facts: {land_price: {kind: int, set_by: [officer, finish]}, urgent: bool}\n"


def test_who_may_establish_a_fact_is_declared() -> None:
    """By role or by action; without a declaration it is for those who do the steps."""
    desk = Desk(procedure(more=FACTS))
    with pytest.raises(
        FactRefused, match=r'"urgent" cannot be established by .* \(receptionist\) with'
    ):
        desk.act("receive", "receptionist", facts={"urgent": True})
    desk.to_step(2)
    with pytest.raises(
        FactRefused, match=r"It is for .* \(officer\) or .* \(finish\) to establish"
    ):
        desk.act("forward", "head_of_section", facts={"land_price": 5})
    assert desk.act("forward", "head_of_section", facts={"urgent": True}).facts["urgent"] is True
    assert desk.act("forward", "officer", facts={"land_price": 5}).facts["land_price"] == 5
    assert desk.act("finish", "leader", facts={"land_price": 6}).facts["land_price"] == 6


# agencies that are asked

CONSULTATION = procedure(template="consultation")


def consulted(*asks: Ask | str) -> Desk:
    desk = Desk(CONSULTATION)
    desk.to_step(3)
    desk.act("consult", "officer", agencies=asks)
    return desk


def test_agencies_are_named_with_their_terms_and_answer_once() -> None:
    """The last answer ends the wait; one that was not asked, or has answered, is refused."""
    desk = consulted(Ask("H15.30", "5 working_day"), Ask("H15.40", "3 working_day"))
    assert [(each.agency, f"{each.due:%d/%m}") for each in desk.dossier.asked] == [
        ("H15.30", "09/03"), ("H15.40", "05/03"),
    ]  # fmt: skip
    with pytest.raises(NotPermitted, match=r"Asked and not yet answered: H15\.30, H15\.40"):
        desk.act("give_opinion", "other_agency", agency="H15.50")
    assert desk.act("give_opinion", "other_agency", agency="H15.40.1").state == "awaiting_opinion_3"
    with pytest.raises(NotPermitted, match=r"not yet answered: H15\.30"):
        desk.act("give_opinion", "other_agency", agency="H15.40")
    assert desk.act("give_opinion", "other_agency", agency="H15.30").state == "processing_3"
    answers = [entry.answers for entry in desk.office.journal(desk.code) if entry.answers]
    assert answers == ["H15.40", "H15.30"]


def test_the_officer_enters_an_answer_and_says_whose_it_is() -> None:
    """An answer by letter."""
    desk = consulted("H15.30", "H15.40")
    with pytest.raises(ActionRefused, match="Whose answer is it"):
        desk.act("give_opinion", "officer")
    with pytest.raises(ActionRefused, match=r"H15\.50 has not been asked"):
        desk.act("give_opinion", "officer", agencies=["H15.50"])
    desk.act("give_opinion", "officer", agencies=["H15.30"])
    assert desk.act("give_opinion", "officer", agencies=["H15.40"]).state == "processing_3"


def test_the_work_goes_on_without_once_all_terms_have_lapsed() -> None:
    """Three working days from Monday end on Thursday 5 March at 17:00."""
    desk = consulted(Ask("H15.30", "3 working_day"), Ask("H15.40", "1 working_day"))
    desk.at("2026-03-05T17:00")
    with pytest.raises(GuardRefused, match=r"\(terms_lapsed\) = no"):
        desk.act("go_on_without_opinion", "officer")
    desk.at("2026-03-05T17:01")
    assert desk.act("go_on_without_opinion", "officer").state == "processing_3"


def test_an_agency_is_named_once_and_by_its_identifier() -> None:
    """And only by an action that asks."""
    desk = Desk(CONSULTATION)
    desk.to_step(3)
    for wrong in (["H15.30", "H15.30"], ["Sở Tài chính"], [Ask("H15.30", "soon")]):
        with pytest.raises((ActionRefused, ValueError)):
            desk.act("consult", "officer", agencies=wrong)
    with pytest.raises(ActionRefused, match="asks no agency"):
        desk.act("forward", "officer", agencies=["H15.30"])
    assert desk.act("consult", "officer").asked == ()
    assert desk.act("give_opinion", "other_agency", agency="H15.70").state == "processing_3"


@given(st.permutations(["H15.30", "H15.40", "H15.50"]), st.integers(0, 3))
def test_whatever_the_order_of_answers_the_wait_ends_with_the_last(
    order: list[str], missing: int
) -> None:
    """Of three that were asked, so many have not answered; none answers twice."""
    desk = consulted("H15.30", "H15.40", "H15.50")
    for agency in order[: 3 - missing]:
        desk.act("give_opinion", "other_agency", agency=agency)
    dossier = desk.dossier
    assert sum(each.answered_at is None for each in dossier.asked) == missing
    assert dossier.state == ("awaiting_opinion_3" if missing else "processing_3")
