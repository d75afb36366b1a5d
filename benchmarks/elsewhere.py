"""A national table in Parquet, counted where it lies: by Polars in batches, DuckDB and Spark.

No benchmark by itself: ``bench_metrics.py --elsewhere 50000000`` runs it. The table is drawn once,
in files of a million dossiers, into a folder that is removed, or kept with ``--folder``. Each count
runs in a process of its own, so that what it holds at its peak can be told; of Spark that is the
Python side alone, its own machine is given as much memory as ``SPARK_MEMORY`` says.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import nullcontext
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
    from collections.abc import Callable, Sequence

__all__ = ["ENGINES", "count_once", "elsewhere_rows"]

ENGINES = ("Polars", "DuckDB", "Spark")

_FILE = 1_000_000
SPARK_MEMORY = "4g"


def _drawn(folder: Path, size: int) -> None:
    """Write a table, with other agencies and codes in each file."""
    for number, first in enumerate(range(0, size, _FILE)):
        part = bench.drawn(min(_FILE, size - first), seed=number)
        part.with_columns(
            pl.format("{}.{}", pl.lit(number), "code").alias("code"),
            pl.format("{}.{}", pl.lit(number % 34), "agency").alias("agency"),
        ).write_parquet(folder / f"{number:03}.parquet")


def _files(folder: str) -> str:
    return f"{folder}/*.parquet"


def _settled(table: Any) -> Any:  # noqa: ANN401 - a table of any engine
    return metrics.settlement(
        table, by=bench.KEYS, period=bench.PERIOD, as_of=bench.END, calendar=bench.CALENDAR,
        rules=bench.RULES,
    )  # fmt: skip


def _polars(folder: str, left_out: list[str]) -> int:
    return _total(_settled(pl.scan_parquet(_files(folder)).drop(left_out)).collect())


def _polars_by_hand(folder: str, left_out: list[str]) -> int:
    frame = pl.scan_parquet(_files(folder)).drop(left_out)
    if "due" in left_out:
        return _total(bench.computed(frame, engine="streaming"))
    return _total(bench.counted(frame, pl.col("due").dt.date(), engine="streaming"))


def _kept(folder: str, left_out: list[str]) -> str:
    names = ", ".join(f'"{name}"' for name in left_out)
    return f"select * exclude ({names}) from '{_files(folder)}'"  # noqa: S608 - names of columns


def _duckdb(folder: str, left_out: list[str]) -> int:
    with duckdb.connect() as base:
        return _total(_settled(base.sql(_kept(folder, left_out))).pl())


def _duckdb_by_hand(folder: str, left_out: list[str]) -> int:
    with duckdb.connect() as base:
        base.sql(f"create view dossiers as {_kept(folder, left_out)}")
        for name, table in bench.day_tables().items():
            base.register(name, table)
        return _total(bench.counted_in(base, *_asked(left_out)))


def _asked(left_out: list[str]) -> tuple[str, str]:
    """Return the due day, and from what it is read."""
    return ("worked_out", bench.READ_SQL) if "due" in left_out else ("due::date", "dossiers")


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


def _spark(folder: str, left_out: list[str]) -> int:
    found = _settled(_session().read.parquet(folder).drop(*left_out)).collect()
    return sum(row["received_total"] for row in found)


def _spark_by_hand(folder: str, left_out: list[str]) -> int:
    session = _session()
    session.read.parquet(folder).drop(*left_out).createOrReplaceTempView("dossiers")
    for name, table in bench.day_tables().items():
        session.createDataFrame(table.to_pandas()).createOrReplaceTempView(name)
    if any(session.sql(bench.CHECKS_SQL).collect()[0]):
        raise ValueError(folder)
    due, source = _asked(left_out)
    counts = bench.COUNTS_SQL.format(due=due, source=source)
    for theirs, own in _IN_SPARK.items():
        counts = counts.replace(theirs, own)
    return sum(row["received_total"] for row in session.sql(counts).collect())


#: What DuckDB and Spark write otherwise.
_IN_SPARK = {
    "strftime(received, '%Y-%m')": "left(received::date, 7)",
    'select * rename ("limit" as limit_text)': "select *, `limit` as limit_text",
    "try_strptime": "try_to_timestamp",
    "'%Y-%m-%dT%H:%M'": "\"yyyy-MM-dd'T'HH:mm\"",
}


def _total(table: pl.DataFrame) -> int:
    return int(table["received_total"].sum())


_COUNTS: dict[str, Callable[[str, list[str]], int]] = {
    "Polars": _polars,
    "Polars by hand": _polars_by_hand,
    "DuckDB": _duckdb,
    "DuckDB by hand": _duckdb_by_hand,
    "Spark": _spark,
    "Spark by hand": _spark_by_hand,
}


def count_once(name: str, folder: str, left_out: list[str]) -> None:
    """Count in this process; print how many dossiers belong to the table, seconds and the peak."""
    if name.startswith("Spark"):
        _session()  # what starting a machine takes is no part of counting
    begun = perf_counter()
    many = _COUNTS[name](folder, left_out)
    print(many, perf_counter() - begun, bench.peak_bytes())


def elsewhere_rows(size: int, engines: Sequence[str], folder: str) -> list[Row]:
    """Return seconds and peak memory of each engine, beside the same counts written by hand.

    Args:
        size: How many dossiers.
        engines: Of ``ENGINES``.
        folder: Where the table is kept; one that is there is taken. Empty: it is drawn and removed.
    """
    with nullcontext(folder) if folder else TemporaryDirectory() as name:
        if not any(Path(name).iterdir()):
            _drawn(Path(name), size)
        stored = sum(each.stat().st_size for each in Path(name).iterdir())
        note = f"files of {stored / 2**20:,.0f} MiB"
        return [
            row
            for engine in engines
            for variant in bench.VARIANTS
            for row in _compared(engine, variant, name, note)
        ]


def _compared(engine: str, variant: str, folder: str, note: str) -> list[Row]:
    left_out, budget, _ = bench.VARIANTS[variant]
    ours, theirs = (_run(task, folder, left_out) for task in (engine, f"{engine} by hand"))
    if ours[0] != theirs[0]:
        raise SystemExit(f"{engine}: {ours[0]} dossiers, by hand {theirs[0]}.")
    return [
        Row(name=f"Parquet, {engine}, {variant}", ours=ours[1], peer=f"by hand, {engine}",
            theirs=theirs[1], rule="at_most", budget=budget, note=note),
        Row(name=f"peak of the process, {engine}, {variant}", measure="bytes", ours=ours[2],
            peer=f"by hand, {engine}", theirs=theirs[2], rule="times"),
    ]  # fmt: skip


def _run(task: str, folder: str, left_out: list[str]) -> tuple[int, float, float]:
    printed = subprocess.run(  # noqa: S603 - this program
        [sys.executable, bench.__file__, "--count", task, "--folder", folder, *left_out],
        check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    many, seconds, peak = printed[-3:]
    # a large table takes long: what has been measured is said at once
    said = f"{float(seconds):.1f} s, {int(peak) / 2**20:,.0f} MiB"
    print(f"{task} without {', '.join(left_out)}: {said}", file=sys.stderr, flush=True)
    return int(many), float(seconds), float(peak)
