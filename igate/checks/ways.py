"""The ways between the steps of a procedure: what they ask for, and whether they come to an end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from igate.checks.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate._yaml import KeyPath
    from igate.procedure import Procedure, Revision
    from igate.workflow import Step, Way, Workflow

__all__ = ["legs", "way_faults"]


def way_faults(procedure: Procedure) -> Iterator[Fault]:
    """Find what is doubtful in the ways of a procedure that has no errors."""
    for index, (_, revision) in enumerate(procedure.revisions):
        for step in revision.workflow.steps:
            for number, way in enumerate(step.ways):
                path = ("revisions", index, "steps", step.number - 1, "ways", number)
                yield from _unset(way, revision, path)
                if way.guard is None and way.to <= step.number:
                    yield from _endless(way, step, revision.workflow, path)


def legs(procedure: Procedure) -> Iterator[tuple[str, Fault]]:
    """Find the legs of an interlinked procedure.

    Args:
        procedure: A procedure that has no errors.

    Yields:
        The code of each leg, and what is wrong if there is no such procedure. For a leg that is
        the procedure itself the code is empty: there is none such, whatever is known.
    """
    for index, (_, revision) in enumerate(procedure.revisions):
        for step in revision.workflow.steps:
            row: KeyPath = ("revisions", index, "steps", step.number - 1)
            own = (*row, "actors", step.part - 1) if step.part else row
            named = [(step.procedure, own)]
            named += [(p.procedure, (*row, "together", i)) for i, p in enumerate(step.together)]
            for code, path in named:
                if code == procedure.code:
                    yield "", _leg_fault(step, f"{code}, which is this procedure itself", path)
                elif code:
                    yield code, _leg_fault(step, f"{code}, which is not known here", path)


def _leg_fault(step: Step, what: str, path: KeyPath) -> Fault:
    return Fault(
        "unknown-leg",
        (*path, "procedure"),
        f"Step {step.place} is settled as the procedure {what}.",
        "Correct the code, or check its file together with this one.",
    )


def _unset(way: Way, revision: Revision, path: KeyPath) -> Iterator[Fault]:
    workflow = revision.workflow
    established = {name for transition in workflow.transitions for name in transition.sets}
    asked = way.guard.names if way.guard else frozenset()
    for name in sorted((asked & workflow.facts.keys()) - established):
        yield Fault(
            "unset-fact",
            (*path, "guard"),
            f'The guard of "{way.action}" asks for the fact "{name}", which no way and no '
            "transition sets.",
            f"Write sets: {{{name}: …}} in the way that establishes it; without one it holds only "
            "what the host's program passes with an action.",
        )


def _endless(way: Way, step: Step, workflow: Workflow, path: KeyPath) -> Iterator[Fault]:
    """Find a way back over steps none of which counts any time."""
    circle = [each for each in workflow.steps if way.to <= each.number <= step.number]
    if all(each.limit is None and not each.together for each in circle):
        places = ", ".join(each.place for each in circle)
        yield Fault(
            "endless-loop",
            path,
            f'A dossier can go round for ever by "{way.action}" (steps {places}): no step on the '
            "way counts any time, and no guard ends it.",
            "Give the way a guard, or one of the steps a limit.",
        )
