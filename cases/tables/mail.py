"""The outbox: reasons to write, finished mails, and every try to send one."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint, text

from cases.tables.columns import BigId, Instant, metadata


class NotificationState(StrEnum):
    """Where a notification stands: waiting, turned into one message a recipient, withdrawn, or kept for a person."""

    QUEUED = "queued"
    EXPANDED = "expanded"
    CANCELLED = "cancelled"
    PARKED = "parked"


notifications = Table(
    "notifications",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("event_id", BigId, ForeignKey("events.id")),
    # The logical key: the same reason to write can be recorded once only.
    Column("occurrence", Text, nullable=False, unique=True),
    Column("mail", Text, nullable=False),
    # A JSON list of roles.
    Column("to", Text, nullable=False),
    Column("item", Text),
    Column("timer_key", Text),
    Column("due_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("not_before", Instant),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("lease_owner", Text),
    Column("lease_until", Instant),
    Column("error", Text),
    Index("ix_notifications_case_id", "case_id"),
    Index(
        "ix_notifications_queued",
        "id",
        sqlite_where=text("state = 'queued'"),
        postgresql_where=text("state = 'queued'"),
    ),
    sqlite_autoincrement=True,
)

WAITING = text("state IN ('queued', 'sending', 'retry', 'unknown')")
"""The states in which a message is still to be sent."""

HELD = text("state = 'held'")
"""The state in which a message waits for an administrator."""

messages = Table(
    "messages",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("notification_id", BigId, ForeignKey("notifications.id")),
    Column("case_id", Text, ForeignKey("cases.id")),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("address", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("mail", Text, nullable=False),
    Column("language", Text, nullable=False),
    # Empty, as the content is none, until the mail is written, which is when it is sent for the first time.
    Column("subject", Text, nullable=False),
    # The Message-ID of its header: the same for every attempt.
    Column("message_id", Text, nullable=False, unique=True),
    # Where it comes back if it cannot be delivered, and where answers to it go: by these its case is found again.
    Column("sender", Text, nullable=False),
    Column("reply_to", Text, nullable=False, server_default=text("''")),
    Column("content", LargeBinary),
    # With which others that wait for the same person it may go out in one mail, and the mail that it went in.
    Column("gather", Text, nullable=False, server_default=text("''")),
    Column("carried_by", BigId, ForeignKey("messages.id")),
    # Where each line is from, as JSON without any words; none for a mail that no case asked for.
    Column("reasons", Text),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("next_at", Instant),
    Column("first_at", Instant),
    Column("lease_owner", Text),
    Column("lease_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant),
    UniqueConstraint("notification_id", "person_id", name="uq_messages_notification_id_person_id"),
    Index("ix_messages_case_id", "case_id"),
    Index("ix_messages_person_id", "person_id", "created_at"),
    Index(
        "ix_messages_carried_by",
        "carried_by",
        sqlite_where=text("carried_by IS NOT NULL"),
        postgresql_where=text("carried_by IS NOT NULL"),
    ),
    Index("ix_messages_sender", "sender"),
    Index("ix_messages_reply_to", "reply_to"),
    Index("ix_messages_held", "created_at", sqlite_where=HELD, postgresql_where=HELD),
    Index("ix_messages_waiting", "next_at", sqlite_where=WAITING, postgresql_where=WAITING),
    sqlite_autoincrement=True,
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("message_id", BigId, ForeignKey("messages.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("code", Integer),
    Column("reply", Text, nullable=False),
    Index("ix_deliveries_message_id", "message_id"),
    sqlite_autoincrement=True,
)

# How an office words a mail in one language: one row for each version, of which the newest is in use.
wordings = Table(
    "wordings",
    metadata,
    Column("mail", Text, primary_key=True),
    Column("language", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    # An empty text is said in Parley's words.
    Column("subject", Text, nullable=False),
    Column("first", Text, nullable=False),
    Column("changed", Text, nullable=False),
    Column("changed_by", Text, ForeignKey("people.id"), nullable=False),
    Column("changed_at", Instant, nullable=False),
    # Why a mail could not be written with it, and since when.
    Column("broken", Text),
    Column("broken_at", Instant),
)

# How each person wants to be written to; the office's own custom for whoever has said nothing.
mail_wishes = Table(
    "mail_wishes",
    metadata,
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("rhythm", Text),
    # A time of day in the person's own zone such as 08:00, and a window such as 07:00-20:00.
    Column("digest_at", Text),
    Column("hours", Text),
    Column("every_day", Boolean),
    # What the link ends with by which a mail program ends the notices that may be ended.
    Column("token", Text, nullable=False, unique=True),
)
