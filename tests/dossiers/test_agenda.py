"""A work list shows what can really be done, and a timer what really falls due."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desks import Desk, procedure
from igate.dossiers.agenda import SYSTEM, tasks_of, timers_of
from igate.dossiers.dossier import Actor, Mandate
from igate.dossiers.image import Image, People
from igate.dossiers.progress import progress
from igate.errors import IgateError, StoreError
from igate.law.text import within

if TYPE_CHECKING:
    from igate.dossiers.dossier import Dossier

TOGETHER = """\
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận}
      - number: 2
        phase: processing
        vi: Thẩm định
        role: officer
        limit: 5 working_day
        together:
          - {role: taxes, vi: Thuế, limit: 2 working_day, agency: {id: H15.30, vi: Thuế}}
          - {role: building, vi: Xây dựng, limit: 3 working_day}
      - {number: 3, phase: processing, role: leader, vi: Ký, limit: 1 working_day}
      - {number: 4, phase: handover, role: receptionist, vi: Trả kết quả}
"""
STAGED = """\
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận}
      - {number: 2, phase: processing, role: officer, vi: Thẩm định}
      - {number: 3, phase: processing, role: head_of_section, vi: Kiểm tra}
      - {number: 4, phase: processing, role: leader, vi: Ký, limit: 1 working_day}
      - {number: 5, phase: handover, role: receptionist, vi: Trả kết quả}
"""
TIMED = """\
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận, limit: 4 working_hour}
      - {number: 2, phase: processing, role: head_of_section, vi: Phân công, limit: 1 working_day}
      - {number: 3, phase: processing, role: officer, vi: Thẩm định, limit: 3 working_day}
      - {number: 4, phase: processing, role: leader, vi: Ký, limit: 1 working_day}
      - {number: 5, phase: handover, role: receptionist, vi: Trả kết quả}
"""
STAGES = "    stages:\n      - {steps: [2, 3], limit: 4 working_day}\n"
ROLES = "    roles: {taxes: {vi: Thuế}, building: {vi: Xây dựng}}\n"
PROCEDURES = {
    "timed": procedure(TIMED),
    "together": procedure(TOGETHER, more=ROLES),
    "staged": procedure(STAGED, more=STAGES),
    "consultation": procedure(TIMED, template="consultation"),
}


def everybody(desk: Desk) -> list[Actor]:
    """Return an actor of each role, at the competent agency and at the others that are named."""
    workflow = desk.office._grounds.fold(desk.code)[1].table.workflow  # noqa: SLF001
    found = [Actor("an", roles={"applicant"}), Actor("the-system", roles={SYSTEM}, agency="H15.10")]
    for role in sorted({*workflow.roles, "taxes", "building"} - {"applicant", SYSTEM}):
        found += [Actor(role, roles={role}, agency=each) for each in ("H15.10", "H15.30")]
    return found


def wander(desk: Desk, draw: st.DataObject, steps: int) -> list[Dossier]:
    """Take random actions that are open, with hours or days between, and give each dossier."""
    found = []
    for _ in range(steps):
        desk.clock.moment += timedelta(hours=draw.draw(st.sampled_from([1, 5, 26, 100, 400])))
        ways = [
            (who, way)
            for who in everybody(desk)
            for way in desk.office.actions(desk.code, by=who)
            if not way.manner.changes and not way.manner.asks
        ]
        if not ways:
            break
        who, way = draw.draw(st.sampled_from(ways))
        facts = dict.fromkeys(way.manner.needs, 1)
        try:
            desk.office.act(
                desk.code, way.action, by=who, note="lý do",
                to=who.id if way.manner.assigns else "",
                facts={k: v if k != "fee_receipt" else "BL-1" for k, v in facts.items()},
            )  # fmt: skip
        except IgateError:
            continue
        found.append(desk.office.get(desk.code))
    return found


@pytest.mark.parametrize("name", sorted(PROCEDURES))
@given(draw=st.data())
@settings(max_examples=15)
def test_each_task_is_of_somebody_who_can_act(name: str, draw: st.DataObject) -> None:
    """And the date of each is that of the visit that lasts, as the journal gives it."""
    desk = Desk(PROCEDURES[name], channel=draw.draw(st.sampled_from(["online", "counter"])))
    for dossier in [desk.office.get(desk.code), *wander(desk, draw, 14)]:
        _, ground = desk.office._grounds.fold(desk.code)  # noqa: SLF001 - the pure function under test
        if dossier.seq != desk.office.get(desk.code).seq:
            continue
        tasks = tasks_of(dossier, ground)
        assert bool(tasks) != ground.table.workflow.states[dossier.state].is_end
        for task in tasks:
            who = Actor(
                "an" if task.role == "applicant" else task.assignee or "x",
                roles={task.role},
                agency=task.agency,
            )
            assert desk.office.actions(desk.code, by=who), (dossier.state, task)
        visits = progress(
            desk.office.journal(desk.code), desk.office._grounds.of_journal(  # noqa: SLF001
                desk.office.journal(desk.code)), at=desk.clock.moment,
        )  # fmt: skip
        if not visits or visits[-1].left is not None:
            continue
        last = visits[-1]
        dates = {
            task.due_at for task in tasks if ":" not in task.place and task.role != "applicant"
        }
        assert dates <= {last.due}
        for visit in last.parties:
            own = [task for task in tasks if task.place.endswith(f":{visit.role}")]
            assert [task.due_at for task in own] == ([visit.due] if visit.left is None else [])


@pytest.mark.parametrize("name", sorted(PROCEDURES))
@given(draw=st.data())
@settings(max_examples=15)
def test_what_is_kept_beside_the_row_is_the_dossier(name: str, draw: st.DataObject) -> None:
    """An image says what the journal says, whatever happened; so do two stores of one desk."""
    desk = Desk(PROCEDURES[name])
    for dossier in wander(desk, draw, 14):
        if dossier.seq != desk.office.get(desk.code).seq:
            continue
        _, ground = desk.office._grounds.fold(desk.code)  # noqa: SLF001
        deadline = dossier.deadline
        image = Image.of(dossier, deadline.due if deadline else None)
        submission = dossier.submission
        people = People(
            applicant=submission.applicant,
            applicant_id=submission.applicant_id,
            representatives=submission.representatives,
        )
        assert image.dossier(ground, people) == dossier
        current = desk.office._grounds.current(desk.code)  # noqa: SLF001
        assert current.dossier == dossier
        assert current.due == (deadline.due if deadline else None)


def test_a_party_of_another_agency_finds_its_part() -> None:
    """Today it saw nothing: the dossier is H15.10's, the part is the tax office's."""
    desk = Desk(PROCEDURES["together"])
    desk.to_step(2)
    taxes = Actor("thue", roles={"taxes"}, agency="H15.30")
    (item,) = desk.office.worklist(by=taxes).items
    assert (item.standing.code, item.task.place) == (desk.code, "processing_2:taxes")
    # received on Monday 2 March at nine, two working days
    assert str(item.task.due_at)[:16] == "2026-03-04 17:00"
    assert desk.office.worklist(by=taxes, party=False).items == ()
    desk.act("do_part", "taxes", agency="H15.30")
    assert desk.office.worklist(by=taxes).items == ()
    building = Actor("xd", roles={"building"}, agency="H15.10")
    assert len(desk.office.worklist(by=building).items) == 1


def test_what_is_assigned_to_another_is_not_on_my_list() -> None:
    """It is on that one's, and on the list of all."""
    desk = Desk(PROCEDURES["timed"])
    desk.to_step(3, ("head_of_section",))
    me, other = (Actor(name, roles={"officer"}, agency="H15.10") for name in ("me", "other"))
    assert len(desk.office.worklist(by=me).items) == 1
    desk.act("take", "officer", "other")
    assert desk.office.worklist(by=me).items == ()
    assert [each.task.assignee for each in desk.office.worklist(by=other).items] == ["other"]
    assert len(desk.office.worklist(role="officer", agency="H15.10").items) == 1
    assert desk.office.worklist(assignee="").items == ()
    below = Actor("me", roles={"officer"}, agency="H15.10.7")
    assert within(below.agency, "H15.10")
    desk.act("give_back", "officer", "other", note="nghỉ phép")
    assert len(desk.office.worklist(by=below).items) == 1
    assert desk.office.worklist(by=Actor("me", roles={"officer"}, agency="H15.11")).items == ()


def test_a_list_for_somebody_without_roles_or_agency_is_empty() -> None:
    """It is no list of all: a citizen would see whom else the office waits for."""
    desk = Desk(PROCEDURES["timed"])
    desk.to_step(2)
    desk.act("ask_supplement", "head_of_section", note="Thiếu bản sao")
    (waiting,) = desk.office.worklist().items
    assert waiting.task.role == "applicant"
    for nobody in (
        Actor("citizen", roles={"applicant"}),
        Actor("deputy", roles=(), agency="H15.10"),
        Actor("deputy", roles={"officer", "applicant"}),
    ):
        assert desk.office.worklist(by=nobody).items == ()
        with pytest.raises(StoreError, match="A page of 0 rows"):
            desk.office.worklist(by=nobody, limit=0)


def test_what_is_named_narrows_the_list_of_an_actor() -> None:
    """A role or an agency that a browser sends gives nobody the list of others."""
    desk = Desk(PROCEDURES["timed"])
    desk.to_step(2)
    assert len(desk.office.worklist(role="head_of_section", agency="H15.10").items) == 1
    head = Actor("head", roles={"head_of_section", "officer"}, agency="H15.10")
    mandate = Mandate(
        principal="head", capacity="substitute", roles=frozenset({"head_of_section"}),
        start=date(2026, 1, 1),
    )  # fmt: skip
    deputy = Actor("deputy", roles={"officer"}, agency="H15.10", mandates=(mandate,))
    for who in (head, deputy):
        assert len(desk.office.worklist(by=who, role="head_of_section").items) == 1
        assert desk.office.worklist(by=who, role="head_of_section", agency="H15.11").items == ()
        # those of the agencies above are its people's as well
        assert desk.office.worklist(by=who, agency="H15").items == ()
    for other in (
        Actor("officer", roles={"officer"}, agency="H15.10"),
        Actor("deputy", roles=(), agency="H15.10"),
        Actor("head", roles={"head_of_section"}, agency="H15.11"),
    ):
        assert desk.office.worklist(by=other, role="head_of_section", agency="H15.10").items == ()


def kinds(desk: Desk) -> dict[tuple[str, str], str]:
    """Return what falls due now, by kind and subject."""
    dossier, ground = desk.office._grounds.fold(desk.code)  # noqa: SLF001
    deadline = dossier.deadline
    found = timers_of(dossier, ground, due=deadline.due if deadline else None)
    return {(each.kind, each.about): f"{each.due_at:%Y-%m-%dT%H:%M}" for each in found}


def test_what_falls_due_in_the_life_of_a_dossier() -> None:
    """By hand; handed in online on Monday 2 March 2026 at nine, ten working days.

    Two and eight working hours are owed before the receipt (Điều 17 khoản 2): 11:00, and with the
    lunch of 11:30 to 13:30 Tuesday 09:00. The supplement of 5 March may come until the end of the
    fifteenth day: from 21 March 00:00 on the system may close the dossier.
    """
    desk = Desk(PROCEDURES["timed"], channel="online")
    assert kinds(desk) == {
        ("respond", ""): "2026-03-02T11:00",
        ("accept", ""): kinds(desk)["accept", ""],
    }
    desk.act("receive", "receptionist")
    assert kinds(desk)["deadline", ""] == "2026-03-16T17:00"
    desk.act("transfer", "receptionist")
    assert kinds(desk)["step", "processing_2"] == "2026-03-03T17:00"
    desk.act("forward", "head_of_section")
    assert kinds(desk)["step", "processing_3"] == "2026-03-05T17:00"
    desk.at("2026-03-05T09:00")
    desk.act("ask_supplement", "officer", note="thiếu bản sao")
    assert kinds(desk) == {("act", "expire_supplement"): "2026-03-21T00:00"}
    desk.at("2026-03-09T09:00")
    desk.act("supplement", "applicant")
    assert kinds(desk)["deadline", ""] == "2026-03-23T17:00"


def test_nothing_falls_due_once_it_is_over() -> None:
    """Neither of a refused dossier nor of one that is handed over."""
    desk = Desk(PROCEDURES["timed"])
    desk.to_step(3, ("head_of_section",))
    desk.act("forward", "officer")
    desk.act("finish", "leader")
    assert ("deadline", "") not in kinds(desk)
    desk.act("return_result", "receptionist")
    assert kinds(desk) == {}
    dossier, ground = desk.office._grounds.fold(desk.code)  # noqa: SLF001
    assert tasks_of(dossier, ground) == ()
