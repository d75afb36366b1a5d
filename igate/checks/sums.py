"""The time of the steps, held against the time limit on every way through a procedure.

A decision prints a time for each step and one for the whole; each branch and each case must keep
the limit that is its own. So for every channel, case and area that the file tells apart, the
longest way through the workflow is found, and its sum is compared with the limit of such a dossier.
A way back is a repetition, which no decision counts, and is not followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple, get_args

from igate.checks.fault import Fault
from igate.checks.possible import can_hold, texts_of
from igate.dossier import Channel
from igate.errors import TimeLimitError
from igate.lengths import Length, longest, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from fractions import Fraction

    from igate._yaml import KeyPath
    from igate.limits import TimeLimit
    from igate.procedure import Procedure, Revision
    from igate.workflow import Step, Transition, Workflow

__all__ = ["step_sums"]

#: National statuses in which a dossier waits for the applicant or is over.
_ASIDE: Final = frozenset({3, 5, 6, 7, 8})


class _For(NamedTuple):
    """Dossiers that a file tells apart."""

    channel: Channel
    case: str
    area: str

    def spelled(self, revision: Revision) -> str:
        """Say which dossiers are meant; nothing where all are."""
        by_channel = any(rule.channel for rule in revision.limits)
        channel = self.channel if by_channel else ""
        parts = (("channel", channel), ("case", self.case), ("area", self.area))
        return ", ".join(f"{name} {value}" for name, value in parts if value)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """A way through the steps, with the time of each that is counted."""

    steps: tuple[Step, ...]
    time: Length


class _Mixed(Exception):
    """Two lengths are in units that do not add up."""


def step_sums(procedure: Procedure) -> Iterator[Fault]:
    """Find revisions whose steps take longer than a limit, on some way and for some dossiers."""
    for index, (_, revision) in enumerate(procedure.revisions):
        yield from _of_revision(revision, ("revisions", index, "steps"))


def _of_revision(revision: Revision, path: KeyPath) -> Iterator[Fault]:
    if not any(rule.limit.stated for rule in revision.limits):
        return
    if not any(_stated(step) for step in revision.workflow.steps):
        return
    said: set[tuple[str, ...]] = set()
    for dossier in _dossiers(revision):
        try:
            limit = revision.limit_for(
                channel=dossier.channel, case=dossier.case, area=dossier.area
            )
            way = _longest(revision.workflow, dossier) if limit.stated else None
            fault = way and _compared(way, limit, dossier, revision, path)
        except TimeLimitError:  # there is no limit for such a dossier, so none is handed in
            continue
        except _Mixed:
            message = "The steps and the limit are in units that cannot be compared."
            fault = Fault("mixed-units", path, message, "Compare their sum with the limit by hand.")
        if fault and (fault.code, fault.message) not in said:
            said.add((fault.code, fault.message))
            yield fault


def _dossiers(revision: Revision) -> Iterator[_For]:
    """Give one dossier of each kind that the limits or the guards tell apart."""
    guards = [each.guard for each in revision.workflow.transitions if each.guard is not None]
    cases = {rule.case for rule in revision.limits if rule.case}
    areas = {rule.area for rule in revision.limits if rule.area}
    for guard in guards:
        cases |= texts_of(guard) if "case" in guard.names else set()
        areas |= texts_of(guard) if "area" in guard.names else set()
    channels: tuple[Channel, ...] = get_args(Channel)
    for channel, case, area in product(channels, ("", *sorted(cases)), ("", *sorted(areas))):
        yield _For(channel, case, area)


def _compared(
    way: _Way, limit: TimeLimit, dossier: _For, revision: Revision, path: KeyPath
) -> Fault | None:
    allowed = total([limit])
    if not way.time.amount:
        return None
    if allowed is None or allowed.unit is not way.time.unit:
        raise _Mixed
    if way.time.amount <= allowed.amount:
        return None
    unit = str(allowed.unit).replace("_", " ")
    counted = [step.place for step in way.steps if _stated(step)]
    every = [step.place for step in revision.workflow.steps if _stated(step)]
    who = "The steps" if counted == every else f"The steps {', '.join(counted)}"
    whose = dossier.spelled(revision)
    assumed = " (8 working hours to a working day: assumed)" if unit == "working hour" else ""
    return Fault(
        "steps-exceed-limit",
        path,
        f"{who} take {_number(way.time.amount)} {unit}s together, the limit is "
        f"{_number(allowed.amount)}{f' for {whose}' if whose else ''}{assumed}.",
        "Compare both with the decision; if it says so itself, leave it.",
    )


def _longest(workflow: Workflow, dossier: _For) -> _Way | None:
    """Find the way from the submission to the handing over that takes longest.

    Raises:
        _Mixed: Two steps of a way are in units that do not add up.
    """
    given = {"channel": dossier.channel, "case": dossier.case, "area": dossier.area}
    place = _places(workflow)
    best: dict[str, _Way] = {}
    for state in sorted(place, key=place.__getitem__, reverse=True):
        step = workflow.step_of(state)
        own = () if step is None else (step,)
        if workflow.states[state].final:
            best[state] = _Way(steps=(), time=_total([]))
            continue
        onward = [
            best[each.target]
            for each in _open(workflow, state, given)
            if each.target in best and place[each.target] > place[state]
        ]
        if onward:
            best[state] = _longer([(*own, *way.steps) for way in onward])
    return best.get(workflow.initial)


def _places(workflow: Workflow) -> dict[str, int]:
    """Order the states in which a dossier goes on: by step, and where none is done by status."""
    count = len(workflow.steps)
    order = {(step.number, step.part): at for at, step in enumerate(workflow.steps)}
    without = {1: -2, 2: -1, 4: -1, 9: count, 10: count + 1}
    return {
        state.name: order.get((state.step or 0, state.part), without[state.national_status])
        for state in workflow.states.values()
        if state.national_status not in _ASIDE
    }


def _longer(ways: Iterable[tuple[Step, ...]]) -> _Way:
    """Give the way that takes longest.

    Raises:
        _Mixed: The times are in units that cannot be compared.
    """
    timed = [_Way(steps=steps, time=_total(steps)) for steps in ways]
    if len({way.time.unit for way in timed if way.time.amount}) > 1:
        raise _Mixed
    return max(timed, key=lambda way: way.time.amount)


def _open(workflow: Workflow, state: str, given: Mapping[str, str]) -> Iterator[Transition]:
    """Give the transitions from a state that could be taken, whatever is not given."""
    taken: dict[str, frozenset[str]] = {}
    for each in workflow.transitions:
        if each.source != state or each.roles <= taken.get(each.action, frozenset()):
            continue
        if can_hold(each.guard, workflow.facts, given) is False:
            continue
        if each.guard is None or each.guard.names <= given.keys():
            # it holds for every such dossier, so what stands behind it is never reached
            taken[each.action] = each.roles | taken.get(each.action, frozenset())
        yield each


def _total(steps: Iterable[Step]) -> Length:
    """Add the times of steps.

    Raises:
        _Mixed: They are in units that do not add up.
    """
    times = [_time(step) for step in steps]
    found = total([limit for limit in times if limit is not None])
    if found is None:
        raise _Mixed
    return found


def _time(step: Step) -> TimeLimit | None:
    """Give the time of a step: its own or, of parties at the same time, the longest.

    Raises:
        _Mixed: The times of the parties cannot be compared.
    """
    if step.limit is not None and step.limit.stated:
        return step.limit
    parties = [each.limit for each in step.together if each.limit is not None and each.limit.stated]
    found = longest(parties)
    if parties and found is None:
        raise _Mixed
    return found


def _stated(step: Step) -> bool:
    limits = [step.limit, *(each.limit for each in step.together)]
    return any(limit is not None and limit.stated for limit in limits)


def _number(length: Fraction) -> str:
    return f"{float(length):g}"
