"""Moving pending dossiers to another revision: rehearsed first, journalled, never guessed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from igate.calendar import WorkCalendar
from igate.dossiers.dossier import Actor
from igate.errors import GuardRefused, JournalError, ProcedureNotFound, StoreConflict
from igate.law.citation import Citation
from igate.law.localtime import parse_local
from igate.office.onestop import OneStop
from igate.procedures.catalog.catalog import Catalog

if TYPE_CHECKING:
    from pathlib import Path

    from igate.dossiers.migration import Migration

HEAD = """\
format: 1
code: "9.000001"
name: {vi: Thủ tục thử, en: A procedure for tests}
field: {id: tests, vi: Thử, en: Tests}
ministry: Bộ Thử
level: [tỉnh]
agencies: [Sở Thử]
checked_on: "2026-11-21"
source: made for this test
revisions:
"""
REVISION = """\
  - effective_from: "{start}"
{until}    citation: Quyết định {number}/QĐ-UBND
    template: ordinary
    limits:
      - {{limit: {limit}, citation: Quyết định {number}/QĐ-UBND}}
    steps:
      - {{number: 1, phase: reception, role: receptionist, vi: Tiếp nhận, en: Receive}}
{steps}
      - {{number: {last}, phase: handover, role: receptionist, vi: Trả, en: Hand over}}
"""
STEP = (
    "      - {{number: {n}, phase: processing, role: officer, limit: 1 working_day, vi: B, en: S}}"
)
ORDER = Citation.parse("Quyết định 2/QĐ-UBND, Điều 3")
CHIEF = Actor("chief", roles={"administrator"}, agency="H15")


def revision(start: str, until: str, number: int, limit: str, processing: int) -> str:
    steps = "\n".join(STEP.format(n=n) for n in range(2, processing + 2))
    end = f'    effective_until: "{until}"\n' if until else ""
    return REVISION.format(
        start=start, until=end, number=number, limit=limit, steps=steps, last=processing + 2
    )


@pytest.fixture
def office(tmp_path: Path) -> OneStop:
    """A desk whose one procedure goes from ten days and three steps to six days and two."""
    file = tmp_path / "9.000001-test.yaml"
    file.write_text(
        HEAD
        + revision("2026-01-01", "2026-04-01", 1, "10 working_day", 3)
        + revision("2026-04-01", "", 2, "6 working_day", 2),
        encoding="utf-8",
    )
    clock = iter(parse_local("2026-03-23T08:00") + timedelta(hours=n) for n in range(10_000))
    return OneStop.open(
        f"sqlite:///{tmp_path / 'office.db'}",
        create=True,
        agency="H15",
        catalog=Catalog.load(tmp_path),
        calendar=WorkCalendar.vietnam(),
        clock=lambda: next(clock),
    )


def work(office: OneStop, *actions: str) -> str:
    """Hand in a dossier and take actions on it."""
    code = office.submit("9.000001", applicant="A", channel="counter").code
    for action in actions:
        roles = {role for way in office.actions(code) if way.action == action for role in way.roles}
        office.act(code, action, by=Actor("x", roles=roles, agency="H15"))
    return code


MAPPING = {"processing_2": "processing_2", "processing_3": "processing_3",
           "processing_4": "processing_3", "received": "received"}  # fmt: skip


def migrate(office: OneStop, mapping: dict[str, str], *, dry_run: bool = True) -> Migration:
    return office.migrate(
        "9.000001", "2026-01-01", "2026-04-01", mapping,
        by=CHIEF, citation=ORDER, dry_run=dry_run,
    )  # fmt: skip


def test_a_rehearsal_says_what_would_change_and_changes_nothing(office: OneStop) -> None:
    """Received Monday 23 March: ten days end on 6 April, six on 31 March."""
    code = work(office, "receive", "transfer", "forward", "forward")
    waiting = work(office)
    result = migrate(office, MAPPING)
    assert not result.done
    moves = {move.code: move for move in result.moves}
    assert set(moves) == {code, waiting}
    assert moves[code].state_before == "processing_4"
    assert moves[code].state_after == "processing_3"
    assert moves[code].due_before == parse_local("2026-04-06T17:00")
    assert moves[code].due_after == parse_local("2026-03-31T17:00")
    assert moves[code].deadline_moves
    assert not moves[waiting].deadline_moves
    assert office.get(code).revision == "2026-01-01"
    assert [entry.action for entry in office.journal(code)][-1] == "forward"


def test_a_move_is_journalled_and_the_dossier_goes_on_under_the_new_revision(
    office: OneStop,
) -> None:
    """The entry cites the order; the fold of the journal is the moved dossier; it can finish."""
    code = work(office, "receive", "transfer", "forward", "forward")
    before = office.get(code)
    result = migrate(office, MAPPING, dry_run=False)
    assert result.done
    after = office.get(code)
    assert (after.revision, after.state) == ("2026-04-01", "processing_3")
    assert after.deadline is not None
    assert after.deadline.due == result.moves[0].due_after
    assert after.received_at == before.received_at
    entry = office.journal(code)[-1]
    assert (entry.action, entry.note) == ("migrate", "Quyết định 2/QĐ-UBND, Điều 3")
    assert office.store.standing(code).revision == "2026-04-01"
    assert office.replay(office.journal(code)) == after
    officer = Actor("o", roles={"officer"}, agency="H15")
    assert office.act(code, "finish", by=officer).outcome == "granted"
    assert migrate(office, MAPPING).moves == ()


def test_a_state_without_an_image_stops_the_whole_move(office: OneStop) -> None:
    """No step is guessed: the dossier and its state are named, and nobody is moved."""
    code = work(office, "receive", "transfer", "forward", "forward")
    other = work(office)
    with pytest.raises(JournalError, match=rf'{code}: "In process, step 4" \(processing_4\)'):
        migrate(office, {}, dry_run=False)
    with pytest.raises(JournalError, match="without an image"):
        migrate(office, MAPPING | {"processing_4": "processing_9"}, dry_run=False)
    assert office.get(code).revision == office.get(other).revision == "2026-01-01"


def test_a_move_that_is_refused_is_refused_in_both_languages(office: OneStop) -> None:
    """States by the labels of the template, the revision by its first day."""
    code = work(office, "receive", "transfer")
    with pytest.raises(JournalError) as refused:
        migrate(office, {})
    english, vietnamese = str(refused.value), refused.value.text("vi")
    assert english.startswith(
        "1 dossiers are in a state without an image in 9.000001 as of 2026-04-01: "
        f'{code}: "In process, step 2" (processing_2).'
    )
    assert vietnamese.startswith(
        "1 hồ sơ đang ở trạng thái không có trạng thái tương ứng trong 9.000001, lần sửa đổi có "
        f'hiệu lực từ 01/04/2026: {code}: "Đang xử lý, bước 2" (processing_2).'
    )
    assert '"Mới đăng ký" (submitted), ' in vietnamese
    assert '"Submitted" (submitted), ' in english


def test_a_move_is_named_by_a_label_to_whoever_was_slower(office: OneStop) -> None:
    """An officer acts on a dossier that was moved meanwhile: no workflow declares that action."""
    code = work(office, "receive", "transfer")
    seen = office.get(code).seq
    migrate(office, MAPPING, dry_run=False)
    with pytest.raises(StoreConflict) as refused:
        office.act(code, "forward", by=Actor("o", roles={"officer"}, agency="H15"), seq=seen)
    assert 'took the action "Move to another revision" (migrate) at 2026-03-' in str(refused.value)
    said = refused.value.text("vi")
    assert 'thao tác "Chuyển sang lần sửa đổi khác" (migrate) lúc ' in said
    assert " ngày 23/03/2026" in said


def test_finished_dossiers_stay_under_their_revision(office: OneStop) -> None:
    """Only pending dossiers are moved; one whose result waits at the counter is pending too."""
    ended = work(office, "reject")
    assert migrate(office, MAPPING, dry_run=False).moves == ()
    assert office.get(ended).revision == "2026-01-01"


def test_an_unknown_revision_is_refused(office: OneStop) -> None:
    """With the revisions that there are."""
    with pytest.raises(ProcedureNotFound, match="2026-04-01"):
        office.migrate(
            "9.000001", "2026-01-01", "2027-01-01", {}, by=CHIEF, citation=ORDER
        )  # fmt: skip


def test_a_dossier_that_is_moved_into_a_step_of_several_has_no_part_done(tmp_path: Path) -> None:
    """Step 3 of another revision is another step: nobody has answered there, whoever did before."""
    asked = (
        "      - {{number: {n}, phase: processing, role: officer, vi: Hỏi, en: Ask,\n"
        "         together: [{{role: leader}}, {{role: clerk}}]}}"
    )
    plain, several = STEP.format(n=2), asked.format(n=3)
    rows = "\n".join([plain, several, STEP.format(n=4)])
    file = tmp_path / "9.000001-test.yaml"
    texts = [
        REVISION.format(start=start, until=until, number=number, limit="10 working_day", steps=rows,
                        last=5)
        for start, until, number in [
            ("2026-01-01", '    effective_until: "2026-04-01"\n', 1), ("2026-04-01", "", 2),
        ]
    ]  # fmt: skip
    file.write_text(HEAD + "".join(texts), encoding="utf-8")
    clock = iter(parse_local("2026-03-23T08:00") + timedelta(hours=n) for n in range(10_000))
    office = OneStop.open(
        "sqlite://",
        agency="H15",
        catalog=Catalog.load(tmp_path),
        calendar=WorkCalendar.vietnam(),
        clock=lambda: next(clock),
    )
    code = office.submit("9.000001", applicant="A", channel="counter").code
    for action, role in [
        ("receive", "receptionist"), ("transfer", "receptionist"), ("forward", "officer"),
        ("do_part", "leader"), ("do_part", "clerk"), ("forward", "officer"),
    ]:  # fmt: skip
        office.act(code, action, by=Actor(role, roles={role}, agency="H15"))
    migrate(office, {"processing_4": "processing_3"}, dry_run=False)
    assert office.get(code).state == "processing_3"
    with pytest.raises(GuardRefused, match=r'part of "Clerk" \(clerk\) in step 3 is not done'):
        office.act(code, "forward", by=Actor("o", roles={"officer"}, agency="H15"))
    assert [(party.left, party.by) for party in office.progress(code)[-1].parties] == [
        (None, ""), (None, ""),
    ]  # fmt: skip
