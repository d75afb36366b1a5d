"""What every benchmark reports: our time beside a peer's, their ratio, and the budget for it.

Times of one row are taken in turns within one run, and their medians compared: a machine that is
busy for a while then slows both. A quick call is repeated until the clock has something to measure,
so that none starts with the caches of the one before. A ratio is what counts; a time by itself says
little.
"""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["Case", "Row", "measure", "print_table"]

#: packages whose versions are printed when they are installed
PACKAGES = (
    "igate", "numpy", "pandas", "polars", "pyarrow", "duckdb", "holidays", "transitions",
    "sqlmodel", "SQLAlchemy", "psycopg", "PyYAML", "pydantic",
)  # fmt: skip


#: seconds that a measurement should last at least
_SPAN = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Something to be timed: a call, and how many units of work one call does."""

    run: Callable[[], object]
    units: int = 1
    #: called before each call, and not timed
    prepare: Callable[[], object] | None = None
    #: a call uses up what it works on, so it is not repeated within a measurement
    once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One comparison."""

    name: str
    #: seconds a unit, or bytes
    ours: float
    peer: str
    #: the same
    theirs: float
    #: what is compared
    measure: Literal["seconds", "bytes"] = "seconds"
    #: ``at_most``: ours may take so many times theirs; ``at_least``: theirs must take so many
    #: times ours; ``none``: shown, not judged, and so is ``times``, by how many times ours takes
    rule: Literal["at_most", "at_least", "none", "times"] = "none"
    budget: float = 0.0
    #: what the reader has to know: a sample, an answer that is wrong
    note: str = ""

    @property
    def ratio(self) -> float:
        """How many times the peer's time ours is, or the other way round for ``at_least``."""
        ours_first = self.rule in {"at_most", "times"}
        return self.ours / self.theirs if ours_first else self.theirs / self.ours

    @property
    def ok(self) -> bool | None:
        """Return whether the budget is kept; ``None`` where there is none."""
        if self.rule in {"none", "times"}:
            return None
        return self.ratio <= self.budget if self.rule == "at_most" else self.ratio >= self.budget


def measure(
    cases: Mapping[str, Case], *, rounds: int = 9, clock: Callable[[], float] = perf_counter
) -> dict[str, float]:
    """Time cases in turns.

    Args:
        cases: What to time, by name.
        rounds: How often each is timed.
        clock: Seconds; ``time.thread_time`` for work that waits for nothing, so that what other
            programs do meanwhile does not count.

    Returns:
        The median seconds a unit, by name.
    """
    times: dict[str, list[float]] = {name: [] for name in cases}
    repeats = {
        name: 1 if case.once else max(1, round(_SPAN / _seconds(case, 1, perf_counter)))
        for name, case in cases.items()
    }
    for _ in range(rounds):
        for name, case in cases.items():
            times[name].append(_seconds(case, repeats[name], clock) / case.units)
    return {name: median(found) for name, found in times.items()}


def _seconds(case: Case, repeats: int, clock: Callable[[], float]) -> float:
    """Return the seconds of one call, over so many calls; a quick one runs once before."""
    if case.prepare is not None:
        return sum(_prepared(case.prepare, case.run, clock) for _ in range(repeats)) / repeats
    if repeats > 1:
        case.run()
    begin = clock()
    for _ in range(repeats):
        case.run()
    return (clock() - begin) / repeats


def _prepared(
    prepare: Callable[[], object], run: Callable[[], object], clock: Callable[[], float]
) -> float:
    prepare()
    begin = clock()
    run()
    return clock() - begin


def print_table(rows: Iterable[Row]) -> bool:
    """Print the rows and what they were measured with.

    Returns:
        Whether every budget was kept.
    """
    rows = list(rows)
    print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs, {sys.platform}; ", end="")
    print(", ".join(f"{name} {found}" for name in PACKAGES if (found := _installed(name))))
    print()
    head = ("what", "ours", "peer", "theirs", "ratio", "budget", "kept", "note")
    table = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(head))]
    for line in table:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("  ".join(cells).rstrip())
    return all(row.ok is not False for row in rows)


def _cells(row: Row) -> tuple[str, ...]:
    sign = {"at_most": "≤", "at_least": "≥", "none": "", "times": ""}[row.rule]
    budget = f"{sign} {row.budget:g}" if sign else "-"
    kept = {True: "yes", False: "NO", None: "-"}[row.ok]
    written = _time if row.measure == "seconds" else _size
    return (
        row.name, written(row.ours), row.peer, written(row.theirs), f"{row.ratio:,.2f}", budget,
        kept, row.note,
    )  # fmt: skip


def _size(number: float) -> str:
    return f"{number / 1e6:,.0f} MB"


def _time(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
