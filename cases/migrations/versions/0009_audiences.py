"""Two audiences, each with its own door: the desk's own people, and people of parties at the portal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    for table in ("people", "sessions"):
        op.add_column(table, sa.Column("audience", sa.Text(), server_default=sa.text("'desk'"), nullable=False))
