"""The ways between the steps of a procedure: what they ask for, and whether they come to an end."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from igate.checks.course import SYSTEM
from igate.checks.possible import can_hold
from igate.files.fault import Fault
from igate.files.findings import did_you_mean
from igate.procedures.workflow import Channel
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.files.yaml import KeyPath, YamlFile
    from igate.procedures.procedure import Procedure, Revision
    from igate.procedures.workflow import Step, Transition, Way, Workflow

__all__ = ["legs", "way_faults"]


def way_faults(read: YamlFile, procedure: Procedure) -> Iterator[Fault]:
    """Find what is doubtful in the ways of a procedure that has no errors.

    Args:
        read: The file.
        procedure: What it says.
    """
    for index, (_, revision) in enumerate(procedure.revisions):
        ways = [(step, at) for step in revision.workflow.steps for at in range(len(step.ways))]
        # the ways come before what the template says, in the order of the steps
        for (step, at), made in zip(ways, revision.workflow.transitions, strict=False):
            way = step.ways[at]
            path = ("revisions", index, "steps", step.number - 1, "ways", at)
            yield from _unset(way, revision, path)
            yield from _unknown_values(way, revision, path)
            yield from _closed(way, made, revision.workflow, path)
            if way.guard is None and way.to <= step.number:
                yield from _endless(way, step, revision.workflow, path)
        yield from _unused_roles(read, revision, index)


def _unknown_values(way: Way, revision: Revision, path: KeyPath) -> Iterator[Fault]:
    """Find values of channel, case and area that no dossier with a limit of its own has."""
    limits = revision.limits
    known: dict[str, set[str]] = {
        "channel": set(get_args(Channel)),
        "case": {rule.case for rule in limits if rule.case},
        "area": {rule.area for rule in limits if rule.area},
    }
    for fact, values in known.items():
        asked = way.guard.beside(fact) if way.guard is not None else frozenset()
        for text in sorted(asked - values - {""}) if values else ():
            yield Fault(
                "unknown-value",
                (*path, "guard"),
                _asked_in_vain(fact, text),
                together(
                    say("Those named are {values}.", values=", ".join(sorted(values))),
                    did_you_mean(text, values),
                ),
            )


def _asked_in_vain(fact: str, text: str) -> str:
    if fact == "channel":
        return say('The guard asks for the channel "{text}", which there is not.', text=text)
    return say(
        'The guard asks for the {fact} "{text}", which no limit names.', fact=fact, text=text
    )


def _closed(way: Way, made: Transition, workflow: Workflow, path: KeyPath) -> Iterator[Fault]:
    if can_hold(made.guard, workflow.facts, {}) is False:
        yield Fault(
            "closed-way",
            path,
            say(
                'The way by "{action}" is never open: nothing makes {guard} true.',
                action=way.action,
                guard=made.guard,
            ),
            say("Correct the guard; a way onward also waits for the parties of its step."),
        )


def _unused_roles(read: YamlFile, revision: Revision, index: int) -> Iterator[Fault]:
    data = read.data if isinstance(read.data, dict) else {}
    revisions = data.get("revisions")
    written = revisions[index] if isinstance(revisions, list) else None
    roles = written.get("roles") if isinstance(written, dict) else None
    used = {role for each in revision.workflow.transitions for role in each.roles}
    for name in roles if isinstance(roles, dict) else ():
        if name not in used:
            yield Fault(
                "unused-role",
                ("revisions", index, "roles", name),
                say(
                    'No step is done in the role "{name}", so nobody who holds it could ever act.',
                    name=name,
                ),
                say("Name it in a step, or remove it."),
            )


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
                    yield (
                        "",
                        _leg_fault(
                            step, say("{code}, which is this procedure itself", code=code), path
                        ),
                    )
                elif code:
                    yield (
                        code,
                        _leg_fault(step, say("{code}, which is not known here", code=code), path),
                    )


def _leg_fault(step: Step, what: str, path: KeyPath) -> Fault:
    return Fault(
        "unknown-leg",
        (*path, "procedure"),
        say("Step {place} is settled as the procedure {what}.", place=step.place, what=what),
        say("Correct the code, or check its file together with this one."),
    )


def _unset(way: Way, revision: Revision, path: KeyPath) -> Iterator[Fault]:
    workflow = revision.workflow
    established = {name for transition in workflow.transitions for name in transition.sets}
    asked = way.guard.names if way.guard else frozenset()
    for name in sorted((asked & workflow.facts.keys()) - established):
        yield Fault(
            "unset-fact",
            (*path, "guard"),
            say(
                'The guard of "{action}" asks for the fact "{name}", which no way and no '
                "transition sets.",
                action=way.action,
                name=name,
            ),
            say(
                "Write sets: {{{name}: …}} in the way that establishes it; without one it "
                "holds only what the host's program passes with an action.",
                name=name,
            ),
        )


def _endless(way: Way, step: Step, workflow: Workflow, path: KeyPath) -> Iterator[Fault]:
    """Find a way back over steps that the system does, none of which counts any time."""
    circle = [each for each in workflow.steps if way.to <= each.number <= step.number]
    if all(each.limit is None and not each.together and each.roles == {SYSTEM} for each in circle):
        places = ", ".join(each.place for each in circle)
        yield Fault(
            "endless-loop",
            path,
            say(
                'A dossier can go round for ever by "{action}" (steps {places}): the '
                "system does each of them, so nobody decides, and no guard ends it.",
                action=way.action,
                places=places,
            ),
            say("Give the way a guard, or leave one of the steps to a person."),
        )
