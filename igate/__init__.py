"""igate: procedures, deadlines, journals and on-time rates of the Vietnamese one-stop.

The public names below are loaded on first use, so that ``import igate`` stays cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from igate._version import __version__

if TYPE_CHECKING:
    from igate.catalog import Catalog
    from igate.check import check_paths
    from igate.citation import Citation, Label
    from igate.clock import ClockMark, ClockRules
    from igate.deadline import Deadline, compute_deadline
    from igate.dossier import Actor, Dossier, Entry
    from igate.errors import (
        ActionRefused,
        CalendarNotCovered,
        DefinitionError,
        Finding,
        IgateError,
        StoreError,
    )
    from igate.limits import TimeLimit
    from igate.localtime import VIETNAM, parse_local
    from igate.onestop import OneStop
    from igate.procedure import Procedure, Revision
    from igate.workcalendar import WorkCalendar

__all__ = [
    "VIETNAM",
    "ActionRefused",
    "Actor",
    "CalendarNotCovered",
    "Catalog",
    "Citation",
    "ClockMark",
    "ClockRules",
    "Deadline",
    "DefinitionError",
    "Dossier",
    "Entry",
    "Finding",
    "IgateError",
    "Label",
    "OneStop",
    "Procedure",
    "Revision",
    "StoreError",
    "TimeLimit",
    "WorkCalendar",
    "__version__",
    "check_paths",
    "compute_deadline",
    "parse_local",
]

_HOME = {
    "catalog": ("Catalog",),
    "check": ("check_paths",),
    "citation": ("Citation", "Label"),
    "clock": ("ClockMark", "ClockRules"),
    "deadline": ("Deadline", "compute_deadline"),
    "dossier": ("Actor", "Dossier", "Entry"),
    "errors": (
        "ActionRefused",
        "CalendarNotCovered",
        "DefinitionError",
        "Finding",
        "IgateError",
        "StoreError",
    ),
    "limits": ("TimeLimit",),
    "localtime": ("VIETNAM", "parse_local"),
    "onestop": ("OneStop",),
    "procedure": ("Procedure", "Revision"),
    "workcalendar": ("WorkCalendar",),
}


def __getattr__(name: str) -> object:
    """Load a public name from the module that defines it."""
    for module, names in _HOME.items():
        if name in names:
            value: object = getattr(import_module(f"igate.{module}"), name)
            globals()[name] = value
            return value
    message = f"module 'igate' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
