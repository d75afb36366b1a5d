"""Periods in messages: mathematics in English, the words of a decree in Vietnamese."""

from __future__ import annotations

from datetime import date

import pytest

from igate.deadlines.rulefile import shipped_rules
from igate.errors import TimelineError
from igate.law.period import Period, Timeline


@pytest.mark.parametrize(
    ("start", "end", "english", "vietnamese"),
    [
        (date(2025, 11, 27), None, "[2025-11-27, open)", "từ 27/11/2025"),
        (
            date(2025, 7, 1),
            date(2026, 7, 1),
            "[2025-07-01, 2026-07-01)",
            "từ 01/07/2025 đến trước ngày 01/07/2026",
        ),
        (
            None,
            date(2026, 7, 1),
            "[unknown, 2026-07-01)",
            "chưa rõ từ ngày nào đến trước ngày 01/07/2026",
        ),
        (None, None, "[unknown, open)", "chưa rõ từ ngày nào"),
    ],
)
def test_a_period_is_said_in_both_languages(
    start: date | None, end: date | None, english: str, vietnamese: str
) -> None:
    """The end is outside in both; nothing is said of an end that is open."""
    said = Period(start=start, end=end).sentence
    assert (str(said), said.text("vi")) == (english, vietnamese)


def test_rules_of_another_day_name_their_periods() -> None:
    """The rules by which pending days are subtracted begin on 23 June 2022."""
    with pytest.raises(TimelineError) as refused:
        shipped_rules("subtracted", on=date(2010, 1, 1))
    assert str(refused.value).endswith("The periods are [2022-06-23, open).")
    assert refused.value.text("vi").endswith("Quy tắc này có hiệu lực từ 23/06/2022.")


def test_blocks_that_overlap_name_their_periods() -> None:
    """Both in the words of the language."""
    blocks = [
        (Period(start=date(2025, 7, 1)), "A"),
        (Period(start=date(2026, 7, 1)), "B"),
    ]
    with pytest.raises(TimelineError) as refused:
        Timeline(blocks)
    assert str(refused.value).startswith("A [2025-07-01, open) and B [2026-07-01, open) overlap.")
    assert refused.value.text("vi").startswith("A (từ 01/07/2025) và B (từ 01/07/2026) chồng nhau.")
