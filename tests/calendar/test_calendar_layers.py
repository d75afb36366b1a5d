"""Announcements in layers: what each says, what they say together, what was known when."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from igate.calendar import Layer, OfficeHours, Record, Shift, WorkCalendar, read_layer
from igate.calendar.reading import read_records, shipped_layer
from igate.errors import CalendarConflict, CalendarNotCovered, DefinitionError
from igate.law.citation import Citation
from igate.law.localtime import parse_local
from igate.law.period import Period, Timeline
from places import TESTS

if TYPE_CHECKING:
    from pathlib import Path

LAW = Citation.parse("Quyết định 1/QĐ-UBND")
HEAD = 'format: 1\nchecked_on: "2026-11-21"\nrecords:\n'


def record(day: str, effect: str = "off", **fields: object) -> Record:
    """Make a record of an agency's own layer."""
    plain = {
        "date": date.fromisoformat(day), "effect": effect, "kind": "local", "scope": "both",
        "citation": LAW, "source": "made for a test", "confidence": "official",
        "announced_on": date(2020, 1, 1),
    }  # fmt: skip
    return Record(**(plain | fields))  # type: ignore[arg-type]


def swap(off: str, work: str, **fields: object) -> tuple[Record, Record]:
    """Make both records of a swap."""
    return (
        record(off, kind="swapped_off", pair=date.fromisoformat(work), **fields),
        record(work, "work", kind="make_up", pair=date.fromisoformat(off), **fields),
    )


def layer(*records: Record, name: str = "own") -> Layer:
    """Make a layer."""
    return Layer(name=name, records=records)


def written(day: str, **keys: str) -> str:
    """Write a record as a layer file has it."""
    plain = {
        "effect": "off", "kind": "local", "scope": "both", "citation": "Quyết định 1/QĐ-UBND",
        "source": "made for a test", "confidence": "official", "announced_on": "unknown",
    }  # fmt: skip
    lines = [f"    {key}: {value}" for key, value in (plain | keys).items() if value]
    return f'  - date: "{day}"\n' + "\n".join(lines) + "\n"


def test_an_agency_may_close_on_a_working_day() -> None:
    """A province's own day off lies on top of the national announcements."""
    calendar = WorkCalendar.vietnam(layers=[layer(record("2026-11-25"))])
    assert not calendar.is_working(date(2026, 11, 25))
    assert calendar.day(date(2026, 11, 25)).citation == LAW
    assert calendar.add(date(2026, 11, 23), 1) == date(2026, 11, 26)


def test_a_half_day_counts_as_a_day_with_the_hours_of_the_morning() -> None:
    """A counter open on a Saturday morning: one working day of four hours (assumed)."""
    calendar = WorkCalendar.vietnam(layers=[layer(record("2026-03-07", "half"))])
    assert calendar.count(date(2026, 3, 6), date(2026, 3, 8)) == 1
    assert calendar.shifts(date(2026, 3, 7)) == (Shift.parse("07:30-11:30"),)
    assert calendar.closing(date(2026, 3, 7)) == 11 * 60 + 30


def test_a_layer_is_read_from_a_file(tmp_path: Path) -> None:
    """A host gives the path; the records say where they stand."""
    path = tmp_path / "office.yaml"
    path.write_text(HEAD + written("2026-11-25"), encoding="utf-8")
    assert WorkCalendar.vietnam(layers=[path]).is_working(date(2026, 11, 25)) is False
    place = read_layer(path).records[0].place
    assert place is not None
    assert (place.line, place.column) == (4, 5)


def test_two_layers_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    """Both are named with file and line, because a person has to decide."""
    province, agency = tmp_path / "province.yaml", tmp_path / "agency.yaml"
    province.write_text(HEAD + written("2026-11-25"), encoding="utf-8")
    agency.write_text(HEAD + written("2026-11-25", effect="half"), encoding="utf-8")
    with pytest.raises(CalendarConflict) as caught:
        WorkCalendar.vietnam(layers=[province, agency])
    assert f"{province}:4:5" in str(caught.value)
    assert str(caught.value).startswith(f"{agency}:4:5: 2026-11-25 is worked in the morning here")


def test_a_national_swap_cannot_be_undone_by_accident() -> None:
    """An agency that works on a swapped day says so with overrides."""
    plain = record("2026-01-02", "work")
    with pytest.raises(CalendarConflict, match=r"igate/calendar/vn/2026\.yaml:"):
        WorkCalendar.vietnam(layers=[layer(plain)])
    meant = layer(replace(plain, overrides=True))
    assert WorkCalendar.vietnam(layers=[meant]).is_working(date(2026, 1, 2))


def test_layers_that_agree_are_accepted() -> None:
    """A province repeats the national announcement: nothing changes, its citation neither."""
    calendar = WorkCalendar.vietnam(layers=[layer(record("2026-01-02"))])
    assert str(calendar.day(date(2026, 1, 2)).citation).startswith("Công văn 12729")


def test_half_a_swap_is_refused() -> None:
    """A day off by a swap without its make-up day would give civil servants a holiday."""
    off, work = swap("2026-11-25", "2026-11-28")
    with pytest.raises(CalendarConflict, match="lacks its other day, 2026-11-28"):
        layer(off)
    with pytest.raises(CalendarConflict, match="lacks its other day"):
        layer(off, replace(work, announced_on=date(2020, 1, 2)))
    with pytest.raises(CalendarConflict, match="2026-11-25 and 2026-11-28 are worked"):
        layer(replace(off, effect="half"), work)


@pytest.mark.parametrize(
    ("off", "work", "said"),
    [
        ("2026-11-29", "2026-11-28", "makes 2026-11-29 off, which it is already: an ordinary day"),
        ("2026-11-24", "2026-11-28", "off, which it is already: culture"),
        ("2026-11-25", "2026-11-26", "makes 2026-11-26 worked, which it is already"),
        ("2026-11-25", "2026-08-22", "worked, which it is already: make_up"),
    ],
)
def test_a_swap_that_moves_nothing_is_refused(off: str, work: str, said: str) -> None:
    """Its day off must have been worked until then, and its make-up day must have been off."""
    with pytest.raises(CalendarConflict, match=said):
        WorkCalendar.vietnam(layers=[layer(*swap(off, work))])


def test_a_day_that_stands_twice_in_a_layer_is_refused() -> None:
    """Two records of one day for the same people contradict each other or are one too many."""
    with pytest.raises(CalendarConflict, match="2026-11-25 appears twice"):
        layer(record("2026-11-25"), record("2026-11-25"))
    with pytest.raises(CalendarConflict, match="appears twice"):
        layer(record("2026-11-25"), record("2026-11-25", scope="labour_code"))
    apart = layer(
        record("2026-11-25", scope="labour_code"),
        record("2026-11-25", "half", scope="civil_service"),
    )
    assert WorkCalendar.vietnam(layers=[apart]).is_working(date(2026, 11, 25))
    assert not WorkCalendar.vietnam(layers=[apart], scope="labour_code").is_working(
        date(2026, 11, 25)
    )


def test_what_is_announced_later_is_not_known_before() -> None:
    """The swap of 2 January 2026 was announced on 25 December 2025, and known from that day on."""
    before = WorkCalendar.vietnam(as_of=date(2025, 12, 24))
    assert before.is_working(date(2026, 1, 2))
    assert not before.is_working(date(2026, 1, 10))
    on_the_day = WorkCalendar.vietnam(as_of=date(2025, 12, 25))
    assert not on_the_day.is_working(date(2026, 1, 2))
    assert before != on_the_day


def test_an_unknown_day_of_announcement_counts_as_before_the_year() -> None:
    """Both days of a swap across the year's end are known from the same day on (assumed)."""
    early = WorkCalendar.vietnam(as_of=date(2011, 12, 30))
    late = WorkCalendar.vietnam(as_of=date(2011, 12, 31))
    assert early.is_working(date(2012, 12, 31))
    assert not late.is_working(date(2012, 12, 31))


def test_what_was_known_on_a_day_ends_with_the_next_year() -> None:
    """On 31 December 2011 nobody had announced the days off of 2013 (assumed)."""
    with pytest.raises(CalendarNotCovered, match="2012-12-31"):
        WorkCalendar.vietnam(as_of=date(2011, 12, 31)).is_working(date(2013, 1, 5))
    with pytest.raises(CalendarNotCovered, match="begins on 2010-01-01"):
        WorkCalendar.vietnam(as_of=date(2000, 1, 1))
    assert WorkCalendar.vietnam(as_of=date(2025, 6, 1), provisional=True).provisional_from is None


def test_what_an_announcement_moved_can_be_listed() -> None:
    """Due dates printed by 20 December 2025 have to be looked at again for two days."""
    moved = WorkCalendar.vietnam(as_of=date(2025, 12, 30)).changes(since=date(2025, 12, 20))
    assert [(change.day, change.before.kind, change.after.kind) for change in moved] == [
        (date(2026, 1, 2), "working", "swapped_off"),
        (date(2026, 1, 10), "weekend", "make_up"),
    ]
    assert {str(change.citation) for change in moved} == {
        "Công văn 12729/VPCP-KGVX ngày 25/12/2025"
    }
    assert WorkCalendar.vietnam(as_of=date(2025, 12, 30)).changes(since=date(2025, 12, 30)) == ()


def test_a_superseded_announcement_holds_until_it_is_replaced() -> None:
    """As of a day between both, the earlier one is the law that people knew."""
    first = swap(
        "2026-11-25", "2026-11-28", announced_on=date(2026, 10, 1),
        status="superseded", superseded_on=date(2026, 11, 1),
    )  # fmt: skip
    second = swap("2026-11-26", "2026-11-28", announced_on=date(2026, 11, 1))
    own = layer(*first, *second)
    known = {
        day: WorkCalendar.vietnam(layers=[own], as_of=day)
        for day in (date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 1))
    }
    states = [
        tuple(calendar.is_working(date(2026, 11, day)) for day in (25, 26, 28))
        for calendar in (*known.values(), WorkCalendar.vietnam(layers=[own]))
    ]
    assert states == [
        (True, True, False), (False, True, True), (True, False, True), (True, False, True)
    ]  # fmt: skip


@pytest.mark.parametrize("fields", [{"status": "superseded"}, {"superseded_on": date(2026, 1, 1)}])
def test_a_superseded_record_says_since_when(fields: dict[str, object]) -> None:
    """Otherwise nobody could tell what was known on a day."""
    with pytest.raises(CalendarConflict, match="superseded without a day"):
        record("2026-11-25", **fields)


def test_the_expected_year_is_marked_as_such() -> None:
    """2027 is computed from the law; nothing of it has been announced but 24 November."""
    calendar = WorkCalendar.vietnam(provisional=True)
    assert calendar.last == date(2029, 12, 31)
    assert calendar.provisional_from == date(2027, 1, 1)
    tet = calendar.day(date(2027, 2, 8))
    assert (tet.kind, tet.status, tet.working) == ("tet", "provisional", False)
    culture = calendar.day(date(2027, 11, 24))
    assert (culture.working, culture.status) == (False, "provisional")
    assert calendar.is_provisional(date(2027, 1, 4))
    assert calendar.day(date(2026, 12, 31)).status == "confirmed"
    assert not WorkCalendar.vietnam().is_provisional(date(2027, 1, 4))


def test_an_expected_swap_counts_only_when_expected_days_are_wanted() -> None:
    """A plan is no announcement."""
    own = layer(*swap("2026-11-25", "2026-11-28", status="provisional"))
    assert WorkCalendar.vietnam(layers=[own]).is_working(date(2026, 11, 25))
    expected = WorkCalendar.vietnam(layers=[own], provisional=True).day(date(2026, 11, 25))
    assert (expected.working, expected.status) == (False, "provisional")


def test_an_office_gives_its_own_hours_by_period() -> None:
    """Summer hours begin on a day; each day is worked by the hours in force on it."""
    winter = OfficeHours.parse("07:30-11:30", "13:30-17:00")
    summer = OfficeHours.parse("07:00-11:00", "13:00-16:30", morning=["07:00-11:30"])
    hours = Timeline([
        (Period(start=None, end=date(2026, 4, 15)), winter),
        (Period(start=date(2026, 4, 15), end=date(2026, 10, 15)), summer),
        (Period(start=date(2026, 10, 15)), winter),
    ])  # fmt: skip
    calendar = WorkCalendar.vietnam(hours=hours, make_up="morning")
    assert calendar.closing(date(2026, 4, 14)) == 17 * 60
    assert calendar.closing(date(2026, 4, 15)) == 16 * 60 + 30
    assert calendar.shifts(date(2026, 8, 22)) == (Shift.parse("07:00-11:30"),)
    assert calendar.closing(date(2026, 4, 18)) == 16 * 60 + 30
    assert calendar.shifts(date(2026, 4, 18)) == ()
    moment = calendar.add_minutes(parse_local("2026-04-14T16:00"), 90)
    assert moment == parse_local("2026-04-15T07:30")


def test_hours_must_cover_every_day() -> None:
    """A gap is named by its first day."""
    hours = Timeline([
        (Period(start=date(2010, 1, 1), end=date(2026, 4, 15)), OfficeHours.parse("07:30-11:30"))
    ])  # fmt: skip
    with pytest.raises(CalendarConflict, match="No office hours are given for 2026-04-15"):
        WorkCalendar.vietnam(hours=hours)


@pytest.mark.parametrize(
    ("shifts", "said"),
    [
        (["07:30-07:30"], "cannot be worked"),
        (["13:00-12:00"], "cannot be worked"),
        (["07:30-24:30"], "cannot be worked"),
        (["07:60-11:30"], "is not a shift"),
        (["7:30-11:30"], "is not a shift"),
        (["07:30-11:30", "11:00-17:00"], "overlap"),
        (["13:30-17:00", "07:30-11:30"], "wrong order"),
        ([], "without a shift"),
    ],
)
def test_hours_that_cannot_be_worked_are_refused(shifts: list[str], said: str) -> None:
    """Shifts begin before they end, within a day, in order."""
    with pytest.raises(CalendarConflict, match=said):
        OfficeHours.parse(*shifts)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (written("2026-11-25", efect="off"), r':12:5: .*\[unknown-key\].* "efect".*"effect"'),
        (written("2026-11-25", scope=""), r":4:5: .*\[missing-key\].*scope"),
        (written("2026-11-25", kind=""), r":4:5: .*\[missing-key\].*kind or a pair"),
        (written("2026-11-25", kind="tett"), r':6:11: .*\[bad-value\].*Did you mean "tet"'),
        (written("2026-13-25"), r":4:11: .*\[bad-date\]"),
        (written("2026-11-25", announced_on="yesterday"), r":11:19: .*\[bad-date\]"),
        (written("2026-11-25", citation="sổ tay"), r":8:15: .*\[malformed-citation\]"),
        (written("2026-11-25", overrides="yes"), r":12:16: .*\[wrong-type\].*true nor false"),
        (written("2026-11-25", source="[a]"), r":9:13: .*\[wrong-type\].*not a text"),
        (written("2026-11-25") + "    effect: off\n", r":12:5: .*\[duplicate-key\]"),
        ("  - 2026-11-25\n", r":4:5: .*\[wrong-type\].*record with named values"),
        ("  - {\n", "malformed-yaml"),
    ],
)
def test_a_fault_in_a_layer_file_is_named_with_its_place(body: str, said: str) -> None:
    """File, line, column, what is wrong and what to write."""
    with pytest.raises(DefinitionError, match=f"^own.yaml{said}" if said[0] == ":" else said):
        read_records(HEAD + body, "own.yaml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('format: 2\nchecked_on: "2026-11-21"\nrecords: []\n', "own.yaml:1:9: .*format 1"),
        ('format: 1\nchecked_on: "2026-11-21"\nrecords: {}\n', "own.yaml:3:10: .*not a list"),
        ("format: 1\nrecords: []\n", r"own.yaml:1:1: .*\[missing-key\].*checked_on"),
        ("just text\n", "own.yaml:1:1: .*named values"),
        (
            HEAD.replace("records", "year: 2025\nrecords") + written("2026-11-25"),
            "own.yaml:5:5: .*not in 2025.*file of 2026",
        ),
    ],
)
def test_a_fault_in_the_head_of_a_layer_file_is_named_with_its_place(text: str, said: str) -> None:
    """The head says the format, the year, and when the file was last checked."""
    with pytest.raises(DefinitionError, match=said):
        read_records(text, "own.yaml")


def test_all_faults_of_a_file_are_reported_at_once() -> None:
    """Nobody wants to find them one by one."""
    body = written("2026-11-25", scope="all") + written("2026-11-32")
    with pytest.raises(DefinitionError) as caught:
        read_records(HEAD + body, "own.yaml")
    assert [finding.code for finding in caught.value.findings] == ["bad-value", "bad-date"]


def test_a_layer_file_names_the_place_of_half_a_swap(tmp_path: Path) -> None:
    """The place leads to the record that lacks its partner."""
    path = tmp_path / "own.yaml"
    path.write_text(HEAD + written("2026-11-25", kind="", pair='"2026-11-28"'), encoding="utf-8")
    with pytest.raises(CalendarConflict, match=r"own\.yaml:4:5: The swap of 2026-11-25 lacks"):
        read_layer(path)


def test_shipped_swaps_are_those_of_the_answer_sheet() -> None:
    """21 swaps from 2010 to 2026, each with both days, as the sources have them."""
    path = TESTS / "answers" / "calendar_civil_service.csv"
    with path.open(encoding="utf-8", newline="") as file:
        expected = {
            (row["date"], row["pair"])
            for row in csv.DictReader(file)
            if row["kind"] in {"swapped_off", "make_up"}
        }
    shipped = {(str(r.date), str(r.pair)) for r in shipped_layer().records if r.pair is not None}
    assert shipped == expected
    assert len(shipped) == 42


def test_every_shipped_record_was_checked_and_says_where_it_is_from() -> None:
    """A record carries a source, a citation and the day on which somebody compared them."""
    for item in shipped_layer().records:
        assert item.source
        assert item.checked_on is not None
        assert item.checked_on >= date(2026, 1, 1)
        assert item.announced_on is None or item.announced_on < item.date + timedelta(days=31)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"scope": "labor_code"}, 'Did you mean "labour_code"'),
        ({"make_up": "mornings"}, 'Did you mean "morning"'),
    ],
)
def test_a_misspelt_choice_gives_no_other_calendar(fields: dict[str, str], said: str) -> None:
    """A scope that matches no record would otherwise be a calendar without swaps."""
    with pytest.raises(CalendarConflict, match=said):
        WorkCalendar.vietnam(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("fields", [{"effect": "of"}, {"kind": "tett"}, {"scope": "all"}])
def test_a_misspelt_record_is_refused(fields: dict[str, str]) -> None:
    """Records made in Python are held to the same words as those in files."""
    with pytest.raises(CalendarConflict, match="Known here: "):
        record("2026-11-25", **({"effect": "off"} | fields))


def test_days_given_twice_are_refused() -> None:
    """A plain calendar is as strict as the national one."""
    day = date(2026, 1, 5)
    with pytest.raises(CalendarConflict, match="given as off and as work"):
        WorkCalendar.from_days(date(2026, 1, 1), date(2026, 1, 31), off={day}, work={day})
    with pytest.raises(CalendarConflict, match="cannot end on"):
        WorkCalendar.from_days(date(2026, 1, 31), date(2026, 1, 1))
