"""Use an installed igate outside its source tree: only this finds a file missing from the wheel.

Run by ``.ci/run`` with the Python of an environment that holds the wheel and its dependencies and
nothing else; prints a line a check and stops at the first that fails.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import igate
from igate import VIETNAM, Actor, Catalog, OneStop

CODE = "1.001806"
DATA = {".json", ".yaml", ".typed"}


def check(fact: str, *, holds: bool) -> None:
    """Print a fact, or stop because it does not hold."""
    if not holds:
        sys.exit(f"wheel: NOT SO: {fact}")
    print(f"wheel: {fact}")


def data_files_are_in(wheel: Path, source: Path) -> None:
    """Compare the data files of the source tree with those of the wheel."""
    wanted = {
        path.relative_to(source.parent).as_posix()
        for path in source.rglob("*")
        if path.suffix in DATA
    }
    with zipfile.ZipFile(wheel) as archive:
        missing = sorted(wanted - set(archive.namelist()))
    check(f"all {len(wanted)} data files are in the wheel {missing or ''}", holds=not missing)


def commands_run() -> None:
    """Run the installed program, by both its names."""
    program = Path(sys.executable).parent / "igate"
    due = ["due", "--received", "2026-08-20T09:00", "--limit", "7 working_day", "--lang", "en"]
    for command, word in (
        ([str(program), "--version"], version("igate")),
        ([sys.executable, "-I", "-m", "igate", "--version"], version("igate")),
        ([str(program), *due], "2026"),
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        shown = " ".join(command[1:]) or command[0]
        check(
            f"{Path(command[0]).name} {shown} answers {done.stderr.strip()[-300:]}".rstrip(),
            holds=done.returncode == 0 and word in done.stdout,
        )


def a_dossier_is_worked(folder: Path) -> None:
    """Open an office on a new database, hand in a dossier and receive it; open it again."""
    url = f"sqlite:///{folder / 'office.db'}"
    filed = datetime(2026, 8, 20, 9, 0, tzinfo=VIETNAM)
    clerk = Actor("officer-17", roles={"receptionist"}, agency="H15.10")
    office = OneStop.open(
        url, create=True, catalog=Catalog.shipped(), agency="H15", clock=lambda: filed
    )
    dossier = office.submit(CODE, applicant="Công ty A", channel="online")
    office.act(dossier.code, "receive", by=clerk)
    again = OneStop.open(url, catalog=Catalog.shipped(), agency="H15").get(dossier.code)
    check("a dossier is kept with its deadline", holds=again.deadline is not None)


def main() -> None:
    """Run all checks."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--wheel", type=Path, required=True)
    parser.add_argument("--source", type=Path, required=True)
    given = parser.parse_args()
    here = Path(igate.__file__).resolve()
    check(
        "igate is imported from where the wheel was installed",
        holds=given.source.resolve() not in here.parents,
    )
    data_files_are_in(given.wheel, given.source)
    codes = list(Catalog.shipped())
    check(f"the shipped catalogue lists {len(codes)} procedures", holds=CODE in codes)
    commands_run()
    with tempfile.TemporaryDirectory() as folder:
        a_dossier_is_worked(Path(folder))


main()
