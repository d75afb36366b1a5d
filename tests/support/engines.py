"""A table in each engine that counts where it lies, and what comes out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
import polars as pl

if TYPE_CHECKING:
    import duckdb

__all__ = ["elsewhere", "found"]


def elsewhere(base: duckdb.DuckDBPyConnection, frame: pl.DataFrame) -> dict[str, Any]:
    """Put a frame into each engine."""
    base.register("dossiers", frame.to_arrow())
    return {
        "Polars": frame.lazy(),
        "DuckDB": base.sql("select * from dossiers"),
        "Ibis": ibis.memtable(frame.to_arrow()),
    }


def found(table: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - any engine
    """Return the names of the columns and the rows of a result."""
    if hasattr(table, "sparkSession"):
        return [tuple(table.columns), *map(tuple, table.collect())]
    if isinstance(table, pl.LazyFrame):
        whole = table.collect()
    elif isinstance(table, pl.DataFrame):
        whole = table
    else:
        arrow = table.to_pyarrow() if isinstance(table, ibis.Table) else table.to_arrow_table()
        whole = pl.DataFrame(arrow)
    return [tuple(whole.columns), *whole.rows()]
