"""The catalogue of 1,569 files beside PyYAML's C loader on the same texts.

Both are measured with everything imported; the loader has its texts in memory, the catalogue lists,
opens and checks its files. Run: python benchmarks/bench_catalog.py
"""

from __future__ import annotations

import subprocess
import sys
from statistics import median

import yaml
from rows import Case, Row, measure, print_table

from igate.files.sources import shipped
from igate.procedures.catalog.catalog import Catalog

#: seconds in which the catalogue must be open and a procedure at hand
WAIT = 0.030
#: what the first file that is read would load is loaded before the clock starts
FIRST_USE = """
from time import perf_counter
import igate.procedures.reading.procedure_file, igate.procedures.reading.template_file
from igate.procedures.catalog.catalog import Catalog
begin = perf_counter()
Catalog.shipped().procedure("1.001193")
print(perf_counter() - begin)
"""


def first_use() -> float:
    """Return the seconds for opening the catalogue and one procedure: the median of 5 processes."""
    command = [sys.executable, "-c", FIRST_USE]
    runs = [
        subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - own code
        for _ in range(5)
    ]
    return median(float(run.stdout) for run in runs)


def rows() -> list[Row]:
    """Measure everything."""
    first = first_use()
    texts = [source.content().decode() for source in shipped("procedures")]
    catalog = Catalog.shipped()
    catalog.procedures()
    catalog.search("khai sinh")
    found = measure(
        {
            "yaml": Case(run=lambda: [yaml.load(text, Loader=yaml.CSafeLoader) for text in texts]),
            "cold": Case(run=lambda: Catalog.shipped().procedures()),
            "one": Case(run=lambda: Catalog.shipped().procedure("1.001193")),
            "listings": Case(run=lambda: Catalog.shipped().listings()),
            "search": Case(run=lambda: catalog.search("khai sinh")),
        }
    )
    count = len(texts)
    loader, wait = "PyYAML CSafeLoader", "30 ms"
    return [
        Row(name="open and one procedure, the first time", ours=first, peer=wait, theirs=WAIT,
            rule="at_most", budget=1),
        Row(name="open and one procedure", ours=found["one"], peer=wait, theirs=WAIT,
            rule="at_most", budget=1),
        Row(name=f"all {count}, read and checked", ours=found["cold"], peer=loader,
            theirs=found["yaml"], rule="at_most", budget=1.5),
        Row(name="open and list all, from the index", ours=found["listings"], peer=loader,
            theirs=found["yaml"], note="no file of a procedure is opened"),
        Row(name="search, once open", ours=found["search"], peer=loader, theirs=found["yaml"]),
    ]  # fmt: skip


def main() -> int:
    """Print the table; 1 where a budget was not kept."""
    return 0 if print_table(rows()) else 1


if __name__ == "__main__":
    sys.exit(main())
