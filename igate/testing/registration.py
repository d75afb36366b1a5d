"""Tells Hypothesis how the public values are drawn, as soon as one of their modules is loaded.

Hypothesis calls :func:`register` when it is imported, in every program that has igate installed. So
nothing of igate is loaded here: each strategy is looked up when it is first asked for.
"""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

__all__ = ["VALUES", "register"]

#: The public values by the modules that define them.
VALUES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "igate.calendar.calendar": ("WorkCalendar",),
        "igate.deadlines.deadline": ("Deadline",),
        "igate.deadlines.limits": ("Part", "TimeLimit"),
        "igate.deadlines.rules": ("ClockMark", "ClockRules"),
        "igate.deadlines.suspension": ("Suspension",),
        "igate.dossiers.dossier": ("Actor", "Dossier", "Entry"),
        "igate.law.citation": ("Citation", "Label"),
        "igate.law.period": ("Period",),
        "igate.procedures.procedure": ("Procedure", "Revision"),
    }
)


def register() -> None:
    """Register the strategies of the values of each module when it is loaded.

    Without the extra ``testing`` nothing is registered: Hypothesis may be there for other tests.
    """
    try:
        import wrapt  # noqa: PLC0415 - an extra
    except ImportError:
        return
    for module, names in VALUES.items():
        wrapt.register_post_import_hook(partial(_register, names), module)


def _register(names: tuple[str, ...], module: ModuleType) -> None:
    for name in names:
        st.register_type_strategy(getattr(module, name), partial(_strategy, name))


def _strategy(name: str, _thing: type) -> st.SearchStrategy[Any]:
    from igate.testing.strategies.values import strategy_of  # noqa: PLC0415 - only when one is drawn

    return strategy_of(name)
