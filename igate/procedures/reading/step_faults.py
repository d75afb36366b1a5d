"""What makes no sense in the steps of a file: their order, who acts, where their ways lead."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from igate.files.fault import Fault
from igate.files.findings import did_you_mean
from igate.files.shape import missing_key
from igate.procedures.reading.fact_faults import fact_faults
from igate.procedures.workflow import MIGRATE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from igate.files.yaml import KeyPath
    from igate.procedures.reading.keys import StageModel, StepModel, WayModel
    from igate.procedures.workflow import FactKind

__all__ = ["RESERVED", "Known", "stage_faults", "step_faults"]

#: Entries of a journal that no workflow can declare, with what to do instead.
RESERVED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "submit": "Every dossier begins with the entry submit, which OneStop.submit writes: name "
        "the state that it leads to under initial, and begin with the action that follows.",
        "recount": "OneStop.record_moved_dates writes this entry, in any state: leave the "
        "transition out.",
        MIGRATE: "OneStop.migrate writes this entry, from any state: leave the transition out.",
    }
)


class Known(NamedTuple):
    """What steps may name."""

    #: name of the template
    course: str
    #: with their Vietnamese labels
    roles: Mapping[str, str]
    actions: Collection[str]
    #: facts that are declared, with their kinds
    facts: Mapping[str, FactKind]
    #: actions that do more than lead on, so that no way can take their place
    effects: Collection[str]
    #: of these, those that a step can leave out
    optional: Collection[str]
    #: whether steps become states, and whether parties can say that their part is done
    expands: bool
    asks_parties: bool


def step_faults(steps: Sequence[StepModel], known: Known, path: KeyPath) -> Iterator[Fault]:
    """Find what is wrong with steps.

    Args:
        steps: As written.
        known: What they may name.
        path: Where they are in the file.
    """
    yield from _number_faults(steps, path)
    for index, step in enumerate(steps):
        yield from _who_faults(step, known, (*path, index))
        for number, way in enumerate(step.ways):
            yield from _way_faults(way, step, steps, known, (*path, index, "ways", number))
        yield from _own_faults(step, steps, known, (*path, index))
    yield from _phase_faults(steps, path)


def _number_faults(steps: Sequence[StepModel], path: KeyPath) -> Iterator[Fault]:
    for index, step in enumerate(steps):
        if step.number != index + 1:
            message = f"Step {step.number} is in the place of step {index + 1}."
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


def _own_faults(
    step: StepModel, steps: Sequence[StepModel], known: Known, path: KeyPath
) -> Iterator[Fault]:
    """Find actions and steps that a step names and that there are not."""
    for index, name in enumerate(step.may or ()):
        if name not in known.optional:
            message = (
                f'Step {step.number} may "{name}", which is no action that a step can leave out.'
            )
            near = did_you_mean(name, known.optional)
            remedy = f"Those are {', '.join(sorted(known.optional)) or 'none'}. {near}".rstrip()
            yield Fault("unknown-action", (*path, "may", index), message, remedy)
    earlier = [each.number for each in steps if each.phase == "processing" and each is not step]
    for index, number in enumerate(step.four_eyes):
        if number not in earlier or step.phase != "processing":
            message = f"Step {step.number} asks for other eyes than those of step {number}."
            remedy = f"Name other processing steps: {', '.join(map(str, earlier)) or 'none'}."
            yield Fault("bad-way", (*path, "four_eyes", index), message, remedy)
    if step.time is not None and step.limit is not None:
        message = f'Step {step.number} has a "limit" and a "time" that is no length.'
        remedy = 'Write "limit" where it is a length, otherwise "time" alone: it is not counted.'
        yield Fault("step-actors", (*path, "time"), message, remedy)


def stage_faults(
    stages: Sequence[StageModel], steps: Sequence[StepModel], path: KeyPath
) -> Iterator[Fault]:
    """Find stages of steps that there are not, that overlap, or whose steps have times as well."""
    numbers = [step.number for step in steps]
    taken: set[int] = set()
    for index, stage in enumerate(stages):
        first, last = stage.steps
        inside = set(range(first, last + 1))
        if first not in numbers or last not in numbers or first >= last or inside & taken:
            message = f"The stage of steps {first} to {last} is none, or overlaps another one."
            remedy = "Write the first and the last of its steps: steps: [3, 5]."
            yield Fault("bad-way", (*path, index, "steps"), message, remedy)
        for step in steps:
            if step.number in inside and step.limit is not None:
                message = f"Step {step.number} has a limit of its own, and its stage has one."
                remedy = "Write the limit with the stage, or with each of its steps."
                yield Fault("step-actors", (*path, index, "limit"), message, remedy)
        taken |= inside


def _who_faults(step: StepModel, known: Known, path: KeyPath) -> Iterator[Fault]:
    yield from _named_roles(step, known, path)
    for key in ("actors", "together"):
        for index, party in enumerate(getattr(step, key)):
            yield from _unknown_role(party.role, step, known, (*path, key, index, "role"))
    yield from _unable_faults(step, known, path)
    if step.phase != "processing":
        yield from _aside_faults(step, path)
    elif step.actors:
        yield from _in_turn_faults(step, path)
    else:
        yield from _together_faults(step, path)


def _named_roles(step: StepModel, known: Known, path: KeyPath) -> Iterator[Fault]:
    if step.role is None and not step.actors and not step.roles:
        message, remedy = missing_key("role", f"step {step.number}", ("revisions", "steps", "role"))
        remedy = f"{remedy} Or list several: under roles if one of them does it, under actors if "
        remedy += "each does a part in turn."
        yield Fault("missing-key", path, message, remedy)
    if step.role is not None:
        yield from _unknown_role(step.role, step, known, (*path, "role"))
    for index, role in enumerate(step.roles):
        yield from _unknown_role(role, step, known, (*path, "roles", index))
    if step.role is not None and step.roles:
        message = f'Step {step.number} has "role" and "roles".'
        yield Fault("step-actors", (*path, "roles"), message, "Write one of them.")


def _unable_faults(step: StepModel, known: Known, path: KeyPath) -> Iterator[Fault]:
    """Find what the course of a template has no place for."""
    able = {
        "actors": known.expands,
        "ways": known.expands,
        "together": known.expands and known.asks_parties,
    }
    what = "lets no party say that its part is done"
    if not known.expands:
        what = "has no state for each of its steps"
    for key, can in able.items():
        if getattr(step, key) and not can:
            yield Fault(
                "step-actors",
                (*path, key),
                f'Step {step.number} has {key}; the template "{known.course}" {what}.',
                'Use another template, or one that extends "ordinary".',
            )


def _aside_faults(step: StepModel, path: KeyPath) -> Iterator[Fault]:
    if step.agency is not None and step.agency.id is not None:
        yield Fault(
            "step-actors",
            (*path, "agency", "id"),
            f"Step {step.number} is the {step.phase}, which only the competent agency does.",
            'Leave out the "id"; the name alone is shown to people.',
        )
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
    timed = step.limit is not None and any(each.limit is not None for each in step.actors)
    for key in ("role", "roles", "limit", "actor", "together", "procedure"):
        if getattr(step, key) and (key != "limit" or timed):
            yield Fault(
                "step-actors",
                (*path, key),
                f'Step {step.number} has actors who act in turn, and "{key}" besides.',
                "Make it a step of its own: parties act at the same time, actors in turn."
                if key == "together"
                else f'Write "{key}" with each of the actors, or leave out "actors".',
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
        names, near = ", ".join(known.roles), did_you_mean(role, known.roles)
        if not role.isascii():  # a title as the decision prints it
            names = ", ".join(f"{name} ({label})" for name, label in known.roles.items())
            near = ""
        yield Fault("unknown-role", path, message, f"Its roles are {names}. {near}".rstrip())


def _way_faults(
    way: WayModel, step: StepModel, steps: Sequence[StepModel], known: Known, path: KeyPath
) -> Iterator[Fault]:
    places = [each.number for each in steps if each.phase == "processing" and each is not step]
    if way.to not in places:
        phase = next((each.phase for each in steps if each.number == way.to), None)
        what = (
            f"step {way.to}, which is the {phase}"
            if phase
            else f"step {way.to}, which there is not"
        )
        what = f"step {way.to}, which is that step itself" if way.to == step.number else what
        message = f"A way of step {step.number} leads to {what}."
        remedy = f"Ways lead to other processing steps: {', '.join(map(str, places)) or 'none'}."
        yield Fault("bad-way", (*path, "to"), message, remedy)
    if way.action in RESERVED or way.action in known.effects:
        why = (
            "is not an action of a workflow" if way.action in RESERVED else "has effects of its own"
        )
        message = f'The action "{way.action}" {why}, so no way can take its place.'
        remedy = f"Use one that only leads on, or one of your own. {_plain(known)}"
        yield Fault("bad-way", (*path, "action"), message, remedy.rstrip())
        return
    if way.action not in known.actions and not way.vi:
        message = f'The action "{way.action}" is not declared, so it has no label.'
        near = did_you_mean(way.action, known.actions)
        remedy = f'Write what it is called, under "vi" and "en" of the way. {near}'.rstrip()
        yield Fault("unknown-action", (*path, "action"), message, remedy)
    yield from fact_faults(way.guard, way.sets, known.facts, path)


def _plain(known: Known) -> str:
    plain = [name for name in known.actions if name in {"forward", "send_back"}]
    return f"In this template such are {' and '.join(plain)}." if plain else ""
