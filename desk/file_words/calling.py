"""Whom a tier called in somebody's place, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items, whys

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Called, line=lambda item, _: whys.told_again(item.why))
def a_call(item: items.Called, names: Names) -> Iterator[Fact]:
    """Tell who was called to a tier, in whose place, and until when."""
    yield Fact("Tier", item.tier)
    yield Fact("For", names.party(item.party))
    yield Fact("Called", names.person(item.person) if item.person else "nobody")
    if item.instead_of:
        yield Fact("In the place of", names.person(item.instead_of))
    if item.until_at is not None:
        yield Fact("Until", item.until_at)
