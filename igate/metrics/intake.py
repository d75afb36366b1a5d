"""Reading a table of dossiers: the checks that every row must pass before anything is counted.

Outside the table are receipts that were refused (national status 3) and dossiers that were handed
in and never received: no receipt date, and a state that does not say that they were received. A
row that cannot be placed is refused by its code and line, never dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from igate.metrics.cells import Moments, read_moments
from igate.metrics.codes import Codes
from igate.metrics.columns import FILE_LINE, FILE_NAME, Columns, Origin, take
from igate.metrics.numbering import Texts, encode, read_text
from igate.metrics.refusal import Rows
from igate.metrics.spans import Spans, read_spans
from igate.metrics.spelling import Spelling
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import narwhals.stable.v2 as nw
    from narwhals.stable.v2.typing import IntoFrame
    from numpy.typing import NDArray

    from igate.metrics.columns import MapKeyword

__all__ = [
    "CHANNELS", "CHANNEL_NAMES", "ENDED_OR_SUPPLEMENT", "FINISHED", "NO_STATUS", "RECEIVED",
    "REFUSED", "SUSPENDED", "WITHDRAWN", "Intake", "channel_number", "read_intake", "status_number",
]  # fmt: skip

#: Accepted spellings of the channel; the numbers are the national codes.
CHANNELS = {
    "online": "online", "counter": "counter", "post": "post",
    "1": "counter", "2": "online", "3": "post",
}  # fmt: skip
CHANNEL_NAMES = ("online", "counter", "post")
REFUSED = 3
#: National statuses in which the clock is suspended: supplement, payment, stopped.
SUSPENDED = (5, 6, 8)
#: Of these, supplement and stopped: index 766 subtracts no wait for a payment.
ENDED_OR_SUPPLEMENT = (5, 8)
#: In process, being processed, processing finished, result handed over: all presuppose a receipt.
RECEIVED = (2, 4, 9, 10)
FINISHED = (9, 10)
#: A number that is no national status.
NO_STATUS = -2
#: The applicant has withdrawn it.
WITHDRAWN = 7
_NAMED = {"rejected": REFUSED, "withdrawn": WITHDRAWN}
_STATUSES = {str(number): number for number in range(1, 11)} | _NAMED


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """The dossiers of a table that were received, column by column, in its order."""

    #: needed columns of the table, cut to the received dossiers
    frame: nw.DataFrame[Any]
    columns: Columns
    origin: Origin
    rows: Rows
    codes: Codes
    #: ``online``, ``counter`` or ``post``
    channels: Texts
    received: Moments
    #: from when the time is counted: the receipt, or the later start that the table gives
    started: Moments
    finished: Moments
    #: when the finish was recorded; ``None`` where the table has no such column
    recorded: Moments | None
    #: given due dates; ``None`` where the table has no such column
    due: Moments | None
    #: due dates first promised; ``None`` where the table has no such column
    original: Moments | None
    #: int32, national status 1-10; 0: no state given; -1: a name that is no national status
    status: NDArray[np.int32]
    spelling: Spelling
    #: columns that have been read, so that each is read once
    _known: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.codes)

    def text(self, ours: str) -> Texts:
        """Read a column as text; all ``None`` where the table has no such column."""
        if ours not in self.columns:
            return Texts.nothing(len(self))
        if ours not in self._known:
            self._known[ours] = self.spelling.read(
                read_text(self.frame[self.columns.of(ours)]), ours
            )
        known: Texts = self._known[ours]
        return known

    def spans(self, rows: NDArray[np.intp] | None = None) -> Spans:
        """Read the suspensions.

        Args:
            rows: Only those of these rows, which are in order, by their place among them.

        Raises:
            FrameError: A cell cannot be read; the message names row and dossier.
        """
        if rows is not None:
            return self._spans_of(rows)
        if "spans" not in self._known:
            self._known["spans"] = read_spans(self.text("suspensions"), self.rows, self.codes)
        spans: Spans = self._known["spans"]
        return spans

    def _spans_of(self, rows: NDArray[np.intp]) -> Spans:
        """Read the suspensions of some rows, or take them from those that have been read."""
        if "spans" in self._known:
            own = self.spans().among(rows)
            return replace(own, row=np.searchsorted(rows, own.row))
        texts = self.text("suspensions")
        used, of = np.unique(texts.of[rows], return_inverse=True)
        some = Texts(values=tuple([texts.values[n] for n in used]), of=of.astype(np.int32))
        return read_spans(some, self.rows.kept(rows), self.codes.at(rows))


def read_intake(
    frame: IntoFrame,
    *,
    columns: Mapping[str, str] | None,
    keys: Sequence[str],
    source: str,
    positions: Sequence[int] | None = None,
    spelling: Spelling | None = None,
    keyword: MapKeyword = "columns",
) -> Intake:
    """Read and check a table of dossiers.

    Args:
        frame: As for ``settlement``; it is not changed.
        columns: The column map, igate's names to those of the table.
        keys: What the result is split by.
        source: Name of the file for messages, or an empty text.
        positions: Position of each row, from 0, in the table that it was taken from; ``None``:
            it was taken from none.
        spelling: How the table writes what it holds; ``None``: as igate does.
        keyword: Under which name the caller gives the column map, for messages.

    Raises:
        FrameError: A column is missing or a row cannot be read; the message names it.
    """
    whole, names, origin = take(frame, columns, keys, keyword)
    rows = _rows(whole, names, source, positions)
    codes = Codes(whole[names.of("code")])
    codes.check(rows)
    read = _Reader(whole=whole, names=names, rows=rows, spelling=spelling or Spelling())
    status = _statuses(read, codes)
    received, finished = read.moments("received"), read.moments("finished")
    inside = _inside(received, finished, status, rows, codes)
    _check_order(received, finished, inside, rows, codes)
    started = _started(read, received)
    channels = _channels(read.text("channel"), inside, rows, codes)
    due, recorded, original = (
        read.moments(name).where(inside) if name in names else None
        for name in ("due", "recorded", "first_due")
    )
    kept = np.flatnonzero(inside)
    every = len(kept) == len(inside)
    return Intake(
        frame=whole if every else whole[kept],
        columns=names,
        origin=origin,
        rows=rows if every else rows.kept(kept),
        codes=codes if every else codes.at(kept),
        channels=channels,
        received=received.where(inside),
        started=started.where(inside),
        recorded=recorded,
        finished=finished.where(inside),
        due=due,
        original=original,
        status=status[inside],
        spelling=read.spelling,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Reads the columns of a whole table."""

    whole: nw.DataFrame[Any]
    names: Columns
    rows: Rows
    spelling: Spelling

    def moments(self, ours: str) -> Moments:
        theirs = self.names.of(ours)
        return read_moments(self.whole[theirs], theirs, self.rows, self.spelling, ours)

    def text(self, ours: str) -> Texts:
        return self.spelling.read(read_text(self.whole[self.names.of(ours)]), ours)


def _started(read: _Reader, received: Moments) -> Moments:
    """Return from when the time of each dossier is counted; an earlier start is none."""
    if "started" not in read.names:
        return received
    given = read.moments("started")
    later = given.present & received.present & (given.minutes > received.minutes)
    return Moments(
        minutes=np.where(later, given.minutes, received.minutes), present=received.present
    )


def _rows(
    whole: nw.DataFrame[Any], names: Columns, source: str, positions: Sequence[int] | None
) -> Rows:
    """Say what the rows are called."""
    files = encode(whole[names.of(FILE_NAME)]) if FILE_NAME in names else None
    if FILE_LINE in names:
        lines = whole[names.of(FILE_LINE)].to_numpy()
        return Rows(source=source, numbers=lines, word="line", keys=positions, files=files)
    numbers = None if positions is None else [position + 1 for position in positions]
    return Rows(source=source, numbers=numbers, keys=positions, files=files)


def _statuses(read: _Reader, codes: Codes) -> NDArray[np.int32]:
    """Read the states as national statuses, 0 and -1 as said in ``Intake``."""
    if "state" not in read.names:
        return np.zeros(len(read.whole), dtype=np.int32)
    texts = read.text("state")
    status = texts.numbers(status_number)
    if (status == NO_STATUS).any():
        raise read.rows.refusal(
            np.flatnonzero(status == NO_STATUS).tolist(),
            lambda row: say(
                "{codes} has {removesuffix}",
                codes=codes[row],
                removesuffix=(texts[row] or "").removesuffix(".0"),
            ),
            what=say("States are not known"),
            why=say("A number in this column is a national status."),
            fix=say("The national statuses are 1 to 10."),
        )
    return status


def status_number(text: str | None) -> int:
    """Return the national status that a state stands for, 0 and -1 as said in ``Intake``."""
    if not text:
        return 0
    plain = text.removesuffix(".0")
    if plain not in _STATUSES and plain.lstrip("+-").isdigit():
        return NO_STATUS
    return _STATUSES.get(plain, -1)


def _inside(
    received: Moments,
    finished: Moments,
    status: NDArray[np.int32],
    rows: Rows,
    codes: Codes,
) -> NDArray[np.bool_]:
    """Return which rows were received; refuse those that cannot be placed."""
    refused = status == REFUSED
    says = np.isin(status, RECEIVED) | (status == 0) | finished.present
    lost = ~refused & ~received.present & says
    if lost.any():
        raise rows.refusal(
            np.flatnonzero(lost).tolist(),
            lambda row: f"{codes[row]}",
            what=say("Dossiers have no receipt date"),
            why=say(
                "Only a dossier whose state says that it was never received may be without one."
            ),
            fix=say("Fill in the receipt date, or give the national status in the column state."),
        )
    undone = np.isin(status, FINISHED) & ~finished.present
    if undone.any():
        raise rows.refusal(
            np.flatnonzero(undone).tolist(),
            lambda row: say("{codes} has status {status}", codes=codes[row], status=status[row]),
            what=say("Dossiers are finished by their state but have no date of finishing"),
            why=say("Counted as they are, they would be in process for ever."),
            fix=say("Fill in the day on which processing finished."),
        )
    inside: NDArray[np.bool_] = received.present & ~refused
    return inside


def _check_order(
    received: Moments,
    finished: Moments,
    inside: NDArray[np.bool_],
    rows: Rows,
    codes: Codes,
) -> None:
    wrong = inside & finished.present & (finished.days < received.days)
    if wrong.any():
        raise rows.refusal(
            np.flatnonzero(wrong).tolist(),
            lambda row: say(
                "{codes} received {day}, finished {day_2}",
                codes=codes[row],
                day=received.day(row),
                day_2=finished.day(row),
            ),
            what=say("Dossiers were finished before they were received"),
            why=say("One of the two dates is wrong, and with it early, on time or late."),
            fix=say("Correct the date in the source."),
        )


def _channels(texts: Texts, inside: NDArray[np.bool_], rows: Rows, codes: Codes) -> Texts:
    """Return the channels of the received dossiers in igate's words."""
    number = texts.numbers(channel_number)
    wrong = inside & (number < 0)
    if wrong.any():
        raise rows.refusal(
            np.flatnonzero(wrong).tolist(),
            lambda row: say(
                "{codes} has {texts}", codes=codes[row], texts=texts[row] or say("nothing")
            ),
            what=say("Channels are not known"),
            why=say("The form splits receipts into online, and counter and post."),
            fix=say(
                "Write online, counter or post, or the national codes 1 (direct), 2 "
                "(online), 3 (post); or say what the words of the table mean: "
                "values={{'channel': {{'online': ['Trực tuyến']}}}}."
            ),
        )
    return Texts(values=CHANNEL_NAMES, of=number[inside])


def channel_number(text: str | None) -> int:
    """Return the position of a channel in their names, -1 if it is none."""
    name = CHANNELS.get((text or "").lower().removesuffix(".0"))
    return -1 if name is None else CHANNEL_NAMES.index(name)
