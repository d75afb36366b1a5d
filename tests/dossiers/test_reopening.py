"""Nothing final is frozen in error: a dossier that leaves its end is open again, and says so.

A template of the host declares the ways out; its ends are not ``final`` then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desks import CITED, expected_days, procedure
from igate.dossiers.dossier import Actor, Dossier
from igate.law.localtime import parse_local
from igate.office.onestop import OneStop
from igate.procedures.catalog.catalog import Catalog
from igate.publish.report.survey import survey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEMPLATE = """\
format: 1
template: reopening
extends: ordinary
label: {vi: Thủ tục có mở lại, en: Procedure with reopening}
citation: Quyết định 1/QĐ-UBND (giả định)
actions:
  reopen: {vi: Mở lại hồ sơ, en: Reopen}
  recall: {vi: Thu hồi kết quả, en: Recall the result}
  close: {vi: Khép hồ sơ, en: Close}
states:
  stopped: {label: {vi: Dừng xử lý, en: Stopped}, national_status: 8}
  returned: {label: {vi: Đã trả, en: Handed over}, national_status: 10}
transitions:
  - {action: reopen, from: [solved, stopped], to: processing.first, roles: [leader],
     citation: Quyết định 1/QĐ-UBND (giả định)}
  - {action: recall, from: returned, to: solved, roles: [leader],
     citation: Quyết định 1/QĐ-UBND (giả định)}
  - {action: close, from: processing, to: solved, roles: [leader], clock: finish,
     citation: Quyết định 1/QĐ-UBND (giả định)}
"""
PROCEDURE = procedure(
    """\
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận}
      - {number: 2, phase: processing, role: officer, vi: Thẩm định}
      - {number: 3, phase: handover, role: receptionist, vi: Trả kết quả}
""",
    template="reopening",
    limits=f"[{{limit: 5 working_day, {CITED}}}]",
)
#: Monday; five working days end on Monday 9 March
START = "2026-03-02T09:00"


class Desk:
    """One dossier in memory, acted on at moments that the test names."""

    def __init__(self, folder: Path) -> None:
        for name, text in (("reopening", TEMPLATE), ("9.000001-x", PROCEDURE)):
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        self.office = OneStop.open(
            "sqlite://", agency="H15", catalog=Catalog.load(folder),
            calendar=expected_days(),
            clock=lambda: self.now,
        )  # fmt: skip
        self.now = parse_local(START)
        self.code = self.office.submit(
            "9.000001", applicant="A", channel="counter", at=parse_local(START)
        ).code
        self.act("receive", "receptionist", START)
        self.act("transfer", "receptionist", START)

    def act(self, action: str, role: str, at: str) -> Dossier:
        actor = Actor(role, roles={role}, agency="H15")
        self.now = parse_local(at)
        return self.office.act(self.code, action, by=actor)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Return a desk with one dossier in processing."""
    made = Desk(tmp_path)
    with made.office:
        yield made


def due(dossier: Dossier) -> str:
    assert dossier.deadline is not None
    return f"{dossier.deadline.due:%Y-%m-%d}"


def test_a_reopened_dossier_is_neither_granted_nor_early(desk: Desk) -> None:
    """Finished on the 4th, reopened on the 5th: it is open, due on the 9th as promised."""
    solved = desk.act("finish", "officer", "2026-03-04T10:00")
    assert (solved.outcome, solved.finished_at) == ("granted", parse_local("2026-03-04T10:00"))
    again = desk.act("reopen", "leader", "2026-03-05T10:00")
    assert (again.finished_at, again.returned_at, again.outcome) == (None, None, None)
    assert (again.national_status, again.reopened, due(again)) == (4, 1, "2026-03-09")
    (standing,) = desk.office.dossiers()
    assert (standing.finished_at, standing.outcome) == (None, None)
    assert f"{standing.due_at:%Y-%m-%d}" == "2026-03-09"
    assert desk.office.journal(desk.code)[-1].supersedes == solved.seq


def test_the_last_valid_finish_is_judged(desk: Desk) -> None:
    """Finished early, reopened, refused on the 11th: late by the second finish."""
    desk.act("finish", "officer", "2026-03-04T10:00")
    desk.act("reopen", "leader", "2026-03-05T10:00")
    ended = desk.act("refuse", "officer", "2026-03-11T10:00")
    assert (ended.outcome, ended.reopened) == ("refused", 1)
    assert ended.finished_at == parse_local("2026-03-11T10:00")
    assert ended.deadline.judge(ended.finished_at) == "late"
    assert desk.office.get(desk.code) == ended


def test_a_stopped_dossier_goes_on_with_its_clock(desk: Desk) -> None:
    """A supplement can be asked for again after reopening; the clock stops for it as ever."""
    stopped = desk.act("stop", "officer", "2026-03-03T10:00")
    assert stopped.outcome == "stopped"
    desk.act("reopen", "leader", "2026-03-04T10:00")
    waiting = desk.act("ask_supplement", "officer", "2026-03-05T09:00")
    assert waiting.deadline.suspended
    assert waiting.outcome is None


def test_an_end_without_an_outcome_is_left_as_well(desk: Desk) -> None:
    """The template says that the time ends and not how: reopened, the dossier is open again."""
    closed = desk.act("close", "leader", "2026-03-04T10:00")
    assert (closed.outcome, closed.finished_at) == (None, parse_local("2026-03-04T10:00"))
    again = desk.act("reopen", "leader", "2026-03-05T10:00")
    assert (again.finished_at, again.reopened, due(again)) == (None, 1, "2026-03-09")
    assert desk.office.journal(desk.code)[-1].supersedes == closed.seq
    assert desk.office.get(desk.code) == again


def test_a_recalled_hand_over_was_no_hand_over(desk: Desk) -> None:
    """Back in status 9: the finish stays, the hand-over does not; a second one has its own time."""
    desk.act("finish", "officer", "2026-03-04T10:00")
    assert desk.act("return_result", "receptionist", "2026-03-05T10:00").returned_at
    recalled = desk.act("recall", "leader", "2026-03-06T10:00")
    assert (recalled.returned_at, recalled.outcome, recalled.reopened) == (None, "granted", 0)
    assert recalled.finished_at == parse_local("2026-03-04T10:00")
    again = desk.act("return_result", "receptionist", "2026-03-10T10:00")
    assert again.returned_at == parse_local("2026-03-10T10:00")


def test_a_report_of_a_past_day_is_not_changed_by_reopening(desk: Desk) -> None:
    """On 4 March it was finished, and a report of that day says so for ever."""
    desk.act("finish", "officer", "2026-03-04T10:00")
    desk.act("reopen", "leader", "2026-03-05T10:00")
    day = parse_local("2026-03-04T00:00").date()
    (then,) = survey(desk.office, as_of=day).dossiers
    (now,) = survey(desk.office).dossiers
    assert then.finished_at == parse_local("2026-03-04T10:00")
    assert now.finished_at is None
    before = parse_local("2026-03-01T00:00").date()
    assert survey(desk.office, as_of=before).dossiers == []
