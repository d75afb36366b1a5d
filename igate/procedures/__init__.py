"""Procedures, their revisions and workflows, as values.

A template's states and transitions (:mod:`~igate.procedures.template`) and a revision's steps
become a workflow (:mod:`~igate.procedures.expansion`, :mod:`~igate.procedures.workflow`) and from
it a checked state machine (:mod:`~igate.procedures.machine`). Files are read in ``reading``; the
catalogue of all procedures is in ``catalog``. The data is in ``igate/workflows``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.procedures.catalog.catalog import Catalog
    from igate.procedures.guard import Guard
    from igate.procedures.machine import compile_machine
    from igate.procedures.online import level_under, scheme_on
    from igate.procedures.procedure import (
        Fee,
        LimitRule,
        OnlineService,
        Procedure,
        Requirement,
        Result,
        Revision,
    )
    from igate.procedures.template import Template
    from igate.procedures.workflow import (
        Action,
        Channel,
        FactValue,
        Party,
        State,
        Step,
        Transition,
        Workflow,
    )

__all__ = [
    "Action",
    "Catalog",
    "Channel",
    "FactValue",
    "Fee",
    "Guard",
    "LimitRule",
    "OnlineService",
    "Party",
    "Procedure",
    "Requirement",
    "Result",
    "Revision",
    "State",
    "Step",
    "Template",
    "Transition",
    "Workflow",
    "compile_machine",
    "level_under",
    "scheme_on",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "catalog.catalog": ["Catalog"],
        "guard": ["Guard"],
        "machine": ["compile_machine"],
        "online": ["level_under", "scheme_on"],
        "procedure": [
            "Fee",
            "LimitRule",
            "OnlineService",
            "Procedure",
            "Requirement",
            "Result",
            "Revision",
        ],
        "template": ["Template"],
        "workflow": [
            "Action",
            "Channel",
            "FactValue",
            "Party",
            "State",
            "Step",
            "Transition",
            "Workflow",
        ],
    },
)
