"""Many processes that act on the same dossiers, some of which are killed: what a store must bear.

A worker takes an action again and again: on a random dossier it forwards what the officer has and
sends back what the leader has, and now and then it hands in a new one. Each action that was
acknowledged is written down outside the store, so that afterwards the journals can be held against
what the workers were told. :func:`audited` does that, and looks at every journal as a whole.

    python tests/support/stress.py load URL PROCESSES ACTIONS
    python tests/support/stress.py kills URL KILLS
    python tests/support/stress.py long URL ACTIONS

The first makes the office. Each prints a line of JSON.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from desks import CODE, SHORT, catalogue, procedure
from igate.dossiers.dossier import Actor
from igate.errors import ActionRefused, StoreConflict, StoreLocked
from igate.law.localtime import parse_local
from igate.office.onestop import OneStop
from igate.office.sql.store import SqlStore
from igate.testing import SimulatedClock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.procedures.catalog.catalog import Catalog

__all__ = ["SHARED", "Worker", "acknowledged", "audited", "founded", "kills", "load", "long"]

#: Monday
START = parse_local("2026-03-02T09:00")
AGENCY = "H15.10"
#: dossiers on which all act
SHARED = 24
#: one action of so many hands a new dossier in
_NEW = 20
_ROLES = {"processing_2": ("forward", "officer"), "processing_3": ("send_back", "leader")}


def catalog() -> Catalog:
    """Return the procedure that is worked on."""
    return catalogue(procedure(SHORT))


def opened(url: str, known: Catalog, *, create: bool = False) -> OneStop:
    """Open a desk whose clock stands an hour after the opening of the office."""
    store = SqlStore.open(url, durability="normal", timeout=60, create=create)
    return OneStop(
        store, agency="H15", catalog=known, clock=SimulatedClock(START + timedelta(hours=1))
    )


def founded(url: str, known: Catalog, *, shared: int = SHARED) -> list[str]:
    """Make the office, with the dossiers on which all act."""
    codes = []
    with opened(url, known, create=True) as office:
        for number in range(shared):
            code = office.submit(
                CODE, applicant=f"A {number}", channel="counter", agency=AGENCY
            ).code
            for action in ("receive", "transfer"):
                office.act(code, action, by=Actor("r", roles={"receptionist"}, agency=AGENCY))
            codes.append(code)
    return codes


class Worker:
    """Somebody who acts on shared dossiers, and writes down what was acknowledged."""

    def __init__(self, office: OneStop, codes: list[str], name: str, acks: int) -> None:
        """Begin.

        Args:
            office: The desk.
            codes: The dossiers.
            name: Told apart from all other workers.
            acks: Descriptor of the file in which is written what was acknowledged.
        """
        self.office = office
        self.codes = codes
        self.name = name
        self.acks = acks
        self.random = Random(name)  # noqa: S311 - a lot, not a secret
        self.tried = 0
        #: seconds of each acknowledged action
        self.took: list[float] = []
        self.overtaken = 0

    def turn(self) -> bool:
        """Try one action; say whether it was acknowledged. Who is overtaken goes on to another."""
        self.tried += 1
        mark = f"{self.name}-{self.tried}"
        begin = time.perf_counter()
        try:
            code = self._hand_in(mark) if self.tried % _NEW == 0 else self._move(mark)
        except (StoreConflict, ActionRefused, StoreLocked):
            self.overtaken += 1
            return False
        self.took.append(time.perf_counter() - begin)
        os.write(self.acks, f"{mark} {code}\n".encode())
        return True

    def _hand_in(self, mark: str) -> str:
        by = Actor(mark, roles={"receptionist"}, agency=AGENCY)
        return self.office.submit(
            CODE, applicant="B", channel="counter", agency=AGENCY, by=by, key=mark
        ).code

    def _move(self, mark: str) -> str:
        code = self.random.choice(self.codes)
        action, role = _ROLES[self.office.store.standing(code).state]
        key = mark if self.tried % 4 == 0 else ""
        self.office.act(code, action, by=Actor(mark, roles={role}, agency=AGENCY), key=key)
        return code


def acknowledged(folder: Path) -> dict[str, str]:
    """Return the marks that workers wrote down, with the dossier of each."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.acks")):
        for line in path.read_text(encoding="utf-8").splitlines():
            mark, _, code = line.partition(" ")
            assert mark not in found, f"{mark} was acknowledged twice"
            found[mark] = code
    return found


def audited(url: str, known: Catalog, folder: Path, codes: list[str]) -> dict[str, int]:
    """Hold the journals against what was acknowledged; see that each is whole.

    Returns:
        How many actions were acknowledged, are in journals, and how many dossiers there are.
    """
    expected = acknowledged(folder)
    with opened(url, known) as office:
        written: dict[str, str] = {}
        for code in office.store.codes():
            entries = office.journal(code)
            assert [each.seq for each in entries] == list(range(1, len(entries) + 1)), code
            sources = [each.source for each in entries]
            assert sources == [None, *[each.target for each in entries[:-1]]], code
            for entry in entries:
                if entry.actor == "r" or (entry.seq == 1 and code in codes):
                    continue
                assert entry.actor not in written, f"{entry.actor} was written twice"
                written[entry.actor] = code
            folded, kept = office.get(code), office._grounds.current(code).dossier  # noqa: SLF001 - what an action reads
            assert folded == kept, code
            standing = office.store.standing(code)
            assert (standing.seq, standing.state) == (folded.seq, folded.state), code
        lost = {mark: code for mark, code in expected.items() if written.get(mark) != code}
        assert not lost, f"acknowledged and not written: {lost}"
        return {
            "acknowledged": len(expected),
            "written": len(written),
            "dossiers": office.store.count(),
        }


def _child(url: str, known: Catalog, codes: list[str], name: str, folder: Path) -> Worker:
    acks = os.open(folder / f"{name}.acks", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    return Worker(opened(url, known), codes, name, acks)


def _forked(url: str, known: Catalog, codes: list[str], name: str, folder: Path) -> Iterator[int]:
    """Fork; yields in the parent only."""
    pid = os.fork()
    if pid:
        yield pid
        return
    try:
        worker = _child(url, known, codes, name, folder)
        while True:
            worker.turn()
    finally:
        os._exit(1)


def load(url: str, processes: int, actions: int) -> dict[str, object]:
    """Let processes take so many acknowledged actions each, and audit what they leave."""
    known = catalog()
    codes = founded(url, known)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begin = time.perf_counter()
        pids = []
        for number in range(processes):
            pid = os.fork()
            if not pid:
                _work(url, known, codes, f"w{number}", folder, actions)
            pids.append(pid)
        ended = [os.waitpid(pid, 0)[1] for pid in pids]
        seconds = time.perf_counter() - begin
        assert ended == [0] * processes, "a worker failed"
        found = [json.loads(path.read_text()) for path in folder.glob("*.json")]
        took = sorted(each for one in found for each in one["took"])
        return {
            **audited(url, known, folder, codes),
            "overtaken": sum(one["overtaken"] for one in found),
            "seconds": round(seconds, 1),
            "p50_ms": round(took[len(took) // 2] * 1000, 1),
            "p99_ms": round(took[len(took) * 99 // 100] * 1000, 1),
            "longest_ms": round(took[-1] * 1000, 1),
        }


def _work(  # noqa: PLR0917 - of one process
    url: str, known: Catalog, codes: list[str], name: str, folder: Path, actions: int
) -> None:
    """Work in a process of one's own, and end it."""
    try:
        worker = _child(url, known, codes, name, folder)
        while len(worker.took) < actions:
            worker.turn()
        said = json.dumps({"took": worker.took, "overtaken": worker.overtaken})
        (folder / f"{name}.json").write_text(said, encoding="utf-8")
    except BaseException as error:  # noqa: BLE001 - a child must end here
        sys.stderr.write(f"{name}: {error!r}\n")
        os._exit(1)
    os._exit(0)


def kills(url: str, number: int) -> dict[str, object]:
    """Kill a worker in the middle of its work so many times, and audit what it leaves."""
    known = catalog()
    codes = founded(url, known, shared=4)
    random = Random(number)  # noqa: S311 - a lot, not a secret
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        in_the_middle = 0
        for turn in range(number):
            acks = folder / f"k{turn}.acks"
            (pid,) = _forked(url, known, codes, f"k{turn}", folder)
            until = time.monotonic() + 30
            while not (acks.exists() and acks.stat().st_size) and time.monotonic() < until:
                time.sleep(0.002)
            time.sleep(random.uniform(0.0, 0.03))
            os.kill(pid, signal.SIGKILL)
            in_the_middle += os.waitpid(pid, 0)[1] == signal.SIGKILL
        assert in_the_middle == number
        return {"kills": number, **audited(url, known, folder, codes)}


def long(url: str, actions: int) -> dict[str, object]:
    """Take so many actions in simulated time, and look at the memory that is used."""
    known = catalog()
    clock = SimulatedClock(START)
    store = SqlStore.open(url, durability="normal", create=True)
    marks: list[int] = []
    with OneStop(store, agency="H15", catalog=known, clock=clock) as office:
        taken, tenth = 0, max(1, actions // 10)
        while taken < actions:
            clock.moment = _later(clock.moment)
            code = office.submit(CODE, applicant="A", channel="counter", agency=AGENCY).code
            for action, role in (
                ("receive", "receptionist"), ("transfer", "receptionist"), ("forward", "officer"),
                ("send_back", "leader"), ("forward", "officer"), ("finish", "leader"),
                ("return_result", "receptionist"),
            ):  # fmt: skip
                office.act(code, action, by=Actor(role, roles={role}, agency=AGENCY))
                taken += 1
                if taken % tenth == 0:
                    marks.append(_resident())
    return {"actions": taken, "resident_kib": marks}


def _later(moment: object) -> object:
    """Return a minute later, within the hours of a working week, for some years."""
    later = moment + timedelta(minutes=3)  # type: ignore[operator]
    return later if later.year < 2029 else START


def _resident() -> int:
    """Return the memory that is in use now, in KiB."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text(encoding="ascii").split()[1]) * resource.getpagesize() // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


_MODES = {"load": load, "kills": kills, "long": long}


def main() -> None:
    """Run one of the three, and print what came out."""
    mode, url, *numbers = sys.argv[1:]
    sys.stdout.write(json.dumps(_MODES[mode](url, *map(int, numbers))))  # type: ignore[operator]


if __name__ == "__main__":
    main()
