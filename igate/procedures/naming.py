"""What a message calls a state, an action, a role or a fact: its label, and its name in brackets.

At a desk people know the labels, and whoever configures the software knows the names. A refusal at
run time says both, the label first; without a label the name stands alone. A finding about a file
says the name alone, because that is what is written there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from igate.words.sentence import beside

if TYPE_CHECKING:
    from igate.law.citation import Label
    from igate.procedures.workflow import Workflow

__all__ = ["action_called", "called", "role_called", "state_called"]


def called(name: str, label: Label | None) -> str:
    """Return what a person reads for a name: its label in quotes, and the name in brackets.

    >>> from igate.law.citation import Label
    >>> called("solved", Label(vi="Đã có kết quả", en="Solved")).text("vi")
    '"Đã có kết quả" (solved)'
    >>> called("solved", None)
    '"solved"'
    """
    if label is None:
        return f'"{name}"'
    texts = {lang: f'"{label.text(lang)}" ({name})' for lang in ("vi", "en")}
    return beside(vi=texts["vi"], en=texts["en"])


def state_called(workflow: Workflow, name: str) -> str:
    """Return what a person reads for a state."""
    state = workflow.states.get(name)
    return called(name, state.label if state else None)


def action_called(workflow: Workflow, name: str, here: Label | None = None) -> str:
    """Return what a person reads for an action.

    Args:
        workflow: Whose action it is.
        name: As files write it.
        here: What it is called where it is taken, if it is called otherwise there.
    """
    action = workflow.actions.get(name)
    return called(name, here or (action.label if action else None))


def role_called(workflow: Workflow, name: str) -> str:
    """Return what a person reads for a role."""
    return called(name, workflow.roles.get(name))
