"""Slows down whoever guesses: a few wrong tries cost nothing, each further one a longer wait; nobody is shut out."""

from __future__ import annotations

import threading
from collections import OrderedDict
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

    def wait(self, *sources: str, now: datetime) -> timedelta:
        """Return how long the next try must wait; nothing for most people."""
        with self._lock:
            known = [self._wrong[source] for source in sources if source in self._wrong]
        waits = [last + _wait_after(count) - now for count, last in known if now - last <= KEPT]
        return max([timedelta(), *waits])


def _wait_after(count: int) -> timedelta:
    if count < FREE:
        return timedelta()
    doubled: timedelta = FIRST_WAIT * 2 ** min(count - FREE, 10)
    return min(doubled, LONGEST_WAIT)
