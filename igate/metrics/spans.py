"""Suspensions as a table writes them: one dossier's as values, a whole column's as arrays.

They stand in one cell as ``reason:from/to|from/..``, for example
``supplement:2026-01-05T09:00/2026-01-12T08:00|payment:2026-02-02T10:00/..``: the clock was
suspended for a supplement, and is suspended for a payment since February. A missing reason is
``supplement``. What a reason does to the clock (counting begins anew, goes on, or never stopped)
is in the clock rules, not here.

Each different cell is read once. Those in the usual form, to the minute, are read together by the
places of their signs; the others, and all that is wrong, one by one by ``parse_spans``. A test
holds the two equal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from igate.errors import MomentError
from igate.law.localtime import EPOCH, MINUTES_PER_DAY, VIETNAM, epoch_minute, parse_local
from igate.metrics.stamps import DAY, MINUTE, from_characters
from igate.words.sentence import clause, say, together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from igate.metrics.codes import Codes
    from igate.metrics.numbering import Texts
    from igate.metrics.refusal import Rows

__all__ = ["NEVER", "OPEN", "Span", "Spans", "parse_spans", "read_spans"]

#: How long a wait is taken to have lasted that began and ended on one day, where no hours are
#: given: it takes nothing from a time in days, and a count that begins anew does so on that day.
_SHORTEST = timedelta(minutes=1)
#: What is written instead of an end.
OPEN = ".."
#: The end of a suspension that lasts, in microseconds: later than every moment.
NEVER: Final = np.iinfo(np.int64).max
_DEFAULT_REASON = "supplement"
_SPAN = re.compile(r"(?:(?P<reason>[a-z][a-z_]*):)?(?P<since>[^/]+)/(?P<until>[^/]+)")
_REASON = re.compile(r"[a-z][a-z_]*")
_SECOND = 1_000_000
_SHORTEST_TICKS = 60 * _SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One suspension: ``since`` inclusive, ``until`` exclusive or ``None`` while it lasts."""

    reason: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spans:
    """Suspensions as columns, in order of row and, within a row, of beginning."""

    #: int64, whose it is
    row: NDArray[np.int64]
    #: int64, microseconds since 1970-01-01 00:00 in Vietnamese time
    since: NDArray[np.int64]
    #: the same, exclusive; ``NEVER`` while it lasts
    until: NDArray[np.int64]
    #: int64, position in ``reasons``
    reason: NDArray[np.int64]
    reasons: tuple[str, ...]

    @classmethod
    def none(cls) -> Spans:
        """Return no suspension."""
        empty = np.zeros(0, dtype=np.int64)
        return cls(row=empty, since=empty, until=empty, reason=empty, reasons=())

    def __len__(self) -> int:
        return len(self.row)

    def at(self, places: NDArray[np.int64] | NDArray[np.bool_] | slice) -> Spans:
        """Return some of the suspensions, by place."""
        return Spans(
            row=self.row[places],
            since=self.since[places],
            until=self.until[places],
            reason=self.reason[places],
            reasons=self.reasons,
        )

    def among(self, rows: NDArray[np.int64]) -> Spans:
        """Return the suspensions of some rows."""
        if not len(self):
            return self
        own = np.zeros(int(self.row[-1]) + 1, dtype=bool)
        own[rows[rows < len(own)]] = True
        return self.at(own[self.row])

    def of(self, row: int) -> tuple[Span, ...]:
        """Return the suspensions of one row as values."""
        first, last = np.searchsorted(self.row, [row, row + 1]).tolist()
        return tuple(
            Span(
                reason=self.reasons[self.reason[place]],
                since=_moment_at(int(self.since[place])),
                until=None if self.until[place] == NEVER else _moment_at(int(self.until[place])),
            )
            for place in range(first, last)
        )


def _moment_at(ticks: int) -> datetime:
    minutes, rest = divmod(ticks, 60 * _SECOND)
    day, minute = divmod(minutes, MINUTES_PER_DAY)
    midnight = datetime.fromordinal(EPOCH + day).replace(tzinfo=VIETNAM)
    return midnight + timedelta(minutes=minute, microseconds=rest)


def _ticks(moment: datetime | None) -> int:
    if moment is None:
        return NEVER
    return (epoch_minute(moment) * 60 + moment.second) * _SECOND + moment.microsecond


# -- one dossier ----------------------------------------------------------------------------------


def parse_spans(text: str) -> tuple[Span, ...]:
    """Read the suspensions of one dossier; they may be in any order.

    Raises:
        ValueError: The text is not of this form, an end does not come after its beginning, or two
            suspensions for one reason overlap. The message is a clause without a full stop.

    >>> [(span.reason, span.until) for span in parse_spans("payment:2026-01-05T09:00/..")]
    [('payment', None)]
    >>> len(parse_spans("supplement:2026-11-03/2026-11-03"))
    1
    """
    spans = sorted((_span(piece.strip()) for piece in text.split("|")), key=lambda s: s.since)
    last: dict[str, Span] = {}
    for span in spans:
        before = last.get(span.reason)
        if before is not None and (before.until is None or span.since < before.until):
            message = say(
                "two suspensions for {reason} overlap in {text!r}", reason=span.reason, text=text
            )
            raise ValueError(message)
        last[span.reason] = span
    return tuple(spans)


def _moment(text: str) -> datetime:
    """Read a moment; a day without an hour stands for its beginning, as exports often give it."""
    return parse_local(f"{text}T00:00" if len(text) == len("2026-08-20") else text)


def _span(piece: str) -> Span:
    match = _SPAN.fullmatch(piece)
    if match is None:
        message = say("{piece!r} is not written as from/to", piece=piece)
        raise ValueError(message)
    try:
        since = _moment(match["since"])
        until = None if match["until"] == OPEN else _moment(match["until"])
    except MomentError as error:
        raise ValueError(clause(error.what)) from error
    if until == since and len(match["until"]) == len(match["since"]) == len("2026-08-20"):
        until = since + _SHORTEST
    if until is not None and until <= since:
        message = say("{piece!r} ends before it begins", piece=piece)
        raise ValueError(message)
    return Span(reason=match["reason"] or _DEFAULT_REASON, since=since, until=until)


# -- a column -------------------------------------------------------------------------------------


def read_spans(texts: Texts, rows: Rows, codes: Codes) -> Spans:
    """Read a column of suspensions.

    Returns:
        The suspensions; ``row`` is the position of the row.

    Raises:
        FrameError: A cell cannot be read; the message names row and dossier.
    """
    cells = [text or "" for text in texts.values]
    usual, clear = _usual(cells)
    spans, wrong = _with_others(usual, {n: text for n, text in enumerate(cells) if not clear[n]})
    faults = np.isin(texts.of, list(wrong))
    if faults.any():
        raise rows.refusal(
            np.flatnonzero(faults).tolist(),
            lambda row: together(codes[row], wrong[int(texts.of[row])], between=": "),
            what=say("Suspensions cannot be read"),
            why=say("A suspension read wrongly moves the due date."),
            fix=say(
                "Write supplement:2026-01-05T09:00/2026-01-12T08:00, with .. for an end "
                "that has not come and | between two."
            ),
        )
    return _by_row(spans, texts)


def _by_row(spans: Spans, texts: Texts) -> Spans:
    """Give each row the suspensions of its cell."""
    many = np.bincount(spans.row, minlength=len(texts.values))
    begins = np.cumsum(many) - many
    own = many[texts.of]
    row = np.repeat(np.arange(len(texts)), own)
    within = np.arange(len(row)) - np.repeat(np.cumsum(own) - own, own)
    return _with_rows(spans.at(begins[texts.of[row]] + within), row)


def _with_rows(spans: Spans, row: NDArray[np.int64]) -> Spans:
    return Spans(
        row=row, since=spans.since, until=spans.until, reason=spans.reason, reasons=spans.reasons
    )


def _with_others(usual: Spans, others: dict[int, str]) -> tuple[Spans, dict[int, str]]:
    """Add the cells that are read one by one; return what is wrong with some of them as well."""
    wrong: dict[int, str] = {}
    reasons = {reason: number for number, reason in enumerate(usual.reasons)}
    more: list[tuple[int, int, int, int]] = []
    for number, text in others.items():
        if not text:
            continue
        try:
            spans = parse_spans(text)
        except ValueError as error:
            wrong[number] = error.args[0]
            continue
        more += [
            (
                number, _ticks(span.since), _ticks(span.until),
                reasons.setdefault(span.reason, len(reasons)),
            )
            for span in spans
        ]  # fmt: skip
    if not more:
        return usual, wrong
    added = np.array(more, dtype=np.int64).reshape(-1, 4).T
    one = (usual.row, usual.since, usual.until, usual.reason)
    row, since, until, reason = (np.concatenate(pair) for pair in zip(one, added, strict=True))
    order = np.argsort(row, kind="stable")
    joined = Spans(row=row, since=since, until=until, reason=reason, reasons=tuple(reasons))
    return joined.at(order), wrong


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Pieces:
    """The pieces of cells that are joined by line feeds, by the places of their characters."""

    #: uint8, with room for a moment before the first piece and after the last
    letters: NDArray[np.uint8]
    cell: NDArray[np.int64]
    begin: NDArray[np.int64]
    slash: NDArray[np.int64]
    end: NDArray[np.int64]
    #: whether the piece has one slash
    clear: NDArray[np.bool_]


def _usual(cells: Sequence[str]) -> tuple[Spans, NDArray[np.bool_]]:
    """Read the cells in the usual form.

    Returns:
        Their suspensions, ``row`` being the number of the cell, and which cells were read.
    """
    plain = [cell if cell.isascii() and cell.isprintable() else "" for cell in cells]
    clear = np.fromiter(map(len, plain), dtype=np.int64, count=len(plain)) > 0
    if not clear.any():
        return Spans.none(), clear
    pieces = _cut(plain)
    since, begun, since_days = _since(pieces)
    until, ended, until_days = _until(pieces)
    until = np.where(since_days & until_days & (until == since), since + _SHORTEST_TICKS, until)
    reason, reasons, named = _reasons(pieces, begun)
    good = pieces.clear & (begun >= 0) & ended & named & (until > since)
    order = np.lexsort((since, pieces.cell))
    spans = Spans(row=pieces.cell, since=since, until=until, reason=reason, reasons=reasons)
    good &= ~_overlapping(spans)
    clear[pieces.cell[~good]] = False
    ordered = spans.at(order)
    return ordered.at(clear[ordered.row]), clear


def _cut(cells: Sequence[str]) -> _Pieces:
    """Find the pieces and the slash in each."""
    room = " " * (MINUTE + 1)
    text = "\n".join(cells)
    letters = np.frombuffer(f"{room}{text}\n{room}".encode("ascii"), dtype=np.uint8)
    ends = np.flatnonzero((letters == ord("|")) | (letters == ord("\n")))
    begins = np.concatenate(([len(room)], ends[:-1] + 1))
    cell = np.cumsum(letters[ends] == ord("\n")) - (letters[ends] == ord("\n"))
    slashes = np.flatnonzero(letters == ord("/"))
    piece = np.searchsorted(ends, slashes)
    slash = begins.copy()
    slash[piece] = slashes
    one = np.bincount(piece, minlength=len(ends)) == 1
    empty = begins == ends
    kept = ~(empty & np.isin(cell, [n for n, text in enumerate(cells) if not text]))
    return _Pieces(
        letters=letters, cell=cell[kept], begin=begins[kept], slash=slash[kept], end=ends[kept],
        clear=one[kept],
    )  # fmt: skip


def _read_at(
    letters: NDArray[np.uint8], places: NDArray[np.int64], length: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    window = np.lib.stride_tricks.sliding_window_view(letters, length)
    seconds, known = from_characters(window[places])
    return seconds * _SECOND, known


def _since(
    pieces: _Pieces,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Read the beginnings: ticks, where the moment begins (-1: not read), and which are days."""
    ticks = np.zeros(len(pieces.begin), dtype=np.int64)
    begun, days = np.full(len(ticks), -1, dtype=np.int64), np.zeros(len(ticks), dtype=bool)
    for length in (MINUTE, DAY):
        at = pieces.slash - length
        fits = (at == pieces.begin) | ((at > pieces.begin) & (pieces.letters[at - 1] == ord(":")))
        own = np.flatnonzero(fits & (begun < 0))
        read, known = _read_at(pieces.letters, at[own], length)
        ticks[own] = read
        begun[own] = np.where(known, at[own], -1)
        days[own] = known & (length == DAY)
    return ticks, begun, days


def _until(
    pieces: _Pieces,
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Read the ends: ticks, which were read, and which are days."""
    begin, many = pieces.slash + 1, pieces.end - pieces.slash - 1
    ticks = np.full(len(begin), NEVER, dtype=np.int64)
    dots = pieces.letters[begin] == ord(".")
    ended = (many == len(OPEN)) & dots & (pieces.letters[pieces.end - 1] == ord("."))
    days = np.zeros(len(begin), dtype=bool)
    for length in (MINUTE, DAY):
        own = np.flatnonzero(many == length)
        read, known = _read_at(pieces.letters, begin[own], length)
        ticks[own], ended[own] = read, known
        days[own] = known & (length == DAY)
    return ticks, ended, days


def _reasons(
    pieces: _Pieces, begun: NDArray[np.int64]
) -> tuple[NDArray[np.int64], tuple[str, ...], NDArray[np.bool_]]:
    """Number the reasons: the number of each piece, the reasons, and which pieces have one."""
    length = np.where(begun < 0, 0, begun - 1 - pieces.begin).clip(-1)
    number = np.zeros(len(length), dtype=np.int64)
    named = length != 0
    reasons = {_DEFAULT_REASON: 0}
    for many in np.unique(length[length > 0]).tolist():
        own = np.flatnonzero(length == many)
        window = np.lib.stride_tricks.sliding_window_view(pieces.letters, many)
        words = np.ascontiguousarray(window[pieces.begin[own]]).view(f"S{many}").reshape(-1)
        found, which = np.unique(words, return_inverse=True)
        texts = [word.decode("ascii") for word in found.tolist()]
        good = np.array([_REASON.fullmatch(text) is not None for text in texts])
        numbers = [reasons.setdefault(text, len(reasons)) for text in texts]
        number[own] = np.array(numbers, dtype=np.int64)[which.reshape(-1)]
        named[own] = good[which.reshape(-1)]
    return number, tuple(reasons), named


def _overlapping(spans: Spans) -> NDArray[np.bool_]:
    """Return which suspensions begin before one for the same reason in the same cell has ended."""
    order = np.lexsort((spans.since, spans.reason, spans.row))
    row, reason = spans.row[order], spans.reason[order]
    same = (row[1:] == row[:-1]) & (reason[1:] == reason[:-1])
    found = np.zeros(len(order), dtype=bool)
    found[order[1:]] = same & (spans.since[order[1:]] < spans.until[order[:-1]])
    return found
