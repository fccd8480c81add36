"""Mails that came back, what they say of people's addresses, and who is to be telephoned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TO_SORT = sa.text("state = 'to sort'")
_UNREACHED = sa.text("reached_at IS NULL")


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    op.add_column("messages", sa.Column("reply_to", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.create_index("ix_messages_sender", "messages", ["sender"])
    op.create_index("ix_messages_reply_to", "messages", ["reply_to"])
    op.create_table(
        "arrivals",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Text(), nullable=True),
        sa.Column("message_id", _BIG_ID, nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("whole", sa.Text(), nullable=False),
        sa.Column("original", sa.LargeBinary(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("because", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_arrivals_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_arrivals_person_id"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_arrivals_message_id"),
        sa.ForeignKeyConstraint(["settled_by"], ["people.id"], name="fk_arrivals_settled_by"),
        sa.PrimaryKeyConstraint("id", name="pk_arrivals"),
        sa.UniqueConstraint("key", name="uq_arrivals_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_arrivals_case_id", "arrivals", ["case_id"])
    op.create_index("ix_arrivals_to_sort", "arrivals", ["case_id"], sqlite_where=_TO_SORT, postgresql_where=_TO_SORT)
    op.create_table(
        "arrival_files",
        sa.Column("arrival_id", _BIG_ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.Column("released_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["arrival_id"], ["arrivals.id"], name="fk_arrival_files_arrival_id"),
        sa.ForeignKeyConstraint(["released_by"], ["people.id"], name="fk_arrival_files_released_by"),
        sa.PrimaryKeyConstraint("arrival_id", "place", name="pk_arrival_files"),
    )
    op.create_table(
        "address_faults",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("message_id", _BIG_ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("cleared_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_address_faults_person_id"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_address_faults_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_address_faults"),
        sa.UniqueConstraint("message_id", name="uq_address_faults_message_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_address_faults_person_id", "address_faults", ["person_id", "address"])
    op.create_table(
        "unreached",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("reached_at", sa.BigInteger(), nullable=True),
        sa.Column("reached_by", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_unreached_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_unreached_person_id"),
        sa.ForeignKeyConstraint(["reached_by"], ["people.id"], name="fk_unreached_reached_by"),
        sa.PrimaryKeyConstraint("id", name="pk_unreached"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_unreached_open",
        "unreached",
        ["case_id", "person_id"],
        unique=True,
        sqlite_where=_UNREACHED,
        postgresql_where=_UNREACHED,
    )
