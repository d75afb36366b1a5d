"""Random dossiers of a procedure, taken through the engine until they end.

Each action is drawn from those that are open, at a random moment of the next days, so ways are
taken together that no example has. A dossier that can go nowhere before it has ended is a fault;
it is given as an example that can be pasted into the file.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from igate.checks.examples import announced
from igate.checks.replay import Replay
from igate.checks.walks import limits_of
from igate.errors import IgateError
from igate.law.citation import Label
from igate.law.localtime import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.calendar import WorkCalendar
    from igate.procedures.procedure import Procedure, Revision

__all__ = ["stranded"]

#: Actions after which a dossier that goes to and fro is left alone.
_LONGEST: Final = 40
#: Calendar days between two actions at most.
_PAUSE: Final = 4


def stranded(
    procedure: Procedure, number: int, *, seed: int = 0, calendar: WorkCalendar | None = None
) -> Iterator[str]:
    """Take random dossiers through the newest revision of a procedure.

    Args:
        procedure: A procedure without errors.
        number: How many dossiers.
        seed: The same seed gives the same dossiers.
        calendar: The working days; the announced Vietnamese civil-service calendar when absent.

    Yields:
        An ``examples:`` block for each dossier that could go nowhere before it had ended; nothing
        where the revision is in force on no day of the calendar.
    """
    days = announced() if calendar is None else calendar
    *_, (_, revision) = procedure.revisions
    draw = Random(f"{procedure.code} {seed}")  # noqa: S311 - random dossiers, not secrets
    for _ in range(number):
        replay = _handed_in(procedure, revision, days, draw)
        if replay is not None and not _ends(replay, draw):
            label = Label(
                vi=f"Hồ sơ mắc kẹt ở “{replay.dossier.state}”",
                en=f'The dossier is stranded in "{replay.dossier.state}"',
            )
            yield replay.block(label) or label.text("en")


def _handed_in(
    procedure: Procedure, revision: Revision, calendar: WorkCalendar, draw: Random
) -> Replay | None:
    first = max(calendar.first, revision.period.start or calendar.first)
    last = calendar.last if revision.period.end is None else revision.period.end - timedelta(days=1)
    last = min(last, calendar.last) - timedelta(days=120)  # so that waits and limits end in it
    span = max((last - first).days, 0)
    day = first + timedelta(days=draw.randrange(span + 1))
    at = datetime(
        day.year, day.month, day.day, draw.randrange(24), draw.randrange(60), tzinfo=VIETNAM
    )
    kinds = [dossier for dossier, _ in limits_of(revision)]
    try:
        return Replay(procedure, draw.choice(kinds), at, calendar) if kinds else None
    except IgateError:
        return None  # in force on no day that the calendar has


def _ends(replay: Replay, draw: Random) -> bool:
    """Take random actions; false where none is open, soon or later, before the end."""
    states = replay.ground.table.workflow.states
    for _ in range(_LONGEST):
        if states[replay.dossier.state].is_end:
            return True
        ways = [way for way in replay.ways() if not way.manner.upkeep]
        draw.shuffle(ways)
        # minutes up to some days, half of them within the hour
        minutes = draw.choice((draw.randrange(60), draw.randrange(_PAUSE * 24 * 60)))
        at = replay.at + timedelta(minutes=minutes)
        if not any(replay.take(way, at) for way in ways) and not any(map(replay.take_soon, ways)):
            return False
    return True
