"""Examples in procedure files: those that are shipped come out, and a wrong one is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from igate.checks.checker import check_paths
from igate.checks.examples import example_faults, examples_of
from igate.files.sources import shipped
from igate.files.yaml import parse
from igate.procedures.reading.procedure_file import read_procedure
from igate.procedures.reading.templates import Templates

if TYPE_CHECKING:
    from pathlib import Path

    from igate.files.sources import Source

TEMPLATES = Templates({source.stem: source for source in shipped("templates")})

FILE = """\
format: 1
code: "9.000001"
name: {vi: Cấp thẻ ví dụ, en: Issue of an example card}
field: {id: libraries, vi: Thư viện, en: Libraries}
checked_on: "2026-11-21"
source: invented
revisions:
  - effective_from: "2026-01-01"
    citation: Quyết định 1/QĐ-UBND (giả định)
    template: ordinary
    limits:
      - {limit: 7 working_day, citation: Quyết định 1/QĐ-UBND (giả định)}
      - {limit: 4 working_hour, channel: online, citation: Quyết định 1/QĐ-UBND (giả định)}
    steps:
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận, en: Receive}
      - {number: 2, phase: processing, role: officer, vi: Thẩm định, en: Examine}
      - {number: 3, phase: processing, role: leader, vi: Ký, en: Sign}
      - {number: 4, phase: handover, role: receptionist, vi: Trả kết quả, en: Hand over}
examples:
"""

#: 20 August 2026 (a Thursday) + 7 working days: Saturday the 22nd is worked for Monday the 31st.
#: 21, 22, 24, 25, 26, 27, 28.
PLAIN = """\
  - vi: Đúng hạn
    en: On time
    submitted: "2026-08-20T08:00"
    actions:
      - {action: receive, at: "2026-08-20T09:00"}
      - {action: transfer, at: "2026-08-20T10:00"}
      - {action: forward, at: "2026-08-21T09:00", expect: {state: processing_3}}
      - {action: finish, at: "2026-08-27T15:00"}
      - {action: return_result, at: "2026-08-28T09:00"}
    expect: {state: returned, due: "2026-08-28T17:00", outcome: granted}
"""
#: Asked on the 24th; complete on the 26th, so the 7 days are counted anew: 27, 28, then, after
#: Monday the 31st and the National Day (1 and 2 September), 3, 4, 7, 8, 9 September.
SUPPLEMENT = """\
  - vi: Bổ sung một lần
    en: One supplement
    submitted: "2026-08-20T08:00"
    actions:
      - {action: receive, at: "2026-08-20T09:00"}
      - {action: transfer, at: "2026-08-20T10:00"}
      - {action: ask_supplement, at: "2026-08-24T09:00", expect: {due: none}}
      - {action: forward, at: "2026-08-25T09:00", refused: true}
      - {action: supplement, at: "2026-08-26T09:00", role: applicant}
      - {action: ask_supplement, at: "2026-08-26T10:00", refused: true}
    expect: {state: processing_2, due: "2026-09-09"}
"""
#: Received at 16:00 on Thursday the 20th; the last shift ends at 17:00, so 3 of the 4 working
#: hours fall on Friday, from 7:30 to 10:30.
ONLINE = """\
  - vi: Nộp trực tuyến
    en: Handed in online
    submitted: "2026-08-20T15:00"
    channel: online
    actions:
      - {action: receive, at: "2026-08-20T16:00"}
    expect: {due: "2026-08-21T10:30"}
"""


def run(examples: str, file: str = FILE) -> list[tuple[str, str]]:
    """Run the examples of a file; give the text of the value at fault, and the message."""
    read = parse(file + examples, file="f.yaml")
    procedure, found = read_procedure(read, TEMPLATES)
    assert procedure is not None, found
    rows = (file + examples).splitlines()
    faults = [fault.placed(read) for fault in example_faults(read, procedure)]
    return [(rows[f.place.line - 1][f.place.column - 1 :], f.message) for f in faults]


def shipped_examples() -> list[Source]:
    """Return the shipped procedure files that have examples."""
    return [source for source in shipped("procedures") if b"\nexamples:" in source.content()]


def test_every_shipped_example_comes_out() -> None:
    """The examples in the files of the library are run against its engine and calendar."""
    sources = shipped_examples()
    assert {source.stem[:8] for source in sources} >= {"1.001806", "1.005144", "1.014464"}
    for source in sources:
        read = source.read()
        procedure, found = read_procedure(read, TEMPLATES)
        assert procedure is not None, found
        assert examples_of(read)
        assert list(example_faults(read, procedure)) == []


@pytest.mark.parametrize("example", [PLAIN, SUPPLEMENT, ONLINE])
def test_an_example_that_agrees_with_the_law_comes_out(example: str) -> None:
    """Worked out by hand, day by day: see the remarks above the examples."""
    assert run(example) == []


@pytest.mark.parametrize(
    ("example", "change", "at", "words"),
    [
        (PLAIN, ('due: "2026-08-28T17:00"', 'due: "2026-08-28T16:00"'), '"2026-08-28T16:00"',
         "the due date is 2026-08-28 17:00, expected 2026-08-28 16:00"),
        (PLAIN, ('due: "2026-08-28T17:00"', 'due: "2026-08-31"'), '"2026-08-31"',
         "the due date is 2026-08-28 17:00, expected 2026-08-31"),
        (PLAIN, ('due: "2026-08-28T17:00"', "due: none"), "none", "expected none"),
        (PLAIN, ("outcome: granted", "outcome: refused"), "refused",
         "the outcome is granted, expected refused"),
        (PLAIN, ("state: returned", "state: solved"), "solved",
         'the dossier is in "returned", expected "solved"'),
        (PLAIN, ("state: processing_3", "state: processing_2"), "processing_2",
         'the dossier is in "processing_3", expected "processing_2"'),
        (PLAIN, ("action: transfer", "action: tranfer"), "tranfer", 'Did you mean "transfer"?'),
        (PLAIN, ('"2026-08-21T09:00", expect', '"2026-08-19T09:00", expect'), "forward",
         "a journal runs forward"),
        (PLAIN, ('submitted: "2026', 'submitted: "2025'), '"2025-08-20T08:00"', "not in force"),
        (SUPPLEMENT, ("expect: {due: none}", 'expect: {due: "2026-08-28"}'), '"2026-08-28"',
         "the due date is none, expected 2026-08-28"),
        (SUPPLEMENT, ("role: applicant", "role: leader"), "supplement", "(leader). It is for"),
        (SUPPLEMENT, ('"2026-08-24T09:00"', '"2026-08-25T09:00"'), "ask_supplement",
         "(working_days_since_receipt) ≤ 3 ("),
        (ONLINE, ("channel: online", "channel: counter"), '"2026-08-21T10:30"',
         "the due date is 2026-08-28 17:00"),
    ],
)  # fmt: skip
def test_a_wrong_example_names_both_values_and_its_place(
    example: str, change: tuple[str, str], at: str, words: str
) -> None:
    """What was found and what was expected, at the value that is at fault."""
    assert change[0] in example
    ((value, message),) = run(example.replace(*change, 1))
    assert value.startswith(at)
    assert words in message
    assert message.startswith(example.splitlines()[0].removeprefix("  - vi: "))


def test_an_action_that_should_be_refused_and_is_taken_is_found() -> None:
    """The example says so at the word "refused"."""
    wrong = PLAIN.replace('"2026-08-20T10:00"', '"2026-08-20T10:00", refused: true')
    ((value, message),) = run(wrong)
    assert value.startswith("true")
    assert '"transfer" is taken (state "processing_2")' in message


def test_a_due_date_beyond_the_calendar_is_said_and_not_guessed() -> None:
    """The announced calendar ends with 2026."""
    late = PLAIN.replace("2026-08-2", "2026-12-2")
    ((_, message),) = run(late, FILE.replace("7 working_day", "40 working_day"))
    assert "no due date can be worked out" in message


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (('submitted: "2026-08-20T08:00"', 'submitted: "2026-08-20"'), "bad-date", "a moment"),
        (('submitted: "2026-08-20T08:00"', 'submitted: "2026-02-30T08:00"'), "bad-date", "moment"),
        (('due: "2026-08-28T17:00"', "due: soon"), "bad-date", "is not a due date"),
        (('due: "2026-08-28T17:00"', 'due: "2026-08-32"'), "bad-date", "is not a due date"),
        (("{state: processing_3}", "{}"), "missing-key", "nothing is expected"),
        (("expect: {state: returned", "expct: {state: returned"), "unknown-key",
         'Did you mean "expect"?'),
        (("    en: On time\n", "    channel: boat\n"), "bad-value", "boat"),
    ],
)  # fmt: skip
def test_an_example_that_cannot_be_read_is_refused(
    tmp_path: Path, change: tuple[str, str], code: str, words: str
) -> None:
    """Shape first: a file with such an example is not loaded."""
    assert change[0] in PLAIN
    file = tmp_path / "f.yaml"
    file.write_text(FILE + PLAIN.replace(*change, 1), encoding="utf-8")
    found = check_paths([file])
    errors = {each.code: str(each) for each in found if each.severity == "error"}
    assert code in errors
    assert words in errors[code]
