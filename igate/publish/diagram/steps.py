"""What a picture takes from the steps: which states are theirs, and which ways they add.

A row of a decision may be done by several in turn (states ``processing_2_1``, ``processing_2_2``),
by several at the same time, or have ways of its own. In a workflow all of that is states, facts and
transitions like the others; this module says which of them come from where.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from igate.law.citation import Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from igate.procedures.workflow import State, Transition, Way, Workflow

__all__ = [
    "IN_PROCESS",
    "branch_of",
    "in_process",
    "is_otherwise",
    "is_part",
    "place",
    "ranged",
    "stem",
]

#: National status of a dossier that is worked on.
IN_PROCESS: Final = 4


def in_process(state: State) -> bool:
    """Return whether a step is done in a state."""
    return state.national_status == IN_PROCESS and state.step is not None


def place(state: State) -> str:
    """Write the step of a state, with its part: ``2``, ``2.1``."""
    return f"{state.step}.{state.part}" if state.part else f"{state.step}"


def stem(state: State) -> str:
    """Return the name of a state without its step: the same for states that differ only in it.

    >>> from igate.procedures.workflow import State
    >>> stem(State(name="processing_2_1", label=Label(vi="x"), national_status=4, step=2, part=1))
    'processing'
    """
    if state.step is None:
        return state.name
    return state.name.removesuffix(f"_{place(state).replace('.', '_')}")


def ranged(states: Sequence[State], workflow: Workflow) -> Label:
    """Write the steps of several states where the label of the first says its own."""
    first, last = states[0], states[-1]
    if first.step is None or place(first) == place(last):
        return first.label
    begin, end = place(first), place(last)
    if first.step != last.step:
        begin = str(first.step) if first.part == 1 else begin
        end = str(last.step) if last.part == _parts(last, workflow) else end
    number, span = rf"(?<![\w.]){re.escape(place(first))}(?!\.?\w)", f"{begin}–{end}"
    vi, en = (re.sub(number, span, text) for text in (first.label.vi, first.label.en))
    return Label(vi=vi, en=re.sub(rf"\bstep {re.escape(span)}", f"steps {span}", en))


def _parts(state: State, workflow: Workflow) -> int:
    """Return how many do the step of a state in turn; 0 where one does it."""
    return max((step.part for step in workflow.steps if step.number == state.step), default=0)


def branch_of(transition: Transition, workflow: Workflow) -> Way | None:
    """Return the way of a step that a transition was made from, if it was."""
    step = workflow.step_of(transition.source)
    if step is None or not in_process(workflow.states[transition.source]):
        return None
    target = workflow.states[transition.target]
    for way in step.ways:
        leads = way.action == transition.action and in_process(target) and target.step == way.to
        if leads and _asks(transition, way):
            return way
    return None


def _asks(transition: Transition, way: Way) -> bool:
    """Return whether a transition asks for what a way asks for, alone or with something else."""
    if way.guard is None:
        return True
    text = transition.guard.text if transition.guard else ""
    return text == way.guard.text or text.startswith(f"({way.guard.text}) and (")


def is_otherwise(transition: Transition, workflow: Workflow) -> bool:
    """Return whether ways of the step with a condition come before a transition."""
    step = workflow.step_of(transition.source)
    if step is None or not in_process(workflow.states[transition.source]):
        return False
    branch = branch_of(transition, workflow)
    if branch is not None and branch.guard is not None:
        return False
    return any(way.action == transition.action and way.guard is not None for way in step.ways)


def is_part(transition: Transition, workflow: Workflow) -> bool:
    """Return whether by a transition a party says whether its part is done, and no more."""
    step = workflow.step_of(transition.source)
    if step is None or transition.source != transition.target or transition.clock:
        return False
    return any(fact in transition.sets for fact in step.undone)
