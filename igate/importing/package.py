"""The archive that a DOCX or XLSX file is, looked through before a part of it is built.

Nothing that the archive says of itself is believed: a part is unpacked piece by piece until it has
as many bytes as it may have. Its XML is gone through once, with the elements counted and none kept;
a document type, with which entities are declared, is refused. Only what has passed is given on.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from igate.words.sentence import Sentence, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from igate.errors import IgateError

__all__ = ["Package", "kind_of"]

#: Of the parts of a file; a text of 300 pages has a few dozen.
_MOST_PARTS: Final = 10_000
#: Bytes that the parts read may have together; the longest decision known has about 10 million.
_LARGEST: Final = 100_000_000
#: The longest decision known has about 330,000, no more than 40 deep.
_MOST_ELEMENTS: Final = 1_000_000
_DEEPEST: Final = 100
_PIECE: Final = 1 << 16
#: What begins every record of the list of parts.
_ENTRY: Final = b"PK\x01\x02"
_ENCRYPTED: Final = 0x1
#: What zipfile raises for an archive that is cut off, damaged or locked; an unknown packing is a
#: RuntimeError.
_FAULTS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    UnicodeError,
    ValueError,
)
_KINDS: Final[Mapping[bytes, str]] = {
    b"\xd0\xcf\x11\xe0": say("it is locked with a password, or of the old kind (.doc, .xls)"),
    b"%PDF": say("it is a PDF"),
    b"{\\rtf": say("it is an RTF text"),
    b"<": say("it is a web page or XML, whatever its name"),
    b"PK\x03\x04": say("it is an archive, such as XLSX or DOCX, whatever its name"),
}


def kind_of(content: bytes) -> str:
    """Say what a file is by its first bytes; empty where they are of no known kind."""
    start = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not content:
        return say("it is empty")
    return next((kind for mark, kind in _KINDS.items() if start.startswith(mark)), "")


class Package:
    """The parts of a DOCX or XLSX file, each unpacked and looked through when it is asked for."""

    __slots__ = ("_archive", "_elements", "_left", "_refuse", "names")

    def __init__(self, content: bytes, refuse: Callable[[str], IgateError]) -> None:
        """Read the list of parts.

        Args:
            content: The bytes of the file.
            refuse: Returns the error that says that the file is not of its kind, and why.

        Raises:
            IgateError: It is no archive, or one with parts that nobody writes.
        """
        self._refuse = refuse
        self._left = _LARGEST
        self._elements = _MOST_ELEMENTS
        if not content.startswith(b"PK\x03\x04"):
            raise refuse(kind_of(content) or say("its first bytes are those of no archive"))
        if content.count(_ENTRY) > _MOST_PARTS:
            raise refuse(say("it has more than {most_parts:,} parts", most_parts=_MOST_PARTS))
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except _FAULTS as error:
            raise refuse(say("the archive is damaged or cut off ({error})", error=error)) from error
        self.names: tuple[str, ...] = tuple(self._archive.namelist())
        if len(set(self.names)) < len(self.names):
            raise refuse(say("it has two parts of the same name"))

    def part(self, name: str) -> bytes:
        """Unpack a part.

        Raises:
            IgateError: There is no such part, or it is locked, damaged or too large.
        """
        pieces: list[bytes] = []
        try:
            info = self._archive.getinfo(name)
            if info.flag_bits & _ENCRYPTED:
                raise self._refuse(say("it is locked with a password"))
            with self._archive.open(info) as stream:
                while piece := stream.read(_PIECE):
                    self._take(len(piece))
                    pieces.append(piece)
        except KeyError:
            raise self._refuse(say("it has no part {name}", name=name)) from None
        except _FAULTS as error:
            raise self._refuse(
                say("the part {name} is damaged ({error})", name=name, error=error)
            ) from error
        return b"".join(pieces)

    def xml(self, name: str, start: Callable[[str, dict[str, str]], None] | None = None) -> bytes:
        """Unpack a part and go through its XML.

        Args:
            name: Of the part.
            start: Called with the name and the attributes of every element.

        Raises:
            IgateError: As :meth:`part`; or it is not XML, declares a document type, or is too deep
                or too long.
        """
        content = self.part(name)
        count = 0

        def counted(tag: str, attributes: dict[str, str]) -> None:
            nonlocal count
            count += 1
            if count > self._elements:
                raise self._refuse(
                    say("it has more than {most_elements:,} elements", most_elements=_MOST_ELEMENTS)
                )
            if start is not None:
                start(tag, attributes)

        try:
            _walk(content, counted)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise self._refuse(
                say(
                    "the part {name} is not XML that is read here: {error}",
                    name=name,
                    error=_in_words(error),
                )
            ) from error
        self._elements -= count
        return content

    def _take(self, length: int) -> None:
        self._left -= length
        if self._left < 0:
            raise self._refuse(say("its parts have more than {largest:,} bytes", largest=_LARGEST))


def _in_words(error: Exception) -> object:
    """Return the sentence that an error of ours was made of, or the error of another."""
    return next((each for each in error.args if isinstance(each, Sentence)), error)


def _walk(content: bytes, start: Callable[[str, dict[str, str]], None]) -> None:
    """Go through an XML text without keeping it.

    Args:
        content: The text in its encoding.
        start: Called with the name, namespace and a blank before it, and the attributes of every
            element.

    Raises:
        ExpatError: It is not XML.
        LookupError: Its encoding is not known.
        ValueError: It declares a document type, is nested too deep, or its encoding cannot be read.
    """
    depth = 0

    def opened(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            message = say("its elements are nested more than {deepest} deep", deepest=_DEEPEST)
            raise ValueError(message)
        start(tag, attributes)

    def closed(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    def declared(*_about: object) -> None:
        message = say("it declares a document type")
        raise ValueError(message)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.StartDoctypeDeclHandler = declared
    parser.Parse(content, True)  # noqa: FBT003 - the C function has no keywords
