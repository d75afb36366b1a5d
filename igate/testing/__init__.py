"""Tools for those who test their own procedures and stores (``pip install "igate[testing]"``).

``strategies`` draw time limits, calendars, clocks, procedures, dossiers and tables for Hypothesis;
``DossierMachine`` lives random dossiers at a desk; ``StoreContract`` holds the cases that every
store must pass; ``run`` works synthetic dossiers through a desk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.testing import strategies
    from igate.testing.contract import StoreContract
    from igate.testing.machine import DossierMachine
    from igate.testing.simulation import SimulatedClock, agencies_of, run

__all__ = [
    "DossierMachine",
    "SimulatedClock",
    "StoreContract",
    "agencies_of",
    "run",
    "strategies",
]

_load, __dir__, _ = lazy_loader.attach(
    __name__,
    submodules={"strategies"},
    submod_attrs={
        "machine": ["DossierMachine"],
        "contract": ["StoreContract"],
        "simulation": ["SimulatedClock", "agencies_of", "run"],
    },
)


def __getattr__(name: str) -> object:
    try:
        return _load(name)
    except ModuleNotFoundError as error:
        from igate.errors import IgateError  # noqa: PLC0415 - other projects' tests load this module
        from igate.words.sentence import say  # noqa: PLC0415 - the same

        raise IgateError(
            say("igate.testing.{name} cannot be used.", name=name),
            why=say("It needs {package}, which is not installed.", package=error.name),
            fix=say('Run: pip install "igate[testing]"'),
        ) from error
