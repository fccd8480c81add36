"""Tells Alembic to run inside the transaction that `cases.migrations` holds open."""

from __future__ import annotations

from alembic import context

from cases import tables

context.configure(
    connection=context.config.attributes["connection"], target_metadata=tables.metadata, transactional_ddl=True
)
context.run_migrations()
