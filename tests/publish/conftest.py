"""Drawing takes most of the time of these tests, so equal charts are drawn once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
import vl_convert

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session", autouse=True)
def drawn_once() -> Iterator[None]:
    """Keep each drawing by its chart: the renderer draws equal charts equally."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("vegalite_to_svg", "vegalite_to_png"):
            patch.setattr(vl_convert, name, cache(getattr(vl_convert, name)))
        yield
