"""Object-centric logs in SQLite (OCEL 2.0), read into the shape of the JSON format."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from igate.errors import FrameError
from igate.words.sentence import say

if TYPE_CHECKING:
    import os

__all__ = ["parsed_ocel_sqlite"]

#: Columns of the table of a type that are no attributes.
_OWN = frozenset({"ocel_id", "ocel_time", "ocel_changed_field"})


def parsed_ocel_sqlite(path: str | os.PathLike[str], where: str) -> dict[str, Any]:
    """Read a log.

    Args:
        path: The database; it is only read.
        where: Its name for messages.

    Returns:
        Its objects and events as the JSON format has them; not checked.

    Raises:
        FrameError: It is no log of this kind.
    """
    try:
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA query_only = ON")
            database.row_factory = sqlite3.Row
            return {
                "objects": list(_members(database, "object").values()),
                "events": sorted(
                    _linked(database).values(), key=lambda event: str(event.get("time"))
                ),
            }
    except sqlite3.Error as error:
        raise FrameError(
            say("The database is no log in OCEL 2.0."),
            where=where,
            why=say("SQLite says: {error}.", error=error),
            fix=say("Export the log again."),
        ) from error


def _members(database: sqlite3.Connection, kind: str) -> dict[str, dict[str, Any]]:
    """Return the objects or the events by id, with their attributes."""
    found: dict[str, dict[str, Any]] = {
        str(row["ocel_id"]): {
            "id": str(row["ocel_id"]), "type": row["ocel_type"], "attributes": [],
            "relationships": [],
        }
        for row in database.execute(f"SELECT ocel_id, ocel_type FROM {_name(kind)}")  # noqa: S608 - quoted
    }  # fmt: skip
    tables = database.execute(f"SELECT ocel_type_map FROM {_name(f'{kind}_map_type')}").fetchall()  # noqa: S608 - quoted
    for (ending,) in tables:
        for row in database.execute(f"SELECT * FROM {_name(f'{kind}_{ending}')}"):  # noqa: S608 - quoted
            told = dict(zip(row.keys(), row, strict=True))
            member = found.get(str(told.get("ocel_id")))
            if member is not None:
                _tell(member, told)
    return found


def _tell(member: dict[str, Any], told: dict[str, Any]) -> None:
    """Add what a row of the table of a type says: of a change, the changed attribute alone.

    The table of a type without attributes may have ids alone, as pm4py writes it.
    """
    moment, changed = told.get("ocel_time"), told.get("ocel_changed_field")
    if moment is not None:
        member.setdefault("time", str(moment))
    for name, value in told.items():
        if name not in _OWN and value is not None and changed in {None, name}:
            said = {"name": name, "value": str(value), "time": str(moment or "")}
            member["attributes"].append(said)


def _linked(database: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """Return the events with their objects."""
    events = _members(database, "event")
    for row in database.execute("SELECT ocel_event_id, ocel_object_id FROM event_object"):
        event = events.get(str(row["ocel_event_id"]))
        if event is not None:
            event["relationships"].append({"objectId": str(row["ocel_object_id"])})
    return events


def _name(text: str) -> str:
    """Quote the name of a table.

    >>> _name('event_a"b')
    '"event_a""b"'
    """
    return '"' + text.replace('"', '""') + '"'
