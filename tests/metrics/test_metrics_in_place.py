"""Tables counted in their own engine: the same as in memory, without reading the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines import elsewhere, found
from igate import metrics
from igate.errors import FrameError
from igate.law.localtime import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

ORIGIN = datetime(2026, 2, 20)  # noqa: DTZ001 - tables without a zone are in Vietnamese time
AS_OF = date(2026, 3, 31)
PERIODS = (None, (date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 2, 25), date(2026, 3, 10)))
DEFINITIONS = (
    "form_06a", "decree", "national_portal", "by_moment", "by_half_day", "withdrawn_on_time",
    replace(metrics.definition("form_06a"), name="without_withdrawn", withdrawn="left_out"),
)  # fmt: skip
KEYS = (
    (), ("agency",), ("agency", "month"), ("channel", "year"), ("week",), ("quarter", "agency"),
)  # fmt: skip
#: hours that matter: midnight, before and from noon, the last minute
MINUTES = st.sampled_from([0, 1, 9 * 60, 12 * 60 - 1, 12 * 60, 17 * 60, 24 * 60 - 1])


@st.composite
def dossiers(draw: st.DrawFn) -> dict[str, Any]:
    """Draw one dossier without a fault."""
    received = ORIGIN + timedelta(days=draw(st.integers(0, 30)), minutes=draw(MINUTES))
    finished = due = None
    if draw(st.booleans()):
        finished = received.replace(hour=0, minute=0) + timedelta(
            days=draw(st.integers(0, 20)), minutes=draw(MINUTES)
        )
    if draw(st.integers(0, 4)):
        due = received.replace(hour=0, minute=0) + timedelta(
            days=draw(st.integers(0, 20)), minutes=draw(MINUTES)
        )
    state = draw(st.sampled_from([None, "4", "9", "7", "5", " 6 ", "withdrawn", "processing"]))
    wait = f"supplement:{received:%Y-%m-%dT00:00}/.."
    return {
        "agency": draw(st.sampled_from(["H15.10", "H15.11", None])),
        "channel": draw(st.sampled_from(["online", "1", "POST", " counter"])),
        "received": received,
        "finished": finished,
        "due": due,
        "state": "4" if state == "9" and finished is None else state,
        "reopened": draw(st.sampled_from([None, 0, 2])),
        "suspensions": draw(st.sampled_from([None, None, wait, wait.replace("..", "2026-04-05")])),
    }


SCHEMA: dict[str, Any] = {
    "code": pl.String, "agency": pl.String, "channel": pl.String,
    **dict.fromkeys(("received", "finished", "due"), pl.Datetime("us")),
    "state": pl.String, "reopened": pl.Int64, "suspensions": pl.String,
}  # fmt: skip


def framed(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Return drawn dossiers as a frame, each with a code."""
    coded = [{"code": f"D{number}", **row} for number, row in enumerate(rows)]
    return pl.DataFrame(coded, schema=SCHEMA)


@given(
    rows=st.lists(dossiers(), max_size=30),
    keys=st.sampled_from(KEYS),
    period=st.sampled_from(PERIODS),
    kept=st.lists(st.sampled_from(["state", "reopened", "suspensions"]), unique=True),
    total=st.booleans(),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_engines_count_what_is_counted_in_memory(
    base: duckdb.DuckDBPyConnection,
    rows: list[dict[str, Any]],
    keys: tuple[str, ...],
    period: tuple[date, date] | None,
    kept: list[str],
    *,
    total: bool,
) -> None:
    """Any dossiers, split and definition: names, counts, shares, groups of nothing, totals."""
    left_out = [name for name in ("state", "reopened", "suspensions") if name not in kept]
    frame = framed(rows).drop(left_out)
    options: dict[str, Any] = {
        "definition": list(DEFINITIONS), "by": keys, "period": period, "as_of": AS_OF,
        "total": total,
    }  # fmt: skip
    wanted = found(metrics.settlement(frame, **options))
    for name, table in elsewhere(base, frame).items():
        counted = found(metrics.settlement(table, **options))
        assert counted[0] == wanted[0], name
        # a relation of DuckDB has no order of its own
        assert sorted(map(repr, counted[1:])) == sorted(map(repr, wanted[1:])), name


def sample() -> pl.DataFrame:
    """Return twelve dossiers, each without a fault."""
    day = datetime(2026, 3, 2, 9)  # noqa: DTZ001 - Vietnamese time
    return framed(
        [
            {"agency": "H15.10", "channel": "online", "received": day + timedelta(days=number),
             "finished": day + timedelta(days=number + 3) if number % 3 else None,
             "due": day + timedelta(days=6), "state": None}
            for number in range(12)
        ]
    ).drop("suspensions", "reopened")  # fmt: skip


def test_a_table_is_not_read_into_memory_where_it_can_be_counted(
    base: duckdb.DuckDBPyConnection, only_counts: Callable[[], list[str]]
) -> None:
    """With due dates as moments the engine gives back counts alone; by index 766 it is read."""
    for table in elsewhere(base, sample()).values():
        metrics.settlement(table, by=("agency", "month"), as_of=AS_OF)
    assert only_counts() == []
    metrics.settlement(sample().lazy(), definition="index766", as_of=AS_OF)
    assert only_counts() == ["read"]


def test_of_a_table_with_suspensions_only_those_that_decide_are_read(
    base: duckdb.DuckDBPyConnection, only_counts: Callable[[], list[str]]
) -> None:
    """D1 was finished without a due date while it waited; the others are counted in place."""
    frame = sample().with_columns(
        due=pl.when(pl.col("code") == "D1").then(None).otherwise(pl.col("due")),
        suspensions=pl.lit("supplement:2026-03-02T08:00/.."),
    )
    for name, table in elsewhere(base, frame).items():
        (row,) = found(metrics.settlement(table, by=(), as_of=AS_OF))[1:]
        counts = dict(
            zip(found(metrics.settlement(table, by=(), as_of=AS_OF))[0], row, strict=True)
        )
        assert (counts["solved_suspended"], counts["solved_total"]) == (1, 8), name
    assert set(only_counts()) == {"read"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"channel": pl.lit("fax")}, "row 1: D0 has fax"),
        ({"code": pl.lit("D1")}, "D1 is already on row 1"),
        ({"code": pl.lit(" ")}, "Dossiers have no code"),
        (
            {"code": pl.when(pl.col("code") == "D0").then(pl.lit("D1 ")).otherwise("code")},
            "D1 is already on row 1",
        ),
        ({"received": pl.lit(None, pl.Datetime("us"))}, "Dossiers have no receipt date"),
        ({"state": pl.lit("11")}, "States are not known"),
        ({"state": pl.lit("9")}, "row 1: D0 has status 9"),
        ({"finished": pl.lit(datetime(2026, 3, 1))}, "finished before they were received"),  # noqa: DTZ001
    ],
)
def test_a_fault_is_named_as_in_memory(
    base: duckdb.DuckDBPyConnection, change: dict[str, pl.Expr], said: str
) -> None:
    """The same message, with the row, whatever engine holds the table."""
    frame = sample().with_columns(**change)
    with pytest.raises(FrameError) as raised:
        metrics.settlement(frame, as_of=AS_OF)
    assert said in str(raised.value)
    for table in elsewhere(base, frame).values():
        with pytest.raises(FrameError) as there:
            metrics.settlement(table, as_of=AS_OF)
        assert str(there.value) == str(raised.value)


def test_codes_with_spaces_around_them_are_told_apart_in_place(
    base: duckdb.DuckDBPyConnection, only_counts: Callable[[], list[str]]
) -> None:
    """A code is what stands between the spaces."""
    frame = sample().with_columns(code="\t" + pl.col("code") + " ")
    for name, table in elsewhere(base, frame).items():
        names, row = found(metrics.settlement(table, by=(), as_of=AS_OF))
        assert dict(zip(names, row, strict=True))["received_total"] == 12, name
    assert only_counts() == []


@pytest.mark.parametrize("zone", ["UTC", "Asia/Ho_Chi_Minh", "America/New_York"])
def test_moments_with_a_zone_are_judged_by_the_date_in_vietnam(
    base: duckdb.DuckDBPyConnection, zone: str
) -> None:
    """Finished at 18:00 UTC on the due day is 01:00 of the next day here, so late."""
    moment = datetime(2026, 3, 9, 1, tzinfo=VIETNAM)
    frame = pl.DataFrame(
        {"code": ["Z1"], "channel": ["online"], "received": [moment - timedelta(days=5)],
         "finished": [moment], "due": [date(2026, 3, 8)]}
    ).with_columns(pl.col("received", "finished").dt.convert_time_zone(zone))  # fmt: skip
    base.sql(f"set timezone = '{zone}'")
    for name, table in elsewhere(base, frame).items():
        columns_, row = found(metrics.settlement(table, by=(), as_of=AS_OF))
        assert dict(zip(columns_, row, strict=True))["solved_late"] == 1, name


def test_words_of_the_table_are_understood_in_place(
    base: duckdb.DuckDBPyConnection, only_counts: Callable[[], list[str]]
) -> None:
    """A value map and other names of columns, as for a table in memory."""
    frame = sample().with_columns(channel=pl.lit("Trực tuyến")).rename({"due": "NgayHenTra"})
    options: dict[str, Any] = {
        "columns": {"due": "NgayHenTra"}, "values": {"channel": {"online": "Trực tuyến"}},
        "by": ("channel",), "as_of": AS_OF,
    }  # fmt: skip
    for table in elsewhere(base, frame).values():
        columns_, row = found(metrics.settlement(table, **options))
        counts = dict(zip(columns_, row, strict=True))
        assert (counts["channel"], counts["received_online"]) == ("online", 12)
    assert only_counts() == []


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("zone", ["UTC", "Asia/Ho_Chi_Minh"])
@pytest.mark.parametrize("kind", ["TIMESTAMP_NTZ", "TIMESTAMP_LTZ"])
def test_spark_counts_what_is_counted_in_memory(
    spark: Any,  # noqa: ANN401 - a session
    only_counts: Callable[[], list[str]],
    kind: str,
    zone: str,
) -> None:
    """Moments with and without a zone, sessions in Vietnamese time and elsewhere."""
    frame = pl.concat([sample(), sample().with_columns(code="E" + pl.col("code"))])
    frame = frame.with_columns(
        agency=pl.when(pl.col("code").str.ends_with("4")).then(None).otherwise(pl.col("agency")),
        finished=pl.col("finished") + pl.duration(hours=pl.int_range(pl.len()) * 7),
    )
    moments = ("received", "finished", "due")
    written = frame
    if kind == "TIMESTAMP_LTZ":
        here = pl.col(*moments).dt.replace_time_zone("Asia/Ho_Chi_Minh")
        written = frame.with_columns(here.dt.convert_time_zone("UTC"))
    options: dict[str, Any] = {
        "definition": list(DEFINITIONS), "by": ("agency", "month"), "as_of": AS_OF, "total": True,
    }  # fmt: skip
    wanted = metrics.settlement(frame, **options)
    only_counts().clear()
    before = spark.conf.get("spark.sql.session.timeZone")
    spark.conf.set("spark.sql.session.timeZone", zone)
    # of what a moment without a zone in Arrow becomes
    spark.conf.set("spark.sql.timestampType", kind)
    try:
        found_ = metrics.settlement(spark.createDataFrame(written.to_arrow()), **options)
        rows = [tuple(row) for row in found_.collect()]
    finally:
        spark.conf.set("spark.sql.session.timeZone", before)
    assert sorted(map(repr, rows)) == sorted(map(repr, wanted.rows()))
    assert only_counts() == []
