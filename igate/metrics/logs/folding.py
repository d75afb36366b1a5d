"""Folding the events of a log to dossiers: what happened to each clock, in order of time.

Moments are read to the minute; events of one minute keep the order of the file. An event that
cannot follow those before it is a fault, named by its line, and nothing is folded then: a resume
without a wait, something before the start or after the end.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import numpy as np

from igate.errors import FrameError
from igate.metrics.cells import read_moments
from igate.metrics.columns import FILE_LINE, Origin, hold
from igate.metrics.logs.mapping import COPIED, DATED, Mark, read_log_map
from igate.metrics.numbering import Texts, read_text
from igate.metrics.refusal import Rows, suggest
from igate.metrics.spans import OPEN
from igate.metrics.spelling import fold, plain_name
from igate.words.sentence import say, together

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    from narwhals.stable.v2.typing import IntoFrame
    from numpy.typing import NDArray

    from igate.metrics.cells import Moments
    from igate.metrics.logs.mapping import LogMap

__all__ = ["Events", "events_of", "fold_events", "fold_log"]

_NOTHING = Mark(kind="none")
#: National status of a dossier whose receipt was refused.
_REFUSED = "3"


def fold_log(
    frame: IntoFrame,
    log_map: str | os.PathLike[str] | Mapping[str, Any] | LogMap,
    *,
    source: str = "",
) -> Any:  # noqa: ANN401 - the caller's kind of frame
    """Fold a log with a row an event to the table of dossiers that ``settlement`` reads.

    Args:
        frame: Any kind of frame that ``settlement`` takes; it is not changed.
        log_map: Which column is which and what the events mean, as a mapping or a YAML file.
        source: Name of the log for messages.

    Returns:
        A frame of the same kind with a row a dossier, in order of the first event: ``code``,
        ``received``, ``started``, ``finished`` (datetimes without a zone, Vietnamese time),
        ``reopened``, ``suspensions``, ``state``, ``resource`` of the last event where the map
        names one, the copied columns and constants, and ``file_line`` where the log has it.

    Raises:
        FrameError: A column is missing, a moment cannot be read, or events do not fold; each is
            named by its line or row.
    """
    wrapped = hold(frame)
    origin = Origin.of(wrapped)
    chosen = read_log_map(log_map)
    spelled = {plain_name(name): name for name in wrapped.collect_schema().names()}
    names = [spelled[name] for name in (*chosen.wanted, FILE_LINE) if name in spelled]
    return origin.give(fold_events(origin.collected(wrapped.select(names)), chosen, source=source))


@dataclass(slots=True, kw_only=True)
class _Case:
    """One dossier as its events so far have made it; moments in minutes since 1970."""

    code: str
    #: of its first event
    row: int
    received: int | None = None
    started: int | None = None
    finished: int | None = None
    reopened: int = 0
    refused: bool = False
    resource: str | None = None
    #: reason, beginning, end
    waits: list[tuple[str, int, int | None]] = field(default_factory=list)
    #: what is copied from its events; dates in minutes since 1970
    values: dict[str, str | int] = field(default_factory=dict)

    def apply(self, mark: Mark, at: int) -> str | None:
        """Let an event happen; return what is wrong with it, if anything."""
        if mark.kind == "none":
            return None
        problem = self._misplaced(mark)
        if problem is not None:
            return problem
        if mark.kind == "start":
            self.received, self.started = (at if self.received is None else self.received), at
        elif mark.kind == "suspend":
            self.waits.append((mark.reason, at, None))
        elif mark.kind == "resume":
            self._resume(mark.reason, at)
        elif mark.kind == "reopen":
            self.finished, self.reopened = None, self.reopened + 1
        elif mark.kind == "reject":
            self.refused = True
        else:
            self.finished = at
        return None

    def _misplaced(self, mark: Mark) -> str | None:
        ended, kind = self.finished is not None, mark.kind
        problems = {
            say("happens after its receipt was refused"): self.refused,
            say("refuses a receipt after the start"): kind == "reject"
            and self.received is not None,
            say("happens before the start"): kind not in {"start", "reject"}
            and self.received is None,
            say("happens after the end"): ended and kind != "reopen",
            say("reopens what has not ended"): kind == "reopen" and not ended,
            say("suspends for {reason} a second time", reason=mark.reason): (
                kind == "suspend" and self._waiting(mark.reason) is not None
            ),
            say("resumes without a wait for {reason}", reason=mark.reason): (
                kind == "resume" and self._waiting(mark.reason) is None
            ),
        }
        return next((said for said, holds in problems.items() if holds), None)

    def _waiting(self, reason: str) -> int | None:
        """Return the place of the wait for a reason that lasts."""
        places = (n for n, (own, _, until) in enumerate(self.waits) if own == reason and not until)
        return next(places, None)

    def _resume(self, reason: str, at: int) -> None:
        place = self._waiting(reason)
        if place is not None:
            since = self.waits[place][1]
            # a wait within a minute takes nothing from a time in days, but may begin it anew
            self.waits[place] = (reason, since, max(at, since + 1))

    @property
    def suspensions(self) -> str | None:
        """The waits as the column ``suspensions`` writes them."""
        return (
            "|".join(
                f"{reason}:{_text(since)}/{OPEN if until is None else _text(until)}"
                for reason, since, until in self.waits
            )
            or None
        )


def _text(minute: int) -> str:
    return str(np.datetime64(minute, "m"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """The columns of a log that are read."""

    case: Texts
    activity: Texts
    moment: Moments
    resource: Texts
    copied: Mapping[str, Texts]
    dated: Mapping[str, Moments]
    rows: Rows

    def in_order(self) -> list[int]:
        """Return the rows in order of time, those of one minute as they stand."""
        order: list[int] = np.argsort(self.moment.minutes, kind="stable").tolist()
        return order


def fold_events(frame: nw.DataFrame[Any], log_map: LogMap, *, source: str) -> nw.DataFrame[Any]:
    """Fold events in memory; see :func:`fold_log`."""
    events = events_of(frame, log_map, source=source)
    marks = _marks(events, log_map)
    cases = _folded(events, marks)
    return _table(cases, events.rows, log_map, frame)


def events_of(frame: nw.DataFrame[Any], log_map: LogMap, *, source: str) -> Events:
    """Read the columns of a log, and check that each event has what every event has.

    Raises:
        FrameError: A column is missing, a moment cannot be read, or an event lacks something.
    """
    events = _events(frame, log_map, source)
    if not len(events.case):
        raise FrameError(
            say("The log has no event that is read."),
            where=source or None,
            fix=say('Export it again, or see what "only" of the map leaves out.'),
        )
    _refuse_empty(events)
    return events


def _events(frame: nw.DataFrame[Any], log_map: LogMap, source: str) -> Events:
    frame = frame.rename({name: plain_name(name) for name in frame.columns})
    for name in log_map.wanted:
        if name not in frame.columns:
            raise FrameError(
                say("The log has no column {name!r}.", name=name),
                where=source or None,
                fix=suggest(name, frame.columns, say("Its columns are")),
            )
    kept = np.ones(len(frame), dtype=bool)
    for name, words in log_map.only.items():
        texts = read_text(frame[name])
        kept &= np.array([fold(text or "") in words for text in texts.values])[texts.of]
    rows = _row_names(frame, np.flatnonzero(kept), source)
    frame, spelling = frame if kept.all() else frame.filter(kept.tolist()), log_map.spelling
    return Events(
        case=read_text(frame[log_map.case]),
        activity=read_text(frame[log_map.activity]),
        moment=read_moments(frame[log_map.moment], log_map.moment, rows, spelling, "received"),
        resource=_column(frame, log_map.resource),
        copied={
            ours: spelling.read(read_text(frame[theirs]), ours)
            for ours, theirs in log_map.columns.items()
            if ours not in DATED
        },
        dated={
            ours: read_moments(frame[theirs], theirs, rows, spelling, ours)
            for ours, theirs in log_map.columns.items()
            if ours in DATED
        },
        rows=rows,
    )


def _row_names(frame: nw.DataFrame[Any], kept: NDArray[np.intp], source: str) -> Rows:
    """Name events by their line in the file, else by their number in the log, from 1."""
    if FILE_LINE in frame.columns:
        return Rows(source=source, numbers=frame[FILE_LINE].to_numpy()[kept], word="line")
    return Rows(source=source, numbers=kept + 1)


def _column(frame: nw.DataFrame[Any], name: str) -> Texts:
    return read_text(frame[name]) if name else Texts.nothing(len(frame))


def _refuse_empty(events: Events) -> None:
    """Refuse events that lack a case, an activity or a moment."""
    empty = {
        say("no case"): events.case.flag(lambda text: text is None),
        say("no activity"): events.activity.flag(lambda text: text is None),
        say("no moment"): ~events.moment.present,
    }
    wrong = np.flatnonzero(np.logical_or.reduce(list(empty.values()))).tolist()
    if wrong:
        raise events.rows.refusal(
            wrong,
            lambda row: together(
                *(name for name, holds in empty.items() if holds[row]), between=say(" and ")
            ),
            what=say("Events lack what every event has"),
            fix=say("Give each event its case, activity and moment."),
        )


def _marks(events: Events, log_map: LogMap) -> list[Mark]:
    """Return the mark of each different activity."""
    found = [log_map.marks.get(fold(text or "")) for text in events.activity.values]
    if not log_map.others:
        unknown = np.array([mark is None for mark in found], dtype=bool)[events.activity.of]
        if unknown.any():
            raise events.rows.refusal(
                np.flatnonzero(unknown).tolist(),
                lambda row: repr(events.activity[row]),
                what=say("Activities that the map of the log does not name"),
                why=say("Whether they stop the clock is not known."),
                fix=say(
                    "Name them below marks; what does nothing to the clock, below none. "
                    '"others: ignore" lets all of them do nothing.'
                ),
            )
    return [mark or _NOTHING for mark in found]


def _folded(events: Events, marks: list[Mark]) -> list[_Case]:
    cases: dict[str, _Case] = {}
    faults: dict[int, str] = {}
    for row in events.in_order():
        code = events.case[row] or ""
        case = cases.get(code)
        if case is None:
            cases[code] = case = _Case(code=code, row=row)
        mark = marks[int(events.activity.of[row])]
        problem = case.apply(mark, int(events.moment.minutes[row]))
        if problem is not None:
            faults[row] = together(f"{code}: {events.activity[row]!r}", problem)
        _copy(case, events, row)
    for case in cases.values():
        if case.received is None and not case.refused:
            faults.setdefault(case.row, together(f"{case.code}:", say("nothing starts it")))
    if faults:
        raise events.rows.refusal(
            sorted(faults),
            lambda row: faults[row],
            what=say("Events do not follow those before them"),
            why=say("A clock starts once, waits for a reason once at a time, and ends."),
            fix=say("Correct the log, or what the map says of these activities."),
        )
    return list(cases.values())


def _copy(case: _Case, events: Events, row: int) -> None:
    """Keep what an event says of its dossier: who did it, and of each column the first cell."""
    case.resource = events.resource[row] or case.resource
    for ours, texts in events.copied.items():
        text = texts[row]
        if text is not None:
            case.values.setdefault(ours, text)
    for ours, moments in events.dated.items():
        if moments.present[row]:
            case.values.setdefault(ours, int(moments.minutes[row]))


def _table(
    cases: Iterable[_Case], rows: Rows, log_map: LogMap, frame: nw.DataFrame[Any]
) -> nw.DataFrame[Any]:
    """Write the dossiers as a frame of the library of the log."""
    columns: dict[str, list[Any]] = defaultdict(list)
    for case in cases:
        columns["code"].append(case.code)
        columns["suspensions"].append(case.suspensions)
        columns["reopened"].append(case.reopened)
        columns["state"].append(_REFUSED if case.refused else None)
        for name in ("received", "started", "finished"):
            columns[name].append(getattr(case, name))
        if log_map.resource:
            columns["resource"].append(case.resource)
        if rows.word == "line":
            columns[FILE_LINE].append(rows.number(case.row))
        for name in COPIED:
            if name in log_map.columns or name in log_map.constants:
                columns[name].append(case.values.get(name, log_map.constants.get(name)))
    made = [_series(name, values, frame) for name, values in columns.items()]
    return made[0].to_frame().with_columns(*made[1:])


def _series(name: str, values: list[Any], frame: nw.DataFrame[Any]) -> nw.Series[Any]:
    backend: Any = frame.implementation
    if name in {"received", "started", "finished", *DATED}:
        stamps = np.array([np.datetime64("NaT") if v is None else v for v in values])
        moments = stamps.astype("datetime64[m]").astype("datetime64[us]")
        return nw.new_series(name, moments, nw.Datetime("us"), backend=backend)
    kind = nw.Int64() if name in {"reopened", FILE_LINE} else nw.String()
    return nw.new_series(name, values, kind, backend=backend)
