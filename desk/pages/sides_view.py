"""What each party will see of an act, side by side, as its own people will read it: before anything is shared.

Each column is drawn from the rehearsed case as a representative of that party would see it, so that a line which
names something out of that party's sight reads there as it will read for them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desk import file_words
from states import roles, zoning
from states.roles import Actor
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cases.people import Person
    from desk.file_words import Fact
    from desk.rehearsal import Rehearsal
    from desk.visits import Visit
    from states.case import Case, Party
    from states.items import Item

_SEVERAL = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing a party will see: what it is, its words and facts, and who else sees it, where not all do."""

    title: str
    text: str
    facts: tuple[Fact, ...]
    only: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The column of one party: who reads it, in which language, what they will see, and what is kept from them."""

    name: str
    reader: str
    language: str
    sees: tuple[Thing, ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    """What the columns are drawn from: what would be recorded, who looks, and what each party reads, by its id."""

    rehearsed: Rehearsal
    visit: Visit
    recorded: tuple[Item, ...]
    zones: Mapping[str, frozenset[str]]
    people: Mapping[str, Person]

    @property
    def own(self) -> frozenset[str]:
        """The zones of whoever acts."""
        return roles.readable_zones(self.rehearsed.process, self.rehearsed.after, self.visit.actor)


def of(rehearsed: Rehearsal, visit: Visit) -> tuple[Side, ...]:
    """Draw a column for each party where an act of the team puts something before parties, or tells some of them more.

    What the act records and the one who acts may not read themselves is in no column.
    """
    case, process = rehearsed.after, rehearsed.process
    own = roles.readable_zones(process, case, visit.actor)
    recorded = tuple(change.item for change in rehearsed.recorded if change.item.zone in own)
    zones = {party.id: read for party in case.parties if party.left_at is None and (read := _reads(rehearsed, party))}
    before_parties = any(item.zone in read for item in recorded for read in zones.values())
    apart = len({item.zone for item in recorded}) >= _SEVERAL
    if not (apart or (roles.TEAM in own and before_parties)):
        return ()
    people = _people(recorded, case, visit)
    act = _Act(rehearsed=rehearsed, visit=visit, recorded=recorded, zones=zones, people=people)
    return tuple(_side(party, act) for party in case.parties if party.id in zones)


def alike(sides: Sequence[Side]) -> bool:
    """Tell whether every party will see the same."""
    return len({side.sees for side in sides}) <= 1


def _side(party: Party, act: _Act) -> Side:
    read = act.zones[party.id]
    theirs = _as_seen(act.rehearsed, read & act.own)
    known = [one for one in _members(party) if one in act.people]
    reader = act.people[max(known, key=lambda one: len(_read_by(one, act.rehearsed)))] if known else None
    of_parties = [item for item in act.recorded if any(item.zone in one for one in act.zones.values())]
    return Side(
        name=party.name,
        reader=reader.name if reader else "",
        language=act.visit.words.language_name(reader.language) if reader else "",
        sees=tuple(_thing(item, theirs, act) for item in act.recorded if item.zone in read),
        lacks=tuple(file_words.item_title(item) for item in of_parties if item.zone not in read),
    )


def _thing(item: Item, theirs: Case, act: _Act) -> Thing:
    names = {one.id: one.name for one in act.people.values()}
    read_by = [file_words.party_name(theirs, party) for party, read in act.zones.items() if item.zone in read]
    alone = len(read_by) == 1 < len(act.zones)
    return Thing(
        title=file_words.item_title(item),
        text=file_words.item_text(item, theirs, names),
        facts=file_words.item_facts(item, theirs, names),
        only=say("only %(party)s sees this", party=read_by[0]) if alone else "",
    )


def _as_seen(rehearsed: Rehearsal, zones: frozenset[str]) -> Case:
    """Narrow the case as it would stand to some zones."""
    case = rehearsed.after
    items = tuple(item for item in case.items if item.zone in zones)
    return replace(case, items=items, fields=zoning.readable_fields(rehearsed.process, case, zones))


def _reads(rehearsed: Rehearsal, party: Party) -> frozenset[str]:
    """Name the zones that the people of a party read between them."""
    return frozenset(zone for person in _members(party) for zone in _read_by(person, rehearsed))


def _read_by(person: str, rehearsed: Rehearsal) -> frozenset[str]:
    return roles.readable_zones(rehearsed.process, rehearsed.after, Actor(person))


def _members(party: Party) -> tuple[str, ...]:
    return tuple(person for held in party.people.values() for person in held)


def _people(recorded: Sequence[Item], case: Case, visit: Visit) -> dict[str, Person]:
    named = {person for item in (*recorded, *case.items) for person in item.people}
    named |= {person for party in case.parties for person in _members(party)}
    return visit.desk.directory.people(named)
