"""A deadline in words: the proof as a table for people, and as plain data for programs."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, TypedDict

from igate.deadlines.proof import proof_of
from igate.deadlines.whatif import without_each_rule
from igate.law.text import check_language

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from igate.deadlines.clock import ClockRun
    from igate.deadlines.proof import DayCount
    from igate.deadlines.suspension import Suspension
    from igate.law.citation import Language

__all__ = [
    "DayRecord",
    "DeadlineRecord",
    "deadline_record",
    "explain_deadline",
    "shared_word",
    "weekday",
]

_WEEKDAYS = {
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_TEXT = {
    "vi": {
        "limit": "Thời hạn", "received": "Tiếp nhận", "from": "Tính lại từ", "due": "Ngày hẹn trả",
        "none": "Không có ngày hẹn trả: nguồn không quy định thời hạn.",
        "suspended": "Đang tạm dừng, chưa có ngày hẹn trả; còn lại",
        "standstill": "Tạm dừng",
        "restarts": "Đang chờ bổ sung: khi đủ hồ sơ, tính lại từ đầu",
        "date": "Ngày", "counted": "Tính", "why": "Lý do", "citation": "Căn cứ",
        "rules": "Quy tắc", "provisional": "Tạm tính: lịch nghỉ của ngày này chưa được công bố.",
        "ignored": "Tạm dừng sau khi đã hết hạn, không có hiệu lực",
        "calendar": "Lịch làm việc", "without": "Nếu không có quy tắc sau, ngày hẹn trả sẽ là",
        "no_date": "không có",
    },
    "en": {
        "limit": "Time limit", "received": "Received", "from": "Counted anew from", "due": "Due",
        "none": "No due date: the sources state no time limit.",
        "suspended": "Suspended, no due date yet; remaining",
        "standstill": "Suspended",
        "restarts": "Waiting for a supplement: once complete, the limit starts anew",
        "date": "Date", "counted": "Counts", "why": "Why", "citation": "Citation",
        "rules": "Rules",
        "provisional": "Provisional: days off of this date are not announced yet.",
        "ignored": "Suspended after the limit had ended, without effect",
        "calendar": "Working calendar", "without": "Without each of these rules it would be due",
        "no_date": "no date",
    },
}  # fmt: skip
_SCOPES = {
    "civil_service": {"vi": "công chức, viên chức", "en": "civil service"},
    "labour_code": {"vi": "Bộ luật Lao động", "en": "Labour Code"},
}


class DayRecord(TypedDict):
    """One day of the proof as plain data; ``date`` is ISO 8601."""

    date: str
    counted: bool
    number: int | None
    minutes: int | None
    why: str
    citation: str | None


class DeadlineRecord(TypedDict):
    """A deadline as plain data; moments are ISO 8601 with their offset."""

    due: str | None
    original_due: str | None
    received: str
    limit: str
    remaining: str | None
    provisional: bool
    calendar: str
    rules: str
    days: list[DayRecord]


def shared_word(key: str, lang: Language) -> str:
    """Return a word of the proof, or the name of a calendar's scope, for other outputs."""
    return _SCOPES[key][lang] if key in _SCOPES else _TEXT[lang][key]


def weekday(day: date, lang: Language) -> str:
    """Name the day of the week."""
    return _WEEKDAYS[lang][day.weekday()]


def deadline_record(deadline: ClockRun, lang: Language = "vi") -> DeadlineRecord:
    """Return a deadline as plain data, ready for JSON.

    Args:
        deadline: What was counted.
        lang: Language of the reasons and citations, ``vi`` or ``en``; the keys stay as they are.

    Raises:
        IgateError: It is neither.
    """
    check_language(lang)
    return DeadlineRecord(
        due=deadline.due.isoformat() if deadline.due else None,
        original_due=deadline.original_due.isoformat() if deadline.original_due else None,
        received=deadline.received.isoformat(),
        limit=str(deadline.limit),
        remaining=str(deadline.remaining) if deadline.suspended else None,
        provisional=deadline.provisional,
        calendar=deadline.calendar.scope,
        rules=deadline.rules.name,
        days=[
            DayRecord(
                date=row.date.isoformat(),
                counted=row.counted,
                number=row.number,
                minutes=row.minutes,
                why=row.why.text(lang),
                citation=row.citation.text(lang) if row.citation else None,
            )
            for row in proof_of(deadline)
        ],
    )


def explain_deadline(deadline: ClockRun, lang: Language) -> str:
    """Write a deadline and its proof as text, a line a day.

    Args:
        deadline: What was counted.
        lang: ``vi`` or ``en``.

    Raises:
        IgateError: It is neither.
    """
    check_language(lang)
    text = _TEXT[lang]
    scope = _SCOPES.get(deadline.calendar.scope, {}).get(lang, deadline.calendar.scope)
    lines = [
        f"{text['limit']}: {deadline.limit.text(lang)}",
        f"{text['received']}: {_moment(deadline.received, lang)}",
    ]
    if deadline.started != deadline.received:
        lines.append(f"{text['from']}: {_moment(deadline.started, lang)}")
    lines.append(_result(deadline, lang))
    if deadline.limit.stated:
        lines.append(f"{text['rules']}: {_rules(deadline, lang)}")
        lines.append(f"{text['calendar']}: {scope}")
    lines += [_suspension(each, deadline, lang) for each in deadline.suspensions]
    lines += [f"{text['ignored']}: {_moment(s.since, lang)}" for s in deadline.ignored]
    if deadline.provisional:
        lines.append(text["provisional"])
    rows = proof_of(deadline)
    return "\n".join(
        [*lines, *(["", *_table(rows, lang)] if rows else []), *_without(deadline, lang)]
    )


def _result(deadline: ClockRun, lang: Language) -> str:
    text = _TEXT[lang]
    if deadline.due is not None:
        return f"{text['due']}: {_moment(deadline.due, lang)}"
    if not deadline.limit.stated:
        return text["none"]
    left = deadline.remaining.text(lang)
    return f"{text['restarts' if deadline.restarts else 'suspended']}: {left}"


def _suspension(suspension: Suspension, deadline: ClockRun, lang: Language) -> str:
    """Write one suspension with its two ends and its reason."""
    text = _TEXT[lang]
    until = _moment(suspension.until, lang) if suspension.until else "…"
    why = deadline.rules.interruptions[suspension.reason].label.text(lang)
    return f"{text['standstill']}: {_moment(suspension.since, lang)} – {until} ({why})"


def _without(deadline: ClockRun, lang: Language) -> list[str]:
    """Say what the due date would have been without each special rule that moved it."""
    text = _TEXT[lang]
    found = without_each_rule(deadline)
    lines = [
        f"  {each.rule.text(lang)}: {_moment(each.due, lang) if each.due else text['no_date']}"
        for each in found
    ]
    return ["", f"{text['without']}:", *lines] if lines else []


def _moment(moment: datetime, lang: Language) -> str:
    return f"{weekday(moment, lang)} {moment:%d/%m/%Y %H:%M}"


def _table(rows: Sequence[DayCount], lang: Language) -> list[str]:
    text = _TEXT[lang]
    head = (text["date"], text["counted"], text["why"], text["citation"])
    cells = [
        (
            f"{weekday(row.date, lang)} {row.date:%d/%m/%Y}",
            _share(row, lang),
            row.why.text(lang),
            row.citation.text(lang) if row.citation else "",
        )
        for row in rows
    ]
    widths = [max(_width(line[i]) for line in [head, *cells]) for i in range(3)]
    rule = "  ".join("-" * width for width in (*widths, _width(head[3])))
    lines = [_line(head, widths), rule, *(_line(line, widths) for line in cells)]
    return [line.rstrip() for line in lines]


def _share(row: DayCount, lang: Language) -> str:
    """Say which day of the limit it is, or how many minutes of it it uses up."""
    if not row.counted:
        return "–"
    if row.minutes is not None:
        return f"{row.minutes} {'phút' if lang == 'vi' else 'min'}"
    return str(row.number)


def _rules(deadline: ClockRun, lang: Language) -> str:
    """Name the rules, and their instrument where the name does not hold it already."""
    label, citation = deadline.rules.label.text(lang), deadline.rules.citation
    return label if citation.number in label else f"{label} ({citation.text(lang)})"


def _line(cells: tuple[str, ...], widths: Sequence[int]) -> str:
    padded = [cells[i] + " " * (width - _width(cells[i])) for i, width in enumerate(widths)]
    return "  ".join([*padded, cells[3]])


def _width(text: str) -> int:
    """Count the columns a text takes: combining marks take none."""
    return len(text) - sum(map(bool, map(unicodedata.combining, text)))
