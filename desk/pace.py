"""How often one person's programs may ask: so many requests a minute, and then a wait that is told."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.problems import TooOften
from states.said import count

WINDOW = timedelta(minutes=1)
_MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of somebody's requests, and for how long that holds."""

    most: int
    requests: int
    seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """Tell it as the IETF's draft on rate limits has it."""
        window = int(WINDOW.total_seconds())
        return {
            "ratelimit-policy": f'"minute";q={self.most};w={window}',
            "ratelimit": f'"minute";r={self.requests};t={self.seconds}',
        }


class Pace:
    """The requests of the present minute, by who sent them; one desk keeps them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = threading.Lock()
        self._begun: dict[str, tuple[datetime, int]] = {}

    def take(self, who: str, *, most: int, now: datetime) -> Left:
        """Count a request of somebody; raise `TooOften` for one beyond the `most` a minute."""
        with self._lock:
            since, done = self._begun.get(who, (now, 0))
            if now - since >= WINDOW:
                since, done = now, 0
            if len(self._begun) >= _MOST_KEPT:
                self._begun = {one: kept for one, kept in self._begun.items() if now - kept[0] < WINDOW}
            self._begun[who] = (since, done + 1)
        seconds = math.ceil((since + WINDOW - now).total_seconds())
        if done >= most:
            told = count(
                "this is more than was agreed for a minute; go on in %(count)s second",
                "this is more than was agreed for a minute; go on in %(count)s seconds",
                count=seconds,
            )
            raise TooOften(told, seconds=seconds)
        return Left(most, most - done - 1, seconds)
