"""What comes back: mails that arrived, what they say of people's addresses, and who is to be telephoned."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint, text

from cases.tables.columns import BigId, Instant, metadata

TO_SORT = text("state = 'to sort'")
UNREACHED = text("reached_at IS NULL")

arrivals = Table(
    "arrivals",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    # The hash of its Message-ID, or of what stands in it, and of where it went: the same mail is taken in once.
    Column("key", Text, nullable=False, unique=True),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("case_id", Text, ForeignKey("cases.id")),
    Column("person_id", Text, ForeignKey("people.id")),
    # The mail of ours that it answers or that it brings back.
    Column("message_id", BigId, ForeignKey("messages.id")),
    # Whom it says it is from.
    Column("address", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("whole", Text, nullable=False),
    Column("original", LargeBinary),
    Column("settled_at", Instant),
    Column("settled_by", Text, ForeignKey("people.id")),
    Column("zone", Text),
    Column("because", Text, nullable=False, server_default=text("''")),
    Index("ix_arrivals_case_id", "case_id"),
    Index("ix_arrivals_to_sort", "case_id", sqlite_where=TO_SORT, postgresql_where=TO_SORT),
    sqlite_autoincrement=True,
)

arrival_files = Table(
    "arrival_files",
    metadata,
    Column("arrival_id", BigId, ForeignKey("arrivals.id"), primary_key=True),
    # Its place among the parts of the mail.
    Column("place", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    # Until somebody of the case team releases it, nobody can open it.
    Column("released_at", Instant),
    Column("released_by", Text, ForeignKey("people.id")),
)

address_faults = Table(
    "address_faults",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("address", Text, nullable=False),
    # A mail that did not arrive counts once, however often its fate is told.
    Column("message_id", BigId, ForeignKey("messages.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("trouble", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("cleared_at", Instant),
    UniqueConstraint("message_id", name="uq_address_faults_message_id"),
    Index("ix_address_faults_person_id", "person_id", "address"),
    sqlite_autoincrement=True,
)

unreached = Table(
    "unreached",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("address", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("code", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("reached_at", Instant),
    Column("reached_by", Text, ForeignKey("people.id")),
    Column("note", Text, nullable=False, server_default=text("''")),
    # One task a person and case, for as long as it is open.
    Index(
        "uq_unreached_open",
        "case_id",
        "person_id",
        unique=True,
        sqlite_where=UNREACHED,
        postgresql_where=UNREACHED,
    ),
    sqlite_autoincrement=True,
)
