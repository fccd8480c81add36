"""The roster of neutrals, and the mediators' own notes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    op.create_table(
        "neutrals",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("answers_to", sa.Text(), nullable=False),
        sa.Column("away", sa.Text(), nullable=False),
        sa.Column("most_cases", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_neutrals_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_neutrals"),
    )
    op.create_table(
        "notebook",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name="fk_notebook_author_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_notebook_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notebook"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notebook_author", "notebook", ["author_id", "case_id"])
