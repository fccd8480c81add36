"""Every table of the record, in one place.

Names are plural; instants are whole microseconds since 1970 in UTC; JSON is kept as text, written by `cases.codec`
alone, because what is hashed must come back byte for byte.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware datetime in UTC, stored as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - its signature
        """Turn an aware instant into microseconds; an instant without a zone is refused by the subtraction."""
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - its signature
        """Turn microseconds into an aware instant."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class TimerState(StrEnum):
    """Where a timer stands: waiting, done, no longer wanted, or kept for a person because it kept failing."""

    ARMED = "armed"
    FIRED = "fired"
    CANCELLED = "cancelled"
    PARKED = "parked"


class NotificationState(StrEnum):
    """Where a notification stands: waiting, turned into one message a recipient, withdrawn, or kept for a person."""

    QUEUED = "queued"
    EXPANDED = "expanded"
    CANCELLED = "cancelled"
    PARKED = "parked"


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# SQLite only counts up by itself in a column of exactly this type.
_BigId = BigInteger().with_variant(Integer, "sqlite")


processes = Table(
    "processes",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("stored_at", Instant, nullable=False),
    Index("ix_processes_name", "name", "stored_at"),
)

# A move of running cases to another version of their process; only one of a process may be unfinished.
process_migrations = Table(
    "process_migrations",
    metadata,
    Column("id", _BigId, primary_key=True, autoincrement=True),
    Column("process", Text, nullable=False),
    Column("from_hash", Text),
    Column("to_hash", Text, ForeignKey("processes.hash"), nullable=False),
    # What takes the place of what, as JSON.
    Column("plan", Text, nullable=False),
    Column("reverts", _BigId, ForeignKey("process_migrations.id")),
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

calendars = Table(
    "calendars",
    metadata,
    Column("version", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("stored_at", Instant, nullable=False),
    Index("ix_calendars_name", "name", "stored_at"),
)

organisations = Table(
    "organisations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("calendar", Text),
    Column("timezone", Text, nullable=False),
    # Such as mission or ngo; whom a tier asks may differ by it.
    Column("kind", Text, nullable=False, server_default=text("''")),
)

people = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("organisation_id", Text, ForeignKey("organisations.id")),
    # A JSON list of office roles, such as ["administrator"].
    Column("offices", Text, nullable=False, server_default=text("'[]'")),
    Column("telephone", Text, nullable=False, server_default=text("''")),
    Column("active", Boolean, nullable=False),
    Column("left_at", Instant),
    Column("manager_id", Text, ForeignKey("people.id")),
    # The last day of the tour, as in 2026-12-31; so are all civil days below.
    Column("leaves_on", Text),
    # One address is one person, or a link for one would reach the other.
    Index("ix_people_email", "email", unique=True),
)

posts = Table(
    "posts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("organisation_id", Text, ForeignKey("organisations.id"), nullable=False),
    Column("name", Text, nullable=False),
    # Empty for a post of the whole organisation.
    Column("place", Text, nullable=False),
    # A JSON list of ids: the holder and who stands in, or those who hold it in turn.
    Column("people", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("turn_days", Integer),
    UniqueConstraint("organisation_id", "name", "place", name="uq_posts_organisation_id"),
)

absences = Table(
    "absences",
    metadata,
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("since", Text, primary_key=True),
    Column("until", Text, nullable=False),
)

delegations = Table(
    "delegations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("deputy_id", Text, ForeignKey("people.id"), nullable=False),
    # A JSON list of roles and tiers; empty for everything.
    Column("scope", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("until", Text),
    Column("priority", Integer, nullable=False),
    Index("ix_delegations_person", "person_id"),
)

# People who serve as neutrals; each list is JSON.
neutrals = Table(
    "neutrals",
    metadata,
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("skills", Text, nullable=False),
    Column("languages", Text, nullable=False),
    Column("places", Text, nullable=False),
    # Ids of the people and organisations this person answers to.
    Column("answers_to", Text, nullable=False),
    # Civil days on which the person does not serve, first and last.
    Column("away", Text, nullable=False),
    Column("most_cases", Integer, nullable=False),
)

committees = Table(
    "committees",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("chair_id", Text, ForeignKey("people.id"), nullable=False),
    # A JSON list of places: who holds each, for which body, and in whose place an alternate may stand.
    Column("seats", Text, nullable=False),
    Column("quorum", Integer, nullable=False),
    Column("each_body", Boolean, nullable=False),
)

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

# Which cases a migration moved: the versions of the case before and after.
migrated_cases = Table(
    "migrated_cases",
    metadata,
    Column("migration_id", _BigId, ForeignKey("process_migrations.id"), primary_key=True, autoincrement=False),
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("version_before", Integer, nullable=False),
    Column("version_after", Integer, nullable=False),
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

events = Table(
    "events",
    metadata,
    Column("id", _BigId, primary_key=True, autoincrement=True),
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
    Column("event_id", _BigId, ForeignKey("events.id"), primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
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

# A mediator's own notes, outside every case file: nothing but `cases.notebook` reads them, and only for their author.
notebook = Table(
    "notebook",
    metadata,
    Column("id", _BigId, primary_key=True, autoincrement=True),
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

notifications = Table(
    "notifications",
    metadata,
    Column("id", _BigId, primary_key=True, autoincrement=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("event_id", _BigId, ForeignKey("events.id")),
    # The logical key: the same reason to write can be recorded once only.
    Column("occurrence", Text, nullable=False, unique=True),
    Column("mail", Text, nullable=False),
    # A JSON list of roles.
    Column("to", Text, nullable=False),
    Column("item", Text),
    Column("timer_key", Text),
    Column("due_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("not_before", Instant),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("lease_owner", Text),
    Column("lease_until", Instant),
    Column("error", Text),
    Index("ix_notifications_case_id", "case_id"),
    Index(
        "ix_notifications_queued",
        "id",
        sqlite_where=text("state = 'queued'"),
        postgresql_where=text("state = 'queued'"),
    ),
    sqlite_autoincrement=True,
)

WAITING = text("state IN ('queued', 'sending', 'retry', 'unknown')")

messages = Table(
    "messages",
    metadata,
    Column("id", _BigId, primary_key=True, autoincrement=True),
    Column("notification_id", _BigId, ForeignKey("notifications.id")),
    Column("case_id", Text, ForeignKey("cases.id")),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("address", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("mail", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("subject", Text, nullable=False),
    # The Message-ID of its header: the same for every attempt.
    Column("message_id", Text, nullable=False, unique=True),
    Column("sender", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("next_at", Instant),
    Column("first_at", Instant),
    Column("lease_owner", Text),
    Column("lease_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant),
    UniqueConstraint("notification_id", "person_id", name="uq_messages_notification_id_person_id"),
    Index("ix_messages_case_id", "case_id"),
    Index("ix_messages_person_id", "person_id"),
    Index("ix_messages_waiting", "next_at", sqlite_where=WAITING, postgresql_where=WAITING),
    sqlite_autoincrement=True,
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _BigId, primary_key=True, autoincrement=True),
    Column("message_id", _BigId, ForeignKey("messages.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("code", Integer),
    Column("reply", Text, nullable=False),
    Index("ix_deliveries_message_id", "message_id"),
    sqlite_autoincrement=True,
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

links = Table(
    "links",
    metadata,
    Column("id", _BigId, primary_key=True, autoincrement=True),
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
    Column("id", _BigId, primary_key=True, autoincrement=True),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
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

personal_codes = Table(
    "personal_codes",
    metadata,
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("code_hash", Text, nullable=False),
    Column("tries_left", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", Text, primary_key=True),
    Column("last_at", Instant, nullable=False),
    Column("detail", Text, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    # For case numbers: the prefix and the year, such as D-2026.
    Column("name", Text, primary_key=True),
    Column("value", Integer, nullable=False),
)
