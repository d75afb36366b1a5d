"""Refusals at the desk name facts, conditions and entries by their labels, in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from desks import CITED, CODE, Desk, catalogue, expected_days, procedure
from igate.deadlines.rulefile import shipped_rules
from igate.dossiers.dossier import Actor
from igate.dossiers.engine import Ground, apply
from igate.errors import (
    ActionRefused,
    FactRefused,
    GuardRefused,
    IgateError,
    JournalError,
    MomentError,
    NotPermitted,
    TimeLimitError,
)
from igate.law.localtime import parse_local
from igate.procedures.conditions import condition_called, known_called
from igate.procedures.naming import fact_called, part_label

DAY = date(2026, 3, 2)
#: Facts of the procedure itself, one of them without a label, for a way that asks for both.
ASKED = """\
    facts:
      visited: {kind: bool, vi: đã khảo sát thực địa, en: visited on site}
      remark: text
"""
STEPS = """\
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận}
      - number: 2
        phase: processing
        role: officer
        vi: Thẩm định
        ways:
          - {action: skip, to: 4, vi: Chuyển thẳng, en: Go straight on, guard: "GUARD"}
      - {number: 3, phase: processing, role: officer, vi: Trình}
      - {number: 4, phase: processing, role: leader, vi: Ký}
      - {number: 5, phase: handover, role: receptionist, vi: Trả kết quả}
"""
TOGETHER = """\
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận}
      - number: 2
        phase: processing
        role: officer
        vi: Thẩm định
        together: [{role: clerk}, {role: leader}]
      - {number: 3, phase: processing, role: leader, vi: Ký}
      - {number: 4, phase: handover, role: receptionist, vi: Trả kết quả}
"""


def asked(guard: str) -> Desk:
    """Return a desk with a dossier in step 2, from which a way leads under a condition."""
    desk = Desk(procedure(STEPS.replace("GUARD", guard), more=ASKED))
    desk.to_step(2)
    return desk


def said(error: IgateError) -> tuple[str, str]:
    """Return an error in English and in Vietnamese, without the code of the dossier."""
    return str(error).partition(": ")[2], error.text("vi").partition(": ")[2]


def test_a_condition_is_said_by_the_label_of_its_fact() -> None:
    """A supplement is asked for once (Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5)."""
    desk = Desk()
    desk.to_step(3)
    desk.act("ask_supplement", "officer")
    desk.act("supplement", "applicant")
    with pytest.raises(GuardRefused) as refused:
        desk.act("ask_supplement", "head_of_section")
    assert said(refused.value) == (
        (
            'The action "Ask for a supplement" (ask_supplement) needs: supplements asked for '
            "(supplement_requests) = 0 (Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5). "
            "Now: supplements "
            "asked for (supplement_requests) = 1, working days since the receipt "
            "(working_days_since_receipt) = 0."
        ),
        (
            'Thao tác "Yêu cầu bổ sung hồ sơ" (ask_supplement) cần: số lần đã yêu cầu bổ sung '
            "(supplement_requests) = 0 (Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5). "
            "Hiện nay: số lần "
            "đã yêu cầu bổ sung (supplement_requests) = 1, số ngày làm việc kể từ ngày tiếp nhận "
            "(working_days_since_receipt) = 0."
        ),
    )


@pytest.mark.parametrize(
    ("guard", "english", "vietnamese"),
    [
        (
            "visited and not fee_due",
            (
                "visited on site (visited). Now: fee due (fee_due) = no, visited on site (visited) "
                "= no."
            ),
            (
                "đã khảo sát thực địa (visited). Hiện nay: phải nộp phí, lệ phí (fee_due) = không, "
                "đã khảo sát thực địa (visited) = không."
            ),
        ),
        (
            "(visited or fee_paid) and remark == 'ok'",
            (
                '(visited on site (visited) or fee paid (fee_paid)) and remark = "ok". Now: '
                'fee paid (fee_paid) = no, remark = "", visited on site (visited) = no.'
            ),
            (
                "(đã khảo sát thực địa (visited) hoặc đã nộp phí, lệ phí (fee_paid)) và "
                'remark = "ok". Hiện nay: đã nộp phí, lệ phí (fee_paid) = không, remark = "", '
                "đã khảo sát thực địa (visited) = không."
            ),
        ),
        (
            "not (channel == 'counter' or visited)",
            (
                'not (channel (channel) = "at the counter" (counter) or visited on site '
                "(visited)). "
                'Now: channel (channel) = "at the counter" (counter), visited on site '
                "(visited) = no."
            ),
            (
                'không (kênh nộp (channel) = "trực tiếp" (counter) hoặc đã khảo sát thực địa '
                '(visited)). Hiện nay: kênh nộp (channel) = "trực tiếp" (counter), '
                "đã khảo sát thực địa (visited) = không."
            ),
        ),
        (
            "case not in ['lớn', 'khó'] and apologies >= 1",
            (
                "apologies made (apologies) ≥ 1. Now: apologies made (apologies) = 0, "
                'case (case) = "".'
            ),
            (
                "số lần đã xin lỗi (apologies) ≥ 1. Hiện nay: số lần đã xin lỗi (apologies) = 0, "
                'trường hợp (case) = "".'
            ),
        ),
    ],
)
def test_what_a_way_asks_is_said_in_both_languages(
    guard: str, english: str, vietnamese: str
) -> None:
    """Labels of the file, of the template and of igate; a fact without one keeps its name."""
    with pytest.raises(GuardRefused) as refused:
        asked(guard).act("skip", "officer")
    assert said(refused.value) == (
        f'The action "Go straight on" (skip) needs: {english}',
        f'Thao tác "Chuyển thẳng" (skip) cần: {vietnamese}',
    )


def test_a_state_and_an_action_in_a_condition_have_their_labels() -> None:
    """An officer took the step; the one before cannot recall it any more."""
    desk = Desk()
    desk.to_step(3)
    desk.act("take", "officer")
    with pytest.raises(GuardRefused) as refused:
        desk.act("recall", "head_of_section", note="x")
    english, vietnamese = said(refused.value)
    assert (
        'Now: state before (came_from) = "In process, step 2" (processing_2), '
        'last action (last_action) = "Take the step" (take).'
    ) in english
    assert (
        'Hiện nay: trạng thái trước (came_from) = "Đang xử lý, bước 2" (processing_2), '
        'thao tác cuối (last_action) = "Nhận việc" (take).'
    ) in vietnamese
    assert '"Chuyển bước tiếp theo" (forward)' in vietnamese.partition("Hiện nay")[0]


def test_a_part_that_is_missing_is_said_once() -> None:
    """What is needed, by step and role, and which parts are done; no fact and its value besides."""
    desk = Desk(procedure(TOGETHER))
    desk.to_step(2)
    desk.act("do_part", "leader")
    with pytest.raises(GuardRefused) as refused:
        desk.act("forward", "officer")
    english, vietnamese = said(refused.value)
    assert english == (
        'The action "Pass on to the next step" (forward) needs: part of Clerk in step 2 done '
        "(done_2_clerk) (Nghị định 118/2025/NĐ-CP, Điều 19 (giả định)). "
        'The part of "Clerk" (clerk) in step 2 is not done. '
        'The part of "Leader who signs the result" (leader) in step 2 is done.'
    )
    assert vietnamese == (
        'Thao tác "Chuyển bước tiếp theo" (forward) cần: phần việc của Văn thư ở bước 2 đã xong '
        "(done_2_clerk) (Nghị định 118/2025/NĐ-CP, Điều 19 (giả định)). "
        'Phần của "Văn thư" (clerk) ở bước 2 chưa xong. '
        'Phần của "Người có thẩm quyền ký kết quả" (leader) ở bước 2 đã xong.'
    )
    workflow = catalogue(procedure(TOGETHER)).in_force(CODE, on=DAY).workflow
    denied = condition_called(workflow, "not done_2_clerk")
    assert denied == "part of Clerk in step 2 not done (done_2_clerk)"
    assert denied.text("vi") == "phần việc của Văn thư ở bước 2 chưa xong (done_2_clerk)"
    assert part_label(workflow, "fee_due") is None


def test_facts_that_cannot_be_passed_are_named() -> None:
    """One that an action establishes, one that the payment lacks, one of another kind."""
    desk = asked("visited")
    for facts, english, vietnamese in (
        (
            {"fee_paid": True},
            (
                'The fact "fee paid" (fee_paid) is established by the action "Pay" '
                "(pay), not passed "
                'with "Pass on to the next step" (forward).'
            ),
            (
                'Dữ kiện "đã nộp phí, lệ phí" (fee_paid) do thao tác "Thực hiện nghĩa '
                'vụ tài chính" '
                '(pay) xác lập, không truyền kèm "Chuyển bước tiếp theo" (forward).'
            ),
        ),
        (
            {"visited": 1},
            'The fact "visited on site" (visited) is 1, but the workflow declares it bool.',
            'Dữ kiện "đã khảo sát thực địa" (visited) là 1, nhưng quy trình khai báo là bool.',
        ),
        (
            {"seen": True},
            "The workflow of procedure 9.000001 has no fact seen.",
            "Quy trình của thủ tục 9.000001 không có dữ kiện seen.",
        ),
    ):
        with pytest.raises(FactRefused) as refused:
            desk.act("forward", "officer", facts=facts)
        found = said(refused.value)
        assert found[0].startswith(english)
        assert found[1].startswith(vietnamese)
    assert '"visited on site" (visited)' in str(refused.value)
    assert '"đã khảo sát thực địa" (visited)' in refused.value.text("vi")


def test_an_entry_that_does_not_follow_is_named_by_labels() -> None:
    """A transfer is there twice: action, both states, and where the dossier is, by label."""
    desk = Desk()
    desk.act("receive", "receptionist")
    transferred = desk.act("transfer", "receptionist")
    calendar, revision = expected_days(), catalogue(procedure()).in_force(CODE, on=DAY)
    ground = Ground.of(revision, shipped_rules("decree", on=DAY), calendar, definition="d1")
    with pytest.raises(JournalError) as refused:
        apply(transferred, desk.office.journal(desk.code)[-1], ground)
    english, vietnamese = said(refused.value)
    assert english.startswith(
        'Entry 3 ("Pass the dossier to those who solve it" (transfer): "Received" (received) → '
        '"In process, step 2" (processing_2)) does not follow entry 3, which left the dossier in '
        '"In process, step 2" (processing_2).'
    )
    assert vietnamese.startswith(
        'Dòng 3 ("Chuyển hồ sơ" (transfer): "Được tiếp nhận" (received) → '
        '"Đang xử lý, bước 2" (processing_2)) không nối tiếp dòng 3, dòng đó để hồ sơ ở '
        '"Đang xử lý, bước 2" (processing_2).'
    )


def test_a_text_is_shown_as_it_is() -> None:
    """Signs and words of a value are not taken for those of a guard."""
    text = procedure(STEPS.replace("GUARD", "visited"), more=ASKED)
    here = catalogue(text).in_force(CODE, on=DAY).workflow
    assert known_called(here, "remark", 'a "b" and not c').text("vi") == (
        'remark = "a "b" and not c"'
    )
    assert known_called(here, "apologies", 2).text("vi") == "số lần đã xin lỗi (apologies) = 2"
    assert fact_called(here, "remark") == '"remark"'


LIMITS = (
    f"[{{limit: 3 working_day, channel: online, {CITED}}}, "
    f"{{limit: 5 working_day, channel: post, case: lớn, {CITED}}}]"
)


def test_a_limit_that_is_missing_is_said_in_both_languages() -> None:
    """Handed in at the counter, where there are limits for the other two channels alone."""
    with pytest.raises(TimeLimitError) as refused:
        Desk(procedure(limits=LIMITS))
    english, vietnamese = str(refused.value), refused.value.text("vi")
    assert english.startswith(
        '9.000001 as of 2025-01-01 has no time limit for channel "at the counter" (counter), '
        "case '', area ''. Its limits depend on them: 3 working_day for channel "
        '"online" (online); '
        '5 working_day for channel "by post" (post), case "lớn".'
    )
    assert vietnamese.startswith(
        "9.000001, lần sửa đổi có hiệu lực từ 01/01/2025 không có thời hạn cho kênh "
        "\"trực tiếp\" (counter), trường hợp '', khu vực ''."
    )
    assert '3 ngày làm việc cho kênh nộp "trực tuyến" (online); ' in vietnamese
    assert '5 ngày làm việc cho kênh nộp "qua dịch vụ bưu chính" (post), trường hợp "lớn".' in (
        vietnamese
    )


def test_what_is_handed_in_wrongly_is_said_in_both_languages() -> None:
    """The channels by the words that a receipt has for them."""
    with pytest.raises(JournalError) as refused:
        Desk(channel="fax")
    english, vietnamese = said(refused.value)
    assert english == (
        "There is no channel 'fax'. A dossier is handed in \"online\" (online), "
        '"at the counter" (counter), "by post" (post).'
    )
    assert vietnamese == (
        "Không có kênh tiếp nhận 'fax'. Hồ sơ được nộp qua \"trực tuyến\" (online), "
        '"trực tiếp" (counter), "qua dịch vụ bưu chính" (post).'
    )


def test_whoever_hands_in_for_another_is_named_by_the_role() -> None:
    """The role of the template, in both languages."""
    desk = Desk()
    somebody = Actor("b", roles={"applicant"})
    with pytest.raises(NotPermitted) as refused:
        desk.office.submit(CODE, applicant="Bà An", applicant_id="an", channel="counter",
                           agency="H15.10", by=somebody)  # fmt: skip
    english, vietnamese = str(refused.value), refused.value.text("vi")
    assert 'hands in as "Applicant" (applicant)' in english
    assert '"Người nộp hồ sơ" (applicant)' in vietnamese


def test_what_can_be_corrected_is_named_in_both_languages() -> None:
    """Whoever does a step finds the case and nothing else; the counter corrects more."""
    desk = Desk()
    desk.to_step(2)
    with pytest.raises(ActionRefused) as refused:
        desk.act("find_case", "head_of_section", note="x", changes={"agency": "H15.20"})
    assert said(refused.value) == (
        (
            'The action "Find the case of the dossier" (find_case) does not correct '
            '"competent agency" '
            '(agency). It corrects "case" (case).'
        ),
        (
            'Thao tác "Xác định trường hợp của hồ sơ" (find_case) không sửa "cơ quan có '
            'thẩm quyền" (agency). '
            'Thao tác này sửa "trường hợp" (case).'
        ),
    )
    with pytest.raises(ActionRefused) as unchanged:
        desk.act("correct", "receptionist", note="x", changes={"area": ""})
    english, vietnamese = said(unchanged.value)
    assert '"name of the applicant" (applicant) or "id of the applicant" (applicant_id)' in english
    assert (
        '"tên người nộp hồ sơ" (applicant) hoặc "mã người nộp hồ sơ" (applicant_id)' in vietnamese
    )


def test_how_late_an_action_may_be_recorded_is_said_in_both_languages() -> None:
    """On the next working day at the latest: Tuesday for what happened on Monday 2 March 2026."""
    desk = Desk()
    desk.act("receive", "receptionist")
    desk.at("2026-03-06T09:00")
    with pytest.raises(MomentError) as refused:
        desk.act("transfer", "receptionist", at=parse_local("2026-03-02T09:30"))
    english, vietnamese = said(refused.value)
    assert "It is recorded at most 1 working day later, " in english
    assert "của 09:30 ngày 02/03/2026 được ghi nhận vào 09:00 ngày 06/03/2026." in vietnamese
    assert "Việc này được ghi nhận muộn nhất 1 ngày làm việc sau đó, " in vietnamese
