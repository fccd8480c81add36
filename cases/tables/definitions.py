"""What cases follow: definitions by content hash, calendars by version, and moves from one version to another."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, text

from cases.tables.columns import BigId, Instant, metadata

processes = Table(
    "processes",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("stored_at", Instant, nullable=False),
    # Who put it into use; nothing for what came from a file.
    Column("published_by", Text),
    Index("ix_processes_name", "name", "stored_at"),
)

# A move of running cases to another version of their process; only one of a process may be unfinished.
process_migrations = Table(
    "process_migrations",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("process", Text, nullable=False),
    Column("from_hash", Text),
    Column("to_hash", Text, ForeignKey("processes.hash"), nullable=False),
    # What takes the place of what, as JSON.
    Column("plan", Text, nullable=False),
    Column("reverts", BigId, ForeignKey("process_migrations.id")),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index(
        "ix_process_migrations_running",
        "process",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    sqlite_autoincrement=True,
)

# Which cases a migration moved: the versions of the case before and after.
migrated_cases = Table(
    "migrated_cases",
    metadata,
    Column("migration_id", BigId, ForeignKey("process_migrations.id"), primary_key=True, autoincrement=False),
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("version_before", Integer, nullable=False),
    Column("version_after", Integer, nullable=False),
)

calendars = Table(
    "calendars",
    metadata,
    Column("version", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("stored_at", Instant, nullable=False),
    Index("ix_calendars_name", "name", "stored_at"),
)
