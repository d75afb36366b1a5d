"""What makes no sense in the steps of a file: their order, who acts, where their ways lead."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from igate.files.fault import Fault
from igate.files.findings import did_you_mean
from igate.files.shape import missing_key
from igate.procedures.naming import name_meant
from igate.procedures.reading.fact_faults import fact_faults
from igate.procedures.workflow import MIGRATE
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from igate.files.yaml import KeyPath
    from igate.procedures.reading.keys import StageModel, StepModel, WayModel
    from igate.procedures.workflow import FactKind

__all__ = ["RESERVED", "Known", "stage_faults", "step_faults"]

#: Entries of a journal that no workflow can declare, with what to do instead.
RESERVED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "submit": say(
            "Every dossier begins with the entry submit, which OneStop.submit writes: name "
            "the state that it leads to under initial, and begin with the action that "
            "follows."
        ),
        "recount": say(
            "OneStop.record_moved_dates writes this entry, in any state: leave the transition out."
        ),
        MIGRATE: say(
            "OneStop.migrate writes this entry, from any state: leave the transition out."
        ),
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
            message = say(
                "Step {number} is in the place of step {index}.",
                number=step.number,
                index=index + 1,
            )
            remedy = say("Number the steps 1, 2, 3, … in the order of the decision.")
            yield Fault("step-numbers", (*path, index, "number"), message, remedy)
            return


def _phase_faults(steps: Sequence[StepModel], path: KeyPath) -> Iterator[Fault]:
    last = len(steps) - 1
    for index, step in enumerate(steps):
        if step.phase == "reception" and index > 0:
            message = say(
                "Step {number} is a second reception, or one after processing began.",
                number=step.number,
            )
            remedy = say("Only the first step is the reception; write phase: processing.")
            yield Fault("step-phases", (*path, index, "phase"), message, remedy)
        if step.phase == "handover" and index < last:
            message = say(
                "Step {number} hands over the result before the last step.", number=step.number
            )
            remedy = say("Only the last step is the handing over; write phase: processing.")
            yield Fault("step-phases", (*path, index, "phase"), message, remedy)
    if not any(step.phase == "processing" for step in steps):
        message = say("No step processes the dossier, so nobody could finish it.")
        yield Fault("step-phases", path, message, say("Give at least one step phase: processing."))


def _own_faults(
    step: StepModel, steps: Sequence[StepModel], known: Known, path: KeyPath
) -> Iterator[Fault]:
    """Find actions and steps that a step names and that there are not."""
    for index, name in enumerate(step.may or ()):
        if name not in known.optional:
            message = say(
                'Step {number} may "{name}", which is no action that a step can leave out.',
                number=step.number,
                name=name,
            )
            near = did_you_mean(name, known.optional)
            remedy = together(
                say(
                    "Those are {optional}.",
                    optional=", ".join(sorted(known.optional)) or say("none"),
                ),
                near,
            )
            yield Fault("unknown-action", (*path, "may", index), message, remedy)
    earlier = [each.number for each in steps if each.phase == "processing" and each is not step]
    for index, number in enumerate(step.four_eyes):
        if number not in earlier or step.phase != "processing":
            message = say(
                "Step {number} asks for other eyes than those of step {number_2}.",
                number=step.number,
                number_2=number,
            )
            remedy = say(
                "Name other processing steps: {earlier}.",
                earlier=", ".join(map(str, earlier)) or say("none"),
            )
            yield Fault("bad-way", (*path, "four_eyes", index), message, remedy)
    if step.time is not None and step.limit is not None:
        message = say(
            'Step {number} has a "limit" and a "time" that is no length.', number=step.number
        )
        remedy = say(
            'Write "limit" where it is a length, otherwise "time" alone: it is not counted.'
        )
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
            message = say(
                "The stage of steps {first} to {last} is none, or overlaps another one.",
                first=first,
                last=last,
            )
            remedy = say("Write the first and the last of its steps: steps: [3, 5].")
            yield Fault("bad-way", (*path, index, "steps"), message, remedy)
        for step in steps:
            if step.number in inside and step.limit is not None:
                message = say(
                    "Step {number} has a limit of its own, and its stage has one.",
                    number=step.number,
                )
                remedy = say("Write the limit with the stage, or with each of its steps.")
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
        whole = say("step {number}", number=step.number)
        message, remedy = missing_key("role", whole, ("revisions", "steps", "role"))
        several = say(
            "Or list several: under roles if one of them does it, under actors if each does a "
            "part in turn."
        )
        remedy = together(remedy, several)
        yield Fault("missing-key", path, message, remedy)
    if step.role is not None:
        yield from _unknown_role(step.role, step, known, (*path, "role"))
    for index, role in enumerate(step.roles):
        yield from _unknown_role(role, step, known, (*path, "roles", index))
    if step.role is not None and step.roles:
        message = say('Step {number} has "role" and "roles".', number=step.number)
        yield Fault("step-actors", (*path, "roles"), message, say("Write one of them."))


def _unable_faults(step: StepModel, known: Known, path: KeyPath) -> Iterator[Fault]:
    """Find what the course of a template has no place for."""
    able = {
        "actors": known.expands,
        "ways": known.expands,
        "together": known.expands and known.asks_parties,
    }
    what = say("lets no party say that its part is done")
    if not known.expands:
        what = say("has no state for each of its steps")
    for key, can in able.items():
        if getattr(step, key) and not can:
            yield Fault(
                "step-actors",
                (*path, key),
                say(
                    'Step {number} has {key}; the template "{course}" {what}.',
                    number=step.number,
                    key=key,
                    course=known.course,
                    what=what,
                ),
                say('Use another template, or one that extends "ordinary".'),
            )


def _aside_faults(step: StepModel, path: KeyPath) -> Iterator[Fault]:
    if step.agency is not None and step.agency.id is not None:
        yield Fault(
            "step-actors",
            (*path, "agency", "id"),
            say(
                "Step {number} is the {phase}, which only the competent agency does.",
                number=step.number,
                phase=step.phase,
            ),
            say('Leave out the "id"; the name alone is shown to people.'),
        )
    for key in ("actors", "together", "ways", "may"):
        if getattr(step, key):
            yield Fault(
                "step-actors",
                (*path, key),
                say(
                    "Step {number} is the {phase}; only processing steps have {key}.",
                    number=step.number,
                    phase=step.phase,
                    key=key,
                ),
                say("Write a step of its own with phase: processing."),
            )


def _together_faults(step: StepModel, path: KeyPath) -> Iterator[Fault]:
    roles = [party.role for party in step.together]
    for index, role in enumerate(roles):
        if role in roles[:index]:
            yield Fault(
                "step-actors",
                (*path, "together", index, "role"),
                say(
                    'Two parties of step {number} have the role "{role}", so nobody could '
                    "tell whose part is done.",
                    number=step.number,
                    role=role,
                ),
                say('Declare a role for each under "roles:" of the revision.'),
            )


def _in_turn_faults(step: StepModel, path: KeyPath) -> Iterator[Fault]:
    timed = step.limit is not None and any(each.limit is not None for each in step.actors)
    for key in ("role", "roles", "limit", "actor", "together", "procedure"):
        if getattr(step, key) and (key != "limit" or timed):
            yield Fault(
                "step-actors",
                (*path, key),
                say(
                    'Step {number} has actors who act in turn, and "{key}" besides.',
                    number=step.number,
                    key=key,
                ),
                say("Make it a step of its own: parties act at the same time, actors in turn.")
                if key == "together"
                else say('Write "{key}" with each of the actors, or leave out "actors".', key=key),
            )
    if len(step.actors) == 1:
        yield Fault(
            "step-actors",
            (*path, "actors"),
            say("Step {number} lists one actor.", number=step.number),
            say("Write role and limit with the step itself."),
        )


def _unknown_role(role: str, step: StepModel, known: Known, path: KeyPath) -> Iterator[Fault]:
    if role not in known.roles:
        message = say(
            'The role "{role}" of step {number} is not in "{course}".',
            role=role,
            number=step.number,
            course=known.course,
        )
        names = ", ".join(known.roles)
        if not role.isascii():  # a title as the decision prints it
            names = ", ".join(f"{name} ({label})" for name, label in known.roles.items())
        near = name_meant(role, {name: (label,) for name, label in known.roles.items()})
        yield Fault(
            "unknown-role",
            path,
            message,
            together(say("Its roles are {names}.", names=names), near),
        )


def _way_faults(
    way: WayModel, step: StepModel, steps: Sequence[StepModel], known: Known, path: KeyPath
) -> Iterator[Fault]:
    places = [each.number for each in steps if each.phase == "processing" and each is not step]
    if way.to not in places:
        phase = next((each.phase for each in steps if each.number == way.to), None)
        what = (
            say("step {to}, which is the {phase}", to=way.to, phase=phase)
            if phase
            else say("step {to}, which there is not", to=way.to)
        )
        what = (
            say("step {to}, which is that step itself", to=way.to)
            if way.to == step.number
            else what
        )
        message = say("A way of step {number} leads to {what}.", number=step.number, what=what)
        remedy = say(
            "Ways lead to other processing steps: {places}.",
            places=", ".join(map(str, places)) or say("none"),
        )
        yield Fault("bad-way", (*path, "to"), message, remedy)
    if way.action in RESERVED or way.action in known.effects:
        why = (
            say("is not an action of a workflow")
            if way.action in RESERVED
            else say("has effects of its own")
        )
        message = say(
            'The action "{action}" {why}, so no way can take its place.', action=way.action, why=why
        )
        remedy = together(say("Use one that only leads on, or one of your own."), _plain(known))
        yield Fault("bad-way", (*path, "action"), message, remedy)
        return
    if way.action not in known.actions and not way.vi:
        message = say(
            'The action "{action}" is not declared, so it has no label.', action=way.action
        )
        near = did_you_mean(way.action, known.actions)
        remedy = together(say('Write what it is called, under "vi" and "en" of the way.'), near)
        yield Fault("unknown-action", (*path, "action"), message, remedy)
    yield from fact_faults(way.guard, way.sets, known.facts, path)


def _plain(known: Known) -> str:
    plain = [name for name in known.actions if name in {"forward", "send_back"}]
    return (
        say("In this template such are {plain}.", plain=together(*plain, between=say(" and ")))
        if plain
        else ""
    )
