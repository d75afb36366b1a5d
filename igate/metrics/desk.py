"""The dossiers of a desk as columns, and the stays of its dossiers in their steps.

Everything comes from folding the journals; the standings of the store are not asked. So whoever has
the journals, the catalogue and the calendar can derive the same columns.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from igate.law.localtime import local

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from igate.dossiers.dossier import Dossier, Entry

__all__ = ["Desk", "Journals", "desk_columns", "dossier_columns", "journals_of"]


class Journals(Protocol):
    """What keeps the journals; a store of a desk does."""

    def entries(self) -> Iterable[Entry]:
        """Return all entries, those of one dossier together and in order."""


class Desk(Protocol):
    """What is read of a desk; ``igate.OneStop`` is one."""

    @property
    def store(self) -> Journals:
        """The journals."""

    def replay(self, entries: tuple[Entry, ...]) -> Dossier:
        """Fold a journal."""


def desk_columns(office: Desk, *, as_of: date | None = None) -> dict[str, list[object]]:
    """Return the dossiers of a desk as columns for ``metrics.settlement``.

    Args:
        office: The desk.
        as_of: The day, inclusive, up to whose end the journals are read, so that the columns of a
            past day do not change; all of them when absent.

    Returns:
        As ``dossier_columns``.

    Raises:
        JournalError: A journal does not fold; nothing is left out in silence.
    """
    return dossier_columns(office.replay(journal) for journal in journals_of(office, as_of))


def journals_of(office: Desk, as_of: date | None) -> Iterator[tuple[Entry, ...]]:
    """Yield the journal of each dossier as it was at the end of a day, if it had begun by then."""
    for _, group in groupby(office.store.entries(), key=lambda entry: entry.dossier):
        journal = tuple(each for each in group if as_of is None or _day(each) <= as_of)
        if journal:
            yield journal


def _day(entry: Entry) -> date:
    return local(entry.happened_at).date()


def dossier_columns(dossiers: Iterable[Dossier]) -> dict[str, list[object]]:
    """Return dossiers as columns for ``metrics.settlement``.

    Args:
        dossiers: Dossiers as a desk returns them. Those that were never received are left out.

    Returns:
        Lists of equal length: ``code``, ``procedure``, ``agency``, ``channel``, ``case``,
        ``received``, ``started``, ``finished``, ``recorded``, ``due`` and ``first_due`` (aware
        datetimes or ``None``), ``reopened`` (a number), ``suspensions`` and ``state`` (texts).
    """
    received = [dossier for dossier in dossiers if dossier.received_at is not None]
    return {
        "code": [dossier.code for dossier in received],
        "procedure": [dossier.procedure for dossier in received],
        "agency": [dossier.agency for dossier in received],
        "channel": [dossier.channel for dossier in received],
        "case": [dossier.submission.case for dossier in received],
        "received": [dossier.received_at for dossier in received],
        "started": [dossier.started_at for dossier in received],
        "finished": [dossier.finished_at for dossier in received],
        "recorded": [dossier.recorded_at for dossier in received],
        "reopened": [dossier.reopened for dossier in received],
        "due": [_due(dossier) for dossier in received],
        "first_due": [_first_due(dossier) for dossier in received],
        "suspensions": [_suspensions(dossier) for dossier in received],
        "state": [dossier.state for dossier in received],
    }


def _due(dossier: Dossier) -> datetime | None:
    return dossier.deadline.due if dossier.deadline else None


def _first_due(dossier: Dossier) -> datetime | None:
    """Return the due date as it was before an apology promised a new one."""
    return dossier.deadline.original_due if dossier.deadline else None


def _suspensions(dossier: Dossier) -> str:
    """Write the interruptions as ``reason:from/to|…``; an open one ends in ``..``."""
    spans: list[list[str]] = []
    opened: dict[str, list[str]] = {}
    for mark in dossier.marks:
        at = f"{mark.at:%Y-%m-%dT%H:%M}"
        if mark.kind == "suspend" and mark.reason not in opened:
            opened[mark.reason] = [mark.reason, at, ".."]
            spans.append(opened[mark.reason])
        elif mark.kind == "resume" and mark.reason in opened:
            opened.pop(mark.reason)[2] = at
    return "|".join(f"{reason}:{since}/{until}" for reason, since, until in spans)
