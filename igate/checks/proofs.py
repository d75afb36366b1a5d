"""What is shown of all situations at once: that none is a trap, and what the decree asks for.

Each function returns the situations in which something is not so; that there are none is the proof.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from igate.checks.situations import Move, Situation, Situations

__all__ = ["circles", "second_requests", "traps", "without_apology"]

#: Working days that must be left when an apology names a new date (Nghị định 118/2025/NĐ-CP,
#: Điều 19 khoản 6: at least a day before the date of return).
_LAST_DAY = {"working_days_left": 1}


def traps(situations: Situations, reached: Iterable[Situation]) -> list[Situation]:
    """Return the situations from which, after any wait, no way leads to an answer."""
    every = list(reached)
    good = _back_from(
        [here for here in every if situations.is_end(here)], every, situations.ways_out
    )
    return [here for here in every if here not in good]


def circles(situations: Situations, reached: Iterable[Situation]) -> list[list[Move]]:
    """Return rounds of moves that the system takes alone and for ever, one for each beginning.

    Nobody decides them, no clock is stopped or started by them, and no guard ends them.
    """
    idle: dict[Situation, list[Move]] = {}
    for here in reached:
        moves = situations.ways_out(here)
        own = [each for each in moves if each.by_system and each.transition.clock is None]
        if own and not situations.is_end(here):
            idle[here] = own
    return [found for here in idle if (found := _round(here, idle))]


def _round(start: Situation, moves: Mapping[Situation, list[Move]]) -> list[Move]:
    """Return the shortest round from a situation back to it; nothing where there is none."""
    came: dict[Situation, Move] = {}
    waiting = [start]
    for here in waiting:  # it grows meanwhile
        for move in moves.get(here, ()):
            if move.target == start:
                return [*_to(here, start, came), move]
            if move.target not in came:
                came[move.target] = move
                waiting.append(move.target)
    return []


def _to(here: Situation, start: Situation, came: Mapping[Situation, Move]) -> list[Move]:
    found: list[Move] = []
    while here != start:
        found.append(came[here])
        here = came[here].source
    return found[::-1]


def without_apology(situations: Situations, reached: Iterable[Situation]) -> list[Situation]:
    """Return the situations in which, on the last day for it, no apology can be made.

    The clock runs, and none has been made. Somebody of the agency may pass the dossier on first:
    that takes no time, and needs nobody else.
    """
    every = [
        here for here in reached if here.clock == "runs" and not situations.count(here, "apologies")
    ]
    direct = [
        here
        for here in every
        if any(each.transition.clock == "replace" for each in situations.moves(here, _LAST_DAY))
    ]
    good = _back_from(direct, every, lambda here: _passed_on(situations, here))
    return [here for here in every if here not in good]


def _passed_on(situations: Situations, here: Situation) -> Iterator[Move]:
    for each in situations.moves(here, _LAST_DAY):
        if each.by_agency and each.transition.clock is None:
            yield each


def second_requests(situations: Situations, reached: Iterable[Situation]) -> list[Move]:
    """Return the moves that ask for a supplement after one has been asked for."""
    return [
        each
        for here in reached
        if situations.count(here, "supplement_requests")
        for each in situations.moves(here)
        if each.transition.clock == "suspend" and each.transition.reason == "supplement"
    ]


def _back_from(
    ends: Iterable[Situation],
    every: Iterable[Situation],
    moves: Callable[[Situation], Iterator[Move]],
) -> set[Situation]:
    """Return the situations from which some moves lead to one of several."""
    into: defaultdict[Situation, list[Situation]] = defaultdict(list)
    for here in every:
        for move in moves(here):
            into[move.target].append(here)
    found = set(ends)
    waiting = list(found)
    while waiting:
        for before in into[waiting.pop()]:
            if before not in found:
                found.add(before)
                waiting.append(before)
    return found
