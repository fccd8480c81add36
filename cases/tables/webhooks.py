"""Where programs want to be told of what happens, and what was told them: as an outbox of its own."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from cases.tables.columns import BigId, Instant, metadata

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("url", Text, nullable=False),
    # A JSON list of kinds.
    Column("kinds", Text, nullable=False),
    # Each rotation counts up; the secret itself is derived from the office's own and kept nowhere.
    Column("rotation", Integer, nullable=False, server_default=text("0")),
    Column("both_until", Instant),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("created_at", Instant, nullable=False),
    Column("failing_since", Instant),
    Column("stopped_at", Instant),
    Column("stopped_because", Text),
    Column("ended_at", Instant),
    Index("ix_webhooks_person_id", "person_id"),
    sqlite_autoincrement=True,
)

UNTOLD = text("state IN ('queued', 'sending', 'retry')")
"""The states in which something is still to be told."""

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("webhook_id", BigId, ForeignKey("webhooks.id"), nullable=False),
    # None for a trial.
    Column("event_id", BigId, ForeignKey("events.id")),
    Column("kind", Text, nullable=False),
    # What the receiver knows it by: the same for every try.
    Column("message_id", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("created_at", Instant, nullable=False),
    Column("first_at", Instant),
    Column("next_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Column("lease_owner", Text),
    Column("lease_until", Instant),
    UniqueConstraint("webhook_id", "event_id", "kind", name="uq_webhook_deliveries_webhook_id"),
    Index("ix_webhook_deliveries_untold", "next_at", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
    sqlite_autoincrement=True,
)

webhook_tries = Table(
    "webhook_tries",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("delivery_id", BigId, ForeignKey("webhook_deliveries.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("status", Integer),
    Column("words", Text, nullable=False),
    Index("ix_webhook_tries_delivery_id", "delivery_id"),
    sqlite_autoincrement=True,
)
