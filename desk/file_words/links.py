"""Ties to other cases in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items
from states.items import Relation
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator


def _line(item: items.Link, _names: Names) -> str:
    """Say how a tie reads: in the case it was made from, and in the other one."""
    reads = {
        Relation.CROSS: (say("Touches %(case)s", case=item.number), say("Touches %(case)s", case=item.number)),
        Relation.JOINER: (say("Joined to %(case)s", case=item.number), say("Leads %(case)s", case=item.number)),
        Relation.REPEAT: (say("Repeats %(case)s", case=item.number), say("Came back in %(case)s", case=item.number)),
        Relation.SEVERED: (
            say("An issue was taken out into %(case)s", case=item.number),
            say("Taken out of %(case)s", case=item.number),
        ),
        Relation.SYSTEMIC: (
            say("Part of the pattern in %(case)s", case=item.number),
            say("Pattern seen in %(case)s", case=item.number),
        ),
    }
    here, there = reads[Relation(item.relation)]
    return here if item.outward else there


@spelled(items.Link, line=_line)
def a_link(item: items.Link, _names: Names) -> Iterator[Fact]:
    """Tell of a link."""
    yield Fact(say("Why"), item.reason)
    if item.taken_back:
        yield Fact(say("Taken back, because"), item.taken_back)
