"""Who looked at which case, and for how long each class of data is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    op.create_table(
        "looks",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("hour", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("rooms", sa.Text(), nullable=False),
        sa.Column("opened", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_looks_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_looks_person_id"),
        sa.PrimaryKeyConstraint("case_id", "person_id", "hour", "kind", name="pk_looks"),
    )
    op.create_index("ix_looks_hour", "looks", ["hour"])
    op.create_table(
        "retention",
        sa.Column("class", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["people.id"], name="fk_retention_changed_by"),
        sa.PrimaryKeyConstraint("class", name="pk_retention"),
    )
