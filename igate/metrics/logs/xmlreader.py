"""Logs in XML, element by element. A document type is refused, so no entity is ever expanded."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar
from xml.parsers import expat

from igate.errors import FrameError
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["XmlReader", "kind_of"]


def kind_of(name: str) -> str:
    """Return the name of an element without its namespace.

    >>> kind_of("http://www.xes-standard.org/ event")
    'event'
    """
    return name.rpartition(" ")[2]


class XmlReader(ABC):
    """Reads one document; what it finds is kept by who inherits from it."""

    #: what is read, for messages
    log: ClassVar[str] = "A log"

    def __init__(self, where: str) -> None:
        """Begin a document.

        Args:
            where: Name of the file, for messages.
        """
        self.where = where
        #: the elements that are open, from the outermost
        self.open: list[str] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self.begin
        self.parser.EndElementHandler = self.end
        self.parser.StartDoctypeDeclHandler = self.refuse_type

    @property
    def line(self) -> int:
        """The line that is being read, from 1."""
        return self.parser.CurrentLineNumber

    def read(self, data: bytes) -> None:
        """Go through the whole document.

        Raises:
            FrameError: It is not XML, or declares a document type.
        """
        try:
            self.parser.Parse(data, True)  # noqa: FBT003 - the last part of the text
        except expat.ExpatError as error:
            raise FrameError(
                say("The file is not XML."),
                where=f"{self.where}:{error.lineno}",
                why=say("{capitalize}.", capitalize=expat.ErrorString(error.code).capitalize()),
                fix=say("Export the log again."),
            ) from error

    def refuse_type(self, *_: object) -> None:
        """Refuse a document type.

        Raises:
            FrameError: Always.
        """
        raise FrameError(
            say("The file declares a document type."),
            where=f"{self.where}:{self.line}",
            why=say(
                "{log} has none, and one can make a small file unfold into a huge one.",
                log=self.log,
            ),
            fix=say("Take the DOCTYPE out."),
        )

    @abstractmethod
    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take note of an element that begins."""

    @abstractmethod
    def end(self, name: str) -> None:
        """Take note of an element that ends."""
