"""Shortlists, and what the parties said of them, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Shortlist, line=lambda item, names: names.persons(item.names))
def a_shortlist(item: items.Shortlist, _names: Names) -> Iterator[Fact]:
    """Tell of a shortlist."""
    yield Fact(say("Each party may strike"), str(item.strikes))


@spelled(items.Preference, line=lambda item, names: names.party(item.owner))
def a_preference(item: items.Preference, names: Names) -> Iterator[Fact]:
    """Tell of a party's answer to a shortlist."""
    yield Fact(say("Struck"), names.persons(item.struck))
    yield Fact(say("In order of preference"), names.persons(item.ranked))
