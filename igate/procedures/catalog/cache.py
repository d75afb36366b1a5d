"""A cache of checked procedure files: by content, as plain JSON, safe to lose.

Reading a file costs YAML and a check of every value; both can be saved for a file whose content
was checked before, by this version of the library and against the same templates. So the cache
keeps the plain values of such files under the hash of their content, and :class:`CatalogCache`
makes procedures of them again. Nothing in it is code: a line is a hash and JSON.

It is one file in the user's cache folder, replaced as a whole, so that two writers cannot mix
their lines. Its first line names the version and a check sum of the others: a file that is
damaged, truncated or of another version is passed over and written anew. A folder that cannot be
used is as good as no cache.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import zlib
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from igate.errors import IgateError
from igate.files.writing import library_version
from igate.procedures.reading.values import (
    PACKED_FORMAT,
    additions_of,
    pack,
    packed_revisions,
    procedure_of,
    revision_of,
    steps_of,
    template_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.procedures.procedure import Procedure, Revision
    from igate.procedures.reading.templates import Templates
    from igate.procedures.reading.values import Packed, Plain
    from igate.procedures.template import Template
    from igate.procedures.workflow import Workflow

__all__ = ["CatalogCache", "cache_folder"]

_DECODER = json.JSONDecoder()
#: Of the file and of what its lines hold.
_FORMAT = f"1.{PACKED_FORMAT}"
#: Files of other catalogues that are kept beside those of the one that writes.
_OTHERS = 4000
#: Files of older versions of the library that are left lying.
_OLD_FILES = 3
_PREFIX = "procedures-"
_SUFFIX = ".cache"
#: Where the value begins in a line: after a hash of 32 characters and a blank.
_VALUE = 33
#: What a line that is not what it should be can lead to.
_DAMAGE = (ValueError, LookupError, TypeError, AttributeError, IgateError)


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the folder for the cache, or ``None`` where there is to be none.

    ``IGATE_CACHE`` names a folder, or says ``off``. Otherwise it is the folder of the platform:
    ``XDG_CACHE_HOME`` or ``~/.cache``, ``~/Library/Caches`` on macOS, ``LOCALAPPDATA`` on Windows.

    >>> cache_folder({"IGATE_CACHE": "off"}) is None
    True
    """
    chosen = environment.get("IGATE_CACHE", "")
    if chosen:
        return None if chosen == "off" else Path(chosen)
    given = environment.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME", "")
    if os.path.isabs(given):  # noqa: PTH117 - an empty text is no path
        return Path(given) / "igate"
    with suppress(RuntimeError):
        usual = "Library/Caches" if sys.platform == "darwin" else ".cache"
        return Path.home() / usual / "igate"
    return None


class CatalogCache:
    """Procedures by the content of their files."""

    __slots__ = ("_courses", "_file", "_fresh", "_head", "_lines", "_templates", "_used")

    def __init__(self, folder: Path, templates: Templates) -> None:
        """Take the folder; nothing is read or written yet.

        Args:
            folder: Where the cache is; it is made when it is first written.
            templates: What the procedures are made with. Files that were checked against other
                templates are not given.
        """
        key = blake2b(digest_size=8)
        for part in (_FORMAT, library_version(), templates.digest):
            key.update(f"{part}\n".encode())
        self._head = f"igate {_FORMAT} {library_version()} {key.hexdigest()}"
        self._file = folder / f"{_PREFIX}{key.hexdigest()}{_SUFFIX}"
        self._templates = templates
        #: templates, and the workflows of those procedures that have only the template's steps
        self._courses: dict[str, tuple[Template, Workflow]] = {}
        #: lines as they stand in the file, by hash; read with the first question
        self._lines: dict[str, str] | None = None
        self._fresh: dict[str, str] = {}
        self._used: set[str] = set()

    def find(self, content: bytes) -> Procedure | None:
        """Return the procedure of a file that was checked before, or ``None``."""
        if self._lines is None:
            self._lines = self._read()
        key = _hash(content)
        line = self._lines.get(key)
        if line is None:
            return None
        try:
            procedure = self._remade(_DECODER.raw_decode(line, _VALUE)[0])
        except _DAMAGE:
            del self._lines[key]
            return None
        self._used.add(key)
        return procedure

    def keep(self, content: bytes, data: Plain) -> None:
        """Remember the plain values of a file that was read and has no errors."""
        key = _hash(content)
        value = json.dumps(pack(data), ensure_ascii=False, separators=(",", ":"))
        self._fresh[key] = f"{key} {value}"

    def save(self) -> bool:
        """Write what was remembered, if anything was; tell whether the file holds it now."""
        if not self._fresh:
            return True
        known = self._read()
        mine = {key: known[key] for key in self._used if key in known} | self._fresh
        others = [key for key in known if key not in mine][:_OTHERS]
        body = "\n".join([*mine.values(), *(known[key] for key in others)]).encode()
        try:
            self._replace(b"%s %08x\n%s" % (self._head.encode(), zlib.crc32(body), body))
        except OSError:
            return False
        self._fresh = {}
        self._lines = None
        return True

    def _read(self) -> dict[str, str]:
        """Return the lines of the file by hash; none where it is not as it was written."""
        try:
            head, _, body = self._file.read_bytes().partition(b"\n")
            if head != f"{self._head} {zlib.crc32(body):08x}".encode():
                return {}
            lines = body.decode().split("\n")
        except (OSError, UnicodeDecodeError):
            return {}
        return {line[: _VALUE - 1]: line for line in lines}

    def _replace(self, content: bytes) -> None:
        """Put a whole new file in the place of the old one.

        Raises:
            OSError: The folder cannot be made or written, or the disk is full.
        """
        folder = self._file.parent
        folder.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(prefix=_PREFIX, suffix=".new", dir=folder)
        try:
            with open(number, "wb") as file:  # noqa: PTH123 - the file is open already
                file.write(content)
            os.replace(name, self._file)  # noqa: PTH105 - beside unlink, for one and the same name
        except OSError:
            with suppress(OSError):
                os.unlink(name)  # noqa: PTH108 - the same
            raise
        self._tidy()

    def _tidy(self) -> None:
        """Remove the files of older versions, but for the latest few."""
        with suppress(OSError):
            files = self._file.parent.glob(f"{_PREFIX}*{_SUFFIX}")
            others = [path for path in files if path != self._file]
            others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
            for path in others[_OLD_FILES:]:
                path.unlink(missing_ok=True)

    def _remade(self, packed: Packed) -> Procedure:
        """Make a procedure of packed values.

        Raises:
            KeyError: There is no such template; or whatever else damage leads to.
        """
        revisions: list[Revision] = []
        for each in packed_revisions(packed):
            course, workflow = self._course(template_of(each))
            steps = steps_of(each)
            added = additions_of(each)
            if steps or added is not None:
                own = steps or course.steps
                workflow = self._templates.workflow(course, own, added).workflow
            revisions.append(revision_of(packed[0], each, course, workflow))
        return procedure_of(packed, revisions)

    def _course(self, name: str) -> tuple[Template, Workflow]:
        known = self._courses.get(name)
        if known is None:
            course = self._templates.get(name)
            if course is None:
                raise KeyError(name)
            workflow = self._templates.workflow(course, course.steps).workflow
            known = self._courses[name] = course, workflow
        return known


def _hash(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()
