"""Whole columns are read as one cell is: the same moments, suspensions and refusals."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate import metrics
from igate.deadlines.limits import TimeLimit
from igate.errors import FrameError
from igate.metrics.cells import minute_of, read_cells
from igate.metrics.codes import Codes
from igate.metrics.numbering import Texts, as_one, encode, representatives
from igate.metrics.refusal import Rows
from igate.metrics.spans import parse_spans, read_spans
from igate.metrics.spelling import Spelling

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)).map(  # noqa: DTZ001 - wall time
    lambda at: at.isoformat(timespec="minutes")
)
#: what stands in a cell of dates: moments in several forms, and what is nearly one
CELLS = st.one_of(
    DAYS.map(str),
    MOMENTS,
    st.datetimes(datetime(1900, 1, 1), datetime(2199, 1, 1)).map(str),  # noqa: DTZ001
    st.sampled_from([
        "2026-02-29", "2024-02-29", "2026-13-01", "2026-04-31", "2026-03-05T24:00", "2026-W10-1",
        "2026-03-05T09:60", "2026-03-05 09:00", "2026-03-05x09:00", "2026-03-05T09:00:61", "  ", "",
        "0000-01-01", "2026-03-05T09:00+00:00", "2026-03-05T09:00Z", "05/03/2026", " 2026-03-05 ",
        "２０２６-03-05", "2026-03-0５", "9999-12-31T23:59", "20260305", "+026-03-05",
    ]),
    st.text(st.sampled_from("0123456789-T: /"), min_size=8, max_size=20),
)  # fmt: skip


@given(cells=st.lists(CELLS, max_size=30))
def test_a_column_of_dates_is_read_as_each_of_its_cells(cells: list[str]) -> None:
    """Minutes, empty cells and wrong cells are those that ``minute_of`` finds one by one."""
    minutes, present, wrong = read_cells(cells, "iso", Spelling())
    for place, cell in enumerate(cells):
        try:
            read = minute_of(cell)
        except (ValueError, OverflowError):
            assert wrong[place], cell
            continue
        assert not wrong[place], cell
        assert (bool(present[place]), int(minutes[place])) == (read is not None, read or 0), cell


ENDS = st.sampled_from(["..", "2026-03-05T09:00", "2026-03-05", "2026-03-04T17:00:30"]) | MOMENTS
PIECES = st.one_of(
    st.builds(
        "{}{}/{}".format,
        st.sampled_from(["", "supplement:", "payment:", "opinion:", "Payment:", ":", "a_b:"]),
        st.sampled_from(["2026-03-05", "2026-03-04T10:00", "2026-03-05T09:00"]) | MOMENTS,
        ENDS,
    ),
    st.sampled_from(["", " ", "/", "x", "2026-03-05T09:00", "2026-03-05/2026-03-06/..", "đ:1/.."]),
)
SPELLED = st.lists(PIECES, min_size=1, max_size=4).map("|".join)


@given(cells=st.lists(SPELLED, min_size=1, max_size=8, unique=True), data=st.data())
def test_a_column_of_suspensions_is_read_as_each_of_its_cells(
    cells: list[str], data: st.DataObject
) -> None:
    """Every row has the suspensions of its cell, in order; of a wrong cell all rows are named."""
    texts = [cell.strip() or None for cell in cells]
    distinct: list[str | None] = [*dict.fromkeys(texts)]
    rows = data.draw(st.lists(st.integers(0, len(distinct) - 1), min_size=1, max_size=12))
    column = Texts(values=tuple(distinct), of=np.array(rows, dtype=np.int32))
    codes = Codes(_series(pl.Series("code", [f"H{row}" for row in range(len(rows))])))
    wanted: dict[int, Any] = {}
    faults = {}
    for row, which in enumerate(rows):
        try:
            wanted[row] = parse_spans(distinct[which]) if distinct[which] else ()
        except ValueError as error:
            faults[row + 1] = f"Suspensions cannot be read: H{row}: {error}"
    if faults:
        with pytest.raises(FrameError) as caught:
            read_spans(column, Rows(), codes)
        assert caught.value.rows == faults
        return
    found = read_spans(column, Rows(), codes)
    assert {row: found.of(row) for row in range(len(rows))} == wanted
    assert (np.diff(found.row) >= 0).all()


def _series(native: Any) -> Any:  # noqa: ANN401 - any library's column
    import narwhals.stable.v2 as nw  # noqa: PLC0415 - one use

    return nw.from_native(native, series_only=True)


COLUMNS: dict[str, Any] = {
    "polars": lambda values: pl.Series("x", values),
    "pandas": lambda values: pd.Series(values, name="x"),
    "pandas, objects": lambda values: pd.Series(values, name="x", dtype=object),
    "pandas, categories": lambda values: pd.Series(values, name="x", dtype="category"),
    "pyarrow": lambda values: pa.chunked_array([values]),
}
VALUES: dict[str, list[Any]] = {
    "texts": ["b", None, "a", "b", ""],
    "numbers": [3, None, 1, 3, 2],
    "halves": [0.5, None, 1.0, 0.5, 2.0],
    "days": [date(2026, 3, 5), None, date(2026, 3, 4), date(2026, 3, 5), date(1999, 1, 1)],
    "nothing": [None] * 5,
}


@pytest.mark.parametrize("library", COLUMNS)
@pytest.mark.parametrize("kind", VALUES)
def test_equal_cells_have_one_number_in_every_library(library: str, kind: str) -> None:
    """The first and the fourth are equal, the second is empty, the others differ."""
    values, of = encode(_series(COLUMNS[library](VALUES[kind])))
    if kind == "nothing":
        assert (values, of.tolist()) == ([], [-1] * 5)
        return
    assert len(values) == 3
    assert of[0] == of[3]
    assert of[1] == -1
    assert sorted({*of.tolist()}) == [-1, 0, 1, 2]
    # as texts: pandas makes 3.0 of a 3 beside an empty cell
    assert str(values[of[2]]).removesuffix(".0")[:10] == str(VALUES[kind][2]).removesuffix(".0")


def test_python_objects_of_several_kinds_are_numbered_by_what_they_say() -> None:
    """A list, a number and a text in one pandas column: pandas cannot hash the list."""
    values, of = encode(_series(pd.Series([[1], 1, "b", [1], None], dtype=object)))
    assert [values[place] for place in of[:4]] == ["[1]", "1", "b", "[1]"]
    assert of[4] == -1


@given(
    rows=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 5_000), st.integers(0, 2)), max_size=40
    )
)
def test_rows_have_one_number_where_all_columns_agree(rows: list[tuple[int, int, int]]) -> None:
    """Also where the numbers are too many for a table of them."""
    columns = [(np.array([row[n] for row in rows], dtype=np.int64), size)
               for n, size in enumerate((4, 5_001, 3))]  # fmt: skip
    first, of = representatives(*as_one(columns))
    assert len(first) == len(set(rows))
    assert [rows[first[number]] for number in of] == rows


def test_each_different_limit_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 900 dossiers on 90 days with three limits, three texts are read."""
    read: list[str] = []
    parse = TimeLimit.parse

    def noting(text: str) -> TimeLimit:
        read.append(text)
        return parse(text)

    monkeypatch.setattr(TimeLimit, "parse", noting)
    limits = ["51 working_day", "53 working_day", "77 day"]
    frame = pl.DataFrame(
        {
            "code": [str(number) for number in range(900)],
            "channel": "online",
            "limit": [limits[number % 3] for number in range(900)],
            "received": [date(2026, 1, 1) + timedelta(days=number % 90) for number in range(900)],
            "finished": None,
        }
    )
    table = metrics.settlement(frame, by=(), as_of=date(2026, 4, 30))
    assert table["received_total"].to_list() == [900]
    assert sorted(text for text in read if text in limits) == sorted(limits)


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ([7, 8, 7], "row 3: 7 is already on row 1"),
        ([7, None, 8], "row 2: the code is empty"),
        (["a", "b", " a"], "row 3: a is already on row 1"),
        ([0.5, 1.5, 0.5], "row 3: 0.5 is already on row 1"),
    ],
)
@pytest.mark.parametrize("make", [pl.DataFrame, pd.DataFrame, pa.table])
def test_codes_of_any_type_are_there_once(make: Any, codes: list[Any], words: str) -> None:  # noqa: ANN401 - any maker
    """Numbers and texts; a space in front makes no other code."""
    good = {"channel": ["online"] * 3, "due": ["2026-03-09"] * 3, "received": ["2026-03-02"] * 3}
    with pytest.raises(FrameError) as caught:
        metrics.settlement(
            make({"code": codes, **good, "finished": ["2026-03-03"] * 3}), as_of=date(2026, 3, 31),
            by=(),
        )  # fmt: skip
    # pandas makes 7.0 of a 7 beside an empty cell
    assert words in str(caught.value).replace(".0", "")


def test_who_has_other_headings_is_led_to_a_map() -> None:
    """The command that writes one is named, and no column that only igate sees is listed."""
    table = pl.DataFrame({"file_line": [2], "Mã hồ sơ": ["H15-1"]})
    with pytest.raises(
        FrameError, match=r'"igate metrics FILE --propose-map" writes one'
    ) as caught:
        metrics.settlement(table, as_of=date(2026, 9, 4))
    assert "Its columns are Mã hồ sơ." in str(caught.value)


def test_the_path_of_a_map_is_no_map() -> None:
    """``read_table`` reads map files; ``settlement`` takes the mapping."""
    table = pl.DataFrame({"Mã hồ sơ": ["H15-1"]})
    with pytest.raises(FrameError, match=r'a str, no mapping.*column_map="map\.yaml"'):
        metrics.settlement(table, columns="map.yaml", as_of=date(2026, 9, 4))  # type: ignore[arg-type]


def test_a_day_as_text_is_no_day() -> None:
    """The day of the table and the period are dates; a text is refused before a row is read."""
    table = pl.DataFrame({"code": ["H15-1"]})
    with pytest.raises(FrameError, match=r"'2026-09-04' is not a day\. Pass a datetime\.date"):
        metrics.settlement(table, as_of="2026-09-04")  # type: ignore[arg-type]


def test_a_refusal_that_ends_with_a_question_has_one_mark() -> None:
    """A wrong unit was answered by ``Did you mean "working_day"?.``, in both languages."""
    frame = pd.DataFrame(
        {
            "code": ["a"], "limit": ["7 workingday"], "agency": ["H15"], "channel": ["online"],
            "received": ["2026-08-20T09:00"], "finished": [None],
        }
    )  # fmt: skip
    with pytest.raises(FrameError) as caught:
        metrics.settlement(frame, as_of=date(2026, 9, 1))
    assert 'Did you mean "working_day"? A limit' in caught.value.text("en")
    assert 'Có phải ý là "working_day"? Thời hạn' in caught.value.text("vi")
