"""What an action asks for, made up: a reason, facts, the new date of an apology.

Who replays a course, runs an example or draws a life at random has nobody to ask. What is made up
here is the same for all of them.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import islice, product
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from igate.checks.possible import values_of
from igate.errors import CalendarNotCovered
from igate.procedures.workflow import BUILT_IN_FACTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from igate.dossiers.dossier import Dossier
    from igate.procedures.machine import Table
    from igate.procedures.workflow import FactKind, FactValue, Transition

__all__ = ["REASON", "facts_for", "new_date"]

#: the reason or remark of an action
REASON: Final = "Lý do giả lập"
#: what is said of a fact of each kind that an action needs
_SAID: Final[Mapping[FactKind, FactValue]] = MappingProxyType(
    {"bool": True, "int": 1, "text": "giả lập"}
)
#: combinations of facts that are tried to open a guard
_TRIED: Final = 200
#: by how much an apology puts off the date of return
_PUT_OFF: Final = timedelta(days=7)


def facts_for(transition: Transition, table: Table) -> Iterator[dict[str, FactValue]]:
    """Yield facts to say with an action: those it needs, then what could open its guard."""
    declared = table.workflow.facts
    kinds = {**BUILT_IN_FACTS, **declared}
    needs = {name: _SAID[kinds[name]] for name in transition.manner.needs}
    yield needs
    guard = transition.guard
    names = sorted(guard.names & declared.keys() - table.parts) if guard else []
    if guard is None or not names:
        return
    values = [values_of(guard, kinds[name]) for name in names]
    for chosen in islice(product(*values), _TRIED):
        yield {**needs, **dict(zip(names, chosen, strict=True))}


def new_date(transition: Transition, dossier: Dossier, at: datetime) -> datetime | None:
    """Return the date that an apology names: a week after the date of return, or after now.

    It is a week after now where the date of return has passed or lies past the calendar.

    Returns:
        The date; ``None`` for an action that names none.
    """
    if transition.clock != "replace":
        return None
    try:
        due = dossier.deadline.due if dossier.deadline else None
    except CalendarNotCovered:
        due = None
    return max(at, due or at) + _PUT_OFF
