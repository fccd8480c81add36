"""What the tiers answered, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Decision, line="text")
def a_decision(item: items.Decision, _names: Names) -> Iterator[Fact]:
    """Tell of a decision."""
    yield Fact("Tier", item.tier)
    yield Fact("Answer", item.answer)
