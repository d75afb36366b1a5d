"""Rows at fault are set aside with what is wrong, and nothing is lost."""

from __future__ import annotations

import csv
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from igate import metrics
from igate.cli.main import app
from igate.errors import FrameError

if TYPE_CHECKING:
    from pathlib import Path

END = date(2026, 3, 31)
GOOD = {
    "code": "A", "channel": "online", "limit": "5 working_day", "received": "2026-03-02T09:00",
    "finished": "2026-03-09T16:00", "suspensions": "2026-03-03/2026-03-03",
}  # fmt: skip
#: one fault a row, and words that its message must hold
FAULTS = [
    ({"channel": "telepathy"}, "telepathy"),
    ({"limit": "5 working_dys"}, "working_dys"),
    ({"received": "yesterday"}, "'yesterday' in 'received'"),
    ({"finished": "2026-03-01"}, "before"),
    ({"suspensions": "2026-03-05/2026-03-04"}, "ends before it begins"),
    ({"suspensions": "2026-02-05/2026-02-06"}, "before the receipt"),
    ({"received": "2089-03-02"}, "2089"),
    ({"code": "A1"}, "twice"),
]


def table(faulty: list[dict[str, str]]) -> dict[str, list[Any]]:
    """Make a table of good rows with one at fault after each."""
    rows = []
    for number, fault in enumerate(faulty, 1):
        rows += [GOOD | {"code": f"A{number}"}, GOOD | {"code": f"B{number}"} | fault]
    return {name: [row[name] for row in rows] for name in GOOD}


@pytest.mark.parametrize("kind", [pl.DataFrame, pl.LazyFrame, pd.DataFrame, pa.table])
def test_each_fault_is_named_and_the_others_are_counted(kind: Any) -> None:  # noqa: ANN401
    """Eight kinds of fault in one table, found in turns; the good rows are all left."""
    frame = kind(table([fault for fault, _ in FAULTS]))
    counted, refused = metrics.set_aside(frame, as_of=date(2090, 1, 1))
    counted, refused = (pl.DataFrame(each) for each in (counted, refused))
    assert counted["code"].to_list() == [f"A{n}" for n in range(1, 9)]
    assert refused["row"].to_list() == [2, 4, 6, 8, 10, 12, 14, 16]
    for said, (_, words) in zip(refused["fault"], FAULTS, strict=True):
        assert words in said
    row = metrics.settlement(counted, by=(), as_of=END).row(0, named=True)
    # counted anew after the 3rd: due on the 10th, finished on the 9th
    assert (row["received_total"], row["solved_early"]) == (8, 8)


@given(st.lists(st.sampled_from([fault for fault, _ in FAULTS[:6]]), max_size=6))
def test_read_is_counted_and_refused(faulty: list[dict[str, str]]) -> None:
    """Every row is in one of the two tables, and what is counted is refused no more."""
    frame = pl.DataFrame(table(faulty), schema=dict.fromkeys(GOOD, pl.String))
    counted, refused = metrics.set_aside(frame, as_of=END)
    assert len(counted) + len(refused) == len(frame)
    assert sorted([*counted["code"], *refused["code"]]) == sorted(frame["code"])
    assert len(refused) == len(faulty)
    metrics.settlement(counted, by=(), as_of=END)


def test_a_table_as_a_whole_is_refused_still() -> None:
    """A missing column is no fault of a row; a column of our name would be lost."""
    with pytest.raises(FrameError, match="no column 'channel'"):
        metrics.set_aside(pl.DataFrame(table([])).drop("channel"), as_of=END)
    with pytest.raises(FrameError, match="'fault'"):
        metrics.set_aside(pl.DataFrame(table([{}])).with_columns(fault=1), as_of=END)
    with pytest.raises(FrameError, match="not a table"):
        metrics.set_aside([1], as_of=END)  # type: ignore[type-var]


def test_what_only_a_split_or_a_further_count_needs_is_set_aside_too() -> None:
    """No field of procedure 9.999999; a finish recorded past the calendar."""
    rows = [
        {"code": "A", "procedure": "1.001806"},
        {"code": "B", "procedure": "9.999999"},
        {"code": "C", "procedure": "1.001806", "recorded": "2206-03-09T17:00"},
    ]
    plain = {"channel": "online", "received": "2026-03-02T09:00", "due": "2026-03-09",
             "finished": "2026-03-06T09:00", "recorded": "2026-03-06T10:00"}  # fmt: skip
    frame = pl.DataFrame([plain | row for row in rows])
    kept, refused = metrics.set_aside(frame, by="field", as_of=END)
    assert refused["code"].to_list() == ["B", "C"]
    assert metrics.settlement(kept, by="field", as_of=END)["received_total"].to_list() == [1]


def test_a_row_named_in_the_fault_of_another_keeps_its_number() -> None:
    """The first row is set aside before; the two that share a code are the third and fourth."""
    frame = pl.DataFrame(
        [GOOD | {"code": code} for code in (None, "X1", "X2", "X2")],
        schema=dict.fromkeys(GOOD, pl.String),
    )
    _, refused = metrics.set_aside(frame, as_of=END)
    assert refused["row"].to_list() == [1, 4]
    assert "already on row 3" in refused["fault"][1]


def test_the_command_counts_without_them_and_writes_them(tmp_path: Path) -> None:
    """Lines are those of the file; without --rejects nothing is counted."""
    source, rejects = tmp_path / "year.csv", tmp_path / "rejects.csv"
    rows = table([FAULTS[4][0]])
    with source.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([[*GOOD], *zip(*rows.values(), strict=True)])
    arguments = ["metrics", str(source), "--as-of", "2026-03-31", "--by", ""]
    plain = CliRunner().invoke(app, arguments)
    assert isinstance(plain.exception, FrameError)
    assert plain.exception.rows.keys() == {3}
    done = CliRunner().invoke(app, [*arguments, "--rejects", str(rejects)])
    assert done.exit_code == 0
    assert "Rows set aside and not counted (with a fault): 1" in done.stdout
    with rejects.open(encoding="utf-8-sig", newline="") as stream:
        (found,) = csv.DictReader(stream)
    assert (found["row"], found["code"]) == ("3", "B1")
    assert "ends before it begins" in found["fault"]
    CliRunner().invoke(app, [*arguments, "--rejects", str(rejects), "--force", "--lang", "vi"])
    with rejects.open(encoding="utf-8-sig", newline="") as stream:
        (found,) = csv.DictReader(stream)
    assert "kết thúc trước khi bắt đầu" in found["fault"]
    assert "ends before" not in found["fault"]
    # what is there is not replaced
    again = CliRunner().invoke(app, [*arguments, "--rejects", str(rejects)])
    assert again.exit_code == 1


#: Saturday 22 August 2026 is worked: 7 working days from the 20th end on the 28th
DAY_FIRST = """\
code;limit;agency;channel;received;finished
H15-1;7 working_day;H15.10;online;20/08/2026 09:00;28/08/2026 15:00
H15-2;7 working_day;H15.10;online;N/A;28/08/2026 15:00
H15-3;7 working_day;H15.10;online;20/08/2026 10:00;31/02/2026
H15-4;7 working_day;H15.10;online;20/08/2026;31/08/2026 08:00
"""


def test_cells_that_are_no_dates_are_set_aside_where_the_day_comes_first(tmp_path: Path) -> None:
    """One on time, one late, two aside: what is read of a column does not hang on its other cells.

    The rejects keep the cells at fault as they were written.
    """
    source, rejects = tmp_path / "so.csv", tmp_path / "rejects.csv"
    source.write_text(DAY_FIRST, encoding="utf-8")
    arguments = ["metrics", str(source), "--dates", "day-first", "--as-of", "2026-09-04"]
    plain = CliRunner().invoke(app, arguments)
    assert isinstance(plain.exception, FrameError)
    assert plain.exception.rows.keys() == {3}
    assert "declared as day_first" in str(plain.exception)
    assert "ISO 8601" not in str(plain.exception)
    done = CliRunner().invoke(app, [*arguments, "--rejects", str(rejects), "--json"])
    assert done.exit_code == 0
    (row,) = json.loads(done.stdout)["rows"]
    assert (row["received_total"], row["solved_on_time"], row["solved_late"]) == (2, 1, 1)
    with rejects.open(encoding="utf-8-sig", newline="") as stream:
        first, second = csv.DictReader(stream)
    assert (first["row"], first["received"]) == ("3", "N/A")
    assert (second["row"], second["finished"]) == ("4", "31/02/2026")
    assert "Dates cannot be read: 'N/A'" in first["fault"]


@pytest.mark.parametrize("fault", [fault for fault, _ in FAULTS])
def test_each_fault_of_a_file_is_set_aside_by_the_command(
    tmp_path: Path, fault: dict[str, str]
) -> None:
    """Also a date that is none, of one file or of one of two; the other rows are counted."""
    paths = [tmp_path / "first.csv", tmp_path / "second.csv"]
    other = {name: [value] for name, value in (GOOD | {"code": "Z1"}).items()}
    for path, columns in zip(paths, (table([fault]), other), strict=True):
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([[*columns], *zip(*columns.values(), strict=True)])
    for files, counted in ((paths[:1], 1), (paths, 2)):
        rejects = tmp_path / f"rejects{counted}.csv"
        command = ["metrics", *map(str, files), "--as-of", "2090-01-01", "--by", "", "--json"]
        done = CliRunner().invoke(app, [*command, "--rejects", str(rejects)])
        assert done.exit_code == 0, done.output
        with rejects.open(encoding="utf-8-sig", newline="") as stream:
            (found,) = csv.DictReader(stream)
        assert found["row"] == "3"
        assert json.loads(done.stdout)["rows"][0]["received_total"] == counted
