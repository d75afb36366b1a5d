"""Deadlines: the answers worked out by hand, and the laws that every count obeys."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from igate.calendar import WorkCalendar
from igate.deadlines.deadline import Deadline, compute_deadline
from igate.deadlines.limits import NOT_STATED, Part, TimeLimit, Unit
from igate.deadlines.rulefile import shipped_rules
from igate.deadlines.rules import ClockMark, ClockRules, Cutoff, Interruption
from igate.deadlines.whatif import without_each_rule
from igate.errors import CalendarNotCovered, MomentError, TimeLimitError
from igate.law.citation import Citation, Label
from igate.law.localtime import local, minute_number, parse_local
from igate.law.period import Period
from igate.testing import strategies
from places import TESTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from igate.deadlines.suspension import Suspension

ANSWERS = TESTS / "answers" / "deadlines.csv"
LAW = Citation.parse("Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5")


@lru_cache(maxsize=8)
def calendar_of(scope: str, as_of: str, make_up: str) -> WorkCalendar:
    day = date.fromisoformat(as_of) if as_of else None
    return WorkCalendar.vietnam(scope=scope, as_of=day, make_up=make_up)


def rules_of(effect: str = "suspend", **readings: object) -> ClockRules:
    """Rules that do one thing to every interruption, with the given readings."""
    why = Interruption(effect=effect, citation=LAW, label=Label(vi="bổ sung", en="supplement"))
    rules = ClockRules(
        name="test",
        label=Label(vi="thử", en="test"),
        period=Period(start=None),
        citation=LAW,
        interruptions={"supplement": why, "payment": replace(why, effect="suspend")},
    )
    return replace(rules, **readings)


def marks_of(received: datetime, suspensions: str) -> tuple[ClockMark, ...]:
    """Read ``from/to|from/..`` into the marks of a clock."""
    marks = [ClockMark(kind="start", at=received)]
    for piece in filter(None, suspensions.split("|")):
        since, until = piece.split("/")
        marks.append(ClockMark(kind="suspend", at=parse_local(since), reason="supplement"))
        if until != "..":
            marks.append(ClockMark(kind="resume", at=parse_local(until), reason="supplement"))
    return tuple(marks)


def answers() -> list[dict[str, str]]:
    with ANSWERS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", answers(), ids=lambda row: f"{row['received']}+{row['limit']}")
def test_every_answer_worked_out_by_hand_holds(row: dict[str, str]) -> None:
    """The due date is the one that a person got with pencil and calendar."""
    readings: dict[str, object] = {
        key: row[key] for key in ("receipt_on_day_off", "end_on_day_off", "suspension_days")
    }
    if row["cutoff_start"]:
        at = time.fromisoformat(row["cutoff_start"])
        readings["cutoff"] = Cutoff(at=at, moves="start", citation=LAW)
    received = parse_local(row["received"])
    deadline = compute_deadline(
        TimeLimit.parse(row["limit"]),
        marks=marks_of(received, row["suspensions"]),
        calendar=calendar_of(row["calendar"], row["as_of"], row["make_up"]),
        rules=rules_of(row["effect"], **readings),
    )
    if not row["due"]:
        assert deadline.due is None
        assert str(deadline.remaining) == "7 working_hour"
    elif "T" in row["due"]:
        assert deadline.due == parse_local(row["due"])
    else:
        assert deadline.due is not None
        assert deadline.due.date() == date.fromisoformat(row["due"])
        assert deadline.days[-1].date == deadline.due.date()


def vietnam() -> WorkCalendar:
    return calendar_of("civil_service", "", "full")


RULES = rules_of()
#: so far before the end that every limit and wait below ends in the calendar
moments = strategies.moments(vietnam(), first=date(2010, 3, 1), last=date(2024, 6, 1))
day_limits = strategies.time_limits(
    units=[Unit.WORKING_DAY, Unit.DAY], longest=60, parts=1, whole=True
)
hour_limits = strategies.time_limits(units=[Unit.WORKING_HOUR], longest=80, parts=1, whole=True)
limits = strategies.time_limits(longest=60)
readings = st.fixed_dictionaries(
    {
        "suspension_days": st.sampled_from(["first_counts", "last_counts", "neither_counts"]),
        "receipt_on_day_off": st.sampled_from(["as_it_is", "next_working_day"]),
        "end_on_day_off": st.sampled_from(["next_working_day", "stays"]),
        "cutoff": st.one_of(
            st.none(),
            st.sampled_from(["start", "result", "transfer"]).map(
                lambda moves: Cutoff(at=time(15), moves=moves, citation=LAW)
            ),
        ),
    }
)


def ends_of(found: tuple[Suspension, ...]) -> list[tuple[datetime, datetime]]:
    """Return from when to when each lasts."""
    return [(each.since, each.until) for each in found if each.until is not None]


def count(
    limit: TimeLimit,
    received: datetime,
    gaps: Iterable[tuple[datetime, datetime]] = (),
    rules: ClockRules = RULES,
) -> Deadline:
    marks = [ClockMark(kind="start", at=received)]
    for since, until in gaps:
        marks.append(ClockMark(kind="suspend", at=since, reason="supplement"))
        marks.append(ClockMark(kind="resume", at=until, reason="supplement"))
    return compute_deadline(limit, marks=marks, calendar=vietnam(), rules=rules)


@given(st.data(), limits, moments, readings)
def test_the_pencil_and_the_tables_agree(
    data: st.DataObject, limit: TimeLimit, received: datetime, chosen: dict[str, object]
) -> None:
    """The proof walks a day at a time and ends on the day that the tables give."""
    gaps = data.draw(strategies.suspensions(received).map(ends_of))
    deadline = count(limit, received, gaps, rules_of("suspend", **chosen))
    assert deadline.due is not None
    days = deadline.days
    assert days[-1].date == deadline.due.date()
    if len(limit.parts) == 1 and limit.parts[0].unit in {Unit.WORKING_DAY, Unit.DAY}:
        length = limit.parts[0].length
        if length.denominator == 1 and length:
            assert sum(day.counted for day in days) == length
    if len(limit.parts) == 1 and limit.parts[0].unit is Unit.WORKING_HOUR:
        assert sum(day.minutes or 0 for day in days) == limit.parts[0].length * 60


#: any unit in any place of a sum, from nothing to ten of it: a part of no length, which no file
#: has and ``time_limits`` does not draw, may stand anywhere in it
any_limits = st.lists(
    st.builds(
        TimeLimit.of, st.integers(0, 10), st.sampled_from([Unit.WORKING_DAY, Unit.WORKING_HOUR])
    )
    | st.builds(TimeLimit.of, st.integers(1, 10), st.sampled_from([Unit.DAY, Unit.HOUR]))
    | st.builds(TimeLimit.of, st.integers(1, 2), st.just(Unit.MONTH))
    | st.sampled_from([Fraction(1, 4), Fraction(1, 2), Fraction(3, 2), Fraction(9, 2)]).map(
        lambda length: TimeLimit.of(length, Unit.WORKING_DAY)
    ),
    min_size=1,
    max_size=3,
).map(lambda found: TimeLimit(parts=tuple(part for each in found for part in each.parts)))
every_reading = st.builds(
    lambda some, others: some | others,
    readings,
    st.fixed_dictionaries(
        {
            "end_of_day": st.sampled_from(["closing", "midnight"]),
            "cutoff_on_start": st.booleans(),
            "cutoff_on_resumption": st.booleans(),
        }
    ),
)


@given(st.data(), any_limits, st.sampled_from(Unit), moments, every_reading)
def test_a_part_of_zero_after_another_changes_no_due_date(
    data: st.DataObject,
    limit: TimeLimit,
    unit: Unit,
    received: datetime,
    chosen: dict[str, object],
) -> None:
    """Nothing more is nothing more, wherever it is written in a sum and whatever suspends it."""
    gaps = data.draw(strategies.suspensions(received).map(ends_of))
    place = data.draw(st.integers(1, len(limit.parts)))
    zero = Part(length=Fraction(0), unit=unit)
    more = TimeLimit(parts=(*limit.parts[:place], zero, *limit.parts[place:]))
    plain, same = (count(each, received, gaps, rules_of(**chosen)) for each in (limit, more))
    assert (same.due, same.days) == (plain.due, plain.days)


@given(st.data(), any_limits, moments, every_reading, st.sampled_from(["suspend", "restart"]))
def test_the_pencil_follows_everything_that_may_happen_to_a_clock(
    data: st.DataObject,
    limit: TimeLimit,
    received: datetime,
    chosen: dict[str, object],
    effect: str,
) -> None:
    """Sums of every unit, every reading, restarts, extensions and new dates: one last day."""
    marks = data.draw(strategies.marks(received, calendar=vietnam(), rules=RULES))
    deadline = compute_deadline(
        limit, marks=marks, calendar=vietnam(), rules=rules_of(effect, **chosen)
    )
    assume(deadline.due is not None)
    assert deadline.days[-1].date == deadline.due.date()


@given(hour_limits, moments, st.integers(1, 3_000), st.integers(1, 3_000))
def test_a_suspension_of_k_working_minutes_moves_the_deadline_by_exactly_k(
    limit: TimeLimit, received: datetime, before: int, lasting: int
) -> None:
    """Run + suspended = elapsed, in working minutes."""
    calendar = vietnam()
    plain = count(limit, received).due
    since = received + timedelta(minutes=before)
    until = since + timedelta(minutes=lasting)
    moved = count(limit, received, [(since, until)]).due
    assert plain is not None
    assert moved is not None
    if since >= plain:
        assert moved == plain
        return
    lost = calendar.count_minutes(since, until)
    assert calendar.count_minutes(plain, moved) == lost


@given(st.data(), limits, moments)
def test_overlapping_suspensions_are_a_union(
    data: st.DataObject, limit: TimeLimit, received: datetime
) -> None:
    """A second reason to stand still, inside or over the first, takes nothing twice."""
    points = sorted(
        received + timedelta(minutes=m)
        for m in data.draw(st.lists(st.integers(1, 20_000), min_size=4, max_size=4, unique=True))
    )
    first, second, third, fourth = points
    marks = [
        ClockMark(kind="start", at=received),
        ClockMark(kind="suspend", at=first, reason="supplement"),
        ClockMark(kind="suspend", at=second, reason="payment"),
        ClockMark(kind="resume", at=third, reason="supplement"),
        ClockMark(kind="resume", at=fourth, reason="payment"),
    ]
    both = compute_deadline(limit, marks=marks, calendar=vietnam(), rules=RULES)
    assert both.due == count(limit, received, [(first, fourth)]).due


@given(limits, moments, st.integers(1, 50_000), st.integers(0, 50_000))
def test_a_suspension_after_the_end_revives_nothing(
    limit: TimeLimit, received: datetime, after: int, lasting: int
) -> None:
    """Once the limit has ended, no interruption gives it back."""
    plain = count(limit, received).due
    assert plain is not None
    since = plain + timedelta(minutes=after)
    deadline = count(limit, received, [(since, since + timedelta(minutes=lasting))])
    assert deadline.due == plain
    assert deadline.ignored[0].since == since


@given(st.data(), st.one_of(day_limits, hour_limits), moments)
def test_a_longer_limit_never_ends_earlier(
    data: st.DataObject, limit: TimeLimit, received: datetime
) -> None:
    """The due moment is monotonic in the length."""
    gaps = data.draw(strategies.suspensions(received).map(ends_of))
    part = limit.parts[0]
    longer = TimeLimit.of(part.length + data.draw(st.integers(0, 20)), part.unit)
    one, two = count(limit, received, gaps).due, count(longer, received, gaps).due
    assert one is not None
    assert two is not None
    assert one <= two


@given(st.one_of(day_limits, hour_limits), moments, st.integers(1, 5_000), st.integers(1, 5_000))
def test_an_open_suspension_leaves_a_remainder_and_no_date(
    limit: TimeLimit, received: datetime, before: int, lasting: int
) -> None:
    """While the clock stands still, what is left is what a later resumption still needs."""
    since = received + timedelta(minutes=before)
    marks = [
        ClockMark(kind="start", at=received),
        ClockMark(kind="suspend", at=since, reason="supplement"),
    ]
    rules = rules_of("suspend", suspension_days="first_counts")
    open_ = compute_deadline(limit, marks=marks, calendar=vietnam(), rules=rules)
    plain = count(limit, received, rules=rules).due
    assert plain is not None
    if open_.due is not None:
        assert open_.due == plain
        return
    until = since + timedelta(minutes=lasting)
    resumed = count(limit, received, [(since, until)], rules=rules)
    assume(open_.remaining.stated)
    assert resumed.due == count(open_.remaining, until, rules=rules).due


@given(day_limits, moments, st.integers(1, 2_000), st.integers(0, 20_000))
def test_a_restart_counts_the_whole_limit_from_the_supplement(
    limit: TimeLimit, received: datetime, before: int, lasting: int
) -> None:
    """Decree 118/2025 art. 19(5): counted anew once the complete dossier is in."""
    since = received + timedelta(minutes=before)
    until = since + timedelta(minutes=lasting)
    plain = count(limit, received).due
    assert plain is not None
    restarted = count(limit, received, [(since, until)], rules_of("restart"))
    assert restarted.due == (count(limit, until).due if since <= plain else plain)


@given(moments)
def test_the_default_rules_of_the_decree_restart_after_a_supplement(received: datetime) -> None:
    """The shipped rules say what the decree of their day says, and a payment only suspends."""
    day = max(received.date(), date(2018, 6, 21))
    rules = shipped_rules(on=day)
    assert rules.effect("supplement") == "restart"
    assert rules.effect("payment") == "suspend"
    assert rules.effect("opinion") == "none"
    assert rules.citation.number == (
        "61/2018/NĐ-CP" if day < date(2025, 7, 1) else "118/2025/NĐ-CP"
    )


def test_no_stated_limit_means_no_date_and_on_time() -> None:
    """A limit that is not stated is a value, never zero."""
    received = parse_local("2024-05-02T09:00")
    deadline = count(NOT_STATED, received)
    assert deadline.due is None
    assert not deadline.suspended
    assert deadline.days == ()
    assert deadline.judge(received) == "on_time"
    assert "không quy định" in deadline.explain("vi")


def test_finishing_is_judged_by_calendar_day() -> None:
    """Late in the evening of the due day is still on time; the next morning is late."""
    deadline = count(TimeLimit.parse("2 working_day"), parse_local("2024-05-02T09:00"))
    assert deadline.due == parse_local("2024-05-04T17:00")
    assert deadline.judge(parse_local("2024-05-03T23:59")) == "early"
    assert deadline.judge(parse_local("2024-05-04T23:30")) == "on_time"
    assert deadline.judge(parse_local("2024-05-05T00:00")) == "late"


def test_an_apology_replaces_the_date_and_keeps_the_old_one() -> None:
    """The new date holds; the first one stays on record."""
    received = parse_local("2024-05-06T09:00")
    marks = [
        ClockMark(kind="start", at=received),
        ClockMark(kind="replace", at=parse_local("2024-05-08T10:00"),
                  due=parse_local("2024-05-17T17:00")),
    ]  # fmt: skip
    limit = TimeLimit.parse("5 working_day")
    deadline = compute_deadline(limit, marks=marks, calendar=vietnam(), rules=RULES)
    assert deadline.due == parse_local("2024-05-17T17:00")
    assert deadline.original_due == parse_local("2024-05-13T17:00")
    assert deadline.days[-1].date == date(2024, 5, 17)


def test_an_extension_adds_its_length() -> None:
    """Land dossiers in hard areas get ten more working days (Decree 151/2025, annex II)."""
    received = parse_local("2024-05-06T09:00")
    marks = [
        ClockMark(kind="start", at=received),
        ClockMark(kind="extend", at=received, limit=TimeLimit.parse("10 working_day")),
    ]
    limit = TimeLimit.parse("5 working_day")
    deadline = compute_deadline(limit, marks=marks, calendar=vietnam(), rules=RULES)
    assert deadline.due == parse_local("2024-05-27T17:00")
    assert deadline.original_due == parse_local("2024-05-13T17:00")


MONDAY = parse_local("2026-09-14T09:00")


@pytest.mark.parametrize(
    ("limit", "since", "until", "expected"),
    [
        # the fifth day is Monday 21 September; at 09:30 it has not ended
        ("5 working_day", "2026-09-21T09:30", "2026-09-24T10:00", "2026-09-24T17:00"),
        ("5 working_day", "2026-09-21T09:30", "2026-09-26T10:00", "2026-09-28T17:00"),
        ("5 working_day", "2026-09-21T09:30", "2026-09-21T15:00", "2026-09-21T17:00"),
        ("5 working_day", "2026-09-21T09:30", "2026-09-24T18:00", "2026-09-25T17:00"),
        ("0 working_day", "2026-09-14T09:30", "2026-09-16T09:00", "2026-09-16T17:00"),
        ("7 day", "2026-09-21T09:30", "2026-09-24T10:00", "2026-09-24T17:00"),
        ("1 month", "2026-10-14T09:30", "2026-10-16T10:00", "2026-10-16T17:00"),
    ],
)
def test_a_suspension_that_begins_on_the_last_day_holds_the_end(
    limit: str, since: str, until: str, expected: str
) -> None:
    """The day was cut short, so it ends with the working day on which the clock goes on."""
    gap = (parse_local(since), parse_local(until))
    found = count(TimeLimit.parse(limit), MONDAY, [gap])
    assert found.due == parse_local(expected)
    assert found.days[-1].date == found.due.date()
    marks = [
        ClockMark(kind="start", at=MONDAY),
        ClockMark(kind="suspend", at=gap[0], reason="supplement"),
    ]
    held = compute_deadline(TimeLimit.parse(limit), marks=marks, calendar=vietnam(), rules=RULES)
    assert held.due is None
    assert held.remaining.text("en") == "the same working day"


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        # half a day from the moment: 225 minutes after 09:00, the noon break left out
        ("0.5 working_day", "2026-09-14T14:45"),
        ("1 working_day", "2026-09-15T17:00"),
        # a whole day, then 225 minutes of the next one
        ("1.5 working_day", "2026-09-16T11:15"),
        ("2 working_day", "2026-09-16T17:00"),
        ("2.5 working_day", "2026-09-17T11:15"),
    ],
)
def test_whole_days_come_before_the_fraction(limit: str, expected: str) -> None:
    """The day of receipt does not count for a day and a half either."""
    assert count(TimeLimit.parse(limit), MONDAY).due == parse_local(expected)


@given(moments, st.integers(1, 40), st.integers(0, 8))
def test_a_longer_limit_in_quarters_never_ends_earlier(
    received: datetime, quarters: int, more: int
) -> None:
    """Also across the step from a fraction to a whole day."""
    one, two = (
        count(TimeLimit.of(Fraction(length, 4), Unit.WORKING_DAY), received).due
        for length in (quarters, quarters + more)
    )
    assert one is not None
    assert two is not None
    assert one <= two


def test_same_day_limits_know_the_hour() -> None:
    """After closing nobody can be due before having been asked; a sum asks for the hour once."""
    evening = parse_local("2026-09-14T20:00")
    for limit in ("0 working_day", "0 day"):
        found = count(TimeLimit.parse(limit), evening)
        assert found.due == parse_local("2026-09-15T17:00")
        assert found.days[-1].date == date(2026, 9, 15)
    cutoff = Cutoff(at=time(15), moves="result", citation=LAW)
    sum_ = count(
        TimeLimit.parse("0 working_day + 3 working_day"),
        parse_local("2026-09-14T16:00"),
        rules=rules_of(cutoff=cutoff),
    )
    # the same-day part is due on the 15th, three days later is Friday the 18th
    assert sum_.due == parse_local("2026-09-18T17:00")


@pytest.mark.parametrize(
    ("limit", "expected"),
    [("4 working_hour", "2026-09-15T11:30"), ("4 hour", "2026-09-15T11:30")],
)
def test_a_cut_off_that_moves_the_start_moves_hours_too(limit: str, expected: str) -> None:
    """Decree 297/2025 counts from the opening of the next working day."""
    rules = rules_of(cutoff=Cutoff(at=time(15), moves="start", citation=LAW))
    received = parse_local("2026-09-14T16:00")
    assert count(TimeLimit.parse(limit), received, rules=rules).due == parse_local(expected)


@pytest.mark.parametrize("limit", ["24 hour + 1 day", "24 hour + 1 working_day", "24 hour"])
def test_an_end_at_midnight_belongs_to_the_day_that_begins(limit: str) -> None:
    """24 hours from Monday 00:00 end on Tuesday 00:00; a day more is Wednesday."""
    found = count(TimeLimit.parse(limit), parse_local("2026-09-14T00:00"))
    assert found.due is not None
    assert found.due.date() == date(2026, 9, 15 if limit == "24 hour" else 16)
    assert found.days[-1].date == found.due.date()


def test_an_extension_is_named_and_counted_once() -> None:
    """Without it the limit would end five working days earlier; nothing else moved the date."""
    marks = [
        ClockMark(kind="start", at=MONDAY),
        ClockMark(kind="extend", at=MONDAY, limit=TimeLimit.parse("5 working_day")),
    ]
    found = compute_deadline(
        TimeLimit.parse("5 working_day"), marks=marks, calendar=vietnam(), rules=RULES
    )
    assert found.due == parse_local("2026-09-28T17:00")
    (without,) = without_each_rule(found)
    assert (without.rule.en, without.due) == ("Extension", parse_local("2026-09-21T17:00"))


def test_the_explanation_names_suspensions_and_cut_offs() -> None:
    """Both ends of a suspension, and the hour that moved the start."""
    cutoff = Cutoff(at=time(15), moves="start", citation=LAW)
    received = parse_local("2024-05-02T15:30")
    gap = (parse_local("2024-05-06T09:00"), parse_local("2024-05-08T10:00"))
    deadline = count(TimeLimit.parse("3 working_day"), received, [gap], rules_of(cutoff=cutoff))
    text = deadline.explain("en")
    assert "Suspended: Mon 06/05/2024 09:00 – Wed 08/05/2024 10:00 (supplement)" in text
    assert "Received after 15:00: counts as day of receipt, not counted" in text
    assert "Nhận sau 15:00" in deadline.explain("vi")
    same_day = count(TimeLimit.parse("0 working_day until 15:00"), received)
    assert "result on the next working day" in same_day.explain("en")
    assert same_day.due == parse_local("2024-05-03T17:00")


def test_the_explanation_says_what_moved_the_date() -> None:
    """Without the swap of 29 April and 4 May 2024, two working days would end on 6 May."""
    deadline = count(TimeLimit.parse("2 working_day"), parse_local("2024-05-02T09:00"))
    (without,) = without_each_rule(deadline)
    assert without.rule.en == "Swapped working days"
    assert without.due == parse_local("2024-05-06T17:00")
    assert "Swapped working days: Mon 06/05/2024 17:00" in deadline.explain("en")
    suspended = count(
        TimeLimit.parse("5 working_day"),
        parse_local("2024-05-06T09:00"),
        [(parse_local("2024-05-07T09:00"), parse_local("2024-05-09T09:00"))],
    )
    found = {each.rule.en: each.due for each in without_each_rule(suspended)}
    assert found == {"Interruptions of the clock": parse_local("2024-05-13T17:00")}


def test_the_explanation_reads_in_both_languages() -> None:
    """The make-up Saturday and the Tết days are named, with their citation."""
    deadline = count(TimeLimit.parse("2 working_day"), parse_local("2024-05-02T09:00"))
    vietnamese, english = deadline.explain("vi"), deadline.explain("en")
    assert "Thứ Bảy 04/05/2024" in vietnamese
    assert "2 ngày làm việc" in vietnamese
    assert "Due: Sat 04/05/2024 17:00" in english
    assert "Civil Code 2015, art. 147(2)" in english


def test_naive_marks_and_marks_out_of_order_are_refused() -> None:
    """A clock cannot start without a zone, run backwards, or run without a start."""
    limit = TimeLimit.parse("1 working_day")
    naive = datetime(2024, 5, 2, 9)  # noqa: DTZ001 - the mistake under test
    with pytest.raises(MomentError, match="has no time zone"):
        count(limit, naive)
    start = parse_local("2024-05-02T09:00")
    with pytest.raises(MomentError, match="never started"):
        compute_deadline(limit, marks=[], calendar=vietnam(), rules=RULES)
    with pytest.raises(MomentError, match="cannot run backwards"):
        count(limit, start, [(start - timedelta(days=1), start)])


def test_a_count_past_the_horizon_is_refused() -> None:
    """What has not been announced is not guessed."""
    with pytest.raises(CalendarNotCovered, match="2026-12-31"):
        count(TimeLimit.parse("40 working_day"), parse_local("2026-11-20T09:00"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("7 workingday", 'Did you mean "working_day"'),
        ("seven working_day", "not a number and a unit"),
        ("0.5 day", "no parts that the law would count"),
        ("99999 day", "out of range"),
        ("1/0 working_day", "divides by zero"),
        ("", "not a number and a unit"),
        ("-1 working_day", "not a number and a unit"),
        ("0 day until 15:00", "Only a same-day limit"),
        ("0 working_day until 15:00+07:00", "not an hour of the day"),
        ("0 working_day until 25:00", "not an hour of the day"),
        ("9" * 5000 + " day", "not a number and a unit"),
        (7, "it is not a text"),
    ],
)
def test_a_limit_that_cannot_be_read_is_refused_with_the_reason(text: object, words: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(TimeLimitError, match=words):
        TimeLimit.parse(text)


@given(limits)
def test_a_limit_reads_back_as_it_was_written(limit: TimeLimit) -> None:
    """str and parse are inverse."""
    assert TimeLimit.parse(str(limit)) == limit


@given(moments)
def test_minute_numbers_follow_the_local_clock(moment: datetime) -> None:
    """Later by a minute is one more."""
    later = moment + timedelta(minutes=1)
    assert minute_number(local(later)) - minute_number(moment) == 1
