"""How the items of one kind are put into words: which text is their line, and what else stands on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from states import said
from states.said import say, word

if TYPE_CHECKING:
    from states.case import Case
    from states.items import Item

TEAM = say("Mediation team")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a chain: what it says, and in small what it rests on."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something on an item: a label, and a value in words, an instant, or a chain of steps."""

    label: str
    value: str | datetime | tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a case's parties and of the people on file, by id."""

    case: Case
    people: Mapping[str, str]

    def party(self, party_id: str | None) -> str:
        """Name a party; what is made by none of them comes from the mediation team."""
        return party_name(self.case, party_id)

    def parties(self, ids: Iterable[str]) -> str:
        """Name several parties."""
        return said.listed(map(self.party, ids))

    def person(self, person_id: str) -> str:
        """Name a person, or repeat what was written where no person is on file."""
        return self.people.get(person_id, person_id)

    def persons(self, ids: Iterable[str]) -> str:
        """Name several people."""
        return said.listed(map(self.person, ids))

    def of_party(self, person_id: str, party_id: str) -> str:
        """Name a person, and the party they stand for."""
        return say("%(person)s (%(party)s)", person=self.person(person_id), party=self.party(party_id))

    def items(self, ids: Iterable[str]) -> str:
        """Spell the lines of several items that the reader may see."""
        from desk.file_words import core  # noqa: PLC0415 - a line may name other lines

        found = (self.case.item(one) for one in ids)
        return said.together(core.item_line(item, self.case, self.people) for item in found if item)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """How a kind reads: its line, its facts, its state as a tag, and under which title it is listed, in which place."""

    line: Callable[[Any, Names], str]
    facts: Callable[[Any, Names], Iterable[Fact]]
    tag: Callable[[Any, Names], str]
    part: Callable[[Any, Names], Part] | None


Part = tuple[int, str]
Told = Callable[[Any, Names], str]
SPELLINGS: dict[str, Spelling] = {}

FactsT = TypeVar("FactsT", bound=Callable[[Any, Names], Iterable[Fact]])


def state_of(item: Item, _names: Names) -> str:
    """Say the state of an item as the rules do."""
    return word(item.state)


def spelled(
    kind: type[Item],
    *,
    line: str | Told,
    tag: Told = state_of,
    part: Callable[[Any, Names], Part] | None = None,
) -> Callable[[FactsT], FactsT]:
    """Register the facts of a kind of item.

    `line` is the attribute that sums it up, or a function that does; `tag` spells its state; `part` gives the place and
    the title of the list it stands in, where a kind has several.
    """

    def register(facts: FactsT) -> FactsT:
        summed = line if callable(line) else lambda item, _: str(getattr(item, line))
        SPELLINGS[kind.kind] = Spelling(line=summed, facts=facts, tag=tag, part=part)
        return facts

    return register


def nothing_more(_item: Item, _names: Names) -> Iterator[Fact]:
    """Say that the line tells all."""
    return iter(())


def party_name(case: Case, party_id: str | None) -> str:
    """Name a party of the case; what is made by none of them comes from the mediation team."""
    party = case.party(party_id or "")
    return party.name if party else TEAM


def may_be_people(*things: object) -> frozenset[str]:
    """Collect from values of the rules whatever may be the id of a person; what is none is simply not on file."""
    return frozenset(word for word in _texts(things) if not any(map(str.isspace, word)))


def _texts(thing: object) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, Mapping):
        yield from _texts(tuple(thing.values()))
    elif isinstance(thing, tuple):
        for part in thing:
            yield from _texts(part)
    elif is_dataclass(thing):
        for one in fields(thing):
            yield from _texts(getattr(thing, one.name))
