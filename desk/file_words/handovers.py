"""What is handed over from one person to another, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items
from states.said import say, word

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Handover, line="reason")
def a_handover(item: items.Handover, names: Names) -> Iterator[Fact]:
    """Tell of a handover."""
    yield Fact(say("Part"), word(item.role))
    yield Fact(say("For"), names.party(item.party))
    yield Fact(say("From"), names.person(item.predecessor))
    yield Fact(say("To"), names.person(item.successor))
    if item.answer:
        yield Fact(say("Answer"), item.answer)
