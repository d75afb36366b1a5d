"""Patterns that deserve a second look: each names its dossiers, by hand."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from igate import metrics
from igate.errors import IgateError

END = date(2026, 3, 31)
RECEIVED = "2026-03-02T09:00"


def found(frame: pl.DataFrame, **options: object) -> dict[str, metrics.Signal]:
    """Look for patterns in March, by name."""
    return {each.name: each for each in metrics.signals(frame, as_of=END, **options)}  # type: ignore[arg-type]


def table(rows: dict[str, dict[str, object]]) -> pl.DataFrame:
    """Return dossiers of five working days, received on the 2nd and due on the 9th, Mondays."""
    plain = {"channel": "online", "limit": "5 working_day", "received": RECEIVED, "finished": None}
    names = dict.fromkeys(name for row in rows.values() for name in row)
    return pl.DataFrame(
        [
            {"code": code, **plain, **{name: row.get(name, plain.get(name)) for name in names}}
            for code, row in rows.items()
        ],
        infer_schema_length=None,
    )


SUSPENDED = table(
    {
        # asked to pay on the day on which it was due
        "last-day": {"suspensions": "payment:2026-03-09T10:00/2026-03-11T10:00"},
        "midway": {"suspensions": "payment:2026-03-05T10:00/2026-03-11T10:00"},
        # its first day counts, the 5th and the 6th stand still: due on the 11th, not the 9th
        "twice": {"suspensions": "payment:2026-03-04T09:00/2026-03-06T09:00"
                                 "|payment:2026-03-11T09:00/2026-03-16T09:00"},
        # a supplement begins the count anew: on the Friday before, one working day is left
        "anew": {"suspensions": "supplement:2026-03-06T10:00/2026-03-10T10:00"},
        "early": {"suspensions": "supplement:2026-03-03T10:00/2026-03-04T10:00"},
        "none": {"suspensions": None},
        # what is no reason in the rules stops nothing
        "unknown": {"suspensions": "lunch:2026-03-09T10:00/2026-03-11T10:00"},
    }
)  # fmt: skip


def test_suspensions_on_the_last_day_are_named() -> None:
    """The due day is that before the suspension, moved by the earlier ones alone."""
    signal = found(SUSPENDED)["suspended_on_last_day"]
    assert (signal.dossiers, signal.examined) == (("last-day", "twice"), 6)
    assert signal.sentence.en == (
        "2 of 6 dossiers: the clock was suspended on the very day on which they were due."
    )
    assert signal.sentence.vi == "2 trên 6 hồ sơ: tạm dừng tính thời hạn đúng vào ngày hẹn trả."


def test_counting_begun_anew_shortly_before_the_end_is_named() -> None:
    """One working day is left of "anew", four of "early"; with four days both are."""
    assert found(SUSPENDED)["restarted_before_expiry"].dossiers == ("anew",)
    assert found(SUSPENDED, near=4)["restarted_before_expiry"].dossiers == ("anew", "early")


def test_a_suspension_after_the_last_known_day_is_not_known() -> None:
    """On the 5th only what began by then is looked at."""
    signal = {each.name: each for each in metrics.signals(SUSPENDED, as_of=date(2026, 3, 5))}
    assert signal["suspended_on_last_day"].dossiers == ()
    assert signal["suspended_on_last_day"].examined == 3


def test_without_a_limit_the_first_due_date_is_the_last_day() -> None:
    """A given due date may have moved already, so the first one goes before it."""
    given = pl.DataFrame(
        {
            "code": ["A", "B"], "channel": "online", "received": RECEIVED,
            "finished": [None, None], "due": "2026-03-11", "first_due": "2026-03-09",
            "suspensions": ["payment:2026-03-09T10:00/2026-03-11T10:00",
                            "payment:2026-03-11T10:00/2026-03-12T10:00"],
        },
        schema_overrides={"finished": pl.String},
    )  # fmt: skip
    assert found(given)["suspended_on_last_day"].dossiers == ("A",)
    assert found(given.drop("first_due"))["suspended_on_last_day"].dossiers == ("B",)


def test_finishes_of_one_minute_and_one_agency_are_named() -> None:
    """Three of one agency at 16:59; another agency, another minute and a day without an hour."""
    stamps = ["2026-03-06T16:59"] * 4 + ["2026-03-06T16:58", "2026-03-06", "2026-03-06"]
    stamped = table(
        {
            f"D{place}": {"finished": stamp, "agency": "H15.11" if place == 3 else "H15.10"}
            for place, stamp in enumerate(stamps)
        }
    )
    signal = found(stamped, bulk=3)["finished_in_bulk"]
    assert (signal.dossiers, signal.examined) == (("D0", "D1", "D2"), 5)
    assert found(stamped, bulk=4)["finished_in_bulk"].dossiers == ()
    assert found(stamped.drop("agency"), bulk=4)["finished_in_bulk"].dossiers == (
        "D0", "D1", "D2", "D3"
    )  # fmt: skip


def test_what_was_opened_again_or_recorded_later_is_named() -> None:
    """Due on the 9th. Friday to Monday is one working day, which is let pass; to Tuesday two."""
    written = table(
        {
            "again": {"finished": "2026-03-06T10:00", "recorded": "2026-03-06T10:00",
                      "reopened": 1},
            "monday": {"finished": "2026-03-06T10:00", "recorded": "2026-03-09T10:00"},
            "tuesday": {"finished": "2026-03-06T10:00", "recorded": "2026-03-10T10:00"},
            "late": {"finished": "2026-03-10T10:00", "recorded": "2026-03-20T10:00"},
            "open": {},
        }
    )  # fmt: skip
    signals = found(written)
    assert (signals["reopened"].dossiers, signals["reopened"].examined) == (("again",), 5)
    assert signals["recorded_later"].dossiers == ("tuesday", "late")
    assert signals["recorded_later"].examined == 4
    # late is late by its own day, so that nothing was gained
    assert signals["backdated_over_due"].dossiers == ("tuesday",)
    assert found(written, lag=0)["recorded_later"].dossiers == ("monday", "tuesday", "late")


def test_what_a_table_cannot_show_is_said() -> None:
    """Without the columns nothing is found, and that is not the same as nothing there."""
    signals = found(table({"A": {}}))
    assert list(signals) == list(metrics.SIGNALS)
    assert [name for name, each in signals.items() if each.examined is None] == [
        "suspended_on_last_day", "restarted_before_expiry", "reopened", "recorded_later",
        "backdated_over_due",
    ]  # fmt: skip
    assert "no column recorded" in signals["recorded_later"].sentence.en
    assert "không có cột recorded" in signals["recorded_later"].sentence.vi


@pytest.mark.parametrize("wrong", [{"near": -1}, {"bulk": 1}, {"lag": -1}])
def test_a_number_that_makes_no_sense_is_refused(wrong: dict[str, int]) -> None:
    """One finish in a minute is not many."""
    with pytest.raises(IgateError, match="too small"):
        found(SUSPENDED, **wrong)
