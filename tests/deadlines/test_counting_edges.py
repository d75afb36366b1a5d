"""Edges of the count that came with its quick ways: one part, the horizon, and midnight."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

import pytest

from igate.calendar import OfficeHours, WorkCalendar
from igate.deadlines.counting import Counted, _reaches, count_limit, counted_parts, end_of
from igate.deadlines.limits import Part, TimeLimit, Unit
from igate.deadlines.rulefile import shipped_rules
from igate.deadlines.suspension import Suspension
from igate.errors import CalendarNotCovered
from igate.law.localtime import VIETNAM, parse_local
from igate.law.period import Period, Timeline

#: announced to 31 December 2026
ANNOUNCED = WorkCalendar.vietnam()
RULES = shipped_rules("decree", on=date(2026, 3, 2))


def lengths(text: str) -> list[tuple[Fraction, Unit]]:
    return [(part.length, part.unit) for part in counted_parts(TimeLimit.parse(text))]


def test_a_fraction_follows_its_whole_days_in_each_part() -> None:
    """Bộ luật Dân sự 2015, Điều 147 khoản 2: the day of the start does not count."""
    half = (Fraction(1, 2), Unit.WORKING_DAY)

    def days(n: int) -> tuple[Fraction, Unit]:
        return (Fraction(n), Unit.WORKING_DAY)

    assert lengths("5 working_day") == [days(5)]
    assert lengths("0.5 working_day") == [half]
    assert lengths("1.5 working_day") == [days(1), half]
    assert lengths("5 working_day + 1.5 working_day") == [days(5), days(1), half]
    assert lengths("1.5 working_day + 5 working_day") == [days(1), half, days(5)]


def test_what_is_counted_is_named_and_stays_as_it_is() -> None:
    """A value: by keyword, and never changed."""
    counted = Counted(due=None, start_day=date(2026, 3, 2), remaining=())
    with pytest.raises(AttributeError):
        counted.due = parse_local("2026-03-03T17:00")
    with pytest.raises(TypeError):
        Counted(None, date(2026, 3, 2), ())


def test_days_that_end_past_the_horizon_reach_every_day_up_to_it() -> None:
    """Monday 14 December 2026; forty working days end in 2027, which nothing has announced.

    So they reach the day itself, the last day and the day after it, at which a suspension of the
    last day begins to count; of a day beyond, or before the calendar, nobody can say.
    """
    monday, last = date(2026, 12, 14).toordinal(), ANNOUNCED.last.toordinal()
    for day in (monday, monday + 1, last, last + 1):
        assert _reaches(40, monday, day, ANNOUNCED) is True
    first = ANNOUNCED.first.toordinal()
    assert _reaches(100_000, first, first, ANNOUNCED) is True
    for after, day in ((monday, last + 2), (monday, monday - 1), (first - 1, monday)):
        with pytest.raises(CalendarNotCovered):
            _reaches(40, after, day, ANNOUNCED)


def test_days_that_end_before_the_horizon_reach_their_last_and_no_later_one() -> None:
    """Five working days after Monday 2 March 2026 end on Monday the 9th."""
    monday, end = date(2026, 3, 2).toordinal(), date(2026, 3, 9).toordinal()
    assert [_reaches(5, monday, end + n, ANNOUNCED) for n in (-1, 0, 1)] == [True, True, False]


def test_a_limit_past_the_horizon_is_counted_as_long_as_it_is_suspended() -> None:
    """Received on Monday the 14th, suspended on Monday the 21st for good.

    Tuesday to Friday are four, and the day of the suspension counts: five of forty are used.
    """
    since = parse_local("2026-12-21T10:00")
    found = count_limit(
        TimeLimit.parse("40 working_day"), start=parse_local("2026-12-14T09:00"),
        suspensions=[Suspension(since=since, until=None, reason="payment")],
        calendar=ANNOUNCED, rules=RULES,
    )  # fmt: skip
    assert found.due is None
    assert found.remaining == (Part(length=Fraction(35), unit=Unit.WORKING_DAY),)


def test_an_office_that_closes_at_midnight_ends_its_day_with_the_next_one() -> None:
    """24:00 of Monday is 00:00 of Tuesday; on a day off the day ends with its last minute."""
    always = Timeline([(Period(start=None), OfficeHours.parse("00:00-24:00"))])
    night = WorkCalendar.vietnam(hours=always)
    assert end_of(date(2026, 3, 2), night, RULES) == datetime(2026, 3, 3, tzinfo=VIETNAM)
    sunday = datetime(2026, 3, 1, 23, 59, tzinfo=VIETNAM)
    assert end_of(date(2026, 3, 1), night, RULES) == sunday
    monday = datetime(2026, 3, 2, 17, tzinfo=VIETNAM)
    assert end_of(date(2026, 3, 2), ANNOUNCED, RULES) == monday
