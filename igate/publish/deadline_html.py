"""A deadline as a piece of a web page: the date, what it follows from, and every day of the count.

What the citizen reads at the portal is the proof that :meth:`Deadline.explain` prints: what was
asked, which day each day of the limit was, why a day was left out and where that is written, and
what the date would have been without each special rule. The fragment needs no script and no other
file; its style touches nothing outside of it, and follows the width of the column it is in.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from igate.deadlines.text import shared_word, weekday
from igate.deadlines.whatif import without_each_rule
from igate.law.citation import Label
from igate.publish.markup import template
from igate.publish.words import day

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from igate.deadlines.deadline import Deadline
    from igate.deadlines.proof import DayCount
    from igate.deadlines.rules import ClockMark
    from igate.law.citation import Citation, Language

__all__ = [
    "day_text",
    "deadline_html",
    "history",
    "moment_text",
    "notice_style",
    "share_text",
]

_WORDS: Final[Mapping[str, Label]] = MappingProxyType(
    {
        key: Label(vi=vi, en=en)
        for key, vi, en in (
            ("due", "Ngày hẹn trả kết quả", "Result due"),
            ("not_stated", "Không có ngày hẹn trả", "No due date"),
            ("not_stated_why", "Nguồn không quy định thời hạn.",
             "The sources state no time limit."),
            ("suspended", "Đang tạm dừng, chưa có ngày hẹn trả", "Suspended, no due date yet"),
            ("left", "Khi tiếp tục, thời hạn còn lại", "Left when the clock goes on"),
            ("restarts", "Khi hồ sơ đầy đủ, tính lại từ đầu", "Once complete, counted anew"),
            ("before", "Trước khi hẹn lại hoặc gia hạn", "Before the new date or extension"),
            ("provisional", "Tạm tính: lịch nghỉ của ngày này chưa được công bố, có thể thay đổi.",
             "Provisional: the days off of this date are not announced yet, so it may still move."),
            ("deemed", "Coi là tiếp nhận ngày", "Counts as received on"),
            ("started", "Tính từ", "Counted from"),
            ("as_of", "theo thông báo đến ngày", "as announced by"),
            ("cutoff", "Giờ chốt", "Cut-off"),
            ("transfer", "hồ sơ đến sau giờ này chuyển vào ngày làm việc sau; ngày trả không đổi",
             "what comes later is passed on the next working day; the date stays"),
            ("result", "hồ sơ đến sau giờ này được trả vào ngày làm việc tiếp theo",
             "what comes later is due on the next working day"),
            ("start", "hồ sơ đến sau giờ này coi như nhận vào ngày làm việc tiếp theo",
             "what comes later counts as received on the next working day"),
            ("history", "Các lần tạm dừng, gia hạn, hẹn lại",
             "Interruptions, extensions and new dates"),
            ("days", "Cách tính từng ngày", "The count, day by day"),
            ("share", "Tính", "Counts"),
            ("counted", "tính", "counted"),
            ("not_counted", "không tính", "not counted"),
            ("no_date", "không có ngày", "no date"),
            ("still", "đến nay", "now"),
            ("runs", "thời hạn vẫn chạy", "the clock kept running"),
            ("ended", "sau khi đã hết hạn, không có hiệu lực",
             "after the limit had ended, no effect"),
            ("again", "tính lại từ đầu", "counted anew afterwards"),
            ("earlier", "trước lần tính lại từ đầu", "before the count began anew"),
            ("out", "không tính vào thời hạn", "taken out of the count"),
            ("apology", "xin lỗi và hẹn lại", "apology with a new date"),
            ("extended", "gia hạn thêm", "extended by"),
            ("later", "Bắt đầu tính từ", "The count begins on"),
        )
    }
)  # fmt: skip

#: Days in ISO form and numbers of instruments, which a line should not break at a hyphen.
_WHOLE: Final = re.compile(r"""\d{4}-\d\d-\d\d|\d+(?:/\d{4})?/[^\s,;()&<>"']+-[^\s,;()&<>"']+""")


def deadline_html(
    deadline: Deadline, lang: Language = "vi", *, styled: bool = True, heading: int = 2
) -> str:
    """Write a deadline and its proof as an HTML fragment, a ``<section>``.

    Args:
        deadline: The deadline.
        lang: Language of the text and of the ``lang`` attribute.
        styled: Whether the style is inside the fragment. A page that shows several fragments,
            or whose security policy forbids inline style, serves :func:`notice_style` itself.
        heading: Level of the heading, 1 to 5; the headings below it are one lower.

    Returns:
        HTML in which every text that came from outside is escaped; no script, no identifier, no
        address.
    """
    stated = deadline.limit.stated
    return template("deadline.html").render(
        lang=lang,
        heading=heading,
        styled=styled,
        due=deadline.due,
        provisional=deadline.provisional,
        no_date=_no_date(deadline, lang),
        questions=tuple(_questions(deadline, lang)),
        history=tuple(history(deadline, lang)) if stated else (),
        days=deadline.days,
        without=tuple(_without(deadline, lang)) if stated else (),
        say=_say,
        day_text=day_text,
        share_text=share_text,
        pieces=_pieces,
    )


@lru_cache(maxsize=1)
def notice_style() -> str:
    """Return the style sheet of the fragment; every rule begins with ``.igate-deadline``."""
    return (
        resources.files("igate.publish")
        .joinpath("deadline.css")
        .read_text(encoding="utf-8")
        .strip()
    )


def day_text(date: dt.date, lang: Language) -> str:
    """Write a day with its weekday."""
    return f"{weekday(date, lang)} {day(date, lang)}"


def moment_text(moment: datetime, lang: Language) -> str:
    """Write a Vietnamese moment with its weekday, to the minute.

    >>> from igate.law.localtime import parse_local
    >>> moment_text(parse_local("2024-05-04T17:00"), "vi")
    'Thứ Bảy 04/05/2024 17:00'
    >>> moment_text(parse_local("2024-05-04T17:00"), "en")
    'Sat 2024-05-04 17:00'
    """
    return f"{day_text(moment.date(), lang)} {moment:%H:%M}"


def share_text(row: DayCount, lang: Language) -> str:
    """Say which day of the limit a day is, or how much working time of it counts.

    >>> from datetime import date
    >>> from igate.deadlines.proof import DayCount
    >>> one = DayCount(date=date(2024, 5, 6), counted=True, minutes=450, why=Label(vi="–"))
    >>> share_text(one, "vi"), share_text(one, "en")
    ('7 giờ 30 phút', '7 h 30 min')
    """
    if not row.counted:
        return _say("not_counted", lang)
    if row.minutes is not None:
        hours, minutes = divmod(row.minutes, 60)
        words = ("giờ", "phút") if lang == "vi" else ("h", "min")
        pieces = [f"{n} {word}" for n, word in zip((hours, minutes), words, strict=True) if n]
        return " ".join(pieces)
    if row.number is None:
        return _say("counted", lang)
    return f"ngày thứ {row.number}" if lang == "vi" else f"day {row.number}"


def history(deadline: Deadline, lang: Language) -> Iterator[tuple[str, Citation | None]]:
    """Return what happened to the clock after the receipt, a sentence and its citation each.

    Interruptions are listed when they end, in order of time, and the open ones last; one that left
    the clock running is listed too, because people ask about it.
    """
    open_: dict[str, ClockMark] = {}
    for mark in deadline.marks[1:]:
        if mark.kind in {"finish", "stop"}:
            break
        if mark.kind == "suspend":
            open_.setdefault(mark.reason, mark)
        elif mark.kind == "resume":
            if mark.reason in open_:
                yield _interruption(deadline, open_.pop(mark.reason), mark, lang)
        else:
            yield _change(deadline, mark, lang)
    for mark in open_.values():
        yield _interruption(deadline, mark, None, lang)


def _interruption(
    deadline: Deadline, since: ClockMark, until: ClockMark | None, lang: Language
) -> tuple[str, Citation | None]:
    known = deadline.rules.interruptions.get(since.reason)
    label = known.label.text(lang) if known else since.reason
    end = moment_text(until.at, lang) if until else _say("still", lang)
    what = _say(_effect(deadline, since, until), lang)
    line = f"{moment_text(since.at, lang)} – {end}: {label}; {what}."
    return line, known.citation if known else None


def _effect(deadline: Deadline, since: ClockMark, until: ClockMark | None) -> str:
    """Return the key of what an interruption did to the count."""
    effect = deadline.rules.effect(since.reason)
    if effect == "none":
        return "runs"
    if any(each.since == since.at and each.reason == since.reason for each in deadline.ignored):
        return "ended"
    if effect == "restart":
        return "again"
    return "earlier" if until is not None and until.at < deadline.started else "out"


def _change(deadline: Deadline, mark: ClockMark, lang: Language) -> tuple[str, Citation | None]:
    """Return the line of a mark that moves the end or the start."""
    at = moment_text(mark.at, lang)
    if mark.kind == "replace":
        new = moment_text(mark.due, lang) if mark.due else _say("no_date", lang)
        cited = deadline.rules.readings.get("replace")
        return f"{at}: {_say('apology', lang)}, {new}.", cited
    if mark.kind == "extend":
        added = mark.limit.text(lang) if mark.limit else ""
        return f"{at}: {_say('extended', lang)} {added}.", None
    return f"{_say('later', lang)} {at}.", None


def _say(key: str, lang: Language) -> str:
    return _WORDS[key].text(lang) if key in _WORDS else shared_word(key, lang)


def _no_date(deadline: Deadline, lang: Language) -> tuple[str, str]:
    """Return what is written in place of a due date, in large letters and below them."""
    if not deadline.limit.stated:
        return _say("not_stated", lang), _say("not_stated_why", lang)
    left = _say("restarts" if deadline.restarts else "left", lang)
    return _say("suspended", lang), f"{left}: {deadline.remaining.text(lang)}."


def _questions(deadline: Deadline, lang: Language) -> Iterator[tuple[str, str, Citation | None]]:
    yield "limit", deadline.limit.text(lang), None
    yield "received", moment_text(deadline.received, lang), None
    if not deadline.limit.stated:
        return
    if deadline.started != deadline.received:
        yield "started", moment_text(deadline.started, lang), None
    deemed = deadline.counted.start_day
    if deemed != deadline.started.date():
        yield "deemed", day_text(deemed, lang), None
    if deadline.due is not None and deadline.original_due not in {None, deadline.due}:
        yield "before", moment_text(deadline.original_due, lang), None
    rules, label = deadline.rules, deadline.rules.label.text(lang)
    yield "rules", label, None if rules.citation.number in label else rules.citation
    yield "calendar", _calendar(deadline, lang), None
    if rules.cutoff is not None:
        moves = _say(rules.cutoff.moves, lang)
        yield "cutoff", f"{rules.cutoff.at:%H:%M}: {moves}", rules.cutoff.citation


def _calendar(deadline: Deadline, lang: Language) -> str:
    scope, as_of = _say(deadline.calendar.scope, lang), deadline.calendar.as_of
    return f"{scope} ({_say('as_of', lang)} {day(as_of, lang)})" if as_of else scope


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Split a text; whether a piece is a day or the number of an instrument, kept on one line.

    >>> list(_pieces("by 118/2025/NĐ-CP."))
    [('by ', False), ('118/2025/NĐ-CP.', True)]
    """
    end = 0
    for found in _WHOLE.finditer(text):
        if found.start() > end:
            yield text[end : found.start()], False
        yield found[0], True
        end = found.end()
    if end < len(text):
        yield text[end:], False


def _without(deadline: Deadline, lang: Language) -> Iterator[tuple[str, Citation | None]]:
    """Say what the due date would have been without each special rule that moved it."""
    for each in without_each_rule(deadline):
        due = moment_text(each.due, lang) if each.due else _say("no_date", lang)
        yield f"{each.rule.text(lang)}: {due}", each.citation
