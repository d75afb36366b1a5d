"""What a due date would have been without each special rule.

"Why the 28th and not the 31st?" is asked at the counter. The answer is the same count, made again
with one rule left out at a time; only the rules that moved the date are named.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from igate.deadlines.clock import ClockRun
from igate.deadlines.limits import TimeLimit
from igate.deadlines.proof import proof_of
from igate.errors import CalendarNotCovered
from igate.law.citation import Label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from igate.calendar import WorkCalendar
    from igate.deadlines.proof import DayCount
    from igate.law.citation import Citation

__all__ = ["Without", "without_each_rule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """A rule that moved a due date, and the date without it."""

    rule: Label
    citation: Citation | None
    #: due moment if the rule did not exist; ``None`` where there would be none
    due: datetime | None


def without_each_rule(deadline: ClockRun) -> tuple[Without, ...]:
    """Count again without each special rule, and give the rules that changed the date.

    The rules are: swaps of working days, interruptions of the clock, the cut-off, the treatment of
    a receipt on a day off, the move of an end on a day off, an extension, and an apology. One is
    left out at a time; where two of them only act together, neither is named.
    """
    return tuple(
        Without(rule=rule, citation=citation, due=other.due)
        for rule, citation, other in _variants(deadline)
        if other.due != deadline.due
    )


def _variants(deadline: ClockRun) -> Iterator[tuple[Label, Citation | None, ClockRun]]:
    yield from _without_swaps(deadline)
    yield from _without_readings(deadline)
    yield from _without_marks(deadline)


def _without_readings(deadline: ClockRun) -> Iterator[tuple[Label, Citation | None, ClockRun]]:
    """Count without the cut-off, and without each reading of a day off."""
    rules = deadline.rules
    if rules.cutoff is not None and rules.cutoff.moves != "transfer":
        plain = replace(rules, cutoff=None)
        yield _CUTOFF, rules.cutoff.citation, replaced(deadline, rules=plain)
    if deadline.base.same_day_until is not None:
        whole_day = TimeLimit(parts=deadline.base.parts)
        yield _CUTOFF, None, replaced(deadline, limit=whole_day)
    if rules.receipt_on_day_off != "as_it_is":
        plain = replace(rules, receipt_on_day_off="as_it_is")
        cited = rules.readings.get("receipt_on_day_off")
        yield _RECEIPT, cited, replaced(deadline, rules=plain)
    if rules.end_on_day_off != "stays":
        plain = replace(rules, end_on_day_off="stays")
        yield _ROLL, rules.readings.get("end_on_day_off"), replaced(deadline, rules=plain)


def _without_marks(deadline: ClockRun) -> Iterator[tuple[Label, Citation | None, ClockRun]]:
    """Count without each kind of thing that happened to the clock."""
    first, *others = deadline.marks
    happened = {mark.kind for mark in others}
    for label, kinds, citation in (
        (_INTERRUPTIONS, {"suspend", "resume"}, _cited(deadline)),
        (_LATER_START, {"start"}, None),
        (_EXTENSION, {"extend"}, None),
        (_APOLOGY, {"replace"}, deadline.rules.readings.get("replace")),
    ):
        if kinds & happened:
            kept = (first, *(mark for mark in others if mark.kind not in kinds))
            yield label, citation, replaced(deadline, marks=kept)


def _without_swaps(deadline: ClockRun) -> Iterator[tuple[Label, Citation | None, ClockRun]]:
    calendar = _unswapped(deadline.calendar)
    if calendar == deadline.calendar:
        return
    try:
        other = ClockRun.of(
            deadline.base, marks=deadline.marks, calendar=calendar, rules=deadline.rules
        )
    except CalendarNotCovered:
        return
    if other.due == deadline.due:
        return
    days = proof_of(deadline)
    texts = _swap_texts(deadline.calendar, days)
    swapped = [row.citation for row in days if row.why.en in texts]
    yield _SWAPS, swapped[0] if swapped else None, other


@lru_cache(maxsize=8)
def _unswapped(calendar: WorkCalendar) -> WorkCalendar:
    """Return a calendar without its swaps; making one takes longer than a count on it."""
    return calendar.without_swaps()


def _swap_texts(calendar: WorkCalendar, days: Sequence[DayCount]) -> set[str]:
    """Return the texts of the days in the proof that a swap has moved."""
    known = (calendar.day(row.date) for row in days)
    return {day.label.en for day in known if day.kind in {"swapped_off", "make_up"}}


def _cited(deadline: ClockRun) -> Citation | None:
    for mark in deadline.marks:
        if mark.kind == "suspend" and deadline.rules.effect(mark.reason) != "none":
            return deadline.rules.interruptions[mark.reason].citation
    return None


def replaced(deadline: ClockRun, **changes: object) -> ClockRun:
    """Count a deadline again with another limit, other marks or other rules."""
    inputs = {"marks": deadline.marks, "rules": deadline.rules, "limit": deadline.base, **changes}
    return ClockRun.of(inputs.pop("limit"), calendar=deadline.calendar, **inputs)  # type: ignore[arg-type]


_SWAPS = Label(vi="Hoán đổi ngày làm việc", en="Swapped working days")
_INTERRUPTIONS = Label(vi="Tạm dừng, tính lại thời hạn", en="Interruptions of the clock")
_CUTOFF = Label(vi="Giờ nhận hồ sơ trong ngày", en="Cut-off hour")
_RECEIPT = Label(vi="Nhận hồ sơ vào ngày nghỉ", en="Receipt on a day off")
_ROLL = Label(vi="Ngày cuối là ngày nghỉ", en="End on a day off")
_LATER_START = Label(vi="Bắt đầu tính muộn hơn", en="Later start")
_EXTENSION = Label(vi="Gia hạn", en="Extension")
_APOLOGY = Label(vi="Xin lỗi và hẹn lại", en="Apology with a new date")
