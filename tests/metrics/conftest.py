"""Engines in this process, for the tests of tables that lie there."""

from __future__ import annotations

import os
import sys
import warnings
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from igate.metrics import columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import duckdb


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start Spark in this process, where it is installed."""
    if find_spec("pyspark") is None:
        pytest.skip("PySpark is not installed")
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    with warnings.catch_warnings():
        # it says that it does not fully support pandas 3
        warnings.simplefilter("ignore")
        session = (
            SparkSession.builder.master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
            .getOrCreate()
        )
        yield session
        session.stop()


@pytest.fixture(scope="module")
def base() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database whose session is in Vietnamese time, as an analyst there has it."""
    import duckdb  # noqa: PLC0415 - not among the lowest versions that are tried

    with duckdb.connect() as opened:
        opened.sql("set timezone = 'Asia/Ho_Chi_Minh'")
        yield opened


@pytest.fixture
def only_counts(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Note each time that the columns of a table that lies elsewhere are read into memory."""
    taken: list[str] = []
    real = columns.take

    def noting(frame: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - passed on
        if not isinstance(frame, pl.DataFrame):
            taken.append("read")
        return real(frame, *args, **options)

    monkeypatch.setattr("igate.metrics.intake.take", noting)
    return lambda: taken
