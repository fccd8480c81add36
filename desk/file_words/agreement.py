"""The settlement in words: its main points, its text, and who has put their name to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items, said
from states.fields import SEAL_SHOWN
from states.said import say, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@spelled(items.Heads, line=lambda item, _: said.together(item.points))
def heads_of_terms(item: items.Heads, names: Names) -> Iterator[Fact]:
    """Tell of the main points."""
    yield Fact(say("On the issue"), names.items((item.issue,)))
    yield Fact(say("Takes up"), names.items(item.options))
    yield Fact(say("All the same because"), item.despite)


@spelled(items.Agreement, line=lambda item, _: item.summary or item.text)
def an_agreement(item: items.Agreement, names: Names) -> Iterator[Fact]:
    """Tell of an agreement."""
    yield Fact(say("Text"), item.text)
    yield Fact(say("Confidential annex"), item.annex)
    yield Fact(say("Legal character"), word(item.character))
    yield Fact(say("Version"), str(item.version))
    yield Fact(say("What changed"), item.changes)
    yield Fact(say("Drafted by"), names.person(item.drafted_by))
    yield Fact(say("Ratified by"), _marks(item.ratifications, names))
    yield Fact(say("Refused by"), names.parties(item.refused_by))
    yield Fact(say("Signed by"), _marks(item.signatures, names))
    yield Fact(say("Attested by"), names.persons(mark.person for mark in item.attestations))
    yield Fact(say("In force from"), item.in_force_at or item.effective_at or "")
    yield Fact(say("Seal of the text"), item.text_hash[:SEAL_SHOWN])


def _marks(marks: Iterable[items.Signature], names: Names) -> str:
    return said.listed(names.of_party(mark.person, mark.party) for mark in marks)
