"""The time of the steps, held against the time limit on every way through a procedure.

A decision prints a time for each step and one for the whole; each branch and each case must keep
the limit that is its own. So for every channel, case and area that the file distinguishes, the
longest way through the workflow is found, and its sum is compared with the limit of such a dossier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from igate.checks.walks import (
    Course,
    Kind,
    MixedUnits,
    Walks,
    limits_of,
    told_by_channel,
)
from igate.deadlines.limits import Length, Unit, total
from igate.files.fault import Fault
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from igate.files.yaml import KeyPath
    from igate.procedures.procedure import Procedure, Revision
    from igate.procedures.workflow import Step

__all__ = ["step_sums"]
#: Kinds of dossiers that a message names before the rest is only counted.
_NAMED: Final = 3
_UNITS: Final[Mapping[Unit, str]] = {
    Unit.WORKING_DAY: say("working days"),
    Unit.DAY: say("days"),
    Unit.WORKING_HOUR: say("working hours"),
    Unit.HOUR: say("hours"),
    Unit.MONTH: say("months"),
}


class _Sum(NamedTuple):
    """A way, and the limit of the dossiers that take it."""

    way: Course
    limit: Length


def step_sums(procedure: Procedure) -> Iterator[Fault]:
    """Find revisions whose steps take longer than a limit, on some way and for some dossiers.

    Where they take less on every way, that is a note: a row of the table may be missing.
    """
    for index, (_, revision) in enumerate(procedure.revisions):
        stated = any(rule.limit.stated for rule in revision.limits)
        workflow = revision.workflow
        if stated and (workflow.stages or any(_stated(step) for step in workflow.steps)):
            yield from _of_revision(revision, ("revisions", index, "steps"))


def _of_revision(revision: Revision, path: KeyPath) -> Iterator[Fault]:
    sums, mixed = _sums(revision)
    if mixed:
        message = say("The steps and the limit are in units that cannot be compared.")
        yield Fault("mixed-units", path, message, say("Compare their sum with the limit by hand."))
    for found, dossiers in sums.items():
        if found.way.time and found.way.time.amount > found.limit.amount:
            yield _exceeds(found, dossiers, revision, path)
    whole = all(step.limit is None or step.limit.stated for step in revision.workflow.steps)
    if whole and not mixed and sums and all(_is_below(found) for found in sums):
        most = max(sums, key=lambda found: found.way.time.amount if found.way.time else 0)
        yield _falls_short(most, path)


def _sums(revision: Revision) -> tuple[dict[_Sum, list[Kind]], bool]:
    """Return the longest way and the limit of every kind of dossier that has a stated limit.

    Returns:
        Those that can be compared, with the dossiers; and whether there are others.
    """
    found: dict[_Sum, list[Kind]] = {}
    try:
        walks = Walks(revision.workflow)
    except MixedUnits:
        return found, True
    mixed = False
    for dossier, limit in limits_of(revision):
        if not limit.stated:
            continue
        allowed = total([limit])
        try:
            way = walks.longest(dossier)
        except MixedUnits:
            mixed = True
            continue
        if way.time is not None and allowed is not None and allowed.unit is way.time.unit:
            found.setdefault(_Sum(way, allowed), []).append(dossier)
        elif way.time is not None:
            mixed = True
    return found, mixed


def _exceeds(found: _Sum, dossiers: list[Kind], revision: Revision, path: KeyPath) -> Fault:
    counted = [step.place for step in found.way.steps if _stated(step)]
    every = [step.place for step in revision.workflow.steps if _stated(step)]
    who = (
        say("The steps")
        if counted == every
        else say("The steps {counted}", counted=", ".join(counted))
    )
    whose = [each.spelled(by_channel=told_by_channel(revision)) for each in dossiers]
    named = "" if "" in whose else say(" for {whose}", whose="; ".join(whose[:_NAMED]))
    if named and len(whose) > _NAMED:
        named = together(named, say(" and {count} more", count=len(whose) - _NAMED), between="")
    return Fault(
        "steps-exceed-limit",
        path,
        say(
            "{who} take {number} together, the limit is {number_2}{named}{assumed}.",
            who=who,
            number=_number(found.way.time),
            number_2=_number(found.limit, unit=False),
            named=named,
            assumed=_assumed(found.limit),
        ),
        say("Compare both with the decision; if it says so itself, leave it."),
    )


def _falls_short(found: _Sum, path: KeyPath) -> Fault:
    return Fault(
        "steps-below-limit",
        path,
        say(
            "The steps take {number} together, the limit is {number_2}{assumed}.",
            number=_number(found.way.time),
            number_2=_number(found.limit, unit=False),
            assumed=_assumed(found.limit),
        ),
        say("See whether a row of the table is missing; if the decision says so itself, leave it."),
    )


def _is_below(found: _Sum) -> bool:
    return found.way.time is not None and found.way.time.amount < found.limit.amount


def _stated(step: Step) -> bool:
    limits = [step.limit, *(each.limit for each in step.together)]
    return any(limit is not None and limit.stated for limit in limits)


def _number(length: Length | None, *, unit: bool = True) -> str:
    if length is None:
        return say("no time")
    words = _UNITS[length.unit] if unit else ""
    return together(f"{float(length.amount):g}", words)


def _assumed(length: Length) -> str:
    hours = length.unit is Unit.WORKING_HOUR
    return say(" (8 working hours to a working day: assumed)") if hours else ""
