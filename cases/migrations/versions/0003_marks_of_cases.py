"""What cases can be recognised by, and the windows they contest, so that they are compared by index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    op.create_table(
        "case_marks",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_marks_case_id"),
        sa.PrimaryKeyConstraint("case_id", "kind", "key", name="pk_case_marks"),
    )
    op.create_index("ix_case_marks_key", "case_marks", ["kind", "key"])
    op.create_table(
        "case_windows",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("asset", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("asset_key", sa.Text(), nullable=False),
        sa.Column("place_key", sa.Text(), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_windows_case_id"),
        sa.PrimaryKeyConstraint("case_id", "source", name="pk_case_windows"),
    )
    op.create_index("ix_case_windows_asset", "case_windows", ["asset_key", "from_at"])
    op.create_index("ix_case_windows_place", "case_windows", ["place_key", "from_at"])
