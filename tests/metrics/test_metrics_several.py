"""Several definitions in one call, a total row, and what a table is split by beyond its columns."""

from __future__ import annotations

import csv
from datetime import date
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate import metrics
from igate.errors import FrameError, IgateError
from places import TESTS
from shared import shipped_catalogue

MARCH = (date(2026, 3, 1), date(2026, 3, 31))
END = date(2026, 3, 31)
PLACES = (
    "solved_early", "solved_on_time", "solved_late", "in_process_within", "in_process_overdue",
)  # fmt: skip


def answers(name: str) -> list[dict[str, str]]:
    """Read an answer file."""
    with (TESTS / "answers" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


ANSWERS = answers("metrics_by_definition.csv")
READ = ("code", "due", "first_due", "received", "finished", "suspensions")
NAMED = ("form_06a", "by_moment", "by_half_day", "original_due", "supplement_extends")


def table(rows: list[dict[str, str]] = ANSWERS) -> pl.DataFrame:
    """Return dossiers as text, all online."""
    columns = {name: [row[name] or None for row in rows] for name in READ}
    schema = dict.fromkeys(READ, pl.String)
    return pl.DataFrame(columns, schema=schema).with_columns(channel=pl.lit("online"))


@pytest.mark.parametrize("definition", NAMED)
def test_each_dossier_is_placed_as_worked_out_by_hand(definition: str) -> None:
    """By dates, moments, halves, the first due date, and a due date that waits extend."""
    found = metrics.settlement(
        table(), definition=definition, by="code", period=MARCH, as_of=END
    ).rows(named=True)
    places = {row["code"]: next(name for name in PLACES if row[name]) for row in found}
    assert places == {row["code"]: row[definition] for row in ANSWERS}


def test_several_definitions_stand_one_below_the_other() -> None:
    """By the form 2 early, 7 on time, 3 late, 2 within and 1 overdue, of 15 received."""
    names = ["national_portal", "form_06a", "decree", "original_due"]
    found = metrics.settlement(table(), definition=names, by=(), period=MARCH, as_of=END)
    rates = {
        row["definition"]: (row["rate_numerator"], row["rate_denominator"])
        for row in found.rows(named=True)
    }
    # the portal: early, on time and within time over received; of the original due dates P06 is
    # late and P14 overdue
    assert rates == {
        "national_portal": (11, 15), "form_06a": (9, 12), "decree": (9, 15), "original_due": (8, 12)
    }  # fmt: skip
    assert found.columns[0] == "definition"
    assert found["definition"].to_list() == names


@pytest.mark.parametrize("make", [pl.DataFrame, pl.LazyFrame, pd.DataFrame, pa.table])
def test_every_kind_of_frame_gives_several_definitions_and_a_total(make: Any) -> None:  # noqa: ANN401 - any maker
    """The total is the last row of each definition, in the words of the frame."""
    columns = table().with_columns(agency=pl.Series(["a", None, "b"] * 5)).to_dict(as_series=False)
    found: Any = metrics.settlement(
        make(columns), definition=("by_moment", "decree"), period=MARCH, as_of=END, total=True
    )
    found = found.collect() if isinstance(found, pl.LazyFrame) else found
    rows = found.to_pylist() if isinstance(found, pa.Table) else pl.DataFrame(found).to_dicts()
    keys = [(row["definition"], row["agency"], row["is_total"]) for row in rows]
    assert keys == [
        (name, agency, last)
        for name in ("by_moment", "decree")
        for agency, last in (("a", False), ("b", False), (None, False), (None, True))
    ]
    for first in (0, 4):
        for count in metrics.COUNTS:
            assert sum(row[count] for row in rows[first : first + 3]) == rows[first + 3][count]
    assert rows[7]["rate_denominator"] == 15


def test_the_total_alone_is_a_total_too() -> None:
    """Without a key there are two equal rows, the second being the total."""
    found = metrics.settlement(table(), by=(), period=MARCH, as_of=END, total=True)
    assert found["is_total"].to_list() == [False, True]
    assert found["received_total"].to_list() == [15, 15]


@pytest.mark.parametrize("wrong", [["decree", "decree"], []])
def test_definitions_are_named_once(wrong: list[str]) -> None:
    """Twice, or none at all, is refused."""
    with pytest.raises(IgateError, match="Name each once"):
        metrics.settlement(table(), definition=wrong, as_of=END)


def test_a_given_due_date_does_not_say_what_was_promised_first() -> None:
    """Without a column of first due dates the definition refuses the table, not guesses."""
    with pytest.raises(FrameError, match="needs a column 'first_due'"):
        metrics.settlement(table().drop("first_due"), definition="original_due", as_of=END, by=())


def test_a_limit_gives_the_due_date_first_promised() -> None:
    """Five working days from Monday 2 March end on the 9th; the row that names a date keeps it."""
    frame = table()[:2].drop("due").with_columns(
        limit=pl.lit("5 working_day"), first_due=pl.Series([None, "2026-03-06"]),
        finished=pl.Series(["2026-03-09T10:00", "2026-03-09T10:00"]),
    )  # fmt: skip
    found = metrics.settlement(frame, definition="original_due", by="code", as_of=END)
    assert found.select("code", "solved_on_time", "solved_late").rows() == [
        ("P01", 1, 0), ("P02", 0, 1)
    ]  # fmt: skip


def test_a_wait_outside_the_calendar_extends_nothing_and_is_refused() -> None:
    """The row is named; so is one whose due date would leave the calendar."""
    early = table()[6:7].with_columns(
        received=pl.lit("2009-03-02T09:00"),
        suspensions=pl.lit("supplement:2009-03-04T10:00/2026-03-06T10:00"),
    )
    with pytest.raises(FrameError, match=r"row 1: P07: a wait is outside the calendar"):
        metrics.settlement(early, definition="supplement_extends", by=(), as_of=END)
    late = table()[6:7].with_columns(due=pl.lit("2029-12-31T17:00"))
    with pytest.raises(FrameError, match=r"cannot be extended \(1\): row 1: P07"):
        metrics.settlement(late, definition="supplement_extends", by=(), as_of=END)


# -- split by -------------------------------------------------------------------------------------


RECEIVED = [
    # ISO 8601: week 1 is that of the first Thursday; 2026 begins on a Thursday
    ("2025-12-29", "2025-12", "2025-Q4", "2025", "2026-W01"),
    ("2026-01-01", "2026-01", "2026-Q1", "2026", "2026-W01"),
    ("2026-03-31", "2026-03", "2026-Q1", "2026", "2026-W14"),
    ("2026-04-01", "2026-04", "2026-Q2", "2026", "2026-W14"),
    ("2026-12-31", "2026-12", "2026-Q4", "2026", "2026-W53"),
    ("2027-01-03", "2027-01", "2027-Q1", "2027", "2026-W53"),
]


def received() -> pl.DataFrame:
    """Return a dossier for each of the days."""
    return pl.DataFrame(
        {
            "code": [str(number) for number in range(len(RECEIVED))],
            "channel": "online",
            "due": "2027-02-01",
            "received": [row[0] for row in RECEIVED],
            "finished": [row[0] for row in RECEIVED],
        }
    )


@pytest.mark.parametrize(("place", "key"), [(1, "month"), (2, "quarter"), (3, "year"), (4, "week")])
def test_the_time_of_receipt_splits_a_table(place: int, key: str) -> None:
    """Month, quarter, year and ISO week, whose year is that of its Thursday."""
    found = metrics.settlement(received(), by=key, as_of=date(2027, 1, 31))
    wanted: dict[str, int] = {}
    for row in RECEIVED:
        wanted[row[place]] = wanted.get(row[place], 0) + 1
    assert dict(found.select(key, "received_total").rows()) == wanted


def test_a_column_of_the_table_goes_before_a_time_of_that_name() -> None:
    """A table with a column ``year`` of its own is split by it."""
    frame = received().with_columns(year=pl.Series(["A", "A", "A", "B", "B", "B"]))
    found = metrics.settlement(frame, by="year", as_of=date(2027, 1, 31))
    assert found.select("year", "received_total").rows() == [("A", 3), ("B", 3)]


def test_the_online_level_is_that_of_the_scheme_on_the_day_of_receipt() -> None:
    """Level 3 of Decree 43/2011 is partial under Decree 224/2026 (assumed); level 2 is none."""
    frame = received().with_columns(
        procedure=pl.Series(["3.000228", "3.000228", "1.001699", None, "1.001699", None])
    )
    found = metrics.settlement(
        frame, by="online_level", as_of=date(2027, 1, 31), catalog=shipped_catalogue()
    )
    assert found.select("online_level", "received_total").rows() == [
        ("none", 2), ("partial", 2), (None, 2)
    ]  # fmt: skip
    unknown = pl.when(pl.col("code") == "3").then(pl.lit("9.999999")).otherwise("procedure")
    with pytest.raises(FrameError, match=r"row 4: 3: .*9\.999999"):
        metrics.settlement(
            frame.with_columns(procedure=unknown), by="online_level", as_of=date(2027, 1, 31),
            catalog=shipped_catalogue(),
        )  # fmt: skip


def test_a_level_in_the_table_is_taken_as_it_is() -> None:
    """Also under another name."""
    frame = received().with_columns(MucDo=pl.Series(["3", "4"] * 3))
    found = metrics.settlement(
        frame, by="online_level", as_of=date(2027, 1, 31), columns={"online_level": "MucDo"}
    )
    assert found.select("online_level", "received_total").rows() == [("3", 3), ("4", 3)]


# -- published counts -----------------------------------------------------------------------------


@pytest.mark.parametrize("answer", answers("metrics_identity.csv"))
def test_published_counts_are_held_to_the_sums_of_the_form(answer: dict[str, str]) -> None:
    """The difference is that of the parts from the total."""
    pairs = (pair.split("=") for pair in answer["counts"].split())
    found = metrics.identity({name: int(number) for name, number in pairs})
    (own,) = (
        each
        for each in found
        if each.total == answer["total"] and "+".join(each.parts) == answer["parts"]
    )
    assert own.difference == int(answer["difference"]), answer["source"]
    assert own.holds is (own.difference == 0)


@given(frame=st.lists(st.sampled_from(ANSWERS), unique_by=lambda row: row["code"], min_size=1))
def test_what_igate_counts_adds_up(frame: list[dict[str, str]]) -> None:
    """Every sum of every row holds, those written out by their parts too."""
    row = metrics.settlement(table(frame), by=(), period=MARCH, as_of=END).row(0, named=True)
    found = metrics.identity(row)
    # received by channel and by outcome with each total whole or written out; solved; in process
    assert len(found) == 7
    assert all(each.holds for each in found)


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"received_total": 5}, "Nothing can be added up"),
        ({}, "no counts"),
        ({"solved_total": "12"}, "'solved_total' is '12'"),
        ({"solved_total": -1}, "is -1"),
        ({"solved_total": float("nan")}, "is nan"),
        ({"solved_total": True}, "is True"),
    ],
)
def test_what_cannot_be_added_up_is_refused(counts: dict[str, Any], words: str) -> None:
    """A total without its parts, and what is no whole number."""
    with pytest.raises(FrameError, match=words):
        metrics.identity(counts)
