"""Passwords, second factors, identities at other providers, and what a browser has begun and not finished."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    for name in ("device", "means"):
        op.add_column("sessions", sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("sessions", sa.Column("proved_at", sa.BigInteger(), nullable=True))
    _create_factors()
    _create_passing()


def _create_factors() -> None:
    op.create_table(
        "passwords",
        *_of_one_person("passwords"),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "totps",
        *_of_one_person("totps"),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("proposed", sa.LargeBinary(), nullable=True),
        sa.Column("since_at", sa.BigInteger(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Text(), nullable=False),
        *_of_a_person("passkeys"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_passkeys"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        *_of_a_person("recovery_codes"),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_codes"),
        sa.UniqueConstraint("code_hash", name="uq_recovery_codes_code_hash"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "identities",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        *_of_a_person("identities"),
        sa.Column("linked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_identities"),
    )
    for table in ("passkeys", "recovery_codes", "identities"):
        op.create_index(f"ix_{table}_person_id", table, ["person_id"])


def _create_passing() -> None:
    op.create_table(
        "begun",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_begun_person_id"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_begun"),
    )
    op.create_table(
        "kept_forms",
        sa.Column("token_hash", sa.Text(), nullable=False),
        *_of_a_person("kept_forms"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_kept_forms"),
    )


def _of_a_person(table: str) -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    whose = sa.Column("person_id", sa.Text(), nullable=False)
    return whose, sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=f"fk_{table}_person_id")


def _of_one_person(table: str) -> tuple[sa.Column[str] | sa.Constraint, ...]:
    return (*_of_a_person(table), sa.PrimaryKeyConstraint("person_id", name=f"pk_{table}"))
