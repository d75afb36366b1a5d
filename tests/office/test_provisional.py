"""The end of what has been announced never stops a counter: a date is printed, and marked.

In 2027 New Year is Friday 1 January; Tết is expected from 5 to 11 February (computed, assumed).
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest
from typer.testing import CliRunner

from desks import CITED, Desk, procedure
from igate import metrics
from igate.calendar import WorkCalendar
from igate.cli.main import app
from igate.dossiers import Actor, progress_rows
from igate.errors import CalendarNotCovered
from igate.law.citation import Citation
from igate.office.onestop import OneStop
from igate.office.sql.store import SqlStore

if TYPE_CHECKING:
    from pathlib import Path

LONG = procedure(limits=f"[{{limit: 30 working_day, {CITED}}}]")
#: Monday 4 January 2027 swapped with Saturday the 9th; invented
ANNOUNCED = """\
format: 1
year: 2027
complete: true
checked_on: "2026-12-15"
records:
  - {date: "2027-01-04", effect: "off", pair: "2027-01-16", scope: civil_service,
     citation: Công văn 1/VPCP (giả định), source: invented, confidence: memory,
     announced_on: "2026-12-15"}
  - {date: "2027-01-16", effect: work, pair: "2027-01-04", scope: civil_service,
     citation: Công văn 1/VPCP (giả định), source: invented, confidence: memory,
     announced_on: "2026-12-15"}
"""
#: received on Friday 27 November 2026: 24 working days to the end of the year, 4 to 11 January
DUE, MOVED = date(2027, 1, 11), date(2027, 1, 12)


def test_a_desk_prints_a_date_past_what_is_announced() -> None:
    """Thirty working days from 27 November; the date says that it is provisional."""
    office = Desk(LONG, at="2026-11-27T09:00", url="sqlite://").office
    own = OneStop(office.store, agency="H15", catalog=office.catalog)
    (standing,) = own.dossiers()
    clerk = Actor("lan", roles={"receptionist"}, agency="H15.10")
    own.act(standing.code, "receive", by=clerk)
    dossier = own.get(standing.code)
    assert dossier.deadline.provisional
    assert "Tạm tính" in dossier.deadline.explain("vi")
    assert "Provisional" in dossier.deadline.explain("en")


def test_strict_refusal_is_an_option() -> None:
    """With the announced calendar alone the receipt is refused, and nothing is written."""
    desk = Desk(LONG, at="2026-11-27T09:00")
    strict = OneStop(
        desk.office.store, agency="H15", catalog=desk.office.catalog,
        calendar=WorkCalendar.vietnam(), clock=desk.clock,
    )  # fmt: skip
    clerk = Actor("lan", roles={"receptionist"}, agency="H15.10")
    with pytest.raises(CalendarNotCovered):
        strict.act(desk.code, "receive", by=clerk)
    assert len(strict.journal(desk.code)) == 1


def test_local_dates_are_marked_too() -> None:
    """A step that ends in 2027 says so in its row."""
    steps = (
        procedure()
        .split("    steps:\n")[1]
        .replace("role: officer,", "role: officer, limit: 30 working_day,")
    )
    desk = Desk(procedure(steps), at="2026-11-27T09:00")
    desk.to_step(3)
    row = progress_rows(desk.office.progress(desk.code))[-1]
    assert row[5].endswith("(tạm tính)")


def test_when_the_announcement_comes_moved_dates_are_listed_and_journalled(tmp_path: Path) -> None:
    """Once each; the journal folds as before, and the standing has the new date."""
    path = tmp_path / "office.db"
    desk = Desk(LONG, at="2026-11-27T09:00", url=f"sqlite:///{path}")
    desk.act("receive", "receptionist")
    assert desk.dossier.deadline.due.date() == DUE
    desk.office.close()
    layer = tmp_path / "2027.yaml"
    layer.write_text(ANNOUNCED, encoding="utf-8")
    asked = [str(path), "--agency", "H15", "--layer", str(layer)]
    listed = CliRunner().invoke(app, ["calendar", "changes", *asked])
    assert (listed.exit_code, listed.stdout.splitlines()[0]) == (
        1, f"{desk.code}  11/01/2027 17:00 → 12/01/2027 17:00",
    )  # fmt: skip
    calendar = WorkCalendar.vietnam(provisional=True, layers=[layer])
    with SqlStore.open(f"sqlite:///{path}") as store:
        office = OneStop(store, agency="H15", calendar=calendar, clock=desk.clock)
        (moved,) = office.record_moved_dates(
            by=Actor("hoa", roles={"leader"}, agency="H15"), citation=Citation.parse("Luật 1")
        )
        assert (moved.after.date(), moved.provisional) == (MOVED, False)
        assert office.moved_dates() == ()
        assert store.standing(desk.code).due_at.date() == MOVED
        assert office.journal(desk.code)[-1].note == "Luật 1"
        assert office.get(desk.code).state == "received"
    again = CliRunner().invoke(app, ["calendar", "changes", *asked, "--json"])
    assert (again.exit_code, json.loads(again.stdout)) == (0, [])


def test_a_layer_declares_a_year_complete(tmp_path: Path) -> None:
    """None of its days is provisional; the year after is, and a strict calendar ends with it."""
    layer = tmp_path / "2027.yaml"
    layer.write_text(ANNOUNCED, encoding="utf-8")
    calendar = WorkCalendar.vietnam(provisional=True, layers=[layer])
    assert calendar.provisional_from == date(2028, 1, 1)
    assert calendar.day(date(2027, 2, 8)).status == "confirmed"
    assert WorkCalendar.vietnam(layers=[layer]).last == date(2027, 12, 31)
    later = tmp_path / "2028.yaml"
    later.write_text('format: 1\nyear: 2028\ncomplete: true\nchecked_on: "2027-12-15"\n'
                     "records: []\n", encoding="utf-8")  # fmt: skip
    assert WorkCalendar.vietnam(layers=[later]).last == date(2026, 12, 31)  # 2027 is missing
    assert WorkCalendar.vietnam(layers=[layer, later]).last == date(2028, 12, 31)


def test_expected_days_reach_two_years_past_the_last_announcement() -> None:
    """The law obliges the desk to print a date; 24 November is law in each of these years."""
    calendar = WorkCalendar.vietnam(provisional=True)
    assert (calendar.last - WorkCalendar.vietnam().last).days >= 2 * 365
    for year in (2027, 2028, 2029):
        assert not calendar.is_working(date(year, 11, 24))


def test_a_table_counts_the_rows_that_are_provisional() -> None:
    """One of two; the whole table is not refused for it."""
    frame = pl.DataFrame(
        {
            "code": ["a", "b"], "channel": ["online"] * 2,
            "limit": ["60 working_day", "5 working_day"],
            "received": ["2026-11-20T09:00"] * 2, "finished": [None, "2026-11-25T09:00"],
        }
    )  # fmt: skip
    row = metrics.settlement(frame, by=(), as_of=date(2026, 11, 27)).row(0, named=True)
    assert (row["received_total"], row["due_provisional"], row["in_process_within"]) == (2, 1, 1)
