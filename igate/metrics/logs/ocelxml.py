"""Object-centric logs in XML (OCEL 2.0), read into the shape of the JSON format.

A document type is refused, so that no entity is ever expanded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from igate.metrics.logs.xmlreader import XmlReader, kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["parsed_ocel_xml"]


def parsed_ocel_xml(data: bytes, where: str) -> dict[str, Any]:
    """Read a log.

    Args:
        data: The bytes of the file.
        where: Its name for messages.

    Returns:
        Its objects and events as the JSON format has them; not checked.

    Raises:
        FrameError: It is not XML, or has a document type.
    """
    reader = _Reader(where)
    reader.read(data)
    return {"objects": reader.objects, "events": reader.events}


class _Reader(XmlReader):
    """What has been read so far."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.objects: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.member: dict[str, Any] = {}
        self.text = ""
        self.said: dict[str, str] = {}
        self.parser.CharacterDataHandler = self.characters

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        kind = kind_of(name)
        if self.open[1:] in (["objects"], ["events"]) and kind in {"object", "event"}:
            self.member = {**attributes, "attributes": [], "relationships": []}
            (self.objects if kind == "object" else self.events).append(self.member)
        elif kind == "relationship" and self.member:
            link = {"objectId": attributes.get("object-id", "")}
            self.member["relationships"].append(link)
        self.open.append(kind)
        self.text, self.said = "", dict(attributes)

    def characters(self, text: str) -> None:
        self.text += text

    def end(self, name: str) -> None:
        self.open.pop()
        kind = kind_of(name)
        if kind == "attribute" and self.member and "-types" not in "".join(self.open):
            self.member["attributes"].append({**self.said, "value": self.text.strip()})
