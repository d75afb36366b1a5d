"""The receipts of a dossier: what the applicant holds in hand, and what replaced it.

A receipt says who handed in what, where it was received and when the result is due (giấy tiếp nhận
hồ sơ và hẹn trả kết quả). It is made by the receipt; a correction of the registration, a move to
another revision and a later start make the next one, with its deadline counted anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from igate.dossiers.engine import apply, begin, migrate, names_a_revision
from igate.procedures.workflow import MIGRATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from igate.deadlines.deadline import Deadline
    from igate.dossiers.dossier import Dossier, Entry, Submission
    from igate.dossiers.engine import Ground

__all__ = ["Receipt", "receipts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One receipt."""

    #: code of the dossier
    dossier: str
    #: from 1; the one with the highest number holds
    number: int
    #: number of the entry by which it was issued
    seq: int
    #: what is registered
    submission: Submission
    #: agency at whose counter it was received
    counter: str
    received_at: datetime
    issued_at: datetime
    #: why it replaces the one before; empty of the first
    reason: str
    #: as counted then, with its proof
    deadline: Deadline | None

    @property
    def due(self) -> datetime | None:
        """The date of return that it promises."""
        return None if self.deadline is None else self.deadline.due


def receipts(entries: Iterable[Entry], ground_of: Callable[[Entry], Ground]) -> tuple[Receipt, ...]:
    """Return the receipts of a dossier, in order of time.

    Args:
        entries: The journal, in order.
        ground_of: As for :func:`igate.dossiers.engine.fold`.

    Raises:
        JournalError: The entries do not follow one another.
    """
    found: list[Receipt] = []
    dossier: Dossier | None = None
    ground: Ground | None = None
    for entry in entries:
        if ground is None or names_a_revision(entry):
            ground = ground_of(entry)
        before = dossier
        if dossier is None:
            dossier = begin(entry, ground)
        elif entry.action == MIGRATE:
            dossier = migrate(dossier, entry, ground)
        else:
            dossier = apply(dossier, entry, ground)
        started = before is not None and before.started_at != dossier.started_at
        changed = bool(entry.changes) or entry.action == MIGRATE
        if dossier.received_at is not None and (started or (changed and found)):
            found.append(_receipt(dossier, entry, len(found) + 1))
    return tuple(found)


def _receipt(dossier: Dossier, entry: Entry, number: int) -> Receipt:
    return Receipt(
        dossier=dossier.code,
        number=number,
        seq=entry.seq,
        submission=dossier.submission,
        counter=dossier.counter,
        received_at=dossier.received_at or entry.happened_at,
        issued_at=entry.recorded_at,
        reason="" if number == 1 else entry.note or entry.action,
        deadline=dossier.deadline,
    )
