"""A reference beside each personal code, by which somebody without an e-mail address is found at the portal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    op.add_column("personal_codes", sa.Column("reference", sa.Text(), nullable=True))
    op.create_index("ix_personal_codes_reference", "personal_codes", ["reference"], unique=True)
