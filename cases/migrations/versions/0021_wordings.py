"""How offices word mails: each version of a text, with who wrote it and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    op.create_table(
        "wordings",
        sa.Column("mail", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("broken", sa.Text(), nullable=True),
        sa.Column("broken_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["people.id"], name="fk_wordings_changed_by"),
        sa.PrimaryKeyConstraint("mail", "language", "version", name="pk_wordings"),
    )
