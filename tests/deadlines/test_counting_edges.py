"""Edges of the count that came with its quick ways: one part, the horizon, and midnight."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from unittest.mock import patch

import pytest

from igate.calendar import OfficeHours, WorkCalendar
from igate.deadlines.clock import _Clock, due_after
from igate.deadlines.counting import Counted, _reaches, count_limit, counted_parts, end_of
from igate.deadlines.deadline import due_from
from igate.deadlines.limits import Part, TimeLimit, Unit
from igate.deadlines.rulefile import shipped_rules
from igate.deadlines.rules import ClockKind, ClockMark
from igate.deadlines.suspension import Suspension
from igate.errors import CalendarNotCovered, MomentError
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


# the clock around the count

FIVE = TimeLimit.parse("5 working_day")
MONDAY = parse_local("2026-03-02T09:00")
START = ClockMark(kind="start", at=MONDAY)
DUE = parse_local("2026-03-09T17:00")


def mark(kind: ClockKind, at: str, reason: str = "", due: str = "") -> ClockMark:
    return ClockMark(
        kind=kind, at=parse_local(at), reason=reason, due=parse_local(due) if due else None
    )


def due_of(*marks: ClockMark, limit: TimeLimit = FIVE) -> datetime | None:
    return due_after(limit, [START, *marks], calendar=ANNOUNCED, rules=RULES)


def test_the_due_moment_alone_is_that_of_the_marks() -> None:
    """Five working days after Monday 2 March; an end changes nothing, nor does what follows it.

    Paid for from Wednesday to Friday: the day of the suspension counts and that of the resumption
    does not, so Thursday and Friday are left out, and the fifth day is Wednesday the 11th.
    """
    assert due_of() == DUE
    for end in ("finish", "stop"):
        ended = mark(end, "2026-03-05T10:00")
        assert due_of(ended) == DUE
        assert due_of(ended, mark("suspend", "2026-03-06T10:00", "payment")) == DUE
    asked = mark("suspend", "2026-03-04T10:00", "payment")
    paid = mark("resume", "2026-03-06T10:00", "payment")
    assert due_of(asked) is None
    assert due_of(asked, paid) == parse_local("2026-03-11T17:00")
    assert due_of(asked, paid, mark("finish", "2026-03-09T08:00")) == due_of(asked, paid)
    assert due_of(limit=TimeLimit.parse("not_stated")) is None


def test_a_time_of_its_own_is_counted_without_marks() -> None:
    """That of an agency that is asked, from its moment on; one that is not stated has no end."""
    given = {"calendar": ANNOUNCED, "rules": RULES}
    assert due_from(MONDAY, FIVE, **given) == DUE
    assert due_from(MONDAY, TimeLimit.parse("not_stated"), **given) is None


def test_the_due_moment_alone_is_the_promised_one_while_the_clock_runs() -> None:
    """An apology names Monday the 23rd; a payment that is waited for afterwards leaves none."""
    promised = parse_local("2026-03-23T17:00")
    sorry = mark("replace", "2026-03-05T10:00", due="2026-03-23T17:00")
    assert due_of(sorry) == promised
    assert due_of(sorry, mark("suspend", "2026-03-06T10:00", "payment")) is None


def test_a_clock_that_was_never_started_has_no_due_moment() -> None:
    """Neither without marks nor with a suspension before the start."""
    for marks in ([], [mark("suspend", "2026-03-02T09:00", "payment")]):
        with pytest.raises(MomentError):
            due_after(FIVE, marks, calendar=ANNOUNCED, rules=RULES)


def test_a_limit_is_over_after_its_last_minute_and_again_after_what_moved_it() -> None:
    """Asked before, at and after the end; then after a wait, which moves the end to the 11th."""
    clock = _Clock.begun(FIVE, MONDAY, ANNOUNCED, RULES)
    for at, over in (
        ("2026-03-09T17:00", False), ("2026-03-09T17:01", True), ("2026-03-03T08:00", False),
        ("2026-03-09T17:00", False), ("2026-03-10T08:00", True),
    ):  # fmt: skip
        assert clock.is_over(parse_local(at)) is over
    for again in (None, "2026-03-10T10:00"):
        clock = _Clock.begun(FIVE, MONDAY, ANNOUNCED, RULES)
        clock.suspend(mark("suspend", "2026-03-04T10:00", "payment"))
        assert clock.is_over(parse_local("2026-03-20T08:00")) is False
        clock.resume(mark("resume", "2026-03-06T10:00", "payment"))
        assert clock.is_over(parse_local("2026-03-09T17:01")) is False
        if again:
            clock.suspend(mark("suspend", again, "payment"))
        assert clock.is_over(parse_local("2026-03-11T17:00")) is False
        assert clock.is_over(parse_local("2026-03-11T17:01")) is (again is None)


def test_a_later_start_has_an_end_of_its_own() -> None:
    """The end that was counted from the 2nd is forgotten: from the 16th it is Monday the 23rd."""
    clock = _Clock.begun(FIVE, MONDAY, ANNOUNCED, RULES)
    assert clock.is_over(parse_local("2026-03-10T08:00")) is True
    clock.start_later(mark("start", "2026-03-16T09:00"))
    assert clock.is_over(parse_local("2026-03-23T17:00")) is False
    assert clock.is_over(parse_local("2026-03-23T17:01")) is True


def test_a_promised_date_is_an_end_of_its_own() -> None:
    """Counted to the 9th, then promised for Monday the 23rd: over after that and not before."""
    clock = _Clock.begun(FIVE, MONDAY, ANNOUNCED, RULES)
    assert clock.is_over(parse_local("2026-03-05T08:00")) is False
    clock.replace(mark("replace", "2026-03-05T10:00", due="2026-03-23T17:00"))
    assert clock.is_over(parse_local("2026-03-20T08:00")) is False
    assert clock.is_over(parse_local("2026-03-23T17:01")) is True


def test_a_limit_that_was_over_goes_on_when_it_is_extended() -> None:
    """Over on Monday the 9th, so the wait of the 10th changes nothing; on the 11th five days more.

    They end on Monday the 16th. The wait of the 12th, a Thursday, comes in time, and so the 12th
    and Friday the 13th, before the resumption of Monday the 16th, are left out: Wednesday the 18th.
    """
    late = (mark("suspend", "2026-03-10T10:00", "payment"),
            mark("resume", "2026-03-10T15:00", "payment"))  # fmt: skip
    more = ClockMark(kind="extend", at=parse_local("2026-03-11T09:00"), limit=FIVE)
    held = mark("suspend", "2026-03-12T10:00", "payment")
    assert due_of(*late, more) == parse_local("2026-03-16T17:00")
    assert due_of(*late, more, held) is None
    on = mark("resume", "2026-03-16T10:00", "payment")
    assert due_of(*late, more, held, on) == parse_local("2026-03-18T17:00")


def test_a_limit_that_was_over_goes_on_when_a_date_is_promised() -> None:
    """Over on the 9th, so the wait of the 10th changes nothing; promised on the 11th for the 23rd.

    The wait of Thursday the 12th comes in time; paid for on Monday the 16th it moves the promise by
    Friday and Monday, to Wednesday the 25th.
    """
    late = (mark("suspend", "2026-03-10T10:00", "payment"),
            mark("resume", "2026-03-10T15:00", "payment"))  # fmt: skip
    sorry = mark("replace", "2026-03-11T09:00", due="2026-03-23T17:00")
    held = mark("suspend", "2026-03-12T10:00", "payment")
    assert due_of(*late, sorry) == parse_local("2026-03-23T17:00")
    assert due_of(*late, sorry, held) is None
    paid = mark("resume", "2026-03-16T10:00", "payment")
    assert due_of(*late, sorry, held, paid) == parse_local("2026-03-25T17:00")


def test_a_promised_date_that_had_passed_moves_by_a_wait_that_ends_after_it() -> None:
    """Promised for Tuesday the 10th; an assessment asked for on the 11th comes too late.

    The payment that was waited for meanwhile comes on Thursday the 12th: of the wait, Friday the
    6th and Monday to Thursday lie after the promise, so five working days move it to Tuesday the
    17th, and a wait that begins on Monday the 16th holds it.
    """
    land = shipped_rules("land", on=date(2026, 3, 2))
    marks = [
        START,
        mark("suspend", "2026-03-04T10:00", "payment"),
        mark("replace", "2026-03-05T10:00", due="2026-03-10T17:00"),
        mark("suspend", "2026-03-11T10:00", "assessment"),
        mark("resume", "2026-03-12T10:00", "payment"),
    ]
    held = mark("suspend", "2026-03-16T10:00", "payment")
    assert due_after(FIVE, marks, calendar=ANNOUNCED, rules=land) == parse_local("2026-03-17T17:00")
    assert due_after(FIVE, [*marks, held], calendar=ANNOUNCED, rules=land) is None


def test_the_end_is_counted_again_only_where_it_may_have_moved() -> None:
    """Once for all moments up to it, once for all that come after, once more after a wait."""
    clock = _Clock.begun(FIVE, MONDAY, ANNOUNCED, RULES)
    counted = _Clock.count

    def ask(*moments: str) -> int:
        with patch.object(_Clock, "count", autospec=True, side_effect=counted) as counts:
            for at in moments:
                clock.is_over(parse_local(at))
        return counts.call_count

    assert ask("2026-03-03T08:00", "2026-03-04T08:00", "2026-03-09T17:00") == 1
    assert ask("2026-03-10T08:00", "2026-03-11T08:00", "2026-03-12T08:00") == 1
    clock.start_later(mark("start", "2026-03-16T09:00"))
    clock.suspend(mark("suspend", "2026-03-17T10:00", "payment"))
    clock.resume(mark("resume", "2026-03-19T10:00", "payment"))
    assert ask("2026-03-23T17:00", "2026-03-20T08:00") == 0
    # Tuesday and Wednesday are left out, so it ends on Wednesday the 25th
    assert ask("2026-03-24T08:00", "2026-03-25T17:00") == 1
    assert ask("2026-03-25T17:01", "2026-03-26T08:00") == 1


def test_a_limit_that_ends_past_the_horizon_is_not_over_before_it() -> None:
    """Forty working days from Monday 14 December: on no day of 2026; of 2027 nobody can say."""
    forty = TimeLimit.parse("40 working_day")
    start = parse_local("2026-12-14T09:00")
    for at in ("2026-12-14T10:00", "2026-12-21T10:00", "2026-12-31T16:00"):
        assert _Clock.begun(forty, start, ANNOUNCED, RULES).is_over(parse_local(at)) is False
    with pytest.raises(CalendarNotCovered):
        _Clock.begun(forty, start, ANNOUNCED, RULES).is_over(parse_local("2027-01-01T08:00"))
    first = datetime(2010, 1, 1, 9, tzinfo=VIETNAM)
    long = TimeLimit.parse("3660 working_day + 3660 working_day")
    clock = _Clock.begun(long, first, ANNOUNCED, RULES)
    assert clock.is_over(datetime(2010, 1, 5, 9, tzinfo=VIETNAM)) is False
