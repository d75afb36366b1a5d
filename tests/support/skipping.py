"""Which tests may be skipped: only for a reason that .ci/allowed-skips.txt gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest


def allowed_reasons(text: str) -> frozenset[str]:
    """Read the reasons for which a test may be skipped: one a line, ``#`` begins a remark."""
    lines = (line.strip() for line in text.splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))


def skip_reasons(reports: Iterable[pytest.TestReport | pytest.CollectReport]) -> frozenset[str]:
    """Return the reasons of skipped tests without pytest's word in front."""
    texts = (report.longrepr for report in reports)
    return frozenset(text[2].removeprefix("Skipped: ") for text in texts if isinstance(text, tuple))
