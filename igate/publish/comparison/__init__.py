"""What differs between two revisions, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.publish.comparison.procedures import Difference, differences, procedure_differences

__all__ = [
    "Difference",
    "differences",
    "procedure_differences",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "procedures": ["Difference", "differences", "procedure_differences"],
    },
)
