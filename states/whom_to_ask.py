"""Whom a tier asks, and who stands in for somebody: found in the directory, each for a reason in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from states.directory import day_of, ends_at, in_turn, same_name, why_away
from states.said import say, together

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from states.directory import Directory, Entry

NAMED, POST, MANAGER = "named", "post", "manager"
WAYS = (NAMED, POST, MANAGER)
"""How somebody may be found, in the usual order: who was named before, who holds a post, who manages those below."""
ANY_KIND = "any"
"""In place of a kind of organisation: every one that is not named."""


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who was found, and why this person; `until_at` is when a delegation that led to them is over."""

    person: str
    why: str
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StandIn:
    """Who stands in for whom, and why this person; `until_at` is when the delegations that led to them are over."""

    person: str
    instead_of: str
    why: str
    until_at: datetime | None = None


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


def holder_of_post(
    directory: Directory, organisation: str, name: str, *, at: datetime, place: str = ""
) -> Found | None:
    """Find who holds a post: the one at this place, else the one without a place, else the only one of its name."""
    named = [one for one in directory.posts if one.organisation == organisation and same_name(one.name, name)]
    fitting = [one for where in (place, "") for one in named if same_name(one.place, where)]
    post = (fitting or named)[0] if fitting or len(named) == 1 else None
    holders = in_turn(post, at) if post is not None else ()
    if post is None or not holders:
        return None
    called = say("“%(post)s”", post=post.name)
    if post.place:
        called = say("“%(post)s” (%(place)s)", post=post.name, place=post.place)
    who = {"person": directory.name(holders[0]), "post": called}
    if post.turn_days:
        return Found(holders[0], say("%(person)s holds the post %(post)s now, on the rota", **who))
    return Found(holders[0], say("%(person)s holds the post %(post)s", **who))


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
            return StandIn(found.person, person, found.why, found.until_at)
    return None


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
        onwards = (
            Found(
                one.person,
                together((candidate.why, away, one.why)),
                earlier(candidate.until_at, one.until_at),
            )
            for one in self.deputies(entry.id)
        )
        return next((found for one in onwards if (found := self.reach(one)) is not None), None)

    def deputies(self, person: str) -> Iterator[Found]:
        """Name the deputies somebody has at this instant, in the order to ask them."""
        entry = self.directory.people[person]
        day = day_of(self.at, entry.timezone)
        mine = (one for one in self.directory.delegations if one.person == person and one.in_force(day, self.scope))
        for one in sorted(mine, key=lambda one: (one.priority, one.since)):
            who = {"person": entry.name, "deputy": self.directory.name(one.deputy)}
            if one.until:
                why = say("%(person)s named %(deputy)s as deputy until %(until)s", **who, until=one.until)
            else:
                why = say("%(person)s named %(deputy)s as deputy", **who)
            yield Found(one.deputy, why, ends_at(one, entry.timezone))


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the earlier of two ends, either of which may be open."""
    return min((end for end in (one, other) if end is not None), default=None)


def _named(directory: Directory, sought: Sought, _at: datetime) -> Iterator[Found]:
    for person in sought.named:
        yield Found(person, say("%(person)s was named for this case", person=directory.name(person)))


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
                yield Found(
                    person,
                    say("%(person)s is next in the post “%(post)s”", person=directory.name(person), post=post.name),
                )


def _manager_of(directory: Directory, entry: Entry) -> Iterator[Found]:
    if entry.manager:
        yield Found(
            entry.manager,
            say("%(manager)s manages %(person)s", manager=directory.name(entry.manager), person=entry.name),
        )
