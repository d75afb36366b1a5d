"""Index 766, measure 2.1: the finish is moved back, the due date is not.

The rules a to h are those of the portal's description of its formulas, of which a secondary copy
was read; what that leaves open is marked "assumed" in the answers.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate import metrics
from igate.calendar import WorkCalendar
from igate.errors import IgateError
from igate.testing.strategies import moments
from places import TESTS

MARCH = (date(2026, 3, 1), date(2026, 3, 31))
END = date(2026, 3, 31)
READ = ("due", "limit", "received", "finished", "suspensions", "state")
PLACES = (
    "solved_early", "solved_on_time", "solved_late", "in_process_within", "in_process_overdue",
)  # fmt: skip

with (TESTS / "answers" / "metrics_index766.csv").open(encoding="utf-8", newline="") as stream:
    ANSWERS = list(csv.DictReader(stream))


def counted(
    rows: list[dict[str, Any]], definition: str | metrics.Definition = "index766"
) -> dict[str, Any]:
    """Settle some dossiers, all with a due date or all with a limit."""
    names = [name for name in READ if any(row.get(name) for row in rows)]
    columns: dict[str, list[Any]] = {
        name: [row.get(name) or None for row in rows] for name in ("finished", *names)
    }
    columns["code"] = [f"H{number}" for number in range(len(rows))]
    columns["channel"] = ["online"] * len(rows)
    frame = pl.DataFrame(columns, schema_overrides={"finished": pl.String})
    table = metrics.settlement(frame, definition=definition, by=(), period=MARCH, as_of=END)
    return table.row(0, named=True)


def place_of(row: dict[str, Any], definition: str | metrics.Definition = "index766") -> str:
    """Return the only count of the form in which one dossier is."""
    (found,) = (name for name in PLACES if counted([row], definition)[name])
    return found


@pytest.mark.parametrize("answer", ANSWERS, ids=[row["code"] for row in ANSWERS])
def test_each_rule_as_worked_out_by_hand(answer: dict[str, str]) -> None:
    """The place of each dossier by both readings of the clause on repeated requests."""
    assert place_of(answer) == answer["expected"], answer["why"]
    assert place_of(answer, "index766_repeated") == answer["expected_repeated"], answer["why"]


def test_the_rate_is_on_time_and_within_time_over_received() -> None:
    """With a due date 13 of 21 are on time or within time; by the other reading 11 of them."""
    given_due = [row for row in ANSWERS if row["due"]]
    first, second = counted(given_due), counted(given_due, "index766_repeated")
    # on time A1 A3 A4 A6 C4 C6 D1 D3, within C1 C5 C7 G2 G3; late A2 A5 D2 E1, overdue C2 C3 G1 G4
    assert (first["rate_numerator"], first["rate_denominator"]) == (13, 21)
    # C4 and C5 change sides
    assert (second["rate_numerator"], second["rate_denominator"]) == (11, 21)
    # rule h: two decimals where it is printed, and no rate of nothing
    assert [round(100 * row["on_time_rate"], 2) for row in (first, second)] == [61.9, 52.38]
    nothing = {"due": "2026-05-05", "received": "2026-05-04"}
    assert counted([nothing])["on_time_rate"] is None


def test_a_state_alone_says_waiting_for_a_supplement_and_not_for_a_payment() -> None:
    """Without a column of suspensions: 5 and 8 are within time, 6 is overdue (rule e)."""
    row = {"due": "2026-03-09", "received": "2026-03-02T09:00"}
    assert [place_of(row | {"state": state}) for state in ("4", "5", "6", "8")] == [
        "in_process_overdue", "in_process_within", "in_process_overdue", "in_process_within",
    ]  # fmt: skip
    assert place_of(row | {"state": "6"}, "form_06a") == "in_process_within"


def test_half_days_are_compared_as_such() -> None:
    """Due on a morning: 11:50 is the same half, 12:00 the next one."""
    halves = replace(metrics.definition("form_06a"), name="by_half_day", compare="half_day")
    row = {"due": "2026-03-09T11:30", "received": "2026-03-02T09:00"}
    ends = {"2026-03-09T11:50": "solved_on_time", "2026-03-09T12:00": "solved_late"}
    assert {end: place_of(row | {"finished": end}, halves) for end in ends} == ends
    assert place_of(row | {"finished": "2026-03-09T17:00"}, "form_06a") == "solved_on_time"


@pytest.mark.parametrize(
    ("field", "wrong", "meant"),
    [("compare", "half-day", "half_day"), ("finish", "record", "recorded"),
     ("repeated", "allow", "allowed")],
)  # fmt: skip
def test_a_word_that_a_definition_does_not_know_is_refused(
    field: str, wrong: str, meant: str
) -> None:
    """The message says which words there are and which was meant."""
    with pytest.raises(IgateError, match=f'Did you mean "{meant}"'):
        replace(metrics.definition("form_06a"), **{field: wrong})


def test_late_dossiers_of_a_definition_are_those_it_counts() -> None:
    """D2 is late by index 766 by an hour of the same day; C4 only by the second reading."""
    rows = [row for row in ANSWERS if row["code"] in {"D2", "D3", "C4", "C3"}]
    frame = pl.DataFrame(
        {name: [row[name] or None for row in rows] for name in (*READ, "code")}
        | {"channel": ["online"] * len(rows)}
    )
    found = {
        name: metrics.late_dossiers(frame, definition=name, by=(), period=MARCH, as_of=END)
        for name in ("index766", "index766_repeated")
    }
    assert found["index766"]["code"].to_list() == ["C3", "D2"]
    assert found["index766_repeated"]["code"].to_list() == ["C3", "C4", "D2"]
    assert found["index766"]["calendar_days_late"].to_list() == [0, 0]


MOMENTS = moments(
    WorkCalendar.vietnam(provisional=True), first=date(2026, 3, 2), last=date(2026, 3, 31)
).map(lambda at: at.replace(tzinfo=None))


@given(four=st.lists(MOMENTS, min_size=4, max_size=4, unique=True), due=MOMENTS)
def test_on_time_is_finish_less_the_wait_not_after_due(four: list[datetime], due: datetime) -> None:
    """For one request: finished - (supplied - asked) <= due, in wall-clock time (rules a and d)."""
    received, asked, supplied, finished = sorted(four)
    due, finished = (at + timedelta(minutes=at.hour == at.minute == 0) for at in (due, finished))
    row = {
        "received": received.isoformat(), "finished": finished.isoformat(),
        "due": due.isoformat(),
        "suspensions": f"supplement:{asked.isoformat()}/{supplied.isoformat()}",
    }  # fmt: skip
    late = finished - (supplied - asked) > due
    assert (place_of(row) == "solved_late") is late
