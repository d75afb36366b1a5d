"""A dict whose changes are lines of a file: one line is one transaction.

A line is written and synced before anything is believed, so what was acknowledged is in the file.
What a crash left half-written has no end of line and is cut off at the next start.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from igate.errors import StoreError, StoreLocked

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["JsonLinesLog"]


class JsonLinesLog:
    """Rows by key, kept in a file of JSON lines; a row that becomes ``None`` is taken out.

    One process at a time; its caller lets one thread at a time write.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Open or make a file, and read it.

        Raises:
            StoreLocked: Another process has it.
            StoreError: It is not such a file, or cannot be used.
        """
        self.path = Path(path)
        self.rows: dict[str, Any] = {}
        try:
            self._lock = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise _unusable(self.path, error) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            raise StoreLocked(
                "Another program has the file.", where=str(self.path), fix="Close it there."
            ) from error
        try:
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            os.close(self._lock)
            raise _unusable(self.path, error) from error
        try:
            self._size = self._read()
        except BaseException:
            self.close()
            raise

    def _read(self) -> int:
        """Read every whole line, cut off what comes after the last one, and return the size."""
        content = self.path.read_bytes()
        size = content.rfind(b"\n") + 1
        for number, line in enumerate(content[:size].split(b"\n")[:-1], start=1):
            try:
                changes = json.loads(line.decode("utf-8", "surrogatepass"))
                self._believe(changes)
            except (ValueError, AttributeError) as error:
                raise StoreError(
                    "A line is damaged.", where=f"{self.path}:{number}",
                    why="Each line is the rows that one transaction changed, as JSON.",
                    fix="Restore the file from a backup.",
                ) from error  # fmt: skip
        os.ftruncate(self._file, size)
        return size

    def _believe(self, changes: Mapping[str, Any]) -> None:
        for key, row in changes.items():
            if row is None:
                self.rows.pop(key, None)
            else:
                self.rows[key] = row

    def commit(self, changes: Mapping[str, Any]) -> None:
        """Write changes as one line, all of them or none.

        Raises:
            StoreError: The file cannot be written; it is as it was before.
        """
        line = _line(changes)
        try:
            _write_whole(self._file, line, at=self._size)
        except OSError as error:
            with suppress(OSError):  # if it stays, the next line is written in its place
                os.ftruncate(self._file, self._size)
            raise _unusable(self.path, error) from error
        self._size += len(line)
        self._believe(changes)

    def rewrite(self, changes: Mapping[str, Any]) -> None:
        """Make changes and write the file anew, so that no earlier row is left anywhere in it.

        Raises:
            StoreError: The file cannot be written; it is as it was before.
        """
        rows = {key: row for key, row in (self.rows | dict(changes)).items() if row is not None}
        line = _line(rows)
        new = self.path.with_name(f"{self.path.name}.new")
        try:
            file = os.open(new, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
            _write_whole(file, line, at=0)
            new.replace(self.path)
            _sync_folder(self.path.parent)
        except OSError as error:
            raise _unusable(self.path, error) from error
        os.close(self._file)
        self._file, self._size, self.rows = file, len(line), rows

    def close(self) -> None:
        """Let another process have the file."""
        os.close(self._file)
        os.close(self._lock)


def _line(changes: Mapping[str, Any]) -> bytes:
    # Vietnamese stays readable for anybody who looks into the file
    text = json.dumps(changes, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") + b"\n"


def _write_whole(file: int, content: bytes, *, at: int) -> None:
    os.ftruncate(file, at)
    done = 0
    while done < len(content):
        done += os.pwrite(file, content[done:], at + done)
    os.fsync(file)


def _sync_folder(folder: Path) -> None:
    """Make the new name of a file survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unusable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"The file cannot be used: {error.strerror}; nothing was written.", where=str(path),
        fix="Look at its rights and at the space on the disk.",
    )  # fmt: skip
