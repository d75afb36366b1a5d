"""What is kept of a dossier beside its row, so that an action reads one row and not a journal.

The journal says everything, and folding it gives the dossier. An image is the dossier after its
last entry, written with that entry: an action decides on it. It never says more than the journal,
and ``igate journal verify`` folds the journal and compares. An image of another format, or of
another entry than the last, is left aside and the journal folded.

What decides the dossier (steps, calendar, rules) is not in it: that is kept once, by its hash.
"""

from __future__ import annotations

from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self, cast

from msgspec import UNSET, Struct, UnsetType, structs

from igate.deadlines.limits import limit_of
from igate.deadlines.rules import ClockMark
from igate.dossiers.dossier import (
    NO_CHANGES,
    NO_DOERS,
    NO_PARTS,
    RESTORED,
    Asked,
    Counting,
    Dossier,
    Submission,
)
from igate.law.localtime import epoch_second, moment_at
from igate.procedures.workflow import NO_FACTS, FactValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from igate.deadlines.rules import ClockKind
    from igate.dossiers.engine import Ground
    from igate.procedures.workflow import Channel

__all__ = ["FORMAT", "Image", "People"]

#: number of the format of an image; one of another number is not read
FORMAT = 1

_AskedRow = tuple[str, int, int | None, int | None]
_MarkRow = tuple[str, int, str, int | None, str]


class _Taken(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the last entry changed and a further one may take back: the values before it.

    The names are those of :data:`RESTORED`, the values as in :class:`Image`; what is not set was
    not changed.
    """

    state: str | UnsetType = UNSET
    national_status: int | UnsetType = UNSET
    received_at: int | UnsetType | None = UNSET
    counter: str | UnsetType = UNSET
    finished_at: int | UnsetType | None = UNSET
    recorded_at: int | UnsetType | None = UNSET
    returned_at: int | UnsetType | None = UNSET
    outcome: str | UnsetType | None = UNSET
    reopened: int | UnsetType = UNSET
    marks: tuple[_MarkRow, ...] | UnsetType = UNSET
    facts: dict[str, FactValue] | UnsetType = UNSET
    counting: str | UnsetType | None = UNSET
    trail: tuple[tuple[str, int], ...] | UnsetType = UNSET
    assignees: dict[str, str] | UnsetType = UNSET
    done_by: dict[str, tuple[str, ...]] | UnsetType = UNSET
    parts: dict[str, int] | UnsetType = UNSET
    ended_seq: int | UnsetType | None = UNSET
    asked: tuple[_AskedRow, ...] | UnsetType = UNSET
    entered: tuple[int, int] | UnsetType | None = UNSET
    staged: tuple[int, int] | UnsetType | None = UNSET


class People(Struct, frozen=True, kw_only=True):
    """Whom a dossier names; kept apart from everything else, so that it can be erased."""

    applicant: str
    applicant_id: str = ""
    representatives: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Name nobody."""
        return "People(…)"


class Image(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A dossier after its last entry, as texts and numbers; moments in seconds from 1970, UTC.

    Whom it names is not in it: that is kept apart, as :class:`People`.
    """

    format: int = FORMAT
    code: str
    seq: int
    procedure: str
    revision: str
    #: hash of the definition that decides the dossier; empty where none was kept
    definition: str = ""
    agency: str
    channel: str
    case: str = ""
    area: str = ""
    parent: str = ""
    submitted_at: int
    last_at: int
    last_action: str = "submit"
    registered_seq: int = 1
    state: str
    national_status: int
    received_at: int | None = None
    counter: str = ""
    finished_at: int | None = None
    recorded_at: int | None = None
    returned_at: int | None = None
    outcome: str | None = None
    reopened: int = 0
    marks: tuple[_MarkRow, ...] = ()
    facts: dict[str, FactValue] = {}
    #: the limit that is counted by; ``None``: the clock has not started
    counting: str | None = None
    trail: tuple[tuple[str, int], ...] = ()
    assignees: dict[str, str] = {}
    done_by: dict[str, tuple[str, ...]] = {}
    parts: dict[str, int] = {}
    ended_seq: int | None = None
    asked: tuple[_AskedRow, ...] = ()
    entered: tuple[int, int] | None = None
    staged: tuple[int, int] | None = None
    #: what the last entry changed; ``None``: it cannot be taken back
    taken: _Taken | None = None
    #: the date of return as it was worked out last; ``None``: there was none
    due_at: int | None = None

    @classmethod
    def of(cls, dossier: Dossier, due: datetime | None) -> Self:
        """Take the image of a dossier whose date of return has been worked out."""
        submission, asked, counting = dossier.submission, dossier.asked, dossier.counting
        return cls(
            code=dossier.code,
            seq=dossier.seq,
            procedure=submission.procedure,
            revision=submission.revision,
            definition=submission.definition,
            agency=submission.agency,
            channel=submission.channel,
            case=submission.case,
            area=submission.area,
            parent=submission.parent,
            submitted_at=epoch_second(dossier.submitted_at),
            last_at=epoch_second(dossier.last_at),
            last_action=dossier.last_action,
            registered_seq=dossier.registered_seq,
            state=dossier.state,
            national_status=dossier.national_status,
            received_at=_seconds(dossier.received_at),
            counter=dossier.counter,
            finished_at=_seconds(dossier.finished_at),
            recorded_at=_seconds(dossier.recorded_at),
            returned_at=_seconds(dossier.returned_at),
            outcome=dossier.outcome,
            reopened=dossier.reopened,
            marks=tuple([_mark(each) for each in dossier.marks]),
            facts=dict(dossier.facts),
            counting=None if counting is None else counting.text,
            trail=dossier.trail,
            assignees=dict(dossier.assignees),
            done_by=dict(dossier.done_by),
            parts=dict(dossier.parts),
            ended_seq=dossier.ended_seq,
            asked=tuple([_asked(each) for each in asked]) if asked else (),
            entered=_place(dossier.entered),
            staged=_place(dossier.staged),
            taken=None if dossier.before is None else _taken(_values(dossier), dossier.before),
            due_at=_seconds(due),
        )

    @property
    def due(self) -> datetime | None:
        """The date of return as it was worked out last."""
        return moment_at(self.due_at)

    def dossier(self, ground: Ground, people: People) -> Dossier:
        """Return the dossier, decided by what its definition stands for."""
        dossier = Dossier(
            code=self.code,
            submission=Submission(
                procedure=self.procedure,
                revision=self.revision,
                definition=self.definition,
                agency=self.agency,
                channel=cast("Channel", self.channel),
                applicant=people.applicant,
                case=self.case,
                area=self.area,
                applicant_id=people.applicant_id,
                representatives=people.representatives,
                parent=self.parent,
            ),
            submitted_at=moment_at(self.submitted_at),
            seq=self.seq,
            last_at=moment_at(self.last_at),
            last_action=self.last_action,
            registered_seq=self.registered_seq,
            state=self.state,
            national_status=self.national_status,
            received_at=moment_at(self.received_at),
            counter=self.counter,
            finished_at=moment_at(self.finished_at),
            recorded_at=moment_at(self.recorded_at),
            returned_at=moment_at(self.returned_at),
            outcome=self.outcome,
            reopened=self.reopened,
            marks=tuple([_read_mark(each) for each in self.marks]),
            facts=MappingProxyType(self.facts) if self.facts else NO_FACTS,
            counting=_read_counting(self.counting, ground),
            trail=self.trail,
            assignees=MappingProxyType(self.assignees) if self.assignees else NO_CHANGES,
            done_by=MappingProxyType(self.done_by) if self.done_by else NO_DOERS,
            parts=MappingProxyType(self.parts) if self.parts else NO_PARTS,
            ended_seq=self.ended_seq,
            asked=tuple([_read_asked(each) for each in self.asked]) if self.asked else (),
            entered=_read_place(self.entered),
            staged=_read_place(self.staged),
        )
        if self.taken is None:
            return dossier
        before = _before(_values(dossier), self.taken, ground)
        return structs.replace(dossier, before=before)


#: Reads what an entry may change and a further one take back.
_values = attrgetter(*RESTORED)
_all_taken = attrgetter(*RESTORED)


def _taken(own: tuple[Any, ...], before: tuple[Any, ...]) -> _Taken:
    changed = {
        name: _WRITE[name](was)
        for name, now, was in zip(RESTORED, own, before, strict=True)
        if was is not now and was != now
    }
    return _Taken(**changed)


def _before(own: tuple[Any, ...], taken: _Taken, ground: Ground) -> tuple[Any, ...]:
    return tuple(
        [
            now if was is UNSET else _READ[name](was, ground)
            for name, now, was in zip(RESTORED, own, _all_taken(taken), strict=True)
        ]
    )


def _mark(mark: ClockMark) -> _MarkRow:
    limit = "" if mark.limit is None else str(mark.limit)
    return mark.kind, epoch_second(mark.at), mark.reason, _seconds(mark.due), limit


def _read_mark(kept: _MarkRow) -> ClockMark:
    kind, at, reason, due, limit = kept
    return ClockMark(
        kind=cast("ClockKind", kind),
        at=moment_at(at),
        reason=reason,
        due=moment_at(due),
        limit=limit_of(limit) if limit else None,
    )


def _asked(asked: Asked) -> _AskedRow:
    at = epoch_second(asked.asked_at)
    return asked.agency, at, _seconds(asked.due), _seconds(asked.answered_at)


def _read_asked(kept: _AskedRow) -> Asked:
    agency, at, due, answered = kept
    return Asked(
        agency=agency,
        asked_at=moment_at(at),
        due=moment_at(due),
        answered_at=moment_at(answered),
    )


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else epoch_second(moment)


def _counting(counting: Counting | None) -> str | None:
    return None if counting is None else counting.text


def _read_counting(text: str | None, ground: Ground) -> Counting | None:
    if text is None:
        return None
    return Counting(
        limit=limit_of(text), calendar=ground.calendar, rules=ground.rules, promised=text
    )


def _place(place: tuple[datetime, int] | None) -> tuple[int, int] | None:
    return None if place is None else (epoch_second(place[0]), place[1])


def _read_place(
    kept: tuple[int, int] | None, _ground: Ground | None = None
) -> tuple[datetime, int] | None:
    return None if kept is None else (moment_at(kept[0]), kept[1])


def _same(value: Any) -> Any:  # noqa: ANN401 - whatever a dossier has
    return value


def _as_it_is(value: Any, _ground: Ground) -> Any:  # noqa: ANN401 - the same
    return value


def _read_moment(second: int | None, _ground: Ground) -> datetime | None:
    return moment_at(second)


def _proxy(nothing: Mapping[str, Any]) -> Callable[[dict[str, Any], Ground], Mapping[str, Any]]:
    return lambda kept, _ground: MappingProxyType(kept) if kept else nothing


#: How a value that may be taken back is written, in the order of :data:`RESTORED`, and read.
_WRITE: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        **dict.fromkeys(RESTORED, _same),
        **dict.fromkeys(("received_at", "finished_at", "recorded_at", "returned_at"), _seconds),
        **dict.fromkeys(("facts", "assignees", "done_by", "parts"), dict),
        "marks": lambda marks: tuple([_mark(each) for each in marks]),
        "asked": lambda asked: tuple([_asked(each) for each in asked]),
        "counting": _counting,
        **dict.fromkeys(("entered", "staged"), _place),
    }
)
_READ: Mapping[str, Callable[[Any, Ground], Any]] = MappingProxyType(
    {
        **dict.fromkeys(RESTORED, _as_it_is),
        **dict.fromkeys(("received_at", "finished_at", "recorded_at", "returned_at"), _read_moment),
        "facts": _proxy(NO_FACTS),
        "assignees": _proxy(NO_CHANGES),
        "done_by": _proxy(NO_DOERS),
        "parts": _proxy(NO_PARTS),
        "marks": lambda kept, _ground: tuple([_read_mark(each) for each in kept]),
        "asked": lambda kept, _ground: tuple([_read_asked(each) for each in kept]),
        "counting": _read_counting,
        **dict.fromkeys(("entered", "staged"), _read_place),
    }
)
