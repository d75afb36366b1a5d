# ruff: noqa: S101, PLR2004 - these are tests that the library ships
"""The cases that every store must pass, for the stores of igate and for those of a host.

A test class inherits from :class:`StoreContract` and says how a store is made::

    class TestMyStore(StoreContract):
        def create_store(self) -> DossierStore:
            return MyStore()

Most cases state one rule of ``igate.office.store`` each. The last one compares the store with a
dict over random series of actions, the refused ones among them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from time import sleep
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis.stateful import run_state_machine_as_test
from msgspec import structs

from igate.dossiers.dossier import Promise
from igate.dossiers.record import Record, Task, Timer
from igate.dossiers.standing import OWN_KEYS
from igate.errors import (
    JournalError,
    MomentError,
    StoreConflict,
    StoreError,
    TextError,
    UnknownDossier,
)
from igate.office.hostdata import Attachment, Payment
from igate.office.lists import SearchQuery, WorkQuery
from igate.testing.journals import (
    AGENCY,
    DAY,
    NINE,
    StoreMachine,
    first_entry,
    following,
    maker,
    standing_after,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from igate.dossiers.dossier import Entry
    from igate.dossiers.standing import Standing
    from igate.office.store import DossierStore

__all__ = ["StoreContract"]


def _contents(store: DossierStore) -> tuple[list[Standing], list[Entry]]:
    return list(store.standings()), list(store.entries())


class StoreContract(ABC):
    """The cases; a test class inherits them and makes the store."""

    @abstractmethod
    def create_store(self) -> DossierStore:
        """Make a new and empty store."""

    @pytest.fixture
    def store(self) -> Iterator[DossierStore]:
        """Return an empty store, and close it after the case."""
        with self.create_store() as store:
            yield store

    @staticmethod
    def submitted(store: DossierStore) -> Entry:
        """Write a new dossier and return its first entry."""
        return store.create(maker(), agency=AGENCY, day=DAY)

    def test_an_empty_store_holds_nothing(self, store: DossierStore) -> None:
        """A new store has no dossier, no entry and no code."""
        assert (store.count(), store.count_entries(), list(store.codes())) == (0, 0, [])
        assert _contents(store) == ([], [])

    def test_codes_number_the_dossiers_of_an_agency_and_a_day(self, store: DossierStore) -> None:
        """The order of the day begins at 0001 for each agency and each day."""
        codes = [
            store.create(maker(agency), agency=agency, day=day).dossier
            for agency, day in (
                ("H15.10", DAY),
                ("H15.10", DAY),
                ("H15.11", DAY),
                ("H15.10", date(2026, 8, 21)),
                ("H15.10", DAY),
            )
        ]
        assert codes == [
            "H15.10-260820-0001",
            "H15.10-260820-0002",
            "H15.11-260820-0001",
            "H15.10-260821-0001",
            "H15.10-260820-0003",
        ]

    def test_a_century_later_is_another_day(self, store: DossierStore) -> None:
        """The code has two digits of the year, and still no code is given out twice."""
        first = store.create(maker(), agency=AGENCY, day=DAY)
        second = store.create(maker(), agency=AGENCY, day=DAY.replace(year=2126))
        assert (first.dossier, second.dossier) == ("H15.10-260820-0001", "H15.10-260820-0002")

    def test_a_code_that_was_brought_in_is_not_given_out_again(self, store: DossierStore) -> None:
        """Allotting skips the codes that dossiers of another system already have."""
        brought = first_entry("H15.10-260820-0001")
        store.load([((brought,), written(brought))])
        assert self.submitted(store).dossier == "H15.10-260820-0002"

    @pytest.mark.parametrize("agency", ["", "h15", "H15-10", "H15 10", "Đắk Lắk", "H" * 36])
    def test_a_code_begins_with_the_identifier_of_an_agency(
        self, store: DossierStore, agency: str
    ) -> None:
        """Decision 20/2020 allows at most 35 of A-Z, 0-9 and the dot."""
        with pytest.raises(TextError, match="not the identifier of an agency"):
            store.create(maker(), agency=agency, day=DAY)
        assert store.count() == 0

    def test_what_is_written_reads_back_unchanged(self, store: DossierStore) -> None:
        """Every field of an entry and of a standing comes back as it went in."""
        first = self.submitted(store)
        entry = structs.replace(
            following(first, "awaiting_supplement"),
            recorded_at=NINE + timedelta(days=3, seconds=1),
            note="Thiếu bản sao;\n'đã báo' \x01 \N{WAVING BLACK FLAG}",
            clock="replace",
            reason="supplement",
            due=NINE + timedelta(days=30),
            facts={"complete": False, "copies": 2, "big": 2**80, "ghi_chú": "bản sao", "one": 1},
        )
        standing = structs.replace(
            standing_after(entry),
            case="cấp lại",
            area="đô thị",
            due_at=None,
            finished_at=NINE + timedelta(days=1),
            returned_at=NINE + timedelta(days=2),
            outcome="granted",
        )
        store.append(Record(entry, standing))
        assert store.journal(first.dossier) == (first, entry)
        assert store.standing(first.dossier) == standing

    def test_a_fact_keeps_its_type(self, store: DossierStore) -> None:
        """True is not 1 and "1" is neither, although Python calls the first two equal."""
        first = self.submitted(store)
        entry = structs.replace(following(first), facts={"a": True, "b": 1, "c": "1"})
        store.append(written(entry))
        facts = store.journal(first.dossier)[1].facts
        assert [type(facts[name]) for name in "abc"] == [bool, int, str]

    def test_moments_come_back_in_vietnamese_time(self, store: DossierStore) -> None:
        """Nine o'clock is read as nine o'clock, so that its date is the one of the office."""
        code = self.submitted(store).dossier
        assert store.journal(code)[0].happened_at.isoformat() == "2026-08-20T09:00:00+07:00"
        assert store.standing(code).submitted_at.isoformat() == "2026-08-20T09:00:00+07:00"

    @pytest.mark.parametrize(
        ("moment", "sentence"),
        [
            (NINE.replace(tzinfo=None), "no time zone"),
            (NINE.astimezone(UTC), "not in Vietnamese time"),
            (NINE.replace(microsecond=1), "finer than a second"),
        ],
    )
    def test_a_moment_that_would_read_back_changed_is_refused(
        self, store: DossierStore, moment: datetime, sentence: str
    ) -> None:
        """A naive, a foreign and a too fine moment are refused in every place of the two values."""
        entry = following(self.submitted(store))
        standing = standing_after(entry)
        before = _contents(store)
        wrong: dict[str, Any]
        for field in ("happened_at", "recorded_at", "due"):
            wrong = {field: moment}
            with pytest.raises(MomentError, match=sentence):
                store.append(Record(structs.replace(entry, **wrong), standing))
        for field in ("submitted_at", "received_at", "due_at", "finished_at", "returned_at"):
            wrong = {field: moment}
            with pytest.raises(MomentError, match=sentence):
                store.append(Record(entry, structs.replace(standing, **wrong)))
        assert _contents(store) == before

    def test_a_fact_of_another_type_is_refused(self, store: DossierStore) -> None:
        """A float or a list would not read back as it was, so it is not written."""
        entry = following(self.submitted(store))
        for value in (1.5, None, ["a"]):
            wrong = structs.replace(entry, facts={"fee": value})
            with pytest.raises(JournalError, match="The fact 'fee' is"):
                store.append(Record(wrong, standing_after(entry)))
        assert store.count_entries() == 1

    @pytest.mark.parametrize("field", ["note", "actor", "reason"])
    def test_a_text_with_a_nul_is_refused(self, store: DossierStore, field: str) -> None:
        """Not every database can keep it, so none does."""
        first = self.submitted(store)
        wrong = structs.replace(following(first), **{field: "a\x00b"})
        with pytest.raises(JournalError, match="NUL"):
            store.append(Record(wrong, standing_after(wrong)))
        assert store.count_entries() == 1

    def test_what_was_written_does_not_change_with_the_mapping_it_came_from(
        self, store: DossierStore
    ) -> None:
        """A journal cannot be changed through the dict that its facts were given in."""
        facts: dict[str, bool | int | str] = {"copies": 2}
        entry = structs.replace(following(self.submitted(store)), facts=facts)
        store.append(written(entry))
        facts["copies"] = 3
        assert store.journal(entry.dossier)[1].facts == {"copies": 2}

    def test_the_second_of_two_who_saw_the_same_is_refused(self, store: DossierStore) -> None:
        """An entry on top of one that is no longer the last is a conflict, and leaves no trace."""
        first = self.submitted(store)
        one, other = following(first, "submitted"), following(first, "refused")
        store.append(written(one))
        before = _contents(store)
        with pytest.raises(StoreConflict, match="ends at entry 2, not 1"):
            store.append(written(other))
        assert _contents(store) == before

    def test_an_entry_from_the_future_is_a_conflict(self, store: DossierStore) -> None:
        """Leaving a number out would make a gap in the journal."""
        later = following(following(self.submitted(store)))
        with pytest.raises(StoreConflict, match="ends at entry 1, not 2"):
            store.append(written(later))

    def test_an_entry_starts_where_the_last_one_ended(self, store: DossierStore) -> None:
        """The right number from a wrong state is an error of the caller, not a conflict."""
        wrong = structs.replace(following(self.submitted(store)), source="approved")
        with pytest.raises(JournalError, match="starts from 'approved'"):
            store.append(written(wrong))
        assert store.count_entries() == 1

    @pytest.mark.parametrize("field", ["code", "seq", "state"])
    def test_a_standing_agrees_with_its_entry(self, store: DossierStore, field: str) -> None:
        """A standing of another dossier, number or state is refused."""
        entry = following(self.submitted(store))
        other = {"code": "H15.10-260820-0009", "seq": 7, "state": "approved"}[field]
        changed = structs.replace(standing_after(entry), **{field: other})
        with pytest.raises(JournalError, match="the standing has"):
            store.append(Record(entry, changed))
        assert store.count_entries() == 1

    def test_an_entry_may_change_what_was_fixed_at_submission(self, store: DossierStore) -> None:
        """A dossier handed to another agency is found under that one and no longer the old."""
        entry = following(self.submitted(store))
        moved = structs.replace(
            standing_after(entry, agency="H15.11"), revision="2026-08-05", area="đô thị"
        )
        store.append(Record(entry, moved))
        assert store.standing(entry.dossier) == moved
        assert list(store.standings(agency="H15.11")) == [moved]
        assert list(store.standings(agency="H15.10")) == []

    def test_an_unknown_dossier_is_named(self, store: DossierStore) -> None:
        """Reading and appending say which code is not there."""
        entry = following(first_entry("H15.10-260820-0404"))
        for ask in (
            lambda: store.journal(entry.dossier),
            lambda: store.standing(entry.dossier),
            lambda: store.append(written(entry)),
        ):
            with pytest.raises(UnknownDossier, match=r"H15\.10-260820-0404"):
                ask()

    def test_a_refusal_while_a_dossier_is_made_uses_up_no_number(self, store: DossierStore) -> None:
        """What the maker raises comes out unchanged; the next dossier gets the same number."""

        def interrupted(code: str) -> Record:
            raise KeyboardInterrupt(code)

        with pytest.raises(KeyboardInterrupt, match=r"H15\.10-260820-0001"):
            store.create(interrupted, agency=AGENCY, day=DAY)
        assert _contents(store) == ([], [])
        assert self.submitted(store).dossier == "H15.10-260820-0001"

    def test_a_new_dossier_bears_the_code_it_was_given(self, store: DossierStore) -> None:
        """Another code, a second entry or a source state is not how a dossier begins."""
        stray = first_entry("H15.10-260820-0007")
        makers: tuple[Callable[[str], Record], ...] = (
            lambda _: written(stray),
            lambda code: Record(stray, standing_after(first_entry(code))),
            lambda code: Record(following(first_entry(code)), standing_after(first_entry(code))),
            lambda code: Record(
                structs.replace(first_entry(code), source="draft"),
                standing_after(first_entry(code)),
            ),
        )
        for make in makers:
            with pytest.raises(JournalError):
                store.create(make, agency=AGENCY, day=DAY)
        assert _contents(store) == ([], [])

    def test_nothing_else_is_written_while_a_dossier_is_made(self, store: DossierStore) -> None:
        """Writing inside the maker is refused; reading is not."""
        code = self.submitted(store).dossier

        def nesting(_: str) -> Record:
            assert store.standing(code).seq == 1
            self.submitted(store)
            raise AssertionError

        with pytest.raises(StoreError, match="while it makes a dossier"):
            store.create(nesting, agency=AGENCY, day=DAY)
        assert list(store.codes()) == [code]

    def test_whole_journals_are_brought_in(self, store: DossierStore) -> None:
        """Dossiers of another system keep their codes and all their entries."""
        first = first_entry("000.00.53.H48-220921-0099")
        second = following(first)
        other = first_entry("H15.10-260820-0005")
        loaded = store.load([((first, second), written(second)), ((other,), written(other))])
        assert (loaded, store.count(), store.count_entries()) == (2, 2, 3)
        assert store.journal(first.dossier) == (first, second)
        assert store.standing(other.dossier) == standing_after(other)

    def test_many_are_brought_in_with_every_entry(self, store: DossierStore) -> None:
        """1,500 dossiers of two entries arrive as 3,000 entries, whatever the store's batches."""
        firsts = [first_entry(f"H15.10-260820-{n:04d}") for n in range(1, 1501)]
        pairs = [(entry, following(entry)) for entry in firsts]
        assert store.load((pair, written(pair[1])) for pair in pairs) == 1500
        assert list(store.entries()) == [entry for pair in pairs for entry in pair]

    def test_dossiers_are_brought_in_together_or_not_at_all(self, store: DossierStore) -> None:
        """A code that is there already, or comes twice, or a journal with a gap stops the load."""
        code = self.submitted(store).dossier
        good = first_entry("H15.10-260820-0008")
        fine = ((good,), written(good))
        taken = first_entry(code)
        third = following(following(good))
        before = _contents(store)
        with pytest.raises(StoreConflict, match=code):
            store.load([fine, ((taken,), written(taken))])
        with pytest.raises(StoreConflict, match="0008"):
            store.load([fine, fine])
        with pytest.raises(JournalError, match="without a gap"):
            store.load([((good, third), written(third))])
        with pytest.raises(JournalError, match="at least one entry"):
            store.load([fine, ((), written(taken))])
        assert _contents(store) == before

    def test_standings_are_found_by_what_is_asked(self, store: DossierStore) -> None:
        """Each condition narrows the list, all of them apply, and codes give the order."""
        late = structs.replace(standing_after(first_entry("B")), due_at=NINE, procedure="1.000603")
        done = structs.replace(standing_after(first_entry("A")), finished_at=NINE, due_at=None)
        open_ = structs.replace(
            standing_after(first_entry("C")), agency="H15.11", state="processing"
        )
        first = structs.replace(first_entry("C"), target="processing")
        store.load(
            [
                ((e,), Record(e, s))
                for e, s in ((first_entry("B"), late), (first_entry("A"), done), (first, open_))
            ]
        )
        assert list(store.standings()) == [done, late, open_]
        assert list(store.codes()) == ["A", "B", "C"]
        assert list(store.standings(agency="H15.10")) == [done, late]
        assert list(store.standings(agency="H15")) == []
        assert list(store.standings(procedure="1.000603")) == [late]
        assert list(store.standings(state="processing")) == [open_]
        assert list(store.standings(finished=True)) == [done]
        assert list(store.standings(finished=False)) == [late, open_]
        assert list(store.standings(due_before=NINE)) == []
        assert list(store.standings(due_before=NINE.replace(microsecond=1))) == [late]
        assert list(store.standings(due_before=NINE + timedelta(days=8))) == [late, open_]
        assert list(store.standings(agency="H15.10", finished=False)) == [late]
        with pytest.raises(MomentError, match="no time zone"):
            store.standings(due_before=NINE.replace(tzinfo=None))

    def test_a_stream_may_be_left_and_the_store_written_to_meanwhile(
        self, store: DossierStore
    ) -> None:
        """Reading a list half-way hinders nobody, and each dossier comes at most once."""
        for _ in range(3):
            self.submitted(store)
        left = store.standings()
        next(left)
        stream = store.standings()
        seen = [next(stream).code]
        entry = following(first_entry(seen[0]))
        store.append(written(entry))
        self.submitted(store)
        seen += [standing.code for standing in stream]
        assert len(seen) == len(set(seen))
        assert set(seen) >= {f"H15.10-260820-000{n}" for n in (1, 2, 3)}
        assert store.standing(seen[0]).seq == 2

    def test_a_definition_is_kept_and_never_changed(self, store: DossierStore) -> None:
        """The same text may come again; another one under the same digest is refused."""
        assert store.definition("ab12") is None
        store.keep_definition("ab12", '{"tên": "Cấp thẻ"}')
        store.keep_definition("ab12", '{"tên": "Cấp thẻ"}')
        with pytest.raises(StoreError, match="Another definition is kept under ab12"):
            store.keep_definition("ab12", "{}")
        assert store.definition("ab12") == '{"tên": "Cấp thẻ"}'

    def test_pending_dossiers_are_counted_by_definition(self, store: DossierStore) -> None:
        """Those with an outcome and those that are finished are left out."""
        for code, more in (
            ("A", {"definition": "ab12"}), ("B", {"definition": "ab12"}), ("C", {}),
            ("D", {"definition": "ab12", "finished_at": NINE}),
            ("E", {"definition": "ab12", "outcome": "refused"}),
        ):  # fmt: skip
            entry = first_entry(code)
            standing = structs.replace(standing_after(entry), **more)
            store.load([((entry,), Record(entry, standing))])
        found = [(use.definition, use.dossiers, use.first) for use in store.definitions_in_use()]
        assert found == [("", 1, "C"), ("ab12", 2, "A")]

    def test_no_two_entries_have_one_key(self, store: DossierStore) -> None:
        """However an entry comes in; nothing of the second one is written."""
        first = structs.replace(first_entry("A"), key="k")
        store.load([((first,), written(first))])
        assert (store.keyed("k"), store.keyed("other")) == (("A", 1), None)
        again = structs.replace(following(first), key="k")
        with pytest.raises(StoreConflict, match="'k' belongs to an entry of A"):
            store.append(written(again))
        other = structs.replace(first_entry("B"), key="k")
        with pytest.raises(StoreConflict, match="'k' belongs to an entry of A"):
            store.load([((other,), written(other))])
        assert (store.count(), store.count_entries()) == (1, 1)
        next_one = structs.replace(following(first), key="k2")
        store.append(written(next_one))
        assert store.journal("A")[-1].key == "k2"
        assert store.keyed("k2") == ("A", 2)

    def test_no_two_entries_of_one_load_have_one_key(self, store: DossierStore) -> None:
        """Of two dossiers or of one: the second is refused, and the first with it."""
        both = [structs.replace(first_entry(code), key="k") for code in ("A", "B")]
        with pytest.raises(StoreConflict, match="'k' belongs to an entry of A"):
            store.load([((entry,), written(entry)) for entry in both])
        assert (store.count(), store.keyed("k")) == (0, None)
        first = both[0]
        again = structs.replace(following(first), key="k")
        with pytest.raises(StoreConflict, match="'k' belongs to an entry of A"):
            store.load([((first, again), written(again))])
        assert store.count() == 0

    def test_a_promise_comes_back_as_it_went_in(self, store: DossierStore) -> None:
        """Of an entry that makes one; the others have none."""
        promise = Promise(
            definition="ab12", limit="3 working_day", rules="decree [2025-07-01, open)"
        )
        first = structs.replace(first_entry("A"), promise=promise)
        store.load([((first,), written(first))])
        store.append(written(following(first)))
        assert [entry.promise for entry in store.journal("A")] == [promise, None]

    def test_tasks_are_listed_by_date_and_paged(self, store: DossierStore) -> None:
        """Those without a date come last; a page begins where the last one ended."""
        for code, due in (("A", 3), ("B", None), ("C", 1), ("D", 1)):
            entry = first_entry(code)
            due_at = None if due is None else NINE + timedelta(days=due)
            standing = structs.replace(standing_after(entry), due_at=due_at)
            task = Task(place="submitted", role="receptionist", agency=AGENCY, assignee="")
            store.load([((entry,), Record(entry, standing, tasks=(task,)))])
        asked = WorkQuery(roles=("receptionist",), agencies=(AGENCY,), limit=3)
        page = store.work_list(asked)
        assert [item.standing.code for item in page.items] == ["C", "D", "A"]
        rest = store.work_list(structs.replace(asked, after=page.after))
        assert ([item.standing.code for item in rest.items], rest.after) == (["B"], "")
        before = NINE + timedelta(days=2)
        soon = store.work_list(structs.replace(asked, due_before=before))
        assert [item.standing.code for item in soon.items] == ["C", "D"]
        assert store.work_list(WorkQuery(roles=("leader",))).items == ()
        with pytest.raises(StoreError, match="not one that this list has given"):
            store.work_list(WorkQuery(after="x"))
        for limit in (0, 1001):
            with pytest.raises(StoreError, match="cannot be given"):
                store.work_list(WorkQuery(limit=limit))

    def test_tasks_are_listed_by_the_date_of_the_step(self, store: DossierStore) -> None:
        """Those without one come last; a mark holds for its own order."""
        for code, due, step in (("A", 1, None), ("B", 2, 3), ("C", 3, 1), ("D", None, 2)):
            entry = first_entry(code)
            due_at = None if due is None else NINE + timedelta(days=due)
            step_due = None if step is None else NINE + timedelta(hours=step)
            standing = structs.replace(standing_after(entry), due_at=due_at)
            task = Task(place="submitted", role="receptionist", agency=AGENCY, due_at=step_due)
            store.load([((entry,), Record(entry, standing, tasks=(task,)))])
        asked = WorkQuery(agencies=(AGENCY,), order="step_due", limit=3)
        page = store.work_list(asked)
        assert [item.standing.code for item in page.items] == ["C", "D", "B"]
        rest = store.work_list(structs.replace(asked, after=page.after))
        assert ([item.standing.code for item in rest.items], rest.after) == (["A"], "")
        with pytest.raises(StoreError, match="not one that this list has given"):
            store.work_list(structs.replace(asked, order="due", after=page.after))
        by_date = store.work_list(structs.replace(asked, order="due"))
        assert [item.standing.code for item in by_date.items] == ["A", "B", "C"]
        with pytest.raises(StoreError, match="not one that this list has given"):
            store.work_list(structs.replace(asked, after=by_date.after))
        with pytest.raises(StoreError, match="no order 'name'"):
            store.work_list(structs.replace(asked, order=cast("Any", "name")))

    def test_tasks_follow_the_last_entry(self, store: DossierStore) -> None:
        """What an entry says of tasks replaces what the last one said; saying nothing keeps it."""
        first = self.submitted(store)
        entry = first
        for roles in (("officer", "leader"), ("leader",), None, ()):
            entry = following(entry)
            tasks = None if roles is None else tuple([Task(place="p", role=each) for each in roles])
            store.append(Record(entry, standing_after(entry), tasks=tasks))
            found = [item.task.role for item in store.work_list(WorkQuery()).items]
            wanted = sorted(roles) if roles is not None else ["leader"]
            assert found == wanted

    def test_people_are_found_without_diacritics(self, store: DossierStore) -> None:
        """By the beginning of the name or of the given name."""
        code = self.submitted(store).dossier
        for text, found in (("nguyen", 1), ("ánh", 1), ("ANH THI", 1), ("thi", 0), ("nguyenx", 0)):
            assert len(store.search(SearchQuery(person=text)).dossiers) == found, text
        assert store.search(SearchQuery(code=code[:12], agency=AGENCY)).dossiers
        assert store.search(SearchQuery(scope="H15")).dossiers
        assert store.search(SearchQuery(scope="H1")).dossiers == ()

    def test_dossiers_are_counted(self, store: DossierStore) -> None:
        """By state, and by how their date lies to a day."""
        for code, days in (("A", -1), ("B", 0), ("C", 5), ("D", None)):
            entry = first_entry(code)
            due_at = None if days is None else NINE + timedelta(days=days)
            standing = structs.replace(standing_after(entry), due_at=due_at)
            store.load([((entry,), Record(entry, standing))])
        assert store.counts("due", pending=True, at=NINE) == {
            "later": 1, "none": 1, "overdue": 1, "today": 1,
        }  # fmt: skip
        assert store.counts("state", pending=False, at=NINE) == {"submitted": 4}

    def test_a_timer_is_claimed_once_until_its_lease_is_over(self, store: DossierStore) -> None:
        """And is done once; it falls due again only when its moment changes."""
        first = self.submitted(store)
        timer = Timer(kind="step", about="p", due_at=NINE + timedelta(hours=1))
        entry = following(first)
        store.append(Record(entry, standing_after(entry), timers=(timer,)))
        lease, later = timedelta(minutes=5), NINE + timedelta(hours=2)
        assert store.claim_timers(at=NINE, limit=9, lease=lease) == ()
        (due,) = store.claim_timers(at=later, limit=9, lease=lease)
        assert (due.dossier, due.timer) == (first.dossier, timer)
        assert store.claim_timers(at=later, limit=9, lease=lease) == ()
        assert store.claim_timers(at=later + lease, limit=9, lease=lease) == (due,)
        store.finish_timer(due, message="", at=later)
        entry = following(entry)
        store.append(Record(entry, standing_after(entry), timers=(timer,)))
        assert store.claim_timers(at=later + lease * 9, limit=9, lease=lease) == ()
        moved = structs.replace(timer, due_at=NINE + timedelta(minutes=90))
        entry = following(entry)
        store.append(Record(entry, standing_after(entry), timers=(moved,)))
        assert [each.timer for each in store.claim_timers(at=later, limit=9, lease=lease)] == [
            moved
        ]

    def test_timers_are_claimed_in_the_order_of_falling_due(self, store: DossierStore) -> None:
        """Also one that somebody has held for too long: it comes before those due later."""
        hours = (2, 1, 3)
        for hour in hours:
            entry = following(self.submitted(store))
            timer = Timer(kind="step", about=f"{hour}", due_at=NINE + timedelta(hours=hour))
            store.append(Record(entry, standing_after(entry), timers=(timer,)))
        lease, later = timedelta(minutes=5), NINE + timedelta(hours=4)
        claims = [
            store.claim_timers(at=NINE + timedelta(hours=1), limit=9, lease=lease),
            store.claim_timers(at=later, limit=2, lease=lease),
            store.claim_timers(at=later, limit=2, lease=lease),
            store.claim_timers(at=later, limit=2, lease=lease),
        ]
        assert [[each.timer.about for each in claim] for claim in claims] == [
            ["1"], ["1", "2"], ["3"], [],
        ]  # fmt: skip

    def test_messages_of_a_dossier_are_claimed_one_after_another(self, store: DossierStore) -> None:
        """The second only when the first is gone or dead; what is put off waits."""
        first = self.submitted(store)
        entry = first
        for _ in range(2):
            entry = following(entry)
            store.append(Record(entry, standing_after(entry), message=f"m{entry.seq}"))
        at, lease = NINE + timedelta(hours=1), timedelta(minutes=5)
        (one,) = store.claim_messages(at=at, limit=9, lease=lease)
        assert (one.dossier, one.body, one.attempts) == (first.dossier, "m2", 0)
        assert store.claim_messages(at=at, limit=9, lease=lease) == ()
        store.put_off(one.number, until=at + timedelta(seconds=30), reason="503")
        assert store.claim_messages(at=at, limit=9, lease=lease) == ()
        (again,) = store.claim_messages(at=at + timedelta(seconds=30), limit=9, lease=lease)
        assert (again.number, again.attempts, again.reason) == (one.number, 1, "503")
        store.put_off(one.number, until=None, reason="400")
        assert [each.body for each in store.dead_messages()] == ["m2"]
        (two,) = store.claim_messages(at=at, limit=9, lease=lease)
        assert two.body == "m3"
        store.drop_message(two.number)
        assert store.claim_messages(at=at + lease * 9, limit=9, lease=lease) == ()

    def test_a_payment_is_kept_once(self, store: DossierStore) -> None:
        """By its reference; what is said again is answered by what is kept."""
        code = self.submitted(store).dossier
        paid = Payment(
            reference="GW-1", dossier=code, item="fee", amount=8000, paid_at=NINE, channel="card",
            outcome="paid", recorded_at=NINE,
        )  # fmt: skip
        assert store.add_payment(paid) == paid
        assert store.add_payment(structs.replace(paid, amount=1)) == paid
        assert store.payments(code) == (paid,)
        with pytest.raises(UnknownDossier):
            store.add_payment(structs.replace(paid, reference="GW-2", dossier="none"))

    def test_files_and_references_are_kept(self, store: DossierStore) -> None:
        """Files are numbered; the last reference of a system counts."""
        code = self.submitted(store).dossier
        given = Attachment(
            dossier=code, number=0, name="a.pdf", digest="ab" * 32, size=3, signature="none",
            added_at=NINE,
        )  # fmt: skip
        assert [store.add_attachment(given).number for _ in range(3)] == [1, 2, 3]
        assert [each.number for each in store.attachments(code)] == [1, 2, 3]
        for value in ("x", "y"):
            store.keep_host_data(code, references={"portal": value}, contacts={"phone": value})
        assert (store.references(code), store.contacts(code)) == ({"portal": "y"}, {"phone": "y"})

    def test_erasing_leaves_every_entry(self, store: DossierStore) -> None:
        """And no name in any of them."""
        first = self.submitted(store)
        entry = following(first)
        store.erase(written(entry))
        assert len(store.journal(first.dossier)) == 2
        shown = [*map(str, store.journal(first.dossier)[0].facts.values())]
        shown += [store.journal(first.dossier)[0].actor, store.standing(first.dossier).applicant]
        assert [text for text in shown if "Ánh" in text] == []
        assert store.search(SearchQuery(person="nguyen")).dossiers == ()

    def test_notes_about_the_store_are_kept(self, store: DossierStore) -> None:
        """A note is set, replaced and read; one never set is None."""
        assert store.get_meta("synthetic") is None
        store.set_meta("synthetic", "true")
        store.set_meta("synthetic", "đúng")
        assert store.get_meta("synthetic") == "đúng"

    @pytest.mark.parametrize("key", sorted(OWN_KEYS))
    def test_the_notes_of_the_store_itself_are_not_set(self, store: DossierStore, key: str) -> None:
        """Nobody can give the database another format by a note."""
        before = store.get_meta(key)
        with pytest.raises(StoreError, match=f"The note '{key}' cannot be set"):
            store.set_meta(key, "99")
        assert store.get_meta(key) == before

    def test_a_closed_store_says_so(self) -> None:
        """After close every use is refused with one sentence; closing again is no error."""
        store = self.create_store()
        entry = self.submitted(store)
        store.close()
        store.close()
        for use in (
            lambda: self.submitted(store),
            lambda: store.append(written(following(entry))),
            lambda: store.load([]),
            lambda: store.journal(entry.dossier),
            lambda: store.standing(entry.dossier),
            lambda: list(store.standings()),
            lambda: list(store.entries()),
            lambda: list(store.codes()),
            store.count,
            store.count_entries,
            lambda: store.get_meta("synthetic"),
            lambda: store.set_meta("synthetic", "true"),
        ):
            with pytest.raises(StoreError, match="The store is closed"):
                use()

    def test_of_four_threads_exactly_one_writes_each_entry(self, store: DossierStore) -> None:
        """Forty rounds of four writers at once: one wins each number, and nothing is lost."""
        first = self.submitted(store)
        barrier = Barrier(4, timeout=20)

        def race(name: str) -> list[int]:
            last, won = first, []
            for _ in range(40):
                mine = structs.replace(following(last), actor=name)
                barrier.wait()
                try:
                    store.append(written(mine))
                    won.append(mine.seq)
                except StoreConflict:
                    assert store.standing(first.dossier).seq >= mine.seq
                barrier.wait()
                last = store.journal(first.dossier)[-1]
            return won

        with ThreadPoolExecutor(4) as pool:
            wins = [seq for won in pool.map(race, "abcd") for seq in won]
        assert sorted(wins) == list(range(2, 42))
        assert [entry.seq for entry in store.journal(first.dossier)] == list(range(1, 42))

    def test_four_threads_never_get_the_same_code(self, store: DossierStore) -> None:
        """Two hundred dossiers handed in at four counters have the numbers 1 to 200."""
        with ThreadPoolExecutor(4) as pool:
            codes = list(pool.map(lambda _: self.submitted(store).dossier, range(200)))
        assert sorted(codes) == [f"H15.10-260820-{n:04d}" for n in range(1, 201)]
        assert store.count() == 200

    def test_a_number_is_held_while_its_dossier_is_made(self, store: DossierStore) -> None:
        """Who hands in meanwhile gets the next number, however long the first one takes."""
        others: list[Future[Entry]] = []
        with ThreadPoolExecutor(1) as pool:

            def slow(code: str) -> Record:
                others.append(pool.submit(self.submitted, store))
                sleep(0.05)
                return maker()(code)

            codes = [store.create(slow, agency=AGENCY, day=DAY).dossier]
            codes += [other.result(timeout=20).dossier for other in others]
        assert codes == ["H15.10-260820-0001", "H15.10-260820-0002"]
        assert list(store.codes()) == codes

    def test_it_behaves_like_a_dict_of_journals(self) -> None:
        """Random series of actions leave the store and a plain dict with the same contents."""
        create_store = self.create_store

        class Machine(StoreMachine):
            def __init__(self) -> None:
                super().__init__(create_store())

        run_state_machine_as_test(Machine)
