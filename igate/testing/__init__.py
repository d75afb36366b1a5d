"""Tools for those who test their own procedures and stores (``pip install "igate[testing]"``).

``igate.testing.contract`` holds the cases that every store must pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.testing.contract import StoreContract
    from igate.testing.simulation import SimulatedClock, agencies_of, run

__all__ = [
    "SimulatedClock",
    "StoreContract",
    "agencies_of",
    "run",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "contract": ["StoreContract"],
        "simulation": ["SimulatedClock", "agencies_of", "run"],
    },
)
