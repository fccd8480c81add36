"""What silence means, in one line of a table: with its own date where that is another than the due one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.cli import output

if TYPE_CHECKING:
    from cases.queries import DeadlineView, NextStep


def meaning(one: DeadlineView | NextStep, zone: str) -> str:
    """Say what happens, or happened, if nothing is recorded."""
    if one.means_at is None or one.means_at == one.due_at:
        return one.means
    return f"{output.stamp(one.means_at, zone)}: {one.means}"
