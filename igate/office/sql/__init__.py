"""Dossiers and journals in a database: tables, statements, connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.office.sql.store import Durability, SqlStore

__all__ = [
    "Durability",
    "SqlStore",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "store": ["Durability", "SqlStore"],
    },
)
