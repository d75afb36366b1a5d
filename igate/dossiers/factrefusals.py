"""Refusals of conditions that do not hold, and of facts that cannot be established, in words."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from igate.dossiers.refusals import NOTE
from igate.errors import FactRefused, GuardRefused
from igate.law.text import clean
from igate.procedures.conditions import condition_called, known_called
from igate.procedures.naming import action_called, fact_called, role_called
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from igate.dossiers.dossier import Dossier
    from igate.procedures.machine import Table
    from igate.procedures.workflow import FactValue, Party, Step, Transition

__all__ = [
    "check_kinds",
    "clean_facts",
    "fact_missing",
    "guard_refused",
    "part_of_another",
    "set_by_others",
    "set_elsewhere",
    "unknown_facts",
]


def guard_refused(
    dossier: Dossier, transition: Transition, known: Mapping[str, FactValue], table: Table
) -> GuardRefused:
    """Say which condition does not hold, with the values it was judged by and its citation."""
    guard, workflow = transition.guard, table.workflow
    names = sorted(guard.names) if guard else []
    parts = workflow.parts
    failing = guard.failing(known) if guard else ()
    needed = [
        # joined with others, a choice between conditions would begin and end anywhere
        condition_called(workflow, f"({each})" if " or " in each and len(failing) > 1 else each)
        for each in failing
    ]
    cited = f" ({transition.citation})" if transition.citation else ""
    values = [known_called(workflow, name, known[name]) for name in names if name not in parts]
    return GuardRefused(
        say(
            "The action {action} needs: {needed}{cited}.",
            action=action_called(workflow, transition.action),
            needed=together(*needed, between=say(" and ")),
            cited=cited,
        ),
        where=dossier.code,
        why=together(
            say("Now: {values}.", values=together(*values, between=", ")) if values else "",
            *(
                _part(table, *parts[name], done=bool(known[name]))
                for name in names
                if name in parts
            ),
        ),
    )


def _part(table: Table, step: Step, party: Party, *, done: bool) -> str:
    if done:
        return say(
            "The part of {role} in step {number} is done.",
            role=role_called(table.workflow, party.role),
            number=step.number,
        )
    return say(
        "The part of {role} in step {number} is not done.",
        role=role_called(table.workflow, party.role),
        number=step.number,
    )


def fact_missing(dossier: Dossier, action: str, name: str, table: Table) -> FactRefused:
    """Say which fact must be passed."""
    return FactRefused(
        say(
            "The action {action} needs the fact {name}.",
            action=action_called(table.workflow, action),
            name=fact_called(table.workflow, name),
        ),
        where=dossier.code,
        fix=say('Pass facts={{"{name}": …}}.', name=name),
    )


def set_by_others(  # noqa: PLR0917 - what the sentence says, in its order
    dossier: Dossier, action: str, role: str, name: str, named: tuple[str, ...], table: Table
) -> FactRefused:
    """Refuse a fact that is for other roles or actions to establish."""
    return FactRefused(
        say(
            "The fact {name} cannot be established by {role} with the action {action}.",
            name=fact_called(table.workflow, name),
            role=role_called(table.workflow, role),
            action=action_called(table.workflow, action),
        ),
        where=dossier.code,
        why=say(
            "It is for {named} to establish.",
            named=together(*(_role_or_action(table, each) for each in named), between=say(" or ")),
        ),
        fix=say("Let one of them pass it, or declare who may under set_by."),
    )


def _role_or_action(table: Table, name: str) -> str:
    """Return what a person reads for a name that is of the one kind or the other."""
    kind = role_called if name in table.workflow.roles else action_called
    return kind(table.workflow, name)


def unknown_facts(dossier: Dossier, unknown: Iterable[str], table: Table) -> FactRefused:
    """Name the facts that the workflow does not declare, and those that it does."""
    return FactRefused(
        say(
            "The workflow of procedure {procedure} has no fact {unknown}.",
            procedure=dossier.procedure,
            unknown=", ".join(unknown),
        ),
        where=dossier.code,
        fix=say(
            "It declares {facts}.",
            facts=together(
                *(fact_called(table.workflow, each) for each in sorted(table.workflow.facts)),
                between=", ",
            )
            or say("none"),
        ),
    )


def part_of_another(dossier: Dossier, facts: Mapping[str, FactValue], table: Table) -> FactRefused:
    """Refuse to say for others that their part of a step is done."""
    named = sorted(facts.keys() & table.workflow.parts.keys())
    return FactRefused(
        say(
            "The fact {named} is established by the party itself, not passed with an action.",
            named=fact_called(table.workflow, named[0]),
        ),
        where=dossier.code,
        why=say("It says in the journal who has done the part."),
        fix=say("Let the party take its action, or go on without it."),
    )


def set_elsewhere(dossier: Dossier, action: str, name: str, table: Table) -> FactRefused:
    """Refuse a fact that other actions establish: who may take them may establish it."""
    actions = (*table.established.get(name, ()), *table.needed.get(name, ()))
    names = (action_called(table.workflow, each) for each in dict.fromkeys(actions))
    by = together(*names, between=say(" or "))
    return FactRefused(
        say(
            "The fact {name} is established by the action {by}, not passed with {action}.",
            name=fact_called(table.workflow, name),
            by=by,
            action=action_called(table.workflow, action),
        ),
        where=dossier.code,
        why=say(
            "Otherwise whoever may take any action could say, for example, that a fee was paid."
        ),
        fix=say("Take that action, or leave the fact out."),
    )


def clean_facts(facts: Mapping[str, FactValue], code: str) -> Mapping[str, FactValue]:
    """Return facts with their texts as they are kept.

    Raises:
        TextError: A text cannot be kept.
    """
    return {
        name: clean(value, what=say("The fact {name}", name=name), longest=NOTE, where=code)
        if isinstance(value, str) and value
        else value
        for name, value in facts.items()
    }


def check_kinds(dossier: Dossier, facts: Mapping[str, FactValue], table: Table) -> None:
    """Refuse a fact of another kind than the workflow declares."""
    for name, value in facts.items():
        kind = table.workflow.facts[name]
        if type(value) is not _KINDS[kind]:
            raise FactRefused(
                say(
                    "The fact {name} is {value!r}, but the workflow declares it {kind}.",
                    name=fact_called(table.workflow, name),
                    value=value,
                    kind=kind,
                ),
                where=dossier.code,
                fix=say("Pass a {name}.", name=_KINDS[kind].__name__),
            )


_KINDS: Mapping[str, type] = MappingProxyType({"bool": bool, "int": int, "text": str})
