"""Where definition files are found: in the package, and in files and folders of the host.

A folder is listed once; a file is opened when it is needed.
"""

from __future__ import annotations

import os
from importlib import resources
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from igate.errors import DefinitionError, IgateError, Place
from igate.files.findings import finding
from igate.files.yaml import parse
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from importlib.resources.abc import Traversable

    from igate.files.kinds import Kind
    from igate.files.yaml import YamlFile

__all__ = [
    "FORMER_RULES",
    "Source",
    "found_in",
    "listed",
    "must_hold_some",
    "rule_names",
    "shipped",
    "shipped_text",
]

T = TypeVar("T")

#: Former names of shipped clock rules, which older files and journals still say.
FORMER_RULES: Final[Mapping[str, str]] = MappingProxyType({"index766": "subtracted"})

#: What a folder has that is a virtual environment of Python.
_ENVIRONMENT: Final = "pyvenv.cfg"


class Source(NamedTuple):
    """A definition file that can be read; a catalogue has thousands, so it is a plain tuple."""

    #: its name for messages
    file: str
    #: its path, or its place in a package that is not a folder
    entry: str | Traversable

    @property
    def stem(self) -> str:
        """The file name without folder and extension."""
        name = self.file.replace(os.sep, "/").rpartition("/")[2]
        return name.removesuffix(".yaml")

    def content(self) -> bytes:
        """Return the bytes of the file.

        Raises:
            IgateError: The file cannot be opened.
        """
        try:
            if not isinstance(self.entry, str):
                return self.entry.read_bytes()
            with open(self.entry, "rb", buffering=0) as file:  # noqa: PTH123 - a thousand times at once
                return file.read()
        except OSError as error:
            raise IgateError(
                say("The file cannot be read: {strerror}.", strerror=error.strerror),
                where=self.file,
                fix=say("Check the path and the rights to read it."),
            ) from error

    def read(self, kind: Kind | None = None) -> YamlFile:
        """Read the file strictly; problems of its text are kept in the result.

        Args:
            kind: What it is read as; ``None``: what its keys say.

        Raises:
            DefinitionError: The file is not YAML, or not UTF-8.
            IgateError: The file cannot be opened.
        """
        content = self.content()
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            before = content[: error.start].decode("utf-8").split("\n")
            place = Place(file=self.file, line=len(before), column=len(before[-1]) + 1)
            what = say("The file is not UTF-8: byte {start} does not fit.", start=error.start + 1)
            found = finding("malformed-yaml", place, what, say("Save it as UTF-8."))
            raise DefinitionError([found]) from error
        return parse(text, file=self.file, kind=kind)


def shipped(folder: str) -> Iterator[Source]:
    """Return the definition files in a folder of ``igate/workflows``, in order of name."""
    top = resources.files("igate") / "workflows" / folder
    name = f"igate/workflows/{folder}"
    if isinstance(top, Path):
        if top.is_dir():
            yield from _below(str(top), name)
    elif top.is_dir():
        yield from _inside(top, name)


def shipped_text(name: str) -> str | None:
    """Return the text of a file below ``igate/workflows``, or ``None`` where there is none."""
    entry = resources.files("igate") / "workflows" / name
    return entry.read_text(encoding="utf-8") if entry.is_file() else None


def rule_names() -> tuple[str, ...]:
    """Return the names of the clock rules that come with the library: their file names.

    >>> "decree" in rule_names()
    True
    """
    folder = resources.files("igate") / "deadlines" / "vn"
    names = (entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return tuple(sorted(name.removesuffix(".yaml") for name in names))


def found_in(*paths: str | os.PathLike[str]) -> Iterator[Source]:
    """Return files, and all ``.yaml`` files of folders and of the folders in them.

    A file comes once, under the first of the paths that lead to it. In a folder, what is hidden
    (its name begins with a dot) is left out, and so are virtual environments of Python, in which
    the files of the library may be; a path that is named is read, whatever it is called.

    Raises:
        IgateError: There is no such file or folder.
    """
    seen: set[str] = set()
    for path in map(Path, paths):
        given, real = str(path), os.path.realpath(path)
        if path.is_dir():
            found = _below(given, given)
        elif path.is_file():
            found = iter([Source(file=given, entry=given)])
        else:
            raise IgateError(
                say("There is no file or folder {given!r}.", given=given),
                fix=say("Give the path of a .yaml file, or of a folder that holds some."),
            )
        for source in found:
            whole = real + source.file[len(given) :]
            if whole not in seen:
                seen.add(whole)
                yield source


def listed(paths: Iterable[T]) -> tuple[T, ...]:
    """Return paths as they are listed; one path alone is no list.

    Raises:
        IgateError: It is one path: a text would be taken for as many as it has letters.
    """
    if isinstance(paths, str | os.PathLike):
        raise IgateError(
            say("{path!r} is one path where a list of them is taken.", path=str(paths)),
            why=say("A text would be taken for as many paths as it has letters."),
            fix=say("Write [{path!r}].", path=str(paths)),
        )
    return tuple(paths)


def must_hold_some(*paths: str | os.PathLike[str]) -> None:
    """Refuse a path that leads to no definition file: that nothing is wrong in it means nothing.

    Raises:
        IgateError: There is no such file or folder, or no ``.yaml`` file is in it.
    """
    for path in paths:
        if next(found_in(path), None) is not None:
            continue
        given = str(path)
        others = sorted(
            Path(each.file).name for each in _below(given, given, wanted=_is_nearly_named)
        )
        fix = say("Name the folder that holds the procedure files and templates, or a file itself.")
        if others:
            fix = say(
                'Give {others} (one of {count}) a name that ends in ".yaml".',
                others=others[0],
                count=len(others),
            )
        raise IgateError(
            say("No definition file is in {path!r}.", path=str(path)),
            why=say(
                'Files were looked for whose name ends in ".yaml", in it and in its folders, but '
                "for hidden ones and virtual environments."
            ),
            fix=fix,
        )


def _is_named(name: str) -> bool:
    return name.endswith(".yaml")


def _is_nearly_named(name: str) -> bool:
    return name.lower().endswith((".yml", ".yaml"))


def _below(
    folder: str, name: str, *, wanted: Callable[[str], bool] = _is_named, inner: bool = False
) -> Iterator[Source]:
    with os.scandir(folder) as listed:
        entries = sorted(listed, key=attrgetter("name"))
    if inner and any(entry.name == _ENVIRONMENT for entry in entries):
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if wanted(entry.name):
            yield Source(f"{name}/{entry.name}", entry.path)
        elif entry.is_dir():
            yield from _below(entry.path, f"{name}/{entry.name}", wanted=wanted, inner=True)


def _inside(folder: Traversable, name: str) -> Iterator[Source]:
    """List a package that is not a folder, for example one in a zip file."""
    for entry in sorted(folder.iterdir(), key=attrgetter("name")):
        if entry.name.startswith("."):
            continue
        if _is_named(entry.name):
            yield Source(file=f"{name}/{entry.name}", entry=entry)
        elif entry.is_dir():
            yield from _inside(entry, f"{name}/{entry.name}")
