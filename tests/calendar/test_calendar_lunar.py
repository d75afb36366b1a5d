"""The lunar table against an independent astronomical calendar, and the days of China."""

from __future__ import annotations

import csv
import math
from datetime import date, timedelta

import pytest

from igate.calendar import hung_kings, statutory, tet
from igate.errors import CalendarConflict, CalendarNotCovered
from places import TESTS

#: Julian day number of a day, at noon, less its ordinal
JULIAN = 1721425
#: new moon: factor of the eccentricity E, multiples of M, M', F, and the term in days
TERMS = [
    (0, (0, 1, 0), -0.40720), (1, (1, 0, 0), 0.17241), (0, (0, 2, 0), 0.01608),
    (0, (0, 0, 2), 0.01039), (1, (-1, 1, 0), 0.00739), (1, (1, 1, 0), -0.00514),
    (2, (2, 0, 0), 0.00208), (0, (0, 1, -2), -0.00111), (0, (0, 1, 2), -0.00057),
    (1, (1, 2, 0), 0.00056), (0, (0, 3, 0), -0.00042), (1, (1, 0, 2), 0.00042),
    (1, (1, 0, -2), 0.00038), (1, (-1, 2, 0), -0.00024),
]  # fmt: skip


def sine(degrees: float) -> float:
    """Return the sine of an angle in degrees."""
    return math.sin(math.radians(degrees))


def delta_t(year: float) -> float:
    """Return dynamical minus universal time in days; within half a minute from 1960 to 2050."""
    t = year - 2000
    return (62.92 + 0.32217 * t + 0.005589 * t * t) / 86400


def new_moon(k: int) -> float:
    """Return the k-th new moon after 6 January 2000 as a Julian day, UT (Meeus 49)."""
    t = k / 1236.85
    jde = 2451550.09766 + 29.530588861 * k + 0.00015437 * t * t
    e = 1 - 0.002516 * t
    m = 2.5534 + 29.10535670 * k
    m1 = 201.5643 + 385.81693528 * k + 0.0107582 * t * t
    f = 160.7108 + 390.67050284 * k - 0.0016118 * t * t
    node = 124.7746 - 1.56375588 * k
    for power, (a, b, c), size in TERMS:
        jde += e**power * size * sine(a * m + b * m1 + c * f)
    jde += -0.00017 * sine(node) + 0.000325 * sine(299.77 + 0.107408 * k)
    return jde - delta_t(2000 + k / 12.3685)


def sun_longitude(day: float) -> float:
    """Return the apparent longitude of the sun in degrees at a Julian day (Meeus 25)."""
    t = (day - 2451545.0) / 36525
    m = 357.52911 + 35999.05029 * t
    center = (1.914602 - 0.004817 * t) * sine(m) + 0.019993 * sine(2 * m) + 0.000289 * sine(3 * m)
    omega = 125.04 - 1934.136 * t
    true = 280.46646 + 36000.76983 * t + center
    return (true - 0.00569 - 0.00478 * sine(omega)) % 360


def day_at(julian: float, zone: int) -> date:
    """Return the local date of an instant."""
    return date.fromordinal(math.floor(julian + 0.5 + zone / 24) - JULIAN)


def major_term(day: date, zone: int) -> int:
    """Return the number of the solar term in force at the local midnight that begins a day."""
    midnight = day.toordinal() + JULIAN - 0.5 - zone / 24
    return int(sun_longitude(midnight) // 30)


def month_eleven(year: int, zone: int) -> int:
    """Return the number of the new moon whose month holds the winter solstice of a year."""
    solstice = next(
        day
        for day in (date(year, 12, number) for number in range(20, 25))
        if major_term(day + timedelta(days=1), zone) == 9
    )
    k = math.ceil((year + 1 - 2000) * 12.3685)
    while day_at(new_moon(k), zone) > solstice:
        k -= 1
    return k


def month_begins(year: int, month: int, zone: int) -> date:
    """Return the first day of lunar month 1 to 10 of a year."""
    start, end = month_eleven(year - 1, zone), month_eleven(year, zone)
    begins = [day_at(new_moon(k), zone) for k in range(start, end + 2)]
    index = month + 1
    if end - start == 13:
        leap = next(
            n
            for n in range(1, 13)
            if major_term(begins[n], zone) == major_term(begins[n + 1], zone)
        )
        index += leap <= index
    return begins[index]


def festival(name: str, year: int, zone: int) -> date:
    """Return Tết or Hùng Kings' Day by the algorithm."""
    if name == "tet":
        return month_begins(year, 1, zone)
    return month_begins(year, 3, zone) + timedelta(days=9)


def rows() -> list[dict[str, str]]:
    """Read the published days."""
    path = TESTS / "answers" / "lunar.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("year", range(2000, 2051))
def test_the_table_agrees_with_the_new_moons_at_utc_7(year: int) -> None:
    """Tết and Hùng Kings' Day of each year are where the moon and the sun put them."""
    assert tet(year) == festival("tet", year, 7)
    assert hung_kings(year) == festival("hung_kings", year, 7)


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['festival']} {row['year']}")
def test_published_days_and_those_of_china_are_met(row: dict[str, str]) -> None:
    """An hour of difference between the meridians can move a festival by a day or a month."""
    name, year = row["festival"], int(row["year"])
    assert festival(name, year, 7).isoformat() == row["vietnam"]
    assert festival(name, year, 8).isoformat() == row["china"]
    if year >= 2000:
        table = tet(year) if name == "tet" else hung_kings(year)
        assert table.isoformat() == row["vietnam"]


def test_only_the_known_years_differ_from_china() -> None:
    """From 2000 to 2050 Tết differs in two years and Hùng Kings' Day in three."""
    years = range(2000, 2051)
    assert [year for year in years if tet(year) != festival("tet", year, 8)] == [2007, 2030]
    differing = [year for year in years if hung_kings(year) != festival("hung_kings", year, 8)]
    assert differing == [2009, 2037, 2038]


@pytest.mark.parametrize("year", [1999, 2051, -1])
def test_a_year_outside_the_table_is_refused(year: int) -> None:
    """The table is a list of facts, not a formula."""
    with pytest.raises(CalendarNotCovered, match="2000 to 2050"):
        tet(year)
    with pytest.raises(CalendarNotCovered, match="2000 to 2050"):
        hung_kings(year)


def test_a_holidays_package_with_another_moon_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the installed package moved Tết, deadlines would move in silence; so it is refused."""
    monkeypatch.setattr(statutory.lunar, "tet", lambda year: date(year, 2, 17))
    statutory.statutory_days.cache_clear()
    with pytest.raises(CalendarConflict, match="does not have Tết Nguyên Đán on 2010-02-17"):
        statutory.statutory_days(date(2010, 1, 1), date(2010, 12, 31))
    statutory.statutory_days.cache_clear()


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ({date(2020, 6, 1): ["Ngày mới"]}, "calls 2020-06-01 'Ngày mới'"),
        ({date(2020, 6, 1): ["Quốc khánh (nghỉ bù)"]}, "compensates no holiday"),
    ],
)
def test_a_day_off_that_igate_does_not_know_is_refused(
    names: dict[date, list[str]], said: str
) -> None:
    """A new name in the package must be compared with the law before it moves a deadline."""
    with pytest.raises(CalendarConflict, match=said):
        list(statutory._marks(names, "test"))  # noqa: SLF001 - no package says this yet
