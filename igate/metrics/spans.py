"""Suspensions of the clock as written in one cell: ``reason:from/to|from/..``.

``supplement:2026-01-05T09:00/2026-01-12T08:00|payment:2026-02-02T10:00/..`` says that the clock
stood still for a supplement, and stands still for a payment since February. A missing reason is
``supplement``. What a reason does to the clock (counting begins anew, goes on, or never stopped)
is not said here but in the clock rules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from igate.deadlines.rules import ClockMark
from igate.errors import MomentError
from igate.law.localtime import parse_local

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from igate.metrics.refusal import Rows

__all__ = ["OPEN", "Span", "marks_of", "parse_spans", "read_spans"]

#: What is written instead of an end.
OPEN = ".."
_DEFAULT_REASON = "supplement"
_SPAN = re.compile(r"(?:(?P<reason>[a-z][a-z_]*):)?(?P<since>[^/]+)/(?P<until>[^/]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One suspension: ``since`` inclusive, ``until`` exclusive or ``None`` while it lasts."""

    reason: str
    since: datetime
    until: datetime | None


def parse_spans(text: str) -> tuple[Span, ...]:
    """Read the suspensions of one dossier; they may stand in any order.

    Raises:
        ValueError: The text is not of this form, an end does not come after its beginning, or two
            suspensions for one reason overlap. The message is a clause without a full stop.

    >>> [(span.reason, span.until) for span in parse_spans("payment:2026-01-05T09:00/..")]
    [('payment', None)]
    """
    spans = sorted((_span(piece.strip()) for piece in text.split("|")), key=lambda s: s.since)
    last: dict[str, Span] = {}
    for span in spans:
        before = last.get(span.reason)
        if before is not None and (before.until is None or span.since < before.until):
            message = f"two suspensions for {span.reason} overlap in {text!r}"
            raise ValueError(message)
        last[span.reason] = span
    return tuple(spans)


def _moment(text: str) -> datetime:
    """Read a moment; a day without an hour stands for its beginning, as exports often give it."""
    return parse_local(f"{text}T00:00" if len(text) == len("2026-08-20") else text)


def _span(piece: str) -> Span:
    match = _SPAN.fullmatch(piece)
    if match is None:
        message = f"{piece!r} is not written as from/to"
        raise ValueError(message)
    try:
        since = _moment(match["since"])
        until = None if match["until"] == OPEN else _moment(match["until"])
    except MomentError as error:
        raise ValueError(error.what.rstrip(".")) from error
    if until is not None and until <= since:
        message = f"{piece!r} ends before it begins"
        raise ValueError(message)
    return Span(reason=match["reason"] or _DEFAULT_REASON, since=since, until=until)


def read_spans(
    texts: Sequence[str | None], rows: Rows, codes: Sequence[str]
) -> dict[int, tuple[Span, ...]]:
    """Read a column of suspensions.

    Returns:
        The suspensions by position of the row; rows without any are left out.

    Raises:
        FrameError: A cell cannot be read; the message names row and dossier.
    """
    spans: dict[int, tuple[Span, ...]] = {}
    wrong: dict[int, str] = {}
    for row, text in enumerate(texts):
        if text is None:
            continue
        try:
            spans[row] = parse_spans(text)
        except ValueError as error:
            wrong[row] = str(error)
    if wrong:
        raise rows.refusal(
            wrong,
            lambda row: f"{codes[row]}: {wrong[row]}",
            what="Suspensions cannot be read",
            why="A suspension read wrongly moves the due date.",
            fix="Write supplement:2026-01-05T09:00/2026-01-12T08:00, with .. for an end that has "
            "not come and | between two.",
        )
    return spans


def marks_of(
    start: datetime, spans: Sequence[Span], finished: datetime | None, until: datetime
) -> tuple[ClockMark, ...]:
    """Turn a receipt, suspensions and a finish into marks of the clock, in order of time.

    Args:
        start: The receipt.
        spans: The suspensions. One that begins on the day of receipt before the receipt is taken
            to begin with it: a date without an hour is its midnight.
        finished: When processing finished, or ``None``; at midnight it stands for the whole day.
        until: What happens at or after this moment is not known yet and left out.

    Raises:
        ValueError: A suspension begins on a day before the receipt, when no clock ran.
    """
    marks: list[tuple[datetime, int, ClockMark]] = []
    for span in spans:
        if span.since.date() < start.date():
            message = f"a suspension begins on {span.since:%Y-%m-%d}, before the receipt"
            raise ValueError(message)
        since = max(span.since, start)
        marks.append((since, 1, ClockMark(kind="suspend", at=since, reason=span.reason)))
        if span.until is not None:
            end = max(span.until, since)
            order = 2 if end == since else 0
            marks.append((end, order, ClockMark(kind="resume", at=end, reason=span.reason)))
    last = None if finished is None else _end_of(finished)
    known = [entry for entry in marks if entry[0] < until and (last is None or entry[0] <= last)]
    known.sort(key=lambda entry: entry[:2])
    return (ClockMark(kind="start", at=start), *(mark for _, _, mark in known))


def _end_of(finished: datetime) -> datetime:
    """Return the last moment before a finish; a date without an hour means the whole day."""
    whole_day = finished.hour == 0 and finished.minute == 0
    return finished.replace(hour=23, minute=59) if whole_day else finished
