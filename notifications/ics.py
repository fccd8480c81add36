"""Writes coming dates as a calendar that other programs read: numbers, kinds of dates and links, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import icalendar

if TYPE_CHECKING:
    from collections.abc import Iterable

MEDIA_TYPE = "text/calendar; charset=utf-8"
_READ_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One date: a name for it that stays, what it says, when it is, where more is told, and its latest change."""

    uid: str
    summary: str
    at: datetime
    url: str
    sequence: int
    changed_at: datetime


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
    changed = one.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("uid", one.uid)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", one.sequence)
    event.add("dtstart", one.at.astimezone(UTC).replace(microsecond=0))
    event.add("summary", one.summary)
    event.add("url", one.url)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event
