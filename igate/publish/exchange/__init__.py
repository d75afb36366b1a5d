"""What other programs read: event logs of journals, open data of settlements and of the catalogue.

Only formats that somebody else has defined; each function names the standard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.publish.exchange.cpsv import catalogue_cpsv
    from igate.publish.exchange.datapackage import write_data_package
    from igate.publish.exchange.ocel import journal_ocel
    from igate.publish.exchange.openmetrics import settlement_openmetrics
    from igate.publish.exchange.suppression import withheld
    from igate.publish.exchange.xes import journal_xes

__all__ = [
    "catalogue_cpsv",
    "journal_ocel",
    "journal_xes",
    "settlement_openmetrics",
    "withheld",
    "write_data_package",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "cpsv": ["catalogue_cpsv"],
        "datapackage": ["write_data_package"],
        "ocel": ["journal_ocel"],
        "openmetrics": ["settlement_openmetrics"],
        "suppression": ["withheld"],
        "xes": ["journal_xes"],
    },
)
