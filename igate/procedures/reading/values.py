"""From the checked model of a procedure file to the values of a procedure."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, get_args

from igate.deadlines.rulefile import rules_of_field
from igate.law.citation import Label
from igate.law.period import Period, Timeline
from igate.procedures.guard import Guard, names_in
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
from igate.procedures.template import Additions
from igate.procedures.workflow import Channel, Party, Stage, Step, Way

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from igate.procedures.reading.keys import (
        FactModel,
        PartyModel,
        ProcedureFile,
        RequirementModel,
        RevisionModel,
        StageModel,
        StepModel,
        WayModel,
    )
    from igate.procedures.template import Template
    from igate.procedures.workflow import FactKind, Workflow

__all__ = [
    "PAID",
    "additions_of",
    "fact_labels_of",
    "kinds_of",
    "procedure_of",
    "revision_of",
    "setters_of",
    "stages_of",
    "steps_of",
]

#: The option of a revision that charges a fee: nothing is handed over before it is paid or waived.
PAID: Final = "fee_required"


def procedure_of(model: ProcedureFile, revisions: Sequence[Revision]) -> Procedure:
    """Return the value of a procedure file, with the revisions made from it."""
    return Procedure(
        code=model.code,
        name=model.name.label(),
        field=Field(id=model.field.id, label=model.field.label()),
        ministry=model.ministry,
        level=tuple(model.level),
        agencies=tuple(model.agencies),
        checked_on=model.checked_on,
        source=model.source,
        revisions=Timeline([(revision.period, revision) for revision in revisions]),
    )


def revision_of(
    code: str, field: str, model: RevisionModel, course: Template, workflow: Workflow
) -> Revision:
    """Return the value of a revision.

    Args:
        code: Code of its procedure.
        field: Identifier of its field, which may have clock rules of its own.
        model: What its file says.
        course: Its template.
        workflow: Made from the template and the steps.
    """
    return Revision(
        procedure=code,
        period=Period(start=model.effective_from, end=model.effective_until),
        citation=model.citation,
        template=course.name,
        workflow=workflow,
        # steps that are the template's own were not published with the procedure
        steps_basis=model.steps_basis if model.steps else "assumed",
        limits=tuple(
            [
                LimitRule(
                    limit=each.limit,
                    channel=each.channel,
                    case=each.case,
                    area=each.area,
                    citation=each.citation,
                )
                for each in model.limits
            ]
        ),
        clock_rules=model.clock_rules or rules_of_field(field),
        cutoff=model.cutoff.cutoff() if model.cutoff else course.cutoff,
        online=tuple(
            [
                OnlineService(
                    scheme=each.scheme,
                    level=each.level,
                    basis=each.basis,
                    citation=each.citation,
                )
                for each in model.online
            ]
        ),
        subjects=tuple(model.subjects),
        requirements=tuple([_requirement(each) for each in model.requirements]),
        dossier_sets=model.dossier_sets,
        fees=tuple(
            [
                Fee(
                    amount=each.amount,
                    label=Label(vi=each.vi, en=each.en),
                    channel=each.channel,
                    citation=each.citation,
                )
                for each in model.fees
            ]
        ),
        results=tuple(
            [
                Result(
                    label=each.label(),
                    delivery=tuple(each.delivery),
                    form=each.form,
                    citation=each.citation,
                )
                for each in model.results
            ]
        ),
        conditions=tuple(
            [Condition(label=each.label(), citation=each.citation) for each in model.conditions]
        ),
        legal_basis=tuple(model.legal_basis),
    )


def _requirement(model: RequirementModel) -> Requirement:
    return Requirement(
        label=model.label(),
        original=model.original,
        certified=model.certified,
        copies=model.copies,
        form=model.form,
        digitised=model.digitised,
        reused_from=model.reused_from.label() if model.reused_from else None,
        citation=model.citation,
    )


def additions_of(model: RevisionModel) -> Additions | None:
    """Return what a revision declares beyond its template, if anything."""
    stages = stages_of(model.stages, model.steps)
    charged = {each.channel for each in model.fees if each.amount}
    options = frozenset(model.options) | ({PAID} if charged else set())
    unsaid = model.counters is None and model.own_dossiers is None
    if unsaid and not (model.roles or model.facts or options or stages):
        return None
    roles = {name: each.label() for name, each in model.roles.items()}
    return Additions(
        roles=MappingProxyType(roles),
        facts=kinds_of(model.facts),
        set_by=setters_of(model.facts),
        options=options,
        channels=_paying(charged) if PAID not in model.options else MappingProxyType({}),
        counters=model.counters,
        own_dossiers=None if model.own_dossiers is None else model.own_dossiers == "allowed",
        stages=stages,
        fact_labels=fact_labels_of(model.facts),
    )


def _paying(charged: Collection[Channel | None]) -> Mapping[str, tuple[Channel, ...]]:
    """Return the channels whose dossiers pay, where others pay nothing."""
    named = tuple([each for each in get_args(Channel) if each in charged])
    partly = bool(named) and None not in charged and len(named) < len(get_args(Channel))
    return MappingProxyType({PAID: named} if partly else {})


def kinds_of(declared: Mapping[str, FactModel]) -> Mapping[str, FactKind]:
    """Return the kinds of the facts that a file declares."""
    return MappingProxyType({name: each.kind for name, each in declared.items()})


def setters_of(declared: Mapping[str, FactModel]) -> Mapping[str, tuple[str, ...]]:
    """Return the roles and actions that may establish facts, where a file names them."""
    return MappingProxyType(
        {name: tuple(each.set_by) for name, each in declared.items() if each.set_by}
    )


def fact_labels_of(declared: Mapping[str, FactModel]) -> Mapping[str, Label]:
    """Return what people call facts, where a file says it."""
    return MappingProxyType(
        {name: Label(vi=each.vi, en=each.en) for name, each in declared.items() if each.vi}
    )


def stages_of(models: Sequence[StageModel], steps: Sequence[StepModel]) -> tuple[Stage, ...]:
    """Return the stages that a file declares, and those of rows that several do in turn."""
    if not models and not any(step.actors for step in steps):
        return ()
    rows = [
        Stage(first=step.number, last=step.number, limit=step.limit)
        for step in steps
        if step.actors and step.limit is not None and step.limit.stated
    ]
    declared = [
        Stage(first=each.steps[0], last=each.steps[-1], limit=each.limit) for each in models
    ]
    return (*declared, *rows)


def steps_of(models: Sequence[StepModel]) -> tuple[Step, ...]:
    """Return the steps of a table; a row that several do in turn is several steps."""
    return tuple([step for each in models for step in _steps(each)])


def _steps(model: StepModel) -> Iterator[Step]:
    label, agency = model.label(), model.agency
    ways = tuple([_way(each) for each in model.ways])
    if not model.actors:
        yield Step(
            number=model.number,
            phase=model.phase,
            label=label,
            role=model.role or next(iter(model.roles), ""),
            also=tuple(model.roles[1:]),
            may=None if model.may is None else tuple(model.may),
            four_eyes=tuple(model.four_eyes),
            time_text=model.time or "",
            actor=model.actor,
            limit=model.limit,
            agency=agency.label() if agency else None,
            agency_id=(agency.id or "") if agency else "",
            together=tuple([_party(each) for each in model.together]),
            ways=ways,
            procedure=model.procedure or "",
        )
        return
    for part, each in enumerate(model.actors, start=1):
        whose = each.agency or agency
        yield Step(
            number=model.number,
            phase=model.phase,
            label=Label(vi=each.vi, en=each.en) if each.vi else label,
            role=each.role,
            actor=each.actor,
            limit=each.limit,
            agency=whose.label() if whose else None,
            agency_id=(whose.id or "") if whose else "",
            part=part,
            may=None if model.may is None else tuple(model.may),
            four_eyes=tuple(model.four_eyes),
            time_text=model.time or "",
            ways=ways if part == len(model.actors) else (),
            procedure=each.procedure or "",
        )


def _party(model: PartyModel) -> Party:
    return Party(
        role=model.role,
        label=Label(vi=model.vi, en=model.en) if model.vi else None,
        actor=model.actor,
        limit=model.limit,
        agency=model.agency.label() if model.agency else None,
        agency_id=(model.agency.id or "") if model.agency else "",
        procedure=model.procedure or "",
    )


def _way(model: WayModel) -> Way:
    return Way(
        action=model.action,
        to=model.to,
        guard=Guard.parse(model.guard, names_in(model.guard)) if model.guard else None,
        label=Label(vi=model.vi, en=model.en) if model.vi else None,
        sets=tuple(model.sets.items()),
    )
