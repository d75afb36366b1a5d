"""Procedures and their revisions, as values.

A procedure (``thủ tục hành chính``) has a national code and a line of revisions; a revision is the
procedure as in force over one period, with its own citation. A dossier keeps the revision under
which it was submitted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from igate.deadlines.limits import NOT_STATED
from igate.errors import ProcedureNotFound, TimeLimitError
from igate.law.printed import Printed
from igate.procedures.naming import BUILT_IN_LABELS, CHANNELS, called
from igate.words.sentence import beside, say, together

if TYPE_CHECKING:
    from datetime import date

    from igate.deadlines.limits import TimeLimit
    from igate.deadlines.rules import ClockRules, Cutoff
    from igate.law.citation import Citation, Label
    from igate.law.period import Period, Timeline
    from igate.procedures.workflow import Channel, Workflow
    from igate.words.sentence import Sentence

__all__ = [
    "Basis",
    "Condition",
    "Delivery",
    "Fee",
    "Field",
    "LimitRule",
    "OnlineService",
    "Procedure",
    "Requirement",
    "Result",
    "Revision",
    "Scheme",
    "Subject",
]

#: Whether something was read in a published text or is assumed.
Basis = Literal["published", "assumed"]
#: Levels 1-4 (Nghị định 43/2011/NĐ-CP, Điều 3), or full and partial (Nghị định 42/2022/NĐ-CP,
#: Điều 11; from 1 July 2026 Nghị định 224/2026/NĐ-CP).
Scheme = Literal["decree_43_2011", "decree_42_2022", "decree_224_2026"]
#: Who may apply, as the national portal lists them (assumed: no instrument with the list was read).
Subject = Literal[
    "citizen",
    "overseas_vietnamese",
    "foreigner",
    "civil_servant",
    "enterprise",
    "foreign_invested_enterprise",
    "household_business",
    "cooperative",
    "organisation",
    "foreign_organisation",
]
#: How a result reaches the applicant (Nghị định 118/2025/NĐ-CP, Điều 22).
Delivery = Literal["online", "counter", "post"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineService:
    """How far a procedure can be done online, under one scheme."""

    scheme: Scheme
    #: "1" to "4", or full, partial, none; "not_stated" where the source has no level
    level: str
    basis: Basis
    citation: Citation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRule:
    """A time limit and the dossiers for which it holds; ``None`` stands for any."""

    limit: TimeLimit
    channel: Channel | None = None
    case: str | None = None
    area: str | None = None
    citation: Citation

    def matches(self, channel: str, case: str, area: str) -> bool:
        """Return whether the rule is for such a dossier: what the rule leaves open fits every one.

        Args:
            channel: ``online``, ``counter`` or ``post``.
            case: Case of the procedure; empty where it has none.
            area: Area of the dossier; empty where it has none.
        """
        return (
            self.channel in {None, channel}
            and self.case in {None, case}
            and self.area in {None, area}
        )

    @property
    def narrowness(self) -> int:
        """How many of channel, case and area the rule names."""
        return sum(part is not None for part in (self.channel, self.case, self.area))


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A paper that the procedure asks for (``thành phần hồ sơ``)."""

    label: Label
    #: numbers of originals, of certified copies and of plain copies
    original: int = 0
    certified: int = 0
    copies: int = 0
    #: number of the prescribed form, as printed
    form: str = ""
    #: scanned and signed on receipt (Nghị định 118/2025/NĐ-CP, Điều 17 khoản 1 điểm c)
    digitised: bool = False
    #: the data base that gives the same data, so that nobody need hand the paper in
    reused_from: Label | None = None
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the applicant gets (``kết quả thực hiện thủ tục``)."""

    label: Label
    #: how it can be had; none where the source does not say
    delivery: tuple[Delivery, ...] = ()
    #: number of the prescribed form, as printed
    form: str = ""
    citation: Citation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition that must be fulfilled for the result to be granted (``yêu cầu, điều kiện``)."""

    label: Label
    citation: Citation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What is charged, in đồng."""

    amount: int
    label: Label
    #: ``None``: whatever the channel
    channel: Channel | None = None
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision(Printed):
    """A procedure as in force over one period."""

    #: code of the procedure
    procedure: str
    period: Period
    citation: Citation
    #: name of the template of its workflow
    template: str
    workflow: Workflow
    #: whether the steps are those of a published decision or the template's own
    steps_basis: Basis = "published"
    limits: tuple[LimitRule, ...] = ()
    #: name of the clock rules, e.g. "decree"
    clock_rules: str = "decree"
    cutoff: Cutoff | None = None
    online: tuple[OnlineService, ...] = ()
    #: who may apply; none where the sources do not say
    subjects: tuple[Subject, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    #: in how many sets the papers are handed in (``số lượng hồ sơ``); ``None``: not stated
    dossier_sets: int | None = None
    fees: tuple[Fee, ...] = ()
    results: tuple[Result, ...] = ()
    conditions: tuple[Condition, ...] = ()
    #: the instruments on which the procedure rests, besides ``citation``
    legal_basis: tuple[Citation, ...] = ()

    @property
    def id(self) -> str:
        """The day from which it is in force, e.g. ``2025-11-27``, or ``unknown``."""
        return self.period.start.isoformat() if self.period.start else "unknown"

    def __str__(self) -> str:
        return f"{self.procedure} as of {self.id}"

    @property
    def sentence(self) -> Sentence:
        """What messages call it, with its first day in the manner of the language."""
        first = self.period.start
        since = f"có hiệu lực từ {first:%d/%m/%Y}" if first else "chưa rõ từ ngày nào"
        return beside(en=str(self), vi=f"{self.procedure}, lần sửa đổi {since}")

    def __repr__(self) -> str:
        """Name it: written out, a revision with its workflow fills pages."""
        return f"<Revision {self}>"

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases that its limits and its guards distinguish, in order of the alphabet."""
        return self._told_apart("case", {rule.case for rule in self.limits if rule.case})

    @property
    def areas(self) -> tuple[str, ...]:
        """The same for areas."""
        return self._told_apart("area", {rule.area for rule in self.limits if rule.area})

    def _told_apart(self, fact: str, limited: set[str]) -> tuple[str, ...]:
        guards = (each.guard for each in self.workflow.transitions)
        asked = (guard.beside(fact) for guard in guards if guard and fact in guard.names)
        return tuple(sorted(limited.union(*asked) - {""}))

    def rules(self, shipped: ClockRules) -> ClockRules:
        """Return clock rules with the cut-off of the revision, if it has one of its own.

        Args:
            shipped: The clock rules under which the procedure is, of the day of receipt.
        """
        return shipped if self.cutoff is None else replace(shipped, cutoff=self.cutoff)

    def limit_for(self, *, channel: str, case: str = "", area: str = "") -> TimeLimit:
        """Return the time limit of a dossier: of the rules that match, the narrowest one.

        A revision without any rule has no stated limit; that is a value, not an error.

        Args:
            channel: How the dossier is handed in: ``online``, ``counter`` or ``post``.
            case: The word of its case; empty where none is meant.
            area: The word of its area; empty where none is meant.

        Raises:
            TimeLimitError: There are rules, but none for such a dossier.
        """
        if not self.limits:
            return NOT_STATED
        found = [rule for rule in self.limits if rule.matches(channel, case, area)]
        if not found:
            raise TimeLimitError(
                say(
                    "{revision} has no time limit for channel {channel}, case {case!r}, area "
                    "{area!r}.",
                    revision=self.sentence,
                    channel=called(channel, CHANNELS.get(channel)),
                    case=case,
                    area=area,
                ),
                why=say(
                    "Its limits depend on them: {limits}.",
                    limits=together(*(_spelled(rule) for rule in self.limits), between="; "),
                ),
                fix=say("Name one of these, or add a limit without channel, case and area."),
            )
        return max(found, key=lambda rule: rule.narrowness).limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of administration (``lĩnh vực``)."""

    id: str
    label: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure(Printed):
    """What may be asked of an authority."""

    #: national code without suffix, e.g. "1.001806"
    code: str
    name: Label
    field: Field
    ministry: str
    #: levels of administration as published: bộ, tỉnh, xã
    level: tuple[str, ...]
    #: agencies that solve it, as published
    agencies: tuple[str, ...]
    #: when somebody last compared the file with the law
    checked_on: date
    #: where the facts were read
    source: str
    revisions: Timeline[Revision]

    def __repr__(self) -> str:
        """Name it, as a revision does."""
        return f"<Procedure {self.code}: {self.name.vi}>"

    def revision(self, revision_id: str) -> Revision:
        """Return a revision by its identifier, as a dossier keeps it.

        Raises:
            ProcedureNotFound: There is no such revision.
        """
        for _, revision in self.revisions:
            if revision.id == revision_id:
                return revision
        known = ", ".join(revision.id for _, revision in self.revisions)
        raise ProcedureNotFound(
            say(
                "Procedure {code} has no revision {revision_id!r}.",
                code=self.code,
                revision_id=revision_id,
            ),
            why=say(
                "It has {known}; a dossier keeps the revision under which it was submitted.",
                known=known,
            ),
            fix=say(
                "Put the revision back into the file: a revision that has lapsed is not removed."
            ),
        )

    def in_force(self, day: date) -> Revision:
        """Return the revision in force on a day.

        Raises:
            ProcedureNotFound: No revision covers the day.
        """
        revision = self.revisions.on(day)
        if revision is None:
            raise ProcedureNotFound(
                say("Procedure {code} is not in force on {day}.", code=self.code, day=day),
                why=say("Its revisions cover {periods}.", periods=self.revisions.periods),
                fix=say(
                    "Ask for a day inside one of these periods, or add the revision of that day."
                ),
            )
        return revision


def _spelled(rule: LimitRule) -> str:
    parts = (("channel", rule.channel), ("case", rule.case), ("area", rule.area))
    words = [
        together(
            beside(en=name, vi=BUILT_IN_LABELS[name].vi),
            called(value, CHANNELS.get(value) if name == "channel" else None),
        )
        for name, value in parts
        if value is not None
    ]
    limit = beside(en=str(rule.limit), vi=rule.limit.text("vi"))
    return say(
        "{limit} for {words}",
        limit=limit,
        words=together(*words, between=", ") or say("any dossier"),
    )
