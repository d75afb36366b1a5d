"""Format 3: parts of a dossier, corrections, assignees, and when the system learned of an end."""

from __future__ import annotations

from alembic import op

revision = "3"
down_revision = "2"


def upgrade() -> None:
    """Add what is new, and work out from the journals what a row repeats of them."""
    for statement in (
        "ALTER TABLE dossier ADD COLUMN parent VARCHAR NOT NULL DEFAULT ''",
        "ALTER TABLE dossier ADD COLUMN started_at BIGINT",
        "ALTER TABLE dossier ADD COLUMN reopened INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE dossier ADD COLUMN assignee VARCHAR NOT NULL DEFAULT ''",
        "ALTER TABLE dossier ADD COLUMN recorded_at BIGINT",
        "ALTER TABLE entry ADD COLUMN more VARCHAR",
        "UPDATE dossier SET started_at = received_at",
        """UPDATE dossier SET recorded_at = (SELECT max(entry.recorded_at) FROM entry
WHERE entry.dossier = dossier.code AND entry.clock IN ('finish', 'stop'))
WHERE finished_at IS NOT NULL""",
        "UPDATE meta SET value = '3' WHERE key = 'schema_version'",
    ):
        op.execute(statement)
