"""Effects of a breach review: the parties are called back to one meeting about what was broken, within its time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from states import dates, roles
from states.effects import sessions
from states.effects.registry import effect, instant
from states.events import ItemRecorded
from states.items import Obligation, Session
from states.obligations import BROKEN, LIFE
from states.said import say, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation
    from states.timers import OpenDeadline

SINCE = "broken_at"
"""What the clock of a review counts from, on an obligation."""
_TEAM = ("mediator", "convener")


@effect(instant("meets_at", "The parties meet at; by the clock of the review if left empty", required=False))
def call_parties_back(s: Situation) -> Iterator[Change]:
    """Call every party to one meeting about everything that was missed or is contested, within the time of the review.

    What is broken meanwhile is met about at the meeting that is planned already, unless another date is named.
    """
    broken = s.case.all(Obligation, *LIFE.sources("call_back"))
    meeting = _meeting(s, broken)
    if meeting is not None:
        yield ItemRecorded(meeting)
    for term in broken:
        yield ItemRecorded(LIFE.moved(term, "call_back", session=meeting.id if meeting else ""))


@effect()
def call_meeting_off(s: Situation) -> Iterator[Change]:
    """Call off a planned meeting about what was broken, now that nothing is left to meet about."""
    for meeting in planned(s):
        yield ItemRecorded(sessions.changed(sessions.LIFE.moved(meeting, "cancel")))


def planned(s: Situation) -> tuple[Session, ...]:
    """List the planned meetings about something that was broken."""
    about = {term.session for term in s.case.all(Obligation)}
    return tuple(one for one in s.case.all(Session, "planned") if one.id in about)


def review(s: Situation, broken: tuple[Obligation, ...]) -> OpenDeadline | None:
    """Return the clock of the review of what was broken first, or of one that begins now if that has run out."""
    clocks = [clock for term in broken if (clock := dates.clock_on(s, term, since=SINCE))]
    soonest = min(clocks, key=lambda clock: clock.due_at, default=None)
    if soonest is None or soonest.due_at > s.counts_from:
        return soonest
    return dates.clock_on(s, replace(broken[0], broken_at=s.counts_from), since=SINCE)


def _meeting(s: Situation, broken: tuple[Obligation, ...]) -> Session | None:
    """Return the meeting that is planned, with what was broken meanwhile and the date that is named, or a new one."""
    given, before = s.given("meets_at"), next(iter(planned(s)), None)
    date = given if isinstance(given, datetime) else None
    if before is not None:
        agenda = _agenda((*_met_about(s, before), *broken))
        meeting = replace(before, agenda=agenda, begins_at=date or before.begins_at)
        return sessions.changed(meeting) if meeting.begins_at != before.begins_at else meeting
    begins_at = date or _last_day(s, broken)
    if begins_at is None:
        return None
    return Session(
        id=s.new_id(Session.kind),
        zone=s.zone,
        by=s.actor.person,
        at=s.at,
        state=sessions.LIFE.initial,
        form=sessions.JOINT,
        agenda=_agenda(broken),
        begins_at=begins_at,
        invited=_everybody(s),
    )


def _last_day(s: Situation, broken: tuple[Obligation, ...]) -> datetime | None:
    """Return the opening of the last day of the review, or the end of the review where that opening has passed."""
    clock = review(s, broken)
    if clock is None:
        return None
    opens = dates.opening(clock)
    return opens if opens > s.counts_from else clock.due_at


def _met_about(s: Situation, meeting: Session) -> tuple[Obligation, ...]:
    return tuple(term for term in s.case.all(Obligation, *BROKEN) if term.session == meeting.id)


def _agenda(broken: tuple[Obligation, ...]) -> str:
    return say(
        "What was missed or is contested: %(terms)s", terms=together(dict.fromkeys(term.action for term in broken))
    )


def _everybody(s: Situation) -> tuple[str, ...]:
    """Name everybody who stands for a party that decides, and whoever runs the case."""
    deciding = (party for party in s.case.parties if party.id in s.party_ids)
    people = [person for party in deciding for held in party.people.values() for person in held]
    team = [person for role in _TEAM if role in s.process.roles for person in roles.holders(s.process, s.case, role)]
    return tuple(dict.fromkeys((*people, *team)))
