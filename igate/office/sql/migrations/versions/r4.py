"""Format 4: tables that may stand in a host's database, people kept apart, entries with seals.

Names and ids of applicants move out of dossiers and journals into ``igate_person``; what held them
holds references. Each entry gets its seal over what it says then. Tasks and timers are written
with the next action on a dossier.
"""

from __future__ import annotations

import json
import re
import unicodedata
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import op

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

revision = "4"
down_revision = "3"

_MARKS = re.compile("[\u0300-\u036f]")
_DOSSIER = (
    "code", "procedure", "revision", "agency", "channel", "case", "area", "applicant", "state",
    "national_status", "seq", "submitted_at", "received_at", "due_at", "finished_at",
    "returned_at", "outcome", "definition", "parent", "started_at", "reopened", "assignee",
    "recorded_at",
)  # fmt: skip
_ENTRY = (
    "dossier", "seq", "action", "source", "target", "happened_at", "recorded_at", "actor", "role",
    "agency", "note", "clock", "reason", "due", "facts", "promise", "key", "more",
)  # fmt: skip


class _People:
    """The people of one dossier, by reference."""

    def __init__(self) -> None:
        self.refs: dict[str, str] = {}
        self.searched: set[str] = set()

    def ref(self, text: str, *, searched: bool = True) -> str:
        if not text:
            return ""
        if searched:
            self.searched.add(text)
        return self.refs.setdefault(text, str(1 + len(self.refs)))

    def hide(self, values: dict[str, Any]) -> dict[str, Any]:
        for name in ("applicant", "applicant_id"):
            if isinstance(values.get(name), str):
                values[name] = self.ref(values[name])
        if isinstance(values.get("representatives"), str):
            many = [each for each in values["representatives"].split("\n") if each]
            values["representatives"] = ",".join(self.ref(each) for each in many)
        return values

    def rows(self, code: str) -> Iterator[tuple[str, str, str, str, str]]:
        for text, ref in self.refs.items():
            folded = _folded(text) if text in self.searched else ""
            yield code, ref, text, folded, " ".join(reversed(folded.split()))


def upgrade() -> None:
    """Make the tables, move everything, and drop the old ones."""
    db = op.get_bind()
    for statement in _statements():
        db.exec_driver_sql(statement)
    db.exec_driver_sql("INSERT INTO igate_definition SELECT digest, text FROM definition")
    db.exec_driver_sql("INSERT INTO igate_serial SELECT agency, day, last FROM serial")
    columns = ", ".join(f'"{name}"' for name in _DOSSIER)
    for row in db.exec_driver_sql(f"SELECT {columns} FROM dossier ORDER BY code").fetchall():
        _move(db, dict(zip(_DOSSIER, row, strict=True)))
    # the notes last: they say that all of it is there
    db.exec_driver_sql("INSERT INTO igate_meta SELECT key, value FROM meta")
    db.exec_driver_sql("UPDATE igate_meta SET value = '4' WHERE key = 'schema_version'")
    for table in ("entry", "dossier", "definition", "serial", "meta"):
        for (trigger,) in db.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
        ).fetchall():
            db.exec_driver_sql(f'DROP TRIGGER "{trigger}"')
        db.exec_driver_sql(f"DROP TABLE {table}")


def _statements() -> list[str]:
    text = Path(__file__).with_name("format_4.sql").read_text(encoding="utf-8")
    return [each for each in text.split("\n--\n") if each.strip()]


def _move(db: Connection, row: dict[str, Any]) -> None:
    people, head, entries = _People(), "", []
    columns = ", ".join(f'"{name}"' for name in _ENTRY)
    own = {"applicant": row["applicant"], "applicant_id": "", "representatives": ""}
    for values in db.exec_driver_sql(
        f"SELECT {columns} FROM entry WHERE dossier = ? ORDER BY seq",
        (row["code"],),
    ).fetchall():
        entry = dict(zip(_ENTRY, values, strict=True))
        own |= _hide(entry, people)
        head = _seal(head, entry)
        entries.append((*entry.values(), head))
    named = people.hide(own)
    row |= {name: named[name] for name in ("applicant", "applicant_id", "representatives")}
    row |= {"head": head, "image": ""}
    _insert(db, "igate_dossier", [*row], [tuple(row.values())])
    _insert(db, "igate_person", ["dossier", "ref", "text", "folded", "turned"],
            list(people.rows(row["code"])))  # fmt: skip
    _insert(db, "igate_entry", [*_ENTRY, "seal"], entries)


def _hide(entry: dict[str, Any], people: _People) -> dict[str, str]:
    """Put references into an entry; return whom it registers."""
    registers: dict[str, Any] = {}
    if entry["seq"] == 1:
        facts = json.loads(entry["facts"])
        registers |= facts
        entry["facts"] = json.dumps(people.hide(dict(facts)), ensure_ascii=False)
    if entry["more"] is not None:
        more = json.loads(entry["more"])
        if "changes" in more:
            registers |= more["changes"]
            more["changes"] = people.hide(dict(more["changes"]))
            entry["more"] = json.dumps(more, ensure_ascii=False, separators=(",", ":"))
    if entry["role"] == "applicant":
        entry["actor"] = people.ref(entry["actor"])
        entry["note"] = people.ref(entry["note"], searched=False)
    names = ("applicant", "applicant_id", "representatives")
    return {name: str(registers[name]) for name in names if name in registers}


def _seal(before: str, entry: dict[str, Any]) -> str:
    columns = json.dumps([*entry.values()], ensure_ascii=False, separators=(",", ":"))
    return sha256(before.encode() + b"\n" + columns.encode()).hexdigest()


def _insert(db: Connection, table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    places = ", ".join("?" for _ in columns)
    if rows:
        db.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)


def _folded(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFD", text.lower().replace("đ", "d")))
