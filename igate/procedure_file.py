"""Procedure files: read, checked and made into values.

Beyond its keys, a file must make sense: its revisions follow one another without overlap, its
steps are numbered 1, 2, 3, …, begin with the reception and end with the handing over, their roles
are those of the template, and no two time limits contradict each other. What may be a slip or may
be so in the decision (steps that take longer together than the limit) is a warning.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from igate.errors import TimelineError
from igate.filemodel import check_shape, finding, missing_key
from igate.findings import did_you_mean
from igate.limits import TimeLimit, Unit
from igate.procedure_model import ProcedureFile
from igate.procedure_values import pack, packed_revisions, procedure_of, revision_of
from igate.timeline import Period

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from igate._yaml import KeyPath, YamlFile
    from igate.errors import Finding
    from igate.findings import FindingCode
    from igate.procedure import Procedure
    from igate.procedure_model import LimitModel, RevisionModel
    from igate.procedure_values import Plain
    from igate.template_library import Templates
    from igate.templates import Template
    from igate.workflow import Step, Workflow

__all__ = ["read_procedure"]

#: 8 working hours to a working day, as the tables of Nghệ An write out ("tính mỗi ngày 08 giờ làm
#: việc"); elsewhere assumed. Used to compare sums of steps with limits, never to count a deadline.
_HOURS: Final[Mapping[Unit, int]] = {Unit.WORKING_DAY: 8, Unit.WORKING_HOUR: 1}
#: Units that are compared as they are.
_PLAIN = (Unit.DAY, Unit.HOUR)


class _Made(NamedTuple):
    """The template of a revision, and the workflow made from it and its steps."""

    course: Template
    workflow: Workflow


class _Fault(NamedTuple):
    """Something to report, before its place in the file is looked up."""

    code: FindingCode
    path: KeyPath
    message: str
    remedy: str


def read_procedure(
    read: YamlFile, templates: Templates, *, doubts: bool
) -> tuple[Procedure | None, list[Finding]]:
    """Check a procedure file and make its value.

    Args:
        read: The file.
        templates: The templates that there are.
        doubts: Look for warnings and notes too, not only for errors.

    Returns:
        The procedure, or ``None`` where the file has errors; and the findings.
    """
    model, shape = check_shape(ProcedureFile, read)
    found = [*read.findings, *shape]
    if model is None:
        return None, found
    faults = _period_faults(model.revisions, read)
    made: list[_Made | None] = []
    for index, each in enumerate(model.revisions):
        course, more = _made(each, ("revisions", index), templates)
        made.append(course)
        faults += more
        if doubts:
            faults += _doubtful(each, ("revisions", index))
    found += [finding(f.code, read.place(f.path), f.message, f.remedy) for f in faults]
    found.sort(key=lambda each: (each.place.line, each.place.column))
    kept = [each for each in made if each is not None]
    if any(each.severity == "error" for each in found) or len(kept) < len(made):
        return None, found
    return _procedure(cast("Plain", read.data), kept), found


def _procedure(data: Plain, made: Sequence[_Made]) -> Procedure:
    """Give the value of a file without errors: its plain values are those of the model."""
    packed = pack(data)
    revisions = [
        revision_of(data["code"], each, *course)
        for each, course in zip(packed_revisions(packed), made, strict=True)
    ]
    return procedure_of(packed, revisions)


def _period_faults(revisions: Sequence[RevisionModel], read: YamlFile) -> list[_Fault]:
    """Find what is wrong with the period of each revision, and with them together."""
    periods: list[Period | None] = []
    faults: list[_Fault] = []
    for index, revision in enumerate(revisions):
        path: KeyPath = ("revisions", index)
        try:
            period = Period(start=revision.effective_from, end=revision.effective_until)
        except TimelineError as error:
            remedy = "Write the first day on which it is no longer in force."
            faults.append(_Fault("bad-date", (*path, "effective_until"), error.what, remedy))
            periods.append(None)
            continue
        for earlier, other in enumerate(periods):
            if other is not None:
                line = read.place(("revisions", earlier)).line
                faults += _clash(other, period, (*path, "effective_from"), line)
        periods.append(period)
    return faults


def _clash(earlier: Period, later: Period, path: KeyPath, line: int) -> Iterator[_Fault]:
    if earlier.overlaps(later):
        end = f'effective_until: "{later.start}"' if later.start else "an effective_until"
        yield _Fault(
            "overlapping-revisions",
            path,
            f"The revision {later} overlaps the revision {earlier} in line {line}: on a day inside "
            "both, nobody could tell which is in force.",
            f"Write {end} in the revision in line {line}, or remove one of the two.",
        )
    elif later.start is None or (earlier.start is not None and later.start < earlier.start):
        yield _Fault(
            "revision-order",
            path,
            f"The revision {later} stands after {earlier} in line {line}, which is later.",
            "Put the revisions in order of time, the oldest first.",
        )


def _made(
    written: RevisionModel, path: KeyPath, templates: Templates
) -> tuple[_Made | None, list[_Fault]]:
    """Give the template of a revision and the workflow made from it, and what is wrong with it."""
    faults = [
        *_unknown_rules(written.clock_rules, path, templates.clock_rules),
        *_ambiguous(written.limits, path),
    ]
    course = templates.get(written.template)
    if course is None:
        faults.append(_unknown_template(written.template, path, templates.names))
        return None, faults
    steps = tuple(step.step() for step in written.steps) or course.steps
    if written.steps:
        faults += _step_faults(steps, course, (*path, "steps"))
    elif not steps:
        faults.append(_Fault("missing-key", path, *missing_key("steps", "the revision")))
    if faults:
        return None, faults
    found = templates.workflow(course, steps)
    faults = [
        _Fault(problem.code, (*path, "steps"), problem.message, problem.remedy)
        for problem in found.problems
    ]
    return (None if faults else _Made(course, found.workflow)), faults


def _unknown_template(name: str, path: KeyPath, names: Collection[str]) -> _Fault:
    if name in names:
        message = f'The template "{name}" has errors of its own.'
        return _Fault("unknown-template", (*path, "template"), message, "Check its file first.")
    message = f'There is no template "{name}".'
    remedy = f"There are {', '.join(sorted(names))}. {did_you_mean(name, names)}".rstrip()
    return _Fault("unknown-template", (*path, "template"), message, remedy)


def _unknown_rules(name: str, path: KeyPath, names: Collection[str]) -> Iterator[_Fault]:
    if name not in names:
        message = f'There are no clock rules "{name}", so no deadline could be computed.'
        remedy = f"There are {', '.join(names)}. {did_you_mean(name, names)}".rstrip()
        yield _Fault("unknown-clock-rules", (*path, "clock_rules"), message, remedy)


def _step_faults(steps: Sequence[Step], template: Template, path: KeyPath) -> Iterator[_Fault]:
    for index, step in enumerate(steps):
        if step.number != index + 1:
            message = f"Step {step.number} stands where step {index + 1} belongs."
            remedy = "Number the steps 1, 2, 3, … in the order of the decision."
            yield _Fault("step-numbers", (*path, index, "number"), message, remedy)
            break
    for index, step in enumerate(steps):
        if step.role not in template.roles:
            message = f'The role "{step.role}" of step {step.number} is not in "{template.name}".'
            known = ", ".join(template.roles)
            remedy = f"Its roles are {known}. {did_you_mean(step.role, template.roles)}".rstrip()
            yield _Fault("unknown-role", (*path, index, "role"), message, remedy)
    yield from _phase_faults(steps, path)


def _phase_faults(steps: Sequence[Step], path: KeyPath) -> Iterator[_Fault]:
    last = len(steps) - 1
    for index, step in enumerate(steps):
        if step.phase == "reception" and index > 0:
            message = f"Step {step.number} is a second reception, or one after processing began."
            remedy = "Only the first step is the reception; write phase: processing."
            yield _Fault("step-phases", (*path, index, "phase"), message, remedy)
        if step.phase == "handover" and index < last:
            message = f"Step {step.number} hands over the result before the last step."
            remedy = "Only the last step is the handing over; write phase: processing."
            yield _Fault("step-phases", (*path, index, "phase"), message, remedy)
    if not any(step.phase == "processing" for step in steps):
        message = "No step processes the dossier, so nobody could finish it."
        yield _Fault("step-phases", path, message, "Give at least one step phase: processing.")


def _ambiguous(limits: Sequence[LimitModel], path: KeyPath) -> Iterator[_Fault]:
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
                yield _Fault(
                    "ambiguous-limit",
                    (*path, "limits", index),
                    f"The limits {earlier.limit} and {later.limit} are for the same dossiers.",
                    "Tell them apart by channel, case or area, or remove one.",
                )


def _doubtful(revision: RevisionModel, path: KeyPath) -> Iterator[_Fault]:
    """Find what may be a slip, and may be so in the decision."""
    if revision.effective_from is None:
        message = "The day from which this revision is in force is not known."
        remedy = "It counts as older than every dossier. Write the day once it is known."
        yield _Fault("unknown-start", (*path, "effective_from"), message, remedy)
    if revision.steps and revision.steps[-1].phase != "handover":
        message = "The last step is not the handing over of the result."
        remedy = "Add the step, with limit: not_counted, if the decision has it."
        yield _Fault("missing-handover", (*path, "steps"), message, remedy)
    yield from _sum_faults(revision, path)


def _sum_faults(revision: RevisionModel, path: KeyPath) -> Iterator[_Fault]:
    """Compare the sum of the steps with the longest limit."""
    counted = [
        step.limit for step in revision.steps if step.limit is not None and step.limit.stated
    ]
    limits = [rule.limit for rule in revision.limits if rule.limit.stated]
    if not counted or not limits:
        return
    together = TimeLimit(parts=tuple(part for limit in counted for part in limit.parts))
    total, lengths = _length(together), [_length(limit) for limit in limits]
    kinds = {length[1] for length in [total, *lengths] if length is not None}
    if total is None or None in lengths or len(kinds) > 1:
        message = "The steps and the limit are in units that cannot be compared."
        remedy = "Compare their sum with the limit by hand."
        yield _Fault("mixed-units", (*path, "steps"), message, remedy)
        return
    longest = max(length[0] for length in lengths if length is not None)
    if total[0] > longest:
        unit = str(kinds.pop()).replace("_", " ")
        yield _Fault(
            "steps-exceed-limit",
            (*path, "steps"),
            f"The steps take {_number(total[0])} {unit}s together, the limit is {_number(longest)} "
            f"(8 working hours to a working day: assumed).",
            "Compare both with the decision; if it says so itself, leave it.",
        )


def _length(limit: TimeLimit) -> tuple[Fraction, Unit] | None:
    """Give a limit as one length, or ``None`` where its units do not add up."""
    units = {part.unit for part in limit.parts}
    if units <= set(_HOURS):
        hours = sum((part.length * _HOURS[part.unit] for part in limit.parts), Fraction())
        return hours, Unit.WORKING_HOUR
    for unit in _PLAIN:
        if units == {unit}:
            return sum((part.length for part in limit.parts), Fraction()), unit
    return None


def _number(length: Fraction) -> str:
    return f"{float(length):g}"
