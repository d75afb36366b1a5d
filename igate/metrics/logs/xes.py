"""Events of a log in XES (IEEE 1849), with the line on which each begins.

Attributes of an event go by their key, those of its trace by ``case:`` and the key; what the log
declares to be global fills what is not there. A document type is refused, so that no entity is
ever expanded. Nested attributes are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from igate.errors import FrameError
from igate.metrics.logs.xmlreader import XmlReader, kind_of
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Record", "records_of_xes"]

#: An event: its line (or its number, from 1, where the file has none), and its attributes by key.
Record = tuple[int, dict[str, str]]
_VALUES: Final = frozenset({"string", "date", "int", "float", "boolean", "id"})
#: Depth of the children of a trace, an event inside a trace, and a list of globals.
_SCOPES: Final = {"trace": "case:", "event": ""}


def records_of_xes(data: bytes, where: str) -> list[Record]:
    """Read the events of a log.

    Args:
        data: The bytes of the file.
        where: Its name for messages.

    Raises:
        FrameError: It is not XML, is not a log, or has a document type.
    """
    reader = _Reader(where)
    reader.read(data)
    return reader.records


class _Reader(XmlReader):
    """What has been read so far."""

    log = "A log in XES"

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.records: list[Record] = []
        self.trace: dict[str, str] = {}
        self.event: dict[str, str] = {}
        #: by scope, the values that are taken where a trace or an event has none
        self.globals: dict[str, dict[str, str]] = {}
        #: the scope whose global values are being declared
        self.scope = ""

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        kind = kind_of(name)
        if not self.open and kind != "log":
            raise FrameError(
                say("The file is XML, but a {kind!r} and no log in XES.", kind=kind),
                where=f"{self.where}:{self.line}",
                fix=say("Export the log as XES, OCEL 2.0 (JSON), CSV or Parquet."),
            )
        around = self.open[-1] if self.open else ""
        self.open.append(kind)
        if kind == "trace":
            self.trace = dict(self.globals.get("trace", {}))
        elif kind == "event":
            self.event = dict(self.globals.get("event", {}))
            self.records.append((self.line, self.event))
        elif kind == "global":
            self.scope = attributes.get("scope", "event")
        elif kind in _VALUES:
            self.keep(around, attributes)

    def keep(self, around: str, attributes: Mapping[str, str]) -> None:
        key, value = attributes.get("key", ""), attributes.get("value", "")
        if around == "event":
            self.event[key] = value
        elif around == "trace":
            self.trace[f"case:{key}"] = value
        elif around == "global" and self.scope in _SCOPES:
            self.globals.setdefault(self.scope, {})[f"{_SCOPES[self.scope]}{key}"] = value

    def end(self, name: str) -> None:
        self.open.pop()
        kind = kind_of(name)
        if kind == "event" and "trace" in self.open:
            # what the trace says stands before its events (IEEE 1849, 7.2), so it is complete here
            for key, value in self.trace.items():
                self.event.setdefault(key, value)
