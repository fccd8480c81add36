"""Who there is: organisations and people, their posts, absences and deputies, neutrals and committees."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from cases.tables.columns import Instant, metadata

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
    # By which door the person comes in: desk or portal.
    Column("audience", Text, nullable=False, server_default=text("'desk'")),
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
