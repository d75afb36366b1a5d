# ruff: noqa: S101 - the machine asserts, as a test does
"""Small journals to try a store with, and random series of actions on one.

The workflow is made up and the applicant with it: a store keeps what it is given, whatever the
states are called.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from msgspec import structs

from igate.dossiers.dossier import Entry
from igate.dossiers.record import Record
from igate.dossiers.standing import Standing
from igate.errors import StoreConflict
from igate.law.localtime import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Callable

    from igate.office.store import DossierStore

__all__ = [
    "AGENCY",
    "DAY",
    "NINE",
    "StoreMachine",
    "first_entry",
    "following",
    "maker",
    "standing_after",
    "written",
]

#: day of reception
DAY = date(2026, 8, 20)
#: nine o'clock on that day
NINE = datetime(2026, 8, 20, 9, tzinfo=VIETNAM)
#: agency that is competent
AGENCY = "H15.10"


def first_entry(code: str, *, at: datetime = NINE) -> Entry:
    """Make the first entry of a dossier that was handed in on line."""
    return Entry(
        dossier=code,
        seq=1,
        action="submit",
        source=None,
        target="submitted",
        happened_at=at,
        recorded_at=at,
        actor="Nguyễn Thị Ánh",
        role="applicant",
        agency="",
        facts={"procedure": "1.001806", "channel": "online", "applicant": "Nguyễn Thị Ánh"},
    )


def following(entry: Entry, target: str = "processing") -> Entry:
    """Make an entry that follows another one, a minute later."""
    at = entry.happened_at + timedelta(minutes=1)
    return Entry(
        dossier=entry.dossier,
        seq=entry.seq + 1,
        action="move",
        source=entry.target,
        target=target,
        happened_at=at,
        recorded_at=at,
        actor="officer-17",
        role="officer",
        agency=AGENCY,
    )


def standing_after(entry: Entry, *, agency: str = AGENCY) -> Standing:
    """Make the standing of a dossier after an entry."""
    return Standing(
        code=entry.dossier,
        procedure="1.001806",
        revision="2025-11-27",
        agency=agency,
        channel="online",
        applicant="Nguyễn Thị Ánh",
        state=entry.target,
        national_status=2,
        seq=entry.seq,
        submitted_at=NINE,
        received_at=NINE,
        due_at=NINE + timedelta(days=7),
    )


def written(entry: Entry, *, agency: str = AGENCY) -> Record:
    """Return what is written with an entry: the standing after it, and no more."""
    return Record(entry, standing_after(entry, agency=agency))


def maker(agency: str = AGENCY) -> Callable[[str], Record]:
    """Return what :meth:`DossierStore.create` calls: a dossier just handed in."""

    def make(code: str) -> Record:
        return written(first_entry(code), agency=agency)

    return make


_NOTES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
_TARGETS = st.sampled_from(["processing", "awaiting_supplement", "approved", "done"])
_SECONDS = st.integers(0, 60 * 60 * 24 * 400)
_FACTS: st.SearchStrategy[dict[str, bool | int | str]] = st.dictionaries(
    st.text(max_size=5), st.booleans() | st.integers() | st.text(max_size=8), max_size=3
)


class StoreMachine(RuleBasedStateMachine):
    """Random actions on a store and on a dict, which must agree."""

    def __init__(self, store: DossierStore) -> None:
        """Begin with an empty store."""
        super().__init__()
        self.store = store
        self.model: dict[str, tuple[list[Entry], Standing]] = {}
        self.serials: dict[tuple[str, date], int] = {}

    @rule(
        agency=st.sampled_from(["H15.10", "H15.11"]), day=st.sampled_from([DAY, date(2027, 1, 4)])
    )
    def create(self, agency: str, day: date) -> None:
        """A new dossier gets the number after the last one of its agency and day."""
        entry = self.store.create(maker(agency), agency=agency, day=day)
        serial = self.serials[agency, day] = self.serials.get((agency, day), 0) + 1
        assert entry.dossier == f"{agency}-{day:%y%m%d}-{serial:04d}"
        self.model[entry.dossier] = ([entry], standing_after(entry, agency=agency))

    @precondition(lambda self: self.model)
    @rule(data=st.data(), state=_TARGETS, note=_NOTES, facts=_FACTS, late=_SECONDS)
    def append(
        self,
        data: st.DataObject,
        state: str,
        note: str,
        facts: dict[str, bool | int | str],
        late: int,
    ) -> None:
        """The next entry is written with whatever it says."""
        entries, old = self.model[data.draw(st.sampled_from(sorted(self.model)))]
        last = entries[-1]
        recorded = last.recorded_at + timedelta(seconds=late)
        entry = structs.replace(
            following(last, state), note=note, facts=facts, recorded_at=recorded
        )
        due = recorded if late % 2 else None
        standing = structs.replace(
            old, seq=entry.seq, state=state, due_at=due, outcome=note or None
        )
        self.store.append(Record(entry, standing))
        self.model[entry.dossier] = ([*entries, entry], standing)

    @precondition(lambda self: self.model)
    @rule(data=st.data(), off=st.sampled_from([-1, 1, 2]))
    def append_out_of_turn(self, data: st.DataObject, off: int) -> None:
        """An entry of any other number is a conflict."""
        entries, _ = self.model[data.draw(st.sampled_from(sorted(self.model)))]
        entry = following(entries[-1])
        wrong = structs.replace(entry, seq=entry.seq + off)
        with pytest.raises(StoreConflict):
            self.store.append(written(wrong))

    @rule()
    def compare(self) -> None:
        """All that can be read is what the dict holds, in the order of the codes."""
        expected = [self.model[code] for code in sorted(self.model)]
        assert list(self.store.standings()) == [standing for _, standing in expected]
        assert list(self.store.entries()) == [entry for entries, _ in expected for entry in entries]
        assert self.store.count_entries() == sum(len(entries) for entries, _ in expected)
        for code, (entries, _) in self.model.items():
            assert self.store.journal(code) == tuple(entries)

    def teardown(self) -> None:
        """Compare once more, and close the store."""
        self.compare()
        self.store.close()
