"""The legal clock: what interrupts a time limit, and how the open questions are read.

A journal says *that* something happened (a supplement was asked for); the rules say *what it does*
to the clock. So several clocks can run on one journal, and a dossier keeps the rules under which
it was received. The rules are dated data in ``igate/deadlines/vn/*.yaml``, each line with its
citation; what no text settles is a named reading with a default that is marked as assumed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from igate.law.printed import Printed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, time

    from igate.deadlines.limits import TimeLimit
    from igate.law.citation import Citation, Label
    from igate.law.period import Period

__all__ = [
    "ClockKind",
    "ClockMark",
    "ClockRules",
    "Cutoff",
    "Extension",
    "Interruption",
    "Owed",
    "OwedKind",
]

#: What an entry does to the clock. A second ``start`` moves the start to a later moment (a dossier
#: handed in outside the competent agency's boundary counts from that agency's receipt: Nghị định
#: 118/2025/NĐ-CP as amended by 309/2026/NĐ-CP).
ClockKind = Literal["start", "suspend", "resume", "replace", "extend", "finish", "stop"]

#: What a suspension means: counting begins anew afterwards, goes on afterwards, or never stopped.
Effect = Literal["restart", "suspend", "none"]

#: What is owed before the receipt: a first look by an officer, and the acceptance.
OwedKind = Literal["respond", "accept"]

#: Which of the two end days of a suspension still counts, for limits in days.
SuspensionDays = Literal["first_counts", "last_counts", "neither_counts"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ClockMark(Printed):
    """One thing that happened to the clock, at a moment in Vietnamese time."""

    kind: ClockKind
    at: datetime
    #: why: supplement, payment, opinion, …; the key into the rules
    reason: str = ""
    #: the new date of ``replace``
    due: datetime | None = None
    #: the length of ``extend``
    limit: TimeLimit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoff:
    """An hour of the day after which something waits for the next working day.

    "Sau 15 giờ" is read as strictly after 15:00:00 (assumed: no text found says otherwise).
    """

    at: time
    #: ``transfer`` to the competent agency (no effect on the deadline), the ``result`` of a
    #: same-day procedure, or the ``start`` of counting
    moves: Literal["transfer", "result", "start"]
    citation: Citation

    def is_after(self, moment: datetime) -> bool:
        """Return whether a moment lies after the cut-off of its day, strictly.

        Args:
            moment: In Vietnamese time; its clock is read as it is.
        """
        return moment.time() > self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """What a suspension for one reason does to the clock, and where that is written."""

    effect: Effect
    citation: Citation
    label: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A length that the law adds to every limit in an area, and where that is written."""

    limit: TimeLimit
    citation: Citation
    label: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A time in which something is owed to an applicant before the receipt."""

    limit: TimeLimit
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRules:
    """How a time limit is counted under one instrument, over one period."""

    name: str
    label: Label
    period: Period
    citation: Citation
    #: by reason; a reason that is not listed leaves the clock running
    interruptions: Mapping[str, Interruption]
    #: by area of the dossier, e.g. +10 working days in mountainous communes for land
    extensions: Mapping[str, Extension] = field(default_factory=lambda: MappingProxyType({}))
    #: what is owed for a dossier handed in online before it is received
    owed: Mapping[OwedKind, Owed] = field(default_factory=lambda: MappingProxyType({}))
    cutoff: Cutoff | None = None
    #: whether a cut-off that moves the start does so; not for what is handed over inside an office
    cutoff_on_start: bool = True
    #: whether the cut-off also moves the day of a resumption
    cutoff_on_resumption: bool = True
    suspension_days: SuspensionDays = "first_counts"
    receipt_on_day_off: Literal["as_it_is", "next_working_day"] = "as_it_is"
    end_on_day_off: Literal["next_working_day", "stays"] = "next_working_day"
    end_of_day: Literal["closing", "midnight"] = "closing"
    #: citation of each reading that a text settles or that is assumed, by name of the reading
    readings: Mapping[str, Citation] = field(default_factory=lambda: MappingProxyType({}))

    def __repr__(self) -> str:
        """Name them: written out, rules with their citations fill a page."""
        return f"<ClockRules {self.name} {self.period}>"

    def effect(self, reason: str) -> Effect:
        """Return what a suspension for a reason does to the clock.

        Args:
            reason: As transitions name it, such as ``supplement`` or ``payment``.

        Returns:
            ``restart``: afterwards the whole limit is counted anew; ``suspend``: afterwards what is
            left is counted; ``none``: the clock runs on, as for every reason that the rules do not
            list.
        """
        interruption = self.interruptions.get(reason)
        return interruption.effect if interruption else "none"

    def extended(self, limit: TimeLimit, area: str) -> TimeLimit:
        """Return a limit with what the rules add to it in an area.

        Args:
            limit: The limit of the procedure.
            area: Name of the area that the dossier was submitted with, such as ``hard_area`` of
                ``land``.

        Returns:
            The limit and after it the extension. One that is not stated stays so, and so does one
            for an area of which the rules say nothing.
        """
        extension = self.extensions.get(area)
        if extension is None or not limit.stated:
            return limit
        # what is extended is no same-day limit any more, so it has no hour of the day
        return replace(limit, parts=(*limit.parts, *extension.limit.parts), same_day_until=None)
