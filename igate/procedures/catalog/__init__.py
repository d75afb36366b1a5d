"""All procedures together: find, list, search, summarise, start a new file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.procedures.catalog.catalog import Catalog
    from igate.procedures.catalog.filing import core_code
    from igate.procedures.catalog.listing import Listing, Summary, summarise
    from igate.procedures.catalog.scaffold import scaffold
    from igate.procedures.catalog.search import fold

__all__ = [
    "Catalog",
    "Listing",
    "Summary",
    "core_code",
    "fold",
    "scaffold",
    "summarise",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "catalog": ["Catalog"],
        "filing": ["core_code"],
        "listing": ["Listing", "Summary", "summarise"],
        "scaffold": ["scaffold"],
        "search": ["fold"],
    },
)
