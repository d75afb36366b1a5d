"""What an agency owes an applicant before the receipt: an answer soon, and a decision to accept.

The clock of the procedure has not started yet; these two run from the moment at which the dossier
was handed in online, in working hours (Nghị định 118/2025/NĐ-CP, Điều 17 khoản 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from igate.deadlines.deadline import due_from

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from igate.calendar import WorkCalendar
    from igate.deadlines.rules import ClockRules
    from igate.dossiers.standing import Standing
    from igate.law.citation import Citation

__all__ = ["Alert", "alerts_of"]

#: National statuses of a dossier that has been handed in and neither received nor answered.
_SUBMITTED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that is owed before the receipt."""

    #: code of the dossier
    dossier: str
    agency: str
    #: ``respond``: the system alerts the officer, who looks at it; ``accept``: it is accepted, or
    #: the applicant is told what is missing
    kind: Literal["respond", "accept"]
    submitted_at: datetime
    #: until when
    due: datetime
    #: whether that is over
    overdue: bool
    citation: Citation


def alerts_of(
    standing: Standing, rules: ClockRules, calendar: WorkCalendar, *, at: datetime
) -> Iterator[Alert]:
    """Return what is owed to the applicant of a dossier that was handed in online.

    Args:
        standing: The dossier as it is now.
        rules: Of the day on which it was handed in.
        calendar: The working hours.
        at: As of when.
    """
    if standing.channel != "online" or standing.national_status != _SUBMITTED:
        return
    for kind, owed in rules.owed.items():
        if kind == "respond" and standing.seq > 1:
            continue  # somebody has acted since it was handed in
        due = due_from(standing.submitted_at, owed.limit, calendar=calendar, rules=rules)
        if due is not None:
            yield Alert(
                dossier=standing.code,
                agency=standing.agency,
                kind=kind,
                submitted_at=standing.submitted_at,
                due=due,
                overdue=at > due,
                citation=owed.citation,
            )
