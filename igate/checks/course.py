"""The course of a template: what the engine would run, and nobody can have meant.

A role in which nobody could ever act, a condition over a fact that no action establishes, a circle
of transitions that the system alone could go round for ever; and the
rules of the decree on the one-stop. What a template inherits is judged in the file that says it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from igate.checks.decree import decree_faults
from igate.deadlines.rulefile import known_reasons
from igate.files.fault import Fault
from igate.files.findings import did_you_mean
from igate.procedures.expansion import expand, plain_steps
from igate.procedures.reading.template_file import lost
from igate.procedures.template import STEP_ROLE
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.files.yaml import KeyPath, YamlFile
    from igate.procedures.expansion import Expansion
    from igate.procedures.template import Template
    from igate.procedures.workflow import State, Transition

__all__ = ["SYSTEM", "template_faults"]

#: The role of the information system itself.
SYSTEM: Final = "system"
#: National statuses in which a dossier waits for the applicant: no step of the agency is done.
_WAITING = frozenset({5, 6, 7})


def template_faults(
    read: YamlFile, template: Template, parent: Template | None = None
) -> Iterator[Fault]:
    """Find what is doubtful in a template file that has no errors.

    Args:
        read: The file.
        template: The template, with what it extends merged into it.
        parent: The template that it extends: what is wrong there already is not repeated.
    """
    data = read.data if isinstance(read.data, dict) else {}
    own = data.get("transitions")
    inherited = len(template.transitions) - (len(own) if isinstance(own, list) else 0)
    known = set() if parent is None else {(f.code, f.message) for f in _course_faults(parent)}
    yield from _lost_with_options(template, inherited)
    for fault in _course_faults(template):
        if (fault.code, fault.message) not in known:
            yield fault._replace(path=_own_path(fault.path, inherited))
    roles = data.get("roles")
    for name in roles if isinstance(roles, dict) else ():
        yield from _unused_role(template, name)


def _lost_with_options(template: Template, inherited: int) -> Iterator[Fault]:
    """Find ways to lose a dossier that are there only with an option, or with all of them."""
    names = sorted(template.options)
    chosen = [frozenset([name]) for name in names] + ([frozenset(names)] if len(names) > 1 else [])
    known = {(each.code, each.message) for each in lost(template, inherited)}
    for options in chosen:
        for fault in lost(template, inherited, options):
            if (fault.code, fault.message) not in known:
                known.add((fault.code, fault.message))
                said = say(
                    "With the option {options}: {message}",
                    options=", ".join(sorted(options)),
                    message=fault.message,
                )
                yield fault._replace(message=said)


def _own_path(path: KeyPath, inherited: int) -> KeyPath:
    """Return where a transition of the whole template is in the file that adds to another."""
    top, at, *keys = path
    if not isinstance(at, int) or at < inherited:
        return (top,)
    return (top, at - inherited, *keys)


def _course_faults(template: Template) -> Iterator[Fault]:
    """Find faults whose paths count the transitions of the whole template."""
    yield from _unset_facts(template)
    yield from _unknown_reasons(template)
    yield from _endless(template)
    yield from decree_faults(template)


def _unused_role(template: Template, name: str) -> Iterator[Fault]:
    """Find a role that no transition is for: not by name, and not as the role of a step."""
    named = {role for transition in template.transitions for role in transition.roles}
    if name not in named and STEP_ROLE not in named:
        yield Fault(
            "unused-role",
            ("roles", name),
            say(
                'No transition is for the role "{name}", so nobody who holds it could ever act.',
                name=name,
            ),
            say("Name it in the roles of a transition, or remove it."),
        )


def _unset_facts(template: Template) -> Iterator[Fault]:
    established = {
        name
        for transition in template.transitions
        for name in (*transition.sets, *transition.manner.needs)
    } | template.set_by.keys()
    for at, transition in enumerate(template.transitions):
        asked = transition.guard.names if transition.guard else frozenset()
        for name in sorted(asked & template.facts.keys() - established):
            yield Fault(
                "unset-fact",
                ("transitions", at, "guard"),
                say(
                    'The guard of "{action}" asks for the fact "{name}", which no transition sets.',
                    action=transition.action,
                    name=name,
                ),
                say(
                    "Write sets: {{{name}: …}} in the transition that establishes it; "
                    "without one it holds only what the host's program passes with an "
                    "action.",
                    name=name,
                ),
            )


class _Way(NamedTuple):
    """A transition of the workflow that costs nothing, with its position in the template."""

    transition: Transition
    origin: int


def _unknown_reasons(template: Template) -> Iterator[Fault]:
    """Find interruptions for a reason that no clock rules know, which leave the clock running."""
    known = known_reasons()
    for at, transition in enumerate(template.transitions):
        reason = transition.reason
        if transition.clock in {"suspend", "resume"} and reason not in known:
            names = ", ".join(sorted(known))
            yield Fault(
                "unknown-reason",
                ("transitions", at, "reason"),
                say(
                    'The action "{action}" interrupts the clock for the reason "{reason}", '
                    "which no clock rules know: the clock would go on.",
                    action=transition.action,
                    reason=reason,
                ),
                together(say("Write one of {names}.", names=names), did_you_mean(reason, known)),
            )


def _endless(template: Template) -> Iterator[Fault]:
    """Find circles in which nobody decides: the system alone can take every transition of them.

    Where a person acts, each turn is that person's decision; a clock or a guard ends the others.
    """
    expansion = expand(template, template.steps or plain_steps(template, processing=2))
    ways = _idle_ways(expansion)
    onward: defaultdict[str, set[str]] = defaultdict(set)
    for way in ways:
        onward[way.transition.source].add(way.transition.target)
    seen: set[frozenset[int]] = set()
    for way in ways:
        circle = _reached(way.transition.target, onward)
        if way.transition.source not in circle:
            continue
        inside = [
            each
            for each in ways
            if each.transition.source in circle
            and way.transition.source in _reached(each.transition.target, onward)
        ]
        origins = frozenset(each.origin for each in inside)
        if origins not in seen:
            seen.add(origins)
            yield _circle_fault(inside)


def _circle_fault(inside: list[_Way]) -> Fault:
    actions = ", ".join(dict.fromkeys(f'"{each.transition.action}"' for each in inside))
    states = ", ".join(dict.fromkeys(f'"{each.transition.source}"' for each in inside))
    return Fault(
        "endless-loop",
        ("transitions", max(each.origin for each in inside)),
        say(
            "A dossier can go round for ever by {actions} (in {states}): the system takes "
            "each of them, so nobody decides; no clock is stopped or started, and no guard "
            "ends it.",
            actions=actions,
            states=states,
        ),
        say("Give one of them a guard or an effect on the clock, or leave one to a person."),
    )


def _idle_ways(expansion: Expansion) -> list[_Way]:
    states = expansion.workflow.states
    pairs = zip(expansion.workflow.transitions, expansion.origins, strict=True)
    return [
        _Way(transition, origin.transition)
        for transition, origin in pairs
        if origin.transition is not None
        and transition.guard is None
        and transition.clock is None
        and SYSTEM in transition.roles
        and not _is_worked_in(states[transition.source])
    ]


def _is_worked_in(state: State) -> bool:
    return state.step is not None and state.national_status not in _WAITING


def _reached(start: str, onward: defaultdict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting.extend(onward.get(state, ()))
    return reached
