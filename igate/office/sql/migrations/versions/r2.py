"""Format 2: what a dossier is received under is kept, and requests have keys."""

from __future__ import annotations

from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Add what is new; what was written before has no promise."""
    for statement in (
        "ALTER TABLE dossier ADD COLUMN definition VARCHAR NOT NULL DEFAULT ''",
        "ALTER TABLE entry ADD COLUMN promise VARCHAR",
        "ALTER TABLE entry ADD COLUMN key VARCHAR",
        """CREATE TABLE definition (
digest VARCHAR NOT NULL, text VARCHAR NOT NULL, PRIMARY KEY (digest)) WITHOUT ROWID""",
        "UPDATE meta SET value = '2' WHERE key = 'schema_version'",
    ):
        op.execute(statement)
