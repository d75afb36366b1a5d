"""What can be asked of a desk: dossiers, journals, lists. Nothing here writes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from igate.calendar import WorkCalendar
from igate.deadlines.rulefile import shipped_rules
from igate.dossiers.agenda import may_read
from igate.dossiers.alerts import Alert, alerts_of
from igate.dossiers.choices import Choice, choices
from igate.dossiers.engine import fold
from igate.dossiers.manner import is_late
from igate.dossiers.progress import Visit, progress
from igate.dossiers.receipt import Receipt, receipts
from igate.dossiers.recount import MovedDate
from igate.dossiers.refusals import APPLICANT, check_actor, unreadable
from igate.dossiers.standing import Family, check_code
from igate.errors import DamagedRecord, IgateError, JournalError
from igate.law.localtime import local
from igate.law.text import above
from igate.office.differences import Difference, differences
from igate.office.grounds import Grounds
from igate.office.lists import LONGEST_PAGE, SearchQuery, WorkQuery
from igate.office.verification import verified
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.catalog.filing import core_code
from igate.procedures.workflow import NO_FACTS
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from igate.dossiers.dossier import Actor, Dossier, Entry
    from igate.dossiers.standing import Standing
    from igate.office.anchor import Anchor
    from igate.office.lists import CountBy, Found, Order, WorkList
    from igate.office.store import DossierStore
    from igate.office.verification import Verification
    from igate.procedures.workflow import FactValue, Transition

__all__ = ["DeskReader", "check_calendar", "check_catalog"]

_LOG = logging.getLogger("igate.office")


def check_catalog(catalog: object) -> None:
    """Refuse what is no catalogue.

    Raises:
        IgateError: It is none, such as the path of a folder.
    """
    if not isinstance(catalog, Catalog):
        raise IgateError(
            say("{catalog!r} is no catalogue of procedures.", catalog=catalog),
            fix=say('Pass Catalog.load("folder"), or Catalog.shipped().'),
        )


def check_calendar(calendar: object) -> None:
    """Refuse what is no working calendar.

    Raises:
        IgateError: It is none, such as the path of a layer.
    """
    if not isinstance(calendar, WorkCalendar):
        raise IgateError(
            say("{calendar!r} is no working calendar.", calendar=calendar),
            fix=say("Pass WorkCalendar.vietnam(); layers=[…] adds the days of an office."),
        )


class DeskReader:
    """A desk as one who looks at it sees it."""

    def __init__(
        self,
        store: DossierStore,
        *,
        catalog: Catalog,
        calendar: WorkCalendar,
        clock: Callable[[], datetime],
    ) -> None:
        """Join a store with a catalogue, a calendar and a clock.

        Raises:
            IgateError: The catalogue is none, such as the path of a folder.
        """
        check_catalog(catalog)
        check_calendar(calendar)
        self.store = store
        self.catalog = catalog
        self.calendar = calendar
        self._clock = clock
        self._grounds = Grounds(store, catalog, calendar)

    def get(self, code: str, *, by: Actor | None = None) -> Dossier:
        """Return a dossier as its journal describes it.

        Args:
            code: Code of the dossier.
            by: Who reads it, where reading is limited: the applicant and representatives, people
                of the competent agency, of those above and below it, of the counter at which it
                was received, and of agencies for which it waits. When absent, nobody is refused.

        Raises:
            UnknownDossier: There is no dossier of this code.
            NotPermitted: It is none of the reader's.
        """
        if by is not None:
            check_actor(by)
        dossier, ground = self._grounds.fold(code)
        if by is not None and not may_read(dossier, ground, by):
            raise unreadable(dossier, by)
        return dossier

    def journal(self, code: str, *, by: Actor | None = None) -> tuple[Entry, ...]:
        """Return the entries of a dossier in order.

        Args:
            code: Code of the dossier.
            by: Who reads it, where reading is limited; see :meth:`get`.

        Raises:
            UnknownDossier: There is no dossier of this code.
            NotPermitted: It is none of the reader's.
        """
        check_code(code)
        if by is not None:
            self.get(code, by=by)
        return self.store.journal(code)

    def progress(self, code: str, at: datetime | None = None) -> tuple[Visit, ...]:
        """Return the visits of a dossier at its steps, each with its local date, in order of time.

        Local dates bind the staff; what the citizen is promised is ``get(code).deadline.due``.

        Args:
            code: Code of the dossier.
            at: As of when; now when absent. What happened after it is left out; of a moment to
                come it says what will be overdue then if nothing happens.

        Raises:
            UnknownDossier: There is no dossier of this code.
            MomentError: The moment is naive.
        """
        check_code(code)
        entries = self.store.journal(code)
        moment = self._clock() if at is None else at
        return progress(entries, self._grounds.of_journal(entries), at=moment)

    def actions(
        self,
        code: str,
        *,
        by: Actor | None = None,
        facts: Mapping[str, FactValue] = NO_FACTS,
    ) -> tuple[Transition, ...]:
        """List the transitions that an actor can take now, or all out of the state of a dossier.

        Args:
            code: Code of the dossier.
            by: Who would act: exactly what :meth:`act` would accept now is listed, by role, agency
                and condition. When absent, all transitions are, whatever their conditions.
            facts: Facts that would be passed with the action.
        """
        dossier, ground = self._grounds.fold(code)
        if by is None:
            return tuple(
                transition
                for name in ground.table.actions_from(dossier.state)
                for transition in ground.table.transitions[dossier.state, name]
            )
        check_actor(by)
        found = choices(dossier, by=by, at=self._clock(), ground=ground, facts=facts)
        return tuple(each.transition for each in found if each.transition is not None)

    def choices(
        self, code: str, *, by: Actor, facts: Mapping[str, FactValue] = NO_FACTS
    ) -> tuple[Choice, ...]:
        """List every action out of the state of a dossier, with the reason where it is refused.

        Args:
            code: Code of the dossier.
            by: Who would act.
            facts: Facts that would be passed with the action.
        """
        check_actor(by)
        dossier, ground = self._grounds.fold(code)
        return choices(dossier, by=by, at=self._clock(), ground=ground, facts=facts)

    def differences(self) -> tuple[Difference, ...]:
        """List the pending dossiers that were received under another text than the files have.

        They keep what they were received under: their steps, limits and due dates are as promised.
        """
        return tuple(differences(self.store, self.catalog))

    def dossiers(
        self,
        *,
        agency: str | None = None,
        state: str | None = None,
        by: Actor | None = None,
    ) -> Iterator[Standing]:
        """List the standings of dossiers, ordered by code.

        Args:
            agency: Only those of this agency, exactly.
            state: Only those in this state.
            by: Who reads, where reading is limited; see :meth:`search`.
        """
        if by is None:
            return self.store.standings(agency=agency, state=state)
        return self._pages(by, agency=agency or "", state=state or "")

    def _pages(self, by: Actor, *, agency: str, state: str) -> Iterator[Standing]:
        after = ""
        while True:
            page = self.search(by=by, agency=agency, state=state, limit=LONGEST_PAGE, after=after)
            yield from page.dossiers
            after = page.after
            if not after:
                return

    def worklist(
        self,
        *,
        by: Actor | None = None,
        role: str = "",
        agency: str = "",
        assignee: str | None = None,
        party: bool = True,
        due_before: datetime | None = None,
        order: Order = "due",
        limit: int = 50,
        after: str = "",
    ) -> WorkList:
        """Return a page of what waits for somebody, what is due first at the top.

        What has no date comes last. Parts of a step that several do at the same time,
        and answers of agencies that were asked, are tasks of their own.

        Args:
            by: For whom: tasks of any of the roles, of the agency or one above it, that are
                assigned to nobody else; nothing for one without roles or without an agency, such as
                a citizen. What an actor could do by a mandate is in it where its role is named.
            role: Only tasks of this role; with ``by`` nothing, where it is neither his own nor one
                of a mandate that holds today.
            agency: Only tasks of this agency, or of one above it: its people can do them; with
                ``by`` only those of them that are his agency's, too.
            assignee: Only tasks that are assigned to this id; an empty id: to nobody.
            party: Also the parts of those who work at the same time.
            due_before: Only dossiers due strictly before this moment.
            order: ``"due"``: by the date of return of the dossier. ``"step_due"``: by the date of
                the step by its table; this one costs more the more tasks there are, for no index
                keeps it.
            limit: How many at most, up to 1,000.
            after: Mark of the page before (``WorkList.after``), in the same order.

        Raises:
            StoreError: The page is too long, there is no such order, or the mark is not of this
                list.
        """
        roles: tuple[str, ...] = (role,) if role else ()
        agencies = above(agency) if agency else ()
        assignees: tuple[str, ...] | None = None if assignee is None else (assignee,)
        if by is not None:
            check_actor(by)
            roles = self._roles_of(by, role)
            own = above(by.agency) if by.agency else ()
            agencies = tuple([each for each in own if each in agencies]) if agency else own
            if not (roles and agencies):
                # of the store no role is every role; the empty one has no tasks
                roles = ("",)
            assignees = ("", by.id) if assignee is None else assignees
        return self.store.work_list(
            WorkQuery(
                roles=roles,
                agencies=agencies,
                assignees=assignees,
                party=party,
                due_before=due_before,
                order=order,
                limit=limit,
                after=after,
            )
        )

    def _roles_of(self, by: Actor, role: str) -> tuple[str, ...]:
        """Return the roles of an actor, or of them the one that is asked for."""
        if not role:
            return tuple(sorted(by.roles))
        today = local(self._clock()).date()
        lent = [each for each in by.mandates if role in each.roles and each.holds_on(today)]
        return (role,) if role in by.roles or lent else ()

    def search(
        self,
        *,
        by: Actor | None = None,
        code: str = "",
        person: str = "",
        reference: str = "",
        agency: str = "",
        procedure: str = "",
        state: str = "",
        submitted_from: datetime | None = None,
        submitted_before: datetime | None = None,
        due_before: datetime | None = None,
        finished: bool | None = None,
        limit: int = 50,
        after: str = "",
    ) -> Found:
        """Return a page of dossiers that meet every condition given, ordered by code.

        Args:
            by: Who reads, where reading is limited: an officer finds the dossiers of the own agency
                and of those below it, an applicant the own ones.
            code: The beginning of their code.
            person: The id of the applicant or of a representative, or the beginning of the name,
                or of the given name, with or without diacritics.
            reference: By which another system knows them (:meth:`refer`).
            agency: Competent agency, exactly.
            procedure: Code of the procedure.
            state: State.
            submitted_from: Handed in at this moment or later.
            submitted_before: Handed in strictly before this moment.
            due_before: Due strictly before this moment.
            finished: Whether their processing has finished.
            limit: How many at most, up to 1,000.
            after: Mark of the page before (``Found.after``).

        Raises:
            StoreError: The page is too long, or its mark is not of this list.
        """
        scope = by.agency if by is not None and by.roles != {APPLICANT} else ""
        own = by.id if by is not None and not scope else ""
        return self.store.search(
            SearchQuery(
                scope=scope, own=own, code=code, person=person, reference=reference, agency=agency,
                procedure=core_code(procedure) or procedure, state=state,
                submitted_from=submitted_from, submitted_before=submitted_before,
                due_before=due_before, finished=finished, limit=limit, after=after,
            )
        )  # fmt: skip

    def counts(
        self, by: CountBy = "state", *, pending: bool = False, at: datetime | None = None
    ) -> dict[str, int]:
        """Count dossiers by state, agency or procedure, or by how their date lies to today.

        Args:
            by: What they are counted by; ``"due"`` counts ``overdue`` (before today), ``today``,
                ``later`` and ``none``.
            pending: Only those that are still worked on.
            at: The day that counts as today; today when absent.

        Raises:
            StoreError: They are not counted by that.
        """
        return self.store.counts(by, pending=pending, at=self._clock() if at is None else at)

    def family(self, code: str) -> Family:
        """Return a dossier with the one of which it is a part, and with its own parts.

        Raises:
            UnknownDossier: There is no dossier of this code.
        """
        own = self.store.standing(code)
        whole = self.store.standing(own.parent) if own.parent else own
        return Family(whole=whole, parts=tuple(self.store.standings(parent=whole.code)))

    def receipts(self, code: str) -> tuple[Receipt, ...]:
        """Return the receipts of a dossier, each with what it said, in order of time.

        Raises:
            UnknownDossier: There is no dossier of this code.
        """
        entries = self.store.journal(code)
        return receipts(entries, self._grounds.of_journal(entries))

    def alerts(self, at: datetime | None = None) -> tuple[Alert, ...]:
        """List what is owed for dossiers handed in online and not received, the nearest first.

        Args:
            at: As of when; now when absent.
        """
        moment = local(self._clock()) if at is None else local(at)
        found = [
            alert
            for standing in self.store.standings(finished=False)
            for alert in alerts_of(
                standing,
                shipped_rules(on=standing.submitted_at.date()),
                self.calendar,
                at=moment,
            )
        ]
        return tuple(sorted(found, key=lambda each: (each.due, each.dossier, each.kind)))

    def backdated(self) -> tuple[Entry, ...]:
        """List the entries that were recorded later than on the next working day, by dossier."""
        return tuple(entry for entry in self.store.entries() if is_late(entry, self.calendar))

    def moved_dates(self) -> tuple[MovedDate, ...]:
        """List the pending dossiers whose date of return is another one than was kept last.

        So it is when days off are announced that had only been expected, or announced otherwise. A
        dossier that is damaged is left out and named in the log ``igate.office``.
        """
        found = []
        for standing, dossier in self._pending():
            deadline = dossier.deadline
            due = None if deadline is None else deadline.due
            if due != standing.due_at:
                found.append(
                    MovedDate(
                        code=standing.code,
                        agency=standing.agency,
                        before=standing.due_at,
                        after=due,
                        provisional=deadline is not None and deadline.provisional,
                    )
                )
        return tuple(found)

    def _pending(self) -> Iterator[tuple[Standing, Dossier]]:
        """Yield the dossiers received and not finished; a damaged one is logged and left out."""
        for standing in self.store.standings(finished=False):
            if standing.received_at is None or standing.outcome is not None:
                continue
            try:
                dossier = self.get(standing.code)
            except (DamagedRecord, JournalError) as error:
                _LOG.warning("%s: %s", standing.code, error)
                continue
            yield standing, dossier

    def verify(self, anchor: Anchor | None = None) -> Verification:
        """Hold every journal against itself and the rows beside it; nothing is changed.

        Args:
            anchor: What the journals were on an earlier day: then a dossier that is gone whole and
                a journal that was cut or written anew are found as well.
        """
        return verified(
            self.store,
            catalog=self.catalog,
            calendar=self.calendar,
            at=local(self._clock()),
            anchor=anchor,
        )

    def replay(self, entries: tuple[Entry, ...]) -> Dossier:
        """Make a dossier from a journal that is not in this store, under this desk's calendar."""
        return fold(entries, self._grounds.of_journal(entries))
