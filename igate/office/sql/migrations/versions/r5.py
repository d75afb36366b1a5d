"""Format 5: lists of one agency, and of what nobody has, are ranges of an index.

Only indexes are other. Those of tasks are in two halves, what nobody has and what somebody has, so
that neither is looked for among the other; the index of states is by agency too; codes are kept
with the moment of handing in, also those of the pending dossiers.
"""

from __future__ import annotations

from alembic import op

revision = "5"
down_revision = "4"


def upgrade() -> None:
    """Make the indexes anew."""
    task, due = "igate_task", "due_at, dossier"
    free, assigned = "assignee = ''", "assignee <> ''"
    received = "procedure, revision, definition, code, agency, submitted_at, outcome, finished_at"
    pending = "outcome IS NULL AND finished_at IS NULL"
    for statement in (
        "DROP INDEX igate_dossier_by_state",
        "CREATE INDEX igate_dossier_by_state ON igate_dossier (state, agency, code)",
        "DROP INDEX igate_dossier_by_agency",
        "CREATE INDEX igate_dossier_by_agency ON igate_dossier (agency, code, submitted_at)",
        "CREATE INDEX igate_dossier_by_code ON igate_dossier (code, submitted_at)",
        "DROP INDEX igate_dossier_pending",
        f"CREATE INDEX igate_dossier_pending ON igate_dossier ({received}) WHERE {pending}",
        "DROP INDEX igate_task_by_agency",
        f"CREATE INDEX {task}_by_agency ON {task} (agency, role, {due}) WHERE {free}",
        f"CREATE INDEX {task}_by_agency_assigned ON {task} (agency, role, {due}) WHERE {assigned}",
        "DROP INDEX igate_task_by_role",
        f"CREATE INDEX {task}_by_role ON {task} (role, {due}) WHERE {free}",
        f"CREATE INDEX {task}_by_role_assigned ON {task} (role, {due}) WHERE {assigned}",
        "UPDATE igate_meta SET value = '5' WHERE key = 'schema_version'",
    ):
        op.execute(statement)
