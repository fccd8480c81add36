"""Reads what clocks on the wall say: local times, the windows between two of them, and the instants they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from states import errors
from states.said import say

_WINDOW = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")


def as_utc(instant: datetime) -> datetime:
    """Returns the instant in UTC; one without a time zone is refused, because nobody can say when it is."""
    if instant.tzinfo is None:
        raise errors.ParleyError(
            say(
                "the instant %(instant)s has no time zone: give its offset, such as +00:00", instant=instant.isoformat()
            )
        )
    return instant.astimezone(UTC)


def find_zone(name: str) -> ZoneInfo:
    """Returns the time zone of an IANA name, such as Africa/Juba."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise errors.DefinitionError(
            say("there is no time zone “%(name)s”: use an IANA name such as Africa/Juba or UTC", name=name)
        ) from unknown


def at_local(day: date, wall: time, where: ZoneInfo) -> datetime:
    """Returns the UTC instant of a local wall time.

    A time that the clocks jump over is read forward by the gap; one that occurs twice is the first (PEP 495, fold 0).
    """
    return datetime.combine(day, wall, tzinfo=where).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """Working time within one day; a closing of 00:00 is the midnight that ends the day."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        """Refuses a window that closes before it opens."""
        if self.closes <= self.opens and self.closes != time.min:
            raise errors.DefinitionError(
                f"the window {self} closes before it opens: write it as two days, or swap its times"
            )

    def __str__(self) -> str:
        """Writes the window as in a calendar file."""
        closes = "24:00" if self.closes == time.min else f"{self.closes:%H:%M}"
        return f"{self.opens:%H:%M}-{closes}"

    @classmethod
    def parse(cls, text: str) -> Window:
        """Reads a window such as 08:00-12:30; 24:00 is the end of the day."""
        found = _WINDOW.fullmatch(text.strip())
        if not found or (found[3] == "24" and found[4] != "00"):
            raise errors.DefinitionError(f"{text!r} is not a working window: write it as 08:00-12:30")
        hours = [int(part) for part in found.groups()]
        return cls(time(hours[0], hours[1]), time(hours[2] % 24, hours[3]))

    def holds(self, wall: time) -> bool:
        """Tells whether a wall time lies in the window, its two ends included."""
        return self.opens <= wall and (wall <= self.closes or self.closes == time.min)
