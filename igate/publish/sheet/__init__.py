"""The sheet of a procedure that is posted at the counter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.publish.sheet.sheet import sheet_html, sheet_markdown

__all__ = [
    "sheet_html",
    "sheet_markdown",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "sheet": ["sheet_html", "sheet_markdown"],
    },
)
