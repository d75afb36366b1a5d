"""The internal process of a procedure (``quy trình nội bộ``), as values read from a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from igate.importing.times import hours_of

if TYPE_CHECKING:
    from fractions import Fraction

    from igate.deadlines.limits import TimeLimit
    from igate.errors import Place
    from igate.importing.faults import ImportFault
    from igate.importing.times import PrintedTotal
    from igate.importing.titles import Named
    from igate.procedures.workflow import Phase

__all__ = ["Draft", "InternalProcess", "PrintedStep", "PrintedWay"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedWay:
    """A way back that the words of a step name."""

    #: "send_back", or an action of its own where the step has several ways back
    action: str
    #: number of the step to which it leads
    to: int
    #: as printed, e.g. "nếu không đồng ý: chuyển lại bước 3"
    words: str

    @property
    def label(self) -> str:
        """The words as the label of an action: they begin with a capital letter.

        >>> PrintedWay(action="send_back", to=3, words="không đạt: trả lại bước 3").label
        'Không đạt: trả lại bước 3'
        """
        return self.words[:1].upper() + self.words[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedStep:
    """A step of a table, or one of several who do it in turn, and how it was read."""

    #: from 1, in the order of the table
    number: int
    #: as printed, e.g. "Bước 3"; of a further actor, the step above
    printed: str
    phase: Phase
    role: str
    #: ``None``: not counted; without parts: not stated
    limit: TimeLimit | None
    #: the time as printed
    time: str
    actor: str
    content: str
    #: heading inside the table just above the step
    heading: str = ""
    #: which of the actors of the step; 0 where it has one
    part: int = 0
    #: whether the time could be read; ``False`` only in a draft that is to be filled in
    readable: bool = True
    ways: tuple[PrintedWay, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InternalProcess:
    """A process that can be written as a definition."""

    #: one, or those that share the process
    procedures: tuple[Named, ...]
    #: the case for which it is; empty: every case
    case: str
    #: the decision, as cited
    citation: str
    #: first day in force: the day of the decision (assumed); empty where it is not known
    day: str
    field: str
    template: str
    steps: tuple[PrintedStep, ...]
    total: PrintedTotal | None
    #: "full", "partial" or nothing
    online: str
    #: whether the unit of plain "ngày" and "giờ" in the steps is assumed
    unit_assumed: bool
    source: str

    @property
    def hours(self) -> Fraction | None:
        """The steps together, each actor's time added, in working hours, 8 to a day (assumed).

        ``None`` where they cannot be added up, or one is still to be looked up.
        """
        if not all(step.readable for step in self.steps):
            return None
        return hours_of(step.limit for step in self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was read from the table of one process."""

    #: where its heading is
    place: Place
    #: the text above it, in one line
    title: str
    #: ``None``: refused, or passed over
    process: InternalProcess | None
    faults: tuple[ImportFault, ...]
    #: the printed times together in working hours; ``None`` where one cannot be read or added
    hours: Fraction | None = None
    #: the printed total in working hours; ``None`` where there is none, or more than one
    total_hours: Fraction | None = None

    @property
    def refused(self) -> bool:
        """Whether it is a process, or should be one, that cannot be written."""
        return self.process is None and bool(self.errors)

    @property
    def errors(self) -> tuple[ImportFault, ...]:
        """What keeps it from being written, or, in a draft that was asked for, is marked."""
        return tuple(fault for fault in self.faults if fault.severity == "error")
