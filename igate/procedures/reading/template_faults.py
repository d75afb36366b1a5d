"""What a template names and does not declare: states, positions, roles, actions, facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from igate.files.findings import did_you_mean
from igate.procedures.reading.faults import (
    RESERVED,
    Fault,
    Known,
    done_facts,
    fact_faults,
    step_faults,
)
from igate.procedures.template import PARTY_ROLE, POSITIONS, STEP_ROLE, StateRef
from igate.procedures.workflow import BUILT_IN_FACTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.files.yaml import KeyPath
    from igate.procedures.reading.template_model import TemplateFile, TransitionModel

__all__ = ["fact_names", "faults_of"]


def faults_of(model: TemplateFile, inherited: int) -> Iterator[Fault]:
    """Find names that nothing declares.

    Args:
        model: The template, with what it extends merged into it.
        inherited: How many of its transitions, the first ones, stand in the other file.
    """
    for name in model.any_agency_roles:
        yield from _unknown_role(model, name, ("any_agency_roles",))
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
            message = f'The action "{transition.action}" is kept for an entry of another kind.'
            yield Fault("bad-name", (*path, "action"), message, "Give it another name.")
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
            yield from _unknown_role(model, name, (*path, "roles"))
        elif not all(_is_expanded(model, text) for text in transition.source):
            message = (
                f'The role "{name}" of the transition "{transition.action}" is nobody: a state '
                "that it starts from belongs to no processing step."
            )
            yield Fault("unknown-role", (*path, "roles"), message, "Name the role.")
    for kind in ("enters", "leaves", "stays"):
        name = getattr(transition, kind)
        if name is not None:
            yield from _unknown_role(model, name, (*path, kind))


def _unknown_role(model: TemplateFile, name: str, path: KeyPath) -> Iterator[Fault]:
    if name not in model.roles:
        message = f'The role "{name}" is not declared, so nobody could act.'
        remedy = f"Declared roles: {', '.join(model.roles)}. {did_you_mean(name, model.roles)}"
        yield Fault("unknown-role", path, message, remedy.rstrip())


def fact_names(model: TemplateFile) -> frozenset[str]:
    """Return the names that a guard of the template may use."""
    return frozenset(model.facts) | frozenset(BUILT_IN_FACTS)
