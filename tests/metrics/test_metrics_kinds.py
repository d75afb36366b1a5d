"""What is counted, estimated and drawn of a table is the same in every kind of frame."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from igate import metrics

if TYPE_CHECKING:
    from collections.abc import Callable

END = date(2026, 3, 31)
NUMBERS = range(60)
DOSSIERS = pl.DataFrame(
    {
        "code": [f"D{number:02d}" for number in NUMBERS],
        "agency": [f"H15.{10 + number % 3}" for number in NUMBERS],
        "channel": ["online"] * 60,
        "received": [date(2026, 3, 2) + timedelta(number % 20) for number in NUMBERS],
        "due": [date(2026, 3, 9) + timedelta(number % 25) for number in NUMBERS],
        # nobody of the third agency has finished anything, so that it has no rate
        "finished": [
            None if number % 3 == 2 or number % 7 == 0
            else date(2026, 3, 2) + timedelta(number % 20 + number % 6)
            for number in NUMBERS
        ],
        "yes": ["1", "0", None] * 20,
    }
)  # fmt: skip
KINDS: dict[str, tuple[type, Callable[[pl.DataFrame], Any], Callable[[Any], pa.Table]]] = {
    "pandas": (pd.DataFrame, lambda frame: frame.to_pandas(), pa.Table.from_pandas),
    "arrow": (pa.Table, lambda frame: frame.to_arrow(), lambda table: table),
    "lazy": (pl.LazyFrame, lambda frame: frame.lazy(), lambda frame: frame.collect().to_arrow()),
    "duckdb": (
        duckdb.DuckDBPyRelation,
        lambda frame: duckdb.from_arrow(frame.to_arrow()),
        lambda relation: relation.to_arrow_table(),
    ),
}
CALLS: dict[str, Callable[[Any], Any]] = {
    "ageing": lambda frame: metrics.ageing(frame, as_of=END),
    "open_dossiers": lambda frame: metrics.open_dossiers(frame, as_of=END),
    "processing_times": lambda frame: metrics.processing_times(frame, as_of=END),
    "control_chart": lambda frame: metrics.control_chart(frame, as_of=END),
    "late_probability": lambda frame: metrics.late_probability(frame, as_of=END, least=5),
    "calibration": lambda frame: metrics.calibration(
        frame, on=date(2026, 3, 12), as_of=END, least=3
    ),
}


def plain(table: pa.Table) -> list[dict[str, Any]]:
    """Return rows with nothing as ``None``, floats rounded."""
    return [
        {
            name: None if value != value else round(value, 9) if isinstance(value, float) else value  # noqa: PLR0124 - NaN
            for name, value in row.items()
        }
        for row in table.to_pylist()
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CALLS)
def test_the_answer_is_the_same_and_of_the_same_kind(kind: str, name: str) -> None:
    """Rows are those of a Polars frame, which other tests hold to hand counts."""
    of_kind, made, read = KINDS[kind]
    found = CALLS[name](made(DOSSIERS))
    assert isinstance(found, of_kind)
    expected = plain(CALLS[name](DOSSIERS).to_arrow())
    assert expected
    assert plain(read(found)) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_patterns_and_points_are_the_same(kind: str) -> None:
    """Codes and sums do not depend on the library."""
    frame = KINDS[kind][1](DOSSIERS)
    assert metrics.signals(frame, as_of=END) == metrics.signals(DOSSIERS, as_of=END)
    score = metrics.score766(frame, as_of=END, flags={"4.1": "yes"})
    assert score == metrics.score766(DOSSIERS, as_of=END, flags={"4.1": "yes"})


@pytest.mark.parametrize("kind", KINDS)
def test_pictures_and_tables_are_the_same(kind: str) -> None:
    """Also of an agency without a rate, which pandas writes as NaN."""
    counted = metrics.settlement(KINDS[kind][1](DOSSIERS), as_of=END)
    expected = metrics.settlement(DOSSIERS, as_of=END)
    assert [row["on_time_rate"] for row in expected.rows(named=True)][2] is None
    drawn, wanted = (json.loads(metrics.plot.rates(each).to_json()) for each in (counted, expected))
    assert drawn["layer"] == wanted["layer"]
    assert str(metrics.shown(counted)) == str(metrics.shown(expected))
