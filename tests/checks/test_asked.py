"""What an action asks for is thought up once: replays and random lives open the same ways."""

from __future__ import annotations

from copy import copy
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from desks import SHORT, catalogue, procedure
from igate.checks.asked import facts_for, new_date
from igate.checks.examples import announced
from igate.checks.replay import Replay
from igate.checks.walks import limits_of
from igate.law.localtime import parse_local
from igate.testing.moves import moves
from shared import shipped_catalogue

if TYPE_CHECKING:
    from igate.checks.walks import Kind
    from igate.procedures.procedure import Procedure

MONDAY = parse_local("2026-03-02T09:00")
#: procedures of five templates
CODES = ("1.001193", "1.001806", "2.000908", "1.014464", "1.009642")


def kind_of(subject: Procedure) -> Kind:
    """Return the first kind of dossier that a procedure has a limit for."""
    return next(iter(limits_of(subject.in_force(MONDAY.date()))))[0]


@given(code=st.sampled_from(CODES), data=st.data())
@settings(max_examples=20, deadline=None)
def test_whatever_a_replay_can_take_a_random_life_can_do(code: str, data: st.DataObject) -> None:
    """At each moment of a walk: the same action to the same state."""
    subject, at = shipped_catalogue().procedure(code), MONDAY
    replay = Replay(subject, kind_of(subject), at, announced())
    for _ in range(data.draw(st.integers(1, 8))):
        at += timedelta(hours=data.draw(st.sampled_from([1, 24, 96])))
        ahead = [(way, copy(replay)) for way in replay.ways()]
        possible = [(way, one) for way, one in ahead if one.take(way, at)]
        offered = {
            (move.action, move.decide(replay.dossier, replay.ground, at).target)
            for move in moves(replay.dossier, replay.ground, at)
        }
        assert {(way.action, way.target) for way, _ in possible} <= offered
        if not possible:
            return
        _, replay = data.draw(st.sampled_from(possible))


def test_a_step_that_somebody_else_has_taken_goes_on_in_a_random_life() -> None:
    """In a replay people are called by their role, in a random life they have numbers."""
    subject, at = shipped_catalogue().procedure("1.014464"), MONDAY
    replay = Replay(subject, kind_of(subject), at, announced())
    for action in ("receive", "transfer", "take"):
        at += timedelta(hours=1)
        assert replay.take(next(way for way in replay.ways() if way.action == action), at)
    assert replay.dossier.assignee == "head_of_section"
    at += timedelta(hours=1)
    forward = {
        move.by.id for move in moves(replay.dossier, replay.ground, at) if move.action == "forward"
    }
    assert forward == {"head_of_section"}


#: the leader sends what is urgent back to the officer, and only that
URGENT = SHORT.replace(
    "  - {number: 3, phase: processing, role: leader, vi: Ký}",
    "  - {number: 3, phase: processing, role: leader, vi: Ký, "
    "ways: [{action: hurry, to: 2, guard: urgent, vi: Làm gấp, en: Hurry}]}",
)


def test_a_guard_is_opened_by_the_facts_that_are_said_with_the_action() -> None:
    """The replay and the random life both say that the dossier is urgent."""
    text = procedure(URGENT, more="    facts: {urgent: bool}\n")
    subject = catalogue(text).procedure("9.000001")
    replay = Replay(subject, kind_of(subject), MONDAY, announced())
    for action in ("receive", "transfer", "forward"):
        (way,) = [each for each in replay.ways() if each.action == action]
        assert replay.take_soon(way)
    at = replay.at + timedelta(hours=1)
    (way,) = [each for each in replay.ways() if each.action == "hurry"]
    assert list(facts_for(way, replay.ground.table)) == [{}, {"urgent": True}, {"urgent": False}]
    (move, other) = [
        each for each in moves(replay.dossier, replay.ground, at) if each.action == "hurry"
    ]
    assert move.facts == other.facts == {"urgent": True}
    assert (move.by.id, other.by.id) == ("leader-1", "leader-2")
    assert replay.take(way, at)


def test_an_apology_names_a_day_a_week_on() -> None:
    """After the date of return, or after now where that has passed; no other action names one.

    Ten working days from Monday 2 March 2026 end on Monday the 16th at 17:00.
    """
    subject = catalogue(procedure()).procedure("9.000001")
    replay = Replay(subject, kind_of(subject), MONDAY, announced())
    for action in ("receive", "transfer"):
        (way,) = [each for each in replay.ways() if each.action == action]
        assert replay.take_soon(way)
    (apology,) = [each for each in replay.ways() if each.clock == "replace"]
    early, late = parse_local("2026-03-10T09:00"), parse_local("2026-03-20T09:00")
    assert new_date(apology, replay.dossier, early) == parse_local("2026-03-23T17:00")
    assert new_date(apology, replay.dossier, late) == parse_local("2026-03-27T09:00")
    (other,) = [each for each in replay.ways() if each.action == "stop"]
    assert new_date(other, replay.dossier, early) is None


def test_an_apology_past_the_calendar_names_a_day_a_week_on_from_now() -> None:
    """Received in the last week of 2026, with ten working days, when 2027 is not announced."""
    at = parse_local("2026-12-28T09:00")
    subject = catalogue(procedure()).procedure("9.000001")
    replay = Replay(subject, kind_of(subject), at, announced())
    for action in ("receive", "transfer"):
        (way,) = [each for each in replay.ways() if each.action == action]
        assert replay.take_soon(way)
    (apology,) = [each for each in replay.ways() if each.clock == "replace"]
    assert new_date(apology, replay.dossier, at) == parse_local("2027-01-04T09:00")
    assert not replay.take(apology, replay.at)
    offered = moves(replay.dossier, replay.ground, replay.at)
    assert "apologise" not in {move.action for move in offered}
    assert "forward" in {move.action for move in offered}
