"""Format 1: dossiers, journals, serials and notes, in SQLite."""

from __future__ import annotations

revision = "1"
down_revision = None


def upgrade() -> None:
    """Do nothing: this is what there was first."""
