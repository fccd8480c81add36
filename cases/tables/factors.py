"""What people prove themselves with, and what a browser has begun and not finished; no secret in the clear."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from cases.tables.columns import BigId, Instant, metadata

passwords = Table(
    "passwords",
    metadata,
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

# One-time passwords that a telephone reckons from a secret, which is kept sealed.
totps = Table(
    "totps",
    metadata,
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("secret", LargeBinary),
    # A secret that its person has not yet shown to have.
    Column("proposed", LargeBinary),
    Column("since_at", Instant),
    # The half minute of the last value that was accepted; no value is good twice.
    Column("last_step", BigInteger),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("public_key", Text, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("used_at", Instant),
    Index("ix_passkeys_person_id", "person_id"),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("code_hash", Text, nullable=False, unique=True),
    Column("used_at", Instant),
    Index("ix_recovery_codes_person_id", "person_id"),
    sqlite_autoincrement=True,
)

# Who somebody is at another provider: its address and its own name for them, never an e-mail address.
identities = Table(
    "identities",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("linked_at", Instant, nullable=False),
    Index("ix_identities_person_id", "person_id"),
)

begun = Table(
    "begun",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("person_id", Text, ForeignKey("people.id")),
    # A JSON object of text.
    Column("payload", Text, nullable=False),
    Column("tries_left", Integer, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

# Forms that could not be taken yet, sealed with a key that the browser alone holds.
kept_forms = Table(
    "kept_forms",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("expires_at", Instant, nullable=False),
)
