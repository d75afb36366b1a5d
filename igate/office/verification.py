"""Holding every journal against itself, against the rows beside it, and against an anchor.

Each entry is decided again by the engine, for the actor, the moment and the facts that it names and
under what decided it then. What follows from a journal is worked out anew and compared with what is
kept. A row that cannot be read is a finding; the next dossier is read all the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NoReturn

from msgspec import Struct, structs

from igate.dossiers.agenda import tasks_of, timers_of
from igate.dossiers.dossier import Actor
from igate.dossiers.engine import apply, begin, migrate, names_a_revision
from igate.dossiers.record import Record
from igate.dossiers.redecision import decided_again, differing, right_to_be_late
from igate.dossiers.standing import Standing
from igate.errors import IgateError, JournalError, MomentError
from igate.office.evidence import JournalFinding, PlainEvidence
from igate.office.grounds import Grounds
from igate.office.hostdata import ERASE, erase_entry
from igate.procedures.workflow import MIGRATE
from igate.words.sentence import beside, say, together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from igate.calendar import WorkCalendar
    from igate.dossiers.dossier import Dossier, Entry
    from igate.dossiers.engine import Ground
    from igate.office.anchor import Anchor
    from igate.office.evidence import Evidence, Exhibit, FindingKind
    from igate.office.store import DossierStore
    from igate.procedures.catalog.catalog import Catalog
    from igate.words.sentence import Sentence

__all__ = ["Verification", "verified"]

#: what reading and deciding values of a wrong kind may raise; each becomes a finding
_BROKEN: Final = (
    IgateError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, OSError,
    RecursionError,
)  # fmt: skip


class Verification(Struct, frozen=True, kw_only=True):
    """What was looked at, and what was found."""

    dossiers: int
    entries: int
    #: by dossier, then what is beside them
    findings: tuple[JournalFinding, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found but notes."""
        return all(each.is_note for each in self.findings)


def verified(
    store: DossierStore,
    *,
    catalog: Catalog,
    calendar: WorkCalendar,
    at: datetime,
    anchor: Anchor | None = None,
) -> Verification:
    """Verify all journals of a store.

    Args:
        store: The store; one that shows no rows is verified without seals.
        catalog: The files, for dossiers whose definition is not kept.
        calendar: The working days. What was counted before days off were announced is counted as
            they were known then.
        at: The present moment.
        anchor: What the journals were on an earlier day.

    Raises:
        StoreError: The store cannot be read at all.
    """
    show: Callable[[], Evidence] | None = getattr(store, "evidence", None)
    evidence: Evidence = PlainEvidence(store) if show is None else show()
    judge = _Judge(store, catalog, calendar)
    found: list[JournalFinding] = []
    seen: set[str] = set()
    entries = 0
    for exhibit in evidence.exhibits():
        seen.add(exhibit.code)
        entries += len(exhibit.entries)
        found += judge.findings(exhibit, at)
        if anchor is not None:
            found += _against(anchor, exhibit)
    if anchor is not None:
        found += _gone(anchor, seen)
    return Verification(
        dossiers=len(seen), entries=entries, findings=tuple(_once(found, evidence.findings()))
    )


def _once(
    found: list[JournalFinding], others: tuple[JournalFinding, ...]
) -> Iterator[JournalFinding]:
    """Yield findings, of a dossier that is gone only the first."""
    gone: set[str] = set()
    for each in (*found, *others):
        if each.kind == "dossier_removed":
            if each.dossier in gone:
                continue
            gone.add(each.dossier)
        yield each


class _Judge:
    """Decides journals again."""

    def __init__(self, store: DossierStore, catalog: Catalog, calendar: WorkCalendar) -> None:
        self._store = store
        self._catalog = catalog
        self._calendar = calendar
        self._now = Grounds(store, catalog, calendar)
        self._then: dict[date, Grounds] = {}

    def findings(self, exhibit: Exhibit, at: datetime) -> list[JournalFinding]:
        """Return what is found of a dossier."""
        found: list[JournalFinding] = []
        try:
            found += exhibit.findings()
            if exhibit.entries and exhibit.entries[0].seq == 1:
                return _merged(found, self._decided(exhibit, found, at))
        except _BROKEN as error:
            found.append(_finding(exhibit, 0, "unreadable", _said(error)))
        return found

    def _decided(
        self, exhibit: Exhibit, found: list[JournalFinding], at: datetime
    ) -> list[JournalFinding]:
        """Decide a journal again; with the days off of then where those of now do not give it."""
        sound = not any(each.entry for each in found)
        now = _replayed(exhibit, at, lambda _: self._now, sound=sound)
        if all(each.is_note for each in now):
            return now
        then = _replayed(exhibit, at, self._known_then, sound=sound)
        return then if len(then) < len(now) else now

    def _known_then(self, entry: Entry) -> Grounds:
        """Return what decides with the days off that were known when an entry was recorded."""
        day = entry.recorded_at.date()
        grounds = self._then.get(day)
        if grounds is None:
            try:
                known = self._calendar.known_on(day)
            except IgateError:
                known = self._calendar
            same = next((g for g in self._then.values() if g.calendar == known), None)
            grounds = same or Grounds(self._store, self._catalog, known)
            self._then[day] = grounds
        return grounds


class _Stopped(Exception):
    """A journal cannot be followed any further."""


def _replayed(
    exhibit: Exhibit, at: datetime, grounds_at: Callable[[Entry], Grounds], *, sound: bool
) -> list[JournalFinding]:
    """Decide the entries of a dossier again, and compare what follows from them.

    Args:
        exhibit: The dossier.
        at: The present moment.
        grounds_at: Gives what decides at an entry.
        sound: Whether nothing is known to be wrong with an entry.
    """
    replay = _Replay(exhibit, grounds_at, sound=sound)
    try:
        record = replay.run()
    except _Stopped:
        return replay.found
    except _BROKEN as error:
        # what was found before explains it better
        return replay.found or [_finding(exhibit, replay.entry, "unreadable", _said(error))]
    return [*replay.found, *exhibit.compared(record, at=at)]


class _Replay:
    """One journal, entry by entry."""

    def __init__(
        self, exhibit: Exhibit, grounds_at: Callable[[Entry], Grounds], *, sound: bool
    ) -> None:
        self._exhibit = exhibit
        self._entries = exhibit.entries
        self._grounds_at = grounds_at
        self._sound = sound
        #: number of the entry that is looked at
        self.entry = 1
        self.found: list[JournalFinding] = []

    def run(self) -> Record:
        """Follow the journal to its end.

        Raises:
            _Stopped: It cannot be followed; why is among the findings.
        """
        first, *others = self._entries
        named, ground = first, self._ground(first, first)
        self._decide(None, first, ground)
        dossier = begin(first, ground)
        due = None
        for entry in others:
            self.entry = entry.seq
            before = self._recounted(dossier, entry)
            self._check_place(before, entry)
            old = self._ground(named, entry)
            named = entry if names_a_revision(entry) else named
            ground = self._ground(named, entry)
            moved = entry.action == MIGRATE
            self._decide(before, entry, ground if moved else old, becomes=ground)
            dossier = self._applied(before, entry, ground)
            if moved or not _same_clock(before, dossier):
                deadline = dossier.deadline
                due = None if deadline is None else deadline.due
        return Record(
            self._entries[-1],
            Standing.due(dossier, due),
            dossier=dossier,
            tasks=tasks_of(dossier, ground),
            timers=timers_of(dossier, ground, due=due),
        )

    def _recounted(self, dossier: Dossier, entry: Entry) -> Dossier:
        """Return a dossier as it was counted when an entry was written."""
        counting = dossier.counting
        calendar = self._grounds_at(entry).calendar
        if counting is None or counting.calendar is calendar:
            return dossier
        return structs.replace(dossier, counting=replace(counting, calendar=calendar))

    def _ground(self, named: Entry, at: Entry) -> Ground:
        """Return what decides after an entry that names a revision, at another entry."""
        try:
            return self._grounds_at(at).of_journal(self._entries)(named)
        except IgateError as error:
            digest = named.promise.definition if named.promise else ""
            kind: FindingKind = "definition_changed" if digest else "not_kept"
            self._stop(named.seq, kind, digest[:12] or _said(error))

    def _check_place(self, before: Dossier, entry: Entry) -> None:
        """Stop where an entry does not follow on the one before it."""
        if entry.seq == before.seq + 1 and entry.source == before.state:
            return
        if self.found or not self._sound:
            raise _Stopped  # this follows from what was found
        next_one = next((each for each in self._entries if each.seq == entry.seq + 1), None)
        if next_one is not None and next_one.source == before.state:
            self._stop(entry.seq, "inserted", f"it starts from {entry.source!r}.")
        self._stop(entry.seq, "removed", f"{before.state} → {entry.source}")

    def _decide(
        self, before: Dossier | None, entry: Entry, ground: Ground, *, becomes: Ground | None = None
    ) -> None:
        """Note what the engine says against an entry."""
        try:
            if before is not None and entry.action == ERASE:
                decided = _erased(before, entry, ground)
            else:
                decided = decided_again(before, entry, ground, becomes=becomes)
        except MomentError as error:
            self._decide_late(before, entry, ground, error)
            return
        except IgateError as error:
            kind: FindingKind = "inserted" if before is not None else "dossier_inserted"
            self._note(entry.seq, kind, _said(error))
            return
        kept = self._entries[0].promise is not None
        fields = differing(entry, decided, kept=kept)
        if fields:
            self._note(entry.seq, "changed", ", ".join(fields))

    def _decide_late(
        self, before: Dossier | None, entry: Entry, ground: Ground, error: MomentError
    ) -> None:
        """Decide an entry as if it were recorded in time; only some roles may record it later."""
        rights = right_to_be_late(entry, ground)
        if not rights:
            self._note(entry.seq, "inserted", _said(error))
            return
        self._decide(before, structs.replace(entry, recorded_at=entry.happened_at), ground)
        self._note(entry.seq, "right_unknown", ", ".join(rights))

    def _applied(self, before: Dossier, entry: Entry, ground: Ground) -> Dossier:
        try:
            if entry.action == MIGRATE:
                return migrate(before, entry, ground)
            return apply(before, entry, ground)
        except _BROKEN as error:
            if self.found or not self._sound:
                raise _Stopped from error
            self._stop(entry.seq, "inserted", _said(error))

    def _note(self, entry: int, kind: FindingKind, about: str) -> None:
        self.found.append(_finding(self._exhibit, entry, kind, about))

    def _stop(self, entry: int, kind: FindingKind, about: str) -> NoReturn:
        self._note(entry, kind, about)
        raise _Stopped


def _erased(before: Dossier, entry: Entry, ground: Ground) -> Entry:
    """Return the entry that an erasure writes.

    Raises:
        JournalError: The dossier was still worked on.
    """
    if not ground.table.workflow.states[before.state].is_end:
        raise JournalError(say("The dossier was still worked on."), where=before.code)
    roles = {entry.role} if entry.role else set()
    actor = Actor(entry.actor, roles=roles, agency=entry.agency)
    return erase_entry(before, by=actor, at=entry.happened_at, basis=entry.note)


def _same_clock(before: Dossier, after: Dossier) -> bool:
    """Return whether the date of return is that of before, as an action takes it to be."""
    return before.marks is after.marks and before.counting is after.counting


def _merged(rows: list[JournalFinding], replayed: list[JournalFinding]) -> list[JournalFinding]:
    """Join what the rows say with what deciding says; of an entry that does not fit once."""
    said = {each.entry: each for each in replayed if each.entry and not each.is_note}
    found = []
    for each in rows:
        other = said.get(each.entry) if each.entry else None
        if other is not None and each.kind == other.kind == "changed":
            found.append(
                structs.replace(each, about=together(each.about, other.about, between=", "))
            )
        else:
            found.append(each)
    known = {each.entry for each in rows if each.entry}
    return [*found, *(each for each in replayed if each.entry not in known)]


def _against(anchor: Anchor, exhibit: Exhibit) -> Iterator[JournalFinding]:
    """Hold a dossier against what it was when it was anchored."""
    row = anchor.dossiers.get(exhibit.code)
    day = _day_of(anchor)
    absent = say("it was not there on {day}.", day=anchor.day)
    older = [each for each in exhibit.entries if each.recorded_at.date() < anchor.day]
    if row is None:
        if older:
            yield _finding(exhibit, 0, "dossier_inserted", absent)
        return
    seal = exhibit.seals.get(row.seq)
    if seal is None:
        last = max(exhibit.seals, default=0)
        if last < row.seq:
            span = f"{row.seq}" if row.seq == last + 1 else f"{last + 1}–{row.seq}"
            yield _finding(exhibit, last + 1, "removed", together(span, day, between=", "))
    elif seal != row.head:
        yield _finding(exhibit, row.seq, "rewritten", day)
    for each in older:
        if each.seq > row.seq:
            yield _finding(exhibit, each.seq, "inserted", absent)


def _gone(anchor: Anchor, seen: set[str]) -> Iterator[JournalFinding]:
    for code in anchor.dossiers:
        if code not in seen:
            yield JournalFinding(dossier=code, kind="dossier_removed", about=_day_of(anchor))


def _day_of(anchor: Anchor) -> Sentence:
    """Return the day of an anchor, as its line says it and as Vietnamese readers write it."""
    return beside(en=f"{anchor.day}", vi=f"{anchor.day:%d/%m/%Y}")


def _finding(exhibit: Exhibit, entry: int, kind: FindingKind, about: str) -> JournalFinding:
    return JournalFinding(dossier=exhibit.code, entry=entry, kind=kind, about=about)


def _said(error: Exception) -> str:
    """Return the sentence of an error; of one that is not of igate, its name too."""
    if isinstance(error, IgateError):
        return error.what
    return f"{type(error).__name__}: {error}"
