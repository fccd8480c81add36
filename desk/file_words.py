"""What stands in a case file, in words: items in one line, zones, and the changes an entry made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from states import items, roles

if TYPE_CHECKING:
    from states.case import Case
    from states.items import Item

_LONGEST_LINE = 160
_TEXT_OF = {
    "issue": "title",
    "cause": "statement",
    "statement": "text",
    "offer": "text",
    "interim": "rule",
    "decision": "text",
    "agreement": "summary",
    "obligation": "action",
    "document": "name",
    "note": "text",
    "criterion": "text",
    "feedback": "text",
    "session": "agenda",
    "neutral": "person",
}


@dataclass(frozen=True, slots=True)
class ZoneWords:
    """A room of the case in words: its short label, and the tone of its chip."""

    name: str
    label: str
    tone: str


def zone_words(zone: str, case: Case) -> ZoneWords:
    """Name a zone as its readers know it: a caucus by its party's name."""
    if zone == roles.SHARED:
        return ZoneWords(zone, "Shared with all parties", "info")
    if zone == roles.TEAM:
        return ZoneWords(zone, "Mediation team only", "warn")
    if zone == roles.SENIORS:
        return ZoneWords(zone, "Seniors and mediation team", "warn")
    party = case.party(zone.removeprefix("caucus:"))
    return ZoneWords(zone, f"Caucus: {party.name if party else 'one party'}", "priv")


def choice(case: Case, value: str) -> str:
    """Spell a choice; one that is a zone of the case by what the zone is called."""
    if value in {roles.SHARED, roles.TEAM, roles.SENIORS} or value.startswith("caucus:"):
        return zone_words(value, case).label
    return value[:1].upper() + value[1:].replace("_", " ")


def item_line(item: Item, case: Case, names: Mapping[str, str]) -> str:
    """Say in one line what an item is about."""
    if isinstance(item, items.Claim):
        return f"{party_name(case, item.party)}: {item.asset}, {item.place}"
    if isinstance(item, items.Consent):
        return party_name(case, item.party)
    text = str(getattr(item, _TEXT_OF.get(item.kind, "id"), ""))
    if not text and isinstance(item, items.Agreement):
        text = item.text
    return shortened(names.get(text, text) or item.kind)


def item_title(item: Item) -> str:
    """Name the kind of an item at the beginning of a sentence."""
    return item.kind[:1].upper() + item.kind[1:]


def party_name(case: Case, party_id: str | None) -> str:
    """Name a party of the case; what is made by none of them comes from the mediation team."""
    party = case.party(party_id or "")
    return party.name if party else "Mediation team"


def shortened(text: str, limit: int = _LONGEST_LINE) -> str:
    """Cut a text to one line, at a word."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[:limit].rsplit(' ', 1)[0]} …"


def item_facts(item: Item, case: Case, names: Mapping[str, str]) -> tuple[Fact, ...]:
    """List what else stands on an item, beyond its line, as labels and values."""
    facts = _FACTS.get(item.kind)
    return tuple(fact for fact in facts(item, _Names(case, names)) if fact.value) if facts else ()


@dataclass(frozen=True, slots=True)
class Fact:
    """Something on an item: a label, and a value in words or an instant."""

    label: str
    value: str | datetime


@dataclass(frozen=True, slots=True)
class _Names:
    case: Case
    people: Mapping[str, str]

    def party(self, party_id: str | None) -> str:
        return party_name(self.case, party_id)

    def parties(self, ids: Iterable[str]) -> str:
        return ", ".join(map(self.party, ids))

    def person(self, person_id: str) -> str:
        return self.people.get(person_id, person_id)


def _cause(item: Any, names: _Names) -> Iterator[Fact]:
    yield Fact("Family", item.family)
    yield Fact("Because", " ← ".join(item.whys))
    yield Fact("Source", item.source)
    yield Fact("Agreed by", names.parties(item.agreed_by))
    yield Fact("Disputed by", names.parties(item.disputed_by))


def _offer(item: Any, names: _Names) -> Iterator[Fact]:
    yield Fact("Made by", names.party(item.party))
    yield Fact("Accepted by", names.parties(item.accepted_by))
    yield Fact("Rejected by", names.parties(item.rejected_by))


def _said_by_party(item: Any, names: _Names) -> Iterator[Fact]:
    yield Fact("By", names.party(item.party))


def _consent(item: Any, _names: _Names) -> Iterator[Fact]:
    yield Fact("Said", item.text)


def _neutral(item: Any, names: _Names) -> Iterator[Fact]:
    yield Fact("Disclosed", item.disclosure)
    yield Fact("Objections", names.parties(item.objections))


def _session(item: Any, names: _Names) -> Iterator[Fact]:
    yield Fact("Form", item.form)
    yield Fact("Present", ", ".join(names.person(one) for one in item.attendance))
    yield Fact("Minutes", item.minutes)


def _interim(item: Any, _names: _Names) -> Iterator[Fact]:
    yield Fact("Ends", item.expires_at)


def _decision(item: Any, _names: _Names) -> Iterator[Fact]:
    yield Fact("Tier", item.tier)
    yield Fact("Answer", item.answer)


def _agreement(item: Any, names: _Names) -> Iterator[Fact]:
    yield Fact("Text", item.text)
    yield Fact("Ratified by", names.parties(item.ratified_by))
    signed = (f"{names.person(one.person)} ({names.party(one.party)})" for one in item.signatures)
    yield Fact("Signed by", ", ".join(signed))
    yield Fact("Seal of the text", item.text_hash[:16])


def _obligation(item: Any, names: _Names) -> Iterator[Fact]:
    yield Fact("Owner", names.party(item.owner))
    yield Fact("Due", item.due_at)
    yield Fact("Verified by", names.party(item.verifier))
    yield Fact("Evidence", item.evidence)


def _document(item: Any, _names: _Names) -> Iterator[Fact]:
    yield Fact("Shows", item.shows)
    yield Fact("Size", f"{item.size:,} bytes".replace(",", " ") if item.size else "")
    yield Fact("SHA-256", item.sha256[:16])


def _claim(item: Any, _names: _Names) -> Iterator[Fact]:
    yield Fact("From", item.from_at)
    yield Fact("Until", item.until_at)
    yield Fact("Why", item.why)
    yield Fact("Rank", str(item.rank or ""))


def _criterion(item: Any, names: _Names) -> Iterator[Fact]:
    yield Fact("Agreed by", names.parties(item.agreed_by))


_FACTS: Mapping[str, Callable[[Any, _Names], Iterator[Fact]]] = {
    "cause": _cause,
    "offer": _offer,
    "statement": _said_by_party,
    "feedback": _said_by_party,
    "consent": _consent,
    "neutral": _neutral,
    "session": _session,
    "interim": _interim,
    "decision": _decision,
    "agreement": _agreement,
    "obligation": _obligation,
    "document": _document,
    "claim": _claim,
    "criterion": _criterion,
}
