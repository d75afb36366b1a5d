"""Entries, standings and images as the columns of their tables, and back.

Names and ids of applicants stand in one table, ``person``; every other column holds references to
its rows. :class:`Names` turns texts into references while a dossier is written, and back.
"""

from __future__ import annotations

import json
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, structs
from msgspec.json import Decoder
from msgspec.json import decode as from_json
from msgspec.json import encode as to_json

from igate.dossiers.dossier import NO_CHANGES, Ask, Entry, Promise
from igate.dossiers.image import Image, People
from igate.dossiers.refusals import APPLICANT
from igate.dossiers.registration import ids, joined
from igate.dossiers.standing import InUse, Standing, epoch_seconds
from igate.law.localtime import epoch_second, moment_at
from igate.law.text import folded
from igate.office.hostdata import ERASED
from igate.office.lists import NO_DATE
from igate.procedures.workflow import NO_FACTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from igate.dossiers.record import Record

__all__ = [
    "Names",
    "entry_of",
    "entry_row",
    "image_of",
    "image_text",
    "people_of",
    "person_row",
    "seal",
    "standing_of",
    "standing_row",
    "task_rows",
    "timer_rows",
    "use_of",
]

#: what names somebody among the facts of a first entry and among corrections
_NAMING: Final = ("applicant", "applicant_id")
_MANY: Final = "representatives"

_read_image = Decoder(Image)
_written = json.JSONEncoder(ensure_ascii=False).encode


class Names:
    """The people of one dossier by reference; new texts get the next reference."""

    __slots__ = ("_last", "_refs", "new")

    def __init__(self, known: Mapping[str, str] = MappingProxyType({})) -> None:
        own = {ref: text for ref, text in known.items() if ref.isdecimal()}
        self._refs = {text: ref for ref, text in own.items()}
        self._last = max(map(int, own), default=0)
        #: what is to be written: reference and text, and whether it is searched
        self.new: list[tuple[str, str, bool]] = []

    def ref(self, text: str, *, searched: bool = True) -> str:
        """Return the reference of a text; nothing for nothing."""
        if text == "":
            return ""
        known = self._refs.get(text)
        if known is None:
            self._last += 1
            known = self._refs[text] = str(self._last)
            self.new.append((known, text, searched))
        return known

    def many(self, texts: tuple[str, ...]) -> str:
        """Return the references of several texts."""
        return ",".join([self.ref(text) for text in texts])

    def columns(self, named: Mapping[str, str]) -> dict[str, str]:
        """Return the columns that hold the references of those whom facts or corrections name."""
        found = {name: self.ref(named[name]) for name in _NAMING if name in named}
        if _MANY in named:
            found[_MANY] = self.many(ids(named[_MANY]))
        return found

    def rows(self, dossier: str) -> list[dict[str, str]]:
        """Return the rows of the table of people that are to be written."""
        return [person_row(dossier, ref, text, searched=own) for ref, text, own in self.new]


def person_row(dossier: str, ref: str, text: str, *, searched: bool = True) -> dict[str, str]:
    """Return the row of one name, id, note or contact."""
    plain = folded(text) if searched else ""
    turned = " ".join(reversed(plain.split()))
    return {"dossier": dossier, "ref": ref, "text": text, "folded": plain, "turned": turned}


def people_of(
    applicant: str, applicant_id: str, representatives: str, known: Mapping[str, str]
) -> People:
    """Return whom a row names by references."""
    return People(
        applicant=_shown(applicant, known),
        applicant_id=_shown(applicant_id, known),
        representatives=tuple([_shown(ref, known) for ref in representatives.split(",") if ref]),
    )


def _shown(ref: str, known: Mapping[str, str]) -> str:
    """Return the text of a reference; of one that was erased, that it was, and which."""
    if ref == "":
        return ""
    return known.get(ref) or f"{ERASED} {ref}"


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else epoch_second(moment)


def standing_row(standing: Standing) -> dict[str, Any]:
    """Return the columns of a checked standing by name, but for those that name somebody."""
    return {
        "code": standing.code,
        "procedure": standing.procedure,
        "revision": standing.revision,
        "agency": standing.agency,
        "channel": standing.channel,
        "case": standing.case,
        "area": standing.area,
        "state": standing.state,
        "national_status": standing.national_status,
        "seq": standing.seq,
        "submitted_at": epoch_second(standing.submitted_at),
        "received_at": _seconds(standing.received_at),
        "due_at": _seconds(standing.due_at),
        "finished_at": _seconds(standing.finished_at),
        "returned_at": _seconds(standing.returned_at),
        "outcome": standing.outcome,
        "definition": standing.definition,
        "parent": standing.parent,
        "started_at": _seconds(standing.started_at),
        "reopened": standing.reopened,
        "assignee": standing.assignee,
        "recorded_at": _seconds(standing.recorded_at),
    }


def standing_of(row: tuple[Any, ...]) -> Standing:
    """Read a row of standings, its columns in the order of the statement."""
    return Standing(
        code=row[0],
        procedure=row[1],
        revision=row[2],
        agency=row[3],
        channel=row[4],
        case=row[5],
        area=row[6],
        applicant=row[7],
        state=row[8],
        national_status=row[9],
        seq=row[10],
        submitted_at=moment_at(row[11]),
        received_at=moment_at(row[12]),
        due_at=moment_at(row[13]),
        finished_at=moment_at(row[14]),
        returned_at=moment_at(row[15]),
        outcome=row[16],
        definition=row[17],
        parent=row[18],
        started_at=moment_at(row[19]),
        reopened=row[20],
        assignee=row[21],
        recorded_at=moment_at(row[22]),
    )


def image_text(record: Record) -> str:
    """Write what the next action needs; empty where the record does not have it."""
    if record.dossier is None:
        return ""
    return to_json(Image.of(record.dossier, record.standing.due_at)).decode()


def image_of(text: str) -> Image:
    """Read an image."""
    return _read_image.decode(text)


def task_rows(record: Record) -> list[dict[str, Any]]:
    """Return the rows that say for whom a dossier waits."""
    due = _seconds(record.standing.due_at)
    return [
        {
            "dossier": record.standing.code,
            "place": each.place,
            "role": each.role,
            "agency": each.agency,
            "assignee": each.assignee,
            "due_at": NO_DATE if due is None else due,
            "step_due_at": None if each.due_at is None else epoch_seconds(each.due_at),
        }
        for each in record.tasks or ()
    ]


def timer_rows(record: Record) -> list[dict[str, Any]]:
    """Return the rows that say what falls due."""
    return [
        {
            "dossier": record.standing.code,
            "kind": each.kind,
            "about": each.about,
            "due_at": epoch_seconds(each.due_at),
            "claimed_until": 0,
        }
        for each in record.timers or ()
    ]


def entry_row(entry: Entry, names: Names) -> dict[str, Any]:
    """Return the columns of a checked entry by name, in their order, but for its seal."""
    own = entry.role == APPLICANT
    happened = recorded = epoch_second(entry.happened_at)
    if entry.recorded_at != entry.happened_at:
        recorded = epoch_second(entry.recorded_at)
    # Vietnamese stays readable for anybody who looks into the database.
    facts = "{}"
    if entry.facts:
        facts = _written(_hidden(entry.facts, names) if entry.seq == 1 else dict(entry.facts))
    return {
        "dossier": entry.dossier,
        "seq": entry.seq,
        "action": entry.action,
        "source": entry.source,
        "target": entry.target,
        "happened_at": happened,
        "recorded_at": recorded,
        "actor": names.ref(entry.actor) if own else entry.actor,
        "role": entry.role,
        "agency": entry.agency,
        "note": names.ref(entry.note, searched=False) if own else entry.note,
        "clock": entry.clock,
        "reason": entry.reason,
        "due": _seconds(entry.due),
        "facts": facts,
        "promise": None if entry.promise is None else to_json(entry.promise).decode(),
        "key": entry.key or None,
        "more": _more_of(entry, names),
    }


def _hidden(values: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Put references in the place of those whom facts or corrections name."""
    found = dict(values)
    for name in _NAMING:
        if isinstance(found.get(name), str):
            found[name] = names.ref(found[name])
    if isinstance(found.get(_MANY), str):
        found[_MANY] = names.many(ids(found[_MANY]))
    return found


def _named(values: dict[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """Put the people in the place of their references."""
    for name in _NAMING:
        if isinstance(values.get(name), str):
            values[name] = _shown(values[name], known)
    if isinstance(values.get(_MANY), str):
        refs = [ref for ref in values[_MANY].split(",") if ref]
        values[_MANY] = joined(tuple([_shown(ref, known) for ref in refs]))
    return values


def seal(before: str, row: Mapping[str, Any]) -> str:
    """Return the seal of an entry: a hash of its columns and of the seal before it, in hex."""
    columns = dict(row)
    columns.pop("seal", None)
    return sha256(before.encode() + b"\n" + to_json([*columns.values()])).hexdigest()


class _More(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What few entries say, in one column."""

    supersedes: int | None = None
    assignee: str | None = None
    on_behalf: str = ""
    capacity: str = ""
    changes: dict[str, str] = {}
    asks: tuple[Ask, ...] = ()
    answers: str = ""


def _more_of(entry: Entry, names: Names) -> str | None:
    if not (
        entry.supersedes
        or entry.assignee is not None
        or entry.on_behalf
        or entry.changes
        or entry.asks
        or entry.answers
    ):
        return None
    more = _More(
        supersedes=entry.supersedes,
        assignee=entry.assignee,
        on_behalf=entry.on_behalf,
        capacity=entry.capacity,
        changes=_hidden(entry.changes, names),
        asks=entry.asks,
        answers=entry.answers,
    )
    return to_json(more).decode()


def entry_of(row: tuple[Any, ...]) -> Entry:
    """Read a row of entries: the columns of the table, and the people it needs as JSON."""
    known = from_json(row[19], type=dict[str, str]) if row[19] else {}
    own = row[8] == APPLICANT
    facts: Mapping[str, Any] = NO_FACTS
    if row[14] != "{}":
        read = json.loads(row[14])
        facts = MappingProxyType(_named(read, known) if row[1] == 1 else read)
    entry = Entry(
        dossier=row[0],
        seq=row[1],
        action=row[2],
        source=row[3],
        target=row[4],
        happened_at=moment_at(row[5]),
        recorded_at=moment_at(row[6]),
        actor=_shown(row[7], known) if own else row[7],
        role=row[8],
        agency=row[9],
        note=_shown(row[10], known) if own else row[10],
        clock=row[11],
        reason=row[12],
        due=moment_at(row[13]),
        facts=facts,
        promise=None if row[15] is None else from_json(row[15], type=Promise),
        key=row[16] or "",
    )
    if row[17] is None:
        return entry
    more = from_json(row[17], type=_More)
    return structs.replace(
        entry,
        supersedes=more.supersedes,
        assignee=more.assignee,
        on_behalf=more.on_behalf,
        capacity=more.capacity,
        changes=MappingProxyType(_named(more.changes, known)) if more.changes else NO_CHANGES,
        asks=more.asks,
        answers=more.answers,
    )


def use_of(row: tuple[Any, ...]) -> InUse:
    """Read a row of the definitions in use."""
    return InUse(
        procedure=row[0],
        revision=row[1],
        definition=row[2],
        dossiers=row[3],
        first=row[4],
        since=moment_at(row[5]),
    )
