"""The day-by-day proof of a deadline.

The proof does not read the look-up tables of :mod:`igate.deadlines.counting`: it walks the
calendar a day at a time, as a clerk would with a pencil. So it is also a second, independent
count, and a property test holds the two equal.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from igate.deadlines.counting import (
    asked_late,
    counted_parts,
    deemed_start,
    end_of,
    held_until,
    start_minute,
)
from igate.deadlines.limits import Part, Unit
from igate.deadlines.suspension import excluded_days, united
from igate.law.citation import Citation, Label
from igate.law.localtime import MINUTES_PER_DAY, minute_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.calendar.days import CalendarDay
    from igate.deadlines.clock import ClockRun

__all__ = ["DayCount", "proof_of"]

FIRST_DAY = Citation.parse("Bộ luật Dân sự 2015, Điều 147 khoản 2")
FROM_THE_MOMENT = Citation.parse("Bộ luật Dân sự 2015, Điều 147 khoản 1")
LAST_DAY_OFF = Citation.parse("Bộ luật Dân sự 2015, Điều 148 khoản 5")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """One day of the proof."""

    date: date
    #: whether the day, or some minute of it, uses up the limit
    counted: bool
    #: which day of the current part it is, from 1; ``None`` where not counted or counted in minutes
    number: int | None = None
    #: minutes used up; ``None`` for limits in days and months
    minutes: int | None = None
    why: Label
    #: where that is written; ``None`` for an ordinary day
    citation: Citation | None = None


class _Walk:
    """A pencil on the calendar: the day reached, the minute reached, the rows written."""

    def __init__(self, deadline: ClockRun) -> None:
        self.deadline = deadline
        self.calendar = deadline.calendar
        self.rules = deadline.rules
        self.rows: list[DayCount] = []
        start_day = deemed_start(deadline.started, self.calendar, self.rules)
        self.minute = start_minute(deadline.started, start_day, self.calendar)
        self.day = start_day.toordinal()
        self.whole_day = False
        self.stopped = False
        self.asked_late = False
        self.excluded = [
            (first, last, suspension.reason)
            for suspension in deadline.suspensions
            for first, last in excluded_days([suspension], self.calendar, self.rules)
        ]

    def reason_on(self, day: int) -> str | None:
        """Return for which reason a day is suspended, if any."""
        for first, last, reason in self.excluded:
            if first <= day and (last is None or day <= last):
                return reason
        return None

    def open_from(self, day: int) -> bool:
        """Return whether a suspension without an end covers the day."""
        return any(last is None and first <= day for first, last, _ in self.excluded)

    def receipt(self) -> None:
        """Write the day of receipt, and the days until the one that counts as such."""
        first = self.deadline.started.date()
        rolls_in = self.day - first.toordinal()
        label = _RESTART if self.deadline.started != self.deadline.received else _RECEIPT
        self.rows.append(DayCount(date=first, counted=False, why=label, citation=FIRST_DAY))
        for offset in range(1, rolls_in + 1):
            day = date.fromordinal(first.toordinal() + offset)
            known = self.calendar.day(day)
            late = self.rules.cutoff if self.calendar.is_working(first) else None
            cite = late.citation if late else self.rules.readings.get("receipt_on_day_off")
            self.rows.append(
                DayCount(
                    date=day,
                    counted=False,
                    citation=cite if known.working else known.citation,
                    why=self.deemed() if known.working else known.label,
                )
            )

    def deemed(self) -> Label:
        """Say why a later day counts as the day of receipt."""
        cutoff = self.rules.cutoff
        if cutoff is None or not self.calendar.is_working(self.deadline.started.date()):
            return _DEEMED
        return Label(
            vi=f"Nhận sau {cutoff.at:%H:%M}: coi là ngày tiếp nhận, không tính",
            en=f"Received after {cutoff.at:%H:%M}: counts as day of receipt, not counted",
        )

    def suspended_row(self, day: int, reason: str) -> None:
        interruption = self.rules.interruptions[reason]
        self.rows.append(
            DayCount(
                date=date.fromordinal(day),
                counted=False,
                why=Label(
                    vi=f"Tạm dừng: {interruption.label.vi}",
                    en=f"Suspended: {interruption.label.en}",
                ),
                citation=interruption.citation,
            )
        )

    def days(self, n: int, *, working: bool) -> None:
        """Count n days, working or all; a same-day limit (n = 0) takes the first that will do."""
        number = 0
        day = self.day if n == 0 else self.day + 1
        while True:
            reason = self.reason_on(day)
            if self.open_from(day):
                self.suspended_row(day, str(reason))
                self.stopped = True
                return
            known = self.calendar.day(date.fromordinal(day))
            if reason is not None:
                self.suspended_row(day, reason)
            elif working and not known.working:
                self.off_row(known)
            else:
                number += 1
                self.counted_row(known, number, n, working=working)
                if number >= n:
                    break
            day += 1
        self.day, self.minute = day, (day + 1) * MINUTES_PER_DAY
        self.whole_day = True

    def off_row(self, known: CalendarDay) -> None:
        self.rows.append(
            DayCount(date=known.date, counted=False, why=known.label, citation=known.citation)
        )

    def counted_row(self, known: CalendarDay, number: int, n: int, *, working: bool) -> None:
        if n == 0:
            self.rows = [row for row in self.rows if row.date != known.date]
        special = working and known.kind != "working"
        plain = _COUNTED if working else _CALENDAR_DAY
        self.rows.append(
            DayCount(
                date=known.date,
                counted=True,
                number=number,
                why=_SAME_DAY
                if n == 0
                else _NEXT_DAY
                if self.asked_late
                else known.label
                if special
                else plain,
                citation=known.citation if special else None,
            )
        )

    def minutes(self, part: Part) -> None:
        """Count minutes, of work or of the clock on the wall."""
        # what is due at once waits for the first minute of work, and does not use it
        at_once = part is self.deadline.limit.parts[0] and (
            part.length == 0 and part.unit is Unit.WORKING_HOUR
        )
        left = math.ceil(part.length * self.minutes_per_unit(part.unit)) + at_once
        # the day of receipt counts for hours; what an earlier part has used up of it stays
        self.rows = [
            self.moved_on(row)
            for row in self.rows
            if row.counted or row.date.toordinal() < self.minute // MINUTES_PER_DAY
        ]
        while True:
            day = self.minute // MINUTES_PER_DAY
            free = self.free_minutes(day, part.unit)
            used = free[:left]
            left -= len(used)
            if at_once and used:
                self.rows.append(DayCount(date=date.fromordinal(day), counted=False, why=_AT_ONCE))
            else:
                self.minutes_row(day, len(used))
            if left == 0 or self.open_at((day + 1) * MINUTES_PER_DAY):
                break
            self.minute = (day + 1) * MINUTES_PER_DAY
        self.stopped = left > 0
        self.minute = used[-1] + 1 - at_once if used else self.minute
        self.day, self.whole_day = self.minute // MINUTES_PER_DAY, False
        if self.rows[-1].date.toordinal() < self.day and not self.stopped:
            self.rows.append(
                DayCount(date=date.fromordinal(self.day), counted=False, why=_MIDNIGHT)
            )

    def open_at(self, minute: int) -> bool:
        return any(
            s.until is None and minute_number(s.since) <= minute for s in self.deadline.suspensions
        )

    def moved_on(self, row: DayCount) -> DayCount:
        """Say of a receipt whose hour moves the start that this is why its day does not count."""
        cutoff, started = self.rules.cutoff, self.deadline.started
        if (
            row.why not in {_RECEIPT, _RESTART}
            or cutoff is None
            or cutoff.moves != "start"
            or not self.rules.cutoff_on_start
            or not cutoff.is_after(started)
        ):
            return row
        return DayCount(
            date=row.date,
            counted=False,
            citation=cutoff.citation,
            why=Label(
                vi=f"Nhận sau {cutoff.at:%H:%M}: tính từ ngày làm việc tiếp theo",
                en=f"Received after {cutoff.at:%H:%M}: counted from the next working day",
            ),
        )

    def free_minutes(self, day: int, unit: Unit) -> list[int]:
        """List the minutes of a day that can be counted."""
        base = day * MINUTES_PER_DAY
        if unit is Unit.HOUR:
            spans = [(0, MINUTES_PER_DAY)]
        else:
            spans = [(s.start, s.end) for s in self.calendar.shifts(date.fromordinal(day))]
        gaps = [
            (minute_number(s.since), math.inf if s.until is None else minute_number(s.until))
            for s in self.deadline.suspensions
        ]
        return [
            minute
            for start, end in spans
            for minute in range(max(base + start, self.minute), base + end)
            if not any(since <= minute < until for since, until in gaps)
        ]

    def minutes_row(self, day: int, used: int) -> None:
        known = self.calendar.day(date.fromordinal(day))
        if used:
            why = Label(vi=f"Tính {used} phút", en=f"{used} minutes counted")
            self.rows.append(
                DayCount(
                    date=known.date, counted=True, minutes=used, why=why, citation=FROM_THE_MOMENT
                )
            )
        elif self.rows and self.rows[-1].date == known.date:
            return
        elif not known.working:
            self.off_row(known)
        else:
            reason = next(
                (s.reason for s in self.deadline.suspensions
                 if s.since.toordinal() <= day and (s.until is None or day <= s.until.toordinal())),
                None,
            )  # fmt: skip
            if reason is None:
                self.rows.append(DayCount(date=known.date, counted=False, why=_AFTER_HOURS))
            else:
                self.suspended_row(day, reason)

    def minutes_per_unit(self, unit: Unit) -> int:
        if unit is not Unit.WORKING_DAY:
            return 60
        day = self.day + self.whole_day
        while not self.calendar.is_working(date.fromordinal(day)):
            day += 1
        return sum(shift.end - shift.start for shift in self.calendar.shifts(date.fromordinal(day)))

    def roll(self) -> None:
        """Write the days by which an end on a day off is moved."""
        while not self.calendar.is_working(date.fromordinal(self.day)):
            known = self.calendar.day(date.fromordinal(self.day))
            # only the last day of the limit has a row by now; the days off after it get their own
            last = self.rows.pop() if self.rows[-1].date == known.date else None
            number = last.number if last else None
            why = Label(
                vi=f"{known.label.vi}: ngày cuối là ngày nghỉ, lùi sang ngày làm việc sau",
                en=f"{known.label.en}: the last day is a day off, so the end moves on",
            )
            self.rows.append(DayCount(date=known.date, counted=last is not None, number=number,
                                      why=why, citation=LAST_DAY_OFF))  # fmt: skip
            self.day += 1
        self.rows.append(
            DayCount(
                date=date.fromordinal(self.day), counted=False, why=_END, citation=LAST_DAY_OFF
            )
        )

    def hold(self) -> None:
        """Write the days for which a suspension holds the end, up to the day that is left."""
        for each in united(self.deadline.suspensions):
            last = end_of(date.fromordinal(self.day), self.calendar, self.rules)
            if each.since >= last or (each.until is not None and each.until <= last):
                continue
            if each.until is None:
                self.suspended_row(self.day + 1, each.reason)
                return
            end = held_until(each.until, self.calendar, self.rules).toordinal()
            for day in range(self.day + 1, end):
                self.suspended_row(day, each.reason)
            if end > self.day:
                self.rows.append(DayCount(date=date.fromordinal(end), counted=False, why=_REST))
            self.day = end


def proof_of(deadline: ClockRun) -> tuple[DayCount, ...]:
    """Walk from the start of the count in force to its end, a row a day.

    Returns:
        The day of receipt (not counted), every day up to the due day, and, where an apology gave a
        new date, that date as the last row. Empty where no limit is stated.
    """
    if not deadline.limit.stated:
        return ()
    walk = _Walk(deadline)
    walk.receipt()
    parts = counted_parts(deadline.limit)
    for index, part in enumerate(parts):
        _count_part(walk, part, first=index == 0)
        if walk.stopped:
            break
    last = parts[-1].unit
    off = not walk.calendar.is_working(date.fromordinal(walk.day))
    rolls = walk.rules.end_on_day_off == "next_working_day"
    if not walk.stopped and last in {Unit.DAY, Unit.MONTH} and off and rolls:
        walk.roll()
    if not walk.stopped and walk.whole_day:
        walk.hold()
    return (*walk.rows, *_promise(deadline))


def _count_part(walk: _Walk, part: Part, *, first: bool) -> None:
    if part.unit in {Unit.WORKING_HOUR, Unit.HOUR} or part.length.denominator != 1:
        walk.minutes(part)
        return
    n = part.length.numerator
    if part.unit is Unit.MONTH:
        start = date.fromordinal(walk.day)
        n = (start + relativedelta(months=n) - start).days
    started = walk.deadline.started
    walk.asked_late = first and bool(
        asked_late(walk.deadline.limit, started, walk.calendar, walk.rules)
    )
    n += walk.asked_late
    walk.days(n, working=part.unit is Unit.WORKING_DAY)


def _promise(deadline: ClockRun) -> Iterator[DayCount]:
    if deadline.replaced_by is not None:
        before = deadline.original_due
        was = f"{before:%d/%m/%Y}" if before else "–"
        yield DayCount(
            date=deadline.replaced_by.date(),
            counted=False,
            why=Label(
                vi=f"Hẹn lại bằng phiếu xin lỗi (trước đó: {was})",
                en=f"New date given with an apology (before: {was})",
            ),
            citation=deadline.rules.readings.get("replace"),
        )


_RECEIPT = Label(vi="Ngày tiếp nhận, không tính", en="Day of receipt, not counted")
_RESTART = Label(
    vi="Ngày bắt đầu tính lại từ đầu, không tính", en="Day of the new start, not counted"
)
_DEEMED = Label(vi="Coi là ngày tiếp nhận, không tính", en="Counts as day of receipt, not counted")
_COUNTED = Label(vi="Ngày làm việc", en="Working day")
_CALENDAR_DAY = Label(vi="Ngày theo lịch, tính cả ngày nghỉ", en="Calendar day, days off too")
_SAME_DAY = Label(vi="Trả trong ngày", en="Result on the same day")
_NEXT_DAY = Label(
    vi="Nhận sau giờ quy định: trả vào ngày làm việc tiếp theo",
    en="Asked for after the hour: result on the next working day",
)
_AFTER_HOURS = Label(vi="Ngoài giờ làm việc", en="Outside working hours")
_AT_ONCE = Label(
    vi="Không có thời gian phải tính: đến hạn ngay trong giờ làm việc",
    en="Nothing to count: due at once in working hours",
)
_MIDNIGHT = Label(vi="Hết hạn lúc 0 giờ", en="Ends at midnight, as this day begins")
_REST = Label(
    vi="Phần còn lại của ngày cuối, sau khi hết tạm dừng",
    en="What was left of the last day, once the clock goes on",
)
_END = Label(vi="Ngày hết hạn", en="Last day after the move")
