"""What a report is made of: plain values, computed elsewhere.

A report adds nothing to the figures it is given and hides nothing of them. The values check only
what would make a printed table contradict itself: a total row that is not the sum of the rows
above it, or a rate that is not its numerator over its denominator.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from igate.errors import IgateError
from igate.words.sentence import say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from igate.law.citation import Citation, Label

__all__ = [
    "AgeBucket",
    "AgeingRow",
    "Basis",
    "CatalogueSummary",
    "IdentityCheck",
    "LateDossier",
    "ProofDay",
    "ReceivedUnder",
    "ReportData",
    "SettlementRow",
    "SettlementTable",
    "StepTime",
]

#: The definition whose counts are those of the statutory form.
FORM = "form_06a"
#: Working days that part the age buckets: up to 5, 6 to 20, more than 20.
NEAR, FAR = 5, 20
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRow:
    """The dossiers of one agency, or of all of them, in the columns of form II.06a.

    The column names are those of ``metrics.settlement``; every count is a number of dossiers.
    """

    #: identifier of the agency; empty in the total row
    agency: str
    agency_label: Label
    received_total: int
    received_online: int
    received_counter_post: int
    #: received before the period and still open when it began
    carried_over: int
    solved_total: int
    solved_early: int
    solved_on_time: int
    solved_late: int
    in_process_total: int
    in_process_within: int
    in_process_overdue: int
    rate_numerator: int
    rate_denominator: int
    #: 0..1; ``None`` where the denominator is 0: an empty period has no rate
    on_time_rate: float | None
    #: of those solved on time, finished while their clock stood still
    solved_suspended: int = 0

    @property
    def suspended_share(self) -> float | None:
        """How much of the rate are dossiers finished while their clock stood still, 0..1."""
        return self.solved_suspended / self.rate_denominator if self.rate_denominator else None

    def __post_init__(self) -> None:
        if self.rate_denominator == 0:
            agrees = self.on_time_rate is None
        else:
            share = self.rate_numerator / self.rate_denominator
            agrees = self.on_time_rate is not None and abs(self.on_time_rate - share) < _ROUNDING
        if not agrees:
            raise IgateError(
                say(
                    "The rate {on_time_rate} is not {rate_numerator} of {rate_denominator}.",
                    on_time_rate=self.on_time_rate,
                    rate_numerator=self.rate_numerator,
                    rate_denominator=self.rate_denominator,
                ),
                where=self.agency or self.agency_label.vi,
                fix=say("Pass the numerator and the denominator that the rate was computed from."),
            )

    @property
    def balanced(self) -> bool:
        """Whether received = solved + in process, and each of them is the sum of its parts."""
        return (
            self.received_total == self.solved_total + self.in_process_total
            and self.received_total
            == self.received_online + self.received_counter_post + self.carried_over
            and self.solved_total == self.solved_early + self.solved_on_time + self.solved_late
            and self.in_process_total == self.in_process_within + self.in_process_overdue
        )


COUNTS = tuple(
    field.name
    for field in fields(SettlementRow)
    if field.name not in {"agency", "agency_label", "on_time_rate"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementTable:
    """The settlement under one definition of "on time", by agency, the total row last."""

    #: name of the definition, e.g. ``form_06a``
    definition: str
    label: Label
    #: the instrument and article, or the practice, that the definition follows
    citation: Label
    numerator: Label
    denominator: Label
    #: name, days in force and digest of the definition, as it counted; empty: not known
    version: str = ""
    #: a row for each agency, then one for all of them
    rows: tuple[SettlementRow, ...]

    def __post_init__(self) -> None:
        if not self.rows:
            raise IgateError(
                say("A settlement table has no total row."),
                where=self.definition,
                fix=say("Give at least the total row; in an empty period its counts are 0."),
            )
        for name in COUNTS:
            total = getattr(self.total, name)
            parts = sum(getattr(row, name) for row in self.agencies)
            if total != parts and self.agencies:
                raise IgateError(
                    say(
                        "The total of {name} is {total}, but the agencies add up to {parts}.",
                        name=name,
                        total=total,
                        parts=parts,
                    ),
                    where=self.definition,
                    fix=say("Put the row of all agencies last, computed from the same dossiers."),
                )

    @property
    def agencies(self) -> tuple[SettlementRow, ...]:
        """The rows of the agencies, without the total."""
        return self.rows[:-1]

    @property
    def total(self) -> SettlementRow:
        """The row of all agencies together."""
        return self.rows[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityCheck:
    """The identity of form II.06a: received = solved + in process, in total and by agency."""

    total: SettlementRow
    #: agencies in whose row a sum does not hold
    failing: tuple[SettlementRow, ...]

    @property
    def holds(self) -> bool:
        """Whether the identity holds in every row."""
        return self.total.balanced and not self.failing


class ProofDay(Protocol):
    """A day of the proof of a deadline; ``Deadline.days`` yields such values."""

    @property
    def date(self) -> dt.date:
        """The calendar day."""

    @property
    def counted(self) -> bool:
        """Whether the day uses up time of the limit."""

    @property
    def why(self) -> Label:
        """Why it is counted or not."""

    @property
    def citation(self) -> Citation | None:
        """The rule behind it, where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateDossier:
    """A dossier that was finished after its due day, or is open past it, with the proof."""

    code: str
    #: code of the procedure
    procedure: str
    procedure_name: Label
    agency: str
    agency_label: Label
    received: dt.datetime
    due: dt.datetime
    #: ``None``: not finished yet
    finished: dt.datetime | None
    #: working days after the due day, up to the day of finishing or of the report
    working_days_late: int
    explanation: Label
    #: from the day of receipt to the due day; may be empty where no proof is to be printed
    days: tuple[ProofDay, ...] = ()


class AgeBucket(StrEnum):
    """How far an open dossier is from its due day, in working days; in the order of the plot."""

    OVERDUE_FAR = "overdue_over_20"
    OVERDUE_MIDDLE = "overdue_6_to_20"
    OVERDUE_NEAR = "overdue_up_to_5"
    LEFT_NEAR = "left_up_to_5"
    LEFT_FAR = "left_over_5"
    NO_DATE = "no_date"

    @property
    def overdue(self) -> bool:
        """Whether the due day has passed."""
        return self in {self.OVERDUE_FAR, self.OVERDUE_MIDDLE, self.OVERDUE_NEAR}

    @classmethod
    def of(
        cls,
        due: dt.date | None,
        as_of: dt.date,
        count: Callable[[dt.date, dt.date], int],
    ) -> AgeBucket:
        """Place an open dossier.

        Args:
            due: Its due day; ``None`` while the clock is suspended or where no limit is stated.
            as_of: The day of the report; on the due day itself nothing is overdue yet.
            count: ``WorkCalendar.count``: working days in ``(after, until]``.

        >>> from datetime import date
        >>> days = lambda after, until: (until - after).days
        >>> AgeBucket.of(date(2025, 3, 3), date(2025, 3, 10), days)
        <AgeBucket.OVERDUE_MIDDLE: 'overdue_6_to_20'>
        """
        if due is None:
            return cls.NO_DATE
        if as_of <= due:
            return cls.LEFT_NEAR if count(as_of, due) <= NEAR else cls.LEFT_FAR
        over = count(due, as_of)
        if over <= NEAR:
            return cls.OVERDUE_NEAR
        return cls.OVERDUE_MIDDLE if over <= FAR else cls.OVERDUE_FAR


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeingRow:
    """The number of open dossiers of one agency in one bucket."""

    agency: str
    agency_label: Label
    bucket: AgeBucket
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTime:
    """The working time that went into one step; hours of office time, suspensions left out."""

    label: Label
    role: Label
    #: how many times dossiers passed through the step
    visits: int
    hours_total: float
    hours_median: float
    #: nine visits of ten took no longer
    hours_p90: float
    #: what the internal process allots; ``None`` where it allots nothing or it varies
    limit_hours: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueSummary:
    """How large the work behind the report is."""

    #: procedures that the dossiers belong to
    procedures: int
    #: fields of administration of these procedures
    fields: int
    dossiers: int
    #: entries in the journals of these dossiers
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedUnder:
    """What dossiers of a procedure were received under: a revision and its clock rules."""

    procedure: str
    revision: str
    #: SHA-256 of both as they were then; empty where the journal does not keep it
    definition: str
    dossiers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What all parts of a report were derived from."""

    #: what the journals were at the end of the period: the line of ``igate journal anchor``
    journal: str
    #: what the dossiers were received under, by procedure and revision
    received_under: tuple[ReceivedUnder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportData:
    """Everything that the page, the workbook and the plots show."""

    title: Label
    #: first and last day of the period, both inclusive
    period: tuple[dt.date, dt.date]
    #: the day on which the open dossiers are looked at
    as_of: dt.date
    #: the dossiers are made up; the report then says so first
    synthetic: bool
    catalogue: CatalogueSummary
    #: one a definition; the plot of rates shows the first
    tables: tuple[SettlementTable, ...]
    late: tuple[LateDossier, ...] = ()
    ageing: tuple[AgeingRow, ...] = ()
    steps: tuple[StepTime, ...] = ()
    #: what was read; ``None``: it is not known
    basis: Basis | None = None
    #: deadlines that rest on days not announced yet
    provisional: int = 0
    #: library name and version
    generated_by: str = "igate"
    notes: tuple[Label, ...] = ()
    #: on-time rate to be reached, 0..1
    target: float = 0.95
    #: where the target is written; ``None``: it is assumed, and the report says so
    target_citation: Label | None = None

    def __post_init__(self) -> None:
        if not self.tables:
            raise IgateError(
                say("A report needs the settlement under at least one definition."),
                fix=say("Pass a SettlementTable in tables."),
            )
        if self.period[0] > self.period[1]:
            raise IgateError(
                say(
                    "The period ends on {period}, before it starts on {period_2}.",
                    period=self.period[1],
                    period_2=self.period[0],
                )
            )

    @property
    def form(self) -> SettlementTable:
        """The table whose counts stand for the statutory form: ``form_06a``, else the first."""
        named = (table for table in self.tables if table.definition == FORM)
        return next(named, self.tables[0])

    @property
    def identity(self) -> IdentityCheck:
        """The identity check of the statutory form."""
        failing = tuple(row for row in self.form.agencies if not row.balanced)
        return IdentityCheck(total=self.form.total, failing=failing)
