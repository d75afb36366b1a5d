"""The rows of references, contacts, attachments and payments, and the erasure of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from igate.dossiers.standing import absent, epoch_seconds
from igate.law.localtime import moment_at
from igate.office.hostdata import CONTACTS, Attachment, Payment
from igate.office.sql.rows import person_row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from igate.office.sql.driver import Driver, Work
    from igate.office.sql.statements import Statements

__all__ = [
    "add_attachment",
    "add_payment",
    "attachments",
    "contacts",
    "erase",
    "payments",
    "references",
    "write_host_data",
]

_KINDS = ", ".join(f"'{kind}'" for kind in CONTACTS)
_ATTACHMENT = "dossier, number, name, digest, size, signature, added_at"
_PAYMENT = "reference, dossier, item, amount, paid_at, channel, outcome, recorded_at"


def write_host_data(
    work: Work,
    sql: Statements,
    code: str,
    *,
    references: Mapping[str, str],
    contacts: Mapping[str, str],
) -> None:
    """Keep how other systems call a dossier, and how its applicant is reached; the last counts."""
    for system, value in references.items():
        work.execute(sql.add_reference, {"dossier": code, "system": system, "value": value})
    for kind, text in contacts.items():
        work.execute(sql.add_person, person_row(code, kind, text))


def references(driver: Driver, sql: Statements, code: str) -> dict[str, str]:
    """Return how other systems call a dossier, by system."""
    statement = sql.sql(
        "SELECT system, value FROM igate_reference WHERE dossier = :code ORDER BY system"
    )
    return dict(driver.rows(statement, {"code": code}))


def contacts(driver: Driver, sql: Statements, code: str) -> dict[str, str]:
    """Return how the applicant is reached, by kind."""
    statement = sql.sql(
        f"SELECT ref, text FROM igate_person WHERE dossier = :code AND ref IN ({_KINDS}) "  # noqa: S608 - names of ours
        "ORDER BY ref"
    )
    return dict(driver.rows(statement, {"code": code}))


def add_attachment(driver: Driver, sql: Statements, given: Attachment) -> Attachment:
    """Keep a file's name, digest and size under the next number of its dossier."""
    last = sql.sql("SELECT coalesce(max(number), 0) FROM igate_attachment WHERE dossier = :dossier")
    add = sql.sql(f"""INSERT INTO igate_attachment ({_ATTACHMENT})
VALUES (:dossier, :number, :name, :digest, :size, :signature, :added_at)""")  # noqa: S608 - columns of ours
    # the row of the dossier is held, so that two who add at once get two numbers
    lock = " FOR UPDATE" if sql.dialect == "postgresql" else ""
    hold = sql.sql(f"SELECT code FROM igate_dossier WHERE code = :dossier{lock}")  # noqa: S608 - words of ours

    def write(work: Work) -> int:
        key = {"dossier": given.dossier}
        if work.execute(hold, key).fetchone() is None:
            raise absent(given.dossier)
        number = int((work.execute(last, key).fetchone() or (0,))[0]) + 1
        work.execute(
            add,
            key
            | {
                "number": number,
                "name": given.name,
                "digest": given.digest,
                "size": given.size,
                "signature": given.signature,
                "added_at": epoch_seconds(given.added_at),
            },
        )
        return number

    return _numbered(given, driver.transact(write))


def _numbered(given: Attachment, number: int) -> Attachment:
    return Attachment(
        dossier=given.dossier,
        number=number,
        name=given.name,
        digest=given.digest,
        size=given.size,
        signature=given.signature,
        added_at=given.added_at,
    )


def attachments(driver: Driver, sql: Statements, code: str) -> tuple[Attachment, ...]:
    """Return the files of a dossier in the order of adding."""
    statement = sql.sql(
        f"SELECT {_ATTACHMENT} FROM igate_attachment WHERE dossier = :code ORDER BY number"  # noqa: S608 - columns of ours
    )
    return tuple(
        [
            Attachment(
                dossier=row[0], number=row[1], name=row[2], digest=row[3], size=row[4],
                signature=row[5], added_at=moment_at(row[6]),
            )
            for row in driver.rows(statement, {"code": code})
        ]
    )  # fmt: skip


def add_payment(driver: Driver, sql: Statements, given: Payment) -> Payment:
    """Keep a payment, or return the one that is kept under its reference."""
    add = sql.sql(f"""INSERT INTO igate_payment ({_PAYMENT})
VALUES (:reference, :dossier, :item, :amount, :paid_at, :channel, :outcome, :recorded_at)
ON CONFLICT (reference) DO NOTHING""")  # noqa: S608 - columns of ours
    find = sql.sql(f"SELECT {_PAYMENT} FROM igate_payment WHERE reference = :reference")  # noqa: S608 - the same
    values = {
        "reference": given.reference,
        "dossier": given.dossier,
        "item": given.item,
        "amount": given.amount,
        "paid_at": epoch_seconds(given.paid_at),
        "channel": given.channel,
        "outcome": given.outcome,
        "recorded_at": epoch_seconds(given.recorded_at),
    }

    def write(work: Work) -> tuple[Any, ...]:
        work.execute(add, values)
        return work.execute(find, {"reference": given.reference}).fetchone() or ()

    return _payment(driver.transact(write))


def payments(driver: Driver, sql: Statements, code: str) -> tuple[Payment, ...]:
    """Return the payments for a dossier in the order of paying."""
    statement = sql.sql(f"""SELECT {_PAYMENT} FROM igate_payment WHERE dossier = :code
ORDER BY paid_at, reference""")  # noqa: S608 - columns of ours
    return tuple([_payment(row) for row in driver.rows(statement, {"code": code})])


def _payment(row: tuple[Any, ...]) -> Payment:
    return Payment(
        reference=row[0], dossier=row[1], item=row[2], amount=row[3], paid_at=moment_at(row[4]),
        channel=row[5], outcome=row[6], recorded_at=moment_at(row[7]),
    )  # fmt: skip


def erase(
    work: Work, sql: Statements, code: str, *, pseudonym: Callable[[str], str] | None
) -> None:
    """Erase the people of a dossier, or put pseudonyms in the place of their texts."""
    key = {"code": code}
    gone = f"DELETE FROM igate_person WHERE dossier = :code AND ref IN ({_KINDS})"  # noqa: S608 - names of ours
    work.execute(sql.sql(gone), key)
    # the rows stay, without a text: who is named later never gets the reference of somebody erased
    change = sql.sql("""UPDATE igate_person SET text = :text, folded = '', turned = ''
WHERE dossier = :dossier AND ref = :ref""")
    named = work.execute(sql.people, {"dossier": code}).fetchall()
    work.executemany(
        change,
        [
            {"dossier": code, "ref": ref, "text": "" if pseudonym is None else pseudonym(text)}
            for ref, text in named
        ],
    )
    rename = "UPDATE igate_attachment SET name = '' WHERE dossier = :code"
    work.execute(sql.sql(rename), key)
    work.execute(sql.sql("DELETE FROM igate_reference WHERE dossier = :code"), key)
