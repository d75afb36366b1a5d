"""From the plain values of a procedure file to the values of a procedure.

A file is checked against its keys first (:mod:`igate.procedure_file`). What has passed is packed:
its values in a fixed order, without their keys, absent ones as what their absence means. From
that, and from nothing else, the values are made, be the file just read or remembered from an
earlier check (:mod:`igate.catalog_cache`). Nothing is checked again.

The same citations and time limits return in hundreds of files, so each is read once.
"""

from __future__ import annotations

from datetime import date, time
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from igate.citation import Citation, Label
from igate.clock import Cutoff
from igate.limits import TimeLimit
from igate.procedure import (
    Fee,
    Field,
    LimitRule,
    OnlineService,
    Procedure,
    Requirement,
    Revision,
)
from igate.timeline import Period, Timeline
from igate.workflow import Step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from igate.dossier import Channel
    from igate.procedure import Basis, Scheme
    from igate.templates import Template
    from igate.workflow import Phase, Workflow

__all__ = [
    "PACKED_FORMAT",
    "Packed",
    "Plain",
    "citation_of",
    "limit_of",
    "pack",
    "packed_revisions",
    "procedure_of",
    "revision_of",
    "steps_of",
    "template_of",
]

#: A mapping of a definition file.
Plain: TypeAlias = "Mapping[str, Any]"
#: The values of a mapping in a fixed order.
Packed: TypeAlias = list[Any]

#: Raised whenever the order changes.
PACKED_FORMAT = 1
#: One instrument or length each; a province has some hundreds of them.
_KEPT = 4096


def pack(data: Plain) -> Packed:
    """Put the values of a procedure file in order."""
    field = data["field"]
    return [
        data["code"],
        _packed_label(data["name"]),
        [field["id"], *_packed_label(field)],
        data.get("ministry", ""),
        data.get("level", []),
        data.get("agencies", []),
        data["checked_on"],
        data["source"],
        [_packed_revision(each) for each in data["revisions"]],
    ]


def _packed_revision(data: Plain) -> Packed:
    steps = [_packed_step(each) for each in data.get("steps", ())]
    cutoff, start = data.get("cutoff"), data["effective_from"]
    return [
        "" if start == "unknown" else start,
        data.get("effective_until") or "",
        data["citation"],
        data["template"],
        data.get("clock_rules", "decree"),
        [cutoff["time"], cutoff["moves"], cutoff["citation"]] if cutoff else None,
        [
            [*map(each.get, ("limit", "channel", "case", "area", "citation"))]
            for each in data.get("limits", ())
        ],
        [
            [each["scheme"], each["level"], each["basis"], each.get("citation")]
            for each in data.get("online", ())
        ],
        [_packed_requirement(each) for each in data.get("requirements", ())],
        [
            [each["amount"], *_packed_label(each), each.get("channel"), each["citation"]]
            for each in data.get("fees", ())
        ],
        steps,
        data.get("steps_basis", "published") if steps else "assumed",
    ]  # fmt: skip


def _packed_step(data: Plain) -> Packed:
    limit, agency = data.get("limit"), data.get("agency")
    return [
        data["number"],
        data["phase"],
        *_packed_label(data),
        data["role"],
        data.get("actor", ""),
        None if limit == "not_counted" else limit,
        _packed_label(agency) if agency else None,
    ]


def _packed_requirement(data: Plain) -> Packed:
    numbers = data.get("original", 0), data.get("copies", 0)
    return [*_packed_label(data), *numbers, data.get("form", ""), data["citation"]]


def _packed_label(data: Plain) -> Packed:
    return [data["vi"], data.get("en", "")]


def packed_revisions(packed: Packed) -> list[Packed]:
    """Give the revisions of a packed procedure."""
    revisions: list[Packed] = packed[8]
    return revisions


def template_of(packed: Packed) -> str:
    """Give the name of the template of a packed revision."""
    name: str = packed[3]
    return name


def steps_of(packed: Packed) -> tuple[Step, ...]:
    """Give the steps of a packed revision; none where those of the template hold."""
    return tuple([_step(*each) for each in packed[10]])


def procedure_of(packed: Packed, revisions: Sequence[Revision]) -> Procedure:
    """Give the value of a packed procedure, with the revisions made from it."""
    code, name, field, ministry, level, agencies, checked_on, source, _ = packed
    return Procedure(
        code=code,
        name=_label(*name),
        field=_field(*field),
        ministry=ministry,
        level=tuple(level),
        agencies=tuple(agencies),
        checked_on=_day(checked_on),
        source=source,
        revisions=Timeline([(revision.period, revision) for revision in revisions]),
    )


def revision_of(code: str, packed: Packed, course: Template, workflow: Workflow) -> Revision:
    """Give the value of a packed revision, with the workflow made from its template and steps."""
    start, end, citation, _, rules, cutoff, limits, online, papers, fees, _, basis = packed
    return Revision(
        procedure=code,
        period=_period(start, end),
        citation=citation_of(citation),
        template=course.name,
        workflow=workflow,
        steps_basis=basis,
        limits=tuple([_rule(*each) for each in limits]),
        clock_rules=rules,
        cutoff=_cutoff(*cutoff) if cutoff else course.cutoff,
        online=tuple([_online(*each) for each in online]),
        requirements=tuple([_requirement(*each) for each in papers]),
        fees=tuple([_fee(*each) for each in fees]),
    )


@lru_cache(maxsize=_KEPT)
def citation_of(text: str) -> Citation:
    """Read a citation, or give it again.

    Raises:
        CitationError: It is none.
    """
    return Citation.parse(text)


@lru_cache(maxsize=_KEPT)
def limit_of(text: str) -> TimeLimit:
    """Read a time limit, or give it again.

    Raises:
        TimeLimitError: It is none.
    """
    return TimeLimit.parse(text)


_day = lru_cache(maxsize=_KEPT)(date.fromisoformat)


@lru_cache(maxsize=_KEPT)
def _period(start: str, end: str) -> Period:
    return Period(start=_day(start) if start else None, end=_day(end) if end else None)


@lru_cache(maxsize=_KEPT)
def _field(name: str, vietnamese: str, english: str) -> Field:
    return Field(id=name, label=_label(vietnamese, english))


@lru_cache(maxsize=_KEPT)
def _rule(
    limit: str, channel: Channel | None, case: str | None, area: str | None, citation: str
) -> LimitRule:
    return LimitRule(
        limit=limit_of(limit),
        channel=channel,
        case=case,
        area=area,
        citation=citation_of(citation),
    )


@lru_cache(maxsize=_KEPT)
def _online(scheme: Scheme, level: str, basis: Basis, citation: str | None) -> OnlineService:
    return OnlineService(
        scheme=scheme,
        level=level,
        basis=basis,
        citation=citation_of(citation) if citation else None,
    )


def _label(vietnamese: str, english: str) -> Label:
    return Label(vi=vietnamese, en=english)


def _cutoff(at: str, moves: Any, citation: str) -> Cutoff:  # noqa: ANN401 - checked before
    return Cutoff(at=time.fromisoformat(at), moves=moves, citation=citation_of(citation))


def _step(number: int, phase: Phase, *rest: Any) -> Step:  # noqa: ANN401 - checked before
    vietnamese, english, role, actor, limit, agency = rest
    return Step(
        number=number,
        phase=phase,
        label=_label(vietnamese, english),
        role=role,
        actor=actor,
        limit=None if limit is None else limit_of(limit),
        agency=_label(*agency) if agency else None,
    )


def _requirement(
    vietnamese: str, english: str, original: int, copies: int, *rest: str
) -> Requirement:
    form, citation = rest
    return Requirement(
        label=_label(vietnamese, english),
        original=original,
        copies=copies,
        form=form,
        citation=citation_of(citation),
    )


def _fee(amount: int, vietnamese: str, english: str, channel: Channel | None, citation: str) -> Fee:
    return Fee(
        amount=amount,
        label=_label(vietnamese, english),
        channel=channel,
        citation=citation_of(citation),
    )
