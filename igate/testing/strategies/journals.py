"""Dossiers and their journals, as the engine itself makes them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from hypothesis import reject
from hypothesis import strategies as st

from igate.checks.examples import announced
from igate.dossiers.dossier import Actor, Submission
from igate.dossiers.engine import apply, begin, submit
from igate.dossiers.grounds import FiledGrounds
from igate.dossiers.refusals import APPLICANT
from igate.errors import ProcedureNotFound
from igate.testing.moves import moves as moves_of
from igate.testing.strategies.calendars import moments

if TYPE_CHECKING:
    from igate.calendar import WorkCalendar
    from igate.dossiers.dossier import Dossier, Entry
    from igate.dossiers.engine import Ground
    from igate.procedures.procedure import Procedure, Revision
    from igate.procedures.workflow import Channel
    from igate.testing.moves import Move

__all__ = ["channels_of", "dossiers", "journals", "likely"]

_CODE: Final = "H15.10-260101-0001"
_AGENCY: Final = "H15.10"
#: minutes between two actions: an hour first, up to five days
_PAUSES: Final = st.integers(1, 9).map(lambda hours: hours * 60) | st.integers(0, 5 * 1440)
#: days before the end of the calendar in which no dossier is handed in
_ROOM: Final = timedelta(days=120)
#: the first day of the made-up procedures, and of the decree that most of them follow
_SINCE: Final = date(2025, 7, 1)


@st.composite
def journals(
    draw: st.DrawFn,
    procedure: Procedure,
    *,
    calendar: WorkCalendar | None = None,
    most: int = 12,
) -> tuple[Entry, ...]:
    """Draw a journal: a dossier is handed in, and what can be done is done at random.

    Each entry is decided by the engine, so the journal folds. They shrink to the entry of handing
    in, in the first days of the revision.

    Args:
        draw: Given by Hypothesis.
        procedure: Under which the dossier is handed in.
        calendar: The working days; those of Vietnam when absent.
        most: Actions at most after handing in.
    """
    return draw(_lives(procedure, calendar or announced(), most))[0]


@st.composite
def dossiers(
    draw: st.DrawFn,
    procedure: Procedure,
    *,
    calendar: WorkCalendar | None = None,
    most: int = 12,
) -> Dossier:
    """Draw a dossier at any point of its way; see :func:`journals`.

    Args:
        draw: Given by Hypothesis.
        procedure: Under which the dossier is handed in.
        calendar: The working days; those of Vietnam when absent.
        most: Actions at most after handing in.
    """
    return draw(_lives(procedure, calendar or announced(), most))[1]


def likely(open_moves: tuple[Move, ...]) -> st.SearchStrategy[Move]:
    """Return one of some moves; half of the time one that leads on, where there is one."""
    onward = [move for move in open_moves if move.onward]
    every = st.sampled_from(open_moves)
    return st.sampled_from(onward) | every if onward else every


@st.composite
def _lives(
    draw: st.DrawFn, procedure: Procedure, calendar: WorkCalendar, most: int
) -> tuple[tuple[Entry, ...], Dossier]:
    at = draw(_handed_in(procedure, calendar))
    try:
        ground = FiledGrounds(calendar).on(procedure.in_force(at.date()), at.date())
    except ProcedureNotFound:
        reject()
    entry = draw(_first_entries(ground, at))
    dossier, entries = begin(entry, ground), [entry]
    for _ in range(draw(st.integers(0, most))):
        at += timedelta(minutes=draw(_PAUSES))
        open_moves = moves_of(dossier, ground, at)
        if not open_moves:
            break
        entry = draw(likely(open_moves)).decide(dossier, ground, at)
        dossier = apply(dossier, entry, ground)
        entries.append(entry)
    return tuple(entries), dossier


def _handed_in(procedure: Procedure, calendar: WorkCalendar) -> st.SearchStrategy[datetime]:
    starts = [period.start for period, _ in procedure.revisions if period.start]
    first = max(min(starts, default=_SINCE), _SINCE, calendar.first)
    last = max(first, calendar.last - _ROOM)
    return moments(calendar, first=first, last=last)


@st.composite
def _first_entries(draw: st.DrawFn, ground: Ground, at: datetime) -> Entry:
    revision = ground.revision
    channel, case, area = draw(st.sampled_from(channels_of(revision)))
    submission = Submission(
        procedure=revision.procedure, revision=revision.id, definition=ground.definition,
        agency=_AGENCY, channel=channel, applicant="Người nộp giả lập", applicant_id="applicant-1",
        case=case, area=area,
    )  # fmt: skip
    by = Actor("applicant-1", roles={APPLICANT})
    return submit(_CODE, submission, by=by, at=at, recorded_at=at, ground=ground)


def channels_of(revision: Revision) -> list[tuple[Channel, str, str]]:
    """Return the channels, cases and areas for which there is a limit."""
    found: list[tuple[Channel, str, str]] = []
    channels: tuple[Channel, ...] = ("counter", "online", "post")
    for channel in channels:
        for case in ("", *revision.cases):
            for area in ("", *revision.areas):
                matching = [rule for rule in revision.limits if rule.matches(channel, case, area)]
                if matching or not revision.limits:
                    found.append((channel, case, area))
    return found
