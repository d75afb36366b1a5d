"""Procedure files: read, checked and made into values.

Beyond its keys, a file must make sense: its revisions follow one another without overlap, its
steps are numbered 1, 2, 3, …, their roles are those of the template, and no two time limits
contradict each other. What may be a slip and may be so in the decision is for :mod:`igate.checks`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from igate.errors import TimelineError
from igate.files.fault import Fault
from igate.files.findings import did_you_mean
from igate.files.shape import check_shape, missing_key
from igate.files.sources import FORMER_RULES
from igate.law.period import Period
from igate.procedures.reading.fact_faults import (
    done_facts,
    option_faults,
    setter_faults,
)
from igate.procedures.reading.keys import ProcedureFile
from igate.procedures.reading.step_faults import Known, stage_faults, step_faults
from igate.procedures.reading.values import (
    additions_of,
    kinds_of,
    procedure_of,
    revision_of,
    steps_of,
)
from igate.procedures.workflow import BUILT_IN_FACTS
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from igate.errors import Finding
    from igate.files.yaml import KeyPath, YamlFile
    from igate.procedures.machine import WorkflowFault
    from igate.procedures.procedure import Procedure
    from igate.procedures.reading.keys import LimitModel, RevisionModel
    from igate.procedures.reading.templates import Made, Templates
    from igate.procedures.template import Template
    from igate.procedures.workflow import Workflow

__all__ = ["read_procedure"]


class _Made(NamedTuple):
    """The template of a revision, and the workflow made from it and its steps."""

    course: Template
    workflow: Workflow


def read_procedure(read: YamlFile, templates: Templates) -> tuple[Procedure | None, list[Finding]]:
    """Check a procedure file and make its value.

    Args:
        read: The file.
        templates: The templates that there are.

    Returns:
        The procedure, or ``None`` where the file has errors; and the findings.
    """
    model, found = check_shape(ProcedureFile, read)
    if model is None:
        return None, found
    faults = _period_faults(model.revisions, read)
    made: list[_Made | None] = []
    for index, each in enumerate(model.revisions):
        course, more = _made(each, ("revisions", index), templates)
        made.append(course)
        faults += more
    found += [fault.placed(read) for fault in faults]
    found.sort(key=lambda each: (each.place.line, each.place.column))
    kept = [each for each in made if each is not None]
    if any(each.severity == "error" for each in found) or len(kept) < len(made):
        return None, found
    revisions = [
        revision_of(model.code, model.field.id, each, *course)
        for each, course in zip(model.revisions, kept, strict=True)
    ]
    return procedure_of(model, revisions), found


def _period_faults(revisions: Sequence[RevisionModel], read: YamlFile) -> list[Fault]:
    """Find what is wrong with the period of each revision, and with them together."""
    periods: list[Period | None] = []
    faults: list[Fault] = []
    for index, revision in enumerate(revisions):
        path: KeyPath = ("revisions", index)
        try:
            period = Period(start=revision.effective_from, end=revision.effective_until)
        except TimelineError as error:
            remedy = say("Write the first day on which it is no longer in force.")
            faults.append(Fault("bad-date", (*path, "effective_until"), error.what, remedy))
            periods.append(None)
            continue
        for earlier, other in enumerate(periods):
            if other is not None:
                line = read.place(("revisions", earlier)).line
                faults += _clash(other, period, (*path, "effective_from"), line)
        periods.append(period)
    return faults


def _clash(earlier: Period, later: Period, path: KeyPath, line: int) -> Iterator[Fault]:
    if earlier.overlaps(later):
        end = (
            say('effective_until: "{start!s}"', start=later.start)
            if later.start
            else say("an effective_until")
        )
        yield Fault(
            "overlapping-revisions",
            path,
            say(
                "The revision {later} overlaps the revision {earlier} in line {line}: on a "
                "day inside both, it would be unclear which is in force.",
                later=later.sentence,
                earlier=earlier.sentence,
                line=line,
            ),
            say(
                "Write {end} in the revision in line {line}, or remove one of the two.",
                end=end,
                line=line,
            ),
        )
    elif later.start is None or (earlier.start is not None and later.start < earlier.start):
        yield Fault(
            "revision-order",
            path,
            say(
                "The revision {later} comes after {earlier} in line {line}, which is later.",
                later=later.sentence,
                earlier=earlier.sentence,
                line=line,
            ),
            say("Put the revisions in order of time, the oldest first."),
        )


def _made(
    written: RevisionModel, path: KeyPath, templates: Templates
) -> tuple[_Made | None, list[Fault]]:
    """Return the template of a revision, its workflow, and what is wrong with it."""
    faults = [
        *_unknown_rules(written.clock_rules or "decree", path, templates.clock_rules),
        *_ambiguous(written.limits, path),
    ]
    course = templates.get(written.template)
    if course is None:
        faults.append(_unknown_template(written.template, path, templates.names))
        return None, faults
    faults += _declared_twice(written, course, path)
    faults += option_faults(written.options, course.options, (*path, "options"))
    if written.facts:
        setters = {*course.roles, *course.actions, *written.roles}
        faults += setter_faults(written.facts, setters, path)
    if written.steps:
        faults += step_faults(written.steps, _known(written, course), (*path, "steps"))
        faults += stage_faults(written.stages, written.steps, (*path, "stages"))
    elif not course.steps:
        faults.append(Fault("missing-key", path, *missing_key("steps", say("the revision"))))
    if faults:
        return None, faults
    steps = steps_of(written.steps) or course.steps
    found = templates.workflow(course, steps, additions_of(written))
    faults = [
        Fault(each.code, (*path, "steps", *_way_path(found, each)), each.message, each.remedy)
        for each in found.faults
    ]
    return (None if faults else _Made(course, found.workflow)), faults


def _way_path(found: Made, fault: WorkflowFault) -> KeyPath:
    """Return the place of a fault within the steps: that of a way, if it is one's."""
    origin = found.origin(fault)
    if origin is None or origin.transition is not None:
        return ()
    return (origin.step, "ways", origin.way)


def _declared_twice(written: RevisionModel, course: Template, path: KeyPath) -> Iterator[Fault]:
    """Find roles and facts that the template, or every dossier, has already."""
    if not (written.roles or written.facts):
        return
    facts = {**course.facts, **BUILT_IN_FACTS, **done_facts(written.steps)}
    for key, names, known in (
        ("roles", written.roles, course.roles),
        ("facts", written.facts, facts),
    ):
        for name in names:
            if name in known:
                message = (
                    say(
                        'The role "{name}" is there already: the template or igate declares it.',
                        name=name,
                    )
                    if key == "roles"
                    else say(
                        'The fact "{name}" is there already: the template or igate declares it.',
                        name=name,
                    )
                )
                yield Fault(
                    "bad-name", (*path, key, name), message, say("Remove it, or rename it.")
                )


def _known(written: RevisionModel, course: Template) -> Known:
    return Known(
        course=course.name,
        roles={name: label.vi for name, label in course.roles.items()}
        | {name: written_label.vi for name, written_label in written.roles.items()},
        actions=course.actions,
        facts={**course.facts, **kinds_of(written.facts), **done_facts(written.steps)},
        effects=course.effects,
        optional=course.optional,
        expands=course.working is not None,
        asks_parties=course.asks_parties,
    )


def _unknown_template(name: str, path: KeyPath, names: Collection[str]) -> Fault:
    if name in names:
        message = say('The template "{name}" has errors of its own.', name=name)
        return Fault("unknown-template", (*path, "template"), message, say("Check its file first."))
    message = say('There is no template "{name}".', name=name)
    remedy = together(
        say("There are {names}.", names=", ".join(sorted(names))), did_you_mean(name, names)
    )
    return Fault("unknown-template", (*path, "template"), message, remedy)


def _unknown_rules(name: str, path: KeyPath, names: Collection[str]) -> Iterator[Fault]:
    if name not in names and name not in FORMER_RULES:
        message = say(
            'There are no clock rules "{name}", so no deadline could be computed.', name=name
        )
        remedy = together(
            say("There are {names}.", names=", ".join(names)), did_you_mean(name, names)
        )
        yield Fault("unknown-clock-rules", (*path, "clock_rules"), message, remedy)


def _ambiguous(limits: Sequence[LimitModel], path: KeyPath) -> Iterator[Fault]:
    """Find pairs of limits that match the same dossiers, neither being the narrower one."""
    for index, later in enumerate(limits):
        for earlier in limits[:index]:
            pairs = [
                (earlier.channel, later.channel),
                (earlier.case, later.case),
                (earlier.area, later.area),
            ]
            apart = any(a is not None and b is not None and a != b for a, b in pairs)
            named = [sum(part is not None for part in side) for side in zip(*pairs, strict=True)]
            if not apart and named[0] == named[1]:
                yield Fault(
                    "ambiguous-limit",
                    (*path, "limits", index),
                    say(
                        "The limits {limit} and {limit_2} are for the same dossiers.",
                        limit=earlier.limit,
                        limit_2=later.limit,
                    ),
                    say("Distinguish them by channel, case or area, or remove one."),
                )
