"""What the decision says of every birth, tried on many days and many courses.

Decision 1872/QĐ-BTP of 2020: on the day itself; what comes after 15:00 and cannot be done at once,
on the next working day.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import HealthCheck, assume, given, settings

from birth import AGENCY, CODE, FILE, catalog, hand_in, open_desk
from igate import Actor, WorkCalendar, check_paths
from igate.testing import DossierMachine, SimulatedClock, strategies

CALENDAR = WorkCalendar.vietnam()
#: many of them next to Tết, make-up days and month ends, and at 15:00 with the minutes next to it
MOMENTS = strategies.moments(CALENDAR, first=date(2024, 1, 1), last=date(2026, 11, 30))
OPENS, CLOSES = time(7, 30), time(17)


def next_working_day(day: date) -> date:
    """Walk to the next day on which offices work, a day at a time."""
    day += timedelta(days=1)
    while not CALENDAR.is_working(day):
        day += timedelta(days=1)
    return day


def test_the_file_has_no_errors() -> None:
    """The course loses no dossier, and the dated examples of the file come out."""
    assert [str(each) for each in check_paths([FILE]) if each.severity == "error"] == []


# the moments at which no counter is open are left out: two of three
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(MOMENTS)
def test_a_birth_is_registered_on_the_day_or_on_the_next(received: datetime) -> None:
    """On the day itself until 15:00, afterwards on the next working day."""
    day, at = received.date(), received.time()
    assume(CALENDAR.is_working(day) and OPENS <= at < CLOSES)
    with open_desk(SimulatedClock(received)) as office:
        dossier = office.act(
            hand_in(office).code, "receive",
            by=Actor("r", roles={"receptionist"}, agency=AGENCY),
        )  # fmt: skip
    assert dossier.deadline is not None
    assert dossier.deadline.due is not None
    expected = day if at <= time(15) else next_working_day(day)
    assert dossier.deadline.due.date() == expected


class Births(DossierMachine):
    """Births at the counter and officers of every role who do what they may, at random.

    After each step the journal folds to the dossier, the date is the one that the clock gives, and
    the lists say what the journals say.
    """

    catalog = catalog()
    procedures = (CODE,)


TestBirths = Births.TestCase
TestBirths.settings = settings(max_examples=10, stateful_step_count=20, deadline=None)
