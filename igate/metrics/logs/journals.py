"""Folding the events of a log to journals: every entry is decided by the workflow.

A table of dossiers needs to know what an event does to the clock alone. A journal needs the actions
of the workflow, so the map names them: an activity stands for one action, or for several that the
log does not tell apart. Each is decided as a desk would decide it, by somebody in a role that may
take it; what the workflow does not allow is a fault, named by its line, and nothing is given then.

The moment of an event is also when it was recorded: a log says nothing of that.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from igate.calendar import WorkCalendar
from igate.dossiers.dossier import Actor, Submission
from igate.dossiers.engine import apply, begin, decide, submit
from igate.dossiers.grounds import FiledGrounds
from igate.dossiers.refusals import APPLICANT
from igate.errors import FrameError, IgateError
from igate.metrics.logs.folding import events_of
from igate.metrics.logs.mapping import read_log_map
from igate.metrics.logs.reading import read_events
from igate.metrics.spelling import fold
from igate.procedures.catalog.catalog import Catalog
from igate.words.sentence import clause, say, together

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from igate.dossiers.dossier import Dossier, Entry
    from igate.dossiers.engine import Ground
    from igate.metrics.logs.folding import Events
    from igate.metrics.logs.mapping import LogMap

__all__ = ["log_journals"]

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
    frame = read_events(path, chosen, encoding=encoding, sheet=sheet)
    days = WorkCalendar.vietnam(provisional=True) if calendar is None else calendar
    log = _Log(
        events=events_of(frame, chosen, source=str(path)),
        log_map=chosen,
        catalog=Catalog.shipped() if catalog is None else catalog,
        filed=FiledGrounds(days),
    )
    log.check()
    return log.journals()


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
        faults: dict[int, str] = {}
        for rows in self.cases():
            faults.update(self._faults(rows))
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

    def journals(self) -> Iterator[tuple[Entry, ...]]:
        """Yield the journals, ordered by code."""
        for rows in self.cases():
            yield tuple(self._entries(rows))

    def cases(self) -> Iterator[list[int]]:
        """Yield the rows of each case in order of time, ordered by code."""
        found: dict[str, list[int]] = defaultdict(list)
        for row in self.events.in_order():
            found[self.events.case[row] or ""].append(row)
        for code in sorted(found):
            yield found[code]

    def _faults(self, rows: list[int]) -> Iterator[tuple[int, str]]:
        """Yield the first event of a case that cannot become an entry, and why."""
        at = rows[:1]
        try:
            for _ in self._entries(rows, at):
                pass
        except IgateError as error:
            said = f"{self.events.case[at[0]]}: {self.events.activity[at[0]]!r}"
            yield at[0], together(said, clause(error.what), between=": ")

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
