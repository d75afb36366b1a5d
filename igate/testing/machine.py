# ruff: noqa: S101 - the machine asserts, as a test does
"""Random lives of dossiers at a desk, against a model that knows only the pure engine.

A host subclasses :class:`DossierMachine` for its own procedures and store; pytest runs its
``TestCase``. What happens is synthetic.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Final

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
from igate.errors import NotPermitted, StoreConflict
from igate.law.localtime import parse_local
from igate.office.memory import MemoryStore
from igate.office.onestop import OneStop
from igate.testing.moves import moves
from igate.testing.strategies.journals import channels_of, likely

if TYPE_CHECKING:
    from igate.dossiers.dossier import Dossier, Entry
    from igate.dossiers.engine import Ground
    from igate.dossiers.record import Record
    from igate.office.store import DossierStore
    from igate.procedures.catalog.catalog import Catalog
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


class _Crash(Exception):
    """Something of the host ends in the middle of a transaction."""


class DossierMachine(RuleBasedStateMachine):
    """Hand dossiers in, act on them, click twice, come too late, crash; compare after each step.

    Invariants: ``the_journal_is_the_model``, ``the_journal_folds``, ``the_date_is_recounted``,
    ``supplements_are_few``, ``the_store_says_what_the_model_says``, ``lists_agree``.

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
        """Open a desk on an empty store."""
        super().__init__()
        self.now = self.start
        self.calendar = WorkCalendar.vietnam(provisional=True)
        self._filed = FiledGrounds(self.calendar)
        self.store = self.create_store()
        self.desk = self._opened()
        self.lives: dict[str, _Life] = {}
        #: dossiers that the last step may have changed
        self.touched: set[str] = set()
        self._last: _Asked | None = None
        self._keys = 0

    def create_store(self) -> DossierStore:
        """Return an empty store; one in memory unless a host says otherwise."""
        return MemoryStore()

    def reopen_store(self, store: DossierStore) -> DossierStore:
        """Return the store as a new process finds it; one in memory is the same."""
        return store

    def _opened(self) -> OneStop:
        return OneStop(
            self.store, agency=self.agency, catalog=self.catalog, calendar=self.calendar,
            clock=lambda: self.now,
        )  # fmt: skip

    # what happens

    @initialize(data=st.data())
    def first(self, data: st.DataObject) -> None:
        """There is a dossier from the start."""
        self.submit(data)

    @rule(data=st.data())
    def submit(self, data: st.DataObject) -> None:
        """A dossier is handed in, and the same form arrives again."""
        code = data.draw(st.sampled_from(sorted(self.procedures)), label="procedure")
        ground = self._filed.on(self.catalog.in_force(code, on=self._today()), self._today())
        channel, case, area = data.draw(st.sampled_from(channels_of(ground.revision)))
        key = self._key()
        given = {
            "applicant": "Người nộp giả lập", "applicant_id": "applicant-1", "channel": channel,
            "case": case, "area": area, "key": key,
        }  # fmt: skip
        answer = self.desk.submit(code, **given)  # type: ignore[arg-type]
        assert answer.code not in self.lives, "a code was given twice"
        (entry,) = self.desk.journal(answer.code)
        self.lives[answer.code] = _Life(begin(entry, ground), ground, [entry])
        assert self.desk.submit(code, **given) == answer  # type: ignore[arg-type]
        self.touched = {answer.code}

    @rule(data=st.data(), hours=_PAUSES)
    def act(self, data: st.DataObject, hours: int) -> None:
        """Somebody takes an action that is open, some hours or days later."""
        self.now += timedelta(hours=hours)
        code = self._drawn(data)
        life = self.lives[code]
        open_moves = moves(life.dossier, life.ground, self.now)
        if not open_moves:
            return
        move = data.draw(likely(open_moves), label="move")
        key = self._key() if data.draw(st.booleans(), label="key") else ""
        answer = self._take(code, move, key=key)
        entry = structs.replace(move.decide(life.dossier, life.ground, self.now), key=key)
        life.dossier = apply(life.dossier, entry, life.ground)
        life.journal.append(entry)
        assert answer == life.dossier
        self._last = _Asked(code, move, key, answer) if key else self._last
        self.touched = {code}

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

    @rule()
    def crash_while_handing_in(self) -> None:
        """What ends in the middle of a transaction leaves no trace."""

        def make(code: str) -> Record:
            raise _Crash(code)

        with pytest.raises(_Crash):
            self.store.create(make, agency=self.agency, day=self._today())
        self.touched = set(self.lives)

    @rule()
    def restart(self) -> None:
        """The process ends and another one begins: nothing that was answered is lost."""
        self.store = self.reopen_store(self.store)
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

    def teardown(self) -> None:
        """Compare every dossier once more, as a new process finds it, and close the store."""
        self.restart()
        for check in (
            self.the_journal_is_the_model, self.the_journal_folds, self.the_date_is_recounted,
            self.the_store_says_what_the_model_says, self.lists_agree,
        ):  # fmt: skip
            check()
        self.store.close()

    def _take(self, code: str, move: Move, *, key: str = "", seq: int | None = None) -> Dossier:
        return self.desk.act(
            code, move.action, by=move.by, note=move.note, due=move.due, facts=move.facts,
            to=move.to, changes=move.changes, agencies=move.agencies, key=key, seq=seq,
        )  # fmt: skip

    def _drawn(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.lives)), label="dossier")

    def _key(self) -> str:
        self._keys += 1
        return f"request-{self._keys}"

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
