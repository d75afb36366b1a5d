"""Due days of a table: by columns and row by row they are the same, and refused the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn_terms import LIMITS, PROCEDURES, RULES, moments, suspensions
from igate.calendar import WorkCalendar
from igate.deadlines.rulefile import shipped_rules
from igate.errors import FrameError, MomentError, TimeLimitError
from igate.metrics import due as due_module
from igate.metrics.due import Due, Law, Terms, by_columns, by_rows, due_days, read_terms
from igate.metrics.intake import Intake, read_intake
from shared import shipped_catalogue

if TYPE_CHECKING:
    from igate.deadlines.rules import ClockRules

CALENDAR = WorkCalendar.vietnam()
CATALOG = shipped_catalogue()
SCHEMA: dict[str, Any] = {
    "code": pl.String, "channel": pl.String, "limit": pl.String, "procedure": pl.String,
    "received": pl.Datetime("us"), "finished": pl.Datetime("us"), "suspensions": pl.String,
}  # fmt: skip


def law_of(rules: ClockRules | str | None = None) -> Law:
    return Law(calendar=CALENDAR, rules=rules, catalog=CATALOG)


def intake_of(*rows: dict[str, Any]) -> Intake:
    """Read rows as a table; what a row does not say is a dossier of five working days."""
    plain = dict.fromkeys(SCHEMA) | {"channel": "online", "limit": "5 working_day"}
    table = [plain | {"code": str(number)} | row for number, row in enumerate(rows)]
    return read_intake(pl.DataFrame(table, schema=SCHEMA), columns=None, keys=(), source="")


# -- the same, whichever way it is worked out -----------------------------------------------------


@st.composite
def tables(draw: st.DrawFn) -> tuple[Intake, date]:
    """Draw a table of dossiers and the last day that is known."""
    first = draw(
        st.dates(date(2025, 7, 1), date(2026, 11, 1))
        | st.sampled_from([date(2026, 7, 31), date(2026, 2, 10), date(2026, 12, 18)])
    )
    rows = []
    for _ in range(draw(st.integers(1, 8))):
        received = draw(moments(first, 7))
        # a suspension that begins on a day before the receipt is refused
        begin = received.date() - timedelta(days=draw(st.sampled_from([0] * 30 + [1])))
        finished = draw(st.none() | moments(received.date(), 10))
        by_code = draw(st.integers(0, 4)) == 0
        rows.append(
            {
                "limit": None if by_code else draw(LIMITS),
                "procedure": draw(st.sampled_from(PROCEDURES)) if by_code else None,
                "received": received,
                "finished": finished,
                "suspensions": draw(suspensions(begin)),
            }
        )
    return intake_of(*rows), first + timedelta(days=draw(st.integers(0, 20)))


def answer(method: Any, *args: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a method and what it takes
    """Return due days, or the message with which they are refused."""
    try:
        due: Due = method(*args)
    except FrameError as error:
        return (str(error),)
    return due.days.tolist(), due.present.tolist()


@given(table=tables(), rules=RULES, few=st.sampled_from([1, 2, 1024]))
# half as many again as the profile says: 75 at the desk, 300 in CI
@settings(max_examples=settings().max_examples * 3 // 2)
def test_columns_and_rows_give_the_same_due_days_and_refuse_the_same_rows(
    table: tuple[Intake, date], rules: ClockRules | str | None, few: int
) -> None:
    """What ``compute_deadline`` says of each row, however many of them are refused together."""
    intake, until = table
    law, last = law_of(rules), np.datetime64(until, "D").view(np.int64)
    members = intake.received.days <= last

    def one_by_one() -> Due:
        found = read_terms(intake, np.flatnonzero(members), law, until)
        stated = found.at(np.flatnonzero(found.where(lambda term: term.limit.stated)))
        due = Due.none(len(intake))
        due.put(stated.rows, by_rows(intake, stated, law))
        return due

    with patch.object(due_module, "_FEW", few):
        assert answer(due_days, intake, members, law, until) == answer(one_by_one)


# -- worked out by hand ---------------------------------------------------------------------------


def days_of(intake: Intake, *, until: date = date(2026, 3, 31)) -> list[date | None]:
    """Return the due days by columns."""
    law = law_of()
    due = by_columns(intake, read_terms(intake, np.arange(len(intake)), law, until), law)
    days = due.days.astype("datetime64[D]").tolist()
    return [day if there else None for day, there in zip(days, due.present, strict=True)]


MONDAY = datetime(2026, 3, 2, 9)  # noqa: DTZ001 - wall time of a table
BEFORE_THE_RECEIPT = "payment:2026-03-02T07:00/2026-03-02T08:00|payment:2026-03-02T08:30/.."
WITH_THE_RECEIPT = "payment:2026-03-02T07:00/2026-03-02T08:00|payment:2026-03-02T09:00/.."


def test_a_finish_without_an_hour_is_the_whole_day() -> None:
    """What happened at 16:00 of that day is known; at 15:00, with an hour, it is not yet."""
    paid = "payment:2026-03-06T16:00/2026-03-09T09:00"
    whole, hour = datetime(2026, 3, 6), datetime(2026, 3, 6, 15)  # noqa: DTZ001
    intake = intake_of(
        *({"received": MONDAY, "suspensions": paid, "finished": at} for at in (whole, hour, None))
    )
    # open at the finish; not begun at the finish; 6 March counts and 9 March does not
    assert days_of(intake) == [None, date(2026, 3, 9), date(2026, 3, 10)]


def test_the_midnight_after_a_finish_without_an_hour_is_after_it() -> None:
    """Finished on Friday 6 March, suspended from Saturday on: the five days end on Monday."""
    friday = datetime(2026, 3, 6)  # noqa: DTZ001
    later = {"received": MONDAY, "suspensions": "payment:2026-03-07/..", "finished": friday}
    assert days_of(intake_of(later)) == [date(2026, 3, 9)]


def test_what_happens_after_the_last_known_day_is_not_known() -> None:
    """Suspended until 6 March 10:00: on the 5th the clock stands still, on the 6th it goes on."""
    intake = intake_of(
        {"received": MONDAY, "suspensions": "payment:2026-03-04T10:00/2026-03-06T10:00"},
        {"received": MONDAY, "suspensions": "payment:2026-03-06T00:00/.."},
    )
    assert days_of(intake, until=date(2026, 3, 5)) == [None, date(2026, 3, 9)]
    assert days_of(intake, until=date(2026, 3, 6)) == [date(2026, 3, 11), None]


def test_a_suspension_without_an_hour_begins_with_the_receipt_of_its_day() -> None:
    """Out are 3 and 4 March; counted are 5, 6, 9, 10 and 11."""
    intake = intake_of({"received": MONDAY, "suspensions": "payment:2026-03-02/2026-03-04"})
    assert days_of(intake) == [date(2026, 3, 11)]


def test_a_suspension_that_ended_before_the_receipt_of_its_day_takes_nothing_out() -> None:
    """It begins and ends with the receipt, and the day of suspension itself counts."""
    over = {"received": MONDAY, "suspensions": "payment:2026-03-02T07:00/2026-03-02T08:00"}
    assert days_of(intake_of(over)) == [date(2026, 3, 9)]


def test_each_row_is_counted_by_its_own_rules() -> None:
    """A supplement from 4 to 6 March begins five days anew, or takes two out: the 13th, the 11th.

    Decree 118/2025 art. 19(5) and waits subtracted (assumed), in turns.
    """
    asked_for = {"received": MONDAY, "suspensions": "supplement:2026-03-04T10:00/2026-03-06T10:00"}
    intake, law = intake_of(*[asked_for] * 4), law_of()
    found = read_terms(intake, np.arange(4), law, date(2026, 3, 31))
    index = shipped_rules("subtracted", on=date(2026, 3, 2))
    terms = (*found.terms, replace(found.terms[0], rules=index))
    due = by_columns(intake, replace(found, terms=terms, of=np.array([0, 1, 0, 1])), law)
    days = due.days.astype("datetime64[D]").tolist()
    assert days == [date(2026, 3, 13), date(2026, 3, 11)] * 2


def test_seconds_of_a_suspension_count() -> None:
    """Two working days end on Wednesday at 17:00:00; half a minute later they do not restart."""
    intake = intake_of(
        *(
            {"received": MONDAY, "limit": "2 working_day", "suspensions": f"supplement:{since}/.."}
            for since in ("2026-03-04T17:00:00", "2026-03-04T17:00:30")
        )
    )
    assert days_of(intake) == [None, date(2026, 3, 4)]


def test_dossiers_under_several_rules_and_hours_are_worked_out_together() -> None:
    """A same-day result by its own hour; rules before and after 5 August 2026; one procedure."""
    noon = datetime(2026, 3, 2, 12)  # noqa: DTZ001
    intake = intake_of(
        {"received": noon, "limit": "0 working_day until 11:30"},
        {"received": noon, "limit": "0 working_day until 15:00"},
        {"received": noon, "limit": None, "procedure": "1.004096"},
        {"received": datetime(2026, 8, 4, 9), "limit": "2 day"},  # noqa: DTZ001
        {"received": datetime(2026, 8, 5, 9), "limit": "1/2 working_day"},  # noqa: DTZ001
    )
    assert days_of(intake, until=date(2026, 9, 1)) == [
        date(2026, 3, 3), date(2026, 3, 2), date(2026, 3, 16), date(2026, 8, 6), date(2026, 8, 5),
    ]  # fmt: skip


def test_one_procedure_has_one_term_whatever_the_day() -> None:
    """Ninety days of receipt under one decree share the limit, the cut-off and the rules."""
    rows = [
        {"received": MONDAY + timedelta(days=n), "limit": None, "procedure": "1.004096"}
        for n in range(90)
    ]
    intake = intake_of(*rows)
    found = read_terms(intake, np.arange(90), law_of(), date(2026, 9, 1))
    assert len(found.terms) == 1
    assert found.terms[0].rules.cutoff is not None


# -- what columns leave to rows -------------------------------------------------------------------


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note how many rows are worked out one by one."""
    numbers: list[int] = []

    def counting(intake: Intake, found: Terms, law: Law) -> Due:
        numbers.append(len(found.rows))
        return by_rows(intake, found, law)

    monkeypatch.setattr(due_module, "by_rows", counting)
    return numbers


def table_of(size: int, **changes: dict[str, Any]) -> Intake:
    """Make dossiers that were all suspended, with some rows changed."""
    plain = {"received": MONDAY, "suspensions": "payment:2026-03-04T10:00/2026-03-06T10:00"}
    return intake_of(*(plain | changes.get(f"row_{row}", {}) for row in range(size)))


def test_limits_of_one_part_are_not_worked_out_one_by_one(asked: list[int]) -> None:
    """Suspended, in months or in hours: of four rows only the sum is counted by itself."""
    intake = table_of(
        4, row_1={"limit": "1 month"}, row_2={"limit": "9 working_hour"},
        row_3={"limit": "1 day + 1 working_day"},
    )  # fmt: skip
    due_days(intake, np.ones(4, bool), law_of(), date(2026, 9, 1))
    assert asked == [1]


def test_a_wrong_row_is_found_without_working_all_others_out_one_by_one(asked: list[int]) -> None:
    """Of 9,000 rows two are refused, by name; some two thousand near them were looked at again."""
    wrong = {"received": datetime(2026, 12, 31, 9), "suspensions": None}  # noqa: DTZ001
    late = wrong | {"suspensions": "payment:2026-12-31T10:00/2027-01-05T09:00"}
    intake = table_of(9000, row_10=wrong, row_8000=late)
    with pytest.raises(FrameError) as caught:
        due_days(intake, np.ones(9000, bool), law_of(), date(2027, 1, 31))
    assert "Due dates cannot be worked out (2): row 11: 10: " in str(caught.value)
    assert "; row 8001: 8000: " in str(caught.value)
    assert asked[0] < 3000


def test_a_row_that_columns_refuse_may_have_an_answer(asked: list[int]) -> None:
    """Two suspensions for one reason before the receipt, of a dossier finished before it as well.

    Nothing of them is known by the finish, so the five days end on Monday 9 March; the answers of
    the other rows are kept. Suspended on 5 and 6 March, those end on Wednesday 11 March.
    """
    strange = {
        "finished": datetime(2026, 3, 2, 8, 30),  # noqa: DTZ001
        "suspensions": "payment:2026-03-02T07:00/2026-03-02T07:30|payment:2026-03-02T08:00/..",
    }
    intake = table_of(5000, row_4000=strange)
    due = due_days(intake, np.ones(5000, bool), law_of(), date(2026, 3, 31))
    days = due.days.astype("datetime64[D]").tolist()
    assert days.pop(4000) == date(2026, 3, 9)
    assert set(days) == {date(2026, 3, 11)}
    assert due.present.all()
    assert asked[0] < 1025


@pytest.mark.parametrize(
    ("row", "error", "said"),
    [
        ({"suspensions": "payment:2026-03-01T09:00/.."}, MomentError, "a day before the receipt"),
        ({"suspensions": BEFORE_THE_RECEIPT}, MomentError, "Two suspensions for one reason"),
        ({"suspensions": WITH_THE_RECEIPT}, MomentError, "Two suspensions for one reason"),
        ({"limit": "1 day + 1 working_day"}, TimeLimitError, "Row 0"),
        ({"limit": "0 day"}, TimeLimitError, "Row 0"),
    ],
)
def test_columns_refuse_what_they_do_not_count(
    row: dict[str, Any], error: type[Exception], said: str
) -> None:
    """Nothing is guessed; ``due_days`` asks ``compute_deadline`` about such a row."""
    with pytest.raises(error, match=said):
        days_of(table_of(1, row_0=row))


def test_two_suspensions_that_cannot_be_told_apart_are_refused_by_name() -> None:
    """The message names the row, the dossier and the reason."""
    intake = table_of(3, row_1={"suspensions": BEFORE_THE_RECEIPT})
    with pytest.raises(FrameError, match=r"cannot be counted \(1\): row 2: 1: .*payment"):
        due_days(intake, np.ones(3, bool), law_of(), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("area", "due"), [("", date(2026, 3, 16)), ("hard_area", date(2026, 3, 30))]
)
def test_a_limit_of_a_procedure_is_extended_in_its_area_as_the_journal_does(
    area: str, due: date
) -> None:
    """Land in a hard area has ten working days more (Nghị định 151/2025/NĐ-CP, Phụ lục II).

    From Monday 2 March 2026 the tenth working day is Monday the 16th, the twentieth the 30th.
    """
    row = {
        "code": "a", "channel": "counter", "procedure": "1.004096", "area": area,
        "received": datetime(2026, 3, 2, 9), "finished": None,  # noqa: DTZ001 - wall time
    }  # fmt: skip
    schema = {**SCHEMA, "area": pl.String}
    intake = read_intake(
        pl.DataFrame([dict.fromkeys(schema) | row], schema=schema), columns=None, keys=(), source=""
    )
    found = due_days(intake, np.array([True]), law_of("land"), date(2026, 4, 30))
    assert found.days.astype("datetime64[D]").tolist() == [due]


@pytest.mark.parametrize(
    ("suspensions", "due"),
    [
        # restarted on 3 November: 4, 5, 6, 9-13, 16 and 17 are ten working days
        ("supplement:2026-11-03/2026-11-03", date(2026, 11, 17)),
        # taken out of the time: nothing; 3-6, 9-13 and 16 are ten working days
        ("payment:2026-11-03/2026-11-03", date(2026, 11, 16)),
        # on the day of the receipt
        ("supplement:2026-11-02/2026-11-02", date(2026, 11, 16)),
    ],
)
def test_a_wait_of_one_day_without_hours_lies_inside_it(suspensions: str, due: date) -> None:
    """An export with days only; by columns and row by row."""
    frame = pl.DataFrame(
        {
            "code": ["a"], "channel": ["online"], "limit": ["10 working_day"],
            "received": ["2026-11-02T09:00"], "finished": [None], "suspensions": [suspensions],
        },
        schema_overrides={"finished": pl.String},
    )  # fmt: skip
    intake = read_intake(frame, columns=None, keys=(), source="")
    law = law_of()
    found = read_terms(intake, np.array([0]), law, date(2026, 11, 30))
    for answer in (by_columns(intake, found, law), by_rows(intake, found, law)):
        assert answer.present.all()
        assert date(1970, 1, 1) + timedelta(days=int(answer.days[0])) == due
