"""The columns of a desk, and who used the days: from journals, by hand."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from desks import Desk
from igate import metrics
from igate.errors import FrameError
from shared import PAID


def worked() -> Desk:
    """Work one dossier by hand; a working day is 7:30-11:30 and 13:30-17:00.

    Monday 2 March 2026: received at 9:00, transferred at 10:00 (1 h at the counter), assigned at
    14:00 (1:30 + 0:30 = 2 h with the head), examined until Tuesday 9:00 (3 h + 1:30), a payment
    asked for then and paid on Wednesday 9:00 (a standstill), forwarded on Wednesday 10:00 (1 h),
    finished at 11:00 (1 h with the leader).
    """
    desk = Desk(at="2026-03-02T09:00")
    for moment, action, role in (
        ("2026-03-02T09:00", "receive", "receptionist"),
        ("2026-03-02T10:00", "transfer", "receptionist"),
        ("2026-03-02T14:00", "forward", "head_of_section"),
        ("2026-03-03T09:00", "ask_payment", "officer"),
        ("2026-03-04T09:00", "pay", "applicant"),
        ("2026-03-04T10:00", "forward", "officer"),
        ("2026-03-04T11:00", "finish", "leader"),
    ):
        desk.at(moment)
        desk.act(action, role, **({"facts": PAID} if action == "pay" else {}))
    return desk


def test_the_columns_of_a_desk_are_counted_as_they_are() -> None:
    """Ten working days from Monday the 2nd, one and a half of them a standstill: solved early."""
    desk = worked()
    columns = metrics.desk_columns(desk.office)
    assert columns["code"] == [desk.code]
    assert columns["suspensions"] == ["payment:2026-03-03T09:00/2026-03-04T09:00"]
    assert columns["finished"] == [desk.dossier.finished_at]
    counted = metrics.settlement(pl.DataFrame(columns), as_of=date(2026, 3, 31))
    assert counted.select("agency", "solved_early").rows() == [("H15.10", 1)]


def test_the_columns_of_a_past_day_say_what_was_known_then() -> None:
    """On Tuesday the payment is awaited; before the submission there is nothing."""
    desk = worked()
    tuesday = metrics.desk_columns(desk.office, as_of=date(2026, 3, 3))
    assert (tuesday["suspensions"], tuesday["finished"]) == (
        ["payment:2026-03-03T09:00/.."],
        [None],
    )
    assert metrics.desk_columns(desk.office, as_of=date(2026, 3, 1))["code"] == []


def test_a_dossier_that_was_not_received_is_left_out() -> None:
    """It has no receipt date, so that it belongs to no table."""
    assert metrics.desk_columns(Desk().office)["code"] == []


def test_the_office_time_of_each_stay_is_that_of_the_clock() -> None:
    """60, 120, 330 and 60 minutes, counted by hand above; the hand-over is left out."""
    visits = metrics.visit_columns(worked().office, as_of=date(2026, 3, 31))
    assert visits["role"] == ["receptionist", "head_of_section", "officer", "leader"]
    assert visits["minutes"] == [60, 120, 330, 60]
    assert visits["holder"] == ["receptionist", "head_of_section", "officer", "leader"]


def test_a_stay_that_lasts_ends_with_the_day_and_stands_still_while_suspended() -> None:
    """At the end of Tuesday the officer has 3 h of Monday and 1:30 of Tuesday, and is open."""
    visits = metrics.visit_columns(worked().office, as_of=date(2026, 3, 3))
    assert visits["minutes"] == [60, 120, 270]
    assert (visits["left"][-1], visits["holder"][-1]) == (None, "")


def test_who_used_the_days_is_a_sum_of_the_visits() -> None:
    """The officer had 5.5 of 9.5 hours."""
    visits = metrics.visit_columns(worked().office, as_of=date(2026, 3, 31))
    used = metrics.time_used(visits)
    assert used["role"] == ["officer", "head_of_section", "leader", "receptionist"]
    assert used["hours"] == [5.5, 2, 1, 1]
    assert used["share"] == pytest.approx([5.5 / 9.5, 2 / 9.5, 1 / 9.5, 1 / 9.5])
    by_step = metrics.time_used(visits, by=("procedure", "place"))
    assert by_step["place"] == ["3", "2", "1", "4"]


def test_median_and_p90_are_those_of_the_visits() -> None:
    """Ten visits of 1 to 10 hours: the median is 5.5, and nine of ten took no more than 9."""
    visits = {"role": ["officer"] * 10, "minutes": [60 * hours for hours in range(1, 11)],
              "judged": ["late", "overdue", *["on_time"] * 8]}  # fmt: skip
    used = metrics.time_used(visits)
    assert (used["visits"], used["hours"], used["share"]) == ([10], [55], [1])
    assert (used["hours_median"], used["hours_p90"], used["late"]) == ([5.5], [9], [2])


def test_no_time_has_no_share() -> None:
    """Nothing is divided by nothing."""
    assert metrics.time_used({"role": ["officer"], "minutes": [0], "judged": [None]})["share"] == [
        None
    ]


def test_a_column_that_the_visits_lack_is_refused() -> None:
    """The message names those that are there."""
    with pytest.raises(FrameError, match="no column 'rôle'"):
        metrics.time_used({"role": [], "minutes": [], "judged": []}, by="rôle")
