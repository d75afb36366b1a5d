"""The pure core: what may happen to a dossier, and what a journal says.

``decide`` and ``apply`` (:mod:`~igate.dossiers.engine`) know no clock and no database. Everything
that is said of a dossier follows from its journal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.dossiers.dossier import Actor, Dossier, Entry, Submission
    from igate.dossiers.engine import Ground, apply, begin, decide, fold, migrate, submit
    from igate.dossiers.migration import Migration
    from igate.dossiers.progress import progress, progress_rows

__all__ = [
    "Actor",
    "Dossier",
    "Entry",
    "Ground",
    "Migration",
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
        "dossier": ["Actor", "Dossier", "Entry", "Submission"],
        "engine": ["Ground", "apply", "begin", "decide", "fold", "migrate", "submit"],
        "migration": ["Migration"],
        "progress": ["progress", "progress_rows"],
    },
)
