"""What decides a dossier: the text it was received under, kept by its hash, or the files."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import Struct

from igate.dossiers.engine import Ground, fold, names_a_revision, revision_named
from igate.dossiers.grounds import FiledGrounds
from igate.dossiers.standing import check_code
from igate.errors import IgateError, JournalError
from igate.procedures.definition import Definition
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from igate.calendar import WorkCalendar
    from igate.dossiers.dossier import Dossier, Entry
    from igate.office.store import DossierStore
    from igate.procedures.catalog.catalog import Catalog

__all__ = ["Current", "Grounds"]


class Current(Struct, frozen=True, kw_only=True):
    """A dossier as it is now, and what decides it."""

    dossier: Dossier
    ground: Ground
    #: its date of return as it was worked out last
    due: datetime | None
    #: seal of its last entry
    head: str


class Grounds:
    """What decides the dossiers of a store, compiled once each."""

    def __init__(self, store: DossierStore, catalog: Catalog, calendar: WorkCalendar) -> None:
        """Join a store, the files and a calendar."""
        self._store = store
        self._catalog = catalog
        self.calendar = calendar
        self._filed = FiledGrounds(calendar)
        #: what decides dossiers, by the digest of its definition
        self._kept: dict[str, Ground] = {}

    def current(self, code: str) -> Current:
        """Return a dossier as it is now: as the store keeps it, else folded from its journal."""
        check_code(code)
        latest = self._store.latest(code)
        dossier, image = latest.dossier, latest.image
        if dossier is not None and dossier.submission.definition:
            ground = self.defined(dossier.submission.definition)
            counting = dossier.counting
            if ground is not None and (counting is None or counting.calendar is self.calendar):
                return Current(dossier=dossier, ground=ground, due=latest.due, head=latest.head)
        if image is not None and latest.people is not None and image.definition:
            ground = self.defined(image.definition)
            if ground is not None:
                dossier = image.dossier(ground, latest.people)
                return Current(dossier=dossier, ground=ground, due=latest.due, head=latest.head)
        dossier, ground = self.fold(code)
        deadline = dossier.deadline
        return Current(
            dossier=dossier,
            ground=ground,
            due=None if deadline is None else deadline.due,
            head=latest.head,
        )

    def fold(self, code: str) -> tuple[Dossier, Ground]:
        """Fold the journal of a dossier; return it with what decides it.

        Raises:
            UnknownDossier: There is no dossier of this code.
        """
        check_code(code)
        entries = self._store.journal(code)
        ground_of = self.of_journal(entries)
        dossier = fold(entries, ground_of)
        last = next(each for each in reversed(entries) if names_a_revision(each))
        return dossier, ground_of(last)

    def of_journal(self, journal: tuple[Entry, ...]) -> Callable[[Entry], Ground]:
        """Return what decides a dossier after an entry: what it was received or moved under.

        A journal from before definitions were kept follows the files; the rules are those of its
        first day.
        """
        if not journal:
            raise JournalError(say("A journal without entries makes no dossier."))
        day = journal[0].happened_at.date()

        def of(entry: Entry) -> Ground:
            if entry.promise is not None and entry.promise.definition:
                return self._received(entry, entry.promise.definition, day)
            return self._named(entry, day)

        return of

    def _named(self, entry: Entry, day: date) -> Ground:
        """Return what decides a dossier after an entry by the files as they are."""
        procedure, revision = revision_named(entry)
        return self.in_force(procedure, revision, day)

    def _received(self, entry: Entry, digest: str, day: date) -> Ground:
        """Return what an entry promised.

        Raises:
            JournalError: It is neither in the store nor in the files.
        """
        ground = self.defined(digest)
        if ground is not None:
            return ground
        procedure, revision = revision_named(entry)
        with suppress(IgateError):
            ground = self.in_force(procedure, revision, day)
        if ground is None or ground.definition != digest:
            raise JournalError(
                say(
                    "What {dossier} was received under is not in this store: procedure "
                    "{procedure} as of {revision}, definition {digest}.",
                    dossier=entry.dossier,
                    procedure=procedure,
                    revision=revision,
                    digest=digest[:12],
                ),
                why=say("The files say something else now, or nothing."),
                fix=say(
                    "Keep the definition of the store that the journal comes from "
                    "(store.keep_definition), or put the file back as it was."
                ),
            )
        return ground

    def defined(self, digest: str) -> Ground | None:
        """Return what a definition that is kept stands for."""
        ground = self._kept.get(digest)
        if ground is not None:
            return ground
        text = self._store.definition(digest)
        if text is None:
            return None
        kept = Definition.read(text, digest)
        ground = Ground.of(kept.revision, kept.rules, self.calendar, definition=digest)
        self._kept[digest] = ground
        return ground

    def keep(self, ground: Ground) -> None:
        """Keep what a dossier is about to be received under."""
        digest = ground.definition
        if digest not in self._kept:
            text = Definition.of(ground.revision, ground.rules).text
            self._store.keep_definition(digest, text)
            self._kept[digest] = ground

    def in_force(self, procedure: str, revision_id: str, day: date) -> Ground:
        """Return what decides a dossier handed in on a day by the files, compiled once."""
        return self._filed.on(self._catalog.procedure(procedure).revision(revision_id), day)
