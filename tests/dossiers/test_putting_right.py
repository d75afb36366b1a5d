"""What went wrong is put right by a further entry, with its reason and its right.

Ten working days from Monday 2 March 2026 end on Monday 16 March (no day off between).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desks import CITED, CODE, Desk, procedure
from igate.dossiers.engine import fold
from igate.errors import (
    ActionRefused,
    FactRefused,
    GuardRefused,
    NotPermitted,
    ProcedureNotFound,
    TimeLimitError,
    WrongState,
)
from igate.law.localtime import parse_local
from shared import PAID
from walking import TOGETHER

if TYPE_CHECKING:
    from pathlib import Path


# recall


def test_a_hand_over_that_nobody_has_touched_is_recalled() -> None:
    """By whoever made it; the dossier is as it was, and the journal has both entries."""
    desk = Desk()
    desk.to_step(2)
    before = desk.dossier
    desk.act("forward", "head_of_section")
    with pytest.raises(NotPermitted, match=r'It is for "Head of section" \(head_of_section\)'):
        desk.act("recall", "officer", note="x")
    with pytest.raises(ActionRefused, match=r"\(recall\) needs a reason"):
        desk.act("recall", "head_of_section")
    after = desk.act("recall", "head_of_section", note="Chuyển nhầm")
    assert (after.state, after.seq) == ("processing_2", before.seq + 2)
    assert (after.facts, after.marks, after.trail) == (before.facts, before.marks, before.trail)
    entry = desk.office.journal(desk.code)[-1]
    assert (entry.supersedes, entry.note) == (before.seq + 1, "Chuyển nhầm")


def test_what_has_been_touched_is_not_recalled() -> None:
    """The officer has taken the step; a second recall finds nothing to take back either."""
    desk = Desk()
    desk.to_step(3)
    desk.act("take", "officer")
    with pytest.raises(GuardRefused, match=r'\(last_action\) = "Take the step" \(take\)'):
        desk.act("recall", "head_of_section", note="x")
    desk = Desk()
    desk.to_step(3)
    desk.act("recall", "head_of_section", note="x")
    with pytest.raises(
        GuardRefused, match=r'\(last_action\) = "Recall what was passed on" \(recall\)'
    ):
        desk.act("recall", "receptionist", note="x")


def test_a_recalled_finish_was_none() -> None:
    """No finish, no outcome, and the clock runs on; the next finish is judged."""
    desk = Desk()
    desk.to_step(4)
    desk.act("finish", "leader")
    assert desk.dossier.outcome == "granted"
    recalled = desk.act("recall", "leader", note="Sai số quyết định")
    assert (recalled.outcome, recalled.finished_at, recalled.reopened) == (None, None, 0)
    assert recalled.state == "processing_4"
    desk.at("2026-03-17T09:00")
    late = desk.act("finish", "leader")
    assert late.deadline is not None
    assert late.deadline.judge(late.finished_at) == "late"  # due on the 16th


def test_a_recalled_request_stops_no_clock_and_is_no_request() -> None:
    """A supplement asked for by mistake can be asked for again, and counts no time."""
    desk = Desk()
    desk.to_step(3)
    desk.at("2026-03-03T09:00")
    asked = desk.act("ask_supplement", "officer")
    assert (asked.facts["supplement_requests"], desk.due) == (1, "-")
    recalled = desk.act("recall", "officer", note="Hồ sơ đã đủ")
    assert (recalled.facts.get("supplement_requests", 0), desk.due) == (0, "2026-03-16")
    assert desk.act("ask_supplement", "officer").state == "awaiting_supplement"


def test_recalling_keeps_the_parts_that_were_done() -> None:
    """A step of several that was passed on with all parts done still has them done."""
    desk = Desk(procedure(TOGETHER))
    desk.to_step(2)
    desk.act("do_part", "clerk")
    desk.act("do_part", "other_agency", agency="H15.30")
    desk.act("forward", "officer")
    recalled = desk.act("recall", "officer", note="x")
    assert recalled.facts["done_2_clerk"] is recalled.facts["done_2_other_agency"] is True
    assert desk.act("forward", "officer").state == "processing_3"


def test_a_recalled_visit_is_none() -> None:
    """The officer never had it; the head of section has had it since the transfer."""
    desk = Desk()
    desk.to_step(3)
    desk.at("2026-03-02T10:00")
    desk.act("recall", "head_of_section", note="x")
    assert [(each.place, each.left is None) for each in desk.office.progress(desk.code)] == [
        ("1", False), ("2", True),
    ]  # fmt: skip


def test_a_recall_holds_after_a_restart(tmp_path: Path) -> None:
    """The journal is read again by another process: same state, same facts."""
    url = f"sqlite:///{tmp_path / 'office.db'}"
    desk = Desk(url=url)
    desk.to_step(3)
    desk.act("recall", "head_of_section", note="x")
    before = desk.dossier
    entries = desk.office.journal(desk.code)
    desk.office.close()
    again = Desk(url=url, applicant="Ông Bình")
    assert again.office.get(desk.code) == before
    assert again.office.journal(desk.code) == entries


# a part


def test_a_wrong_part_is_taken_back_by_its_party() -> None:
    """The others wait for it again; the entry names the one that it supersedes."""
    desk = Desk(procedure(TOGETHER))
    desk.to_step(2)
    desk.act("do_part", "clerk")
    done = desk.dossier.seq
    desk.act("do_part", "other_agency", agency="H15.30")
    with pytest.raises(NotPermitted):
        desk.act("take_back_part", "officer", note="x")
    assert desk.act("take_back_part", "clerk", note="Thiếu chữ ký").facts["done_2_clerk"] is False
    assert desk.office.journal(desk.code)[-1].supersedes == done
    with pytest.raises(GuardRefused, match="done_2_clerk"):
        desk.act("forward", "officer")


# the counter


def test_the_first_step_hands_back_to_the_counter() -> None:
    """And no other step does; the counter passes it on again."""
    desk = Desk()
    desk.to_step(2)
    assert desk.act("return_to_counter", "head_of_section", note="Sai lĩnh vực").state == "received"
    assert desk.act("transfer", "receptionist").state == "processing_2"
    desk.act("forward", "head_of_section")
    with pytest.raises(WrongState, match=r'It starts from "In process, step 2" \(processing_2\)'):
        desk.act("return_to_counter", "officer", note="x")


# a result


@pytest.mark.parametrize("handed_over", [False, True])
def test_a_result_is_corrected_before_and_after_hand_over(*, handed_over: bool) -> None:
    """Open again: nothing finished, nothing returned; the correction supersedes the finish."""
    desk = Desk()
    desk.to_step(4)
    finish = desk.act("finish", "leader")
    if handed_over:
        assert desk.act("return_result", "receptionist").returned_at is not None
    opened = desk.act("correct_result", "leader", note="Sai ngày sinh")
    assert (opened.state, opened.outcome, opened.finished_at) == ("processing_4", None, None)
    assert (opened.returned_at, opened.reopened) == (None, 1)
    assert desk.office.journal(desk.code)[-1].supersedes == finish.seq
    (standing,) = desk.office.dossiers()
    assert (standing.reopened, standing.outcome) == (1, None)
    desk.at("2026-03-04T09:00")
    again = desk.act("finish", "leader")
    assert (again.outcome, again.reopened) == ("granted", 1)
    assert again.finished_at == desk.clock.moment


def test_a_dossier_is_refused_at_any_step() -> None:
    """With the outcome refused, at the time of the refusal."""
    for step, role in ((2, "head_of_section"), (3, "officer"), (4, "leader")):
        desk = Desk()
        desk.to_step(step)
        assert desk.act("refuse", role).outcome == "refused"


# withdrawal


def test_a_withdrawal_is_withdrawn() -> None:
    """From every state in which it can be asked for, back to that state."""
    for step in (2, 3, 4):
        desk = Desk()
        desk.to_step(step)
        before = desk.dossier
        desk.act("withdraw", "applicant")
        after = desk.act("cancel_withdrawal", "applicant")
        assert (after.state, after.marks, after.facts) == (before.state, before.marks, before.facts)
        assert desk.office.journal(desk.code)[-1].supersedes == before.seq + 1


def test_a_withdrawal_is_refused_with_its_reason() -> None:
    """By the counter or the leader, never by the applicant."""
    desk = Desk()
    desk.to_step(3)
    desk.act("withdraw", "applicant")
    with pytest.raises(NotPermitted):
        desk.act("refuse_withdrawal", "applicant", note="x")
    after = desk.act("refuse_withdrawal", "receptionist", note="Kết quả đã ký")
    assert after.state == "processing_3"


def test_a_withdrawal_leaves_the_wait_for_a_supplement_in_order() -> None:
    """Asked for on 3 March: fifteen days end on the 18th, whatever was asked meanwhile.

    The clock stands still throughout, and after the supplement the time begins anew (Nghị định
    118/2025/NĐ-CP, Điều 19 khoản 5): ten working days from Wednesday the 18th end on 1 April.
    """
    desk = Desk()
    desk.to_step(3)
    desk.at("2026-03-03T09:00")
    desk.act("ask_supplement", "officer")
    desk.at("2026-03-10T09:00")
    desk.act("withdraw", "applicant")
    desk.at("2026-03-12T09:00")
    waiting = desk.act("cancel_withdrawal", "applicant")
    assert (waiting.state, desk.due) == ("awaiting_supplement", "-")
    desk.at("2026-03-18T09:00")
    with pytest.raises(GuardRefused, match=r"\(days_waiting\) = 15"):
        desk.act("expire_supplement", "system")
    assert desk.act("supplement", "applicant").state == "processing_2"
    assert desk.due == "2026-04-01"


def test_the_wait_still_ends_after_fifteen_days() -> None:
    """A withdrawal that was withdrawn gives no further days."""
    desk = Desk()
    desk.to_step(3)
    desk.at("2026-03-03T09:00")
    desk.act("ask_supplement", "officer")
    desk.at("2026-03-17T09:00")
    desk.act("withdraw", "applicant")
    desk.act("cancel_withdrawal", "applicant")
    desk.at("2026-03-19T09:00")
    with pytest.raises(GuardRefused, match=r"\(days_waiting\) = 16"):
        desk.act("supplement", "applicant")
    assert desk.act("expire_supplement", "receptionist").outcome == "not_supplemented"


def test_a_wait_inside_a_wait_goes_back_to_the_asker() -> None:
    """With the option, a supplement returns to the step that asked, through a withdrawal too."""
    desk = Desk(procedure(more="    options: [back_to_asker]\n"))
    desk.to_step(3)
    desk.act("ask_supplement", "officer")
    desk.act("withdraw", "applicant")
    desk.act("cancel_withdrawal", "applicant")
    assert desk.act("supplement", "applicant").state == "processing_3"


@given(
    st.lists(st.sampled_from(["withdraw", "cancel", "supplement", "ask", "recall"]), max_size=12)
)
def test_whatever_is_asked_and_withdrawn_the_journal_folds(actions: list[str]) -> None:
    """Any walk over waits and ways back: state, clock and facts follow from the journal alone."""
    desk = Desk(procedure(more="    options: [back_to_asker]\n"))
    desk.to_step(3)
    names = {
        "withdraw": ("withdraw", "applicant"), "cancel": ("cancel_withdrawal", "applicant"),
        "supplement": ("supplement", "applicant"), "ask": ("ask_supplement", "officer"),
        "recall": ("recall", "officer"),
    }  # fmt: skip
    for name in actions:
        action, role = names[name]
        try:
            after = desk.act(action, role, note="x")
        except ActionRefused:
            continue
        assert after == desk.dossier
        entries = desk.office.journal(desk.code)
        assert fold(entries, desk.office._grounds.of_journal(entries)) == after  # noqa: SLF001
    assert desk.dossier.state in {"processing_3", "awaiting_supplement", "withdrawal_requested"}


# the registration

CASES = f"[{{limit: 10 working_day, {CITED}}}, {{limit: 3 working_day, case: gap, {CITED}}}]"


def test_a_wrong_registration_is_corrected_with_a_new_receipt() -> None:
    """Name, then case: three working days from the same receipt end on Thursday 5 March."""
    desk = Desk(procedure(limits=CASES))
    desk.act("receive", "receptionist")
    for changes in ({"applicant": "Bà Ân"}, {"case": "gap"}):
        desk.act("correct", "receptionist", note="Ghi sai", changes=changes)
    found = desk.office.receipts(desk.code)
    assert [(each.number, each.submission.applicant, f"{each.due:%d/%m}") for each in found] == [
        (1, "Bà An", "16/03"), (2, "Bà Ân", "16/03"), (3, "Bà Ân", "05/03"),
    ]  # fmt: skip
    assert [each.seq for each in found] == [2, 3, 4]
    assert [entry.supersedes for entry in desk.office.journal(desk.code)] == [None, None, 1, 3]
    (standing,) = desk.office.dossiers()
    assert (standing.applicant, standing.case) == ("Bà Ân", "gap")
    assert desk.due == "2026-03-05"


def test_a_correction_is_checked_like_a_submission() -> None:
    """An unknown case, a wrong channel, nothing to change, a field that is not registered."""
    desk = Desk(procedure(limits=CASES))
    desk.act("receive", "receptionist")
    with pytest.raises(TimeLimitError, match="knows no case 'gáp'"):
        desk.act("correct", "receptionist", note="x", changes={"case": "gáp"})
    with pytest.raises(ActionRefused, match="changes nothing of the registration"):
        desk.act("correct", "receptionist", note="x", changes={"applicant": "Bà An"})
    with pytest.raises(ActionRefused, match='does not correct "revision"'):
        desk.act("correct", "receptionist", note="x", changes={"revision": "2020-01-01"})
    with pytest.raises(ActionRefused, match="corrects nothing of the registration"):
        desk.act("transfer", "receptionist", changes={"applicant": "B"})
    with pytest.raises(NotPermitted):
        desk.act("correct", "officer", note="x", changes={"applicant": "B"})
    assert desk.dossier.seq == 2


def test_the_competent_agency_is_corrected() -> None:
    """From then on it belongs to the other agency alone."""
    desk = Desk()
    desk.act("receive", "receptionist")
    assert desk.act("correct", "receptionist", note="x", changes={"agency": "H15.20"}).agency == (
        "H15.20"
    )
    # received at the counter of another one, it has to arrive first
    desk.act("arrive", "receptionist", agency="H15.20")
    desk.act("transfer", "receptionist", agency="H15.20")
    with pytest.raises(NotPermitted, match=r"belongs to agency H15.20"):
        desk.act("forward", "head_of_section")
    assert desk.act("forward", "head_of_section", agency="H15.20").state == "processing_3"


def test_the_procedure_is_corrected_at_the_counter(tmp_path: Path) -> None:
    """The dossier goes on under the other procedure, in this process and in the next."""
    other = procedure(code="9.000002", limits=f"[{{limit: 4 working_day, {CITED}}}]")
    url = f"sqlite:///{tmp_path / 'office.db'}"
    desk = Desk(procedure(), other, url=url)
    desk.act("receive", "receptionist")
    with pytest.raises(ProcedureNotFound):
        desk.act("correct", "receptionist", note="x", changes={"procedure": "9.000009"})
    moved = desk.act("correct", "receptionist", note="x", changes={"procedure": "9.000002.H15"})
    assert (moved.procedure, moved.state, desk.due) == ("9.000002", "received", "2026-03-06")
    desk.act("transfer", "receptionist")
    with pytest.raises(ActionRefused, match=r'does not correct "procedure" \(procedure\)'):
        desk.act("correct", "receptionist", note="x", changes={"procedure": CODE})
    desk.office.close()
    again = Desk(other, procedure(), url=url)
    assert again.office.get(desk.code).procedure == "9.000002"
    assert again.office.differences() == ()


def test_a_case_is_found_while_working() -> None:
    """Counted anew from the receipt: three working days end on Thursday 5 March."""
    desk = Desk(procedure(limits=CASES))
    desk.to_step(3)
    with pytest.raises(TimeLimitError):
        desk.act("find_case", "officer", note="x", changes={"case": "khó"})
    found = desk.act("find_case", "officer", note="Thửa đất có tranh chấp", changes={"case": "gap"})
    assert (found.state, desk.due) == ("processing_3", "2026-03-05")
    entry = desk.office.journal(desk.code)[-1]
    assert (dict(entry.changes), entry.promise.limit) == ({"case": "gap"}, "3 working_day")


def test_parts_that_are_done_outlast_what_only_interrupts_the_step() -> None:
    """A payment, an apology, a way that is recalled; a step that is entered anew begins anew."""
    desk = Desk(procedure(TOGETHER))
    desk.to_step(2)
    desk.act("do_part", "clerk")
    parts = {"done_2_clerk": True, "done_2_other_agency": False}
    desk.act("ask_payment", "officer")
    assert desk.act("pay", "applicant", facts=PAID).facts.items() >= parts.items()
    due = parse_local("2026-03-20T17:00")
    assert desk.act("apologise", "officer", due=due, note="a").facts.items() >= parts.items()
    desk.act("do_part", "other_agency")
    desk.act("forward", "officer")
    recalled = desk.act("recall", "officer", note="Nhầm")
    assert recalled.facts.items() >= dict.fromkeys(parts, True).items()
    desk.act("forward", "officer")
    assert desk.act("send_back", "leader").facts.items() >= dict.fromkeys(parts, False).items()


# what a payment and a permit ask for

FEE = f"    fees: [{{amount: 50000, vi: Lệ phí, {CITED}}}]\n"


def test_a_fee_is_asked_for_before_the_end_and_paid_before_the_hand_over() -> None:
    """Amount and receipt are kept; nothing is handed over before that."""
    desk = Desk(procedure(more=FEE))
    desk.to_step(4)
    with pytest.raises(GuardRefused, match=r"needs: fee due \(fee_due\) or"):
        desk.act("finish", "leader")
    desk.act("ask_payment", "leader")
    with pytest.raises(FactRefused, match=r"\(pay\) needs the fact .* \(fee_amount\)"):
        desk.act("pay", "applicant")
    paid = desk.act("pay", "applicant", facts=PAID)
    assert paid.facts.items() >= PAID.items()
    desk.act("finish", "leader")
    assert desk.act("return_result", "receptionist").returned_at is not None


def test_a_fee_is_waived_with_a_reason_or_paid_at_the_hand_over() -> None:
    """Asked for at reception, waived by the leader; or paid when the result is fetched."""
    desk = Desk(procedure(more=FEE))
    desk.act("ask_payment", "receptionist")
    assert desk.act("pay", "applicant", facts=PAID).state == "submitted"
    desk = Desk(procedure(more=FEE))
    desk.to_step(4)
    desk.act("waive_fee", "leader", note="Hộ nghèo")
    desk.act("finish", "leader")
    assert desk.act("return_result", "receptionist").returned_at is not None
    desk = Desk(procedure(more=FEE))
    desk.to_step(4)
    desk.act("ask_payment", "leader")
    assert desk.due == "-"
    assert desk.act("waive_fee", "receptionist", note="Hộ nghèo").state == "processing_4"
    assert desk.due == "2026-03-16"


def test_a_fee_of_some_channels_is_asked_of_their_dossiers_alone() -> None:
    """Free online, as many provinces decide, and paid at the counter; chosen, it is for all."""
    free = f"    fees: [{{amount: 0, vi: Phí, channel: online, {CITED}}}, "
    paying = f"{{amount: 50000, vi: Phí, channel: counter, {CITED}}}]\n"
    for channel, refused in (("online", False), ("post", False), ("counter", True)):
        desk = Desk(procedure(more=free + paying), channel=channel)
        desk.to_step(4)
        if refused:
            with pytest.raises(GuardRefused, match=r"fee due \(fee_due\) or"):
                desk.act("finish", "leader")
            desk.act("waive_fee", "leader", note="Hộ nghèo")
        desk.act("finish", "leader")
        assert desk.act("return_result", "receptionist").returned_at is not None
    chosen = "    options: [fee_required]\n"
    desk = Desk(procedure(more=free + paying + chosen), channel="online")
    desk.to_step(4)
    with pytest.raises(GuardRefused, match=r"fee due \(fee_due\) or"):
        desk.act("finish", "leader")


def test_fees_of_each_channel_are_asked_of_every_dossier() -> None:
    """Named one by one, they leave out nobody."""
    fees = ", ".join(
        f"{{amount: 1000, vi: Phí, channel: {channel}, {CITED}}}"
        for channel in ("online", "counter", "post")
    )
    for channel in ("online", "counter", "post"):
        desk = Desk(procedure(more=f"    fees: [{fees}]\n"), channel=channel)
        desk.to_step(4)
        with pytest.raises(GuardRefused, match=r"fee due \(fee_due\) or"):
            desk.act("finish", "leader")


def test_a_permit_lives_on_after_hand_over() -> None:
    """Revoked or expired, the outcome stays what it was; without the option there is no way."""
    for action, role in (("revoke", "leader"), ("expire", "system")):
        desk = Desk(procedure(more="    options: [permit]\n"))
        desk.to_step(4)
        desk.act("finish", "leader")
        returned = desk.act("return_result", "receptionist")
        ended = desk.act(action, role, note="Vi phạm")
        assert (ended.outcome, ended.returned_at) == ("granted", returned.returned_at)
        assert ended.national_status == 10
    desk = Desk()
    workflow = desk.office._grounds.fold(desk.code)[1].table.workflow  # noqa: SLF001
    assert not {"revoke", "expire"} & workflow.actions.keys()


def test_guiding_at_reception_is_done_once() -> None:
    """Nghị định 118/2025/NĐ-CP, Điều 11 khoản 2; no clock has started."""
    desk = Desk()
    with pytest.raises(ActionRefused, match="needs a reason"):
        desk.act("guide", "receptionist")
    guided = desk.act("guide", "receptionist", note="Thiếu bản sao giấy chứng nhận")
    assert (guided.national_status, guided.received_at, guided.deadline) == (5, None, None)
    desk.at("2026-03-04T09:00")
    assert desk.act("complete", "applicant").state == "submitted"
    with pytest.raises(GuardRefused, match=r"\(guided\) = yes"):
        desk.act("guide", "receptionist", note="Còn thiếu")
    desk.act("receive", "receptionist")
    assert desk.due == "2026-03-18"  # ten working days from Wednesday the 4th
