"""Events of an object-centric log: OCEL 2.0, under the names that XES uses.

A dossier is an object of the type that the map names. An event belongs to every such object that it
is linked to; attributes of the dossier go by ``case:`` and their name, as last known, and the id of
another object by ``object:`` and its type. These files have no lines of their own, so that events
are numbered in the order of the file, from 1.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from igate.errors import FrameError
from igate.metrics.text import text_of
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from igate.metrics.logs.xes import Record

__all__ = ["parsed_ocel_json", "records_of_ocel"]


def records_of_ocel(log: Any, where: str, object_type: str) -> list[Record]:  # noqa: ANN401 - checked here
    """Return the events of a log.

    Args:
        log: As the JSON format has it.
        where: Name of the file for messages.
        object_type: Type of the objects that are dossiers.

    Raises:
        FrameError: It is not a log of this kind, no type is named, or it has no object of this
            type.
    """
    _check(log, where)
    kinds = {each["id"]: each["type"] for each in log["objects"]}
    _check_type(object_type, set(kinds.values()), where)
    known = {each["id"]: _of_object(each) for each in log["objects"] if each["type"] == object_type}
    return [
        (number, {**record, **known[case]})
        for number, event in enumerate(log["events"], start=1)
        for record, cases in [_of_event(event, kinds, object_type)]
        for case in cases
        if case in known
    ]


def _of_object(each: Mapping[str, Any]) -> dict[str, str]:
    """Return the attributes of a dossier; of several values the latest."""
    found = {"case:concept:name": str(each["id"])}
    for said in sorted(each.get("attributes") or (), key=lambda said: str(said.get("time", ""))):
        found[f"case:{said['name']}"] = str(said["value"])
    return found


def _of_event(
    event: Mapping[str, Any], kinds: Mapping[str, str], object_type: str
) -> tuple[dict[str, str], list[str]]:
    """Return the attributes of an event, and the dossiers that it belongs to, each once."""
    linked = [str(link["objectId"]) for link in event.get("relationships") or ()]
    found = {str(said["name"]): str(said["value"]) for said in event.get("attributes") or ()}
    for each in linked:
        if kinds.get(each, object_type) != object_type:
            found.setdefault(f"object:{kinds[each]}", each)
    found["concept:name"], found["time:timestamp"] = str(event["type"]), str(event["time"])
    return found, [each for each in dict.fromkeys(linked) if kinds.get(each) == object_type]


def parsed_ocel_json(data: bytes, where: str) -> object:
    """Read a log in JSON; what is in it is not checked.

    Raises:
        FrameError: It is not JSON.
    """
    try:
        log: object = json.loads(text_of(data, where))
    except json.JSONDecodeError as error:
        raise FrameError(
            say("The file is not JSON."),
            where=f"{where}:{error.lineno}",
            why=say("{msg}.", msg=error.msg),
            fix=say("Export the log again."),
        ) from error
    except RecursionError as error:
        raise FrameError(say("The file is nested too deeply to be a log."), where=where) from error
    return log


def _check(log: object, where: str) -> None:
    for problem in _problems(log):
        raise FrameError(
            say("The file is no log in OCEL 2.0: {problem}.", problem=problem),
            where=where,
            why=say(
                'It has the lists "objects" and "events"; each has a text as id and type, '
                "an event a time, and attributes and relationships have names."
            ),
            fix=say("Export the log again, in OCEL 2.0."),
        )


def _problems(log: object) -> Iterator[str]:
    """Say what is wrong with the structure (OCEL 2.0 specification, 8.2), as far as it is read."""
    for part, needed in (("objects", ("id", "type")), ("events", ("id", "type", "time"))):
        members = log.get(part) if isinstance(log, dict) else None
        if not isinstance(members, list):
            yield f"the list {part!r} is missing"
            return
        for number, each in enumerate(members, start=1):
            if not _has(each, needed) or not _lists_hold(each):
                yield f"number {number} of {part!r}"


def _has(each: object, needed: tuple[str, ...]) -> bool:
    return isinstance(each, dict) and all(isinstance(each.get(name), str) for name in needed)


def _lists_hold(each: Mapping[str, Any]) -> bool:
    for part, needed in (("attributes", ("name", "value")), ("relationships", ("objectId",))):
        members = each.get(part) or []
        if not isinstance(members, list):
            return False
        if not all(isinstance(own, dict) and own.keys() >= set(needed) for own in members):
            return False
    return True


def _check_type(object_type: str, there: set[str], where: str) -> None:
    if object_type not in there:
        named = (
            say("no object of the type {object_type!r}", object_type=object_type)
            if object_type
            else say("objects of many types")
        )
        raise FrameError(
            say("The log has {named}.", named=named),
            where=where,
            why=say("Which objects are dossiers, the map says."),
            fix=say("Write object_type: one of {there}.", there=", ".join(sorted(there))),
        )
