"""A running clock in words for people: who has the duty, how long is left, and what happens if nothing is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from cases import people
from cases.viewer import Seen
from states import firing, roles, timers, waiting
from states.durations import Due
from states.items import Item
from states.roles import Actor
from states.said import listed, say
from states.timers import OpenDeadline

NOTHING = say("Nothing happens by itself; it stays open until somebody acts.")


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who has a duty."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Consequence:
    """What silence means, and from when."""

    at: datetime
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineView:
    """A running clock.

    `remaining` is negative once it is overdue. `consequence` is the next one to come, if any, `passed` the last one
    where all have come. `due` explains the instant. While the case is stayed the clock stands still until
    `paused_until`. `first_due_at` is the date before any extension, None where there was none.
    """

    name: str
    label: str
    since: datetime
    due_at: datetime
    remaining: timedelta
    consequence: Consequence | None
    duty: str
    holders: tuple[Holder, ...]
    item: Item | None
    due: Due | None
    paused_until: datetime | None
    first_due_at: datetime | None = None
    passed: Consequence | None = None

    @property
    def overdue(self) -> bool:
        """Tell whether the due instant has passed while the clock runs."""
        return self.paused_until is None and self.remaining < timedelta()

    @property
    def means(self) -> str:
        """The meaning of silence: what the clock does next, else what it has done."""
        meant = self.consequence or self.passed
        return meant.means if meant else NOTHING

    @property
    def means_at(self) -> datetime | None:
        """When silence means that, or meant it; None where it never does."""
        meant = self.consequence or self.passed
        return meant.at if meant else None


def holder_ids(seen: Seen, deadline: OpenDeadline) -> tuple[str, ...]:
    """List whom a clock still asks."""
    return firing.still_asked(seen.process, seen.case, deadline)


def names_of(connection: Connection, running: Iterable[tuple[Seen, OpenDeadline]]) -> dict[str, str]:
    """Find the names of everybody who has one of these duties, with one statement."""
    return people.names(connection, {person for seen, deadline in running for person in holder_ids(seen, deadline)})


def describe(seen: Seen, deadline: OpenDeadline, *, names: Mapping[str, str], now: datetime) -> DeadlineView:
    """Put a running clock into words; `names` gives the name for a person's id."""
    steps = _consequences(seen, deadline)
    coming = next((step for step in steps if step.at > now), None)
    return DeadlineView(
        name=deadline.rule.name,
        label=deadline.rule.task,
        since=deadline.since,
        due_at=deadline.due_at,
        remaining=deadline.due_at - now,
        consequence=coming,
        duty=_duty(seen, deadline),
        holders=tuple(Holder(person, names.get(person, person)) for person in holder_ids(seen, deadline)),
        item=deadline.item,
        due=deadline.due,
        paused_until=_paused_until(seen, deadline),
        first_due_at=deadline.first_due_at,
        passed=steps[-1] if steps and coming is None else None,
    )


def _duty(seen: Seen, deadline: OpenDeadline) -> str:
    """Spell whose duty it is: by the name of the party where the item names one."""
    prefix, role = roles.split(deadline.duty)
    if prefix is not None and deadline.item is not None:
        named = roles.narrowed(seen.case, prefix, deadline.item)
        if named:
            return say(
                "%(role)s (%(parties)s)",
                role=roles.label(seen.process, role),
                parties=listed(party.name for party in named),
            )
    return roles.label(seen.process, deadline.duty)


def _paused_until(seen: Seen, deadline: OpenDeadline) -> datetime | None:
    stay = seen.case.stay
    return None if stay is None or timers.counts_now(seen.case, deadline.rule) else stay.until


def _consequences(seen: Seen, deadline: OpenDeadline) -> tuple[Consequence, ...]:
    """List what the clock does by itself, in order, whether it has come or not."""
    steps = firing.silences(seen.process, seen.case, deadline)
    return tuple(Consequence(at, silence.means) for at, silence in steps)


def asks(seen: Seen, deadline: OpenDeadline, actor: Actor) -> bool:
    """Tell whether a clock waits for this person: the duty is theirs, and there is an act of theirs that answers it."""
    return waiting.waits_for(seen.process, seen.case, deadline, actor)
