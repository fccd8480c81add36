"""What makes lists quick and one's own: how each case stands in each reader's list, and saved views."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, Text, UniqueConstraint

from cases.tables.columns import Instant, metadata

# How a case stands in the list of each of its readers, as that reader may know.
case_listings = Table(
    "case_listings",
    metadata,
    Column("person_id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("moved_at", Instant, nullable=False),
    # When the soonest clock runs out.
    Column("due_at", Instant),
    # Whether a clock of the case waits for this person.
    Column("mine", Boolean, nullable=False),
    Index("ix_case_listings_case_id", "case_id"),
    Index("ix_case_listings_moved_at", "person_id", "moved_at", "case_id"),
)

saved_views = Table(
    "saved_views",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    # Where the person's desk begins.
    Column("start", Boolean, nullable=False),
    UniqueConstraint("person_id", "name", name="uq_saved_views_person_id"),
)
