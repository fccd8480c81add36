"""How the time of a case was spent, in words: “Mission: 3 d 4 h, of it 19 h of working time”."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from states.said import say, under

if TYPE_CHECKING:
    from cases.spent import LateDuty, TimeShare

_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def length(span: timedelta) -> str:
    """Spell a length of time in its two largest units: “3 d 4 h”, “5 h 20 min”, “under a minute”."""
    days, rest = divmod(span, _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes = rest // _MINUTE
    if days:
        return _beside(say("%(days)s d", days=days), say("%(hours)s h", hours=hours) if hours else "")
    if hours:
        return _beside(say("%(hours)s h", hours=hours), say("%(minutes)s min", minutes=minutes) if minutes else "")
    if minutes:
        return say("%(minutes)s min", minutes=minutes)
    return say("under a minute") if span else say("no time")


def _beside(longer: str, shorter: str) -> str:
    return say("%(longer)s %(shorter)s", longer=longer, shorter=shorter) if shorter else longer


def share(one: TimeShare) -> str:
    """Say the time of one holder in a sentence without an end."""
    if not one.working:
        return under(one.label, length(one.elapsed))
    return say(
        "%(holder)s: %(time)s, of it %(working)s of working time",
        holder=one.label,
        time=length(one.elapsed),
        working=length(one.working),
    )


def late(one: LateDuty) -> str:
    """Say by how much a duty was late; a clock that acted by itself at once was late by nothing."""
    if one.ended_at is None:
        return say("open, late by %(time)s", time=length(one.late_by))
    if one.late_by:
        return say("late by %(time)s", time=length(one.late_by))
    return say("never done; the clock went on by itself")
