"""The store in memory keeps the contract, and the values of the port keep their own rules."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

from igate.dossiers.standing import dossier_code
from igate.errors import StoreError
from igate.office.memory import MemoryStore
from igate.testing.contract import StoreContract

if TYPE_CHECKING:
    from igate.office.store import DossierStore


class TestMemoryStore(StoreContract):
    """MemoryStore passes every case of the contract."""

    def create_store(self) -> DossierStore:
        """Make a store in memory."""
        return MemoryStore()


def test_the_order_of_the_day_grows_past_four_digits() -> None:
    """Circular 04/2025: at least four digits, longer when needed."""
    day = date(2026, 8, 20)
    assert dossier_code("H15.10", day, 9999) == "H15.10-260820-9999"
    assert dossier_code("H15.10", day, 10000) == "H15.10-260820-10000"


def test_the_order_of_the_day_begins_at_one() -> None:
    """No dossier is the 0th of its day."""
    with pytest.raises(StoreError, match="numbered from 1"):
        dossier_code("H15.10", date(2026, 8, 20), 0)


def test_the_port_does_not_load_the_database() -> None:
    """Whoever keeps dossiers in memory does not pay for SQLModel."""
    code = (
        "import sys, igate.office.store\n"
        "print([name for name in ('sqlmodel', 'sqlalchemy', 'hypothesis') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
