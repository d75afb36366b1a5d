"""A national table in Parquet, counted where it lies: by Polars in batches, DuckDB and Spark.

No benchmark by itself: ``bench_metrics.py --elsewhere 50000000`` runs it. The table is drawn once
into a folder that is removed, in files of a million dossiers. Each count runs in a process of its
own, so that what it holds at its peak can be told; of Spark that is the Python side alone, its own
machine is given as much memory as ``SPARK_MEMORY`` says.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any

import bench_metrics as bench
import duckdb
import polars as pl
from rows import Row

from igate import metrics

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["count_once", "elsewhere_rows"]

_FILE = 1_000_000
SPARK_MEMORY = "4g"


def _drawn(folder: Path, size: int) -> None:
    """Write a table, with other agencies and codes in each file."""
    for number, first in enumerate(range(0, size, _FILE)):
        part = bench.drawn(min(_FILE, size - first), seed=number).drop("limit", "suspensions")
        part.with_columns(
            pl.format("{}.{}", pl.lit(number), "code").alias("code"),
            pl.format("{}.{}", pl.lit(number % 34), "agency").alias("agency"),
        ).write_parquet(folder / f"{number:03}.parquet")


def _files(folder: str) -> str:
    return f"{folder}/*.parquet"


def _settled(table: Any) -> Any:  # noqa: ANN401 - a table of any engine
    return metrics.settlement(
        table, by=bench.KEYS, period=bench.PERIOD, as_of=bench.END, calendar=bench.CALENDAR
    )


def _polars(folder: str) -> int:
    return _total(_settled(pl.scan_parquet(_files(folder))).collect())


def _polars_by_hand(folder: str) -> int:
    given = pl.col("due").dt.date()
    return _total(bench.counted(pl.scan_parquet(_files(folder)), given, engine="streaming"))


def _duckdb(folder: str) -> int:
    with duckdb.connect() as base:
        return _total(_settled(base.sql(f"from '{_files(folder)}'")).pl())


def _duckdb_by_hand(folder: str) -> int:
    with duckdb.connect() as base:
        base.sql(f"create view dossiers as from '{_files(folder)}'")
        return _total(bench.counted_in(base, "due::date", "dossiers"))


def _session() -> Any:  # noqa: ANN401 - a session of PySpark, which is an extra
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    return (
        SparkSession.builder.master("local[*]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", SPARK_MEMORY)
        .config("spark.sql.session.timeZone", "Asia/Ho_Chi_Minh")
        .getOrCreate()
    )


def _spark(folder: str) -> int:
    found = _settled(_session().read.parquet(folder)).collect()
    return sum(row["received_total"] for row in found)


def _spark_by_hand(folder: str) -> int:
    session = _session()
    session.read.parquet(folder).createOrReplaceTempView("dossiers")
    if any(session.sql(bench.CHECKS_SQL).collect()[0]):
        raise ValueError(folder)
    counts = bench.COUNTS_SQL.replace("strftime(received, '%Y-%m')", "left(received::date, 7)")
    found = session.sql(counts.format(due="due::date", source="dossiers")).collect()
    return sum(row["received_total"] for row in found)


def _total(table: pl.DataFrame) -> int:
    return int(table["received_total"].sum())


_COUNTS: dict[str, Callable[[str], int]] = {
    "Polars": _polars,
    "Polars by hand": _polars_by_hand,
    "DuckDB": _duckdb,
    "DuckDB by hand": _duckdb_by_hand,
    "Spark": _spark,
    "Spark by hand": _spark_by_hand,
}


def count_once(name: str, folder: str) -> None:
    """Count in this process; print how many dossiers belong to the table, seconds and the peak."""
    if name.startswith("Spark"):
        _session()  # what starting a machine takes is no part of counting
    begun = perf_counter()
    many = _COUNTS[name](folder)
    print(many, perf_counter() - begun, bench.peak_bytes())


def elsewhere_rows(size: int, *, spark: bool) -> list[Row]:
    """Return seconds and peak memory of each engine, beside the same counts written by hand."""
    rows = []
    with TemporaryDirectory() as name:
        _drawn(Path(name), size)
        stored = sum(each.stat().st_size for each in Path(name).iterdir())
        for engine in ("Polars", "DuckDB", *(["Spark"] if spark else [])):
            ours, theirs = (_run(task, name) for task in (engine, f"{engine} by hand"))
            if ours[0] != theirs[0]:
                raise SystemExit(f"{engine}: {ours[0]} dossiers, by hand {theirs[0]}.")
            rows += [
                Row(name=f"{size:,} dossiers in Parquet, {engine}", ours=ours[1],
                    peer=f"by hand, {engine}", theirs=theirs[1], rule="times",
                    note=f"files of {stored / 2**20:,.0f} MiB"),
                Row(name=f"peak of the process, {engine}", measure="bytes", ours=ours[2],
                    peer=f"by hand, {engine}", theirs=theirs[2], rule="times"),
            ]  # fmt: skip
    return rows


def _run(task: str, folder: str) -> tuple[int, float, float]:
    printed = subprocess.run(  # noqa: S603 - this program
        [sys.executable, bench.__file__, "--count", task, "--folder", folder],
        check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    many, seconds, peak = printed[-3:]
    # a large table takes long: what has been measured is said at once
    print(f"{task}: {float(seconds):.1f} s, {int(peak) / 2**20:,.0f} MiB", file=sys.stderr)
    return int(many), float(seconds), float(peak)
