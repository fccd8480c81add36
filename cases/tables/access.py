"""The ways in: links that sign in or ask for a decision, sessions and personal codes; every secret as a hash."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, text

from cases.tables.columns import BigId, Instant, metadata

links = Table(
    "links",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("created_at", Instant, nullable=False),
    sqlite_autoincrement=True,
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    # On what, in words; with what its person signed in; when they last proved who they are.
    Column("device", Text, nullable=False, server_default=text("''")),
    Column("means", Text, nullable=False, server_default=text("''")),
    Column("proved_at", Instant),
    # At which door: desk or portal.
    Column("audience", Text, nullable=False, server_default=text("'desk'")),
    sqlite_autoincrement=True,
)

decision_links = Table(
    "decision_links",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("item_id", Text, nullable=False),
    Column("item_version", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("renewed_at", Instant),
    Column("revoked_at", Instant),
    Index("ix_decision_links_person_id", "person_id", "item_id"),
)

decision_visits = Table(
    "decision_visits",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("link_hash", Text, ForeignKey("decision_links.token_hash"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

# The calendar of a person that other programs fetch; who knows the token reads it, so a person has one at most.
feeds = Table(
    "feeds",
    metadata,
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("made_at", Instant, nullable=False),
)

personal_codes = Table(
    "personal_codes",
    metadata,
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("code_hash", Text, nullable=False),
    Column("tries_left", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
    # Eight figures by which a person without an address is found; it proves nothing.
    Column("reference", Text),
    Index("ix_personal_codes_reference", "reference", unique=True),
)
