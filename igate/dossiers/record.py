"""What one action writes: an entry, and what follows from it, together or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from igate.dossiers.dossier import NO_CHANGES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from igate.dossiers.dossier import Dossier, Entry
    from igate.dossiers.standing import Standing

__all__ = ["Record", "Task", "Timer", "TimerKind"]

#: What falls due: the time of a step (also of a party and of an agency that was asked), the date
#: of return, the two answers before the receipt, and an action of the system itself.
TimerKind = Literal["step", "term", "deadline", "respond", "accept", "act"]


class Task(Struct, frozen=True, kw_only=True):
    """That a dossier waits for somebody: for each place of its step, or party, and each role."""

    #: state of the dossier, with the number of the party where several work at the same time
    place: str
    #: role of those who can do it
    role: str
    #: agency whose people can do it, or those of agencies below it; empty: it is the applicant's
    agency: str = ""
    #: id of the one to whom it is assigned; empty: nobody
    assignee: str = ""
    #: until when by the table of the step; ``None``: no time, or the clock stands still
    due_at: datetime | None = None


class Timer(Struct, frozen=True, kw_only=True):
    """That something falls due at a moment unless something else happens before."""

    kind: TimerKind
    #: what it is about: the place of a step, an agency that was asked, an action; empty: the whole
    about: str = ""
    due_at: datetime


class Record(Struct, frozen=True):
    """What one action writes.

    A store writes the entry and the standing in any case. The rest is what lists and reminders
    need; a store that keeps none of it is still a store.
    """

    entry: Entry
    standing: Standing
    #: seal of the entry before, as :class:`~igate.office.store.Latest` gave it; empty: not known
    head: str = ""
    #: the dossier after the entry, so that the next action need not fold the journal
    dossier: Dossier | None = None
    #: for whom the dossier waits now; ``None``: not worked out
    tasks: tuple[Task, ...] | None = None
    #: what falls due now; ``None``: not worked out
    timers: tuple[Timer, ...] | None = None
    #: what other systems are told, as it is sent; empty: nothing
    message: str = ""
    #: of a new dossier: how other systems call it, by system
    references: Mapping[str, str] = NO_CHANGES
    #: of a new dossier: how its applicant is reached, by kind
    contacts: Mapping[str, str] = NO_CHANGES
