"""How each case stands in the list of each reader, and saved views of lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    op.create_table(
        "case_listings",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("moved_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("mine", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_listings_case_id"),
        sa.PrimaryKeyConstraint("person_id", "case_id", name="pk_case_listings"),
    )
    op.create_index("ix_case_listings_case_id", "case_listings", ["case_id"])
    op.create_index("ix_case_listings_moved_at", "case_listings", ["person_id", "moved_at", "case_id"])
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("start", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_saved_views_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_views"),
        sa.UniqueConstraint("person_id", "name", name="uq_saved_views_person_id"),
    )
