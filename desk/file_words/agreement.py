"""The settlement in words: its main points, its text, and who has put their name to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items
from states.fields import SEAL_SHOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@spelled(items.Heads, line=lambda item, _: "; ".join(item.points))
def heads_of_terms(item: items.Heads, names: Names) -> Iterator[Fact]:
    """Tell of the main points."""
    yield Fact("On the issue", names.items((item.issue,)))
    yield Fact("Takes up", names.items(item.options))
    yield Fact("All the same because", item.despite)


@spelled(items.Agreement, line=lambda item, _: item.summary or item.text)
def an_agreement(item: items.Agreement, names: Names) -> Iterator[Fact]:
    """Tell of an agreement."""
    yield Fact("Text", item.text)
    yield Fact("Confidential annex", item.annex)
    yield Fact("Legal character", item.character)
    yield Fact("Version", str(item.version))
    yield Fact("What changed", item.changes)
    yield Fact("Drafted by", names.person(item.drafted_by))
    yield Fact("Ratified by", _marks(item.ratifications, names))
    yield Fact("Refused by", names.parties(item.refused_by))
    yield Fact("Signed by", _marks(item.signatures, names))
    yield Fact("Attested by", names.persons(mark.person for mark in item.attestations))
    yield Fact("In force from", item.in_force_at or item.effective_at or "")
    yield Fact("Seal of the text", item.text_hash[:SEAL_SHOWN])


def _marks(marks: Iterable[items.Signature], names: Names) -> str:
    return ", ".join(f"{names.person(mark.person)} ({names.party(mark.party)})" for mark in marks)
