"""Deadlines as an iCalendar file: read back with the library, and line by line."""

from __future__ import annotations

import builtins
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import icalendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from igate.calendar import WorkCalendar
from igate.deadlines.deadline import Deadline, compute_deadline
from igate.deadlines.limits import TimeLimit
from igate.deadlines.rulefile import shipped_rules
from igate.deadlines.rules import ClockMark
from igate.errors import IgateError, MomentError
from igate.law.localtime import parse_local
from igate.publish.ics import deadline_ics

FIRST_DAY = "Bộ luật Dân sự 2015, Điều 147 khoản 2"
SWAP = "Công văn 2450/VPCP-KGVX"
NOW = parse_local("2026-11-20T09:00")


@lru_cache(maxsize=2)
def vietnam(*, provisional: bool = False) -> WorkCalendar:
    return WorkCalendar.vietnam(provisional=provisional)


def deadline_of(
    limit: str, received: str, *marks: ClockMark, calendar: WorkCalendar | None = None
) -> Deadline:
    start = parse_local(received)
    return compute_deadline(
        TimeLimit.parse(limit),
        marks=(ClockMark(kind="start", at=start), *marks),
        calendar=calendar or vietnam(),
        rules=shipped_rules(on=start.date()),
    )


def mark(kind: Any, at: str, **details: Any) -> ClockMark:  # noqa: ANN401 - handed on
    return ClockMark(kind=kind, at=parse_local(at), **details)


def events(content: bytes) -> list[icalendar.Event]:
    """Read the events back with the library."""
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))  # type: ignore[arg-type]


def only_event(deadline: Deadline, lang: Any = "vi", now: datetime = NOW) -> icalendar.Event:  # noqa: ANN401
    (event,) = events(deadline_ics([("H15-1", "Đăng ký khai sinh", deadline)], lang=lang, now=now))
    return event


def alarms(event: icalendar.Event) -> list[icalendar.Component]:
    return event.walk("VALARM")


def test_an_event_stands_at_the_due_moment_in_vietnamese_time() -> None:
    """Two working days from 2 May 2024 end on the make-up Saturday at 17:00, 10:00 UTC."""
    event = only_event(deadline_of("2 working_day", "2024-05-02T09:00"))
    assert event["DTSTART"].dt == datetime(2024, 5, 4, 10, 0, tzinfo=UTC)
    assert event["DTSTART"].params["TZID"] == "Asia/Ho_Chi_Minh"
    # a due moment has no length: RFC 5545 wants an end that is later, or none
    assert "DTEND" not in event
    assert "DURATION" not in event
    assert event["STATUS"] == "CONFIRMED"
    assert event["TRANSP"] == "TRANSPARENT"


def test_the_zone_is_described_in_the_file() -> None:
    """UTC+7 without summer time since 13 June 1975; a program needs no table of its own."""
    content = deadline_ics([], now=NOW)
    calendar = icalendar.Calendar.from_ical(content)
    (zone,) = calendar.walk("VTIMEZONE")
    (standard,) = zone.subcomponents
    assert zone["TZID"] == "Asia/Ho_Chi_Minh"
    assert standard["TZOFFSETTO"].td == timedelta(hours=7)
    assert standard["DTSTART"].dt.date() == date(1975, 6, 13)
    assert zone.walk("DAYLIGHT") == []


def test_the_file_says_what_it_is() -> None:
    """Version 2.0, published, with a name; also without any event it is a calendar."""
    calendar = icalendar.Calendar.from_ical(deadline_ics([], lang="en", now=NOW))
    assert calendar["VERSION"] == "2.0"
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["PRODID"] == "-//igate//deadlines//EN"
    assert calendar["NAME"] == "Results due"


def test_the_moment_of_the_file_is_given_and_not_read_from_a_clock() -> None:
    """The same deadlines at the same moment give the same bytes; the stamp is in UTC."""
    given_ = [("H15-1", "Khai sinh", deadline_of("5 working_day", "2026-11-16T09:00"))]
    assert deadline_ics(given_, now=NOW) == deadline_ics(given_, now=NOW)
    assert b"\r\nDTSTAMP:20261120T020000Z\r\n" in deadline_ics(given_, now=NOW)
    utc = NOW.astimezone(UTC)
    assert deadline_ics(given_, now=utc) == deadline_ics(given_, now=NOW)


def test_a_naive_now_is_refused() -> None:
    """Nobody can tell which instant it is."""
    naive = datetime(2026, 11, 20, 9)  # noqa: DTZ001 - the mistake under test
    with pytest.raises(MomentError, match="has no time zone"):
        deadline_ics([], now=naive)


def test_the_proof_is_in_the_description() -> None:
    """Limit, receipt, rules, each day with its reason and citation, and the date without swaps."""
    event = only_event(deadline_of("2 working_day", "2024-05-02T09:00"))
    assert str(event["SUMMARY"]) == "Hạn trả H15-1: Đăng ký khai sinh"
    assert str(event["DESCRIPTION"]).split("\n") == [
        "Thời hạn: 2 ngày làm việc",
        "Tiếp nhận: Thứ Năm 02/05/2024 09:00",
        "Quy tắc: Nghị định 61/2018/NĐ-CP",
        "",
        f"Thứ Năm 02/05/2024 – không tính: Ngày tiếp nhận, không tính [{FIRST_DAY}]",
        "Thứ Sáu 03/05/2024 – ngày thứ 1: Ngày làm việc",
        f"Thứ Bảy 04/05/2024 – ngày thứ 2: Làm bù cho ngày 29/04/2024 [{SWAP}]",
        "",
        f"Nếu không có quy tắc này: Hoán đổi ngày làm việc → Thứ Hai 06/05/2024 17:00 [{SWAP}]",
    ]


def test_the_text_is_in_the_language_asked_for() -> None:
    """English text is marked as English."""
    event = only_event(deadline_of("2 working_day", "2024-05-02T09:00"), lang="en")
    assert event["SUMMARY"].params["LANGUAGE"] == "en"
    assert str(event["SUMMARY"]).startswith("Due H15-1")
    assert "Sat 2024-05-04 – day 2: Make-up working day for 2024-04-29" in event["DESCRIPTION"]


def test_the_reminder_rings_at_the_opening_of_the_working_day_before() -> None:
    """Due on Monday 6 May 2024: the working day before is the make-up Saturday, 07:30."""
    event = only_event(deadline_of("3 working_day", "2024-05-02T09:00"))
    assert event["DTSTART"].dt.date() == date(2024, 5, 6)
    (alarm,) = alarms(event)
    assert alarm["ACTION"] == "DISPLAY"
    assert alarm["TRIGGER"].dt == datetime(2024, 5, 4, 0, 30, tzinfo=UTC)
    assert alarm["TRIGGER"].params["VALUE"] == "DATE-TIME"
    assert alarm["DESCRIPTION"] == event["SUMMARY"]


def test_over_tet_the_reminder_comes_before_the_holidays() -> None:
    """Due on Monday 23 February 2026: the working day before is Friday the 13th."""
    event = only_event(deadline_of("4 working_day", "2026-02-10T09:00"))
    assert event["DTSTART"].dt.date() == date(2026, 2, 23)
    assert alarms(event)[0]["TRIGGER"].dt == datetime(2026, 2, 13, 0, 30, tzinfo=UTC)


def test_no_reminder_lies_before_the_start_of_the_count() -> None:
    """A limit of one working day, received at nine, has no whole working day before its end."""
    assert alarms(only_event(deadline_of("1 working_day", "2026-11-16T09:00"))) == []
    assert len(alarms(only_event(deadline_of("1 working_day", "2026-11-16T07:00")))) == 1


def test_at_the_beginning_of_the_calendar_there_is_no_day_before() -> None:
    """The working day before the first covered one is not known, so it is not guessed."""
    calendar = WorkCalendar.from_days(date(2026, 11, 16), date(2026, 11, 20))
    deadline = deadline_of("0 working_day", "2026-11-16T06:00", calendar=calendar)
    assert alarms(only_event(deadline)) == []


def test_a_provisional_date_is_tentative_and_says_so() -> None:
    """The days off of 2027 are not announced."""
    calendar = vietnam(provisional=True)
    event = only_event(deadline_of("30 day", "2026-12-15T09:00", calendar=calendar))
    assert event["STATUS"] == "TENTATIVE"
    assert event["CATEGORIES"].cats == ["Tạm tính"]
    assert str(event["SUMMARY"]).endswith("(tạm tính)")
    assert "CATEGORIES" not in only_event(deadline_of("5 working_day", "2026-11-16T09:00"))


def test_what_has_no_date_gives_no_event() -> None:
    """Suspended, or no limit stated: no event and no error; the others are there."""
    waiting = mark("suspend", "2026-11-04T09:00", reason="payment")
    content = deadline_ics(
        [
            ("H15-1", "a", deadline_of("10 working_day", "2026-11-02T09:00", waiting)),
            ("H15-2", "b", deadline_of("not_stated", "2026-11-02T09:00")),
            ("H15-3", "c", deadline_of("10 working_day", "2026-11-02T09:00")),
        ],
        now=NOW,
    )
    assert [str(event["SUMMARY"]) for event in events(content)] == ["Hạn trả H15-3: c"]


@pytest.mark.parametrize("kind", ["finish", "stop"])
def test_a_finished_dossier_leaves_the_calendar(kind: str) -> None:
    """Its event is cancelled and reminds nobody; the identifier is the one that it had."""
    running = only_event(deadline_of("5 working_day", "2026-11-16T09:00"))
    done = only_event(
        deadline_of("5 working_day", "2026-11-16T09:00", mark(kind, "2026-11-18T09:00"))
    )
    assert done["STATUS"] == "CANCELLED"
    assert alarms(done) == []
    assert done["UID"] == running["UID"]
    assert (running["SEQUENCE"], done["SEQUENCE"]) == (0, 1)


def test_a_moved_date_replaces_the_event() -> None:
    """Same identifier, higher number, the moment of the apology as the last change."""
    first = only_event(deadline_of("5 working_day", "2026-10-05T09:00"))
    apology = mark("replace", "2026-10-08T10:00", due=parse_local("2026-10-16T17:00"))
    later = only_event(deadline_of("5 working_day", "2026-10-05T09:00", apology))
    assert first["UID"] == later["UID"]
    assert first["DTSTART"].dt.date() == date(2026, 10, 12)
    assert later["DTSTART"].dt.date() == date(2026, 10, 16)
    assert (first["SEQUENCE"], later["SEQUENCE"]) == (0, 1)
    assert later["LAST-MODIFIED"].dt == datetime(2026, 10, 8, 3, 0, tzinfo=UTC)


def test_an_announcement_moves_the_date_and_the_stamp_tells_the_newer_file() -> None:
    """The swap of 2 January 2026 was announced on 25 December 2025; the journal did not change."""
    before = WorkCalendar.vietnam(as_of=date(2025, 12, 20))
    old = only_event(
        deadline_of("9 working_day", "2025-12-19T09:00", calendar=before),
        now=parse_local("2025-12-20T09:00"),
    )
    new = only_event(
        deadline_of("9 working_day", "2025-12-19T09:00"), now=parse_local("2025-12-26T09:00")
    )
    assert (old["DTSTART"].dt.date(), new["DTSTART"].dt.date()) == (
        date(2026, 1, 2),
        date(2026, 1, 5),
    )
    assert old["UID"] == new["UID"]
    assert old["SEQUENCE"] == new["SEQUENCE"]
    assert old["DTSTAMP"].dt < new["DTSTAMP"].dt


def test_identifiers_follow_from_the_code_alone() -> None:
    """Another title or date keeps it; another code has another."""
    one = deadline_of("5 working_day", "2026-11-16T09:00")
    two = deadline_of("9 working_day", "2026-11-02T09:00")
    first = events(deadline_ics([("H15-1", "a", one), ("H15-2", "b", two)], now=NOW))
    second = events(deadline_ics([("H15-2", "c", one), ("H15-1", "d", two)], now=NOW))
    assert [event["UID"] for event in first] == [event["UID"] for event in reversed(second)]
    assert first[0]["UID"] != first[1]["UID"]


def test_a_dossier_that_stands_twice_is_refused() -> None:
    """A program would keep one of the two dates without saying which."""
    one = deadline_of("5 working_day", "2026-11-16T09:00")
    with pytest.raises(IgateError, match="H15-1 appears twice"):
        deadline_ics([("H15-1", "a", one), ("H15-1", "b", one)], now=NOW)


def test_lines_are_folded_between_characters_at_75_octets() -> None:
    """RFC 5545 section 3.1: each line is whole UTF-8 of at most 75 octets and ends in CRLF."""
    title = "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất " * 3
    deadline = deadline_of("20 working_day", "2026-10-05T09:00")
    content = deadline_ics([("H15-1", title, deadline)], now=NOW)
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert [line for line in lines if b"\n" in line or b"\r" in line] == []
    assert b"\r\n".join(line.decode("utf-8").encode() for line in lines) == content
    (event,) = events(content)
    assert str(event["SUMMARY"]) == f"Hạn trả H15-1: {title.strip()}"


@given(st.text(max_size=80))
@example(r"\N")
def test_any_title_makes_one_event(title: str) -> None:
    """No title breaks the file or adds a line of its own; line breaks become one blank."""
    deadline = deadline_of("5 working_day", "2026-11-16T09:00")
    hostile = f"{title}\r\nBEGIN:VALARM\nx;y,z\\n"
    (event,) = events(deadline_ics([("H15-1", hostile, deadline)], now=NOW))
    assert len(alarms(event)) == 1
    assert str(event["SUMMARY"]).endswith("BEGIN:VALARM x;y,z\\n")
    assert str(event["SUMMARY"]).split() == str(event["SUMMARY"]).split(" ")


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    original = builtins.__import__

    def refuse(name: str, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - handed on
        if name == "icalendar":
            raise ImportError(name)
        return original(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(IgateError, match=r'pip install "igate\[ics\]"'):
        deadline_ics([], now=NOW)
