"""Why each mail came to its reader, and where each of its lines is from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    op.add_column("messages", sa.Column("reasons", sa.Text(), nullable=True))
