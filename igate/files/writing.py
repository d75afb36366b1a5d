"""Files appear whole or not at all, and in the place of another only where that is asked for.

A report is written under a temporary name in the same folder and then renamed: a reader, a full
disk or a stop in the middle never meets half a file, and the old one stays until the new is whole.
"""

from __future__ import annotations

import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from igate.errors import OutputError
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

__all__ = ["library_version", "ready_folder", "refuse_existing", "write_atomically"]


def library_version() -> str:
    """Return the version that is written into files and databases: ``igate.__version__``."""
    # the package is above every layer, so it is looked up and not imported; reading the metadata
    # of the installation instead would load the parser of e-mails, some 16 ms at a first use
    return str(sys.modules[__name__.partition(".")[0]].__version__)


def write_atomically(path: str | PathLike[str], content: bytes, *, replace: bool = True) -> Path:
    """Write a file, or replace it by new content, in one step.

    Args:
        path: The file.
        content: All of it.
        replace: Whether a file that is there already is replaced.

    Returns:
        The path written.

    Raises:
        OutputError: The folder is missing or cannot be written to, the path is a folder, or the
            disk is full; or something is there already that is not to be replaced. What stood
            there before is untouched.
    """
    target = Path(path)
    # nobody can guess the name and put a link to another file in its place
    draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}.part")
    try:
        with draft.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if replace:
            draft.replace(target)
        else:
            _put_new(draft, target)
    except FileExistsError as error:
        raise _in_the_way([target]) from error
    except OSError as error:
        raise OutputError(
            say("The file could not be written."),
            where=str(target),
            why=_sentence(error),
            fix=say(
                "Name a folder that exists, can be written to and has room; nothing was changed."
            ),
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return target


def _put_new(draft: Path, target: Path) -> None:
    """Give a file its name unless the name is taken, also where it was taken a moment ago."""
    try:
        target.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:  # a file system without a second name for a file
        refuse_existing([target])
        draft.replace(target)


def refuse_existing(paths: Iterable[str | PathLike[str]]) -> None:
    """Refuse to go on where one of some files is there already, before any work is done for it.

    Args:
        paths: The files that are to be written.

    Raises:
        OutputError: At least one is there; the message names the first.
    """
    there = [path for path in map(Path, paths) if path.is_symlink() or path.exists()]
    if there:
        raise _in_the_way(there)


def _in_the_way(there: list[Path]) -> OutputError:
    more = say(", and {count} more", count=len(there) - 1) if there[1:] else ""
    return OutputError(
        say("The file {name} is there already{more}.", name=there[0].name, more=more),
        where=str(there[0].parent),
        why=say("Nothing was written: it may hold what somebody has done by hand."),
        fix=say("Name another place, or add --force to replace what is there."),
    )


def ready_folder(folder: str | PathLike[str]) -> Path:
    """Make a folder with its parents where it is missing, and give its path.

    Raises:
        OutputError: A file is in the way or the folder above cannot be written to.
    """
    path = Path(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            say("The output folder could not be made."),
            where=str(path),
            why=_sentence(error),
            fix=say("Name another folder, or remove the file in its place."),
        ) from error
    return path


def _sentence(error: OSError) -> str:
    return say("The system says: {strerror}.", strerror=error.strerror or error)
