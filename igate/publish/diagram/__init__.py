"""Workflows as pictures: Mermaid, SVG, PNG."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.publish.diagram.bpmn import bpmn
    from igate.publish.diagram.diagram import mermaid, png, svg

__all__ = [
    "bpmn",
    "mermaid",
    "png",
    "svg",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "bpmn": ["bpmn"],
        "diagram": ["mermaid", "png", "svg"],
    },
)
