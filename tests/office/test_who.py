"""Who acts: the applicant and those who are named for him, and who entered what, and where."""

from __future__ import annotations

import pytest

from igate.calendar import WorkCalendar
from igate.dossiers.dossier import Actor
from igate.errors import FactRefused, NotPermitted, TextError
from igate.law.localtime import parse_local
from igate.office.memory import MemoryStore
from igate.office.onestop import OneStop
from shared import PAID, shipped_catalogue

CODE = "1.001806"
START = parse_local("2026-03-02T09:00")
CLERK = Actor("lan", roles={"receptionist"}, agency="H15.10")


def desk() -> OneStop:
    return OneStop(
        MemoryStore(), agency="H15", catalog=shipped_catalogue(),
        calendar=WorkCalendar.vietnam(provisional=True), clock=lambda: START,
    )  # fmt: skip


def citizen(name: str, agency: str = "") -> Actor:
    return Actor(name, roles={"applicant"}, agency=agency)


def processing(office: OneStop, **more: object) -> str:
    """Hand in a dossier and bring it to its first processing step."""
    code = office.submit(CODE, applicant="Công ty A", channel="online", **more).code
    office.act(code, "receive", by=CLERK)
    office.act(code, "transfer", by=CLERK)
    return code


@pytest.mark.parametrize(
    "stranger", [citizen("mst-999"), citizen("mst-999", "H15"), citizen("Công ty A")]
)
def test_nobody_withdraws_the_dossier_of_another(stranger: Actor) -> None:
    """Neither with the role, nor from the agency, nor under the name of the applicant."""
    office = desk()
    code = processing(office, applicant_id="mst-001")
    with pytest.raises(NotPermitted, match="neither the applicant of this dossier nor a named"):
        office.act(code, "withdraw", by=stranger)
    assert "withdraw" not in {way.action for way in office.actions(code, by=stranger)}
    assert office.act(code, "withdraw", by=citizen("mst-001")).seq == 4


def test_a_named_representative_acts_for_the_applicant() -> None:
    """Under the own identity, which the journal keeps."""
    office = desk()
    code = processing(office, applicant_id="mst-001", representatives=["cccd-7", "cccd-8"])
    office.act(code, "withdraw", by=citizen("cccd-8"))
    assert office.journal(code)[-1].actor == "cccd-8"
    assert office.get(code).submission.representatives == ("cccd-7", "cccd-8")


def test_nobody_hands_in_for_somebody_else_without_being_named() -> None:
    """He could not act on the dossier afterwards; named as a representative he can."""
    office = desk()
    more = {"applicant": "Công ty A", "channel": "online", "applicant_id": "mst-001"}
    with pytest.raises(NotPermitted, match="Pass the id of the actor in representatives="):
        office.submit(CODE, by=citizen("cccd-7"), **more)
    assert office.submit(CODE, by=citizen("cccd-7"), representatives=["cccd-7"], **more).seq == 1
    assert office.store.count() == 1


def test_who_hands_in_online_is_the_applicant() -> None:
    """Without an id of the host, the id of the actor is compared, and without an actor the name."""
    office = desk()
    code = processing(office, by=citizen("account-5"))
    with pytest.raises(NotPermitted):
        office.act(code, "withdraw", by=citizen("account-6"))
    office.act(code, "withdraw", by=citizen("account-5"))
    office.act(processing(office), "withdraw", by=citizen("Công ty A"))


def test_an_officer_with_two_roles_is_no_applicant() -> None:
    """The second role counts, and the first only on a dossier of his own."""
    office = desk()
    code = processing(office, applicant_id="mst-001")
    both = Actor("lan", roles={"applicant", "receptionist"}, agency="H15.10")
    step = office.act(
        code, "ask_supplement", by=Actor("o", roles=_officer(office, code), agency="H15")
    )
    assert step.national_status == 5
    assert office.choices(code, by=both)
    assert all(each.role != "applicant" for each in office.choices(code, by=both))


def _officer(office: OneStop, code: str) -> frozenset[str]:
    (way,) = [way for way in office.actions(code) if way.action == "ask_supplement"]
    return way.roles


def test_who_entered_a_dossier_is_recorded_with_the_agency() -> None:
    """An officer of H99 enters a dossier for which H15.10 is competent."""
    office = desk()
    officer = Actor("binh", roles={"receptionist"}, agency="H99")
    dossier = office.submit(CODE, applicant="A", channel="counter", by=officer, agency="H15.10")
    (entry,) = office.journal(dossier.code)
    assert (entry.actor, entry.role, entry.agency) == ("binh", "receptionist", "H99")
    assert dossier.agency == office.get(dossier.code).agency == "H15.10"
    assert dossier.code.startswith("H15.10-")


def test_who_has_no_role_hands_nothing_in() -> None:
    """Nothing is written, and no number is used."""
    office = desk()
    with pytest.raises(NotPermitted, match="has no role"):
        office.submit(CODE, applicant="A", channel="counter", by=Actor("x", roles=set()))
    assert office.store.count() == 0
    assert office.submit(CODE, applicant="A", channel="counter").code.endswith("-0001")


def test_identities_are_texts_of_one_line() -> None:
    """One text of representatives, an empty one and one of two lines are refused."""
    office = desk()
    for wrong, error in (("cccd-7", NotPermitted), ([""], TextError), (["a\nb"], TextError)):
        with pytest.raises(error):
            office.submit(CODE, applicant="A", channel="counter", representatives=wrong)
    assert office.store.count() == 0


def test_a_refused_text_of_representatives_is_not_repeated() -> None:
    """It may be an identity number, and errors go into logs."""
    with pytest.raises(NotPermitted) as refused:
        desk().submit(CODE, applicant="A", channel="counter", representatives="079099000001")
    assert "079099000001" not in f"{refused.value} {refused.value.text('vi')}"
    assert "danh sách" in refused.value.text("vi")


def test_a_fact_is_established_by_its_action_alone() -> None:
    """A receptionist cannot say with any action that a fee was paid; with the payment it is so."""
    office = desk()
    code = office.submit(CODE, applicant="A", channel="counter", applicant_id="mst-001").code
    with pytest.raises(FactRefused, match=r"\(fee_paid\) is established by the action .* \(pay\)"):
        office.act(code, "receive", by=CLERK, facts={"fee_paid": True})
    assert office.get(code).seq == 1
    office.act(code, "receive", by=CLERK)
    office.act(code, "transfer", by=CLERK)
    (way,) = [each for each in office.actions(code) if each.action == "ask_payment"]
    office.act(code, "ask_payment", by=Actor("o", roles=way.roles, agency="H15"))
    paid = office.act(code, "pay", by=citizen("mst-001"), facts={"fee_paid": True, **PAID})
    assert paid.facts["fee_paid"] is True
    assert paid.facts["fee_receipt"] == "BL-0001"
