"""The cases as they stand, the chained events that led there, and what is kept beside a case."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from cases.tables.columns import BigId, Instant, metadata

cases = Table(
    "cases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("process_hash", Text, ForeignKey("processes.hash"), nullable=False),
    Column("stage", Text, nullable=False),
    Column("stage_since", Instant, nullable=False),
    Column("stage_round", Integer, nullable=False),
    Column("tier", Text),
    Column("tier_since", Instant),
    Column("tier_round", Integer, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("owner", Text),
    Column("outcome", Text),
    Column("closed_at", Instant),
    Column("cycle", Integer, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    # The hash of the newest event: the end of this case's chain.
    Column("head", Text, nullable=False),
    # The soonest open deadline, so that a list can say what is next without planning every case.
    Column("due_at", Instant),
    Column("updated_at", Instant, nullable=False),
    Index("ix_cases_newest", "updated_at", "id"),
    Index("ix_cases_stage_due", "stage", "due_at", "id"),
)

case_texts = Table(
    "case_texts",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("title", Text, nullable=False),
    # Fields, roles, parties, stays and running clocks.
    Column("details", Text, nullable=False),
)

items = Table(
    "items",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("state", Text, nullable=False),
    # The event that last changed it.
    Column("seq", Integer, nullable=False),
    Column("data", Text, nullable=False),
)

case_people = Table(
    "case_people",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("person_id", Text, primary_key=True),
    Column("role", Text, primary_key=True),
    # Empty for a role that belongs to the case and not to a party.
    Column("party_id", Text, primary_key=True),
    Index("ix_case_people_person", "person_id", "case_id"),
)

events = Table(
    "events",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("on_behalf_of", Text),
    Column("at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("zone", Text, nullable=False),
    Column("timer", Text),
    Column("commitment", Text, nullable=False),
    Column("hash", Text, nullable=False),
    UniqueConstraint("case_id", "seq", name="uq_events_case_id_seq"),
    sqlite_autoincrement=True,
)

# The words of an event and the salt of its commitment lie apart from the event, so that a later erasure takes both
# away and leaves the chain, which hashes commitments only, untouched and impossible to guess back from.
event_bodies = Table(
    "event_bodies",
    metadata,
    Column("event_id", BigId, ForeignKey("events.id"), primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
)

# A mediator's own notes, outside every case file: nothing but `cases.notebook` reads them, and only for their author.
notebook = Table(
    "notebook",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("author_id", Text, ForeignKey("people.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_notebook_author", "author_id", "case_id"),
    sqlite_autoincrement=True,
)

# What a case can be recognised by among others, written with the case and from what all its parties share.
case_marks = Table(
    "case_marks",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Index("ix_case_marks_key", "kind", "key"),
)

case_windows = Table(
    "case_windows",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    # The claim it stems from; empty for the window of the case itself.
    Column("source", Text, primary_key=True),
    Column("party", Text, nullable=False),
    Column("asset", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("asset_key", Text, nullable=False),
    Column("place_key", Text, nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("until_at", Instant, nullable=False),
    Index("ix_case_windows_asset", "asset_key", "from_at"),
    Index("ix_case_windows_place", "place_key", "from_at"),
)

# Where each case has stood, stage by stage and tier by tier, from when until when; the latest of each has no end yet.
case_places = Table(
    "case_places",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    # Whether it is a stage or a tier.
    Column("scope", Text, primary_key=True),
    # The how-manieth stage, or tier, of the case this was.
    Column("round", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("process_hash", Text, ForeignKey("processes.hash"), nullable=False),
    # The act that led there, and the zone of its event.
    Column("trigger", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
    Index("ix_case_places_since", "scope", "since"),
    Index("ix_case_places_until", "scope", "until"),
)

commands = Table(
    "commands",
    metadata,
    Column("key", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("actor", Text, nullable=False),
    Column("request_hash", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_commands_at", "at"),
)

counters = Table(
    "counters",
    metadata,
    # For case numbers: the prefix and the year, such as D-2026.
    Column("name", Text, primary_key=True),
    Column("value", Integer, nullable=False),
)
