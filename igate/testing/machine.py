# ruff: noqa: S101 - the machine asserts, as a test does
"""Random lives of dossiers at a desk, against a model that knows only the pure engine.

A host subclasses :class:`DossierMachine` for its own procedures and store; pytest runs its
``TestCase``. What happens is synthetic.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Final, cast

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec import Struct, structs

from igate.calendar import WorkCalendar
from igate.deadlines.deadline import compute_deadline
from igate.dossiers.agenda import tasks_of
from igate.dossiers.dossier import Actor
from igate.dossiers.engine import apply, begin, fold
from igate.dossiers.grounds import FiledGrounds
from igate.errors import IgateError, NotPermitted, StoreConflict
from igate.law.localtime import parse_local
from igate.office.memory import MemoryStore
from igate.office.onestop import OneStop
from igate.procedures.catalog.catalog import Catalog
from igate.testing.failing import FAILURES, FailingStore, StoreFailed
from igate.testing.moves import moves
from igate.testing.strategies.journals import channels_of, likely
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.dossiers.dossier import Dossier, Entry
    from igate.dossiers.engine import Ground
    from igate.office.store import DossierStore
    from igate.testing.failing import Failure
    from igate.testing.moves import Move

__all__ = ["DossierMachine"]

_STRANGER: Final = Actor("stranger-1", roles={"stranger"}, agency="H15.10")
_PAUSES: Final = st.sampled_from([1, 3, 24, 72, 24 * 16])


class _Life(Struct):
    """What the model knows of a dossier."""

    dossier: Dossier
    ground: Ground
    journal: list[Entry]

    def decides(self, _entry: Entry) -> Ground:
        """Return what decides it after any entry."""
        return self.ground


class _Asked(Struct, frozen=True):
    """The last request that had a key, and its answer."""

    code: str
    move: Move
    key: str
    answer: Dossier


class DossierMachine(RuleBasedStateMachine):
    """Hand dossiers in, act on them, click twice, come too late, fail; compare after each step.

    Invariants: ``the_journal_is_the_model``, ``the_journal_folds``, ``the_date_is_recounted``,
    ``supplements_are_few``, ``the_store_says_what_the_model_says``, ``lists_agree``,
    ``requests_are_known_once_written``.

        class MyDossiers(DossierMachine):
            catalog = Catalog.load("procedures")
            procedures = ("9.000004",)

        TestMyDossiers = MyDossiers.TestCase
    """

    #: where the procedures are
    catalog: ClassVar[Catalog]
    #: the codes of those that are handed in
    procedures: ClassVar[tuple[str, ...]]
    #: agency of the desk; dossiers are handed in to it
    agency: ClassVar[str] = "H15.10"
    #: the clock begins here, and moves on by hours and days
    start: ClassVar[datetime] = parse_local("2026-03-02T09:00")
    #: how often a supplement may be asked for (Nghị định 118/2025/NĐ-CP, Điều 19); None: any number
    supplements: ClassVar[int | None] = 1

    def __init__(self) -> None:
        """Open a desk on an empty store.

        Raises:
            IgateError: The class does not name a catalogue, or no procedures.
        """
        super().__init__()
        self._check_named()
        self.now = self.start
        self.calendar = WorkCalendar.vietnam(provisional=True)
        self._filed = FiledGrounds(self.calendar)
        self.store = self.create_store()
        self._failing = FailingStore(self.store)
        self.desk = self._opened()
        self.lives: dict[str, _Life] = {}
        #: dossiers that the last step may have changed
        self.touched: set[str] = set()
        self._last: _Asked | None = None
        #: each request by its key: what it has written, if it has
        self._requests: dict[str, tuple[str, int] | None] = {}

    def create_store(self) -> DossierStore:
        """Return an empty store; one in memory unless a host says otherwise."""
        return MemoryStore()

    def reopen_store(self, store: DossierStore) -> DossierStore:
        """Return the store as a new process finds it; one in memory is the same."""
        return store

    def _check_named(self) -> None:
        codes: object = getattr(self, "procedures", ())
        catalog: object = getattr(self, "catalog", None)
        code = "9.000004"
        if isinstance(catalog, Catalog):
            code = codes if isinstance(codes, str) and codes else next(iter(catalog), code)
        if not isinstance(catalog, Catalog) or not codes:
            what = say("The machine does not say which procedures are handed in.")
        elif isinstance(codes, str):
            what = say("The procedures of the machine are one text.")
        else:
            return
        raise IgateError(
            what,
            where=type(self).__name__,
            fix=say(
                'Write in the class: catalog = Catalog.load("procedures") and '
                'procedures = ("{code}",).',
                code=code,
            ),
        )

    def _opened(self) -> OneStop:
        return OneStop(
            cast("DossierStore", self._failing), agency=self.agency, catalog=self.catalog,
            calendar=self.calendar, clock=lambda: self.now,
        )  # fmt: skip

    # what happens

    @initialize(data=st.data())
    def first(self, data: st.DataObject) -> None:
        """There is a dossier from the start."""
        self.submit(data)

    @rule(data=st.data())
    def submit(self, data: st.DataObject) -> None:
        """A dossier is handed in, and the same form arrives again."""
        form = self._form(data)
        answer = self._hand_in(form)
        self._begin(answer.code, form)
        assert self._hand_in(form) == answer

    @rule(data=st.data(), pauses=st.lists(_PAUSES, min_size=1, max_size=4))
    def act(self, data: st.DataObject, pauses: list[int]) -> None:
        """Somebody takes an action that is open, and others the next ones, hours or days later."""
        code = self._drawn(data)
        for hours in pauses:
            self.now += timedelta(hours=hours)
            drawn = self._drawn_move(data, code)
            if drawn is None:
                return
            answer = self._take(code, *drawn)
            self._follow(code, *drawn)
            assert answer == self.lives[code].dossier

    @precondition(lambda self: self._last is not None)
    @rule()
    def click_again(self) -> None:
        """The last request with a key arrives again: the same answer, and no second step."""
        if self._last is None:
            return
        again = self._take(self._last.code, self._last.move, key=self._last.key)
        assert again == self._last.answer
        self.touched = {self._last.code}

    @rule(data=st.data())
    def come_too_late(self, data: st.DataObject) -> None:
        """Who has not seen the last entry is refused, and nothing is written."""
        code = self._drawn(data)
        life = self.lives[code]
        open_moves = moves(life.dossier, life.ground, self.now)
        if open_moves:
            with pytest.raises(StoreConflict):
                self._take(code, open_moves[0], seq=life.dossier.seq - 1)
        self.touched = {code}

    @rule(data=st.data())
    def try_without_right(self, data: st.DataObject) -> None:
        """Somebody of no role in the workflow is refused whatever he tries."""
        code = self._drawn(data)
        life = self.lives[code]
        for action in life.ground.table.actions_from(life.dossier.state):
            with pytest.raises(NotPermitted):
                self.desk.act(code, action, by=_STRANGER)
        self.touched = {code}

    @rule(data=st.data(), where=st.sampled_from(FAILURES))
    def fail_while_handing_in(self, data: st.DataObject, where: Failure) -> None:
        """The store fails while a dossier is written: it is there or not, and a retry makes one."""
        form = self._form(data)
        self._failing.fail(where)
        with pytest.raises(StoreFailed):
            self._hand_in(form)
        if self._failing.written:
            found = self.store.keyed(form["key"])
            assert found is not None, "what was written is not found by its key"
            self._begin(found[0], form)
        self._compare_after_failure(data)
        answer = self._hand_in(form)
        if answer.code not in self.lives:
            self._begin(answer.code, form)
        assert answer == self.lives[answer.code].dossier

    @rule(data=st.data(), hours=_PAUSES, where=st.sampled_from(FAILURES))
    def fail_while_acting(self, data: st.DataObject, hours: int, where: Failure) -> None:
        """The store fails while an action is written: all of it is there or nothing; tried again.

        A retry with the same key gets the answer of the one step. Without a key, who has seen the
        dossier as it was before is told that somebody has acted, if it was written.
        """
        self.now += timedelta(hours=hours)
        code = self._drawn(data)
        drawn = self._drawn_move(data, code)
        if drawn is None:
            return
        move, key = drawn
        seen = self.lives[code].dossier.seq
        self._failing.fail(where)
        with pytest.raises(StoreFailed):
            self._take(code, move, key)
        written = self._failing.written
        if written:
            self._follow(code, move, key)
        self._compare_after_failure(data)
        if written and not key:
            with pytest.raises(StoreConflict):
                self._take(code, move, seq=seen)
            return
        answer = self._take(code, move, key)
        if not written:
            self._follow(code, move, key)
        assert answer == self.lives[code].dossier

    @rule()
    def restart(self) -> None:
        """The process ends and another one begins: nothing that was answered is lost."""
        self.store = self.reopen_store(self.store)
        self._failing = FailingStore(self.store)
        self.desk = self._opened()
        self.touched = set(self.lives)

    # what always holds

    @invariant()
    def the_journal_is_the_model(self) -> None:
        """The journal has the entries that were decided, numbered from 1 without a gap."""
        for code in self.touched:
            journal = self.desk.journal(code)
            assert list(journal) == self.lives[code].journal
            assert [entry.seq for entry in journal] == list(range(1, len(journal) + 1))

    @invariant()
    def the_journal_folds(self) -> None:
        """The dossier is what its journal comes to, and what the desk shows."""
        for code in self.touched:
            life = self.lives[code]
            assert fold(self.desk.journal(code), life.decides) == life.dossier
            assert self.desk.get(code) == life.dossier

    @invariant()
    def the_date_is_recounted(self) -> None:
        """The date of return that lists show is the one that the marks of the clock give."""
        for code in self.touched:
            life = self.lives[code]
            kept = self.store.standing(code).due_at
            assert kept == _recounted(life), (kept, _recounted(life))

    @invariant()
    def supplements_are_few(self) -> None:
        """No dossier is asked for more supplements than the law allows."""
        if self.supplements is not None:
            for code in self.touched:
                asked = self.lives[code].dossier.facts.get("supplement_requests", 0)
                assert int(asked) <= self.supplements

    @invariant()
    def the_store_says_what_the_model_says(self) -> None:
        """State, number, outcome and finish of each dossier, and how many dossiers there are."""
        assert self.store.count() == len(self.lives)
        for code in self.touched:
            own, kept = self.lives[code].dossier, self.store.standing(code)
            assert (kept.state, kept.seq, kept.outcome, kept.finished_at) == (
                own.state, own.seq, own.outcome, own.finished_at,
            )  # fmt: skip

    @invariant()
    def lists_agree(self) -> None:
        """A dossier is in the work list once for each of its tasks, and is found by its code."""
        if not self.touched:
            return
        listed = self.desk.worklist(limit=1000).items
        for code in self.touched:
            life = self.lives[code]
            wanted = sorted((each.place, each.role) for each in tasks_of(life.dossier, life.ground))
            found = sorted(
                (item.task.place, item.task.role) for item in listed if item.standing.code == code
            )
            assert found == wanted
            assert [each.code for each in self.desk.search(code=code).dossiers] == [code]

    @invariant()
    def requests_are_known_once_written(self) -> None:
        """The key of a request names its entry, and none before there is one."""
        for key, place in self._requests.items():
            if place is None or place[0] in self.touched:
                assert self.store.keyed(key) == place

    def teardown(self) -> None:
        """Compare every dossier once more, as a new process finds it, and close the store."""
        try:
            self.restart()
            self._compare()
        finally:
            self.store.close()

    def _compare(self) -> None:
        for check in (
            self.the_journal_is_the_model, self.the_journal_folds, self.the_date_is_recounted,
            self.supplements_are_few, self.the_store_says_what_the_model_says, self.lists_agree,
            self.requests_are_known_once_written,
        ):  # fmt: skip
            check()

    def _compare_after_failure(self, data: st.DataObject) -> None:
        """Compare before anything else is written, in the same process or in a new one."""
        if data.draw(st.booleans(), label="restart"):
            self.restart()
        self._compare()

    def _form(self, data: st.DataObject) -> dict[str, str]:
        """Draw what is handed in: the arguments of ``OneStop.submit``, with a key of its own."""
        code = data.draw(st.sampled_from(sorted(self.procedures)), label="procedure")
        revision = self.catalog.in_force(code, on=self._today())
        channel, case, area = data.draw(st.sampled_from(channels_of(revision)))
        return {
            "procedure": code, "applicant": "Người nộp giả lập", "applicant_id": "applicant-1",
            "channel": channel, "case": case, "area": area, "key": self._key(),
        }  # fmt: skip

    def _hand_in(self, form: Mapping[str, str]) -> Dossier:
        return self.desk.submit(**form)  # type: ignore[arg-type]

    def _begin(self, code: str, form: Mapping[str, str]) -> None:
        """Let the model know a dossier that was handed in."""
        assert code not in self.lives, "a code was given twice"
        today = self._today()
        ground = self._filed.on(self.catalog.in_force(form["procedure"], on=today), today)
        (entry,) = self.desk.journal(code)
        self.lives[code] = _Life(begin(entry, ground), ground, [entry])
        self._requests[form["key"]] = (code, 1)
        self.touched = {code}

    def _drawn_move(self, data: st.DataObject, code: str) -> tuple[Move, str] | None:
        """Draw what is done with a dossier now, and a key or none; nothing where none can."""
        life = self.lives[code]
        open_moves = moves(life.dossier, life.ground, self.now)
        if not open_moves:
            return None
        move = data.draw(likely(open_moves), label="move")
        return move, self._key() if data.draw(st.booleans(), label="key") else ""

    def _follow(self, code: str, move: Move, key: str) -> None:
        """Let the model take a step."""
        life = self.lives[code]
        entry = structs.replace(move.decide(life.dossier, life.ground, self.now), key=key)
        life.dossier = apply(life.dossier, entry, life.ground)
        life.journal.append(entry)
        if key:
            self._last = _Asked(code, move, key, life.dossier)
            self._requests[key] = (code, entry.seq)
        self.touched = {code}

    def _take(self, code: str, move: Move, key: str = "", *, seq: int | None = None) -> Dossier:
        return self.desk.act(
            code, move.action, by=move.by, note=move.note, due=move.due, facts=move.facts,
            to=move.to, changes=move.changes, agencies=move.agencies, key=key, seq=seq,
        )  # fmt: skip

    def _drawn(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.lives)), label="dossier")

    def _key(self) -> str:
        key = f"request-{len(self._requests) + 1}"
        self._requests[key] = None
        return key

    def _today(self) -> date:
        return self.now.date()


def _recounted(life: _Life) -> datetime | None:
    """Return the date of return by the marks alone, with the limit that was promised."""
    counting = life.dossier.counting
    if counting is None:
        return None
    return compute_deadline(
        counting.limit, marks=life.dossier.marks, calendar=counting.calendar, rules=counting.rules
    ).due
