"""On-time rates: named definitions, the settlement table of form II.06a, the list of late dossiers.

::

    from igate import metrics

    metrics.settlement(frame, by=("agency", "month"), as_of=date(2026, 8, 31))

The names below are loaded on first use, so that this package is cheap to import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.metrics import plot
    from igate.metrics.asked import Given
    from igate.metrics.definitions import (
        COUNTS,
        DEFINITIONS,
        FURTHER_COUNTS,
        RATE,
        Definition,
        definition,
        rate,
    )
    from igate.metrics.desk import desk_columns, dossier_columns
    from igate.metrics.doubts import DOUBTS, implausible
    from igate.metrics.durations import Limits, control_chart, p_limits, processing_times
    from igate.metrics.faulty import set_aside
    from igate.metrics.files import headings_of, read_table
    from igate.metrics.form import late_dossiers, settlement
    from igate.metrics.headings import Proposal, propose_map
    from igate.metrics.identities import Sum, identity
    from igate.metrics.logs.folding import fold_log
    from igate.metrics.logs.journals import FoldedLog, LeftOut, fold_journals, log_journals
    from igate.metrics.logs.reading import read_log
    from igate.metrics.patterns import SIGNALS, Signal, signals
    from igate.metrics.pending import AGES, LATENESS, ageing, open_dossiers
    from igate.metrics.points import ABSENT, MEASURES, Measure, Score, Scored, score766
    from igate.metrics.reconciling import CAUSES, Cause, Reconciliation, reconcile
    from igate.metrics.staffing import Estimate, Level, Line, Staffing, staffing
    from igate.metrics.survival import Survival, calibration, kaplan_meier, late_probability
    from igate.metrics.tables import HEADS, Shown, shown
    from igate.metrics.tablevisits import table_visits
    from igate.metrics.visits import time_used, visit_columns
    from igate.metrics.whatif import what_if

__all__ = [
    "ABSENT",
    "AGES",
    "CAUSES",
    "COUNTS",
    "DEFINITIONS",
    "DOUBTS",
    "FURTHER_COUNTS",
    "HEADS",
    "LATENESS",
    "MEASURES",
    "RATE",
    "SIGNALS",
    "Cause",
    "Definition",
    "Estimate",
    "FoldedLog",
    "Given",
    "LeftOut",
    "Level",
    "Limits",
    "Line",
    "Measure",
    "Proposal",
    "Reconciliation",
    "Score",
    "Scored",
    "Shown",
    "Signal",
    "Staffing",
    "Sum",
    "Survival",
    "ageing",
    "calibration",
    "control_chart",
    "definition",
    "desk_columns",
    "dossier_columns",
    "fold_journals",
    "fold_log",
    "headings_of",
    "identity",
    "implausible",
    "kaplan_meier",
    "late_dossiers",
    "late_probability",
    "log_journals",
    "open_dossiers",
    "p_limits",
    "plot",
    "processing_times",
    "propose_map",
    "rate",
    "read_log",
    "read_table",
    "reconcile",
    "score766",
    "set_aside",
    "settlement",
    "shown",
    "signals",
    "staffing",
    "table_visits",
    "time_used",
    "visit_columns",
    "what_if",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submodules=["plot"],
    submod_attrs={
        "asked": ["Given"],
        "definitions": [
            "COUNTS",
            "DEFINITIONS",
            "FURTHER_COUNTS",
            "RATE",
            "Definition",
            "definition",
            "rate",
        ],
        "desk": ["desk_columns", "dossier_columns"],
        "doubts": ["DOUBTS", "implausible"],
        "durations": ["Limits", "control_chart", "p_limits", "processing_times"],
        "faulty": ["set_aside"],
        "files": ["headings_of", "read_table"],
        "form": ["late_dossiers", "settlement"],
        "headings": ["Proposal", "propose_map"],
        "identities": ["Sum", "identity"],
        "logs.folding": ["fold_log"],
        "logs.journals": ["FoldedLog", "LeftOut", "fold_journals", "log_journals"],
        "logs.reading": ["read_log"],
        "whatif": ["what_if"],
        "pending": ["AGES", "LATENESS", "ageing", "open_dossiers"],
        "reconciling": ["CAUSES", "Cause", "Reconciliation", "reconcile"],
        "points": ["ABSENT", "MEASURES", "Measure", "Score", "Scored", "score766"],
        "patterns": ["SIGNALS", "Signal", "signals"],
        "tables": ["HEADS", "Shown", "shown"],
        "staffing": ["Estimate", "Level", "Line", "Staffing", "staffing"],
        "tablevisits": ["table_visits"],
        "survival": ["Survival", "calibration", "kaplan_meier", "late_probability"],
        "visits": ["time_used", "visit_columns"],
    },
)
