"""Who put a version of a process into use at the desk; nothing for what came from a file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    op.add_column("processes", sa.Column("published_by", sa.Text(), nullable=True))
