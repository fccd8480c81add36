"""The text of the settlement in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Agreement, line=lambda item, _: item.summary or item.text)
def an_agreement(item: items.Agreement, names: Names) -> Iterator[Fact]:
    """Tell of an agreement."""
    yield Fact("Text", item.text)
    yield Fact("Ratified by", names.parties(item.ratified_by))
    signed = (f"{names.person(one.person)} ({names.party(one.party)})" for one in item.signatures)
    yield Fact("Signed by", ", ".join(signed))
    yield Fact("Seal of the text", item.text_hash[:16])
