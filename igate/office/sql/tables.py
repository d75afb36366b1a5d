"""The tables of a database of dossiers: rows without behaviour.

The classes below describe the shape of the stored data and are never instantiated: a
``table=True`` class does not check its values and cannot be frozen, so what the library works
with are the values ``Entry`` and ``Standing``, and the last four functions turn these into
columns and back. The statements are built from the tables once.

Moments are whole seconds from 1970 in UTC: comparing and grouping integers gives the same answer
in every database, and text dates of different writers do not compare. Facts are JSON.

Format 3 of the database is what this module says; ``UPGRADES`` make it of an older one. A change
here needs the next number in ``SCHEMA_VERSION``, and an upgrade to it.
"""

from __future__ import annotations

import json
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, structs
from msgspec.json import decode as from_json
from msgspec.json import encode as to_json
from sqlalchemy import BigInteger, bindparam, func, insert, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import registry
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import Field, SQLModel

from igate.dossiers.dossier import NO_CHANGES, Ask, Entry, Promise
from igate.dossiers.standing import InUse, Standing, epoch_seconds
from igate.law.localtime import VIETNAM
from igate.procedures.workflow import NO_FACTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.sql import ClauseElement

__all__ = [
    "ADD_DEFINITION",
    "ADD_DOSSIER",
    "ADD_ENTRY",
    "ADVANCE",
    "CODES",
    "COUNT_DOSSIERS",
    "COUNT_ENTRIES",
    "CREATE",
    "ENTRIES",
    "FIXED",
    "GET_DEFINITION",
    "GET_META",
    "IN_USE",
    "JOURNAL",
    "KEEP_SERIAL",
    "KEYED",
    "LAST_SERIAL",
    "REPLACE",
    "SCHEMA_VERSION",
    "SET_META",
    "STANDING",
    "TABLES",
    "UPGRADES",
    "entry_of",
    "entry_row",
    "standing_of",
    "standing_row",
    "standings_that",
    "use_of",
]

#: number of the format of the database; a database with a higher one is refused
SCHEMA_VERSION = 3


class Row(SQLModel, registry=registry()):
    """Base of the tables, with metadata of its own: a host's SQLModel tables stay apart."""


class DossierRow(Row, table=True):
    """One dossier as it is after its last entry."""

    __tablename__ = "dossier"
    __table_args__ = {"sqlite_with_rowid": False}

    code: str = Field(primary_key=True)
    procedure: str
    revision: str
    agency: str = Field(index=True)
    channel: str
    case: str
    area: str
    applicant: str
    state: str = Field(index=True)
    national_status: int
    seq: int
    submitted_at: int = Field(sa_type=BigInteger)
    received_at: int | None = Field(sa_type=BigInteger)
    due_at: int | None = Field(sa_type=BigInteger, index=True)
    finished_at: int | None = Field(sa_type=BigInteger)
    returned_at: int | None = Field(sa_type=BigInteger)
    outcome: str | None
    definition: str
    parent: str
    started_at: int | None = Field(sa_type=BigInteger)
    reopened: int
    assignee: str
    recorded_at: int | None = Field(sa_type=BigInteger)


class EntryRow(Row, table=True):
    """One entry of a journal; the columns are those of ``igate.dossiers.dossier.Entry``."""

    __tablename__ = "entry"
    __table_args__ = {"sqlite_with_rowid": False}

    dossier: str = Field(primary_key=True, foreign_key="dossier.code")
    seq: int = Field(primary_key=True)
    action: str
    source: str | None
    target: str
    happened_at: int = Field(sa_type=BigInteger)
    recorded_at: int = Field(sa_type=BigInteger)
    actor: str
    role: str
    agency: str
    note: str
    clock: str | None
    reason: str
    due: int | None = Field(sa_type=BigInteger)
    facts: str
    promise: str | None
    key: str | None
    more: str | None


class DefinitionRow(Row, table=True):
    """What dossiers are received under, by hash."""

    __tablename__ = "definition"
    __table_args__ = {"sqlite_with_rowid": False}

    digest: str = Field(primary_key=True)
    text: str


class SerialRow(Row, table=True):
    """The last order of the day that was handed out for an agency."""

    __tablename__ = "serial"
    __table_args__ = {"sqlite_with_rowid": False}

    agency: str = Field(primary_key=True)
    #: date of reception, ISO 8601
    day: str = Field(primary_key=True)
    last: int


class MetaRow(Row, table=True):
    """What is noted about the database: its format and whatever its owner adds."""

    __tablename__ = "meta"
    __table_args__ = {"sqlite_with_rowid": False}

    key: str = Field(primary_key=True)
    value: str


_DOSSIER = Row.metadata.tables["dossier"]
_ENTRY = Row.metadata.tables["entry"]
_DEFINITION = Row.metadata.tables["definition"]
_SERIAL = Row.metadata.tables["serial"]
_META = Row.metadata.tables["meta"]

#: names of the tables of format 1, which every later format has
TABLES = frozenset({"dossier", "entry", "serial", "meta"})

#: columns that an ordinary entry changes; the others are compared and left as they are, because
#: rewriting them and the index on ``agency`` would cost a third of a step
_MOVING = (
    "state",
    "national_status",
    "seq",
    "received_at",
    "due_at",
    "finished_at",
    "returned_at",
    "outcome",
    "started_at",
    "reopened",
    "assignee",
    "recorded_at",
)

# INSERT OR REPLACE takes a row away without firing the delete trigger, hence the last one.
_APPEND_ONLY = (
    """CREATE TRIGGER entry_is_not_changed BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'a journal only grows: an entry is not changed'); END""",
    """CREATE TRIGGER entry_is_not_deleted BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'a journal only grows: an entry is not deleted'); END""",
    """CREATE TRIGGER dossier_is_not_deleted BEFORE DELETE ON dossier
BEGIN SELECT RAISE(ABORT, 'a journal only grows: a dossier is not deleted'); END""",
    """CREATE TRIGGER entry_is_the_next BEFORE INSERT ON entry
WHEN NEW.seq <> 1 + (SELECT coalesce(max(seq), 0) FROM entry WHERE dossier = NEW.dossier)
BEGIN SELECT RAISE(ABORT, 'a journal only grows: entries are numbered without a gap'); END""",
)
_KEPT_AS_IT_IS = (
    """CREATE TRIGGER definition_is_not_changed BEFORE UPDATE ON definition
BEGIN SELECT RAISE(ABORT, 'what was promised is kept: a definition is not changed'); END""",
    """CREATE TRIGGER definition_is_not_deleted BEFORE DELETE ON definition
BEGIN SELECT RAISE(ABORT, 'what was promised is kept: a definition is not deleted'); END""",
)
#: no two entries have one key
_KEYS = "CREATE UNIQUE INDEX entry_key ON entry (key) WHERE key IS NOT NULL"
#: the pending dossiers by what they were received under, for a desk that opens
_LEGS = "CREATE INDEX dossier_parent ON dossier (parent) WHERE parent <> ''"
_PENDING = """CREATE INDEX dossier_pending ON dossier (procedure, revision, definition)
WHERE outcome IS NULL AND finished_at IS NULL"""


def _sql(statement: ClauseElement) -> str:
    """Write a statement as SQLite reads it, with parameters named ``:name``."""
    return str(statement.compile(dialect=sqlite.dialect(paramstyle="named")))


#: statements that make the database of this format
CREATE = (
    *(_sql(CreateTable(table)) for table in Row.metadata.sorted_tables),
    *(
        _sql(CreateIndex(index))
        for table in Row.metadata.sorted_tables
        for index in sorted(table.indexes, key=lambda index: str(index.name))
    ),
    *_APPEND_ONLY,
    *_KEPT_AS_IT_IS,
    _PENDING,
    _KEYS,
    _LEGS,
)

#: statements that make the next format of a format; what was written before has no promise
UPGRADES: Final[Mapping[int, tuple[str, ...]]] = MappingProxyType(
    {
        1: (
            "ALTER TABLE dossier ADD COLUMN definition VARCHAR NOT NULL DEFAULT ''",
            "ALTER TABLE entry ADD COLUMN promise VARCHAR",
            "ALTER TABLE entry ADD COLUMN key VARCHAR",
            _sql(CreateTable(_DEFINITION)),
            *_KEPT_AS_IT_IS,
            _PENDING,
            _KEYS,
        ),
        2: (
            "ALTER TABLE dossier ADD COLUMN parent VARCHAR NOT NULL DEFAULT ''",
            "ALTER TABLE dossier ADD COLUMN started_at BIGINT",
            "ALTER TABLE dossier ADD COLUMN reopened INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE dossier ADD COLUMN assignee VARCHAR NOT NULL DEFAULT ''",
            "ALTER TABLE dossier ADD COLUMN recorded_at BIGINT",
            "ALTER TABLE entry ADD COLUMN more VARCHAR",
            "UPDATE dossier SET started_at = received_at",
            """UPDATE dossier SET recorded_at = (SELECT max(entry.recorded_at) FROM entry
WHERE entry.dossier = dossier.code AND entry.clock IN ('finish', 'stop'))
WHERE finished_at IS NOT NULL""",
            _LEGS,
        ),
    }
)

ADD_DOSSIER = _sql(insert(_DOSSIER))
ADD_ENTRY = _sql(insert(_ENTRY))

#: the other columns: what was fixed at submission
FIXED = tuple(name for name in _DOSSIER.c.keys() if name not in {"code", *_MOVING})  # noqa: SIM118 - a column collection iterates over columns


def _move(*, same: tuple[str, ...], change: tuple[str, ...]) -> str:
    same = ("code", "seq", "state", *same)
    return _sql(
        update(_DOSSIER)
        .where(*(_DOSSIER.c[name] == bindparam(f"same_{name}") for name in same))
        .values({name: bindparam(name) for name in change})
    )


#: move a dossier on, if it is where the entry starts and keeps what was fixed at submission
ADVANCE = _move(same=FIXED, change=_MOVING)
#: move a dossier on, if it is where the entry starts, and rewrite all of its row
REPLACE = _move(same=(), change=(*FIXED, *_MOVING))

LAST_SERIAL = _sql(
    select(_SERIAL.c.last).where(
        _SERIAL.c.agency == bindparam("agency"), _SERIAL.c.day == bindparam("day")
    )
)
_NEW_SERIAL = sqlite.insert(_SERIAL)
KEEP_SERIAL = _sql(
    _NEW_SERIAL.on_conflict_do_update(
        index_elements=["agency", "day"], set_={"last": _NEW_SERIAL.excluded.last}
    )
)

STANDING = _sql(select(_DOSSIER).where(_DOSSIER.c.code == bindparam("code")))
JOURNAL = _sql(
    select(_ENTRY).where(_ENTRY.c.dossier == bindparam("dossier")).order_by(_ENTRY.c.seq)
)
ENTRIES = _sql(select(_ENTRY).order_by(_ENTRY.c.dossier, _ENTRY.c.seq))
ADD_DEFINITION = _sql(sqlite.insert(_DEFINITION).on_conflict_do_nothing())
GET_DEFINITION = _sql(select(_DEFINITION.c.text).where(_DEFINITION.c.digest == bindparam("digest")))
KEYED = _sql(select(_ENTRY.c.dossier, _ENTRY.c.seq).where(_ENTRY.c.key == bindparam("key")))
_USE = (_DOSSIER.c.procedure, _DOSSIER.c.revision, _DOSSIER.c.definition)
IN_USE = _sql(
    select(*_USE, func.count(), func.min(_DOSSIER.c.code), func.min(_DOSSIER.c.submitted_at))
    .where(_DOSSIER.c.outcome.is_(None), _DOSSIER.c.finished_at.is_(None))
    .group_by(*_USE)
    .order_by(*_USE)
)
CODES = _sql(select(_DOSSIER.c.code).order_by(_DOSSIER.c.code))
COUNT_DOSSIERS = _sql(select(func.count()).select_from(_DOSSIER))
COUNT_ENTRIES = _sql(select(func.count()).select_from(_ENTRY))

GET_META = _sql(select(_META.c.value).where(_META.c.key == bindparam("key")))
_NEW_META = sqlite.insert(_META)
SET_META = _sql(
    _NEW_META.on_conflict_do_update(
        index_elements=["key"], set_={"value": _NEW_META.excluded.value}
    )
)

_CONDITIONS = {
    "agency": _DOSSIER.c.agency == bindparam("agency"),
    "procedure": _DOSSIER.c.procedure == bindparam("procedure"),
    "state": _DOSSIER.c.state == bindparam("state"),
    "due_before": _DOSSIER.c.due_at < bindparam("due_before"),
    "finished": _DOSSIER.c.finished_at.is_not(None) == bindparam("finished"),
    "parent": _DOSSIER.c.parent == bindparam("parent"),
}


def standings_that(*names: str) -> str:
    """Write the statement for the standings that meet the conditions of these names."""
    conditions = (_CONDITIONS[name] for name in names)
    return _sql(select(_DOSSIER).where(*conditions).order_by(_DOSSIER.c.code))


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else epoch_seconds(moment)


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, VIETNAM)


def standing_row(standing: Standing) -> dict[str, Any]:
    """Return the columns of a standing by name."""
    return {
        "code": standing.code,
        "procedure": standing.procedure,
        "revision": standing.revision,
        "agency": standing.agency,
        "channel": standing.channel,
        "case": standing.case,
        "area": standing.area,
        "applicant": standing.applicant,
        "state": standing.state,
        "national_status": standing.national_status,
        "seq": standing.seq,
        "submitted_at": epoch_seconds(standing.submitted_at),
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
    """Read a row of ``dossier``, its columns in the order of the table."""
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
        submitted_at=datetime.fromtimestamp(row[11], VIETNAM),
        received_at=_moment(row[12]),
        due_at=_moment(row[13]),
        finished_at=_moment(row[14]),
        returned_at=_moment(row[15]),
        outcome=row[16],
        definition=row[17],
        parent=row[18],
        started_at=_moment(row[19]),
        reopened=row[20],
        assignee=row[21],
        recorded_at=_moment(row[22]),
    )


def entry_row(entry: Entry) -> dict[str, Any]:
    """Return the columns of an entry by name."""
    return {
        "dossier": entry.dossier,
        "seq": entry.seq,
        "action": entry.action,
        "source": entry.source,
        "target": entry.target,
        "happened_at": epoch_seconds(entry.happened_at),
        "recorded_at": epoch_seconds(entry.recorded_at),
        "actor": entry.actor,
        "role": entry.role,
        "agency": entry.agency,
        "note": entry.note,
        "clock": entry.clock,
        "reason": entry.reason,
        "due": _seconds(entry.due),
        # Vietnamese stays readable for anybody who looks into the database.
        "facts": json.dumps(dict(entry.facts), ensure_ascii=False) if entry.facts else "{}",
        "promise": None if entry.promise is None else to_json(entry.promise).decode(),
        "key": entry.key or None,
        "more": _more_of(entry),
    }


class _More(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What few entries say, in one column."""

    supersedes: int | None = None
    assignee: str | None = None
    on_behalf: str = ""
    capacity: str = ""
    changes: dict[str, str] = {}
    asks: tuple[Ask, ...] = ()
    answers: str = ""


def _more_of(entry: Entry) -> str | None:
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
        changes=dict(entry.changes),
        asks=entry.asks,
        answers=entry.answers,
    )
    return to_json(more).decode()


def entry_of(row: tuple[Any, ...]) -> Entry:
    """Read a row of ``entry``, its columns in the order of the table."""
    entry = Entry(
        dossier=row[0],
        seq=row[1],
        action=row[2],
        source=row[3],
        target=row[4],
        happened_at=datetime.fromtimestamp(row[5], VIETNAM),
        recorded_at=datetime.fromtimestamp(row[6], VIETNAM),
        actor=row[7],
        role=row[8],
        agency=row[9],
        note=row[10],
        clock=row[11],
        reason=row[12],
        due=_moment(row[13]),
        facts=NO_FACTS if row[14] == "{}" else MappingProxyType(json.loads(row[14])),
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
        changes=MappingProxyType(more.changes) if more.changes else NO_CHANGES,
        asks=more.asks,
        answers=more.answers,
    )


def use_of(row: tuple[Any, ...]) -> InUse:
    """Read a row of ``IN_USE``."""
    return InUse(
        procedure=row[0],
        revision=row[1],
        definition=row[2],
        dossiers=row[3],
        first=row[4],
        since=datetime.fromtimestamp(row[5], VIETNAM),
    )
