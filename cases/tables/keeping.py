"""How the record is looked after: who looked at which case, and for how long what is kept."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text

from cases.tables.columns import Instant, metadata

# Who looked at a case: one row for each person, hour and kind of page, with the rooms they could read then.
looks = Table(
    "looks",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("hour", Instant, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    # A JSON list of zones.
    Column("rooms", Text, nullable=False),
    # Whether a room was open to them in an emergency.
    Column("opened", Boolean, nullable=False),
    Index("ix_looks_hour", "hour"),
)

# For how many days each class of data is kept; a class without a row is kept as long as Parley proposes.
retention = Table(
    "retention",
    metadata,
    Column("class", Text, primary_key=True),
    # Nothing for ever.
    Column("days", Integer),
    Column("changed_by", Text, ForeignKey("people.id"), nullable=False),
    Column("changed_at", Instant, nullable=False),
)
