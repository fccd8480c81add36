"""Whom a tier called in somebody's place, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items, whys
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Called, line=lambda item, _: whys.told_again(item.why))
def a_call(item: items.Called, names: Names) -> Iterator[Fact]:
    """Tell who was called to a tier, in whose place, and until when."""
    yield Fact(say("Tier"), item.tier)
    yield Fact(say("For"), names.party(item.party))
    yield Fact(say("Called"), names.person(item.person) if item.person else say("nobody"))
    if item.instead_of:
        yield Fact(say("In the place of"), names.person(item.instead_of))
    if item.until_at is not None:
        yield Fact(say("Until"), item.until_at)
