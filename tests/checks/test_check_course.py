"""What the checker says about the course of a template: the decree, circles, facts, roles."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate.checks.checker import check_paths
from igate.checks.possible import can_hold
from igate.files.findings import CHECK_ONLY, CODES, severity_of
from igate.files.sources import found_in, shipped
from igate.procedures.guard import Guard
from igate.procedures.reading.templates import Templates
from places import ROOT, TESTS

if TYPE_CHECKING:
    from igate.procedures.workflow import FactKind

BROKEN = TESTS / "broken"
DECREE = "Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5"
SECTOR = "Nghị định 163/2025/NĐ-CP, Điều 30"

HEAD = """\
format: 1
template: brief
extends: ordinary
label: {vi: Ngắn, en: Brief}
citation: Nghị định 118/2025/NĐ-CP, Điều 17
"""


def transition(action: str, way: str, clock: str, guard: str, citation: str) -> str:
    """Write a transition of a template that extends the ordinary one."""
    source, target = way.split(" > ")
    condition = f', guard: "{guard}"' if guard else ""
    return (
        f"  - {{action: {action}, from: {source}, to: {target}, roles: [receptionist], "
        f'clock: {clock}, reason: supplement{condition}, citation: "{citation}"}}\n'
    )


def found(tmp_path: Path, text: str) -> list[tuple[str, str]]:
    """Return code and severity of the findings in a template that extends the ordinary one."""
    file = tmp_path / "brief.yaml"
    file.write_text(HEAD + text, encoding="utf-8")
    return [(each.code, each.severity) for each in check_paths([file])]


ASK = ("ask_supplement", "processing > awaiting_supplement", "suspend")
ANSWER = ("supplement", "awaiting_supplement > processing.first", "resume")
CLOSE = ("expire_supplement", "awaiting_supplement > stopped", "stop")
APOLOGISE = ("apologise", "processing > processing.same", "replace")


@pytest.mark.parametrize(
    ("way", "guard", "codes"),
    [
        (ASK, "supplement_requests == 0 and working_days_since_receipt <= 3", []),
        (ASK, "supplement_requests < 1 and working_days_since_receipt in [0, 1, 2]", []),
        (ASK, "not (supplement_requests > 0 or working_days_since_receipt > 3)", []),
        (ASK, "supplement_requests == 0", ["supplement-late"]),
        (ASK, "working_days_since_receipt <= 3", ["supplement-again"]),
        (ASK, "", ["supplement-again", "supplement-late"]),
        (ASK, "(supplement_requests == 0 or fee_due) and working_days_since_receipt <= 3",
         ["supplement-again"]),
        (ASK, "supplement_requests == 0 and (working_days_since_receipt <= 3 or area == 'I')",
         ["supplement-late"]),
        (ANSWER, "days_waiting <= 15", []),
        (ANSWER, "days_waiting <= 14", ["supplement-window"]),
        (ANSWER, "days_waiting <= 16", ["supplement-window"]),
        (ANSWER, "", ["supplement-window"]),
        (CLOSE, "days_waiting > 15", []),
        (CLOSE, "days_waiting > 15 and fee_due and not fee_due", ["supplement-window"]),
        (APOLOGISE, "apologies == 0 and working_days_left >= 1", []),
        (APOLOGISE, "apologies == 0 and working_days_left >= 2", []),
        (APOLOGISE, "working_days_left >= 1", ["apology-again"]),
        (APOLOGISE, "apologies == 0", ["apology-late"]),
        (APOLOGISE, "", ["apology-again", "apology-late"]),
    ],
)  # fmt: skip
def test_a_guard_is_held_against_the_decree(
    tmp_path: Path, way: tuple[str, str, str], guard: str, codes: list[str]
) -> None:
    """Once, within 3 working days, 15 days; once and a day before (Decree 118/2025, art. 19).

    What counts is whether the guard can hold in the forbidden situation, not how it is written.
    """
    text = "transitions:\n" + transition(*way, guard, DECREE)
    assert found(tmp_path, text) == [(code, "error") for code in codes]


@pytest.mark.parametrize(
    ("citation", "severity"),
    [
        (DECREE, "error"),
        ("Nghị định 61/2018/NĐ-CP, Điều 19 khoản 4", "error"),
        ("Thông tư 03/2025/TT-VPCP, Điều 7", "error"),
        ("Quyết định 2022/QĐ-UBND ngày 27/11/2025 của UBND tỉnh Cao Bằng", "error"),
        (SECTOR, "warning"),
        ("Luật 116/2025/QH15, Điều 40 (giả định)", "warning"),
    ],
)
def test_sector_law_may_order_otherwise(tmp_path: Path, citation: str, severity: str) -> None:
    """Decree 163/2025 on medicines knows a second examination; a provincial decision cannot."""
    guard = "supplement_requests <= 1 and working_days_since_receipt <= 3"
    text = "transitions:\n" + transition(*ASK, guard, citation)
    assert found(tmp_path, text) == [("supplement-again", severity)]


def test_the_older_decree_knew_no_fifteen_days(tmp_path: Path) -> None:
    """Decree 61/2018, art. 19(4), has the restart and no term for the applicant."""
    old = "Nghị định 61/2018/NĐ-CP, Điều 19 khoản 4"
    assert found(tmp_path, "transitions:\n" + transition(*ANSWER, "", old)) == []


def test_what_is_wrong_in_the_extended_template_is_said_there_only(tmp_path: Path) -> None:
    """A template that inherits a fault does not repeat it."""
    ordinary = next(s for s in shipped("templates") if s.stem == "ordinary")
    text = ordinary.content().decode("utf-8")
    wrong = text.replace("template: ordinary", "template: base").replace(
        "guard: days_waiting <= 15", "guard: days_waiting <= 20", 1
    )
    (tmp_path / "base.yaml").write_text(wrong, encoding="utf-8")
    (tmp_path / "brief.yaml").write_text(
        HEAD.replace("extends: ordinary", "extends: base"), encoding="utf-8"
    )
    said = check_paths([tmp_path])
    assert [(each.code, Path(each.place.file).name) for each in said] == [
        ("supplement-window", "base.yaml")
    ]


def test_the_shipped_templates_keep_the_decree() -> None:
    """No error and no warning; checked under their own paths they are not their own doubles."""
    assert check_paths([ROOT / "igate" / "workflows" / "templates"]) == ()


def test_errors_of_the_check_alone_do_not_keep_a_template_from_being_loaded() -> None:
    """Only the check runs examples and asks guards about the decree."""
    assert {severity_of(code) for code in CHECK_ONLY} == {"error"}
    assert set(CODES) >= CHECK_ONLY
    (source,) = found_in(BROKEN / "supplement-again.yaml")
    templates = Templates({s.stem: s for s in shipped("templates")} | {"brief": source})
    assert templates.get("brief") is not None
    assert templates.findings("brief") == ()


TINY = (BROKEN / "endless-loop.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "endless"),
    [
        (("to: answered, roles", "to: answered, guard: fee_paid, roles"), False),
        (("to: answered, roles", "to: answered, clock: suspend, roles"), False),
        (("national_status: 5", "national_status: 4"), True),
        (("from: [submitted, answered]", "from: submitted"), False),
        (("to: answered, roles", "to: processing.first, roles"), False),
        (("to: answered, roles: [system]", "to: answered, roles: [officer]"), False),
    ],
)
def test_a_circle_ends_by_a_guard_a_clock_a_step_or_a_person(
    tmp_path: Path,
    change: tuple[str, str],
    endless: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """The system could ask and answer for ever; each of the changes but one ends that."""
    assert change[0] in TINY
    (tmp_path / "tiny.yaml").write_text(TINY.replace(*change), encoding="utf-8")
    codes = {each.code for each in check_paths([tmp_path])}
    assert ("endless-loop" in codes) is endless


@given(
    st.integers(-2, 5),
    st.sampled_from(["==", "<", "<=", ">", ">=", "!="]),
    st.integers(0, 4),
    st.sampled_from(["and", "or"]),
    st.booleans(),
)
def test_a_guard_that_can_hold_is_found_by_trying_few_values(
    number: int,
    order: str,
    other: int,
    joint: str,
    negated: bool,  # noqa: FBT001 - drawn
) -> None:
    """The same answer as trying every number of a wide range."""
    text = f"days_waiting {order} {number} {joint} ({'not ' * negated}flag or apologies == {other})"
    guard = Guard.parse(text, names={"days_waiting", "flag", "apologies"})
    wide = any(
        guard.holds({"days_waiting": days, "flag": flag, "apologies": 1})
        for days, flag in product(range(-20, 21), [False, True])
    )
    assert can_hold(guard, {"flag": "bool"}, {"apologies": 1}) is wide


def test_a_guard_that_compares_number_and_text_cannot_hold() -> None:
    """The engine refuses it when a clerk acts, so nobody can take that way."""
    guard = Guard.parse("area < 3", names={"area"})
    assert can_hold(guard, {}, {}) is False
    assert can_hold(Guard.parse("area == 'II'", names={"area"}), {}, {}) is True
    assert can_hold(Guard.parse("area == 'II'", names={"area"}), {}, {"area": "I"}) is False


def test_a_guard_over_too_many_facts_is_not_judged() -> None:
    """Sixteen yes-or-no facts have 65,536 combinations; nothing is claimed about them."""
    names = [f"f{letter}" for letter in "abcdefghijklmnop"]
    guard = Guard.parse(" and ".join(names), names=names)
    kinds: dict[str, FactKind] = dict.fromkeys(names, "bool")
    assert can_hold(guard, kinds, {}) is None


@pytest.mark.parametrize(
    ("name", "words"), [("submit", "under initial"), ("migrate", "OneStop.migrate")]
)
def test_an_action_that_igate_writes_itself_is_explained(
    name: str, words: str, tmp_path: Path
) -> None:
    """Handing in and moving are no actions of a workflow; the remedy says what to do instead."""
    file = tmp_path / "tiny.yaml"
    file.write_text(TINY.replace("receive", name), encoding="utf-8")
    (found,) = [each for each in check_paths([file]) if each.severity == "error"]
    assert found.code == "bad-name"
    assert f'No transition can be called "{name}"' in found.message
    assert words in found.remedy
