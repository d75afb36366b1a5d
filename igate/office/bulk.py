"""Bringing journals in from elsewhere, in batches of which each comes in whole or not at all.

What is there already is left as it is, so a load that was interrupted is begun again with the same
journals and goes on where it stopped; nothing comes in twice.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct

from igate.dossiers.agenda import agenda_of
from igate.dossiers.engine import fold, names_a_revision
from igate.dossiers.record import Record
from igate.dossiers.standing import Standing
from igate.errors import IgateError, StoreConflict, UnknownDossier
from igate.office.grounds import Grounds
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from igate.dossiers.dossier import Entry
    from igate.office.onestop import OneStop

__all__ = ["Loaded", "load_journals"]


class Loaded(Struct, frozen=True, kw_only=True):
    """What a load did."""

    #: dossiers that it brought in
    brought: int
    #: dossiers that were there already, with the same journal
    there: int


def load_journals(
    office: OneStop, journals: Iterable[Sequence[Entry]], *, batch: int = 1_000
) -> Loaded:
    """Bring in dossiers with their codes and journals, such as those of an event log.

    What follows from a journal (standing, date of return, tasks, timers) is worked out from it; no
    message about the past goes to other systems. A load that ended before its end is begun again
    with the same journals: those that are there are compared and passed over.

    Args:
        office: The desk; its catalogue or its store has what the dossiers were received under.
        journals: Each from its first entry on; ordered by code it is about twice as fast.
        batch: How many dossiers are written in one transaction. An interrupted load has written
            whole batches.

    Raises:
        StoreConflict: A dossier is there with another journal; the batches before it are written.
        JournalError: A journal does not fold.
        IgateError: ``batch`` is not positive.
    """
    if batch < 1:
        raise IgateError(
            say("batch={batch} brings nothing in.", batch=batch), fix=say("Pass batch=1000.")
        )
    loader, stream = _Loader(office), iter(journals)
    brought = there = 0
    while some := tuple(islice(stream, batch)):
        new = [tuple(journal) for journal in some if not loader.holds(journal)]
        there += len(some) - len(new)
        if new:
            brought += office.store.load([(journal, loader.record(journal)) for journal in new])
    return Loaded(brought=brought, there=there)


class _Loader:
    """Knows what is there, and works out what follows from a journal."""

    def __init__(self, office: OneStop) -> None:
        self._store = office.store
        self._grounds = Grounds(office.store, office.catalog, office.calendar)

    def holds(self, journal: Sequence[Entry]) -> bool:
        """Return whether a journal is there.

        Raises:
            StoreConflict: The dossier is there with another one.
        """
        if not journal:
            return False
        code = journal[0].dossier
        try:
            kept = self._store.journal(code)
        except UnknownDossier:
            return False
        if kept != tuple(journal):
            raise StoreConflict(
                say(
                    "The dossier {code} is in the store with another journal of {entries} entries; "
                    "this batch was not written.",
                    code=code,
                    entries=len(kept),
                ),
                why=say(
                    "A journal only grows by actions, and what was brought in is not replaced."
                ),
                fix=say("Leave the dossier out, or bring it into a store that does not have it."),
            )
        return True

    def record(self, journal: tuple[Entry, ...]) -> Record:
        """Return what follows from a journal, and keep what the dossier was received under."""
        ground_of = self._grounds.of_journal(journal)
        dossier = fold(journal, ground_of)
        named = [entry for entry in journal if names_a_revision(entry)]
        for entry in named:
            if entry.promise is not None:
                self._grounds.keep(ground_of(entry))
        ground = ground_of(named[-1])
        tasks, timers = agenda_of(dossier, ground, due=dossier.due)
        standing = Standing.due(dossier, dossier.due)
        return Record(journal[-1], standing, dossier=dossier, tasks=tasks, timers=timers)
