"""What makes no sense in the facts that a file declares, asks for and establishes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from igate.errors import GuardError
from igate.files.fault import Fault
from igate.files.findings import did_you_mean
from igate.files.shape import missing_key
from igate.procedures.guard import Guard, mismatch, names_in
from igate.procedures.workflow import BUILT_IN_FACTS, FactKind, Party
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from igate.files.yaml import KeyPath
    from igate.procedures.reading.keys import FactModel, StepModel
    from igate.procedures.workflow import FactValue

__all__ = ["done_facts", "fact_faults", "label_faults", "option_faults", "setter_faults"]

_WRITTEN: dict[FactKind, str] = {
    "bool": say("true or false, without quotes"),
    "int": say("a whole number, without quotes"),
    "text": say("a text"),
}
_KINDS: dict[type, FactKind] = {bool: "bool", int: "int", str: "text"}


def done_facts(steps: Iterable[StepModel]) -> dict[str, FactKind]:
    """Return the facts by which parties of steps say that their part is done."""
    return {
        Party(role=party.role).done_fact(step.number): "bool"
        for step in steps
        for party in step.together
    }


def fact_faults(
    guard: str | None,
    sets: Mapping[str, FactValue],
    kinds: Mapping[str, FactKind],
    path: KeyPath,
) -> Iterator[Fault]:
    """Find what is wrong with a condition and with the facts that an action establishes."""
    for name, value in sets.items():
        kind = kinds.get(name)
        if kind is None:
            message = say('The fact "{name}" is not declared.', name=name)
            near = did_you_mean(name, kinds) or say('Declare it under "facts:".')
            yield Fault("unknown-fact", (*path, "sets", name), message, near)
        elif _KINDS[type(value)] != kind:
            message = say(
                'The fact "{name}" is declared as {kind}, and {value!r} is not.',
                name=name,
                kind=kind,
                value=value,
            )
            yield Fault(
                "wrong-type",
                (*path, "sets", name),
                message,
                say("Write {written}.", written=_WRITTEN[kind]),
            )
    if guard is not None:
        yield from _guard_faults(guard, kinds, (*path, "guard"))


def _guard_faults(guard: str, kinds: Mapping[str, FactKind], path: KeyPath) -> Iterator[Fault]:
    try:
        names_in(guard)
    except GuardError as error:
        remedy = together(error.why or "", error.fix or "")
        yield Fault("malformed-guard", path, error.what, remedy)
        return
    try:
        Guard.parse(guard, {*kinds, *BUILT_IN_FACTS})
    except GuardError as error:
        yield Fault(
            "unknown-guard-name", path, error.what, together(error.fix or "", error.why or "")
        )
    wrong = mismatch(guard, {**kinds, **BUILT_IN_FACTS})
    if wrong:
        message = say(
            'The guard "{guard}" compares what is not alike: {wrong}.', guard=guard, wrong=wrong
        )
        remedy = say("Compare a fact with a constant of its own kind; a text is written in quotes.")
        yield Fault("malformed-guard", path, message, remedy)


def setter_faults(
    facts: Mapping[str, FactModel], known: Collection[str], path: KeyPath
) -> Iterator[Fault]:
    """Find names under ``set_by`` that are neither roles nor actions."""
    for fact, each in facts.items():
        for index, name in enumerate(each.set_by):
            if name not in known:
                yield Fault(
                    "unknown-role",
                    (*path, "facts", fact, "set_by", index),
                    say(
                        '"{name}" is no role and no action, so nobody could set "{fact}" by it.',
                        name=name,
                        fact=fact,
                    ),
                    did_you_mean(name, known) or say("Name a role or an action of the template."),
                )


def label_faults(facts: Mapping[str, FactModel]) -> Iterator[Fault]:
    """Find facts of a template with a label in Vietnamese alone: its other labels are in both."""
    for fact, each in facts.items():
        if each.vi and not each.en:
            message, _ = missing_key("en", say('the label of the fact "{fact}"', fact=fact))
            yield Fault(
                "missing-label", ("facts", fact), message, say("Write the text for people.")
            )


def option_faults(options: Iterable[str], known: Collection[str], path: KeyPath) -> Iterator[Fault]:
    """Find options that a template does not offer."""
    for index, name in enumerate(options):
        if name not in known:
            offered = (
                say("It offers {known}.", known=", ".join(sorted(known)))
                if known
                else say("It offers none.")
            )
            yield Fault(
                "unknown-option",
                (*path, index),
                say('The template offers no option "{name}".', name=name),
                together(offered, did_you_mean(name, known)),
            )
