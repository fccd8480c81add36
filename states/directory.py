"""What is on file about people as far as the rules ask for it: posts, absences, deputies, and who answers to whom.

A frozen value that comes to the rules with an act.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from states import wall_time
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Away:
    """Civil days on which somebody is away, the first and the last included."""

    since: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is on file about a person; `away` and `leaves_on`, the last day of the tour, are days in their own zone."""

    id: str
    name: str
    organisation: str = ""
    manager: str = ""
    timezone: str = "UTC"
    away: tuple[Away, ...] = ()
    leaves_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """An office within an organisation, such as duty officer, at a place or at none.

    The first of its `people` holds it and the next stands in. With `turn_days` it is a rota: they hold it in turn, that
    many days each, counted from `since` in the zone of the organisation.
    """

    organisation: str
    name: str
    people: tuple[str, ...]
    since: date
    place: str = ""
    turn_days: int | None = None
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """A deputy whom somebody named, for some days of their own zone; of several the lowest `priority` is asked first.

    `scope` holds names of roles or tiers; an empty one is for everything. Without `until` it holds until it is ended.
    """

    person: str
    deputy: str
    since: date
    until: date | None = None
    scope: frozenset[str] = frozenset()
    priority: int = 1

    def in_force(self, day: date, scope: Collection[str]) -> bool:
        """Tell whether it holds on a day for any of these roles and tiers."""
        begun = self.since <= day and (self.until is None or day <= self.until)
        return begun and (not self.scope or not self.scope.isdisjoint(scope))

    def meets(self, other: Delegation) -> bool:
        """Tell whether two hold for the same thing on the same day."""
        days = self.since <= (other.until or date.max) and other.since <= (self.until or date.max)
        return days and (not self.scope or not other.scope or not self.scope.isdisjoint(other.scope))


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """People by id, the kind of each organisation by its id, posts and delegations."""

    people: Mapping[str, Entry] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    posts: tuple[Post, ...] = ()
    delegations: tuple[Delegation, ...] = ()

    def line_of(self, person: str) -> tuple[str, ...]:
        """List those above somebody, the nearest first: their manager, the manager's manager, and so on."""
        above: list[str] = []
        entry = self.people.get(person)
        while entry is not None and entry.manager and entry.manager not in {person, *above}:
            above.append(entry.manager)
            entry = self.people.get(entry.manager)
        return tuple(above)

    def name(self, person: str) -> str:
        """Return the name somebody is known by, or the id of somebody unknown."""
        return self.people[person].name if person in self.people else person


NOTHING_ON_FILE = Directory()


def why_away(directory: Directory, person: str, at: datetime) -> str:
    """Say that somebody is away at an instant, by the days of their own zone; empty when they are there."""
    entry = directory.people.get(person)
    if entry is None:
        return ""
    day = day_of(at, entry.timezone)
    if entry.leaves_on is not None and day > entry.leaves_on:
        return say("%(person)s left after %(leaves_on)s", person=entry.name, leaves_on=entry.leaves_on)
    days = days_away(entry, day)
    return say("%(person)s is away until %(until)s", person=entry.name, until=days.until) if days else ""


def days_away(entry: Entry, day: date) -> Away | None:
    """Find the days on which somebody is away around a day, those that last longest; None where they are there."""
    around = (days for days in entry.away if days.since <= day <= days.until)
    return max(around, key=lambda days: days.until, default=None)


def is_away(directory: Directory, person: str, at: datetime) -> bool:
    """Tell whether somebody is away at an instant, or left before it."""
    return bool(why_away(directory, person, at))


def back_at(directory: Directory, person: str, at: datetime) -> datetime | None:
    """Return when somebody who is away at an instant is there again: a midnight of their own zone; None for never."""
    entry = directory.people.get(person)
    if entry is None:
        return None
    day = day_of(at, entry.timezone)
    for days in sorted(entry.away, key=lambda one: one.since):
        if days.since <= day <= days.until:
            day = days.until + _ONE_DAY
    if entry.leaves_on is not None and day > entry.leaves_on:
        return None
    return _begins(day, entry.timezone)


def ends_at(delegation: Delegation, timezone: str) -> datetime | None:
    """Return when a delegation is over, by the days of this zone; None for one without a last day."""
    return _begins(delegation.until + _ONE_DAY, timezone) if delegation.until else None


def _begins(day: date, timezone: str) -> datetime:
    return wall_time.at_local(day, time.min, wall_time.find_zone(timezone))


def in_turn(post: Post, at: datetime) -> tuple[str, ...]:
    """List the people of a post, its holder at this instant first; nobody holds one that has not begun."""
    days = (day_of(at, post.timezone) - post.since).days
    if days < 0:
        return ()
    turn = days // post.turn_days % len(post.people) if post.turn_days and post.people else 0
    return post.people[turn:] + post.people[:turn]


def circle(delegations: Iterable[Delegation], new: Delegation) -> tuple[str, ...]:
    """List the people from a new deputy back to who named them, as others that hold with it lead; empty for none."""
    standing = [one for one in delegations if one.meets(new)]
    seen = {new.deputy}
    paths: list[tuple[str, ...]] = [(new.deputy,)]
    for path in paths:
        if path[-1] == new.person:
            return path
        onwards = [one.deputy for one in standing if one.person == path[-1] and one.deputy not in seen]
        seen |= set(onwards)
        paths += [(*path, one) for one in onwards]
    return ()


def day_of(at: datetime, timezone: str) -> date:
    """Return the civil day of an instant in a zone."""
    return at.astimezone(wall_time.find_zone(timezone)).date()


def same_name(one: str, other: str) -> bool:
    """Tell whether two names of posts or places are one, however they are spelled."""
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
