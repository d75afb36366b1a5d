"""What decisions say and a file can: one time for rows, times in words, who drafts and signs."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desks import CITED, CODE, Desk, catalogue, procedure
from igate.checks.checker import check_paths
from igate.errors import UnknownAction, WrongState
from igate.law.localtime import parse_local
from igate.publish.procedure_words import step_time

DRAFTED = """\
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận}
      - {number: 2, phase: processing, role: officer, may: [], vi: Thẩm định,
         ways: [{action: draft_refusal, to: 4, vi: Trình từ chối, sets: {refusal: true}}]}
      - {number: 3, phase: processing, role: head_of_section, may: [ask_supplement], vi: Soát xét}
      - {number: 4, phase: processing, role: leader, may: [refuse, stop], vi: Ký}
      - {number: 5, phase: handover, role: receptionist, vi: Trả kết quả}
"""
STAGED = """\
      - {number: 1, phase: reception, role: receptionist, limit: 0.5 working_day, vi: Tiếp nhận}
      - {number: 2, phase: processing, role: head_of_section, vi: Phân công}
      - {number: 3, phase: processing, role: officer, vi: Thẩm định}
      - {number: 4, phase: processing, role: leader, limit: 1 working_day, vi: Ký}
      - {number: 5, phase: handover, role: receptionist, limit: not_counted, vi: Trả kết quả}
    stages:
      - {steps: [2, 3], limit: 3 working_day}
"""
IN_TURN = """\
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận}
      - {number: 2, phase: processing, limit: 2 working_day, vi: Thẩm định,
         actors: [{role: officer, vi: Soạn thảo}, {role: head_of_section, vi: Soát xét}]}
      - {number: 3, phase: processing, role: leader, time: Theo quy chế làm việc, vi: Ký}
      - {number: 4, phase: handover, role: receptionist, vi: Trả kết quả}
"""


def found(folder: Path, text: str) -> list[str]:
    """Check a procedure file; give the findings."""
    (folder / f"{CODE}-x.yaml").write_text(text, encoding="utf-8")
    return [str(each) for each in check_paths([folder]) if each.code != "missing-translation"]


# who drafts and who signs


def test_a_refusal_is_drafted_by_one_and_signed_by_another() -> None:
    """The officer leads it to the leader, who alone may refuse; the file says so step by step."""
    desk = Desk(procedure(DRAFTED, more="    facts: {refusal: bool}\n"))
    desk.to_step(2)
    with pytest.raises(WrongState, match=r"It starts from .* \(processing_4\)"):
        desk.act("refuse", "officer")
    with pytest.raises(WrongState, match=r"It starts from .* \(processing_3\)"):
        desk.act("ask_supplement", "officer")
    desk.act("draft_refusal", "officer")
    assert desk.dossier.facts["refusal"] is True
    with pytest.raises(UnknownAction):
        desk.act("apologise", "leader", due=parse_local("2026-03-20T17:00"))
    assert desk.act("refuse", "leader").outcome == "refused"


def test_what_passes_on_is_no_choice_of_a_step() -> None:
    """An empty list leaves passing on, sending back, assigning and putting right."""
    desk = Desk(procedure(DRAFTED, more="    facts: {refusal: bool}\n"))
    desk.to_step(2)
    names = {each.action for each in desk.office.actions(desk.code)}
    assert {"forward", "take", "find_case", "withdraw"} <= names
    assert not {"ask_supplement", "ask_payment", "refuse", "stop", "apologise"} & names


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("may: [refus]", ("unknown-action", 'Did you mean "refuse"?')),
        ("may: [forward]", ("unknown-action", "no action that a step can leave out")),
        ("four_eyes: [1]", ("bad-way", "other eyes than those of step 1")),
        ("four_eyes: [2]", ("bad-way", "other eyes than those of step 2")),
        ("roles: [officer, clerk]", ("step-actors", 'has "role" and "roles"')),
        ("together: [{role: clerk, en: Part}]", ("missing-label", '"en" without a "vi": "Part"')),
        ("ways: [{action: forward, to: 2, en: On}]", ("missing-label", 'without a "vi": "On"')),
        ("limit: 1 day, time: khi xong", ("step-actors", 'a "time" that is no length')),
    ],
)
def test_what_a_step_says_wrongly(tmp_path: Path, step: str, words: tuple[str, str]) -> None:
    """Each with its place and what to write."""
    rows = (
        "      - {number: 1, phase: reception, role: receptionist, vi: a}\n"
        f"      - {{number: 2, phase: processing, role: officer, {step}, vi: b}}\n"
        "      - {number: 3, phase: handover, role: receptionist, vi: c}\n"
    )
    (line,) = found(tmp_path, procedure(rows))
    assert f"[{words[0]}]" in line
    assert words[1] in line


def test_a_wrong_entry_of_a_list_is_called_by_the_key_of_the_list(tmp_path: Path) -> None:
    """The second of two deliveries; ``1`` alone would say nothing to anybody."""
    more = "    results: [{vi: Thẻ, en: Card, delivery: [online, mail]}]\n"
    (line,) = found(tmp_path, procedure(more=more))
    assert "delivery: 'mail' is not known here. Write 'online', 'counter' or 'post'." in line


def test_what_a_step_may_starts_at_a_step(tmp_path: Path) -> None:
    """An opinion is given while the dossier waits, and a receipt is no processing."""
    rows = (
        "      - {number: 1, phase: reception, role: receptionist, vi: a}\n"
        "      - {number: 2, phase: processing, role: officer, may: [give_opinion], vi: b}\n"
        "      - {number: 3, phase: handover, role: receptionist, vi: c}\n"
    )
    (line,) = found(tmp_path, procedure(rows, template="consultation"))
    assert "Those are apologise, ask_payment, ask_supplement, consult, refuse, stop." in line
    rows = rows.replace("receptionist, vi: a", "receptionist, may: [refuse], vi: a")
    (line,) = found(tmp_path, procedure(rows.replace(", may: [give_opinion]", "")))
    assert "[step-actors] Step 1 is the reception; only processing steps have may." in line


# times


def test_a_stage_has_one_time_for_its_steps(tmp_path: Path) -> None:
    """Three working days from the coming into step 2 on Monday: Thursday 5 March, in both steps."""
    desk = Desk(procedure(STAGED))
    desk.to_step(2)
    desk.at("2026-03-04T09:00")
    desk.act("forward", "head_of_section")
    visits = {each.place: each for each in desk.office.progress(desk.code)}
    assert f"{visits['2'].due:%d/%m}" == f"{visits['3'].due:%d/%m}" == "05/03"
    assert (visits["2"].of_stage, visits["2"].judged) == (True, "early")
    desk.at("2026-03-06T09:00")
    assert desk.office.progress(desk.code)[-1].judged == "overdue"
    desk.act("send_back", "officer")
    assert f"{desk.office.progress(desk.code)[-1].due:%d/%m}" == "05/03"
    # by hand: 0.5 + 3 + 1 = 4.5 working days; the limit of 4 is exceeded, that of 5 is not
    for limit, said in (("4 working_day", "steps-exceed-limit"), ("5 working_day", "steps-below")):
        text = procedure(STAGED, limits=f"[{{limit: {limit}, {CITED}}}]")
        assert said in " ".join(found(tmp_path, text))


def test_a_row_that_several_do_in_turn_has_one_time() -> None:
    """Two working days from Monday for both: Wednesday 4 March."""
    desk = Desk(procedure(IN_TURN))
    desk.to_step(2)
    desk.at("2026-03-03T09:00")
    desk.act("forward", "officer")
    due = [f"{each.due:%d/%m}" for each in desk.office.progress(desk.code)[1:]]
    assert due == ["04/03", "04/03"]


def test_a_time_that_is_no_length_is_shown_and_never_counted() -> None:
    """As the decision prints it."""
    workflow = catalogue(procedure(IN_TURN)).procedure(CODE).revisions
    ((_, revision),) = workflow
    step = revision.workflow.steps[3]
    assert step_time(step, "vi") == "Theo quy chế làm việc (không tính thời gian)"
    desk = Desk(procedure(IN_TURN))
    desk.to_step(2)
    desk.act("forward", "officer")
    desk.act("forward", "head_of_section")
    assert desk.office.progress(desk.code)[-1].due is None


@pytest.mark.parametrize(
    ("stages", "words"),
    [
        ("[{steps: [2, 4], limit: 3 day}]", "Step 4 has a limit of its own"),
        ("[{steps: [3, 2], limit: 3 day}]", "steps 3 to 2 is none"),
        ("[{steps: [2, 9], limit: 3 day}]", "steps 2 to 9 is none"),
        ("[{steps: [2, 3], limit: 3 day}, {steps: [3, 4], limit: 3 day}]", "overlaps another"),
    ],
)
def test_a_stage_that_is_none(tmp_path: Path, stages: str, words: str) -> None:
    """Its ends exist, it overlaps no other, and its steps have no time of their own."""
    text = procedure(STAGED.partition("    stages:")[0] + f"    stages: {stages}\n")
    assert words in " ".join(found(tmp_path, text))


@given(st.lists(st.integers(1, 3), min_size=1, max_size=4), st.integers(1, 9), st.data())
def test_a_stage_counts_once_whatever_steps_it_holds(
    times: list[int], together: int, data: st.DataObject
) -> None:
    """The longest way is the times of the other steps and, once, that of the stage."""
    held = data.draw(st.integers(2, 4))
    rows = ["      - {number: 1, phase: reception, role: receptionist, vi: a}"]
    rows += [
        f"      - {{number: {number}, phase: processing, role: officer, vi: b}}"
        for number in range(2, held + 2)
    ]
    for number, days in enumerate(times, start=held + 2):
        rows.append(
            f"      - {{number: {number}, phase: processing, role: officer, "
            f"limit: {days} working_day, vi: c}}"
        )
    rows.append(f"      - {{number: {held + len(times) + 2}, phase: handover, "
                "role: receptionist, vi: d}")  # fmt: skip
    stage = f"    stages: [{{steps: [2, {held + 1}], limit: {together} working_day}}]"
    whole = sum(times) + together
    for limit, exceeds in ((whole, False), (whole - 1, True)):
        text = procedure(
            "\n".join([*rows, stage]) + "\n",
            limits=f"[{{limit: {limit} working_day, {CITED}}}]",
        )
        with tempfile.TemporaryDirectory() as folder:
            lines = found(Path(folder), text)
        assert any("steps-exceed-limit" in line for line in lines) is exceeds


# templates

OWN = """\
format: 1
template: own
extends: ordinary
label: {vi: Riêng, en: Own}
citation: Quyết định 1/QĐ-UBND (giả định)
options: {urgent: {vi: Khẩn, en: Urgent}}
actions: {jump: {vi: Chuyển thẳng, en: Jump}, lose: {vi: Để đó, en: Leave}}
states:
  pit: {label: {vi: Hố, en: Pit}, national_status: 4, option: urgent}
transitions:
  - {action: jump, from: processing.2, to: processing.4, roles: [step], option: urgent}
"""


def test_a_transition_names_a_step_and_an_option_turns_it_on() -> None:
    """From step 2 to step 4, for procedures that choose it; in others there is no such action."""
    own = {"own": OWN.replace("  pit:", "  aside:").partition("states:")[0]
           + "transitions:" + OWN.partition("transitions:")[2]}  # fmt: skip
    desk = Desk(procedure(template="own", more="    options: [urgent]\n"), templates=own)
    desk.to_step(2)
    assert desk.act("jump", "head_of_section").state == "processing_4"
    desk = Desk(procedure(template="own"), templates=own)
    assert "jump" not in {each.action for each in desk.office.actions(desk.code)}


def test_a_template_is_checked_with_its_options(tmp_path: Path) -> None:
    """A pit that only an option digs: nobody who chooses it would ever come out."""
    text = OWN + "  - {action: lose, from: processing.2, to: pit, roles: [step], option: urgent}\n"
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    (line,) = [str(each) for each in check_paths([tmp_path])]
    assert "[dead-end] With the option urgent: " in line


@pytest.mark.parametrize(
    ("transition", "code"),
    [
        ("{action: jump, from: processing, to: back, undoes: [forwrd], roles: [doer]}",
         "unknown-action"),
        ("{action: jump, from: processing, to: here, undoes: [forward], roles: [doer]}",
         "bad-position"),
        ("{action: jump, from: processing, to: here, roles: [step], needs: [fee]}", "unknown-fact"),
        ("{action: jump, from: processing, to: here, roles: [step], option: urgnt}",
         "unknown-option"),
        ("{action: jump, from: processing, to: here, roles: [step], changes: [name]}", "bad-value"),
        ("{action: jump, from: processing, to: here, roles: [step], max_backdate: soon}",
         "bad-time-limit"),
    ],
)  # fmt: skip
def test_what_a_transition_says_wrongly(tmp_path: Path, transition: str, code: str) -> None:
    """Names that nothing declares, and words that do not go together."""
    text = OWN.partition("states:")[0] + f"transitions:\n  - {transition}\n"
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    assert [each.code for each in check_paths([tmp_path])][:1] == [code]
