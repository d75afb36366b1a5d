"""Patterns in the dates of dossiers that deserve a second look, each with the dossiers it names.

A pattern is no proof: a supplement may be asked for on the last day because it was missing on the
last day. What a table cannot show is said, and not counted as nothing found.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Unpack

import numpy as np

from igate.errors import IgateError
from igate.law.citation import Label
from igate.law.localtime import EPOCH, MINUTES_PER_DAY
from igate.metrics.asked import reading_of
from igate.metrics.definitions import definition as find_definition
from igate.metrics.due import due_days, read_terms
from igate.metrics.form import working_days
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from numpy.typing import NDArray

    from igate.metrics.asked import Given, Reading
    from igate.metrics.due import Due
    from igate.metrics.placing import Placed
    from igate.metrics.spans import Spans

__all__ = ["SIGNALS", "Signal", "signals"]

#: What is looked for, in words that follow "n of m dossiers:".
SIGNALS: Mapping[str, Label] = MappingProxyType(
    {
        "suspended_on_last_day": Label(
            vi="tạm dừng tính thời hạn đúng vào ngày hẹn trả",
            en="the clock was suspended on the very day on which they were due",
        ),
        "restarted_before_expiry": Label(
            vi="tính lại thời hạn từ đầu khi sắp hết hạn",
            en="counting was made to begin anew shortly before they were due",
        ),
        "finished_in_bulk": Label(
            vi="kết thúc cùng một phút với nhiều hồ sơ khác của cùng cơ quan",
            en="the finish was stamped in the same minute as that of many others of the agency",
        ),
        "reopened": Label(
            vi="đã kết thúc rồi được mở lại", en="they had ended and were opened again"
        ),
        "recorded_later": Label(
            vi="ghi nhận kết thúc chậm hơn ngày kết thúc quá số ngày làm việc cho phép",
            en="the finish was recorded later than the working days that are let pass",
        ),
        "backdated_over_due": Label(
            vi="ghi nhận sau ngày hẹn trả nhưng ghi ngày kết thúc còn trong hạn",
            en="the finish was recorded after the due day, with a day on which they were in time",
        ),
    }
)
#: A column of the table without which nothing can be seen.
_NEEDS: Final = {
    "suspended_on_last_day": "suspensions",
    "restarted_before_expiry": "suspensions",
    "reopened": "reopened",
    "recorded_later": "recorded",
    "backdated_over_due": "recorded",
}
#: Microseconds of a day.
_DAY: Final = 86_400_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One pattern and the dossiers that show it."""

    #: a name of ``SIGNALS``
    name: str
    #: their codes, in the order of the table
    dossiers: tuple[str, ...]
    #: how many dossiers could have shown it; ``None``: the table does not say
    examined: int | None

    @property
    def sentence(self) -> Label:
        """What was found, as a sentence."""
        label = SIGNALS[self.name]
        if self.examined is None:
            needed = _NEEDS.get(self.name, "")
            return Label(
                vi=f"Không xem xét được ({label.text('vi')}): bảng không có cột {needed}.",
                en=f"Not looked at ({label.text('en')}): the table has no column {needed}.",
            )
        many, whole = len(self.dossiers), self.examined
        return Label(
            vi=f"{many} trên {whole} hồ sơ: {label.text('vi')}.",
            en=f"{many} of {whole} dossiers: {label.text('en')}.",
        )


def signals(
    frame: Any,  # noqa: ANN401 - any frame that settlement takes
    *,
    period: tuple[date, date] | None = None,
    as_of: date,
    near: int = 2,
    bulk: int = 20,
    lag: int = 1,
    **given: Unpack[Given],
) -> tuple[Signal, ...]:
    """Look for patterns in the dates of dossiers.

    Args:
        frame: As for ``settlement``; the columns ``suspensions``, ``recorded``, ``reopened`` and
            ``agency`` are read where they are there.
        period: As for ``settlement``.
        as_of: As for ``settlement``.
        near: Counting begun anew with so many working days left, or fewer, is shortly before.
        bulk: So many finishes of one agency in one minute, or more, are many; finishes without an
            hour are not looked at.
        lag: A finish recorded more than so many working days later is recorded late.
        **given: How the table is read, each as for ``settlement`` and each optional: ``calendar``,
            ``rules``, ``columns``, ``catalog``, ``source``, ``dates``, ``values``, ``zone``.

    Returns:
        A value for each of ``SIGNALS``, in that order. The due day is that before the suspension in
        question: from the limit where the table has ``limit`` or ``procedure``, else
        ``first_due``, else ``due``.

    Raises:
        FrameError: A column is missing or a row cannot be read; the message names it.
        IgateError: ``near``, ``bulk`` or ``lag`` is no such number.
    """
    for name, value, least in (("near", near, 0), ("bulk", bulk, 2), ("lag", lag, 0)):
        if value < least:
            raise IgateError(
                say("{name}={value} is too small.", name=name, value=value),
                fix=say("Pass {name}={least} or more.", name=name, least=least),
            )
    reading = reading_of(frame, (), period, as_of, given)
    placed = reading.placed(find_definition("form_06a"))
    found: dict[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]] = {
        **_of_suspensions(reading, placed, near),
        "finished_in_bulk": _bulk(reading, placed, bulk),
        **_of_the_record(reading, placed, lag),
    }
    return tuple(_made(reading, found))


def _made(
    reading: Reading, found: Mapping[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]]
) -> Iterator[Signal]:
    for name in SIGNALS:
        if _NEEDS.get(name, "code") not in reading.intake.columns:
            yield Signal(name=name, dossiers=(), examined=None)
            continue
        shown, examined = found[name]
        codes = reading.intake.codes.at(np.flatnonzero(shown)).texts()
        yield Signal(name=name, dossiers=tuple(codes), examined=int(examined.sum()))


def _of_suspensions(
    reading: Reading, placed: Placed, near: int
) -> dict[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Look at each suspension with the due day as it was before it."""
    intake, many = reading.intake, len(reading.intake)
    spans = intake.spans()
    last = reading.days.last.toordinal() - EPOCH
    spans = spans.at(placed.member[spans.row] & (spans.since // _DAY <= last))
    rank = np.arange(len(spans)) - np.searchsorted(spans.row, spans.row)
    stopped, anew = (np.zeros(many, dtype=bool) for _ in range(2))
    for number in np.unique(rank).tolist():
        own = spans.at(rank == number)
        due = _due_before(reading, own, spans.at(rank < number))
        suspends, restarts = _effects(reading, own)
        day = own.since // _DAY
        known, goal = due.present[own.row], due.days[own.row]
        stopped[own.row[known & suspends & (day == goal)]] = True
        soon = known & restarts & (day < goal)
        left = working_days(reading, own.row[soon], day[soon], goal[soon])
        anew[own.row[soon][left <= near]] = True
    examined = np.isin(np.arange(many), spans.row)
    return {
        "suspended_on_last_day": (stopped, examined),
        "restarted_before_expiry": (anew, examined),
    }


def _has_terms(reading: Reading) -> bool:
    return "limit" in reading.intake.columns or "procedure" in reading.intake.columns


def _due_before(reading: Reading, own: Spans, earlier: Spans) -> Due:
    """Return the due days of the dossiers of some suspensions, moved by earlier ones alone."""
    intake = reading.intake
    if not _has_terms(reading) and intake.original is not None:
        intake = replace(intake, due=intake.original)
    elif _has_terms(reading):
        intake = replace(intake, due=None)
    members = np.zeros(len(intake), dtype=bool)
    members[own.row] = True
    return due_days(intake, members, reading.law, reading.days.last, spans=earlier)


def _effects(reading: Reading, own: Spans) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say of suspensions whether they stop the clock, and whether counting begins anew after it."""
    if not _has_terms(reading):
        # without a limit no rules are asked for: each stops the clock, and none begins anew
        return np.ones(len(own), dtype=bool), np.zeros(len(own), dtype=bool)
    terms = read_terms(reading.intake, own.row, reading.law, reading.days.last)
    effects = [[term.rules.effect(reason) for reason in own.reasons] for term in terms.terms]
    each = np.array(effects, dtype=object).reshape(len(terms.terms), len(own.reasons))
    found = each[terms.of, own.reason]
    return found != "none", found == "restart"


def _bulk(
    reading: Reading, placed: Placed, bulk: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    intake = reading.intake
    minutes = intake.finished.minutes
    examined = placed.solved & (minutes % MINUTES_PER_DAY != 0)
    rows = np.flatnonzero(examined)
    agency = intake.text("agency")
    stamps = list(zip(minutes[rows].tolist(), agency.of[rows].tolist(), strict=True))
    often = Counter(stamps)
    many = np.array([often[stamp] >= bulk for stamp in stamps], dtype=bool)
    shown = np.zeros(len(intake), dtype=bool)
    shown[rows[many]] = True
    return shown, examined


def _of_the_record(
    reading: Reading, placed: Placed, lag: int
) -> dict[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Look at when the finish was recorded, and at what was opened again."""
    intake, solved = reading.intake, placed.solved
    again = intake.text("reopened").flag(lambda text: (text or "0").removesuffix(".0") != "0")
    found = {"reopened": (placed.member & again, placed.member)}
    if intake.recorded is None:
        return found
    finished, recorded = intake.finished.days, intake.recorded.days
    told = solved & intake.recorded.present
    rows = np.flatnonzero(told & (recorded > finished))
    later = np.zeros(len(intake), dtype=bool)
    later[rows] = working_days(reading, rows, finished[rows], recorded[rows]) > lag
    over = told & placed.due.present & ~placed.late & (recorded > placed.due.days)
    return {**found, "recorded_later": (later, told), "backdated_over_due": (over, told)}
