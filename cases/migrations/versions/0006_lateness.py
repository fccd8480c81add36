"""An index of the timers that fired, to measure how late they did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_FIRED = sa.text("state = 'fired'")


def upgrade() -> None:
    """Go one step forward; there is no way back but a backup."""
    op.create_index("ix_timers_fired", "timers", ["fired_at"], sqlite_where=_FIRED, postgresql_where=_FIRED)
