"""The one-stop: what a host embeds. It joins catalogue, calendar and store, and reads the clock.

Everything that decides lies below and is pure; here is the only unit of work. One action is one
transaction: the journal is read, the action decided, the entry and the new standing written
together, or nothing at all.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Self

from msgspec import structs

from igate.calendar import WorkCalendar
from igate.dossiers.agenda import SYSTEM, agenda_of
from igate.dossiers.dossier import NO_CHANGES, Actor, Ask, Dossier, Entry, Submission
from igate.dossiers.engine import (
    Ground,
    apply,
    begin,
    decide,
    fold,
    keeps_due,
    migrate,
    submit,
)
from igate.dossiers.migration import Migration, Move, image_of, migration_entry, without_image
from igate.dossiers.record import Record
from igate.dossiers.recount import MovedDate, recount_entry
from igate.dossiers.refusals import APPLICANT, NAME, check_actor, check_seq, overtaken
from igate.dossiers.standing import used
from igate.errors import ActionRefused, MomentError, NotPermitted, StoreConflict
from igate.exchange.messages import cloudevent, message_of
from igate.exchange.payments import check_notice
from igate.law.localtime import VIETNAM, local
from igate.law.text import check_agency, clean
from igate.office.duties import deliver, run_timers
from igate.office.hostdata import Payment, cleaned, erase_entry
from igate.office.reader import check_calendar, check_catalog
from igate.office.records import DeskRecords, check_contacts, check_references
from igate.office.store import Standing
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.catalog.filing import core_code
from igate.procedures.naming import state_called
from igate.procedures.workflow import NO_FACTS, Channel, FactValue
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType

    from igate.exchange.blobs import BlobStore
    from igate.exchange.payments import PaymentNotice
    from igate.exchange.sinks import Sink
    from igate.law.citation import Citation
    from igate.office.grounds import Current
    from igate.office.queues import Fired, Sent
    from igate.office.store import DossierStore

__all__ = ["OneStop"]

_LOG = logging.getLogger("igate.office")
#: So often an action is decided again that others have overtaken without contradicting it.
_TRIES = 50


def _move(before: Dossier, after: Dossier) -> Move:
    due = [each.deadline.due if each.deadline else None for each in (before, after)]
    return Move(
        code=before.code,
        state_before=before.state,
        state_after=after.state,
        due_before=due[0],
        due_after=due[1],
    )


def _who(name: str, applicant_id: str, by: Actor | None) -> tuple[str, Actor]:
    """Return by which the host knows the applicant, and who hands in."""
    if by is not None:
        check_actor(by)
    identity = applicant_id or (by.id if by and APPLICANT in by.roles else name)
    return identity, by or Actor(identity, roles={APPLICANT})


def _ids(representatives: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of representatives; one text would be taken for as many as it has letters."""
    if isinstance(representatives, str):
        raise NotPermitted(
            say("The representatives are one text, not a list."),
            fix=say('Write representatives=["…"].'),  # the text may be an identity number
        )
    return tuple(representatives)


def _asks(agencies: Iterable[Ask | str]) -> tuple[Ask, ...]:
    """Return agencies with their times; one text would be taken for as many as it has letters."""
    named = [agencies] if isinstance(agencies, str) else agencies
    return tuple([each if isinstance(each, Ask) else Ask(each) for each in named])


def _check_desk(agency: object, catalog: object, calendar: object) -> None:
    """Refuse a desk of no agency, catalogue or calendar; ``None`` is the shipped one."""
    check_agency(agency, what=say("The agency of a desk"))
    if catalog is not None:
        check_catalog(catalog)
    if calendar is not None:
        check_calendar(calendar)


def _to_the_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0) if moment.microsecond else moment


def _now() -> datetime:
    return datetime.now(tz=VIETNAM)


class OneStop(DeskRecords):
    """A desk that receives dossiers, moves them, and answers for every date.

    It may be used from several threads and as a context manager that closes the store.
    """

    def __init__(
        self,
        store: DossierStore,
        *,
        agency: str,
        catalog: Catalog | None = None,
        calendar: WorkCalendar | None = None,
        clock: Callable[[], datetime] = _now,
        blobs: BlobStore | None = None,
        messages: str = "",
    ) -> None:
        """Join a store with a catalogue and a calendar.

        Args:
            store: Where the dossiers are kept.
            agency: Identifier of the agency that runs the desk, e.g. ``H15``; dossiers belong to
                it unless :meth:`submit` names one below it.
            catalog: The procedures; the shipped ones when absent.
            calendar: The working days; when absent those of the Vietnamese civil service, with
                expected days where nothing has been announced yet: a date that rests on one is
                marked provisional wherever it is printed. ``WorkCalendar.vietnam()`` refuses to
                count past what has been announced.
            clock: Returns the present moment; only tests and simulations replace it.
            blobs: Where the bytes of attachments are kept; without it :meth:`attach` refuses.
            messages: In whose name other systems are told of every entry, as a URI like
                ``urn:igate:H15``; empty: nothing is told. What is told is written with the entry
                and sent by :meth:`deliver`.
        """
        _check_desk(agency, catalog, calendar)
        super().__init__(
            store,
            catalog=Catalog.shipped() if catalog is None else catalog,
            calendar=WorkCalendar.vietnam(provisional=True) if calendar is None else calendar,
            clock=clock,
        )
        self.agency = agency
        self.blobs = blobs
        self._source = messages

    @classmethod
    def open(
        cls,
        url: str,
        *,
        agency: str,
        catalog: Catalog | None = None,
        calendar: WorkCalendar | None = None,
        durability: Literal["full", "normal"] = "full",
        create: bool = False,
        clock: Callable[[], datetime] = _now,
        blobs: BlobStore | None = None,
        messages: str = "",
    ) -> Self:
        """Open a desk on a database.

        Pending dossiers that were received under another text than the files have now are listed
        in the log ``igate.office`` as warnings; see :meth:`differences`.

        Args:
            url: ``sqlite:///office.db`` for a file, ``sqlite://`` for memory,
                ``postgresql://user@host/name`` for a server.
            agency: As in :class:`OneStop`.
            catalog: As in :class:`OneStop`.
            calendar: As in :class:`OneStop`.
            durability: ``"full"``: an entry that was acknowledged survives a power cut;
                ``"normal"``: it survives a crash of the program, and writing is faster.
            create: Make the database, or its tables, where there are none. Without it a mistyped
                name is refused and never becomes a new office.
            clock: As in :class:`OneStop`.
            blobs: As in :class:`OneStop`.
            messages: As in :class:`OneStop`.

        Raises:
            StoreError: The database cannot be used; the message says why.
            TextError: The agency is none; nothing was made.
            IgateError: The catalogue or the calendar is none; nothing was made.
        """
        from igate.office.sql.store import SqlStore  # noqa: PLC0415 - SQLModel only for those who need it

        _check_desk(agency, catalog, calendar)  # before a database is made
        store = SqlStore.open(url, durability=durability, create=create)
        desk = cls(
            store, agency=agency, catalog=catalog, calendar=calendar, clock=clock, blobs=blobs,
            messages=messages,
        )  # fmt: skip
        try:
            for each in desk.differences():
                _LOG.warning("%s", each)
        except BaseException:
            desk.close()
            raise
        return desk

    @classmethod
    def using(
        cls,
        given: object,
        *,
        agency: str,
        catalog: Catalog | None = None,
        calendar: WorkCalendar | None = None,
        create: bool = False,
        clock: Callable[[], datetime] = _now,
        blobs: BlobStore | None = None,
        messages: str = "",
    ) -> Self:
        """Open a desk inside a transaction of the host, for as long as that lasts.

        What the desk writes is kept or rolled back with what the host writes: dossiers, entries,
        numbers, timers and messages. Nothing is committed here. Each action is a savepoint, so a
        refused one leaves the host's transaction as it was; savepoints of the host hold for it.

        Args:
            given: A ``Session`` or ``Connection`` of SQLAlchemy, ``django.db.connection`` inside
                ``transaction.atomic()``, or a connection of ``sqlite3`` or ``psycopg``; its
                transaction has begun.
            agency: As in :class:`OneStop`.
            catalog: As in :class:`OneStop`.
            calendar: As in :class:`OneStop`.
            create: Make the tables where there are none.
            clock: As in :class:`OneStop`.
            blobs: As in :class:`OneStop`.
            messages: As in :class:`OneStop`.

        Raises:
            TextError: The agency is none; nothing was made.
            IgateError: The catalogue or the calendar is none; nothing was made.
            StoreError: It is none of these, is in no transaction, or has no tables of igate.
        """
        from igate.office.sql.store import SqlStore  # noqa: PLC0415 - SQLModel only for those who need it

        _check_desk(agency, catalog, calendar)  # before tables are made
        store = SqlStore.using(given, create=create)
        return cls(
            store, agency=agency, catalog=catalog, calendar=calendar, clock=clock, blobs=blobs,
            messages=messages,
        )  # fmt: skip

    def submit(
        self,
        procedure: str,
        *,
        applicant: str,
        channel: Channel,
        at: datetime | None = None,
        agency: str | None = None,
        case: str = "",
        area: str = "",
        by: Actor | None = None,
        applicant_id: str = "",
        representatives: Iterable[str] = (),
        parent: str = "",
        note: str = "",
        references: Mapping[str, str] = NO_CHANGES,
        contacts: Mapping[str, str] = NO_CHANGES,
        key: str = "",
    ) -> Dossier:
        """Take in a dossier that an applicant hands in; its clock starts with its receipt.

        Args:
            procedure: Code of the procedure, with or without the suffix of an agency.
            applicant: Name of the person or organisation.
            channel: ``online``, ``counter`` or ``post``.
            at: When it was handed in; now when absent.
            agency: Agency that is competent; that of the desk when absent.
            case: Case of the procedure, where its time limit depends on it.
            area: Area, where its time limit depends on it.
            by: Who hands it in or enters it; the applicant when absent. It is recorded with the
                agency of the actor.
            applicant_id: By which the host knows the applicant: an account, an identity number.
                Only an actor with this id, or a representative, may act in the role applicant.
                When absent, the id of ``by`` in the role applicant, else the name.
            representatives: The ids of those who may act for the applicant.
            parent: Code of the dossier of which this one settles a part (``liên thông``); it has
                a number, a journal and a due date of its own, and is listed with it
                (:meth:`family`).
            note: What the applicant or the one who enters it says with it.
            references: How other systems call it, by the name of the system (:meth:`refer`).
            contacts: How the applicant is reached: ``phone``, ``email``, ``address``.
            key: Identifies the request: sent again with the same key it makes no second dossier,
                and gets the same answer.

        Raises:
            ProcedureNotFound: No such procedure is in force on that day.
            TimeLimitError: The procedure has no limit for this channel, case and area.
            MomentError: The moment is naive, foreign or lies in the future.
            JournalError: There is no such channel.
            TextError: The name of the applicant, the case or the area cannot be kept.
            NotPermitted: The agency is not that of the desk or below it; the actor has no role, or
                is an applicant who hands in for somebody else without being a representative.
            StoreConflict: The key belongs to another request.
            UnknownDossier: There is no dossier of the code of the parent.
        """
        name = clean(applicant, what=say("The applicant"), longest=NAME)
        identity, actor = _who(name, applicant_id, by)
        same = {"procedure": core_code(procedure) or procedure, "applicant": name}
        answered = self._answered(key, "submit", actor, facts=same)
        if answered is not None:
            return answered
        moment, now = self._moments(at)
        revision = self.catalog.in_force(procedure, on=moment.date())
        ground = self._grounds.in_force(revision.procedure, revision.id, moment.date())
        competent = self.agency if agency is None else agency
        check_agency(competent)
        if competent != self.agency and not competent.startswith(f"{self.agency}."):
            raise NotPermitted(
                say(
                    "The agency {competent} is not below {agency}, which runs this desk.",
                    competent=competent,
                    agency=self.agency,
                ),
                why=say("Nobody of this desk could act on the dossier."),
                fix=say(
                    "Name {agency} or an agency below it, like {agency}.10.", agency=self.agency
                ),
            )
        submission = Submission(
            procedure=revision.procedure,
            revision=revision.id,
            definition=ground.definition,
            agency=competent,
            channel=channel,
            applicant=name,
            case=case,
            area=area,
            applicant_id=identity,
            representatives=_ids(representatives),
            parent=self.store.standing(parent).code if parent else "",
        )
        # all is decided before the number is given: others wait for the number only
        unnumbered = submit(
            competent, submission, by=actor, at=moment, recorded_at=now, ground=ground, key=key,
            note=note,
        )  # fmt: skip
        draft = begin(unnumbered, ground)
        named, reached = check_references(references), check_contacts(contacts)
        made: list[Dossier] = []

        def make(code: str) -> Record:
            entry = structs.replace(unnumbered, dossier=code)
            dossier = structs.replace(draft, code=code)
            made.append(dossier)
            record = self._record(entry, dossier, ground)
            return structs.replace(record, references=named, contacts=reached)

        self._grounds.keep(ground)
        try:
            self.store.create(make, agency=competent, day=moment.date())
        except StoreConflict:
            answered = self._answered(key, "submit", actor, facts=same)
            if answered is None:
                raise
            return answered
        return made[-1]

    def _record(
        self, entry: Entry, after: Dossier, ground: Ground, *, before: Current | None = None
    ) -> Record:
        """Return what an action writes; its date is worked out anew only where it can change."""
        kept = before is not None and keeps_due(before.dossier, after)
        due = before.due if kept and before else after.due
        tasks, timers = agenda_of(after, ground, due=due)
        standing = Standing.due(after, due)
        message = ""
        if self._source:
            message = cloudevent(message_of(entry, standing, source=self._source)).decode()
        return Record(
            entry,
            standing,
            head=before.head if before else "",
            dossier=after,
            tasks=tasks,
            timers=timers,
            message=message,
            steady=before is not None
            and due == before.due
            and after.finished_at == before.dossier.finished_at
            and after.outcome == before.dossier.outcome,
        )

    def act(
        self,
        code: str,
        action: str,
        *,
        by: Actor,
        at: datetime | None = None,
        note: str = "",
        due: datetime | None = None,
        facts: Mapping[str, FactValue] = NO_FACTS,
        to: str = "",
        changes: Mapping[str, str] = NO_CHANGES,
        agencies: Iterable[Ask | str] = (),
        seq: int | None = None,
        key: str = "",
    ) -> Dossier:
        """Take an action on a dossier; it is written when this returns.

        Where somebody else has acted between reading and writing and the dossier is still in the
        same state (two parties doing their parts), the action is decided again by itself.

        Args:
            code: Code of the dossier.
            action: Name of the action, as :meth:`actions` lists them.
            by: Who acts.
            at: When it takes legal effect (the signing of a decision, say); now when absent.
            note: Reason or remark, kept in the journal.
            due: The new date of an apology.
            facts: Facts that the action establishes, by the names that the workflow declares.
            to: Id of the one to whom the action assigns the step.
            changes: What the action corrects of the registration: new values by name. Where the
                procedure changes, the dossier goes on under what is in force for the day on which
                it was handed in.
            agencies: Identifiers of those that are asked, with their time as ``Ask(agency,
                limit)``; or the one whose answer an officer enters.
            seq: Number of the last entry that the actor has seen (``Dossier.seq``); refused if
                there is a later one.
            key: Identifies the request: sent again with the same key it changes nothing, and gets
                the same answer. A double click is one step.

        Raises:
            ActionRefused: The action cannot be taken; the message lists what can be done.
            StoreConflict: Somebody else has acted since; the message says who, and what can be
                done now. Or the key belongs to another request.
            UnknownDossier: There is no dossier of this code.
            MomentError: The moment is naive, foreign, in the future, before the last entry, or
                longer ago than the action may be recorded.
            ProcedureNotFound: The procedure that a correction names is not in force.
        """
        asked = _asks(agencies)
        seen: Dossier | None = None
        for tries_left in reversed(range(_TRIES)):
            answered = self._answered(key, action, by, code=code)
            if answered is not None:
                return answered
            moment, now = self._moments(at)
            current = self._grounds.current(code)
            dossier, ground = current.dossier, current.ground
            if seq is not None and seq != dossier.seq:
                check_seq(seq)
                raise overtaken(dossier, self.store.journal(code), seq, ground.table)
            if seen is not None and dossier.state != seen.state:
                raise overtaken(dossier, self.store.journal(code), seen.seq, ground.table)
            becomes = self._becomes(dossier, changes)
            entry = decide(
                dossier,
                action,
                by=by,
                at=moment,
                ground=ground,
                recorded_at=now,
                note=note,
                due=due,
                facts=facts,
                key=key,
                to=to,
                changes=changes,
                agencies=asked,
                becomes=becomes,
            )
            after = apply(dossier, entry, becomes or ground)
            try:
                self.store.append(self._record(entry, after, becomes or ground, before=current))
            except StoreConflict:
                seen = dossier
                if not tries_left:
                    raise
            else:
                return after
        raise AssertionError(code)  # pragma: no cover - the last try returns or raises

    def _becomes(self, dossier: Dossier, changes: Mapping[str, str]) -> Ground | None:
        """Return what decides a dossier after a correction of its procedure."""
        if "procedure" not in changes:
            return None
        day = dossier.submitted_at.date()
        revision = self.catalog.in_force(changes["procedure"], on=day)
        ground = self._grounds.in_force(revision.procedure, revision.id, day)
        self._grounds.keep(ground)
        return ground

    def _answered(
        self,
        key: str,
        action: str,
        by: Actor,
        *,
        code: str | None = None,
        facts: Mapping[str, FactValue] = NO_FACTS,
    ) -> Dossier | None:
        """Return the answer that a request with a key was given before.

        Raises:
            StoreConflict: The key belongs to another request.
            TextError: The key is no text that can be kept.
        """
        if key == "":
            return None
        clean(key, what=say("The key"), longest=NAME)
        found = self.store.keyed(key)
        if found is None:
            return None
        entries = self.store.journal(found[0])[: found[1]]
        last = entries[-1]
        asked = (action, by.id, code or last.dossier)
        if (
            last.action,
            last.actor,
            last.dossier,
        ) != asked or not facts.items() <= last.facts.items():
            raise used(key, found[0])
        return fold(entries, self._grounds.of_journal(entries))

    def pay(self, notice: PaymentNotice) -> Payment:
        """Keep what a gateway has said of a payment, and let the dossier go on by it.

        A notice that comes again changes nothing. Where the dossier waits for the payment, the
        information system takes the action ``pay``. Whether the amount is the one that is owed is
        for the host to say before.

        Args:
            notice: As a :class:`~igate.exchange.payments.PaymentVerifier` has read it.

        Raises:
            UnknownDossier: There is no dossier of this code.
            StoreConflict: The reference belongs to a payment of which something else was said.
            PaymentRefused: The amount is no whole number of đồng above 0, the outcome is unknown,
                or the payment lies in the future.
            TextError: The reference, the item or the channel is empty or too long.
        """
        now = self._moments(None)[0]
        check_notice(notice, at=now)
        said = Payment(
            reference=cleaned(notice.reference, what=say("The reference of a payment")),
            dossier=notice.dossier,
            item=cleaned(notice.item, what=say("What was paid for")),
            amount=notice.amount,
            paid_at=local(notice.moment).replace(microsecond=0),
            channel=cleaned(notice.channel, what=say("The way of a payment")),
            outcome=notice.outcome,
            recorded_at=now,
        )
        kept = self.store.add_payment(said)
        if structs.replace(kept, recorded_at=said.recorded_at) != said:
            raise StoreConflict(
                say(
                    "The payment {reference} was reported otherwise before; nothing was written.",
                    reference=said.reference,
                ),
                where=said.dossier,
                why=say("A gateway gives a reference to one payment."),
                fix=say("Ask the gateway which of the two is right."),
            )
        if kept.outcome == "paid":
            facts: dict[str, FactValue] = {
                "fee_amount": kept.amount, "fee_receipt": kept.reference,
            }  # fmt: skip
            agency = self.store.standing(kept.dossier).agency
            # a dossier that does not wait for a payment stays where it is
            with suppress(ActionRefused):
                self.act(
                    kept.dossier, "pay", by=Actor(SYSTEM, roles={SYSTEM}, agency=agency),
                    facts=facts, key=f"payment/{kept.reference}",
                )  # fmt: skip
        return kept

    def erase(
        self,
        code: str,
        *,
        by: Actor,
        basis: str,
        pseudonym: Callable[[str], str] | None = None,
    ) -> Dossier:
        """Erase whom an ended dossier names, on lawful request; its journal stays whole.

        Names, ids, contacts, the notes of the applicant, references of other systems and names of
        files are gone afterwards. The bytes of files are the host's to delete
        (``blobs.delete(digest)``), where no other dossier has the same. What officers have written
        in their notes stays.

        Args:
            code: Code of the dossier.
            by: Who erases; kept in the journal.
            basis: The request or the order, without the name of anybody; kept in the journal.
            pseudonym: Gives the text that stands for a name, an id or a note: the same one for the
                same person keeps dossiers together. When absent nothing stands there.

        Raises:
            UnknownDossier: There is no dossier of this code.
            ActionRefused: The dossier is still worked on.
            TextError: The basis cannot be kept.
            StoreConflict: Somebody acted on the dossier meanwhile.
        """
        current = self._grounds.current(code)
        dossier, ground = current.dossier, current.ground
        if not ground.table.workflow.states[dossier.state].is_end:
            raise ActionRefused(
                say("The dossier is still worked on."),
                where=code,
                why=say("Whom it names is needed until it has ended."),
                fix=say("Erase it once it has ended."),
            )
        said = clean(basis, what=say("The basis"), longest=NAME, where=code)
        entry = erase_entry(dossier, by=by, at=self._moments(None)[0], basis=said)
        after = apply(dossier, entry, ground)
        self.store.erase(self._record(entry, after, ground, before=current), pseudonym=pseudonym)
        return self.get(code)

    def run_timers(self, now: datetime | None = None, *, limit: int = 1_000) -> tuple[Fired, ...]:
        """Act on what has fallen due: take the actions of the system, and tell of the rest.

        A worker of the host calls it again and again; any number may at the same time. What a
        worker was killed over is done by another one five minutes later.

        Args:
            now: As of when; the present when absent.
            limit: How many timers at most.

        Returns:
            What was done, in the order of falling due.
        """
        at = (self._clock() if now is None else local(now)).replace(microsecond=0)
        return run_timers(self.store, self.act, at=local(at), source=self._source, limit=limit)

    def deliver(
        self, sink: Sink, *, now: datetime | None = None, limit: int = 1_000, tries: int = 24
    ) -> Sent:
        """Send the messages that wait to another system: each at least once, in order by dossier.

        Args:
            sink: Where they go.
            now: As of when; the present when absent.
            limit: How many messages at most.
            tries: After how many failures a message is a dead letter (``store.dead_messages``);
                the pauses between them grow from ten seconds to six hours.
        """
        at = local(self._clock() if now is None else now).replace(microsecond=0)
        return deliver(self.store, sink, at=at, limit=limit, tries=tries)

    def migrate(
        self,
        procedure: str,
        from_revision: str,
        to_revision: str,
        mapping: Mapping[str, str],
        *,
        by: Actor,
        citation: Citation,
        dry_run: bool = True,
    ) -> Migration:
        """Move the pending dossiers of one revision to another, or rehearse it.

        Args:
            procedure: Code of the procedure.
            from_revision: Identifier of the revision that they follow.
            to_revision: Identifier of the revision to move them to.
            mapping: State of the old revision to state of the new one. A state that belongs to a
                step must be named; others keep their name where the new revision has it.
            by: Who orders it.
            citation: The text that orders it; kept in each journal.
            dry_run: Only say what would change. Each dossier is written in its own transaction.

        Returns:
            Every pending dossier with its state and due date before and after.

        Raises:
            JournalError: A state has no image; the dossiers are named and none is moved.
            NotPermitted: ``by`` is no actor.
            ProcedureNotFound: There is no such procedure or revision.
            StoreConflict: Somebody acted on a dossier meanwhile; those before it are moved.
        """
        check_actor(by)
        known = self.catalog.procedure(procedure)
        after = known.revision(to_revision)
        codes = self._on_revision(known.code, from_revision)
        if not codes:
            known.revision(from_revision)  # no dossier has it, so the files must
        now = self._moments(None)[0]
        planned = []
        missing = []
        for code in codes:
            dossier, ground = self._grounds.fold(code)
            new = self._grounds.in_force(known.code, to_revision, dossier.submitted_at.date())
            before = ground.revision
            ended = before.workflow.states[dossier.state].is_end
            if ended or ground.definition == new.definition:
                continue
            target = image_of(dossier.state, before, after, mapping)
            if target is None:
                missing.append((code, state_called(before.workflow, dossier.state)))
                continue
            entry = migration_entry(
                dossier, target=target, to=new, by=by, at=now, citation=citation
            )
            planned.append((entry, dossier, migrate(dossier, entry, new), new))
        if missing:
            raise without_image(missing, after)
        for entry, _, moved, new in () if dry_run else planned:
            self._grounds.keep(new)
            self.store.append(self._record(entry, moved, new))
        return Migration(
            procedure=known.code,
            from_revision=from_revision,
            to_revision=to_revision,
            moves=tuple(_move(old, moved) for _, old, moved, _ in planned),
            done=not dry_run,
        )

    def _on_revision(self, procedure: str, revision: str) -> list[str]:
        found = self.store.standings(procedure=procedure)
        return [standing.code for standing in found if standing.revision == revision]

    def record_moved_dates(self, *, by: Actor, citation: Citation) -> tuple[MovedDate, ...]:
        """Write an entry into each journal whose date has moved, with the text that moved it.

        Args:
            by: Who records it.
            citation: The announcement; kept in each journal.

        Returns:
            What was recorded. Each dossier is written in its own transaction; asked again, nothing
            is left to be recorded.

        Raises:
            StoreConflict: Somebody acted on a dossier meanwhile; those before it are recorded.
        """
        moved = self.moved_dates()
        now = self._moments(None)[0]
        for each in moved:
            dossier, ground = self._grounds.fold(each.code)
            entry = recount_entry(dossier, by=by, at=now, citation=citation)
            self.store.append(self._record(entry, apply(dossier, entry, ground), ground))
        return moved

    def close(self) -> None:
        """Close the store; afterwards every use of the desk raises ``StoreError``.

        A store that the host had opened itself is closed too. Closing again does nothing.
        """
        self.store.close()

    def __enter__(self) -> Self:
        """Return the desk itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the store."""
        self.close()

    def _moments(self, at: datetime | None) -> tuple[datetime, datetime]:
        """Return when it happened and when it is recorded, to the second."""
        now = _to_the_second(local(self._clock()))
        if at is None:
            return now, now
        moment = _to_the_second(local(at, foreign="refuse"))
        if moment > now:
            raise MomentError(
                say(
                    "The moment {moment:%Y-%m-%d %H:%M} lies in the future; it is "
                    "{now:%Y-%m-%d %H:%M} in Vietnam.",
                    moment=moment,
                    now=now,
                ),
                why=say("A journal records what has happened."),
                fix=say("Check the date, or leave out at=… for something that happens now."),
            )
        return moment, now
