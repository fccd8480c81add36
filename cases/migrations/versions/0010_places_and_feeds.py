"""Where each case has stood, so that reports count by index; and the calendars that people's own programs fetch."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    op.create_table(
        "case_places",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("process_hash", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger()),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_places_case_id"),
        sa.ForeignKeyConstraint(["process_hash"], ["processes.hash"], name="fk_case_places_process_hash"),
        sa.PrimaryKeyConstraint("case_id", "scope", "round", name="pk_case_places"),
    )
    op.create_index("ix_case_places_since", "case_places", ["scope", "since"])
    op.create_index("ix_case_places_until", "case_places", ["scope", "until"])
    op.create_table(
        "feeds",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_feeds_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_feeds"),
        sa.UniqueConstraint("token_hash", name="uq_feeds_token_hash"),
    )
