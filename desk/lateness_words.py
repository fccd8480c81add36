"""How late the clocks fired, in words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from states.said import count, say

if TYPE_CHECKING:
    from cases.watchdog import Lateness

_PRECISE = timedelta(minutes=10)
_HOURS = timedelta(hours=48)


def told(one: Lateness) -> str:
    """Say how late half of the timers were at most, and all but one in a hundred."""
    if one.p50 is None or one.p99 is None:
        return say("No timer fired")
    return count(
        "%(count)s timer: half within %(half)s, 99 of 100 within %(most)s",
        "%(count)s timers: half within %(half)s, 99 of 100 within %(most)s",
        count=one.fired,
        half=short(one.p50),
        most=short(one.p99),
    )


def short(span: timedelta) -> str:
    """Spell a lateness with as much precision as it deserves: “0.4 s”, “37 min”, “5 h”, “3 days”."""
    if span < _PRECISE:
        return say("%(seconds)s s", seconds=f"{span.total_seconds():.1f}")
    if span < timedelta(hours=2):
        return say("%(minutes)s min", minutes=span // timedelta(minutes=1))
    if span < _HOURS:
        return say("%(hours)s h", hours=span // timedelta(hours=1))
    return count("%(count)s day", "%(count)s days", count=span // timedelta(days=1))
