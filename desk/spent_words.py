"""How the time of a case was spent, in words: “Mission: 3 d 4 h, of it 19 h of working time”."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cases.spent import LateDuty, TimeShare

_UNITS = (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("min", timedelta(minutes=1)))


def length(span: timedelta) -> str:
    """Spell a length of time in its two largest units: “3 d 4 h”, “5 h 20 min”, “under a minute”."""
    parts: list[str] = []
    rest = span
    for name, unit in _UNITS:
        count, rest = divmod(rest, unit)
        if count or parts:
            parts.append(f"{count} {name}" if count else "")
    told = [part for part in parts[:2] if part]
    return " ".join(told) or ("under a minute" if span else "no time")


def share(one: TimeShare) -> str:
    """Say the time of one holder in a sentence without an end."""
    working = f", of it {length(one.working)} of working time" if one.working else ""
    return f"{one.label}: {length(one.elapsed)}{working}"


def late(one: LateDuty) -> str:
    """Say by how much a duty was late; a clock that acted by itself at once was late by nothing."""
    if one.ended_at is None:
        return f"open, late by {length(one.late_by)}"
    return f"late by {length(one.late_by)}" if one.late_by else "never done; the clock went on by itself"
