"""What many tests read and none changes: the shipped catalogue, the source as syntax trees."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING, Final

from igate.procedures.catalog.catalog import Catalog

if TYPE_CHECKING:
    from pathlib import Path

    from igate.procedures.workflow import FactValue

__all__ = ["PAID", "shipped_catalogue", "tree_of"]

#: What is passed with a payment: an amount in đồng and a receipt, both invented.
PAID: Final[dict[str, FactValue]] = {"fee_amount": 100_000, "fee_receipt": "BL-0001"}


@cache
def shipped_catalogue() -> Catalog:
    """Return the shipped catalogue; a procedure that a test has read is not read again."""
    return Catalog.shipped()


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))
