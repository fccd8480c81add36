"""Who reads which zone of a case, and the words by which each entry is found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WORDS = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")
# The index holds no text of its own: it points into the table.
_FULL_TEXT = (
    "CREATE VIRTUAL TABLE search_words USING fts5"
    "(words, content='search_entries', content_rowid='id', tokenize='ascii', detail='none')"
)


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    op.create_table(
        "case_readers",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_readers_case_id"),
        sa.PrimaryKeyConstraint("person_id", "case_id", "zone", name="pk_case_readers"),
    )
    op.create_index("ix_case_readers_case_id", "case_readers", ["case_id"])
    op.create_table(
        "search_entries",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("fit", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("words", _WORDS, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_search_entries_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_search_entries"),
        sa.UniqueConstraint("case_id", "source", "ref", name="uq_search_entries_case_id"),
        sqlite_autoincrement=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("search_words", "search_entries", ["words"], postgresql_using="gin")
        return
    op.execute(_FULL_TEXT)
