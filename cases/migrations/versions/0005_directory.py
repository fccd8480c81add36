"""Posts, absences, deputies, managers, the end of a tour, and the kind of an organisation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    with op.batch_alter_table("organisations") as organisations:
        organisations.add_column(sa.Column("kind", sa.Text(), nullable=False, server_default=sa.text("''")))
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("manager_id", sa.Text()))
        people.add_column(sa.Column("leaves_on", sa.Text()))
        people.create_foreign_key("fk_people_manager_id", "people", ["manager_id"], ["id"])
    op.create_table(
        "posts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("turn_days", sa.Integer()),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_posts_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.UniqueConstraint("organisation_id", "name", "place", name="uq_posts_organisation_id"),
    )
    op.create_table(
        "absences",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_absences_person_id"),
        sa.PrimaryKeyConstraint("person_id", "since", name="pk_absences"),
    )
    op.create_table(
        "delegations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("deputy_id", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("until", sa.Text()),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_delegations_person_id"),
        sa.ForeignKeyConstraint(["deputy_id"], ["people.id"], name="fk_delegations_deputy_id"),
        sa.PrimaryKeyConstraint("id", name="pk_delegations"),
    )
    op.create_index("ix_delegations_person", "delegations", ["person_id"])
