"""A room opened in an emergency, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items
from states.said import count, say

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.BreakGlass, line="reason")
def a_room_opened(item: items.BreakGlass, names: Names) -> Iterator[Fact]:
    """Tell who asked to read which room, for how long, and who agreed."""
    from desk.file_words import core  # noqa: PLC0415 - a room is named there

    yield Fact(say("Room"), core.zone_words(item.room, names.case).label)
    yield Fact(say("Asked by"), names.person(item.by))
    yield Fact(say("For"), count("%(count)s hour", "%(count)s hours", count=item.hours))
    yield Fact(say("Answered by"), names.person(item.answered_by))
    yield Fact(say("Open until"), item.until or "")
    yield Fact(say("Shut by"), names.person(item.ended_by))
