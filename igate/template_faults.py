"""What a template names and does not declare: states, positions, roles, actions, facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from igate.errors import GuardError
from igate.findings import did_you_mean
from igate.guard import Guard, names_in
from igate.templates import POSITIONS, STEP_ROLE, StateRef
from igate.workflow import BUILT_IN_FACTS, FactKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate._yaml import KeyPath
    from igate.findings import FindingCode
    from igate.template_model import TemplateFile, TransitionModel

__all__ = ["Fault", "fact_names", "faults_of"]

_KINDS: dict[type, FactKind] = {bool: "bool", int: "int", str: "text"}


class Fault(NamedTuple):
    """Something wrong, before its place in the file is looked up."""

    code: FindingCode
    path: KeyPath
    message: str
    remedy: str


def faults_of(model: TemplateFile, inherited: int) -> Iterator[Fault]:
    """Find names that nothing declares.

    Args:
        model: The template, with what it extends merged into it.
        inherited: How many of its transitions, the first ones, stand in the other file.
    """
    for name in model.any_agency_roles:
        yield from _unknown_role(model, name, ("any_agency_roles",))
    for index, step in enumerate(model.steps):
        yield from _unknown_role(model, step.role, ("steps", index, "role"))
    for index, transition in enumerate(model.transitions):
        path: KeyPath = ("transitions", index - inherited) if index >= inherited else ()
        yield from _state_faults(model, transition, path)
        yield from _role_faults(model, transition, path)
        yield from _fact_faults(model, transition, path)
        if transition.action not in model.actions:
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
        if name != STEP_ROLE:
            yield from _unknown_role(model, name, (*path, "roles"))
        elif not all(_is_expanded(model, text) for text in transition.source):
            message = (
                f'The role "step" of the transition "{transition.action}" is nobody: a state that '
                "it starts from belongs to no processing step."
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


def _fact_faults(
    model: TemplateFile, transition: TransitionModel, path: KeyPath
) -> Iterator[Fault]:
    for name, value in transition.sets.items():
        kind = model.facts.get(name)
        if kind is None:
            message = f'The fact "{name}" is not declared.'
            near = did_you_mean(name, model.facts) or 'Declare it under "facts:".'
            yield Fault("unknown-fact", (*path, "sets", name), message, near)
        elif _KINDS[type(value)] != kind:
            message = f'The fact "{name}" is declared as {kind}, and {value!r} is not.'
            yield Fault("wrong-type", (*path, "sets", name), message, f"Give it a {kind}.")
    if transition.guard is not None:
        try:
            names_in(transition.guard)
        except GuardError as error:
            remedy = " ".join(part for part in (error.why, error.fix) if part)
            yield Fault("malformed-guard", (*path, "guard"), error.what, remedy)
            return
        try:
            Guard.parse(transition.guard, fact_names(model))
        except GuardError as error:
            yield Fault(
                "unknown-guard-name", (*path, "guard"), error.what, f"{error.fix} {error.why}"
            )


def fact_names(model: TemplateFile) -> frozenset[str]:
    """Give the names that a guard of the template may use."""
    return frozenset(model.facts) | frozenset(BUILT_IN_FACTS)
