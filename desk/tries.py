"""Slows down whoever guesses: a few wrong tries cost nothing, each further one a longer wait; nobody is shut out."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

FREE = 3
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=1)
KEPT = timedelta(hours=1)
MOST_KEPT = 10_000


class Tries:
    """The wrong tries of the last hour, by where they came from and what they were tried on; one desk keeps them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, tuple[int, datetime]] = OrderedDict()

    def failed(self, *sources: str, now: datetime) -> None:
        """Count a wrong try for each of its sources."""
        with self._lock:
            for source in sources:
                count, last = self._wrong.pop(source, (0, now))
                self._wrong[source] = (1 if now - last > KEPT else count + 1, now)
            while len(self._wrong) > MOST_KEPT:
                self._wrong.popitem(last=False)

    def wait(self, *sources: str, free: int = FREE, now: datetime) -> timedelta:
        """Return how long the next try must wait after `free` wrong ones; nothing for most people."""
        with self._lock:
            known = [self._wrong[source] for source in sources if source in self._wrong]
        waits = [last + _wait_after(count, free) - now for count, last in known if now - last <= KEPT]
        return max([timedelta(), *waits])

    def count(self, source: str, *, now: datetime) -> int:
        """Return how often it went wrong in the last hour."""
        with self._lock:
            count, last = self._wrong.get(source, (0, now))
        return count if now - last <= KEPT else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many wrong tries are free until each next one waits.

    `person` counts those on one person from one address, `origin` those from one address on whomever. Once there were
    `everywhere` on one person or `desk` on all together, each address has one free try, so that many who guess together
    are slowed down, and whoever comes from an address of their own is not.
    """

    person: int
    origin: int
    everywhere: int
    desk: int


@dataclass(frozen=True, slots=True)
class Guessing:
    """Somebody at an address who tries to be a certain person, known by a hash of what they typed."""

    origin: str
    person: str

    def wait(self, tries: Tries, limits: Limits, *, now: datetime) -> timedelta:
        """Return how long the next try must wait."""
        crowded = tries.count(self._person, now=now) >= limits.everywhere or tries.count(_DESK, now=now) >= limits.desk
        on_them = tries.wait(self._pair, free=1 if crowded else limits.person, now=now)
        return max(on_them, tries.wait(self._origin, free=limits.origin, now=now))

    def failed(self, tries: Tries, *, now: datetime) -> None:
        """Count a wrong try."""
        tries.failed(self._pair, self._origin, self._person, _DESK, now=now)

    @property
    def _pair(self) -> str:
        return f"sign-in {self.person} from {self.origin}"

    @property
    def _origin(self) -> str:
        return f"sign-in from {self.origin}"

    @property
    def _person(self) -> str:
        return f"sign-in {self.person}"


_DESK = "sign-in"


def _wait_after(count: int, free: int) -> timedelta:
    if count < free:
        return timedelta()
    doubled: timedelta = FIRST_WAIT * 2 ** min(count - free, 10)
    return min(doubled, LONGEST_WAIT)
