"""What is doubtful in the data of one procedure: gaps, online levels, missing English.

Between two revisions there may be a day on which neither is in force; a level of online service may
not be borne out by the time limits, the fees, the results or the workflow. What a file does not
state is not judged. Every text must be Vietnamese, so what can be missing is English: one note a
file, since a reader wants to know that something is untranslated, not each line of it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from igate.deadlines.rulefile import rules_of_field
from igate.files.fault import Fault
from igate.procedures.online import LEVELS
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.files.yaml import KeyPath, Value, YamlFile
    from igate.procedures.procedure import OnlineService, Procedure, Revision

__all__ = ["procedure_faults", "translation_faults"]


#: Levels at which the dossier is handed in online, and at which its fee is paid online too.
_HANDED_IN: Final = frozenset({"3", "4", "full", "partial"})
_PAID: Final = frozenset({"4", "full"})
#: Levels at which nothing can be handed in online.
_INFORMATION: Final = frozenset({"1", "2", "none"})
#: Who pays without a person at the counter.
_PAYERS: Final = frozenset({"applicant", "system"})


def procedure_faults(procedure: Procedure) -> Iterator[Fault]:
    """Find what is doubtful in a procedure that has no errors.

    That are gaps between revisions, a start that is not known, clock rules other than those of the
    field, and levels of online service that contradict each other.

    Args:
        procedure: The procedure.

    Returns:
        Faults, with their place as keys into the file.
    """
    yield from _gaps(procedure)
    for index, (_, revision) in enumerate(procedure.revisions):
        yield from _unknown(revision, ("revisions", index))
        yield from _other_rules(procedure, revision, ("revisions", index))
        for number, service in enumerate(revision.online):
            path: KeyPath = ("revisions", index, "online", number, "level")
            for message, remedy in _doubts(service, revision):
                yield Fault("online-level", path, message, remedy)


def _unknown(revision: Revision, path: KeyPath) -> Iterator[Fault]:
    if revision.period.start is None:
        message = say("The day from which this revision is in force is not known.")
        remedy = say("It counts as older than every dossier. Write the day once it is known.")
        yield Fault("unknown-start", (*path, "effective_from"), message, remedy)
    if revision.workflow.steps[-1].phase != "handover":
        message = say("The last step is not the handing over of the result.")
        remedy = say("Add the step, with limit: not_counted, if the decision has it.")
        yield Fault("missing-handover", (*path, "steps"), message, remedy)


def _other_rules(procedure: Procedure, revision: Revision, path: KeyPath) -> Iterator[Fault]:
    """Find a procedure whose field has clock rules that it does not use."""
    own = rules_of_field(procedure.field.id)
    if own not in {"decree", revision.clock_rules}:
        yield Fault(
            "other-clock-rules",
            (*path, "clock_rules"),
            say(
                'The time is counted by the rules "{clock_rules}"; the field "{id}" has '
                'rules of its own, "{own}".',
                clock_rules=revision.clock_rules,
                id=procedure.field.id,
                own=own,
            ),
            say("Leave clock_rules out to take them, or keep it where a text orders it."),
        )


def _gaps(procedure: Procedure) -> Iterator[Fault]:
    periods = [period for period, _ in procedure.revisions]
    for index, (earlier, later) in enumerate(pairwise(periods), start=1):
        end, start = earlier.end, later.start
        if end is not None and start is not None and end < start:
            yield Fault(
                "revision-gap",
                ("revisions", index, "effective_from"),
                say(
                    "From {end} until the day before {start} no revision is in force, so "
                    "no dossier could be handed in.",
                    end=end,
                    start=start,
                ),
                say(
                    'Write effective_until: "{start!s}" in the revision before, or add the '
                    "one that is missing.",
                    start=start,
                ),
            )


def _doubts(service: OnlineService, revision: Revision) -> Iterator[tuple[str, str]]:
    level = service.level
    limited = {rule.channel for rule in revision.limits}
    charged = {fee.channel for fee in revision.fees if fee.amount > 0}
    known = {*LEVELS[service.scheme], "not_stated"}
    if level not in known:
        what = say(
            'The scheme {scheme} has no level "{level}".', scheme=service.scheme, level=level
        )
        yield what, say("Its levels are {known}.", known=", ".join(sorted(known)))
    if level in _HANDED_IN and limited and not limited & {None, "online"}:
        others = ", ".join(sorted(channel for channel in limited if channel))
        yield (
            say(
                'The level "{level}" means that dossiers are handed in online; the limits are for '
                "{others} alone.",
                level=level,
                others=others,
            ),
            say("Add the limit for channel: online, or correct the level."),
        )
    if level in _PAID and charged & {None, "online"} and not _is_paid_online(revision):
        what = say(
            'The level "{level}" means that the fee is paid online; no transition lets the '
            "applicant or the system enter a payment.",
            level=level,
        )
        remedy = say(
            "Give the payment (clock: resume, reason: payment) one of these roles, or correct "
            "the level."
        )
        yield what, remedy
    yield from _delivery_doubts(service, revision)
    if level in _INFORMATION and "online" in limited | charged:
        what = say(
            'The level "{level}" means that nothing is handed in online; a limit or fee is for '
            "dossiers handed in online.",
            level=level,
        )
        yield what, say("Correct the level, or the channel.")


def _delivery_doubts(service: OnlineService, revision: Revision) -> Iterator[tuple[str, str]]:
    """Find results that only a visit brings, at a level without a visit.

    Level 4 lets the result be had online, by post or in person (Nghị định 43/2011/NĐ-CP, Điều 3
    khoản 4), full service online or by public post (Nghị định 42/2022/NĐ-CP, Điều 11 khoản 1).
    """
    if service.level not in _PAID:
        return
    for result in revision.results:
        if result.delivery and not set(result.delivery) & {"online", "post"}:
            what = say(
                'The level "{level}" means that the result comes online or by post; "{result}" is '
                "handed over at the counter alone.",
                level=service.level,
                result=result.label.vi,
            )
            yield what, say("Add online or post to its delivery, or correct the level.")


def _is_paid_online(revision: Revision) -> bool:
    return any(
        transition.reason == "payment"
        and transition.clock == "resume"
        and transition.roles & _PAYERS
        for transition in revision.workflow.transitions
    )


#: Places that are named before the rest is only counted.
_NAMED: Final = 4


def translation_faults(read: YamlFile) -> Iterator[Fault]:
    """Find the texts of a file that have no English.

    Args:
        read: The file, as it is written.

    Returns:
        One fault ``missing-translation`` at the first of them, which names some and says how many
        there are; none where each has its English.
    """
    paths = list(_untranslated(read.data, ()))
    if not paths:
        return
    rest = len(paths) - _NAMED
    named = ", ".join(_spelled(path) for path in paths[:_NAMED])
    more = say(" and {rest} more", rest=rest) if rest > 0 else ""
    several = say("1 text has") if len(paths) == 1 else say("{count} texts have", count=len(paths))
    yield Fault(
        "missing-translation",
        (*paths[0], "vi"),
        say(
            "{several} no English: {named}. The Vietnamese is shown instead.",
            several=several,
            named=together(named, more, between=""),
        ),
        say('Write the English next to it, under "en".'),
    )


def _untranslated(value: Value, path: KeyPath) -> Iterator[KeyPath]:
    if isinstance(value, dict):
        if "vi" in value and not value.get("en"):
            yield path
        for key, inner in value.items():
            yield from _untranslated(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _untranslated(inner, (*path, index))


def _spelled(path: KeyPath) -> str:
    """Write a path as people count: the third entry of a list is 3."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
