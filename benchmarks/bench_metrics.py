"""The settlement table against the same table written by hand in Polars and in DuckDB.

Run ``python benchmarks/bench_metrics.py``; ``--rows 7512950`` draws another number, and
``--elsewhere 50000000`` counts so many in Parquet instead, where they lie. Dossiers are
synthetic: so many as one province had in a year, by 120 agencies and twelve months, of 27 limits,
15 % of them suspended once. The peers count the same twelve columns and make the same checks: codes
that are empty or twice, channels and states that are not known, receipts without a date, finishes
without one or before the receipt, limits and suspensions that cannot be read, and the identities of
the form. Each peer's table is compared with ours before anything is timed. Memory is what a fresh
process holds at its peak beyond the frame itself.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import duckdb
import numpy as np
import polars as pl
from rows import Case, Row, measure, print_table

from igate import metrics
from igate.calendar import WorkCalendar
from igate.calendar.arrays import add_days
from igate.deadlines.rulefile import shipped_rules

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

DOSSIERS = 751_295
KEYS = ("agency", "month")
PERIOD = (date(2025, 1, 1), date(2025, 12, 31))
END = PERIOD[1]
LIMITS = [*(f"{n} working_day" for n in range(1, 27)), "not_stated"]
CALENDAR = WorkCalendar.vietnam(provisional=True)
RULES = shipped_rules("decree", on=date(2025, 9, 1))
#: (what of the frame is read, how often the peer's time may be used)
GIVEN, COMPUTED = 2.0, 4.0
_STATES = [None, *map(str, range(1, 11))]
_FLAGS = {
    "received_total": pl.lit(value=True),
    "received_online": ~pl.col("carried") & (pl.col("channel") == "online"),
    "received_counter_post": ~pl.col("carried") & (pl.col("channel") != "online"),
    "carried_over": pl.col("carried"),
    "solved_total": pl.col("done"),
    "solved_early": pl.col("done") & (pl.col("end") < pl.col("due_day")),
    "solved_on_time": pl.col("done")
    & (pl.col("due_day").is_null() | (pl.col("end") == pl.col("due_day"))),
    "solved_late": pl.col("done") & (pl.col("end") > pl.col("due_day")),
    "solved_no_due": pl.col("done") & pl.col("due_day").is_null(),
    "in_process_total": ~pl.col("done"),
    "in_process_within": ~pl.col("done")
    & (pl.col("still") | pl.col("due_day").is_null() | (pl.col("due_day") >= END)),
    "in_process_overdue": ~pl.col("done") & ~pl.col("still") & (pl.col("due_day") < END),
}


def drawn(size: int, seed: int = 20261127) -> pl.DataFrame:
    """Draw dossiers with a limit, suspensions and the due date that follows from the limit."""
    draw = np.random.default_rng(seed)
    first, day = np.datetime64("2024-10-01T00:00", "m"), np.timedelta64(1, "D")
    received = first + draw.integers(0, 456, size) * day
    received = received + draw.integers(450, 1020, size).astype("timedelta64[m]")
    limit = draw.integers(1, 28, size)
    days = np.minimum(limit, 26)
    took = (draw.exponential(0.9, size) * days * 1440 + 30).astype("timedelta64[m]")
    finished = np.where(draw.random(size) < 0.1, np.datetime64("NaT"), received + took)
    due = add_days(CALENDAR, received.astype("datetime64[D]"), days).astype("datetime64[m]")
    due = np.where(limit == 27, np.datetime64("NaT"), due + np.timedelta64(1020, "m"))
    since = received + draw.integers(60, 4 * 1440, size).astype("timedelta64[m]")
    until = since + draw.integers(60, 6 * 1440, size).astype("timedelta64[m]")
    reason = np.array(["supplement", "payment"])[draw.integers(0, 2, size)]
    waits = (draw.random(size) < 0.15) & (np.isnat(finished) | (until < finished))
    # what the peers leave out: a wait that begins on the last day holds the clock at its end
    waits &= ~(since.astype("datetime64[D]") >= due.astype("datetime64[D]"))
    serial = np.arange(size)
    frame = pl.DataFrame(
        {
            "code": pl.Series(serial), "agency": draw.integers(0, 120, size),
            "channel": draw.integers(0, 3, size), "state": np.where(np.isnat(finished), 4, 9),
            "limit": limit - 1, "received": received.astype("datetime64[us]"),
            "finished": finished.astype("datetime64[us]"), "due": due.astype("datetime64[us]"),
            "reason": reason, "since": since.astype("datetime64[us]"),
            "until": until.astype("datetime64[us]"), "waits": waits,
        }
    )  # fmt: skip
    minute = "%Y-%m-%dT%H:%M"
    span = pl.format(
        "{}:{}/{}", "reason", pl.col("since").dt.strftime(minute),
        pl.col("until").dt.strftime(minute),
    )  # fmt: skip
    return frame.select(
        pl.format("000.00.{}.H15-25-{}", pl.col("agency") % 90 + 10, "code").alias("code"),
        pl.format("H15.{}", pl.col("agency") + 100).alias("agency"),
        pl.lit(pl.Series(["online", "counter", "post"])).gather("channel").alias("channel"),
        pl.col("state").cast(pl.String),
        pl.lit(pl.Series(LIMITS)).gather("limit").alias("limit"),
        "received", "finished", "due",
        pl.when("waits").then(span).alias("suspensions"),
    )  # fmt: skip


# -- by hand, in Polars ---------------------------------------------------------------------------


def _text(name: str) -> pl.Expr:
    stripped = pl.col(name).str.strip_chars()
    return pl.when(stripped != "").then(stripped)


def checked(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Return the sums that must be 0, of which each is a fault of the table."""
    code, state, channel = _text("code"), _text("state"), _text("channel")
    received, finished = pl.col("received"), pl.col("finished")
    inside = received.is_not_null() & (state != "3").fill_null(value=True)
    known = channel.is_in(["online", "counter", "post", "1", "2", "3"]).fill_null(value=False)
    says = state.is_in(["2", "4", "9", "10"]) | state.is_null() | finished.is_not_null()
    return frame.select(
        empty=code.is_null().sum(),
        twice=pl.len() - code.n_unique(),
        states=(state.is_not_null() & ~state.is_in(_STATES[1:])).sum(),
        lost=(received.is_null() & says).sum(),
        undone=(state.is_in(["9", "10"]) & finished.is_null()).sum(),
        order=(inside & (finished.dt.date() < received.dt.date())).sum(),
        channels=(inside & ~known).sum(),
    )


def counted(
    frame: pl.LazyFrame, due_day: pl.Expr, engine: Literal["auto", "streaming"] = "auto"
) -> pl.DataFrame:
    """Place and count, with the checks made in the same run."""
    first, last = PERIOD
    received, finished = pl.col("received").dt.date(), pl.col("finished").dt.date()
    flags = frame.select(
        _text("agency").alias("agency"),
        received.dt.strftime("%Y-%m").alias("month"),
        pl.col("channel"), due_day.alias("due_day"), finished.alias("end"),
        done=(finished <= last).fill_null(value=False), carried=received < first,
        still=pl.col("state").is_in(["5", "6", "8"]) & finished.is_null(),
        member=(received <= last)
        & ((received >= first) | finished.is_null() | (finished >= first)),
    ).filter("member")  # fmt: skip
    table = (
        flags.with_columns(**{name: flag.fill_null(value=False) for name, flag in _FLAGS.items()})
        .group_by(*KEYS)
        .agg(pl.col(name).sum().cast(pl.Int64) for name in _FLAGS)
        .sort(*KEYS, nulls_last=True)
    )
    faults, found = pl.collect_all([checked(frame), table], engine=engine)
    if any(faults.row(0)):
        raise ValueError(faults)
    _add_up(found)
    above = pl.col("solved_early") + pl.col("solved_on_time")
    return found.with_columns(on_time_rate=above / pl.col("solved_total"))


def _add_up(table: pl.DataFrame) -> None:
    sums = table.select(
        (pl.col("received_total") != pl.col("solved_total") + pl.col("in_process_total")).any(),
        (
            pl.col("received_total")
            != pl.sum_horizontal("received_online", "received_counter_post", "carried_over")
        )
        .any()
        .alias("received"),
        (
            pl.col("solved_total")
            != pl.sum_horizontal("solved_early", "solved_on_time", "solved_late")
        )
        .any()
        .alias("solved"),
    )
    if any(sums.row(0)):
        raise ValueError(sums)


def polars_given(frame: pl.DataFrame) -> pl.DataFrame:
    """Count with the due dates of the frame."""
    return counted(frame.lazy(), pl.col("due").dt.date())


@dataclass(frozen=True, slots=True)
class Days:
    """The working days as two look-ups."""

    #: working days up to each day since 1970, that day included
    upto: pl.Series
    #: the day of each working day, from number 0
    numbered: pl.Series
    first: int

    @classmethod
    def of(cls, calendar: WorkCalendar) -> Days:
        """Take the tables from a calendar."""
        first = np.datetime64(calendar.first, "D")
        size = (calendar.last - calendar.first).days + 1
        working = np.array([calendar.is_working(day.item()) for day in first + np.arange(size)])
        numbered = np.flatnonzero(working) + first.astype(int)
        return cls(
            upto=pl.Series(np.cumsum(working)), numbered=pl.Series(numbered),
            first=int(first.astype(int)),
        )  # fmt: skip


DAYS = Days.of(CALENDAR)


def _upto(day: pl.Expr) -> pl.Expr:
    return pl.lit(DAYS.upto).gather(day.cast(pl.Int64) - DAYS.first)


def _day(number: pl.Expr) -> pl.Expr:
    return pl.lit(DAYS.numbered).gather(number - 1).cast(pl.Int32).cast(pl.Date)


def polars_computed(frame: pl.DataFrame) -> pl.DataFrame:
    """Count with due dates worked out from the frame."""
    return computed(frame.lazy())


def computed(frame: pl.LazyFrame, engine: Literal["auto", "streaming"] = "auto") -> pl.DataFrame:
    """Read limits and suspensions, of which a dossier has one at most, and count with them."""
    length = pl.col("limit").str.strip_chars().str.extract(r"^(\d+) working_day$").cast(pl.Int64)
    part = pl.col("suspensions").str.strip_chars()
    form = r"^([a-z_]+):([0-9T:-]{16})/([0-9T:-]{16}|\.\.)$"
    known = pl.coalesce("finished", pl.lit(END).cast(pl.Datetime("us")) + pl.duration(hours=24))
    at = "%Y-%m-%dT%H:%M"
    read = frame.with_columns(
        length=length,
        reason=part.str.extract(form, 1),
        since=part.str.extract(form, 2).str.to_datetime(at, time_unit="us"),
        until=part.str.extract(form, 3).str.to_datetime(at, time_unit="us", strict=False),
        known=known,
    )
    wrong = frame.select(
        limits=(length.is_null() & (pl.col("limit") != "not_stated")).fill_null(value=True).sum(),
        spans=(part.is_not_null() & ~part.str.contains(form)).sum(),
    )
    if any(wrong.collect(engine=engine).row(0)):
        raise ValueError(wrong)
    start = pl.col("received").dt.date()
    end = _upto(start) + pl.col("length")
    plain = _day(end)
    acts = (pl.col("since") <= pl.col("known")) & (plain > pl.col("since").dt.date())
    until = pl.col("until").dt.date()
    lost = _upto(until) - _upto(pl.max_horizontal(pl.col("since").dt.date(), start))
    moved = pl.when(pl.col("reason") == "supplement").then(_upto(until) + pl.col("length"))
    due = (
        pl.when(~acts.fill_null(value=False)).then(plain)
        .when(pl.col("until") <= pl.col("known")).then(_day(moved.otherwise(end + lost)))
    )  # fmt: skip
    return counted(read, due, engine)


# -- by hand, in DuckDB ---------------------------------------------------------------------------

CHECKS_SQL = """
select count(*) filter (where coalesce(trim(code), '') = ''), count(*) - count(distinct trim(code)),
  count(*) filter (where trim(state) not in ('1','2','3','4','5','6','7','8','9','10')),
  count(*) filter (where received is null and (state is null or finished is not null
    or trim(state) in ('2','4','9','10'))),
  count(*) filter (where trim(state) in ('9','10') and finished is null),
  count(*) filter (where received is not null and finished::date < received::date),
  count(*) filter (where coalesce(trim(channel), '') not in ('online','counter','post','1','2','3'))
from dossiers
"""
COUNTS_SQL = """
with placed as (
  select trim(agency) as agency, strftime(received, '%Y-%m') as month, channel = 'online' as online,
    {due} as due_day, finished::date as done_on, received::date < date '2025-01-01' as carried,
    coalesce(finished::date <= date '2025-12-31', false) as done,
    coalesce(state in ('5','6','8') and finished is null, false) as still
  from {source} where received::date <= date '2025-12-31' and (received::date >= date '2025-01-01'
    or finished is null or finished::date >= date '2025-01-01'))
select agency, month, count(*) as received_total,
  count(*) filter (where not carried and online) as received_online,
  count(*) filter (where not carried and not online) as received_counter_post,
  count(*) filter (where carried) as carried_over, count(*) filter (where done) as solved_total,
  count(*) filter (where done and done_on < due_day) as solved_early,
  count(*) filter (where done and (due_day is null or done_on = due_day)) as solved_on_time,
  count(*) filter (where done and done_on > due_day) as solved_late,
  count(*) filter (where done and due_day is null) as solved_no_due,
  count(*) filter (where not done) as in_process_total,
  count(*) filter (where not done and (still or due_day is null or due_day >= date '2025-12-31'))
    as in_process_within,
  count(*) filter (where not done and not still and due_day < date '2025-12-31')
    as in_process_overdue
from placed group by all order by all
"""
READ_SQL = """
(select d.*, sl.numbered as plain, case
    when not coalesce(since <= known and sl.numbered > since::date, false) then sl.numbered
    when until <= known and reason = 'supplement' then sr.numbered
    when until <= known then ss.numbered end as worked_out
 from (select r.*, b.upto + length as number, u.upto + length as anew,
        b.upto + length + u.upto - w.upto as later
   from (select *, try_cast(regexp_extract(limit_text, '^([0-9]+) working_day$', 1) as bigint)
          as length,
        regexp_extract(suspensions, '^([a-z_]+):', 1) as reason,
        try_strptime(regexp_extract(suspensions, ':(.{16})/', 1), '%Y-%m-%dT%H:%M') as since,
        try_strptime(regexp_extract(suspensions, '/(.{16})$', 1), '%Y-%m-%dT%H:%M') as until,
        coalesce(finished, timestamp '2026-01-01') as known
      from (select * rename ("limit" as limit_text) from dossiers)) r
   left join days b on b.day = r.received::date
   left join days u on u.day = r.until::date
   left join days w on w.day = greatest(r.since::date, r.received::date)) d
 left join workdays sl on sl.number = d.number
 left join workdays sr on sr.number = d.anew
 left join workdays ss on ss.number = d.later)
"""


def duckdb_with(frame: pl.DataFrame, due: str, source: str) -> pl.DataFrame:
    """Check and count in SQL over the frame as it lies in memory."""
    with duckdb.connect() as base:
        base.register("dossiers", frame.to_arrow())
        if source != "dossiers":
            for name, table in day_tables().items():
                base.register(name, table)
        return counted_in(base, due, source)


def counted_in(base: duckdb.DuckDBPyConnection, due: str, source: str) -> pl.DataFrame:
    """Check and count what is called ``dossiers`` there."""
    if any(base.sql(CHECKS_SQL).pl().row(0)):
        raise ValueError(due)
    found = base.sql(COUNTS_SQL.format(due=due, source=source)).pl()
    _add_up(found)
    above = pl.col("solved_early") + pl.col("solved_on_time")
    return found.with_columns(on_time_rate=above / pl.col("solved_total"))


def day_tables() -> dict[str, pa.Table]:
    """Return the working days as the tables that the statements join."""
    days = pl.Series(np.arange(len(DAYS.upto)) + DAYS.first).cast(pl.Int32).cast(pl.Date)
    numbered = DAYS.numbered.cast(pl.Int32).cast(pl.Date)
    return {
        "days": pl.DataFrame({"day": days, "upto": DAYS.upto}).to_arrow(),
        "workdays": pl.DataFrame(
            {"number": np.arange(len(numbered)) + 1, "numbered": numbered}
        ).to_arrow(),
    }


def duckdb_given(frame: pl.DataFrame) -> pl.DataFrame:
    """Count with the due dates of the frame."""
    return duckdb_with(frame, "due::date", "dossiers")


def duckdb_computed(frame: pl.DataFrame) -> pl.DataFrame:
    """Read limits and suspensions in SQL."""
    return duckdb_with(frame, "worked_out", READ_SQL)


# -- ours, and what is compared -------------------------------------------------------------------


def ours(frame: Any) -> pl.DataFrame:  # noqa: ANN401 - an eager or a lazy frame
    """Settle a frame."""
    found: pl.DataFrame = metrics.settlement(
        frame, by=KEYS, period=PERIOD, as_of=END, calendar=CALENDAR, rules=RULES
    )
    return found


def _same(name: str, one: pl.DataFrame, other: pl.DataFrame) -> None:
    columns = [*KEYS, *metrics.COUNTS]
    received = pl.col("received_total") > 0
    if not one.filter(received).select(columns).equals(other.select(columns)):
        raise SystemExit(f"{name}: the two tables differ; nothing was timed.")


VARIANTS: dict[str, tuple[list[str], float, dict[str, Callable[[pl.DataFrame], pl.DataFrame]]]] = {
    "due dates given": (
        ["limit", "suspensions"], GIVEN, {"Polars": polars_given, "DuckDB": duckdb_given}
    ),
    "limits and suspensions computed": (
        ["due"], COMPUTED, {"Polars": polars_computed, "DuckDB": duckdb_computed}
    ),
}  # fmt: skip


def _texts(frame: pl.DataFrame) -> pl.DataFrame:
    """Write the moments as text, as a CSV file has them."""
    minute = pl.col("received", "finished", "due").dt.strftime("%Y-%m-%dT%H:%M")
    return frame.with_columns(minute)


def settlement_rows(size: int) -> list[Row]:
    """Return all rows of this benchmark."""
    whole, rows = drawn(size), []
    for variant, (left_out, budget, peers) in VARIANTS.items():
        frame = whole.drop(left_out)
        for name, peer in peers.items():
            _same(f"{variant}, {name}", ours(frame), peer(frame))
        cases = {"ours": Case(run=lambda own=frame: ours(own))}
        others = {"pandas": frame.to_pandas(), "PyArrow": frame.to_arrow()}
        cases |= {
            f"ours, {name}": Case(run=lambda own=other: metrics.settlement(
                own, by=KEYS, period=PERIOD, as_of=END, calendar=CALENDAR, rules=RULES))
            for name, other in others.items()
        }  # fmt: skip
        cases |= {
            name: Case(run=lambda own=frame, peer=peer: peer(own)) for name, peer in peers.items()
        }
        found = measure(cases, rounds=7)
        rows += [
            Row(name=f"{size:,} dossiers, {variant}", ours=found["ours"], peer=f"by hand, {name}",
                theirs=found[name], rule="at_most" if name == "Polars" else "none", budget=budget,
                note="" if name == "Polars" else "ratio: theirs to ours")
            for name in peers
        ]  # fmt: skip
        rows += [
            Row(name=f"the same of a {name} frame", ours=found[f"ours, {name}"], peer="of Polars",
                theirs=found["ours"], rule="at_most", budget=5.0)
            for name in others
        ]  # fmt: skip
    given = whole.drop("limit", "suspensions")
    written = _texts(given)
    found = measure(
        {"moments": Case(run=lambda: ours(given)), "texts": Case(run=lambda: ours(written))},
        rounds=5,
    )
    rows.append(
        Row(name="the same, moments as text", ours=found["texts"], peer="the same, moments",
            theirs=found["moments"], rule="at_most", budget=8.0, note="ISO 8601 to the minute")
    )  # fmt: skip
    return [*rows, *growth(), *memory(size)]


def growth() -> list[Row]:
    """Show that ten times the dossiers cost ten times the time."""
    small, large = (drawn(size).drop("due") for size in (75_000, 750_000))
    found = measure(
        {"small": Case(run=lambda: ours(small)), "large": Case(run=lambda: ours(large))}, rounds=5
    )
    return [
        Row(name="750,000 dossiers, computed", ours=found["large"], peer="75,000 dossiers",
            theirs=found["small"], rule="at_most", budget=14.0, note="10 = linear")
    ]  # fmt: skip


def memory(size: int) -> list[Row]:
    """Compare the peak of a fresh process with the size of the frame."""
    rows = []
    for variant, (left_out, _, _) in VARIANTS.items():
        peaks = [
            int(
                subprocess.run(  # noqa: S603 - this program
                    [sys.executable, __file__, "--rows", str(size), "--peak", task, *left_out],
                    check=True, capture_output=True, text=True,
                ).stdout
            )
            for task in ("nothing", "settle")
        ]  # fmt: skip
        frame = drawn(size).drop(left_out).estimated_size()
        rows.append(
            Row(name=f"memory beyond the frame, {variant}", measure="bytes",
                ours=float(max(peaks[1] - peaks[0], 1)), peer="the frame", theirs=float(frame),
                rule="at_most", budget=2.0)
        )  # fmt: skip
    return rows


def _peak(size: int, task: str, left_out: list[str]) -> None:
    """Print the bytes that this process held at most, beyond those before the task."""
    frame = drawn(size).drop(left_out)
    ours(drawn(100).drop(left_out))
    before = _reset_peak()
    if task == "settle":
        ours(frame)
    print(max(0, peak_bytes() - before))


def _reset_peak() -> int:
    """Forget the peak so far where the system lets us, and return the bytes that are held."""
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as stream:  # noqa: PTH123 - a device
            stream.write("5")
    except OSError:
        pass
    return peak_bytes()


def peak_bytes() -> int:
    """Return the most that this process has held."""
    try:
        with open("/proc/self/status", encoding="ascii") as stream:  # noqa: PTH123 - a device
            line = next(line for line in stream if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> int:
    """Run the benchmark, or one task of which the memory is asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=DOSSIERS)
    parser.add_argument("--peak", default="")
    parser.add_argument("--elsewhere", type=int, default=0, help="so many dossiers in Parquet")
    parser.add_argument("--engine", action="append", help="of --elsewhere; else all of them")
    parser.add_argument("--count", default="")
    parser.add_argument("--folder", default="", help="where the table of --elsewhere is kept")
    parser.add_argument("left_out", nargs="*")
    asked = parser.parse_args()
    if asked.count or asked.elsewhere:
        import elsewhere  # noqa: PLC0415 - it uses what is written by hand here

        if asked.count:
            elsewhere.count_once(asked.count, asked.folder, asked.left_out)
            return 0
        engines = asked.engine or elsewhere.ENGINES
        found = elsewhere.elsewhere_rows(asked.elsewhere, engines, asked.folder)
        return 0 if print_table(found) else 1
    if asked.peak:
        _peak(asked.rows, asked.peak, asked.left_out)
        return 0
    return 0 if print_table(settlement_rows(asked.rows)) else 1


if __name__ == "__main__":
    sys.exit(main())
