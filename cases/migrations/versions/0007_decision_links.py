"""Links that ask for a decision, the visits they open, and the codes that prove who opens them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    op.create_table(
        "decision_links",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("item_version", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("renewed_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_decision_links_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_decision_links_person_id"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_decision_links"),
    )
    op.create_index("ix_decision_links_person_id", "decision_links", ["person_id", "item_id"])
    op.create_table(
        "decision_visits",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("link_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["link_hash"], ["decision_links.token_hash"], name="fk_decision_visits_link_hash"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_decision_visits"),
    )
    op.create_table(
        "personal_codes",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_personal_codes_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_personal_codes"),
    )
