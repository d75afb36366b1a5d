"""Acting twice and at the same time: keys, expected versions, independent parts, choices."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate.calendar import WorkCalendar
from igate.dossiers.dossier import Actor
from igate.dossiers.engine import decide
from igate.errors import ActionRefused, MomentError, StoreConflict, TextError
from igate.law.localtime import parse_local
from igate.office.bulk import load_journals
from igate.office.memory import MemoryStore
from igate.office.onestop import OneStop
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.workflow import Manner
from igate.testing.strategies import journals
from shared import PAID, shipped_catalogue

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from igate.dossiers.dossier import Dossier
    from igate.dossiers.engine import Ground
    from igate.dossiers.record import Record

CODE = "1.001806"
START = parse_local("2026-03-02T09:00")
CALENDAR = WorkCalendar.vietnam(provisional=True)
CLERK = Actor("lan", roles={"receptionist"}, agency="H15.10")
OTHER = Actor("minh", roles={"receptionist"}, agency="H15.10")


def desk(store: MemoryStore | None = None) -> OneStop:
    return OneStop(
        store or MemoryStore(), agency="H15", catalog=shipped_catalogue(), calendar=CALENDAR,
        clock=lambda: START,
    )  # fmt: skip


def on_file(folder: Path, catalog: Catalog | None = None) -> OneStop:
    return OneStop.open(
        f"sqlite:///{folder / 'office.db'}", create=True, agency="H15",
        catalog=catalog or shipped_catalogue(),
        calendar=CALENDAR, clock=lambda: START,
    )  # fmt: skip


def submitted(office: OneStop, **more: str) -> str:
    return office.submit(CODE, applicant="Công ty A", channel="online", **more).code


# --- a request that is sent again ----------------------------------------------------------------


def test_a_double_click_moves_one_step(tmp_path: Path) -> None:
    """The second answer is the first one, also from another process after a restart."""
    with on_file(tmp_path) as office:
        code = submitted(office)
        first = office.act(code, "receive", by=CLERK, key="click-1")
        assert office.act(code, "receive", by=CLERK, key="click-1") == first
        office.act(code, "transfer", by=CLERK, key="click-2")
    with on_file(tmp_path) as office:
        again = office.act(code, "receive", by=CLERK, key="click-1")
        assert (again.seq, again.state) == (2, "received")
        assert [each.key for each in office.journal(code)] == ["", "click-1", "click-2"]


def test_a_form_that_is_sent_twice_makes_one_dossier(tmp_path: Path) -> None:
    """One code, whatever has happened to the dossier since."""
    with on_file(tmp_path) as office:
        code = submitted(office, key="form-1")
        office.act(code, "receive", by=CLERK)
    with on_file(tmp_path) as office:
        assert submitted(office, key="form-1") == code
        assert office.store.count() == 1


def test_a_form_that_arrives_eight_times_at_once_makes_one_dossier(tmp_path: Path) -> None:
    """Eight threads on one database get one code."""
    gate = Barrier(8)
    with on_file(tmp_path) as office:

        def send(_: int) -> str:
            gate.wait()
            return submitted(office, key="form-1")

        with ThreadPoolExecutor(8) as pool:
            codes = set(pool.map(send, range(8)))
        assert len(codes) == office.store.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        lambda office, code: office.act(code, "reject", by=CLERK, key="k"),
        lambda office, code: office.act(code, "receive", by=OTHER, key="k"),
        lambda office, _: office.act(submitted(office), "receive", by=CLERK, key="k"),
        lambda office, _: submitted(office, key="k"),
    ],
)
def test_a_key_belongs_to_one_request(other: Callable[[OneStop, str], object]) -> None:
    """Another action, actor, dossier or form with the same key is refused, and nothing written."""
    office = desk()
    code = submitted(office)
    office.act(code, "receive", by=CLERK, key="k")
    with pytest.raises(StoreConflict, match=f"'k' belongs to an entry of {code}"):
        other(office, code)
    assert office.get(code).seq == 2


def test_a_form_of_another_applicant_is_another_request() -> None:
    """The key of one form does not give an applicant somebody else's dossier."""
    office = desk()
    submitted(office, key="k")
    with pytest.raises(StoreConflict, match="belongs to an entry"):
        office.submit(CODE, applicant="Công ty B", channel="online", key="k")


def test_a_key_is_a_text() -> None:
    """Something that could not be kept is refused before anything is written."""
    office = desk()
    with pytest.raises(TextError, match="The key"):
        submitted(office, key=7)
    assert office.store.count() == 0


# --- the version that was seen --------------------------------------------------------------------


def test_who_acts_on_what_is_no_longer_so_learns_who_has_acted() -> None:
    """The message names actor, role, action and what can be done now; nothing is written."""
    office = desk()
    code = submitted(office)
    seen = office.get(code).seq
    office.act(code, "receive", by=OTHER, seq=seen)
    with pytest.raises(StoreConflict) as refused:
        office.act(code, "reject", by=CLERK, seq=seen)
    for words in ("(receptionist) took the action", "at entry 2", "transfer"):
        assert words in str(refused.value)
    assert office.get(code).seq == 2
    with pytest.raises(StoreConflict, match="nobody can have seen entry 9"):
        office.act(code, "transfer", by=CLERK, seq=9)


class Overtaken(MemoryStore):
    """A store in which somebody else is quicker, once."""

    def __init__(self) -> None:
        super().__init__()
        self.before: Callable[[], object] | None = None

    def append(self, record: Record) -> None:
        """Let the other one write first."""
        quicker, self.before = self.before, None
        if quicker is not None:
            quicker()
        super().append(record)


def test_two_clicks_of_two_people_move_one_step() -> None:
    """The second one decided on a state that is gone; the refusal names the first."""
    store = Overtaken()
    office = desk(store)
    code = submitted(office)
    store.before = lambda: office.act(code, "receive", by=OTHER)
    with pytest.raises(
        StoreConflict, match=r"Since entry 1: minh as .* \(receptionist\) took the action"
    ):
        office.act(code, "receive", by=CLERK)
    assert office.get(code).seq == 2


# --- independent parts ----------------------------------------------------------------------------

PARTIES = 12
TOGETHER = """\
format: 1
code: "9.000001"
name: {vi: Cấp phép ví dụ}
field: {id: libraries, vi: Thư viện}
checked_on: "2026-03-01"
source: invented
revisions:
  - effective_from: "2026-01-01"
    citation: Quyết định 1/QĐ-UBND (giả định)
    template: ordinary
    limits: [{limit: 9 working_day, citation: Quyết định 1/QĐ-UBND (giả định)}]
    roles: {ROLES}
    steps:
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận}
      - {number: 2, phase: processing, role: officer, vi: Lấy ý kiến, together: [PARTIES]}
""".replace("ROLES", ", ".join(f"party_{c}: {{vi: Bên {c}}}" for c in "abcdefghijkl")).replace(
    "PARTIES", ", ".join(f"{{role: party_{c}}}" for c in "abcdefghijkl")
)


def test_parties_who_do_their_parts_at_once_all_succeed(tmp_path: Path) -> None:
    """Twelve threads, one moment, one dossier: no conflict, every part done and journalled."""
    (tmp_path / "9.000001-x.yaml").write_text(TOGETHER, encoding="utf-8")
    gate = Barrier(PARTIES)
    with on_file(tmp_path, Catalog.load(tmp_path / "9.000001-x.yaml")) as office:
        code = office.submit("9.000001", applicant="A", channel="counter").code
        office.act(code, "receive", by=CLERK)
        office.act(code, "transfer", by=CLERK)

        def do(letter: str) -> None:
            gate.wait()
            party = Actor(letter, roles={f"party_{letter}"}, agency="H15")
            office.act(code, "do_part", by=party)

        with ThreadPoolExecutor(PARTIES) as pool:
            list(pool.map(do, "abcdefghijkl"))
        done = [each.actor for each in office.journal(code) if each.action == "do_part"]
        assert sorted(done) == list("abcdefghijkl")


# --- what can be done -----------------------------------------------------------------------------

ROLES = ["receptionist", "officer", "leader", "applicant", "clerk"]


@st.composite
def worked(draw: st.DrawFn) -> OneStop:
    """Make a desk with one dossier somewhere on its way."""
    office = desk()
    procedure = office.catalog.procedure(CODE)
    load_journals(office, [draw(journals(procedure, calendar=CALENDAR, most=8))])
    return office


def refusal(dossier: Dossier, action: str, by: Actor, ground: Ground) -> str:
    """Return what the core says to an action; nothing where it accepts it.

    What the action asks the caller for is passed: a reason, facts, a name, a correction.
    """
    manner = next(
        (
            way.manner
            for way in ground.table.transitions.get((dossier.state, action), ())
            if way.manner.needs or way.manner.changes or way.manner.assigns
        ),
        Manner(),
    )
    changes = {"case": "" if dossier.submission.case else "x"} if "case" in manner.changes else {}
    changes |= {"applicant": "Another"} if "applicant" in manner.changes else {}
    try:
        decide(
            dossier, action, by=by, at=dossier.last_at, ground=ground, note="because",
            facts={name: PAID[name] for name in manner.needs},
            to="o-2" if manner.assigns == "named" else "", changes=changes,
        )  # fmt: skip
    except ActionRefused as error:
        return str(error)
    except MomentError:  # accepted, with the new date that it asks for
        return ""
    return ""


@given(
    worked(),
    st.sets(st.sampled_from(ROLES)),
    st.sampled_from(["H15", "H15.10", "H16", ""]),
)
def test_what_is_listed_is_what_is_accepted(office: OneStop, roles: set[str], agency: str) -> None:
    """On any way through a procedure, for any actor: role, agency and condition."""
    (standing,) = office.dossiers()
    dossier, ground = office._grounds.fold(standing.code)  # noqa: SLF001 - deciding without writing
    office._clock = lambda: dossier.last_at  # noqa: SLF001
    actor = Actor("somebody", roles=roles, agency=agency)
    expected = {
        action: refusal(dossier, action, actor, ground) for action in ground.table.workflow.actions
    }
    listed = [way.action for way in office.actions(standing.code, by=actor)]
    assert sorted(listed) == sorted(action for action, why in expected.items() if not why)
    choices = office.choices(standing.code, by=actor)
    assert {each.action for each in choices} == {
        way.action for way in office.actions(standing.code)
    }
    for each in choices:
        assert str(each.refusal or "") == expected[each.action]
        assert (each.role in roles) == (each.transition is not None)


def test_an_apology_names_a_later_date_than_the_promised_one() -> None:
    """Due on Monday 16 March; the 13th would be no apology but a promise to be early."""
    office = desk()
    code = submitted(office)
    for action in ("receive", "transfer"):
        office.act(code, action, by=CLERK)
    (way,) = [way for way in office.actions(code) if way.action == "apologise"]
    officer = Actor("o", roles=way.roles, agency="H15")
    for early in ("2026-03-13T17:00", "2026-03-16T17:00"):
        with pytest.raises(MomentError, match="does not lie after the date of return"):
            office.act(code, "apologise", by=officer, due=parse_local(early))
    dossier = office.act(code, "apologise", by=officer, due=parse_local("2026-03-17T17:00"))
    assert dossier.deadline.due == parse_local("2026-03-17T17:00")
