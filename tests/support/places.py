"""Where the files that tests read are."""

from __future__ import annotations

from pathlib import Path

__all__ = ["ROOT", "TESTS"]

#: The checkout.
ROOT = Path(__file__).parent.parent.parent
#: Answers, broken files and snapshots are folders here.
TESTS = ROOT / "tests"
