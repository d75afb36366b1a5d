"""Tables that cannot be counted are refused: what is wrong, on which row, what to do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from igate import metrics
from igate.errors import FrameError

END = date(2026, 3, 31)


def columns(**changes: list[Any]) -> dict[str, list[Any]]:
    """Return two good dossiers, with some columns changed."""
    good: dict[str, list[Any]] = {
        "code": ["H15-1", "H15-2"],
        "agency": ["H15.10", "H15.10"],
        "channel": ["online", "counter"],
        "limit": ["5 working_day", "not_stated"],
        "received": ["2026-03-02T09:00", "2026-03-03"],
        "finished": ["2026-03-05T09:00", None],
    }
    return good | changes


def refused(frame: Any, **options: Any) -> str:  # noqa: ANN401 - any frame, any option
    """Return the message with which a frame is refused."""
    with pytest.raises(FrameError) as caught:
        metrics.settlement(frame, as_of=END, **options)
    return str(caught.value)


BAD = {
    "a date that does not exist": (
        {"received": ["2026-03-02", "2026-02-30"]},
        ["Dates cannot be read (1)", "row 2: '2026-02-30' in 'received'", "Write 2026-03-05"],
    ),
    "a date that could be read two ways": (
        {"received": ["05/03/2026", "2026-03-03"]},
        ["row 1: '05/03/2026'", "ISO 8601"],
    ),
    "a week instead of a date": (
        {"received": ["2026-W10", "2026-03-03"]},
        ["row 1: '2026-W10'"],
    ),
    "a number instead of a date": (
        {"received": [46083, 46084]},
        ["'received' holds Int64", "does not say from which day it counts"],
    ),
    "a code twice": (
        {"code": ["H15-1", "H15-1"]},
        ["row 2: H15-1 is already on row 1", "counts once"],
    ),
    "no code": ({"code": ["H15-1", " "]}, ["row 2", "have no code"]),
    "finished before received": (
        {"finished": ["2026-03-01", None]},
        ["row 1: H15-1 received 2026-03-02, finished 2026-03-01"],
    ),
    "an unknown channel": (
        {"channel": ["online", "fax"]},
        ["row 2: H15-2 has fax", "online, counter or post", "1 (direct)"],
    ),
    "no channel": ({"channel": ["online", None]}, ["row 2: H15-2 has nothing"]),
    "an unknown unit": (
        {"limit": ["5 working_days", "not_stated"]},
        ["row 1: H15-1", "no unit 'working_days'", 'Did you mean "5 working_day"?'],
    ),
    "no limit": ({"limit": ["5 day", None]}, ["row 2: H15-2", 'Write "not_stated"']),
    "an unknown procedure": (
        {"limit": [None, None], "procedure": ["9.999999", "9.999999"]},
        ["Dossiers have no time limit that can be counted (2)", "row 1: H15-1", "9.999999"],
    ),
    "a reversed suspension": (
        {"suspensions": ["payment:2026-03-04T09:00/2026-03-03T09:00", None]},
        ["row 1: H15-1", "ends before it begins"],
    ),
    "a suspension without an end": (
        {"suspensions": [None, "2026-03-04T09:00"]},
        ["row 2: H15-2", "is not written as from/to", "with .. for an end"],
    ),
    "overlapping suspensions": (
        {"suspensions": ["2026-03-03/2026-03-05|2026-03-04/..", None]},
        ["two suspensions for supplement overlap"],
    ),
    "a suspension that is no date": (
        {"suspensions": ["2026-03-33/..", None]},
        ["'2026-03-33T00:00' is not a moment"],
    ),
    "a suspension before the receipt": (
        {"suspensions": ["payment:2026-03-01T09:00/2026-03-03T09:00", None]},
        ["row 1: H15-1", "before the receipt"],
    ),
    "a due date past the calendar": (
        {"limit": ["not_stated", "2500 working_day"]},
        ["row 2: H15-2", "outside the working calendar", "2029-12-31"],
    ),
    "a receipt before the calendar": (
        {"received": ["1999-03-01", "2026-03-03"], "finished": [None, None]},
        ["row 1: H15-1: 1999-03-01 is outside"],
    ),
    "no receipt date": ({"received": ["2026-03-02", None]}, ["row 2: H15-2", "no receipt date"]),
    "finished by its state alone": (
        {"state": ["9", "9"]},
        ["row 2: H15-2 has status 9", "no date of finishing"],
    ),
    "an unknown status": ({"state": ["9", "11"]}, ["row 2: H15-2 has 11", "1 to 10"]),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
def test_bad_rows_are_refused_by_name(name: str, make: Any) -> None:  # noqa: ANN401 - any maker
    """Every kind of frame gives the same words, with the row and the remedy."""
    changes, wanted = BAD[name]
    message = refused(make(columns(**changes)))
    for words in wanted:
        assert words in message


def test_the_first_five_problems_are_shown_and_all_are_counted() -> None:
    """Seven bad dates: five are spelled out, two are counted."""
    bad = {name: values[:1] * 7 for name, values in columns().items()}
    bad |= {"code": [f"H15-{n}" for n in range(7)], "received": ["31/12/2025"] * 7}
    message = refused(pl.DataFrame(bad), source="dossiers.csv")
    assert message.startswith("dossiers.csv: Dates cannot be read (7): row 1:")
    assert "row 5" in message
    assert "row 6" not in message
    assert "and 2 more" in message


def test_rows_keep_their_number_after_refused_receipts() -> None:
    """A row that is left out does not shift the numbers of the rows below it."""
    frame = pl.DataFrame(columns(limit=["x", "y"], state=["3", "4"]))
    assert "row 2: H15-2" in refused(frame)


def test_a_missing_column_is_named_with_those_that_are_there() -> None:
    """The message suggests the nearest column and mentions the map."""
    frame = pl.DataFrame(columns()).rename({"received": "recieved"})
    message = refused(frame)
    assert "no column 'received'" in message
    assert 'Did you mean "recieved"?' in message
    assert 'columns={"received": "..."}' in message


def test_something_must_say_when_a_dossier_is_due() -> None:
    """Neither due nor limit nor procedure: the message says what it is needed for."""
    message = refused(pl.DataFrame(columns()).drop("limit"))
    assert "Without due, limit or procedure" in message


def test_a_map_is_checked_on_both_sides() -> None:
    """A name that igate does not know and one that the table lacks are refused apart."""
    frame = pl.DataFrame(columns())
    message = refused(frame, columns={"recieved": "received"})
    assert "'recieved', which is none of igate's" in message
    assert 'Did you mean "received"?' in message
    message = refused(frame, columns={"received": "Ngay"})
    assert "'received' is called 'Ngay'" in message


def test_mapped_columns_are_read_and_named_as_asked_for() -> None:
    """The result is split by the name that the caller gave: igate's or the table's own."""
    frame = pl.DataFrame(columns()).rename({"agency": "DonVi", "code": "MaHoSo"})
    names = {"agency": "DonVi", "code": "MaHoSo"}
    assert metrics.settlement(frame, as_of=END, columns=names).columns[0] == "agency"
    own = metrics.settlement(frame, by="DonVi", as_of=END, columns=names)
    assert own.columns[0] == "DonVi"
    assert own["received_total"].to_list() == [2]


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("ward", "cannot be split by 'ward'"),
        (("agency", "agency"), "two columns"),
        ("carried_over", "two columns"),
    ],
)
def test_a_table_is_split_by_what_it_has_once(by: Any, words: str) -> None:  # noqa: ANN401 - any key
    """An unknown key, a key named twice and one that hides a count are refused."""
    frame = pl.DataFrame(columns(carried_over=["x", "y"]))
    assert words in refused(frame, by=by)


@pytest.mark.parametrize("frame", [{"code": []}, [1], pl.Series([1]), None])
def test_what_is_no_table_is_refused(frame: Any) -> None:  # noqa: ANN401 - anything at all
    """A dictionary, a list, a series: the message says what a table is."""
    assert "pandas or Polars frame or a PyArrow table" in refused(frame)


def test_two_columns_of_one_name_are_refused() -> None:
    """A pandas frame may have a name twice; nobody could tell which is meant."""
    frame = pd.DataFrame(columns())
    frame.columns = ["code", "code", *frame.columns[2:]]
    assert "code" in refused(frame)


def test_delays_outside_the_calendar_are_refused_by_row() -> None:
    """A given due date of 2009 cannot be counted in working days; the dossier is named."""
    frame = pl.DataFrame(columns(due=["2009-12-31", None]))
    with pytest.raises(FrameError, match="row 1: H15-1: 2009-12-31 to 2026-03-05"):
        metrics.late_dossiers(frame, as_of=END)


def test_what_a_clock_refuses_is_said_in_vietnamese_too() -> None:
    """Two waits for one reason on the day of receipt and before its hour count from that hour."""
    frame = pd.DataFrame(
        {
            "code": ["H15-1"],
            "channel": ["online"],
            "limit": ["5 working_day"],
            "received": ["2026-03-02T09:00"],
            "finished": ["2026-03-05T08:00"],
            "suspensions": [
                "payment:2026-03-02T08:30/2026-03-02T08:40|payment:2026-03-02T08:50/2026-03-04T09:00"
            ],
        }
    )
    with pytest.raises(FrameError, match="The clock was to be suspended") as refused:
        metrics.settlement(frame, by=(), as_of=date(2026, 3, 31))
    said = refused.value.text("vi")
    assert "Thời hạn được ghi tạm dừng vì payment lúc 09:00 ngày 02/03/2026" in said
    assert "was to be" not in said
