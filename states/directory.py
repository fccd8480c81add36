"""What is on file about people as far as the rules ask for it: posts, absences, deputies, and who answers to whom.

A frozen value that comes to the rules with an act. Whoever is chosen from it is chosen for a reason, in words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from states import wall_time

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

NAMED, POST, MANAGER = "named", "post", "manager"
WAYS = (NAMED, POST, MANAGER)
"""How somebody may be found, in the usual order: who was named before, who holds a post, who manages those below."""
ANY_KIND = "any"
"""In place of a kind of organisation: every one that is not named."""
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


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who was found, and why this person."""

    person: str
    why: str


@dataclass(frozen=True, slots=True)
class StandIn:
    """Who stands in for whom, and why this person."""

    person: str
    instead_of: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Whom a tier asks of one party: `named` hold the part already, `below` the part under it.

    `posts` names, for each kind of organisation, the posts that answer, the first that is held before the others.
    """

    organisation: str
    posts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ways: tuple[str, ...] = WAYS
    place: str = ""
    named: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


def why_away(directory: Directory, person: str, at: datetime) -> str:
    """Say that somebody is away at an instant, by the days of their own zone; empty when they are there."""
    entry = directory.people.get(person)
    if entry is None:
        return ""
    day = _day(at, entry.timezone)
    if entry.leaves_on is not None and day > entry.leaves_on:
        return f"{entry.name} left after {entry.leaves_on}"
    last = max((days.until for days in entry.away if days.since <= day <= days.until), default=None)
    return f"{entry.name} is away until {last}" if last is not None else ""


def is_away(directory: Directory, person: str, at: datetime) -> bool:
    """Tell whether somebody is away at an instant, or left before it."""
    return bool(why_away(directory, person, at))


def back_at(directory: Directory, person: str, at: datetime) -> datetime | None:
    """Return when somebody who is away at an instant is there again: a midnight of their own zone; None for never."""
    entry = directory.people.get(person)
    if entry is None:
        return None
    day = _day(at, entry.timezone)
    for days in sorted(entry.away, key=lambda one: one.since):
        if days.since <= day <= days.until:
            day = days.until + _ONE_DAY
    if entry.leaves_on is not None and day > entry.leaves_on:
        return None
    return wall_time.at_local(day, time.min, wall_time.find_zone(entry.timezone))


def in_turn(post: Post, at: datetime) -> tuple[str, ...]:
    """List the people of a post, its holder at this instant first; nobody holds one that has not begun."""
    days = (_day(at, post.timezone) - post.since).days
    if days < 0:
        return ()
    turn = days // post.turn_days % len(post.people) if post.turn_days and post.people else 0
    return post.people[turn:] + post.people[:turn]


def holder_of_post(
    directory: Directory, organisation: str, name: str, *, at: datetime, place: str = ""
) -> Found | None:
    """Find who holds a post: the one at this place, else the one without a place, else the only one of its name."""
    named = [one for one in directory.posts if one.organisation == organisation and _same(one.name, name)]
    fitting = [one for where in (place, "") for one in named if _same(one.place, where)]
    post = (fitting or named)[0] if fitting or len(named) == 1 else None
    holders = in_turn(post, at) if post is not None else ()
    if post is None or not holders:
        return None
    where = f" ({post.place})" if post.place else ""
    now = " now, on the rota" if post.turn_days else ""
    return Found(holders[0], f"{directory.name(holders[0])} holds the post “{post.name}”{where}{now}")


def find(directory: Directory, sought: Sought, *, at: datetime) -> tuple[Found, ...]:
    """Find the people whom a tier asks of a party, by the first way that leads to anybody."""
    ways = {NAMED: _named, POST: _by_post, MANAGER: _managers}
    found = (tuple(ways[way](directory, sought, at)) for way in sought.ways)
    return next((people for people in found if people), ())


def stand_in(
    directory: Directory, person: str, *, scope: Collection[str] = (), at: datetime, barred: Collection[str] = ()
) -> StandIn | None:
    """Find who stands in for somebody: a deputy they named, else the next of their post, else their manager.

    A deputy who is away is followed to their own deputy, and nobody is asked twice. Whoever is `barred`, or works for
    another organisation, is passed over; None when nobody is left.
    """
    entry = directory.people.get(person)
    if entry is None:
        return None
    search = _Search(directory, frozenset(scope), at, entry.organisation, {person, *barred})
    ways = (search.deputies(person), _next_in_post(directory, entry, at), _manager_of(directory, entry))
    for candidate in (one for way in ways for one in way):
        found = search.reach(candidate)
        if found is not None:
            return StandIn(found.person, person, found.why)
    return None


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


@dataclass(frozen=True, slots=True)
class _Search:
    """A walk from deputy to deputy within one organisation, on which everybody is asked once."""

    directory: Directory
    scope: frozenset[str]
    at: datetime
    organisation: str
    seen: set[str]

    def reach(self, candidate: Found) -> Found | None:
        """Return who is there: the candidate, or whoever they in turn named."""
        entry = self.directory.people.get(candidate.person)
        if entry is None or entry.organisation != self.organisation or entry.id in self.seen:
            return None
        self.seen.add(entry.id)
        away = why_away(self.directory, entry.id, self.at)
        if not away:
            return candidate
        onwards = (Found(one.person, f"{candidate.why}; {away}; {one.why}") for one in self.deputies(entry.id))
        return next((found for one in onwards if (found := self.reach(one)) is not None), None)

    def deputies(self, person: str) -> Iterator[Found]:
        """Name the deputies somebody has at this instant, in the order to ask them."""
        entry = self.directory.people[person]
        day = _day(self.at, entry.timezone)
        mine = (one for one in self.directory.delegations if one.person == person and one.in_force(day, self.scope))
        for one in sorted(mine, key=lambda one: (one.priority, one.since)):
            until = f" until {one.until}" if one.until else ""
            yield Found(one.deputy, f"{entry.name} named {self.directory.name(one.deputy)} as deputy{until}")


def _named(directory: Directory, sought: Sought, _at: datetime) -> Iterator[Found]:
    for person in sought.named:
        yield Found(person, f"{directory.name(person)} was named for this case")


def _by_post(directory: Directory, sought: Sought, at: datetime) -> Iterator[Found]:
    kind = directory.kinds.get(sought.organisation, "")
    names = sought.posts.get(kind, sought.posts.get(ANY_KIND, ()))
    held = (
        holder_of_post(directory, sought.organisation, name, at=at, place=sought.place)
        for name in names
        if sought.organisation
    )
    first = next(filter(None, held), None)
    if first is not None:
        yield first


def _managers(directory: Directory, sought: Sought, _at: datetime) -> Iterator[Found]:
    told = set()
    for person in sought.below:
        entry = directory.people.get(person)
        for found in _manager_of(directory, entry) if entry else ():
            manager = directory.people.get(found.person)
            if manager is not None and manager.organisation == sought.organisation and manager.id not in told:
                told.add(manager.id)
                yield found


def _next_in_post(directory: Directory, entry: Entry, at: datetime) -> Iterator[Found]:
    for post in directory.posts:
        people = in_turn(post, at)
        if entry.id in people:
            place = people.index(entry.id) + 1
            for person in people[place:] + people[: place - 1]:
                yield Found(person, f"{directory.name(person)} is next in the post “{post.name}”")


def _manager_of(directory: Directory, entry: Entry) -> Iterator[Found]:
    if entry.manager:
        yield Found(entry.manager, f"{directory.name(entry.manager)} manages {entry.name}")


def _day(at: datetime, timezone: str) -> date:
    return at.astimezone(wall_time.find_zone(timezone)).date()


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
