"""Drawing takes most of the time of these tests, so equal charts are drawn once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
import vl_convert

from igate.publish.report import plots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from igate.publish.report.data import ReportData


@pytest.fixture(scope="session", autouse=True)
def drawn_once() -> Iterator[None]:
    """Keep each chart by the figures in it, and each drawing by its chart."""
    spec, charts = plots._spec, {}  # noqa: SLF001 - the slow part, with nothing public around it

    def of_figures(data: ReportData, *rest: object, **options: object) -> str:
        figures = (
            data.tables, data.ageing, data.steps, data.target, data.target_citation, data.synthetic
        )  # fmt: skip
        key = figures, rest, tuple(options.items())
        if key not in charts:
            charts[key] = spec(data, *rest, **options)
        return charts[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plots, "_spec", of_figures)
        for name in ("vegalite_to_svg", "vegalite_to_png"):
            patch.setattr(vl_convert, name, _once(getattr(vl_convert, name)))
        yield


def _once(draw: Callable[..., bytes | str]) -> Callable[..., bytes | str]:
    """Keep what is drawn of a text; Altair itself passes a dict, also in tests elsewhere."""
    kept = cache(draw)

    def drawn(spec: object, **options: object) -> bytes | str:
        return (kept if isinstance(spec, str) else draw)(spec, **options)

    return drawn
