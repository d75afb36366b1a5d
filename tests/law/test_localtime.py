"""Moments in Vietnamese time: what is converted, what is refused, what the zone was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate.errors import MomentError
from igate.law.localtime import VIETNAM, local, minute_number, moment_of, parse_local


@pytest.mark.parametrize(
    ("moment", "hours"),
    [
        (datetime(2024, 5, 2, tzinfo=UTC), 7),
        # Saigon was UTC+8 until 13 June 1975; no summer time since (IANA time-zone database)
        (datetime(1975, 6, 12, 15, tzinfo=UTC), 8),
    ],
)
def test_the_zone_is_that_of_the_day(moment: datetime, hours: int) -> None:
    """UTC+7 today, UTC+8 in Saigon before 13 June 1975."""
    assert moment.astimezone(VIETNAM).utcoffset() == timedelta(hours=hours)


def test_a_foreign_moment_is_converted_before_its_day_is_taken() -> None:
    """17:30 UTC is the next day in Hà Nội; the journal refuses it, the calendar converts it."""
    evening = datetime(2024, 5, 2, 17, 30, tzinfo=UTC)
    assert local(evening).isoformat() == "2024-05-03T00:30:00+07:00"
    with pytest.raises(MomentError, match="not in Vietnamese time"):
        local(evening, foreign="refuse")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("20/08/2026", "2026-08-20T09:00"),
        ("2026-08-20", "a day without an hour"),
        ("2026-13-20T09:00", "is not a moment"),
        ("9999-12-31T23:59-05:00", "beyond all calendars"),
        (None, "is not a moment"),
    ],
)
def test_what_is_no_moment_is_refused(text: str, words: str) -> None:
    """With what to write instead."""
    with pytest.raises(MomentError, match=words):
        parse_local(text)


@given(st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - naive bounds
def test_minutes_and_moments_are_inverse(naive: datetime) -> None:
    """The number of the minute of a moment gives the moment back, without its seconds."""
    moment = naive.replace(second=0, microsecond=0, tzinfo=VIETNAM)
    assert moment_of(minute_number(moment)) == moment
    assert parse_local(moment.isoformat()) == moment
