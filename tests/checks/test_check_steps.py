"""The time of the steps against the limit, on every way and for every kind of dossier."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate.checks import step_sums, way_faults
from igate.checks.checker import check_paths
from igate.files.sources import shipped
from igate.files.yaml import parse
from igate.procedures.reading.procedure_file import read_procedure
from igate.procedures.reading.templates import Templates

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATES = Templates({source.stem: source for source in shipped("templates")})
CITED = "citation: Quyết định 1/QĐ-UBND (giả định)"
HEAD = f"""\
format: 1
code: "9.000001"
name: {{vi: Cấp thẻ ví dụ}}
field: {{id: libraries, vi: Thư viện}}
checked_on: "2026-11-21"
source: invented
revisions:
  - effective_from: "2026-01-01"
    {CITED}
    template: ordinary
    facts: {{urgent: bool}}
    roles: {{police: {{vi: Công an}}, health: {{vi: Sở Y tế}}}}
"""


POLICE = "{role: police, limit: 5 working_day}"
HEALTH = "{role: health, limit: 3 working_day}"
FOUR = "role: officer, limit: 4 working_day"
TWO = "{role: leader, limit: 2 working_day}"


def said(limits: list[str], rows: list[str]) -> list[tuple[str, str]]:
    """Return code and words of what is found in steps: reception, rows 2, 3, …, hand-over."""
    text = HEAD + "    limits:\n"
    text += "".join(f"      - {{limit: {limit}, {CITED}}}\n" for limit in limits)
    text += "    steps:\n      - {number: 1, phase: reception, role: receptionist, vi: Nhận}\n"
    for number, row in enumerate(rows, start=2):
        text += f"      - {{number: {number}, phase: processing, vi: Làm, {row}}}\n"
    last = len(rows) + 2
    text += f"      - {{number: {last}, phase: handover, role: receptionist, vi: Trả}}\n"
    read = parse(text, file="f.yaml")
    procedure, found = read_procedure(read, TEMPLATES)
    assert procedure is not None, found
    faults = [*step_sums(procedure), *way_faults(read, procedure)]
    # every file declares two agencies, which most do not ask
    return [(each.code, each.message) for each in faults if each.code != "unused-role"]


def days(number: float, role: str = "officer") -> str:
    """Write who does a step, and its time."""
    return f"role: {role}, limit: {number:g} working_day"


def test_a_branch_that_takes_too_long_is_named_with_its_case() -> None:
    """By hand: 1 + 5 + 2 = 8 days for large ones, 1 + 2 = 3 for others; the limits are 7 and 3."""
    short = 'ways: [{action: forward, to: 4, guard: case != "large"}]'
    rows = [f"{days(1)}, {short}", days(5), days(2, "leader")]
    ((code, words),) = said(["7 working_day, case: large", "3 working_day"], rows)
    assert code == "steps-exceed-limit"
    assert words == (
        "The steps take 64 working hours together, the limit is 56 for case large "
        "(8 working hours to a working day: assumed)."
    )
    assert said(["8 working_day, case: large", "3 working_day"], rows) == []
    ((_, words),) = said(["8 working_day, case: large", "2 working_day"], rows)
    assert words.startswith("The steps 2, 4 take 24 working hours together, the limit is 16 (")


def test_a_condition_on_a_fact_leaves_both_ways_open() -> None:
    """Nobody knows when the file is checked whether a dossier will be urgent: 1 + 5 + 2 = 8."""
    short = "ways: [{action: forward, to: 4, guard: urgent, sets: {urgent: true}}]"
    rows = [f"{days(1)}, {short}", days(5), days(2, "leader")]
    assert said(["8 working_day"], rows) == []
    ((_, words),) = said(["7 working_day"], rows)
    assert words.startswith("The steps take 64 working hours together, the limit is 56")


def test_a_way_that_skips_is_not_longer_than_the_whole() -> None:
    """A way without a condition takes the place of the next step, which another way still needs."""
    rows = [
        f"{days(1)}, ways: [{{action: forward, to: 4}}, {{action: visit, to: 3, vi: Kiểm tra}}]",
        days(9),
        days(2, "leader"),
    ]
    assert said(["12 working_day"], rows) == []
    ((_, words),) = said(["11 working_day"], rows)
    assert words.startswith("The steps take 96 working hours")


def test_a_way_back_is_not_counted_twice() -> None:
    """“Không đồng ý: chuyển lại bước 2” is a repetition: 1 + 2 = 3 days."""
    back = "ways: [{action: send_back, to: 2}]"
    assert said(["3 working_day"], [days(1), f"{days(2, 'leader')}, {back}"]) == []


@pytest.mark.parametrize(
    ("row", "total"),
    [
        # the longest of 5 and 3 days, beside 1 day of drafting
        (f"role: officer, together: [{POLICE}, {HEALTH}]", "48"),
        # the decision gives the whole step four days, whatever each party has
        (f"{FOUR}, together: [{POLICE}, {HEALTH}]", "40"),
        # half a day, then two: one after the other
        (f"actors: [{{role: officer, limit: 0.5 working_day}}, {TWO}]", "28"),
    ],
)
def test_several_actors_add_up_in_turn_and_overlap_together(row: str, total: str) -> None:
    """In working hours, with a last step of one day."""
    ((_, words),) = said(["1 working_day"], [row, days(1, "leader")])
    assert words.startswith(f"The steps take {total} working hours together, the limit is 8")


def test_each_channel_is_held_against_its_own_limit() -> None:
    """Đắk Lắk 1.000603 prints 6 hours online, 8 at the counter, 24 by post; steps of one day."""
    limits = [
        "6 working_hour, channel: online", "8 working_hour, channel: counter",
        "24 working_hour, channel: post",
    ]  # fmt: skip
    ((_, words),) = said(limits, [days(1)])
    assert "the limit is 6 for channel online" in words


def test_units_that_do_not_add_up_are_a_note() -> None:
    """17 calendar days are no number of working days; of two branches neither is the longer."""
    assert [code for code, _ in said(["17 day"], [days(3)])] == ["mixed-units"]
    short = "ways: [{action: forward, to: 4, guard: urgent, sets: {urgent: true}}]"
    rows = [f"{days(1)}, {short}", "role: officer, limit: 5 day", days(2, "leader")]
    assert [code for code, _ in said(["7 working_day"], rows)] == ["mixed-units"]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(1, 54))
def test_in_a_line_the_sum_is_the_sum(times: list[int], limit: int) -> None:
    """Without ways there is one way through: it is over or under the limit as its sum is."""
    found = said([f"{limit} working_day"], [days(each) for each in times])
    over, under = sum(times) > limit, sum(times) < limit
    expected = ["steps-exceed-limit"] * over + ["steps-below-limit"] * under
    assert [code for code, _ in found] == expected


@given(st.lists(st.integers(1, 9), min_size=3, max_size=6), st.data())
def test_a_branch_takes_as_long_as_what_it_does_not_skip(
    times: list[int], data: st.DataObject
) -> None:
    """For the one case the sum leaves out the steps between; for the others it is the whole."""
    start = data.draw(st.integers(0, len(times) - 3))
    end = data.draw(st.integers(start + 2, len(times) - 1))
    rows = [days(each) for each in times]
    rows[start] += f', ways: [{{action: forward, to: {end + 2}, guard: case == "short"}}]'
    short = sum(times[: start + 1]) + sum(times[end:])
    limits = [f"{short - 1 or 1} working_day, case: short", f"{sum(times)} working_day"]
    found = said(limits, rows)
    assert [code for code, _ in found] == ["steps-exceed-limit"] * (short > 1)
    assert all("for case short" in words for _, words in found)


def test_a_way_back_over_steps_of_the_system_never_ends() -> None:
    """Two steps that are not counted, no condition and nobody who decides."""
    back = "ways: [{action: send_back, to: 2}]"
    rows = ["role: system", f"role: system, {back}", days(1, "clerk")]
    ((code, words),) = said(["1 working_day"], rows)
    assert code == "endless-loop"
    assert "steps 2, 3" in words
    rows[1] = "role: system, ways: [{action: send_back, to: 2, guard: send_backs < 3}]"
    assert said(["1 working_day"], rows) == []
    rows[1] = f"role: leader, {back}"
    assert said(["1 working_day"], rows) == []


def test_a_condition_on_a_fact_that_nothing_sets_is_doubtful() -> None:
    """The guard of a way is held to the same as that of a template."""
    rows = [f"{days(1)}, ways: [{{action: forward, to: 4, guard: urgent}}]", days(1), days(1)]
    ((code, words),) = said(["3 working_day"], rows)
    assert code == "unset-fact"
    assert '"urgent"' in words


STATES = """\
  new: {label: {vi: a, en: a}, national_status: 1}
  received: {label: {vi: a, en: a}, national_status: 2, phase: reception}
  working: {label: {vi: a, en: a}, national_status: 4, expand: processing}
  solved: {label: {vi: a, en: a}, national_status: 9, phase: handover}
  returned: {label: {vi: a, en: a}, national_status: 10, final: true}
"""
COURSE = """\
  - {action: receive, from: new, to: received, roles: [officer]}
  - {action: transfer, from: received, to: working.first, roles: [officer]}
  - {action: return_result, from: solved, to: returned, roles: [officer]}
"""
FORWARD = "  - {action: forward, from: working, to: working.next, roles: [officer]}\n"
#: by what is special: more states, and the ways from the steps to the result
COURSES = {
    "a state after the last step": (
        "  signing: {label: {vi: a, en: a}, national_status: 4}\n",
        FORWARD + "  - {action: sign, from: working.last, to: signing, roles: [officer]}\n"
        "  - {action: finish, from: signing, to: solved, roles: [officer]}\n",
    ),
    "a payment after the last step": (
        "  paying: {label: {vi: a, en: a}, national_status: 6}\n",
        FORWARD + "  - {action: ask, from: working.last, to: paying, roles: [officer]}\n"
        "  - {action: finish, from: paying, to: solved, roles: [officer]}\n",
    ),
    "each step goes on through another state": (
        "  council: {label: {vi: a, en: a}, national_status: 4, expand: processing}\n",
        (
            "  - {action: ask, from: working, to: council.same, roles: [officer]}\n"
            "  - {action: forward, from: council, to: working.next, roles: [officer]}\n"
            "  - {action: finish, from: council.last, to: solved, roles: [officer]}\n"
        ),
    ),
    "two states of the reception": (
        "  booked: {label: {vi: a, en: a}, national_status: 2, phase: reception}\n",
        FORWARD + "  - {action: finish, from: working.last, to: solved, roles: [officer]}\n"
        "  - {action: book, from: received, to: booked, roles: [officer]}\n"
        "  - {action: transfer, from: booked, to: working.first, roles: [officer]}\n",
    ),
}


@pytest.mark.parametrize("special", COURSES)
def test_whatever_the_course_of_the_host_its_steps_are_added_up(
    special: str, tmp_path: Path
) -> None:
    """Half a day, two days and one: 28 hours against a limit of one day."""
    states, ways = COURSES[special]
    actions = sorted(set(re.findall(r"action: (\w+)", COURSE + ways)))
    labels = "".join(f"  {name}: {{vi: a, en: a}}\n" for name in actions)
    (tmp_path / "own.yaml").write_text(
        "format: 1\ntemplate: own\nlabel: {vi: a, en: a}\ncitation: Luật 1 (giả định)\n"
        "initial: new\nroles: {officer: {vi: a, en: a}}\n"
        f"states:\n{STATES}{states}actions:\n{labels}transitions:\n{COURSE}{ways}",
        encoding="utf-8",
    )
    times = [("reception", 0.5), ("processing", 2), ("processing", 1)]
    rows = "".join(
        f"      - {{number: {n}, phase: {phase}, {days(time)}, vi: a}}\n"
        for n, (phase, time) in enumerate(times, start=1)
    )
    head = HEAD.replace("template: ordinary", "template: own").partition("    facts:")[0]
    (tmp_path / "9.000001-x.yaml").write_text(
        head + f"    limits: [{{limit: 1 working_day, {CITED}}}]\n    steps:\n{rows}"
        "      - {number: 4, phase: handover, role: officer, vi: a}\n",
        encoding="utf-8",
    )
    found = [each for each in check_paths([tmp_path]) if each.code == "steps-exceed-limit"]
    assert [each.message.partition(",")[0] for each in found] == [
        "The steps take 28 working hours together"
    ]


def test_a_limit_that_no_way_reaches_is_noted_once() -> None:
    """Two of five days: a row may be missing; the branch that keeps the limit is enough."""
    ((code, words),) = said(["5 working_day"], [days(2)])
    assert code == "steps-below-limit"
    assert words.startswith("The steps take 16 working hours together, the limit is 40")
    assert said(["5 working_day", "2 working_day, case: small"], [days(2)]) == []
    assert said(["5 working_day"], [days(2), "role: leader, limit: not_stated"]) == []


def test_a_value_that_no_limit_names_is_doubtful() -> None:
    """A slip in a guard would close a branch, or open it to all."""
    short = 'ways: [{action: forward, to: 4, guard: case != "larg"}]'
    rows = [f"{days(1)}, {short}", days(1), days(1)]
    found = said(["3 working_day, case: large", "3 working_day"], rows)
    assert [code for code, _ in found] == ["unknown-value"]
    online = 'ways: [{action: forward, to: 4, guard: channel == "truc_tuyen"}]'
    found = said(["3 working_day"], [f"{days(1)}, {online}", days(1), days(1)])
    assert [code for code, _ in found] == ["unknown-value"]


def test_units_that_do_not_add_up_hide_no_limit_that_does() -> None:
    """Nine days of steps against five working days for one case, ten calendar days for another."""
    found = said(["5 working_day, case: a", "10 day, case: b"], [days(1)] * 9)
    assert sorted(code for code, _ in found) == ["mixed-units", "steps-exceed-limit"]
    assert any("the limit is 40 for case a" in words for _, words in found)


def test_hundreds_of_steps_are_no_reason_to_fall_over() -> None:
    """No decision has a hundred; a file that somebody made has as many as it has."""
    assert [code for code, _ in said(["5 working_day"], [days(1)] * 1500)] == ["mixed-units"]


def test_steps_without_a_state_of_their_own_are_on_every_way(tmp_path: Path) -> None:
    """A template with one state for all processing: two days and one, and half a day before."""
    (tmp_path / "own.yaml").write_text(
        "format: 1\ntemplate: own\nlabel: {vi: a, en: a}\ncitation: Luật 1 (giả định)\n"
        "initial: new\nroles: {officer: {vi: a, en: a}}\nstates:\n"
        + STATES.replace("expand: processing", "phase: processing")
        + "actions:\n"
        + "".join(f"  {name}: {{vi: a, en: a}}\n" for name in "abcd")
        + "transitions:\n"
        + "".join(
            f"  - {{action: {name}, from: {source}, to: {target}, roles: [officer]}}\n"
            for name, source, target in [
                ("a", "new", "received"), ("b", "received", "working"),
                ("c", "working", "solved"), ("d", "solved", "returned"),
            ]
        ),
        encoding="utf-8",
    )  # fmt: skip
    rows = "".join(
        f"      - {{number: {n}, phase: {phase}, {days(time)}, vi: a}}\n"
        for n, (phase, time) in enumerate(
            [("reception", 0.5), ("processing", 2), ("processing", 1)], start=1
        )
    )
    head = HEAD.replace("template: ordinary", "template: own").partition("    facts:")[0]
    (tmp_path / "9.000001-x.yaml").write_text(
        head + f"    limits: [{{limit: 1 working_day, {CITED}}}]\n    steps:\n{rows}"
        "      - {number: 4, phase: handover, role: officer, vi: a}\n",
        encoding="utf-8",
    )
    found = [each for each in check_paths([tmp_path]) if each.code == "steps-exceed-limit"]
    assert [each.message.partition(",")[0] for each in found] == [
        "The steps take 28 working hours together"
    ]
