"""The SQLite store keeps the contract, and stays whole when it is refused, full or killed."""

from __future__ import annotations

import gc
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import ref

import pytest
from msgspec import structs

from igate.dossiers.standing import check_journal
from igate.errors import StoreError, StoreFull, StoreLocked, StoreReadOnly, StoreTooNew
from igate.office.sql.opening import parsed
from igate.office.sql.sqlite import connect, locate
from igate.office.sql.store import SqlStore
from igate.testing.contract import StoreContract
from igate.testing.journals import AGENCY, DAY, following, maker, standing_after, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.dossiers.dossier import Entry
    from igate.dossiers.record import Record
    from igate.office.sql.store import Durability
    from igate.office.store import DossierStore

CODE = "H15.10-260820-0001"

NO_MOUNT = "a file system of its own cannot be mounted here"

#: what the programs below begin with
HEAD = """
import contextlib, os, random, signal, sqlite3, sys
from msgspec import structs
from igate.errors import StoreFull, StoreReadOnly
from igate.office.sql.store import SqlStore
from igate.dossiers.standing import check_journal
from igate.testing.journals import AGENCY, DAY, following, maker, standing_after, written
"""


class TestSqlStoreInAFile(StoreContract):
    """A database in a file passes every case of the contract."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path
        self.numbers = count(1)

    def create_store(self) -> DossierStore:
        """Make a database in a new file."""
        url = f"sqlite:///{self.folder}/{next(self.numbers)}.db"
        return SqlStore.open(url, create=True, durability="normal")


class TestSqlStoreInMemory(StoreContract):
    """A database in memory passes every case of the contract."""

    def create_store(self) -> DossierStore:
        """Make a database that ends with the test."""
        return SqlStore.open("sqlite://")


def address(path: Path) -> str:
    """Return the address of a database in a file."""
    return f"sqlite:///{path}"


def program(code: str, *args: object) -> list[str]:
    """Return the command that runs some lines of Python."""
    return [sys.executable, "-c", HEAD + textwrap.dedent(code), *map(str, args)]


def outcome(code: str, *args: object) -> str:
    """Run some lines of Python in a program of their own, and give what they print."""
    done = subprocess.run(program(code, *args), capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout


def assert_whole(path: Path) -> list[int]:
    """Check the file, the numbers of every journal and its standing; give the numbers."""
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    with SqlStore.open(address(path), read_only=True) as store:
        lengths = []
        for standing in store.standings():
            journal = store.journal(standing.code)
            check_journal(journal, standing)
            lengths.append(len(journal))
        assert store.count_entries() == sum(lengths)
    return lengths


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the place of a database that does not exist yet."""
    return tmp_path / "office.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqlStore]:
    """Return an open database with one dossier in it."""
    with SqlStore.open(address(path), create=True, durability="normal", timeout=0.05) as opened:
        opened.create(maker(), agency=AGENCY, day=DAY)
        yield opened


def next_entry(store: SqlStore) -> Entry:
    """Make the entry that follows the last one of the dossier of the fixture."""
    return following(store.journal(CODE)[-1])


# --- opening ---------------------------------------------------------------------------------


def test_everything_is_kept_between_two_openings(path: Path) -> None:
    """Dossiers, journals, notes and the numbers handed out survive the end of the program."""
    with SqlStore.open(address(path), create=True) as store:
        first = store.create(maker(), agency=AGENCY, day=DAY)
        second = following(first)
        store.append(written(second))
        store.set_meta("synthetic", "true")
    with SqlStore.open(address(path), create=True) as store:
        assert store.journal(CODE) == (first, second)
        assert store.standing(CODE) == standing_after(second)
        assert store.get_meta("synthetic") == "true"
        assert store.create(maker(), agency=AGENCY, day=DAY).dossier == "H15.10-260820-0002"


def test_a_database_says_what_it_is(path: Path) -> None:
    """The format, the moment it was made and the library stand in the table of notes."""
    with SqlStore.open(address(path), create=True) as store:
        assert store.get_meta("schema_version") == "5"
        assert store.get_meta("library_version")
        made = datetime.fromisoformat(store.get_meta("created_at") or "")
    assert abs(datetime.now(tz=UTC) - made) < timedelta(minutes=5)


@pytest.mark.parametrize(("durability", "level"), [("full", 2), ("normal", 1)])
def test_durability_is_what_sqlite_calls_synchronous(
    path: Path, durability: Durability, level: int
) -> None:
    """FULL is 2 and NORMAL is 1, in write-ahead mode, and foreign keys are kept."""
    SqlStore.open(address(path), create=True, durability=durability).close()
    with closing(connect(locate(parsed(address(path)), durability=durability))) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (level,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("office.db", "not the address of a database"),
        ("clerk:secret@db/office", "not the address of a database"),
        ("mysql+pymysql://clerk:secret@db/office", "does not know the database mysql"),
        ("sqlite://host/office.db", "does not name a SQLite file"),
        ("sqlite:///office.db?mode=ro", "does not name a SQLite file"),
    ],
)
def test_an_address_that_is_not_of_sqlite_is_refused(url: str, sentence: str) -> None:
    """The message says what to write instead, and does not repeat a password."""
    with pytest.raises(StoreError, match=sentence) as caught:
        SqlStore.open(url, create=True)
    assert "sqlite:///office.db" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_options_are_checked(path: Path) -> None:
    """A durability that SQLite does not have and a negative timeout are refused."""
    with pytest.raises(StoreError, match="durability='extra'"):
        SqlStore.open(address(path), create=True, durability="extra")  # type: ignore[arg-type]
    with pytest.raises(StoreError, match=r"timeout=-1"):
        SqlStore.open(address(path), create=True, timeout=-1)
    assert not path.exists()


def test_a_missing_folder_is_not_made(tmp_path: Path) -> None:
    """A mistyped path is refused and leaves nothing behind."""
    with pytest.raises(StoreError, match=r"The folder .*offfice does not exist"):
        SqlStore.open(address(tmp_path / "offfice" / "office.db"), create=True)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_not_a_database(tmp_path: Path) -> None:
    """The message asks for a file in it."""
    with pytest.raises(StoreError, match=r"This is a folder, not a database\. Name a file in it"):
        SqlStore.open(address(tmp_path), create=True)


def test_a_place_that_cannot_be_looked_at_is_refused(tmp_path: Path) -> None:
    """What the file system says about the path comes out as an error of the library."""
    with pytest.raises(StoreError, match="does not let us look here: File name too long"):
        SqlStore.open(address(tmp_path / ("x" * 300)), create=True)


@pytest.mark.parametrize("content", [b"Nguy\xe1\xbb\x85n", b"code,applicant\n" * 500])
def test_a_file_that_is_not_a_database_is_left_as_it_is(path: Path, content: bytes) -> None:
    """A list opened by mistake is refused, and not one byte of it changes."""
    path.write_bytes(content)
    with pytest.raises(StoreError, match="not a SQLite database"):
        SqlStore.open(address(path), create=True)
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_left_as_it_is(path: Path) -> None:
    """Tables that are not those of igate are refused, and the file does not change."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE dossier (id INTEGER)")
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match="database of another program"):
        SqlStore.open(address(path))
    assert path.read_bytes() == before


def test_a_newer_format_is_refused_with_both_numbers(path: Path) -> None:
    """A database that a later igate wrote is not touched by this one."""
    SqlStore.open(address(path), create=True).close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE igate_meta SET value = '6' WHERE key = 'schema_version'")
        db.execute("UPDATE igate_meta SET value = '9.1' WHERE key = 'library_version'")
    with pytest.raises(StoreTooNew, match=r"has format 6; .* up to 5\. .* igate 9\.1\."):
        SqlStore.open(address(path), create=True)


def test_a_damaged_database_is_named_as_such(path: Path, store: SqlStore) -> None:
    """Overwritten pages are reported as damage, not as an error of the caller."""
    store.close()
    content = bytearray(path.read_bytes())
    with closing(sqlite3.connect(path)) as db:
        pages = db.execute(
            "SELECT rootpage FROM sqlite_master WHERE name IN ('igate_dossier', 'igate_entry')"
        )
        for (page,) in pages.fetchall():
            content[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    path.write_bytes(content)
    with SqlStore.open(address(path), read_only=True) as opened:
        with pytest.raises(StoreError, match="The database is damaged"):
            opened.journal(CODE)
        with pytest.raises(StoreError, match="The database is damaged"):
            list(opened.standings())


def test_the_columns_of_format_4(path: Path, store: SqlStore) -> None:
    """What is stored today is read for ever: another column is another format."""
    assert store.count() == 1
    with closing(sqlite3.connect(path)) as db:
        found = {
            table: " ".join(row[1] for row in db.execute(f"PRAGMA table_info({table})"))
            for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        row = db.execute("SELECT dossier, seq, happened_at, facts FROM igate_entry").fetchone()
        named = db.execute("SELECT ref, text, folded, turned FROM igate_person").fetchall()
    assert found == {
        "igate_dossier": "code procedure revision agency channel case area applicant applicant_id "
        "representatives state national_status seq submitted_at received_at due_at finished_at "
        "returned_at outcome definition parent started_at reopened assignee recorded_at head image",
        "igate_entry": "dossier seq action source target happened_at recorded_at actor role agency "
        "note clock reason due facts promise key more seal",
        "igate_person": "dossier ref text folded turned",
        "igate_task": "dossier place role agency assignee due_at step_due_at",
        "igate_timer": "dossier kind about due_at claimed_until",
        "igate_message": "number dossier id body next_at attempts claimed_until reason",
        "igate_reference": "dossier system value",
        "igate_attachment": "dossier number name digest size signature added_at",
        "igate_payment": "reference dossier item amount paid_at channel outcome recorded_at",
        "igate_definition": "digest text",
        "igate_serial": "agency day last",
        "igate_meta": "key value",
    }
    # 09:00 in Hà Nội is 02:00 UTC: 20,685 days and 7,200 seconds after 1970-01-01.
    assert row[:3] == (CODE, 1, 20685 * 86400 + 7200)
    assert '"applicant": "1"' in row[3]
    assert named == [("1", "Nguyễn Thị Ánh", "nguyen thi anh", "anh thi nguyen")]


@pytest.mark.parametrize("start", ["missing", "empty"])
def test_a_mistyped_name_never_becomes_a_new_office(path: Path, start: str) -> None:
    """Nor does an empty file; ``create=True`` makes one of either, for its owner alone."""
    if start == "empty":
        path.touch()
    with pytest.raises(StoreError, match="new office made: create=True"):
        SqlStore.open(address(path))
    assert path.exists() == (start == "empty")
    SqlStore.open(address(path), create=True).close()
    assert path.stat().st_mode & 0o777 == 0o600
    SqlStore.open(address(path)).close()
    assert sorted(each.name for each in path.parent.iterdir()) == ["office.db"]


# --- the journal only grows ------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE igate_entry SET note = 'changed'",
        "DELETE FROM igate_entry",
        "DELETE FROM igate_dossier",
        "UPDATE igate_dossier SET state = 'approved'",
        "UPDATE igate_dossier SET due_at = due_at + 86400, seq = seq + 1",
        "INSERT OR REPLACE INTO igate_entry SELECT * FROM igate_entry",
        "INSERT INTO igate_entry SELECT '-',2,'','','',0,0,'','','','','','',0,'','','','',''",
    ],
)
def test_the_database_itself_refuses_to_rewrite_a_journal(
    path: Path, store: SqlStore, statement: str
) -> None:
    """Another program cannot change, delete, replace or skip an entry either."""
    before = store.journal(CODE)
    with (
        closing(sqlite3.connect(path)) as db,
        pytest.raises(sqlite3.IntegrityError, match="a journal only grows"),
    ):
        db.execute(statement)
    assert store.journal(CODE) == before


def test_a_text_that_is_not_unicode_is_refused(store: SqlStore) -> None:
    """Half a surrogate pair cannot be written; the message shows it, and nothing is kept."""
    for wrong in (
        structs.replace(next_entry(store), note="\udcff"),
        structs.replace(next_entry(store), facts={"name": "\udcff"}),
    ):
        with pytest.raises(StoreError, match="not a character"):
            store.append(written(wrong))
    assert store.count_entries() == 1


# --- refused by the machine ------------------------------------------------------------------


def test_another_writer_is_waited_for_and_then_reported(path: Path, store: SqlStore) -> None:
    """While another program writes, reading goes on; writing is refused after the timeout."""
    entry = next_entry(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreLocked, match="Another program holds the database"):
            store.append(written(entry))
        assert store.standing(CODE).seq == 1
        other.execute("ROLLBACK")
    store.append(written(entry))
    assert store.standing(CODE).seq == 2


def test_a_number_is_held_against_other_programs_too(path: Path, store: SqlStore) -> None:
    """While a dossier is made, another connection waits and does not get the same number."""

    def make(code: str) -> Record:
        with (
            SqlStore.open(address(path), create=True, timeout=0.05) as other,
            pytest.raises(StoreLocked),
        ):
            other.create(maker(), agency=AGENCY, day=DAY)
        return maker()(code)

    assert store.create(make, agency=AGENCY, day=DAY).dossier == "H15.10-260820-0002"


def test_a_database_held_by_another_program_cannot_be_opened(path: Path) -> None:
    """A program that keeps the file to itself is reported on opening, in time."""
    SqlStore.open(address(path), create=True).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreLocked, match="longer timeout"):
            SqlStore.open(address(path), create=True, timeout=0.05)


def test_reading_only_asks_for_a_database_that_is_there(path: Path) -> None:
    """Nothing is made for a reader: no file, and no tables in an empty one."""
    with pytest.raises(StoreError, match="no database here"):
        SqlStore.open(address(path), read_only=True)
    assert not path.exists()
    path.touch()
    for wish in ({"read_only": True}, {"read_only": True, "create": True}, {}):
        with pytest.raises(StoreError, match="The file is empty"):
            SqlStore.open(address(path), **wish)  # type: ignore[arg-type]
    assert path.read_bytes() == b""


def test_a_reader_cannot_write(path: Path, store: SqlStore) -> None:
    """A store opened for reading follows what others write, and refuses to write."""
    entry = next_entry(store)
    with SqlStore.open(address(path), read_only=True) as reader:
        store.append(written(entry))
        assert reader.standing(CODE).seq == 2
        with pytest.raises(StoreReadOnly, match="opened for reading only"):
            reader.append(written(following(entry)))
        with pytest.raises(StoreReadOnly, match="opened for reading only"):
            reader.set_meta("synthetic", "true")


def test_a_folder_that_cannot_be_written_to_is_still_read_from() -> None:
    """Without the right to write, opening names the folder, and read_only=True works."""
    code = """
    os.chmod(sys.argv[1], 0o755)
    url = f"sqlite:///{sys.argv[1]}/office.db"
    with SqlStore.open(url, create=True) as store:
        store.create(maker(), agency=AGENCY, day=DAY)
    os.chmod(f"{sys.argv[1]}/office.db", int(sys.argv[3], 8))
    os.chmod(sys.argv[1], int(sys.argv[2], 8))
    if os.geteuid() == 0:  # root may write anywhere
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    try:
        SqlStore.open(url, create=True)
    except StoreReadOnly as error:
        print(error.what.replace(sys.argv[1], ""))
    with SqlStore.open(url, read_only=True) as store:
        print(*store.codes())
    """
    for folder_mode, file_mode, kind in (("555", "644", "folder "), ("777", "444", "file /")):
        with tempfile.TemporaryDirectory() as folder:
            printed = outcome(code, folder, folder_mode, file_mode)
            Path(folder).chmod(0o755)
        assert printed.startswith(f"The {kind}")
        assert printed.endswith(f" cannot be written to.\n{CODE}\n")


def test_a_file_that_may_not_grow_keeps_what_it_has(path: Path, store: SqlStore) -> None:
    """When SQLite says full, the action is not written, and after making room it is."""
    pages = store._driver.writer.execute("PRAGMA page_count").fetchone()[0]  # noqa: SLF001 - per connection
    store._driver.writer.execute(f"PRAGMA max_page_count = {pages}")  # noqa: SLF001
    entry = structs.replace(next_entry(store), note="x" * 100_000)
    with pytest.raises(StoreFull, match="Make room"):
        store.append(written(entry))
    assert (store.count_entries(), store.standing(CODE).seq) == (1, 1)
    store._driver.writer.execute("PRAGMA max_page_count = 1000000")  # noqa: SLF001
    store.append(written(entry))
    assert assert_whole(path) == [2]


def test_a_full_disk_keeps_what_was_answered(tmp_path: Path) -> None:
    """On a file system of 1 MiB the writing stops with StoreFull, and the file is whole."""
    mount = 'mount -t tmpfs -o size=1m tmpfs "$1" || exit 75; shift; exec "$@"'
    code = """
    with SqlStore.open(f"sqlite:///{sys.argv[1]}/office.db", create=True) as store:
        entry = store.create(maker(), agency=AGENCY, day=DAY)
        try:
            while True:
                later = structs.replace(following(entry), note="x" * 2000)
                store.append(written(later))
                entry = later
        except StoreFull as error:
            print(error.what)
        journal = store.journal(entry.dossier)
        check_journal(journal, store.standing(entry.dossier))
        print(journal[-1] == entry, entry.seq > 10)
    with contextlib.closing(sqlite3.connect(f"{sys.argv[1]}/office.db")) as db:
        print(*db.execute("PRAGMA integrity_check").fetchone())
    """
    command = ["unshare", "--mount", "sh", "-c", mount, "sh", str(tmp_path)]
    if shutil.which("unshare") is None:
        pytest.skip(NO_MOUNT)
    done = subprocess.run(
        [*command, *program(code, tmp_path)], capture_output=True, text=True, check=False
    )
    if done.returncode in {1, 75} and "Traceback" not in done.stderr:
        pytest.skip(NO_MOUNT)
    assert done.stdout.splitlines() == [
        "The disk or the database file is full; the last action was not written.",
        "True True",
        "ok",
    ]


# --- interrupted -----------------------------------------------------------------------------


def test_a_killed_writer_leaves_whole_entries(path: Path) -> None:
    """After SIGKILL in the middle of writing, what was answered is there and nothing is half."""
    code = """
    with SqlStore.open(f"sqlite:///{sys.argv[1]}", create=True, durability="normal") as store:
        entry = store.create(maker(), agency=AGENCY, day=DAY)
        while True:
            entry = following(entry)
            store.append(written(entry))
            print(entry.seq, flush=True)
    """
    command = program(code, path)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for _ in range(200):
            writer.stdout.readline()
        writer.kill()
        answered = [int(line) for line in writer.stdout.read().split("\n")[:-1]] or [201]
    assert writer.returncode == -signal.SIGKILL
    assert assert_whole(path)[0] in {answered[-1], answered[-1] + 1}


def test_a_hundred_interrupts_leave_a_store_that_works(path: Path) -> None:
    """KeyboardInterrupt at a hundred odd moments of an append: each is whole or was not."""
    # In a callback of the collector Python prints an interrupt and drops it, so none may run.
    code = """
    import gc

    def interrupt(number, frame):
        raise KeyboardInterrupt

    signal.signal(signal.SIGALRM, interrupt)
    odd = random.Random(7)
    interrupts = 0
    with SqlStore.open(f"sqlite:///{sys.argv[1]}", create=True, durability="normal") as store:
        last = store.create(maker(), agency=AGENCY, day=DAY)
        gc.collect()
        gc.disable()
        while interrupts < 100:
            try:
                signal.setitimer(signal.ITIMER_REAL, odd.uniform(1e-5, 1e-3))
                while True:
                    entry = following(last)
                    store.append(written(entry))
                    last = entry
            except KeyboardInterrupt:
                interrupts += 1
                journal = store.journal(last.dossier)
                check_journal(journal, store.standing(last.dossier))
                assert journal[: last.seq][-1] == last
                assert len(journal) - last.seq in {0, 1}
                last = journal[-1]
        print(last.seq)
    """
    length = int(outcome(code, path))
    assert assert_whole(path) == [length]


def test_three_programs_at_once_make_one_database_and_never_the_same_code(path: Path) -> None:
    """Opening a new file together and writing together, they get the numbers 1 to 60."""
    code = """
    with SqlStore.open(f"sqlite:///{sys.argv[1]}", create=True, timeout=60) as store:
        for _ in range(20):
            store.create(maker(), agency=AGENCY, day=DAY)
    """
    programs = [
        subprocess.Popen(program(code, path), stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    assert [running.communicate()[1] for running in programs] == [""] * 3
    with SqlStore.open(address(path), read_only=True) as store:
        assert list(store.codes()) == [f"H15.10-260820-{n:04d}" for n in range(1, 61)]
    assert assert_whole(path) == [1] * 60


def test_a_store_that_is_forgotten_is_closed(tmp_path: Path) -> None:
    """No connection stays open behind it, as Python 3.13 would warn; closing twice does no harm."""
    store = SqlStore.open(f"sqlite:///{tmp_path / 'office.db'}", create=True)
    writer = store._driver.writer  # noqa: SLF001 - what stays open has no public name
    assert store.count() == 0
    gone = ref(store)
    del store
    gc.collect()
    assert gone() is None
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        writer.execute("SELECT 1")
    again = SqlStore.open(f"sqlite:///{tmp_path / 'office.db'}", create=True)
    again.close()
    again.close()
