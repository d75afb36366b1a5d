"""Files that are too large for a journal, each kept under the SHA-256 of its bytes.

What is kept under a digest cannot become something else: a file is written once, and read back it
must have the digest again. A journal or a message that holds the digest so names exactly these
bytes. Nothing is kept of a file's name, owner or kind; that belongs into the journal.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol, runtime_checkable

from msgspec import Struct

from igate.errors import BlobChanged, BlobError, BlobMissing, BlobTooLarge, IgateError
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from obstore.store import ObjectStore

__all__ = ["LIMIT", "Blob", "BlobStore", "FolderBlobs", "ObjectBlobs"]

#: Bytes that a file has at most, unless the store is opened with another limit: 50 MiB.
LIMIT: Final = 50 * 1024 * 1024
_CHUNK: Final = 1024 * 1024
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_PREFIX: Final = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]*/)*")


class Blob(Struct, frozen=True, kw_only=True):
    """A file that is kept: how it is found again, and how long it is."""

    #: SHA-256 of its bytes, 64 small hexadecimal digits
    digest: str
    #: in bytes
    size: int


@runtime_checkable
class BlobStore(Protocol):
    """Keeps files by their digest."""

    def put(self, data: bytes | BinaryIO) -> Blob:
        """Keep a file; one that is kept already is left as it is.

        Args:
            data: The bytes, or a stream of them that is read from where it stands.

        Raises:
            BlobTooLarge: It is larger than the store takes; no more than that was read.
            BlobChanged: What is kept under its digest is damaged.
            BlobError: It cannot be kept.
        """
        ...

    def read(self, digest: str) -> bytes:
        """Return a file, whose bytes have the digest.

        Raises:
            BlobMissing: It is not kept.
            BlobChanged: What is kept is not what was put.
            BlobTooLarge: It is larger than the store reads.
            BlobError: The digest is none, or the file cannot be read.
        """
        ...

    def has(self, digest: str) -> bool:
        """Return whether something is kept under a digest; it is not read.

        Raises:
            BlobError: The digest is none, or it cannot be known.
        """
        ...

    def delete(self, digest: str) -> None:
        """Erase a file, where the law asks for it; no error if it is not kept.

        A file is kept once, however many dossiers name it: the caller knows that none needs it.
        Backups, and a bucket that keeps versions, still have it.

        Raises:
            BlobError: The digest is none, or it cannot be erased.
        """
        ...


class FolderBlobs:
    """Keeps files in a folder that only its owner can read; several processes may use it."""

    __slots__ = ("_folder", "_limit")

    def __init__(self, path: str | os.PathLike[str], *, limit: int = LIMIT) -> None:
        """Open a folder; it is made with the first file.

        Args:
            path: The folder.
            limit: Bytes that a file has at most.

        Raises:
            BlobError: The limit is not positive.
        """
        self._folder = Path(path)
        self._limit = _checked(limit)

    def __repr__(self) -> str:
        """Name the folder."""
        return f"FolderBlobs({str(self._folder)!r})"

    def put(self, data: bytes | BinaryIO) -> Blob:
        """Keep a file; see :class:`BlobStore`. It is whole on the disk when this returns."""
        content = _bounded(data, self._limit)
        blob = _blob_of(content)
        if self.has(blob.digest):
            self.read(blob.digest)
        else:
            with _told(blob.digest):
                try:
                    self._write(self._path(blob.digest), content)
                except FileExistsError:
                    self.read(blob.digest)  # somebody was faster
        return blob

    def read(self, digest: str) -> bytes:
        """Return a file; see :class:`BlobStore`."""
        path = self._path(digest)
        with _told(digest):
            try:
                with path.open("rb") as stream:
                    content = _bounded(stream, self._limit, where=digest)
            except FileNotFoundError:
                raise _missing(digest, str(self._folder)) from None
        return _verified(content, digest)

    def has(self, digest: str) -> bool:
        """Return whether a file is kept; see :class:`BlobStore`."""
        path = self._path(digest)
        with _told(digest):
            try:
                path.stat()
            except FileNotFoundError:
                return False
        return True

    def delete(self, digest: str) -> None:
        """Erase a file; see :class:`BlobStore`."""
        path = self._path(digest)
        with _told(digest):
            path.unlink(missing_ok=True)
            if path.parent.is_dir():
                _settle(path.parent)

    def _path(self, digest: str) -> Path:
        """Return where a digest is kept; what is none never becomes a path."""
        _check_digest(digest)
        return self._folder / digest[:2] / digest

    def _write(self, path: Path, content: bytes) -> None:
        """Write under a name of its own and link it: a reader never meets half a file."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        draft = self._folder / f".{secrets.token_hex(16)}.part"
        try:
            opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
            with open(opened, "wb") as stream:  # noqa: PTH123 - a descriptor
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.link(draft, path)  # unlike a rename it never replaces
        finally:
            draft.unlink(missing_ok=True)
        for folder in (path.parent, self._folder):
            _settle(folder)


class ObjectBlobs:
    """Keeps files in an object store: S3, Google Cloud Storage, Azure, all that obstore speaks.

    The service must know the condition "only if it is not there" (``If-None-Match``).
    """

    __slots__ = ("_limit", "_prefix", "_store")

    def __init__(self, store: ObjectStore, prefix: str = "", *, limit: int = LIMIT) -> None:
        """Use a store of obstore.

        Args:
            store: E.g. ``obstore.store.S3Store("bucket")``; it holds address and credentials.
            prefix: Folders before each digest, e.g. ``"dossiers/"``.
            limit: Bytes that a file has at most.

        Raises:
            BlobError: The prefix is none, or the limit is not positive.
        """
        if _PREFIX.fullmatch(prefix) is None:
            raise BlobError(
                say("{prefix!r} cannot be the prefix of a file.", prefix=prefix),
                why=say("It is empty, or names of folders, each with a slash after it."),
                fix=say('Write it like "dossiers/2026/".'),
            )
        self._store = store
        self._prefix = prefix
        self._limit = _checked(limit)

    def __repr__(self) -> str:
        """Name the kind of store and the prefix; the store itself may show credentials."""
        return f"ObjectBlobs({type(self._store).__name__}, {self._prefix!r})"

    def put(self, data: bytes | BinaryIO) -> Blob:
        """Keep a file; see :class:`BlobStore`."""
        obstore = _library()
        content = _bounded(data, self._limit)
        blob = _blob_of(content)
        if self.has(blob.digest):
            self.read(blob.digest)
            return blob
        with _told(blob.digest, obstore.exceptions.BaseError):
            try:
                # several parts at once would not be one condition, so it is sent in one piece
                obstore.put(
                    self._store, self._path(blob.digest), content, mode="create",
                    use_multipart=False,
                )  # fmt: skip
            except obstore.exceptions.AlreadyExistsError:
                self.read(blob.digest)  # somebody was faster
        return blob

    def read(self, digest: str) -> bytes:
        """Return a file; see :class:`BlobStore`."""
        obstore, path = _library(), self._path(digest)
        with _told(digest, obstore.exceptions.BaseError):
            try:
                found = obstore.get(self._store, path)
            except (FileNotFoundError, obstore.exceptions.NotFoundError):
                raise _missing(digest, repr(self)) from None
            if found.meta["size"] > self._limit:
                raise _too_large(self._limit, digest)
            content = bytes(found.bytes())
        return _verified(content, digest)

    def has(self, digest: str) -> bool:
        """Return whether a file is kept; see :class:`BlobStore`."""
        obstore, path = _library(), self._path(digest)
        with _told(digest, obstore.exceptions.BaseError):
            try:
                obstore.head(self._store, path)
            except (FileNotFoundError, obstore.exceptions.NotFoundError):
                return False
        return True

    def delete(self, digest: str) -> None:
        """Erase a file; see :class:`BlobStore`."""
        obstore, path = _library(), self._path(digest)
        with (
            _told(digest, obstore.exceptions.BaseError),
            suppress(FileNotFoundError, obstore.exceptions.NotFoundError),
        ):
            obstore.delete(self._store, path)

    def _path(self, digest: str) -> str:
        _check_digest(digest)
        return f"{self._prefix}{digest[:2]}/{digest}"


#: Windows would write line ends of its own.
_BINARY: Final = getattr(os, "O_BINARY", 0)


def _blob_of(content: bytes) -> Blob:
    return Blob(digest=hashlib.sha256(content).hexdigest(), size=len(content))


def _bounded(data: bytes | BinaryIO, limit: int, *, where: str | None = None) -> bytes:
    """Return all bytes, or refuse as soon as there are more than the limit."""
    if isinstance(data, bytes):
        if len(data) > limit:
            raise _too_large(limit, where)
        return data
    if not callable(getattr(data, "read", None)):
        raise BlobError(
            say("A {name} is neither bytes nor a stream of them.", name=type(data).__name__),
            fix=say('Pass the bytes, or a file opened with mode "rb".'),
        )
    found = bytearray()
    while True:
        chunk: object = data.read(min(_CHUNK, limit + 1 - len(found)))
        if not isinstance(chunk, bytes):  # nor None, which a stream gives that has to be waited for
            raise BlobError(
                say("The stream gives {name} and no bytes.", name=type(chunk).__name__),
                fix=say('Open the file with mode "rb"; a connection has to be a blocking one.'),
            )
        if not chunk:
            break
        found += chunk
        if len(found) > limit:
            raise _too_large(limit, where)
    return bytes(found)


def _verified(content: bytes, digest: str) -> bytes:
    if hashlib.sha256(content).hexdigest() != digest:
        raise BlobChanged(
            say("What is kept has {count} bytes and another digest.", count=len(content)),
            where=digest,
            why=say("It was cut off, damaged or changed from outside, so it is not handed out."),
            fix=say("Restore it from a backup, or delete it and put the right bytes again."),
        )
    return content


def _check_digest(digest: object) -> None:
    if not isinstance(digest, str) or _DIGEST.fullmatch(digest) is None:
        raise BlobError(
            say("{digest!r} is not a digest.", digest=digest),
            why=say("A digest is 64 small hexadecimal digits, and nothing else becomes a path."),
            fix=say("Pass the digest of the Blob that put() returned."),
        )


def _checked(limit: int) -> int:
    if limit < 1:
        raise BlobError(
            say("A file cannot have at most {limit} bytes.", limit=limit),
            fix=say("Pass a limit above 0."),
        )
    return limit


def _too_large(limit: int, where: str | None) -> BlobTooLarge:
    return BlobTooLarge(
        say("The file has more than {limit} bytes.", limit=limit),
        where=where,
        why=say("The store takes no larger one."),
        fix=say("Ask for a smaller file, or open the store with a larger limit."),
    )


def _missing(digest: str, where: str) -> BlobMissing:
    return BlobMissing(
        say("No file {digest} is kept.", digest=digest),
        where=where,
        fix=say("Check the digest, or it was erased."),
    )


@contextmanager
def _told(digest: str, *kinds: type[Exception]) -> Iterator[None]:
    """Turn an error of the system or the service into one of igate."""
    known: tuple[type[Exception], ...] = (OSError, *kinds)
    try:
        yield
    except known as error:
        said = getattr(error, "strerror", None) or str(error).partition("\n")[0]
        said = re.sub(r"\?\S*", "", said)  # what follows an address may be a credential
        raise BlobError(
            say("The store of files could not do it."),
            where=digest,
            why=say("It says: {said}.", said=said),
        ) from error


def _settle(folder: Path) -> None:
    """Let a new or a removed name reach the disk, where the system can be asked for it."""
    if os.name != "posix":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _library() -> ModuleType:
    try:
        import obstore.exceptions  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise IgateError(
            say("No object store can be used."),
            why=say("It needs obstore ({error}).", error=error),
            fix=say('Run: pip install "igate[blobs]"'),
        ) from error
    return obstore
