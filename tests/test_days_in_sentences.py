"""Days in messages: ISO 8601 in English, day before month in Vietnamese, and files as they are."""

from __future__ import annotations

import copy
import pickle
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from desks import CODE, Desk
from igate.calendar import WorkCalendar
from igate.checks.checker import check_paths
from igate.dossiers.dossier import Mandate
from igate.errors import CalendarConflict, CalendarNotCovered, IgateError, MomentError
from igate.law.localtime import VIETNAM
from igate.procedures.catalog.catalog import Catalog
from igate.words.days import VietnameseDay
from igate.words.sentence import Sentence, say, together

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TET = date(2026, 2, 17)
AT = datetime(2026, 2, 17, 8, 5, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("sentence", "english", "vietnamese"),
    [
        (
            say("Procedure {code} is not in force on {day}.", code="1.001806", day=TET),
            "Procedure 1.001806 is not in force on 2026-02-17.",
            "Thủ tục 1.001806 không có hiệu lực vào ngày 17/02/2026.",
        ),
        (
            say("The action {action} of {at:%Y-%m-%d %H:%M} is recorded on "
                "{recorded:%Y-%m-%d %H:%M}.", action="x", at=AT, recorded=AT + timedelta(days=1)),
            "The action x of 2026-02-17 08:05 is recorded on 2026-02-18 08:05.",
            "Thao tác x của 08:05 ngày 17/02/2026 được ghi nhận vào 08:05 ngày 18/02/2026.",
        ),
        (
            say('effective_until: "{start!s}"', start=TET),
            'effective_until: "2026-02-17"',
            'effective_until: "2026-02-17"',
        ),
        (
            together(say("{first} to {last}", first=TET, last=TET), "H15", between=": "),
            "2026-02-17 to 2026-02-17: H15",
            "từ 17/02/2026 đến 17/02/2026: H15",
        ),
        (
            say("The day {date} appears twice; first at {place}.", date="2026-02-17", place="a"),
            "The day 2026-02-17 appears twice; first at a.",
            "Ngày 2026-02-17 xuất hiện hai lần; lần đầu tại a.",
        ),
    ],
)  # fmt: skip
def test_a_day_is_written_in_the_manner_of_the_language(
    sentence: Sentence, english: str, vietnamese: str
) -> None:
    """A day, a moment, one for a file (``!s``), one in a sentence within another; a text stays."""
    for each in (sentence, copy.deepcopy(sentence), pickle.loads(pickle.dumps(sentence))):  # noqa: S301
        assert (str(each), each.text("en"), each.text("vi")) == (english, english, vietnamese)


def test_other_forms_of_a_day_are_those_of_python() -> None:
    """An hour alone, a moment without a form, and what a programmer prints."""
    assert f"{VietnameseDay(AT):%H:%M}" == "08:05"
    assert f"{VietnameseDay(AT)}" == "2026-02-17 08:05:00+07:00"
    assert f"{VietnameseDay(TET)!r}" == "datetime.date(2026, 2, 17)"


def _tomorrow() -> object:
    return Desk().act("receive", "receptionist", at=datetime(2026, 3, 3, 9, tzinfo=VIETNAM))


def _holidays() -> object:
    return WorkCalendar.vietnam().add(date(2026, 12, 30), 5)


def _mandate() -> object:
    first, last = date(2026, 5, 1), date(2026, 4, 1)
    roles = frozenset({"officer"})
    return Mandate(principal="lan", capacity="substitute", roles=roles, start=first, end=last)


@pytest.mark.parametrize(
    ("refused", "kind", "vietnamese"),
    [
        (
            lambda: Catalog.shipped().procedure("1.001806").in_force(date(2024, 1, 1)),
            IgateError,
            "Thủ tục 1.001806 không có hiệu lực vào ngày 01/01/2024.",
        ),
        (
            _tomorrow,
            MomentError,
            (
                "Thời điểm 09:00 ngày 03/03/2026 ở tương lai; bây giờ ở Việt Nam là 09:00 ngày "
                "02/03/2026."
            ),
        ),
        (
            _holidays,
            CalendarNotCovered,
            "30/12/2026 + 5 ngày làm việc nằm ngoài lịch làm việc.",
        ),
        (
            lambda: WorkCalendar.from_days(first=date(2026, 5, 1), last=date(2026, 4, 1)),
            CalendarConflict,
            "Lịch không thể kết thúc vào 01/04/2026 và bắt đầu từ 01/05/2026.",
        ),
        (
            _mandate,
            IgateError,
            "Việc ủy quyền từ 01/05/2026 kết thúc vào 01/04/2026, nên không bao giờ có hiệu lực.",
        ),
    ],
)
def test_a_refusal_has_its_days_as_vietnamese_readers_write_them(
    refused: Callable[[], object], kind: type[IgateError], vietnamese: str
) -> None:
    """Of a catalogue, a desk, a calendar and a mandate; counted and written by hand."""
    with pytest.raises(kind) as error:
        refused()
    assert vietnamese in error.value.text("vi")


def test_what_is_to_be_pasted_into_a_file_stays_as_files_have_it(tmp_path: Path) -> None:
    """The gap between two revisions is said in Vietnamese, the key to write in ISO 8601."""
    (tmp_path / "9.000001-card.yaml").write_text(
        f'format: 1\ncode: "{CODE}"\nname: {{vi: Cấp thẻ, en: Card}}\n'
        'field: {id: libraries, vi: Thư viện, en: Libraries}\nchecked_on: "2026-03-01"\n'
        "source: invented\nrevisions:\n"
        '  - {effective_from: "2025-01-01", effective_until: "2025-12-01", template: ordinary, '
        "citation: Luật 1 (giả định)}\n"
        '  - {effective_from: "2026-01-01", template: ordinary, citation: Luật 1 (giả định)}\n',
        encoding="utf-8",
    )
    (found,) = [each for each in check_paths([tmp_path]) if each.code == "revision-gap"]
    said = found.text("vi")
    assert "Từ 01/12/2025 đến ngày trước 01/01/2026 không có lần sửa đổi nào có hiệu lực" in said
    assert 'Viết effective_until: "2026-01-01" ở lần sửa đổi trước' in said
