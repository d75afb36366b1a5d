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
    from igate.metrics.definitions import (
        COUNTS,
        DEFINITIONS,
        FURTHER_COUNTS,
        Definition,
        definition,
        rate,
    )
    from igate.metrics.doubts import DOUBTS, implausible
    from igate.metrics.faulty import set_aside
    from igate.metrics.files import headings_of, read_table
    from igate.metrics.form import late_dossiers, settlement
    from igate.metrics.headings import Proposal, propose_map
    from igate.metrics.identities import Sum, identity
    from igate.metrics.logs.folding import fold_log
    from igate.metrics.logs.reading import read_log
    from igate.metrics.reconciling import CAUSES, Cause, Reconciliation, reconcile
    from igate.metrics.whatif import what_if

__all__ = [
    "CAUSES",
    "COUNTS",
    "DEFINITIONS",
    "DOUBTS",
    "FURTHER_COUNTS",
    "Cause",
    "Definition",
    "Proposal",
    "Reconciliation",
    "Sum",
    "definition",
    "fold_log",
    "headings_of",
    "identity",
    "implausible",
    "late_dossiers",
    "propose_map",
    "rate",
    "read_log",
    "read_table",
    "reconcile",
    "set_aside",
    "settlement",
    "what_if",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "definitions": [
            "COUNTS",
            "DEFINITIONS",
            "FURTHER_COUNTS",
            "Definition",
            "definition",
            "rate",
        ],
        "doubts": ["DOUBTS", "implausible"],
        "faulty": ["set_aside"],
        "files": ["headings_of", "read_table"],
        "form": ["late_dossiers", "settlement"],
        "headings": ["Proposal", "propose_map"],
        "identities": ["Sum", "identity"],
        "logs.folding": ["fold_log"],
        "logs.reading": ["read_log"],
        "reconciling": ["CAUSES", "Cause", "Reconciliation", "reconcile"],
        "whatif": ["what_if"],
    },
)
