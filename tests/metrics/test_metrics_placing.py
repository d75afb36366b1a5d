"""Where each dossier stands in form II.06a, on the numbers themselves: both sides of every edge."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from igate.errors import FrameError
from igate.law.localtime import EPOCH, parse_local
from igate.metrics import COUNTS, settlement
from igate.metrics.cells import Moments
from igate.metrics.definitions import Definition, definition
from igate.metrics.due import Due
from igate.metrics.finish import Finish, finish, requests, suspended_at_the_finish
from igate.metrics.intake import Intake, read_intake
from igate.metrics.placing import Facts, Placed, Window, judge, window

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
DAY = 24 * 60
FORM, INDEX = definition("form_06a"), definition("index766")


def minute(text: str) -> int:
    """Return a moment as minutes since 1970-01-01 in Vietnamese time, worked out by calendar."""
    at = parse_local(text if "T" in text else f"{text}T00:00")
    return (at.toordinal() - date(1970, 1, 1).toordinal()) * DAY + at.hour * 60 + at.minute


def moments(texts: Sequence[str]) -> Moments:
    return Moments(
        minutes=np.array([minute(text) if text else 0 for text in texts], dtype=np.int64),
        present=np.array([bool(text) for text in texts]),
    )


# the days of a table


def test_a_period_ends_with_what_is_known() -> None:
    """Drawn up inside the period it ends that day, and after it with the period."""
    assert window(None, LAST) == Window(first=None, last=LAST)
    assert window((FIRST, LAST), date(2026, 3, 15)) == Window(first=FIRST, last=date(2026, 3, 15))
    assert window((FIRST, LAST), date(2026, 5, 1)) == Window(first=FIRST, last=LAST)
    assert window((FIRST, FIRST), FIRST) == Window(first=FIRST, last=FIRST)


def test_a_moment_stands_for_its_day_in_vietnam() -> None:
    """18:00 UTC on the last of February is the first of March here."""
    at = datetime(2026, 2, 28, 18, 0, tzinfo=UTC)
    assert window((at, LAST), LAST).first == FIRST


@pytest.mark.parametrize(
    ("period", "as_of"), [((LAST, FIRST), LAST), ((FIRST, LAST), date(2026, 2, 28))]
)
def test_a_period_reversed_or_not_begun_is_refused(period: tuple[date, date], as_of: date) -> None:
    """Nothing has happened in it."""
    with pytest.raises(FrameError):
        window(period, as_of)


def test_a_text_is_no_day() -> None:
    """Neither as an end of the period nor as the day of the table."""
    for period, as_of in ((("2026-03-01", LAST), LAST), (None, "2026-03-31")):
        with pytest.raises(FrameError, match=r"'2026-03-\d\d' is not a day"):
            window(period, as_of)  # type: ignore[arg-type]


# the places


def placed(
    rows: Sequence[tuple[str, str, str]], *, first: date | None = FIRST, still: bool = False,
    online: bool = True, unit: int = DAY, failed: bool = False, spared: bool = False,
    left_out: bool = False,
) -> list[str]:  # fmt: skip
    """Return the columns of the form in which each dossier is: received, finished, due."""
    found = judged(
        rows, first=first, still=still, online=online, unit=unit, failed=failed, spared=spared,
        left_out=left_out,
    ).counts()  # fmt: skip
    return [
        " ".join(name for name, inside in found.items() if inside[row]) for row in range(len(rows))
    ]


def judged(
    rows: Sequence[tuple[str, str, str]], *, first: date | None = FIRST, still: bool = False,
    online: bool = True, unit: int = DAY, failed: bool = False, spared: bool = False,
    left_out: bool = False,
) -> Placed:  # fmt: skip
    received, finished, due = (moments(column) for column in zip(*rows, strict=True))
    many = len(rows)
    end = (LAST.toordinal() - EPOCH + 1) * DAY - 1
    done = finished.present & (finished.minutes <= end)
    facts = Facts(
        received=received, finished=finished, online=np.full(many, online),
        due=Due(minutes=due.minutes, present=due.present),
        finish=Finish(
            minutes=np.where(done, finished.minutes, end),
            unit=np.full(many, unit, dtype=np.int32), failed=np.full(many, failed),
        ),
        still=np.full(many, still), spared=np.full(many, spared),
        left_out=np.full(many, left_out),
    )  # fmt: skip
    return judge(facts, Window(first=first, last=LAST))


MEMBER = "received_total received_online"


def test_early_on_time_and_late_are_days_before_on_and_after_the_due_day() -> None:
    """Of three received in the period; without a due date on time, and counted apart."""
    came = "2026-03-02T09:00"
    assert placed(
        [
            (came, "2026-03-08T23:59", "2026-03-09T08:00"),
            (came, "2026-03-09T23:59", "2026-03-09T08:00"),
            (came, "2026-03-10T00:00", "2026-03-09T23:59"),
            (came, "2026-03-10T10:00", ""),
        ]
    ) == [
        f"{MEMBER} solved_total solved_early",
        f"{MEMBER} solved_total solved_on_time",
        f"{MEMBER} solved_total solved_late",
        f"{MEMBER} solved_total solved_on_time solved_no_due",
    ]


def test_what_is_in_process_is_overdue_when_the_due_day_lies_before_the_last_day() -> None:
    """Due on the last day is within time; so is no due date; finished later is in process."""
    came = "2026-03-02T09:00"
    assert placed(
        [
            (came, "", "2026-03-30T23:59"),
            (came, "", "2026-03-31T00:00"),
            (came, "", ""),
            (came, "2026-04-01T00:00", "2026-03-30T10:00"),
            (came, "2026-03-31T23:59", "2026-03-30T10:00"),
        ]
    ) == [
        f"{MEMBER} in_process_total in_process_overdue",
        f"{MEMBER} in_process_total in_process_within",
        f"{MEMBER} in_process_total in_process_within",
        f"{MEMBER} in_process_total in_process_overdue",
        f"{MEMBER} solved_total solved_late",
    ]


def test_a_dossier_whose_clock_stands_still_is_within_time_until_it_is_finished() -> None:
    """The state says so of an open one; of one that was finished later it says nothing any more."""
    came = "2026-03-02T09:00"
    assert placed(
        [(came, "", "2026-03-09T10:00"), (came, "2026-04-02T10:00", "2026-03-09T10:00")],
        still=True,
    ) == [
        f"{MEMBER} in_process_total in_process_within",
        f"{MEMBER} in_process_total in_process_overdue",
    ]


def test_a_dossier_belongs_to_the_period_it_was_received_or_was_open_in() -> None:
    """Received before and finished on the first day: carried over; the day before: outside."""
    due = "2026-03-09T10:00"
    assert placed(
        [
            ("2026-02-28T23:59", "2026-03-01T00:00", due),
            ("2026-02-28T23:59", "2026-02-28T23:59", due),
            ("2026-02-28T23:59", "", due),
            ("2026-03-01T00:00", "2026-03-09T10:00", due),
            ("2026-03-31T23:59", "", due),
            ("2026-04-01T00:00", "", due),
        ]
    ) == [
        "received_total carried_over solved_total solved_early",
        "",
        "received_total carried_over in_process_total in_process_overdue",
        f"{MEMBER} solved_total solved_on_time",
        f"{MEMBER} in_process_total in_process_overdue",
        "",
    ]


def test_without_a_period_nothing_is_carried_over() -> None:
    """Everything up to the last day belongs to the table, whenever it was finished."""
    assert placed([("2020-01-02T09:00", "2020-02-01T09:00", "2020-03-09T10:00")], first=None) == [
        f"{MEMBER} solved_total solved_early"
    ]


def test_a_channel_other_than_online_is_counter_or_post() -> None:
    """One column for both."""
    row = ("2026-03-02T09:00", "2026-03-09T10:00", "2026-03-09T10:00")
    outside = ("2026-04-01T00:00", "", "2026-04-09T10:00")
    assert placed([row, outside], online=False) == [
        "received_total received_counter_post solved_total solved_on_time",
        "",
    ]


def test_the_unit_says_how_far_the_hour_counts() -> None:
    """Minutes: a minute after is late, before on the day is on time. Half-days: from 12:00."""
    came, due = "2026-03-02T09:00", "2026-03-09T11:30"
    ends = ("2026-03-09T11:29", "2026-03-09T11:30", "2026-03-09T11:31", "2026-03-09T12:00")
    rows = [(came, end, due) for end in ends]
    said = {unit: [line.split("_")[-1] for line in placed(rows, unit=unit)] for unit in (1, 720)}
    assert said == {1: ["time", "time", "late", "late"], 720: ["time", "time", "time", "late"]}
    assert placed([(came, "2026-03-08T12:00", due)], unit=720)[0].endswith("early")
    assert placed([(came, "2026-03-08T23:59", due)], unit=1)[0].endswith("early")


def test_what_has_failed_is_late_whatever_its_day_and_never_early() -> None:
    """Too many requests by index 766: solved late, or overdue while it is open."""
    came, due = "2026-03-02T09:00", "2026-03-29T10:00"
    assert placed([(came, "2026-03-09T10:00", due), (came, "", "2026-05-01")], failed=True) == [
        f"{MEMBER} solved_total solved_late",
        f"{MEMBER} in_process_total in_process_overdue",
    ]


def test_a_withdrawn_dossier_counts_once_it_is_finished_as_the_definition_says() -> None:
    """Spared: on time, though it was early or late. Left out: nowhere. Open: like any other."""
    came, due = "2026-03-02T09:00", "2026-03-09T10:00"
    rows = [(came, "2026-03-04T10:00", due), (came, "2026-03-20T10:00", due), (came, "", due)]
    overdue = f"{MEMBER} in_process_total in_process_overdue"
    assert placed(rows) == [
        f"{MEMBER} solved_total solved_early", f"{MEMBER} solved_total solved_late", overdue,
    ]  # fmt: skip
    assert placed(rows, spared=True) == [f"{MEMBER} solved_total solved_on_time"] * 2 + [overdue]
    assert placed(rows, left_out=True) == ["", "", overdue]
    before = ("2026-02-02T09:00", "2026-03-04T10:00", due)
    assert placed([before], left_out=True) == [""]


# a whole table


def table(
    rows: Sequence[dict[str, str]], definition: str | Definition = "form_06a"
) -> dict[str, int]:
    """Settle a table of March and return its counts."""
    frame = pd.DataFrame(
        [{"code": f"D{n}", "channel": "online", **row} for n, row in enumerate(rows)], dtype=object
    )
    found = settlement(frame, definition=definition, by=(), period=(FIRST, LAST), as_of=LAST)
    return {name: int(found[name].iloc[0]) for name in COUNTS}


#: Monday, five working days before Monday the 9th
OPEN = {"received": "2026-03-02T09:00", "finished": ""}


@pytest.mark.parametrize(
    ("chosen", "still"), [("form_06a", {"5", "6", "8"}), ("index766", {"5", "8"})]
)
def test_a_state_says_that_the_clock_is_suspended_where_nothing_says_it_better(
    chosen: str, still: set[str]
) -> None:
    """Supplement, payment, stopped; index 766 does not subtract a wait for a payment."""
    for state in ("4", "5", "6", "8"):
        row = OPEN | {"due": "2026-03-09T17:00", "state": state}
        found = table([row], chosen)
        assert found["in_process_within"] == (state in still), state
        assert found["in_process_overdue"] == (state not in still), state


def test_suspensions_are_asked_before_states_where_something_is_worked_out_from_them() -> None:
    """With a limit, or a finish that is moved; a given due date has the last word otherwise."""
    given = OPEN | {"due": "2026-03-09T17:00", "state": "5", "suspensions": ""}
    assert table([given])["in_process_within"] == 1
    assert table([given], "index766")["in_process_overdue"] == 1
    limited = OPEN | {"limit": "5 working_day", "state": "5", "suspensions": ""}
    assert table([limited])["in_process_overdue"] == 1
    del limited["suspensions"]
    assert table([limited])["in_process_within"] == 1


def test_a_table_knows_the_withdrawn_by_their_state() -> None:
    """State 7 alone: late by its dates, on time or left out by the definition."""
    row = {"received": "2026-03-02T09:00", "finished": "2026-03-20T10:00", "due": "2026-03-09"}
    left_out = replace(FORM, name="left_out", withdrawn="left_out")
    for state, expected in (
        ("7", ("solved_late", "solved_on_time", "")),
        ("9", ("solved_late",) * 3),
    ):
        for chosen, place in zip(
            ("form_06a", "withdrawn_on_time", left_out), expected, strict=True
        ):
            found = table([row | {"state": state}], chosen)
            assert found["received_total"] == bool(place)
            assert [name for name in ("solved_late", "solved_on_time") if found[name]] == [
                name for name in (place,) if name
            ]


def test_of_a_table_only_the_withdrawn_are_left_out() -> None:
    """One of two dossiers stays."""
    row = {"received": "2026-03-02T09:00", "finished": "2026-03-20T10:00", "due": "2026-03-09"}
    left_out = replace(FORM, name="left_out", withdrawn="left_out")
    found = table([row | {"state": "7"}, row | {"state": "9"}], left_out)
    assert (found["received_total"], found["solved_late"]) == (1, 1)


def test_a_table_ends_with_its_last_day() -> None:
    """Finished on it: solved; a day later: in process, by the form as by index 766."""
    rows = [
        {"received": "2026-03-02T09:00", "finished": finished, "due": "2026-03-31T17:00"}
        for finished in ("2026-03-31T09:00", "2026-04-01T09:00", "2026-03-05T09:00", "")
    ]
    for chosen, open_ in (("form_06a", "in_process_within"), ("index766", "in_process_overdue")):
        found = table(rows, chosen)
        assert (found["solved_total"], found["solved_early"], found[open_]) == (2, 1, 2)
    minutes = table(rows[:1], "by_moment")
    assert (minutes["solved_on_time"], minutes["solved_late"]) == (1, 0)
    offline = table([row | {"channel": "post"} for row in rows])
    assert (offline["received_online"], offline["received_counter_post"]) == (0, 4)
    mixed = table([rows[0], rows[1] | {"channel": "counter"}])
    assert (mixed["received_online"], mixed["received_counter_post"]) == (1, 1)


def test_the_wait_for_a_supplement_moves_the_finish_of_a_table_by_index_766_alone() -> None:
    """A day late by the form; the wait of two days makes it on time by the index."""
    row = {
        "received": "2026-03-02T09:00", "finished": "2026-03-10T10:00", "due": "2026-03-09T17:00",
        "suspensions": "supplement:2026-03-04T10:00/2026-03-06T10:00",
    }  # fmt: skip
    assert table([row])["solved_late"] == 1
    assert table([row], "index766")["solved_late"] == 0


# what stands for the finish


def intake(rows: Sequence[tuple[str, str, str]]) -> Intake:
    """Read dossiers: received, finished, suspensions."""
    received, finished, suspensions = (list(column) for column in zip(*rows, strict=True))
    frame = pd.DataFrame(
        {
            "code": [f"D{row}" for row in range(len(rows))], "channel": ["online"] * len(rows),
            "received": received, "finished": finished, "suspensions": suspensions,
            "limit": ["5 working_day"] * len(rows),
        },
        dtype=object,
    )  # fmt: skip
    return read_intake(frame, columns=None, keys=(), source="")


def finished_of(rows: Sequence[tuple[str, str, str]], chosen: Definition = FORM) -> Finish:
    read = intake(rows)
    last = LAST.toordinal() - EPOCH
    return finish(read, read.finished.present & (read.finished.days <= last), last, chosen)


def test_the_finish_is_what_is_recorded_and_the_end_of_the_last_day_for_the_others() -> None:
    """A date without an hour is the whole day, and is compared by its day."""
    came = "2026-03-02T09:00"
    rows = [(came, "2026-03-09T10:30", ""), (came, "2026-03-09", ""), (came, "", "")]
    found = finished_of(rows)
    assert list(found.minutes) == [
        minute("2026-03-09T10:30"), minute("2026-03-09T23:59"), minute("2026-03-31T23:59"),
    ]  # fmt: skip
    by_minute = finished_of(rows, replace(FORM, compare="moment"))
    assert list(by_minute.unit) == [1, DAY, 1]
    assert list(finished_of(rows, replace(FORM, compare="half_day")).unit) == [720, DAY, 720]
    assert list(found.unit) == [DAY] * 3
    assert not found.failed.any()
    assert list(found.days) == [minute(f"2026-03-{day}") // DAY for day in ("09", "09", "31")]


def test_index_766_moves_the_finish_back_by_the_wait_for_supplements_alone() -> None:
    """From the request, not before the receipt, to the answer; a payment moves nothing."""
    came, end = "2026-03-02T09:00", "2026-03-09T10:00"
    found = finished_of(
        [
            (came, end, "supplement:2026-03-04T10:00/2026-03-05T11:00"),
            (came, end, "supplement:2026-03-04T10:00:10/2026-03-05T11:00:50"),
            (came, end, "payment:2026-03-04T10:00/2026-03-05T11:00"),
            (came, end, "supplement:2026-03-02T07:00/2026-03-02T08:00"),
            (came, end, "supplement:2026-03-02T08:00/2026-03-02T10:00"),
            (came, end, "supplement:2026-03-08T10:00/.."),
            (came, end, "supplement:2026-03-08T10:00/2026-03-10T10:00"),
            (came, end, "supplement:2026-03-10T10:00/2026-03-11T10:00"),
            (came, "", "supplement:2026-03-31T22:59/.."),
        ],
        INDEX,
    )
    at = minute(end)
    assert list(found.minutes) == [
        at - 25 * 60, at - 25 * 60, at, at, at - 60, at - DAY, at - DAY, at,
        minute("2026-03-31T22:59"),
    ]  # fmt: skip


def test_more_than_one_request_is_a_failure_as_the_clause_is_read() -> None:
    """While the last is unanswered; or whatever follows; one request never is."""
    came = "2026-03-02T09:00"
    once, twice = "supplement:2026-03-04/2026-03-05", "supplement:2026-03-06/2026-03-09"
    waiting = "supplement:2026-03-10T10:00/.."
    rows = [
        (came, "2026-03-20T10:00", f"{once}|{twice}"),
        (came, "", f"{once}|{twice}"),
        (came, "", f"{once}|{waiting}"),
        (came, "", waiting),
        (came, "2026-03-20T10:00", once),
    ]
    assert list(finished_of(rows, INDEX).failed) == [False, False, True, False, False]
    strict = replace(INDEX, repeated="overdue")
    assert list(finished_of(rows, strict).failed) == [True, True, True, False, False]
    assert not finished_of(rows, replace(INDEX, repeated="allowed")).failed.any()


def test_requests_run_from_the_day_of_receipt_to_the_moment_that_is_asked_for() -> None:
    """On the day of receipt and at that very moment they count; not the day before."""
    read = intake(
        [
            ("2026-03-02T09:00", "", "supplement:2026-03-01T10:00/2026-03-02T08:00"),
            ("2026-03-02T09:00", "", "supplement:2026-03-01T10:00/2026-03-01T23:59"),
            ("2026-03-02T09:00", "", "supplement:2026-03-09T10:00/2026-03-09T11:00"),
            ("2026-03-02T09:00", "", "supplement:2026-03-09T09:00/2026-03-09T10:00"),
            ("2026-03-02T09:00", "", "supplement:2026-03-09T10:01/2026-03-09T11:00"),
        ]
    )
    end = np.full(5, minute("2026-03-09T10:00"), dtype=np.int64)
    found = requests(read, end)
    assert list(found.row) == [0, 2, 3]
    assert list(found.until) == [
        minute("2026-03-02T08:00"), minute("2026-03-09T10:00"), minute("2026-03-09T10:00"),
    ]  # fmt: skip
    assert list(found.answered) == [True, False, True]
    assert list(found.last_answered(5)) == [True, False, False, True, False]
    assert list(found.at(found.answered).row) == [0, 3]
    assert len(requests(intake([("2026-03-02T09:00", "", "")]), end[:1]).row) == 0


def test_a_finish_within_a_suspension_is_known_by_the_minute() -> None:
    """From its first minute on, not from its end; a date alone is the end of its day."""
    came, wait = "2026-03-02T09:00", "supplement:2026-03-04T10:00/2026-03-06T11:00"
    ends = {
        "2026-03-04T09:59": False, "2026-03-04T10:00": True, "2026-03-06T10:59": True,
        "2026-03-06T11:00": False, "2026-03-04": True, "2026-03-06": False,
    }  # fmt: skip
    read = intake([(came, end, wait) for end in ends])
    everyone = np.full(len(ends), fill_value=True)
    assert list(suspended_at_the_finish(read, everyone)) == list(ends.values())
    assert not suspended_at_the_finish(read, ~everyone).any()
    one = np.array([False, True, False, False, False, False])
    assert list(suspended_at_the_finish(read, one)) == list(one)
    still = intake([(came, "2026-03-09T10:00", "payment:2026-03-08T10:00/..")])
    assert suspended_at_the_finish(still, everyone[:1]).all()
