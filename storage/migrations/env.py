"""Alembic's entry: runs the migrations on the connection that storage.schema hands over."""

from __future__ import annotations

from alembic import context

from storage.models import Table

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Table.metadata,
    render_as_batch=connection.dialect.name == "sqlite",  # SQLite cannot ALTER a constraint
    user_module_prefix="sqltypes.",
    transactional_ddl=False,  # the caller's transaction holds the lock and commits
)
context.run_migrations()
