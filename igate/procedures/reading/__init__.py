"""From procedure and template files to values, with a finding for all that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.procedures.reading.procedure_file import read_procedure
    from igate.procedures.reading.template_file import read_template
    from igate.procedures.reading.templates import Templates

__all__ = [
    "Templates",
    "read_procedure",
    "read_template",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "procedure_file": ["read_procedure"],
        "template_file": ["read_template"],
        "templates": ["Templates"],
    },
)
