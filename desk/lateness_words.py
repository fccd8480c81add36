"""How late the clocks fired, in words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cases.watchdog import Lateness

_PRECISE = timedelta(minutes=10)
_HOURS = timedelta(hours=48)


def told(one: Lateness) -> str:
    """Say how late half of the timers were at most, and all but one in a hundred."""
    if one.p50 is None or one.p99 is None:
        return "No timer fired"
    timers = "1 timer" if one.fired == 1 else f"{one.fired} timers"
    return f"{timers}: half within {short(one.p50)}, 99 of 100 within {short(one.p99)}"


def short(span: timedelta) -> str:
    """Spell a lateness with as much precision as it deserves: “0.4 s”, “37 min”, “5 h”, “3 days”."""
    if span < _PRECISE:
        return f"{span.total_seconds():.1f} s"
    if span < timedelta(hours=2):
        return f"{span // timedelta(minutes=1)} min"
    return f"{span // timedelta(hours=1)} h" if span < _HOURS else f"{span // timedelta(days=1)} days"
