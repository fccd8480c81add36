"""Tells the time: the machine's own clock, or a simulated one that moves only when told to."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Something that knows the present instant."""

    def now(self) -> datetime:
        """Return the present instant, in UTC with its zone."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the present instant, in UTC with its zone."""
        return datetime.now(UTC)


class SimulatedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        """Stand at `start`, an instant with a zone."""
        self._now = _utc(start)

    def now(self) -> datetime:
        """Return the instant the clock stands at, in UTC with its zone."""
        return self._now

    def advance(self, **span: float) -> datetime:
        """Move forward by a span in the words of `timedelta` (`days=5`) and return the new instant.

        Raises `ValueError` for a negative span.
        """
        return self.set(self._now + timedelta(**span))

    def set(self, instant: datetime, *, backwards: bool = False) -> datetime:
        """Move to an instant and return it.

        Raises `ValueError` for an instant without a zone, and for an earlier one unless `backwards` is asked for.
        """
        wanted = _utc(instant)
        if wanted < self._now and not backwards:
            raise ValueError(
                f"the clock stands at {self._now.isoformat()} and does not go back to {wanted.isoformat()}"
            )
        self._now = wanted
        return wanted


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"the instant {instant.isoformat()} has no time zone; give one")
    return instant.astimezone(UTC)
