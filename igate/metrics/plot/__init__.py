"""Pictures of what ``igate.metrics`` counts, as Altair charts.

Each function takes what a function of ``igate.metrics`` has returned and gives a chart, which a
notebook shows and ``chart.save("rates.png")`` writes. Drawing needs the extra ``frames``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.metrics.plot.bands import rates
    from igate.metrics.plot.bars import ageing, counts
    from igate.metrics.plot.lines import calibration, control
    from igate.metrics.plot.waterfall import causes

__all__ = ["ageing", "calibration", "causes", "control", "counts", "rates"]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "bars": ["ageing", "counts"],
        "waterfall": ["causes"],
        "lines": ["calibration", "control"],
        "bands": ["rates"],
    },
)
