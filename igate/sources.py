"""Where definition files are found: in the package, and in files and folders of the host.

A folder is listed once; a file is opened when it is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from igate._yaml import parse
from igate.errors import IgateError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from igate._yaml import YamlFile

__all__ = ["Source", "found_in", "rule_names", "shipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A definition file that can be read."""

    #: its name for messages
    file: str
    entry: Traversable

    @property
    def stem(self) -> str:
        """The file name without folder and extension."""
        return self.entry.name.removesuffix(".yaml")

    def read(self) -> YamlFile:
        """Read the file strictly; problems of its text are kept in the result.

        Raises:
            DefinitionError: The file is not YAML.
            IgateError: The file cannot be opened or is not UTF-8.
        """
        try:
            text = self.entry.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise IgateError(
                f"The file is not UTF-8: byte {error.start + 1} does not fit.",
                where=self.file,
                fix="Save it as UTF-8.",
            ) from error
        except OSError as error:
            raise IgateError(
                f"The file cannot be read: {error.strerror}.", where=self.file
            ) from error
        return parse(text, file=self.file)


def shipped(folder: str) -> Iterator[Source]:
    """Give the definition files in a folder of ``igate/workflows``, in order of name."""
    top = resources.files("igate") / "workflows" / folder
    if top.is_dir():
        yield from _below(top, f"igate/workflows/{folder}")


def rule_names() -> tuple[str, ...]:
    """Give the names of the clock rules that come with the library: their file names.

    >>> "decree" in rule_names()
    True
    """
    folder = resources.files("igate") / "rules"
    names = (entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return tuple(sorted(name.removesuffix(".yaml") for name in names))


def found_in(path: str | os.PathLike[str]) -> Iterator[Source]:
    """Give a file, or all ``.yaml`` files of a folder and of the folders in it.

    Raises:
        IgateError: There is no such file or folder.
    """
    place = Path(path)
    if place.is_dir():
        yield from _below(place, str(place))
    elif place.is_file():
        yield Source(file=str(place), entry=place)
    else:
        raise IgateError(
            f"There is no file or folder {str(place)!r}.",
            fix="Give the path of a .yaml file, or of a folder that holds some.",
        )


def _below(folder: Traversable, name: str) -> Iterator[Source]:
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".yaml"):
            yield Source(file=f"{name}/{entry.name}", entry=entry)
        elif not entry.name.startswith(".") and entry.is_dir():
            yield from _below(entry, f"{name}/{entry.name}")
