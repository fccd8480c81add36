"""The rows of the plan of every case, and when each heartbeat last beat."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, literal_column, text

from cases.tables.columns import Instant, metadata


class TimerState(StrEnum):
    """Where a timer stands: waiting, done, no longer wanted, or kept for a person because it kept failing."""

    ARMED = "armed"
    FIRED = "fired"
    CANCELLED = "cancelled"
    PARKED = "parked"


timers = Table(
    "timers",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("due_at", Instant, nullable=False),
    Column("action", Text, nullable=False),
    Column("deadline", Text, nullable=False),
    Column("trigger", Text),
    Column("mail", Text),
    # A JSON list of roles.
    Column("to", Text, nullable=False),
    Column("item", Text),
    Column("means", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    # After a failure: not before this instant.
    Column("not_before", Instant),
    Column("lease_owner", Text),
    Column("lease_until", Instant),
    # Counted up by every claim, so that a worker whose lease ran out cannot finish what another has taken over.
    Column("fence", Integer, nullable=False, server_default=text("0")),
    Column("error", Text),
    Column("fired_at", Instant),
    Index("ix_timers_armed", "due_at", sqlite_where=text("state = 'armed'"), postgresql_where=text("state = 'armed'")),
    Index(
        "ix_timers_parked", "case_id", sqlite_where=text("state = 'parked'"), postgresql_where=text("state = 'parked'")
    ),
    Index(
        "ix_timers_fired", "fired_at", sqlite_where=text("state = 'fired'"), postgresql_where=text("state = 'fired'")
    ),
)

# Written out, as the index is: SQLite would weigh a value that is given anew at each call, and plan the statement anew.
ARMED = timers.c.state == literal_column("'armed'")

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", Text, primary_key=True),
    Column("last_at", Instant, nullable=False),
    Column("detail", Text, nullable=False),
)
