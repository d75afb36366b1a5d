"""On-time rates: named definitions, the settlement table of form II.06a, the list of late dossiers.

::

    from igate import metrics

    metrics.settlement(frame, by=("agency", "month"), as_of=date(2026, 8, 31))

The names below are loaded on first use, so that this package is cheap to import.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from igate.metrics.definitions import COUNTS, DEFINITIONS, Definition, definition, rate
    from igate.metrics.files import read_table
    from igate.metrics.form import late_dossiers, settlement

__all__ = [
    "COUNTS",
    "DEFINITIONS",
    "Definition",
    "definition",
    "late_dossiers",
    "rate",
    "read_table",
    "settlement",
]

_HOME = {
    "definitions": ("COUNTS", "DEFINITIONS", "Definition", "definition", "rate"),
    "files": ("read_table",),
    "form": ("late_dossiers", "settlement"),
}


def __getattr__(name: str) -> object:
    """Load a public name from the module that defines it."""
    for module, names in _HOME.items():
        if name in names:
            value: object = getattr(import_module(f"igate.metrics.{module}"), name)
            globals()[name] = value
            return value
    message = f"module 'igate.metrics' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
