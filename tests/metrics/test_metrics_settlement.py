"""The settlement table: hand-counted answers, and the same answer from every kind of frame."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from igate import metrics
from igate.calendar import WorkCalendar
from igate.errors import FrameError
from igate.law.citation import Citation, Label
from igate.law.localtime import VIETNAM
from igate.metrics.due import Law
from igate.metrics.intake import read_intake
from igate.metrics.placing import place, window
from places import TESTS
from shared import shipped_catalogue

if TYPE_CHECKING:
    from collections.abc import Callable

ANSWERS = TESTS / "answers"
MARCH = (date(2026, 3, 1), date(2026, 3, 31))
END = date(2026, 3, 31)
Row = dict[str, Any]


def records(name: str) -> list[dict[str, str]]:
    """Read an answer file."""
    with (ANSWERS / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


DOSSIERS = records("metrics_dossiers.csv")
SETTLEMENT = records("metrics_settlement.csv")


def table(rows: list[dict[str, str]] = DOSSIERS) -> dict[str, list[str | None]]:
    """Return dossiers as columns of text, without the expectations."""
    names = [name for name in DOSSIERS[0] if not name.startswith("expected") and name != "why"]
    return {name: [row[name] or None for row in rows] for name in names}


def moments(values: list[str | None], zone: Any = None) -> list[datetime | None]:  # noqa: ANN401 - any tzinfo
    """Read texts as datetimes, in another zone where one is given."""
    read = [None if value is None else datetime.fromisoformat(value) for value in values]
    if zone is None:
        return read
    return [m and m.replace(tzinfo=VIETNAM).astimezone(zone) for m in read]


def aware(zone: Any) -> dict[str, list[Any]]:  # noqa: ANN401 - any tzinfo
    """Return the dossiers with moments of a zone instead of texts."""
    columns: dict[str, list[Any]] = dict(table())
    for name in ("received", "finished"):
        columns[name] = moments(columns[name], zone)
    return columns


def rows_of(frame: Any) -> list[Row]:  # noqa: ANN401 - any kind of frame
    """Return the rows of any kind of frame as plain dictionaries, nulls as None."""
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, pd.DataFrame):
        plain = frame.astype(object).where(frame.notna(), None)
        return [dict(zip(plain.columns, row, strict=True)) for row in plain.to_numpy().tolist()]
    if isinstance(frame, pa.Table):
        return list(frame.to_pylist())
    return list(frame.rows(named=True))


def with_arrow_types() -> pd.DataFrame:
    """Return the dossiers as pandas over Arrow."""
    return pa.table(table()).to_pandas(types_mapper=pd.ArrowDtype)


def with_categories() -> pd.DataFrame:
    """Return the dossiers as pandas with a categorical key that has a null."""
    return pd.DataFrame(table()).astype({"agency": "category"})


KINDS: dict[str, tuple[Callable[[], Any], type]] = {
    "pandas": (lambda: pd.DataFrame(table()), pd.DataFrame),
    "pandas, odd index": (lambda: pd.DataFrame(table(), index=[7] * 24), pd.DataFrame),
    "pandas, objects": (lambda: pd.DataFrame(table(), dtype=object), pd.DataFrame),
    "pandas, Arrow": (with_arrow_types, pd.DataFrame),
    "pandas, categories": (with_categories, pd.DataFrame),
    "pandas, UTC": (lambda: pd.DataFrame(aware(UTC)), pd.DataFrame),
    "pandas, ZoneInfo": (lambda: pd.DataFrame(aware(VIETNAM)), pd.DataFrame),
    "polars": (lambda: pl.DataFrame(table()), pl.DataFrame),
    "polars, lazy": (lambda: pl.LazyFrame(table()), pl.LazyFrame),
    "polars, UTC": (lambda: pl.DataFrame(aware(UTC)), pl.DataFrame),
    "polars, naive": (lambda: pl.DataFrame(aware(None)), pl.DataFrame),
    "pyarrow": (lambda: pa.table(table()), pa.Table),
    "pyarrow, UTC": (lambda: pa.table(aware(UTC)), pa.Table),
}  # fmt: skip


def expected(definition: str) -> list[Row]:
    """Return the hand-counted rows by agency under a definition."""
    wanted = []
    for answer in SETTLEMENT[:-1]:
        row: Row = {"agency": answer["agency"] or None}
        row |= {name: int(answer[name]) for name in metrics.COUNTS}
        above, below = (int(part) for part in (answer[definition] or "0/0").split("/"))
        # the one dossier whose clock stands still, D13, is not finished
        row |= {"solved_suspended": 0, "rate_numerator": above, "rate_denominator": below}
        row |= {"on_time_rate": pytest.approx(above / below) if below else None}
        wanted.append(row | {"suspended_share": 0.0 if below else None})
    return wanted


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("definition", ["form_06a", "decree"])
def test_every_kind_of_frame_gives_the_hand_counted_table(kind: str, definition: str) -> None:
    """pandas, Polars and PyArrow, texts and moments of any zone: one table, null key kept."""
    make, cls = KINDS[kind]
    result = metrics.settlement(make(), definition=definition, period=MARCH, as_of=END)
    assert isinstance(result, cls)
    assert rows_of(result) == expected(definition)


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow"])
def test_the_frame_given_is_not_changed(kind: str) -> None:
    """Counting leaves the caller's frame as it was."""
    frame = KINDS[kind][0]()
    before = rows_of(frame)
    metrics.settlement(frame, by=("agency", "month", "channel"), period=MARCH, as_of=END)
    metrics.late_dossiers(frame, period=MARCH, as_of=END)
    assert rows_of(frame) == before


def test_the_hand_counted_rows_add_up_to_the_total_row() -> None:
    """Without a key there is one row, the sum of the groups, and its rate is of the sums."""
    total = SETTLEMENT[-1]
    (row,) = rows_of(metrics.settlement(pl.DataFrame(table()), by=(), period=MARCH, as_of=END))
    assert {name: str(row[name]) for name in metrics.COUNTS} == {
        name: total[name] for name in metrics.COUNTS
    }
    assert row["on_time_rate"] == pytest.approx(10 / 12)


@pytest.mark.parametrize("answer", DOSSIERS, ids=[row["code"] for row in DOSSIERS])
def test_each_dossier_is_due_and_placed_as_worked_out_by_hand(answer: dict[str, str]) -> None:
    """The due day and the column of the form of every hand-made dossier, with its reason."""
    intake = read_intake(pl.DataFrame(table([answer])), columns=None, keys=(), source="")
    law = Law(calendar=WorkCalendar.vietnam(), rules=None, catalog=metrics_catalog())
    if not len(intake):
        assert answer["expected_place"] == "outside", answer["why"]
        return
    placed = place(intake, window(MARCH, END), law, metrics.definition("form_06a"))
    marks = {
        "carried": placed.carried, "early": placed.early, "late": placed.late,
        "overdue": placed.overdue,
        "on_time": placed.solved & ~placed.early & ~placed.late,
        "within": placed.member & ~placed.solved & ~placed.overdue,
        "outside": ~placed.member,
    }  # fmt: skip
    assert {name for name, flag in marks.items() if flag[0]} == set(
        answer["expected_place"].split()
    ), answer["why"]
    due = str(placed.due.days.astype("M8[D]")[0]) if placed.due.present[0] else ""
    assert due == answer["expected_due"], answer["why"]


def metrics_catalog() -> Any:  # noqa: ANN401 - a stand-in would do as well
    """Return a catalogue; the hand-made dossiers bring their own limits."""
    return shipped_catalogue()


def test_types_of_the_result_are_int64_and_float64() -> None:
    """Counts are Int64 and the rate Float64 in every engine, also where nothing is solved."""
    frame = metrics.settlement(pl.DataFrame(table()), period=MARCH, as_of=END)
    types = dict(zip(frame.columns, frame.dtypes, strict=True))
    assert types.pop("agency") == pl.String
    assert types.pop("on_time_rate") == types.pop("suspended_share") == pl.Float64
    assert set(types.values()) == {pl.Int64()}
    frame2 = metrics.settlement(pd.DataFrame(table()), period=MARCH, as_of=END)
    assert {str(kind) for kind in frame2.dtypes[1:-2]} == {"int64"}
    assert str(frame2.dtypes["on_time_rate"]) == "float64"
    assert list(frame2.index) == [0, 1, 2, 3, 4]


def test_what_was_finished_while_the_clock_stood_still_is_a_share_beside_the_rate() -> None:
    """Of four that count as on time, one waited for a supplement and one for a payment.

    No limit is no standing clock, an answered wait is none, and a wait for an opinion never stopped
    it (all under the decree). Index 766 does not suspend, so nothing of its rate rests on that.
    """
    frame = pl.DataFrame(
        {
            "code": ["W1", "W2", "W3", "W4", "W5"],
            "channel": ["online"] * 5,
            "limit": ["3 working_day"] * 2 + ["not_stated"] + ["30 working_day"] * 2,
            "received": ["2026-03-02T09:00"] * 5,
            "finished": ["2026-03-20T09:00"] * 4 + ["2026-03-20"],
            "suspensions": [
                "supplement:2026-03-04T09:00/..",
                "payment:2026-03-03T09:00/2026-03-20T09:01",
                None,
                "opinion:2026-03-04T09:00/..",
                "supplement:2026-03-04T09:00/2026-03-20T16:00",
            ],
        }
    )
    one = metrics.settlement(frame, definition=["form_06a", "decree"], by=(), as_of=END)
    for row in rows_of(one):
        assert (row["solved_total"], row["solved_no_due"], row["solved_suspended"]) == (5, 3, 2)
        assert (row["on_time_rate"], row["suspended_share"]) == (1.0, 0.4)
    (moved,) = rows_of(metrics.settlement(frame, definition="index766", by=(), as_of=END))
    assert (moved["solved_suspended"], moved["suspended_share"]) == (0, 0.0)
    # a desk says the due dates itself: none while its clock stands still
    given = frame.drop("limit").with_columns(due=pl.Series([None, None, None, "2026-04-14", None]))
    (row,) = rows_of(metrics.settlement(given, by=(), as_of=END))
    assert (row["solved_no_due"], row["solved_suspended"], row["suspended_share"]) == (4, 2, 0.4)
    # without the column nothing is known of it, and nothing is said
    assert "suspended_share" not in metrics.settlement(given.drop("suspensions"), as_of=END, by=())


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
def test_an_empty_frame_has_a_total_row_without_a_rate(make: Callable[[Any], Any]) -> None:
    """Nothing received: one row of zeros whose rate is null, neither 0 nor 100 per cent."""
    empty = make({name: [] for name in table()})
    (row,) = rows_of(metrics.settlement(empty, by=(), as_of=END))
    assert row["on_time_rate"] is None
    assert {row[name] for name in metrics.COUNTS} == {0}
    assert rows_of(metrics.settlement(empty, as_of=END)) == []
    assert rows_of(metrics.late_dossiers(empty, as_of=END)) == []


def test_an_empty_period_has_no_rate() -> None:
    """In a period in which nothing happened the rate is null, not 0 and not 100 per cent."""
    frame = pl.DataFrame(table([DOSSIERS[0]]))
    year = (date(2026, 4, 1), date(2026, 4, 30))
    (row,) = rows_of(metrics.settlement(frame, by=(), period=year, as_of=date(2026, 4, 30)))
    assert row["received_total"] == 0
    assert row["on_time_rate"] is None


def test_a_period_without_end_is_cut_at_the_day_of_drawing_up() -> None:
    """As of 9 March D03 is still in process and within time; on the 10th it was solved late."""
    frame = pl.DataFrame(table([DOSSIERS[2]]))
    early = rows_of(metrics.settlement(frame, period=MARCH, as_of=date(2026, 3, 9)))[0]
    assert (early["in_process_within"], early["solved_total"]) == (1, 0)
    later = rows_of(metrics.settlement(frame, period=MARCH, as_of=date(2026, 3, 10)))[0]
    assert (later["in_process_total"], later["solved_late"]) == (0, 1)


def test_a_closed_period_does_not_change_when_a_dossier_is_finished_afterwards() -> None:
    """The table of March is the same drawn up on 31 March and on 30 April."""
    frame = pl.DataFrame(table())
    then = metrics.settlement(frame, period=MARCH, as_of=END)
    assert rows_of(then) == rows_of(
        metrics.settlement(frame, period=MARCH, as_of=date(2026, 4, 30))
    )


def test_a_suspension_that_begins_after_the_last_known_day_moves_nothing() -> None:
    """D08 is overdue on 31 March; a payment asked for in April is not known on that day."""
    later = DOSSIERS[7] | {"suspensions": "payment:2026-04-02T08:00/.."}
    (row,) = rows_of(metrics.settlement(pl.DataFrame(table([later])), period=MARCH, as_of=END))
    assert row["in_process_overdue"] == 1


def test_a_suspension_that_was_open_on_the_last_known_day_is_open_in_the_table() -> None:
    """Asked for on 20 March and paid on 2 April: on 31 March the clock stood still."""
    later = DOSSIERS[7] | {"suspensions": "payment:2026-03-20T08:00/2026-04-02T08:00"}
    (row,) = rows_of(metrics.settlement(pl.DataFrame(table([later])), period=MARCH, as_of=END))
    assert (row["in_process_within"], row["in_process_overdue"]) == (1, 0)


@pytest.mark.parametrize("status", ["5", "6", "8"])
def test_without_suspensions_the_state_says_that_the_clock_stands_still(status: str) -> None:
    """An open dossier of status 5, 6 or 8 is within time although its printed date has passed."""
    columns = table([DOSSIERS[7] | {"state": status}])
    del columns["suspensions"]
    (row,) = rows_of(metrics.settlement(pl.DataFrame(columns), period=MARCH, as_of=END))
    assert (row["in_process_within"], row["in_process_overdue"]) == (1, 0)


def test_given_due_dates_are_used_as_they_are() -> None:
    """A column due takes the place of the limit; an empty cell is no due date."""
    columns = {
        "code": ["a", "b", "c"],
        "channel": [1, 2, 3],
        "received": [date(2026, 3, 2)] * 3,
        "finished": [date(2026, 3, 9)] * 3,
        "due": [date(2026, 3, 8), date(2026, 3, 9), None],
    }
    (row,) = rows_of(metrics.settlement(pl.DataFrame(columns), by=(), as_of=END))
    assert (row["solved_late"], row["solved_on_time"], row["solved_no_due"]) == (1, 2, 1)
    assert (row["received_online"], row["received_counter_post"]) == (1, 2)


def test_an_evening_in_utc_is_the_next_day_in_vietnam() -> None:
    """17:30 UTC on 28 February is 00:30 on 1 March in Hà Nội: received in the period."""
    moment = datetime(2026, 2, 28, 17, 30, tzinfo=UTC)
    columns = table([DOSSIERS[0]]) | {"received": [moment], "finished": [None], "state": [None]}
    for make in (pl.DataFrame, pd.DataFrame, pa.table):
        (row,) = rows_of(metrics.settlement(make(columns), period=MARCH, as_of=END))
        assert (row["received_online"], row["carried_over"]) == (1, 0)


def test_months_are_those_of_receipt_and_empty_ones_are_left_out() -> None:
    """Carried-over dossiers stand under their month; months without any are not listed."""
    frame = metrics.settlement(pl.DataFrame(table()), by="month", period=MARCH, as_of=END)
    assert [(row["month"], row["received_total"]) for row in rows_of(frame)] == [
        ("2026-01", 1),
        ("2026-02", 2),
        ("2026-03", 16),
    ]


def test_channels_are_written_one_way_whatever_the_source_writes() -> None:
    """National codes 1 direct, 2 online, 3 post become counter, online, post."""
    columns = table(DOSSIERS[:3]) | {"channel": ["2", "1", "3"]}
    frame = metrics.settlement(pl.DataFrame(columns), by="channel", as_of=END)
    assert frame["channel"].to_list() == ["counter", "online", "post"]


def test_limits_and_fields_are_looked_up_in_the_catalogue() -> None:
    """With the code of a procedure alone, its limit of the day and its field are used."""
    catalog = metrics_catalog()
    code = next(
        code
        for code in catalog
        if any(
            rule.limit.stated for _, rev in catalog.procedure(code).revisions for rule in rev.limits
        )
    )
    columns = table([DOSSIERS[0]])
    del columns["limit"]
    columns["procedure"] = [f"{code}.H15"]
    (row,) = rows_of(metrics.settlement(pl.DataFrame(columns), by="field", as_of=END))
    assert row["field"] == catalog.procedure(code).field.label.vi
    assert row["received_total"] == 1


def test_rules_can_be_named() -> None:
    """With waits subtracted, D12 was due on 18 March, not on the 23rd."""
    # 3 4 5 March count, 6 to 16 March are suspended, 17 and 18 March are the fourth and fifth
    frame = pl.DataFrame(table([DOSSIERS[11]]))
    late = metrics.late_dossiers(frame, period=MARCH, as_of=END, rules="subtracted")
    assert rows_of(late)[0]["due"] == datetime(2026, 3, 18)  # noqa: DTZ001 - midnight of a table


def test_late_dossiers_are_listed_with_their_delay() -> None:
    """The five late or overdue dossiers, the longest delay first; working days by hand."""
    late = rows_of(metrics.late_dossiers(pl.DataFrame(table()), period=MARCH, as_of=END))
    assert [
        tuple(
            row[name]
            for name in ("code", "agency", "standing", "working_days_late", "calendar_days_late")
        )
        for row in late
    ] == [
        # 2 to 31 March: 22 weekdays; 10 to 31 March: 16; one day each
        ("D18", "H15.12", "overdue", 22, 32),
        ("D17", "H15.11", "overdue", 16, 22),
        ("D03", "H15.10", "late", 1, 1),
        ("D08", "H15.11", "overdue", 1, 1),
        ("D12", "H15.11", "late", 1, 1),
    ]  # fmt: skip
    assert late[1]["finished"] is None
    assert late[2]["finished"] == datetime(2026, 3, 10)  # noqa: DTZ001 - midnight of a table


def test_a_saturday_after_a_friday_is_late_by_no_working_day() -> None:
    """Due Friday 6 March, finished Saturday: late, 0 working days, 1 calendar day."""
    columns = table([DOSSIERS[0] | {"limit": "4 working_day", "finished": "2026-03-07"}])
    (row,) = rows_of(metrics.late_dossiers(pd.DataFrame(columns), as_of=END))
    assert (row["working_days_late"], row["calendar_days_late"]) == (0, 1)


def test_hosts_bring_their_own_definition() -> None:
    """A definition is a value; overdue dossiers in the denominator lower the rate."""
    own = metrics.Definition(
        name="with_overdue",
        label=Label(vi="Tính cả hồ sơ đang quá hạn", en="With open overdue dossiers"),
        citation=Citation.parse("Chỉ thị 012/CT-UBND ngày 26/11/2025 (giả định)"),
        numerator=("solved_early", "solved_on_time"),
        denominator=("solved_total", "in_process_overdue"),
        numerator_label=Label(vi="Đúng hạn", en="On time"),
        denominator_label=Label(vi="Đã giải quyết và quá hạn", en="Solved and overdue"),
    )
    (row,) = rows_of(
        metrics.settlement(pl.DataFrame(table()), definition=own, by=(), period=MARCH, as_of=END)
    )
    assert (row["rate_numerator"], row["rate_denominator"]) == (10, 15)
    assert metrics.rate(row, own) == row["on_time_rate"]


def test_periods_must_make_sense() -> None:
    """A reversed period, and one that has not begun, are refused."""
    frame = pl.DataFrame(table())
    with pytest.raises(FrameError, match="ends before it begins"):
        metrics.settlement(frame, period=(END, MARCH[0]), as_of=END)
    with pytest.raises(FrameError, match="has not begun"):
        metrics.settlement(frame, period=MARCH, as_of=MARCH[0] - timedelta(days=1))
