"""Synthetic dossiers for the example; only the procedures, limits and the calendar are real."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Final

from desk.people import DESK
from desk.shown import PROCEDURES
from igate import VIETNAM, Actor, OneStop
from igate.testing import SimulatedClock

if TYPE_CHECKING:
    from datetime import date

    from igate import Dossier

__all__ = ["fill", "open_filled"]

#: the ordinary course; the first that can be taken is taken
_COURSE: Final = ("receive", "transfer", "forward", "finish", "return_result")
#: working days over which dossiers come in
_DAYS: Final = 12


def open_filled(url: str, *, until: datetime, dossiers: int = 40) -> None:
    """Make a database of synthetic dossiers, unless it has some already."""
    clock = SimulatedClock(until)
    with OneStop.open(url, agency=DESK, create=True, clock=clock) as office:
        if office.store.count() == 0:
            office.store.set_meta("synthetic", "true")
            fill(office, clock, until=until, dossiers=dossiers)


def fill(office: OneStop, clock: SimulatedClock, *, until: datetime, dossiers: int) -> None:
    """Hand in synthetic dossiers over some working days, and let officers move them on.

    Args:
        office: A desk opened with ``clock``.
        clock: Moved from action to action; stands at ``until`` afterwards.
        until: The last moment at which anything happens.
        dossiers: How many.
    """
    rng = Random(2026)  # noqa: S311 - a reproducible model, no secret
    first = _morning(office.calendar.add(until.date(), -_DAYS))
    codes = list(PROCEDURES)
    for number in range(1, dossiers + 1):
        at = office.calendar.add_minutes(first, rng.randrange(1, _DAYS * 450))
        clock.moment = min(at, until)
        procedure = rng.choice(codes)
        citizen = number % 8 == 0
        dossier = office.submit(
            procedure,
            applicant="Công dân giả lập 1" if citizen else f"Người nộp giả lập {number:03d}",
            applicant_id="cong-dan-1" if citizen else f"nguoi-nop-{number:03d}",
            channel=rng.choice(("online", "counter", "post")),
            agency=PROCEDURES[procedure],
        )
        for _ in range(rng.randrange(8)):
            at = office.calendar.add_minutes(clock.moment, rng.randrange(10, 900))
            if at > until or not _go_on(office, clock, dossier, at):
                break
    clock.moment = until


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 7, 30, tzinfo=VIETNAM)


def _go_on(office: OneStop, clock: SimulatedClock, dossier: Dossier, at: datetime) -> bool:
    """Take the next action of the ordinary course; return whether there was one."""
    ways = {way.action: way for way in office.actions(dossier.code)}
    way = next((ways[name] for name in _COURSE if name in ways), None)
    if way is None:
        return False
    clock.moment = at
    actor = Actor("nguoi-gia-lap", roles=way.roles, agency=way.agency or dossier.agency)
    office.act(dossier.code, way.action, by=actor)
    return True
