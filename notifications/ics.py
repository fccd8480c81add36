"""Writes what other programs read as calendars: a person's coming dates, and the invitation to one session.

Numbers, kinds of dates and links stand in it, of a session its place, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import icalendar

if TYPE_CHECKING:
    from collections.abc import Iterable

MEDIA_TYPE = "text/calendar; charset=utf-8"
_READ_AGAIN = timedelta(hours=1)
_LENGTH = timedelta(hours=1)
"""How long a session is shown: nobody says beforehand when it ends, and without a length many programs hide it."""
_LONGEST_REPLY = 64 * 1024


class Method(StrEnum):
    """What a calendar program is to do with an invitation; the MIME part that carries it says the same."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One date: a name for it that stays, what it says, when it is, where more is told, and its latest change."""

    uid: str
    summary: str
    at: datetime
    url: str
    sequence: int
    changed_at: datetime


class Coming(StrEnum):
    """What a calendar program answered to an invitation: it is news of somebody's plans, and decides nothing."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer to the invitation of a `uid`, as it stood at a `sequence`."""

    uid: str
    sequence: int
    coming: Coming


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """One session in the calendar of one person.

    `uid` names it there for ever, and of two with it the one with the higher `sequence` counts, then the one that was
    `written_at` later. `organizer` and `attendee` are bare addresses. A session that is `called_off` is shown struck
    through; one that is withdrawn from this person alone is taken away.
    """

    method: Method
    uid: str
    sequence: int
    summary: str
    at: datetime
    written_at: datetime
    organizer: str
    attendee: str
    url: str
    place: str = ""
    called_off: bool = False


def invitation(one: Invitation, *, product: str) -> bytes:
    """Write an invitation for one person, by RFC 5546; nobody else stands in it, and it rings no alarm of its own."""
    whole = icalendar.Calendar()
    whole.add("prodid", f"-//{product}//Parley//EN")
    whole.add("version", "2.0")
    whole.add("method", one.method.value)
    whole.add_component(_meeting(one))
    written: bytes = whole.to_ical()
    return written


def read_reply(content: bytes) -> Reply | None:
    """Read what a calendar program answered; None for whatever is no plain answer of one person to one invitation."""
    if len(content) > _LONGEST_REPLY:
        return None
    try:
        whole = icalendar.Calendar.from_ical(content)
        (event,) = whole.walk("VEVENT")
        said = str(event["attendee"].params["partstat"])
        reply = Reply(uid=str(event["uid"]), sequence=int(event.get("sequence", 0)), coming=Coming(said.lower()))
    except (ValueError, KeyError, AttributeError, TypeError):
        return None
    return reply if str(whole.get("method", "")).upper() == "REPLY" else None


def _meeting(one: Invitation) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", one.uid)
    event.add("sequence", one.sequence)
    event.add("dtstamp", _whole_second(one.written_at))
    event.add("dtstart", _whole_second(one.at))
    event.add("duration", _LENGTH)
    event.add("summary", one.summary)
    if one.place:
        event.add("location", one.place)
    if one.called_off:
        event.add("status", "CANCELLED")
    event.add("organizer", icalendar.vCalAddress(f"mailto:{one.organizer}"))
    asked = icalendar.vCalAddress(f"mailto:{one.attendee}")
    # Whether somebody comes is told to the convener: what a calendar answers is read as news, and not waited for.
    asked.params.update({"partstat": "NEEDS-ACTION", "rsvp": "FALSE"})
    event.add("attendee", asked)
    event.add("url", one.url)
    event.add("class", "PRIVATE")
    return event


def calendar(entries: Iterable[Entry], *, name: str, product: str) -> bytes:
    """Write a calendar; the same dates give the same bytes. Instants are in UTC, so no time zone comes with them."""
    whole = icalendar.Calendar()
    whole.add("prodid", f"-//{product}//Parley//EN")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("x-wr-calname", name)
    whole.add("refresh-interval", _READ_AGAIN, parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", "PT1H")
    for one in entries:
        whole.add_component(_event(one))
    written: bytes = whole.to_ical()
    return written


def _event(one: Entry) -> icalendar.Event:
    event = icalendar.Event()
    changed = _whole_second(one.changed_at)
    event.add("uid", one.uid)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", one.sequence)
    event.add("dtstart", _whole_second(one.at))
    event.add("summary", one.summary)
    event.add("url", one.url)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event


def _whole_second(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(microsecond=0)
