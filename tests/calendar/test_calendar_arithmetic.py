"""Laws of arithmetic on working days and minutes, on calendars made at random.

The naive walker of this file steps a day, or a minute, at a time over plain sets of days; it shares
nothing with the tables of the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from igate.calendar import Layer, OfficeHours, Record, Shift, WorkCalendar
from igate.errors import CalendarNotCovered
from igate.law.citation import Citation
from igate.law.localtime import moment_of
from igate.law.period import Period, Timeline

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = timedelta(days=1)
HOURS = (
    OfficeHours.parse("07:30-11:30", "13:30-17:00"),
    OfficeHours.parse("07:00-11:00", "13:00-16:45", morning=["07:00-11:20"]),
    OfficeHours.parse("00:00-24:00"),
    OfficeHours.parse("08:00-08:07", "09:00-09:21", "10:00-10:14"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Plain facts and the calendar made of them."""

    first: date
    last: date
    off: frozenset[date]
    work: frozenset[date]
    half: frozenset[date]
    hours: OfficeHours
    calendar: WorkCalendar

    def works(self, day: date) -> bool:
        """Return by the plain facts whether a day is worked."""
        if day in self.off:
            return False
        return day in self.work or day in self.half or day.weekday() < 5

    def at_work(self, minute: int) -> bool:
        """Return by the plain facts whether somebody works in a minute."""
        ordinal, rest = divmod(minute, 1440)
        day = date.fromordinal(ordinal)
        shifts = self.hours.morning if day in self.half else self.hours.full
        return self.works(day) and any(shift.start <= rest < shift.end for shift in shifts)


@st.composite
def worlds(draw: st.DrawFn, longest: int = 60) -> World:
    """Make calendars of some weeks with days off, days worked and half days anywhere."""
    first = date(2020, 1, 1) + timedelta(days=draw(st.integers(0, 400)))
    size = draw(st.integers(1, longest))
    span = [first + timedelta(days=n) for n in range(size)]
    kinds = draw(
        st.lists(st.sampled_from(["", "", "", "off", "work", "half"]), min_size=size, max_size=size)
    )
    chosen = {
        name: frozenset(day for day, kind in zip(span, kinds, strict=True) if kind == name)
        for name in ("off", "work", "half")
    }
    hours = draw(st.sampled_from(HOURS))
    calendar = WorkCalendar.from_days(
        first, span[-1], **chosen, hours=Timeline([(Period(start=None), hours)])
    )
    return World(first=first, last=span[-1], **chosen, hours=hours, calendar=calendar)


def walk(world: World, day: date, n: int) -> date | None:
    """Add working days a day at a time; ``None`` when the walk leaves the calendar."""
    if n == 0:
        while world.first <= day <= world.last and not world.works(day):
            day += DAY
    step = DAY if n > 0 else -DAY
    left = abs(n)
    while left and world.first <= day <= world.last:
        day += step
        left -= world.first <= day <= world.last and world.works(day)
    return day if world.first <= day <= world.last else None


def answer(ask: Callable[[], date]) -> date | None:
    """Return an answer, or ``None`` where the calendar refuses."""
    try:
        return ask()
    except CalendarNotCovered:
        return None


def some_day(data: st.DataObject, world: World) -> date:
    """Draw a day of a world."""
    return data.draw(st.dates(world.first, world.last))


@given(worlds(), st.integers(-70, 70), st.data())
def test_the_tables_agree_with_a_walk_day_by_day(world: World, n: int, data: st.DataObject) -> None:
    """Two methods, one answer, and both refuse together."""
    day = some_day(data, world)
    assert world.calendar.is_working(day) is world.works(day)
    assert answer(lambda: world.calendar.add(day, n)) == walk(world, day, n)


@given(worlds(), st.data())
def test_counting_agrees_with_a_walk_day_by_day(world: World, data: st.DataObject) -> None:
    """The day counted from is out and the last is in."""
    after, until = sorted((some_day(data, world), some_day(data, world)))
    days = [after + timedelta(days=n) for n in range(1, (until - after).days + 1)]
    assert world.calendar.count(after, until) == sum(map(world.works, days))


@given(worlds(), st.data())
def test_counting_back_is_counting_with_a_minus_sign(world: World, data: st.DataObject) -> None:
    """Counts are antisymmetric, and add up over a day between."""
    one, two, three = (some_day(data, world) for _ in range(3))
    count = world.calendar.count
    assert count(one, two) == -count(two, one)
    assert count(one, two) + count(two, three) == count(one, three)


@given(worlds(), st.integers(1, 40), st.data())
def test_what_was_added_can_be_counted(world: World, n: int, data: st.DataObject) -> None:
    """From any day to its n-th working day there are n working days; back as well."""
    day = some_day(data, world)
    forward = answer(lambda: world.calendar.add(day, n))
    if forward is not None:
        assert world.calendar.count(day, forward) == n
    back = answer(lambda: world.calendar.add(day, -n))
    if back is not None:
        assert world.calendar.count(back, day) == n - (not world.works(day))


@given(worlds(), st.integers(-30, 30), st.data())
def test_adding_twice_is_adding_the_sum(world: World, b: int, data: st.DataObject) -> None:
    """From a working day, a and then b working days are a + b working days."""
    span = (world.first + timedelta(days=n) for n in range((world.last - world.first).days + 1))
    working = [day for day in span if world.works(day)]
    assume(working)
    start, middle = (data.draw(st.integers(0, len(working) - 1)) for _ in range(2))
    day, a = working[start], middle - start
    assert world.calendar.add(day, a) == working[middle]
    second = answer(lambda: world.calendar.add(working[middle], b))
    assert second == answer(lambda: world.calendar.add(day, a + b))


@given(worlds(), st.integers(-40, 40), st.data())
def test_a_later_day_or_a_longer_term_never_ends_earlier(
    world: World, n: int, data: st.DataObject
) -> None:
    """The answer grows with the day, and grows strictly with the number from 1 on."""
    early, late = sorted((some_day(data, world), some_day(data, world)))
    one, two = (answer(lambda day=day: world.calendar.add(day, n)) for day in (early, late))
    if one is not None and two is not None:
        assert one <= two
    longer = answer(lambda: world.calendar.add(early, n + 1))
    if one is not None and longer is not None:
        assert one <= longer
        assert one < longer or n <= 0


@given(worlds(), st.integers(0, 30), st.data())
def test_a_further_day_off_never_brings_a_deadline_forward(
    world: World, n: int, data: st.DataObject
) -> None:
    """Whatever day is taken off, no term of n working days ends earlier than before."""
    day, closed = some_day(data, world), some_day(data, world)
    more = WorkCalendar.from_days(
        world.first,
        world.last,
        off=world.off | {closed},
        work=world.work - {closed},
        half=world.half - {closed},
    )
    before = answer(lambda: world.calendar.add(day, n))
    after = answer(lambda: more.add(day, n))
    if after is not None:
        assert before is not None
        assert before <= after


@given(worlds(longest=12), st.data())
def test_worked_minutes_agree_with_a_walk_minute_by_minute(
    world: World, data: st.DataObject
) -> None:
    """W counts the minutes in which somebody works, from the first midnight on."""
    begin, end = world.first.toordinal() * 1440, (world.last.toordinal() + 1) * 1440
    minute = data.draw(st.integers(begin, end))
    assert world.calendar.worked(minute) == sum(map(world.at_work, range(begin, minute)))


@given(worlds(), st.data())
def test_the_minute_found_for_a_number_has_that_number(world: World, data: st.DataObject) -> None:
    """minute_at gives the first minute at which W has reached the number."""
    total = world.calendar.worked((world.last.toordinal() + 1) * 1440)
    assume(total > 0)
    number = data.draw(st.integers(1, total))
    minute = world.calendar.minute_at(number)
    assert world.calendar.worked(minute) == number
    assert world.calendar.worked(minute - 1) == number - 1


@given(worlds(), st.integers(-3000, 3000), st.data())
def test_minutes_added_can_be_counted(world: World, n: int, data: st.DataObject) -> None:
    """From a moment to the end of n minutes of work there are n minutes of work."""
    begin, end = world.first.toordinal() * 1440, (world.last.toordinal() + 1) * 1440
    moment = moment_of(data.draw(st.integers(begin, end - 1)))
    try:
        reached = world.calendar.add_minutes(moment, n)
    except CalendarNotCovered:
        return
    assert world.calendar.count_minutes(moment, reached) == n
    assert (reached > moment) is (n > 0) or n == 0
    assert reached >= moment or n < 0


@given(worlds(), st.data())
def test_nothing_added_stays_at_work_or_goes_to_the_next_start(
    world: World, data: st.DataObject
) -> None:
    """Inside a shift and at its end a moment stays; else it moves to when work begins."""
    begin, end = world.first.toordinal() * 1440, (world.last.toordinal() + 1) * 1440
    minute = data.draw(st.integers(begin, end - 1))
    found = answer(lambda: world.calendar.add_minutes(moment_of(minute), 0))  # type: ignore[arg-type,return-value]
    if world.at_work(minute) or (minute > begin and world.at_work(minute - 1)):
        assert found == moment_of(minute)
    else:
        later = next((m for m in range(minute, end) if world.at_work(m)), None)
        assert found == (None if later is None else moment_of(later))


@given(st.dates(date(2010, 1, 1), date(2026, 12, 31)), st.integers(-200, 200))
def test_the_calendar_of_vietnam_agrees_with_a_walk(day: date, n: int) -> None:
    """The shipped calendar answers like a walk over its own days."""
    calendar = WorkCalendar.vietnam()
    first, last = calendar.first, calendar.last
    found = answer(lambda: calendar.add(day, n))
    step, left, at = (DAY if n > 0 else -DAY), abs(n), day
    while n == 0 and at <= last and not calendar.is_working(at):
        at += DAY
    while left and first <= at + step <= last:
        at += step
        left -= calendar.is_working(at)
    assert found == (None if left or at > last else at)


@given(
    st.lists(st.dates(date(2026, 3, 1), date(2026, 12, 31)), unique=True, max_size=12), st.data()
)
def test_an_agency_layer_decides_its_days_and_no_others(
    chosen: list[date], data: st.DataObject
) -> None:
    """Days of a layer are as it says; all others are as the country has them."""
    effects = {day: data.draw(st.sampled_from(["off", "work", "half"])) for day in chosen}
    records = tuple(
        Record(
            date=day, effect=effect, kind="local", scope="both",
            citation=Citation.parse("Quyết định 1/QĐ-UBND"), source="made for a test",
            confidence="official", announced_on=date(2026, 1, 1), overrides=True,
        )
        for day, effect in effects.items()
    )  # fmt: skip
    plain = WorkCalendar.vietnam()
    own = WorkCalendar.vietnam(layers=[Layer(name="own", records=records)])
    span = (date(2026, 1, 1) + timedelta(days=n) for n in range(365))
    for day in span:
        expected = effects[day] != "off" if day in effects else plain.is_working(day)
        assert own.is_working(day) is expected


@pytest.mark.parametrize("shift", [Shift(start=0, end=1440), Shift(start=450, end=690)])
def test_a_shift_reads_as_it_is_written(shift: Shift) -> None:
    """Writing a shift and reading it gives the same shift."""
    assert Shift.parse(str(shift)) == shift
