"""Lists of a desk at 1,000 and at 500,000 dossiers, and counts against SQL written by hand.

The first page of a list should cost the same whatever the number of dossiers is. Each list is
asked for in turns on both databases, SQLite, for as many rows as the small one has, at most 50;
"theirs" is the same call at 1,000. Counts are compared with ``GROUP BY`` by hand on the same
database. Several conditions that are each common, but that few dossiers meet together, are shown
and not judged: what is read then grows with the number of dossiers.

    python benchmarks/bench_lists.py [--large 500000] [--folder FOLDER]

The large database takes minutes to make; a folder that is named keeps it for the next run (it is
the one of ``bench_store.py``). Without arguments it has 20,000 dossiers.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench_store import PROVINCE, filled
from province import AGENCIES, START
from rows import Case, Row, measure, print_table

from igate.dossiers.dossier import Actor
from igate.office.sql.store import SqlStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from igate.office.onestop import OneStop

#: DESIGN.md 7
BUDGET = 2.0
SMALL = 1_000
#: some days into the time in which the dossiers were handed in
DAY = START + timedelta(days=20)


#: an officer of the first agency, and one of an agency whose codes come after those of most
OFFICER = Actor("officer-17", roles={"officer", "receptionist"}, agency=AGENCIES[0])
LATER = Actor("officer-17", roles={"officer", "receptionist"}, agency=AGENCIES[-2])
#: searches by several conditions
SEVERAL = frozenset({"search by name, state and date", "search by name and state"})


def lists(desk: OneStop) -> dict[str, Callable[..., Any]]:
    """Return what is asked for, by name; each takes the length of the page."""
    work: dict[str, dict[str, Any]] = {
        "for an actor": {"by": OFFICER},
        "for an actor of a later agency": {"by": LATER},
        "of nobody": {"role": "officer", "agency": LATER.agency, "assignee": ""},
        "of somebody": {"role": "officer", "agency": LATER.agency, "assignee": "officer-17"},
        "of a role": {"role": "officer"},
        "of an agency": {"agency": "H15.20"},
        "of all": {},
        "of a role, due before a day": {"role": "officer", "due_before": DAY},
    }
    found: dict[str, dict[str, Any]] = {
        "by the beginning of a code": {"code": "H15.20-2601"},
        "by a common name": {"person": "nguyen"},
        "by a rare name": {"person": "niê thị ánh"},
        "by a given name": {"person": "yến"},
        "by an id": {"person": "790000000123"},
        "by state": {"state": "submitted"},
        "by agency": {"agency": "H15.20"},
        "by agency and state": {"agency": "H15.20", "state": "submitted"},
        "by date of return": {"due_before": DAY},
        "by day of handing in": {"submitted_from": DAY},
        "for an officer": {"by": LATER},
        "for an officer, by state": {"by": LATER, "state": "submitted"},
        "for an officer, by day": {"by": LATER, "submitted_from": DAY},
        "for an officer, by name": {"by": LATER, "person": "nguyen"},
        "by name and state": {"person": "tran van", "state": "received"},
        "by name, state and date": {"person": "tran", "state": "received", "due_before": DAY},
    }
    return {
        **{
            f"work list {name}": lambda n, a=a: desk.worklist(**a, limit=n)
            for name, a in work.items()
        },
        **{f"search {name}": lambda n, a=a: desk.search(**a, limit=n) for name, a in found.items()},
    }


def page_rows(small: OneStop, large: OneStop, size: int) -> Iterator[Row]:
    """Compare first pages at both sizes."""
    large_lists = lists(large)
    for name, ask in lists(small).items():
        page, many = ask(50), large_lists[name]
        number = max(1, len(getattr(page, "items", None) or getattr(page, "dossiers", ())))
        times = measure(
            {
                "small": Case(run=lambda a=ask, n=number: a(n)),
                "large": Case(run=lambda m=many, n=number: m(n)),
            }
        )
        yield Row(
            name=f"{name}, first {number} of {size:,}", ours=times["large"],
            peer=f"the same of {SMALL:,}", theirs=times["small"],
            rule="times" if name in SEVERAL else "at_most", budget=BUDGET,
            note="several conditions" if name in SEVERAL else "",
        )  # fmt: skip


def count_rows(desk: OneStop, path: Path, size: int) -> Iterator[Row]:
    """Compare counts with SQL by hand."""
    with closing(sqlite3.connect(path)) as db:
        for by in ("state", "agency"):
            for pending in (False, True):
                where = " WHERE outcome IS NULL AND finished_at IS NULL" if pending else ""
                hand = f"SELECT {by}, count(*) FROM igate_dossier{where} GROUP BY {by}"  # noqa: S608 - columns of ours
                times = measure(
                    {
                        "ours": Case(run=lambda b=by, p=pending: desk.counts(b, pending=p)),
                        "hand": Case(run=lambda h=hand: db.execute(h).fetchall()),
                    },
                    rounds=3,
                )
                yield Row(
                    name=f"counts by {by}{', pending' if pending else ''}, of {size:,}",
                    ours=times["ours"], peer="GROUP BY by hand", theirs=times["hand"],
                    rule="at_most", budget=BUDGET,
                )  # fmt: skip
        due = "SELECT count(*) FROM igate_dossier WHERE due_at < ?"
        early = START + timedelta(days=12)
        second = int(early.timestamp())
        times = measure(
            {
                "ours": Case(run=lambda: sum(1 for _ in desk.store.standings(due_before=early))),
                "hand": Case(run=lambda: db.execute(due, (second,)).fetchone()),
            },
            rounds=3,
        )
        number = db.execute(due, (second,)).fetchone()[0]
        yield Row(
            name=f"standings due before a day, {number:,} of {size:,}", ours=times["ours"],
            peer="counting them by hand", theirs=times["hand"], rule="times",
            note="ours reads every row whole",
        )  # fmt: skip


def rows(folder: Path, size: int) -> Iterator[Row]:
    """Measure everything."""
    with ExitStack() as stack:
        paths = [filled(folder, each)[0] for each in (SMALL, size)]
        desks = [
            PROVINCE.desk(
                stack.enter_context(SqlStore.open(f"sqlite:///{path}", durability="normal")),
                clock=lambda: DAY,
            )
            for path in paths
        ]
        yield from page_rows(*desks, size)
        yield from count_rows(desks[1], paths[1], size)


def main() -> int:
    """Print the table; the exit code says whether every budget was kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--large", type=int, default=20_000, help="dossiers of the large database")
    parser.add_argument("--folder", type=Path, help="where databases are kept for the next run")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as own:
        folder = asked.folder or Path(own)
        folder.mkdir(parents=True, exist_ok=True)
        return 0 if print_table(rows(folder, asked.large)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
