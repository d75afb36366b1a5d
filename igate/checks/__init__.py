"""What the checker looks for beyond what a file needs in order to be loaded.

Each module holds one kind of rule, as pure functions from values to faults: the course of a
template and the decree that it follows, the data of a procedure, the time of its steps and the ways
between them, what has aged, what is not
translated, files seen together. The files are opened and the faults placed by
:mod:`igate.checks.checker`.
"""

from __future__ import annotations

from igate.checks.course import template_faults
from igate.checks.data import procedure_faults, translation_faults
from igate.checks.names import Named, duplicate_names
from igate.checks.staleness import Staleness, citation_faults
from igate.checks.sums import step_sums
from igate.checks.ways import legs, way_faults

__all__ = [
    "Named",
    "Staleness",
    "citation_faults",
    "duplicate_names",
    "legs",
    "procedure_faults",
    "step_sums",
    "template_faults",
    "translation_faults",
    "way_faults",
]
