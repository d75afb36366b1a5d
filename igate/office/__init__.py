"""The one-stop desk that a host embeds, and the stores that it keeps dossiers in.

:class:`~igate.office.onestop.OneStop` is the only place that joins files, stores and the clock.
SQL is in ``sql``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.office.bulk import Loaded, Loading, load_journals
    from igate.office.memory import MemoryStore
    from igate.office.onestop import OneStop
    from igate.office.sql.store import Durability, SqlStore
    from igate.office.store import DossierStore, Standing

__all__ = [
    "DossierStore",
    "Durability",
    "Loaded",
    "Loading",
    "MemoryStore",
    "OneStop",
    "SqlStore",
    "Standing",
    "load_journals",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "bulk": ["Loaded", "Loading", "load_journals"],
        "onestop": ["OneStop"],
        "sql.store": ["Durability", "SqlStore"],
        "store": ["DossierStore", "Standing"],
        "memory": ["MemoryStore"],
    },
)
