"""Whether somebody will be there as long as a duty lasts, so that none is given to whoever will be gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import directory as on_file
from states import fields, roles, shortlist, timers, wall_time, whom_to_ask
from states.effects import panels
from states.items import Handover
from states.items.panels import COMMITTEE
from states.said import say, together

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from states.situation import Situation

_PERSON, _PEOPLE, _PART = ("person", "names"), "people", "part"
_OF_A_PARTY = ("representative", "senior_representative")


def named(s: Situation) -> Iterator[tuple[str, str]]:
    """Yield each person whom an act gives a duty, with the role that has it; without a part it is to mediate.

    A member of a panel with an alternate may be away, for that is what alternates are for.
    """
    part = s.text(_PART) or shortlist.MEDIATOR
    for name in (*_PERSON, _PEOPLE):
        yield from ((person, part) for person in fields.each(s.given(name)))
    yield from ((s.text(role), role) for role in _OF_A_PARTY if s.text(role))
    seats = panels.seats_of(s)
    covered = {seat.alternate_of for seat in seats}
    alone = (seat for seat in seats if not (seat.away or seat.alternate_of or seat.person in covered))
    yield from ((seat.person, COMMITTEE) for seat in alone)
    offered = s.item(Handover)
    if offered is not None:
        yield offered.successor, offered.role


def lasts(s: Situation, role: str) -> tuple[datetime, datetime]:
    """Return when a role's duty first falls due and when it ends, by the clocks that wait for the role now.

    A mediation lasts as long as its longest clock, from the naming on.
    """
    if role == shortlist.MEDIATOR:
        return s.at, shortlist.planned_end(s.process, s.case, s.calendars, now=s.at)
    running = timers.open_deadlines(s.process, s.case, s.calendars)
    dues = [one.due_at for one in running if roles.split(one.duty)[1] == role and one.due_at > s.at]
    return min(dues, default=s.at), max(dues, default=s.at)


def hindrances(s: Situation) -> Iterator[str]:
    """Say of each person named until when they are there, and who could take the duty instead."""
    if not s.directory.people:
        return
    for person, role in named(s):
        why = _why_not(s, person, *lasts(s, role))
        if why:
            yield together((why, _instead(s, person, role)))


def _why_not(s: Situation, person: str, due_at: datetime, ends_at: datetime) -> str:
    """Say why somebody will not be there: now, on the day it falls due, or until its end."""
    entry = s.directory.people.get(person)
    away = on_file.why_away(s.directory, person, s.at)
    if entry is None or away:
        return away
    zone = wall_time.find_zone(entry.timezone)
    due, last = (instant.astimezone(zone).date() for instant in (due_at, ends_at))
    if entry.leaves_on is not None and entry.leaves_on < last:
        return say(
            "%(person)s is there until %(leaves_on)s, and the duty lasts until %(last)s",
            person=entry.name,
            leaves_on=entry.leaves_on,
            last=last,
        )
    days = on_file.days_away(entry, due)
    if not days:
        return ""
    return say(
        "%(person)s is away from %(since)s until %(until)s, and the duty falls due on %(due)s",
        person=entry.name,
        since=days.since,
        until=days.until,
        due=due,
    )


def _instead(s: Situation, person: str, role: str) -> str:
    barred = s.case.people | {one for one, _ in named(s)}
    other = whom_to_ask.stand_in(s.directory, person, scope=(role,), at=s.at, barred=barred)
    if other is None:
        return say("name somebody else")
    return say("%(other)s could take it: %(why)s", other=s.directory.name(other.person), why=other.why)
