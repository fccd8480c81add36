"""The end of somebody's tour, as far as a case must know of it: when, from when on it is told, and what they hold."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from states import durations, roles, wall_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from states.calendar import Calendar
    from states.case import Case
    from states.process import Tours

WAITING = (roles.SUCCESSOR, roles.NOMINEE)
"""The roles of people who were asked to take a part and hold none yet."""
_LAST_MINUTE = time(23, 59)


def ends_at(last_day: date, timezone: str) -> datetime:
    """Return the last minute of a tour, by the clock of whoever leaves."""
    return wall_time.at_local(last_day, _LAST_MINUTE, wall_time.find_zone(timezone))


def told_from(rule: Tours, last_day: date, *, timezone: str, calendar: Calendar) -> datetime:
    """Return from when on the end of a tour is told; working days are those of `calendar`."""
    before = durations.Duration(-rule.notice.amount, rule.notice.unit)
    return durations.shift(ends_at(last_day, timezone), before, calendar=calendar, timezone=timezone)


def parts(case: Case, person: str) -> Iterator[tuple[str, str]]:
    """Yield the parts that somebody holds: each role, and the name of the party or nothing for a part of the case."""
    yield from ((role, "") for role, people in case.roles.items() if person in people and role not in WAITING)
    for party in case.parties:
        if party.left_at is None:
            yield from ((role, party.name) for role, people in party.people.items() if person in people)
