"""Long work that goes on behind a page: what somebody asked for, and line by line what became of it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, text

from cases.tables.columns import Instant, metadata

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner_id", Text, ForeignKey("people.id"), nullable=False),
    Column("kind", Text, nullable=False),
    # What it is called, as a sentence that can be told in any language.
    Column("title", Text, nullable=False),
    # What is to be done with each line; taken away once the job has ended.
    Column("what", Text, nullable=False),
    # The rows of an export, for a day.
    Column("result", Text),
    Column("made_at", Instant, nullable=False),
    Column("begun_at", Instant),
    Column("ended_at", Instant),
    Column("lease_owner", Text),
    Column("lease_until", Instant),
    # Counted up by every claim, so that a worker whose lease ran out settles nothing any more.
    Column("fence", Integer, nullable=False, server_default=text("0")),
    Index("ix_jobs_owner_id", "owner_id", "made_at"),
    Index(
        "ix_jobs_waiting",
        "made_at",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

job_lines = Table(
    "job_lines",
    metadata,
    Column("job_id", Text, ForeignKey("jobs.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    # The id of a case or of a mail.
    Column("subject", Text, nullable=False),
    # The version of the case that was seen when the job was asked for.
    Column("seen", Integer),
    Column("state", Text, nullable=False),
    Column("told", Text),
)
