"""Edges of the legal clock: sums of units, hours of the day, remainders, and the proof row by row.

Every expected value was counted on a paper calendar of May 2024: Monday 6 May begins a plain week;
Monday 29 April was off for the make-up Saturday of 4 May; work is 07:30-11:30 and 13:30-17:00.
Each test stands for a change of the code that no other test noticed (docs/explanation/mutation.md).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

import pytest

from igate.calendar import WorkCalendar
from igate.deadlines.deadline import clock_state, compute_deadline
from igate.deadlines.limits import NOT_STATED, Part, TimeLimit, Unit, read_limit
from igate.deadlines.rulefile import shipped_rules
from igate.deadlines.rules import ClockMark, ClockRules, Cutoff, Interruption
from igate.deadlines.whatif import without_each_rule
from igate.errors import IgateError, MomentError, TimeLimitError
from igate.law.citation import Citation, Label
from igate.law.localtime import parse_local
from igate.law.period import Period

if TYPE_CHECKING:
    from collections.abc import Iterable

    from igate.deadlines.deadline import Deadline

LAW = Citation.parse("Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5")
HOUR = Citation.parse("Nghị định 118/2025/NĐ-CP, Điều 17 khoản 2")
READ = Citation.parse("Nghị định 118/2025/NĐ-CP, Điều 19 khoản 6")
#: how the rows of a proof are cited
FIRST = "Bộ luật Dân sự 2015, Điều 147 khoản 2"
MOMENT = "Bộ luật Dân sự 2015, Điều 147 khoản 1"
LAST = "Bộ luật Dân sự 2015, Điều 148 khoản 5"
HOLIDAY = "Bộ luật Lao động 2019, Điều 112"
REST = "Bộ luật Lao động 2019, Điều 111 (giả định)"
SWAP = "Công văn 2450/VPCP-KGVX"
SUSPENDED = "Suspended: supplement"
RECEIPT = "Day of receipt, not counted"
WEEKEND = "Weekly rest day"


@lru_cache(maxsize=2)
def vietnam(make_up: str = "full") -> WorkCalendar:
    return WorkCalendar.vietnam(make_up="morning" if make_up == "morning" else "full")


def cutoff(moves: str, hour: int = 15) -> Cutoff:
    return Cutoff(at=time(hour), moves=moves, citation=HOUR)


def rules_of(effect: str = "suspend", **readings: object) -> ClockRules:
    """Rules that do one thing to supplements, and suspend for payments."""
    why = Interruption(effect=effect, citation=LAW, label=Label(vi="bổ sung", en="supplement"))
    rules = ClockRules(
        name="test", label=Label(vi="thử", en="test"), period=Period(start=None), citation=LAW,
        interruptions={
            "supplement": why,
            "payment": replace(why, effect="suspend"),
            "opinion": replace(why, effect="none", citation=READ),
        },
        readings={"replace": READ, "receipt_on_day_off": READ, "end_on_day_off": READ},
    )  # fmt: skip
    return replace(rules, **readings)


def mark_of(text: str) -> ClockMark:
    """Read ``kind reason moment``, then a new date of ``replace`` or a length of ``extend``."""
    kind, reason, at, *rest = text.split(maxsplit=3)
    due = parse_local(rest[0]) if kind == "replace" else None
    limit = TimeLimit.parse(rest[0]) if kind == "extend" else None
    return ClockMark(kind=kind, at=parse_local(at), reason=reason.strip("-"), due=due, limit=limit)


def work_out(
    limit: str,
    received: str,
    *marks: str,
    rules: ClockRules | None = None,
    calendar: WorkCalendar | None = None,
) -> Deadline:
    """Count a limit from a receipt, with further marks."""
    start = ClockMark(kind="start", at=parse_local(received))
    return compute_deadline(
        TimeLimit.parse(limit),
        marks=[start, *map(mark_of, marks)],
        calendar=calendar or vietnam(),
        rules=rules or rules_of(),
    )


def proof(deadline: Deadline) -> list[tuple[str, int | None, str, str]]:
    """Return rows of a proof: date, minutes or day number (0: none), reason, citation."""
    return [
        (
            row.date.isoformat(),
            (row.minutes or row.number or 0) if row.counted else None,
            row.why.en,
            str(row.citation or ""),
        )
        for row in deadline.days
    ]


@pytest.mark.parametrize(
    ("limit", "received", "due"),
    [
        # the 7th as a whole, then 07:30-09:30 on the 8th
        ("1 working_day + 2 working_hour", "2024-05-06T09:00", "2024-05-08T09:30"),
        # the 7th as a whole, then five hours from midnight
        ("1 day + 5 hour", "2024-05-06T09:00", "2024-05-08T05:00"),
        # 14:00-17:00 and 07:30-08:30, so the count has come to Tuesday; the next day is Wednesday
        ("4 working_hour + 1 working_day", "2024-05-06T14:00", "2024-05-08T17:00"),
        ("26 hour + 1 day", "2024-05-06T09:00", "2024-05-08T17:00"),
        # nothing added in the evening: it stays where the first part ends, not before
        ("2 hour + 0 working_hour", "2024-05-06T18:00", "2024-05-06T20:00"),
        # "one day and no hours" is one day: it ends with the day, not at the midnight after it
        ("1 working_day + 0 working_hour", "2024-05-06T09:00", "2024-05-07T17:00"),
        ("1 working_day + 0 hour", "2024-05-06T09:00", "2024-05-07T17:00"),
        ("0 working_day + 0 hour", "2024-05-06T09:00", "2024-05-06T17:00"),
        ("1 working_day + 0 working_hour + 1 working_day", "2024-05-06T09:00", "2024-05-08T17:00"),
        # the last part decides about the move: a day does, a working day has no need
        ("1 working_day + 1 day", "2024-05-09T09:00", "2024-05-13T17:00"),
        ("1 day + 1 working_day", "2024-05-10T09:00", "2024-05-13T17:00"),
        ("1 month + 2 working_hour", "2024-05-06T09:00", "2024-06-07T09:30"),
        # half of 450 minutes: 07:30-11:15
        ("0.5 working_day", "2024-05-06T07:30", "2024-05-06T11:15"),
        ("0.5 working_day", "2024-05-11T09:00", "2024-05-13T11:15"),
        # the 7th as a whole, then half of the 8th
        ("1.5 working_day", "2024-05-06T07:30", "2024-05-08T11:15"),
        ("24 hour", "2024-05-06T09:00", "2024-05-07T09:00"),
        # nothing to count: the moment itself, or the opening of the office after it
        ("0 working_hour", "2024-05-05T10:00", "2024-05-06T07:30"),
        ("0 working_hour", "2024-05-06T09:00", "2024-05-06T09:00"),
        ("0 working_hour", "2024-05-06T12:00", "2024-05-06T13:30"),
        ("0 working_hour", "2024-05-06T17:00", "2024-05-07T07:30"),
        ("0 working_hour", "2024-05-06T18:00", "2024-05-07T07:30"),
        ("0 hour", "2024-05-06T12:00", "2024-05-06T12:00"),
        ("0 day", "2024-05-06T12:00", "2024-05-06T17:00"),
    ],
)
def test_a_sum_is_counted_part_after_part(limit: str, received: str, due: str) -> None:
    """After a whole day minutes run from midnight; after minutes days go on from their day."""
    found = work_out(limit, received)
    assert found.due == parse_local(due)
    assert found.days[-1].date == found.due.date()


def test_a_part_of_a_working_day_is_a_share_of_the_day_at_hand() -> None:
    """A make-up morning has 240 minutes: a quarter from 07:30 ends at 08:30, a half at 09:30."""
    calendar = vietnam("morning")
    for share, due in (("1/4", "2024-05-04T08:30"), ("0.5", "2024-05-04T09:30")):
        found = work_out(f"{share} working_day", "2024-05-04T07:30", calendar=calendar)
        assert found.due == parse_local(due)
        assert found.days[-1].minutes == (60 if share == "1/4" else 120)


def test_a_half_day_after_a_whole_one_is_half_of_the_next_working_day() -> None:
    """Friday as a whole, then half of the make-up morning: 120 minutes from 07:30."""
    found = work_out("1.5 working_day", "2024-05-02T09:00", calendar=vietnam("morning"))
    assert found.due == parse_local("2024-05-04T09:30")
    assert [row[:2] for row in proof(found)] == [
        ("2024-05-02", None), ("2024-05-03", 1), ("2024-05-04", 120)
    ]  # fmt: skip


def test_a_half_day_received_on_a_day_off_is_half_of_the_next_working_day() -> None:
    """The next one has 240 minutes, those before and after it 450: 120 minutes from 07:30."""
    calendar = WorkCalendar.from_days(
        date(2024, 5, 1), date(2024, 5, 31), off=[date(2024, 5, 7)], half=[date(2024, 5, 8)]
    )
    found = work_out("0.5 working_day", "2024-05-07T09:00", calendar=calendar)
    assert found.due == parse_local("2024-05-08T09:30")
    assert [row[:2] for row in proof(found)] == [("2024-05-07", None), ("2024-05-08", 120)]


def test_a_half_day_after_hours_is_half_of_the_day_they_end_on() -> None:
    """An hour of Friday, then 225 of its 450 minutes; the make-up morning after it has 240."""
    found = work_out(
        "1 working_hour + 0.5 working_day", "2024-05-03T07:30", calendar=vietnam("morning")
    )
    assert found.due == parse_local("2024-05-03T14:15")
    assert proof(found)[-1][:2] == ("2024-05-03", 225)


def test_a_part_of_a_minute_is_a_minute() -> None:
    """A seventh of 450 minutes is 64.3; the 65th minute from 07:30 ends at 08:35."""
    found = work_out("1/7 working_day", "2024-05-06T07:30")
    assert found.due == parse_local("2024-05-06T08:35")
    assert proof(found) == [("2024-05-06", 65, "65 minutes counted", MOMENT)]


@pytest.mark.parametrize(
    ("limit", "received", "due"),
    [
        ("0 working_day until 15:00", "2024-05-06T15:00", "2024-05-06"),
        # where no hour is named, closing is the hour from which on it is too late
        ("0 working_day", "2024-05-06T16:59", "2024-05-06"),
        ("0 working_day", "2024-05-06T17:00", "2024-05-07"),
        ("0 working_day until 15:00", "2024-05-06T15:01", "2024-05-07"),
        ("0 working_day until 15:00", "2024-05-10T15:30", "2024-05-13"),
        ("0 working_day until 15:00", "2024-05-11T16:00", "2024-05-13"),
    ],
)
def test_a_same_day_result_waits_a_day_after_its_hour(limit: str, received: str, due: str) -> None:
    """After 15 o'clock is after 15:00, not at it; on a day off the next working day is due."""
    found = work_out(limit, received).due
    assert found is not None
    assert found.date() == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("limit", "moves", "due"),
    [
        ("0 working_day", "result", "2024-05-07T17:00"),
        ("0 working_day", "transfer", "2024-05-06T17:00"),
        ("0 working_day", "start", "2024-05-07T17:00"),
        ("1 working_day", "result", "2024-05-07T17:00"),
        ("1 working_day", "start", "2024-05-08T17:00"),
        # a limit of its own hour is asked for by that hour
        ("0 working_day until 16:00", "result", "2024-05-06T17:00"),
        # in days as in working days; hours run from the moment
        ("0 day", "result", "2024-05-07T17:00"),
        ("0 day", "transfer", "2024-05-06T17:00"),
        ("0 working_hour", "result", "2024-05-06T15:30"),
        # the first part says whether it is a same-day limit
        ("3 working_day + 0 working_day", "result", "2024-05-09T17:00"),
        ("0 working_day + 3 hour", "result", "2024-05-08T03:00"),
    ],
)
def test_a_cut_off_moves_what_it_says(limit: str, moves: str, due: str) -> None:
    """Received on Monday at 15:30; the cut-off is at 15:00, of the result, transfer or start."""
    found = work_out(limit, "2024-05-06T15:30", rules=rules_of(cutoff=cutoff(moves)))
    assert found.due == parse_local(due)


def test_a_day_ends_at_closing_or_at_midnight() -> None:
    """23:59 is the last minute of a day; a day off has no closing time."""
    midnight = rules_of(end_of_day="midnight")
    assert work_out("1 working_day", "2024-05-06T09:00", rules=midnight).due == parse_local(
        "2024-05-07T23:59"
    )
    stays = rules_of(end_on_day_off="stays")
    assert work_out("0 day", "2024-05-11T18:00", rules=stays).due == parse_local("2024-05-11T23:59")
    assert work_out("5 day", "2024-05-06T09:00", rules=stays).due == parse_local("2024-05-11T23:59")
    assert work_out("4 day", "2024-05-06T09:00", rules=stays).due == parse_local("2024-05-10T17:00")


def test_the_day_of_receipt_that_counts_is_kept() -> None:
    """After the cut-off on Friday 10 May the receipt counts on Monday 13 May."""
    late = rules_of(cutoff=cutoff("start"))
    found = work_out("1 working_day", "2024-05-10T15:30", rules=late)
    assert found.counted.start_day == date(2024, 5, 13)
    off = rules_of(receipt_on_day_off="next_working_day")
    found = work_out("2 working_hour", "2024-05-11T09:00", rules=off)
    assert found.counted.start_day == date(2024, 5, 13)
    assert work_out("not_stated", "2024-05-11T09:00", rules=off).counted.start_day == date(
        2024, 5, 11
    )


@pytest.mark.parametrize(
    ("limit", "since", "reading", "left"),
    [
        # the 7th, 8th and 9th are used up; the day of the suspension counts
        ("10 working_day", "2024-05-09T09:00", "first_counts", "7 working_day"),
        ("10 working_day", "2024-05-09T09:00", "last_counts", "8 working_day"),
        ("10 day", "2024-05-09T09:00", "first_counts", "7 day"),
        ("10 day", "2024-05-09T09:00", "neither_counts", "8 day"),
        # to 6 June: 22 days of May from the 10th on and 6 of June
        ("1 month", "2024-05-09T09:00", "first_counts", "28 day"),
        ("1 month + 15 working_day", "2024-05-09T09:00", "first_counts", "28 day + 15 working_day"),
        ("2 working_day + 3 day", "2024-05-09T09:00", "first_counts", "2 day"),
        ("1 day + 1 day + 9 day", "2024-05-06T10:00", "first_counts", "1 day + 1 day + 9 day"),
        ("3 working_day", "2024-05-06T10:00", "last_counts", "3 working_day"),
        ("3 day", "2024-05-06T10:00", "last_counts", "3 day"),
        # on the last day itself, which the reading leaves uncounted
        ("3 working_day", "2024-05-09T10:00", "last_counts", "1 working_day"),
        ("3 day", "2024-05-09T10:00", "last_counts", "1 day"),
        ("0 working_day", "2024-05-06T10:00", "last_counts", "1 working_day"),
        ("0 day", "2024-05-06T10:00", "last_counts", "1 day"),
        # nothing of the 7th, the whole day, is used up; on the 8th 90 of 225 minutes are
        ("1.5 working_day", "2024-05-06T09:00", "first_counts", "1 working_day + 0.5 working_day"),
        ("1.5 working_day", "2024-05-08T09:00", "first_counts", "0.3 working_day"),
        ("8 working_hour", "2024-05-06T09:00", "first_counts", "6.5 working_hour"),
        ("8 hour", "2024-05-06T09:00", "first_counts", "6.5 hour"),
        ("1 hour + 4 day", "2024-05-06T07:45", "first_counts", "0.75 hour + 4 day"),
    ],
)
def test_what_is_left_while_the_clock_stands_still(
    limit: str, since: str, reading: str, left: str
) -> None:
    """Received on Monday 6 May at 07:30, suspended without an end."""
    rules = rules_of(suspension_days=reading)
    found = work_out(limit, "2024-05-06T07:30", f"suspend supplement {since}", rules=rules)
    assert found.due is None
    assert found.suspended
    assert str(found.remaining) == left


@pytest.mark.parametrize("limit", ["3 working_day", "3 day"])
@pytest.mark.parametrize(
    ("resumed", "due"),
    [
        ("2024-05-09T15:00", "2024-05-09T17:00"),
        ("2024-05-09T17:00", "2024-05-09T17:00"),
        ("2024-05-09T18:00", "2024-05-10T17:00"),
        ("2024-05-10T17:00", "2024-05-13T17:00"),
        ("2024-05-10T16:59", "2024-05-10T17:00"),
        ("2024-05-11T09:00", "2024-05-13T17:00"),
        ("2024-05-14T09:00", "2024-05-14T17:00"),
    ],
)
def test_a_last_day_that_is_cut_short_ends_with_the_day_of_the_resumption(
    limit: str, resumed: str, due: str
) -> None:
    """Suspended on Thursday the 9th at 10:00, the third day, which counts: its rest is left."""
    since = "suspend supplement 2024-05-09T10:00"
    standing = work_out(limit, "2024-05-06T07:30", since)
    assert (standing.due, str(standing.remaining)) == (None, "0 working_day")
    found = work_out(limit, "2024-05-06T07:30", since, f"resume supplement {resumed}")
    assert found.due == parse_local(due)
    assert found.days[-1].date == found.due.date()


@pytest.mark.parametrize("limit", ["3 working_day", "3 day"])
def test_a_last_day_that_is_used_up_cannot_be_cut_short(limit: str) -> None:
    """At 17:00 the day is over; what is asked for in that minute takes nothing."""
    since = "suspend supplement 2024-05-09T17:00"
    for marks in ((since,), (since, "resume supplement 2024-05-14T09:00")):
        found = work_out(limit, "2024-05-06T07:30", *marks)
        assert found.due == parse_local("2024-05-09T17:00")
        assert found.days[-1].date == date(2024, 5, 9)


@pytest.mark.parametrize(
    ("limit", "reading", "since", "until", "due"),
    [
        # 7 and 8 do not count: 16 May is the tenth of the others
        ("10 day", "last_counts", "05-07T09:00", "05-09T09:00", "05-20T17:00"),
        # 11-20 May are ten days: 16 June is a Sunday
        ("1 month", "first_counts", "05-10T09:00", "05-20T09:00", "06-17T17:00"),
        # the last day itself is taken out
        ("3 day", "last_counts", "05-09T09:00", "05-10T09:00", "05-10T17:00"),
        ("3 working_day", "last_counts", "05-09T09:00", "05-10T09:00", "05-10T17:00"),
        # the day of receipt never counts, so to take it out changes nothing
        ("3 day", "last_counts", "05-06T10:00", "05-07T09:00", "05-09T17:00"),
        ("3 working_day", "last_counts", "05-06T10:00", "05-07T09:00", "05-09T17:00"),
        ("3 day", "last_counts", "05-06T10:00", "05-08T09:00", "05-10T17:00"),
        ("3 working_day", "last_counts", "05-06T10:00", "05-08T09:00", "05-10T17:00"),
        # a same-day result that stood still ends on the first working day after
        ("0 working_day", "last_counts", "05-06T10:00", "05-07T09:00", "05-07T17:00"),
        ("0 working_day", "last_counts", "05-06T10:00", "05-10T09:00", "05-10T17:00"),
        ("0 working_day", "neither_counts", "05-06T10:00", "05-10T09:00", "05-13T17:00"),
        # where neither end counts, an hour of the day of receipt takes that day
        ("0 working_day", "neither_counts", "05-06T10:00", "05-06T11:00", "05-07T17:00"),
        # resumed on the same day: no day lies between
        ("3 working_day", "first_counts", "05-07T09:00", "05-07T10:00", "05-09T17:00"),
        ("3 working_day", "neither_counts", "05-07T09:00", "05-07T10:00", "05-10T17:00"),
        # the second part is not suspended again for what the first has lost: 9; 10, 13 and 14
        ("1 working_day + 3 working_day", "last_counts", "05-07T09:00", "05-09T09:00",
         "05-14T17:00"),
        ("1 day + 5 day", "last_counts", "05-07T09:00", "05-09T09:00", "05-14T17:00"),
        ("1 working_hour + 2 working_hour", "first_counts", "05-06T08:00", "05-06T10:00",
         "05-06T14:30"),
        # minutes of the clock on the wall, and minutes of work
        ("24 hour", "first_counts", "05-06T12:00", "05-06T13:30", "05-07T09:00"),
        ("8 working_hour", "first_counts", "05-06T12:00", "05-06T13:30", "05-07T08:00"),
    ],
)  # fmt: skip
def test_what_a_suspension_takes_out(
    limit: str, reading: str, since: str, until: str, due: str
) -> None:
    """Received on Monday 6 May at 07:30; moments of 2024."""
    rules = rules_of(suspension_days=reading)
    found = work_out(
        limit, "2024-05-06T07:30", f"suspend supplement 2024-{since}",
        f"resume supplement 2024-{until}", rules=rules,
    )  # fmt: skip
    assert found.due == parse_local(f"2024-{due}")
    assert found.days[-1].date == found.due.date()


GAP = ("suspend supplement 2024-05-07T09:00", "resume supplement 2024-05-09T09:00")
TWICE = (
    "suspend supplement 2024-05-07T09:00",
    "suspend payment 2024-05-08T09:00",
    "resume payment 2024-05-09T09:00",
)


def test_a_suspension_inside_another_takes_nothing() -> None:
    """The 8th to the 14th are lost once; three days are 7, 15 and 16 May."""
    found = work_out(
        "3 working_day", "2024-05-06T09:00", *TWICE, "resume supplement 2024-05-14T09:00"
    )
    assert found.due == parse_local("2024-05-16T17:00")
    apart = (
        "suspend supplement 2024-05-07T09:00", "resume supplement 2024-05-08T09:00",
        "suspend payment 2024-05-09T09:00", "resume payment 2024-05-10T09:00",
    )  # fmt: skip
    assert work_out("3 working_day", "2024-05-06T09:00", *apart).due == parse_local(
        "2024-05-13T17:00"
    )


@pytest.mark.parametrize(
    ("limit", "due"), [("10 day", "2024-05-24T17:00"), ("3 working_day", "2024-05-17T17:00")]
)
def test_suspensions_overlap_with_the_one_before_not_with_the_first(limit: str, due: str) -> None:
    """The 8th is lost, then the 10th to the 16th once, although two reasons share them."""
    found = work_out(
        limit, "2024-05-06T09:00",
        "suspend supplement 2024-05-07T09:00", "resume supplement 2024-05-08T09:00",
        "suspend supplement 2024-05-09T09:00", "suspend payment 2024-05-10T09:00",
        "resume supplement 2024-05-15T09:00", "resume payment 2024-05-16T09:00",
    )  # fmt: skip
    assert found.due == parse_local(due)


@pytest.mark.parametrize(
    ("limit", "reading", "gaps", "due"),
    [
        # the 6th never counts; 8 May is taken out: 7, 9 and 10
        ("3 working_day", "last_counts", ("06T10:00/07T09:00", "08T09:00/09T09:00"), "10T17:00"),
        ("3 day", "last_counts", ("06T10:00/07T09:00", "08T09:00/09T09:00"), "10T17:00"),
        # an hour to 09:00, then 09:00-10:00, 10:30-11:30 and 13:30-15:30
        ("1 working_hour + 4 working_hour", "first_counts",
         ("06T08:00/06T08:30", "06T10:00/06T10:30"), "06T15:30"),
        # 8 May is the first day, then 10, 13 and 14
        ("1 working_day + 3 working_day", "last_counts", ("07T09:00/08T09:00", "09T09:00/10T09:00"),
         "14T17:00"),
        # a long one after the end takes nothing
        ("2 working_day", "last_counts", ("07T09:00/08T09:00", "10T09:00/20T09:00"), "09T17:00"),
    ],
)  # fmt: skip
def test_a_suspension_that_takes_nothing_hides_no_later_one(
    limit: str, reading: str, gaps: tuple[str, ...], due: str
) -> None:
    """Each suspension is judged by itself, in order; received on Monday 6 May at 07:30."""
    marks = []
    for gap in gaps:
        since, until = gap.split("/")
        marks += [f"suspend supplement 2024-05-{since}", f"resume supplement 2024-05-{until}"]
    found = work_out(limit, "2024-05-06T07:30", *marks, rules=rules_of(suspension_days=reading))
    assert found.due == parse_local(f"2024-05-{due}")


def test_an_open_suspension_holds_whatever_ends_inside_it() -> None:
    """The payment is over, the supplement is not: two of three days are left."""
    found = work_out("3 working_day", "2024-05-06T09:00", *TWICE)
    assert found.due is None
    assert str(found.remaining) == "2 working_day"
    hours = work_out("8 working_hour", "2024-05-06T09:00", *TWICE)
    # Monday from 09:00 has six hours of work, Tuesday until 09:00 one and a half
    assert str(hours.remaining) == "0.5 working_hour"


@pytest.mark.parametrize(
    ("resumed", "on_resumption", "due"),
    [
        ("2024-05-08T15:00", True, "2024-05-10T17:00"),
        ("2024-05-08T15:30", True, "2024-05-13T17:00"),
        ("2024-05-08T15:30", False, "2024-05-10T17:00"),
        # a cut-off has no effect on Saturday 11 May
        ("2024-05-11T15:30", True, "2024-05-14T17:00"),
    ],
)
def test_a_supplement_after_the_cut_off_counts_as_handed_in_on_the_next_working_day(
    resumed: str, *, on_resumption: bool, due: str
) -> None:
    """Suspended on Monday, the day of receipt; two of the days after the resumption count."""
    rules = rules_of(cutoff=cutoff("start"), cutoff_on_resumption=on_resumption)
    found = work_out(
        "2 working_day", "2024-05-06T09:00", "suspend supplement 2024-05-06T10:00",
        f"resume supplement {resumed}", rules=rules,
    )  # fmt: skip
    assert found.due == parse_local(due)


def test_a_cut_off_of_the_result_leaves_a_resumption_alone() -> None:
    """It moves what is handed out, not what comes in."""
    found = work_out(
        "2 working_day", "2024-05-06T09:00", "suspend supplement 2024-05-06T10:00",
        "resume supplement 2024-05-08T15:30", rules=rules_of(cutoff=cutoff("result")),
    )  # fmt: skip
    assert found.due == parse_local("2024-05-10T17:00")


# How a clock stands.


@pytest.mark.parametrize(
    ("gaps", "suspended", "since"),
    [
        # a day within three, and two days of which the second begins in the first
        (("supplement 07T09:00/10T09:00", "payment 08T09:00/09T09:00"), 1350, "10T09:00"),
        (("supplement 07T09:00/08T09:00", "payment 07T10:00/09T09:00"), 900, "09T09:00"),
        # an hour by itself, then a day in two overlapping parts
        (("supplement 07T09:00/07T10:00", "supplement 08T09:00/08T11:00",
          "payment 08T10:00/09T09:00"), 510, "09T09:00"),
        # one ends in the minute in which the next begins
        (("supplement 07T09:00/08T09:00", "payment 08T09:00/09T09:00"), 900, "09T09:00"),
        # asked for and answered in one minute: nothing stood still, and it hides no later one
        (("supplement 07T09:00/07T09:00",), 0, "06T09:00"),
        (("supplement 07T09:00/07T09:00", "payment 08T09:00/09T09:00"), 450, "09T09:00"),
        # over before work began again
        (("supplement 07T17:30/08T06:00",), 0, "08T06:00"),
    ],
)  # fmt: skip
def test_the_minutes_of_suspensions_are_a_union(
    gaps: tuple[str, ...], suspended: int, since: str
) -> None:
    """From Monday at 09:00 to Friday at 10:00 there are 360 + 3 * 450 + 150 minutes of work."""
    marks = []
    for gap in gaps:
        reason, begun, ended = re.split("[ /]", gap)
        marks += [f"suspend {reason} 2024-05-{begun}", f"resume {reason} 2024-05-{ended}"]
    marks.sort(key=lambda mark: mark.split()[2])
    state = clock_state(
        work_out("10 working_day", "2024-05-06T09:00", *marks), parse_local("2024-05-10T10:00")
    )
    assert (state.elapsed, state.suspended, state.consumed) == (1860, suspended, 1860 - suspended)
    assert state.running_since == parse_local(f"2024-05-{since}")


def test_a_clock_stands_while_any_reason_is_open() -> None:
    """The payment is over, the supplement is not."""
    state = clock_state(
        work_out("10 working_day", "2024-05-06T09:00", *TWICE), parse_local("2024-05-10T10:00")
    )
    assert (state.running_since, state.due) == (None, None)
    assert (state.consumed, state.suspended) == (450, 1410)


def test_before_the_start_a_clock_stands_as_at_the_start() -> None:
    """What happens to it on Tuesday is not known on Monday at 08:00."""
    found = work_out("2 working_day", "2024-05-06T09:00", GAP[0])
    state = clock_state(found, parse_local("2024-05-06T08:00"))
    assert (state.elapsed, state.suspended) == (0, 0)
    assert (state.running_since, state.due) == (
        parse_local("2024-05-06T09:00"), parse_local("2024-05-08T17:00")
    )  # fmt: skip


@pytest.mark.parametrize("end", ["finish", "stop"])
def test_a_clock_that_has_ended_does_not_run(end: str) -> None:
    """Refused or finished on Tuesday at 09:00: 360 and 90 minutes, however late one asks."""
    found = work_out("10 working_day", "2024-05-06T09:00", f"{end} - 2024-05-07T09:00")
    for at in ("2024-05-07T09:00", "2024-05-10T10:00"):
        state = clock_state(found, parse_local(at))
        assert (state.elapsed, state.consumed, state.suspended) == (450, 450, 0)
        assert state.running_since is None
    assert clock_state(found, parse_local("2024-05-06T10:00")).elapsed == 60
    assert clock_state(found, parse_local("2024-05-06T08:00")).elapsed == 0


# The proof, row by row.


def test_the_proof_names_the_make_up_day() -> None:
    """The second day of the limit is the Saturday worked for 29 April."""
    assert proof(work_out("2 working_day", "2024-05-02T09:00")) == [
        ("2024-05-02", None, RECEIPT, FIRST),
        ("2024-05-03", 1, "Working day", ""),
        ("2024-05-04", 2, "Make-up working day for 2024-04-29", SWAP),
    ]


def test_the_proof_names_the_cut_off_of_the_receipt() -> None:
    """Received on Friday 3 May at 16:00: counts as received on the make-up Saturday."""
    late = rules_of(cutoff=cutoff("start"))
    assert proof(work_out("1 working_day", "2024-05-03T16:00", rules=late)) == [
        ("2024-05-03", None, RECEIPT, FIRST),
        ("2024-05-04", None, "Received after 15:00: counts as day of receipt, not counted",
         str(HOUR)),
        ("2024-05-05", None, WEEKEND, REST),
        ("2024-05-06", 1, "Working day", ""),
    ]  # fmt: skip


def test_the_proof_names_the_days_off_before_a_receipt_counts() -> None:
    """Handed in on Sunday 28 April; the holidays pass, and 2 May counts as the day of receipt."""
    off = rules_of(receipt_on_day_off="next_working_day")
    assert proof(work_out("1 working_day", "2024-04-28T09:00", rules=off)) == [
        ("2024-04-28", None, RECEIPT, FIRST),
        ("2024-04-29", None, "Day off by swap, made up on 2024-05-04", SWAP),
        ("2024-04-30", None, "Reunification Day", HOLIDAY),
        ("2024-05-01", None, "International Labour Day", HOLIDAY),
        ("2024-05-02", None, "Counts as day of receipt, not counted", str(READ)),
        ("2024-05-03", 1, "Working day", ""),
    ]


def test_the_proof_of_a_receipt_on_a_day_off_names_no_hour() -> None:
    """The cut-off has no effect on Sunday 5 May; the 6th counts as the day of receipt."""
    rules = rules_of(receipt_on_day_off="next_working_day", cutoff=cutoff("start"))
    rows = proof(work_out("1 working_day", "2024-05-05T16:00", rules=rules))
    assert [row[:3] for row in rows[:2]] == [
        ("2024-05-05", None, RECEIPT),
        ("2024-05-06", None, "Counts as day of receipt, not counted"),
    ]


LEFT = "What was left of the last day, once the clock goes on"


def test_the_proof_names_the_days_that_hold_an_end() -> None:
    """The third day is cut short on the 9th; its rest is the 14th, and cut short again the 16th."""
    cut = ("suspend supplement 2024-05-09T10:00", "resume supplement 2024-05-14T09:00")
    rows = [
        ("2024-05-06", None, RECEIPT, FIRST),
        ("2024-05-07", 1, "Working day", ""),
        ("2024-05-08", 2, "Working day", ""),
        ("2024-05-09", 3, "Working day", ""),
        *((f"2024-05-{day}", None, SUSPENDED, str(LAW)) for day in (10, 11, 12, 13)),
        ("2024-05-14", None, LEFT, ""),
    ]
    assert proof(work_out("3 working_day", "2024-05-06T09:00", *cut)) == rows
    assert proof(work_out("3 working_day", "2024-05-06T09:00", cut[0])) == rows[:5]
    again = ("suspend payment 2024-05-14T10:00", "resume payment 2024-05-16T09:00")
    twice = work_out("3 working_day", "2024-05-06T09:00", *cut, *again)
    assert twice.due == parse_local("2024-05-16T17:00")
    assert proof(twice)[9:] == [
        ("2024-05-15", None, SUSPENDED, str(LAW)),
        ("2024-05-16", None, LEFT, ""),
    ]
    # an earlier suspension, which is over, does not hide the one that holds the end
    early = ("suspend payment 2024-05-07T09:00", "resume payment 2024-05-07T10:00")
    found = work_out("3 working_day", "2024-05-06T09:00", *early, *cut)
    assert found.due == parse_local("2024-05-14T17:00")
    assert proof(found)[-1] == ("2024-05-14", None, LEFT, "")


@pytest.mark.parametrize(
    ("gaps", "held", "due"),
    [
        # one inside, one over the end, and one in the minute of the end of the first
        (("supplement 09T10:00/16T09:00", "payment 10T09:00/14T09:00"), range(10, 16), 16),
        (("supplement 09T10:00/14T09:00", "payment 10T09:00/16T09:00"), range(10, 16), 16),
        (("supplement 09T10:00/14T09:00", "payment 14T09:00/16T09:00"), range(10, 16), 16),
        # the same after one that was over before
        (("supplement 07T09:00/07T10:00", "supplement 09T10:00/14T09:00",
          "payment 10T09:00/16T09:00"), range(10, 16), 16),
        # apart: the 14th was begun, and is cut short by two that overlap
        (("supplement 09T10:00/14T09:00", "payment 14T10:00/15T09:00",
          "supplement 14T11:00/16T09:00"), (10, 11, 12, 13, 15), 16),
    ],
)  # fmt: skip
def test_an_end_is_held_by_suspensions_as_by_their_union(
    gaps: tuple[str, ...], held: Iterable[int], due: int
) -> None:
    """The third day is Thursday the 9th; no day of the union is shown as worked."""
    marks = []
    for gap in gaps:
        reason, begun, ended = re.split("[ /]", gap)
        marks += [f"suspend {reason} 2024-05-{begun}", f"resume {reason} 2024-05-{ended}"]
    marks.sort(key=lambda mark: mark.split()[2])
    found = work_out("3 working_day", "2024-05-06T09:00", *marks)
    assert found.due == parse_local(f"2024-05-{due}T17:00")
    shown = [row.date.day for row in found.days if row.why.en == SUSPENDED and row.date.day > 9]
    assert shown == list(held)


def test_an_open_suspension_holds_the_end_whatever_is_over_inside_it() -> None:
    """The payment of the 9th is in; the supplement asked for an hour before is not."""
    found = work_out(
        "3 working_day", "2024-05-06T09:00", "suspend supplement 2024-05-09T10:00",
        "suspend payment 2024-05-09T11:00", "resume payment 2024-05-10T09:00",
    )  # fmt: skip
    assert (found.due, str(found.remaining)) == (None, "0 working_day")


def test_the_proof_names_suspended_days() -> None:
    """The 7th counts, the 8th and 9th do not, the weekend neither."""
    assert proof(work_out("3 working_day", "2024-05-06T09:00", *GAP)) == [
        ("2024-05-06", None, RECEIPT, FIRST),
        ("2024-05-07", 1, "Working day", ""),
        ("2024-05-08", None, SUSPENDED, str(LAW)),
        ("2024-05-09", None, SUSPENDED, str(LAW)),
        ("2024-05-10", 2, "Working day", ""),
        ("2024-05-11", None, WEEKEND, REST),
        ("2024-05-12", None, WEEKEND, REST),
        ("2024-05-13", 3, "Working day", ""),
    ]


def test_the_proof_stops_where_the_clock_stands_still() -> None:
    """One row says so; nothing after it is known, and a further part is not begun."""
    for limit in ("3 working_day", "3 working_day + 2 day"):
        assert proof(work_out(limit, "2024-05-06T09:00", GAP[0])) == [
            ("2024-05-06", None, RECEIPT, FIRST),
            ("2024-05-07", 1, "Working day", ""),
            ("2024-05-08", None, SUSPENDED, str(LAW)),
        ]
    hours = work_out(
        "8 working_hour + 2 day", "2024-05-06T09:00", "suspend payment 2024-05-06T10:00"
    )
    assert proof(hours) == [("2024-05-06", 60, "60 minutes counted", MOMENT)]


def test_the_proof_of_days_counts_days_off_as_plain_days() -> None:
    """For a limit in days a holiday is a day like any other."""
    rows = proof(work_out("4 day", "2024-04-29T09:00"))
    assert rows[1:] == [
        (f"2024-{day}", number, "Calendar day, days off too", "")
        for number, day in enumerate(("04-30", "05-01", "05-02", "05-03"), 1)
    ]


def test_the_proof_of_a_month_numbers_its_days() -> None:
    """From 6 May to 6 June there are 31 days."""
    assert proof(work_out("1 month", "2024-05-06T09:00"))[-1][:2] == ("2024-06-06", 31)


def test_the_proof_of_hours_shows_minutes() -> None:
    """An hour on Friday afternoon, the rest on Monday; the weekend between is named."""
    assert proof(work_out("8 working_hour", "2024-05-10T16:00")) == [
        ("2024-05-10", 60, "60 minutes counted", MOMENT),
        ("2024-05-11", None, WEEKEND, REST),
        ("2024-05-12", None, WEEKEND, REST),
        ("2024-05-13", 420, "420 minutes counted", MOMENT),
    ]
    assert proof(work_out("2 working_hour", "2024-05-09T18:00")) == [
        ("2024-05-09", None, "Outside working hours", ""),
        ("2024-05-10", 120, "120 minutes counted", MOMENT),
    ]
    # of the clock on the wall: 15 hours of Monday, 9 of Tuesday
    assert proof(work_out("24 hour", "2024-05-06T09:00")) == [
        ("2024-05-06", 900, "900 minutes counted", MOMENT),
        ("2024-05-07", 540, "540 minutes counted", MOMENT),
    ]


def test_the_proof_of_hours_names_a_suspended_day() -> None:
    """An hour before, nothing on the 7th, from 09:00 on the 8th, an hour on the 9th."""
    gap = ("suspend supplement 2024-05-06T09:00", "resume supplement 2024-05-08T09:00")
    assert proof(work_out("8 working_hour", "2024-05-06T08:00", *gap)) == [
        ("2024-05-06", 60, "60 minutes counted", MOMENT),
        ("2024-05-07", None, SUSPENDED, str(LAW)),
        ("2024-05-08", 360, "360 minutes counted", MOMENT),
        ("2024-05-09", 60, "60 minutes counted", MOMENT),
    ]
    # suspended for all of the afternoon's work, resumed after closing
    evening = ("suspend supplement 2024-05-06T12:00", "resume supplement 2024-05-06T18:00")
    assert proof(work_out("1 working_hour", "2024-05-06T11:45", *evening)) == [
        ("2024-05-06", None, SUSPENDED, str(LAW)),
        ("2024-05-07", 60, "60 minutes counted", MOMENT),
    ]


def test_the_proof_of_hours_stops_in_the_minute_of_an_open_suspension() -> None:
    """Three hours of Monday and, asked for on Tuesday at 09:00, one and a half of Tuesday."""

    def rows(since: str, limit: str = "8 working_hour", at: str = "2024-05-06T14:00") -> object:
        return [
            row[:3] for row in proof(work_out(limit, at, f"suspend supplement 2024-05-{since}"))
        ]

    monday = ("2024-05-06", 180, "180 minutes counted")
    assert rows("07T09:00") == [monday, ("2024-05-07", 90, "90 minutes counted")]
    assert rows("07T00:00") == [monday]
    # one minute is left, so the two days are not begun
    assert rows("06T16:59", "1 working_hour + 2 day", "2024-05-06T16:00") == [
        ("2024-05-06", 59, "59 minutes counted")
    ]
    # received and suspended after closing: nothing was used
    assert rows("06T18:30", "2 working_hour", "2024-05-06T18:00") == [
        ("2024-05-06", None, SUSPENDED)
    ]
    # suspended in the minute in which the hour is used up: it stays due
    assert rows("06T15:00", "1 working_hour") == [("2024-05-06", 60, "60 minutes counted")]


def test_the_proof_of_an_evening_names_no_suspension_of_the_next_day() -> None:
    """Nobody works at 18:00 on Thursday; the suspension is Friday's."""
    gap = ("suspend supplement 2024-05-10T08:00", "resume supplement 2024-05-10T09:00")
    assert [row[:3] for row in proof(work_out("2 working_hour", "2024-05-09T18:00", *gap))] == [
        ("2024-05-09", None, "Outside working hours"),
        ("2024-05-10", 120, "120 minutes counted"),
    ]


def test_the_proof_of_hours_that_end_at_midnight_names_the_day_that_begins() -> None:
    """15 hours of Monday and all 24 of Tuesday: due at 00:00 on Wednesday."""
    found = work_out("39 hour", "2024-05-06T09:00")
    assert found.due == parse_local("2024-05-08T00:00")
    assert [row[:3] for row in proof(found)] == [
        ("2024-05-06", 900, "900 minutes counted"),
        ("2024-05-07", 1440, "1440 minutes counted"),
        ("2024-05-08", None, "Ends at midnight, as this day begins"),
    ]


def test_the_proof_of_hours_goes_on_in_the_next_minute() -> None:
    """07:30-08:30, then the 390 minutes to closing, none of them on Tuesday."""
    found = work_out("1 working_hour + 6.5 working_hour", "2024-05-06T07:30")
    assert found.due == parse_local("2024-05-06T17:00")
    assert proof(found)[-1][:2] == ("2024-05-06", 390)


def test_the_proof_of_a_sum_goes_on_after_the_first_part() -> None:
    """Friday as a whole, then two hours of Monday."""
    assert proof(work_out("1 working_day + 2 working_hour", "2024-05-09T09:00")) == [
        ("2024-05-09", None, RECEIPT, FIRST),
        ("2024-05-10", 1, "Working day", ""),
        ("2024-05-11", None, WEEKEND, REST),
        ("2024-05-12", None, WEEKEND, REST),
        ("2024-05-13", 120, "120 minutes counted", MOMENT),
    ]
    assert proof(work_out("4 working_hour + 1 working_day", "2024-05-06T14:00")) == [
        ("2024-05-06", 180, "180 minutes counted", MOMENT),
        ("2024-05-07", 60, "60 minutes counted", MOMENT),
        ("2024-05-08", 1, "Working day", ""),
    ]


def test_the_proof_of_a_sum_stops_in_the_part_that_stands_still() -> None:
    """The first day is Tuesday; of the three after it only Wednesday was used up."""
    found = work_out(
        "1 working_day + 3 working_day", "2024-05-06T09:00", "suspend supplement 2024-05-08T10:00"
    )
    assert str(found.remaining) == "2 working_day"
    assert [row[:3] for row in proof(found)] == [
        ("2024-05-06", None, RECEIPT),
        ("2024-05-07", 1, "Working day"),
        ("2024-05-08", 1, "Working day"),
        ("2024-05-09", None, SUSPENDED),
    ]


def test_the_proof_of_a_same_day_result_has_one_row() -> None:
    """The day of receipt is the day of the result; after the hour it is the next working day."""
    assert proof(work_out("0 working_day until 15:00", "2024-05-06T10:00")) == [
        ("2024-05-06", 1, "Result on the same day", "")
    ]
    assert proof(work_out("0 working_day until 15:00", "2024-05-06T15:30")) == [
        ("2024-05-06", None, RECEIPT, FIRST),
        ("2024-05-07", 1, "Asked for after the hour: result on the next working day", ""),
    ]


def test_the_proof_begins_anew_after_a_restart() -> None:
    """The supplement of the 9th starts the two days: 10 and 13 May."""
    found = work_out("2 working_day", "2024-05-06T09:00", *GAP, rules=rules_of("restart"))
    assert found.due == parse_local("2024-05-13T17:00")
    assert proof(found)[:2] == [
        ("2024-05-09", None, "Day of the new start, not counted", FIRST),
        ("2024-05-10", 1, "Working day", ""),
    ]


APOLOGY = "replace - 2024-05-08T10:00 2024-05-17T17:00"


def test_the_proof_ends_with_the_promised_date() -> None:
    """It names the date before; a clock that stood still then had none."""
    found = work_out("5 working_day", "2024-05-06T09:00", APOLOGY)
    assert proof(found)[-1] == (
        "2024-05-17", None, "New date given with an apology (before: 13/05/2024)", str(READ)
    )  # fmt: skip
    assert proof(found)[-2] == ("2024-05-13", 5, "Working day", "")


# What the date would have been.


def reasons(deadline: Deadline) -> list[tuple[str, str, str]]:
    """Return each rule that moved a date: its name, its citation, the date without it."""
    return [
        (each.rule.text("en"), str(each.citation or ""), f"{each.due:%Y-%m-%d}")
        for each in without_each_rule(deadline)
        if each.due is not None
    ]


def test_each_rule_that_moved_a_date_is_named() -> None:
    """Without swaps, interruptions, the cut-off, the move: one at a time, with its citation."""
    assert reasons(work_out("2 working_day", "2024-05-02T09:00")) == [
        ("Swapped working days", SWAP, "2024-05-06")
    ]
    # 29 April alone, without the Saturday that makes up for it
    assert reasons(work_out("1 working_day", "2024-04-26T09:00")) == [
        ("Swapped working days", SWAP, "2024-04-29")
    ]
    assert reasons(work_out("3 working_day", "2024-05-06T09:00", *GAP)) == [
        ("Interruptions of the clock", str(LAW), "2024-05-09")
    ]
    restarted = work_out("3 working_day", "2024-05-06T09:00", *GAP, rules=rules_of("restart"))
    assert reasons(restarted) == [("Interruptions of the clock", str(LAW), "2024-05-09")]
    late = rules_of(cutoff=cutoff("start"))
    assert reasons(work_out("1 working_day", "2024-05-06T15:30", rules=late)) == [
        ("Cut-off hour", str(HOUR), "2024-05-07")
    ]
    transfer = rules_of(cutoff=cutoff("transfer"))
    assert reasons(work_out("1 working_day", "2024-05-06T15:30", rules=transfer)) == []
    assert reasons(work_out("0 working_day until 15:00", "2024-05-06T15:30")) == [
        ("Cut-off hour", "", "2024-05-06")
    ]
    off = rules_of(receipt_on_day_off="next_working_day")
    assert reasons(work_out("1 working_day", "2024-05-11T09:00", rules=off)) == [
        ("Receipt on a day off", str(READ), "2024-05-13")
    ]
    assert reasons(work_out("5 day", "2024-05-06T09:00")) == [
        ("End on a day off", str(READ), "2024-05-11")
    ]
    assert reasons(work_out("5 working_day", "2024-05-06T09:00", APOLOGY)) == [
        ("Apology with a new date", str(READ), "2024-05-13")
    ]
    assert reasons(work_out("5 working_day", "2024-05-06T09:00")) == []


def test_the_first_of_several_swaps_is_cited() -> None:
    """From New Year to 25 August 2026 lie 2 and 10 January, and 22 August by another notice."""
    days = vietnam().count(date(2025, 12, 31), date(2026, 8, 25))
    found = work_out(f"{days} working_day", "2025-12-31T09:00")
    assert reasons(found) == [
        ("Swapped working days", "Công văn 12729/VPCP-KGVX ngày 25/12/2025", "2026-08-26")
    ]


def test_an_interruption_without_effect_is_not_cited() -> None:
    """The opinion of another agency stopped nothing; the supplement did."""
    found = work_out(
        "3 working_day", "2024-05-06T09:00", "suspend opinion 2024-05-06T10:00", *GAP,
        rules=rules_of("restart"),
    )  # fmt: skip
    assert reasons(found) == [("Interruptions of the clock", str(LAW), "2024-05-09")]


def test_an_open_suspension_shows_the_date_without_it() -> None:
    """While the clock stands still there is no date; without the interruption there would be."""
    found = work_out("3 working_day", "2024-05-06T09:00", GAP[0])
    assert reasons(found) == [("Interruptions of the clock", str(LAW), "2024-05-09")]


# The marks of the clock.


def test_a_moment_of_another_zone_is_taken_as_vietnamese_time() -> None:
    """17:30 UTC on 6 May is 00:30 on the 7th in Hà Nội, so the 8th is the first day."""
    start = ClockMark(kind="start", at=datetime(2024, 5, 6, 17, 30, tzinfo=UTC))
    found = compute_deadline(
        TimeLimit.parse("1 working_day"), marks=[start], calendar=vietnam(), rules=rules_of()
    )
    assert found.due == parse_local("2024-05-08T17:00")
    assert found.marks[0].at.isoformat() == "2024-05-07T00:30:00+07:00"
    assert found.judge(datetime(2024, 5, 8, 17, 30, tzinfo=UTC)) == "late"


def test_a_promised_moment_of_another_zone_is_taken_as_vietnamese_time() -> None:
    """20:00 UTC on 17 May is the 18th in Hà Nội."""
    marks = [
        ClockMark(kind="start", at=parse_local("2024-05-06T09:00")),
        ClockMark(kind="replace", at=parse_local("2024-05-08T09:00"),
                  due=datetime(2024, 5, 17, 20, tzinfo=UTC)),
    ]  # fmt: skip
    found = compute_deadline(
        TimeLimit.parse("5 working_day"), marks=marks, calendar=vietnam(), rules=rules_of()
    )
    assert found.due is not None
    assert found.due.isoformat() == "2024-05-18T03:00:00+07:00"
    assert found.judge(parse_local("2024-05-18T01:00")) == "on_time"


def test_nothing_happens_to_a_clock_that_has_ended() -> None:
    """After the end of processing no mark changes the date."""
    later = ("suspend supplement 2024-05-08T09:00",)
    for end in ("finish", "stop"):
        found = work_out("5 working_day", "2024-05-06T09:00", f"{end} - 2024-05-07T09:00", *later)
        assert found.due == parse_local("2024-05-13T17:00")
        assert found.suspensions == ()


def test_a_later_start_forgets_what_came_before() -> None:
    """Beyond the boundary of an agency the competent agency's receipt starts the clock anew."""
    found = work_out("2 working_day", "2024-05-06T09:00", *GAP, "start - 2024-05-10T09:00")
    assert found.due == parse_local("2024-05-14T17:00")
    assert found.suspensions == ()
    standing = work_out("2 working_day", "2024-05-06T09:00", GAP[0], "start - 2024-05-10T09:00")
    assert standing.due is None
    assert [each.since for each in standing.suspensions] == [parse_local("2024-05-10T09:00")]


def test_a_later_start_is_held_by_what_came_too_late_for_the_first() -> None:
    """The payment asked for on the 9th, after the end, holds the new count from the 10th on."""
    late = ("suspend payment 2024-05-09T09:00", "start - 2024-05-10T09:00")
    assert work_out("2 working_day", "2024-05-06T09:00", *late).due is None
    found = work_out("2 working_day", "2024-05-06T09:00", *late, "resume payment 2024-05-13T09:00")
    # the 11th to the 13th are lost; 14 and 15 May are the two days
    assert found.due == parse_local("2024-05-15T17:00")


def test_a_later_start_is_not_held_by_what_never_stopped_the_clock() -> None:
    """The opinion of another agency is still awaited, and its answer is no mistake."""
    asked = ("suspend opinion 2024-05-07T09:00", "start - 2024-05-10T09:00")
    for marks in (asked, (*asked, "resume opinion 2024-05-13T09:00")):
        found = work_out("2 working_day", "2024-05-06T09:00", *marks)
        assert found.due == parse_local("2024-05-14T17:00")
        assert found.suspensions == ()


def test_a_suspension_at_the_due_minute_still_holds_and_one_later_does_not() -> None:
    """At 17:00 the last day is used up; a minute later the interruption is without effect."""
    found = work_out("2 working_day", "2024-05-06T09:00", "suspend payment 2024-05-08T17:00")
    assert found.ignored == ()
    assert [each.reason for each in found.suspensions] == ["payment"]
    found = work_out("2 working_day", "2024-05-06T09:00", "suspend payment 2024-05-08T17:01")
    assert [each.since for each in found.ignored] == [parse_local("2024-05-08T17:01")]
    assert found.suspensions == ()
    resumed = work_out(
        "2 working_day", "2024-05-06T09:00", "suspend payment 2024-05-08T17:01",
        "resume payment 2024-05-09T09:00", "suspend payment 2024-05-10T09:00",
    )  # fmt: skip
    assert len(resumed.ignored) == 2


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        (("suspend supplement 2024-05-07T09:00",) * 2, "it has been since 2024-05-07 09:00"),
        (("suspend opinion 2024-05-07T09:00",) * 2, "it has been since 2024-05-07 09:00"),
        (("resume supplement 2024-05-07T09:00",), "was not suspended for that"),
        (("suspend payment 2024-05-07T09:00", "resume supplement 2024-05-08T09:00"),
         "was not suspended for that"),
        ((*GAP, GAP[1]), "was not suspended for that"),
    ],
)  # fmt: skip
def test_suspensions_that_cannot_be_told_apart_are_refused(
    marks: tuple[str, ...], said: str
) -> None:
    """A reason is suspended once before it goes on, and goes on once."""
    with pytest.raises(MomentError, match=said):
        work_out("5 working_day", "2024-05-06T09:00", *marks)


def test_an_extension_without_a_length_is_refused() -> None:
    """Nobody could tell by how much."""
    start = ClockMark(kind="start", at=parse_local("2024-05-06T09:00"))
    extend = ClockMark(kind="extend", at=parse_local("2024-05-06T09:00"))
    with pytest.raises(TimeLimitError, match="needs its length"):
        compute_deadline(
            TimeLimit.parse("1 day"), marks=[start, extend], calendar=vietnam(), rules=rules_of()
        )


def test_marks_at_the_same_minute_are_in_order() -> None:
    """A payment can be asked for in the minute in which the supplement came."""
    found = work_out(
        "3 working_day", "2024-05-06T09:00", *GAP, "suspend payment 2024-05-09T09:00",
        "resume payment 2024-05-10T09:00",
    )  # fmt: skip
    # 7; 8-10 stood still; 13 and 14
    assert found.due == parse_local("2024-05-14T17:00")


def test_the_first_due_date_is_kept_through_apologies_and_extensions() -> None:
    """What the applicant was told first is 13 May, whatever followed."""
    found = work_out(
        "5 working_day", "2024-05-06T09:00", "extend - 2024-05-07T09:00 2 working_day", APOLOGY,
        "replace - 2024-05-16T10:00 2024-05-20T17:00",
    )  # fmt: skip
    assert found.original_due == parse_local("2024-05-13T17:00")
    assert found.due == parse_local("2024-05-20T17:00")
    assert str(found.limit) == "5 working_day + 2 working_day"
    other = work_out(
        "5 working_day", "2024-05-06T09:00", APOLOGY, "extend - 2024-05-09T09:00 20 working_day"
    )
    assert other.original_due == parse_local("2024-05-13T17:00")


def test_the_first_due_date_stays_when_the_clock_stands_still_after_an_apology() -> None:
    """10 and 13 May are lost after the apology of the 8th; the applicant was told 13 May first."""
    found = work_out(
        "5 working_day", "2024-05-06T09:00", APOLOGY, "suspend payment 2024-05-09T09:00",
        "resume payment 2024-05-13T09:00",
    )  # fmt: skip
    assert found.original_due == parse_local("2024-05-13T17:00")


def test_a_restart_forgets_the_apology() -> None:
    """The whole limit from the supplement of the 9th: five days to the 16th."""
    found = work_out(
        "5 working_day", "2024-05-06T09:00", "replace - 2024-05-06T10:00 2024-05-24T17:00", *GAP,
        rules=rules_of("restart"),
    )  # fmt: skip
    assert found.due == found.original_due == parse_local("2024-05-16T17:00")


@pytest.mark.parametrize(
    ("since", "until", "due"),
    [
        # 10 and 13 May lie between, and the weekend
        ("2024-05-09T09:00", "2024-05-13T09:00", "2024-05-21T17:00"),
        # one working day
        ("2024-05-09T09:00", "2024-05-10T09:00", "2024-05-20T17:00"),
        # only the weekend
        ("2024-05-10T09:00", "2024-05-12T09:00", "2024-05-17T17:00"),
        # resumed on the same day
        ("2024-05-09T09:00", "2024-05-09T10:00", "2024-05-17T17:00"),
    ],
)
def test_a_promised_date_moves_by_the_working_days_of_a_suspension(
    since: str, until: str, due: str
) -> None:
    """17 May was promised on the 8th; what stands still afterwards is added."""
    found = work_out(
        "5 working_day", "2024-05-06T09:00", APOLOGY, f"suspend payment {since}",
        f"resume payment {until}",
    )  # fmt: skip
    assert found.due == parse_local(due)


@pytest.mark.parametrize("resumed", ["2024-05-08T09:00", "2024-05-08T10:00"])
def test_a_suspension_that_was_over_when_the_date_was_promised_does_not_move_it(
    resumed: str,
) -> None:
    """17 May was promised on the 8th at 10:00, knowing of the payment; no reading adds its day."""
    found = work_out(
        "5 working_day", "2024-05-06T09:00", "suspend payment 2024-05-07T09:00",
        f"resume payment {resumed}", APOLOGY, rules=rules_of(suspension_days="neither_counts"),
    )  # fmt: skip
    assert found.due == parse_local("2024-05-17T17:00")


def test_a_promised_date_stands_still_while_the_clock_does() -> None:
    """From the 13th to the promised 17th there are four working days; at least one is left."""
    found = work_out(
        "5 working_day", "2024-05-06T09:00", APOLOGY, "suspend payment 2024-05-13T09:00"
    )
    assert found.due is None
    assert str(found.remaining) == "4 working_day"
    found = work_out(
        "5 working_day", "2024-05-06T09:00", APOLOGY, "suspend payment 2024-05-17T09:00"
    )
    assert str(found.remaining) == "1 working_day"
    both = work_out(
        "5 working_day", "2024-05-06T09:00", APOLOGY, "suspend payment 2024-05-13T09:00",
        "suspend supplement 2024-05-15T09:00",
    )  # fmt: skip
    assert str(both.remaining) == "4 working_day"


def test_an_open_restart_leaves_the_whole_limit() -> None:
    """A supplement starts everything anew, so five days are left whatever was used up."""
    found = work_out("5 working_day", "2024-05-06T09:00", GAP[0], rules=rules_of("restart"))
    assert (found.due, found.restarts, str(found.remaining)) == (None, True, "5 working_day")
    both = work_out(
        "5 working_day", "2024-05-06T09:00", "suspend payment 2024-05-07T08:00", GAP[0],
        rules=rules_of("restart"),
    )  # fmt: skip
    assert (both.due, both.restarts, str(both.remaining)) == (None, True, "5 working_day")
    plain = work_out("5 working_day", "2024-05-06T09:00", GAP[0])
    assert (plain.restarts, str(plain.remaining)) == (False, "4 working_day")
    assert not work_out("5 working_day", "2024-05-06T09:00").restarts


def test_a_date_past_the_announced_days_is_provisional() -> None:
    """2027 is expected, not announced; a clock that stands still has no date to doubt."""
    calendar = WorkCalendar.vietnam(provisional=True)
    late = work_out("10 working_day", "2026-12-28T09:00", calendar=calendar)
    assert late.provisional
    assert not work_out("1 working_day", "2026-12-28T09:00", calendar=calendar).provisional
    standing = work_out(
        "10 working_day", "2026-12-28T09:00", "suspend payment 2026-12-29T09:00", calendar=calendar
    )
    assert not standing.provisional


# Time limits as values.


@pytest.mark.parametrize(
    ("limit", "vi", "en"),
    [
        ("1 working_day", "1 ngày làm việc", "1 working day"),
        ("2 day", "2 ngày", "2 days"),
        ("0.5 working_hour", "0,5 giờ làm việc", "0.5 working hours"),
        ("1 month", "1 tháng", "1 month"),
        ("1 month + 15 day", "1 tháng và 15 ngày", "1 month and 15 days"),
        ("1/3 working_day", "1/3 ngày làm việc", "1/3 working days"),
        ("0 working_day", "trong ngày làm việc", "the same working day"),
        ("0 day", "trong ngày làm việc", "the same working day"),
        ("0 working_day until 15:00",
         "trong ngày làm việc; sau 15:00 thì trả vào ngày làm việc tiếp theo",
         "the same working day; after 15:00 the next working day"),
        # a sum is a same-day limit only where it begins with one
        ("1 month + 0 working_day", "1 tháng và 0 ngày làm việc", "1 month and 0 working days"),
        ("not_stated", "không quy định", "not stated"),
    ],
)  # fmt: skip
def test_a_limit_reads_in_both_languages(limit: str, vi: str, en: str) -> None:
    """One is singular in English; decimals have a comma in Vietnamese."""
    parsed = TimeLimit.parse(limit)
    assert (parsed.text("vi"), parsed.text("en"), str(parsed)) == (vi, en, limit)
    assert repr(parsed) == f"TimeLimit.parse('{limit}')"


def test_a_limit_reads_in_no_third_language() -> None:
    """Neither a sum nor a part of it, nor what has words of its own: no limit, the same day."""
    values = [TimeLimit.parse(text) for text in ("1 month + 5 day", "not_stated", "0 working_day")]
    for value in (*values, values[0].parts[0]):
        with pytest.raises(IgateError, match="'fr'"):
            value.text("fr")  # type: ignore[arg-type]


def test_a_fraction_is_written_as_a_decimal_where_that_is_exact() -> None:
    """A quarter is 0.25, a third is 1/3."""
    assert str(TimeLimit.parse("1/4 working_day")) == "0.25 working_day"
    assert str(TimeLimit.parse("2/6 working_day")) == "1/3 working_day"
    assert str(TimeLimit.parse("4/2 day")) == "2 day"
    assert str(TimeLimit.of(Fraction(1, 1024), Unit.HOUR)) == "0.0009765625 hour"
    assert str(TimeLimit.of(Fraction(1, 2048), Unit.HOUR)) == "1/2048 hour"


def test_a_limit_has_a_length_that_somebody_can_mean() -> None:
    """From nothing to ten years of days; a fraction only of what can be cut."""
    assert Part(length=Fraction(3660), unit=Unit.DAY).length == 3660
    for length in (Fraction(-1), Fraction(3661)):
        with pytest.raises(TimeLimitError, match="out of range"):
            Part(length=length, unit=Unit.DAY)
    for unit in (Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.HOUR):
        assert Part(length=Fraction(1, 2), unit=unit).length == Fraction(1, 2)
    for unit in (Unit.DAY, Unit.MONTH):
        with pytest.raises(TimeLimitError, match="no parts that the law would count"):
            Part(length=Fraction(1, 2), unit=unit)


@pytest.mark.parametrize("text", ["1 working_day until 15:00", "0 day + 0 day until 15:00"])
def test_only_a_same_day_limit_has_an_hour(text: str) -> None:
    """Any other limit does not depend on the hour of receipt."""
    with pytest.raises(TimeLimitError, match="has no hour of the day"):
        TimeLimit.parse(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0 working_day until 25:00", "'25:00' is not an hour of the day"),
        ("7 workingday", 'Did you mean "working_day"'),
        ("7 fortnight", "there is no unit 'fortnight'"),
        ("2 month + x", "'2 month \\+ x' is not a time limit: 'x' is not a number and a unit"),
    ],
)
def test_what_is_wrong_with_a_limit_is_named(text: str, said: str) -> None:
    """The part that was not understood stands in the message."""
    with pytest.raises(TimeLimitError, match=said):
        TimeLimit.parse(text)


# Time limits as decisions print them.


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("Trong ngày; sau 15 giờ thì trả vào ngày làm việc tiếp theo", "0 working_day until 15:00"),
        ("Trong ngày; sau 15 giờ 30 phút thì trả vào ngày làm việc tiếp theo",
         "0 working_day until 15:30"),
        ("trong ngày làm việc", "0 working_day"),
        ("Không quá 07 ngày làm việc.", "7 working_day"),
        ("1,5 ngày làm việc", "1.5 working_day"),
        ("01 tháng, cộng thêm 5 ngày", "1 month + 5 day"),
    ],
)  # fmt: skip
def test_printed_limits_of_every_form_are_read(text: str, limit: str) -> None:
    """As a person reads them."""
    assert str(read_limit(text)) == limit


@pytest.mark.parametrize(
    "text",
    ["Không quy định", "Không tính thời gian.", "không có thông tin", "Chưa quy định",
     "Giờ hành chính"],
)  # fmt: skip
def test_what_decisions_print_instead_of_a_limit_is_no_limit(text: str) -> None:
    """Each of these says that no length is given."""
    assert read_limit(text) == NOT_STATED


def test_a_refused_limit_is_quoted_up_to_sixty_letters() -> None:
    """Decisions print whole paragraphs; the beginning tells which one it is."""
    text = "y" * 59 + "abc"
    with pytest.raises(TimeLimitError) as refusal:
        read_limit(text)
    assert f"The time limit '{text[:60]}' cannot be read from column 1 on" in str(refusal.value)


def test_a_refused_limit_shows_where_it_stops_being_clear() -> None:
    """The column from 1, and forty letters from there."""
    rest = "x" * 39
    with pytest.raises(TimeLimitError) as refusal:
        read_limit(f"05 ngày; {rest}")
    assert f"from column 8 on: '; {rest[:38]}…'" in str(refusal.value)
    with pytest.raises(TimeLimitError) as refusal:
        read_limit(f"05 ngày; {rest[:38]}")
    assert f"from column 8 on: '; {rest[:38]}'" in str(refusal.value)
    with pytest.raises(TimeLimitError, match="divides by zero"):
        read_limit("1/0 ngày làm việc")


def test_the_proof_names_the_move_of_a_last_day_off() -> None:
    """Five days from Monday: Saturday is the fifth, Monday 13 May the end."""
    moved = f"{WEEKEND}: the last day is a day off, so the end moves on"
    plain = "Calendar day, days off too"
    assert proof(work_out("5 day", "2024-05-06T09:00")) == [
        ("2024-05-06", None, RECEIPT, FIRST),
        ("2024-05-07", 1, plain, ""),
        ("2024-05-08", 2, plain, ""),
        ("2024-05-09", 3, plain, ""),
        ("2024-05-10", 4, plain, ""),
        ("2024-05-11", 5, moved, LAST),
        ("2024-05-12", None, moved, LAST),
        ("2024-05-13", None, "Last day after the move", LAST),
    ]
    stays = work_out("5 day", "2024-05-06T09:00", rules=rules_of(end_on_day_off="stays"))
    assert proof(stays)[-1] == ("2024-05-11", 5, plain, "")


def test_the_proof_keeps_the_minutes_of_every_part_of_a_day() -> None:
    """An hour and then two of one Monday: 180 minutes together, in two rows."""
    assert proof(work_out("1 working_hour + 2 working_hour", "2024-05-06T07:30")) == [
        ("2024-05-06", 60, "60 minutes counted", MOMENT),
        ("2024-05-06", 120, "120 minutes counted", MOMENT),
    ]
    # the first hour ends with the day, so the second begins on Tuesday without another row
    assert [row[:2] for row in proof(work_out("1 hour + 1 working_hour", "2024-05-06T16:00"))] == [
        ("2024-05-06", 60),
        ("2024-05-07", 60),
    ]
    long = work_out("8.5 working_hour + 1 working_hour", "2024-05-06T16:00")
    assert [row[:2] for row in proof(long)] == [
        ("2024-05-06", 60),
        ("2024-05-07", 450),
        ("2024-05-08", 60),
    ]


def test_the_proof_of_a_receipt_on_a_day_off_cites_its_own_reading() -> None:
    """Not the cut-off, which has no effect on Sunday 5 May."""
    rules = rules_of(receipt_on_day_off="next_working_day", cutoff=cutoff("start"))
    rows = proof(work_out("1 working_day", "2024-05-05T16:00", rules=rules))
    assert rows[1][3] == str(READ)


def test_the_proof_of_hours_names_the_hour_that_moved_the_start() -> None:
    """Received at 15:30 under a cut-off at 15:00 (Decree 63/2024, art. 7(2)): Friday is the first.

    The rule for the first day of a term in days is no reason here: hours run from their beginning.
    """
    hour = Citation.parse("Nghị định 63/2024/NĐ-CP, Điều 7 khoản 2")
    rules = replace(
        shipped_rules(on=date(2026, 8, 20)),
        cutoff=Cutoff(at=time(15), moves="start", citation=hour),
    )
    received = ClockMark(kind="start", at=parse_local("2026-08-20T15:30"))
    deadline = compute_deadline(
        TimeLimit.parse("8 working_hour"),
        marks=(received,),
        calendar=WorkCalendar.vietnam(),
        rules=rules,
    )
    first, *rest = deadline.days
    assert (first.date, first.counted, first.citation) == (date(2026, 8, 20), False, hour)
    assert first.why.en == "Received after 15:00: counted from the next working day"
    assert [row.date for row in rest] == [date(2026, 8, 21), date(2026, 8, 22)]


def test_the_proof_of_hours_begun_anew_names_the_hour_too() -> None:
    """A supplement handed in at 15:30 under a cut-off at 15:00: eight hours count from Friday."""
    hour = Citation.parse("Nghị định 63/2024/NĐ-CP, Điều 7 khoản 2")
    rules = replace(
        shipped_rules(on=date(2026, 8, 17)),
        cutoff=Cutoff(at=time(15), moves="start", citation=hour),
    )
    moments = [("start", "17T09:00", ""), ("suspend", "17T10:00", "supplement"),
               ("resume", "20T15:30", "supplement")]  # fmt: skip
    deadline = compute_deadline(
        TimeLimit.parse("8 working_hour"),
        marks=[
            ClockMark(kind=kind, at=parse_local(f"2026-08-{at}"), reason=reason)  # type: ignore[arg-type]
            for kind, at, reason in moments
        ],
        calendar=WorkCalendar.vietnam(),
        rules=rules,
    )
    moved = [row for row in deadline.days if row.citation == hour]
    assert [(row.date, row.counted) for row in moved] == [(date(2026, 8, 20), False)]
    assert moved[0].why.en == "Received after 15:00: counted from the next working day"


def test_what_is_due_at_once_waits_for_the_office_and_for_the_clock() -> None:
    """Asked for on Sunday 5 May 2024: due on Monday at 07:30, but not while a payment is due."""
    plain = work_out("0 working_hour", "2024-05-05T10:00")
    assert [row.date.isoformat() for row in plain.days] == ["2024-05-05", "2024-05-06"]
    assert plain.days[-1].why.en == "Nothing to count: due at once in working hours"
    assert not plain.days[-1].counted
    waiting = work_out("0 working_hour", "2024-05-05T10:00", "suspend payment 2024-05-05T11:00")
    assert waiting.due is None
    assert str(waiting.remaining) == "0 working_hour"
    paid = work_out(
        "0 working_hour", "2024-05-05T10:00",
        "suspend payment 2024-05-05T11:00", "resume payment 2024-05-06T09:10",
    )  # fmt: skip
    assert paid.due == parse_local("2024-05-06T09:10")


def test_a_sum_that_begins_at_once_goes_on_from_the_first_minute_of_work() -> None:
    """Asked for on Sunday 5 May 2024, at once means Monday at 07:30; the next day is Tuesday.

    On Monday at 16:00 it takes no minute of the hour that follows, which ends with the office.
    """
    sunday = work_out("0 working_hour + 1 working_day", "2024-05-05T10:00")
    assert sunday.due == parse_local("2024-05-07T17:00")
    assert [row[:2] for row in proof(sunday)] == [
        ("2024-05-05", None), ("2024-05-06", None), ("2024-05-07", 1),
    ]  # fmt: skip
    monday = work_out("0 working_hour + 1 working_hour", "2024-05-06T16:00")
    assert monday.due == parse_local("2024-05-06T17:00")
    assert [row[:2] for row in proof(monday)] == [("2024-05-06", 60)]
    last = work_out("1 working_day + 0 working_hour", "2024-05-06T10:00")
    assert "at once" not in " ".join(row.why.en for row in last.days)
