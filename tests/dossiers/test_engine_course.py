"""What the core keeps of a course: where it came from, who did what, what is taken back, its end.

The dossier is walked by ``decide`` and ``apply`` alone, under procedures of two or three steps.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec import structs

from desks import CITED, CODE
from igate.dossiers.dossier import Actor, Mandate
from igate.dossiers.engine import Ground, apply, keeps_due, migrate
from igate.errors import JournalError
from igate.procedures.workflow import MIGRATE
from shared import PAID
from walking import FOUR_EYES, START, TOGETHER, Walk

LONG = """\
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận}
      - {number: 2, phase: processing, role: officer, vi: Thẩm định, limit: 1 working_day}
      - {number: 3, phase: processing, role: officer, vi: Thẩm tra}
      - {number: 4, phase: processing, role: officer, vi: Trình ký}
      - {number: 5, phase: processing, role: leader, vi: Ký, limit: 1 working_day}
      - {number: 6, phase: handover, role: receptionist, vi: Trả kết quả}
"""
STAGES = "    stages:\n      - {steps: [3, 4], limit: 2 working_day}\n"
FEE = f"    fees: [{{amount: 50000, vi: Lệ phí, {CITED}}}]\n"


# how it ended


def test_a_dossier_that_is_not_accepted_has_an_outcome_and_no_clock() -> None:
    """National status 3: nothing was received, so nothing was finished."""
    walk = Walk()
    rejected = walk.take("reject", "receptionist")
    assert (rejected.national_status, rejected.outcome) == (3, "rejected")
    assert (rejected.finished_at, rejected.marks, rejected.ended_seq) == (None, (), None)


def test_what_leaves_its_end_is_open_again_whichever_way_it_had_ended() -> None:
    """With an outcome alone, with a finish alone, with both: neither is left, and it is counted."""
    walk = Walk()
    walk.take("reject", "receptionist")
    opened = apply(walk.dossier, walk.crafted(target="submitted"), walk.ground)
    assert (opened.outcome, opened.finished_at, opened.reopened) == (None, None, 1)
    walk = Walk()
    walk.start()
    both = walk.take("refuse", "officer")
    for ended in (both, structs.replace(both, outcome=None)):
        opened = apply(ended, walk.crafted(target="processing_2"), walk.ground)
        assert (opened.outcome, opened.finished_at, opened.recorded_at) == (None, None, None)
        assert [mark.kind for mark in opened.marks] == ["start"]
        assert opened.reopened == 1


def test_the_first_finish_stands_until_the_dossier_is_reopened() -> None:
    """A second end later changes neither moment, only which entry ended it."""
    walk = Walk()
    walk.start()
    finished = walk.take("refuse", "officer")
    later = START + timedelta(days=1)
    again = walk.crafted(
        action="stop", target="stopped", clock="stop", happened_at=later, recorded_at=later
    )
    stopped = apply(finished, again, walk.ground)
    assert (stopped.finished_at, stopped.recorded_at) == (START, START)
    assert (finished.ended_seq, stopped.ended_seq) == (finished.seq, finished.seq + 1)


def test_a_fee_that_is_paid_after_the_end_leaves_the_outcome() -> None:
    """An action that stays in the end and has no outcome of its own."""
    walk = Walk(more=FEE)
    walk.start()
    walk.take("ask_payment", "officer")
    walk.take("waive_fee", "leader", note="Hộ nghèo")
    walk.take("forward", "officer")
    granted = walk.take("finish", "leader")
    assert granted.outcome == "granted"
    paid = walk.take("pay", "applicant", facts=PAID)
    assert (paid.state, paid.outcome, paid.finished_at) == ("solved", "granted", START)


# what an entry takes back or corrects


def test_a_withdrawal_inside_a_wait_is_the_entry_that_its_end_takes_back() -> None:
    """Of two waits, one inside the other, the inner one ends first; then the outer one."""
    walk = Walk(more="    options: [back_to_asker]\n")
    walk.start()
    asked = walk.take("ask_supplement", "officer")
    withdrawn = walk.take("withdraw", "applicant")
    assert withdrawn.trail == (("processing_2", asked.seq), ("awaiting_supplement", withdrawn.seq))
    back = walk.take("cancel_withdrawal", "applicant")
    assert (walk.entry.supersedes, back.trail) == (withdrawn.seq, (("processing_2", asked.seq),))
    back = walk.take("supplement", "applicant")
    assert (walk.entry.supersedes, back.state, back.trail) == (asked.seq, "processing_2", ())


def test_a_hand_over_takes_back_nothing_and_a_correction_takes_back_the_end() -> None:
    """Whatever is silent after the reopening takes back nothing, though it had ended once."""
    walk = Walk(TOGETHER)
    walk.start()
    walk.take("do_part", "clerk")
    walk.take("do_part", "other_agency")
    walk.take("forward", "officer")
    finish = walk.take("finish", "leader")
    walk.take("return_result", "receptionist")
    assert walk.entry.supersedes is None
    walk.take("correct_result", "leader", note="Sai ngày sinh")
    assert walk.entry.supersedes == finish.seq
    for action, role in (("send_back", "leader"), ("do_part", "clerk")):
        walk.take(action, role)
        assert walk.entry.supersedes is None


def test_a_finish_without_an_outcome_is_taken_back_as_well() -> None:
    """A template of the host may end a dossier without a word on how."""
    walk = Walk()
    walk.start()
    ended = walk.take("refuse", "officer")
    walk.dossier = structs.replace(ended, outcome=None)
    walk.take("correct_result", "leader", note="Sai")
    assert walk.entry.supersedes == ended.seq


def test_a_part_that_is_taken_back_is_the_entry_by_which_it_was_done() -> None:
    """Kept by party; done again, it takes back nothing."""
    walk = Walk(TOGETHER)
    walk.start()
    done = walk.take("do_part", "clerk")
    assert done.parts == {"done_2_clerk": done.seq}
    back = walk.take("take_back_part", "clerk", note="Thiếu")
    assert (walk.entry.supersedes, back.parts) == (done.seq, done.parts)
    again = walk.take("do_part", "clerk")
    assert walk.entry.supersedes is None
    assert again.parts == {"done_2_clerk": again.seq}


def test_only_the_last_entry_is_taken_back_and_to_where_it_started() -> None:
    """Its number, its state, and that it can be taken back at all: each is refused alone."""
    walk = Walk()
    walk.start()
    before = walk.dossier
    walk.take("forward", "officer")
    forwarded = walk.dossier
    walk.take("recall", "officer", note="Nhầm")
    good = walk.entry
    restored = walk.dossier
    assert (restored.state, restored.trail, restored.before) == (before.state, before.trail, None)
    assert (restored.entered, restored.last_action) == (before.entered, "recall")
    for wrong in ({"supersedes": 1}, {"supersedes": None}, {"target": "solved"}):
        with pytest.raises(JournalError):
            apply(forwarded, structs.replace(good, **wrong), walk.ground)
    with pytest.raises(JournalError):
        apply(structs.replace(forwarded, before=None), good, walk.ground)


# the registration


def test_a_correction_before_the_receipt_starts_no_clock() -> None:
    """It is registered anew; only what is counted already is counted anew."""
    walk = Walk()
    corrected = walk.take("correct", "receptionist", note="x", changes={"applicant": "Bà Ân"})
    assert (corrected.counting, corrected.registered_seq) == (None, 2)
    assert corrected.submission.applicant == "Bà Ân"
    walk.start()
    counted = walk.dossier.counting
    corrected = walk.take("correct", "receptionist", note="x", changes={"applicant": "Bà An"})
    assert corrected.counting == counted
    assert keeps_due(walk.dossier, corrected) is True
    assert (walk.entry.supersedes, corrected.registered_seq) == (2, 5)


def test_a_correction_carries_the_definition_that_decides_from_then_on() -> None:
    """That of the promise; an entry of an early format has none, and the old one stays."""
    walk = Walk()
    walk.ground = Ground.of(
        walk.ground.revision, walk.ground.rules, walk.ground.calendar, definition="d2"
    )
    before = walk.dossier
    after = walk.take("correct", "receptionist", note="x", changes={"applicant": "Bà Ân"})
    assert (before.submission.definition, after.submission.definition) == ("d1", "d2")
    early = structs.replace(walk.entry, promise=None)
    assert apply(before, early, walk.ground).submission.definition == "d1"


# who has a step, and who did it


def test_assigning_a_step_is_not_doing_it() -> None:
    """Who did a step is kept where four eyes are asked for, with the one for whom it was done."""
    walk = Walk(FOUR_EYES)
    assert walk.start().done_by == {}
    assert walk.take("take", "officer", "minh").done_by == {}
    assert walk.dossier.trail == (("received", 3),)
    assert walk.take("give_back", "officer", "minh", note="Nghỉ").done_by == {}
    mandate = Mandate(
        principal="minh", capacity="substitute", roles={"officer"}, start=date(2026, 3, 2),
        end=date(2026, 3, 4),
    )  # fmt: skip
    binh = Actor("binh", roles=set(), agency="H15.10", mandates=[mandate])
    assert walk.take_as(binh, "forward").done_by == {"processing_2": ("binh", "minh")}
    # an entry with facts in a step that nobody watches
    assert walk.take("ask_payment", "leader").done_by == {"processing_2": ("binh", "minh")}
    walk = Walk(FOUR_EYES)
    walk.start()
    assert walk.take("forward", "officer", "minh").done_by == {"processing_2": ("minh",)}


# where it is


def test_out_of_its_steps_it_has_entered_none() -> None:
    """Into step 2, out of it to the applicant's wish to withdraw, and back into it anew."""
    walk = Walk()
    walk.start()
    assert walk.dossier.entered == (START, 1)
    assert walk.take("withdraw", "applicant", hours=1).entered is None
    back = walk.take("cancel_withdrawal", "applicant", hours=1)
    assert back.entered == (START + timedelta(hours=2), 1)


def test_a_wait_inside_a_step_is_no_new_stay() -> None:
    """Waiting for a payment belongs to the step; the next step is another one."""
    walk = Walk()
    walk.start()
    assert walk.take("ask_payment", "officer", hours=1).entered == (START, 1)
    assert walk.take("pay", "applicant", hours=1, facts=PAID).entered == (START, 1)
    onward = walk.take("forward", "officer", hours=1)
    assert onward.entered == (START + timedelta(hours=3), 3)


def test_a_stage_begins_with_the_first_of_its_steps_and_ends_with_the_last() -> None:
    """Steps 3 and 4 have one time: entered an hour after the start, left two hours later."""
    walk = Walk(LONG, STAGES)
    walk.start()
    assert (walk.dossier.entered, walk.dossier.staged) == ((START, 1), None)
    hour = [(START + timedelta(hours=n), 1) for n in range(5)]
    for n, staged in ((1, hour[1]), (2, hour[1]), (3, None)):
        walk.take("forward", "officer", hours=1)
        assert (walk.dossier.entered, walk.dossier.staged) == (hour[n], staged)
    back = walk.take("send_back", "leader", hours=1)
    assert (back.entered, back.staged) == (hour[4], hour[4])
    out = walk.take("withdraw", "applicant")
    assert (out.entered, out.staged) == (None, None)


def test_a_move_takes_back_the_parts_of_its_step() -> None:
    """The step of another revision is another step, so nobody has done his part of it."""
    walk = Walk(TOGETHER)
    walk.start()
    walk.take("do_part", "clerk")
    move = walk.crafted(action=MIGRATE, facts={"procedure": CODE, "revision": "2026-01-01"})
    moved = migrate(walk.dossier, move, walk.ground)
    assert walk.dossier.facts["done_2_clerk"] is True
    assert moved.facts["done_2_clerk"] is moved.facts["done_2_other_agency"] is False
    assert moved.parts == {}


# the date of return


def test_after_a_wait_an_end_still_keeps_the_date() -> None:
    """Four marks: start, suspended, resumed, finish. The end is looked for at the end."""
    walk = Walk()
    walk.start()
    walk.take("ask_payment", "officer")
    before = walk.take("pay", "applicant", facts=PAID)
    ended = walk.take("refuse", "officer")
    assert [mark.kind for mark in ended.marks] == ["start", "suspend", "resume", "finish"]
    assert keeps_due(before, ended) is True
