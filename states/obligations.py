"""The machine of an obligation: from a planned term to one that is verified, waived, failed or replaced.

Whoever misses is called back: a missed or contested obligation is reconvened about, and then replanned, waived or
failed (process.md 4.7).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from states.items import Obligation
from states.lifecycle import Lifecycle

if TYPE_CHECKING:
    from datetime import datetime

_OWED = ("due", "replanned", "missed", "reconvened", "contested")

LIFE = Lifecycle(
    Obligation,
    initial="planned",
    moves=(
        ("bind", ("planned",), "due"),
        ("remove", ("planned",), "removed"),
        ("report", _OWED, "reported"),
        ("verify", ("reported", "provisional"), "verified"),
        ("contest", ("reported", "provisional"), "contested"),
        ("accept", ("reported",), "provisional"),
        ("let_stand", ("provisional",), "verified"),
        ("miss", ("due", "replanned"), "missed"),
        ("call_back", ("missed", "contested"), "reconvened"),
        ("replan", ("reconvened",), "replanned"),
        ("fail", ("reconvened",), "failed"),
        ("waive", _OWED, "waived"),
        ("replace", (*_OWED, "reported", "provisional"), "replaced"),
        ("correct", (*_OWED, "reported", "provisional"), "corrected"),
    ),
)

OPEN = tuple(state for state in LIFE.states if state != LIFE.initial and state not in LIFE.final)
"""The states in which something promised is still owed, or still to be judged."""
BROKEN = ("missed", "contested", "reconvened")
"""The states that a breach review deals with."""


def next_due(term: Obligation, timezone: str) -> datetime | None:
    """Return when the next occurrence falls due, at the same hour of the day; None when there is none."""
    if not term.every_days:
        return None
    following = (term.due_at.astimezone(ZoneInfo(timezone)) + timedelta(days=term.every_days)).astimezone(
        term.due_at.tzinfo
    )
    return following if term.until is None or following <= term.until else None
