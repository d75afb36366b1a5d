"""What the decision says of every birth, tried on many days and many courses.

Decision 1872/QĐ-BTP of 2020: on the day itself; what comes after 15:00 and cannot be done at once,
on the next working day.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from birth import AGENCY, CODE, FILE, hand_in, open_desk
from igate import VIETNAM, Actor, WorkCalendar, check_paths
from igate.testing import SimulatedClock

CALENDAR = WorkCalendar.vietnam()
#: days that were announced: swaps, make-up days and Tết among them
DAYS = st.dates(date(2024, 1, 1), date(2026, 11, 30)).filter(CALENDAR.is_working)
#: the hours of a counter
HOURS = st.times(time(7, 30), time(16, 59)).map(lambda at: at.replace(second=0, microsecond=0))
ROLES = {"receptionist", "head_of_section", "officer", "leader", "clerk"}


def next_working_day(day: date) -> date:
    """Walk to the next day on which offices work, a day at a time."""
    day += timedelta(days=1)
    while not CALENDAR.is_working(day):
        day += timedelta(days=1)
    return day


def test_the_file_has_no_errors() -> None:
    """The course loses no dossier, and the dated examples of the file come out."""
    assert [str(each) for each in check_paths([FILE]) if each.severity == "error"] == []


@settings(max_examples=40, deadline=None)
@given(DAYS, HOURS)
def test_a_birth_is_registered_on_the_day_or_on_the_next(day: date, at: time) -> None:
    """On the day itself until 15:00, afterwards on the next working day."""
    received = datetime.combine(day, at, tzinfo=VIETNAM)
    with open_desk(SimulatedClock(received)) as office:
        dossier = office.act(
            hand_in(office).code, "receive",
            by=Actor("r", roles={"receptionist"}, agency=AGENCY),
        )  # fmt: skip
    assert dossier.deadline is not None
    assert dossier.deadline.due is not None
    expected = day if at <= time(15) else next_working_day(day)
    assert dossier.deadline.due.date() == expected


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_whatever_the_officers_do_a_dossier_can_always_go_on(data: st.DataObject) -> None:
    """Up to twelve actions that officers may take: each leaves a way on, until the end."""
    clock = SimulatedClock(datetime(2026, 8, 20, 9, 0, tzinfo=VIETNAM))
    officer = Actor("officer", roles=ROLES, agency=AGENCY)
    with open_desk(clock) as office:
        code = hand_in(office).code
        for _ in range(12):
            dossier = office.get(code)
            state = office.catalog.procedure(CODE).revision(dossier.revision).workflow.states[
                dossier.state
            ]  # fmt: skip
            if state.final:
                assert dossier.outcome
                break
            assert office.actions(code), f"nobody can do anything in {dossier.state}"
            # what needs a text or a fact of its own is left out
            ways = [each for each in office.actions(code, by=officer) if each.manner.silent]
            assume(ways)
            clock.moment = office.calendar.add_minutes(clock.moment, data.draw(st.integers(1, 240)))
            action = data.draw(st.sampled_from(sorted({way.action for way in ways})))
            after = office.act(code, action, by=officer)
            assert after == office.get(code)
