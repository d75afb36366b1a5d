"""Due dates worked out where the table lies: those of a table in memory, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drawn_terms import LAW, LIMITS, PROCEDURES, RULES, moments, suspensions
from engines import elsewhere, found
from igate import metrics
from igate.calendar import WorkCalendar
from igate.deadlines.rulefile import shipped_rules
from igate.deadlines.rules import Cutoff
from igate.errors import FrameError
from shared import shipped_catalogue

if TYPE_CHECKING:
    from collections.abc import Callable

    from igate.deadlines.rules import ClockRules

CATALOG = shipped_catalogue()
SCHEMA: dict[str, Any] = {
    **dict.fromkeys(("code", "agency", "channel", "limit", "procedure", "case"), pl.String),
    **dict.fromkeys(("received", "started", "finished"), pl.Datetime("us")),
    "suspensions": pl.String, "state": pl.String,
}  # fmt: skip
DEFINITIONS = ("form_06a", "decree", "by_moment", "by_half_day", "withdrawn_on_time")
#: Tết of 2026 (14 to 22 February), the made-up Saturday before it, 2 September, the end of a year
FIRSTS = st.dates(date(2025, 7, 1), date(2026, 11, 1)) | st.sampled_from(
    [date(2026, 1, 5), date(2026, 2, 10), date(2026, 8, 28), date(2026, 7, 31)]
)
PRINTED = st.sampled_from(
    ["5 ngày làm việc", "05 NGÀY LÀM VIỆC", "3 ngày", "0,5 ngày làm việc", " 2 working_day ",
     "02 tháng", "8 giờ làm việc"]
)  # fmt: skip
ENDS = [date(2026, 12, 10), date(2026, 12, 24)]


@st.composite
def dossiers(draw: st.DrawFn, first: date) -> dict[str, Any]:
    """Draw a dossier with a limit of its own, or that of a procedure."""
    received = draw(moments(first, 7))
    finished = draw(st.none() | moments(received.date(), 14))
    by_code = draw(st.integers(0, 4)) == 0
    waits = draw(st.integers(0, 3)) == 0
    return {
        "agency": draw(st.sampled_from(["H15.10", "H15.11", None])),
        "channel": draw(st.sampled_from(["online", "1", " counter"])),
        "limit": draw(st.none() | st.just("")) if by_code else draw(LIMITS | PRINTED),
        "procedure": draw(st.sampled_from(PROCEDURES if by_code else [None, "x"])),
        "case": None,
        "received": received,
        "started": draw(st.none() | moments(received.date(), 3)),
        "finished": finished,
        "suspensions": draw(suspensions(received.date())) if waits else None,
        "state": draw(st.sampled_from([None, "4", "5", "7", " 3 "])),
    }


@st.composite
def tables(draw: st.DrawFn, firsts: st.SearchStrategy[date], most: int) -> pl.DataFrame:
    """Draw a table, of which some columns may be missing."""
    first = draw(firsts)
    rows = draw(st.lists(dossiers(first), max_size=most))
    coded = [{"code": f"D{number}", **row} for number, row in enumerate(rows)]
    lacking = draw(st.lists(st.sampled_from(["started", "state", "suspensions"]), unique=True))
    return pl.DataFrame(coded, schema=SCHEMA).drop(lacking)


def options_of(frame: pl.DataFrame, days: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - passed on
    """Return what is asked of a table: a period from some days after its first receipt."""
    first = frame["received"].min()
    begin = (first if isinstance(first, datetime) else datetime(2026, 3, 2)).date()  # noqa: DTZ001
    return {
        "definition": list(DEFINITIONS), "catalog": CATALOG,
        "period": (begin + timedelta(days=days), begin + timedelta(days=days + 10)),
        "as_of": begin + timedelta(days=30), **more,
    }  # fmt: skip


def answer(table: Any, options: dict[str, Any]) -> list[Any]:  # noqa: ANN401 - any engine
    """Return the rows of a result in order, or the message with which it is refused."""
    try:
        names, *rows = found(metrics.settlement(table, **options))
    except FrameError as error:
        return [str(error)]
    return [names, *sorted(map(repr, rows))]


@given(
    frame=tables(FIRSTS, 30),
    rules=RULES,
    by=st.sampled_from([(), ("agency",), ("month", "channel")]),
    days=st.integers(0, 5),
)
@settings(max_examples=30, deadline=None)
def test_engines_work_out_what_is_worked_out_in_memory(
    base: duckdb.DuckDBPyConnection,
    frame: pl.DataFrame,
    rules: ClockRules | str | None,
    by: tuple[str, ...],
    days: int,
) -> None:
    """Any limits, rules, starts and suspensions: the same counts, or the same message."""
    options = options_of(frame, days, rules=rules, by=by)
    wanted = answer(frame, options)
    for name, table in elsewhere(base, frame).items():
        assert answer(table, options) == wanted, name


@given(frame=tables(st.sampled_from(ENDS), 12), days=st.integers(0, 5))
@settings(max_examples=15, deadline=None)
def test_what_ends_outside_the_calendar_is_refused_as_in_memory(
    base: duckdb.DuckDBPyConnection, frame: pl.DataFrame, days: int
) -> None:
    """With days off known up to 31 December 2026 the message names row and dossier."""
    options = options_of(frame, days, calendar=WorkCalendar.vietnam())
    wanted = answer(frame, options)
    for name, table in elsewhere(base, frame).items():
        assert answer(table, options) == wanted, name


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::ResourceWarning")
@given(frame=tables(FIRSTS, 40), rules=RULES, days=st.integers(0, 5))
@settings(
    max_examples=5, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_spark_works_out_what_is_worked_out_in_memory(
    spark: Any,  # noqa: ANN401 - a session
    frame: pl.DataFrame,
    rules: ClockRules | str | None,
    days: int,
) -> None:
    """The same in PySpark, of moments without a zone."""
    options = options_of(frame, days, rules=rules, by=("agency",))
    wanted = answer(frame, options)
    kind = spark.conf.get("spark.sql.timestampType")
    spark.conf.set("spark.sql.timestampType", "TIMESTAMP_NTZ")
    try:
        assert answer(spark.createDataFrame(frame.to_arrow()), options) == wanted
    finally:
        spark.conf.set("spark.sql.timestampType", kind)


def dated(*rows: tuple[str, str, str]) -> pl.DataFrame:
    """Return dossiers by limit, receipt and finish."""
    return pl.DataFrame(
        [
            {"code": f"D{number}", "channel": "online", "limit": limit,
             "received": datetime.fromisoformat(received),
             "finished": datetime.fromisoformat(finished)}
            for number, (limit, received, finished) in enumerate(rows)
        ]
    )  # fmt: skip


#: worked out by hand on the announced calendar of 2026
BY_HAND = [
    # Friday 9 January + 1: Saturday 10 is worked in place of 2 January
    (("1 working_day", "2026-01-09T09:00", "2026-01-10T16:00"), "on_time"),
    (("1 working_day", "2026-01-09T09:00", "2026-01-12T08:00"), "late"),
    # Friday 13 February + 1: Tết is off to Sunday 22
    (("1 ngày làm việc", "2026-02-13T09:00", "2026-02-23T09:00"), "on_time"),
    (("1 ngày làm việc", "2026-02-13T09:00", "2026-02-24T09:00"), "late"),
    # the fifth day after Monday 9 February lies in Tết and moves to Monday 23
    (("5 day", "2026-02-09T09:00", "2026-02-23T23:00"), "on_time"),
    (("5 day", "2026-02-09T09:00", "2026-02-20T09:00"), "early"),
    (("not_stated", "2026-02-09T09:00", "2026-03-20T09:00"), "on_time"),
]


@pytest.mark.parametrize(("dossier", "place"), BY_HAND)
def test_days_off_and_made_up_days_are_those_of_the_calendar(
    base: duckdb.DuckDBPyConnection,
    only_counts: Callable[[], list[str]],
    dossier: tuple[str, str, str],
    place: str,
) -> None:
    """Tết, a made-up Saturday, an end on a day off, no limit: in each engine, nothing is read."""
    frame = dated(dossier)
    for name, table in elsewhere(base, frame).items():
        names, row = found(metrics.settlement(table, by=(), as_of=date(2026, 3, 31)))
        counts = dict(zip(names, row, strict=True))
        assert counts[f"solved_{place}"] == 1, name
    assert only_counts() == []


@pytest.mark.parametrize(("hour", "late"), [("15:00", 1), ("15:01", 0)])
def test_a_receipt_after_the_hour_counts_from_the_next_working_day(
    base: duckdb.DuckDBPyConnection, hour: str, late: int
) -> None:
    """Monday 2 March + 2 is Wednesday; after 15:00 it counts as received on Tuesday: Thursday."""
    cutoff = Cutoff(at=time(15), moves="start", citation=LAW)
    rules = replace(shipped_rules("decree", on=date(2026, 3, 1)), cutoff=cutoff)
    frame = dated(("2 working_day", f"2026-03-02T{hour}", "2026-03-05T09:00"))
    for name, table in elsewhere(base, frame).items():
        names, row = found(metrics.settlement(table, by=(), as_of=date(2026, 3, 31), rules=rules))
        assert dict(zip(names, row, strict=True))["solved_late"] == late, name


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("soon", "D0: 'soon' is not a time limit"),
        (None, "D0: No limit is given"),
        ("5 ngày hoặc 7 ngày", "D0: The time limit"),
    ],
)
def test_a_limit_that_cannot_be_read_is_named_as_in_memory(
    base: duckdb.DuckDBPyConnection, limit: str | None, said: str
) -> None:
    """The same message, with the row, whatever engine holds the table."""
    frame = dated(("1 day", "2026-03-02T09:00", "2026-03-03T09:00")).with_columns(
        limit=pl.lit(limit, pl.String)
    )
    options = {"by": (), "as_of": date(2026, 3, 31)}
    wanted = answer(frame, options)
    assert said in wanted[0]
    for table in elsewhere(base, frame).values():
        assert answer(table, options) == wanted


def test_a_connection_that_takes_no_table_has_its_relation_read(
    only_counts: Callable[[], list[str]],
) -> None:
    """DuckDB may be told to look nothing up in Python; the counts are the same."""
    with duckdb.connect() as closed:
        closed.sql('create table dossiers (code text, channel text, "limit" text, '
                   "received timestamp, finished timestamp)")  # fmt: skip
        closed.sql("insert into dossiers values ('D0', 'online', '1 working_day', "
                   "'2026-02-13 09:00', '2026-02-24 09:00')")  # fmt: skip
        closed.sql("set python_enable_replacements = false")
        relation = closed.sql("from dossiers")
        names, row = found(metrics.settlement(relation, by=(), as_of=date(2026, 3, 31)))
    assert dict(zip(names, row, strict=True))["solved_late"] == 1
    assert only_counts() == ["read"]
