"""Who holds which role in a case, and what each role may read.

A role may be narrowed by a prefix: a side (`initiating`, `responding`, `joined`), a place on the item at hand (`owner`,
`verifier`), or `other` (every party but the one that made the item).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from states.case import Side
from states.items import Handover
from states.process import ASKED, CLOCK, RoleScope
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from states.case import Case, Party
    from states.items import Item
    from states.process import Process

SYSTEM = "system"
ADMINISTRATOR = "administrator"
"""The office of those who keep the desk: whoever holds it reads no case by any office, for they give out offices."""
AUTOMATIC = frozenset({CLOCK, SYSTEM})
SIDES = frozenset(Side)
ITEM_PREFIXES = frozenset({"owner", "verifier", "other"})
PREFIXES = SIDES | ITEM_PREFIXES

SHARED = "shared"
TEAM = "team"
SENIORS = "seniors"
# What somebody asked to mediate may see before the parties have accepted it: that there is a case, and its parties.
NOMINEE = "nominee"
# The part of whoever is offered a part by a handover.
SUCCESSOR = "successor"
# The zones of one party: with the mediator alone, with the case team, and nobody but the party itself.
CAUCUS = "caucus"
LINE = "line"
PRIVATE = "private"
OF_A_PARTY = (CAUCUS, LINE, PRIVATE)
OWN = "own "


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person's id and the office roles held; parts in a case come from the case itself."""

    person: str
    offices: frozenset[str] = frozenset()


THE_CLOCK = Actor(CLOCK, frozenset({CLOCK}))
THE_SYSTEM = Actor(SYSTEM, frozenset({SYSTEM}))


def split(who: str) -> tuple[str | None, str]:
    """Split `responding representative` into its prefix, or None, and the role."""
    first, _, rest = who.partition(" ")
    return (first, rest) if rest and first in PREFIXES else (None, who)


_OF_A_PARTY = {
    "initiating": say("%(role)s (initiating party)"),
    "responding": say("%(role)s (responding party)"),
    "joined": say("%(role)s (joined party)"),
    "owner": say("%(role)s (owner party)"),
    "verifier": say("%(role)s (verifier party)"),
    "other": say("%(role)s (other party)"),
}


def label(process: Process, who: str) -> str:
    """Spell a role, with its prefix, in the words of the definition."""
    prefix, role = split(who)
    asked = say("whoever is asked") if role == ASKED else role
    spelled = process.roles[role].label if role in process.roles else asked
    return say(_OF_A_PARTY[prefix], role=spelled) if prefix else spelled


def zone_of(kind: str, party_id: str) -> str:
    """Name the zone of one party: its `caucus`, its `line` to the case team, or what is `private` to it."""
    return f"{kind}:{party_id}"


def caucus(party_id: str) -> str:
    """Name the zone a party shares with the mediator."""
    return zone_of(CAUCUS, party_id)


def narrowed(case: Case, prefix: str | None, item: Item | None) -> tuple[Party, ...]:
    """List the parties a prefix means, without those that left; all when there is none, or no item at hand yet."""
    here = tuple(party for party in case.parties if party.left_at is None)
    if prefix in SIDES:
        return tuple(party for party in here if party.side == prefix)
    if prefix is None or item is None:
        return here
    if prefix == "other":
        return tuple(party for party in here if party.id != getattr(item, "party", None))
    return tuple(party for party in here if party.id == getattr(item, prefix, None))


def holders(process: Process, case: Case, who: str, *, item: Item | None = None) -> tuple[str, ...]:
    """List the ids of the persons who hold a role in this case; offices are known outside and give none."""
    prefix, role = split(who)
    scope = process.roles[role].scope if role in process.roles else RoleScope.OFFICE
    if scope is RoleScope.CASE:
        return case.roles.get(role, ())
    if scope is RoleScope.OFFICE:
        return ()
    found = (person for party in narrowed(case, prefix, item) for person in party.people.get(role, ()))
    return tuple(dict.fromkeys(found))


def holds(process: Process, case: Case, actor: Actor, *, who: str, item: Item | None = None) -> bool:
    """Tell whether the actor holds the role, narrowed by its prefix to the item at hand."""
    _, role = split(who)
    office = role not in process.roles or process.roles[role].scope is RoleScope.OFFICE
    return role in actor.offices if office else actor.person in holders(process, case, who, item=item)


def parties_of(case: Case, actor: Actor) -> tuple[Party, ...]:
    """List the parties the actor stands for."""
    return tuple(party for party in case.parties if any(actor.person in people for people in party.people.values()))


def speaks_for(process: Process, case: Case, actor: Actor, who: Iterable[str]) -> tuple[Party, ...]:
    """List the parties for which the actor holds one of these roles; a side narrows a role, an item does not."""
    allowed = {
        party.id
        for prefix, role in map(split, who)
        if role in process.roles and process.roles[role].scope is RoleScope.PARTY
        for party in narrowed(case, prefix, None)
        if actor.person in party.people.get(role, ())
    }
    return tuple(party for party in case.parties if party.id in allowed)


def roles_of(process: Process, case: Case, actor: Actor) -> frozenset[str]:
    """Name every role the actor holds in this case."""
    return frozenset(name for name in process.roles if holds(process, case, actor, who=name))


def readable_zones(process: Process, case: Case, actor: Actor) -> frozenset[str]:
    """Name the zones of this case that the actor may read: the one rule of who may see what."""
    held = (role for role in roles_of(process, case, actor) if _lets_read(process, case, actor, role))
    own = frozenset(zone for role in held for zone in _zones(process, case, actor, role))
    return own | _offered(process, case, actor) if actor.person in case.roles.get(SUCCESSOR, ()) else own


def by_which(process: Process, case: Case, actor: Actor) -> dict[str, tuple[str, ...]]:
    """Name, for each zone that the actor may read, the roles that open it to them; a part on offer is none."""
    found: dict[str, tuple[str, ...]] = {}
    for role in sorted(roles_of(process, case, actor)):
        for zone in _zones(process, case, actor, role) if _lets_read(process, case, actor, role) else ():
            found[zone] = (*found.get(zone, ()), role)
    return found


def _lets_read(process: Process, case: Case, actor: Actor, role: str) -> bool:
    """Tell whether somebody reads by a role: not by an office who keeps the desk, and not before their time."""
    if process.roles[role].scope is RoleScope.OFFICE and ADMINISTRATOR in actor.offices:
        return False
    return not _is_asked_later(process, case, actor, role)


def _offered(process: Process, case: Case, actor: Actor) -> frozenset[str]:
    """Name the zones of the parts that somebody is offered, but for what is private to a party until they accept."""
    mine = (one for one in case.all(Handover, "offered") if one.successor == actor.person)
    return mailable(frozenset(zone for one in mine for zone in _zones(process, case, Actor(one.predecessor), one.role)))


def _is_asked_later(process: Process, case: Case, actor: Actor, role: str) -> bool:
    """Tell whether a part is held only for parties that no notice was put to: while one side writes it, it alone reads.

    One side writes it when the duty of the initial stage is that side's.
    """
    side, _ = split(process.stages[process.initial].duty or "")
    if case.stage != process.initial or side not in SIDES or process.roles[role].scope is not RoleScope.PARTY:
        return False
    return all(party.side != side for party in _parties_in(case, actor, role))


def mailable(zones: frozenset[str]) -> frozenset[str]:
    """Leave out what is private to a party: a mail lies in more hands than its reader's, so it never carries that."""
    return frozenset(zone for zone in zones if not zone.startswith(f"{PRIVATE}:"))


def _zones(process: Process, case: Case, actor: Actor, role: str) -> Iterator[str]:
    for pattern in process.roles[role].reads:
        first, _, kind = pattern.partition(" ")
        if kind in OF_A_PARTY:
            whose = case.parties if first == "every" else _parties_in(case, actor, role)
            yield from (zone_of(kind, party.id) for party in whose)
        else:
            yield pattern


def _parties_in(case: Case, actor: Actor, role: str) -> Iterator[Party]:
    return (party for party in case.parties if actor.person in party.people.get(role, ()))
