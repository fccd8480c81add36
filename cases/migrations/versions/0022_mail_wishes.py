"""Mails are written when they are sent, may go out together, and follow the wishes of their readers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_HELD = sa.text("state = 'held'")
_CARRIED = sa.text("carried_by IS NOT NULL")


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    with op.batch_alter_table("messages", table_kwargs={"sqlite_autoincrement": True}) as messages:
        messages.alter_column("content", existing_type=sa.LargeBinary(), nullable=True)
        messages.add_column(sa.Column("gather", sa.Text(), server_default=sa.text("''"), nullable=False))
        messages.add_column(sa.Column("carried_by", _ID, nullable=True))
        messages.create_foreign_key("fk_messages_carried_by", "messages", ["carried_by"], ["id"])
    op.drop_index("ix_messages_person_id", "messages")
    op.create_index("ix_messages_person_id", "messages", ["person_id", "created_at"])
    op.create_index(
        "ix_messages_carried_by", "messages", ["carried_by"], sqlite_where=_CARRIED, postgresql_where=_CARRIED
    )
    op.create_index("ix_messages_held", "messages", ["created_at"], sqlite_where=_HELD, postgresql_where=_HELD)
    op.create_table(
        "mail_wishes",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("rhythm", sa.Text(), nullable=True),
        sa.Column("digest_at", sa.Text(), nullable=True),
        sa.Column("hours", sa.Text(), nullable=True),
        sa.Column("every_day", sa.Boolean(), nullable=True),
        sa.Column("token", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_mail_wishes_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_mail_wishes"),
        sa.UniqueConstraint("token", name="uq_mail_wishes_token"),
    )
