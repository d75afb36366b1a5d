"""The text of a file: its encoding is known by a mark at its beginning, or declared."""

from __future__ import annotations

import codecs
import unicodedata

from igate.errors import FrameError
from igate.words.sentence import say

__all__ = ["known_encoding", "text_of"]

#: What begins a text in UTF-16, little and big end first.
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def known_encoding(name: str, where: str | None = None) -> str:
    """Return the name of an encoding, if there is one of texts by that name.

    Args:
        name: Python's name of the encoding.
        where: Name of the file for messages.

    Raises:
        FrameError: There is no such encoding.

    >>> known_encoding("cp1258")
    'cp1258'
    """
    try:
        "a".encode(name)
    except (LookupError, ValueError, TypeError) as error:
        raise FrameError(
            say("There is no encoding {encoding!r}.", encoding=name),
            where=where,
            why=say("An encoding is named as in Python, as text."),
            fix=say("Write utf-8, utf-16 or cp1258."),
        ) from error
    return name


def text_of(data: bytes, where: str, encoding: str | None = None) -> str:
    """Read a text, in NFC.

    Args:
        data: The bytes of the file.
        where: Name of the file for messages.
        encoding: Python's name of the encoding; ``None``: UTF-16 where the file begins with its
            mark, else UTF-8.

    Raises:
        FrameError: There is no such encoding, or the bytes are not in it; the line is named.
    """
    marked = "utf-16" if data.startswith(_UTF16) else "utf-8-sig"
    chosen = marked if encoding is None or encoding == "" else known_encoding(encoding, where)
    try:
        text = data.decode(chosen)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        name = "UTF-8" if chosen == "utf-8-sig" else chosen.upper()
        raise FrameError(
            say(
                "The file is not text in {name}: byte {data:#04x} on line {line}.",
                name=name,
                data=data[error.start],
                line=line,
            ),
            where=where,
            why=say("Vietnamese letters in another encoding cannot be distinguished safely."),
            fix=say(
                "Save it as CSV UTF-8, or say in which encoding it is: --encoding cp1258, or "
                "encoding='cp1258' in Python."
            ),
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise FrameError(
            say(
                "The file is neither CSV nor Parquet: there is a zero byte on line {line}.",
                line=line,
            ),
            where=where,
            fix=say("Export the table as CSV UTF-8 or as Parquet."),
        )
    # cp1258 writes the tone of a letter after it, as macOS does in UTF-8
    return unicodedata.normalize("NFC", text.removeprefix("\ufeff"))
