"""From the plain values of a procedure file to the values of a procedure.

A file is checked against its keys first (:mod:`igate.procedures.reading.procedure_file`). What
has passed is packed: its values in a fixed order, without their keys, absent ones as what their
absence means. From that, and from nothing else, the values are made, be the file just read or
remembered from an earlier check (:mod:`igate.procedures.catalog.cache`). Nothing is checked again.

The same citations and time limits return in hundreds of files, so each is read once.
"""

from __future__ import annotations

from datetime import date, time
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from igate.deadlines.limits import limit_of
from igate.deadlines.rules import Cutoff
from igate.law.citation import Label, citation_of
from igate.law.period import Period, Timeline
from igate.procedures.procedure import (
    Condition,
    Fee,
    Field,
    LimitRule,
    OnlineService,
    Procedure,
    Requirement,
    Result,
    Revision,
)
from igate.procedures.reading.step_values import Packed, Plain, pack_step, packed_label, step_values
from igate.procedures.template import Additions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from igate.procedures.procedure import Basis, Scheme
    from igate.procedures.template import Template
    from igate.procedures.workflow import Channel, Step, Workflow

__all__ = [
    "PACKED_FORMAT",
    "Packed",
    "Plain",
    "additions_of",
    "pack",
    "packed_revisions",
    "procedure_of",
    "revision_of",
    "steps_of",
    "template_of",
]

#: Raised whenever the order changes.
PACKED_FORMAT = 3
#: One instrument or length each; a province has some hundreds of them.
_KEPT = 4096
#: Keys of a revision that are packed only where one of them is written.
_REST: Final = frozenset(
    {"subjects", "dossier_sets", "results", "conditions", "legal_basis", "roles", "facts"}
)
_NO_REST: Final[Packed] = [[], None, [], [], [], {}, {}]


def pack(data: Plain) -> Packed:
    """Put the values of a procedure file in order."""
    field = data["field"]
    return [
        data["code"],
        packed_label(data["name"]),
        [field["id"], *packed_label(field)],
        data.get("ministry", ""),
        data.get("level", []),
        data.get("agencies", []),
        data["checked_on"],
        data["source"],
        [_packed_revision(each) for each in data["revisions"]],
    ]


def _packed_revision(data: Plain) -> Packed:
    steps = [pack_step(each) for each in data.get("steps", ())]
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
            [each["amount"], *packed_label(each), each.get("channel"), each["citation"]]
            for each in data.get("fees", ())
        ],
        steps,
        data.get("steps_basis", "published") if steps else "assumed",
        _packed_rest(data) if _REST & data.keys() else None,
    ]  # fmt: skip


def _packed_rest(data: Plain) -> Packed:
    """Put in order what few procedures say as yet."""
    return [
        data.get("subjects", []),
        data.get("dossier_sets"),
        [
            [
                *packed_label(each),
                each.get("delivery", []),
                each.get("form", ""),
                each.get("citation"),
            ]
            for each in data.get("results", ())
        ],
        [[*packed_label(each), each.get("citation")] for each in data.get("conditions", ())],
        data.get("legal_basis", []),
        {name: packed_label(each) for name, each in data.get("roles", {}).items()},
        data.get("facts", {}),
    ]


def _packed_requirement(data: Plain) -> Packed:
    reused = data.get("reused_from")
    return [
        *packed_label(data),
        *[data.get(key, 0) for key in ("original", "certified", "copies")],
        data.get("form", ""),
        data.get("digitised", False),
        packed_label(reused) if reused else None,
        data["citation"],
    ]


def packed_revisions(packed: Packed) -> list[Packed]:
    """Return the revisions of a packed procedure."""
    revisions: list[Packed] = packed[8]
    return revisions


def template_of(packed: Packed) -> str:
    """Return the name of the template of a packed revision."""
    name: str = packed[3]
    return name


def steps_of(packed: Packed) -> tuple[Step, ...]:
    """Return the steps of a packed revision; none where those of the template hold."""
    return step_values(packed[10])


def additions_of(packed: Packed) -> Additions | None:
    """Return the roles and facts of a packed revision beside those of its template, if any."""
    rest = packed[12]
    if rest is None or not (rest[5] or rest[6]):
        return None
    roles = {name: _label(*each) for name, each in rest[5].items()}
    return Additions(roles=MappingProxyType(roles), facts=MappingProxyType(rest[6]))


def procedure_of(packed: Packed, revisions: Sequence[Revision]) -> Procedure:
    """Return the value of a packed procedure, with the revisions made from it."""
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
    """Return the value of a packed revision, with the workflow made from its template and steps."""
    start, end, citation, _, rules, cutoff, limits, online, papers, fees, _, basis, rest = packed
    subjects, sets, results, conditions, legal, *_ = rest or _NO_REST
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
        subjects=tuple(subjects),
        requirements=tuple([_requirement(*each) for each in papers]),
        dossier_sets=sets,
        fees=tuple([_fee(*each) for each in fees]),
        results=tuple([_result(*each) for each in results]),
        conditions=tuple([_condition(*each) for each in conditions]),
        legal_basis=tuple([citation_of(each) for each in legal]),
    )


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


def _requirement(vietnamese: str, english: str, *rest: Any) -> Requirement:  # noqa: ANN401 - the same
    original, certified, copies, form, digitised, reused, citation = rest
    return Requirement(
        label=_label(vietnamese, english),
        original=original,
        certified=certified,
        copies=copies,
        form=form,
        digitised=digitised,
        reused_from=_label(*reused) if reused else None,
        citation=citation_of(citation),
    )


def _result(vietnamese: str, english: str, *rest: Any) -> Result:  # noqa: ANN401 - the same
    delivery, form, citation = rest
    return Result(
        label=_label(vietnamese, english),
        delivery=tuple(delivery),
        form=form,
        citation=citation_of(citation) if citation else None,
    )


def _condition(vietnamese: str, english: str, citation: str | None) -> Condition:
    cited = citation_of(citation) if citation else None
    return Condition(label=_label(vietnamese, english), citation=cited)


def _fee(amount: int, vietnamese: str, english: str, channel: Channel | None, citation: str) -> Fee:
    return Fee(
        amount=amount,
        label=_label(vietnamese, english),
        channel=channel,
        citation=citation_of(citation),
    )
