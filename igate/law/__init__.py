"""The words of the law that everything else is written in.

Citations (:mod:`~igate.law.citation`), periods and timelines of what is in force
(:mod:`~igate.law.period`), local time (:mod:`~igate.law.localtime`). Any package may import it; it
imports nothing but :mod:`igate.errors` and :mod:`igate.words`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.law.citation import Citation, Label, Language
    from igate.law.localtime import VIETNAM, local, parse_local
    from igate.law.period import Period, Timeline

__all__ = [
    "VIETNAM",
    "Citation",
    "Label",
    "Language",
    "Period",
    "Timeline",
    "local",
    "parse_local",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "citation": ["Citation", "Label", "Language"],
        "localtime": ["VIETNAM", "local", "parse_local"],
        "period": ["Period", "Timeline"],
    },
)
