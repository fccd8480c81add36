"""Moves of running cases to another version of their process."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_RUNNING = sa.text("ended_at IS NULL")
_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    op.create_table(
        "process_migrations",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("from_hash", sa.Text(), nullable=True),
        sa.Column("to_hash", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("reverts", _BIG_ID, nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["to_hash"], ["processes.hash"], name="fk_process_migrations_to_hash"),
        sa.ForeignKeyConstraint(["reverts"], ["process_migrations.id"], name="fk_process_migrations_reverts"),
        sa.PrimaryKeyConstraint("id", name="pk_process_migrations"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_process_migrations_running",
        "process_migrations",
        ["process"],
        unique=True,
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    )
    op.create_table(
        "migrated_cases",
        sa.Column("migration_id", _BIG_ID, autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("version_before", sa.Integer(), nullable=False),
        sa.Column("version_after", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["migration_id"], ["process_migrations.id"], name="fk_migrated_cases_migration_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_migrated_cases_case_id"),
        sa.PrimaryKeyConstraint("migration_id", "case_id", name="pk_migrated_cases"),
    )
