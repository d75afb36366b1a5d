"""What is wrong with the steps of a file: their order, who acts, and where their ways lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from igate.errors import GuardError
from igate.filemodel import missing_key
from igate.findings import did_you_mean
from igate.guard import Guard, names_in
from igate.workflow import BUILT_IN_FACTS, FactKind, Party

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from igate._yaml import KeyPath
    from igate.dossier import FactValue
    from igate.findings import FindingCode
    from igate.step_model import StepModel, WayModel

__all__ = ["Fault", "Known", "done_facts", "fact_faults", "step_faults"]

_KINDS: dict[type, FactKind] = {bool: "bool", int: "int", str: "text"}


class Fault(NamedTuple):
    """Something wrong, before its place in the file is looked up."""

    code: FindingCode
    path: KeyPath
    message: str
    remedy: str


class Known(NamedTuple):
    """What steps may name."""

    #: name of the template
    course: str
    roles: Collection[str]
    actions: Collection[str]
    #: facts that are declared, with their kinds
    facts: Mapping[str, FactKind]


def done_facts(steps: Iterable[StepModel]) -> dict[str, FactKind]:
    """Give the facts by which parties of steps say that their part is done."""
    return {
        Party(role=party.role).done_fact(step.number): "bool"
        for step in steps
        for party in step.together
    }


def step_faults(steps: Sequence[StepModel], known: Known, path: KeyPath) -> Iterator[Fault]:
    """Find what is wrong with steps.

    Args:
        steps: As written.
        known: What they may name.
        path: Where they stand in the file.
    """
    yield from _number_faults(steps, path)
    for index, step in enumerate(steps):
        yield from _who_faults(step, known, (*path, index))
        for number, way in enumerate(step.ways):
            yield from _way_faults(way, step, steps, known, (*path, index, "ways", number))
    yield from _phase_faults(steps, path)


def _number_faults(steps: Sequence[StepModel], path: KeyPath) -> Iterator[Fault]:
    for index, step in enumerate(steps):
        if step.number != index + 1:
            message = f"Step {step.number} stands where step {index + 1} belongs."
            remedy = "Number the steps 1, 2, 3, … in the order of the decision."
            yield Fault("step-numbers", (*path, index, "number"), message, remedy)
            return


def _phase_faults(steps: Sequence[StepModel], path: KeyPath) -> Iterator[Fault]:
    last = len(steps) - 1
    for index, step in enumerate(steps):
        if step.phase == "reception" and index > 0:
            message = f"Step {step.number} is a second reception, or one after processing began."
            remedy = "Only the first step is the reception; write phase: processing."
            yield Fault("step-phases", (*path, index, "phase"), message, remedy)
        if step.phase == "handover" and index < last:
            message = f"Step {step.number} hands over the result before the last step."
            remedy = "Only the last step is the handing over; write phase: processing."
            yield Fault("step-phases", (*path, index, "phase"), message, remedy)
    if not any(step.phase == "processing" for step in steps):
        message = "No step processes the dossier, so nobody could finish it."
        yield Fault("step-phases", path, message, "Give at least one step phase: processing.")


def _who_faults(step: StepModel, known: Known, path: KeyPath) -> Iterator[Fault]:
    if step.role is None and not step.actors:
        yield Fault("missing-key", path, *missing_key("role", f"step {step.number}"))
    if step.role is not None:
        yield from _unknown_role(step.role, step, known, (*path, "role"))
    for key in ("actors", "together"):
        for index, party in enumerate(getattr(step, key)):
            yield from _unknown_role(party.role, step, known, (*path, key, index, "role"))
    if step.phase != "processing":
        yield from _aside_faults(step, path)
    elif step.actors:
        yield from _in_turn_faults(step, path)
    else:
        yield from _together_faults(step, path)


def _aside_faults(step: StepModel, path: KeyPath) -> Iterator[Fault]:
    for key in ("actors", "together", "ways"):
        if getattr(step, key):
            yield Fault(
                "step-actors",
                (*path, key),
                f"Step {step.number} is the {step.phase}; only processing steps have {key}.",
                "Write a step of its own with phase: processing.",
            )


def _together_faults(step: StepModel, path: KeyPath) -> Iterator[Fault]:
    roles = [party.role for party in step.together]
    for index, role in enumerate(roles):
        if role in roles[:index]:
            yield Fault(
                "step-actors",
                (*path, "together", index, "role"),
                f'Two parties of step {step.number} have the role "{role}", so nobody could tell '
                "whose part is done.",
                'Declare a role for each under "roles:" of the revision.',
            )


def _in_turn_faults(step: StepModel, path: KeyPath) -> Iterator[Fault]:
    for key in ("role", "limit", "actor", "together", "procedure"):
        if getattr(step, key):
            yield Fault(
                "step-actors",
                (*path, key),
                f'Step {step.number} has actors who act in turn, and "{key}" besides.',
                f'Write "{key}" with each of the actors, or leave out "actors".',
            )
    if len(step.actors) == 1:
        yield Fault(
            "step-actors",
            (*path, "actors"),
            f"Step {step.number} lists one actor.",
            "Write role and limit with the step itself.",
        )


def _unknown_role(role: str, step: StepModel, known: Known, path: KeyPath) -> Iterator[Fault]:
    if role not in known.roles:
        message = f'The role "{role}" of step {step.number} is not in "{known.course}".'
        names = ", ".join(known.roles)
        remedy = f"Its roles are {names}. {did_you_mean(role, known.roles)}".rstrip()
        yield Fault("unknown-role", path, message, remedy)


def _way_faults(
    way: WayModel, step: StepModel, steps: Sequence[StepModel], known: Known, path: KeyPath
) -> Iterator[Fault]:
    places = [each.number for each in steps if each.phase == "processing" and each is not step]
    if way.to not in places:
        message = f"A way of step {step.number} leads to step {way.to}, "
        message += (
            "which is that step itself." if way.to == step.number else "which processes none."
        )
        remedy = f"The other processing steps are {', '.join(map(str, places)) or 'none'}."
        yield Fault("bad-way", (*path, "to"), message, remedy)
    if way.action not in known.actions and not way.vi:
        message = f'The action "{way.action}" is not declared, so it has no label.'
        near = did_you_mean(way.action, known.actions)
        remedy = f'Write what it is called, under "vi" and "en" of the way. {near}'.rstrip()
        yield Fault("unknown-action", (*path, "action"), message, remedy)
    yield from fact_faults(way.guard, way.sets, known.facts, path)


def fact_faults(
    guard: str | None,
    sets: Mapping[str, FactValue],
    kinds: Mapping[str, FactKind],
    path: KeyPath,
) -> Iterator[Fault]:
    """Find what is wrong with a condition and with the facts that an action establishes."""
    for name, value in sets.items():
        kind = kinds.get(name)
        if kind is None:
            message = f'The fact "{name}" is not declared.'
            near = did_you_mean(name, kinds) or 'Declare it under "facts:".'
            yield Fault("unknown-fact", (*path, "sets", name), message, near)
        elif _KINDS[type(value)] != kind:
            message = f'The fact "{name}" is declared as {kind}, and {value!r} is not.'
            yield Fault("wrong-type", (*path, "sets", name), message, f"Give it a {kind}.")
    if guard is not None:
        yield from _guard_faults(guard, kinds, (*path, "guard"))


def _guard_faults(guard: str, kinds: Mapping[str, FactKind], path: KeyPath) -> Iterator[Fault]:
    try:
        names_in(guard)
    except GuardError as error:
        remedy = " ".join(part for part in (error.why, error.fix) if part)
        yield Fault("malformed-guard", path, error.what, remedy)
        return
    try:
        Guard.parse(guard, {*kinds, *BUILT_IN_FACTS})
    except GuardError as error:
        yield Fault("unknown-guard-name", path, error.what, f"{error.fix} {error.why}")
