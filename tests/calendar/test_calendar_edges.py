"""Edges of the working calendar: first and last days and minutes, equal values, what errors say.

Expected values were counted by hand on the calendar of 2024 and 2026. Each test stands for a change
of the code that no other test noticed (docs/explanation/mutation.md).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from unittest.mock import ANY

import numpy as np
import pytest

from igate.calendar import (
    Layer,
    OfficeHours,
    Record,
    Shift,
    WorkCalendar,
    arrays,
    columns,
    tet,
)
from igate.calendar.arrays import _lengths
from igate.calendar.days import Mark, label_of
from igate.calendar.hours import MinuteTable
from igate.errors import CalendarConflict, CalendarNotCovered, FrameError, MomentError, Place
from igate.law import localtime
from igate.law.citation import Citation
from igate.law.localtime import VIETNAM, parse_local
from igate.law.period import Period, Timeline

LAW = Citation.parse("Quyết định 1/QĐ-UBND")
MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)
#: a plain week of five days: Monday 6 May 2024 to Friday 10 May, then the weekend
MONDAY, SUNDAY = date(2024, 5, 6), date(2024, 5, 12)


@lru_cache(maxsize=1)
def vietnam() -> WorkCalendar:
    return WorkCalendar.vietnam()


def week(**given: object) -> WorkCalendar:
    """Make a calendar of one plain week."""
    return WorkCalendar.from_days(MONDAY, SUNDAY, **given)  # type: ignore[arg-type]


def record(day: str, effect: str = "off", **fields: object) -> Record:
    """Make a record of an agency's own layer."""
    plain: dict[str, Any] = {
        "date": date.fromisoformat(day), "effect": effect, "kind": "local", "scope": "both",
        "citation": LAW, "source": "made for a test", "confidence": "official",
        "announced_on": date(2020, 1, 1),
    }  # fmt: skip
    return Record(**(plain | fields))


def always(hours: OfficeHours) -> Timeline[OfficeHours]:
    """Return hours that hold on every day."""
    return Timeline([(Period(start=None), hours)])


# Values.


def test_marks_that_differ_in_their_place_are_equal() -> None:
    """The same announcement, read from two files, says the same."""
    here, there = (Place(file=name, line=1) for name in ("a.yaml", "b.yaml"))
    one = Mark(effect="off", kind="local", place=here)
    assert one == replace(one, place=there)
    assert one != replace(one, effect="work")


def test_a_day_without_a_pair_is_called_by_its_kind_alone() -> None:
    """Tết has no other day; a holiday that falls together with another names it."""
    assert label_of("tet", None).text("en") == "Lunar New Year"
    assert label_of("tet", None).text("vi") == "Tết Nguyên đán"
    other = label_of("labour", date(2023, 5, 1))
    assert other.text("en") == "International Labour Day together with 2023-05-01"
    assert label_of("compensatory", date(2021, 5, 1)).text("vi") == "Nghỉ bù cho ngày 01/05/2021"


# Hours.


@pytest.mark.parametrize("text", ["07:59-11:59", "00:00-24:00", "23:59-24:00"])
def test_every_minute_of_a_day_can_be_a_limit_of_a_shift(text: str) -> None:
    """From 00:00 to 24:00, and minute 59 is a minute."""
    assert str(Shift.parse(text)) == text


@pytest.mark.parametrize("text", ["07:30-11:60", "07:60-11:30", "07:30-24:01"])
def test_a_minute_that_no_clock_shows_is_refused(text: str) -> None:
    """Minute 60 is the next hour's, at the start and at the end."""
    with pytest.raises(CalendarConflict):
        Shift.parse(text)


def test_a_shift_lies_within_a_day() -> None:
    """It cannot begin before midnight."""
    with pytest.raises(CalendarConflict, match="from minute -1 to minute 60"):
        Shift(start=-1, end=60)
    with pytest.raises(CalendarConflict):
        Shift(start=1440, end=1441)


def test_shifts_may_touch() -> None:
    """One that begins when the other ends is no overlap."""
    assert OfficeHours.parse("07:30-11:30", "11:30-17:00").minutes("full") == 570
    with pytest.raises(CalendarConflict, match="overlap"):
        OfficeHours.parse("07:30-11:30", "11:29-17:00")
    with pytest.raises(CalendarConflict, match="overlap"):
        OfficeHours.parse("07:30-11:30", morning=["07:30-11:30", "11:00-12:00"])


def test_office_hours_know_three_kinds_of_days() -> None:
    """Full, morning and off; the morning is the first shift unless it is given."""
    hours = OfficeHours.parse("07:30-11:30", "13:30-17:00")
    assert [hours.minutes(kind) for kind in ("full", "morning", "off")] == [450, 240, 0]
    own = OfficeHours.parse("07:30-11:30", "13:30-17:00", morning=["08:00-09:00", "09:30-10:00"])
    assert own.minutes("morning") == 90
    assert hours.reception == ()
    with pytest.raises(CalendarConflict, match="without a shift"):
        OfficeHours(full=hours.full, morning=())


def test_reception_windows_are_kept_in_the_order_of_the_week() -> None:
    """Sunday is 6, Saturday 5; a day may have two windows."""
    hours = OfficeHours.parse(
        "07:30-11:30", reception={6: ["08:00-09:00"], 5: ["08:00-09:00", "10:00-11:00"]}
    )
    assert [(weekday, len(windows)) for weekday, windows in hours.reception] == [(5, 2), (6, 1)]


def test_minutes_are_summed_to_both_ends_of_a_table() -> None:
    """Two hours on the first day, none on the second: 0, 120 and nothing beyond."""
    table = MinuteTable(MONDAY, [(Shift(start=0, end=120),), ()])
    begin = MONDAY.toordinal() * 1440
    end = begin + 2 * 1440
    assert [table.worked(begin + n) for n in (-1, 0, 1, 119, 120, 121, 1440)] == [
        None, 0, 1, 119, 120, 120, 120
    ]  # fmt: skip
    assert (table.worked(end), table.worked(end + 1)) == (120, None)
    assert [table.minute_at(n) for n in (0, 1, 120, 121)] == [None, begin + 1, begin + 120, None]


def test_hours_by_period_change_on_the_day_they_say() -> None:
    """An end is exclusive; the last day of the calendar may be the first of a period."""
    early, late = OfficeHours.parse("07:00-11:00"), OfficeHours.parse("08:00-12:00")
    hours = Timeline([
        (Period(start=date(2024, 1, 1), end=date(2024, 5, 10)), early),
        (Period(start=date(2024, 5, 10), end=date(2025, 1, 1)), late),
    ])  # fmt: skip
    calendar = WorkCalendar.from_days(MONDAY, date(2024, 5, 10), hours=hours)
    assert [calendar.closing(date(2024, 5, day)) for day in (6, 9, 10)] == [660, 660, 720]


@pytest.mark.parametrize(
    ("start", "end", "missing"),
    [
        (date(2024, 5, 7), None, "2024-05-06"),
        (None, date(2024, 5, 12), "2024-05-12"),
        (date(2024, 6, 1), None, "2024-05-06"),
        (None, date(2024, 5, 6), "2024-05-06"),
    ],
)
def test_the_first_day_without_hours_is_named(
    start: date | None, end: date | None, missing: str
) -> None:
    """At the beginning, at the end, and where a period lies outside altogether."""
    hours = Timeline([(Period(start=start, end=end), OfficeHours.parse("07:00-11:00"))])
    with pytest.raises(CalendarConflict, match=f"given for {missing}") as refusal:
        week(hours=hours)
    assert "The calendar covers 2024-05-06 to 2024-05-12" in str(refusal.value)


# The calendar.


def test_a_calendar_may_have_one_day() -> None:
    """Its first day is its last; an end before it is refused."""
    calendar = WorkCalendar.from_days(MONDAY, MONDAY)
    assert (calendar.first, calendar.last) == (MONDAY, MONDAY)
    assert calendar.is_working(MONDAY)
    with pytest.raises(CalendarConflict, match="cannot end on 2024-05-05 and begin on 2024-05-06"):
        WorkCalendar.from_days(MONDAY, date(2024, 5, 5))


def test_days_are_counted_to_both_ends_of_a_week() -> None:
    """Five working days; nothing before the first and nothing after the last."""
    calendar = week()
    assert calendar.count(MONDAY, SUNDAY) == 4
    assert calendar.count(SUNDAY, MONDAY) == -4
    assert calendar.add(SUNDAY, -5) == MONDAY
    assert calendar.add(MONDAY, 4) == date(2024, 5, 10)
    assert calendar.add(MONDAY, 0) == MONDAY
    for day, n in ((MONDAY, 5), (MONDAY, -1), (SUNDAY, 0), (SUNDAY, 1), (SUNDAY, -6)):
        with pytest.raises(CalendarNotCovered):
            calendar.add(day, n)


def test_the_weekly_rest_can_be_another() -> None:
    """Friday off and Saturday worked: Monday is weekday 0."""
    calendar = week(weekly_rest=[4, 6])
    worked = [calendar.is_working(date(2024, 5, day)) for day in range(6, 13)]
    assert worked == [True, True, True, True, False, True, False]


def test_a_day_is_given_once() -> None:
    """Twice with one effect is one day; with two effects nobody could tell."""
    assert not week(off=[MONDAY, MONDAY]).is_working(MONDAY)
    with pytest.raises(CalendarConflict, match="given as off and as half"):
        week(off=[MONDAY], half=[MONDAY])


def test_closing_is_that_of_the_day() -> None:
    """A half day closes with the morning; a day off has the closing time of a full day."""
    calendar = week(half=[MONDAY], work=[SUNDAY])
    closings = [calendar.closing(date(2024, 5, day)) for day in (6, 7, 11, 12)]
    assert closings == [690, 1020, 1020, 1020]


def test_the_desk_takes_in_during_its_shifts_or_its_windows() -> None:
    """On a Saturday that is worked the shifts count, not the window of a day off."""
    hours = OfficeHours.parse("07:30-11:30", reception={5: ["08:00-11:00"]})
    calendar = week(hours=always(hours))
    saturday = date(2024, 5, 11)
    assert calendar.reception(saturday) == (Shift.parse("08:00-11:00"),)
    assert calendar.reception(SUNDAY) == ()
    worked = week(hours=always(hours), work=[saturday])
    assert worked.reception(saturday) == (Shift.parse("07:30-11:30"),)
    for outside in (MAY, JUNE):
        with pytest.raises(CalendarNotCovered):
            calendar.reception(outside)


def test_a_weekday_may_have_hours_of_its_own() -> None:
    """Closed on Wednesday afternoon: Wednesday 8 May 2024 has 240 minutes and closes at 11:30.

    480 minutes from Tuesday 13:30: 210 until 17:00, 240 on Wednesday, 30 on Thursday from 07:30.
    """
    morning = {2: ["07:30-11:30"]}
    hours = OfficeHours.parse("07:30-11:30", "13:30-17:00", weekdays=morning)
    calendar, plain = week(hours=always(hours)), week()
    wednesday = date(2024, 5, 8)
    assert calendar.shifts(wednesday) == (Shift.parse("07:30-11:30"),)
    assert [calendar.closing(date(2024, 5, day)) for day in (7, 8, 9)] == [1020, 690, 1020]
    start = parse_local("2024-05-07T13:30")
    assert calendar.add_minutes(start, 480) == parse_local("2024-05-09T08:00")
    # open on Wednesday afternoon, the last 30 are worked then, from 13:30
    assert plain.add_minutes(start, 480) == parse_local("2024-05-08T14:00")
    # it is a working day like any other, and a day off stays one
    assert calendar.count(date(2024, 5, 6), date(2024, 5, 10)) == 4
    assert week(hours=always(hours), off=[wednesday]).shifts(wednesday) == ()
    # a Sunday that is worked may have its own, too
    short = OfficeHours.parse("07:30-11:30", weekdays={6: ["08:00-10:00"]})
    assert week(hours=always(short), work=[SUNDAY]).closing(SUNDAY) == 600
    # other hours are another calendar
    same = OfficeHours.parse("07:30-11:30", "13:30-17:00")
    assert week(hours=always(same)).version == plain.version != calendar.version
    # the version is made from the text of the hours, which is as it was before weekdays had any
    assert "weekdays" not in repr(same)
    with pytest.raises(CalendarConflict, match="no weekday 7"):
        OfficeHours.parse("07:30-11:30", weekdays={7: ["07:30-11:30"]})
    with pytest.raises(CalendarConflict, match="without a shift"):
        OfficeHours.parse("07:30-11:30", weekdays={2: []})


def test_make_up_days_may_be_worked_in_the_morning_only() -> None:
    """It is a reading of the host; other half days and full days are not touched."""
    calendar = WorkCalendar.vietnam(make_up="morning")
    assert calendar.shifts(date(2024, 5, 4)) == (Shift.parse("07:30-11:30"),)
    assert len(calendar.shifts(date(2024, 5, 3))) == 2
    assert len(vietnam().shifts(date(2024, 5, 4))) == 2
    assert calendar.version != vietnam().version


def test_a_misspelt_word_makes_no_calendar() -> None:
    """Neither a scope nor a way of making up is guessed."""
    with pytest.raises(CalendarConflict, match="'civil_servise' is not known here"):
        WorkCalendar.vietnam(scope="civil_servise")  # type: ignore[arg-type]
    with pytest.raises(CalendarConflict, match="'evening' is not known here"):
        WorkCalendar.vietnam(make_up="evening")  # type: ignore[arg-type]


def test_provisional_days_begin_with_2027() -> None:
    """31 December 2026 is announced, 1 January 2027 is not; three years are expected."""
    calendar = WorkCalendar.vietnam(provisional=True)
    assert not calendar.is_provisional(date(2026, 12, 31))
    assert calendar.is_provisional(date(2027, 1, 1))
    assert calendar.day(date(2027, 1, 1)).status == "provisional"
    assert calendar.day(date(2029, 12, 31)).working
    with pytest.raises(CalendarNotCovered):
        calendar.is_working(date(2030, 1, 1))


@pytest.mark.parametrize(
    ("complete", "last", "provisional"),
    [
        # nothing beyond what is shipped; the next year; the next but one, which leaves a gap
        ([], 2026, 2027), ([{2027}], 2027, 2028), ([{2028}], 2026, 2027), ([{2026}], 2026, 2027),
        # two years in one layer and in two, whichever comes first
        ([{2027, 2028}], 2028, 2029), ([{2028}, {2027}], 2028, 2029),
        # all years that are expected, and one more
        ([{2027, 2028, 2029}], 2029, None), ([{2027, 2028, 2029, 2030}], 2030, None),
    ],
)  # fmt: skip
def test_a_calendar_ends_with_the_last_year_that_layers_declare_complete(
    complete: list[set[int]], last: int, provisional: int | None
) -> None:
    """Counted on from 2026 without a gap; what follows is provisional, to the end of 2029."""
    layers = [
        Layer(name=f"own-{n}", records=(), complete=frozenset(years))
        for n, years in enumerate(complete)
    ]
    assert WorkCalendar.vietnam(layers=layers).last == date(last, 12, 31)
    expected = WorkCalendar.vietnam(layers=layers, provisional=True)
    assert expected.last == date(max(last, 2029), 12, 31)
    first = None if provisional is None else date(provisional, 1, 1)
    assert expected.provisional_from == first


def test_without_swaps_a_calendar_is_that_of_the_labour_code() -> None:
    """29 April 2024 is worked and 4 May is not; holidays stay."""
    plain = vietnam().without_swaps()
    assert plain == WorkCalendar.vietnam(scope="labour_code")
    days = (date(2024, 4, 29), date(2024, 4, 30), date(2024, 5, 4))
    assert [plain.is_working(day) for day in days] == [True, False, False]
    assert plain.without_swaps() == plain


def test_only_days_that_moved_are_changes() -> None:
    """A record that repeats a day off with other words has moved nothing."""
    own = Layer(name="own", records=(
        record("2024-05-07", announced_on=date(2024, 1, 2)),
        record("2024-05-11", announced_on=date(2024, 1, 2)),
        record("2024-05-08", "half", announced_on=date(2024, 1, 3)),
    ))  # fmt: skip
    calendar = WorkCalendar.vietnam(layers=[own], as_of=date(2024, 2, 1))
    moved = calendar.changes(since=date(2024, 1, 1))
    assert [change.day for change in moved if change.citation == LAW] == [
        date(2024, 5, 7), date(2024, 5, 8)
    ]  # fmt: skip
    assert [change.day for change in calendar.changes(since=date(2024, 1, 2))] == [date(2024, 5, 8)]
    assert calendar.changes(since=date(2024, 2, 1)) == ()
    assert calendar.changes(since=date(2024, 3, 1)) == ()


def test_the_day_of_knowledge_shows() -> None:
    """A calendar as of a day says so, and ends with the year after it."""
    calendar = WorkCalendar.vietnam(as_of=date(2024, 2, 1))
    assert calendar.as_of == date(2024, 2, 1)
    assert repr(calendar) == (
        f"<WorkCalendar civil_service 2010-01-01..2025-12-31 as of 2024-02-01 {calendar.version}>"
    )


def test_a_calendar_never_knows_more_than_it_did() -> None:
    """Known in June 2026: in March it knew less, in June the same, and in December no more.

    Resolution 28/2026/QH16 of 2026 made 24 November a day off; in March nobody knew of it.
    """
    june, november = date(2026, 6, 1), date(2026, 11, 24)
    calendar = WorkCalendar.vietnam(as_of=june)
    assert calendar.known_on(june) is calendar
    assert calendar.known_on(date(2026, 12, 1)) is calendar
    earlier = vietnam().known_on(date(2026, 3, 1))
    assert earlier == calendar.known_on(date(2026, 3, 1))
    assert earlier.as_of == date(2026, 3, 1)
    assert (vietnam().is_working(november), earlier.is_working(november)) == (False, True)


def test_a_version_follows_the_days_and_the_hours() -> None:
    """Whatever changes an answer changes the version; nothing else does."""
    versions = {
        calendar.version
        for calendar in (
            week(), week(), week(off=[MONDAY]), week(half=[MONDAY]), week(weekly_rest=[6]),
            week(hours=always(OfficeHours.parse("08:00-12:00"))),
            WorkCalendar.from_days(MONDAY, date(2024, 5, 11)),
            WorkCalendar.from_days(date(2024, 5, 5), SUNDAY),
        )
    }  # fmt: skip
    assert len(versions) == 7
    assert {len(version) for version in versions} == {16}
    assert {hash(week()), hash(week())} == {hash(week())}


def test_calendars_of_equal_ingredients_are_equal_and_others_are_not() -> None:
    """Equality does not ask for the same object; another kind of thing is asked itself."""
    assert week() == week()
    assert week() != week(off=[MONDAY])
    assert week() != "week"
    assert week() == ANY


def test_minutes_are_counted_to_the_ends_of_shifts() -> None:
    """From 11:00 on Monday: half an hour, then 13:30; backwards to where the minutes lie ahead."""
    calendar = week()
    at = parse_local("2024-05-06T11:00")
    found = [
        calendar.add_minutes(at, n).replace(tzinfo=None).isoformat(timespec="minutes")
        for n in (30, 31, 240, 241, 0, -30, -210)
    ]
    assert found == [
        "2024-05-06T11:30", "2024-05-06T13:31", "2024-05-06T17:00", "2024-05-07T07:31",
        "2024-05-06T11:00", "2024-05-06T10:30", "2024-05-06T07:30",
    ]  # fmt: skip
    # the last minute of the morning ends at 11:30, not when work begins again
    assert calendar.add_minutes(parse_local("2024-05-06T11:29"), 1) == parse_local(
        "2024-05-06T11:30"
    )
    for moment in ("2024-05-06T06:00", "2024-05-06T07:30"):
        assert calendar.add_minutes(parse_local(moment), 0) == parse_local("2024-05-06T07:30")
    assert calendar.add_minutes(parse_local("2024-05-06T12:00"), 0) == parse_local(
        "2024-05-06T13:30"
    )
    assert calendar.add_minutes(parse_local("2024-05-06T11:30"), 0) == parse_local(
        "2024-05-06T11:30"
    )


# Layers together.


def test_a_later_layer_may_repeat_a_day_without_its_pair() -> None:
    """With the same effect and no pair it agrees; with another pair it says something new."""
    off = record("2024-05-07")
    province = Layer(name="province", records=(off,))
    agency = Layer(name="agency", records=(replace(off, citation=Citation.parse("Công văn 2/X")),))
    calendar = WorkCalendar.vietnam(layers=[province, agency])
    assert calendar.day(date(2024, 5, 7)).citation == LAW


def test_a_layer_that_repeats_one_day_still_says_the_next() -> None:
    """The 7th is known from the province; the 8th is the agency's own."""
    province = Layer(name="province", records=(record("2024-05-07"),))
    agency = Layer(name="agency", records=(record("2024-05-07"), record("2024-05-08")))
    calendar = WorkCalendar.vietnam(layers=[province, agency])
    assert not calendar.is_working(date(2024, 5, 8))


def test_a_swap_may_be_repeated_with_both_its_days() -> None:
    """A province passes the national swap of 2 January 2026 on; the citation stays national."""
    off = record("2026-01-02", kind="swapped_off", pair=date(2026, 1, 10))
    work = record("2026-01-10", "work", kind="make_up", pair=date(2026, 1, 2))
    calendar = WorkCalendar.vietnam(layers=[Layer(name="province", records=(off, work))])
    for day in (date(2026, 1, 2), date(2026, 1, 10)):
        assert str(calendar.day(day).citation).startswith("Công văn 12729")
    other = (
        replace(off, pair=date(2026, 1, 17)),
        replace(work, date=date(2026, 1, 17)),
    )
    with pytest.raises(CalendarConflict, match="off, which it is already: swapped_off"):
        WorkCalendar.vietnam(layers=[Layer(name="province", records=other)])


def test_a_record_outside_the_calendar_changes_nothing() -> None:
    """2009 and 2027 lie outside; the first and the last day covered lie inside."""
    days = ("2009-12-31", "2010-01-04", "2026-12-31", "2027-01-01")
    first = record("2010-01-01", "work")
    own = Layer(name="own", records=(first, *map(record, days)))
    calendar = WorkCalendar.vietnam(layers=[own])
    assert calendar.is_working(date(2010, 1, 1))
    assert not calendar.is_working(date(2010, 1, 4))
    assert not calendar.is_working(date(2026, 12, 31))
    assert calendar.last == date(2026, 12, 31)


def test_a_swap_may_be_meant_although_it_moves_nothing() -> None:
    """overrides: true says that the record is right and the day below it was wrong."""
    off = record("2024-05-11", kind="swapped_off", pair=date(2024, 5, 7), overrides=True)
    work = record("2024-05-07", "work", kind="make_up", pair=date(2024, 5, 11), overrides=True)
    calendar = WorkCalendar.vietnam(layers=[Layer(name="own", records=(off, work))])
    assert not calendar.is_working(date(2024, 5, 11))
    assert calendar.day(date(2024, 5, 7)).kind == "make_up"


def test_an_expected_record_stays_expected() -> None:
    """A plan that is counted in is marked as provisional; an announcement is confirmed."""
    own = Layer(name="own", records=(
        record("2024-05-07", status="provisional"), record("2024-05-08")
    ))  # fmt: skip
    calendar = WorkCalendar.vietnam(layers=[own], provisional=True)
    found = [calendar.day(date(2024, 5, day)).status for day in (7, 8)]
    assert found == ["provisional", "confirmed"]


# What errors say.


def test_the_place_outside_is_named_to_the_minute() -> None:
    """A minute that is a day of the calendar of the world is written as one."""
    calendar = week()
    cases = {
        MONDAY.toordinal() * 1440 - 1: "2024-05-05 23:59",
        (SUNDAY.toordinal() + 1) * 1440 + 61: "2024-05-13 01:01",
        (SUNDAY.toordinal() + 1) * 1440 + 720: "2024-05-13 12:00",
        -1: "Minute number -1",
        1440 - 1: "Minute number 1439",
        1440: "0001-01-01 00:00",
        (date.max.toordinal() + 1) * 1440 - 1: "9999-12-31 23:59",
        (date.max.toordinal() + 1) * 1440: f"Minute number {(date.max.toordinal() + 1) * 1440}",
    }
    for minute, text in cases.items():
        with pytest.raises(CalendarNotCovered) as refusal:
            calendar.worked(minute)
        assert str(refusal.value).startswith(f"{text} is outside the working calendar.")
        assert "known from 2024-05-06 to 2024-05-12" in str(refusal.value)


def test_the_first_of_two_days_that_is_no_good_is_named() -> None:
    """Both days of a count are looked at, in their order."""
    calendar = week()
    with pytest.raises(CalendarNotCovered, match=r"^2024-05-05 is outside"):
        calendar.count(date(2024, 5, 5), date(2024, 5, 13))
    with pytest.raises(CalendarNotCovered, match=r"^2024-05-13 is outside"):
        calendar.count(SUNDAY, date(2024, 5, 13))
    with pytest.raises(MomentError, match="is a moment, but a day is wanted"):
        calendar.count(MONDAY, datetime(2024, 5, 7, tzinfo=UTC))
    with pytest.raises(MomentError, match="'x' is not a day"):
        calendar.count("x", MONDAY)  # type: ignore[arg-type]
    with pytest.raises(MomentError, match=r"\[1\] is not a day"):
        calendar.count(MONDAY, [1])  # type: ignore[arg-type]


def test_a_sum_that_is_refused_is_written_with_its_sign() -> None:
    """Nothing added is + 0; what was asked stands in the message."""
    calendar = week()
    for n, text in ((0, r"\+ 0"), (1, r"\+ 1"), (-6, "- 6")):
        with pytest.raises(CalendarNotCovered, match=f"^2024-05-12 {text} working days is"):
            calendar.add(SUNDAY, n)
    with pytest.raises(CalendarNotCovered, match=r"^2024-05-06 \+ 5 working days is"):
        calendar.add(MONDAY, 5)
    for day in (date(2024, 5, 5), date(2024, 5, 13)):
        with pytest.raises(CalendarNotCovered, match=f"^{day} is outside"):
            calendar.add(day, 1)
    assert isinstance(localtime.not_a_day(3), MomentError)


def test_a_year_outside_the_lunar_table_is_named() -> None:
    """The table has 51 years, 2000 and 2050 included."""
    assert tet(2000) == date(2000, 2, 5)
    assert tet(2050) == date(2050, 1, 23)
    with pytest.raises(CalendarNotCovered, match=r"no year 2051\.[\s\S]*2000 to 2050"):
        tet(2051)


# Columns.


def m8(*days: str, unit: str = "D") -> Any:  # noqa: ANN401 - a NumPy array
    """Make a column of days or moments."""
    return np.array(days, f"datetime64[{unit}]")


def test_columns_reach_both_ends_of_a_calendar() -> None:
    """The first and the last working day are answers; a day further is refused with its place."""
    calendar = week()
    assert arrays.add_days(calendar, m8("2024-05-06", "2024-05-12"), [4, -5]).tolist() == [
        date(2024, 5, 10), MONDAY
    ]  # fmt: skip
    assert arrays.add_days(calendar, m8("2024-05-06", "2024-05-07"), 0).tolist() == [
        MONDAY, date(2024, 5, 7)
    ]  # fmt: skip
    assert arrays.count_days(calendar, m8("2024-05-06"), m8("2024-05-12")).tolist() == [4]
    for days, n, said in (
        (m8("2024-05-06", "2024-05-06"), [4, 5], r"Position 1, 2024-05-06 \+5 working days"),
        (m8("2024-05-06", "2024-05-06"), [0, -1], "Position 1, 2024-05-06 -1 working days"),
        (m8("2024-05-12"), 0, r"Position 0, 2024-05-12 \+0 working days"),
        (m8("2024-05-12", "2024-05-13"), -1, "Position 1, 2024-05-13"),
        (m8("2024-05-06", "2024-05-05"), 1, "Position 1, 2024-05-05"),
    ):
        with pytest.raises(CalendarNotCovered, match=said):
            arrays.add_days(calendar, days, n)
    with pytest.raises(CalendarNotCovered, match="Position 1, 2024-05-13"):
        arrays.count_days(calendar, m8("2024-05-12", "2024-05-13"), m8("2024-05-06"))


def test_columns_of_minutes_reach_both_ends_of_a_calendar() -> None:
    """All 2250 minutes of a week, from its first midnight to its last; not one more."""
    calendar = week()
    first, last = m8("2024-05-06T00:00", unit="m"), m8("2024-05-13T00:00", unit="m")
    assert arrays.count_minutes(calendar, first, last).tolist() == [2250]
    assert arrays.count_minutes(calendar, last, first).tolist() == [-2250]
    ends = arrays.add_minutes(calendar, first.repeat(2), [1, 2250])
    assert ends.astype(str).tolist() == ["2024-05-06T07:31", "2024-05-10T17:00"]
    assert arrays.add_minutes(calendar, last, -2250).astype(str).tolist() == ["2024-05-06T07:30"]
    for at, n in ((first, 2251), (last, -2251), (last, 0), (first, -1)):
        with pytest.raises(CalendarNotCovered, match="Position 0"):
            arrays.add_minutes(calendar, at, n)
    for at in ("2024-05-05T23:59", "2024-05-13T00:01"):
        with pytest.raises(CalendarNotCovered, match=f"Position 0, {at}"):
            arrays.count_minutes(calendar, m8(at, unit="m"), first)


@pytest.mark.parametrize(
    ("moments", "n", "said"),
    [
        # the first and the last minute of work are answers, the next one is none
        (("2024-05-06T00:00", "2024-05-06T00:00"), (1, 2251), r"2024-05-06T00:00 \+2251 minutes"),
        (("2024-05-06T00:00", "2024-05-06T00:00"), (2250, 2251), r"2024-05-06T00:00 \+2251"),
        (("2024-05-13T00:00", "2024-05-13T00:00"), (-2250, -2251), "2024-05-13T00:00 -2251"),
        (("2024-05-07T09:00", "2024-05-06T00:00"), (1, -1), "2024-05-06T00:00 -1 minutes"),
        (("2024-05-06T00:00", "2024-05-12T23:59"), (1, 1), r"2024-05-12T23:59 \+1 minutes"),
        # so are the first and the last midnight
        (("2024-05-06T00:00", "2024-05-05T23:59"), (1, 1), "2024-05-05T23:59, is outside"),
        (("2024-05-13T00:00", "2024-05-13T00:01"), (-1, -1), "2024-05-13T00:01, is outside"),
        (("2024-05-06T00:00", "2024-05-13T00:01"), (1, -1), "2024-05-13T00:01, is outside"),
        (("2024-05-06T00:00", "2024-05-14T09:00"), (1, -1), "2024-05-14T09:00, is outside"),
    ],
)
def test_the_one_of_two_minutes_that_is_outside_is_named(
    moments: tuple[str, ...], n: tuple[int, ...], said: str
) -> None:
    """The first of the two is fine, so the position is 1."""
    with pytest.raises(CalendarNotCovered, match=f"Position 1, {said}"):
        arrays.add_minutes(week(), m8(*moments, unit="m"), n)
    with pytest.raises(CalendarNotCovered, match=f"Position 0, {said}"):
        arrays.add_minutes(week(), m8(*reversed(moments), unit="m"), n[::-1])


def test_the_last_minute_of_work_may_lie_on_the_last_day() -> None:
    """A calendar that ends with Friday: 2250 minutes, the last of them at its closing."""
    calendar = WorkCalendar.from_days(MONDAY, date(2024, 5, 10))
    first = m8("2024-05-06T00:00", "2024-05-06T00:00", unit="m")
    ends = arrays.add_minutes(calendar, first, [2250, 2249])
    assert ends.astype(str).tolist() == ["2024-05-10T17:00", "2024-05-10T16:59"]
    with pytest.raises(CalendarNotCovered, match="Position 1, "):
        arrays.add_minutes(calendar, first, [2250, 2251])


def test_the_last_midnight_may_stand_beside_others() -> None:
    """To Monday at 10:00 there are 150 minutes, to the last midnight 2250."""
    ends = m8("2024-05-06T10:00", "2024-05-13T00:00", unit="m")
    counted = arrays.count_minutes(week(), m8("2024-05-06T00:00", unit="m"), ends)
    assert counted.tolist() == [150, 2250]


def test_minutes_of_columns_go_back_to_the_start_of_a_shift() -> None:
    """An hour before 14:30 work begins at 13:30; the minute from 11:29 ends at 11:30."""
    moments = m8("2024-05-06T14:30", "2024-05-06T11:29", unit="m")
    assert arrays.add_minutes(week(), moments, [-60, 1]).astype(str).tolist() == [
        "2024-05-06T13:30", "2024-05-06T11:30"
    ]  # fmt: skip


def test_days_off_in_columns_go_to_the_next_working_day() -> None:
    """From Saturday 11 May both nothing and one working day lead to Monday 13 May."""
    days = m8("2024-05-11", "2024-05-11", "2024-05-11")
    assert arrays.add_days(vietnam(), days, [0, 1, -1]).tolist() == [
        date(2024, 5, 13), date(2024, 5, 13), date(2024, 5, 10)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "shifts",
    [
        ("08:00-08:03", "09:00-09:05"),
        ("08:00-08:05", "09:00-09:03"),
        ("08:00-08:05", "09:00-09:01"),
        ("08:00-08:01", "09:00-09:05"),
        ("08:00-08:03", "08:04-08:09"),
        ("08:00-08:04", "09:00-09:06", "10:00-10:02"),
    ],
)
def test_columns_agree_with_single_moments_for_shifts_of_any_length(
    shifts: tuple[str, ...],
) -> None:
    """Every minute of a morning, a minute of work on, none, and one back."""
    calendar = WorkCalendar.from_days(
        date(2024, 5, 3), date(2024, 5, 13), hours=always(OfficeHours.parse(*shifts))
    )
    moments = np.datetime64("2024-05-07T07:30") + np.arange(180)
    for n in (1, 0, -1, 7, -7):
        expected = [
            calendar.add_minutes(moment.replace(tzinfo=VIETNAM), n).replace(tzinfo=None)
            for moment in moments.tolist()
        ]
        assert arrays.add_minutes(calendar, moments, n).tolist() == expected


def test_the_very_first_minute_of_work_can_be_an_end() -> None:
    """At 08:01, when the one minute of the shift is over, nothing added stays there."""
    calendar = week(hours=always(OfficeHours.parse("08:00-08:01", "09:00-09:05")))
    found = arrays.add_minutes(calendar, m8("2024-05-06T08:01", unit="m"), 0)
    assert found.astype(str).tolist() == ["2024-05-06T08:01"]


def test_a_calendar_without_work_has_no_minutes() -> None:
    """Nothing can be counted on it, and nothing is added."""
    calendar = week(weekly_rest=range(7))
    first, last = m8("2024-05-06T00:00", unit="m"), m8("2024-05-13T00:00", unit="m")
    assert arrays.count_minutes(calendar, first, last).tolist() == [0]
    with pytest.raises(CalendarNotCovered):
        arrays.add_minutes(calendar, first, 1)


def test_nothing_added_to_a_column_stays_at_work() -> None:
    """At the end of a shift a moment stays; in the break it moves on to the next start."""
    moments = m8("2024-05-06T11:30", "2024-05-06T12:00", "2024-05-06T07:30", "2024-05-06T00:00",
                 "2024-05-06T11:31", unit="m")  # fmt: skip
    assert arrays.add_minutes(week(), moments, 0).astype(str).tolist() == [
        "2024-05-06T11:30", "2024-05-06T13:30", "2024-05-06T07:30", "2024-05-06T07:30",
        "2024-05-06T13:30",
    ]  # fmt: skip


def test_a_column_may_hold_one_value_for_all() -> None:
    """One day with many numbers, in whichever operand, as an array of one or without a shape."""
    calendar = week()
    three = np.array([1, 2, 3])
    expected = [date(2024, 5, 7), date(2024, 5, 8), date(2024, 5, 9)]
    for day in (m8("2024-05-06"), m8("2024-05-06")[0], MONDAY):
        assert arrays.add_days(calendar, day, three).tolist() == expected
    assert arrays.add_days(calendar, m8("2024-05-06", "2024-05-07"), [1]).tolist() == expected[:2]
    assert arrays.count_days(calendar, MONDAY, m8("2024-05-07", "2024-05-08")).tolist() == [1, 2]
    moment = np.datetime64("2024-05-06T07:30", "m")
    assert arrays.add_minutes(calendar, moment, 60).shape == ()
    assert str(arrays.add_minutes(calendar, moment, 60)) == "2024-05-06T08:30"
    grid = arrays.count_days(calendar, m8("2024-05-06", "2024-05-07")[:, None], m8("2024-05-08"))
    assert grid.tolist() == [[2], [1]]


def test_an_array_to_write_to_keeps_its_shape() -> None:
    """Answers of a grid go into a grid; one that is transposed in memory is refused."""
    calendar, days = week(), m8("2024-05-06", "2024-05-07")[:, None]
    out = np.zeros((2, 3), np.int64)
    assert (
        arrays.count_days(calendar, days, m8("2024-05-08", "2024-05-09", "2024-05-10"), out=out)
        is out
    )
    assert out.tolist() == [[2, 3, 4], [1, 2, 3]]
    moments = np.zeros(1, "datetime64[m]")
    start = m8("2024-05-06T07:30", unit="m")
    assert arrays.add_minutes(calendar, start, 1, out=moments) is moments
    assert moments.astype(str).tolist() == ["2024-05-06T07:31"]
    minutes = np.zeros(1, np.int64)
    assert arrays.count_minutes(calendar, start, moments, out=minutes) is minutes
    assert minutes.tolist() == [1]
    with pytest.raises(FrameError, match="datetime64"):
        arrays.add_minutes(calendar, start, 1, out=minutes)
    with pytest.raises(FrameError, match="int64"):
        arrays.count_minutes(calendar, start, start, out=moments)


def test_whole_numbers_of_every_width_are_taken() -> None:
    """Signed or not; one that no calendar holds is refused before it wraps round."""
    calendar = week()
    for kind in (np.int8, np.int32, np.uint8, np.uint64):
        found = arrays.add_days(calendar, MONDAY, np.array([4], kind))
        assert found.tolist() == [date(2024, 5, 10)]
    largest = np.array([2**63 - 1], np.uint64)
    with pytest.raises(CalendarNotCovered, match="Position 0"):
        arrays.add_days(calendar, MONDAY, largest)
    with pytest.raises(FrameError, match="larger than any calendar"):
        arrays.add_days(calendar, MONDAY, np.array([1, 2**63], np.uint64))
    assert arrays.add_days(calendar, m8(), np.array([], np.uint64)).tolist() == []


def test_days_of_a_coarser_unit_are_days() -> None:
    """The first of a month is a day; a column of days holds no moments."""
    calendar = WorkCalendar.from_days(MAY, JUNE)
    assert arrays.add_days(calendar, np.array(["2024-05"], "M8[M]"), 1).tolist() == [
        date(2024, 5, 2)
    ]
    for unit in ("D", "W", "M", "Y"):
        with pytest.raises(MomentError, match="moments are wanted"):
            arrays.count_minutes(calendar, np.array(["2024-05-02"], "M8[D]").astype(f"M8[{unit}]"),
                                 np.array(["2024-05-02"], "M8[m]"))  # fmt: skip


def test_columns_are_worked_on_in_blocks_of_128_kib() -> None:
    """16,384 numbers of eight bytes: of 40,000 there are two whole blocks and one of the rest."""
    day, one, result = np.arange(40_000), np.array(7), np.empty(40_000, np.int64)
    found = list(columns.blocks(day.shape, day, one, result))
    assert [begin for begin, *_ in found] == [0, 16_384, 32_768]
    assert [part.nbytes for _, _, _, part in found] == [131_072, 131_072, 57_856]
    for begin, left, right, part in found:
        assert left.tolist() == list(range(begin, begin + part.size))
        assert right.tolist() == [7] * part.size
        assert all(np.shares_memory(*pair) for pair in ((left, day), (right, one), (part, result)))


def test_numbers_and_moments_are_taken_without_a_copy() -> None:
    """Columns of the wanted type are read where they lie, and answers go to where ``out`` lies."""
    numbers, moments = np.arange(10), np.datetime64("2024-05-06T08:00") + np.arange(10)
    assert np.shares_memory(columns.numbers_of(numbers), numbers)
    assert np.shares_memory(columns.minutes_of(moments), moments)
    assert np.shares_memory(columns.result_for(moments, (10,), "m"), moments)


def test_shifts_are_runs_of_minutes() -> None:
    """07:30 to 11:30 and 13:30 to 17:00 are four hours and three and a half; no minutes, none."""
    minutes = [*range(450, 690), *range(810, 1020)]
    assert _lengths(np.array(minutes)) == [240, 210]
    assert sum(_lengths(np.array([], np.int64))) == 0


def test_a_day_outside_is_written_as_people_write_it() -> None:
    """In Vietnamese day, month, year; a year that no date of Python has is written in figures."""
    for day, said in (("2024-05-05", "05/05/2024"), ("12024-05-05", "12024-05-05")):
        with pytest.raises(CalendarNotCovered) as refusal:
            arrays.add_days(week(), m8(day), 1)
        assert said in refusal.value.text("vi")
