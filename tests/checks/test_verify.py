"""Proofs about procedures: seeded faults are refuted by the engine, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from igate import Catalog, check_paths
from igate.checks.verify import verify
from igate.files.sources import shipped_text

if TYPE_CHECKING:
    from pathlib import Path

    from igate.checks.verdict import Question, Verdict, Verification

CITED = "citation: Quyết định 1/QĐ-UBND (giả định)"
HEAD = f"""\
format: 1
code: "9.000001"
name: {{vi: Cấp thẻ ví dụ, en: Issue of an example card}}
field: {{id: libraries, vi: Thư viện, en: Libraries}}
checked_on: "2026-11-21"
source: invented
revisions:
  - effective_from: "%s"
    {CITED}
    template: %s
    limits:
      - {{limit: %s, {CITED}}}
    steps:
      - {{number: 1, phase: reception, role: receptionist, vi: Nhận, en: Receive}}
"""
HANDOVER = "role: receptionist, vi: Trả, en: Hand over}\n"
#: What the apology and the supplement wait for in the shipped template.
APOLOGY = "guard: apologies == 0 and working_days_left >= 1"
SUPPLEMENT = "guard: supplement_requests == 0 and working_days_since_receipt <= 3"
EXPIRY = """\
  - action: expire_supplement
    from: awaiting_supplement
    to: stopped
    roles: [system, receptionist]
    clock: stop
    outcome: not_supplemented
    guard: days_waiting > 15
    citation: Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5
"""


def procedure_text(
    *rows: str, limit: str = "5 working_day", since: str = "2026-08-20", template: str = "ordinary"
) -> str:
    """Write a procedure with processing steps 2, 3, … between reception and hand-over."""
    text = HEAD % (since, template, limit)
    for number, row in enumerate(rows, start=2):
        text += f"      - {{number: {number}, phase: processing, vi: Làm, en: Work, {row}}}\n"
    return text + f"      - {{number: {len(rows) + 2}, phase: handover, {HANDOVER}"


def verified(folder: Path, text: str, *, template: str = "") -> Verification:
    """Write the files, and verify the procedure."""
    (folder / "9.000001-card.yaml").write_text(text, encoding="utf-8")
    if template:
        (folder / "own.yaml").write_text(template, encoding="utf-8")
    (found,) = verify(Catalog.load(folder).procedure("9.000001"))
    return found


def own_template(*changes: tuple[str, str]) -> str:
    """Return the shipped template under another name, with something of it changed."""
    text = shipped_text("templates/ordinary.yaml")
    assert text is not None
    text = text.replace("template: ordinary", "template: own", 1)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def assert_pasted(folder: Path, verdict: Verdict, spoilt: tuple[str, str]) -> None:
    """Paste the example into the file: the check runs it, and sees when it is spoilt."""
    assert verdict.answer == "refuted", verdict
    assert verdict.refutation is not None
    block = verdict.refutation.example
    file = folder / "9.000001-card.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + block, encoding="utf-8")
    assert "example-fails" not in [each.code for each in check_paths([folder])]
    old, new = spoilt
    assert old in block
    file.write_text(text + block.replace(old, new), encoding="utf-8")
    assert "example-fails" in [each.code for each in check_paths([folder])]


def answers(found: Verification) -> dict[Question, str]:
    """Return the four answers."""
    return {each.question: each.answer for each in found.verdicts}


ALL_PROVED = {
    "ends": "proved", "in_time": "proved", "apology": "proved", "one_supplement": "proved",
}  # fmt: skip
TWO_AND_ONE = ("role: officer, limit: 2 working_day", "role: leader, limit: 1 working_day")


def test_a_sound_procedure_is_proved(tmp_path: Path) -> None:
    """Two days and one day are three, and whole days end with the day whenever they begin."""
    found = verified(tmp_path, procedure_text(*TWO_AND_ONE, limit="3 working_day"))
    assert answers(found) == ALL_PROVED
    assert found.answer == "proved"
    assert found["in_time"].cases > 20 * 5
    assert [str(each) for each in found["in_time"].citations] == ["Quyết định 1/QĐ-UBND (giả định)"]


def test_steps_that_exceed_the_limit_only_over_tet_are_refuted(tmp_path: Path) -> None:
    """Ten calendar days hold three working days in any week of 2026 but that of Tết.

    The office is closed from Saturday 14 to Sunday 22 February. Received on Friday the 13th: two
    working days end on Tuesday the 24th, the third on Wednesday the 25th; ten days end on Monday
    the 23rd. The week of 30 April holds: received on Friday 24 April, the days are 28 and 29 April
    and 4 May, the tenth day.
    """
    text = procedure_text(*TWO_AND_ONE, limit="10 day", since="2026-01-01")
    verdict = verified(tmp_path, text)["in_time"]
    assert verdict.refutation is not None
    for moment in (
        'submitted: "2026-02-13T16:59"',
        '{action: "forward", at: "2026-02-24T17:00", role: "officer"}',
        '{action: "finish", at: "2026-02-25T17:00", role: "leader"}',
        'due: "2026-02-23T17:00"',
    ):
        assert moment in verdict.refutation.example
    assert "received 2026-02-13 16:59" in verdict.refutation.said.en.lower()
    assert "The limit is in calendar days" in verdict.because.en
    assert "Thời hạn tính theo ngày của lịch" in verdict.because.text("vi")
    assert_pasted(tmp_path, verdict, ('due: "2026-02-23T17:00"', 'due: "2026-02-24T17:00"'))
    after = procedure_text(*TWO_AND_ONE, limit="10 day", since="2026-02-23")
    assert verified(tmp_path, after)["in_time"].answer == "proved"


def test_half_days_around_a_whole_day_miss_the_limit_in_the_afternoon(tmp_path: Path) -> None:
    """Half, two and half a day are three, but not where the first half ends on the next day.

    Received on Thursday 20 August 2026 at 13:30: half a day (225 minutes) ends with the next
    minute of work after 17:00, on Friday; two days end on Saturday the 22nd, which is worked, and
    Monday the 24th; the last half ends on Tuesday; the third working day is Monday the 24th.
    """
    rows = (
        "role: officer, limit: 0.5 working_day",
        "role: head_of_section, limit: 2 working_day",
        "role: leader, limit: 0.5 working_day",
    )
    verdict = verified(tmp_path, procedure_text(*rows, limit="3 working_day"))["in_time"]
    assert verdict.answer == "refuted"
    assert 0 < verdict.against < verdict.cases
    assert "In sum the steps are within the limit" in verdict.because.en
    assert "nhưng rơi sang ngày thứ tư" in verdict.because.text("vi")
    whole = (rows[0], rows[2], rows[1])
    assert verified(tmp_path, procedure_text(*whole, limit="3 working_day"))["in_time"].answer == (
        "proved"
    )


def test_parties_count_by_the_last_of_them_and_a_stage_counts_once(tmp_path: Path) -> None:
    """Five days of the slower party and one more are six; a stage of five holds both its steps."""
    party = "together: [{role: officer, limit: 5 working_day}, {role: clerk, limit: 3 working_day}]"
    rows = (f"role: head_of_section, {party}", "role: leader, limit: 1 working_day")
    found = verified(tmp_path, procedure_text(*rows, limit="6 working_day"))
    assert found["in_time"].answer == "proved"
    short = verified(tmp_path, procedure_text(*rows, limit="5 working_day"))["in_time"]
    assert short.refutation is not None
    assert short.refutation.example.count('"do_part"') == 2
    assert_pasted(tmp_path, short, ('state: "solved"', 'state: "stopped"'))
    stage = "    stages: [{steps: [2, 3], limit: 5 working_day}]\n"
    staged = procedure_text("role: officer", "role: leader", limit="%s working_day") + stage
    assert verified(tmp_path, staged % 5)["in_time"].answer == "proved"
    over = verified(tmp_path, staged % 4)["in_time"]
    assert over.answer == "refuted"
    assert over.because.en.endswith("In sum the steps are longer than the limit.")


def test_an_apology_that_comes_too_late_is_refuted(tmp_path: Path) -> None:
    """Received on Thursday 20 August 2026, five working days end on Wednesday the 26th.

    The Saturday is worked. The last day for an apology is Tuesday the 25th; the guard of this
    template opens on the 26th only.
    """
    template = own_template((APOLOGY, "guard: apologies == 0 and working_days_left <= 0"))
    text = procedure_text(*TWO_AND_ONE, template="own")
    found = verified(tmp_path, text, template=template)
    example = found["apology"].refutation
    assert example is not None
    assert '{action: "apologise", at: "2026-08-25T08:00", refused: true' in example.example
    assert 'due: "2026-08-26T17:00"' in example.example
    assert_pasted(tmp_path, found["apology"], ('at: "2026-08-25', 'at: "2026-08-26'))
    assert {**answers(found), "apology": "proved"} == ALL_PROVED


def test_a_limit_without_a_day_before_its_end_leaves_no_apology(tmp_path: Path) -> None:
    """What is due on the day of receipt cannot be put off a day before; that is no fault."""
    found = verified(tmp_path, procedure_text("role: officer", limit="0 working_day until 15:00"))
    assert found["apology"].answer == "not_stated"
    assert "no working day before" in found["apology"].because.en


def test_a_round_that_the_system_takes_for_ever_is_refuted(tmp_path: Path) -> None:
    """A guard that always holds hides it from the eye; no entry ever changes what it asks for."""
    way = "ways: [{action: recheck, to: 2, vi: Kiểm tra lại, en: Check, guard: apologies < 9}]"
    rows = ("role: system", f"role: system, {way}", "role: leader")
    found = verified(tmp_path, procedure_text(*rows))
    refutation = found["ends"].refutation
    assert refutation is not None
    assert refutation.example.count('"recheck"') == 2
    assert refutation.said.en.startswith("The system can go round for ever: ")
    assert_pasted(tmp_path, found["ends"], ('"recheck"', '"finish"'))


def test_a_wait_that_nothing_ends_is_refuted(tmp_path: Path) -> None:
    """Without its closing a dossier that is not supplemented in fifteen days waits for ever."""
    template = own_template((EXPIRY, ""))
    text = procedure_text(*TWO_AND_ONE, template="own")
    found = verified(tmp_path, text, template=template)
    refutation = found["ends"].refutation
    assert refutation is not None
    assert '{action: "supplement"' in refutation.example
    assert "refused: true" in refutation.example
    assert_pasted(tmp_path, found["ends"], ('state: "awaiting_supplement"', 'state: "stopped"'))


def test_a_second_supplement_is_refuted(tmp_path: Path) -> None:
    """The decree allows one request (Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5)."""
    template = own_template((SUPPLEMENT, SUPPLEMENT.replace("== 0", "<= 1")))
    text = procedure_text(*TWO_AND_ONE, template="own")
    found = verified(tmp_path, text, template=template)
    refutation = found["one_supplement"].refutation
    assert refutation is not None
    assert refutation.example.count('{action: "ask_supplement"') == 2
    spoilt = ('state: "awaiting_supplement"', 'state: "stopped"')
    assert_pasted(tmp_path, found["one_supplement"], spoilt)
    assert {**answers(found), "one_supplement": "proved"} == ALL_PROVED


@pytest.mark.parametrize(
    ("rows", "limit", "words"),
    [
        (("role: officer, limit: not_stated",), "5 working_day", "No time is stated for step 2"),
        (TWO_AND_ONE, "not_stated", "state no limit"),
    ],
)
def test_what_the_sources_do_not_say_is_not_refuted(
    tmp_path: Path, rows: tuple[str, ...], limit: str, words: str
) -> None:
    """Without a time, or a limit, there is nothing to hold against anything."""
    verdict = verified(tmp_path, procedure_text(*rows, limit=limit))["in_time"]
    assert (verdict.answer, verdict.refutation) == ("not_stated", None)
    assert words in verdict.because.en


def test_a_revision_of_another_age_is_in_force_on_no_day(tmp_path: Path) -> None:
    """The calendar knows no day of 2030."""
    found = verified(tmp_path, procedure_text(*TWO_AND_ONE, since="2030-01-01"))
    assert set(answers(found).values()) == {"not_stated"}
