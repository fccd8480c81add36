"""How fast mail may go to the relay: so many messages a minute to one domain, and so many to all of them together.

What went out within the last minute is read from the record, so that the limit holds over runs and workers.
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most messages within any minute, to one domain and to all together."""

    to_one_domain: int
    to_all: int


class Pace:
    """Says of each message whether it may go now, and else gives it a later moment of its own."""

    def __init__(self, limits: Limits | None, lately: Iterable[tuple[datetime, str]] = ()) -> None:
        """Begins with what went out lately, oldest first: when, and to which domain. No limits let everything go."""
        self._limits = limits
        self._places = deque[datetime]()
        self._of_domain = defaultdict[str, deque[datetime]](deque)
        for at, domain in lately:
            self._places.append(at)
            self._of_domain[domain].append(at)

    def ask(self, domain: str, *, now: datetime) -> datetime | None:
        """Gives a message its place: None when it may go now, or else the moment from which it may.

        One that waits for its own domain takes no place from the others.
        """
        if self._limits is None:
            return None
        of_domain = self._of_domain[domain]
        place = _free(of_domain, self._limits.to_one_domain, now)
        if place <= now:
            place = _free(self._places, self._limits.to_all, now)
            self._places.append(place)
        of_domain.append(place)
        return None if place <= now else place


def _free(places: deque[datetime], limit: int, now: datetime) -> datetime:
    """Return the next moment before which, within a window, lie fewer than the limit."""
    return max(now, places[-limit] + WINDOW) if len(places) >= limit else now
