"""Folding the events of a log to journals: every entry is decided by the workflow.

A table of dossiers needs to know what an event does to the clock alone. A journal needs the actions
of the workflow, so the map names them: an activity stands for one action, or for several that the
log does not tell apart. Each is decided as a desk would decide it, by somebody in a role that may
take it; what the workflow does not allow is a fault, named by its line, and nothing is given then.

The moment of an event is also when it was recorded: a log says nothing of that.

A dossier of which an event cannot be read or decided is left out as a whole where somebody asks for
that; half a journal would say what did not happen.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import narwhals.stable.v2 as nw

from igate.calendar import WorkCalendar
from igate.dossiers.dossier import Actor, Submission
from igate.dossiers.engine import apply, begin, decide, submit
from igate.dossiers.grounds import FiledGrounds
from igate.dossiers.refusals import APPLICANT
from igate.errors import FrameError, IgateError
from igate.metrics.columns import FILE_LINE
from igate.metrics.logs.folding import events_of
from igate.metrics.logs.mapping import read_log_map
from igate.metrics.logs.reading import read_events
from igate.metrics.numbering import read_text
from igate.metrics.spelling import fold, plain_name
from igate.procedures.catalog.catalog import Catalog
from igate.words.sentence import clause, say, together

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterator, Mapping

    from igate.dossiers.dossier import Dossier, Entry
    from igate.dossiers.engine import Ground
    from igate.metrics.logs.folding import Events
    from igate.metrics.logs.mapping import LogMap

__all__ = ["FoldedLog", "LeftOut", "fold_journals", "log_journals"]

_SUBMIT = "submit"
#: Who acted, where the log does not say.
_NOBODY = "log"
#: The name of the applicant, where the log has none.
_UNKNOWN = "không rõ"
#: Roles that an officer of the log does not have.
_NOT_OFFICERS = frozenset({APPLICANT, "system"})


def log_journals(
    path: str | os.PathLike[str],
    log_map: str | os.PathLike[str] | Mapping[str, Any] | LogMap,
    *,
    catalog: Catalog | None = None,
    calendar: WorkCalendar | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Iterator[tuple[Entry, ...]]:
    """Fold an event log to the journals of its dossiers.

    Args:
        path: As for ``read_log``.
        log_map: As for ``read_log``, with ``actions`` in the place of ``marks``; ``columns`` or
            ``constants`` give ``procedure``, ``agency`` and ``channel``, and may give ``case``,
            ``area`` and ``applicant``.
        catalog: The procedures; ``None``: the shipped ones.
        calendar: The working days; ``None``: those of the civil service, expected ones included.
        encoding: As for ``read_table``.
        sheet: As for ``read_table``.

    Returns:
        The journals, ordered by code, made one after the other; every event has been decided before
        the first is returned. For ``igate.office.bulk.load_journals``.

    Raises:
        FrameError: The file or the map cannot be read, or the workflow does not allow an event;
            lines are named.
        DefinitionError: The map is not YAML.
    """
    chosen, frame = _read(path, log_map, encoding=encoding, sheet=sheet)
    log = _log_of(frame, chosen, str(path), catalog, calendar)
    log.check()
    return log.journals()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A dossier of a log that becomes no journal, and the first event that is why."""

    #: line of the event in the file, else its number in the log from 1
    row: int
    #: code of the dossier; empty where the event has none
    code: str
    activity: str
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedLog:
    """What a log becomes: journals to be taken once, and what was left out."""

    #: ordered by code, made one after the other
    journals: Iterator[tuple[Entry, ...]]
    #: line of the first event of each dossier that has a journal, else its number in the log
    rows: Mapping[str, int]
    #: in the order of the log; an event without a case counts as a dossier of its own
    left_out: tuple[LeftOut, ...]


def fold_journals(
    path: str | os.PathLike[str],
    log_map: str | os.PathLike[str] | Mapping[str, Any] | LogMap,
    *,
    catalog: Catalog | None = None,
    calendar: WorkCalendar | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> FoldedLog:
    """Fold the dossiers of an event log that can be folded, and name the others.

    Args:
        path: As for ``log_journals``.
        log_map: As for ``log_journals``.
        catalog: As for ``log_journals``.
        calendar: As for ``log_journals``.
        encoding: As for ``log_journals``.
        sheet: As for ``log_journals``.

    Returns:
        The journals, and the dossiers that were left out whole because of one of their events; each
        dossier of the log is in one of the two.

    Raises:
        FrameError: The file or the map as a whole cannot be read.
        DefinitionError: The map is not YAML.
    """
    chosen, frame = _read(path, log_map, encoding=encoding, sheet=sheet)
    if FILE_LINE not in frame.columns:
        numbers = nw.new_series(
            FILE_LINE, list(range(1, len(frame) + 1)), nw.Int64(), backend=frame.implementation
        )
        frame = frame.with_columns(numbers)
    out: list[LeftOut] = []
    while len(frame) or not out:
        try:
            log = _log_of(frame, chosen, str(path), catalog, calendar)
        except FrameError as error:
            if not error.rows and not out:
                raise
            if not error.rows:  # no event is left that is read
                break
            frame, more = _set_apart(frame, chosen, error.rows)
            out += more
        else:
            return log.folded(out)
    return FoldedLog(journals=iter(()), rows={}, left_out=tuple(sorted(out, key=_row)))


def _row(left: LeftOut) -> int:
    return left.row


def _read(
    path: str | os.PathLike[str],
    log_map: str | os.PathLike[str] | Mapping[str, Any] | LogMap,
    *,
    encoding: str | None,
    sheet: str | None,
) -> tuple[LogMap, nw.DataFrame[Any]]:
    """Read the map and the events.

    Raises:
        FrameError: The file or the map cannot be read, or the map names no actions.
    """
    chosen = read_log_map(log_map)
    if not chosen.actions:
        raise FrameError(
            say("The map of the log names no actions."),
            where=str(path),
            why=say("The entries of a journal are actions of a workflow."),
            fix=say(
                "Write below actions what activities stand for, such as "
                '"Tiếp nhận: [submit, receive]".'
            ),
        )
    return chosen, read_events(path, chosen, encoding=encoding, sheet=sheet)


def _log_of(
    frame: nw.DataFrame[Any],
    log_map: LogMap,
    source: str,
    catalog: Catalog | None,
    calendar: WorkCalendar | None,
) -> _Log:
    days = WorkCalendar.vietnam(provisional=True) if calendar is None else calendar
    return _Log(
        events=events_of(frame, log_map, source=source),
        log_map=log_map,
        catalog=Catalog.shipped() if catalog is None else catalog,
        filed=FiledGrounds(days),
    )


def _set_apart(
    frame: nw.DataFrame[Any], log_map: LogMap, faults: Mapping[int, str]
) -> tuple[nw.DataFrame[Any], list[LeftOut]]:
    """Take the dossiers out of a log of which an event cannot be read."""
    names = {plain_name(name): name for name in frame.columns}
    cases = read_text(frame[names[log_map.case]])
    activities = read_text(frame[names[log_map.activity]])
    numbers: list[int] = frame[FILE_LINE].to_list()
    found: dict[object, LeftOut] = {}
    for row, number in enumerate(numbers):
        if number in faults:
            code = cases[row] or ""
            left = LeftOut(
                row=number, code=code, activity=activities[row] or "", fault=faults[number]
            )
            found.setdefault(code or number, left)
    rest = [
        row
        for row, number in enumerate(numbers)
        if number not in faults and (cases[row] or "") not in found
    ]
    return frame[rest], list(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Log:
    """The events of a log, and what decides them."""

    events: Events
    log_map: LogMap
    catalog: Catalog
    filed: FiledGrounds

    def check(self) -> None:
        """Decide every event.

        Raises:
            FrameError: The map does not name an activity, or the workflow does not allow an event.
        """
        faults = {
            row: together(f"{left.code}: {left.activity!r}", clause(left.fault), between=": ")
            for row, left in self.faults()
        }
        if faults:
            raise self.events.rows.refusal(
                sorted(faults),
                lambda row: faults[row],
                what=say("Events that cannot become entries of a journal"),
                why=say("Each entry is decided by the workflow of the procedure."),
                fix=say(
                    "Correct the log, or what the map says below actions; an activity may "
                    "stand for several actions, or for none: []."
                ),
            )

    def folded(self, before: list[LeftOut]) -> FoldedLog:
        """Decide every event, and leave out the dossiers of which one cannot become an entry."""
        left = [each for _, each in self.faults()]
        codes = {each.code for each in left}
        number, case = self.events.rows.number, self.events.case
        firsts = ((case[rows[0]] or "", number(rows[0])) for rows in self.cases())
        return FoldedLog(
            journals=self.journals(codes),
            rows={code: row for code, row in firsts if code not in codes},
            left_out=tuple(sorted([*before, *left], key=_row)),
        )

    def faults(self) -> Iterator[tuple[int, LeftOut]]:
        """Yield the first event of each case that cannot become an entry, by its position."""
        for rows in self.cases():
            yield from self._faults(rows)

    def journals(self, without: Collection[str] = ()) -> Iterator[tuple[Entry, ...]]:
        """Yield the journals, ordered by code, but for some."""
        for rows in self.cases():
            if self.events.case[rows[0]] not in without:
                yield tuple(self._entries(rows))

    def cases(self) -> Iterator[list[int]]:
        """Yield the rows of each case in order of time, ordered by code."""
        found: dict[str, list[int]] = defaultdict(list)
        for row in self.events.in_order():
            found[self.events.case[row] or ""].append(row)
        for code in sorted(found):
            yield found[code]

    def _faults(self, rows: list[int]) -> Iterator[tuple[int, LeftOut]]:
        at = rows[:1]
        try:
            for _ in self._entries(rows, at):
                pass
        except IgateError as error:
            row = at[0]
            yield (
                row,
                LeftOut(
                    row=self.events.rows.number(row),
                    code=self.events.case[row] or "",
                    activity=self.events.activity[row] or "",
                    fault=error.what,
                ),
            )

    def _entries(self, rows: list[int], at: list[int] | None = None) -> Iterator[Entry]:
        """Decide the events of a case one after the other; ``at`` says which row it is at."""
        dossier: Dossier | None = None
        ground: Ground | None = None
        for row in rows:
            if at is not None:
                at[0] = row
            for action in self._actions(row):
                if dossier is None or ground is None:
                    entry, ground = self._first(rows, row, action)
                    dossier = begin(entry, ground)
                else:
                    entry = self._next(dossier, ground, row, action)
                    dossier = apply(dossier, entry, ground)
                yield entry

    def _actions(self, row: int) -> tuple[str, ...]:
        name = self.events.activity[row] or ""
        found = self.log_map.actions.get(fold(name))
        if found is None and not self.log_map.others:
            raise FrameError(say("The map does not name it below actions."))
        return found or ()

    def _first(self, rows: list[int], row: int, action: str) -> tuple[Entry, Ground]:
        if action != _SUBMIT:
            raise FrameError(
                say("The first action is {action!r}, not {first!r}.", action=action, first=_SUBMIT)
            )
        moment = self.events.moment.moment(row)
        revision = self.catalog.in_force(self._said(rows, "procedure"), on=moment.date())
        ground = self.filed.on(revision, moment.date())
        applicant = self._said(rows, "applicant", _UNKNOWN)
        submission = Submission(
            procedure=revision.procedure,
            revision=revision.id,
            definition=ground.definition,
            agency=self._said(rows, "agency"),
            channel=cast("Any", self._said(rows, "channel")),
            applicant=applicant,
            case=self._said(rows, "case", ""),
            area=self._said(rows, "area", ""),
            applicant_id=applicant,
        )
        entry = submit(
            self.events.case[row] or "", submission, by=Actor(applicant, roles={APPLICANT}),
            at=moment, recorded_at=moment, ground=ground,
        )  # fmt: skip
        return entry, ground

    def _said(self, rows: list[int], ours: str, default: str | None = None) -> str:
        """Return what the events of a case say first of a column, or the map of all."""
        texts = self.events.copied.get(ours)
        said = None if texts is None else next(filter(None, (texts[row] for row in rows)), None)
        found = said or self.log_map.constants.get(ours) or default
        if found is None:
            raise FrameError(say("No event and no constant of the map says its {name}.", name=ours))
        return found

    def _next(self, dossier: Dossier, ground: Ground, row: int, action: str) -> Entry:
        ways = ground.table.transitions.get((dossier.state, action), ())
        held = frozenset(role for way in ways for role in way.roles)
        officers = held - _NOT_OFFICERS
        name = self.events.resource[row] or _NOBODY
        if APPLICANT in held and not officers:
            name = dossier.submission.applicant_id
        by = Actor(name, roles=officers or held or {"officer"}, agency=dossier.agency)
        moment = self.events.moment.moment(row)
        return decide(dossier, action, by=by, at=moment, ground=ground, recorded_at=moment)
