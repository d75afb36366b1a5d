"""Journals as an object-centric event log: OCEL 2.0 in JSON.

Dossiers, agencies and those who acted for them are objects; an entry is an event that is linked to
one of each. What was put right stays in the log as it stands in the journal. Notes, facts, changes
of the registration and applicants who acted are left out.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from igate.publish.exchange.events import EVENT_ATTRIBUTES
from igate.publish.words import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from igate.dossiers.dossier import Entry

__all__ = ["journal_ocel"]

_OBJECT_TYPES = ("dossier", "agency", "actor")
#: Attributes that are no objects, with their types in OCEL.
_ATTRIBUTES = {"recorded_at": "time", "role": "string", "source": "string", "target": "string",
               "mark": "string"}  # fmt: skip


def journal_ocel(entries: Iterable[Entry]) -> str:
    """Write journals as a log, in order of time.

    Args:
        entries: Of any number of dossiers, in any order.

    Returns:
        A JSON document. The type of an event is the action, its time when it took effect. An event
        has the attributes ``recorded_at``, ``role``, ``source``, ``target`` and ``mark`` (as in
        ``journal_xes``) where they are not empty. Ids of agencies and of those who acted begin
        with ``agency:`` and ``actor:``.
    """
    ordered = sorted(entries, key=lambda entry: (entry.happened_at, entry.dossier, entry.seq))
    kinds = {identifier: kind for entry in ordered for kind, identifier in _linked(entry).items()}
    attributes = [{"name": name, "type": kind} for name, kind in _ATTRIBUTES.items()]
    log = {
        "objectTypes": [{"name": kind, "attributes": []} for kind in _OBJECT_TYPES],
        "eventTypes": [
            {"name": action, "attributes": attributes}
            for action in sorted({printable(entry.action) for entry in ordered})
        ],
        "objects": [
            {"id": identifier, "type": kind, "attributes": [], "relationships": []}
            for identifier, kind in kinds.items()
        ],
        "events": [_event(entry) for entry in ordered],
    }
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _linked(entry: Entry) -> dict[str, str]:
    """Return the objects of an entry by type."""
    actor = EVENT_ATTRIBUTES["actor"](entry)
    found = {
        "dossier": printable(entry.dossier),
        "agency": f"agency:{printable(entry.agency)}" if entry.agency else "",
        "actor": f"actor:{printable(actor)}" if actor else "",
    }
    return {kind: identifier for kind, identifier in found.items() if identifier}


def _event(entry: Entry) -> dict[str, object]:
    said = {name: value(entry) for name, value in EVENT_ATTRIBUTES.items() if name in _ATTRIBUTES}
    said = {"recorded_at": entry.recorded_at.isoformat(), **said}
    return {
        "id": f"{printable(entry.dossier)}#{entry.seq}",
        "type": printable(entry.action),
        "time": entry.happened_at.isoformat(),
        "attributes": [
            {"name": name, "value": printable(value)} for name, value in said.items() if value
        ],
        "relationships": [
            {"objectId": identifier, "qualifier": kind}
            for kind, identifier in _linked(entry).items()
        ],
    }
