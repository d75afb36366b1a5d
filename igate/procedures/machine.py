"""A workflow, checked and compiled: to an immutable table, and to a ``transitions`` machine.

The table answers the question of every action in one look-up; the engine runs on it. The machine
of the ``transitions`` library says the same in that library's own terms, so its tools can draw,
walk and test a workflow; a property test holds the two equal. Both refuse a workflow in which a
dossier could get lost: a transition to a state that is not declared, a state that cannot be
reached or left, no way to a result.

The words of that library (trigger, source, dest, conditions) appear in this module only.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from igate.errors import DefinitionError, Finding, Place
from igate.files.findings import did_you_mean
from igate.procedures.workflow import PLAIN, RETURNED
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from transitions import Machine

    from igate.files.findings import FindingCode
    from igate.procedures.workflow import FactValue, Transition, Workflow

__all__ = [
    "Table",
    "Walker",
    "WorkflowFault",
    "compile_machine",
    "compile_table",
    "next_transition",
    "workflow_faults",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowFault:
    """Something in a workflow by which a dossier could get lost."""

    code: FindingCode
    message: str
    remedy: str
    #: the state concerned, if it is one state
    state: str | None = None
    #: position of the transition concerned in ``Workflow.transitions``
    transition: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A workflow by (state, action): what can be done, in one look-up."""

    workflow: Workflow
    #: in the order of the workflow; of those whose guard holds, the first counts
    transitions: Mapping[tuple[str, str], tuple[Transition, ...]]
    #: facts that transitions establish, with the actions of these
    established: Mapping[str, tuple[str, ...]]
    #: facts that must be passed with an action, with these actions
    needed: Mapping[str, tuple[str, ...]]
    #: facts by which parties say that their part is done
    parts: frozenset[str]
    #: roles of those who do a processing step, or a part of one
    step_roles: frozenset[str]
    #: (state, action) by which a dossier goes back to where it waited from, and these states
    backs: frozenset[tuple[str, str]]
    waits: frozenset[str]
    #: (state, action) that take the last entry back, and those that can be taken back
    undos: frozenset[tuple[str, str]]
    undoable: frozenset[tuple[str, str]]
    #: states of which it is kept who did their step
    watched: frozenset[str]
    _by_state: Mapping[str, tuple[str, ...]]

    def actions_from(self, state: str) -> tuple[str, ...]:
        """Return the names of the actions that start from a state, in the order of the workflow."""
        return self._by_state.get(state, ())


class Walker:
    """The lightest thing that a ``transitions`` machine can move: it has a state and no more."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def next_transition(
    table: Table, state: str, action: str, facts: Mapping[str, FactValue]
) -> Transition | None:
    """Return the first transition whose guard holds, or ``None``; roles are not looked at.

    Raises:
        GuardError: A guard asks for a fact that is missing or of another kind.
    """
    for transition in table.transitions.get((state, action), ()):
        guard = transition.guard
        if guard is None or guard.holds(facts):
            return transition
    return None


def compile_table(workflow: Workflow) -> Table:
    """Check a workflow and compile it to its table.

    Raises:
        DefinitionError: A dossier could get lost in the workflow.
    """
    _check(workflow)
    moves: defaultdict[tuple[str, str], list[Transition]] = defaultdict(list)
    by_state: defaultdict[str, dict[str, None]] = defaultdict(dict)
    established: defaultdict[str, dict[str, None]] = defaultdict(dict)
    needed: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for transition in workflow.transitions:
        moves[transition.source, transition.action].append(transition)
        by_state[transition.source][transition.action] = None
        for fact in transition.sets:
            established[fact][transition.action] = None
        for fact in transition.manner.needs:
            needed[fact][transition.action] = None
    special = [each for each in workflow.transitions if each.manner is not PLAIN]
    undos = [each for each in special if each.manner.undoes]
    turned = {(each.target, each.source) for each in undos}
    working = [step for step in workflow.steps if step.phase == "processing"]
    return Table(
        workflow=workflow,
        needed=MappingProxyType({fact: tuple(by) for fact, by in needed.items()}),
        parts=frozenset(workflow.parts),
        step_roles=frozenset(
            role
            for step in working
            for role in (*step.roles, *(party.role for party in step.together))
        ),
        backs=frozenset((each.source, each.action) for each in special if each.manner.back),
        waits=frozenset(each.source for each in special if each.manner.back),
        undos=frozenset((each.source, each.action) for each in undos),
        undoable=frozenset(
            (each.source, each.action)
            for each in workflow.transitions
            if (each.source, each.target) in turned and not each.manner.undoes
        ),
        watched=frozenset(state for each in special for state in each.manner.other_than),
        established=MappingProxyType({fact: tuple(by) for fact, by in established.items()}),
        transitions=MappingProxyType({key: tuple(found) for key, found in moves.items()}),
        _by_state=MappingProxyType({state: tuple(names) for state, names in by_state.items()}),
    )


def compile_machine(workflow: Workflow) -> Machine:
    """Check a workflow and compile it to a machine of the ``transitions`` library.

    Take a step with ``machine.events[action].trigger(walker, facts)``: true if it was taken, false
    if no guard held, ``transitions.MachineError`` if the action does not start from the state.
    The machine keeps no list of walkers, and no guard is given by name.

    Raises:
        DefinitionError: A dossier could get lost in the workflow.
    """
    from transitions import Machine  # noqa: PLC0415 - the table needs none of it

    _check(workflow)
    machine = Machine(
        model=None,
        states=[{"name": state.name, "final": state.final} for state in workflow.states.values()],
        initial=workflow.initial,
        send_event=False,
        auto_transitions=False,
        queued=False,
    )
    for transition in workflow.transitions:
        guard = transition.guard
        machine.add_transition(
            trigger=transition.action,
            source=transition.source,
            dest=transition.target,
            conditions=None if guard is None else [guard.holds],
        )
    return machine


def workflow_faults(workflow: Workflow) -> tuple[WorkflowFault, ...]:
    """Return everything by which a dossier could get lost in a workflow.

    Where a state is not declared, only that is reported: the ways cannot be followed then.
    """
    undeclared = tuple(_undeclared(workflow))
    if undeclared:
        return undeclared
    return (*_never_taken(workflow), *_lost_ways(workflow))


def _check(workflow: Workflow) -> None:
    place = Place(file=f"<workflow {workflow.name}>", line=1)
    found = workflow_faults(workflow)
    if found:
        raise DefinitionError(
            Finding(code=each.code, place=place, message=each.message, remedy=each.remedy)
            for each in found
        )


def _undeclared(workflow: Workflow) -> Iterator[WorkflowFault]:
    declared = say("Declared states: {states}.", states=", ".join(workflow.states))
    if workflow.initial not in workflow.states:
        yield WorkflowFault(
            code="unknown-state",
            message=say(
                'The workflow begins in "{initial}", which it does not declare.',
                initial=workflow.initial,
            ),
            remedy=together(declared, did_you_mean(workflow.initial, workflow.states)),
        )
    for index, transition in enumerate(workflow.transitions):
        ends = ((say("starts from"), transition.source), (say("leads to"), transition.target))
        for verb, state in ends:
            if state not in workflow.states:
                yield WorkflowFault(
                    code="unknown-state",
                    message=(
                        say(
                            'The transition "{action}" {verb} the state "{state}", which '
                            "this workflow does not declare, so no dossier could take it.",
                            action=transition.action,
                            verb=verb,
                            state=state,
                        )
                    ),
                    remedy=together(declared, did_you_mean(state, workflow.states)),
                    transition=index,
                )
        if transition.action not in workflow.actions:
            yield WorkflowFault(
                code="unknown-action",
                message=say(
                    'The action "{action}" is not declared, so it has no label.',
                    action=transition.action,
                ),
                remedy=did_you_mean(transition.action, workflow.actions)
                or say('Declare it under "actions:" with its label.'),
                transition=index,
            )


def _never_taken(workflow: Workflow) -> Iterator[WorkflowFault]:
    """Find transitions that come after one that is always taken."""
    always: defaultdict[tuple[str, str], list[Transition]] = defaultdict(list)
    for index, transition in enumerate(workflow.transitions):
        before = always[transition.action, transition.source]
        for earlier in before:
            if transition.roles <= earlier.roles:
                yield WorkflowFault(
                    code="duplicate-transition",
                    message=(
                        say(
                            'The action "{action}" from "{source}" to "{target}" is never '
                            'taken: it comes after one to "{target_2}" without a guard.',
                            action=transition.action,
                            source=transition.source,
                            target=transition.target,
                            target_2=earlier.target,
                        )
                    ),
                    remedy=say("Remove one of them, or give the first a guard."),
                    transition=index,
                )
        if transition.guard is None:
            before.append(transition)


def _lost_ways(workflow: Workflow) -> Iterator[WorkflowFault]:
    onward: defaultdict[str, set[str]] = defaultdict(set)
    backward: defaultdict[str, set[str]] = defaultdict(set)
    for transition in workflow.transitions:
        onward[transition.source].add(transition.target)
        backward[transition.target].add(transition.source)
    states = workflow.states.values()
    reached = _closure([workflow.initial], onward)
    handed_over = {state.name for state in states if state.national_status == RETURNED}
    ending = _closure([state.name for state in states if state.is_end], backward)
    for state in states:
        if state.name not in reached:
            yield WorkflowFault(
                code="unreachable-state",
                message=say('No dossier can come into the state "{name}".', name=state.name),
                remedy=say("Add a transition that leads to it, or remove it."),
                state=state.name,
            )
        elif state.final and onward[state.name]:
            yield WorkflowFault(
                code="final-state-left",
                message=say(
                    'The state "{name}" is final, but a transition leaves it.', name=state.name
                ),
                remedy=say('Remove "final: true", or the transition.'),
                state=state.name,
            )
        elif not state.final and not onward[state.name] - {state.name}:
            yield WorkflowFault(
                code="dead-end",
                message=say(
                    'A dossier in the state "{name}" could never leave it.', name=state.name
                ),
                remedy=say('Add a transition from it, or write "final: true" if nothing follows.'),
                state=state.name,
            )
        elif state.name not in ending:
            yield _no_end(state.name)
    if not handed_over & reached:
        yield WorkflowFault(
            code="no-path-to-result",
            message=say(
                "No way leads to the handing over of a result (a state with national "
                "status 10), so nobody would ever get an answer."
            ),
            remedy=say(
                "Check that there is at least one processing step, and a transition from "
                "the last one."
            ),
        )


def _no_end(state: str) -> WorkflowFault:
    return WorkflowFault(
        code="no-path-to-result",
        message=say('From the state "{state}" no way leads to an end.', state=state),
        remedy=say("Add a transition out of the circle."),
        state=state,
    )


def _closure(start: Iterable[str], ways: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    todo = list(start)
    while todo:
        state = todo.pop()
        if state not in reached:
            reached.add(state)
            todo.extend(ways.get(state, ()))
    return reached
