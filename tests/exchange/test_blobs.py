"""Stores of files: one contract for a folder, two stores of obstore, and an S3 server."""

from __future__ import annotations

import errno
import hashlib
import io
import logging
import os
import stat
import subprocess
import sys
import tempfile
import threading
from typing import TYPE_CHECKING

import httpx
import obstore
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from moto.server import ThreadedMotoServer
from obstore.store import LocalStore, MemoryStore, S3Store

from igate.errors import BlobChanged, BlobError, BlobMissing, BlobTooLarge, IgateError
from igate.exchange import Blob, BlobStore, FolderBlobs, ObjectBlobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from obstore.store import ObjectStore

LIMIT = 1000
#: FIPS 180-2, appendix B.1: SHA-256 of the three bytes "abc".
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
ABSENT = "0" * 64
PASSWORD = "s3cret"  # noqa: S105 - of a server of the test


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Store]:
    """Return a bucket of an S3 server on this machine."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    httpx.put(f"{endpoint}/bucket").raise_for_status()
    yield S3Store(
        "bucket", endpoint=endpoint, access_key_id="key", secret_access_key=PASSWORD,
        region="us-east-1", client_options={"allow_http": True},
        virtual_hosted_style_request=False,
    )  # fmt: skip
    server.stop()


class Kept:
    """A store of a test, and a way to damage what it keeps."""

    def __init__(self, folder: Path, objects: ObjectStore | None = None) -> None:
        self.folder = folder
        self.objects = objects
        # the bucket is one for all tests, so each has a prefix of its own
        self.prefix = f"files/{folder.name}/"
        self.blobs: BlobStore = (
            FolderBlobs(folder, limit=LIMIT)
            if objects is None
            else ObjectBlobs(objects, self.prefix, limit=LIMIT)
        )

    def overwrite(self, digest: str, content: bytes) -> None:
        """Change what is kept, past the store."""
        if self.objects is None:
            path = self.folder / digest[:2] / digest
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        else:
            obstore.put(self.objects, f"{self.prefix}{digest[:2]}/{digest}", content)

    def count(self) -> int:
        """Return how many files there are, drafts among them."""
        if self.objects is None:
            return sum(path.is_file() for path in self.folder.rglob("*"))
        return sum(len(page) for page in obstore.list(self.objects, self.prefix))


@pytest.fixture(params=["folder", "local", "memory", "s3"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    """Return each kind of store in turn, empty."""
    stores: dict[str, Callable[[], ObjectStore | None]] = {
        "folder": lambda: None,
        "local": lambda: LocalStore(tmp_path),
        "memory": MemoryStore,
        "s3": lambda: request.getfixturevalue("s3"),
    }
    return Kept(tmp_path, stores[request.param]())


class TestContract:
    """What every store of files does."""

    def test_a_file_is_found_under_the_sha_256_of_its_bytes(self, kept: Kept) -> None:
        """The digest is the one that FIPS 180-2 prints for "abc"."""
        assert kept.blobs.put(b"abc") == Blob(digest=ABC, size=3)
        assert kept.blobs.read(ABC) == b"abc"
        assert kept.blobs.has(ABC)
        assert isinstance(kept.blobs, BlobStore)

    def test_a_stream_is_kept_like_its_bytes(self, kept: Kept) -> None:
        """Also one that gives a byte at a time, from where it stands."""
        stream = Slow(b"xabc")
        stream.read(1)
        assert kept.blobs.put(stream) == Blob(digest=ABC, size=3)
        assert kept.blobs.put(io.BytesIO(b"abc")).digest == ABC
        assert kept.count() == 1

    def test_an_empty_file_is_a_file(self, kept: Kept) -> None:
        """Nothing of it is lost."""
        blob = kept.blobs.put(b"")
        assert (blob.size, kept.blobs.read(blob.digest)) == (0, b"")

    def test_the_same_bytes_again_write_nothing(self, kept: Kept) -> None:
        """No error, and no second file."""
        first = kept.blobs.put(b"abc")
        assert kept.blobs.put(b"abc") == first
        assert kept.count() == 1

    def test_what_is_absent_is_missing(self, kept: Kept) -> None:
        """It is said so, and is no crash."""
        assert not kept.blobs.has(ABSENT)
        with pytest.raises(BlobMissing, match=ABSENT):
            kept.blobs.read(ABSENT)

    def test_an_erased_file_is_gone(self, kept: Kept) -> None:
        """It can be put again; to erase what is not there is no error."""
        kept.blobs.put(b"abc")
        kept.blobs.delete(ABC)
        assert not kept.blobs.has(ABC)
        assert kept.count() == 0
        kept.blobs.delete(ABC)
        assert kept.blobs.put(b"abc").digest == ABC

    @pytest.mark.parametrize("damaged", [b"", b"ab", b"abd", b"abcd"])
    def test_damaged_bytes_are_not_handed_out(self, kept: Kept, damaged: bytes) -> None:
        """Cut off, changed or longer; nor does a put say that all is well."""
        kept.blobs.put(b"abc")
        kept.overwrite(ABC, damaged)
        with pytest.raises(BlobChanged, match="another digest"):
            kept.blobs.read(ABC)
        with pytest.raises(BlobChanged):
            kept.blobs.put(b"abc")
        kept.blobs.delete(ABC)
        kept.blobs.put(b"abc")
        assert kept.blobs.read(ABC) == b"abc"

    def test_nothing_is_overwritten_when_somebody_was_faster(
        self, kept: Kept, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The name was free when it was looked at, and taken when it was written."""
        monkeypatch.setattr(type(kept.blobs), "has", lambda _self, _digest: False)
        kept.overwrite(ABC, b"abc")
        assert kept.blobs.put(b"abc").digest == ABC
        kept.overwrite(ABC, b"other")
        with pytest.raises(BlobChanged, match="has 5 bytes"):
            kept.blobs.put(b"abc")
        assert kept.count() == 1

    def test_a_file_of_exactly_the_limit_is_kept(self, kept: Kept) -> None:
        """One byte more is not, and leaves nothing."""
        content = b"x" * LIMIT
        for data in (content, io.BytesIO(content)):
            assert kept.blobs.read(kept.blobs.put(data).digest) == content
        for data in (content + b"x", io.BytesIO(content + b"x")):
            with pytest.raises(BlobTooLarge, match="more than 1000 bytes"):
                kept.blobs.put(data)
        assert kept.count() == 1

    def test_no_more_of_a_stream_is_read_than_the_limit(self, kept: Kept) -> None:
        """A stream without end is refused."""
        stream = Endless()
        with pytest.raises(BlobTooLarge):
            kept.blobs.put(stream)
        assert stream.given == LIMIT + 1
        assert kept.count() == 0

    def test_a_huge_file_in_place_of_a_small_one_is_not_read(self, kept: Kept) -> None:
        """What somebody has put there from outside does not fill the memory."""
        kept.blobs.put(b"abc")
        kept.overwrite(ABC, b"x" * (LIMIT + 1))
        with pytest.raises(BlobTooLarge):
            kept.blobs.read(ABC)

    def test_a_stream_of_text_is_refused(self, kept: Kept) -> None:
        """Its encoding would be a guess; and a stream that has nothing yet would be cut off."""
        with pytest.raises(BlobError, match="no bytes"):
            kept.blobs.put(io.StringIO("abc"))  # type: ignore[arg-type]
        with pytest.raises(BlobError, match="NoneType and no bytes"):
            kept.blobs.put(Waiting())
        assert kept.count() == 0

    @pytest.mark.parametrize(
        "digest",
        [
            "",
            "abc",
            ABC.upper(),
            ABC + "\n",
            ABC[:-1],
            "../../etc/passwd".ljust(64, "x"),
            "/" + ABC[1:],
            "٠" * 64,
            None,
            b"a" * 64,
        ],
    )
    def test_only_a_digest_becomes_a_path(self, kept: Kept, digest: str) -> None:
        """Whatever the caller passes on from outside."""
        for ask in (kept.blobs.read, kept.blobs.has, kept.blobs.delete):
            with pytest.raises(BlobError, match="is not a digest"):
                ask(digest)

    def test_many_who_put_the_same_bytes_at_once_keep_one_file(self, kept: Kept) -> None:
        """Each gets the digest; nobody an error."""
        start, found = threading.Barrier(8), []

        def put() -> None:
            start.wait()
            found.append(kept.blobs.put(b"abc"))

        threads = [threading.Thread(target=put) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [Blob(digest=ABC, size=3)] * 8
        assert kept.count() == 1
        assert kept.blobs.read(ABC) == b"abc"


class Slow(io.BytesIO):
    """Gives a byte at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 1, 1) if size != -1 else 1)


class Waiting(io.RawIOBase):
    """Has nothing to give yet, as a connection that does not block."""

    def read(self, _size: int = -1, /) -> None:
        return None


class Endless(io.RawIOBase):
    """Gives bytes for ever and counts them."""

    given = 0

    def read(self, size: int = -1, /) -> bytes:
        assert size > 0
        self.given += size
        return b"x" * size


class BlobMachine(RuleBasedStateMachine):
    """Random puts and erasures in a folder and in a dict, which must agree."""

    contents = st.binary(max_size=3)

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.blobs = FolderBlobs(self.folder.name)
        self.model: dict[str, bytes] = {}

    def teardown(self) -> None:
        self.folder.cleanup()

    @rule(content=contents)
    def put(self, content: bytes) -> None:
        """What is put can be read."""
        blob = self.blobs.put(content)
        self.model[blob.digest] = content
        assert blob.size == len(content)

    @rule(content=contents)
    def delete(self, content: bytes) -> None:
        """What is erased is gone, and nothing else."""
        digest = hashlib.sha256(content).hexdigest()
        self.blobs.delete(digest)
        self.model.pop(digest, None)
        assert not self.blobs.has(digest)

    @rule()
    def compare(self) -> None:
        """Everything that was put and not erased is there."""
        assert {digest: self.blobs.read(digest) for digest in self.model} == self.model


TestRandomActions = BlobMachine.TestCase
TestRandomActions.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)


@given(st.lists(st.binary(max_size=20)))
def test_equal_bytes_have_equal_digests_and_others_have_not(contents: list[bytes]) -> None:
    """As many files as different contents."""
    store = MemoryStore()
    blobs = ObjectBlobs(store)
    digests = [blobs.put(content).digest for content in contents]
    assert len(set(digests)) == len(set(contents))
    assert [blobs.read(digest) for digest in digests] == contents


# the folder


def test_a_text_is_no_file(tmp_path: Path) -> None:
    """It has no bytes before somebody says in which encoding."""
    with pytest.raises(BlobError, match="A str is neither bytes nor a stream of them"):
        FolderBlobs(tmp_path / "files").put("giấy")  # type: ignore[arg-type]


def test_only_the_owner_can_read_a_folder_of_files(tmp_path: Path) -> None:
    """0700 and 0600, whatever the umask allows."""
    before = os.umask(0)
    try:
        FolderBlobs(tmp_path / "deep" / "files").put(b"abc")
    finally:
        os.umask(before)
    made = tmp_path / "deep" / "files"
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (made, made / "ba", made / "ba" / ABC)]
    assert modes == [0o700, 0o700, 0o600]


@pytest.mark.parametrize("step", ["fsync", "link", "open"])
def test_a_full_disk_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Neither half a file nor a draft; the same put succeeds once there is room."""

    def full(*_arguments: object, **_more: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    blobs = FolderBlobs(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(os, step, full)
        with pytest.raises(BlobError, match="No space left"):
            blobs.put(b"abc")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert not blobs.has(ABC)
    blobs.put(b"abc")
    assert blobs.read(ABC) == b"abc"


def test_a_program_that_is_killed_while_it_writes_keeps_no_half_file(tmp_path: Path) -> None:
    """Under the digest is nothing or the whole; a draft that was left is no file of the store."""
    code = (
        "import os, sys\n"
        "from igate.exchange import FolderBlobs\n"
        "os.fsync = lambda _: os._exit(9)\n"
        f"FolderBlobs({str(tmp_path)!r}).put(b'abc')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == 9
    blobs = FolderBlobs(tmp_path)
    assert not blobs.has(ABC)
    blobs.put(b"abc")
    assert blobs.read(ABC) == b"abc"


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    """With the digest and what the system says."""
    (tmp_path / "files").write_bytes(b"")
    with pytest.raises(BlobError, match="Not a directory"):
        FolderBlobs(tmp_path / "files").put(b"abc")


# object stores


def test_a_service_that_is_not_there_is_an_error_without_credentials() -> None:
    """The message names what the service said, and no key."""
    store = S3Store(
        "bucket", endpoint="http://127.0.0.1:9", access_key_id="key", secret_access_key=PASSWORD,
        region="us-east-1", client_options={"allow_http": True}, retry_config={"max_retries": 0},
    )  # fmt: skip
    blobs = ObjectBlobs(store)
    for ask in (lambda: blobs.put(b"abc"), lambda: blobs.read(ABC), lambda: blobs.delete(ABC)):
        with pytest.raises(BlobError) as refused:
            ask()
        assert PASSWORD not in str(refused.value)
        assert type(refused.value) is BlobError
    assert repr(blobs) == "ObjectBlobs(S3Store, '')"


@pytest.mark.parametrize("prefix", ["a", "/", "/a/", "../", "a/../b/", "a//", "a b/", ".a/"])
def test_a_prefix_is_names_of_folders(prefix: str) -> None:
    """Nothing leads out of where the host wants its files."""
    with pytest.raises(BlobError, match="cannot be the prefix"):
        ObjectBlobs(MemoryStore(), prefix)


def test_a_limit_is_positive(tmp_path: Path) -> None:
    """A store that takes nothing is a slip."""
    with pytest.raises(BlobError, match="at most 0 bytes"):
        FolderBlobs(tmp_path, limit=0)
    with pytest.raises(BlobError, match="at most -1 bytes"):
        ObjectBlobs(MemoryStore(), limit=-1)


def test_without_obstore_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The core installs without it; a folder needs nothing."""
    monkeypatch.setitem(sys.modules, "obstore", None)
    monkeypatch.setitem(sys.modules, "obstore.exceptions", None)
    with pytest.raises(IgateError, match=r'pip install "igate\[blobs\]"'):
        ObjectBlobs(MemoryStore()).put(b"abc")
    assert FolderBlobs(tmp_path).put(b"abc").digest == ABC
