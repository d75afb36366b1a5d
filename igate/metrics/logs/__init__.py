"""Event logs folded to the table of dossiers that ``metrics.settlement`` reads.

A log has a line an event: which case, what happened, when. What an event does to the clock of a
dossier, a map says, in the words of the journal: start, suspend for a reason, resume, finish, stop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.metrics.logs.folding import fold_log
    from igate.metrics.logs.journals import FoldedLog, LeftOut, fold_journals, log_journals
    from igate.metrics.logs.mapping import LogMap, Mark, read_log_map
    from igate.metrics.logs.reading import read_log

__all__ = [
    "FoldedLog",
    "LeftOut",
    "LogMap",
    "Mark",
    "fold_journals",
    "fold_log",
    "log_journals",
    "read_log",
    "read_log_map",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "folding": ["fold_log"],
        "journals": ["FoldedLog", "LeftOut", "fold_journals", "log_journals"],
        "mapping": ["LogMap", "Mark", "read_log_map"],
        "reading": ["read_log"],
    },
)
