"""The tables of a database of dossiers: rows without behaviour.

Their names begin with ``igate_``: they may stand in the database of a host, beside its own.

The classes below describe the shape of the stored data and are never instantiated: a
``table=True`` class does not check its values and cannot be frozen, so what the library works
with are values of its own, and ``igate.office.sql.rows`` turns these into columns and back.

Moments are whole seconds from 1970 in UTC: comparing and grouping integers gives the same answer
in every database, and text dates of different writers do not compare. Texts are ordered by their
code points everywhere (collation C), so that lists have one order. Facts are JSON.

Format 5 of the database is what this module says. A change here needs the next number in
``SCHEMA_VERSION`` and a revision in ``migrations/versions``; ``igate db check`` and a test hold the
two together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Index, Integer, String, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

if TYPE_CHECKING:
    from typing import Any

__all__ = ["SCHEMA_VERSION", "TABLES", "Row"]

#: number of the format of the database; a database with a higher one is refused
SCHEMA_VERSION = 5

_Text = String().with_variant(String(collation="C"), "postgresql")
#: a number that the database gives, in the order of writing
_Numbered = BigInteger().with_variant(Integer, "sqlite")


class Row(SQLModel, registry=registry()):
    """Base of the tables, with metadata of its own: a host's SQLModel tables stay apart."""


def _where(condition: str) -> dict[str, Any]:
    """Return of which rows an index is about, in the words of both dialects."""
    return {f"{dialect}_where": text(condition) for dialect in ("sqlite", "postgresql")}


def _halves(name: str, *columns: str) -> tuple[Index, Index]:
    """Return the index of the tasks that nobody has, and that of those which somebody has."""
    return (
        Index(name, *columns, **_where("assignee = ''")),
        Index(f"{name}_assigned", *columns, **_where("assignee <> ''")),
    )


class DossierRow(Row, table=True):
    """One dossier as it is after its last entry."""

    __tablename__ = "igate_dossier"
    __table_args__ = (
        # with the moment of handing in, as further down
        Index("igate_dossier_by_agency", "agency", "code", "submitted_at"),
        # by agency too: of those who read for one, the dossiers in a state are a range
        Index("igate_dossier_by_state", "state", "agency", "code"),
        Index("igate_dossier_by_procedure", "procedure", "code"),
        Index("igate_dossier_by_due", "due_at", "code"),
        Index("igate_dossier_by_submission", "submitted_at", "code"),
        # the same in the order of a list: what was handed in on some days is found without its rows
        Index("igate_dossier_by_code", "code", "submitted_at"),
        Index("igate_dossier_parent", "parent", **_where("parent <> ''")),
        # the pending ones by what they were received under, for a desk that opens; with all that
        # is said and counted of them, so that no row is read (SQLite asks again what is NULL)
        Index("igate_dossier_pending", "procedure", "revision", "definition", "code", "agency",
              "submitted_at", "outcome", "finished_at",
              **_where("outcome IS NULL AND finished_at IS NULL")),
        {"sqlite_with_rowid": False},
    )  # fmt: skip

    code: str = Field(primary_key=True, sa_type=_Text)
    procedure: str = Field(sa_type=_Text)
    revision: str = Field(sa_type=_Text)
    agency: str = Field(sa_type=_Text)
    channel: str = Field(sa_type=_Text)
    case: str = Field(sa_type=_Text)
    area: str = Field(sa_type=_Text)
    #: reference into ``person``; so is every column and fact that names an applicant
    applicant: str = Field(sa_type=_Text)
    applicant_id: str = Field(sa_type=_Text)
    #: references, joined by commas
    representatives: str = Field(sa_type=_Text)
    state: str = Field(sa_type=_Text)
    national_status: int
    seq: int
    submitted_at: int = Field(sa_type=BigInteger)
    received_at: int | None = Field(sa_type=BigInteger)
    due_at: int | None = Field(sa_type=BigInteger)
    finished_at: int | None = Field(sa_type=BigInteger)
    returned_at: int | None = Field(sa_type=BigInteger)
    outcome: str | None = Field(sa_type=_Text)
    definition: str = Field(sa_type=_Text)
    parent: str = Field(sa_type=_Text)
    started_at: int | None = Field(sa_type=BigInteger)
    reopened: int
    assignee: str = Field(sa_type=_Text)
    recorded_at: int | None = Field(sa_type=BigInteger)
    #: seal of the last entry
    head: str = Field(sa_type=_Text)
    #: what an action needs, as ``igate.dossiers.image`` writes it; empty: fold the journal
    image: str = Field(sa_type=_Text)


class EntryRow(Row, table=True):
    """One entry of a journal; the columns are those of ``igate.dossiers.dossier.Entry``."""

    __tablename__ = "igate_entry"
    __table_args__ = (
        # no two entries have one key
        Index("igate_entry_key", "key", unique=True, **_where("key IS NOT NULL")),
        {"sqlite_with_rowid": False},
    )  # fmt: skip

    dossier: str = Field(primary_key=True, foreign_key="igate_dossier.code", sa_type=_Text)
    seq: int = Field(primary_key=True)
    action: str = Field(sa_type=_Text)
    source: str | None = Field(sa_type=_Text)
    target: str = Field(sa_type=_Text)
    happened_at: int = Field(sa_type=BigInteger)
    recorded_at: int = Field(sa_type=BigInteger)
    actor: str = Field(sa_type=_Text)
    role: str = Field(sa_type=_Text)
    agency: str = Field(sa_type=_Text)
    note: str = Field(sa_type=_Text)
    clock: str | None = Field(sa_type=_Text)
    reason: str = Field(sa_type=_Text)
    due: int | None = Field(sa_type=BigInteger)
    facts: str = Field(sa_type=_Text)
    promise: str | None = Field(sa_type=_Text)
    key: str | None = Field(sa_type=_Text)
    more: str | None = Field(sa_type=_Text)
    #: hash of this entry and of the seal before it
    seal: str = Field(sa_type=_Text)


class PersonRow(Row, table=True):
    """A name, an id or a note of an applicant: what can be erased on lawful request.

    Journals hold the numbers of these rows only, so they stay whole when a row is gone.
    """

    __tablename__ = "igate_person"
    __table_args__ = (
        # letters without marks, and the same words from the last to the first: a search for
        # "nguyen thi" and one for the given name "anh" are both a range of an index
        Index("igate_person_by_name", "folded", "dossier"),
        Index("igate_person_by_given_name", "turned", "dossier"),
        {"sqlite_with_rowid": False},
    )

    dossier: str = Field(primary_key=True, foreign_key="igate_dossier.code", sa_type=_Text)
    #: ``1``, ``2``, …
    ref: str = Field(primary_key=True, sa_type=_Text)
    text: str = Field(sa_type=_Text)
    #: empty of a note, which is not searched
    folded: str = Field(sa_type=_Text)
    turned: str = Field(sa_type=_Text)


class TaskRow(Row, table=True):
    """That a dossier waits for somebody; see ``igate.dossiers.record.Task``."""

    __tablename__ = "igate_task"
    __table_args__ = (
        # each is read in the order of the list; where no role is asked for, the few that are there
        # are found first; what nobody has and what somebody has are ranges of their own, and a
        # task stands in one of them
        *_halves("igate_task_by_agency", "agency", "role", "due_at", "dossier"),
        *_halves("igate_task_by_role", "role", "due_at", "dossier"),
        Index("igate_task_by_assignee", "assignee", "due_at", "dossier",
              **_where("assignee <> ''")),
        {"sqlite_with_rowid": False},
    )  # fmt: skip

    dossier: str = Field(primary_key=True, foreign_key="igate_dossier.code", sa_type=_Text)
    place: str = Field(primary_key=True, sa_type=_Text)
    role: str = Field(primary_key=True, sa_type=_Text)
    agency: str = Field(sa_type=_Text)
    assignee: str = Field(sa_type=_Text)
    #: date of return of the dossier; the largest number where there is none, so that it comes last
    due_at: int = Field(sa_type=BigInteger)
    #: until when by the table of the step
    step_due_at: int | None = Field(sa_type=BigInteger)


class TimerRow(Row, table=True):
    """That something falls due; see ``igate.dossiers.record.Timer``."""

    __tablename__ = "igate_timer"
    __table_args__ = (
        Index("igate_timer_by_due", "claimed_until", "due_at"),
        {"sqlite_with_rowid": False},
    )

    dossier: str = Field(primary_key=True, foreign_key="igate_dossier.code", sa_type=_Text)
    kind: str = Field(primary_key=True, sa_type=_Text)
    about: str = Field(primary_key=True, sa_type=_Text)
    due_at: int = Field(sa_type=BigInteger)
    #: who claimed it is believed to be at work until then; 0: nobody; the largest number: it was
    #: acted upon, and does not fall due again unless its moment changes
    claimed_until: int = Field(sa_type=BigInteger)


class MessageRow(Row, table=True):
    """A message to other systems that has not been delivered: the outbox."""

    __tablename__ = "igate_message"
    __table_args__ = (
        Index("igate_message_by_turn", "dossier", "number"),
        Index("igate_message_by_time", "next_at", "number"),
    )

    number: int | None = Field(default=None, primary_key=True, sa_type=_Numbered)
    dossier: str = Field(foreign_key="igate_dossier.code", sa_type=_Text)
    id: str = Field(sa_type=_Text)
    body: str = Field(sa_type=_Text)
    #: when it is tried next; the largest number for a dead letter
    next_at: int = Field(sa_type=BigInteger)
    attempts: int
    claimed_until: int = Field(sa_type=BigInteger)
    #: why the last attempt failed
    reason: str = Field(sa_type=_Text)


class ReferenceRow(Row, table=True):
    """By which another system knows a dossier."""

    __tablename__ = "igate_reference"
    __table_args__ = (
        Index("igate_reference_by_value", "value", "system", "dossier"),
        {"sqlite_with_rowid": False},
    )

    dossier: str = Field(primary_key=True, foreign_key="igate_dossier.code", sa_type=_Text)
    system: str = Field(primary_key=True, sa_type=_Text)
    value: str = Field(sa_type=_Text)


class AttachmentRow(Row, table=True):
    """What was handed in with a dossier: name, hash and size; the bytes are in a blob store."""

    __tablename__ = "igate_attachment"
    __table_args__ = {"sqlite_with_rowid": False}

    dossier: str = Field(primary_key=True, foreign_key="igate_dossier.code", sa_type=_Text)
    number: int = Field(primary_key=True)
    name: str = Field(sa_type=_Text)
    digest: str = Field(sa_type=_Text)
    size: int = Field(sa_type=BigInteger)
    signature: str = Field(sa_type=_Text)
    added_at: int = Field(sa_type=BigInteger)


class PaymentRow(Row, table=True):
    """What was paid for a dossier, by the reference of the gateway, which comes once."""

    __tablename__ = "igate_payment"
    __table_args__ = (Index("igate_payment_by_dossier", "dossier"), {"sqlite_with_rowid": False})

    reference: str = Field(primary_key=True, sa_type=_Text)
    dossier: str = Field(foreign_key="igate_dossier.code", sa_type=_Text)
    item: str = Field(sa_type=_Text)
    #: đồng
    amount: int = Field(sa_type=BigInteger)
    paid_at: int = Field(sa_type=BigInteger)
    channel: str = Field(sa_type=_Text)
    outcome: str = Field(sa_type=_Text)
    recorded_at: int = Field(sa_type=BigInteger)


class DefinitionRow(Row, table=True):
    """What dossiers are received under, by hash."""

    __tablename__ = "igate_definition"
    __table_args__ = {"sqlite_with_rowid": False}

    digest: str = Field(primary_key=True, sa_type=_Text)
    text: str = Field(sa_type=_Text)


class SerialRow(Row, table=True):
    """The last order of the day that was handed out for an agency."""

    __tablename__ = "igate_serial"
    __table_args__ = {"sqlite_with_rowid": False}

    agency: str = Field(primary_key=True, sa_type=_Text)
    #: date of reception, ISO 8601
    day: str = Field(primary_key=True, sa_type=_Text)
    last: int = Field(sa_type=BigInteger)


class MetaRow(Row, table=True):
    """What is noted about the database: its format and whatever its owner adds."""

    __tablename__ = "igate_meta"
    __table_args__ = {"sqlite_with_rowid": False}

    key: str = Field(primary_key=True, sa_type=_Text)
    value: str = Field(sa_type=_Text)


#: the tables, by their names without the prefix that keeps them apart from those of a host
TABLES = {name.removeprefix("igate_"): table for name, table in Row.metadata.tables.items()}
