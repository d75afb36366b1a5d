"""Columns of deadlines: the hand-made answers, and the same as one dossier at a time."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate.calendar import OfficeHours, WorkCalendar
from igate.deadlines.columns import DueDates, Suspensions, due_dates
from igate.deadlines.counting import counted_parts
from igate.deadlines.deadline import compute_deadline
from igate.deadlines.limits import NOT_STATED, TimeLimit, Unit
from igate.deadlines.rulefile import shipped_rules
from igate.deadlines.rules import ClockMark, ClockRules, Cutoff, Interruption
from igate.errors import CalendarNotCovered, FrameError, MomentError, TimeLimitError
from igate.law.citation import Citation, Label
from igate.law.localtime import VIETNAM, parse_local
from igate.law.period import Period, Timeline
from places import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

ANSWERS = TESTS / "answers" / "deadlines.csv"
LAW = Citation.parse("Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5")
WORD = Label(vi="chờ", en="waiting")
HOURS = [
    OfficeHours.parse("07:30-11:30", "13:30-17:00"),
    OfficeHours.parse("08:00-08:07", "09:00-09:21"),
    OfficeHours.parse("00:00-24:00"),
    OfficeHours.parse(
        "07:30-11:30", "13:30-17:00", weekdays={2: ["07:30-11:30"], 5: ["09:00-10:00"]}
    ),
]
REASONS = [f"{effect}_{n}" for n in range(5) for effect in ("suspend", "restart", "none")]


def rules_of(**readings: Any) -> ClockRules:  # noqa: ANN401 - readings of every kind
    """Rules in which the name of a reason says what it does."""
    interruptions = {
        reason: Interruption(effect=reason.partition("_")[0], citation=LAW, label=WORD)
        for reason in REASONS
    }
    return ClockRules(
        name="test",
        label=WORD,
        period=Period(start=None),
        citation=LAW,
        interruptions=interruptions,
        **readings,
    )


RULES = rules_of()


@lru_cache(maxsize=8)
def calendar_of(
    scope: str = "civil_service", as_of: str = "", make_up: str = "full"
) -> WorkCalendar:
    day = date.fromisoformat(as_of) if as_of else None
    return WorkCalendar.vietnam(scope=scope, as_of=day, make_up=make_up)


def moments(*texts: str, unit: str = "m") -> Any:  # noqa: ANN401 - a NumPy array
    """Make a column of moments; NaT is one without a moment."""
    return np.array(texts, f"datetime64[{unit}]")


def stays(*spans: tuple[int, str, str], reason: Any = "suspend_0") -> Suspensions:  # noqa: ANN401
    """Make suspensions of rows."""
    return Suspensions(
        row=np.array([span[0] for span in spans], np.int64),
        since=moments(*(span[1] for span in spans)),
        until=moments(*(span[2] for span in spans)),
        reason=reason,
    )


def due(
    received: str,
    limit: str,
    *spans: tuple[str, str],
    reason: str = "suspend_0",
    **readings: Any,  # noqa: ANN401
) -> DueDates:
    """Compute one row."""
    length, unit = limit.split()
    return due_dates(
        calendar_of(),
        moments(received),
        int(length),
        unit,
        rules=rules_of(**readings),
        suspensions=stays(*((0, *span) for span in spans), reason=reason),
    )


# -- the answers worked out by hand --------------------------------------------------------------


def answers() -> list[dict[str, str]]:
    with ANSWERS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if " + " not in row["limit"]]


@pytest.mark.parametrize("row", answers(), ids=lambda row: f"{row['received']}+{row['limit']}")
def test_columns_give_the_answers_worked_out_by_hand(row: dict[str, str]) -> None:
    """The due date is the one that a person got with pencil and calendar."""
    readings: dict[str, Any] = {
        key: row[key] for key in ("receipt_on_day_off", "end_on_day_off", "suspension_days")
    }
    if row["cutoff_start"]:
        at = time.fromisoformat(row["cutoff_start"])
        readings["cutoff"] = Cutoff(at=at, moves="start", citation=LAW)
    limit = TimeLimit.parse(row["limit"])
    spans = [span.replace("..", "NaT").split("/") for span in row["suspensions"].split("|") if span]
    received = parse_local(row["received"]).replace(tzinfo=None)
    found = due_dates(
        calendar_of(row["calendar"], row["as_of"], row["make_up"]),
        moments(received.isoformat(), unit="s"),
        limit.parts[0].length.numerator,
        limit.parts[0].unit,
        denominator=limit.parts[0].length.denominator,
        rules=rules_of(**readings),
        suspensions=stays(
            *((0, since, until) for since, until in spans), reason=f"{row['effect']}_0"
        ),
        same_day_until=limit.same_day_until,
    )
    if not row["due"]:
        assert np.isnat(found.due[0])
        assert str(found.remaining(0)) == "7 working_hour"
    elif "T" in row["due"]:
        assert found.due[0] == np.datetime64(row["due"][:16])
    else:
        assert found.days[0] == np.datetime64(row["due"])


def test_a_suspension_takes_out_the_days_inside_it() -> None:
    """Monday 6 May 2024 + 5 working days ends on the 13th; without the 8th and 9th, on the 15th."""
    plain = due("2024-05-06T09:00", "5 working_day")
    assert plain.due.tolist() == [datetime(2024, 5, 13, 17)]  # noqa: DTZ001 - columns have no zone
    assert not plain.suspended[0]
    moved = due("2024-05-06T09:00", "5 working_day", ("2024-05-07T10:00", "2024-05-09T10:00"))
    assert moved.due.tolist() == [datetime(2024, 5, 15, 17)]  # noqa: DTZ001


def test_overlapping_suspensions_are_one() -> None:
    """7-9 May and 8-10 May, in any order, take out what 7-10 May takes out."""
    one = due("2024-05-06T09:00", "5 working_day", ("2024-05-07T10:00", "2024-05-10T10:00"))
    two = due(
        "2024-05-06T09:00", "5 working_day",
        ("2024-05-08T10:00", "2024-05-10T10:00"), ("2024-05-07T10:00", "2024-05-09T10:00"),
    )  # fmt: skip
    assert one.due.tolist() == two.due.tolist() == [datetime(2024, 5, 16, 17)]  # noqa: DTZ001


def test_the_last_of_overlapping_suspensions_may_not_be_the_one_that_reaches_furthest() -> None:
    """With a cut-off, Friday 10 May 2024 16:00 counts as Monday; Saturday 10:00 is Saturday."""
    found = due(
        "2024-05-06T09:00", "5 working_day",
        ("2024-05-07T10:00", "2024-05-10T16:00"), ("2024-05-08T10:00", "2024-05-11T10:00"),
        cutoff=Cutoff(at=time(15), moves="start", citation=LAW),
    )  # fmt: skip
    # counted: Tuesday 7, then from Tuesday 14 on, because Monday 13 is the day of resumption
    assert found.days.tolist() == [date(2024, 5, 17)]


def test_a_restart_that_is_open_on_the_due_day_leaves_the_whole_limit() -> None:
    """The supplement asked for on the due day itself will begin the two days anew."""
    found = due(
        "2024-05-06T09:00", "2 working_day", ("2024-05-08T10:00", "NaT"), reason="restart_0"
    )
    assert found.days.tolist() == [None]
    assert str(found.remaining(0)) == "2 working_day"


def test_a_suspension_that_was_ignored_holds_the_count_that_begins_anew() -> None:
    """Two days from Monday 6 May 2024 end on Wednesday 17:00; just then a supplement is asked for.

    The payment asked for at 17:30 comes too late and is ignored. On Friday the supplement begins
    the two days anew, and the payment, open until Monday 13, is taken out of them: 14 and 15 May.
    """
    spans = [
        (0, "2024-05-08T17:00", "2024-05-10T09:00"), (0, "2024-05-08T17:30", "2024-05-13T10:00"),
    ]  # fmt: skip
    start, reasons = moments("2024-05-06T09:00"), np.array(["restart_0", "suspend_0"])
    found = due_dates(
        calendar_of(), start, 2, "working_day", rules=RULES,
        suspensions=stays(*spans, reason=reasons),
    )  # fmt: skip
    assert found.due.tolist() == [datetime(2024, 5, 15, 17)]  # noqa: DTZ001
    spans[1] = (*spans[1][:2], "NaT")
    found = due_dates(
        calendar_of(), start, 2, "working_day", rules=RULES,
        suspensions=stays(*spans, reason=reasons),
    )  # fmt: skip
    assert found.due.tolist() == [None]
    assert str(found.remaining(0)) == "2 working_day"


@pytest.mark.parametrize(
    ("until", "due_moment"),
    [
        ("2024-05-08T16:00", datetime(2024, 5, 8, 17)),  # noqa: DTZ001
        ("2024-05-10T10:00", datetime(2024, 5, 10, 17)),  # noqa: DTZ001
        ("2024-05-10T17:00", datetime(2024, 5, 13, 17)),  # noqa: DTZ001
        ("NaT", None),
    ],
)
def test_an_end_at_which_the_clock_stands_still_waits_for_it(
    until: str, due_moment: datetime | None
) -> None:
    """Due on Wednesday 8 May 2024 at 17:00, suspended that day at 10:00."""
    found = due("2024-05-06T09:00", "2 working_day", ("2024-05-08T10:00", until))
    assert found.due.tolist() == [due_moment]
    if due_moment is None:
        assert str(found.remaining(0)) == "0 working_day"


def test_whole_days_come_before_a_part_of_a_day() -> None:
    """One and a half from Monday: all of Tuesday 7 May 2024, and 225 of the 450 minutes of the 8th.

    Suspended on the 8th from 08:00 to 09:00, it ends an hour of work later: 14:15, after the break.
    """
    for spans, wanted in (
        ([], datetime(2024, 5, 8, 11, 15)),  # noqa: DTZ001
        ([(0, "2024-05-08T08:00", "2024-05-08T09:00")], datetime(2024, 5, 8, 14, 15)),  # noqa: DTZ001
        ([(0, "2024-05-06T10:00", "2024-05-07T09:00")], datetime(2024, 5, 9, 11, 15)),  # noqa: DTZ001
    ):
        found = due_dates(
            calendar_of(), moments("2024-05-06T09:00"), 3, "working_day", denominator=2,
            rules=RULES, suspensions=stays(*spans),
        )  # fmt: skip
        assert found.due.tolist() == [wanted]


def test_what_is_left_of_whole_days_and_a_part_is_both() -> None:
    """Two and a half from Monday, suspended on Tuesday: Tuesday counts, one and a half are left."""
    found = due_dates(
        calendar_of(), moments("2024-05-06T09:00"), 5, "working_day", denominator=2, rules=RULES,
        suspensions=stays((0, "2024-05-07T10:00", "NaT")),
    )  # fmt: skip
    assert str(found.remaining(0)) == "1.5 working_day"


def test_a_restart_forgets_what_was_taken_out_of_the_old_count() -> None:
    """The hour lost on Wednesday 8 May 2024 is no part of the day and a half from Friday on."""
    found = due_dates(
        calendar_of(), moments("2024-05-06T09:00"), 3, "working_day", denominator=2, rules=RULES,
        suspensions=stays(
            (0, "2024-05-08T08:00", "2024-05-08T09:00"),
            (0, "2024-05-08T10:00", "2024-05-10T09:00"),
            reason=np.array(["suspend_0", "restart_0"]),
        ),
    )  # fmt: skip
    assert found.due.tolist() == [datetime(2024, 5, 14, 11, 15)]  # noqa: DTZ001


def test_after_a_restart_an_older_suspension_takes_out_nothing_from_before() -> None:
    """The payment, open from Monday to Wednesday noon, is open since the supplement of 09:00.

    So Wednesday 8 May 2024 is the day of suspension, which counts, and a result of the same day is
    due on it.
    """
    own = stays(
        (0, "2024-05-06T10:00", "2024-05-08T12:00"), (0, "2024-05-06T11:00", "2024-05-08T09:00"),
        reason=np.array(["suspend_0", "restart_0"]),
    )  # fmt: skip
    start = moments("2024-05-06T09:00")
    found = due_dates(calendar_of(), start, 0, "working_day", rules=RULES, suspensions=own)
    assert found.due.tolist() == [datetime(2024, 5, 8, 17)]  # noqa: DTZ001


def test_a_day_that_two_suspensions_take_out_is_taken_out_once() -> None:
    """With a cut-off, Friday 10 May 2024 16:00 counts as Monday, and the next began on Saturday.

    Out are Wednesday 8 to Tuesday 14; counted are the 7th, 15th, 16th, 17th and 20th.
    """
    found = due(
        "2024-05-06T09:00", "5 working_day",
        ("2024-05-07T10:00", "2024-05-10T16:00"), ("2024-05-11T10:00", "2024-05-14T10:00"),
        cutoff=Cutoff(at=time(15), moves="start", citation=LAW),
    )  # fmt: skip
    assert found.days.tolist() == [date(2024, 5, 20)]


def test_a_cutoff_says_nothing_about_a_day_off() -> None:
    """Saturday 11 May 2024 16:00 is Saturday: counted are the 7th and the 13th to the 16th."""
    found = due(
        "2024-05-06T09:00", "5 working_day", ("2024-05-07T10:00", "2024-05-11T16:00"),
        cutoff=Cutoff(at=time(15), moves="start", citation=LAW),
    )  # fmt: skip
    assert found.days.tolist() == [date(2024, 5, 16)]


@pytest.mark.parametrize("unit", ["working_hour", "hour"])
def test_hours_of_a_receipt_after_the_cutoff_run_from_the_next_opening(unit: str) -> None:
    """Monday 6 May 2024 16:00 is after 15:00: two hours from Tuesday 07:30."""
    cutoff = Cutoff(at=time(15), moves="start", citation=LAW)
    found = due("2024-05-06T16:00", f"2 {unit}", cutoff=cutoff)
    assert found.due.tolist() == [datetime(2024, 5, 7, 9, 30)]  # noqa: DTZ001
    # suspended before the count began, until an hour after
    found = due(
        "2024-05-06T16:00", f"2 {unit}", ("2024-05-06T17:00", "2024-05-07T08:30"), cutoff=cutoff
    )
    assert found.due.tolist() == [datetime(2024, 5, 7, 10, 30)]  # noqa: DTZ001


def test_the_same_day_ends_with_the_closing_of_the_office() -> None:
    """Nobody can be due before having been asked: at 17:00 it is the next working day."""
    received = moments("2024-05-06T16:59", "2024-05-06T17:00")
    found = due_dates(calendar_of(), received, 0, "working_day", rules=RULES)
    assert found.days.tolist() == [date(2024, 5, 6), date(2024, 5, 7)]


@pytest.mark.parametrize("reason", ["suspend_0", "restart_0"])
def test_a_suspension_after_the_end_revives_nothing(reason: str) -> None:
    """Two working days from Monday end on Wednesday 8 May 2024 at 17:00; 17:01 is too late."""
    late = due(
        "2024-05-06T09:00", "2 working_day", ("2024-05-08T17:01", "2024-05-20T09:00"), reason=reason
    )
    assert late.days.tolist() == [date(2024, 5, 8)]
    open_ = due("2024-05-06T09:00", "2 working_day", ("2024-05-08T17:01", "NaT"), reason=reason)
    assert open_.days.tolist() == [date(2024, 5, 8)]


def test_a_restart_counts_the_whole_limit_from_the_supplement() -> None:
    """Decree 118/2025 art. 19(5): the supplement of 20 May 2024 begins the five days anew."""
    found = due(
        "2024-05-06T09:00", "5 working_day", ("2024-05-08T10:00", "2024-05-20T09:00"),
        reason="restart_0",
    )  # fmt: skip
    assert found.days.tolist() == [date(2024, 5, 27)]
    shipped = due_dates(
        calendar_of(),
        moments("2026-03-02T09:00"),
        5,
        Unit.WORKING_DAY,
        rules=shipped_rules(on=date(2026, 3, 2)),
        suspensions=Suspensions(
            row=[0], since=moments("2026-03-04T10:00"), until=moments("2026-03-16T09:00")
        ),
    )
    assert shipped.days.tolist() == [date(2026, 3, 23)]


@pytest.mark.parametrize(
    ("limit", "since", "reason", "left"),
    [
        ("5 working_day", "2024-05-08T10:00", "suspend_0", "3 working_day"),
        ("5 working_day", "2024-05-08T10:00", "restart_0", "5 working_day"),
        ("10 day", "2024-05-08T10:00", "suspend_0", "8 day"),
        ("1 month", "2024-05-08T10:00", "suspend_0", "29 day"),
        ("1 month", "2024-05-08T10:00", "restart_0", "1 month"),
        ("10 working_hour", "2024-05-06T10:00", "suspend_0", "9 working_hour"),
        ("10 hour", "2024-05-06T10:30", "suspend_0", "8.5 hour"),
    ],
)
def test_an_open_suspension_leaves_a_remainder_and_no_date(
    limit: str, since: str, reason: str, left: str
) -> None:
    """From Monday 6 May 2024 09:00, by hand; the day of suspension itself still counts."""
    found = due("2024-05-06T09:00", limit, (since, "NaT"), reason=reason)
    assert np.isnat(found.due[0])
    assert np.isnat(found.days[0])
    assert found.suspended.tolist() == [True]
    assert str(found.remaining(0)) == left


def test_a_month_ends_on_its_day_number_or_the_last_day() -> None:
    """Civil Code art. 148(3): 31 January 2024 + 1 month is 29 February; + 2 is Sunday 31 March."""
    found = due_dates(
        calendar_of(), moments("2024-01-31T09:00", "2024-01-31T09:00"), [1, 2], "month", rules=RULES
    )
    assert found.days.tolist() == [date(2024, 2, 29), date(2024, 4, 1)]


def test_a_second_after_the_cutoff_is_after_it() -> None:
    """15:00:00 is in time, 15:00:01 waits for the next working day."""
    rules = rules_of(cutoff=Cutoff(at=time(15), moves="start", citation=LAW))
    received = moments("2024-05-06T15:00:00", "2024-05-06T15:00:01", unit="s")
    found = due_dates(calendar_of(), received, 1, "working_day", rules=rules)
    assert found.days.tolist() == [date(2024, 5, 7), date(2024, 5, 8)]
    for hour in (time(15), time(14, 59, 59)):
        minutes = moments("2024-05-06T14:59", "2024-05-06T15:01")
        rules = rules_of(cutoff=Cutoff(at=hour, moves="result", citation=LAW))
        same_day = due_dates(calendar_of(), minutes, 0, "working_day", rules=rules)
        assert same_day.days.tolist() == [date(2024, 5, 6), date(2024, 5, 7)]
    same_day = due_dates(
        calendar_of(), received, 0, "working_day", rules=RULES, same_day_until=time(15)
    )
    assert same_day.days.tolist() == [date(2024, 5, 6), date(2024, 5, 7)]


# -- the same as one at a time -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A suspension of one dossier."""

    since: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row."""

    received: datetime
    limit: TimeLimit
    spans: tuple[Span, ...]


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Make a calendar of 60 to 400 days with days off, worked and half worked at random."""
    first = date(2024, 1, 1)
    last = first + timedelta(days=draw(st.sampled_from([60, 200, 400])))
    days = st.dates(first, last)
    marked = draw(st.lists(st.tuples(days, st.integers(0, 2)), unique_by=lambda d: d[0]))
    change = draw(st.dates(first + timedelta(days=1), last))
    hours = Timeline([
        (Period(start=None, end=change), draw(st.sampled_from(HOURS))),
        (Period(start=change), draw(st.sampled_from(HOURS))),
    ])  # fmt: skip
    return WorkCalendar.from_days(
        first,
        last,
        off=[day for day, kind in marked if kind == 0],
        work=[day for day, kind in marked if kind == 1],
        half=[day for day, kind in marked if kind == 2],
        weekly_rest=draw(st.sets(st.integers(0, 6))),
        hours=hours,
    )


@st.composite
def cutoffs(draw: st.DrawFn) -> Cutoff | None:
    """Make a cut-off, or none."""
    moves = draw(st.sampled_from(["none", "start", "result", "transfer"]))
    at = draw(st.sampled_from([time(15), time(11, 30), time(16, 59, 59), time(0)]))
    return None if moves == "none" else Cutoff(at=at, moves=moves, citation=LAW)


readings = st.fixed_dictionaries(
    {
        "suspension_days": st.sampled_from(["first_counts", "last_counts", "neither_counts"]),
        "receipt_on_day_off": st.sampled_from(["as_it_is", "next_working_day"]),
        "end_on_day_off": st.sampled_from(["next_working_day", "stays"]),
        "end_of_day": st.sampled_from(["closing", "midnight"]),
        "cutoff_on_start": st.booleans(),
        "cutoff_on_resumption": st.booleans(),
        "cutoff": cutoffs(),
    }
)
limits = st.one_of(
    st.builds(TimeLimit.of, st.integers(1, 30), st.just(Unit.DAY)),
    st.builds(TimeLimit.of, st.integers(1, 3), st.just(Unit.MONTH)),
    st.builds(TimeLimit.of, st.integers(0, 20), st.just(Unit.WORKING_DAY)),
    st.builds(
        TimeLimit.of,
        st.builds(Fraction, st.integers(0, 30), st.sampled_from([1, 2, 3, 4])),
        st.sampled_from([Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.HOUR]),
    ),
)


@st.composite
def cases(draw: st.DrawFn, calendar: WorkCalendar, rules: ClockRules) -> Case:
    """Make a row with up to five suspensions, which overlap, touch, or last no time at all."""
    second = st.sampled_from([0, 30] if draw(st.booleans()) else [0])
    reach = draw(st.sampled_from([1, 5, 40])) * 1440

    def moment(after: datetime, minutes: int) -> datetime:
        return after + timedelta(minutes=draw(st.integers(0, minutes)), seconds=draw(second))

    received = moment(datetime(2024, 1, 1), draw(st.sampled_from([2, 30, 390])) * 1440)  # noqa: DTZ001
    plain = Case(received=received, limit=draw(limits), spans=())
    ends, _ = one_by_one(plain, calendar, rules) or (received, "")
    # what matters happens on the day of receipt and on the due day
    seen = [received, ends, ends + timedelta(minutes=1), ends.replace(hour=0, minute=0)]
    seen = [at for at in seen if at >= received]
    spans: list[Span] = []
    for number in range(draw(st.integers(0, 5))):
        since = draw(st.sampled_from([*seen, moment(received, reach)]))
        length = draw(st.sampled_from([0, 600, reach // 2]))
        until = None if draw(st.integers(0, 7)) == 0 else moment(since, length)
        effect = draw(st.sampled_from(["suspend", "restart", "none"]))
        spans.append(Span(since=since, until=until, reason=f"{effect}_{number}"))
        seen += [since] if until is None else [since, until]
    return Case(received=received, limit=plain.limit, spans=tuple(spans))


def parts_of(limit: TimeLimit) -> str:
    """Write a limit as it is counted, the whole days before the part."""
    return str(TimeLimit(parts=counted_parts(limit)))


def one_by_one(case: Case, calendar: WorkCalendar, rules: ClockRules) -> tuple[Any, str] | None:
    """Return the due moment and what is left; ``None`` where the count leaves the calendar."""
    found: list[tuple[datetime, int, ClockMark]] = []
    for span in sorted(case.spans, key=lambda item: item.since):
        since = span.since.replace(tzinfo=VIETNAM)
        found.append((since, 1, ClockMark(kind="suspend", at=since, reason=span.reason)))
        if span.until is not None:
            until = span.until.replace(tzinfo=VIETNAM)
            order = 2 if until == since else 0
            found.append((until, order, ClockMark(kind="resume", at=until, reason=span.reason)))
    marks = [entry[2] for entry in sorted(found, key=lambda entry: entry[:2])]
    start = ClockMark(kind="start", at=case.received.replace(tzinfo=VIETNAM))
    try:
        deadline = compute_deadline(
            case.limit, marks=[start, *marks], calendar=calendar, rules=rules
        )
    except CalendarNotCovered:
        return None
    at = None if deadline.due is None else deadline.due.replace(tzinfo=None)
    return at, parts_of(deadline.remaining)


def at_once(rows: list[Case], calendar: WorkCalendar, rules: ClockRules) -> list[tuple[Any, str]]:
    """Compute rows as columns; the suspensions stand in the order of the rows turned round."""
    flat = [(row, span) for row, case in enumerate(rows) for span in case.spans]
    flat.sort(key=lambda item: -item[0])
    parts = [case.limit.parts[0] for case in rows]
    known = [case.received for case in rows] + [span.since for _, span in flat]
    known += [span.until for _, span in flat if span.until is not None]
    fine = "datetime64[s]" if any(at.second for at in known) else "datetime64[m]"
    found = due_dates(
        calendar,
        np.array([case.received for case in rows], fine),
        np.array([part.length.numerator for part in parts], np.int64),
        [part.unit.value for part in parts],
        denominator=np.array([part.length.denominator for part in parts], np.int64),
        rules=rules,
        suspensions=Suspensions(
            row=np.array([row for row, _ in flat], np.int64),
            since=np.array([span.since for _, span in flat], fine),
            until=np.array([span.until for _, span in flat], fine),
            reason=np.array([REASONS.index(span.reason) for _, span in flat], np.int64),
            reasons=REASONS,
        ),
    )
    due_moments = [None if np.isnat(at) else at.item() for at in found.due]
    return [(at, parts_of(found.remaining(row))) for row, at in enumerate(due_moments)]


@given(calendars(), readings, st.data())
def test_columns_answer_as_single_dossiers_do(
    calendar: WorkCalendar, chosen: dict[str, Any], data: st.DataObject
) -> None:
    """Due moment and remainder on every row, for every reading, limit and suspension."""
    rules = rules_of(**chosen)
    rows = data.draw(st.lists(cases(calendar, rules), min_size=1, max_size=12))
    wanted = {row: one_by_one(case, calendar, rules) for row, case in enumerate(rows)}
    inside = [row for row, answer in wanted.items() if answer is not None]
    found = at_once([rows[row] for row in inside], calendar, rules)
    assert found == [wanted[row] for row in inside]
    for row in [row for row, answer in wanted.items() if answer is None]:
        with pytest.raises(CalendarNotCovered):
            at_once([rows[row]], calendar, rules)


def test_a_count_past_the_calendar_that_a_restart_makes_forgotten_is_not_asked_for() -> None:
    """Tuesday 2 January 2024 is the last day that is worked, and it was past the cut-off.

    A suspension that ends then goes on with a day that nobody knows. A restart at the same moment
    makes that count forgotten, and the clock is suspended still: the whole day is left.
    """
    first = date(2024, 1, 1)
    calendar = WorkCalendar.from_days(
        first, date(2024, 3, 1), work=[date(2024, 1, 2)], weekly_rest=range(7),
        hours=Timeline([(Period(start=None), HOURS[0])]),
    )  # fmt: skip
    rules = rules_of(cutoff=Cutoff(at=time(15), moves="start", citation=LAW), cutoff_on_start=False)
    late = datetime(2024, 1, 2, 17)  # noqa: DTZ001
    spans = (
        Span(since=late, until=late, reason="suspend_0"),
        Span(since=datetime(2024, 1, 1), until=None, reason="suspend_1"),  # noqa: DTZ001
        Span(since=late, until=late, reason="restart_3"),
    )
    limit = TimeLimit.of(1, Unit.DAY)
    case = Case(received=datetime(2024, 1, 1), limit=limit, spans=spans)  # noqa: DTZ001
    assert one_by_one(case, calendar, rules) == (None, "1 day")
    assert at_once([case], calendar, rules) == [(None, "1 day")]


@pytest.mark.parametrize(
    ("limit", "left"),
    [
        # 1 March to 1 May: the 1st of March does not count, 61 days to the end
        (TimeLimit.of(2, Unit.MONTH), "61 day"),
        (TimeLimit.of(60, Unit.DAY), "60 day"),
        # Friday 1 March after its closing: all of them are left
        (TimeLimit.of(60, Unit.WORKING_DAY), "60 working_day"),
        (TimeLimit.of(300, Unit.WORKING_HOUR), "300 working_hour"),
        (TimeLimit.of(Fraction(31, 2), Unit.WORKING_DAY), "15 working_day + 0.5 working_day"),
    ],
)
@pytest.mark.parametrize("asked_first", [True, False])
def test_what_is_left_on_the_last_day_of_the_calendar_needs_no_further_day(
    limit: TimeLimit, left: str, *, asked_first: bool
) -> None:
    """Begun anew at the last closing and stopped for a payment: the end is past the calendar.

    Whether the payment was asked for a minute sooner or at the moment itself changes nothing.
    """
    last = datetime(2024, 3, 1, 17)  # noqa: DTZ001
    calendar = WorkCalendar.from_days(
        date(2023, 11, 1), last.date(), hours=Timeline([(Period(start=None), HOURS[0])])
    )
    spans = (
        Span(since=datetime(2024, 1, 3, 9), until=last, reason="restart_0"),  # noqa: DTZ001
        Span(since=last - timedelta(minutes=asked_first), until=None, reason="suspend_1"),
    )
    case = Case(received=datetime(2024, 1, 2, 9), limit=limit, spans=spans)  # noqa: DTZ001
    assert one_by_one(case, calendar, RULES) == (None, left)
    assert at_once([case], calendar, RULES) == [(None, left)]
    running = replace(case, spans=spans[:1])
    assert one_by_one(running, calendar, RULES) is None
    with pytest.raises(CalendarNotCovered):
        at_once([running], calendar, RULES)


def test_a_column_longer_than_a_block_is_answered_whole() -> None:
    """40,001 rows of all units, with suspensions, are what the first 500 are, again and again."""
    size, few = 40_001, 500
    draw = np.random.default_rng(20260822)
    start = moments("2024-01-02T08:00")[0] + draw.integers(0, 500_000, few).astype("m8[m]")
    units, lengths = draw.integers(0, len(Unit), few), draw.integers(1, 9, few)
    since = start + draw.integers(0, 5_000, few).astype("m8[m]")
    until = since + draw.integers(0, 5_000, few).astype("m8[m]")
    place = np.arange(size) % few

    def answer(rows: Any) -> DueDates:  # noqa: ANN401 - a NumPy array
        own = Suspensions(
            row=np.arange(len(rows)), since=since[rows], until=until[rows], reason="suspend_0"
        )
        return due_dates(
            calendar_of(), start[rows], lengths[rows], units[rows], rules=RULES, suspensions=own
        )

    assert (answer(place).due == answer(np.arange(few)).due[place]).all()


# -- what is taken -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        lambda values: np.array(values, "datetime64[m]"),
        lambda values: np.array(values, "datetime64[s]"),
        lambda values: np.array(values, "datetime64[ns]"),
        lambda values: pd.Series(pd.to_datetime(values)),
        pl.Series,
        lambda values: pl.Series(values).cast(pl.Datetime("ms")),
        pa.array,
        lambda values: pa.chunked_array([pa.array(values), pa.array([], pa.timestamp("us"))]),
    ],
)
def test_columns_of_every_library_are_taken(make: Callable[[list[Any]], Any]) -> None:
    """NumPy, pandas, Polars and Arrow give one answer, and a missing end is an open suspension."""
    at = [datetime(2024, 5, 6, 9), datetime(2024, 5, 6, 9)]  # noqa: DTZ001 - columns have no zone
    own = Suspensions(
        row=pl.Series([0, 1]),
        since=make([datetime(2024, 5, 7, 10)] * 2),  # noqa: DTZ001
        until=make([datetime(2024, 5, 9, 10), None]),  # noqa: DTZ001
        reason=pl.Series(["suspend_0", "restart_0"]),
    )
    found = due_dates(
        calendar_of(), make(at), pa.array([5, 5]), pl.Series(["working_day"] * 2), rules=RULES,
        suspensions=own,
    )  # fmt: skip
    assert found.days.tolist() == [date(2024, 5, 15), None]
    assert str(found.remaining(1)) == "5 working_day"


def test_days_stand_for_their_midnight_and_for_the_receipt_on_its_day() -> None:
    """A table without hours is counted in days, and a suspension on the day of receipt is taken."""
    days = moments("2024-05-06", unit="D")
    own = Suspensions(
        row=[0], since=days, until=moments("2024-05-08", unit="D"), reason="suspend_0"
    )
    for received in (days, moments("2024-05-06T09:00")):
        found = due_dates(calendar_of(), received, 5, "working_day", rules=RULES, suspensions=own)
        assert found.days.tolist() == [date(2024, 5, 15)]
    with pytest.raises(MomentError, match="Row 1: 3 working_hour cannot be counted from a day"):
        due_dates(calendar_of(), days.repeat(2), 3, ["working_day", "working_hour"], rules=RULES)
    with pytest.raises(MomentError, match="Row 0: 1/2 working_day cannot be counted from a day"):
        due_dates(calendar_of(), days, 1, "working_day", denominator=2, rules=RULES)


def test_suspensions_can_be_given_as_lists_are_kept_in_arrow() -> None:
    """Offsets 0, 0, 2, 3: none of row 0, two of row 1, one of row 2."""
    since = pa.array(
        [[], [datetime(2024, 5, 7), datetime(2024, 5, 9)], [datetime(2024, 5, 8)]],  # noqa: DTZ001
        pa.list_(pa.timestamp("us")),
    )
    own = Suspensions.flat(
        since.offsets, since.values, pa.nulls(3, pa.timestamp("us")), reason="suspend_0"
    )
    assert own.row.tolist() == [1, 1, 2]
    with pytest.raises(FrameError, match="offsets of the suspensions do not fit"):
        Suspensions.flat([0, 2], since.values, since.values)
    with pytest.raises(FrameError, match="from 0 to 3"):
        Suspensions.flat([0, 2, 1, 3], since.values, since.values)


def test_what_happened_after_a_moment_is_not_known_by_it() -> None:
    """By 8 May one suspension is open still and the next has not begun."""
    own = stays(
        (0, "2024-05-07T10:00", "2024-05-09T10:00"), (0, "2024-05-10T10:00", "NaT"),
        (1, "2024-05-07T10:00", "2024-05-08T09:00"),
    )  # fmt: skip
    then = own.known_by(np.datetime64("2024-05-08T09:00"))
    assert then.row.tolist() == [0, 1]
    assert np.isnat(then.until).tolist() == [True, False]
    each = own.known_by(moments("NaT", "2024-05-07T09:00"))
    assert each.row.tolist() == [0, 0]
    assert np.isnat(each.until).tolist() == [False, True]


def test_a_limit_that_is_not_stated_has_no_due_date_and_no_remainder() -> None:
    """Not stated is a value of its own; an open suspension changes nothing about it."""
    found = due_dates(
        calendar_of(),
        moments("2024-05-06T09:00", "2024-05-06T09:00"),
        [0, 1],
        ["not_stated", "working_day"],
        denominator=[0, 1],
        rules=RULES,
        suspensions=stays((0, "2024-05-07T10:00", "NaT")),
    )
    assert found.days.tolist() == [None, date(2024, 5, 7)]
    assert found.suspended.tolist() == [False, False]
    assert found.remaining(0) == NOT_STATED


def test_no_rows_and_no_suspensions_are_fine() -> None:
    """Empty columns give empty answers."""
    empty = moments()
    own = Suspensions(row=np.array([], np.int64), since=empty, until=empty)
    found = due_dates(calendar_of(), empty, 5, "working_day", rules=RULES, suspensions=own)
    assert found.due.tolist() == []
    assert found.due.dtype == np.dtype("datetime64[m]")


# -- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ((1, "2024-05-08T10:00", "2024-05-08T09:59"), "Row 1: .* ends before it begins"),
        ((1, "2024-05-06T08:59", "2024-05-08T09:59"), "Row 1: .* begins before the receipt"),
        ((1, "NaT", "2024-05-08T09:59"), "column since at position 1 is missing"),
    ],
)
def test_a_suspension_that_runs_backwards_is_refused_with_its_row(
    span: tuple[int, str, str], said: str
) -> None:
    """The row is that of the dossier."""
    own = stays((0, "2024-05-07T10:00", "2024-05-07T10:00"), span)
    received = moments("2024-05-06T09:00", "2024-05-06T09:00")
    with pytest.raises(MomentError, match=said):
        due_dates(calendar_of(), received, 5, "day", rules=RULES, suspensions=own)


@pytest.mark.parametrize(
    ("received", "said"),
    [
        (moments("2024-05-06T09:00", "NaT"), "column received at position 1 is missing"),
        (pl.Series([datetime(2024, 5, 6, 9, tzinfo=VIETNAM)]), "time zone Asia/Ho_Chi_Minh"),
        (pa.array([None], pa.timestamp("us", "UTC")), "time zone UTC"),
        ([datetime(2024, 5, 6, 9)], "is no moment"),  # noqa: DTZ001
        (["2024-05-06T09:00"], "is no moment"),
        ([1], "is no moment"),
    ],
)
def test_what_is_not_a_column_of_moments_is_refused(received: object, said: str) -> None:
    """Missing values, time zones, text and Python objects are not guessed at."""
    with pytest.raises(MomentError, match=said):
        due_dates(calendar_of(), received, 5, "working_day", rules=RULES)


@pytest.mark.parametrize(
    ("length", "unit", "denominator", "said"),
    [
        ([5, 5], ["working_day", "week"], 1, "Row 1: there is no unit 'week'"),
        ([5, 5], [0, 9], 1, "Row 1: there is no unit '9'"),
        ([5, -1], "working_day", 1, "Row 1: a limit of -1 working_day"),
        ([5, 3661], "working_day", 1, "Row 1: a limit of 3661 working_day"),
        ([5, 0], "day", 1, "Row 1: a limit of 0 day"),
        ([2, 3], "month", 2, "Row 1: a limit of 3/2 month"),
        ([2, 3], "hour", [1, 0], "Row 1: a limit of 3/0 hour"),
    ],
)
def test_a_limit_that_cannot_be_counted_is_refused_with_its_row(
    length: object, unit: object, denominator: object, said: str
) -> None:
    """Nothing is guessed."""
    received = moments("2024-05-06T09:00", "2024-05-06T09:00")
    with pytest.raises(TimeLimitError, match=said):
        due_dates(calendar_of(), received, length, unit, denominator=denominator, rules=RULES)


@pytest.mark.parametrize(
    ("received", "limit", "spans"),
    [
        ("2009-12-31T09:00", "1 hour", ()),
        ("2026-12-31T09:00", "1 working_day", ()),
        ("2026-12-31T09:00", "1 day", ()),
        ("2026-12-31T16:00", "2 working_hour", ()),
        ("2026-12-30T09:00", "2 working_day", (("2026-12-30T10:00", "2027-01-05T09:00"),)),
    ],
)
def test_the_first_row_outside_the_calendar_is_named(
    received: str, limit: str, spans: tuple[tuple[str, str], ...]
) -> None:
    """Nothing wraps round and nothing is clipped; the row counts over all blocks."""
    length, unit = limit.split()
    start = np.full(40_000, np.datetime64("2024-05-06T09:00"))
    start[39_000:] = np.datetime64(received)
    own = stays(*((39_000, *span) for span in spans), *((39_001, *span) for span in spans))
    with pytest.raises(CalendarNotCovered, match=f"Row 39000, {limit} from {received}"):
        due_dates(calendar_of(), start, int(length), unit, rules=RULES, suspensions=own)


def test_columns_that_do_not_fit_together_are_refused() -> None:
    """Another length, another shape, a row that is not there, a number that is not whole."""
    two = moments("2024-05-06T09:00", "2024-05-06T09:00")
    with pytest.raises(FrameError, match="column length has 3 values for 2 rows"):
        due_dates(calendar_of(), two, [1, 2, 3], "day", rules=RULES)
    with pytest.raises(FrameError, match="2 dimensions"):
        due_dates(calendar_of(), two[:, None], 1, "day", rules=RULES)
    with pytest.raises(FrameError, match="not whole"):
        due_dates(calendar_of(), two, 0.5, "working_day", rules=RULES)
    with pytest.raises(FrameError, match="position 0 belongs to row 2"):
        due_dates(calendar_of(), two, 1, "day", rules=RULES, suspensions=stays((2, "2025", "2026")))
    own = Suspensions(row=[0, 1], since=two, until=two[:1])
    with pytest.raises(FrameError, match="column until has 1 values for 2 rows"):
        due_dates(calendar_of(), two, 1, "day", rules=RULES, suspensions=own)
    own = stays((0, "2024-05-07", "2024-05-08"), reason=np.array([1]))
    with pytest.raises(FrameError, match="not in the list of"):
        due_dates(
            calendar_of(), two, 1, "day", rules=rules_of(),
            suspensions=Suspensions(
                row=own.row, since=own.since, until=own.until, reason=[1], reasons=["suspend_0"]
            ),
        )  # fmt: skip
