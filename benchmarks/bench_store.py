"""One durable step of the SQLite store, against the same statements by the bare driver.

A step moves the row of a dossier on and inserts an entry, in one transaction that is committed.
Both sides run on databases with the same tables, indexes and triggers, in turns, and are compared
within the run; "bare" binds rows that were made before the clock started.

    python benchmarks/bench_store.py [steps] [rounds]
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import TYPE_CHECKING

from igate.office.sql.connection import connect, locate, prepare

from igate.dossiers.record import Record
from igate.office.sql import tables as _tables
from igate.office.sql.store import SqlStore
from igate.testing.journals import AGENCY, first_entry, following, maker, standing_after, written

if TYPE_CHECKING:
    from igate.dossiers.dossier import Entry
    from igate.office.sql.store import Durability

CODE = f"{AGENCY}-260820-0001"
STATES = ("processing", "awaiting_supplement", "approved")
#: DESIGN.md 7: a durable step costs at most this many times the bare one
BUDGET = 5.0
BUDGET_BATCH = 0.7


def entries(number: int) -> list[Entry]:
    """Make the entries that follow the first one of a dossier."""
    made = [first_entry(CODE)]
    while len(made) <= number:
        made.append(following(made[-1], STATES[len(made) % 3]))
    return made[1:]


def bare(folder: Path, durability: Durability, steps: list[Entry]) -> float:
    """Return the seconds a step of the driver alone, committed each."""
    place = locate(f"sqlite:///{folder}/bare.db", durability=durability)
    first = first_entry(CODE)
    rows = []
    for entry in steps:
        row = _tables.standing_row(standing_after(entry))
        row |= {f"same_{name}": row[name] for name in _tables.FIXED}
        row |= {"same_code": CODE, "same_seq": entry.seq - 1, "same_state": entry.source}
        rows.append((row, _tables.entry_row(entry)))
    db = connect(place)
    try:
        prepare(db, place)
        db.execute(_tables.ADD_DOSSIER, _tables.standing_row(standing_after(first)))
        db.execute(_tables.ADD_ENTRY, _tables.entry_row(first))
        start = perf_counter()
        for row, entry_row in rows:
            db.execute("BEGIN IMMEDIATE")
            db.execute(_tables.ADVANCE, row)
            db.execute(_tables.ADD_ENTRY, entry_row)
            db.execute("COMMIT")
        return (perf_counter() - start) / len(rows)
    finally:
        db.close()


def store(folder: Path, durability: Durability, steps: list[Entry]) -> tuple[float, float]:
    """Return the seconds a step of ``append``, and those of a ``journal`` of eight entries."""
    pairs = [(entry, standing_after(entry)) for entry in steps]
    with SqlStore.open(
        f"sqlite:///{folder}/store.db", durability=durability, create=True
    ) as opened:
        opened.create(maker(), agency=AGENCY, day=date(2026, 8, 20))
        start = perf_counter()
        for entry, standing in pairs:
            opened.append(Record(entry, standing))
        writing = (perf_counter() - start) / len(pairs)
        other = opened.create(maker(), agency=AGENCY, day=date(2026, 8, 21)).dossier
        last = opened.journal(other)[0]
        for _ in range(7):
            last = following(last)
            opened.append(written(last))
        start = perf_counter()
        for _ in range(500):
            opened.journal(other)
        return writing, (perf_counter() - start) / 500


def batch(folder: Path, number: int) -> float:
    """Return the seconds an entry of ``load``, dossiers of eight entries a thousand at a time."""
    dossiers = []
    for serial in range(1, number // 8 + 1):
        made = [first_entry(f"{AGENCY}-260820-{serial:06d}")]
        while len(made) < 8:
            made.append(following(made[-1], STATES[len(made) % 3]))
        dossiers.append((made, standing_after(made[-1])))
    with SqlStore.open(f"sqlite:///{folder}/batch.db", durability="normal", create=True) as opened:
        start = perf_counter()
        for begin in range(0, len(dossiers), 125):
            opened.load(dossiers[begin : begin + 125])
        return (perf_counter() - start) / (len(dossiers) * 8)


def compare(durability: Durability, number: int, rounds: int) -> float:
    """Print the two sides for one durability and give the bare time."""
    steps = entries(number)
    times: list[tuple[float, float, float]] = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            here = Path(folder)
            times.append((bare(here, durability, steps), *store(here, durability, steps)))
    ratios = [writing / floor for floor, writing, _ in times]
    floor = median(floor for floor, _, _ in times)
    writing = median(writing for _, writing, _ in times)
    reading = median(reading for _, _, reading in times)
    print(
        f"synchronous={durability:<7} bare {floor * 1e6:7.1f} us   "
        f"append {writing * 1e6:7.1f} us   "
        f"ratio median {median(ratios):.2f}, quarter {quantiles(ratios, n=4)[0]:.2f}, "
        f"worst {max(ratios):.2f} (budget {BUDGET})   "
        f"journal of 8 {reading * 1e6:6.1f} us"
    )
    return floor


def main() -> None:
    """Print the table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    floor = compare("normal", number, rounds)
    with tempfile.TemporaryDirectory() as folder:
        loading = batch(Path(folder), number * 4)
    print(
        f"load, 1,000 entries a batch: {loading * 1e6:.1f} us an entry, "
        f"{loading / floor:.2f} x the bare step (budget {BUDGET_BATCH})"
    )
    compare("full", number // 4, rounds)


if __name__ == "__main__":
    main()
