"""Why two rates differ: causes that add up exactly, each with its dossiers."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate import metrics
from igate.errors import FrameError, IgateError
from places import TESTS

MARCH = (date(2026, 3, 1), date(2026, 3, 31))
END = date(2026, 3, 31)
READ = ("code", "due", "first_due", "received", "finished", "suspensions")
with (TESTS / "answers" / "metrics_by_definition.csv").open(encoding="utf-8", newline="") as stream:
    ANSWERS = list(csv.DictReader(stream))


def table() -> pl.DataFrame:
    """Return the fifteen dossiers of the answers file, all online."""
    columns = {name: [row[name] or None for row in ANSWERS] for name in READ}
    schema = dict.fromkeys(READ, pl.String)
    return pl.DataFrame(columns, schema=schema).with_columns(channel=pl.lit("online"))


def reconciled(*args: Any, **options: Any) -> metrics.Reconciliation:  # noqa: ANN401 - as reconcile
    """Reconcile in March, and check that the causes add up exactly."""
    found = metrics.reconcile(*args, **{"period": MARCH, "as_of": END} | options)
    for side, place in (("numerator", 0), ("denominator", 1)):
        added = sum(getattr(cause, side) for cause in found.causes)
        assert found.first[place] + added == found.second[place]
    if found.difference is not None:
        assert sum((cause.share or Fraction(0) for cause in found.causes), Fraction(0)) == (
            found.difference
        )
    return found


def causes(found: metrics.Reconciliation) -> dict[str, tuple[int, int, tuple[str, ...]]]:
    """Return numerator, denominator and dossiers of each cause."""
    return {each.name: (each.numerator, each.denominator, each.dossiers) for each in found.causes}


# -- two definitions ------------------------------------------------------------------------------


def test_a_formula_differs_by_the_open_dossiers() -> None:
    """By hand: 9 of 12 solved, 11 of 15 received; P09 is overdue, P13 and P14 are within time."""
    found = reconciled("form_06a", "national_portal", table())
    assert (found.first, found.second) == ((9, 12), (11, 15))
    assert causes(found) == {
        "open_overdue": (0, 1, ("P09",)), "open_within": (2, 2, ("P13", "P14"))
    }  # fmt: skip
    # 11/15 - 9/12 = -1/60: one overdue takes 1/20, two within time give (2 - 2 * 3/4) / 15 = 1/30
    assert found.difference == Fraction(-1, 60)
    assert [cause.share for cause in found.causes] == [Fraction(-1, 20), Fraction(1, 30)]
    assert str(found).splitlines()[1] == "  +0 / +1 (-5.00%) In process, overdue"
    assert found.text("en") == str(found)


def test_the_causes_are_said_in_vietnamese() -> None:
    """The same two shares as above, -1/20 and 1/30, with a comma before the decimals."""
    found = reconciled("form_06a", "national_portal", table())
    assert found.text("vi").splitlines() == [
        "form_06a: 9 / 12",
        "  +0 / +1 (-5,00%) Đang giải quyết, quá hạn",
        "  +2 / +2 (+3,33%) Đang giải quyết, trong hạn",
        "national_portal: 11 / 15",
    ]
    with pytest.raises(IgateError):
        found.text("fr")  # type: ignore[arg-type]


def test_moments_against_dates_are_a_cause() -> None:
    """P02 and P04 are late by the minute and on time by the day."""
    found = reconciled("form_06a", "by_moment", table())
    assert causes(found) == {"date_or_moment": (-2, 0, ("P02", "P04"))}


def withdrawals() -> pl.DataFrame:
    """Return five dossiers due on 10 March: one late, and withdrawn late, early, not, in April."""
    return pl.DataFrame(
        {
            "code": ["R1", "R2", "R3", "R4", "R5"],
            "channel": ["counter"] * 5,
            "received": ["2026-03-02"] * 5,
            "due": ["2026-03-10"] * 5,
            "finished": ["2026-03-11", "2026-03-12", "2026-03-05", None, "2026-04-01"],
            "state": ["9", "7", "withdrawn", "7", "7"],
        }
    )


def test_what_a_definition_does_with_withdrawals_is_a_cause_by_itself() -> None:
    """By hand: R2 is late by its dates, on time for a vendor, and nothing where it is left out.

    R3 is early by its dates and on time for the vendor, which is no difference of a rate. R4 and R5
    are in process on the last day, whoever counts.
    """
    frame = withdrawals()
    found = reconciled("form_06a", "withdrawn_on_time", frame)
    assert (found.first, found.second) == ((1, 3), (2, 3))
    assert causes(found) == {"withdrawn": (1, 0, ("R2",))}
    left_out = replace(metrics.definition("form_06a"), name="own", withdrawn="left_out")
    found = reconciled("form_06a", left_out, frame)
    assert (found.first, found.second) == ((1, 3), (0, 1))
    assert causes(found) == {"withdrawn": (-1, -2, ("R2", "R3"))}
    table = metrics.settlement(
        frame, definition=["form_06a", "withdrawn_on_time", left_out], by=(), as_of=END
    )
    names = (
        "received_total",
        "solved_early",
        "solved_on_time",
        "solved_late",
        "in_process_overdue",
    )
    assert table.select(names).rows() == [(5, 1, 0, 2, 2), (5, 0, 2, 1, 2), (3, 0, 0, 1, 2)]


def test_a_withdrawal_that_one_system_does_not_know_is_a_cause_where_it_counts() -> None:
    """The other table has R2 as done: late there, on time here; by dates that is no difference."""
    other = withdrawals().with_columns(state=pl.lit("9")).filter(pl.col("finished").is_not_null())
    mine = withdrawals().filter(pl.col("finished").is_not_null())
    found = reconciled("withdrawn_on_time", "withdrawn_on_time", mine, other)
    assert causes(found) == {"withdrawn": (-1, 0, ("R2",))}
    assert causes(reconciled("form_06a", "form_06a", mine, other)) == {}


def test_another_due_date_is_a_cause() -> None:
    """P06 and P14 were promised anew; P14 is open, so that it is in neither rate."""
    found = reconciled("form_06a", "original_due", table())
    assert causes(found) == {"due_meant": (-1, 0, ("P06",))}


def test_the_wait_subtracted_is_a_cause_beside_the_moment_and_the_formula() -> None:
    """By index 766 P07 and P15 are brought back by their waits, P02 and P04 are late by minutes.

    P07 waited 48 h, so that it ended on the 9th at 10:00: in time. P15 waited 1:40 and 1:00 on
    Tuesday and Thursday and ended on Monday the 9th: 6:20 is still after Friday; so it is late.
    P09 waits since the 4th, which stands for its finish: within time.
    """
    found = reconciled("form_06a", "index766", table())
    assert causes(found) == {
        "wait_subtracted": (1, 0, ("P07",)),
        "date_or_moment": (-2, 0, ("P02", "P04")),
        # by moments P13 is overdue at the end of its due day
        "open_overdue": (0, 1, ("P13",)),
        "open_within": (2, 2, ("P09", "P14")),
    }


def test_one_definition_differs_from_itself_by_nothing() -> None:
    """No cause, and a difference of nothing."""
    found = reconciled("decree", "decree", table())
    assert (found.causes, found.difference) == ((), 0)


def test_a_rate_of_nothing_has_no_difference() -> None:
    """Without a dossier there is no rate, and no share."""
    found = reconciled("decree", "form_06a", table()[:0])
    assert found.difference is None
    assert found.causes == ()


# -- two tables -----------------------------------------------------------------------------------


def portal() -> pd.DataFrame:
    """Return what another system has of the same dossiers, under other names.

    P01 is missing there and P99 is not ours; P02 was finished on the 10th, P03 has no due date,
    P05 was received in April by it, P08 is due on the 11th, P10 was withdrawn on another day than
    the 11th, P12 was reopened and is open again, P09 is waiting for a supplement by its state.
    """
    rows = table().drop("first_due", "suspensions").to_dicts()
    changed: dict[str, dict[str, Any]] = {
        "P02": {"finished": "2026-03-10T08:00"},
        "P03": {"due": None, "finished": "2026-03-12"},
        "P05": {"received": "2026-04-01T09:00", "finished": None},
        "P08": {"due": "2026-03-11T17:00"},
        "P10": {"finished": None, "state": "7"},
        "P12": {"finished": None, "reopened": 1},
        "P09": {"state": "5"},
    }
    others = [
        {"state": None, "reopened": None, **row, **changed.get(row["code"], {})}
        for row in rows
        if row["code"] != "P01"
    ]
    others.append({**others[0], "code": "P99", "due": "2026-03-01", "finished": "2026-03-04"})
    return pd.DataFrame(others).rename(columns={"code": "MaHoSo"})


def test_two_systems_differ_dossier_by_dossier() -> None:
    """Each change stands under its cause; of P03 the due date comes first and hides the finish."""
    found = reconciled("form_06a", "form_06a", table(), portal(), other_columns={"code": "MaHoSo"})
    assert causes(found) == {
        "only_in_first": (-1, -1, ("P01",)),
        "registration": (-1, -1, ("P05",)),
        "due_date": (1, 0, ("P08",)),
        "withdrawn": (-1, -1, ("P10",)),
        "reopened": (-1, -1, ("P12",)),
        "finish": (-1, 0, ("P02",)),
        "only_in_second": (0, 1, ("P99",)),
    }
    assert (found.first, found.second) == ((9, 12), (5, 9))


@pytest.mark.parametrize(
    ("definition", "lacks", "advised"),
    [
        ("form_06a", "code", 'columns={"code": "..."}'),
        ("form_06a", "received", 'columns={"received": "..."}'),
        ("original_due", "first_due", 'columns={"first_due": "..."}'),
    ],
)
def test_the_map_of_the_table_that_lacks_a_column_is_advised(
    definition: str, lacks: str, advised: str
) -> None:
    """``columns=`` for the first table, ``other_columns=`` for the second."""
    whole = table()
    poor = whole.drop(lacks)
    with pytest.raises(FrameError) as first:
        reconciled(definition, definition, poor, whole)
    with pytest.raises(FrameError) as second:
        reconciled(definition, definition, whole, poor)
    assert f" {advised}" in str(first.value)
    assert f" other_{advised}" in str(second.value)
    for each in (first.value, second.value):
        assert lacks in each.text("vi")
    assert "other_columns={" in second.value.text("vi")
    with pytest.raises(FrameError, match=r"Write other_columns=\{"):
        reconciled(definition, definition, whole, whole, other_columns="map.yaml")


def test_a_state_and_a_missing_due_date_are_causes_where_they_count() -> None:
    """With the formula of the portal the open P09 is within time there, as its state says."""
    own = table().with_columns(
        finished=pl.when(pl.col("code") == "P07").then(None).otherwise("finished")
    )
    other = portal()
    other.loc[other["MaHoSo"] == "P07", ["due", "finished"]] = None
    found = causes(
        reconciled(
            "national_portal", "national_portal", own, other, other_columns={"code": "MaHoSo"}
        )
    )
    assert found["state"] == (1, 0, ("P09",))
    assert found["no_due_date"] == (1, 0, ("P07",))


def test_of_published_counts_only_the_rest_is_known() -> None:
    """The formula is explained, the rest is not: no dossier is named."""
    published = {
        "solved_early": 2,
        "solved_on_time": 8,
        "in_process_within": 2,
        "received_total": 20,
    }
    found = reconciled("form_06a", "national_portal", table(), published)
    assert found.second == (12, 20)
    assert causes(found)["unexplained"] == (1, 5, ())
    assert "totals only" in str(found)
    with pytest.raises(FrameError, match="'received_total' is None"):
        reconciled("form_06a", "decree", table(), {"solved_early": 1, "solved_on_time": 1})


def test_tables_without_a_dossier_in_common_are_refused() -> None:
    """The message shows a code of each."""
    other = table().with_columns(code=pl.concat_str(pl.lit("X"), "code"))
    with pytest.raises(FrameError, match="such as 'P01' and 'XP01'"):
        reconciled("decree", "decree", table(), other)


DATES = st.sampled_from(
    [f"2026-03-{day:02}T{hour}" for day in (2, 6, 9, 20) for hour in ("09:00", "17:30")]
)
ROW = st.fixed_dictionaries(
    {
        "due": st.none() | DATES, "first_due": st.none() | DATES, "finished": st.none() | DATES,
        "suspensions": st.sampled_from(
            [None, "supplement:2026-03-03T10:00/2026-03-05T10:00", "supplement:2026-03-04T10:00/.."]
        ),
        "state": st.sampled_from([None, "4", "5", "7"]),
        "received": st.sampled_from(["2026-02-20T09:00", "2026-03-02T09:00"]),
    }
)  # fmt: skip


def drawn(rows: dict[str, dict[str, Any]]) -> pl.DataFrame:
    """Make a table of drawn dossiers."""
    names = ("due", "first_due", "finished", "suspensions", "state", "received")
    columns = {name: [row[name] for row in rows.values()] for name in names}
    return pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String)).with_columns(
        code=pl.Series(list(rows), dtype=pl.String), channel=pl.lit("online")
    )


TABLES = st.dictionaries(st.sampled_from("abcdefgh"), ROW, min_size=1)


@given(
    mine=TABLES, yours=TABLES, names=st.lists(st.sampled_from([*metrics.DEFINITIONS]), min_size=2)
)
def test_causes_add_up_whatever_differs(
    mine: dict[str, Any], yours: dict[str, Any], names: list[str]
) -> None:
    """Any two tables under any two definitions: all adds up, and both ends are right."""
    if not mine.keys() & yours.keys():
        return
    one, two = names[:2]
    found = reconciled(one, two, drawn(mine), drawn(yours))
    for definition, rows, sides in ((one, mine, found.first), (two, yours, found.second)):
        row = metrics.settlement(
            drawn(rows), definition=definition, by=(), period=MARCH, as_of=END
        ).row(0, named=True)
        assert (row["rate_numerator"], row["rate_denominator"]) == sides
