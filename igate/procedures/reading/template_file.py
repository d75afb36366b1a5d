"""Template files: read, checked and made into values.

A template may extend one other, which must not extend a third: its states, roles, facts and
actions are added (or put in the place of those of the same name), and where it declares a
transition of an action, it replaces all transitions of that action.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from igate.files.fault import Fault
from igate.files.findings import did_you_mean
from igate.files.shape import check_shape, missing_key
from igate.procedures.expansion import expand, plain_steps
from igate.procedures.guard import Guard
from igate.procedures.machine import workflow_faults
from igate.procedures.reading.keys import TemplateFile
from igate.procedures.reading.template_faults import fact_names, faults_of
from igate.procedures.reading.values import (
    fact_labels_of,
    kinds_of,
    setters_of,
    stages_of,
    steps_of,
)
from igate.procedures.template import (
    Additions,
    Crossing,
    StateRef,
    Template,
    TemplateState,
    TemplateTransition,
)
from igate.procedures.workflow import PLAIN, Manner
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from igate.errors import Finding
    from igate.files.fields import FullLabelModel
    from igate.files.yaml import KeyPath, YamlFile
    from igate.law.citation import Label
    from igate.procedures.reading.keys import TransitionModel

__all__ = ["lost", "read_shape", "read_template"]


class _Whole(NamedTuple):
    """A template file with the one that it extends; and how much of it is not its own."""

    model: TemplateFile
    inherited: int


def read_shape(read: YamlFile) -> tuple[TemplateFile | None, list[Finding]]:
    """Hold a template file against its keys alone."""
    return check_shape(TemplateFile, read)


def read_template(
    read: YamlFile, parent: Callable[[str], TemplateFile | None], names: Collection[str]
) -> tuple[Template | None, list[Finding]]:
    """Check a template file and make its value.

    Args:
        read: The file.
        parent: Gives the file of a template that can be extended.
        names: The templates that there are.

    Returns:
        The template, or ``None`` where it has errors; and all findings.
    """
    model, found = read_shape(read)
    if model is None:
        return None, found
    whole, faults = _extended(model, parent, names)
    if whole is not None:
        faults += faults_of(whole.model, whole.inherited)
    template = None
    if whole is not None and not faults:
        template = _template(whole.model)
        faults += [*lost(template, whole.inherited)]
    found += [fault.placed(read) for fault in faults]
    return (None if found else template), found


def _absent(name: str) -> tuple[str, str]:
    return missing_key(name, say("the template"), (name,), TemplateFile.page)


def _extended(
    model: TemplateFile, parent: Callable[[str], TemplateFile | None], names: Collection[str]
) -> tuple[_Whole | None, list[Fault]]:
    if model.extends is None:
        absent = [name for name in ("initial", "states", "transitions") if not getattr(model, name)]
        return (
            None if absent else _Whole(model, 0),
            [Fault("missing-key", (), *_absent(name)) for name in absent],
        )
    path: KeyPath = ("extends",)
    base = None if model.extends == model.template else parent(model.extends)
    if base is None:
        remedy = together(
            say("There are {names}.", names=", ".join(sorted(names))),
            did_you_mean(model.extends, names),
        )
        message = say(
            'There is no template "{extends}" that could be extended.', extends=model.extends
        )
        return None, [Fault("bad-extends", path, message, remedy)]
    if base.extends is not None:
        message = say(
            'The template "{template_name}" itself extends "{extends}".',
            template_name=base.template,
            extends=base.extends,
        )
        return None, [
            Fault(
                "bad-extends",
                path,
                message,
                say('Extend "{extends}" directly.', extends=base.extends),
            )
        ]
    replaced = {transition.action for transition in model.transitions}
    kept = [each for each in base.transitions if each.action not in replaced]
    changes: dict[str, object] = {
        "initial": model.initial or base.initial,
        "any_agency_roles": [*base.any_agency_roles, *model.any_agency_roles],
        "cutoff": model.cutoff or base.cutoff,
        "steps": model.steps or base.steps,
        "transitions": [*kept, *model.transitions],
    }
    changes["backdaters"] = [*base.backdaters, *model.backdaters]
    changes["counters"] = base.counters if model.counters is None else model.counters
    changes["own_dossiers"] = model.own_dossiers or base.own_dossiers
    changes["stages"] = model.stages or base.stages
    for name in ("roles", "facts", "states", "actions", "options"):
        changes[name] = {**getattr(base, name), **getattr(model, name)}
    return _Whole(model.model_copy(update=changes), len(kept)), []


def lost(
    template: Template, inherited: int, options: frozenset[str] = frozenset()
) -> Iterator[Fault]:
    """Expand the template with its own or plain steps, and see whether a dossier could get lost.

    Args:
        template: The template, with what it extends merged into it.
        inherited: How many of its transitions, the first ones, are in the other file.
        options: Those that a procedure would choose.
    """
    steps = template.steps or plain_steps(template, processing=3)
    expansion = expand(template, steps, Additions(options=options) if options else None)
    seen: set[tuple[str, KeyPath]] = set()
    for fault in workflow_faults(expansion.workflow):
        path: KeyPath = ("initial",) if fault.code == "unknown-state" else ("states",)
        if fault.transition is not None:
            origin = expansion.origins[fault.transition]
            path = (
                ("steps", origin.step, "ways", origin.way)
                if origin.transition is None
                else ("transitions", origin.transition - inherited)
            )
        elif fault.state is not None:
            path = ("states", fault.state.rstrip("_0123456789"))  # names end in a letter
        if (fault.code, path) not in seen:
            seen.add((fault.code, path))
            yield Fault(fault.code, path, fault.message, fault.remedy)


def _template(model: TemplateFile) -> Template:
    return Template(
        name=model.template,
        label=model.label.label(),
        citation=model.citation,
        initial=model.initial or "",
        roles=_labels(model.roles),
        any_agency_roles=frozenset(model.any_agency_roles),
        facts=kinds_of(model.facts),
        cutoff=model.cutoff.cutoff() if model.cutoff else None,
        states=MappingProxyType(
            {
                name: TemplateState(
                    name=name,
                    label=state.label.label(),
                    national_status=state.national_status,
                    phase=state.phase,
                    expanded=state.expand is not None,
                    final=state.final,
                    option=state.option or "",
                )
                for name, state in model.states.items()
            }
        ),
        actions=_labels(model.actions),
        transitions=tuple(_transition(each, model) for each in model.transitions),
        steps=steps_of(model.steps),
        options=_labels(model.options),
        counters=model.counters or (),
        set_by=setters_of(model.facts),
        backdaters=tuple(model.backdaters),
        own_dossiers=model.own_dossiers == "allowed",
        stages=stages_of(model.stages, model.steps),
        fact_labels=fact_labels_of(model.facts),
    )


def _transition(transition: TransitionModel, model: TemplateFile) -> TemplateTransition:
    guard = transition.guard
    return TemplateTransition(
        action=transition.action,
        sources=tuple(StateRef.parse(text) for text in transition.source),
        target=StateRef.parse(transition.target),
        roles=tuple(transition.roles),
        any_agency=transition.any_agency,
        crossing=_crossing(transition),
        parties=transition.parties,
        guard=None if guard is None else Guard.parse(guard, fact_names(model)),
        clock=transition.clock,
        reason=transition.reason or "",
        outcome=transition.outcome,
        sets=MappingProxyType(dict(transition.sets)),
        citation=transition.citation,
        manner=_manner(transition),
        undoes=tuple(transition.undoes),
        option=transition.option or "",
        without=transition.without or "",
    )


def _manner(transition: TransitionModel) -> Manner:
    made = Manner(
        note=transition.note is not None,
        counter=transition.at_counter,
        needs=tuple(transition.needs),
        changes=tuple(transition.changes),
        assigns=transition.assigns,
        asks=transition.asks_agencies,
        answers=transition.answers,
        max_backdate=transition.max_backdate,
    )
    return PLAIN if made == PLAIN else made


def _crossing(transition: TransitionModel) -> Crossing | None:
    if transition.enters is not None:
        return Crossing(kind="enters", role=transition.enters)
    if transition.leaves is not None:
        return Crossing(kind="leaves", role=transition.leaves)
    if transition.stays is not None:
        return Crossing(kind="stays", role=transition.stays)
    return None


def _labels(models: Mapping[str, FullLabelModel]) -> Mapping[str, Label]:
    return MappingProxyType({name: model.label() for name, model in models.items()})
