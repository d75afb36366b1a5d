"""The statements on the tables, written once and compiled for each database.

Nothing here runs: a statement is a text with named parameters, in the spelling of the driver. Where
PostgreSQL does in one statement what takes SQLite several, it has one of its own; what they do is
the same, and both pass the contract of stores.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

from sqlalchemy import bindparam, insert, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from igate.office.hostdata import ERASED
from igate.office.sql.guards import guards
from igate.office.sql.tables import TABLES, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Dialect
    from sqlalchemy.sql import ClauseElement, ColumnElement

__all__ = [
    "COMPARED",
    "FIXED",
    "KEPT",
    "MOVING",
    "DialectName",
    "Followed",
    "Statements",
    "followed",
    "statements",
]

DialectName = Literal["sqlite", "postgresql"]

_DOSSIER = TABLES["dossier"]
#: columns that an ordinary entry changes; the others are compared and left as they are, because
#: rewriting them and their indexes would cost a third of a step
MOVING = (
    "state", "national_status", "seq", "received_at", "due_at", "finished_at", "returned_at",
    "outcome", "started_at", "reopened", "assignee", "recorded_at", "head", "image",
)  # fmt: skip
#: of these, what most entries leave as it is, and indexes are about: SQLite would write them anew
KEPT = ("due_at", "finished_at", "outcome")
#: the other columns: what was fixed at submission
FIXED = tuple(name for name in _DOSSIER.c.keys() if name not in {"code", *MOVING})  # noqa: SIM118 - a column collection iterates over columns
#: those by which a row is known to have been left alone; whom it names stands in ``person``
COMPARED = tuple(
    name for name in FIXED if name not in {"applicant", "applicant_id", "representatives"}
)
#: columns of a standing, in order; the applicant is read from ``person``
_STANDING = tuple(
    name
    for name in _DOSSIER.c.keys()  # noqa: SIM118 - the same
    if name not in {"head", "image", "applicant_id", "representatives"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """The statements of one dialect; parameters are named."""

    dialect: DialectName
    #: make the tables, indexes and triggers of this format
    create: tuple[str, ...]
    #: names of the tables and of the triggers that are there
    tables: str
    triggers: str
    add_dossier: str
    #: its values in the order of the columns
    add_entry: str
    #: move a dossier on, if it is where the entry starts and keeps what was fixed at submission
    advance: str
    #: the same where the date of return, the end and the outcome stay: their indexes are left alone
    pass_on: str
    #: move a dossier on, if it is where the entry starts, and rewrite all of its row
    replace: str
    #: PostgreSQL: as ``advance``, and the entry, tasks and timers with it
    step: str
    add_person: str
    add_reference: str
    people: str
    add_task: str
    add_timer: str
    add_message: str
    next_serial: str
    head: str
    latest: str
    standing: str
    standings: str
    #: the columns of a standing, of ``d`` and ``p``
    standing_columns: str
    journal: str
    entries: str
    add_definition: str
    definition: str
    keyed: str
    in_use: str
    codes: str
    count_dossiers: str
    count_entries: str
    get_meta: str
    set_meta: str
    created_at: str

    def sql(self, statement: str) -> str:
        """Write a statement with parameters ``:name`` as the driver reads it."""
        return _spelled(statement, self.dialect)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """How the tasks or timers of a dossier become those that are given."""

    #: take the others out
    drop: str
    #: add or change these; empty: there are none
    add: str


@cache
def statements(dialect: DialectName) -> Statements:
    """Write the statements of a dialect."""

    def plain(statement: str) -> str:
        return _sql(text(statement), dialect)

    is_sqlite = dialect == "sqlite"
    people = "json_group_object(ref, text)" if is_sqlite else "json_object_agg(ref, text)::text"
    columns = ", ".join(f'd."{name}"' for name in _STANDING).replace(
        'd."applicant"', f"coalesce(nullif(p.text, ''), '{ERASED}') AS applicant"
    )
    standings = f"""SELECT {columns} FROM igate_dossier d
LEFT JOIN igate_person p ON p.dossier = d.code AND p.ref = d.applicant"""
    entries = "SELECT " + ", ".join(f'e."{name}"' for name in TABLES["entry"].c.keys())  # noqa: SIM118 - as above
    entries = f"""{entries}, CASE WHEN e.seq = 1 OR e.role = 'applicant' OR e.more IS NOT NULL
THEN (SELECT {people} FROM igate_person WHERE dossier = e.dossier) END FROM igate_entry e"""
    pending = "outcome IS NULL AND finished_at IS NULL"
    return Statements(
        dialect=dialect,
        create=_create(dialect),
        tables=plain("SELECT name FROM sqlite_master WHERE type = 'table'")
        if is_sqlite
        else plain(
            "SELECT tablename FROM pg_tables WHERE schemaname = ANY (current_schemas(false))"
        ),
        triggers=plain("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        if is_sqlite
        else plain("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"),
        add_dossier=_sql(insert(_DOSSIER), dialect),
        add_entry=_in_order("entry", dialect),
        advance=_move(dialect, same=COMPARED, change=MOVING),
        pass_on=_move(
            dialect,
            same=(*COMPARED, *KEPT),
            change=tuple(name for name in MOVING if name not in KEPT),
        ),
        replace=_move(dialect, same=(), change=(*FIXED, *MOVING)),
        step=_step(_move(dialect, same=COMPARED, change=MOVING), dialect),
        add_person=_upsert("person", ("dossier", "ref"), dialect),
        add_reference=_upsert("reference", ("dossier", "system"), dialect),
        people=plain("SELECT ref, text FROM igate_person WHERE dossier = :dossier"),
        add_task=_upsert("task", ("dossier", "place", "role"), dialect),
        add_timer=_upsert("timer", ("dossier", "kind", "about"), dialect),
        add_message=plain("""INSERT INTO igate_message
(dossier, id, body, next_at, attempts, claimed_until, reason)
VALUES (:dossier, :id, :body, :at, 0, 0, '')"""),
        next_serial=plain("""INSERT INTO igate_serial (agency, day, last) VALUES (:agency, :day, 1)
ON CONFLICT (agency, day) DO UPDATE SET last = igate_serial.last + 1 RETURNING last"""),
        head=plain("""SELECT head, seq, state, applicant, applicant_id, representatives
FROM igate_dossier WHERE code = :code"""),
        latest=plain(f"""SELECT image, head, applicant, applicant_id, representatives,
(SELECT {people} FROM igate_person WHERE dossier = d.code)
FROM igate_dossier d WHERE code = :code"""),
        standing=plain(f"{standings} WHERE d.code = :code"),
        standings=standings,
        standing_columns=columns,
        journal=plain(f"{entries} WHERE e.dossier = :dossier ORDER BY e.seq"),
        entries=plain(f"{entries} ORDER BY e.dossier, e.seq"),
        add_definition=_upsert("definition", ("digest",), dialect, keep=True),
        definition=plain("SELECT text FROM igate_definition WHERE digest = :digest"),
        keyed=plain('SELECT dossier, seq FROM igate_entry WHERE "key" = :key'),
        in_use=plain(f"""SELECT procedure, revision, definition, count(*), min(code),
min(submitted_at) FROM igate_dossier WHERE {pending}
GROUP BY procedure, revision, definition ORDER BY procedure, revision, definition"""),
        codes=plain("SELECT code FROM igate_dossier ORDER BY code"),
        count_dossiers=plain("SELECT count(*) FROM igate_dossier"),
        count_entries=plain("SELECT count(*) FROM igate_entry"),
        get_meta=plain('SELECT value FROM igate_meta WHERE "key" = :key'),
        set_meta=_upsert("meta", ("key",), dialect),
        created_at=plain(
            "SELECT strftime('%Y-%m-%dT%H\\:%M\\:%SZ', 'now')"
            if is_sqlite
            else """SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24\\:MI\\:SS"Z"')"""
        ),
    )


@cache
def followed(dialect: DialectName, table: Literal["task", "timer"], number: int) -> Followed:
    """Write the statements by which a dossier gets so many tasks or timers, and no others.

    The values of the first are named with a 0, those of the second with a 1, and so on. A timer
    that stays as it is keeps what is noted about it; one that is moved falls due again.
    """
    made = TABLES[f"{table}"]
    keys = [column.name for column in made.primary_key][1:]
    others = [column.name for column in made.c if column.name not in {"dossier", *keys}]
    given = [name for name in made.c.keys() if name not in {"dossier", "claimed_until"}]  # noqa: SIM118 - as above
    kept = " OR ".join(
        "(" + " AND ".join(f"{key} = :{key}{n}" for key in keys) + ")" for n in range(number)
    )
    rest = f" AND NOT ({kept})" if kept else ""
    drop = f"DELETE FROM igate_{table} WHERE dossier = :dossier{rest}"
    last = ", 0" if table == "timer" else ""
    rows = ", ".join(
        "(:dossier, " + ", ".join(f":{name}{n}" for name in given) + f"{last})"
        for n in range(number)
    )
    names = ", ".join(["dossier", *given, *(["claimed_until"] if last else [])])
    change = ", ".join(f"{name} = excluded.{name}" for name in others)
    moved = "igate_timer.due_at <> excluded.due_at"
    if table == "task":
        # what is the same is not written anew, nor its places in the indexes
        moved = " OR ".join(
            f"coalesce(igate_task.{name}, {none}) <> coalesce(excluded.{name}, {none})"
            for name, none in zip(others, ("''", "''", 0, 0), strict=True)
        )
    add = f"""INSERT INTO igate_{table} ({names}) VALUES {rows}
ON CONFLICT (dossier, {", ".join(keys)}) DO UPDATE SET {change} WHERE {moved}"""
    return Followed(drop=_sql(text(drop), dialect), add=_sql(text(add), dialect) if number else "")


@cache
def _dialect(name: DialectName) -> Dialect:
    if name == "sqlite":
        return sqlite.dialect(paramstyle="named")
    return postgresql.dialect(paramstyle="pyformat")  # type: ignore[no-untyped-call]


@lru_cache(maxsize=512)
def _spelled(statement: str, dialect: DialectName) -> str:
    """Write a statement as the driver reads it; those of lists come again and again."""
    return _sql(text(statement), dialect)


def _sql(statement: ClauseElement, dialect: DialectName) -> str:
    return str(statement.compile(dialect=_dialect(dialect)))


def _create(dialect: DialectName) -> tuple[str, ...]:
    made = _dialect(dialect)
    tables = [str(CreateTable(table).compile(dialect=made)) for table in Row.metadata.sorted_tables]
    indexes = [
        str(CreateIndex(index).compile(dialect=made))
        for table in Row.metadata.sorted_tables
        for index in sorted(table.indexes, key=lambda index: str(index.name))
    ]
    return (*tables, *indexes, *guards(dialect))


def _in_order(name: str, dialect: DialectName) -> str:
    """Write the statement that adds a row given as a sequence: half the cost of one by names."""
    columns = [f'"{column.name}"' for column in TABLES[name].c]
    marks = ["?" if dialect == "sqlite" else "%s"] * len(columns)
    return f"INSERT INTO igate_{name} ({', '.join(columns)}) VALUES ({', '.join(marks)})"


def _upsert(name: str, keys: Iterable[str], dialect: DialectName, *, keep: bool = False) -> str:
    """Write the statement that adds a row, and changes or keeps the one that is there."""
    table = TABLES[name]
    new = (sqlite if dialect == "sqlite" else postgresql).insert(table)
    if keep:
        return _sql(new.on_conflict_do_nothing(), dialect)
    changed = {each.name: new.excluded[each.name] for each in table.c if each.name not in keys}
    return _sql(new.on_conflict_do_update(index_elements=list(keys), set_=changed), dialect)


def _move(dialect: DialectName, *, same: tuple[str, ...], change: tuple[str, ...]) -> str:
    same = ("code", "seq", "state", *same)
    return _sql(
        update(_DOSSIER)
        .where(*(_same(name) for name in same))
        .values({name: bindparam(name) for name in change}),
        dialect,
    )


def _same(name: str) -> ColumnElement[bool]:
    column, value = _DOSSIER.c[name], f"same_{name}"
    if name in KEPT:
        return column.is_not_distinct_from(bindparam(value))
    return column == bindparam(value)


def _step(move: str, dialect: DialectName) -> str:
    """Write the statement that moves a dossier on and writes what follows from it, or nothing.

    The entry, the tasks and the timers are one JSON text each: psycopg reads a statement of more
    than fifty parameters anew every time, which costs more than the server needs for it.
    """
    if dialect == "sqlite":
        return ""
    columns = TABLES["entry"].c.keys()
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(f'e."{name}"' for name in columns)
    return f"""WITH moved AS ({move} RETURNING code),
new_task AS (SELECT * FROM json_to_recordset(%(tasks)s::json) AS k(place text, role text,
agency text, assignee text, due_at bigint, step_due_at bigint)),
no_task AS (DELETE FROM igate_task t USING moved WHERE t.dossier = moved.code
AND %(tasks)s::json IS NOT NULL AND NOT EXISTS (SELECT 1 FROM new_task k
WHERE k.place = t.place AND k.role = t.role)),
task AS (INSERT INTO igate_task SELECT moved.code, k.* FROM moved, new_task k
ON CONFLICT (dossier, place, role) DO UPDATE SET
agency = excluded.agency, assignee = excluded.assignee, due_at = excluded.due_at,
step_due_at = excluded.step_due_at),
new_timer AS (SELECT * FROM json_to_recordset(%(timers)s::json) AS k(kind text, about text,
due_at bigint)),
no_timer AS (DELETE FROM igate_timer t USING moved WHERE t.dossier = moved.code
AND %(timers)s::json IS NOT NULL AND NOT EXISTS (SELECT 1 FROM new_timer k
WHERE k.kind = t.kind AND k.about = t.about)),
timer AS (INSERT INTO igate_timer SELECT moved.code, k.*, 0 FROM moved, new_timer k
ON CONFLICT (dossier, kind, about) DO UPDATE SET due_at = excluded.due_at, claimed_until = 0
WHERE igate_timer.due_at <> excluded.due_at),
message AS (INSERT INTO igate_message
(dossier, id, body, next_at, attempts, claimed_until, reason)
SELECT moved.code, %(message_id)s, %(body)s::text, %(tried_at)s, 0, 0, '' FROM moved
WHERE %(body)s::text <> '')
INSERT INTO igate_entry ({names}) SELECT {values} FROM moved,
json_populate_record(NULL::igate_entry, %(entry)s::json) AS e"""
