"""What a template names and does not declare: states, positions, roles, actions, facts, options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from igate.files.fault import Fault
from igate.files.findings import did_you_mean
from igate.procedures.reading.fact_faults import (
    done_facts,
    fact_faults,
    label_faults,
    option_faults,
    setter_faults,
)
from igate.procedures.reading.step_faults import RESERVED, Known, stage_faults, step_faults
from igate.procedures.reading.values import kinds_of
from igate.procedures.template import (
    BACK,
    DOER_ROLE,
    HERE,
    PARTY_ROLE,
    POSITIONS,
    STEP_ROLE,
    StateRef,
)
from igate.procedures.workflow import BUILT_IN_FACTS
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.files.yaml import KeyPath
    from igate.procedures.reading.keys import TemplateFile, TransitionModel

__all__ = ["fact_names", "faults_of"]


def faults_of(model: TemplateFile, inherited: int) -> Iterator[Fault]:
    """Find names that nothing declares.

    Args:
        model: The template, with what it extends merged into it.
        inherited: How many of its transitions, the first ones, are in the other file.
    """
    for key in ("any_agency_roles", "backdaters"):
        for name in getattr(model, key):
            yield from _role_not_declared(model, name, (key,))
    for name in (BACK, HERE):
        if name in model.states:
            message = say('No state can be called "{name}".', name=name)
            remedy = say(
                '"to: {name}" stands for the state that a dossier came from or is in.', name=name
            )
            yield Fault("bad-name", ("states", name), message, remedy)
    yield from setter_faults(model.facts, {*model.roles, *model.actions}, ())
    yield from label_faults(model.facts)
    yield from _own_step_faults(model)
    for index, transition in enumerate(model.transitions):
        path: KeyPath = ("transitions", index - inherited) if index >= inherited else ()
        yield from _state_faults(model, transition, path)
        yield from _role_faults(model, transition, path)
        yield from fact_faults(transition.guard, transition.sets, kinds_of(model.facts), path)
        yield from _option_faults(model, transition, path)
        yield from _manner_faults(model, transition, path)
        if transition.action in RESERVED:
            message = say('No transition can be called "{action}".', action=transition.action)
            yield Fault("bad-name", (*path, "action"), message, RESERVED[transition.action])
        elif transition.action not in model.actions:
            message = say(
                'The action "{action}" is not declared, so it has no label.',
                action=transition.action,
            )
            near = did_you_mean(transition.action, model.actions)
            near = near or say('Declare it under "actions:" with its label.')
            yield Fault("unknown-action", (*path, "action"), message, near)


def _own_step_faults(model: TemplateFile) -> Iterator[Fault]:
    if model.steps:
        kinds = {**kinds_of(model.facts), **done_facts(model.steps)}
        known = Known(
            course=model.template,
            roles={name: each.vi for name, each in model.roles.items()},
            actions=model.actions,
            facts=kinds,
            effects={t.action for t in model.transitions if _has_effect(t)},
            optional={t.action for t in model.transitions if _is_optional(t)},
            expands=any(state.expand for state in model.states.values()),
            asks_parties=any(PARTY_ROLE in t.roles for t in model.transitions),
        )
        yield from step_faults(model.steps, known, ("steps",))
        yield from stage_faults(model.stages, model.steps, ("stages",))


def _has_effect(transition: TransitionModel) -> bool:
    """Return whether an action does more than lead on, so that no way can take its place."""
    own = {"action", "source", "target", "roles", "any_agency", "enters", "leaves", "stays"}
    plain = {*own, "parties", "guard", "sets", "citation", "option", "without", "reason"}
    return bool(transition.model_fields_set - plain) or PARTY_ROLE in transition.roles


def _is_optional(transition: TransitionModel) -> bool:
    """Return whether a step can leave an action out that the template lets start there."""
    ends = transition.clock is not None or transition.outcome is not None
    return STEP_ROLE in transition.roles and transition.parties is None and ends


def _option_faults(
    model: TemplateFile, transition: TransitionModel, path: KeyPath
) -> Iterator[Fault]:
    for key in ("option", "without"):
        name = getattr(transition, key)
        if name is not None:
            for fault in option_faults([name], model.options, path):
                yield fault._replace(path=(*path, key))


def _manner_faults(
    model: TemplateFile, transition: TransitionModel, path: KeyPath
) -> Iterator[Fault]:
    """Find what an action asks for and nothing declares."""
    for index, name in enumerate(transition.needs):
        if name not in model.facts:
            message = say('The fact "{name}" is not declared.', name=name)
            near = did_you_mean(name, model.facts) or say('Declare it under "facts:".')
            yield Fault("unknown-fact", (*path, "needs", index), message, near)
    known = {each.action for each in model.transitions}
    for index, name in enumerate(transition.undoes):
        if name not in known:
            message = say(
                'No transition has the action "{name}", so it cannot be taken back.', name=name
            )
            near = did_you_mean(name, known) or say(
                "There are {known}.", known=", ".join(sorted(known))
            )
            yield Fault("unknown-action", (*path, "undoes", index), message, near)
    turns = transition.target == BACK
    if (DOER_ROLE in transition.roles) != (turns and bool(transition.undoes)):
        message = say(
            'The action "{action}" takes back what a doer did, or it does not.',
            action=transition.action,
        )
        remedy = say("Write undoes: […], to: back and roles: [doer] together, or none of them.")
        yield Fault("bad-position", (*path, "to"), message, remedy)


def _state_faults(
    model: TemplateFile, transition: TransitionModel, path: KeyPath
) -> Iterator[Fault]:
    states, refs = model.states, [StateRef.parse(text) for text in transition.source]
    ends = [(ref, (*path, "from"), say("starts from")) for ref in refs]
    for ref, where, verb in [
        *ends,
        (StateRef.parse(transition.target), (*path, "to"), say("leads to")),
    ]:
        if where[-1] == "to" and ref.state in {BACK, HERE} and ref.position is None:
            continue
        if ref.state not in states:
            message = say(
                'The transition "{action}" {verb} the state "{state}", which this '
                "template does not declare, so no dossier could take it.",
                action=transition.action,
                verb=verb,
                state=ref.state,
            )
            remedy = together(
                say("Declared states: {states}.", states=", ".join(states)),
                did_you_mean(ref.state, states),
            )
            yield Fault("unknown-state", where, message, remedy)
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
    numbered = expanded and ref.position is not None and ref.position.isdigit()
    if ref.position not in allowed and not numbered:
        message = say(
            'The transition "{action}" names "{ref}", which does not say one state a '
            "dossier can be in.",
            action=transition.action,
            ref=ref,
        )
        spelled = [ref.state if each is None else f"{ref.state}.{each}" for each in allowed]
        yield Fault(
            "bad-position",
            where,
            message,
            say("Write {spelled}.", spelled=together(*spelled, between=say(" or "))),
        )


def _is_expanded(model: TemplateFile, text: str) -> bool:
    state = model.states.get(StateRef.parse(text).state)
    return state is None or state.expand is not None


def _role_faults(
    model: TemplateFile, transition: TransitionModel, path: KeyPath
) -> Iterator[Fault]:
    for name in transition.roles:
        if name == DOER_ROLE:
            continue
        if name not in {STEP_ROLE, PARTY_ROLE}:
            yield from _role_not_declared(model, name, (*path, "roles"))
        elif not all(_is_expanded(model, text) for text in transition.source):
            message = say(
                'The role "{name}" of the transition "{action}" is nobody: a state '
                "that it starts from belongs to no processing step.",
                name=name,
                action=transition.action,
            )
            yield Fault("unknown-role", (*path, "roles"), message, say("Name the role."))
    for kind in ("enters", "leaves", "stays"):
        name = getattr(transition, kind)
        if name is not None:
            yield from _role_not_declared(model, name, (*path, kind))


def _role_not_declared(model: TemplateFile, name: str, path: KeyPath) -> Iterator[Fault]:
    if name not in model.roles:
        message = say('The role "{name}" is not declared, so nobody could act.', name=name)
        remedy = together(
            say("Declared roles: {roles}.", roles=", ".join(model.roles)),
            did_you_mean(name, model.roles),
        )
        yield Fault("unknown-role", path, message, remedy)


def fact_names(model: TemplateFile) -> frozenset[str]:
    """Return the names that a guard of the template may use."""
    return frozenset(model.facts) | frozenset(BUILT_IN_FACTS)
