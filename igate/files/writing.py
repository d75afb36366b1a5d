"""Files appear whole or not at all.

A report is written under a temporary name in the same folder and then renamed: a reader, a full
disk or a stop in the middle never meets half a file, and the old one stays until the new is whole.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from igate.errors import OutputError

if TYPE_CHECKING:
    from os import PathLike

__all__ = ["library_version", "ready_folder", "write_atomically"]


def library_version() -> str:
    """Return the version that is written into files and databases: ``igate.__version__``."""
    # the package is above every layer, so it is looked up and not imported; reading the metadata
    # of the installation instead would load the parser of e-mails, some 16 ms at a first use
    return str(sys.modules[__name__.partition(".")[0]].__version__)


def write_atomically(path: str | PathLike[str], content: bytes) -> Path:
    """Replace a file by new content in one step.

    Returns:
        The path written.

    Raises:
        OutputError: The folder is missing or cannot be written to, the path is a folder, or the
            disk is full. What stood there before is untouched.
    """
    target = Path(path)
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(target)
    except OSError as error:
        raise OutputError(
            "The file could not be written.",
            where=str(target),
            why=_sentence(error),
            fix="Name a folder that exists, can be written to and has room; nothing was changed.",
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return target


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
            "The output folder could not be made.",
            where=str(path),
            why=_sentence(error),
            fix="Name another folder, or remove the file in its place.",
        ) from error
    return path


def _sentence(error: OSError) -> str:
    return f"The system says: {error.strerror or error}."
