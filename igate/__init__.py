"""igate: procedures, deadlines, journals and on-time rates of the Vietnamese one-stop.

The public names below are loaded on first use, so that ``import igate`` stays cheap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.calendar import WorkCalendar
    from igate.checks.checker import check_paths
    from igate.checks.verify import verify
    from igate.deadlines.answer import due
    from igate.deadlines.deadline import Deadline, compute_deadline
    from igate.deadlines.limits import TimeLimit
    from igate.deadlines.rulefile import shipped_rules
    from igate.deadlines.rules import ClockMark, ClockRules
    from igate.dossiers.dossier import Actor, Dossier, Entry
    from igate.errors import (
        ActionRefused,
        CalendarNotCovered,
        DefinitionError,
        Finding,
        IgateError,
        StoreError,
    )
    from igate.law.citation import Citation, Label
    from igate.law.localtime import VIETNAM, parse_local
    from igate.office.onestop import OneStop
    from igate.procedures.catalog.catalog import Catalog
    from igate.procedures.procedure import Procedure, Revision

__version__ = "0.1.0"

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
    "due",
    "parse_local",
    "shipped_rules",
    "verify",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    # what the pages write as igate.metrics.settlement works after "import igate" alone
    submodules={"errors", "metrics", "testing"},
    submod_attrs={
        "procedures.catalog.catalog": ["Catalog"],
        "checks.checker": ["check_paths"],
        "checks.verify": ["verify"],
        "law.citation": ["Citation", "Label"],
        "deadlines.rules": ["ClockMark", "ClockRules"],
        "deadlines.rulefile": ["shipped_rules"],
        "deadlines.deadline": ["Deadline", "compute_deadline"],
        "deadlines.answer": ["due"],
        "dossiers.dossier": ["Actor", "Dossier", "Entry"],
        "errors": [
            "ActionRefused",
            "CalendarNotCovered",
            "DefinitionError",
            "Finding",
            "IgateError",
            "StoreError",
        ],
        "deadlines.limits": ["TimeLimit"],
        "law.localtime": ["VIETNAM", "parse_local"],
        "office.onestop": ["OneStop"],
        "procedures.procedure": ["Procedure", "Revision"],
        "calendar": ["WorkCalendar"],
    },
)
