"""Printed time limits: what is read, and what is refused with the place and the reason."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate.checks.checker import check_paths
from igate.deadlines.limits import TimeLimit, Unit, longest, read_limit, total
from igate.errors import TimeLimitError
from igate.testing import strategies
from places import ROOT, TESTS

if TYPE_CHECKING:
    from pathlib import Path

ANSWERS = TESTS / "answers" / "printed_limits.csv"


def answers() -> list[dict[str, str]]:
    with ANSWERS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", answers(), ids=lambda row: row["text"])
def test_what_decisions_print_is_read(row: dict[str, str]) -> None:
    """As a person reads it."""
    assert str(read_limit(row["text"])) == row["limit"]


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ("10-25 ngày kể từ ngày nhận được hồ sơ hợp lệ", 1, "a number and a unit"),
        (
            "28 ngày làm việc (đối với trường hợp cấp mới), 02 ngày làm việc (đối với cấp lại)",
            17,
            "a second length follows",
        ),
        ("14 ngày; Riêng đối với trường hợp công trình khai thác nước", 8, "the text goes on"),
        ("Thông tư số 261/2016/TT-BTC", 1, "a number and a unit"),
        ("1 (đơn vị bị thiếu)", 1, "a number and a unit"),
        ("5 ngày làm việc, trường hợp phức tạp 10 ngày làm việc", 16, "a second length follows"),
        ("", 1, "a number and a unit"),
        ("3 ngày kể từ ngày nhận. Trường hợp khác do cơ quan quy định", 23, "the text goes on"),
        ("3 ngày kể từ ngày nhận, trừ hồ sơ phức tạp", 25, "the text goes on"),
    ],
)
def test_what_says_more_than_one_thing_is_refused(text: str, column: int, reason: str) -> None:
    """With the column, from 1, and the reason; nothing is guessed."""
    with pytest.raises(TimeLimitError) as refusal:
        read_limit(text)
    assert f"from column {column} on" in str(refusal.value)
    assert reason in str(refusal.value)


@pytest.mark.parametrize("hour", ["25 giờ", "99 giờ 75"])
def test_an_hour_that_no_day_has_is_refused(hour: str) -> None:
    """Never a traceback."""
    with pytest.raises(TimeLimitError, match="hour that no day has"):
        read_limit(f"trong ngày; sau {hour} thì trả vào ngày làm việc tiếp theo")


def test_half_a_plain_day_is_read_only_as_working_time() -> None:
    """In a step table a plain day is a working day (assumed); in a law half a day is an error."""
    assert str(read_limit("0,5 ngày", day=Unit.WORKING_DAY)) == "0.5 working_day"
    assert str(read_limit("1/4 ngày", day=Unit.WORKING_DAY)) == "0.25 working_day"
    with pytest.raises(TimeLimitError, match="no parts that the law would count"):
        read_limit("0,5 ngày")


lengths = strategies.time_limits(longest=400, parts=1, whole=True)


@given(lengths)
def test_what_is_printed_in_vietnamese_reads_back(limit: TimeLimit) -> None:
    """text("vi") and read_limit are inverse for whole lengths."""
    assert read_limit(limit.text("vi")) == limit
    assert read_limit(f"Trong thời hạn {limit.text('vi')} kể từ ngày nhận đủ hồ sơ.") == limit


@pytest.mark.parametrize(
    ("limit", "english"),
    [
        ("0 working_hour", "0 working hours"),
        ("0 hour", "0 hours"),
        ("0 working_day + 5 day", "0 working days and 5 days"),
        ("0 working_day", "the same working day"),
    ],
)
def test_only_no_days_alone_are_called_the_same_day(limit: str, english: str) -> None:
    """No hours mean at once, and a sum that begins with no days goes on with its other parts."""
    assert TimeLimit.parse(limit).text("en") == english
    assert read_limit(TimeLimit.parse(limit).text("vi")) == TimeLimit.parse(limit)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No other error ever comes out."""
    try:
        limit = read_limit(text)
    except TimeLimitError:
        return
    assert TimeLimit.parse(str(limit)) == limit


def test_time_limits_are_parsed_from_both_spellings() -> None:
    """The grammar of our files, and what Vietnamese decisions print."""
    assert TimeLimit.parse("05 ngày làm việc") == TimeLimit.parse("5 working_day")
    assert TimeLimit.parse("Không quy định") == TimeLimit.parse("not_stated")


def test_a_definition_file_has_one_spelling(tmp_path: Path) -> None:
    """A printed limit in a procedure file is refused with the spelling to write."""
    (source,) = (ROOT / "igate/workflows/procedures").rglob("1.001806-*.yaml")
    text = source.read_text(encoding="utf-8")
    copy = tmp_path / source.name
    copy.write_text(text.replace("limit: 10 working_day", "limit: 10 ngày làm việc"), "utf-8")
    (finding,) = check_paths([copy])
    assert finding.code == "bad-time-limit"
    assert finding.remedy == 'Write "10 working_day".'


@pytest.mark.parametrize(
    ("texts", "amount", "unit"),
    [
        (("1 day", "2 day"), 3, "day"),
        (("0.5 working_day", "3 working_hour"), 7, "working_hour"),
        ((), 0, "working_hour"),
    ],
)
def test_limits_of_one_kind_add_up(texts: tuple[str, ...], amount: int, unit: str) -> None:
    """Calendar days with calendar days; 8 working hours a working day; nothing is no hours."""
    assert total([TimeLimit.parse(text) for text in texts]) == (amount, unit)


@pytest.mark.parametrize(
    "texts",
    [
        ("not_stated", "5 working_day"),
        ("2 month + 15 working_day", "1 working_day"),
        ("1 day", "1 working_day"),
        (),
    ],
)
def test_limits_that_cannot_be_compared_have_no_longest(texts: tuple[str, ...]) -> None:
    """One is not stated, one is a sum of two kinds, the kinds differ, or there is none."""
    assert longest([TimeLimit.parse(text) for text in texts]) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("3 ngay lam viec", "3 working_day"),
        ("3 working day", "3 working_day"),
        ("3working_days", "3 working_day"),
        ("0,5 Working Day", "0.5 working_day"),
        ("4 gio lam viec", "4 working_hour"),
        ("2 thang", "2 month"),
        ("2.0 days", "2.0 day"),
        ("0.5 days", "0.5 working_day"),
        ("1/4 ngay", "1/4 working_day"),
        ("0.5 day", "0.5 working_day"),
        ("0.5 ngày", "0.5 working_day"),
        ("1/2 ngày", "0.5 working_day"),
        ("1/3 ngày", "1/3 working_day"),
    ],
)
def test_what_is_nearly_a_limit_is_named(text: str, meant: str) -> None:
    """Other gaps, an s, Vietnamese without its marks, or a part of a day, which is one of work."""
    with pytest.raises(TimeLimitError, match=f'Did you mean "{meant}"') as refusal:
        TimeLimit.parse(text)
    assert f'Có phải ý là "{meant}"' in refusal.value.text("vi")
    assert TimeLimit.parse(meant).stated


@pytest.mark.parametrize("text", ["3 ngay", "0.5 thang", "0.5 month", "1/0 ngay", "0,5 tháng"])
def test_what_may_be_two_limits_or_none_is_not_guessed(text: str) -> None:
    """Days without marks may be calendar days or working days; a month has no parts."""
    with pytest.raises(TimeLimitError) as refusal:
        TimeLimit.parse(text)
    assert "Did you mean" not in str(refusal.value)
