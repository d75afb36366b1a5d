"""Bringing journals in from elsewhere, in batches of which each comes in whole or not at all.

What is there already is left as it is, so a load that was interrupted is begun again with the same
journals and goes on where it stopped; nothing comes in twice.

The store asks of each dossier whether it is there when it writes it. So a batch is looked up before
only where the one before it was there in part, as at the beginning of a load that goes on.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from igate.dossiers.agenda import agenda_of
from igate.dossiers.engine import fold, names_a_revision
from igate.dossiers.record import Record
from igate.dossiers.standing import Standing
from igate.errors import IgateError, JournalError, StoreConflict, UnknownDossier
from igate.office.grounds import Grounds
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from igate.calendar import WorkCalendar
    from igate.dossiers.dossier import Entry
    from igate.office.store import DossierStore
    from igate.procedures.catalog.catalog import Catalog

__all__ = ["Loaded", "Loading", "load_journals"]


class Loaded(Struct, frozen=True, kw_only=True, omit_defaults=True, repr_omit_defaults=True):
    """What a load did."""

    #: dossiers that it brought in
    brought: int
    #: dossiers that were there already, with the same journal
    there: int
    #: dossiers that it left out, each of which ``refuse`` was told
    refused: int = 0


class Loading(Protocol):
    """What journals are brought into; ``igate.OneStop`` is one."""

    @property
    def store(self) -> DossierStore:
        """Where they are kept."""

    @property
    def catalog(self) -> Catalog:
        """The procedures."""

    @property
    def calendar(self) -> WorkCalendar:
        """The working days."""


def load_journals(
    office: Loading,
    journals: Iterable[Sequence[Entry]],
    *,
    batch: int = 1_000,
    refuse: Callable[[str, IgateError], None] | None = None,
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
        refuse: Is told the code of a dossier that cannot come in, and why; the others come in.
            ``None``: the first such dossier ends the load.

    Raises:
        StoreConflict: A dossier is there with another journal; the batches before it are written.
        JournalError: A journal does not fold.
        IgateError: ``batch`` is not positive.
    """
    if batch < 1:
        raise IgateError(
            say("batch={batch} brings nothing in.", batch=batch), fix=say("Pass batch=1000.")
        )
    loader, stream = _Loader(office, refuse), iter(journals)
    while some := [tuple(journal) for journal in islice(stream, batch)]:
        loader.bring(some)
    return Loaded(brought=loader.brought, there=loader.there, refused=loader.refused)


class _Loader:
    """Knows what is there, and works out what follows from a journal."""

    def __init__(self, office: Loading, refuse: Callable[[str, IgateError], None] | None) -> None:
        self._store = office.store
        self._grounds = Grounds(office.store, office.catalog, office.calendar)
        self._refuse = refuse
        #: whether some of the batch before was there, and how many dossiers were so far
        self._met, self._found = False, 0
        self.brought = self.there = self.refused = 0

    def bring(self, journals: list[tuple[Entry, ...]]) -> None:
        """Bring in a batch as far as it is not there.

        Raises:
            StoreConflict: A dossier is there with another journal.
            JournalError: A journal does not fold.
        """
        before = self._found
        new = self._absent(journals) if self._met else journals
        made = self._records(new)
        try:
            self._write(made)
        except StoreConflict:
            # somebody has one of them: the store, or another load that runs
            absent = self._absent([journal for journal, _ in made])
            kept = {journal[0].dossier for journal in absent}
            self._write([each for each in made if each[0][0].dossier in kept])
        self._met = self._found > before

    def _write(self, made: list[tuple[tuple[Entry, ...], Record]]) -> None:
        if made:
            self.brought += self._store.load(made)

    def _absent(self, journals: list[tuple[Entry, ...]]) -> list[tuple[Entry, ...]]:
        """Return the journals that are not there, and count the others."""
        return [each for each in journals if not each or not self._holds(each)]

    def _holds(self, journal: tuple[Entry, ...]) -> bool:
        """Return whether a dossier is there, or was refused because it is, with another journal.

        Raises:
            StoreConflict: The dossier is there with another one, and nobody is told.
        """
        code = journal[0].dossier
        try:
            kept = self._store.journal(code)
        except UnknownDossier:
            return False
        self._found += 1
        if kept == journal:
            self.there += 1
        else:
            self._left_out(code, _another(code, len(kept)))
        return True

    def _left_out(self, code: str, error: IgateError) -> None:
        if self._refuse is None:
            raise error
        self._refuse(code, error)
        self.refused += 1

    def _records(self, journals: list[tuple[Entry, ...]]) -> list[tuple[tuple[Entry, ...], Record]]:
        made = []
        for journal in journals:
            try:
                made.append((journal, self._record(journal)))
            except JournalError as error:
                self._left_out(journal[0].dossier if journal else "", error)
        return made

    def _record(self, journal: tuple[Entry, ...]) -> Record:
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


def _another(code: str, entries: int) -> StoreConflict:
    return StoreConflict(
        say(
            "The dossier {code} is in the store with another journal of {entries} entries.",
            code=code,
            entries=entries,
        ),
        why=say("A journal only grows by actions, and what was brought in is not replaced."),
        fix=say("Leave the dossier out, or bring it into a store that does not have it."),
    )
