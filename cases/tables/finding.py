"""By what cases are found: who reads which zone of them, and the words of each entry without their order."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint
from sqlalchemy.dialects import postgresql

from cases.tables.columns import BigId, Instant, metadata

Words = Text().with_variant(postgresql.TSVECTOR(), "postgresql")

# Who reads which zone, written with the case; an empty zone stands for the case itself.
case_readers = Table(
    "case_readers",
    metadata,
    Column("person_id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("zone", Text, primary_key=True),
    Index("ix_case_readers_case_id", "case_id"),
)

search_entries = Table(
    "search_entries",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    # The case itself, its fields of a zone, an item, an event, or a note of a notebook.
    Column("source", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("zone", Text, nullable=False),
    # What is found by its title comes before what is found by its text.
    Column("fit", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    # Each word once and in no order; the migration makes the full-text index that each database has for it.
    Column("words", Words, nullable=False),
    UniqueConstraint("case_id", "source", "ref", name="uq_search_entries_case_id"),
    sqlite_autoincrement=True,
)

FULL_TEXT = "search_words"
"""The full-text index; SQLite keeps it in tables of its own, whose names begin so."""
