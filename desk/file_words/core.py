"""Any item of a case file in words, and the zones it lies in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk.file_words import kinds
from desk.file_words.registry import SPELLINGS, Fact, Names, Part
from desk.words import sentence
from states import roles
from states.items import KINDS
from states.process import Urgency
from states.said import say, shaped, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from states.case import Case
    from states.items import Item

_LONGEST_LINE = 160

URGENCIES: Mapping[str, str] = {
    Urgency.U1: say("U1, life-saving"),
    Urgency.U2: say("U2, urgent"),
    Urgency.U3: say("U3, ordinary"),
    Urgency.U4: say("U4, structural"),
}


@dataclass(frozen=True, slots=True)
class ZoneWords:
    """A room of the case in words: its short label, and the tone of its chip."""

    name: str
    label: str
    tone: str


def zone_words(zone: str, case: Case) -> ZoneWords:
    """Name a zone as its readers know it: a party's own by its party's name."""
    if zone in _COMMON:
        return ZoneWords(zone, *_COMMON[zone])
    kind, _, party_id = zone.partition(":")
    return ZoneWords(zone, _own(kind, _whose(case, party_id)), "priv")


_COMMON = {
    roles.SHARED: (say("Shared with all parties"), "info"),
    roles.TEAM: (say("Mediation team only"), "warn"),
    roles.SENIORS: (say("Seniors and mediation team"), "warn"),
    roles.NOMINEE: (say("Whoever is asked to mediate"), "warn"),
}
_READERS = {
    roles.SHARED: say("all parties, and who runs the case"),
    roles.TEAM: say("the mediation team only"),
    roles.SENIORS: say("those who decide, and the mediation team"),
    roles.NOMINEE: say("whoever is asked to mediate, and who asks"),
}
_OWN = frozenset({roles.CAUCUS, roles.LINE, roles.PRIVATE})


def _own(kind: str, party: str) -> str:
    if kind == roles.CAUCUS:
        return say("Caucus: %(party)s", party=party)
    if kind == roles.LINE:
        return say("Between %(party)s and the case team", party=party)
    return say("%(party)s alone", party=party)


def _own_readers(kind: str, party: str) -> str:
    if kind == roles.CAUCUS:
        return say("%(party)s and the mediator, and no other party", party=party)
    if kind == roles.LINE:
        return say("%(party)s and the case team, and no other party", party=party)
    return say("%(party)s alone", party=party)


def _whose(case: Case, party_id: str) -> str:
    party = case.party(party_id)
    return party.name if party else say("one party")


def readers(zone: str, case: Case) -> str:
    """Say who reads what lies in a zone."""
    if zone in _READERS:
        return _READERS[zone]
    kind, _, party_id = zone.partition(":")
    return _own_readers(kind, _whose(case, party_id))


def zones_in_order(zones: Iterable[str]) -> list[str]:
    """Put zones into the order in which they are offered: the common ones first, then those of each party."""
    return sorted(zones, key=lambda zone: (list(_COMMON).index(zone) if zone in _COMMON else len(_COMMON), zone))


def choice(case: Case, value: str) -> str:
    """Spell a choice; a zone of the case by what the zone is called, a class of urgency by what it means."""
    if value in URGENCIES:
        return URGENCIES[value]
    if value in _COMMON or value.partition(":")[0] in _OWN:
        return zone_words(value, case).label
    return shaped(word(value), sentence)


def item_line(item: Item, case: Case, names: Mapping[str, str]) -> str:
    """Say in one line what an item is about."""
    return shortened(item_text(item, case, names))


def item_text(item: Item, case: Case, names: Mapping[str, str]) -> str:
    """Say what an item is about, in full."""
    spelling = SPELLINGS.get(item.kind)
    text = spelling.line(item, Names(case, names)) if spelling else ""
    return names.get(text, text) or word(item.kind)


def item_title(item: Item) -> str:
    """Name the kind of an item at the beginning of a sentence."""
    return kinds.one(item.kind)


def kind_title(kind: str) -> str:
    """Name several items of a kind at the beginning of a sentence."""
    return kinds.several(kind)


def grouped(case: Case, names: Mapping[str, str]) -> Iterator[tuple[str, list[Item]]]:
    """List the items of a file by kind, those of one kind under the titles that it has, each with its title."""
    for kind in KINDS:
        found: dict[Part, list[Item]] = {}
        for item in case.items:
            if item.kind == kind:
                found.setdefault(_part(item, case, names), []).append(item)
        yield from ((title, found[place, title]) for place, title in sorted(found))


def _part(item: Item, case: Case, names: Mapping[str, str]) -> Part:
    spelling = SPELLINGS.get(item.kind)
    if spelling and spelling.part:
        return spelling.part(item, Names(case, names))
    return 0, kind_title(item.kind)


def item_tag(item: Item, case: Case, names: Mapping[str, str]) -> str:
    """Spell the state of an item; empty where there is nothing to tell."""
    spelling = SPELLINGS.get(item.kind)
    return spelling.tag(item, Names(case, names)) if spelling else word(item.state)


def shortened(text: str, limit: int = _LONGEST_LINE) -> str:
    """Cut a text to one line, at a word."""
    return shaped(text, lambda told: _one_line(told, limit))


def _one_line(text: str, limit: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[:limit].rsplit(' ', 1)[0]} …"


def item_facts(item: Item, case: Case, names: Mapping[str, str]) -> tuple[Fact, ...]:
    """List what else stands on an item, beyond its line, as labels and values."""
    spelling = SPELLINGS.get(item.kind)
    return tuple(fact for fact in spelling.facts(item, Names(case, names)) if fact.value) if spelling else ()
