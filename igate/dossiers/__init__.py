"""The pure core: what may happen to a dossier, and what a journal says.

``decide`` and ``apply`` (:mod:`~igate.dossiers.engine`) know no clock and no database. Everything
that is said of a dossier follows from its journal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.dossiers.alerts import Alert
    from igate.dossiers.dossier import Actor, Ask, Dossier, Entry, Mandate, Submission
    from igate.dossiers.engine import Ground, apply, begin, decide, fold, migrate, submit
    from igate.dossiers.migration import Migration
    from igate.dossiers.progress import progress, progress_rows
    from igate.dossiers.receipt import Receipt

__all__ = [
    "Actor",
    "Alert",
    "Ask",
    "Dossier",
    "Entry",
    "Ground",
    "Mandate",
    "Migration",
    "Receipt",
    "Submission",
    "apply",
    "begin",
    "decide",
    "fold",
    "migrate",
    "progress",
    "progress_rows",
    "submit",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "alerts": ["Alert"],
        "dossier": ["Actor", "Ask", "Dossier", "Entry", "Mandate", "Submission"],
        "engine": ["Ground", "apply", "begin", "decide", "fold", "migrate", "submit"],
        "migration": ["Migration"],
        "progress": ["progress", "progress_rows"],
        "receipt": ["Receipt"],
    },
)
