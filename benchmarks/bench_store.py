"""One durable action, from a code and an action, against what is written by hand for it.

Ours is ``OneStop.act`` on a database: the row of the dossier is read, the action decided (role,
agency, guard, moment), the date of return and that of the step worked out, and row, sealed entry,
tasks and timers are written in one transaction. The floor is two statements on a minimal schema of
its own in one transaction, after one SELECT (see ``floor.py``). Both take the same actions on the
same dossiers, at random places of databases of the same number of dossiers, in turns.

* SQLite: WAL, ``synchronous=NORMAL`` on both sides, at 1,000, 100,000 and, where it is asked for,
  500,000 dossiers.
* PostgreSQL: a server from a wheel, or the one that ``IGATE_TEST_POSTGRES`` names; both sides
  commit each step. The row is left out where there is no server.
* On SQLite the time of the thread is taken, system calls included: with ``NORMAL`` nobody waits for
  the disk but at a checkpoint, and what other programs do meanwhile does not count. On PostgreSQL
  it is the time on the wall, for the server works.
* **warm**: the desk has taken such actions before. **cold**: the first action of a desk that has
  just been opened; it is shown, not judged.
* in bulk: ``store.load`` of a province's year (751,295 dossiers) and the same year through
  ``act``, both extrapolated from what is measured here, against minutes.

    python benchmarks/bench_store.py [--sizes 1000,100000] [--folder FOLDER]

A folder that is named keeps the databases for the next run.
"""

from __future__ import annotations

import argparse
import tempfile
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from random import Random
from shutil import copyfile
from time import perf_counter, thread_time
from typing import TYPE_CHECKING

from floor import PostgresFloor, SqliteFloor
from province import PATH, START, Province
from rows import Case, Row, measure, print_table

from igate.office.sql.store import SqlStore
from servers import postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from igate.dossiers.dossier import Actor

#: DESIGN.md 7
BUDGET_SQLITE = 5.0
BUDGET_POSTGRES = 1.4
BUDGET_BATCH = 0.7
BUDGET_BATCH_POSTGRES = 0.1
#: dossiers of a year, and seconds in which they are to be loaded, and worked through the desk
YEAR = 751_295
LOADED_IN = 5 * 60
WORKED_IN = 25 * 60
#: how many measurements a row has, and at most how many actions each takes: so many that the
#: waits for the disk, which come at every some hundredth action, are in them
ROUNDS = 9
STEPS = 1_000


def following() -> dict[tuple[str, str], str]:
    """Return the next state of the path by state and action."""
    return {
        (entry.source or "", entry.action): entry.target for entry in PROVINCE.lives[-1][0].entries
    }


PROVINCE = Province()


class Acts:
    """A desk on a database, a floor beside it, and the actions that both take."""

    def __init__(self, store: SqlStore, floor: SqliteFloor | PostgresFloor, size: int) -> None:
        """Find the dossiers that can be moved on; each is moved once."""
        self.now = START
        self.desk = PROVINCE.desk(store, clock=lambda: self.now)
        self.floor = floor
        waiting = [
            copy.record.standing
            for copy in PROVINCE.dossiers(size)
            if copy.record.standing.seq <= len(PATH)
        ]
        Random(size).shuffle(waiting)
        #: one for each measurement, for warming up and for the cold row
        self.steps = min(STEPS, len(waiting) // (ROUNDS + 3))
        self._left = iter(waiting)
        self.ours: list[tuple[str, str, Actor, datetime]] = []
        self.theirs: list[tuple[str, str]] = []

    def prepare(self) -> None:
        """Draw the next dossiers, whose turn it is on both sides."""
        drawn = list(islice(self._left, self.steps))
        if len(drawn) < self.steps:
            raise AssertionError("no dossiers left to be moved on")
        self.ours = [
            (
                row.code,
                PATH[row.seq - 1],
                PROVINCE.actor(row.seq - 1, row.agency),
                row.submitted_at + timedelta(hours=2 * row.seq),
            )
            for row in drawn
        ]
        self.theirs = [(code, action) for code, action, *_ in self.ours]

    def act(self) -> None:
        """Take the actions through the desk."""
        act = self.desk.act
        for code, action, actor, at in self.ours:
            self.now = at
            act(code, action, by=actor)

    def step(self) -> None:
        """Take the same actions by hand."""
        for code, action in self.theirs:
            self.floor.step(code, action)


def compared(name: str, acts: Acts, *, budget: float, peer: str, clock: Callable[[], float]) -> Row:
    """Time the actions of both sides in turns."""
    acts.prepare()
    acts.act()  # warm
    acts.step()
    times = measure(
        {
            "ours": Case(run=acts.act, units=acts.steps, prepare=acts.prepare, once=True),
            "floor": Case(run=acts.step, units=acts.steps, once=True),
        },
        rounds=ROUNDS,
        clock=clock,
    )
    return Row(
        name=name, ours=times["ours"], peer=peer, theirs=times["floor"], rule="at_most",
        budget=budget, note=f"{acts.steps * ROUNDS} actions at random places",
    )  # fmt: skip


def cold(acts: Acts, url: str) -> Row:
    """Time the first action of a desk that has just been opened, and the floor's."""
    acts.prepare()
    code, action, actor, at = acts.ours[0]
    with SqlStore.open(url, durability="normal") as store:
        desk = PROVINCE.desk(store, clock=lambda: at)
        begin = perf_counter()
        desk.act(code, action, by=actor)
        ours = perf_counter() - begin
    begin = perf_counter()
    acts.floor.step(code, action)
    return Row(
        name="the same, first action of a desk just opened", ours=ours, peer="by hand",
        theirs=perf_counter() - begin, rule="times", note="one action",
    )  # fmt: skip


def filled(path: Path, size: int) -> tuple[Path, Path]:
    """Return databases of both sides with so many dossiers; made once in a folder."""
    ours, theirs = path / f"ours-{size}.db", path / f"floor-{size}.db"
    if not ours.exists():
        with SqlStore.open(f"sqlite:///{ours}", durability="normal", create=True) as store:
            load(store, size)
    if not theirs.exists():
        with closing(SqliteFloor(theirs, following())) as floor:
            floor.fill(PROVINCE.dossiers(size))
    return ours, theirs


def load(store: SqlStore, size: int) -> None:
    """Bring dossiers in, ten thousand in a transaction."""
    PROVINCE.define(store)
    copies = PROVINCE.dossiers(size)
    while chunk := list(islice(copies, 10_000)):
        store.load((copy.entries, copy.record) for copy in chunk)


@contextmanager
def on_sqlite(folder: Path, size: int) -> Iterator[tuple[Acts, str]]:
    """Open both sides on copies of the databases, so that these can be used again."""
    with tempfile.TemporaryDirectory(dir=folder) as work, ExitStack() as stack:
        found = [Path(work) / path.name for path in filled(folder, size)]
        for path in found:
            copyfile(folder / path.name, path)
        url = f"sqlite:///{found[0]}"
        store = stack.enter_context(SqlStore.open(url, durability="normal"))
        floor = stack.enter_context(closing(SqliteFloor(found[1], following())))
        yield Acts(store, floor, size), url


def sqlite_rows(folder: Path, sizes: list[int]) -> Iterator[Row]:
    """Compare the two sides on SQLite, at each size."""
    for size in sizes:
        with on_sqlite(folder, size) as (acts, url):
            yield compared(
                f"one action, SQLite (NORMAL), {size:,} dossiers, warm",
                acts,
                budget=BUDGET_SQLITE,
                clock=thread_time,
                peer="raw sqlite3, minimal schema",
            )
            yield cold(acts, url)


def postgres_rows(size: int) -> Iterator[Row]:
    """Compare the two sides on PostgreSQL, where there is a server."""
    with postgres() as url:
        if url is None:
            return
        with ExitStack() as stack:
            store = stack.enter_context(SqlStore.open(url, create=True))
            begin = perf_counter()
            load(store, size)
            loading = (perf_counter() - begin) / store.count_entries()
            floor = stack.enter_context(closing(PostgresFloor(url, following())))
            floor.fill(PROVINCE.dossiers(size))
            acts = Acts(store, floor, size)
            row = compared(
                f"one action, PostgreSQL, {size:,} dossiers, warm",
                acts,
                budget=BUDGET_POSTGRES,
                clock=perf_counter,
                peer="raw psycopg, minimal schema",
            )
            yield row
            yield Row(
                name="load, an entry, PostgreSQL", ours=loading, peer="one step by hand",
                theirs=row.theirs, rule="at_most", budget=BUDGET_BATCH_POSTGRES,
                note=f"{size:,} dossiers",
            )  # fmt: skip


def year_rows(folder: Path, size: int, rows: list[Row]) -> Iterator[Row]:
    """Extrapolate a year from a part of it, loaded and worked through the desk."""
    copies = list(PROVINCE.dossiers(size))
    entries = sum(len(copy.entries) for copy in copies)
    with (
        tempfile.TemporaryDirectory(dir=folder) as work,
        SqlStore.open(f"sqlite:///{work}/year.db", durability="normal", create=True) as store,
    ):
        PROVINCE.define(store)
        begin = thread_time()
        for first in range(0, size, 10_000):
            store.load((copy.entries, copy.record) for copy in copies[first : first + 10_000])
        loading = thread_time() - begin
    share = YEAR / size
    yield Row(
        name="load, an entry, SQLite (NORMAL)", ours=loading / entries, peer="one step by hand",
        theirs=rows[0].theirs, rule="at_most", budget=BUDGET_BATCH, note=f"{entries:,} entries",
    )  # fmt: skip
    yield Row(
        name=f"load a year: {YEAR:,} dossiers, {entries * share / 1e6:.1f} M entries",
        ours=loading * share, peer="five minutes", theirs=LOADED_IN, rule="at_most", budget=1,
        note=f"from {size:,} dossiers" if share > 1 else "",
    )  # fmt: skip
    slowest = max(row.ours for row in rows)
    yield Row(
        name="the same year through act, SQLite (NORMAL)", ours=slowest * entries * share,
        peer="25 minutes", theirs=WORKED_IN, rule="at_most", budget=1,
        note="from the slowest row of one action above, one core",
    )  # fmt: skip


def rows(folder: Path, sizes: list[int], year: int) -> list[Row]:
    """Measure everything."""
    found = list(sqlite_rows(folder, sizes))
    warm = [row for row in found if row.rule == "at_most"]
    found += postgres_rows(min(max(sizes), 100_000))
    found += year_rows(folder, year, warm)
    return found


def main() -> int:
    """Print the table; the exit code says whether every budget was kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="1000,100000", help="dossiers, separated by commas")
    parser.add_argument(
        "--year", type=int, default=20_000, help="dossiers of a year that are loaded"
    )
    parser.add_argument("--folder", type=Path, help="where databases are kept for the next run")
    asked = parser.parse_args()
    sizes = [int(size) for size in asked.sizes.split(",")]
    with tempfile.TemporaryDirectory() as own:
        folder = asked.folder or Path(own)
        folder.mkdir(parents=True, exist_ok=True)
        return 0 if print_table(rows(folder, sizes, asked.year)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
