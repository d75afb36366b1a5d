"""Rows as the steps of a process: number, part, phase, role, and the ways back that they name.

A step keeps the number of the decision's step as long as that counts 1, 2, 3, …; the actors of one
printed step are its parts, who act in turn (assumed; their times are added). Reception and handover
are steps of their own: a further actor below the reception begins the next step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from igate.importing.actors import agencies_in, phase_of, role_of
from igate.importing.faults import ImportFault
from igate.importing.process import PrintedStep
from igate.importing.ways import Placed, read_ways

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from igate.importing.steps import RowStep

__all__ = ["arranged"]


def arranged(rows: Sequence[RowStep]) -> tuple[tuple[PrintedStep, ...], tuple[ImportFault, ...]]:
    """Return the steps, and what is doubtful about their roles and ways.

    Args:
        rows: In the order of the table.

    Returns:
        A step a row; those of one number are the actors of one step.
    """
    placed = tuple(_placed(rows))
    ways = read_ways(placed)
    steps: list[PrintedStep] = []
    faults: list[ImportFault] = []
    for index, each in enumerate(placed):
        role = role_of(each.row.actor, each.phase)
        faults += _role_faults(each.row, role)
        before = sum(other.number == each.number for other in placed[:index])
        after = sum(other.number == each.number for other in placed[index + 1 :])
        steps.append(
            PrintedStep(
                number=each.number,
                printed=each.row.printed,
                phase=each.phase,
                role=role or "officer",
                limit=each.row.limit,
                time=each.row.time,
                actor=each.row.actor,
                content=each.row.content,
                heading=each.row.heading,
                part=before + 1 if before + after else 0,
                readable=each.row.readable,
                ways=() if after else ways.by_step.get(each.number, ()),
            )
        )
    return tuple(steps), (*faults, *ways.faults)


def _placed(rows: Sequence[RowStep]) -> Iterator[Placed]:
    """Number the rows; one that is a further actor has the number of the step above."""
    number = 0
    above: Placed | None = None
    for index, row in enumerate(rows):
        phase = phase_of(
            first=index == 0, last=index == len(rows) - 1, content=row.content, actor=row.actor
        )
        leaning = above if row.further else None
        if leaning is None or not leaning.phase == phase == "processing":
            number += 1
        label = leaning.label if leaning else row.label
        above = Placed(row=row, number=number, phase=phase, label=label)
        yield above


def _role_faults(row: RowStep, role: str | None) -> Iterator[ImportFault]:
    values = {"step": row.printed, "text": row.actor}
    if not row.actor:
        yield ImportFault(code="missing-actor", place=row.place, values=values)
    elif role is None:
        yield ImportFault(code="unknown-actor", place=row.place, values=values)
    elif role == "applicant":
        yield ImportFault(code="applicant-step", place=row.place, values=values)
    elif role == "other_agency" and agencies_in(row.actor):
        yield ImportFault(code="several-agencies", place=row.place, values=values)
