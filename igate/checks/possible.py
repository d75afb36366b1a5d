"""Whether a guard can hold under given facts, whatever the other facts are.

A guard is a small expression over few facts, so the question is answered by trying: each fact that
is not given takes every value at which a comparison of the guard can change its answer (the
constants in it and their neighbours). What is found is therefore what the engine would do.
"""

from __future__ import annotations

import ast
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Final

from igate.errors import GuardError
from igate.procedures.workflow import BUILT_IN_FACTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from igate.procedures.guard import Guard
    from igate.procedures.workflow import FactKind, FactValue

__all__ = ["can_hold", "values_of"]

#: Combinations that are tried at most; a guard with more is not judged.
_MOST: Final = 20_000
#: A text that no guard names.
_OTHER: Final = "-"


def can_hold(
    guard: Guard | None, kinds: Mapping[str, FactKind], given: Mapping[str, FactValue]
) -> bool | None:
    """Return whether a transition could be taken under some values of the facts not given.

    Args:
        guard: The condition; ``None`` always holds.
        kinds: Kinds of the facts that the workflow declares.
        given: Facts whose values are fixed.

    Returns:
        Whether some values make it hold; ``None`` where there are too many combinations to try.

    >>> from igate.procedures.guard import Guard
    >>> guard = Guard.parse("apologies == 0 or urgent", names={"apologies", "urgent"})
    >>> can_hold(guard, {"urgent": "bool"}, {"apologies": 1})
    True
    """
    if guard is None:
        return True
    constants = _constants(guard.text)
    known = {**BUILT_IN_FACTS, **kinds}
    names = sorted(guard.names)
    choices = [
        (given[name],) if name in given else _values(known[name], constants) for name in names
    ]
    if prod(map(len, choices)) > _MOST:
        return None
    return any(_holds(guard, dict(zip(names, values, strict=True))) for values in product(*choices))


def values_of(guard: Guard, kind: FactKind) -> tuple[FactValue, ...]:
    """Return the values at which a comparison of a guard with a fact can change its answer.

    >>> from igate.procedures.guard import Guard
    >>> values_of(Guard.parse("apologies == 1", names={"apologies"}), "int")
    (-2, -1, 0, 1, 2)
    """
    return _values(kind, _constants(guard.text))


def _holds(guard: Guard, facts: Mapping[str, FactValue]) -> bool:
    try:
        return guard.holds(facts)
    except GuardError:
        # compares a number with a text: refused when a clerk acts, so the way is not open
        return False


def _constants(text: str) -> list[object]:
    tree = ast.parse(text.replace("\n", " ").strip(), mode="eval")
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]


def _values(kind: FactKind, constants: Sequence[object]) -> tuple[FactValue, ...]:
    if kind == "bool":
        # what asks for all of many parts is found at once
        return True, False
    if kind == "text":
        return (_OTHER, "", *{each: None for each in constants if isinstance(each, str)})
    numbers = {0, *(each for each in constants if type(each) is int)}
    # a minus is before its number as an operator, so both signs are tried
    near = {sign * number + step for number in numbers for sign in (-1, 1) for step in (-1, 0, 1)}
    return tuple(sorted(near))
