"""The statements by which messages and timers are claimed, put off and finished.

On PostgreSQL a claim skips what another worker holds (``SKIP LOCKED``); on SQLite there is one
writer at a time, so what a transaction reads nobody else changes.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from igate.dossiers.record import Timer
from igate.dossiers.standing import epoch_seconds
from igate.law.localtime import moment_at
from igate.office.lists import NO_DATE
from igate.office.queues import DueTimer, Outgoing

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from typing import Any

    from igate.dossiers.record import Record, TimerKind
    from igate.office.sql.driver import Driver, Work
    from igate.office.sql.statements import Statements

__all__ = [
    "claim_messages",
    "claim_timers",
    "dead_messages",
    "drop_message",
    "finish_timer",
    "message_row",
    "put_off",
    "revive",
]

_COLUMNS = "m.number, m.dossier, m.body, m.attempts, m.next_at, m.reason"


def message_row(record: Record) -> dict[str, Any]:
    """Return the row of the message about an entry."""
    entry = record.entry
    return _row(entry.dossier, f"{entry.dossier}/{entry.seq}", record.message, entry.recorded_at)


def _row(code: str, name: str, body: str, at: datetime) -> dict[str, Any]:
    return {"dossier": code, "id": name, "body": body, "at": epoch_seconds(at)}


def claim_messages(
    driver: Driver, sql: Statements, *, at: datetime, limit: int, lease: timedelta
) -> tuple[Outgoing, ...]:
    """Claim the next messages: of each dossier the first only, and none that somebody holds."""
    lock = " FOR UPDATE OF m SKIP LOCKED" if sql.dialect == "postgresql" else ""
    find = sql.sql(f"""SELECT {_COLUMNS} FROM igate_message m
WHERE m.next_at <= :at AND m.claimed_until <= :at AND NOT EXISTS (
SELECT 1 FROM igate_message e WHERE e.dossier = m.dossier AND e.number < m.number
AND e.next_at < :never) ORDER BY m.number LIMIT :limit{lock}""")  # noqa: S608 - columns of ours
    hold = sql.sql("UPDATE igate_message SET claimed_until = :until WHERE number = :number")
    now = epoch_seconds(at)
    until = epoch_seconds(at + lease)

    def claim(work: Work) -> list[tuple[Any, ...]]:
        rows = work.execute(find, {"at": now, "never": NO_DATE, "limit": limit}).fetchall()
        work.executemany(hold, [{"number": row[0], "until": until} for row in rows])
        return rows

    return tuple([_outgoing(row) for row in driver.transact(claim)])


def drop_message(driver: Driver, sql: Statements, number: int) -> None:
    """Take a message out that was delivered."""
    statement = sql.sql("DELETE FROM igate_message WHERE number = :number")
    driver.transact(lambda work: work.execute(statement, {"number": number}))


def put_off(
    driver: Driver, sql: Statements, number: int, *, until: datetime | None, reason: str
) -> None:
    """Let a message be tried again later, or never (``None``), and keep why it failed."""
    values = {
        "number": number,
        "until": NO_DATE if until is None else epoch_seconds(until),
        "reason": reason,
    }
    statement = sql.sql("""UPDATE igate_message SET attempts = attempts + 1, claimed_until = 0,
next_at = :until, reason = :reason WHERE number = :number""")
    driver.transact(lambda work: work.execute(statement, values))


def dead_messages(driver: Driver, sql: Statements) -> tuple[Outgoing, ...]:
    """Return the messages that were refused for good, in order."""
    statement = sql.sql(
        f"SELECT {_COLUMNS} FROM igate_message m WHERE m.next_at = :never ORDER BY m.number"  # noqa: S608 - columns of ours
    )
    return tuple([_outgoing(row) for row in driver.rows(statement, {"never": NO_DATE})])


def revive(driver: Driver, sql: Statements, number: int, *, at: datetime) -> bool:
    """Let a dead message be tried again; say whether there was one."""
    statement = sql.sql("""UPDATE igate_message SET next_at = :at, attempts = 0
WHERE number = :number AND next_at = :never""")
    values = {"number": number, "at": epoch_seconds(at), "never": NO_DATE}
    return driver.transact(lambda work: work.execute(statement, values).rowcount) == 1


def _outgoing(row: tuple[Any, ...]) -> Outgoing:
    number, dossier, body, attempts, next_at, reason = row
    return Outgoing(
        number=number,
        dossier=dossier,
        body=body,
        attempts=attempts,
        next_at=None if next_at == NO_DATE else moment_at(next_at),
        reason=reason,
    )


def claim_timers(
    driver: Driver, sql: Statements, *, at: datetime, limit: int, lease: timedelta
) -> tuple[DueTimer, ...]:
    """Claim what has fallen due, the first of it first.

    What nobody holds, and what somebody has held for too long, are two ranges of one index: in one
    statement all that is due would be put in order before the first of it is known.
    """
    lock = " FOR UPDATE SKIP LOCKED" if sql.dialect == "postgresql" else ""
    finds = [
        sql.sql(f"""SELECT dossier, kind, about, due_at FROM igate_timer
WHERE {held} AND due_at <= :at ORDER BY due_at, dossier, kind, about LIMIT :limit{lock}""")  # noqa: S608 - words of ours
        for held in ("claimed_until = 0", "claimed_until > 0 AND claimed_until <= :at")
    ]
    hold = sql.sql("""UPDATE igate_timer SET claimed_until = :until
WHERE dossier = :dossier AND kind = :kind AND about = :about""")
    now, until = epoch_seconds(at), epoch_seconds(at + lease)

    def claim(work: Work) -> list[tuple[Any, ...]]:
        asked = {"at": now, "limit": limit}
        found = [row for find in finds for row in work.execute(find, asked).fetchall()]
        rows = sorted(found, key=itemgetter(3, 0, 1, 2))[:limit]
        held = [dict(zip(("dossier", "kind", "about"), row[:3], strict=True)) for row in rows]
        work.executemany(hold, [each | {"until": until} for each in held])
        return rows

    return tuple([_due(row) for row in driver.transact(claim)])


def _due(row: tuple[Any, ...]) -> DueTimer:
    dossier, kind, about, due_at = row
    kind_: TimerKind = kind
    timer = Timer(kind=kind_, about=about, due_at=moment_at(due_at))
    return DueTimer(dossier=dossier, timer=timer)


def finish_timer(
    driver: Driver, sql: Statements, due: DueTimer, *, message: str, at: datetime
) -> None:
    """Note that a timer was acted upon, unless it was set anew, and tell of it once."""
    statement = sql.sql("""UPDATE igate_timer SET claimed_until = :never WHERE dossier = :dossier
AND kind = :kind AND about = :about AND due_at = :due_at AND claimed_until < :never""")
    values = {
        "dossier": due.dossier,
        "kind": due.timer.kind,
        "about": due.timer.about,
        "due_at": epoch_seconds(due.timer.due_at),
        "never": NO_DATE,
    }

    def finish(work: Work) -> None:
        if work.execute(statement, values).rowcount and message:
            name = f"{due.dossier}/{due.timer.kind}/{due.timer.about}/{values['due_at']}"
            work.execute(sql.add_message, _row(due.dossier, name, message, at))

    driver.transact(finish)
