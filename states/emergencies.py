"""The rules by which a room of a case is opened in an emergency to an administrator, who else reads nothing of it.

A second person must agree, it lasts some hours at most, everybody whose room it is reads of it, and what is private to
a party is opened to nobody. No definition can change this, so it is no act of a process.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from states import errors, roles
from states.events import Event, ItemRecorded
from states.items import BreakGlass
from states.said import say

if TYPE_CHECKING:
    from datetime import datetime

    from states.case import Case
    from states.process import Process

LONGEST_HOURS = 24
ASKED, AGREED, REFUSED, WITHDRAWN, ENDED = (
    "break_glass_asked",
    "break_glass_agreed",
    "break_glass_refused",
    "break_glass_withdrawn",
    "break_glass_ended",
)
LABELS = {
    ASKED: say("An administrator asks to read a room"),
    AGREED: say("A room is open to an administrator"),
    REFUSED: say("A room stays shut to an administrator"),
    WITHDRAWN: say("An administrator no longer asks to read a room"),
    ENDED: say("A room is shut again"),
}
"""How each event of it is called on the timeline."""
COMMON = (roles.SHARED, roles.TEAM, roles.SENIORS)
OF_A_PARTY = (roles.CAUCUS, roles.LINE)


def rooms(case: Case) -> tuple[str, ...]:
    """Name the rooms that may be opened at all: never what is private to a party."""
    return (*COMMON, *(roles.zone_of(kind, party.id) for kind in OF_A_PARTY for party in case.parties))


def told_in(process: Process, case: Case, room: str) -> str:
    """Name the zone in which it is recorded: one that the case team and whoever's room it is read, where there is one.

    What belongs to a party is told between that party and the case team.
    """
    kind, _, party = room.partition(":")
    line = roles.zone_of(roles.LINE, party)
    return line if kind in OF_A_PARTY and is_read_by_team(process, case, line) else room


def is_read_by_team(process: Process, case: Case, zone: str) -> bool:
    """Tell whether somebody who runs the case reads a zone."""
    read = (roles.readable_zones(process, case, roles.Actor(person)) for person in case.people)
    return any({roles.TEAM, zone} <= zones for zones in read)


def ask(process: Process, case: Case, wanted: BreakGlass) -> Event:
    """Ask for a room. Raises `NotFound` for one that may not be opened, and `NeedsMissing` without reason or hours."""
    if wanted.room not in rooms(case):
        raise errors.NotFound(
            say("this case has no such room that may be opened; what is private to a party is opened to nobody")
        )
    missing = []
    if not wanted.reason.strip():
        missing.append(say("a reason, which the case team and the party concerned will read"))
    if not 0 < wanted.hours <= LONGEST_HOURS:
        missing.append(say("from 1 to %(most)s hours", most=LONGEST_HOURS))
    if missing:
        raise errors.NeedsMissing(say("the request is not whole"), missing=tuple(missing))
    return _event(ASKED, replace(wanted, zone=told_in(process, case, wanted.room), state="asked"), wanted.by, wanted.at)


def agree(asked: BreakGlass, *, by: str, at: datetime) -> Event:
    """Open the room from now for the hours asked. Raises `NotYours` for whoever asked, `Conflict` once answered."""
    _refuse_answered(asked)
    if by == asked.by:
        raise errors.NotYours(say("whoever asks for a room cannot agree to it; a second person must"))
    opened = replace(asked, state="open", answered_by=by, until=at + timedelta(hours=asked.hours))
    return _event(AGREED, opened, by, at)


def refuse(asked: BreakGlass, *, by: str, at: datetime) -> Event:
    """Leave the room shut, or withdraw one's own request. Raises `Conflict` once it is answered."""
    _refuse_answered(asked)
    if by == asked.by:
        return _event(WITHDRAWN, replace(asked, state="withdrawn"), by, at)
    return _event(REFUSED, replace(asked, state="refused", answered_by=by), by, at)


def end(opened: BreakGlass, *, by: str, at: datetime) -> Event:
    """Shut the room before its time. Raises `Conflict` for one that is not open."""
    if opened.state != "open" or opened.until is None or opened.until <= at:
        raise errors.Conflict(say("this room is not open any more; nothing was changed"))
    return _event(ENDED, replace(opened, state="ended", until=at, ended_by=by), by, at)


def _refuse_answered(asked: BreakGlass) -> None:
    if asked.state != "asked":
        raise errors.Conflict(say("somebody was first: this request has been answered; nothing was changed"))


def _event(trigger: str, item: BreakGlass, by: str, at: datetime) -> Event:
    return Event(trigger=trigger, actor=by, at=at, recorded_at=at, zone=item.zone, changes=(ItemRecorded(item),))
