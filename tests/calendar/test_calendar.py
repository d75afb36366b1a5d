"""The working calendar of Vietnam against the official one, and against deadlines by hand."""

from __future__ import annotations

import csv
import pickle
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, get_args

import pytest

from igate.calendar import Kind, WorkCalendar
from igate.errors import CalendarConflict, CalendarNotCovered, MomentError, TimeLimitError
from igate.law.localtime import VIETNAM, minute_number, parse_local
from places import ROOT, TESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

ANSWERS = TESTS / "answers"
FIRST, LAST = date(2010, 1, 1), date(2026, 12, 31)


def rows(name: str) -> list[dict[str, str]]:
    """Read an answer sheet."""
    with (ANSWERS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def days(first: date = FIRST, last: date = LAST) -> Iterator[date]:
    """Return every day from one to another, both inclusive."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def named(spec: str) -> WorkCalendar:
    """Make the calendar that an answer sheet names: scope@as-of/make-up."""
    rest, _, make_up = spec.partition("/")
    scope, _, known = rest.partition("@")
    return WorkCalendar.vietnam(
        scope="labour_code" if scope == "labour_code" else "civil_service",
        as_of=date.fromisoformat(known) if known else None,
        make_up="morning" if make_up == "morning" else "full",
    )


@pytest.fixture(scope="module")
def civil() -> WorkCalendar:
    """The calendar of civil servants."""
    return WorkCalendar.vietnam()


def test_every_day_of_17_years_is_as_the_official_calendar_has_it(civil: WorkCalendar) -> None:
    """6,209 days: a day of the answer sheet works as it says, any other by its weekday."""
    special = {row["date"]: row["works"] == "1" for row in rows("calendar_civil_service.csv")}
    wrong = [
        day
        for day in days()
        if civil.is_working(day) is not special.get(day.isoformat(), day.weekday() < 5)
    ]
    assert wrong == []


def test_every_special_day_has_its_kind_and_its_pair(civil: WorkCalendar) -> None:
    """Holidays, compensatory days, swaps and make-up days are told apart, with the other day."""
    wrong = [
        (row["date"], found.kind, found.pair)
        for row in rows("calendar_civil_service.csv")
        for found in (civil.day(date.fromisoformat(row["date"])),)
        if (found.kind, str(found.pair or "")) != (row["kind"], row["pair"])
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "row", rows("calendar_vectors.csv"), ids=lambda row: f"{row['kind']} {row['start']}"
)
def test_the_calendar_gives_the_answer_found_by_hand(row: dict[str, str]) -> None:
    """Additions, counts and minutes of work, with the reason beside each in the answer sheet."""
    calendar, start, amount = named(row["calendar"]), row["start"], row["amount"]
    match row["kind"]:
        case "add":
            found = calendar.add(date.fromisoformat(start), int(amount)).isoformat()
        case "count":
            found = str(calendar.count(date.fromisoformat(start), date.fromisoformat(amount)))
        case "minutes":
            moment = calendar.add_minutes(parse_local(start), int(amount))
            found = moment.replace(tzinfo=None).isoformat(timespec="minutes")
        case _:
            found = str(calendar.count_minutes(parse_local(start), parse_local(amount)))
    assert found == row["expected"]


def test_swaps_bind_civil_servants_only() -> None:
    """Under the Labour Code alone no day is swapped and no weekend is worked."""
    labour = WorkCalendar.vietnam(scope="labour_code")
    kinds = {labour.day(day).kind for day in days()}
    assert kinds.isdisjoint({"swapped_off", "make_up"})
    assert not any(labour.is_working(day) for day in days() if day.weekday() >= 5)


def test_both_scopes_differ_exactly_on_the_days_of_swaps(civil: WorkCalendar) -> None:
    """21 swaps from 2010 to 2026 make 42 days on which the two calendars differ."""
    labour = WorkCalendar.vietnam(scope="labour_code")
    differing = [day for day in days() if civil.is_working(day) != labour.is_working(day)]
    assert len(differing) == 42
    assert {civil.day(day).kind for day in differing} == {"swapped_off", "make_up"}


def test_the_days_of_a_swap_name_each_other(civil: WorkCalendar) -> None:
    """A day off by a swap points to its make-up day, and that one back, across years too."""
    for day in days():
        found = civil.day(day)
        if found.kind in {"swapped_off", "make_up"}:
            assert found.pair is not None
            other = civil.day(found.pair)
            assert other.pair == day
            assert {found.working, other.working} == {True, False}


def test_every_day_off_cites_the_law(civil: WorkCalendar) -> None:
    """No day is off without a legal ground; what is assumed says so."""
    off = [civil.day(day) for day in days() if not civil.is_working(day)]
    assert all(day.citation is not None for day in off)
    assert all(
        day.citation is not None and day.citation.assumed for day in off if day.kind == "weekend"
    )


@pytest.mark.parametrize(
    ("day", "law"),
    [
        ("2012-09-03", "Bộ luật Lao động 1994, Điều 73"),
        ("2013-05-01", "Bộ luật Lao động 2012, Điều 115"),
        ("2016-05-02", "Bộ luật Lao động 2012, Điều 115 khoản 3"),
        ("2021-05-03", "Bộ luật Lao động 2019, Điều 111 khoản 3"),
        ("2024-09-02", "Bộ luật Lao động 2019, Điều 112"),
        ("2024-05-04", "Công văn 2450/VPCP-KGVX"),
        ("2026-01-10", "Công văn 12729/VPCP-KGVX ngày 25/12/2025"),
        ("2026-11-24", "Nghị quyết 28/2026/QH16, Điều 2 khoản 1"),
    ],
)
def test_a_day_cites_the_text_in_force_on_it(civil: WorkCalendar, day: str, law: str) -> None:
    """The Labour Code changed on 1 May 2013 and on 1 January 2021; swaps cite their letter."""
    assert str(civil.day(date.fromisoformat(day)).citation) == law


def test_labels_name_the_other_day_in_both_languages(civil: WorkCalendar) -> None:
    """A make-up day says for which day it is worked."""
    label = civil.day(date(2026, 1, 10)).label
    assert label.text("vi") == "Làm bù cho ngày 02/01/2026"
    assert label.text("en") == "Make-up working day for 2026-01-02"
    swapped = civil.day(date(2026, 1, 2)).label
    assert swapped.text("vi") == "Nghỉ hoán đổi, làm bù ngày 10/01/2026"


def test_every_kind_of_day_occurs(civil: WorkCalendar) -> None:
    """The official calendar uses every kind but the one that is kept for agencies."""
    seen = Counter(civil.day(day).kind for day in days())
    assert set(seen) == set(get_args(Kind)) - {"local"}


@pytest.mark.parametrize("day", [date(2009, 12, 31), date(2027, 1, 1)])
def test_a_day_outside_the_calendar_is_refused(civil: WorkCalendar, day: date) -> None:
    """Days off are announced a year at a time, so nothing is guessed beyond them."""
    for question in (
        lambda: civil.is_working(day),
        lambda: civil.add(day, 1),
        lambda: civil.add(day, 0),
        lambda: civil.count(day, FIRST),
        lambda: civil.count(FIRST, day),
        lambda: civil.day(day),
        lambda: civil.shifts(day),
        lambda: civil.closing(day),
        lambda: civil.worked(day.toordinal() * 1440 + 480),
    ):
        with pytest.raises(CalendarNotCovered, match=f"{day}.* outside"):
            question()


@pytest.mark.parametrize(
    ("day", "n", "said"),
    [
        (LAST, 1, r"2026-12-31 \+ 1 working days"),
        (date(2010, 1, 4), -1, "2010-01-04 - 1 working days"),
        (FIRST, -1, "2010-01-01 - 1 working days"),
        (date(2020, 1, 1), 10**9, r"2020-01-01 \+ 1000000000 working days"),
        (date(2020, 1, 1), -(10**9), "2020-01-01 - 1000000000 working days"),
    ],
)
def test_an_answer_outside_the_calendar_is_refused(
    civil: WorkCalendar, day: date, n: int, said: str
) -> None:
    """A sum that runs off either end never wraps round to the other."""
    with pytest.raises(CalendarNotCovered, match=said):
        civil.add(day, n)


def test_the_last_day_off_has_no_next_working_day() -> None:
    """A calendar that ends with a weekend refuses to roll forward from it."""
    short = WorkCalendar.from_days(date(2024, 1, 1), date(2024, 1, 7))
    with pytest.raises(CalendarNotCovered):
        short.add(date(2024, 1, 6), 0)


@pytest.mark.parametrize("n", [1, 0, -1])
def test_a_moment_is_not_taken_for_a_day(civil: WorkCalendar, n: int) -> None:
    """A datetime is refused with the way to make a Vietnamese day of it."""
    moment = datetime(2024, 5, 2, 17, 30, tzinfo=UTC)
    with pytest.raises(MomentError, match=r"local\(moment\)\.date\(\)"):
        civil.add(moment, n)
    with pytest.raises(MomentError, match="a day is wanted"):
        civil.is_working(moment)
    with pytest.raises(MomentError, match="a day is wanted"):
        civil.count(FIRST, moment)


@pytest.mark.parametrize("value", ["2024-05-02", 20240502, None, [1]])
def test_what_is_no_date_is_refused(civil: WorkCalendar, value: date) -> None:
    """Text and numbers are not guessed at."""
    with pytest.raises(MomentError, match="is not a day"):
        civil.add(value, 1)
    with pytest.raises(MomentError, match="is not a day"):
        civil.is_working(value)


@pytest.mark.parametrize("n", [1.0, 0.5, -1.5, "2", None])
def test_half_a_working_day_cannot_be_added(civil: WorkCalendar, n: int) -> None:
    """Only whole working days are counted in days."""
    with pytest.raises(TimeLimitError, match="not a whole number"):
        civil.add(date(2024, 5, 2), n)


def test_minutes_outside_the_calendar_are_refused(civil: WorkCalendar) -> None:
    """The first midnight and the very last are inside; a minute further is not."""
    begin, end = FIRST.toordinal() * 1440, (LAST.toordinal() + 1) * 1440
    total = civil.worked(end)
    assert civil.worked(begin) == 0
    for minute in (begin - 1, end + 1, -1, 10**12):
        with pytest.raises(CalendarNotCovered):
            civil.worked(minute)
    for worked in (0, -1, total + 1):
        with pytest.raises(CalendarNotCovered, match="Minute of work"):
            civil.minute_at(worked)


def test_the_end_of_a_shift_is_not_the_start_of_the_next(civil: WorkCalendar) -> None:
    """The 240th minute from 07:30 ends at 11:30 and the 450th at 17:00 (Điều 148 khoản 6)."""
    morning = minute_number(parse_local("2024-05-06T07:30"))
    done = civil.worked(morning)
    assert civil.minute_at(done + 240) == minute_number(parse_local("2024-05-06T11:30"))
    assert civil.minute_at(done + 241) == minute_number(parse_local("2024-05-06T13:31"))
    assert civil.minute_at(done + 450) == minute_number(parse_local("2024-05-06T17:00"))


def test_moments_are_taken_in_vietnamese_time(civil: WorkCalendar) -> None:
    """01:30 UTC is 08:30 in Vietnam; a moment without a zone is refused."""
    moment = datetime(2024, 5, 6, 1, 30, tzinfo=UTC)
    assert civil.add_minutes(moment, 60) == datetime(2024, 5, 6, 9, 30, tzinfo=VIETNAM)
    with pytest.raises(MomentError):
        civil.add_minutes(moment.replace(tzinfo=None), 60)


def test_equal_ingredients_make_equal_calendars() -> None:
    """Calendars are values: equal, with one hash and one version, and usable as keys."""
    one, two = WorkCalendar.vietnam(), WorkCalendar.vietnam()
    assert one == two
    assert len({one, two}) == 1
    assert one.version == two.version
    other = WorkCalendar.vietnam(scope="labour_code")
    assert one != other
    assert one.version != other.version
    assert one != "a calendar"


def test_a_pickled_calendar_answers_alike(civil: WorkCalendar) -> None:
    """A calendar that is sent to another process is the same calendar."""
    copy = pickle.loads(pickle.dumps(civil))  # noqa: S301 - made here
    assert copy == civil
    assert copy.version == civil.version
    assert copy.add(date(2024, 5, 2), 2) == date(2024, 5, 4)


def test_a_calendar_cannot_be_changed(civil: WorkCalendar) -> None:
    """Everybody who holds it gets the same answers."""
    with pytest.raises(CalendarConflict, match="cannot be changed"):
        civil.first = date(2000, 1, 1)  # type: ignore[misc]


def test_the_calendar_tells_what_it_is(civil: WorkCalendar) -> None:
    """Range, scope and version show in its repr."""
    assert (civil.first, civil.last, civil.scope) == (FIRST, LAST, "civil_service")
    assert (civil.as_of, civil.provisional_from) == (None, None)
    assert repr(civil) == f"<WorkCalendar civil_service 2010-01-01..2026-12-31 {civil.version}>"


def test_scalar_answers_need_neither_numpy_nor_pandas() -> None:
    """A host that counts single deadlines pays for no array library, and holidays comes late."""
    code = (
        "import sys, datetime\n"
        "from igate.calendar import WorkCalendar\n"
        "assert 'holidays' not in sys.modules\n"
        "calendar = WorkCalendar.vietnam()\n"
        "calendar.add(datetime.date(2024, 5, 2), 1)\n"
        "assert not {'numpy', 'pandas', 'polars'} & sys.modules.keys()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
