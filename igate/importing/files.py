"""Files in: the reader by the ending of the name. Files out: all that can be written, or none.

Nothing is overwritten unless it is asked for, and every file appears whole or not at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from igate.errors import IgateError
from igate.files.writing import ready_folder, refuse_existing, write_atomically
from igate.importing.bounds import exceeded
from igate.importing.definition import definition, file_name
from igate.importing.formats import tables_in_csv, tables_in_json_lines, tables_in_markdown
from igate.importing.package import kind_of
from igate.importing.reading import drafts_of
from igate.importing.titles import Given
from igate.importing.word_file import tables_in_word_file
from igate.importing.workbook import tables_in_workbook
from igate.words.sentence import say

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from igate.importing.process import Draft
    from igate.importing.tables import Table

__all__ = ["FORMATS", "definitions", "read_drafts", "write_files"]

_TEXT: Final[Mapping[str, Callable[[str, str], tuple[Table, ...]]]] = {
    ".csv": tables_in_csv,
    ".md": tables_in_markdown,
    ".markdown": tables_in_markdown,
    ".jsonl": tables_in_json_lines,
}
_BINARY: Final[Mapping[str, Callable[[bytes, str], tuple[Table, ...]]]] = {
    ".docx": tables_in_word_file,
    ".xlsx": tables_in_workbook,
}
#: Bytes; a decision with the scans of its annexes may be long, a table as text is not.
_LARGEST: Final = 200_000_000
_LARGEST_TEXT: Final = 20_000_000
#: Endings of the files that can be read.
FORMATS: Final[tuple[str, ...]] = (*_TEXT, *_BINARY)


def read_drafts(path: str | os.PathLike[str], *, given: Given | None = None) -> tuple[Draft, ...]:
    """Read the internal processes in a file.

    Args:
        path: XLSX, DOCX, CSV, Markdown or JSON Lines; the ending of the name says which.
        given: What the caller knows better than the file; a code only for a file with one process.

    Returns:
        A draft of every process and list of procedures, in the order of the file; what is wrong
        with one does not keep the others from being read.

    Raises:
        IgateError: The file cannot be read, is of another kind, or has several processes where a
            code is given.
    """
    file = Path(path)
    tables = _tables(file)
    drafts = drafts_of(tables, given or Given())
    if given is not None and given.code:
        processes = [draft for draft in drafts if draft.title or draft.process or draft.refused]
        if len(processes) > 1:
            raise IgateError(
                say("A code was given, and the file has {count} processes.", count=len(processes)),
                where=str(file),
                fix=say("Write each code into the title of its process."),
            )
    return drafts


def definitions(drafts: Iterable[Draft], *, file: str, checked_on: date) -> dict[str, str]:
    """Write the processes that were not refused as procedure files: name to contents.

    Args:
        drafts: As :func:`read_drafts` gives them.
        file: Name of the source, for the comments.
        checked_on: The day of the import.
    """
    return {
        file_name(named): definition(draft, named, file=file, checked_on=checked_on)
        for draft in drafts
        if draft.process is not None
        for named in draft.process.procedures
    }


def write_files(
    texts: Mapping[str, str], folder: str | os.PathLike[str], *, force: bool = False
) -> tuple[Path, ...]:
    """Write files into a folder.

    Args:
        texts: Name to contents.
        folder: It is made where it is missing.
        force: Replace files of the same name.

    Raises:
        OutputError: A file of one of the names is there already (then none is written), or the
            folder cannot be written to.
    """
    target = ready_folder(folder)
    if not force:
        refuse_existing(target / name for name in sorted(texts))
    return tuple(
        write_atomically(target / name, text.encode("utf-8"), replace=force)
        for name, text in texts.items()
    )


def _tables(file: Path) -> tuple[Table, ...]:
    ending = file.suffix.lower()
    if ending not in FORMATS:
        raise IgateError(
            say('A file with the ending "{ending}" cannot be imported.', ending=ending),
            where=str(file),
            fix=say(
                "The endings are {formats}; save a .doc as .docx, a .xls as .xlsx.",
                formats=", ".join(FORMATS),
            ),
        )
    content = _content(file, _LARGEST if ending in _BINARY else _LARGEST_TEXT)
    if ending in _BINARY:
        return _BINARY[ending](content, file.name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        kind = kind_of(content)
        raise IgateError(
            say("The file is not UTF-8: byte {start} does not fit.", start=error.start + 1),
            where=str(file),
            why=say("It seems that {kind}.", kind=kind) if kind else None,
            fix=say("Save it as UTF-8, or give it the ending of its kind."),
        ) from error
    return _TEXT[ending](text.replace("\r\n", "\n").replace("\r", "\n"), file.name)


def _content(file: Path, most: int) -> bytes:
    try:
        with file.open("rb") as stream:
            content = stream.read(most + 1)
    except OSError as error:
        raise IgateError(
            say("The file cannot be read: {strerror}.", strerror=error.strerror),
            where=str(file),
            fix=say("Check the path and the rights to read it."),
        ) from error
    if len(content) > most:
        raise exceeded(most, "bytes", str(file))
    return content
