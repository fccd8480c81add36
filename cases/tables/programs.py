"""What programs come with and were told: their tokens as hashes, and the answers to requests that may be sent again."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from cases.tables.columns import BigId, Instant, metadata

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("name", Text, nullable=False),
    # A JSON list of scopes.
    Column("scopes", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("seen_at", Instant),
    Column("ended_at", Instant),
    Index("ix_api_tokens_person_id", "person_id"),
    sqlite_autoincrement=True,
)

# What was answered is sealed with the very secret that a program shows, so that no copy of the database reads it.
api_answers = Table(
    "api_answers",
    metadata,
    Column("key_hash", Text, primary_key=True),
    Column("request_hash", Text, nullable=False),
    Column("at", Instant, nullable=False),
    # Until when the request is taken to be under way; none once it was answered.
    Column("under_way_until", Instant),
    Column("status", Integer),
    Column("sealed", LargeBinary),
    Index("ix_api_answers_at", "at"),
)
