"""What makes no sense in the steps of a file and in a template.

In steps: their order, who acts, and where their ways lead. In a template: states, positions, roles,
actions and facts that it names and does not declare.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from igate.errors import GuardError
from igate.files.fault import Fault
from igate.files.findings import did_you_mean
from igate.files.shape import missing_key
from igate.procedures.guard import Guard, mismatch, names_in
from igate.procedures.template import PARTY_ROLE, POSITIONS, STEP_ROLE, StateRef
from igate.procedures.workflow import BUILT_IN_FACTS, MIGRATE, FactKind, Party

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from igate.files.yaml import KeyPath
    from igate.procedures.reading.keys import StepModel, TemplateFile, TransitionModel, WayModel
    from igate.procedures.workflow import FactValue

__all__ = [
    "RESERVED",
    "Known",
    "done_facts",
    "fact_faults",
    "fact_names",
    "faults_of",
    "step_faults",
]


_WRITTEN: dict[FactKind, str] = {
    "bool": "true or false, without quotes",
    "int": "a whole number, without quotes",
    "text": "a text",
}
#: Entries of a journal that no workflow can declare, with what to do instead.
RESERVED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "submit": "Every dossier begins with the entry submit, which OneStop.submit writes: name "
        "the state that it leads to under initial, and begin with the action that follows.",
        MIGRATE: "OneStop.migrate writes this entry, from any state: leave the transition out.",
    }
)
_KINDS: dict[type, FactKind] = {bool: "bool", int: "int", str: "text"}


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
    #: whether steps become states, and whether parties can say that their part is done
    expands: bool
    asks_parties: bool


def done_facts(steps: Iterable[StepModel]) -> dict[str, FactKind]:
    """Return the facts by which parties of steps say that their part is done."""
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
        path: Where they are in the file.
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


def _who_faults(step: StepModel, known: Known, path: KeyPath) -> Iterator[Fault]:
    if step.role is None and not step.actors:
        message, remedy = missing_key("role", f"step {step.number}", ("revisions", "steps", "role"))
        yield Fault("missing-key", path, message, f"{remedy} Or list several under actors.")
    if step.role is not None:
        yield from _unknown_role(step.role, step, known, (*path, "role"))
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
    for key in ("role", "limit", "actor", "together", "procedure"):
        if getattr(step, key):
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
            yield Fault("wrong-type", (*path, "sets", name), message, f"Write {_WRITTEN[kind]}.")
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
    wrong = mismatch(guard, {**kinds, **BUILT_IN_FACTS})
    if wrong:
        message = f'The guard "{guard}" compares what is not alike: {wrong}.'
        remedy = "Compare a fact with a constant of its own kind; a text is written in quotes."
        yield Fault("malformed-guard", path, message, remedy)


def _plain(known: Known) -> str:
    plain = [name for name in known.actions if name in {"forward", "send_back"}]
    return f"In this template such are {' and '.join(plain)}." if plain else ""


def faults_of(model: TemplateFile, inherited: int) -> Iterator[Fault]:
    """Find names that nothing declares.

    Args:
        model: The template, with what it extends merged into it.
        inherited: How many of its transitions, the first ones, are in the other file.
    """
    for name in model.any_agency_roles:
        yield from _role_not_declared(model, name, ("any_agency_roles",))
    if model.steps:
        kinds = {**model.facts, **done_facts(model.steps)}
        known = Known(
            course=model.template,
            roles={name: each.vi for name, each in model.roles.items()},
            actions=model.actions,
            facts=kinds,
            effects={t.action for t in model.transitions if t.clock or t.outcome}
            | {t.action for t in model.transitions if PARTY_ROLE in t.roles},
            expands=any(state.expand for state in model.states.values()),
            asks_parties=any(PARTY_ROLE in t.roles for t in model.transitions),
        )
        yield from step_faults(model.steps, known, ("steps",))
    for index, transition in enumerate(model.transitions):
        path: KeyPath = ("transitions", index - inherited) if index >= inherited else ()
        yield from _state_faults(model, transition, path)
        yield from _role_faults(model, transition, path)
        yield from fact_faults(transition.guard, transition.sets, model.facts, path)
        if transition.action in RESERVED:
            message = f'No transition can be called "{transition.action}".'
            yield Fault("bad-name", (*path, "action"), message, RESERVED[transition.action])
        elif transition.action not in model.actions:
            message = f'The action "{transition.action}" is not declared, so it has no label.'
            near = did_you_mean(transition.action, model.actions)
            remedy = near or 'Declare it under "actions:" with its label.'
            yield Fault("unknown-action", (*path, "action"), message, remedy)


def _state_faults(
    model: TemplateFile, transition: TransitionModel, path: KeyPath
) -> Iterator[Fault]:
    states, refs = model.states, [StateRef.parse(text) for text in transition.source]
    ends = [(ref, (*path, "from"), "starts from") for ref in refs]
    for ref, where, verb in [*ends, (StateRef.parse(transition.target), (*path, "to"), "leads to")]:
        if ref.state not in states:
            message = (
                f'The transition "{transition.action}" {verb} the state "{ref.state}", which this '
                "template does not declare, so no dossier could take it."
            )
            remedy = f"Declared states: {', '.join(states)}. {did_you_mean(ref.state, states)}"
            yield Fault("unknown-state", where, message, remedy.rstrip())
        else:
            yield from _position_faults(model, transition, ref, where)


def _position_faults(
    model: TemplateFile, transition: TransitionModel, ref: StateRef, where: KeyPath
) -> Iterator[Fault]:
    expanded = model.states[ref.state].expand is not None
    target = where[-1] == "to"
    allowed: tuple[str | None, ...] = (None,)
    if expanded and target:
        from_steps = all(_is_expanded(model, text) for text in transition.source)
        allowed = POSITIONS if from_steps else ("first", "last")
    elif expanded:
        allowed = (None, "first", "last")
    if ref.position not in allowed:
        message = (
            f'The transition "{transition.action}" names "{ref}", which does not say one state '
            f"a dossier can be in."
        )
        spelled = [ref.state if each is None else f"{ref.state}.{each}" for each in allowed]
        yield Fault("bad-position", where, message, f"Write {' or '.join(spelled)}.")


def _is_expanded(model: TemplateFile, text: str) -> bool:
    state = model.states.get(StateRef.parse(text).state)
    return state is None or state.expand is not None


def _role_faults(
    model: TemplateFile, transition: TransitionModel, path: KeyPath
) -> Iterator[Fault]:
    for name in transition.roles:
        if name not in {STEP_ROLE, PARTY_ROLE}:
            yield from _role_not_declared(model, name, (*path, "roles"))
        elif not all(_is_expanded(model, text) for text in transition.source):
            message = (
                f'The role "{name}" of the transition "{transition.action}" is nobody: a state '
                "that it starts from belongs to no processing step."
            )
            yield Fault("unknown-role", (*path, "roles"), message, "Name the role.")
    for kind in ("enters", "leaves", "stays"):
        name = getattr(transition, kind)
        if name is not None:
            yield from _role_not_declared(model, name, (*path, kind))


def _role_not_declared(model: TemplateFile, name: str, path: KeyPath) -> Iterator[Fault]:
    if name not in model.roles:
        message = f'The role "{name}" is not declared, so nobody could act.'
        remedy = f"Declared roles: {', '.join(model.roles)}. {did_you_mean(name, model.roles)}"
        yield Fault("unknown-role", path, message, remedy.rstrip())


def fact_names(model: TemplateFile) -> frozenset[str]:
    """Return the names that a guard of the template may use."""
    return frozenset(model.facts) | frozenset(BUILT_IN_FACTS)
