"""Clock rules as dated data, several clocks on one journal, run + suspended = elapsed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate.calendar import OfficeHours, Shift, WorkCalendar
from igate.deadlines.deadline import Deadline, clock_state, compute_deadline
from igate.deadlines.limits import NOT_STATED, TimeLimit
from igate.deadlines.rulefile import read_rules, shipped_rules
from igate.deadlines.rules import ClockMark, Cutoff
from igate.deadlines.whatif import without_each_rule
from igate.errors import DefinitionError, MomentError, TimelineError
from igate.law.localtime import parse_local
from igate.law.period import Period, Timeline
from igate.testing import strategies

START = parse_local("2026-03-02T09:00")


@lru_cache(maxsize=1)
def vietnam() -> WorkCalendar:
    return WorkCalendar.vietnam()


def marks(*texts: str) -> list[ClockMark]:
    """Read ``kind reason moment`` into marks."""
    found = []
    for text in texts:
        kind, reason, at = text.split()
        found.append(ClockMark(kind=kind, at=parse_local(at), reason=reason.strip("-")))
    return found


def due(name: str, limit: str, *texts: str) -> Deadline:
    """Count a limit by shipped rules."""
    return compute_deadline(
        TimeLimit.parse(limit),
        marks=marks(*texts),
        calendar=vietnam(),
        rules=shipped_rules(name, on=date(2026, 3, 2)),
    )


def test_the_shipped_rules_are_read_and_every_line_cites() -> None:
    """Decree, land, civil status, waits subtracted; each of their lines has its citation."""
    names = {
        entry.name.removesuffix(".yaml")
        for entry in (resources.files("igate.deadlines") / "vn").iterdir()
        if entry.name.endswith(".yaml")
    }
    assert names == {"decree", "subtracted", "land", "civil_status"}
    for name in names:
        rules = shipped_rules(name, on=date(2026, 9, 1))
        assert rules.citation.number
        assert all(each.citation.number for each in rules.interruptions.values())
        assert set(rules.readings) >= {"suspension_days", "end_on_day_off", "end_of_day"}


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2018, 6, 20), "09/2015/QĐ-TTg"),
        (date(2018, 6, 21), "61/2018/NĐ-CP"),
        (date(2025, 6, 30), "61/2018/NĐ-CP"),
        (date(2025, 7, 1), "118/2025/NĐ-CP"),
        (date(2026, 8, 4), "118/2025/NĐ-CP"),
        (date(2026, 8, 5), "309/2026/NĐ-CP"),
    ],
)
def test_the_decree_in_force_on_a_day_counts(day: date, number: str) -> None:
    """61/2018 to 30 June 2025, 118/2025 from 1 July, amended by 309/2026 from 5 August 2026."""
    assert shipped_rules(on=day).citation.number == number


def test_a_wrong_key_in_a_rule_file_is_named_with_its_place() -> None:
    """Also inside a mapping whose keys the file chooses."""
    text = (resources.files("igate.deadlines") / "vn" / "decree.yaml").read_text(encoding="utf-8")
    wrong = text.replace("effect: restart", "effects: restart", 1)
    line = next(n for n, row in enumerate(wrong.splitlines(), 1) if "effects:" in row)
    with pytest.raises(DefinitionError) as refusal:
        read_rules(wrong, file="decree.yaml")
    assert f'decree.yaml:{line}:9: error [unknown-key] There is no key "effects" here.' in str(
        refusal.value
    )
    assert 'Did you mean "effect"?' in str(refusal.value)


def test_unknown_rules_and_days_without_rules_are_refused() -> None:
    """The names and the periods that there are stand in the message."""
    with pytest.raises(TimelineError, match="civil_status, decree, land, subtracted"):
        shipped_rules("lawn", on=date(2026, 1, 1))
    with pytest.raises(TimelineError, match="2022-06-23"):
        shipped_rules("subtracted", on=date(2022, 6, 22))


SUPPLEMENT = (
    "start - 2026-03-02T09:00",
    "suspend supplement 2026-03-04T09:00",
    "resume supplement 2026-03-09T09:00",
)


def test_two_clocks_on_one_journal_give_two_dates() -> None:
    """Decree: ten working days again from 9 March. Subtracted: three days are taken out.

    The 3rd and 4th count; 5, 6 and 9 March do not; the ten are 3, 4, 10-13 and 16-19 March.
    """
    assert due("decree", "10 working_day", *SUPPLEMENT).due == parse_local("2026-03-23T17:00")
    assert due("subtracted", "10 working_day", *SUPPLEMENT).due == parse_local("2026-03-19T17:00")


def test_land_takes_out_what_the_decree_lists_and_adds_in_hard_areas() -> None:
    """Decree 151/2025, annex II: the assessment is excluded; +10 working days in hard communes."""
    rules = shipped_rules("land", on=date(2026, 3, 2))
    assert rules.effect("assessment") == "suspend"
    assert rules.effect("opinion") == "none"
    limit = TimeLimit.parse("5 working_day")
    assert str(rules.extended(limit, "hard_area")) == "5 working_day + 10 working_day"
    assert rules.extended(limit, "") == limit
    assert rules.extended(NOT_STATED, "hard_area") == NOT_STATED
    found = due(
        "land",
        "5 working_day",
        "start - 2026-03-02T09:00",
        "suspend assessment 2026-03-03T09:00",
        "resume assessment 2026-03-10T09:00",
    )
    # 3 March counts, 4-10 do not, 11-13 and 16 do
    assert found.due == parse_local("2026-03-16T17:00")


def test_civil_status_excludes_the_answer_of_another_agency() -> None:
    """By the decree alone asking another agency stops nothing."""
    asked = (
        "start - 2026-03-02T09:00",
        "suspend opinion 2026-03-03T09:00",
        "resume opinion 2026-03-05T09:00",
    )
    assert due("civil_status", "3 working_day", *asked).due == parse_local("2026-03-09T17:00")
    assert due("decree", "3 working_day", *asked).due == parse_local("2026-03-05T17:00")


def test_a_start_can_be_moved_to_a_later_moment() -> None:
    """Decree 309/2026: beyond its boundary it counts from the competent agency's receipt."""
    found = due(
        "decree", "3 working_day", "start - 2026-03-02T09:00", "start - 2026-03-04T15:30"
    )  # fmt: skip
    assert found.due == parse_local("2026-03-09T17:00")
    assert found.received == START
    assert found.started == parse_local("2026-03-04T15:30")
    (without,) = without_each_rule(found)
    assert (without.rule.en, without.due) == ("Later start", parse_local("2026-03-05T17:00"))


def test_the_state_of_a_clock_while_it_runs_stands_and_has_ended() -> None:
    """Budget, consumed, running since; by hand: 3.5 hours on 2 March are 360 minutes of 9 to 17."""
    found = due(
        "subtracted",
        "10 working_day",
        "start - 2026-03-02T09:00",
        "suspend supplement 2026-03-02T17:00",
        "resume supplement 2026-03-03T11:30",
        "finish - 2026-03-03T15:30",
    )
    running = clock_state(found, parse_local("2026-03-02T10:00"))
    assert (running.elapsed, running.consumed, running.suspended) == (60, 60, 0)
    assert running.budget == TimeLimit.parse("10 working_day")
    # 09:00-11:30 and 13:30-17:00 on the 2nd; 07:30-11:30 stood still; 13:30-15:30 ran
    done = clock_state(found, parse_local("2026-04-01T09:00"))
    assert (done.elapsed, done.consumed, done.suspended) == (360 + 360, 360 + 120, 240)
    assert done.running_since is None
    still = due(
        "subtracted",
        "10 working_day",
        "start - 2026-03-02T09:00",
        "suspend supplement 2026-03-02T17:00",
    )
    assert clock_state(still, parse_local("2026-03-02T10:00")).running_since == START
    assert clock_state(still, parse_local("2026-03-03T10:00")).running_since is None
    assert clock_state(still, parse_local("2026-03-03T10:00")).due is None
    # inside a suspension that has since ended it stood still
    assert clock_state(found, parse_local("2026-03-03T08:30")).running_since is None
    went_on = clock_state(found, parse_local("2026-03-03T14:00"))
    assert went_on.running_since == parse_local("2026-03-03T11:30")


moments = strategies.moments(vietnam(), first=date(2011, 1, 3), last=date(2025, 1, 1))
turns = st.lists(st.integers(0, 40_000), max_size=5, unique=True).map(sorted)


@given(moments, turns, turns, st.integers(0, 120_000))
def test_run_and_suspended_are_elapsed_always(
    start: datetime, supplement: list[int], payment: list[int], after: int
) -> None:
    """Whatever overlaps, stays open or comes too late: no minute is lost or counted twice."""
    events = [
        (start + timedelta(minutes=minute), ("suspend", "resume")[turn % 2], reason)
        for reason, minutes in (("supplement", supplement), ("payment", payment))
        for turn, minute in enumerate(minutes)
    ]
    found = [ClockMark(kind="start", at=start)]
    for at, kind, reason in sorted(events, key=lambda event: event[0]):
        found.append(ClockMark(kind=kind, at=at, reason=reason))
    rules = shipped_rules("subtracted", on=date(2026, 1, 1))
    limit = TimeLimit.parse("400 working_hour")
    deadline = compute_deadline(limit, marks=found, calendar=vietnam(), rules=rules)
    at = start + timedelta(minutes=after)
    state = clock_state(deadline, at)
    assert state.consumed + state.suspended == state.elapsed
    assert state.elapsed == vietnam().count_minutes(start, at)
    assert 0 <= state.consumed <= state.elapsed


def test_suspensions_that_cannot_be_told_apart_are_refused() -> None:
    """Nested for one reason, ended without a beginning, or reversed: nothing is guessed."""
    begun = "suspend supplement 2026-03-04T09:00"
    with pytest.raises(MomentError, match="it has been since 2026-03-04 09:00"):
        due("decree", "5 working_day", "start - 2026-03-02T09:00", begun,
            "suspend supplement 2026-03-05T09:00")  # fmt: skip
    with pytest.raises(MomentError, match="was not suspended for that"):
        due("decree", "5 working_day", "start - 2026-03-02T09:00",
            "resume supplement 2026-03-05T09:00")  # fmt: skip
    with pytest.raises(MomentError, match="cannot run backwards"):
        due("decree", "5 working_day", "start - 2026-03-02T09:00", begun,
            "resume supplement 2026-03-03T09:00")  # fmt: skip


def test_marks_in_another_zone_are_converted_before_the_day_is_taken() -> None:
    """17:30 UTC on 3 March is 00:30 on 4 March in Vietnam: the 4th still counts, not the 3rd."""
    here = due(
        "subtracted",
        "3 working_day",
        "start - 2026-03-02T09:00",
        "suspend supplement 2026-03-04T00:30",
        "resume supplement 2026-03-06T09:00",
    )
    there = due("subtracted", "3 working_day", "start - 2026-03-02T02:00:00+00:00",
                "suspend supplement 2026-03-03T17:30:00+00:00",
                "resume supplement 2026-03-06T02:00:00+00:00")  # fmt: skip
    # 3 and 4 March count, 5 and 6 do not, Monday the 9th is the third
    assert here.due == there.due == parse_local("2026-03-09T17:00")


def test_a_promised_date_stands_still_too() -> None:
    """A suspension after an apology: no date meanwhile, and as many working days later."""
    limit, promised = TimeLimit.parse("3 working_day"), parse_local("2026-03-16T17:00")
    common = [
        *marks("start - 2026-03-02T09:00"),
        ClockMark(kind="replace", at=parse_local("2026-03-04T09:00"), due=promised),
        *marks("suspend payment 2026-03-10T09:00"),
    ]
    rules = shipped_rules("decree", on=date(2026, 3, 2))
    held = compute_deadline(limit, marks=common, calendar=vietnam(), rules=rules)
    assert held.due is None
    # 11, 12, 13 and 16 March are left
    assert str(held.remaining) == "4 working_day"
    on = [*common, *marks("resume payment 2026-03-12T09:00")]
    after = compute_deadline(limit, marks=on, calendar=vietnam(), rules=rules)
    assert after.due == parse_local("2026-03-18T17:00")


def test_only_what_came_after_a_promise_moves_it_and_only_once() -> None:
    """Clipped to the promise, and two suspensions of the same days count as one."""
    limit, promised = TimeLimit.parse("5 working_day"), parse_local("2026-09-30T17:00")
    rules = shipped_rules("land", on=date(2026, 9, 14))

    def promise(*after: str, at: str, before: tuple[str, ...] = ()) -> Deadline:
        found = [
            *marks("start - 2026-09-14T09:00", *before),
            ClockMark(kind="replace", at=parse_local(at), due=promised),
            *marks(*after),
        ]
        return compute_deadline(limit, marks=found, calendar=vietnam(), rules=rules)

    # suspended on the 15th, promised on the 22nd, resumed on the 23rd: one day after the promise
    clipped = promise(
        "resume payment 2026-09-23T09:00",
        at="2026-09-22T09:00",
        before=("suspend payment 2026-09-15T09:00",),
    )
    assert clipped.due == parse_local("2026-10-01T17:00")
    # 22 to 25 September, although for two reasons
    twice = promise(
        "suspend payment 2026-09-21T09:00",
        "suspend posting 2026-09-21T09:00",
        "resume payment 2026-09-25T09:00",
        "resume posting 2026-09-25T09:00",
        at="2026-09-17T09:00",
    )
    assert twice.due == parse_local("2026-10-06T17:00")


def test_overlapping_suspensions_hold_an_end_as_one() -> None:
    """With a 15:00 cut-off: the end of the union counts, not that of the one that began first."""
    law = shipped_rules("land", on=date(2026, 3, 2))
    cutoff = Cutoff(at=time(15), moves="start", citation=law.citation)
    rules = replace(law, cutoff=cutoff)
    both = marks(
        "start - 2024-05-06T09:00",
        "suspend payment 2024-05-07T09:00",
        "suspend posting 2024-05-07T10:00",
        "resume payment 2024-05-08T10:00",
        "resume posting 2024-05-08T16:30",
    )
    limit = TimeLimit.parse("1 working_day")
    found = compute_deadline(limit, marks=both, calendar=vietnam(), rules=rules)
    # resumed after 15:00 on Wednesday the 8th: counts as the 9th
    assert found.due == parse_local("2024-05-09T17:00")
    assert found.days[-1].date == date(2024, 5, 9)


def test_a_mark_of_an_unknown_kind_is_refused() -> None:
    """With the kinds that there are."""
    with pytest.raises(MomentError, match="suspend, resume"):
        due("decree", "5 working_day", "start - 2026-03-02T09:00", "halt - 2026-03-03T09:00")


def test_a_same_day_limit_extended_by_the_area_has_no_hour() -> None:
    """What takes ten days more is not due at three in the afternoon."""
    rules = shipped_rules("land", on=date(2026, 9, 14))
    extended = rules.extended(TimeLimit.parse("0 working_day until 15:00"), "hard_area")
    assert str(extended) == "0 working_day + 10 working_day"


def test_a_reception_window_is_no_working_time() -> None:
    """A desk open on Saturday morning takes dossiers in; nothing is counted in it."""
    hours = OfficeHours.parse("07:30-11:30", "13:30-17:00", reception={5: ["08:00-11:00"]})
    calendar = WorkCalendar.vietnam(hours=Timeline([(Period(start=None), hours)]))
    saturday, monday = date(2026, 3, 7), date(2026, 3, 9)
    assert calendar.reception(saturday) == (Shift.parse("08:00-11:00"),)
    assert calendar.reception(monday) == calendar.shifts(monday)
    assert calendar.shifts(saturday) == ()
    begun, ended = parse_local("2026-03-07T08:00"), parse_local("2026-03-07T11:00")
    assert calendar.count_minutes(begun, ended) == 0
    assert vietnam().reception(saturday) == ()
