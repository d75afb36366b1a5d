"""Who used the days: the stays of dossiers in steps, from the journals of a desk.

Time is office time by the desk's calendar, from the coming to the leaving, less the stretches in
which the dossier's clock was suspended. Where several work at the same time, each has the time of
its own part, so that the parts add up to more than passed on the wall. The hand-over belongs to no
processing time and is left out.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time
from statistics import median
from typing import TYPE_CHECKING, Final, Protocol

from igate.errors import FrameError
from igate.law.localtime import VIETNAM, local
from igate.metrics.desk import journals_of
from igate.metrics.refusal import suggest
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from igate.calendar import WorkCalendar
    from igate.dossiers.dossier import Dossier, Entry
    from igate.dossiers.progress import Visit
    from igate.metrics.desk import Journals

__all__ = ["WorkedDesk", "time_used", "visit_columns"]

#: What is said of each visit.
_COLUMNS: Final = (
    "code", "procedure", "agency", "place", "step", "step_en", "phase", "role", "who", "who_en",
    "holder", "entered", "left", "minutes", "judged",
)  # fmt: skip


class WorkedDesk(Protocol):
    """What is read of a desk; ``igate.OneStop`` is one."""

    @property
    def store(self) -> Journals:
        """The journals."""

    @property
    def calendar(self) -> WorkCalendar:
        """The office time."""

    def replay(self, entries: tuple[Entry, ...]) -> Dossier:
        """Fold a journal."""

    def progress(self, code: str, at: datetime | None = None) -> tuple[Visit, ...]:
        """Return the visits of a dossier as of a moment."""


def visit_columns(office: WorkedDesk, *, as_of: date) -> dict[str, list[object]]:
    """Return every stay of every dossier in a step, as known at the end of a day.

    Args:
        office: The desk.
        as_of: The day, inclusive; a stay that lasts ends with it.

    Returns:
        Lists of equal length: ``code``, ``procedure``, ``agency`` (competent), ``place`` (number
        of the step), ``step`` and ``step_en`` (what is done), ``phase``, ``role``, ``who`` and
        ``who_en`` (agency or role, for people), ``holder`` (id of who passed it on; empty while it
        lasts), ``entered`` and ``left`` (moments; ``left`` is ``None`` while it lasts),
        ``minutes`` (of office time, suspensions taken off), ``judged`` (against the local date:
        ``early``, ``on_time``, ``late``, ``within``, ``overdue`` or ``None``).

    Raises:
        JournalError: A journal does not fold.
    """
    found: dict[str, list[object]] = {name: [] for name in _COLUMNS}
    end = datetime.combine(as_of, time(23, 59), tzinfo=VIETNAM)
    for journal in journals_of(office, as_of):
        dossier = office.replay(journal)
        still = _standstills(dossier, end)
        for visit in _worked(office.progress(dossier.code, end)):
            for name, value in _row(dossier, visit).items():
                found[name].append(value)
            until = end if visit.left is None else local(visit.left)
            found["minutes"].append(_minutes(office.calendar, visit.entered, until, still))
    return found


def _worked(visits: Sequence[Visit]) -> Iterator[Visit]:
    """Yield the visits, the parts of those who work together in place of theirs."""
    for visit in visits:
        if visit.phase != "handover":
            yield from visit.parties or (visit,)


def _row(dossier: Dossier, visit: Visit) -> dict[str, object]:
    return {
        "code": dossier.code,
        "procedure": dossier.procedure,
        "agency": dossier.agency,
        "place": visit.place,
        "step": visit.label.text("vi"),
        "step_en": visit.label.text("en"),
        "phase": visit.phase,
        "role": visit.role,
        "who": visit.who.text("vi"),
        "who_en": visit.who.text("en"),
        "holder": visit.by,
        "entered": visit.entered,
        "left": visit.left,
        "judged": visit.judged,
    }


def _standstills(dossier: Dossier, end: datetime) -> list[tuple[datetime, datetime]]:
    """Return the stretches in which something suspended the clock, apart from one another."""
    held: set[str] = set()
    found: list[tuple[datetime, datetime]] = []
    since = end
    for mark in dossier.marks:
        if mark.kind == "suspend":
            since = since if held else mark.at
            held.add(mark.reason)
        elif mark.kind == "resume" and mark.reason in held:
            held.remove(mark.reason)
            if not held:
                found.append((since, mark.at))
    return [*found, (since, end)] if held else found


def _minutes(
    calendar: WorkCalendar,
    entered: datetime,
    left: datetime,
    still: Sequence[tuple[datetime, datetime]],
) -> int:
    overlaps = ((max(since, entered), min(until, left)) for since, until in still)
    waited = sum(calendar.count_minutes(since, until) for since, until in overlaps if since < until)
    return calendar.count_minutes(entered, left) - waited


def time_used(
    visits: Mapping[str, Sequence[object]], *, by: str | Sequence[str] = ("role",)
) -> dict[str, list[object]]:
    """Add up the office time of visits by what they have in common.

    Args:
        visits: As ``visit_columns`` returns them.
        by: Names of its columns, such as ``role``, ``holder``, ``agency``, or ``procedure`` and
            ``place``.

    Returns:
        Lists of equal length, who used most first: the columns of ``by``, ``visits`` (a number),
        ``hours``, ``share`` (of all hours, 0..1; ``None`` where there are none), ``hours_median``,
        ``hours_p90`` (nearest rank), ``late`` (visits late or overdue by the local date).

    Raises:
        FrameError: The visits have no such column.
    """
    keys = (by,) if isinstance(by, str) else tuple(by)
    for key in (*keys, "minutes", "judged"):
        if key not in visits:
            raise FrameError(
                say("The visits have no column {key!r}.", key=key),
                fix=suggest(key, visits, say("Their columns are")),
            )
    taken: dict[tuple[object, ...], list[int]] = defaultdict(list)
    late: dict[tuple[object, ...], int] = defaultdict(int)
    rows = zip(*(visits[key] for key in keys), visits["minutes"], visits["judged"], strict=True)
    for *names, minutes, judged in rows:
        taken[tuple(names)].append(int(str(minutes)))
        late[tuple(names)] += judged in {"late", "overdue"}
    whole = sum(map(sum, taken.values()))
    order = sorted(taken, key=lambda names: (-sum(taken[names]), *map(str, names)))
    return {
        **{key: [names[place] for names in order] for place, key in enumerate(keys)},
        "visits": [len(taken[names]) for names in order],
        "hours": [sum(taken[names]) / 60 for names in order],
        "share": [sum(taken[names]) / whole if whole else None for names in order],
        "hours_median": [median(taken[names]) / 60 for names in order],
        "hours_p90": [_p90(taken[names]) / 60 for names in order],
        "late": [late[names] for names in order],
    }


def _p90(minutes: Sequence[int]) -> int:
    # the smallest that nine of ten do not exceed
    return sorted(minutes)[-(-9 * len(minutes) // 10) - 1]
