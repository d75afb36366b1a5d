"""From a time limit to a due date that can be explained.

A limit (:mod:`~igate.deadlines.limits`) runs under dated rules (:mod:`~igate.deadlines.rules`, data
in ``vn/``), stops and restarts (:mod:`~igate.deadlines.suspension`), is counted on the calendar
(:mod:`~igate.deadlines.counting`) and gives a deadline with its proof. Whole columns are counted in
:mod:`igate.deadlines.columns`. It knows neither procedures nor dossiers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.deadlines.answer import due
    from igate.deadlines.deadline import (
        ClockState,
        Deadline,
        Judgement,
        clock_state,
        compute_deadline,
    )
    from igate.deadlines.limits import NOT_STATED, Part, TimeLimit, Unit, read_limit
    from igate.deadlines.proof import DayCount
    from igate.deadlines.rulefile import read_rules, shipped_rules
    from igate.deadlines.rules import (
        ClockKind,
        ClockMark,
        ClockRules,
        Cutoff,
        Extension,
        Interruption,
    )
    from igate.deadlines.suspension import Suspension
    from igate.deadlines.text import DeadlineRecord, deadline_record, explain_deadline
    from igate.deadlines.whatif import Without

__all__ = [
    "NOT_STATED",
    "ClockKind",
    "ClockMark",
    "ClockRules",
    "ClockState",
    "Cutoff",
    "DayCount",
    "Deadline",
    "DeadlineRecord",
    "Extension",
    "Interruption",
    "Judgement",
    "Part",
    "Suspension",
    "TimeLimit",
    "Unit",
    "Without",
    "clock_state",
    "compute_deadline",
    "deadline_record",
    "due",
    "explain_deadline",
    "read_limit",
    "read_rules",
    "shipped_rules",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "deadline": ["ClockState", "Deadline", "Judgement", "clock_state", "compute_deadline"],
        "answer": ["due"],
        "limits": ["NOT_STATED", "Part", "TimeLimit", "Unit", "read_limit"],
        "proof": ["DayCount"],
        "rulefile": ["read_rules", "shipped_rules"],
        "rules": ["ClockKind", "ClockMark", "ClockRules", "Cutoff", "Extension", "Interruption"],
        "suspension": ["Suspension"],
        "text": ["DeadlineRecord", "deadline_record", "explain_deadline"],
        "whatif": ["Without"],
    },
)
