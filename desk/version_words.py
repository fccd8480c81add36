"""The versions of an agreement in words: what is called what, and how each value reads."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from cases import versions
from desk import file_words
from desk.words import sentence
from states import said
from states.said import shaped, word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.versions import Spell
    from desk.words import Words
    from states.case import Case


def speller(case: Case, words: Words, zone: str, names: Mapping[str, str]) -> Spell:
    """Return how values are spelled for people: whoever and whatever is named by name, instants at a place."""

    def spell(value: object) -> str:
        if isinstance(value, datetime):
            return words.moment(value, zone)
        if isinstance(value, tuple):
            return words.tell(said.lines(map(spell, value)))
        return _named(value, case, names) if isinstance(value, str) else versions.plainly(value)

    return spell


def part(name: str) -> str:
    """Name a part of an agreement or of a term at the beginning of a sentence."""
    return shaped(word(name), sentence)


def _named(value: str, case: Case, names: Mapping[str, str]) -> str:
    party, item = case.party(value), case.item(value)
    if party is not None:
        return party.name
    return file_words.item_line(item, case, names) if item is not None else names.get(value, value)
