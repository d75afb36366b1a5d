"""Lists: every row once and in order, the same from every store, and each by an index."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desks import CODE, SHORT, catalogue, procedure
from igate.dossiers.dossier import Actor
from igate.errors import StoreError
from igate.law.localtime import parse_local
from igate.law.text import folded
from igate.office.memory import MemoryStore
from igate.office.onestop import OneStop
from igate.office.sql import search as searching
from igate.office.sql.store import SqlStore
from igate.testing import SimulatedClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from igate.office.lists import CountBy, Found, WorkList
    from servers import Server

#: Monday
START = parse_local("2026-03-02T09:00")
#: how far a dossier may come, with who takes each action
WAY = (
    ("receive", "receptionist"), ("transfer", "receptionist"), ("forward", "officer"),
    ("finish", "leader"), ("return_result", "receptionist"),
)  # fmt: skip
NAMES = ("Nguyễn Thị Ánh", "Nguyen Van Binh", "Đỗ Đức Ánh", "H'Lan Niê", "Công ty TNHH Ánh Dương")
AGENCIES = ("H15", "H15.10", "H15.10.01", "H15.11")


class Plan(NamedTuple):
    """What happens to one dossier."""

    name: str
    identity: str
    agency: str
    steps: int
    day: int
    reference: str
    assigned: str


PLANS = st.lists(
    st.builds(
        Plan,
        name=st.sampled_from(NAMES),
        identity=st.sampled_from(("an", "binh", "079")),
        agency=st.sampled_from(AGENCIES),
        steps=st.integers(0, len(WAY)),
        day=st.integers(0, 6),
        reference=st.sampled_from(("", "P-1", "P-2")),
        assigned=st.sampled_from(("", "me", "other")),
    ),
    min_size=1,
    max_size=12,
)


def desk(store: SqlStore | MemoryStore) -> tuple[OneStop, SimulatedClock]:
    """Open a desk whose clock stands at nine on a Monday."""
    clock = SimulatedClock(START)
    catalog = catalogue(procedure(SHORT))
    return OneStop(store, agency="H15", catalog=catalog, clock=clock), clock


def carried_out(store: SqlStore | MemoryStore, plans: list[Plan]) -> OneStop:
    """Work the dossiers of a plan through a desk."""
    office, clock = desk(store)
    for plan in plans:
        clock.moment = START + timedelta(days=plan.day)
        code = office.submit(
            CODE, applicant=plan.name, applicant_id=plan.identity, channel="counter",
            agency=plan.agency,
        ).code  # fmt: skip
        if plan.reference:
            office.refer(code, {"portal": plan.reference})
        for action, role in WAY[: plan.steps]:
            clock.moment += timedelta(minutes=1)
            office.act(code, action, by=Actor("somebody", roles={role}, agency=plan.agency))
        if plan.assigned and plan.steps == 2:
            leader = Actor("head", roles={"leader"}, agency=plan.agency)
            office.act(code, "assign", by=leader, to=plan.assigned)
    clock.moment = START + timedelta(days=7)
    return office


@contextmanager
def on_sqlite(plans: list[Plan]) -> Iterator[OneStop]:
    """Carry plans out on a database in a file."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder)}/office.db"
        with SqlStore.open(url, create=True, durability="normal") as store:
            yield carried_out(store, plans)


#: what is asked, by name; a page is asked for with limit and after
WORK: dict[str, dict[str, Any]] = {
    "all": {},
    "of a role": {"role": "officer"},
    "of an agency": {"agency": "H15.10"},
    "of an agency below": {"agency": "H15.10.01"},
    "of both": {"role": "receptionist", "agency": "H15.11"},
    "of somebody": {"assignee": "me"},
    "of nobody": {"assignee": ""},
    "of somebody in a role of an agency": {"assignee": "me", "role": "officer", "agency": "H15.10"},
    "of nobody in an agency": {"assignee": "", "agency": "H15.11"},
    "due before": {"due_before": START + timedelta(days=3)},
    "for an actor": {"by": Actor("me", roles={"officer", "receptionist"}, agency="H15.10")},
    "without parts": {"party": False, "agency": "H15.10"},
    "by date of the step": {"order": "step_due"},
    "of an agency by date of the step": {"agency": "H15.10", "order": "step_due"},
}
OFFICER = Actor("me", roles={"officer"}, agency="H15.10")
SEARCHES: dict[str, dict[str, Any]] = {
    "all": {},
    "a code": {"code": "H15.10-2603"},
    "a name": {"person": "nguyen thi"},
    "a given name": {"person": "ánh"},
    "a name as it is written": {"person": "Đỗ Đức"},
    "an id": {"person": "079"},
    "a reference": {"reference": "P-2"},
    "an agency": {"agency": "H15.10"},
    "a state": {"state": "received"},
    "a procedure": {"procedure": CODE},
    "handed in between": {
        "submitted_from": START + timedelta(days=1), "submitted_before": START + timedelta(days=3),
    },
    "due before": {"due_before": START + timedelta(days=4)},
    "finished": {"finished": True},
    "a name in a state": {"person": "anh", "state": "received", "agency": "H15.10"},
    "a name and a date": {"person": "an", "due_before": START + timedelta(days=9)},
    "a name and how it ended": {"person": "nguyen", "finished": False},
    "of an officer": {"by": OFFICER},
    "of an officer of all": {"by": Actor("head", roles={"leader"}, agency="H15")},
    "of an officer in a state": {"by": OFFICER, "state": "received"},
    "of an officer handed in since": {"by": OFFICER, "submitted_from": START + timedelta(days=2)},
    "of an officer by name": {"by": OFFICER, "person": "anh"},
    "of an officer, of another agency": {"by": OFFICER, "agency": "H15.11"},
    "a procedure in a state": {"procedure": CODE, "state": "submitted", "code": "H15.1"},
    "a state, handed in before": {
        "state": "received", "submitted_before": START + timedelta(days=3),
    },
}  # fmt: skip


def work_rows(page: WorkList) -> list[tuple[str, ...]]:
    """Return what tells the rows of a work list apart."""
    return [(each.standing.code, each.task.place, each.task.role) for each in page.items]


def codes(page: Found) -> list[str]:
    """Return the codes of a page."""
    return [each.code for each in page.dossiers]


def paged(
    ask: Callable[..., Any], rows: Callable[[Any], list[Any]], limits: list[int]
) -> list[Any]:
    """Read a list to its end, each page as long as the next of the limits says."""
    found: list[Any] = []
    after, turn = "", 0
    while True:
        page = ask(limit=limits[turn % len(limits)], after=after)
        found += rows(page)
        after, turn = page.after, turn + 1
        if not after:
            return found


LIMITS = st.lists(st.integers(1, 7), min_size=1, max_size=4)


def compared(office: OneStop, memory: OneStop, limits: list[int]) -> None:
    """Hold every list of two desks equal, whole and in pages."""
    for name, asked in WORK.items():
        whole = memory.worklist(**asked, limit=1000)
        assert office.worklist(**asked, limit=1000) == whole, name
        pages = paged(lambda a=asked, **page: office.worklist(**a, **page), work_rows, limits)
        assert pages == work_rows(whole), name
    for name, asked in SEARCHES.items():
        found = memory.search(**asked, limit=1000)
        assert office.search(**asked, limit=1000) == found, name
        pages = paged(lambda a=asked, **page: office.search(**a, **page), codes, limits)
        assert pages == codes(found), name
    for by in ("state", "agency", "procedure", "due"):
        for pending in (False, True):
            assert office.counts(by, pending=pending) == memory.counts(by, pending=pending)  # type: ignore[arg-type]


#: how many codes are few, and how many agencies are a range each: a search takes each of its ways
WAYS = st.fixed_dictionaries(
    {
        "_FEW": st.sampled_from([0, 1, 1000]),
        "_FEW_ALONE": st.sampled_from([0, 1000]),
        "_FEW_OF_SOME": st.sampled_from([0, 1000]),
        "_RANGES": st.sampled_from([1, 400]),
    }
)


@settings(max_examples=12)
@given(plans=PLANS, limits=LIMITS, ways=WAYS)
def test_sqlite_and_memory_give_the_same_pages(
    plans: list[Plan], limits: list[int], ways: dict[str, int]
) -> None:
    """Whatever was handed in, and whichever way a search takes."""
    memory = carried_out(MemoryStore(), plans)
    with on_sqlite(plans) as office, pytest.MonkeyPatch.context() as patch:
        for name, number in ways.items():
            patch.setattr(searching, name, number)
        compared(office, memory, limits)


@settings(max_examples=2)
@given(plans=PLANS, limits=LIMITS, ways=WAYS)
def test_postgresql_and_memory_give_the_same_pages(
    postgres: Server, plans: list[Plan], limits: list[int], ways: dict[str, int]
) -> None:
    """The same on a server."""
    memory = carried_out(MemoryStore(), plans)
    with (
        SqlStore.open(postgres.new(), create=True) as store,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, number in ways.items():
            patch.setattr(searching, name, number)
        compared(carried_out(store, plans), memory, limits)


@settings(max_examples=25)
@given(plans=PLANS, limits=LIMITS)
def test_paging_gives_each_row_once_and_in_order(plans: list[Plan], limits: list[int]) -> None:
    """The work list by date, then code; a search by code; as many rows as tasks and dossiers."""
    office = carried_out(MemoryStore(), plans)
    found = paged(
        office.worklist,
        lambda page: [
            (
                each.standing.due_at is None,
                each.standing.due_at or START,
                each.standing.code,
                each.task.place,
                each.task.role,
            )
            for each in page.items
        ],
        limits,
    )
    assert found == sorted(set(found))
    waiting = {row[2] for row in found}
    ended = {plan for plan in plans if plan.steps == len(WAY)}
    assert len(waiting) == len([plan for plan in plans if plan not in ended])
    listed = paged(office.search, codes, limits)
    assert listed == sorted(set(listed))
    assert len(listed) == len(plans)


@settings(max_examples=8)
@given(plans=PLANS, name=st.sampled_from(NAMES), words=st.integers(1, 3))
def test_a_name_is_found_by_its_beginning_with_or_without_marks(
    plans: list[Plan], name: str, words: int
) -> None:
    """And by the given name, which Vietnamese names end with."""
    beginning = " ".join(name.split()[:words])
    expected = [plan for plan in plans if plan.name.startswith(beginning)]
    with on_sqlite(plans) as office:
        for text in (beginning, folded(beginning), beginning.upper()):
            found = office.search(person=text, limit=1000).dossiers
            assert len(found) >= len(expected)
            assert {plan.name for plan in expected} <= {each.applicant for each in found}
        last = name.rsplit(maxsplit=1)[-1]
        named = {plan.name for plan in plans if plan.name.rsplit(maxsplit=1)[-1] == last}
        assert named <= {each.applicant for each in office.search(person=last).dossiers}


# --- each list uses its index ----------------------------------------------------------------

MANY = [
    Plan(
        NAMES[n % 5], f"id-{n}", AGENCIES[n % 4], n % 6, n % 5, f"P-{n % 9}", "me" if n % 7 else ""
    )
    for n in range(60)
]
#: by what is asked: the indexes one of which each read of a big table goes through
BY_INDEX = {
    "of a role": "igate_task_by_role",
    "of an agency": "igate_task_by_agency",
    "of both": "igate_task_by_agency",
    "of somebody": "igate_task_by_assignee",
    "due before": "igate_task_by_role",
    "for an actor": "igate_task_by_agency",
    "of an agency by date of the step": "igate_task_by_agency",
    "a name": "igate_person_by_name",
    "a given name": "igate_person_by_given_name",
    "a reference": "igate_reference_by_value",
    "an agency": "igate_dossier_by_agency",
    "of nobody in an agency": "igate_task_by_agency",
    "of somebody in a role of an agency": "igate_task_by_assignee",
    "of an officer": "igate_dossier_by_agency",
    "of an officer in a state": "igate_dossier_by_state",
    "a state": "igate_dossier_by_state",
    "a procedure": "igate_dossier_by_procedure",
    "handed in between": "igate_dossier_by_submission",
}


class Spy:
    """Keeps the statements that a store runs, with their values."""

    def __init__(self, store: SqlStore) -> None:
        self.driver: Any = store._driver  # noqa: SLF001 - what it runs is what is tested
        self.seen: list[tuple[str, Any]] = []
        for name in ("rows", "stream"):
            self._watch(name)

    def _watch(self, name: str) -> None:
        real = getattr(self.driver, name)

        def watched(statement: str, values: Any) -> Any:  # noqa: ANN401 - as the driver has it
            self.seen.append((statement, values))
            return real(statement, values)

        setattr(self.driver, name, watched)


def asks(office: OneStop) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield every list there is by name."""
    for name, asked in WORK.items():
        yield name, lambda a=asked: office.worklist(**a)
        if name != "all":
            mark = office.worklist(**asked, limit=1).after
            yield name, lambda a=asked, m=mark: office.worklist(**a, after=m)
    for name, asked in SEARCHES.items():
        yield (
            name if name != "due before" else "found due before",
            lambda a=asked: office.search(**a),
        )
    before = START + timedelta(days=3)
    for name, asked in {
        "standings of an agency": {"agency": "H15"},
        "standings in a state": {"state": "received"},
        "standings due before": {"due_before": before},
        "standings of a whole": {"parent": "H15-260302-0001"},
    }.items():
        yield name, lambda a=asked: list(office.store.standings(**a))  # type: ignore[arg-type]


#: reading a table from its beginning
SCANS = [["SCAN", table] for table in ("d", "t", "igate_dossier", "igate_task", "igate_person")]
#: lists of all dossiers: these are read in the order of their codes, to the end of the page
WHOLE = {"all", "finished", "a code"}
IN_ORDER = {"SCAN d", "SCAN d USING COVERING INDEX igate_dossier_by_code"}


def test_no_list_of_sqlite_scans_a_table() -> None:
    """What is read of a table is a range of an index, and the page is not sorted out of more."""
    with on_sqlite(MANY) as office:
        spy = Spy(office.store)  # type: ignore[arg-type]
        for name, ask in asks(office):
            spy.seen.clear()
            ask()
            plans = [
                row[3]
                for statement, values in spy.seen
                for row in spy.driver.writer.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            ]
            scans = {line for line in plans if line.split()[:2] in SCANS}
            assert scans <= (IN_ORDER if name in WHOLE else set()), (name, plans)
            if name in BY_INDEX:
                assert any(f"INDEX {BY_INDEX[name]} " in line for line in plans), (name, plans)


def test_what_many_dossiers_meet_is_read_in_the_order_of_the_codes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where it is not few, nothing is sorted: the key of a table, or an index that begins with it.

    The days of handing in are in such an index, so their rows are not read.
    """
    for name in ("_FEW", "_FEW_ALONE", "_FEW_OF_SOME"):
        monkeypatch.setattr(searching, name, 1)
    expected = {
        "a name": "SCAN n",
        "handed in between": "SCAN d USING COVERING INDEX igate_dossier_by_code",
        "of an officer handed in since":
            "SEARCH d USING COVERING INDEX igate_dossier_by_agency (agency=?)",
        "of an officer by name": "SEARCH d USING COVERING INDEX igate_dossier_by_agency (agency=?)",
    }  # fmt: skip
    with on_sqlite(MANY) as office:
        spy = Spy(office.store)  # type: ignore[arg-type]
        for name, line in expected.items():
            spy.seen.clear()
            office.search(**SEARCHES[name])
            statement, values = spy.seen[-1]
            plan = [
                row[3]
                for row in spy.driver.writer.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            ]
            assert line in plan, (name, plan)


@pytest.mark.parametrize("by", ["state", "agency", "procedure", "due"])
def test_counts_read_an_index_and_not_the_rows(by: CountBy) -> None:
    """The rows of a dossier are wide; the index has all that is counted."""
    with on_sqlite(MANY) as office:
        spy = Spy(office.store)  # type: ignore[arg-type]
        office.counts(by)
        ((statement, values),) = spy.seen
        found = [
            row[3] for row in spy.driver.writer.execute(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    assert found[0] == f"SCAN d USING COVERING INDEX igate_dossier_by_{by}"


def test_the_pending_ones_are_counted_without_those_that_have_ended() -> None:
    """By an index of the pending ones alone, which has all that a desk asks when it opens."""
    with on_sqlite(MANY) as office:
        spy = Spy(office.store)  # type: ignore[arg-type]
        office.counts("agency", pending=True)
        office.counts("procedure", pending=True)
        office.store.definitions_in_use()
        for statement, values in spy.seen:
            plan = spy.driver.writer.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
            assert "USING COVERING INDEX igate_dossier_pending" in plan[0][3], statement
        spy.seen.clear()
        office.counts("state", pending=True)
        ((statement, values),) = spy.seen
        plan = spy.driver.writer.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
        assert plan[0][3] == "SCAN d USING INDEX igate_dossier_pending"


def test_what_falls_due_is_claimed_by_ranges_of_an_index() -> None:
    """What nobody holds is in order already; what was held for too long is put in order."""
    with on_sqlite(MANY) as office:
        db = office.store._driver.writer  # type: ignore[attr-defined]  # noqa: SLF001 - as above
        seen: list[str] = []
        db.set_trace_callback(seen.append)
        due = office.store.claim_timers(
            at=START + timedelta(days=30), limit=5, lease=timedelta(minutes=5)
        )
        db.set_trace_callback(None)
        assert len(due) == 5
        plans = [
            [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {statement}")]
            for statement in seen
            if statement.startswith("SELECT")
        ]
    index = "SEARCH igate_timer USING COVERING INDEX igate_timer_by_due"
    assert plans == [
        [f"{index} (claimed_until=? AND due_at<?)"],
        [f"{index} (claimed_until>? AND claimed_until<?)", "USE TEMP B-TREE FOR ORDER BY"],
    ]


@pytest.mark.parametrize("by", ["applicant", "state, code", "1) FROM igate_person --"])
def test_what_is_not_counted_by_is_refused(by: str) -> None:
    """The word becomes part of a statement, and it may come from a browser."""
    with on_sqlite(MANY[:3]) as office:
        for desk in (office, carried_out(MemoryStore(), MANY[:3])):
            with pytest.raises(StoreError, match="not counted by") as caught:
                desk.counts(by)  # type: ignore[arg-type]
            assert caught.value.fix == "Write one of state, agency, procedure, due."


def test_no_list_of_postgresql_needs_to_scan_a_table(postgres: Server) -> None:
    """With sequential scans forbidden none is left, so there is an index for each read."""
    with ExitStack() as stack:
        store = stack.enter_context(SqlStore.open(postgres.new(), create=True))
        office = carried_out(store, MANY)
        spy = Spy(store)
        seen: list[tuple[str, str, Any]] = []
        for name, ask in asks(office):
            spy.seen.clear()
            ask()
            seen += [(name, statement, values) for statement, values in spy.seen]
        with store._driver._lent() as db:  # type: ignore[attr-defined]  # noqa: SLF001 - as above
            db.execute("SET enable_seqscan = off")
            for name, statement, values in seen:
                plan = [row[0] for row in db.execute(f"EXPLAIN {statement}", values or None)]
                scans = [line for line in plan if "Seq Scan on igate" in line]
                assert not scans, (name, plan)
