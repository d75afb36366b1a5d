"""Deadlines as an iCalendar file (RFC 5545) for the calendar of the officer.

Each deadline that has a date is one event at the due moment, with the proof in its description and
a reminder at the opening of the working day before. Nothing here reads the clock: two files made
from the same deadlines at the same ``now`` are the same byte for byte.

How a calendar program knows an event again when its date has moved:

* ``UID`` follows from the code of the dossier alone, so the event is replaced, never doubled;
* ``SEQUENCE`` is the number of things that have happened to the clock since the receipt: a journal
  only grows, so a later file never has a smaller number;
* ``LAST-MODIFIED`` is the moment of the last of them;
* an announcement may move a date while the journal stays as it is: both stay too, and the later
  ``DTSTAMP`` tells the newer file.

While a clock is suspended there is no date and so no event: a program that subscribes to the file
takes the event away, one that imported it once keeps the old one until the clock goes on.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, uuid5

from igate.deadlines.whatif import without_each_rule
from igate.errors import CalendarNotCovered, IgateError
from igate.law.citation import Label
from igate.law.localtime import MINUTES_PER_DAY, VIETNAM, local, moment_of
from igate.law.text import check_language
from igate.publish.deadline_html import day_text, history, moment_text, share_text
from igate.publish.words import printable
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

    from icalendar import Alarm, Event, Timezone

    from igate.deadlines.deadline import Deadline
    from igate.law.citation import Citation, Language

__all__ = ["deadline_ics"]

_NAME: Final = Label(vi="Ngày hẹn trả kết quả", en="Results due")
_DUE: Final = Label(vi="Hạn trả", en="Due")
_PROVISIONAL: Final = Label(vi="Tạm tính", en="Provisional")
_LIMIT: Final = Label(vi="Thời hạn", en="Time limit")
_RECEIVED: Final = Label(vi="Tiếp nhận", en="Received")
_RULES: Final = Label(vi="Quy tắc", en="Rules")
_WITHOUT: Final = Label(vi="Nếu không có quy tắc này", en="Without this rule")
_NO_DATE: Final = Label(vi="không có ngày", en="no date")


def deadline_ics(
    deadlines: Iterable[tuple[str, str, Deadline]], *, lang: Language = "vi", now: datetime
) -> bytes:
    """Write deadlines as an iCalendar file in UTF-8.

    Args:
        deadlines: Code of the dossier, title, deadline. What has no date (suspended, or no limit
            stated) gives no event and is no error.
        lang: Language of the texts.
        now: When the file is made, an aware moment.

    Returns:
        A file with one event for each deadline that has a date. A provisional date is tentative
        and has a category that says so; a dossier that is finished or stopped is a cancelled
        event without a reminder, so that it leaves the officer's calendar.

    Raises:
        IgateError: The package icalendar is not installed, a code appears twice, or igate does not
            speak the language.
        MomentError: ``now`` has no time zone.
    """
    check_language(lang)
    library, stamp = _library(), local(now).astimezone(UTC)
    calendar = library.Calendar()
    calendar.add("prodid", "-//igate//deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", _NAME.text(lang), parameters={"LANGUAGE": lang})
    calendar.add("x-wr-calname", _NAME.text(lang))
    calendar.add_component(_zone(library))
    seen: set[str] = set()
    for code, title, deadline in deadlines:
        _refuse_twice(code, seen)
        if deadline.due is not None:
            event = _event(library, f"{code}: {title}", deadline, deadline.due, lang)
            event.add("uid", str(uuid5(NAMESPACE_URL, f"urn:igate:dossier:{code}")))
            event.add("dtstamp", stamp)
            calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _library() -> ModuleType:
    try:
        import icalendar  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise IgateError(
            say("The calendar file cannot be written."),
            why=say("It needs icalendar ({error}).", error=error),
            fix=say('Run: pip install "igate[ics]"'),
        ) from error
    return icalendar


def _refuse_twice(code: str, seen: set[str]) -> None:
    if code in seen:
        raise IgateError(
            say("The dossier {code} appears twice.", code=code),
            why=say("A calendar program would keep only one of the two dates."),
            fix=say("Give each dossier once, with its present deadline."),
        )
    seen.add(code)


def _zone(library: ModuleType) -> Timezone:
    """Describe Vietnamese time: UTC+7 without summer time since 13 June 1975."""
    standard = library.TimezoneStandard()
    standard.add("dtstart", datetime(1975, 6, 13))  # noqa: DTZ001 - local time, as RFC 5545 wants it
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=7))
    standard.add("tzname", "+07")
    zone: Timezone = library.Timezone()
    zone.add("tzid", VIETNAM.key)
    zone.add_component(standard)
    return zone


def _event(
    library: ModuleType, title: str, deadline: Deadline, due: datetime, lang: Language
) -> Event:
    """Make the event; it has no end of its own, because a due moment has no length."""
    language: dict[str, str] = {"LANGUAGE": lang}
    # icalendar writes a backslash before a capital N as the line break that RFC 5545 reads in it
    words = title.replace(r"\N", "\n").split()
    summary = f"{_DUE.text(lang)} {printable(' '.join(words))}"
    event: Event = library.Event()
    event.add("dtstart", due)
    event.add("sequence", len(deadline.marks) - 1)
    event.add("last-modified", local(deadline.marks[-1].at).astimezone(UTC))
    event.add("transp", "TRANSPARENT")
    if deadline.provisional:
        event.add("categories", [_PROVISIONAL.text(lang)])
        summary += f" ({_PROVISIONAL.text(lang).lower()})"
    event.add("summary", summary, parameters=language)
    event.add("description", printable(_description(deadline, lang)), parameters=language)
    if any(mark.kind in {"finish", "stop"} for mark in deadline.marks):
        event.add("status", "CANCELLED")
        return event
    event.add("status", "TENTATIVE" if deadline.provisional else "CONFIRMED")
    reminder = _day_before(deadline, due)
    if reminder is not None:
        event.add_component(_alarm(library, reminder, summary))
    return event


def _alarm(library: ModuleType, moment: datetime, summary: str) -> Alarm:
    alarm: Alarm = library.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", moment.astimezone(UTC), parameters={"VALUE": "DATE-TIME"})
    return alarm


def _day_before(deadline: Deadline, due: datetime) -> datetime | None:
    """Return the opening of the working day before, or ``None`` where the count had not begun."""
    calendar = deadline.calendar
    try:
        before: date = calendar.add(due.date(), -1)
    except CalendarNotCovered:
        return None
    opening = calendar.shifts(before)[0].start
    moment = moment_of(before.toordinal() * MINUTES_PER_DAY + opening)
    return moment if moment > deadline.started else None


def _description(deadline: Deadline, lang: Language) -> str:
    """Write the proof in lines that need no columns, because calendars show them in any type."""
    head = [
        f"{_LIMIT.text(lang)}: {deadline.limit.text(lang)}",
        f"{_RECEIVED.text(lang)}: {moment_text(deadline.received, lang)}",
        f"{_RULES.text(lang)}: {deadline.rules.label.text(lang)}",
    ]
    lines = [_line(text, cited, lang) for text, cited in history(deadline, lang)]
    parts = (head, lines, list(_days(deadline, lang)), list(_without(deadline, lang)))
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _days(deadline: Deadline, lang: Language) -> Iterator[str]:
    for row in deadline.days:
        text = f"{day_text(row.date, lang)} – {share_text(row, lang)}: {row.why.text(lang)}"
        yield _line(text, row.citation, lang)


def _without(deadline: Deadline, lang: Language) -> Iterator[str]:
    for each in without_each_rule(deadline):
        date_ = moment_text(each.due, lang) if each.due else _NO_DATE.text(lang)
        text = f"{_WITHOUT.text(lang)}: {each.rule.text(lang)} → {date_}"
        yield _line(text, each.citation, lang)


def _line(text: str, citation: Citation | None, lang: Language) -> str:
    return f"{text} [{citation.text(lang)}]" if citation else text
