"""Tables that lie elsewhere: DuckDB, Ibis, PySpark, Arrow streams; the same counts, in kind."""

from __future__ import annotations

import csv
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pyarrow as pa
import pytest

from igate import metrics
from igate.errors import FrameError
from igate.law.localtime import VIETNAM
from places import TESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

MARCH = (date(2026, 3, 1), date(2026, 3, 31))
END = date(2026, 3, 31)


def _read(name: str) -> list[dict[str, str]]:
    with (TESTS / "answers" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def table() -> pa.Table:
    """Return the dossiers of the answers file; ``received`` as moments, the rest as text."""
    rows = _read("metrics_dossiers.csv")
    names = ("code", "agency", "channel", "limit", "finished", "suspensions", "state")
    columns: dict[str, Any] = {name: [row[name] or None for row in rows] for name in names}
    received = [row["received"] for row in rows]
    columns["received"] = [datetime.fromisoformat(text) if text else None for text in received]
    return pa.table(columns)


def expected() -> list[tuple[Any, ...]]:
    """Return the hand-counted rows: the agency and the counts of the form."""
    rows = _read("metrics_settlement.csv")[:-1]
    return [(row["agency"] or None, *(int(row[name]) for name in metrics.COUNTS)) for row in rows]


def rows_of(records: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Return agency and counts, in the order of the agencies."""
    found = [tuple(record[name] for name in ("agency", *metrics.COUNTS)) for record in records]
    return sorted(found, key=lambda row: (row[0] is None, row[0]))


@pytest.fixture(scope="module")
def base() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database of its own."""
    with duckdb.connect() as opened:
        yield opened


def test_a_duckdb_relation_gives_a_relation(base: duckdb.DuckDBPyConnection) -> None:
    """A relation of any connection is read; the result can be asked in SQL."""
    base.register("dossiers", table())
    relation = base.sql("select * from dossiers")
    found = metrics.settlement(relation, period=MARCH, as_of=END)
    assert isinstance(found, duckdb.DuckDBPyRelation)
    assert rows_of(found.to_arrow_table().to_pylist()) == expected()
    late = metrics.late_dossiers(relation, period=MARCH, as_of=END)
    listed = metrics.late_dossiers(table(), period=MARCH, as_of=END)
    assert late.to_arrow_table().to_pylist() == listed.to_pylist()


def test_an_ibis_table_gives_an_ibis_table() -> None:
    """The same counts."""
    ibis = pytest.importorskip("ibis", reason="Ibis is not installed")
    found = metrics.settlement(ibis.memtable(table()), period=MARCH, as_of=END)
    assert isinstance(found, ibis.Table)
    assert rows_of(found.to_pyarrow().to_pylist()) == expected()


class Stream:
    """Something that gives an Arrow stream and nothing else."""

    def __init__(self, whole: pa.Table) -> None:
        self._whole = whole

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:  # noqa: ANN401 - a capsule
        return self._whole.__arrow_c_stream__(requested_schema)


@pytest.mark.parametrize("make", [Stream, lambda whole: whole.to_reader()])
def test_an_arrow_stream_gives_a_pyarrow_table(make: Any) -> None:  # noqa: ANN401 - any maker
    """A stream is read once, to its end."""
    found = metrics.settlement(make(table()), period=MARCH, as_of=END)
    assert isinstance(found, pa.Table)
    assert rows_of(found.to_pylist()) == expected()


def test_a_lazy_polars_frame_reads_the_needed_columns_alone() -> None:
    """A column that cannot be computed is not asked for."""
    lazy = pl.from_arrow(table()).lazy()  # type: ignore[union-attr]
    broken = lazy.with_columns(other=pl.lit("x").str.to_date(strict=True))
    found = metrics.settlement(broken, period=MARCH, as_of=END)
    assert isinstance(found, pl.LazyFrame)
    assert rows_of(found.collect().to_dicts()) == expected()


def test_what_an_engine_brings_is_refused_like_any_table(base: duckdb.DuckDBPyConnection) -> None:
    """A fault is named with its code, a missing column with those that are there."""
    base.register("dossiers", table())
    wrong = base.sql("select * replace ('fax' as channel) from dossiers where code = 'D02'")
    with pytest.raises(FrameError, match="row 1: D02 has fax"):
        metrics.settlement(wrong, as_of=END)
    with pytest.raises(FrameError, match="no column 'channel'"):
        metrics.settlement(base.sql("select * exclude (channel) from dossiers"), as_of=END)


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("kind", ["TIMESTAMP_NTZ", "TIMESTAMP_LTZ"])
def test_a_pyspark_frame_gives_a_pyspark_frame(spark: Any, kind: str) -> None:  # noqa: ANN401 - a session
    """Without a zone a moment is Vietnamese time, though the session is in UTC; with one, not."""
    from pyspark.sql import DataFrame  # noqa: PLC0415 - an extra

    spark.conf.set("spark.sql.timestampType", kind)
    whole = table()
    if kind == "TIMESTAMP_LTZ":
        zoned = whole["received"].cast(pa.timestamp("us")).to_pylist()
        aware = [at and at.replace(tzinfo=VIETNAM) for at in zoned]
        place = whole.column_names.index("received")
        whole = whole.set_column(place, "received", pa.array(aware, pa.timestamp("us", "UTC")))
    frame = spark.createDataFrame(whole)
    found = metrics.settlement(frame, period=MARCH, as_of=END)
    assert isinstance(found, DataFrame)
    assert rows_of([row.asDict() for row in found.collect()]) == expected()
