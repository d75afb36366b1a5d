"""Dossiers in a database: SQLite or PostgreSQL, one path for both.

An action is one transaction: the row of the dossier moves on only if it is where the entry starts
(compare-and-set on its number and seal), and the entry is inserted with what follows from it, or
nothing happens. Triggers in the database refuse to change an entry or to take one out, for other
programs as well.

The tables are described with SQLModel; the statements are compiled once for each database and run
by its driver, because the unit of work of an ORM would cost about twenty times the two statements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from msgspec.json import decode as from_json
from msgspec.json import encode as to_json

from igate.dossiers.image import FORMAT
from igate.dossiers.refusals import APPLICANT
from igate.dossiers.standing import (
    absent,
    check_entry,
    check_first,
    check_journal,
    check_key,
    conflict,
    contradicted,
    dossier_code,
    refused,
    used,
)
from igate.office.sql import hostdata, queues
from igate.office.sql.evidence import SqlEvidence
from igate.office.sql.host import HostDriver
from igate.office.sql.lists import bound_of, counts, work_list
from igate.office.sql.opening import check_format, opened
from igate.office.sql.postgres import PostgresDriver
from igate.office.sql.reading import read_all, readable
from igate.office.sql.rows import (
    Names,
    entry_of,
    entry_row,
    image_of,
    image_text,
    people_of,
    person_row,
    seal,
    standing_of,
    standing_row,
    task_rows,
    timer_rows,
    use_of,
)
from igate.office.sql.search import search
from igate.office.sql.sqlite import Durability
from igate.office.sql.statements import COMPARED, KEPT, followed, statements
from igate.office.store import Latest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime, timedelta
    from types import TracebackType
    from typing import Any

    from igate.dossiers.dossier import Entry
    from igate.dossiers.record import Record
    from igate.dossiers.standing import InUse, Standing
    from igate.office.hostdata import Attachment, Payment
    from igate.office.lists import CountBy, Found, SearchQuery, WorkList, WorkQuery
    from igate.office.queues import DueTimer, Outgoing
    from igate.office.sql.driver import Driver, Work
    from igate.office.sql.statements import Statements

__all__ = ["Durability", "SqlStore"]

#: entries that :meth:`SqlStore.load` hands to the database at a time
_BATCH = 1000
#: columns of a dossier that hold references to people, and facts and corrections that name them
_REFERRING = ("applicant", "applicant_id", "representatives")
_NAMING = frozenset(_REFERRING)


class SqlStore:
    """A store in a database; see ``igate.office.store.DossierStore`` for what it promises.

    >>> with SqlStore.open("sqlite://") as store:
    ...     store.count()
    0
    """

    def __init__(self, driver: Driver) -> None:
        """Keep dossiers through a driver whose tables are there; :meth:`open` finds one."""
        self._driver = driver
        self._sql: Statements = statements(driver.dialect)

    @classmethod
    def open(
        cls,
        url: str,
        *,
        durability: Durability = "full",
        timeout: float = 5.0,
        read_only: bool = False,
        create: bool = False,
    ) -> Self:
        """Open a database.

        Args:
            url: ``sqlite:///office.db`` from the working folder, ``sqlite:////srv/office.db`` from
                the root, ``sqlite://`` in memory, ``postgresql://user@host/name`` on a server.
            durability: ``"full"``: what was answered survives a power cut. ``"normal"``: it
                survives the end of the program, but a power cut may take the last actions away.
                On PostgreSQL the server decides.
            timeout: Seconds to wait for another program that is writing.
            read_only: Open for reading only. The database must exist; in a folder that cannot be
                written to it must not be written by anybody else meanwhile.
            create: Make the database, or its tables, where there are none. A file is made for its
                owner alone. A database in memory is always made.

        Raises:
            StoreError: There is no such folder or database, the file is not a database, or the
                address names a database that igate does not know.
            StoreLocked: Another program holds the database for longer than the timeout.
            StoreReadOnly: It cannot be written to, and ``read_only`` was not asked for.
            StoreTooNew: It was made by a newer igate, or by another program.
            StoreUnreachable: There is no server at the address.
            OutputError: PostgreSQL is asked for and ``psycopg`` is not installed.
        """
        return cls(
            opened(url, durability=durability, timeout=timeout, read_only=read_only, create=create)
        )

    @classmethod
    def using(cls, given: object, *, create: bool = False) -> Self:
        """Keep dossiers in a transaction of the host; its commit or rollback decides.

        Args:
            given: A ``Session`` or ``Connection`` of SQLAlchemy, ``django.db.connection`` inside
                ``transaction.atomic()``, or a connection of ``sqlite3`` or ``psycopg``; its
                transaction has begun.
            create: Make the tables where there are none.

        Raises:
            StoreError: It is none of these, is in no transaction, or has no tables of igate.
        """
        driver = HostDriver(given)
        check_format(driver, create=create)
        return cls(driver)

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._driver.dialect

    def create(self, make: Callable[[str], Record], *, agency: str, day: date) -> Entry:
        """See :meth:`igate.office.store.DossierStore.create`."""
        key = {"agency": agency, "day": day.isoformat()}
        sql = self._sql

        def write(work: Work) -> Entry:
            serial = _number(work.execute(sql.next_serial, key).fetchone())
            while _there(work, sql, code := dossier_code(agency, day, serial)):
                serial = _number(work.execute(sql.next_serial, key).fetchone())
            record = make(code)
            check_first(code, record.entry, record.standing)
            self._check_key(work, record.entry)
            batch = _Batch(work, sql)
            row, rows, names = self._begun((record.entry,), record)
            batch.add(row, rows, names.rows(code), record)
            batch.write()
            return record.entry

        dossier_code(agency, day, 1)
        return self._driver.transact(write)

    def append(self, record: Record) -> None:
        """See :meth:`igate.office.store.DossierStore.append`."""
        entry = record.entry
        check_entry(entry, record.standing)
        quick = bool(record.head) and entry.role != APPLICANT and not (entry.changes or entry.key)
        if not quick:
            self._driver.transact(lambda work: self._append(work, record))
            return
        row = self._row(record, Names(), record.head)
        if isinstance(self._driver, PostgresDriver):
            moved = self._driver.once(self._sql.step, _stepped(row, record)) == 1
        else:
            moved = self._driver.transact(lambda work: self._advance(work, record, row))
        if not moved:
            self._driver.transact(lambda work: self._append(work, record))

    def _advance(self, work: Work, record: Record, row: Mapping[str, Any]) -> bool:
        """Move a dossier on that is as it was read; say whether it was."""
        move = self._sql.pass_on if record.steady else self._sql.advance
        if not work.execute(move, row).rowcount:
            return False
        work.execute(self._sql.add_entry, [*row["entry"].values()])
        self._follow(work, record)
        return True

    def _append(self, work: Work, record: Record) -> None:
        """Move a dossier on whatever was read of it before."""
        entry, sql = record.entry, self._sql
        found = work.execute(sql.head, {"code": entry.dossier}).fetchone()
        if found is None:
            raise absent(entry.dossier)
        head, seq, state, *refs = found
        if (seq, state) != (entry.seq - 1, entry.source):
            raise refused(entry, seq=seq, state=state)
        self._check_key(work, entry)
        naming = not _NAMING.isdisjoint(entry.changes)
        names = Names()
        if naming or entry.role == APPLICANT:
            names = Names(dict(work.execute(sql.people, {"dossier": entry.dossier}).fetchall()))
        row = self._row(record, names, head) | dict(zip(_REFERRING, refs, strict=True))
        if naming:
            row |= names.columns(entry.changes)
        work.execute(sql.replace, row)
        work.execute(sql.add_entry, [*row["entry"].values()])
        work.executemany(sql.add_person, names.rows(entry.dossier))
        self._follow(work, record)

    def _row(self, record: Record, names: Names, head: str) -> dict[str, Any]:
        """Return what moves a dossier on, and its entry under ``entry``."""
        entry = record.entry
        written = entry_row(entry, names)
        written["seal"] = seal(head, written)
        row = standing_row(record.standing)
        same = {f"same_{name}": row[name] for name in (*COMPARED, *KEPT)}
        return row | same | {
            "head": written["seal"],
            "image": image_text(record),
            "same_code": entry.dossier,
            "same_seq": entry.seq - 1,
            "same_state": entry.source,
            "entry": written,
        }  # fmt: skip

    def _follow(self, work: Work, record: Record) -> None:
        """Write for whom the dossier waits and what falls due, where that was worked out."""
        code = record.entry.dossier
        if record.tasks is not None:
            self._follow_with(work, code, "task", task_rows(record))
        if record.timers is not None:
            self._follow_with(work, code, "timer", timer_rows(record))
        if record.message:
            work.execute(self._sql.add_message, queues.message_row(record))

    def _follow_with(
        self, work: Work, code: str, table: Literal["task", "timer"], rows: list[dict[str, Any]]
    ) -> None:
        """Write the tasks or timers of a dossier, which has no others afterwards."""
        statement = followed(self._driver.dialect, table, len(rows))
        values = {f"{name}{n}": value for n, row in enumerate(rows) for name, value in row.items()}
        values["dossier"] = code
        work.execute(statement.drop, values)
        if statement.add:
            work.execute(statement.add, values)

    def _begun(
        self, entries: Sequence[Entry], record: Record
    ) -> tuple[dict[str, Any], list[dict[str, Any]], Names]:
        """Return the rows of a new dossier, those of its entries, and the people it names."""
        names = Names()
        row = standing_row(record.standing)
        row |= names.columns(
            dict.fromkeys(_REFERRING, "") | {"applicant": record.standing.applicant}
        )
        rows, head = [], ""
        for entry in entries:
            if entry.seq == 1:
                row |= names.columns(
                    {n: str(entry.facts[n]) for n in _REFERRING if n in entry.facts}
                )
            if entry.changes:
                row |= names.columns(entry.changes)
            written = entry_row(entry, names)
            head = written["seal"] = seal(head, written)
            rows.append(written)
        return row | {"head": head, "image": image_text(record)}, rows, names

    def load(self, dossiers: Iterable[tuple[Sequence[Entry], Record]]) -> int:
        """See :meth:`igate.office.store.DossierStore.load`."""
        sql = self._sql

        def write(work: Work) -> int:
            count, batch = 0, _Batch(work, sql)
            seen: dict[str, str] = {}
            for entries, record in dossiers:
                check_journal(entries, record.standing)
                code = record.standing.code
                if batch.holds(code) or _there(work, sql, code):
                    raise conflict(code)
                for entry in entries:
                    self._check_key(work, entry, seen)
                row, rows, names = self._begun(entries, record)
                batch.add(row, rows, names.rows(code), record)
                count += 1
            batch.write()
            return count

        return self._driver.transact(write)

    def latest(self, code: str) -> Latest:
        """See :meth:`igate.office.store.DossierStore.latest`."""
        rows = self._driver.peek(self._sql.latest, {"code": code})
        if not rows:
            raise absent(code)
        text, head, applicant, applicant_id, representatives, known = rows[0]
        if not text:
            return Latest(head=head)
        image = next(readable([(text, code)], lambda row: image_of(row[0]), code=1), None)
        if image is None or image.format != FORMAT:
            return Latest(head=head)
        names = from_json(known, type=dict[str, str]) if known else {}
        return Latest(
            head=head,
            image=image,
            due=image.due,
            people=people_of(applicant, applicant_id, representatives, names),
        )

    def journal(self, code: str) -> tuple[Entry, ...]:
        """See :meth:`igate.office.store.DossierStore.journal`."""
        rows = self._driver.rows(self._sql.journal, {"dossier": code})
        if not rows:
            raise absent(code)
        return read_all(rows, entry_of, code)

    def standing(self, code: str) -> Standing:
        """See :meth:`igate.office.store.DossierStore.standing`."""
        rows = self._driver.rows(self._sql.standing, {"code": code})
        if not rows:
            raise absent(code)
        return read_all(rows[:1], standing_of, code)[0]

    def standings(
        self,
        *,
        agency: str | None = None,
        procedure: str | None = None,
        state: str | None = None,
        due_before: datetime | None = None,
        finished: bool | None = None,
        parent: str | None = None,
    ) -> Iterator[Standing]:
        """See :meth:`igate.office.store.DossierStore.standings`."""
        asked = {
            "agency": agency,
            "procedure": procedure,
            "state": state,
            "due_before": None if due_before is None else bound_of(due_before),
            "finished": finished,
            "parent": parent,
        }
        given = {name: value for name, value in asked.items() if value is not None}
        conditions = _CONDITIONS if agency else _CONDITIONS | _OF_ALL
        wanted = [conditions[name] for name in given]
        if parent:
            wanted.append("d.parent <> ''")  # by which SQLite knows that the index holds it
        where = f"\nWHERE {' AND '.join(wanted)}" if wanted else ""
        statement = self._sql.sql(f"{self._sql.standings}{where}\nORDER BY d.code")
        return readable(self._driver.stream(statement, given), standing_of)

    def work_list(self, asked: WorkQuery) -> WorkList:
        """See :meth:`igate.office.store.DossierStore.work_list`."""
        return work_list(self._driver, self._sql, asked)

    def search(self, asked: SearchQuery) -> Found:
        """See :meth:`igate.office.store.DossierStore.search`."""
        return search(self._driver, self._sql, asked)

    def counts(self, by: CountBy, *, pending: bool, at: datetime) -> dict[str, int]:
        """See :meth:`igate.office.store.DossierStore.counts`."""
        return counts(self._driver, self._sql, by, pending=pending, at=at)

    def evidence(self) -> SqlEvidence:
        """Return the rows as they are, for :mod:`igate.office.verification`."""
        return SqlEvidence(self._driver, self._sql)

    def claim_messages(self, *, at: datetime, limit: int, lease: timedelta) -> tuple[Outgoing, ...]:
        """See :meth:`igate.office.store.DossierStore.claim_messages`."""
        return queues.claim_messages(self._driver, self._sql, at=at, limit=limit, lease=lease)

    def drop_message(self, number: int) -> None:
        """See :meth:`igate.office.store.DossierStore.drop_message`."""
        queues.drop_message(self._driver, self._sql, number)

    def put_off(self, number: int, *, until: datetime | None, reason: str) -> None:
        """See :meth:`igate.office.store.DossierStore.put_off`."""
        queues.put_off(self._driver, self._sql, number, until=until, reason=reason)

    def dead_messages(self) -> tuple[Outgoing, ...]:
        """See :meth:`igate.office.store.DossierStore.dead_messages`."""
        return queues.dead_messages(self._driver, self._sql)

    def revive(self, number: int, *, at: datetime) -> bool:
        """See :meth:`igate.office.store.DossierStore.revive`."""
        return queues.revive(self._driver, self._sql, number, at=at)

    def claim_timers(self, *, at: datetime, limit: int, lease: timedelta) -> tuple[DueTimer, ...]:
        """See :meth:`igate.office.store.DossierStore.claim_timers`."""
        return queues.claim_timers(self._driver, self._sql, at=at, limit=limit, lease=lease)

    def finish_timer(self, due: DueTimer, *, message: str, at: datetime) -> None:
        """See :meth:`igate.office.store.DossierStore.finish_timer`."""
        queues.finish_timer(self._driver, self._sql, due, message=message, at=at)

    def keep_host_data(
        self, code: str, *, references: Mapping[str, str], contacts: Mapping[str, str]
    ) -> None:
        """See :meth:`igate.office.store.DossierStore.keep_host_data`."""
        self.standing(code)
        self._driver.transact(
            lambda work: hostdata.write_host_data(
                work, self._sql, code, references=references, contacts=contacts
            )
        )

    def references(self, code: str) -> dict[str, str]:
        """See :meth:`igate.office.store.DossierStore.references`."""
        return hostdata.references(self._driver, self._sql, code)

    def contacts(self, code: str) -> dict[str, str]:
        """See :meth:`igate.office.store.DossierStore.contacts`."""
        return hostdata.contacts(self._driver, self._sql, code)

    def add_attachment(self, given: Attachment) -> Attachment:
        """See :meth:`igate.office.store.DossierStore.add_attachment`."""
        return hostdata.add_attachment(self._driver, self._sql, given)

    def attachments(self, code: str) -> tuple[Attachment, ...]:
        """See :meth:`igate.office.store.DossierStore.attachments`."""
        return hostdata.attachments(self._driver, self._sql, code)

    def add_payment(self, given: Payment) -> Payment:
        """See :meth:`igate.office.store.DossierStore.add_payment`."""
        self.standing(given.dossier)
        return hostdata.add_payment(self._driver, self._sql, given)

    def payments(self, code: str) -> tuple[Payment, ...]:
        """See :meth:`igate.office.store.DossierStore.payments`."""
        return hostdata.payments(self._driver, self._sql, code)

    def erase(self, record: Record, *, pseudonym: Callable[[str], str] | None = None) -> None:
        """See :meth:`igate.office.store.DossierStore.erase`."""
        check_entry(record.entry, record.standing)

        def write(work: Work) -> None:
            self._append(work, record)
            hostdata.erase(work, self._sql, record.entry.dossier, pseudonym=pseudonym)

        self._driver.transact(write)

    def keep_definition(self, digest: str, text: str) -> None:
        """See :meth:`igate.office.store.DossierStore.keep_definition`."""
        sql = self._sql

        def write(work: Work) -> None:
            work.execute(sql.add_definition, {"digest": digest, "text": text})
            if work.execute(sql.definition, {"digest": digest}).fetchone() != (text,):
                raise contradicted(digest)

        self._driver.transact(write)

    def definition(self, digest: str) -> str | None:
        """See :meth:`igate.office.store.DossierStore.definition`."""
        rows = self._driver.rows(self._sql.definition, {"digest": digest})
        return str(rows[0][0]) if rows else None

    def keyed(self, key: str) -> tuple[str, int] | None:
        """See :meth:`igate.office.store.DossierStore.keyed`."""
        rows = self._driver.rows(self._sql.keyed, {"key": key})
        return (str(rows[0][0]), int(rows[0][1])) if rows else None

    def definitions_in_use(self) -> tuple[InUse, ...]:
        """See :meth:`igate.office.store.DossierStore.definitions_in_use`."""
        return tuple(readable(self._driver.rows(self._sql.in_use, {}), use_of, code=4))

    def entries(self) -> Iterator[Entry]:
        """See :meth:`igate.office.store.DossierStore.entries`."""
        return readable(self._driver.stream(self._sql.entries, {}), entry_of)

    def codes(self) -> Iterator[str]:
        """See :meth:`igate.office.store.DossierStore.codes`."""
        return (code for (code,) in self._driver.stream(self._sql.codes, {}))

    def count(self) -> int:
        """See :meth:`igate.office.store.DossierStore.count`."""
        return int(self._driver.rows(self._sql.count_dossiers, {})[0][0])

    def count_entries(self) -> int:
        """See :meth:`igate.office.store.DossierStore.count_entries`."""
        return int(self._driver.rows(self._sql.count_entries, {})[0][0])

    def get_meta(self, key: str) -> str | None:
        """See :meth:`igate.office.store.DossierStore.get_meta`."""
        rows = self._driver.rows(self._sql.get_meta, {"key": key})
        return str(rows[0][0]) if rows else None

    def set_meta(self, key: str, value: str) -> None:
        """See :meth:`igate.office.store.DossierStore.set_meta`."""
        check_key(key)
        sql = self._sql
        self._driver.transact(lambda work: work.execute(sql.set_meta, {"key": key, "value": value}))

    def close(self) -> None:
        """See :meth:`igate.office.store.DossierStore.close`."""
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _check_key(self, work: Work, entry: Entry, waiting: dict[str, str] | None = None) -> None:
        """Refuse a key that an entry has, in the database or among those that wait to be written.

        Args:
            work: The transaction.
            entry: The entry.
            waiting: Code by key of the entries that wait; this one is added.
        """
        if not entry.key:
            return
        if waiting is not None and entry.key in waiting:
            raise used(entry.key, waiting[entry.key])
        found = work.execute(self._sql.keyed, {"key": entry.key}).fetchone()
        if found is not None:
            raise used(entry.key, found[0])
        if waiting is not None:
            waiting[entry.key] = entry.dossier


class _Batch:
    """Dossiers that wait to be written together."""

    def __init__(self, work: Work, sql: Statements) -> None:
        self._work = work
        self._sql = sql
        self._dossiers: dict[str, dict[str, Any]] = {}
        self._entries: list[dict[str, Any]] = []
        self._people: list[dict[str, str]] = []
        self._tasks: list[dict[str, Any]] = []
        self._timers: list[dict[str, Any]] = []
        self._messages: list[dict[str, Any]] = []
        self._references: list[dict[str, Any]] = []

    def holds(self, code: str) -> bool:
        return code in self._dossiers

    def add(
        self, row: dict[str, Any], entries: list[dict[str, Any]], people: list[dict[str, str]],
        record: Record,
    ) -> None:  # fmt: skip
        self._dossiers[row["code"]] = row
        self._entries += entries
        self._people += people
        self._tasks += task_rows(record)
        self._timers += timer_rows(record)
        self._messages += [queues.message_row(record)] if record.message else []
        code = record.entry.dossier
        self._references += [
            {"dossier": code, "system": system, "value": value}
            for system, value in record.references.items()
        ]
        self._people += [person_row(code, kind, text) for kind, text in record.contacts.items()]
        if len(self._entries) >= _BATCH:
            self.write()

    def write(self) -> None:
        sql, work = self._sql, self._work
        for statement, rows in (
            (sql.add_dossier, [*self._dossiers.values()]),
            (sql.add_person, self._people),
            (sql.add_entry, [[*each.values()] for each in self._entries]),
            (sql.add_task, self._tasks),
            (sql.add_timer, self._timers),
            (sql.add_message, self._messages),
            (sql.add_reference, self._references),
        ):
            work.executemany(statement, rows)
        self._dossiers.clear()
        for waiting in (
            self._entries, self._people, self._tasks, self._timers, self._messages,
            self._references,
        ):  # fmt: skip
            waiting.clear()


def _number(row: tuple[Any, ...] | None) -> int:
    return int(row[0]) if row else 1


def _there(work: Work, sql: Statements, code: str) -> bool:
    return work.execute(sql.head, {"code": code}).fetchone() is not None


def _stepped(row: dict[str, Any], record: Record) -> dict[str, Any]:
    """Return the values of the one statement by which PostgreSQL takes a step."""
    return row | {
        "entry": to_json(row["entry"]).decode(),
        "tasks": None if record.tasks is None else to_json(task_rows(record)).decode(),
        "timers": None if record.timers is None else to_json(timer_rows(record)).decode(),
        "message_id": f"{record.entry.dossier}/{record.entry.seq}",
        "body": record.message,
        "tried_at": row["entry"]["recorded_at"],
    }


_CONDITIONS: dict[str, str] = {
    "agency": "d.agency = :agency",
    "procedure": "d.procedure = :procedure",
    "state": "d.state = :state",
    # by the index of dates, whose codes are then put in order
    "due_before": "d.code IN (SELECT code FROM igate_dossier WHERE due_at < :due_before)",
    "finished": "(d.finished_at IS NOT NULL) = :finished",
    "parent": "d.parent = :parent",
}
#: where no agency is asked for: the codes of an index by agency are put in order, as those of dates
_OF_ALL = {"state": "d.code IN (SELECT code FROM igate_dossier WHERE state = :state)"}
