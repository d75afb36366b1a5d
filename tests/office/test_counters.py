"""Any counter of the province, the later start of Decree 309/2026, legs, and recording late.

Ten working days from Monday 2 March 2026 end on Monday 16 March (no day off between). In August
2026 Saturday the 22nd is worked for Monday the 31st; 1 and 2 September are days off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from desks import CITED, CODE, Desk, procedure
from igate import metrics
from igate.dossiers.dossier import Actor
from igate.errors import GuardRefused, MomentError, NotPermitted, UnknownDossier
from igate.law.localtime import parse_local
from igate.publish.report.survey import survey

if TYPE_CHECKING:
    from pathlib import Path

FOREIGN = "H15.21"
AUGUST = "2026-08-20T09:00"


# counters


def test_any_counter_of_the_province_receives_and_hands_over() -> None:
    """The journal says where; nobody of another province, and no other step."""
    desk = Desk()
    with pytest.raises(NotPermitted, match=r"Its counters are all of the province"):
        desk.act("receive", "receptionist", agency="H16")
    assert desk.act("receive", "receptionist", agency=FOREIGN).counter == FOREIGN
    assert desk.office.journal(desk.code)[-1].agency == FOREIGN
    desk = Desk()
    desk.to_step(4)
    desk.act("finish", "leader")
    with pytest.raises(NotPermitted):
        desk.act("correct_result", "leader", agency=FOREIGN, note="x")
    assert desk.act("return_result", "receptionist", agency=FOREIGN).returned_at is not None


def test_only_the_counters_that_are_named() -> None:
    """A provincial centre; a dossier received there is received at home and waits for nothing."""
    desk = Desk(procedure(more="    counters: [H15.00]\n"))
    with pytest.raises(NotPermitted, match=r"Its counters are H15\.00"):
        desk.act("receive", "receptionist", agency=FOREIGN)
    desk.act("receive", "receptionist", agency="H15.00")
    assert desk.act("transfer", "receptionist", agency="H15.00").state == "processing_2"


def test_a_dossier_received_elsewhere_arrives_before_it_is_passed_on() -> None:
    """By the competent agency, once."""
    desk = Desk(at=AUGUST)
    desk.act("receive", "receptionist", agency=FOREIGN)
    with pytest.raises(GuardRefused, match=r"\(received_elsewhere\) = yes"):
        desk.act("transfer", "receptionist", agency=FOREIGN)
    with pytest.raises(NotPermitted):
        desk.act("arrive", "receptionist", agency=FOREIGN)
    desk.act("arrive", "receptionist")
    with pytest.raises(GuardRefused, match=r"\(arrived\) = yes"):
        desk.act("arrive", "receptionist")
    assert desk.act("transfer", "receptionist").state == "processing_2"


@pytest.mark.parametrize(
    ("received", "arrived", "due", "starts"),
    [
        # Nghị định 309/2026/NĐ-CP, from 5 August 2026: ten working days from Monday the 24th
        (AUGUST, "2026-08-24T10:00", "2026-09-10", 2),
        # before, the time counts from the receipt (Nghị định 118/2025/NĐ-CP, Điều 17 khoản 3)
        ("2026-03-02T09:00", "2026-03-04T10:00", "2026-03-16", 1),
    ],
)
def test_the_time_counts_from_the_arrival(
    received: str, arrived: str, due: str, starts: int
) -> None:
    """From the day on which the law says so; the receipt is issued again with the later date."""
    desk = Desk(at=received)
    desk.act("receive", "receptionist", agency=FOREIGN)
    desk.at(arrived)
    dossier = desk.act("arrive", "receptionist")
    assert desk.due == due
    assert len(desk.office.receipts(desk.code)) == starts
    assert dossier.received_at == parse_local(received)
    (standing,) = desk.office.dossiers()
    assert standing.started_at == parse_local(arrived if starts == 2 else received)


def test_columns_count_from_the_same_start_as_the_journal() -> None:
    """Finished on 10 September: on time by the arrival, late by the receipt (due on the 7th)."""
    desk = Desk(at=AUGUST)
    desk.act("receive", "receptionist", agency=FOREIGN)
    desk.at("2026-08-24T10:00")
    desk.act("arrive", "receptionist")
    desk.act("transfer", "receptionist")
    for role in ("head_of_section", "officer"):
        desk.act("forward", role)
    desk.at("2026-09-10T15:00")
    finished = desk.act("finish", "leader")
    assert finished.deadline.judge(finished.finished_at) == "on_time"
    columns = survey(desk.office).columns()
    frame = pl.DataFrame(
        {
            "code": columns["code"], "channel": columns["channel"], "limit": ["10 working_day"],
            "received": columns["received"], "started": columns["started"],
            "finished": columns["finished"],
        }
    )  # fmt: skip
    day = parse_local("2026-09-30T00:00").date()
    by_arrival = metrics.settlement(frame, by=(), as_of=day).row(0, named=True)
    by_receipt = metrics.settlement(frame.drop("started"), by=(), as_of=day).row(0, named=True)
    assert (by_arrival["solved_on_time"], by_arrival["solved_late"]) == (1, 0)
    assert (by_receipt["solved_on_time"], by_receipt["solved_late"]) == (0, 1)


# what is owed before the receipt


def test_an_online_dossier_is_answered_in_two_hours_and_accepted_in_eight() -> None:
    """Nghị định 118/2025/NĐ-CP, Điều 17 khoản 2: from 09:00, 11:00 and 09:30 of the next day.

    The hours of the office are 07:30 to 11:30 and 13:30 to 17:00, which is 7.5 a day.
    """
    desk = Desk(channel="online")
    alerts = desk.office.alerts(parse_local("2026-03-02T11:30"))
    assert [(each.kind, f"{each.due:%d/%m %H:%M}", each.overdue) for each in alerts] == [
        ("respond", "02/03 11:00", True), ("accept", "03/03 09:30", False),
    ]  # fmt: skip
    desk.act("guide", "receptionist", note="Thiếu bản sao")
    assert desk.office.alerts() == ()
    desk.at("2026-03-04T09:00")
    desk.act("complete", "applicant")
    assert [each.kind for each in desk.office.alerts()] == ["accept"]
    desk.act("receive", "receptionist")
    assert desk.office.alerts() == ()


def test_nothing_is_owed_at_the_counter_nor_before_the_decree() -> None:
    """The applicant stands there; and the rule holds from 1 July 2025."""
    assert Desk().office.alerts() == ()
    assert Desk(channel="online", at="2025-06-30T09:00").office.alerts() == ()


# legs


def test_a_leg_is_a_dossier_of_its_own() -> None:
    """Number, journal, agency and date; shown together with the whole, from either side."""
    desk = Desk(procedure(), procedure(code="9.000002", limits=f"[{{limit: 3 day, {CITED}}}]"))
    clerk = Actor("lan", roles={"receptionist"}, agency="H15.30")
    leg = desk.office.submit(
        "9.000002", applicant="Bà An", applicant_id="an", channel="counter", agency="H15.30",
        by=clerk, parent=desk.code,
    )  # fmt: skip
    assert leg.code.startswith("H15.30-")
    desk.office.act(leg.code, "receive", by=clerk)
    desk.act("receive", "receptionist")
    for code in (desk.code, leg.code):
        family = desk.office.family(code)
        assert family.whole.code == desk.code
        assert [f"{each.due_at:%d/%m}" for each in (family.whole, *family.parts)] == [
            "16/03", "05/03",
        ]  # fmt: skip
    with pytest.raises(UnknownDossier):
        desk.office.submit(CODE, applicant="A", channel="counter", parent="H15-260302-0099")
    assert desk.office.store.count() == 2


# recorded late


def test_an_action_is_recorded_until_the_end_of_the_next_working_day() -> None:
    """Friday 6 March: on Monday the 9th, not on Tuesday; the leader may, and it is listed."""
    desk = Desk()
    desk.to_step(3)
    friday = parse_local("2026-03-06T10:00")
    desk.at("2026-03-10T09:00")
    with pytest.raises(MomentError, match=r"recorded at most 1 working day later.*\(leader\) may"):
        desk.act("forward", "officer", at=friday)
    assert desk.office.backdated() == ()
    both = Actor("hoa", roles={"leader", "officer"}, agency="H15.10")
    desk.office.act(desk.code, "forward", by=both, at=friday)
    (late,) = desk.office.backdated()
    assert (late.action, late.happened_at, late.recorded_at) == (
        "forward", friday, desk.clock.moment,
    )  # fmt: skip
    desk = Desk()
    desk.to_step(3)
    desk.at("2026-03-09T16:00")
    assert desk.act("forward", "officer", at=friday).state == "processing_4"


def test_an_apology_is_recorded_on_its_day() -> None:
    """Due on the 16th: an apology of the 13th cannot be written down on the 16th."""
    desk = Desk()
    desk.to_step(3)
    desk.at("2026-03-16T09:00")
    new = parse_local("2026-03-20T17:00")
    with pytest.raises(MomentError, match="recorded on the same day"):
        desk.act("apologise", "officer", at=parse_local("2026-03-13T09:00"), due=new)


def test_a_finish_recorded_after_the_due_date_is_not_set_before_it() -> None:
    """On Tuesday the 17th nobody can have finished on Monday the 16th, unless it is the right."""
    monday = parse_local("2026-03-16T16:00")
    steps = procedure().replace("role: leader", "role: officer")
    desk = Desk(steps)
    desk.to_step(4)
    desk.at("2026-03-17T08:00")
    with pytest.raises(MomentError, match="recorded on the same day"):
        desk.act("finish", "officer", at=monday)
    done = desk.act("finish", "officer")
    assert done.deadline.judge(done.finished_at) == "late"
    assert done.recorded_at == done.finished_at


def test_metrics_say_what_was_reopened_and_recorded_later() -> None:
    """One reopened; one finished on a Friday and recorded on the Tuesday after it."""
    frame = pl.DataFrame(
        {
            "code": ["a", "b", "c"], "channel": ["online"] * 3, "limit": ["10 working_day"] * 3,
            "received": ["2026-03-02T09:00"] * 3, "finished": ["2026-03-06T10:00"] * 3,
            "recorded": ["2026-03-06T10:00", "2026-03-10T10:00", "2026-03-09T10:00"],
            "reopened": [1, 0, None],
        }
    )  # fmt: skip
    day = parse_local("2026-03-31T00:00").date()
    row = metrics.settlement(frame, by=(), as_of=day).row(0, named=True)
    assert (row["solved_total"], row["solved_reopened"], row["solved_recorded_later"]) == (3, 1, 1)
    plain = metrics.settlement(frame.drop("recorded", "reopened"), by=(), as_of=day)
    assert "solved_reopened" not in plain.columns


def test_progress_says_when_a_step_was_recorded() -> None:
    """Passed on on Friday, recorded on Monday."""
    desk = Desk()
    desk.to_step(3)
    desk.at("2026-03-09T16:00")
    desk.act("forward", "officer", at=parse_local("2026-03-06T10:00"))
    visit = next(each for each in desk.office.progress(desk.code) if each.place == "3")
    assert (visit.left, visit.recorded) == (
        parse_local("2026-03-06T10:00"), parse_local("2026-03-09T16:00"),
    )  # fmt: skip


def test_counter_assignee_and_asked_agencies_hold_after_a_restart(tmp_path: Path) -> None:
    """Another process sees the same."""
    url = f"sqlite:///{tmp_path / 'office.db'}"
    desk = Desk(procedure(template="consultation"), url=url, at=AUGUST)
    desk.act("receive", "receptionist", agency=FOREIGN)
    desk.act("arrive", "receptionist")
    desk.act("transfer", "receptionist")
    desk.act("assign", "leader", to="minh")
    desk.act("consult", "head_of_section", "minh", agencies=["H15.30"])
    before, entries = desk.dossier, desk.office.journal(desk.code)
    desk.office.close()
    again = Desk(procedure(template="consultation"), url=url, at=AUGUST)
    assert again.office.get(desk.code) == before
    assert again.office.journal(desk.code) == entries
