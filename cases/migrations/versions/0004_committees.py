"""The office's standing committees."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    op.create_table(
        "committees",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("chair_id", sa.Text(), nullable=False),
        sa.Column("seats", sa.Text(), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("each_body", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["chair_id"], ["people.id"], name="fk_committees_chair_id"),
        sa.PrimaryKeyConstraint("id", name="pk_committees"),
        sa.UniqueConstraint("name", name="uq_committees_name"),
    )
