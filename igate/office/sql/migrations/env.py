"""What Alembic runs: the revisions, on the connection that it is given."""

from __future__ import annotations

from alembic import context

from igate.office.sql.migrations import VERSION_TABLE
from igate.office.sql.tables import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=False,
)
context.run_migrations()
