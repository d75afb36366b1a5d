"""Use an installed igate outside its source tree, for its daily work and for each of its extras.

Run by ``tools/release_check.py`` with the Python of an environment that holds the wheel, some
extras and nothing else. An extra that is there must do its work; where none is, what needs one must
say how to install it. Prints a line a check and stops at the first that fails.
"""

from __future__ import annotations

import argparse
import importlib
import socket
import subprocess
import sys
import tempfile
from datetime import datetime
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import igate
from igate import VIETNAM, Actor, Catalog, IgateError, OneStop, metrics
from igate.exchange import HttpSink, ObjectBlobs, message_of
from igate.importing import read_drafts
from igate.office import Standing
from igate.publish import deadline_ics
from igate.publish.diagram import png

if TYPE_CHECKING:
    from collections.abc import Callable

CODE = "1.001806"
NOW = datetime(2026, 8, 20, 9, 0, tzinfo=VIETNAM)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"></svg>'


def check(fact: str, *, holds: bool) -> None:
    """Print a fact, or stop because it does not hold."""
    if not holds:
        sys.exit(f"wheel: NOT SO: {fact}")
    print(f"wheel: {fact}")


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


def an_office(folder: Path) -> OneStop:
    """Open an office on a new database."""
    url = f"sqlite:///{folder / 'office.db'}"
    return OneStop.open(
        url, create=True, catalog=Catalog.shipped(), agency="H15", clock=lambda: NOW
    )


def a_dossier_is_worked(folder: Path) -> None:
    """Hand in a dossier and receive it; open the office again."""
    office = an_office(folder)
    clerk = Actor("officer-17", roles={"receptionist"}, agency="H15.10")
    dossier = office.submit(CODE, applicant="Công ty A", channel="online")
    office.act(dossier.code, "receive", by=clerk)
    again = OneStop.open(
        f"sqlite:///{folder / 'office.db'}", catalog=Catalog.shipped(), agency="H15"
    )
    check("a dossier is kept with its deadline", holds=again.get(dossier.code).deadline is not None)


def frames(_: Path) -> bool:
    """Draw a picture."""
    return png(SVG).startswith(b"\x89PNG")


def ics(folder: Path) -> bool:
    """Write the calendar file of a dossier."""
    office = an_office(folder)
    dossier = office.submit(CODE, applicant="Công ty A", channel="online")
    clerk = Actor("officer-17", roles={"receptionist"}, agency="H15.10")
    deadline = office.act(dossier.code, "receive", by=clerk).deadline
    assert deadline is not None  # noqa: S101 - the procedure has a limit
    return b"BEGIN:VEVENT" in deadline_ics([(dossier.code, "A", deadline)], now=NOW)


def http(folder: Path) -> bool:
    """Send a message where nobody answers: that is said, and nothing is raised."""
    office = an_office(folder)
    dossier = office.submit(CODE, applicant="Công ty A", channel="online")
    message = message_of(
        office.journal(dossier.code)[0], Standing.of(dossier), source="urn:igate:H15"
    )
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    sink = HttpSink(f"http://127.0.0.1:{port}", insecure=True, timeout=2)
    return sink.deliver(message).outcome == "retry"


def blobs(_: Path) -> bool:
    """Keep a file in an object store, in memory, and read it back."""
    store: Any = None
    if find_spec("obstore"):
        store = importlib.import_module("obstore.store").MemoryStore()
    files = ObjectBlobs(store)
    return files.read(files.put(b"abc").digest) == b"abc"


def tables(folder: Path) -> bool:
    """Read a workbook that holds no process: that is what the error says."""
    file = folder / "processes.xlsx"
    file.write_bytes(b"PK\x05\x06" + bytes(18))
    if find_spec("openpyxl"):
        importlib.import_module("openpyxl").Workbook().save(file)
    try:
        return read_drafts(file) == ()
    except IgateError as error:
        if "igate[import]" in str(error):
            raise
        return True


def postgres(_: Path) -> bool:
    """Ask for a server that is not there: that is what the error says."""
    try:
        OneStop.open("postgresql://127.0.0.1:1/none", agency="H15")
    except IgateError as error:
        if "igate[postgres]" in str(error):
            raise
        return True
    return False


def testing(_: Path) -> bool:
    """Load the contract of stores and the plugin of pytest."""
    return all(
        map(importlib.import_module, ("igate.testing.contract", "igate.testing.pytest_plugin"))
    )


def cluster(_: Path) -> bool:
    """Find PySpark; a session of it needs a Java machine and is left to the tests."""
    return find_spec("pyspark") is not None


def staffing(_: Path) -> bool:
    """Let two dossiers come to one officer at once: the second waits an hour, half an hour each."""
    visits = {
        "code": ["1", "2"],
        "role": ["officer"] * 2,
        "entered": [datetime(2026, 8, 3, 8, tzinfo=VIETNAM)] * 2,
        "minutes": [60, 60],
    }
    found = metrics.staffing(visits, [{"officer": 1}], seed=1)
    return found.levels[0].wait.mean == 0.5  # noqa: PLR2004 - by hand


EXTRAS: dict[str, Callable[[Path], bool]] = {
    "blobs": blobs,
    "cluster": cluster,
    "frames": frames,
    "http": http,
    "ics": ics,
    "import": tables,
    "postgres": postgres,
    "staffing": staffing,
    "testing": testing,
}
#: Nothing of igate asks for these: a host brings a frame of PySpark, and pytest loads the plugin.
NEVER_NAMED = {"cluster", "testing"}


def extra_works(name: str) -> None:
    """Use an extra that is installed."""
    with tempfile.TemporaryDirectory() as folder:
        check(f"the extra {name} does its work", holds=EXTRAS[name](Path(folder)))


def extra_is_named(name: str) -> None:
    """Use an extra that is not installed: the error says how to install it."""
    said = ""
    with tempfile.TemporaryDirectory() as folder:
        try:
            EXTRAS[name](Path(folder))
        except IgateError as error:
            said = str(error)
    check(f"without the extra {name} the error names it {said}", holds=f"igate[{name}]" in said)


def main() -> None:
    """Run all checks."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--source", type=Path, required=True, help="the tree, never imported")
    parser.add_argument("--extras", nargs="*", default=[], choices=sorted(EXTRAS))
    given = parser.parse_args()
    here = Path(igate.__file__).resolve()
    check(
        "igate is imported from where the wheel was installed",
        holds=given.source.resolve() / "igate" not in here.parents,
    )
    codes = list(Catalog.shipped())
    check(f"the shipped catalogue lists {len(codes)} procedures", holds=CODE in codes)
    commands_run()
    with tempfile.TemporaryDirectory() as folder:
        a_dossier_is_worked(Path(folder))
    for name in given.extras:
        extra_works(name)
    # an extra may bring what another one needs; where none was asked for, all are absent
    for name in [] if given.extras else sorted(EXTRAS.keys() - NEVER_NAMED):
        extra_is_named(name)


main()
