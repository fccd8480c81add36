"""Any item of a case file in words, and the zones it lies in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk.file_words.registry import SPELLINGS, Fact, Names, Part
from states import roles
from states.items import KINDS
from states.process import Urgency

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from states.case import Case
    from states.items import Item

_LONGEST_LINE = 160
_PLURALS = {
    "break_glass": "Rooms opened in an emergency",
    "envelope": "Sealed offers of your own",
    "release": "Published from confidence",
    "round": "Sealed rounds",
    "criterion": "Criteria",
    "disagreement": "Statements of disagreement",
    "feedback": "Feedback",
    "heads": "Heads of terms",
    "inquiry": "Joint fact-finding",
    "interim": "Interim rules",
    "neutral": "Neutrals proposed",
    "reading": "Temperature",
    "talk": "Talks with each side",
}


URGENCIES: Mapping[str, str] = {
    Urgency.U1: "U1, life-saving",
    Urgency.U2: "U2, urgent",
    Urgency.U3: "U3, ordinary",
    Urgency.U4: "U4, structural",
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
    party = case.party(party_id)
    return ZoneWords(zone, _OWN[kind].format(party.name if party else "one party"), "priv")


_COMMON = {
    roles.SHARED: ("Shared with all parties", "info"),
    roles.TEAM: ("Mediation team only", "warn"),
    roles.SENIORS: ("Seniors and mediation team", "warn"),
    roles.NOMINEE: ("Whoever is asked to mediate", "warn"),
}
_READERS = {
    roles.SHARED: "all parties, and who runs the case",
    roles.TEAM: "the mediation team only",
    roles.SENIORS: "those who decide, and the mediation team",
    roles.NOMINEE: "whoever is asked to mediate, and who asks",
}
_OWN_READERS = {
    roles.CAUCUS: "{} and the mediator, and no other party",
    roles.LINE: "{} and the case team, and no other party",
    roles.PRIVATE: "{} alone",
}
_OWN = {
    roles.CAUCUS: "Caucus: {}",
    roles.LINE: "Between {} and the case team",
    roles.PRIVATE: "{} alone",
}


def readers(zone: str, case: Case) -> str:
    """Say who reads what lies in a zone."""
    if zone in _READERS:
        return _READERS[zone]
    kind, _, party_id = zone.partition(":")
    party = case.party(party_id)
    return _OWN_READERS[kind].format(party.name if party else "one party")


def zones_in_order(zones: Iterable[str]) -> list[str]:
    """Put zones into the order in which they are offered: the common ones first, then those of each party."""
    return sorted(zones, key=lambda zone: (list(_COMMON).index(zone) if zone in _COMMON else len(_COMMON), zone))


def choice(case: Case, value: str) -> str:
    """Spell a choice; a zone of the case by what the zone is called, a class of urgency by what it means."""
    if value in URGENCIES:
        return URGENCIES[value]
    if value in _COMMON or value.partition(":")[0] in _OWN:
        return zone_words(value, case).label
    return value[:1].upper() + value[1:].replace("_", " ")


def item_line(item: Item, case: Case, names: Mapping[str, str]) -> str:
    """Say in one line what an item is about."""
    return shortened(item_text(item, case, names))


def item_text(item: Item, case: Case, names: Mapping[str, str]) -> str:
    """Say what an item is about, in full."""
    spelling = SPELLINGS.get(item.kind)
    text = spelling.line(item, Names(case, names)) if spelling else ""
    return names.get(text, text) or item.kind


def item_title(item: Item) -> str:
    """Name the kind of an item at the beginning of a sentence."""
    words = item.kind.replace("_", " ")
    return words[:1].upper() + words[1:]


def kind_title(kind: str) -> str:
    """Name several items of a kind at the beginning of a sentence."""
    words = kind.replace("_", " ")
    return _PLURALS.get(kind, f"{words[:1].upper()}{words[1:]}s")


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
    return spelling.tag(item, Names(case, names)) if spelling else item.state


def shortened(text: str, limit: int = _LONGEST_LINE) -> str:
    """Cut a text to one line, at a word."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[:limit].rsplit(' ', 1)[0]} …"


def item_facts(item: Item, case: Case, names: Mapping[str, str]) -> tuple[Fact, ...]:
    """List what else stands on an item, beyond its line, as labels and values."""
    spelling = SPELLINGS.get(item.kind)
    return tuple(fact for fact in spelling.facts(item, Names(case, names)) if fact.value) if spelling else ()
